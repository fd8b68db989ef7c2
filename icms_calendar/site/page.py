"""The pages of a site (jinja2): where people subscribe, and read what is announced.

Every sentence comes finished from words.py and prose.py, every address from subscribe.py; the templates print them.
Which feeds and events there are is decided in build.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from icms_calendar.feed.encode import moved_in_words
from icms_calendar.feed.event import Details, Event
from icms_calendar.feed.publication import address_of
from icms_calendar.findings import Finding, PublishError, found
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.labels import CHANNEL_WORDS, IMPACT_WORDS, LABELS, STATUS_WORDS, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import clock_span, duration, everyday_span, listed, moment, planned, title, zone_span
from icms_calendar.record.zones import Zone
from icms_calendar.site.pictures import Month, Strip, months, short_weekdays, strips
from icms_calendar.site.prose import PROSE, Prose
from icms_calendar.site.subscribe import SubscribeLinks, qr_code, subscribe_links

if TYPE_CHECKING:
    import jinja2
    from jinja2.bccache import Bucket

MAX_COMING = 500  # rows of a page; the data files have all
MAX_PAST = 100
MAX_MONTHS = 12

PAGE_PATHS = ("index.html", *(f"{language}/index.html" for language in PROSE))

_HERE = Path(__file__).parent
_STATIC = ("style.css", "page.js")
_IN_TEMPLATES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # what an expression may raise


class PageFeed(NamedTuple):
    """A feed as the page offers it: its path without `.ics`, and its name."""

    path: str
    name: str


def page_files(
    calendar: MaintenanceCalendar,
    events: Sequence[Event],
    feeds: Sequence[PageFeed],
    now: datetime,
    templates: Path | None = None,
) -> dict[str, bytes]:
    """The pages in each of the calendar's languages, what they are drawn with, and the QR codes of the feeds.

    Files in the folder `templates` take the place of ours of the same name. Raises PublishError where one cannot be
    read, or is no template.
    """
    import jinja2

    files: dict[str, bytes] = {}
    environment = _environment(templates)
    try:
        for language in calendar.languages:
            page = _Page(calendar, events, feeds, now, language)
            html = environment.get_template("page.html").render(page=page, prose=page.prose)
            files[f"{page.folder}index.html"] = html.encode()
        page = _Page(calendar, (), (), now, calendar.languages[0])
        files["404.html"] = environment.get_template("404.html").render(page=page, prose=page.prose).encode()
        for name in _STATIC:
            files[name] = _static(name, templates)
    except (jinja2.TemplateError, OSError, *_IN_TEMPLATES) as error:
        if templates is None:  # then it is our own fault
            raise
        raise PublishError([_fault_of(error, templates)]) from error
    for feed in feeds:
        if address := address_of(f"{feed.path}.ics", calendar):
            files[f"qr/{feed.path}.svg"] = qr_code(subscribe_links(address, feed.name).webcal)
    return files


class Row(NamedTuple):
    """A window as the page shows it: every word finished."""

    anchor: str
    title: str
    sentence: str  # `iCMS is planned to be unavailable`
    start: str  # ISO 8601 with offset
    end: str
    span: tuple[str, str, str]
    clock: str
    length: str
    status: str
    css: str  # the classes of its look; a planned one looks like none
    status_words: str
    impact: str
    affected: tuple[tuple[str, str], ...]  # in which way, what
    facts: tuple[tuple[str, str], ...]  # the other texts, each under its head
    source: str | None
    single: str | None  # the file of this event alone
    strips: tuple[Strip, ...]
    more_days: str


class FeedRow(NamedTuple):
    """A feed as the page offers it: its links, where the calendar says where it is served."""

    name: str
    path: str
    links: SubscribeLinks | None
    reminders: SubscribeLinks | None
    qr: str
    qr_alt: str


@dataclass(frozen=True)
class _Page:
    """One page in one language: what its template asks for."""

    calendar: MaintenanceCalendar
    events: Sequence[Event]
    feeds: Sequence[PageFeed]
    now: datetime
    language: Language

    @property
    def prose(self) -> Prose:
        return PROSE[self.language]

    @property
    def folder(self) -> str:
        """Of this page: the first language stands at the root."""
        return "" if self.language == self.calendar.languages[0] else f"{self.language}/"

    @property
    def root(self) -> str:
        """From this page to the root of the site."""
        return "../" if self.folder else ""

    @property
    def home(self) -> str:
        """The root of the site, from wherever: a page that is not found may be asked for at any depth."""
        return f"{urlsplit(self.calendar.url).path.rstrip('/')}/" if self.calendar.url else "./"

    @property
    def other_languages(self) -> tuple[tuple[Language, str, str], ...]:
        first = self.calendar.languages[0]
        return tuple(
            (other, PROSE[other].language_name, f"{self.root}{'' if other == first else f'{other}/'}index.html")
            for other in self.calendar.languages
            if other != self.language
        )

    @property
    def whose(self) -> str:
        """Whether this is the operator's own calendar, in words."""
        if self.calendar.official:
            return self.prose.official
        systems = self.calendar.systems_by_id.values()
        operators = list(dict.fromkeys(system.operator.name for system in systems if system.operator))
        if not operators:
            return self.prose.unofficial
        return self.prose.unofficial_of.format(operators=listed(operators, self.language))

    @property
    def built(self) -> str:
        return moment(self.now, self.calendar.zone, self.language)

    @property
    def built_iso(self) -> str:
        return _iso(self.now, self.calendar.zone)

    @property
    def checked(self) -> str:
        return self.prose.checked.format(when=self.built)

    @property
    def reminders(self) -> str:
        """The label of the feeds that remind, where there are any."""
        before = [duration(length, self.language) for length in self.calendar.reminders]
        return self.prose.reminders.format(before=listed(before, self.language)) if before else ""

    @cached_property
    def coming(self) -> tuple[Row, ...]:
        """What has not ended, the earliest first."""
        return tuple(self._row(event) for event in self._coming[:MAX_COMING])

    @cached_property
    def past(self) -> tuple[Row, ...]:
        """What has ended, the latest first."""
        return tuple(self._row(event, is_past=True) for event in self._past[:MAX_PAST])

    @property
    def next(self) -> Row | None:
        """The first that takes place, as far as is known when the page is built."""
        return next((row for row in self.coming if row.status not in ("cancelled", "completed")), None)

    @property
    def left_out_coming(self) -> int:
        return max(0, len(self._coming) - MAX_COMING)

    @property
    def left_out_past(self) -> int:
        return max(0, len(self._past) - MAX_PAST)

    @property
    def caption(self) -> str:
        return self.prose.coming_caption.format(zone=self.calendar.timezone)

    @cached_property
    def _months(self) -> tuple[tuple[Month, ...], bool]:
        events = self._coming[:MAX_COMING]
        spans = ((*_span(event), event.zone, event.id, event.impact) for event in events if event.status != "cancelled")
        return months(spans, self.language, MAX_MONTHS)

    @property
    def months(self) -> tuple[Month, ...]:
        return self._months[0]

    @property
    def month_hint(self) -> str:
        """How to read the grids; and, where it is so, that days have several windows, and that days are left out."""
        shared = any(cell.more for month in self.months for week in month.weeks for cell in week)
        cut = self._months[1] or self.left_out_coming > 0
        told = ((self.prose.month_hint, True), (self.prose.months_shared, shared), (self.prose.months_left_out, cut))
        return " ".join(sentence for sentence, holds in told if holds)

    @property
    def weekdays(self) -> tuple[tuple[str, str], ...]:
        return short_weekdays(self.language)

    @property
    def offered(self) -> tuple[FeedRow, ...]:
        """Every feed, that of all windows first."""
        return tuple(self._offered(feed) for feed in self.feeds)

    def _offered(self, feed: PageFeed) -> FeedRow:
        links, reminders = self._links(feed.path, feed.name), None
        if self.calendar.reminders:
            reminders = self._links(f"{feed.path}-reminders", feed.name)
        name = self.prose.feed_all if feed.path == "all" else feed.name.removeprefix(f"{self.calendar.name}: ")
        alt = self.prose.qr_alt.format(address=links.webcal) if links else ""
        return FeedRow(name, feed.path, links, reminders, f"{self.root}qr/{feed.path}.svg", alt)

    def _links(self, path: str, name: str) -> SubscribeLinks | None:
        address = address_of(f"{path}.ics", self.calendar)
        return subscribe_links(address, name) if address else None

    @cached_property
    def _coming(self) -> list[Event]:
        return [event for event in self.events if event.end > self.now]

    @cached_property
    def _past(self) -> list[Event]:
        past = [event for event in self.events if event.end <= self.now]
        return sorted(past, key=lambda event: event.start, reverse=True)

    def _row(self, event: Event, *, is_past: bool = False) -> Row:
        zone, impact, status = event.zone, event.impact, event.status
        start, end = _span(event)
        emergency, all_day = bool(event.details.emergency), bool(event.details.all_day)
        look: str = "changed" if status == "confirmed" and event.revision.sequence else status
        drawn, left_out = strips(start, end, zone, self.language) if not is_past else ((), 0)
        systems = [self._system_name(id_) for id_ in event.systems] or [self.calendar.name]  # none was published
        return Row(
            anchor=event.id,
            title=event.own_title or title(systems, impact, emergency=emergency, language=self.language),
            sentence=planned(systems, impact, tentative=status == "tentative", language=self.language),
            start=_iso(start, zone),
            end=_iso(end, zone),
            span=everyday_span(start, end, zone, all_day=all_day, language=self.language),
            clock=clock_span(start, end, zone) if self.language == "en" else zone_span(start, end, zone, self.language),
            length=duration(end - start, self.language),
            status=look,
            css=impact if look == "confirmed" else f"{look} {impact}",
            status_words=self.prose.statuses.get(look, status),
            impact=impact,
            affected=tuple(self._affected(event)),
            facts=tuple(fact for fact in self._facts(event) if fact[1]),
            source=event.details.source,
            single=None if is_past or not is_file_name(event.id, "window") else f"{self.root}events/{event.id}.ics",
            strips=drawn,
            more_days=self.prose.more_days.format(number=left_out) if left_out else "",
        )

    def _system_name(self, id_: str) -> str:
        system = self.calendar.systems_by_id.get(id_)  # what has left the records may name one that has, too
        return system.title if system else id_

    def _affected(self, event: Event) -> Iterable[tuple[str, str]]:
        for impact, words in IMPACT_WORDS[self.language].items():
            if names := [each.name for each in event.affected if each.impact == impact]:
                yield words, ", ".join(names)

    def _facts(self, event: Event) -> Iterable[tuple[str, str]]:
        labels, details, zone = LABELS[self.language], event.details, event.zone
        yield "", moved_in_words(event.moved_from, zone, self.language) if event.moved_from else ""
        yield "", STATUS_WORDS[self.language].get(event.status, "")
        yield from self._texts(details)
        if details.announced:
            yield labels["announced"], moment(details.announced, zone, self.language)
        if event.revision.sequence:
            yield labels["changed"], moment(event.revision.last_modified, zone, self.language)

    def _texts(self, details: Details) -> Iterable[tuple[str, str]]:
        labels = LABELS[self.language]
        channels = (f"{name} {CHANNEL_WORDS[self.language][state]}" for name, state in details.channels.items())
        yield "", details.description or ""
        yield labels["channels"], "; ".join(channels)
        yield labels["audience"], ", ".join(details.audience)
        yield labels["reason"], details.reason or ""
        yield labels["fallback"], details.fallback or ""
        yield labels["notice"], f"“{details.notice.strip()}”" if details.notice else ""
        yield labels["reference"], details.reference or ""
        yield labels["contact"], details.contact or ""


