"""A repeating event of somebody else's to the wall-clock times at which it takes place (RFC 5545 3.3.10, 3.8.5).

Whatever is written, the work is bounded: a rule that is too fine, yields nothing or goes on without measure is refused.
Our own records' rules are in rules.py; they are stricter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import cast

from dateutil.rrule import rrule, rruleset, rrulestr

MOST_OF_A_SERIES = 10_000
_MOST_STEPS = 6_000_000  # of dateutil, for all rules of a file: some ten seconds
_MOST_BARREN_RULES = 2  # dateutil looks on to the year 9999, for seconds
_LONGEST_GAP = timedelta(days=41 * 365)  # a 29th of February that is a Monday, over a year 2100
_SPARSE = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_YEAR = timedelta(days=366)
_STEP = {"YEARLY": 365.0, "MONTHLY": 30.0, "WEEKLY": 7.0, "DAILY": 1.0, "HOURLY": 1 / 24}
_MOST_TIMES_A_DAY = 96

_LIST = r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3})*"
_PARTS = {
    "FREQ": "YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY",
    "INTERVAL": "[1-9][0-9]{0,3}",
    "COUNT": "[1-9][0-9]{0,8}",
    "UNTIL": "[0-9]{8}(?:T[0-9]{6}Z?)?",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYDAY": r"(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU))*",
    **dict.fromkeys(("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"), _LIST),
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), "[0-9]{1,2}(?:,[0-9]{1,2})*"),
}


class RefusedRuleError(ValueError):
    """The rule is not one that can be laid out; `args[0]` says why."""


def rule_parts(rule: str) -> dict[str, str]:
    """The parts of an RRULE by name, in capitals. Raises RefusedRuleError."""
    parts: dict[str, str] = {}
    for part in rule.strip().strip(";").upper().split(";"):
        name, _, value = part.partition("=")
        if name == "FREQ" and value in ("MINUTELY", "SECONDLY"):
            raise RefusedRuleError(f"it is {value.lower()}, which no maintenance is")
        if name in parts or name not in _PARTS or not re.fullmatch(_PARTS[name], value):
            raise RefusedRuleError(f"{part[:40]} is no part of a rule, or stands twice")
        parts[name] = value
    if "FREQ" not in parts:
        raise RefusedRuleError("it has no FREQ")
    if "UNTIL" in parts and "COUNT" in parts:
        raise RefusedRuleError("it has both UNTIL and COUNT")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(parts.get(name, "").split(","))
    if times > _MOST_TIMES_A_DAY:
        raise RefusedRuleError(f"it takes place {times:,} times a day")
    return parts


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
        removed: Iterable[datetime],
        until: datetime,
    ) -> tuple[list[datetime], bool]:
        """The starts of a series, in order, not after `until`, and whether there are more than are given.

        All times are naive, of one wall clock; each rule stands with its own last time. Raises RefusedRuleError.
        """
        whole = rruleset()
        whole.rdate(first)  # DTSTART always counts (3.8.5.3)
        for parts, last in rules:
            rule = self._rule(parts, first, until if last is None else min(last, until))
            if rule is not None:
                whole.rrule(cast("rrule", rule))  # anything that yields
        for when in added:
            whole.rdate(when)
        for when in removed:
            whole.exdate(when)
        starts = [start for start in islice(whole, MOST_OF_A_SERIES + 1) if start <= until]
        return starts[:MOST_OF_A_SERIES], len(starts) > MOST_OF_A_SERIES

    def _rule(self, parts: dict[str, str], first: datetime, until: datetime) -> Iterable[datetime] | None:
        """The rule of dateutil; None where it yields nothing before `until`. The work it will take is counted."""
        if until < first:
            return None
        plain = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("UNTIL", "COUNT"))
        try:
            rule = cast("rrule", rrulestr(plain, dtstart=first))
        except (ValueError, OverflowError) as error:
            raise RefusedRuleError(str(error).lower()) from None
        gap = _LONGEST_GAP if parts.keys() & _SPARSE else _YEAR
        self._spend((until - first + gap) / timedelta(days=_STEP[parts["FREQ"]]))
        if next(iter(rule), None) is None:
            self._barren += 1
            raise RefusedRuleError("it yields nothing")
        bounded = rule.replace(until=until)
        return islice(bounded, int(parts["COUNT"])) if "COUNT" in parts else bounded

    def _spend(self, steps: float) -> None:
        if self._steps + steps > _MOST_STEPS or self._barren == _MOST_BARREN_RULES:
            raise RefusedRuleError("the rules of this file take too much work to lay out")
        self._steps += steps
