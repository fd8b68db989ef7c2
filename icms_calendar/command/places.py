"""Decide what a place is (records, a feed or a site) and open it: one way for all commands.

How a place is read is decided in its own room; what is asked of it, in schedule/inquiry.py.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from icms_calendar.fetch import STANDARD_INPUT, STANDARD_INPUT_NAME, UnreachableError, fetch, fetch_input, is_address
from icms_calendar.findings import SourceError, found

if TYPE_CHECKING:
    from icms_calendar.feed.changes import Changes
    from icms_calendar.schedule.inquiry import Feed, Records

OUTPUT = "public"  # the folder that `build` builds into
FEED_SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb")
_BEGIN = b"BEGIN:"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENOUGH_TO_TELL = 64


@dataclass(frozen=True, slots=True)
class Place:
    """What a name leads to; `data` is what was read of it already, for it may not be readable again."""

    name: str
    kind: Literal["records", "feed", "site"]
    data: bytes | None = None

    @property
    def file(self) -> str:
        """The name in findings."""
        return STANDARD_INPUT_NAME if self.name == STANDARD_INPUT else self.name

    @property
    def title(self) -> str:
        """The name of a calendar that has none."""
        return "Imported calendar" if self.name == STANDARD_INPUT else Path(self.name).stem

    @property
    def feed(self) -> bytes:
        """The bytes of a feed."""
        assert self.data is not None  # noqa: S101 - a feed is known by its bytes
        return self.data


def place_of(name: str, now: datetime) -> Place:
    """Decide what a path, an address or `-` is: by its ending, else by its first octets.

    Raises SourceError (`unreadable`) for an address or a pipe that cannot be read.
    """
    if is_address(name):
        return _at_address(name, now)
    if name == STANDARD_INPUT:
        return _by_content(name, fetch_input(name, now))
    if os.path.isdir(name):
        from icms_calendar.source.files import is_site

        return Place(name, "site" if is_site(Path(name)) else "records")
    if _has_feed_suffix(name):
        return Place(name, "feed", fetch_input(name, now))
    return _at_path(name, now)


def opened(name: str, now: datetime, *, max_age: timedelta | None = None, zone: str | None = None) -> Records | Feed:
    """Open a place to be asked about time; `zone` is the reader's.

    Raises SourceError for what cannot be read, is damaged, or is older than `max_age`.
    """
    from icms_calendar.schedule.inquiry import Feed, Records, open_site
    from icms_calendar.source.files import load_answered

    place = place_of(name, now)
    if place.kind == "site":
        return open_site(name, now, max_age, zone)
    if max_age is not None:
        raise SourceError([replace(found("age-not-told"), file=place.file)])
    if place.kind == "feed":
        return Feed(place.feed, place.file, zone)
    return Records(load_answered(name, place.data))


def feed_of(place: Place, now: datetime) -> bytes:
    """The feed at a place: of a site, its all.ics. Raises SourceError if it cannot be read."""
    if place.data is not None:
        return place.data
    from icms_calendar.feed.ledger import file_of

    return fetch_input(file_of(place.name, "all.ics") if place.kind == "site" else place.name, now)


def windows_at(name: str, now: datetime) -> Place:
    """What can be imported at a place: of a site, its windows.json, which is exact; else the file itself."""
    from icms_calendar.feed.ledger import file_of

    place = Place(name, "feed") if name.lower().endswith(".json") else place_of(name, now)
    if place.kind == "site":
        place = Place(file_of(name, "windows.json"), "feed")
    return place if place.data is not None else replace(place, data=fetch_input(place.name, now))


def difference(name: str, previous: str | None, now: datetime, *, first_build: bool = False) -> Changes:
    """What subscribers would see change from a previous feed or site to the records, the feed or the site at a place.

    Without `previous`, the site in `public` is meant, where there need not be one yet.
    """
    from icms_calendar.site.compare import diff
    from icms_calendar.source.files import is_built, open_source

    place, before = place_of(name, now), previous or OUTPUT
    first_build = first_build or (previous is None and not is_built(Path(OUTPUT)))
    if place.kind != "records":
        return diff(feed_of(place, now), before, now=now)
    records = open_source(name, place.data)
    changes = diff(records.calendar, before, now=now, first_build=first_build)
    return replace(changes, stops=records.placed(changes.stops))


def _at_address(name: str, now: datetime) -> Place:
    if _has_feed_suffix(_path_of(name)):
        return Place(name, "feed", fetch_input(name, now))
    try:
        place = _by_content(name, fetch(name, now))
    except UnreachableError as error:
        if not error.absent and "answered 403" not in error.reason:  # the folder of a site need not be listed
            raise error.of_source(name) from None
        return Place(name, "site")
    return place if place.kind == "feed" else Place(name, "site")


def _at_path(name: str, now: datetime) -> Place:
    try:
        is_regular = stat.S_ISREG(os.stat(name).st_mode)  # noqa: PTH116 - a name may be too long for Path
    except (OSError, ValueError):
        return Place(name, "records")  # whose room says what is wrong with it
    if not is_regular:
        return _by_content(name, fetch_input(name, now))
    try:
        with open(name, "rb") as file:  # noqa: PTH123
            beginning = file.read(_ENOUGH_TO_TELL)
    except OSError:
        return Place(name, "records")
    return Place(name, "feed", fetch_input(name, now)) if _is_feed(beginning) else Place(name, "records")


def _by_content(name: str, data: bytes) -> Place:
    return Place(name, "feed" if _is_feed(data) else "records", data)


def _is_feed(beginning: bytes) -> bool:
    """Whether octets are iCalendar, or were meant to be."""
    start = beginning[:_ENOUGH_TO_TELL].removeprefix(_BYTE_ORDER_MARK).lstrip()
    return start[: len(_BEGIN)].upper() == _BEGIN


def _has_feed_suffix(path: str) -> bool:
    return path.lower().endswith(FEED_SUFFIXES)


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # a bracket that is not closed; nothing answers there
        return ""
