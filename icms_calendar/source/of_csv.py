"""A file of CSV to windows: RFC 4180 as Excel writes it, with the place of every cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

from icms_calendar.findings import Finding, Path, did_you_mean, found, shown
from icms_calendar.record.model import MaintenanceWindow
from icms_calendar.source.parsed import Parsed, Place, nowhere, placed

CSV_LISTS = frozenset({"systems", "services", "audience", "tags"})
CSV_NEVER = frozenset({"repeat", "maintnote", "revision", "questions"})  # tables, which a cell cannot hold


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
        return Parsed(None, nowhere)
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


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:  # for an unclosed quotation it names the line where that row begins
            raise placed(found("syntax", format="CSV", reason=str(error)), (line, 1)) from None
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
            if name in ("systems", "services") and "," in cell:  # no id has a comma
                reason = f"{name} {shown(cell)} has a comma. Separate the items of a list with ; as in login;payments"
                findings.append(found("csv-row", reason=reason))
                del window[name]
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
