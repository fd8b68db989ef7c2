"""Events as the page shows them: every word finished, every address made, in one language.

Which rows a page has is decided in page.py; the sentences are in prose.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from unicodedata import bidirectional

from icms_calendar.feed.encode import moved_in_words
from icms_calendar.feed.event import Event, state_of
from icms_calendar.record.checks import IMPACTS, is_file_name
from icms_calendar.record.labels import CHANNEL_WORDS, IMPACT_WORDS, LABELS, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import clock_span, duration, everyday_span, headline, moment, zone_span
from icms_calendar.record.zones import Zone, utc_time
from icms_calendar.site.pictures import SHAPES, Strip, strips
from icms_calendar.site.place import Place
from icms_calendar.site.prose import PROSE
from icms_calendar.site.subscribe import google_event

INTERRUPTIONS = ("outage", "degraded")
_FROM_THE_RIGHT = ("R", "AL", "RLE", "RLO", "RLI")


class Piece(NamedTuple):
    """A part of a span in words, and the instant it names, as ISO 8601, if it names one."""

    words: str
    iso: str = ""


class Row(NamedTuple):
    """A window as the page shows it. `pieces` is its span in words, in groups that keep
    on one line; `start` and `end` the same as ISO 8601."""

    anchor: str
    title: str
    shape: str  # the CSS class of its impact
    status: str
    state: str
    systems: tuple[str, ...]
    shapes: tuple[str, ...]  # of its impact on each of the systems, if that differs
    partial: tuple[str, ...]  # the systems of which a part stays as it is
    tags: tuple[tuple[str, str], ...]  # CSS class, and word
    pieces: tuple[tuple[Piece, ...], ...]
    start: str
    end: str
    clock: str
    back: str  # its end in words, if they do not follow from those of the span
    length: str
    impacts: tuple[tuple[str, str], ...]  # CSS class, and what is affected
    moved: str
    facts: tuple[tuple[str, str], ...]
    description: str
    fallback: str
    source: str | None
    single: str | None
    google: str | None
    strips: tuple[Strip, ...]
    more_days: str

    @property
    def takes_place(self) -> bool:
        return self.status not in ("cancelled", "completed")

    @property
    def interrupts(self) -> bool:
        return self.shape in INTERRUPTIONS and self.takes_place

    @property
    def span(self) -> str:
        return " ".join(piece.words for group in self.pieces for piece in group)

    @property
    def names_both_ends(self) -> bool:
        """Whether the span in words names its start and its end; `all day` does not."""
        return sum(bool(piece.iso) for group in self.pieces for piece in group) > 1

    @property
    def css(self) -> str:
        look = {"cancelled": " cancelled", "tentative": " tentative"}.get(self.status, "")
        return f"{self.shape}{look}"


def row_of(event: Event, now: datetime, place: Place) -> Row:
    """The row of an event at `now`, on the page of a system or the root page."""
    calendar, language, root = place.calendar, place.language, place.root
    prose, zone, details = PROSE[language], event.zone, event.details
    here = [on_system(event, id_) for id_ in ((place.system,) if place.system else event.systems)]
    shapes = tuple(SHAPES[each.impact] for each in here)
    state = state_of(event.status, event.start, event.end, now)
    names = tuple(system_name(id_, calendar) for id_ in event.systems) or (calendar.name,)
    span = _span(event, language)
    start, end = iso(event.start, zone), iso(event.end, zone)
    hours = zone_span(event.start, event.end, zone, language)  # its times are in the span already
    drawn, left_out = strips(event.start, event.end, zone, language) if state != "over" else ((), 0)
    shown = event.own_title or headline(names, event.impact, language)
    is_single = state in ("planned", "under-way") and is_file_name(event.id, "window")
    return Row(
        anchor=event.id,
        title=shown,
        shape=shapes[0] if place.system else SHAPES[event.impact],
        status=event.status,
        state=state,
        systems=event.systems,
        shapes=shapes if len(set(shapes)) > 1 else (),
        partial=tuple(each.systems[0] for each in here if is_partial(each, calendar)),
        tags=tuple(_tags(event, state, language)),
        pieces=_pieces(span, start, end),
        start=start,
        end=end,
        clock=clock_span(event.start, event.end, zone) if language == "en" else hours,
        back="" if _names_its_end(event, calendar, span) else end_in_words(event, calendar, language),
        length=duration(event.end - event.start, language),
        impacts=tuple(_impacts(event, calendar, language)),
        moved=moved_in_words(event.past.moved_from, zone, language) if event.past.moved_from else "",
        facts=tuple(fact for fact in _facts(event, language) if fact[1]),
        description=details.description or "",
        fallback=details.fallback or "",
        source=details.source,
        single=f"{root}events/{event.id}.ics" if is_single else None,
        google=google_event(shown, event.start, event.end, event.url or "") if is_single else None,
        strips=drawn,
        more_days=prose.more_days.format(number=left_out) if left_out else "",
    )


def _pieces(span: tuple[str, str, str], start: str, end: str) -> tuple[tuple[Piece, ...], ...]:
    """The day and then the hours, if they are of one day; else the two moments."""
    begins, to, ends = span[0], span[1].strip(" ,"), span[2]
    on, comma, hour = begins.rpartition(", ")
    if not to:
        return (Piece(f"{begins},", start),), (Piece(ends),)
    if comma and ", " not in ends:
        return (Piece(f"{on},"),), (Piece(hour, start), Piece(to), Piece(ends, end))
    return (Piece(begins, start),), (Piece(to), Piece(ends, end))


def system_name(id_: str, calendar: MaintenanceCalendar) -> str:
    """The short name of a system; what has left the records may name one that has left them as well."""
    system = calendar.systems_by_id.get(id_)
    name = system.title if system else id_
    if name.isascii() or not any(bidirectional(letter) in _FROM_THE_RIGHT for letter in name):
        return name
    return f"\u2068{name}\u2069"  # apart from its sentence, whose order it would turn (Unicode annex 9)


def end_in_words(event: Event, calendar: MaintenanceCalendar, language: Language) -> str:
    """The end of an event as its span says it, with its day: `Sunday 13 July 2025, 10am`."""
    span = _span(event, language)
    if not _names_its_end(event, calendar, span):
        return moment(event.end, event.zone, language)
    return span[2] if ", " in span[2] else f"{span[0].rpartition(', ')[0]}, {span[2]}"


def _names_its_end(event: Event, calendar: MaintenanceCalendar, span: tuple[str, str, str]) -> bool:
    """Whether the words of the span say when it ends: whole days do not, nor hours of another zone on their own."""
    return ", " in span[0] and event.zone == calendar.zone


def _span(event: Event, language: Language) -> tuple[str, str, str]:
    all_day = bool(event.details.all_day)
    return everyday_span(event.start, event.end, event.zone, all_day=all_day, language=language)


def iso(instant: datetime, zone: Zone) -> str:
    """What the zone's clock shows, with its offset: `2025-07-13T04:00+03:00`."""
    local = zone.local(instant)
    if f"{local:%z}"[5:]:  # before standard time; HTML has no offset of seconds
        return utc_time(instant)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def interrupts(event: Event) -> bool:
    """Whether it takes place, and something does not work meanwhile."""
    return event.impact in INTERRUPTIONS and event.takes_place


