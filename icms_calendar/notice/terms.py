"""The terms that a notice is made of: days, clock times, zones and lengths, each with its place in the text.

How each is written is read in dates.py, times.py and offsets.py; what they mean together, from points.py on. What looks
like a date or a time and is neither goes first: addresses, telephone numbers, references, versions, amounts.
"""

from __future__ import annotations

import re
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

    `orders` are the readings (year, month, day) of a numeric date that fits both orders: day first, then month first;
    `order` is 0 or 1 for one that fits only the first or the second.
    `relative` is `today`, `tomorrow`, `overmorrow` or `yesterday`; or, next to a start, `after`, `before` or `same`.
    `which` is the word before a weekday alone: `this`, `next`, `last`. `part` is `night`, `morning` … if stated.
    """

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    orders: tuple[tuple[int | None, int, int], ...] = ()
    order: int | None = None
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


_MONTH_OR_TIME = re.compile(
    r"(?:^|[/_-])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?:[/_-]|$)|"
    r"[0-9](?:am|pm|hrs|hours|h)(?![a-z])|\A(?:hrs?|hours?|am|pm|noon|midnight|midday|from|at|on|to|until|till|date|"
    r"time|start|end|begin|between|and|today|tonight|tomorrow)[/_-]"
)
_PATTERNS = (
    # addresses: what has "://", "www." or "@" in it, or is four numbers with dots
    re.compile(r"(?:[a-z][a-z0-9+.]{1,9}://|www\.)[^\s<>\"]{1,500}|[a-z0-9._%+-]{1,64}@[a-z0-9.-]{2,100}"),
    re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![0-9.])"),
    # round the clock: 24/7, 24x7, 24/24
    re.compile(r"(?<![0-9/])24\s?[/x]\s?(?:7(?:\s?/\s?365)?|24)(?![0-9/])"),
    # telephones: behind a word for it; with a country's or a trunk code; 1-800-…; short codes
    re.compile(
        r"(?<![a-z])(?:tel(?:ephone)?|phone|mobile|cell|call(?:\scent(?:re|er)|\sus)?|dial|hot\s?line|help\s?line|"
        r"help\s?desk|toll[ -]free|whatsapp|sms|fax|ussd|contact)(?:\s(?:number|no|on|at|us\son|us\sat|to|us)){0,2}"
        r"\s?[.:#*]{0,2}\s?(?:[+(]{0,2}[0-9][0-9 ()/-]{5,24}[0-9]|[0-9]{3,5}(?!\s?(?:hrs|hours|h|am|pm|-|to\s|until\s)|"
        r"[0-9:.]))"
    ),
    re.compile(r"(?<![0-9a-z])(?:\+|00(?=[1-9]))[1-9][0-9]{0,2}[ ().-]{0,2}(?:[0-9][ ().-]{0,2}){6,11}[0-9](?![0-9:])"),
    re.compile(
        r"(?<![0-9a-z/:.-])(?:\(?0[0-9]{1,4}\)|0[0-9]{2,4})[ -][0-9]{3,4}[ -]?[0-9]{3,4}(?:[ -][0-9]{2,4})?(?![0-9:h])|"
        r"(?<![0-9a-z/:.-])(?:1[ -]?)?(?:\([2-9][0-9]{2}\)\s?|[2-9][0-9]{2}[ -])[0-9]{3,4}[ -][0-9]{3,4}(?![0-9:])|"
        r"(?<![0-9a-z/:.-])0[0-9]{9,10}(?![0-9:])|\*[0-9]{2,4}(?:\*[0-9]{1,4}){0,3}#"
    ),
    # references: digits behind a word for it, a "#", a copyright, a financial year; letters and digits with slashes
    re.compile(
        r"(?<![a-z])(?:ref(?:erence)?|notice\sno|circular|ticket|incident|case|no|number|nr|id|chg|crq|inc|ver(?:sion)?|"
        r"release|v|section|clause|page|form|phase|stage|step|port|floor|room|suite|p\.?\s?o\.?\s?box|patch|build)"
        r"(?![a-z])(?:\s?(?:no|number|nr|id))?\s?[.:#]{0,2}\s?#?(?!\d\d?:\d\d)(?=[a-z/_-]{0,20}[0-9])"
        r"[a-z0-9][a-z0-9/._-]{0,40}(?<![.])(?![a-z0-9])(?!\s?(?:am|pm|a\.m|p\.m|hrs|hours|(?:st|nd|rd|th)"
        r"?\s?(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
    ),
    re.compile(
        r"(?<![a-z0-9/])(?:[a-z]{2,12}(?:[/_-][a-z0-9]{1,12}){0,3}[/_-][0-9]{2,8}(?:[/_-][a-z0-9]{1,10}){0,3}|"
        r"[a-z]{2,6}[0-9]{2}-[0-9]{2,5})(?![a-z0-9/:-])"
    ),
    re.compile(
        r"#\s?[0-9]{1,12}(?![0-9:])|(?:©|\(c\)|\bcopyright)\s?(?:©\s?)?[0-9]{4}(?:\s?[,-]\s?[0-9]{4})?(?![0-9:/-])|"
        r"(?<![0-9a-z])(?:fy|year)\s?[0-9]{4}\s?[/-]\s?[0-9]{2,4}(?![0-9/-])"
    ),
    # amounts: behind a currency, with a comma every three digits, before "%"
    re.compile(
        r"(?<![a-z])(?:kshs?|kes|ush|ugx|tsh|tzs|ngn|ghs|gh|zar|inr|rs|usd|eur|gbp|\$|£|€|₦|₹)\.?\s?[0-9][0-9,]{0,15}"
        r"(?:\.[0-9]{1,2})?(?![0-9])|(?<![0-9a-z:./-])[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?(?![0-9,])|"
        r"(?<![0-9a-z:])[0-9]{1,3}(?:\.[0-9]{1,3})?\s?(?:%|percent|per\scent)"
    ),
)


def without_references(low: str) -> str:
    """The text with every such thing blanked out, unless a day or a time is written like one."""
    for pattern in _PATTERNS:
        found = [
            Term(*match.span())
            for match in pattern.finditer(low)
            if not _MONTH_OR_TIME.search(match[0]) or "@" in match[0] or "//" in match[0]
        ]
        low = blanked(low, found, "\x04")
    return low
