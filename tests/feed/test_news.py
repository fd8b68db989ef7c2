"""What a build says of a window that was narrowed, moved or taken out: in every output, and in later builds."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from icms_calendar import MaintenanceCalendar
from icms_calendar.command.report import changes_in
from icms_calendar.feed.decode import decode_head
from icms_calendar.feed.event import state_of
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.site.build import Site, build_site, plan_site

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
BASE: dict[str, Any] = {
    "name": "Harbour",
    "domain": "harbour.example.org",
    "timezone": "Africa/Nairobi",
    "url": "https://harbour.example.org/m/",
    "systems": [{"id": "berths", "name": "Berths", "services": ["booking", {"id": "pilots", "name": "Pilot orders"}]}],
}
WINDOW: dict[str, Any] = {
    "id": "b1",
    "system": "berths",
    "start": "2026-03-14 22:00",
    "end": "2026-03-15 04:00",
}


def calendar(*changed: dict[str, Any], **keys: Any) -> MaintenanceCalendar:
    return MaintenanceCalendar(**{**BASE, "windows": [{**WINDOW, **change} for change in changed], **keys})


def rebuild(made: MaintenanceCalendar, before: Site | None, now: datetime) -> Site:
    ledger = read_ledger(before.files["all.ics"], made, "all.ics") if before else Ledger()
    return plan_site(made, now, ledger, allow_vanished=True)


def window_of(site: Site) -> dict[str, Any]:
    window: dict[str, Any] = json.loads(site.files["windows.json"])["windows"][0]
    return window


def test_what_a_window_no_longer_affects_is_named_in_every_later_build_until_it_is_affected_again() -> None:
    first = rebuild(calendar({}), None, START)
    narrowed = rebuild(calendar({"services": ["booking"]}), first, START + DAY)
    later = rebuild(calendar({"services": ["booking"]}), narrowed, START + 2 * DAY)
    assert [each.id for each in narrowed.difference.windows[0].no_longer_affects] == ["berths/pilots"]
    assert not later.difference.windows
    for site in (narrowed, later):
        assert not icalendar.Calendar.from_ical(site.files["berths/pilots.ics"]).events
        assert [each["id"] for each in window_of(site)["no_longer_affects"]] == ["berths/pilots"]
        assert "\nNo longer affects: Pilot orders\n" in window_of(site)["text"]["en"]
        assert "No longer affects: Pilot orders" in site.files["windows.xml"].decode()
        (row,) = csv.DictReader(io.StringIO(site.files["windows.csv"].decode("utf-8-sig"), newline=""))
        assert row["no_longer_affects"] == "berths/pilots"
    back = rebuild(calendar({}), later, START + 3 * DAY)
    assert window_of(back)["no_longer_affects"] == []
    assert "No longer" not in back.files["all.ics"].decode()


OWN_FEEDS = [
    {"id": "outages", "name": "Outages only", "impact": ["outage"]},
    {"id": "network", "name": "Network", "tag": ["network"], "status": ["confirmed"]},
    {"id": "pilots", "name": "For pilots", "audience": ["pilots"], "service": ["pilots"]},
]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"impact": "degraded"}, ["outages"]),
        ({"tags": []}, ["network"]),
        ({"status": "cancelled"}, ["network"]),
        ({"audience": ["masters"]}, ["pilots"]),
        ({"services": ["booking"], "tags": ["storage"]}, ["network", "pilots"]),
        ({"title": "Storage", "audience": ["masters", "pilots"]}, []),
    ],
)
def test_an_own_feed_that_a_window_has_left_is_named_in_every_later_build(
    change: dict[str, Any], left: list[str]
) -> None:
    window = {"tags": ["network"], "audience": ["pilots", "masters"]}
    first = rebuild(calendar(window, feeds=OWN_FEEDS), None, START)
    changed = rebuild(calendar(window | change, feeds=OWN_FEEDS), first, START + DAY)
    later = rebuild(calendar(window | change, feeds=OWN_FEEDS), changed, START + 2 * DAY)
    names = [str(feed["name"]) for feed in OWN_FEEDS if feed["id"] in left]
    assert [*changed.difference.windows[0].left] == names
    assert not later.difference.windows
    assert "".join(f"no longer in {', '.join(names)}\n" for _ in names[:1]) in changes_in("text", changed.difference)
    for site in (changed, later):
        assert [feed["id"] for feed in window_of(site)["no_longer_in"]] == left
        for path in ("windows.xml", "index.html", "all.ics"):
            shown = site.files[path].decode().replace("\r\n ", "").replace("\\,", ",")
            assert ("No longer in" in shown) is bool(names)
            assert all(name in shown for name in names)
        assert all("UID:b1" not in site.files[f"{id_}.ics"].decode() for id_ in left)
    back = rebuild(calendar(window, feeds=OWN_FEEDS), later, START + 3 * DAY)
    assert window_of(back)["no_longer_in"] == []
    assert "No longer" not in back.files["all.ics"].decode()


def test_the_first_of_two_systems_that_a_window_leaves_is_named() -> None:
    systems = [*BASE["systems"], {"id": "gates", "name": "Gates"}]
    first = rebuild(calendar({"system": None, "systems": ["berths", "gates"]}, systems=systems), None, START)
    changed = rebuild(calendar({"system": "gates"}, systems=systems), first, START + DAY)
    assert [each["id"] for each in window_of(changed)["no_longer_affects"]] == ["berths/booking", "berths/pilots"]


def test_a_move_is_in_the_title_of_the_atom_entry_and_in_the_spreadsheet_in_every_later_build() -> None:
    first = rebuild(calendar({}), None, START)
    moved = calendar({"start": "2026-03-15 22:00", "end": "2026-03-16 04:00"})
    for site in (second := rebuild(moved, first, START + DAY), rebuild(moved, second, START + 2 * DAY)):
        assert "(moved from Saturday 14 March 2026, 22:00 EAT)</title>" in site.files["windows.xml"].decode()
        (row,) = csv.DictReader(io.StringIO(site.files["windows.csv"].decode("utf-8-sig"), newline=""))
        assert (row["moved_from_start"], row["moved_from_end"]) == ("2026-03-14T19:00:00Z", "2026-03-15T01:00:00Z")


def test_whole_days_that_move_are_named_as_days() -> None:
    days = {"all_day": True, "start": "2026-03-14", "end": "2026-03-14"}
    site = rebuild(calendar(days), None, START)
    site = rebuild(calendar({**days, "start": "2026-03-16", "end": "2026-03-16"}), site, START + DAY)
    assert "\nMoved from Saturday 14 March 2026, all day EAT\n" in window_of(site)["text"]["en"]


def test_windows_json_gives_the_text_in_each_language() -> None:
    site = rebuild(calendar({}, languages=["en", "sw"]), None, START)
    text = window_of(site)["text"]
    assert list(text) == ["en", "sw"]
    assert text["en"].startswith("Saturday 14 March 2026, 22:00")
    assert text["sw"].startswith("Jumamosi 14 Machi 2026, 22:00")
    gone = rebuild(calendar(languages=["en", "sw"]), site, START + DAY)
    assert "Cancelled: " in window_of(gone)["text"]["en"]
    assert "Yameghairiwa: " in window_of(gone)["text"]["sw"]


def test_no_time_of_change_goes_back_when_the_event_that_changed_last_leaves(tmp_path: Path) -> None:
    def stamps() -> tuple[str, ...]:
        windows = json.loads((tmp_path / "windows.json").read_text(encoding="utf-8"))["updated_at"]
        page = json.loads((tmp_path / "api/v2/summary.json").read_text(encoding="utf-8"))["page"]["updated_at"]
        heads = (decode_head((tmp_path / f"{name}.ics").read_bytes()) for name in ("all", "berths/booking"))
        return (windows, page, *(head.last_modified.isoformat() for head in heads if head.last_modified))

    build_site(calendar({}, history="P10D"), tmp_path, now=START)
    builds = [
        (calendar({"services": ["pilots"]}, history="P10D"), START + DAY),  # it leaves the feed of another service
        (calendar({"services": ["pilots"]}, history="P10D"), START + 14 * DAY),
        (calendar(history="P10D"), START + 40 * DAY),  # and in the end it leaves by age
        (calendar(history="P10D"), START + 41 * DAY),
    ]
    before = stamps()
    for made, now in builds:
        build_site(made, tmp_path, now=now, allow_vanished=True)
        after = stamps()
        assert len(after) == len(before) == 4
        assert all(new >= old for new, old in zip(after, before, strict=True))
        before = after


def test_a_state_goes_by_the_clock_unless_the_window_is_reported_as_over() -> None:
    start, end = START + DAY, START + 2 * DAY
    for status in ("tentative", "confirmed", "in-process"):
        assert state_of(status, start, end, start - timedelta(seconds=1)) == "planned"
        assert state_of(status, start, end, start) == "under-way"
        assert state_of(status, start, end, end) == "over"
    assert state_of("completed", start, end, start) == "over"
    assert state_of("cancelled", start, end, start) == "cancelled"


def test_the_text_of_an_event_does_not_say_that_it_is_under_way_since_it_is_read_at_any_time() -> None:
    assert "Under way" not in rebuild(calendar({"status": "in-process"}), None, START).files["all.ics"].decode()


def test_the_first_build_over_a_feed_of_0_1_0_moves_no_stamp_and_is_no_news_whatever_the_first_language() -> None:
    """Its titles were in English: `every-kind-0.1.0.ics` was built with it, on 5 March 2026, from the records."""
    data = Path(__file__).parent / "data"
    records = MaintenanceCalendar.load(data / "every-kind.yaml")
    old = (data / "every-kind-0.1.0.ics").read_bytes()
    site = plan_site(records, datetime(2026, 3, 6, tzinfo=UTC), read_ledger(old, records, "old"))
    before, after = (
        {str(event["UID"]): event for event in icalendar.Calendar.from_ical(feed).events}
        for feed in (old, site.files["all.ics"])
    )
    assert len(before) == 13
    assert before.keys() == after.keys()
    for uid, event in before.items():
        for name in ("SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "STATUS"):
            assert event[name] == after[uid][name], (uid, name)
    assert "haitapatikana" in str(after["b1@harbour.example.org"]["SUMMARY"])
    assert not site.difference.windows
    assert site.published.is_reworded
    assert not rebuild(records, site, datetime(2026, 3, 7, tzinfo=UTC)).difference.windows
