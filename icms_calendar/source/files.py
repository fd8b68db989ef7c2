"""Records from files: a file or folder of YAML, TOML, JSON and CSV to a calendar, or everything that is wrong with it.

formats.py reads the formats; examine.py reports wrong records; model.py defines what a record may contain.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from icms_calendar.catalogue import Severity
from icms_calendar.fetch import MAX_BYTES, STANDARD_INPUT
from icms_calendar.findings import CalendarError, Finding, Gathered, SourceError, found
from icms_calendar.record.checks import question_findings
from icms_calendar.record.model import PART, MaintenanceCalendar, WindowsFile
from icms_calendar.record.plausibility import findings_at
from icms_calendar.record.recurrence import Expansion, expand, horizon_of
from icms_calendar.record.words import listed
from icms_calendar.source.formats import PARSERS, Document

STATUS_PATH = "status.json"  # the manifest of a site: its `files` are the paths that are ours
LOCK_NAME = ".icms-calendar.lock"  # in one of our sites while it is written
SITE_MARK = '"generator": "icms-calendar"'  # in the status.json of our sites


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking a source: its calendar, if it has one; the findings; and the files of other tools."""

    calendar: MaintenanceCalendar | None = None
    findings: tuple[Finding, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A calendar, and the places of its records."""

    calendar: MaintenanceCalendar
    name: str
    _standing: tuple[Document, ...] = ()  # from standard input, which cannot be read again
    warnings: tuple[Finding, ...] = ()

    def placed(self, findings: Sequence[Finding], chosen: MaintenanceCalendar | None = None) -> tuple[Finding, ...]:
        """The findings, with file, line and column for what the records say; the files are read again only for these.

        `chosen` is the part of the calendar that they are about, if not all of it.
        """
        if not any(finding.path for finding in findings):
            return tuple(findings)
        documents = list(self._standing) or _documents(self.name)[0]
        numbers = {window.id: number for number, window in enumerate(self.calendar.windows)}

        def place(finding: Finding) -> Finding:
            kind, *rest = finding.path or ("",)
            if kind != "windows" or not rest:
                return _placed(finding, documents) if rest else finding
            number = numbers[chosen.windows[int(rest[0])].id] if chosen else int(rest[0])
            return _placed(finding.at(kind, number, *rest[1:]), documents)

        return tuple(map(place, findings))


def open_source(source: str | PathLike[str], data: bytes | None = None) -> Opened:
    """The calendar of a file, a folder or standard input (`-`), and the places of its records.

    `data` is what was already read from standard input or a pipe. Raises SourceError with every finding of every file;
    nothing is corrected or left out. What is only doubtful is in `warnings`.
    """
    documents, findings = _documents(source, data)
    calendar = _made_of(documents, findings)
    standing = tuple(documents) if data is not None or str(source) == STANDARD_INPUT else ()
    return Opened(calendar, str(source), standing, _warnings(documents, findings))


def load(source: str | PathLike[str] | bytes | IO[bytes] | IO[str]) -> MaintenanceCalendar:
    """The calendar of a file, a folder, standard input (`-`), bytes or an open file.

    Raises SourceError with every finding of every file; nothing is corrected or left out.
    """
    if isinstance(source, (str, PathLike)):
        return open_source(source).calendar
    if isinstance(source, bytes):
        return open_source("<bytes>", source).calendar
    if not hasattr(source, "read"):
        raise TypeError(f"source is a path, bytes or an open file, not {type(source).__name__}")
    data = source.read()
    name = getattr(source, "name", None)
    return open_source(
        name if isinstance(name, str) else "<file>", data.encode() if isinstance(data, str) else data
    ).calendar


def load_answered(source: str | PathLike[str], data: bytes | None = None) -> MaintenanceCalendar:
    """The calendar of a source without open questions; `data` as with `open_source`.

    Raises SourceError like `load`, and for each question (`open-question`) with its file and line.
    """
    opened = open_source(source, data)
    questions = tuple(question_findings(opened.calendar))
    if questions:
        raise SourceError(opened.placed(questions))
    return opened.calendar


def check(
    source: str | PathLike[str],
    now: datetime,
    data: bytes | None = None,
    also: Callable[[MaintenanceCalendar, datetime], Iterable[Finding]] = lambda *_: (),
) -> Checked:
    """Everything that is wrong with a source, occurrences as of `now` included."""
    try:
        documents, findings = _documents(source, data)
        calendar = _made_of(documents, findings)
    except CalendarError as error:
        return Checked(findings=error.findings)
    told = Gathered()
    told.add_all(_warnings(documents, findings), None)
    told.add_all(_found_at(calendar, now, also), None, lambda finding: _placed(finding, documents))
    skipped = tuple(document.name for document in documents if document.is_skipped)
    return Checked(calendar, tuple(sorted(told.findings(), key=_by_place)), skipped)


def _found_at(
    calendar: MaintenanceCalendar, now: datetime, also: Callable[[MaintenanceCalendar, datetime], Iterable[Finding]]
) -> Iterator[Finding]:
    """What is wrong with a whole calendar. A window that cannot be laid out hides nothing about the others."""
    try:
        expansion = expand(calendar, horizon_of(calendar, now))
    except CalendarError as error:
        yield from (*error.findings, *findings_at(calendar, Expansion(()), now))
        return
    yield from findings_at(calendar, expansion, now)
    yield from also(calendar, now)


def _warnings(documents: Iterable[Document], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is doubtful about files: those that are not read, and what YAML drops of the others."""
    dropped = (
        each for document in documents if not document.is_skipped for each in document.findings(Severity.WARNING)
    )
    return (*(finding for finding in findings if finding.severity is Severity.WARNING), *dropped)


def _made_of(documents: list[Document], findings: list[Finding]) -> MaintenanceCalendar:
    complete = all(finding.severity is Severity.WARNING for finding in findings)
    if complete:
        with suppress(ValidationError, CalendarError):  # then the slow search for everything that is wrong is worth it
            return _calendar(documents)
    from icms_calendar.source.examine import examine

    wrong = examine(documents, complete=complete)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    raise SourceError(sorted([*errors, *wrong, *_warnings(documents, findings)], key=_by_place))


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
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        data = ordinary_file(folder / STATUS_PATH)
        files = json.loads(data)["files"]
        if SITE_MARK.encode() in data and isinstance(files, dict):
            return {STATUS_PATH, *files}
    return set()


def announced_in(lock: bytes) -> set[str]:
    """The paths that builds were about to write, from the lines of their lock file."""
    announced: set[str] = set()
    for line in lock.split(b"\n"):
        with suppress(ValueError, TypeError, RecursionError):
            announced |= {path for path in json.loads(line) if isinstance(path, str)}
    return announced


def _records_in_site(folder: Path) -> list[str]:
    """The files in the folder of a site that may be records and that no build made."""
    made = manifest_of(folder)
    with suppress(OSError):
        made |= announced_in(ordinary_file(folder / LOCK_NAME))
    with suppress(OSError):
        names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() in PARSERS)
        return [name for name in names if name not in made and not name.startswith((".", "_"))]
    return []