def _span(event: Event) -> tuple[datetime, datetime]:
    return event.start, event.end


def _iso(instant: datetime, zone: Zone) -> str:
    """What the zone's clock shows, with its offset: `2025-07-13T04:00+03:00`."""
    wall, _ = zone.wall(instant)
    seconds = int((wall - instant.replace(tzinfo=None)).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    if rest % 60:  # of a time before standard time; HTML has no offset of seconds
        return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
    exact = wall.isoformat(timespec="seconds" if wall.second else "minutes")
    return f"{exact}{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}"


def _environment(templates: Path | None) -> jinja2.Environment:
    import jinja2

    folders = [str(folder) for folder in (templates, _HERE / "templates") if folder]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=None if templates else _compiled(),
    )


def _compiled() -> jinja2.BytecodeCache:
    """Our templates as they were compiled before, kept beside them as Python keeps its own modules.

    To compile them takes a tenth of a small build. Where Python may write no such files, neither do we.
    """
    import jinja2

    folder = _HERE / "templates" / "__pycache__"

    class Kept(jinja2.FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Bucket) -> None:
            if not sys.dont_write_bytecode:
                with suppress(OSError):  # the next build compiles them again
                    folder.mkdir(exist_ok=True)
                    super().dump_bytecode(bucket)

    return Kept(str(folder))


def _static(name: str, templates: Path | None) -> bytes:
    own = templates / name if templates else None
    return (own if own and own.is_file() else _HERE / "static" / name).read_bytes()


def _fault_of(error: Exception, templates: Path) -> Finding:
    """What is wrong with a template; jinja2 tells the file and line of its syntax, and nothing of where it failed."""
    file = getattr(error, "filename", None)
    finding = found("template-fault", reason=f"{type(error).__name__}: {error}")
    return replace(finding, file=str(file or templates), line=getattr(error, "lineno", None))
