"""The page as bytes: what stands in it, in which language, and how large it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import MaintenanceCalendar, PublishError, build_site
from icms_calendar.feed.ledger import read_ledger
from icms_calendar.site.build import plan_site
from icms_calendar.site.page import MAX_COMING, MAX_MONTHS, MAX_PAST
from icms_calendar.site.prose import PROSE
from tests.conftest import Run

NOW = datetime(2025, 7, 11, 9, tzinfo=UTC)


def _calendar(windows: list[dict[str, Any]], **more: Any) -> MaintenanceCalendar:
    given = {"name": "Harbour", "domain": "harbour.example.org", "timezone": "Africa/Nairobi"}
    return MaintenanceCalendar(**{**given, "url": "https://harbour.example.org/", "windows": windows, **more})


def _windows(count: int, **more: Any) -> list[dict[str, Any]]:
    typical = {
        "system": "berths",
        "duration": "6h",
        "announced": "2025-07-10",
        "source": "https://harbour.example.org/notices/7",
        "audience": ["importers", "exporters", "clearing agents"],
        "fallback": "Order pilots by telephone.",
        "channels": {"online": "unavailable", "telephone": "unaffected"},
    }
    return [
        {**typical, "id": f"berths-{i:04}", "start": NOW + timedelta(days=2 + i, hours=13), **more}
        for i in range(count)
    ]


def _page(calendar: MaintenanceCalendar, path: str = "index.html") -> str:
    return plan_site(calendar, NOW).files[path].decode()


@pytest.mark.parametrize("path", ["index.html", "sw/index.html", "404.html"])
def test_the_pages_of_the_example_are_the_golden_files(
    example: MaintenanceCalendar, golden: Callable[[str, bytes], None], path: str
) -> None:
    golden(f"kra-icms-{path.replace('/', '-')}", plan_site(example, NOW).files[path])


@pytest.mark.parametrize("days_between", [1, 7, 30])
@pytest.mark.parametrize("page", ["index.html", "sw/index.html"])
def test_a_page_of_twenty_windows_is_under_60_kilobytes_with_style_and_script(
    example: MaintenanceCalendar, page: str, days_between: int
) -> None:
    longest = max(example.windows, key=lambda window: len(window.model_dump_json())).model_dump(exclude_unset=True)
    del longest["end"]
    starts = [NOW + timedelta(days=2 + i * days_between, hours=13) for i in range(20)]
    windows = [{**longest, "id": f"icms-{start:%Y-%m-%d}", "start": start, "duration": "8h"} for start in starts]
    given = {name: getattr(example, name) for name in example.model_fields_set}
    files = plan_site(MaintenanceCalendar(**{**given, "windows": windows}), NOW).files
    assert sum(len(files[path]) for path in (page, "style.css", "page.js")) < 60_000


def test_a_page_grows_by_less_than_a_kilobyte_for_a_typical_window() -> None:
    files = plan_site(_calendar(_windows(20)), NOW).files
    more = len(plan_site(_calendar(_windows(220)), NOW).files["index.html"]) - len(files["index.html"])
    assert more / 200 < 1000


def test_nothing_in_a_page_comes_from_elsewhere_or_runs_in_it() -> None:
    page = _page(_calendar(_windows(3), languages=["en", "sw"]))
    assert re.findall(r"<script[^>]*>", page) == ['<script src="page.js" defer>']
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', page)
    assert [
        address
        for address in loaded
        if "//" in address and not address.startswith(("data:", "https://harbour.example.org/"))
    ] == []


def test_months_and_days_that_have_no_grid_are_told_in_words() -> None:
    cut = "Later days are not shown here."
    assert cut not in _page(_calendar(_windows(12)))
    far = [{**window, "start": NOW + timedelta(days=31 * i)} for i, window in enumerate(_windows(MAX_MONTHS + 1), 1)]
    page = _page(_calendar(far))
    assert page.count('<table class="month"') == MAX_MONTHS
    assert cut in page
    assert cut in _page(_calendar(_windows(1, duration="P730D")))


def test_no_address_in_a_page_holds_what_no_address_may(example: MaintenanceCalendar) -> None:
    files = plan_site(example, NOW).files
    for path in ("index.html", "sw/index.html", "404.html"):
        addresses = re.findall(r'(?:href|src)="([^"]*)"', files[path].decode())
        assert addresses
        assert [address for address in addresses if re.search(r"[\s<>]", address)] == []


def test_the_script_has_no_syntax_that_browsers_of_2019_stumble_over(example: MaintenanceCalendar) -> None:
    script = re.sub(r"//.*", "", plan_site(example, NOW).files["page.js"].decode())
    assert not re.search(r"\?\?|\?\.(?!\d)|\|\|=|&&=|\bimport\b|\bawait\b|#[a-z]\w*\b\s*=", script)


def test_an_empty_calendar_says_that_nothing_is_wrong() -> None:
    page = _page(_calendar([]))
    assert "No maintenance is planned." in page
    assert "Updated Friday 11 July 2025, 12:00 EAT." in page
    later = plan_site(_calendar([]), NOW + timedelta(seconds=19)).files["index.html"].decode()
    assert "Updated Friday 11 July 2025, 12:00 EAT." in later
    assert "An empty calendar means that no maintenance is planned." in page
    assert "class=strip" not in page


def test_the_first_language_stands_at_the_root_and_each_page_leads_to_the_others() -> None:
    files = plan_site(_calendar(_windows(1), languages=["sw", "en"]), NOW).files
    assert '<html lang="sw">' in files["index.html"].decode()
    assert 'href="en/"' in files["index.html"].decode()
    assert '<html lang="en">' in files["en/index.html"].decode()
    assert 'href=".././"' in files["en/index.html"].decode()
    assert '<html lang="sw">' in files["404.html"].decode()
    assert "sw/index.html" not in files


def test_no_sentence_is_missing_in_a_language() -> None:
    for name in vars(PROSE["en"]):
        english, swahili = (getattr(PROSE[language], name) for language in ("en", "sw"))
        assert bool(english) == bool(swahili)
        if isinstance(english, str):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", swahili)), name
        if isinstance(english, dict):
            assert english.keys() == swahili.keys()


def test_every_window_has_the_anchor_that_its_event_leads_to(example: MaintenanceCalendar) -> None:
    files = plan_site(example, datetime(2025, 10, 1, tzinfo=UTC)).files
    feed = files["all.ics"].decode().replace("\r\n ", "")
    anchors = re.findall(r"URL:https://example.org/icms/#(\S+)", feed)
    assert len(anchors) == 4
    assert all(f'id="{anchor}"' in files["index.html"].decode() for anchor in anchors)


def test_a_window_that_vanished_from_the_records_stands_there_cancelled() -> None:
    before = _calendar(_windows(4))
    feed = plan_site(before, NOW).files["all.ics"]
    after = _calendar(_windows(3))
    page = plan_site(after, NOW, read_ledger(feed, after, "all.ics")).files["index.html"].decode()
    row = page[page.index('id="berths-0003"') :]
    assert page[: page.index('id="berths-0003"')].endswith('<li class="outage cancelled" ')
    assert "<b class=off>Cancelled</b>" in row


def test_a_moved_window_says_that_it_changed_and_when() -> None:
    first = plan_site(_calendar(_windows(1)), NOW).files["all.ics"]
    moved = _calendar(_windows(1, duration="8h"))
    page = plan_site(moved, NOW, read_ledger(first, moved, "all.ics")).files["index.html"].decode()
    assert "<b>Changed</b>" in page
    assert "<dt>Last changed<dd>Friday 11 July 2025, 12:00 EAT" in page


def test_a_calendar_that_does_not_say_where_it_is_served_offers_the_plain_link() -> None:
    files = plan_site(_calendar(_windows(1), url=None), NOW).files
    page = files["index.html"].decode()
    assert "webcal" not in page
    assert 'href="all.ics">all.ics</a>' in page
    assert not any(path.startswith("qr/") for path in files)
    assert 'href="./style.css"' in files["404.html"].decode()


def test_a_page_that_is_not_found_finds_its_style_from_any_depth(example: MaintenanceCalendar) -> None:
    assert 'href="/icms/style.css"' in plan_site(example, NOW).files["404.html"].decode()


def test_a_very_long_calendar_shows_what_is_near_and_says_where_the_rest_is() -> None:
    past = [
        {**window, "id": f"old-{i}", "start": NOW - timedelta(days=i + 1)} for i, window in enumerate(_windows(150))
    ]
    page = _page(_calendar([*_windows(MAX_COMING + 7), *past]))
    assert page.count('<li class="outage" id="berths-') == MAX_COMING
    assert page.count('<li class="outage" id="old-') == MAX_PAST
    assert "7 more are in windows.csv." in page
    assert "50 more are in windows.csv." in page


@pytest.mark.parametrize(
    ("official", "operator", "words"),
    [
        (True, True, "The operator&#39;s own calendar."),
        (False, True, "Not an official calendar of Kenya Ports."),
        (False, False, "Not an official calendar of the operator."),
    ],
)
def test_a_page_says_whose_calendar_it_is(official: bool, operator: bool, words: str) -> None:
    system = {"id": "berths", "name": "Berths", **({"operator": {"name": "Kenya Ports"}} if operator else {})}
    assert words in _page(_calendar(_windows(1), official=official, systems=[system]))


def test_own_templates_and_styles_take_the_place_of_ours(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html").write_text("{{ page.calendar.name }}: {% for row in page.coming %}{{ row.title }}{% endfor %}")
    (own / "style.css").write_text("body { color: teal }")
    calendar = _calendar(_windows(1, title="<b>Berths</b>"))
    build_site(calendar, tmp_path / "site", now=NOW, first_build=True, templates=own)
    assert (tmp_path / "site/index.html").read_text() == "Harbour: &lt;b&gt;Berths&lt;/b&gt;"
    assert (tmp_path / "site/style.css").read_text() == "body { color: teal }"
    assert "Page not found" in (tmp_path / "site/404.html").read_text()


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"{% for %}", "TemplateSyntaxError", 1),
        (b"\n{{ page.nonsense }}", "UndefinedError", None),
        (b"\n\n{{ 1 + }}", "TemplateSyntaxError", 3),
        (b"\xff\xfe", "UnicodeDecodeError", None),
        (b"{% include 'missing.html' %}", "TemplateNotFound", None),
        (b"{{ 1 // 0 }}", "ZeroDivisionError", None),
        (b"{{ page.coming + 1 }}", "TypeError", None),
    ],
)
def test_a_template_that_is_none_is_a_finding_and_nothing_is_written(
    tmp_path: Path, content: bytes, reason: str, line: int | None
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html").write_bytes(content)
    with pytest.raises(PublishError) as raised:
        build_site(_calendar(_windows(1)), tmp_path / "site", now=NOW, first_build=True, templates=tmp_path / "own")
    finding = raised.value.findings[0]
    assert finding.code == "ICM307"
    assert reason in finding.message
    assert finding.line == line
    assert not (tmp_path / "site").exists()


def test_the_command_says_where_a_template_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.html").write_text("\n{% nonsense %}")
    run("init", "harbour")
    done = run("build", "harbour", "--first-build", "--templates", "own")
    assert done.returncode == 1
    assert b"own/page.html:2:1: error ICM307: is not a usable page template" in done.stderr.replace(b"\n", b" ")
    assert not (tmp_path / "public").exists()


def _site(*windows: dict[str, Any], now: datetime = NOW, **more: Any) -> dict[str, str]:
    given = {
        "name": "Harbour",
        "domain": "h.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://h.example.org/",
    }
    systems = [{"id": "berths", "name": "Berths", "services": ["pilots", "tugs"]}, {"id": "gates", "name": "Gates"}]
    calendar = MaintenanceCalendar(**{**given, "systems": systems, "windows": list(windows), **more})
    return {path: data.decode() for path, data in plan_site(calendar, now).files.items()}


def _state(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page[page.index('id="_state-h">') + 14 :].partition("</h2>")[0])


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({}, "Berths is unavailable now"),
        ({"impact": "degraded"}, "Berths is degraded now"),
        ({"services": ["pilots"]}, "Berths is partly unavailable now"),
        ({"systems": ["berths", "gates"], "system": None}, "Berths and Gates are unavailable now"),
        ({"impact": "no-impact"}, "Berths and Gates are available"),
        ({"status": "cancelled"}, "Berths and Gates are available"),
        ({"status": "completed"}, "Berths and Gates are available"),
        ({"status": "in-process", "start": NOW + timedelta(hours=1)}, "Berths and Gates are available"),
    ],
)
def test_the_state_is_one_sentence_that_follows_from_records_and_clock(window: dict[str, Any], words: str) -> None:
    now = {"id": "w", "system": "berths", "start": NOW - timedelta(hours=1), "end": NOW + timedelta(hours=5)}
    assert _state(_site({**now, **window})["index.html"]) == words


def test_the_next_interruption_says_whether_it_is_confirmed_or_an_emergency() -> None:
    unsure = {"id": "w", "system": "berths", "start": "2025-07-13 04:00", "duration": "6h", "status": "tentative"}
    for more, words in (({}, ["Not confirmed"]), ({"emergency": True}, ["Emergency", "Not confirmed"])):
        page = _site({**unsure, **more})["index.html"]
        panel = page[page.index('id="_next"') : page.index('id="_coming"')]
        assert re.findall("<b class=[a-z]+>([^<]+)</b>", panel) == words


def test_what_follows_without_a_gap_counts_until_it_is_expected_back() -> None:
    first = {"id": "a", "system": "berths", "start": NOW - timedelta(hours=1), "end": NOW + timedelta(hours=1)}
    second = {"id": "b", "system": "berths", "start": NOW + timedelta(hours=1), "end": NOW + timedelta(hours=3)}
    assert "Expected back Friday 11 July 2025, 3pm<" in _site(first, second)["index.html"]


def test_the_past_is_open_when_nothing_is_coming_and_the_page_says_when_it_ended() -> None:
    past = {"id": "a", "system": "berths", "start": NOW - timedelta(days=9), "duration": "1h"}
    page = _site(past)["index.html"]
    assert '<details class="fold" id="_past" open>' in page
    assert "The latest maintenance ended on Wednesday 2 July 2025, 13:00 EAT." in page
    coming = {"id": "b", "system": "berths", "start": NOW + timedelta(days=9), "duration": "1h"}
    assert '<details class="fold" id="_past">' in _site(past, coming)["index.html"]


def test_each_of_several_systems_has_a_page_with_its_own_windows_and_feeds() -> None:
    windows = [
        {"id": id_, "system": id_, "start": NOW + timedelta(days=2), "duration": "1h"} for id_ in ("berths", "gates")
    ]
    files = _site(*windows, languages=["en", "sw"])
    for path in ("berths/index.html", "sw/berths/index.html"):
        page = files[path]
        assert 'id="berths"' in page
        assert 'id="gates"' not in page
        assert '<option value="berths">' in page
        assert '<option value="berths/pilots">' in page
        assert '<option value="gates">' not in page
    assert 'href="berths/"' in files["index.html"]
    assert 'href="../../style.css"' in files["sw/berths/index.html"]


def test_a_root_page_of_two_hundred_systems_with_ten_services_is_under_300_kilobytes() -> None:
    systems = [{"id": f"s{i}", "name": f"System {i}", "services": [f"v{j}" for j in range(10)]} for i in range(200)]
    windows = [
        {"id": f"w{i}", "system": f"s{i % 200}", "start": NOW + timedelta(days=1 + i), "duration": "2h"}
        for i in range(400)
    ]
    assert len(_site(*windows, systems=systems)["index.html"]) < 300_000


def test_the_frame_for_other_sites_names_the_next_windows_and_needs_no_script() -> None:
    windows = [
        {"id": f"w{i}", "system": "berths", "start": NOW + timedelta(days=1 + i), "duration": "2h"} for i in range(5)
    ]
    page = _site(*windows)["embed.html"]
    assert "<script" not in page
    assert page.count(">Berths unavailable<") == 3
    assert 'target="_top"' in page


def test_a_link_to_the_page_shows_the_next_window_in_words() -> None:
    page = _site({"id": "w", "system": "berths", "start": "2025-07-13 04:00", "duration": "6h"})["index.html"]
    words = "Berths unavailable: Sunday 13 July 2025, 4am to 10am (04:00 to 10:00 EAT, UTC+3)"
    assert f'<meta name="description" content="{words}">' in page
    assert f'<meta property="og:description" content="{words}">' in page
    assert '<link rel="canonical" href="https://h.example.org/">' in page


def test_a_feed_whose_address_is_too_long_for_google_is_a_warning() -> None:
    calendar = _calendar(_windows(1), url="https://harbour.example.org/" + "m" * 230)
    codes = [finding.code for finding in plan_site(calendar, NOW).findings]
    assert codes == ["ICM503", "ICM503"][: len(codes)]
    assert codes


def test_the_card_for_other_sites_says_what_is_not_confirmed_and_leaves_out_what_is_cancelled(
    example: MaintenanceCalendar,
) -> None:
    first, second = _windows(2, system="icms", title="Move")
    windows = [{**first, "status": "tentative"}, {**second, "status": "cancelled", "title": "Never"}]
    given = {name: getattr(example, name) for name in example.model_fields_set}
    card = _page(MaintenanceCalendar(**{**given, "windows": windows}), "embed.html")
    assert "Not confirmed" in card
    assert "Never" not in card
    assert "<script" not in card
