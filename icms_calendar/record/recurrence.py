"""The occurrences of a calendar's windows: each an instant-to-instant span under a UID of its own.

A repeating window is laid out on its zone's wall clock, with at most one occurrence a local day. The UID comes from
the day that the rule gives, so it stays when the hour, an occurrence or the whole rule moves. rrule.py reads rules.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from operator import attrgetter

from icms_calendar.findings import CalendarError, Finding, Path, fault, found
from icms_calendar.record.checks import end_before_start, instant, kind_of_time_findings
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.parts import Repeat, RepeatChange, with_values
from icms_calendar.record.rrule import Repetition
from icms_calendar.record.words import day as day_in_words
from icms_calendar.record.zones import Zone, utc

MOST_OCCURRENCES = 5000  # of one window: daily for thirteen years

_LONGEST_AT_THE_END = timedelta(days=31)  # an occurrence ends on a clock that is known
_MOST_SET_BACK = timedelta(hours=3)
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

    For an endless repeat, these are the last 5,000 at most. Raises CalendarError for an endless repeat without `until`,
    and for any other with more than 5,000 occurrences.
    """
    spans = calendar.spans
    plain = [window for window in calendar.windows if window.repeat is None]
    occurrences = [Occurrence(window, calendar.uids[window.id], *spans[window.id], window.id) for window in plain]
    findings: list[Finding] = []
    if len(plain) < len(calendar.windows):
        for number, window in enumerate(calendar.windows):
            if window.repeat is not None:
                told: list[Finding] = []
                try:
                    occurrences += _lay_out(window, calendar, until, told)
                except CalendarError as error:
                    raise CalendarError([each.below("windows", number) for each in error.findings]) from None
                findings += (finding.at("windows", number, "repeat") for finding in told)
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
        until = datetime.max.replace(tzinfo=UTC)
    return max(at, min([until, *known]))


class Yielded:
    """Which occurrences the rules of a calendar yield, however far ahead."""

    def __init__(self, calendar: MaintenanceCalendar) -> None:
        self._calendar = calendar
        self._windows = {window.id: window for window in calendar.windows if window.repeat}
        self._repetitions: dict[str, tuple[Repetition, frozenset[date]]] = {}

    def has(self, uid: str) -> bool:
        """Whether a rule yields the occurrence with this UID."""
        dated = _DATED_ID.fullmatch(uid.removesuffix(f"@{self._calendar.domain}"))
        if dated is None or dated[1] not in self._windows:
            return False
        try:
            day = datetime.strptime(dated[2], "%Y%m%d").date()  # noqa: DTZ007 - a local day
        except ValueError:
            return False
        repetition, excluded = self._repetition(dated[1])
        return day not in excluded and repetition.has(day)

    def _repetition(self, id_: str) -> tuple[Repetition, frozenset[date]]:
        if id_ not in self._repetitions:
            window = self._windows[id_]
            repetition = _repetition(window, self._calendar.zone_of(window))
            self._repetitions[id_] = (repetition, frozenset(window.repeat.excluded if window.repeat else ()))
        return self._repetitions[id_]


def repeat_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """Findings about repeating windows that do not depend on a horizon."""
    dated: dict[str, list[str]] = {}
    for window in calendar.windows:
        if match := _DATED_ID.fullmatch(window.id):
            dated.setdefault(match[1], []).append(window.id)
    for i, window in enumerate(calendar.windows):
        if window.repeat is None:
            continue
        for other in dated.get(window.id, ()):
            where = f', an occurrence of "{window.id}"'
            yield found("duplicate-id", ("windows", i, "id"), kind="window", id=other, first=where)
        yield from (finding.below("windows", i) for finding in _repeat_findings(window, calendar.zone_of(window)))


