"""The bytes of one of our feeds to the events it published: encode.py and publication.py in reverse.

It reads our own canonical form and nothing else. ledger.py and revise.py decide what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from icms_calendar.feed.encode import AFFECTS, END_VEVENT, MOVED_FROM, NO_LONGER, NO_LONGER_IN, OBJECT_ID, OWN, PRODID
from icms_calendar.feed.event import AffectedObject, Event, Past, Revision, Span
from icms_calendar.record.checks import IMPACTS
from icms_calendar.record.fields import FeedSpec
from icms_calendar.record.labels import CANCELLED_MARK, LABELS, LANGUAGE_NAMES, Language
from icms_calendar.record.validation import ID_PATTERN
from icms_calendar.record.zones import Zone

FEED_FORMAT = 2  # X-ICMS-CALENDAR-FORMAT; 1 is what 0.1.0 wrote, without saying so

_BEGIN_EVENT = b"\r\nBEGIN:VEVENT\r\n"  # at the start of a line: a text may end in these words
_END_EVENT = f"\r\n{END_VEVENT}".encode()
_PRODID = f"\r\nPRODID:{PRODID}\r\n".encode()
_END_FEED = b"END:VCALENDAR\r\n"
HEAD_OCTETS = 2**16  # more than the head of any of our feeds
_STAMP = rb"([0-9]{8}T[0-9]{6}Z)"
_HEAD = re.compile(
    rb"BEGIN:VEVENT\r\nUID:((?:[^\r\n]|\r\n )+)\r\nDTSTAMP:%s\r\nCREATED:%s\r\nLAST-MODIFIED:%s\r\n"
    rb"SEQUENCE:([0-9]{1,20})\r\nDTSTART:%s\r\nDTEND:%s\r\n(?! )" % ((_STAMP,) * 5)
)
_LINE = re.compile(r'((?:[^":]++|"[^"]*")*):?(.*)', re.DOTALL)  # RFC 5545 3.1: to the first colon outside quotes
_LINE_END = re.compile(rb"\r\n(?! )")
_MOVED = f"\r\n{MOVED_FROM}".encode()
_OBJECT_IMPACT = ";X-MAINTNOTE-OBJECT-IMPACT="
_TEXT = rb"(?![ \t]*\r)(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]++|\\[\\;,nN])++"
_VALUE = rb"[^\x00-\x08\x0a-\x1f\x7f]++"
_IMPACT = rb"(?:OUTAGE|DEGRADED|REDUCED-REDUNDANCY|NO-IMPACT)"
_FORM = (  # of an event of any version from its DTEND on, unfolded; compiled only where an event changes
    rb"DTEND:[0-9TZ]+\r\nSUMMARY:%(text)s\r\nDESCRIPTION:%(text)s\r\n(?:URL:%(value)s\r\n)?"
    rb"CATEGORIES:%(text)s(?:,%(text)s)*\r\nSTATUS:(TENTATIVE|CONFIRMED|CANCELLED)\r\n"
    rb"TRANSP:(?:TRANSPARENT|OPAQUE)\r\nX-MICROSOFT-CDO-BUSYSTATUS:(?:FREE|BUSY)\r\nCLASS:PUBLIC\r\n"
    rb'ORGANIZER;CN="[^"\x00-\x08\x0a-\x1f\x7f]*":%(value)s\r\n'
    rb"(?:CONTACT:%(text)s\r\n)?(?:RELATED-TO:%(text)s\r\n)?COLOR:[a-z]+\r\n"
    rb"X-MAINTNOTE-PROVIDER:%(text)s\r\nX-MAINTNOTE-ACCOUNT:%(text)s\r\nX-MAINTNOTE-MAINTENANCE-ID:%(text)s\r\n"
    rb"(?:X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=%(impact)s:%(text)s\r\n)+X-MAINTNOTE-IMPACT:%(impact)s\r\n"
    rb"(?:%(own)sAFFECTS:%(text)s\r\n)*X-MAINTNOTE-STATUS:(TENTATIVE|CONFIRMED|CANCELLED|IN-PROCESS|COMPLETED)\r\n"
    rb"(?:%(own)s(?:RECORD|MOVED-FROM|NO-LONGER-AFFECTS|NO-LONGER-IN):%(value)s\r\n)*END:VEVENT\r\n"
    % {b"text": _TEXT, b"value": _VALUE, b"impact": _IMPACT, b"own": OWN.encode()}
)
_REQUIRED = tuple(
    f"\r\n{name}".encode()
    for name in ("SUMMARY:", "DESCRIPTION:", "STATUS:", "TRANSP:", "ORGANIZER;", "X-MAINTNOTE-STATUS:")
)
_UNDER_WAY = (b"IN-PROCESS", b"COMPLETED")  # of which STATUS knows no more than that they are confirmed
_UNESCAPED = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}


class ForeignFeedError(ValueError):
    """The bytes are not a complete feed of icms-calendar; `args[0]` says why."""


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event as it was in a feed: its identity, revision, span and bytes."""

    uid: str
    revision: Revision
    start: datetime
    end: datetime
    vevent: bytes

    def properties(self) -> list[tuple[str, str]]:
        """Its properties in order: the name with its parameters, and the value as written."""
        return _properties(self.vevent)

    @property
    def content(self) -> bytes:
        """Its bytes without its UID and revision."""
        return self.vevent.partition(b"\r\nDTSTART:")[2]

    @property
    def is_as_written(self) -> bool:
        """Whether it has every property that we write, once and in order, with a value that we could have written."""
        unfolded = self.vevent.replace(b"\r\n ", b"")
        form = re.fullmatch(_FORM, unfolded[unfolded.find(b"\r\nDTEND:") + 2 :])
        return form is not None and form[1] == (b"CONFIRMED" if form[2] in _UNDER_WAY else form[2])

    def text(self, name: str) -> str:
        """The first value of a TEXT property without parameters, unescaped; empty if there is none."""
        begin = self.vevent.find(f"\r\n{name}:".encode())
        if begin < 0:
            return ""
        line = _LINE_END.split(self.vevent[begin + 2 :], maxsplit=1)[0]
        return unescape_text(line.replace(b"\r\n ", b"").decode().partition(":")[2])

    def texts(self, name: str) -> list[str]:
        """Every value of a TEXT property that may occur several times."""
        if name.encode() not in self.vevent:
            return []
        return [unescape_text(value) for key, value in self.properties() if key.partition(";")[0] == name]

    @property
    def status(self) -> str:
        """The status in the terms of the BCOP: `confirmed`, `in-process` …"""
        return self.text("X-MAINTNOTE-STATUS").lower()

    @property
    def objects(self) -> list[str]:
        """What it affects: `icms/sea-manifest`, or `icms`."""
        return self.texts(AFFECTS) or self.texts(OBJECT_ID)

    @property
    def moved_from(self) -> Span | None:
        """Its span before its start last changed, if the feed has it."""
        start, _, end = self.text(MOVED_FROM).partition("/")
        return (_instant(start.encode()), _instant(end.encode())) if end else None


