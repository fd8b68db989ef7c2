"""Days and times that belong together: groups of days, points in time, and which point ends what another begins.

    group    = day {same day}                         tonight, Thursday 4th December
             | group range group                      12 July to 14 July, between 11 August and 12 August
             | group {("," | "and") group}            12, 13 and 19 July
    point    = [group join] clock {zone} ["(" clock zone ")"] [behind group]
    join     = ["," | ":" | "|" | "-"] {"at" | "from" | "between" | "starting" | "time:" | ...}
    behind   = ["," | "("] {"on" | "of" | "the night of" | ...}
    pair     = point range point                      from 4 am to 10 am on Sunday 13 July; 22:00 - 04:00
             | "between" point "and" point
             | point ... closing point                begins at 4:00 a.m. and will conclude at 10:00 a.m.
             | label point, line label point          Start: ... / End: ...
             | point "|" point                        a row below a heading with start and end
             | point ... length                       from 10 pm for 6 hours; 10 pm (6 hours); 6 hours from 10 pm

A day behind a time belongs to that time; a day before it, to the whole pair if the end has none of its own. A closing
verb is directly before its point, maybe in the next sentence, with no other time, beginning or paragraph between.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from icms_calendar.notice.text import Clock, Day, Length, Term, ZoneWord

MAX_GAP_CHARACTERS = 240
_ROUGHLY = r"about|around|approximately|approx\.?|~|circa|ca\.?|roughly|say"
_BEHIND = re.compile(
    r"[)]?,?[ \t]?\(?(?:(?:on|of|this|the|night|morning|evening|afternoon|coming|upcoming|hours|hrs|local|time|both|"
    r"early|late|in|for)[ \t\n]?){0,6}\(?\Z"
)
_RANGE = re.compile(
    r"[)\s,]{0,3}(?:-{1,3}>?|to|un?till?|till?|through|thru|up\s?to|ending(?:\sat)?|ends|to\send\sat)[\s,(]{0,2}"
    rf"(?:(?:the|on|at|{_ROUGHLY}|exactly|after|early|latest)[ \t\n,]{{0,2}}){{0,3}}\Z"
)
_BETWEEN = re.compile(r"\b(?:between|btn)\b[^.]{0,40}\Z")
_DAY_RANGE = re.compile(
    r"[)\s,]{0,2}(?:-{1,2}|to|until|till|through|thru|and|&|/|up\sto|(?:end|ends|ending|end\sdate)\s?[:|"
    r"-])[\s,]{0,2}(?:(?:the|early|morning|of|on)\s){0,4}\Z"
)
_DAY_LIST = re.compile(r"[)\s,]{0,2}(?:,|;|and|&|,\sand)[\s]{0,2}(?:on\s|the\s)?\Z")
_RANGE_BEHIND = re.compile(r"\s?(?:-|to)\s?[\x00\x02]")
_MOVED_FROM = re.compile(r"\b(?:rescheduled|moved|postponed|shifted|brought\sforward)\sfrom\s(?:the\s)?\Z")
_DAY_SAME = re.compile(r"[\s,(:-]{0,3}\Z")
_JOIN = re.compile(
    r"(?:\.?[ \t\n,;:|(@*-]{0,4}(?:(?:the|on|at|of|a|in|times?|timings?|hours|hrs|night|early|late|morning|evening|"
    r"afternoon|exactly|local|date|day|period|window|duration|as|effective|this|from|between|begin(?:s|ning)?|"
    r"start(?:s|ing)?|"
    rf"commenc(?:es|ing|e)|(?:end|finish)\stime|by)[ \t\n,:|(-]{{0,3}}){{0,5}}(?:(?:{_ROUGHLY})\s?)?|t)\Z"
)
_ON = re.compile(r"\b(?:on|of)\b|\(")
_ZONE_JOIN = re.compile(r"[\s,(/|-]{0,3}\Z")
_ZONE_LABEL = re.compile(r"\)?[ ]?:[ \t]?\Z")
_OTHER_ZONE = re.compile(r"[)\s]{0,2}(?:[(/=;]|,?\sor|i\.e\.)[\s,(]{0,2}\Z")
_ROUGH = re.compile(
    rf"(?:{_ROUGHLY}|as\searly\sas|at\sleast|after|near|or\sso|towards?|not\sbefore|no\searlier\sthan|past|"
    rf"quarter\sto)\s?"
    r"(?:(?:at|on|the|from|between)\s){0,2}\(?\Z"
)
_ROUGH_BEHIND = re.compile(
    r"\s?\(?(?:or\s(?:so|thereabouts|later|earlier)|approx|onward|at\sthe\searliest|or\swhen|estimated|"
    r"est\.?\b(?!\s?/))|-ish\b|/[0-9]"
)
_SAME_SPAN = re.compile(r"[)\s]{0,2}(?:[(/=;|]|,?\sor\s)[\s(]{0,2}")
_AND = re.compile(rf"[)\s,]{{0,2}}(?:and|&)\s(?:(?:the|on|at|{_ROUGHLY})\s){{0,3}}\Z")
_BEGINS_AGAIN = re.compile(r"\b(?:from|between|start\w*|begin\w*|commenc\w*)\b")
_CLOSING = re.compile(
    r"\b(?:end(?:s|ed|ing)?|conclud\w+|complet\w+|finish\w*|restor\w+|resum\w+|return\w*|back|until|till|"
    r"available(?:\sagain)?|re-?open\w*|clos\w+|last(?:s|ing)?\suntil)\s?(?:(?:up|online|again|in\sservice|"
    r"to\s(?:normal|service)|operation|the|same|day|and|"
    rf"time|date|on|at|by|{_ROUGHLY}|no\slater\sthan|is|it)\b[\s,:]{{0,2}}){{0,6}}\s?[:(]?\s?\Z"
)
_END_LABEL = re.compile(
    r"(?:\A|[\n.;,|\t]|\s)\s?(?:[a-z]+\s){0,2}(?:end[es]?|finish(?:es)?|to|until|ending|stops?|completion|closes?)"
    r"\s?(?:date|time|day)?(?:\s?(?:/|and|&)\s?time)?\s?(?:\([^()]{0,20}\)\s?)?[:|\t-]\s?(?:on\s)?\Z"
)
_START_LABEL = re.compile(
    r"\n(?:[a-z]+\s){0,2}(?:starts?|begins?|from)\s?(?:date|time)?(?:\s(?:and|&)\stime)?\s?[:|]\s?\Z"
)
_HEADING = re.compile(
    r"(?m)\b(?:starts?|from|begin\w*)\b[^\n\x00\x02]{0,80}\b(?:ends?|ending|to|until|finish)\b[^\n\x00\x02]*$"
)
_LASTING = re.compile(
    r"(?:\bfor|\blast(?:ing|s)?|\btak(?:e|es|ing)|\bduration\s?:?|\bperiod\sof|\bof|\blength\s?:?|[(,-])\s?"
    rf"(?:(?:an?|the|{_ROUGHLY}|up\sto|total|period|of|estimated|is)\s){{0,4}}\Z"
)


@dataclass(frozen=True, slots=True)
class Days(Term):
    """The days of one place, each by all its names: one, the two that a range joins, or, if `listed`, several."""

    days: tuple[tuple[Day, ...], ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Point(Term):
    """A time of day, with the day and the zones that belong to it. `lead` are the words in front of it.

    `inner` and `gap` are those between it and the day before and behind.
    """

    clock: Clock
    before: Days | None = None
    behind: Days | None = None
    zones: tuple[ZoneWord, ...] = ()
    other: tuple[Clock, tuple[ZoneWord, ...]] | None = None  # the same point by another zone's clock
    lead: str = ""
    inner: str = ""
    gap: str = ""
    rough: bool = False

    @property
    def day(self) -> tuple[Day, ...]:
        """Its day by every name."""
        return tuple(day for days in (self.before, self.behind) if days for day in days.days[0])


@dataclass(frozen=True, slots=True)
class Pair(Term):
    """A point that begins something, and the point or the length that ends it."""

    first: Point
    last: Point | None
    length: Length | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """Its start, and its end if that is not given by a length."""
        return (self.first, self.last) if self.last else (self.first,)


def points_in(found: Iterable[Term], masked: str) -> tuple[list[Point], list[Days], list[ZoneWord]]:
    """The points with the days that belong to them; and the days and zones that belong to none."""
    terms: list[Term] = []
    for term in sorted(found, key=lambda term: term.start):
        last = terms[-1] if terms else None
        gap = masked[last.end : term.start][:MAX_GAP_CHARACTERS] if last else ""
        if isinstance(term, Day):
            grown = _grown(last, term, gap, terms, masked) if isinstance(last, Days) and len(gap) <= 24 else None
            terms[-1:] = [grown] if grown else [*terms[-1:], Days(term.start, term.end, ((term,),))]
        elif isinstance(term, ZoneWord) and isinstance(last, Point) and _ZONE_JOIN.match(gap):
            end = term.end + masked.startswith(")", term.end)
            terms[-1] = zoned = replace(last, end=end, zones=(*last.zones, term))
            own = terms[-2] if len(terms) > 1 and not last.zones and not _RANGE_BEHIND.match(masked, end) else None
            other = isinstance(own, Point) and not own.other and _OTHER_ZONE.match(masked, own.end, last.start)
            if isinstance(own, Point) and own.zones and other:  # 04:00 EAT (01:00 UTC)
                terms[-2:] = [replace(own, end=end, other=(zoned.clock, zoned.zones))]
        elif isinstance(term, Clock):
            rough = _ROUGH.search(masked[max(0, term.start - 60) : term.start]) or _ROUGH_BEHIND.match(masked, term.end)
            terms.append(Point(term.start, term.end, term, rough=bool(rough)))
        else:
            terms.append(term)
    return _with_days(terms, masked)


def _grown(last: Days, day: Day, gap: str, terms: list[Term], masked: str) -> Days | None:
    """The days with one more: another name of the same day, the end of a range, or one more of a list."""
    newest, moved = last.days[-1][-1], _MOVED_FROM.search(masked, max(0, last.start - 30), last.start)
    if moved or ("(" in gap and _RANGE_BEHIND.match(masked, day.end)):
        return None
    if _DAY_SAME.match(gap) and (not newest.is_date or not day.is_date) and _may_be_one(newest, day, gap):
        end = day.end + ("(" in gap and masked.startswith(")", day.end))
        return replace(last, end=end, days=(*last.days[:-1], (*last.days[-1], day)))
    named = all(one.is_date or one.relative or one.weekday is not None for one in (newest, day))
    is_range = len(last.days) == 1 and _DAY_RANGE.match(gap)
    if not named or not (is_range or _DAY_LIST.match(gap)) or _is_behind_a_clock(terms, masked):
        return None
    between = _BETWEEN.search(masked[max(0, last.start - 30) : last.start].rpartition("\x02")[2])
    listed = not is_range or (("and" in gap or "&" in gap) and not between)
    return replace(last, end=day.end, days=(*last.days, (day,)), listed=listed)


def _may_be_one(newest: Day, day: Day, gap: str) -> bool:
    """Whether two names may be of one day: not two weekdays, and not two numbers."""
    if "-" in gap or (newest.day is not None and day.day is not None):
        return False
    if newest.weekday is not None and day.weekday is not None and not (newest.relative or day.relative):
        return newest.weekday == day.weekday
    return not (newest.relative and day.relative)


def _is_behind_a_clock(terms: list[Term], masked: str) -> bool:
    """Whether the newest day is of a time before it that begins something: `22:00 12 July to 13 July 04:00`."""
    points = [term for term in terms[-6:-1] if isinstance(term, Point)]
    if not points or terms[-2] is not points[-1] or not _BEHIND.match(masked[points[-1].end : terms[-1].start][:40]):
        return False
    gap = masked[points[-2].end : points[-1].start][:MAX_GAP_CHARACTERS] if len(points) > 1 else "."
    return not _RANGE.match(gap) and not _AND.match(gap)


def _with_days(terms: list[Term], masked: str) -> tuple[list[Point], list[Days], list[ZoneWord]]:
    """The points with the days and zones beside them that are theirs, and the days and zones that are left."""
    free = dict(enumerate(terms))
    points: list[Point] = []
    for i, term in enumerate(terms):
        if not isinstance(term, Point):
            continue
        point, label = term, i - 1
        before, behind, after = (free.get(at) for at in (i - 1, i + 1, i + 2))
        if isinstance(before, Days) and _JOIN.match(inner := masked[before.end : point.start]):
            del free[i - 1]
            point, label = replace(point, start=before.start, before=before, inner=inner), i - 2
        zone = free.get(label)  # Start (UTC): 2026-06-06 20:00
        if isinstance(zone, ZoneWord) and not point.zones and _ZONE_LABEL.match(masked, zone.end, point.start):
            del free[label]
            point = replace(point, zones=(zone,))
        if isinstance(behind, Days) and _is_of(point, behind, after, masked):
            del free[i + 1]
            of_other = point.other and behind.days[0][0].relative == "after"  # 22:00 UTC / 01:00 EAT (next day)
            end = behind.end + masked.startswith(")", behind.end)
            point = replace(point, end=end, behind=None if of_other else behind, gap=masked[point.end : behind.start])
            if isinstance(after, ZoneWord) and not point.zones and _ZONE_JOIN.match(masked, end, after.start):
                del free[i + 2]
                point = replace(point, end=after.end, zones=(after,))
        since = points[-1].end if points else 0
        points.append(replace(point, lead=masked[max(since, point.start - MAX_GAP_CHARACTERS) : point.start]))
    left = free.values()
    return points, [t for t in left if isinstance(t, Days)], [t for t in left if isinstance(t, ZoneWord)]


def _is_of(point: Point, behind: Days, after: Term | None, masked: str) -> bool:
    """Whether the day behind a time is of that time, and not of the next one."""
    gap, following = masked[point.end : behind.start], after.start if isinstance(after, Point) else 0
    of_next = _JOIN.match(masked, behind.end, following) and not _RANGE.match(masked, behind.end, following)
    if len(gap) > 40 or not _BEHIND.match(gap) or (of_next and "(" in gap):
        return False
    on = _ON.search(gap) or masked.startswith(")", behind.end)
    return bool(on) or not (of_next or "\n" in gap or (point.before and "," in gap))


def pairs_in(points: Sequence[Point], lengths: Sequence[Length], masked: str) -> tuple[list[Pair], list[Point]]:
    """The pairs in order, and the points that are in none."""
    pairs: list[Pair] = []
    single: list[Point] = []
    for point in points:
        first = single[-1] if single else None
        if first and (not pairs or first.start > pairs[-1].start) and _ends(first, point, masked):
            pair = Pair(first.start, point.end, single.pop(), point)
            again = _again(pairs[-1], pair, masked) if pairs else None
            pairs[-1:] = [again] if again else [*pairs[-1:], pair]
        else:
            single.append(point)
    for end, start in pairwise(single):  # End: …, and on the line below, Start: …
        if end.day and start.day and _END_LABEL.search(end.lead) and _START_LABEL.search(start.lead):
            pairs.append(Pair(end.start, start.end, start, end))
    used = {point for pair in pairs for point in pair.points}
    single = [point for point in single if point not in used]
    return (sorted(pairs, key=lambda pair: pair.start), single) if pairs else _by_length(single, lengths, masked)


def _again(before: Pair, pair: Pair, masked: str) -> Pair | None:
    """The pair before, if this one is the same by another zone's clock: `10 pm to 11 pm EAT (7 pm to 8 pm UTC)`."""
    names, zones = ({word.name for point in one.points for word in point.zones} for one in (before, pair))
    if not zones or zones == names or not _SAME_SPAN.fullmatch(masked[before.end : pair.start][:12]) or not before.last:
        return None
    word = next(point.zones for point in pair.points if point.zones)
    points = [replace(p, other=(q.clock, q.zones or word)) for p, q in zip(before.points, pair.points, strict=False)]
    return replace(before, end=pair.end, first=points[0], last=points[-1])


