"""One rule of the catalogue: what a finding means, why it matters, and an example of each side."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Literal, NamedTuple


class Severity(StrEnum):
    """How grave a finding is: an error stops the work, a warning does so only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


class Rule(NamedTuple):
    """One entry of the catalogue; `icms-calendar explain CODE` prints it.

    `shown_as` says what `wrong` and `right` are: keys of a window, keys of a calendar, a whole source file, Python,
    lines of an event in somebody's .ics, lines of the calendar itself, a whole .ics, a notice, an exchange with a
    server, or a situation in words. A test runs every one of them; situations are made in tests/situations.sh.
    A code never changes its meaning.
    """

    code: str
    name: str
    message: str
    meaning: str
    why: str
    wrong: str
    right: str
    source: str
    shown_as: Literal["window", "calendar", "file", "python", "words", "event", "feed", "ics", "notice", "exchange"] = (
        "window"
    )
    severity: Severity = Severity.ERROR
    retires: tuple[str, ...] = ()  # codes and names that once meant this or a part of it


# Rules that lines of an event in somebody's .ics show.
event_error = partial(Rule, shown_as="event")
event_warning = partial(Rule, shown_as="event", severity=Severity.WARNING)
