"""Local servers for tests: each answers every request in one way, written down in the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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
        server.handle_error = lambda *_: None  # type: ignore[method-assign] - a client may be gone before its answer
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
