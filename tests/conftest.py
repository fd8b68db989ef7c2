"""What the tests share: the example, golden files, the command, and programs that may be missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from icms_calendar import MaintenanceCalendar
from tests.servers import Serve, serving

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"

# What is green here is green on another machine. `pytest --hypothesis-profile=explore` looks further each time.
_EXPLORE = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _EXPLORE)
settings.register_profile("suite", _EXPLORE, derandomize=True)
# For a look while one writes: fewer examples, and a failure is shown as it was found.
settings.register_profile("quick", _EXPLORE, derandomize=True, max_examples=10, phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# In CI nothing is skipped, and what is tried again and again is tried more often.
IN_CI = os.environ.get("ICMS_CALENDAR_REQUIRE") == "all"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="session")
def example() -> MaintenanceCalendar:
    return MaintenanceCalendar.load(ROOT / "examples" / "kra-icms")


@pytest.fixture
def golden() -> Callable[[str, bytes], None]:
    """Hold bytes against the golden file of a name; with ICMS_CALENDAR_GOLDEN=write, write it instead."""

    def hold(name: str, made: bytes) -> None:
        path = GOLDEN / name
        if os.environ.get("ICMS_CALENDAR_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
        assert made.decode() == path.read_bytes().decode()

    return hold


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve one answer on 127.0.0.1 to every request, and give the address."""
    with serving() as start:
        yield start


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command as a user does: another process, in an empty folder, its output as bytes."""
    return lambda *arguments, **more: run_command(*arguments, **{"cwd": tmp_path, **more})


def run_command(
    *arguments: object, env: dict[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[bytes]:
    clean = {k: v for k, v in os.environ.items() if k not in ("GITHUB_ACTIONS", "SOURCE_DATE_EPOCH", "COLUMNS")}
    command = [sys.executable, "-m", "icms_calendar", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env={**clean, **(env or {})}, timeout=120, check=False, **more)  # type: ignore[call-overload, no-any-return]


def need(program: str) -> str:
    """The path of a real program; the test is skipped where it is missing, unless nothing may be (in CI)."""
    path = shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent))
    if path is None:
        if IN_CI:
            pytest.fail(f"{program} is not installed, and ICMS_CALENDAR_REQUIRE=all")
        pytest.skip(f"{program} is not installed")
    return path
