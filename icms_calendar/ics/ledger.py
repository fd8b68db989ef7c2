"""Fetches the feed published before, from a file or a URL, and checks that it can be gone on from.

It is the only state there is. What follows from it for each event is decided in revise.py.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from icms_calendar.fields import MAX_SEQUENCE
from icms_calendar.findings import Finding, LedgerError, SourceError, found
from icms_calendar.ics.decode import ForeignFeedError, PublishedEvent, decode_feed
from icms_calendar.model import MaintenanceCalendar
from icms_calendar.records import STANDARD_INPUT

FETCH_SECONDS = 30
MAX_LEDGER_BYTES = 64 * 2**20
MAX_REDIRECTS = 5
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


def fetch(name: str, now: datetime) -> bytes:
    """The bytes of a file, or of an http(s) URL past caches. Raises UnreachableError."""
    if "://" in name:
        return _fetch_url(name, now)
    path = Path(name)
    try:
        _refuse_large(path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreachableError("is not there", absent=True) from None
    except IsADirectoryError:
        raise UnreachableError("is a folder") from None
    except OSError as error:
        raise UnreachableError(f"cannot be read ({(error.strerror or str(error)).lower()})") from None


def fetch_input(name: str, now: datetime) -> bytes:
    """The bytes of anybody's feed: of a file, an http(s) URL, or with `-` of standard input.

    Raises SourceError (`unreadable`).
    """
    try:
        if name != STANDARD_INPUT:
            return fetch(name, now)
        if sys.stdin is None:
            raise UnreachableError("is closed")
        data = sys.stdin.buffer.read(MAX_LEDGER_BYTES + 1)
        _refuse_large(len(data))
    except UnreachableError as error:
        raise SourceError([replace(found("unreadable", reason=f"it {error.reason}"), file=name)]) from None
    return data


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


class UnreachableError(Exception):
    """A file or address that gives no bytes, and why; `absent` where it says that nothing is there."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.absent = absent


class _Redirects(HTTPRedirectHandler):
    max_redirections = MAX_REDIRECTS

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise HTTPError(newurl, code, "it leads away from http", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetch_url(url: str, now: datetime) -> bytes:
    scheme, colon, rest = url.partition(":")
    if scheme.lower() == "webcal":  # what it stands for is not registered; programs try https
        url = f"https{colon}{rest}"
    if not url.lower().startswith(("http://", "https://")):
        raise UnreachableError("is not an http or https address")
    headers = {"Cache-Control": "no-cache", "User-Agent": "icms-calendar"}
    try:
        request = Request(_past_caches(url, now), headers=headers)  # noqa: S310 - its scheme is checked above
        with build_opener(_Redirects).open(request, timeout=FETCH_SECONDS) as response:
            return _whole_body(response)
    except HTTPError as error:
        error.close()
        absent = error.code in (404, 410)
        raise UnreachableError(f"answered {error.code} ({error.reason})", absent=absent) from None
    except TimeoutError:
        raise UnreachableError(f"did not answer within {FETCH_SECONDS} seconds") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        told = (isinstance(reason, OSError) and reason.strerror) or str(reason)
        raise UnreachableError(f"did not answer ({told.lower()})") from None


def _whole_body(response: HTTPResponse) -> bytes:
    """The body of an answer, within the time and the size; half a body is none."""
    ends = time.monotonic() + FETCH_SECONDS
    data = b""
    while piece := response.read(2**16):
        data += piece
        _refuse_large(len(data))
        if time.monotonic() > ends:
            raise TimeoutError
    expected = response.headers.get("Content-Length") or ""
    if expected.isdigit() and len(data) < int(expected):
        raise UnreachableError(f"broke off after {len(data):,} of {int(expected):,} octets")
    return data


def _refuse_large(size: int) -> None:
    if size > MAX_LEDGER_BYTES:
        raise UnreachableError(f"has more than {MAX_LEDGER_BYTES // 2**20} MiB")


def _past_caches(url: str, now: datetime) -> str:
    """The address with the time in its query: a cache between may hold a feed ten minutes old."""
    parts = urlsplit(url)
    query = f"{parts.query}{'&' if parts.query else ''}t={int(now.timestamp())}"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _refuse(name: str, rule: str, **read: object) -> NoReturn:
    raise LedgerError([replace(found(rule, **read), file=name)])
