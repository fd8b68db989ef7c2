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
from datetime import datetime, time, timedelta
from functools import cached_property

from icms_calendar.notice.instants import placed
from icms_calendar.notice.points import Days, Pair, Point
from icms_calendar.notice.questions import asked, span_in_words
from icms_calendar.notice.reading import Evidence, Question
from icms_calendar.notice.sentences import Sentences, is_dateline
from icms_calendar.notice.terms import Clock, Length, Term, ZoneWord
from icms_calendar.notice.text import Text
from icms_calendar.notice.walls import Clues, Wall, walls_of
from icms_calendar.notice.when import DAY, Dated, Dates
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
_SAME_SPAN = re.compile(r"[)\s]{0,2}(?:[(/=;|]|,?\sor\s)[\s(]{0,2}")
MAX_READINGS = 4  # days that a question names


@dataclass(frozen=True)
class Terms:
    """The temporal terms of a text, and the text with them blanked out."""

    text: Text
    masked: str
    clocks: tuple[Clock, ...]
    lengths: tuple[Length, ...]
    points: tuple[Point, ...]  # those that no words exclude from a window
    groups: tuple[Days, ...]  # days that belong to no point, and that no words exclude
    free_zones: tuple[ZoneWord, ...]
    roles: tuple[tuple[Term, str], ...]
    sentences: Sentences
    dates: Dates

    @cached_property
    def heads(self) -> tuple[tuple[Days, Dated], ...]:
        """The days outside of points with their dates; datelines only if there are no others."""
        own = [group for group in self.groups if not is_dateline(group, self.text.plain, self.sentences)]
        return tuple((group, self.dates.of(group.days)) for group in own or self.groups)

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
    windows = [*_from_pairs(pairs, terms, zone), *_all_days(terms, zone)]
    if not windows:
        windows, single = _from_parts(single, terms, zone), ()
    return _distinct(windows, terms), single


def _from_pairs(pairs: Sequence[Pair], terms: Terms, zone: Zone | None) -> list[Window]:
    windows: list[Window] = []
    for i, pair in enumerate(pairs):
        if windows and _is_in_another_zone(pair, windows[-1], terms):
            windows[-1] = _compared(pair, windows[-1], terms, zone)
            continue
        filled, context = _with_context(pair, pairs, i, windows, terms)
        windows += (_window(wall, terms, zone) for wall in walls_of(filled, terms.clues, context))
    return windows


def _is_in_another_zone(pair: Pair, before: Window, terms: Terms) -> bool:
    """Whether a pair is the one before it by another zone's clock: `10 pm to 11 pm EAT (7 pm to 8 pm UTC)`."""
    names, other = ({word.name for point in one.points for word in point.zones} for one in (pair, before.wall.pair))
    return (
        bool(names) and names != other and bool(_SAME_SPAN.fullmatch(terms.masked[before.wall.pair.end : pair.start]))
    )


def _compared(pair: Pair, before: Window, terms: Terms, zone: Zone | None) -> Window:
    """The window, with a question if the pair in another zone is another window."""
    if before.start is None or before.wall.start is None:
        return before
    word = next(word for point in pair.points for word in point.zones)
    days = (Dated(before.wall.start.date() + step * DAY) for step in (-1, 0, 1))
    starts = [wall.start for day in days for wall in walls_of(pair, terms.clues, day) if wall.start]
    if any(placed(start, pair.first, (word,), zone, terms.text).when == before.start for start in starts):
        return before
    here = span_in_words(before.start, before.end or before.start)
    ask = asked("tz-conflict", terms.text, pair, reason="it is another time than the one before it", here=here)
    return replace(before, questions=(*before.questions, ask))


def _with_context(
    pair: Pair, pairs: Sequence[Pair], i: int, windows: Sequence[Window], terms: Terms
) -> tuple[Pair, Dated | None]:
    """The pair with the days that the words around it give, if it begins without a day of its own."""
    if pair.first.days or (pair.last and pair.last.days and pair.last.days.last):
        return pair, None
    heads, starts = terms.heads, [group.start for group, _ in terms.heads]
    above = heads[bisect_left(starts, pairs[i - 1].end if i else 0) : bisect_left(starts, pair.start)]
    only = {dated.date for _, dated in heads} - {None}
    if above and (len({dated.date for _, dated in above}) == 1 or len(only) == 1):
        return _under(pair, *max(above, key=lambda head: (any(day.is_date for day in head[0].days), head[0].start)))
    if pair.last and pair.last.days:
        return pair, None
    if above:
        nearest = above[-1][1]
        readings = sorted(one for one in only if one)[:MAX_READINGS]
        ask = asked("which-day", terms.text, pair, readings=readings, here=nearest.date)
        return pair, replace(nearest, questions=(*nearest.questions, ask))
    behind = pairs[i + 1] if i + 1 < len(pairs) and not windows else None
    if behind and terms.sentences.same(pair.start, behind.start):
        for days in (point.days for point in behind.points if point.days):
            return pair, terms.dates.of(days.days)
    if windows and (before := windows[-1].wall).start and before.end:
        on, gap = before.start.date(), terms.text.plain[before.pair.end : pair.start]
        same = terms.sentences.same(before.pair.start, pair.start) or "\n" in gap
        others = only | {window.wall.start and window.wall.start.date() for window in windows[-MAX_READINGS:]}
        sure = (len(others) == 1 or same) and before.end.date() == on
        ask = asked("which-day", terms.text, pair, readings=[on, on + DAY], here=on)
        return pair, Dated(on, ("the window before it",), () if sure else (ask,))
    if len(only) == 1:
        return _under(pair, *next(head for head in heads if head[1].date))
    return pair, None


