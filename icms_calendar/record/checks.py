"""What is wrong with records whose values are valid one by one: ids, names and times that do not fit together.

The types in model.py decide what a single value may be.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from icms_calendar.findings import CalendarError, Finding, Suggestions, did_you_mean, fault, found, shown
from icms_calendar.record.addresses import address_findings
from icms_calendar.record.fields import Impact, Status
from icms_calendar.record.validation import ID_PATTERN
from icms_calendar.record.words import duration as duration_in_words
from icms_calendar.record.zones import Zone, duration_text, utc

if TYPE_CHECKING:
    from icms_calendar.record.fields import AffectedService, Repeat, Service, System
    from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow

IMPACTS = get_args(Impact)  # worst last
STATUSES = get_args(Status)

# Files and folders at the top of a site; an id that ends in .ics cannot be one of a system anyway.
_RESERVED_PATHS = frozenset(
    (
        *("all", "events", "sw", "api", "qr", "schema"),
        *("index.html", "embed.html", "404.html", "style.css", "page.js", "robots.txt", "staticwebapp.config.json"),
        *("status.json", "windows.json", "windows.csv", "windows.xml"),
    )
)
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
_DAY = timedelta(days=1)


def calendar_findings(calendar: MaintenanceCalendar) -> list[Finding]:
    """What is wrong with a calendar whose parts are each valid."""
    findings = list(_id_findings(calendar))
    for i, feed in enumerate(calendar.feeds):
        findings += (finding.below("feeds", i) for finding in selection_findings(feed.wanted, calendar))
    findings += (*_uid_findings(calendar), *address_findings(calendar))
    good: set[object] = set()
    ids = {window.id for window in calendar.windows}
    suggested = {"window": Suggestions(lambda: ids), "system": Suggestions(lambda: calendar.systems_by_id)}
    for i, window in enumerate(calendar.windows):
        names = (window.system, window.systems, window.services)
        if names not in good:
            wrong = list(_name_findings(window, calendar, suggested["system"]))
            findings += [finding.below("windows", i) for finding in wrong]
            if not wrong:
                good.add(names)
        if window.replaces is not None and window.replaces not in ids:
            hint = suggested["window"].of(window.replaces)
            path = ("windows", i, "replaces")
            findings.append(found("unknown-id", path, kind="window", id=window.replaces, hint=hint))
        for finding in _instant_findings(window, calendar):
            findings.append(finding.below("windows", i))
    return findings


def _instant_findings(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> tuple[Finding, ...]:
    """What is wrong with its times; if nothing is, the calendar knows its span from now on."""
    try:
        zone = calendar.zone_of(window)
        calendar.spans[window.id] = window.span(zone)
        if window.announced is not None:
            instant(window.announced, zone, "announced")
        if window.revision is not None and window.revision.updated is not None:
            instant(window.revision.updated, zone, "updated")
    except CalendarError as error:
        return error.findings
    return ()


def question_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """The open questions of each window. A record with one can be loaded and shown, but not published."""
    for i, window in enumerate(calendar.windows):
        for j, question in enumerate(window.questions):
            yield found("open-question", ("windows", i, "questions", j), id=window.id, question=shown(question, 300))


def is_file_name(id_: str, kind: str) -> bool:
    """Whether an id of a window, system or service, from any source, can name a file of the site."""
    if not re.fullmatch(ID_PATTERN, id_):
        return False
    return id_.partition(".")[0] not in _DEVICES if kind == "window" else not list(_reserved(kind, id_, ()))


def window_findings(window: MaintenanceWindow) -> list[Finding]:
    """Findings about a window alone, before it is in a calendar."""
    findings = []
    if not window.systems and not window.system:
        findings.append(found("missing-key", ("system",), key="system", remedy=""))
    elif window.systems is not None and window.system is not None:
        findings.append(found("both-given", ("systems",), one="system", other="systems", but=""))
    if window.end is None and window.duration is None:
        remedy = "end, the last day, included" if window.all_day else "end: 2025-07-13 10:00, or duration: 6h"
        findings.append(found("missing-key", ("start",), key="end", remedy=f". Write {remedy}"))
    if window.id.partition(".")[0] in _DEVICES:
        reason = "Windows keeps this name for a device"
        findings.append(found("reserved-id", ("id",), id=window.id, kind="window", reason=reason))
    if window.repeat is not None:
        findings += _repeating_window_findings(window.repeat, window.uid)
    if window.services is not None and len(window.services) != 1:
        findings += _service_list_findings(window.services)
    findings += _time_findings(window)
    return findings


def _repeating_window_findings(repeat: Repeat, uid: str | None) -> Iterator[Finding]:
    if repeat.until is not None and repeat.count is not None:
        yield found("both-given", ("repeat", "count"), one="until", other="count", but="")
    if uid is not None:
        yield found("wrong-type", ("uid",), read=shown(uid), expected="a usable UID: each occurrence has its own")


def _service_list_findings(services: tuple[str | AffectedService, ...]) -> list[Finding]:
    names = [service if isinstance(service, str) else service.id for service in services]
    if not names:
        return [found("wrong-type", ("services",), read="an empty list", expected="a list of services")]
    if len(set(names)) == len(names):
        return []
    return [
        found("given-twice", ("services", i), key=name, first="") for i, name in enumerate(names) if name in names[:i]
    ]


def wrong_kind_of_time(whole: bool, start: date | None, end: date | None) -> list[Finding]:
    """A finding about the first time of day in a window of whole days, or the first date alone in any other."""
    for field, when in (("start", start), ("end", end)):
        if when is not None and isinstance(when, datetime) is whole:
            read, what = when.isoformat(), f"has no time of day. Write {when} 04:00, or all_day: true for whole days"
            if whole:
                read, what = f"{when:%Y-%m-%d %H:%M}", "has a time of day, but all_day is true. Write the date alone"
            return [found("not-a-time", (field,), field=field, read=shown(read), what=what)]
    return []


def _time_findings(window: MaintenanceWindow) -> Iterable[Finding]:
    """Findings that do not need the zone: about two days, two wall-clock times, or two instants."""
    start, end = window.start, window.end
    if not window.all_day and isinstance(start, datetime) and isinstance(end, datetime):
        is_comparable = (start.tzinfo is None) is (end.tzinfo is None)
        return end_before_start(window).findings if is_comparable and end <= start else ()
    wrong = wrong_kind_of_time(window.all_day, start, end)
    return wrong if wrong or not window.all_day else _whole_day_findings(start, end, window)


def _whole_day_findings(start: date, end: date | None, window: MaintenanceWindow) -> Iterable[Finding]:
    stated = window.duration
    if stated and stated % _DAY:
        return [found("not-a-duration", ("duration",), field="duration", read=shown(duration_text(stated)))]
    if end is not None and end < start:
        return end_before_start(window).findings
    if end is not None and stated and end - start + _DAY != stated:
        return disagreement(end - start + _DAY, stated).findings
    return ()


def _id_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """Ids that are given twice, or whose files would overwrite each other."""
    systems, feeds = calendar.systems or (), calendar.feeds
    for kind, key, things in (("window", "windows", calendar.windows), ("system", "systems", systems)):
        yield from _duplicates(kind, (key,), [thing.id for thing in things])
    yield from _duplicates("feed", ("feeds",), [feed.id for feed in feeds])
    names = calendar.systems_by_id
    for i, id_ in enumerate(names):
        for finding in _reserved("system", id_, ("systems", i, "id")):
            yield finding if calendar.systems is not None else finding.at(*_first_use(id_, calendar))
    for i, system in enumerate(systems):
        yield from _duplicates("service", ("systems", i, "services"), [service.id for service in system.services])
        for j, service in enumerate(system.services):
            yield from _reserved("service", service.id, ("systems", i, "services", j, "id"))
    for i, feed in enumerate(feeds):
        yield from _reserved("feed", feed.id, ("feeds", i, "id"), names)


def _reserved(kind: str, id_: str, path: tuple[str | int, ...], systems: Container[str] = ()) -> Iterator[Finding]:
    reason = "a system has the same id" if id_ in systems else None
    if id_ in _RESERVED_PATHS and kind != "service":
        reason = "the site has files of this name"
    elif id_.endswith(("-reminders", ".ics")):
        reason = f'"{id_[id_.rfind("-reminders") :] if id_.endswith("-reminders") else ".ics"}" ends other files'
    elif id_.partition(".")[0] in _DEVICES:
        reason = "Windows keeps this name for a device"
    elif id_.endswith("."):
        reason = "Windows drops the dot at the end"
    elif not re.fullmatch(ID_PATTERN, id_):
        yield found("bad-id", path, read=shown(id_), hint="")
    if reason:
        yield found("reserved-id", path, id=id_, kind=kind, reason=reason)


def _duplicates(kind: str, path: tuple[str | int, ...], ids: list[str]) -> Iterator[Finding]:
    if len(set(ids)) == len(ids):
        return
    seen: dict[str, int] = {}
    for i, id_ in enumerate(ids):
        if id_ in seen:
            yield found("duplicate-id", (*path, i, "id"), kind=kind, id=id_, first=f", first as number {seen[id_] + 1}")
        seen.setdefault(id_, i)


def _first_use(id_: str, calendar: MaintenanceCalendar) -> tuple[str | int, ...]:
    i = next(i for i, window in enumerate(calendar.windows) if id_ in window.system_ids)
    window = calendar.windows[i]
    return ("windows", i, "system") if window.systems is None else ("windows", i, "systems", window.systems.index(id_))


def _uid_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    if not any(window.uid for window in calendar.windows):
        return
    seen: dict[str, str] = {}
    for i, window in sorted(enumerate(calendar.windows), key=lambda entry: entry[1].uid is not None):
        uid = window.uid or f"{window.id}@{calendar.domain}"
        if uid.casefold() in seen and seen[uid.casefold()] != window.id:
            first = f', first of window "{seen[uid.casefold()]}"'
            yield found("duplicate-id", ("windows", i, "uid"), kind="UID", id=uid, first=first)
        seen.setdefault(uid.casefold(), window.id)


def selection_findings(chosen: Mapping[str, frozenset[str]], calendar: MaintenanceCalendar) -> Iterator[Finding]:
    known = {
        "ids": ("unknown-id", {window.id for window in calendar.windows} if chosen.get("ids") else set()),
        "system": ("unknown-id", set(calendar.systems_by_id)),
        "service": ("unknown-id", service_names(calendar.systems_by_id, calendar)),
        "impact": ("unknown-value", set(IMPACTS)),
        "status": ("unknown-value", set(STATUSES)),
    }
    for filter_, (rule, names) in known.items():
        for name in sorted(chosen.get(filter_, frozenset()) - names):
            kind, hint = filter_.replace("ids", "window"), did_you_mean(name, names)
            yield found(rule, (filter_,), kind=kind, id=name, read=shown(name), field=filter_, hint=hint)


def _name_findings(
    window: MaintenanceWindow, calendar: MaintenanceCalendar, suggested: Suggestions
) -> Iterator[Finding]:
    """Findings for systems and services that the calendar does not have."""
    for i, id_ in enumerate(window.system_ids):
        path = ("system",) if window.systems is None else ("systems", i)
        if id_ not in calendar.systems_by_id:
            yield found("unknown-id", path, kind="system", id=id_, hint=suggested.of(id_))
        elif id_ in window.system_ids[:i]:
            yield found("given-twice", path, key=id_, first="")
    if all(id_ in calendar.systems_by_id for id_ in window.system_ids):
        yield from _service_findings(window, calendar)


def _service_findings(window: MaintenanceWindow, calendar: MaintenanceCalendar) -> Iterator[Finding]:
    systems = window.system_ids
    services = Suggestions(lambda: service_names(systems, calendar))
    for i, service in enumerate(window.services or ()):
        name = service if isinstance(service, str) else service.id
        options = services_named(name, systems, calendar)
        if not options:
            hint = services.of(name) or f" Under systems, add it to the services of {systems[0]}."
            yield found("unknown-id", ("services", i), kind="service", id=name, hint=hint)
        elif len(options) > 1:
            words = " or ".join(f"{system.id}/{name}" for system, _ in options)
            yield found("ambiguous-service", ("services", i), id=name, options=words)


def services_named(name: str, systems: Iterable[str], calendar: MaintenanceCalendar) -> list[tuple[System, Service]]:
    """The services that a name can mean, at most one for each system: `sea-manifest`, or `icms/sea-manifest`."""
    asked = [calendar.systems_by_id[id_] for id_ in systems]
    return [(system, system.services_by_name[name]) for system in asked if name in system.services_by_name]


def service_names(systems: Iterable[str], calendar: MaintenanceCalendar) -> set[str]:
    """Under all their names, as `services_named` finds them."""
    return {name for id_ in systems for name in calendar.systems_by_id[id_].services_by_name}


def instant(when: date, zone: Zone, field: str) -> datetime:
    """The UTC instant of a time with an offset, or of a wall-clock time of a zone; of a day, that of its beginning."""
    if not isinstance(when, datetime):
        return zone.first_instant(when, field)
    return utc(when, field) if when.tzinfo is not None else zone.instant(when, field)


def end_before_start(window: MaintenanceWindow) -> CalendarError:
    start, end = (
        when.isoformat(" ", "minutes") if isinstance(when, datetime) else str(when)
        for when in (window.start, window.end)
    )
    hint = "Is it on the next day?" if start[:10] == end[:10] else "Are they swapped?"
    return fault("end-not-after-start", ("end",), start=shown(start), end=shown(end), hint=hint)


def disagreement(length: timedelta, stated: timedelta) -> CalendarError:
    but = f", and they disagree: {duration_in_words(length)} and {duration_in_words(stated)}"
    return fault("both-given", ("duration",), one="end", other="duration", but=but)


def unknown_window(id_: str, calendar: MaintenanceCalendar) -> CalendarError:
    hint = did_you_mean(id_, [window.id for window in calendar.windows])
    return fault("unknown-id", kind="window", id=id_, hint=hint)
