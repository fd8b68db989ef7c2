"""The terms that a notice is made of: days, clock times, zones and lengths, each with its place in the text.

How each is written is read in dates.py, times.py and offsets.py; what they mean together, from groups.py on.
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
    """The text at its full length, with a mark for each character of the terms, which are in order."""
    last, parts = 0, []
    for term in terms:
        parts += [text[last : term.start], mark * (term.end - term.start)]
        last = term.end
    return "".join([*parts, text[last:]])


@dataclass(frozen=True, slots=True)
class Day(Term):
    """A day as it is written: whatever of it is stated.

    `orders` are the readings (year, month, day) of a numeric date that fits both orders: day first, then month first.
    `relative` is `today`, `tomorrow`, `overmorrow` or `yesterday`; or, next to a start, `after`, `before` or `same`.
    `which` is the word before a weekday alone: `this`, `next`, `last`. `part` is `night`, `morning` … if stated.
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
    """A time of day as it is written. `half` is am or pm; without it, `form` shows how certain the hour is:

    `24`: only the 24-hour clock; `colon`: either clock (`4:00`); `bare`: an hour alone (`4 to 6 pm`); `noon` and
    `midnight`: the words; `bad`: not a time of day.
    """

    hour: int
    minute: int = 0
    second: int = 0
    half: Literal["", "am", "pm"] = ""
    form: Literal["24", "colon", "bare", "noon", "midnight", "bad"] = "24"


@dataclass(frozen=True, slots=True)
class ZoneWord(Term):
    """A zone as it is written: an offset, or what an abbreviation or a name may mean (offsets.py)."""

    name: str
    offset: timedelta | None = None  # if the offset itself is stated


@dataclass(frozen=True, slots=True)
class Length(Term):
    """A stated duration. `loose`: approximate, a limit, or of a part of the window only; `vague`: a few hours."""

    length: timedelta
    loose: bool = False
    vague: bool = False
