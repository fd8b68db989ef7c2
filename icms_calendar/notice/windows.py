"""Pairs to windows: the day that the words around a pair give it, its instants, and what it rests on.

day      that of the pair; else of the day above it; else of the pair behind it; else of the window before it
zone     of the time; else of the other time; else the one that the notice names for all; else the default
all day  "all day" beside a day: from its first midnight to the next
part     without any pair, a single time is a start or an end, and a day alone is a whole day with a question
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from icms_calendar.notice.account import Sentences, is_dateline
from icms_calendar.notice.groups import Days
from icms_calendar.notice.instants import placed
from icms_calendar.notice.pairs import Pair
from icms_calendar.notice.points import Point
from icms_calendar.notice.questions import asked, span_in_words
from icms_calendar.notice.reading import Evidence, Question
from icms_calendar.notice.terms import Clock, Length, Term, ZoneWord
from icms_calendar.notice.text import Text
from icms_calendar.notice.walls import Clues, Wall, walls_of
from icms_calendar.notice.when import DAY, Dated, Dates
from icms_calendar.record.zones import Zone

_ALL_DAY = re.compile(r"\b(?:all[\s-]day|whole\sday)(?:\slong)?[\s,:]{0,2}(?:on\s|from\s|of\s)?")
_PAST = re.compile(
    r"\b(?:(?:was|were)(?!\s(?:to|scheduled|planned|announced|set|due|expected))|took\splace|last\s(?:week|month))\b"
)
_COMING = re.compile(r"\b(?:will|shall|to\sbe|is|are|scheduled|planned)\b")
_AVAILABLE = re.compile(
    r"(?<!not\s)(?<!not\sbe\s)(?<!n't\sbe\s)(?<!longer\s)(?<!longer\sbe\s)\b(?:available|open|operational|accessible)\b[^.;\n]{0,40}\Z"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The temporal terms of a text, and the text with them blanked out."""

    text: Text
    masked: str
    clocks: tuple[Clock, ...]
    lengths: tuple[Length, ...]
    zones: tuple[ZoneWord, ...]
    points: tuple[Point, ...]  # those that no words exclude from a window
    groups: tuple[Days, ...]  # days that belong to no point, and that no words exclude
    free_zones: tuple[ZoneWord, ...]
    roles: tuple[tuple[Term, str], ...]
    sentences: Sentences
    dates: Dates


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
    clues = _clues(terms)
    windows: list[Window] = []
    for i, pair in enumerate(pairs):
        if windows and _is_in_another_zone(pair, windows[-1], terms):
            if ask := _compared(pair, windows[-1], clues, zone):
                windows[-1] = replace(windows[-1], questions=(*windows[-1].questions, ask))
            continue
        filled, context = _with_context(pair, pairs, i, windows, terms)
        windows += (_window(wall, terms, zone) for wall in walls_of(filled, clues, context))
    return windows


def _clues(terms: Terms) -> Clues:
    plain = any(clock.form == "24" and not clock.half for clock in terms.clocks)
    halves = any(clock.half or clock.form == "noon" for clock in terms.clocks)
    lengths = frozenset(length.length for length in terms.lengths if not length.loose)
    return Clues(terms.text, terms.dates, plain, halves, lengths)


def _is_in_another_zone(pair: Pair, before: Window, terms: Terms) -> bool:
    """Whether a pair is the one before it by another zone's clock: `10 pm to 11 pm EAT (7 pm to 8 pm UTC)`."""
    points = (
        before.wall.pair.first,
        before.wall.pair.last or before.wall.pair.first,
        pair.first,
        pair.last or pair.first,
    )
    names = [{word.name for word in (*one.zones, *other.zones)} for one, other in (points[:2], points[2:])]
    gap = terms.masked[before.wall.pair.end : pair.start]
    return (
        bool(names[1]) and names[0] != names[1] and bool(re.fullmatch(r"[)\s]{0,2}(?:[(/=;|]|,?\sor\s)[\s(]{0,2}", gap))
    )


def _compared(pair: Pair, before: Window, clues: Clues, zone: Zone | None) -> Question | None:
    """The question if a pair in another zone is not the window before it."""
    if before.start is None or before.wall.start is None:
        return None
    word = (pair.first.zones or (pair.last or pair.first).zones)[0]
    for step in (-1, 0, 1):
        context = Dated(before.wall.start.date() + step * DAY)
        for wall in walls_of(pair, clues, context):
            if wall.start and placed(wall.start, pair.first, (word,), zone, clues.text).when == before.start:
                return None
    reason = "it is another time than the one before it"
    return asked(
        "tz-conflict", clues.text, pair, reason=reason, here=span_in_words(before.start, before.end or before.start)
    )


