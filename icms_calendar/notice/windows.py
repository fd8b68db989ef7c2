"""Pairs to windows: the day that the words around a pair give it, its hours, its instants, and what it rests on.

    day       that of the pair; else of the day above it; else of the pair behind it; else of the window before it
    hour      without am or pm: of the 24-hour clock if the notice shows that it uses it; else of the half of the end
              if it is earlier in that half (4-10 am); else either
    midnight  the one that begins its day; behind "from" and before its day, or on another day than the end, either;
              as an end, the one that follows the start
    twelve    12:00 am and pm are often mixed up: if the other gives a much shorter window, it is a reading
    start     on its day; on a "night", a time after midnight can be of the next
    end       on its day; else the first such time behind the start, which is a night later at most
    zone      of the time; else of the other time; else the one that the notice names for all; else the default
    all day   "all day" beside a day: from its first midnight to the next
    part      without any pair, a single time is a start or an end, and a day alone is a whole day with a question

A stated length that only one reading has decides between several; what is left of them makes a question.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise, product

from icms_calendar.notice.dates import DAY, Dated, Dates
from icms_calendar.notice.offsets import placed
from icms_calendar.notice.points import Days, Pair, Point
from icms_calendar.notice.reading import Evidence, Question, asked, evidence_of, span_in_words
from icms_calendar.notice.sentences import Sentences, is_dateline
from icms_calendar.notice.text import Clock, Length, Term, Text, ZoneWord
from icms_calendar.record.zones import Zone

_ALL_DAY = r"\b(?:all[\s-]day|whole\sday)(?:\slong)?[\s,:]{0,2}(?:on\s|from\s|of\s)?"
_ALL_DAY_BEFORE, _ALL_DAY_BEHIND = re.compile(_ALL_DAY + r"\Z"), re.compile(r"[\s,:(-]{0,3}" + _ALL_DAY)
_PAST = re.compile(
    r"\b(?:(?:was|were)(?!\s(?:to|scheduled|planned|announced|set|due|expected))|took\splace|last\s(?:week|month))\b"
)
_COMING = re.compile(r"\b(?:will|shall|to\sbe|is|are|scheduled|planned)\b")
_AVAILABLE = re.compile(
    r"(?<!not\s)(?<!not\sbe\s)(?<!n't\sbe\s)(?<!longer\s)(?<!longer\sbe\s)\b(?:available|open|operational|accessible)\b"
    r"[^.;\n]{0,40}\Z"
)
_ENDS = re.compile(r"\b(?:until|till|end\w*|by|conclud\w+|complet\w+|restor\w+)\b[^.]{0,20}\Z")
MAX_READINGS = 4  # days that a question names
_HALF_DAY, _LONGEST_NIGHT, _LONGEST_WINDOW = timedelta(hours=12), timedelta(hours=16), timedelta(days=14)
_EACH = re.compile(r"\b(?:each|both|every|nightly|respectively)\b")
_NIGHT_OF = re.compile(r"\b(?:night|evening|eve)\sof\s(?:the\s)?\Z")
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Terms:
    """The temporal terms of a text, and the text with them blanked out."""

    text: Text
    masked: str
    clocks: Sequence[Clock]
    lengths: Sequence[Length]
    points: Sequence[Point]  # those that no words exclude from a window
    groups: Sequence[Days]  # days that belong to no point, and that no words exclude
    free_zones: Sequence[ZoneWord]
    roles: Sequence[tuple[Term, str]]
    sentences: Sentences
    dates: Dates

    @cached_property
    def heads(self) -> tuple[list[int], list[tuple[Days, Dated]], set[date | None]]:
        """The places of the days outside of points, the days with their dates, and all dates; datelines come last."""
        own = [group for group in self.groups if not is_dateline(group, self.text.plain, self.sentences)]
        heads = [(group, self.dates.of(group.days)) for group in own or self.groups]
        return [group.start for group, _ in heads], heads, {dated.date for _, dated in heads} - {None}

    @cached_property
    def clues(self) -> tuple[bool, bool, frozenset[timedelta]]:
        """Whether a time can only be of the 24-hour clock; whether one has am or pm, or is noon; the exact lengths."""
        plain = any(clock.form == "24" and not clock.half for clock in self.clocks)
        halves = any(clock.half or clock.form == "noon" for clock in self.clocks)
        return plain, halves, frozenset(length.length for length in self.lengths if not length.loose)


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the way to a draft: a pair by the wall clock, what its days rest on, and what must be asked.

    `start` and `end` are the instants, `zone` the name of their zone.
    """

    pair: Pair
    begins: datetime | None
    ends: datetime | None
    inferred_start: tuple[str, ...] = ()
    inferred_end: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    zone: str = ""
    evidence: dict[str, Evidence] = field(default_factory=dict)
    all_day: bool = False


