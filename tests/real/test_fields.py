"""Every property of an event, read by icalendar, is what the record says."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from icms_calendar import MaintenanceCalendar
from tests.real import wire
from tests.real.records import given_hard_data, with_line_feeds
from tests.strategies import NOW

Written = dict[str, Any]  # a window, or a calendar, as the data of a file
Event = Any  # icalendar's, whose properties have the type that their name calls for

COLORS = {"outage": "red", "degraded": "orange", "reduced-redundancy": "gold", "no-impact": "green"}


@given_hard_data
def test_status_is_one_of_three_and_exact_beside_it(data: Written) -> None:
    for window, event in windows_and_events(data):
        status = window.get("status", "confirmed")
        known = status.upper() if status in ("tentative", "cancelled") else "CONFIRMED"
        assert (str(event["STATUS"]), str(event["X-MAINTNOTE-STATUS"])) == (known, status.upper())


@given_hard_data
def test_time_is_free_unless_the_window_is_busy_and_takes_place(data: Written) -> None:
    for window, event in windows_and_events(data):
        busy = window.get("busy", False) and window.get("status") != "cancelled"
        shown = str(event["TRANSP"]), str(event["X-MICROSOFT-CDO-BUSYSTATUS"]), str(event["CLASS"])
        assert shown == (*(("OPAQUE", "BUSY") if busy else ("TRANSPARENT", "FREE")), "PUBLIC")


@given_hard_data
def test_the_first_revision_is_stamped_with_when_it_was_made_known(data: Written) -> None:
    for window, event in windows_and_events(data):
        revision = window.get("revision", {})
        zone = ZoneInfo(window.get("timezone", "Africa/Nairobi"))
        announced = instant(window["announced"], zone) if "announced" in window else NOW
        stamp = instant(revision["updated"], zone) if "updated" in revision else min(announced, NOW)
        assert {event[name].dt for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED")} == {stamp}
        assert event["SEQUENCE"] == revision.get("sequence", 0)


@given_hard_data
def test_url_is_the_windows_own_or_its_place_on_the_page(data: Written) -> None:
    for window, event in windows_and_events(data):
        place = f"{data['url'].rstrip('/')}/#{window['id']}" if "url" in data else None
        assert event.get("URL") == window.get("url", place)


@given_hard_data
def test_categories_are_the_systems_and_the_tags_each_by_itself(data: Written) -> None:
    systems = {system["id"]: system.get("short", system["name"]) for system in data["systems"]}
    for window, event in windows_and_events(data):
        of_systems = [systems[id_] for id_ in system_ids(window)]
        tags = [with_line_feeds(tag) for tag in window.get("tags", [])]
        assert event["CATEGORIES"].ical_value == ["Maintenance", *of_systems, *tags]


@given_hard_data
def test_contact_color_and_what_it_replaces_are_the_records(data: Written) -> None:
    for window, event in windows_and_events(data):
        contact = with_line_feeds(window["contact"]) if "contact" in window else None
        replaced = next(
            (uid_of(other, data) for other in data["windows"] if other["id"] == window.get("replaces")), None
        )
        assert (event.get("CONTACT"), event.get("RELATED-TO")) == (contact, replaced)
        assert str(event["COLOR"]) == window.get("color", COLORS[str(event["X-MAINTNOTE-IMPACT"]).lower()])


def organizers_by_icalendar(feed: bytes) -> set[tuple[str, str]]:
    events: list[Event] = icalendar.Calendar.from_ical(feed).events
    return {(str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]) for event in events}


def organizers_by_ical(feed: bytes) -> set[tuple[str, str]]:
    organizers: list[Any] = [event.organizer for event in IcsCalendarStream.calendar_from_ics(feed.decode()).events]
    return {(str(organizer.uri), organizer.common_name) for organizer in organizers}


@pytest.mark.parametrize("read", [organizers_by_icalendar, organizers_by_ical])
@given_hard_data
def test_the_organizer_is_the_publisher(read: Callable[[bytes], set[tuple[str, str]]], data: Written) -> None:
    publisher = data.get("publisher", {"name": data["name"]})
    address = f"mailto:{publisher['email']}" if "email" in publisher else "invalid:nomail"
    name = with_line_feeds(publisher["name"])
    if read is organizers_by_icalendar:
        # icalendar 7.3, parser.string._escape_string: takes a backslash from in front of these in a parameter, too,
        # where none is an escape (RFC 5545 3.1; RFC 6868 escapes with the caret).
        # parser.parameter.rfc_6868_unescape: a line break becomes the machine's own.
        name = re.sub(r"\\([\\,:;])", r"\1", name).replace("\n", os.linesep)
    expected = {(address, name)} if data["windows"] else set()
    assert read(MaintenanceCalendar.model_validate(data).to_ical(now=NOW)) == expected


@given_hard_data
def test_the_maintenance_note_names_every_object_with_its_impact(data: Written) -> None:
    for window, event in windows_and_events(data):
        given = window.get("maintnote", {})
        objects = affected(window, data)
        worst = max((impact for _, impact in affected(window, data)), key=list(COLORS)[::-1].index)
        if given.get("objects"):
            objects = [(with_line_feeds(object_["id"]), object_.get("impact", worst)) for object_ in given["objects"]]
        assert objects_of(event) == [(id_, impact.upper()) for id_, impact in objects]
        assert text(event["X-MAINTNOTE-IMPACT"]) == worst.upper()
        assert text(event["X-MAINTNOTE-PROVIDER"]) == with_line_feeds(given.get("provider", data["domain"]))
        assert text(event["X-MAINTNOTE-ACCOUNT"]) == with_line_feeds(given.get("account", "public"))
        assert text(event["X-MAINTNOTE-MAINTENANCE-ID"]) == with_line_feeds(given.get("id", window["id"]))


def windows_and_events(data: Written) -> list[tuple[Written, Event]]:
    feed = MaintenanceCalendar.model_validate(data).to_ical(now=NOW)
    events = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(feed).events}
    return [(window, events[uid_of(window, data)]) for window in data["windows"]]


def uid_of(window: Written, data: Written) -> str:
    return str(window.get("uid", f"{window['id']}@{data['domain']}"))


def instant(written: str, zone: ZoneInfo) -> datetime:
    """A date is its local midnight, a time without an offset the zone's."""
    when = datetime.fromisoformat(written)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=zone).astimezone(UTC)


