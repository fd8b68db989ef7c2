"""An event's bytes: what each property says, how texts are escaped and lines folded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.feed.encode import (
    content_line,
    escape_text,
    organizer_line,
    quoted_parameter,
    utc_text,
    with_alarms,
)
from icms_calendar.feed.publication import publication
from icms_calendar.record.fields import Publisher
from tests.strategies import SYSTEMS


def lines_of(window: dict[str, Any], **calendar: Any) -> list[str]:
    """The unfolded lines of the only event of a calendar."""
    given = {"id": "w", "system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00", **window}
    base = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "systems": SYSTEMS}
    others = [{"id": "old", "uid": "OLD", "system": "bare", "start": "2001-01-01 00:00", "duration": "1h"}]
    made = MaintenanceCalendar(**{**base, "windows": [given, *others], **calendar})
    feed = made.select(ids="w").to_ical().decode().replace("\r\n ", "")
    return feed.partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0].splitlines()


def value(name: str, window: dict[str, Any], **calendar: Any) -> str | None:
    found = [line for line in lines_of(window, **calendar) if line.startswith((f"{name}:", f"{name};"))]
    assert len(found) <= 1
    return found[0].partition(":")[2] if found else None


def test_the_properties_stand_in_the_order_of_the_design() -> None:
    full = {"tags": ["a"], "contact": "x", "replaces": "old", "announced": "2025-07-10", "services": ["sea"]}
    lines = lines_of(full, url="https://example.org/")
    assert [line.split(":")[0].split(";")[0] for line in lines] == [
        *(
            "UID",
            "DTSTAMP",
            "CREATED",
            "LAST-MODIFIED",
            "SEQUENCE",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "DESCRIPTION",
            "URL",
        ),
        *(
            "CATEGORIES",
            "STATUS",
            "TRANSP",
            "X-MICROSOFT-CDO-BUSYSTATUS",
            "CLASS",
            "ORGANIZER",
            "CONTACT",
            "RELATED-TO",
        ),
        *("COLOR", "X-MAINTNOTE-PROVIDER", "X-MAINTNOTE-ACCOUNT", "X-MAINTNOTE-MAINTENANCE-ID"),
        *("X-MAINTNOTE-OBJECT-ID", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS"),
    ]


@pytest.mark.parametrize(
    ("name", "window", "expected"),
    [
        ("UID", {}, "w@c.example.org"),
        ("UID", {"uid": "Kept, as it was"}, "Kept\\, as it was"),
        ("DTSTART", {}, "20250713T010000Z"),
        ("DTEND", {"end": None, "duration": "30s"}, "20250713T010030Z"),
        ("DTSTART", {"start": "2025-07-13T04:00+14:00"}, "20250712T140000Z"),
        ("DTSTART", {"all_day": True, "start": "2025-07-13", "end": "2025-07-13"}, "20250712T210000Z"),
        ("SUMMARY", {}, "iCMS unavailable: planned maintenance"),
        ("SUMMARY", {"emergency": True, "impact": "degraded"}, "iCMS degraded: emergency maintenance"),
        ("SUMMARY", {"status": "cancelled", "title": "Upgrade"}, "CANCELLED: Upgrade"),
        ("SEQUENCE", {"revision": {"sequence": 7}}, "7"),
        ("DTSTAMP", {}, "19700101T000000Z"),
        ("DTSTAMP", {"announced": "2025-07-10"}, "20250709T210000Z"),
        ("CREATED", {"announced": "2025-07-10T08:30+03:00"}, "20250710T053000Z"),
        ("LAST-MODIFIED", {"announced": "2025-07-10", "revision": {"updated": "2025-07-11 12:00"}}, "20250711T090000Z"),
        ("URL", {"url": "https://x.example.org/;,"}, "https://x.example.org/;,"),
        ("CATEGORIES", {"tags": ["a, b"]}, "Maintenance,iCMS,a\\, b"),
        ("STATUS", {"status": "tentative"}, "TENTATIVE"),
        ("STATUS", {"status": "in-process"}, "CONFIRMED"),
        ("STATUS", {"status": "completed"}, "CONFIRMED"),
        ("STATUS", {"status": "cancelled"}, "CANCELLED"),
        ("X-MAINTNOTE-STATUS", {"status": "in-process"}, "IN-PROCESS"),
        ("TRANSP", {}, "TRANSPARENT"),
        ("TRANSP", {"busy": True}, "OPAQUE"),
        ("X-MICROSOFT-CDO-BUSYSTATUS", {"busy": True}, "BUSY"),
        ("X-MICROSOFT-CDO-BUSYSTATUS", {"busy": True, "status": "cancelled"}, "FREE"),
        ("ORGANIZER", {}, "invalid:nomail"),
        ("CONTACT", {"contact": "Desk; 24h"}, "Desk\\; 24h"),
        ("RELATED-TO", {"replaces": "old"}, "OLD"),
        ("COLOR", {}, "red"),
        ("COLOR", {"impact": "degraded"}, "orange"),
        ("COLOR", {"color": "teal"}, "teal"),
        ("X-MAINTNOTE-PROVIDER", {}, "c.example.org"),
        ("X-MAINTNOTE-ACCOUNT", {}, "public"),
        ("X-MAINTNOTE-MAINTENANCE-ID", {}, "w"),
        ("X-MAINTNOTE-IMPACT", {"services": [{"id": "sea", "impact": "reduced-redundancy"}]}, "REDUCED-REDUNDANCY"),
        ("URL", {}, None),
    ],
)
def test_a_property_says_what_the_record_says(name: str, window: dict[str, Any], expected: str | None) -> None:
    assert value(name, window) == expected


def test_every_object_is_named_with_its_impact() -> None:
    both = {"system": None, "systems": ["icms", "bare"], "services": ["house", {"id": "sea", "impact": "no-impact"}]}
    assert [line for line in lines_of(both) if line.startswith("X-MAINTNOTE-OBJECT-ID")] == [
        "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:icms/house",
        "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:icms/sea",
        "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:bare",
    ]


def test_what_an_imported_notification_said_is_kept() -> None:
    note = {
        "provider": "acme.net",
        "account": "137",
        "id": "WO-1",
        "objects": [{"id": "circuit 7", "impact": "degraded"}],
    }
    assert [line for line in lines_of({"maintnote": note}) if line.startswith("X-MAINTNOTE")] == [
        "X-MAINTNOTE-PROVIDER:acme.net",
        "X-MAINTNOTE-ACCOUNT:137",
        "X-MAINTNOTE-MAINTENANCE-ID:WO-1",
        "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DEGRADED:circuit 7",
        "X-MAINTNOTE-IMPACT:OUTAGE",
        "X-MAINTNOTE-STATUS:CONFIRMED",
    ]


def test_the_default_url_is_the_windows_place_on_the_page() -> None:
    for url in ("https://example.org/icms/", "https://example.org/icms"):
        assert value("URL", {}, url=url) == "https://example.org/icms/#w"


def test_the_description_tells_when_what_what_to_do_and_who_says_so() -> None:
    window = {
        "services": ["house", {"id": "sea", "impact": "degraded"}],
        "status": "tentative",
        "reason": "New disks",
        "channels": {"online": "unavailable", "system-to-system": "queued"},
        "audience": ["importers", "agents"],
        "description": "Line one\nLine two\n",
        "fallback": "Use paper",
        "notice": "Please be advised",
        "reference": "7/25",
        "contact": "desk@example.org",
        "source": "https://example.org/7",
        "announced": "2025-07-10",
    }
    assert value("DESCRIPTION", window) == escape_text(
        "Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours\n"
        "Tentative: not confirmed yet.\n\n"
        "Unavailable: Integrated Customs Management System (iCMS): house\n"
        "Degraded: Integrated Customs Management System (iCMS): sea\n"
        "Channels: online unavailable; system-to-system queued\n"
        "Who is affected: importers, agents\n\n"
        "Line one\nLine two\n\n"
        "Reason: New disks\n\n"
        "What to do: Use paper\n\n"
        'Notice: "Please be advised"\n\n'
        "First announced: Thursday 10 July 2025\nReference: 7/25\nContact: desk@example.org\n"
        "Official notice: https://example.org/7"
    )


def test_the_organizer_is_the_publisher_by_name_and_address() -> None:
    publisher = Publisher(name='Port "A", ^berth\nB', email="a@example.org")
    assert organizer_line(publisher, "C") == "ORGANIZER;CN=\"Port ^'A^', ^^berth^nB\":mailto:a@example.org\r\n"
    assert organizer_line(None, "C") == 'ORGANIZER;CN="C":invalid:nomail\r\n'
    assert quoted_parameter("a:b;c") == '"a:b;c"'


def test_an_address_of_mail_can_add_no_other_recipient() -> None:
    hostile = Publisher(name="P", email="a?bcc=b&c%d+e@example.org")
    assert organizer_line(hostile, "C") == 'ORGANIZER;CN="P":mailto:a%3Fbcc%3Db%26c%25d+e@example.org\r\n'


def test_escaping_is_that_of_rfc_5545() -> None:
    assert escape_text("a\\N;b,c:d\ne") == "a\\\\N\\;b\\,c:d\\ne"


def test_an_alarm_rings_before_the_start(example: MaintenanceCalendar) -> None:
    event = publication(example).events[0]._replace(title="A, B", vevent=b"BEGIN:VEVENT\r\nEND:VEVENT\r\n")
    assert with_alarms(event, [timedelta(days=1), timedelta(minutes=90)]) == (
        b"BEGIN:VEVENT\r\n"
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\nDESCRIPTION:A\\, B\r\nEND:VALARM\r\n"
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H30M\r\nDESCRIPTION:A\\, B\r\nEND:VALARM\r\n"
        b"END:VEVENT\r\n"
    )


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_written_with_four_digits_for_the_year(instant: datetime) -> None:
    text = utc_text(instant.replace(microsecond=0))
    assert datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), tzinfo=UTC).date() == instant.date()
    assert text[8:] == f"T{instant:%H%M%S}Z"
    assert utc_text(datetime.combine(date(1, 2, 3), datetime.min.time(), UTC)) == "00010203T000000Z"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=400))
def test_folding_never_splits_a_character_and_never_passes_75_octets(text: str) -> None:
    folded = content_line(text).encode()
    assert folded.endswith(b"\r\n")
    lines = folded[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.startswith(b" ") for line in lines[1:])
    assert lines[0].decode() + "".join(line[1:].decode() for line in lines[1:]) == text
    assert len(lines) <= 2 + len(text.encode()) // 71
