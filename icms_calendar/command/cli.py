"""The command line: arguments in, one call of the library, output. It has no logic of its own.

It is the only place that reads the clock. The commands that answer questions are in asking.py; what findings look like
is decided in report.py.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import click

from icms_calendar.catalogue import Rule
from icms_calendar.command.asking import announce, draft, explain, list_windows, schema, status
from icms_calendar.command.options import (
    DOMAIN,
    DURATION,
    PLACE,
    RULE_CODE,
    SYSTEM_ID,
    TIME,
    WARNING_CODE,
    WINDOW_ID,
    ZONE_NAME,
    allow_vanished_option,
    default_now,
    first_build_option,
    format_option,
    here_if_none,
    now_option,
    output_format_option,
    previous_option,
    quiet_option,
    source_or_here,
    strict_option,
    templates_option,
)
from icms_calendar.command.output import STANDARD_STREAM, prepare_streams, say, show, working, write_output
from icms_calendar.command.report import ChangeFormat, ExitCode, Format
from icms_calendar.command.telling import tell, tell_changes, tell_internal_error, tell_rewording
from icms_calendar.findings import CalendarError, Finding

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code. A bug in icms-calendar is reported as such, and exits with 3."""
    gc.disable()  # the process is short, and its records live to the end
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
@source_or_here
@click.option(
    "-o",
    "--output",
    default="public",
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to build into.",
)
@previous_option
@first_build_option
@allow_vanished_option
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if the site would change.")
@templates_option
@now_option
@strict_option
@click.option(
    "--ignore", multiple=True, type=WARNING_CODE, metavar="CODE", help="Ignore this warning; may be repeated."
)
@click.option(
    "--force", is_flag=True, help="Build into a folder with other files; files of the same name are replaced."
)
@quiet_option
@format_option
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
    ignore: tuple[Rule, ...],
    force: bool,
    quiet: bool,
    form: Format,
) -> int:
    """Build the site of SOURCE into a folder.

    SOURCE is a file or a folder of records, or - for standard input.
    """
    from icms_calendar.command.report import check_of_site_in_words, site_in_words
    from icms_calendar.feed.changes import Changes
    from icms_calendar.site.build import plan_build, publish_site
    from icms_calendar.site.publish import differences
    from icms_calendar.source.files import open_source

    with working(f"Reading {source}"):
        records = open_source(source)
    if str(output) == STANDARD_STREAM:
        raise click.UsageError("A site is a folder of files, and standard output is not a folder. Name one with -o.")
    if os.path.realpath(source) == os.path.realpath(output):
        raise click.UsageError(f"{output} holds the records. Name another folder with -o.")
    with working(f"Planning {output}"):
        site = plan_build(
            records.calendar,
            output,
            now=now,
            previous=previous,
            first_build=first_build,
            allow_vanished=allow_vanished,
            templates=templates,
        )
    findings = [*records.warnings, *records.placed(site.findings)]
    if tell([finding for finding in findings if finding.rule not in ignore], form, strict=strict):
        return ExitCode.FINDINGS
    if only_check:
        changed, gone = (sorted(set(paths) - site.volatile) for paths in differences(site.files, output))
        tell_changes(site.difference if changed or gone else Changes(()))
        say(check_of_site_in_words(output, changed, gone))
        return ExitCode.FINDINGS if changed or gone else ExitCode.FINE
    with working(f"Writing {output}"):
        published = publish_site(site, output, force=force)
    if quiet:
        return ExitCode.FINE
    if site.ledger.is_known:
        tell_changes(site.difference)
    say(site_in_words(output, site.windows, published))
    return ExitCode.FINE


