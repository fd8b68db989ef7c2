"""The pages of a site (jinja2): the state at a glance, what is coming, and how to subscribe.

Every sentence is finished in rows.py and prose.py, every address in subscribe.py; the templates print them. Which
feeds and events there are is decided in feed/publication.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from icms_calendar.feed.event import Event, state_of
from icms_calendar.feed.publication import Feed, Publication, address_of, operators_of
from icms_calendar.findings import Finding, PublishError, found
from icms_calendar.record.addresses import ALL
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.labels import IMPACT_WORDS, LABELS, LANGUAGE_NAMES, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import day, duration, listed, moment, zone_span
from icms_calendar.site.pictures import Month, months, short_weekdays
from icms_calendar.site.prose import PROSE, Prose
from icms_calendar.site.rows import INTERRUPTIONS, SHAPES, Row, iso, row_of, system_name
from icms_calendar.site.subscribe import (
    GOOGLE_FROM_URL,
    MAX_ADDRESS_CHARACTERS,
    SubscribeLinks,
    qr_code,
    subscribe_links,
)

if TYPE_CHECKING:
    import jinja2

SHOWN_AT_ONCE = 5
MAX_COMING = 500  # rows of a page; the data files have all
MAX_COMING_BESIDE_SYSTEMS = 60  # of the root page where systems have pages of their own
MAX_PAST = 100
MAX_PAST_BESIDE_SYSTEMS = 20
MAX_MONTHS = 6
FEW_SYSTEMS = 3  # that are named one by one in a sentence
FEW_FEEDS = 60  # that the root page offers one by one; the rest are on the systems' pages
EMBEDDED = 3
QR_PATH = "qr/page.svg"

_HERE = Path(__file__).parent
_STATIC = ("style.css", "page.js")
_IN_TEMPLATES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # what an expression may raise


def page_files(published: Publication, templates: Path | None = None) -> dict[str, bytes]:
    """The pages of the calendar and of each system in each language, and what they are drawn with.

    Files in the folder `templates` take the place of ours of the same name. Raises PublishError for one that cannot be
    read, or is not a template.
    """
    import jinja2

    calendar = published.calendar
    files: dict[str, bytes] = {}
    environment = _environment(templates)
    try:
        page_template, embed = environment.get_template("page.html"), environment.get_template("embed.html")
        for page in _pages(published):
            files[page.path] = page_template.render(page=page, prose=page.prose).encode()
            if not page.system:
                files[f"{page.folder}embed.html"] = embed.render(page=page, prose=page.prose).encode()
        first = _Page(published, calendar.languages[0])
        files["404.html"] = environment.get_template("404.html").render(page=first, prose=first.prose).encode()
        for name in _STATIC:
            files[name] = _static(name, templates)
    except (jinja2.TemplateError, OSError, *_IN_TEMPLATES) as error:
        if templates is None:  # then it is our own bug
            raise
        raise PublishError([_fault_of(error, templates)]) from error
    if calendar.url:
        files[QR_PATH] = qr_code(calendar.url)
    return files


def page_paths(published: Publication) -> frozenset[str]:
    """The paths of every page, which change with the clock, not only with the records."""
    languages = published.calendar.languages
    folders = ["" if language == languages[0] else f"{language}/" for language in languages]
    names = ["index.html", "embed.html", *(f"{id_}/index.html" for id_ in _paged_systems(published))]
    return frozenset(folder + name for folder in folders for name in names)


def address_findings(published: Publication) -> Iterator[Finding]:
    """A warning for each feed whose address some calendar programs refuse because it is too long."""
    for feed in published.feeds:
        address = address_of(f"{feed.path}.ics", published.calendar) or ""
        if len(address) > MAX_ADDRESS_CHARACTERS:
            yield found("address-too-long", feed=f"{feed.path}.ics", length=len(address), limit=MAX_ADDRESS_CHARACTERS)


class Offer(NamedTuple):
    """A feed as the page offers it: its name, its file, and its links where the calendar says where it is served."""

    name: str
    path: str
    links: SubscribeLinks | None
    group: str  # the system of a service


class SystemState(NamedTuple):
    """A system in the list of the root page: its name, its page, and its state and next interruption in words."""

    id: str
    name: str
    page: str
    shape: str
    state: str
    next: str


@dataclass(frozen=True)
class _Page:
    """One page in one language: what its template asks for. Without `system` it is the root page."""

    published: Publication
    language: Language
    system: str = ""
    events_by_system: Mapping[str, Sequence[Event]] = field(default_factory=dict)  # of every page, so made once
    feeds_by_system: Mapping[str, Sequence[Feed]] = field(default_factory=dict)

    @property
    def calendar(self) -> MaintenanceCalendar:
        return self.published.calendar

    @property
    def now(self) -> datetime:
        assert self.published.now is not None  # noqa: S101 - a site is built at an instant
        return self.published.now

    @property
    def prose(self) -> Prose:
        return PROSE[self.language]

    @property
    def labels(self) -> dict[str, str]:
        return LABELS[self.language]

    @property
    def folder(self) -> str:
        """The folder of this language: the first one is at the root."""
        return "" if self.language == self.calendar.languages[0] else f"{self.language}/"

    @property
    def path(self) -> str:
        return f"{self.folder}{self.system}/index.html" if self.system else f"{self.folder}index.html"

    @property
    def root(self) -> str:
        """From this page to the root of the site."""
        return "../" * self.path.count("/")

    @property
    def up(self) -> str:
        """From this page to the root page in its language."""
        return "../" if self.system else ""

    @property
    def home(self) -> str:
        """The root of the site, from wherever: a page that is not found may be asked for at any depth."""
        return f"{urlsplit(self.calendar.url).path.rstrip('/')}/" if self.calendar.url else "./"

    @property
    def address(self) -> str | None:
        return address_of(self.path.removesuffix("index.html"), self.calendar)

    @property
    def name(self) -> str:
        if not self.system:
            return self.calendar.name
        return f"{system_name(self.system, self.calendar)}: {self.calendar.name}"

    @property
    def other_languages(self) -> tuple[tuple[Language, str, str, str | None], ...]:
        others = (replace(self, language=language) for language in self.calendar.languages)
        return tuple(
            (
                other.language,
                LANGUAGE_NAMES[other.language],
                f"{self.root}{other.path.removesuffix('index.html') or './'}",
                other.address,
            )
            for other in others
            if other.language != self.language
        )

    @property
    def whose(self) -> str:
        """Who keeps the calendar, and whether it is the operator's own."""
        if self.calendar.official:
            told = self.prose.official
        else:
            operators = operators_of(self.calendar)
            names = listed(operators, self.language) if operators else ""
            told = self.prose.unofficial_of.format(operators=names) if names else self.prose.unofficial
        publisher = self.calendar.publisher
        return f"{self.prose.kept_by.format(publisher=publisher.name)} {told}" if publisher else told

    @property
    def mailto(self) -> str:
        """The link to the publisher (RFC 6068)."""
        publisher = self.calendar.publisher
        return f"mailto:{quote(publisher.email, safe='@')}" if publisher and publisher.email else ""

    @property
    def send(self) -> str:
        """The link that mails the address of this page to oneself."""
        return f"mailto:?subject={quote(self.name)}&body={quote(self.address or '')}"

    @property
    def built(self) -> str:
        return moment(self.now, self.calendar.zone, self.language)

    @property
    def built_iso(self) -> str:
        return iso(self.now, self.calendar.zone)

    @property
    def zone(self) -> str:
        place = self.calendar.timezone.rpartition("/")[2].replace("_", " ")
        return f"{place} ({zone_span(self.now, self.now, self.calendar.zone, self.language)})"

    # What is shown

    @cached_property
    def events(self) -> tuple[Event, ...]:
        if not self.system:
            return self.published.events
        return tuple(self.events_by_system.get(self.system, ()))

    @property
    def limits(self) -> tuple[int, int]:
        if self.systems and not self.system:
            return MAX_COMING_BESIDE_SYSTEMS, MAX_PAST_BESIDE_SYSTEMS
        return MAX_COMING, MAX_PAST

    @cached_property
    def _coming(self) -> list[Event]:
        return [event for event in self.events if event.end > self.now and self._state(event) != "over"]

    @cached_property
    def _past(self) -> list[Event]:
        past = [event for event in self.events if self._state(event) == "over" or event.end <= self.now]
        return sorted(past, key=lambda event: (event.start, event.uid), reverse=True)

    def _state(self, event: Event) -> str:
        return state_of(event.status, event.start, event.end, self.now)

    @cached_property
    def coming(self) -> tuple[Row, ...]:
        """What has not ended, the earliest first."""
        return tuple(self._row(event) for event in self._coming[: self.limits[0]])

    @property
    def first(self) -> tuple[Row, ...]:
        return self.coming[:SHOWN_AT_ONCE]

    @property
    def later(self) -> tuple[Row, ...]:
        return self.coming[SHOWN_AT_ONCE:]

    @property
    def later_words(self) -> str:
        number = len(self.later)
        return self.prose.later if number == 1 else self.prose.later_many.format(number=number)

    @cached_property
    def past(self) -> tuple[Row, ...]:
        """What has ended, the latest first."""
        return tuple(self._row(event) for event in self._past[: self.limits[1]])

    def _row(self, event: Event) -> Row:
        return row_of(event, self.calendar, self.now, self.language, self.root)

    @property
    def left_out_coming(self) -> int:
        return max(0, len(self._coming) - self.limits[0])

    @property
    def left_out_past(self) -> int:
        return max(0, len(self._past) - self.limits[1])

    # The state

    @cached_property
    def under_way(self) -> tuple[Row, ...]:
        """What interrupts now, the worst only."""
        now = [row for row in self.coming if row.interrupts and row.state == "under-way"]
        worst = min((INTERRUPTIONS.index(row.shape) for row in now), default=None)
        return tuple(row for row in now if worst is not None and row.shape == INTERRUPTIONS[worst])

    @property
    def state(self) -> str:
        """The state in one sentence."""
        if not self.under_way:
            return self._sentence(self.prose.available, self._names())
        rows = self.under_way
        names = list(dict.fromkeys(name for row in rows for name in row.names))
        if self.system:
            names = self._names()
        if rows[0].shape == "degraded":
            return self._sentence(self.prose.degraded, names)
        return self._sentence(self.prose.partly if all(r.is_partial for r in rows) else self.prose.unavailable, names)

    @property
    def state_css(self) -> str:
        return f"state now {self.under_way[0].shape}" if self.under_way else "state"

    @property
    def back(self) -> str:
        """When it is expected back: the end of what is under way, and of what follows without a gap."""
        shown = {row.anchor for row in self.under_way}
        last = max((event for event in self._coming if event.id in shown), key=lambda event: event.end)
        for event in self._coming:
            is_same = not event.systems or not set(event.systems).isdisjoint(last.systems)
            interrupts = SHAPES[event.impact] in INTERRUPTIONS and event.takes_place
            if is_same and interrupts and event.start <= last.end < event.end:
                last = event
        return self.prose.back.format(when=moment(last.end, last.zone, self.language))

    @property
    def meanwhile(self) -> tuple[str, ...]:
        texts = (row.fallback or row.description for row in self.under_way)
        return tuple(dict.fromkeys(text for text in texts if text))

    def _names(self) -> list[str]:
        if self.system:
            return [system_name(self.system, self.calendar)]
        return [system.title for system in self.calendar.systems_by_id.values()] or [self.calendar.name]

    def _sentence(self, forms: tuple[str, str], names: Sequence[str]) -> str:
        if len(names) > FEW_SYSTEMS:
            return forms[1].format(systems=self.prose.all_systems if len(names) == len(self._names()) else len(names))
        return forms[len(names) > 1].format(systems=listed(names, self.language))

    @cached_property
    def next(self) -> Row | None:
        """The next interruption; if there is none, the next window without one."""
        planned = [
            row for row in self.coming if row.state == "planned" and row.status not in ("cancelled", "completed")
        ]
        return next((row for row in planned if row.interrupts), planned[0] if planned else None)

    @property
    def next_head(self) -> str:
        return self.prose.next if self.next and self.next.interrupts else self.prose.next_calm

    @property
    def nothing_planned(self) -> str:
        """What is said if nothing is coming: that it is so, and when the latest window ended."""
        if self.under_way:
            return self.prose.nothing_else
        if not self._past or self._coming:
            return self.prose.none
        latest = max(self._past, key=lambda event: event.end)
        ended = self.prose.ended_records.format(when=moment(latest.end, self.calendar.zone, self.language))
        return f"{self.prose.none} {ended}"

    @cached_property
    def systems(self) -> tuple[SystemState, ...]:
        """The systems with pages of their own, each with its state and next interruption."""
        if self.system:  # only the root page lists them
            return ()
        return tuple(self._system_state(id_) for id_ in _paged_systems(self.published))

    def _system_state(self, id_: str) -> SystemState:
        mine = [event for event in self.events_by_system.get(id_, ()) if event.end > self.now and event.takes_place]
        hits = [event for event in mine if SHAPES[event.impact] in INTERRUPTIONS]
        now = [event for event in hits if self._state(event) == "under-way"]
        coming = next((event for event in hits if event.start > self.now), None)
        worst = "outage" if any(event.impact == "outage" for event in now) else "degraded" if now else "none"
        names = IMPACT_WORDS[self.language]
        state = names[worst].lower() if now else self.prose.up
        told = self.prose.next_none
        if coming:
            when = day(coming.zone.wall(coming.start)[0].date(), self.language)
            told = self.prose.next_of.format(title=names[coming.impact].lower(), when=when)
        return SystemState(id_, system_name(id_, self.calendar), f"{self.up}{id_}/", worst, state, told)

    # Subscribing

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The feeds that the page offers, its main one first."""
        feeds = self.published.feeds
        if self.system:
            feeds = tuple(self.feeds_by_system.get(self.system, ()))
        elif len(feeds) > FEW_FEEDS and self.systems:
            feeds = tuple(feed for feed in feeds if "/" not in feed.path)
        return tuple(map(self._offer, feeds))

    def _offer(self, feed: Feed) -> Offer:
        address = address_of(f"{feed.path}.ics", self.calendar)
        system, _, service = feed.path.partition("/")
        name = self.prose.every_system if feed.path == ALL else feed.name.removeprefix(f"{self.calendar.name}: ")
        return Offer(
            name, feed.path, subscribe_links(address, feed.name) if address else None, system if service else ""
        )

    @property
    def reminders(self) -> str:
        before = [duration(length, self.language) for length in self.calendar.reminders]
        return self.prose.remind.format(before=listed(before, self.language)) if before else ""

    @property
    def google(self) -> str:
        return GOOGLE_FROM_URL

    @property
    def qr(self) -> str:
        return f"{self.root}{QR_PATH}" if self.calendar.url and not self.system else ""

    # Months

    @cached_property
    def _months(self) -> tuple[tuple[Month, ...], bool]:
        zone = self.calendar.zone
        spans = (
            (event.start, event.end, zone, event.id, event.impact)
            for event in self._coming[: self.limits[0]]
            if event.status != "cancelled"
        )
        return months(spans, self.language, MAX_MONTHS)

    @property
    def months(self) -> tuple[Month, ...]:
        return self._months[0]

    @property
    def months_hint(self) -> str:
        return self.prose.month_hint if self._months[1] or self.left_out_coming else ""

    @property
    def shapes(self) -> dict[str, str]:
        return SHAPES

    @property
    def impact_keys(self) -> tuple[tuple[str, str], ...]:
        words = IMPACT_WORDS[self.language]
        used = {cell.mark.impact for month in self.months for week in month.weeks for cell in week if cell.mark}
        return tuple((SHAPES[impact], words[impact]) for impact in words if impact in used)

    @property
    def weekdays(self) -> tuple[tuple[str, str], ...]:
        return short_weekdays(self.language)

    # For the head, for scripts, and for other sites

    @property
    def description(self) -> str:
        row = (self.under_way or (self.next,))[0]
        if row is None:
            return self.prose.description_none
        span = " ".join(piece.words for group in row.pieces for piece in group)
        return f"{row.title}: {span} ({row.clock})"

    @property
    def words(self) -> dict[str, object]:
        """What the script says."""
        prose, names = self.prose, {id_: system_name(id_, self.calendar) for id_ in self.calendar.systems_by_id}
        if self.system:
            names = {self.system: names.get(self.system, self.system)}
        words: dict[str, object] = {name: getattr(prose, name) for name in _SCRIPTED}
        words["now"] = prose.statuses["in-process"]
        words["done"] = prose.statuses["completed"]
        words["stale_explained"] = prose.stale_explained.format(when=self.built)
        impacts = IMPACT_WORDS[self.language]
        words["impacts"] = {SHAPES[impact]: impacts[impact].lower() for impact in INTERRUPTIONS}
        # Many systems are not named one by one.
        words["names"] = names if len(names) <= FEW_FEEDS else {}
        words["count"] = len(names)
        return words

    @property
    def embedded(self) -> tuple[Row, ...]:
        """The next windows, for the frame on other sites: times only, which stay true without a script."""
        return tuple(row for row in self.coming if row.status not in ("cancelled", "completed"))[:EMBEDDED]


_SCRIPTED = (
    *("available", "unavailable", "partly", "degraded", "all_systems", "back", "stale"),
    *("up", "next_of", "next_none", "ends", "your_time", "system", "every_system", "find", "copy", "copied", "pasted"),
)


def _pages(published: Publication) -> Iterator[_Page]:
    events: dict[str, list[Event]] = {}
    feeds: dict[str, list[Feed]] = {}
    for event in published.events:
        for id_ in event.systems:
            events.setdefault(id_, []).append(event)
    for feed in published.feeds:
        feeds.setdefault(feed.path.partition("/")[0], []).append(feed)
    for language in published.calendar.languages:
        for id_ in ("", *_paged_systems(published)):
            yield _Page(published, language, id_, events, feeds)


def _paged_systems(published: Publication) -> tuple[str, ...]:
    """The systems with a page each: all, if there are several; also one that only the previous feed names."""
    calendar = published.calendar
    own = {spec.id for spec in calendar.feeds}
    fed = {feed.path for feed in published.feeds if "/" not in feed.path} - {ALL} - own
    ids = [*calendar.systems_by_id, *sorted(fed - calendar.systems_by_id.keys())]
    return tuple(id_ for id_ in ids if is_file_name(id_, "system")) if len(ids) > 1 else ()


def _environment(templates: Path | None) -> jinja2.Environment:
    import jinja2

    folders = [folder for folder in (templates, _HERE / "templates") if folder is not None]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _static(name: str, templates: Path | None) -> bytes:
    own = templates / name if templates else None
    if own and own.is_file():
        return own.read_bytes()
    text = (_HERE / "static" / name).read_text(encoding="utf-8")
    return _dense(text, is_style=name.endswith(".css")).encode()


def _dense(text: str, *, is_style: bool) -> str:
    """Our style or script without comments, indentation, and the blanks that a style does not need."""
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/|(?<=[;{]) // .*", "", text).split("\n"))
    dense = "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"([a-z0-9-]): ", r"\1:", dense)) if is_style else dense


def _fault_of(error: Exception, templates: Path) -> Finding:
    """What is wrong with a template; jinja2 gives file and line for its syntax, and nothing for where it failed."""
    file = getattr(error, "filename", None)
    finding = found("template-fault", reason=f"{type(error).__name__}: {error}")
    return replace(finding, file=str(file or templates), line=getattr(error, "lineno", None))
