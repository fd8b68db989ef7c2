"""Windows as people would rather look at them: strips of days, and month grids. Geometry and cells, no markup.

The templates draw them. The same facts stand beside them in words, for those who cannot see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from icms_calendar.words import Language, day, month, weekdays
from icms_calendar.zones import Zone

HOUR_WIDTH = 12  # units of a strip's picture
MAX_DAYS = 400  # of one window; one of several years would fill the page
MAX_STRIPS = 3  # of one window; what is between the first days and the last is told in words

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class Strip(NamedTuple):
    """One local day of a window: from where to where its bar is filled, in units of `HOUR_WIDTH` an hour."""

    day: str  # `Sun 13`
    x: int
    width: int


class Mark(NamedTuple):
    """A window as a month grid shows it on one of its days."""

    anchor: str
    hours: str  # `04–10`, `22:30–24`
    css: str


class Cell(NamedTuple):
    """A day of a month grid; number 0 is a day of another month."""

    number: int
    first: Mark | None = None
    more: int = 0


class Month(NamedTuple):
    """A month grid: its name, and its weeks from Monday on."""

    name: str
    weeks: tuple[tuple[Cell, ...], ...]


def strips(start: datetime, end: datetime, zone: Zone, language: Language) -> tuple[tuple[Strip, ...], int]:
    """The strips of a span of UTC instants: one for each local day, and how many days between were left out."""
    days = _local_days(start, end, zone)
    left_out = max(0, len(days) - MAX_STRIPS)
    if left_out:
        days = [*days[: MAX_STRIPS - 1], days[-1]]
    return tuple(_strip(on, first, last, language) for on, first, last in days), left_out


def months(
    spans: Iterable[tuple[datetime, datetime, Zone, str, str]], language: Language, most: int
) -> tuple[Month, ...]:
    """Month grids of the months in which (start, end, zone, anchor, class) lie; the earliest `most` of them."""
    marks: dict[date, list[Mark]] = {}
    for start, end, zone, anchor, css in spans:
        for on, first, last in _local_days(start, end, zone):
            marks.setdefault(on, []).append(Mark(anchor, _hours(first, last), css))
    first_days = sorted({on.replace(day=1) for on in marks})[:most]
    return tuple(Month(month(first, language), _weeks(first, marks)) for first in first_days)


def short_weekdays(language: Language) -> tuple[tuple[str, str], ...]:
    """The heads of a month grid's columns: what stands there, and what it is short for."""
    return tuple((_short(name, language), name) for name in weekdays(language))


def _local_days(start: datetime, end: datetime, zone: Zone) -> list[tuple[date, timedelta, timedelta]]:
    """Each local day of a span, with the time of day from which and to which it lies in it, as its clock shows them.

    Where the clock goes back within the span, the end may be before the start: then the real length counts.
    """
    from_wall, to_wall = zone.wall(start)[0], zone.wall(end)[0]
    last = (to_wall - timedelta(microseconds=1)).date()
    days: list[tuple[date, timedelta, timedelta]] = []
    on = from_wall.date()
    while on <= last or not days:
        midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a wall clock
        first = max(from_wall - midnight, timedelta(0))
        until = min(to_wall - midnight, _DAY)
        days.append((on, first, until if until > first else min(first + (end - start), _DAY)))
        if on == date.max or len(days) == MAX_DAYS:
            break
        on += _DAY
    return days


def _strip(on: date, first: timedelta, last: timedelta, language: Language) -> Strip:
    x = round(first / _HOUR * HOUR_WIDTH)
    width = max(round(last / _HOUR * HOUR_WIDTH) - x, 1)
    weekday, number, *_ = day(on, language).split(" ")
    return Strip(f"{_short(weekday, language)} {number}", x, width)


def _short(weekday: str, language: Language) -> str:
    """Three letters; in Swahili, where five days begin alike, what follows `Juma`: `Tatu`, `Pili`."""
    return weekday[:3] if language == "en" else weekday.removeprefix("Juma").capitalize()[:4]


def _hours(first: timedelta, last: timedelta) -> str:
    return f"{_clock(first)}–{_clock(last)}"


def _clock(of_day: timedelta) -> str:
    hours, minutes = divmod(of_day // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}" if minutes else f"{hours:02}"


def _weeks(first: date, marks: dict[date, list[Mark]]) -> tuple[tuple[Cell, ...], ...]:
    cells = [Cell(0)] * first.weekday()
    on = first
    while on.month == first.month:
        here = marks.get(on, [])
        cells.append(Cell(on.day, here[0] if here else None, max(len(here) - 1, 0)))
        if on == date.max:
            break
        on += _DAY
    cells += [Cell(0)] * (-len(cells) % 7)
    return tuple(tuple(cells[i : i + 7]) for i in range(0, len(cells), 7))
