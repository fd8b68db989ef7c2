"""What a notice comes to: windows, each with its evidence and the questions that a person must answer.

Each kind of question has its words. The draft is YAML with the evidence in comments, or JSON; nothing in it is made up.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from icms_calendar.catalogue.notices import QUESTIONS
from icms_calendar.findings import Finding, Path, as_table, found, shown
from icms_calendar.notice.text import Term, Text
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import clock, day
from icms_calendar.source.write import yaml_text

MAX_QUOTED_CHARACTERS = 4000
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HEAD = "# Draft: compare every line with the notice, answer the questions and delete them.\n"
_TEXTS = ("reason", "fallback", "reference", "contact")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the notice leaves open, in words that a person can answer with one edit.

    `name` is its kind (`confirmation`, `year-missing` …); `quote` are the words it is about, from `offset`.
    """

    name: str
    text: str
    quote: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from: the words, their place in the notice (from 0), and how it follows from them.

    `how` is `stated`, `inferred` (`of` says from what) or `defaulted`.
    """

    quote: str
    offset: int
    how: str = "stated"
    of: str = ""


@dataclass(frozen=True, slots=True)
class DraftWindow:
    """A window as the notice states it; `start` or `end` is None if the notice leaves it open.

    `start` and `end` are aware; `timezone` is an IANA name, if known. `status` is a record's: confirmed, tentative,
    cancelled or completed. The first question is always the confirmation.
    """

    start: datetime | None
    end: datetime | None
    timezone: str | None
    system: str | None
    status: str
    all_day: bool = False
    evidence: dict[str, Evidence] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """The windows of a notice, the facts beside them, and the findings if it cannot be read.

    `facts` holds what the notice states for all windows: services, reason, fallback, audience, reference, contact.
    `terms` is the account: every day, time, zone and length of the text, with its role.
    """

    windows: tuple[DraftWindow, ...]
    findings: tuple[Finding, ...]
    facts: dict[str, tuple[str, ...]]
    text: str
    published: date | None = None
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def readable(self) -> bool:
        """Whether at least one window was read."""
        return bool(self.windows)

    @property
    def ready(self) -> bool:
        """Whether windows were read and only the confirmation is open."""
        return self.readable and all(len(window.questions) == 1 for window in self.windows)


def asked(name: str, text: Text, term: Term, **read: object) -> Question:
    """A question of a kind about the words of a term; what `read` holds fills its sentence in."""
    quote = text.quote(term.start, term.end)
    filled = {key: _in_words(value) for key, value in read.items()}
    asks = QUESTIONS[name].format(words=shown(quote, 160), quote=quote, **filled)
    return Question(name, asks, quote, text.place(term.start))


def evidence_of(term: Term, text: Text, inferred: str = "") -> Evidence:
    """The words of a term as evidence, and what its value was inferred from."""
    how = "inferred" if inferred else "stated"
    return Evidence(text.quote(term.start, term.end), text.place(term.start), how, inferred)


def span_in_words(start: datetime, end: datetime) -> str:
    """`Sunday 13 July 2025, 04:00 to 10:00`; with the day of the end if it is another."""
    later = "" if end.date() == start.date() else f"{day(end.date())}, "
    return f"{day(start.date())}, {clock(start)} to {later}{clock(end)}"


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{day(value.date())}, {clock(value)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return " or ".join(map(_in_words, value))
    return "unknown" if value is None else str(value)


def draft_yaml(reading: NoticeReading, calendar: MaintenanceCalendar | None = None) -> str:
    """The windows as a file of records, with ids that `calendar` lacks; the words of a value are behind it."""
    used = {window.id for window in calendar.windows} if calendar else set()
    made = [_record(reading, window, used) for window in reading.windows]
    comments: dict[Path, str] = {}
    for i, (_, said) in enumerate(made):
        comments |= {("windows", i, key): text for key, text in said.items()}
    return _HEAD + yaml_text({"windows": [record for record, _ in made]}, comments) if made else ""


def draft_json(reading: NoticeReading) -> str:
    """The whole reading as JSON: windows, facts, findings, and the role of every day, time, zone and length."""
    table = {
        "windows": [
            asdict(window, dict_factory=lambda said: {{"name": "kind"}.get(k, k): v for k, v in said if v != ""})
            for window in reading.windows
        ],
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
    facts, said = reading.facts, {key: _origin(evidence) for key, evidence in window.evidence.items()}
    systems = [*map(_slug, facts.get("system", ()))] or ["unnamed"]
    text = _CONTROL.sub(" ", reading.text.replace("\r\n", "\n")).strip()
    said["systems"] = said.setdefault("system", "the notice names no system")
    day, named = window.start or window.end, systems[0] if facts.get("system") else "window"
    name = f"{named}-{day:%Y-%m-%d}" if day else named
    id_ = next(id_ for i in count(1) if (id_ := name if i == 1 else f"{name}-{i}") not in used)
    used.add(id_)
    record = {
        "id": id_,
        **({"systems": systems} if len(systems) > 1 else {"system": systems[0]}),
        "start": _written(window.start, all_day=window.all_day),
        "end": _written(window.end and window.end - timedelta(days=window.all_day), all_day=window.all_day),
        "all_day": window.all_day,
        "timezone": window.timezone,
        "status": window.status,
        "services": [*map(_slug, facts.get("services", ()))],
        **{key: facts[key][0] for key in _TEXTS if key in facts},
        "audience": list(facts.get("audience", ())),
        "announced": reading.published and reading.published.isoformat(),
        "questions": [question.text for question in window.questions],
        "notice": text if len(text) <= MAX_QUOTED_CHARACTERS else text[:MAX_QUOTED_CHARACTERS].rstrip() + " …",
    }
    return {key: value for key, value in record.items() if value}, said | {"id": "proposed"}


def _written(at: datetime | None, *, all_day: bool) -> str | None:
    """A time with its offset; of a whole day the date."""
    if at is None:
        return None
    return at.date().isoformat() if all_day else at.isoformat(timespec="seconds" if at.second else "minutes")


def _origin(evidence: Evidence) -> str:
    """`"4 am", at 17`; behind it, how the value follows from the words if they do not state it."""
    quote = f'"{evidence.quote}", at {evidence.offset}' if evidence.quote else ""
    how = {"inferred": f"inferred from {evidence.of}", "defaulted": f"default: {evidence.of}"}.get(evidence.how, "")
    return "; ".join(filter(None, (quote, how)))


def _slug(name: str) -> str:
    """An id by a name: the short one in brackets, if there is one."""
    short = re.search(r"\(([A-Za-z][A-Za-z0-9-]{1,15})\)$", name)
    slug = re.sub(r"[^a-z0-9]+", "-", (short[1] if short else name).lower()).strip("-")[:40].strip("-") or "unnamed"
    return slug if is_file_name(slug, "system") else f"system-{slug}"
