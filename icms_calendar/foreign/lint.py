"""What is wrong with anybody's .ics file, by rule: what its components lack, and what does not go together.

It never mends. How lines make components is in components.py, the octets in lines.py, single values in values.py;
what each rule means, and which programs break on it, in catalogue/feeds.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from icms_calendar.feed.encode import PRODID
from icms_calendar.feed.publication import MAX_FEED_OCTETS
from icms_calendar.findings import CalendarError, Finding, shown
from icms_calendar.foreign.clocks import Clocks, Work, known_clock
from icms_calendar.foreign.components import Component, is_icalendar, read_components
from icms_calendar.foreign.faults import Faults, LeftOutError, Place, TooManyFaultsError
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.values import Moment, judge_value, moment_of, offset_of, one_of
from icms_calendar.record.rrule import Repetition, refusal_of
from icms_calendar.record.words import listed
from icms_calendar.record.zones import utc_time


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events a feed has, and what is wrong with it."""

    events: int
    findings: tuple[Finding, ...]


def lint(feed: bytes, previous: bytes | None = None) -> Verdict:
    """Everything that is wrong with a feed, the findings in the order of their places.

    `previous` is an earlier copy of it: then also what changed that must not change. Faults that repeat are one
    finding, which says where the first is and how many more there are.
    """
    faults = Faults()
    judging = _judged(feed, faults, to_compare=previous is not None)
    if previous is not None:
        earlier = _judged(previous, Faults(), to_compare=True)
        with suppress(TooManyFaultsError):
            _compare(earlier.versions, judging.versions, faults)
    return Verdict(judging.events, faults.findings())


# How lines belong together


