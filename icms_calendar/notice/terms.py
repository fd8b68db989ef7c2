"""The terms that the grammar is made of: days, clock times, zones and lengths, each with its place in the text.

How each is written is read in dates.py, times.py and offsets.py; what they are of each other in spans.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the text, from `start` to `end`."""

    start: int
    end: int


def blanked(text: str, terms: Iterable[Term], mark: str) -> str:
    """The text, as long as it was, with a mark in place of each character of terms that stand in order."""
    last, parts = 0, []
    for term in terms:
        parts += [text[last : term.start], mark * (term.end - term.start)]
        last = term.end
    return "".join([*parts, text[last:]])


@dataclass(frozen=True, slots=True)
class Day(Term):
    """A day as it is written: whatever of it is stated.

    `orders` are the readings (year, month, day) of a numeric date that fits both: the day first, and the month first.
    `relative` is `today`, `tomorrow`, `overmorrow`, `yesterday`; or beside a start `after` (the next day), `before`
    or `same` (the same day);
    `which` is what stands before a weekday alone: `this`, `next`, `last`. `part` is `night`, `morning` … where that is
    said of the day.
    """

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    orders: tuple[tuple[int | None, int, int], ...] = ()
    relative: str = ""
    which: str = ""
    part: str = ""

    @property
    def is_date(self) -> bool:
        """Whether it names a day of a month, whatever the year."""
        return bool(self.orders) or (self.day is not None and self.month is not None)


@dataclass(frozen=True, slots=True)
class Clock(Term):
    """A time of day as it is written. `half` is am or pm; `form` tells how certain the hour is without one:

    `24` it can only be the 24-hour clock; `colon` it may be either (`4:00`); `bare` an hour alone (`4 to 6 pm`);
    `noon` and `midnight` are the words; `bad` is no time of day.
    """

    hour: int
    minute: int = 0
    second: int = 0
    half: Literal["", "am", "pm"] = ""
    form: Literal["24", "colon", "bare", "noon", "midnight", "bad"] = "24"


@dataclass(frozen=True, slots=True)
class ZoneWord(Term):
    """A zone as it is written: an offset, or what an abbreviation or a name may stand for (offsets.py)."""

    name: str
    offset: timedelta | None = None  # where the offset itself is stated


@dataclass(frozen=True, slots=True)
class Length(Term):
    """A stated duration. `loose` tells that it is approximate, a limit, or of a part of the window only."""

    length: timedelta
    loose: bool = False
    vague: bool = False  # a few hours


@dataclass(frozen=True, slots=True)
class Other(Term):
    """Words that look like dates or times and are something else: an address, a telephone number, a reference."""

    kind: str
