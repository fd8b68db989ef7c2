"""How a feed is served at its address: type, disposition, CORS, missing files, conditional requests, robots.txt.

foreign/lint.py judges the contents of a feed; hosting.py writes the files that set these headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from icms_calendar.fetch import Response, request
from icms_calendar.findings import Finding, found, without_secrets

Ask = Callable[[str, Mapping[str, str]], Response]
_HEADERS = (  # name, a pattern of what is right, what to send, and how in nginx
    (
        "Content-Type",
        r'text/calendar\s*;(.*;)?\s*charset="?utf-8"?\s*(;.*)?',
        "text/calendar; charset=utf-8",
        "types { text/calendar ics; } charset utf-8; charset_types text/calendar;",
    ),
    ("Content-Disposition", "(?!attachment).*", "inline", "remove the add_header of Content-Disposition"),
    ("Access-Control-Allow-Origin", r"\*", "*", "add_header Access-Control-Allow-Origin *;"),
)
# The remedy by the software that the Server header names; the last entry is for any other.
_REMEDIES = {
    "nginx": "in nginx: {nginx}",
    "apache": "in Apache: AllowOverride FileInfo, so that the .htaccess of the site is read",
    "litespeed": "on this host: AllowOverride FileInfo, so that the .htaccess of the site is read",
    "netlify": "on Netlify: publish the _headers file of the site with it",
    "cloudflare": "on Cloudflare Pages: publish the _headers file of the site with it",
    "": "the _headers and .htaccess files of a built site show what to send",
}
_NO_SUCH_FEED = "icms-calendar-no-such-feed.ics"


def served_findings(address: str, ask: Ask = request) -> tuple[Finding, ...]:
    """Judge how the feed at an http(s) address is served. Raises UnreachableError if it does not answer."""
    return tuple(replace(finding, file=address) for finding in _findings(address, ask))


def _findings(address: str, ask: Ask) -> Iterator[Finding]:
    answer = ask(address, {})
    if answer.status != 200:
        return  # its contents could not be read either, which has been reported
    if _is_page(answer):
        yield found("login-page", url=without_secrets(answer.url or address))
        return
    yield from _header_findings(answer)
    yield from _conditional_findings(address, answer, ask)
    if ask(urljoin(address, _NO_SUCH_FEED), {}).status not in (404, 410):
        yield found("missing-is-answered")
    yield from _robots_findings(address, ask)


def _header_findings(answer: Response) -> Iterator[Finding]:
    for header, pattern, right, nginx in _HEADERS:
        read = (answer.headers.get(header) or "").strip()
        if not re.fullmatch(pattern, read, re.IGNORECASE | re.DOTALL):
            yield found(
                "served-with-wrong-header",
                header=header,
                read=read or "(nothing)",
                right=right,
                remedy=_remedy(answer, nginx),
            )


def _conditional_findings(address: str, answer: Response, ask: Ask) -> Iterator[Finding]:
    """RFC 9110 13.1: a client that has a copy asks with the validator of that copy."""
    tag, date = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    known = {"If-None-Match": tag} if tag else {"If-Modified-Since": date} if date else {}
    if not known or ask(address, known).status != 304:
        yield found(
            "served-whole-each-time", reason="it sends no ETag or Last-Modified" if not known else "it ignores it"
        )


def _robots_findings(address: str, ask: Ask) -> Iterator[Finding]:
    robots = ask(urljoin(address, "/robots.txt"), {})
    if robots.status != 200 or _is_page(robots):
        return
    rules = RobotFileParser()
    rules.parse(robots.body.decode(errors="replace").splitlines())
    refused = [agent for agent in ("Google-Calendar-Importer", "Googlebot") if not rules.can_fetch(agent, address)]
    if refused:
        yield found("robots-refused", agent=refused[0])


def _is_page(answer: Response) -> bool:
    return bool(re.match(rb"\s*<(?:!doctype\s+html|html)", answer.body[:500], re.IGNORECASE))


def _remedy(answer: Response, nginx: str) -> str:
    server = (answer.headers.get("Server") or "").lower()
    return next(words for name, words in _REMEDIES.items() if name in server).format(nginx=nginx)
