"""The mistake that broke a YAML file: its line, and what to write. formats.py reads the files that are right.

A parser stops where it cannot continue, often lines behind the mistake, and names it in its own terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Stop(NamedTuple):
    """Where a parser stopped and why, with the place that it names beside; places from 0."""

    lines: list[str]
    line: int
    column: int
    problem: str
    context: str = ""
    begin: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The line it stopped in; empty behind the last."""
        return self.lines[self.line] if self.line < len(self.lines) else ""

    def above(self) -> int:
        """The number of the last line above it that says something."""
        return next((i for i in range(self.line - 1, -1, -1) if self.lines[i].strip()), 0)


class Mistake(NamedTuple):
    """A mistake: its line and column from 0, what was done, and what to write."""

    line: int
    column: int
    words: str


def excerpt(lines: list[str], line: int, column: int) -> str:
    """A line with a caret below its column, fit for a terminal; of a long one, the part around it."""
    if line >= len(lines):
        return ""
    begin = max(0, column - _WIDEST // 2)
    part = lines[line][begin : begin + _WIDEST]
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "?" for c in part)
    return f"{shown}\n{' ' * (column - begin)}^"


_WIDEST = 100
_KEY = re.compile(r"(\s*(?:- +)*)([A-Za-z_][\w-]*):(\s+|$)(.*)")
_GLUED_KEY = re.compile(r"(\s*(?:- +)*)([A-Za-z_][\w-]*):([^\s:/].*)")
_SPECIAL = "@`%*&!|>[{?,"
_AT_A_SPECIAL = re.compile(
    "cannot start any token|alphabetic or numeric|block scalar|node content|line break|directive|mapping keys"
)
_SHOWN = 60


def mistake_in(stop: Stop) -> Mistake | None:
    """The first mistake that explains why a parser stopped; None if none is known."""
    return next((found for look in _LOOKS if (found := look(stop))), None)


def _tab(stop: Stop) -> Mistake | None:
    for i in (stop.line, stop.above()):
        text = stop.lines[i] if i < len(stop.lines) else ""
        at = text.find("\t")
        if 0 <= at <= len(text) - len(text.lstrip()) and text.strip():
            return Mistake(i, at, "a tab indents this line. Use spaces")
    if stop.text[stop.column : stop.column + 1] == "\t":
        return Mistake(stop.line, stop.column, "a tab is here. Use spaces")
    return None


def _conflict(stop: Stop) -> Mistake | None:
    for i, text in enumerate(stop.lines[: stop.line + 1]):
        if re.match(r"<{7} |={7}$|>{7} ", text):
            return Mistake(
                i, 0, "git left two versions here. Keep one, and delete the lines <<<<<<<, ======= and >>>>>>>"
            )
    return None


def _unclosed_quote(stop: Stop) -> Mistake | None:
    if stop.begin and "quoted scalar" in stop.context and "end of stream" in stop.problem:
        return _unclosed(stop, *stop.begin)
    for i in range(stop.line - 1, max(stop.line - 40, -1), -1):
        opening = re.match(r"\s*(?:- +)*(?:[\w-]+: +)?([\"'])", stop.lines[i])
        if opening and stop.lines[i].count(opening[1]) == 1 and opening[1] in stop.text:
            return _unclosed(stop, i, opening.start(1))
    return None


def _unclosed(stop: Stop, line: int, column: int) -> Mistake:
    value = stop.lines[line][column:].rstrip()
    return Mistake(line, column, f"the quote that opens here is not closed. Close it: {_cut(value)}{value[0]}")


