"""What the parser of a format gives: plain data, the place of every value, and findings at their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from icms_calendar.findings import CalendarError, Finding, Path

Place = tuple[int, int]  # line and column, both from 1
Locate = Callable[[Path, bool], Place | None]  # the place of a value, or of its key


@dataclass(frozen=True, slots=True)
class Parsed:
    """The data of a file, and the place of each value."""

    data: object
    locate: Locate
    findings: tuple[Finding, ...] = ()  # about keys and lines; the rest of the data can still be judged


def nowhere(path: Path, of_key: bool) -> Place | None:  # noqa: ARG001
    """The place of every value in a format that has no places."""
    return None


def placed(finding: Finding, place: Place | None) -> CalendarError:
    """An error of one finding at a place."""
    line, column = place or (None, None)
    return CalendarError([replace(finding, line=line, column=column)])


def at_end_of(before: str, finding: Finding) -> CalendarError:
    """An error of one finding where the text `before` it ends."""
    return placed(finding, (before.count("\n") + 1, len(before) - before.rfind("\n")))
