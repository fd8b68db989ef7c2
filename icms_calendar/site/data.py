"""The site's files for programs and spreadsheets: windows.json, windows.csv and windows.xml (Atom, RFC 4287).

All are made from the events in the feeds and change only when these do; readers work out what is under way or still to
come. What depends on the clock is in statuspage.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from icms_calendar.feed.event import AffectedObject, Event
from icms_calendar.feed.publication import Publication, about, address_of
from icms_calendar.feed.revise import EPOCH
from icms_calendar.record.labels import CANCELLED_MARK, LABELS, STATE_WORDS, Language
from icms_calendar.record.validation import URL_PATTERN
from icms_calendar.record.words import moment
from icms_calendar.record.zones import Zone, utc, utc_time

DATA_FORMAT = 2  # of windows.json: no key is renamed or removed without a new number here
SCHEMA_PATH = "schema/window.schema.json"

# The columns never change their names or their order; a new one comes last.
CSV_COLUMNS = (
    *("id", "title", "status", "impact", "start_local", "end_local", "timezone", "start", "end"),
    *("systems", "affected", "channels", "audience", "tags", "description", "reason", "fallback", "notice"),
    *("reference", "contact", "source", "announced", "replaces", "url"),
    *("uid", "sequence", "created_at", "updated_at", "text"),
    *("moved_from_start", "moved_from_end", "no_longer_affects", "no_longer_in"),
)

_TEXTS = ("description", "reason", "fallback", "notice", "reference", "contact", "source")
_CALENDAR = {"name", "domain", "timezone", "url", "official", "languages", "publisher"}
_SYSTEM = {"id", "name", "short", "operator", "services"}
# Before a cell or a part of one that begins with a formula, also after what spreadsheets drop, or with what they drop.
_BEGINS_BADLY = re.compile("(?<![^;\t])(?=[ \r\n\u00a0\u200b\ufeff]*[-=+@＝＋－＠]|['\t\r])")
# XML 1.0, 2.2; half characters are refused by the records. As a pattern this takes 8 ms to compile.
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd")
_URL = re.compile(URL_PATTERN)

Table = dict[str, Any]  # an object of JSON

_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def data_files(published: Publication) -> dict[str, bytes]:
    """The three files of windows, and the schema of the first."""
    windows = [_window_table(event) for event in published.events]
    texts = [event.text for event in published.events]
    return {
        "windows.json": _windows_json(windows, published),
        # With a byte order mark: without one, Excel reads UTF-8 in the machine's code page.
        "windows.csv": csv_text([CSV_COLUMNS, *map(_cells, windows, texts)]).encode("utf-8-sig"),
        "windows.xml": "".join(_windows_atom(published)).encode(),
        SCHEMA_PATH: Path(__file__).with_name("window.schema.json").read_bytes(),
    }


def summary_of(event: Event) -> str:
    """The title as calendar programs show it."""
    return CANCELLED_MARK + event.title if event.status == "cancelled" else event.title


def address_shown(event: Event) -> str | None:
    """The address of an event, if it is valid: the previous feed may hold anything."""
    return event.url if event.url and _URL.fullmatch(event.url) else None


def json_file(members: Mapping[str, object]) -> bytes:
    """A JSON object with a line for each member, and for each entry of a list: differences are easy to read."""
    lines = []
    for name, value in members.items():
        rows = ",\n".join(map(_json_text, value)) if isinstance(value, list) else ""
        lines.append(f"{_json_text(name)}: " + (f"[\n{rows}\n]" if rows else _json_text(value)))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """A table as RFC 4180 has it; no cell is a formula."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(map(inert_cell, row) for row in rows)
    return file.getvalue()


