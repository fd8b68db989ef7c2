"""Points to pairs: which time ends what another begins.

    pair     = point range point                          from 4 am to 10 am on Sunday 13 July; 22:00 - 04:00
             | "between" point "and" point
             | point ... closing point                    begins at 4:00 a.m. and will conclude at 10:00 a.m.
             | label point, line label point              Start: ... / End: ... (in either order)
             | point "|" point                            a row below a heading with start and end
             | point ... length                           from 10 pm for 6 hours; 10 pm (6 hours)
    closing  = a verb that ends something (_CLOSING), directly before the second point

A closing verb may stand in the next sentence, but no other time, beginning or paragraph between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from icms_calendar.notice.groups import BETWEEN, RANGE
from icms_calendar.notice.points import Point
from icms_calendar.notice.terms import Length, Term


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


MAX_GAP_CHARACTERS = 240
_AND = re.compile(r"[)\s,]{0,2}(?:and|&)\s(?:(?:the|on|at|about|around|approximately)\s){0,3}\Z")
_BEGINS_AGAIN = re.compile(r"\b(?:from|between|start\w*|begin\w*|commenc\w*)\b")
_CLOSING = re.compile(
    r"\b(?:end(?:s|ed|ing)?|conclud\w+|complet\w+|finish\w*|restor\w+|resum\w+|return\w*|back|until|till|"
    r"available(?:\sagain)?|clos\w+|last(?:s|ing)?\suntil)\s?"
    r"(?:(?:up|online|again|in\sservice|to\snormal|to\sservice|operation|the\ssame|same|day|and|time|date|on|at|by|"
    r"around|about|approximately|no\slater\sthan|the|is|it)\b[\s,:]{0,2}){0,6}\s?[:(]?\s?\Z"
)
_END_LABEL = re.compile(
    r"(?:\A|[\n.;,|\t]|\s)\s?(?:[a-z]+\s){0,2}(?:ends?|finish(?:es)?|to|until|ending|stops?|completion|closes?)\s?"
    r"(?:date|time|day)?(?:\s?(?:/|and|&)\s?time)?\s?(?:\([^()]{0,20}\)\s?)?[:|\t-]\s?(?:on\s)?\Z"
)
_START_LABEL = re.compile(
    r"\A\s?[\n.;,|]\s?(?:[a-z]+\s){0,2}(?:starts?|begins?|beginning|from|commenc\w+)\s?(?:date|time)?"
    r"(?:\s?(?:/|and|&)\s?time)?\s?[:|\t-]\s?\Z"
)
_HEADING = re.compile(
    r"\b(?:start|starts|from|begin|begins|beginning)\b[^\n]{0,80}\b(?:end|ends|to|until|finish|ending)\b"
)
_LASTING = re.compile(
    r"(?:\bfor|\blast(?:ing|s)?|\btak(?:e|es|ing)|\bduration\s?:?|\bperiod\sof|\bof|\blength\s?:?|[(,-])\s?"
    r"(?:(?:a|the|about|around|approximately|up\sto|total|period|of|estimated|is)\s){0,4}\Z"
)


def pairs_in(points: Sequence[Point], lengths: Sequence[Length], masked: str) -> tuple[list[Pair], list[Point]]:
    """The pairs in order, and the points that are in none."""
    pairs: list[Pair] = []
    single: list[Point] = []
    i = 0
    while i < len(points):
        first = points[i]
        last = points[i + 1] if i + 1 < len(points) else None
        if last is not None and _is_turned(first, last, masked):
            pairs.append(Pair(first.start, last.end, last, first))
            i += 2
        elif last is not None and _ends(first, last, masked):
            pairs.append(Pair(first.start, last.end, first, last))
            i += 2
        else:
            single.append(first)
            i += 1
    return (pairs, single) if pairs else _by_length(single, lengths, masked)


def _ends(first: Point, last: Point, masked: str) -> bool:
    gap = masked[first.end : last.start]
    inner = "" if last.inner.strip() in ("", "t") else last.inner
    if RANGE.match(gap) and not _BEGINS_AGAIN.search(inner):
        return True
    if _AND.match(gap) and BETWEEN.search(first.lead + first.inner):
        return True
    if _is_table_row(first, last, gap, masked):
        return True
    if _END_LABEL.search(_without_day(gap)) and gap.count("\n\n") < 2 and len(gap) < 80:
        return True
    words = gap + inner
    if len(words) > MAX_GAP_CHARACTERS or "\n\n" in gap or re.search(r"[\x00\x02]", gap):
        return False
    return bool(_CLOSING.search(gap) or (inner and _CLOSING.search(words))) and not _BEGINS_AGAIN.search(words)


def _without_day(gap: str) -> str:
    return re.sub(r"\x00+", "", gap)


def _is_turned(first: Point, last: Point, masked: str) -> bool:
    """Whether the end is labelled in front of the start: `End: ...`, `Start: ...`."""
    return bool(_END_LABEL.search(first.lead) and _START_LABEL.match(masked[first.end : last.start]))


def _is_table_row(first: Point, last: Point, gap: str, masked: str) -> bool:
    """Whether a bar or a column parts the two, below a heading that has start before end."""
    if not re.fullmatch(r"\s?[|\t]\s?", gap):
        return False
    row = masked.rfind("\n", 0, first.start) + 1
    above = masked[max(0, row - 2000) : row].split("\n")
    if not any(_HEADING.search(line) and not re.search(r"[\x00\x02]", line) for line in above):
        return False
    end = masked.find("\n", last.end)
    return "\x02" not in masked[last.end : end if end >= 0 else len(masked)]


def _by_length(single: list[Point], lengths: Sequence[Length], masked: str) -> tuple[list[Pair], list[Point]]:
    """Each start with the length that is said of it; one start and one length belong together anywhere."""
    pairs: list[Pair] = []
    rest: list[Point] = []
    said = [length for length in lengths if not length.vague]
    for i, point in enumerate(single):
        until = single[i + 1].start if i + 1 < len(single) else len(masked)
        own = [length for length in said if point.end <= length.start < until and _is_said_of(length, masked)]
        if not own and len(single) == 1:
            own = [length for length in said if _is_said_of(length, masked)]
        if len(own) == 1 and point.clock.form != "bad" and not _CLOSING.search(point.lead + point.inner):
            length = own[0]
            pairs.append(Pair(min(point.start, length.start), max(point.end, length.end), point, None, length))
        else:
            rest.append(point)
    return pairs, rest


def _is_said_of(length: Length, masked: str) -> bool:
    return bool(_LASTING.search(masked[max(0, length.start - 60) : length.start]))
