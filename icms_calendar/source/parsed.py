"""What the parser of a format gives: plain data, the place of every value, and findings at their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from icms_calendar.findings import Finding, Path

Place = tuple[int, int]  # line and column, both from 1


class Parsed(NamedTuple):
    """The data of a file, findings about its keys and lines, and where a value is, or its key."""

    data: object
    locate: Callable[[Path, bool], Place | None] = lambda _path, _of_key: None  # some formats have none
    findings: tuple[Finding, ...] = ()  # the rest of the data can still be judged


def end_of(text: str) -> Place:
    """The place behind a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")
