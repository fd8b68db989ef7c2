"""The recipes do what the documentation says of them, against servers of this machine."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.conftest import IN_CI, ROOT, run_command

RECIPES = ROOT / "examples" / "recipes"
WEB = ROOT / "examples" / "web"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@contextmanager
def listening(server: socketserver.TCPServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def python(*arguments: object, stdin: object = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=json.dumps(stdin),
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def changes() -> object:
    """What `diff --format json` prints."""
    examples = ROOT / "examples"
    previous = ("--previous", examples / "published.ics", "--now", "2026-03-05")
    return json.loads(run_command("diff", examples / "moved.yaml", *previous, "--format", "json").stdout)


def test_changes_are_posted_as_one_message_and_nothing_if_nothing_has_changed(changes: object) -> None:
    posted: list[dict[str, str]] = []

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with listening(HTTPServer(("127.0.0.1", 0), Chat)) as port:
        for each in ([], changes):
            python(RECIPES / "post_changes.py", f"http://127.0.0.1:{port}/", stdin=each)
    (message,) = posted
    assert message["text"].startswith("Takes longer: berths unavailable: planned maintenance\n  from Saturday 14 March")


def test_changes_are_mailed_to_the_recipient(changes: object) -> None:
    received: list[str] = []

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline().decode().rstrip():
                received.append(line)
                self.wfile.write({"data": b"354 go\r\n", "QUIT": b"221 bye\r\n"}.get(line, b"250 ok\r\n"))
                if line == "data":
                    received.extend(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
                    self.wfile.write(b"250 ok\r\n")

    with listening(socketserver.TCPServer(("127.0.0.1", 0), Mail)) as port:
        place = f"127.0.0.1:{port}"
        python(RECIPES / "mail_changes.py", place, "calendar@example.org", "all@example.org", stdin=changes)
    assert "Subject: Takes longer: berths unavailable: planned maintenance" in received
    assert "To: all@example.org" in received
    assert any(line.startswith("  from Saturday 14 March 2026, 22:00") for line in received)


@pytest.mark.parametrize(
    "arguments", [("post_changes.py", "http://127.0.0.1:9/"), ("mail_changes.py", "127.0.0.1:9", "a", "b")]
)
def test_nothing_is_sent_of_changes_that_would_not_be_published(arguments: tuple[str, ...]) -> None:
    name, *rest = arguments
    command = [sys.executable, str(RECIPES / name), *rest]
    stopped = json.dumps([{"kind": "stops-build", "text": "The build would stop: error ICM409"}])
    done = subprocess.run(command, input=stopped, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "The build would stop, so nothing has changed for subscribers.\n")


@POSIX
@pytest.mark.parametrize(("at", "alerts"), [("2025-07-13T05:00+03:00", False), ("2025-07-20T05:00+03:00", True)])
def test_an_alert_is_silent_during_maintenance_only(at: str, alerts: bool, tmp_path: Path) -> None:
    done = alert(tmp_path, ROOT / "examples" / "kra-icms", at)
    assert (done.stdout == "iCMS is down\n") is alerts


@POSIX
def test_an_alert_runs_if_the_calendar_cannot_be_read(tmp_path: Path) -> None:
    assert alert(tmp_path, tmp_path / "gone", "2025-07-13T05:00+03:00").stdout == "iCMS is down\n"


def alert(folder: Path, place: Path, at: str) -> subprocess.CompletedProcess[str]:
    from datetime import datetime

    command = folder / "icms-calendar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    epoch = str(int(datetime.fromisoformat(at).timestamp()))
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": epoch}
    script = [str(RECIPES / "alert.sh"), str(place), "icms", "echo", "iCMS is down"]
    return subprocess.run(script, env=env, capture_output=True, text=True, check=False, timeout=60)


FLASK = """
from flask_app import app
app.test_cli_runner().invoke(args=["publish"], catch_exceptions=False)
client = app.test_client()
feed, page, gone = (client.get(path) for path in ("/calendar/all.ics", "/calendar/", "/calendar/gone.ics"))
"""
DJANGO = """
import os
import django
from django.conf import settings
settings.configure(ROOT_URLCONF="django_views", CALENDAR_SITE=os.environ["CALENDAR_SITE"], ALLOWED_HOSTS=["testserver"])
django.setup()
import django_views
from django.test import Client
django_views.publish()
client = Client()
feed, page, gone = (client.get(path) for path in ("/calendar/all.ics", "/calendar/", "/calendar/gone.ics"))
"""
PRINTED = "print([feed.status_code, page.status_code, gone.status_code, feed.headers['Content-Type'].split(';')[0]])"


@pytest.mark.parametrize(("framework", "script"), [("flask", FLASK), ("django", DJANGO)])
def test_an_application_serves_the_feed_of_its_windows(framework: str, script: str, tmp_path: Path) -> None:
    if not IN_CI:
        pytest.importorskip(framework)
    env = {"PYTHONPATH": f"{WEB}{os.pathsep}{ROOT}", "CALENDAR_SITE": str(tmp_path / "site")}
    for _ in range(2):  # the second build continues from the first
        assert python("-c", script + PRINTED, env=env) == "[200, 200, 404, 'text/calendar']\n"
    listed = run_command("list", tmp_path / "site" / "all.ics").stdout.decode()
    assert "2026-12-06" in listed
