"""The TZID of anybody's event to a clock: by its name in the IANA database, else by the file's own VTIMEZONE.

What is odd about it is told; a name that nothing explains has no clock, and the event is not guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Protocol, cast

import pytz

from icms_calendar.foreign.components import Component
from icms_calendar.record.zones import Zone, known_zone, zone_named

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_DAY = timedelta(days=1)  # no offset is as large
_LAST_CHANGE = datetime(2100, 1, 1)  # noqa: DTZ001 - a wall clock is naive
_MOST_CHANGES = 800  # two a year for four centuries: Outlook begins in 1601
_DISPLAY_NAME = re.compile(r"\((?:UTC|GMT)(?:([+-])([0-9]{2})[:.]?([0-9]{2}))?\) *(.+)")
_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
# The rules that time zones have: these always yield, so that no search for the next day goes on for ever.
_YEARLY = re.compile(
    r"FREQ=YEARLY(?:;(?:BYMONTH=(?:1[0-2]|0?[1-9])|WKST=[A-Z]{2}|INTERVAL=1|UNTIL=[0-9]{8}(?:T[0-9]{6}Z?)?"
    r"|BYDAY=(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)|BYMONTHDAY=(?:1[0-9]|2[0-8]|[1-9])(?:,(?:1[0-9]|2[0-8]|[1-9]))*))*"
)


class Clock(Protocol):
    """A wall clock: from a naive time to an instant, and back."""

    @property
    def name(self) -> str | None:
        """Its IANA name; None for a zone that only the file defines."""

    def instant(self, wall: datetime) -> tuple[datetime, str]:
        """The UTC instant of `wall`, and what is odd about it, in words. Raises CalendarError."""

    def wall(self, instant: datetime) -> datetime:
        """What it shows at a UTC instant, naive."""


@dataclass(frozen=True, slots=True)
class KnownClock:
    """The clock of a zone of the IANA database."""

    zone: Zone

    @property
    def name(self) -> str:
        return self.zone.name

    def instant(self, wall: datetime) -> tuple[datetime, str]:
        return self.zone.nearest_instant(wall)

    def wall(self, instant: datetime) -> datetime:
        return self.zone.wall(instant)[0]


@dataclass(frozen=True, slots=True)
class DefinedClock:
    """The clock of a VTIMEZONE: from each change (naive, UTC) on an offset; `first` is guessed to hold before."""

    changes: tuple[datetime, ...]
    offsets: tuple[timedelta, ...]
    first: timedelta

    @property
    def name(self) -> None:
        return None

    def instant(self, wall: datetime) -> tuple[datetime, str]:
        i = bisect_right(self.changes, wall - _DAY)
        offset = self.offsets[i - 1] if i else self.first
        odd = ""
        for change, after in zip(self.changes[i:], self.offsets[i:], strict=True):
            # RFC 5545 3.3.5: of a time that is shown twice the first counts, a skipped one has the offset before.
            if wall < change + max(offset, after):
                if wall >= change + min(offset, after):
                    odd = f"skips {wall:%H:%M}" if after > offset else f"shows {wall:%H:%M} twice"
                break
            offset = after
        if wall < self.changes[0] + offset:
            odd = f"is told only from {self.changes[0] + offset:%Y-%m-%d} on, and not"
        return (wall - offset).replace(tzinfo=UTC), odd

    def wall(self, instant: datetime) -> datetime:
        naive = instant.replace(tzinfo=None)
        i = bisect_right(self.changes, naive)
        return naive + (self.offsets[i - 1] if i else self.first)


UTC_CLOCK = KnownClock(zone_named("UTC"))


class Clocks:
    """The clocks of one calendar's TZIDs."""

    def __init__(self, timezones: Iterable[Component]) -> None:
        self._definitions: dict[str, list[Component]] = {}
        for component in timezones:
            if tzid := component.first("TZID"):
                self._definitions.setdefault(tzid.value.strip(), []).append(component)
        self._known: dict[str, tuple[Clock | None, DefinedClock | None, str]] = {}

    def named(self, tzid: str) -> tuple[Clock | None, DefinedClock | None, str]:
        """The clock of a TZID, the one that the file defines beside a known one, and what is wrong with it.

        No clock: nothing explains the name. A definition beside it is to be held against it, since the two may differ.
        """
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    def _find(self, tzid: str) -> tuple[Clock | None, DefinedClock | None, str]:
        known = known_clock(tzid)
        components = self._definitions.get(tzid)
        if components is None:
            return known, None, "" if known is None else "has no VTIMEZONE"
        component = components[0]
        if known is None and (location := component.first("X-LIC-LOCATION")):
            known = known_clock(location.value.strip())
        defined, wrong = _defined(component)
        if any(_defined(other)[0] != defined for other in components[1:]):
            defined, wrong = None, "has several VTIMEZONEs that differ"
        if known is not None:
            return known, defined, wrong
        return defined, None, wrong


