"""The options and arguments that several commands share, and the types of their values.

What a command does with them is in cli.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from icms_calendar.catalogue import RULES, Rule, Severity, rule_by
from icms_calendar.command.output import Format, default_format
from icms_calendar.findings import CalendarError, did_you_mean, shown
from icms_calendar.record.labels import IMPACT_WORDS, STATUS_WORDS
from icms_calendar.record.zones import parse_duration, parse_when, utc, zone_named

Command = TypeVar("Command", bound=Callable[..., object])


class Value(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on; most environments have an older one
    """A type of value: the function that reads the text, and raises a CalendarError or ValueError that says why not."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(error.findings[0].message if isinstance(error, CalendarError) else str(error), param, ctx)


# A date, or a date and time as a person writes it; without an offset, its clock is decided later.
_moment = partial(parse_when, field="the time")


def _moment_of_a_day(text: str) -> date:
    when = _moment(text)
    if not isinstance(when, datetime):
        raise ValueError(f"{shown(text)} is a whole day. Also write the time of day, as in {text} 05:00")
    return when


def _time(text: str) -> datetime:
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


def _id_or_domain(kind: str, text: str) -> str:
    """A text in the form that records require."""
    from icms_calendar.record.checks import is_file_name
    from icms_calendar.record.validation import is_domain

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


# The name of a type, in capitals, is what `--help` shows for the value.
TIME, MOMENT, MOMENT_OF_A_DAY = Value("time", _time), Value("time", _moment), Value("time", _moment_of_a_day)
WRITTEN_DAY, PLACE = Value("date", _written_day), Value("path|url", _place)
DURATION = Value("duration", partial(parse_duration, field="the duration"))
ZONE_NAME = Value("zone", lambda text: zone_named(text).name)
RULE_CODE, WARNING_CODE = Value("code", _rule), Value("code", _warning)
DOMAIN = Value("name", partial(_id_or_domain, "domain"))
SYSTEM_ID, WINDOW_ID = (Value("id", partial(_id_or_domain, kind)) for kind in ("system", "window"))
IMPACT, STATUS = click.Choice(list(IMPACT_WORDS["en"])), click.Choice(list(STATUS_WORDS["en"]))
FILE = click.Path(path_type=str)


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


flag = partial(click.option, is_flag=True)
source = click.argument("source", type=FILE, required=False, callback=here_if_none)
place = click.argument("place", type=PLACE, required=False, callback=here_if_none, metavar="[SOURCE|FEED|URL]")
_now_option = partial(
    click.option,
    "--now",
    type=TIME,
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="Build as of this time (UTC unless it has an offset).",
)
now, fixed_now = _now_option(default=default_now), _now_option()
output = click.option("-o", "--output", default="-", metavar="FILE", help="Write to a file instead of standard output.")
previous = click.option("--previous", type=PLACE, help="The last published all.ics; the build continues from it.")
first_build = flag("--first-build", help="Nothing has been published yet, or the history starts over.")
allow_vanished = flag("--allow-vanished", help="Cancel windows that are no longer in the records, however many.")
templates = click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Your own page.html, 404.html, style.css or page.js.",
)
quiet = flag("-q", "--quiet", help="Print findings only.")
strict = flag("--strict", help="Treat warnings as errors: exit with 1 and write nothing.")
findings_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default=default_format,
    show_default="text; github in GitHub Actions",
    callback=_ask_for,
    help="Format of the findings.",
)
max_age = click.option(
    "--max-age", type=DURATION, metavar="36h", help="Fail if the site was last built longer ago than this."
)
timezone = click.option("--timezone", "zone", type=ZONE_NAME, help="Time zone to show times in.")
system = click.option("--system", multiple=True, metavar="ID", help="Only this system; may be repeated.")
service = click.option("--service", multiple=True, metavar="ID", help="Only this service; may be repeated.")
impact = partial(click.option, "--impact", type=IMPACT, show_default=True, help="Lowest impact that counts.")


def output_format(default: str, *others: str) -> Callable[[Command], Command]:
    choice = click.Choice([default, *others])
    return click.option(
        "--format", "form", type=choice, default=default, show_default=True, help="Format of the output."
    )
