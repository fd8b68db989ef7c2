"""What is wrong with anybody's .ics file, by rule: what its components lack, and what does not go together.

It never mends. How lines make components is in components.py, the octets in lines.py, single values in values.py;
what each rule means, and which programs break on it, in catalogue/feeds.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from icms_calendar.feed.encode import PRODID
from icms_calendar.feed.publication import MAX_FEED_OCTETS
from icms_calendar.findings import CalendarError, Finding, shown
from icms_calendar.foreign.clocks import Clocks, Work, known_clock
from icms_calendar.foreign.components import Component, is_icalendar, read_components, without_collection
from icms_calendar.foreign.faults import Faults, LeftOutError, Place, TooManyFaultsError
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.values import MAINTNOTE, Moment, judge_value, moment_of
from icms_calendar.foreign.vevent import Time, say_colliding, settled
from icms_calendar.record.rrule import Repetition, refusal_of
from icms_calendar.record.words import listed


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events a feed has, and what is wrong with it."""

    events: int
    findings: tuple[Finding, ...]


@without_collection()
def lint(feed: bytes, previous: bytes | None = None) -> Verdict:
    """Everything that is wrong with a feed, the findings in the order of their places.

    `previous` is an earlier copy of it: then also what changed that must not change. Faults that repeat are one
    finding, which says where the first is and how many more there are.
    """
    faults = Faults()
    if len(feed) > MAX_FEED_OCTETS and is_icalendar(feed):
        size, limit, remedy = f"{len(feed):,}", f"{MAX_FEED_OCTETS:,}", "Leave out old events, or split it"
        faults.say("feed-too-large", 1, feed="the feed", size=size, limit=limit, remedy=remedy)
    calendars = read_components(feed, faults)
    events = _events(calendars)
    with suppress(TooManyFaultsError):
        work = Work()
        for calendar in calendars:
            _judge_calendar(calendar, work, faults)
        if previous is not None:
            _compare(_versions(_events(read_components(previous, Faults()))), _versions(events), faults)
    return Verdict(len(events), faults.findings())


def _events(calendars: list[Component]) -> list[Component]:
    return [part for calendar in calendars for part in calendar.walk() if part.name == "VEVENT"]


_OCCURS_ONCE = frozenset(
    {
        *("PRODID", "VERSION", "CALSCALE", "METHOD", "UID", "LAST-MODIFIED", "URL", "REFRESH-INTERVAL", "SOURCE"),
        *("COLOR", "DTSTAMP", "DTSTART", "DTEND", "DUE", "DURATION", "RECURRENCE-ID", "RRULE", "CLASS", "CREATED"),
        *("DESCRIPTION", "LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "TZID"),
        *("TZURL", "TZOFFSETFROM", "TZOFFSETTO", "ACTION", "TRIGGER", "REPEAT", "X-WR-CALNAME", "X-WR-CALDESC"),
        *("X-WR-TIMEZONE", "X-PUBLISHED-TTL", "X-MICROSOFT-CDO-BUSYSTATUS", "GEO"),
        *(name for name in MAINTNOTE if name != "X-MAINTNOTE-OBJECT-ID"),
    }
)
# By the component, or by the ACTION of an alarm (RFC 5545 3.6).
_NEEDED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("VEVENT", "VTODO", "VJOURNAL"), ("DTSTAMP",)),
    "VCALENDAR": ("VERSION", "PRODID"),
    "VTIMEZONE": ("TZID",),
    "VALARM": ("ACTION", "TRIGGER"),
    "DISPLAY": ("ACTION", "TRIGGER", "DESCRIPTION"),
    "EMAIL": ("ACTION", "TRIGGER", "DESCRIPTION", "SUMMARY", "ATTENDEE"),
}
_NEED_NO_START = {"CANCEL", "REPLY", "REFRESH", "DECLINECOUNTER"}  # RFC 5546 3.2: 0 or 1
_MAINTNOTE_SET = (*MAINTNOTE, "ORGANIZER", "SEQUENCE")  # what circuit-maintenance-parser reads of each event
_UNTIL = re.compile(rb"(?i)\bUNTIL=([0-9TZ]++)")
# In the languages of those whose feeds we have seen, as the beginning of a word.
_SAYS_CANCELLED = re.compile(r"(?i)cancel|called off|annul|abgesagt|entfällt|imefutwa|imeahirishwa|отмен|取消")
# The kinds of times.
_DATE, _FLOATING, _FIXED = "a date", "a time without a zone", "a time in a zone or in UTC"