def ordinary_file(path: Path) -> bytes:
    """The bytes of a regular file; it never waits for a pipe. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is not a file")
    return path.read_bytes()


def is_built(folder: Path) -> bool:
    """Whether a folder holds the status.json of one of our sites."""
    with suppress(OSError):
        return SITE_MARK.encode() in ordinary_file(folder / STATUS_PATH)[:4096]
    return False


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
            document.is_skipped = document.is_of_another_tool
            if not document.is_skipped:
                raise
    given = {name: getattr(calendar, name) for name in calendar.model_fields_set}
    return MaintenanceCalendar(**{**given, "windows": windows})


def _placed(finding: Finding, documents: list[Document]) -> Finding:
    """The finding with its file and line: of the window with a number, or of a key of the calendar."""
    if finding.path[:1] != ("windows",):
        return documents[0].placed(finding) if finding.path else replace(finding, file=documents[0].name)
    number = int(finding.path[1])
    for document in documents:
        data = document.parsed().data
        own = len(data.get("windows") or ()) if isinstance(data, dict) else 0
        if number < own:
            return document.placed(finding.at("windows", number, *finding.path[2:]))
        number -= own
    return finding


def _documents(source: str | PathLike[str], data: bytes | None = None) -> tuple[list[Document], list[Finding]]:
    """The files of a source, the calendar's own first, and findings for those that could not be read."""
    path = Path(source)
    if data is not None or str(source) == STANDARD_INPUT:
        name = "<stdin>" if str(source) == STANDARD_INPUT else str(source)
        try:
            return [_document_of(name, _standard_input() if data is None else data)], []
        except OSError as error:
            return [], [_unreadable(name, error)]
        except CalendarError as error:
            return [], list(error.in_file(name).findings)
    if not os.path.isdir(path):
        if path.suffix.lower() == ".csv" and path.is_file():
            hint = ". A CSV file has windows only: name the folder that holds both"
            raise SourceError([replace(found("no-calendar-file", hint=hint), file=str(source))])
        return _read([path], path)
    findings: list[Finding] = []
    files: list[Path] = []
    for entry in _walk(path, {os.path.realpath(path)}):
        (findings if isinstance(entry, Finding) else files).append(entry)  # type: ignore[arg-type]
    calendars = [file for file in files if file.parent == path and _is_head(file)]
    if not files and all(finding.severity is Severity.WARNING for finding in findings):
        return [], [*findings, replace(found("empty-source"), file=str(source))]
    if not calendars:  # other findings would be about records that are not part of a calendar
        below = sorted({str(file.parent) for file in files if _is_head(file)})
        hint = f". One is in {listed(below[:3])}: name that folder" if below else ""
        raise SourceError([*findings, replace(found("no-calendar-file", hint=hint), file=str(source))])
    findings += (replace(found("two-calendar-files", first=calendars[0]), file=str(file)) for file in calendars[1:])
    others = [file for file in files if file not in calendars]
    documents, unread = _read([*calendars[:1], *others], calendars[0] if calendars else None)
    return documents, findings + unread


