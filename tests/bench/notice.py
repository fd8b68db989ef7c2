"""Benchmark of the notice reader on long texts: `python tests/bench/notice.py`.

Each text is read at a quarter of its size and at 200 kB; the ratio shows whether the time is linear (about 4).
"""

from __future__ import annotations

import time

from icms_calendar import read_notice

SIZE = 200_000
PIECES = {
    "prose": "The system serves importers and agents in all ports. ",
    "windows": "Maintenance on 13 July 2025 from 04:00 to 10:00 EAT.\n",
    "digits": "1",
    "tags": "<td>4 am</td>",
    "blanks": " ",
    "not English": "matengenezo ya mfumo saa kumi usiku ",
}


def seconds(text: str) -> float:
    began = time.process_time()
    read_notice(text)
    return time.process_time() - began


def main() -> None:
    for name, piece in PIECES.items():
        text = (piece * (SIZE // len(piece) + 1))[:SIZE]
        short, long = seconds(text[: SIZE // 4]), seconds(text)
        print(f"{name:12} {long:.3f} s for {SIZE // 1000} kB, {long / max(short, 1e-6):.1f} times a quarter of it")


if __name__ == "__main__":
    main()
