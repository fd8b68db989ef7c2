"""The mistake that broke a YAML file: its line, and what to write. of_yaml.py reads the files that are right.

A parser stops where it cannot continue, often lines behind the mistake, and names it in its own terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from icms_calendar.findings import CalendarError, fault, found


def explained(error: Any, text: str) -> CalendarError:
    """What a person did to break it, if that is known, with the line; else what the parser says."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return fault("syntax", format="YAML", reason=error.problem or error.context)
    if "nesting depth" in str(error.problem):
        return fault("nested-too-deep").on((mark.line + 1, mark.column + 1))
    begin = error.context_mark and (error.context_mark.line, error.context_mark.column)
    lines = lines_of(text)
    stop = _Stop([*lines, ""], mark.line, mark.column, f"{error.problem} {error.context}", begin)
    known = next((mistake for look in _LOOKS if (mistake := look(stop))), None)
    line, column, words = known or (mark.line, mark.column, error.problem or error.context)
    if line >= len(lines):  # it stopped behind the last line
        line, column = len(lines) - 1, len(lines[-1])
    finding = replace(found("syntax", format="YAML", reason=words), excerpt=_excerpt(lines[line], column))
    return CalendarError([finding.on((line + 1, column + 1))])


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


_WIDEST = 100
_SHOWN = 60


def _excerpt(line: str, column: int) -> str:
    """A line with a caret below its column, fit for a terminal; of a long one, the part around it."""
    begin = max(0, column - _WIDEST // 2)
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "?" for c in line[begin : begin + _WIDEST])
    return f"{shown}\n{' ' * (column - begin)}^"


class _Stop(NamedTuple):
    """Where a parser stopped, what it said, and where what it was reading began; places from 0."""

    lines: list[str]  # with an empty one behind the last
    line: int
    column: int
    said: str
    begin: tuple[int, int] | None

    @property
    def text(self) -> str:
        return self.lines[self.line]

    def above(self) -> int:
        """The number of the last line above it that says something."""
        return next((i for i in range(self.line - 1, -1, -1) if self.lines[i].strip()), 0)


_Mistake = tuple[int, int, str]  # its line and column from 0; what was done, and what to write


@dataclass(frozen=True, slots=True)
class _Sign:
    """A mistake that is seen by its line; it is behind the first group. `{at}` is the line up to where it stopped."""

    said: str
    lines: Literal["this", "above", "both"]
    pattern: str
    words: Callable[[re.Match[str]], str]

    def __call__(self, stop: _Stop) -> _Mistake | None:
        numbers = {"this": [stop.line], "above": [stop.above()], "both": [stop.line, stop.above()]}[self.lines]
        for i in numbers if re.search(self.said, stop.said) else ():
            if line := re.match(self.pattern.replace("{at}", f".{{{stop.column}}}"), stop.lines[i]):
                return i, line.end(1), self.words(line)
        return None


_KEY = r"(\s*(?:- +)*)([A-Za-z_][\w-]*):(?:\s+|$)(.*)"


def _unclosed_quote(stop: _Stop) -> _Mistake | None:
    if stop.begin and "quoted scalar" in stop.said and "end of stream" in stop.said:
        return _unclosed(stop, *stop.begin)
    for i in range(stop.line - 1, max(stop.line - 40, -1), -1):
        opening = re.match(r"\s*(?:- +)*(?:[\w-]+: +)?([\"'])", stop.lines[i])
        if opening and stop.lines[i].count(opening[1]) == 1 and opening[1] in stop.text:
            return _unclosed(stop, i, opening.start(1))
    return None


def _unclosed(stop: _Stop, line: int, column: int) -> _Mistake:
    value = stop.lines[line][column:].rstrip()
    return line, column, f"the quote that opens here is not closed. Close it: {_cut(value)}{value[0]}"


def _escape(stop: _Stop) -> _Mistake | None:
    if "unknown escape" not in stop.said or not stop.begin:
        return None
    value = stop.lines[stop.begin[0]][stop.begin[1] :].strip().strip('"')
    return stop.line, stop.column - 1, f"in double quotes, \\ is written twice. Or use single quotes: '{_cut(value)}'"


def _quote_inside(stop: _Stop) -> _Mistake | None:
    """Text behind a quote that closes: `'It's on'`, `"He said "no" today"`, `"Upgrade" of x`."""
    before, behind = stop.text[: stop.column], stop.text[stop.column : stop.column + 1]
    value = re.match(r"(?:.*?[:,\[{-] +|\s*)([\"'])", before)
    if not value or not behind.strip() or before.rstrip()[-1] != value[1] or behind in ",]}#":
        return None
    quote, text = value[1], stop.text[value.start(1) :].rstrip()
    in_word = before[-1] == quote  # the apostrophe of Don't; the quote of "Upgrade" of x goes
    inner = text[1:-1] if text[-1] == quote and len(text) > 1 else text[1:].replace(quote, "", 0 if in_word else 1)
    words = f"an apostrophe ends this text. Write two in its place, or put the text in double quotes: {_quoted(inner)}"
    if quote == '"':
        single = _cut(inner).replace("'", "''")
        words = f"a quote ends this text. Put the whole text in single quotes: '{single}'"
    return stop.line, before.rindex(quote), words


_AT_A_SPECIAL = (
    "cannot start any token|alphabetic or numeric|block scalar|node content|line break|directive|mapping keys"
)


