"""The windows.json of a site of icms-calendar to a source of records: each key exactly (site/data.py writes it)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from icms_calendar.findings import Finding, SourceError, found, shown
from icms_calendar.foreign.adoption import USUAL, Affected, Ids, Record, declared, filled, moment_text, times
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import zone_named

_FORMATS = (1, 2)  # a key is never renamed or removed without another number
_KEPT = (
    *("uid", "status", "emergency", "title", "description", "reason", "fallback", "notice", "reference", "contact"),
    *("source", "audience", "tags", "channels"),
)


def is_windows_json(data: bytes) -> bool:
    """Whether a file is JSON, as windows.json is; no feed is."""
    return data.lstrip()[:1] == b"{"


def read_windows_json(data: bytes, file: str, *, windows_only: bool = False) -> tuple[Record, tuple[Finding, ...]]:
    """The source that a windows.json was made of, and findings; a repeating window is one window for each occurrence.

    Keys that are not known are passed over. Raises SourceError for anything else, also for another format.
    """
    try:
        whole = json.loads(data)
        if not isinstance(whole, dict) or "windows" not in whole:
            raise ValueError("it is JSON, and not the windows.json of a site")
        if whole.get("format") not in _FORMATS:
            raise ValueError(f"its format {shown(whole.get('format'))} is not one of {', '.join(map(str, _FORMATS))}")
        return _source(whole, file, windows_only=windows_only)
    except RecursionError:
        reason = "it is nested too deeply"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
    raise SourceError([replace(found("unreadable", reason=reason), file=file)])


def _source(whole: Record, file: str, *, windows_only: bool) -> tuple[Record, tuple[Finding, ...]]:
    calendar, systems = whole["calendar"], whole.get("systems", [])
    numbers = Counter(window["id"] for window in whole["windows"])
    names = {system["id"]: _called(system) for system in systems}
    usual = USUAL if windows_only else {**USUAL, "timezone": zone_named(calendar["timezone"]).name}
    ids, windows = Ids(), []
    for window in whole["windows"]:
        repeats = numbers[window["id"]] > 1
        id_ = ids.take(window["uid"].rpartition("@")[0].replace("/", "-") if repeats else window["id"])
        made = "" if windows_only else f"{id_}@{calendar['domain']}"  # another calendar has another domain
        record = _window(window, calendar) | {"id": id_}
        record["replaces"] = window.get("replaces") if numbers[window.get("replaces")] == 1 else None
        windows.append(filled(record, {**usual, "uid": made, "title": _title(window, names)}))
    findings = list(_findings(whole["windows"], numbers))
    if windows and windows_only:
        what = f"the calendar that these windows go into needs the systems {'; '.join(sorted(names))}"
        findings.append(found("left-unsaid", what=what, remedy="Declare them there"))
    head = {} if windows_only else _head(calendar, systems)
    return {**head, "windows": windows}, tuple(replace(finding, file=file) for finding in findings)


def _findings(windows: list[Record], numbers: Counter[str]) -> Iterator[Finding]:
    for other in (window.get("replaces") for window in windows):
        if other and numbers[other] != 1:
            yield found("not-kept", what=f"replaces: {shown(other)}, not in the file")
    for id_, number in numbers.items():
        if number > 1:
            reason = f"its series became {number} windows, since windows.json has no rule"
            yield found("uid-not-kept", uid=shown(id_), reason=reason)


def _head(calendar: Record, systems: list[Record]) -> Record:
    return filled(
        {
            **{key: calendar.get(key) for key in ("name", "domain", "timezone", "url", "languages")},
            "publisher": filled(calendar.get("publisher") or {}),
            "official": bool(calendar.get("official")),
            "systems": list(map(_system, systems)),
        }
    )


def _system(system: Record) -> Record:
    """A system; its name is its id, and its short name its name, if it says nothing else. So with its services."""
    id_, name = system["id"], system.get("name")
    made = {
        **{key: system.get(key) for key in ("id", "name", "short")},
        "operator": filled(system.get("operator") or {}),
    }
    return filled(declared(made, system.get("services") or ()), {"name": id_, "short": name or id_})


def _called(system: Record) -> str:
    called: str = system.get("short") or system.get("name") or system["id"]
    return called


def _title(window: Record, names: dict[str, str]) -> str:
    """The title that a window has if it is given none."""
    called = [names.get(system, system) for system in window["systems"]]
    return title_in_words(called, window["impact"], emergency=bool(window.get("emergency")))


def _window(window: Record, calendar: Record) -> Record:
    zone = zone_named(window["timezone"])
    instant = datetime.fromisoformat
    start, end = instant(window["start"]), instant(window["end"])
    affected = [Affected(one["system"], one.get("service"), one["impact"]) for one in window.get("affected", [])]
    announced, updated, url = window.get("announced"), window.get("updated_at"), window.get("url") or ""
    if announced and len(announced) != len("2025-07-13"):
        announced = moment_text(instant(announced), zone)
    whole_days, sequence = bool(window.get("all_day")), window.get("sequence")
    return {
        **{key: window.get(key) for key in _KEPT},
        **(Affected.record(affected, window["impact"]) if affected else {"systems": window["systems"]}),
        **times(start, end, zone, all_day=whole_days),
        "timezone": zone.name,
        "announced": announced,
        "url": "" if url.startswith(f"{(calendar.get('url') or '').rstrip('/')}/#") else url,
        "revision": filled({"sequence": sequence, "updated": updated and moment_text(instant(updated), zone)}),
    }
