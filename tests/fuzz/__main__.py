"""Run one target for some seconds: `python -m tests.fuzz TARGET --seconds N --seed S`, and print what was tried."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from random import Random

from tests.fuzz.targets import LONGEST, TARGETS, Judged, Target

SLOWEST = 10.0  # seconds of CPU for one input
MOST_KEPT = 4000


class BrokenError(AssertionError):
    """An input for which something does not hold; its message makes it again."""


def fuzz(target: Target, seconds: float, seed: int, most: int | None = None) -> int:
    """Try inputs for some seconds, at most `most`, and give their number.

    Raises BrokenError for the first that breaks a fact.
    """
    ends = time.monotonic() + seconds
    corpus = target.seeds()
    ways: set[Judged] = set()
    number = 0
    for number, data, chance in _inputs(target, corpus, seed):
        began = time.process_time()
        try:
            judged = target.hold(data, chance)
            assert time.process_time() - began < SLOWEST, "it takes too long"
        except Exception as error:
            raise BrokenError(f"input {number} of seed {seed}: {type(error).__name__}: {error}\n{data!r}") from error
        if judged not in ways and len(data) <= LONGEST and len(corpus) < MOST_KEPT:
            ways.add(judged)
            corpus.append(data)
        if number % 1000 == 0:
            gc.collect()
        if number == most or time.monotonic() > ends:
            break
    return number


def _inputs(target: Target, corpus: list[bytes], seed: int) -> Iterator[tuple[int, bytes, Random]]:
    """Every seed as it is, and then changes of what is in the growing corpus."""
    for number, data in enumerate(tuple(corpus), 1):
        yield number, data, Random(f"{seed} {number}")
    while True:
        number += 1
        chance = Random(f"{seed} {number}")
        yield number, target.changed(chance.choice(corpus), chance), chance


def main() -> int:
    """Fuzz by hand; the exit code is 1 if something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="of the clock if it is not given")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else time.time_ns() % 10**9
    print(f"{asked.target}: seed {seed}", flush=True)
    try:
        number = fuzz(TARGETS[asked.target], asked.seconds, seed)
    except BrokenError as broken:
        print(broken)
        cause = broken.__cause__
        while cause is not None:
            at = cause.__traceback__
            while at is not None:
                print(f"  {at.tb_frame.f_code.co_filename}:{at.tb_lineno}")
                at = at.tb_next
            cause = cause.__cause__
        return 1
    print(f"{asked.target}: {number:,} inputs in {asked.seconds:g} seconds, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