def windows_in(
    pairs: Sequence[Pair], single: Sequence[Point], terms: Terms, zone: Zone | None
) -> tuple[list[Window], Sequence[Point]]:
    """The windows of a notice, each once, and the single points that are in none of them."""
    windows: list[Window] = []
    for pair in pairs:
        windows += [_window(wall, terms, zone) for wall in _walls_of(pair, windows, terms)]
    for group in terms.groups:
        before = terms.masked[max(0, group.start - 20) : group.start]
        if _ALL_DAY_BEFORE.search(before) or _ALL_DAY_BEHIND.match(terms.masked, group.end):
            windows.append(_whole(group, terms, zone, ()))
    if windows:
        return _distinct(sorted(windows, key=lambda window: window.pair.start), terms), single
    return _distinct(_from_parts(single, terms, zone), terms), ()


def _day_around(pair: Pair, windows: Sequence[Window], terms: Terms) -> tuple[Days | None, Dated | None]:
    """The day of a pair without one of its own, by the words around it; with its term, if that is above the pair."""
    starts, heads, only = terms.heads
    since = windows[-1].pair.end if windows else 0
    above = heads[bisect_left(starts, since) : bisect_left(starts, pair.start)]
    if above and (len({dated.date for _, dated in above}) == 1 or len(only) == 1):
        return max(above, key=lambda head: (any(day.is_date for day in head[0].days), head[0].start))
    if pair.last and pair.last.days:
        return None, None
    if above:
        return None, _doubtful(above[-1][1], pair, terms, sorted(one for one in only if one)[:MAX_READINGS])
    if windows and (wall := windows[-1]).begins and wall.ends:
        return None, _day_before_it(pair, wall, windows, terms)
    return next(head for head in heads if head[1].date) if len(only) == 1 else (None, None)


def _day_before_it(pair: Pair, wall: Window, windows: Sequence[Window], terms: Terms) -> Dated:
    """The day of the window before a pair, if that is the only one, or in the same sentence or list."""
    first = wall.begins.date() if wall.begins else date.min
    near = terms.sentences.same(wall.pair.start, pair.start) or "\n" in terms.text.plain[wall.pair.end : pair.start]
    others = terms.heads[2] | {window.begins and window.begins.date() for window in windows[-MAX_READINGS:]}
    on = Dated(first, ("the window before it",))
    one_day = wall.ends and wall.ends.date() == first
    return on if one_day and (near or len(others) == 1) else _doubtful(on, pair, terms, [first, first + DAY])


def _doubtful(dated: Dated, pair: Pair, terms: Terms, readings: Sequence[object]) -> Dated:
    ask = asked("which-day", terms.text, pair, readings=readings, here=dated.date)
    return replace(dated, questions=(*dated.questions, ask))


def _window(wall: Window, terms: Terms, default: Zone | None) -> Window:
    """The instants of a wall-clock window, and the words that each value rests on."""
    pair, text, asks = wall.pair, terms.text, list(wall.questions)
    free = terms.free_zones[:1] if len({word.name for word in terms.free_zones}) == 1 or not default else ()
    said = next((point.zones for point in pair.points if point.zones), tuple(free))
    evidence: dict[str, Evidence] = {}
    instants: dict[str, datetime] = {}
    name = ""
    for key, when, point, term, inferred in (
        ("start", wall.begins, pair.first, pair.first, wall.inferred_start),
        ("end", wall.ends, pair.last or pair.first, pair.last or pair.length or pair.first, wall.inferred_end),
    ):
        if when is not None:
            zones = point.zones or said
            instants[key], zone, questions = _placed(when, point, zones, default, text)
            name = name or zone
            asks += (ask for ask in questions if ask.name == "dst" or ask.name not in [a.name for a in asks])
            evidence[key] = evidence_of(term, text, "; ".join(inferred))
            unsaid = Evidence("", 0, "defaulted", default.name if default else "no zone is named")
            evidence.setdefault("timezone", evidence_of(zones[0], text) if zones else unsaid)
    start, end = instants.get("start"), instants.get("end")
    if start and end and end <= start:
        asks.append(asked("end-before-start", text, pair))
        end = None
    if _AVAILABLE.search(pair.first.lead + pair.first.inner):
        asks.append(asked("available", text, Term(*terms.sentences.around(pair.first.clock.start)), here=wall.begins))
    return replace(wall, start=start, end=end, zone=name, evidence=evidence, questions=tuple(asks))


