"""Ten thousand unchanged windows built again: nothing is written but status.json."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from icms_calendar import MaintenanceCalendar, build_site
from tests.strategies import NOW


def test_building_ten_thousand_unchanged_windows_again_writes_only_status_json(tmp_path: Path) -> None:
    windows = [
        {"id": f"w{i}", "system": "s", "start": (NOW + timedelta(hours=i - 100)).isoformat(), "duration": "30m"}
        for i in range(10_000)
    ]
    made = MaintenanceCalendar(name="C", domain="c.example.org", timezone="UTC", systems=["s"], windows=windows)
    first = build_site(made, tmp_path / "public", now=NOW, first_build=True)
    assert len(first.written) == 9_900 + 3  # all.ics, s.ics and status.json
    again = build_site(made, tmp_path / "public", now=NOW + timedelta(minutes=1))
    assert again.written == ("status.json",)
    assert not again.removed