def _quote_inside(stop: Stop) -> Mistake | None:
    """Text behind a quote that closes: `'It's on'`, `"He said "no" today"`, `"Upgrade" of x`."""
    value = re.match(r"(?:.*?[:,\[{-] +|\s*)([\"'])", stop.text[: stop.column + 1])
    if not value or stop.column <= value.start(1) or not stop.text[stop.column : stop.column + 1].strip():
        return None
    quote, text = value[1], stop.text[value.start(1) :].rstrip()
    if stop.text[: stop.column].rstrip()[-1:] != quote or stop.text[stop.column] in ",]}#":
        return None
    in_word = stop.text[stop.column - 1] == quote  # the apostrophe of Don't; the quote of "Upgrade" of x goes
    inner = text[1:-1] if text[-1] == quote and len(text) > 1 else text[1:].replace(quote, "", 0 if in_word else 1)
    words = f"an apostrophe ends this text. Write two in its place, or put the text in double quotes: {_quoted(inner)}"
    if quote == '"':
        single = _cut(inner).replace("'", "''")
        words = f"a quote ends this text. Put the whole text in single quotes: '{single}'"
    return Mistake(stop.line, stop.text.rfind(quote, 0, stop.column), words)


def _glued_key(stop: Stop) -> Mistake | None:
    """`system:customs`: without a space it is a text, and the next line does not fit."""
    if "':'" not in stop.problem and "mapping values" not in stop.problem:
        return None
    lines = (stop.line, stop.above()) if "mapping values" in stop.problem else (stop.above(),)
    for i in lines:
        glued = _GLUED_KEY.match(stop.lines[i]) if i < len(stop.lines) else None
        if glued and not _KEY.match(stop.lines[i]):
            column = len(glued[1]) + len(glued[2])
            return Mistake(i, column, f"the space behind the colon is missing. Write {glued[2]}: {_cut(glued[3])}")
    return None


def _special_start(stop: Stop) -> Mistake | None:
    """A text that begins with a character that means something in YAML."""
    if not _AT_A_SPECIAL.search(f"{stop.problem} {stop.context}"):
        return None
    line, column = stop.begin or (stop.line, stop.column)
    text = stop.lines[line] if line < len(stop.lines) else ""
    if text[column : column + 1] == "*" and not text[:column].strip():
        return Mistake(line, column, "a list has a dash before each item: - id: …")
    value = text[column:].strip()
    if value and value[0] in _SPECIAL:
        return Mistake(line, column, f"a text cannot begin with {value[:1]}. Put it in quotes: {_quoted(value)}")
    return None


def _bracket_start(stop: Stop) -> Mistake | None:
    """`title: [iCMS] upgrade`: a list, and then something."""
    key = _KEY.match(stop.text)
    if key and key[4][:1] in ("[", "{") and stop.column > key.start(4) and "expected key" in stop.problem:
        words = f"a text cannot begin with {key[4][0]}. Put it in quotes: {_quoted(key[4])}"
        return Mistake(stop.line, key.start(4), words)
    return None


def _escape(stop: Stop) -> Mistake | None:
    if "unknown escape" not in stop.problem or not stop.begin:
        return None
    value = stop.lines[stop.begin[0]][stop.begin[1] :].strip().strip('"')
    words = f"in double quotes, \\ is written twice. Or use single quotes: '{_cut(value)}'"
    return Mistake(stop.line, stop.column - 1, words)


def _flow(stop: Stop) -> Mistake | None:
    """Within `{…}` or `[…]`."""
    if "flow" not in stop.context or not stop.begin:
        return None
    line, column = stop.begin
    text = stop.lines[line]
    opened = text[column : column + 1]
    close = {"{": "}", "[": "]"}.get(opened)
    if close is None:
        return None
    if comment := re.search(r" (#.*)", text[column:]):
        words = f"YAML drops what is behind #, the {close} included. Put the text in quotes"
        return Mistake(line, column + comment.start(1), words)
    if line == stop.line:
        words = f"a comma is missing here, or the {opened} is not closed with {close}"
        if stop.text[stop.column : stop.column + 1] == ":":
            value = re.split(r"[,{]", stop.text[: stop.column])[-1].partition(": ")[2].strip()
            rest = re.split(r"[,}]", stop.text[stop.column :])[0]
            words = f"a text with a colon and a space needs quotes: {_quoted(value + rest)}"
            if " " in value:
                words = "a comma is missing before this key, or a text with a colon needs quotes"
        return Mistake(stop.line, stop.column, words)
    return Mistake(line, column, f"the {opened} that opens here is not closed. Write {close} at its end")