def inert_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: it gets an apostrophe in front.

    The same is true of each part after a semicolon or a tab, where spreadsheets of half the world begin a new cell. A
    part that begins with an apostrophe also gets one, so removing one from each always gives the original.
    """
    return _BEGINS_BADLY.sub("'", text)


def _windows_json(windows: list[Table], published: Publication) -> bytes:
    calendar = published.calendar
    members = {
        "$schema": address_of(SCHEMA_PATH, calendar) or SCHEMA_PATH,
        "format": DATA_FORMAT,
        "calendar": calendar.model_dump(include=_CALENDAR),
        "updated_at": published.last_modified and utc_time(published.last_modified),
        "systems": [system.model_dump(include=_SYSTEM) for system in calendar.systems_by_id.values()],
        "windows": windows,
    }
    return json_file(members)


def _window_table(event: Event) -> Table:
    """Every key, always; null if it is unknown, as for an event that has left the records."""
    details, revision, zone, moved = event.details, event.revision, event.zone, event.past.moved_from
    return {
        "id": event.id,
        "uid": event.uid,
        "title": event.title,
        "status": event.status,
        "impact": event.impact,
        "emergency": details.emergency,
        "start": utc_time(event.start),
        "end": utc_time(event.end),
        "start_local": zone.local(event.start).isoformat(),
        "end_local": zone.local(event.end).isoformat(),
        "timezone": zone.name,
        "all_day": details.all_day,
        "moved_from": moved and {"start": utc_time(moved[0]), "end": utc_time(moved[1])},
        "systems": event.systems,
        "affected": [_object_table(affected) | {"impact": affected.impact} for affected in event.affected],
        "no_longer_affects": [_object_table(affected) for affected in event.past.no_longer],
        "no_longer_in": [{"id": feed.id, "name": feed.name} for feed in event.past.left],
        "channels": dict(details.channels),
        "audience": details.audience,
        "tags": event.tags,
        **{name: getattr(details, name) for name in _TEXTS},
        "announced": _announced(details.announced, zone),
        "replaces": details.replaces,
        "url": address_shown(event),
        "sequence": revision.sequence,
        "created_at": utc_time(revision.created),
        "updated_at": utc_time(revision.last_modified),
        "text": event.texts,
    }


def _object_table(affected: AffectedObject) -> Table:
    system, _, service = affected.id.partition("/")
    return {"id": affected.id, "system": system, "service": service or None, "name": affected.name}


def _cells(window: Table, text: str) -> list[str]:
    """The values of windows.json as text: lists joined as in records, local times as spreadsheets read them."""
    moved_from = window["moved_from"] or {"start": None, "end": None}
    values = window | {
        "start_local": window["start_local"][:19].replace("T", " "),
        "end_local": window["end_local"][:19].replace("T", " "),
        "channels": [f"{name}={state}" for name, state in window["channels"].items()],
        "text": text,
        "moved_from_start": moved_from["start"],
        "moved_from_end": moved_from["end"],
    }
    return [_cell(values[name]) for name in CSV_COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ";".join(each["id"] if isinstance(each, dict) else each for each in value)
    return "" if value is None else str(value)


def _windows_atom(published: Publication) -> Iterator[str]:
    """RFC 4287, the latest change first: a feed reader reports changes, not approaching windows."""
    # An id is for life and must be an IRI (4.2.6): a UUID made from the UID is both, for any UID.
    calendar, publisher = published.calendar, published.calendar.publisher
    identity = uuid5(NAMESPACE_DNS, calendar.domain)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _elements(title=calendar.name, subtitle=about(calendar), id=identity.urn)
    yield _elements(updated=utc_time(published.last_modified or EPOCH))
    yield "<author>\n" + _elements(name=publisher.name if publisher else calendar.name)
    yield _elements(uri=publisher.url, email=publisher.email) if publisher else ""
    yield "</author>\n"
    yield _link(address_of("windows.xml", calendar), 'rel="self" type="application/atom+xml"')
    yield _link(calendar.url, 'rel="alternate" type="text/html"')
    for event in sorted(published.events, key=lambda event: event.revision.last_modified, reverse=True):
        revision = event.revision
        yield "<entry>\n" + _elements(title=_headline(event, calendar.languages[0]), id=uuid5(identity, event.uid).urn)
        yield _elements(updated=utc_time(revision.last_modified), published=utc_time(revision.created))
        yield _link(address_shown(event), 'rel="alternate"') + _link(event.details.source, 'rel="via"')
        for tag in (*event.systems, *event.tags):
            term = _escaped(tag).replace("\n", "&#10;").replace("\t", "&#9;")
            yield f'<category term="{term}"/>\n'
        yield f'<content type="text">{_escaped(event.text)}</content>\n</entry>\n'
    yield "</feed>\n"


def _elements(**texts: str | None) -> str:
    return "".join(f"<{name}>{_escaped(text)}</{name}>\n" for name, text in texts.items() if text)


def _link(address: str | None, attributes: str) -> str:
    return f'<link {attributes} href="{_escaped(address)}"/>\n' if address else ""


def _escaped(text: str) -> str:
    """XML 1.0, 2.4, also within quotes; characters that XML forbids become U+FFFD, the replacement character."""
    return escape(text.translate(_NOT_XML))


def _headline(event: Event, language: Language) -> str:
    """The title, with what chat bots, which show nothing else, should say: not confirmed, completed, or moved."""
    notes = [STATE_WORDS[language][event.status]] if event.status in STATE_WORDS[language] else []
    if event.past.moved_from:
        notes.append(f"{LABELS[language]['moved_short']} {moment(event.past.moved_from[0], event.zone, language)}")
    return f"{summary_of(event)} ({', '.join(notes)})" if notes else summary_of(event)


def _announced(when: date | datetime | None, zone: Zone) -> str | None:
    if isinstance(when, datetime):
        return utc_time(utc(when) if when.tzinfo else zone.instant(when))
    return None if when is None else when.isoformat()
