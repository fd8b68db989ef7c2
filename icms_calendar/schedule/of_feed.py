"""The events of anybody's feed as occurrences that can be asked about: what each affects, and how badly.

How a feed is read is decided in foreign/events.py; what is made of the answers, in schedule.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import cast

from icms_calendar.feed.encode import PRODID
from icms_calendar.findings import SourceError
from icms_calendar.foreign.events import ForeignFeed
from icms_calendar.foreign.vevent import ForeignEvent
from icms_calendar.record.checks import IMPACTS
from icms_calendar.record.fields import MAX_TITLE_CHARACTERS, AffectedService, Impact
from icms_calendar.record.labels import CANCELLED_MARK
from icms_calendar.record.model import MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence
from icms_calendar.schedule.schedule import Effect, Known, Schedule, Target

_MOST_TOLD = 20


def schedule_of_feed(
    feed: ForeignFeed,
    until: datetime | None,
    systems: Mapping[str, frozenset[str]] | None = None,
    asked: tuple[datetime | None, datetime | None] = (None, None),
) -> Schedule:
    """The schedule of a feed that was read until `until`; `systems`, with their services, are known beside its own.

    An event without the properties of a maintenance notification is an outage of whatever is asked about.
    Raises SourceError if something that could not be read may take place in the span that is `asked`, which is open
    without bounds: it may be what matters.
    """
    start, end = asked
    missed = [gap.finding for gap in feed.gaps if gap.touches(start, end or until)]
    if missed:  # once for each rule and line, and not more of it than a person reads
        told = {(finding.code, finding.line): finding for finding in missed}
        raise SourceError(replace(finding, file=feed.file) for finding in islice(told.values(), _MOST_TOLD))
    ours = feed.prodid == PRODID
    effects: dict[Effect, Effect] = {}
    entries = []
    for event in feed.events:
        effect = Effect(tuple(_targets(event, ours=ours)))
        effect = effects.setdefault(effect, effect)
        entries.append((Occurrence(_window(event, effect, feed), event.uid, event.start, event.end), effect))
    return Schedule.made_of(entries, Known(_systems(effects, systems or {})), until)


def _targets(event: ForeignEvent, *, ours: bool) -> Iterable[Target]:
    """What an event affects. Only in our own feeds does a slash divide a system from its service."""
    note = event.maintnote
    worst: Impact = cast("Impact", (note and note.impact) or "outage")
    objects = [(id_, worst) for id_ in event.affects]
    if note and not objects:
        objects = [(entry.id, cast("Impact", entry.impact or worst)) for entry in note.objects]
    for id_, impact in objects:
        system, slash, service = id_.partition("/") if ours else (id_, "", "")
        yield Target(system, service if slash else None, impact)
    if not objects:
        yield Target(None, None, worst)


def _window(event: ForeignEvent, effect: Effect, feed: ForeignFeed) -> MaintenanceWindow:
    """What the event says as a record; it is not checked, since its ids need not be valid in a record."""
    note = event.maintnote
    systems = dict.fromkeys(target.system for target in effect.targets if target.system is not None)
    services = [
        AffectedService.model_construct(id=f"{target.system}/{target.service}", impact=target.impact)
        for target in effect.targets
        if target.service is not None
    ]
    return MaintenanceWindow.model_construct(
        id=(note and note.maintenance_id) or event.uid,
        systems=tuple(systems) or None,
        services=tuple(services) or None,
        start=event.start,
        end=event.end,
        timezone=event.timezone or feed.timezone or "UTC",
        status=event.window_status,
        impact=max((target.impact for target in effect.targets), key=IMPACTS.index),
        title=_title_of(event),
        description=event.description,
        url=event.url,
    )


def _title_of(event: ForeignEvent) -> str:
    title = (event.summary or event.uid).removeprefix(CANCELLED_MARK if event.cancelled else "")
    return title if len(title) <= MAX_TITLE_CHARACTERS else f"{title[: MAX_TITLE_CHARACTERS - 1]}…"


def _systems(effects: Iterable[Effect], given: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    systems = dict(given)
    for system, service, _ in (target for effect in effects for target in effect.targets):
        if system is not None:
            systems[system] = systems.get(system, frozenset()) | ({service} if service is not None else frozenset())
    return systems
