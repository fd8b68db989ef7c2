"""Findings about valid records that are probably wrong: windows that overlap, a status too early, an empty feed.

checks.py refuses what cannot be right at any time; recurrence.py reports a window that overlaps itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from icms_calendar.findings import Finding, found
from icms_calendar.record.checks import question_findings, service_names
from icms_calendar.record.fields import FeedSpec
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Expansion, Occurrence
from icms_calendar.record.select import affected_by
from icms_calendar.record.words import duration, listed, moment

LONGEST = timedelta(days=14)  # most longer windows are a slip of a month or a year
_CLOSE = 0.8  # the similarity of a name and its misspelling
_MOST_COMPARED = 50  # systems; each is compared with each
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NO_END = (_BEGINNING, "")


def findings_at(calendar: MaintenanceCalendar, expansion: Expansion, now: datetime | None) -> Iterator[Finding]:
    """Everything to report about valid records that are published at `now`."""
    yield from question_findings(calendar)
    yield from expansion.findings
    yield from overlap_findings(calendar, expansion.occurrences, now)
    yield from _window_findings(calendar, expansion.occurrences, now)
    if calendar.systems is None:
        yield from _alike_findings(calendar)
    for i, feed in enumerate(calendar.feeds):
        yield from (finding.below("feeds", i) for finding in _filter_findings(feed, calendar))


def overlap_findings(
    calendar: MaintenanceCalendar, occurrences: Sequence[Occurrence], now: datetime | None = None
) -> Iterator[Finding]:
    """A warning for each window that begins before another one of the same object has ended; `occurrences` by start.

    It names the earlier window that ends last, and each pair once. A window that repeats another one, with the same
    start, end, objects and title, is an error. Cancelled windows, windows that another `replaces`, and windows that
    are over at `now` do not count.
    """
    if not _any_overlap(occurrences):
        return
    numbers = {window.id: number for number, window in enumerate(calendar.windows)}
    known: dict[object, tuple[str, ...]] = {}
    latest: dict[str, tuple[datetime, str]] = {}  # for each object, the latest end so far and its window
    same: dict[object, str] = {}
    told: set[frozenset[str]] = set()
    for occurrence in _that_count(calendar, occurrences, now):
        window, end, id_ = occurrence.window, occurrence.end, occurrence.record
        objects = _objects(window, calendar, known)
        twin = same.setdefault((occurrence.start, end, objects, window.title), id_)
        shared: dict[str, list[str]] = {}  # the objects of which another window has not ended yet
        for each in objects:
            until, other = latest.get(each, _NO_END)
            if until > occurrence.start:
                shared.setdefault(other, []).append(each)
            if end > until:
                latest[each] = end, id_
        rule, clashes = ("windows-overlap", shared) if twin == id_ else ("same-window-twice", {twin: [*objects]})
        for other, both in clashes.items():
            pair = frozenset((other, id_))
            if len(pair) == 2 and pair not in told:
                told.add(pair)
                what = {"start": moment(occurrence.start, calendar.zone_of(window)), "objects": listed(both)}
                yield found(rule, ("windows", numbers[id_], "start"), id=id_, other=other, **what)


def _that_count(
    calendar: MaintenanceCalendar, occurrences: Iterable[Occurrence], now: datetime | None
) -> Iterator[Occurrence]:
    superseded = {window.replaces for window in calendar.windows if window.status != "cancelled"}
    held = (each for each in occurrences if each.window.status != "cancelled" and each.record not in superseded)
    return held if now is None else (each for each in held if each.end > now)


def _any_overlap(occurrences: Sequence[Occurrence]) -> bool:
    """Whether any two are under way at once, whatever they affect: usually none are, and the check ends here."""
    latest = _BEGINNING
    for occurrence in occurrences:
        if occurrence.start < latest:
            return True
        latest = max(latest, occurrence.end)
    return False


def _objects(
    window: MaintenanceWindow, calendar: MaintenanceCalendar, known: dict[object, tuple[str, ...]]
) -> tuple[str, ...]:
    """The ids of what a window affects; `known` keeps them for windows that say the same."""
    key = (window.system, window.systems, window.services)
    if key not in known:
        known[key] = tuple(sorted(entry.object_id for entry in affected_by(window, calendar)))
    return known[key]


def _window_findings(
    calendar: MaintenanceCalendar, occurrences: Sequence[Occurrence], now: datetime | None
) -> Iterator[Finding]:
    numbers = {window.id: number for number, window in enumerate(calendar.windows)}
    long: set[str] = set()
    for occurrence in occurrences:
        path = ("windows", numbers[occurrence.record])
        if now is not None and occurrence.window.status in ("completed", "in-process"):
            yield from (finding.below(*path) for finding in _status_findings(occurrence, calendar, now))
        if occurrence.end - occurrence.start > LONGEST and occurrence.record not in long:
            long.add(occurrence.record)
            length = duration(occurrence.end - occurrence.start)
            yield found("long-window", (*path, "start"), id=occurrence.record, length=length)


def _status_findings(occurrence: Occurrence, calendar: MaintenanceCalendar, now: datetime) -> Iterator[Finding]:
    """A status that the clock contradicts."""
    window, zone = occurrence.window, calendar.zone_of(occurrence.window)
    start, end = moment(occurrence.start, zone), moment(occurrence.end, zone)
    path = ("repeat",) if window.id != occurrence.record else ("status",)
    if occurrence.start > now and window.status == "completed":
        yield found("completed-early", path, id=window.id, start=start)
    elif occurrence.start > now:
        what = f"in process and starts on {start}. Until then it is shown as planned. Correct one of them"
        yield found("status-early", path, id=window.id, what=what)
    elif window.status == "completed" and occurrence.end > now:
        what = f"completed and ends on {end}. Write its actual end, since calendars show hours that are over"
        yield found("status-early", path, id=window.id, what=what)


def _alike_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """Undeclared systems whose ids are nearly alike: one is probably a misspelling of the other."""
    first = {id_: number for number, window in reversed(list(enumerate(calendar.windows))) for id_ in window.system_ids}
    if len(first) > _MOST_COMPARED:
        return
    letters = {id_: id_.rstrip("0123456789") for id_ in first}  # db1 and db2 are two
    known: list[str] = []
    for id_ in sorted(first, key=lambda each: (first[each], each)):
        near = [each for each in get_close_matches(id_, known, 3, _CLOSE) if letters[each] != letters[id_]]
        if near:
            yield found("systems-alike", ("windows", first[id_], "system"), id=id_, other=near[0])
        known.append(id_)


def _filter_findings(feed: FeedSpec, calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """A feed's filters that no window can match: alone, or with a value that is nearly one that a window has."""
    if feed.system and feed.service and not service_names(feed.system, calendar).intersection(feed.service):
        reason = (
            f"every filter must match, and {', '.join(feed.service)} is not a service of {', '.join(feed.system)}. "
            "Write feeds of their own for what should be in either"
        )
        yield found("nothing-matches", ("service",), id=feed.id, reason=reason)
    for key, values, of_windows in (("tag", feed.tag, "tags"), ("audience", feed.audience, "audience")):
        used = {each for window in calendar.windows for each in getattr(window, of_windows)} if values else set()
        known = {each.casefold(): each for each in sorted(used)}
        for value in values if used.isdisjoint(values) else ():
            if near := get_close_matches(value.casefold(), known, 1, _CLOSE):
                reason = f'no window has the {key} "{value}". Did you mean "{known[near[0]]}"?'
                yield found("nothing-matches", (key,), id=feed.id, reason=reason)
