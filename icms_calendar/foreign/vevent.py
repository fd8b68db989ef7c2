"""One VEVENT of anybody's to an event at UTC instants (RFC 5545 3.6.1), or the reason why it cannot be read exactly.

Zones are in clocks.py; events that repeat, and several events of one UID, in series.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, cast

from icms_calendar.feed.decode import unescape_text
from icms_calendar.findings import CalendarError, Finding, found, shown
from icms_calendar.foreign.clocks import UTC_CLOCK, Clock, Clocks, DefinedClock, Work
from icms_calendar.foreign.components import Component
from icms_calendar.foreign.faults import Faults, LeftOutError, Place
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.values import BCOP_IMPACTS, Length, duration_of, judge_value, length_of, moment_of, word_of
from icms_calendar.record.fields import Status
from icms_calendar.record.zones import Zone, utc_time

Span = tuple[datetime | None, datetime | None]  # open where it is None
Zones = tuple[Clock | None, Clock | None]  # of floating times, and of whole days


@dataclass(frozen=True, slots=True)
class ForeignObject:
    """An object of a maintenance notification, with its own impact (`outage` …) if it has one."""

    id: str
    impact: str | None


@dataclass(frozen=True, slots=True)
class ForeignMaintnote:
    """What the X-MAINTNOTE properties of an event say; impact and status in the BCOP's terms, in small letters."""

    provider: str | None
    account: str | None
    maintenance_id: str | None
    objects: tuple[ForeignObject, ...]
    impact: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """One event, or one occurrence of an event that repeats, which its `recurrence_id` names.

    Instants are in UTC, half-open: it holds its start, not its end. `timezone` is the IANA name of the zone that its
    times were written in, if they were. `recurrence_id` is when its rule has it start; None without a rule.
    """

    uid: str
    recurrence_id: datetime | None
    start: datetime
    end: datetime
    timezone: str | None
    all_day: bool
    summary: str | None
    description: str | None
    status: str | None  # tentative, confirmed, cancelled
    cancelled: bool  # by METHOD:CANCEL, or by all that its STATUS and X-MAINTNOTE-STATUS say
    busy: bool | None
    url: str | None
    categories: tuple[str, ...]
    contact: str | None
    related_to: str | None
    color: str | None
    sequence: int
    stamped: datetime | None
    last_modified: datetime | None
    maintnote: ForeignMaintnote | None
    affects: tuple[str, ...]  # what X-ICMS-CALENDAR-AFFECTS names
    line: int  # where it begins in the file
    series: int | None = None  # the line of the event that repeats, if it is an occurrence of one

    @property
    def window_status(self) -> Status:
        """The status of a window; one that is called cancelled by half of the event only is not."""
        if self.cancelled:
            return "cancelled"
        told = (self.maintnote and self.maintnote.status, self.status)
        return cast("Status", next((status for status in told if status and status != "cancelled"), "confirmed"))


class ForeignRule(NamedTuple):
    """An RRULE: its `text` without its end, and how it ends.

    `until` is a day, an instant or a time on the wall clock, as written; `last` is the last wall-clock time (naive).
    """

    text: str
    times: int | None
    until: date | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class ForeignSeries:
    """What a record could say of an event that repeats by one rule alone."""

    rule: ForeignRule
    first: date
    length: timedelta | None  # elapsed time; None if it has nominal days
    excluded: tuple[date, ...]


class Gap(NamedTuple):
    """A span in which something may take place that could not be read; None where it is open. `finding` says why."""

    start: datetime | None
    end: datetime | None
    finding: Finding

    def touches(self, start: datetime | None, end: datetime | None) -> bool:
        """Whether it reaches into `[start, end]`, which may also be open."""
        begins_later = self.start is not None and end is not None and self.start > end
        return not begins_later and (self.end is None or start is None or self.end >= start)


