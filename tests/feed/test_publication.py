"""A feed as people receive it: the example's golden file, what the calendar says of itself, and sameness."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given

from icms_calendar import MaintenanceCalendar
from tests.conftest import ROOT, run_command
from tests.strategies import NOW, calendars

BARE = MaintenanceCalendar(name="Bare", domain="a.example.org", timezone="UTC")


def _head(feed: bytes) -> list[str]:
    return feed.decode().replace("\r\n ", "").partition("BEGIN:VEVENT")[0].splitlines()


def test_the_examples_feed_is_the_golden_file(
    example: MaintenanceCalendar, golden: Callable[[str, bytes], None]
) -> None:
    golden("kra-icms.ics", example.to_ical())


def test_a_calendar_says_its_name_its_address_and_how_often_to_look(example: MaintenanceCalendar) -> None:
    about = (
        "Maintenance windows of Integrated Customs Management System. Kept by Example Forwarders. "
        "This is not the calendar of Kenya Revenue Authority."
    )
    assert _head(example.to_ical()) == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//icms_calendar//maintenance windows//EN", "CALSCALE:GREGORIAN"),
        *("METHOD:PUBLISH", "NAME:KRA iCMS maintenance", "X-WR-CALNAME:KRA iCMS maintenance"),
        *(f"DESCRIPTION:{about}", f"X-WR-CALDESC:{about}", "URL:https://example.org/icms/"),
        *("SOURCE;VALUE=URI:https://example.org/icms/all.ics", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"),
        *("X-PUBLISHED-TTL:PT1H", "COLOR:red", "X-APPLE-CALENDAR-COLOR:#FF0000", "X-WR-TIMEZONE:Africa/Nairobi"),
        *("X-ICMS-CALENDAR-FORMAT:2", "LAST-MODIFIED:20251109T030000Z"),
    ]


def test_a_feed_without_windows_has_one_time_zone_and_no_event() -> None:
    feed = icalendar.Calendar.from_ical(BARE.to_ical())
    assert [component.name for component in feed.subcomponents] == ["VTIMEZONE"]
    assert "SOURCE" not in feed
    assert b"UID" not in BARE.to_ical()


def test_an_official_calendar_does_not_deny_it(example: MaintenanceCalendar) -> None:
    assert "not the calendar" not in "".join(_head(example.model_copy(update={"official": True}).to_ical()))


def test_to_icalendar_is_the_same_feed_as_an_object(example: MaintenanceCalendar) -> None:
    assert [str(event["UID"]) for event in example.to_icalendar().events] == [
        "icms-2025-07-13@icms.example.org",
        "icms-2025-09-14@icms.example.org",
        "icms-2025-10-12@icms.example.org",
        "icms-2025-11-09@icms.example.org",
    ]


def test_events_stand_by_start_then_by_uid() -> None:
    when = {"system": "x", "duration": "1h"}
    windows = [
        {"id": "b", "start": "2025-01-02 00:00", **when},
        {"id": "c", "start": "2025-01-01 23:00", **when},
        {"id": "a", "start": "2025-01-02T01:00+01:00", **when},
    ]
    made = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=windows)
    assert [str(event["UID"]) for event in made.to_icalendar().events] == ["c@d.org", "a@d.org", "b@d.org"]


def test_now_stamps_only_what_does_not_say_when_it_was_announced() -> None:
    when = {"system": "x", "start": "2025-08-01 00:00", "duration": "1h"}
    windows = [
        {"id": "a", "announced": "2025-07-10", **when},
        {"id": "b", **when},
        {"id": "c", "announced": "2025-07-12", **when},
    ]
    made = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=windows)
    stamps = [event.DTSTAMP for event in made.to_icalendar(now=NOW).events]
    assert stamps == [datetime(2025, 7, 10, tzinfo=UTC), NOW, NOW]
    stamps = [event.DTSTAMP for event in made.to_icalendar().events]
    assert stamps == [
        datetime(2025, 7, 10, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2025, 7, 12, tzinfo=UTC),
    ]


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(TypeError, match="time zone"):
        BARE.to_ical(now=datetime(2025, 7, 11))


@given(calendars())
def test_the_same_records_give_the_same_bytes(calendar: MaintenanceCalendar) -> None:
    again = MaintenanceCalendar.model_validate_json(calendar.model_dump_json(exclude_unset=True))
    assert again.to_ical(now=NOW) == calendar.to_ical(now=NOW)


def test_hash_seed_zone_and_locale_of_the_machine_change_nothing() -> None:
    source = ROOT / "examples" / "kra-icms"
    machines = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Apia", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "3", "TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    ]
    feeds = {run_command("feed", source, "--now", "2025-12-01", env=machine).stdout for machine in machines}
    assert len(feeds) == 1
    assert feeds.pop() == run_command("feed", source, "--now", "2031-01-01").stdout  # every window says when


def test_importing_the_package_loads_nothing_that_is_not_needed() -> None:
    code = (
        "import sys, icms_calendar; "
        "print(sorted({'click', 'jinja2', 'yaml', 'segno', 'icalendar', 'pydantic', 'pytz'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.strip() == "[]"
