"""Days to dates, and spans to wall-clock times: what is stated, what follows from it, and what does not.

    end day    stated; else the start's, or where the end is not later on the clock, the day after, if the start is
               noon or later, the end noon or earlier, and no more than 16 hours lie between
    midnight   as an end, the midnight that ends the day; as a start without a day of its own, the one that begins it.
               With a day of its own it may be either: only a stated duration settles it
    hour       without am or pm: of the 24-hour clock where any time of the text must be (04:00, 0400hrs, 17:00); the
               half of the end where that is later on the same half (4-10 am)
    twelve     12:00 am and pm are mixed up often: where the other makes a much shorter window of one day, it is asked

What cannot be told is a DoubtError: the name of a finding, and the words for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from icms_calendar.notice.dates import calendar_day, nearest_year
from icms_calendar.notice.spans import Days, Moment, Span
from icms_calendar.notice.terms import Clock, Day
from icms_calendar.notice.text import Text

_DAY = timedelta(days=1)
_BESIDE = {"same": timedelta(0), "after": _DAY, "before": -_DAY}
_LONGEST_NIGHT = timedelta(hours=16)
_LONGEST_WINDOW = timedelta(days=14)
_HORIZON = timedelta(days=180)
DAY_BEFORE = "the day of the time before it"
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DoubtError(ValueError):
    """What a person must decide: the name of the finding, and what its message is filled in with."""

    def __init__(self, name: str, **read: object) -> None:
        super().__init__(name)
        self.name = name
        self.read = read


@dataclass(frozen=True, slots=True)
class Found:
    """A date, and how it was come by: `stated`, or what it was inferred from."""

    date: date
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wall:
    """A span on the wall clock."""

    start: datetime
    end: datetime
    inferred_start: tuple[str, ...] = ()
    inferred_end: tuple[str, ...] = ()


class Known:
    """What helps to resolve a day: the publication, and the other days in the text."""

    def __init__(self, text: Text, days: Iterable[Day], published: date | None, announced: Iterable[Day]) -> None:
        self._text = text
        self.published = published
        self._days = list(days)
        self._announced = {(day.year, day.month, day.day) for day in announced if day.year and day.month and day.day}
        self._years = {(day.month, day.day): day.year for day in self._days if day.year and not day.orders}
        self._own = [day for day in self._days if day.is_date and not day.orders]
        self._order = self._order_shown()

    def _order_shown(self) -> int | None:
        """Which of `Day.orders` the numeric dates of the text show: 0 where the day is first, 1 where the month is."""
        shown = set()
        for day in self._days:
            if day.orders:
                if day.weekday is not None and len(fits := self._orders_on_weekday(day)) == 1:
                    shown.add(fits[0])
                continue
            numbers = [int(part) for part in re.findall("[0-9]+", self._text.low[day.start : day.end])]
            if len(numbers) == 3 and numbers[0] <= 31 and numbers[0] != numbers[1] and day.is_date:
                shown.add(0 if numbers[0] == day.day else 1)
        return shown.pop() if len(shown) == 1 else None

    def _orders_on_weekday(self, day: Day) -> list[int]:
        """Which of the two orders of a numeric date fall on its weekday."""
        dates = [calendar_day(year, month, number) if year else None for year, month, number in day.orders]
        return [i for i, found in enumerate(dates) if found and found.weekday() == day.weekday]

    def date_of(self, days: Sequence[Day], beside: date | None = None, years: Sequence[Day] = ()) -> Found:
        """The date that a day is under all the names it has. `beside` is the day that `same` and `after` go by;
        `years` are the days of the same span, whose year it shares."""
        found = [self._one(day, beside, years) for day in sorted(days, key=_certainty)]
        first = found[0]
        for other, day in zip(found[1:], sorted(days, key=_certainty)[1:], strict=True):
            if other.date != first.date and not self._is_only_weekday(day, first.date):
                raise DoubtError("date-conflict", one=self._words(days), first=first.date, second=other.date)
        return first

    def _is_only_weekday(self, day: Day, on: date) -> bool:
        return day.weekday == on.weekday() and day.day is None and not day.relative

    def _words(self, days: Sequence[Day]) -> str:
        return self._text.quote(min(day.start for day in days), max(day.end for day in days))

    def _one(self, day: Day, beside: date | None, years: Sequence[Day]) -> Found:
        if day.orders:
            return self._numeric(day)
        if day.relative:
            return self._relative(day, beside)
        if day.day is None:
            return self._by_weekday(day, beside)
        if day.month is None:
            raise DoubtError("month-missing", words=self._words([day]))
        return self._dated(day, years)

    def _dated(self, day: Day, years: Sequence[Day]) -> Found:
        month, number = day.month or 0, day.day or 0
        if not 1 <= month <= 12 or calendar_day(2024, month, number) is None:
            raise DoubtError("invalid-date", words=self._words([day]))
        year, how = self._year(day, month, number, years)
        found = calendar_day(year, month, number)
        if found is None:
            raise DoubtError("invalid-date", words=self._words([day]))
        if day.weekday is not None and day.weekday != found.weekday():
            raise DoubtError("weekday-mismatch", words=self._words([day]), date=found, weekday=_NAMES[found.weekday()])
        return Found(found, how)

    def _year(self, day: Day, month: int, number: int, years: Sequence[Day]) -> tuple[int, tuple[str, ...]]:
        if day.year:
            return day.year, ()
        same = {other.year for other in self._own if other.year and (other.month, other.day) == (month, number)}
        if len(same) == 1:
            return same.pop() or 0, ("year: the same day elsewhere in the notice",)
        near = {other.year for other in years if other.year}
        if len(near) == 1:
            return self._shared_year(near.pop() or 0, month, years), ("year: the other day of the span",)
        return self._year_by_publication(day, month, number)

    def _shared_year(self, year: int, month: int, years: Sequence[Day]) -> int:
        """The year of the other day of a span; over New Year's Eve, the one before or after it."""
        other = next(day.month or month for day in years if day.year)
        return year - 1 if month == 12 and other == 1 else year + 1 if month == 1 and other == 12 else year

    def _year_by_publication(self, day: Day, month: int, number: int) -> tuple[int, tuple[str, ...]]:
        if self.published:
            found = nearest_year(month, number, self.published)
            if found is None:
                raise DoubtError("year-missing", words=self._words([day]))
            return found.year, (f"year: nearest to the publication, {self.published}",)
        issued = [calendar_day(*parts) for parts in self._announced]
        others = issued or [
            calendar_day(other.year or 0, other.month or 0, other.day or 0) for other in self._own if other.year
        ]
        near = {nearest.year for other in others if other and (nearest := nearest_year(month, number, other))}
        if len(near) != 1 or len(others) == 0:
            raise DoubtError("year-missing", words=self._words([day]))
        if not issued and any(
            other is None or abs((calendar_day(min(near), month, number) or other) - other) > timedelta(days=60)
            for other in others
        ):
            raise DoubtError("year-missing", words=self._words([day]))
        return near.pop(), ("year: nearest to the other date in the notice",)

    def _numeric(self, day: Day) -> Found:
        """A numeric date that fits both orders: the one that something in the notice leaves over."""
        possible = []
        for i, (year, month, number) in enumerate(day.orders):
            try:
                bare = replace(day, orders=(), month=month, day=number, year=year, weekday=None)
                possible.append((i, self._dated(bare, ())))
            except DoubtError as doubt:
                if doubt.name != "invalid-date":
                    raise
        if day.weekday is not None:
            fits = [found for _, found in possible if found.date.weekday() == day.weekday]
            if not fits:
                raise DoubtError(
                    "weekday-mismatch",
                    words=self._words([day]),
                    date=possible[0][1].date,
                    weekday=_NAMES[possible[0][1].date.weekday()],
                )
            how = "order of day and month: the weekday"
            if len(fits) > 1 and self._order is not None:
                fits = [found for i, found in possible if i == self._order]
                how = "order of day and month: another date of the notice"
        elif self._order is not None:
            fits = [found for i, found in possible if i == self._order]
            how = "order of day and month: another date of the notice"
        else:
            named = {(other.month, other.day) for other in self._own}
            fits = [found for _, found in possible if (found.date.month, found.date.day) in named]
            how = "order of day and month: the same day in letters"
            if len(fits) != 1 and self.published:
                until = self.published + _HORIZON
                fits = [found for _, found in possible if self.published - _DAY <= found.date <= until]
                how = "order of day and month: only one follows the publication"
        if len(fits) != 1:
            raise DoubtError(
                "numeric-date", words=self._words([day]), first=possible[0][1].date, second=possible[-1][1].date
            )
        return Found(fits[0].date, (*fits[0].inferred, how))

    def _relative(self, day: Day, beside: date | None) -> Found:
        if day.relative in _BESIDE:
            if beside is None:
                raise DoubtError("relative-date", words=self._words([day]))
            return Found(beside + _BESIDE[day.relative], ("the day of the start",))
        if self.published is None:
            raise DoubtError("relative-date", words=self._words([day]))
        steps = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
        return Found(self.published + steps[day.relative] * _DAY, (f"the publication, {self.published}",))

    def _by_weekday(self, day: Day, beside: date | None) -> Found:
        """A weekday alone: behind a start, the next one; else the day of the text that falls on it, or the next one."""
        weekday = day.weekday or 0
        if beside is not None:
            step = (weekday - beside.weekday()) % 7
            if step > 1 and not day.which:
                raise DoubtError("weekday-only-date", words=self._words([day]))
            return Found(beside + step * _DAY, ("the day of the start",))
        named = self._named_on(weekday)
        if len(named) == 1 and day.which in ("", "this"):
            return Found(named.pop(), ("the date elsewhere in the notice",))
        if self.published is None or day.which == "next" or len(named) > 1:
            raise DoubtError("weekday-only-date", words=self._words([day]))
        step = (weekday - self.published.weekday()) % 7
        if day.which == "last":
            return Found(self.published - ((7 - step) % 7 or 7) * _DAY, (f"the publication, {self.published}",))
        if step == 0:
            raise DoubtError("weekday-only-date", words=self._words([day]))
        return Found(self.published + step * _DAY, (f"the publication, {self.published}",))

    def _named_on(self, weekday: int) -> set[date]:
        """The dates in the text that fall on a weekday."""
        named = set()
        for other in self._own:
            try:
                found = self._dated(other, [day for day in self._own if day is not other])
            except DoubtError:
                continue
            if found.date.weekday() == weekday:
                named.add(found.date)
        return named


