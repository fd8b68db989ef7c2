"""The occurrences of a calendar's windows: each an instant-to-instant span under a UID of its own.

A window that repeats is refused by model.py until it is laid out here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from icms_calendar.model import MaintenanceCalendar, MaintenanceWindow


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One span of a window, half-open: it holds its start, not its end (RFC 5545 3.6.1). Instants are in UTC."""

    window: MaintenanceWindow
    uid: str
    start: datetime
    end: datetime


def expand(calendar: MaintenanceCalendar) -> tuple[Occurrence, ...]:
    """Every occurrence of every window, by start, then by UID."""
    spans = calendar.spans
    occurrences = [Occurrence(window, calendar.uid_of(window), *spans[window.id]) for window in calendar.windows]
    occurrences.sort(key=attrgetter("start", "uid"))
    return tuple(occurrences)
