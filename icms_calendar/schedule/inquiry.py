"""Records, a feed or a site that is asked when something is free: opened wherever it is, and the answer.

What the answer rests on is decided in schedule.py; how it is put in words, in report.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256

from icms_calendar.feed.ledger import LEDGER_PATH, file_of
from icms_calendar.fetch import fetch
from icms_calendar.findings import CalendarError, Finding, SourceError, fault, found, shown
from icms_calendar.foreign.events import ForeignFeed, read_ics
from icms_calendar.foreign.series import LAST
from icms_calendar.foreign.vevent import Span
from icms_calendar.local import UnreachableError
from icms_calendar.record.checks import STATUSES
from icms_calendar.record.fields import with_values
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.recurrence import Occurrence
from icms_calendar.record.select import impact_of, title_of
from icms_calendar.record.zones import Zone, utc, utc_time, zone_named
from icms_calendar.schedule.of_feed import schedule_of_feed
from icms_calendar.schedule.schedule import Filters, Schedule, beyond
from icms_calendar.site.health import age_findings, status_of

_DEFAULT_HORIZON = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Records:
    """A source of records, opened."""

    calendar: MaintenanceCalendar

    @property
    def zone(self) -> Zone:
        return self.calendar.zone

    def schedule(self, until: datetime, _: Span = (None, None)) -> tuple[Schedule, tuple[Finding, ...]]:
        """Its schedule as far as it is asked for, with a horizon beyond.

        Raises SourceError for a calendar without any window: more likely, its records are missing.
        """
        if not self.calendar.windows:
            raise SourceError([found("no-windows")])
        repeats = any(window.repeat for window in self.calendar.windows)
        return Schedule.of(self.calendar, _later(until, self.calendar.horizon) if repeats else None), ()

    def as_shown(self, occurrence: Occurrence) -> Occurrence:
        """The occurrence with what the calendar adds to its window: title, worst impact, zone."""
        window, calendar = occurrence.window, self.calendar
        told = {"title": title_of(window, calendar), "impact": impact_of(window, calendar)}
        zone = calendar.zone_of(window).name
        return replace(occurrence, window=with_values(window, {**told, "timezone": zone}))


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read; `systems` are known beside those that it names, and it holds all until `known_until`."""

    data: bytes
    name: str
    reader_zone: str | None = None
    systems: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known_until: datetime | None = None
    _readings: list[ForeignFeed] = field(default_factory=list)  # the last one

    @property
    def zone(self) -> Zone:
        feed = self._readings[0] if self._readings else self._read(_LAST_ASKED)
        return zone_named(feed.timezone or self.reader_zone or "UTC")

    def schedule(self, until: datetime, asked: Span = (None, None)) -> tuple[Schedule, tuple[Finding, ...]]:
        """Its schedule as far as it is asked for and a horizon beyond, but not beyond the feed's; and what is wrong.

        Raises SourceError if something that cannot be read may take place in the span that is asked.
        """
        edge = _later(until, _DEFAULT_HORIZON)
        if self.known_until is not None:
            edge = min(edge, self.known_until)
        feed = self._read(edge)
        return schedule_of_feed(feed, edge, self.systems, asked), feed.findings

    def as_shown(self, occurrence: Occurrence) -> Occurrence:
        """The occurrence as it is: a feed has everything."""
        return occurrence

    def _read(self, until: datetime) -> ForeignFeed:
        """Times without a zone are those of the feed, else of the reader; whole days, of the reader first."""
        feed = read_ics(self.data, until=until, reader_zone=self.reader_zone, name=self.name)
        self._readings[:] = [feed]
        return feed


