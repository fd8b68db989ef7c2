"""Records from files: a file or folder of YAML, TOML, JSON and CSV to a calendar, or everything that is wrong with it.

formats.py reads the formats; examine.py reports wrong records; model.py defines what a record may contain.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from icms_calendar.findings import CalendarError, Finding, SourceError, few_of_each, found
from icms_calendar.local import STANDARD_INPUT, STANDARD_INPUT_NAME, UnreachableError, read_file, read_standard_input
from icms_calendar.record.checks import question_findings
from icms_calendar.record.model import PART, MaintenanceCalendar, WindowsFile
from icms_calendar.record.plausibility import findings_at
from icms_calendar.record.recurrence import Expansion, expand, horizon_of
from icms_calendar.record.words import listed
from icms_calendar.source.formats import PARSERS, Document, has_error

STATUS_PATH = "status.json"  # the manifest of a site: its `files` are the paths that are ours
LOCK_NAME = ".icms-calendar.lock"  # in one of our sites while it is written
SITE_MARK = '"generator": "icms-calendar"'  # in the status.json of our sites


@dataclass(frozen=True, slots=True)
class Opened:
    """A calendar, the files of its records, and the findings about them."""

    calendar: MaintenanceCalendar
    documents: list[Document]
    findings: tuple[Finding, ...] = ()

    @property
    def skipped(self) -> tuple[str, ...]:
        """The files of other tools."""
        return tuple(document.name for document in self.documents if document.is_skipped)

    def answered(self) -> MaintenanceCalendar:
        """The calendar. Raises SourceError for each open question (`open-question`) with its file and line."""
        if questions := tuple(question_findings(self.calendar)):
            raise SourceError(self.placed(questions))
        return self.calendar

    def placed(self, findings: Iterable[Finding], chosen: MaintenanceCalendar | None = None) -> tuple[Finding, ...]:
        """The findings, with file, line and column for what the records say.

        `chosen` is the part of the calendar that they are about, if not all of it.
        """
        if chosen:
            number = {window.id: i for i, window in enumerate(self.calendar.windows)}
            own = [number[window.id] for window in chosen.windows]
            findings = [f.at("windows", own[int(f.path[1])], *f.path[2:]) if _in_window(f) else f for f in findings]
        return tuple(self._placed(finding) if len(finding.path) > 1 else finding for finding in findings)

    def _placed(self, finding: Finding) -> Finding:
        if not _in_window(finding):
            return self.documents[0].placed(finding)
        number = int(finding.path[1])
        for document in self.documents:
            data = document.parsed.data
            own = len(data.get("windows") or ()) if isinstance(data, dict) else 0
            if number < own:
                return document.placed(finding.at("windows", number, *finding.path[2:]))
            number -= own
        return finding


def _in_window(finding: Finding) -> bool:
    return finding.path[:1] == ("windows",) and len(finding.path) > 1


def open_source(source: str | PathLike[str], data: bytes | None = None) -> Opened:
    """The calendar of a file, a folder or standard input (`-`), and the places of its records.

    `data` is what was already read from standard input or a pipe. Raises SourceError with every finding of every file;
    nothing is corrected or left out. What is only doubtful is in `findings`.
    """
    opened = _opened(source, data)
    for document in opened.documents:
        del document.parsed  # is parsed again if somebody asks: its bytes are a small part of what they hold
    return opened


def _opened(source: str | PathLike[str], data: bytes | None) -> Opened:
    documents, findings = _documents(source, data)
    complete = not has_error(findings)
    if complete:
        with suppress(ValidationError, CalendarError):  # then the slow search for everything that is wrong is worth it
            calendar = _calendar(documents)
            dropped = (each for document in documents if not document.is_skipped for each in document.parsed.findings)
            return Opened(calendar, documents, (*findings, *dropped))
    from icms_calendar.source.examine import examine

    raise SourceError(sorted([*findings, *examine(documents, complete=complete)], key=_by_place))


def load(source: str | PathLike[str] | bytes | IO[bytes] | IO[str]) -> MaintenanceCalendar:
    """The calendar of a file, a folder, standard input (`-`), bytes or an open file.

    Raises SourceError with every finding of every file; nothing is corrected or left out.
    """
    if isinstance(source, (str, PathLike)):
        return open_source(source).calendar
    name = "<bytes>"
    if not isinstance(source, bytes):
        if not hasattr(source, "read"):
            raise TypeError(f"source is a path, bytes or an open file, not {type(source).__name__}")
        name = source.name if isinstance(getattr(source, "name", None), str) else "<file>"
        data = source.read()
        source = data.encode() if isinstance(data, str) else data
    return open_source(name, source).calendar


def check(source: str | PathLike[str], now: datetime, data: bytes | None = None) -> Opened:
    """A source with everything that is wrong with it, occurrences as of `now` included.

    Raises SourceError like `open_source`; `data` is as there.
    """
    opened = _opened(source, data)
    few = few_of_each((*opened.findings, *_found_at(opened.calendar, now)))
    head = opened.documents[0]
    placed = (head.placed(each) if len(each.path) == 1 else replace(each, file=each.file or head.name) for each in few)
    return replace(opened, findings=tuple(sorted(opened.placed(placed), key=_by_place)))


def _found_at(calendar: MaintenanceCalendar, now: datetime) -> Iterator[Finding]:
    """What is wrong with a whole calendar. A window that cannot be laid out hides nothing about the others."""
    if calendar.url is None:
        yield found("no-url", ("url",))
    try:
        expansion = expand(calendar, horizon_of(calendar, now))
    except CalendarError as error:
        yield from error.findings
        expansion = Expansion(())
    yield from findings_at(calendar, expansion, now)


def fingerprint(source: str | PathLike[str]) -> tuple[object, ...]:
    """A value that differs when a file that `load` reads has changed, appeared or gone; no file is read."""
    path = Path(source)
    entries = _walk(path, {os.path.realpath(path)}) if os.path.isdir(path) else iter([path])
    return tuple(str(entry) if isinstance(entry, Finding) else trace_of(entry) for entry in entries)


def trace_of(path: Path) -> tuple[object, ...]:
    """A value that differs when a file has changed, appeared or gone."""
    try:
        now = path.stat()
    except OSError as error:
        return str(path), error.errno
    # Times alone are not enough: an editor that replaces a file may keep them.
    return str(path), now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


def is_site(folder: Path) -> bool:
    """Whether a folder holds one of our sites, finished or being built."""
    return (folder / LOCK_NAME).exists() or is_built(folder)


def manifest_of(folder: Path) -> set[str]:
    """The paths that a site's manifest lists, whoever wrote it."""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        files = json.loads(_status_of(folder))["files"]
        if isinstance(files, dict):
            return {STATUS_PATH, *files}
    return set()


