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

from icms_calendar.notice.dates import calendar_day, nearest_year
from icms_calendar.notice.questions import asked
from icms_calendar.notice.reading import Question
from icms_calendar.notice.terms import Day, Term
from icms_calendar.notice.text import Text

DAY = timedelta(days=1)
_BESIDE = {"same": timedelta(0), "after": DAY, "before": -DAY}
_STEPS = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
_HORIZON = timedelta(days=180)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Dated:
    """The date of a day, if there is one; what it was inferred from; and what must be asked."""

    date: date | None
    inferred: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
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
            if _is_weekday_of(day, first.date):
                continue
            other = _one(self, day, beside, years)
            if first.date and other.date and first.date != other.date:
                term = Term(min(d.start for d in days), max(d.end for d in days))
                ask = asked("date-conflict", self.text, term, first=first.date, second=other.date)
                return replace(first, questions=(*first.questions, ask))
        return first


def _certainty(day: Day) -> int:
    """Which name of a day is read first: the fullest."""
    return 0 if day.is_date and day.year else 1 if day.is_date else 2 if day.relative in _STEPS else 3


def _is_weekday_of(day: Day, on: date | None) -> bool:
    return on is not None and day.weekday == on.weekday() and day.day is None and not day.relative


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
    month, number = day.month or 0, day.day or 0
    if not 1 <= month <= 12 or calendar_day(2024, month, number) is None:
        return Dated(None, (), (asked("invalid-date", dates.text, day),))
    year, how, questions = _year(dates, day, month, number, years)
    found = calendar_day(year, month, number) if year else None
    if found is None:
        name = "invalid-date" if year else "year-missing"
        return Dated(None, how, questions or (asked(name, dates.text, day, here=None),))
    if day.weekday is not None and day.weekday != found.weekday():
        name = _NAMES[found.weekday()]
        questions = (*questions, asked("weekday-mismatch", dates.text, day, date=found, weekday=name))
    if day.year and dates.published and abs(found - dates.published) > timedelta(days=550):
        questions = (*questions, asked("year-conflict", dates.text, day, here=found))
    return Dated(found, how, questions)


def _year(
    dates: Dates, day: Day, month: int, number: int, years: Sequence[Day]
) -> tuple[int | None, tuple[str, ...], tuple[Question, ...]]:
    if day.year:
        return day.year, (), ()
    own = _own(dates)
    same = {other.year for other in own if other.year and (other.month, other.day) == (month, number)}
    if len(same) == 1:
        return same.pop(), ("year: the same day elsewhere in the notice",), ()
    near = {other.year for other in years if other.year}
    if len(near) == 1:
        other = next(day.month or month for day in years if day.year)
        year = near.pop() or 0
        turned = year - 1 if month == 12 and other == 1 else year + 1 if month == 1 and other == 12 else year
        return turned, ("year: the other day of the pair",), ()
    return _year_by_publication(dates, day, month, number, own)


def _year_by_publication(
    dates: Dates, day: Day, month: int, number: int, own: Sequence[Day]
) -> tuple[int | None, tuple[str, ...], tuple[Question, ...]]:
    if dates.published:
        found = nearest_year(month, number, dates.published) or calendar_day(dates.published.year, month, number)
        asks = () if found and abs(found - dates.published) < _HORIZON else _year_asked(dates, day, found)
        return found.year if found else None, (f"year: nearest to the publication, {dates.published}",), asks
    others = dates.issued or tuple(
        found for other in own if other.year and (found := calendar_day(other.year, other.month or 0, other.day or 0))
    )
    near = [nearest for other in others if (nearest := nearest_year(month, number, other))]
    close = dates.issued or all(
        abs(nearest - other) <= timedelta(days=60) for nearest, other in zip(near, others, strict=False)
    )
    if len({found.year for found in near}) == 1 and len(near) == len(others) and close:
        return near[0].year, ("year: nearest to the other date in the notice",), ()
    likely = _likely(day, month, number, dates.today)
    return likely.year if likely else None, ("year: the likeliest",), _year_asked(dates, day, likely)


def _year_asked(dates: Dates, day: Day, found: date | None) -> tuple[Question, ...]:
    return (asked("year-missing", dates.text, day, here=found),)


def _likely(day: Day, month: int, number: int, today: date | None) -> date | None:
    """The day nearest to today that falls on its weekday, if one is named."""
    if today is None:
        return None
    near = [calendar_day(today.year + step, month, number) for step in range(-6, 7)]
    fits = [found for found in near if found and day.weekday in (None, found.weekday())]
    return min(fits, key=lambda found: abs(found - today), default=None)