@cache
def known_clock(tzid: str) -> KnownClock | None:
    """The zone that a TZID names: `Europe/Berlin`, `E. Africa Standard Time`, `/mozilla.org/2005_1/Europe/Berlin`,
    or `(UTC+03:00) Nairobi`, where the city's zone has that offset."""
    if zone := known_zone(tzid):
        return KnownClock(zone)
    if tzid.startswith("/"):  # RFC 5545 3.8.3.1: a prefix that makes it unique in the world
        parts = tzid.split("/")
        name = next((n for i in range(2, len(parts)) if (n := "/".join(parts[i:])) in pytz.all_timezones_set), None)
        return KnownClock(zone_named(name)) if name else None
    display = _DISPLAY_NAME.fullmatch(tzid)
    return _city_clock(display) if display else None


def _city_clock(display: re.Match[str]) -> KnownClock | None:
    """Exchange's names: the standard offset, and cities of which one names the zone."""
    sign, hours, minutes, cities = display.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if cities == "Coordinated Universal Time":
        return UTC_CLOCK if not offset else None
    for city in cities.split(","):
        ending = "/" + city.strip().replace(" ", "_")
        for name in pytz.common_timezones:
            if name.endswith(ending):
                zone = zone_named(name)
                january, july = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7))
                shown = {zone.wall(at)[0] - at.replace(tzinfo=None) for at in (january, july)}
                if offset == min(shown):  # what these names tell is the standard time
                    return KnownClock(zone)
    return None


def _defined(component: Component) -> tuple[DefinedClock | None, str]:
    """The clock of a VTIMEZONE, or what is wrong with it (RFC 5545 3.6.5)."""
    changes: list[tuple[datetime, timedelta, timedelta]] = []
    try:
        for observance in component.components:
            if observance.name in ("STANDARD", "DAYLIGHT"):
                before, after = (_offset(observance, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
                changes += ((wall - before, before, after) for wall in _onsets(observance))
    except (ValueError, OverflowError) as error:
        return None, f"has a VTIMEZONE that cannot be read ({error})"
    if not changes:
        return None, "has a VTIMEZONE without STANDARD or DAYLIGHT"
    changes.sort()
    # What holds before the first change is its standard time; the rules of Outlook begin in 1601 all the same.
    return DefinedClock(tuple(c[0] for c in changes), tuple(c[2] for c in changes), changes[0][1]), ""


def _offset(observance: Component, name: str) -> timedelta:
    prop = observance.first(name)
    match = _OFFSET.fullmatch(prop.value.strip()) if prop else None
    if match is None:
        raise ValueError(f"{name} is {'missing' if prop is None else 'no offset'}")
    sign, hours, minutes, seconds = match.groups()
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if length >= _DAY:
        raise ValueError(f"{name} is no offset")
    return -length if sign == "-" else length


def _onsets(observance: Component) -> Iterator[datetime]:
    """The wall-clock times at which an observance begins."""
    start = observance.first("DTSTART")
    if start is None:
        raise ValueError("DTSTART is missing")
    first = _wall(start.value)
    yield first
    for prop in observance.every("RDATE"):
        yield from (_wall(text) for text in islice(prop.value.split(","), _MOST_CHANGES))
    for rule in observance.every("RRULE"):
        yield from islice(_yearly(rule.value.strip().upper(), first), _MOST_CHANGES)


def _yearly(rule: str, first: datetime) -> Iterator[datetime]:
    from dateutil.rrule import rrulestr

    if not _YEARLY.fullmatch(rule) or ("BYMONTHDAY" in rule and re.search("BYDAY=[^;]*[0-9]", rule)):
        raise ValueError("its RRULE is none of a time zone")
    parts = [part for part in rule.split(";") if not part.startswith("UNTIL")]
    until = _LAST_CHANGE
    if match := re.search("UNTIL=([0-9]{8})(T[0-9]{6})?", rule):
        until = min(until, _wall(match[1] + (match[2] or "T235959")) + timedelta(days=1))  # in UTC, for once
    return iter(cast("rrule", rrulestr(";".join(parts), dtstart=first)).replace(until=until))


def _wall(text: str) -> datetime:
    return datetime.strptime(text.strip()[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall clock is naive
