"""The page in a real browser: what fits, what is asked for, what it says with and without JavaScript, and to whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import axe_core_python
import pytest

from icms_calendar import MaintenanceCalendar, build_site
from tests.conftest import ROOT
from tests.real.browser import Browser, Host, chromium, served

NOW = datetime(2025, 7, 11, 9, tzinfo=UTC)
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AGENTS = {
    "Android": "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
    "iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1",
    "Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
    "Mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
    "iPad": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
    "Linux": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
BASE = "https://example.org/icms/"
FROM_URL = "https://calendar.google.com/calendar/u/0/r/settings/addbyurl"
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
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
    kinds: list[dict[str, Any]] = [
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
    """Sites with none, one and two hundred windows, of two systems, and the example's as of 11 July 2025."""
    root = tmp_path_factory.mktemp("sites")
    for count in (0, 1, 200):
        build_site(_calendar(count), root / str(count), now=NOW, first_build=True)
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    build_site(example, root / "example", now=NOW, first_build=True)
    build_site(example, root / "late", now=NOW, first_build=True)
    systems = [{"id": "icms", "name": "iCMS", "services": ["sea"]}, {"id": "itax", "name": "iTax"}]
    both = {"start": "2025-07-20 04:00", "duration": "2h"}
    windows = [
        {"id": "a", "system": "icms", "start": "2025-07-13 04:00", "duration": "6h"},
        {"id": "b", "system": "itax", "start": "2025-07-14 22:00", "duration": "6h", "impact": "degraded"},
        {"id": "c", "systems": ["icms", "itax"], **both, "status": "cancelled"},
        {"id": "d", "system": "icms", "services": ["sea"], "start": "2025-07-21 04:00", "duration": "2h"},
        *({"id": f"e{i}", "system": "itax", "start": f"2025-08-0{i} 04:00", "duration": "1h"} for i in range(1, 6)),
    ]
    two = _calendar(0, systems=systems, windows=windows, reminders=["P1D"], feeds=[])
    build_site(two, root / "icms", now=NOW, first_build=True)
    with served(root, _SlowHost) as address:
        yield address


class _SlowHost(Host):
    """A host from which the script of one site comes when the page has been drawn."""

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        if self.path == "/late/page.js":
            time.sleep(0.5)
        super().do_GET()


@pytest.mark.parametrize("count", [0, 1, 200])
@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_is_silent_asks_nobody_else_and_is_accessible(
    browser: Browser, site: str, scheme: str, width: int, language: str, count: int
) -> None:
    address = f"{site}/{count}/{'' if language == 'en' else 'sw/'}index.html"
    browser.open(address, width=width, scheme=scheme, now=NOW.timestamp())
    browser.js(OPEN_ALL)
    assert browser.overflow() == 0
    assert browser.console() == []
    requested = [url for url in browser.requested() if not url.startswith("data:")]
    assert requested
    assert [url for url in requested if not url.startswith(f"{site}/{count}/")] == []
    # Two hundred windows take axe ten seconds; their rows are looked at twice rather than eight times.
    if count < 200 or (scheme, width, language) in (("light", 360, "en"), ("dark", 1280, "sw")):
        assert _violations(browser) == []


