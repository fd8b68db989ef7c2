"""The local server: the site of a source, in memory, planned again whenever a record changes.

build.py decides which files a site has. Nothing is written, and there is no previous feed: it is a first build.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path, PurePosixPath
from socketserver import ThreadingTCPServer
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from icms_calendar.findings import CalendarError, Finding, SourceError
from icms_calendar.site.build import plan_site
from icms_calendar.site.hosting import CONTENT_SECURITY_POLICY, CONTENT_TYPES, home_of
from icms_calendar.source.files import fingerprint, open_source, trace_of

ADDRESS = "127.0.0.1"
LOCAL_NAMES = (ADDRESS, "localhost")
INDEX, NOT_FOUND = "index.html", "404.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is served: the files of the last plan that succeeded, and what has been wrong with the records since.

    `base` is the path of the address where the site will be: requests below it, as from a 404 page, are also answered.
    """

    files: Mapping[str, bytes]
    faults: tuple[Finding, ...] = ()
    base: str = "/"


class Answer(NamedTuple):
    """The answer to a request."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes = b""


class Preview:
    """The site of a source in its present state.

    `now` gives the time of each plan. `report` is called after each one, with the number of windows and the findings.
    Files in the folder `templates` replace our own templates and styles.
    Raises SourceError if nothing can be read at the start; later errors are shown.
    """

    def __init__(
        self,
        source: str,
        now: Callable[[], datetime],
        report: Callable[[int, tuple[Finding, ...]], None],
        templates: Path | None = None,
    ) -> None:
        self._source = source
        self._now = now
        self._report = report
        self._templates = templates
        self._lock = Lock()
        self._fingerprint = self._seen()
        self._shown = Shown({})
        self._plan(first=True)

    def shown(self) -> Shown:
        """What to serve now, planned again if a file has changed."""
        with self._lock:
            seen = self._seen()  # before the files are read, so that a change in between is noticed the next time
            if seen != self._fingerprint:
                self._fingerprint = seen
                self._plan()
            return self._shown

    def _seen(self) -> tuple[object, ...]:
        templates = sorted(self._templates.rglob("*")) if self._templates else []
        return fingerprint(self._source), *map(trace_of, templates)

    def _plan(self, *, first: bool = False) -> None:
        try:
            records = open_source(self._source)
            site = plan_site(records.calendar, self._now(), templates=self._templates)
            windows, findings = len(records.calendar.windows), (*records.findings, *records.placed(site.findings))
            self._shown = Shown(site.files, base=unquote(home_of(records.calendar)))
        except CalendarError as error:
            windows, findings = 0, error.findings
            if first and SourceError(findings).unreadable:
                raise
            self._shown = replace(self._shown, faults=findings)
        self._report(windows, findings)


def serve(server: PreviewServer, ready: Callable[[str], None]) -> None:
    """Serve on this machine only, until Ctrl-C or SIGTERM; `ready` gets the address.

    Raises any unexpected error of an answer after the server has stopped.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)  # a shell switches off Ctrl-C for background jobs
    with server, suppress(KeyboardInterrupt):
        ready(server.url)
        server.serve_forever()
    if server.fault:
        raise server.fault


def respond(shown: Shown, target: str, host: str) -> Answer:
    """The answer to a request for `target`, the path as it was sent, of a client that calls this machine `host`."""
    if (host.rpartition(":")[0] or host) not in LOCAL_NAMES:
        # A page elsewhere whose name was made to lead here could read the records (DNS rebinding); its browser sends
        # that name. The port does not matter: it may be forwarded.
        told = f"This server answers only for {' and '.join(LOCAL_NAMES)}.\n"
        return Answer(HTTPStatus.MISDIRECTED_REQUEST, {"Content-Type": CONTENT_TYPES[".txt"]}, told.encode())
    path = _path(unquote(target.partition("?")[0]), shown)
    if shown.faults and (not shown.files or PurePosixPath(path).suffix in ("", ".html")):
        page = _faults_page(shown.faults)
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"Content-Type": CONTENT_TYPES[".html"]}, page)
    if f"{path}/{INDEX}" in shown.files:
        return Answer(HTTPStatus.FOUND, {"Location": quote(f"/{path}/")})
    status, path = (HTTPStatus.OK, path) if path in shown.files else (HTTPStatus.NOT_FOUND, NOT_FOUND)
    kind = CONTENT_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
    # With the host's restrictions, so that their effect is seen here first.
    return Answer(status, {"Content-Type": kind, "Content-Security-Policy": CONTENT_SECURITY_POLICY}, shown.files[path])


class PreviewServer(ThreadingTCPServer):  # an HTTPServer asks the name service for 127.0.0.1, which may take seconds
    """A server that listens on 127.0.0.1 until it is closed; port 0 means any free port. Raises OSError."""

    daemon_threads = True
    # On other systems this frees a port at once; on Windows it would share a port that is in use.
    allow_reuse_address = os.name != "nt"
    request_queue_size = 128  # a page has many files; by default only 5 connections wait, and the rest fail

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        self.fault: BaseException | None = None
        super().__init__((ADDRESS, port), _Handler)

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - its signature
        """Ignore a client that has gone; stop the server on anything else, for the command to report."""
        error = sys.exception()
        if not isinstance(error, (ConnectionError, TimeoutError)):
            self.fault = error
            self.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version, sys_version = "icms-calendar", ""
    timeout = 30

    def answer(self) -> None:
        answer = respond(self.server.preview.shown(), self.path, self.headers.get("Host") or "")
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = answer  # noqa: N815 - its names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Print nothing: people look at the terminal for what is wrong with the records."""


def _path(asked: str, shown: Shown) -> str:
    """The requested path of the plan: below the server's root, or below the future address."""
    paths = [asked.removeprefix("/"), asked.removeprefix(shown.base)]
    paths = [f"{path}{INDEX}" if path == "" or path.endswith("/") else path for path in paths]
    return next((path for path in paths if path in shown.files or f"{path}/{INDEX}" in shown.files), paths[0])


def _faults_page(faults: Iterable[Finding]) -> bytes:
    rows = "\n".join(f"<li>{escape(str(finding))}</li>" for finding in faults)
    page = Path(__file__).with_name("static") / "faults.html"
    return page.read_text(encoding="utf-8").format(faults=rows).encode(errors="replace")
