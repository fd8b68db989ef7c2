"""Any .ics, whoever wrote it, to its events as UTC instants, and all that could not be read exactly.

Our own canonical form is read as bytes in ics/decode.py. Text, clocks and repeats are in contents.py, clocks.py and
repeats.py; what a record can keep of an event is decided in adopt.py.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from icms_calendar.feed.decode import unescape_text
from icms_calendar.findings import CalendarError, Finding, found, shown
from icms_calendar.foreign.clocks import UTC_CLOCK, Clock, Clocks, DefinedClock, KnownClock, known_clock
from icms_calendar.foreign.components import Component, Property, read_contents
from icms_calendar.foreign.repeats import MOST_OF_A_SERIES, Layout, RefusedRuleError, rule_parts
from icms_calendar.record.checks import IMPACTS, STATUSES
from icms_calendar.record.words import listed
from icms_calendar.record.zones import utc

MAX_ICS_BYTES = 64 * 2**20
MOST_EVENTS = 200_000


@dataclass(frozen=True, slots=True)
class ForeignObject:
    """An object of a maintenance notification, with its own impact (`outage` …) where it tells one."""

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
    """One event, or one occurrence of an event that repeats, which is told by its `recurrence_id`.

    Instants are in UTC, half-open: it holds its start, not its end. `timezone` is the IANA name of the zone that its
    times were written in, if they were. `recurrence_id` is when its rule has it start; None where there is no rule.
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
    cancelled: bool  # by its STATUS, by METHOD:CANCEL, or by its X-MAINTNOTE-STATUS
    busy: bool | None
    url: str | None
    location: str | None
    categories: tuple[str, ...]
    organizer: str | None  # an address, without mailto:
    organizer_name: str | None
    contact: str | None
    related_to: str | None
    color: str | None
    sequence: int
    stamped: datetime | None
    created: datetime | None
    last_modified: datetime | None
    maintnote: ForeignMaintnote | None
    affects: tuple[str, ...]  # what X-ICMS-CALENDAR-AFFECTS names
    line: int  # where it begins in the file


@dataclass(frozen=True, slots=True)
class ForeignSeries:
    """What the occurrences of one UID are laid out from: rules as written, on the wall clock of `timezone`."""

    uid: str
    rules: tuple[str, ...]
    timezone: str | None
    first: datetime  # wall clock, naive
    length: timedelta | None  # elapsed time; None where it has nominal days
    all_day: bool
    excluded: tuple[datetime, ...]  # wall clock, naive
    added: tuple[datetime, ...]
    whole: bool  # False: some occurrences lie after the last one that was laid out
    shifted: bool  # an occurrence moves all that follow it
    line: int


class Unread(NamedTuple):
    """A property or component that a ForeignEvent does not tell: how often it stands there, and where first."""

    times: int
    line: int


@dataclass(frozen=True, slots=True)
class ForeignFeed:
    """The events of a file by start, then by UID; what the calendar says of itself; and what is to be said of it."""

    name: str | None
    timezone: str | None
    url: str | None
    color: str | None
    prodid: str | None
    events: tuple[ForeignEvent, ...]
    series: Mapping[str, ForeignSeries]
    unread: Mapping[str, Unread]
    findings: tuple[Finding, ...]


def read_ics(data: bytes, *, until: datetime, timezone: str | None = None, name: str = "the feed") -> ForeignFeed:
    """The events of an .ics file; of events that repeat, the occurrences that start not after `until` (aware).

    `timezone` (IANA) is that of floating times and of whole days; default the calendar's X-WR-TIMEZONE. Whatever is
    wrong is a finding, placed in the file `name`: an event that cannot be read exactly is left out, and an error says
    so. Raises TypeError if `until` is naive.
    """
    if until.tzinfo is None:
        raise TypeError("until is a naive datetime; give it a time zone, as in datetime.now(UTC)")
    findings = _Findings(name)
    calendars = _calendars(data, findings)
    reader = _Reader(min(utc(until), _LAST), known_clock(timezone) if timezone else None, findings)
    for calendar in calendars:
        reader.collect(calendar)
    events = sorted(reader.events(), key=lambda event: (event.start, event.uid))
    head = calendars[0] if calendars else Component("VCALENDAR", 1)
    zone = known_clock(_text(head, "X-WR-TIMEZONE") or "")
    return ForeignFeed(
        name=_text(head, "X-WR-CALNAME") or _text(head, "NAME"),
        timezone=zone.name if zone else None,
        url=_value(head, "URL"),
        color=_value(head, "COLOR"),
        prodid=_text(head, "PRODID"),
        events=tuple(events),
        series=reader.series,
        unread={name: Unread(*seen) for name, seen in reader.unread.items()},
        findings=findings.all(),
    )


