"""A recurrence rule of RFC 5545 3.3.10 on a wall clock: which parts it may have, and which days it yields.

python-dateutil expands the rule; recurrence.py turns the days into occurrences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, cast

from icms_calendar.findings import fault, shown

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_DAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_NUMBERED_DAY = r"[+-]?(?:[1-9]|[1-4][0-9]|5[0-3])" + _DAY
# The parts of a rule: a pattern for each, and the same in words.
_PARTS = {
    "FREQ": (r"DAILY|WEEKLY|MONTHLY|YEARLY", "DAILY, WEEKLY, MONTHLY or YEARLY"),
    "INTERVAL": (r"[1-9][0-9]{0,3}", "a number from 1 to 9999"),
    "WKST": (_DAY, "one of MO TU WE TH FR SA SU"),
    "BYDAY": (rf"(?:{_NUMBERED_DAY}|{_DAY})", "a list of MO TU WE TH FR SA SU, as in 2SU for the second Sunday"),
    "BYMONTH": (r"(?:[1-9]|1[0-2])", "a list of numbers from 1 to 12"),
    "BYMONTHDAY": (r"[+-]?(?:[1-9]|[12][0-9]|3[01])", "a list of numbers from 1 to 31, or negative"),
    "BYYEARDAY": (r"[+-]?(?:[1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])", "a list of numbers from 1 to 366"),
    "BYWEEKNO": (r"[+-]?(?:[1-9]|[1-4][0-9]|5[0-3])", "a list of numbers from 1 to 53, or negative"),
    "BYSETPOS": (r"[+-]?(?:[1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])", "a list of numbers from 1 to 366"),
}
# The same for other people's rules, which may repeat within a day and have their own end.
_PARTS_OF_ANY = {
    **_PARTS,
    "FREQ": (
        r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
        "SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY",
    ),
    "INTERVAL": (r"0*[1-9][0-9]{0,9}", "a number from 1 on"),
    "COUNT": (r"0*[1-9][0-9]{0,9}", "a number from 1 on"),
    "UNTIL": (r"[0-9]{8}(?:T[0-9]{6}Z?)?", "a date or a time"),
    "BYHOUR": (r"(?:[01]?[0-9]|2[0-3])", "a list of numbers from 0 to 23"),
    "BYMINUTE": (r"[0-5]?[0-9]", "a list of numbers from 0 to 59"),
    "BYSECOND": (r"(?:[0-5]?[0-9]|60)", "a list of numbers from 0 to 60"),
}
_OF_RFC_7529 = ("RSCALE", "SKIP")
_ELSEWHERE = {
    **dict.fromkeys(("UNTIL", "COUNT"), "write until: or count: beside the rule"),
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), "the time of day is that of start"),
}
MOST_WEEKDAYS_OF_A_MONTH = 5
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NEAR = timedelta(days=366 * 6)  # a rule that yields nothing within six years has no day nearby


def parse_rule(value: object) -> str:
    """The rule as written, if it fits maintenance windows: at most one occurrence a day.

    Raises CalendarError (`bad-rule`).
    """
    if not isinstance(value, str):
        raise fault("bad-rule", read=shown(value), reason="it is no text")
    parts = [part.partition("=") for part in value.split(";")]
    given = {name: number for name, _, number in parts}
    reason = next(_objections(parts, given, _PARTS), None)
    if reason:
        raise fault("bad-rule", read=shown(value), reason=reason)
    return value


def objection_to(rule: str) -> str | None:
    """What is wrong with an RRULE of any feed (RFC 5545 3.3.10), in words; None if nothing is."""
    parts = [part.partition("=") for part in rule.upper().split(";")]
    parts = [part for part in parts if part[0] not in _OF_RFC_7529]
    return next(_objections(parts, {name: value for name, _, value in parts}, _PARTS_OF_ANY), None)


class Repetition:
    """A rule with its first wall-clock time; all its times are naive, on the zone's clock."""

    def __init__(self, rule: str, start: datetime, until: datetime | None, count: int | None) -> None:
        from dateutil.rrule import rrulestr

        self.start = start
        self._rule = cast("rrule", rrulestr(rule, dtstart=start))
        self._until = until
        self._count = count

    @property
    def endless(self) -> bool:
        """Whether it has neither an end nor a count."""
        return self._until is None and self._count is None

    def walls(self, until: datetime | None = None) -> Iterator[datetime]:
        """The wall-clock times it yields, in order, none after `until`. Endless if the rule has no end."""
        ends = [end for end in (until, self._until) if end is not None]
        rule = self._rule.replace(until=min(ends)) if ends else self._rule
        return islice(rule, self._count) if self._count is not None else iter(rule)

    def has(self, day: date) -> bool:
        """Whether it yields an occurrence on this local day."""
        return any(wall.date() == day for wall in self._around(day, day))

    def nearest(self, day: date) -> date | None:
        """The day nearest to this one on which it yields an occurrence, if any is within six years."""
        first = day - _NEAR if day > date.min + _NEAR else date.min
        last = day + _NEAR if day < date.max - _NEAR else date.max
        days = {wall.date() for wall in self._around(first, last)}
        return min(days, key=lambda other: (abs(other - day), other), default=None)

    def _around(self, first: date, last: date) -> Iterator[datetime]:
        begin, end = datetime.combine(first, time.min), datetime.combine(last, time.max)
        return (wall for wall in self.walls(end) if wall >= begin)


