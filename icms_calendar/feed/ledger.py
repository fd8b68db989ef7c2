"""Fetches the feed published before, from a file or a URL, and checks that it can be gone on from.

It is the only state there is. What follows from it for each event is decided in revise.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn

from icms_calendar.feed.decode import ForeignFeedError, PublishedEvent, decode_feed
from icms_calendar.fetch import UnreachableError, fetch
from icms_calendar.findings import Finding, LedgerError, found
from icms_calendar.record.fields import MAX_SEQUENCE
from icms_calendar.record.model import MaintenanceCalendar

LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Ledger:
    """The events published before, by UID, and what is to be said of the feed they stand in.

    `standing` is the feed that stood in the output folder, if one did: it must still stand there when the next one
    is published, or another build has come between.
    """

    events: Mapping[str, PublishedEvent] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    standing: bytes | None = None


def fetch_ledger(previous: str, now: datetime, *, first_build: bool = False) -> bytes | None:
    """The bytes of the feed published before, from a path or an http(s) URL.

    None where nothing is there and this is the `first_build`. Raises LedgerError in every other case.
    """
    try:
        return fetch(previous, now)
    except UnreachableError as error:
        if error.absent and first_build:
            return None
        _refuse(previous, "ledger-unreachable", reason=error.reason)


def read_ledger(data: bytes, calendar: MaintenanceCalendar, name: str) -> Ledger:
    """The events of the feed published before. Raises LedgerError where going on from it could lose one."""
    try:
        events, foreign = decode_feed(data)
    except ForeignFeedError as error:
        _refuse(name, "ledger-unusable", reason=str(error))
    by_uid: dict[str, PublishedEvent] = {}
    for event in events:
        if event.uid in by_uid:
            _refuse(name, "ledger-unusable", reason=f"two of its events have the UID {event.uid}")
        if event.revision.sequence >= MAX_SEQUENCE or event.revision.last_modified.year >= LAST_YEAR:
            _refuse(name, "ledger-unusable", reason=f"SEQUENCE or LAST-MODIFIED of {event.uid} cannot go on")
        by_uid[event.uid] = event
    ours = {calendar.uid_of(window) for window in calendar.windows}
    for chunk in foreign:
        if chunk.is_of(calendar.domain, ours):
            _refuse(name, "ledger-unusable", reason=f"an event of ours cannot be read in it ({chunk.name})")
    _refuse_other_domain(by_uid, ours, calendar, name)
    unknown = tuple(replace(found("ledger-event-unknown", event=chunk.name), file=name) for chunk in foreign)
    return Ledger(by_uid, unknown)


def refuse_older(name: str, data: bytes, other_name: str, other: bytes) -> None:
    """Refuse a feed to go on from that is older than one that was published since. Raises LedgerError."""
    try:
        old, new = ({event.uid: event.revision for event in decode_feed(feed)[0]} for feed in (data, other))
    except ForeignFeedError:
        return
    for uid, revision in new.items():
        if uid in old and (old[uid].sequence, old[uid].last_modified) < (revision.sequence, revision.last_modified):
            _refuse(name, "ledger-unusable", reason=f"{other_name} holds a later revision of {uid}")


def _refuse_other_domain(
    events: Mapping[str, PublishedEvent], ours: set[str], calendar: MaintenanceCalendar, name: str
) -> None:
    """An event whose UID is made of another domain was published by another calendar, or before the domain changed."""
    for uid, event in events.items():
        other = uid.rpartition("@")[2]
        if uid not in ours and other != calendar.domain and event.text("X-MAINTNOTE-PROVIDER") == other:
            _refuse(name, "ledger-of-another-domain", other=other, domain=calendar.domain)


def _refuse(name: str, rule: str, **read: object) -> NoReturn:
    raise LedgerError([replace(found(rule, **read), file=name)])
