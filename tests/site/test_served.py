"""How a feed is served at its address, as `check ADDRESS` judges it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from icms_calendar.command.places import check
from icms_calendar.site.hosting import served_findings
from tests.servers import Serve, answer_with, server_of
from tests.strategies import NOW

ADDRESS = "https://d.example/all.ics"
GOOD = 'GET /all.ics\n200\nContent-Type: text/calendar; charset=utf-8\nAccess-Control-Allow-Origin: *\nETag: "1"'
FEED = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def _codes(exchange: str) -> list[str]:
    return [finding.code for finding in served_findings(ADDRESS, server_of(exchange))]


def test_a_feed_that_is_served_as_it_should_be_has_no_finding() -> None:
    assert _codes(GOOD) == []
    assert _codes(GOOD.replace("; charset=utf-8", ';charset="UTF-8"')) == []


@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain; charset=utf-8", "text/calendar", "text/calendar; charset=iso-8859-1"]
)
def test_another_type_or_charset_is_found(kind: str) -> None:
    assert _codes(GOOD.replace("text/calendar; charset=utf-8", kind)) == ["ICM521"]


@pytest.mark.parametrize(
    ("server", "remedy"),
    [
        ("nginx/1.24", "types { text/calendar ics; }"),
        ("Apache/2.4", "AllowOverride"),
        ("cloudflare", "_headers"),
        ("x", "_headers and .htaccess"),
    ],
)
def test_the_remedy_is_that_of_the_host(server: str, remedy: str) -> None:
    exchange = GOOD.replace("text/calendar; charset=utf-8", f"application/octet-stream\nServer: {server}")
    assert remedy in served_findings(ADDRESS, server_of(exchange))[0].message


def test_robots_for_google_alone_is_found() -> None:
    robots = "GET /robots.txt\n200\nContent-Type: text/plain\n\nUser-agent: {}\nDisallow: /"
    assert _codes(robots.format("Googlebot")) == ["ICM526"]
    assert _codes(robots.format("Bingbot")) == []


def test_check_of_an_address_says_how_it_is_served(serve: Serve) -> None:
    address = serve(answer_with(200, FEED, Content_Type="application/octet-stream", Content_Disposition="attachment"))
    findings = check(address, now=NOW).findings
    assert {"ICM521", "ICM524", "ICM525"} <= {finding.code for finding in findings}
    told = [finding.message for finding in findings if finding.code == "ICM521"]
    assert [each.partition(". ")[0] for each in told] == [
        "is served with Content-Type: application/octet-stream, not with text/calendar; charset=utf-8",
        "is served with Content-Disposition: attachment, not with inline",
        "is served with Access-Control-Allow-Origin: (nothing), not with *",
    ]


def test_a_login_page_in_place_of_a_feed_is_said_to_be_one(serve: Serve) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        answer_with(200, b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/html")(handler)

    assert "ICM527" in {finding.code for finding in check(serve(answer), now=NOW).findings}
