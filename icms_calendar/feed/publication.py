"""What one build publishes, before anybody draws it: the feeds, their events, what changed, and the findings.

encode.py composes events; revise.py decides which revision each carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from icms_calendar.feed.changes import Change, change, in_order
from icms_calendar.feed.decode import FEED_FORMAT
from icms_calendar.feed.encode import OWN, PRODID, content_line, text_line, utc_text, with_alarms
from icms_calendar.feed.event import Event
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.feed.revise import Revised, revise
from icms_calendar.findings import CalendarError, Finding, found
from icms_calendar.record.addresses import ALL, REMINDERS, objects_of, renamed_address
from icms_calendar.record.checks import is_file_name, question_findings
from icms_calendar.record.colors import COLORS
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.plausibility import findings_at
from icms_calendar.record.recurrence import expand, horizon_of
from icms_calendar.record.words import listed
from icms_calendar.record.zones import aware, duration_text

MAX_FEED_OCTETS = 1_000_000  # Google Calendar is reported to stop at about 1 MB
REFRESH_INTERVAL = timedelta(hours=1)
DEFAULT_COLOR = "red"

# RFC 5545 3.6 requires a component in every calendar, and people should see nothing: all 19 clients accept this.
_EMPTY = (
    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nTZNAME:UTC\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
_BEGIN = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text_line('PRODID', PRODID)}CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
_END = "END:VCALENDAR\r\n"


class Feed(NamedTuple):
    """A feed: its path without `.ics`, its name, and its events by start, then by UID."""

    path: str
    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """What one build publishes: its feeds, with all windows first; their events; what changed; and findings.

    `last_modified` is the latest stamp, or the end of the last event that has left; it is never below that of the
    previous feed. `stamps` are those of the previous feeds, by their current paths. `is_reworded` says that 0.1.0
    wrote the previous feed, whose events get our new wording without counting as changed.
    """

    calendar: MaintenanceCalendar
    feeds: tuple[Feed, ...]
    events: tuple[Event, ...]
    revised: Revised
    findings: tuple[Finding, ...]
    last_modified: datetime | None
    stamps: Mapping[str, datetime]
    is_reworded: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed for subscribers, by start, then by UID. Computed when asked: a first feed needs none."""
        return in_order((*(change("added", None, event) for event in self.revised.added), *self.revised.changes))


def publication(
    calendar: MaintenanceCalendar,
    ledger: Ledger | None = None,
    now: datetime | None = None,
    *,
    history: timedelta | None = None,
    allow_vanished: bool = False,
) -> Publication:
    """What the records of a calendar publish at `now` (aware), continuing from the previous feed in `ledger`.

    With `history`, windows that ended longer ago have left. Without `now`, no clock is read. Raises LedgerError if too
    many records vanish at once, and CalendarError if a window repeats forever and there is no `now`.
    """
    now = None if now is None else aware(now, "now").replace(microsecond=0)
    ledger = ledger or Ledger()
    expansion = expand(calendar, horizon_of(calendar, now))
    revised = revise(expansion.occurrences, calendar, ledger, now, history=history, allow_vanished=allow_vanished)
    stamps = [event.revision.last_modified for event in revised.events]
    if ledger.last_modified:
        stamps.append(ledger.last_modified)
    # An event leaves some time after its end, so no output's time of change goes back when it does.
    stamps += [change.before.end for change in revised.changes if change.kind == "ended" and change.before]
    return Publication(
        calendar=calendar,
        feeds=tuple(_feeds(calendar, revised.events, ledger)),
        events=revised.events,
        revised=revised,
        findings=(*findings_at(calendar, expansion, now), *revised.findings),
        last_modified=max(stamps, default=None),
        stamps=_stamps_by_path(calendar, ledger),
        is_reworded=ledger.is_known and ledger.format < FEED_FORMAT and bool(ledger.events),
    )


def calendar_feed(
    calendar: MaintenanceCalendar,
    *,
    now: datetime | None = None,
    previous: bytes | None = None,
    reminders: Sequence[timedelta] = (),
) -> bytes:
    """One feed of every window of a calendar, whatever `history` says."""
    ledger = None if previous is None else read_ledger(previous, calendar, "previous")
    if questions := tuple(question_findings(calendar)):
        raise CalendarError(questions)
    published = publication(calendar, ledger, now)
    return encode_feed(published, published.feeds[0], reminders)


def encode_feed(published: Publication, feed: Feed, reminders: Iterable[timedelta] = ()) -> bytes:
    """The bytes of a feed; with `reminders`, each event that takes place has alarms."""
    path = f"{feed.path}{REMINDERS}.ics" if reminders else f"{feed.path}.ics"
    vevents = [with_alarms(event, reminders) if reminders else event.vevent for event in feed.events]
    modified = published.last_modified if feed.path == ALL else _latest(feed, published.stamps.get(feed.path))
    return b"".join([_head(feed, path, published.calendar, modified).encode(), *vevents, _END.encode()])


def encode_single(event: Event) -> bytes:
    """One event to import once, without the lines that would make a program subscribe to it."""
    return _BEGIN.encode() + event.vevent + _END.encode()


