"""Bytes from files, pipes, devices and addresses: bounded in size and time, and silent about secrets."""

from __future__ import annotations

import os
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest

from icms_calendar import fetch as fetching
from icms_calendar import local
from icms_calendar.fetch import fetch
from icms_calendar.findings import found, without_secrets
from icms_calendar.local import UnreachableError
from tests.conftest import Run
from tests.servers import Serve, answer_with, dripping
from tests.strategies import NOW

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"


@pytest.mark.parametrize("head", [HEADERS + b"\r\n", HEADERS + b"X-Slow: ", b"HTTP/1.1 ", b""])
def test_a_server_that_drips_is_given_up_in_time(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.4)
    with dripping(head, b"2", 0.05) as address:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match="did not answer within"):
            fetch(address, NOW)
        assert time.monotonic() - began < 2


def test_the_reads_of_a_server_that_drips_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.3)
    before = threading.active_count()
    with dripping(HEADERS + b"X-Slow: ", b"2", 0.05) as address, pytest.raises(UnreachableError):
        fetch(address, NOW)
    deadline = time.monotonic() + 3
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_one_deadline_covers_every_redirect(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.2)
        answer_with(302, Location=f"{handler.path}x")(handler)

    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.5)
    with pytest.raises(UnreachableError, match="did not answer within"):
        fetch(serve(slowly), NOW)


def test_a_body_without_end_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        answer_with(200)(handler)
        for _ in range(50):
            handler.wfile.write(b"x" * 2**16)
            handler.wfile.flush()

    monkeypatch.setattr(local, "MAX_BYTES", 2**18)
    with pytest.raises(UnreachableError, match="has more than"):
        fetch(serve(drip), NOW)


def test_webcal_means_https() -> None:
    with pytest.raises(UnreachableError, match="did not answer"):
        fetch("webcal://127.0.0.1:1/all.ics", NOW)


def test_a_redirect_is_followed_but_not_from_https_to_http(serve: Serve) -> None:
    target = serve(answer_with(200, b"feed"))
    assert fetch(serve(answer_with(301, Location=target)), NOW) == b"feed"
    redirects: Any = fetching._Redirects()
    with pytest.raises(UnreachableError, match="from https to http"):
        redirects.redirect_request(Request("https://a.example/"), None, 302, "", {}, "http://a.example/")


def test_a_fault_in_the_middle_of_a_redirect_is_an_error_and_not_the_page_there(serve: Serve) -> None:
    with pytest.raises(UnreachableError, match="answered 404"):
        fetch(serve(answer_with(302, Location=serve(answer_with(404, b"feed")))), NOW)


def test_an_address_may_have_any_characters(serve: Serve) -> None:
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        answer_with(200, b"x")(handler)

    address = serve(answer)
    assert fetch(address.replace("all.ics", "☃ x.ics?a=ü%20b"), NOW) == b"x"
    assert asked == [f"/%E2%98%83%20x.ics?a=%C3%BC%20b&t={int(NOW.timestamp())}"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ftp://x/y", "is not an http or https address"),
        ("http://[::1", "is not a well-formed address"),
        ("http://", "is not a well-formed address"),
        ("http://u:secret/x@host/", "is not a well-formed address"),
        ("http://user:secret@host/all.ics", "not supported"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_without_its_secrets(address: str, told: str) -> None:
    with pytest.raises(UnreachableError, match=told) as refused:
        fetch(address, NOW)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("https://host.example:8080/a/all.ics?token=secret#x", "https://host.example:8080/a/all.ics"),
        ("http://user:secret@host.example/all.ics", "http://host.example/all.ics"),
        ("http://secret@host.example", "http://host.example"),
        ("http://user:se/cret@host/x", "http://…"),
        ("http://user:se?cret@host/x", "http://…"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("records/a?b@c.yaml", "records/a?b@c.yaml"),
    ],
)
def test_a_place_is_named_without_user_password_and_query(place: str, told: str) -> None:
    assert without_secrets(place) == told


@pytest.mark.parametrize(
    ("command", "form"),
    [
        (["status"], "text"),
        (["list"], "github"),
        (["check"], "text"),
        (["check"], "github"),
        (["import"], "text"),
        (["check", "FEED", "--previous"], "github"),
    ],
)
def test_no_command_prints_what_is_secret_in_an_address(
    run: Run, command: list[str], form: str, tmp_path: Path
) -> None:
    (tmp_path / "feed.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    asked = [str(tmp_path / "feed.ics") if word == "FEED" else word for word in command]
    for address in ("http://127.0.0.1:9/a.ics?token=s3cret", "http://u:s3cret@127.0.0.1:9/a.ics"):
        done = run(*asked, address, env={"GITHUB_ACTIONS": "true"} if form == "github" else {})
        assert done.returncode == 2
        assert b"s3cret" not in done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no FIFOs")
def test_a_fifo_is_read_whole_and_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    monkeypatch.setattr(local, "FETCH_SECONDS", 0.3)
    with pytest.raises(UnreachableError, match="did not end within"):
        fetch(str(fifo), NOW)

    def write() -> None:
        with fifo.open("wb") as file:
            file.write(b"BEGIN")
            file.flush()
            time.sleep(0.05)
            file.write(b":VCALENDAR")

    threading.Thread(target=write, daemon=True).start()
    assert fetch(str(fifo), NOW) == b"BEGIN:VCALENDAR"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
def test_a_device_without_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(local, "MAX_BYTES", 2**20)
    (tmp_path / "x.ics").symlink_to("/dev/zero")
    with pytest.raises(UnreachableError, match="more than 1 MiB"):
        fetch(str(tmp_path / "x.ics"), NOW)
    assert fetch("/dev/null", NOW) == b""


def test_a_folder_and_a_file_that_is_gone_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="is a folder"):
        fetch(str(tmp_path), NOW)
    with pytest.raises(UnreachableError, match="was not found") as gone:
        fetch(str(tmp_path / "gone"), NOW)
    assert gone.value.absent


def test_a_finding_says_its_message_on_one_line() -> None:
    assert "\n" not in found("unreadable", reason="it answered 500 (a\r\n::error::b)").message
