"""The windows.json of a site of icms-calendar to a source of records: each key exactly (site/data.py writes it)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from icms_calendar.findings import Finding, SourceError, found, shown
from icms_calendar.foreign.adoption import Ids, Record, affected_systems, filled, moment_text
from icms_calendar.record.checks import IMPACTS
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import Zone, zone_named

_FORMATS = (1, 2)  # a key is never renamed or removed without another number
_TEXTS = ("description", "reason", "fallback", "notice", "reference", "contact", "source")
_LISTS = ("audience", "tags", "channels")


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
    calendar, systems = whole["calendar"], [_system(system) for system in whole.get("systems", [])]
    zone = zone_named(calendar["timezone"])
    times = Counter(window["id"] for window in whole["windows"])
    names = {one["id"]: one.get("short") or one.get("name") or one["id"] for one in whole.get("systems", [])}
    ids = Ids()
    windows = [_window(window, calendar, names, ids, repeats=times[window["id"]] > 1) for window in whole["windows"]]
    findings = []
    for window, record in zip(whole["windows"], windows, strict=True):
        if (other := window.get("replaces")) and times[other] == 1:
            record["replaces"] = other
        elif other:
            findings.append(found("not-kept", what=f"replaces: {shown(other)}, not in the file"))
    for id_, number in times.items():
        if number > 1:
            how = f"{number} windows, since windows.json has no rule"
            findings.append(found("series-adopted", uid=shown(id_), how=how))
    head: Record = {}
    if windows_only:
        if windows:
            findings.append(found("systems-needed", systems="; ".join(sorted(names))))
        for window in windows:
            window.setdefault("timezone", zone.name)
            window.setdefault("uid", f"{window['id']}@{calendar['domain']}")  # the other calendar has another domain
    else:
        head = filled({key: calendar.get(key) for key in ("name", "domain", "timezone", "url", "languages")})
        publisher, official = filled(calendar.get("publisher") or {}), bool(calendar.get("official"))
        head |= filled({"publisher": publisher, "official": official, "systems": systems})
    return {**head, "windows": windows}, tuple(replace(finding, file=file) for finding in findings)


def _system(system: Record) -> Record:
    made = filled({key: system.get(key) for key in ("id", "name", "short")})
    if made.get("name") == made["id"]:
        del made["name"]
    if made.get("short") == made.get("name", made["id"]):
        made.pop("short", None)
    if system.get("operator"):
        made["operator"] = filled(system["operator"])
    if services := system.get("services"):
        made["services"] = [one["id"] if one["id"] == one.get("name") else filled(one) for one in services]
    return made


def _window(window: Record, calendar: Record, names: dict[str, str], ids: Ids, *, repeats: bool) -> Record:
    zone = zone_named(window["timezone"])
    dated = window["uid"].rpartition("@")[0].replace("/", "-") if repeats else window["id"]
    id_ = ids.take(dated)
    systems, updated, announced = window["systems"], window.get("updated_at"), window.get("announced")
    called = [names.get(system, system) for system in systems]
    usual_title = title_in_words(called, window["impact"], emergency=bool(window.get("emergency")))
    usual_url = f"{(calendar.get('url') or '').rstrip('/')}/#"
    if announced and len(announced) != 10:
        announced = moment_text(datetime.fromisoformat(announced), zone)
    revision = {
        "sequence": window.get("sequence"),
        "updated": moment_text(datetime.fromisoformat(updated), zone) if updated else None,
    }
    record: Record = {
        "id": id_,
        "uid": window["uid"] if window["uid"] != f"{id_}@{calendar['domain']}" else None,
        **affected_systems(systems),
        **_times(window, zone),
        "timezone": zone.name if zone.name != zone_named(calendar["timezone"]).name else None,
        **_affected(window, several=len(systems) > 1),
        "status": window["status"] if window["status"] != "confirmed" else None,
        "emergency": bool(window.get("emergency")),
        "title": window["title"] if window["title"] != usual_title else None,
        **{key: window.get(key) for key in (*_LISTS, *_TEXTS)},
        "announced": announced,
        "url": window.get("url") if not (window.get("url") or "").startswith(usual_url) else None,
        "revision": filled(revision),
    }
    return filled(record)


def _times(window: Record, zone: Zone) -> Record:
    if window.get("all_day"):
        last = datetime.fromisoformat(window["end_local"])
        day = (last - timedelta(microseconds=1)).date().isoformat()  # it may be midnight
        return {"start": window["start_local"][:10], "end": day, "all_day": True}
    start, end = (moment_text(datetime.fromisoformat(window[key]), zone) for key in ("start", "end"))
    return {"start": start, "end": end}


def _affected(window: Record, *, several: bool) -> Record:
    """The impact of the window, and its services, each with its own impact if that is another."""
    objects = window.get("affected", [])
    whole = [entry["impact"] for entry in objects if not entry.get("service")]
    impact = max(whole, key=IMPACTS.index) if whole else window["impact"]
    services: list[Any] = []
    for entry in objects:
        if entry.get("service"):
            id_ = entry["id"] if several else entry["service"]
            services.append(id_ if entry["impact"] == impact else {"id": id_, "impact": entry["impact"]})
    return ({"impact": impact} if impact != "outage" else {}) | ({"services": services} if services else {})