def _placed(
    wall: datetime, point: Point, words: Sequence[ZoneWord], default: Zone | None, text: Text
) -> tuple[datetime, str, list[Question]]:
    """The aware time of a point in the first zone named, else in the default, else in UTC; its zone, its questions."""
    aware, name, meant = placed(wall, words[0] if words else None, default)
    asks = []
    if meant.kind:
        here = aware.isoformat(timespec="minutes") if meant.kind == "dst" else name
        about = point if meant.kind == "dst" or not words else words[0]
        asks.append(asked(meant.kind, text, about, reason=meant.reason, here=here))
    for word in words[1:]:
        other, _, unclear = placed(wall, word, default)
        if other != aware and not unclear.kind:
            reason = f"{words[0].name} and {word.name} differ here"
            asks.append(asked("tz-conflict", text, word, reason=reason, here=words[0].name))
    if point.other:
        clock, zones = point.other
        again = wall.replace(hour=clock.hour % 24, minute=clock.minute % 60)
        if all(placed(again + step * DAY, zones[0], default)[0] != aware for step in (-1, 0, 1)):
            reason = f"it is another moment than {wall:%H:%M} as written before it"
            asks.append(asked("tz-conflict", text, clock, reason=reason, here=f"{wall:%H:%M}"))
    return aware, name, asks


def _whole(group: Days, terms: Terms, zone: Zone | None, asks: tuple[Question, ...]) -> Window:
    """A whole day, or the days of a range: from the first midnight to the last."""
    first = terms.dates.of(group.days, None, group.last)
    last = terms.dates.of(group.last, first.date, group.days) if group.last else first
    clock, zones = Clock(group.start, group.end, 0), tuple(terms.free_zones[:1])
    midnight = Point(group.start, group.end, clock, before=group, zones=zones)
    start = datetime.combine(first.date, time()) if first.date else None
    end = datetime.combine(last.date + DAY, time()) if last.date else None
    questions = (*first.questions, *(last.questions if group.last else ()), *asks)
    wall = Window(
        Pair(group.start, group.end, midnight, midnight), start, end, first.inferred, last.inferred, questions
    )
    return replace(_window(wall, terms, zone), all_day=True)


def _from_parts(single: Sequence[Point], terms: Terms, zone: Zone | None) -> list[Window]:
    """What is known if no pair was found: a start, an end, or a day alone."""
    windows: list[Window] = []
    for point in single:
        ends = _ENDS.search(point.lead[-80:] + point.inner)
        ask = asked("start-missing" if ends else "end-missing", terms.text, point)
        hour = Length(point.start, point.end, timedelta(hours=1))
        for wall in _walls_of(Pair(point.start, point.end, point, None, hour), windows, terms):
            known = replace(wall, begins=None, ends=wall.begins) if ends else replace(wall, ends=None)
            windows.append(_window(replace(known, questions=(*wall.questions, ask)), terms, zone))
    since = terms.dates.published or date.min
    past = {id(group) for group, on in terms.heads[1] if on.date and on.date < since and not group.last}
    days = [group for group in terms.groups if id(group) not in past]
    return windows or [_whole(group, terms, zone, (asked("no-times", terms.text, group),)) for group in days]


def _distinct(windows: Iterable[Window], terms: Terms) -> list[Window]:
    """Each window once; windows that overlap ask which one is right, and those of the past whether they are history."""
    kept: dict[object, Window] = {}
    for window in windows:
        key = (window.start, window.end) if window.start else id(window)
        if key not in kept or len(window.questions) < len(kept[key].questions):
            kept[key] = window
    spans = sorted(((w.start, w.end, id(w)) for w in kept.values() if w.start and w.end), key=lambda span: span[:2])
    overlapping = {id_ for one, next_ in pairwise(spans) if next_[0] < one[1] for id_ in (one[2], next_[2])}
    published, asking = terms.dates.published, []
    for window in kept.values():
        begin, end = terms.sentences.near(window.pair, 300)
        was = _PAST.search(terms.text.low, begin, end) and not _COMING.search(terms.text.low, begin, end)
        past = was or (published and window.end and window.end.date() < published)
        names = ("overlap",) * (id(window) in overlapping) + ("past-window",) * bool(past)
        asks = (asked(name, terms.text, window.pair) for name in names)
        asking.append(replace(window, questions=(*window.questions, *asks)))
    return asking


