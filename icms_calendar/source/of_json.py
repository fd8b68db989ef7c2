"""A file of JSON to plain data, with the place of every value and key, and a search for keys that are given twice."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by its use in json.decoder

from icms_calendar.findings import Finding, Path, fault, found
from icms_calendar.source.parsed import Parsed, Place, placed


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
        raise placed(found("syntax", format="JSON", reason=error.msg), (error.lineno, error.colno)) from None
    except ValueError as error:  # a number of more than 4,300 digits
        raise fault("syntax", format="JSON", reason=str(error)) from None
    return Parsed(data, _JsonPlaces(text), tuple(_repeated_keys(text)) if repeats else ())


_JSON_BLANK = re.compile(r"[ \t\n\r]*")


class _JsonPlaces:
    """Finds the place of a value by walking a JSON text; other values are skipped at C speed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._skip = json.JSONDecoder().raw_decode
        self._items: dict[int, list[int]] = {}
        self._keys: dict[int, dict[str, tuple[int, int]]] = {}
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def __call__(self, path: Path, of_key: bool) -> Place | None:
        at = self._after_blank(0)
        shown_at = at
        for part in path:
            begins = self._text[at]
            if begins == "[" and isinstance(part, int):
                if at not in self._items:
                    self._items[at] = list(self.items(at))
                items = self._items[at]
                if part >= len(items):
                    break
                at = shown_at = items[part]
                continue
            pair = self._places(at).get(str(part)) if begins == "{" else None
            if pair is None:
                break
            at = pair[1]
            shown_at = pair[0] if of_key else at
        return self.line_and_column(shown_at)

    def line_and_column(self, at: int) -> Place:
        """The place of a character, without counting the lines before it again."""
        line = bisect_left(self._breaks, at)
        return line + 1, at - (self._breaks[line - 1] if line else -1)

    def _places(self, at: int) -> dict[str, tuple[int, int]]:
        """The places of each key and its value in the table that begins at `at`; the first of two counts."""
        if at not in self._keys:
            places: dict[str, tuple[int, int]] = {}
            for key, key_at, value_at in self.keys(at):
                places.setdefault(key, (key_at, value_at))
            self._keys[at] = places
        return self._keys[at]

    def keys(self, at: int) -> Iterator[tuple[str, int, int]]:
        """The keys of the table that begins at `at`: key, its place, the place of its value."""
        at = self._after_blank(at + 1)
        while self._text[at] != "}":
            key, end = scanstring(self._text, at + 1)
            value = self._after_blank(self._after_blank(end) + 1)
            yield key, at, value
            at = self._after_value(value)

    def items(self, at: int) -> Iterator[int]:
        """The places of the items of the list that begins at `at`."""
        at = self._after_blank(at + 1)
        while self._text[at] != "]":
            yield at
            at = self._after_value(at)

    def _after_value(self, at: int) -> int:
        at = self._after_blank(self._skip(self._text, at)[1])
        return self._after_blank(at + 1) if self._text[at] == "," else at

    def _after_blank(self, at: int) -> int:
        match = _JSON_BLANK.match(self._text, at)
        return match.end() if match else at


def _repeated_keys(text: str) -> Iterator[Finding]:
    """A finding for each key that is repeated in its table."""
    places = _JsonPlaces(text)
    todo = [_JSON_BLANK.match(text).end()]  # type: ignore[union-attr]  # it matches at least nothing
    while todo:
        at = todo.pop()
        if text[at] == "[":
            todo += places.items(at)
        elif text[at] == "{":
            first: dict[str, int] = {}
            for key, key_at, value_at in places.keys(at):
                if key in first:
                    first_line = places.line_and_column(first[key])[0]
                    finding = found("duplicate-key", key=key, first=f", first in line {first_line}")
                    line, column = places.line_and_column(key_at)
                    yield replace(finding, line=line, column=column)
                first.setdefault(key, key_at)
                todo.append(value_at)
