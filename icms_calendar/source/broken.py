"""The mistake that broke a YAML file: its line, and what to write. of_yaml.py reads the files that are right.

A parser stops where it cannot continue, often a line behind the mistake, and names it in its own terms.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import Any

from icms_calendar.findings import CalendarError, fault, found


def explained(error: Any, text: str) -> CalendarError:
    """What a person did to break it, if that is known, with the line; else what the parser says."""
    mark, said = error.problem_mark or error.context_mark, " ".join(filter(None, (error.problem, error.context)))
    if mark is None:
        return fault("syntax", format="YAML", reason=said)
    if "nesting depth" in said:
        return fault("too-deep", why="").on((mark.line + 1, mark.column + 1))
    lines = lines_of(text)
    stop, column = (mark.line, mark.column) if mark.line < len(lines) else (len(lines) - 1, len(lines[-1]))
    opened = mark if "parsing a block" in said else error.context_mark or mark
    words = _in_words(said, is_first=not lines[stop][:column].strip()) or error.problem or said
    line, column, words = _mistake(lines, stop, opened, said) or (stop, column, words)
    finding = replace(found("syntax", format="YAML", reason=words), excerpt=_excerpt(lines[line], column))
    return CalendarError([finding.on((line + 1, column + 1))])


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


def _mistake(lines: list[str], stop: int, opened: Any, said: str) -> tuple[int, int, str] | None:
    """The line and column of a known mistake near the stop; what was done, and what to write."""
    above = next((i for i in range(stop - 1, -1, -1) if lines[i].strip()), 0)
    forms = (form for when, forms in _MISTAKES.items() if re.search(when, said) for form in forms.items())
    near = [i for i in (stop, above, min(opened.line, stop)) if len(lines[i]) < _LONGEST]
    for (form, words), i in product(forms, near):
        if match := re.match(form, lines[i]):
            groups = ["", *map(_cut, match.groups(""))]
            return i, match.end(1), words.format(*groups, q=[*map(_quoted, groups)])
    if opened.line < stop and re.search("end of stream|flow", said):
        sign = lines[opened.line][opened.column : opened.column + 1]
        return opened.line, opened.column, f"the {sign} that opens here is not closed"
    return None


_LONGEST = 1000
_WIDEST = 100
_SHOWN = 60


def _excerpt(line: str, column: int) -> str:
    """A line with a caret below its column, fit for a terminal; of a long one, the part around it."""
    begin = max(0, column - _WIDEST // 2)
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "?" for c in line[begin : begin + _WIDEST])
    return f"{shown}\n{' ' * (column - begin)}^"


def _quoted(text: str) -> str:
    """A text as it is written in double quotes."""
    return '"' + text.strip().replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_ITEM = r"\s*(?:- +)*"
_VALUE = rf"(?:.*?[:,\[{{-] +|{_ITEM})"
_KEY = r"([A-Za-z_][\w-]*)"
# By what the parser says: forms of lines, and what to write. The mistake is behind the first group of a form; {2} is
# its second group, {q[2]} the same in double quotes.
_MISTAKES = {
    "unknown escape": {
        rf"({_VALUE})\"(.*?)\"?\s*$": "in double quotes, \\ is written twice. Or use single quotes: '{2}'",
    },
    "": {
        "()(?:<{7} |={7}$|>{7} )": (
            "git left two versions here. Keep one, and delete the lines <<<<<<<, ======= and >>>>>>>"
        ),
        r"( *)\t.*\S": "a tab indents this line. Use spaces",
        rf"({_VALUE})(([\"'])(?:\\.|(?!\3).)*)$": "the quote that opens here is not closed. Close it: {2}{3}",
        rf"({_VALUE}'((?:[^'\"]|'')*))'(\w[^\"]*?)'?\s*$": (
            'an apostrophe ends this text. Write two in its place, or put the text in double quotes: "{2}\'{3}"'
        ),
        rf"({_VALUE}\"((?:[^\"\\']|\\.)*))\"(\w[^']*?)\"?\s*$": (
            "a quote ends this text. Put the whole text in single quotes: '{2}\"{3}'"
        ),
        rf"({_VALUE}(?:\"(?:[^\"\\]|\\.)*|'(?:[^']|'')*))[\"'] *[^\s,\]}}#:]": (
            "words follow the quote that closes. Put the whole text in quotes"
        ),
        r"(\s*)\* *[\w-]+:": "a list has a dash before each item: - id: …",
        rf"({_ITEM}(?:[\w-]+: +)?)(?=[@`%]|[&*?] |\*\w*[^\s\w]|[|>] +[^\s#]|\[[^\]]*\] *\w|{{[^}}]*}} *\w)((.).*)": (
            "a text cannot begin with {3}. Put it in quotes: {q[2]}"
        ),
        rf"({_ITEM}{_KEY}: +)(- .*)": "a list begins on the line below its key: {3}. If it is a text, put it in quotes",
        rf"(\s*)-({_KEY}:.*)": "the space behind the dash is missing. Write - {2}",
        rf"({_ITEM}{_KEY}:\s+(?=([^\"'\[{{#].*))(?:(?! #).)*?):(?:\s|$)": (
            "a text with a colon and a space needs quotes: {2}: {q[3]}"
        ),
        rf"({_ITEM}{_KEY}):([^\s:/].*)": "the space behind the colon is missing. Write {2}: {3}",
        rf"({_ITEM}){_KEY} *= *(.*)": "a key is followed by a colon. Write {2}: {3}",
    },
    "flow": {
        r"([^\"'#]*[\[{][^\]}]* )#": "YAML drops what is behind #. Put the text in quotes",
    },
    "':'|mapping values": {
        r"(\s*)(?:- )?(?!.*:(?: |$))(\S.*?)\s*$": (
            '"{2}" has no key. Write key: text, or indent it more than the key above'
        ),
    },
}


def _in_words(said: str, *, is_first: bool) -> str:
    """What the parser says of the place where it stopped, in words that say what to write; or nothing."""
    if "flow" in said:
        return "a comma or a bracket is missing here, or a text with a colon needs quotes"
    if "mapping values" in said:
        return "this key is indented more than the one above it. Begin both in the same column"
    if is_first and re.search("parsing a block|document start", said):
        return "this line does not begin in the same column as the lines that it belongs to. Line it up with them"
    if "parsing a block" in said:
        return "something is left over here. Delete it, or put the text in quotes"
    return ""
