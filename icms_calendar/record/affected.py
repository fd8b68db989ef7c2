"""What a window affects: systems and services, how badly, and the title that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from icms_calendar.record.checks import IMPACTS, services_named
from icms_calendar.record.words import title as title_in_words

if TYPE_CHECKING:
    from icms_calendar.record.fields import Impact
    from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
    from icms_calendar.record.parts import AffectedService, Service, System


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