def _ends(first: Point, last: Point, masked: str) -> bool:
    """Whether a point ends what the one before it begins."""
    gap = masked[first.end : last.start][: MAX_GAP_CHARACTERS + 1]
    if (_RANGE.match(gap) or (gap == "/" and first.zones and last.zones)) and not _BEGINS_AGAIN.search(last.inner):
        return True
    if _AND.match(gap) and _BETWEEN.search(first.lead + first.inner):
        return True
    labelled = len(gap) < 80 and gap.count("\n\n") < 2 and _END_LABEL.search(re.sub(r"\x00+", "", gap))
    if re.fullmatch(r"\s?[|\t]\s?", gap):  # a row of two, below a heading that has start before end
        row, end = masked.rfind("\n", 0, first.start) + 1, masked.find("\n", last.end)
        another = "\x02" in masked[last.end : end if end >= 0 else len(masked)]
        labelled = labelled or (not another and _HEADING.search(masked[max(0, row - 2000) : row]))
    if labelled:
        return True
    words = gap + last.inner
    if len(words) > MAX_GAP_CHARACTERS or re.search(r"\n\n|[\x00\x02]", gap) or _BEGINS_AGAIN.search(words):
        return False
    return bool(_CLOSING.search(gap) or _CLOSING.search(words))


def _by_length(single: list[Point], lengths: Sequence[Length], masked: str) -> tuple[list[Pair], list[Point]]:
    """Each start with the length that is said of it; one start and one length belong together anywhere."""
    pairs: list[Pair] = []
    rest: list[Point] = []
    lasting = [length for length in lengths if _LASTING.search(masked[max(0, length.start - 60) : length.start])]
    starts = [length.start for length in lasting]
    for point, until in zip(single, [*(following.start for following in single[1:]), len(masked)], strict=False):
        own = lasting[bisect_left(starts, point.end) : bisect_left(starts, until)]
        own = own or (lasting if len(single) == 1 else own)
        if len(own) == 1 and point.clock.form != "bad" and not _CLOSING.search(point.lead + point.inner):
            pairs.append(Pair(min(point.start, own[0].start), max(point.end, own[0].end), point, None, own[0]))
        else:
            rest.append(point)
    return pairs, rest
