"""Read the bytes of a file, an http(s) address or standard input, within one limit of size and one of time.

What the bytes are (records, a feed, a site) is decided by those who ask for them.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, responses
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from icms_calendar.local import FETCH_SECONDS, STANDARD_INPUT, UnreachableError, read_file, read_standard_input, whole

MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Response:
    """The answer of a server, whatever its status; `url` is the address after all redirects."""

    status: int
    reason: str = ""
    headers: Message = field(default_factory=Message)
    body: bytes = b""
    url: str = ""


def fetch(name: str, now: datetime) -> bytes:
    """Read a file, or an http(s) address past caches.

    A pipe or a device is read once. Raises UnreachableError.
    """
    if not is_address(name):
        return read_file(name)
    address = name.partition("#")[0]
    # With the time in its query: a cache between may hold a feed ten minutes old.
    response = request(f"{address}{'&' if '?' in address else '?'}t={int(now.timestamp())}")
    if response.status != 200:
        told = f"answered {response.status} ({response.reason})"
        raise UnreachableError(told, absent=response.status in (404, 410))
    return response.body


def fetch_input(name: str, now: datetime) -> bytes:
    """Read a file, an http(s) address or, for `-`, standard input. Raises SourceError (`unreadable`)."""
    try:
        return read_standard_input() if name == STANDARD_INPUT else fetch(name, now)
    except UnreachableError as error:
        raise error.of_source(name) from None


def is_address(name: str) -> bool:
    """Whether a name is an address, not a path."""
    return "://" in name


def request(url: str, headers: Mapping[str, str] | None = None) -> Response:
    """Ask an http(s) address once, following redirects, within 30 seconds for all of it.

    The body is empty unless the status is 200. Raises UnreachableError if there is no whole answer.
    """
    address = _ascii(_split(url))
    connections = _Connections()
    answers: list[Response | UnreachableError] = []
    # In a thread, since nothing else bounds how long a name is looked up, or how long a server drips its headers.
    worker = Thread(target=lambda: answers.append(_attempt(address, headers or {}, connections)), daemon=True)
    worker.start()
    worker.join(FETCH_SECONDS)
    if not answers:
        connections.break_off()
        raise UnreachableError(f"did not answer within {FETCH_SECONDS} seconds")
    if isinstance(answers[0], UnreachableError):
        raise answers[0]
    return answers[0]


def _attempt(address: str, headers: Mapping[str, str], connections: _Connections) -> Response | UnreachableError:
    """The answer, or why there is none; never an exception, which would be lost in its thread."""
    told = {"Cache-Control": "no-cache", "User-Agent": "icms-calendar", **headers}
    try:
        opener = build_opener(_Redirects, connections)
        with opener.open(Request(address, headers=told)) as response:  # noqa: S310 - its scheme has been checked
            body = _whole_body(response) if response.status == 200 else b""
            return Response(response.status, response.reason or "", response.headers, body, response.url)
    except HTTPError as error:
        error.close()
        return Response(error.code, responses.get(error.code, ""), error.headers, url=error.url)
    except UnreachableError as error:
        return error
    except (HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        words = (isinstance(reason, OSError) and reason.strerror) or str(reason)
        return UnreachableError(f"did not answer ({words.lower()})")


class _Redirects(HTTPRedirectHandler):
    max_redirections = MAX_REDIRECTS

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https"):
            raise UnreachableError("redirects to an address that is not http or https")
        if req.type == "https" and scheme == "http":  # whoever is on the way could answer in its place
            raise UnreachableError("redirects from https to http, where anyone on the way can change the answer")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Connections(HTTPSHandler, HTTPHandler):
    """Connections of which another thread can break off the latest."""

    _latest: HTTPConnection | None = None

    def do_open(self, http_class, req, **given):  # type: ignore[no-untyped-def]
        def connection(host: str, **more: Any) -> HTTPConnection:
            self._latest = http_class(host, **{**more, "timeout": FETCH_SECONDS})
            return self._latest

        return super().do_open(connection, req, **given)

    def break_off(self) -> None:
        """End a read that another thread waits in; a server that drips would hold it for hours."""
        with suppress(OSError, AttributeError):  # there may be no connection, or no socket any more
            self._latest.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _whole_body(response: HTTPResponse) -> bytes:
    """The whole body of a response; half a body is an error."""
    data = whole(response.read1)
    expected = response.headers.get("Content-Length") or ""
    if expected.isdigit() and len(data) < int(expected):
        raise UnreachableError(f"broke off after {len(data):,} of {int(expected):,} octets")
    return data


def _split(url: str) -> SplitResult:
    """The parts of an http(s) address; webcal, which is not registered, means https."""
    scheme, colon, rest = url.partition(":")
    if scheme.lower() == "webcal":
        scheme = "https"
    if scheme.lower() not in ("http", "https"):
        raise UnreachableError("is not an http or https address")
    try:
        parts = urlsplit(scheme + colon + rest)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise UnreachableError("is not a well-formed address")
    if "@" in parts.netloc:
        raise UnreachableError("has a user name or password in its address, which is not supported")
    return parts


def _ascii(parts: SplitResult) -> str:
    """The address as it goes over the wire: host by IDNA, other characters by percent."""
    host = parts.netloc
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise UnreachableError("is not a well-formed address") from None
    path, query = (quote(part, safe="%/:?@!$&'()*+,;=~[]") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))
