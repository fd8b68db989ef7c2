"""Windows that overlap are told once a pair, at their line, and only where something is really maintained twice."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.command.cli import run
from icms_calendar.record.plausibility import overlap_findings
from icms_calendar.record.recurrence import expand
from icms_calendar.site.build import plan_site
from icms_calendar.source.files import check
from tests.strategies import SYSTEMS

NOW = datetime(2025, 7, 1, tzinfo=UTC)


def calendar(*windows: dict[str, Any]) -> MaintenanceCalendar:
    default = {"system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}
    records = [{**default, "id": f"w{i}", **window} for i, window in enumerate(windows)]
    base: dict[str, Any] = {"name": "C", "domain": "c.example.org", "timezone": "UTC", "systems": SYSTEMS}
    return MaintenanceCalendar(**{**base, "windows": records})


def told(*windows: dict[str, Any], now: datetime | None = None) -> list[str]:
    made = calendar(*windows)
    findings = overlap_findings(made, expand(made, NOW + timedelta(days=60)).occurrences, now)
    return [f"{finding.code} {finding.path[1]}" for finding in findings]


LATER = {"start": "2025-07-13 08:00", "end": "2025-07-13 12:00"}
EVENING = {"start": "2025-07-13 20:00", "end": "2025-07-13 21:00"}


@pytest.mark.parametrize(
    ("windows", "codes"),
    [
        ([{}, LATER], ["ICM225 1"]),
        ([LATER, {}], ["ICM225 0"]),  # whichever begins later is told
        ([{}, {"start": "2025-07-13 10:00", "end": "2025-07-13 12:00"}], []),  # they touch
        ([{}, {**LATER, "system": "itax"}], []),
        ([{"services": ["sea"]}, {**LATER, "services": ["house"]}], []),
        ([{"services": ["sea"]}, {**LATER, "services": ["house", "sea"]}], ["ICM225 1"]),
        ([{"services": ["sea"]}, LATER], ["ICM225 1"]),  # all of a system is each of its services
        ([{}, {**LATER, "status": "cancelled"}], []),
        ([{"status": "cancelled"}, LATER], []),
        ([{}, {**LATER, "status": "tentative"}], ["ICM225 1"]),
        ([{}, {**LATER, "replaces": "w0"}], []),
        ([{"replaces": "w1"}, LATER], []),
        ([{}, {**LATER, "replaces": "w0", "status": "cancelled"}], []),
        ([{}, {**LATER, "replaces": "w0", "status": "cancelled"}, LATER], ["ICM225 2"]),
        ([{}, {}], ["ICM226 1"]),
        ([{}, {"duration": "6h", "end": None}], ["ICM226 1"]),
        ([{}, {"status": "cancelled"}], []),
        ([{}, {"replaces": "w0"}], []),
        ([{"title": "Network"}, {"title": "Database"}], ["ICM225 1"]),  # two works at one time
        ([{"impact": "outage"}, {"impact": "degraded"}], ["ICM226 1"]),
        ([{}, {}, {}], ["ICM226 1", "ICM226 2"]),
        (
            [{"end": "2025-07-14 04:00"}, LATER, {"start": "2025-07-13 20:00", "end": "2025-07-13 21:00"}],
            ["ICM225 1", "ICM225 2"],
        ),
    ],
)
def test_what_is_told_of_windows_that_overlap(windows: list[dict[str, Any]], codes: list[str]) -> None:
    assert told(*windows) == codes


def test_windows_that_repeat_are_told_once_a_pair() -> None:
    weekly = {"repeat": {"rule": "FREQ=WEEKLY", "count": 8}}
    assert told(weekly, {**LATER, **weekly}) == ["ICM225 1"]
    assert told(weekly, weekly) == ["ICM226 1"]
    assert told(weekly, {"start": "2025-07-20 05:00", "end": "2025-07-20 06:00"}) == ["ICM225 1"]


def test_what_is_over_is_past_mending() -> None:
    assert told({}, LATER, now=datetime(2025, 7, 13, 11, tzinfo=UTC)) == []
    assert told({}, LATER, now=datetime(2025, 7, 13, 9, tzinfo=UTC)) == ["ICM225 1"]


def test_check_tells_it_at_its_file_and_line_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_text(
        "name: C\ndomain: c.example.org\ntimezone: Africa/Nairobi\nurl: https://c.example.org/\n"
        "windows:\n  - {id: a, system: s, start: 2025-07-13 04:00, end: 2025-07-13 10:00}\n"
    )
    (tmp_path / "more.yaml").write_text(
        "windows:\n"
        "  - {id: b, system: s, start: 2025-07-13 08:00, end: 2025-07-13 12:00}\n"
        "  - {id: c, system: s, start: 2025-07-13 08:00, end: 2025-07-13 12:00}\n"
    )
    checked = check(tmp_path, NOW)
    findings = checked.findings
    assert len(checked.calendar) == 3
    assert [str(finding).removeprefix(f"{tmp_path}/") for finding in findings] == [
        'more.yaml:2:31: warning ICM225: window "b" begins on Sunday 13 July 2025, 08:00 EAT, before window "a" has '
        "ended, and both affect s. If it takes the place of the other, write replaces: a; if they are the same "
        "maintenance, keep one of them",
        'more.yaml:3:31: error ICM226: window "c" repeats window "b": the same systems, services, title, start and '
        "end. Keep one of them",
    ]


def test_a_build_tells_it_too() -> None:
    assert [finding.code for finding in plan_site(calendar({}, LATER), NOW).findings] == ["ICM225", "ICM504"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from(["icms", "itax"])), max_size=12))
def test_a_window_is_told_exactly_if_one_before_it_has_not_ended(drawn: list[tuple[int, int, str]]) -> None:
    hour = timedelta(hours=1)
    windows = [
        {"start": NOW + a * hour, "end": NOW + (a + b) * hour, "system": system, "title": f"{i}"}
        for i, (a, b, system) in enumerate(drawn)
    ]
    made = calendar(*windows)
    every = expand(made).occurrences
    late = {
        one.window.id
        for i, one in enumerate(every)
        if any(other.end > one.start and other.window.system == one.window.system for other in every[:i])
    }
    assert {made.windows[int(f.path[1])].id for f in overlap_findings(made, every)} == late


OVERLAPPING = """name: C
domain: c.example.org
timezone: Africa/Nairobi
windows:
  - {id: z, system: other, start: 2025-07-12 08:00, duration: 1h}
  - {id: a, system: s, start: 2025-07-13 04:00, end: 2025-07-13 10:00}
  - {id: b, system: s, start: 2025-07-13 08:00, end: 2025-07-13 12:00}
  - {id: c, system: t, start: 2025-07-14 08:00, duration: 30h, repeat: {rule: FREQ=DAILY, count: 4}}
"""


@pytest.mark.parametrize("command", ["build {} -o {}/site --first-build", "feed {}", "feed {} --system s --system t"])
def test_every_command_tells_it_at_its_line(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "calendar.yaml"
    source.write_text(OVERLAPPING)
    arguments = [part.replace("{}/site", str(tmp_path / "site")).replace("{}", str(source)) for part in command.split()]
    assert run([*arguments, "--now", "2025-07-11"]) == 0
    told = capsys.readouterr().err.replace(str(tmp_path), "")
    assert '/calendar.yaml:7:31: warning ICM225: window "b"' in told
    assert (
        '/calendar.yaml:8:72: warning ICM122: window "c" is not over on Monday 14 July 2025 when it starts again on '
        "Tuesday 15 July 2025, and 2 times more\n" in told
    )


def test_standard_input_has_lines_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OVERLAPPING.encode())))
    assert run(["feed", "-", "--now", "2025-07-11"]) == 0
    assert "<stdin>:7:31: warning ICM225" in capsys.readouterr().err
