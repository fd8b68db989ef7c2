"""The one filter: which windows or events pass the values asked for, by system, service, impact, tag and so on.

checks.py checks whether a value exists at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from icms_calendar.record.affected import affected_by, impact_of

if TYPE_CHECKING:
    from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow

Wanted = Mapping[str, frozenset[str]]
Facets = Mapping[str, Callable[[], Collection[str] | None]]


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
