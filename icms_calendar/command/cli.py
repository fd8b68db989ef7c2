"""The command line: arguments in, one call of the library, output. It has no logic of its own.

It is the only place that reads the clock. What findings look like is decided in output.py, and answers in report.py.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from icms_calendar.catalogue import RULES, Rule
from icms_calendar.command import options
from icms_calendar.command.output import (
    STANDARD_STREAM,
    ExitCode,
    Format,
    exit_code,
    findings_in,
    prepare_streams,
    say,
    show,
    tell,
    tell_internal_error,
    width_of,
    working,
    write_output,
)
from icms_calendar.findings import CalendarError, Finding

if TYPE_CHECKING:
    from icms_calendar.command.report import AnswerFormat, ChangeFormat, ListFormat
    from icms_calendar.schedule.schedule import Filters
    from icms_calendar.site.build import Site

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code. A bug in icms-calendar is reported as such, and exits with 3."""
    prepare_streams()
    try:
        return _outcome(arguments)
    except BrokenPipeError:
        return ExitCode.FINE
    except OSError as error:  # of a stream or a folder that is gone; what concerns a file is a finding
        with suppress(OSError):  # the stream may be the one for messages
            say(f"icms-calendar: {error.strerror or error}")
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - the only one: what reaches this is ours
        return tell_internal_error(error)


def _outcome(arguments: Sequence[str]) -> int:
    """The exit code of a command that ended as it should, in an answer or in a message."""
    asked: dict[str, Format] = {}
    try:
        outcome = main.main(args=list(arguments), prog_name="icms-calendar", standalone_mode=False, obj=asked)
    except CalendarError as error:
        return tell(error.findings, asked.get("form"))
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Stopped.")
        return 130
    return int(outcome or ExitCode.FINE) if arguments else ExitCode.USAGE  # click below 8.2 prints help, and gives 0


@click.group(context_settings=_SETTINGS)
@click.version_option(None, "-V", "--version", package_name="icms-calendar", message="%(prog)s %(version)s")
def main() -> None:
    """Publish maintenance windows as a web page and calendar feeds."""


@main.command()
@options.source
@click.option(
    "-o",
    "--output",
    default="public",
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to build into.",
)
@options.previous
@options.first_build
@options.allow_vanished
@options.flag("--check", "only_check", help="Write nothing; exit with 1 if the site would change.")
@options.templates
@options.now
@options.strict
@click.option("--ignore", multiple=True, type=options.WARNING_CODE, help="Ignore this warning; may be repeated.")
@options.flag("--force", help="Build into a folder with other files; files of the same name are replaced.")
@options.quiet
@options.findings_format
def build(
    source: str,
    output: Path,
    previous: str | None,
    first_build: bool,
    only_check: bool,
    now: datetime,
    strict: bool,
    ignore: tuple[Rule, ...],
    force: bool,
    quiet: bool,
    form: Format,
    **planned: Any,
) -> int:
    """Build the site of SOURCE into a folder.

    SOURCE is a file or a folder of records, or - for standard input.
    """
    from icms_calendar.command.report import site_in_words, tell_changes
    from icms_calendar.site.build import open_ledger, plan_site, publish_site
    from icms_calendar.source.files import open_source

    with working(f"Reading {source}"):
        records = open_source(source)
    if str(output) == STANDARD_STREAM:
        raise click.UsageError("A site is a folder of files, and standard output is not a folder. Name one with -o.")
    if os.path.realpath(source) == os.path.realpath(output):
        raise click.UsageError(f"{output} holds the records. Name another folder with -o.")
    with working(f"Planning {output}"):
        ledger = open_ledger(records.calendar, output, now, previous, first_build=first_build)
        site = plan_site(records.calendar, now, ledger, **planned)
    findings = [*records.findings, *records.placed(site.findings)]
    if tell([finding for finding in findings if finding.rule not in ignore], form, strict=strict):
        return ExitCode.FINDINGS
    if only_check:
        return _check_build(site, output)
    with working(f"Writing {output}"):
        published = publish_site(site, output, force=force)
    if quiet:
        return ExitCode.FINE
    if site.ledger.is_known:
        tell_changes(site.difference)
    say(site_in_words(output, len(site.published.events), published))
    return ExitCode.FINE


