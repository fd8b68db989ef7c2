"""What subscribers would see change: from any previous site or feed, to records or a later feed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import CalendarError, LedgerError, MaintenanceCalendar, SourceError, build_site, diff
from tests.conftest import Run
from tests.servers import Answer, Serve, answer_with

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT = ("--now", "2026-03-01")


def calendar(*days: int, hour: int = 4, **keys: Any) -> MaintenanceCalendar:
    windows = [
        {"id": f"w{day}", "system": "port", "start": f"2026-03-{day:02} {hour:02}:00", "duration": "2h"} for day in days
    ]
    given = {"name": "N", "domain": "n.example", "timezone": "Africa/Nairobi", "windows": windows, **keys}
    return MaintenanceCalendar(**given)


def _kinds(changes: Any) -> list[tuple[str, str]]:
    return [(change.kind, change.window_id) for change in changes.windows]


def test_a_site_is_compared_by_its_folder_its_feed_or_its_bytes(tmp_path: Path) -> None:
    build_site(calendar(10, 11), tmp_path / "site", now=NOW)
    later = calendar(10, 11, 12, hour=5)
    expected = [("moved", "w10"), ("moved", "w11"), ("added", "w12")]
    places = (tmp_path / "site", tmp_path / "site" / "all.ics", (tmp_path / "site" / "all.ics").read_bytes())
    for previous in places:
        assert _kinds(diff(later, previous, now=NOW)) == expected


def test_a_site_is_compared_by_its_address(tmp_path: Path, serve: Serve) -> None:
    build_site(calendar(10), tmp_path / "site", now=NOW)
    address = serve(_files_of(tmp_path / "site")).removesuffix("all.ics")
    for previous in (address, address.rstrip("/"), f"{address}all.ics"):
        changes = diff(calendar(10, 11), previous, now=NOW)
        assert _kinds(changes) == [("added", "w11")]
        assert changes.findings == ()


def _files_of(site: Path) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        file = site / handler.path.partition("?")[0].lstrip("/")
        answer_with(200, file.read_bytes())(handler)

    return answer


def test_a_diff_says_that_the_build_would_stop_and_why(tmp_path: Path) -> None:
    build_site(calendar(10, 11, 12), tmp_path, now=NOW)
    changes = diff(calendar(10), tmp_path, now=NOW)
    assert _kinds(changes) == [("cancelled", "w11"), ("cancelled", "w12")]
    assert [finding.rule.name for finding in changes.stops] == ["windows-vanished"]
    with pytest.raises(CalendarError, match="ICM407"):
        build_site(calendar(10), tmp_path, now=NOW)
    open_question = calendar(
        10, 11, 12, windows=[{**_window(10), "questions": ["Which day?"]}, _window(11), _window(12)]
    )
    assert [finding.rule.name for finding in diff(open_question, tmp_path, now=NOW).stops] == ["open-question"]
    assert diff(calendar(10, 11, 12), tmp_path, now=NOW).stops == ()


def _window(day: int) -> dict[str, Any]:
    return {"id": f"w{day}", "system": "port", "start": f"2026-03-{day:02} 04:00", "duration": "2h"}


def test_pages_that_appear_are_named(tmp_path: Path) -> None:
    build_site(calendar(10), tmp_path, now=NOW)
    addresses = diff(calendar(10, languages=["en", "sw"]), tmp_path, now=NOW).addresses
    assert addresses.added == ("sw/embed.html", "sw/index.html")


def test_two_feeds_are_compared() -> None:
    old, new = (calendar(10, 11, 12), calendar(11, 12, 13, hour=5))
    before, after = old.to_ical(now=NOW), new.to_ical(now=NOW)
    assert _kinds(diff(after, before, now=NOW)) == [
        ("vanished", "w10"),
        ("moved", "w11"),
        ("moved", "w12"),
        ("added", "w13"),
    ]
    assert ("ended", "w10") in _kinds(diff(after, before, now=NOW + timedelta(days=30)))
    assert diff(before, old.to_ical(now=NOW + timedelta(days=1)), now=NOW).windows == ()


def test_a_feed_of_another_program_is_not_compared() -> None:
    feed = calendar(10).to_ical()
    other = feed.replace(b"PRODID:", b"PRODID:x")
    with pytest.raises(SourceError, match=r"the new feed: error ICM001: .*PRODID is not ours"):
        diff(other, feed, now=NOW)
    with pytest.raises(LedgerError, match="ICM403"):
        diff(calendar(10), other, now=NOW)


def test_a_diff_continues_from_what_a_build_would_take(run: Run, tmp_path: Path) -> None:
    calendar(10).write(tmp_path / "records.yaml")
    assert run("diff", "records.yaml", *AT).stdout.startswith(b"New: port unavailable")
    run("build", "records.yaml", *AT)
    assert run("diff", "records.yaml", *AT).stdout == b"Nothing has changed.\n"
    (tmp_path / "public" / "all.ics").unlink()
    lost = run("diff", "records.yaml", *AT)
    assert (lost.returncode, lost.stderr) == (1, run("build", "records.yaml", *AT).stderr)
    assert run("diff", "records.yaml", "--previous", "elsewhere", *AT).returncode == 1


def test_feeds_and_sites_are_compared_on_the_command_line(run: Run, tmp_path: Path) -> None:
    for name, hour in (("old", 4), ("new", 5)):
        build_site(calendar(10, hour=hour), tmp_path / name, now=NOW)
    for source in ("new", "new/all.ics"):
        for previous in ("old", "old/all.ics"):
            told = json.loads(run("diff", source, "--previous", previous, *AT, "--format", "json").stdout)
            assert [(change["kind"], change["id"]) for change in told] == [("moved", "w10")]
            assert told[0]["text"].startswith("Moved: port unavailable")


def test_a_stop_names_the_file_and_line(run: Run, tmp_path: Path) -> None:
    open_question = calendar(windows=[{**_window(10), "questions": ["Which day?"]}])
    open_question.write(tmp_path / "records.yaml")
    told = run("diff", "records.yaml", *AT)
    assert re.search(rb"The build would stop: records.yaml:[0-9]+:[0-9]+: error ICM227", told.stdout)
    assert told.returncode == 0