def _certainty(day: Day) -> int:
    """Which name of a day is read first: the fullest."""
    return 0 if day.is_date and day.year else 1 if day.is_date else 2 if day.relative in ("today", "tomorrow") else 3


def wall_of(
    span: Span, known: Known, text: Text, context: Found | None, clocks: Sequence[Clock], lengths: Sequence[timedelta]
) -> Wall:
    """The span on the wall clock. `context` is the day that the words before it give it, if it has none of its own.

    Raises DoubtError.
    """
    first, last = _on_24_hours(span, text, clocks)
    words = text.quote(span.start, span.end)
    pair = _pair(span)
    if pair:
        return _over_a_pair(pair, span, first, last, known, words)
    given_first, given_last = span.first.days, span.last.days
    start_day = _day(given_first, known, None, given_last) if given_first else None
    if start_day and span.first.behind and span.first.before:
        start_day = known.date_of([*span.first.before.days, *span.first.behind.days])
    end_day = None
    if given_last:
        beside = start_day or context
        end_day = _day(given_last, known, beside.date if beside else None, given_first)
    if start_day is None:
        later = first < last or (first > last and _ends_its_day(span.last.clock))
        start_day = _start_by_end(end_day, context, words, later=later)
    _refuse_late_tonight(span, first, words)
    wall = _with_end(start_day, end_day, first, last, words)
    wall = _at_midnights(wall, span, lengths, words, stated_end=end_day is not None)
    return _checked(wall, span, words, lengths)