def _walls_of(pair: Pair, windows: Sequence[Window], terms: Terms) -> list[Window]:
    """The windows of a pair: one, or one for each day that it names or that is above it."""
    dates, first, last, context = terms.dates, pair.first, pair.last, None
    several = next((days for point in pair.points for days in (point.before, point.behind) if days and days.last), None)
    if not first.days and not several:
        group, context = _day_around(pair, windows, terms)
        several = group if group and group.last else None
    if several:
        return _on_several_days(pair, several, terms)
    start = dates.of(first.all_days, None, last.all_days if last else ()) if first.days else context
    beside = start.date if start else None
    end = dates.of(last.days.days, beside, first.all_days) if last and last.days else None
    if context and beside and end and end.date and not timedelta(0) <= end.date - beside <= DAY:
        start = None
    return [_wall(pair, terms, start, end)]


def _on_several_days(pair: Pair, days: Days, terms: Terms) -> list[Window]:
    """The windows on days that a list or a range names: one each day, one over a night, or one over all of them."""
    dates, every, text = terms.dates, (*days.days, *days.last), terms.text
    bare = replace(pair, first=replace(pair.first, before=None, behind=None))
    bare = replace(bare, last=pair.last and replace(pair.last, before=None, behind=None))
    begins, ends = _times(pair, terms)[0]
    overnight = pair.last is not None and ends <= begins
    first = dates.of(days.days, None, every)
    near = text.low[max(0, pair.start - 40) : pair.end + 40]
    if days.listed:
        dated = [first, *(dates.of([day], None, every) for day in days.last)]
        neighbours = any(a.date and a.date + DAY == b.date for a, b in pairwise(dated))
        ask = asked("several-days", text, pair, here="one window each day")
        asks = (ask,) if overnight and neighbours and not _EACH.search(near) else ()
        return [_wall(bare, terms, replace(one, questions=(*one.questions, *asks)), None) for one in dated]
    last = dates.of(days.last, first.date, days.days)
    if overnight and first.date and last.date == first.date + DAY and "weekend" not in near:
        return [_wall(bare, terms, replace(first, questions=(*first.questions, *last.questions)), None)]
    wall = _wall(bare, terms, first, last)
    if wall.begins and wall.ends:
        ask = asked("several-days", text, pair, here=f"one window, {span_in_words(wall.begins, wall.ends)}")
        wall = replace(wall, questions=(*wall.questions, ask))
    return [wall]


def _wall(pair: Pair, terms: Terms, start_day: Dated | None, end_day: Dated | None) -> Window:
    """The likeliest reading of a pair that begins and ends on these days, with what must be asked."""
    text, days = terms.text, [day for day in (start_day, end_day) if day]
    asks = [ask for day in days for ask in day.questions]
    rough = ((point, f"{point.clock.hour % 24:02}:{point.clock.minute:02}") for point in pair.points if point.rough)
    asks += (asked("approximate", text, point, here=here) for point, here in rough)
    inferred = start_day.inferred if start_day else ("the day of the end",)
    bad = next((point.clock for point in pair.points if point.clock.form == "bad"), None)
    known = all(day.date for day in days)
    if days and known and not bad and (readings := _readings(pair, terms, start_day, end_day)):
        (start, end), _ = readings[0]
        how_end = ("the day of the start" if end.date() == start.date() else "the night",)
        if pair.length:
            how_end = (f"the start, and the length: {text.quote(pair.length.start, pair.length.end)}",)
        open_ = _asked_of(pair, text, readings)
        return Window(pair, start, end, inferred, end_day.inferred if end_day else how_end, (*asks, *open_))
    if bad:
        asks.append(asked("malformed-time", text, bad))
    elif known:
        asks.append(asked("end-before-start" if days else "date-missing", text, pair))
    on = start_day.date if start_day and pair.first.clock != bad else None
    start_alone = datetime.combine(on, _times(pair, terms)[0][0]) if on else None
    return Window(pair, start_alone, None, inferred, (), tuple(asks))


def _asked_of(pair: Pair, text: Text, readings: Sequence[tuple[Span, str]]) -> Iterator[Question]:
    """What the readings of a pair leave open."""
    (start, end), kind = readings[0]
    if len(readings) > 1:
        words = [span_in_words(*span) for span, _ in readings[:3]]
        yield asked(readings[1][1] or kind, text, pair, readings=words, here=words[0])
    if pair.length and pair.length.loose:
        yield asked("approximate", text, pair.length, here=span_in_words(start, end))
    if end - start > _LONGEST_WINDOW:
        yield asked("window-too-long", text, pair, here=(end - start).days)


