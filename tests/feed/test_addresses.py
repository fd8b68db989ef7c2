"""Addresses for life: no feed or page that people subscribed to disappears without a decision."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import LedgerError, MaintenanceCalendar, build_site
from icms_calendar.catalogue import RULES
from icms_calendar.feed.decode import decode_head
from icms_calendar.findings import Finding
from icms_calendar.site.publish import Published
from tests.conftest import Run
from tests.servers import Answer, Serve, answer_with

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
SITE_0_1_0 = Path(__file__).parent / "site-0.1.0"  # all.ics and status.json of `harbour()`, as 0.1.0 built them at NOW
Given = dict[str, Any]


def harbour(**changes: Any) -> Given:
    """Two systems with services, reminders, a second language and a feed of its own."""
    return {
        "name": "Harbour maintenance",
        "domain": "harbour.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://harbour.example.org/m/",
        "languages": ["en", "sw"],
        "reminders": ["P1D"],
        "systems": [
            {"id": "berths", "name": "Berth planning", "services": ["booking", {"id": "pilots", "name": "Pilots"}]},
            {"id": "gates", "name": "Gate system"},
        ],
        "feeds": [{"id": "night", "name": "Nights", "system": ["gates"]}],
        "windows": [
            window("b1", "berths", 14, services=["booking"]),
            window("g1", "gates", 20),
            window("g2", "gates", 28),
        ],
    } | changes


def window(id_: str, system: str, day: int, **more: Any) -> Given:
    start, end = f"2026-03-{day} 22:00", f"2026-03-{day + 1} 04:00"
    return {"id": id_, "system": system, "start": start, "end": end, "announced": "2026-03-01", **more}


def renamed_berths(**more: Any) -> Given:
    """The system `berths` under the id `quays`, and its service `booking` as `slots`."""
    given = harbour(**more)
    services = [{"id": "slots", "name": "booking"}, {"id": "pilots", "name": "Pilots"}]
    given["systems"] = [{"id": "quays", "name": "Berth planning", "services": services}, given["systems"][1]]
    given["windows"] = [window("b1", "quays", 14, services=["slots"]), *given["windows"][1:]]
    return given


def build(folder: Path, given: Given, days: int = 0, **options: Any) -> Published:
    return build_site(MaintenanceCalendar.model_validate(given), folder, now=NOW + timedelta(days=days), **options)


def codes(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    return [finding.rule.name for finding in findings]


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def addresses(folder: Path) -> set[str]:
    status = json.loads((folder / "status.json").read_bytes())
    return {*status["feeds"], *status["pages"]}


DROPS: dict[str, tuple[Given, set[str]]] = {
    "a system renamed": (
        renamed_berths(),
        {f"berths{end}.ics" for end in ("", "-reminders")}
        | {f"berths/{service}{end}.ics" for service in ("booking", "pilots") for end in ("", "-reminders")},
    ),
    "an own feed renamed": (
        harbour(feeds=[{"id": "nights", "name": "Nights", "system": ["gates"]}]),
        {"night.ics", "night-reminders.ics"},
    ),
    "an own feed dropped": (harbour(feeds=[]), {"night.ics", "night-reminders.ics"}),
    "reminders dropped": (
        harbour(reminders=[]),
        {f"{feed}-reminders.ics" for feed in ("all", "berths", "berths/booking", "berths/pilots", "gates", "night")},
    ),
    "a language dropped": (harbour(languages=["en"]), {"sw/index.html"}),
    "a service dropped": (
        harbour(systems=[{"id": "berths", "name": "B", "services": ["booking"]}, {"id": "gates", "name": "G"}]),
        {"berths/pilots.ics", "berths/pilots-reminders.ics"},
    ),
}


@pytest.fixture(params=["in the folder", "at an address"])
def rebuild(request: pytest.FixtureRequest, tmp_path: Path, serve: Serve) -> Callable[..., Published]:
    """Build the site of other records after one of `harbour()`: into its folder, or elsewhere with its address."""
    site = tmp_path / "site"
    build(site, harbour())

    def in_folder(given: Given, **options: Any) -> Published:
        return build(site, given, 1, **options)

    def at_address(given: Given, **options: Any) -> Published:
        return build(tmp_path / "new", given, 1, previous=serve(_files_of(site)), **options)

    chosen = in_folder if request.param == "in the folder" else at_address
    chosen.__dict__["folder"] = site if chosen is in_folder else tmp_path / "new"
    return chosen


def _files_of(site: Path) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        path = site / handler.path.partition("?")[0].lstrip("/")
        answer_with(200, path.read_bytes())(handler) if path.is_file() else answer_with(404)(handler)

    return answer


@pytest.mark.parametrize("kind", DROPS)
def test_an_address_that_would_be_gone_stops_the_build_by_name(rebuild: Callable[..., Published], kind: str) -> None:
    given, expected = DROPS[kind]
    with pytest.raises(LedgerError) as error:
        rebuild(given, allow_vanished=True)
    (finding,) = error.value.findings
    assert finding.rule.name == "feed-gone"
    named = set(finding.message.partition(": ")[2].partition(". Put")[0].split(", "))
    assert expected <= named
    assert all(any(part in path for part in ("berths", "night", "reminders", "sw/")) for path in named)
    assert "renamed: {" in finding.message
    assert "retired: [" in finding.message


@pytest.mark.parametrize("kind", DROPS)
def test_what_is_retired_may_end(rebuild: Callable[..., Published], kind: str) -> None:
    given, expected = DROPS[kind]
    retired = {
        "a system renamed": ["berths"],
        "an own feed renamed": ["night"],
        "an own feed dropped": ["night"],
        "reminders dropped": [path.removesuffix(".ics") for path in sorted(expected)],
        "a language dropped": ["sw"],
        "a service dropped": ["berths/pilots"],
    }[kind]
    rebuild({**given, "retired": retired})
    assert not addresses(rebuild.__dict__["folder"]) & expected


def test_a_renamed_system_serves_its_old_addresses_with_the_contents_of_the_new_ones(
    rebuild: Callable[..., Published],
) -> None:
    old = addresses_of_harbour = set(DROPS["a system renamed"][1])
    rebuild(renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"}))
    folder = rebuild.__dict__["folder"]
    assert addresses_of_harbour <= addresses(folder)
    for path in old:
        new = path.replace("berths", "quays").replace("booking", "slots")
        assert (folder / path).read_bytes() == (folder / new).read_bytes()
    head = (folder / "berths" / "booking.ics").read_bytes().replace(b"\r\n ", b"")
    assert b"SOURCE;VALUE=URI:https://harbour.example.org/m/quays/slots.ics" in head
    assert b"berths" not in (folder / "index.html").read_bytes()


def test_a_rename_changes_no_window(rebuild: Callable[..., Published]) -> None:
    rebuild(renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"}))
    feed = (rebuild.__dict__["folder"] / "all.ics").read_bytes()
    assert feed.count(b"SEQUENCE:0\r\n") == 3
    assert b"LAST-MODIFIED:20260306" not in feed
    assert b"X-ICMS-CALENDAR-AFFECTS:quays/slots" in feed or b":quays/slots\r\n" in feed


def test_single_feed_paths_can_be_renamed(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    others = ["berths", "gates", "night", "berths/booking", "berths/pilots"]
    given = harbour(reminders=[], renamed={"all-reminders": "all"}, retired=[f"{each}-reminders" for each in others])
    build(tmp_path / "site", given, 1)
    assert (tmp_path / "site" / "all-reminders.ics").read_bytes() == (tmp_path / "site" / "all.ics").read_bytes()
    assert not (tmp_path / "site" / "night-reminders.ics").exists()


def test_a_service_can_become_a_feed_of_another_folder(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, harbour())
    given = harbour(renamed={"berths/pilots": "pilots"})
    given["systems"] = [{"id": "berths", "name": "Berth planning", "services": ["booking"]}, given["systems"][1]]
    given["feeds"] = [*given["feeds"], {"id": "pilots", "name": "Pilots", "system": ["berths"]}]
    build(site, given, 1)
    assert (site / "berths" / "pilots.ics").read_bytes() == (site / "pilots.ics").read_bytes()
    assert (site / "berths" / "pilots-reminders.ics").read_bytes() == (site / "pilots-reminders.ics").read_bytes()


def test_chains_resolve_and_a_rename_can_be_renamed_again(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, harbour())
    once = harbour(feeds=[{"id": "nights", "name": "N", "system": ["gates"]}], renamed={"night": "nights"})
    build(site, once, 1)
    twice = harbour(
        feeds=[{"id": "dark", "name": "N", "system": ["gates"]}], renamed={"night": "nights", "nights": "dark"}
    )
    build(site, twice, 2)
    dark = (site / "dark.ics").read_bytes()
    assert (site / "night.ics").read_bytes() == (site / "nights.ics").read_bytes() == dark
    with pytest.raises(LedgerError, match=r"nights\.ics"):
        build(site, {**twice, "renamed": {"night": "dark"}}, 3)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"renamed": {"a": "b", "b": "a"}}, "renamed-to-nothing"),
        ({"renamed": {"a": "a"}}, "renamed-to-nothing"),
        ({"renamed": {"berths": "gates"}}, "old-address-in-use"),
        ({"renamed": {"all-reminders": "all"}}, "old-address-in-use"),
        ({"renamed": {"berths/booking": "berths/pilots"}}, "old-address-in-use"),
        ({"retired": ["gates"]}, "old-address-in-use"),
        ({"retired": ["sw"]}, "old-address-in-use"),
        ({"renamed": {"a": "gate"}}, "renamed-to-nothing"),
        ({"renamed": {"a": "gates/x"}}, "renamed-to-nothing"),
    ],
)
def test_a_circle_a_dead_end_and_a_reused_id_are_errors(keys: Given, rule: str) -> None:
    code = next(each.code for each in RULES.values() if each.name == rule)
    with pytest.raises(ValueError, match=code):
        MaintenanceCalendar.model_validate(harbour(**keys))


def test_a_chain_may_end_in_what_is_retired(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    build(tmp_path / "site", harbour(feeds=[], renamed={"night": "nights"}, retired=["nights"]), 1)
    assert "night.ics" not in paths(tmp_path / "site")


def test_a_system_that_only_the_previous_feed_names_stays_until_its_last_event_leaves_history(tmp_path: Path) -> None:
    given = harbour(systems=None, feeds=[], history="P30D", languages=["en"])
    given["windows"] = [window("b1", "berths", 14), *given["windows"][1:]]
    build(tmp_path / "site", given)
    fewer = {**given, "windows": given["windows"][1:]}
    build(tmp_path / "site", fewer, 1, allow_vanished=True)
    assert b"STATUS:CANCELLED" in (tmp_path / "site" / "berths.ics").read_bytes()
    build(tmp_path / "site", fewer, 39)
    assert "berths.ics" in paths(tmp_path / "site")
    build(tmp_path / "site", fewer, 41)
    assert "berths.ics" not in paths(tmp_path / "site")
    assert "berths-reminders.ics" not in paths(tmp_path / "site")


def test_deleting_the_last_ended_record_of_an_undeclared_system_stops_the_build(tmp_path: Path) -> None:
    given = harbour(systems=None, feeds=[])
    given["windows"] = [window("b1", "berths", 14), window("g1", "gates", 20)]
    build(tmp_path / "site", given)
    with pytest.raises(LedgerError, match=r"berths\.ics"):
        build(tmp_path / "site", {**given, "windows": given["windows"][1:]}, 20)


def test_a_renamed_system_stops_the_build_also_where_something_cancelled_is_left_of_it(tmp_path: Path) -> None:
    windows = [window("b0", "berths", 12), *harbour()["windows"]]
    build(tmp_path, harbour(windows=windows))
    build(tmp_path, harbour(), 1)
    with pytest.raises(LedgerError, match=r"ICM409: .* berths\.ics"):
        build(tmp_path, renamed_berths(), 2)


def test_a_renamed_feed_is_never_older_than_it_was_under_its_old_address(tmp_path: Path) -> None:
    """LAST-MODIFIED stays when the event that had changed last leaves, since programs compare it."""
    build(tmp_path, harbour())
    windows = [window("b1", "berths", 14, services=["pilots"]), *harbour()["windows"][1:]]
    build(tmp_path, harbour(windows=windows), 1)
    build(tmp_path, harbour(windows=windows[1:]), 40)
    before = decode_head((tmp_path / "berths/booking.ics").read_bytes()).last_modified
    renamed = renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"})
    build(tmp_path, {**renamed, "windows": windows[1:]}, 41)
    for path in ("berths/booking.ics", "quays/slots.ics"):
        assert decode_head((tmp_path / path).read_bytes()).last_modified == before is not None


def test_allow_vanished_does_not_cover_addresses(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    before = {path: (tmp_path / "site" / path).read_bytes() for path in paths(tmp_path / "site")}
    with pytest.raises(LedgerError, match="ICM409"):
        build(tmp_path / "site", harbour(feeds=[]), 1, allow_vanished=True, force=True, first_build=True)
    assert before == {path: (tmp_path / "site" / path).read_bytes() for path in paths(tmp_path / "site")}


def test_single_events_come_and_go_freely(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    build(tmp_path / "site", harbour(), 20)
    assert "events/b1.ics" not in paths(tmp_path / "site")


def test_without_status_json_beside_an_address_there_is_a_warning(tmp_path: Path, serve: Serve) -> None:
    build(tmp_path / "site", harbour())
    (tmp_path / "site" / "status.json").unlink()
    published = build(tmp_path / "new", harbour(), 1, previous=serve(_files_of(tmp_path / "site")))
    assert codes(published.findings) == ["addresses-unknown"]


def test_a_page_for_every_address_is_not_taken_for_a_status_json(tmp_path: Path, serve: Serve) -> None:
    feed = MaintenanceCalendar.model_validate(harbour()).to_ical(now=NOW)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        answer_with(200, feed if "all.ics" in handler.path else b"<!doctype html>")(handler)

    published = build(tmp_path / "new", harbour(), 1, previous=serve(answer))
    assert codes(published.findings) == ["addresses-unknown"]


def test_a_status_json_that_cannot_be_reached_stops_the_build(tmp_path: Path, serve: Serve) -> None:
    feed = MaintenanceCalendar.model_validate(harbour()).to_ical(now=NOW)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (answer_with(200, feed) if "all.ics" in handler.path else answer_with(503))(handler)

    with pytest.raises(LedgerError, match="ICM402") as error:
        build(tmp_path / "new", harbour(), 1, previous=serve(answer))
    assert "status.json" in str(error.value)


def test_a_feed_that_is_not_as_it_was_built_is_a_warning(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    path = tmp_path / "site" / "all.ics"
    path.write_bytes(path.read_bytes().replace(b"SUMMARY:G", b"SUMMARY:g"))
    assert codes(build(tmp_path / "site", harbour(), 1).findings) == ["ledger-altered"]
    assert codes(build(tmp_path / "site", harbour(), 2).findings) == []


def test_a_site_of_0_1_0_keeps_its_addresses(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(SITE_0_1_0, site)
    assert "feeds" not in json.loads((site / "status.json").read_bytes())
    with pytest.raises(LedgerError, match=r"berths/booking\.ics"):
        build(tmp_path / "new", renamed_berths(), 1, previous=site / "all.ics")
    build(tmp_path / "new", renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"}), 1,
          previous=site / "all.ics")  # fmt: skip
    feed = (tmp_path / "new" / "berths" / "booking.ics").read_bytes()
    assert b"UID:b1@harbour.example.org" in feed.replace(b"\r\n ", b"")
    assert b"SEQUENCE:1" not in feed


def test_rebuilding_with_old_addresses_writes_nothing(tmp_path: Path) -> None:
    build(tmp_path / "site", harbour())
    given = renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"})
    build(tmp_path / "site", given, 1)
    assert build(tmp_path / "site", given, 1).written == ()


def test_build_and_diff_name_feeds_that_appear_move_and_go(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, harbour())
    given = harbour(feeds=[{"id": "dark", "name": "N", "system": ["gates"]}])
    (tmp_path / "calendar.json").write_text(json.dumps(given), encoding="utf-8")
    diff = ("diff", "calendar.json", "--previous", "site", "--now", "2026-03-06")
    told = run(*diff).stdout.decode()
    assert "New address: dark.ics\n" in told
    assert "Address that would be gone: night.ics\n" in told
    assert (
        "The build would stop: error ICM409: these published addresses would disappear: night-reminders.ics, night.ics"
        in told
    )
    assert "- **New address:** dark.ics\n" in run(*diff, "--format", "markdown").stdout.decode()
    as_json = {change["kind"]: change for change in json.loads(run(*diff, "--format", "json").stdout)}
    assert as_json["address-added"]["address"] == "dark.ics"
    assert as_json["address-gone"]["text"] == "Address that would be gone: night.ics"
    assert as_json["stops-build"]["code"] == "ICM409"
    given["renamed"] = {"night": "dark"}
    (tmp_path / "calendar.json").write_text(json.dumps(given), encoding="utf-8")
    assert "Moved address: night.ics now serves dark.ics\n" in run(*diff).stdout.decode()
    told = run("build", "calendar.json", "-o", "site", "--now", "2026-03-06").stderr.decode()
    assert "Moved address: night.ics now serves dark.ics\n" in told
    assert "gone" not in told
    assert "address" not in run("build", "calendar.json", "-o", "site", "--now", "2026-03-07").stderr.decode()


def test_check_names_what_appears_moves_and_goes_beside_what_was_published(run: Run, tmp_path: Path) -> None:
    build(tmp_path / "public", harbour(languages=["en"], reminders=[]))
    given = renamed_berths(renamed={"berths": "quays", "berths/booking": "quays/slots"}, reminders=[], feeds=[])
    (tmp_path / "calendar.json").write_text(json.dumps(given | {"languages": ["en"]}), encoding="utf-8")
    done = run("check", "calendar.json", "--previous", "public", "--now", "2026-03-06")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert done.stdout.decode().startswith("error ICM409: these published addresses would disappear: night.ics")
    assert "Moved address: berths/booking.ics now serves quays/slots.ics" in lines
    assert "Address that would be gone: night.ics" in lines
    assert lines[-1] == "calendar.json: 1 error"


def test_the_summary_of_a_step_names_addresses(run: Run, tmp_path: Path) -> None:
    build(tmp_path / "public", harbour(reminders=[]))
    given = harbour(reminders=[], feeds=[*harbour()["feeds"], {"id": "agents", "name": "Agents", "impact": "outage"}])
    (tmp_path / "calendar.json").write_text(json.dumps(given), encoding="utf-8")
    summary = tmp_path / "summary.md"
    done = run("build", "calendar.json", "--now", "2026-03-06", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert done.returncode == 0
    assert summary.read_text(encoding="utf-8") == "- **New address:** agents.ics\n"


def test_the_page_of_an_emptied_system_stays_with_its_last_event(tmp_path: Path) -> None:
    everything = harbour(history="P30D", languages=["en"], reminders=[], feeds=[])
    del everything["systems"]
    for each in everything["windows"]:
        each.pop("services", None)
    build(tmp_path, everything)
    left = {**everything, "windows": [each for each in everything["windows"] if each["system"] == "gates"]}
    build(tmp_path, left, 1)
    assert "UID:b1@" in (tmp_path / "berths.ics").read_text(encoding="utf-8")
    assert 'id="b1"' in (tmp_path / "berths/index.html").read_text(encoding="utf-8")
    build(tmp_path, left, 60)
    assert not {"berths.ics", "berths/index.html"} & paths(tmp_path)


def test_build_leaves_out_warnings_that_are_named_and_never_errors(run: Run, tmp_path: Path) -> None:
    windows = [window("b1", "berths", 14), window("b2", "berths", 14, title="Another")]
    (tmp_path / "calendar.json").write_text(json.dumps(harbour(windows=windows)), encoding="utf-8")
    strict = run("build", "calendar.json", "--now", "2026-03-06", "--strict")
    assert (strict.returncode, (tmp_path / "public").exists()) == (1, False)
    done = run("build", "calendar.json", "--now", "2026-03-06", "--strict", "--ignore", "windows-overlap")
    assert done.returncode == 0
    assert b"ICM225" not in done.stderr
    refused = run("build", "calendar.json", "--ignore", "ICM409")
    assert refused.returncode == 2
    assert b"ICM409 is an error, and nothing is built with errors. Correct what it reports" in refused.stderr
