"""Names of days to dates: what is stated, what follows from it, and which question the rest makes.

    year     stated; or that of the same day elsewhere in the text; or of the other day of the pair; or the one that
             brings the day nearest to the publication. The weekday must then be right
    order    of 03/04/2025: the one that its weekday, another date of the text, or the publication leaves over
    weekday  alone: the next one from the publication on; behind a start, the next one from that

Without a publication, the day of reading (`today`) gives the likeliest year, and a question asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from icms_calendar.notice.questions import asked
from icms_calendar.notice.reading import Question
from icms_calendar.notice.terms import Day, Term
from icms_calendar.notice.text import Text

DAY = timedelta(days=1)
_BESIDE = {"same": timedelta(0), "after": DAY, "before": -DAY}
_STEPS = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
_HORIZON = timedelta(days=180)
_NEAR = timedelta(days=60)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MAX_OTHER_DATES = 40  # dates of one notice that are compared with a day


@dataclass(frozen=True, slots=True)
class Dated:
    """The date of a day, if there is one; what it was inferred from; and what must be asked."""

    date: date | None
    inferred: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Dates:
    """What helps to date a day: the other days of the text, the publication, and the day of reading."""

    text: Text
    days: tuple[Day, ...]
    published: date | None
    issued: tuple[date, ...] = ()
    today: date | None = None

    def of(self, days: Sequence[Day], beside: date | None = None, years: Sequence[Day] = ()) -> Dated:
        """The date that a day has by all its names.

        `beside` is the day that `same` and `after` refer to; `years` are the days of the same pair.
        """
        ordered = sorted(days, key=_certainty)
        first = _one(self, ordered[0], beside, years)
        for day in ordered[1:]:
            if first.date and day.weekday == first.date.weekday() and day.day is None and not day.relative:
                continue
            other = _one(self, day, beside, years)
            if first.date and other.date and first.date != other.date:
                term = Term(min(d.start for d in days), max(d.end for d in days))
                ask = asked("date-conflict", self.text, term, first=first.date, second=other.date)
                return replace(first, questions=(*first.questions, ask))
        return first

    @cached_property
    def stated(self) -> dict[tuple[int | None, int | None], set[int | None]]:
        """The years of each month and day that the text names."""
        stated: dict[tuple[int | None, int | None], set[int | None]] = {}
        for day in self.days:
            if day.is_date and not day.orders:
                stated.setdefault((day.month, day.day), set()).add(day.year)
        return stated

    @cached_property
    def known(self) -> tuple[date, ...]:
        """The dates that the text states in full, or that follow from it."""
        found = dict.fromkeys(
            _dated(self, Day(0, 0, day=number, month=month, year=next(iter(years - {None}), None)), ()).date
            for (month, number), years in list(self.stated.items())[:MAX_OTHER_DATES]
        )
        return tuple(one for one in found if one)

    @cached_property
    def full(self) -> tuple[date, ...]:
        """The dates that the text states with their year."""
        every = ((year, month, day) for (month, day), years in self.stated.items() for year in years if year)
        found = dict.fromkeys(calendar_day(year, month or 0, day or 0) for year, month, day in every)
        return tuple(one for one in found if one)[:MAX_OTHER_DATES]

    @cached_property
    def order(self) -> int | None:
        """Which of `Day.orders` the numeric dates of the text show: 0 if the day comes first, 1 if the month does."""
        shown = set()
        for day in self.days:
            numbers = [int(part) for part in re.findall("[0-9]+", self.text.low[day.start : day.end])]
            if day.orders:
                fits = [i for i, parts in enumerate(day.orders) if _falls_on(parts, day.weekday)]
                shown |= set(fits) if len(fits) == 1 else set()
            elif len(numbers) == 3 and numbers[0] <= 31 and numbers[0] != numbers[1] and day.is_date:
                shown.add(0 if numbers[0] == day.day else 1)
        return shown.pop() if len(shown) == 1 else None


def _certainty(day: Day) -> int:
    """Which name of a day is read first: the fullest."""
    return 0 if day.is_date and day.year else 1 if day.is_date else 2 if day.relative in _STEPS else 3


def _one(dates: Dates, day: Day, beside: date | None, years: Sequence[Day]) -> Dated:
    if day.orders:
        return _numeric(dates, day)
    if day.relative:
        return _relative(dates, day, beside)
    if day.day is None:
        return _by_weekday(dates, day, beside)
    if day.month is None:
        return _in_some_month(dates, day)
    return _dated(dates, day, years)


def _dated(dates: Dates, day: Day, years: Sequence[Day]) -> Dated:
    if calendar_day(2024, day.month or 0, day.day or 0) is None:
        return Dated(None, (), (asked("invalid-date", dates.text, day),))
    year, how, questions = _year(dates, day, day.month or 0, day.day or 0, years)
    found = calendar_day(year, day.month or 0, day.day or 0) if year else None
    if found is None:
        return Dated(None, how, questions or (asked("invalid-date", dates.text, day),))
    if day.weekday not in (None, found.weekday()):
        name = _NAMES[found.weekday()]
        questions = (*questions, asked("weekday-mismatch", dates.text, day, date=found, weekday=name))
    if day.year and dates.published and abs(found - dates.published) > timedelta(days=550):
        questions = (*questions, asked("year-conflict", dates.text, day, here=found))
    return Dated(found, how, questions)


def _year(
    dates: Dates, day: Day, month: int, number: int, years: Sequence[Day]
) -> tuple[int | None, tuple[str, ...], tuple[Question, ...]]:
    """The year of a day, what it was inferred from, and the question if that is not enough."""
    if day.year:
        return day.year, (), ()
    same = dates.stated.get((month, number), set()) - {None}
    if len(same) == 1:
        return same.pop(), ("year: the same day elsewhere in the notice",), ()
    pair = {other.year: other.month or month for other in years if other.year}
    if len(pair) == 1:
        ((year, other),) = pair.items()
        turned = -1 if (month, other) == (12, 1) else 1 if (month, other) == (1, 12) else 0
        return (year or 0) + turned, ("year: the other day of the pair",), ()
    if dates.published:
        found = nearest(month, number, dates.published) or calendar_day(dates.published.year, month, number)
        how = f"year: nearest to the publication, {dates.published}"
        sure = found is not None and abs(found - dates.published) < _HORIZON
    else:
        others = dates.issued or dates.full
        near = [(one, nearest(month, number, one)) for one in others]
        close = all(found and (dates.issued or abs(found - one) <= _NEAR) for one, found in near)
        sure = close and len({found.year for _, found in near if found}) == 1
        found = near[0][1] if sure else _likely(day, month, number, dates.today)
        how = "year: nearest to the other date in the notice" if sure else "year: the likeliest"
    asks = () if sure else (asked("year-missing", dates.text, day, here=found),)
    return found.year if found else None, (how,), asks


def _likely(day: Day, month: int, number: int, today: date | None) -> date | None:
    """The day nearest to today that falls on its weekday, if one is named."""
    near = [calendar_day(today.year + step, month, number) for step in range(-6, 7)] if today else []
    fits = [found for found in near if found and day.weekday in (None, found.weekday())]
    return min(fits, key=lambda found: abs(found - today), default=None) if today else None


def _falls_on(parts: tuple[int | None, int, int], weekday: int | None) -> bool:
    year, month, number = parts
    found = calendar_day(year, month, number) if year else None
    return found is not None and found.weekday() == weekday


def _numeric(dates: Dates, day: Day) -> Dated:
    """A numeric date that fits both orders: the one that something in the notice leaves over."""
    possible = [
        _dated(dates, replace(day, orders=(), year=year, month=month, day=number, weekday=None), ())
        for year, month, number in day.orders
    ]
    known = [found for found in possible if found.date]
    if not known:
        return possible[0]
    fits, how = [], "order of day and month: another date of the notice"
    if day.weekday is not None:
        how = "order of day and month: the weekday"
        fits = [found for found in known if found.date and found.date.weekday() == day.weekday]
        if not fits and known[0].date:
            name = _NAMES[known[0].date.weekday()]
            ask = asked("weekday-mismatch", dates.text, day, date=known[0].date, weekday=name)
            return replace(known[0], questions=(*known[0].questions, ask))
    elif dates.order is not None:
        fits = [possible[dates.order]]
    else:
        fits = [found for found in known if found.date and (found.date.month, found.date.day) in dates.stated]
        if len(fits) != 1 and dates.published:
            how = "order of day and month: only one follows the publication"
            first, until = dates.published - DAY, dates.published + _HORIZON
            fits = [found for found in known if found.date and first <= found.date <= until]
    if len(fits) == 1 and fits[0].date:
        return replace(fits[0], inferred=(*fits[0].inferred, how))
    ask = asked("numeric-date", dates.text, day, first=known[0].date, second=known[-1].date)
    return replace(known[0], questions=(*known[0].questions, ask))


def _relative(dates: Dates, day: Day, beside: date | None) -> Dated:
    if day.relative in _BESIDE:
        if beside is None:
            return Dated(None, (), (asked("relative-date", dates.text, day, here=None),))
        return Dated(beside + _BESIDE[day.relative], ("the day of the start",))
    reference = dates.published or (dates.issued[0] if len(dates.issued) == 1 else None)
    if reference:
        return Dated(reference + _STEPS[day.relative] * DAY, (f"the publication, {reference}",))
    likely = dates.today + _STEPS[day.relative] * DAY if dates.today else None
    return Dated(likely, ("the day of reading",), (asked("relative-date", dates.text, day, here=likely),))


def _by_weekday(dates: Dates, day: Day, beside: date | None) -> Dated:
    """A weekday alone: behind a start the next one; else the day of the text that falls on it, or the next one."""
    weekday = day.weekday or 0
    named = {one for one in dates.known if one.weekday() == weekday}
    if beside is None and len(named) == 1 and day.which in ("", "this"):
        return Dated(named.pop(), ("the date elsewhere in the notice",))
    reference = beside or dates.published or dates.today
    if reference is None:
        return Dated(None, (), (asked("weekday-only-date", dates.text, day, here=None),))
    step = (weekday - reference.weekday()) % 7
    how = f"the publication, {reference}" if dates.published else "the day of reading"
    if beside is not None:
        sure, how = step <= 3 or bool(day.which), "the day of the start"
    else:
        sure = bool(dates.published) and day.which != "next" and len(named) < 2 and step != 0
        step -= 7 if day.which == "last" else 0
    found = reference + step * DAY
    return Dated(found, (how,), () if sure else (asked("weekday-only-date", dates.text, day, here=found),))


def _in_some_month(dates: Dates, day: Day) -> Dated:
    """A number without a month: that of the only date of the text; else the next such day, on its weekday if named."""
    months = {(year, month) for (month, _), years in dates.stated.items() for year in years}
    reference = dates.published or dates.today
    found = None
    if len(months) == 1 and (only := months.pop())[0]:
        found = calendar_day(only[0] or 0, only[1] or 0, day.day or 0)
        if found and day.weekday in (None, found.weekday()):
            return Dated(found, ("month: that of the other date in the notice",))
    elif reference:
        days = [one for step in range(-3, 62) if (one := reference + step * DAY).day == day.day]
        found = next((one for one in days if day.weekday in (None, one.weekday())), days[0] if days else None)
    return Dated(found, (), (asked("month-missing", dates.text, day, here=found),))


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None if it does not exist: 29 February 2025."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, number: int, to: date) -> date | None:
    """The day of this month and number that is nearest to another day, at most half a year away."""
    near = [calendar_day(year, month, number) for year in (to.year - 1, to.year, to.year + 1)]
    within = [found for found in near if found and abs(found - to) <= timedelta(days=182)]
    return within[0] if len(within) == 1 else None
