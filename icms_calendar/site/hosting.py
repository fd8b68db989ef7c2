"""How a site is to be served: the files by which static hosts do it, and what an address does otherwise.

GitHub Pages and GitLab Pages ignore all of them, and send what calendar programs need anyway. Files outside a site,
such as nginx's configuration, are in examples/hosting/. foreign/lint.py judges the contents of a feed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from icms_calendar.fetch import Response, request
from icms_calendar.findings import Finding, found, without_secrets
from icms_calendar.record.model import MaintenanceCalendar

CONTENT_TYPES = {
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/atom+xml",  # the one XML file of a site is a feed of news
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
# The pages load their own style, script and pictures, and nothing else. They have no login and no form, so any site may
# frame them.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
HEADERS = {
    "Access-Control-Allow-Origin": "*",  # scripts of other sites also read feeds
    "Cache-Control": "public, max-age=300, must-revalidate",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
}
MOST_CLOUDFLARE_RULES = 100

Ask = Callable[[str, Mapping[str, str]], Response]
_HEADERS = (  # name, a pattern of what is right, what to send, and how in nginx
    (
        "Content-Type",
        r'text/calendar\s*;(.*;)?\s*charset="?utf-8"?\s*(;.*)?',
        CONTENT_TYPES[".ics"],
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


def hosting_files(calendar: MaintenanceCalendar, paths: Iterable[str]) -> dict[str, bytes]:
    """The files for hosts of a site that has these paths."""
    return {
        ".htaccess": _htaccess(calendar).encode(),
        ".gitattributes": b"*.ics -text\n*.csv -text\n",  # git must not change the line ends of what is served
        ".nojekyll": b"",  # GitHub Pages would drop files whose names begin with _
        "_headers": _headers(paths).encode(),
        "robots.txt": b"User-agent: *\nDisallow:\n",  # Google Calendar does not fetch a feed that robots.txt forbids
        "staticwebapp.config.json": _static_web_app().encode(),
    }


def served_findings(address: str, ask: Ask = request) -> tuple[Finding, ...]:
    """Judge how the feed at an http(s) address is served. Raises UnreachableError if it does not answer."""
    return tuple(replace(finding, file=address) for finding in _findings(address, ask))


def home_of(calendar: MaintenanceCalendar) -> str:
    """The root of a site, from wherever: a page that is not found may be asked for at any depth."""
    return f"{urlsplit(calendar.url).path.rstrip('/')}/" if calendar.url else "./"


def _headers(paths: Iterable[str]) -> str:
    """For Netlify and Cloudflare Pages: the headers of every file, and the type of each feed.

    Cloudflare joins a header that two rules give, so no rule repeats one. It reads 100 rules, and Netlify has no
    `*.ics`; so if there are more feeds than rules, a folder with only feeds gets one rule, and any further feeds
    have the host's own type: both hosts send text/calendar, which is UTF-8 by default (RFC 5545 8.1). Single events,
    which come and go, also have the host's own type.
    """
    files = [path for path in paths if not path.startswith("events/")]
    feeds = [path for path in files if path.endswith(".ics")]
    rules = [f"/{path}" for path in feeds]
    if len(rules) >= MOST_CLOUDFLARE_RULES:
        mixed = {path.partition("/")[0] for path in files if not path.endswith(".ics")}
        rules = [*dict.fromkeys(_rule(path, mixed) for path in feeds)][: MOST_CLOUDFLARE_RULES - 1]
    every = "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())
    kind = f"  Content-Type: {CONTENT_TYPES['.ics']}\n"
    return f"/*\n{every}" + "".join(f"{rule}\n{kind}" for rule in rules)


def _rule(path: str, mixed: set[str]) -> str:
    """The rule that covers a feed: its folder if that has only feeds, otherwise the feed itself."""
    folder, _, name = path.partition("/")
    return f"/{folder}/*" if name and folder not in mixed else f"/{path}"


def _htaccess(calendar: MaintenanceCalendar) -> str:
    """For Apache 2.4, using only what AllowOverride FileInfo permits."""
    kinds = {suffix: kind.partition(";")[0] for suffix, kind in CONTENT_TYPES.items()}
    in_utf8 = " ".join(suffix for suffix, kind in CONTENT_TYPES.items() if kind.endswith("charset=utf-8"))
    types = "".join(f"AddType {kind} {suffix}\n" for suffix, kind in kinds.items())
    every = "".join(f'  Header set {name} "{value}"\n' for name, value in HEADERS.items())
    missing = f'ErrorDocument 404 "{home_of(calendar)}404.html"\n' if calendar.url else ""
    return (
        f"{types}AddCharset utf-8 {in_utf8}\n{missing}"
        # Apache adds -gzip to the ETag of compressed files and does not recognise it later: 200 instead of 304.
        f"<IfModule mod_headers.c>\n{every}  RequestHeader edit* If-None-Match '-gzip\"' '\"'\n</IfModule>\n"
        f"<IfModule mod_deflate.c>\n  AddOutputFilterByType DEFLATE {' '.join(kinds.values())}\n</IfModule>\n"
    )


def _static_web_app() -> str:
    """For Azure. There is no navigation fallback: a missing feed must be a 404, never a page with 200."""
    config = {
        "globalHeaders": HEADERS,
        "mimeTypes": CONTENT_TYPES,
        "responseOverrides": {"404": {"rewrite": "/404.html"}},
    }
    return json.dumps(config, indent=1) + "\n"


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
    from urllib.robotparser import RobotFileParser

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
