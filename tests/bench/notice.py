"""Benchmark of the notice reader on long texts: `python tests/bench/notice.py`.

Each text is read at half its size and at 200 kB; the ratio shows whether the time is linear (about 2).
"""

from __future__ import annotations

import sys
import time
from datetime import date

from icms_calendar import read_notice

SIZE = 200_000
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
REPEATED = {
    "prose": "The system serves importers and agents in all ports. ",
    "digits": "1",
    "to": "to ",
    "(": "(",
    "windows": "Maintenance on 13 July 2025 from 04:00 to 10:00 EAT.\n",
    "tags": "<td>4 am</td>",
    "blanks": " ",
    "not English": "matengenezo ya mfumo saa kumi usiku ",
    "dates": "13 July 2025 ",
    "times": "04:00 ",
    "words": "maintenance not available by on ",
    "zones": "EAT ",
    "lengths": "6 hours ",
    "numbers": "1,",
    "weekdays": "Sunday ",
    "time": "time ",
    "capitals": "maintenance of The ",
    "sentences": "A. ",
    "<": "<",
    "ampersands": "&",
    "accents": "\u00e9",
    "telephones": "0711 099 ",
    "columns": "|",
    "midnight": "midnight ",
}


def texts(size: int) -> dict[str, str]:
    """Every text at a size."""
    days = [f"{i % 28 + 1} {MONTHS[i // 28 % 9]} {2000 + i // 252}" for i in range(9999)]
    different = (f"Maintenance on {day} from 04:00 to 10:00 EAT. " for day in days)
    again = (f"Maintenance on {day} from 04:00 to 10:00 EAT.\nIt begins at 04:00 EAT.\n" for day in days)
    zones = (f"Maintenance on {day} from 4:00 to 10:00 UTC+{i % 14}:{i % 60:02}.\n" for i, day in enumerate(days))
    headed = (f"{day}\n\nWork is from 04:00 to 10:00.\n\n" for day in days)
    windows = {"different windows": different, "said again": again, "several zones": zones, "headed": headed}
    repeated = {name: (piece * (size // len(piece) + 1))[:size] for name, piece in REPEATED.items()}
    return repeated | {name: "".join(pieces)[:size] for name, pieces in windows.items()}


def seconds(text: str) -> float:
    began = time.process_time()
    read_notice(text, published=date(2025, 7, 1))
    return time.process_time() - began


def calls(text: str) -> int:
    """How many functions are called to read a text."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read_notice(text, published=date(2025, 7, 1))
    finally:
        sys.setprofile(None)
    return count


def main() -> None:
    half = texts(SIZE // 2)
    for name, text in texts(SIZE).items():
        short, long = seconds(half[name]), seconds(text)
        print(f"{name:18} {long:.3f} s for {SIZE // 1000} kB, {long / max(short, 1e-6):.1f} times half of it")


if __name__ == "__main__":
    main()
