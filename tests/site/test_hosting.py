"""What a site tells its host, read as the host reads it."""

from __future__ import annotations

import json
from urllib.robotparser import RobotFileParser

import pytest

from icms_calendar import MaintenanceCalendar
from icms_calendar.site.build import plan_site
from icms_calendar.site.hosting import CONTENT_TYPES, HEADERS, MOST_CLOUDFLARE_RULES, hosting_files
from tests.strategies import NOW

ICS = "text/calendar; charset=utf-8"


def site_of(services: int = 3, *, systems: int = 1, url: str | None = "https://example.org/icms/") -> dict[str, bytes]:
    parts = [f"part{i}" for i in range(services)]
    base = {"name": "C", "domain": "c.example.org", "timezone": "UTC"}
    told = {**base, "url": url, "systems": [{"id": f"s{i}", "services": parts} for i in range(systems)]}
    window = {"id": "w", "system": "s0", "start": "2025-07-13 04:00", "duration": "6h"}
    records = {k: v for k, v in told.items() if v is not None} | {"windows": [window], "reminders": ["P1D"]}
    return dict(plan_site(MaintenanceCalendar.model_validate(records), NOW).files)


def rules_of(files: dict[str, bytes]) -> list[tuple[str, dict[str, str]]]:
    """The blocks of `_headers`: a path, then its headers, each on a line that begins with blanks."""
    rules: list[tuple[str, dict[str, str]]] = []
    for line in files["_headers"].decode().splitlines():
        if line.startswith("/"):
            rules.append((line, {}))
        else:
            name, _, value = line.strip().partition(": ")
            assert name not in rules[-1][1]
            rules[-1][1][name] = value
    return rules


def sent(rules: list[tuple[str, dict[str, str]]], path: str) -> dict[str, list[str]]:
    """What Cloudflare and Netlify send with a path: the headers of every rule that matches it."""
    headers: dict[str, list[str]] = {}
    for pattern, given in rules:
        assert "*" not in pattern[:-1]  # Netlify knows it at the end only
        if f"/{path}" == pattern or (pattern.endswith("*") and f"/{path}".startswith(pattern[:-1])):
            for name, value in given.items():
                headers.setdefault(name, []).append(value)
    return headers


@pytest.mark.parametrize("services", [0, 3, 47, 48, 300])
def test_every_feed_has_its_type_and_every_header_once_within_cloudflares_hundred_rules(services: int) -> None:
    files = site_of(services)
    rules = rules_of(files)
    assert len(rules) <= MOST_CLOUDFLARE_RULES
    assert all(len(line) < 2000 for line in files["_headers"].decode().splitlines())
    for path in files:
        headers = sent(rules, path)
        assert all(len(values) == 1 for values in headers.values()), path
        assert {name: values[0] for name, values in headers.items() if name != "Content-Type"} == HEADERS
        if path.endswith(".ics") and not path.startswith("events/"):
            assert headers["Content-Type"] == [ICS]
        else:
            assert "Content-Type" not in headers, path  # the host's own are right


def test_with_more_systems_than_rules_the_first_feeds_have_theirs_and_the_rest_the_hosts_own() -> None:
    rules = rules_of(site_of(2, systems=80))
    assert len(rules) == MOST_CLOUDFLARE_RULES
    assert sent(rules, "all.ics")["Content-Type"] == [ICS]
    assert all(len(values) == 1 for values in sent(rules, "s0/part1.ics").values())


def test_with_a_thousand_feeds_no_page_in_a_systems_folder_is_sent_as_a_calendar() -> None:
    systems = [f"s{i}" for i in range(100)]
    feeds = ["all.ics", *(f"{id_}.ics" for id_ in systems), *(f"{id_}/p{i}.ics" for id_ in systems for i in range(9))]
    pages = ["index.html", *(f"{id_}/index.html" for id_ in systems[:99])]
    calendar = MaintenanceCalendar(name="C", domain="c.example.org", timezone="UTC")
    rules = rules_of(hosting_files(calendar, [*feeds, *pages]))
    assert len(rules) <= MOST_CLOUDFLARE_RULES
    assert [path for path in pages if "Content-Type" in sent(rules, path)] == []
    assert sent(rules, "all.ics")["Content-Type"] == [ICS]
    few = rules_of(hosting_files(calendar, [*feeds[:1], *(f"s1/p{i}.ics" for i in range(1000))]))
    assert [path for path, _ in few] == ["/*", "/all.ics", "/s1/*"]


def test_a_build_when_a_window_has_ended_leaves_the_headers_as_they_are() -> None:
    """Single events come and go: they are in none of these files."""
    files = site_of()
    assert "events/w.ics" in files
    assert not [path for path, data in files.items() if path in ("_headers", ".htaccess") and b"events/" in data]


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        ("https://example.org/icms/", '"/icms/404.html"'),
        ("https://example.org/a/b", '"/a/b/404.html"'),
        ("https://example.org", '"/404.html"'),
        ("https://example.org/", '"/404.html"'),
        (None, None),  # a path from nowhere would be wrong
    ],
)
def test_apache_is_told_where_the_page_for_what_is_missing_is(url: str | None, missing: str | None) -> None:
    lines = site_of(url=url)[".htaccess"].decode().splitlines()
    assert [line.split(" ", 2)[2] for line in lines if line.startswith("ErrorDocument")] == (
        [missing] if missing else []
    )


def test_apache_is_told_every_type_and_every_header() -> None:
    text = site_of()[".htaccess"].decode()
    for suffix, kind in CONTENT_TYPES.items():
        assert f"AddType {kind.partition(';')[0]} {suffix}\n" in text
        in_utf8 = next(line for line in text.splitlines() if line.startswith("AddCharset utf-8 ")).split()[2:]
        assert (suffix in in_utf8) == kind.endswith("charset=utf-8")
    for name, value in HEADERS.items():
        assert f'  Header set {name} "{value}"\n' in text


def test_azure_is_told_every_type_and_no_fallback_that_hides_a_missing_feed() -> None:
    config = json.loads(site_of()["staticwebapp.config.json"])
    assert config["mimeTypes"] == CONTENT_TYPES
    assert config["globalHeaders"] == HEADERS
    assert "navigationFallback" not in config
    assert config["responseOverrides"] == {"404": {"rewrite": "/404.html"}}  # the status stays 404


@pytest.mark.parametrize("agent", ["Google-Calendar-Importer", "Googlebot", "bingbot", "anything"])
def test_robots_txt_keeps_nobody_from_a_feed(agent: str) -> None:
    robots = RobotFileParser()
    robots.parse(site_of()["robots.txt"].decode().splitlines())
    assert robots.can_fetch(agent, "https://example.org/all.ics")


def test_github_pages_keeps_the_files_whose_names_begin_with_an_underscore() -> None:
    assert site_of()[".nojekyll"] == b""


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_that_stands_in_it() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