@dataclass(slots=True, eq=False)
class Reading:
    """What the reading of one file shares: what is asked, what was found, and the measures of its work."""

    until: datetime
    given: Zone | None  # goes before what the file says
    reader: Zone | None  # goes before it for whole days only
    faults: Faults
    work: Work = field(default_factory=Work)
    gaps: list[Gap] = field(default_factory=list)
    series: dict[int, ForeignSeries] = field(default_factory=dict)  # by the line of the event
    unread: dict[str, list[int]] = field(default_factory=dict)  # the lines of what is not read, by its name

    def say(self, rule: str, line: int, subject: str | None = None, **read: Any) -> None:
        """Report something of a line, once for all that have the same `subject`."""
        self.faults.say(rule, line, str(read) if subject is None else subject, **read)

    def miss(self, rule: str, line: int, subject: str | None, span: Span, **read: Any) -> None:
        """Report something that is not read, and keep the span in which it may take place."""
        self.say(rule, line, subject, **read)
        self.gaps.append(Gap(*span, replace(found(rule, **read), line=line, column=1)))

    def count(self, name: str, line: int) -> None:
        """Count a property or component that is not read."""
        self.unread.setdefault(name, []).append(line)


class Vevent:
    """A VEVENT with its identity, and with what its calendar says of it."""

    def __init__(self, part: Component, clocks: Clocks, zones: Zones, reading: Reading, *, is_cancel: bool) -> None:
        self.component, self.clocks, self.reading, self.is_cancel = part, clocks, reading, is_cancel
        self.floating, self.days = zones
        self.uid = part.text("UID") or ""
        if not self.uid:
            reading.say("uid-missing", part.line, "", component="VEVENT")
        written = part.value("SEQUENCE") or "0"
        self.sequence = int(written) if re.fullmatch("[0-9]{1,10}", written) else UNREADABLE
        if self.sequence == UNREADABLE:
            judge_value(part.properties["SEQUENCE"][0], reading.faults)
        self.stamped = _stamp(part, "DTSTAMP", reading)

    @property
    def rank(self) -> tuple[int, datetime, bool, int]:
        """RFC 5546 2.1.5: the later revision counts, by SEQUENCE, then DTSTAMP."""
        return self.sequence, self.stamped or _BEGINNING, self.is_cancel, self.component.line

    @property
    def called(self) -> str:
        """What a message calls it."""
        return shown(self.uid or self.component.text("SUMMARY") or f"of line {self.component.line}", 80)

    def say_otherwise(self, subject: str, reason: str) -> None:
        """Report that it can be read in several ways, and in which it is read."""
        self.reading.say("read-in-several-ways", self.component.line, subject, what=self.called, reason=reason)

    @contextmanager
    def or_left_out(self, span: Span | None = None) -> Iterator[None]:
        """Leave it out if something of it cannot be read, which ends the block; `span` is when it may take place."""
        try:
            yield
        except (LeftOutError, OverflowError) as error:
            why = error if isinstance(error, LeftOutError) else LeftOutError("no year can hold its times")
            read = {"what": f"the event {self.called}", **why.read}
            self.reading.miss(why.rule, self.component.line, why.subject, span or rough_span(self.component), **read)

    def alone(self, at: datetime | None = None) -> list[ForeignEvent]:
        """Its event without its rule; none if it takes no time, or is left out. `at` is its RECURRENCE-ID."""
        with self.or_left_out():
            start = self.start()
            begins = self.instant(start)
            return self.event(start, begins, self.after(start, begins, self.length(start, begins)), at)
        return []

    def event(self, start: Time, begins: datetime, ends: datetime, at: datetime | None) -> list[ForeignEvent]:
        """Its event at given instants, if it takes any time."""
        part = self.component
        if ends < begins:
            raise LeftOutError("it ends before it starts")
        if ends == begins:
            told = {"what": f"the event {self.called}", "outcome": ", so it is passed over"}
            self.reading.say("event-without-length", part.line, "", **told)
            return []
        status = word_of(part.first("STATUS"), self.reading.faults)
        maintnote = _maintnote(part, self.reading)
        event = ForeignEvent(
            uid=self.uid,
            recurrence_id=at,
            start=begins,
            end=ends,
            timezone=None if start.clock is UTC_CLOCK else start.clock.name,
            all_day=start.is_date,
            summary=part.text("SUMMARY"),
            description=part.text("DESCRIPTION"),
            status=status,
            cancelled=self.is_cancel or _is_cancelled(self, status, maintnote.status if maintnote else None),
            busy=_busy(part),
            url=part.value("URL") or None,
            categories=_categories(part),
            contact=part.text("CONTACT"),
            related_to=part.text("RELATED-TO"),
            color=part.value("COLOR") or None,
            sequence=self.sequence,
            stamped=self.stamped,
            last_modified=_stamp(part, "LAST-MODIFIED", self.reading),
            maintnote=maintnote,
            affects=tuple(unescape_text(line.text) for line in part.every("X-ICMS-CALENDAR-AFFECTS")),
            line=part.line,
        )
        return [event]

    def start(self) -> Time:
        """Its DTSTART. Raises LeftOutError, also for what is given twice and may be given once."""
        for name in _ONCE:
            if len(self.component.every(name)) > 1 and len(set(self.component.written(name))) > 1:
                raise LeftOutError(f"it has several {name} that differ")
        line = self.component.first("DTSTART")
        if line is None:
            raise LeftOutError("it has no DTSTART")
        end = self.component.first("DTEND")
        if self.floating is None and _floats(line) and end is not None and end.parameter("TZID"):
            self.say_otherwise("DTSTART", "its DTSTART has no time zone. It is read in that of its DTEND")
            return self.time(end)._replace(wall=self.time(line, UTC_CLOCK).wall)
        return self.time(line)

    def length(self, start: Time, begins: datetime | None) -> Length:
        """RFC 5545 3.6.1, 3.8.5.3: exact to its DTEND, or its DURATION, or a whole day; a time alone has none.

        `begins` is None if the clock is not known then.
        """
        end, duration = self.component.first("DTEND"), self.component.first("DURATION")
        told = duration_of("DURATION", duration.text) if duration else None
        if end is None:
            return told or Length(DAY if start.is_date else NO_TIME, NO_TIME)
        length = self._length_to(end, start, begins)
        if told and begins and self.after(start, begins, told) != self.after(start, begins, length):
            raise LeftOutError("its DTEND and its DURATION give two ends")
        return length

    def _length_to(self, end: ContentLine, start: Time, begins: datetime | None) -> Length:
        """The length to a DTEND, which is on the clock of the DTSTART if it names none itself (RFC 5545 3.8.2.2)."""
        floats = _floats(end) and not _floats(self.component.properties["DTSTART"][0])
        last = self.time(end, start.clock if floats else None)
        if last.is_date is not start.is_date:
            raise LeftOutError("one of DTSTART and DTEND is a date, the other a time")
        if not start.is_date:
            if floats:
                self.say_otherwise("DTEND", "its DTEND has no time zone. It is read in that of its DTSTART")
            return Length(NO_TIME, self.instant(last) - begins if begins else last.wall - start.wall)
        if last.wall == start.wall:  # many writers mean the day itself
            told = {"what": f"the event {self.called}", "outcome": ", and is read as the whole day"}
            self.reading.say("event-without-length", end.number, "date", **told)
            return Length(DAY, NO_TIME)
        return Length(last.wall - start.wall, NO_TIME)

    def after(self, start: Time, begins: datetime, length: Length) -> datetime:
        """RFC 5545 3.3.6: days are those of the wall clock, hours elapse."""
        if length.days or start.is_date:
            begins = self.instant(start._replace(wall=start.wall + length.days))
        return begins + length.exact

    def time(self, line: ContentLine, floating: Clock | None = None, text: str | None = None) -> Time:
        """RFC 5545 3.3.4, 3.3.5: a date, a time in UTC, of a TZID, or on the clock of `floating`."""
        written, tzid = _time_and_zone(line, text, self.clocks)
        moment = moment_of(written.encode())  # of a line whose parameters cannot be read, nothing
        if moment is None:
            raise LeftOutError(f"its {line.name} is not a time: {shown(written, 30)}")
        if moment.kind == "local":
            if tzid is not None:
                return _zoned(moment.wall, tzid, line, self)
            return Time(moment.wall, floating or self.floating or _no_zone("times"), is_date=False)
        beside = self.clocks.named(tzid).clock if tzid is not None else None
        if moment.kind == "date":
            return Time(moment.wall, self.days or beside or _no_zone("whole days"), is_date=True)
        if tzid is not None and beside is not UTC_CLOCK:
            self.say_otherwise(line.name, f"its {line.name} has a TZID, and is in UTC. It is read as UTC")
        return Time(moment.wall, UTC_CLOCK, is_date=False)

    def instant(self, when: Time) -> datetime:
        """The instant of a time; what is odd about it is reported."""
        if when.clock is UTC_CLOCK:
            return when.wall.replace(tzinfo=UTC)
        try:
            if when.is_date and isinstance(when.clock, Zone):
                return when.clock.first_instant(when.wall.date())
            return settled(when, self.called, self.reading.faults, self.component.line)
        except CalendarError:
            # Outside of the tables of its zone: an error only if it is asked about.
            reason = f"the clock changes of {when.clock.name} are not known in {when.wall:%Y}"
            if OLD < when.wall <= self.reading.until.replace(tzinfo=None) + DAY:
                raise LeftOutError(reason) from None
            raise LeftOutError(reason, rule="passed-over", subject="") from None


