"""The occurrences of a calendar's windows: each an instant-to-instant span under a UID of its own.

A repeating window is laid out on its zone's wall clock, with at most one occurrence a local day. The UID comes from
the day that the rule gives, so it stays when the hour, an occurrence or the whole rule moves. rrule.py reads rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from icms_calendar.findings import CalendarError, Finding, Path, found, shown
from icms_calendar.record.checks import end_before_start, instant, wrong_kind_of_time
from icms_calendar.record.fields import Repeat, RepeatChange, with_values
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow, plus
from icms_calendar.record.rrule import Repetition
from icms_calendar.record.words import day as day_in_words
from icms_calendar.record.zones import Zone, utc

MOST_OCCURRENCES = 5000  # of one window: daily for thirteen years

_LONGEST_AT_THE_END = timedelta(days=31)  # an occurrence ends on a clock that is known
_MOST_SET_BACK = timedelta(hours=3)
_DAY = timedelta(days=1)
_END = datetime.max.replace(tzinfo=UTC)
_DATED_ID = re.compile(r"(.+)\.([0-9]{8})")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One span of a window, half-open: it holds its start, not its end (RFC 5545 3.6.1). Instants are in UTC.

    For a repeating window, `window` is the window of that day, with a dated id: `backup.20250713`; `record` is the id
    of the record, and `is_changed` says whether its `changes` move that day.
    """

    window: MaintenanceWindow
    uid: str
    start: datetime
    end: datetime
    record: str = field(default="", repr=False)
    is_changed: bool = field(default=True, repr=False)


@dataclass(frozen=True, slots=True)
class Expansion:
    """Occurrences by start, then by UID, and the findings about them."""

    occurrences: tuple[Occurrence, ...]
    findings: tuple[Finding, ...] = ()


def expand(calendar: MaintenanceCalendar, until: datetime | None = None) -> Expansion:
    """Every occurrence of every window; for repeating windows, those that start no later than `until` (UTC).

    For an endless repeat, these are the last 5,000 at most. Raises CalendarError for an endless repeat without `until`.
    """
    spans = calendar.spans
    plain = [window for window in calendar.windows if window.repeat is None]
    occurrences = [Occurrence(window, calendar.uids[window.id], *spans[window.id], window.id) for window in plain]
    findings: list[Finding] = []
    for number, series in _all_series(calendar) if len(plain) < len(calendar.windows) else ():
        try:
            days = series.lay_out(until)
        except CalendarError as error:
            raise CalendarError([finding.below("windows", number) for finding in error.findings]) from None
        occurrences += (series.occurrence(day, calendar.domain) for day in days)
        findings += (finding.at("windows", number, "repeat") for finding in series.findings_about(days))
    occurrences.sort(key=attrgetter("start", "uid"))
    return Expansion(tuple(occurrences), tuple(findings))


def horizon_of(calendar: MaintenanceCalendar, now: datetime | None) -> datetime | None:
    """The instant until which repeating windows are laid out; None without `now`.

    It is not after the end of the zone tables that these windows need.
    """
    if now is None:
        return None
    at = now.astimezone(UTC)
    zones = {calendar.zone_of(window) for window in calendar.windows if window.repeat}
    known = [zone.known_until - _LONGEST_AT_THE_END for zone in zones if zone.known_until]
    try:
        until = at + calendar.horizon
    except OverflowError:
        until = _END
    return max(at, min([until, *known]))


def yielded(uids: Iterable[str], calendar: MaintenanceCalendar) -> set[str]:
    """Those of some UIDs whose occurrences the rules of a calendar yield, however far ahead."""
    days: dict[str, dict[str, date]] = {}
    for uid in uids:
        if dated := _DATED_ID.fullmatch(uid.removesuffix(f"@{calendar.domain}")):
            with suppress(ValueError):
                days.setdefault(dated[1], {})[uid] = date.fromisoformat(dated[2])
    return {
        uid
        for _, series in _all_series(calendar)
        for uid, day in days.get(series.window.id, {}).items()
        if day not in series.excluded and series.repetition.has(day)
    }


