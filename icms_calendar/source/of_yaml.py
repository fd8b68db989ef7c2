"""A file of YAML to plain data, with the place of every value, and broken YAML explained."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from typing import Any

from icms_calendar.findings import CalendarError, Finding, Path, fault, found, shown
from icms_calendar.source.broken import explained, lines_of
from icms_calendar.source.parsed import Parsed, Place, end_of


def parse_yaml(text: str) -> Parsed:
    """YAML, with every plain scalar as text except an empty one, `~` and `null`: 22:00, 0012 and no keep their form."""
    import yaml

    reader = _Reader(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), text)
    try:
        data = reader.read()
    except yaml.MarkedYAMLError as error:
        raise explained(error, text) from None
    except yaml.reader.ReaderError as error:
        reason = str(error.reason)
        if isinstance(error.character, int):
            reason = f"the character U+{error.character:04X} is not allowed"
        before = text.encode()[: error.position].decode(errors="ignore")  # it counts octets
        raise fault("syntax", format="YAML", reason=reason).on(end_of(before)) from None
    if any(finding.rule.name == "too-deep" for finding in reader.findings):
        raise CalendarError(reader.findings)
    return Parsed(data, reader.places, tuple(reader.findings)) if data is not None else Parsed(None)


_MERGE = "tag:yaml.org,2002:merge"
_YAML_TAGS = frozenset({"map", "seq", "str", "null", "bool", "int", "float", "timestamp", "merge", "value"})


class _Reader:
    """Reads the events of a YAML text to plain data, without a tree of nodes, which needs ten times the memory.

    A text of n characters has at most about n values; only aliases can make more, and nothing needs so many.
    """

    def __init__(self, events: Iterator[Any], text: str) -> None:
        self.findings: list[Finding] = []
        self.places = _Places()
        self._lines = lines_of(text) if _NO_COMMENT.search(text) else []
        self._events = events
        self._room = len(text) + 10_000
        self._anchors: dict[str, tuple[object, int | None]] = {}  # a value, and how many are in it once it is read
        self._texts: dict[str, str] = {}  # short texts, of which many are equal

    def read(self) -> object:
        """The data of the one document; None if there is none. Raises yaml.YAMLError, and CalendarError."""
        next(self._events)
        if _kind(next(self._events)) == "StreamEnd":
            return None
        first = next(self._events)
        self.places.root = _mark(first)
        data = self._value(first)
        next(self._events)
        if _kind(other := next(self._events)) != "StreamEnd":
            reason = "a second document begins here. Write one in each file"
            raise fault("syntax", format="YAML", reason=reason).on(_mark(other))
        self.places.data = data
        return data

    def _value(self, event: Any) -> object:
        kind = _kind(event)
        if kind == "Alias":
            return self._aliased(event)
        before = self._room
        self._take(event, 1)
        if event.tag and event.tag != "!" and event.tag.removeprefix("tag:yaml.org,2002:") not in _YAML_TAGS:
            reason = f"{shown(event.tag)} at the beginning of a value is a tag, which means nothing here"
            self._say(event, "syntax", format="YAML", reason=f"{reason}. Put the value in quotes")
        data: Any
        if kind == "Scalar":
            data = self._text(event)
        else:
            data, fill = ({}, self._fill_table) if kind == "MappingStart" else ([], self._fill_list)
            if event.anchor:
                self._anchors[event.anchor] = (data, None)
            fill(data)
        if event.anchor:
            self._anchors[event.anchor] = (data, before - self._room)
        return data

    def _text(self, event: Any) -> str | None:
        if not event.implicit[0]:
            return str(event.value)
        if self._lines:
            self._look_behind(event)
        if event.value in ("", "~", "null", "Null", "NULL"):
            return None
        return self._texts.setdefault(event.value, event.value) if len(event.value) <= _SHORT else event.value

    def _aliased(self, event: Any) -> object:
        if event.anchor not in self._anchors:
            raise fault("syntax", format="YAML", reason="found undefined alias").on(_mark(event))
        data, size = self._anchors[event.anchor]
        if size is None:
            self._say(event, "too-deep", why=": the alias of this value contains itself")
            return None
        self._take(event, size)
        return data if self._room >= 0 else None

    def _fill_list(self, data: list[object]) -> None:
        places = self.places.of(data)
        while _kind(event := next(self._events)) != "SequenceEnd":
            data.append(self._value(event))
            places.extend(_mark(event) * 2)

    def _fill_table(self, data: dict[str, object]) -> None:
        places = self.places.of(data)
        lines: dict[str, int] = {}
        merged: list[tuple[Any, object]] = []
        while _kind(key := next(self._events)) != "MappingEnd":
            name = self._value(key)
            event = next(self._events)
            value = self._value(event)
            if _is_merge(key):
                merged.append((key, value))
            elif isinstance(name, (dict, list)):
                self._say(key, "wrong-type", read="a list or a table", expected="a key: a key is a text")
            else:
                name = sys.intern(str(name or getattr(key, "value", "")))
                if name in data:
                    self._say(key, "given-twice", key=name, first=f", first in line {lines[name]}")
                else:
                    lines[name] = _mark(key)[0]
                    places.extend(_mark(key) + _mark(event))
                data[name] = value
        for key, value in merged:
            self._merge(data, key, value)

    def _merge(self, data: dict[str, object], key: Any, value: object) -> None:
        """Take what `<<` names from other tables, behind the own keys of a table."""
        for other in value if isinstance(value, list) else [value]:
            if not isinstance(other, dict):
                self._say(key, "wrong-type", read="the value of <<", expected="a table, or a list of tables")
                continue
            self._take(key, len(other))
            for i, name in enumerate(other):
                if name not in data:
                    data[name] = other[name]
                    self.places.of(data).extend(self.places.of(other)[4 * i : 4 * i + 4])

    def _look_behind(self, event: Any) -> None:
        """Warn of an unquoted value with a `#` behind it that was probably meant as a part of it."""
        line, column = event.end_mark.line, event.end_mark.column
        dropped = _NO_COMMENT.match(self._lines[line], column) if line < len(self._lines) else None
        if dropped:
            place = line + 1, dropped.start(1) + 1
            self.findings.append(found("text-dropped", text=shown(dropped[1])).on(place))

    def _take(self, event: Any, number: int) -> None:
        had, self._room = self._room, self._room - number
        if had >= 0 > self._room:
            self._say(event, "too-deep", why=". Write out the values of the aliases")

    def _say(self, event: Any, rule: str, **read: object) -> None:
        self.findings.append(found(rule, **read).on(_mark(event)))


_SHORT = 20  # characters
_NO_COMMENT = re.compile(r"[ \t]+(#[^\s#!].*)")  # a comment has a blank behind its sign


def _kind(event: Any) -> str:
    """`Scalar`, `MappingStart` …"""
    return type(event).__name__.removesuffix("Event")


def _mark(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _is_merge(key: Any) -> bool:
    return _kind(key) == "Scalar" and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE)


class _Places:
    """Finds the place of a value, or of its key in a table."""

    def __init__(self) -> None:
        self.data: object = None
        self.root: Place = (1, 1)
        self._of_values: dict[int, array[int]] = {}

    def of(self, holder: object) -> array[int]:
        """Four numbers for each value in a list or table: the place of its key, and its own."""
        return self._of_values.setdefault(id(holder), array("I"))

    def __call__(self, path: Path, of_key: bool) -> Place:
        at, place = self.data, self.root
        for part in path:
            holder: Any = at
            if isinstance(at, list) and isinstance(part, int) and part < len(at):
                i = part
            elif isinstance(at, dict) and (part := str(part)) in at:
                i = list(at).index(part)
            else:
                break
            at = holder[part]
            line, column = self.of(holder)[4 * i : 4 * i + 2] if of_key else self.of(holder)[4 * i + 2 : 4 * i + 4]
            place = line, column
        return place
