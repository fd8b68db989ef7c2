"""The plan of a site: path to bytes, for every file of it; and what differs from the site published before.

What a build publishes is decided in feed/publication.py; how the plan reaches a folder, in publish.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from icms_calendar.catalogue import Severity
from icms_calendar.feed.addresses import (
    FEED_SUFFIX,
    AddressChanges,
    address_changes,
    feeds_in,
    forwarding_page,
    pages_in,
)
from icms_calendar.feed.changes import Changes, changes_between
from icms_calendar.feed.decode import HEAD_OCTETS, ForeignFeedError, PublishedEvent, decode_feed, decode_head
from icms_calendar.feed.event import Event
from icms_calendar.feed.ledger import (
    LEDGER_PATH,
    Ledger,
    feed_at,
    fetch_addresses,
    fetch_ledger,
    read_ledger,
    refuse_older,
)
from icms_calendar.feed.publication import Feed, Publication, encode_feed, encode_single, publication, size_findings
from icms_calendar.feed.revise import history_edge
from icms_calendar.fetch import fetch_input
from icms_calendar.findings import CalendarError, Finding, LedgerError, SourceError, expect, found
from icms_calendar.record.addresses import REMINDERS
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.recurrence import horizon_of
from icms_calendar.record.zones import aware, utc_time
from icms_calendar.site.data import data_files
from icms_calendar.site.hosting import hosting_files
from icms_calendar.site.page import address_findings, page_files, page_paths
from icms_calendar.site.publish import Published, publish
from icms_calendar.site.statuspage import STATUSPAGE_FOLDER, statuspage_files
from icms_calendar.source.files import STATUS_PATH, is_built

STATUS_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Site:
    """The files of a site, by path with `/` between its parts, that of the ledger first; and what they publish."""

    files: dict[str, bytes]
    published: Publication
    findings: tuple[Finding, ...]
    addresses: AddressChanges
    ledger: Ledger

    @property
    def volatile(self) -> frozenset[str]:
        """The paths that change from build to build when no record has."""
        api = {path for path in self.files if path.startswith(STATUSPAGE_FOLDER)}
        return page_paths(self.published) | {STATUS_PATH} | api

    @property
    def difference(self) -> Changes:
        """What changed for subscribers: windows and addresses."""
        return Changes(self.published.changes, self.addresses, is_reworded=self.published.is_reworded)


def build_site(
    calendar: MaintenanceCalendar,
    folder: str | os.PathLike[str],
    *,
    now: datetime,
    previous: str | os.PathLike[str] | None = None,
    first_build: bool = False,
    allow_vanished: bool = False,
    force: bool = False,
    templates: str | os.PathLike[str] | None = None,
) -> Published:
    """Build the site of a calendar into a folder: feeds, pages, the same windows for programs, and status.json.

    `now` (aware) stamps what is new or changed. `previous` is the last published site, a folder or an address, or its
    all.ics; by default the one in the folder. Files in the folder `templates` replace our own. Raises LedgerError if
    the build cannot continue from the previous feed or too many windows vanish; PublishError if a template cannot be
    used, if the folder has files that no build made (`force` replaces those of the same name), if another build runs,
    or if the folder cannot be written. Then the folder is as it was.
    """
    expect(calendar, MaintenanceCalendar, "calendar", "a MaintenanceCalendar")
    before = None if previous is None else os.fspath(previous)
    ledger = open_ledger(calendar, Path(folder), now, before, first_build=first_build)
    own = None if templates is None else Path(templates)
    site = plan_site(calendar, now, ledger, allow_vanished=allow_vanished, templates=own)
    if errors := [finding for finding in site.findings if finding.severity is Severity.ERROR]:
        raise CalendarError(errors)
    return replace(publish_site(site, Path(folder), force=force), findings=site.findings)


def publish_site(site: Site, folder: Path, *, force: bool = False) -> Published:
    """Write a planned site, unless the feed that it continues from has changed since. Raises PublishError."""
    return publish(site.files, folder, force=force, standing=(LEDGER_PATH, site.ledger.standing))


def open_ledger(
    calendar: MaintenanceCalendar, folder: Path, now: datetime, previous: str | None, *, first_build: bool = False
) -> Ledger:
    """The previous feed: `previous`, else the one in the folder, whose other feeds give their stamps."""
    own = str(folder / LEDGER_PATH)
    standing = fetch_ledger(own, now) if os.path.lexists(own) else None
    ledger = Ledger()
    if previous is not None:
        ledger = ledger_at(calendar, previous, now, first_build=first_build)
    if standing is not None and ledger.is_known:
        refuse_older(feed_at(str(previous)), ledger, own, standing)
    elif not ledger.is_known and (standing is not None or is_built(folder)):
        ledger = ledger_at(calendar, str(folder), now, first_build=first_build)
    addresses = ledger.addresses
    if previous is not None or not ledger.is_known:  # what is in the folder would be removed
        addresses |= fetch_addresses(own, b"", now)[0]
    return replace(ledger, standing=standing, addresses=addresses, stamps=dict(_stamps_of(folder, addresses)))


def ledger_at(calendar: MaintenanceCalendar, place: str, now: datetime, *, first_build: bool = False) -> Ledger:
    """The previous feed at a place, and the addresses published with it; an empty ledger for a first build."""
    name = feed_at(place)
    data = fetch_ledger(name, now, first_build=first_build)
    if data is None:
        return Ledger()
    ledger = read_ledger(data, calendar, name)
    addresses, findings = fetch_addresses(name, data, now)
    return replace(ledger, addresses=addresses, findings=(*ledger.findings, *findings))


def _stamps_of(folder: Path, addresses: Iterable[str]) -> Iterator[tuple[str, datetime]]:
    """The LAST-MODIFIED of each feed that is in the folder, by its path without `.ics`."""
    for address in addresses:
        path = folder / address
        if address.endswith(".ics") and path.is_file():
            with path.open("rb") as file:
                stamp = decode_head(file.read(HEAD_OCTETS)).last_modified
            if stamp:
                yield address.removesuffix(".ics"), stamp


def plan_site(
    calendar: MaintenanceCalendar,
    now: datetime,
    ledger: Ledger | None = None,
    *,
    allow_vanished: bool = False,
    templates: Path | None = None,
) -> Site:
    """Every file of the site of a calendar at `now`, an aware datetime, as it follows from the feed before.

    A window that ended as long ago as `history`, or longer, has left it. Files in the folder `templates` take the place
    of our own templates and styles. Raises LedgerError if an address that the `ledger` names would be gone.
    """
    now, ledger = aware(now, "now").replace(microsecond=0), ledger or Ledger()
    published = publication(calendar, ledger, now, history=calendar.history, allow_vanished=allow_vanished)
    files: dict[str, bytes] = {}
    findings = list(published.findings)
    for feed in published.feeds:
        for path, reminders in _variants(feed, calendar):
            files[path] = encode_feed(published, feed, reminders)
            findings += size_findings(path, files[path])
    coming = [event for event in published.events if event.end > now]
    # What is in the records comes last, and stays.
    for event in sorted(coming, key=lambda event: event.window is not None):
        if is_file_name(event.id, "window"):
            files[f"events/{event.id}.ics"] = encode_single(event)
    files |= page_files(published, now, templates)
    findings += address_findings(published)
    files |= data_files(published) | statuspage_files(published, now)
    addresses = _addresses(calendar, ledger, files, now)
    if gone := _gone(addresses):
        raise LedgerError(gone)
    files |= {old: _stand_in(old, new, files) for old, new in addresses.moved.items()}
    files |= hosting_files(calendar, files)
    files[STATUS_PATH] = _status(calendar, coming, files, now)
    return Site(files, published, tuple(findings), addresses, ledger)


def _addresses(calendar: MaintenanceCalendar, ledger: Ledger, paths: Collection[str], now: datetime) -> AddressChanges:
    """What becomes of the addresses of a site that now has these paths."""
    edge = history_edge(now, calendar.history)
    return address_changes(calendar, ledger.addresses, paths, ledger.events.values(), edge)


def _gone(addresses: AddressChanges) -> list[Finding]:
    return [found("feed-gone", addresses=", ".join(addresses.gone))] if addresses.gone else []


def _stand_in(old: str, new: str, files: Mapping[str, bytes]) -> bytes:
    """What an old address serves: the feed or page of today, or a page that leads there from another folder."""
    if old.endswith(FEED_SUFFIX) or old.count("/") == new.count("/"):  # the links of a page are relative
        return files[new]
    return forwarding_page(new, old.count("/"))


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
    addresses = AddressChanges()
    if ledger.addresses or new.renamed:  # else it is not known which there were
        paths = [path for feed in published.feeds for path, _ in _variants(feed, new)]
        addresses = _addresses(new, ledger, {*paths, *page_paths(published)}, now)
    return Changes(published.changes, addresses, (*stops, *_gone(addresses)), ledger.findings, published.is_reworded)


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
        return decode_feed(feed)
    except ForeignFeedError as error:
        reason = f"it is not a whole feed that icms-calendar built: {error}"
        raise SourceError([replace(found("unreadable", reason=reason), file=name)]) from None


def _variants(feed: Feed, calendar: MaintenanceCalendar) -> Iterator[tuple[str, tuple[timedelta, ...]]]:
    """The paths of a feed without and with the calendar's reminders."""
    yield f"{feed.path}.ics", ()
    if calendar.reminders:
        yield f"{feed.path}{REMINDERS}.ics", calendar.reminders