def system_ids(window: Written) -> list[str]:
    return window.get("systems") or [window["system"]]


def affected_services(window: Written) -> list[tuple[str, Any]]:
    """The services that a window names, each with its impact; without any, the window's own."""
    own = window.get("impact", "outage")
    named = window.get("services", [{"id": ""}])
    services = [service if isinstance(service, dict) else {"id": service} for service in named]
    return [(service["id"], service.get("impact", own)) for service in services]


def affected(window: Written, data: Written) -> list[tuple[str, str]]:
    """The objects of a window: of each system the services it names, else all that it has, else the system."""
    systems = {system["id"]: system.get("services", []) for system in data["systems"]}
    found: list[tuple[str, str]] = []
    for id_ in system_ids(window):
        services = [service if isinstance(service, str) else service["id"] for service in systems[id_]]
        named = [(f"{id_}/{service}", impact) for service, impact in affected_services(window) if service in services]
        every = [(f"{id_}/{service}", window.get("impact", "outage")) for service in services]
        found += named or every or [(id_, window.get("impact", "outage"))]
    return found


def objects_of(event: Event) -> list[tuple[str, str]]:
    objects = event["X-MAINTNOTE-OBJECT-ID"]
    objects = objects if isinstance(objects, list) else [objects]
    return [(text(id_), id_.params["X-MAINTNOTE-OBJECT-IMPACT"]) for id_ in objects]


def text(value: icalendar.vUnknown) -> str:
    """An X- property's text: icalendar leaves its escapes in, since it cannot know its type (RFC 7265 5)."""
    return wire.unescaped(str(value))