def _special_start(stop: _Stop) -> _Mistake | None:
    """A text that begins with a character that means something in YAML, as in `title: [iCMS] upgrade`."""
    key = re.match(_KEY, stop.text)
    if re.search(_AT_A_SPECIAL, stop.said):
        line, column = stop.begin or (stop.line, stop.column)
        signs = "@`%*&!|>[{?,"
    elif key and "expected key" in stop.said and stop.column > key.start(3):
        line, column, signs = stop.line, key.start(3), "[{"
    else:
        return None
    value = stop.lines[line][column:].strip()
    if value[:1] not in tuple(signs):
        return None
    return line, column, f"a text cannot begin with {value[0]}. Put it in quotes: {_quoted(value)}"


def _flow(stop: _Stop) -> _Mistake | None:
    """Within `{…}` or `[…]`."""
    line, column = stop.begin or (stop.line, stop.column)
    opened = stop.lines[line][column : column + 1]
    close = {"{": "}", "[": "]"}.get(opened)
    if "flow" not in stop.said or close is None:
        return None
    if comment := re.search(r" (#.*)", stop.lines[line][column:]):
        words = f"YAML drops what is behind #, the {close} included. Put the text in quotes"
        return line, column + comment.start(1), words
    if line != stop.line:
        return line, column, f"the {opened} that opens here is not closed. Write {close} at its end"
    words = f"a comma is missing here, or the {opened} is not closed with {close}"
    if stop.text[stop.column : stop.column + 1] == ":":
        value = re.split(r"[,{]", stop.text[: stop.column])[-1].partition(": ")[2].strip()
        rest = re.split(r"[,}]", stop.text[stop.column :])[0]
        words = f"a text with a colon and a space needs quotes: {_quoted(value + rest)}"
        if " " in value:
            words = "a comma is missing before this key, or a text with a colon needs quotes"
    return stop.line, stop.column, words


def _further_in(stop: _Stop) -> _Mistake | None:
    """A line that is indented as if it continued the one above."""
    key, above = re.match(_KEY, stop.text), re.match(_KEY, stop.lines[stop.above()])
    if "mapping values" in stop.said and key and above and above[3] and len(above[1]) < len(key[1]):
        words = f"this key is indented more than {above[2]} above it. Begin both in the same column"
        return stop.line, len(key[1]), words
    return None


def _indentation(stop: _Stop) -> _Mistake | None:
    """An item or a key that begins in another column than those beside it."""
    if "block" not in stop.said or not stop.begin or not stop.text.strip():
        return None
    column = _indent(stop.text)
    here = f"begins in column {column + 1}"
    items = (line for line in reversed(stop.lines[: stop.line]) if line.lstrip().startswith("- "))
    beside = next(items, None)
    if column != stop.column:
        words = "something is left over here. Delete it, or put the text in quotes"
    elif stop.text.lstrip().startswith("- ") and beside is not None:
        words = f"this item {here}, the others in column {_indent(beside) + 1}. Line them up"
    elif "collection" in stop.said:
        words = f"this line {here}. The keys of an item begin in column {stop.begin[1] + 3}, behind its dash"
    else:
        words = f"this line {here}, and nothing above it does. Line it up with the keys that it belongs to"
    return stop.line, stop.column, words


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _quoted(text: str) -> str:
    """A text as it is written in double quotes."""
    return '"' + _cut(text.strip()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_NO_COLON = "':'|mapping values"
_LOOKS: tuple[Callable[[_Stop], _Mistake | None], ...] = (
    _Sign(
        "",
        "both",
        "()(?:<{7} |={7}$|>{7} )",
        lambda _: "git left two versions here. Keep one, and delete the lines <<<<<<<, ======= and >>>>>>>",
    ),
    _Sign("", "both", r"( *)\t.*\S", lambda _: "a tab indents this line. Use spaces"),
    _Sign("", "this", r"({at})\t", lambda _: "a tab is here. Use spaces"),
    _unclosed_quote,
    _escape,
    _quote_inside,
    _Sign(_AT_A_SPECIAL, "this", r"(\s*)\*", lambda _: "a list has a dash before each item: - id: …"),
    _special_start,
    _Sign(
        "block sequence entries",
        "this",
        "({at})(.*)",
        lambda m: f"a list begins on the line below its key: {m[2].strip()}. If it is a text, put it in quotes",
    ),
    _Sign(
        "mapping values",
        "both",
        r"(\s*)-([A-Za-z_][\w-]*:.*)",
        lambda m: f"the space behind the dash is missing. Write - {_cut(m[2])}",
    ),
    _Sign(
        _NO_COLON,
        "both",
        r"(\s*(?:- +)*([A-Za-z_][\w-]*)):([^\s:/].*)",
        lambda m: f"the space behind the colon is missing. Write {m[2]}: {_cut(m[3])}",
    ),
    _flow,
    _Sign(
        "mapping values",
        "this",
        r"(\s*(?:- +)*([A-Za-z_][\w-]*):\s+(?=(.*)).*?):(?:\s|$)",
        lambda m: f"a text with a colon and a space needs quotes: {m[2]}: {_quoted(m[3])}",
    ),
    _further_in,
    _Sign(
        _NO_COLON,
        "above",
        r"(\s*)(?:- )?([\w-]+) *= *(.*)",
        lambda m: f"a key is followed by a colon. Write {m[2]}: {_cut(m[3])}",
    ),
    _Sign(
        _NO_COLON,
        "above",
        r"(\s*)(?:- )?(?!.*:(?: |$))(\S.*?)\s*$",
        lambda m: f'"{_cut(m[2])}" has no key. Write key: text, or indent it more than the key above',
    ),
    _indentation,
)
