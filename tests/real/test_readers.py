"""Other people's readers see the same events as the records say: UIDs, instants, summaries and descriptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from icms_calendar import MaintenanceCalendar
from icms_calendar.record.select import title_of
from tests.real import readers, wire
from tests.real.readers import Reader, Seen
from tests.real.records import (
    TEXT_FIELDS,
    every_fold_data,
    given_hard_data,
    hardest_data,
    many_scripts,
    many_windows_data,
    with_line_feeds,
)
from tests.strategies import NOW, calendars

STRICT = [readers.by_icalendar, readers.by_recurring_ical_events, readers.by_ical]


@pytest.fixture(scope="session", params=["example", "hardest", "every fold"])
def fixed(request: pytest.FixtureRequest, example: MaintenanceCalendar) -> MaintenanceCalendar:
    if request.param == "example":
        return example
    data = hardest_data() if request.param == "hardest" else every_fold_data()
    return MaintenanceCalendar.model_validate(data)


@pytest.mark.parametrize("read", STRICT)
def test_a_reader_sees_what_the_records_say(read: Reader, fixed: MaintenanceCalendar) -> None:
    feed = fixed.to_ical(now=NOW)
    assert read(feed) == recorded(fixed, feed)


def test_ics_sees_what_the_records_say(fixed: MaintenanceCalendar) -> None:
    feed = fixed.to_ical(now=NOW)
    assert readers.by_ics(feed) == recorded_for_ics(fixed, feed)


def test_khal_shows_what_the_records_say(fixed: MaintenanceCalendar, tmp_path: Path) -> None:
    feed = fixed.to_ical(now=NOW)
    assert readers.by_khal(feed, tmp_path) == recorded_for_khal(fixed, feed)


@pytest.mark.parametrize("read", STRICT)
@given(calendar=calendars())
def test_a_reader_sees_what_any_records_say(read: Reader, calendar: MaintenanceCalendar) -> None:
    feed = calendar.to_ical(now=NOW)
    assert read(feed) == recorded(calendar, feed)


@given(calendar=calendars())
def test_ics_sees_what_any_records_say(calendar: MaintenanceCalendar) -> None:
    feed = calendar.to_ical(now=NOW)
    assert readers.by_ics(feed) == recorded_for_ics(calendar, feed)


@settings(max_examples=3)
@given(data=many_windows_data())
def test_khal_shows_what_any_records_say(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    calendar = MaintenanceCalendar.model_validate(data)
    feed = calendar.to_ical(now=NOW)
    assert readers.by_khal(feed, tmp_path_factory.mktemp("khal")) == recorded_for_khal(calendar, feed)


@pytest.mark.parametrize("read", [readers.by_icalendar, readers.by_ical, readers.by_ics])
def test_a_reader_reads_a_description_of_ten_megabytes(read: Reader) -> None:
    text = many_scripts(10_000_000)
    data = hardest_data()
    data["windows"] = [{**data["windows"][0], "title": "Ten megabytes", "description": text}]
    feed = MaintenanceCalendar.model_validate(data).to_ical(now=NOW)
    assert len(feed) > 10_000_000
    [seen] = read(feed)
    assert seen.summary == "Ten megabytes"
    assert text in seen.description


@given_hard_data
def test_the_description_tells_the_time_and_every_text_of_the_record(data: dict[str, Any]) -> None:
    calendar = MaintenanceCalendar.model_validate(data)
    events = wire.events(calendar.to_ical(now=NOW))
    for window, written in zip(calendar.windows, data["windows"], strict=True):
        [line] = events[calendar.uids[window.id]]["DESCRIPTION"]
        description = wire.unescaped(line.value)
        start = calendar.spans[window.id][0]
        assert description.startswith(in_words(start, written.get("timezone", "Africa/Nairobi")))
        for text in texts_of(written):
            assert with_line_feeds(text).strip() in description  # trimmed of white space, as a paragraph is


def in_words(instant: datetime, zone: str) -> str:
    wall = instant.astimezone(ZoneInfo(zone))
    return f"{wall:%A} {wall.day} {wall:%B} {wall.year}, {wall:%H:%M}"


def texts_of(window: dict[str, Any]) -> list[str]:
    texts = [window[field] for field in (*TEXT_FIELDS, "source") if field in window]
    return [*texts, *window.get("channels", {}), *window.get("audience", [])]


def recorded(calendar: MaintenanceCalendar, feed: bytes, unescape: Callable[[str], str] = wire.unescaped) -> list[Seen]:
    """The events of a calendar by its records; their descriptions as the feed's bytes have them."""
    events = wire.events(feed)
    seen = []
    for window in calendar.windows:
        uid = calendar.uids[window.id]
        cancelled = "CANCELLED: " if window.status == "cancelled" else ""
        [description] = events[uid]["DESCRIPTION"]
        title = cancelled + title_of(window, calendar)
        seen.append(Seen(uid, *calendar.spans[window.id], title, unescape(description.value)))
    return sorted(seen)


def recorded_for_ics(calendar: MaintenanceCalendar, feed: bytes) -> list[Seen]:
    """The same as far as ics.py can tell it: texts with a backslash, or with a long run of blanks, it mistakes."""
    kept = readers.ics_drops_blank_lines(feed)
    whole, events = wire.events(feed), wire.events(kept)
    seen = []
    for event in recorded(calendar, kept, readers.ics_unescapes):
        [uid], [summary] = (events[event.uid][name] for name in ("UID", "SUMMARY"))
        mistaken = "\\" in event.summary or [summary] != whole[event.uid]["SUMMARY"]
        told = readers.ics_unescapes(summary.value) if mistaken else event.summary
        # ics.py 0.7, parsers.event_parser.parse_uid: a UID's escapes stay in it.
        seen.append(event._replace(uid=uid.value, summary=told))
    return sorted(seen)


def recorded_for_khal(calendar: MaintenanceCalendar, feed: bytes) -> list[Seen]:
    """The same as far as khal can tell it: a `\\N` in a text it mistakes."""
    return sorted(
        event._replace(
            uid=readers.khal_rewrites(event.uid),
            summary=readers.khal_rewrites(event.summary),
            description=readers.khal_rewrites(event.description).strip(),  # khal: Event.attributes
        )
        for event in recorded(calendar, feed)
    )
