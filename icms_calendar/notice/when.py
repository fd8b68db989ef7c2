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

from icms_calendar.notice.reading import Question, asked
from icms_calendar.notice.terms import Day, Term
from icms_calendar.notice.text import Text

DAY = timedelta(days=1)
YEARS = range(1900, 2200)  # in which a notice can be
MAX_OTHER_DATES = 40  # dates of one notice that are compared with a day
_BESIDE = {"same": 0, "after": 1, "before": -1}
_STEPS = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
_HALF_A_YEAR, _NEAR, _FAR = timedelta(days=182), timedelta(days=60), timedelta(days=550)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
        """The date that a day has by all its names, of which the fullest counts.

        `beside` is the day that `same` and `after` refer to; `years` are the days of the same pair.
        """
        ordered = sorted(days, key=lambda day: (not day.is_date, not day.year, day.relative not in _STEPS))
        first = _one(self, ordered[0], beside, years)
        for day in ordered[1:]:
            if first.date and day.weekday == first.date.weekday() and day.day is None and not day.relative:
                continue
            other = _one(self, day, beside, years)
            guessed = not day.is_date and bool(other.questions)
            if first.date and other.date and first.date != other.date and not guessed:
                term = Term(min(d.start for d in days), max(d.end for d in days))
                return _asking(first, self, "date-conflict", term, first=first.date, second=other.date)
        return first

    @cached_property
    def stated(self) -> dict[tuple[int, int], set[int]]:
        """The years of each month and day that the text names."""
        stated: dict[tuple[int, int], set[int]] = {}
        for day in self.days:
            if day.month and day.day:
                stated.setdefault((day.month, day.day), set()).update({day.year} if day.year else ())
        return stated

    @cached_property
    def full(self) -> tuple[date, ...]:
        """The dates that the text states with their year."""
        every = (calendar_day(year, *month_day) for month_day, years in self.stated.items() for year in years)
        return tuple(dict.fromkeys(one for one in every if one))[:MAX_OTHER_DATES]

    @cached_property
    def known(self) -> frozenset[date]:
        """The dates that the text states, or that follow from it."""
        days = [Day(0, 0, day=day, month=month) for month, day in list(self.stated)[:MAX_OTHER_DATES]]
        return frozenset(self.full) | {one for day in days if (one := _dated(self, day, ()).date)}

    @cached_property
    def order(self) -> int | None:
        """Which of `Day.orders` the numeric dates of the text show: 0 if the day comes first, 1 if the month does."""
        shown = set()
        for day in self.days:
            numbers = [int(part) for part in re.findall("[0-9]+", self.text.low[day.start : day.end])]
            fits = [i for i, (y, m, d) in enumerate(day.orders) if _weekday(calendar_day(y or 0, m, d)) == day.weekday]
            if day.orders and len(fits) == 1 and day.weekday is not None:
                shown.add(fits[0])
            elif not day.orders and len(numbers) == 3 and numbers[0] <= 31 and numbers[0] != numbers[1] and day.is_date:
                shown.add(0 if numbers[0] == day.day else 1)
        return shown.pop() if len(shown) == 1 else None


def _weekday(found: date | None) -> int | None:
    return found.weekday() if found else None


def _asking(dated: Dated, dates: Dates, name: str, term: Term, **read: object) -> Dated:
    """The same date with one more question."""
    return replace(dated, questions=(*dated.questions, asked(name, dates.text, term, **read)))


def _one(dates: Dates, day: Day, beside: date | None, years: Sequence[Day]) -> Dated:
    if day.orders:
        return _numeric(dates, day)
    if day.relative:
        return _relative(dates, day, beside)
    if day.day is None:
        return _by_weekday(dates, day, beside)
    return _in_some_month(dates, day) if day.month is None else _dated(dates, day, years)


def _dated(dates: Dates, day: Day, years: Sequence[Day]) -> Dated:
    """A day of a month: its year, as the grammar says; its weekday must be right."""
    month, number = day.month or 0, day.day or 0
    if calendar_day(2024, month, number) is None:
        return _asking(Dated(None), dates, "invalid-date", day)
    found, how = _with_year(dates, day, month, number, years)
    dated = Dated(found, (how,) if how else ())
    if found is None or how.endswith("likeliest"):
        dated = _asking(dated, dates, "invalid-date" if day.year else "year-missing", day, here=found)
    if found and day.weekday not in (None, found.weekday()):
        dated = _asking(dated, dates, "weekday-mismatch", day, date=found, weekday=_NAMES[found.weekday()])
    if found and day.year and dates.published and abs(found - dates.published) > _FAR:
        dated = _asking(dated, dates, "year-conflict", day, here=found)
    return dated