def _is_head(file: Path) -> bool:
    """Whether it is a calendar's own file."""
    return file.stem == "calendar" and file.suffix.lower() != ".csv"


def _walk(folder: Path, read: set[str]) -> Iterator[Path | Finding]:
    """The files of records in a folder, at any depth, in sorted order; each folder is read once."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if os.path.isdir(entry):
            real = os.path.realpath(entry)
            if real in read:
                yield replace(found("folder-loop", target=real), file=str(entry))
            elif not is_site(entry):
                read.add(real)
                yield from _walk(entry, read)
            elif unread := _records_in_site(entry):
                yield replace(found("records-in-site", files=listed(unread[:3])), file=str(entry))
        elif entry.suffix.lower() in PARSERS:
            yield entry
        elif remedy := _remedy_for(entry):
            yield replace(found("unread-file", remedy=remedy), file=str(entry))


_TABLES = frozenset({".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv"})
_FEEDS = frozenset({".ics", ".ical", ".ifb"})
_COPIES = frozenset({".txt", ".rtf", ".docx", ".html"})  # that editors put behind the name of a file


def _remedy_for(file: Path) -> str:
    """What to do with a file that was probably meant as records and is not read; empty for any other."""
    suffix = file.suffix.lower()
    if suffix in _TABLES:
        return "Save it as CSV (UTF-8)"
    if suffix in _FEEDS:
        return f"Import it: icms-calendar import {file.name} --windows -o {file.stem}.yaml"
    if suffix in _COPIES and Path(file.stem).suffix.lower() in PARSERS:
        return f"Save it as plain text under the name {file.stem}"
    return ""


def _read(paths: Iterable[Path], calendar: Path | None) -> tuple[list[Document], list[Finding]]:
    documents: list[Document] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            documents.append(Document(str(path), path.suffix.lower(), _bytes_of(path), path == calendar))
        except OSError as error:
            findings.append(_unreadable(path, error))
        except CalendarError as error:
            findings += error.in_file(str(path)).findings
    return documents, findings


def _document_of(name: str, data: bytes) -> Document:
    """A document of bytes: in the format that its name says, otherwise JSON if it begins like it, otherwise YAML."""
    suffix = Path(name).suffix.lower()
    if suffix not in PARSERS:
        suffix = ".json" if data.lstrip()[:1] == b"{" else ".yaml"
    return Document(name, suffix, data, is_calendar=True)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise CalendarError([found("unreadable", reason="standard input is closed")])
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    _refuse_large(len(data))
    return data


def _bytes_of(path: Path) -> bytes:
    kind = path.stat()
    if not stat.S_ISREG(kind.st_mode):
        raise CalendarError([found("unreadable", reason="it is not a regular file")])
    if path.suffix.lower() not in PARSERS:
        raise CalendarError([found("unknown-format")])
    _refuse_large(kind.st_size)
    return path.read_bytes()


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        mebibytes = f"{size / 2**20:.0f}" if size != MAX_BYTES + 1 else f"more than {MAX_BYTES // 2**20}"
        raise CalendarError([found("file-too-large", size=mebibytes, limit=MAX_BYTES // 2**20)])


def _unreadable(path: Path | str, error: OSError) -> Finding:
    return replace(found("unreadable", reason=(error.strerror or str(error)).lower()), file=str(path))


def _by_place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.file or "", finding.line or 0, finding.column or 0, finding.code