def announced_in(lock: bytes) -> set[str]:
    """The paths that builds were about to write, from the lines of their lock file."""
    announced: set[str] = set()
    for line in lock.split(b"\n"):
        with suppress(ValueError, TypeError, RecursionError):
            announced |= {path for path in json.loads(line) if isinstance(path, str)}
    return announced


def is_built(folder: Path) -> bool:
    """Whether a folder holds the status.json of one of our sites."""
    return bool(_status_of(folder))


def _status_of(folder: Path) -> bytes:
    """The status.json of one of our sites; empty in any other folder."""
    with suppress(UnreachableError):
        data = read_file(folder / STATUS_PATH, only_regular=True)
        return data if SITE_MARK.encode() in data else b""
    return b""


def _calendar(documents: list[Document]) -> MaintenanceCalendar:
    first, *others = documents
    if not others:
        return first.validate(MaintenanceCalendar)
    calendar = first.validate(MaintenanceCalendar, context=PART)
    windows = list(calendar.windows)
    for document in others:
        try:
            windows += document.validate(WindowsFile).windows
        except (ValidationError, CalendarError):
            document.is_skipped = document.is_of_another_tool()
            if not document.is_skipped:
                raise
    return calendar.model_copy(update={"windows": windows})


def _documents(source: str | PathLike[str], data: bytes | None = None) -> tuple[list[Document], list[Finding]]:
    """The files of a source, the calendar's own first, and findings for those that could not be read."""
    path, name = Path(source), str(source)
    if name == STANDARD_INPUT:
        name, data = STANDARD_INPUT_NAME, read_standard_input() if data is None else data
    if data is not None:
        suffix = path.suffix.lower()
        if suffix not in PARSERS:
            suffix = ".json" if data.lstrip()[:1] == b"{" else ".yaml"
        return [Document(name, suffix, data)], []
    if os.path.isdir(path):
        return _in_folder(path)
    documents, findings = _read([path])
    if documents and path.suffix.lower() not in PARSERS:
        raise SourceError([found("unknown-format")]).in_file(name)
    if documents and path.suffix.lower() == ".csv":
        reason = f"{_NO_CALENDAR}. A CSV file has windows only: name the folder that holds both"
        raise SourceError([found("not-one-calendar-file", reason=reason)]).in_file(name)
    return documents, findings


