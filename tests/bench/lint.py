"""Benchmark of the linter beside icalendar's parser: `python tests/bench/lint.py`.

Both are given the same feed of N events in the same process, in turn; printed are the medians and their ratio, and
the ratio at a tenth of N, which tells whether the time is linear. The aim is a ratio of at most 1.

    --events N   (default 10000)      --rounds N   (default 3)
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable

import icalendar

from icms_calendar.foreign.lint import lint

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//icms_calendar//benchmark//EN\r\nMETHOD:PUBLISH\r\n"
EVENT = (
    "BEGIN:VEVENT\r\nUID:w{0}@icms.example.org\r\nDTSTAMP:20250709T210000Z\r\nORGANIZER:invalid:nomail\r\n"
    "DTSTART:20250713T010000Z\r\nDTEND:20250713T070000Z\r\nSUMMARY:Window {0}\\, planned\r\nSTATUS:CONFIRMED\r\n"
    "END:VEVENT\r\n"
)


def seconds(work: Callable[[bytes], object], feed: bytes) -> float:
    gc.collect()
    began = time.perf_counter()
    work(feed)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for events in (options.events // 10, options.events):
        feed = (HEAD + "".join(EVENT.format(i) for i in range(events)) + "END:VCALENDAR\r\n").encode()
        verdict = lint(feed)
        assert verdict.events == events
        assert {finding.code for finding in verdict.findings} <= {"ICM301"}
        taken = [
            (seconds(lint, feed), seconds(icalendar.Calendar.from_ical, feed)) for _ in range(max(1, options.rounds))
        ]
        ours, theirs = (statistics.median(column) for column in zip(*taken, strict=True))
        print(
            f"{events:7,} events, {len(feed):10,} octets: lint {ours:.3f} s, icalendar {theirs:.3f} s, "
            f"{ours / theirs:.2f} x (<= 1)"
        )


if __name__ == "__main__":
    main()
