"""Events of anybody's feed to a source of records: what a record can say of them, and findings for what it cannot.

How the file is read is decided in events.py, what a record says of one event in adoption.py, and how a source is
written in source/write.py. A site of icms-calendar has windows.json, which is exact (site_windows.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from icms_calendar.findings import CalendarError, Finding, expect, shown
from icms_calendar.foreign.adoption import NO_DOMAIN, Adoption, Record, Wishes, filled, moment_text, times
from icms_calendar.foreign.events import ForeignFeed, read_ics
from icms_calendar.foreign.site_windows import is_windows_json, read_windows_json
from icms_calendar.foreign.vevent import ForeignEvent, ForeignRule, ForeignSeries
from icms_calendar.record.colors import COLORS
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import MOST_OCCURRENCES, expand
from icms_calendar.record.zones import Zone, aware, duration_text
from icms_calendar.source.write import yaml_text

_KEYS = tuple(MaintenanceWindow.model_fields)  # in the order in which people write them
# What `changes` can say of one day, and what no record keeps of it.
_OF_ONE_DAY = (
    *("recurrence_id", "start", "end", "timezone", "summary", "description", "status", "cancelled"),
    *("sequence", "stamped", "last_modified", "line"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Records that were imported: plain data, in the order in which people write it, and findings."""

    records: Record
    findings: tuple[Finding, ...]

    @property
    def calendar(self) -> MaintenanceCalendar:
        """The calendar of the records. Raises CalendarError for windows only."""
        return MaintenanceCalendar(**self.records)

    @property
    def text(self) -> str:
        """The records as YAML."""
        return yaml_text(self.records)


def import_ics(  # noqa: PLR0913 - each keyword is an option of the command
    data: bytes,
    *,
    until: datetime,
    name: str = "Imported calendar",
    domain: str | None = None,
    timezone: str | None = None,
    system: str | None = None,
    windows_only: bool = False,
    prefix: str | None = None,
    file: str = "feed",
) -> Source:
    """Turn an .ics file, whoever wrote it, or the windows.json of a site into records.

    Repeating events that no record can repeat are expanded until `until` (aware). `name` is for a calendar without
    one, `domain` for the UIDs of future events, `timezone` for times without one, `system` for events that name none.
    With `windows_only` the records can be added to the folder of a calendar. With `prefix` each id begins with it and a
    hyphen, and UIDs stay as they are. `file` is the name in findings. Raises SourceError for what is neither.
    """
    expect(data, bytes, "data", "the bytes of an .ics or windows.json")
    until = aware(until, "until")
    wishes = Wishes(name, domain, timezone, system, windows_only)
    if is_windows_json(data):
        records, findings = read_windows_json(data, file, windows_only=windows_only)
        source = Source({**records, "windows": _in_order(records["windows"])}, findings)
    else:
        source = adopt(read_ics(data, until=until, timezone=timezone, name=file), until, file, wishes)
    return _with_prefix(source, prefix, domain) if prefix else source


def _with_prefix(source: Source, prefix: str, domain: str | None) -> Source:
    """The source with the prefix before each id. A UID that an id made is written out, so that it stays."""
    windows = []
    for record in source.records["windows"]:
        made = {**record, "id": f"{prefix}-{record['id']}"}
        if "repeat" not in record and (known := source.records.get("domain", domain)):
            made.setdefault("uid", f"{record['id']}@{known}")
        if "replaces" in record:
            made["replaces"] = f"{prefix}-{record['replaces']}"
        windows.append(made)
    return replace(source, records={**source.records, "windows": _in_order(windows)})


def adopt(feed: ForeignFeed, until: datetime, file: str, wishes: Wishes) -> Source:
    """The source that the events of a feed make; it loads without an error.

    `until` is the instant to which the feed was laid out.
    """
    adoption = Adoption(feed, until, wishes)
    _count_what_is_not_kept(adoption)
    windows: list[tuple[Record, ForeignEvent]] = []
    series: dict[int, list[ForeignEvent]] = {}
    for event in feed.events:
        series.setdefault(event.series or -event.line, []).append(event)
    for events in series.values():
        if events[0].series is None:
            windows += ((adoption.window(event), event) for event in events)
        else:
            windows += _windows_of_series(events, adoption)
    _name_what_they_replace(windows, adoption)
    records = _in_order(record for record, _ in windows)
    return Source({**_head(records, adoption), "windows": records}, (*feed.findings, *adoption.faults.findings(file)))


def _in_order(records: Iterable[Record]) -> list[Record]:
    """Records with their keys in the order in which people write them."""
    return [{key: record[key] for key in _KEYS if key in record} for record in records]