def _in_folder(folder: Path) -> tuple[list[Document], list[Finding]]:
    entries = list(_walk(folder, {os.path.realpath(folder)}))
    findings = [entry for entry in entries if isinstance(entry, Finding)]
    files = [entry for entry in entries if isinstance(entry, Path)]
    heads = [file for file in files if file.stem == "calendar" and file.suffix.lower() != ".csv"]
    here = [file for file in heads if file.parent == folder]
    if not here:
        raise SourceError([replace(_why_no_calendar(files, heads, findings), file=str(folder)), *findings])
    second = found("not-one-calendar-file", reason=f"is a second calendar file beside {here[0]}. Keep one of them")
    findings += (replace(second, file=str(file)) for file in here[1:])
    documents, unread = _read([here[0], *sorted({*files} - {*here})])
    return documents, findings + unread


def _why_no_calendar(files: list[Path], heads: list[Path], findings: list[Finding]) -> Finding:
    """The one finding for a folder without a calendar file: others would be about records that are part of none."""
    if not files and not has_error(findings):
        return found("empty-source")
    below = sorted({str(file.parent) for file in heads})
    hint = f". One is in {listed(below[:3])}: name that folder" if below else ""
    return found("not-one-calendar-file", reason=f"{_NO_CALENDAR}{hint}")


_NO_CALENDAR = "has no calendar.yaml (or .toml, .json), which holds name, domain and timezone"


def _walk(folder: Path, read: set[str]) -> Iterator[Path | Finding]:
    """The files of records in a folder, at any depth, in sorted order; each folder is read once."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield replace(found("unreadable", reason=(error.strerror or str(error)).lower()), file=str(folder))
        return
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if os.path.isdir(entry):
            real = os.path.realpath(entry)
            if real in read:
                yield replace(found("folder-loop", target=real), file=str(entry))
            elif is_site(entry):
                yield from _in_site(entry)
            else:
                read.add(real)
                yield from _walk(entry, read)
        elif entry.suffix.lower() in PARSERS:
            yield entry
        elif remedy := _remedy_for(entry):
            yield replace(found("unread-file", remedy=remedy), file=str(entry))


def _in_site(folder: Path) -> Iterator[Finding]:
    """A finding if the folder of a site has files that may be records and that no build made."""
    made = manifest_of(folder)
    with suppress(UnreachableError):
        made |= announced_in(read_file(folder / LOCK_NAME, only_regular=True))
    with suppress(OSError):
        names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() in PARSERS)
        if unread := [name for name in names if name not in made and not name.startswith((".", "_"))]:
            yield replace(found("records-in-site", files=listed(unread[:3])), file=str(folder))


_REMEDIES = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv"), "Save it as CSV (UTF-8)"),
    **dict.fromkeys((".ics", ".ical", ".ifb"), "Import it: icms-calendar import {0.name} --windows -o {0.stem}.yaml"),
}
_COPIES = frozenset({".txt", ".rtf", ".docx", ".html"})  # that editors put behind the name of a file


def _remedy_for(file: Path) -> str:
    """What to do with a file that was probably meant as records and is not read; empty for any other."""
    suffix = file.suffix.lower()
    if suffix in _COPIES and Path(file.stem).suffix.lower() in PARSERS:
        return f"Save it as plain text under the name {file.stem}"
    return _REMEDIES.get(suffix, "").format(file)


def _read(paths: Iterable[Path]) -> tuple[list[Document], list[Finding]]:
    """The files at paths, of which the first is the calendar's own; and findings for those that could not be read."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for number, path in enumerate(paths):
        try:
            data = read_file(path, only_regular=True)
            documents.append(Document(str(path), path.suffix.lower(), data, is_calendar=number == 0))
        except UnreachableError as error:
            findings += error.of_source(str(path)).findings
    return documents, findings


def _by_place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.file or "", finding.line or 0, finding.column or 0, finding.code
