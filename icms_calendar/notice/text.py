"""A notice as it came to the text that the grammar reads, each character with its place in the original.

    bytes     UTF-8, with or without a mark; UTF-16 with one. Anything else is a finding.
    markup    tags go, a row is a line, a cell is set off by a bar, entities are read; scripts, styles and comments go.
              Text that is struck out or hidden is odd.
    letters   accents go; full-width and ligature forms become plain. Letters of other scripts are odd.
    digits    ASCII ones only; any other is odd.
    blanks    every kind is a space, two or more are a tab (a column), a line break stays, two are a paragraph.
    marks     every dash is "-", every quotation mark is ' or "; soft hyphens and zero-width characters go.
    controls  any other control character, and those that turn the direction of the text, are odd.

Whatever is odd becomes a question (reading.py). Other modules read what the words mean.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from icms_calendar.findings import Finding, found

MAX_ORIGINAL_CHARACTERS = 1_000_000
MAX_CHARACTERS = 200_000

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_TURNING = "\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u2192", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff\ufe0e\ufe0f", ""),
    **dict.fromkeys("\u2028\u2029\x0b\x0c\x85", "\n"),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict(zip("\u2026\u223c\u2236\u2264\u00d7", ("...", "~", ":", "<", "x"), strict=True)),
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})\b([^<>]{0,4000})>")
_DROPPED = re.compile(
    r"<(script|style|template|head|noscript)\b[^<>]{0,500}>.*?(?:</\1\s{0,9}>|\Z)|<!--.*?(?:-->|\Z)|<![^>]{0,999}>",
    re.IGNORECASE | re.DOTALL,
)
_ODD = re.compile(
    r"\ue000|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|[^\x20-\x25\x27-\x7e\n&]|&"
)
_BLANKS = re.compile(r"[ \t\r\n]{2,}|[\t\r]")
_BLOCK = re.compile(
    r"p|div|br|tr|li|ul|ol|table|section|article|header|footer|blockquote|h[1-6r]|d[dlt]|pre|body|html|title|caption"
)
_STRUCK = ("s", "del", "strike")
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden|\bhidden\b|line-through", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """The text to read (`plain`), the same in lower case, and the place of each character in the original.

    `odd` holds what a reader cannot see or what was not read, as the kind of its question and the characters.
    """

    plain: str
    low: str
    places: Sequence[int]  # of each character in the original
    findings: tuple[Finding, ...] = ()
    odd: tuple[tuple[str, str], ...] = ()

    def place(self, index: int) -> int:
        """The place in the original, from 0, of a character of the text."""
        return self.places[index] if index < len(self.places) else 0

    def quote(self, start: int, end: int) -> str:
        """The words from `start` to `end`, on one line."""
        return " ".join(self.plain[start:end].split())


def read_bytes(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """The characters of a notice's bytes, or the finding that says why there are none."""
    mark, encoding = next((entry for entry in _MARKS if data.startswith(entry[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        return "", (found("notice-encoding", byte=f"0x{data[at]:02x}", offset=at, encoding=encoding.upper()),)
    if "\0" not in text:
        return text, ()
    return "", (found("notice-encoding", byte="0x00", offset=data.index(0), encoding=encoding.upper()),)


def read_text(original: str) -> Text:
    """The text of a notice, plain. See above for what is done."""
    length, limit = len(original), MAX_ORIGINAL_CHARACTERS
    if length <= limit:
        odd: dict[str, dict[str, None]] = {}
        tagged = _TAG.search(original) is not None
        plain, places = _with_single_blanks(*_copied(_without_markup(original, odd) if tagged else original, odd))
        length, limit = len(plain), MAX_CHARACTERS
    if length > limit:
        return Text("", "", (), (found("notice-too-long", length=length, limit=limit),))
    low = plain.lower() if plain.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    return Text(plain, low, places, (), tuple((kind, ", ".join(list(odd[kind])[:5])) for kind in odd))


def _without_markup(original: str, odd: dict[str, dict[str, None]]) -> str:
    """The original with its tags blanked out; the first character of each is what the tag means."""
    if _DROPPED.search(original):
        original = _DROPPED.sub(lambda match: " " * len(match[0]), original)

    def blanked(match: re.Match[str]) -> str:
        closing, name, attributes = match[1], match[2].lower(), match[3]
        if name in _STRUCK or (attributes and _HIDDEN.search(attributes)):
            odd.setdefault("hidden-text", {})[f"<{match[2]}>"] = None
        line = _BLOCK.fullmatch(name) and not (closing and name in ("tr", "li", "dt", "dd"))
        sign = "\n" if line else "|" if name in ("td", "th") and not closing else ""
        return sign.ljust(len(match[0]), "\ue000")

    return _TAG.sub(blanked, original)


def _copied(text: str, odd: dict[str, dict[str, None]]) -> tuple[str, array[int]]:
    """The text with each odd character as what it means; and the place of each character."""
    pieces, places, last = [], array("l"), 0
    known = {"\ue000": ""}
    for match in _ODD.finditer(text):
        at, written = match.start(), match[0]
        if written not in known:
            known[written] = "".join(_read(character, odd) for character in html.unescape(written))
        pieces += [text[last:at], known[written]]
        places.extend([*range(last, at), *[at] * len(known[written])])
        last = match.end()
    places.extend(range(last, len(text)))
    return "".join([*pieces, text[last:]]), places


def _with_single_blanks(text: str, places: array[int]) -> tuple[str, array[int]]:
    """The text with one blank for several: a paragraph, a line, or a column."""
    pieces, kept, last = [], array("l"), 0
    for match in _BLANKS.finditer(text):
        lines = match[0].replace("\r\n", "\n").replace("\r", "\n").count("\n")
        blank = "\n\n" if lines > 1 else "\n" if lines else "\t"
        pieces += [text[last : match.start()], blank]
        kept += places[last : match.start()] + places[match.start() : match.start() + len(blank)]
        last = match.end()
    return "".join([*pieces, text[last:]]), kept + places[last:]


def _read(character: str, odd: dict[str, dict[str, None]]) -> str:
    """A character as what the grammar reads for it: a letter without its accents; empty if nothing is to be seen."""
    if character.isascii() and (character.isprintable() or character in "\t\n\r"):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    category = unicodedata.category(character)
    if character in _TURNING or category[0] == "C" or (category[0] == "M" and 0x0334 <= ord(character) <= 0x0338):
        odd.setdefault("hidden-text", {})[f"U+{ord(character):04X}"] = None
    if category[0] in "CM":
        return ""
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if category[0] == "L" and bare.isascii():
        return bare
    latin = unicodedata.name(character, "").startswith(("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"))
    if category == "Nd" or (category[0] == "L" and not latin):
        odd.setdefault("foreign-script", {})[character] = None
    return " " if category == "Zs" else "?" if category == "Nd" else character
