"""The command line: arguments in, one call of the library, output. It has no logic of its own.

It is the only place that reads the clock. What findings look like is decided in report.py.
"""

from __future__ import annotations

import gc
import io
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from icms_calendar.catalogue import RULES, Rule, rule_by
from icms_calendar.command.report import AnswerFormat, ChangeFormat, ExitCode, Format, ListFormat
from icms_calendar.findings import CalendarError, Finding, SourceError, did_you_mean, shown

if TYPE_CHECKING:
    from icms_calendar.feed.changes import Change
    from icms_calendar.feed.publication import Publication
    from icms_calendar.notice.announce import Form
    from icms_calendar.record.fields import Impact
    from icms_calendar.record.labels import Language
    from icms_calendar.schedule.schedule import Filters

Command = TypeVar("Command", bound=Callable[..., object])
STANDARD_STREAM = "-"
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code. A fault of ours is told as such, and exits with 3."""
    gc.disable()  # the process is short, and its records live to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    asked: dict[str, Format] = {}
    try:
        outcome = main.main(args=list(arguments), prog_name="icms-calendar", standalone_mode=False, obj=asked)
    except CalendarError as error:
        return _tell(error.findings, asked.get("form"))
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE
    except OSError as error:  # of a stream or a folder that is gone; what concerns a file is a finding
        click.echo(f"icms-calendar: {error.strerror or error}", err=True)
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - the only one: what reaches this is ours
        return _tell_fault_of_ours(error)
    return int(outcome or ExitCode.FINE)


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from icms_calendar.record.zones import parse_when, utc

        if isinstance(value, datetime):
            return value
        try:
            when = parse_when(value, "the time")
            if not isinstance(when, datetime):
                when = datetime(when.year, when.month, when.day, tzinfo=UTC)
            return utc(when, "the time") if when.tzinfo else when.replace(tzinfo=UTC)
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)


class _Moment(click.ParamType[date]):
    """A date and time as a person writes it, with or without an offset; whose clock it is on is decided later."""

    name = "time"

    def __init__(self, *, days: bool) -> None:
        self._days = days

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from icms_calendar.record.zones import parse_when

        try:
            when = parse_when(value, "the time")
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)
        if not self._days and not isinstance(when, datetime):
            self.fail(f"{shown(value)} is a whole day. Write the time of day, too, as in {value} 05:00", param, ctx)
        return when


class _Place(click.ParamType[str]):
    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value) or self.fail("it is empty. Is a variable not set?", param, ctx)


class _Duration(click.ParamType[timedelta]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from icms_calendar.record.zones import parse_duration

        try:
            return parse_duration(value, "the duration")
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)


class _ZoneName(click.ParamType[str]):
    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.zones import zone_named

        try:
            return zone_named(value).name
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)


class _Pattern(click.ParamType[str]):
    """A text of the form that a record wants of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.checks import is_file_name
        from icms_calendar.record.fields import is_domain

        fits = is_domain(value) if self.name == "domain" else is_file_name(value, self.name)
        return str(value) if fits else self.fail(f"{shown(value)} can be no {self.name} of a calendar", param, ctx)


class _Known(click.ParamType[str]):
    """One of the words that a record may have for an impact or a status."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.checks import IMPACTS, STATUSES

        known = IMPACTS if self.name == "impact" else STATUSES
        if value not in known:
            self.fail(f"{shown(value)} is none.{did_you_mean(value, known)}", param, ctx)
        return str(value)


class _Rule(click.ParamType[Rule]):
    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Rule:
        try:
            return rule_by(value)
        except KeyError:
            self.fail(f"there is no finding {shown(value)}.{did_you_mean(value, RULES)}", param, ctx)


def _default_now() -> datetime:
    """SOURCE_DATE_EPOCH where it is set (reproducible-builds.org), else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f'SOURCE_DATE_EPOCH is "{epoch}", which is no number of seconds since 1970.') from None


def _default_format() -> Format:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _ask_for(context: click.Context, _: click.Parameter, form: Format) -> Format:
    """Keep the format also for the findings that stop the command."""
    context.ensure_object(dict)["form"] = form
    return form


