"""The commands that answer: status, list, announce, draft, schema and explain. As in cli.py, they have no logic."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from icms_calendar.catalogue import RULES, Rule
from icms_calendar.command.options import (
    DURATION,
    MOMENT,
    MOMENT_OF_A_DAY,
    PLACE,
    RULE_CODE,
    STATUS,
    WRITTEN_DAY,
    ZONE_NAME,
    default_now,
    impact_option,
    now_option,
    output_format_option,
    place_argument,
    service_option,
    source_argument,
    system_option,
    timezone_option,
)
from icms_calendar.command.output import STANDARD_STREAM, say, show, width_of, write_output
from icms_calendar.command.report import AnswerFormat, ExitCode, ListFormat
from icms_calendar.command.telling import tell
from icms_calendar.findings import CalendarError

if TYPE_CHECKING:
    from icms_calendar.notice.announce import Form
    from icms_calendar.record.fields import Impact
    from icms_calendar.record.labels import Language
    from icms_calendar.schedule.schedule import Filters


@click.command()
@click.argument("notice", type=click.Path(path_type=str), metavar="NOTICE")
@click.option(
    "--published",
    type=WRITTEN_DAY,
    metavar="DATE",
    help="Day of publication, as written; resolves missing years and words like tomorrow.",
)
@click.option("--timezone", type=ZONE_NAME, metavar="ZONE", help="Time zone of times that name none: Africa/Nairobi.")
@click.option(
    "--source",
    type=click.Path(path_type=str),
    metavar="SOURCE",
    help="Your records: their systems, services and time zone are used, and windows they already have are reported.",
)
@click.option("--system", metavar="ID", help="The system that the notice is about.")
@click.option("--service", multiple=True, metavar="ID", help="A service that is affected; may be repeated.")
@output_format_option("yaml", "json")
def draft(
    notice: str,
    published: date | None,
    timezone: str | None,
    source: str | None,
    system: str | None,
    service: tuple[str, ...],
    form: str,
) -> int:
    """Draft records from the text of a public notice, plain or HTML.

    NOTICE is a file, or - for standard input. Each record has questions for a person to answer: compare it with the
    notice, correct it, and delete the questions. Exit with 0 if only that comparison is open, 1 if there are other
    questions, 2 if the notice cannot be read.
    """
    from icms_calendar.fetch import fetch_input
    from icms_calendar.notice.draft import draft_json, draft_yaml, existing_in
    from icms_calendar.notice.read import read_notice
    from icms_calendar.source.files import load

    calendar = load(source) if source else None
    reading = read_notice(
        fetch_input(notice, default_now()),
        published=published,
        timezone=timezone,
        calendar=calendar,
        system=system,
        services=service,
        today=default_now().date(),
    )
    show(draft_json(reading) if form == "json" else draft_yaml(reading, calendar))
    name = "<stdin>" if notice == STANDARD_STREAM else notice
    existing = existing_in(reading, calendar) if calendar else ()
    tell([replace(finding, file=name) for finding in (*reading.findings, *existing)])
    if not reading.readable:
        return ExitCode.USAGE
    return ExitCode.FINE if reading.ready else ExitCode.FINDINGS


@click.command(short_help="Show whether a system is up.")
@place_argument
@click.option("--at", type=MOMENT_OF_A_DAY, metavar="TIME", show_default="now", help="The time to ask about.")
@click.option("--for", "length", type=DURATION, metavar="2h", help="How long it must stay up.")
@system_option
@service_option
@click.option("--channel", multiple=True, metavar="NAME", help="Only for this channel; may be repeated.")
@impact_option("degraded")
@click.option("--max-age", type=DURATION, metavar="36h", help="Fail if the site was last built longer ago than this.")
@timezone_option
@output_format_option("text", "json")
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
    """Show whether a system is up. Exit code 0: up, 1: under maintenance, 2: not known.

    SOURCE is a file or a folder of records, FEED an .ics file, whoever wrote it, URL the http address of a feed or of a
    site, - standard input; a folder may also be a site. A TIME without an offset is on your --timezone's clock, else on
    the calendar's.
    """
    from icms_calendar.command.places import opened
    from icms_calendar.command.report import answer_in, no_answer_in
    from icms_calendar.schedule.inquiry import ask, instant_of

    now = default_now()
    try:
        asked = opened(place, now, max_age=max_age, zone=zone)
        moment = now if at is None else instant_of(at, asked, zone, "--at")
        filters: Filters = {"system": system, "service": service, "channel": channel, "impact": impact}
        answer = ask(asked, moment, length, filters)
    except CalendarError as error:
        (say if form == "text" else show)(no_answer_in(form, error.findings))
        return ExitCode.USAGE
    tell(answer.findings, "text", strict=False)
    show(answer_in(form, answer, zone), prose=form == "text")
    return ExitCode.FINE if answer.is_up else ExitCode.FINDINGS


@click.command("list")
@place_argument
@click.option("--from", "start", type=MOMENT, metavar="TIME", help="Windows that end after TIME.")
@click.option(
    "--to", "end", type=MOMENT, metavar="TIME", help="Windows that start before TIME (a date includes that day)."
)
@system_option
@service_option
@impact_option("no-impact")
@click.option("--status", "statuses", type=STATUS, multiple=True, help="Only of this status; may be repeated.")
@timezone_option
@output_format_option("table", "json", "csv")
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

    SOURCE, FEED, URL and TIME are as for status. Repeating windows are expanded until --to, or to the horizon.
    """
    from icms_calendar.command.places import opened
    from icms_calendar.command.report import windows_in
    from icms_calendar.schedule.inquiry import instant_of, windows_of

    now = default_now()
    asked = opened(place, now, zone=zone)
    begins = None if start is None else instant_of(start, asked, zone, "--from")
    ends = None if end is None else instant_of(end, asked, zone, "--to", whole_day=True)
    filters: Filters = {"system": system, "service": service, "impact": impact}
    occurrences, findings = windows_of(asked, now, begins, ends, statuses, filters)
    tell(findings, strict=False)
    text = windows_in(form, occurrences, zone, width_of(sys.stdout))
    if form == "csv":  # data as it is, with the line ends of RFC 4180
        write_output(STANDARD_STREAM, text.encode())
    else:
        show(text)
    return ExitCode.FINE


