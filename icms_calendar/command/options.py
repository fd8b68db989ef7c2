"""The options and arguments that several commands share, and the types of their values.

What a command does with them is in cli.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from icms_calendar.catalogue import RULES, Rule, Severity, rule_by
from icms_calendar.command.output import Format, default_format
from icms_calendar.findings import CalendarError, did_you_mean, shown
from icms_calendar.record.labels import IMPACT_WORDS, STATUS_WORDS

Command = TypeVar("Command", bound=Callable[..., object])


class Value(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on; most environments have an older one
    """A type of value: the function that reads the text, and raises a CalendarError or ValueError that says why not."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _moment(text: str) -> date:
    """A date, or a date and time as a person writes it; without an offset, its clock is decided later."""
    from icms_calendar.record.zones import parse_when

    return parse_when(text, "the time")


def _moment_of_a_day(text: str) -> date:
    when = _moment(text)
    if not isinstance(when, datetime):
        raise ValueError(f"{shown(text)} is a whole day. Also write the time of day, as in {text} 05:00")
    return when


def _time(text: str) -> datetime:
    from icms_calendar.record.zones import utc

    when = _moment(text)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    return utc(when, "the time") if when.tzinfo else when.replace(tzinfo=UTC)


def _written_day(text: str) -> date:
    """A day as a notice writes it, `10 July 2025`, or as the other options take it."""
    from icms_calendar.notice.read import day_written

    return day_written(text) or _moment(text)


def _place(text: str) -> str:
    if not text:
        raise ValueError("it is empty. Is a variable unset?")
    return text


def _duration(text: str) -> timedelta:
    from icms_calendar.record.zones import parse_duration

    return parse_duration(text, "the duration")


def _zone_name(text: str) -> str:
    from icms_calendar.record.zones import zone_named

    return zone_named(text).name


def _id_or_domain(kind: str, text: str) -> str:
    """A text in the form that records require."""
    from icms_calendar.record.checks import is_file_name
    from icms_calendar.record.fields import is_domain

    if not (is_domain(text) if kind == "domain" else is_file_name(text, kind)):
        raise ValueError(f"{shown(text)} is not a valid {kind}")
    return text


def _rule(text: str) -> Rule:
    try:
        return rule_by(text)
    except KeyError:
        raise ValueError(f"there is no finding {shown(text)}.{did_you_mean(text, RULES)}") from None


def _warning(text: str) -> Rule:
    """A finding that `build` may leave out: an error never."""
    rule = _rule(text)
    if rule.severity is Severity.ERROR:
        raise ValueError(f"{rule.code} is an error, and nothing is built with errors. Correct what it reports")
    return rule


TIME, MOMENT, MOMENT_OF_A_DAY = Value("time", _time), Value("time", _moment), Value("time", _moment_of_a_day)
WRITTEN_DAY, PLACE, DURATION = Value("time", _written_day), Value("place", _place), Value("duration", _duration)
ZONE_NAME, RULE_CODE, WARNING_CODE = Value("zone", _zone_name), Value("code", _rule), Value("code", _warning)
DOMAIN, SYSTEM_ID, WINDOW_ID = (Value(kind, partial(_id_or_domain, kind)) for kind in ("domain", "system", "window"))
IMPACT, STATUS = click.Choice(list(IMPACT_WORDS["en"])), click.Choice(list(STATUS_WORDS["en"]))


def default_now() -> datetime:
    """SOURCE_DATE_EPOCH where it is set (reproducible-builds.org), else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(
            f'SOURCE_DATE_EPOCH is "{epoch}", which is not a number of seconds since 1970.'
        ) from None


def _ask_for(context: click.Context, _: click.Parameter, form: Format) -> Format:
    """Keep the format also for the findings that stop the command."""
    context.ensure_object(dict)["form"] = form
    return form


def here_if_none(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """The current folder if no source is named, and a calendar is in it."""
    if value:
        return value
    if not any(Path(f"calendar{suffix}").is_file() for suffix in (".yaml", ".yml", ".toml", ".json")):
        raise click.UsageError("There is no calendar.yaml here. Name the file or folder of your records.", context)
    return (".",) if parameter.nargs == -1 else "."


source_or_here = click.argument(
    "source", type=click.Path(path_type=str), required=False, callback=here_if_none, metavar="[SOURCE]"
)
place_argument = click.argument("place", type=PLACE, required=False, callback=here_if_none, metavar="[SOURCE|FEED|URL]")
_now_option = partial(
    click.option,
    "--now",
    type=TIME,
    metavar="TIME",
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="Build as of this time (UTC unless it has an offset).",
)
now_option, fixed_now_option = _now_option(default=default_now), _now_option()
output_option = click.option(
    "-o", "--output", default="-", metavar="FILE", help="Write to a file instead of standard output."
)
previous_option = click.option(
    "--previous", type=PLACE, metavar="PATH|URL", help="The last published all.ics; the build continues from it."
)
first_build_option = click.option(
    "--first-build", is_flag=True, help="Nothing has been published yet, or the history starts over."
)
allow_vanished_option = click.option(
    "--allow-vanished", is_flag=True, help="Cancel windows that are no longer in the records, however many."
)
templates_option = click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Your own page.html, 404.html, style.css or page.js.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors: exit with 1 and write nothing.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default=default_format,
    show_default="text; github in GitHub Actions",
    callback=_ask_for,
    help="Format of the findings.",
)
max_age_option = click.option(
    "--max-age", type=DURATION, metavar="36h", help="Fail if the site was last built longer ago than this."
)
timezone_option = click.option("--timezone", "zone", type=ZONE_NAME, metavar="ZONE", help="Time zone to show times in.")
system_option = click.option("--system", multiple=True, metavar="ID", help="Only this system; may be repeated.")
service_option = click.option("--service", multiple=True, metavar="ID", help="Only this service; may be repeated.")


def output_format_option(default: str, *others: str) -> Callable[[Command], Command]:
    choice = click.Choice([default, *others])
    return click.option(
        "--format", "form", type=choice, default=default, show_default=True, help="Format of the output."
    )


def impact_option(default: str) -> Callable[[Command], Command]:
    return click.option("--impact", type=IMPACT, default=default, show_default=True, help="Lowest impact that counts.")
