"""nginx with the configuration of the examples: what it sends with every file of a site, and what it answers 304."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path, PurePosixPath

import pytest

from icms_calendar import MaintenanceCalendar, build_site
from icms_calendar.site.build import plan_site
from icms_calendar.site.hosting import CONTENT_TYPES, HEADERS
from tests.conftest import ROOT, need

AT = datetime(2025, 10, 12, 9, 0, tzinfo=UTC)
CONFIGURATION = ROOT / "examples" / "hosting" / "nginx.conf"
MAIN = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    port: int
    site: Path

    def get(self, path: str, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", f"/{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            assert len(told) == len(answer.getheaders())  # no header twice
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or need("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    site = folder / "public"
    build_site(MaintenanceCalendar.load(ROOT / "examples" / "kra-icms"), site, now=AT, first_build=True)
    if not (site / "404.html").exists():
        (site / "404.html").write_bytes(b"<!doctype html><title>Not here</title>")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    text = CONFIGURATION.read_text(encoding="utf-8")
    for shipped, here in (
        ("    listen [::]:80;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /var/www/icms;", f"root {site};"),
    ):
        assert text.count(shipped) == 1
        text = text.replace(shipped, here)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    (folder / "main.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "main.conf")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            _wait_for(port, process)
            yield Server(port, site)
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, process.stdout and process.stdout.read().decode()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")


def files_of(server: Server) -> list[str]:
    paths = (path.relative_to(server.site).as_posix() for path in server.site.rglob("*") if path.is_file())
    return sorted(path for path in paths if not path.startswith((".", "_")))


def test_every_file_is_sent_whole_with_its_type_and_the_headers_that_every_host_is_told(server: Server) -> None:
    files = files_of(server)
    assert {PurePosixPath(path).suffix for path in files} >= {".ics", ".json", ".xml", ".csv", ".txt", ".html"}
    for path in files:
        answer = server.get(path)
        assert (answer.status, answer.body) == (200, (server.site / path).read_bytes()), path
        assert answer.headers["content-type"] == CONTENT_TYPES[PurePosixPath(path).suffix], path
        assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS, path
        assert "content-disposition" not in answer.headers  # it would make a download of a subscription


def test_every_file_that_is_not_tiny_is_compressed_for_who_can_read_it(server: Server) -> None:
    for path in files_of(server):
        data = (server.site / path).read_bytes()
        if len(data) > 256:
            answer = server.get(path, Accept_Encoding="gzip")
            assert answer.headers["content-encoding"] == "gzip", path
            assert gzip.decompress(answer.body) == data
            assert answer.headers["vary"] == "Accept-Encoding"
            assert answer.headers["content-type"] == CONTENT_TYPES[PurePosixPath(path).suffix], path


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_rebuild_that_changes_nothing_answers_a_subscriber_304(server: Server, encoding: str) -> None:
    before = {path: server.get(path, Accept_Encoding=encoding).headers for path in files_of(server)}
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    done = build_site(example, server.site, now=AT + timedelta(minutes=1))
    assert plan_site(example, AT).volatile.issuperset(done.written)
    for path in before.keys() - set(done.written):
        headers = before[path]
        by_tag = server.get(path, Accept_Encoding=encoding, If_None_Match=headers["etag"])
        by_date = server.get(path, Accept_Encoding=encoding, If_Modified_Since=headers["last-modified"])
        assert (by_tag.status, by_tag.body) == (by_date.status, by_date.body) == (304, b""), path
        assert by_tag.headers["cache-control"] == HEADERS["Cache-Control"]
        assert by_tag.headers["access-control-allow-origin"] == "*"


def test_a_change_is_sent_to_a_subscriber_who_asks_whether_there_is_one(server: Server) -> None:
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    before = server.get("all.ics").headers["etag"]
    cancelled = example.replace(example.windows[3].cancel())
    build_site(cancelled, server.site, now=AT + timedelta(minutes=2))
    answer = server.get("all.ics", If_None_Match=before)
    assert answer.status == 200
    assert b"\r\nSTATUS:CANCELLED\r\n" in answer.body


@pytest.mark.parametrize(
    "path", ["none.ics", "icms/none.ics", "events/none.ics", "all.ics/", "none", "icms/", "api/v2/"]
)
def test_what_is_missing_is_a_404_and_never_a_page_with_200(server: Server, path: str) -> None:
    answer = server.get(path)
    assert (answer.status, answer.body) == (404, (server.site / "404.html").read_bytes())
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [".htaccess", ".nojekyll", ".icms-calendar.lock", "_headers", ".git/config"])
def test_what_is_for_hosts_is_not_sent(server: Server, path: str) -> None:
    assert server.get(path).status == 404


def test_a_page_in_a_folder_is_found_with_and_without_its_slash(server: Server) -> None:
    (server.site / "extra").mkdir()
    (server.site / "extra" / "index.html").write_bytes(b"<title>Habari</title>")
    assert server.get("extra/").body == b"<title>Habari</title>"
    answer = server.get("extra")
    assert (answer.status, answer.headers["location"]) == (301, "/extra/")
