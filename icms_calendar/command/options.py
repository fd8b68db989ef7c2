"""The options and arguments that several commands share, and the types of their values.

What a command does with them is in cli.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from icms_calendar.catalogue import RULES, Rule, Severity, rule_by
from icms_calendar.command.report import Format
from icms_calendar.findings import CalendarError, did_you_mean, shown

Command = TypeVar("Command", bound=Callable[..., object])


class ParamType(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on; most environments have an older one
    """A type of value, on every version of click."""


class Time(ParamType):
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


class Moment(ParamType):
    """A date and time as a person writes it; without an offset, its clock is decided later."""

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
            self.fail(f"{shown(value)} is a whole day. Also write the time of day, as in {value} 05:00", param, ctx)
        return when


class WrittenDay(Moment):
    """A day as a notice writes it, `10 July 2025`, or as the other options take it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from icms_calendar.notice.read import day_written

        return day_written(str(value)) or super().convert(value, param, ctx)


class Place(ParamType):
    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value) or self.fail("it is empty. Is a variable unset?", param, ctx)


class Duration(ParamType):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from icms_calendar.record.zones import parse_duration

        try:
            return parse_duration(value, "the duration")
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)


class ZoneName(ParamType):
    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.zones import zone_named

        try:
            return zone_named(value).name
        except CalendarError as error:
            self.fail(error.findings[0].message, param, ctx)


class Pattern(ParamType):
    """A text in the form that records require."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.checks import is_file_name
        from icms_calendar.record.fields import is_domain

        fits = is_domain(value) if self.name == "domain" else is_file_name(value, self.name)
        return str(value) if fits else self.fail(f"{shown(value)} is not a valid {self.name}", param, ctx)


class Known(ParamType):
    """An impact or a status, as in a record."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from icms_calendar.record.checks import IMPACTS, STATUSES

        known = IMPACTS if self.name == "impact" else STATUSES
        if value not in known:
            self.fail(
                f"{shown(value)} is not a valid {self.name}.{did_you_mean(value, known)}",
                param,
                ctx,
            )
        return str(value)


class RuleCode(ParamType):
    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Rule:
        try:
            return rule_by(value)
        except KeyError:
            self.fail(f"there is no finding {shown(value)}.{did_you_mean(value, RULES)}", param, ctx)


class WarningCode(RuleCode):
    """A finding that `build` may leave out: an error never."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Rule:
        rule = super().convert(value, param, ctx)
        if rule.severity is Severity.ERROR:
            self.fail(f"{rule.code} is an error, and nothing is built with errors. Correct what it reports", param, ctx)
        return rule


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


def default_format() -> Format:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


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


source_argument = click.argument("source", type=click.Path(path_type=str), metavar="SOURCE")
source_or_here = click.argument(
    "source", type=click.Path(path_type=str), required=False, callback=here_if_none, metavar="[SOURCE]"
)
now_option = click.option(
    "--now",
    type=Time(),
    default=default_now,
    metavar="TIME",
    show_default="the clock, or SOURCE_DATE_EPOCH",
    help="Build as of this time (UTC unless it has an offset).",
)
previous_option = click.option(
    "--previous", type=Place(), metavar="PATH|URL", help="The last published all.ics; the build continues from it."
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


place_argument = click.argument(
    "place", type=Place(), required=False, callback=here_if_none, metavar="[SOURCE|FEED|URL]"
)
timezone_option = click.option(
    "--timezone", "zone", type=ZoneName(), metavar="ZONE", help="Time zone to show times in."
)
system_option = click.option("--system", multiple=True, metavar="ID", help="Only this system; may be repeated.")
service_option = click.option("--service", multiple=True, metavar="ID", help="Only this service; may be repeated.")


def output_format_option(default: str, *others: str) -> Callable[[Command], Command]:
    choice = click.Choice([default, *others])
    return click.option(
        "--format", "form", type=choice, default=default, show_default=True, help="Format of the output."
    )


def impact_option(default: str) -> Callable[[Command], Command]:
    text = "Lowest impact that counts: no-impact, reduced-redundancy, degraded or outage."
    return click.option("--impact", type=Known("impact"), default=default, show_default=True, help=text)
