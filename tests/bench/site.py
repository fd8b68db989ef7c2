"""Times the building of sites: whole processes in turn, medians. Run it with `python tests/bench/site.py`.

    the site of 50 windows in YAML, its ledger read, against the plain icalendar script
    that writes one feed of the same 50 windows               at most 3x     aim 2x
    10,000 unchanged windows built again, against the first   at most 1.5x   aim 1x

It asserts nothing about seconds. The icalendar script is that of feed.py.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import feed  # beside this file: a script's folder is on its path
import yaml


def build(records: Path, folder: Path, now: str, *more: str) -> float:
    command = ["icms_calendar", "build", str(records), "-o", str(folder), "--now", now, *more]
    return feed.run([sys.executable, "-m", *command]).seconds


def small_site(rounds: int, folder: Path) -> tuple[float, float]:
    """Seconds of a site of 50 windows in YAML that goes on from its ledger, and of the icalendar script."""
    records = folder / "fifty.json"
    feed.write_records(records, 50, feed.wall_clock)
    as_yaml = folder / "fifty.yaml"
    as_yaml.write_text(yaml.safe_dump(json.loads(records.read_text(encoding="utf-8"))), encoding="utf-8")
    feed.write_records(folder / "offsets.json", 50, feed.with_offset)
    plain = feed.command("icalendar", {feed.OFFSETS: folder / "offsets.json"}, folder / "plain.ics")
    build(as_yaml, folder / "fifty", feed.NOW, "--first-build")
    feed.run(plain)
    ours, theirs = [], []
    for number in range(rounds):
        ours.append(build(as_yaml, folder / "fifty", f"{feed.NOW}T00:00:{number:02}"))
        theirs.append(feed.run(plain).seconds)
    return statistics.median(ours), statistics.median(theirs)


def rebuild(size: int, rounds: int, folder: Path) -> tuple[float, float]:
    """Seconds of building unchanged windows again, and of building them first."""
    records = folder / "many.json"
    feed.write_records(records, size, feed.with_offset)
    again, first = [], []
    for number in range(rounds):
        shutil.rmtree(folder / "many", ignore_errors=True)
        first.append(build(records, folder / "many", feed.NOW, "--first-build"))
        again.append(build(records, folder / "many", f"{feed.NOW}T00:01:{number:02}"))
    return statistics.median(again), statistics.median(first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=10_000, help="windows that are built again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = [
            ("50 windows in YAML to a site, against icalendar to a feed", small_site(options.rounds, Path(name)), 3, 2),
            (
                f"{options.size:,} unchanged windows again, against first",
                rebuild(options.size, options.rounds, Path(name)),
                1.5,
                1,
            ),
        ]
    for what, (ours, other), at_most, aim in rows:
        ratio = ours / other
        verdict = "aim met" if ratio <= aim else "met" if ratio <= at_most else "MISSED"
        print(f"{what}\n  {ours:.3f} s / {other:.3f} s = {ratio:.2f}x (<= {at_most}, aim {aim}) {verdict}")


if __name__ == "__main__":
    main()
