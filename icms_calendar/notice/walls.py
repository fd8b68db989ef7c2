"""Pairs to wall-clock times: every reading that the words allow, and a question if they allow more than one.

    hour      without am or pm: of the 24-hour clock if the notice shows that it uses it; else of the half of the end
              if it is earlier in that half (4-10 am); else either
    midnight  the one that begins its day; behind "from" and before its day, or on another day than the end, either;
              as an end, the one that follows the start
    twelve    12:00 am and pm are often mixed up: if the other gives a much shorter window, it is a reading
    start     on its day; else on that of the words before it; on a "night", a time after midnight can be of the next
    end       on its day; else the first such time behind the start, which is a night later at most

A stated length that only one reading has decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product

from icms_calendar.notice.points import Pair
from icms_calendar.notice.reading import Question, asked, span_in_words
from icms_calendar.notice.terms import Clock
from icms_calendar.notice.text import Text
from icms_calendar.notice.when import DAY, Dated, Dates

_LONGEST_NIGHT = timedelta(hours=16)
_LONGEST_WINDOW = timedelta(days=14)
_HALF_DAY = timedelta(hours=12)
_EACH = re.compile(r"\b(?:each|both|every|nightly|respectively)\b")
_NIGHT_OF = re.compile(r"\b(?:night|evening|eve)\sof\s(?:the\s)?\Z")
Span = tuple[datetime, datetime]


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
    """What the whole text shows that bears on each pair: which clock it uses, and its exact lengths."""

    text: Text
    dates: Dates
    shows_24: bool  # a time can only be of the 24-hour clock
    shows_halves: bool  # a time has am or pm, or is noon
    lengths: frozenset[timedelta]


def walls_of(pair: Pair, clues: Clues, context: Dated | None) -> list[Wall]:
    """The windows of a pair: one, or one for each day that it names. `context` is the day from the words before it."""
    days = next((days for point in pair.points for days in (point.before, point.behind) if days and days.last), None)
    if days is None:
        return [_wall(pair, clues, context)]
    dates, every, text = clues.dates, (*days.days, *days.last), clues.text
    bare = replace(pair, first=replace(pair.first, before=None, behind=None))
    bare = replace(bare, last=pair.last and replace(pair.last, before=None, behind=None))
    begins, ends = _times(pair, clues)[0]
    overnight = pair.last is not None and ends <= begins
    first = dates.of(days.days, None, every)
    if days.listed:
        dated = [first, *(dates.of([day], None, every) for day in days.last)]
        near = text.low[max(0, pair.start - 40) : pair.end + 40]
        neighbours = any(a.date and a.date + DAY == b.date for a, b in pairwise(dated))
        ask = asked("several-days", text, pair, here="one window each day")
        asks = (ask,) if overnight and neighbours and not _EACH.search(near) else ()
        return [
            replace(wall, questions=(*wall.questions, *asks)) for one in dated for wall in [_wall(bare, clues, one)]
        ]
    last = dates.of(days.last, first.date, days.days)
    questions = (*first.questions, *last.questions)
    if first.date is None or last.date is None or last.date <= first.date:
        return [Wall(pair, None, None, questions=questions or (asked("end-before-start", text, pair),))]
    if overnight and last.date - first.date == DAY and "weekend" not in text.low[max(0, pair.start - 40) : pair.end]:
        one = _wall(bare, clues, first)
        return [replace(one, questions=(*one.questions, *last.questions))]
    whole = (datetime.combine(first.date, begins), datetime.combine(last.date, ends))
    ask = asked("several-days", text, pair, here=f"one window, {span_in_words(*whole)}")
    return [Wall(pair, *whole, first.inferred, last.inferred, (*questions, ask))]


@dataclass(frozen=True, slots=True)
class _Known:
    """The days of a pair: what is known of each, and whether they are its own."""

    start: date | None
    end: date | None
    own: bool  # the start has a day of its own
    stated: bool  # the end has a day of its own


def _wall(pair: Pair, clues: Clues, context: Dated | None) -> Wall:
    text, first, last = clues.text, pair.first, pair.last
    beside = context.date if context else None
    own = clues.dates.of(first.all_days, beside, last.all_days if last else ()) if first.days else None
    start_day = own or context
    beside = start_day.date if start_day else None
    end_day = clues.dates.of(last.days.days, beside, first.all_days) if last and last.days else None
    asks = [ask for day in (start_day, end_day) if day for ask in day.questions]
    rough = (point for point in pair.points if point.rough)
    asks += (
        asked("approximate", text, point, here=f"{point.clock.hour % 24:02}:{point.clock.minute:02}") for point in rough
    )
    inferred = start_day.inferred if start_day else ("the day of the end",)
    if start_day is None and end_day is None:
        return Wall(pair, None, None, questions=(*asks, asked("date-missing", text, pair)))
    bad = [point.clock for point in pair.points if point.clock.form == "bad"]
    days = _Known(beside, end_day.date if end_day else None, bool(own), bool(end_day))
    readings = [] if bad else _readings(pair, clues, days)
    if not readings:
        start = None if first.clock in bad or not beside else datetime.combine(beside, _times(pair, clues)[0][0])
        unknown = any(day and day.date is None for day in (start_day, end_day))
        if bad or not asks or not unknown:
            asks.append(asked("malformed-time", text, bad[0]) if bad else asked("end-before-start", text, pair))
        return Wall(pair, start, None, inferred, (), tuple(asks))
    (start, end), _ = readings[0]
    if len(readings) > 1:
        words = [span_in_words(*span) for span, _ in readings[:3]]
        asks.append(asked(next(kind for _, kind in readings if kind), text, pair, readings=words, here=words[0]))
    if pair.length and pair.length.loose:
        asks.append(asked("approximate", text, pair.length, here=span_in_words(start, end)))
    if end - start > _LONGEST_WINDOW:
        asks.append(asked("window-too-long", text, pair, here=(end - start).days))
    how_end = end_day.inferred if end_day else ("the day of the start" if end.date() == start.date() else "the night",)
    if pair.length:
        how_end = (f"the start, and the length: {text.quote(pair.length.start, pair.length.end)}",)
    return Wall(pair, start, end, inferred, how_end, tuple(asks))


def _readings(pair: Pair, clues: Clues, days: _Known) -> list[tuple[Span, str]]:
    """The spans that a pair can mean, the likeliest first; each with the kind of question that it raises."""
    times = _times(pair, clues)
    found: dict[Span, str] = {}
    for first, last in times:
        for span, kind in _spans(pair, first, last, days):
            found.setdefault(span, "unclear-time" if len(times) > 1 else kind)
    spans = list(found.items())
    sure = [entry for entry in spans if days.stated or pair.length or _is_a_night(*entry[0])]
    if len(times) == 1 or not sure:
        spans = sure
    fits = [entry for entry in spans if entry[0][1] - entry[0][0] in clues.lengths]
    if len(fits) == 1 and pair.last:
        spans = fits
    spans.sort(key=lambda entry: entry not in sure)
    if len(spans) == 1 and (other := _other_twelve(pair, *spans[0][0])):
        spans.append((other, "midnight"))
    if spans and _is_late_tonight(pair, spans[0][0][0]):
        (start, end), _ = spans[0]
        spans = [spans[0], ((start + DAY, end + DAY), "which-day")]
    return spans


def _spans(pair: Pair, first: time, last: time, days: _Known) -> Iterator[tuple[Span, str]]:
    """Every span from `first` to `last` on the days that are known; a day that is not stated follows the other."""
    start_day, end_day = days.start, days.end
    if (days.stated and end_day is None) or (days.own and start_day is None):
        return
    if start_day and end_day and not days.own and not timedelta(0) <= end_day - start_day <= DAY:
        start_day = None
    for on in [start_day] if start_day else [end_day - DAY, end_day] if end_day else []:
        begin, clock = datetime.combine(on, first), pair.first.clock
        midnight = clock.form == "midnight" or clock.hour == 24
        other_day = pair.first.behind is not None or (days.own and end_day not in (None, on))
        for start in (begin, begin + DAY) if midnight and (clock.hour == 24 or other_day) else (begin,):
            if pair.length:
                yield (start, start + pair.length.length), "midnight" if midnight else ""
                continue
            for end in _ends(pair, start, last, end_day if start_day else None):
                is_end = start_day or (end_day and end.date() in (end_day, end_day + DAY))
                if is_end and start < end and (end - start <= DAY or (start_day and end_day)):
                    either = midnight or (pair.last and pair.last.clock.form == "midnight")
                    yield (start, end), "midnight" if either else "" if start_day else "which-day"


def _ends(pair: Pair, start: datetime, last: time, end_day: date | None) -> Iterator[datetime]:
    """The end on its day: a midnight begins or ends it; without a day, the first such time behind the start."""
    clock = pair.last.clock if pair.last else pair.first.clock
    end = datetime.combine(end_day or start.date(), last)
    closes = clock.hour == 24 or (clock.form == "midnight" and end_day == start.date())
    yield end + DAY if (closes if end_day else end <= start) else end
    if end_day and clock.form == "midnight" and not closes:
        yield end + DAY


def _is_a_night(start: datetime, end: datetime) -> bool:
    """Whether a span without a stated end day is likely: within a day, to its midnight, or over a night."""
    if end.date() == start.date() or end.time() == time(0):
        return True
    return start.hour >= 12 and end.hour <= 12 and end - start <= _LONGEST_NIGHT


def _other_twelve(pair: Pair, start: datetime, end: datetime) -> Span | None:
    """The window with the other half of a `12:00 am` or `12:00 pm`, if it is much shorter."""
    twelves = [p for p in pair.points if p.clock.half and p.clock.hour % 12 == 0 and p.clock.minute == 0]
    if len(twelves) != 1 or pair.last is None or not _HALF_DAY < end - start < DAY:
        return None
    return (start + _HALF_DAY, end) if twelves[0] is pair.first else (start, end - _HALF_DAY)


def _is_late_tonight(pair: Pair, start: datetime) -> bool:
    """Whether a start after midnight has the name of a night: `tonight at 1 am`, `on Saturday night from 00:30`."""
    named = any(day.part in ("night", "evening") for day in (pair.first.days.days if pair.first.days else ()))
    return start.hour < 12 and (named or bool(pair.first.before and _NIGHT_OF.search(pair.first.lead)))


def _times(pair: Pair, clues: Clues) -> list[tuple[time, time]]:
    """Both times by the 24-hour clock: one reading, or several if a time may be in either half of the day."""
    first = pair.first.clock
    last = pair.last.clock if pair.last else first
    firsts, lasts = _options(first, last, clues), _options(last, first, clues)
    if len(firsts) > 1 and last.half and first.form != "24" and first.hour < 12:
        in_half = [a for a in firsts if a < lasts[0] and (a.hour < 12) == (last.half == "am")]
        firsts = in_half or firsts
    alike = [(a, b) for a, b in zip(firsts, lasts, strict=False) if b > a and len(lasts) == len(firsts)]
    return list(dict.fromkeys([*alike, *product(firsts, lasts)]))


def _options(clock: Clock, beside: Clock, clues: Clues) -> list[time]:
    """The times of day that a clock time can mean, beside the other one of its pair."""
    written = time(clock.hour % 24, clock.minute % 60, clock.second % 60)
    if clock.half or clock.form in ("noon", "midnight", "bad") or not 0 < clock.hour <= 12:
        return [written]
    words = clues.text.low[clock.start : clock.end]
    padded = clock.start < beside.start and ":" in words and "h" not in words
    if clock.form == "24" and not (padded and beside.half == "pm"):  # 02:00 to 05:00 pm, but not 0900hrs to 5 pm
        return [written]
    plain = beside.form == "24" and not beside.half
    late = clock.hour >= 10 and (plain or (not clues.shows_halves and beside.hour >= 10))
    sure = late or (clues.shows_24 and (not clues.shows_halves or (plain and beside.hour > 12)))
    if sure and clock.form != "bare":
        return [written]
    return [written, written.replace(hour=(clock.hour + 12) % 24)]
