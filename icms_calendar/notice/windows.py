"""Pairs to windows: the day that the words around a pair give it, its instants, and what it rests on.

day      that of the pair; else of the day above it; else of the pair behind it; else of the window before it
zone     of the time; else of the other time; else the one that the notice names for all; else the default
all day  "all day" beside a day: from its first midnight to the next
part     without any pair, a single time is a start or an end, and a day alone is a whole day with a question
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from itertools import pairwise

from icms_calendar.findings import CalendarError
from icms_calendar.notice.offsets import ZoneWordError, instant_in
from icms_calendar.notice.points import Days, Pair, Point
from icms_calendar.notice.reading import Evidence, Question, asked
from icms_calendar.notice.sentences import Sentences, is_dateline
from icms_calendar.notice.terms import Clock, Length, Term, ZoneWord
from icms_calendar.notice.text import Text
from icms_calendar.notice.walls import Clues, Wall, walls_of
from icms_calendar.notice.when import DAY, Dated, Dates
from icms_calendar.record.zones import Zone, known_zone, zone_named

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
_UNKNOWN = "UTC"  # if neither the notice nor the caller names a zone; always asked about
MAX_READINGS = 4  # days that a question names


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
    def clues(self) -> Clues:
        """What the whole text shows that bears on each pair."""
        plain = any(clock.form == "24" and not clock.half for clock in self.clocks)
        halves = any(clock.half or clock.form == "noon" for clock in self.clocks)
        lengths = frozenset(length.length for length in self.lengths if not length.loose)
        return Clues(self.text, self.dates, plain, halves, lengths)


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the way to a draft: its words, its instants, and what they rest on."""

    wall: Wall
    start: datetime | None
    end: datetime | None
    zone: str
    evidence: dict[str, Evidence]
    questions: tuple[Question, ...]
    all_day: bool = False


def windows_in(
    pairs: Sequence[Pair], single: Sequence[Point], terms: Terms, zone: Zone | None
) -> tuple[list[Window], Sequence[Point]]:
    """The windows of a notice, each once, and the single points that are in none of them."""
    windows: list[Window] = []
    for i, pair in enumerate(pairs):
        filled, context = _with_context(pair, pairs[i - 1 : i + 2] if i else [None, *pairs[:2]], windows, terms)
        windows += (_window(wall, terms, zone) for wall in walls_of(filled, terms.clues, context))
    for group in terms.groups:
        before, behind = terms.masked[max(0, group.start - 20) : group.start], terms.masked[group.end : group.end + 20]
        if _ALL_DAY_BEFORE.search(before) or _ALL_DAY_BEHIND.match(behind):
            windows.append(_whole(group, terms, zone, ()))
    if windows:
        return _distinct(windows, terms), single
    return _distinct(_from_parts(single, terms, zone), terms), ()


def _with_context(
    pair: Pair, around: Sequence[Pair | None], windows: Sequence[Window], terms: Terms
) -> tuple[Pair, Dated | None]:
    """The pair with the day that the words around it give, if it begins without one of its own."""
    before, behind = around[0], around[2] if len(around) > 2 else None
    own = pair.last.days if pair.last else None
    if pair.first.days or (own and own.last):
        return pair, None
    starts, heads, only = terms.heads
    above = heads[bisect_left(starts, before.end if before else 0) : bisect_left(starts, pair.start)]
    sure = len({dated.date for _, dated in above}) == 1 or len(only) == 1
    if above and sure:
        return _under(pair, *max(above, key=lambda head: (any(day.is_date for day in head[0].days), head[0].start)))
    if own:
        return pair, None
    if above:
        return pair, _doubtful(above[-1][1], pair, terms, sorted(one for one in only if one)[:MAX_READINGS])
    if behind and not windows and terms.sentences.same(pair.start, behind.start):
        for days in (point.days for point in behind.points if point.days):
            return pair, terms.dates.of(days.days)
    if windows and (wall := windows[-1].wall).start and wall.end:
        on = Dated(wall.start.date(), ("the window before it",))
        near = terms.sentences.same(wall.pair.start, pair.start) or "\n" in terms.text.plain[wall.pair.end : pair.start]
        others = only | {window.wall.start and window.wall.start.date() for window in windows[-MAX_READINGS:]}
        sure = (len(others) == 1 or near) and wall.end.date() == wall.start.date()
        return pair, on if sure else _doubtful(on, pair, terms, [wall.start.date(), wall.start.date() + DAY])
    return _under(pair, *next(head for head in heads if head[1].date)) if len(only) == 1 else (pair, None)


