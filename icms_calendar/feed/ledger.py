"""The previous feed, from a file or a URL, checked so that a build can continue from it.

It is the only state between builds. revise.py decides what follows from it for each event.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin

from icms_calendar.feed.addresses import FEED_SUFFIX, read_status
from icms_calendar.feed.decode import FEED_FORMAT, ForeignFeedError, PublishedEvent, decode_feed, decode_head
from icms_calendar.feed.encode import NAMING
from icms_calendar.findings import Finding, LedgerError, expect, found
from icms_calendar.record.addresses import renamed_address
from icms_calendar.record.fields import MAX_SEQUENCE
from icms_calendar.record.model import MaintenanceCalendar

LEDGER_PATH = "all.ics"
LAST_YEAR = 9999
_ROOM = 1000  # changes for which an event must still have room


@dataclass(frozen=True, slots=True)
class Ledger:
    """The events of the previous feed, by UID, and the findings about that feed.

    `standing` is the feed in the output folder, if there is one: it must still be there when the next one is
    published, or another build has come between. `is_known` is False for a first build. `last_modified` is the
    calendar's own stamp; `stamps` are those of the feeds in the output folder, by path. `renamed` maps the ids of
    systems and services in its events to the current ones. `addresses` are the paths of the feeds and pages that
    were published with it.
    """

    events: Mapping[str, PublishedEvent] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    standing: bytes | None = None
    is_known: bool = False
    format: int = FEED_FORMAT
    last_modified: datetime | None = None
    stamps: Mapping[str, datetime] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()


def feed_at(place: str) -> str:
    """The feed at a place: a file or an address of a feed as it is; of a site, its all.ics."""
    from icms_calendar.fetch import is_address

    if is_address(place):
        is_feed = re.split(r"[?#]", place, maxsplit=1)[0].lower().endswith(FEED_SUFFIX)
        return place if is_feed else file_of(place, LEDGER_PATH)
    return file_of(place, LEDGER_PATH) if os.path.isdir(place) else place


def file_of(site: str, path: str) -> str:
    """The path or address of a file of a site."""
    return f"{site.rstrip('/')}/{path}" if "://" in site else str(Path(site) / path)


def fetch_ledger(previous: str, now: datetime, *, first_build: bool = False) -> bytes | None:
    """The bytes of the previous feed, from a path or an http(s) URL.

    None if nothing is there and this is the `first_build`. Raises LedgerError in every other case.
    """
    from icms_calendar.fetch import fetch
    from icms_calendar.local import UnreachableError

    try:
        return fetch(previous, now)
    except UnreachableError as error:
        if error.absent and first_build:
            return None
        _refuse(previous, "ledger-unreachable", reason=error.reason)


def read_ledger(data: bytes, calendar: MaintenanceCalendar, name: str) -> Ledger:
    """The events of the previous feed. Raises LedgerError if continuing from it could lose one."""
    expect(data, bytes, "previous", "the bytes of a feed")
    try:
        events = decode_feed(data)
    except ForeignFeedError as error:
        _refuse(name, "ledger-unusable", reason=str(error))
    by_uid: dict[str, PublishedEvent] = {}
    for event in events:
        if event.uid in by_uid:
            _refuse(name, "ledger-unusable", reason=f"two of its events have the UID {event.uid}")
        if event.revision.sequence > MAX_SEQUENCE - _ROOM or event.revision.last_modified.year >= LAST_YEAR:
            reason = f"SEQUENCE or LAST-MODIFIED of {event.uid} is so high that the next change could not be published"
            _refuse(name, "ledger-unusable", reason=reason)
        by_uid[event.uid] = event
    _refuse_other_domain(by_uid, calendar, name)
    head = decode_head(data)
    return Ledger(
        by_uid,
        () if b"\r" in data else (_altered(name, "it has LF line ends, which git writes. They become CR LF again"),),
        is_known=True,
        format=head.format,
        last_modified=head.last_modified,
        renamed=_renamed_objects(events, calendar) if calendar.renamed else {},
    )


def fetch_addresses(previous: str, data: bytes, now: datetime) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """The addresses that the status.json beside a previous feed names, and whether `data` is the feed as built.

    A missing status.json is a warning beside an address, and not reported beside a file. Raises LedgerError if a
    server does not answer.
    """
    from icms_calendar.fetch import fetch, is_address
    from icms_calendar.local import UnreachableError

    name = "status.json"
    place = urljoin(previous, name) if is_address(previous) else str(Path(previous).with_name(name))
    try:
        status = read_status(fetch(place, now))
    except UnreachableError as error:
        if not error.absent:
            _refuse(place, "ledger-unreachable", reason=error.reason)
        status = None
    if status is None:
        unknown = (replace(found("addresses-unknown"), file=place),) if is_address(previous) else ()
        return frozenset(), unknown
    from hashlib import sha256

    digest = status.digests.get(LEDGER_PATH)
    # With LF line ends it also differs, and that has already been reported.
    is_altered = digest and b"\r" in data and digest != sha256(data).hexdigest()
    reason = "its SHA-256 differs from the one in status.json. Check who changed it"
    return status.addresses, (_altered(previous, reason),) if is_altered else ()


def refuse_older(name: str, ledger: Ledger, other_name: str, other: bytes) -> None:
    """Refuse a previous feed that is older than one published since. Raises LedgerError."""
    try:
        since = decode_feed(other)
    except ForeignFeedError:
        return
    for event in since:
        old, new = ledger.events.get(event.uid), event.revision
        if old and (old.revision.sequence, old.revision.last_modified) < (new.sequence, new.last_modified):
            _refuse(name, "ledger-unusable", reason=f"{other_name} holds a later revision of {event.uid}")


def _renamed_objects(events: Iterable[PublishedEvent], calendar: MaintenanceCalendar) -> dict[str, str]:
    """The current ids of systems, services and feeds that events were published under with other ids."""
    ids = {id_ for event in events for name in NAMING for id_ in event.texts(name)}
    new = {id_: renamed_address(id_, calendar.renamed) for id_ in ids}
    return {id_: address for id_, address in new.items() if id_ != address}


def _refuse_other_domain(events: Mapping[str, PublishedEvent], calendar: MaintenanceCalendar, name: str) -> None:
    """Refuse another domain: a record published under both would be in everybody's calendar twice."""
    named = (uid.rpartition("@") for uid in events)
    others = {id_: domain for id_, _, domain in named if domain != calendar.domain}
    for window in calendar.windows:
        if window.id in others and window.uid is None and f"{window.id}@{calendar.domain}" not in events:
            _refuse(name, "ledger-of-another-domain", other=others[window.id], domain=calendar.domain)


def _altered(name: str, reason: str) -> Finding:
    return replace(found("ledger-altered", reason=reason), file=name)


def _refuse(name: str, rule: str, **read: object) -> NoReturn:
    raise LedgerError([replace(found(rule, **read), file=name)])
