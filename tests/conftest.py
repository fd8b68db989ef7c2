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

# What `pytest -m "not slow"` leaves out: other programs, the benches, the commands of the documentation, builds that
# are killed or raced again and again, and searches through thousands of cases.
SLOW_ROOMS = (
    "tests/real/",
    "tests/bench/",
    "tests/fuzz/",
    "tests/test_docs.py",
    "tests/test_recipes.py",
    "tests/site/test_killed",
    "tests/site/test_rebuild",
)
SLOW_WORDS = ("killed", "many_builds", "full_disk", "hostile", "closed_stream", "every_clock_change")
SLOW = (
    "test_every_file_tells_the_same_windows_instants_and_words",
    "test_occurrences_are_those_of_recurring_ical_events",
    "test_whatever_we_build_has_no_fault",
    "test_the_exit_code_of_status",
    "test_windows_json_is_as_its_schema_says_and_the_schema_names_every_key",
    "test_a_feed_that_is_cut_off_cannot_tell",
    "test_nothing_from_records_or_feeds_commands_a_terminal_or_a_runner",
)

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer generated examples in the half that a developer runs all day."""
    if config.option.markexpr == "not slow" and "HYPOTHESIS_PROFILE" not in os.environ:
        settings.load_profile("quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.nodeid.partition("::")[2]
        if (
            item.nodeid.startswith(SLOW_ROOMS)
            or name.partition("[")[0].startswith(SLOW)
            or any(word in name.partition("[")[0] for word in SLOW_WORDS)
        ):
            item.add_marker("slow")


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
