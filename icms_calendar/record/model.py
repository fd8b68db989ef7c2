"""The record: windows, and the calendar they make (pydantic, frozen).

What they are made of, and what one key may hold, is decided in fields.py; how records are read from files, in
source/files.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from pydantic import ConfigDict, Field, ValidationInfo, model_validator

from icms_calendar.findings import CalendarError, Finding, expect, fault
from icms_calendar.record.checks import (
    calendar_findings,
    disagreement,
    end_before_start,
    instant,
    selection_findings,
    unknown_window,
    window_findings,
)
from icms_calendar.record.fields import (
    AN_ID,
    DEFAULT_HORIZON,
    Address,
    ChannelState,
    Color,
    Domain,
    FeedSpec,
    Flag,
    GivenRevision,
    Id,
    Impact,
    Length,
    LengthOrNone,
    Lengths,
    Listed,
    ListedOrNone,
    Maintnote,
    NamedPartsOrNone,
    PartOrNone,
    Parts,
    PartsOrNone,
    Publisher,
    Record,
    Repeat,
    ServiceOrId,
    Status,
    System,
    Text,
    Title,
    Uid,
    Url,
    When,
    WhenOrNone,
    ZoneName,
    ZoneNameOrNone,
    optional,
    with_values,
)
from icms_calendar.record.labels import Language
from icms_calendar.record.select import passes, window_facets, words
from icms_calendar.record.words import duration as duration_in_words
from icms_calendar.record.zones import Zone, zone_named

if TYPE_CHECKING:
    import icalendar

    from icms_calendar.schedule.schedule import Schedule

_DAY = timedelta(days=1)
_FARTHEST_OFFSETS = timedelta(hours=14)  # of today's zones: UTC-12 to UTC+14

# The context in which one file of several is validated: what must fit together is checked when all are there.
PART = {"part": True}


class MaintenanceWindow(Record):
    """One maintenance window: what is down, from when to when, how badly, and what people should know.

    A `start` or `end` without an offset is wall-clock time: of the window's `timezone`, else the calendar's.
    Raises CalendarError, a ValueError, whose `findings` are everything that is wrong.
    """

    id: Id = Field(description=f"{AN_ID}. Keep it even if the window moves")
    uid: Uid | None = optional(None, "The UID of an event that people already have; default: `id@domain`")
    system: str | None = optional(None, "The id of the system that is maintained")
    systems: ListedOrNone[str] = optional(None, "Several systems instead of one")
    start: When = Field(
        description="`2026-03-14 22:00` is the time on the zone's clock; `2026-03-14T22:00+03:00` is an instant. "
        "With `all_day`, a date"
    )
    end: WhenOrNone = optional(None, "When it ends, written like `start`. With `all_day`, the last day")
    duration: LengthOrNone = optional(
        None, "Elapsed time instead of `end`: `6h`, `1h30m` or `PT6H`. If both are given, they must agree"
    )
    all_day: Flag = optional(False, "`true` for whole local days: `start` and `end` are dates, both included")
    timezone: ZoneNameOrNone = optional(None, "The zone of this window's times, if not the calendar's")
    status: Status = optional("confirmed", "`tentative`, `confirmed`, `in-process`, `completed` or `cancelled`")
    impact: Impact = optional("outage", "`no-impact`, `reduced-redundancy`, `degraded` or `outage`")
    services: PartsOrNone[ServiceOrId] = optional(
        None,
        "The services affected: ids, or `{id: pilots, impact: degraded}`. Default: all of the system's. "
        "With several systems, `berths/pilots`",
    )
    title: Title | None = optional(
        None,
        "What people see in their calendar: one line of at most 200 characters. "
        "Default: `iCMS unavailable: planned maintenance`",
    )
    description: Text | None = optional(None, "Further details, after the sentences that the program writes itself")
    reason: Text | None = optional(None, "Why the maintenance takes place")
    fallback: Text | None = optional(None, "What people can do meanwhile")
    notice: Text | None = optional(None, "The operator's own words")
    reference: Text | None = optional(None, "The number or code of the announcement")
    contact: Text | None = optional(None, "Whom to ask")
    channels: dict[Text, ChannelState] = Field(
        default_factory=dict,
        description="What still works, by channel: `unavailable`, `queued`, `rejected`, `degraded` or `unaffected`",
    )
    audience: Listed[Text] = optional((), "Who is affected, as a list: `[importers, clearing agents]`")
    tags: Listed[Text] = optional((), "Words for filters; they become categories of the event")
    source: Url | None = optional(None, "Where the maintenance was announced: an http(s) address")
    url: Url | None = optional(None, "Where the event leads. Default: the calendar's `url` with `#` and the id")
    announced: WhenOrNone = optional(
        None,
        "Date, or date and time, of the announcement. It stamps the event, so that a first build gives the same bytes "
        "on any day",
    )
    emergency: Flag = optional(False, "`true` for unplanned maintenance: the default title says so")
    busy: Flag = optional(False, "`true` marks subscribers as busy during the window; most people do not want this")
    color: Color | None = optional(None, "The colour of the event: a CSS colour name")
    replaces: str | None = optional(None, "The id of the window that this one replaces")
    repeat: PartOrNone[Repeat] = optional(None, "How the window repeats")
    maintnote: PartOrNone[Maintnote] = optional(
        None, "Values of an imported maintenance notification that differ from ours"
    )
    revision: PartOrNone[GivenRevision] = optional(None, "The history of an event that people already have")
    questions: Listed[Text] = optional(
        (),
        "What a person must still answer before this window can be published. Answer each question, correct the "
        "record, and delete the line.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if findings := window_findings(self):
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
            return start, plus(start, self.duration or _DAY)
        end = instant(end_given, zone, "end")
        if end <= start:
            raise end_before_start(self)
        if self.duration and end - start != self.duration:
            raise disagreement(end - start, self.duration)
        return start, end

    def cancel(self, reason: str | None = None) -> MaintenanceWindow:
        """The window called off: it stays in every feed, marked as cancelled."""
        return self._operate("cancel", status="cancelled", reason=reason or self.reason)

    def reschedule(self, start: date | str, end: date | str, reason: str | None = None) -> MaintenanceWindow:
        """The window moved to another start and end."""
        return self._operate("reschedule", start=start, end=end, duration=None, reason=reason or self.reason)

    def extend(self, end: date | str) -> MaintenanceWindow:
        """The window with a later end.

        Raises CalendarError if the end is not later. Where that depends on the calendar's zone (one end has an offset,
        the other has not, and the window no `timezone`), only what is earlier in every zone is refused.
        """
        longer = self._operate("extend", end=end, duration=None)
        if not _may_end_later(longer, self):
            reason = "the new end is not after its present end. To shorten or move it, use reschedule"
            raise fault("refused-change", id=self.id, operation="extend", reason=reason)
        return longer

    def begin(self) -> MaintenanceWindow:
        """The window under way."""
        return self._operate("begin", status="in-process")

    def complete(self, at: date | str | None = None) -> MaintenanceWindow:
        """The window finished, at `at` where that is not when it was planned to end."""
        ends = {} if at is None else {"end": at, "duration": None}
        return self._operate("complete", status="completed", **ends)

    def reinstate(self) -> MaintenanceWindow:
        """The cancelled window takes place after all."""
        return self._operate("reinstate", status="confirmed")

    def _operate(self, operation: str, **changes: Any) -> MaintenanceWindow:
        allowed = TRANSITIONS[operation]
        if self.status not in allowed:
            reason = f"it is {self.status}. Only a window that is {' or '.join(allowed)} can"
            raise fault("refused-change", id=self.id, operation=operation, reason=reason)
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


class MaintenanceCalendar(Record):
    """The records of maintenance windows of one or more systems, and how they are published.

    It holds its windows: iterate over it, take one by its id, ask for its `len`. Raises CalendarError, a ValueError,
    whose `findings` are everything that is wrong.
    """

    name: Text = Field(description="The name of the calendar, as subscribers see it")
    domain: Domain = Field(description="The right side of every UID. Choose a name that is yours, and never change it")
    timezone: ZoneName = Field(description="The zone of times without an offset: `Africa/Nairobi`, or a Windows name")
    url: Url | None = optional(None, "The address where the site is served. Subscribe links need it")
    publisher: PartOrNone[Publisher] = optional(None, "Who keeps this calendar")
    official: Flag = optional(
        False,
        "`true` if you operate the systems; otherwise page and feed say that the calendar is not the operator's own",
    )
    languages: Listed[Language] = optional(
        ("en",), "The languages of pages and descriptions: `en`, `sw`. Titles are in the first"
    )
    reminders: Lengths = optional(
        (), "How long before the start alarms ring, as `[P1D, PT1H]`; only in feeds named `…-reminders.ics`"
    )
    history: Length = optional(timedelta(days=730), "How long ended windows stay in what `build` publishes")
    horizon: Length = optional(DEFAULT_HORIZON, "How far ahead repeating windows are expanded")
    renamed: dict[Address, Address] = Field(
        default_factory=dict,
        description="Old address: new address, as `{customs: icms, customs/manifests: icms/sea-manifest}`. Feeds and "
        "pages at the old address stay in service with the contents of the new one",
    )
    retired: Listed[Address] = optional(
        (), "Addresses that may end: an id of a system or feed, `system/service`, `all-reminders`, a language"
    )
    color: Color | None = optional(None, "The colour of the calendar: a CSS colour name")
    systems: NamedPartsOrNone[System] = optional(
        None,
        "The systems whose maintenance is announced. Without this list, they are created from the windows that name "
        "them",
    )
    feeds: Parts[FeedSpec] = optional((), "Your own feeds beside those for each system and service")
    windows: Parts[MaintenanceWindow] = optional((), "The maintenance windows")

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        if info.context is not PART and (findings := inconsistencies(self)):
            raise CalendarError(findings)
        return self

    @classmethod
    def load(cls, source: str | PathLike[str] | bytes | IO[bytes] | IO[str]) -> MaintenanceCalendar:
        """The calendar of a file or folder of records, of their bytes, or of an open file.

        Bytes are JSON if they begin like it, else YAML. Raises SourceError with everything that is wrong.
        """
        from icms_calendar.source.files import load

        return load(source)

    def write(self, path: str | PathLike[str]) -> None:
        """Write the records to a YAML file, or to a JSON file if its name ends in .json. Raises PublishError."""
        from icms_calendar.site.publish import write_file
        from icms_calendar.source.write import calendar_text

        write_file(Path(path), calendar_text(self, Path(path).suffix).encode())

    def __len__(self) -> int:
        return len(self.windows)

    def __bool__(self) -> bool:
        """A calendar without windows is a calendar."""
        return True

    def __iter__(self) -> Iterator[MaintenanceWindow]:  # type: ignore[override]  # pydantic gives pairs of fields
        return iter(self.windows)

    def __contains__(self, window: object) -> bool:
        """Whether it has a window, given itself or its id."""
        return any(window in (own.id, own) for own in self.windows)

    def __getitem__(self, id_: str) -> MaintenanceWindow:
        """The window with an id. Raises KeyError."""
        for window in self.windows:
            if window.id == id_:
                return window
        raise KeyError(id_)

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
    def uids(self) -> dict[str, str]:
        """The UID of each window's event, for life, by its id; a selection keeps those of windows that it left out."""
        return {window.id: window.uid or f"{window.id}@{self.domain}" for window in self.windows}

    def zone_of(self, window: MaintenanceWindow) -> Zone:
        """The zone of a window's wall-clock times."""
        return zone_named(window.timezone) if window.timezone else self.zone

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
        _ = self.uids  # computed while all windows are here, for those that `replaces` names
        windows = tuple(window for window in self.windows if passes(window_facets(window, self), chosen))
        return with_values(self, {"windows": windows})

    def add(self, window: MaintenanceWindow) -> MaintenanceCalendar:
        """The calendar with one more window. Raises CalendarError if it has one with this id."""
        expect(window, MaintenanceWindow, "window", "a MaintenanceWindow")
        return self.model_copy(update={"windows": (*self.windows, window)})

    def replace(self, window: MaintenanceWindow) -> MaintenanceCalendar:
        """The calendar with `window` in the place of the one with its id. Raises CalendarError if there is none."""
        expect(window, MaintenanceWindow, "window", "a MaintenanceWindow")
        return _put_in_place(self, window.id, window)

    def without(self, id_: str) -> MaintenanceCalendar:
        """The calendar without the window with an id: the next build cancels it. Raises CalendarError if there is none.

        To cancel a window, rather replace it with `window.cancel()`: the record then says why.
        """
        return _put_in_place(self, id_)

    def to_ical(self, *, now: datetime | None = None, previous: bytes | None = None) -> bytes:
        """The feed of all its windows, as bytes of text/calendar (RFC 5545).

        `now` (aware) stamps what is new or changed; without it no clock is read, and a window that does not say
        when it was announced is stamped 1970-01-01T00:00:00Z. `previous` is the feed published before: what is the
        same keeps its revision, and with `now`, what has left the records stays, cancelled.
        Raises LedgerError if `previous` is not a feed of this calendar.
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


def _put_in_place(calendar: MaintenanceCalendar, id_: str, *instead: MaintenanceWindow) -> MaintenanceCalendar:
    expect(id_, str, "id_", "the id of a window")
    i = next((i for i, window in enumerate(calendar.windows) if window.id == id_), None)
    if i is None:
        raise unknown_window(id_, calendar)
    windows = (*calendar.windows[:i], *instead, *calendar.windows[i + 1 :])
    return calendar.model_copy(update={"windows": windows})


def inconsistencies(calendar: MaintenanceCalendar) -> list[Finding]:
    """What does not fit together in a calendar whose parts are each right; a calendar that was made has none."""
    findings = calendar_findings(calendar)
    if any(window.repeat for window in calendar.windows):
        from icms_calendar.record.recurrence import repeat_findings

        findings += repeat_findings(calendar)
    return findings


class WindowsFile(Record):
    """A further file of a folder: windows, and nothing else."""

    model_config = ConfigDict(defer_build=True)

    windows: tuple[MaintenanceWindow, ...]


def _may_end_later(longer: MaintenanceWindow, window: MaintenanceWindow) -> bool:
    """Whether a window ends later than it did, in some zone if none is known."""
    zone, both = zone_named(window.timezone or "UTC"), (longer, window)
    later, end = (
        instant(each.end, zone, "end") if isinstance(each.end, datetime) else each.span(zone)[1] for each in both
    )
    clocks = {getattr(each.end or each.start, "tzinfo", None) is None for each in both}
    return later > end - (_FARTHEST_OFFSETS if window.timezone is None and len(clocks) > 1 else timedelta(0))


def plus(start: datetime, length: timedelta) -> datetime:
    """When something ends that takes some time. Raises CalendarError if no year can hold it."""
    try:
        return start + length
    except OverflowError:
        read = f"{start.isoformat(' ')} + {duration_in_words(length)}"
        raise fault("instant-out-of-range", ("duration",), field="end", read=read) from None
