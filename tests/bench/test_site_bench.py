"""The benchmark of sites runs, and prints a ratio for each of its two questions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="it measures with os.wait4")
def test_the_benchmark_of_sites_prints_both_ratios() -> None:
    command = [sys.executable, str(Path(__file__).with_name("site.py")), "--rounds", "1", "--size", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("x (<=") == 2