_source = click.argument("source", type=click.Path(path_type=str))
_now = click.option(
    "--now",
    type=_Time(),
    default=_default_now,
    metavar="TIME",
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="As of this time; without an offset, UTC.",
)
_previous = click.option(
    "--previous", type=_Place(), metavar="PATH|URL", help="The all.ics published before, to go on from."
)
_first_build = click.option("--first-build", is_flag=True, help="There is no feed published before, and that is right.")
_allow_vanished = click.option(
    "--allow-vanished", is_flag=True, help="Cancel the windows that have left the records, however many."
)
_templates = click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Your own page.html, 404.html, style.css or page.js instead of ours.",
)
_strict = click.option("--strict", is_flag=True, help="Warnings exit with 1, too, and nothing is written.")
_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default=_default_format,
    show_default="text; github in GitHub Actions",
    callback=_ask_for,
    help="How findings are printed.",
)


_place = click.argument("place", type=_Place(), metavar="SOURCE|FEED|URL")
_timezone = click.option("--timezone", "zone", type=_ZoneName(), metavar="ZONE", help="Your zone, to show times in.")
_system = click.option("--system", multiple=True, metavar="ID", help="Only of this system; may be repeated.")
_service = click.option("--service", multiple=True, metavar="ID", help="Only of this service; may be repeated.")


def _impact(default: str) -> Callable[[Command], Command]:
    told = "The least that counts: no-impact, reduced-redundancy, degraded or outage."
    return click.option("--impact", type=_Known("impact"), default=default, show_default=True, help=told)


@click.group(context_settings=_SETTINGS)
@click.version_option(None, "-V", "--version", package_name="icms-calendar", message="%(prog)s %(version)s")
def main() -> None:
    """Maintenance windows as calendar events: records in, a feed that people subscribe to out."""


@main.command()
@_source
@click.option(
    "-o",
    "--output",
    default="public",
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to fill.",
)
@_previous
@_first_build
@_allow_vanished
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if the site would differ.")
@_templates
@_now
@_strict
@click.option("--force", is_flag=True, help="Build beside other files; one of the same name is replaced.")
@_format
def build(
    source: str,
    output: Path,
    previous: str | None,
    first_build: bool,
    allow_vanished: bool,
    only_check: bool,
    templates: Path | None,
    now: datetime,
    strict: bool,
    force: bool,
    form: Format,
) -> int:
    """Build the site of SOURCE into a folder.

    SOURCE is a file or a folder of records, or - for standard input.
    """
    from icms_calendar.command.report import check_of_site_in_words, site_in_words
    from icms_calendar.site.build import LEDGER_PATH, VOLATILE, open_ledger, plan_site
    from icms_calendar.site.publish import differences, publish
    from icms_calendar.source.files import open_source

    records = open_source(source)
    calendar = records.calendar
    if os.path.realpath(source) == os.path.realpath(output):
        raise click.UsageError(f"{output} is the folder of the records. Name another with -o.")
    ledger = open_ledger(calendar, output, now, previous, first_build=first_build)
    site = plan_site(calendar, now, ledger, allow_vanished=allow_vanished, templates=templates)
    if _tell(records.placed(site.findings), form, strict=strict):
        return ExitCode.FINDINGS
    if only_check:
        changed, gone = (sorted(set(paths) - VOLATILE) for paths in differences(site.files, output))
        _tell_changes(site.changes if changed or gone else ())
        click.echo(check_of_site_in_words(output, changed, gone), err=True)
        return ExitCode.FINDINGS if changed or gone else ExitCode.FINE
    published = publish(site.files, output, force=force, standing=(LEDGER_PATH, ledger.standing))
    if ledger.events:
        _tell_changes(site.changes)
    _tell_rewording(site.published)
    click.echo(site_in_words(output, site.windows, published), err=True, nl=False)
    return ExitCode.FINE


