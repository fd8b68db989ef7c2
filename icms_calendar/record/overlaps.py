"""Windows that overlap and affect the same thing: a time is wrong, or one replaces or repeats the other.

recurrence.py reports a window that overlaps itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from icms_calendar.findings import Finding, found
from icms_calendar.record.affected import affected_by
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence
from icms_calendar.record.words import listed, moment

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NO_END = (_BEGINNING, "")


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
        clashes = _shared(occurrence.start, objects, latest) if twin == id_ else {twin: []}
        latest |= {each: (end, id_) for each in objects if end > latest.get(each, _NO_END)[0]}
        for other, shared in clashes.items():
            pair = frozenset((other, id_))
            if len(pair) == 2 and pair not in told:
                told.add(pair)
                start = moment(occurrence.start, calendar.zone_of(window))
                yield _finding(numbers[id_], id_, other, start, shared)


def _that_count(
    calendar: MaintenanceCalendar, occurrences: Iterable[Occurrence], now: datetime | None
) -> Iterator[Occurrence]:
    superseded = {window.replaces for window in calendar.windows if window.status != "cancelled"}
    held = (each for each in occurrences if each.window.status != "cancelled" and each.record not in superseded)
    return held if now is None else (each for each in held if each.end > now)


def _shared(
    start: datetime, objects: Sequence[str], latest: Mapping[str, tuple[datetime, str]]
) -> dict[str, list[str]]:
    """The objects of which another window has not ended at a start, by the id of that window."""
    shared: dict[str, list[str]] = {}
    for object_id in objects:
        end, other = latest.get(object_id, _NO_END)
        if end > start:
            shared.setdefault(other, []).append(object_id)
    return shared


def _finding(number: int, id_: str, other: str, start: str, shared: Sequence[str]) -> Finding:
    path = ("windows", number, "start")
    if not shared:
        return found("same-window-twice", path, id=id_, other=other)
    return found("windows-overlap", path, id=id_, other=other, start=start, objects=listed(shared))


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
