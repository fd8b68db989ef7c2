"""The VEVENTs of one UID to events: revisions, series laid out, and what was changed of single occurrences.

The starts that a rule yields are found in record/rrule.py; the values of one VEVENT are read in vevent.py.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from icms_calendar.findings import shown
from icms_calendar.foreign.faults import LeftOutError
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.values import Length, duration_of, moment_of
from icms_calendar.foreign.vevent import OLD, UNREADABLE, ForeignEvent, ForeignRule, ForeignSeries, Time, Vevent, around
from icms_calendar.record.rrule import Repetition, objection_to, parts_of, refusal_of

MOST_OF_A_SERIES = 10_000
LAST = datetime(9999, 12, 30, tzinfo=UTC)  # every wall clock can show it
_MOST_SET_BACK = timedelta(hours=3)  # by any clock: within it a later time may show an earlier one again
_WHEN = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS")
_ALL_LATER = "THISANDFUTURE"
_REPEATS = frozenset({"RRULE", "RDATE"})
_OF_SERIES = _REPEATS | {"RECURRENCE-ID", "EXDATE"}


class _Listed(NamedTuple):
    """A time of RDATE or EXDATE on the wall clock of the series; `at` is None for a whole day of it."""

    wall: datetime
    at: datetime | None
    length: Length | None = None


class _Move(NamedTuple):
    """A change of all occurrences from one on (RFC 5545 3.2.13): which one, and how it is then."""

    at: datetime
    vevent: Vevent
    start: Time
    begins: datetime
    length: Length


def events_of(vevents: list[Vevent]) -> list[ForeignEvent]:
    """The events that the VEVENTs of one UID come to; a series by one rule is added to those of the reading.

    Raises LeftOutError about the first of them.
    """
    if len(vevents) == 1 and not vevents[0].component.properties.keys() & _OF_SERIES:
        return vevents[0].alone()
    masters = [vevent for vevent in vevents if "RECURRENCE-ID" not in vevent.component.properties]
    masters = _current(masters) if masters else []
    main = max(masters, key=lambda one: (bool(one.component.properties.keys() & _REPEATS), one.rank), default=None)
    changes = _changes(vevents, main)
    events: list[ForeignEvent] = []
    for master in masters:
        with master.or_left_out():
            events += _of_master(master, changes if master is main else {})
    return events if masters else [event for at, vevent in changes.items() for event in vevent.alone(at)]


def _of_master(master: Vevent, changes: dict[datetime, Vevent]) -> list[ForeignEvent]:
    properties = master.component.properties
    if properties.keys() & _REPEATS or changes:
        return _Series(master, changes).lay_out()
    if "EXDATE" in properties:
        master.say_otherwise("EXDATE", "it does not repeat, and has an EXDATE. It takes place all the same")
    return master.alone()


# Revisions


def _current(masters: list[Vevent]) -> list[Vevent]:
    """The latest revision (RFC 5546 2.1.5); all of them that have its SEQUENCE and other times.

    DTSTAMP alone does not distinguish a revision from another event: many programs stamp each event when they write it.
    """
    *_, latest = masters = sorted(masters, key=lambda vevent: vevent.rank)
    if _only_cancels(latest):
        before = [vevent for vevent in masters if "DTSTART" in vevent.component.properties]
        if not before:
            raise LeftOutError("it cancels an event that is not in the file")
        last, latest = latest, copy(before[-1])
        latest.is_cancel, latest.sequence, latest.stamped = True, last.sequence, last.stamped
        masters = [latest]
    by_when = {vevent.component.written(*_WHEN): vevent for vevent in masters}
    current = [one for one in by_when.values() if one.sequence in (latest.sequence, UNREADABLE)]
    current.sort(key=lambda vevent: vevent.component.line)
    _report_revisions(latest, masters, current)
    return current


def _report_revisions(latest: Vevent, masters: list[Vevent], current: list[Vevent]) -> None:
    if len(current) > 1:
        first, second = (vevent.component for vevent in current[:2])
        latest.reading.say("uid-twice", second.line, latest.uid, read=shown(latest.uid), first=f"{first.line:,}")
    if len(current) < len(masters):
        older = min(vevent.component.line for vevent in masters if vevent not in current)
        reason = (
            f"it is in the file {len(masters)} times. That of SEQUENCE {latest.sequence} and the latest stamp counts"
        )
        latest.reading.say("read-in-several-ways", older, "revisions", what=latest.called, reason=reason)


# Changes of single occurrences


def _changes(vevents: list[Vevent], master: Vevent | None) -> dict[datetime, Vevent]:
    """The latest change of each occurrence, by the instant that its RECURRENCE-ID names."""
    changes = {}
    changed = (vevent for vevent in vevents if "RECURRENCE-ID" in vevent.component.properties)
    for vevent in sorted(changed, key=lambda vevent: vevent.rank):
        with vevent.or_left_out():
            changes[_recurrence_id(vevent, master)] = vevent
    return changes


def _recurrence_id(vevent: Vevent, master: Vevent | None) -> datetime:
    line = vevent.component.properties["RECURRENCE-ID"][0]
    if len(set(vevent.component.written("RECURRENCE-ID"))) > 1:
        raise LeftOutError("it has several RECURRENCE-ID that differ")
    if (scope := _scope(vevent)) not in ("", _ALL_LATER):
        vevent.say_otherwise("RANGE", f"its RANGE={shown(scope, 20)[1:-1]} is read as this occurrence alone")
    if master is None:
        return vevent.instant(vevent.time(line))
    start = master.start()
    one = _listed_time(line, line.text, vevent, start)
    return one.at or master.instant(start._replace(wall=one.wall))


def _scope(vevent: Vevent) -> str:
    return (vevent.component.properties["RECURRENCE-ID"][0].parameter("RANGE") or "").upper()


def _moves(changes: dict[datetime, Vevent]) -> list[_Move]:
    moves = []
    for at, vevent in changes.items():
        if _scope(vevent) == _ALL_LATER:
            with vevent.or_left_out():
                start = vevent.start()
                begins = vevent.instant(start)
                moves.append(_Move(at, vevent, start, begins, vevent.length(start, begins)))
    return sorted(moves, key=lambda move: move.at)


# Series


class _Series:
    """A VEVENT that repeats, with what was changed of its occurrences."""

    def __init__(self, master: Vevent, changes: dict[datetime, Vevent]) -> None:
        self.master, self.changes = master, changes
        self.start, self.moves = master.start(), _moves(changes)
        self.begins = _begins(self.start, master)
        self.added = {one.wall: one.length for one in _listed(master, "RDATE", self.start)}
        self.excluded = {one.at or one.wall.date(): one.wall for one in _listed(master, "EXDATE", self.start)}
        self.hits: set[date] = set()  # what was excluded
        self.length = master.length(self.start, self.begins)
        self.last = self.start.clock.wall(_last_start(self.moves, master.reading.until))[0]
        self.rules = _rules(master, self.start)

    def lay_out(self) -> list[ForeignEvent]:
        """Its events; what a record can say of it is added to the reading."""
        reading, line = self.master.reading, self.master.component.line
        events = [*chain.from_iterable(map(self._occurrence, self._starts())), *self._beside_the_rule()]
        days = self._excluded_days()
        if len(self.rules) == 1 and not (self.added or self.moves):
            elapsed = None if self.length.days else self.length.exact
            reading.series[line] = ForeignSeries(self.rules[0], self.start.wall.date(), elapsed, days)
        return [
            replace(event, series=line, cancelled=event.cancelled or self.master.is_cancel)
            for event in events
            if min(event.start, event.recurrence_id or LAST) <= reading.until
        ]

    def _starts(self) -> list[datetime]:
        """The wall-clock times at which it starts; a DTSTART always counts (RFC 5545 3.8.5.3)."""
        master, first, last = self.master, self.start.wall, self.last + _MOST_SET_BACK
        yielded: set[datetime] = set()
        for rule in self.rules if first <= last else ():
            walls = Repetition(rule.text, first, rule.last, rule.times, master.reading.work.spend).walls(last)
            yielded.update(islice(walls, MOST_OF_A_SERIES + 1))
        if self.rules and first <= last and first not in yielded:
            reason = "its rule does not yield its DTSTART. It counts, beside what the rule yields"
            master.say_otherwise("DTSTART", reason)
        since = first if self.begins else OLD
        starts = sorted(wall for wall in {first, *self.added, *yielded} if since <= wall <= last)
        if len(starts) > MOST_OF_A_SERIES:
            del starts[MOST_OF_A_SERIES:]
            self.last = starts[-1]
            told = {"what": f"the rest of the event {master.called}"}
            told["reason"] = f"only its first {MOST_OF_A_SERIES:,} occurrences are read"
            span = around(self.last.replace(tzinfo=UTC))[0], None
            master.reading.miss("event-left-out", master.component.line, None, span, **told)
        return starts

    def _occurrence(self, wall: datetime) -> list[ForeignEvent]:
        """What takes place at a start, unless it is excluded, as the rule has it or as it was changed."""
        vevent, start, length = self.master, self.start._replace(wall=wall), self.length
        with vevent.or_left_out(around(wall.replace(tzinfo=UTC), *length)):
            at = begins = vevent.instant(start)
            if self._excludes(wall, at):
                return []
            change = self.changes.pop(at, None)
            if change is not None and not _only_cancels(change):
                return change.alone(at)
            if i := bisect_right(self.moves, at, key=attrgetter("at")):
                move = self.moves[i - 1]
                vevent, length = move.vevent, move.length
                shift = move.start.wall - move.start.clock.wall(move.at)[0]
                start = move.start._replace(wall=move.start.clock.wall(at)[0] + shift)
                begins = vevent.instant(start)
            events = vevent.event(start, begins, vevent.after(start, begins, self.added.get(wall) or length), at)
            if change is not None:
                number, stamp, line = change.sequence, change.stamped, change.component.line
                events = [replace(one, cancelled=True, sequence=number, stamped=stamp, line=line) for one in events]
            return events
        return []

    def _excludes(self, wall: datetime, at: datetime) -> bool:
        """Whether an occurrence is excluded."""
        hits = self.excluded.keys() & {at, wall.date()}
        self.hits |= hits
        return bool(hits)

    def _beside_the_rule(self) -> Iterator[ForeignEvent]:
        """Changes of days that the rule does not yield, or that are excluded, or lie beyond what is asked."""
        for at, change in self.changes.items():
            wall = self.start.clock.wall(at)[0]
            if wall <= self.last:
                if change.sequence < self.master.sequence and self._excludes(wall, at):
                    reason = f"its EXDATE is later than the change of {_minute(wall)}. That day does not take place"
                    self.master.say_otherwise("RECURRENCE-ID", reason)
                    continue
                reason = f"nothing starts at the RECURRENCE-ID {_minute(wall)}. It takes place beside the others"
                change.say_otherwise("RECURRENCE-ID", reason)
            if change.component.first("DTSTART"):
                yield from change.alone(at)

    def _excluded_days(self) -> tuple[date, ...]:
        """The days of exceptions; those that take nothing out of what is laid out are reported instead."""
        days = set()
        for key, wall in self.excluded.items():
            if key in self.hits or not self.start.wall <= wall <= self.last:
                days.add(wall.date())
            else:
                self.master.say_otherwise("EXDATE", f"nothing starts at its EXDATE {_minute(wall)}. It says nothing")
        return tuple(sorted(days))


def _last_start(moves: list[_Move], until: datetime) -> datetime:
    """Until when starts are looked for: a change may have those that follow begin earlier."""
    earlier = max((move.at - move.begins for move in moves), default=timedelta(0))
    return until + earlier if timedelta(0) < earlier < LAST - until else until


def _begins(start: Time, master: Vevent) -> datetime | None:
    """The instant of a DTSTART; None for one before all zone tables (a birthday of 1604), which needs none."""
    try:
        return master.instant(start)
    except LeftOutError as error:
        if error.rule != "passed-over":
            raise
        return None


def _rules(master: Vevent, start: Time) -> list[ForeignRule]:
    """The RRULEs of an event, with their ends. Raises LeftOutError for what cannot be followed to the letter."""
    if "EXRULE" in master.component.properties:
        raise LeftOutError("its rule cannot be laid out: EXRULE, which RFC 5545 no longer has, is not followed")
    rules = []
    for line in master.component.every("RRULE"):
        written = line.text.strip("; ").upper()
        if not written:
            master.say_otherwise("RRULE", "its RRULE is empty. It says nothing")
            continue
        if "COUNT=-1" in written:  # Confluence
            master.say_otherwise("COUNT", "its COUNT=-1 says nothing")
            written = re.sub(r";?COUNT=-1\b", "", written)
        if reason := refusal_of(written):
            if reason == objection_to(written):
                raise LeftOutError(reason, rule="bad-rrule", read=shown(line.text.strip()))
            raise LeftOutError(f"its rule cannot be laid out: {reason}")
        parts = parts_of(written)
        count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        ends = _until(until, line, start, master) if until else (None, None)
        rules.append(ForeignRule(text, int(count) if count else None, *ends))
    return rules


def _until(written: str, line: ContentLine, start: Time, vevent: Vevent) -> tuple[date, datetime]:
    """The UNTIL of a rule, and the last time at which it may yield, on the wall clock of the series."""
    moment = moment_of(written.encode())
    if moment is None:
        raise LeftOutError(f"UNTIL={written} is not a time", rule="bad-rrule", read=shown(line.text.strip()))
    until = moment.wall.replace(tzinfo=UTC) if moment.kind == "utc" else moment.wall
    if not start.is_date and moment.kind != "date":
        return until, start.clock.wall(until)[0] if until.tzinfo else until
    day = until.date() if moment.kind == "date" else _last_day(until, vevent)
    if start.is_date is not (moment.kind == "date"):
        one, other = ("DTSTART", "UNTIL") if start.is_date else ("UNTIL", "DTSTART")
        vevent.say_otherwise("UNTIL", f"its {one} is a date, its {other} a time. The series ends with {day}")
    return day, datetime.combine(day, time.max)


def _last_day(until: datetime, vevent: Vevent) -> date:
    """The last day of a whole-day series whose UNTIL is a time.

    In UTC, the end of a day means that day. Else it is the day on the clock of the file if that shows midnight, and
    otherwise that day or the written one, whichever is later.
    """
    if until.tzinfo is None or until.time() >= time(23, 59):
        return until.date()
    wall = _of_file(until, vevent)
    return wall.date() if wall.time() == time.min else max(wall.date(), until.date())


def _of_file(instant: datetime, vevent: Vevent) -> datetime:
    """What the clock of the file's only zone shows at an instant, or that of its whole days."""
    clock = vevent.clocks.only() or vevent.days
    return clock.wall(instant)[0] if clock else instant.replace(tzinfo=None)


