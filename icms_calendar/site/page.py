"""The pages of a site (jinja2): the state at a glance, what is coming, and how to subscribe.

Every sentence is finished in rows.py and prose.py, every address in subscribe.py; the templates print them. Which
feeds and events there are is decided in feed/publication.py.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from icms_calendar.feed.encode import mailto
from icms_calendar.feed.event import Event, state_of
from icms_calendar.feed.publication import Feed, Publication, address_of, operators_of
from icms_calendar.findings import Finding, PublishError, found
from icms_calendar.record.addresses import ALL
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.labels import IMPACT_WORDS, LABELS, LANGUAGE_NAMES, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import duration, listed, moment, zone_span
from icms_calendar.site.hosting import home_of
from icms_calendar.site.pictures import SHAPES, months
from icms_calendar.site.prose import PROSE
from icms_calendar.site.rows import (
    INTERRUPTIONS,
    Row,
    State,
    iso,
    on_system,
    row_of,
    state_at,
    system_name,
    system_state,
)
from icms_calendar.site.subscribe import MAX_ADDRESS_CHARACTERS, offer, qr_code

if TYPE_CHECKING:
    import jinja2

MAX_COMING = 500  # rows of a page; the data files have all
MAX_PAST = 100
_MOST_BESIDE_SYSTEMS = (60, 20)  # the same, of the root page where systems have pages of their own
MAX_MONTHS = 3  # one row of them on a computer
FEW_FEEDS = 60  # that the root page offers one by one; the rest are on the systems' pages
UNFOLDED_SYSTEMS = 8
QR_PATH = "qr/page.svg"

_HERE = Path(__file__).parent
_STATIC = ("style.css", "page.js")
_IN_TEMPLATES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # what an expression may raise


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its language and its system; without `system` it is the root page of the language."""

    calendar: MaintenanceCalendar
    language: Language
    system: str = ""

    @property
    def folder(self) -> str:
        """The folder of the language: the first one is at the root."""
        return "" if self.language == self.calendar.languages[0] else f"{self.language}/"

    @property
    def path(self) -> str:
        return f"{self.folder}{self.system}/index.html" if self.system else f"{self.folder}index.html"

    @property
    def root(self) -> str:
        """From this page to the root of the site."""
        return "../" * self.path.count("/")

    @property
    def address(self) -> str | None:
        return address_of(self.path.removesuffix("index.html"), self.calendar)

    @property
    def link(self) -> str:
        """From the root of the site to this page."""
        return self.path.removesuffix("index.html") or "./"

    @property
    def translations(self) -> tuple[Place, ...]:
        """The same page in the other languages."""
        return tuple(replace(self, language=each) for each in self.calendar.languages if each != self.language)


def page_files(published: Publication, now: datetime, templates: Path | None = None) -> dict[str, bytes]:
    """The pages of the calendar and of each system in each language at `now`, and what they are drawn with.

    Files in the folder `templates` replace ours of the same name. Raises PublishError for one that cannot be
    read, or is not a template.
    """
    import jinja2

    calendar, feeds = published.calendar, _feeds_of_pages(published)
    files: dict[str, bytes] = {}
    environment = _environment(templates)
    try:
        page_template, embed = environment.get_template("page.html"), environment.get_template("embed.html")
        for place in places(published):
            page = _page(place, feeds, now)
            given = {"page": page, "place": place, "prose": PROSE[place.language], "languages": LANGUAGE_NAMES}
            files[place.path] = page_template.render(given).encode()
            if not place.system:
                files[f"{place.folder}embed.html"] = embed.render(given).encode()
        given = {"calendar": calendar, "prose": PROSE[calendar.languages[0]], "home": home_of(calendar)}
        files["404.html"] = environment.get_template("404.html").render(given).encode()
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
    return frozenset(path for place in places(published) for path in (place.path, f"{place.folder}embed.html"))


def address_findings(published: Publication) -> Iterator[Finding]:
    """Warnings about addresses: the site has none, or that of a feed is too long for some calendar programs."""
    if published.calendar.url is None:
        yield found("no-url", ("url",))
    for feed in published.feeds:
        address = address_of(f"{feed.path}.ics", published.calendar) or ""
        if len(address) > MAX_ADDRESS_CHARACTERS:
            yield found("address-too-long", feed=f"{feed.path}.ics", length=len(address), limit=MAX_ADDRESS_CHARACTERS)