class _Calendar:
    """What the components of one calendar are judged by."""

    def __init__(self, calendar: Component, work: Work, faults: Faults) -> None:
        self.faults = faults
        self.method = calendar.value("METHOD").upper()
        self.is_ours = calendar.value("PRODID") == PRODID  # our own alarms are in variants that people choose
        events = _events([calendar])
        self.is_noted = any(map(_notes, events))  # some event has the properties of a maintenance notification
        masters = (event for event in events if "RECURRENCE-ID" not in event.properties)
        self.kinds = {event.value("UID"): _kind_of_start(event) for event in masters}
        self.clocks = Clocks(calendar.components, work)
        self.uids: dict[tuple[str, ...], int] = {}


def _judge_calendar(calendar: Component, work: Work, faults: Faults) -> None:
    _judge_head(calendar, faults)
    within = _Calendar(calendar, work, faults)
    with suppress(LeftOutError):  # it takes too much work
        _judge_zones(calendar, work, faults)
    for part in calendar.walk():
        _judge_properties(part, within)
        _judge_missing(part, within)
        if part.name in ("VEVENT", "VTODO", "VJOURNAL"):
            _judge_identity(part, within)
        if part.name == "VEVENT":
            _judge_event(part, within)
            _judge_times(part, within)
            _judge_maintnote(part, within)


def _judge_head(calendar: Component, faults: Faults) -> None:
    begin, method = calendar.begin, calendar.value("METHOD")
    if method.upper() != "PUBLISH":
        read = f"METHOD {shown(method)}" if method else "no METHOD"
        faults.say("method-not-publish", (calendar.first("METHOD") or begin).place, read=read)
    if uid := calendar.first("UID"):
        faults.say("calendar-uid", uid.place)
    if calendar.whole and not calendar.components:
        faults.say("no-component", begin.place, holds="nothing")


def _judge_zones(calendar: Component, work: Work, faults: Faults) -> None:
    """RFC 5545 3.6.5."""
    seen: set[str] = set()
    for zone in (part for part in calendar.components if part.name == "VTIMEZONE"):
        tzid, clock = zone.value("TZID"), work.clock(zone)
        reason = clock if isinstance(clock, str) else "it is there twice" if tzid in seen else ""
        seen.add(tzid)
        if reason:
            faults.say("broken-vtimezone", zone.begin.place, reason, zone=shown(tzid), reason=reason)
        elif not isinstance(clock, str) and clock.collides:
            say_colliding(tzid, zone.begin.place, faults)


def _judge_properties(component: Component, calendar: _Calendar) -> None:
    """What holds for each property by itself."""
    faults = calendar.faults
    for name, lines in component.properties.items():
        for line in lines[1:] if len(lines) > 1 and _occurs_once(name, component) else ():
            _say_twice(name, line.place, component.name, lines[0].number, faults)
        for line in lines:
            judge_value(line, faults, component.name)
            tzid = line.parameter("TZID") if line.parameters else None
            if tzid is not None and not _has_no_zone(line) and not calendar.clocks.defines(tzid):
                known = "Programs with a zone database may know it" if known_clock(tzid) else "No zone database has it"
                faults.say("zone-undefined", partial(line.place, len(name)), tzid, read=shown(tzid), known=known)