class Time(NamedTuple):
    """A time as written: what the wall clock shows, whose clock it is, and those that the file defines beside it."""

    wall: datetime
    clock: Clock
    is_date: bool
    defined: tuple[DefinedClock, ...] = ()


DAY = timedelta(days=1)
NO_TIME = timedelta(0)
UNREADABLE = -1  # a SEQUENCE that is not a number: nobody knows which revision it is
_BEGINNING = datetime.min.replace(tzinfo=UTC)
OLD = datetime(1970, 1, 1)  # noqa: DTZ001 - what is before it, nobody asks about
_ONCE = ("DTSTART", "DTEND", "DURATION", "STATUS", "X-MAINTNOTE-STATUS", "X-MAINTNOTE-IMPACT")


def _is_cancelled(vevent: Vevent, status: str | None, noted: str | None) -> bool:
    """If STATUS and X-MAINTNOTE-STATUS disagree on it, the event counts as taking place."""
    told = {one == "cancelled" for one in (status, noted) if one}
    if len(told) == 2:
        words = {"status": str(status).upper(), "noted": str(noted).upper()}
        vevent.reading.say("statuses-disagree", vevent.component.line, what=vevent.called, **words)
    return told == {True}


# When it is


def _time_and_zone(line: ContentLine, text: str | None, clocks: Clocks) -> tuple[str, str | None]:
    """The time of a line, or the one that is `text`, and its TZID; Google once wrote TZID=GMT+05:30 without quotes."""
    written, tzid = (line.text if text is None else text).strip(), line.parameter("TZID")
    head, colon, tail = written.rpartition(":")
    if tzid is not None and colon and clocks.defines(f"{tzid}:{head}"):
        return tail, f"{tzid}:{head}"
    return written, tzid


