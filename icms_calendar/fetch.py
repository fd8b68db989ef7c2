"""Read the bytes of a file, an http(s) address or standard input, within one limit of size and one of time.

What the bytes are (records, a feed, a site) is decided by those who ask for them.
"""

from __future__ import annotations

import io
import os
import select
import socket
import stat
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, responses
from threading import Thread
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from icms_calendar.findings import SourceError, found

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"  # in findings
MAX_BYTES = 64 * 2**20
FETCH_SECONDS = 30
MAX_REDIRECTS = 5
_PIECE = 2**16


class UnreachableError(Exception):
    """A file or address that could not be read, and why; `absent` if it answers that nothing is there."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.absent = absent


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
        return _file(name)
    response = request(_past_caches(name, now))
    if response.status != 200:
        told = f"answered {response.status} ({response.reason})"
        raise UnreachableError(told, absent=response.status in (404, 410))
    return response.body


def fetch_input(name: str, now: datetime) -> bytes:
    """Read a file, an http(s) address or, for `-`, standard input. Raises SourceError (`unreadable`)."""
    try:
        return _standard_input() if name == STANDARD_INPUT else fetch(name, now)
    except UnreachableError as error:
        file = STANDARD_INPUT_NAME if name == STANDARD_INPUT else name
        raise SourceError([replace(found("unreadable", reason=f"it {error.reason}"), file=file)]) from None


def is_address(name: str) -> bool:
    """Whether a name is an address, not a path."""
    return "://" in name


def request(url: str, headers: Mapping[str, str] | None = None) -> Response:
    """Ask an http(s) address once, following redirects, within 30 seconds for all of it.

    The body is empty unless the status is 200. Raises UnreachableError if there is no whole answer.
    """
    address = _ascii(_split(url))
    ends = time.monotonic() + FETCH_SECONDS
    answers: list[Response | UnreachableError] = []
    # In a thread, since nothing else bounds how long a name is looked up; its own reads also end in time.
    worker = Thread(target=lambda: answers.append(_attempt(address, headers or {}, ends)), daemon=True)
    worker.start()
    worker.join(FETCH_SECONDS + 0.5)
    answer = answers[0] if answers else UnreachableError(_TOO_SLOW)
    if isinstance(answer, UnreachableError):
        raise answer
    return answer


_TOO_SLOW = f"did not answer within {FETCH_SECONDS} seconds"


def _attempt(address: str, headers: Mapping[str, str], ends: float) -> Response | UnreachableError:
    """The answer, or why there is none; never an exception, which would be lost in its thread."""
    told = {"Cache-Control": "no-cache", "User-Agent": "icms-calendar", **headers}
    try:
        opener = build_opener(_Redirects, _Http(ends), _Https(ends))
        with opener.open(Request(address, headers=told)) as response:  # noqa: S310 - its scheme has been checked
            body = _whole_body(response, ends) if response.status == 200 else b""
            return Response(response.status, response.reason or "", response.headers, body, response.url)
    except _RedirectError as error:
        return UnreachableError(error.args[0])
    except HTTPError as error:
        error.close()
        return Response(error.code, responses.get(error.code, ""), error.headers, url=error.url)
    except UnreachableError as error:
        return error
    except TimeoutError:
        return UnreachableError(_TOO_SLOW)
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            return UnreachableError(_TOO_SLOW)
        words = (isinstance(reason, OSError) and reason.strerror) or str(reason)
        return UnreachableError(f"did not answer ({words.lower()})")


class _RedirectError(Exception):
    """A redirect that is not followed."""


class _Redirects(HTTPRedirectHandler):
    max_redirections = MAX_REDIRECTS

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https"):
            raise _RedirectError("redirects to an address that is not http or https")
        if req.type == "https" and scheme == "http":  # whoever is on the way could answer in its place
            raise _RedirectError("redirects from https to http, where anyone on the way can change the answer")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Http(HTTPHandler):
    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_timed(HTTPConnection, self._ends), req)


class _Https(HTTPSHandler):
    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_timed(HTTPSConnection, self._ends), req)


def _timed(kind: type[HTTPConnection], ends: float) -> Callable[..., HTTPConnection]:
    """Connections of a kind that have only the time that is left."""

    def connection(host: str, **given: Any) -> HTTPConnection:
        made = kind(host, **{**given, "timeout": _remaining(ends)})
        made.response_class = partial(_TimedResponse, ends=ends)  # type: ignore[assignment]
        return made

    return connection


class _TimedResponse(HTTPResponse):
    """A response of which every single read has only the time that is left: a server that drips cannot hold it."""

    def __init__(self, sock: socket.socket, *args: Any, ends: float, **given: Any) -> None:
        super().__init__(sock, *args, **given)
        self.fp: io.BufferedReader = io.BufferedReader(_TimedReads(sock, self.fp.detach(), ends))


class _TimedReads(io.RawIOBase):
    def __init__(self, sock: socket.socket, raw: io.RawIOBase, ends: float) -> None:
        self._sock, self._raw, self._ends = sock, raw, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_remaining(self._ends))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _remaining(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _whole_body(response: HTTPResponse, ends: float) -> bytes:
    """The whole body of a response; half a body is an error."""
    data = bytearray()
    while piece := response.read1(_PIECE):
        data += piece
        _refuse_large(len(data))
        _remaining(ends)
    expected = response.headers.get("Content-Length") or ""
    if expected.isdigit() and len(data) < int(expected):
        raise UnreachableError(f"broke off after {len(data):,} of {int(expected):,} octets")
    return bytes(data)


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


def _past_caches(url: str, now: datetime) -> str:
    """The address with the time in its query: a cache between may hold a feed ten minutes old."""
    parts = _split(url)
    query = f"{parts.query}{'&' if parts.query else ''}t={int(now.timestamp())}"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _file(name: str) -> bytes:
    try:
        # Without waiting: a pipe that nobody writes to would hold us here for ever.
        number = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb", buffering=0) as file:  # noqa: PTH123 - it is a number
            status = os.fstat(number)
            if stat.S_ISDIR(status.st_mode):
                raise UnreachableError("is a folder")
            _refuse_large(status.st_size)
            return _read_up_to(file) if stat.S_ISREG(status.st_mode) else _read_in_time(file)
    except (FileNotFoundError, NotADirectoryError):
        raise UnreachableError("was not found", absent=True) from None
    except IsADirectoryError:
        raise UnreachableError("is a folder") from None
    except PermissionError as error:
        reason = "is a folder" if os.path.isdir(name) else f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise UnreachableError(reason) from None
    except (OSError, ValueError) as error:
        told = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnreachableError(f"cannot be read ({told})") from None


def _read_up_to(file: BinaryIO) -> bytes:
    data = bytearray()
    while piece := file.read(MAX_BYTES + 1 - len(data)):
        data += piece
        _refuse_large(len(data))
    return bytes(data)


def _read_in_time(file: io.FileIO) -> bytes:
    """What a pipe or a device gives, which need not ever end."""
    ends = time.monotonic() + FETCH_SECONDS
    data = bytearray()
    while True:
        left = ends - time.monotonic()
        if sys.platform != "win32" and (left <= 0 or not select.select([file], [], [], left)[0]):
            raise UnreachableError(f"did not end within {FETCH_SECONDS} seconds")
        piece = file.read(_PIECE)
        if not piece:
            return bytes(data)
        data += piece
        _refuse_large(len(data))


def _standard_input() -> bytes:
    """Standard input to its end, however long that takes: whoever writes it decides."""
    if sys.stdin is None:
        raise UnreachableError("is closed")
    return _read_up_to(sys.stdin.buffer)


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreachableError(f"has more than {MAX_BYTES // 2**20} MiB")
