"""Times the import of feeds: whole processes in turn, medians. Run it with `python tests/bench/adopt.py`.

    10,000 events to YAML records, against icalendar's parsing of the same feed       at most 2x     aim 1.3x

One feed is ours, the other the same events as another program writes them: without the X-MAINTNOTE lines, times in a
zone. It asserts nothing about seconds, but checks that every event has become a window.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path

import feed  # beside this file: a script's folder is on its path

AGAINST_PARSING = feed.Target(2, 1.3, "<= 2, aim 1.3")
PARSE = "import sys, icalendar; icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())"
NAIROBI = (
    b"BEGIN:VTIMEZONE\r\nTZID:Africa/Nairobi\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\n"
    b"TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
)


def write_feeds(size: int, folder: Path) -> dict[str, Path]:
    """A feed of ours, and the same events in another program's form."""
    feed.write_records(folder / "records.json", size, feed.with_offset)
    feeds = {"our own form": folder / "ours.ics", "another program's": folder / "theirs.ics"}
    records = {feed.OFFSETS: folder / "records.json"}
    feed.run(feed.command(feed.OFFSETS, records, feeds["our own form"]))
    data = feeds["our own form"].read_bytes()
    for pattern, written in (
        (rb"(?m)^(?:X-MAINTNOTE|X-MICROSOFT)[^\r]*\r\n(?: [^\r]*\r\n)*", b""),
        (rb"(?m)^PRODID[^\r]*", b"PRODID:-//another//EN"),
        (rb"(?m)^(DTSTART|DTEND):(\w+)Z", rb"\1;TZID=Africa/Nairobi:\2"),
        (rb"BEGIN:VEVENT\r\n", NAIROBI),
    ):
        data = re.sub(pattern, written, data, count=1 if written == NAIROBI else 0)
    feeds["another program's"].write_bytes(data)
    return feeds


def measure(path: Path, size: int, rounds: int, folder: Path) -> tuple[float, float]:
    """Seconds of our import, and of icalendar's parsing alone."""
    out = folder / "records.yaml"
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(feed.run([sys.executable, "-m", "icms_calendar", "import", str(path), "-o", str(out)]).seconds)
        theirs.append(feed.run([sys.executable, "-c", PARSE, str(path)]).seconds)
    windows = out.read_text(encoding="utf-8").count("\n  - id: w-")
    if windows != size:
        sys.exit(f"{path.name}: {size} events became {windows} windows")
    return statistics.median(ours), statistics.median(theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="icms-bench-") as folder:
        print(f"{'import of a feed in':<22}{'ours s':>9}{'icalendar s':>13}{'ratio':>8}  target")
        for name, path in write_feeds(given.size, Path(folder)).items():
            ours, theirs = measure(path, given.size, given.rounds, Path(folder))
            ratio = ours / theirs
            print(f"{name:<22}{ours:>9.3f}{theirs:>13.3f}{ratio:>8.2f}  {AGAINST_PARSING.beside(ratio)}", flush=True)


if __name__ == "__main__":
    main()