def _objections(
    parts: list[tuple[str, str, str]], given: dict[str, str], known: dict[str, tuple[str, str]]
) -> Iterator[str]:
    """What is wrong with a rule: its parts first, then their combination (the table of RFC 5545)."""
    for name, _, value in parts:
        if name not in known and name in _ELSEWHERE:
            yield f"{name} has no place in it: {_ELSEWHERE[name]}"
        elif name not in known:
            yield f"{shown(name)} is no part of a rule"
        else:
            pattern, words = known[name]
            several = rf"(?:{pattern})(?:,{pattern})*" if name.startswith("BY") else pattern
            if not re.fullmatch(several, value):
                yield f"{name} is {words}"
    if len(given) < len(parts):
        yield "a part of it stands twice"
    yield from _discords(given.get("FREQ"), given)


def _discords(frequency: str | None, given: dict[str, str]) -> Iterator[str]:
    by = {name for name in given if name.startswith("BY")}
    if frequency is None:
        yield "it needs a FREQ"
    if frequency in ("DAILY", "WEEKLY", "MONTHLY") and by & {"BYWEEKNO", "BYYEARDAY"}:
        yield "BYWEEKNO and BYYEARDAY go with FREQ=YEARLY only"
    if frequency == "WEEKLY" and "BYMONTHDAY" in by:
        yield "BYMONTHDAY does not go with FREQ=WEEKLY"
    if re.search(r"[0-9]", given.get("BYDAY", "")) and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in by):
        yield "a number before a day, as in 2SU, goes with FREQ=MONTHLY or YEARLY"
    ordinals = [int(number) for number in re.findall(r"[+-]?[0-9]+", given.get("BYDAY", ""))]
    in_a_month = frequency == "MONTHLY" or (frequency == "YEARLY" and "BYMONTH" in by)
    if in_a_month and any(abs(number) > MOST_WEEKDAYS_OF_A_MONTH for number in ordinals):
        yield "a month has at most five of each weekday, as in 5SU"
    if by == {"BYSETPOS"}:
        yield "BYSETPOS needs another BY part"
    if {"UNTIL", "COUNT"} <= given.keys():
        yield "UNTIL and COUNT exclude each other"
    yield from _emptiness(frequency, given)


def _emptiness(frequency: str | None, given: dict[str, str]) -> Iterator[str]:
    """Why a rule has no occurrence at all: dateutil would search day by day, up to the year 9999."""
    months, days, positions = (_numbers(given.get(name)) for name in ("BYMONTH", "BYMONTHDAY", "BYSETPOS"))
    if months and days and not any(abs(day) <= _LONGEST[month - 1] for month in months for day in days):
        yield "no month of BYMONTH has a day of BYMONTHDAY"
    choice = {"DAILY": 1, "WEEKLY": len({*given.get("BYDAY", "").split(",")})}.get(frequency or "")
    times = {"BYHOUR", "BYMINUTE", "BYSECOND"} & given.keys()
    if choice and positions and not times and not any(abs(position) <= choice for position in positions):
        yield f"BYSETPOS chooses from {choice} at most"


def _numbers(value: str | None) -> list[int]:
    return [int(number) for number in value.split(",") if re.fullmatch("[+-]?[0-9]{1,3}", number)] if value else []