def _listed(vevent: Vevent, name: str, start: Time) -> Iterator[_Listed]:
    """The times of RDATE or EXDATE; a PERIOD has a length of its own."""
    for line in vevent.component.every(name):
        for text in line.text.split(",") if line.value.strip() else ():
            begin, slash, end = text.strip().partition("/")
            one = _listed_time(line, begin, vevent, start)
            if slash and one.at is not None:
                if end[:1] in ("P", "+"):
                    length = duration_of(name, end)
                else:
                    length = Length(timedelta(0), vevent.instant(vevent.time(line, text=end)) - one.at)
                one = one._replace(length=length)
            yield one


def _listed_time(line: ContentLine, text: str, vevent: Vevent, start: Time) -> _Listed:
    """A time that names an occurrence, on the wall clock of its series (RFC 5545 3.8.4.4, 3.8.5.1).

    A day in a series of times means what starts on that day; a time in a series of whole days, the day as it is
    written (Exchange, Thunderbird); a time without a zone, the clock of the series.
    """
    moment = moment_of(text.strip().encode())
    if moment is None:
        raise LeftOutError(f"its {line.name} is not a time: {shown(text, 30)}")
    if start.is_date or moment.kind == "date":
        day = moment.wall.date()
        if moment.kind != "date":
            wall = _of_file(moment.wall.replace(tzinfo=UTC), vevent) if moment.kind == "utc" else moment.wall
            day = wall.date() if wall.time() == time.min else day
            reason = f"its {line.name} is a time, its DTSTART a date. It is read as the day {day}"
            vevent.say_otherwise(line.name, reason)
        return _Listed(datetime.combine(day, start.wall.time()), None)
    floats = moment.kind == "local" and line.parameter("TZID") is None and start.clock is not vevent.floating
    if floats:
        reason = f"its {line.name} has no time zone. It is read in that of its DTSTART"
        vevent.say_otherwise(line.name, reason)
    at = vevent.instant(vevent.time(line, start.clock if floats else None, text))
    return _Listed(start.clock.wall(at)[0], at)


def _only_cancels(vevent: Vevent) -> bool:
    """RFC 5546 3.2.5: a cancellation of one occurrence need not repeat when it was."""
    return vevent.is_cancel and "DTSTART" not in vevent.component.properties


def _minute(wall: datetime) -> str:
    return f"{wall:%Y-%m-%d %H:%M}"