@click.command()
@source_argument
@click.argument("id_", metavar="ID")
@click.option(
    "--language", type=click.Choice(["en", "sw"]), default="en", show_default=True, help="Language of the notice."
)
@click.option(
    "--form", type=click.Choice(["letter", "sms"]), default="letter", show_default=True, help="Letter or text message."
)
@click.option(
    "--previous",
    type=PLACE,
    metavar="PATH|URL",
    help="The last published all.ics, to recognise a window that has moved.",
)
@now_option
def announce(source: str, id_: str, language: Language, form: Form, previous: str | None, now: datetime) -> None:
    """Write the public notice of the window ID of SOURCE, in words.

    For a repeating window, ID names one occurrence: backup.20260510. draft can read the English notice back.
    """
    from icms_calendar.feed.ledger import feed_at, fetch_ledger
    from icms_calendar.notice.announce import announcement
    from icms_calendar.source.files import load

    data = fetch_ledger(feed_at(previous), now) if previous else None
    written = announcement(load(source), id_, now=now, language=language, form=form, previous=data)
    show(written.text)
    tell(written.findings)


@click.command()
def schema() -> None:
    """Print the JSON Schema of a source, for editors."""
    from icms_calendar.source.schema import schema_text

    show(schema_text())


@click.command()
@click.argument("rule", type=RULE_CODE, metavar="[CODE]", required=False)
def explain(rule: Rule | None) -> None:
    """Explain what the finding CODE means, and how to correct it; without CODE, list all findings."""
    from icms_calendar.command.report import rule_in_words, rules_in_words

    show(rule_in_words(rule) if rule else rules_in_words(RULES.values()))
