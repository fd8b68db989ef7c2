"""Records in Python code: what may be given, what comes back, and what an object can do."""

from __future__ import annotations

import copy
import io
import json
import pickle
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytz
from hypothesis import HealthCheck, given, settings

from icms_calendar import (
    CalendarError,
    MaintenanceCalendar,
    Schedule,
    Service,
    SourceError,
    System,
    announce,
    build_site,
    check,
    check_feed,
    diff,
    read_notice,
)
from icms_calendar.record.zones import zone_named
from tests.record.test_model import calendar, window
from tests.strategies import calendars

BERLIN = ZoneInfo("Europe/Berlin")


# What may be given


@pytest.mark.parametrize("zone", [ZoneInfo("Africa/Nairobi"), pytz.timezone("Africa/Nairobi"), "Africa/Nairobi"])
def test_a_zone_can_be_given_as_an_object_or_by_its_name(zone: Any) -> None:
    assert calendar(timezone=zone).timezone == window(timezone=zone).timezone == "Africa/Nairobi"


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        (datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), "time-in-gap"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN, fold=1), "time-in-gap"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), "time-twice"),
        (datetime(1880, 1, 1, tzinfo=BERLIN), "local-mean-time"),
        (datetime(2026, 1, 1, tzinfo=pytz.timezone("Europe/Berlin")), "local-mean-time"),
    ],
)
def test_an_aware_time_is_refused_like_a_naive_one_where_its_zone_skips_or_doubles_it(
    when: datetime, rule: str
) -> None:
    with pytest.raises(CalendarError) as error:
        window(start=when, end=None, duration="1h")
    assert [(finding.rule.name, finding.path) for finding in error.value.findings] == [(rule, ("start",))]


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (
            pytz.timezone("Europe/Berlin").localize(datetime(2026, 10, 25, 2, 30), is_dst=True),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        (datetime(2026, 10, 25, 3, 30, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
    ],
)
def test_an_aware_time_that_is_certain_is_its_instant(when: datetime, instant: datetime) -> None:
    assert calendar(window(start=when, end=None, duration="1h")).spans["w"][0] == instant


class _Timestamp(datetime):
    """A datetime with nanoseconds, as pandas has them."""

    nanosecond = 0


class _Nanosecond(_Timestamp):
    nanosecond = 1


class _NotATime(datetime):
    """pandas' NaT is a datetime, and equal to nothing."""

    def __ne__(self, other: object) -> bool:
        return True


def test_a_time_of_another_library_becomes_one_of_pythons() -> None:
    assert type(window(start=_Timestamp(2025, 7, 13, 4)).start) is datetime
    with pytest.raises(CalendarError, match="has a fraction of a second"):
        window(start=_Nanosecond(2025, 7, 13, 4))
    with pytest.raises(CalendarError, match="is not a date and time"):
        window(start=_NotATime(2025, 7, 13, 4))


# What is wrong


def test_everything_that_is_wrong_with_a_window_is_one_error_with_findings() -> None:
    with pytest.raises(CalendarError) as error:
        window(id=None, idd="a", services=[{"id": "x", "impct": 1}])
    told = {(".".join(map(str, finding.path)), finding.rule.name) for finding in error.value.findings}
    assert told == {("id", "missing-key"), ("idd", "unknown-key"), ("services.0.impct", "unknown-key")}
    assert 'services[0].impct: error ICM201: unknown key "impct". Did you mean "impact"?' in str(error.value)
    assert "pydantic" not in str(error.value)


@pytest.mark.parametrize("kind", [System, Service])
def test_an_id_that_is_wrong_is_the_only_finding_where_it_would_also_be_the_name(kind: type[System]) -> None:
    cases: list[tuple[dict[str, Any], str]] = [({"id": "Sea Manifests"}, "bad-id"), ({}, "missing-key")]
    for given_keys, rule in cases:
        with pytest.raises(CalendarError) as error:
            kind(**given_keys)
        assert [(finding.rule.name, finding.path) for finding in error.value.findings] == [(rule, ("id",))]


def test_a_finding_about_a_window_of_a_calendar_names_its_place() -> None:
    with pytest.raises(CalendarError, match=r"windows\[1\]\.system: error ICM208") as error:
        calendar(window(), {"id": "v", "system": "nope", "start": "2025-07-13 04:00", "duration": "1h"})
    assert isinstance(error.value, ValueError)


NOW = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda made: made.schedule().next_available(NOW, 3600), "length is a timedelta, as in .*, not int"),
        (lambda made: made.schedule().active("2025-07-13"), r"at is a datetime with a time zone, as in .*, not str"),
        (lambda made: made.schedule().active(NOW, services="sea"), 'no filter "services". Did you mean "service"'),
        (lambda made: Schedule.from_ical("BEGIN:VCALENDAR", until=NOW), "data is the bytes of an .ics file, not str"),  # type: ignore[arg-type]
        (lambda made: made.to_ical(now="2025-07-01"), "now is a datetime with a time zone"),
        (lambda made: made.to_ical(previous="all.ics"), "previous is the bytes of a feed, not str"),
        (lambda made: made.add("w"), "window is a MaintenanceWindow, not str"),
        (lambda made: made.replace("w"), "window is a MaintenanceWindow, not str"),
        (lambda made: made.without(made["w"]), "id_ is the id of a window, not MaintenanceWindow"),
        (lambda made: diff("records.yaml", made.to_ical(), now=NOW), "new is a MaintenanceCalendar, or the bytes"),  # type: ignore[arg-type]
        (lambda made: build_site("records.yaml", "site", now=NOW), "calendar is a MaintenanceCalendar, not str"),  # type: ignore[arg-type]
        (lambda made: announce(made, made["w"], now=NOW), "id_ is the id of a window, not MaintenanceWindow"),
        (lambda made: check(b"BEGIN:VCALENDAR"), "for the bytes of a feed, use check_feed, not bytes"),  # type: ignore[arg-type]
        (lambda made: check_feed("BEGIN:VCALENDAR"), "data is the bytes of an .ics file, not str"),  # type: ignore[arg-type]
        (lambda made: read_notice("From 4 to 10", published="2025-07-01"), r"published is a date, as in .*, not str"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_type_is_a_type_error_that_says_what_to_give(call: Callable[[Any], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(calendar(window()))


# Changes


def test_a_copy_with_other_windows_has_their_instants() -> None:
    made = calendar(window())
    moved = made.model_copy(update={"windows": (made["w"].reschedule("2025-08-01 04:00", "2025-08-01 06:00"),)})
    assert b"DTSTART:20250801T010000Z" in moved.to_ical()
    assert b"DTSTART:20250713T010000Z" in made.to_ical()


def test_a_copy_in_another_zone_has_the_instants_of_that_zone() -> None:
    assert b"DTSTART:20250713T020000Z" in calendar(window()).model_copy(update={"timezone": BERLIN}).to_ical()


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_copy_replace_checks_again() -> None:
    with pytest.raises(CalendarError):
        copy.replace(window(), end="2025-07-13 03:00")  # type: ignore[attr-defined]


def test_a_copy_with_a_wrong_value_is_refused() -> None:
    with pytest.raises(CalendarError, match="ICM103"):
        window().model_copy(update={"end": "2025-07-13 03:00"})
    with pytest.raises(CalendarError, match="ICM208"):
        calendar(window()).model_copy(update={"systems": ["other"]})


@pytest.mark.parametrize(
    ("given", "later", "earlier"),
    [
        ({"end": None, "duration": "6h"}, datetime(2025, 7, 13, 11), datetime(2025, 7, 13, 5)),
        ({"end": None, "duration": "6h"}, "2025-07-13 11:00", "2025-07-13 10:00"),
        ({"timezone": "Africa/Nairobi"}, "2025-07-13T07:01Z", "2025-07-13T06:59Z"),
        (
            {"start": "2025-07-13T04:00+03:00", "end": "2025-07-13T10:00+03:00"},
            "2025-07-13T07:01Z",
            "2025-07-13T07:00Z",
        ),
        (
            {"start": "2025-07-13T04:00+03:00", "end": None, "duration": "6h", "timezone": "Africa/Nairobi"},
            "2025-07-13 10:01",
            "2025-07-13 09:59",
        ),
        ({"all_day": True, "start": "2025-07-13", "end": None, "duration": "2d"}, date(2025, 7, 15), date(2025, 7, 13)),
        ({}, "2025-07-13T12:00+03:00", "2025-07-12T12:00+03:00"),
    ],
)
def test_extending_compares_instants_however_the_window_was_given(
    given: dict[str, Any], later: Any, earlier: Any
) -> None:
    assert window(**given).extend(later).duration is None
    with pytest.raises(CalendarError, match=r"ICM221: cannot extend window \"w\": the new end is not after"):
        window(**given).extend(earlier)


# A calendar and its windows


def test_a_calendar_holds_its_windows() -> None:
    made = calendar(window(id="a"), window(id="b"))
    assert len(made) == 2
    assert [each.id for each in made] == ["a", "b"]
    assert made["b"] is made.windows[1]
    assert "a" in made
    assert made["b"] in made
    assert "c" not in made
    with pytest.raises(KeyError, match="c"):
        made["c"]
    assert len(calendar()) == 0
    assert calendar()


def test_windows_are_added_and_taken_out() -> None:
    made = calendar(window(id="a")).add(window(id="b"))
    assert [each.id for each in made.without("a")] == ["b"]
    assert len(made) == 2
    with pytest.raises(CalendarError, match="ICM206"):
        made.add(window(id="a"))
    with pytest.raises(CalendarError, match="ICM208"):
        made.without("c")


def test_records_and_occurrences_can_be_in_sets() -> None:
    made = calendar(window(channels={"online": "queued"}, services=["sea"]))
    assert len({window(channels={"a": "queued"}), window(channels={"a": "queued"}), window()}) == 2
    assert len({*made.schedule().occurrences(), *made.schedule().occurrences()}) == 1
    assert len({made, made.model_copy()}) == 1


def test_a_repr_shows_the_fields_that_were_set() -> None:
    [occurrence] = calendar(window()).schedule().occurrences()
    shown = (
        "MaintenanceWindow(id='w', system='icms', start=datetime.datetime(2025, 7, 13, 4, 0), "
        "end=datetime.datetime(2025, 7, 13, 10, 0))"
    )
    assert repr(occurrence.window) == shown
    assert repr(occurrence).startswith(f"Occurrence(window={shown}, uid='w@c.example.org', start=")
    assert "None" not in repr(occurrence)


@given(calendars())
def test_a_calendar_survives_copying_and_pickling(made: MaintenanceCalendar) -> None:
    for again in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made)), made.model_copy()):
        assert again == made
        assert hash(again) == hash(made)
        assert again.to_ical() == made.to_ical()


