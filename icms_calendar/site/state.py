"""The state of systems at the time of a build, in one sentence, and what people should know meanwhile.

The script says the same as of the visitor's clock, from the rows of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from icms_calendar.feed.event import Event, state_of
from icms_calendar.record.labels import IMPACT_WORDS, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import day, listed
from icms_calendar.site.pictures import SHAPES
from icms_calendar.site.prose import PROSE
from icms_calendar.site.rows import end_in_words, interrupts, is_partial, on_system, system_name

FEW_SYSTEMS = 3  # that are named one by one in a sentence


class State(NamedTuple):
    """The state in words: the sentence, and during an interruption when it ends and what to do."""

    sentence: str
    css: str
    back: str
    meanwhile: tuple[str, ...]
    under_way: tuple[Event, ...]  # what interrupts now, the worst only


class SystemState(NamedTuple):
    """A system in the list of the root page: its name, its page, and its state and next interruption in words."""

    id: str
    name: str
    page: str
    shape: str
    state: str
    next: str
    is_up: bool
    next_start: datetime | None


def state_at(
    now: datetime, coming: Sequence[Event], calendar: MaintenanceCalendar, language: Language, system: str = ""
) -> State:
    """The state of a system, or of all, at `now`; `coming` holds what has not ended, by start."""
    coming = [on_system(event, system) for event in coming] if system else coming
    prose, worst = PROSE[language], _worst(coming, now)
    everything = [system_name(id_, calendar) for id_ in calendar.systems_by_id] or [calendar.name]
    if system:
        everything = [system_name(system, calendar)]
    if not worst:
        return State(_sentence(prose.available, everything, everything, language), "state", "", (), ())
    names = list(dict.fromkeys(name for event in worst for name in _names(event, calendar)))
    is_outage = worst[0].impact == "outage"
    whole = prose.partly if all(is_partial(event, calendar) for event in worst) else prose.unavailable
    last = _last_of(worst, coming)
    texts = (event.details.fallback or event.details.description for event in worst)
    return State(
        sentence=_sentence(
            whole if is_outage else prose.degraded, everything if system else names, everything, language
        ),
        css=f"state now {SHAPES[worst[0].impact]}",
        back=prose.back.format(when=end_in_words(last, calendar, language)),
        meanwhile=tuple(dict.fromkeys(text for text in texts if text)),
        under_way=worst,
    )


def system_state(
    id_: str, page: str, events: Iterable[Event], now: datetime, calendar: MaintenanceCalendar, language: Language
) -> SystemState:
    """The state of one system, and its next interruption; its `events` are in order of their start."""
    prose, words = PROSE[language], IMPACT_WORDS[language]
    hits = [event for event in (on_system(event, id_) for event in events) if event.end > now and interrupts(event)]
    worst = _worst(hits, now)
    state = words[worst[0].impact].lower() if worst else prose.up
    if worst and worst[0].impact == "outage" and all(is_partial(event, calendar) for event in worst):
        state = prose.in_part
    coming = next((event for event in hits if event.start > now), None)
    told = prose.next_none
    if coming:
        when = day(coming.zone.wall(coming.start)[0].date(), language)
        told = prose.next_of.format(title=words[coming.impact].lower(), when=when)
    shape = SHAPES[worst[0].impact if worst else "no-impact"]
    start = coming.start if coming else None
    return SystemState(id_, system_name(id_, calendar), page, shape, state, told, not worst, start)


def _worst(events: Iterable[Event], now: datetime) -> tuple[Event, ...]:
    """What interrupts at `now`: the outages, or if there is none, what is degraded."""
    active = [
        each for each in events if interrupts(each) and state_of(each.status, each.start, each.end, now) == "under-way"
    ]
    outages = tuple(event for event in active if event.impact == "outage")
    return outages or tuple(active)


def _last_of(active: Iterable[Event], coming: Iterable[Event]) -> Event:
    """The event at whose end the systems are back: of what is under way, and of what follows without a gap."""
    last = max(active, key=lambda event: event.end)
    for event in coming:
        is_same = not event.systems or not set(event.systems).isdisjoint(last.systems)
        if is_same and interrupts(event) and event.start <= last.end < event.end:
            last = event
    return last


def _names(event: Event, calendar: MaintenanceCalendar) -> Sequence[str]:
    """The systems that it affects worst."""
    worst = [id_ for id_ in event.systems if on_system(event, id_).impact == event.impact]
    return [system_name(id_, calendar) for id_ in worst] or [calendar.name]


def _sentence(forms: tuple[str, str], names: Sequence[str], everything: Sequence[str], language: Language) -> str:
    if len(names) > FEW_SYSTEMS:
        return forms[1].format(systems=PROSE[language].every_system if len(names) == len(everything) else len(names))
    return forms[len(names) > 1].format(systems=listed(names, language))
