"""A recurrence rule of RFC 5545 3.3.10 on a wall clock: which parts it may have, and which days it yields.

Only the days between two dates are looked at. recurrence.py turns the days into occurrences.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, islice, takewhile

from icms_calendar.findings import fault, shown

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
        raise fault("bad-rule", read=shown(value), reason="it is not a text")
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
        self.start = start
        self._days = _Days(rule, start.date())
        self._until = until
        self._count = count
        self._counted: list[date] = []  # as many as were looked for, to the day `_looked_to`
        self._looked_to = date.min

    @property
    def endless(self) -> bool:
        """Whether it has neither an end nor a count."""
        return self._until is None and self._count is None

    def walls(self, until: datetime | None = None) -> Iterator[datetime]:
        """The wall-clock times it yields, in order, none after `until`; endless if there is no end at all."""
        days = self._between(date.min, until.date() if until else date.max)
        walls = (datetime.combine(day, self.start.time()) for day in days)
        ends = min((end for end in (until, self._until) if end is not None), default=datetime.max)
        return takewhile(lambda wall: wall <= ends, walls)

    def has(self, day: date) -> bool:
        """Whether it yields an occurrence on this local day."""
        return day in self._between(day, day)

    def nearest(self, day: date) -> date | None:
        """The day nearest to this one on which it yields an occurrence, if any is within six years."""
        first = day - _NEAR if day > date.min + _NEAR else date.min
        last = day + _NEAR if day < date.max - _NEAR else date.max
        return min(self._between(first, last), key=lambda other: (abs(other - day), other), default=None)

    def _between(self, first: date, last: date) -> Iterator[date]:
        """Its days from `first` to `last`; unless it has a count, no other days are looked at."""
        if self._until is not None:
            past = datetime.combine(self._until.date(), self.start.time()) > self._until
            last = min(last, self._until.date() - timedelta(days=past))
        if self._count is None:
            return self._days.between(first, last)
        if len(self._counted) < self._count and self._looked_to < last:
            ahead = max(last - self.start.date(), timedelta(0))  # as far again, so that nobody asks for each next day
            self._looked_to = last + ahead if last < date.max - ahead else date.max
            self._counted = list(islice(self._days.between(date.min, self._looked_to), self._count))
        return iter(self._counted[bisect_left(self._counted, first) : bisect_right(self._counted, last)])


_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}


class _Days:
    """The days of a rule (RFC 5545 3.3.10), found from any day on without looking at earlier ones."""

    def __init__(self, rule: str, start: date) -> None:
        parts = dict(part.split("=") for part in rule.split(";"))
        self._start = start
        self._frequency = parts["FREQ"]
        self._interval = int(parts.get("INTERVAL", 1))
        self._first_weekday = _WEEKDAYS[parts.get("WKST", "MO")]
        self._months, self._month_days, self._year_days, self._weeks, self._positions = (
            frozenset(_numbers(parts.get(name)))
            for name in ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
        )
        self._weekdays = {
            (int(entry[:-2] or 0), _WEEKDAYS[entry[-2:]]) for entry in parts.get("BYDAY", "").split(",") if entry
        }
        if not (self._month_days or self._year_days or self._weeks or self._weekdays):
            self._take_from_start()

    def _take_from_start(self) -> None:
        """Take from the first day what the rule does not say."""
        if self._frequency == "WEEKLY":
            self._weekdays = {(0, self._start.weekday())}
        elif self._frequency in ("MONTHLY", "YEARLY"):
            self._month_days = frozenset({self._start.day})
            if self._frequency == "YEARLY":
                self._months = self._months or frozenset({self._start.month})

    def between(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last`, none before the start."""
        first = max(first, self._start)
        for period in self._periods(first, last) if first <= last else ():
            days = [day for day in period if self._holds(day)]
            if self._positions:
                chosen = (position - (position > 0) for position in self._positions)
                days = sorted({days[at] for at in chosen if -len(days) <= at < len(days)})
            yield from (day for day in days if first <= day <= last)

    def _periods(self, first: date, last: date) -> Iterator[Iterable[date]]:
        """The days of each period (day, week, month, year) that overlaps the span; not every BY part is applied yet."""
        start, step = self._start, self._interval
        if self._frequency == "DAILY":
            return ((day,) for day in self._single_days(first, last))
        if self._frequency == "WEEKLY":
            begin = start.toordinal() - (start.weekday() - self._first_weekday) % 7
            begin += (first.toordinal() - begin) // (7 * step) * 7 * step
            weeks = range(begin, last.toordinal() + 1, 7 * step)
            return (_days_from(max(week, start.toordinal()), week + 7) for week in weeks)
        if self._frequency == "MONTHLY":
            begin = start.year * 12 + start.month - 1
            begin += (first.year * 12 + first.month - 1 - begin) // step * step
            months = range(begin, last.year * 12 + last.month, step)
            return (self._of_month(month // 12, month % 12 + 1) for month in months)
        begin = start.year + (first.year - start.year) // step * step
        return (self._of_year(year) for year in range(begin, last.year + 1, step))

    def _single_days(self, first: date, last: date) -> Iterator[date]:
        step = self._interval
        at = first.toordinal() + (self._start.toordinal() - first.toordinal()) % step
        while at <= last.toordinal():
            day = date.fromordinal(at)
            if self._months and day.month not in self._months:
                after = day.toordinal() - day.day + 1 + monthrange(day.year, day.month)[1]
                at += -(-(after - at) // step) * step
                continue
            yield day
            at += step

    def _of_month(self, year: int, month: int) -> Iterator[date]:
        if self._months and month not in self._months:
            return iter(())
        length = monthrange(year, month)[1]
        numbers = {day if day > 0 else length + 1 + day for day in self._month_days} or range(1, length + 1)
        return (date(year, month, number) for number in sorted(numbers) if 0 < number <= length)

    def _of_year(self, year: int) -> Iterator[date]:
        if self._year_days:
            length = 365 + isleap(year)
            numbers = {day if day > 0 else length + 1 + day for day in self._year_days}
            first = date(year, 1, 1).toordinal() - 1
            return (date.fromordinal(first + number) for number in sorted(numbers) if 0 < number <= length)
        return chain.from_iterable(self._of_month(year, month) for month in sorted(self._months) or range(1, 13))

    def _holds(self, day: date) -> bool:
        return (
            (not self._months or day.month in self._months)
            and (
                not self._month_days
                or day.day in self._month_days
                or day.day - monthrange(day.year, day.month)[1] - 1 in self._month_days
            )
            and (not self._weekdays or self._is_weekday(day))
            and (not self._weeks or not self._weeks.isdisjoint(_week_numbers(day, self._first_weekday)))
        )

    def _is_weekday(self, day: date) -> bool:
        if (0, day.weekday()) in self._weekdays:
            return True
        if self._frequency == "MONTHLY" or self._months:
            number, length = day.day, monthrange(day.year, day.month)[1]
        else:
            number, length = day.timetuple().tm_yday, 365 + isleap(day.year)
        ordinals = ((number - 1) // 7 + 1, -((length - number) // 7 + 1))
        return any((ordinal, day.weekday()) in self._weekdays for ordinal in ordinals)


def _days_from(first: int, end: int) -> Iterator[date]:
    return map(date.fromordinal, range(max(first, 1), min(end, date.max.toordinal() + 1)))


def _week_numbers(day: date, first_weekday: int) -> tuple[int, int]:
    """The number of the week of a day, counted from the first and from the last of its year (BYWEEKNO).

    A week belongs to the year of its fourth day.
    """
    fourth = day.toordinal() - (day.weekday() - first_weekday) % 7 + 3
    if not 0 < fourth <= date.max.toordinal():
        return 0, 0
    within = date.fromordinal(fourth).timetuple()
    length = 365 + isleap(within.tm_year)
    return (within.tm_yday - 1) // 7 + 1, -((length - within.tm_yday) // 7 + 1)


def _objections(
    parts: list[tuple[str, str, str]], given: dict[str, str], known: dict[str, tuple[str, str]]
) -> Iterator[str]:
    """What is wrong with a rule: its parts first, then their combination (the table of RFC 5545)."""
    for name, _, value in parts:
        if name not in known and name in _ELSEWHERE:
            yield f"{name} has no place in it: {_ELSEWHERE[name]}"
        elif name not in known:
            yield f"{shown(name)} is not a part of a rule"
        else:
            pattern, words = known[name]
            several = rf"(?:{pattern})(?:,{pattern})*" if name.startswith("BY") else pattern
            if not re.fullmatch(several, value):
                yield f"{name} is {words}"
    if len(given) < len(parts):
        yield "it has a part twice"
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