def _readings(pair: Pair, terms: Terms, start_day: Dated | None, end_day: Dated | None) -> list[tuple[Span, str]]:
    """The spans that a pair can mean, the likeliest first; each with the kind of question that it raises."""
    times, (starts, ends) = _times(pair, terms), (day.date if day else None for day in (start_day, end_day))
    midnight = any(point.clock.form == "midnight" or point.clock.hour == 24 for point in pair.points)
    kind = "unclear-time" if len(times) > 1 else "midnight" if midnight else "which-day"
    spans = list(dict.fromkeys(span for both in times for span in _spans(pair, *both, starts, ends)))
    sure = spans if ends or pair.length else [span for span in spans if _is_a_night(*span)]
    if sure and len(times) > 1:
        spans.sort(key=lambda span: span not in sure)
    else:
        spans = sure
    fits = [(start, end) for start, end in spans if end - start in terms.clues[2]]
    spans = fits if len(fits) == 1 and pair.last else spans
    if len(spans) == 1 and (other := _other_twelve(pair, *spans[0])):
        return [(spans[0], "midnight"), (other, "midnight")]
    if spans and _is_late_tonight(pair, spans[0][0]):
        start, end = spans[0]
        spans[1:] = [(start + DAY, end + DAY)]
    return [(span, kind) for span in spans]


def _spans(pair: Pair, first: time, last: time, start_day: date | None, end_day: date | None) -> Iterator[Span]:
    """Every span from `first` to `last` on the days that are known; a day that is not stated follows the other."""
    for start in _starts(pair, first, start_day, end_day):
        if pair.length:
            yield start, start + pair.length.length
            continue
        for end in _ends(pair, start, last, end_day if start_day else None):
            on_its_day = start_day or end_day in (end.date(), end.date() - DAY)
            if on_its_day and start < end and (end - start <= DAY or (start_day and end_day)):
                yield start, end


def _starts(pair: Pair, first: time, start_day: date | None, end_day: date | None) -> Iterator[datetime]:
    """The start on its day; a midnight behind "from", or on another day than the end, can also begin the next."""
    clock, other_day = pair.first.clock, start_day and end_day not in (None, start_day)
    either = clock.hour == 24 or (clock.form == "midnight" and (pair.first.behind is not None or other_day))
    for on in [start_day] if start_day else [end_day - DAY, end_day] if end_day else []:
        yield datetime.combine(on, first)
        if either:
            yield datetime.combine(on, first) + DAY


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


def _times(pair: Pair, terms: Terms) -> list[tuple[time, time]]:
    """Both times by the 24-hour clock: one reading, or several if a time may be in either half of the day."""
    first = pair.first.clock
    last = pair.last.clock if pair.last else first
    firsts, lasts = _options(first, last, terms), _options(last, first, terms)
    if len(firsts) > 1 and last.half and first.form != "24" and first.hour < 12:
        in_half = [a for a in firsts if a < lasts[0] and (a.hour < 12) == (last.half == "am")]
        firsts = in_half or firsts
    alike = [(a, b) for a, b in zip(firsts, lasts, strict=False) if b > a and len(lasts) == len(firsts)]
    return list(dict.fromkeys([*alike, *product(firsts, lasts)]))


def _options(clock: Clock, beside: Clock, terms: Terms) -> list[time]:
    """The times of day that a clock time can mean, beside the other one of its pair."""
    written = time(clock.hour % 24, clock.minute % 60, clock.second % 60)
    if clock.half or clock.form in ("noon", "midnight", "bad") or not 0 < clock.hour <= 12:
        return [written]
    words = terms.text.low[clock.start : clock.end]
    padded = clock.start < beside.start and ":" in words and "h" not in words
    if clock.form == "24" and not (padded and beside.half == "pm"):  # 02:00 to 05:00 pm, but not 0900hrs to 5 pm
        return [written]
    plain, (shows_24, shows_halves, _) = beside.form == "24" and not beside.half, terms.clues
    late = clock.hour >= 10 and (plain or (not shows_halves and beside.hour >= 10))
    sure = late or (shows_24 and (not shows_halves or (plain and beside.hour > 12)))
    if sure and clock.form != "bare":
        return [written]
    return [written, written.replace(hour=(clock.hour + 12) % 24)]