def _occurs_once(name: str, component: Component) -> bool:
    """RFC 5545 3.6, 3.8.1.5; RFC 7986 5.2: a calendar or a journal may have several descriptions."""
    return name in _OCCURS_ONCE and not (name == "DESCRIPTION" and component.name in ("VCALENDAR", "VJOURNAL"))


def _say_twice(name: str, place: Callable[[], Place] | int, component: str, first: int, faults: Faults) -> None:
    faults.say("property-twice", place, name, name=name, component=component, first=f"{first:,}")


def _judge_identity(component: Component, calendar: _Calendar) -> None:
    """What a VEVENT, VTODO and VJOURNAL share."""
    say, begin, uid = calendar.faults.say, component.begin, component.value("UID")
    if not uid:
        say("uid-missing", begin.place, component.name, component=component.name)
    else:
        line = component.properties["UID"][0]
        first = calendar.uids.setdefault((component.name, uid, component.value("RECURRENCE-ID")), begin.number)
        if first != begin.number:
            say("uid-twice", line.place, read=shown(uid), first=f"{first:,}")
        if "/" in uid:
            say("slash-in-uid", line.place_of_value, read=shown(uid))


def _judge_event(event: Component, calendar: _Calendar) -> None:
    say, properties = calendar.faults.say, event.properties
    if "ORGANIZER" not in properties and calendar.method == "PUBLISH":
        say("organizer-missing", event.begin.place)
    if "RDATE" in properties and "RRULE" not in properties:
        say("rrule-seldom-read", properties["RDATE"][0].place, "RDATE", what="there is an RDATE without RRULE, which")
    _judge_alarms(event, calendar)
    summary = event.text("SUMMARY") or ""
    if event.value("STATUS").upper() == "CANCELLED" and not _SAYS_CANCELLED.search(summary):
        line = event.first("SUMMARY") or properties["STATUS"][0]
        say("cancelled-unsaid", line.place, read=shown(summary, 40))


def _judge_alarms(event: Component, calendar: _Calendar) -> None:
    alarm = next((one for one in event.components if one.value("ACTION").upper() not in ("", "NONE")), None)
    reason = "" if calendar.is_ours else "brings an alarm. Offer alarms in a second feed, for those who want them"
    if event.value("STATUS").upper() == "CANCELLED":
        reason = "is cancelled, and has an alarm. Take the alarm out"
    if alarm and reason:
        calendar.faults.say("alarms-in-feed", alarm.begin.place, reason, reason=reason)


def _judge_maintnote(event: Component, calendar: _Calendar) -> None:
    say, given = calendar.faults.say, _notes(event)
    if not given and calendar.is_noted:
        say("maintnote-missing", event.begin.place)
    if given and (missing := [name for name in _MAINTNOTE_SET if name not in event.properties]):
        say("maintnote-incomplete", event.properties[given[0]][0].place, ",".join(missing), missing=listed(missing))
    status, noted = event.value("STATUS").upper(), event.value("X-MAINTNOTE-STATUS").upper()
    if status and noted and (status == "CANCELLED") is not (noted == "CANCELLED"):
        place = event.properties["STATUS"][0].place_of_value
        say("statuses-disagree", place, what="an event", status=status, noted=noted)


def _notes(event: Component) -> list[str]:
    return [name for name in event.properties if name.startswith("X-MAINTNOTE-")]


def _judge_missing(component: Component, calendar: _Calendar) -> None:
    needed = _NEEDED.get(component.name, ())
    if component.name == "VALARM":
        needed = _NEEDED.get(component.value("ACTION").upper(), needed)
    elif component.name == "VEVENT" and calendar.method not in _NEED_NO_START:
        needed = (*needed, "DTSTART")
    if missing := [name for name in needed if name not in component.properties]:
        place, told = component.begin.place, listed(missing)
        calendar.faults.say("property-missing", place, ",".join(missing), component=component.name, missing=told)


# When an event is


