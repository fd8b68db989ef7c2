"""One file of records to plain data (tables, lists, texts), strictly, with the line and column of every value.

model.py decides whether the data is a record. A parser takes the text of a file and returns `Parsed`, or raises
CalendarError with findings that have a line and column.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by its use in json.decoder
from typing import Any, TypeVar

from pydantic import BaseModel

from icms_calendar.findings import CalendarError, Finding, Path, did_you_mean, fault, found, shown
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.parts import Service, System
from icms_calendar.source.broken import Stop, excerpt, mistake_in

Validated = TypeVar("Validated", bound=BaseModel)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Place = tuple[int, int]  # line and column, both from 1
Locate = Callable[[Path, bool], Place | None]  # the place of a value, or of its key

CSV_LISTS = frozenset({"systems", "services", "audience", "tags"})
CSV_NEVER = frozenset({"repeat", "maintnote", "revision", "questions"})  # tables, which a cell cannot hold


@dataclass(frozen=True, slots=True)
class Parsed:
    """The data of a file, and the place of each value."""

    data: object
    locate: Locate
    findings: tuple[Finding, ...] = ()  # about keys and lines; the rest of the data can still be judged
    warnings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Document:
    """A file of records: its name as in findings, and its bytes."""

    name: str
    suffix: str
    data: bytes
    is_calendar: bool = True
    is_skipped: bool = False  # for it is another tool's
    _parsed: Parsed | None = None

    def parsed(self) -> Parsed:
        """Its data. Raises CalendarError with placed findings about its encoding, syntax and keys."""
        if self._parsed is None:
            try:
                parsed = PARSERS[self.suffix](decode(self.data))
                findings, warnings = (
                    tuple(replace(finding, file=self.name) for finding in each)
                    for each in (parsed.findings, parsed.warnings)
                )
                self._parsed = replace(parsed, findings=findings, warnings=warnings)
            except RecursionError:
                raise fault("nested-too-deep").in_file(self.name) from None
            except CalendarError as error:
                raise error.in_file(self.name) from None
        return self._parsed

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is doubtful about it, if it was parsed: JSON that is right needs no parser of ours."""
        return self._parsed.warnings if self._parsed else ()

    @property
    def is_of_another_tool(self) -> bool:
        """Whether a further file of a folder has keys at its top, none of which is, or is nearly, a key of a record."""
        if self.is_calendar or self.suffix == ".csv":
            return False
        data = self.parsed().data
        if not isinstance(data, dict) or not data:
            return False
        ours = MaintenanceCalendar.model_fields
        names = [str(key).casefold() for key in data]
        return not any("window" in name or get_close_matches(name, ours, 1, 0.8) for name in names)

    def placed(self, finding: Finding) -> Finding:
        """The finding with its file, and with its line and column if the format has them."""
        place = self.parsed().locate(finding.path, finding.rule.name == "unknown-key")
        line, column = place or (None, None)
        return replace(finding, file=self.name, line=line, column=column)

    def validate(self, kind: type[Validated], context: object = None) -> Validated:
        """The file as a record of a kind. Raises CalendarError or pydantic.ValidationError."""
        if self.suffix != ".json":
            if self.parsed().findings:
                raise CalendarError(self.parsed().findings)
            return kind.model_validate(self.parsed().data, context=context)
        data = self.data.removeprefix(BYTE_ORDER_MARK)
        record = kind.model_validate_json(data, context=context)
        if not _keys_add_up(data, record) and self.parsed().findings:
            raise CalendarError(self.parsed().findings)
        return record


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, with or without a byte order mark. Raises CalendarError (`not-utf8`)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fault("not-utf8", reason="it looks like UTF-16")
    if (at := data.find(b"\0")) >= 0:
        raise _at(data[:at].decode("utf-8", "replace"), found("not-utf8", reason="it has a NUL byte"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"the byte 0x{data[error.start]:02x} cannot be here"
        raise _at(data[: error.start].decode("utf-8", "replace"), found("not-utf8", reason=reason)) from None


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
        raise _placed(found("syntax", format="JSON", reason=error.msg), (error.lineno, error.colno)) from None
    except ValueError as error:  # a number of more than 4,300 digits
        raise fault("syntax", format="JSON", reason=str(error)) from None
    return Parsed(data, _JsonPlaces(text), tuple(_repeated_keys(text)) if repeats else ())


def parse_toml(text: str) -> Parsed:
    """TOML 1.0. Its reader has no places, so findings name the key's path."""
    import tomllib

    if deep := _LONG_DOTTED_KEY.search(text):  # tomllib needs memory in the square of its length
        raise _at(text[: deep.start()], found("nested-too-deep"))
    try:
        return Parsed(tomllib.loads(text), _nowhere)
    except ValueError as error:  # of its own, or a number of more than 4,300 digits
        reason, place = str(error), re.search(r" \(at line ([0-9]+), column ([0-9]+)\)", str(error))
        finding = found("syntax", format="TOML", reason=reason.partition(" (at ")[0])
        raise _placed(finding, (int(place[1]), int(place[2])) if place else None) from None


def parse_yaml(text: str) -> Parsed:
    """YAML, with every plain scalar as text except an empty one, `~` and `null`: 22:00, 0012 and no keep their form."""
    import yaml

    reader = _YamlReader(text)
    try:
        data = reader.read()
    except yaml.MarkedYAMLError as error:
        raise _of_broken_yaml(error, text) from None
    except yaml.reader.ReaderError as error:
        reason = (
            f"the character U+{error.character:04X} is not allowed"
            if isinstance(error.character, int)
            else str(error.reason)
        )
        before = text.encode()[: error.position].decode(errors="ignore")  # it counts octets
        raise _at(before, found("syntax", format="YAML", reason=reason)) from None
    if any(finding.rule.name == "alias-expansion" for finding in reader.findings):
        raise CalendarError(reader.findings)
    return Parsed(data, reader.places if data is not None else _nowhere, tuple(reader.findings), tuple(reader.warnings))


def _of_broken_yaml(error: Any, text: str) -> CalendarError:
    """What a person did to break it, if that is known, with the line; else what the parser says."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return fault("syntax", format="YAML", reason=error.problem or error.context)
    if "nesting depth" in str(error.problem):
        return _placed(found("nested-too-deep"), (mark.line + 1, mark.column + 1))
    begin = error.context_mark and (error.context_mark.line, error.context_mark.column)
    lines = _YAML_BREAK.split(text)
    stop = Stop([*lines, ""], mark.line, mark.column, str(error.problem), error.context or "", begin)
    line, column, words = mistake_in(stop) or (mark.line, mark.column, error.problem or error.context)
    if line >= len(lines):  # it stopped behind the last line
        line, column = len(lines) - 1, len(lines[-1])
    finding = replace(found("syntax", format="YAML", reason=words), excerpt=excerpt(lines, line, column))
    return _placed(finding, (line + 1, column + 1))


def parse_csv(text: str) -> Parsed:
    """RFC 4180 with a header: one window a line, lists split at `;`; an empty cell is a missing key.

    Excel separates cells by `;` or tabs in half of the world: the header shows which. An empty column is skipped.
    """
    delimiter = _delimiter(text)
    before = csv.field_size_limit(len(text) + 1)
    try:
        rows = list(_csv_rows(text, delimiter))
    finally:
        csv.field_size_limit(before)
    if not rows:
        return Parsed(None, _nowhere)
    (_, header), *lines = rows
    header = [name.strip() for name in header]
    while header and not header[-1]:  # Excel writes empty columns at the end
        header.pop()
    empty = {i for i, name in enumerate(header) if not name and not any(c[i : i + 1] > [""] for _, c in lines)}
    findings = list(_header_findings(header, empty))
    windows, starts = [], []
    for line, cells in lines:
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(header):
            reason = f"this line has {len(cells)} cells, the header {len(header)}"
            findings.append(replace(found("csv-row", reason=reason), line=line, column=1))
            continue
        window, wrong = _csv_window(header, cells)
        findings += (replace(finding, line=line, column=1) for finding in wrong)
        windows.append(window)
        starts.append(line)
    places = _CsvPlaces(text.splitlines(), header, starts, delimiter)
    return Parsed({"windows": windows}, places, tuple(findings))


def _delimiter(text: str) -> str:
    """The character that separates the most names of keys in the first line, or a comma."""
    header = next((line for line in text.splitlines() if line.strip(",;\t ")), "")
    names = {mark: {name.strip(' "') for name in header.split(mark)} for mark in ",;\t"}
    return max(names, key=lambda mark: len(names[mark] & MaintenanceWindow.model_fields.keys()))


_TOML_KEY = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_DOTTED_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_TOML_KEY}[ \t]*+\.[ \t]*+){{64}}")

PARSERS: dict[str, Callable[[str], Parsed]] = {
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
    ".toml": parse_toml,
    ".json": parse_json,
    ".csv": parse_csv,
}


# YAML


def _yaml_loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_MERGE = "tag:yaml.org,2002:merge"
_YAML_TAGS = frozenset({"map", "seq", "str", "null", "bool", "int", "float", "timestamp", "merge", "value"})


class _YamlReader:
    """Reads the events of a YAML text to plain data, without a tree of nodes, which needs ten times the memory.

    A text of n characters has at most about n values; only aliases can make more, and nothing needs so many.
    """

    def __init__(self, text: str) -> None:
        import yaml

        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.places = _YamlPlaces()
        self._lines = _YAML_BREAK.split(text) if _NO_COMMENT.search(text) else []
        self._events: Iterator[Any] = yaml.parse(text, Loader=_yaml_loader())
        self._room = len(text) + 10_000
        self._anchors: dict[str, tuple[object, int]] = {}  # a value, and how many values are in it
        self._open: set[int] = set()
        self._texts: dict[str, str] = {}  # short texts, of which many are equal

    def read(self) -> object:
        """The data of the one document; None if there is none. Raises yaml.YAMLError, and CalendarError."""
        next(self._events)
        if _kind(next(self._events)) == "StreamEnd":
            return None
        first = next(self._events)
        self.places.root = _mark(first)
        data, _ = self._value(first)
        next(self._events)
        if _kind(other := next(self._events)) != "StreamEnd":
            reason = "a second document begins here. Write one in each file"
            raise _placed(found("syntax", format="YAML", reason=reason), _mark(other))
        self.places.data = data
        return data

    def _value(self, event: Any) -> tuple[object, int]:
        """A value, and how many values are in it."""
        kind = _kind(event)
        if kind == "Alias":
            return self._aliased(event)
        self._take(event, 1)
        if event.tag and event.tag != "!" and event.tag.removeprefix("tag:yaml.org,2002:") not in _YAML_TAGS:
            self._say(event, "syntax", format="YAML", reason=_of_tag(event.tag))
        if kind == "Scalar":
            if self._lines and event.implicit[0]:
                self._look_behind(event)
            empty = event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL")
            value = None if empty else self._texts.get(event.value, event.value)
            if value is not None and len(value) <= _SHORT:
                self._texts[value] = value
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            return value, 1
        data: object = {} if kind == "MappingStart" else []
        self._open.add(id(data))
        if event.anchor:
            self._anchors[event.anchor] = (data, 0)
        size = 1 + (self._fill_table(data) if isinstance(data, dict) else self._fill_list(data))  # type: ignore[arg-type]
        self._open.remove(id(data))
        if event.anchor:
            self._anchors[event.anchor] = (data, size)
        return data, size

    def _aliased(self, event: Any) -> tuple[object, int]:
        if event.anchor not in self._anchors:
            raise _placed(found("syntax", format="YAML", reason="found undefined alias"), _mark(event))
        data, size = self._anchors[event.anchor]
        if id(data) in self._open:
            self._say(event, "alias-expansion", alias="of this value", reason="contains itself")
            return None, 1
        self._take(event, size)
        return data if self._room >= 0 else None, size

    def _fill_list(self, data: list[object]) -> int:
        places, total = array("I"), 0
        while _kind(event := next(self._events)) != "SequenceEnd":
            value, size = self._value(event)
            data.append(value)
            places.extend(_mark(event))
            total += size
        self.places.of_values[id(data)] = places
        return total

    def _fill_table(self, data: dict[str, object]) -> int:
        places, total = array("I"), 0
        lines: dict[str, int] = {}
        merged: list[tuple[Any, object]] = []
        while _kind(key := next(self._events)) != "MappingEnd":
            name, _ = self._value(key)
            event = next(self._events)
            value, size = self._value(event)
            total += size
            if _is_merge(key):
                merged.append((key, value))
            elif _kind(key) not in ("Scalar", "Alias") or isinstance(name, (dict, list)):
                self._say(key, "wrong-type", read="a list or a table", expected="a key: a key is a text")
            else:
                name = str(name) if _kind(key) == "Alias" else key.value
                if name in data:
                    self._say(key, "duplicate-key", key=name, first=f", first in line {lines[name]}")
                else:
                    lines[name] = _mark(key)[0]
                    places.extend((*_mark(key), *_mark(event)))
                data[sys.intern(name)] = value
        self.places.of_values[id(data)] = places
        for key, value in merged:
            self._merge(data, key, value)
        return total

    def _merge(self, data: dict[str, object], key: Any, value: object) -> None:
        """Take what `<<` names from other tables, behind the own keys of a table."""
        for other in value if isinstance(value, list) else [value]:
            if not isinstance(other, dict) or id(other) in self._open:
                self._say(key, "wrong-type", read="the value of <<", expected="a table, or a list of tables")
                continue
            self._take(key, len(other))
            places = self.places.of_values[id(other)]
            for i, name in enumerate(other):
                if name not in data:
                    data[name] = other[name]
                    self.places.of_values[id(data)].extend(places[4 * i : 4 * i + 4])

    def _look_behind(self, event: Any) -> None:
        """Warn of an unquoted value with a `#` behind it that was probably meant as a part of it."""
        line, column = event.end_mark.line, event.end_mark.column
        dropped = _NO_COMMENT.match(self._lines[line], column) if line < len(self._lines) else None
        if dropped:
            warning = found("text-dropped", text=shown(dropped[1]))
            self.warnings.append(replace(warning, line=line + 1, column=dropped.start(1) + 1))

    def _take(self, event: Any, number: int) -> None:
        had, self._room = self._room, self._room - number
        if had >= 0 > self._room:
            self._say(event, "alias-expansion", alias="here", reason="would expand to more than the file itself")

    def _say(self, event: Any, rule: str, **read: object) -> None:
        line, column = _mark(event)
        self.findings.append(replace(found(rule, **read), line=line, column=column))


def _of_tag(tag: str) -> str:
    return f"{shown(tag)} at the beginning of a value is a tag, which means nothing here. Put the value in quotes"


_SHORT = 20  # characters
_YAML_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_NO_COMMENT = re.compile(r"[ \t]+(#[^\s#!].*)")  # a comment has a blank behind its sign


def _kind(event: Any) -> str:
    """`Scalar`, `MappingStart` …"""
    return type(event).__name__.removesuffix("Event")


def _mark(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _is_merge(key: Any) -> bool:
    return _kind(key) == "Scalar" and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE)


class _YamlPlaces:
    """Finds the place of a value: of each item of a list, or of each key of a table and its value, four numbers."""

    def __init__(self) -> None:
        self.data: object = None
        self.root: Place = (1, 1)
        self.of_values: dict[int, array[int]] = {}  # by the id of the list or table

    def __call__(self, path: Path, of_key: bool) -> Place:
        at, place = self.data, self.root
        for part in path:
            numbers = self.of_values.get(id(at))
            if isinstance(at, list) and isinstance(part, int) and part < len(at) and numbers:
                place = (numbers[2 * part], numbers[2 * part + 1])
                at = at[part]
            elif isinstance(at, dict) and str(part) in at and numbers:
                i = 4 * list(at).index(str(part)) + (0 if of_key else 2)
                place = (numbers[i], numbers[i + 1])
                at = at[str(part)]
            else:
                break
        return place


# JSON

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


# CSV


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:  # for an unclosed quotation it names the line where that row begins
            raise _placed(found("syntax", format="CSV", reason=str(error)), (line, 1)) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _header_findings(header: list[str], empty: set[int]) -> Iterator[Finding]:
    column = 1
    seen: set[str] = set()
    for i, name in enumerate(header):
        finding = None
        if i in empty:
            pass
        elif not name:
            finding = found("csv-row", reason=f"column {i + 1} has values and no name. Write a key in the first line")
        elif name in seen:
            finding = found("duplicate-key", key=name, first="")
        elif name in CSV_NEVER:
            reason = f'the column "{name}" does not fit into a cell. Write these windows in YAML, TOML or JSON'
            finding = found("csv-row", reason=reason)
        elif name not in MaintenanceWindow.model_fields:
            finding = found("unknown-key", key=name, hint=did_you_mean(name, MaintenanceWindow.model_fields))
        if finding:
            yield replace(finding, line=1, column=column)
        seen.add(name)
        column += len(name) + 1


def _csv_window(header: list[str], cells: list[str]) -> tuple[dict[str, object], list[Finding]]:
    window: dict[str, object] = {}
    findings = []
    for name, cell in zip(header, cells, strict=True):
        if not cell.strip() or name in CSV_NEVER or name not in MaintenanceWindow.model_fields:
            continue
        if name in CSV_LISTS:
            window[name] = [item.strip() for item in cell.split(";") if item.strip()]
        elif name == "channels":
            pairs = [item.partition("=") for item in cell.split(";") if item.strip()]
            channels = {channel.strip(): state.strip() for channel, _, state in pairs}
            window[name] = channels
            if len(channels) < len(pairs):
                findings.append(found("csv-row", reason=f"channels {shown(cell)} names a channel twice"))
            if not all(sign for _, sign, _ in pairs):
                reason = f"channels {shown(cell)} does not have the form online=unavailable;telephone=unaffected"
                findings.append(found("csv-row", reason=reason))
        else:
            window[name] = cell.strip()
    return window, findings


@dataclass(frozen=True, slots=True)
class _CsvPlaces:
    """Finds the line of a window, and the column of its cell if the line has no quotes."""

    source: list[str]
    header: list[str]
    starts: list[int]
    delimiter: str

    def __call__(self, path: Path, of_key: bool) -> Place:  # noqa: ARG002 - keys are in the header
        if len(path) < 2 or not isinstance(path[1], int) or path[1] >= len(self.starts):
            return 1, 1
        line = self.starts[path[1]]
        if len(path) == 2 or path[2] not in self.header:
            return line, 1
        text = self.source[line - 1]
        before = text.split(self.delimiter)[: self.header.index(str(path[2]))]
        return line, 1 if '"' in text else sum(len(cell) + 1 for cell in before) + 1


# Places, and keys


def _keys_add_up(data: bytes, record: BaseModel) -> bool:
    """Whether a JSON file has exactly the keys of its record, so that none can be in it twice.

    pydantic silently keeps the last of two equal keys, and counting is ten times faster than reading again. If a text
    has something that looks like a key, this is False, and the file is read again to be certain.
    """
    spaced = any(blank in data and blank + b":" in data for blank in (b" ", b"\t", b"\n", b"\r"))
    return not spaced and data.count(b'":') == _given_keys(record)


def _given_keys(record: BaseModel) -> int:
    """How many keys a file gave to make this record, in all its tables; of what may be a bare string, none."""
    keys = len(record.model_fields_set)
    if keys == 1 and isinstance(record, (Service, System)):
        return 0
    for key in record.model_fields_set:
        value = getattr(record, key)
        if key == "windows":
            keys += _given_keys_of_windows(value)
        elif isinstance(value, dict):
            keys += len(value)
        elif isinstance(value, BaseModel):
            keys += _given_keys(value)
        elif isinstance(value, tuple):
            keys += sum(_given_keys(item) for item in value if isinstance(item, BaseModel))
    return keys


def _given_keys_of_windows(windows: Iterable[MaintenanceWindow]) -> int:
    keys = 0
    without_tables: set[object] = {None}
    for window in windows:
        keys += len(window.__pydantic_fields_set__) + len(window.channels)
        if window.services not in without_tables:
            tables = [service for service in window.services or () if isinstance(service, BaseModel)]
            keys += sum(map(_given_keys, tables))
            if not tables:
                without_tables.add(window.services)
        for table in (window.maintnote, window.revision, window.repeat):
            if table is not None:
                keys += _given_keys(table)
    return keys


def _nowhere(path: Path, of_key: bool) -> Place | None:  # noqa: ARG001
    return None


def _place(text: str, at: int) -> Place:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _placed(finding: Finding, place: Place | None) -> CalendarError:
    line, column = place or (None, None)
    return CalendarError([replace(finding, line=line, column=column)])


def _at(before: str, finding: Finding) -> CalendarError:
    return _placed(finding, _place(before, len(before)))
