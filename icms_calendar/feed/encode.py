"""One event to the bytes of its VEVENT (RFC 5545 3.1, 3.3, 3.6.1): the only place that knows its properties' order.

The X-MAINTNOTE properties are those of the maintenance-notification BCOP (github.com/jda/maintnote-std). The set is
complete in every event: circuit-maintenance-parser refuses a feed in which one event lacks it. revise.py decides which
revision an event carries; publication.py, which feeds it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from icms_calendar.feed.event import NO_PAST, AffectedObject, Event, Past, Revision, Span
from icms_calendar.record.checks import STATUSES
from icms_calendar.record.fields import Impact, Maintnote, Publisher
from icms_calendar.record.labels import (
    ALL_OF,
    CANCELLED_MARK,
    CHANNEL_WORDS,
    IMPACT_WORDS,
    LABELS,
    LANGUAGE_NAMES,
    STATUS_WORDS,
    Language,
)
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence
from icms_calendar.record.select import Affected, affected_by, impact_of
from icms_calendar.record.words import local_span, moment, span
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import Zone, duration_text

MAX_LINE_OCTETS = 75
PRODID = "-//icms_calendar//maintenance windows//EN"  # without a version: a new one must not change every feed
END_VEVENT = "END:VEVENT\r\n"
DEFAULT_ACCOUNT = "public"  # circuit-maintenance-parser refuses an empty account
OBJECT_ID = "X-MAINTNOTE-OBJECT-ID"
AFFECTS = "X-ICMS-CALENDAR-AFFECTS"  # when an imported notification names its objects in its own words
RECORD = "X-ICMS-CALENDAR-RECORD"  # the id of the record, in an event that is one day of a repeating window
MOVED_FROM = "X-ICMS-CALENDAR-MOVED-FROM"  # the span before the start last changed
NO_LONGER = "X-ICMS-CALENDAR-NO-LONGER-AFFECTS"  # what the event affected before and no longer affects
NO_LONGER_IN = "X-ICMS-CALENDAR-NO-LONGER-IN"  # the calendar's own feeds that the event was in before
NAMING = (OBJECT_ID, AFFECTS, NO_LONGER, NO_LONGER_IN)  # what holds the ids of systems, services and feeds
OWN = "X-ICMS-CALENDAR-"
IMPACT_COLORS = {"outage": "red", "degraded": "orange", "reduced-redundancy": "gold", "no-impact": "green"}


class EventEncoder:
    """Composes the events of one calendar. What many of them share is computed once."""

    def __init__(self, calendar: MaintenanceCalendar) -> None:
        self._calendar = calendar
        self._organizer = organizer_line(calendar.publisher, calendar.name)
        self._place = f"{calendar.url.rstrip('/')}/#" if calendar.url else None
        self._subjects: dict[object, Subject] = {}

    def event(self, occurrence: Occurrence, revision: Revision, past: Past = NO_PAST) -> Event:
        """The event of an occurrence in a revision, which also says what it was before."""
        window, calendar = occurrence.window, self._calendar
        subject = self.subject(window)
        title = window.title or subject.titles[window.emergency]
        url = window.url or (self._place and self._place + window.id)
        text, texts = self._description(occurrence, subject, past, url)
        modified = _stamp(revision.last_modified)
        lines = (
            f"BEGIN:VEVENT\r\n{text_line('UID', occurrence.uid)}DTSTAMP:{modified}\r\n",
            f"CREATED:{_stamp(revision.created)}\r\nLAST-MODIFIED:{modified}\r\nSEQUENCE:{revision.sequence}\r\n",
            f"DTSTART:{utc_text(occurrence.start)}\r\nDTEND:{utc_text(occurrence.end)}\r\n",
            _summary_line(title, window.status == "cancelled"),
            text_line("DESCRIPTION", text),
            content_line(f"URL:{url}") if url else "",
            subject.categories if not window.tags else _categories(subject.systems, window.tags),
            _STATUS[window.status, window.busy],
            self._organizer,
            text_line("CONTACT", window.contact) if window.contact else "",
            text_line("RELATED-TO", calendar.uids[window.replaces]) if window.replaces else "",
            f"COLOR:{window.color or IMPACT_COLORS[subject.impact]}\r\n{subject.issuer}",
            text_line("X-MAINTNOTE-MAINTENANCE-ID", getattr(window.maintnote, "id", None) or window.id),
            subject.objects,
            f"X-MAINTNOTE-STATUS:{window.status.upper()}\r\n",
            text_line(RECORD, occurrence.record) if occurrence.record != window.id else "",
            "" if past is NO_PAST else _past_lines(past),
            END_VEVENT,
        )
        return Event(
            uid=occurrence.uid,
            id=window.id,
            title=title,
            own_title=window.title,
            start=occurrence.start,
            end=occurrence.end,
            past=past,
            zone=calendar.zone_of(window),
            status=window.status,
            impact=subject.impact,
            systems=window.system_ids,
            affected=subject.affected,
            tags=window.tags,
            window=window,
            text=text,
            texts=texts,
            url=url,
            revision=revision,
            vevent="".join(lines).encode(),
        )

    def _description(
        self, occurrence: Occurrence, subject: Subject, past: Past, url: str | None
    ) -> tuple[str, Mapping[Language, str]]:
        """What a person reads: the time in words, then what is affected, what to do, and the source.

        Our own sentences are repeated in each further language of the calendar, after a line with its name. The last
        line is the event's address, since many programs do not show the URL property.
        """
        window = occurrence.window
        zone = self._calendar.zone_of(window)
        first, *others = self._calendar.languages
        labels = LABELS[first]
        paragraphs = self._own_sentences(occurrence, subject, past, zone, first)
        if window.description:
            paragraphs.append(window.description.strip("\n"))
        paragraphs += [f"{labels[name]}: {text}" for name in ("reason", "fallback") if (text := getattr(window, name))]
        if window.notice:
            paragraphs.append(f'{labels["notice"]}: "{window.notice.strip()}"')
        if provenance := _provenance(window, zone, first):
            paragraphs.append(provenance)
        more = [f"{labels['more']}: {url}"] if url else []
        texts: dict[Language, str] = {first: "\n\n".join([*paragraphs, *more])}
        for language in others:
            when, what = self._own_sentences(occurrence, subject, past, zone, language)
            paragraphs += [f"{LANGUAGE_NAMES[language]}\n{when}", what]
            texts[language] = "\n\n".join([when, what, *([f"{LABELS[language]['more']}: {url}"] if url else [])])
        return "\n\n".join([*paragraphs, *more]) if others else texts[first], texts

    def _own_sentences(
        self, occurrence: Occurrence, subject: Subject, past: Past, zone: Zone, language: Language
    ) -> list[str]:
        """The time and status, and what is affected."""
        window, labels = occurrence.window, LABELS[language]
        when = span(occurrence.start, occurrence.end, zone, all_day=window.all_day, language=language)
        if past.moved_from:
            when += f"\n{moved_in_words(past.moved_from, zone, language, all_day=window.all_day)}"
        if status := STATUS_WORDS[language][window.status]:
            when += f"\n{status}"
        what = subject.words[language]
        if window.channels:
            states = [f"{name} {CHANNEL_WORDS[language][state]}" for name, state in window.channels.items()]
            what += f"\n{labels['channels']}: {'; '.join(states)}"
        if window.audience:
            what += f"\n{labels['audience']}: {', '.join(window.audience)}"
        if past.no_longer:
            what += f"\n{labels['no_longer']}: {', '.join(each.name for each in past.no_longer)}"
        if past.left:
            what += f"\n{labels['no_longer_in']}: {', '.join(feed.name for feed in past.left)}"
        return [when, what]

    def subject(self, window: MaintenanceWindow) -> Subject:
        """What a window affects."""
        key = (window.system, window.systems, window.services, window.impact, window.maintnote)
        subject = self._subjects.get(key)
        if subject is None:
            subject = self._subjects[key] = _subject(window, self._calendar)
        return subject


def moved_in_words(moved_from: Span, zone: Zone, language: Language = "en", *, all_day: bool = False) -> str:
    """`Moved from Saturday 14 March 2026, 22:00 to Sunday 15 March 2026, 04:00 EAT`.

    An `all_day` event that had hours before still gives them.
    """
    whole = all_day and all(zone.first_instant(zone.wall(edge)[0].date()) == edge for edge in moved_from)
    return f"{LABELS[language]['moved']} {local_span(*moved_from, zone, all_day=whole, language=language)[0]}"


def encode_cancelled(
    properties: Sequence[tuple[str, str]], revision: Revision, languages: Sequence[Language] = ("en",)
) -> bytes:
    """The cancelled VEVENT of an event that was published with these properties and has left the records.

    It keeps its own texts. Only what says that it takes place changes, and the description says so after the time.
    """
    texts, modified = dict(properties), _stamp(revision.last_modified)
    changed = {
        "DTSTAMP": modified,
        "LAST-MODIFIED": modified,
        "SEQUENCE": str(revision.sequence),
        "SUMMARY": CANCELLED_MARK + texts["SUMMARY"],
        "DESCRIPTION": _description_of_cancelled(texts["DESCRIPTION"], languages),
        "STATUS": "CANCELLED",
        "TRANSP": "TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
        "X-MAINTNOTE-STATUS": "CANCELLED",
    }
    lines = [content_line(f"{name}:{changed.get(name, value)}") for name, value in properties]
    return f"BEGIN:VEVENT\r\n{''.join(lines)}{END_VEVENT}".encode()


def _description_of_cancelled(value: str, languages: Sequence[Language]) -> str:
    """A published DESCRIPTION, escaped, that says after each language's time that the event is cancelled."""
    paragraphs = value.split("\\n\\n")
    names = {LANGUAGE_NAMES[language]: language for language in languages[1:]}
    for i, paragraph in enumerate(paragraphs):
        lines = paragraph.split("\\n")
        language = languages[0] if i == 0 else names.get(lines[0])
        if language and (i == 0 or len(lines) > 1):
            words = {status: escape_text(text) for status, text in STATUS_WORDS[language].items()}
            kept = [line for line in lines if line not in words.values()]
            paragraphs[i] = "\\n".join([*kept, words["cancelled"]])
    return "\\n\\n".join(paragraphs)


