"""Everything that is wrong with files of records, each with its line and column.

A record with an error is examined again without the wrong value, so that its other errors are also found; a record
that was examined in this way is never published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from icms_calendar.findings import CalendarError, Finding, Path, did_you_mean, few_of_each, found, shown
from icms_calendar.record.fields import with_values
from icms_calendar.record.model import PART, MaintenanceCalendar, MaintenanceWindow, inconsistencies
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


@dataclass(slots=True)
class _Look:
    """A record as far as it could be made, what is wrong with it, and the keys whose values were left out."""

    document: Document
    path: Path
    record: Any = None
    findings: list[Finding] = field(default_factory=list)
    suspects: set[str] = field(default_factory=set)


def examine(documents: Iterable[Document], *, complete: bool) -> list[Finding]:
    """Every finding in the documents, with its place; unless `complete`, some files could not be opened."""
    by_name = {document.name: document for document in documents}
    findings = few_of_each(_found(by_name.values(), complete=complete))
    return [each if (document := by_name[str(each.file)]).is_skipped else document.placed(each) for each in findings]


def _found(documents: Iterable[Document], *, complete: bool) -> Iterator[Finding]:
    """Every finding with its file and its path there; it has a line already if the parser found it."""
    looks: list[_Look] = []
    for document in documents:
        try:
            document.is_skipped = document.is_of_another_tool()
        except CalendarError as error:
            yield from error.findings
            document.is_skipped, complete = True, False
        if not document.is_skipped:
            complete = complete and not document.is_broken
            yield from document.parsed.findings
            yield from (replace(finding, file=document.name) for finding in _of_data(document, looks))
    if looks and isinstance(looks[0].record, MaintenanceCalendar):
        yield from _together(looks[0], looks[1:], complete=complete)


def _of_data(document: Document, looks: list[_Look]) -> Iterator[Finding]:
    """What is wrong with the values in a file; each of its records is added to `looks`, the calendar's first."""
    data = document.parsed.data
    if data is None or data == {}:
        yield found("empty-source")
        return
    if not isinstance(data, dict):
        yield found("wrong-type", read=shown(data), expected="a table of keys")
        return
    rest = {key: value for key, value in data.items() if key != "windows"}
    windows = data.get("windows", [])
    if document.is_calendar:
        looks.append(_look(MaintenanceCalendar, rest, document, ()))
        yield from looks[-1].findings
    else:
        yield from _misplaced(rest)
        if "windows" not in data:
            yield found("missing-key", key="windows", remedy="")
    if not isinstance(windows, list):
        yield found("wrong-type", ("windows",), read=shown(windows), expected="a list of windows")
        return
    for i, window in enumerate(windows):
        looks.append(_look(MaintenanceWindow, window, document, ("windows", i)))
        yield from looks[-1].findings


def _look(kind: type[BaseModel], data: object, document: Document, path: Path) -> _Look:
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
            mark = (finding.code, finding.path, finding.message)
            if mark not in known and not look.suspects.intersection(finding.path[:1]):
                known.add(mark)
                look.findings.append(finding.below(*path))
        if not isinstance(data, dict):
            break
        look.suspects.update(str(finding.path[0]) for finding in new if finding.path)
        if kind is MaintenanceWindow:
            look.suspects.update(*(_TOGETHER.get(key, ()) for key in list(look.suspects)))
        mended = _without(look.suspects, data, _STAND_INS[kind])
    return look


def _without(suspects: set[str], data: dict[str, object], stand_ins: dict[str, object]) -> dict[str, object]:
    kept = {key: value for key, value in data.items() if key not in suspects}
    return kept | {key: value for key, value in stand_ins.items() if key in suspects}


def _misplaced(rest: dict[str, object]) -> Iterator[Finding]:
    for key in rest:
        own = key in MaintenanceCalendar.model_fields
        hint = " It belongs in the calendar file" if own else did_you_mean(key, ["windows"])
        yield found("unknown-key", (key,), key=key, hint=hint)


def _together(head: _Look, windows: list[_Look], *, complete: bool) -> Iterator[Finding]:
    """What does not fit together, except what follows from an error that is already reported."""
    looks = [look for look in windows if look.record is not None]
    first = {look.record.id: look for look in reversed(looks)}
    doubtful = _doubtful(head, windows, complete=complete)
    calendar = with_values(head.record, {"windows": tuple(look.record for look in looks)})
    for finding in inconsistencies(calendar):
        if finding.rule.name in ("unknown-id", "ambiguous-service") and finding.path[2] in doubtful:
            continue
        if finding.path[0] != "windows":
            yield replace(finding, file=head.document.name)
            continue
        look = looks[int(finding.path[1])]
        if not _follows(finding, look, head):
            own = finding.at(*look.path, *finding.path[2:])
            yield replace(_with_first(own, first[look.record.id]), file=look.document.name)


def _doubtful(head: _Look, windows: list[_Look], *, complete: bool) -> set[str]:
    """The keys whose ids cannot be judged because a record could not be made, or only in part."""
    doubtful = {"system", "systems", "service", "services"} if "systems" in head.suspects else set()
    if not complete or any(look.record is None or "id" in look.suspects for look in windows):
        doubtful.add("replaces")
    return doubtful


def _follows(finding: Finding, look: _Look, head: _Look) -> bool:
    """Whether a finding about a window follows from a value that was left out of it or of the calendar."""
    key = str(finding.path[2])
    zone_of = head if look.record.timezone is None else look
    has_no_zone = "timezone" in look.suspects | zone_of.suspects
    return (
        key in look.suspects
        or (key == "uid" and "id" in look.suspects)
        or (has_no_zone and finding.code.startswith("ICM1"))
    )


def _with_first(finding: Finding, first: _Look) -> Finding:
    """For an id that is given twice, its first place: by file and line, not by number."""
    if finding.rule.name != "duplicate-id" or finding.path[-1] != "id":
        return finding
    place = first.document.placed(finding.at(*first.path, "id"))
    where = f", first in {place.file}" + (f":{place.line}" if place.line else "")
    return found("duplicate-id", finding.path, kind="window", id=first.record.id, first=where)
