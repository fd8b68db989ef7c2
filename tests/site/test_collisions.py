"""What would be both a file and a folder of a site, or records inside a site, is found before anything is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from icms_calendar import MaintenanceCalendar
from icms_calendar.command.places import check
from icms_calendar.findings import PublishError, SourceError
from icms_calendar.site.build import build_site, plan_site
from icms_calendar.site.health import check_site
from icms_calendar.site.publish import publish
from icms_calendar.source.files import load
from tests.strategies import NOW

HEAD = "name: N\ndomain: d.example\ntimezone: Africa/Nairobi\n"
WINDOWS = "windows: [{{id: w, system: {id}, start: 2026-12-01 01:00, end: 2026-12-01 02:00}}]\n"


def _top_level_files(example: MaintenanceCalendar) -> list[str]:
    return [path for path in plan_site(example, NOW).files if "/" not in path and path == path.lower()]


def test_a_system_called_like_any_file_of_the_site_is_found_by_check_and_cannot_be_loaded(
    example: MaintenanceCalendar, tmp_path: Path
) -> None:
    names = [name for name in _top_level_files(example) if name[0].isalnum() and not name.endswith(".ics")]
    assert {"status.json", "index.html", "style.css", "windows.csv"} <= set(names)
    for number, name in enumerate(names):
        source = tmp_path / f"{number}.yaml"
        text = f"{HEAD}systems: [{{id: {name}, name: S, services: [a]}}]\n{WINDOWS.format(id=name)}"
        source.write_text(text, encoding="utf-8")
        assert [each.code for each in check(source, now=NOW).findings if each.code == "ICM207"], name
        with pytest.raises(SourceError, match="ICM207"):
            load(source)


def test_an_id_with_a_dot_that_collides_with_nothing_is_fine(tmp_path: Path) -> None:
    text = f"{HEAD}systems: [{{id: v1.2, name: S, services: [a]}}]\n{WINDOWS.format(id='v1.2')}"
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    assert not check(tmp_path / "c.yaml", now=NOW).errors


def test_a_plan_with_a_path_that_is_file_and_folder_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="both a file and a folder"):
        publish({"a.ics": b"", "b": b"", "b/c.ics": b""}, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", [".icms-calendar.lock", "status.json"])
def test_records_in_the_folder_of_a_site_are_not_skipped_in_silence(tmp_path: Path, name: str) -> None:
    (tmp_path / "calendar.yaml").write_text(HEAD + "systems: [s]\n", encoding="utf-8")
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026/w.yaml").write_text(WINDOWS.format(id="s"), encoding="utf-8")
    assert len(load(tmp_path).windows) == 1
    (tmp_path / "2026" / name).write_text('{"generator": "icms-calendar", "files": {"x.ics": {}}}', encoding="utf-8")
    with pytest.raises(SourceError, match=r"ICM030.*w\.yaml"):
        load(tmp_path)


def test_a_site_built_inside_the_source_is_skipped_with_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_text(HEAD + "systems: [s]\n" + WINDOWS.format(id="s"), encoding="utf-8")
    build_site(load(tmp_path), tmp_path / "public", now=NOW)
    assert len(load(tmp_path).windows) == 1


def test_a_site_from_the_future_is_not_fresh(tmp_path: Path, example: MaintenanceCalendar) -> None:
    build_site(example, tmp_path, now=NOW)
    almost = NOW - timedelta(minutes=4)
    assert not check_site(str(tmp_path), almost, timedelta(hours=1))[1]
    findings = check_site(str(tmp_path), NOW - timedelta(minutes=6))[1]
    assert [each.code for each in findings] == ["ICM520"]
