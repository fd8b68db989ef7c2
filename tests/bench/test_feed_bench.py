"""That the benchmark runs, checks its feeds and prints its table; never how long anything took."""

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).with_name("feed.py")


def test_the_benchmark_prints_a_row_for_every_program() -> None:
    arguments = [sys.executable, str(BENCHMARK), "--quick", "--sizes", "50", "--rounds", "1"]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", timeout=300, check=False)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.startswith("50 windows, ") for line in lines)
    for program in ("ours, offsets ", "ours, wall-clock ", "icalendar ", "ics ", "ical "):
        assert len([line for line in lines if line.startswith(program)]) == 1, program
    assert max(map(len, lines)) <= 80
