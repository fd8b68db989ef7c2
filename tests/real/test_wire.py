"""The bytes of a feed are iCalendar to the letter, and no text of a record can add anything to them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import icalendar
import pytest

from icms_calendar import MaintenanceCalendar
from icms_calendar.record.model import MaintenanceWindow
from icms_calendar.record.select import affected_by
from tests.real import wire
from tests.real.records import EVERYTHING, FORGED, given_hard_data, hardest_data, on_one_line, with_line_feeds
from tests.strategies import NOW

ALWAYS = (
    *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"),
    *("CATEGORIES", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "CLASS", "ORGANIZER", "COLOR"),
    *("X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID"),
    *("X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS"),
)
HEADING = (
    *("VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC"),
    *("REFRESH-INTERVAL", "X-PUBLISHED-TTL", "COLOR", "X-APPLE-CALENDAR-COLOR", "X-WR-TIMEZONE"),
    "X-ICMS-CALENDAR-FORMAT",
)
PARAMETERS = {
    "ORGANIZER": {"CN"},
    "X-MAINTNOTE-OBJECT-ID": {"X-MAINTNOTE-OBJECT-IMPACT"},
    "SOURCE": {"VALUE"},
    "REFRESH-INTERVAL": {"VALUE"},
}


@given_hard_data
def test_every_line_ends_in_crlf_and_holds_no_control_character_but_tab(data: dict[str, Any]) -> None:
    feed = feed_of(data)
    assert feed.endswith(b"END:VCALENDAR\r\n")
    for line in feed.removesuffix(b"\r\n").split(b"\r\n"):
        assert line
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f-\x9f]", line.decode())


@given_hard_data
def test_every_line_is_at_most_75_octets_of_whole_characters(data: dict[str, Any]) -> None:
    for line in feed_of(data).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a fold inside a character would leave a part of it here


@given_hard_data
def test_a_line_is_folded_only_where_the_next_character_has_no_room(data: dict[str, Any]) -> None:
    lines = feed_of(data).decode().split("\r\n")
    for line, after in pairwise(lines):
        if after.startswith(" "):
            assert len((line + after[1]).encode()) > 75


@given_hard_data
def test_a_feed_holds_the_lines_that_its_records_call_for_and_no_other(data: dict[str, Any]) -> None:
    calendar = MaintenanceCalendar.model_validate(data)
    feed = icalendar.Calendar.from_ical(calendar.to_ical(now=NOW))
    assert feed.errors == []
    heading = Counter(HEADING) + Counter(["LAST-MODIFIED"] * bool(calendar.windows))
    assert names(feed) == heading + Counter(["URL", "SOURCE"] if calendar.url else [])
    if not calendar.windows:
        assert [part.name for part in feed.walk()] == ["VCALENDAR", "VTIMEZONE", "STANDARD"]
        return
    assert [part.name for part in feed.walk()] == ["VCALENDAR"] + ["VEVENT"] * len(calendar.windows)
    events = {str(event["UID"]): event for event in feed.events}
    for window in calendar.windows:
        event = events[calendar.uids[window.id]]
        assert event.errors == []
        assert names(event) == Counter(ALWAYS) + Counter(called_for(window, calendar))
    for part in feed.walk():
        for name, value in properties(part):
            assert set(value.params) == PARAMETERS.get(name, set())


@given_hard_data
def test_every_value_is_of_its_type_to_the_letter(data: dict[str, Any]) -> None:
    for line in wire.content_lines(feed_of(data)):
        if line.name in ("BEGIN", "END"):
            assert re.fullmatch("VCALENDAR|VEVENT|VTIMEZONE|STANDARD", line.value)
        elif line.name in ("CREATED", "DTSTAMP", "DTEND", "LAST-MODIFIED"):
            assert re.fullmatch(r"\d{8}T\d{6}Z", line.value)
        elif line.name in ("URL", "SOURCE"):
            assert re.fullmatch(r"https?://[!-~]+", line.value)
        elif line.name == "CATEGORIES":
            assert wire.categories(line.value)[0] == "Maintenance"
        elif line.name != "ORGANIZER":
            wire.unescaped(line.value)


@pytest.mark.parametrize("text", [FORGED, EVERYTHING, "x\nBEGIN:VALARM", "\n BEGIN:VALARM", "a\r\n\tb", ";X=1:y", '"'])
def test_a_forged_text_stands_in_a_feed_as_a_text(text: str) -> None:
    data = hardest_data()
    data |= {"name": text, "publisher": {"name": text}}
    data["windows"] = [data["windows"][0] | {"title": on_one_line(text[:200]), "contact": text, "tags": [text]}]
    feed = MaintenanceCalendar.model_validate(data).to_ical(now=NOW)
    [event] = wire.events(feed).values()
    read = with_line_feeds(text)
    assert wire.unescaped(event["SUMMARY"][0].value) == on_one_line(text[:200])
    assert wire.unescaped(event["CONTACT"][0].value) == read
    assert wire.unescaped(event["CATEGORIES"][0].value.removeprefix("Maintenance,iCMS,")) == read
    assert wire.without_carets(event["ORGANIZER"][0].parameters["CN"]) == read
    named = [line.value for line in wire.content_lines(feed) if line.name in ("NAME", "X-WR-CALNAME")]
    assert [wire.unescaped(value) for value in named] == [read, read]


def feed_of(data: dict[str, Any]) -> bytes:
    return MaintenanceCalendar.model_validate(data).to_ical(now=NOW)


def called_for(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> list[str]:
    """The names of the lines that not every window has."""
    given = window.maintnote.objects if window.maintnote else ()
    objects = len(given or affected_by(window, calendar))
    has = {"URL": window.url or calendar.url, "CONTACT": window.contact, "RELATED-TO": window.replaces}
    own = len(affected_by(window, calendar)) if given else 0
    names = [name for name, value in has.items() if value]
    return names + ["X-MAINTNOTE-OBJECT-ID"] * objects + ["X-ICMS-CALENDAR-AFFECTS"] * own


def names(component: icalendar.Component) -> Counter[str]:
    return Counter(name for name, _ in properties(component))


def properties(component: icalendar.Component) -> list[tuple[str, Any]]:
    return component.property_items(recursive=False)[1:-1]  # without BEGIN and END
