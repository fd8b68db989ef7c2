"""Any .ics, whoever wrote it, to its events as UTC instants, and all that could not be read exactly.

Our own canonical form is read as bytes in feed/decode.py; what a record can keep of an event is decided in adopt.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from icms_calendar.findings import Finding
from icms_calendar.foreign.clocks import Clocks, known_clock
from icms_calendar.foreign.components import Component, read_components, without_collection
from icms_calendar.foreign.faults import Faults, TooManyFaultsError
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.series import LAST, events_of
from icms_calendar.foreign.values import MAINTNOTE, is_property, judge_parameters, length_of, moment_of
from icms_calendar.foreign.vevent import ForeignEvent, ForeignSeries, Gap, Reading, Span, Vevent, around, rough_span
from icms_calendar.record.words import listed
from icms_calendar.record.zones import Zone, aware

MOST_EVENTS = 200_000
_NO_CALENDAR = Component("VCALENDAR", ContentLine(1, b"", b"", "BEGIN", {}, b""))
# What loses nothing, and is for `check` to report.
_FORM = frozenset({"line-end-not-crlf", "line-too-long", "white-space", "stray-octets", "several-calendars"})
# What may have held events.
_LOSES = frozenset(
    {
        *("not-icalendar", "cut-off", "not-a-content-line", "does-not-nest", "property-twice", "too-many-faults"),
        "no-component",
    }
)
_NO_EVENTS = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})  # RFC 5546: what others answer
_NO_WINDOWS = frozenset({"VTODO", "VJOURNAL", "VFREEBUSY"})  # tasks, diaries; and busy times
# What is read of a VEVENT, or says nothing more than that; anything else is counted.
_READ = frozenset(
    {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "SUMMARY"),
        *("DESCRIPTION", "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "CONTACT"),
        *("RELATED-TO", "COLOR", "CLASS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "X-ICMS-CALENDAR-AFFECTS"),
        *(*MAINTNOTE, "X-MAINTNOTE-OBJECT-IMPACT"),
    }
)


@dataclass(frozen=True, slots=True)
class ForeignFeed:
    """The events of a file by start, then by UID; what the calendar says of itself; and what is to be said of it.

    `series` is by the line of its event, and `unread` has the lines of what is passed over, by its name. `gaps` are the
    spans in which something could not be read.
    """

    name: str | None
    timezone: str | None
    url: str | None
    color: str | None
    prodid: str | None
    events: tuple[ForeignEvent, ...]
    series: Mapping[int, ForeignSeries]
    unread: Mapping[str, list[int]]
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
    events: list[ForeignEvent] = []
    with suppress(TooManyFaultsError):
        events = sorted(_all_events(calendars, reading), key=lambda event: (event.start, event.uid))
    findings = faults.findings(name)
    lost = [Gap(None, None, one) for one in findings if one.rule.name in _LOSES]
    head = calendars[0] if calendars else _NO_CALENDAR
    zone = _zone_of(head)
    return ForeignFeed(
        name=head.text("X-WR-CALNAME") or head.text("NAME"),
        timezone=zone.name if zone else None,
        url=head.value("URL") or None,
        color=head.value("COLOR") or None,
        prodid=head.text("PRODID"),
        events=tuple(events),
        series=reading.series,
        unread=reading.unread,
        gaps=(*lost, *reading.gaps),
        findings=findings,
        file=name,
    )


def _zone_of(calendar: Component) -> Zone | None:
    return known_clock(calendar.text("X-WR-TIMEZONE") or "")


def _all_events(calendars: Iterable[Component], reading: Reading) -> list[ForeignEvent]:
    """Every event, the occurrences of those that repeat among them."""
    by_uid: dict[str, list[Vevent]] = {}
    for vevent in chain.from_iterable(_vevents_of(calendar, reading) for calendar in calendars):
        by_uid.setdefault(vevent.uid or f"\0{vevent.component.line}", []).append(vevent)
    events: list[ForeignEvent] = []
    for vevents in by_uid.values():
        with vevents[0].or_left_out():
            events += events_of(vevents)
        if len(events) > MOST_EVENTS:
            line = vevents[0].component.line
            reading.say("too-many-faults", line, reason=f"it has more than {MOST_EVENTS:,} events")
            break
    return events


def _vevents_of(calendar: Component, reading: Reading) -> Iterator[Vevent]:
    """The VEVENTs of a calendar; what else it holds is counted, or reported."""
    method = calendar.value("METHOD").upper()
    if method in _NO_EVENTS:
        told = {"what": f"a calendar with METHOD:{method}", "reason": "it answers an announcement. Ask for that itself"}
        reading.miss("event-left-out", calendar.line, method, (None, None), **told)
        return
    _look_at_head(calendar, reading)
    clocks = Clocks(calendar.components, reading.work)
    own = _zone_of(calendar)
    zones = (reading.given or own or reading.reader, reading.given or reading.reader or own)
    for part in calendar.components:
        if part.name == "VEVENT":
            yield Vevent(part, clocks, zones, reading, is_cancel=method == "CANCEL")
            _count_unread(part, reading)
        elif part.name != "VTIMEZONE":
            _pass_over(part, reading)


def _look_at_head(calendar: Component, reading: Reading) -> None:
    """Report what may mean that events are missing, or that they are another's.

    RFC 5545 3.4: properties come first. An unknown one after an event may be a server's message.
    """
    methods = calendar.every("METHOD")
    if len({line.value.upper() for line in methods}) > 1:
        told = {"name": "METHOD", "component": "VCALENDAR", "first": f"{methods[0].number:,}"}
        reading.say("property-twice", methods[1].number, **told)
    held = {part.name for part in calendar.components}
    if "VEVENT" not in held and held != {"VTIMEZONE"}:
        reading.say("no-component", calendar.line, holds=listed(sorted(held)[:3]) if held else "nothing")
    first = min((part.line for part in calendar.components), default=calendar.line)
    for line in (lines[-1] for name, lines in calendar.properties.items() if not is_property(name)):
        if line.number > first:
            reason = f"{line.shown} is between the components of the calendar. Remove it"
            reading.say("does-not-nest", line.number, "between", reason=reason)


def _count_unread(event: Component, reading: Reading) -> None:
    for name in filter(event.value, event.properties.keys() - _READ):
        reading.count(name, event.properties[name][0].number)
    if (event.value("CLASS") or "PUBLIC").upper() != "PUBLIC":
        reading.count("CLASS", event.properties["CLASS"][0].number)
    for line in (*event.every("SUMMARY"), *event.every("DESCRIPTION")):
        judge_parameters(line, reading.faults)
    for inner in event.components:
        reading.count(inner.name, inner.line)


def _pass_over(part: Component, reading: Reading) -> None:
    """Count what is not a VEVENT, and report the span in which it may say that something takes place."""
    reading.count(part.name, part.line)
    for line in part.every("FREEBUSY"):
        if (line.parameter("FBTYPE") or "BUSY").upper() != "FREE":  # RFC 5545 3.2.9: by something not in the file
            for period in map(str.strip, line.text.split(",")):
                told = {"what": f"the busy time {period[:40]}", "reason": "no event says what it is"}
                reading.miss("passed-over", line.number, "busy", _span_of(period), **told)
    if part.name not in _NO_WINDOWS and "DTSTART" in part.properties:
        read = {"what": f"the {part.name}", "reason": "only a VEVENT can be read as a window"}
        reading.miss("event-left-out", part.line, part.name, rough_span(part), **read)


def _span_of(period: str) -> Span:
    """RFC 5545 3.3.9, in UTC."""
    begin, _, end = (part.encode() for part in period.partition("/"))
    first, last, length = moment_of(begin), moment_of(end), length_of(end)
    begins = first.wall.replace(tzinfo=UTC) if first else None
    if begins and length:
        return begins, around(begins, *length)[1]
    return begins, last.wall.replace(tzinfo=UTC) if last else None
