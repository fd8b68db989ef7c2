"""The feed published before: from a file or a server, and everything that can be wrong with either."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import LedgerError, MaintenanceCalendar
from icms_calendar import fetch as fetching
from icms_calendar.feed.ledger import fetch_ledger, read_ledger
from icms_calendar.fetch import UnreachableError, fetch
from tests.strategies import NOW

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Serve one answer on 127.0.0.1 to every request, and give the address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/all.ics"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_file_and_a_server_give_the_same_bytes(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    (tmp_path / "all.ics").write_bytes(b"feed")
    assert fetch_ledger(str(tmp_path / "all.ics"), NOW) == fetch_ledger(serve(_answer(200, b"feed")), NOW) == b"feed"


def test_a_server_is_asked_past_caches(serve: Callable[[Answer], str]) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append((handler.path, handler.headers["Cache-Control"]))
        _answer(200, b"feed")(handler)

    fetch_ledger(serve(answer) + "?a=b#c", NOW)
    assert asked == [(f"/all.ics?a=b&t={int(NOW.timestamp())}", "no-cache")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_answer(404), "answered 404"),
        (_answer(503), "answered 503"),
        (_answer(200, b"half", Content_Length="100"), "broke off after 4 of 100 octets"),
        (_answer(302, Location="file:///etc/passwd"), "answered 302"),
        (_answer(302, Location="/again"), "answered 302"),
    ],
)
def test_a_server_that_does_not_give_the_feed_is_an_error(
    serve: Callable[[Answer], str], answer: Answer, told: str
) -> None:
    with pytest.raises(LedgerError, match="ICM402") as error:
        fetch_ledger(serve(answer), NOW)
    assert told in str(error.value)


def test_404_is_no_error_for_a_first_build_only(serve: Callable[[Answer], str], tmp_path: Path) -> None:
    assert fetch_ledger(serve(_answer(404)), NOW, first_build=True) is None
    assert fetch_ledger(str(tmp_path / "none.ics"), NOW, first_build=True) is None
    for name in (serve(_answer(500)), "http://127.0.0.1:9/all.ics", "ftp://127.0.0.1/all.ics", str(tmp_path)):
        with pytest.raises(LedgerError):
            fetch_ledger(name, NOW, first_build=True)


def test_webcal_stands_for_https() -> None:
    with pytest.raises(UnreachableError, match="did not answer"):
        fetch("webcal://127.0.0.1:1/all.ics", NOW)


def test_a_redirect_is_followed(serve: Callable[[Answer], str]) -> None:
    target = serve(_answer(200, b"feed"))
    assert fetch_ledger(serve(_answer(301, Location=target)), NOW) == b"feed"


def test_a_server_that_never_ends_is_given_up(serve: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        _answer(200)(handler)
        for _ in range(50):
            handler.wfile.write(b"x" * 2**16)
            handler.wfile.flush()

    monkeypatch.setattr(fetching, "MAX_BYTES", 2**18)
    with pytest.raises(LedgerError, match="has more than"):
        fetch_ledger(serve(drip), NOW)
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.2)
    with pytest.raises(LedgerError, match="did not answer"):
        fetch_ledger(serve(lambda handler: threading.Event().wait(1.0) and None), NOW)


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


def test_an_event_added_by_hand_is_left_out_with_a_warning(example: MaintenanceCalendar) -> None:
    by_hand = b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nEND:VCALENDAR"
    read = read_ledger(example.to_ical().replace(b"END:VCALENDAR", by_hand), example, "old.ics")
    assert len(read.events) == 4
    assert [finding.code for finding in read.findings] == ["ICM405"]


def test_to_ical_goes_on_from_the_feed_before(example: MaintenanceCalendar) -> None:
    feed = example.to_ical(now=NOW)
    moved = example.replace(example.windows[3].cancel("not needed"))
    later = moved.to_ical(now=NOW, previous=feed)
    assert later.count(b"SEQUENCE:1\r\n") == 1
    assert moved.to_ical(previous=later) == later
    with pytest.raises(LedgerError):
        example.to_ical(previous=b"")