def _under(pair: Pair, group: Days, dated: Dated) -> tuple[Pair, Dated | None]:
    """A pair below a day; several days are those of the pair."""
    return (replace(pair, first=replace(pair.first, before=group)), None) if group.last else (pair, dated)


def _doubtful(dated: Dated, pair: Pair, terms: Terms, readings: Sequence[object]) -> Dated:
    ask = asked("which-day", terms.text, pair, readings=readings, here=dated.date)
    return replace(dated, questions=(*dated.questions, ask))


def _window(wall: Wall, terms: Terms, default: Zone | None) -> Window:
    """The instants of a wall-clock window, and the words that each value rests on."""
    pair, text, asks = wall.pair, terms.text, list(wall.questions)
    said = next((point.zones for point in pair.points if point.zones), ())
    if not said and terms.free_zones and (len({word.name for word in terms.free_zones}) == 1 or not default):
        said = tuple(terms.free_zones[:1])
    evidence: dict[str, Evidence] = {}
    instants: dict[str, datetime] = {}
    name = ""
    end_term = pair.last or pair.length or pair.first
    for field, when, point, term, inferred in (
        ("start", wall.start, pair.first, pair.first, wall.inferred_start),
        ("end", wall.end, pair.last or pair.first, end_term, wall.inferred_end),
    ):
        if when is not None:
            zones = point.zones or said
            instants[field], zone, questions = _placed(when, point, zones, default, text)
            asks += (ask for ask in questions if ask.name == "dst" or ask.name not in [a.name for a in asks])
            name = name or zone
            evidence[field] = evidence_of(term, text, "; ".join(inferred))
            of = default.name if default else "no zone is named"
            evidence.setdefault("timezone", evidence_of(zones[0], text) if zones else Evidence("", 0, "defaulted", of))
    start, end = instants.get("start"), instants.get("end")
    if start and end and end <= start:
        asks.append(asked("end-before-start", text, pair))
        end = None
    if _AVAILABLE.search(pair.first.lead + pair.first.inner):
        asks.append(asked("available", text, Term(*terms.sentences.around(pair.first.clock.start)), here=wall.start))
    return Window(wall, start, end, name, evidence, tuple(asks))


def evidence_of(term: Term, text: Text, inferred: str = "") -> Evidence:
    """The words of a term as evidence, and what its value was inferred from."""
    return Evidence(
        text.quote(term.start, term.end), text.place(term.start), "inferred" if inferred else "stated", inferred
    )


Placed = tuple[
    datetime, str, list[Question]
]  # an aware time, the IANA name of its zone if known, and what must be asked


def _placed(wall: datetime, point: Point, words: Sequence[ZoneWord], default: Zone | None, text: Text) -> Placed:
    """The instant of a wall-clock time: in the first zone named, else in the default, else in UTC with a question."""
    if not words:
        ask = [] if default else [asked("tz-missing", text, point, here=_UNKNOWN)]
        return _in_zone(default or zone_named(_UNKNOWN), wall, point, text, ask)
    instant, name, asks = _by_word(words[0], wall, point, default, text)
    for word in words[1:]:
        other, _, unclear = _by_word(word, wall, point, default, text)
        if other != instant and not unclear:
            reason = f"{words[0].name} and {word.name} differ here"
            asks.append(asked("tz-conflict", text, word, reason=reason, here=words[0].name))
    if point.other:
        clock, zones = point.other
        again = wall.replace(hour=clock.hour % 24, minute=clock.minute % 60)
        days = (again + timedelta(days=step) for step in (-1, 0, 1))
        if all(_by_word(zones[0], day, point, default, text)[0] != instant for day in days):
            reason = f"it is another moment than {wall:%H:%M} as written before it"
            asks.append(asked("tz-conflict", text, clock, reason=reason, here=f"{wall:%H:%M}"))
    return instant, name, asks


