"""khal, which people feed by import, again and again: it ends with what the records say."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from icms_calendar import MaintenanceCalendar
from tests.conftest import need
from tests.feed.test_revise import calendar, rebuild

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="khal is for POSIX systems")

CONFIG = """\
[calendars]
[[c]]
path = {home}/calendar
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = c
"""


def _khal(home: Path, *arguments: str) -> str:
    env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "TZ": "UTC"}
    command = [need("khal"), "-c", str(home / "config"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout


def test_khal_fed_by_import_again_and_again_shows_the_current_records(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "config").write_text(CONFIG.format(home=tmp_path), encoding="utf-8")
    steps: list[MaintenanceCalendar] = [
        calendar({"id": "a"}, {"id": "b"}),
        calendar({"id": "a", "start": "2025-07-13 05:00"}, {"id": "b"}, {"id": "c", "title": "New, indeed"}),
        calendar({"id": "a", "start": "2025-07-13 05:00"}, {"id": "b", "status": "cancelled"}),
        calendar({"id": "a", "start": "2025-07-14 05:00", "end": "2025-07-14 06:30"}, {"id": "b"}, {"id": "c"}),
    ]
    site, now = None, datetime(2025, 7, 1, tzinfo=UTC)
    for made in steps:
        site = rebuild(made, site, now)
        (tmp_path / "all.ics").write_bytes(site.files["all.ics"])
        _khal(tmp_path, "import", "--batch", "-a", "c", str(tmp_path / "all.ics"))
        now += timedelta(days=1)
    shown = _khal(tmp_path, "list", "--format", "{uid} {start} {end} {title}", "--day-format", "", "2025-07-10", "9d")
    assert sorted(shown.splitlines()) == [
        "a@c.example.org 2025-07-14 02:00 2025-07-14 03:30 iCMS unavailable: planned maintenance",
        "b@c.example.org 2025-07-13 01:00 2025-07-13 07:00 iCMS unavailable: planned maintenance",
        "c@c.example.org 2025-07-13 01:00 2025-07-13 07:00 iCMS unavailable: planned maintenance",
    ]