def _check_build(site: Site, folder: Path) -> ExitCode:
    """Say whether publishing a site would change more in a folder than what depends on the clock."""
    from icms_calendar.command.report import check_of_site_in_words, tell_changes
    from icms_calendar.feed.changes import Changes
    from icms_calendar.site.publish import differences

    changed, gone = (sorted(set(paths) - site.volatile) for paths in differences(site.files, folder))
    would_change = bool(changed or gone)
    tell_changes(site.difference if would_change else Changes(()))
    say(check_of_site_in_words(folder, changed, gone))
    return ExitCode.FINDINGS if would_change else ExitCode.FINE


@main.command()
@options.source
@options.output
@options.system
@options.service
@options.flag("--reminders", help="Include the calendar's reminders as alarms.")
@options.previous
@options.first_build
@options.allow_vanished
@options.now
@options.strict
@options.findings_format
def feed(
    source: str,
    output: str,
    reminders: bool,
    previous: str | None,
    first_build: bool,
    allow_vanished: bool,
    now: datetime,
    strict: bool,
    form: Format,
    **only: Any,
) -> int:
    """Write one feed of every window of SOURCE.

    SOURCE is a file or a folder of records, or - for standard input.
    """
    from icms_calendar.feed.ledger import Ledger, feed_at, fetch_ledger, read_ledger
    from icms_calendar.feed.publication import encode_feed, publication, size_findings
    from icms_calendar.source.files import open_source

    records = open_source(source)
    calendar = records.calendar
    if reminders and not calendar.reminders:
        raise click.UsageError(f"{source} sets no reminders. Write reminders: [P1D] in its calendar file.")
    if previous and (reminders or any(only.values())):
        raise click.UsageError("--previous cannot be combined with --system, --service or --reminders.")
    chosen = calendar.select(**only)
    ledger = Ledger()
    if previous and (before := fetch_ledger(feed_at(previous), now, first_build=first_build)) is not None:
        ledger = read_ledger(before, chosen, feed_at(previous))
    published = publication(chosen, ledger, now, allow_vanished=allow_vanished)
    data = encode_feed(published, published.feeds[0], calendar.reminders if reminders else ())
    name = "the feed" if output == STANDARD_STREAM else output
    placed = records.placed(published.findings, chosen)
    if tell([*records.findings, *placed, *size_findings(name, data)], form, strict=strict):
        return ExitCode.FINDINGS
    write_output(output, data)
    return ExitCode.FINE


@main.command()
@options.source
@click.option("--previous", type=options.PLACE, help="The last published site or all.ics. [default: public]")
@options.first_build
@options.output_format("text", "json", "markdown")
@options.now
def diff(source: str, previous: str | None, first_build: bool, form: ChangeFormat, now: datetime) -> None:
    """Show what subscribers would see change, and what stops a build.

    SOURCE is a file or a folder of records, or - for standard input; or a feed or site that was built, to compare with
    an earlier one. The text can be pasted into a message, since calendar programs may take hours to update.
    """
    from icms_calendar.command.places import difference
    from icms_calendar.command.report import changes_in, tell_rewording

    changes = difference(source, previous, now, first_build=first_build)
    tell(changes.findings)
    tell_rewording(changes)
    show(changes_in(form, changes))