@main.command()
@_source
@click.option("-o", "--output", default="-", metavar="FILE", help="A file instead of standard output.")
@click.option("--system", multiple=True, metavar="ID", help="Only windows of this system; may be repeated.")
@click.option("--service", multiple=True, metavar="ID", help="Only windows of this service; may be repeated.")
@click.option("--reminders", is_flag=True, help="With the calendar's reminders as alarms.")
@_previous
@_first_build
@_allow_vanished
@_now
@_strict
@_format
def feed(
    source: str,
    output: str,
    system: tuple[str, ...],
    service: tuple[str, ...],
    reminders: bool,
    previous: str | None,
    first_build: bool,
    allow_vanished: bool,
    now: datetime,
    strict: bool,
    form: Format,
) -> int:
    """Write one feed of every window of SOURCE.

    SOURCE is a file or a folder of records, or - for standard input.
    """
    from icms_calendar.feed.ledger import Ledger, fetch_ledger, read_ledger
    from icms_calendar.feed.publication import encode_feed, publication, size_findings
    from icms_calendar.source.files import open_source

    records = open_source(source)
    calendar = records.calendar
    if reminders and not calendar.reminders:
        raise click.UsageError(f"{source} sets no reminders. Write reminders: [P1D] in its calendar file.")
    if previous and (system or service or reminders):
        raise click.UsageError("--previous goes on from a feed of every window, without reminders.")
    chosen = calendar.select(system=system, service=service)
    before = fetch_ledger(previous, now, first_build=first_build) if previous else None
    ledger = Ledger() if before is None else read_ledger(before, chosen, previous or "")
    published = publication(chosen, ledger, now, allow_vanished=allow_vanished)
    data = encode_feed(published, published.feeds[0], calendar.reminders if reminders else ())
    name = "the feed" if output == STANDARD_STREAM else output
    if _tell([*records.placed(published.findings, chosen), *size_findings(name, data)], form, strict=strict):
        return ExitCode.FINDINGS
    _write(output, data)
    return ExitCode.FINE


@main.command()
@_source
@click.option("--previous", type=_Place(), required=True, metavar="PATH|URL", help="The all.ics published before.")
@_first_build
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@_now
def diff(source: str, previous: str, first_build: bool, form: ChangeFormat, now: datetime) -> None:
    """Tell what SOURCE changes for subscribers.

    SOURCE is a file or a folder of records, or - for standard input. The text is fit to paste into a message:
    subscribers' programs look hours later.
    """
    from icms_calendar.command.report import changes_in
    from icms_calendar.feed.ledger import Ledger, fetch_ledger, read_ledger
    from icms_calendar.feed.publication import publication
    from icms_calendar.source.files import load

    calendar = load(source)
    data = fetch_ledger(previous, now, first_build=first_build)
    ledger = Ledger() if data is None else read_ledger(data, calendar, previous)
    published = publication(calendar, ledger, now, history=calendar.history, allow_vanished=True)
    _tell(ledger.findings)
    _tell_rewording(published)
    click.echo(changes_in(form, published.changes), nl=False)


@main.command("import")
@click.argument("feed", metavar="FEED.ics|URL|-", type=_Place())
@click.option("-o", "--output", default="-", metavar="FILE", help="A file instead of standard output.")
@click.option("--domain", type=_Pattern("domain"), metavar="NAME", help="The domain of the UIDs that are to come.")
@click.option(
    "--timezone", type=_ZoneName(), metavar="ZONE", help="The zone of times without one, and of the calendar."
)
@click.option("--system", type=_Pattern("system"), metavar="ID", help="The system of events that name none.")
@click.option("--until", type=_Time(), metavar="TIME", help="How far events that repeat are laid out; UTC.")
@_strict
@_format
def import_(
    feed: str,
    output: str,
    domain: str | None,
    timezone: str | None,
    system: str | None,
    until: datetime | None,
    strict: bool,
    form: Format,
) -> int:
    """Make records of the events of any .ics file or address.

    What can be read is written also where an event cannot: findings tell what is left out, and exit with 1.
    """
    from icms_calendar.fetch import fetch_input
    from icms_calendar.foreign.adopt import adopt
    from icms_calendar.foreign.events import read_ics
    from icms_calendar.record.fields import DEFAULT_HORIZON
    from icms_calendar.source.write import yaml_text

    now = _default_now()
    until = until or now + DEFAULT_HORIZON
    file = "<stdin>" if feed == STANDARD_STREAM else feed
    read = read_ics(fetch_input(feed, now), until=until, timezone=timezone, name=file)
    name = Path(feed).stem if feed != STANDARD_STREAM else "Imported calendar"
    adopted = adopt(read, until, file=file, name=name, domain=domain, timezone=timezone, system=system)
    code = _tell(adopted.findings, form, strict=strict)
    if (read.events or not code) and not (strict and code):
        _write(output, yaml_text(adopted.source).encode())
    return code