# Files


@given(made=calendars())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_loaded_again(made: MaintenanceCalendar, tmp_path: Path) -> None:
    for name in ("calendar.yaml", "calendar.json"):
        made.write(tmp_path / name)
        again = MaintenanceCalendar.load(tmp_path / name)
        assert again == made
        assert again.to_ical() == made.to_ical()


def test_records_are_loaded_from_bytes_and_open_files(tmp_path: Path) -> None:
    made = calendar(window())
    made.write(tmp_path / "c.yaml")
    text = (tmp_path / "c.yaml").read_text()
    assert "start: 2025-07-13 04:00\n" in text
    as_json = json.dumps(made.model_dump(mode="json", exclude_unset=True))
    for source in (text.encode(), as_json.encode(), io.StringIO(text), io.BytesIO(text.encode())):
        assert MaintenanceCalendar.load(source) == made
    with (tmp_path / "c.yaml").open() as file:
        assert MaintenanceCalendar.load(file) == made
    with pytest.raises(SourceError, match="<bytes>:1:1: error ICM201"):
        MaintenanceCalendar.load(b"nme: N\n")
    with pytest.raises(TypeError, match="a path, bytes or an open file, not int"):
        MaintenanceCalendar.load(5)  # type: ignore[arg-type]


def test_an_operation_takes_text_dates_and_datetimes() -> None:
    moved = window().reschedule("2025-08-01 04:00", datetime(2025, 8, 1, 6))
    assert moved.complete("2025-08-01 05:00").end == datetime(2025, 8, 1, 5)
    assert moved.span(zone_named("UTC"))[1] - moved.span(zone_named("UTC"))[0] == timedelta(hours=2)
