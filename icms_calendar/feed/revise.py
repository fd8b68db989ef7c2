"""Occurrences against the feed published before: which revision each event carries, and what changed.

What an event's bytes are is decided in ics/encode.py; where the published feed comes from, in ics/ledger.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from icms_calendar.feed.decode import PublishedEvent
from icms_calendar.feed.encode import PROPERTIES, EventEncoder, Revision, encode_cancelled
from icms_calendar.feed.ledger import Ledger
from icms_calendar.findings import Finding, LedgerError, found
from icms_calendar.record.checks import ID_PATTERN
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence, is_yielded
from icms_calendar.record.zones import Zone, utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any later stamp supersedes it
FEWEST_TO_STOP = 3  # of fewer coming windows, half may well be called off at once

Kind = Literal[
    "added", "moved", "extended", "shortened", "cancelled", "reinstated", "status", "affected", "reworded", "ended"
]


@dataclass(frozen=True, slots=True)
class Event:
    """An occurrence as published: what it affects (object ids), in which revision, and as which bytes.

    An event that is not `in_records` has left them: its window is made of what was published.
    """

    occurrence: Occurrence
    objects: tuple[str, ...]
    revision: Revision
    vevent: bytes
    in_records: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """What a subscriber sees of an event, as far as a change is told by it. Instants are in UTC."""

    start: datetime
    end: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one event between two feeds; `before` is None for a new one, `after` for one that has left."""

    kind: Kind
    uid: str
    window_id: str
    title: str
    timezone: str
    before: State | None
    after: State | None


