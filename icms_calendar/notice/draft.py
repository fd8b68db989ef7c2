"""A reading of a notice as records to paste, with the evidence as comments; and as JSON.

What is read, and whether it is ready, is decided in read.py. What nobody said is not made up: ids are proposed, the
source is left to the person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from icms_calendar.findings import Path, as_table
from icms_calendar.notice.read import DraftWindow, Evidence, NoticeReading
from icms_calendar.record.checks import is_file_name
from icms_calendar.source.write import yaml_text

MAX_QUOTED_CHARACTERS = 4000
_STATUSES = {"cancelled": "cancelled", "completed": "completed"}
_SHORT_NAME = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,15})\)$")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def draft_yaml(reading: NoticeReading) -> str:
    """The windows as a file of records with comments; what is not ready, as comments altogether."""
    windows = reading.windows or reading.candidates
    if not windows:
        return "# Nothing is drafted from this notice.\n"
    records, comments = _records(reading, windows)
    text = yaml_text({"windows": records}, comments)
    text += "    # source: the http(s) address where it was announced\n"
    if reading.ready:
        return "# A draft: hold every line against the notice before you keep it.\n" + text
    head = "# Not ready: decide what the findings name, then take the marks away.\n"
    return head + re.sub(r"(?m)^", "# ", text.rstrip("\n")) + "\n"


def draft_json(reading: NoticeReading) -> str:
    """The whole reading as JSON: ready, status, windows, candidates, evidence, findings."""
    table = {
        "ready": reading.ready,
        "status": reading.status,
        "windows": [_window_as_table(window) for window in reading.windows],
        "candidates": [_window_as_table(window) for window in reading.candidates],
        **{name: list(values) for name, values in reading.facts.items() if name not in ("status", "system")},
        "evidence": {
            "windows": [_evidence_of(window) for window in reading.windows or reading.candidates],
            **{name: [_evidence_as_table(entry) for entry in entries] for name, entries in reading.evidence.items()},
        },
        "findings": [as_table(finding) for finding in reading.findings],
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _records(reading: NoticeReading, windows: Sequence[DraftWindow]) -> tuple[list[dict[str, object]], dict[Path, str]]:
    records: list[dict[str, object]] = []
    comments: dict[Path, str] = {}
    used: set[str] = set()
    for i, window in enumerate(windows):
        record, said = _record(reading, window, used)
        records.append(record)
        comments |= {("windows", i, key): text for key, text in said.items()}
    return records, comments


def _record(reading: NoticeReading, window: DraftWindow, used: set[str]) -> tuple[dict[str, object], dict[str, str]]:
    """The keys of one window, and the words that each comes from."""
    system = _slug(window.system or "")
    record: dict[str, object] = {"id": _unused(f"{system}-{window.start:%Y-%m-%d}", used), "system": system}
    said = {"id": "proposed", "system": _system_in_words(window)}
    for name in ("start", "end"):
        when = window.start if name == "start" else window.end
        record[name] = when.isoformat(timespec="seconds" if when.second else "minutes")
        said[name] = _in_words(window.evidence[name])
    if window.timezone:
        record["timezone"] = window.timezone
        said["timezone"] = _in_words(window.evidence["timezone"])
    record["status"] = _STATUSES.get(window.status, "confirmed")
    facts = reading.facts
    for name, values in (("status", ()), ("impact", facts.get("impact", ())), ("reason", facts.get("reason", ()))):
        if values:
            record[name] = values[0]
        if name in reading.evidence:
            said[name] = _in_words(reading.evidence[name][0])
    if "emergency" in facts:
        record["emergency"] = True
    if "audience" in facts:
        record["audience"] = list(facts["audience"])
    if "services" in facts:
        said["status"] = f"{said.get('status', '')} services: {'; '.join(facts['services'])}".strip()
    if reading.published:
        record["announced"] = reading.published.isoformat()
    record["notice"] = _quoted(reading.text)
    return record, said


def _system_in_words(window: DraftWindow) -> str:
    evidence = window.evidence.get("system")
    return f"proposed; {_in_words(evidence)}" if evidence else "the notice does not say of which system it is"


def _in_words(evidence: Evidence) -> str:
    """`"4 am", at 17`, `inferred from the day of the start`, `defaulted: --timezone Africa/Nairobi`."""
    quote = f'"{evidence.quote}", at {evidence.offset}' if evidence.quote else ""
    if evidence.how == "stated":
        return quote
    how = f"inferred from {evidence.of}" if evidence.how == "inferred" else f"defaulted: {evidence.of}"
    return f"{quote}; {how}" if quote else how


def _slug(name: str) -> str:
    """An id for a system by its name: the short one in brackets, where there is one."""
    short = _SHORT_NAME.search(name)
    slug = re.sub(r"[^a-z0-9]+", "-", (short[1] if short else name).lower()).strip("-")[:40].strip("-")
    slug = slug or "unnamed"
    return slug if is_file_name(slug, "system") else f"system-{slug}"


def _unused(id_: str, used: set[str]) -> str:
    number, free = 1, id_
    while free in used:
        number += 1
        free = f"{id_}-{number}"
    used.add(free)
    return free


def _quoted(text: str) -> str:
    """The words of the notice, as a record may hold them."""
    text = _CONTROL.sub(" ", text).strip()
    return text if len(text) <= MAX_QUOTED_CHARACTERS else text[:MAX_QUOTED_CHARACTERS].rstrip() + " …"


def _window_as_table(window: DraftWindow) -> dict[str, object]:
    return {
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "timezone": window.timezone,
        "system": window.system,
        "status": window.status,
    }


def _evidence_of(window: DraftWindow) -> dict[str, object]:
    return {name: _evidence_as_table(evidence) for name, evidence in window.evidence.items()}


def _evidence_as_table(evidence: Evidence) -> dict[str, object]:
    table = {"quote": evidence.quote, "offset": evidence.offset, "how": evidence.how, "of": evidence.of}
    return {key: value for key, value in table.items() if value != ""}