def _repeat_findings(window: MaintenanceWindow, zone: Zone) -> Iterator[Finding]:
    repeat = window.repeat
    assert repeat is not None  # noqa: S101 - for mypy; the caller has checked
    try:
        repetition = _repetition(window, zone)
    except CalendarError as error:
        yield from error.findings
        return
    start = _wall_of(window, zone)
    if not repetition.has(start.date()):
        yield _no_occurrence(("repeat", "rule"), "start", start.date(), repetition)
        return
    if repeat.until and len(list(islice(repetition.walls(), MOST_OCCURRENCES + 1))) > MOST_OCCURRENCES:
        yield found("too-many-occurrences", ("repeat", "rule"), limit=f"{MOST_OCCURRENCES:,}")
        return
    days = [("except", k, day) for k, day in enumerate(repeat.excluded)]
    days += [("changes", k, change.on) for k, change in enumerate(repeat.changes)]
    seen: set[date] = set()
    for kind, k, day in days:
        path = ("repeat", kind, k, "on") if kind == "changes" else ("repeat", kind, k)
        if day in seen:
            yield found("listed-twice", path, item=day.isoformat())
        elif not repetition.has(day):
            yield _no_occurrence(path, kind, day, repetition)
        elif kind == "changes":
            yield from _change_findings(repeat.changes[k], k, window, zone)
        seen.add(day)


def _no_occurrence(path: Path, what: str, day: date, repetition: Repetition) -> Finding:
    nearest = repetition.nearest(day)
    hint = f"The nearest is on {day_in_words(nearest)}" if nearest else "None is within six years"
    return found("no-occurrence", path, day=day_in_words(day), what=what, hint=hint)


def _change_findings(change: RepeatChange, k: int, window: MaintenanceWindow, zone: Zone) -> Iterator[Finding]:
    for key, when in (("start", change.start), ("end", change.end)):
        if when is not None:
            yield from (f.at("repeat", "changes", k, key) for f in kind_of_time_findings(window.all_day, key, when))
            if isinstance(when, datetime) is window.all_day:
                return
    try:
        _span(window, change, datetime.combine(change.on, _wall_of(window, zone).time()), zone)
    except CalendarError as error:
        yield from (finding.at("repeat", "changes", k, *finding.path) for finding in error.findings)


def _lay_out(
    window: MaintenanceWindow, calendar: MaintenanceCalendar, until: datetime | None, findings: list[Finding]
) -> Iterator[Occurrence]:
    zone, repeat = calendar.zone_of(window), window.repeat
    assert repeat is not None  # noqa: S101 - for mypy; the caller has checked
    repetition = _repetition(window, zone)
    if until is None and repetition.endless:
        raise CalendarError([found("endless-repeat", id=window.id)])
    changes = {change.on: change for change in repeat.changes}
    excluded = frozenset(repeat.excluded)
    edge = None if until is None else zone.wall(until)[0]
    walls = _walls(repetition, repeat, edge)
    if len(walls) > MOST_OCCURRENCES:
        raise CalendarError([found("too-many-occurrences", ("windows",), limit=f"{MOST_OCCURRENCES:,}")])
    if not walls and repetition.endless:
        findings.append(found("repeat-beyond-horizon", id=window.id, start=day_in_words(_wall_of(window, zone).date())))
    before: tuple[date, datetime, datetime] | None = None
    overlaps: list[tuple[date, date]] = []
    for wall in walls:
        day = wall.date()
        if day in excluded:
            continue
        change = changes.get(day)
        start, end, odd = _span(window, change, wall, zone)
        if edge is not None and until is not None and wall > edge and start > until:
            continue
        if odd:
            told = {"id": window.id, "day": day_in_words(day), "zone": zone.name, "start": f"{start:%Y-%m-%dT%H:%MZ}"}
            findings.append(found("repeat-at-clock-change", what=odd, **told))
        if before and start < before[2] and end > before[1]:
            overlaps.append((before[0], day))
        before = (day, start, end)
        effective = _on_that_day(window, change, day, start, end)
        is_changed = change is not None and change.start is not None
        yield Occurrence(effective, f"{effective.id}@{calendar.domain}", start, end, window.id, is_changed)
    if overlaps:
        first, second = map(day_in_words, overlaps[0])
        others = len(overlaps) - 1
        more = f", and {others:,} time{'s' if others > 1 else ''} more" if others else ""
        findings.append(found("occurrences-overlap", id=window.id, first=first, second=second, more=more))


