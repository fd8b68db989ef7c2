"""The example that gathers feeds: what publishers announce becomes one calendar, and a silent one cancels nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from icms_calendar import MaintenanceCalendar
from tests.conftest import ROOT

FEED = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Net//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:{}\r\n"
    "DTSTAMP:20260101T000000Z\r\nSEQUENCE:2\r\nDTSTART:20260314T190000Z\r\nDTEND:20260314T230000Z\r\nSUMMARY:Works\r\n"
    "STATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_feeds_of_several_publishers_become_one_calendar_and_a_silent_one_keeps_its_windows(tmp_path: Path) -> None:
    folder = tmp_path / "gather"
    shutil.copytree(ROOT / "examples" / "gather", folder)
    command = tmp_path / "icms-calendar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    for name in ("uplink", "port"):
        (tmp_path / f"{name}.ics").write_text(FEED.format(f"works-1@{name}.example"), encoding="utf-8", newline="")
    places = "".join(f"{name} {tmp_path / name}.ics\n" for name in ("uplink", "port"))
    (folder / "publishers.txt").write_text(places, encoding="utf-8")
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}

    told: list[str] = []

    def gather() -> int:
        done = subprocess.run([folder / "gather.sh"], env=env, capture_output=True, check=False, timeout=120)
        told.append(done.stderr.decode())
        return done.returncode

    assert gather() == 0, told[-1]
    first = MaintenanceCalendar.load(folder)
    feed = first.to_ical(now=datetime(2026, 2, 1, tzinfo=UTC)).decode()
    assert [window.system for window in first.windows] == ["port", "uplink"]
    assert feed.count("SEQUENCE:2\r\n") == 2
    assert [window.id for window in first.windows] == ["port-works-1", "uplink-works-1"]
    assert "UID:works-1@port.example\r\n" in feed
    assert "UID:works-1@uplink.example\r\n" in feed
    (tmp_path / "port.ics").unlink()
    assert gather() == 1
    assert MaintenanceCalendar.load(folder) == first


def test_the_workflow_gathers_daily_and_reports_a_failure() -> None:
    workflow = yaml.safe_load((ROOT / "examples" / "hosting" / "gather.yml").read_text(encoding="utf-8"))
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    assert workflow["permissions"] == {"contents": "write"}
