"""A notice, as text or bytes, to the text that the grammar reads, each character with its place in the original.

What a reader does not see goes: tags, scripts, comments, accents. Every kind of blank, dash or quotation mark is one.
Whatever is odd, such as hidden text or letters of other scripts, becomes a question (reading.py). The terms that the
grammar reads are days, clock times, zones and lengths (dates.py, times.py), but not telephone numbers and the like.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from icms_calendar.findings import Finding, found

MAX_ORIGINAL_CHARACTERS = 1_000_000
MAX_CHARACTERS = 200_000

_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u2192", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff\ufe0e\ufe0f", ""),
    **dict.fromkeys("\u2028\u2029\x0b\x0c\x85", "\n"),
    **dict(zip("\u2026\u223c\u2236\u2264\u00d7\u2044\u2215", ("...", "~", ":", "<", "x", "/", "/"), strict=True)),
}
_ODD = re.compile(
    r"(?is)(?P<gone><(?P<block>script|style|template|head|noscript)\b[^<>]{0,500}>.*?(?:</(?P=block)\s{0,9}>|\Z)|"
    r"<!--.*?(?:-->|\Z)|<![^>]{0,999}>)|<(?P<close>/?)(?P<tag>[a-z][a-z0-9]{0,15})\b(?P<attributes>[^<>]{0,4000})>|"
    r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});|[^\x20-\x25\x27-\x7e\n&]|&",
)
_BLANKS, _NOT = re.compile(r"[ \t\r\n]{2,}|[\t\r]"), re.compile(r"(?i)(?<=[a-z])n't\b")
_BLOCK = re.compile(
    r"p|div|br|tr|li|ul|ol|table|section|article|header|footer|blockquote|h[1-6r]|d[dlt]|pre|body|html|title|caption"
)
_STRUCK = ("s", "del", "strike")
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden|\bhidden\b|line-through", re.IGNORECASE)
REFERENCES = re.compile(
    # addresses: what has "://", "www." or "@" in it, or is four numbers with dots; round the clock: 24/7, 24x7, 24/24
    r"(?:[a-z][a-z0-9+.]{1,9}://|www\.)[^\s<>\"]{1,500}|[a-z0-9._%+-]{1,64}@[a-z0-9.-]{2,100}|"
    r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![0-9.])|"
    r"(?<![0-9/])24\s?[/x]\s?(?:7(?:\s?/\s?365)?|24)(?![0-9/])|"
    # telephones: behind a word for it, or with a country's code
    r"(?:(?=\(?\+[0-9])|(?<![a-z])(?:tel(?:ephone)?|phone|mobile|cell|call(?:\scent(?:re|er)|\sus)?|dial|hot\s?line|"
    r"help\s?line|help\s?desk|toll[ -]free|whatsapp|sms|fax|ussd|contact)(?:\s(?:number|no|on|at|to|us)){0,3}"
    r"\s?[.:#*]{0,2}\s?(?![0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{2,4}(?![0-9])|[0-9]{4}\s?-\s?[0-9]{4}\s?h))"
    r"(?:[+(]{0,2}[0-9][0-9 ()/-]{5,24}[0-9]|[0-9]{3,5}(?!\s?(?:h(?:(?:ou)?rs)?|am|pm|-|to\s|until\s)|[0-9:.]))|"
    # references: digits behind a word for it
    r"(?<![a-z])(?:ref(?:erence)?|notice\sno|circular|ticket|incident|case|no|number|nr|id|chg|crq|inc|ver(?:sion)?|v|"
    r"copyright|release|section|clause|page|form|phase|stage|step|port|floor|room|suite|p\.?\s?o\.?\s?box|patch|"
    r"build)(?![a-z])(?:\s?(?:no|number|nr|id))?\s?[.:#]{0,2}\s?#?(?!\d\d?[:h]\d\d|\d\d?\s?[ap]m|"
    r"[0-9]{1,4}([-/.])[0-9]{1,2}\2[0-9]{2,4}(?![0-9/]))(?=[a-z/_-]{0,20}[0-9])[a-z0-9][a-z0-9/._-]{0,40}"
    r"(?<![.])(?![a-z0-9])(?!\s?(?:am|pm|a\.m|p\.m|h(?:ou)?rs|(?:st|nd|rd|th)?\s?(?:of\s)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
)


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
    """A day as it is written: whatever of it is stated."""

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    orders: tuple[tuple[int | None, int, int], ...] = ()  # year, month, day: day first, then month first, if both fit
    order: int | None = None  # 0 or 1 for a numeric date that fits only the first or the second
    relative: str = ""  # today, tomorrow, overmorrow or yesterday; next to a start also after, before or same
    which: str = ""  # the word before a weekday alone: this, next or last
    part: str = ""  # night, morning …

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
    """A zone as it is written: an offset, or what an abbreviation or a name may mean (times.py)."""

    name: str
    offset: timedelta | None = None  # if the offset itself is stated
    is_place: bool = False  # a city behind a time, which may be where it happens


@dataclass(frozen=True, slots=True)
class Length(Term):
    """A stated duration. `loose`: approximate, a limit, or of a part of the window only."""

    length: timedelta
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """The text to read (`plain`), the same in lower case, and the place of each character in the original."""

    plain: str
    low: str
    places: Sequence[int]  # of each character in the original
    original: str
    findings: tuple[Finding, ...] = ()
    odd: tuple[tuple[str, str], ...] = ()  # what a reader cannot see: the kind of its question, and the characters

    def place(self, index: int) -> int:
        """The place in the original, from 0, of a character of the text."""
        return self.places[index] if index < len(self.places) else 0

    def quote(self, start: int, end: int) -> str:
        """The words from `start` to `end` on one line, as they were written; without markup and what is hidden."""
        written = self.original[self.place(start) : self.place(end - 1) + 1] if start < end else ""
        exact = " ".join(written.split())
        return exact if exact.isprintable() and not set("<&") & {*exact} else " ".join(self.plain[start:end].split())


def read_text(notice: str | bytes) -> Text:
    """The text of a notice, plain, or the finding that says why it cannot be read. See above for what is done."""
    original, wrong = (notice, None) if isinstance(notice, str) else _decoded(notice)
    odd: dict[tuple[str, str], None] = {}
    length, limit = len(original), MAX_ORIGINAL_CHARACTERS
    if length <= limit:
        plain, places = _rewritten(original, array("l", range(length)), _ODD, lambda match: _meant(match, odd))
        plain, places = _rewritten(plain, places, _BLANKS, _one_blank)
        plain, places = _rewritten(plain, places, _NOT, lambda _: " not")
        length, limit = len(plain), MAX_CHARACTERS
    if length > limit:
        wrong = found("notice-too-long", number=length, what="characters", limit=limit)
    if wrong:
        return Text("", "", (), original, (wrong,))
    low = plain.lower() if plain.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    shown = {kind: [words for other, words in odd if other == kind] for kind, _ in odd}
    return Text(plain, low, places, original, (), tuple((kind, ", ".join(words[:5])) for kind, words in shown.items()))


def _decoded(data: bytes) -> tuple[str, Finding | None]:
    """The characters of UTF-8, with or without a mark, or of UTF-16 with one; else the finding that says why not."""
    try:
        text = data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + len(data) - len(error.object)
        return "", found("not-utf8", reason=f"the byte 0x{data[at]:02x} at {at} cannot be here")
    return ("", found("not-utf8", reason="it has a NUL byte")) if "\0" in text else (text, None)


def _rewritten(
    text: str, places: array[int], pattern: re.Pattern[str], meant: Callable[[re.Match[str]], str]
) -> tuple[str, array[int]]:
    """The text with each match of a pattern as what it means; and the place of each character."""
    pieces, kept, last, known = [], array("l"), 0, dict[str, str]()
    for match in pattern.finditer(text):
        at, written = match.start(), match[0]
        if written not in known:
            known[written] = meant(match)
        pieces += [text[last:at], known[written]]
        kept += places[last:at] + places[at : at + 1] * len(known[written])
        last = match.end()
    return "".join([*pieces, text[last:]]), kept + places[last:]


def _meant(match: re.Match[str], odd: dict[tuple[str, str], None]) -> str:
    """What a reader sees of markup or a character: a line, a cell, a letter or nothing. Text that is hidden is odd."""
    if match["gone"]:
        return " "
    if not match["tag"]:
        read = [_read(character) for character in html.unescape(match[0])]
        odd.update(dict.fromkeys(oddity for _, oddity in read if oddity))
        return "".join(character for character, _ in read)
    name = match["tag"].lower()
    if name in _STRUCK or _HIDDEN.search(match["attributes"]):
        odd["hidden-text", f"<{match['tag']}>"] = None
    if _BLOCK.fullmatch(name) and not (match["close"] and name in ("tr", "li", "dt", "dd")):
        return "\n"
    return "|" if name in ("td", "th") and not match["close"] else ""


def _read(character: str) -> tuple[str, tuple[str, str] | None]:
    """A character as the grammar reads it: a plain form, or nothing. Other scripts and controls are odd."""
    is_plain = character.isascii() and (character.isprintable() or character in "\t\n\r")
    if is_plain or character in _PLAIN:
        return _PLAIN.get(character, character), None
    category = unicodedata.category(character)
    if category[0] in "CM":
        hidden = category[0] == "C" or 0x0334 <= ord(character) <= 0x0338
        return "", ("hidden-text", f"U+{ord(character):04X}") if hidden else None
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if category[0] == "L" and bare.isascii():
        return bare, None
    latin = unicodedata.name(character, "").startswith(("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"))
    foreign = category == "Nd" or (category[0] == "L" and not latin)
    read = " " if category == "Zs" else "?" if category == "Nd" else character
    return read, ("foreign-script", character) if foreign else None


def _one_blank(match: re.Match[str]) -> str:
    """One blank for several: a paragraph, a line, or a column if there are two or more spaces."""
    lines = match[0].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    return "\n\n" if lines > 1 else "\n" if lines else "\t"
