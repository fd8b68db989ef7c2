"""Pairs to wall-clock times: every reading that the words allow, and a question if they allow more than one.

    end day    stated; else that of the start; or the day after it if the end is earlier on the clock, the start is
               noon or later, the end noon or earlier, and at most 16 hours lie between
    start day  stated; else that of the words before it; else that of the end, if both are on it
    midnight   as an end, the one that ends its day; as a start without a day behind it, the one that begins it
    hour       without am or pm: of the 24-hour clock if any time of the text must be (04:00, 0400hrs, 17:00); the
               half of the end if that is later in the same half (4-10 am); else either
    twelve     12:00 am and pm are often mixed up: if the other gives a much shorter window, both are readings

A stated length that only one reading has decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product

from icms_calendar.notice.groups import Days
from icms_calendar.notice.pairs import Pair
from icms_calendar.notice.points import Point
from icms_calendar.notice.questions import asked, span_in_words
from icms_calendar.notice.reading import Question
from icms_calendar.notice.terms import Clock, Day, Term
from icms_calendar.notice.text import Text
from icms_calendar.notice.when import DAY, Dated, Dates

_LONGEST_NIGHT = timedelta(hours=16)
_LONGEST_WINDOW = timedelta(days=14)
_HALF_DAY = timedelta(hours=12)
_EACH = re.compile(r"\b(?:each|both|every|nightly|respectively)\b")


@dataclass(frozen=True, slots=True)
class Wall:
    """A pair on the wall clock; what its days were inferred from, and what must be asked."""

    pair: Pair
    start: datetime | None
    end: datetime | None
    inferred_start: tuple[str, ...] = ()
    inferred_end: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Clues:
    """What the whole text says that bears on each pair: its clocks, and its exact lengths."""

    text: Text
    dates: Dates
    clocks: tuple[Clock, ...]
    lengths: tuple[timedelta, ...]


def walls_of(pair: Pair, clues: Clues, context: Dated | None) -> list[Wall]:
    """The windows of a pair: one, or one for each day that it names. `context` is the day from the words before it."""
    group = _several_days(pair)
    if group is None:
        return [_wall(pair, clues, context)]
    dates = clues.dates
    named: list[Sequence[Day]] = [group.days, *([day] for day in group.last)]
    several = [*group.days, *group.last]
    dated = [dates.of(days, None, several) for days in named]
    if group.listed:
        return _on_each(pair, clues, dated, overnight=_is_overnight(pair, clues))
    first, last = dated[0], dates.of(group.last, dated[0].date, group.days)
    if first.date is None or last.date is None or last.date <= first.date:
        return [_asking(pair, clues, None, (*first.questions, *last.questions), "end-before-start")]
    overnight = _is_overnight(pair, clues)
    if overnight and last.date - first.date == DAY:
        one = _wall(_on(pair, None), clues, first)
        return [replace(one, questions=(*last.questions, *one.questions))]
    begins = _times(pair, clues)[0]
    whole = (datetime.combine(first.date, begins[0][0]), datetime.combine(last.date, begins[0][1]))
    here = f"one window, {span_in_words(*whole)}"
    ask = asked("several-days", clues.text, pair, here=here)
    return [Wall(pair, *whole, first.inferred, last.inferred, (*first.questions, *last.questions, ask))]


def _several_days(pair: Pair) -> Days | None:
    points = [pair.first, pair.last or pair.first]
    for days in (days for point in points for days in (point.before, point.behind)):
        if days and days.last:
            return days
    return None


def _on_each(pair: Pair, clues: Clues, dated: Iterable[Dated], *, overnight: bool) -> list[Wall]:
    """A window on each of several days; over night, two neighbouring days may also mean one window."""
    walls = [_wall(_on(pair, None), clues, one) for one in dated]
    walls = [replace(wall, questions=(*one.questions, *wall.questions)) for wall, one in zip(walls, dated, strict=True)]
    starts = [wall.start for wall in walls if wall.start]
    neighbours = overnight and any(b.date() - a.date() == DAY for a, b in pairwise(starts))
    if neighbours and not _EACH.search(clues.text.low[max(0, pair.start - 40) : pair.end + 40]):
        ask = asked("several-days", clues.text, pair, here="one window each day")
        walls = [replace(wall, questions=(*wall.questions, ask)) for wall in walls]
    return walls


def _on(pair: Pair, days: Days | None) -> Pair:
    first = replace(pair.first, before=days, behind=None)
    return replace(pair, first=first, last=replace(pair.last, before=None, behind=None) if pair.last else None)


def _is_overnight(pair: Pair, clues: Clues) -> bool:
    if pair.last is None:
        return False
    first, last = _times(pair, clues)[0][0]
    return last <= first


def _asking(pair: Pair, clues: Clues, start: datetime | None, before: tuple[Question, ...], name: str) -> Wall:
    return Wall(pair, start, None, questions=before or (asked(name, clues.text, pair),))


def _wall(pair: Pair, clues: Clues, context: Dated | None) -> Wall:
    text, dates = clues.text, clues.dates
    first, last = pair.first, pair.last
    bad = [p.clock for p in (first, last) if p and p.clock.form == "bad"]
    if bad:
        return _with_bad_time(pair, clues, context, bad[0])
    start_day = _start_day(pair, clues, context)
    beside = start_day.date if start_day else None
    end_days = last.days if last else None
    end_day = dates.of(end_days.days, beside, first.days.days if first.days else ()) if end_days else None
    asks = (*(start_day.questions if start_day else ()), *(end_day.questions if end_day else ()))
    asks += tuple(asked("approximate", text, p, here=_clock_words(p)) for p in (first, last) if p and p.rough)
    if pair.length:
        return _by_length(pair, clues, start_day, asks)
    if start_day is None and end_day is None:
        return Wall(pair, None, None, questions=(*asks, asked("date-missing", text, pair)))
    readings, name = _readings(pair, clues, start_day, end_day)
    if not readings:
        start = _first_start(pair, clues, start_day)
        invalid = asks and ((start_day and start_day.date is None) or (end_day and end_day.date is None))
        return Wall(pair, start, None, questions=asks if invalid else (*asks, asked("end-before-start", text, pair)))
    if len(readings) > 1 and len(fits := [r for r in readings if r[1] - r[0] in clues.lengths]) == 1:
        readings = fits
    start, end = readings[0]
    if len(readings) > 1:
        words = [span_in_words(*reading) for reading in readings[:3]]
        asks += (asked(name, text, pair, readings=words, here=words[0]),)
    if end - start > _LONGEST_WINDOW:
        asks += (asked("window-too-long", text, pair, here=(end - start).days),)
    how_start = start_day.inferred if start_day else ("the day of the end",)
    how_end = end_day.inferred if end_day else ("the day of the start" if end.date() == start.date() else "the night",)
    return Wall(pair, start, end, how_start, how_end, asks)


def _with_bad_time(pair: Pair, clues: Clues, context: Dated | None, bad: Clock) -> Wall:
    """What is known of a pair of which one time is not valid."""
    start_day = _start_day(pair, clues, context)
    ask = asked("malformed-time", clues.text, bad)
    start = None if bad is pair.first.clock else _first_start(pair, clues, start_day)
    inferred = start_day.inferred if start_day else ()
    return Wall(pair, start, None, inferred, (), (*(start_day.questions if start_day else ()), ask))


def _first_start(pair: Pair, clues: Clues, start_day: Dated | None) -> datetime | None:
    if start_day is None or start_day.date is None:
        return None
    return datetime.combine(start_day.date, _times(pair, clues)[0][0][0])


def _clock_words(point: Point) -> str:
    return f"{point.clock.hour % 24:02}:{point.clock.minute:02}"


def _start_day(pair: Pair, clues: Clues, context: Dated | None) -> Dated | None:
    first, last = pair.first, pair.last
    if first.days is None:
        return context
    both = [*(first.before.days if first.before else ()), *(first.behind.days if first.behind else ())]
    return clues.dates.of(both, context.date if context else None, last.days.days if last and last.days else ())


def _by_length(pair: Pair, clues: Clues, start_day: Dated | None, asks: tuple[Question, ...]) -> Wall:
    """The end by the start and the stated length."""
    length = pair.length
    if length is None or start_day is None or start_day.date is None:
        return Wall(pair, None, None, questions=asks or (asked("date-missing", clues.text, pair),))
    options, name = _options(pair.first.clock, clues)
    starts = [datetime.combine(start_day.date, option) for option in options]
    if pair.first.clock.form == "midnight":
        starts, name = [starts[0], starts[0] + DAY], "midnight"
    readings = [span_in_words(start, start + length.length) for start in starts]
    if len(starts) > 1:
        asks += (asked(name, clues.text, pair, readings=readings, here=readings[0]),)
    asks += _late_tonight(pair, clues, starts[0], starts[0] + length.length)
    if length.loose:
        asks += (asked("approximate", clues.text, length, here=readings[0]),)
    how = f"the start, and the length: {clues.text.quote(length.start, length.end)}"
    return Wall(pair, starts[0], starts[0] + length.length, start_day.inferred, (how,), asks)


def _readings(
    pair: Pair, clues: Clues, start_day: Dated | None, end_day: Dated | None
) -> tuple[list[tuple[datetime, datetime]], str]:
    """The readings of a pair, the likeliest first, and the question that asks which one is right."""
    times, name = _times(pair, clues)
    readings: list[tuple[datetime, datetime]] = []
    for first, last in times:
        starts, ends, doubt = _days_of(start_day, end_day, first, last, pair)
        name = doubt or name
        wall = [(datetime.combine(s, first), datetime.combine(e, last)) for s, e in zip(starts, ends, strict=True)]
        for start, end in wall:
            found, doubt = _at_midnights(pair, start, end, stated_end=end_day is not None)
            name = doubt or name
            readings += found
    readings = [reading for reading in dict.fromkeys(readings) if reading[1] > reading[0]]
    if end_day is None:
        short = [(start, end) for start, end in readings if end - start <= DAY]
        readings = short or readings
    if readings and (other := _other_twelve(pair, *readings[0])) and len(readings) == 1:
        readings, name = [readings[0], other], "midnight"
    if readings and _is_late_tonight(pair, readings[0][0]):
        readings, name = [readings[0], *((s + DAY, e + DAY) for s, e in readings[:1])], "which-day"
    return readings, name


def _days_of(
    start_day: Dated | None, end_day: Dated | None, first: time, last: time, pair: Pair
) -> tuple[list[date], list[date], str]:
    """The days of start and end, alike long; and the question if there are several."""
    start = start_day.date if start_day else None
    end = end_day.date if end_day else None
    if start_day and start is None:
        return [], [], ""
    if start is not None and end is not None:
        own = pair.first.days is not None
        if not own and (end - start not in (timedelta(0), DAY) or (end == start and last <= first)):
            return ([end], [end], "which-day") if last > first else ([end - DAY, end], [end, end + DAY], "which-day")
        return [start], [end], ""
    if start is None:
        if end is None:
            return [], [], ""
        later = first < last or (first > last and _ends_its_day(pair))
        return ([end], [end], "") if later else ([end - DAY, end], [end, end + DAY], "which-day")
    if last > first:
        return [start], [start], ""
    length = datetime.combine(start + DAY, last) - datetime.combine(start, first)
    if last == time(0) or (first.hour >= 12 and last.hour <= 12 and length <= _LONGEST_NIGHT):
        return ([start], [start + DAY], "") if first != last else ([start], [start + DAY], "midnight")
    return [], [], "end-before-start"


def _ends_its_day(pair: Pair) -> bool:
    clock = pair.last.clock if pair.last else pair.first.clock
    return clock.hour == 24 or (clock.form == "midnight" and not clock.half)


def _at_midnights(
    pair: Pair, start: datetime, end: datetime, *, stated_end: bool
) -> tuple[list[tuple[datetime, datetime]], str]:
    """The window with each midnight where it may belong."""
    starts, ends = [start], [end]
    first, last = pair.first, pair.last or pair.first
    if first.clock.form == "midnight" and first.behind and not stated_end:
        ends = [end, end + DAY]
    if first.clock.form == "midnight" and (first.behind or (stated_end and end.date() != start.date())):
        starts.append(start + DAY)
    if first.clock.hour == 24:
        starts = [start, start + DAY]
    if last.clock.hour == 24:
        ends = [end + DAY] if stated_end else ends
    elif last.clock.form == "midnight" and stated_end and not last.clock.half:
        ends = [end + DAY] if end.date() == start.date() else [end, end + DAY]
    found = [(s, e) for s, e in product(starts, ends) if e > s and (stated_end or e - s <= DAY)]
    return found or [(start, end)], "midnight" if len(found) > 1 else ""


def _other_twelve(pair: Pair, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """The window with the other half of a `12:00 am` or `12:00 pm`, if it is much shorter."""
    points = [pair.first, pair.last or pair.first]
    twelves = [p for p in points if p.clock.half and p.clock.hour % 12 == 0 and p.clock.minute == 0]
    if len(twelves) != 1 or not _HALF_DAY < end - start < DAY:
        return None
    return (start + _HALF_DAY, end) if twelves[0] is pair.first else (start, end - _HALF_DAY)


def _is_late_tonight(pair: Pair, start: datetime) -> bool:
    """Whether a start after midnight has the name of a night: `tonight at 1 am`, `on Saturday night from 00:30`."""
    days = pair.first.days
    night = re.search(r"\b(?:night|evening|eve)\sof\s(?:the\s)?\Z", pair.first.lead) if pair.first.before else None
    named = days and any(day.part in ("night", "evening") for day in days.days)
    return bool(days) and start.hour < 12 and bool(night or named)


def _late_tonight(pair: Pair, clues: Clues, start: datetime, end: datetime) -> tuple[Question, ...]:
    if not _is_late_tonight(pair, start):
        return ()
    readings = [span_in_words(start, end), span_in_words(start + DAY, end + DAY)]
    return (asked("which-day", clues.text, pair, readings=readings, here=readings[0]),)


def _times(pair: Pair, clues: Clues) -> tuple[list[tuple[time, time]], str]:
    """Both times by the 24-hour clock: one reading, or several if a time may be in either half of the day."""
    first = pair.first.clock
    last = pair.last.clock if pair.last else first
    shared = _of_half(first, last, clues.text)
    if isinstance(shared, Clock):
        firsts, _ = _options(shared, clues, beside=last)
    else:
        firsts = shared
    lasts, _ = _options(last, clues, beside=first)
    if len(firsts) > 1 and len(lasts) > 1 and first is not last:
        alike = [(a, b) for a, b in zip(firsts, lasts, strict=True) if b > a]
        return alike + [(a, b) for a in firsts for b in lasts if (a, b) not in alike], "unclear-time"
    return [(a, b) for a in firsts for b in lasts], "unclear-time" if len(firsts) + len(lasts) > 2 else ""


def _options(clock: Clock, clues: Clues, beside: Clock | None = None) -> tuple[list[time], str]:
    """The times of day that a clock may mean."""
    written = time(clock.hour % 24, clock.minute % 60, clock.second % 60)
    if clock.half or clock.form not in ("colon", "bare") or clock.hour > 12 or clock.hour == 0:
        return [written], ""
    clocks = clues.clocks
    proof = any(c.form == "24" and not c.half for c in clocks)
    halves = any(c.half or c.form == "noon" for c in clocks)
    near = beside is not None and beside.form == "24" and not beside.half
    late = clock.hour >= 10 and (near or (not halves and (beside is None or beside.hour >= 10)))
    certain = (proof and not halves) or late or (proof and beside is not None and beside.hour > 12 and not beside.half)
    if certain and clock.form != "bare":
        return [written], ""
    return [written, written.replace(hour=(clock.hour + 12) % 24)], "unclear-time"


def _of_half(first: Clock, last: Clock, text: Text) -> Clock | list[time]:
    """4-10 am, 2:30 to 5 pm: the start shares the half of the end if it is earlier in it."""
    if first.half or first.form in ("noon", "midnight", "bad") or first.hour > 12 or first.hour == 0:
        return first
    if not last.half or last.form in ("noon", "midnight"):
        return first
    if first.form != "bare" and "h" in text.low[first.start : first.end]:
        return first
    hour = first.hour % 12 + (12 if last.half == "pm" else 0)
    other = time((hour + 12) % 24, first.minute)
    if (hour, first.minute) >= (last.hour, last.minute) or first.hour == 12:
        if last.half == "pm" and first.hour < last.hour and first.form != "bare":
            return replace(first, form="24")  # 10:00 to 2 pm: in the evening it would be after the end
        return [other, time(hour, first.minute)]
    if first.form == "24" and last.half == "pm":
        return [time(first.hour, first.minute), time(hour, first.minute)]
    return replace(first, hour=hour, half=last.half, form="24")


def term_of(pair: Pair, name: str) -> Term:
    """The words that a start or an end rests on."""
    return pair.first if name == "start" else pair.last or pair.length or pair.first
