"""A notice as it came to the text that the grammar reads, each character with its place in the original.

    bytes     UTF-8, with or without a mark; UTF-16 with one. Anything else is a finding.
    markup    tags go, a row is a line, a cell is set off by a bar, entities are read; scripts, styles and comments go.
              Text that is struck out or hidden is odd.
    letters   accents go; full-width and ligature forms become plain. Letters of other scripts are odd.
    digits    ASCII ones only; any other is odd.
    blanks    every kind is a space, two or more are a tab (a column), a line break stays, two are a paragraph.
    marks     every dash is "-", every quotation mark is ' or "; soft hyphens and zero-width characters go.
    controls  any other control character, and those that turn the direction of the text, are odd.

Whatever is odd becomes a question (questions.py). Other modules read what the words mean.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from icms_calendar.findings import Finding, found

MAX_ORIGINAL_CHARACTERS = 4_000_000
MAX_CHARACTERS = 30_000

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_SINGLE_QUOTES, _DOUBLE_QUOTES = (
    "\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4",
    "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb",
)
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff\ufe0e\ufe0f"
_TURNING = "\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PLAIN = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_UNSEEN, ""),
    **dict.fromkeys("\u2028\u2029\x0b\x0c\x85", "\n"),
    "\u2026": "...",
    "\u223c": "~",
    "\u2044": "/",
    "\u2215": "/",
    "\u2236": ":",
    "\u2192": "-",
    "\u2264": "<",
    "\u00d7": "x",
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
_BLOCKS = {"p", "div", "br", "tr", "li", "ul", "ol", "table", "section", "article", "header", "footer", "blockquote"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "dl", "pre", "hr", "body", "html", "title", "caption"}
_STRUCK = {"s", "del", "strike"}
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden|\bhidden\b|line-through", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """The text to read (`plain`), the same in lower case, and the place of each character in the original.

    `odd` holds what a reader cannot see or what was not read, as the kind of its question and the characters.
    """

    plain: str
    low: str
    places: tuple[tuple[int, int], ...]  # (index in plain, index in the original), where the two part
    findings: tuple[Finding, ...] = ()
    odd: tuple[tuple[str, str], ...] = ()

    def place(self, index: int) -> int:
        """The place in the original, from 0, of a character of the text."""
        at = bisect_right(self.places, (index, 1 << 62)) - 1
        begins, original = self.places[at]
        return original + index - begins

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
    if "\0" in text:
        at = data.index(0)
        return "", (found("notice-encoding", byte="0x00", offset=at, encoding=encoding.upper()),)
    return text, ()


def read_text(original: str) -> Text:
    """The text of a notice, plain. See above for what is done."""
    if len(original) > MAX_ORIGINAL_CHARACTERS:
        return _too_long(len(original), MAX_ORIGINAL_CHARACTERS)
    writer = _Writer()
    tagged = _TAG.search(original) is not None
    _copy(_without_markup(original, writer) if tagged else original, writer, tagged=tagged)
    plain, places = writer.text()
    if len(plain) > MAX_CHARACTERS:
        return _too_long(len(plain), MAX_CHARACTERS)
    low = plain.lower() if plain.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    odd = tuple((kind, ", ".join(list(writer.odd[kind])[:5])) for kind in writer.odd)
    return Text(plain, low, places, (), odd)


def _too_long(length: int, limit: int) -> Text:
    return Text("", "", ((0, 0),), (found("notice-too-long", length=length, limit=limit),))


class _Writer:
    """Collects what is read, piece by piece, with the place of each; and what is odd, by kind."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, int]] = []
        self.odd: dict[str, dict[str, None]] = {}

    def write(self, piece: str, at: int) -> None:
        if piece:
            self._pieces.append((piece, at))

    def note(self, kind: str, what: str) -> None:
        self.odd.setdefault(kind, {})[what] = None

    def text(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        """All that was written, its blanks made one; and the places."""
        parts: list[str] = []
        places: list[tuple[int, int]] = [(0, 0)]
        length = 0
        whole, starts = self._whole()
        last = 0
        for match in _BLANKS.finditer(whole):
            length = self._keep(whole, last, match.start(), length, parts, places, starts)
            blank = _blank(match[0])
            parts.append(blank)
            places.append((length, _original(starts, match.start())))
            length += len(blank)
            last = match.end()
        self._keep(whole, last, len(whole), length, parts, places, starts)
        return "".join(parts), tuple(places)

    def _whole(self) -> tuple[str, list[tuple[int, int]]]:
        starts, length = [(0, 0)], 0
        for piece, at in self._pieces:
            starts.append((length, at))
            length += len(piece)
        return "".join(piece for piece, _ in self._pieces), starts

    @staticmethod
    def _keep(
        whole: str,
        start: int,
        end: int,
        length: int,
        parts: list[str],
        places: list[tuple[int, int]],
        starts: list[tuple[int, int]],
    ) -> int:
        """Keep a stretch as it is, with the places at which it parts from the original."""
        if start >= end:
            return length
        first = bisect_right(starts, (start, 1 << 62)) - 1
        last = bisect_right(starts, (end - 1, 1 << 62)) - 1
        places.append((length, starts[first][1] + start - starts[first][0]))
        places += ((length + begins - start, at) for begins, at in starts[first + 1 : last + 1])
        parts.append(whole[start:end])
        return length + end - start


def _original(starts: list[tuple[int, int]], index: int) -> int:
    begins, at = starts[bisect_right(starts, (index, 1 << 62)) - 1]
    return at + index - begins


def _blank(blanks: str) -> str:
    lines = blanks.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    return "\n\n" if lines > 1 else "\n" if lines else "\t"


def _without_markup(original: str, writer: _Writer) -> str:
    """The original with its tags blanked out to as many private-use characters: the first tells what it was."""
    if _DROPPED.search(original):
        original = _DROPPED.sub(lambda match: " " * len(match[0]), original)

    def blanked(match: re.Match[str]) -> str:
        closing, name, attributes = match[1], match[2].lower(), match[3]
        if name in _STRUCK or (attributes and _HIDDEN.search(attributes)):
            writer.note("hidden-text", f"<{match[2]}>")
        sign = (
            "\n"
            if name in _BLOCKS and not (closing and name in ("tr", "li", "dt", "dd"))
            else "|"
            if name in ("td", "th") and not closing
            else ""
        )
        return sign.ljust(len(match[0]), "\ue000")

    return _TAG.sub(blanked, original)


def _copy(text: str, writer: _Writer, *, tagged: bool) -> None:
    """Write the text, each odd character as what it stands for."""
    last = 0
    known: dict[str, str] = {}
    for match in _ODD.finditer(text):
        writer.write(text[last : match.start()], last)
        piece = match[0]
        if piece == "\ue000" and tagged:
            piece = ""
        elif len(piece) > 1:
            piece = "".join(_read(c, writer) for c in html.unescape(piece))
        else:
            if piece not in known:
                known[piece] = _read(piece, writer)
            piece = known[piece]
        writer.write(piece, match.start())
        last = match.end()
    writer.write(text[last:], last)


def _read(character: str, writer: _Writer) -> str:
    """A character as what the grammar reads for it; empty where nothing is to be seen."""
    if character.isascii() and (character.isprintable() or character in "\t\n\r"):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if character in _TURNING or category in ("Cc", "Cs", "Co", "Cn", "Cf"):
        writer.note("hidden-text", f"U+{ord(character):04X}")
        return ""
    if category == "Nd":
        writer.note("foreign-script", character)
        return "?"
    if category[0] == "L":
        return _letter(character, writer)
    if category in ("Mn", "Me") and 0x0334 <= ord(character) <= 0x0338:
        writer.note("hidden-text", f"U+{ord(character):04X}")
    return "" if category[0] == "M" else character


def _letter(character: str, writer: _Writer) -> str:
    """A Latin letter without its accents; one of another script is a finding."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if bare.isascii():
        return bare
    if not unicodedata.name(character, "").startswith(("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO")):
        writer.note("foreign-script", character)
    return character