@main.command(short_help="Tell what is wrong with records, feeds or sites.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE|FEED.ics|SITE…")
@_format
@click.option("--strict", is_flag=True, help="Warnings exit with 1, too.")
@click.option("--ignore", multiple=True, type=_Rule(), metavar="CODE", help="Pass over this finding; may be repeated.")
@click.option("--previous", type=_Place(), metavar="PATH|URL", help="An earlier copy of the FEED: what changed amiss?")
@click.option("--max-age", type=_Duration(), metavar="36h", help="How old the last build of a SITE may be.")
@_now
def check(
    sources: tuple[str, ...],
    form: Format,
    strict: bool,
    ignore: tuple[Rule, ...],
    previous: str | None,
    max_age: timedelta | None,
    now: datetime,
) -> int:
    """Tell everything that is wrong with records, with anybody's feed, or with a site.

    SOURCE is a file or a folder of records, FEED.ics a feed's file or http address. SITE is a folder that was built, or
    the http address where it is served.
    """
    from icms_calendar.command.report import exit_code, findings_in

    if previous and len(sources) > 1:
        raise click.UsageError("--previous is for one feed.")
    findings: list[Finding] = []
    for source in sources:
        try:
            findings += _check_one(source, now, max_age, previous, ignore)
        except SourceError as error:
            findings += error.findings
    click.echo(findings_in(form, findings, _width(sys.stdout)), nl=False)
    return exit_code(findings, strict=strict)


@main.command(short_help="Show the site of SOURCE on this machine.")
@_source
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; 0: any free port.",
)
@_templates
@click.option(
    "--now",
    type=_Time(),
    metavar="TIME",
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="As of this time; without an offset, UTC.",
)
def serve(source: str, port: int, templates: Path | None, now: datetime | None) -> None:
    """Show the site of SOURCE on this machine, as a first build would make it.

    SOURCE is a file or a folder of records. The site is planned anew when a record has changed, and nothing is written.
    Ctrl-C stops it.
    """
    from icms_calendar.command.report import check_in_words
    from icms_calendar.site.preview import PortError, Preview
    from icms_calendar.site.preview import serve as serve_site

    if source == STANDARD_STREAM:
        raise click.UsageError("Standard input cannot be read again when it changes. Name a file or a folder.")

    def tell(windows: int, findings: Sequence[Finding]) -> None:
        _tell(findings)
        click.echo(check_in_words(source, windows, "window", findings), err=True)

    gc.enable()  # this process is not short
    preview = Preview(source, (lambda: now) if now else _default_now, tell, templates)
    try:
        serve_site(preview, port, lambda url: click.echo(f"Serving {url} until Ctrl-C.", err=True))
    except PortError as error:
        reason = (error.strerror or "").lower()
        raise click.UsageError(f"Port {port} cannot be used ({reason}). Name another with --port.") from None