@pytest.mark.parametrize(
    ("path", "clock"),
    [
        ("icms/index.html", "2025-07-13T02:00Z"),  # red
        ("icms/index.html", "2025-07-14T20:00Z"),  # amber
        ("icms/sw/itax/index.html", "2025-07-14T20:00Z"),
        ("icms/index.html", "2025-07-18T02:00Z"),  # stale
        ("icms/embed.html", "2025-07-11T09:00Z"),
        ("icms/404.html", "2025-07-11T09:00Z"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_and_every_other_page_is_accessible(
    browser: Browser, site: str, scheme: str, path: str, clock: str
) -> None:
    browser.open(f"{site}/{path}", width=360, scheme=scheme, now=datetime.fromisoformat(clock).timestamp())
    browser.js(OPEN_ALL)
    assert _violations(browser) == []
    assert browser.overflow() == 0
    assert browser.console() == []


def _violations(browser: Browser) -> list[str]:
    browser.js(AXE)
    found = browser.driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[0], (fault) => arguments[0](String(fault)));"
    )
    assert isinstance(found, dict), found
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def test_nothing_scrolls_sideways_from_320_to_1600_pixels_however_long_the_names_are(
    browser: Browser, tmp_path: Path
) -> None:
    name = "Integrierteszollverwaltungssystemderostafrikanischengemeinschaft" * 2
    system = {"id": "icms", "name": name, "services": [{"id": "a", "name": name}, "b"]}
    titles = ["M" * 200, "Upgrade of the border posts " * 7, "\u0635\u064a\u0627\u0646\u0629 " * 20, name]
    windows = [
        {"id": f"w{i}", "system": "icms", "start": NOW + timedelta(days=i - 1), "duration": "9h", "title": title}
        for i, title in enumerate(map(str.strip, titles))
    ]
    records = _calendar(0, name=name, systems=[system], windows=windows)
    build_site(records, tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        for page in ("index.html", "embed.html"):
            for width in (320, 360, 480, 700, 768, 1000, 1280, 1600):
                browser.open(f"{address}/{page}", width=width, now=NOW.timestamp())
                browser.js(OPEN_ALL)
                assert browser.overflow() == 0, (page, width)


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_to_be_pressed_is_large_enough_for_a_finger(browser: Browser, site: str, width: int) -> None:
    browser.open(f"{site}/icms/index.html", width=width, now=NOW.timestamp())
    browser.js(OPEN_ALL)
    small = browser.js("""
      const inText = (one) => one.matches(".skip, h3 a, .what a, .head p a, .ways p a, footer a");
      return [...document.querySelectorAll("a, button, summary, select, input")].filter((one) => !inText(one))
        .filter((one) => {
          const box = (one.closest("label.check") || one).getBoundingClientRect();
          return box.width > 0 && (box.height < 43.9 || box.width < 40);
        }).map((one) => one.outerHTML);
    """)
    assert small == []


@pytest.mark.parametrize("agent", ["Android", "iPhone"])
def test_a_phone_shows_what_matters_on_its_first_two_screens(browser: Browser, site: str, agent: str) -> None:
    browser.open(f"{site}/example/index.html", width=360, now=NOW.timestamp(), agent=AGENTS[agent])
    bottom = "return document.querySelector(arguments[0]).getBoundingClientRect().bottom"
    for selector in ("#_state-h", "#_next .when", "#_next .what", "#_next .do"):
        assert browser.js(bottom, selector) < 800, selector
    assert "Plan your operations around these hours." in browser.text("#_next .do")
    assert browser.js(bottom, "#_next .act .button") < 1600
    first = {"Android": "https://calendar.google.com/calendar/render?", "iPhone": "webcal://example.org/icms/all.ics"}
    assert browser.js("return document.querySelector('#_next .act .button').href").startswith(first[agent])


@pytest.mark.parametrize("agent", ["Android", "iPhone", "Windows", "Mac"])
def test_a_script_that_arrives_late_moves_nothing_that_is_being_read(browser: Browser, site: str, agent: str) -> None:
    observe = """
      window.moved = 0;
      const add = (list) => { for (const one of list.getEntries()) window.moved += one.value; };
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    """
    width = 360 if agent in ("Android", "iPhone") else 1280
    browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.open(f"{site}/late/index.html", width=width, now=NOW.timestamp(), agent=AGENTS[agent], before=observe)
    browser.driver.execute_async_script("setTimeout(arguments[0], 300)")
    assert browser.text("#_next .soon")
    assert browser.js("return window.moved") < 0.05  # under 0.1 is called good


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", now=NOW.timestamp())
    reached, outlined = [], []
    for _ in range(8):
        browser.driver.switch_to.active_element.send_keys("\ue004")  # Tab
        reached.append(browser.js("return document.activeElement.textContent.trim()"))
        outlined.append(browser.js("return getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
    assert reached[:3] == ["Skip to coming maintenance", "Kiswahili", "iCMS unavailable"]
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
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    told = browser.text("body")
    for essential in (
        *("iCMS is available", "Updated Friday 11 July 2025, 12:00 EAT.", "Next interruption"),
        *("iCMS unavailable", "Sunday 13 July 2025, 4am to 10am", "6 hours"),
        *("04:00 to 10:00 EAT, UTC+3", "What to do", "Planned", "Official notice", "Add this event only"),
        *("On a computer", "Google Calendar", "Outlook.com", "Microsoft 365", "Apple, Thunderbird"),
        *("On an Android phone", "Send this page to my computer", "On an iPhone or iPad", "Add to Apple Calendar"),
        f"{BASE}all.ics",
    ):
        assert essential in told, essential
    assert "Copy\n" not in told  # it would do nothing
    assert "in 2 days" not in told  # nobody knows when the page is read
    browser.js(OPEN_ALL)
    for folded in ("July 2025", f"{BASE}icms/sea-manifest.ics", "Download once (will not update)"):
        assert folded in browser.js("return document.body.textContent"), folded


@pytest.mark.parametrize(
    ("clock", "state", "upcoming", "soon", "tag"),
    [
        ("2025-07-11T09:00Z", "iCMS is available", "13 July", "in 2 days", "Planned"),
        ("1980-01-06T00:00Z", "iCMS is available", "13 July", "in 2 days", "Planned"),  # a clock that was never set
        ("2025-07-12T09:00Z", "iCMS is available", "13 July", "tomorrow", "Planned"),
        ("2025-07-13T00:30Z", "iCMS is available", "13 July", "in 30 minutes", "Planned"),
        ("2025-07-13T00:59:59Z", "iCMS is available", "13 July", "in 1 minute", "Planned"),
        ("2025-07-13T01:00Z", "iCMS is unavailable now", "14 September", "in 6 hours", "Now"),
        ("2025-07-13T06:59:59Z", "iCMS is unavailable now", "14 September", "in 1 minute", "Now"),
        ("2025-07-13T07:00Z", "iCMS is available", "14 September", "in 63 days", "Done"),
        ("2025-07-14T08:59:59Z", "iCMS is available", "14 September", "in 62 days", "Done"),
        ("2025-07-14T09:00Z", "This page may be out of date", "", "", ""),
        ("2026-12-24T09:00Z", "This page may be out of date", "", "", ""),
    ],
)
def test_a_page_built_on_11_july_tells_the_truth_whenever_it_is_read(
    browser: Browser, site: str, clock: str, state: str, upcoming: str, soon: str, tag: str
) -> None:
    browser.open(f"{site}/example/index.html", now=datetime.fromisoformat(clock).timestamp())
    assert browser.text("#_state h2") == state
    if not tag:
        assert "It was last updated Friday 11 July 2025, 12:00 EAT" in browser.text("#_state")
        assert browser.js("return document.querySelector('#_state').getBoundingClientRect().top") < 32
        assert browser.js("return document.querySelector('#_state').matches(':not(main *)')")
        assert browser.js("return [...document.querySelectorAll('.soon')].every((one) => !one.textContent)")
        assert "available" not in browser.text("#_state")
        return
    assert upcoming in browser.text("#_next")
    assert browser.text("#icms-2025-07-13 .status").startswith(tag)
    live = tag == "Now"
    assert ("Expected back Sunday 13 July 2025, 10am" in browser.text("#_state")) == live
    assert ("Plan your operations around these hours." in browser.text("#_state")) == live
    assert soon in browser.text("#_state" if live else "#_next")


def test_a_page_built_during_maintenance_says_the_same_with_and_without_javascript(
    browser: Browser, tmp_path: Path
) -> None:
    at = datetime(2025, 7, 13, 4, 40, tzinfo=UTC)
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    build_site(example, tmp_path, now=at, first_build=True)
    with served(tmp_path) as address:
        said = []
        for scripts in (False, True):
            browser.open(f"{address}/index.html", now=at.timestamp(), scripts=scripts)
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
            said.append([browser.text("#_state-h"), browser.text(".back"), browser.text(".meanwhile")])
        assert said[0] == said[1]
        assert said[0][:2] == ["iCMS is unavailable now", "Expected back Sunday 13 July 2025, 10am"]
        assert "Plan your operations around these hours." in said[0][2]
        browser.open(f"{address}/index.html", now=(at + timedelta(hours=3)).timestamp())
        assert browser.text("#_state-h") == "iCMS is available"
        assert "Expected back" not in browser.text("#_state")


@pytest.mark.parametrize(
    ("window", "back"),
    [
        ({"start": "2025-07-11 10:00", "end": "2025-07-11 15:30"}, "Friday 11 July 2025, 3:30pm"),
        ({"start": "2025-07-11 10:00", "end": "2025-07-12 06:00"}, "Saturday 12 July 2025, 6am"),
        ({"start": "2025-07-11", "end": "2025-07-12", "all_day": True}, "Sunday 13 July 2025, 00:00 EAT"),
        (
            {"start": "2025-07-11 04:00", "end": "2025-07-11 10:00", "timezone": "America/New_York"},
            "Friday 11 July 2025, 10:00 EDT",
        ),
    ],
)
def test_when_a_system_is_expected_back_is_the_same_with_and_without_javascript(
    browser: Browser, tmp_path: Path, window: dict[str, Any], back: str
) -> None:
    calendar = _calendar(0, windows=[{"id": "w", "system": "icms", **window}])
    build_site(calendar, tmp_path, now=NOW, first_build=True)  # at 12:00
    with served(tmp_path) as address:
        for scripts in (False, True):
            browser.open(f"{address}/index.html", now=NOW.timestamp(), scripts=scripts)
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
            assert browser.text("#_state .back") == f"Expected back {back}", scripts


def test_before_its_start_in_process_is_planned_and_completed_is_over_before_its_end(
    browser: Browser, tmp_path: Path
) -> None:
    windows = [
        {"id": "done", "system": "icms", "start": "2025-07-11 10:00", "duration": "6h", "status": "completed"},
        {"id": "early", "system": "icms", "start": "2025-07-11 13:00", "duration": "6h", "status": "in-process"},
    ]
    build_site(_calendar(0, windows=windows), tmp_path, now=NOW, first_build=True)  # at 12:00
    with served(tmp_path) as address:
        for scripts in (False, True):
            browser.open(f"{address}/index.html", now=NOW.timestamp(), scripts=scripts)
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
            assert browser.text("#_state-h") == "iCMS is available"
            assert browser.text("#early .status b") == "Planned"
            browser.js(OPEN_ALL)
            assert browser.text("#done .status b") == "Done"
        browser.open(f"{address}/index.html", now=(NOW + timedelta(hours=1)).timestamp())
        assert browser.text("#_state-h") == "iCMS is unavailable now"
        assert browser.text("#early .status b") == "Now"


@pytest.mark.parametrize(
    ("clock", "state", "icms", "itax"),
    [
        ("2025-07-11T09:00Z", "iCMS and iTax are available", "available", "available"),
        ("2025-07-13T02:00Z", "iCMS is unavailable now", "unavailable", "available"),
        ("2025-07-13T07:00Z", "iCMS and iTax are available", "available", "available"),
    ],
)
def test_each_system_has_its_own_state_at_every_clock(
    browser: Browser, site: str, clock: str, state: str, icms: str, itax: str
) -> None:
    now = datetime.fromisoformat(clock).timestamp()
    browser.open(f"{site}/icms/index.html", now=now)
    assert browser.text("#_state-h") == state
    assert [browser.text(f".systems li[data-id={id_}] .impact") for id_ in ("icms", "itax")] == [icms, itax]
    browser.open(f"{site}/icms/itax/index.html", now=now)
    assert browser.text("#_state-h") == "iTax is available"


def test_a_next_interruption_that_is_not_confirmed_says_so_when_the_one_before_has_begun(
    browser: Browser, tmp_path: Path
) -> None:
    windows = [
        {"id": "a", "system": "icms", "start": "2025-07-11 13:00", "duration": "2h"},
        {"id": "b", "system": "icms", "start": "2025-07-12 13:00", "duration": "2h", "status": "tentative"},
    ]
    build_site(_calendar(0, windows=windows), tmp_path, now=NOW, first_build=True)  # at 12:00
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp())
        assert "Not confirmed" not in browser.text("#_next")
        browser.open(f"{address}/index.html", now=(NOW + timedelta(hours=1)).timestamp())
        assert browser.text("#_next .status") == "Not confirmed"
        assert "Saturday 12 July 2025, 1pm to 3pm" in browser.text("#_next").replace("\n", " ")


def test_a_state_is_taken_back_when_the_maintenance_of_a_system_ends(browser: Browser, tmp_path: Path) -> None:
    systems = [{"id": "icms", "name": "iCMS"}, {"id": "itax", "name": "iTax"}]
    window = {"id": "a", "system": "icms", "start": "2025-07-11 11:00", "duration": "2h"}
    build_site(_calendar(0, systems=systems, windows=[window], feeds=[]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=(NOW + timedelta(hours=2)).timestamp())
        assert browser.text("#_state-h") == "iCMS and iTax are available"
        assert browser.text(".systems li[data-id=icms] .impact") == "available"


@pytest.mark.parametrize("scripts", [False, True])
def test_of_many_systems_the_one_that_is_unavailable_is_named_and_first(
    browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    systems = [{"id": f"s{i}", "name": f"System {i}"} for i in range(80)]
    windows = [
        {"id": f"w{i}", "system": f"s{i}", "start": NOW + timedelta(days=80 - i), "duration": "2h"} for i in range(80)
    ]
    windows[70]["start"] = NOW - timedelta(hours=1)
    build_site(_calendar(0, systems=systems, windows=windows, feeds=[]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp(), scripts=scripts)
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        assert browser.text("#_state-h") == "System 70 is unavailable now"
        shown = browser.js(
            "return [...document.querySelectorAll('.systems > ul > li > a')].map((one) => one.innerText)"
        )
        assert shown == [f"System {i}" for i in (70, 79, 78, 77, 76, 75, 74, 73)]
        assert "Show 72 more systems" in browser.text(".systems")
        if scripts:
            browser.open(f"{address}/index.html", now=(NOW + timedelta(hours=2)).timestamp())
            assert browser.text("#_state-h") == "All systems are available"


def test_an_old_address_of_a_window_leads_to_its_systems_page(browser: Browser, tmp_path: Path) -> None:
    systems = [{"id": "icms", "name": "iCMS"}, {"id": "itax", "name": "iTax"}]
    windows = [
        {"id": f"w{i}", "system": "itax", "start": NOW - timedelta(days=30 + i), "duration": "1h"} for i in range(40)
    ]
    build_site(_calendar(0, systems=systems, windows=windows, feeds=[]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html#w39", now=NOW.timestamp())
        for _ in range(50):
            if "/itax/" in browser.driver.current_url:
                break
            browser.driver.execute_async_script("setTimeout(arguments[0], 100)")
        assert browser.driver.current_url == f"{address}/itax/#w39"
        assert browser.js("return document.querySelector('#w39').getBoundingClientRect().height") > 0


def test_a_visitor_elsewhere_reads_the_window_in_their_own_time_too(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", timezone="America/New_York", now=NOW.timestamp())
    yours = browser.text("#icms-2025-07-13 .yours")
    assert yours.startswith("Your time: ")
    assert "12 Jul" in yours
    assert "21:00" in yours
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
        assert "22:00" in yours
        assert "06:00" in yours


def test_months_and_strips_are_in_the_calendars_zone_for_a_window_of_another(browser: Browser, tmp_path: Path) -> None:
    there = {"start": "2025-07-20 20:00", "duration": "5h", "timezone": "America/New_York"}
    build_site(_calendar(0, windows=[{"id": "w", "system": "icms", **there}]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp())
        assert "Nairobi" in browser.text(".keys")
        days = "return [...document.querySelectorAll('.month td a')].map((one) => parseInt(one.textContent, 10))"
        assert browser.js(days) == [21]  # 03:00 to 08:00 in Nairobi
        assert "Sunday 20:00 to Monday 01:00 EDT" in browser.text("#w")  # its strip is of the days it names


def test_today_is_marked_in_the_calendars_zone(browser: Browser, site: str) -> None:
    at = datetime(2025, 7, 11, 21, 30, tzinfo=UTC)  # 00:30 of the 12th in Nairobi
    browser.open(f"{site}/example/index.html", timezone="America/New_York", now=at.timestamp())
    assert browser.js("return document.querySelector('[aria-current=date]').textContent") == "12"
    assert browser.js("return document.querySelectorAll('[aria-current=date]').length") == 1
    at = datetime(2025, 7, 12, 21, 30, tzinfo=UTC)  # a day with maintenance
    browser.open(f"{site}/example/index.html", now=at.timestamp())
    assert browser.js("return document.querySelector('a [aria-current=date]').textContent") == "13"


@pytest.mark.parametrize(
    ("missing", "since"),
    [
        ("delete Intl.RelativeTimeFormat", False),  # Safari 13
        ("delete Array.prototype.flatMap", False),
        ("delete Intl.DateTimeFormat.prototype.formatRange", True),  # Firefox 90
        ("delete Intl.ListFormat", True),  # Safari 14
        ("delete Navigator.prototype.clipboard", True),  # a page from http
    ],
)
def test_a_browser_that_lacks_something_shows_the_rest(browser: Browser, site: str, missing: str, since: bool) -> None:
    browser.open(f"{site}/example/index.html", timezone="Asia/Kolkata", now=NOW.timestamp(), before=missing)
    assert browser.console() == []
    assert "Sunday 13 July 2025, 4am to 10am" in browser.text("#_next").replace("\n", " ")
    assert ("in 2 days" in browser.text("#_next")) == since
    yours = browser.js("return [...document.querySelectorAll('.yours')].map((one) => one.textContent)")
    assert len(yours) == (4 if since else 0)
    assert all("06:30" in text and "12:30" in text for text in yours[:1])


def test_an_address_with_a_broken_anchor_is_a_page_like_any_other(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html?anchor#%", now=NOW.timestamp())
    assert browser.console() == []
    assert "in 2 days" in browser.text("#_next")


def test_who_is_in_the_panel_is_not_thrown_out_of_it_every_minute(browser: Browser, site: str) -> None:
    hold = "window.setInterval = (tick) => { window.tick = tick; }"
    browser.open(f"{site}/example/index.html", now=NOW.timestamp(), before=hold)
    browser.js("document.querySelector('#_next .what a').focus(); window.tick()")
    assert browser.js("return document.activeElement.parentElement.className") == "what"


def test_a_name_from_right_to_left_leaves_the_time_beside_it_as_it_is(browser: Browser, tmp_path: Path) -> None:
    system = {"id": "icms", "name": "\u202eiCMS", "short": "\u202eiCMS"}
    window = {"id": "w", "system": "icms", "start": "2025-07-13 04:00", "duration": "6h"}
    build_site(_calendar(0, systems=[system], windows=[window]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp())
        from_left = browser.js("""
          const text = document.querySelector("#_next .when .nb").firstChild;
          const left = (i) => {
            const range = document.createRange();
            range.setStart(text, i);
            range.setEnd(text, i + 1);
            return range.getBoundingClientRect().left;
          };
          return left(0) < left(1) && left(1) < left(2);
        """)
        assert from_left


def test_a_name_from_right_to_left_leaves_the_order_of_its_sentence(browser: Browser, tmp_path: Path) -> None:
    system = {"id": "icms", "name": "\u0627\u0644\u062c\u0645\u0627\u0631\u0643", "services": ["a", "b"]}
    window = {"id": "w", "system": "icms", "services": ["a"], "start": NOW - timedelta(hours=1), "duration": "6h"}
    build_site(_calendar(0, systems=[system], windows=[window]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        for scripts in (False, True):
            browser.open(f"{address}/index.html", now=NOW.timestamp(), scripts=scripts)
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
            places = browser.js("""
              const text = document.querySelector("#_state-h").firstChild;
              const left = (word) => {
                const range = document.createRange(), start = text.data.indexOf(word);
                range.setStart(text, start);
                range.setEnd(text, start + 1);
                return range.getBoundingClientRect().left;
              };
              return [left("\u0627"), left("is"), left("partly"), left("now")];
            """)
            assert places == sorted(places), scripts


def test_on_paper_colours_are_those_of_paper_and_nothing_says_how_soon(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", scheme="dark", now=NOW.timestamp())
    cdp = browser.driver.execute_cdp_cmd
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    cdp("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    try:
        assert browser.js("return getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert browser.js("return getComputedStyle(document.querySelector('.outage .hit')).fill") == "rgb(180, 35, 24)"
        told = browser.text("body")
        assert "04:00 to 10:00 EAT" in told
        assert "in 2 days" not in told  # by the time it is read
        assert browser.text("#icms-2025-07-13 .status") == "Planned"
    finally:
        cdp("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_swahili_has_digits_of_24_hours_also_where_the_browser_writes_them(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/sw/index.html", timezone="Asia/Tokyo", now=NOW.timestamp())
    assert "04:00 hadi 10:00" in browser.text("#icms-2025-07-13").replace("\n", " ")
    yours = browser.text("#icms-2025-07-13 .yours")
    assert "10:00" in yours
    assert "16:00" in yours


def test_a_link_to_a_past_window_unfolds_it(browser: Browser, tmp_path: Path) -> None:
    coming = {"id": "next", "system": "icms", "start": "2025-08-01 04:00", "duration": "1h"}
    past = {"id": "last", "system": "icms", "start": "2025-07-01 04:00", "duration": "1h"}
    build_site(_calendar(0, windows=[coming, past]), tmp_path, now=NOW, first_build=True)
    with served(tmp_path) as address:
        browser.open(f"{address}/index.html", now=NOW.timestamp())
        assert browser.js("return document.querySelector('#_past').open") is False
        browser.open(f"{address}/index.html#last", now=NOW.timestamp())
        browser.driver.refresh()
        assert browser.js("return document.querySelector('#_past').open") is True
        assert browser.js("return document.getElementById('last').getBoundingClientRect().top") < 800


# Subscribing


def links(browser: Browser, within: str) -> dict[str, str]:
    """The buttons of a block by their words, and where each leads."""
    script = "return [...document.querySelectorAll(arguments[0])].map((one) => [one.textContent, one.href])"
    return dict(browser.js(script, f"{within} a.button"))


def outlook(host: str, path: str, name: str) -> str:
    webcal = quote(f"webcal://example.org/icms/{path}.ics", safe="")
    return f"https://{host}/calendar/0/addfromweb/?url={webcal}&name={quote(name, safe='')}"


@pytest.mark.parametrize(
    ("agent", "device", "first"),
    [
        ("Android", "android", "Add only the next event"),
        ("iPhone", "iphone", "Add to Apple Calendar"),
        ("iPad", "iphone", "Add to Apple Calendar"),
        ("Windows", "computer", "Google Calendar"),
        ("Linux", "computer", "Google Calendar"),
        ("Mac", "computer", "Apple, Thunderbird"),
    ],
)
def test_what_works_on_the_visitors_device_comes_first(
    browser: Browser, site: str, agent: str, device: str, first: str
) -> None:
    # An iPad says that it is a Mac, and has a screen to touch.
    touch = "Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { get: () => 5 })"
    before = touch if agent == "iPad" else ""
    browser.open(f"{site}/example/index.html", now=NOW.timestamp(), agent=AGENTS[agent], before=before)
    blocks = browser.js("""
      return [...document.querySelectorAll(".device")].map((one) => [one.dataset.device, !one.closest("details")])
    """)
    assert [name for name, outside in blocks if outside] == [device]
    assert sorted(name for name, _ in blocks) == ["android", "computer", "iphone"]
    assert browser.js("return document.querySelector('.device:not(details *) a.button').textContent") == first
    qr = browser.js("return document.querySelector('.qr').getBoundingClientRect().height > 0")
    assert qr == (device == "computer")


def test_every_link_is_what_each_calendar_program_documents(browser: Browser, site: str) -> None:
    browser.open(f"{site}/example/index.html", now=NOW.timestamp(), agent=AGENTS["Windows"])
    name, webcal = "KRA iCMS maintenance", "webcal://example.org/icms/all.ics"
    assert links(browser, ".device[data-device=computer]") == {
        "Google Calendar": FROM_URL,  # the way that always works: paste the address there
        "Microsoft 365": outlook("outlook.office.com", "all", name),
        "Outlook.com": outlook("outlook.live.com", "all", name),
        "Apple, Thunderbird": webcal,
    }
    click = browser.js("return document.querySelector('a.click').href")
    assert click == f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}"
    assert links(browser, ".device[data-device=iphone]") == {"Add to Apple Calendar": webcal}
    android = links(browser, ".device[data-device=android]")
    assert android["ICSx\u2075 and other apps"] == webcal
    event = urlsplit(android["Add only the next event"])
    assert f"{event.scheme}://{event.netloc}{event.path}" == "https://calendar.google.com/calendar/render"
    assert parse_qs(event.query) == {
        "action": ["TEMPLATE"],
        "text": ["iCMS unavailable"],
        "dates": ["20250713T010000Z/20250713T070000Z"],
        "details": [f"{BASE}#icms-2025-07-13"],
    }
    assert "QR" in browser.js("return document.querySelector('.qr img').alt")


def test_one_choice_changes_every_address(browser: Browser, site: str) -> None:
    browser.open(f"{site}/icms/index.html", now=NOW.timestamp(), agent=AGENTS["Windows"])
    offered = browser.js("return [...document.querySelector('select[name=feed]').options].map((one) => one.value)")
    assert offered == ["all", "icms", "icms/sea", "itax"]
    choose = """
      const select = document.querySelector("select[name=feed]"), box = document.querySelector("input[name=reminders]");
      select.value = arguments[0];
      box.checked = arguments[1];
      select.dispatchEvent(new Event("change"));
      return [...document.querySelectorAll(".address code, .device a:not(.send):not(.once-next)")]
        .map((one) => one.href || one.textContent);
    """
    for path, reminders in (("icms", False), ("icms/sea", True), ("all", False)):
        changed = browser.js(choose, path, reminders)
        file = f"{path}{'-reminders' if reminders else ''}.ics"
        carried = [link for link in changed if link != FROM_URL]
        assert len(carried) == 7  # four ways on a computer, one on Android, one on an iPhone, and the address
        for link in carried:
            query = parse_qs(urlsplit(link).query)
            address = (query.get("url") or query.get("cid") or [link])[0]
            assert address in (f"{BASE}{file}", f"webcal://example.org/icms/{file}")
        assert browser.text(".address code") == f"{BASE}{file}"
        hint = browser.js("return document.querySelector('.remind').hidden")
        assert hint == (not reminders)
    assert "ignore these reminders" in browser.js("return document.querySelector('.remind').textContent")


@pytest.mark.parametrize(("agent", "start"), [("Android", "https://calendar.google.com/"), ("Windows", "http://127")])
def test_one_event_is_added_by_the_tap_that_works_on_the_device(
    browser: Browser, site: str, agent: str, start: str
) -> None:
    browser.open(f"{site}/example/index.html", now=NOW.timestamp(), agent=AGENTS[agent])
    link = browser.js("return document.querySelector('#icms-2025-07-13 a.once').href")
    assert link.startswith(start)
    if agent == "Android":
        assert parse_qs(urlsplit(link).query)["dates"] == ["20250713T010000Z/20250713T070000Z"]
        assert parse_qs(urlsplit(link).query)["text"] == ["iCMS unavailable"]
    else:
        assert link.endswith("/events/icms-2025-07-13.ics")


@pytest.mark.parametrize("button", [".address button", "a.google"])
def test_the_address_is_copied_by_its_button_and_by_googles(browser: Browser, site: str, button: str) -> None:
    browser.open(f"{site}/example/index.html", now=NOW.timestamp())
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    stay = "document.querySelectorAll('a.google').forEach((one) => { one.removeAttribute('href'); });"
    browser.js(f"{stay} document.querySelector(arguments[0]).click()", button)
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done(String(e)));"
    assert browser.driver.execute_async_script(read) == f"{BASE}all.ics"
    assert "opied" in browser.js("return document.querySelector(arguments[0]).textContent", button)


def test_windows_are_found_by_system_and_by_text(browser: Browser, site: str) -> None:
    browser.open(f"{site}/icms/index.html", now=NOW.timestamp())
    pick = """
      const [select, find] = [document.querySelector(".filter select"), document.querySelector(".filter input")];
      select.value = arguments[0];
      find.value = arguments[1];
      select.dispatchEvent(new Event("change"));
      const rows = [...document.querySelectorAll("#_coming li")];
      return rows.filter((one) => one.offsetHeight).map((one) => one.id);
    """
    assert browser.js(pick, "icms", "") == ["a", "c", "d"]
    assert browser.js(pick, "itax", "DEGRADED") == ["b"]
    assert browser.js(pick, "", "no such words") == []
    browser.open(f"{site}/icms/index.html", scripts=False)
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert browser.js("return document.querySelectorAll('.filter *').length") == 0  # it would do nothing


def test_another_site_may_frame_the_card_and_its_link_leads_out_of_the_frame(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(
        '<!doctype html><title>Portal</title><link rel=icon href="data:,">'
        f'<iframe src="{site}/example/embed.html" width=360 height=400></iframe>'
    )
    with served(tmp_path, SimpleHTTPRequestHandler) as portal:
        browser.open(f"{portal}/index.html", now=NOW.timestamp())
        assert browser.console() == []
        browser.driver.switch_to.frame(0)
        try:
            assert "iCMS unavailable" in browser.text("body")
            assert "Sunday 13 July 2025, 4am to 10am" in browser.text("body").replace("\n", " ")
            assert browser.js("return document.querySelector('a.target').target") == "_top"
            assert browser.js("return document.querySelectorAll('script').length") == 0
            assert browser.overflow() == 0
        finally:
            browser.driver.switch_to.default_content()


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
        for path in ("index.html", "sw/index.html", "embed.html", "404.html"):
            browser.open(f"{address}/icms/{path}", now=NOW.timestamp())
            assert browser.driver.title in (HOSTILE[0], "Page not found")
            broken_out = "script:not([src]), img[src=x], [onmouseover]"
            assert browser.js("return document.querySelectorAll(arguments[0]).length", broken_out) == 0
            assert browser.js("return document.querySelectorAll('h1').length") == 1
            assert browser.console() == []
        browser.open(f"{address}/icms/index.html", now=NOW.timestamp())
        assert "{{7*7}}" in browser.js("return document.body.innerText")
        shown = browser.js("return [...document.querySelectorAll('.windows h3')].map((one) => one.textContent)")
        assert sorted(shown) == sorted(HOSTILE)
