"""Ten thousand unchanged windows built again: nothing is written but the page and status.json."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from icms_calendar import MaintenanceCalendar, PublishError, build_site
from icms_calendar.feed.ledger import LEDGER_PATH
from icms_calendar.site.build import open_ledger, plan_site
from icms_calendar.site.publish import publish
from tests.strategies import NOW


def test_building_ten_thousand_unchanged_windows_again_writes_the_page_and_status_json(tmp_path: Path) -> None:
    windows = [
        {"id": f"w{i}", "system": "s", "start": (NOW + timedelta(hours=i - 100)).isoformat(), "duration": "30m"}
        for i in range(10_000)
    ]
    made = MaintenanceCalendar(name="C", domain="c.example.org", timezone="UTC", systems=["s"], windows=windows)
    first = build_site(made, tmp_path / "public", now=NOW, first_build=True)
    assert len([path for path in first.written if path.startswith("events/")]) == 9_900
    again = build_site(made, tmp_path / "public", now=NOW + timedelta(minutes=1))
    assert again.written == ("index.html", "embed.html", "status.json")
    assert not again.removed


def test_a_build_that_another_one_overtook_writes_nothing(example: MaintenanceCalendar, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    build_site(example, folder, now=NOW, first_build=True)
    slow = open_ledger(example, folder, NOW, None)
    moved = example.replace(example.windows[3].cancel())
    build_site(moved, folder, now=NOW + timedelta(minutes=1))
    before = (folder / "all.ics").read_bytes()
    site = plan_site(example, NOW + timedelta(minutes=2), slow)
    with pytest.raises(PublishError, match="ICM303"):
        publish(site.files, folder, standing=(LEDGER_PATH, slow.standing))
    assert (folder / "all.ics").read_bytes() == before
