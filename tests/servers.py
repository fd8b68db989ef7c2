"""Local servers for tests: each answers every request in one way, written down in the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from icms_calendar.fetch import Response

Answer = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Answer], str]


@contextmanager
def serving() -> Iterator[Serve]:
    """Serve one answer on 127.0.0.1 to every request, and give the address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client may be gone
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/all.ics"

    try:
        yield start
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def answer_with(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer with a status, a body and headers (`Content_Type="…"`)."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def dripping(head: bytes, piece: bytes, every: float) -> Iterator[str]:
    """A server that sends `head` at once, and then a piece every few moments until the client has gone."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(65536)
            client.sendall(head)
            while not stop.wait(every):
                try:
                    client.sendall(piece)
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/all.ics"
    finally:
        stop.set()
        listener.close()
        thread.join(2)


def server_of(exchange: str) -> Callable[[str, Mapping[str, str]], Response]:
    """A server that serves a site as it should, but for one answer: `GET path`, status, headers, blank line, body."""
    request_line, _, rest = exchange.partition("\n")
    head, _, body = rest.partition("\n\n")
    status, _, headers = head.partition("\n")
    answers = {
        "/all.ics": Response(200, headers=message_from_string(_GOOD_HEADERS), body=b"BEGIN:VCALENDAR"),
        request_line.removeprefix("GET "): Response(
            int(status), headers=message_from_string(headers), body=body.encode()
        ),
    }

    def ask(url: str, asked: Mapping[str, str]) -> Response:
        answer = answers.get("/" + url.split("/", 3)[3], Response(404))
        tag = answer.headers.get("ETag")
        return replace(answer, status=304) if tag and asked.get("If-None-Match") == tag else replace(answer, url=url)

    return ask


_GOOD_HEADERS = 'Content-Type: text/calendar; charset=utf-8\nAccess-Control-Allow-Origin: *\nETag: "1"'
