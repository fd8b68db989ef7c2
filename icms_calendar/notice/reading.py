"""What a notice comes to: windows, each with its evidence and the questions that a person must answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from icms_calendar.catalogue import Severity
from icms_calendar.findings import Finding

CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the notice leaves open, in words that a person can answer with one edit.

    `name` is its kind (`confirmation`, `year-missing` …); `quote` are the words it is about, from `offset`.
    """

    name: str
    text: str
    quote: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from: the words, their place in the notice (from 0), and how it follows from them.

    `how` is `stated`, `inferred` (`of` says from what) or `defaulted`.
    """

    quote: str
    offset: int
    how: str = "stated"
    of: str = ""


@dataclass(frozen=True, slots=True)
class DraftWindow:
    """A window as the notice states it; `start` or `end` is None if the notice leaves it open.

    `start` and `end` are aware; `timezone` is an IANA name, if known. `status` is a record's: confirmed, tentative,
    cancelled or completed. The first question is always the confirmation.
    """

    start: datetime | None
    end: datetime | None
    timezone: str | None
    system: str | None
    status: str
    all_day: bool = False
    evidence: dict[str, Evidence] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """The windows of a notice, the facts beside them, and the findings if it cannot be read.

    `facts` holds what the notice states for all windows: services, reason, fallback, audience, reference, contact.
    `terms` is the account: every day, time, zone and length of the text, with its role.
    """

    windows: tuple[DraftWindow, ...]
    findings: tuple[Finding, ...]
    facts: dict[str, tuple[str, ...]]
    text: str
    published: date | None = None
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def readable(self) -> bool:
        """Whether at least one window was read."""
        return bool(self.windows) and not any(f.severity is Severity.ERROR for f in self.findings)

    @property
    def ready(self) -> bool:
        """Whether windows were read and only the confirmation is open."""
        return self.readable and all(len(window.questions) == 1 for window in self.windows)
