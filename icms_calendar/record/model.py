"""The record: windows, systems, services, feeds and the calendar they make (pydantic, frozen).

How records are read from files is in records.py; what one key may hold, in fields.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from icms_calendar.findings import CalendarError, Finding, fault
from icms_calendar.record.checks import (
    IMPACTS,
    calendar_findings,
    disagreement,
    end_before_start,
    instant,
    is_plain,
    selection_findings,
    services_named,
    unknown_window,
    window_findings,
)
from icms_calendar.record.fields import (
    DEFAULT_HORIZON,
    MAX_GIVEN_SEQUENCE,
    Address,
    Announced,
    ChannelState,
    Color,
    Day,
    Domain,
    Duration,
    Email,
    End,
    Flag,
    History,
    Horizon,
    Id,
    Impact,
    Line,
    OneOrMany,
    OneOrManyImpacts,
    OneOrManyStatuses,
    Reminder,
    Start,
    Status,
    Text,
    Title,
    Uid,
    Until,
    Updated,
    Url,
    WholeNumber,
    ZoneName,
    text_or_table,
)
from icms_calendar.record.labels import Language
from icms_calendar.record.rrule import parse_rule
from icms_calendar.record.select import passes, window_facets, words
from icms_calendar.record.words import duration as duration_in_words
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import Zone, zone_named

if TYPE_CHECKING:
    import icalendar

    from icms_calendar.schedule.schedule import Schedule

_DAY = timedelta(days=1)

# The context in which one file of several is validated: what must fit together is checked when all are there.
PART = {"part": True}


class _Record(BaseModel):
    """Frozen and strict: an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=True)


class Operator(_Record):
    """Who runs a system."""

    name: Text
    url: Url | None = None


class Publisher(_Record):
    """Who keeps this calendar; the e-mail address becomes the events' ORGANIZER."""

    name: Text
    email: Email | None = None
    url: Url | None = None


