"""The benchmark of schedules runs, finds the answers of a scan, and prints its three ratios."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_benchmark_of_schedules_prints_its_ratios() -> None:
    command = [sys.executable, str(Path(__file__).with_name("schedule.py")), "--rounds", "1", "--size", "2000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["active", "next", "making"]
