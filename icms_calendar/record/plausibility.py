"""Findings about valid records that are probably wrong: a status against the clock, a window of weeks, an empty feed.

overlaps.py compares windows with one another; checks.py refuses what cannot be right at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches

from icms_calendar.findings import Finding, found
from icms_calendar.record.checks import question_findings, service_names
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.overlaps import overlap_findings
from icms_calendar.record.parts import FeedSpec
from icms_calendar.record.recurrence import Expansion, Occurrence
from icms_calendar.record.words import duration, moment

LONGEST = timedelta(days=14)  # most longer windows are a slip of a month or a year
_CLOSE = 0.8  # the similarity of a name and its misspelling


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


_MOST_COMPARED = 50  # systems; each is compared with each


def _filter_findings(feed: FeedSpec, calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """A feed's filters that no window can match."""
    wanted = set(feed.service)
    if feed.system and wanted and not wanted & service_names(feed.system, calendar):
        told = {"system": ", ".join(feed.system), "service": ", ".join(feed.service)}
        yield found("nothing-matches", ("service",), id=feed.id, reason=_OF_ANOTHER.format(**told))
    used = {value for window in calendar.windows for value in window.tags} if feed.tag else set()
    yield from _misspelt(feed, "tag", feed.tag, used)
    used = {value for window in calendar.windows for value in window.audience} if feed.audience else set()
    yield from _misspelt(feed, "audience", feed.audience, used)


def _misspelt(feed: FeedSpec, key: str, values: Sequence[str], used: Collection[str]) -> Iterator[Finding]:
    """Values of a filter that no window has, and that are nearly one that a window has."""
    known = {each.casefold(): each for each in sorted(used)}
    for value in values if not set(used).intersection(values) else ():
        if near := get_close_matches(value.casefold(), known, 1, _CLOSE):
            reason = f'no window has the {key} "{value}". Did you mean "{known[near[0]]}"?'
            yield found("nothing-matches", (key,), id=feed.id, reason=reason)


_OF_ANOTHER = (
    "every filter must match, and {service} is not a service of {system}. Write feeds of their own for what should be "
    "in either"
)