@dataclass(slots=True)
class _Calendar:
    """What can be said of a VCALENDAR only when all of it is known."""

    holds_components: bool = False
    uids: dict[tuple[str, str, str], int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # of the DTSTART of each UID
    changes: list[tuple[str, ContentLine]] = field(default_factory=list)  # UID and RECURRENCE-ID
    zone_uses: dict[str, list[ContentLine]] = field(default_factory=dict)
    noted: bool = False
    deferred: list[tuple[str, ContentLine]] = field(default_factory=list)  # what is a fault in some calendars


_KEPT = frozenset({"VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM"})  # what is judged with the one around it
_MAY_OCCUR_ONCE = {
    "VCALENDAR": {
        *("PRODID", "VERSION", "CALSCALE", "METHOD", "UID", "LAST-MODIFIED", "URL", "REFRESH-INTERVAL", "SOURCE"),
        *("COLOR", "X-WR-CALNAME", "X-WR-CALDESC", "X-WR-TIMEZONE", "X-PUBLISHED-TTL"),
    },
    "VEVENT": {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "CLASS", "CREATED", "DESCRIPTION", "GEO"),
        *("LAST-MODIFIED", "LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL"),
        *("COLOR", "RRULE", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT"),
        *("X-MAINTNOTE-MAINTENANCE-ID", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS"),
    },
    "VTODO": {"UID", "DTSTAMP", "DTSTART", "DUE", "DURATION", "RECURRENCE-ID", "STATUS", "SUMMARY", "SEQUENCE"},
    "VTIMEZONE": {"TZID", "LAST-MODIFIED", "TZURL"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VALARM": {"ACTION", "TRIGGER", "DURATION", "REPEAT"},
}
_STAMPS = {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}
_NEED_NO_START = {"CANCEL", "REPLY", "REFRESH", "DECLINECOUNTER"}  # RFC 5546 3.2: 0 or 1
_MOST_COMPARED = 200  # uses of a zone that are held against its definition


def _judged(feed: bytes, faults: Faults, *, to_compare: bool) -> _Judging:
    judging = _Judging(faults, to_compare=to_compare)
    if len(feed) > MAX_FEED_OCTETS and is_icalendar(feed):
        faults.say("feed-over-limit", lambda: (1, 1), size=f"{len(feed):,}", limit=f"{MAX_FEED_OCTETS:,}")
    read_components(feed, faults, judging.judge)
    return judging


class _Judging:
    """Judges each component of a feed at its end."""

    def __init__(self, faults: Faults, *, to_compare: bool) -> None:
        self.faults = faults
        self._to_compare = to_compare
        self._say = faults.say
        self._calendar = _Calendar()
        self._work = Work()
        self.events = 0
        self.versions: dict[tuple[str, str], _Version] = {}

    def judge(self, component: Component, around: Sequence[Component]) -> bool:
        """Judge a component; says whether the one around it is to keep it."""
        once = _MAY_OCCUR_ONCE.get(component.name, set())
        for name, lines in component.properties.items():
            for line in lines[1:] if name in once else ():
                first = f"{lines[0].number:,}"
                self._say("property-twice", line.place, name, name=name, component=component.name, first=first)
            for line in lines:
                judge_value(line, self.faults, in_zone=component.name in ("STANDARD", "DAYLIGHT"))
                if line.parameters and (tzid := line.parameter("TZID")) is not None and not _has_no_zone(line):
                    self._calendar.zone_uses.setdefault(tzid, []).append(line)
        judge = _JUDGES.get(component.name)
        if judge is not None:
            judge(self, component, around)
        self._calendar.holds_components |= len(around) == 1
        return component.name in _KEPT

    # What components lack

    def judge_calendar(self, component: Component, _: Sequence[Component]) -> None:
        self._judge_head(component)
        calendar = self._calendar
        self._judge_zones(component)
        for uid, line in calendar.changes:
            if (kind := calendar.kinds.get(uid)) is not None:
                self._judge_kind(line, kind)
        is_fault = {
            "maintnote-missing": calendar.noted,
            "organizer-missing": component.value("METHOD").upper() == "PUBLISH",
            "alarms-in-feed": component.value("PRODID") != PRODID,  # ours hold them only in variants that people choose
        }
        for rule, line in calendar.deferred:
            if is_fault[rule]:
                self._say(rule, line.place)
        self._calendar = _Calendar()

    def _judge_head(self, component: Component) -> None:
        say, begin = self._say, component.begin
        version, method = component.first("VERSION"), component.first("METHOD")
        if version is None or version.text.strip() not in ("2.0", "2.0;2.0"):
            written = version.text.strip() if version else ""
            place = version.place_of_value if version and written else begin.place
            read = f"VERSION {shown(written)}" if written else "no VERSION"
            say("head-incomplete", place, "VERSION", read=read, expected="VERSION:2.0")
        if not component.value("PRODID"):
            expected = "one: PRODID:-//Your name//Your program//EN"
            say("head-incomplete", begin.place, "PRODID", read="no PRODID", expected=expected)
        if method is None:
            say("method-missing", begin.place)
        elif method.text.upper() != "PUBLISH":
            say("method-not-publish", method.place_of_value, read=shown(method.text))
        if uid := component.first("UID"):
            say("calendar-uid", uid.place)
        if not self._calendar.holds_components:
            say("no-component", begin.place, holds="nothing")

    def _judge_zones(self, calendar: Component) -> None:
        clocks = Clocks([part for part in calendar.components if part.name == "VTIMEZONE"], self._work)
        for tzid, lines in self._calendar.zone_uses.items():
            if not clocks.defines(tzid):
                known = "Programs with a zone database may know it" if known_clock(tzid) else "No zone database has it"
                for line in lines:
                    place = partial(line.place, len(line.name))
                    self._say("zone-undefined", place, tzid, read=shown(tzid), known=known)
            with suppress(CalendarError, LeftOutError, OverflowError):
                for line in lines[:_MOST_COMPARED]:
                    self._judge_zoned(line, tzid, clocks)

    def _judge_zoned(self, line: ContentLine, tzid: str, clocks: Clocks) -> None:
        """A time that its clock skips or shows twice, or that its name and its definition put at two instants."""
        clock, defined, _ = clocks.named(tzid)
        moment = moment_of(line.value)
        if clock is None or moment is None or line.name not in ("DTSTART", "DTEND", "RECURRENCE-ID"):
            return
        instant, odd = clock.nearest_instant(moment.wall)
        told: dict[str, Any] = {
            "what": f"this {line.name}",
            "wall": f"{moment.wall:%Y-%m-%d %H:%M}",
            "zone": clock.name or tzid,
        }
        if odd.startswith(("skips", "shows")):
            self._say("time-at-clock-change", line.place_of_value, odd=odd, start=utc_time(instant), **told)
        other = next((at for one in defined if (at := one.nearest_instant(moment.wall)[0]) != instant), None)
        if clock.name and other is not None:
            read: dict[str, Any] = {"read": utc_time(instant), "other": utc_time(other)}
            self._say("zone-defined-otherwise", line.place_of_value, tzid, **told, **read)

    def _judge_kind(self, line: ContentLine, kind: str) -> None:
        """RFC 5545 3.8.4.4, 3.8.5.1: what names an occurrence is of the kind of DTSTART; UTC and a zone are one."""
        for value in line.value.split(b","):
            moment = moment_of(value.strip())
            if moment and _kind(line, moment) != kind:
                self._say_kinds(line, line.name, line.place_of_value, _kind(line, moment), kind)

    def _say_kinds(self, line: ContentLine, name: str, place: Callable[[], Place], kind: str, start: str) -> None:
        """DTEND, EXDATE and RECURRENCE-ID are of the kind of DTSTART; UNTIL beside a zone is in UTC."""
        expected = "a time in UTC" if line.name == "RRULE" and start == "fixed" else _KINDS[start]
        told: dict[str, Any] = {"read": _KINDS[kind], "start": _KINDS[start], "expected": expected}
        self._say("kinds-of-time-differ", place, line.name, name=name, **told)

    def judge_event(self, event: Component, around: Sequence[Component]) -> None:
        self.events += 1
        self.judge_identity(event, around)
        needs_start = not around or around[0].value("METHOD").upper() not in _NEED_NO_START
        self._judge_span(event, needs_start=needs_start)
        self._judge_recurrence(event)
        self._judge_maintnote(event)
        deferred = self._calendar.deferred
        if "ORGANIZER" not in event.properties:
            deferred.append(("organizer-missing", event.begin))
        cancelled = event.value("STATUS").upper() == "CANCELLED"
        summary = event.first("SUMMARY")
        if cancelled and not _SAYS_CANCELLED.search(summary.text if summary else ""):
            line = summary or event.properties["STATUS"][0]
            self._say("cancelled-unsaid", line.place, read=shown(summary.text if summary else "", 40))
        ringing = (one for one in event.components if one.value("ACTION").upper() not in ("", "NONE"))
        if alarm := next(ringing, None):
            deferred.append(("alarms-in-feed", alarm.begin))
            if cancelled:
                self._say("alarm-of-cancelled", alarm.begin.place)
        noted = event.value("X-MAINTNOTE-STATUS").upper()
        if noted and event.value("STATUS") and cancelled is not (noted == "CANCELLED"):
            told: dict[str, Any] = {"what": "an event", "status": event.value("STATUS").upper(), "noted": noted}
            self._say("statuses-disagree", event.properties["STATUS"][0].place_of_value, **told)
        if self._to_compare:
            version = _Version(event)
            self.versions[version.uid, version.recurrence] = version

    def judge_identity(self, component: Component, _: Sequence[Component]) -> None:
        """What a VEVENT, VTODO and VJOURNAL share."""
        say, begin = self._say, component.begin
        uid = component.value("UID")
        if not uid:
            say("uid-missing", begin.place, component.name, component=component.name)
        else:
            line = component.properties["UID"][0]
            recurrence = component.value("RECURRENCE-ID")
            first = self._calendar.uids.setdefault((component.name, uid, recurrence), begin.number)
            if first != begin.number:
                say("uid-twice", line.place, read=shown(uid), first=f"{first:,}")
            if "/" in uid:
                say("slash-in-uid", line.place_of_value, read=shown(uid))
        if "DTSTAMP" not in component.properties:
            say("property-missing", begin.place, "DTSTAMP", component=component.name, missing="DTSTAMP")
        status, known = component.first("STATUS"), _STATUSES[component.name]
        if status and status.parameters is not None and status.text.upper() not in known:
            told: dict[str, Any] = {"read": shown(status.text), "expected": one_of(known)}
            say("malformed-value", status.place_of_value, "STATUS", name="STATUS", **told)

    def _judge_span(self, event: Component, *, needs_start: bool) -> None:
        start, end, say = event.first("DTSTART"), event.first("DTEND"), self._say
        if start is None:
            if needs_start:
                say("property-missing", event.begin.place, "DTSTART", component="VEVENT", missing="DTSTART")
            return
        if end is not None and (duration := event.first("DURATION")):
            say("end-and-duration", max(end, duration, key=lambda line: line.number).place)
        first, last = moment_of(start.value), moment_of(end.value) if end else None
        if first and first.kind == "local" and start.parameter("TZID") is None:
            say("floating-start", start.place_of_value, read=start.text)
        if not first or not last or not end:
            return
        one, other = _kind(start, first), _kind(end, last)
        if one != other:
            self._say_kinds(end, "DTEND", end.place, other, one)
            return
        on_one_clock = first.kind == last.kind and start.parameter("TZID") == end.parameter("TZID")
        from_, to = (first.wall, last.wall) if on_one_clock else (_instant(start, first), _instant(end, last))
        if from_ is not None and to is not None and to <= from_:
            rule = "end-is-start" if to == from_ else "end-precedes-start"
            say(rule, end.place_of_value, end=end.text, start=start.text)

    def _judge_recurrence(self, event: Component) -> None:
        start, change = event.first("DTSTART"), event.first("RECURRENCE-ID")
        if "RDATE" in event.properties and "RRULE" not in event.properties:
            self._say("rdate-without-rrule", event.properties["RDATE"][0].place)
        first = moment_of(start.value) if start else None
        uid = event.value("UID")
        if change is not None:
            self._calendar.changes.append((uid, change))
            if (change.parameter("RANGE") or "THISANDFUTURE").upper() != "THISANDFUTURE":
                reason = "its RANGE is not THISANDFUTURE, the only one that RFC 5545 has"
                self._say("read-in-several-ways", change.place, "RANGE", what="the event", reason=reason)
        if start is None or first is None:
            return
        if change is None:
            self._calendar.kinds[uid] = _kind(start, first)
        for line in event.every("EXDATE"):
            self._judge_kind(line, _kind(start, first))
        if rule := event.first("RRULE"):
            self._judge_rule(rule, start, first)

    def _judge_rule(self, rule: ContentLine, start: ContentLine, first: Moment) -> None:
        until = _UNTIL.search(rule.value)
        last = moment_of(until[1]) if until else None
        if until and last:
            kind, start_kind = _kind(rule, last), _kind(start, first)
            if kind != start_kind:
                self._say_kinds(rule, "UNTIL", partial(rule.place_of_value, until.start(1)), kind, start_kind)
            if last.wall.date() < first.wall.date():
                self._say_odd_rule(rule, "its UNTIL is before its DTSTART. It takes place once")
                return
        if refusal_of(rule.text) is None and not Repetition(rule.text, first.wall).yields_start:
            self._say_odd_rule(rule, "its rule does not yield its DTSTART. It counts, beside what the rule yields")

    def _say_odd_rule(self, rule: ContentLine, reason: str) -> None:
        self._say("read-in-several-ways", rule.place, reason, what="the event", reason=reason)

    def _judge_maintnote(self, event: Component) -> None:
        given = [name for name in event.properties if name.startswith("X-MAINTNOTE-")]
        if not given:
            self._calendar.deferred.append(("maintnote-missing", event.begin))
            return
        self._calendar.noted = True
        if missing := [name for name in _MAINTNOTE_SET if name not in event.properties]:
            place = event.properties[given[0]][0].place
            self._say("maintnote-incomplete", place, ",".join(missing), missing=listed(missing))

    def judge_alarm(self, alarm: Component, _: Sequence[Component]) -> None:
        """RFC 5545 3.6.6."""
        needed = ["ACTION", "TRIGGER", *_OF_ACTION.get(alarm.value("ACTION").upper(), ())]
        if missing := [name for name in needed if name not in alarm.properties]:
            told: dict[str, Any] = {"component": "VALARM", "missing": listed(missing)}
            self._say("property-missing", alarm.begin.place, ",".join(missing), **told)


def _judge_zone(judging: _Judging, zone: Component, around: Sequence[Component]) -> None:
    """RFC 5545 3.6.5."""
    faults = judging.faults
    tzid, others = zone.value("TZID"), around[0].components if around else []
    place = zone.begin.place
    if not tzid:
        _say_broken(faults, zone, place, "it has no TZID", "TZID")
    elif any(other.name == "VTIMEZONE" and other.value("TZID") == tzid for other in others):
        _say_broken(faults, zone, zone.properties["TZID"][0].place, "it is there twice")
    periods = [one for one in zone.components if one.name in ("STANDARD", "DAYLIGHT")]
    if not periods:
        _say_broken(faults, zone, place, "it has neither STANDARD nor DAYLIGHT")
    onsets: dict[str, str] = {}
    for period in periods:
        _judge_period(faults, period, zone)
        offset, begins = period.value("TZOFFSETTO"), period.value("DTSTART")
        once = not period.properties.keys() & {"RRULE", "RDATE"}
        if once and onsets.setdefault(begins, offset) != offset:
            faults.say("onsets-collide", period.begin.place, tzid, zone=f" {shown(tzid)}")


def _judge_period(faults: Faults, period: Component, zone: Component) -> None:
    for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
        line = period.first(name)
        if line is None:
            _say_broken(faults, zone, period.begin.place, f"its {period.name} has no {name}")
            continue
        zero = line.value in (b"-0000", b"-000000")  # RFC 5545 3.3.14: there is no such offset
        moment = moment_of(line.value)
        if line.parameters is None:
            continue
        if name != "DTSTART" and (offset_of(line.value) is None or zero):
            reason = f"{name} {shown(line.text)} is not an offset such as +0300"
            _say_broken(faults, zone, line.place_of_value, reason, name)
        elif name == "DTSTART" and moment and moment.kind == "date":
            _say_broken(faults, zone, line.place_of_value, f"its DTSTART {shown(line.text)} has no time", name)


def _say_broken(
    faults: Faults, zone: Component, place: Callable[[], tuple[int, int]], reason: str, subject: str | None = None
) -> None:
    called = f" {shown(zone.value('TZID'))}" if zone.value("TZID") else ""
    faults.say("broken-vtimezone", place, reason if subject is None else subject, zone=called, reason=reason)


_JUDGES: dict[str, Callable[[_Judging, Component, Sequence[Component]], None]] = {
    "VCALENDAR": _Judging.judge_calendar,
    "VEVENT": _Judging.judge_event,
    "VTODO": _Judging.judge_identity,
    "VJOURNAL": _Judging.judge_identity,
    "VTIMEZONE": _judge_zone,
    "VALARM": _Judging.judge_alarm,
}
_STATUSES = {
    "VEVENT": ("TENTATIVE", "CONFIRMED", "CANCELLED"),
    "VTODO": ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"),
    "VJOURNAL": ("DRAFT", "FINAL", "CANCELLED"),
}
_OF_ACTION = {"DISPLAY": ("DESCRIPTION",), "EMAIL": ("DESCRIPTION", "SUMMARY", "ATTENDEE")}
# What circuit-maintenance-parser reads of each event.
_MAINTNOTE_SET = (
    *("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID", "X-MAINTNOTE-OBJECT-ID"),
    *("X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS", "ORGANIZER", "SEQUENCE"),
)
_UNTIL = re.compile(rb"(?i)\bUNTIL=([0-9TZ]++)")
# In the languages of those whose feeds we have seen, as the beginning of a word.
_SAYS_CANCELLED = re.compile(r"(?i)cancel|called off|annul|abgesagt|entfällt|imefutwa|imeahirishwa|отмен|取消")
_KINDS = {"date": "a date", "floating": "a time without a zone", "fixed": "a time in a zone or in UTC"}


def _kind(line: ContentLine, moment: Moment) -> str:
    """Which kind of time a line holds: `fixed` is UTC or of a zone."""
    if moment.kind == "date":
        return "date"
    return "floating" if moment.kind == "local" and line.parameter("TZID") is None else "fixed"


def _instant(line: ContentLine, moment: Moment) -> datetime | None:
    """The instant of a line, if it is known: UTC, or in a zone that a database has."""
    if moment.kind == "utc":
        return moment.wall.replace(tzinfo=UTC)
    tzid = line.parameter("TZID")
    clock = known_clock(tzid) if tzid else None
    try:
        return clock.nearest_instant(moment.wall)[0] if clock else None
    except CalendarError:
        return None


def _has_no_zone(line: ContentLine) -> bool:
    """Whether it is UTC or a date, which have no zone, whatever its TZID says."""
    return line.value.endswith(b"Z") or (line.parameter("VALUE") or "").upper() == "DATE"


# What changed since an earlier copy


class _Version:
    """What an event says of its revision, and what it says otherwise."""

    __slots__ = ("content", "likeness", "modified", "place", "recurrence", "sequence", "stamp", "times", "uid")

    def __init__(self, event: Component) -> None:
        self.uid = event.value("UID")
        self.recurrence = event.value("RECURRENCE-ID")
        self.stamp = event.value("DTSTAMP")
        self.modified = event.value("LAST-MODIFIED")
        sequence = event.value("SEQUENCE")
        self.sequence = int(sequence) if sequence.isdecimal() and len(sequence) < 20 else 0
        spans = tuple(line.written for name in ("DTSTART", "DTEND", "DURATION") for line in event.every(name))
        self.times = (spans, event.value("STATUS").upper())
        self.likeness = (self.times, event.value("SUMMARY"), self.recurrence)
        self.content = hash(tuple(_written(event)))
        self.place = (event.first("UID") or event.begin).place


def _written(component: Component) -> Iterator[tuple[bytes, bytes]]:
    """What a component and those in it say, except for its stamps."""
    for name, lines in component.properties.items():
        if name not in _STAMPS:
            yield from (line.written for line in lines)
    for inner in component.components:
        yield from _written(inner)


def _compare(earlier: dict[tuple[str, str], _Version], later: dict[tuple[str, str], _Version], faults: Faults) -> None:
    gone = {version.likeness: version.uid for key, version in earlier.items() if key not in later}
    for key, version in later.items():
        before = earlier.get(key)
        if before is None:
            if version.likeness in gone:
                was = shown(gone[version.likeness])
                faults.say("uid-changes", version.place, read=shown(version.uid), was=was)
        else:
            _compare_event(before, version, faults)


def _compare_event(before: _Version, after: _Version, faults: Faults) -> None:
    uid = shown(after.uid)
    if after.sequence < before.sequence:
        told = f"SEQUENCE went from {before.sequence} to {after.sequence}"
        faults.say("revision-back", after.place, uid=uid, told=told)
    elif after.content == before.content:
        if after.sequence == before.sequence and (after.stamp, after.modified) != (before.stamp, before.modified):
            faults.say("stamp-without-change", after.place, uid=uid)
    elif after.sequence == before.sequence and after.stamp < before.stamp:
        told = f"DTSTAMP went from {before.stamp[:20]} to {after.stamp[:20]}"
        faults.say("revision-back", after.place, uid=uid, told=told)
    elif after.sequence == before.sequence and after.times != before.times:
        faults.say("moved-in-silence", after.place, uid=uid, sequence=before.sequence)
