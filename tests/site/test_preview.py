"""The local server: what a browser, a calendar program and somebody who edits the records get from it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar.findings import Finding, SourceError, found
from icms_calendar.site.build import plan_site
from icms_calendar.site.hosting import hosting_files
from icms_calendar.site.preview import Answer, Preview, PreviewServer, Shown, respond, serve
from icms_calendar.source.files import load
from tests.conftest import ROOT, Run

NOW = datetime(2025, 7, 11, tzinfo=UTC)
FILES = {
    "all.ics": b"BEGIN:VCALENDAR",
    "icms/sea manifest.ics": b"sea",
    "index.html": b"<p>English",
    "sw/index.html": b"<p>Kiswahili",
    "404.html": b"<p>Not here",
    "status.json": b"{}",
    "windows.csv": b"id",
    "windows.xml": b"<feed>",
    "qr/page.svg": b"<svg>",
    "style.css": b"p {}",
    "page.js": b";",
    "robots.txt": b"",
    ".htaccess": b"AddType",
}


def get(target: str, shown: Shown | None = None, host: str = "127.0.0.1:8000") -> Answer:
    return respond(shown or Shown(FILES), target, host)


def wrong(message: str = "on purpose") -> Finding:
    return found("unreadable", reason=message)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("all.ics", "text/calendar; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("status.json", "application/json"),
        ("windows.csv", "text/csv; charset=utf-8"),
        ("windows.xml", "application/atom+xml"),
        ("qr/page.svg", "image/svg+xml"),
        ("style.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        (".htaccess", "application/octet-stream"),
    ],
)
def test_every_file_has_its_content_type(path: str, kind: str) -> None:
    answer = get(f"/{path}")
    assert (answer.status, answer.body) == (200, FILES[path])
    assert answer.headers["Content-Type"].startswith(kind)


def test_every_file_of_a_real_site_but_those_for_hosts_has_a_type_of_its_own() -> None:
    files = plan_site(load(ROOT / "examples" / "kra-icms"), NOW).files
    for path in files:
        kind = get(f"/{path}", shown=Shown(files)).headers["Content-Type"]
        assert kind != "application/octet-stream" or path in (".gitattributes", "_headers", ".htaccess", ".nojekyll"), (
            path
        )


def test_a_page_may_do_no_more_than_where_it_will_be_served() -> None:
    headers = hosting_files(load(ROOT / "examples" / "kra-icms"), ["all.ics"])["_headers"].decode()
    for path in ("/", "/none.html"):
        assert f"Content-Security-Policy: {get(path).headers['Content-Security-Policy']}\n" in headers


def test_a_folder_is_its_index_and_without_the_slash_leads_there() -> None:
    assert get("/").body == b"<p>English"
    assert get("/sw/").body == b"<p>Kiswahili"
    assert get("/index.html?from=mail").body == b"<p>English"
    moved = get("/sw")
    assert (moved.status, moved.headers["Location"]) == (302, "/sw/")


def test_what_is_asked_for_as_where_it_will_be_is_found_here() -> None:
    for base, asked, body in [
        ("/a b/", "/a%20b/style.css", b"p {}"),
        ("/icms/", "/icms/", b"<p>English"),
        ("/icms/", "/icms/sea%20manifest.ics", b"sea"),
        ("/icms/", "/style.css", b"p {}"),
    ]:
        assert get(asked, shown=Shown(FILES, base=base)).body == body
    assert get("/icms/sw", shown=Shown(FILES, base="/icms/")).headers["Location"] == "/sw/"
    assert get("/icms/none.css", shown=Shown(FILES, base="/icms/")).status == 404


def test_a_path_is_decoded_once() -> None:
    assert get("/icms/sea%20manifest.ics").body == b"sea"
    assert get("/icms/sea%2520manifest.ics").status == 404


def test_what_is_not_there_is_a_404_with_the_sites_own_page() -> None:
    own = get("/none.ics")
    assert (own.status, own.body, own.headers["Content-Type"]) == (404, b"<p>Not here", "text/html; charset=utf-8")


@pytest.mark.parametrize("path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "//etc/passwd", "/icms/../all.ics"])
def test_there_is_no_way_out_of_the_site(path: str) -> None:
    assert get(path).status == 404


@pytest.mark.parametrize("host", ["evil.example:8000", "evil.example", "127.0.0.1.evil.example:8000", "", ":8000"])
def test_a_name_from_elsewhere_is_refused(host: str) -> None:
    answer = get("/all.ics", host=host)
    assert answer.status == 421
    assert b"VCALENDAR" not in answer.body


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:9000", "localhost"])
def test_this_machine_is_served_by_any_of_its_names_and_forwarded_ports(host: str) -> None:
    assert get("/all.ics", host=host).status == 200


@given(st.text(), st.booleans())
def test_no_request_is_a_fault_of_ours(target: str, right: bool) -> None:
    shown = Shown(FILES) if right else Shown({}, (wrong(),))
    assert get(target, shown=shown).status in (200, 302, 404, 503)


def test_faults_are_shown_in_place_of_the_pages_and_feeds_stay_as_they_were() -> None:
    shown = Shown(FILES, (wrong("<script>alert(1)</script>"), wrong("it's gone")))
    for path in ("/", "/sw/", "/sw", "/index.html", "/none.html"):
        page = get(path, shown=shown)
        assert page.status == 503
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert b"&lt;script&gt;alert(1)" in page.body
        assert b"<script" not in page.body
        assert page.body.count(b"<li>") == 2
    assert get("/all.ics", shown=shown).body == FILES["all.ics"]
    assert get("/none.ics", shown=shown).status == 404


def test_before_the_records_were_ever_right_there_is_no_feed() -> None:
    answer = get("/all.ics", shown=Shown({}, (wrong(),)))
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert b"ICM001" in answer.body


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "kra-icms", tmp_path / "records"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


Told = list[tuple[int, tuple[Finding, ...]]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def preview(source: Path, told: Told) -> Preview:
    return Preview(str(source), lambda: NOW, lambda windows, findings: told.append((windows, findings)))


def test_a_preview_is_the_site_that_a_first_build_makes(source: Path, preview: Preview) -> None:
    assert preview.shown() == Shown(plan_site(load(source), NOW).files, base="/icms/")


def test_nothing_is_planned_anew_while_nothing_changes(preview: Preview, told: Told) -> None:
    assert preview.shown() is preview.shown()
    assert told == [(4, ())]


def test_a_changed_new_or_removed_file_is_seen_at_the_next_request(source: Path, preview: Preview, told: Told) -> None:
    replace(source / "windows.yaml", "2025-07-13 10:00", "2025-07-13 11:00")
    assert b"DTEND:20250713T080000Z" in preview.shown().files["all.ics"]
    more = source / "2026" / "more.csv"
    more.parent.mkdir()
    more.write_text("id,system,start,end\nnew,icms,2026-01-01 04:00,2026-01-01 05:00\n", encoding="utf-8")
    assert b"UID:new@" in preview.shown().files["all.ics"]
    more.unlink()
    assert b"UID:new@" not in preview.shown().files["all.ics"]
    assert [windows for windows, _ in told] == [4, 4, 5, 4]
    (source / "notes.txt").write_text("no record", encoding="utf-8")
    preview.shown()
    assert len(told) == 4


def test_a_file_put_in_the_place_of_another_is_seen_though_size_and_time_are_the_same(
    source: Path, preview: Preview
) -> None:
    path = source / "windows.yaml"
    before = path.stat()
    new = source / ".new"
    new.write_text(path.read_text(encoding="utf-8").replace("13 10:00", "13 11:00"), encoding="utf-8")
    new.replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert b"DTEND:20250713T080000Z" in preview.shown().files["all.ics"]


def test_a_half_saved_edit_is_told_once_and_mended_by_the_next_save(source: Path, preview: Preview, told: Told) -> None:
    path = source / "windows.yaml"
    whole = path.read_bytes()
    good = preview.shown().files
    for half in (whole[: whole.index(b" end:")], b"", b"windows: [", b"\xff\xfe\x00"):
        path.write_bytes(half)
        told.clear()
        assert preview.shown().files is good
        assert preview.shown().faults
        assert len(told) == 1
    path.unlink()
    (source / "calendar.yaml").rename(source / "_calendar.yaml")
    assert [fault.code for fault in preview.shown().faults] == ["ICM008"]
    (source / "_calendar.yaml").rename(source / "calendar.yaml")
    path.write_bytes(whole)
    assert preview.shown().files == good
    assert preview.shown().faults == ()


def test_records_that_are_wrong_to_begin_with_are_shown_and_a_source_that_is_not_there_is_refused(
    tmp_path: Path, told: Told
) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text("name: x\n", encoding="utf-8")
    shown = Preview(str(path), lambda: NOW, lambda *_: None).shown()
    assert shown.files == {}
    assert shown.faults
    with pytest.raises(SourceError, match="ICM001"):
        Preview(str(tmp_path / "none.yaml"), lambda: NOW, lambda *_: None)


@contextmanager
def served(preview: Preview) -> Iterator[PreviewServer]:
    with PreviewServer(preview, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def request(
    server: PreviewServer, target: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_calendar_program_fetches_and_looks_ahead_and_can_do_no_more(preview: Preview) -> None:
    with served(preview) as server:
        first, feed = request(server, "/all.ics")
        assert first.status == 200
        assert feed == preview.shown().files["all.ics"]
        assert first.headers["Cache-Control"] == "no-cache"
        assert first.headers["X-Content-Type-Options"] == "nosniff"
        head, nothing = request(server, "/all.ics", "HEAD")
        assert (head.status, nothing, head.headers["Content-Length"]) == (200, b"", str(len(feed)))
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"):
            assert request(server, "/all.ics", method)[0].status == 501
        assert request(server, "/all.ics", Host="evil.example")[0].status == 421


def test_many_requests_at_once_plan_the_site_once(source: Path, preview: Preview, told: Told) -> None:
    replace(source / "windows.yaml", "2025-07-13 10:00", "2025-07-13 11:00")
    feeds: Queue[bytes] = Queue()
    with served(preview) as server:
        threads = [threading.Thread(target=lambda: feeds.put(request(server, "/all.ics")[1])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {feeds.get() for _ in range(20)} == {preview.shown().files["all.ics"]}
    assert len(told) == 2


def test_a_hundred_connections_may_wait_before_any_is_answered(preview: Preview) -> None:
    with PreviewServer(preview, 0) as server, ExitStack() as waiting:
        for _ in range(100):
            waiting.enter_context(socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=2))


def test_it_listens_on_this_machine_alone(preview: Preview) -> None:
    with PreviewServer(preview, 0) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"


def test_a_client_that_hangs_up_is_nothing_and_a_fault_of_ours_stops_the_server(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(*_: object) -> None:
        raise faults.pop(0)

    faults = [ConnectionResetError(), BrokenPipeError(), RuntimeError("on purpose")]
    monkeypatch.setattr("icms_calendar.site.preview.respond", answers)

    def ask(url: str) -> None:
        port = int(url.rstrip("/").rpartition(":")[2])
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                client.sendall(b"GET / HTTP/1.1\r\n\r\n")
                client.recv(1)

    with pytest.raises(RuntimeError, match="on purpose"):
        serve(PreviewServer(preview, 0), lambda url: threading.Thread(target=ask, args=(url,)).start())
    assert faults == []


class Serving:
    """The command as a person runs it, its talk line by line."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "icms_calendar", "serve", *map(str, arguments)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def wait_for(self, pattern: str) -> str:
        line = ""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                line = self.lines.get(timeout=0.1)
            except Empty:
                continue
            if match := re.search(pattern, line):
                return match[0]
        raise AssertionError(f"{pattern} was not told, last {line}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=10)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def serving() -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(*arguments: object) -> Serving:
        started.append(Serving(*arguments))
        return started[-1]

    yield start
    for one in started:
        one.close()


def fetch(url: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(url.removeprefix("http://").partition("/")[0], timeout=10)
    try:
        connection.request("GET", "/" + url.removeprefix("http://").partition("/")[2])
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there a signal ends a process without a word")
@pytest.mark.parametrize("stop", ["SIGINT", "SIGTERM"])
def test_serve_tells_its_address_shows_what_is_saved_and_stops_clean(
    serving: Callable[..., Serving], source: Path, stop: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in source.rglob("*")}
    command = serving(source, "--port", "0", "--now", "2025-07-11")
    url = command.wait_for(r"http://127\.0\.0\.1:\d+/")
    assert fetch(f"{url}all.ics") == (200, plan_site(load(source), NOW).files["all.ics"])
    assert fetch(f"{url}status.json")[1].count(b'"generated_at": "2025-07-11T00:00:00Z"') == 1
    assert {path: path.stat().st_mtime_ns for path in source.rglob("*")} == before
    replace(source / "windows.yaml", "2025-07-13 04:00", "2025-07-13 44:00")
    status, page = fetch(url)
    assert status == 503
    assert b"windows.yaml:6:12: error ICM101" in page
    command.wait_for(r"windows\.yaml:6:12: error ICM101")
    command.wait_for(r"records: 1 error")
    fetch(url)
    replace(source / "windows.yaml", "2025-07-13 44:00", "2025-07-13 05:00")
    assert b"DTSTART:20250713T020000Z" in fetch(f"{url}all.ics")[1]
    assert command.lines.get(timeout=10).endswith("records: 4 windows, nothing wrong")
    assert command.stop(getattr(signal, stop)) == 0
    assert command.lines.empty()
    again = serving(source, "--port", url.rstrip("/").rpartition(":")[2])
    assert again.wait_for(r"http://127\.0\.0\.1:\d+/") == url


def test_a_port_in_use_is_told_with_the_way_out(run: Run, source: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", source, "--port", port)
    assert done.returncode == 2
    assert f"Port {port} cannot be used (".encode() in done.stderr
    assert b"Name another with --port." in done.stderr


def test_standard_input_and_a_source_that_is_not_there_cannot_be_served(run: Run) -> None:
    refused = run("serve", "-", input=b"")
    assert refused.returncode == 2
    assert b"Name a file or a folder." in refused.stderr
    absent = run("serve", "none.yaml")
    assert absent.returncode == 2
    assert absent.stderr.count(b"ICM001") == 1


def test_templates_of_ones_own_are_shown_again_as_soon_as_they_change(source: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html").write_text("one", encoding="utf-8")
    preview = Preview(str(source), lambda: NOW, lambda *_: None, own)
    assert preview.shown().files["index.html"] == b"one"
    (own / "page.html").write_text("another", encoding="utf-8")
    assert preview.shown().files["index.html"] == b"another"
    (own / "page.html").write_text("{% nonsense %}", encoding="utf-8")
    assert [fault.code for fault in preview.shown().faults] == ["ICM307"]
    assert preview.shown().files["index.html"] == b"another"