def _pair(span: Span) -> Days | None:
    for days in (span.first.before, span.first.behind, span.last.before, span.last.behind):
        if days and (days.last or days.listed):
            return days
    return None


def _over_a_pair(pair: Days, span: Span, first: time, last: time, known: Known, words: str) -> Wall:
    """between 11 August and 12 August, from 11pm to 4am: one night; anything else with two days is asked."""
    others = [
        days
        for days in (span.first.before, span.first.behind, span.last.before, span.last.behind)
        if days and days is not pair
    ]
    for day in (*pair.days, *pair.last):
        known.date_of([day], None, [*pair.days, *pair.last])
    if pair.listed or others:
        raise DoubtError("several-days", words=words)
    start = known.date_of(pair.days, None, pair.last)
    end = known.date_of(pair.last, start.date, pair.days)
    if end.date - start.date != _DAY or last >= first:
        raise DoubtError("end-before-start" if end.date < start.date else "several-days", words=words)
    wall = Wall(datetime.combine(start.date, first), datetime.combine(end.date, last), start.inferred, end.inferred)
    return _checked(_at_midnights(wall, span, (), words, stated_end=False), span, words, ())


def _day(days: Days, known: Known, beside: date | None, other: Days | None) -> Found:
    return known.date_of(days.days, beside, other.days if other else ())