def _zoned(wall: datetime, tzid: str, line: ContentLine, vevent: Vevent) -> Time:
    clock, defined, wrong = vevent.clocks.named(tzid)
    if clock is None:
        if vevent.clocks.defines(tzid):
            raise LeftOutError(f"it {wrong}", rule="broken-vtimezone", subject=tzid, zone=shown(tzid))
        known = "No zone database has it, so its events are left out"
        raise LeftOutError(wrong, rule="zone-undefined", subject=tzid, read=shown(tzid), known=known)
    if wrong and clock.name:
        vevent.reading.say("tzid-by-name", line.number, tzid, read=shown(tzid), reason=wrong, zone=clock.name)
    if any(one.collides for one in defined) and not clock.name:
        say_colliding(tzid, line.number, vevent.reading.faults)
    return Time(wall, clock, is_date=False, defined=defined)


def _no_zone(what: str) -> Clock:
    reason = f"its {what} have no time zone. Give one with --timezone"
    raise LeftOutError(reason, subject=what)


def settled(when: Time, what: str, faults: Faults, place: Callable[[], Place] | int) -> datetime:
    """The instant of a time on its clock. Reported is a change of the clock, or a definition that differs from it."""
    instant, odd = when.clock.nearest_instant(when.wall)
    other = next((at for one in when.defined if (at := one.nearest_instant(when.wall)[0]) != instant), None)
    name = when.clock.name
    if other is not None and name is None:
        raise LeftOutError("its time zone has several VTIMEZONEs that differ")
    if odd:
        reason = (
            f"the clock in {name or 'its own zone'} {odd} on {when.wall:%Y-%m-%d}. It is read as {utc_time(instant)}"
        )
        faults.say("read-in-several-ways", place, f"{what} {instant}", what=what, reason=reason)
    elif other is not None:
        times = f"{when.wall:%Y-%m-%d %H:%M} in {name} is {utc_time(instant)}, but {utc_time(other)}"
        reason = f"{times} by the file's own VTIMEZONE. The database counts"
        faults.say("read-in-several-ways", place, f"zone {name}", what=what, reason=reason)
    return instant