def _walls(repetition: Repetition, repeat: Repeat, edge: datetime | None) -> list[datetime]:
    """The wall-clock starts until `edge`, and any later ones that may be before it in UTC."""
    if edge is None:
        return list(islice(repetition.walls(), MOST_OCCURRENCES + 1))
    # If the clock is set back just before the edge, it shows later times before it.
    last = edge + _MOST_SET_BACK if edge.year < MAXYEAR else edge
    if repetition.endless:  # what began long ago is laid out as far back as any other window may reach
        walls = list(deque(repetition.walls(last), MOST_OCCURRENCES))
    else:
        walls = list(islice(repetition.walls(last), MOST_OCCURRENCES + 1))
    moved = sorted(change.on for change in repeat.changes if change.start is not None)
    return walls + [wall for day in moved if (wall := datetime.combine(day, repetition.start.time())) > last]


def _span(
    window: MaintenanceWindow, change: RepeatChange | None, wall: datetime, zone: Zone
) -> tuple[datetime, datetime, str]:
    """Start and end of the occurrence at `wall`, as UTC instants, and what the clock does there, in words."""
    if window.all_day:
        return *_whole_days(window, change, wall.date(), zone), ""
    odd = ""
    if change and isinstance(change.start, datetime):
        start = instant(change.start, zone, "start")
        wall = zone.wall(start)[0]
    else:
        start, odd = zone.nearest_instant(wall)
    if change and isinstance(change.end, datetime):
        end = instant(change.end, zone, "end")
    elif change and change.duration:
        end = start + change.duration
    elif isinstance(window.end, datetime):
        first_end = zone.wall(utc(window.end))[0] if window.end.tzinfo else window.end
        length = first_end - _wall_of(window, zone)
        end = zone.nearest_instant(wall + length)[0]
        if end <= start:  # the clock skips all of it, so the rule's length counts from the nearest instant
            end = start + length
    else:
        end = start + (window.duration or timedelta(0))
    if end <= start:
        told = with_values(window, {"start": start, "end": end})
        raise CalendarError([finding.at("end") for finding in end_before_start(told).findings])
    return start, end, odd


def _whole_days(
    window: MaintenanceWindow, change: RepeatChange | None, day: date, zone: Zone
) -> tuple[datetime, datetime]:
    length = window.duration or timedelta(days=1)
    if window.end is not None:
        length = window.end - window.start + timedelta(days=1)
    first: date = (change and change.start) or day
    after: date = (
        change.end + timedelta(days=1) if change and change.end else first + ((change and change.duration) or length)
    )
    if after <= first:
        raise end_before_start(with_values(window, {"start": first, "end": after - timedelta(days=1)}))
    return zone.first_instant(first), zone.first_instant(after)


def _on_that_day(
    window: MaintenanceWindow, change: RepeatChange | None, day: date, start: datetime, end: datetime
) -> MaintenanceWindow:
    """The window of one occurrence, with its change if it has one."""
    own = {"id": f"{window.id}.{day:%Y%m%d}", "repeat": None, "start": start, "end": end, "duration": None}
    given = change.model_fields_set - {"on", "start", "end", "duration"} if change else frozenset()
    return with_values(window, {**{name: getattr(change, name) for name in given}, **own})


def _repetition(window: MaintenanceWindow, zone: Zone) -> Repetition:
    repeat = window.repeat
    if repeat is None:
        raise fault("no-end", hint="")
    until, until_wall = repeat.until, None
    if isinstance(until, datetime):
        until_wall = zone.wall(utc(until))[0] if until.tzinfo else until
    elif until is not None:
        until_wall = datetime.combine(until, time(23, 59, 59))
    return Repetition(repeat.rule, _wall_of(window, zone), until_wall, repeat.count)


def _wall_of(window: MaintenanceWindow, zone: Zone) -> datetime:
    """The wall-clock time of a window's first start."""
    start = window.start
    if not isinstance(start, datetime):
        return datetime.combine(start, time.min)
    return zone.wall(utc(start))[0] if start.tzinfo else start