def _calendars(data: bytes, findings: _Findings) -> list[Component]:
    """The VCALENDARs of a file, and the findings of its form."""
    if len(data) > MAX_ICS_BYTES:
        size, limit = f"{len(data) / 2**20:.0f}", MAX_ICS_BYTES // 2**20
        findings.say("ics-unreadable", 1, reason=f"it has {size} MiB, and at most {limit} are read")
        return []
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:1000]:
        findings.say("ics-unreadable", 1, reason="it is no UTF-8 text. Save it as UTF-8")
        return []
    calendars, faults = read_contents(data)
    if not calendars:
        begins = data[:200].decode(errors="replace").lstrip("\ufeff").strip()
        reason = f"no VCALENDAR is in it; it begins {shown(begins, 30)}" if begins else "it is empty"
        findings.say("ics-unreadable", 1, reason=reason)
        faults = [fault for fault in faults if fault.rule == "ics-cut-off"]
    for rule, line, reason, times in faults:
        findings.say(rule, line, key=None if rule != "ics-not-utf8" else "", times=times, reason=reason)
    if all(fault.rule == "ics-not-utf8" for fault in faults):
        _say_what_holds_no_events(calendars, findings)
    return calendars


def _say_what_holds_no_events(calendars: list[Component], findings: _Findings) -> None:
    """RFC 5545 3.6: a calendar holds something; one without events, at least a VTIMEZONE."""
    for calendar in calendars:
        held = {part.name for part in calendar.components}
        if "VEVENT" not in held and held != {"VTIMEZONE"}:
            what = listed(sorted(held)[:3]) if held else "nothing"
            findings.say("no-events", calendar.line, what=what)


_MOST_OF_A_KIND = 20
_LAST = datetime(9999, 12, 30, tzinfo=UTC)  # every wall clock can show it


