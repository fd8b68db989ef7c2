"""Windows as pictures: strips of days and month grids, as geometry and cells without markup.

The templates draw them, with the same facts beside them in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from icms_calendar.feed.event import Event
from icms_calendar.record.checks import IMPACTS
from icms_calendar.record.labels import IMPACT_WORDS, Language
from icms_calendar.record.words import day, month, weekdays
from icms_calendar.record.zones import Zone

MAX_DAYS = 400  # of one window in the month grids; a window of several years would fill the page
MAX_STRIPS = 3  # of one window; the days between the first and the last are given in words

SHAPES = {"outage": "outage", "degraded": "degraded", "reduced-redundancy": "reduced", "no-impact": "none"}

_DAY = timedelta(days=1)


class Strip(NamedTuple):
    """One local day of a window: the start and width of its bar, in percent of the day."""

    day: str  # `Sun 13`
    x: str
    width: str


class Mark(NamedTuple):
    """A window on one of its days in a month grid."""

    anchor: str
    hours: str  # `04–10`, `22:30–24`
    impact: str

    @property
    def shape(self) -> str:
        return SHAPES[self.impact]


class Cell(NamedTuple):
    """A day of a month grid; number 0 is a day of another month. `mark` is the worst of its windows."""

    number: int
    mark: Mark | None = None
    more: int = 0


class Month(NamedTuple):
    """A month grid: its name, the month as `2025-07`, and its weeks, Monday first."""

    name: str
    iso: str
    weeks: tuple[tuple[Cell, ...], ...]


class Months(NamedTuple):
    """Month grids, the heads of their columns, the impacts marked in them, and whether there are later days."""

    grids: tuple[Month, ...]
    weekdays: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    is_cut: bool


def strips(start: datetime, end: datetime, zone: Zone, language: Language) -> tuple[tuple[Strip, ...], int]:
    """The strips of a span of UTC instants: one for each local day, and how many days between were left out."""
    days = _Days.of(start, end, zone)
    left_out = max(0, len(days) - MAX_STRIPS)
    drawn = [*range(MAX_STRIPS - 1), len(days) - 1] if left_out else range(len(days))
    return tuple(_strip(*days.on(day), language) for day in drawn), left_out


def months(
    spans: Iterable[tuple[datetime, datetime, Zone, str, str]], language: Language, most: int
) -> tuple[tuple[Month, ...], bool]:
    """Month grids of the months in which (start, end, zone, anchor, impact) lie, and whether days were left out.

    They are the earliest `most` months; the first `MAX_DAYS` days of each span are marked.
    """
    marks: dict[date, list[Mark]] = {}
    is_cut = False
    for start, end, zone, anchor, impact in spans:
        days = _Days.of(start, end, zone)
        is_cut |= len(days) > MAX_DAYS
        for on, first, last in map(days.on, range(min(len(days), MAX_DAYS))):
            marks.setdefault(on, []).append(Mark(anchor, f"{_clock(first)}–{_clock(last)}", impact))
    first_days = sorted({on.replace(day=1) for on in marks})
    grids = tuple(Month(month(first, language), f"{first:%Y-%m}", _weeks(first, marks)) for first in first_days[:most])
    return grids, is_cut or len(first_days) > most


def months_of(coming: Iterable[Event], zone: Zone, language: Language, most: int, *, is_cut: bool) -> Months:
    """The months of coming events in the calendar's zone; `is_cut` if there are further events."""
    spans = ((event.start, event.end, zone, event.id, event.impact) for event in coming if event.status != "cancelled")
    grids, is_short = months(spans, language, most)
    used = {cell.mark.impact for grid in grids for week in grid.weeks for cell in week if cell.mark}
    keys = tuple((SHAPES[impact], words) for impact, words in IMPACT_WORDS[language].items() if impact in used)
    return Months(grids, short_weekdays(language), keys, is_cut or is_short)


def short_weekdays(language: Language) -> tuple[str, ...]:
    """The heads of a month grid's columns."""
    return tuple(_short(name, language) for name in weekdays(language))


@dataclass(frozen=True, slots=True)
class _Days:
    """The local days of a span of UTC instants, and the times of day that its clock shows."""

    from_wall: datetime
    to_wall: datetime
    length: timedelta

    @classmethod
    def of(cls, start: datetime, end: datetime, zone: Zone) -> _Days:
        return cls(zone.wall(start)[0], zone.wall(end)[0], end - start)

    def __len__(self) -> int:
        last = (self.to_wall - timedelta(microseconds=1)).date()
        return max((last - self.from_wall.date()).days + 1, 1)

    def on(self, number: int) -> tuple[date, timedelta, timedelta]:
        """A day of the span, from 0 on, with the time of day from which and to which the span lies in it.

        Where the clock goes back within the span, the end may be before the start: then the real length counts.
        """
        on = self.from_wall.date() + number * _DAY
        midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a wall clock
        first = max(self.from_wall - midnight, timedelta(0))
        until = min(self.to_wall - midnight, _DAY)
        return on, first, until if until > first else min(first + self.length, _DAY)


def _strip(on: date, first: timedelta, last: timedelta, language: Language) -> Strip:
    x, width = 100 * (first / _DAY), max(100 * ((last - first) / _DAY), 0.5)
    weekday, number, *_ = day(on, language).split(" ")
    return Strip(f"{_short(weekday, language)} {number}", f"{x:.4g}%", f"{width:.4g}%")


def _short(weekday: str, language: Language) -> str:
    """Three letters; in Swahili five days begin alike, and are written `Jtatu`, `Jpili`."""
    if language == "sw" and weekday.startswith("Juma"):
        return f"J{weekday.removeprefix('Juma')}"
    return weekday[:3]


def _clock(of_day: timedelta) -> str:
    hours, minutes = divmod(of_day // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}" if minutes else f"{hours:02}"


def _weeks(first: date, marks: dict[date, list[Mark]]) -> tuple[tuple[Cell, ...], ...]:
    cells = [Cell(0)] * first.weekday()
    on = first
    while on.month == first.month:
        here = marks.get(on, [])
        worst = max(here, key=lambda mark: IMPACTS.index(mark.impact), default=None)  # the earliest of the worst
        cells.append(Cell(on.day, worst, max(len(here) - 1, 0)))
        if on == date.max:
            break
        on += _DAY
    cells += [Cell(0)] * (-len(cells) % 7)
    return tuple(tuple(cells[i : i + 7]) for i in range(0, len(cells), 7))
