"""A wall-clock time and a zone's name to an instant, strictly; and durations (RFC 5545 3.3.5, 3.3.6).

All zone data is pytz's, so that a build does not depend on the machine. A time that the zone's clock skips or
shows twice is an error here, never a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

import pytz

from icms_calendar.findings import CalendarError, did_you_mean, expect, fault, shown

# pytz reads the 32-bit tables of the zone files, and not the rule for the years after them.
LAST_TABLE_YEAR = 2037
_FIRST_TABLE_DAY = datetime(1901, 12, 14)
_LAST_TABLE_DAY = datetime(LAST_TABLE_YEAR, 12, 31, 23, 59, 59)


class Zone:
    """A time zone of the IANA database with its table of clock changes, as pytz carries it.

    Get one from `zone_named`. The table is arranged by the wall clock: period `i` holds the naive times from
    `_begins[i]` to `_ends[i]`. A gap between two periods is skipped; times in an overlap occur twice.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.tzinfo: tzinfo = pytz.timezone(name)
        changes, periods = _tables(self.tzinfo)
        self._utc_begins = changes
        self._midnights: dict[date, datetime] = {}  # for announcement dates, which many windows share
        self._offsets = [offset for offset, _ in periods]
        self._abbreviations = [_abbreviation(tzname) for _, tzname in periods]
        self._begins = [datetime.min, *(at + by for at, by in zip(changes[1:], self._offsets[1:], strict=True))]
        self._ends = [*(at + by for at, by in zip(changes[1:], self._offsets, strict=False)), datetime.max]
        self._known_from = self._begins[1] if periods[0][1] in ("LMT", "-00") else _FIRST_TABLE_DAY
        self._known_to = _LAST_TABLE_DAY if changes[-1].year >= LAST_TABLE_YEAR else datetime.max

    @property
    def known_until(self) -> datetime | None:
        """The end of its table, as an instant; None for a zone that no longer changes its clock."""
        return self._known_to.replace(tzinfo=UTC) if self._known_to == _LAST_TABLE_DAY else None

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def instant(self, wall: datetime, field: str = "time") -> datetime:
        """The UTC instant at which this zone's clock shows `wall`, a naive datetime.

        Raises CalendarError if the clock never shows it (`time-in-gap`) or shows it twice (`time-twice`), or if it
        is outside the zone's tables or, in UTC, outside the calendar's years; `field` is its name in the message.
        """
        i = bisect_right(self._begins, wall) - 1
        if wall >= self._ends[i] or (i and wall < self._ends[i - 1]) or not self._knows(wall):
            self._refuse(wall, i, field)
        return self._at(wall, i, field)

    def nearest_instant(self, wall: datetime, field: str = "the occurrence") -> tuple[datetime, str]:
        """The UTC instant of `wall` as RFC 5545 3.3.5 defines it for recurrences, and what is unusual about it.

        A time that the clock skips takes the offset before the gap; one that it shows twice is the first of the two.
        Otherwise raises CalendarError as `instant` does.
        """
        i = bisect_right(self._begins, wall) - 1
        if not self._knows(wall):
            self._refuse(wall, i, field)
        odd = ""
        if wall >= self._ends[i]:
            odd = f"skips {_clock(wall)}"
        elif i and wall < self._ends[i - 1]:
            i -= 1
            odd = f"shows {_clock(wall)} twice"
        return self._at(wall, i, field), odd

    def wall(self, instant: datetime) -> tuple[datetime, str]:
        """What this zone's clock shows at a UTC `instant`: a naive datetime and the zone's letters (`EAT`).

        A zone without letters is `UTC+4`. After the end of its tables, a zone whose clock still changes gives UTC.
        """
        naive = instant.replace(tzinfo=None)
        if not self._known_from <= naive <= self._known_to:
            return naive, "UTC"
        i = bisect_right(self._utc_begins, naive) - 1
        try:
            return naive + self._offsets[i], self._abbreviations[i]
        except OverflowError:
            return naive, "UTC"

    def local(self, instant: datetime) -> datetime:
        """What this zone's clock shows at a UTC `instant`, with its offset."""
        wall, _ = self.wall(instant)
        return wall.replace(tzinfo=timezone(wall - instant.replace(tzinfo=None)))

    def first_instant(self, day: date, field: str = "day") -> datetime:
        """The UTC instant at which the local day begins: midnight, or if the clock skips it, the instant after.

        Raises CalendarError (`beyond-zone-tables`); `field` is the name of the day in the message.
        """
        if day not in self._midnights:
            instant, odd = self.nearest_instant(datetime(day.year, day.month, day.day), field)
            if odd.startswith("skips"):
                instant = self._utc_begins[bisect_right(self._utc_begins, instant.replace(tzinfo=None)) - 1]
            self._midnights[day] = instant.replace(tzinfo=UTC)
        return self._midnights[day]

    def _at(self, wall: datetime, i: int, field: str) -> datetime:
        """The instant of a wall-clock time in a period."""
        try:
            return (wall - self._offsets[i]).replace(tzinfo=UTC)
        except OverflowError:
            raise fault("instant-out-of-range", (field,), field=field, read=_shown(wall)) from None

    def _knows(self, wall: datetime) -> bool:
        return self._known_from <= wall <= self._known_to

    def _refuse(self, wall: datetime, i: int, field: str) -> None:
        if not self._knows(wall):
            rule, early = "beyond-zone-tables", wall < self._known_from
            told = {
                "known": f"known from {self._known_from.year} on" if early else f"known until {LAST_TABLE_YEAR}",
                "example": _exact(wall, self._offsets[i]),
            }
        elif wall >= self._ends[i]:
            rule = "time-in-gap"
            told = {
                "before": _clock(self._ends[i]),
                "after": _clock(self._begins[i + 1]),
                "later": _clock(wall + (self._begins[i + 1] - self._ends[i])),
                "exact": _exact(wall, self._offsets[i]),
            }
        else:
            rule = "time-twice"
            told = {"first": _exact(wall, self._offsets[i - 1]), "second": _exact(wall, self._offsets[i])}
        raise fault(rule, (field,), field=field, read=_shown(wall), zone=self.name, **told)