def _by_word(word: ZoneWord, wall: datetime, point: Point, default: Zone | None, text: Text) -> Placed:
    own = default or zone_named(_UNKNOWN)
    try:
        instant, name = instant_in(word, wall, default)
    except ZoneWordError as error:
        kind, reason, here = (*error.args, own)[:3]
        return _in_zone(here, wall, point, text, [asked(kind, text, word, reason=reason, here=here.name)])
    except CalendarError:  # the clock of the zone is not known then, or not this time on it
        if zone := known_zone(word.name):
            return _in_zone(zone, wall, point, text, [])
        reason = f"its clock changes are not known for {wall:%Y}"
        return _in_zone(own, wall, point, text, [asked("tz-conflict", text, word, reason=reason, here=own.name)])
    return _at(instant, zone_named(name).wall(instant)[0] if name else wall), name, []


def _in_zone(zone: Zone, wall: datetime, point: Point, text: Text, asks: list[Question]) -> Placed:
    """The instant in a zone; the nearest one, with a question, if its clock skips the time or shows it twice."""
    try:
        instant = zone.instant(wall)
    except CalendarError as error:
        try:
            instant, _ = zone.nearest_instant(wall)
        except CalendarError:
            instant = wall.replace(tzinfo=UTC)
        here = _at(instant, zone.wall(instant)[0]).isoformat(timespec="minutes")
        asks.append(asked("dst", text, point, reason=error.findings[0].message, here=here))
    return _at(instant, zone.wall(instant)[0]), zone.name, asks


def _at(instant: datetime, wall: datetime) -> datetime:
    return instant.astimezone(timezone(wall - instant.replace(tzinfo=None)))


def _whole(group: Days, terms: Terms, zone: Zone | None, asks: tuple[Question, ...]) -> Window:
    """A whole day, or the days of a range: from the first midnight to the last."""
    first = terms.dates.of(group.days, None, group.last)
    last = terms.dates.of(group.last, first.date, group.days) if group.last else first
    midnight = Point(
        group.start, group.end, Clock(group.start, group.end, 0), before=group, zones=tuple(terms.free_zones[:1])
    )
    start = datetime.combine(first.date, time()) if first.date else None
    end = datetime.combine(last.date + DAY, time()) if last.date else None
    questions = (*first.questions, *(last.questions if group.last else ()), *asks)
    wall = Wall(Pair(group.start, group.end, midnight, midnight), start, end, first.inferred, last.inferred, questions)
    return replace(_window(wall, terms, zone), all_day=True)


def _from_parts(single: Sequence[Point], terms: Terms, zone: Zone | None) -> list[Window]:
    """What is known if no pair was found: a start, an end, or a day alone."""
    windows: list[Window] = []
    for point in single:
        ends = _ENDS.search(point.lead[-80:] + point.inner)
        ask = asked("start-missing" if ends else "end-missing", terms.text, point)
        hour = Length(point.start, point.end, timedelta(hours=1))
        filled, context = _with_context(Pair(point.start, point.end, point, None, hour), [None], windows, terms)
        for wall in walls_of(filled, terms.clues, context):
            known = replace(wall, start=None, end=wall.start) if ends else replace(wall, end=None)
            windows.append(_window(replace(known, questions=(*wall.questions, ask)), terms, zone))
    published = terms.dates.published
    past = {
        id(group) for group, on in terms.heads[1] if published and on.date and on.date < published and not group.last
    }
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
        begin, end = terms.sentences.around(window.wall.pair.start)
        begin, end = max(begin, window.wall.pair.start - 300), min(end, window.wall.pair.end + 300)
        was = _PAST.search(terms.text.low, begin, end) and not _COMING.search(terms.text.low, begin, end)
        past = was or (published and window.end and window.end.date() < published)
        names = ("overlap",) * (id(window) in overlapping) + ("past-window",) * bool(past)
        asks = (asked(name, terms.text, window.wall.pair) for name in names)
        asking.append(replace(window, questions=(*window.questions, *asks)))
    return asking
