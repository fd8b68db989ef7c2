"""Addresses for life: which feeds and pages were published, and what becomes of each in this build.

record/addresses.py reads `renamed` and `retired`; site/build.py plans the files of a site.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, get_args

from icms_calendar.feed.decode import PublishedEvent
from icms_calendar.record.addresses import REMINDERS, addresses_in_use, renamed_address
from icms_calendar.record.labels import Language
from icms_calendar.record.model import MaintenanceCalendar

FEED_SUFFIX = ".ics"
_LANGUAGES = frozenset(get_args(Language))


class SiteStatus(NamedTuple):
    """The contents of a status.json: the paths of feeds and pages, every file's SHA-256, and systems with services.

    Repeating windows are laid out until `laid_out_until`; None if none repeats.
    """

    generated_at: datetime
    addresses: frozenset[str]
    digests: Mapping[str, str]
    laid_out_until: datetime | None
    systems: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class AddressChanges:
    """What becomes of the addresses of a site: new ones, old path to new path, and those that would disappear."""

    added: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()


def feeds_in(paths: Iterable[str]) -> list[str]:
    """The feeds among the files of a site, except those of a single event."""
    return sorted(path for path in paths if path.endswith(FEED_SUFFIX) and not path.startswith("events/"))


def pages_in(paths: Iterable[str]) -> list[str]:
    """The pages among the files of a site, except the one for a missing address."""
    return sorted(path for path in paths if path.endswith(".html") and path != "404.html")


def read_status(data: bytes) -> SiteStatus | None:
    """The contents of a site's status.json; None if icms-calendar did not write it.

    0.1.0 does not name feeds and pages; they are found among its `files`.
    """
    try:
        status = json.loads(data)
        files = status["files"]
        feeds, pages = status.get("feeds", feeds_in(files)), status.get("pages", pages_in(files))
        until = status.get("laid_out_until")
        contents = SiteStatus(
            generated_at=datetime.fromisoformat(status["generated_at"]).astimezone(UTC),
            addresses=frozenset(map(str, (*feeds, *pages))),
            digests={str(path): str(entry["sha256"]) for path, entry in files.items()},
            laid_out_until=datetime.fromisoformat(until).astimezone(UTC) if until else None,
            systems={id_: frozenset(map(str, services)) for id_, services in status.get("systems", {}).items()},
        )
        return contents if status["generator"] == "icms-calendar" else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def address_changes(
    calendar: MaintenanceCalendar,
    before: Collection[str],
    files: Collection[str],
    events: Iterable[PublishedEvent],
    edge: datetime,
) -> AddressChanges:
    """What becomes of the addresses published `before` when a site now has these `files`.

    A renamed address is in `moved` even if it is unknown whether it was published. An address may go if it has
    emptied because the last of the previous `events` ended before `edge`, the end of the history.
    """
    feeds = {f"{old}{FEED_SUFFIX}" for old in calendar.renamed}
    feeds |= {f"{old}{REMINDERS}{FEED_SUFFIX}" for old in calendar.renamed if not old.endswith(REMINDERS)}
    moved: dict[str, str] = {}
    retired: list[str] = []
    left: list[str] = []
    for path in sorted({*before, *feeds}.difference(files)):
        if target := _target(path, files, calendar):
            moved[path] = target
        elif path in before:
            (retired if _is_retired(path, calendar) else left).append(path)
    emptied = _emptied(calendar, events, edge) if left else frozenset()
    gone = tuple(path for path in left if _object_of(path, calendar) not in emptied)
    added = {*feeds_in(files), *pages_in(files)}.difference(before) if before else ()
    return AddressChanges(tuple(sorted(added)), moved, gone, tuple(retired))


def forwarding_page(target: str, depth: int) -> bytes:
    """A page that forwards to another one, `depth` folders up and then down to `target`."""
    address = "../" * depth + (target.removesuffix("index.html") or ("" if depth else "./"))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>This page has moved</title>\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n<link rel="canonical" href="{address}">\n'
        f'<p>This page has moved: <a href="{address}">go to the current page</a>.</p>\n</html>\n'
    ).encode()


def _parts(path: str) -> tuple[str, str, str]:
    """Language, system and file name of a page; no language, the address and `.ics` of a feed."""
    if path.endswith(FEED_SUFFIX):
        return "", path.removesuffix(FEED_SUFFIX), FEED_SUFFIX
    *folders, name = path.split("/")
    language = folders.pop(0) if folders and folders[0] in _LANGUAGES else ""
    return language, "/".join(folders), name


def _target(path: str, files: Collection[str], calendar: MaintenanceCalendar) -> str | None:
    """The current file that an old address leads to; none if the language or system of a page is gone."""
    language, address, name = _parts(path)
    new = renamed_address(address, calendar.renamed)
    if name == FEED_SUFFIX:
        targets = [f"{new}{name}"]
    elif _is_dropped(language, calendar) or (address and new not in addresses_in_use(calendar)):
        targets = []
    else:
        folder = "" if language in ("", calendar.languages[0]) else f"{language}/"
        targets = [f"{folder}{new.partition('/')[0]}/{name}", f"{folder}{name}"]
    return next((target for target in targets if target in files), None)


def _is_dropped(language: str, calendar: MaintenanceCalendar) -> bool:
    return bool(language) and language not in calendar.languages


def _object_of(path: str, calendar: MaintenanceCalendar) -> str:
    """The current system or service of an address; empty if the address goes for a reason of its own."""
    language, address, _ = _parts(path)
    base = address.removesuffix(REMINDERS)
    is_dropped = _is_dropped(language, calendar) or (base != address and not calendar.reminders)
    return "" if is_dropped else renamed_address(base, calendar.renamed)


def _is_retired(path: str, calendar: MaintenanceCalendar) -> bool:
    """Whether an address may end: by its own line, or the line of its feed, system or language."""
    language, address, _ = _parts(path)
    bases = {address, address.removesuffix(REMINDERS)}
    bases |= {renamed_address(base, calendar.renamed) for base in bases}
    names = {path, language, *bases, *(base.partition("/")[0] for base in bases)}
    return not names.isdisjoint(calendar.retired)


def _emptied(calendar: MaintenanceCalendar, events: Iterable[PublishedEvent], edge: datetime) -> frozenset[str]:
    """Systems and services that only the previous feed names and whose last event has left the history."""
    last: dict[str, datetime] = {}
    for event in events:
        for id_ in event.objects:
            new = renamed_address(id_, calendar.renamed)
            for name in {new, new.partition("/")[0]}:
                last[name] = max(event.end, last.get(name, event.end))
    return frozenset(name for name, end in last.items() if end <= edge) - addresses_in_use(calendar)
