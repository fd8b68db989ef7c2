"""A reading of a notice as records with open questions, as YAML with the evidence in comments; and as JSON.

What is read is decided in read.py. Nothing is made up: ids are proposed, the source is left to the person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from icms_calendar.findings import Finding, Path, as_table, found
from icms_calendar.notice.reading import DraftWindow, Evidence, NoticeReading
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.source.write import yaml_text

MAX_QUOTED_CHARACTERS = 4000
_SHORT_NAME = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,15})\)$")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HEAD = "# Draft: compare every line with the notice, answer the questions and delete them.\n"
_TEXTS = ("reason", "fallback", "reference", "contact")


def draft_yaml(reading: NoticeReading, calendar: MaintenanceCalendar | None = None) -> str:
    """The windows as a file of records; each value has the words that it comes from behind it.

    Ids are proposed, and differ from those of `calendar`.
    """
    records: list[dict[str, object]] = []
    comments: dict[Path, str] = {}
    used = {window.id for window in calendar.windows} if calendar else set()
    for i, window in enumerate(reading.windows):
        record, said = _record(reading, window, used)
        records.append(record)
        comments |= {("windows", i, key): text for key, text in said.items() if text}
    return _HEAD + yaml_text({"windows": records}, comments) if records else ""


def draft_json(reading: NoticeReading) -> str:
    """The whole reading as JSON: windows, facts, findings, and the role of every day, time, zone and length."""
    table = {
        "windows": [_as_table(window) for window in reading.windows],
        **{name: list(values) for name, values in reading.facts.items() if name != "system"},
        "terms": [{"words": words, "role": role} for words, role in reading.terms],
        "findings": [as_table(finding) for finding in reading.findings],
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def existing_in(reading: NoticeReading, calendar: MaintenanceCalendar) -> tuple[Finding, ...]:
    """A warning for each drafted window that overlaps one of the same system in the calendar."""
    findings = []
    for number, window in enumerate(reading.windows, 1):
        for other in calendar.windows:
            start, end = other.span(calendar.zone_of(other))
            mine = window.system is None or window.system in other.system_ids
            if mine and window.start and window.end and start < window.end and window.start < end:
                findings.append(found("window-exists", number=number, id=other.id))
                break
    return tuple(findings)


def _record(reading: NoticeReading, window: DraftWindow, used: set[str]) -> tuple[dict[str, object], dict[str, str]]:
    """The keys of one window, and the words that each comes from."""
    facts, said = reading.facts, {key: _in_words(evidence) for key, evidence in window.evidence.items()}
    day = window.start or window.end
    systems = facts.get("system", ())
    slug = _slug(systems[0]) if systems else "window"
    record: dict[str, object] = {"id": _unused(f"{slug}-{day:%Y-%m-%d}" if day else slug, used)}
    if not systems:
        record["system"] = "unnamed"
        said["system"] = "the notice names no system"
    else:
        record |= {"system": slug} if len(systems) == 1 else {"systems": [_slug(name) for name in systems]}
        said["systems"] = said.get("system", "")
    record |= _times(window)
    if window.timezone:
        record["timezone"] = window.timezone
    record["status"] = window.status
    if services := facts.get("services"):
        record["services"] = [_slug(name) for name in services]
    for name in _TEXTS:
        if name in facts:
            record[name] = facts[name][0]
    if audience := facts.get("audience"):
        record["audience"] = list(audience)
    if reading.published:
        record["announced"] = reading.published.isoformat()
    record["questions"] = [question.text for question in window.questions]
    record["notice"] = _quoted(reading.text)
    return record, said | {"id": "proposed"}


def _times(window: DraftWindow) -> dict[str, object]:
    """Start and end with their offsets; whole days as dates."""
    times: dict[str, object] = {}
    for name, when in (("start", window.start), ("end", window.end)):
        if when is not None and window.all_day:
            day = when.date() if name == "start" else (when - timedelta(days=1)).date()
            times[name] = day.isoformat()
        elif when is not None:
            times[name] = when.isoformat(timespec="seconds" if when.second else "minutes")
    return times | ({"all_day": True} if window.all_day else {})


def _in_words(evidence: Evidence) -> str:
    """`"4 am", at 17`; behind it, how the value follows from the words if they do not state it."""
    quote = f'"{evidence.quote}", at {evidence.offset}' if evidence.quote else ""
    how = {"stated": "", "inferred": f"inferred from {evidence.of}", "defaulted": f"default: {evidence.of}"}[
        evidence.how
    ]
    return "; ".join(filter(None, (quote, how)))


def _slug(name: str) -> str:
    """An id by a name: the short one in brackets, if there is one."""
    short = _SHORT_NAME.search(name)
    slug = re.sub(r"[^a-z0-9]+", "-", (short[1] if short else name).lower()).strip("-")[:40].strip("-") or "unnamed"
    return slug if is_file_name(slug, "system") else f"system-{slug}"


def _unused(id_: str, used: set[str]) -> str:
    number, free = 1, id_
    while free in used:
        number += 1
        free = f"{id_}-{number}"
    used.add(free)
    return free


def _quoted(text: str) -> str:
    """The notice as it was written, as far as a record can hold it."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n")).strip()
    return text if len(text) <= MAX_QUOTED_CHARACTERS else text[:MAX_QUOTED_CHARACTERS].rstrip() + " …"


def _as_table(window: DraftWindow) -> Mapping[str, object]:
    return {
        "start": window.start.isoformat() if window.start else None,
        "end": window.end.isoformat() if window.end else None,
        "timezone": window.timezone,
        "all_day": window.all_day,
        "system": window.system,
        "status": window.status,
        "questions": [
            _without_empty({"kind": q.name, "text": q.text, "quote": q.quote, "offset": q.offset})
            for q in window.questions
        ],
        "evidence": {
            name: _without_empty({"quote": e.quote, "offset": e.offset, "how": e.how, "of": e.of})
            for name, e in window.evidence.items()
        },
    }


def _without_empty(table: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in table.items() if value != ""}
