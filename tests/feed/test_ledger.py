"""The feed published before: from a file or a server, and everything that can be wrong with either."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import LedgerError, MaintenanceCalendar
from icms_calendar.feed.ledger import fetch_ledger, read_ledger
from icms_calendar.feed.publication import publication
from tests.servers import Answer, Serve, answer_with
from tests.strategies import NOW


def test_a_file_and_a_server_give_the_same_bytes(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "all.ics").write_bytes(b"feed")
    assert (
        fetch_ledger(str(tmp_path / "all.ics"), NOW) == fetch_ledger(serve(answer_with(200, b"feed")), NOW) == b"feed"
    )


def test_a_server_is_asked_past_caches(serve: Serve) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.path, handler.headers["Cache-Control"]))
        answer_with(200, b"feed")(handler)

    fetch_ledger(serve(answer) + "?a=b#c", NOW)
    assert asked == [(f"/all.ics?a=b&t={int(NOW.timestamp())}", "no-cache")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answer_with(404), "answered 404"),
        (answer_with(503), "answered 503"),
        (answer_with(200, b"half", Content_Length="100"), "broke off after 4 of 100 octets"),
        (answer_with(302, Location="file:///etc/passwd"), "answered 302"),
        (answer_with(302, Location="/again"), "answered 302"),
    ],
)
def test_a_server_that_does_not_give_the_feed_is_an_error(serve: Serve, answer: Answer, told: str) -> None:
    with pytest.raises(LedgerError, match="ICM402") as error:
        fetch_ledger(serve(answer), NOW)
    assert told in str(error.value)


def test_404_is_no_error_for_a_first_build_only(serve: Serve, tmp_path: Path) -> None:
    assert fetch_ledger(serve(answer_with(404)), NOW, first_build=True) is None
    assert fetch_ledger(str(tmp_path / "none.ics"), NOW, first_build=True) is None
    for name in (serve(answer_with(500)), "http://127.0.0.1:9/all.ics", "ftp://127.0.0.1/all.ics", str(tmp_path)):
        with pytest.raises(LedgerError):
            fetch_ledger(name, NOW, first_build=True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda feed: b"", "ICM403"),
        (lambda feed: b"<!DOCTYPE html>", "ICM403"),
        (lambda feed: feed[: len(feed) // 2], "ICM403"),
        (lambda feed: feed.replace(b"UID:icms-2025-09-14", b"UID:icms-2025-07-13"), "ICM403"),
        (lambda feed: feed.replace(b"SEQUENCE:0", b"SEQUENCE:2147483647"), "ICM403"),
        (lambda feed: feed.replace(b"SEQUENCE:0", b"SEQUENCE:99999999999"), "ICM403"),
        (lambda feed: feed.replace(b"\r\nCREATED:", b"\r\nCREATE:", 1), "ICM403"),
        (lambda feed: feed.replace(b"END:VEVENT\r\n", b"", 1), "ICM403"),
        (lambda feed: feed.replace(b"\r\nSUMMARY:", b"\r\n SUMMARY:", 1), "ICM403"),
        (lambda feed: feed.replace(b"example.org\r\nDTSTAMP", b"example.org \r\nDTSTAMP", 1), "ICM403"),
        (lambda feed: feed.replace(b"SUMMARY:i", b"SUMMARY:\xff", 1), "ICM403"),
        (lambda feed: feed.replace(b"20250709T210000Z", b"99991231T235959Z"), "ICM403"),
        (lambda feed: feed.replace(b"END:VEVENT", b"BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT"), "ICM403"),
        (lambda feed: feed.replace(b"icms.example.org", b"other.example.org"), "ICM404"),
    ],
)
def test_a_feed_that_cannot_be_gone_on_from_is_an_error_that_says_what_to_do(
    example: MaintenanceCalendar, change: Callable[[bytes], bytes], code: str
) -> None:
    with pytest.raises(LedgerError, match=code) as error:
        read_ledger(change(example.to_ical()), example, "old.ics")
    assert "--previous" in str(error.value)
    assert str(error.value).startswith("old.ics: error ")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (b"DTEND:20250713T070000Z", b"DTEND:20250713T070000Z\r\nDTSTART:20250713T070000Z"),
        (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED\r\nSTATUS:CONFIRMED"),
        (b"STATUS:CONFIRMED", b"STATUS:CALLED OFF"),
        (b"\r\nSTATUS:CONFIRMED", b"\r\nSTATUS:CANCELLED"),
        (b"SUMMARY:iCMS", b"SUMMARY:a, b"),
        (b"SUMMARY:iCMS", b"SUMMARY:\x1b]0;x\x07"),
        (b"X-MAINTNOTE-OBJECT-ID;", b"X-MAINTNOTE-OBJECT-ID;X=:"),
        (b"X-MAINTNOTE-PROVIDER:icms.example.org", b"X-MAINTNOTE-PROVIDER:\t"),
        (b"ORGANIZER;CN=", b'ORGANIZER;CN="'),
    ],
)
def test_an_event_that_was_changed_by_hand_is_not_published_on(
    example: MaintenanceCalendar, line: bytes, instead: bytes
) -> None:
    feed = example.to_ical(now=NOW)
    begins = feed.index(b"BEGIN:VEVENT\r\nUID:icms-2025-07-13@")
    changed = feed[:begins] + feed[begins:].replace(line, instead, 1)
    assert changed != feed
    given = {name: getattr(example, name) for name in example.model_fields_set}
    without = MaintenanceCalendar(**{**given, "windows": example.windows[1:]})
    for calendar in (example.replace(example.windows[0].cancel()), without):
        with pytest.raises(
            LedgerError, match=r"ICM403.*icms-2025-07-13@icms\.example\.org was changed after it was built"
        ):
            publication(calendar, read_ledger(changed, calendar, "old.ics"), NOW, allow_vanished=True)


def test_a_feed_saved_as_utf_16_is_said_to_be_no_feed(example: MaintenanceCalendar) -> None:
    with pytest.raises(LedgerError, match="does not begin with BEGIN:VCALENDAR"):
        read_ledger(example.to_ical(now=NOW).decode().encode("utf-16"), example, "old.ics")


def test_a_feed_with_an_event_added_by_hand_stops_the_build(example: MaintenanceCalendar) -> None:
    by_hand = b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nEND:VCALENDAR"
    with pytest.raises(LedgerError, match=r"ICM403.*an event that icms-calendar did not write \(UID:x\)"):
        read_ledger(example.to_ical().replace(b"END:VCALENDAR", by_hand), example, "old.ics")


def test_another_domain_is_noticed_also_if_every_window_keeps_an_imported_provider() -> None:
    given: dict[str, Any] = {"name": "N", "timezone": "UTC", "systems": ["s"]}
    windows = [
        {
            "id": id_,
            "system": "s",
            "start": "2026-12-01 01:00",
            "duration": "1h",
            "maintnote": {"provider": "acme.example"},
        }
        for id_ in ("a", "b")
    ]
    feed = MaintenanceCalendar(**given, domain="d.example", windows=windows).to_ical(now=NOW)
    with pytest.raises(LedgerError, match="ICM404"):
        read_ledger(feed, MaintenanceCalendar(**given, domain="e.example", windows=windows), "old.ics")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (b"SEQUENCE:0", b"SEQUENCE:2147483646"),
        (b"20250709T210000Z", b"99991231T235959Z"),
        (b"SUMMARY:i", b"SUMMARY:x\n="),
        (b"STATUS:CONFIRMED\r\n", b""),
        (b"DTEND:20250713T070000Z", b"DTEND:20250713T000000Z"),
    ],
)
def test_a_feed_that_would_stop_the_build_after_the_next_stops_this_one(
    example: MaintenanceCalendar, line: bytes, instead: bytes
) -> None:
    feed = example.to_ical(now=NOW)
    changed = feed.replace(line, instead)
    assert changed != feed
    with pytest.raises(LedgerError, match="ICM403"):
        read_ledger(changed, example, "old.ics")


def test_to_ical_goes_on_from_the_feed_before(example: MaintenanceCalendar) -> None:
    feed = example.to_ical(now=NOW)
    moved = example.replace(example.windows[3].cancel("not needed"))
    later = moved.to_ical(now=NOW, previous=feed)
    assert later.count(b"SEQUENCE:1\r\n") == 1
    assert moved.to_ical(previous=later) == later
    with pytest.raises(LedgerError):
        example.to_ical(previous=b"")
