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
def test_a_page_is_small(example: MaintenanceCalendar, page: str, days_between: int) -> None:
    longest = max(example.windows, key=lambda window: len(window.model_dump_json())).model_dump(exclude_unset=True)
    del longest["end"]
    starts = [NOW + timedelta(days=2 + i * days_between, hours=13) for i in range(20)]
    windows = [{**longest, "id": f"icms-{start:%Y-%m-%d}", "start": start, "duration": "8h"} for start in starts]
    given = {name: getattr(example, name) for name in example.model_fields_set}
    files = plan_site(MaintenanceCalendar(**{**given, "windows": windows}), NOW).files
    assert sum(len(files[path]) for path in (page, "style.css", "page.js")) < 60_000


def test_a_page_grows_by_less_than_a_kilobyte_a_window() -> None:
    files = plan_site(_calendar(_windows(20)), NOW).files
    more = len(plan_site(_calendar(_windows(220)), NOW).files["index.html"]) - len(files["index.html"])
    assert more / 200 < 1000


def test_nothing_in_a_page_comes_from_elsewhere_or_runs_in_it() -> None:
    page = _page(_calendar(_windows(3), languages=["en", "sw"]))
    assert re.findall(r"<script[^>]*>", page) == ['<script src="page.js" defer>']
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', page)
    assert [address for address in loaded if "//" in address and not address.startswith("data:")] == []


def test_months_and_days_that_have_no_grid_are_told_in_words() -> None:
    cut = "Days further ahead are left out here."
    assert cut not in _page(_calendar(_windows(12)))
    far = [{**window, "start": NOW + timedelta(days=31 * i)} for i, window in enumerate(_windows(MAX_MONTHS + 1), 1)]
    page = _page(_calendar(far))
    assert page.count("<table class=month>") == MAX_MONTHS
    assert cut in page
    assert cut in _page(_calendar(_windows(1, duration="P730D")))


def test_that_a_day_has_several_windows_is_told_where_one_has() -> None:
    shared = "Of several windows on a day the worst is shown, and the others are counted."
    assert shared not in _page(_calendar(_windows(2)))
    twice = [{**window, "start": NOW + timedelta(days=2)} for window in _windows(2)]
    assert shared in _page(_calendar(twice))


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
    assert "No maintenance is announced." in page
    assert "Last checked Friday 11 July 2025, 12:00 EAT." in page
    assert "<svg" not in page


def test_the_first_language_stands_at_the_root_and_each_page_leads_to_the_others() -> None:
    files = plan_site(_calendar(_windows(1), languages=["sw", "en"]), NOW).files
    assert '<html lang="sw">' in files["index.html"].decode()
    assert 'href="en/index.html"' in files["index.html"].decode()
    assert '<html lang="en">' in files["en/index.html"].decode()
    assert 'href="../index.html"' in files["en/index.html"].decode()
    assert '<html lang="sw">' in files["404.html"].decode()
    assert "sw/index.html" not in files


def test_no_sentence_is_missing_in_a_language() -> None:
    for name in PROSE["en"]._fields:
        english, swahili = (getattr(PROSE[language], name) for language in ("en", "sw"))
        assert bool(english) == bool(swahili)
        if isinstance(english, str):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", swahili)), name
        if isinstance(english, dict):
            assert english.keys() == swahili.keys()
    assert len(PROSE["en"].clients) == len(PROSE["sw"].clients)


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
    assert 'class="cancelled outage"' in row[:80]
    assert "Cancelled: this maintenance does not take place." in row
    assert "<b>Unavailable</b>: berths" in row


def test_a_vanished_window_of_which_neither_system_nor_title_is_left_is_told_by_its_uid() -> None:
    before, after = _calendar(_windows(4)), _calendar(_windows(3))
    feed = plan_site(before, NOW).files["all.ics"]
    begin = feed.index(b"UID:berths-0003@")
    bare = re.sub(rb"X-MAINTNOTE-OBJECT-ID[^\r]*\r\n", b"", feed[begin:])
    bare = re.sub(rb"SUMMARY:[^\r]*", b"SUMMARY:", bare)
    page = plan_site(after, NOW, read_ledger(feed[:begin] + bare, after, "all.ics")).files["index.html"].decode()
    assert "berths-0003@harbour.example.org" in page[page.index('id="berths-0003"') :]


def test_a_moved_window_says_that_it_changed_and_when() -> None:
    first = plan_site(_calendar(_windows(1)), NOW).files["all.ics"]
    moved = _calendar(_windows(1, duration="8h"))
    page = plan_site(moved, NOW, read_ledger(first, moved, "all.ics")).files["index.html"].decode()
    assert "<p class=status>Changed" in page
    assert "<b>Last changed</b>: Friday 11 July 2025, 12:00 EAT" in page


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
    assert page.count('<tr role=row id="berths-') == MAX_COMING
    assert page.count('<tr role=row id="old-') == MAX_PAST
    assert "7 more are in windows.csv." in page
    assert "50 more are in windows.csv." in page


@pytest.mark.parametrize(
    ("official", "operator", "words"),
    [
        (True, True, "This is the operator&#39;s own calendar."),
        (False, True, "This is not an official calendar of Kenya Ports."),
        (False, False, "This is not an official calendar of the operator."),
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
    assert "There is no such page here" in (tmp_path / "site/404.html").read_text()


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
    assert b"own/page.html:2:1: error ICM307: is no template of a page" in done.stderr.replace(b"\n", b" ")
    assert not (tmp_path / "public").exists()