def on_system(event: Event, id_: str) -> Event:
    """The event as far as it concerns one of its systems: how badly, and what of it."""
    affected = tuple(each for each in event.affected if each.id.partition("/")[0] == id_)
    impact = max((each.impact for each in affected if each.impact in IMPACTS), key=IMPACTS.index, default=event.impact)
    return event._replace(systems=(id_,), affected=affected, impact=impact)


def is_partial(event: Event, calendar: MaintenanceCalendar) -> bool:
    """Whether a part of a system that it affects stays as it is."""
    hit = set(event.object_ids)
    return any(id_ not in hit and not _services_of(id_, calendar) <= hit for id_ in event.systems)


def _services_of(id_: str, calendar: MaintenanceCalendar) -> set[str]:
    system = calendar.systems_by_id.get(id_)
    return {f"{id_}/{service.id}" for service in system.services} if system else set()


def _tags(event: Event, state: str, language: Language) -> Iterator[tuple[str, str]]:
    """The words of its status, in one place: emergency first, then what it is now."""
    prose = PROSE[language]
    if event.details.emergency and state != "over":
        yield "urgent", prose.emergency
    if event.status == "cancelled":
        yield "off", prose.statuses["cancelled"]
    elif state == "over":
        yield "", prose.statuses["completed"]
    elif event.status == "tentative":
        yield "unsure", prose.statuses["tentative"]
    else:
        look = "changed" if event.past.moved_from or event.revision.sequence else "confirmed"
        yield ("live", prose.statuses["in-process"]) if state == "under-way" else ("", prose.statuses[look])


def _impacts(event: Event, calendar: MaintenanceCalendar, language: Language) -> Iterable[tuple[str, str]]:
    """A line for each impact and system: `Unavailable: iCMS: Sea manifests`."""
    prose, several = PROSE[language], len(event.systems) > 1
    for impact, words in IMPACT_WORDS[language].items():
        for id_ in event.systems or ("",):
            mine = [each for each in event.affected if each.impact == impact and each.id.partition("/")[0] == id_]
            if not mine:
                continue
            services = _services_of(id_, calendar)
            names = ", ".join(each.name for each in mine)
            if services and services <= {each.id for each in mine}:
                names = prose.all_services
            elif mine[0].id == id_:
                names = "" if not several else system_name(id_, calendar)
            if several and mine[0].id != id_:
                names = f"{system_name(id_, calendar)}, {names}"
            yield SHAPES[impact], f"{words}: {names}" if names else words


def _facts(event: Event, language: Language) -> Iterator[tuple[str, str]]:
    labels, details, zone = LABELS[language], event.details, event.zone
    for name, channel in details.channels.items():
        yield name, CHANNEL_WORDS[language].get(channel, channel)
    if event.past.no_longer:
        yield labels["no_longer"], ", ".join(each.name for each in event.past.no_longer)
    if event.past.left:
        yield labels["no_longer_in"], ", ".join(feed.name for feed in event.past.left)
    yield labels["audience"], ", ".join(details.audience)
    yield labels["fallback"], details.fallback or ""
    yield labels["reason"], details.reason or ""
    yield labels["notice"], f"“{details.notice.strip()}”" if details.notice else ""
    yield labels["reference"], details.reference or ""
    yield labels["contact"], details.contact or ""
    if details.announced:
        yield labels["announced"], moment(details.announced, zone, language)
    if event.revision.sequence:
        yield labels["changed"], moment(event.revision.last_modified, zone, language)
