"""A file of CSV to windows: RFC 4180 as Excel writes it, with the place of every cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from icms_calendar.findings import Finding, Path, did_you_mean, fault, found, shown
from icms_calendar.record.model import MaintenanceWindow
from icms_calendar.source.parsed import Parsed, Place

CSV_LISTS = frozenset({"systems", "services", "audience", "tags"})
CSV_NEVER = frozenset({"repeat", "maintnote", "revision", "questions"})  # tables, which a cell cannot hold
_KEYS = MaintenanceWindow.model_fields.keys()


def parse_csv(text: str) -> Parsed:
    """RFC 4180 with a header: one window a line, lists split at `;`; an empty cell is a missing key.

    Excel separates cells by `;` or tabs in half of the world: the header shows which. An empty column is skipped.
    """
    delimiter = _delimiter(text)
    rows = list(_csv_rows(text, delimiter))
    if not rows:
        return Parsed(None)
    header = [name.strip() for name in _without_end(rows[0][1], 0)]
    findings: list[Finding] = []
    windows: dict[int, dict[str, object]] = {}  # by their lines
    for line, cells in rows[1:]:
        if len(_without_end(cells, len(header))) != len(header):
            reason = f"this line has {len(cells)} cells, the header {len(header)}"
            findings.append(found("csv-row", reason=reason).on((line, 1)))
        else:
            windows[line], wrong = _window(header, cells)
            findings += (found("csv-row", reason=reason).on((line, 1)) for reason in wrong)
    findings += _header_findings(header, rows[1:])
    source, starts = text.splitlines(), list(windows)

    def locate(path: Path, _: bool) -> Place:
        """The line of a window, and the column of its cell if the line has no quotes."""
        line = starts[int(path[1])] if len(path) > 1 else 1
        if len(path) < 3 or path[2] not in header or '"' in source[line - 1]:
            return line, 1
        before = source[line - 1].split(delimiter)[: header.index(str(path[2]))]
        return line, sum(len(cell) + 1 for cell in before) + 1

    return Parsed({"windows": list(windows.values())}, locate, tuple(findings))


def _without_end(cells: list[str], number: int) -> list[str]:
    """The cells without the empty ones at their end, but at least a number of them: Excel writes empty columns."""
    while len(cells) > number and not cells[-1].strip():
        cells.pop()
    return cells


def _delimiter(text: str) -> str:
    """The character that separates the most names of keys in the first line, or a comma."""
    header = next((line for line in text.splitlines() if line.strip(",;\t ")), "")
    names = {mark: {name.strip(' "') for name in header.split(mark)} for mark in ",;\t"}
    return max(names, key=lambda mark: len(names[mark] & _KEYS))


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:  # for an unclosed quotation it names the line where that row begins
            raise fault("syntax", format="CSV", reason=str(error)).on((line, 1)) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _header_findings(header: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[Finding]:
    column = 1
    seen: set[str] = set()
    for i, name in enumerate(header):
        place = 1, column
        if not name and any(cells[i : i + 1] > [""] for _, cells in rows):
            reason = f"column {i + 1} has values and no name. Write a key in the first line"
            yield found("csv-row", reason=reason).on(place)
        elif name and name in seen:
            yield found("given-twice", key=name, first="").on(place)
        elif name in CSV_NEVER:
            reason = f'the column "{name}" does not fit into a cell. Write these windows in YAML, TOML or JSON'
            yield found("csv-row", reason=reason).on(place)
        elif name and name not in _KEYS:
            yield found("unknown-key", key=name, hint=did_you_mean(name, _KEYS)).on(place)
        seen.add(name)
        column += len(name) + 1


def _window(header: list[str], cells: list[str]) -> tuple[dict[str, object], list[str]]:
    """A window, and what is wrong with its cells."""
    window: dict[str, object] = {}
    wrong: list[str] = []
    for name, cell in zip(header, cells, strict=True):
        if cell.strip() and name in _KEYS and name not in CSV_NEVER:
            value, reasons = _value(name, cell)
            wrong += reasons
            if value is not None:
                window[name] = value
    return window, wrong


def _value(name: str, cell: str) -> tuple[object, list[str]]:
    """The value of a cell, and what is wrong with it."""
    items = [item.strip() for item in cell.split(";") if item.strip()]
    if name in ("systems", "services") and "," in cell:  # no id has a comma
        return None, [f"{name} {shown(cell)} has a comma. Separate the items of a list with ; as in login;payments"]
    if name in CSV_LISTS:
        return items, []
    if name != "channels":
        return cell.strip(), []
    pairs = [item.partition("=") for item in items]
    channels = {channel.strip(): state.strip() for channel, _, state in pairs}
    wrong = [f"channels {shown(cell)} names a channel twice"] if len(channels) < len(pairs) else []
    if not all(sign for _, sign, _ in pairs):
        wrong.append(f"channels {shown(cell)} does not have the form online=unavailable;telephone=unaffected")
    return channels, wrong
