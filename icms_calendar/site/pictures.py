"""Windows as pictures: strips of days and month grids, as geometry and cells without markup.

The templates draw them, with the same facts beside them in words.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import NamedTuple

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


class Cell(NamedTuple):
    """A day of a month grid, and the worst of its windows; number 0 is a day of another month."""

    number: int
    anchor: str = ""
    hours: str = ""  # `04–10`, `22:30–24`
    impact: str = ""
    shape: str = ""
    more: int = 0


def strips(start: datetime, end: datetime, zone: Zone, language: Language) -> tuple[tuple[Strip, ...], int]:
    """The strips of a span of UTC instants: one for each local day, and how many days between were left out."""
    days, left_out = _days(start, end, zone, MAX_STRIPS)
    return tuple(_strip(*each, language) for each in days), left_out


def months(
    spans: Iterable[tuple[datetime, datetime, str, str]], zone: Zone, language: Language, most: int
) -> SimpleNamespace:
    """The earliest `most` months with days, in a zone, on which (start, end, anchor, impact) lie.

    They are month grids, with the heads of their columns, a key of their impacts, and whether there are later days.
    """
    hits: dict[date, list[Cell]] = {}
    is_cut = False
    for start, end, anchor, impact in spans:
        days, left_out = _days(start, end, zone, MAX_DAYS)
        is_cut |= left_out > 0
        for on, first, last in days:
            cell = Cell(on.day, anchor, f"{_clock(first)}–{_clock(last)}", impact, SHAPES[impact])
            hits.setdefault(on, []).append(cell)
    first_days = sorted({on.replace(day=1) for on in hits})
    grids = tuple(_month(first, hits, language) for first in first_days[:most])
    used = {cell.impact for grid in grids for week in grid.weeks for cell in week}
    return SimpleNamespace(
        grids=grids,
        weekdays=[_short(name, language) for name in weekdays(language)],
        keys=[(SHAPES[impact], words) for impact, words in IMPACT_WORDS[language].items() if impact in used],
        is_cut=is_cut or len(first_days) > most,
    )


def _days(start: datetime, end: datetime, zone: Zone, most: int) -> tuple[list[tuple[date, timedelta, timedelta]], int]:
    """The local days of a span of UTC instants, each with the hours of it, and how many days were left out.

    Of more than `most` days, those before the last are left out. Where the clock goes back within the span, its end
    may be before its start: then the real length counts.
    """
    from_wall, to_wall = zone.wall(start)[0], zone.wall(end)[0]
    last = (to_wall - timedelta(microseconds=1)).date()
    count = max((last - from_wall.date()).days + 1, 1)
    days = []
    for number in range(count) if count <= most else (*range(most - 1), count - 1):
        midnight = datetime.combine(from_wall.date() + number * _DAY, time())
        first = max(from_wall - midnight, timedelta(0))
        until = min(to_wall - midnight, _DAY)
        days.append((midnight.date(), first, until if until > first else min(first + (end - start), _DAY)))
    return days, count - len(days)


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


def _month(first: date, hits: Mapping[date, Sequence[Cell]], language: Language) -> SimpleNamespace:
    """A month grid: its name, the month as `2025-07`, and its weeks, Monday first."""

    def cell(number: int) -> Cell:
        here = hits.get(first.replace(day=number), ()) if number else ()
        if not here:
            return Cell(number)
        worst = max(here, key=lambda each: IMPACTS.index(each.impact))  # the earliest of the worst
        return worst._replace(more=len(here) - 1)

    weeks = [list(map(cell, week)) for week in Calendar().monthdayscalendar(first.year, first.month)]
    return SimpleNamespace(name=month(first, language), iso=f"{first:%Y-%m}", weeks=weeks)