def say_colliding(tzid: str, place: Callable[[], Place] | int, faults: Faults) -> None:
    """Report a VTIMEZONE of which nobody can say which offset holds."""
    reason = "two offsets begin at one moment. Leave out the one that does not hold"
    faults.say("read-in-several-ways", place, tzid, what=f"the VTIMEZONE {shown(tzid)}", reason=reason)


def rough_span(part: Component) -> Span:
    """Between which instants an event that cannot be read exactly takes place, as far as it says so."""
    starts = {line.text.strip() for line in part.every("DTSTART")}
    start = moment_of(starts.pop().encode()) if len(starts) == 1 else None
    if start is None:
        return None, None
    begins = start.wall.replace(tzinfo=UTC)
    if part.properties.keys() & {"RRULE", "RDATE"}:
        return around(begins)[0], None
    end, duration = moment_of(part.value("DTEND").encode()), length_of(part.value("DURATION").encode())
    if duration is not None and "DTEND" not in part.properties:
        return around(begins, *duration)
    if end is None and part.properties.keys() & {"DTEND", "DURATION"}:
        return around(begins)[0], None
    ends = end.wall.replace(tzinfo=UTC) if end else begins
    return around(min(begins, ends), abs(ends - begins))


def around(begins: datetime, *lengths: timedelta) -> Span:
    """From a day before to two days after what a wall clock shows in any zone; open where no year can hold it."""
    try:
        first = begins - DAY
    except OverflowError:
        first = None
    try:
        return first, begins + sum(lengths, 2 * DAY)
    except OverflowError:
        return first, None


def _floats(line: ContentLine) -> bool:
    """Whether a time is of no zone, as it is written; a date is not a time."""
    return line.parameter("TZID") is None and len(line.text.strip()) == 15


# What else it says


def _stamp(part: Component, name: str, reading: Reading) -> datetime | None:
    """RFC 5545 3.8.7: these are in UTC."""
    line = part.first(name)
    if line is None:
        return None
    moment = moment_of(line.value)
    if moment is None or moment.kind != "utc":
        judge_value(line, reading.faults)
        return None
    return moment.wall.replace(tzinfo=UTC)


def _maintnote(part: Component, reading: Reading) -> ForeignMaintnote | None:
    """The properties of the BCOP, whoever wrote them; some put the impact of an object beside it."""
    if not any(name.startswith("X-MAINTNOTE-") for name in part.properties):
        return None
    objects = []
    for line in part.every("X-MAINTNOTE-OBJECT-ID"):
        id_ = unescape_text(line.text)
        impact = (line.parameter("X-MAINTNOTE-OBJECT-IMPACT") or "").upper().strip()
        if not id_.strip() or (impact and impact not in BCOP_IMPACTS):
            judge_value(line, reading.faults)
        if id_.strip():
            known = impact.lower() if impact in BCOP_IMPACTS else "outage"  # never milder than it may be
            objects.append(ForeignObject(id_, known if impact else None))
    return ForeignMaintnote(
        provider=part.text("X-MAINTNOTE-PROVIDER"),
        account=part.text("X-MAINTNOTE-ACCOUNT"),
        maintenance_id=part.text("X-MAINTNOTE-MAINTENANCE-ID"),
        objects=tuple(objects),
        impact=word_of(part.first("X-MAINTNOTE-IMPACT"), reading.faults),
        status=word_of(part.first("X-MAINTNOTE-STATUS"), reading.faults),
    )


def _categories(part: Component) -> tuple[str, ...]:
    """RFC 5545 3.8.1.2: a comma divides, an escaped one does not."""
    values = [line.text for line in part.every("CATEGORIES")]
    if not values:
        return ()
    written = ",".join(values)
    parts = re.findall(r"(?:\\.|[^\\,]++)++", written) if "\\" in written else written.split(",")
    return tuple(unescape_text(one) for one in parts if one.strip())


def _busy(part: Component) -> bool | None:
    """Whether it says that it blocks the time: by TRANSP, else by Outlook's own property."""
    transparency = part.value("TRANSP").upper()
    if transparency in ("OPAQUE", "TRANSPARENT"):
        return transparency == "OPAQUE"
    outlook = part.value("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    return outlook in ("BUSY", "OOF") if outlook else None
