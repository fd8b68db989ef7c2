"""A file of JSON to plain data, with the place of every value and key, and a search for keys that are given twice."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by its use in json.decoder

from icms_calendar.findings import Finding, Path, fault, found
from icms_calendar.source.parsed import Parsed, Place


def parse_json(text: str) -> Parsed:
    """RFC 8259; a key may occur only once."""
    repeats = False

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeats
        made = dict(pairs)
        repeats = repeats or len(made) != len(pairs)
        return made

    try:
        data = json.loads(text, object_pairs_hook=table)
    except json.JSONDecodeError as error:
        raise fault("syntax", format="JSON", reason=error.msg).on((error.lineno, error.colno)) from None
    except ValueError as error:  # a number of more than 4,300 digits
        raise fault("syntax", format="JSON", reason=str(error)) from None
    places = _Places(text)
    return Parsed(data, places, tuple(places.repeated_keys()) if repeats else ())


class _Places:
    """Finds the place of a value by walking a JSON text; other values are skipped at C speed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._skip = json.JSONDecoder().raw_decode
        self._known: dict[int, dict[str | int, tuple[int, int]]] = {}
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def __call__(self, path: Path, of_key: bool) -> Place:
        at = shown_at = self._after_blank(0)
        for part in path:
            if at not in self._known:
                entries = list(self._entries(at))
                self._known[at] = {
                    key: (key_at, value_at) for key, key_at, value_at in reversed(entries)
                }  # the first of two counts
            if part not in self._known[at]:
                break
            key_at, at = self._known[at][part]
            shown_at = key_at if of_key else at
        return self._line_and_column(shown_at)

    def repeated_keys(self) -> Iterator[Finding]:
        """A finding for each key that is repeated in its table."""
        todo = [self._after_blank(0)]
        while todo:
            first: dict[str | int, int] = {}
            for key, key_at, value_at in self._entries(todo.pop()):
                if first.setdefault(key, key_at) != key_at:
                    first_line, _ = self._line_and_column(first[key])
                    finding = found("duplicate-key", key=key, first=f", first in line {first_line}")
                    yield finding.on(self._line_and_column(key_at))
                todo.append(value_at)

    def _entries(self, at: int) -> Iterator[tuple[str | int, int, int]]:
        """The keys of the table at a place, or the numbers in the list: the key, its place, the place of its value."""
        key: str | int
        if (begins := self._text[at]) not in "{[":
            return
        at, number = self._after_blank(at + 1), 0
        while self._text[at] not in "}]":
            key, key_at = number, at
            if begins == "{":
                key, at = scanstring(self._text, at + 1)
                at = self._after_blank(self._after_blank(at) + 1)
            yield key, key_at, at
            number += 1
            at = self._after_blank(self._skip(self._text, at)[1])
            if self._text[at] == ",":
                at = self._after_blank(at + 1)

    def _line_and_column(self, at: int) -> Place:
        """The place of a character, without counting the lines before it again."""
        line = bisect_left(self._breaks, at)
        return line + 1, at - (self._breaks[line - 1] if line else -1)

    def _after_blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at


_BLANK = re.compile(r"[ \t\n\r]*")
