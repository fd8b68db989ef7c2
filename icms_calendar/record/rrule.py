"""Recurrence rules (RFC 5545 3.3.10): what they may say, and the wall-clock times that they yield.

Only the days between two dates are looked at. Which occurrences come of the times is decided in recurrence.py for
records, and in foreign/series.py for the events of other people's feeds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import isleap, monthrange
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice, product

from icms_calendar.findings import fault, shown

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = f"(?:{'|'.join(_WEEKDAYS)})"
_NUMBERED_DAY = rf"(?:[+-]?(?:[1-9]|[1-4][0-9]|5[0-3]))?{_DAY}"
# The parts that are lists of numbers, and those of which a negative number counts from the end.
_NUMBERS = {
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYSETPOS": range(1, 367),
    "BYHOUR": range(24),
    "BYMINUTE": range(60),
    "BYSECOND": range(61),
}
_FROM_THE_END = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})


def _list_of(numbers: range, signs: str) -> tuple[str, str]:
    number, negative = f"[{signs}]?[0-9]{{1,3}}", ", or negative" if "-" in signs else ""
    return f"{number}(?:,{number})*", f"a list of numbers from {numbers[0]} to {numbers[-1]}{negative}"


# The parts of a rule: a pattern for each, and the same in words.
_FORMS = {
    "FREQ": (
        r"SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
        "SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY",
    ),
    "INTERVAL": (r"0*[1-9][0-9]{0,9}", "a number from 1 on"),
    "COUNT": (r"0*[1-9][0-9]{0,9}", "a number from 1 on"),
    "UNTIL": (r"[0-9]{8}(?:T[0-9]{6}Z?)?", "a date or a time"),
    "WKST": (_DAY, "one of MO TU WE TH FR SA SU"),
    "BYDAY": (
        rf"{_NUMBERED_DAY}(?:,{_NUMBERED_DAY})*",
        "a list of MO TU WE TH FR SA SU, as in 2SU for the second Sunday",
    ),
    "RSCALE": (r".+", "the name of a calendar"),  # RFC 7529
    "SKIP": (r".+", "OMIT, BACKWARD or FORWARD"),
    **{name: _list_of(numbers, "+-" if name in _FROM_THE_END else "+") for name, numbers in _NUMBERS.items()},
}
# A window of a record repeats at most once a day, and where it ends is not part of the rule.
_FORMS_OF_RECORDS = {
    **_FORMS,
    "FREQ": (r"DAILY|WEEKLY|MONTHLY|YEARLY", "DAILY, WEEKLY, MONTHLY or YEARLY"),
    "INTERVAL": (r"[1-9][0-9]{0,3}", "a number from 1 to 9999"),
}
_NOT_IN_RECORDS = {
    **dict.fromkeys(("UNTIL", "COUNT"), "write until: or count: beside the rule"),
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), "the time of day is that of start"),
    **dict.fromkeys(("RSCALE", "SKIP"), "the calendar is the Gregorian one"),
}
# The parts that do not go with a frequency, by the table of RFC 5545.
_NOT_WITH = {
    "BYMONTHDAY": ("WEEKLY",),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYWEEKNO": ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY"),
}
_NEAR = timedelta(days=366 * 6)  # a rule that yields nothing within six years has no day nearby
_LONGEST_PAUSE = 41  # years: a 29th of February that is a Monday, over a year 2100
_LAST_DAY = date.max.toordinal()


def parse_rule(value: object) -> str:
    """The rule as written, if it fits maintenance windows: at most one occurrence a day.

    Raises CalendarError (`bad-rule`).
    """
    if not isinstance(value, str):
        raise fault("bad-rule", read=shown(value), reason="it is not a text")
    if reason := next(_objections(value, _FORMS_OF_RECORDS, _NOT_IN_RECORDS), None):
        raise fault("bad-rule", read=shown(value), reason=reason)
    return value


def objection_to(rule: str) -> str | None:
    """What is wrong with an RRULE of any feed, in words; None if nothing is."""
    return next(_objections(rule.upper(), _FORMS, {}), None)


def refusal_of(rule: str) -> str | None:
    """Why an RRULE of any feed cannot be followed, in words: what is wrong with it, or that nothing here follows it."""
    parts = parts_of(rule)
    if {"RSCALE", "SKIP"} & parts.keys():
        return "RSCALE and SKIP are not followed"
    if parts.get("FREQ") in ("MINUTELY", "SECONDLY"):
        return f"it is {parts['FREQ'].lower()}, which no maintenance is"
    return objection_to(rule)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name, in capitals."""
    return dict(part.partition("=")[::2] for part in rule.strip("; ").upper().split(";"))