@main.command()
@source_or_here
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--system", multiple=True, metavar="ID", help="Only windows of this system; may be repeated.")
@click.option("--service", multiple=True, metavar="ID", help="Only windows of this service; may be repeated.")
@click.option("--reminders", is_flag=True, help="Include the calendar's reminders as alarms.")
@previous_option
@first_build_option
@allow_vanished_option
@now_option
@strict_option
@format_option
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
    from icms_calendar.feed.ledger import Ledger, feed_at, fetch_ledger, read_ledger
    from icms_calendar.feed.publication import encode_feed, publication, size_findings
    from icms_calendar.source.files import open_source

    records = open_source(source)
    calendar = records.calendar
    if reminders and not calendar.reminders:
        raise click.UsageError(f"{source} sets no reminders. Write reminders: [P1D] in its calendar file.")
    if previous and (system or service or reminders):
        raise click.UsageError("--previous cannot be combined with --system, --service or --reminders.")
    chosen = calendar.select(system=system, service=service)
    before = fetch_ledger(feed_at(previous), now, first_build=first_build) if previous else None
    ledger = Ledger() if before is None else read_ledger(before, chosen, feed_at(previous or ""))
    published = publication(chosen, ledger, now, allow_vanished=allow_vanished)
    data = encode_feed(published, published.feeds[0], calendar.reminders if reminders else ())
    name = "the feed" if output == STANDARD_STREAM else output
    placed = records.placed(published.findings, chosen)
    if tell([*records.warnings, *placed, *size_findings(name, data)], form, strict=strict):
        return ExitCode.FINDINGS
    write_output(output, data)
    return ExitCode.FINE


@main.command()
@source_or_here
@click.option(
    "--previous", type=PLACE, metavar="PATH|URL", help="The last published site or all.ics. [default: public]"
)
@first_build_option
@output_format_option("text", "json", "markdown")
@now_option
def diff(source: str, previous: str | None, first_build: bool, form: ChangeFormat, now: datetime) -> None:
    """Show what subscribers would see change, and whether the build would stop.

    SOURCE is a file or a folder of records, or - for standard input; or a feed or site that was built, to compare with
    an earlier one. The text can be pasted into a message, since calendar programs may take hours to update.
    """
    from icms_calendar.command.places import difference
    from icms_calendar.command.report import changes_in

    changes = difference(source, previous, now, first_build=first_build)
    tell(changes.findings)
    tell_rewording(changes)
    show(changes_in(form, changes))


@main.command("import")
@click.argument("feed", metavar="FEED.ics|SITE|URL|-", type=PLACE)
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--domain", type=DOMAIN, metavar="NAME", help="Domain for the UIDs of future events.")
@click.option(
    "--timezone", type=ZONE_NAME, metavar="ZONE", help="Time zone for times that have none, and for the calendar."
)
@click.option("--system", type=SYSTEM_ID, metavar="ID", help="System for events that do not name one.")
@click.option("--until", type=TIME, metavar="TIME", help="Expand repeating events until this time (UTC).")
@click.option("--windows", is_flag=True, help="Write windows only, to add to the folder of a calendar.")
@click.option("--prefix", type=WINDOW_ID, metavar="ID", help="Begin each id with this and a hyphen.")
@strict_option
@format_option
def import_(
    feed: str,
    output: str,
    domain: str | None,
    timezone: str | None,
    system: str | None,
    until: datetime | None,
    windows: bool,
    prefix: str | None,
    strict: bool,
    form: Format,
) -> int:
    """Turn the events of an .ics file, or the windows.json of a site, into records.

    Events that cannot be read are left out and reported (exit code 1); the rest is written.
    """
    from icms_calendar.command.places import windows_at
    from icms_calendar.foreign.adopt import import_ics
    from icms_calendar.record.fields import DEFAULT_HORIZON

    now = default_now()
    place = windows_at(feed, now)
    imported = import_ics(
        place.feed,
        until=until or now + DEFAULT_HORIZON,
        name=place.title,
        domain=domain,
        timezone=timezone,
        system=system,
        windows_only=windows,
        prefix=prefix,
        file=place.file,
    )
    code = tell(imported.findings, form, strict=strict)
    if (imported.records["windows"] or not code) and not (strict and code):
        write_output(output, imported.text.encode())
    return code


