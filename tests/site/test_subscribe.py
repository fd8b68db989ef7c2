"""The subscribe links are those that each family of programs documents, and its QR codes can be read."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given

from icms_calendar.site.subscribe import qr_code, subscribe_links
from tests.strategies import texts

FEED = "https://example.org/icms/sea-manifest.ics"


def test_google_is_given_the_webcal_address_since_an_https_one_fails_there() -> None:
    link = urlsplit(subscribe_links(FEED, "KRA")["google"])
    assert (link.scheme, link.netloc, link.path) == ("https", "calendar.google.com", "/calendar/r")
    assert parse_qs(link.query) == {"cid": ["webcal://example.org/icms/sea-manifest.ics"]}


@pytest.mark.parametrize(("program", "host"), [("outlook", "outlook.live.com"), ("office", "outlook.office.com")])
def test_outlook_is_given_the_address_and_the_name(program: str, host: str) -> None:
    link = urlsplit(subscribe_links(FEED, "KRA iCMS: é & co")[program])
    assert (link.scheme, link.netloc, link.path) == ("https", host, "/calendar/0/addfromweb/")
    assert parse_qs(link.query) == {
        "url": ["webcal://example.org/icms/sea-manifest.ics"],
        "name": ["KRA iCMS: é & co"],
    }


@pytest.mark.parametrize("address", [FEED, FEED.replace("https", "http")])
def test_webcal_takes_the_place_of_the_scheme_only(address: str) -> None:
    links = subscribe_links(address, "KRA")
    assert links["webcal"] == "webcal://example.org/icms/sea-manifest.ics"
    assert links["https"] == address


@given(texts(100))
def test_a_name_never_breaks_out_of_its_parameter(name: str) -> None:
    query = parse_qs(urlsplit(subscribe_links(FEED, name)["outlook"]).query, keep_blank_values=True)
    assert query == {"url": ["webcal://example.org/icms/sea-manifest.ics"], "name": [name]}


def test_a_qr_code_is_dark_on_white_with_a_quiet_zone_of_four_modules() -> None:
    root = ElementTree.fromstring(qr_code(subscribe_links(FEED, "KRA")["webcal"]))
    ground, modules = root.iter("{http://www.w3.org/2000/svg}path")
    assert (ground.get("fill"), modules.get("stroke")) == ("#fff", "#000")
    assert modules.get("d", "").startswith("M4 4.5")
