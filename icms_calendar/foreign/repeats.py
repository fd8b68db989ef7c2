"""A repeating event of somebody else's to the wall-clock times at which it takes place (RFC 5545 3.3.10, 3.8.5).

Whatever is written, the work is bounded: a rule that is too fine, yields nothing or never ends is refused. What a
rule may contain is in record/rrule.py; those of our own records are stricter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, cast

from dateutil.rrule import rrule, rruleset, rrulestr

from icms_calendar.record.rrule import objection_to

MOST_OF_A_SERIES = 10_000
_MOST_STEPS = 6_000_000  # of dateutil, for all rules of a file: some ten seconds
_MOST_BARREN_RULES = 2
_LONGEST_GAP = timedelta(days=41 * 365)  # a 29th of February that is a Monday, over a year 2100
_SPARSE = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_YEAR = timedelta(days=366)
_STEP = {"YEARLY": 365.0, "MONTHLY": 30.0, "WEEKLY": 7.0, "DAILY": 1.0, "HOURLY": 1 / 24}
_MOST_TIMES_A_DAY = 96
_MOST_INTERVAL_DIGITS = 4  # dateutil goes through the months of a longer one


class RefusedRuleError(ValueError):
    """The rule cannot be laid out; `args[0]` says why, and `illegal` whether RFC 5545 forbids it."""

    def __init__(self, reason: str, *, illegal: bool = False) -> None:
        super().__init__(reason)
        self.illegal = illegal


def rule_parts(rule: str) -> dict[str, str]:
    """The parts of an RRULE by name, in capitals. Raises RefusedRuleError.

    COUNT=-1 (Confluence) means that there is none.
    """
    written = rule.strip().strip(";").upper()
    parts = dict(part.partition("=")[::2] for part in written.split(";"))
    if parts.get("COUNT") == "-1":
        del parts["COUNT"]
        written = ";".join(f"{name}={value}" for name, value in parts.items())
    if {"RSCALE", "SKIP"} & parts.keys():
        raise RefusedRuleError("RSCALE and SKIP are not followed")
    if reason := objection_to(written):
        raise RefusedRuleError(reason, illegal=True)
    if parts["FREQ"] in ("MINUTELY", "SECONDLY"):
        raise RefusedRuleError(f"it is {parts['FREQ'].lower()}, which no maintenance is")
    if len(parts.get("INTERVAL", "")) > _MOST_INTERVAL_DIGITS:
        raise RefusedRuleError("its INTERVAL is longer than that of any maintenance")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(parts.get(name, "").split(","))
    if times > _MOST_TIMES_A_DAY:
        raise RefusedRuleError(f"it takes place {times:,} times a day")
    return parts


def rule_from(parts: dict[str, str], first: datetime) -> rrule:
    """The rule of dateutil, without its end. Raises what dateutil does."""
    plain = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("UNTIL", "COUNT"))
    return cast("rrule", rrulestr(plain, dtstart=first))


def is_barren(rule: rrule) -> bool:
    """Whether a rule yields nothing; dateutil looks on to the year 9999, for seconds."""
    try:
        return next(iter(rule), None) is None
    except IndexError:  # dateutil, of the eighth Sunday of a month
        return True


class LaidOut(NamedTuple):
    """The starts of a series, in order, as far as they are given."""

    starts: list[datetime]
    cut: bool  # there are more of them
    off_rule: bool  # the rule does not yield the first one


class Layout:
    """Lays out the series of one file, within a measure for all of them."""

    def __init__(self) -> None:
        self._steps = 0.0
        self._barren = 0

    def starts(
        self,
        first: datetime,
        rules: Iterable[tuple[dict[str, str], datetime | None]],
        added: Iterable[datetime],
        until: datetime,
    ) -> LaidOut:
        """The starts of a series that are not after `until`.

        All times are naive, of one wall clock; each rule comes with its own last time. Raises RefusedRuleError.
        """
        whole = rruleset()
        whole.rdate(first)  # DTSTART always counts (3.8.5.3)
        yields_first = []
        for parts, last in rules if first <= until else ():
            rule = None if last is not None and last < first else self._rule(parts, first, min(last or until, until))
            yields_first.append(rule is not None and next(iter(rule), None) == first)
            if rule is not None:
                whole.rrule(cast("rrule", rule))  # anything that yields
        for when in added:
            whole.rdate(when)
        starts = [start for start in islice(whole, MOST_OF_A_SERIES + 1) if start <= until]
        off_rule = bool(yields_first) and not any(yields_first)
        return LaidOut(starts[:MOST_OF_A_SERIES], len(starts) > MOST_OF_A_SERIES, off_rule)

    def _rule(self, parts: dict[str, str], first: datetime, until: datetime) -> _Times:
        """The rule of dateutil, up to `until`. The work it will take is counted."""
        try:
            rule = rule_from(parts, first)
        except (ValueError, OverflowError, IndexError) as error:
            raise RefusedRuleError(str(error).lower()) from None
        gap = _LONGEST_GAP if parts.keys() & _SPARSE else _YEAR
        self._spend((until - first + gap) / timedelta(days=_STEP[parts["FREQ"]]))
        if is_barren(rule):
            self._barren += 1
            raise RefusedRuleError("it yields nothing")
        return _Times(rule.replace(until=until), int(parts["COUNT"]) if "COUNT" in parts else None)

    def _spend(self, steps: float) -> None:
        if self._steps + steps > _MOST_STEPS or self._barren == _MOST_BARREN_RULES:
            raise RefusedRuleError("the rules of this file take too much work to lay out")
        self._steps += steps


@dataclass(frozen=True, slots=True)
class _Times:
    """What a rule yields, at most `count` times; it can be gone through more than once."""

    rule: rrule
    count: int | None

    def __iter__(self) -> Iterator[datetime]:
        return islice(self.rule, self.count)
