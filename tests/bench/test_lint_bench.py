"""The benchmark of the linter runs, and prints a ratio for each of its two sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_benchmark_of_the_linter_prints_both_ratios() -> None:
    command = [sys.executable, str(Path(__file__).with_name("lint.py")), "--rounds", "1", "--events", "200"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("x (<= 1)") == 2
