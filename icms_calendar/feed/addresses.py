"""Addresses for life: which feeds and pages were published, and what becomes of each in this build.

record/addresses.py reads `renamed` and `retired`; site/build.py plans the files of a site.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, get_args

from icms_calendar.feed.decode import PublishedEvent
from icms_calendar.record.addresses import REMINDERS, addresses_in_use, renamed_address
from icms_calendar.record.labels import Language
from icms_calendar.record.model import MaintenanceCalendar

FEED_SUFFIX = ".ics"
_LANGUAGES = frozenset(get_args(Language))


class Manifest(NamedTuple):
    """What a status.json says about a site: the paths of its feeds and pages, and the SHA-256 of every file."""

    addresses: frozenset[str] = frozenset()
    digests: Mapping[str, str] = MappingProxyType({})


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


def read_manifest(data: bytes) -> Manifest | None:
    """The contents of a site's status.json; None if icms-calendar did not write it.

    0.1.0 does not name feeds and pages; they are found among its `files`.
    """
    try:
        status = json.loads(data)
        files = status["files"]
        digests = {str(path): str(entry["sha256"]) for path, entry in files.items()}
        feeds, pages = status.get("feeds", feeds_in(files)), status.get("pages", pages_in(files))
        if status["generator"] != "icms-calendar":
            return None
        return Manifest(frozenset(map(str, (*feeds, *pages))), digests)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
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
    explicit = [old for old in calendar.renamed if not old.endswith(REMINDERS)]
    old = {*before, *(f"{each}{FEED_SUFFIX}" for each in calendar.renamed)}
    old |= {f"{each}{REMINDERS}{FEED_SUFFIX}" for each in explicit}
    targets = {path: _target(path, files, calendar) for path in sorted(old - set(files))}
    moved = {path: target for path, target in targets.items() if target}
    left = [path for path in targets if path in before and path not in moved]
    retired = [path for path in left if _is_retired(path, calendar)]
    emptied = _emptied(calendar, events, edge) if len(retired) < len(left) else frozenset()
    gone = [path for path in left if path not in retired and _object_of(path, calendar) not in emptied]
    own = {*feeds_in(files), *pages_in(files)}
    return AddressChanges(tuple(sorted(own - set(before))) if before else (), moved, tuple(gone), tuple(retired))


def forwarding_page(target: str, depth: int) -> bytes:
    """A page that forwards to another one, `depth` folders up and then down to `target`."""
    address = "../" * depth + (target.removesuffix("index.html") or ("" if depth else "./"))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>This page has moved</title>\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n<link rel="canonical" href="{address}">\n'
        f'<p>This page has moved: <a href="{address}">go to the current page</a>.</p>\n</html>\n'
    ).encode()


def _target(path: str, files: Collection[str], calendar: MaintenanceCalendar) -> str | None:
    """The current file that an old address leads to."""
    if not path.endswith(FEED_SUFFIX):
        return next((target for target in _pages_for(path, calendar) if target in files), None)
    address = path.removesuffix(FEED_SUFFIX)
    new = renamed_address(address, calendar.renamed)
    target = f"{new}{FEED_SUFFIX}"
    return target if new != address and target in files else None


def _pages_for(path: str, calendar: MaintenanceCalendar) -> Iterable[str]:
    """The pages that can replace an old one, best first; none if its language or system is gone."""
    language, system, name = _parts(path)
    if language and language not in calendar.languages:
        return
    folder = f"{language}/" if language and language != calendar.languages[0] else ""
    if system:
        new = renamed_address(system, calendar.renamed)
        if new not in addresses_in_use(calendar):
            return
        yield f"{folder}{new.partition('/')[0]}/{name}"
    yield f"{folder}{name}"


def _parts(path: str) -> tuple[str, str, str]:
    """Language, system and file name of a page; the first two may be empty."""
    *folders, name = path.split("/")
    language = folders.pop(0) if folders and folders[0] in _LANGUAGES else ""
    return language, "/".join(folders), name


def _object_of(path: str, calendar: MaintenanceCalendar) -> str:
    """The current system or service of an address; empty if the address goes for a reason of its own."""
    if path.endswith(FEED_SUFFIX):
        address = path.removesuffix(FEED_SUFFIX)
        base = address.removesuffix(REMINDERS)
        return "" if base != address and not calendar.reminders else renamed_address(base, calendar.renamed)
    language, system, _ = _parts(path)
    return "" if language and language not in calendar.languages else renamed_address(system, calendar.renamed)


def _is_retired(path: str, calendar: MaintenanceCalendar) -> bool:
    """Whether an address may end: by its own line, or the line of its feed, system or language."""
    names = {path}
    if path.endswith(FEED_SUFFIX):
        address = path.removesuffix(FEED_SUFFIX)
        bases = [address, address.removesuffix(REMINDERS)]
        bases += [renamed_address(base, calendar.renamed) for base in bases]
        names |= {*bases, *(base.partition("/")[0] for base in bases)}
    else:
        language, system, _ = _parts(path)
        names |= {language, system, renamed_address(system, calendar.renamed)}
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
