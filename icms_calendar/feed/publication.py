"""Events to one VCALENDAR (RFC 5545 3.6, RFC 7986 5): the feed that people subscribe to.

What stands in an event is decided in ics/encode.py; which feeds there are, in site/build.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from icms_calendar.feed.encode import END_VEVENT, PRODID, content_line, encode_alarms, text_line, utc_text
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.feed.revise import Event, Revised, revise
from icms_calendar.findings import Finding, found
from icms_calendar.record.colors import COLORS
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.overlaps import overlap_findings
from icms_calendar.record.recurrence import expand, horizon_of
from icms_calendar.record.words import listed
from icms_calendar.record.zones import duration_text

MAX_FEED_OCTETS = 1_000_000  # Google Calendar is reported to stop at about 1 MB
REFRESH_INTERVAL = timedelta(hours=1)
DEFAULT_COLOR = "red"

# RFC 5545 3.6 wants a component in every calendar, and people should see nothing: all 19 clients accept this.
_EMPTY = (
    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nTZNAME:UTC\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
_BEGIN = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text_line('PRODID', PRODID)}CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
_END = "END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a feed says of itself: its name, and where it is served (None where that is not known)."""

    name: str
    address: str | None = None


def calendar_feed(
    calendar: MaintenanceCalendar,
    *,
    now: datetime | None = None,
    previous: bytes | None = None,
    previous_name: str = "previous",
    allow_vanished: bool = False,
    reminders: Sequence[timedelta] = (),
) -> tuple[bytes, Revised]:
    """One feed of every window of a calendar, whatever `history` says; and what changed since `previous`."""
    if now is not None and now.tzinfo is None:
        raise TypeError("now is a naive datetime; give it a time zone, as in datetime.now(UTC)")
    ledger = Ledger() if previous is None else read_ledger(previous, calendar, previous_name)
    heading = Heading(calendar.name, address_of("all.ics", calendar))
    expansion = expand(calendar, horizon_of(calendar, now))
    revised = revise(expansion.occurrences, calendar, ledger, now, allow_vanished=allow_vanished)
    overlaps = overlap_findings(calendar, expansion.occurrences, now)
    revised = replace(revised, findings=(*expansion.findings, *overlaps, *revised.findings))
    return encode_feed(heading, revised.events, calendar, reminders), revised


def encode_feed(
    heading: Heading,
    events: Sequence[Event],
    calendar: MaintenanceCalendar,
    reminders: Iterable[timedelta] = (),
) -> bytes:
    """The bytes of a feed, its events in the order given; with `reminders` each that takes place rings them."""
    vevents = (
        [_with_alarms(event, reminders, calendar) for event in events] if reminders else [e.vevent for e in events]
    )
    head = _head(heading, calendar, max((event.revision.last_modified for event in events), default=None))
    return b"".join([head.encode(), *vevents, _END.encode()])


def encode_single(event: Event) -> bytes:
    """One event to import once: without the lines that would make a program take it for a calendar to follow."""
    return _BEGIN.encode() + event.vevent + _END.encode()


def size_findings(path: str, feed: bytes) -> list[Finding]:
    """The warning that a feed is larger than some programs read."""
    if len(feed) <= MAX_FEED_OCTETS:
        return []
    size, limit = f"{len(feed):,}", f"{MAX_FEED_OCTETS:,}"
    return [found("feed-too-large", feed=path, size=size, limit=limit)]


def address_of(path: str, calendar: MaintenanceCalendar) -> str | None:
    """Where a file of the site is served, if the calendar says where the site is."""
    return f"{calendar.url.rstrip('/')}/{path}" if calendar.url else None


def about(calendar: MaintenanceCalendar) -> str:
    """What a calendar is of, who keeps it, and whose it is not."""
    systems = calendar.systems_by_id.values()
    subject = listed([system.name for system in systems]) if systems else "no system yet"
    told = f"Maintenance windows of {subject}."
    if calendar.publisher:
        told += f" Kept by {calendar.publisher.name}."
    operators = list(dict.fromkeys(system.operator.name for system in systems if system.operator))
    if operators and not calendar.official:
        told += f" This is not the calendar of {listed(operators)}."
    return told


def _head(heading: Heading, calendar: MaintenanceCalendar, last_modified: datetime | None) -> str:
    color = calendar.color or DEFAULT_COLOR
    told = about(calendar)
    every = duration_text(REFRESH_INTERVAL)
    # No UID here, though RFC 7986 5.3 allows one: vdirsyncer then takes all events for one, and keeps one.
    return "".join(
        (
            _BEGIN,
            text_line("NAME", heading.name),
            text_line("X-WR-CALNAME", heading.name),
            text_line("DESCRIPTION", told),
            text_line("X-WR-CALDESC", told),
            content_line(f"URL:{calendar.url}") if calendar.url else "",
            content_line(f"SOURCE;VALUE=URI:{heading.address}") if heading.address else "",
            f"REFRESH-INTERVAL;VALUE=DURATION:{every}\r\nX-PUBLISHED-TTL:{every}\r\n",
            f"COLOR:{color}\r\nX-APPLE-CALENDAR-COLOR:#{COLORS[color].upper()}\r\n",
            f"X-WR-TIMEZONE:{calendar.timezone}\r\n",
            f"LAST-MODIFIED:{utc_text(last_modified)}\r\n" if last_modified else _EMPTY,
        )
    )


def _with_alarms(event: Event, reminders: Iterable[timedelta], calendar: MaintenanceCalendar) -> bytes:
    window = event.occurrence.window
    if window.status == "cancelled":
        return event.vevent
    alarms = encode_alarms(calendar.title_of(window), reminders)
    return event.vevent.removesuffix(END_VEVENT.encode()) + alarms.encode() + END_VEVENT.encode()
