"""The plan of a site: path to bytes, for every file of it.

What stands in a feed is decided in ics/; how the plan reaches a folder, in publish.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from icms_calendar.feed.ledger import Ledger, fetch_ledger, read_ledger, refuse_older
from icms_calendar.feed.publication import Heading, address_of, encode_feed, encode_single, size_findings
from icms_calendar.feed.revise import Change, Event, Revised, revise
from icms_calendar.findings import Finding, found
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.model import FeedSpec, MaintenanceCalendar
from icms_calendar.record.overlaps import overlap_findings
from icms_calendar.record.recurrence import expand, horizon_of
from icms_calendar.site.data import data_files, entries_of, utc_time
from icms_calendar.site.hosting import hosting_files
from icms_calendar.site.page import PAGE_PATHS, PageFeed, page_files
from icms_calendar.site.publish import STATUS_PATH, Published, publish
from icms_calendar.site.statuspage import STATUSPAGE_PATHS, statuspage_files

LEDGER_PATH = "all.ics"
STATUS_FORMAT = 1
# What changes from build to build when no record has.
VOLATILE = frozenset({STATUS_PATH, *PAGE_PATHS, *STATUSPAGE_PATHS})


@dataclass(frozen=True, slots=True)
class Site:
    """The files of a site, by path with `/` between its parts, that of the ledger first; and what changed."""

    files: dict[str, bytes]
    revised: Revised
    findings: tuple[Finding, ...]

    @property
    def windows(self) -> int:
        return len(self.revised.events)

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.revised.changes


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

    `now` (aware) stamps what is new or changed. `previous` is the path or URL of the all.ics published before;
    by default it is the one in the folder. Files in the folder `templates` take the place of our templates and styles.
    Raises LedgerError where the feed before cannot be gone on from or too many windows vanish; PublishError where a
    template is none, where the folder holds files that no build made (unless `force`: it replaces those of the same
    name), where another build is under way, or where it cannot be written. Then the folder is as it was.
    """
    ledger = open_ledger(
        calendar, Path(folder), now, None if previous is None else str(previous), first_build=first_build
    )
    own = Path(templates) if templates is not None else None
    site = plan_site(calendar, now, ledger, allow_vanished=allow_vanished, templates=own)
    published = publish(site.files, Path(folder), force=force, standing=(LEDGER_PATH, ledger.standing))
    return replace(published, findings=site.findings)


def open_ledger(
    calendar: MaintenanceCalendar, folder: Path, now: datetime, previous: str | None, *, first_build: bool = False
) -> Ledger:
    """The feed published before: `previous`, else the one in the folder."""
    own = str(folder / LEDGER_PATH)
    standing = fetch_ledger(own, now) if os.path.lexists(own) else None
    data = standing if previous is None else fetch_ledger(previous, now, first_build=first_build)
    if data is None and standing is None:
        return Ledger(findings=() if first_build else (replace(found("no-ledger"), file=own),))
    if data is None or standing is None or previous is None:
        name = own if data is None or previous is None else previous
        return replace(read_ledger(data or standing or b"", calendar, name), standing=standing)
    refuse_older(previous, data, own, standing)
    return replace(read_ledger(data, calendar, previous), standing=standing)


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
    of our own templates and styles.
    """
    if now.tzinfo is None:
        raise TypeError("now is a naive datetime; give it a time zone, as in datetime.now(UTC)")
    now = now.astimezone(UTC).replace(microsecond=0)
    expansion = expand(calendar, horizon_of(calendar, now))
    revised = revise(
        expansion.occurrences,
        calendar,
        ledger or Ledger(),
        now,
        history=calendar.history,
        allow_vanished=allow_vanished,
    )
    files: dict[str, bytes] = {}
    overlaps = overlap_findings(calendar, expansion.occurrences, now)
    findings = [*expansion.findings, *overlaps, *revised.findings]
    feeds = list(_feeds(calendar, revised.events))
    for feed in feeds:
        address = address_of(f"{feed.path}.ics", calendar)
        files[f"{feed.path}.ics"] = encode_feed(Heading(feed.name, address), feed.events, calendar)
        findings += size_findings(f"{feed.path}.ics", files[f"{feed.path}.ics"])
        if calendar.reminders:
            path = f"{feed.path}-reminders.ics"
            heading = Heading(feed.name, address_of(path, calendar))
            files[path] = encode_feed(heading, feed.events, calendar, calendar.reminders)
            findings += size_findings(path, files[path])
    coming = [event for event in revised.events if event.occurrence.end > now]
    for event in sorted(coming, key=lambda event: event.in_records):  # what is in the records comes last, and stays
        id_ = event.occurrence.window.id
        if is_file_name(id_, "window"):
            files[f"events/{id_}.ics"] = encode_single(event)
    files |= page_files(calendar, revised.events, [PageFeed(feed.path, feed.name) for feed in feeds], now, templates)
    entries = entries_of(revised.events, calendar)
    files |= data_files(entries, calendar) | statuspage_files(entries, calendar, now)
    files |= hosting_files(calendar, files)
    files[STATUS_PATH] = _status(calendar, coming, files, now)
    return Site(files, revised, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Feed:
    path: str  # without .ics
    name: str
    events: tuple[Event, ...]


def _feeds(calendar: MaintenanceCalendar, events: tuple[Event, ...]) -> Iterator[_Feed]:
    """All windows; those of each system and of each of its services; and the calendar's own feeds."""
    yield _Feed("all", calendar.name, events)
    by_object: dict[str, list[Event]] = {}
    for event in events:
        for id_ in {*event.occurrence.window.system_ids, *event.objects}:
            by_object.setdefault(id_, []).append(event)
    for system in calendar.systems_by_id.values():
        name = f"{calendar.name}: {system.title}"
        yield _Feed(system.id, name, tuple(by_object.pop(system.id, ())))
        for service in system.services:
            path = f"{system.id}/{service.id}"
            yield _Feed(path, f"{name}, {service.name}", tuple(by_object.pop(path, ())))
    for spec in calendar.feeds:
        yield _Feed(spec.id, spec.name, tuple(event for event in events if _is_in(event, spec, calendar)))
    taken = {spec.id for spec in calendar.feeds}
    for path in sorted(by_object.keys() - taken):  # of what has left the records, while it is still to be seen there
        first, _, second = path.partition("/")
        named = is_file_name(first, "system") and (not second or is_file_name(second, "service"))
        if named and not any(event.in_records for event in by_object[path]):
            yield _Feed(path, f"{calendar.name}: {path}", tuple(by_object[path]))