def _status(calendar: MaintenanceCalendar, coming: Iterable[Event], files: dict[str, bytes], now: datetime) -> bytes:
    """status.json: when it was built and from what, what comes next, and every file with its digest.

    A health check for monitoring, and the manifest by which the next build knows its own files.
    """
    until = horizon_of(calendar, now)
    status = {
        "generator": "icms-calendar",
        "format": STATUS_FORMAT,
        "generated_at": utc_time(now),
        "source_sha256": sha256(calendar.model_dump_json(exclude_defaults=True).encode()).hexdigest(),
        # Until when the feeds hold every occurrence, if there is a window that repeats.
        "laid_out_until": utc_time(until) if until and any(window.repeat for window in calendar.windows) else None,
        "systems": {id_: [each.id for each in system.services] for id_, system in calendar.systems_by_id.items()},
        "feeds": feeds_in(files),
        "pages": pages_in(files),
        "next": next((_next(event) for event in coming if event.takes_place), None),
        "files": {
            path: {"sha256": sha256(files[path]).hexdigest(), "size": len(files[path])} for path in sorted(files)
        },
    }
    return (json.dumps(status, ensure_ascii=False, indent=1) + "\n").encode()


def _next(event: Event) -> dict[str, object]:
    told = {name: getattr(event, name) for name in ("id", "uid", "title", "status", "impact")}
    return {**told, "start": utc_time(event.start), "end": utc_time(event.end)}
