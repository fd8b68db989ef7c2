"""Days that belong together: one day by several names, two days of a range, a list of days.

group    = day {same day}                         tonight, Thursday 4th December
         | group range group                      12 July to 14 July, between 11 August and 12 August
         | group {("," | "and") group}            12, 13 and 19 July
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from icms_calendar.notice.terms import Clock, Day, Term, ZoneWord

BEHIND = re.compile(
    r"[)]?,?[ \t]?\(?(?:(?:on|of|this|the|night|morning|evening|afternoon|coming|upcoming|hours|hrs|local|"
    r"time|both|early|late|in|for)[ \t\n]?){0,6}\(?\Z"
)
RANGE = re.compile(
    r"[)\s,]{0,3}(?:-{1,3}>?|to|until|till|til|untill|through|thru|up\s?to|ending|ending\sat|ends|to\send\sat)"
    r"[\s,(]{0,2}(?:(?:the|on|at|approximately|about|around|approx\.?|~|circa|roughly|exactly|after|early|"
    r"latest)[ \t\n,]{0,2}){0,3}\Z"
)
BETWEEN = re.compile(r"\bbetween\b[^.]{0,40}\Z")
_DAY_RANGE = re.compile(
    r"[)\s,]{0,2}(?:-{1,2}|to|until|till|through|thru|and|&|/|up\sto|into|to\sthe|and\sthe)"
    r"[\s,]{0,2}(?:the\s(?:morning\sof\s)?|on\s|(?:early\s)?morning\sof\s)?\Z"
)
_DAY_LIST = re.compile(r"[)\s,]{0,2}(?:,|;|and|&|,\sand)?[\s]{0,2}(?:on\s|the\s)?\Z")
_DAY_SAME = re.compile(r"[\s,(:-]{0,3}\Z")


@dataclass(frozen=True, slots=True)
class Days(Term):
    """A day under all the names it has in one place (`tonight, Thursday 4th December`); or, with `last`, two days
    that a range joins; or, `listed`, several days."""

    days: tuple[Day, ...]
    last: tuple[Day, ...] = ()
    listed: bool = False


def grouped(terms: Sequence[Term], masked: str) -> list[Term]:
    """Days that stand together become one: the same day by several names, two days of a range, a list."""
    merged: list[Term] = []
    for term in terms:
        if not isinstance(term, Day):
            merged.append(term)
            continue
        last = merged[-1] if merged else None
        grown = _grown(last, term, merged, masked) if isinstance(last, Days) else None
        if grown:
            merged[-1] = grown
        else:
            merged.append(Days(term.start, term.end, (term,)))
    return merged


def _grown(last: Days, day: Day, merged: list[Term], masked: str) -> Days | None:
    gap = masked[last.end : day.start]
    if len(gap) > 24:
        return None
    newest = (last.last or last.days)[-1]
    lone = not newest.is_date or not day.is_date
    if _DAY_SAME.match(gap) and lone and newest.day != -1 and _may_be_one(newest, day, gap):
        if last.last:
            return replace(last, end=day.end, last=(*last.last, day))
        return replace(last, end=day.end, days=(*last.days, day))
    dated = (newest.is_date or newest.relative or newest.weekday is not None) and (
        day.is_date or day.weekday is not None or day.relative
    )
    if not dated or _is_behind_a_clock(merged, masked):
        return None
    if _DAY_RANGE.match(gap) and not last.last and not last.listed:
        between = BETWEEN.search(masked[max(0, last.start - 30) : last.start])
        listed = ("and" in gap or "&" in gap) and not between
        return replace(last, end=day.end, last=(day,), listed=bool(listed))
    if _DAY_LIST.match(gap) and gap.strip():
        return replace(last, end=day.end, last=(*last.last, day), listed=True)
    return None


def _may_be_one(newest: Day, day: Day, gap: str) -> bool:
    """Whether two names may be of one day: not two weekdays, and not two numbers."""
    if newest.weekday is not None and day.weekday is not None and not (newest.relative or day.relative):
        return newest.weekday == day.weekday and "-" not in gap
    if newest.day is not None and day.day is not None:
        return False
    return not (newest.relative and day.relative) and "-" not in gap


def _is_behind_a_clock(merged: list[Term], masked: str) -> bool:
    """Whether the newest day belongs to a time in front of it: `22:00 12 July to 13 July 04:00`."""
    before = [term for term in merged[-4:-1] if not isinstance(term, ZoneWord)]
    clock = before[-1] if before else None
    if not isinstance(clock, Clock):
        return False
    between = re.sub("\x01+", " ", masked[clock.end : merged[-1].start])
    return len(between) < 40 and bool(BEHIND.match(between)) and not _ends_a_span(merged, masked)


def _ends_a_span(merged: list[Term], masked: str) -> bool:
    """Whether the clock before the newest day ends a range: then the day is of the range, `4 to 6 on 12-13 July`."""
    clocks = [term for term in merged[-6:-1] if isinstance(term, Clock)]
    if len(clocks) < 2:
        return False
    between = re.sub("\x01+", " ", masked[clocks[-2].end : clocks[-1].start])
    return bool(RANGE.match(between))
