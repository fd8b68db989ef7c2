"""The files by which static hosts send what feeds and pages need: content types, caching, who may read them.

GitHub Pages and GitLab Pages ignore all of them, and send what calendar programs need anyway. Files outside a site,
such as nginx's configuration, are in examples/hosting/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.site.page import Place

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
CACHE_CONTROL = "public, max-age=300, must-revalidate"
HEADERS = {
    "Access-Control-Allow-Origin": "*",  # scripts of other sites also read feeds
    "Cache-Control": CACHE_CONTROL,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
}
MOST_CLOUDFLARE_RULES = 100


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
    home = Place(calendar, calendar.languages[0]).home
    missing = f'ErrorDocument 404 "{home}404.html"\n' if calendar.url else ""
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
