"""The faults of a feed as they are found: of each kind the first place, and how many more there are.

A feed of 10,000 events that all lack the same property is wrong once, not 10,000 times. Which faults there are is
decided in lines.py, values.py and lint.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from icms_calendar.findings import Finding, found
from icms_calendar.record.words import listed

Place = tuple[int, int]  # line and column, both from 1

MOST_FAULTS = 250_000  # a file with more is not worth reading to its end
_MOST_SUBJECTS = 20
_MOST_LINES = 3


class TooManyFaultsError(Exception):
    """There are more than MOST_FAULTS; reading stops."""


class LeftOutError(Exception):
    """An event cannot be read exactly: by which rule, reported once for each `subject`, and with which words."""

    def __init__(self, reason: str, *, rule: str = "event-left-out", subject: str | None = None, **read: Any) -> None:
        super().__init__(rule)
        self.rule, self.subject, self.read = rule, subject, {"reason": reason, **read}


@dataclass(slots=True)
class _Fault:
    finding: Finding
    more: int = 0
    lines: list[int] = field(default_factory=list)  # of the first few more


class Faults:
    """Collect faults; `findings` returns them in the order of their places."""

    def __init__(self, passed_over: frozenset[str] = frozenset()) -> None:
        self._passed_over = passed_over
        self._faults: dict[tuple[str, str], _Fault] = {}
        self._subjects: Counter[str] = Counter()
        self._room = MOST_FAULTS

    def say(
        self, rule: str, place: Callable[[], Place] | int, subject: str = "", /, *, times: int = 1, **read: object
    ) -> None:
        """Record a fault by the name of its rule; faults of one rule and one `subject` make one finding.

        `place` is a line, or called only when it is needed. A rule of `passed_over` says nothing. Raises
        TooManyFaultsError.
        """
        if rule in self._passed_over:
            return
        self._room -= 1
        if self._room < 0:
            self.stop(place, f"here is fault {MOST_FAULTS:,}, and no end")
        key = (rule, subject if self._subjects[rule] < _MOST_SUBJECTS or (rule, subject) in self._faults else "")
        known = self._faults.get(key)
        if known is None:
            self._subjects[rule] += 1
            self._faults[key] = _Fault(found(rule, **read).on(_where(place)), times - 1)
            return
        if len(known.lines) < _MOST_LINES:
            known.lines.append(_where(place)[0])
        known.more += times

    def stop(self, place: Callable[[], Place] | int, reason: str) -> NoReturn:
        """Report why the rest is not read. Raises TooManyFaultsError."""
        finding = found("too-many-faults", reason=reason).on(_where(place))
        self._faults.setdefault(("too-many-faults", ""), _Fault(finding))
        raise TooManyFaultsError

    def findings(self, file: str | None = None) -> tuple[Finding, ...]:
        """A finding for each kind of fault, in the order of their first places."""
        told = (replace(_told(fault), file=file) for fault in self._faults.values())
        return tuple(sorted(told, key=lambda one: (one.line or 0, one.column or 0, one.code)))


def _where(place: Callable[[], Place] | int) -> Place:
    return (place, 1) if isinstance(place, int) else place()


def _told(fault: _Fault) -> Finding:
    if not fault.more:
        return fault.finding
    lines = sorted(set(fault.lines) - {fault.finding.line})
    unnamed = fault.more - len(fault.lines)
    named = [f"{line:,}" for line in lines] + ([f"{unnamed:,} more"] if unnamed else [])
    if not lines:
        told = f"{fault.more:,} more like it"
    else:
        told = f"also in line{'s' if len(named) > 1 else ''} {listed(named)}"
    return replace(fault.finding, message=f"{fault.finding.message} ({told})")
