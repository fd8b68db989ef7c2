"""Windows and calendars in Python: what they mean, what they refuse, and their own operations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytz
from hypothesis import given
from pydantic import ValidationError

from icms_calendar import CalendarError, MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.checks import STATUSES
from icms_calendar.record.model import TRANSITIONS
from icms_calendar.record.select import affected_by, impact_of, title_of
from icms_calendar.record.zones import zone_named
from tests.strategies import calendars

NAIROBI = zone_named("Africa/Nairobi")
SYSTEMS: list[Any] = [
    {"id": "icms", "name": "Customs", "short": "iCMS", "services": ["sea", "house", "payments"]},
    {"id": "itax", "name": "iTax", "services": ["payments"]},
]


def window(**keys: Any) -> MaintenanceWindow:
    given = {"id": "w", "system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00", **keys}
    return MaintenanceWindow(**{key: value for key, value in given.items() if value is not None})


def calendar(*windows: Any, **keys: Any) -> MaintenanceCalendar:
    base = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "systems": SYSTEMS}
    return MaintenanceCalendar(**{**base, "windows": windows, **keys})


def _rules(error: pytest.ExceptionInfo[CalendarError]) -> set[str]:
    return {finding.rule.name for finding in error.value.findings}


def test_a_time_without_offset_is_the_zones_clock_in_python_too() -> None:
    naive = window(start=datetime(2025, 7, 13, 4), end=datetime(2025, 7, 13, 10))
    aware = window(start=datetime(2025, 7, 13, 1, tzinfo=UTC), end="2025-07-13T10:00+03:00")
    assert naive.span(NAIROBI) == aware.span(NAIROBI) == window().span(NAIROBI)


def test_a_windows_own_zone_goes_before_the_calendars() -> None:
    own = calendar(window(timezone="W. Europe Standard Time"))
    assert own.spans["w"][0] == datetime(2025, 7, 13, 2, tzinfo=UTC)
    assert own.windows[0].timezone == "Europe/Berlin"


def test_a_duration_is_elapsed_time_over_a_clock_change() -> None:
    night = window(start="2026-03-28 23:00", end=None, duration="6h", timezone="Europe/Berlin")
    start, end = night.span(zone_named("Europe/Berlin"))
    assert end - start == timedelta(hours=6)


def test_whole_days_include_the_last_one() -> None:
    days = window(all_day=True, start="2025-07-13", end="2025-07-14")
    assert days.span(NAIROBI) == (datetime(2025, 7, 12, 21, tzinfo=UTC), datetime(2025, 7, 14, 21, tzinfo=UTC))
    assert window(all_day=True, start=date(2025, 7, 13), end=None, duration="2d").span(NAIROBI) == days.span(NAIROBI)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"end": "2025-07-13 04:00"}, "end-not-after-start"),
        ({"end": "2025-07-12"}, "not-a-time"),
        ({"all_day": True, "end": "2025-07-14"}, "not-a-time"),
        ({"all_day": True, "start": "2025-07-13", "end": "2025-07-13 10:00"}, "not-a-time"),
        ({"repeat": {"rule": "FREQ=DAILY", "except": ["2025-07-14 04:00"]}}, "not-a-time"),
        ({"end": None}, "missing-key"),
        ({"system": None}, "missing-key"),
        ({"systems": ["itax"]}, "both-given"),
        ({"services": []}, "wrong-type"),
        ({"services": ["sea", "sea"]}, "given-twice"),
        ({"id": "con.2025"}, "reserved-id"),
        ({"title": "x" * 201}, "bad-text"),
        *(({"source": f"https://{host}/"}, "wrong-type") for host in ("[x", "[::1", "[]")),
        *(({"title": f"Upgrade{end}of the portal"}, "bad-text") for end in ("\n", "\r\n", "\r", "\u2028")),
        ({"title": "Upgrade\n"}, "bad-text"),
        ({"repeat": {"rule": "FREQ=DAILY", "changes": [{"on": "2025-07-14", "title": "a\nb"}]}}, "bad-text"),
        ({"title": "\x85"}, "bad-text"),
        ({"title": "a\x85b"}, "bad-text"),
        ({"uid": "a/b"}, "wrong-type"),
        ({"uid": ""}, "wrong-type"),
        ({"color": "reddish"}, "unknown-value"),
        ({"start": datetime(2025, 7, 13, 4, 0, 0, 5)}, "not-a-time"),
        ({"start": datetime(2025, 7, 13, 4, tzinfo=pytz.timezone("Africa/Nairobi"))}, "local-mean-time"),
        ({"all_day": True, "start": "2025-07-13", "end": None, "duration": "6h"}, "not-a-duration"),
        ({"all_day": True, "start": "2025-07-13", "end": "2025-07-12"}, "end-not-after-start"),
        ({"all_day": True, "start": "2025-07-13", "end": "2025-07-14", "duration": "1d"}, "both-given"),
        ({"repeat": {"rule": "FREQ=DAILY"}, "uid": "x"}, "wrong-type"),
        ({"repeat": {"rule": "FREQ=DAILY", "until": "2026-01-01", "count": 3}}, "both-given"),
    ],
)
def test_a_window_alone_refuses_what_cannot_be_right(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(CalendarError) as error:
        window(**keys)
    assert rule in _rules(error)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"system": "icmss"}, "unknown-id"),
        ({"services": ["air"]}, "unknown-id"),
        ({"system": None, "systems": ["icms", "itax"], "services": ["payments"]}, "ambiguous-service"),
        ({"system": None, "systems": ["icms", "icms"]}, "given-twice"),
        ({"replaces": "w9"}, "unknown-id"),
        ({"timezone": "Europe/Berlin", "start": "2025-03-30 02:30", "end": "2025-03-30 04:00"}, "time-in-gap"),
        ({"end": "2025-07-13T00:30Z"}, "end-not-after-start"),
        ({"duration": "5h"}, "both-given"),
        ({"start": "9999-12-31 23:00", "end": None, "duration": "9h"}, "instant-out-of-range"),
        ({"all_day": True, "start": "9999-12-31", "end": "9999-12-31"}, "instant-out-of-range"),
        ({"all_day": True, "start": "9999-12-31", "end": None, "duration": "1d"}, "instant-out-of-range"),
        (
            {"all_day": True, "timezone": "Pacific/Apia", "start": "2011-12-30", "end": "2011-12-30"},
            "end-not-after-start",
        ),
        ({"announced": "1850-01-01"}, "beyond-zone-tables"),
        ({"revision": {"updated": "2040-01-01"}, "timezone": "Europe/Berlin"}, "beyond-zone-tables"),
        ({"announced": "2025-03-30 02:30", "timezone": "Europe/Berlin"}, "time-in-gap"),
    ],
)
def test_a_calendar_refuses_what_does_not_fit_together(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(CalendarError) as error:
        calendar(window(**keys))
    assert rule in _rules(error)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"windows": [window(), window()]}, "duplicate-id"),
        ({"windows": [window(), window(id="v", uid="w@c.example.org")]}, "duplicate-id"),
        ({"windows": [window(uid="x@y"), window(id="v", uid="X@y")]}, "duplicate-id"),
        ({"systems": ["icms", "icms"]}, "duplicate-id"),
        ({"systems": ["sw"]}, "reserved-id"),
        ({"systems": ["icms.ics"]}, "reserved-id"),
        ({"systems": ["a-reminders"]}, "reserved-id"),
        ({"systems": ["lpt1.x"]}, "reserved-id"),
        ({"systems": [{"id": "icms", "name": "x", "services": ["a", "a"]}]}, "duplicate-id"),
        ({"feeds": [{"id": "icms", "name": "x"}]}, "reserved-id"),
        ({"feeds": [{"id": "all", "name": "x"}]}, "reserved-id"),
        ({"feeds": [{"id": "f", "name": "x", "system": "no"}]}, "unknown-id"),
        ({"feeds": [{"id": "f", "name": "x", "service": "no"}]}, "unknown-id"),
        ({"systems": None, "windows": [window(system="Not A Slug")]}, "bad-id"),
    ],
)
def test_ids_and_references_hold_together(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(CalendarError) as error:
        calendar(**keys)
    assert rule in _rules(error)


@pytest.mark.parametrize("keys", [{"all_day": 1}, {"busy": "t"}, {"emergency": 0.0}, {"revision": {"sequence": True}}])
def test_no_number_is_a_flag_and_no_flag_a_number(keys: dict[str, Any]) -> None:
    with pytest.raises(CalendarError):
        window(**keys)


def test_where_no_system_is_declared_the_windows_declare_theirs() -> None:
    made = calendar(window(), window(id="v", system="itax"), systems=None)
    assert [system.name for system in made.systems_by_id.values()] == ["icms", "itax"]
    assert title_of(made.windows[0], made) == "icms unavailable: planned maintenance"


def test_a_service_of_a_system_that_has_none_is_told_where_to_add_it() -> None:
    alone = window(services=["air"])
    with pytest.raises(CalendarError, match=r'"air"\. Under systems, add it to the services of icms\.'):
        MaintenanceCalendar(name="N", domain="d.example", timezone="UTC", windows=[alone])


def test_services_left_out_are_all_of_the_systems() -> None:
    assert [a.object_id for a in affected_by(window(), calendar(window()))] == [
        "icms/sea",
        "icms/house",
        "icms/payments",
    ]


def test_a_system_without_services_is_affected_itself() -> None:
    assert [a.object_id for a in affected_by(window(), calendar(systems=["icms"]))] == ["icms"]


def test_of_several_systems_one_whose_services_are_not_named_is_affected_as_a_whole() -> None:
    both = window(system=None, systems=["icms", "itax"], services=["sea"])
    assert [a.object_id for a in affected_by(both, calendar(both))] == ["icms/sea", "itax/payments"]


def test_the_windows_impact_is_the_worst_of_its_services() -> None:
    mixed = window(impact="no-impact", services=["house", {"id": "sea", "impact": "degraded"}])
    assert impact_of(mixed, calendar(mixed)) == "degraded"
    assert [a.impact for a in affected_by(mixed, calendar(mixed))] == ["no-impact", "degraded"]
    alone = window(services=[{"id": "sea", "impact": "degraded"}])
    assert impact_of(alone, calendar(alone)) == "degraded"
    both = window(system=None, systems=["icms", "itax"], services=[{"id": "sea", "impact": "degraded"}])
    assert impact_of(both, calendar(both)) == "outage"  # of iTax nothing is named, so all of it is down


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, ["a", "b", "c"]),
        ({"ids": ["c", "a"]}, ["a", "c"]),
        ({"system": "itax"}, ["b"]),
        ({"service": "sea"}, ["a", "c"]),
        ({"service": "icms/payments"}, ["c"]),
        ({"service": "payments"}, ["b", "c"]),
        ({"impact": ["outage", "degraded"]}, ["a", "c"]),
        ({"tag": "night"}, ["b"]),
        ({"audience": "importers"}, ["a"]),
        ({"status": "cancelled"}, ["c"]),
        ({"system": "icms", "status": "confirmed"}, ["a"]),
    ],
)
def test_select_keeps_the_windows_that_pass_every_filter(filters: dict[str, Any], ids: list[str]) -> None:
    made = calendar(
        window(id="a", services=["sea"], audience=["importers"]),
        window(id="b", system="itax", impact="no-impact", tags=["night"]),
        window(id="c", status="cancelled", impact="degraded"),
    )
    assert [w.id for w in made.select(**filters).windows] == ids


@pytest.mark.parametrize("filters", [{"ids": "x"}, {"system": "x"}, {"service": "x"}, {"impact": "x"}, {"status": "x"}])
def test_select_refuses_what_nothing_has(filters: dict[str, str]) -> None:
    with pytest.raises(CalendarError, match="ICM2"):
        calendar(window()).select(**filters)


def test_replace_puts_a_window_in_the_place_of_its_id_and_checks_again() -> None:
    made = calendar(window(id="a"), window(id="b"))
    moved = made.replace(made.windows[1].reschedule(datetime(2025, 8, 1, 4), datetime(2025, 8, 1, 6)))
    assert [w.id for w in moved.windows] == ["a", "b"]
    assert moved.spans["b"][0] == datetime(2025, 8, 1, 1, tzinfo=UTC)
    assert made.spans["b"][0] == datetime(2025, 7, 13, 1, tzinfo=UTC)
    with pytest.raises(CalendarError, match="ICM208"):
        made.replace(window(id="c"))
    with pytest.raises(CalendarError):
        made.replace(window(id="b", system="nope"))


OPERATIONS: dict[str, Any] = {
    "cancel": lambda w: w.cancel("not needed"),
    "reschedule": lambda w: w.reschedule("2025-08-01 04:00", "2025-08-01 06:00"),
    "extend": lambda w: w.extend("2025-07-13 12:00"),
    "begin": lambda w: w.begin(),
    "complete": lambda w: w.complete("2025-07-13 09:00"),
    "reinstate": lambda w: w.reinstate(),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("operation", TRANSITIONS)
def test_an_operation_is_open_to_the_statuses_of_the_table_only(operation: str, status: str) -> None:
    before = window(status=status)
    if status in TRANSITIONS[operation]:
        assert OPERATIONS[operation](before).id == before.id
    else:
        with pytest.raises(CalendarError, match="ICM221"):
            OPERATIONS[operation](before)
    assert before == window(status=status)


def test_operations_change_what_they_say_and_nothing_else() -> None:
    w = window(title="Upgrade", duration="6h")
    cancelled = w.cancel("not needed")
    assert (cancelled.status, cancelled.reason, cancelled.title) == ("cancelled", "not needed", "Upgrade")
    assert cancelled.reinstate().status == "confirmed"
    assert w.begin().status == "in-process"
    done = w.begin().complete(datetime(2025, 7, 13, 9))
    assert (done.status, done.end, done.duration) == ("completed", datetime(2025, 7, 13, 9), None)
    assert w.begin().complete().end == w.end
    moved = w.reschedule(datetime(2025, 8, 1, 4), datetime(2025, 8, 1, 6), "parts are late")
    assert (moved.span(NAIROBI)[1], moved.reason) == (datetime(2025, 8, 1, 3, tzinfo=UTC), "parts are late")


def test_extending_never_shortens() -> None:
    with pytest.raises(CalendarError, match="ICM221"):
        window().extend(datetime(2025, 7, 13, 9))
    assert window().extend(datetime(2025, 7, 13, 11)).end == datetime(2025, 7, 13, 11)


def test_an_operation_cannot_end_before_the_start() -> None:
    with pytest.raises(ValueError, match="ICM103"):
        window().complete(datetime(2025, 7, 13, 3))


def test_records_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        window().status = "cancelled"


@given(calendars())
def test_a_calendar_made_again_from_its_windows_is_equal(made: MaintenanceCalendar) -> None:
    again = MaintenanceCalendar(**{name: getattr(made, name) for name in made.model_fields_set})
    assert again == made
    assert again.to_ical() == made.to_ical()
