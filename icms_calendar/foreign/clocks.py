"""The TZID of anybody's event to a clock: by its name in the IANA database, else by the file's own VTIMEZONE.

Onsets are worked out only for the years that are asked about, and equal definitions once. A name that nothing explains
has no clock, and the event is not guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from typing import ClassVar, NamedTuple

import pytz

from icms_calendar.feed.decode import unescape_text
from icms_calendar.foreign.components import Component
from icms_calendar.foreign.faults import LeftOutError
from icms_calendar.foreign.values import moment_of, offset_of
from icms_calendar.record.rrule import Repetition, parts_of, refusal_of
from icms_calendar.record.zones import Zone, known_zone, zone_named

_DAY = timedelta(days=1)  # no offset is as large
_MOST_STEPS = 10_000_000  # days and times that the rules of a file look at: some ten seconds
_ITS_COUNTRIES = re.compile(r" Time \(.*\)$")
_DISPLAY_NAME = re.compile(r"\((?:UTC|GMT)(?:([+-])([0-9]{2})[:.]?([0-9]{2}))?\) *(.+)")
# What Exchange and Rails call a zone whose Windows name is another; and Windows names that CLDR no longer lists.
_REGIONS = {
    "hawaii": "Pacific/Honolulu",
    "alaska": "America/Anchorage",
    "arizona": "America/Phoenix",
    "saskatchewan": "America/Regina",
    "indiana (east)": "America/Indiana/Indianapolis",
    "brasilia": "America/Sao_Paulo",
    "mid-atlantic": "Atlantic/South_Georgia",
    "cape verde is.": "Atlantic/Cape_Verde",
    "west central africa": "Africa/Lagos",
    "new caledonia": "Pacific/Noumea",
    "solomon is.": "Pacific/Guadalcanal",
    "mid-atlantic standard time": "Atlantic/South_Georgia",
    "kamchatka standard time": "Asia/Kamchatka",
    "armenian standard time": "Asia/Yerevan",
    "mexico standard time": "America/Mexico_City",
    "mexico standard time 2": "America/Chihuahua",
}


UTC_CLOCK = zone_named("UTC")


class Change(NamedTuple):
    """The instant (naive, UTC) from which a clock has another offset."""

    at: datetime
    before: timedelta
    after: timedelta


@dataclass(slots=True, eq=False)
class DefinedClock:
    """The clock of a VTIMEZONE (RFC 5545 3.6.5), asked like a Zone; what held before its first change is guessed."""

    observances: list[_Observance]
    _years: dict[int, tuple[Change, ...]] = field(default_factory=dict)

    name: ClassVar[None] = None

    @property
    def collides(self) -> bool:
        """Whether two offsets begin at one moment, so that neither can be said to hold."""
        seen: dict[datetime, timedelta] = {}
        plain = (one for one in self.observances if not one.rules and len(one.dates) == 1)
        return any(seen.setdefault(one.dates[0], one.after) != one.after for one in plain)

    def nearest_instant(self, wall: datetime) -> tuple[datetime, str]:
        changes = self._near(wall.year)
        i = bisect_right(changes, wall - _DAY, key=attrgetter("at"))
        offset = changes[i - 1].after if i else changes[0].before
        odd = ""
        for change in changes[i:]:
            # RFC 5545 3.3.5: of a time that is shown twice the first counts, a skipped one has the offset before.
            if wall < change.at + max(offset, change.after):
                if wall >= change.at + min(offset, change.after):
                    odd = f"skips {wall:%H:%M}" if change.after > offset else f"shows {wall:%H:%M} twice"
                break
            offset = change.after
        begins = changes[0].at + changes[0].before
        if wall < begins:
            odd = f"is defined only from {begins:%Y-%m-%d} on, and not"
        return (wall - offset).replace(tzinfo=UTC), odd

    def wall(self, instant: datetime) -> tuple[datetime, str]:
        naive = instant.replace(tzinfo=None)
        changes = self._near(naive.year)
        i = bisect_right(changes, naive, key=attrgetter("at"))
        return naive + (changes[i - 1].after if i else changes[0].before), ""

    def _near(self, year: int) -> tuple[Change, ...]:
        """The changes from the last one before the previous year to those of the next one; at least one."""
        if year not in self._years:
            onsets = ((onset, one.before, one.after) for one in self.observances for onset in one.near(year))
            changes = (Change(_earlier(onset, before), before, after) for onset, before, after in onsets)
            self._years[year] = tuple(sorted(changes))
        return self._years[year]


Clock = Zone | DefinedClock


def _earlier(wall: datetime, offset: timedelta) -> datetime:
    try:
        return wall - offset
    except OverflowError:  # .NET's first day
        return wall.replace(year=1 if wall.year == 1 else 9999)


class _Observance:
    """A STANDARD or DAYLIGHT: its offsets, and the wall-clock times of its onsets.

    Raises ValueError with what is wrong with it.
    """

    def __init__(self, component: Component, work: Work) -> None:
        self.before, self.after = (_offset(name, component) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
        if component.first("DTSTART") is None:
            raise ValueError("DTSTART is missing")
        first, listed = _wall(component.value("DTSTART")), component.every("RDATE")
        self.dates = sorted({first, *(_wall(text) for line in listed for text in line.text.split(",") if text)})
        work.spend(len(self.dates))
        rules = [line.text.strip("; ").upper() for line in component.every("RRULE") if line.value.strip()]
        self.rules = [_rule(rule, first, work) for rule in dict.fromkeys(rules)]

    def near(self, year: int) -> list[datetime]:
        """The onsets of the years around, and the last one before them; DTSTART when there are none yet."""
        begin, end = datetime(max(year - 1, 1), 1, 1), datetime(min(year + 1, 9999), 12, 31, 23)  # noqa: DTZ001
        i, j = bisect_right(self.dates, begin), bisect_right(self.dates, end)
        ruled = (onset for rule in self.rules for onset in (rule.latest(begin), *rule.walls(end, begin.date())))
        return [*self.dates[max(i - 1, 0) : max(j, 1)], *filter(None, ruled)]


class NamedZone(NamedTuple):
    """What a TZID names: its clock, the file's definitions beside or behind it, and what is wrong with these."""

    clock: Clock | None
    defined: tuple[DefinedClock, ...]
    wrong: str


