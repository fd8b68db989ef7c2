"""A reading of a notice as records with open questions, as YAML with the evidence in comments; and as JSON.

What is read is decided in read.py. Nothing is made up: ids are proposed, the source is left to the person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count

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
    return json.dumps(table, default=datetime.isoformat, ensure_ascii=False, indent=1) + "\n"


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
    systems = [*map(_slug, facts.get("system", ()))] or ["unnamed"]
    said["systems"] = said.setdefault("system", "the notice names no system")
    record = {
        "id": _id(systems[0] if facts.get("system") else "window", window, used),
        **({"systems": systems} if len(systems) > 1 else {"system": systems[0]}),
        **_times(window),
        "timezone": window.timezone,
        "status": window.status,
        "services": [*map(_slug, facts.get("services", ()))],
        **{key: facts[key][0] for key in _TEXTS if key in facts},
        "audience": list(facts.get("audience", ())),
        "announced": reading.published and reading.published.isoformat(),
        "questions": [question.text for question in window.questions],
        "notice": _quoted(reading.text),
    }
    return {key: value for key, value in record.items() if value}, said | {"id": "proposed"}


def _id(slug: str, window: DraftWindow, used: set[str]) -> str:
    day = window.start or window.end
    name = f"{slug}-{day:%Y-%m-%d}" if day else slug
    id_ = next(id_ for i in count(1) if (id_ := name if i == 1 else f"{name}-{i}") not in used)
    used.add(id_)
    return id_


def _quoted(notice: str) -> str:
    text = _CONTROL.sub(" ", notice.replace("\r\n", "\n")).strip()
    return text[:MAX_QUOTED_CHARACTERS].rstrip() + " …" if len(text) > MAX_QUOTED_CHARACTERS else text


def _times(window: DraftWindow) -> dict[str, object]:
    """Start and end with their offsets; whole days as dates."""
    last = window.end and window.end - timedelta(days=window.all_day)
    times = {"start": window.start, "end": last}
    if window.all_day:
        return {name: at.date().isoformat() for name, at in times.items() if at} | {"all_day": True}
    return {name: at.isoformat(timespec="seconds" if at.second else "minutes") for name, at in times.items() if at}


def _in_words(evidence: Evidence) -> str:
    """`"4 am", at 17`; behind it, how the value follows from the words if they do not state it."""
    quote = f'"{evidence.quote}", at {evidence.offset}' if evidence.quote else ""
    how = {"inferred": f"inferred from {evidence.of}", "defaulted": f"default: {evidence.of}"}.get(evidence.how, "")
    return "; ".join(filter(None, (quote, how)))


def _slug(name: str) -> str:
    """An id by a name: the short one in brackets, if there is one."""
    short = _SHORT_NAME.search(name)
    slug = re.sub(r"[^a-z0-9]+", "-", (short[1] if short else name).lower()).strip("-")[:40].strip("-") or "unnamed"
    return slug if is_file_name(slug, "system") else f"system-{slug}"


def _as_table(window: DraftWindow) -> dict[str, object]:
    table = asdict(window)
    asks = ({"kind": ask.pop("name"), **ask} for ask in table["questions"])
    evidence = {name: _said(one) for name, one in table["evidence"].items()}
    return table | {"questions": [*map(_said, asks)], "evidence": evidence}


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value != ""}
