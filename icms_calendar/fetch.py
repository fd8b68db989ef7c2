"""The bytes of a file, an http(s) address, or standard input, within a limit of size and time.

What a place holds (records, a feed, a site) is decided by those who ask for its bytes.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from icms_calendar.findings import SourceError, found

STANDARD_INPUT = "-"
MAX_BYTES = 64 * 2**20
FETCH_SECONDS = 30
MAX_REDIRECTS = 5


def fetch(name: str, now: datetime) -> bytes:
    """The bytes of a file, or of an http(s) URL past caches. Raises UnreachableError."""
    if "://" in name:
        return _fetch_url(name, now)
    path = Path(name)
    try:
        _refuse_large(path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreachableError("is not there", absent=True) from None
    except IsADirectoryError:
        raise UnreachableError("is a folder") from None
    except OSError as error:
        raise UnreachableError(f"cannot be read ({(error.strerror or str(error)).lower()})") from None


def fetch_input(name: str, now: datetime) -> bytes:
    """The bytes of anybody's feed: of a file, an http(s) URL, or with `-` of standard input.

    Raises SourceError (`unreadable`).
    """
    try:
        if name != STANDARD_INPUT:
            return fetch(name, now)
        if sys.stdin is None:
            raise UnreachableError("is closed")
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        _refuse_large(len(data))
    except UnreachableError as error:
        raise SourceError([replace(found("unreadable", reason=f"it {error.reason}"), file=name)]) from None
    return data


class UnreachableError(Exception):
    """A file or address that gives no bytes, and why; `absent` where it says that nothing is there."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.absent = absent


class _Redirects(HTTPRedirectHandler):
    max_redirections = MAX_REDIRECTS

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise HTTPError(newurl, code, "it leads away from http", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetch_url(url: str, now: datetime) -> bytes:
    scheme, colon, rest = url.partition(":")
    if scheme.lower() == "webcal":  # what it stands for is not registered; programs try https
        url = f"https{colon}{rest}"
    if not url.lower().startswith(("http://", "https://")):
        raise UnreachableError("is not an http or https address")
    headers = {"Cache-Control": "no-cache", "User-Agent": "icms-calendar"}
    try:
        request = Request(_past_caches(url, now), headers=headers)  # noqa: S310 - its scheme is checked above
        with build_opener(_Redirects).open(request, timeout=FETCH_SECONDS) as response:
            return _whole_body(response)
    except HTTPError as error:
        error.close()
        absent = error.code in (404, 410)
        raise UnreachableError(f"answered {error.code} ({error.reason})", absent=absent) from None
    except TimeoutError:
        raise UnreachableError(f"did not answer within {FETCH_SECONDS} seconds") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        told = (isinstance(reason, OSError) and reason.strerror) or str(reason)
        raise UnreachableError(f"did not answer ({told.lower()})") from None


def _whole_body(response: HTTPResponse) -> bytes:
    """The body of an answer, within the time and the size; half a body is none."""
    ends = time.monotonic() + FETCH_SECONDS
    data = b""
    while piece := response.read(2**16):
        data += piece
        _refuse_large(len(data))
        if time.monotonic() > ends:
            raise TimeoutError
    expected = response.headers.get("Content-Length") or ""
    if expected.isdigit() and len(data) < int(expected):
        raise UnreachableError(f"broke off after {len(data):,} of {int(expected):,} octets")
    return data


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreachableError(f"has more than {MAX_BYTES // 2**20} MiB")


def _past_caches(url: str, now: datetime) -> str:
    """The address with the time in its query: a cache between may hold a feed ten minutes old."""
    parts = urlsplit(url)
    query = f"{parts.query}{'&' if parts.query else ''}t={int(now.timestamp())}"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