class _Named(_Record):
    """A thing with an id and a name; where the id says it all, the id alone, or a bare string."""

    id: Id
    name: Text

    @model_validator(mode="wrap")
    @classmethod
    def _named_by_its_id(cls, value: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        given = {"id": value} if isinstance(value, str) else value
        if not isinstance(given, dict) or "name" in given or "id" not in given:
            return validate(given)
        named = validate({**given, "name": given["id"]})
        named.model_fields_set.discard("name")
        return named


class Service(_Named):
    """A part of a system that people know by a name of its own."""


class System(_Named):
    """A system whose maintenance is announced, with its services; `short` is its name in titles."""

    name: Line
    short: Line | None = None
    operator: Operator | None = None
    services: tuple[Service, ...] = ()

    @property
    def title(self) -> str:
        return self.short or self.name


class AffectedService(_Record):
    """A service of a window with an impact of its own."""

    id: str
    impact: Impact | None = None


class MaintnoteObject(_Record):
    """An object as a maintenance notification named it."""

    id: Text
    impact: Impact | None = None


class Maintnote(_Record):
    """What an imported maintenance notification said, where it differs from what we would write (BCOP)."""

    provider: Text | None = None
    account: Text | None = None
    id: Text | None = None
    objects: tuple[MaintnoteObject, ...] = ()


class GivenRevision(_Record):
    """A history taken over from elsewhere: the SEQUENCE, and when the window last changed."""

    sequence: Annotated[WholeNumber, Field(ge=0, le=MAX_GIVEN_SEQUENCE)] = 0
    updated: Updated | None = None


class RepeatChange(_Record):
    """One occurrence of a window that repeats, told by its day (`on`): moved, cancelled, or in other words."""

    on: Day
    start: Start | None = None
    end: End | None = None
    duration: Duration | None = None
    status: Status = "confirmed"
    impact: Impact = "outage"
    title: Title | None = None
    description: Text | None = None
    reason: Text | None = None
    fallback: Text | None = None
    notice: Text | None = None
    source: Url | None = None


class Repeat(_Record):
    """How a window repeats: a rule of RFC 5545 on its zone's wall clock, until a last day or for a count."""

    model_config = ConfigDict(populate_by_name=True)

    rule: Annotated[
        str, PlainValidator(parse_rule), WithJsonSchema({"type": "string", "examples": ["FREQ=MONTHLY;BYDAY=2SU"]})
    ]
    until: Until | None = None
    count: Annotated[WholeNumber, Field(ge=1, le=5000)] | None = None
    excluded: tuple[Day, ...] = Field(default=(), alias="except")
    changes: tuple[RepeatChange, ...] = ()


class FeedSpec(_Record):
    """A feed of one's own beside those of all windows, each system and each service: any of the filters."""

    id: Id
    name: Text
    system: OneOrMany = ()
    service: OneOrMany = ()
    impact: OneOrManyImpacts = ()
    tag: OneOrMany = ()
    audience: OneOrMany = ()
    status: OneOrManyStatuses = ()


class Affected(NamedTuple):
    """One thing that a window affects: a system (no service) or a service of it, and how badly."""

    system: System
    service: Service | None
    impact: Impact

    @property
    def object_id(self) -> str:
        """`icms/sea-manifest`, or `icms` for the whole system: the OBJECT-ID of the BCOP."""
        return f"{self.system.id}/{self.service.id}" if self.service else self.system.id


class MaintenanceWindow(_Record):
    """One maintenance window: what is down, from when to when, how badly, and what people should know.

    A `start` or `end` without an offset is wall-clock time: of the window's `timezone`, else the calendar's.
    Raises pydantic.ValidationError, a ValueError, which names every fault.
    """

    id: Id
    uid: Uid | None = None
    system: str | None = None
    systems: tuple[str, ...] | None = None
    start: Start
    end: End | None = None
    duration: Duration | None = None
    all_day: Flag = False
    timezone: ZoneName | None = None
    status: Status = "confirmed"
    impact: Impact = "outage"
    services: (
        tuple[
            Annotated[
                Annotated[str, Tag("(text)")] | Annotated[AffectedService, Tag("(table)")],
                Discriminator(text_or_table),
            ],
            ...,
        ]
        | None
    ) = None
    title: Title | None = None
    description: Text | None = None
    reason: Text | None = None
    fallback: Text | None = None
    notice: Text | None = None
    reference: Text | None = None
    contact: Text | None = None
    channels: dict[Text, ChannelState] = Field(default_factory=dict)
    audience: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    source: Url | None = None
    url: Url | None = None
    announced: Announced | None = None
    emergency: Flag = False
    busy: Flag = False
    color: Color | None = None
    replaces: str | None = None
    repeat: Repeat | None = None
    maintnote: Maintnote | None = None
    revision: GivenRevision | None = None
    questions: Annotated[
        tuple[Text, ...],
        Field(
            description="What a person must still answer before this window can be published. Answer each question, "
            "correct the record, and delete the line."
        ),
    ] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not is_plain(self) and (findings := list(window_findings(self))):
            raise CalendarError(findings)
        return self

    @property
    def system_ids(self) -> tuple[str, ...]:
        """The systems it affects, given as `system` or as `systems`."""
        return self.systems or ((self.system,) if self.system else ())

    def span(self, zone: Zone) -> tuple[datetime, datetime]:
        """Start and end as UTC instants; `zone` is that of wall-clock times.

        Raises CalendarError: a wall-clock time that the zone's clock skips or shows twice, an end that is not
        after the start or does not agree with the duration.
        """
        start_given, end_given = self.start, self.end
        if not isinstance(start_given, datetime):
            return self._whole_days(zone)
        try:
            start = instant(start_given, zone, "start")
        except CalendarError as error:
            raise CalendarError([*error.findings, *self._end_findings(zone)]) from None
        if not isinstance(end_given, datetime):
            return start, _plus(start, self.duration or _DAY)
        end = instant(end_given, zone, "end")
        if end <= start:
            raise end_before_start(self)
        if self.duration and end - start != self.duration:
            raise disagreement(end - start, self.duration)
        return start, end

    def cancel(self, reason: str | None = None) -> MaintenanceWindow:
        """The window called off: it stays in every feed, marked as cancelled."""
        return self._operate("cancel", status="cancelled", reason=reason or self.reason)

    def reschedule(self, start: datetime, end: datetime, reason: str | None = None) -> MaintenanceWindow:
        """The window moved to another start and end."""
        return self._operate("reschedule", start=start, end=end, duration=None, reason=reason or self.reason)

    def extend(self, end: datetime) -> MaintenanceWindow:
        """The window with a later end. Raises CalendarError where `end` is not later than the one it has."""
        longer = self._operate("extend", end=end, duration=None)
        if _is_later(self.end, longer.end):
            hint = "The new end is before the old one: that is reschedule"
            raise fault("refused-change", id=self.id, status=self.status, operation="extend", hint=hint)
        return longer

    def begin(self) -> MaintenanceWindow:
        """The window under way."""
        return self._operate("begin", status="in-process")

    def complete(self, at: datetime | None = None) -> MaintenanceWindow:
        """The window finished, at `at` where that is not when it was planned to end."""
        ends = {} if at is None else {"end": at, "duration": None}
        return self._operate("complete", status="completed", **ends)

    def reinstate(self) -> MaintenanceWindow:
        """The cancelled window takes place after all."""
        return self._operate("reinstate", status="confirmed")

    def _operate(self, operation: str, **changes: object) -> MaintenanceWindow:
        allowed = TRANSITIONS[operation]
        if self.status not in allowed:
            hint = f"Only a window that is {' or '.join(allowed)} can"
            raise fault("refused-change", id=self.id, status=self.status, operation=operation, hint=hint)
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return MaintenanceWindow(**{k: v for k, v in {**given, **changes}.items() if v is not None})

    def _whole_days(self, zone: Zone) -> tuple[datetime, datetime]:
        try:
            after = self.end + _DAY if self.end is not None else self.start + (self.duration or _DAY)
        except OverflowError:
            raise fault("instant-out-of-range", ("end",), field="end", read=f"{self.end or self.start}") from None
        start, end = zone.first_instant(self.start, "start"), zone.first_instant(after, "end")
        if end <= start:  # a day that the zone left out
            raise end_before_start(self)
        return start, end

    def _end_findings(self, zone: Zone) -> tuple[Finding, ...]:
        try:
            if isinstance(self.end, datetime):
                instant(self.end, zone, "end")
        except CalendarError as error:
            return error.findings
        return ()


# Which statuses each operation is open to: what is over stays, and what was called off can only come back.
TRANSITIONS: dict[str, tuple[Status, ...]] = {
    "cancel": ("tentative", "confirmed", "in-process"),
    "reschedule": ("tentative", "confirmed"),
    "extend": ("tentative", "confirmed", "in-process"),
    "begin": ("tentative", "confirmed"),
    "complete": ("confirmed", "in-process"),
    "reinstate": ("cancelled",),
}


class MaintenanceCalendar(_Record):
    """The records of maintenance windows of one or more systems, and how they are published.

    Raises pydantic.ValidationError, a ValueError, which names every fault; `load` raises SourceError.
    """

    name: Text
    domain: Domain
    timezone: ZoneName
    url: Url | None = None
    publisher: Publisher | None = None
    official: Flag = False
    languages: tuple[Language, ...] = ("en",)
    reminders: tuple[Reminder, ...] = ()
    history: History = timedelta(days=730)
    horizon: Horizon = DEFAULT_HORIZON
    renamed: dict[Address, Address] = Field(default_factory=dict)
    retired: tuple[Address, ...] = ()
    color: Color | None = None
    systems: tuple[System, ...] | None = None
    feeds: tuple[FeedSpec, ...] = ()
    windows: tuple[MaintenanceWindow, ...] = ()

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        if info.context is not PART and (findings := self.inconsistencies()):
            raise CalendarError(findings)
        return self

    def inconsistencies(self) -> list[Finding]:
        """What does not fit together in a calendar whose parts are each right; a calendar that was made has none."""
        findings = calendar_findings(self)
        if any(window.repeat for window in self.windows):
            from icms_calendar.record.recurrence import repeat_findings

            findings += repeat_findings(self)
        return findings

    @classmethod
    def load(cls, source: str | PathLike[str]) -> MaintenanceCalendar:
        """The calendar of a file or folder of records. Raises SourceError with every finding in it."""
        from icms_calendar.source.files import load

        return load(source)

    @cached_property
    def zone(self) -> Zone:
        return zone_named(self.timezone)

    @cached_property
    def systems_by_id(self) -> dict[str, System]:
        """The systems in order: as declared, or where none are, as the windows name them."""
        if self.systems is not None:
            return {system.id: system for system in self.systems}
        ids = dict.fromkeys(id_ for window in self.windows for id_ in window.system_ids)
        return {id_: System.model_construct(set(), id=id_, name=id_) for id_ in ids}  # their ids are checked later

    @cached_property
    def spans(self) -> dict[str, tuple[datetime, datetime]]:
        """Start and end of each window by its id, as UTC instants; filled in when the calendar is checked."""
        return {}

    @cached_property
    def own_uids(self) -> dict[str, str]:
        """The UIDs of the windows, by id, that do not have the default one."""
        return {window.id: window.uid for window in self.windows if window.uid}

    def zone_of(self, window: MaintenanceWindow) -> Zone:
        """The zone of a window's wall-clock times."""
        return zone_named(window.timezone) if window.timezone else self.zone

    def uid_of(self, window: MaintenanceWindow) -> str:
        """The identity of its event, for life."""
        return window.uid or f"{window.id}@{self.domain}"

    def title_of(self, window: MaintenanceWindow) -> str:
        """Its title, or the default one."""
        if window.title:
            return window.title
        systems = [self.systems_by_id[id_].title for id_ in window.system_ids]
        return title_in_words(systems, self.impact_of(window), emergency=window.emergency)

    def impact_of(self, window: MaintenanceWindow) -> Impact:
        """How badly it affects what it affects worst: a service may have an impact of its own."""
        if window.services is None:
            return window.impact
        return max((entry.impact for entry in self.affected(window)), key=IMPACTS.index)

    def affected(self, window: MaintenanceWindow) -> tuple[Affected, ...]:
        """What a window affects: its services; of a system of which it names none, all; of one without, itself."""
        named = [self._resolve(service, window) for service in window.services or ()]
        affected = []
        for id_ in window.system_ids:
            system = self.systems_by_id[id_]
            own = [entry for entry in named if entry.system is system]
            every = [Affected(system, service, window.impact) for service in system.services]
            affected += own or every or [Affected(system, None, window.impact)]
        return tuple(affected)

    def select(
        self,
        *,
        ids: str | Iterable[str] = (),
        system: str | Iterable[str] = (),
        service: str | Iterable[str] = (),
        impact: str | Iterable[str] = (),
        tag: str | Iterable[str] = (),
        audience: str | Iterable[str] = (),
        status: str | Iterable[str] = (),
    ) -> MaintenanceCalendar:
        """The calendar with those of its windows only that pass every filter given; each takes one or several.

        A service is `sea-manifest`, or `icms/sea-manifest`. Raises CalendarError for an id that nothing has.
        """
        chosen = {
            "ids": words(ids),
            "system": words(system),
            "service": words(service),
            "impact": words(impact),
            "tag": words(tag),
            "audience": words(audience),
            "status": words(status),
        }
        findings = list(selection_findings(chosen, self))
        if findings:
            raise CalendarError(findings)
        windows = tuple(window for window in self.windows if passes(window_facets(window, self), chosen))
        return self.model_copy(update={"windows": windows})

    def replace(self, window: MaintenanceWindow) -> MaintenanceCalendar:
        """The calendar with `window` in the place of the one with its id. Raises CalendarError if there is none."""
        if not any(window.id == old.id for old in self.windows):
            raise unknown_window(window.id, self)
        windows = [window if window.id == old.id else old for old in self.windows]
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return MaintenanceCalendar(**{**given, "windows": windows})

    def to_ical(self, *, now: datetime | None = None, previous: bytes | None = None) -> bytes:
        """The feed of all its windows, as bytes of text/calendar (RFC 5545).

        `now` (aware) stamps what is new or changed; without it no clock is read, and a window that does not say
        when it was announced is stamped 1970-01-01T00:00:00Z. `previous` is the feed published before: what is the
        same keeps its revision, and with `now`, what has left the records stays, cancelled.
        Raises LedgerError where `previous` is no feed of this calendar.
        """
        from icms_calendar.feed.publication import calendar_feed

        return calendar_feed(self, now=now, previous=previous)

    def to_icalendar(self, *, now: datetime | None = None, previous: bytes | None = None) -> icalendar.Calendar:
        """The same feed as an object of the icalendar library."""
        import icalendar

        feed: icalendar.Calendar = icalendar.Calendar.from_ical(self.to_ical(now=now, previous=previous))
        return feed

    def schedule(self, *, until: datetime | None = None) -> Schedule:
        """The calendar to be asked about time: what is under way, what comes next, from when a system is free.

        Windows that repeat are laid out to `until` (aware), beyond which every question raises CalendarError.
        Without it, all that the records say is known, and a window that repeats for ever is a CalendarError.
        """
        from icms_calendar.schedule.schedule import Schedule

        return Schedule.of(self, until)

    def _resolve(self, service: str | AffectedService, window: MaintenanceWindow) -> Affected:
        name = service if isinstance(service, str) else service.id
        system, found_service = next(iter(services_named(name, window.system_ids, self)))
        return Affected(system, found_service, _impact_of(service, window))


class WindowsFile(_Record):
    """A further file of a folder: windows, and nothing else."""

    model_config = ConfigDict(defer_build=True)

    windows: tuple[MaintenanceWindow, ...]


def _is_later(one: date | None, other: date | None) -> bool:
    """Whether one end is later than another, as far as that can be told without a zone."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (one.tzinfo is None) == (other.tzinfo is None) and one > other
    return one is not None and other is not None and not isinstance(one, datetime) and one > other


def _plus(start: datetime, length: timedelta) -> datetime:
    try:
        return start + length
    except OverflowError:
        read = f"{start.isoformat(' ')} + {duration_in_words(length)}"
        raise fault("instant-out-of-range", ("duration",), field="end", read=read) from None


def _impact_of(service: str | AffectedService, window: MaintenanceWindow) -> Impact:
    return window.impact if isinstance(service, str) or service.impact is None else service.impact