def _under(pair: Pair, group: Days, dated: Dated) -> tuple[Pair, Dated | None]:
    """A pair below a day; several days are those of the pair."""
    if group.last:
        return replace(pair, first=replace(pair.first, before=group)), None
    return pair, dated


def _window(wall: Wall, terms: Terms, default: Zone | None) -> Window:
    """The instants of a wall-clock window, and the words that each value rests on."""
    pair, text, asks = wall.pair, terms.text, list(wall.questions)
    said = next((point.zones for point in pair.points if point.zones), ())
    if not said and terms.free_zones and (len({word.name for word in terms.free_zones}) == 1 or not default):
        said = terms.free_zones[:1]
    evidence: dict[str, Evidence] = {}
    instants: list[datetime | None] = []
    name = ""
    ends = (pair.last or pair.first, pair.last or pair.length or pair.first, wall.inferred_end)
    for field, when, (point, term, inferred) in (
        ("start", wall.start, (pair.first, pair.first, wall.inferred_start)),
        ("end", wall.end, ends),
    ):
        if when is None:
            instants.append(None)
            continue
        zones = point.zones or said
        at = placed(when, point, zones, default, text)
        asks += (ask for ask in at.questions if ask.name == "dst" or ask.name not in [a.name for a in asks])
        instants.append(at.when)
        name = name or at.zone
        how = ("inferred", "; ".join(inferred)) if inferred else ("stated", "")
        evidence[field] = evidence_of(term, text, *how)
        of = default.name if default else "no zone is named"
        evidence.setdefault("timezone", evidence_of(zones[0], text) if zones else Evidence("", 0, "defaulted", of))
    start, end = instants
    if start and end and end <= start:
        asks.append(asked("end-before-start", text, pair))
        end = None
    if _AVAILABLE.search(pair.first.lead + pair.first.inner):
        sentence = Term(*terms.sentences.around(pair.first.clock.start))
        asks.append(asked("available", text, sentence, here=wall.start))
    return Window(wall, start, end, name, evidence, tuple(asks))


def evidence_of(term: Term, text: Text, how: str = "stated", of: str = "") -> Evidence:
    """The words of a term as evidence."""
    return Evidence(text.quote(term.start, term.end), text.place(term.start), how, of)


def _all_days(terms: Terms, zone: Zone | None) -> list[Window]:
    """`All day on Friday 25 December 2026`; two days that a range joins are both whole."""
    masked = terms.masked
    return [
        _whole(group, terms, zone, ())
        for group in terms.groups
        if _ALL_DAY_BEFORE.search(masked[max(0, group.start - 20) : group.start])
        or _ALL_DAY_BEHIND.match(masked[group.end : group.end + 20])
    ]


def _whole(group: Days, terms: Terms, zone: Zone | None, asks: tuple[Question, ...]) -> Window:
    first = terms.dates.of(group.days, None, group.last)
    last = terms.dates.of(group.last, first.date, group.days) if group.last else first
    midnight = Point(group.start, group.end, Clock(group.start, group.end, 0), before=group, zones=terms.free_zones[:1])
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
        hour = Length(point.start, point.end, timedelta(hours=1))
        filled, context = _with_context(Pair(point.start, point.end, point, None, hour), [], 0, windows, terms)
        for wall in walls_of(filled, terms.clues, context):
            asks = (*wall.questions, asked("start-missing" if ends else "end-missing", terms.text, point))
            known = replace(wall, start=None, end=wall.start) if ends else replace(wall, end=None)
            windows.append(_window(replace(known, questions=asks), terms, zone))
    published = terms.dates.published
    past = [
        group for group, dated in terms.heads if published and dated.date and dated.date < published and not group.last
    ]
    days = [group for group in terms.groups if group not in past]
    return windows or [_whole(group, terms, zone, (asked("no-times", terms.text, group),)) for group in days]


def _distinct(windows: Sequence[Window], terms: Terms) -> list[Window]:
    """Each window once; windows that overlap ask which one is right, and those of the past whether they are history."""
    kept: dict[object, Window] = {}
    for window in windows:
        key = (window.start, window.end) if window.start else id(window)
        if key not in kept or len(window.questions) < len(kept[key].questions):
            kept[key] = window
    overlapping = _overlapping(kept.values())
    published = terms.dates.published
    asking: list[Window] = []
    for window in kept.values():
        begin, end = terms.sentences.around(window.wall.pair.start)
        begin, end = max(begin, window.wall.pair.start - 300), min(end, window.wall.pair.end + 300)
        was = _PAST.search(terms.text.low, begin, end) and not _COMING.search(terms.text.low, begin, end)
        past = was or (published and window.end and window.end.date() < published)
        names = ("overlap",) * (id(window) in overlapping) + ("past-window",) * bool(past)
        asks = [asked(name, terms.text, window.wall.pair) for name in names]
        asking.append(replace(window, questions=(*window.questions, *asks)))
    return asking


def _overlapping(windows: Iterable[Window]) -> set[int]:
    """The ids of the windows that overlap another one."""
    spans = sorted(((w.start, w.end, id(w)) for w in windows if w.start and w.end), key=lambda span: span[:2])
    found: set[int] = set()
    latest = 0
    for i in range(1, len(spans)):
        if spans[i][0] < spans[latest][1]:
            found |= {spans[i][2], spans[latest][2]}
        if spans[i][1] > spans[latest][1]:
            latest = i
    return found
