"""What a window affects, the title that follows from it, and the one filter: by system, service, impact, tag and so on.

checks.py checks whether a value exists at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from icms_calendar.record.checks import IMPACTS, services_named
from icms_calendar.record.words import title as title_in_words

if TYPE_CHECKING:
    from icms_calendar.record.fields import AffectedService, Impact, Service, System
    from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow

Wanted = Mapping[str, frozenset[str]]
Facets = Mapping[str, Callable[[], Collection[str] | None]]


class Affected(NamedTuple):
    """One thing that a window affects: a system (no service) or a service of it, and how badly."""

    system: System
    service: Service | None
    impact: Impact

    @property
    def object_id(self) -> str:
        """`icms/sea-manifest`, or `icms` for the whole system: the OBJECT-ID of the BCOP."""
        return f"{self.system.id}/{self.service.id}" if self.service else self.system.id


def affected_by(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> tuple[Affected, ...]:
    """What a window affects: the services it names; every service of a system of which it names none."""
    named = [_resolved(service, window, calendar) for service in window.services or ()]
    affected = []
    for id_ in window.system_ids:
        system = calendar.systems_by_id[id_]
        own = [entry for entry in named if entry.system is system]
        every = [Affected(system, service, window.impact) for service in system.services]
        affected += own or every or [Affected(system, None, window.impact)]
    return tuple(affected)


def impact_of(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> Impact:
    """How badly a window affects what it affects worst: a service may have an impact of its own."""
    if window.services is None:
        return window.impact
    return max((entry.impact for entry in affected_by(window, calendar)), key=IMPACTS.index)


def title_of(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> str:
    """The title of a window, or the default one."""
    if window.title:
        return window.title
    systems = [calendar.systems_by_id[id_].title for id_ in window.system_ids]
    return title_in_words(systems, impact_of(window, calendar), emergency=window.emergency)


def _resolved(service: str | AffectedService, window: MaintenanceWindow, calendar: MaintenanceCalendar) -> Affected:
    name, own = (service, None) if isinstance(service, str) else (service.id, service.impact)
    system, named = services_named(name, window.system_ids, calendar)[0]
    return Affected(system, named, own or window.impact)


def passes(facets: Facets, wanted: Wanted) -> bool:
    """Whether a thing has one of the wanted values of each facet; an empty set matches everything.

    A facet that is None is unknown and excludes nothing: one cancellation too many does less harm than a missing
    one.
    """
    for name, values in wanted.items():
        if not values:
            continue
        has = facets[name]()
        if has is not None and values.isdisjoint(has):
            return False
    return True


def window_facets(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> Facets:
    """The facets of a record; each is computed only if it is needed."""
    return {
        "ids": lambda: (window.id,),
        "system": lambda: window.system_ids,
        "service": lambda: services_of(entry.object_id for entry in affected_by(window, calendar) if entry.service),
        "impact": lambda: (impact_of(window, calendar),),
        "tag": lambda: window.tags,
        "audience": lambda: window.audience,
        "status": lambda: (window.status,),
    }


def services_of(object_ids: Iterable[str]) -> frozenset[str]:
    """Services under both of their names: `icms/sea-manifest` and `sea-manifest`."""
    both = [(id_, id_.partition("/")[2]) for id_ in object_ids if "/" in id_]
    return frozenset(name for pair in both for name in pair)


def words(value: str | Iterable[str]) -> frozenset[str]:
    """One value or several, as a set."""
    return frozenset((value,) if isinstance(value, str) else value)
