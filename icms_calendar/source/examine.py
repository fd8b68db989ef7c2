"""Everything that is wrong with files of records, each with its line and column.

A record with an error is examined again without the wrong value, so that its other errors are also found; a record
that was examined in this way is never published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from pydantic import BaseModel, ValidationError

from icms_calendar.catalogue import Severity
from icms_calendar.findings import CalendarError, Finding, Gathered, Path, did_you_mean, found, shown
from icms_calendar.record.model import PART, MaintenanceCalendar, MaintenanceWindow, inconsistencies
from icms_calendar.record.parts import with_values
from icms_calendar.record.validation import findings_of
from icms_calendar.source.formats import Document

# What cannot be judged after another value was left out.
_TOGETHER = {
    "all_day": ("start", "end", "duration"),
    "start": ("all_day", "end", "duration"),
    "end": ("duration",),
    "duration": ("end",),
    "system": ("systems",),
    "systems": ("system",),
}
_STAND_INS: dict[type[BaseModel], dict[str, object]] = {
    MaintenanceCalendar: {"name": "-", "domain": "example.org", "timezone": "UTC"},
    MaintenanceWindow: {"id": "-", "system": "-", "start": "2000-01-01 00:00", "duration": "1h"},
}


Placed = Callable[[Finding], Finding]  # the finding with its place in a file


@dataclass(slots=True)
class _Look:
    """A record as far as it could be made, and the keys whose values were left out."""

    document: Document
    path: Path
    record: BaseModel | None = None
    suspects: set[str] = field(default_factory=set)


def examine(documents: Iterable[Document], *, complete: bool) -> list[Finding]:
    """Every finding in the documents, with its place; unless `complete`, some files could not be opened."""
    findings = Gathered()
    head: _Look | None = None
    windows: list[_Look] = []
    for document in documents:
        try:
            data = document.parsed().data
        except CalendarError as error:
            findings.add_all(error.findings, document.name)
            complete = False
            continue
        document.is_skipped = document.is_of_another_tool
        if document.is_skipped:
            continue
        if broken := document.findings(Severity.ERROR):
            findings.add_all(broken, document.name)
            complete = False
        if data is None or data == {}:
            findings.add(replace(found("empty-source"), file=document.name), document.name)
        elif not isinstance(data, dict):
            finding = found("wrong-type", read=shown(data), expected="a table of keys")
            findings.add(finding, document.name, document.placed)
        else:
            rest = {key: value for key, value in data.items() if key != "windows"}
            if document.is_calendar:
                head = _look(MaintenanceCalendar, rest, document, (), findings)
            else:
                findings.add_all(_misplaced(rest), document.name, document.placed)
            windows += _look_at_windows(data, document, findings)
    if head is not None and head.record is not None:
        for finding, document, placed in _together(head, windows, complete=complete):
            findings.add(finding, document.name, placed)
    return findings.findings()


def _look_at_windows(data: dict[str, object], document: Document, findings: Gathered) -> Iterator[_Look]:
    given = data.get("windows")
    if given is None:
        if not document.is_calendar:
            findings.add(found("missing-key", key="windows"), document.name, document.placed)
        return
    if not isinstance(given, list):
        finding = found("wrong-type", ("windows",), read=shown(given), expected="a list of windows")
        findings.add(finding, document.name, document.placed)
        return
    for i, window in enumerate(given):
        yield _look(MaintenanceWindow, window, document, ("windows", i), findings)


def _look(kind: type[BaseModel], data: object, document: Document, path: Path, findings: Gathered) -> _Look:
    """Validate repeatedly, each time without what was wrong, until nothing new is found."""
    look = _Look(document, path)
    known: set[tuple[str, Path, str]] = set()
    mended = data
    for _ in range(8):
        try:
            look.record = kind.model_validate(mended, context=PART)
            break
        except ValidationError as error:
            new = findings_of(error, kind)
        for finding in new:
            key = str(finding.path[0]) if finding.path else ""
            mark = (finding.code, finding.path, finding.message)
            if mark not in known and key not in look.suspects:
                known.add(mark)
                findings.add(finding.below(*path), document.name, document.placed)
        if not isinstance(data, dict):
            break
        look.suspects |= {str(finding.path[0]) for finding in new if finding.path}
        if kind is MaintenanceWindow:
            look.suspects |= {also for cause, others in _TOGETHER.items() if cause in look.suspects for also in others}
        stand_ins = {k: v for k, v in _STAND_INS[kind].items() if k in look.suspects}
        mended = {k: v for k, v in data.items() if k not in look.suspects} | stand_ins
    return look


def _misplaced(rest: dict[str, object]) -> Iterator[Finding]:
    for key in rest:
        own = key in MaintenanceCalendar.model_fields
        hint = " It belongs in the calendar file" if own else did_you_mean(key, ["windows"])
        yield found("unknown-key", (key,), key=key, hint=hint)


def _together(head: _Look, windows: list[_Look], *, complete: bool) -> Iterator[tuple[Finding, Document, Placed]]:
    """What does not fit together, except what follows from an error that is already reported."""
    looks = [look for look in windows if isinstance(look.record, MaintenanceWindow)]
    records = tuple(look.record for look in looks)
    calendar: MaintenanceCalendar = with_values(head.record, {"windows": records})  # type: ignore[type-var, assignment]
    doubtful = set() if complete and len(looks) == len(windows) else {"unknown-window"}
    if any("id" in look.suspects for look in windows):
        doubtful |= {"unknown-window"}
    if "systems" in head.suspects:
        doubtful |= {"unknown-system", "unknown-service", "ambiguous-service"}
    for finding in inconsistencies(calendar):
        if finding.rule.name in doubtful:
            continue
        if finding.path[0] != "windows":
            yield finding, head.document, head.document.placed
            continue
        look = looks[int(finding.path[1])]
        key = str(finding.path[2])
        own_zone = look.record.timezone is not None  # type: ignore[union-attr]
        no_zone = "timezone" in look.suspects or ("timezone" in head.suspects and not own_zone)
        no_zone = no_zone and finding.code.startswith("ICM1")
        if key in look.suspects or no_zone or (key == "uid" and "id" in look.suspects):
            continue
        yield finding, look.document, partial(_placed_in, looks)


def _placed_in(looks: list[_Look], finding: Finding) -> Finding:
    look = looks[int(finding.path[1])]
    return look.document.placed(_with_first(finding, looks).at(*look.path, *finding.path[2:]))


def _with_first(finding: Finding, looks: list[_Look]) -> Finding:
    """For an id that is given twice, its first place: by file and line, not by number."""
    if finding.rule.name != "duplicate-id":
        return finding
    id_ = looks[int(finding.path[1])].record.id  # type: ignore[union-attr]
    first = next(look for look in looks if look.record.id == id_)  # type: ignore[union-attr]
    place = first.document.placed(finding.at(*first.path, "id"))
    where = f", first in {place.file}" + (f":{place.line}" if place.line else "")
    return found("duplicate-id", finding.path, kind="window", id=id_, first=where)