def _with_context(
    pair: Pair, pairs: Sequence[Pair], i: int, windows: Sequence[Window], terms: Terms
) -> tuple[Pair, Dated | None]:
    """The pair with the days that the words around it give, if it begins without a day of its own."""
    if pair.first.days or (pair.last and pair.last.days and pair.last.days.last):
        return pair, None
    since = pairs[i - 1].end if i else 0
    groups = [
        group for group in terms.groups if not is_dateline(group, terms.text.plain, terms.sentences)
    ] or terms.groups
    above = [group for group in groups if since <= group.start < pair.start]
    dated = {id(group): terms.dates.of(group.days) for group in groups}
    days = {one.date for one in dated.values()}
    if above and (len(above) == 1 or len({dated[id(group)].date for group in above}) == 1 or len(days) == 1):
        fullest = max(above, key=lambda group: (any(day.is_date for day in group.days), group.start))
        return _under(pair, fullest, dated[id(fullest)])
    if pair.last and pair.last.days:
        return pair, None
    if above:
        nearest = above[-1]
        ask = asked("which-day", terms.text, pair, readings=sorted(filter(None, days)), here=dated[id(nearest)].date)
        one = dated[id(nearest)]
        return pair, replace(one, questions=(*one.questions, ask))
    behind = pairs[i + 1] if i + 1 < len(pairs) else None
    if behind and not windows and terms.sentences.same(pair.start, behind.start):
        days_behind = behind.first.days or (behind.last.days if behind.last else None)
        if days_behind:
            return pair, terms.dates.of(days_behind.days)
    if windows and (before := windows[-1].wall).start and before.end:
        same = (
            terms.sentences.same(before.pair.start, pair.start)
            or "\n" in terms.text.plain[before.pair.end : pair.start]
        )
        on = before.start.date()
        only = {one.date for one in dated.values()} | {
            window.wall.start and window.wall.start.date() for window in windows
        }
        sure = (len(only) == 1 or same) and before.end.date() == on
        return pair, Dated(on, ("the window before it",), () if sure else _which(pair, on, terms))
    free = [one for one in dated.values() if one.date]
    if len({one.date for one in free}) == 1:
        group = next(group for group in groups if dated[id(group)].date)
        return _under(pair, group, dated[id(group)])
    return pair, None


def _which(pair: Pair, on: date, terms: Terms) -> tuple[Question, ...]:
    return (asked("which-day", terms.text, pair, readings=[on, on + DAY], here=on),)


def _under(pair: Pair, group: Days, dated: Dated) -> tuple[Pair, Dated | None]:
    """A pair below a day; several days are those of the pair."""
    if group.last:
        return replace(pair, first=replace(pair.first, before=group)), None
    return pair, dated


def _window(wall: Wall, terms: Terms, default: Zone | None) -> Window:
    pair = wall.pair
    words = [point.zones for point in (pair.first, pair.last) if point and point.zones]
    names = {word.name for word in terms.free_zones}
    free = terms.free_zones[:1] if len(names) == 1 or (names and not default) else ()
    asks = list(wall.questions)
    evidence: dict[str, Evidence] = {}
    instants: dict[str, datetime] = {}
    name = ""
    for field, when, point in (("start", wall.start, pair.first), ("end", wall.end, pair.last or pair.first)):
        if when is None:
            continue
        zones = point.zones or (words[0] if words else free)
        at = placed(when, point, zones, default, terms.text)
        asks += (ask for ask in at.questions if ask.name not in [a.name for a in asks] or ask.name == "dst")
        instants[field], name = at.when, name or at.zone
        evidence[field] = evidence_of(
            pair.first if field == "start" else pair.last or pair.length or pair.first, terms.text, *_how(wall, field)
        )
        said = zones[0] if zones else None
        evidence.setdefault("timezone", _zone_evidence(said, default, terms.text))
    start, end = instants.get("start"), instants.get("end")
    if start and end and end <= start:
        asks.append(asked("end-before-start", terms.text, pair))
        end = None
    if _AVAILABLE.search(pair.first.lead + pair.first.inner):
        begin, until = terms.sentences.around(pair.first.clock.start)
        asks.append(asked("available", terms.text, Term(begin, until), here=wall.start))
    return Window(wall, start, end, name, evidence, tuple(asks))