def _is_in(event: Event, spec: FeedSpec, calendar: MaintenanceCalendar) -> bool:
    """Whether an event stands in a feed of the calendar's own.

    What was published of one that has left the records tells its systems, services, impact and tags, not its audience
    or former status; by these it stays in, since a cancellation too many does less harm than one that is missing.
    """
    window = event.occurrence.window
    if event.in_records:
        return calendar.is_in(window, spec)
    services = {*event.objects, *(id_.partition("/")[2] for id_ in event.objects)}
    has = (
        (spec.system, window.system_ids),
        (spec.service, services),
        (spec.impact, [window.impact]),
        (spec.tag, window.tags),
    )
    return all(not wanted or not set(wanted).isdisjoint(values) for wanted, values in has)


def _status(calendar: MaintenanceCalendar, coming: Iterable[Event], files: dict[str, bytes], now: datetime) -> bytes:
    """status.json: when it was built and from what, what comes next, and every file with its digest.

    A health check for monitoring, and the manifest by which the next build knows its own files.
    """
    status = {
        "generator": "icms-calendar",
        "format": STATUS_FORMAT,
        "generated_at": utc_time(now),
        "source_sha256": sha256(calendar.model_dump_json(exclude_defaults=True).encode()).hexdigest(),
        "laid_out_until": _laid_out_until(calendar, now),
        "systems": {id_: [each.id for each in system.services] for id_, system in calendar.systems_by_id.items()},
        "next": next((_next(event, calendar) for event in coming if _takes_place(event)), None),
        "files": {
            path: {"sha256": sha256(files[path]).hexdigest(), "size": len(files[path])} for path in sorted(files)
        },
    }
    return (json.dumps(status, ensure_ascii=False, indent=1) + "\n").encode()


def _laid_out_until(calendar: MaintenanceCalendar, now: datetime) -> str | None:
    """Until when the feeds hold every occurrence, where there is a window that repeats."""
    until = horizon_of(calendar, now)
    return utc_time(until) if until and any(window.repeat for window in calendar.windows) else None


def _takes_place(event: Event) -> bool:
    return event.occurrence.window.status not in ("cancelled", "completed")


def _next(event: Event, calendar: MaintenanceCalendar) -> dict[str, object]:
    occurrence = event.occurrence
    return {
        "id": occurrence.window.id,
        "uid": occurrence.uid,
        "title": calendar.title_of(occurrence.window),
        "status": occurrence.window.status,
        "impact": calendar.impact_of(occurrence.window),
        "start": utc_time(occurrence.start),
        "end": utc_time(occurrence.end),
    }