def _judge_times(event: Component, calendar: _Calendar) -> None:
    start, change = event.first("DTSTART"), event.first("RECURRENCE-ID")
    first = moment_of(start.value) if start else None
    if event.properties.keys() >= {"DTEND", "DURATION"}:
        one, other = sorted(event.properties[name][0].number for name in ("DTEND", "DURATION"))
        _say_twice("the end (DTEND, DURATION)", other, "VEVENT", one, calendar.faults)
    if change:
        _judge_change(change, calendar.kinds.get(event.value("UID")), calendar)
    if start is None or first is None:
        return
    kind = _kind(start, first)
    if kind == _FLOATING:
        calendar.faults.say("floating-start", start.place_of_value, read=start.text)
    for line in event.every("EXDATE"):
        _judge_kind(line, kind, calendar)
    begins, end = _instant(start, calendar), event.first("DTEND")
    if end and _judge_kind(end, kind, calendar):
        _judge_end(end, start, begins, calendar)
    if rule := event.first("RRULE"):
        _judge_rule(rule, first, kind, calendar)


def _judge_end(end: ContentLine, start: ContentLine, begins: datetime | None, calendar: _Calendar) -> None:
    ends = _instant(end, calendar)
    if begins and ends and ends < begins:
        calendar.faults.say("end-precedes-start", end.place_of_value, end=end.text, start=start.text)
    elif begins and begins == ends:
        what = f"an event that starts and ends {end.text}"
        calendar.faults.say("event-without-length", end.place_of_value, what=what, outcome="")


def _judge_change(change: ContentLine, kind: str | None, calendar: _Calendar) -> None:
    """A RECURRENCE-ID; `kind` is that of the DTSTART of its series, if that is in the calendar."""
    if (change.parameter("RANGE") or "THISANDFUTURE").upper() != "THISANDFUTURE":
        _say_odd(change, "its RANGE is not THISANDFUTURE, the only one that RFC 5545 has", calendar)
    if kind:
        _judge_kind(change, kind, calendar)
    _instant(change, calendar)


def _instant(line: ContentLine, calendar: _Calendar) -> datetime | None:
    """The instant of a time, as if in UTC if it has no zone; None if nobody can know it. What is odd is reported."""
    moment = moment_of(line.value)
    if moment is None:
        return None
    tzid = line.parameter("TZID")
    if moment.kind != "local" or tzid is None:
        return moment.wall.replace(tzinfo=UTC)
    clock, defined, _ = calendar.clocks.named(tzid)
    with suppress(CalendarError, LeftOutError, OverflowError):
        if clock is not None:
            when = Time(moment.wall, clock, is_date=False, defined=defined)
            return settled(when, f"this {line.name}", calendar.faults, line.place_of_value)
    return None


def _judge_kind(line: ContentLine, expected: str, calendar: _Calendar) -> bool:
    """RFC 5545 3.8.2.2, 3.8.4.4, 3.8.5.1: a time beside DTSTART is of its kind; UTC and a zone are one."""
    moments = [moment_of(value.strip()) for value in line.value.split(b",")]
    other = next((kind for moment in moments if moment and (kind := _kind(line, moment)) != expected), None)
    if other is not None:
        _say_kinds(line.name, line.place, other, expected, calendar)
    return other is None


def _say_kinds(name: str, place: Callable[[], Place], kind: str, start: str, calendar: _Calendar) -> None:
    expected = "a time in UTC" if name == "UNTIL" and start == _FIXED else start
    calendar.faults.say("kinds-of-time-differ", place, name, name=name, read=kind, start=start, expected=expected)


def _judge_rule(rule: ContentLine, first: Moment, expected: str, calendar: _Calendar) -> None:
    """An RRULE, beside a DTSTART of the `expected` kind."""
    until = _UNTIL.search(rule.value)
    if until and (last := moment_of(until[1])):
        if (kind := _kind(rule, last)) != expected:
            _say_kinds("UNTIL", partial(rule.place_of_value, until.start(1)), kind, expected, calendar)
        if last.wall.date() < first.wall.date():
            _say_odd(rule, "its UNTIL is before its DTSTART. It takes place once", calendar)
            return
    if refusal_of(rule.text) is None and not Repetition(rule.text, first.wall).yields_start:
        _say_odd(rule, "its rule does not yield its DTSTART. It counts, beside what the rule yields", calendar)