def _how(wall: Wall, field: str) -> tuple[str, str]:
    inferred = wall.inferred_start if field == "start" else wall.inferred_end
    return ("inferred", "; ".join(inferred)) if inferred else ("stated", "")


def evidence_of(term: Term, text: Text, how: str, of: str) -> Evidence:
    return Evidence(text.quote(term.start, term.end), text.place(term.start), how, of)


def _zone_evidence(word: ZoneWord | None, default: Zone | None, text: Text) -> Evidence:
    if word is not None:
        return evidence_of(word, text, "stated", "")
    return Evidence("", 0, "defaulted", default.name if default else "no zone is named")


def _all_days(terms: Terms, zone: Zone | None) -> list[Window]:
    """`All day on Friday 25 December 2026`; two days that a range joins are both whole."""
    windows = []
    for group in terms.groups:
        before = terms.masked[max(0, group.start - 20) : group.start]
        if re.search(_ALL_DAY.pattern + r"\Z", before) or re.match(
            r"[\s,:(-]{0,3}" + _ALL_DAY.pattern, terms.masked[group.end : group.end + 20]
        ):
            windows.append(_whole(group, terms, zone, ()))
    return windows


def _whole(group: Days, terms: Terms, zone: Zone | None, asks: tuple[Question, ...]) -> Window:
    first = terms.dates.of(group.days, None, group.last)
    last = terms.dates.of(group.last, first.date, group.days) if group.last else first
    midnight = Point(group.start, group.end, Clock(group.start, group.end, 0), before=group, zones=terms.free_zones[:1])
    pair = Pair(group.start, group.end, midnight, midnight)
    start = datetime.combine(first.date, time()) if first.date else None
    end = datetime.combine(last.date + DAY, time()) if last.date else None
    questions = (*first.questions, *(last.questions if last is not first else ()), *asks)
    wall = Wall(pair, start, end, first.inferred, last.inferred, questions)
    return replace(_window(wall, terms, zone), all_day=True)


def _from_parts(single: Sequence[Point], terms: Terms, zone: Zone | None) -> list[Window]:
    """What is known if no pair was found: a start, an end, or a day alone."""
    clues = _clues(terms)
    windows: list[Window] = []
    for point in single:
        ends = re.search(
            r"\b(?:until|till|end\w*|by|conclud\w+|complet\w+|restor\w+)\b[^.]{0,20}\Z", point.lead + point.inner
        )
        filled, context = _with_context(Pair(point.start, point.end, point, None), [], 0, windows, terms)
        length = Length(point.start, point.end, timedelta(hours=1))
        for wall in walls_of(replace(filled, length=length), clues, context):
            name = "start-missing" if ends else "end-missing"
            asks = (*wall.questions, asked(name, terms.text, point))
            known = replace(wall, start=None, end=wall.start) if ends else replace(wall, end=None)
            windows.append(_window(replace(known, questions=asks), terms, zone))
    if windows:
        return windows
    coming = [group for group in terms.groups if not _is_past(group, terms)]
    return [_whole(group, terms, zone, (asked("no-times", terms.text, group),)) for group in coming]


def _is_past(group: Days, terms: Terms) -> bool:
    on = terms.dates.of(group.days).date
    return bool(on and terms.dates.published and on < terms.dates.published and not group.last)


def _distinct(windows: Sequence[Window], terms: Terms) -> list[Window]:
    """Each window once; windows that overlap ask which one is right, and those of the past whether they are history."""
    kept: list[Window] = []
    for window in windows:
        same = next(
            (i for i, w in enumerate(kept) if window.start and (w.start, w.end) == (window.start, window.end)), None
        )
        if same is None:
            kept.append(window)
        elif len(window.questions) < len(kept[same].questions):
            kept[same] = window
    asking: list[Window] = []
    plain = terms.text.low
    published = terms.dates.published
    for i, window in enumerate(kept):
        asks = window.questions
        if any(_overlap(window, other) for j, other in enumerate(kept) if j != i):
            asks = (*asks, asked("overlap", terms.text, window.wall.pair))
        begin, end = terms.sentences.around(window.wall.pair.start)
        was = _PAST.search(plain, begin, end) and not _COMING.search(plain, begin, end)
        if (published and window.end and window.end.date() < published) or was:
            asks = (*asks, asked("past-window", terms.text, window.wall.pair))
        asking.append(replace(window, questions=asks))
    return asking


def _overlap(one: Window, other: Window) -> bool:
    if not (one.start and one.end and other.start and other.end):
        return False
    return one.start < other.end and other.start < one.end