@main.command("import")
@click.argument("feed", metavar="FEED.ics|SITE|URL|-", type=options.PLACE)
@options.output
@click.option("--domain", type=options.DOMAIN, help="Domain for the UIDs of future events.")
@click.option("--timezone", type=options.ZONE_NAME, help="Time zone for times that have none, and for the calendar.")
@click.option("--system", type=options.SYSTEM_ID, help="System for events that do not name one.")
@click.option("--until", type=options.TIME, help="Expand repeating events until this time (UTC).")
@options.flag("--windows", "windows_only", help="Write windows only, to add to the folder of a calendar.")
@click.option("--prefix", type=options.WINDOW_ID, help="Begin each id with this and a hyphen.")
@options.strict
@options.findings_format
def import_(feed: str, output: str, until: datetime | None, strict: bool, form: Format, **wishes: Any) -> int:
    """Turn the events of an .ics file or a windows.json into records.

    Events that cannot be read are left out and reported (exit code 1); the rest is written.
    """
    from icms_calendar.command.places import place_of
    from icms_calendar.foreign.adopt import import_ics
    from icms_calendar.record.fields import DEFAULT_HORIZON

    now = options.default_now()
    file, data = place_of(feed, now).contents(now, "windows.json")
    if feed != STANDARD_STREAM:
        wishes["name"] = Path(feed).stem
    imported = import_ics(data, until=until or now + DEFAULT_HORIZON, file=file, **wishes)
    code = tell(imported.findings, form, strict=strict)
    if (imported.records["windows"] or not code) and not (strict and code):
        write_output(output, imported.text.encode())
    return code


@main.command(short_help="Check records, feeds or sites and report problems.")
@click.argument("sources", nargs=-1, callback=options.here_if_none, metavar="[SOURCE|FEED.ics|SITE]…")
@options.quiet
@options.findings_format
@options.flag("--strict", help="Treat warnings as errors.")
@click.option("--ignore", multiple=True, type=options.RULE_CODE, help="Ignore this finding; may be repeated.")
@click.option(
    "--previous",
    type=options.PLACE,
    help="An earlier copy of FEED, or the site of SOURCE; also report changes that break subscriptions.",
)
@options.max_age
@options.now
def check(
    sources: tuple[str, ...],
    quiet: bool,
    form: Format,
    strict: bool,
    ignore: tuple[Rule, ...],
    previous: str | None,
    **asked: Any,
) -> int:
    """Report everything that is wrong with records, with anybody's feed, or with a site.

    SOURCE is a file or a folder of records, FEED.ics the file or the http address of a feed, SITE a folder that was
    built or the http address where it is served.
    """
    from icms_calendar.command.places import check as check_place
    from icms_calendar.command.report import report_in_words

    if previous and len(sources) > 1:
        raise click.UsageError("--previous is for one source or feed.")
    try:
        reports = [check_place(each, previous=previous, **asked).without(ignore) for each in sources]
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    findings = [finding for report in reports for finding in report.findings]
    show(findings_in(form, findings), prose=form == "text")
    for report in () if quiet else reports:
        say(report_in_words(report))
    return exit_code(findings, strict=strict)


@main.command(short_help="Show the site of SOURCE on this machine.")
@options.source
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen; 0: any free port."
)
@options.templates
@options.fixed_now
def serve(source: str, port: int, templates: Path | None, now: datetime | None) -> None:
    """Show the site of SOURCE on this machine, as a first build would make it.

    SOURCE is a file or a folder of records. When a record changes, the next page shows it; nothing is written.
    Ctrl-C stops it.
    """
    from icms_calendar.command.places import Report
    from icms_calendar.command.report import report_in_words
    from icms_calendar.site.preview import Preview, PreviewServer
    from icms_calendar.site.preview import serve as serve_site

    if source == STANDARD_STREAM:
        raise click.UsageError("Standard input cannot be read again when it changes. Name a file or a folder.")

    def say_state(windows: int, findings: tuple[Finding, ...]) -> None:
        tell(findings)
        say(report_in_words(Report(source, "records", windows, findings)))

    gc.enable()  # this process is not short
    preview = Preview(source, (lambda: now) if now else options.default_now, say_state, templates)
    try:
        server = PreviewServer(preview, port)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.UsageError(f"Port {port} cannot be used ({reason}). Name another with --port.") from None
    serve_site(server, lambda url: say(f"Serving {url} until Ctrl-C."))