def _head(windows: list[Record], adoption: Adoption) -> Record:
    """The calendar's own keys; none if only windows are wanted."""
    feed = adoption.feed
    systems = adoption.declared_systems()
    if adoption.wishes.windows_only:
        if windows:
            named = "; ".join(map(_system_in_words, systems))
            what = f"the calendar that these windows go into needs the systems {named}"
            adoption.say("left-unsaid", 1, what=what, remedy="Declare them there")
        return {}
    head: Record = {"name": adoption.name, "domain": adoption.domain or NO_DOMAIN, "timezone": adoption.zone.name}
    if feed.color in COLORS and not adoption.ours:
        head["color"] = feed.color
    if any(len(system) > 1 for system in systems):
        head["systems"] = systems
    if windows and adoption.domain is None:
        what = f"the UIDs do not show your domain; {NO_DOMAIN} is used instead"
        adoption.say("left-unsaid", 1, what=what, remedy="Give yours with --domain")
    if adoption.ours and windows:
        exact = "Import its site, or the windows.json beside it, which is exact"
        adoption.say("not-kept", 1, what=f"the texts of a feed of icms-calendar by their keys. {exact}")
    return head


def _system_in_words(system: Record) -> str:
    services = [one if isinstance(one, str) else one["id"] for one in system.get("services", [])]
    told = f" (services {', '.join(services)})" if services else ""
    return f"{system['id']}{told}"


def _name_what_they_replace(windows: list[tuple[Record, ForeignEvent]], adoption: Adoption) -> None:
    """RELATED-TO names a UID, `replaces` an id."""
    ids = {event.uid: record["id"] for record, event in windows if "repeat" not in record}
    for record, event in windows:
        if event.related_to is None:
            continue
        if ids.get(event.related_to, record["id"]) != record["id"]:
            record["replaces"] = ids[event.related_to]
        else:
            adoption.say("not-kept", event.line, what="RELATED-TO of an event that is not here")


def _count_what_is_not_kept(adoption: Adoption) -> None:
    feed = adoption.feed
    for name, lines in feed.unread.items():
        if not name.startswith("X-") and not (adoption.ours and name == "ORGANIZER"):
            adoption.say("not-kept", lines[0], times=len(lines), what=name)
    private = {name: lines for name, lines in feed.unread.items() if name.startswith("X-")}
    if private:
        names = sorted(private, key=lambda name: (-len(private[name]), name))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        told = ", ".join(name[:40] for name in names[:3]) + more
        line = min(lines[0] for lines in private.values())
        adoption.say("not-kept", line, what=told)


# Series


def _windows_of_series(events: list[ForeignEvent], adoption: Adoption) -> list[tuple[Record, ForeignEvent]]:
    """One window that repeats, if its occurrences are exactly those of the series; else one for each of them."""
    line = events[0].series or 0
    window = _as_repeat(events, adoption.feed.series[line], adoption) if line in adoption.feed.series else None
    if window is not None:
        made, how = [(window, events[0])], "one window with `repeat`"
    else:
        made = [(adoption.window(event), event) for event in events]
        how = f"{len(made)} windows, up to {adoption.until:%Y-%m-%d}"
    adoption.say("uid-not-kept", line, uid=shown(events[0].uid), reason=f"its series became {how}")
    return made


def _as_repeat(events: list[ForeignEvent], series: ForeignSeries, adoption: Adoption) -> Record | None:
    usual = events[0]
    zone = adoption.zone_of(usual)
    days = {zone.wall(event.recurrence_id or event.start)[0].date(): event for event in events}
    if usual.line != usual.series or min(days) != series.first or len(days) != len(events):
        return None  # what came before lies outside of the zone's tables, or a day has two occurrences
    changes = _changes(days, usual, zone, adoption)
    if changes is None:
        return None
    excluded = [day.isoformat() for day in series.excluded]
    repeat = filled({**_rule_in_words(series.rule, zone), "except": excluded, "changes": changes})
    when = {**times(usual.start, usual.end, zone, all_day=usual.all_day), "repeat": repeat}
    if not usual.all_day and series.length is not None:
        del when["end"]
        when["duration"] = duration_text(series.length)
    if not _is_exact({**when, "status": usual.window_status}, events, zone, adoption.until):
        return None
    return adoption.window(usual, when)


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
    if event.summary != usual.summary and (title := adoption.title(event)):
        change["title"] = title
    if event.description != usual.description and (text := adoption.cleaned(event.description, event)):
        change["description"] = text
    return change


def _is_exact(when: Record, events: list[ForeignEvent], zone: Zone, until: datetime) -> bool:
    """Whether our own laying out gives the very spans that were read."""
    if len(events) > MOST_OCCURRENCES:
        return False
    try:
        made = MaintenanceWindow(id="w", system="s", **when)
        calendar = MaintenanceCalendar(name="-", domain="d.invalid", timezone=zone.name, windows=(made,))
        laid_out = expand(calendar, until).occurrences
    except CalendarError:
        return False
    ours = [(o.start, o.end, o.window.status == "cancelled") for o in laid_out]
    return ours == sorted((event.start, event.end, event.cancelled) for event in events)


def _rule_in_words(rule: ForeignRule, zone: Zone) -> Record:
    """The rule and where it ends, in a record's terms."""
    until = rule.until
    ends = moment_text(until, zone) if isinstance(until, datetime) and until.tzinfo else until and str(until)
    return {"rule": rule.text, "until": ends, "count": rule.times}
