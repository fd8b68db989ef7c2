"""One event to the bytes of its VEVENT (RFC 5545 3.1, 3.3, 3.6.1): the only place that knows its properties' order.

Which revision an event carries is decided in ics/revise.py; in which feeds it stands, in ics/feed.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from icms_calendar.feed import maintnote
from icms_calendar.record.checks import STATUSES
from icms_calendar.record.fields import Impact
from icms_calendar.record.model import Affected, MaintenanceCalendar, MaintenanceWindow, Publisher
from icms_calendar.record.recurrence import Occurrence
from icms_calendar.record.words import CANCELLED_MARK, IMPACT_WORDS, STATUS_WORDS, moment, span
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import Zone, duration_text

MAX_LINE_OCTETS = 75
PRODID = "-//icms_calendar//maintenance windows//EN"  # without a version: a new one must not change every feed
END_VEVENT = "END:VEVENT\r\n"
AFFECTS = "X-ICMS-CALENDAR-AFFECTS"  # where an imported notification names its objects in words of its own
IMPACT_COLORS = {"outage": "red", "degraded": "orange", "reduced-redundancy": "gold", "no-impact": "green"}


@dataclass(frozen=True, slots=True)
class Revision:
    """How often an event changed significantly, and when; instants in UTC, in whole seconds.

    DTSTAMP is always LAST-MODIFIED: a feed has no other moment at which an instance of an event was made.
    """

    sequence: int
    created: datetime
    last_modified: datetime


class EventEncoder:
    """Encodes the events of one calendar. What many of them share is worked out once."""

    def __init__(self, calendar: MaintenanceCalendar) -> None:
        self._calendar = calendar
        self._organizer = organizer_line(calendar.publisher, calendar.name)
        self._place = f"{calendar.url.rstrip('/')}/#" if calendar.url else None
        self._subjects: dict[object, _Subject] = {}

    def objects(self, window: MaintenanceWindow) -> tuple[str, ...]:
        """The ids of what a window affects: `icms/sea-manifest`, or `icms` for a whole system."""
        return self._subject(window).object_ids

    def encode(self, occurrence: Occurrence, revision: Revision) -> bytes:
        """The VEVENT of an occurrence in a revision: CRLF lines of at most 75 octets, in the fixed order."""
        window = occurrence.window
        subject = self._subject(window)
        cancelled = window.status == "cancelled"
        title = window.title or (subject.emergency_title if window.emergency else subject.title)
        modified = _stamp(revision.last_modified)
        url = window.url or (self._place and self._place + window.id)
        return "".join(
            (
                f"BEGIN:VEVENT\r\n{text_line('UID', occurrence.uid)}",
                f"DTSTAMP:{modified}\r\nCREATED:{_stamp(revision.created)}\r\nLAST-MODIFIED:{modified}\r\n",
                f"SEQUENCE:{revision.sequence}\r\n",
                f"DTSTART:{utc_text(occurrence.start)}\r\nDTEND:{utc_text(occurrence.end)}\r\n",
                _summary_line(CANCELLED_MARK + title if cancelled else title),
                text_line("DESCRIPTION", self._description(occurrence, subject)),
                content_line(f"URL:{url}") if url else "",
                subject.categories if not window.tags else _categories(subject.systems, window.tags),
                _STATUS[window.status],
                _BUSY if window.busy and not cancelled else _FREE,
                self._organizer,
                text_line("CONTACT", window.contact) if window.contact else "",
                text_line("RELATED-TO", self._uid(window.replaces)) if window.replaces else "",
                f"COLOR:{window.color or IMPACT_COLORS[subject.impact]}\r\n{subject.issuer}",
                text_line(*maintnote.maintenance_id(window.id, window.maintnote)),
                subject.objects,
                _STATUS_EXACT[window.status],
                END_VEVENT,
            )
        ).encode()

    def description(self, occurrence: Occurrence) -> str:
        """The text of its DESCRIPTION."""
        return self._description(occurrence, self._subject(occurrence.window))

    def _description(self, occurrence: Occurrence, subject: _Subject) -> str:
        """What a person reads: first the time in words, then what is affected, what to do, and who says so."""
        window = occurrence.window
        zone = self._calendar.zone_of(window)
        when = span(occurrence.start, occurrence.end, zone, all_day=window.all_day)
        if status := STATUS_WORDS["en"][window.status]:
            when += f"\n{status}"
        what = subject.affected
        if window.channels:
            what += f"\nBy channel: {'; '.join(f'{name} {state}' for name, state in window.channels.items())}"
        if window.audience:
            what += f"\nConcerns: {', '.join(window.audience)}"
        paragraphs = [when, what]
        if window.description:
            paragraphs.append(window.description.strip("\n"))
        if window.reason:
            paragraphs.append(f"Reason: {window.reason}")
        if window.fallback:
            paragraphs.append(f"Meanwhile: {window.fallback}")
        if window.notice:
            paragraphs.append(f'Notice: "{window.notice.strip()}"')
        if told := _provenance(window, zone):
            paragraphs.append(told)
        return "\n\n".join(paragraphs)

    def _subject(self, window: MaintenanceWindow) -> _Subject:
        key = (window.system, window.systems, window.services, window.impact, window.maintnote)
        subject = self._subjects.get(key)
        if subject is None:
            subject = self._subjects[key] = _subject(window, self._calendar)
        return subject

    def _uid(self, window_id: str) -> str:
        return self._calendar.own_uids.get(window_id) or f"{window_id}@{self._calendar.domain}"


# Every property that an event of ours has; another one was added by hand, or by a version that is newer.
PROPERTIES = frozenset(
    {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"),
        *("DESCRIPTION", "URL", "CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "CLASS"),
        *("ORGANIZER", "CONTACT", "RELATED-TO", "COLOR"),
        *("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID"),
        *("X-MAINTNOTE-OBJECT-ID", "X-MAINTNOTE-IMPACT", AFFECTS, "X-MAINTNOTE-STATUS"),
    }
)


def encode_cancelled(properties: Iterable[tuple[str, str]], revision: Revision) -> bytes:
    """The VEVENT of an event that was published with these properties, and has left the records: cancelled.

    It keeps its own texts; what says that it takes place is changed, and its description says so after the time.
    """
    modified = _stamp(revision.last_modified)
    changed = {
        "DTSTAMP": modified,
        "LAST-MODIFIED": modified,
        "SEQUENCE": str(revision.sequence),
        "STATUS": "CANCELLED",
        "TRANSP": "TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
        "X-MAINTNOTE-STATUS": "CANCELLED",
    }
    lines = []
    for name, value in properties:
        if name == "SUMMARY":
            lines.append(content_line(f"{name}:{CANCELLED_MARK}{value}"))
        elif name == "DESCRIPTION":
            first, gap, rest = value.partition("\\n\\n")
            when = first.partition("\\n")[0]
            lines.append(content_line(f"{name}:{when}\\n{escape_text(STATUS_WORDS['en']['cancelled'])}{gap}{rest}"))
        else:
            lines.append(content_line(f"{name}:{changed.get(name, value)}"))
    return f"BEGIN:VEVENT\r\n{''.join(lines)}{END_VEVENT}".encode()


def encode_alarms(summary: str, reminders: Iterable[timedelta]) -> str:
    """RFC 5545 3.6.6: one VALARM a reminder, shown as a message."""
    description = text_line("DESCRIPTION", summary)
    return "".join(
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-{duration_text(before)}\r\n{description}END:VALARM\r\n"
        for before in reminders
    )


def content_line(line: str) -> str:
    """RFC 5545 3.1: lines of at most 75 octets without their CRLF, the rest on lines that begin with a blank.

    Folded between characters only: of a fold inside one, five clients show broken text and three refuse the feed.
    """
    if line.isascii():
        if len(line) <= MAX_LINE_OCTETS:
            return f"{line}\r\n"
        rest = [line[i : i + MAX_LINE_OCTETS - 1] for i in range(MAX_LINE_OCTETS, len(line), MAX_LINE_OCTETS - 1)]
        return "\r\n ".join([line[:MAX_LINE_OCTETS], *rest]) + "\r\n"
    pieces, at, room = [], 0, MAX_LINE_OCTETS
    while at < len(line):
        piece = line[at : at + room]
        if not piece.isascii():
            piece = piece.encode()[:room].decode(errors="ignore")  # what is cut inside a character goes
        pieces.append(piece)
        at += len(piece)
        room = MAX_LINE_OCTETS - 1
    return "\r\n ".join(pieces) + "\r\n"


def text_line(name: str, text: str) -> str:
    """A property whose value is TEXT, escaped and folded."""
    return content_line(f"{name}:{escape_text(text)}")


def escape_text(text: str) -> str:
    """RFC 5545 3.3.11: backslash, semicolon, comma, line break; never the colon."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def quoted_parameter(text: str) -> str:
    """RFC 5545 3.2, RFC 6868: a parameter's value in quotes; a quote, a caret and a line break as ^' ^^ ^n."""
    return '"' + text.replace("^", "^^").replace("\n", "^n").replace('"', "^'") + '"'