def places(published: Publication) -> Iterator[Place]:
    """The places of all pages: of each language the root page, and then the pages of systems."""
    for language in published.calendar.languages:
        for id_ in ("", *paged_systems(published)):
            yield Place(published.calendar, language, id_)


def paged_systems(published: Publication) -> tuple[str, ...]:
    """The systems with a page each: all, if there are several; also one that only the previous feed names."""
    calendar = published.calendar
    own = {spec.id for spec in calendar.feeds}
    fed = {feed.path for feed in published.feeds if "/" not in feed.path} - {ALL} - own
    ids = [*calendar.systems_by_id, *sorted(fed - calendar.systems_by_id.keys())]
    return tuple(id_ for id_ in ids if is_file_name(id_, "system")) if len(ids) > 1 else ()


def _feeds_of_pages(published: Publication) -> dict[str, list[Feed]]:
    """The feeds that each page offers, by its system: first the one of all its events. `""` is the root page."""
    systems = paged_systems(published)
    is_short = len(published.feeds) > FEW_FEEDS and bool(systems)
    feeds: dict[str, list[Feed]] = {id_: [] for id_ in ("", *systems)}
    for feed in published.feeds:
        first, slash, _ = feed.path.partition("/")
        if not (slash and is_short):
            feeds[""].append(feed)
        if first in feeds:
            feeds[first].append(feed)
    return feeds


def _page(place: Place, feeds: Mapping[str, Sequence[Feed]], now: datetime) -> SimpleNamespace:
    """One page in one language: finished words, rows and addresses, as its template prints them."""
    calendar, language, prose = place.calendar, place.language, PROSE[place.language]
    paged = {} if place.system else {id_: own[0].events for id_, own in feeds.items() if id_}
    systems = [system_state(id_, events, now, place) for id_, events in paged.items()]
    if len(systems) > UNFOLDED_SYSTEMS:  # first those that are not available, and then those that will not be
        systems.sort(key=lambda each: each.urgency)
    before = [duration(length, language) for length in calendar.reminders]
    letters = zone_span(now, now, calendar.zone, language)
    return SimpleNamespace(
        calendar=calendar,
        labels=LABELS[language],
        name=f"{system_name(place.system, calendar)}: {calendar.name}" if place.system else calendar.name,
        operators=listed(operators_of(calendar) or [prose.operator], language),
        built=moment(now.replace(second=0), calendar.zone, language),
        built_iso=iso(now, calendar.zone),
        zone=f"{calendar.timezone.rpartition('/')[2].replace('_', ' ')} ({letters})",
        systems=systems,
        unfolded_systems=UNFOLDED_SYSTEMS,
        offers=[offer(feed, calendar, language) for feed in feeds[place.system]],
        reminders=prose.remind.format(before=listed(before, language)) if before else "",
        **_windows(place, feeds[place.system][0].events, now, beside_systems=bool(systems)),
    )


def _windows(place: Place, events: Iterable[Event], now: datetime, *, beside_systems: bool) -> dict[str, object]:
    """What a page says of windows: the state, the next one, those that have not ended, and those that have."""
    calendar, language, prose = place.calendar, place.language, PROSE[place.language]
    most_coming, most_past = _MOST_BESIDE_SYSTEMS if beside_systems else (MAX_COMING, MAX_PAST)
    coming, past = _halves(events, now)
    shown = [on_system(event, place.system) for event in coming[:most_coming]]
    drawn = [(each.start, each.end, each.id, each.impact) for each in shown if each.status != "cancelled"]
    rows = [row_of(event, now, place) for event in coming[:most_coming]]
    state, next_ = state_at(now, coming, place), _next(rows)
    return {
        "description": _description(rows, state, next_, prose.description_none),
        "state": state,
        "next": next_,
        "latest_end": moment(max(each.end for each in past), calendar.zone, language) if past else "",
        "coming": rows,  # the earliest first
        "past": [row_of(event, now, place) for event in past[:most_past]],  # the latest first
        "left_out_coming": max(0, len(coming) - most_coming),
        "left_out_past": max(0, len(past) - most_past),
        "months": months(drawn, calendar.zone, language, MAX_MONTHS),
        "words": _scripted(place, rows, now),
    }


