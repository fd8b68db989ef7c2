"""The windows in the form of Statuspage's public API (api/v2/), which monitoring programs already read.

A static file cannot turn a window to in progress: these files are true at the build and change with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from icms_calendar.feed.encode import utc_text
from icms_calendar.feed.event import Event, state_of
from icms_calendar.feed.publication import Publication
from icms_calendar.feed.revise import EPOCH
from icms_calendar.record.addresses import ALL
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import utc_time
from icms_calendar.site.data import Table, address_shown, json_file, summary_of

STATUSPAGE_FOLDER = "api/v2/"
MOST_MAINTENANCES = 50  # in a list, as at Statuspage: programs ask every minute. windows.json has every window

_IMPACTS = {"outage": "maintenance", "degraded": "minor", "reduced-redundancy": "none", "no-impact": "none"}
_STATES = {"outage": "under_maintenance", "degraded": "degraded_performance"}  # of a component; otherwise operational
_WORST_LAST = ("operational", "degraded_performance", "under_maintenance")
_OPERATIONAL = "operational"
_STATUSES = {"planned": "scheduled", "under-way": "in_progress", "over": "completed", "cancelled": "completed"}


def statuspage_files(published: Publication, now: datetime) -> dict[str, bytes]:
    """The files of the API, as of `now`.

    Statuspage has no cancelled status, so a cancelled window is `completed`, and its update says that it does not take
    place. Lists have the windows under way, then the soonest, then of the rest the latest starts.
    """
    by_status: dict[str, list[Event]] = {"in_progress": [], "scheduled": [], "completed": []}
    for event in published.events:
        by_status[_status(event, now)].append(event)
    active, upcoming, over = by_status.values()
    page = _page(published, now)
    components = _components(published.calendar, active, page)
    by_id = {component["id"]: component for component in components}
    here, soon, ended = (
        [_maintenance(event, by_id, page, now) for event in chosen[:MOST_MAINTENANCES]]
        for chosen in (active, upcoming, over[::-1])
    )
    status: Table = {"status": _overall(components)}
    parts: Table = {"components": components}
    no_incidents: Table = {"incidents": []}  # always; some programs fail without them

    def maintenances(chosen: list[Table]) -> Table:
        return {"scheduled_maintenances": chosen[:MOST_MAINTENANCES]}

    files = {
        "components": parts,
        "scheduled-maintenances": maintenances(here + soon + ended),
        "scheduled-maintenances/upcoming": maintenances(soon),
        "scheduled-maintenances/active": maintenances(here),
        "incidents": no_incidents,
        "incidents/unresolved": no_incidents,
        "summary": status | parts | no_incidents | maintenances(here + soon),
        "status": status,
    }
    return {f"{STATUSPAGE_FOLDER}{name}.json": json_file({"page": page} | members) for name, members in files.items()}


def _status(event: Event, now: datetime) -> str:
    """Statuspage's word for the state; it has none for cancelled, which becomes completed."""
    return _STATUSES[state_of(event.status, event.start, event.end, now)]


def _page(published: Publication, now: datetime) -> Table:
    """The page's update time: when a window last changed, began or ended, not when a build found nothing new."""
    calendar = published.calendar
    before = max(published.stamps.get(ALL, EPOCH), published.last_modified or EPOCH)  # this time never goes back
    moments = [before]
    for event in published.events:
        moments += (event.revision.last_modified, event.start, event.end)
    return {
        "id": calendar.domain,
        "name": calendar.name,
        "url": calendar.url,
        "time_zone": calendar.timezone,
        "updated_at": utc_time(max(moment for moment in moments if moment <= now or moment == before)),
    }


def _overall(components: Iterable[Table]) -> Table:
    """Statuspage's summary of all components: one of the two words that maintenance can lead to."""
    if any(component["status"] != _OPERATIONAL for component in components):
        return {"indicator": "maintenance", "description": "Service Under Maintenance"}
    return {"indicator": "none", "description": "All Systems Operational"}


def _components(calendar: MaintenanceCalendar, active: Iterable[Event], page: Table) -> list[Table]:
    """Each system and each of its services; a system with services is a group in Statuspage's terms."""
    hits = [affected for event in active for affected in event.affected]
    hits.sort(key=lambda affected: _WORST_LAST.index(_state(affected.impact)))
    states = {affected.id: _state(affected.impact) for affected in hits}  # the worst of each, as the last
    components: list[Table] = []
    for system in calendar.systems_by_id.values():
        services = {f"{system.id}/{service.id}": service.name for service in system.services}
        here = [states.get(id_, _OPERATIONAL) for id_ in (system.id, *services)]
        group = _component(system.id, system.name, max(here, key=_WORST_LAST.index), page)
        components.append(group | {"group": True, "components": [*services]} if services else group)
        for id_, name in services.items():
            part = _component(id_, name, states.get(id_, _OPERATIONAL), page)
            components.append(part | {"group_id": system.id})
    return [component | {"position": i} for i, component in enumerate(components, 1)]


def _component(id_: str, name: str, state: str, page: Table) -> Table:
    return {
        "id": id_,
        "name": name,
        "status": state,
        "created_at": utc_time(EPOCH),  # unknown; programs expect a time
        "updated_at": page["updated_at"],
        "position": 0,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": page["id"],
        "group": False,
        "only_show_if_degraded": False,
    }


def _maintenance(event: Event, components: dict[str, Table], page: Table, now: datetime) -> Table:
    """A window, with one update, which has a new id whenever there is news."""
    status, modified = _status(event, now), event.revision.last_modified
    began = utc_time(_status_began(event, status, now))
    update = {
        "id": f"{event.uid}/{utc_text(modified)}/{status}",
        "incident_id": event.uid,
        "status": status,
        "body": event.text,
        **dict.fromkeys(("created_at", "updated_at", "display_at"), began),
        "affected_components": [
            {
                "code": affected.id,
                "name": affected.name,
                "old_status": _OPERATIONAL,
                "new_status": _state(affected.impact) if status == "in_progress" else _OPERATIONAL,
            }
            for affected in event.affected
        ],
    }
    return {
        "id": event.uid,
        "name": summary_of(event),
        "status": status,
        "impact": _IMPACTS.get(event.impact, "maintenance"),
        "created_at": utc_time(event.revision.created),
        "updated_at": utc_time(modified),
        "monitoring_at": None,
        "resolved_at": began if status == "completed" else None,
        "started_at": utc_time(event.start),
        "shortlink": address_shown(event),
        "page_id": page["id"],
        "scheduled_for": utc_time(event.start),
        "scheduled_until": utc_time(event.end),
        "components": [
            components.get(affected.id) or _component(affected.id, affected.name, _OPERATIONAL, page)
            for affected in event.affected
        ],
        "incident_updates": [update],
    }


def _status_began(event: Event, status: str, now: datetime) -> datetime:
    """When the window reached its status: by the clock, or by a change to its record."""
    changed = event.revision.last_modified
    edge = {"in_progress": event.start, "completed": event.end}.get(status, EPOCH)
    return max(changed, edge) if edge <= now else changed


def _state(impact: str) -> str:
    return _STATES.get(impact, _OPERATIONAL)
