"""Which files a site has, what stands in each feed, and what its status.json says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from icms_calendar import MaintenanceCalendar, build_site
from icms_calendar.site.build import Site, plan_site
from tests.conftest import ROOT, Run
from tests.strategies import NOW, calendars

UNDER_WAY = datetime(2025, 10, 12, 9, 0, tzinfo=UTC)  # in the third of the example's four windows
SERVICES = ("sea-manifest", "house-manifest", "declaration", "system-to-system", "tracking")
SYSTEMS: list[dict[str, object]] = [
    {"id": "icms", "name": "Customs", "short": "iCMS", "services": ["sea", "house"]},
    {"id": "itax", "name": "iTax", "services": ["returns"]},
    {"id": "bare", "name": "Bare"},
]

PAGES = ("index.html", "embed.html", "404.html", "style.css", "page.js", "qr/page.svg")
SYSTEM_PAGES = ("icms/index.html", "itax/index.html", "bare/index.html")
IN_EVERY_SITE = (
    *("windows.json", "windows.csv", "windows.xml", "schema/window.schema.json"),
    *("api/v2/summary.json", "api/v2/status.json", "api/v2/components.json", "api/v2/scheduled-maintenances.json"),
    *("api/v2/scheduled-maintenances/upcoming.json", "api/v2/scheduled-maintenances/active.json"),
    *("api/v2/incidents.json", "api/v2/incidents/unresolved.json"),
    *(".gitattributes", ".htaccess", ".nojekyll", "_headers", "robots.txt", "staticwebapp.config.json"),
    "status.json",
)


def calendar(*windows: Mapping[str, object], **more: object) -> MaintenanceCalendar:
    """A calendar of windows that each say what matters in their test; the rest is given here."""
    usual: dict[str, Any] = {
        "name": "Maintenance",
        "domain": "icms.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/icms/",
        "systems": SYSTEMS,
    }
    told = [{"system": "icms", "start": "2025-07-13T04:00+03:00", "duration": "6h", **window} for window in windows]
    told = [{k: v for k, v in window.items() if v is not None} for window in told]
    return MaintenanceCalendar.model_validate({**usual, "windows": told, **more})


def ended(ago: timedelta) -> dict[str, object]:
    """The times of a window that ended so long before NOW."""
    return {"start": (NOW - ago - timedelta(hours=1)).isoformat(), "duration": "1h"}


def ids_in(feed: bytes) -> set[str]:
    return {uid.decode() for uid in re.findall(rb"(?m)^UID:(.+)@icms\.example\.org\r$", feed)}


def status_of(site: Site) -> dict[str, Any]:
    status: dict[str, Any] = json.loads(site.files["status.json"])
    return status


def feeds_of(site: Site) -> dict[str, bytes]:
    """The feeds that people follow: every .ics but those of a single event."""
    return {path: data for path, data in site.files.items() if path.endswith(".ics") and "events/" not in path}


def value(name: str, data: bytes) -> list[str]:
    """What the lines of a property say, unfolded."""
    return re.findall(rf"(?m)^{name}[;:](.*)$", data.decode().replace("\r\n ", "").replace("\r\n", "\n"))


# Which files there are.


def test_the_site_of_the_example_has_these_files_and_no_other(example: MaintenanceCalendar) -> None:
    feeds = ["all", "icms", *(f"icms/{service}" for service in SERVICES)]
    files = {f"{feed}{variant}.ics" for feed in feeds for variant in ("", "-reminders")}
    coming = {"events/icms-2025-10-12.ics", "events/icms-2025-11-09.ics"}
    pages = {*PAGES, "sw/index.html", "sw/embed.html"}
    assert set(plan_site(example, UNDER_WAY).files) == files | coming | pages | set(IN_EVERY_SITE)


def test_status_json_comes_last_so_that_a_site_with_a_new_one_is_complete(example: MaintenanceCalendar) -> None:
    assert list(plan_site(example, UNDER_WAY).files)[-1] == "status.json"


def test_a_window_is_offered_for_import_until_it_ends() -> None:
    windows = {"id": "over", **ended(timedelta(0))}, {"id": "last", **ended(-timedelta(seconds=1))}
    site = plan_site(calendar(*windows), NOW)
    assert [path for path in site.files if path.startswith("events/")] == ["events/last.ics"]
    assert ids_in(site.files["all.ics"]) == {"over", "last"}


def test_a_calendar_without_a_window_has_a_site() -> None:
    files = plan_site(calendar(), NOW).files
    assert sorted(files) == sorted(
        [
            *("all.ics", "icms.ics", "icms/sea.ics", "icms/house.ics", "itax.ics", "itax/returns.ics", "bare.ics"),
            *PAGES,
            *SYSTEM_PAGES,
            *IN_EVERY_SITE,
        ]
    )


@pytest.mark.parametrize("id_", ["sw", "all", "events", "w-reminders", "w.ics", "w."])
def test_a_window_may_be_called_like_a_file_of_the_site(id_: str) -> None:
    assert ids_in(plan_site(calendar({"id": id_}), NOW).files[f"events/{id_}.ics"]) == {id_}


def test_a_single_event_is_no_calendar_to_follow(example: MaintenanceCalendar) -> None:
    data = plan_site(example, UNDER_WAY).files["events/icms-2025-11-09.ics"]
    assert value("METHOD", data) == ["PUBLISH"]
    assert ids_in(data) == {"icms-2025-11-09"}
    for name in ("NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE"):
        assert value(name, data) == []


def test_a_single_event_is_the_same_as_in_the_feed(example: MaintenanceCalendar) -> None:
    files = plan_site(example, UNDER_WAY).files
    event = re.search(rb"BEGIN:VEVENT.*END:VEVENT\r\n", files["events/icms-2025-11-09.ics"], re.DOTALL)
    assert event
    assert event[0] in files["all.ics"]


# Which windows stand in which feed.


def test_a_window_of_a_service_stands_in_its_feed_and_not_in_those_of_other_services() -> None:
    files = plan_site(calendar({"id": "w", "services": ["sea"]}), NOW).files
    assert {path for path in files if ids_in(files[path])} == {"all.ics", "icms.ics", "icms/sea.ics", "events/w.ics"}


def test_a_window_without_services_stands_in_the_feeds_of_all_of_its_system() -> None:
    files = plan_site(calendar({"id": "w"}), NOW).files
    holding = {path for path in files if ids_in(files[path])}
    assert holding == {"all.ics", "icms.ics", "icms/sea.ics", "icms/house.ics", "events/w.ics"}


def test_a_window_of_two_systems_stands_in_the_feeds_of_both() -> None:
    window = {"id": "w", "system": None, "systems": ["icms", "itax", "bare"], "services": ["icms/house"]}
    files = plan_site(calendar(window), NOW).files
    feeds = {"all.ics", "icms.ics", "icms/house.ics", "itax.ics", "itax/returns.ics", "bare.ics"}
    assert {path for path in files if ids_in(files[path])} == {*feeds, "events/w.ics"}


def test_a_window_keeps_its_feeds_whatever_an_imported_notification_called_its_objects() -> None:
    files = plan_site(calendar({"id": "w", "services": ["sea"], "maintnote": {"objects": [{"id": "itax"}]}}), NOW).files
    assert ids_in(files["icms/sea.ics"]) == {"w"}
    assert ids_in(files["itax.ics"]) == set()


def test_a_cancelled_window_stays_in_its_feeds() -> None:
    files = plan_site(calendar({"id": "w", "status": "cancelled"}), NOW).files
    for path in ("all.ics", "icms.ics", "icms/sea.ics", "events/w.ics"):
        assert value("STATUS", files[path]) == ["CANCELLED"]


@pytest.mark.parametrize("service", ["sea", "all"])
def test_the_feed_of_a_service_that_left_the_records_shows_its_windows_as_cancelled(
    tmp_path: Path, service: str
) -> None:
    before, after = (
        [{"id": "icms", "name": "iCMS", "services": services}] for services in ([service, "house"], ["house"])
    )
    windows = {"id": "stays", "services": ["house"]}, {"id": "w", "services": [service]}
    build_site(calendar(*windows, systems=before), tmp_path, now=NOW, first_build=True)
    build_site(calendar(windows[0], systems=after), tmp_path, now=NOW)
    assert value("STATUS", (tmp_path / "icms" / f"{service}.ics").read_bytes()) == ["CANCELLED"]


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        ({"impact": "degraded"}, {"slow"}),
        ({"impact": ["degraded", "no-impact"]}, {"slow", "tax"}),
        ({"system": "itax"}, {"tax"}),
        ({"service": "sea"}, {"all-of-icms", "slow"}),
        ({"service": "icms/house"}, {"all-of-icms", "off"}),
        ({"tag": "year-end"}, {"off", "tax"}),
        ({"audience": "importers"}, {"slow", "off"}),
        ({"status": "cancelled"}, {"off"}),
        ({"status": ["cancelled", "tentative"]}, {"off", "tax"}),
        ({"system": "icms", "tag": "year-end"}, {"off"}),
        ({"system": "itax", "status": "cancelled"}, set()),
        ({}, {"all-of-icms", "slow", "off", "tax"}),
    ],
)
def test_a_feed_of_ones_own_holds_what_passes_every_filter(filters: dict[str, object], chosen: set[str]) -> None:
    own = calendar(
        {"id": "all-of-icms"},
        {"id": "slow", "impact": "degraded", "services": ["sea"], "audience": ["importers", "exporters"]},
        {"id": "off", "services": ["house"], "audience": ["importers"], "tags": ["year-end"], "status": "cancelled"},
        {"id": "tax", "system": "itax", "impact": "no-impact", "tags": ["a", "year-end"], "status": "tentative"},
        feeds=[{"id": "mine", "name": "My windows", **filters}],
    )
    data = plan_site(own, NOW).files["mine.ics"]
    assert ids_in(data) == chosen
    assert value("NAME", data) == ["My windows"]


def test_the_impact_of_a_window_is_the_worst_of_its_services_for_a_feed_too() -> None:
    services = [{"id": "sea", "impact": "outage"}, {"id": "house", "impact": "degraded"}]
    window = {"id": "w", "impact": "no-impact", "services": services}
    feeds = [{"id": impact, "name": impact, "impact": impact} for impact in ("outage", "degraded", "no-impact")]
    files = plan_site(calendar(window, feeds=feeds), NOW).files
    assert [path for path in ("outage.ics", "degraded.ics", "no-impact.ics") if ids_in(files[path])] == ["outage.ics"]


@given(calendars())
def test_every_window_stands_in_the_feed_of_all_and_in_those_of_its_systems_and_no_others(
    records: MaintenanceCalendar,
) -> None:
    site = plan_site(records, datetime(1970, 6, 1, tzinfo=UTC))  # before every window that is generated
    assert len(site.published.events) == len(records.windows)
    assert ids_in(site.files["all.ics"]) == {window.id for window in records.windows}
    for system in records.systems_by_id:
        held = {window.id for window in records.windows if system in window.system_ids}
        assert ids_in(site.files[f"{system}.ics"]) == held
    assert {path for path in site.files if "events/" in path} == {f"events/{w.id}.ics" for w in records.windows}
    assert len({path.casefold() for path in site.files}) == len(site.files)


# Reminders.


def test_only_the_reminders_variants_ring_and_once_for_each_reminder(example: MaintenanceCalendar) -> None:
    for path, data in plan_site(example, UNDER_WAY).files.items():
        rings = 2 if path.endswith("-reminders.ics") else 0
        assert data.count(b"BEGIN:VALARM\r\n") == rings * data.count(b"BEGIN:VEVENT\r\n"), path


def test_a_cancelled_window_does_not_ring() -> None:
    windows = {"id": "off", "status": "cancelled"}, {"id": "on"}
    data = plan_site(calendar(*windows, reminders=["P1D"]), NOW).files["all-reminders.ics"]
    assert ids_in(data) == {"on", "off"}
    off, on = sorted(data.split(b"BEGIN:VEVENT\r\n")[1:], key=lambda event: b"STATUS:CANCELLED" not in event)
    assert (off.count(b"BEGIN:VALARM"), on.count(b"BEGIN:VALARM")) == (0, 1)


def test_a_reminders_variant_holds_the_windows_of_its_feed(example: MaintenanceCalendar) -> None:
    files = plan_site(example, UNDER_WAY).files
    for path in files:
        if path.endswith("-reminders.ics"):
            assert ids_in(files[path]) == ids_in(files[path.replace("-reminders", "")])


def test_without_reminders_there_are_no_variants() -> None:
    assert not [path for path in plan_site(calendar({"id": "w"}), NOW).files if "-reminders" in path]


# History.


@pytest.mark.parametrize(
    ("ago", "stays"),
    [
        (timedelta(days=30, seconds=1), False),
        (timedelta(days=30), False),  # as everywhere, an interval holds its begin and not its end
        (timedelta(days=30, seconds=-1), True),
        (timedelta(0), True),
    ],
)
def test_an_ended_window_stays_for_as_long_as_history_says(ago: timedelta, stays: bool) -> None:
    own = [{"id": "mine", "name": "Mine"}]
    site = plan_site(calendar({"id": "w", **ended(ago)}, history="P30D", feeds=own), NOW)
    for path in ("all.ics", "icms.ics", "icms/sea.ics", "mine.ics"):
        assert ids_in(site.files[path]) == ({"w"} if stays else set()), path
    assert len(site.published.events) == int(stays)


def test_a_window_that_began_before_history_and_ended_in_it_stays() -> None:
    long = {"id": "w", "start": (NOW - timedelta(days=40)).isoformat(), "duration": "P20D"}
    assert ids_in(plan_site(calendar(long, history="P30D"), NOW).files["all.ics"]) == {"w"}


def test_a_build_as_of_the_first_year_has_no_history_to_leave_out() -> None:
    assert ids_in(plan_site(calendar({"id": "w"}), datetime(1, 1, 2, tzinfo=UTC)).files["all.ics"]) == {"w"}


def test_a_system_without_a_window_has_a_feed_without_events_and_with_one_time_zone() -> None:
    data = plan_site(calendar({"id": "w"}, reminders=["P1D"]), NOW).files
    for path in ("bare.ics", "bare-reminders.ics", "itax/returns.ics"):
        assert data[path].count(b"BEGIN:VEVENT") == 0
        assert data[path].count(b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\n") == 1
        assert data[path].endswith(b"END:VTIMEZONE\r\nEND:VCALENDAR\r\n")


# What a feed says of itself.


@pytest.mark.parametrize("url", ["https://example.org/icms/", "https://example.org/icms"])
def test_the_source_of_a_feed_is_where_the_site_serves_it(url: str) -> None:
    feeds = [{"id": "mine", "name": "Mine"}]
    site = plan_site(calendar({"id": "w"}, url=url, feeds=feeds, reminders=["P1D"]), NOW)
    assert len(feeds_of(site)) == 16
    for path, data in feeds_of(site).items():
        assert value("SOURCE", data) == [f"VALUE=URI:https://example.org/icms/{path}"]


def test_a_feed_of_a_site_whose_url_is_not_known_has_no_source() -> None:
    for data in feeds_of(plan_site(calendar({"id": "w"}, url=None), NOW)).values():
        assert value("SOURCE", data) == value("URL", data) == []


def test_a_feed_is_named_after_what_it_holds(example: MaintenanceCalendar) -> None:
    files = plan_site(example, UNDER_WAY).files
    assert {path: value("NAME", files[path])[0] for path in ("all.ics", "icms.ics", "icms/tracking-reminders.ics")} == {
        "all.ics": "KRA iCMS maintenance",
        "icms.ics": "KRA iCMS maintenance: iCMS",
        "icms/tracking-reminders.ics": r"KRA iCMS maintenance: iCMS\, Cargo tracking",
    }


# status.json.


def test_status_json_lists_every_other_file_with_its_size_and_digest(example: MaintenanceCalendar) -> None:
    site = plan_site(example, UNDER_WAY)
    files = {path: data for path, data in site.files.items() if path != "status.json"}
    digests = {path: {"sha256": sha256(data).hexdigest(), "size": len(data)} for path, data in files.items()}
    assert status_of(site)["files"] == digests


def test_status_json_says_when_it_was_built_and_what_comes_next(example: MaintenanceCalendar) -> None:
    status = status_of(plan_site(example, UNDER_WAY))
    assert (status["generator"], status["format"]) == ("icms-calendar", 1)
    assert status["generated_at"] == "2025-10-12T09:00:00Z"
    assert status["next"] == {
        "id": "icms-2025-10-12",
        "uid": "icms-2025-10-12@icms.example.org",
        "title": "iCMS unavailable: planned maintenance",
        "status": "confirmed",
        "impact": "outage",
        "start": "2025-10-12T03:00:00Z",
        "end": "2025-10-12T11:00:00Z",
    }


def test_next_is_the_soonest_window_that_takes_place() -> None:
    windows: list[dict[str, object]] = [
        {"id": "second", "start": "2025-07-14T04:00+03:00", "status": "tentative"},
        {"id": "first", "start": "2025-07-14T03:00+03:00"},
        {"id": "cancelled", "start": "2025-07-12T04:00+03:00", "status": "cancelled"},
        {"id": "completed", "start": "2025-07-11T11:00+03:00", "status": "completed"},
        {"id": "over", **ended(timedelta(0))},
    ]
    assert status_of(plan_site(calendar(*windows), NOW))["next"]["id"] == "first"
    assert status_of(plan_site(calendar(*windows[2:]), NOW))["next"] is None


def test_the_digest_of_the_source_changes_with_any_record_and_only_then() -> None:
    def digest(now: datetime, **window: object) -> object:
        return status_of(plan_site(calendar({"id": "w", **window}), now))["source_sha256"]

    assert digest(NOW) == digest(NOW + timedelta(days=1))
    assert len({digest(NOW), digest(NOW, reason="Upgrade"), digest(NOW, busy=True), digest(NOW, tags=["a"])}) == 4


# The clock, and sameness.


def test_a_naive_now_is_a_type_error_that_says_what_to_do(example: MaintenanceCalendar) -> None:
    with pytest.raises(TypeError, match=r"^now is a naive datetime; give it a time zone, as in datetime\.now\(UTC\)$"):
        plan_site(example, datetime(2025, 7, 11, 9, 30))


def test_the_same_instant_gives_the_same_site_however_it_is_told(example: MaintenanceCalendar) -> None:
    elsewhere = UNDER_WAY.astimezone(timezone(timedelta(hours=5, minutes=45))).replace(microsecond=999_999)
    assert plan_site(example, elsewhere) == plan_site(example, UNDER_WAY)


def test_a_later_build_of_announced_windows_changes_no_feed(example: MaintenanceCalendar) -> None:
    first, later = plan_site(example, UNDER_WAY), plan_site(example, UNDER_WAY + timedelta(hours=1))
    changed = {path for path in first.files if first.files[path] != later.files[path]}
    assert changed == {"index.html", "embed.html", "sw/index.html", "sw/embed.html", "status.json"}


def test_the_same_records_and_now_give_the_same_bytes_on_any_machine(run: Run, tmp_path: Path) -> None:
    machines = [("0", "UTC", "C"), ("1", "Asia/Kathmandu", "C.UTF-8"), ("4294967295", "America/St_Johns", "POSIX")]
    sites = []
    for seed, zone, locale in machines:
        env = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        made = run("build", ROOT / "examples" / "kra-icms", "-o", f"site{seed}", "--now", "2025-10-12T09:00Z", env=env)
        assert made.returncode == 0
        folder = tmp_path / f"site{seed}"
        files = [path for path in folder.rglob("*") if path.is_file()]
        sites.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
    example = MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")
    assert sites == [plan_site(example, UNDER_WAY).files] * 3


# Size.


def test_a_feed_over_a_million_octets_is_a_warning_with_its_path() -> None:
    many = [{"id": f"w{i}", "services": ["sea"], "description": "x" * 10_000} for i in range(98)]
    site = plan_site(calendar(*many, {"id": "small", "services": ["house"]}), NOW)
    large = [path for path, data in feeds_of(site).items() if len(data) > 1_000_000]
    assert large == ["all.ics", "icms.ics", "icms/sea.ics"]
    assert [str(finding) for finding in site.findings if finding.code == "ICM301"] == [
        f"warning ICM301: {path} has {len(site.files[path]):,} octets, over 1,000,000. "
        "Shorten history, or split the feed with feeds"
        for path in large
    ]


def test_a_feed_that_only_its_reminders_make_too_large_is_a_warning_too() -> None:
    many = [{"id": f"w{i}", "services": ["sea"]} for i in range(1100)]
    site = plan_site(calendar(*many, reminders=["P1D", "PT1H"]), NOW)
    large = [path for path, data in feeds_of(site).items() if len(data) > 1_000_000]
    assert large == ["all-reminders.ics", "icms-reminders.ics", "icms/sea-reminders.ics"]
    assert [finding.message.split()[0] for finding in site.findings if finding.code == "ICM301"] == large


def test_a_site_of_ordinary_size_has_nothing_to_be_said_of(example: MaintenanceCalendar) -> None:
    assert plan_site(example, UNDER_WAY).findings == ()