@dataclass(frozen=True)
class Revised:
    """The events to publish, by start, then by UID, and what is to be said of them.

    What changed is worked out when it is asked for: of a first feed of many thousand windows nobody does.
    """

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    _told: tuple[_Told, ...]
    _calendar: MaintenanceCalendar

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What changed for subscribers, by start, then by UID."""
        changes = [_change(told, self._calendar) for told in self._told]
        return tuple(sorted(changes, key=lambda change: ((change.after or change.before or _NEVER).start, change.uid)))


def revise(
    occurrences: Sequence[Occurrence],
    calendar: MaintenanceCalendar,
    ledger: Ledger,
    now: datetime | None,
    *,
    history: timedelta | None = None,
    allow_vanished: bool = False,
) -> Revised:
    """The events of occurrences, each in the revision that follows from the ledger (RFC 5545 3.8.7, RFC 5546 2.1.5).

    One that encodes to the same bytes keeps its revision. Another start, end, status or set of systems is one
    SEQUENCE more; any other difference a later LAST-MODIFIED. What has left the records before its end stays,
    cancelled. What ended longer than `history` ago leaves. Without `now` no clock is read, and nothing vanishes.
    Raises LedgerError where too many windows vanish at once, or an event was written by a newer version.
    """
    moment = None if now is None else now.astimezone(UTC).replace(microsecond=0)
    edge = _edge(moment, history) if moment and history is not None else None
    work = _Work(calendar, moment)
    here = {occurrence.uid for occurrence in occurrences}
    far_back: list[PublishedEvent] = []  # still to come as published, but moved beyond the history
    for occurrence in occurrences:
        published = ledger.events.get(occurrence.uid)
        if edge is None or occurrence.end > edge:
            work.revise(occurrence, published)
        elif published is not None and moment is not None and published.end > moment:
            far_back.append(published)
            work.revise(occurrence, published)
        elif published is not None:
            work.tell_ended(published)
    in_order = len(work.events)
    if moment is not None:
        beyond = {uid for uid in ledger.events.keys() - here if is_yielded(uid, calendar)}
        for uid in beyond:  # the horizon has become shorter: what was published stays as it is
            work.stay(ledger.events[uid], moment, edge)
        gone = [event for uid, event in ledger.events.items() if uid not in here and uid not in beyond]
        if not allow_vanished:
            _refuse_vanished([*gone, *far_back], ledger, moment, calendar)
        for event in gone:
            work.keep(event, moment, edge)
    if len(work.events) > in_order:  # what was kept came last
        work.events.sort(key=lambda event: (event.occurrence.start, event.occurrence.uid))
    return Revised(tuple(work.events), (*ledger.findings, *work.findings), tuple(work.told), calendar)


class _Work:
    """What comes together while events are gone through."""

    def __init__(self, calendar: MaintenanceCalendar, now: datetime | None) -> None:
        self.events: list[Event] = []
        self.told: list[_Told] = []
        self.findings: list[Finding] = []
        self._calendar = calendar
        self._now = now
        self._encoder = EventEncoder(calendar)

    def revise(self, occurrence: Occurrence, published: PublishedEvent | None) -> None:
        objects = self._encoder.objects(occurrence.window)
        if published is None:
            revision = first_revision(occurrence, self._calendar, self._now)
            self._tell("added", occurrence, None)
        else:
            vevent = self._encoder.encode(occurrence, published.revision)
            if vevent == published.vevent:
                self.events.append(Event(occurrence, objects, published.revision, vevent))
                return
            kind = self._kind(occurrence, published, vevent)
            revision = self._next_revision(published, significant=kind != "reworded")
            given = occurrence.window.revision
            if given and given.sequence > revision.sequence:
                revision = replace(revision, sequence=given.sequence)
            self._tell(kind, occurrence, published)
        self.events.append(Event(occurrence, objects, revision, self._encoder.encode(occurrence, revision)))

    def keep(self, published: PublishedEvent, now: datetime, edge: datetime | None) -> None:
        """An event that is in the records no longer: cancelled if it was still to end, and out of sight in time."""
        cancelled = published.status == "cancelled"
        if (edge is not None and published.end <= edge) or (published.end <= now and not cancelled):
            self.tell_ended(published)
            return
        _refuse_newer(published)
        if cancelled:
            revision, vevent = published.revision, published.vevent
        else:
            revision = self._next_revision(published, significant=True)
            vevent = encode_cancelled(published.properties(), revision)
        window = _window_of(published, self._calendar).model_copy(update={"status": "cancelled"})
        occurrence = Occurrence(window, published.uid, published.start, published.end)
        self.events.append(Event(occurrence, published.objects, revision, vevent, in_records=False))
        if not cancelled:
            self._tell("cancelled", occurrence, published)

    def stay(self, published: PublishedEvent, now: datetime, edge: datetime | None) -> None:
        """An occurrence that the records still yield, later than is laid out now: as it was published."""
        if published.end <= now and edge is not None and published.end <= edge:
            self.tell_ended(published)
            return
        window = _window_of(published, self._calendar)
        occurrence = Occurrence(window, published.uid, published.start, published.end)
        event = Event(occurrence, published.objects, published.revision, published.vevent, in_records=False)
        self.events.append(event)

    def tell_ended(self, published: PublishedEvent) -> None:
        self.told.append(_Told("ended", None, published))

    def _tell(self, kind: Kind, occurrence: Occurrence, published: PublishedEvent | None) -> None:
        self.told.append(_Told(kind, occurrence, published))

    def _kind(self, occurrence: Occurrence, published: PublishedEvent, vevent: bytes) -> Kind:
        """What kind of change it is; all but `reworded` are significant."""
        _refuse_newer(published)
        status = occurrence.window.status
        if status != published.status and "cancelled" in (status, published.status):
            return "cancelled" if status == "cancelled" else "reinstated"
        if occurrence.start != published.start:
            return "moved"
        if occurrence.end != published.end:
            return "extended" if occurrence.end > published.end else "shortened"
        if status != published.status:
            return "status"
        now_affected = replace(published, vevent=vevent).objects
        return "reworded" if _systems(now_affected) == _systems(published.objects) else "affected"

    def _next_revision(self, published: PublishedEvent, *, significant: bool) -> Revision:
        """Always forward, also where the clock is behind what was published."""
        before = published.revision
        now = self._now or EPOCH
        if self._now and now < before.last_modified and not any(f.rule.name == "clock-behind" for f in self.findings):
            modified = before.last_modified.isoformat(" ", "seconds")
            self.findings.append(found("clock-behind", now=now.isoformat(" ", "seconds"), modified=modified))
        modified_at = max(now, before.last_modified + timedelta(seconds=1))
        return Revision(before.sequence + significant, before.created, modified_at)


class _Told(NamedTuple):
    """A change before it is put in words: an occurrence as it is now, and as it was published."""

    kind: Kind
    occurrence: Occurrence | None
    published: PublishedEvent | None


def _change(told: _Told, calendar: MaintenanceCalendar) -> Change:
    kind, occurrence, published = told
    before = State(published.start, published.end, published.status) if published else None
    if occurrence is not None:
        window = occurrence.window
        title = window.title or calendar.title_of(window)
        zone = window.timezone or calendar.timezone
        after = State(occurrence.start, occurrence.end, window.status)
        return Change(kind, occurrence.uid, window.id, title, zone, before, after)
    assert published is not None  # noqa: S101 - for mypy: one of the two is always there
    id_ = _window_id(published, calendar)
    return Change(kind, published.uid, id_, published.title, calendar.timezone, before, None)


def first_revision(occurrence: Occurrence, calendar: MaintenanceCalendar, now: datetime | None) -> Revision:
    """The revision of an event that was not published before.

    It is stamped with `revision.updated`, else with when the window was announced if that is not after `now`,
    else with `now`; without a clock, with 1970-01-01T00:00:00Z.
    """
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


def _refuse_vanished(gone: list[PublishedEvent], ledger: Ledger, now: datetime, calendar: MaintenanceCalendar) -> None:
    """A truncated source must not cancel everybody's calendar."""
    vanished = _coming(gone, now)
    if not vanished:
        return
    coming = _coming(ledger.events.values(), now)
    many = len(coming) >= FEWEST_TO_STOP and len(vanished) * 2 > len(coming)
    if many or not calendar.windows:
        ids = ", ".join(_window_id(event, calendar) for event in vanished[:3]) + (", …" if len(vanished) > 3 else "")
        raise LedgerError([found("windows-vanished", vanished=len(vanished), coming=len(coming), ids=ids)])