class EventDecoder(NamedTuple):
    """Reads published events back in full, as far as their feed has them.

    `names` are those of systems and services by the ids of what events affect; `renamed` maps old ids to current ones;
    `feeds` are the calendar's own.
    """

    zone: Zone
    domain: str = ""
    languages: Sequence[Language] = ("en",)
    names: Mapping[str, str] = MappingProxyType({})
    renamed: Mapping[str, str] = MappingProxyType({})
    feeds: Sequence[FeedSpec] = ()

    def event(self, published: PublishedEvent) -> Event:
        """The event: what only the record said is no longer known."""
        impact = published.text("X-MAINTNOTE-IMPACT").lower()
        impact = impact if impact in IMPACTS else "outage"  # the previous feed may hold any word
        affected = self.affected(published, impact)
        systems = tuple(dict.fromkeys(each.id.partition("/")[0] for each in affected))
        categories = next((value for key, value in published.properties() if key == "CATEGORIES"), "")
        tags = re.findall(r"(?:\\.|[^\\,])+", categories)[
            1 + len(systems) :
        ]  # after ours, and the names of the systems
        text = published.text("DESCRIPTION")
        title = published.text("SUMMARY").removeprefix(CANCELLED_MARK) or published.uid  # ours never write an empty one
        return Event(
            uid=published.uid,
            id=self.id_of(published),
            title=title,
            own_title=title,
            start=published.start,
            end=published.end,
            past=self.past(published),
            zone=self.zone,
            status=published.status,
            impact=impact,
            systems=systems,
            affected=affected,
            tags=tuple(map(unescape_text, tags)),
            window=None,
            text=text,
            texts=texts_of(text, self.languages),
            url=published.text("URL") or None,
            revision=published.revision,
            vevent=published.vevent,
        )

    def id_of(self, published: PublishedEvent) -> str:
        """The id of an event among the windows."""
        id_, _, domain = published.uid.rpartition("@")
        is_ours = domain == (self.domain or domain) and re.fullmatch(ID_PATTERN, id_)
        return id_ if is_ours else published.text("X-MAINTNOTE-MAINTENANCE-ID")

    def past(self, published: PublishedEvent) -> Past:
        """What the event was before."""
        left = {self.renamed.get(id_, id_) for id_ in published.texts(NO_LONGER_IN)}
        no_longer = tuple(map(self._named, published.texts(NO_LONGER)))
        return Past(published.moved_from, no_longer, tuple(feed for feed in self.feeds if feed.id in left))

    def affected(self, published: PublishedEvent, impact: str = "") -> tuple[AffectedObject, ...]:
        """What the event affects: each as its feed says, otherwise with this `impact`."""
        named = ((key.partition(_OBJECT_IMPACT), unescape_text(value)) for key, value in published.properties())
        impacts = {id_: own.lower() for (_, _, own), id_ in named if own}
        return tuple(self._named(id_, impacts.get(id_, impact)) for id_ in published.objects)

    def _named(self, id_: str, impact: str = "") -> AffectedObject:
        new = self.renamed.get(id_, id_)
        return AffectedObject(new, self.names.get(new, new), impact)