@main.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@options.now
def init(folder: Path, now: datetime) -> None:
    """Create a starter calendar."""
    from icms_calendar.command.starter import write_starter

    written = write_starter(folder, now)
    say("Wrote " + ", ".join(str(path) for path in written))
    if "file:" in (folder / "requirements.txt").read_text(encoding="utf-8"):
        say(f"Before you push: {folder / 'requirements.txt'} names a folder of this machine. Write a repository there.")
    say(f"Next: edit {folder / 'calendar.yaml'}, then run: icms-calendar build {folder} -o {folder / 'public'}")


@main.command()
@click.argument("notice", type=options.FILE)
@click.option(
    "--published",
    type=options.WRITTEN_DAY,
    help="Day of publication, as written; resolves missing years and words like tomorrow.",
)
@click.option("--timezone", type=options.ZONE_NAME, help="Time zone of times that name none: Africa/Nairobi.")
@click.option(
    "--source",
    type=options.FILE,
    metavar="SOURCE",
    help="Your records: their systems, services and time zone are used, and windows they already have are reported.",
)
@click.option("--system", metavar="ID", help="The system that the notice is about.")
@click.option("--service", "services", multiple=True, metavar="ID", help="A service that is affected; may be repeated.")
@options.output_format("yaml", "json")
def draft(notice: str, source: str | None, form: str, **known: Any) -> int:
    """Draft records from the text of a public notice, plain or HTML.

    NOTICE is a file, or - for standard input. Each record has questions for a person to answer: compare it with the
    notice, correct it, and delete the questions. Exit with 0 if only that comparison is open, 1 if there are other
    questions, 2 if the notice cannot be read.
    """
    from icms_calendar.fetch import fetch_input
    from icms_calendar.notice.read import read_notice
    from icms_calendar.notice.reading import draft_json, draft_yaml, existing_in
    from icms_calendar.source.files import load

    calendar, now = load(source) if source else None, options.default_now()
    reading = read_notice(fetch_input(notice, now), calendar=calendar, today=now.date(), **known)
    show(draft_json(reading) if form == "json" else draft_yaml(reading, calendar))
    name = "<stdin>" if notice == STANDARD_STREAM else notice
    existing = existing_in(reading, calendar) if calendar else ()
    tell([replace(finding, file=name) for finding in (*reading.findings, *existing)])
    if not reading.readable:
        return ExitCode.USAGE
    return ExitCode.FINE if reading.ready else ExitCode.FINDINGS


@main.command(short_help="Show whether a system is up.")
@options.place
@click.option("--at", type=options.MOMENT_OF_A_DAY, show_default="now", help="The time to ask about.")
@click.option("--for", "length", type=options.DURATION, metavar="2h", help="How long it must stay up.")
@options.system
@options.service
@click.option("--channel", multiple=True, metavar="NAME", help="Only for this channel; may be repeated.")
@options.impact(default="degraded")
@options.max_age
@options.timezone
@options.output_format("text", "json")
def status(
    place: str,
    at: datetime | None,
    length: timedelta | None,
    max_age: timedelta | None,
    zone: str | None,
    form: AnswerFormat,
    **filters: Unpack[Filters],
) -> int:
    """Show whether a system is up. Exit code 0: up, 1: under maintenance, 2: not known.

    SOURCE is a file or a folder of records, FEED an .ics file, whoever wrote it, URL the http address of a feed or of a
    site, - standard input; a folder may also be a site. A TIME without an offset is on your --timezone's clock, else on
    the calendar's.
    """
    from icms_calendar.command.places import opened
    from icms_calendar.command.report import answer_in, no_answer_in
    from icms_calendar.schedule.inquiry import ask, instant_of

    now = options.default_now()
    try:
        asked = opened(place, now, max_age=max_age, zone=zone)
        moment = now if at is None else instant_of(at, asked, zone, "--at")
        answer = ask(asked, moment, length, filters)
    except CalendarError as error:
        (say if form == "text" else show)(no_answer_in(form, error.findings))
        return ExitCode.USAGE
    tell(answer.findings, "text", strict=False)
    show(answer_in(form, answer, zone), prose=form == "text")
    return ExitCode.FINE if answer.is_up else ExitCode.FINDINGS