def _colon(stop: Stop) -> Mistake | None:
    """`reason: Upgrade: database`, or a line that is indented as if it went on with the one above."""
    key = _KEY.match(stop.text)
    if "mapping values" not in stop.problem or key is None:
        return None
    if key.start(4) < stop.column:
        words = f"a text with a colon and a space needs quotes: {key[2]}: {_quoted(key[4])}"
        return Mistake(stop.line, stop.column, words)
    above = _KEY.match(stop.lines[stop.above()])
    if above and above[4] and len(above[1]) < len(key[1]):
        words = f"this key is indented more than {above[2]} above it. Begin both in the same column"
        return Mistake(stop.line, len(key[1]), words)
    if above is None:
        return _no_key(stop)
    return None


def _no_dash(stop: Stop) -> Mistake | None:
    if "mapping values" not in stop.problem:
        return None
    for i in (stop.line, stop.above()):
        dash = re.match(r"(\s*)-([A-Za-z_][\w-]*:.*)", stop.lines[i]) if i < len(stop.lines) else None
        if dash:
            return Mistake(i, len(dash[1]), f"the space behind the dash is missing. Write - {_cut(dash[2])}")
    return None


def _list_beside_key(stop: Stop) -> Mistake | None:
    if "block sequence entries" not in stop.problem:
        return None
    item = stop.text[stop.column :].strip()
    words = f"a list begins on the line below its key: {_cut(item)}. If it is a text, put it in quotes"
    return Mistake(stop.line, stop.column, words)


def _no_key(stop: Stop) -> Mistake | None:
    """A line of words between keys."""
    if "':'" not in stop.problem and "mapping values" not in stop.problem:
        return None
    i = stop.above()
    text = stop.lines[i].strip().removeprefix("- ")
    if not text or ": " in text or text.endswith(":"):
        return None
    column = len(stop.lines[i]) - len(stop.lines[i].lstrip())
    if equals := re.match(r"([\w-]+) *= *(.*)", text):
        return Mistake(i, column, f"a key is followed by a colon. Write {equals[1]}: {_cut(equals[2])}")
    return Mistake(i, column, f'"{_cut(text)}" has no key. Write key: text, or indent it more than the key above')


def _indentation(stop: Stop) -> Mistake | None:
    """An item or a key that begins in another column than those beside it."""
    if "block" not in stop.context or not stop.begin or not stop.text.strip():
        return None
    column = len(stop.text) - len(stop.text.lstrip())
    here, beside = f"begins in column {column + 1}", _beside(stop)
    if column != stop.column:
        words = "something is left over here. Delete it, or put the text in quotes"
    elif stop.text.lstrip().startswith("- ") and beside is not None:
        words = f"this item {here}, the others in column {beside + 1}. Line them up"
    elif "collection" in stop.context:
        words = f"this line {here}. The keys of an item begin in column {stop.begin[1] + 3}, behind its dash"
    else:
        words = f"this line {here}, and nothing above it does. Line it up with the keys that it belongs to"
    return Mistake(stop.line, stop.column, words)


def _beside(stop: Stop) -> int | None:
    """The column of the last item above."""
    for i in range(stop.line - 1, -1, -1):
        if stop.lines[i].lstrip().startswith("- "):
            return len(stop.lines[i]) - len(stop.lines[i].lstrip())
    return None


_LOOKS: tuple[Callable[[Stop], Mistake | None], ...] = (
    _conflict,
    _tab,
    _unclosed_quote,
    _escape,
    _quote_inside,
    _special_start,
    _bracket_start,
    _list_beside_key,
    _no_dash,
    _glued_key,
    _flow,
    _colon,
    _no_key,
    _indentation,
)


def _quoted(text: str) -> str:
    """A text as it is written in double quotes."""
    return '"' + _cut(text.strip()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
