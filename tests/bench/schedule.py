"""Times the questions of a schedule, in one process: `python tests/bench/schedule.py`.

Windows of four minutes every five, and every thousandth of 30 days, so that long and short ones are mixed. Each
question is put at instants all over the time that they cover, and beside it a look at every window in turn.

    active and next, against a linear scan of 100,000 windows     at most 1/50   aim 1/200
    making a schedule, per window, of 100,000 against 10,000      linear: 1

It asserts nothing about seconds; that the answers are those of the scan, it does.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from icms_calendar import MaintenanceCalendar, Occurrence, Schedule

FIRST, EVERY = datetime(2020, 1, 1, tzinfo=UTC), timedelta(minutes=5)
LONG, SHORT = timedelta(days=30), timedelta(minutes=4)


def calendar(size: int) -> MaintenanceCalendar:
    windows = [
        {"id": f"w{i}", "system": "s", "start": FIRST + i * EVERY, "duration": SHORT if i % 1000 else LONG}
        for i in range(size)
    ]
    return MaintenanceCalendar(name="Bench", domain="bench.example.org", timezone="UTC", windows=windows)


def scan_active(every: Sequence[Occurrence], at: datetime) -> tuple[Occurrence, ...]:
    return tuple(each for each in every if each.start <= at < each.end)


def scan_next(every: Sequence[Occurrence], after: datetime) -> Occurrence | None:
    return min((each for each in every if each.start > after), key=lambda each: each.start, default=None)


def seconds(question: Callable[[datetime], object], instants: Sequence[datetime]) -> float:
    """The median of one question."""
    told = []
    for instant in instants:
        begin = time.perf_counter()
        question(instant)
        told.append(time.perf_counter() - begin)
    return statistics.median(told)


def making(size: int, rounds: int) -> tuple[float, Schedule]:
    """Seconds of making a schedule and putting the first question to it, at best, and the schedule."""
    made = calendar(size)
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        schedule = made.schedule()
        schedule.active(FIRST)
        best = min(best, time.perf_counter() - begin)
    return best, schedule


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    small, _ = making(max(given.size // 10, 1), given.rounds)
    large, schedule = making(given.size, given.rounds)
    every = schedule.occurrences()
    instants = [FIRST + (given.size * EVERY) * (2 * i + 1) / 200 for i in range(100)]
    for name, question, scan in (("active", schedule.active, scan_active), ("next", schedule.next, scan_next)):
        few = instants[:: max(len(instants) // (2 * given.rounds), 1)]
        if any(question(instant) != scan(every, instant) for instant in few):
            raise SystemExit(f"{name}: the answers differ")
        ours, theirs = seconds(question, instants), seconds(lambda at, scan=scan: scan(every, at), few)  # type: ignore[misc]
        answers = statistics.median(len(schedule.active(instant)) for instant in instants)
        told = f" ({answers:.0f} answers)" if name == "active" else ""
        print(f"{name}: {ours * 1e6:.1f} us{told}, 1/{theirs / ours:,.0f} of a scan (<= 1/50, aim 1/200)")
    print(f"making: {large:.2f} s, per window {large / small / 10:.2f}x of a tenth as many (linear: 1)")


if __name__ == "__main__":
    main()