def utc_text(instant: datetime) -> str:
    """RFC 5545 3.3.5, form 2: `20250713T010000Z`."""
    return f"{_date_text(instant.date())}T{_CLOCKS[instant.hour * 60 + instant.minute]}{instant.second:02}Z"


@lru_cache(maxsize=4096)
def _date_text(day: date) -> str:
    return day.isoformat().replace("-", "")


def organizer_line(publisher: Publisher | None, calendar_name: str) -> str:
    """RFC 5545 3.8.4.3: libical and the BCOP want one; without an address it is Exchange's `invalid:nomail`."""
    name = publisher.name if publisher else calendar_name
    address = f"mailto:{publisher.email}" if publisher and publisher.email else "invalid:nomail"
    return content_line(f"ORGANIZER;CN={quoted_parameter(name)}:{address}")


# RFC 5545 3.8.1.11 knows three values; a fourth makes Home Assistant's reader fail. The exact one is X-MAINTNOTE's.
_STATUS = {
    "tentative": "STATUS:TENTATIVE\r\n",
    "confirmed": "STATUS:CONFIRMED\r\n",
    "in-process": "STATUS:CONFIRMED\r\n",
    "completed": "STATUS:CONFIRMED\r\n",
    "cancelled": "STATUS:CANCELLED\r\n",
}
_CLOCKS = [f"{hour:02}{minute:02}" for hour in range(24) for minute in range(60)]
_FREE = "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nCLASS:PUBLIC\r\n"
_BUSY = "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nCLASS:PUBLIC\r\n"
_STATUS_EXACT = {status: text_line(*maintnote.status(status)) for status in STATUSES}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is affected, and how badly, in all the forms an event tells it."""

    systems: tuple[str, ...]
    impact: Impact
    title: str
    emergency_title: str
    affected: str
    categories: str
    object_ids: tuple[str, ...]
    issuer: str
    objects: str


def _subject(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> _Subject:
    systems = tuple(calendar.systems_by_id[id_].title for id_ in window.system_ids)
    affected = calendar.affected(window)
    impact = calendar.impact_of(window)
    return _Subject(
        systems=systems,
        impact=impact,
        title=title_in_words(systems, impact),
        emergency_title=title_in_words(systems, impact, emergency=True),
        affected=_affected_in_words(affected, whole=window.services is None),
        categories=_categories(systems, ()),
        object_ids=tuple(entry.object_id for entry in affected),
        issuer=_text_lines(maintnote.issuer(calendar.domain, window.maintnote)),
        objects=_text_lines(
            (
                *maintnote.objects(affected, impact, window.maintnote),
                *((AFFECTS, entry.object_id) for entry in affected if window.maintnote and window.maintnote.objects),
            )
        ),
    )


def _affected_in_words(affected: Sequence[Affected], *, whole: bool) -> str:
    """A line for each impact: `Unavailable: iCMS: Sea manifests, House manifests`."""
    lines = []
    for impact, words in IMPACT_WORDS["en"].items():
        by_system: dict[str, list[Affected]] = {}
        for entry in affected:
            if entry.impact == impact:
                by_system.setdefault(entry.system.id, []).append(entry)
        systems = "; ".join(_system_in_words(entries, whole=whole) for entries in by_system.values())
        if systems:
            lines.append(f"{words}: {systems}")
    return "\n".join(lines)


def _system_in_words(entries: Sequence[Affected], *, whole: bool) -> str:
    system = entries[0].system
    name = f"{system.name} ({system.short})" if system.short and system.short != system.name else system.name
    services = ", ".join(entry.service.name for entry in entries if entry.service)
    if not services:
        return name
    return f"all of {name}: {services}" if whole else f"{name}: {services}"


def _provenance(window: MaintenanceWindow, zone: Zone) -> str:
    told = []
    if window.announced:
        told.append(f"Announced: {moment(window.announced, zone)}")
    if window.reference:
        told.append(f"Reference: {window.reference}")
    if window.contact:
        told.append(f"Contact: {window.contact}")
    if window.source:
        told.append(f"Source: {window.source}")
    return "\n".join(told)


def _categories(systems: Iterable[str], tags: Iterable[str]) -> str:
    """RFC 5545 3.8.1.2: a comma divides, so the commas within are escaped."""
    return content_line("CATEGORIES:" + ",".join(map(escape_text, ("Maintenance", *systems, *tags))))


def _text_lines(properties: Iterable[maintnote.Property]) -> str:
    return "".join(text_line(name, value) for name, value in properties)


@lru_cache(maxsize=1024)
def _summary_line(title: str) -> str:
    return text_line("SUMMARY", title)


@lru_cache(maxsize=4096)
def _stamp(instant: datetime) -> str:
    return utc_text(instant)
