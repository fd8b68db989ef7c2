"""That the benchmark of importing runs and checks its windows; never how long anything took."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="it measures with os.wait4")
def test_the_benchmark_prints_a_row_for_each_form() -> None:
    arguments = [sys.executable, str(Path(__file__).with_name("adopt.py")), "--rounds", "1", "--size", "50"]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3