@main.command(short_help="Check records, feeds or sites and report problems.")
@click.argument("sources", nargs=-1, callback=here_if_none, metavar="[SOURCE|FEED.ics|SITE]…")
@quiet_option
@format_option
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--ignore", multiple=True, type=RULE_CODE, metavar="CODE", help="Ignore this finding; may be repeated.")
@click.option(
    "--previous",
    type=PLACE,
    metavar="PATH|URL",
    help="An earlier copy of FEED, or the site of SOURCE; also report changes that break subscriptions.",
)
@click.option("--max-age", type=DURATION, metavar="36h", help="Fail if the site was last built longer ago than this.")
@now_option
def check(
    sources: tuple[str, ...],
    quiet: bool,
    form: Format,
    strict: bool,
    ignore: tuple[Rule, ...],
    previous: str | None,
    max_age: timedelta | None,
    now: datetime,
) -> int:
    """Report everything that is wrong with records, with anybody's feed, or with a site.

    SOURCE is a file or a folder of records, FEED.ics the file or the http address of a feed, SITE a folder that was
    built or the http address where it is served.
    """
    from icms_calendar.command.checking import check as check_place
    from icms_calendar.command.report import exit_code, findings_in, report_in_words

    if previous and len(sources) > 1:
        raise click.UsageError("--previous is for one source or feed.")
    try:
        reports = [check_place(each, now=now, previous=previous, max_age=max_age).without(ignore) for each in sources]
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    findings = [finding for report in reports for finding in report.findings]
    show(findings_in(form, findings), prose=form == "text")
    for report in () if quiet else reports:
        say(report_in_words(report))
    return exit_code(findings, strict=strict)


@main.command(short_help="Show the site of SOURCE on this machine.")
@source_or_here
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen; 0: any free port."
)
@templates_option
@click.option(
    "--now",
    type=TIME,
    metavar="TIME",
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="Build as of this time (UTC unless it has an offset).",
)
def serve(source: str, port: int, templates: Path | None, now: datetime | None) -> None:
    """Show the site of SOURCE on this machine, as a first build would make it.

    SOURCE is a file or a folder of records. When a record changes, the next page shows it; nothing is written.
    Ctrl-C stops it.
    """
    from icms_calendar.command.report import check_in_words
    from icms_calendar.site.preview import PortError, Preview
    from icms_calendar.site.preview import serve as serve_site

    if source == STANDARD_STREAM:
        raise click.UsageError("Standard input cannot be read again when it changes. Name a file or a folder.")

    def say_state(windows: int, findings: Sequence[Finding]) -> None:
        tell(findings)
        say(check_in_words(source, windows, "window", findings))

    gc.enable()  # this process is not short
    preview = Preview(source, (lambda: now) if now else default_now, say_state, templates)
    try:
        serve_site(preview, port, lambda url: say(f"Serving {url} until Ctrl-C."))
    except PortError as error:
        reason = (error.strerror or "").lower()
        raise click.UsageError(f"Port {port} cannot be used ({reason}). Name another with --port.") from None


@main.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@now_option
def init(folder: Path, now: datetime) -> None:
    """Create a starter calendar."""
    from icms_calendar.command.starter import write_starter

    written = write_starter(folder, now)
    say("Wrote " + ", ".join(str(path) for path in written))
    if "file:" in (folder / "requirements.txt").read_text(encoding="utf-8"):
        say(f"Before you push: {folder / 'requirements.txt'} names a folder of this machine. Write a repository there.")
    say(f"Next: edit {folder / 'calendar.yaml'}, then run: icms-calendar build {folder} -o {folder / 'public'}")


for _command in (status, list_windows, announce, draft, schema, explain):
    main.add_command(_command)
