"""Valid records that are probably wrong are reported, with their file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from icms_calendar import CalendarError, MaintenanceCalendar, build_site, check
from icms_calendar.site.build import plan_site
from tests.conftest import Run

NOW = datetime(2026, 3, 14, 20, tzinfo=UTC)  # 23:00 in Nairobi
CALENDAR = """\
name: Harbour
domain: harbour.example.org
timezone: Africa/Nairobi
url: https://harbour.example.org/
systems:
  - {id: berths, name: Berths, services: [booking, pilots]}
  - {id: gates, name: Gates, services: [lanes]}
"""
WINDOW = {"id": "w", "system": "berths", "start": "2026-03-14 22:00", "end": "2026-03-15 04:00"}


def source(folder: Path, window: str, keys: str = "") -> Path:
    (folder / "calendar.yaml").write_text(CALENDAR + keys, encoding="utf-8")
    (folder / "windows.yaml").write_text(f"windows:\n  - {window}\n", encoding="utf-8")
    return folder


def findings(folder: Path, window: str, keys: str = "") -> list[str]:
    report = check(source(folder, window, keys), now=NOW)
    return [str(finding).replace(f"{folder}/", "") for finding in report.findings]


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ("start: 2026-03-23 22:00, end: 2026-03-24 04:00, status: completed", "error ICM033"),
        ("start: 2026-03-14 22:00, end: 2026-03-15 04:00, status: completed", "warning ICM034"),
        ("start: 2026-03-14 22:00, end: 2026-03-14 22:30, status: completed", None),
        ("start: 2026-03-23 22:00, end: 2026-03-24 04:00, status: in-process", "warning ICM034"),
        ("start: 2026-03-14 22:00, end: 2026-03-15 04:00, status: in-process", None),
        ("start: 2026-12-01 22:00, end: 2027-12-02 04:00", "warning ICM129"),
        ("start: 2026-12-01 22:00, duration: P15D", "warning ICM129"),
        ("start: 2026-12-01, duration: P14D, all_day: true", None),
    ],
)
def test_a_status_that_the_clock_contradicts_and_a_window_of_weeks_are_reported(
    window: str, told: str | None, tmp_path: Path
) -> None:
    found = findings(tmp_path, f"{{id: w, system: berths, {window}}}")
    assert [line.partition(":")[0] for line in found] == (["windows.yaml"] if told else [])
    assert told is None or told in found[0]


def test_an_occurrence_has_the_file_and_line_of_its_window(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        "{id: w, system: berths, start: 2026-03-13 22:00, end: 2026-03-14 04:00, status: in-process,\n"
        "     repeat: {rule: FREQ=DAILY, count: 3}}",
    )
    assert [line.partition(" ")[0] for line in found] == ["windows.yaml:3:14:"]
    assert '"w.20260315" is in process' in found[0]


def test_nothing_is_built_with_a_window_that_is_completed_before_its_start(tmp_path: Path) -> None:
    calendar = MaintenanceCalendar.model_validate(
        {"name": "C", "domain": "c.example.org", "timezone": "UTC", "windows": [{**WINDOW, "status": "completed"}]}
    )
    with pytest.raises(CalendarError, match="completed and starts on Saturday 14 March 2026, 22:00 UTC"):
        build_site(calendar, tmp_path / "public", now=NOW)
    assert not (tmp_path / "public").exists()


def test_what_comes_by_time_alone_is_no_error() -> None:
    """An unattended build of unchanged records continues: there is only a warning, and it ends with the start."""
    window = {**WINDOW, "status": "in-process", "start": "2026-03-14 21:00"}
    calendar = MaintenanceCalendar.model_validate(
        {"name": "C", "domain": "c.example.org", "timezone": "UTC", "windows": [window]}
    )
    for hour, told in ((20, ["status-early"]), (21, [])):
        site = plan_site(calendar, NOW.replace(hour=hour))
        assert [finding.rule.name for finding in site.findings] == [*told, "no-url"]


@pytest.mark.parametrize(
    ("feed", "remedy"),
    [
        ("audience: importer", 'no window has the audience "importer". Did you mean "importers"?'),
        ("tag: [Netwrk]", 'no window has the tag "Netwrk". Did you mean "network"?'),
        ("tag: [storage]", None),
        ("tag: [netwrk, network]", None),
        ("system: [gates], service: [berths/booking]", "berths/booking is not a service of gates"),
        ("system: [gates], service: [lanes, booking]", None),
    ],
)
def test_a_feed_that_nothing_can_enter_is_reported(feed: str, remedy: str | None, tmp_path: Path) -> None:
    window = "{id: w, system: berths, start: 2026-04-01 04:00, duration: 2h, audience: [importers], tags: [network]}"
    found = findings(tmp_path, window, f"feeds:\n  - {{id: own, name: Own, {feed}}}\n")
    assert len(found) == (remedy is not None)
    assert remedy is None or (found[0].startswith("calendar.yaml:9:") and remedy in found[0])


@pytest.mark.parametrize(
    ("systems", "told"),
    [(["customs", "custom"], 1), (["customs", "customs"], 0), (["db1", "db2"], 0), (["icms", "itax"], 0)],
)
def test_a_misspelt_system_is_reported_where_none_are_declared(systems: list[str], told: int, tmp_path: Path) -> None:
    lines = [
        f"  - {{id: w{i}, system: {id_}, start: 2026-04-0{i + 1} 04:00, duration: 2h}}\n"
        for i, id_ in enumerate(systems)
    ]
    head = "name: C\ndomain: c.example.org\ntimezone: UTC\nurl: https://c.example.org/\nwindows:\n"
    (tmp_path / "calendar.yaml").write_text(head + "".join(lines), encoding="utf-8")
    found = check(tmp_path, now=NOW).findings
    assert [(finding.rule.name, finding.line) for finding in found] == [("systems-alike", 7)] * told


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("windows.xlsx", "Save it as CSV (UTF-8)"),
        ("windows.tsv", "Save it as CSV (UTF-8)"),
        ("windows.yaml.txt", "Save it as plain text under the name windows.yaml"),
        ("export.ics", "Import it: icms-calendar import export.ics --windows -o export.yaml"),
        ("notes.txt", None),
        ("map.png", None),
        ("_old.xlsx", None),
    ],
)
def test_a_file_that_was_meant_as_records_is_named_with_what_to_do(
    name: str, remedy: str | None, tmp_path: Path, run: Run
) -> None:
    source(tmp_path, "{id: w, system: berths, start: 2026-04-01 04:00, duration: 2h}")
    (tmp_path / name).write_bytes(b"x")
    done = run("build", tmp_path, "-o", tmp_path / "public", "--now", "2026-03-14")
    assert done.returncode == 0
    assert done.stderr.decode().count("ICM031") == (remedy is not None)
    assert remedy is None or f"{name}: warning ICM031: is not read. {remedy}\n" in done.stderr.decode()


def test_a_folder_with_nothing_but_a_spreadsheet_says_so(tmp_path: Path) -> None:
    (tmp_path / "windows.xlsx").write_bytes(b"PK")
    assert [finding.rule.name for finding in check(tmp_path).findings] == ["empty-source", "unread-file"]


@pytest.mark.parametrize(
    ("line", "dropped"),
    [
        ("reason: Ticket #4711 and more", "#4711 and more"),
        ("reference: #4711", "#4711"),
        ("title: Upgrade #2 of iCMS", "#2 of iCMS"),
        ("tags: [a, b]  #both", None),
        ('reason: "Ticket #4711"', None),
        ("reason: Ticket # 4711 is a comment", None),
        ("reason: C#", None),
        ("reason: |\n      Ticket #4711", None),
    ],
)
def test_what_yaml_drops_behind_a_sign_is_reported(line: str, dropped: str | None, tmp_path: Path) -> None:
    window = f"id: w\n    system: berths\n    start: 2026-04-01 04:00\n    duration: 2h\n    {line}"
    found = [
        line for line in findings(tmp_path, window) if "the text is empty" not in line
    ]  # what is left may be empty
    assert len(found) == (dropped is not None)
    assert dropped is None or f'warning ICM032: YAML takes "{dropped}" for a comment' in found[0]
    assert dropped is None or found[0].startswith("windows.yaml:6:")


def test_check_names_the_files_of_other_tools_in_its_summary(tmp_path: Path, run: Run) -> None:
    source(tmp_path, "{id: w, system: berths, start: 2026-04-01 04:00, duration: 2h}")
    (tmp_path / "mkdocs.yml").write_text("site_name: Docs\n", encoding="utf-8")
    (tmp_path / "package.json").write_text('{"scripts": {}}', encoding="utf-8")
    done = run("check", ".", "--now", "2026-03-14")
    assert done.returncode == 0
    assert done.stderr.decode() == ".: 1 window, nothing wrong. Not records, so not read: mkdocs.yml, package.json\n"