class Work:
    """What is done once for a file, or bounded for all of it: its VTIMEZONEs, and the days that rules look at."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS
        self._made: dict[tuple[object, ...], DefinedClock | str] = {}

    def spend(self, steps: int) -> None:
        """Count some steps. Raises LeftOutError if they are too many."""
        self._left -= steps
        if self._left < 0:
            raise LeftOutError("the rules of this file take too much work")

    def clock(self, definition: Component) -> DefinedClock | str:
        """The clock of a VTIMEZONE, or what is wrong with it."""
        parts = [one for one in definition.components if one.name in ("STANDARD", "DAYLIGHT")]
        if not parts:
            return "it has neither STANDARD nor DAYLIGHT"
        key = tuple((one.name, *(line.written for lines in one.properties.values() for line in lines)) for one in parts)
        if key not in self._made:
            try:
                self._made[key] = DefinedClock([_Observance(one, self) for one in parts])
            except (ValueError, OverflowError) as error:
                self._made[key] = str(error)
        return self._made[key]


class Clocks:
    """The clocks of one calendar's TZIDs, by its VTIMEZONEs."""

    def __init__(self, components: Sequence[Component], work: Work) -> None:
        self._timezones: dict[str, list[Component]] = {}
        for component in components:
            if component.name == "VTIMEZONE" and "TZID" in component.properties:
                self._timezones.setdefault(_plain(component.value("TZID")), []).append(component)
        self._work = work
        self._known: dict[str, NamedZone] = {}

    def only(self) -> Clock | None:
        """The clock of the only VTIMEZONE: the one that the file's own times name."""
        return self.named(next(iter(self._timezones))).clock if len(self._timezones) == 1 else None

    def defines(self, tzid: str) -> bool:
        """Whether a VTIMEZONE has this TZID."""
        return _plain(tzid) in self._timezones

    def named(self, tzid: str) -> NamedZone:
        """The clock of a TZID. Without one, nothing explains the name; `defined` may differ from a known one."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    def _find(self, tzid: str) -> NamedZone:
        """TZID is TEXT in a VTIMEZONE (RFC 5545 3.8.3.1), and not in a parameter: compared unescaped."""
        known = known_clock(tzid)
        components = self._timezones.get(_plain(tzid))
        if components is None:
            return NamedZone(known, (), "" if known is UTC_CLOCK else "has no VTIMEZONE in the feed")
        if known is None and (location := components[0].value("X-LIC-LOCATION")):
            known = known_clock(location)
        made = [self._work.clock(component) for component in components]
        defined = tuple(dict.fromkeys(one for one in made if isinstance(one, DefinedClock)))
        wrong = next((f"has a VTIMEZONE that cannot be read ({one})" for one in made if isinstance(one, str)), "")
        return NamedZone(known or (defined[0] if defined else None), defined, wrong)


def _plain(tzid: str) -> str:
    return unescape_text(tzid).strip()


@lru_cache(maxsize=4096)
def known_clock(tzid: str) -> Zone | None:
    """The zone with any of its names, such as `Europe/Berlin` or `E. Africa Standard Time`.

    Also `/mozilla.org/2005_1/Europe/Berlin`, and `(UTC+03:00) Nairobi` if the city's zone has that offset.
    """
    tzid, names = _plain(tzid), _by_small_letters()
    if zone := known_zone(tzid) or known_zone(names.get(tzid.casefold(), "")):
        return zone
    if "/" in tzid:  # RFC 5545 3.8.3.1: a prefix that makes it unique in the world; and posix/Europe/Vaduz
        parts = tzid.casefold().split("/")
        endings = ("/".join(parts[i:]) for i in range(1, len(parts)))
        return next((zone_named(names[ending]) for ending in endings if ending in names), None)
    display = _DISPLAY_NAME.fullmatch(tzid)
    return _displayed_zone(display) if display else _region(tzid)


@cache
def _by_small_letters() -> dict[str, str]:
    return {name.casefold(): name for name in pytz.all_timezones}


def _region(name: str) -> Zone | None:
    """The zone of `Brasilia`, or of `Pacific Time (US & Canada)`, whose Windows name begins alike."""
    region = _REGIONS.get(name.casefold())
    windows = f"{re.sub(_ITS_COUNTRIES, '', name)} Standard Time"
    return zone_named(region) if region else known_zone(windows)


def _displayed_zone(display: re.Match[str]) -> Zone | None:
    """Exchange's names: the standard offset, and a region, or cities of which one names the zone."""
    sign, hours, minutes, places = display.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    zones = [UTC_CLOCK if places == "Coordinated Universal Time" else _region(places.strip())]
    for city in places.split(","):
        ending = "/" + city.strip().replace(" ", "_")
        zones += [zone_named(name) for name in pytz.common_timezones if name.endswith(ending)]
    for zone in filter(None, zones):
        january, july = (datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7))
        shown = {zone.wall(at)[0] - at.replace(tzinfo=None) for at in (january, july)}
        if offset == min(shown):  # what these names give is the standard time
            return zone
    return None


def _offset(name: str, component: Component) -> timedelta:
    line = component.first(name)
    offset = offset_of(line.value.strip()) if line else None
    if offset is None:
        raise ValueError(f"{name} is {'missing' if line is None else 'not an offset'}")
    return offset


def _rule(rule: str, first: datetime, work: Work) -> Repetition:
    parts = parts_of(rule)
    if reason := refusal_of(rule):
        raise ValueError(f"its RRULE cannot be used: {reason}")
    # UNTIL is in UTC, for once: no two onsets are as near as a day.
    until = _wall(parts["UNTIL"]) + _DAY if "UNTIL" in parts else None
    return Repetition(rule, first, until, int(parts["COUNT"]) if "COUNT" in parts else None, work.spend)


def _wall(text: str) -> datetime:
    moment = moment_of(text.strip().encode())
    if moment is None:
        raise ValueError(f"{text[:20]} is not a time")
    return moment.wall