def _say_odd(line: ContentLine, reason: str, calendar: _Calendar) -> None:
    calendar.faults.say("read-in-several-ways", line.place, reason, what="the event", reason=reason)


def _kind_of_start(event: Component) -> str | None:
    """The kind of a DTSTART, if it is a time."""
    start = event.first("DTSTART")
    moment = moment_of(start.value) if start else None
    return _kind(start, moment) if start and moment else None


def _kind(line: ContentLine, moment: Moment) -> str:
    """Which kind of time a line holds."""
    if moment.kind == "date":
        return _DATE
    return _FLOATING if moment.kind == "local" and line.parameter("TZID") is None else _FIXED


def _has_no_zone(line: ContentLine) -> bool:
    """Whether it is UTC or a date, which have no zone, whatever its TZID says."""
    return line.value.endswith(b"Z") or (line.parameter("VALUE") or "").upper() == "DATE"


# What changed since an earlier copy


_STAMPS = {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}


def _versions(events: list[Component]) -> dict[tuple[str, str], Component]:
    """The events by UID and RECURRENCE-ID."""
    return {(event.value("UID"), event.value("RECURRENCE-ID")): event for event in events}


def _compare(
    earlier: dict[tuple[str, str], Component], later: dict[tuple[str, str], Component], faults: Faults
) -> None:
    gone = {_likeness(event): key[0] for key, event in earlier.items() if key not in later}
    for key, event in later.items():
        if key in earlier:
            _compare_event(earlier[key], event, faults)
        elif (was := gone.get(_likeness(event))) is not None:
            faults.say("uid-changes", _identity(event).place, read=shown(key[0]), was=shown(was))


def _compare_event(before: Component, after: Component, faults: Faults) -> None:
    uid, place = shown(after.value("UID")), _identity(after).place
    sequence, earlier = _sequence(after), _sequence(before)
    stamps, were = (tuple(one.value(name) for name in ("DTSTAMP", "LAST-MODIFIED")) for one in (after, before))
    if sequence < earlier:
        faults.say("revision-back", place, uid=uid, told=f"SEQUENCE went from {earlier} to {sequence}")
    elif sequence > earlier:
        return
    elif _content(after) == _content(before):
        if stamps != were:
            what = "new stamps, and nothing else of it has changed. Stamp it when it changes"
            faults.say("revision-unlike-change", place, "stamps", uid=uid, what=what)
    elif stamps[0] < were[0]:
        told = f"DTSTAMP went from {were[0][:20]} to {stamps[0][:20]}"
        faults.say("revision-back", place, uid=uid, told=told)
    elif _when(after) != _when(before):
        what = f"another time or status, but its SEQUENCE still is {earlier}. Add one"
        faults.say("revision-unlike-change", place, uid=uid, what=what)


def _identity(event: Component) -> ContentLine:
    return event.first("UID") or event.begin


def _sequence(event: Component) -> int:
    written = event.value("SEQUENCE")
    return int(written) if written.isdecimal() and len(written) < 20 else 0


def _when(event: Component) -> tuple[object, ...]:
    """What an event says of its time and status."""
    return event.value("STATUS").upper(), *event.written("DTSTART", "DTEND", "DURATION")


def _likeness(event: Component) -> tuple[object, ...]:
    return event.value("SUMMARY"), event.value("RECURRENCE-ID"), *_when(event)


def _content(event: Component) -> list[tuple[bytes, bytes]]:
    """What an event and the components in it say, except for its stamps."""
    groups = (part.properties.items() for part in event.walk())
    return [line.written for group in groups for name, lines in group if name not in _STAMPS for line in lines]
