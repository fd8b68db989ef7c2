"""What subscribers would see change: windows, addresses, and what would stop the build. No page is drawn for it.

How one event became another is decided in feed/; how a change is put in words, in command/report.py.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime

from icms_calendar.catalogue import Severity
from icms_calendar.feed.addresses import AddressChanges, address_changes
from icms_calendar.feed.changes import Changes, changes_between
from icms_calendar.feed.decode import ForeignFeedError, PublishedEvent, decode_feed, decode_head
from icms_calendar.feed.ledger import Ledger, feed_at, read_ledger
from icms_calendar.feed.publication import Publication, publication
from icms_calendar.feed.revise import history_edge
from icms_calendar.fetch import fetch_input
from icms_calendar.findings import Finding, LedgerError, SourceError, expect, found
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import aware
from icms_calendar.site.build import feed_paths, ledger_at
from icms_calendar.site.page import page_paths


def diff(
    new: MaintenanceCalendar | bytes,
    previous: bytes | str | os.PathLike[str],
    *,
    now: datetime,
    first_build: bool = False,
) -> Changes:
    """Compare records, or a feed that icms-calendar built, with what was published before.

    `previous` is a feed, as bytes, path or address, or the folder or address of a site. `now` (aware) is the time of
    the build. With `first_build`, nothing need have been published yet. Raises SourceError if a `new` feed cannot be
    read, and LedgerError if the previous one cannot be continued.
    """
    expect(new, (MaintenanceCalendar, bytes), "new", "a MaintenanceCalendar, or the bytes of a feed")
    now = aware(now, "now")
    if isinstance(new, bytes):
        return _between_feeds(new, previous, now)
    if isinstance(previous, bytes):
        ledger = read_ledger(previous, new, "previous")
    else:
        ledger = ledger_at(new, os.fspath(previous), now, first_build=first_build)
    stops: list[Finding] = []
    try:
        published = publication(new, ledger, now, history=new.history)
    except LedgerError as error:
        stops += error.findings
        published = publication(new, ledger, now, history=new.history, allow_vanished=True)
    stops += (finding for finding in published.findings if finding.severity is Severity.ERROR)
    addresses = _addresses(published, ledger, now)
    if addresses.gone:
        stops.append(found("feed-gone", addresses=", ".join(addresses.gone)))
    return Changes(published.changes, addresses, tuple(stops), ledger.findings, published.is_reworded)


def _addresses(published: Publication, ledger: Ledger, now: datetime) -> AddressChanges:
    """Which feeds and pages a build would add, move or lose; nothing if it is not known which there were."""
    if not ledger.addresses and not published.calendar.renamed:
        return AddressChanges()
    calendar = published.calendar
    paths = {*feed_paths(published), *page_paths(published)}
    edge = history_edge(now, calendar.history)
    return address_changes(calendar, ledger.addresses, paths, ledger.events.values(), edge)


def _between_feeds(new: bytes, previous: bytes | str | os.PathLike[str], now: datetime) -> Changes:
    if isinstance(previous, bytes):
        name, old = "previous", previous
    else:
        name = feed_at(os.fspath(previous))
        old = fetch_input(name, now)
    events = _events(new, "the new feed")
    return Changes(changes_between(_events(old, name), events, decode_head(new).timezone, now))


def _events(feed: bytes, name: str) -> list[PublishedEvent]:
    try:
        return decode_feed(feed)[0]
    except ForeignFeedError as error:
        reason = f"it is not a whole feed that icms-calendar built: {error}"
        raise SourceError([replace(found("unreadable", reason=reason), file=name)]) from None
