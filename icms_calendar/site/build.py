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

from icms_calendar.findings import Finding
from icms_calendar.ics.feed import Heading, address_of, encode_feed, encode_single, size_findings
from icms_calendar.ics.revise import Event, revise
from icms_calendar.model import MaintenanceCalendar
from icms_calendar.recurrence import expand
from icms_calendar.site.publish import STATUS_PATH, Published, publish

STATUS_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Site:
    """The files of a site, by path with `/` between its parts, of how many windows, and what is to be said of it."""

    files: dict[str, bytes]
    windows: int
    findings: tuple[Finding, ...]


def build_site(
    calendar: MaintenanceCalendar, folder: str | os.PathLike[str], *, now: datetime, force: bool = False
) -> Published:
    """Build the site of a calendar into a folder: its feeds, and status.json.

    `now` (aware) stamps what is new. Raises PublishError, and leaves the folder as it was, where it holds files
    that no build made (unless `force`, which keeps them), where another build is under way, or where it cannot
    be written.
    """
    site = plan_site(calendar, now)
    return replace(publish(site.files, Path(folder), force=force), findings=site.findings)


def plan_site(calendar: MaintenanceCalendar, now: datetime) -> Site:
    """Every file of the site of a calendar at `now`, an aware datetime.

    A window that ended longer ago than `history` has left it.
    """
    if now.tzinfo is None:
        raise TypeError("now is a naive datetime; give it a time zone, as in datetime.now(UTC)")
    now = now.astimezone(UTC).replace(microsecond=0)
    kept = [occurrence for occurrence in expand(calendar) if occurrence.end > now - calendar.history]
    events = revise(kept, calendar, now)
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for feed in _feeds(calendar, events):
        address = address_of(f"{feed.path}.ics", calendar)
        files[f"{feed.path}.ics"] = encode_feed(Heading(feed.name, address), feed.events, calendar)
        findings += size_findings(f"{feed.path}.ics", files[f"{feed.path}.ics"])
        if calendar.reminders:
            path = f"{feed.path}-reminders.ics"
            heading = Heading(feed.name, address_of(path, calendar))
            files[path] = encode_feed(heading, feed.events, calendar, calendar.reminders)
    coming = [event for event in events if event.occurrence.end > now]
    files |= {f"events/{event.occurrence.window.id}.ics": encode_single(event) for event in coming}
    files[STATUS_PATH] = _status(calendar, coming, files, now)
    return Site(files, len(events), tuple(findings))


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
        yield _Feed(system.id, name, tuple(by_object.get(system.id, ())))
        for service in system.services:
            path = f"{system.id}/{service.id}"
            yield _Feed(path, f"{name}, {service.name}", tuple(by_object.get(path, ())))
    for spec in calendar.feeds:
        chosen = {window.id for window in calendar.select_feed(spec).windows}
        yield _Feed(spec.id, spec.name, tuple(event for event in events if event.occurrence.window.id in chosen))


def _status(calendar: MaintenanceCalendar, coming: Iterable[Event], files: dict[str, bytes], now: datetime) -> bytes:
    """status.json: when it was built and from what, what comes next, and every file with its digest.

    A health check for monitoring, and the manifest by which the next build knows its own files.
    """
    status = {
        "generator": "icms-calendar",
        "format": STATUS_FORMAT,
        "generated_at": _json_time(now),
        "source_sha256": sha256(calendar.model_dump_json(exclude_defaults=True).encode()).hexdigest(),
        "next": next((_next(event, calendar) for event in coming if _takes_place(event)), None),
        "files": {
            path: {"sha256": sha256(files[path]).hexdigest(), "size": len(files[path])} for path in sorted(files)
        },
    }
    return (json.dumps(status, ensure_ascii=False, indent=1) + "\n").encode()


def _takes_place(event: Event) -> bool:
    return event.occurrence.window.status not in ("cancelled", "completed")


def _next(event: Event, calendar: MaintenanceCalendar) -> dict[str, object]:
    occurrence = event.occurrence
    return {
        "id": occurrence.window.id,
        "uid": occurrence.uid,
        "title": calendar.title_of(occurrence.window),
        "status": occurrence.window.status,
        "impact": occurrence.window.worst_impact,
        "start": _json_time(occurrence.start),
        "end": _json_time(occurrence.end),
    }


def _json_time(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