def zone_named(name: str | tzinfo) -> Zone:
    """The zone with this IANA name, or with this Windows name (`E. Africa Standard Time`); also one of Python's.

    Raises CalendarError (`unknown-zone`), with the nearest name.
    """
    if isinstance(name, tzinfo):
        name = str(name)  # the key of a ZoneInfo, the name of a pytz zone
    zone = known_zone(name) if isinstance(name, str) else None
    if zone is None:
        raise fault("unknown-zone", read=shown(name), hint=_nearest_zone(str(name)[:60]))
    return zone


def known_zone(name: str) -> Zone | None:
    """The zone with this name, or None; without the search for a similar name."""
    if name in pytz.all_timezones_set:
        try:
            return _zone(name)
        except OSError:  # a pytz that Debian packaged lists zones of which the machine may have no file
            return None
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return _zone(WINDOWS_TO_OLSON[name]) if name in WINDOWS_TO_OLSON else None


def utc_time(instant: datetime) -> str:
    """A UTC instant as people and programs read it (RFC 3339): `2025-07-13T01:00:00Z`."""
    return instant.isoformat().replace("+00:00", "Z")


def aware(when: datetime, name: str) -> datetime:
    """The UTC instant of a datetime that Python code gives. Raises TypeError if it has no time zone."""
    expect(when, datetime, name, "a datetime with a time zone, as in datetime.now(UTC)")
    if when.utcoffset() is None:
        raise TypeError(f"{name} is a naive datetime; give it a time zone, as in datetime.now(UTC)")
    if when.tzname() == "LMT":
        raise fault("local-mean-time", field=name, offset=when.isoformat()[19:])
    return utc(when, name)


def utc(when: datetime, field: str = "time") -> datetime:
    """The instant of an aware datetime, in UTC. Raises CalendarError if its year is out of range."""
    try:
        return when.astimezone(UTC)
    except OverflowError:
        raise fault("instant-out-of-range", (field,), field=field, read=when.isoformat(" ")) from None


# The hour 24 is excluded: only Python 3.14 reads it, as midnight of the next day.
_WHEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?(?P<fraction>\.[0-9]+)? ?(?:Z|[+-][0-9]{2}:?[0-5][0-9])?)?"
)
_FRACTION = "has a fraction of a second. Write whole seconds"
_DAY_CHARACTERS = 10
_LONGEST_TIME = 80  # characters that are looked at to find out what is wrong


def parse_when(value: object, field: str = "time") -> datetime | date:
    """A date, or a date and time with or without an offset, from text or from Python's own types.

    Raises CalendarError: `not-a-time`, `local-mean-time`.
    """
    if isinstance(value, str):
        text = value
        if not _is_plain_when(value):
            match = _WHEN.fullmatch(value)
            if match is None:
                raise _not_a_time(value, field)
            if match["fraction"]:
                raise fault("not-a-time", field=field, read=shown(value), what=_FRACTION)
            text = value[:11] + value[11:].replace(" ", "")
        try:
            return datetime.fromisoformat(text) if len(text) > _DAY_CHARACTERS else date.fromisoformat(text)
        except ValueError:
            raise _not_a_time(value, field) from None
    if isinstance(value, datetime):
        return _checked(value, field)
    if isinstance(value, date):
        return value
    raise _not_a_time(value, field)


def _not_a_time(value: object, field: str) -> CalendarError:
    from icms_calendar.record.slips import FORM, slip_in

    remedy = slip_in(value[:_LONGEST_TIME]) if isinstance(value, str) else FORM
    return fault("not-a-time", field=field, read=shown(value), what=f"is not a date and time. {remedy}")


def _checked(when: datetime, field: str) -> datetime:
    """A datetime of Python as it is, if its clock shows it once and it has whole seconds."""
    if when != when:  # noqa: PLR0124 - NaT, the missing time of pandas, is a datetime
        raise _not_a_time(str(when), field)
    if when.microsecond or getattr(when, "nanosecond", 0):
        raise fault("not-a-time", field=field, read=shown(when.isoformat(" ")), what=_FRACTION)
    if type(when) is not datetime:  # a Timestamp of pandas
        when = datetime.combine(when.date(), when.timetz())
    if when.tzinfo is None or isinstance(when.tzinfo, timezone):
        return when
    if when.tzname() == "LMT":
        raise fault("local-mean-time", field=field, offset=when.isoformat()[19:])
    _refuse_odd(when, field)
    return when