def _ends_its_day(clock: Clock) -> bool:
    """Whether a midnight is the one at the end of its day: `12 noon to 12 midnight on Saturday`."""
    return clock.hour == 24 or (clock.form == "midnight" and not clock.half)


def _start_by_end(end_day: Found | None, context: Found | None, words: str, *, later: bool) -> Found:
    """The day of a start that has none: the context's, or that of the end if both are on it."""
    if context and end_day and context.date != end_day.date and later and DAY_BEFORE in context.inferred:
        raise DoubtError("which-day", words=words)
    if context and (end_day is None or end_day.date - context.date in (timedelta(0), _DAY)):
        if end_day is None or end_day.date > context.date or later:
            return context
        raise DoubtError("which-day", words=words)
    if end_day is None:
        raise DoubtError("date-missing", words=words)
    if context and context.date != end_day.date and abs(context.date - end_day.date) < 4 * _DAY:
        raise DoubtError("which-day", words=words)
    if later:
        return Found(end_day.date, (*end_day.inferred, "the day of the end"))
    raise DoubtError("which-day", words=words)


def _refuse_late_tonight(span: Span, first: time, words: str) -> None:
    """`tonight at 1 am`, `on Saturday night from 00:30`: of which night is not said."""
    days = span.first.days
    night = re.search(r"\b(?:night|evening|eve)\sof\s(?:the\s)?\Z", span.first.lead) if span.first.before else None
    if days and first.hour < 12 and (night or any(day.part in ("night", "evening") for day in days.days)):
        raise DoubtError("which-day", words=words)


def _with_end(start: Found, end: Found | None, first: time, last: time, words: str) -> Wall:
    begins = datetime.combine(start.date, first)
    if end is not None:
        return Wall(begins, datetime.combine(end.date, last), start.inferred, end.inferred)
    ends = datetime.combine(start.date, last)
    if ends > begins:
        return Wall(begins, ends, start.inferred, ("the day of the start",))
    ends += _DAY
    if first == last:
        raise DoubtError("midnight" if first == time(0) else "end-before-start", words=words)
    whole_night = first.hour >= 12 and last.hour <= 12
    if last != time(0) and (not whole_night or ends - begins > _LONGEST_NIGHT):
        raise DoubtError("end-before-start", words=words)
    return Wall(begins, ends, start.inferred, ("the day after the start: it is earlier on the clock",))


