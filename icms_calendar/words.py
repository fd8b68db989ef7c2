"""Spans, durations, statuses and titles in words: the one table of words that people read.

How texts are escaped or laid out is decided where they are written (ics/, site/).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from icms_calendar.zones import Zone

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_CLOCKS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]

IMPACT_WORDS = {
    "outage": "Unavailable",
    "degraded": "Degraded",
    "reduced-redundancy": "Reduced redundancy, no interruption expected",
    "no-impact": "No interruption expected",
}
STATUS_WORDS = {
    "tentative": "Tentative: not confirmed yet.",
    "confirmed": "",
    "in-process": "Under way.",
    "completed": "Completed.",
    "cancelled": "Cancelled: this maintenance does not take place.",
}
CHANGE_WORDS = {  # by the kind of a change, or where that is `status`, by the new status
    "added": "New",
    "moved": "Moved",
    "extended": "Takes longer",
    "shortened": "Takes less long",
    "cancelled": "Cancelled",
    "reinstated": "Takes place after all",
    "affected": "Affects other systems",
    "reworded": "Details changed",
    "ended": "No longer listed",
    "tentative": "Not confirmed any more",
    "confirmed": "Confirmed",
    "in-process": "Under way",
    "completed": "Completed",
}
CANCELLED_MARK = "CANCELLED: "  # many programs show a cancelled event like any other, but for its words


def title(systems: Sequence[str], impact: str, *, emergency: bool = False) -> str:
    """The default title of a window: `iCMS unavailable: planned maintenance`."""
    maintenance = "emergency maintenance" if emergency else "planned maintenance"
    names = listed(systems)
    if impact in ("outage", "degraded"):
        return f"{names} {'unavailable' if impact == 'outage' else 'degraded'}: {maintenance}"
    return f"{names}: {maintenance}, no interruption expected"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def span(start: datetime, end: datetime, zone: Zone, *, all_day: bool = False) -> str:
    """A span of UTC instants in the words of its zone, in UTC, and its length.

    `Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours`
    """
    from_wall, from_letters = zone.wall(start)
    to_wall, to_letters = zone.wall(end)
    from_day, to_day = from_wall.date(), to_wall.date()
    if all_day:
        both = from_letters if from_letters == to_letters else f"{from_letters} to {to_letters}"
        local = _whole_days(from_day, (to_wall - timedelta(seconds=1)).date(), both)
    else:
        letters = "" if from_letters == to_letters else f" {from_letters}"
        until = clock(to_wall) if from_day == to_day else f"{day(to_day)}, {clock(to_wall)}"
        local = f"{day(from_day)}, {clock(from_wall)}{letters} to {until} {to_letters}"
    length = duration(end - start)
    if from_letters == to_letters == "UTC":
        return f"{local}, {length}"
    return f"{local} ({_utc_span(start, end, from_day, to_day)} UTC), {length}"


def _whole_days(first: date, last: date, letters: str) -> str:
    return f"{day(first)}, all day {letters}" if first == last else f"{day(first)} to {day(last)}, whole days {letters}"


def _utc_span(start: datetime, end: datetime, local_from: date, local_to: date) -> str:
    """The same span in UTC; its days are named where they are not those of the local span."""
    from_day, to_day = start.date(), end.date()
    if from_day == to_day:
        named = "" if local_from == from_day == local_to else f"{_short_day(from_day, local_from)}, "
        return f"{named}{clock(start)} to {clock(end)}"
    named = "" if from_day == local_from else f"{_short_day(from_day, local_from)}, "
    return f"{named}{clock(start)} to {_short_day(to_day, local_from)}, {clock(end)}"


@lru_cache(maxsize=4096)
def day(of: date) -> str:
    """`Sunday 13 July 2025`"""
    return f"{_WEEKDAYS[of.weekday()]} {of.day} {_MONTHS[of.month - 1]} {of.year}"


def _short_day(of: date, beside: date) -> str:
    """The day without its year, where a day beside it has the same."""
    return day(of) if of.year != beside.year else day(of).rpartition(" ")[0]


def clock(time: datetime) -> str:
    """`04:00`, with seconds only where there are any."""
    words = _CLOCKS[time.hour * 60 + time.minute]
    return f"{words}:{time.second:02}" if time.second else words


def moment(when: date | datetime, zone: Zone) -> str:
    """A date, or a date and time in a zone, in words: `Thursday 10 July 2025, 14:30 EAT`."""
    if not isinstance(when, datetime):
        return day(when)
    instant = when.astimezone(UTC) if when.tzinfo else zone.instant(when)
    wall, letters = zone.wall(instant)
    return f"{day(wall.date())}, {clock(wall)} {letters}"


@lru_cache(maxsize=1024)
def duration(length: timedelta) -> str:
    """`6 hours`, `1 hour 30 minutes`, `36 hours`, from two days on `3 days 4 hours`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours > 48 else (0, hours)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