_LAST_ASKED = datetime(1970, 1, 1, tzinfo=UTC)  # for what a feed says of itself, no repeats are needed


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something is up at `at`, and for `length` from then on, if that was asked.

    `active` and `coming` are what is under way at `at` and what begins within `length`; `since` and `until` the
    unbroken span around `at` that is down; `free_from` the first instant from which it is free (for `length`). What
    lies beyond what is known is None.
    """

    at: datetime
    length: timedelta | None
    active: tuple[Occurrence, ...]
    coming: tuple[Occurrence, ...]
    since: datetime | None
    until: datetime | None
    free_from: datetime | None
    next: Occurrence | None
    known_until: datetime | None
    timezone: str  # of the calendar
    findings: tuple[Finding, ...] = ()

    @property
    def is_up(self) -> bool:
        return not self.active and not self.coming


def open_site(site: str, now: datetime, max_age: timedelta | None = None, zone: str | None = None) -> Feed:
    """Open the feed of every window of a site, given its folder or address; `zone` is the reader's.

    Raises SourceError for a site that cannot be read, is damaged, or is older than `max_age`.
    """
    status = status_of(site, now)
    name = file_of(site, LEDGER_PATH)
    findings = list(age_findings(site, status, now, max_age))
    try:
        data = fetch(name, now)
        reason = "" if sha256(data).hexdigest() == status.digests.get(LEDGER_PATH) else "is not as it was built"
    except UnreachableError as error:
        data, reason = b"", error.reason
    if reason:
        findings.append(replace(found("site-damaged", reason=reason), file=name))
    if findings:
        raise SourceError(findings)
    return Feed(data, name, zone, status.systems, status.laid_out_until)


def instant_of(when: date, place: Records | Feed, zone: str | None, name: str, *, whole_day: bool = False) -> datetime:
    """The instant of a time that a person gave; without an offset on the reader's clock, else on the calendar's.

    A date alone is the beginning of its day, or with `whole_day` its end. Raises CalendarError for a time that the
    clock skips or shows twice.
    """
    if isinstance(when, datetime):
        return utc(when, name) if when.tzinfo else (zone_named(zone) if zone else place.zone).instant(when, name)
    clock = zone_named(zone) if zone else place.zone
    try:
        day = when + timedelta(days=1) if whole_day else when
    except OverflowError:
        raise fault("instant-out-of-range", (name,), field=name, read=when.isoformat()) from None
    return clock.first_instant(day, name)


def ask(place: Records | Feed, at: datetime, length: timedelta | None, filters: Filters) -> Answer:
    """The answer of a place. Raises CalendarError if it is not known."""
    end = _later(at, length or timedelta(0))
    schedule, findings = place.schedule(end, (at, end))
    active = schedule.active(at, **filters)
    coming = [each for each in schedule.between(at, end, **filters) if each.start > at] if length else []
    since, until, free = min((each.start for each in active), default=None), None, None
    try:
        if span := schedule.unbroken(at, **filters):
            since, until = span
        free = schedule.next_available(at, length or timedelta.resolution, **filters)
    except CalendarError:
        if not active and not coming:  # that it is down is known, if not until when
            raise
    following = schedule.next(at, **filters)
    return Answer(
        at=at,
        length=length,
        active=_shown(active, place),
        coming=_shown(coming, place),
        since=since,
        until=until,
        free_from=free,
        next=place.as_shown(following) if following else None,
        known_until=schedule.until,
        timezone=place.zone.name,
        findings=findings,
    )


def windows_of(
    place: Records | Feed,
    now: datetime,
    start: datetime | None,
    end: datetime | None,
    statuses: Collection[str],
    filters: Filters,
) -> tuple[tuple[Occurrence, ...], tuple[Finding, ...]]:
    """Every occurrence of which a part lies between `start` and `end`, of any status or of these; and warnings.

    Windows that repeat are laid out to `end`, or to the horizon from `now` on. Raises CalendarError where `end` lies
    beyond what is known.
    """
    if start and end and end <= start:
        told = {"start": shown(utc_time(start)), "end": shown(utc_time(end))}
        raise fault("end-not-after-start", ("--to",), **told, hint="Have --from and --to changed places?")
    wanted = frozenset(statuses or STATUSES)
    schedule, findings = place.schedule(end or now, (start, end))
    if end and schedule.until and end > schedule.until:
        raise beyond(f"what is until {utc_time(end)}", schedule.until)
    kept = (each for each in schedule.occurrences(**filters) if each.window.status in wanted)
    return _shown(filter(partial(_is_between, start, end), kept), place), findings


def _is_between(start: datetime | None, end: datetime | None, occurrence: Occurrence) -> bool:
    """Whether a part of an occurrence lies between two instants, of which each may be open."""
    return (start is None or occurrence.end > start) and (end is None or occurrence.start < end)


def _shown(occurrences: Iterable[Occurrence], place: Records | Feed) -> tuple[Occurrence, ...]:
    return tuple(map(place.as_shown, occurrences))


def _later(when: datetime, by: timedelta) -> datetime:
    return when + by if when <= LAST - by else LAST