def _at_midnights(wall: Wall, span: Span, lengths: Sequence[timedelta], words: str, *, stated_end: bool) -> Wall:
    """The window with each midnight where it belongs; where that may be either, only a stated duration tells."""
    starts, ends = [wall.start], [wall.end]
    first, last = span.first, span.last
    if first.clock.form == "midnight" and first.behind and not stated_end:
        ends = [wall.end, wall.end + _DAY]
    if first.clock.form == "midnight" and (first.behind or (stated_end and wall.end.date() != wall.start.date())):
        starts.append(wall.start + _DAY)
    if last.clock.hour == 24:
        ends = [wall.end + _DAY] if stated_end else ends
    elif last.clock.form == "midnight" and stated_end and not last.clock.half:
        ends = [wall.end + _DAY] if wall.end.date() == wall.start.date() else [wall.end, wall.end + _DAY]
    if first.clock.hour == 24:
        raise DoubtError("midnight", words=words)
    options = [replace(wall, start=start, end=end) for start in starts for end in ends if end > start]
    if not stated_end:
        options = [option for option in options if option.end - option.start <= _DAY]
    if len(options) > 1:
        fits = [option for option in options if option.end - option.start in lengths]
        if len(fits) != 1:
            raise DoubtError("midnight", words=words)
        options = fits
    return options[0] if options else wall


def _checked(wall: Wall, span: Span, words: str, lengths: Sequence[timedelta]) -> Wall:
    length = wall.end - wall.start
    if length <= timedelta(0):
        raise DoubtError("end-before-start", words=words)
    if length > _LONGEST_WINDOW:
        raise DoubtError("window-too-long", words=words, days=length.days)
    if span.first.rough or span.last.rough:
        raise DoubtError("approximate", words=words)
    twelves = [
        clock
        for clock in (span.first.clock, span.last.clock)
        if clock.half and clock.hour % 12 == 0 and clock.minute == 0
    ]
    if len(twelves) == 1 and timedelta(hours=12) < length < timedelta(days=1) and length not in lengths:
        raise DoubtError("midnight", words=words)
    return wall


def _on_24_hours(span: Span, text: Text, clocks: Sequence[Clock]) -> tuple[time, time]:
    """Both times by the 24-hour clock. Raises DoubtError where one may be in either half of the day."""
    first, last = span.first.clock, span.last.clock
    for clock in (first, last):
        if clock.form == "bad":
            raise DoubtError("malformed-time", words=text.quote(clock.start, clock.end))
    proof = any(clock.form == "24" and not clock.half for clock in clocks)
    halves = any(clock.half or clock.form == "noon" for clock in clocks)
    first = _of_half(first, last, text)
    for clock in (first, last):
        if clock.half or clock.form not in ("colon", "bare"):
            continue
        certain = (
            (proof and not halves)
            or clock.hour > 12
            or clock.hour == 0
            or (clock.hour >= 10 and not halves and first.hour >= 10)
        )
        certain = certain or (clock.hour >= 10 and any(c.form == "24" and not c.half for c in (first, last)))
        certain = certain or (
            proof and clock.form == "colon" and any(c.hour > 12 and not c.half for c in (first, last))
        )
        if not certain or clock.form == "bare":
            raise DoubtError("unclear-time", words=text.quote(clock.start, clock.end))
    return _time(first), _time(last)


def _of_half(first: Clock, last: Clock, text: Text) -> Clock:
    """4-10 am, 2:30 to 5 pm: the start shares the half of the end, where it is earlier in it."""
    if (
        first.half
        or first.form in ("noon", "midnight")
        or not last.half
        or last.form in ("noon", "midnight")
        or first.hour > 12
        or first.hour == 0
    ):
        return first
    written = text.low[first.start : first.end].strip()
    if first.form != "bare" and "h" in written:
        return first
    shared = first.hour % 12 + (12 if last.half == "pm" else 0)
    if (shared, first.minute) >= (last.hour, last.minute) or first.hour == 12:
        if last.half == "pm" and first.hour < last.hour and first.form != "bare":
            return replace(first, form="24")  # 10:00 to 2 pm: in the evening it would be after the end
        raise DoubtError("unclear-time", words=text.quote(first.start, last.end))
    if first.form == "24" and last.half == "pm":  # 02:00 to 5 pm: either of two
        raise DoubtError("unclear-time", words=text.quote(first.start, last.end))
    return replace(first, hour=shared, half=last.half, form="24")


def _time(clock: Clock) -> time:
    return time(clock.hour % 24, clock.minute, clock.second)


def clock_of(moment: Moment) -> time | None:
    """The time of day of a moment alone, as far as it is certain enough to be compared."""
    clock = moment.clock
    return None if clock.form in ("bad", "bare") else _time(clock)