def _own(dates: Dates) -> list[Day]:
    return [day for day in dates.days if day.is_date and not day.orders]


def _order_shown(dates: Dates) -> int | None:
    """Which of `Day.orders` the numeric dates of the text show: 0 if the day comes first, 1 if the month does."""
    shown = set()
    for day in dates.days:
        if day.orders:
            fits = [i for i, parts in enumerate(day.orders) if _falls_on(parts, day.weekday)]
            if len(fits) == 1:
                shown.add(fits[0])
            continue
        numbers = [int(part) for part in re.findall("[0-9]+", dates.text.low[day.start : day.end])]
        if len(numbers) == 3 and numbers[0] <= 31 and numbers[0] != numbers[1] and day.is_date:
            shown.add(0 if numbers[0] == day.day else 1)
    return shown.pop() if len(shown) == 1 else None


def _falls_on(parts: tuple[int | None, int, int], weekday: int | None) -> bool:
    year, month, number = parts
    found = calendar_day(year, month, number) if year else None
    return found is not None and found.weekday() == weekday


def _numeric(dates: Dates, day: Day) -> Dated:
    """A numeric date that fits both orders: the one that something in the notice leaves over."""
    bare = [replace(day, orders=(), year=y, month=m, day=d, weekday=None) for y, m, d in day.orders]
    possible = [_dated(dates, one, ()) for one in bare]
    known = [found for found in possible if found.date]
    if not known:
        return possible[0]
    fits, how = known, ""
    order = _order_shown(dates)
    named = {(other.month, other.day) for other in _own(dates)}
    if day.weekday is not None:
        fits = [found for found in known if found.date and found.date.weekday() == day.weekday]
        how = "order of day and month: the weekday"
        if not fits and known[0].date:
            ask = asked(
                "weekday-mismatch", dates.text, day, date=known[0].date, weekday=_NAMES[known[0].date.weekday()]
            )
            return replace(known[0], questions=(*known[0].questions, ask))
    elif order is None:
        fits = [found for found in known if found.date and (found.date.month, found.date.day) in named]
        how = "order of day and month: the same day in letters"
        if len(fits) != 1 and dates.published:
            first, until = dates.published - DAY, dates.published + _HORIZON
            fits = [found for found in known if found.date and first <= found.date <= until]
            how = "order of day and month: only one follows the publication"
    if order is not None and len(fits) != 1:
        fits, how = [possible[order]], "order of day and month: another date of the notice"
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
    if beside is not None:
        step = (weekday - beside.weekday()) % 7
        found = beside + step * DAY
        asks = () if step <= 3 or day.which else (asked("weekday-only-date", dates.text, day, here=found),)
        return Dated(found, ("the day of the start",), asks)
    known = [_dated(dates, other, dates.days).date for other in _own(dates)]
    named = {one for one in known if one and one.weekday() == weekday}
    if len(named) == 1 and day.which in ("", "this"):
        return Dated(named.pop(), ("the date elsewhere in the notice",))
    reference = dates.published or dates.today
    if reference is None:
        return Dated(None, (), (asked("weekday-only-date", dates.text, day, here=None),))
    step = (weekday - reference.weekday()) % 7
    if day.which == "last":
        step = step - 7
    found = reference + step * DAY
    sure = dates.published and day.which != "next" and len(named) < 2 and step != 0
    asks = () if sure else (asked("weekday-only-date", dates.text, day, here=found),)
    return Dated(found, (f"the publication, {reference}",) if dates.published else ("the day of reading",), asks)


def _in_some_month(dates: Dates, day: Day) -> Dated:
    """A number without a month: the likeliest is the next such day, on its weekday if one is named."""
    named = {(other.year, other.month) for other in _own(dates) if other.month}
    reference = dates.published or dates.today
    found = None
    if len(named) == 1 and (only := next(iter(named)))[0]:
        found = calendar_day(only[0] or 0, only[1] or 0, day.day or 0)
        if found and day.weekday in (None, found.weekday()):
            return Dated(found, ("month: that of the other date in the notice",))
    elif reference:
        days = [reference + step * DAY for step in range(-3, 62)]
        fits = [one for one in days if one.day == day.day and day.weekday in (None, one.weekday())]
        found = fits[0] if fits else next((one for one in days if one.day == day.day), None)
    return Dated(found, (), (asked("month-missing", dates.text, day, here=found),))
