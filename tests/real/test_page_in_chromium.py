"""The page in a real browser: what fits, what is asked for, what it says with and without JavaScript, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import axe_core_python
import pytest

from icms_calendar import MaintenanceCalendar, build_site
from tests.conftest import ROOT
from tests.real.browser import Browser, chromium, served

NOW = datetime(2025, 7, 11, 9, tzinfo=UTC)
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
HOSTILE = (
    "<script>document.title='broken'</script>",
    '"><img src=x onerror="document.title=\'broken\'">',
    '=HYPERLINK("http://x.example")',
    "]]>",
    "{{7*7}} {% raw %}",
    "' onmouseover='document.title=1",
    "</table></main><h1>",
)


def _calendar(count: int, **more: Any) -> MaintenanceCalendar:
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    kinds = [
        {"status": "confirmed"},
        {"status": "tentative", "impact": "degraded", "channels": {"online": "unavailable", "edi": "queued"}},
        {"status": "cancelled", "reason": "Parts are late"},
        {"impact": "reduced-redundancy", "services": ["sea-manifest", {"id": "tracking", "impact": "no-impact"}]},
        {"impact": "no-impact", "duration": "P5D", "reference": "KRA/2025/" + "7" * 60},
    ]
    windows = [
        {
            "id": f"w-{i}",
            "system": "icms",
            "start": NOW + timedelta(days=2 + 2 * i, hours=i % 24),
            "duration": "6h",
            "announced": "2025-07-10",
            "source": "https://www.kra.go.ke/notices/" + "long/" * 20,
            "fallback": "Lodge the manifest before these hours.",
            **kinds[i % len(kinds)],
        }
        for i in range(count)
    ]
    given = {name: getattr(example, name) for name in example.model_fields_set}
    return MaintenanceCalendar(**{**given, "windows": windows, **more})


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Sites with none, one and two hundred windows, and the example's as of 11 July 2025."""
    root = tmp_path_factory.mktemp("sites")
    for count in (0, 1, 200):
        build_site(_calendar(count), root / str(count), now=NOW, first_build=True)
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    build_site(example, root / "example", now=NOW, first_build=True)
    with served(root) as address:
        yield address


@pytest.mark.parametrize("count", [0, 1, 200])
@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_is_silent_asks_nobody_else_and_is_accessible(
    browser: Browser, site: str, scheme: str, width: int, language: str, count: int
) -> None:
    address = f"{site}/{count}/{'' if language == 'en' else 'sw/'}index.html"
    browser.open(address, width=width, scheme=scheme, now=NOW.timestamp())
    browser.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert browser.overflow() == 0
    assert browser.console() == []
    requested = [url for url in browser.requested() if not url.startswith("data:")]
    assert requested
    assert [url for url in requested if not url.startswith(f"{site}/{count}/")] == []
    # Two hundred windows take axe ten seconds; their rows are looked at twice rather than eight times.
    if count < 200 or (scheme, width, language) in (("light", 360, "en"), ("dark", 1280, "sw")):
        assert _violations(browser) == []


