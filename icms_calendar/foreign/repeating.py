"""A series of anybody's feed to records: one window that repeats, if it says the same, else one for each occurrence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from icms_calendar.findings import CalendarError, shown
from icms_calendar.foreign.adoption import Adoption, Record, filled, moment_text, slug, title_of, window_of
from icms_calendar.foreign.vevent import ForeignEvent, ForeignRule, ForeignSeries
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import MOST_OCCURRENCES, expand
from icms_calendar.record.zones import Zone, duration_text

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
    adoption.say("uid-not-kept", series.line, uid=shown(series.uid), reason=f"its series became {how}")
    return made


def _as_repeat(series: ForeignSeries, events: list[ForeignEvent], adoption: Adoption) -> Record | None:
    usual = events[0]
    if series.rule is None or usual.line != series.line:
        return None
    zone = adoption.zone_of(usual)
    days = {zone.wall(event.recurrence_id or event.start)[0].date(): event for event in events}
    if min(days) != series.first or len(days) != len(events):
        return None  # what came before lies outside of the zone's tables, or a day has two occurrences
    repeat = _rule_of(series, series.rule, zone)
    repeat["changes"] = _changes(days, usual, zone, adoption)
    window = window_of(usual, adoption, series=True)
    adoption.ids.release(window["id"])
    window["repeat"] = filled(repeat)
    if not series.all_day and series.length is not None:
        del window["end"]
        window["duration"] = duration_text(series.length)
    if repeat["changes"] is None or not _is_exact(window, events, zone, adoption.until):
        return None
    id_ = adoption.ids.take(slug(re.sub(r"[-.][0-9]{8}$", "", window["id"]), "window"))
    adoption.reserve(id_)
    return {**window, "id": id_}


def _changes(
    days: dict[date, ForeignEvent], usual: ForeignEvent, zone: Zone, adoption: Adoption
) -> list[Record] | None:
    """What is other on single days; None if `changes` cannot say it."""
    changes = []
    for day, event in days.items():
        if event.line != usual.line:
            others = replace(event, **{name: getattr(usual, name) for name in _OF_ONE_DAY})
            if others != usual or event.all_day:
                return None
            changes.append({"on": day.isoformat(), **_change(event, usual, zone, adoption)})
    return changes


def _change(event: ForeignEvent, usual: ForeignEvent, zone: Zone, adoption: Adoption) -> Record:
    """What is other on one day."""
    change: Record = {"start": moment_text(event.start, zone), "end": moment_text(event.end, zone)}
    if event.window_status != usual.window_status:
        change["status"] = event.window_status
    if event.summary != usual.summary and (title := title_of(event, adoption)):
        change["title"] = title
    if event.description != usual.description and (text := adoption.cleaned(event.description, event)):
        change["description"] = text
    return change


def _is_exact(window: Record, events: list[ForeignEvent], zone: Zone, until: datetime) -> bool:
    """Whether our own laying out gives the very spans that were read."""
    if len(events) > MOST_OCCURRENCES:
        return False
    try:
        made = MaintenanceWindow(**window)
        calendar = MaintenanceCalendar(name="-", domain="d.invalid", timezone=zone.name, windows=(made,))
        laid_out = expand(calendar, until).occurrences
    except CalendarError:
        return False
    ours = [(o.start, o.end, o.window.status == "cancelled") for o in laid_out]
    return ours == sorted((event.start, event.end, event.cancelled) for event in events)


def _rule_of(series: ForeignSeries, rule: ForeignRule, zone: Zone) -> Record:
    """The rule, where it ends, and what is excluded, in a record's terms."""
    until = rule.until
    if isinstance(until, datetime) and until.tzinfo:
        written: str | None = moment_text(until, zone)
    else:
        written = str(until) if until else None
    excluded = [day.isoformat() for day in series.excluded]
    return {"rule": rule.text, "until": written, "count": rule.times, "except": excluded}
