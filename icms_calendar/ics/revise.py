"""Occurrences to events as they are published: which revision each of them carries.

What an event's bytes are is decided in ics/encode.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from icms_calendar.ics.encode import EventEncoder, Revision
from icms_calendar.model import MaintenanceCalendar
from icms_calendar.recurrence import Occurrence
from icms_calendar.zones import Zone, utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any later stamp supersedes it


@dataclass(frozen=True, slots=True)
class Event:
    """An occurrence as published: what it affects (object ids), in which revision, and as which bytes."""

    occurrence: Occurrence
    objects: tuple[str, ...]
    revision: Revision
    vevent: bytes


def revise(occurrences: Iterable[Occurrence], calendar: MaintenanceCalendar, now: datetime | None) -> tuple[Event, ...]:
    """The events of occurrences that were not published before, each in its first revision.

    They are stamped with `revision.updated`, else with when the window was announced if that is not after
    `now`, else with `now`; without a clock, with 1970-01-01T00:00:00Z.
    """
    encoder = EventEncoder(calendar)
    moment = None if now is None else now.astimezone(UTC).replace(microsecond=0)
    events = []
    for occurrence in occurrences:
        revision = _first_revision(occurrence, calendar, moment)
        objects = encoder.objects(occurrence.window)
        events.append(Event(occurrence, objects, revision, encoder.encode(occurrence, revision)))
    return tuple(events)


def _first_revision(occurrence: Occurrence, calendar: MaintenanceCalendar, now: datetime | None) -> Revision:
    window = occurrence.window
    given, announced = window.revision, window.announced
    sequence = given.sequence if given else 0
    stamp = now or EPOCH
    if given and given.updated is not None:
        stamp = _instant(given.updated, calendar.zone_of(window))
    elif announced is not None:
        instant = _instant(announced, calendar.zone_of(window))
        if now is None or instant <= now:
            stamp = instant
    return _revision(sequence, stamp)


def _instant(when: date | datetime, zone: Zone) -> datetime:
    if isinstance(when, datetime):
        return utc(when) if when.tzinfo else zone.instant(when)
    return _midnight(when, zone)


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: Zone) -> datetime:
    return zone.first_instant(day)


@lru_cache(maxsize=4096)
def _revision(sequence: int, stamp: datetime) -> Revision:
    return Revision(sequence, created=stamp, last_modified=stamp)