def _violations(browser: Browser) -> list[str]:
    browser.js(AXE)
    found = browser.driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[0], (fault) => arguments[0](String(fault)));"
    )
    assert isinstance(found, dict), found
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_to_be_pressed_is_large_enough_for_a_finger(browser: Browser, site: str, width: int) -> None:
    browser.open(f"{site}/example/index.html", width=width)
    browser.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    small = browser.js("""
      const inText = (one) => one.matches(".lead a, .skip, h1 a");
      return [...document.querySelectorAll("a, button, summary")].filter((one) => !inText(one)).filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && (box.height < 43.9 || box.width < 40);
      }).map((one) => one.outerHTML);
    """)
    assert small == []


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", now=NOW.timestamp())
    reached, outlined = [], []
    for _ in range(12):
        browser.driver.switch_to.active_element.send_keys("\ue004")  # Tab
        reached.append(browser.js("return document.activeElement.textContent.trim()"))
        outlined.append(browser.js("return getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
    assert reached[:4] == [
        "Skip to the announced maintenance",
        "Kiswahili",
        "iCMS is planned to be unavailable",
        "Apple, Thunderbird and others",
    ]
    assert all(outlined)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_skip_link_is_seen_only_when_it_has_the_focus(browser: Browser, site: str, width: int) -> None:
    browser.open(f"{site}/example/sw/index.html", width=width)
    box = "const box = document.querySelector('.skip').getBoundingClientRect(); return "
    assert browser.js(f"{box} box.bottom <= 0 || box.right <= 0")
    browser.js("document.querySelector('.skip').focus()")
    assert browser.js(f"{box} box.top >= 0 && box.left >= 0 && box.right <= innerWidth")


def test_without_javascript_everything_essential_is_there(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", scripts=False)
    snapshot = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})
    names = [node.get("name", {}).get("value", "") for node in snapshot["nodes"] if not node.get("ignored")]
    told = "\n".join(names)
    for essential in (
        *("Next maintenance", "iCMS is planned to be unavailable", "Sunday 13 July 2025, 4am", "10am"),
        "(04:00 to 10:00 EAT, UTC+3), 6 hours",
        *("Apple, Thunderbird and others", "Google", "Outlook.com", "Microsoft 365"),
        *("https://example.org/icms/all.ics", "Planned", "Source", "Add once", "July 2025", "windows.csv"),
        "Last checked Friday 11 July 2025, 12:00 EAT.",
    ):
        assert essential in told, essential
    assert "Copy" not in names  # it would do nothing
    assert "in 2 days" not in told  # nobody knows when the page is read


@pytest.mark.parametrize(
    ("clock", "heading", "since", "status", "stale"),
    [
        ("2025-07-11T09:00Z", "Next maintenance", "in 2 days", "Planned, in 2 days", False),
        ("1980-01-06T00:00Z", "Next maintenance", "in 2 days", "Planned, in 2 days", False),  # it was never set
        ("2025-07-12T09:00Z", "Next maintenance", "tomorrow", "Planned, tomorrow", False),
        ("2025-07-13T00:30Z", "Next maintenance", "in 30 minutes", "Planned, in 30 minutes", False),
        ("2025-07-13T01:00Z", "Under way now", "Ends in 6 hours", "Under way now", False),
        ("2025-07-13T06:59:59Z", "Under way now", "Ends in 1 minute", "Under way now", False),
        ("2025-07-13T07:00Z", "Next maintenance", "in 63 days", "Ended", False),
        ("2025-07-18T09:00Z", "Next maintenance", "in 58 days", "Ended", True),
        ("2025-12-24T09:00Z", "No maintenance is announced.", "", "Ended", True),
    ],
)
def test_a_page_built_on_11_july_tells_the_truth_whenever_it_is_read(
    browser: Browser, site: str, clock: str, heading: str, since: str, status: str, stale: bool
) -> None:
    browser.open(f"{site}/example/index.html", now=datetime.fromisoformat(clock).timestamp())
    assert browser.text("#_now h2") == heading
    panel = browser.text("#_now")
    assert since in panel
    assert ("04:00 to 10:00 EAT" in panel) == (status != "Ended")
    assert ("04:00 to 12:00 EAT" in panel) == (heading == "Next maintenance" and status == "Ended")
    assert browser.text("#icms-2025-07-13 .status").removeprefix("●\xa0") == status
    assert ("has not been built anew" in panel) == stale
    assert "Last checked Friday 11 July 2025" in panel


def test_a_window_that_began_early_is_under_way_with_and_without_javascript(browser: Browser, tmp_path: Path) -> None:
    window = {"id": "w", "system": "icms", "start": "2025-07-11 13:00", "duration": "6h", "status": "in-process"}
    build_site(_calendar(0, windows=[window]), tmp_path, now=NOW, first_build=True)  # at 12:00
    with served(tmp_path) as address:
        for scripts in (False, True):
            browser.open(f"{address}/index.html", now=NOW.timestamp(), scripts=scripts)
            names = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
            assert "Under way now" in [node.get("name", {}).get("value") for node in names]
        assert "Ends in 7 hours" in browser.text("#_now")
        assert browser.text("#w .status") == "Under way now"


def test_of_a_window_of_many_days_the_panel_tells_the_span_and_not_the_days_left_out(
    browser: Browser, tmp_path: Path
) -> None:
    long = {"id": "long", "system": "icms", "start": "2025-07-12 04:00", "duration": "P9D"}
    first = {"id": "first", "system": "icms", "start": "2025-07-11 13:00", "duration": "1h"}
    build_site(_calendar(0, windows=[first, long]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=(NOW + timedelta(days=2)).timestamp())
        assert browser.text(".lead").endswith("(Saturday 04:00 to Monday 04:00 EAT, UTC+3), 9 days")


def test_a_visitor_elsewhere_reads_the_window_in_their_own_time_too(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", timezone="America/New_York", now=NOW.timestamp())
    yours = browser.text("#icms-2025-07-13 .yours")
    assert yours.startswith("In your time zone: ")
    assert "12 Jul 2025, 21:00" in yours
    assert "03:00" in yours
    browser.open(f"{site}/example/index.html", timezone="Africa/Kampala", now=NOW.timestamp())
    assert browser.js("return document.querySelectorAll('.yours').length") == 0  # the same clock


def test_a_visitor_whose_clock_is_the_same_at_the_start_only_reads_their_own_time(
    browser: Browser, tmp_path: Path
) -> None:
    change = {"id": "w", "system": "icms", "start": "2026-03-28 22:00", "duration": "8h", "timezone": "Europe/Berlin"}
    build_site(_calendar(0, windows=[change]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", timezone="Africa/Lagos", now=NOW.timestamp())
        yours = browser.text("#w .yours")
        assert "28 Mar 2026, 22:00" in yours
        assert "29 Mar 2026, 06:00" in yours


@pytest.mark.parametrize(
    ("missing", "since"),
    [
        ("delete Intl.RelativeTimeFormat", False),  # Safari 13
        ("delete Array.prototype.flatMap", False),
        ("delete Intl.DateTimeFormat.prototype.formatRange", True),  # Firefox 90
        ("delete Navigator.prototype.clipboard", True),  # a page from http
    ],
)
def test_a_browser_that_lacks_something_shows_the_rest(browser: Browser, site: str, missing: str, since: bool) -> None:
    browser.open(f"{site}/example/index.html", timezone="Asia/Kolkata", now=NOW.timestamp(), before=missing)
    assert browser.console() == []
    assert "Sunday 13 July 2025, 4am to 10am" in browser.text("#_now")
    assert ("in 2 days" in browser.text("#_now")) == since
    yours = browser.js("return [...document.querySelectorAll('.yours')].map((one) => one.textContent)")
    assert len(yours) == (4 if since else 0)
    assert all("06:30" in text and "12:30" in text for text in yours[:1])


def test_an_address_with_a_broken_anchor_is_a_page_like_any_other(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html#%", now=NOW.timestamp())
    assert browser.console() == []
    assert "in 2 days" in browser.text("#_now")


def test_who_is_in_the_panel_is_not_thrown_out_of_it_every_minute(browser: Browser, site: str) -> None:
    hold = "window.setInterval = (tick) => { window.tick = tick; }"
    browser.open(f"{site}/example/index.html", now=NOW.timestamp(), before=hold)
    browser.js("document.querySelector('.lead a').focus(); window.tick()")
    assert browser.js("return document.activeElement.parentElement.className") == "lead"


def test_a_name_from_right_to_left_leaves_the_time_beside_it_as_it_is(browser: Browser, tmp_path: Path) -> None:
    system = {"id": "icms", "name": "\u202eiCMS", "short": "\u202eiCMS"}
    window = {"id": "w", "system": "icms", "start": "2025-07-13 04:00", "duration": "6h"}
    build_site(_calendar(0, systems=[system], windows=[window]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp())
        from_left = browser.js("""
          const text = document.querySelector(".lead time").firstChild;
          const left = (i) => {
            const range = document.createRange();
            range.setStart(text, i);
            range.setEnd(text, i + 1);
            return range.getBoundingClientRect().left;
          };
          return left(0) < left(1) && left(1) < left(2);
        """)
        assert from_left


def test_on_paper_colours_are_those_of_paper_and_nothing_says_how_soon(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", scheme="dark", now=NOW.timestamp())
    cdp = browser.driver.execute_cdp_cmd
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    cdp("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    try:
        assert browser.js("return getComputedStyle(document.querySelector('.outage .strip path')).fill") == (
            "rgb(179, 38, 30)"
        )
        told = browser.text("body")
        assert "04:00 to 10:00 EAT" in told
        assert "https://example.org/icms/all.ics" in told
        assert "in 2 days" not in told  # by the time it is read
        assert browser.text("#icms-2025-07-13 .status") == "Planned"
    finally:
        cdp("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_swahili_has_digits_of_24_hours_also_where_the_browser_writes_them(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/sw/index.html", timezone="Asia/Tokyo", now=NOW.timestamp())
    assert "04:00 hadi 10:00" in browser.text("#icms-2025-07-13")
    yours = browser.text("#icms-2025-07-13 .yours")
    assert "10:00" in yours
    assert "16:00" in yours


def test_a_link_to_a_past_window_unfolds_it(browser: Browser, tmp_path: Path) -> None:
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    build_site(example, tmp_path, now=datetime(2026, 1, 1, tzinfo=UTC), first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html#icms-2025-07-13")
        assert browser.js("return document.querySelector('#_past').open") is True
        assert browser.js("return document.getElementById('icms-2025-07-13').getBoundingClientRect().top") < 800


def test_the_buttons_of_each_feed_lead_to_where_its_programs_subscribe(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html")
    feeds = browser.js("""
      return [...document.querySelectorAll(".buttons")].map((list) => [
        list.nextElementSibling.querySelector("code").textContent,
        ...[...list.querySelectorAll("a")].map((one) => one.href)]);
    """)
    paths = ["all", "icms", *(f"icms/{service}" for service in ("sea-manifest", "house-manifest", "declaration"))]
    assert [feed[0] for feed in feeds][:5] == [f"https://example.org/icms/{path}.ics" for path in paths]
    for address, apple, google, outlook, office in feeds:
        webcal = address.replace("https:", "webcal:")
        assert apple == webcal
        assert google.startswith("https://calendar.google.com/calendar/r?")
        assert parse_qs(urlsplit(google).query) == {"cid": [webcal]}
        for link, host in ((outlook, "outlook.live.com"), (office, "outlook.office.com")):
            assert link.startswith(f"https://{host}/calendar/0/addfromweb/?")
            query = parse_qs(urlsplit(link).query)
            assert query["url"] == [webcal]
            assert query["name"][0].startswith("KRA iCMS maintenance")


def test_the_address_is_copied_by_its_button(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html")
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.js("document.querySelector('.feed button').click()")
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done(String(e)));"
    assert browser.driver.execute_async_script(read) == "https://example.org/icms/all.ics"


def test_hostile_texts_come_out_as_texts(browser: Browser, tmp_path: Path) -> None:
    texts = dict.fromkeys(("description", "reason", "fallback", "notice", "reference", "contact"), "".join(HOSTILE))
    windows = [
        {
            "id": f"w-{i}",
            "system": "icms",
            "start": NOW + timedelta(days=i - 2),
            "duration": "6h",
            **texts,
            "title": hostile,
            "audience": list(HOSTILE),
            "channels": dict.fromkeys(HOSTILE, "queued"),
            "tags": list(HOSTILE),
        }
        for i, hostile in enumerate(HOSTILE)
    ]
    system = {"id": "icms", "name": HOSTILE[0], "short": HOSTILE[1], "services": [{"id": "a", "name": HOSTILE[1]}]}
    publisher = {"name": HOSTILE[1], "email": "calendar@example.org"}
    calendar = _calendar(0, name=HOSTILE[0], systems=[system], publisher=publisher, windows=windows)
    build_site(calendar, tmp_path / "icms", now=NOW, first_build=True)
    with served(tmp_path) as address:
        for path in ("index.html", "sw/index.html", "404.html"):
            browser.open(f"{address}/icms/{path}", now=NOW.timestamp())
            assert browser.driver.title in (HOSTILE[0], "There is no such page here")
            broken_out = "script:not([src]), img[src=x], [onmouseover]"
            assert browser.js("return document.querySelectorAll(arguments[0]).length", broken_out) == 0
            assert browser.js("return document.querySelectorAll('h1').length") == 1
            assert browser.console() == []
        browser.open(f"{address}/icms/index.html", now=NOW.timestamp())
        assert "{{7*7}}" in browser.js("return document.body.innerText")
        shown = browser.js("return [...document.querySelectorAll('.title')].map((one) => one.textContent)")
        assert sorted(shown) == sorted(HOSTILE)
