"""Twice the input is at most two and a half times the work, whatever is wrong with it: in steps, not in seconds."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from icms_calendar import CalendarError, MaintenanceCalendar, import_ics
from icms_calendar.command.places import Report
from icms_calendar.command.report import report_in_words
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.feed.publication import encode_feed, publication
from icms_calendar.findings import Finding
from icms_calendar.foreign.lint import lint
from icms_calendar.source.files import check, load

NOW = datetime(2025, 7, 11, 9, 30, tzinfo=UTC)
HEAD: dict[str, Any] = {"name": "N", "domain": "d.example", "timezone": "Africa/Nairobi", "systems": ["s"]}
WINDOW: dict[str, Any] = {"id": "w", "system": "s", "start": "2025-08-01 04:00", "duration": "2h"}
DAY = timedelta(days=1)


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs, and how many functions in C it calls."""
    counted = [0]

    def line(_: FrameType, __: str, ___: object) -> Any:
        counted[0] += 1
        return line

    def call(_: FrameType, event: str, __: object) -> None:
        counted[0] += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(call)
    try:
        work()
    except CalendarError:
        pass
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return counted[0]


def hold(make: Callable[[int], Callable[[], object]], n: int) -> None:
    """Hold the ratio of the work on `2 * n` things to that on `n` below 2.5."""
    steps(make(max(n // 10, 2)))  # what is loaded when it is first needed does not count
    once, twice = steps(make(n)), steps(make(2 * n))
    assert twice / once < 2.5, (once, twice)


def _windows(n: int, more: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    return {**HEAD, "windows": [{**WINDOW, "id": f"w{i}", **more(i)} for i in range(n)]}


def _one(**more: Any) -> dict[str, Any]:
    return {**HEAD, "windows": [{**WINDOW, **more}]}


def _day(i: int) -> str:
    return f"{datetime(2025, 8, 1, tzinfo=UTC) + i * DAY:%Y-%m-%d}"


DAILY = {"rule": "FREQ=DAILY"}
BARREN = "FREQ=DAILY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29"
RECORDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "right windows": lambda n: _windows(n, lambda i: {"start": f"{_day(i)} 04:00"}),
    "windows that all overlap": lambda n: _windows(n, lambda i: {}),
    "unknown keys": lambda n: {**_one(), **{f"k{i}": 1 for i in range(n)}},
    "unknown keys of a window": lambda n: _one(**{f"k{i}": 1 for i in range(n)}),
    "wrong ids": lambda n: _windows(n, lambda i: {"id": f"W {i}"}),
    "equal ids": lambda n: _windows(n, lambda i: {"id": "w"}),
    "unknown replaces": lambda n: _windows(n, lambda i: {"replaces": f"x{i}"}),
    "windows that replace one another": lambda n: _windows(n, lambda i: {"replaces": f"w{i - 1}"} if i else {}),
    "unknown systems": lambda n: _windows(n, lambda i: {"system": f"x{i}"}),
    "services": lambda n: (
        {**_one(services=[f"a{i}" for i in range(n)])}
        | {"systems": [{"id": "s", "name": "S", "services": [f"a{i}" for i in range(n)]}]}
    ),
    "unknown services": lambda n: _one(services=[f"x{i}" for i in range(n)]),
    "windows of unknown services": lambda n: _windows(n, lambda i: {"services": [f"x{i}"]}),
    "undeclared systems": lambda n: _windows(n, lambda i: {"system": f"x{i}"}) | {"systems": None},
    "devices as undeclared systems": lambda n: _windows(n, lambda i: {"system": f"con.{i}"}) | {"systems": None},
    "ids given twice": lambda n: _windows(n, lambda i: {"id": f"w{i % (n // 2)}"}),
    "systems": lambda n: {**HEAD, "systems": [f"s{i}" for i in range(n)], "windows": [{**WINDOW, "system": "s1"}]},
    "equal systems": lambda n: {**_one(), "systems": ["s"] * n},
    "feeds": lambda n: {**_one(), "feeds": [{"id": f"f{i}", "name": "F", "system": "s"} for i in range(n)]},
    "feeds of nothing": lambda n: {**_one(), "feeds": [{"id": f"f{i}", "name": "F", "tag": f"t{i}"} for i in range(n)]},
    "scalars where windows belong": lambda n: {**HEAD, "windows": [1] * n},
    "wrong times": lambda n: _windows(n, lambda i: {"start": "10pm"}),
    "exceptions": lambda n: _one(repeat={**DAILY, "except": [_day(i + 1) for i in range(n)]}),
    "exceptions of a count": lambda n: _one(repeat={**DAILY, "count": 4000, "except": [_day(i + 1) for i in range(n)]}),
    "far exceptions": lambda n: _one(
        repeat={**DAILY, "until": "2026-01-01", "except": [f"{2100 + i}-01-01" for i in range(n)]}
    ),
    "changes": lambda n: _one(repeat={**DAILY, "changes": [{"on": _day(i), "impact": "degraded"} for i in range(n)]}),
    "barren rules": lambda n: _windows(n, lambda i: {"repeat": {"rule": BARREN, "count": 5000}}),
    "rules that begin long ago": lambda n: _windows(
        n, lambda i: {"start": "1971-01-01 04:00", "repeat": {"rule": "FREQ=YEARLY"}}
    ),
    "repeating windows with dated ids": lambda n: _windows(
        n, lambda i: {"id": f"w{i // 2}.20250801"} if i % 2 else {"id": f"w{i // 2}", "repeat": {"rule": "FREQ=YEARLY"}}
    ),
    "renamed": lambda n: {**_one(), "renamed": {f"a{i}": f"a{i + 1}" for i in range(n)}},
    "retired": lambda n: {**_one(), "retired": [f"a{i}" for i in range(n)]},
    "questions": lambda n: _windows(n, lambda i: {"questions": ["When?"]}),
}


def _findings(source: str | Path, data: bytes | None = None) -> tuple[Finding, ...]:
    """What a check finds, whether the source has a calendar or not."""
    try:
        return check(source, NOW, data).findings
    except CalendarError as error:
        return error.findings


@pytest.mark.parametrize("kind", RECORDS)
def test_records_are_checked_in_linear_work(kind: str) -> None:
    def make(n: int) -> Callable[[], object]:
        data = json.dumps(RECORDS[kind](n)).encode()
        return lambda: _findings("records", data)

    hold(make, 20 if kind in ("barren rules", "rules that begin long ago") else 100)


def test_findings_of_one_kind_are_counted_after_the_first_twenty() -> None:
    data = json.dumps({**HEAD, "windows": [1] * 500 + [{**WINDOW, "id": "W"}]}, indent=1).encode()
    *twenty, other = _findings("records", data)
    assert [finding.line for finding in twenty] == list(range(9, 29))
    assert twenty[-1].message.endswith(" (and 480 more like this)")
    assert other.rule.name == "bad-id"
    assert report_in_words(Report("records", "records", findings=(*twenty, other))) == "records: 501 errors"


TEXTS: dict[str, Callable[[int], tuple[str, str]]] = {
    "one key many times, JSON": lambda n: ("json", '{"windows": [{' + ",".join(['"id": "a"'] * n) + "}]}"),
    "one key many times, YAML": lambda n: ("yaml", "windows:\n  - " + "    ".join(["id: a\n"] * n)),
    "scalars where windows belong, YAML": lambda n: ("yaml", "windows:\n" + "  - 1\n" * n),
    "unknown keys, YAML": lambda n: ("yaml", "windows: []\n" + "".join(f"k{i}: 1\n" for i in range(n))),
    "unknown keys, TOML": lambda n: ("toml", "windows = []\n" + "".join(f"k{i} = 1\n" for i in range(n))),
    "merge keys": lambda n: ("yaml", "windows:\n  - &a {id: a}\n" + "".join("  - {<<: *a}\n" for _ in range(n))),
    "columns": lambda n: ("csv", ",".join(["id"] * n) + "\n"),
    "unknown columns": lambda n: ("csv", ",".join(f"k{i}" for i in range(n)) + "\n"),
    "columns without a name": lambda n: ("csv", "id" + "," * n + "\n" + "a" + ",b" * n + "\n"),
    "lines with a cell too few": lambda n: ("csv", "id,system,start\n" + "a,b\n" * n),
    "lines": lambda n: (
        "csv",
        "id,system,start,duration\n" + "".join(f"a{i},s,{_day(i)} 04:00,2h\n" for i in range(n)),
    ),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_files_of_windows_are_read_in_linear_work(kind: str, tmp_path: Path) -> None:
    def make(n: int) -> Callable[[], object]:
        folder = tmp_path / str(n)
        folder.mkdir()
        suffix, text = TEXTS[kind](n)
        (folder / "calendar.json").write_text(json.dumps(HEAD), encoding="utf-8")
        (folder / f"w.{suffix}").write_text(text, encoding="utf-8")
        return lambda: _findings(folder)

    hold(make, 200)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_folders_linked_to_one_another_are_each_read_once(tmp_path: Path) -> None:
    def make(*names: str) -> Callable[[], object]:
        top, levels = tmp_path / "".join(names), 20
        for level in range(levels):
            (top / str(level)).mkdir(parents=True)
            for name in names if level else ():
                (top / str(level - 1) / name).symlink_to(top / str(level))
        (top / "0" / "calendar.json").write_text(json.dumps(HEAD), encoding="utf-8")
        return lambda: _findings(top / "0")

    steps(make("x"))
    once, twice = steps(make("a")), steps(make("b", "c"))
    assert twice / once < 2.5, (once, twice)


def test_a_shorter_horizon_is_published_in_linear_work() -> None:
    def make(n: int) -> Callable[[], object]:
        daily = MaintenanceCalendar(**_one(repeat=DAILY), horizon=f"P{n}D")
        published = publication(daily, Ledger(), NOW)
        feed = encode_feed(published, published.feeds[0])
        shorter = MaintenanceCalendar(**_one(repeat=DAILY), horizon="P30D")
        return lambda: publication(shorter, read_ledger(feed, shorter, "all.ics"), NOW)

    hold(make, 400)


def _ics(inside: str) -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//N//EN\n{inside}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Z{i}\nBEGIN:STANDARD\nDTSTART:16010101T0{hour}0000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n"
    "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)
EVENT = (
    "BEGIN:VEVENT\nUID:{i}@n\nDTSTAMP:20250710T000000Z\nDTSTART{zone}:20250801T010000\nDURATION:PT2H\nSUMMARY:x\n"
    "{more}END:VEVENT\n"
)


def _events(n: int, more: str = "", zone: str = ";TZID=Europe/Berlin") -> str:
    return "".join(EVENT.format(i=i, more=more.format(i=i), zone=zone.format(i=i)) for i in range(n))


FEEDS: dict[str, Callable[[int], str]] = {
    "events": _events,
    "equal VTIMEZONEs": lambda n: "".join(ZONE.format(i=i, hour=3) for i in range(n)) + _events(n, zone=";TZID=Z{i}"),
    "VTIMEZONEs": lambda n: "".join(ZONE.format(i=i, hour=i % 9) for i in range(n)) + _events(n, zone=";TZID=Z{i}"),
    "folds": lambda n: _events(1, more="DESCRIPTION:" + "x\n " * n + "\n"),
    "faults of one kind": lambda n: _events(n, more="X BAD\n"),
    "unknown properties": lambda n: _events(1, more="".join(f"X-P{i}:1\n" for i in range(n))),
    "equal UIDs": lambda n: _events(n).replace("UID:", "UID:same\nX-A:"),
    "exceptions": lambda n: _events(1, more="RRULE:FREQ=DAILY;COUNT=9\n" + "EXDATE:20250802T010000\n" * n),
    "changed days": lambda n: (
        _events(1, more="RRULE:FREQ=DAILY\n")
        + "".join(
            EVENT.format(i=0, zone="", more=f"RECURRENCE-ID:{_day(i).replace('-', '')}T010000\n") for i in range(n)
        )
    ),
    "nested components": lambda n: "BEGIN:X\n" * n + "END:X\n" * n,
    "attendees": lambda n: _events(1, more="ATTENDEE:mailto:a@b.example\n" * n),
}


@pytest.mark.parametrize("kind", FEEDS)
def test_feeds_are_judged_and_imported_in_linear_work(kind: str) -> None:
    def make(n: int) -> Callable[[], object]:
        data = _ics(FEEDS[kind](n))
        return lambda: (lint(data, data), import_ics(data, until=NOW + 60 * DAY, system="s"))

    hold(make, 60)


def test_a_right_calendar_is_loaded_in_linear_work(tmp_path: Path) -> None:
    def make(n: int) -> Callable[[], object]:
        path = tmp_path / f"{n}.json"
        path.write_text(json.dumps(RECORDS["right windows"](n)), encoding="utf-8")
        return lambda: load(path)

    hold(make, 100)