class _Findings:
    """Findings by kind: what is said of many events is said once, with their number."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: dict[object, list[object]] = {}
        self._of_rule: dict[str, int] = {}

    def say(self, rule: str, line: int, key: object = None, *, times: int = 1, **read: Any) -> None:
        """Tell something once for all that have the same `key`; of one rule at most twenty are told in full."""
        whole = (rule, str(read) if key is None else key)
        if whole not in self._told:
            number = self._of_rule[rule] = self._of_rule.get(rule, 0) + 1
            if number > _MOST_OF_A_KIND:
                whole = (rule, None)
        if whole in self._told:
            self._told[whole][1] += times  # type: ignore[operator]  # a number
        else:
            finding = replace(found(rule, **read), file=self._name, line=line, column=1)
            self._told[whole] = [finding, times - 1]

    def all(self) -> tuple[Finding, ...]:
        """What was told, in the order of the lines."""
        told = [_and_more(finding, more) for finding, more in self._told.values()]  # type: ignore[arg-type]
        return tuple(sorted(told, key=lambda finding: (finding.line or 0, finding.code)))


def _and_more(finding: Finding, more: int) -> Finding:
    return replace(finding, message=f"{finding.message} (and {more:,} more of this kind)") if more else finding


class _LeftOutError(Exception):
    """An event cannot be read exactly: by which rule, and what is said of it."""

    def __init__(self, rule: str, key: object = None, **read: Any) -> None:
        super().__init__(rule)
        self.rule, self.key, self.read = rule, key, read


class _Time(NamedTuple):
    """A time as written: what the wall clock shows, whose clock it is, and the one that the file defines beside it."""

    wall: datetime
    clock: Clock
    is_date: bool
    defined: DefinedClock | None = None


@dataclass(slots=True, eq=False)
class _Vevent:
    """A VEVENT with what its calendar says of it."""

    component: Component
    clocks: Clocks
    default: KnownClock | None  # the clock of floating times
    is_cancel: bool
    uid: str
    sequence: int
    stamped: datetime | None

    @property
    def rank(self) -> tuple[int, datetime, bool, int]:
        """RFC 5546 2.1.5: the later revision counts, by SEQUENCE, then DTSTAMP."""
        return self.sequence, self.stamped or _BEGINNING, self.is_cancel, self.component.line


_BEGINNING = datetime.min.replace(tzinfo=UTC)
_STATUSES = frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"})
_NO_EVENTS = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})  # RFC 5546: what others answer
_SERIES = frozenset({"RRULE", "RDATE", "RECURRENCE-ID", "EXDATE"})
# What is read of a VEVENT, or says nothing more than that; anything else is counted.
_READ = frozenset(
    {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "SUMMARY"),
        *("DESCRIPTION", "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ORGANIZER"),
        *("CONTACT", "RELATED-TO", "COLOR", "LOCATION", "CLASS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID", "X-MAINTNOTE-OBJECT-ID"),
        *("X-MAINTNOTE-OBJECT-IMPACT", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS", "X-ICMS-CALENDAR-AFFECTS"),
    }
)


class _Reader:
    """Reads the events of the calendars of one file."""

    def __init__(self, until: datetime, given: KnownClock | None, findings: _Findings) -> None:
        self.series: dict[str, ForeignSeries] = {}
        self.unread: dict[str, list[int]] = {}
        self._until = until
        self._given = given
        self._findings = findings
        self._layout = Layout()
        self._by_uid: dict[str, list[_Vevent]] = {}

    def collect(self, calendar: Component) -> None:
        """Take in the events of a calendar."""
        method = (_value(calendar, "METHOD") or "").upper()
        if method in _NO_EVENTS:
            reason = f"METHOD:{method} answers an announcement, and is none"
            self._findings.say("event-left-out", calendar.line, what="the calendar", reason=reason)
            return
        clocks = Clocks(part for part in calendar.components if part.name == "VTIMEZONE")
        default = self._given or known_clock(_text(calendar, "X-WR-TIMEZONE") or "")
        for part in calendar.components:
            if part.name == "VEVENT":
                self._take(part, clocks, default, is_cancel=method == "CANCEL")
            elif part.name != "VTIMEZONE":
                self._count(part.name, part.line)

    def events(self) -> Iterator[ForeignEvent]:
        """Every event, the occurrences of those that repeat among them."""
        number = 0
        for uid, vevents in self._by_uid.items():
            try:
                single = len(vevents) == 1 and not vevents[0].component.properties.keys() & _SERIES
                events = [self._single(vevents[0])] if single else self._group(uid, vevents)
            except _LeftOutError as error:
                self._leave_out(vevents[0], error)
                continue
            number += len(events)
            if number > MOST_EVENTS:
                self._findings.say(
                    "ics-unreadable", vevents[0].component.line, reason=f"it has more than {MOST_EVENTS:,} events"
                )
                return
            yield from events

    def _take(self, part: Component, clocks: Clocks, default: KnownClock | None, *, is_cancel: bool) -> None:
        uid = _text(part, "UID") or ""
        if not uid:
            self._findings.say("event-without-uid", part.line, key="", summary=shown(_text(part, "SUMMARY") or ""))
        sequence = self._number(part)
        vevent = _Vevent(part, clocks, default, is_cancel, uid, sequence, self._stamp(part, "DTSTAMP"))
        for name in part.properties.keys() - _READ:
            self._count(name, part.properties[name][0].line)
        if (_value(part, "CLASS") or "PUBLIC").upper() != "PUBLIC":
            self._count("CLASS", part.properties["CLASS"][0].line)
        for inner in part.components:
            self._count(inner.name, inner.line)
        self._by_uid.setdefault(uid or f"\0{part.line}", []).append(vevent)

    def _count(self, name: str, line: int) -> None:
        seen = self.unread.setdefault(name, [0, line])
        seen[0] += 1

    def _leave_out(self, vevent: _Vevent, error: _LeftOutError) -> None:
        what = f"the event {_called(vevent)}"
        self._findings.say(error.rule, vevent.component.line, key=error.key, what=what, **error.read)

    # single events

    def _single(self, vevent: _Vevent) -> ForeignEvent:
        start = self._start(vevent)
        begins = self._instant(start, vevent)
        return self._event(vevent, start, begins, self._end(vevent, start, begins), None, cancelled=vevent.is_cancel)

    def _event(
        self,
        vevent: _Vevent,
        start: _Time,
        begins: datetime,
        ends: datetime,
        recurrence_id: datetime | None,
        *,
        cancelled: bool,
    ) -> ForeignEvent:
        """The event of a VEVENT at given instants."""
        part = vevent.component
        if ends <= begins:
            reason = "it has no length" if ends == begins else "it ends before it starts"
            raise _LeftOutError("event-left-out", reason=reason)
        status = self._one_of(part, "STATUS", _STATUSES)
        maintnote = self._maintnote(part)
        return ForeignEvent(
            uid=vevent.uid,
            recurrence_id=recurrence_id,
            start=begins,
            end=ends,
            timezone=None if start.clock is UTC_CLOCK else start.clock.name,
            all_day=start.is_date,
            summary=_text(part, "SUMMARY"),
            description=_text(part, "DESCRIPTION"),
            status=status,
            cancelled=cancelled or status == "cancelled" or bool(maintnote and maintnote.status == "cancelled"),
            busy=_busy(part),
            url=_value(part, "URL"),
            location=_text(part, "LOCATION"),
            categories=_categories(part),
            organizer=_organizer(part),
            organizer_name=_organizer_name(part),
            contact=_text(part, "CONTACT"),
            related_to=_text(part, "RELATED-TO"),
            color=_value(part, "COLOR"),
            sequence=vevent.sequence,
            stamped=vevent.stamped,
            created=self._stamp(part, "CREATED"),
            last_modified=self._stamp(part, "LAST-MODIFIED"),
            maintnote=maintnote,
            affects=tuple(prop.text for prop in part.every("X-ICMS-CALENDAR-AFFECTS")),
            line=part.line,
        )

    def _start(self, vevent: _Vevent) -> _Time:
        for name in _ONCE:
            told = vevent.component.every(name)
            if len(told) > 1 and len({(prop.written, prop.value) for prop in told}) > 1:
                raise _LeftOutError("event-left-out", reason=f"it has several {name} that differ")
        prop = vevent.component.first("DTSTART")
        if prop is None:
            raise _LeftOutError("event-left-out", reason="it has no DTSTART")
        return self._time(prop.value, prop, vevent)

    def _end(self, vevent: _Vevent, start: _Time, begins: datetime) -> datetime:
        """RFC 5545 3.6.1: DTEND, or DURATION, or of a whole day its end; a time alone has no length."""
        end = vevent.component.first("DTEND")
        duration = vevent.component.first("DURATION")
        if end is not None:
            when = self._time(end.value, end, vevent)
            if when.is_date is not start.is_date:
                raise _LeftOutError("event-left-out", reason="of DTSTART and DTEND one is a date, the other a time")
            ends = self._instant(when, vevent)
            if duration is not None and self._after(start, begins, *_duration(duration), vevent) != ends:
                raise _LeftOutError("event-left-out", reason="DTEND and DURATION tell two ends")
            return ends
        if duration is not None:
            return self._after(start, begins, *_duration(duration), vevent)
        return self._after(start, begins, _DAY, timedelta(0), vevent) if start.is_date else begins

    def _after(self, start: _Time, begins: datetime, days: timedelta, exact: timedelta, vevent: _Vevent) -> datetime:
        """RFC 5545 3.3.6: days are those of the wall clock, hours elapse."""
        try:
            if days or start.is_date:
                begins = self._instant(start._replace(wall=start.wall + days), vevent)
            return begins + exact
        except OverflowError:
            raise _LeftOutError("event-left-out", reason="no year can hold its end") from None

    # times

    def _time(self, text: str, prop: Property, vevent: _Vevent) -> _Time:
        """RFC 5545 3.3.4, 3.3.5: a date, a time in UTC, of a TZID, or floating."""
        text = text.strip()
        tzid = prop.parameters.get("TZID") if prop.written else None
        try:
            if len(text) == 8:
                return _Time(_naive(text), self._floating(vevent, "whole days"), is_date=True)
            if len(text) == 16 and text[15] == "Z":
                if tzid is not None and vevent.clocks.named(tzid)[0] is not UTC_CLOCK:
                    self._say_otherwise(
                        vevent, prop.name, f"its {prop.name} has a TZID, and is in UTC. It is read as UTC"
                    )
                return _Time(_naive(text), UTC_CLOCK, is_date=False)
            wall = _naive(text)
        except ValueError:
            raise _LeftOutError("event-left-out", reason=f"{prop.name} is no time: {shown(text, 30)}") from None
        if tzid is None:
            return _Time(wall, self._floating(vevent, "times"), is_date=False)
        clock, defined, wrong = vevent.clocks.named(tzid)
        if clock is None:
            raise _LeftOutError("unknown-tzid", key=tzid, read=shown(tzid), reason=wrong or "has no VTIMEZONE")
        if wrong:
            self._findings.say("tzid-by-name", prop.line, key=tzid, read=shown(tzid), reason=wrong, zone=clock.name)
        return _Time(wall, clock, is_date=False, defined=defined)

    def _floating(self, vevent: _Vevent, what: str) -> Clock:
        if vevent.default is None:
            raise _LeftOutError("floating-time", key="", of=what)
        return vevent.default

    def _instant(self, when: _Time, vevent: _Vevent) -> datetime:
        """The instant of a time; what is odd about it is told."""
        if when.clock is UTC_CLOCK:
            return when.wall.replace(tzinfo=UTC)
        try:
            if when.is_date and isinstance(when.clock, KnownClock):
                return when.clock.zone.first_instant(when.wall.date())
            instant, odd = when.clock.instant(when.wall)
        except CalendarError as error:
            raise _LeftOutError("event-left-out", reason=error.findings[0].message) from None
        except OverflowError:
            raise _LeftOutError("event-left-out", reason="no year can hold it in UTC") from None
        zone = when.clock.name or "the file's own zone"
        told: dict[str, Any] = {"what": _called(vevent), "wall": f"{when.wall:%Y-%m-%d %H:%M}", "zone": zone}
        line = vevent.component.line
        if odd:
            self._findings.say("time-at-clock-change", line, odd=odd, start=_zulu(instant), **told)
        elif when.defined is not None and (other := when.defined.instant(when.wall)[0]) != instant:
            told |= {"read": _zulu(instant), "other": _zulu(other)}
            self._findings.say("zone-defined-otherwise", line, key=when.clock.name, **told)
        return instant

    def _say_otherwise(self, vevent: _Vevent, key: str, reason: str) -> None:
        self._findings.say("read-in-several-ways", vevent.component.line, key=key, what=_called(vevent), reason=reason)

    # events that repeat, and revisions of one event

    def _group(self, uid: str, vevents: list[_Vevent]) -> list[ForeignEvent]:
        """What the VEVENTs of one UID come to: the latest of each, and the occurrences of a series."""
        masters = [vevent for vevent in vevents if "RECURRENCE-ID" not in vevent.component.properties]
        master = self._latest(masters)
        overrides: dict[datetime, _Vevent] = {}
        changes = [vevent for vevent in vevents if "RECURRENCE-ID" in vevent.component.properties]
        for vevent in sorted(changes, key=lambda vevent: vevent.rank):
            try:
                overrides[self._recurrence_id(vevent, master)] = vevent
            except _LeftOutError as error:
                self._leave_out(vevent, error)
        if master is None:
            return [event for at, vevent in overrides.items() for event in self._alone(vevent, at)]
        if master.is_cancel and "DTSTART" not in master.component.properties:
            told = [vevent for vevent in masters if "DTSTART" in vevent.component.properties]
            if not told:
                raise _LeftOutError("event-left-out", reason="it cancels an event that is not in the file")
            latest = max(told, key=lambda vevent: vevent.rank)
            master = replace(latest, is_cancel=True, sequence=master.sequence, stamped=master.stamped)
        if not master.component.properties.keys() & {"RRULE", "RDATE"} and not overrides:
            return [self._single(master)]
        return self._laid_out(uid, master, overrides)

    def _latest(self, masters: list[_Vevent]) -> _Vevent | None:
        if not masters:
            return None
        latest = max(masters, key=lambda vevent: vevent.rank)
        for other in masters:
            if other.rank[:3] == latest.rank[:3] and _when(other) != _when(latest):
                reason = f"the one of line {latest.component.line} has its UID, SEQUENCE and DTSTAMP, and another time"
                self._leave_out(other, _LeftOutError("event-left-out", key="", reason=reason))
        if len(masters) > 1:
            line = min(vevent.component.line for vevent in masters if vevent is not latest)
            self._findings.say(
                "event-superseded", line, key="", what=_called(latest), number=len(masters), sequence=latest.sequence
            )
        return latest

    def _recurrence_id(self, vevent: _Vevent, master: _Vevent | None) -> datetime:
        """The instant that a RECURRENCE-ID names."""
        prop = vevent.component.properties["RECURRENCE-ID"][0]
        if len(prop.value.strip()) == 8 and master is not None:  # some name the day of a time only
            start = self._start(master)
            day = self._day(prop.value.strip(), prop)
            return self._instant(start._replace(wall=datetime.combine(day, start.wall.time())), master)
        return self._instant(self._time(prop.value, prop, vevent), vevent)

    def _alone(self, vevent: _Vevent, at: datetime) -> Iterator[ForeignEvent]:
        """An occurrence whose series is not in the file."""
        try:
            yield replace(self._single(vevent), recurrence_id=at)
        except _LeftOutError as error:
            self._leave_out(vevent, error)

    def _laid_out(self, uid: str, master: _Vevent, overrides: dict[datetime, _Vevent]) -> list[ForeignEvent]:
        start = self._start(master)
        begins = self._instant(start, master)
        moves = self._moves(overrides)
        try:
            rules = [self._rule(prop, start, master) for prop in master.component.every("RRULE")]
            if "EXRULE" in master.component.properties:
                raise RefusedRuleError("EXRULE, which RFC 5545 has no more, is not followed")
            added = {one.wall: one.length for one in self._listed(master, "RDATE", start)}
            laid_out = self._layout.starts(start.wall, rules, added, self._last_start(moves, start.clock))
        except RefusedRuleError as error:
            raise _LeftOutError("rule-refused", reason=str(error)) from None
        if laid_out.cut:
            self._findings.say("series-cut", master.component.line, what=_called(master), limit=f"{MOST_OF_A_SERIES:,}")
        if laid_out.off_rule:
            self._say_otherwise(
                master, "DTSTART", "its rule does not yield its DTSTART. It counts, beside what it yields"
            )
        excluded = _Excluded(self._listed(master, "EXDATE", start))
        length = self._length(master, start, begins)
        series = _Series(master, start, length, added, excluded, moves)
        events = [
            event
            for event in self._occurrences(series, laid_out.starts, overrides)
            if min(event.start, event.recurrence_id or event.start) <= self._until
        ]
        for wall in excluded.idle(begins, self._until) if not laid_out.cut else ():
            self._say_otherwise(
                master, "EXDATE", f"nothing starts at its EXDATE {wall:%Y-%m-%d %H:%M}. It says nothing"
            )
        endless = any("COUNT" not in parts and last is None for parts, last in rules)
        self.series[uid] = ForeignSeries(
            uid=uid,
            rules=tuple(prop.value.strip() for prop in master.component.every("RRULE")),
            timezone=start.clock.name,
            first=start.wall,
            length=length.exact if not length.days else None,
            all_day=start.is_date,
            excluded=excluded.walls,
            added=tuple(sorted(added)),
            whole=not endless and not laid_out.cut,
            shifted=bool(moves),
            line=master.component.line,
        )
        return events

    def _occurrences(
        self, series: _Series, walls: list[datetime], overrides: dict[datetime, _Vevent]
    ) -> Iterator[ForeignEvent]:
        """What takes place at the starts of a series, and what was changed from them."""
        master = series.master
        for wall in walls:
            start = series.start._replace(wall=wall)
            change = None
            try:
                at = self._instant(start, master)
                if series.excluded.holds(wall, at):
                    continue
                change = overrides.pop(at, None)
                if change is None or _only_cancels(change):
                    event = self._occurrence(series, start, at)
                    yield event if change is None else _cancelled_by(change, event)
                    continue
            except _LeftOutError as error:
                self._leave_out(master, error)
            if change is not None:
                yield from (_called_off(event, master) for event in self._alone(change, at))
        for at, change in overrides.items():  # of days that the rule does not yield, or not until then
            if change.component.first("DTSTART"):
                yield from (_called_off(event, master) for event in self._alone(change, at))

    def _last_start(self, moves: list[_Move], clock: Clock) -> datetime:
        """The wall-clock time until which starts are looked for: a change may have those that follow begin earlier."""
        earlier = max((move.at - move.begins for move in moves), default=timedelta(0))
        until = self._until + earlier if timedelta(0) < earlier < _LAST - self._until else self._until
        return clock.wall(until) + _MOST_SET_BACK

    def _rule(self, prop: Property, start: _Time, vevent: _Vevent) -> tuple[dict[str, str], datetime | None]:
        """A rule, and the last time at which it may yield, on the wall clock of the series.

        An UNTIL that is a date ends with its day; of whole days, a time is its own date or that of the clock, whichever
        is later.
        """
        parts = rule_parts(prop.value)
        until = parts.get("UNTIL")
        if until is None:
            return parts, None
        try:
            written = last = _naive(until)
            if len(until) == 8:
                last = datetime.combine(last.date(), time.max)
            elif until.endswith("Z"):
                last = start.clock.wall(last.replace(tzinfo=UTC))
            if start.is_date:
                last = max(last, written)
        except (ValueError, OverflowError):
            raise RefusedRuleError(f"UNTIL={until} is no time") from None
        if start.is_date is not (len(until) == 8):
            one, other = ("DTSTART", "UNTIL") if start.is_date else ("UNTIL", "DTSTART")
            self._say_otherwise(vevent, "UNTIL", f"its {one} is a date, its {other} a time. Its last day counts")
        return parts, last

    def _listed(self, vevent: _Vevent, name: str, start: _Time) -> Iterator[_Listed]:
        """The times of RDATE or EXDATE on the wall clock of the series; a PERIOD has a length of its own.

        A date in a series of times means what starts on that day, as most programs read it.
        """
        for prop in vevent.component.every(name):
            for text in prop.value.split(",") if prop.value.strip() else ():
                begin, slash, end = text.strip().partition("/")
                if len(begin) == 8:
                    yield _Listed(datetime.combine(self._day(begin, prop), start.wall.time()), None, None)
                    continue
                at = self._instant(self._time(begin, prop, vevent), vevent)
                length = None
                if slash and end[:1] in ("P", "+"):
                    length = _Length(*_duration(prop._replace(value=end)))
                elif slash:
                    length = _Length(timedelta(0), self._instant(self._time(end, prop, vevent), vevent) - at)
                yield _Listed(start.clock.wall(at), at, length)

    def _day(self, text: str, prop: Property) -> date:
        try:
            return _naive(text).date()
        except ValueError:
            raise _LeftOutError("event-left-out", reason=f"{prop.name} is no time: {shown(text, 30)}") from None

    def _length(self, vevent: _Vevent, start: _Time, begins: datetime) -> _Length:
        """RFC 5545 3.8.5.3: of a DTEND, all occurrences have the exact length, of a DURATION the nominal one."""
        duration = vevent.component.first("DURATION")
        if start.is_date and duration is None:
            end = vevent.component.first("DTEND")
            last = self._time(end.value, end, vevent).wall if end else start.wall + _DAY
            return _Length(last - start.wall, timedelta(0))
        if duration is not None and "DTEND" not in vevent.component.properties:
            return _Length(*_duration(duration))
        return _Length(timedelta(0), self._end(vevent, start, begins) - begins)

    def _moves(self, overrides: dict[datetime, _Vevent]) -> list[_Move]:
        """The changes that hold from one occurrence on (RFC 5545 3.2.13)."""
        moves = []
        for at, vevent in overrides.items():
            prop = vevent.component.properties["RECURRENCE-ID"][0]
            if prop.parameters.get("RANGE", "").upper() == "THISANDFUTURE":
                try:
                    start = self._start(vevent)
                    begins = self._instant(start, vevent)
                    moves.append(_Move(at, vevent, start, begins, self._length(vevent, start, begins)))
                except _LeftOutError as error:
                    self._leave_out(vevent, error)
        return sorted(moves, key=lambda move: move.at)

    def _occurrence(self, series: _Series, start: _Time, at: datetime) -> ForeignEvent:
        """One occurrence as the rule has it, or as a change from an earlier one on moves it."""
        begins, vevent, length = at, series.master, series.length
        own = series.added.get(start.wall)
        if i := bisect_right(series.moves, at, key=attrgetter("at")):
            move = series.moves[i - 1]
            shift = move.start.wall - move.start.clock.wall(move.at)
            start = move.start._replace(wall=move.start.clock.wall(at) + shift)
            begins, vevent, length = self._instant(start, move.vevent), move.vevent, move.length
        length = own or length
        ends = self._after(start, begins, length.days, length.exact, vevent)
        return self._event(vevent, start, begins, ends, at, cancelled=vevent.is_cancel or series.master.is_cancel)

    # other values

    def _number(self, part: Component) -> int:
        prop = part.first("SEQUENCE")
        if prop is None:
            return 0
        number = prop.value.strip(" \t")
        if not re.fullmatch("[0-9]{1,10}", number):
            self._say_unread(prop)
            return 0
        return int(number)

    def _stamp(self, part: Component, name: str) -> datetime | None:
        """RFC 5545 3.8.7: these are in UTC."""
        prop = part.first(name)
        if prop is None:
            return None
        try:
            if prop.value[-1:] == "Z":
                return _naive(prop.value).replace(tzinfo=UTC)
        except ValueError:
            pass
        self._say_unread(prop)
        return None

    def _one_of(self, part: Component, name: str, known: Iterable[str]) -> str | None:
        """A value of a closed list, in small letters."""
        prop = part.first(name)
        if prop is None:
            return None
        value = prop.value.strip().upper()
        if value in known:
            return value.lower()
        self._say_unread(prop)
        return None

    def _say_unread(self, prop: Property) -> None:
        self._findings.say("value-unread", prop.line, key=prop.name, property=prop.name, read=shown(prop.value, 30))

    def _maintnote(self, part: Component) -> ForeignMaintnote | None:
        """The properties of the BCOP, whoever wrote them: some put the impact of an object beside it."""
        names = part.properties
        if not any(name in names for name in ("X-MAINTNOTE-MAINTENANCE-ID", "X-MAINTNOTE-OBJECT-ID", *_MAINTNOTE)):
            return None
        objects = []
        for prop in part.every("X-MAINTNOTE-OBJECT-ID"):
            if not prop.text or prop.text.isspace():  # as a record has it: what cannot be seen is a name, too
                self._say_unread(prop)
                continue
            impact = prop.parameters.get("X-MAINTNOTE-OBJECT-IMPACT", "").upper().strip()
            if impact and impact not in _IMPACTS:
                self._findings.say(
                    "value-unread", prop.line, key=f"{prop.name} {impact}", property=prop.name, read=shown(impact, 30)
                )
            objects.append(ForeignObject(prop.text, impact.lower() if impact in _IMPACTS else None))
        return ForeignMaintnote(
            provider=_text(part, "X-MAINTNOTE-PROVIDER"),
            account=_text(part, "X-MAINTNOTE-ACCOUNT"),
            maintenance_id=_text(part, "X-MAINTNOTE-MAINTENANCE-ID"),
            objects=tuple(objects),
            impact=self._one_of(part, "X-MAINTNOTE-IMPACT", _IMPACTS),
            status=self._one_of(part, "X-MAINTNOTE-STATUS", _BCOP_STATUSES),
        )


class _Length(NamedTuple):
    """How long an event is: days of the wall clock, and then elapsed time."""

    days: timedelta
    exact: timedelta


class _Listed(NamedTuple):
    """A time of RDATE or EXDATE on the wall clock of the series; of a day no instant, but its usual time."""

    wall: datetime
    at: datetime | None
    length: _Length | None


class _Series(NamedTuple):
    """What the occurrences of a series are made of."""

    master: _Vevent
    start: _Time
    length: _Length
    added: Mapping[datetime, _Length | None]
    excluded: _Excluded
    moves: list[_Move]


class _Excluded:
    """What EXDATE takes out of a series."""

    def __init__(self, listed: Iterable[_Listed]) -> None:
        self._listed = list(listed)
        self._instants = {one.at for one in self._listed}
        self._days = {one.wall.date() for one in self._listed if one.at is None}
        self._hits: set[datetime | date] = set()

    @property
    def walls(self) -> tuple[datetime, ...]:
        return tuple(sorted({one.wall for one in self._listed}))

    def holds(self, wall: datetime, at: datetime) -> bool:
        """Whether an occurrence is excluded."""
        if at not in self._instants and wall.date() not in self._days:
            return False
        self._hits |= {at, wall.date()}
        return True

    def idle(self, begins: datetime, until: datetime) -> Iterator[datetime]:
        """Those that lie within the series, and excluded nothing."""
        for one in self._listed:
            at = one.at or one.wall.replace(tzinfo=UTC)
            if begins <= at <= until and (one.at or one.wall.date()) not in self._hits:
                yield one.wall


class _Move(NamedTuple):
    """A change of all occurrences from one on: which one, and how it is then."""

    at: datetime
    vevent: _Vevent
    start: _Time
    begins: datetime
    length: _Length


_DAY = timedelta(days=1)
_MOST_SET_BACK = timedelta(hours=3)  # by any clock: within it a later time may show an earlier one again
_ONCE = ("DTSTART", "DTEND", "DURATION", "STATUS", "RECURRENCE-ID")
_MAINTNOTE = ("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS", "X-MAINTNOTE-ACCOUNT")
_IMPACTS = frozenset(impact.upper() for impact in IMPACTS)
_BCOP_STATUSES = frozenset(status.upper() for status in STATUSES)
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,7})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,9})S)?)?"
)


def _when(vevent: _Vevent) -> list[tuple[str, str]]:
    """What a VEVENT says of its time, as written."""
    names = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS")
    return [(prop.written, prop.value) for name in names for prop in vevent.component.every(name)]


def _only_cancels(vevent: _Vevent) -> bool:
    """RFC 5546 3.2.5: a cancellation of one occurrence need not repeat when it was."""
    return vevent.is_cancel and "DTSTART" not in vevent.component.properties


def _cancelled_by(vevent: _Vevent, event: ForeignEvent) -> ForeignEvent:
    line = vevent.component.line
    return replace(event, cancelled=True, sequence=vevent.sequence, stamped=vevent.stamped, line=line)


def _called_off(event: ForeignEvent, master: _Vevent) -> ForeignEvent:
    return replace(event, cancelled=True) if master.is_cancel and not event.cancelled else event


def _duration(prop: Property) -> tuple[timedelta, timedelta]:
    """RFC 5545 3.3.6: its days, and its hours, minutes and seconds."""
    match = _DURATION.fullmatch(prop.value.strip().upper())
    if match is None or not any(match.groups()):
        raise _LeftOutError("event-left-out", reason=f"{prop.name} is no length: {shown(prop.value, 30)}")
    weeks, days, hours, minutes, seconds = (int(digits or 0) for digits in match.groups())
    return timedelta(weeks=weeks, days=days), timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _naive(text: str) -> datetime:
    """`20250713` or `20250713T040000`, with or without its Z, as it is written. Raises ValueError."""
    if not text.isascii() or not text[:8].isdigit() or len(text) not in (8, 15, 16):
        raise ValueError(text)
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    if len(text) == 8:
        return datetime(year, month, day)  # noqa: DTZ001 - a wall clock is naive
    if text[8] != "T" or not text[9:15].isdigit() or text[15:] not in ("", "Z"):
        raise ValueError(text)
    second = min(int(text[13:15]), 59) if text[13:15] == "60" else int(text[13:15])  # a leap second
    return datetime(year, month, day, int(text[9:11]), int(text[11:13]), second)  # noqa: DTZ001


def _text(part: Component, name: str) -> str | None:
    prop = part.first(name)
    return unescape_text(prop.value) or None if prop is not None else None


def _value(part: Component, name: str) -> str | None:
    prop = part.first(name)
    return prop.value.strip() or None if prop is not None else None


def _categories(part: Component) -> tuple[str, ...]:
    """RFC 5545 3.8.1.2: a comma divides, an escaped one does not."""
    values = [prop.value for prop in part.every("CATEGORIES")]
    if not values:
        return ()
    written = ",".join(values)
    parts = re.findall(r"(?:\\.|[^\\,]++)++", written) if "\\" in written else written.split(",")
    return tuple(unescape_text(one) for one in parts if one.strip())


def _organizer(part: Component) -> str | None:
    prop = part.first("ORGANIZER")
    if prop is None:
        return None
    scheme, colon, address = prop.value.strip().partition(":")
    return address if colon and scheme.lower() == "mailto" else None


def _organizer_name(part: Component) -> str | None:
    prop = part.first("ORGANIZER")
    return prop.parameters.get("CN") if prop is not None else None


def _busy(part: Component) -> bool | None:
    """Whether it says that it blocks the time: by TRANSP, else by Outlook's own property."""
    transparency = (_value(part, "TRANSP") or "").upper()
    if transparency in ("OPAQUE", "TRANSPARENT"):
        return transparency == "OPAQUE"
    outlook = (_value(part, "X-MICROSOFT-CDO-BUSYSTATUS") or "").upper()
    return outlook in ("BUSY", "OOF") if outlook else None


def _called(vevent: _Vevent) -> str:
    """What a message calls an event."""
    return shown(vevent.uid or _text(vevent.component, "SUMMARY") or f"of line {vevent.component.line}", 80)


def _zulu(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