def decode_feed(feed: bytes) -> list[PublishedEvent]:
    """The events of one of our feeds.

    Raises ForeignFeedError if it is not a feed, is cut off, comes from another program, or has anything but our
    events. Line ends may have become LF on the way (git does that), as long as all of them did.
    """
    feed = feed.removeprefix(b"\xef\xbb\xbf")
    if b"\r" not in feed:
        feed = feed.replace(b"\n", b"\r\n")
    if fault := _fault_of(feed):
        raise ForeignFeedError(fault)
    head, begin, body = feed.removesuffix(_END_FEED).partition(_BEGIN_EVENT)
    *chunks, rest = (begin[2:] + body).split(_END_EVENT)
    if rest or b"\r\nUID:" in head or _END_EVENT in head:
        raise _foreign(rest or head)
    return [_decode_event(chunk + _END_EVENT) for chunk in chunks]


def _foreign(piece: bytes) -> ForeignFeedError:
    """The error for a piece of a feed that is not an event in our form; it names its UID, or else its first line."""
    lines = piece.decode(errors="replace").split("\r\n")
    name = next((line for line in lines if line.startswith("UID")), lines[0])[:60]
    return ForeignFeedError(f"it has an event that icms-calendar did not write ({name})")


def _fault_of(feed: bytes) -> str:
    """Why this is not a complete feed of ours; empty if it is."""
    ends = {feed.count(end) for end in (b"\r", b"\n", b"\r\n")}
    faults = {
        "it does not begin with BEGIN:VCALENDAR": not feed.startswith(b"BEGIN:VCALENDAR\r\n"),
        "its line ends are mixed: it was changed after it was built": len(ends) > 1,
        "it is cut off: it does not end with END:VCALENDAR": not feed.endswith(_END_FEED),
        "it was written by another program: its PRODID is not ours": _PRODID not in feed[:1000],
        "it is a feed with reminders. Name the one without them": b"\r\nBEGIN:VALARM\r\n" in feed,
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


class FeedHead(NamedTuple):
    """The head of one of our feeds: its format, LAST-MODIFIED (None for an empty feed) and time zone."""

    format: int
    last_modified: datetime | None
    timezone: str = "UTC"


def decode_head(feed: bytes) -> FeedHead:
    """The head of a feed that `decode_feed` reads. Feeds of 0.1.0 do not name their format; it is 1."""
    head = feed[:HEAD_OCTETS].replace(b"\r\n", b"\n").partition(b"BEGIN:VEVENT")[0]
    form = re.search(rb"^X-ICMS-CALENDAR-FORMAT:([0-9]{1,4})$", head, re.MULTILINE)
    stamp = re.search(rb"^LAST-MODIFIED:%s$" % _STAMP, head, re.MULTILINE)
    try:
        modified = _instant(stamp[1]) if stamp else None
    except ValueError:
        modified = None  # not an instant: somebody else wrote it
    zone = re.search(rb"^X-WR-TIMEZONE:([!-~]+)$", head, re.MULTILINE)
    return FeedHead(int(form[1]) if form else 1, modified, zone[1].decode() if zone else "UTC")


def texts_of(text: str, languages: Sequence[Language]) -> dict[Language, str]:
    """The text of a published DESCRIPTION in each language."""
    first, *others = languages
    paragraphs = text.split("\n\n")
    texts = {}
    for language in others:
        heading = f"{LANGUAGE_NAMES[language]}\n"
        for at in [i for i, paragraph in enumerate(paragraphs) if paragraph.startswith(heading)][-1:]:
            texts[language] = "\n\n".join(paragraphs[at : at + 2]).removeprefix(heading)  # when, and what
            del paragraphs[at : at + 2]
    return {first: "\n\n".join(paragraphs), **texts}


def audience_in(text: str, language: Language) -> list[str]:
    """Who is affected, as a published DESCRIPTION says."""
    label = f"{LABELS[language]['audience']}: "
    line = next((line for line in text.split("\n") if line.startswith(label)), label)
    return line.removeprefix(label).split(", ")


def unescape_text(value: str) -> str:
    """RFC 5545 3.3.11 in reverse."""
    if "\\" not in value:
        return value
    return re.sub(r"\\[\\;,nN]", lambda match: _UNESCAPED[match[0]], value)


def _decode_event(chunk: bytes) -> PublishedEvent:
    """One VEVENT that begins as ours do, does not contain another, and has what every one of ours has."""
    head = _HEAD.match(chunk)
    if head is None or b"\r\nBEGIN:" in chunk:
        raise _foreign(chunk)
    uid, stamp, created, modified, sequence, start, end = head.groups()
    try:
        chunk.decode()
        uid_text = unescape_text(uid.replace(b"\r\n ", b"").decode())
        revision = Revision(int(sequence), _instant(created), _instant(modified))
        event = PublishedEvent(uid_text, revision, _instant(start), _instant(end), chunk)
        is_ours = stamp == modified and uid_text.isprintable() and uid_text == uid_text.strip() and start < end
        is_whole = all(name in chunk for name in _REQUIRED) and (_MOVED not in chunk or event.moved_from)
        if is_ours and is_whole:
            return event
    except ValueError:
        pass
    raise _foreign(chunk)


@lru_cache(maxsize=4096)
def _instant(text: bytes) -> datetime:
    return datetime.strptime(text.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@lru_cache(maxsize=8)  # an event that changes is asked for them several times in a row
def _properties(vevent: bytes) -> list[tuple[str, str]]:
    lines = vevent.decode().replace("\r\n ", "").split("\r\n")[1:-2]
    return [_LINE.findall(line)[0] for line in lines]