@main.command("list")
@options.place
@click.option("--from", "start", type=options.MOMENT, help="Windows that end after TIME.")
@click.option("--to", "end", type=options.MOMENT, help="Windows that start before TIME (a date includes that day).")
@options.system
@options.service
@options.impact(default="no-impact")
@click.option("--status", "statuses", type=options.STATUS, multiple=True, help="Only of this status; may be repeated.")
@options.timezone
@options.output_format("table", "json", "csv")
def list_windows(
    place: str,
    start: date | None,
    end: date | None,
    statuses: tuple[str, ...],
    zone: str | None,
    form: ListFormat,
    **filters: Unpack[Filters],
) -> int:
    """List the windows of records, of a feed or of a site.

    SOURCE, FEED, URL and TIME are as for status. Repeating windows are expanded until --to, or to the horizon.
    """
    from icms_calendar.command.places import opened
    from icms_calendar.command.report import windows_in
    from icms_calendar.schedule.inquiry import instant_of, windows_of

    now = options.default_now()
    asked = opened(place, now, zone=zone)
    begins = None if start is None else instant_of(start, asked, zone, "--from")
    ends = None if end is None else instant_of(end, asked, zone, "--to", whole_day=True)
    occurrences, findings = windows_of(asked, now, begins, ends, statuses, filters)
    tell(findings, strict=False)
    text = windows_in(form, occurrences, zone, width_of(sys.stdout))
    if form == "csv":  # data as it is, with the line ends of RFC 4180
        write_output(STANDARD_STREAM, text.encode())
    else:
        show(text)
    return ExitCode.FINE


@main.command()
@click.argument("source", type=options.FILE)
@click.argument("id_", metavar="ID")
@click.option(
    "--language", type=click.Choice(["en", "sw"]), default="en", show_default=True, help="Language of the notice."
)
@click.option(
    "--form", type=click.Choice(["letter", "sms"]), default="letter", show_default=True, help="Letter or text message."
)
@click.option(
    "--previous", type=options.PLACE, help="The last published all.ics, to recognise a window that has moved."
)
@options.now
def announce(source: str, id_: str, previous: str | None, now: datetime, **style: Any) -> None:
    """Write the public notice of the window ID of SOURCE, in words.

    For a repeating window, ID names one occurrence: backup.20260510. draft can read the English notice back.
    """
    from icms_calendar.feed.ledger import feed_at, fetch_ledger
    from icms_calendar.notice.announce import announcement
    from icms_calendar.source.files import load

    data = fetch_ledger(feed_at(previous), now) if previous else None
    written = announcement(load(source), id_, now=now, previous=data, **style)
    show(written.text)
    tell(written.findings)


@main.command()
def schema() -> None:
    """Print the JSON Schema of a source, for editors."""
    from icms_calendar.source.schema import schema_text

    show(schema_text())


@main.command()
@click.argument("rule", type=options.RULE_CODE, metavar="[CODE]", required=False)
def explain(rule: Rule | None) -> None:
    """Explain what a finding means and how to correct it.

    CODE is the code of the finding. Without it, all findings are listed.
    """
    from icms_calendar.command.report import rule_in_words, rules_in_words

    show(rule_in_words(rule) if rule else rules_in_words(RULES.values()))