def _halves(events: Iterable[Event], now: datetime) -> tuple[list[Event], list[Event]]:
    """What has not ended, the earliest first; and what has, or was reported as completed, the latest first."""
    halves: dict[bool, list[Event]] = {False: [], True: []}
    for event in events:
        is_over = event.end <= now or state_of(event.status, event.start, event.end, now) == "over"
        halves[is_over].append(event)
    coming, past = halves.values()
    return coming, sorted(past, key=lambda event: (event.start, event.uid), reverse=True)


def _next(coming: Sequence[Row]) -> Row | None:
    """The next interruption; if there is none, the next window without one."""
    planned = [row for row in coming if row.state == "planned" and row.event.takes_place]
    return next((row for row in planned if row.interrupts), planned[0] if planned else None)


def _description(coming: Iterable[Row], state: State, next_: Row | None, none: str) -> str:
    """What is under way, or what comes next, for search engines and messengers."""
    row = next((row for row in coming if row.event.id in {event.id for event in state.under_way}), next_)
    span = " ".join(words for group in row.pieces for words, _ in group) if row else ""
    return f"{row.title}: {span} ({row.clock})" if row else none


def _scripted(place: Place, rows: Iterable[Row], now: datetime) -> dict[str, object]:
    """What the script says."""
    calendar, prose, impacts = place.calendar, PROSE[place.language], IMPACT_WORDS[place.language]
    ids = [place.system] if place.system else list(calendar.systems_by_id)
    count = len(ids)
    if count > FEW_FEEDS:  # of many systems, those that the page has rows of
        ids = list(dict.fromkeys(id_ for row in rows for id_ in row.event.systems))
    return {
        **{name: getattr(prose, name) for name in _SCRIPTED},
        "stale_explained": prose.stale_explained.format(when=moment(now, calendar.zone, place.language)),
        "impacts": {SHAPES[impact]: impacts[impact].lower() for impact in INTERRUPTIONS},
        "names": {id_: system_name(id_, calendar) for id_ in ids},
        "count": count,
    }


_SCRIPTED = (
    *("available", "unavailable", "partly", "degraded", "back", "stale"),
    *("up", "in_part", "next_of", "next_none", "ends", "your_time"),
    *("system", "every_system", "find", "copy", "copied", "pasted", "now", "done"),
)


def _environment(templates: Path | None) -> jinja2.Environment:
    import jinja2

    folder, compiled = _HERE / "templates", _HERE / "templates" / "__pycache__"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([templates, folder] if templates else folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    if templates is None and not sys.dont_write_bytecode:
        # Our templates are kept as an earlier build compiled them, as Python keeps its own modules: compiling them
        # takes a tenth of a small build. Where Python may not write such files, neither do we.
        with suppress(OSError):
            compiled.mkdir(exist_ok=True)
        if os.access(compiled, os.W_OK):
            environment.bytecode_cache = jinja2.FileSystemBytecodeCache(str(compiled))
    environment.filters["mailto"] = mailto
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    return environment


def _static(name: str, templates: Path | None) -> bytes:
    own = templates / name if templates else None
    if own and own.is_file():
        return own.read_bytes()
    path = _HERE / "static" / name
    return _dense(path.read_text(encoding="utf-8"), _BLANKS[path.suffix]).encode()


def _dense(text: str, blanks: str) -> str:
    """Our style or script without comments, and without the blanks that neither needs; texts in quotes keep theirs.

    A line of the script that ends in a letter, a digit or a closing bracket keeps its end, which may end a statement.
    """
    text = re.sub(r"(?ms)/\*.*?\*/|(^|(?<=[;{])) *// [^\n]*", "", text)
    text = re.sub(r"\s*\n\s*", "\n", text).strip()
    kept = re.sub(rf'("[^"]*"|`[^`]*`)|{blanks}', lambda match: "".join(filter(None, match.groups())), text)
    return kept.replace(";}", "}") + "\n"


_BLANKS = {  # beside what is in groups
    ".css": r"\s?([{};,])\s?|(?<=[a-z0-9-]:) |\n",
    ".js": r" ?([=<>{}();,:?&|*]+) ?| ([-+]) (?![-+])|(?<=[;{},(])\n",
}


def _fault_of(error: Exception, templates: Path) -> Finding:
    """What is wrong with a template; jinja2 gives file and line for its syntax, and nothing for where it failed."""
    file = getattr(error, "filename", None)
    finding = found("template-fault", reason=f"{type(error).__name__}: {error}")
    return replace(finding, file=str(file or templates), line=getattr(error, "lineno", None))