def _coming(events: Iterable[PublishedEvent], now: datetime) -> list[PublishedEvent]:
    return [event for event in events if event.end > now and event.status != "cancelled"]


def _refuse_newer(published: PublishedEvent) -> None:
    for name, _ in published.properties():
        if name.partition(";")[0] not in PROPERTIES:
            raise LedgerError([found("ledger-newer", uid=published.uid, property=name.partition(";")[0])])


def _window_of(published: PublishedEvent, calendar: MaintenanceCalendar) -> MaintenanceWindow:
    """A window that says of an event what was published of it, for the feeds it belongs to."""
    systems = tuple(dict.fromkeys(id_.partition("/")[0] for id_ in published.objects))
    return MaintenanceWindow.model_construct(
        id=_window_id(published, calendar),
        uid=published.uid,
        systems=systems,
        start=published.start,
        end=published.end,
        title=published.title or published.uid,  # ours never write an empty one
        status=published.status,  # type: ignore[arg-type]  # whatever was published
        impact=published.text("X-MAINTNOTE-IMPACT").lower(),  # type: ignore[arg-type]  # whatever was published
        tags=tuple(published.categories[1 + len(systems) :]),  # after "Maintenance" and the names of the systems
    )


def _window_id(published: PublishedEvent, calendar: MaintenanceCalendar) -> str:
    id_ = published.uid.removesuffix(f"@{calendar.domain}")
    return id_ if re.fullmatch(ID_PATTERN, id_) else published.text("X-MAINTNOTE-MAINTENANCE-ID")


def _edge(now: datetime, history: timedelta) -> datetime:
    try:
        return now - history
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _systems(objects: Iterable[str]) -> set[str]:
    return {id_.partition("/")[0] for id_ in objects}


def _instant(when: date | datetime, zone: Zone) -> datetime:
    if isinstance(when, datetime):
        return utc(when) if when.tzinfo else zone.instant(when)
    return zone.first_instant(when)


@lru_cache(maxsize=4096)
def _revision(sequence: int, stamp: datetime) -> Revision:
    return Revision(sequence, created=stamp, last_modified=stamp)


_NEVER = State(EPOCH, EPOCH, "")
