"""Windows in Statuspage's shape: what is under way at the build, what comes, and how each system is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from icms_calendar import MaintenanceCalendar
from icms_calendar.site.build import plan_site
from icms_calendar.site.statuspage import STATUSPAGE_FOLDER
from tests.strategies import NOW, SYSTEMS

HOUR = timedelta(hours=1)


def api(*windows: dict[str, Any], now: datetime = NOW) -> dict[str, Any]:
    """The files by their names, of windows that say what matters: `start` is in hours from NOW."""
    told = [
        {
            "id": f"w{i}",
            "system": "icms",
            "duration": "2h",
            **window,
            "start": (NOW + window["start"] * HOUR).isoformat(),
        }
        for i, window in enumerate(windows)
    ]
    told = [{k: v for k, v in window.items() if v is not None} for window in told]
    base = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "url": "https://example.org/c/"}
    records = MaintenanceCalendar.model_validate({**base, "systems": SYSTEMS, "windows": told})
    files = plan_site(records, now).files
    return {
        path.removeprefix(STATUSPAGE_FOLDER).removesuffix(".json"): json.loads(content)
        for path, content in files.items()
        if path.startswith(STATUSPAGE_FOLDER)
    }


def ids(content: dict[str, Any]) -> list[str]:
    return [each["id"].removesuffix("@c.example.org") for each in content["scheduled_maintenances"]]


def states(content: dict[str, Any]) -> dict[str, str]:
    return {component["id"]: component["status"] for component in content["components"]}


@pytest.mark.parametrize(
    ("status", "start", "told"),
    [
        ("confirmed", 1, "scheduled"),
        ("tentative", 1, "scheduled"),
        ("in-process", 1, "scheduled"),  # one word of a record does not begin it early
        ("completed", 1, "completed"),
        ("cancelled", 1, "completed"),
        ("confirmed", 0, "in_progress"),
        ("tentative", -1, "in_progress"),
        ("completed", -1, "completed"),
        ("cancelled", -1, "completed"),
        ("confirmed", -2, "completed"),  # it holds its start, not its end
        ("in-process", -3, "completed"),
    ],
)
def test_the_status_follows_from_the_clock_and_the_record(status: str, start: int, told: str) -> None:
    files = api({"start": start, "status": status})
    assert files["scheduled-maintenances"]["scheduled_maintenances"][0]["status"] == told
    assert ids(files["scheduled-maintenances/upcoming"]) == (["w0"] if told == "scheduled" else [])
    assert ids(files["scheduled-maintenances/active"]) == (["w0"] if told == "in_progress" else [])
    assert ids(files["summary"]) == ([] if told == "completed" else ["w0"])


def test_the_update_of_a_cancelled_window_says_that_it_does_not_take_place() -> None:
    told = api({"start": 1, "status": "cancelled"})["scheduled-maintenances"]["scheduled_maintenances"][0]
    assert told["name"] == "CANCELLED: iCMS unavailable: planned maintenance"
    [update] = told["incident_updates"]
    assert update["status"] == "completed"
    assert "Cancelled: this maintenance does not take place." in update["body"]
    assert told["resolved_at"] == update["created_at"] == "2025-07-11T09:30:00Z"  # when it was called off


@pytest.mark.parametrize(
    ("impact", "told", "state", "indicator"),
    [
        ("outage", "maintenance", "under_maintenance", "maintenance"),
        ("degraded", "minor", "degraded_performance", "maintenance"),
        ("reduced-redundancy", "none", "operational", "none"),
        ("no-impact", "none", "operational", "none"),
    ],
)
def test_a_service_is_as_the_impact_on_it_says_while_the_window_lasts(
    impact: str, told: str, state: str, indicator: str
) -> None:
    files = api({"start": -1, "impact": impact, "services": ["sea"]})
    others = dict.fromkeys(("icms/house", "itax", "itax/returns", "bare"), "operational")
    assert states(files["components"]) == {"icms": state, "icms/sea": state, **others}
    assert files["status"]["status"]["indicator"] == files["summary"]["status"]["indicator"] == indicator
    [maintenance] = files["scheduled-maintenances/active"]["scheduled_maintenances"]
    assert maintenance["impact"] == told
    assert [(each["id"], each["status"]) for each in maintenance["components"]] == [("icms/sea", state)]
    assert maintenance["incident_updates"][0]["affected_components"] == [
        {"code": "icms/sea", "name": "sea", "old_status": "operational", "new_status": state}
    ]


def test_before_and_after_a_window_everything_works() -> None:
    files = api({"start": 1}, {"start": -3})
    assert set(states(files["summary"]).values()) == {"operational"}
    assert files["status"]["status"] == {"indicator": "none", "description": "All Systems Operational"}


def test_of_two_windows_at_once_the_worse_one_counts() -> None:
    worse, better = {"start": -1, "services": ["sea"]}, {"start": -1, "services": ["sea"], "impact": "degraded"}
    for windows in ((worse, better), (better, worse)):
        assert states(api(*windows)["components"])["icms/sea"] == "under_maintenance"


def test_a_system_with_services_is_a_group_of_them() -> None:
    components = {each["id"]: each for each in api()["components"]["components"]}
    assert [each["position"] for each in components.values()] == [1, 2, 3, 4, 5, 6]
    assert components["icms"]["group"]
    assert components["icms"]["components"] == ["icms/sea", "icms/house"]
    assert (components["icms/sea"]["group"], components["icms/sea"]["group_id"]) == (False, "icms")
    assert not components["bare"]["group"]
    assert "components" not in components["bare"]


def test_a_list_holds_fifty_what_is_under_way_first_then_the_soonest() -> None:
    windows = [{"start": hours} for hours in (-30, -20, 0, *range(10, 70))]
    files = api(*windows)
    assert ids(files["scheduled-maintenances/active"]) == ["w2"]
    assert ids(files["scheduled-maintenances/upcoming"]) == [f"w{i}" for i in range(3, 53)]
    assert ids(files["summary"]) == ids(files["scheduled-maintenances"]) == [f"w{i}" for i in range(2, 52)]
    assert ids(api(*windows[:5])["scheduled-maintenances"]) == ["w2", "w3", "w4", "w1", "w0"]


def test_the_files_change_when_a_window_begins_or_ends_and_not_with_every_build() -> None:
    at = [NOW + n * HOUR for n in (1, 2, 3, 4, 5, 6)]
    made = [api({"start": 3, "announced": "2025-07-01"}, now=now) for now in at]
    assert made[0] == made[1]
    assert made[1] != made[2]
    assert made[2] == made[3]  # under way
    assert made[3] != made[4]
    assert made[4] == made[5]
    assert [each["status"]["page"]["updated_at"] for each in made[1:5:2]] == [
        "2025-06-30T21:00:00Z",
        "2025-07-11T12:30:00Z",
    ]
    update = [each["scheduled-maintenances"]["scheduled_maintenances"][0]["incident_updates"][0] for each in made[1::2]]
    assert [each["created_at"] for each in update] == [
        *("2025-06-30T21:00:00Z", "2025-07-11T12:30:00Z", "2025-07-11T14:30:00Z")
    ]
    assert len({each["id"] for each in update}) == 3  # a new id is news to a program that has seen the others


def test_the_files_have_the_keys_that_statuspage_documents() -> None:
    summary = api({"start": 1})["summary"]
    assert set(summary) == {"page", "status", "components", "incidents", "scheduled_maintenances"}
    assert summary["page"] == {
        "id": "c.example.org",
        "name": "C",
        "url": "https://example.org/c/",
        "time_zone": "Africa/Nairobi",
        "updated_at": "2025-07-11T09:30:00Z",
    }
    [maintenance] = summary["scheduled_maintenances"]
    assert set(maintenance) == {
        *("id", "name", "status", "impact", "created_at", "updated_at", "monitoring_at", "resolved_at", "started_at"),
        *("shortlink", "page_id", "scheduled_for", "scheduled_until", "components", "incident_updates"),
    }
    assert set(maintenance["incident_updates"][0]) == {
        *("id", "incident_id", "status", "body", "created_at", "updated_at", "display_at", "affected_components")
    }
    assert set(summary["components"][1]) == {
        *("id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date"),
        *("group_id", "page_id", "group", "only_show_if_degraded"),
    }


def test_programs_that_ask_for_incidents_get_an_empty_list() -> None:
    files = api({"start": -1})
    for name in ("incidents", "incidents/unresolved"):
        assert files[name] == {"page": files["status"]["page"], "incidents": []}


def test_build_check_passes_over_what_the_clock_changes(example: MaintenanceCalendar) -> None:
    site = plan_site(example, datetime(2025, 7, 13, tzinfo=UTC))
    assert {path for path in site.files if path.startswith(STATUSPAGE_FOLDER)} < site.volatile