def repeat_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """Findings about repeating windows that do not depend on a horizon."""
    dated: dict[str, list[str]] = {}
    for window in calendar.windows:
        if match := _DATED_ID.fullmatch(window.id):
            dated.setdefault(match[1], []).append(window.id)
    for number, series in _all_series(calendar):
        for other in dated.get(series.window.id, ()):
            where = f', an occurrence of "{series.window.id}"'
            yield found("duplicate-id", ("windows", number, "id"), kind="window", id=other, first=where)
        try:
            yield from (finding.below("windows", number) for finding in series.findings())
        except CalendarError as error:
            yield from (finding.below("windows", number) for finding in error.findings)


class _Day(NamedTuple):
    """A day that a rule yields: its change, its span in UTC, and what the clock does at its start, in words."""

    day: date
    change: RepeatChange | None
    start: datetime
    end: datetime
    odd: str


class _Series:
    """A window that repeats, on the wall clock of its zone."""

    def __init__(self, window: MaintenanceWindow, repeat: Repeat, zone: Zone) -> None:
        self.window, self._repeat, self._zone = window, repeat, zone
        self.excluded = frozenset(repeat.excluded)

    @cached_property
    def repetition(self) -> Repetition:
        """The times that its rule yields. Raises CalendarError for an end that no year can hold in UTC."""
        until, last = self._repeat.until, None
        if until is not None:
            last = self._wall(until) if isinstance(until, datetime) else datetime.combine(until, time(23, 59, 59))
        return Repetition(self._repeat.rule, self._wall(self.window.start), last, self._repeat.count)

    def _wall(self, when: date) -> datetime:
        """A time of the record on the wall clock; of a day, its midnight."""
        if not isinstance(when, datetime):
            return datetime.combine(when, time.min)
        return self._zone.wall(utc(when))[0] if when.tzinfo else when

    def findings(self) -> Iterator[Finding]:
        """What is wrong with its rule, its exceptions and its changes."""
        first = self.repetition.start.date()
        if not self.repetition.has(first):
            yield self._no_occurrence(("repeat", "rule"), "start", first)
            return
        if self._repeat.until and next(islice(self.repetition.walls(), MOST_OCCURRENCES, None), None):
            reason = f"it yields more than {MOST_OCCURRENCES:,} occurrences. Start it later, or end it earlier"
            yield found("bad-rule", ("repeat", "rule"), read=shown(self._repeat.rule), reason=reason)
            return
        listed: list[tuple[Path, date, RepeatChange | None]] = [
            *((("repeat", "except", k), day, None) for k, day in enumerate(self._repeat.excluded)),
            *((("repeat", "changes", k, "on"), change.on, change) for k, change in enumerate(self._repeat.changes)),
        ]
        seen: set[date] = set()
        for path, day, change in listed:
            if day in seen:
                yield found("given-twice", path, key=day.isoformat(), first="")
            elif not self.repetition.has(day):
                yield self._no_occurrence(path, str(path[1]), day)
            elif change is not None:
                yield from (finding.at(*path[:-1], *finding.path) for finding in self._change_findings(change))
            seen.add(day)

    def _no_occurrence(self, path: Path, what: str, day: date) -> Finding:
        nearest = self.repetition.nearest(day)
        hint = f"The nearest is on {day_in_words(nearest)}" if nearest else "None is within six years"
        return found("no-occurrence", path, day=day_in_words(day), what=what, hint=hint)

    def _change_findings(self, change: RepeatChange) -> Iterable[Finding]:
        wrong = wrong_kind_of_time(self.window.all_day, change.start, change.end)
        try:
            if not wrong:
                self._span(self._at(change.on), change)
        except CalendarError as error:
            return error.findings
        return wrong

    def lay_out(self, until: datetime | None) -> list[_Day]:
        """Its days until an instant, without those that are excluded; of an endless repeat the last 5,000.

        Raises CalendarError for an endless repeat without `until`, and for a time beyond the tables of its zone.
        """
        if until is None and self.repetition.endless:
            raise CalendarError([found("endless-repeat", id=self.window.id)])
        until = until or _END
        edge = self._zone.wall(until)[0]
        # If the clock is set back just before the edge, it shows later times before it.
        last = edge + _MOST_SET_BACK if edge.year < MAXYEAR else edge
        changes = {change.on: change for change in self._repeat.changes}
        moved = [self._at(day) for day in sorted(changes) if changes[day].start is not None]
        days = []
        for wall in (*deque(self.repetition.walls(last), MOST_OCCURRENCES), *moved[bisect_right(moved, last) :]):
            if wall.date() not in self.excluded:
                change = changes.get(wall.date())
                day = _Day(wall.date(), change, *self._span(wall, change))
                if wall <= edge or day.start <= until:
                    days.append(day)
        return days

    def _at(self, day: date) -> datetime:
        """The wall-clock time at which its rule has it start on a day."""
        return datetime.combine(day, self.repetition.start.time())

    def _span(self, wall: datetime, change: RepeatChange | None) -> tuple[datetime, datetime, str]:
        """Start and end of the occurrence at `wall`, and what the clock does at its start, in words."""
        start, odd = self._instant(wall)
        if change and change.start is not None:
            wall, odd = self._wall(change.start), ""
            start = instant(change.start, self._zone, "start")
        if change and change.end is not None:
            end = instant(change.end + self._last_day, self._zone, "end")
            if end <= start:
                raise end_before_start(with_values(self.window, {"start": change.start or wall, "end": change.end}))
            return start, end, odd
        return start, self._usual_end(start, wall, change.duration if change else None), odd

    def _usual_end(self, start: datetime, wall: datetime, own: timedelta | None) -> datetime:
        """The end by a length of its own, or else that of the first occurrence."""
        length = own or self._length
        if self.window.all_day or (self.window.end is not None and not own):
            ends = self._instant(plus(wall, length))[0]
            if ends > start:  # else the clock skips all of it, so the length counts from the start
                return ends
        return plus(start, length)

    def _instant(self, wall: datetime) -> tuple[datetime, str]:
        if self.window.all_day:
            return self._zone.first_instant(wall.date()), ""
        return self._zone.nearest_instant(wall)

    @property
    def _last_day(self) -> timedelta:
        """What an end names: a time, or a day that is part of the window."""
        return _DAY if self.window.all_day else timedelta(0)

    @cached_property
    def _length(self) -> timedelta:
        """On the wall clock for an end or whole days, elapsed for a duration."""
        if self.window.end is None:
            return self.window.duration or _DAY
        return self._wall(self.window.end) - self.repetition.start + self._last_day

    def occurrence(self, day: _Day, domain: str) -> Occurrence:
        """The occurrence of a day, whose window has what is changed for that day."""
        change, id_ = day.change, f"{self.window.id}.{day.day:%Y%m%d}"
        given = change.model_fields_set - {"on", "start", "end", "duration"} if change else frozenset()
        own = {"id": id_, "repeat": None, "start": day.start, "end": day.end, "duration": None}
        window = with_values(self.window, {**{name: getattr(change, name) for name in given}, **own})
        is_changed = change is not None and change.start is not None
        return Occurrence(window, f"{id_}@{domain}", day.start, day.end, self.window.id, is_changed)

    def findings_about(self, days: list[_Day]) -> Iterator[Finding]:
        """What is unusual about the days that were laid out."""
        id_, zone = self.window.id, self._zone.name
        if not days and self.repetition.endless:
            start = day_in_words(self.repetition.start.date())
            yield found("repeat-beyond-horizon", id=id_, start=start)
        for day in days:
            if day.odd:
                told = {"day": day_in_words(day.day), "zone": zone, "start": f"{day.start:%Y-%m-%dT%H:%MZ}"}
                yield found("repeat-at-clock-change", id=id_, what=day.odd, **told)
        overlaps = [(one, two) for one, two in pairwise(days) if two.start < one.end and two.end > one.start]
        if overlaps:
            first, second = (day_in_words(one.day) for one in overlaps[0])
            others = len(overlaps) - 1
            more = f", and {others:,} time{'s' if others > 1 else ''} more" if others else ""
            yield found("occurrences-overlap", id=id_, first=first, second=second, more=more)


def _all_series(calendar: MaintenanceCalendar) -> Iterator[tuple[int, _Series]]:
    """The windows of a calendar that repeat, with their numbers."""
    for number, window in enumerate(calendar.windows):
        if window.repeat is not None:
            yield number, _Series(window, window.repeat, calendar.zone_of(window))
