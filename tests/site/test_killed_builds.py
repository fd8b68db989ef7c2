"""Many builds with changes between them, each killed at a random moment: what was published never goes back."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from icms_calendar.feed.decode import PublishedEvent, decode_feed
from tests.conftest import IN_CI

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")

BUILDS = 100 if IN_CI else 40


def _records(rng: random.Random, records: dict[str, dict[str, Any]], number: int) -> None:
    """One edit of the kinds that publishers make."""
    some = rng.choice(sorted(records))
    edit = rng.randrange(5)
    if edit == 0:
        records[f"w{number}"] = {**records[some], "id": f"w{number}", "title": f"Window {number}"}
    elif edit == 1:
        records[some] = {**records[some], "start": f"2030-01-{rng.randrange(1, 29):02} 0{rng.randrange(10)}:00"}
    elif edit == 2:
        records[some] = {**records[some], "status": rng.choice(["confirmed", "cancelled", "tentative"])}
    elif edit == 3:
        records[some] = {**records[some], "description": f"Edit {number}"}
    elif len(records) > 30:
        del records[some]


def _published(folder: Path) -> dict[tuple[str, str], PublishedEvent]:
    """The events of every feed in a folder, all of which must be whole."""
    events: dict[tuple[str, str], PublishedEvent] = {}
    for path in folder.rglob("*.ics"):
        if not path.name.startswith("."):
            feed = path.read_bytes()
            assert feed.startswith(b"BEGIN:VCALENDAR\r\n"), path
            assert feed.endswith(b"END:VCALENDAR\r\n"), path
            events |= {(str(path), event.uid): event for event in decode_feed(feed)}
    return events


def test_after_many_builds_killed_at_random_nothing_has_gone_back(tmp_path: Path) -> None:
    rng = random.Random(20250713)
    records = {
        f"w{i}": {"id": f"w{i}", "system": "s", "start": "2030-01-01 04:00", "duration": "6h", "title": f"Window {i}"}
        for i in range(40)
    }
    source, folder = tmp_path / "calendar.json", tmp_path / "public"
    base = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "systems": ["s"]}
    highest: dict[tuple[str, str], tuple[int, datetime]] = {}
    killed, length = 0, 0.5
    for number in range(BUILDS):
        _records(rng, records, number + 100)
        source.write_text(json.dumps({**base, "windows": list(records.values())}), encoding="utf-8")
        command = [sys.executable, "-m", "icms_calendar", "build", str(source), "-o", str(folder), "--allow-vanished"]
        begun = time.monotonic()
        build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, said = build.communicate(timeout=rng.uniform(0.3, 1.1) * length)
            assert build.returncode == 0, said.decode()
            length = time.monotonic() - begun
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            build.communicate()
            killed += 1
        for place, event in _published(folder).items():
            revision = (event.revision.sequence, event.revision.last_modified)
            assert revision >= highest.get(place, revision), (place, number)
            highest[place] = revision
    assert killed > BUILDS // 4
    last = [sys.executable, "-m", "icms_calendar", "build", str(source), "-o", str(folder), "--allow-vanished"]
    assert subprocess.run(last, capture_output=True, check=False).returncode == 0
    assert {path.name for path in folder.rglob("*") if path.name.startswith(".")} == {
        ".gitattributes",
        ".htaccess",
        ".nojekyll",
    }
    shown = {uid: event for (path, uid), event in _published(folder).items() if path.endswith("all.ics")}
    for id_, record in records.items():
        assert shown[f"{id_}@c.example.org"].status == record.get("status", "confirmed")
    vanished = shown.keys() - {f"{id_}@c.example.org" for id_ in records}
    assert all(shown[uid].status == "cancelled" for uid in vanished)
