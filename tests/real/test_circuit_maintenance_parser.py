"""circuit-maintenance-parser, which network operators read providers' notifications with: it sees what the records say.

It pins an older icalendar, so it has an environment of its own, in pytest's cache. That is made where nothing may be
missing (ICMS_CALENDAR_REQUIRE=all, as in CI), since it takes half a minute and the network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from icms_calendar import MaintenanceCalendar
from icms_calendar.feed.encode import DEFAULT_ACCOUNT
from icms_calendar.record.select import affected_by
from tests.conftest import IN_CI
from tests.real.records import many_windows_data
from tests.strategies import NOW

VERSION = "2.12.0"
SCRIPT = """\
import sys
from circuit_maintenance_parser import GenericProvider, NotificationData
data = NotificationData.init_from_raw("ical", sys.stdin.buffer.read())
print("[" + ",".join(maintenance.to_json() for maintenance in GenericProvider().get_maintenances(data)) + "]")
"""


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python that has the parser. One test uses it, so that it is made once where tests run side by side."""
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir(f"circuit-maintenance-parser-{VERSION}") if cache else tmp_path_factory.mktemp("parser")
    program = folder / "bin" / "python" if sys.platform != "win32" else folder / "Scripts" / "python.exe"
    if not (folder / "whole").exists():
        if not IN_CI:
            pytest.skip("circuit-maintenance-parser has no environment yet: run once with ICMS_CALENDAR_REQUIRE=all")
        venv.create(folder, with_pip=True)
        install = [program, "-m", "pip", "install", "-q", f"circuit-maintenance-parser=={VERSION}"]
        subprocess.run(install, check=True, timeout=300)
        (folder / "whole").touch()
    return program


def seen(python: Path, feed: bytes) -> list[dict[str, Any]]:
    done = subprocess.run([python, "-c", SCRIPT], input=feed, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def recorded(calendar: MaintenanceCalendar) -> list[dict[str, Any]]:
    """The same by the records."""
    expected = []
    for window in calendar.windows:
        start, end = calendar.spans[window.id]
        expected.append(
            {
                "provider": calendar.domain,
                "account": DEFAULT_ACCOUNT,
                "maintenance_id": window.id,
                "uid": calendar.uids[window.id],
                "start": int(start.timestamp()),
                "end": int(end.timestamp()),
                "status": window.status.upper(),
                "circuits": [
                    {"circuit_id": entry.object_id, "impact": entry.impact.upper()}
                    for entry in affected_by(window, calendar)
                ],
            }
        )
    return sorted(expected, key=lambda one: one["maintenance_id"])


@settings(max_examples=3, phases=[Phase.generate])
@given(data=many_windows_data())
def test_it_sees_the_windows_impacts_and_ids_of_the_example_and_of_any_records(
    python: Path, example: MaintenanceCalendar, data: dict[str, Any]
) -> None:
    hold(python, example)
    hold(python, MaintenanceCalendar.model_validate(data))


def hold(python: Path, calendar: MaintenanceCalendar) -> None:
    expected = recorded(calendar)
    told = sorted(seen(python, calendar.to_ical(now=NOW)), key=lambda one: one["maintenance_id"])
    assert [{key: one[key] for key in expected[0]} for one in told] == expected
