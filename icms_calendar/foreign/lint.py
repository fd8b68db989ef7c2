"""What is wrong with anybody's .ics file, by rule: how its lines belong together, and what its components lack.

It works on the octets, goes on after whatever it finds, and never mends. The octets are judged in lines.py, single
values in values.py; what each rule means, and which programs break on it, stands in catalogue.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from icms_calendar.feed.encode import PRODID
from icms_calendar.feed.publication import MAX_FEED_OCTETS
from icms_calendar.findings import CalendarError, Finding, SourceError, found, shown
from icms_calendar.foreign.clocks import KnownClock, known_clock
from icms_calendar.foreign.faults import Faults, TooManyFaultsError
from icms_calendar.foreign.lines import BYTE_ORDER_MARK, ContentLine, NoContentLine, content_lines, place_in
from icms_calendar.foreign.values import Moment, is_known, judge_value, moment_of
from icms_calendar.record.words import listed


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
    if not _is_icalendar(feed):
        return Verdict(0, (replace(found("not-icalendar", reason=_what_it_is(feed)), line=1, column=1),))
    faults = Faults()
    reading = _Reading(faults, to_compare=previous is not None)
    with suppress(TooManyFaultsError):
        reading.read(feed)
        if previous is not None:
            earlier = _Reading(Faults(), to_compare=True)
            with suppress(TooManyFaultsError):
                earlier.read(previous)
            _compare(earlier.versions, reading.versions, faults)
    return Verdict(reading.events, faults.findings())


def is_feed(beginning: bytes) -> bool:
    """Whether what a file or an answer begins with is iCalendar, or was to be."""
    return beginning.removeprefix(BYTE_ORDER_MARK).lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


# How lines belong together


@dataclass(slots=True)
class _Component:
    """A component while it is read: the first line of each property that is known, and what matters at its end."""

    name: str
    begin: ContentLine
    lines: dict[str, ContentLine] = field(default_factory=dict)
    holds_components: bool = False
    holds_period: bool = False  # STANDARD or DAYLIGHT
    alarm: ContentLine | None = None
    written: list[bytes] = field(default_factory=list)  # what `previous` is compared with

    def text(self, name: str) -> str:
        line = self.lines.get(name)
        return line.text if line else ""


@dataclass(slots=True)
class _Calendar:
    """What can be said of a VCALENDAR only when all of it is known."""

    uids: dict[tuple[str, str, str], int] = field(default_factory=dict)
    zones: set[str] = field(default_factory=set)
    zone_uses: dict[str, list[ContentLine]] = field(default_factory=dict)
    noted: bool = False
    not_noted: list[ContentLine] = field(default_factory=list)
    without_organizer: list[ContentLine] = field(default_factory=list)
    alarms: list[ContentLine] = field(default_factory=list)


_DEEPEST = 20
_TOP_LEVEL = {"VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"}
_MAY_STAND_ONCE = {
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


class _Reading:
    """Reads a feed from its first line to its last, and says what is wrong."""

    def __init__(self, faults: Faults, *, to_compare: bool) -> None:
        self._faults = faults
        self._to_compare = to_compare
        self._say = faults.say
        self._open: list[_Component] = []
        self._too_deep = 0
        self._calendars = 0
        self._calendar = _Calendar()
        self._last = 0  # the line that ended a calendar
        self.events = 0
        self.versions: dict[tuple[str, str], _Version] = {}

    def read(self, feed: bytes) -> None:
        if len(feed) > MAX_FEED_OCTETS:
            size, limit = f"{len(feed):,}", f"{MAX_FEED_OCTETS:,}"
            self._say("feed-over-limit", lambda: (1, 1), size=size, limit=limit)
        whole = feed.endswith(b"\n") or (feed.endswith(b"\r") and b"\n" not in feed)
        line: ContentLine | NoContentLine | None = None
        for following in content_lines(feed, self._faults):
            if line is not None:
                self._take(line)
            line = following
        if line is not None and (whole or (isinstance(line, ContentLine) and line.name == "END")):
            self._take(line)
        if self._open:
            begin = self._open[-1].begin
            self._say("cut-off", lambda: place_in(feed, len(feed)), name=self._open[-1].name, line=f"{begin.number:,}")
        elif not whole:
            self._say("last-line-open", lambda: place_in(feed, len(feed)))

    def _take(self, line: ContentLine | NoContentLine) -> None:
        if isinstance(line, NoContentLine):
            self._take_no_content(line)
        elif line.name == "BEGIN":
            self._begin(line)
        elif line.name == "END":
            self._end(line)
        elif self._open:
            self._property(line, self._open[-1])
        else:
            self._say_outside(line)

    def _take_no_content(self, line: NoContentLine) -> None:
        if line.raw.strip():
            if self._open:
                read = shown(line.raw.decode(errors="replace"), 40)
                self._say("not-a-content-line", line.place, read=read)
            else:
                self._say_outside(line)
        elif self._open:
            self._say("blank-line", line.place)

    def _say_outside(self, line: ContentLine | NoContentLine) -> None:
        where = f"after END:VCALENDAR in line {self._last:,}" if self._calendars else "before BEGIN:VCALENDAR"
        read = shown(line.raw.decode(errors="replace"), 40)
        self._say("content-outside", line.place, where, read=read, where=where)

    def _begin(self, line: ContentLine) -> None:
        name = line.text.strip().upper()
        if self._too_deep or len(self._open) >= _DEEPEST:
            self._too_deep += 1
            self._say("does-not-nest", line.place, reason=f"{shown(line.text)} stands deeper than any component does")
            return
        if self._open and name in _TOP_LEVEL and (name == "VCALENDAR" or self._open[-1].name != "VCALENDAR"):
            self._close_what_lacks_its_end(line, 0 if name == "VCALENDAR" else 1)
        if not self._open:
            if name == "VCALENDAR":
                self._begin_calendar(line)
            else:
                self._say_outside(line)
        else:
            self._open[-1].holds_components = True
            self._open[-1].holds_period |= name in ("STANDARD", "DAYLIGHT")
        self._open.append(_Component(name, line))

    def _begin_calendar(self, line: ContentLine) -> None:
        self._calendars += 1
        self._calendar = _Calendar()
        if self._calendars == 2:
            self._say("several-calendars", line.place)

    def _close_what_lacks_its_end(self, line: ContentLine, down_to: int) -> None:
        while len(self._open) > down_to:
            component = self._open.pop()
            reason = f"{component.name} of line {component.begin.number:,} has not ended. Write END:{component.name}"
            self._say("does-not-nest", line.place, reason=f"{reason} before it")
            self._judge(component)

    def _end(self, line: ContentLine) -> None:
        name = line.text.strip().upper()
        if self._too_deep:
            self._too_deep -= 1
            return
        depth = next((i for i in range(len(self._open) - 1, -1, -1) if self._open[i].name == name), None)
        if depth is None:
            self._say("does-not-nest", line.place, reason=f"END:{shown(name, 30)[1:-1]} ends nothing that has begun")
            return
        self._close_what_lacks_its_end(line, depth + 1)
        component = self._open.pop()
        self._last = line.number
        self._judge(component)

    def _property(self, line: ContentLine, component: _Component) -> None:
        name = line.name
        if name not in component.lines:
            if is_known(name) or name in _MAY_STAND_ONCE.get(component.name, ()):
                component.lines[name] = line
        elif name in _MAY_STAND_ONCE.get(component.name, ()):
            first = f"{component.lines[name].number:,}"
            self._say("property-twice", line.place, name, name=name, component=component.name, first=first)
        judge_value(line, self._faults)
        if (tzid := line.parameter("TZID")) is not None and not _has_no_zone(line):
            self._calendar.zone_uses.setdefault(tzid, []).append(line)
        if self._to_compare and name not in _STAMPS and len(self._open) > 1:
            self._open[1].written.append(line.head + b":" + line.value)

    def _judge(self, component: _Component) -> None:
        judge = _JUDGES.get(component.name)
        if judge is not None:
            judge(self, component)

    # What components lack

    def judge_calendar(self, component: _Component) -> None:
        lines, say, begin = component.lines, self._say, component.begin
        version = component.text("VERSION").strip()
        if version not in ("2.0", "2.0;2.0"):
            place = lines["VERSION"].place_of_value if version else begin.place
            say("version-missing", place, read=f"VERSION {shown(version)}" if version else "no VERSION")
        if not component.text("PRODID").strip():
            say("prodid-missing", begin.place)
        self._judge_method(component)
        if uid := lines.get("UID"):
            say("calendar-uid", uid.place)
        if not component.holds_components:
            say("no-component", begin.place)
        self._judge_zones()
        calendar = self._calendar
        if calendar.noted:
            for event in calendar.not_noted:
                say("maintnote-missing", event.place)
        if component.text("METHOD").upper() == "PUBLISH":
            for event in calendar.without_organizer:
                say("organizer-missing", event.place)
        if component.text("PRODID") != PRODID:  # ours hold alarms only in the variants that people choose
            for alarm in calendar.alarms:
                say("alarms-in-feed", alarm.place)

    def _judge_method(self, component: _Component) -> None:
        method = component.lines.get("METHOD")
        if method is None:
            self._say("method-missing", component.begin.place)
        elif method.text.upper() != "PUBLISH":
            self._say("method-not-publish", method.place_of_value, read=shown(method.text))

    def _judge_zones(self) -> None:
        for tzid, lines in self._calendar.zone_uses.items():
            if tzid not in self._calendar.zones:
                known = "Programs with a zone database may know it" if known_clock(tzid) else "No zone database has it"
                for line in lines:
                    place = partial(line.place, len(line.name))
                    self._say("zone-undefined", place, tzid, read=shown(tzid), known=known)

    def judge_event(self, event: _Component) -> None:
        self.events += 1
        self._judge_identity(event)
        self._judge_span(event)
        self._judge_recurrence(event)
        self._judge_maintnote(event)
        begin, calendar = event.begin, self._calendar
        if "ORGANIZER" not in event.lines:
            calendar.without_organizer.append(begin)
        cancelled = event.text("STATUS").upper() == "CANCELLED"
        if cancelled and not _SAYS_CANCELLED.search(event.text("SUMMARY")):
            line = event.lines.get("SUMMARY") or event.lines["STATUS"]
            self._say("cancelled-unsaid", line.place, read=shown(event.text("SUMMARY"), 40))
        if event.alarm:
            calendar.alarms.append(event.alarm)
            if cancelled:
                self._say("alarm-of-cancelled", event.alarm.place)
        if self._to_compare:
            version = _Version(event)
            self.versions[version.uid, version.recurrence] = version

    def judge_other(self, component: _Component) -> None:
        """A VTODO or VJOURNAL: what it shares with an event."""
        self._judge_identity(component)

    def _judge_identity(self, component: _Component) -> None:
        lines, say, begin = component.lines, self._say, component.begin
        uid = component.text("UID").strip()
        if not uid:
            say("uid-missing", begin.place, component.name, component=component.name)
        else:
            recurrence = component.text("RECURRENCE-ID")
            first = self._calendar.uids.setdefault((component.name, uid, recurrence), begin.number)
            if first != begin.number:
                say("uid-twice", lines["UID"].place, read=shown(uid), first=f"{first:,}")
            if "/" in uid:
                say("slash-in-uid", lines["UID"].place_of_value, read=shown(uid))
        if "DTSTAMP" not in lines:
            say("dtstamp-missing", begin.place, component.name, component=component.name)
        status = lines.get("STATUS")
        known = _STATUSES[component.name]
        if status and status.parameters is not None and status.text.upper() not in known:
            say(
                "bad-status",
                status.place_of_value,
                "STATUS",
                name="STATUS",
                read=shown(status.text),
                known=f"{', '.join(known[:-1])} or {known[-1]}",
            )

    def _judge_span(self, event: _Component) -> None:
        start, end, say = event.lines.get("DTSTART"), event.lines.get("DTEND"), self._say
        if start is None:
            say("dtstart-missing", event.begin.place)
            return
        if end is not None and (duration := event.lines.get("DURATION")):
            say("end-and-duration", max(end, duration, key=lambda line: line.number).place)
        first = self._moment(start)
        if first and first.kind == "local" and start.parameter("TZID") is None:
            say("floating-start", start.place_of_value, read=start.text)
        last = self._moment(end) if end else None
        if not first or not last or not end:
            return
        if first.kind != last.kind and ("date" in (first.kind, last.kind) or _floats(start) != _floats(end)):
            say("kinds-of-time-differ", end.place, start=_kind(start, first), end=_kind(end, last))
            return
        from_, to = self._comparable(start, first, end, last)
        if from_ is not None and to is not None and to <= from_:
            rule = "end-is-start" if to == from_ else "end-precedes-start"
            say(rule, end.place_of_value, end=end.text, start=start.text)

    def _moment(self, line: ContentLine) -> Moment | None:
        """The time of a line; with a word where the clock of its zone skips it."""
        moment = moment_of(line.value)
        if moment and moment.kind == "local" and (clock := _clock_of(line)):
            try:
                _, odd = clock.instant(moment.wall)
            except CalendarError:  # beyond the zone's tables
                return moment
            if odd.startswith("skips"):
                self._say("skipped-time", line.place_of_value, read=line.text, zone=clock.name)
        return moment

    @staticmethod
    def _comparable(
        start: ContentLine, first: Moment, end: ContentLine, last: Moment
    ) -> tuple[datetime | None, datetime | None]:
        """Both times on one clock, so that they can be compared; None where the zone is not known."""
        if first.kind == last.kind and start.parameter("TZID") == end.parameter("TZID"):
            return first.wall, last.wall
        return _instant(start, first), _instant(end, last)

    def _judge_recurrence(self, event: _Component) -> None:
        rule, start = event.lines.get("RRULE"), event.lines.get("DTSTART")
        rdate = event.lines.get("RDATE")
        if rdate and not rule:
            self._say("rdate-without-rrule", rdate.place)
        if not rule or not start or not (until := _UNTIL.search(rule.value)):
            return
        first, last = moment_of(start.value), moment_of(until[1])
        if not first or not last:
            return
        expected = "utc" if first.kind == "local" and start.parameter("TZID") is not None else first.kind
        if last.kind != expected:
            expected_words = {"utc": "a time in UTC", "date": "a date", "local": "a time without Z"}[expected]
            place = partial(rule.place_of_value, until.start(1))
            self._say("until-of-another-kind", place, read=until[1].decode(), expected=expected_words)

    def _judge_maintnote(self, event: _Component) -> None:
        given = [name for name in event.lines if name.startswith("X-MAINTNOTE-")]
        if not given:
            self._calendar.not_noted.append(event.begin)
            return
        self._calendar.noted = True
        if missing := [name for name in _MAINTNOTE_SET if name not in event.lines]:
            place = event.lines[given[0]].place
            self._say("maintnote-incomplete", place, ",".join(missing), missing=listed(missing))

    def judge_zone(self, zone: _Component) -> None:
        tzid = zone.text("TZID")
        if not tzid:
            self._say("broken-vtimezone", zone.begin.place, "TZID", zone="", reason="it has no TZID")
        elif tzid in self._calendar.zones:
            reason = "it stands twice"
            self._say("broken-vtimezone", zone.lines["TZID"].place, reason, zone=f" {shown(tzid)}", reason=reason)
        self._calendar.zones.add(tzid)
        if not zone.holds_period:
            reason = "it has neither STANDARD nor DAYLIGHT"
            self._say("broken-vtimezone", zone.begin.place, reason, zone=f" {shown(tzid)}", reason=reason)

    def judge_period(self, period: _Component) -> None:
        """A STANDARD or DAYLIGHT of a VTIMEZONE (RFC 5545 3.6.5)."""
        say = partial(self._say, "broken-vtimezone")
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
            line = period.lines.get(name)
            if line is None:
                reason = f"its {period.name} has no {name}"
                say(period.begin.place, reason, zone=self._zone_in_words(), reason=reason)
            elif name != "DTSTART" and line.parameters is not None and not _is_offset(line.value):
                reason = f"{name} {shown(line.text)} is no offset such as +0300"
                say(line.place_of_value, name, zone=self._zone_in_words(), reason=reason)

    def _zone_in_words(self) -> str:
        tzid = self._open[-1].text("TZID") if self._open else ""
        return f" {shown(tzid)}" if tzid else ""

    def judge_alarm(self, alarm: _Component) -> None:
        """RFC 5545 3.6.6."""
        action = alarm.text("ACTION").upper()
        needed = ["ACTION", "TRIGGER", *_OF_ACTION.get(action, ())]
        if missing := [name for name in needed if name not in alarm.lines]:
            self._say("alarm-incomplete", alarm.begin.place, ",".join(missing), missing=listed(missing))
        if self._open and self._open[-1].alarm is None and action not in ("", "NONE"):
            self._open[-1].alarm = alarm.begin


_JUDGES: dict[str, Callable[[_Reading, _Component], None]] = {
    "VCALENDAR": _Reading.judge_calendar,
    "VEVENT": _Reading.judge_event,
    "VTODO": _Reading.judge_other,
    "VJOURNAL": _Reading.judge_other,
    "VTIMEZONE": _Reading.judge_zone,
    "STANDARD": _Reading.judge_period,
    "DAYLIGHT": _Reading.judge_period,
    "VALARM": _Reading.judge_alarm,
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
_OFFSET = re.compile(rb"[+-](?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?")
# In the languages of those whose feeds we have seen, as the beginning of a word.
_SAYS_CANCELLED = re.compile(r"(?i)cancel|called off|annul|abgesagt|entfällt|imefutwa|imeahirishwa|отмен|取消")


def _clock_of(line: ContentLine) -> KnownClock | None:
    tzid = line.parameter("TZID")
    return known_clock(tzid) if tzid else None


def _instant(line: ContentLine, moment: Moment) -> datetime | None:
    """The instant of a line, where it is known: UTC, or in a zone that a database has."""
    if moment.kind == "utc":
        return moment.wall.replace(tzinfo=UTC)
    clock = _clock_of(line)
    try:
        return clock.instant(moment.wall)[0] if clock else None
    except CalendarError:
        return None


def _floats(line: ContentLine) -> bool:
    return line.parameter("TZID") is None and not line.value.endswith(b"Z")


def _has_no_zone(line: ContentLine) -> bool:
    """Whether it is UTC or a date, which have no zone, whatever its TZID says."""
    return line.value.endswith(b"Z") or (line.parameter("VALUE") or "").upper() == "DATE"


def _kind(line: ContentLine, moment: Moment) -> str:
    if moment.kind == "local":
        return "a time without a zone" if _floats(line) else "a time in a zone"
    return {"date": "a date", "utc": "a time in UTC"}[moment.kind]


def _is_offset(value: bytes) -> bool:
    """RFC 5545 3.3.14: and there is no -0000."""
    return bool(_OFFSET.fullmatch(value)) and value not in (b"-0000", b"-000000")


# What it is if it is no iCalendar

_ANY_CALENDAR = re.compile(rb"(?i)(?:^|[\r\n])(?:\xef\xbb\xbf)?BEGIN:VCALENDAR")


def _is_icalendar(data: bytes) -> bool:
    return bool(_ANY_CALENDAR.search(data))


def _what_it_is(data: bytes) -> str:
    """What a file is that has no BEGIN:VCALENDAR, as far as its first octets tell."""
    start = data.removeprefix(BYTE_ORDER_MARK).lstrip()[:200].upper()
    if not start:
        return "it is empty"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"B\0E\0G\0I\0N" in start:
        return "it is UTF-16. Save it as UTF-8"
    kinds = {
        b"<": "it is a web page or XML. The address may want a login, or have moved",
        b"{": "it is JSON",
        b"[": "it is JSON",
        b"BEGIN:VCARD": "it is a vCard, an address book",
        b"\x1f\x8b": "it is compressed (gzip). Unpack it first",
        b"PK": "it is a zip file. Unpack it first",
    }
    return next((kind for mark, kind in kinds.items() if start.startswith(mark)), "no line of it is BEGIN:VCALENDAR")


# What changed since an earlier copy


class _Version:
    """What an event says of its revision, and what it says otherwise."""

    __slots__ = ("begin", "content", "likeness", "modified", "place", "recurrence", "sequence", "stamp", "times", "uid")

    def __init__(self, event: _Component) -> None:
        lines = event.lines
        self.uid = event.text("UID")
        self.recurrence = event.text("RECURRENCE-ID")
        self.stamp = event.text("DTSTAMP")
        self.modified = event.text("LAST-MODIFIED")
        sequence = event.text("SEQUENCE")
        self.sequence = int(sequence) if sequence.isdecimal() and len(sequence) < 20 else 0
        self.times = (
            tuple(lines[name].head + lines[name].value for name in ("DTSTART", "DTEND", "DURATION") if name in lines),
            event.text("STATUS").upper(),
        )
        self.likeness = (self.times, event.text("SUMMARY"), self.recurrence)
        self.content = hash(tuple(event.written))
        self.begin = event.begin
        self.place = (lines.get("UID") or event.begin).place


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


# Where a feed is


def check_feed(data: bytes, name: str = "feed", previous: bytes | None = None) -> Verdict:
    """Judge a feed; `name` is that of its findings, `previous` an earlier copy of it.

    Raises SourceError if the earlier copy is not iCalendar.
    """
    if previous is not None and not _is_icalendar(previous):
        raise SourceError([found("not-icalendar", reason=_what_it_is(previous))])
    verdict = lint(data, previous)
    return replace(verdict, findings=tuple(replace(finding, file=name) for finding in verdict.findings))