def _refuse_odd(when: datetime, field: str) -> None:
    """Refuse a time that its zone skips or shows twice, as the same time without a zone is refused."""
    # PEP 495: only there the fold makes a difference.
    before, after = when.replace(fold=0).utcoffset(), when.replace(fold=1).utcoffset()
    if not before or not after or before == after or (before > after and when.fold):
        return
    zone = known_zone(str(when.tzinfo))
    try:
        if zone is not None:
            zone.instant(when.replace(tzinfo=None), field)
    except CalendarError as error:
        raise CalendarError(finding.at() for finding in error.findings) from None


def parse_day(value: object) -> date:
    """A date. Raises CalendarError (`not-a-time`)."""
    when = parse_when(value, "the day")
    if isinstance(when, datetime):
        raise fault("not-a-time", field="the day", read=shown(value), what="has a time of day. Write the date alone")
    return when


def _is_plain_when(text: str) -> bool:
    """Whether a text has one of the two most common forms, which Python reads as we do and four times as fast."""
    length = len(text)
    return (
        (length == 16 or (length == 25 and text[19] in "+-" and text[22] == ":" and text[23] < "6"))
        and text[4] == text[7] == "-"
        and text[10] in "T "
        and text[13] == ":"
        and text[11:13] < "24"
    )


_ISO_DURATION = re.compile(
    r"P(?:([0-9]{1,6})W)?(?:([0-9]{1,7})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
_SHORT_DURATION = re.compile(
    r"(?:([0-9]{1,6})w)? ?(?:([0-9]{1,7})d)? ?(?:([0-9]{1,8})h)? ?(?:([0-9]{1,9})m(?:in)?)? ?(?:([0-9]{1,9})s)?"
)
_LONGEST_DURATION = timedelta(days=36525)


def parse_duration(value: object, field: str = "duration") -> timedelta:
    """`PT6H`, `P1D`, `6h`, `1h30m`, `2d`: elapsed time in whole seconds, above zero.

    Raises CalendarError (`not-a-duration`), also for months and years, which have no fixed length.
    """
    if isinstance(value, timedelta):
        length = value
    else:
        match = isinstance(value, str) and (_ISO_DURATION.fullmatch(value) or _SHORT_DURATION.fullmatch(value))
        if not match:
            raise fault("not-a-duration", field=field, read=shown(value))
        weeks, days, hours, minutes, seconds = (int(digits or 0) for digits in match.groups())
        try:
            length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            length = timedelta(days=999_999_999)
    if not timedelta(0) < length <= _LONGEST_DURATION or length.microseconds:
        raise fault("not-a-duration", field=field, read=shown(value))
    return length


def duration_text(length: timedelta) -> str:
    """RFC 5545 3.3.6: `P1D`, `PT6H`, `P1DT30M`; days are days of 24 hours."""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    days = f"{length.days}D" if length.days else ""
    return f"P{days}{'T' + clock if clock or not days else ''}" if clock or days else "PT0S"


_zone = cache(Zone)


def _nearest_zone(name: str) -> str:
    known = [zone for zone in pytz.common_timezones if zone != name]
    by_city = {zone.rpartition("/")[2].casefold(): zone for zone in known}
    city = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    if city in by_city:
        return f' Did you mean "{by_city[city]}"?'
    return did_you_mean(name, known)


def _tables(zone: tzinfo) -> tuple[list[datetime], list[tuple[timedelta, str]]]:
    """The first instant (naive, UTC) of each period of a pytz zone, with its offset and letters."""
    changes = getattr(zone, "_utc_transition_times", None)
    if not changes:
        offset = zone.utcoffset(None) or timedelta(0)
        return [datetime.min], [(offset, zone.tzname(None) or "UTC")]
    periods = zone._transition_info  # type: ignore[attr-defined]  # noqa: SLF001 - pytz has no public access to its tables
    return list(changes), [(offset, tzname) for offset, _, tzname in periods]


def _abbreviation(tzname: str) -> str:
    """`EAT` as it is; `+04` and `-0330`, zones without letters, as UTC+4 and UTC-3:30."""
    if tzname[0] not in "+-":
        return tzname
    hours, minutes = int(tzname[1:3]), tzname[3:5]
    if not hours and minutes in ("", "00"):
        return "UTC"
    return f"UTC{tzname[0]}{hours}{':' + minutes if minutes not in ('', '00') else ''}"


def _exact(wall: datetime, offset: timedelta) -> str:
    return _shown(wall.replace(tzinfo=timezone(offset)), "T")


def _shown(wall: datetime, between: str = " ") -> str:
    return wall.isoformat(between, "seconds" if wall.second else "minutes")


def _clock(wall: datetime) -> str:
    return _shown(wall)[11:]