def size_findings(path: str, feed: bytes) -> list[Finding]:
    """A warning if a feed is larger than some programs read."""
    if len(feed) <= MAX_FEED_OCTETS:
        return []
    size, limit = f"{len(feed):,}", f"{MAX_FEED_OCTETS:,}"
    remedy = "Shorten history, or split the feed with feeds"
    return [found("feed-too-large", feed=path, size=size, limit=limit, remedy=remedy)]


def address_of(path: str, calendar: MaintenanceCalendar) -> str | None:
    """The address of a file of the site, if the calendar has a url."""
    return f"{calendar.url.rstrip('/')}/{path}" if calendar.url else None


def about(calendar: MaintenanceCalendar) -> str:
    """A sentence on what the calendar covers, who keeps it, and whose it is not."""
    systems = calendar.systems_by_id.values()
    subject = listed([system.name for system in systems]) if systems else "no system yet"
    text = f"Maintenance windows of {subject}."
    if calendar.publisher:
        text += f" Kept by {calendar.publisher.name}."
    operators = operators_of(calendar)
    if operators and not calendar.official:
        text += f" This is not the calendar of {listed(operators)}."
    return text


def operators_of(calendar: MaintenanceCalendar) -> list[str]:
    """The names of those who run the systems, each once."""
    systems = calendar.systems_by_id.values()
    return list(dict.fromkeys(system.operator.name for system in systems if system.operator))


def _feeds(calendar: MaintenanceCalendar, events: tuple[Event, ...], ledger: Ledger) -> Iterator[Feed]:
    """All windows; those of each system and of each of its services; and the calendar's own feeds."""
    yield Feed(ALL, calendar.name, events)
    by_object: dict[str, list[Event]] = {}
    for event in events:
        for id_ in {*event.systems, *event.object_ids}:
            by_object.setdefault(id_, []).append(event)
    for path, system, service in objects_of(calendar):
        name = f"{calendar.name}: {system.title}" + (f", {service.name}" if service else "")
        yield Feed(path, name, tuple(by_object.pop(path, ())))
    for spec in calendar.feeds:
        yield Feed(spec.id, spec.name, tuple(event for event in events if event.is_in(spec)))
        by_object.pop(spec.id, None)
    gone = sorted(by_object.keys() - _lived_on(events, ledger)) if by_object else ()
    for path in gone:  # from the records, and still with events
        if all(map(is_file_name, path.split("/", 1), ("system", "service"))):
            yield Feed(path, f"{calendar.name}: {path}", tuple(by_object[path]))


def _lived_on(events: Iterable[Event], ledger: Ledger) -> set[str]:
    """The feeds in which events were published that are still in the records.

    If the records do not name such a feed any more, it was renamed, and does not live on for what is cancelled in it.
    """
    in_records = {event.uid for event in events if event.window}
    ids = {id_ for uid in in_records & ledger.events.keys() for id_ in ledger.events[uid].objects}
    paths = {ledger.renamed.get(id_, id_) for id_ in ids}
    return paths | {path.partition("/")[0] for path in paths}


def _stamps_by_path(calendar: MaintenanceCalendar, ledger: Ledger) -> dict[str, datetime]:
    """The latest stamp of each previous feed, by the path that it has today."""
    stamps = {ALL: ledger.last_modified} if ledger.last_modified else {}
    for path, stamp in ledger.stamps.items():
        today = renamed_address(path, calendar.renamed)
        stamps[today] = max(stamp, stamps.get(today, stamp))
    return stamps


def _head(feed: Feed, path: str, calendar: MaintenanceCalendar, last_modified: datetime | None) -> str:
    color = calendar.color or DEFAULT_COLOR
    text, address = about(calendar), address_of(path, calendar)
    every = duration_text(REFRESH_INTERVAL)
    # No UID here, though RFC 7986 5.3 allows one: vdirsyncer would take all events for the same, and keep one.
    return "".join(
        (
            _BEGIN,
            text_line("NAME", feed.name),
            text_line("X-WR-CALNAME", feed.name),
            text_line("DESCRIPTION", text),
            text_line("X-WR-CALDESC", text),
            content_line(f"URL:{calendar.url}") if calendar.url else "",
            content_line(f"SOURCE;VALUE=URI:{address}") if address else "",
            f"REFRESH-INTERVAL;VALUE=DURATION:{every}\r\nX-PUBLISHED-TTL:{every}\r\n",
            f"COLOR:{color}\r\nX-APPLE-CALENDAR-COLOR:#{COLORS[color].upper()}\r\n",
            f"X-WR-TIMEZONE:{calendar.timezone}\r\n{OWN}FORMAT:{FEED_FORMAT}\r\n",
            f"LAST-MODIFIED:{utc_text(last_modified)}\r\n" if last_modified else "",
            "" if feed.events else _EMPTY,
        )
    )


def _latest(feed: Feed, before: datetime | None) -> datetime | None:
    """The latest stamp of a feed's events, never below that of the same feed `before`."""
    stamps = [event.revision.last_modified for event in feed.events]
    return max([*stamps, before] if before else stamps, default=None)