def _with_year(dates: Dates, day: Day, month: int, number: int, years: Sequence[Day]) -> tuple[date | None, str]:
    """The date of a day and what its year was inferred from: `… likeliest` if nothing in the notice says."""
    if day.year:
        return calendar_day(day.year, month, number), ""
    same = dates.stated.get((month, number), set())
    if len(same) == 1:
        return calendar_day(next(iter(same)), month, number), "year: the same day elsewhere in the notice"
    pair = {other.year: other.month or month for other in years if other.year}
    if len(pair) == 1:
        year, other = next(iter(pair.items()))
        turned = -1 if (month, other) == (12, 1) else 1 if (month, other) == (1, 12) else 0
        return calendar_day((year or 0) + turned, month, number), "year: the other day of the pair"
    if dates.published:
        found = nearest(month, number, dates.published)
        return found, f"year: nearest to the publication, {dates.published}"
    others = dates.issued or dates.full
    near = {nearest(month, number, one): one for one in others}
    close = all(found and (dates.issued or abs(found - one) <= _NEAR) for found, one in near.items())
    if len(near) == 1 and close:
        return next(iter(near)), "year: nearest to the other date in the notice"
    today = dates.today
    possible = [one for step in range(-6, 7) if today and (one := calendar_day(today.year + step, month, number))]
    fits = [one for one in possible if day.weekday in (None, one.weekday())]
    return min(fits, key=lambda one: abs(one - today) if today else DAY, default=None), "year: the likeliest"


def _numeric(dates: Dates, day: Day) -> Dated:
    """A numeric date that fits both orders: the one that something in the notice leaves over."""
    bare = replace(day, orders=(), weekday=None)
    possible = [_dated(dates, replace(bare, year=y, month=m, day=d), ()) for y, m, d in day.orders]
    known = [dated for dated in possible if dated.date]
    if not known:
        return possible[0]
    how, published = "another date of the notice", dates.published
    fits = [dated for dated in known if dated.date and (dated.date.month, dated.date.day) in dates.stated]
    if day.weekday is not None:
        how, fits = "the weekday", [dated for dated in known if _weekday(dated.date) == day.weekday]
        if not fits and known[0].date:
            name = _NAMES[known[0].date.weekday()]
            return _asking(known[0], dates, "weekday-mismatch", day, date=known[0].date, weekday=name)
    elif dates.order is not None:
        fits = [possible[dates.order]]
    elif len(fits) != 1 and published:
        how = "only one follows the publication"
        fits = [dated for dated in known if dated.date and -DAY <= dated.date - published <= _HALF_A_YEAR]
    if len(fits) == 1 and fits[0].date:
        return replace(fits[0], inferred=(*fits[0].inferred, f"order of day and month: {how}"))
    return _asking(known[0], dates, "numeric-date", day, first=known[0].date, second=known[-1].date)


def _relative(dates: Dates, day: Day, beside: date | None) -> Dated:
    """today, tomorrow: from the publication on; the next day, the same day: from the start on."""
    if day.relative in _BESIDE:
        found = beside + _BESIDE[day.relative] * DAY if beside else None
        how, sure = "the day of the start", beside is not None
    else:
        issued = dates.issued[0] if len(dates.issued) == 1 else None
        reference = dates.published or issued or dates.today
        found = reference + _STEPS[day.relative] * DAY if reference else None
        sure = bool(dates.published or issued)
        how = f"the publication, {reference}" if sure else "the day of reading"
    dated = Dated(found, (how,))
    return dated if sure else _asking(dated, dates, "relative-date", day, here=found)


def _by_weekday(dates: Dates, day: Day, beside: date | None) -> Dated:
    """A weekday alone: behind a start the next one; else the day of the text that falls on it, or the next one."""
    named = {one for one in dates.known if one.weekday() == day.weekday}
    if beside is None and len(named) == 1 and day.which in ("", "this"):
        return Dated(named.pop(), ("the date elsewhere in the notice",))
    reference = beside or dates.published or dates.today
    if reference is None:
        return _asking(Dated(None), dates, "weekday-only-date", day, here=None)
    step = ((day.weekday or 0) - reference.weekday()) % 7
    if beside is not None:
        sure, how = step <= 3 or bool(day.which), "the day of the start"
    else:
        sure = bool(dates.published) and day.which != "next" and len(named) < 2 and step != 0
        how = f"the publication, {reference}" if dates.published else "the day of reading"
        step -= 7 if day.which == "last" else 0
    dated = Dated(reference + step * DAY, (how,))
    return dated if sure else _asking(dated, dates, "weekday-only-date", day, here=dated.date)


def _in_some_month(dates: Dates, day: Day) -> Dated:
    """A number without a month: that of the only month of the text; else the next such day, on its weekday if named."""
    months = {(year, month) for (month, _), years in dates.stated.items() for year in years or {0}}
    reference = dates.published or dates.today
    found = None
    if len(months) == 1:
        found = calendar_day(*months.pop(), day.day or 0)
        if found and day.weekday in (None, found.weekday()):
            return Dated(found, ("month: that of the other date in the notice",))
    elif reference:
        days = [one for step in range(-3, 62) if (one := reference + step * DAY).day == day.day]
        found = next((one for one in days if day.weekday in (None, one.weekday())), days[0] if days else None)
    return _asking(Dated(found), dates, "month-missing", day, here=found)


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None if it does not exist, 29 February 2025, or is in no year of a notice."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def nearest(month: int, number: int, to: date) -> date | None:
    """The day of this month and number that is nearest to another day, at most half a year away."""
    near = [calendar_day(year, month, number) for year in (to.year - 1, to.year, to.year + 1)]
    return next((found for found in near if found and abs(found - to) <= _HALF_A_YEAR), None)
