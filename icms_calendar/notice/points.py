"""Points: a time of day with the day and the zones that belong to it.

    point    = [group join] clock {zone} ["(" clock zone ")"] [behind group]
    join     = ["," | ":" | "|" | "-"] {"at" | "from" | "between" | "starting" | "time:" | ...}
    behind   = ["," | "("] {"on" | "of" | "the night of" | ...}

A day behind a time belongs to that time; a day before it, to the whole pair if the end has none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from icms_calendar.notice.groups import BEHIND, RANGE, Days, grouped
from icms_calendar.notice.terms import Clock, Day, Term, ZoneWord

_FILL = (
    r"(?:the|on|at|of|a|in|time|times|timing|timings|hours|hrs|night|early|late|morning|evening|afternoon|exactly|"
    r"local|date|day|period|window|duration|as|effective|this|from|between|begin(?:s|ning)?|start(?:s|ing)?|"
    r"commenc(?:es|ing|e)|start\stime|end\stime|finish\stime|by)"
)
_JOIN = re.compile(
    rf"\.?[ \t\n,;:|(@*-]{{0,4}}(?:{_FILL}[ \t\n,:|(-]{{0,3}}){{0,5}}(?:(?:{{rough}})\s?)?".replace(
        "{rough}", r"about|around|approximately|approx\.?|~|circa|say|roughly"
    )
    + r"\Z|t\Z"
)
_ON = re.compile(r"\b(?:on|of)\b|\(")
_ZONE_JOIN = re.compile(r"[\s,(/|-]{0,3}\Z")
_OTHER_ZONE = re.compile(r"[)\s]{0,2}(?:[(/=;]|,?\sor|i\.e\.)[\s,(]{0,2}\Z")
_ROUGH = re.compile(
    r"(?:about|around|approximately|approx\.?|~|circa|ca\.?|roughly|say|as\searly\sas|at\sleast|after|near|"
    r"or\sso|towards?|not\sbefore|no\searlier\sthan)\s?(?:(?:at|on|the|from|between)\s){0,2}\(?\Z"
)
_ROUGH_BEHIND = re.compile(
    r"\s?(?:or\sso|approximately|approx|\(approx|or\sthereabouts|or\slater|or\searlier|onwards?|"
    r"at\sthe\searliest|\(?est\.?\b(?!\s?/))"
)


@dataclass(frozen=True, slots=True)
class Point(Term):
    """A time of day, with the day and the zones that belong to it. `lead` are the words in front of it."""

    clock: Clock
    before: Days | None = None
    behind: Days | None = None
    zones: tuple[ZoneWord, ...] = ()
    other: tuple[Clock, tuple[ZoneWord, ...]] | None = None  # the same point by another zone's clock
    lead: str = ""
    inner: str = ""
    rough: bool = False

    @property
    def days(self) -> Days | None:
        """The days of the point: those behind it, or those before it."""
        return self.behind or self.before

    @property
    def all_days(self) -> tuple[Day, ...]:
        """Every name of its day."""
        return tuple(day for days in (self.before, self.behind) if days for day in days.days)


def sequence(days: Sequence[Day], clocks: Sequence[Clock], zones: Sequence[ZoneWord], masked: str) -> list[Term]:
    """The days and clocks in order, days that are one place merged, each clock with its zones."""
    terms: list[Term] = sorted([*days, *clocks, *zones], key=lambda term: term.start)
    return _with_clocks(grouped(terms, masked), masked)


def _with_clocks(terms: list[Term], masked: str) -> list[Term]:
    """Each clock becomes a point with its zones, and with the same time by another zone's clock."""
    grown: list[Term] = []
    for term in terms:
        last = grown[-1] if grown else None
        if isinstance(term, ZoneWord):
            if isinstance(last, Point) and _ZONE_JOIN.match(masked[last.end : term.start]):
                grown[-1] = _zoned(last, term, masked)
            else:
                grown.append(term)
        elif isinstance(term, Clock):
            lead = masked[max(0, term.start - 60) : term.start]
            rough = bool(_ROUGH.search(lead) or _ROUGH_BEHIND.match(masked, term.end))
            point = Point(term.start, term.end, term, rough=rough)
            gap = masked[last.end : term.start] if isinstance(last, Point) else ""
            if (
                isinstance(last, Point)
                and last.zones
                and not last.other
                and len(gap) < 8
                and _OTHER_ZONE.match(gap)
                and _zone_follows(terms, term, masked)
            ):
                grown[-1] = replace(last, end=term.end, other=(term, ()))
            else:
                grown.append(point)
        else:
            grown.append(term)
    return grown


def _zone_follows(terms: list[Term], clock: Clock, masked: str) -> bool:
    """Whether the zone is directly behind a clock, and no range goes on from it."""
    for term in terms:
        if term.start > clock.start:
            return isinstance(term, ZoneWord) and bool(_ZONE_JOIN.match(masked[clock.end : term.start]))
    return False


def _zoned(point: Point, zone: ZoneWord, masked: str) -> Point:
    end = zone.end + 1 if masked[zone.end : zone.end + 1] == ")" else zone.end
    if point.other:
        return replace(point, end=end, other=(point.other[0], (*point.other[1], zone)))
    return replace(point, end=end, zones=(*point.zones, zone))


def points_in(terms: list[Term], masked: str) -> tuple[list[Point], list[Days], list[ZoneWord]]:
    """The points with the days that belong to them; and the days and zones that belong to none."""
    taken: set[int] = set()
    points: list[Point] = []
    for i, term in enumerate(terms):
        if not isinstance(term, Point):
            continue
        point = term
        before = terms[i - 1] if i else None
        if isinstance(before, Days) and i - 1 not in taken and _joins(masked[before.end : term.start]):
            taken.add(i - 1)
            point = replace(point, start=before.start, before=before, inner=masked[before.end : term.start])
        behind = terms[i + 1] if i + 1 < len(terms) else None
        if isinstance(behind, Days) and _is_of(point, behind, terms, i, masked):
            taken.add(i + 1)
            end = behind.end + (masked[behind.end : behind.end + 1] == ")")
            point = replace(point, end=end, behind=behind)
            after = terms[i + 2] if i + 2 < len(terms) else None
            if isinstance(after, ZoneWord) and not point.zones and _ZONE_JOIN.match(masked[end : after.start]):
                taken.add(i + 2)
                point = replace(point, end=after.end, zones=(after,))
        since = points[-1].end if points else 0
        points.append(replace(point, lead=masked[max(since, point.start - 240) : point.start]))
    free = [term for i, term in enumerate(terms) if i not in taken]
    return points, [t for t in free if isinstance(t, Days)], [t for t in free if isinstance(t, ZoneWord)]


def _joins(gap: str) -> bool:
    return len(gap) <= 60 and bool(_JOIN.match(gap))


def _is_of(point: Point, behind: Days, terms: list[Term], i: int, masked: str) -> bool:
    """Whether the day behind a time is of that time, and not of the next one."""
    gap = masked[point.end : behind.start]
    if len(gap) > 40 or not BEHIND.match(gap):
        return False
    if _ON.search(gap) or masked[behind.end : behind.end + 1] == ")":
        return True
    if "\n" in gap or (point.before and "," in gap):
        return False
    after = terms[i + 2] if i + 2 < len(terms) else None
    if isinstance(after, Point):
        following = masked[behind.end : after.start]
        if _joins(following) and not RANGE.match(following):
            return False
    return True
