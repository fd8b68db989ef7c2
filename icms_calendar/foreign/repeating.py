"""A series of anybody's feed to records: one window that repeats, if it says the same, else one for each occurrence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from icms_calendar.findings import CalendarError, shown
from icms_calendar.foreign.adoption import Adoption, Record, moment_text, slug, status_of, title_of, window_of
from icms_calendar.foreign.repeats import RefusedRuleError, rule_parts
from icms_calendar.foreign.series import ForeignSeries
from icms_calendar.foreign.vevent import ForeignEvent
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import expand
from icms_calendar.record.zones import Zone, duration_text, zone_named

# What `changes` can say of one day, and what no record keeps of it.
_OF_ONE_DAY = (
    *("recurrence_id", "start", "end", "timezone", "summary", "description", "status", "cancelled"),
    *("sequence", "stamped", "last_modified", "line"),
)


def windows_of_series(
    series: ForeignSeries, events: list[ForeignEvent], adoption: Adoption
) -> list[tuple[Record, ForeignEvent]]:
    """One window that repeats, if its occurrences are exactly those of the series; else one for each of them."""
    window = _as_repeat(series, events, adoption)
    if window is not None:
        made, how = [(window, events[0])], "one window with `repeat`"
    else:
        made = [(window_of(event, adoption, series=True), event) for event in events]
        how = f"{len(made)} windows, up to {adoption.until:%Y-%m-%d}"
    adoption.say("series-adopted", series.line, uid=shown(series.uid), how=how)
    return made


def _as_repeat(series: ForeignSeries, events: list[ForeignEvent], adoption: Adoption) -> Record | None:
    plain = [event for event in events if event.line == series.line]
    if len(series.rules) != 1 or series.added or series.shifted or not plain or plain[0].start != events[0].start:
        return None
    first = plain[0]
    zone = zone_named(first.timezone) if first.timezone else adoption.zone
    if zone.wall(first.start)[0].date() != series.first.date():
        return None  # what came before lies outside of the zone's tables
    window = window_of(first, adoption, series=True)
    adoption.ids.release(window["id"])
    if not series.all_day and series.length is not None:
        window.pop("end")
        window["duration"] = duration_text(series.length)
    repeat = _rule_of(series, zone)
    days = {_day_of(event, zone): event for event in events}
    if len(days) != len(events) or repeat is None:
        return None
    changes = []
    for day, event in days.items():
        if event.line != series.line:
            change = _change(event, first, zone, adoption)
            if change is None:
                return None
            changes.append({"on": day, **change})
    if changes:
        repeat["changes"] = changes
    window["repeat"] = repeat
    if not _is_exact(window, series, events, zone, adoption.until):
        return None
    undated = re.sub(r"[-.][0-9]{8}$", "", window["id"])
    id_ = adoption.ids.take(slug(undated, "window"))
    adoption.reserve(id_)
    return {**window, "id": id_}


def _change(event: ForeignEvent, usual: ForeignEvent, zone: Zone, adoption: Adoption) -> Record | None:
    """What is other on one day; None if `changes` cannot say it."""
    others = replace(event, **{name: getattr(usual, name) for name in _OF_ONE_DAY})
    if others != usual or event.all_day:
        return None
    change: Record = {"start": moment_text(event.start, zone), "end": moment_text(event.end, zone)}
    if status_of(event) != status_of(usual):
        change["status"] = status_of(event)
    if event.summary != usual.summary and (title := title_of(event, adoption)):
        change["title"] = title
    if event.description != usual.description and (text := adoption.cleaned(event.description, event)):
        change["description"] = text
    return change


def _is_exact(window: Record, series: ForeignSeries, events: list[ForeignEvent], zone: Zone, until: datetime) -> bool:
    """Whether our own laying out gives the very spans that were read; days that yield nothing are not excepted."""
    repeat = window["repeat"]
    repeat["except"] = sorted({wall.date().isoformat() for wall in series.excluded})
    for _ in range(2):
        if not repeat.get("except"):
            repeat.pop("except", None)
        try:
            made = MaintenanceWindow(**window)
            calendar = MaintenanceCalendar(name="-", domain="d.invalid", timezone=zone.name, windows=(made,))
            laid_out = expand(calendar, until).occurrences
        except CalendarError as error:
            idle = _idle_exceptions(error)
            if not idle:
                return False
            repeat["except"] = [day for i, day in enumerate(repeat["except"]) if i not in idle]
            continue
        ours = [(o.start, o.end, o.window.status == "cancelled") for o in laid_out]
        return ours == sorted((event.start, event.end, event.cancelled) for event in events)
    return False


def _rule_of(series: ForeignSeries, zone: Zone) -> Record | None:
    """The rule, and where it ends, in a record's terms."""
    try:
        parts = rule_parts(series.rules[0])
    except RefusedRuleError:
        return None
    until, count = parts.pop("UNTIL", None), parts.pop("COUNT", None)
    last = series.lasts[0]
    repeat: Record = {"rule": ";".join(f"{name}={value}" for name, value in parts.items())}
    if count:
        repeat["count"] = int(count)
    if until and last and (series.all_day or len(until) == 8):
        repeat["until"] = last.date().isoformat()
    elif until:
        when = datetime.strptime(until[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - made aware if it has a Z
        repeat["until"] = moment_text(when.replace(tzinfo=UTC), zone) if until.endswith("Z") else when.isoformat(" ")
    return repeat


def _idle_exceptions(error: CalendarError) -> set[int]:
    """The exceptions of a repeat, by number, on whose days its rule yields nothing anyway."""
    places = [finding.path[-3:] for finding in error.findings]
    if any(len(place) < 3 or place[1] != "except" for place in places):
        return set()
    return {int(place[2]) for place in places}


def _day_of(event: ForeignEvent, zone: Zone) -> str:
    return zone.wall(event.recurrence_id or event.start)[0].date().isoformat()