def with_alarms(event: Event, reminders: Iterable[timedelta]) -> bytes:
    """RFC 5545 3.6.6: an event with one VALARM for each reminder, shown as a message; none if it is cancelled."""
    if event.status == "cancelled":
        return event.vevent
    description = text_line("DESCRIPTION", event.title)
    triggers = (f"TRIGGER:-{duration_text(before)}\r\n" for before in reminders)
    alarms = (f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{trigger}{description}END:VALARM\r\n" for trigger in triggers)
    return event.vevent.removesuffix(END_VEVENT.encode()) + "".join((*alarms, END_VEVENT)).encode()


def content_line(line: str) -> str:
    """RFC 5545 3.1: lines of at most 75 octets without their CRLF; continuation lines begin with a space.

    Folds are between characters only: after a fold inside one, five clients show broken text and three refuse the feed.
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
            piece = piece.encode()[:room].decode(errors="ignore")  # a character that is cut goes to the next line
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


def mailto(address: str) -> str:
    """RFC 6068 2: what has a meaning in an address of its own, such as `?` and `&`, is percent-encoded."""
    return "mailto:" + quote(address, safe="!$'*+@")


def organizer_line(publisher: Publisher | None, calendar_name: str) -> str:
    """RFC 5545 3.8.4.3: libical and the BCOP require one; without an address it is Exchange's `invalid:nomail`."""
    name = publisher.name if publisher else calendar_name
    address = mailto(publisher.email) if publisher and publisher.email else "invalid:nomail"
    return content_line(f"ORGANIZER;CN={quoted_parameter(name)}:{address}")


_CLOCKS = [f"{hour:02}{minute:02}" for hour in range(24) for minute in range(60)]
_FREE = "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nCLASS:PUBLIC\r\n"
_BUSY = "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nCLASS:PUBLIC\r\n"
# RFC 5545 3.8.1.11 has three values; a fourth makes Home Assistant's reader fail. X-MAINTNOTE-STATUS is exact.
_THREE = dict.fromkeys(STATUSES, "CONFIRMED") | {"tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_STATUS = {
    (status, busy): f"STATUS:{_THREE[status]}\r\n{_BUSY if busy and status != 'cancelled' else _FREE}"
    for status in STATUSES
    for busy in (False, True)
}


class Subject(NamedTuple):
    """What is affected and how badly, in every form in which an event says it."""

    systems: tuple[str, ...]  # their titles
    impact: Impact
    titles: Sequence[str]  # planned, and in an emergency
    categories: str
    affected: tuple[AffectedObject, ...]
    issuer: str
    objects: str
    words: Mapping[Language, str]  # a line for each impact: `Unavailable: iCMS: Sea manifests, House manifests`


def _subject(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> Subject:
    systems = tuple(calendar.systems_by_id[id_].title for id_ in window.system_ids)
    affected = affected_by(window, calendar)
    impact = impact_of(window, calendar)
    first, whole = calendar.languages[0], window.services is None
    return Subject(
        systems=systems,
        impact=impact,
        titles=[title_in_words(systems, impact, emergency=each, language=first) for each in (False, True)],
        categories=_categories(systems, ()),
        affected=tuple(
            AffectedObject(each.object_id, (each.service or each.system).name, each.impact) for each in affected
        ),
        issuer=_issuer(calendar.domain, window.maintnote),
        objects=_objects(affected, impact, window.maintnote),
        words={
            language: _affected_in_words(affected, whole=whole, language=language) for language in calendar.languages
        },
    )


def _issuer(provider: str, given: Maintnote | None) -> str:
    """Who announces it, and to whom; `given` is what an imported notification said."""
    account = (given and given.account) or DEFAULT_ACCOUNT
    provider = (given and given.provider) or provider
    return text_line("X-MAINTNOTE-PROVIDER", provider) + text_line("X-MAINTNOTE-ACCOUNT", account)


def _objects(affected: Sequence[Affected], impact: Impact, given: Maintnote | None) -> str:
    """Each object affected with its impact, then the impact of all."""
    own = [(entry.object_id, entry.impact) for entry in affected]
    named = [(entry.id, entry.impact or impact) for entry in given.objects or ()] if given else []
    lines = [text_line(f"{OBJECT_ID};X-MAINTNOTE-OBJECT-IMPACT={worst.upper()}", id_) for id_, worst in named or own]
    lines.append(text_line("X-MAINTNOTE-IMPACT", impact.upper()))
    return "".join([*lines, *(text_line(AFFECTS, id_) for id_, _ in own if named)])


def _affected_in_words(affected: Sequence[Affected], *, whole: bool, language: Language) -> str:
    lines = []
    for impact, words in IMPACT_WORDS[language].items():
        by_system: dict[str, list[Affected]] = {}
        for entry in affected:
            if entry.impact == impact:
                by_system.setdefault(entry.system.id, []).append(entry)
        systems = "; ".join(_system_in_words(entries, whole=whole, language=language) for entries in by_system.values())
        if systems:
            lines.append(f"{words}: {systems}")
    return "\n".join(lines)


def _system_in_words(entries: Sequence[Affected], *, whole: bool, language: Language) -> str:
    system = entries[0].system
    name = f"{system.name} ({system.short})" if system.short and system.short != system.name else system.name
    services = ", ".join(entry.service.name for entry in entries if entry.service)
    if not services:
        return name
    return f"{ALL_OF[language].format(name=name)}: {services}" if whole else f"{name}: {services}"


def _past_lines(past: Past) -> str:
    lines = [f"{MOVED_FROM}:{'/'.join(map(utc_text, past.moved_from))}\r\n"] if past.moved_from else []
    lines += [text_line(NO_LONGER, each.id) for each in past.no_longer]
    return "".join([*lines, *(text_line(NO_LONGER_IN, feed.id) for feed in past.left)])


_FROM = ("reference", "contact", "source")


def _provenance(window: MaintenanceWindow, zone: Zone, language: Language) -> str:
    labels = LABELS[language]
    lines = [f"{labels['announced']}: {moment(window.announced, zone, language)}"] if window.announced else []
    lines += [f"{labels[name]}: {text}" for name in _FROM if (text := getattr(window, name))]
    return "\n".join(lines)


def _categories(systems: Iterable[str], tags: Iterable[str]) -> str:
    """RFC 5545 3.8.1.2: commas separate values, so commas within a value are escaped."""
    return content_line("CATEGORIES:" + ",".join(map(escape_text, ("Maintenance", *systems, *tags))))


@lru_cache(maxsize=1024)
def _summary_line(title: str, cancelled: bool) -> str:
    return text_line("SUMMARY", CANCELLED_MARK + title if cancelled else title)


_stamp = lru_cache(maxsize=4096)(utc_text)
