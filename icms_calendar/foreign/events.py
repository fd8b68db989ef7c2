"""Any .ics, whoever wrote it, to its events as UTC instants, and all that could not be read exactly.

Our own canonical form is read as bytes in feed/decode.py; what a record can keep of an event is decided in adopt.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from icms_calendar.findings import Finding
from icms_calendar.foreign.clocks import Clocks, known_clock
from icms_calendar.foreign.components import Component, read_components, without_collection
from icms_calendar.foreign.faults import Faults, LeftOutError, TooManyFaultsError
from icms_calendar.foreign.series import LAST, ForeignSeries, events_of
from icms_calendar.foreign.values import is_property, length_of, moment_of
from icms_calendar.foreign.vevent import DAY, ForeignEvent, Gap, Reading, Vevent, rough_span, vevent_of
from icms_calendar.record.words import listed
from icms_calendar.record.zones import aware

MOST_EVENTS = 200_000
# What loses nothing, and is for `check` to report.
_FORM = frozenset(
    {
        *("line-end-not-crlf", "last-line-open", "line-too-long", "fold-in-character", "blanks"),
        *("byte-order-mark", "feed-control-character", "several-calendars"),
    }
)
# What may have held events.
_LOSES = frozenset(
    {
        *("not-icalendar", "cut-off", "not-a-content-line", "does-not-nest", "content-outside", "property-twice"),
        *("too-many-faults", "no-component", "not-an-announcement"),
    }
)
_NO_EVENTS = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})  # RFC 5546: what others answer
_NO_WINDOWS = frozenset({"VTODO", "VJOURNAL"})  # tasks and diaries
# What is read of a VEVENT, or says nothing more than that; anything else is counted.
_READ = frozenset(
    {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "SUMMARY"),
        *("DESCRIPTION", "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "CONTACT"),
        *("RELATED-TO", "COLOR", "CLASS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID", "X-MAINTNOTE-OBJECT-ID"),
        *("X-MAINTNOTE-OBJECT-IMPACT", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS", "X-ICMS-CALENDAR-AFFECTS"),
    }
)


class Unread(NamedTuple):
    """A property or component that a ForeignEvent does not have: how often it occurs, and where first."""

    times: int
    line: int


@dataclass(frozen=True, slots=True)
class ForeignFeed:
    """The events of a file by start, then by UID; what the calendar says of itself; and what is to be said of it.

    `series` is by the line of its event. `gaps` are the spans in which something could not be read.
    """

    name: str | None
    timezone: str | None
    url: str | None
    color: str | None
    prodid: str | None
    events: tuple[ForeignEvent, ...]
    series: Mapping[int, ForeignSeries]
    unread: Mapping[str, Unread]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    file: str


@without_collection()
def read_ics(
    data: bytes,
    *,
    until: datetime,
    timezone: str | None = None,
    reader_zone: str | None = None,
    name: str = "the feed",
) -> ForeignFeed:
    """The events of an .ics file; of events that repeat, the occurrences that start not after `until` (aware).

    `timezone` (IANA) is that of floating times and of whole days; without it, the calendar's X-WR-TIMEZONE. The
    reader's zone goes before that for whole days, which have no zone, and after it for floating times. Whatever is
    wrong is a finding, placed in the file `name`; an event that cannot be read exactly is left out, with an error.
    Raises TypeError if `until` is naive.
    """
    until = aware(until, "until")
    faults = Faults(passed_over=_FORM)
    given, reader = (known_clock(zone) if zone else None for zone in (timezone, reader_zone))
    reading = Reading(min(until, LAST), given, reader, faults)
    calendars = read_components(data, faults)
    collected = _Collected(reading)
    events: list[ForeignEvent] = []
    with suppress(TooManyFaultsError):
        for calendar in calendars:
            collected.take(calendar)
        events = sorted(collected.events(), key=lambda event: (event.start, event.uid))
    findings = faults.findings(name)
    lost = [finding for finding in findings if finding.rule.name in _LOSES]
    gaps = [Gap(None, None, finding.rule.name, finding.line or 1, {}, finding) for finding in lost]
    head = next(iter(calendars), None)
    zone = known_clock((head and head.text("X-WR-TIMEZONE")) or "")
    return ForeignFeed(
        name=(head and (head.text("X-WR-CALNAME") or head.text("NAME"))) or None,
        timezone=zone.name if zone else None,
        url=(head and head.value("URL")) or None,
        color=(head and head.value("COLOR")) or None,
        prodid=head.text("PRODID") if head else None,
        events=tuple(events),
        series=collected.series,
        unread=collected.unread,
        gaps=(*gaps, *reading.gaps),
        findings=findings,
        file=name,
    )


class _Collected:
    """The VEVENTs of all calendars of a file, by UID."""

    def __init__(self, reading: Reading) -> None:
        self.series: dict[int, ForeignSeries] = {}
        self.unread: dict[str, Unread] = {}
        self._reading = reading
        self._by_uid: dict[str, list[Vevent]] = {}

    def take(self, calendar: Component) -> None:
        """Take in the events of a calendar."""
        reading = self._reading
        methods = calendar.every("METHOD")
        if len({line.value.upper() for line in methods}) > 1:
            first = f"{methods[0].number:,}"
            reading.say("property-twice", methods[1].number, name="METHOD", component="VCALENDAR", first=first)
        method = calendar.value("METHOD").upper()
        if method in _NO_EVENTS:
            reading.say("not-an-announcement", calendar.line, method=method)
            return
        held = {part.name for part in calendar.components}
        if "VEVENT" not in held and held != {"VTIMEZONE"}:
            reading.say("no-component", calendar.line, holds=listed(sorted(held)[:3]) if held else "nothing")
        self._look_for_messages(calendar)
        clocks = Clocks([part for part in calendar.components if part.name == "VTIMEZONE"], reading.work)
        own = known_clock(calendar.text("X-WR-TIMEZONE") or "")
        zones = (reading.given or own or reading.reader, reading.given or reading.reader or own)
        for part in calendar.components:
            if part.name == "VEVENT":
                self._take_event(part, vevent_of(part, clocks, zones, reading, is_cancel=method == "CANCEL"))
            elif part.name != "VTIMEZONE":
                self._count(part.name, part.line)
                if part.name == "VFREEBUSY":
                    self._take_busy_times(part)
                elif part.name not in _NO_WINDOWS and "DTSTART" in part.properties:
                    read = {"what": f"the {part.name}", "reason": "only a VEVENT can be read as a window"}
                    reading.say("event-left-out", part.line, part.name, **read)
                    reading.gaps.append(Gap(*rough_span(part), "event-left-out", part.line, read))

    def _look_for_messages(self, calendar: Component) -> None:
        """RFC 5545 3.4: properties come first. An unknown one after an event may be a server's message."""
        first = min((part.line for part in calendar.components), default=calendar.line)
        for line in (lines[-1] for name, lines in calendar.properties.items() if not is_property(name)):
            if line.number > first:
                where = "between the components of the calendar"
                self._reading.say("content-outside", line.number, where, read=line.shown, where=where)

    def _take_event(self, part: Component, vevent: Vevent) -> None:
        for name in filter(part.value, part.properties.keys() - _READ):
            self._count(name, part.properties[name][0].number)
        if (part.value("CLASS") or "PUBLIC").upper() != "PUBLIC":
            self._count("CLASS", part.properties["CLASS"][0].number)
        for line in (line for name in ("SUMMARY", "DESCRIPTION") for line in part.every(name)):
            if (encoding := line.parameter("ENCODING")) and encoding.upper() not in ("8BIT", "BASE64"):
                self._reading.say("unknown-encoding", line.number, line.name, name=line.name, read=encoding)
        for inner in part.components:
            self._count(inner.name, inner.line)
        self._by_uid.setdefault(vevent.uid or f"\0{part.line}", []).append(vevent)

    def _take_busy_times(self, part: Component) -> None:
        """RFC 5545 3.2.9: what is not FREE is busy, by something that is not in the file."""
        for line in part.every("FREEBUSY"):
            if (line.parameter("FBTYPE") or "BUSY").upper() == "FREE":
                continue
            for text in line.text.split(","):
                begin, _, end = text.strip().partition("/")
                start, stop, length = moment_of(begin.encode()), moment_of(end.encode()), length_of(end.encode())
                begins = start.wall.replace(tzinfo=UTC) if start else None
                ends = stop.wall.replace(tzinfo=UTC) if stop else None
                if ends is None and begins is not None and length is not None:
                    ends = begins + sum(length, 0 * DAY)
                read = {"read": text.strip()[:40]}
                self._reading.say("busy-time", line.number, "", **read)
                self._reading.gaps.append(Gap(begins, ends, "busy-time", line.number, read))

    def _count(self, name: str, line: int) -> None:
        seen = self.unread.get(name, Unread(0, line))
        self.unread[name] = seen._replace(times=seen.times + 1)

    def events(self) -> Sequence[ForeignEvent]:
        """Every event, the occurrences of those that repeat among them."""
        events: list[ForeignEvent] = []
        for vevents in self._by_uid.values():
            try:
                events += events_of(vevents, self.series)
            except LeftOutError as error:
                vevents[0].leave_out(error)
                continue
            if len(events) > MOST_EVENTS:
                line = vevents[0].component.line
                self._reading.say("too-many-faults", line, reason=f"it has more than {MOST_EVENTS:,} events")
                break
        return events
