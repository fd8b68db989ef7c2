"""Events as the page shows them, and the state of systems that follows: every word finished, in one language.

Which rows a page has is decided in page.py; the sentences are in prose.py. The script says the state as of the
visitor's clock, from the rows of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import bidirectional

from icms_calendar.feed.encode import moved_in_words
from icms_calendar.feed.event import AffectedObject, Event, state_of
from icms_calendar.record.checks import IMPACTS, is_file_name
from icms_calendar.record.labels import CHANNEL_WORDS, IMPACT_WORDS, LABELS, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import clock_span, day, duration, everyday_span, headline, listed, moment, zone_span
from icms_calendar.record.zones import Zone, utc_time
from icms_calendar.site.pictures import SHAPES, strips
from icms_calendar.site.prose import PROSE
from icms_calendar.site.subscribe import google_event

if TYPE_CHECKING:
    from icms_calendar.site.page import Place

INTERRUPTIONS = ("outage", "degraded")
FEW_SYSTEMS = 3  # that are named one by one in a sentence
_FROM_THE_RIGHT = ("R", "AL", "RLE", "RLO", "RLI")


Piece = tuple[str, str]  # a part of a span in words, and the instant it names, as ISO 8601, if it names one
Row = SimpleNamespace  # a window as the templates show it: its event, and what is said of it in words


class State(NamedTuple):
    """The state in words: the sentence, and during an interruption when it ends and what to do."""

    sentence: str
    css: str = "state"
    back: str = ""
    meanwhile: tuple[str, ...] = ()
    under_way: tuple[Event, ...] = ()  # what interrupts now, the worst only


def row_of(event: Event, now: datetime, place: Place) -> Row:
    """The row of an event at `now`, on the page of a system or the root page."""
    language, zone, shown = place.language, event.zone, on_system(event, place.system)
    on_each = [on_system(shown, id_) for id_ in shown.systems]
    shape = SHAPES[shown.impact]
    state = state_of(event.status, event.start, event.end, now)
    span = _span(event, language)
    start, end = iso(event.start, zone), iso(event.end, zone)
    hours = zone_span(event.start, event.end, zone, language)  # the span has its times already
    drawn, left_out = strips(event.start, event.end, zone, language) if state != "over" else ((), 0)
    title = event.own_title or headline(_names(event, place.calendar), event.impact, language)
    is_single = state in ("planned", "under-way") and is_file_name(event.id, "window")
    return Row(
        event=event,
        title=title,
        shape=shape,  # the CSS class of its impact
        state=state,
        interrupts=interrupts(shown),
        shapes=[SHAPES[each.impact] for each in on_each],
        partial=[each.systems[0] for each in on_each if is_partial(each, place.calendar)],
        tags=list(_tags(event, state, language)),
        pieces=_pieces(span, start, end),
        names_both_ends=span[1] != ", ",  # `all day` does not
        start=start,
        end=end,
        clock=clock_span(event.start, event.end, zone) if language == "en" else hours,
        back="" if _names_its_end(event, place.calendar, span) else end_in_words(event, place),
        length=duration(event.end - event.start, language),
        impacts=list(_impacts(event, place)),
        moved=moved_in_words(event.past.moved_from, zone, language) if event.past.moved_from else "",
        facts=_facts(event, language),
        google=google_event(title, event.start, event.end, event.url) if is_single else "",
        strips=drawn,
        days_left_out=left_out,
    )


def state_at(now: datetime, coming: Iterable[Event], place: Place) -> State:
    """The state of a system, or of all, at `now`; `coming` holds what has not ended, by start."""
    calendar, prose = place.calendar, PROSE[place.language]
    coming = [on_system(event, place.system) for event in coming]
    ids = (place.system,) if place.system else calendar.systems_by_id
    everything = [system_name(id_, calendar) for id_ in ids] or [calendar.name]
    worst = _worst(coming, now)
    if not worst:
        return State(_sentence(prose.available, everything, everything, place.language))
    hit = dict.fromkeys(name for event in worst for name in _names(event, calendar, event.impact))
    names = everything if place.system else [*hit]
    advice = (event.details.fallback or event.details.description for event in worst)
    return State(
        sentence=_sentence(getattr(prose, _word(worst, calendar)), names, everything, place.language),
        css=f"state now {SHAPES[worst[0].impact]}",
        back=prose.back.format(when=end_in_words(_last_of(worst, coming), place)),
        meanwhile=tuple(dict.fromkeys(filter(None, advice))),
        under_way=worst,
    )


def system_state(id_: str, events: Iterable[Event], now: datetime, place: Place) -> SimpleNamespace:
    """The state of one system, and its next interruption; its `events` are in order of their start."""
    calendar, prose, impacts = place.calendar, PROSE[place.language], IMPACT_WORDS[place.language]
    hits = [event for event in (on_system(event, id_) for event in events) if event.end > now and interrupts(event)]
    worst = _worst(hits, now)
    words = {"available": prose.up, "partly": prose.in_part, "unavailable": impacts["outage"].lower()}
    state = words.get(_word(worst, calendar), impacts["degraded"].lower())
    coming = next((event for event in hits if event.start > now), None)
    told = prose.next_none
    if coming:
        when = day(coming.zone.wall(coming.start)[0].date(), place.language)
        told = prose.next_of.format(title=impacts[coming.impact].lower(), when=when)
    return SimpleNamespace(
        id=id_,
        name=system_name(id_, calendar),
        shape=SHAPES[worst[0].impact if worst else "no-impact"],
        state=state,
        next=told,
        urgency=(not worst, not coming, coming.start if coming else now),
    )


def system_name(id_: str, calendar: MaintenanceCalendar) -> str:
    """The short name of a system; what has left the records may name one that has left them as well."""
    system = calendar.systems_by_id.get(id_)
    name = system.title if system else id_
    if name.isascii() or not any(bidirectional(letter) in _FROM_THE_RIGHT for letter in name):
        return name
    return f"\u2068{name}\u2069"  # apart from its sentence, whose order it would turn (Unicode annex 9)


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
    """The event as far as it concerns one of its systems: how badly, and what of it. Without an id, all of it."""
    if not id_:
        return event
    affected = tuple(each for each in event.affected if each.id.partition("/")[0] == id_)
    impact = max((each.impact for each in affected if each.impact in IMPACTS), key=IMPACTS.index, default=event.impact)
    return event._replace(systems=(id_,), affected=affected, impact=impact)


def is_partial(event: Event, calendar: MaintenanceCalendar) -> bool:
    """Whether a part of a system that it affects stays as it is."""
    hit = set(event.object_ids)
    return any(id_ not in hit and not _services_of(id_, calendar) <= hit for id_ in event.systems)


def end_in_words(event: Event, place: Place) -> str:
    """The end of an event as its span says it, with its day: `Sunday 13 July 2025, 10am`."""
    span = _span(event, place.language)
    if not _names_its_end(event, place.calendar, span):
        return moment(event.end, event.zone, place.language)
    return span[2] if ", " in span[2] else f"{span[0].rpartition(', ')[0]}, {span[2]}"


def _names_its_end(event: Event, calendar: MaintenanceCalendar, span: tuple[str, str, str]) -> bool:
    """Whether the words of the span say when it ends: whole days do not, nor hours of another zone on their own."""
    return ", " in span[0] and event.zone == calendar.zone


def _span(event: Event, language: Language) -> tuple[str, str, str]:
    all_day = bool(event.details.all_day)
    return everyday_span(event.start, event.end, event.zone, all_day=all_day, language=language)


def _pieces(span: tuple[str, str, str], start: str, end: str) -> tuple[tuple[Piece, ...], ...]:
    """The day and then the hours, if they are of one day; else the two moments."""
    begins, to, ends = span[0], span[1].strip(" ,"), span[2]
    on, comma, hour = begins.rpartition(", ")
    if not to:
        return ((f"{begins},", start),), ((ends, ""),)
    if comma and ", " not in ends:
        return ((f"{on},", ""),), ((hour, start), (to, ""), (ends, end))
    return ((begins, start),), ((to, ""), (ends, end))


def _worst(events: Iterable[Event], now: datetime) -> tuple[Event, ...]:
    """What interrupts at `now`: the outages, or if there is none, what is degraded."""
    active = [
        each for each in events if interrupts(each) and state_of(each.status, each.start, each.end, now) == "under-way"
    ]
    outages = tuple(event for event in active if event.impact == "outage")
    return outages or tuple(active)


def _word(worst: Sequence[Event], calendar: MaintenanceCalendar) -> str:
    """How systems are while the worst of what affects them is this; as prose.py names it."""
    if not worst:
        return "available"
    if worst[0].impact != "outage":
        return "degraded"
    return "partly" if all(is_partial(event, calendar) for event in worst) else "unavailable"


def _last_of(active: Iterable[Event], coming: Iterable[Event]) -> Event:
    """The event at whose end the systems are back: of what is under way, and of what follows without a gap."""
    last = max(active, key=lambda event: event.end)
    for event in coming:
        is_same = not event.systems or not set(event.systems).isdisjoint(last.systems)
        if is_same and interrupts(event) and event.start <= last.end < event.end:
            last = event
    return last


def _names(event: Event, calendar: MaintenanceCalendar, impact: str | None = None) -> list[str]:
    """The names of the systems that it affects, or of those that it affects so badly."""
    ids = (id_ for id_ in event.systems if impact is None or on_system(event, id_).impact == impact)
    return [system_name(id_, calendar) for id_ in ids] or [calendar.name]


def _sentence(forms: tuple[str, str], names: Sequence[str], everything: Sequence[str], language: Language) -> str:
    if len(names) > FEW_SYSTEMS:
        return forms[1].format(systems=PROSE[language].every_system if len(names) == len(everything) else len(names))
    return forms[len(names) > 1].format(systems=listed(names, language))


def _tags(event: Event, state: str, language: Language) -> Iterator[tuple[str, str]]:
    """The words of its status, in one place: emergency first, then what it is now."""
    prose = PROSE[language]
    if event.details.emergency and state != "over":
        yield "urgent", prose.emergency
    if event.status == "cancelled":
        yield "off", prose.cancelled
    elif state == "over":
        yield "", prose.done
    elif event.status == "tentative":
        yield "unsure", prose.not_confirmed
    elif state == "under-way":
        yield "live", prose.now
    else:
        yield "", prose.changed if event.past.moved_from or event.revision.sequence else prose.confirmed


def _impacts(event: Event, place: Place) -> Iterator[tuple[str, str]]:
    """A line for each impact and system: `Unavailable: iCMS, Sea manifests`."""
    for impact, words in IMPACT_WORDS[place.language].items():
        for id_ in event.systems or ("",):
            hit = [each for each in event.affected if each.impact == impact and each.id.partition("/")[0] == id_]
            if hit:
                names = [system_name(id_, place.calendar)] if len(event.systems) > 1 else []
                names += _parts(hit, id_, place)
                yield SHAPES[impact], f"{words}: {', '.join(names)}" if names else words


def _parts(hit: Sequence[AffectedObject], id_: str, place: Place) -> list[str]:
    """What is affected of a system: its services by name, or all; nothing is said if it has none."""
    services, ids = _services_of(id_, place.calendar), {each.id for each in hit}
    if services and services <= ids:
        return [PROSE[place.language].all_services]
    return [] if id_ in ids else [each.name for each in hit]


def _services_of(id_: str, calendar: MaintenanceCalendar) -> set[str]:
    system = calendar.systems_by_id.get(id_)
    return {f"{id_}/{service.id}" for service in system.services} if system else set()


def _facts(event: Event, language: Language) -> tuple[tuple[str, str], ...]:
    """What else is known, each with its label: each channel by its own name."""
    details, past, zone, words = event.details, event.past, event.zone, CHANNEL_WORDS[language]
    changed = event.revision.last_modified if event.revision.sequence else None
    said = {
        "no_longer": ", ".join(each.name for each in past.no_longer),
        "no_longer_in": ", ".join(feed.name for feed in past.left),
        "audience": ", ".join(details.audience),
        "fallback": details.fallback,
        "reason": details.reason,
        "notice": details.notice and f"“{details.notice.strip()}”",
        "reference": details.reference,
        "contact": details.contact,
        "announced": details.announced and moment(details.announced, zone, language),
        "changed": changed and moment(changed, zone, language),
    }
    channels = ((name, words.get(channel, channel)) for name, channel in details.channels.items())
    return (*channels, *((LABELS[language][name], text) for name, text in said.items() if text))