class Repetition:
    """What a rule yields from its first time on; all its times are naive, on one wall clock.

    `spend` is given the number of days and times that are looked at, and may refuse by raising.
    """

    def __init__(
        self,
        rule: str,
        start: datetime,
        until: datetime | None = None,
        count: int | None = None,
        spend: Callable[[int], None] | None = None,
    ) -> None:
        self.start = start
        self.endless = until is None and count is None
        self._until = until or datetime.max
        self._count = count
        self._counted: list[datetime] = []  # as many as were looked for, to the day `_looked_to`
        self._looked_to = date.min
        self._spend = spend
        parts = parts_of(rule)
        self._frequency = parts["FREQ"]
        self._interval = int(parts.get("INTERVAL", 1))
        self._first_weekday = _WEEKDAYS.index(parts.get("WKST", "MO"))
        by = {name: frozenset(map(int, parts[name].split(","))) for name in _NUMBERS if name in parts}
        self._positions = by.get("BYSETPOS", frozenset())
        self._months = by.get("BYMONTH", frozenset())
        self._month_days = by.get("BYMONTHDAY", frozenset())
        self._year_days, self._weeks = by.get("BYYEARDAY"), by.get("BYWEEKNO")
        self._weekdays = _weekdays_in(parts)
        if not by.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"} and not self._weekdays:
            self._take_from_start()
        hours = by.get("BYHOUR", range(24) if self._frequency == "HOURLY" else {start.hour})
        clocks = product(hours, by.get("BYMINUTE", {start.minute}), by.get("BYSECOND", {start.second}))
        self._times = [time(hour, minute, min(second, 59)) for hour, minute, second in sorted(clocks)]
        if spend:
            spend(len(self._times))

    def _take_from_start(self) -> None:
        """Take from the first time what the rule does not say."""
        if self._frequency == "WEEKLY":
            self._weekdays = {self.start.weekday(): {0}}
        elif self._frequency in ("MONTHLY", "YEARLY"):
            self._month_days = frozenset({self.start.day})
            if self._frequency == "YEARLY":
                self._months = self._months or frozenset({self.start.month})

    def walls(self, until: datetime = datetime.max, since: date = date.min) -> Iterator[datetime]:
        """The times it yields, in order: from the day `since`, none after `until`; endless if there is no end at all.

        Unless it has a count, no earlier days are looked at.
        """
        until = min(until, self._until)
        if self._count is None:
            return self._yielded(since, until)
        last = until.date()
        if len(self._counted) < self._count and self._looked_to < last:
            ahead = max(last - self.start.date(), timedelta(0))  # as far again, so that nobody asks for each next day
            self._looked_to = last + ahead if last < date.max - ahead else date.max
            ends = min(self._until, datetime.combine(self._looked_to, time.max))
            self._counted = list(islice(self._yielded(date.min, ends), self._count))
        first = bisect_left(self._counted, datetime.combine(since, time.min))
        return iter(self._counted[first : bisect_right(self._counted, until)])

    @property
    def yields_start(self) -> bool:
        """Whether its first time is one of those that the rule yields (RFC 5545 3.8.5.3: it counts also if not)."""
        return next(self.walls(self.start), None) == self.start

    def has(self, day: date) -> bool:
        """Whether it yields an occurrence on this local day."""
        return next(self.walls(datetime.combine(day, time.max), day), None) is not None

    def nearest(self, day: date) -> date | None:
        """The day nearest to this one on which it yields an occurrence, if any is within six years."""
        first = day - _NEAR if day > date.min + _NEAR else date.min
        last = day + _NEAR if day < date.max - _NEAR else date.max
        days = (wall.date() for wall in self.walls(datetime.combine(last, time.max), first))
        return min(days, key=lambda other: (abs(other - day), other), default=None)

    def latest(self, until: datetime) -> datetime | None:
        """The last time it yields not after `until`; None without one within the longest pause of a yearly rule."""
        until = min(until, self._until)
        pauses = (2, _LONGEST_PAUSE) if self._count is None and until >= self.start else (date.max.year,)
        for pause in pauses:
            since = date(max(until.year - pause * self._interval, 1), 1, 1)
            if walls := list(self.walls(until, since)):
                return walls[-1]
        return None

    def _yielded(self, since: date, until: datetime) -> Iterator[datetime]:
        """The times from a day on, found without looking at earlier ones."""
        since = max(since, self.start.date())
        begin = self._period_of(since, 0)
        begin += (self._period_of(self.start.date(), self.start.hour) - begin) % self._interval
        for number in range(begin, self._period_of(until.date(), 23) + 1, self._interval):
            walls = self._in_period(number)
            if self._positions:
                chosen = (position - (position > 0) for position in self._positions)
                walls = sorted({walls[at] for at in chosen if -len(walls) <= at < len(walls)})
            yield from (wall for wall in walls if self.start <= wall <= until and since <= wall.date())

    def _period_of(self, day: date, hour: int) -> int:
        """The number of the period (hour, day, week, month, year) that a time belongs to."""
        match self._frequency:
            case "YEARLY":
                return day.year
            case "MONTHLY":
                return day.year * 12 + day.month - 1
            case "WEEKLY":
                return (day.toordinal() - 1 - self._first_weekday) // 7
            case "DAILY":
                return day.toordinal()
            case _:
                return day.toordinal() * 24 + hour

    def _days_of(self, number: int) -> list[date]:
        """The days of a period, not all parts that say on which days applied yet."""
        match self._frequency:
            case "YEARLY":
                months = sorted(self._months) or range(1, 13)
                return [day for month in months for day in self._of_month(number, month)]
            case "MONTHLY":
                return self._of_month(number // 12, number % 12 + 1)
            case "WEEKLY":
                begin = number * 7 + 1 + self._first_weekday
                first, end = max(begin, self.start.toordinal()), min(begin + 7, _LAST_DAY + 1)
                return [date.fromordinal(day) for day in range(first, end)]
            case "DAILY":
                return [date.fromordinal(number)]
            case _:
                return [date.fromordinal(number // 24)]

    def _in_period(self, number: int) -> list[datetime]:
        """The times in a period by all parts of the rule but BYSETPOS."""
        days, times = self._days_of(number), self._times
        if self._frequency == "HOURLY":
            times = [at for at in times if at.hour == number % 24]
        if self._spend:
            self._spend(len(days) * len(times) + 1)
        return [datetime.combine(day, at) for day in days if self._holds(day) for at in times]

    def _of_month(self, year: int, month: int) -> list[date]:
        length = monthrange(year, month)[1]
        numbers = {day if day > 0 else length + 1 + day for day in self._month_days} or range(1, length + 1)
        return [date(year, month, number) for number in sorted(numbers) if 0 < number <= length]

    def _holds(self, day: date) -> bool:
        """Whether every part that says on which days lets this one pass."""
        return (
            (not self._months or day.month in self._months)
            and (not self._month_days or _counts(*_in_month(day), self._month_days))
            and (not self._year_days or _counts(*_in_year(day), self._year_days))
            and (not self._weeks or _counts(*self._week_of(day), self._weeks))
            and (not self._weekdays or self._is_weekday(day))
        )

    def _week_of(self, day: date) -> tuple[int, int]:
        """The number of the week of a day and that of the weeks of its year, to which its fourth day belongs."""
        fourth = day.toordinal() - (day.weekday() - self._first_weekday) % 7 + 3
        return _sevenths(*_in_year(date.fromordinal(max(1, min(fourth, _LAST_DAY)))))

    def _is_weekday(self, day: date) -> bool:
        wanted = self._weekdays.get(day.weekday())
        if wanted is None or 0 in wanted:
            return wanted is not None
        is_of_month = self._frequency == "MONTHLY" or self._months
        return _counts(*_sevenths(*(_in_month(day) if is_of_month else _in_year(day))), wanted)


def _weekdays_in(parts: Mapping[str, str]) -> dict[int, set[int]]:
    """The weekdays of BYDAY, each with its numbers; 0 is every one."""
    weekdays: dict[int, set[int]] = {}
    for entry in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        weekdays.setdefault(_WEEKDAYS.index(entry[-2:]), set()).add(int(entry[:-2] or 0))
    return weekdays


def _counts(number: int, length: int, wanted: Container[int]) -> bool:
    """Whether the `number` of `length`, counted from the beginning or from the end, is one of those wanted."""
    return number in wanted or number - length - 1 in wanted


def _in_month(day: date) -> tuple[int, int]:
    return day.day, monthrange(day.year, day.month)[1]


def _in_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + isleap(day.year)


def _sevenths(number: int, length: int) -> tuple[int, int]:
    """The how manieth of its weekday the day with this `number` is, and of how many."""
    which = (number - 1) // 7 + 1
    return which, which + (length - number) // 7


def _objections(rule: str, forms: Mapping[str, tuple[str, str]], refused: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a rule: its parts first, then their combination."""
    for name, _, value in (part.partition("=") for part in rule.split(";")):
        if name in refused:
            yield f"{name} has no place in it: {refused[name]}"
        elif name not in forms:
            yield f"{shown(name)} is not a part of a rule"
        elif not re.fullmatch(forms[name][0], value) or not _in_range(name, value):
            yield f"{name} is {forms[name][1]}"
    given = parts_of(rule)
    yield from (reason for applies, reason in _discords(given, rule.count(";") + 1) if applies)


def _in_range(name: str, value: str) -> bool:
    return name not in _NUMBERS or all(abs(int(number)) in _NUMBERS[name] for number in value.split(","))


def _discords(given: Mapping[str, str], written: int) -> Iterator[tuple[bool, str]]:
    """What parts, of which so many are written, say against each other; each with whether it applies."""
    frequency, days = given.get("FREQ"), given.get("BYDAY", "")
    ordinals = [int(number) for number in re.findall("[+-]?[0-9]+", days)]
    counts_days = frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in given
    in_a_month = frequency == "MONTHLY" or "BYMONTH" in given
    yield len(given) < written, "it has a part twice"
    yield frequency is None, "it needs a FREQ"
    for name, frequencies in _NOT_WITH.items():
        yield name in given and frequency in frequencies, f"{name} does not go with FREQ={frequency}"
    yield bool(ordinals) and not counts_days, "a number before a day, as in 2SU, goes with FREQ=MONTHLY or YEARLY"
    yield in_a_month and max(map(abs, ordinals), default=0) > 5, "a month has at most five of each weekday, as in 5SU"
    yield {name for name in given if name.startswith("BY")} == {"BYSETPOS"}, "BYSETPOS needs another BY part"
    yield {"UNTIL", "COUNT"} <= given.keys(), "UNTIL and COUNT exclude each other"