@main.command()
@click.argument("notice", type=click.Path(path_type=str), metavar="NOTICE")
@click.option("--published", type=_Time(), metavar="DATE", help="When the notice came out: tells years, and today.")
@click.option("--timezone", type=_ZoneName(), metavar="ZONE", help="The zone of times that name none: Africa/Nairobi.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
def draft(notice: str, published: datetime | None, timezone: str | None, form: str) -> int:
    """Draft a record from the text of a public notice, plain or HTML.

    NOTICE is a file, or - for standard input. What is not certain is told, and then the exit code is 1.
    """
    from icms_calendar.notice.draft import draft_json, draft_yaml
    from icms_calendar.notice.read import read_notice
    from icms_calendar.source.files import read_file

    reading = read_notice(read_file(notice), published=published, timezone=timezone)
    click.echo(draft_json(reading) if form == "json" else draft_yaml(reading), nl=False)
    name = "<stdin>" if notice == STANDARD_STREAM else notice
    _tell([replace(finding, file=name) for finding in reading.findings])
    return ExitCode.FINE if reading.ready else ExitCode.FINDINGS


@main.command(short_help="Tell whether something is up.")
@_place
@click.option("--at", type=_Moment(days=False), metavar="TIME", show_default="now", help="When it has to be up.")
@click.option("--for", "length", type=_Duration(), metavar="2h", help="How long it has to be up from then on.")
@_system
@_service
@click.option("--channel", multiple=True, metavar="NAME", help="Only by this channel; may be repeated.")
@_impact("degraded")
@click.option("--max-age", type=_Duration(), metavar="36h", help="How old the last build of a site may be.")
@_timezone
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(
    place: str,
    at: datetime | None,
    length: timedelta | None,
    system: tuple[str, ...],
    service: tuple[str, ...],
    channel: tuple[str, ...],
    impact: Impact,
    max_age: timedelta | None,
    zone: str | None,
    form: AnswerFormat,
) -> int:
    """Tell whether something is up: exit with 0 if it is, 1 if it is under maintenance, 2 if that cannot be told.

    SOURCE is a file or a folder of records, FEED an .ics file, whoever wrote it, URL the http address of a feed or of a
    site, - standard input; a folder may be a site, too. A TIME without an offset is on your --timezone's clock, else on
    the calendar's.
    """
    from icms_calendar.command.report import answer_in, no_answer_in
    from icms_calendar.schedule.inquiry import ask, instant_of, open_place

    now = _default_now()
    try:
        opened = open_place(place, now, max_age=max_age, zone=zone)
        moment = now if at is None else instant_of(at, opened, zone, "--at")
        filters: Filters = {"system": system, "service": service, "channel": channel, "impact": impact}
        answer = ask(opened, moment, length, filters)
    except CalendarError as error:
        _print(no_answer_in(form, error.findings, _width(sys.stderr)), err=form == "text")
        return ExitCode.USAGE
    _tell(answer.findings, "text", strict=False)
    _print(answer_in(form, answer, zone))
    return ExitCode.FINE if answer.is_up else ExitCode.FINDINGS


@main.command("list")
@_place
@click.option("--from", "start", type=_Moment(days=True), metavar="TIME", help="Only what is not over by then.")
@click.option("--to", "end", type=_Moment(days=True), metavar="TIME", help="Only what begins before; a day is whole.")
@_system
@_service
@_impact("no-impact")
@click.option(
    "--status", "statuses", type=_Known("status"), multiple=True, help="Only of this status; may be repeated."
)
@_timezone
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def list_windows(
    place: str,
    start: date | None,
    end: date | None,
    system: tuple[str, ...],
    service: tuple[str, ...],
    impact: Impact,
    statuses: tuple[str, ...],
    zone: str | None,
    form: ListFormat,
) -> int:
    """List the windows of records, of a feed or of a site.

    SOURCE, FEED, URL and TIME are as with status. Windows that repeat are laid out to --to, or to the horizon.
    """
    from icms_calendar.command.report import windows_in
    from icms_calendar.schedule.inquiry import instant_of, open_place, windows_of

    now = _default_now()
    opened = open_place(place, now, zone=zone)
    begins = None if start is None else instant_of(start, opened, zone, "--from")
    ends = None if end is None else instant_of(end, opened, zone, "--to", whole_day=True)
    filters: Filters = {"system": system, "service": service, "impact": impact}
    occurrences, findings = windows_of(opened, now, begins, ends, statuses, filters)
    _tell(findings, strict=False)
    _write(STANDARD_STREAM, windows_in(form, occurrences, zone).encode())
    return ExitCode.FINE


@main.command()
@_source
@click.argument("id_", metavar="ID")
@click.option("--language", type=click.Choice(["en", "sw"]), default="en", show_default=True)
@click.option(
    "--form", type=click.Choice(["letter", "sms"]), default="letter", show_default=True, help="How long it may be."
)
@click.option(
    "--previous", type=_Place(), metavar="PATH|URL", help="The all.ics published before: tells a move from a plan."
)
@_now
def announce(source: str, id_: str, language: Language, form: Form, previous: str | None, now: datetime) -> None:
    """Write the public notice of the window ID of SOURCE, in words.

    Of a window that repeats, ID is that of one day: backup.20260510. What is written in English, draft reads back.
    """
    from icms_calendar.feed.ledger import fetch_ledger, read_ledger
    from icms_calendar.feed.publication import publication
    from icms_calendar.notice.announce import announce as announcement_of
    from icms_calendar.notice.announce import occurrence_of
    from icms_calendar.source.files import load

    calendar = load(source)
    occurrence = occurrence_of(id_, calendar, now)
    data = fetch_ledger(previous, now) if previous else None
    ledger = read_ledger(data, calendar, previous or "") if data else None
    changes = publication(calendar, ledger, now, allow_vanished=True).changes if ledger else ()
    before = next((change for change in changes if change.uid == occurrence.uid), None)
    announcement = announcement_of(
        occurrence,
        calendar,
        language=language,
        form=form,
        change=before.kind if before and before.kind in ("moved", "extended") else "planned",
        planned_for=before.before.start if before and before.before and before.kind == "moved" else None,
    )
    click.echo(announcement.text, nl=False)
    _tell(announcement.findings)


@main.command()
def schema() -> None:
    """Print the JSON Schema of a source, for editors."""
    from icms_calendar.source.schema import schema_text

    click.echo(schema_text(), nl=False)


@main.command()
@click.argument("rule", type=_Rule(), metavar="CODE")
def explain(rule: Rule) -> None:
    """Tell what the finding CODE means, and how to mend it."""
    from icms_calendar.command.report import rule_in_words

    click.echo(rule_in_words(rule), nl=False)


@main.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@_now
def init(folder: Path, now: datetime) -> None:
    """Write a folder of records that builds as it is."""
    from icms_calendar.command.starter import write_starter

    written = write_starter(folder, now)
    click.echo("Wrote " + ", ".join(str(path) for path in written), err=True)
    click.echo(f"Now run: icms-calendar build {folder} -o public", err=True)


def _check_one(
    source: str, now: datetime, max_age: timedelta | None, previous: str | None, ignore: Sequence[Rule]
) -> list[Finding]:
    """The findings on a feed, a site or a source; what it came to is told to standard error."""
    from icms_calendar.command.report import check_in_words, health_in_words
    from icms_calendar.foreign.lint import check_feed
    from icms_calendar.source.files import check as check_source
    from icms_calendar.source.files import is_site

    verdict = check_feed(source, now, previous)
    if verdict is None and previous:
        raise click.UsageError(f"--previous is for a feed; {source} is none.")
    if verdict is None and ("://" in source or is_site(Path(source))):
        from icms_calendar.site.health import check_site

        health = check_site(source, now, max_age)
        click.echo(health_in_words(source, health), err=True)
        return [finding for finding in health.findings if finding.rule not in ignore]
    if max_age is not None:
        raise click.UsageError(f"--max-age is for a site; {source} is none.")
    number, found = (verdict.events, verdict.findings) if verdict else check_source(source, now)
    kept = [finding for finding in found if finding.rule not in ignore]
    thing = "event" if verdict else "window"
    click.echo(check_in_words(source, number, thing, kept, ignored=len(found) - len(kept)), err=True)
    return kept


def _tell(findings: Sequence[Finding], form: Format | None = None, *, strict: bool = True) -> ExitCode:
    """Print findings to standard error, and give the exit code that follows."""
    from icms_calendar.command.report import exit_code, findings_in

    click.echo(findings_in(form or _default_format(), findings, _width(sys.stderr)), err=True, nl=False)
    return exit_code(findings, strict=strict)


def _tell_rewording(published: Publication) -> None:
    if published.is_reworded:
        click.echo(
            "The previous feed was written by version 0.1.0. Its events get the wording of this version; "
            "subscribers do not see that as a change.",
            err=True,
        )


def _tell_changes(changes: Sequence[Change]) -> None:
    """Print what changed for subscribers; in GitHub Actions, add it to the summary of the step."""
    from icms_calendar.command.report import changes_in

    click.echo(changes_in("text", changes, most=20), err=True, nl=False)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(changes_in("markdown", changes, most=200))
        except OSError as error:
            click.echo(f"The summary of the step could not be written: {error}", err=True)


def _tell_fault_of_ours(error: Exception) -> ExitCode:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    click.echo(
        f"icms-calendar: a fault of ours, not of your input: {type(error).__name__}: {error} ({place})",
        err=True,
    )
    click.echo(
        "Nothing was half written. Please report it with the command and the records that led to it.",
        err=True,
    )
    return ExitCode.FAULT_OF_OURS


def _write(output: str, data: bytes) -> None:
    if output == STANDARD_STREAM:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        from icms_calendar.site.publish import write_file

        write_file(Path(output), data)


def _print(text: str, *, err: bool = False) -> None:
    """Print what an exit code already tells: whoever closes the stream before must not make it another one."""
    try:
        click.echo(text, nl=False, err=err)
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def _width(stream: TextIO) -> int | None:
    return shutil.get_terminal_size().columns if stream.isatty() else None
