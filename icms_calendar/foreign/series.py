"""The VEVENTs of one UID to events: revisions, series laid out, and what was changed of single occurrences.

The starts that a rule yields are in repeats.py, the values of one VEVENT in vevent.py.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from icms_calendar.findings import shown
from icms_calendar.foreign.clocks import Clock
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.foreign.repeats import MOST_OF_A_SERIES, LaidOut, RefusedRuleError, rule_parts
from icms_calendar.foreign.values import Length, moment_of
from icms_calendar.foreign.vevent import (
    DAY,
    OLD,
    UNREADABLE,
    ForeignEvent,
    Gap,
    LeftOutError,
    Time,
    Vevent,
    after,
    duration_of,
    end_of,
    event_at,
    instant_of,
    last_of,
    single,
    start_of,
    time_of,
)

LAST = datetime(9999, 12, 30, tzinfo=UTC)  # every wall clock can show it
_MOST_SET_BACK = timedelta(hours=3)  # by any clock: within it a later time may show an earlier one again
_WHEN = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS")
_REPEATS = frozenset({"RRULE", "RDATE"})
_OF_SERIES = _REPEATS | {"RECURRENCE-ID", "EXDATE"}
_NO_LENGTH = timedelta(0)

Rule = tuple[dict[str, str], datetime | None]  # its parts, and the last wall-clock time at which it may yield


@dataclass(frozen=True, slots=True)
class ForeignSeries:
    """What the occurrences of an event are laid out from: rules as written, on the wall clock of `timezone`."""

    uid: str
    rules: tuple[str, ...]
    lasts: tuple[datetime | None, ...]  # of each rule the last time at which it may yield, by its UNTIL; naive
    timezone: str | None
    first: datetime  # wall clock, naive
    length: timedelta | None  # elapsed time; None if it has nominal days
    all_day: bool
    excluded: tuple[datetime, ...]  # wall clock, naive
    added: tuple[datetime, ...]
    shifted: bool  # an occurrence moves all that follow it
    line: int


class _Listed(NamedTuple):
    """A time of RDATE or EXDATE on the wall clock of the series; `at` is None for a whole day of it."""

    wall: datetime
    at: datetime | None
    length: Length | None


class _Move(NamedTuple):
    """A change of all occurrences from one on: which one, and how it is then."""

    at: datetime
    vevent: Vevent
    start: Time
    begins: datetime
    length: Length


@dataclass(frozen=True, slots=True)
class _Series:
    """What the occurrences of a series are made of."""

    master: Vevent
    start: Time
    length: Length
    added: Mapping[datetime, Length | None]
    excluded: _Excluded
    moves: list[_Move]


class _Excluded:
    """What EXDATE takes out of a series."""

    def __init__(self, listed: Iterable[_Listed]) -> None:
        self._listed = list(listed)
        self._instants = {one.at for one in self._listed}
        self._days = {one.wall.date() for one in self._listed if one.at is None}
        self._hits: set[datetime | date] = set()

    @property
    def walls(self) -> tuple[datetime, ...]:
        return tuple(sorted({one.wall for one in self._listed}))

    def holds(self, wall: datetime, at: datetime) -> bool:
        """Whether an occurrence is excluded."""
        if at not in self._instants and wall.date() not in self._days:
            return False
        self._hits |= {at, wall.date()}
        return True

    def idle(self, begins: datetime, until: datetime) -> Iterator[datetime]:
        """Those that lie within the series, and excluded nothing."""
        for one in self._listed:
            at = one.at or one.wall.replace(tzinfo=UTC)
            if begins <= at <= until and (one.at or one.wall.date()) not in self._hits:
                yield one.wall


def events_of(vevents: list[Vevent]) -> tuple[list[ForeignEvent], list[ForeignSeries]]:
    """The events that the VEVENTs of one UID come to, and the series among them.

    Raises LeftOutError about the first of them.
    """
    if len(vevents) == 1 and not vevents[0].component.properties.keys() & _OF_SERIES:
        return single(vevents[0]), []
    masters = [vevent for vevent in vevents if "RECURRENCE-ID" not in vevent.component.properties]
    changes = [vevent for vevent in vevents if "RECURRENCE-ID" in vevent.component.properties]
    masters = _current(masters)
    main = max(masters, key=lambda one: (bool(one.component.properties.keys() & _REPEATS), one.rank), default=None)
    overrides = _overrides(changes, main)
    if main is None:
        return [event for at, vevent in overrides.items() for event in _alone(vevent, at)], []
    events: list[ForeignEvent] = []
    series: list[ForeignSeries] = []
    for master in masters:
        try:
            made, laid_out = _of_master(master, overrides if master is main else {})
        except LeftOutError as error:
            master.leave_out(error)
            continue
        events += made
        series += laid_out
    return events, series


def _of_master(master: Vevent, overrides: dict[datetime, Vevent]) -> tuple[list[ForeignEvent], list[ForeignSeries]]:
    properties = master.component.properties
    if properties.keys() & _REPEATS or overrides:
        return _laid_out(master, overrides)
    if "EXDATE" in properties:
        master.say_otherwise("EXDATE", "it does not repeat, and has an EXDATE. It takes place all the same")
    return single(master), []


# Revisions


def _current(masters: list[Vevent]) -> list[Vevent]:
    """The latest revision (RFC 5546 2.1.5); all of them that have its SEQUENCE and other times.

    DTSTAMP alone does not distinguish a revision from another event: many programs stamp each event when they write it.
    """
    if not masters:
        return []
    latest = max(masters, key=lambda vevent: vevent.rank)
    if latest.is_cancel and "DTSTART" not in latest.component.properties:
        told = [vevent for vevent in masters if "DTSTART" in vevent.component.properties]
        if not told:
            raise LeftOutError("it cancels an event that is not in the file")
        before = max(told, key=lambda vevent: vevent.rank)
        latest = replace(before, is_cancel=True, sequence=latest.sequence, stamped=latest.stamped)
        masters = [latest]
    by_when = {_when(vevent): vevent for vevent in sorted(masters, key=lambda vevent: vevent.rank)}
    current = [one for one in by_when.values() if one.sequence in (latest.sequence, UNREADABLE)]
    current.sort(key=lambda vevent: vevent.component.line)
    if len(current) > 1:
        first, second = (vevent.component for vevent in current[:2])
        latest.reading.say("uid-twice", second.line, latest.uid, read=shown(latest.uid), first=f"{first.line:,}")
    if len(current) < len(masters):
        older = min(vevent.component.line for vevent in masters if vevent not in current)
        told_of = {"what": latest.called, "number": len(masters), "sequence": latest.sequence}
        latest.reading.say("event-superseded", older, "", **told_of)
    return current


def _when(vevent: Vevent) -> tuple[tuple[bytes, bytes], ...]:
    """What a VEVENT says of its time, as written."""
    return tuple(line.written for name in _WHEN for line in vevent.component.every(name))


# Changes of single occurrences


def _overrides(changes: list[Vevent], master: Vevent | None) -> dict[datetime, Vevent]:
    """The latest change of each occurrence, by the instant that its RECURRENCE-ID names."""
    overrides = {}
    for vevent in sorted(changes, key=lambda vevent: vevent.rank):
        try:
            overrides[_recurrence_id(vevent, master)] = vevent
        except LeftOutError as error:
            vevent.leave_out(error)
    return overrides


def _recurrence_id(vevent: Vevent, master: Vevent | None) -> datetime:
    line = vevent.component.properties["RECURRENCE-ID"][0]
    if len({one.written for one in vevent.component.every("RECURRENCE-ID")}) > 1:
        raise LeftOutError("it has several RECURRENCE-ID that differ")
    scope = (line.parameter("RANGE") or "").upper()
    if scope and scope != "THISANDFUTURE":
        vevent.say_otherwise("RANGE", f"its RANGE={shown(scope, 20)[1:-1]} is read as this occurrence alone")
    if master is None:
        return instant_of(time_of(line, vevent), vevent)
    start = start_of(master)
    one = _listed_time(line, line.text, vevent, start)
    wall = datetime.combine(one.wall.date(), start.wall.time()) if one.at is None else one.wall
    return one.at or instant_of(start._replace(wall=wall), master)


def _alone(vevent: Vevent, at: datetime) -> list[ForeignEvent]:
    """A changed occurrence by itself."""
    try:
        return [replace(event, recurrence_id=at) for event in single(vevent)]
    except LeftOutError as error:
        vevent.leave_out(error)
        return []


def _moves(overrides: dict[datetime, Vevent]) -> list[_Move]:
    """The changes that hold from one occurrence on (RFC 5545 3.2.13)."""
    moves = []
    for at, vevent in overrides.items():
        line = vevent.component.properties["RECURRENCE-ID"][0]
        if (line.parameter("RANGE") or "").upper() == "THISANDFUTURE":
            try:
                start = start_of(vevent)
                begins = instant_of(start, vevent)
                moves.append(_Move(at, vevent, start, begins, _length(vevent, start, begins)))
            except LeftOutError as error:
                vevent.leave_out(error)
    return sorted(moves, key=lambda move: move.at)


# Series


def _laid_out(master: Vevent, overrides: dict[datetime, Vevent]) -> tuple[list[ForeignEvent], list[ForeignSeries]]:
    part = master.component
    start = start_of(master)
    begins = _begins(start, master)
    moves, until = _moves(overrides), master.reading.until
    added = {one.wall: one.length for one in _listed(master, "RDATE", start)}
    rules, laid_out = _starts(master, start, added, _last_start(moves, start.clock, until))
    excluded = _Excluded(_listed(master, "EXDATE", start))
    length = _length(master, start, begins)
    series = _Series(master, start, length, added, excluded, moves)
    events = [
        replace(event, series=part.line)
        for event in _occurrences(series, laid_out, overrides)
        if min(event.start, event.recurrence_id or event.start) <= until
    ]
    idle = excluded.idle(begins or start.wall.replace(tzinfo=UTC), until)
    for wall in idle if not laid_out.cut else ():
        master.say_otherwise("EXDATE", f"nothing starts at its EXDATE {_minute(wall)}. It says nothing")
    made = ForeignSeries(
        uid=master.uid,
        rules=tuple(line.text.strip() for line in part.every("RRULE") if line.value.strip()),
        lasts=tuple(last for _, last in rules),
        timezone=start.clock.name,
        first=start.wall,
        length=length.exact if not length.days else None,
        all_day=start.is_date,
        excluded=excluded.walls,
        added=tuple(sorted(added)),
        shifted=bool(moves),
        line=part.line,
    )
    return events, [made]


def _starts(master: Vevent, start: Time, added: Iterable[datetime], last: datetime) -> tuple[list[Rule], LaidOut]:
    part = master.component
    written = ""
    try:
        rules = []
        for line in part.every("RRULE"):
            if written := line.text.strip():
                rules.append(_rule(line, start, master))
            else:
                master.say_otherwise("RRULE", "its RRULE is empty. It says nothing")
        if "EXRULE" in part.properties:
            raise RefusedRuleError("EXRULE, which RFC 5545 no longer has, is not followed")
        laid_out = master.reading.layout.starts(start.wall, rules, added, last)
    except RefusedRuleError as error:
        if error.illegal:
            raise LeftOutError(str(error), rule="bad-rrule", read=shown(written)) from None
        raise LeftOutError(f"its rule cannot be laid out: {error}") from None
    if laid_out.cut:
        told = {"what": master.called, "limit": f"{MOST_OF_A_SERIES:,}"}
        master.reading.say("series-cut", part.line, **told)
        from_ = laid_out.starts[-1].replace(tzinfo=UTC) - DAY
        master.reading.gaps.append(Gap(from_, None, "series-cut", part.line, told))
    if laid_out.off_rule:
        reason = "its rule does not yield its DTSTART. It counts, beside what the rule yields"
        master.say_otherwise("DTSTART", reason)
    return rules, laid_out


def _occurrences(series: _Series, laid_out: LaidOut, overrides: dict[datetime, Vevent]) -> Iterator[ForeignEvent]:
    """What takes place at the starts of a series, and what was changed from them."""
    master = series.master
    for wall in laid_out.starts:
        start = series.start._replace(wall=wall)
        change = None
        try:
            at = instant_of(start, master)
            if series.excluded.holds(wall, at):
                continue
            change = overrides.pop(at, None)
            if change is None or _only_cancels(change):
                for event in _occurrence(series, start, at):
                    yield event if change is None else _cancelled_by(change, event)
                continue
        except LeftOutError as error:
            if error.rule != "beyond-clock-changes" or wall > OLD:
                at = wall.replace(tzinfo=UTC)
                ends = at + series.length.days + series.length.exact
                master.leave_out(error, (at - DAY, ends + 2 * DAY))
        if change is not None:
            yield from (_called_off(event, master) for event in _alone(change, at))
    yield from _beside_the_rule(series, laid_out, overrides)


def _beside_the_rule(series: _Series, laid_out: LaidOut, overrides: dict[datetime, Vevent]) -> Iterator[ForeignEvent]:
    """Changes of days that the rule does not yield, or that are excluded, or lie beyond what is asked."""
    master = series.master
    for at, change in overrides.items():
        wall = series.start.clock.wall(at)
        if at <= master.reading.until and not laid_out.cut:
            if change.sequence < master.sequence and series.excluded.holds(wall, at):
                reason = f"its EXDATE is later than the change of {_minute(wall)}. That day does not take place"
                master.say_otherwise("RECURRENCE-ID", reason)
                continue
            reason = f"nothing starts at the RECURRENCE-ID {_minute(wall)}. It takes place beside the others"
            change.say_otherwise("RECURRENCE-ID", reason)
        if change.component.first("DTSTART"):
            yield from (_called_off(event, master) for event in _alone(change, at))


def _occurrence(series: _Series, start: Time, at: datetime) -> list[ForeignEvent]:
    """One occurrence as the rule has it, or as a change from an earlier one on moves it."""
    begins, vevent, length = at, series.master, series.length
    own = series.added.get(start.wall)
    if i := bisect_right(series.moves, at, key=attrgetter("at")):
        move = series.moves[i - 1]
        shift = move.start.wall - move.start.clock.wall(move.at)
        start = move.start._replace(wall=move.start.clock.wall(at) + shift)
        begins, vevent, length = instant_of(start, move.vevent), move.vevent, move.length
    ends = after(start, begins, own or length, vevent)
    cancelled = vevent.is_cancel or series.master.is_cancel
    return event_at(vevent, start, begins, ends, at, cancelled=cancelled)


def _begins(start: Time, master: Vevent) -> datetime | None:
    """The instant of a DTSTART; None for one before all zone tables (a birthday of 1604), which needs none."""
    try:
        return instant_of(start, master)
    except LeftOutError as error:
        if error.rule != "beyond-clock-changes":
            raise
        return None


def _last_start(moves: list[_Move], clock: Clock, until: datetime) -> datetime:
    """The wall-clock time until which starts are looked for: a change may have those that follow begin earlier."""
    earlier = max((move.at - move.begins for move in moves), default=_NO_LENGTH)
    if _NO_LENGTH < earlier < LAST - until:
        until += earlier
    return clock.wall(until) + _MOST_SET_BACK


def _rule(line: ContentLine, start: Time, vevent: Vevent) -> Rule:
    """A rule, and the last time at which it may yield, on the wall clock of the series."""
    parts = rule_parts(line.text)
    if "COUNT=-1" in line.text.upper():
        vevent.say_otherwise("COUNT", "its COUNT=-1 says nothing")
    until = parts.get("UNTIL")
    if until is None:
        return parts, None
    moment = moment_of(until.encode())
    if moment is None:
        raise RefusedRuleError(f"UNTIL={until} is not a time", illegal=True)
    last = moment.wall
    if start.is_date:
        last = datetime.combine(_last_day(last, vevent) if moment.kind == "utc" else last.date(), time.max)
    elif moment.kind == "date":
        last = datetime.combine(last.date(), time.max)
    elif moment.kind == "utc":
        last = start.clock.wall(last.replace(tzinfo=UTC))
    if start.is_date is not (moment.kind == "date"):
        one, other = ("DTSTART", "UNTIL") if start.is_date else ("UNTIL", "DTSTART")
        reason = f"its {one} is a date, its {other} a time. The series ends with {last:%Y-%m-%d}"
        vevent.say_otherwise("UNTIL", reason)
    return parts, last


def _last_day(written: datetime, vevent: Vevent) -> date:
    """The last day of a whole-day series whose UNTIL is in UTC.

    The end of a day means that day. Else it is the day on the clock of the file if that shows midnight, and otherwise
    that day or the written one, whichever is later.
    """
    clock = vevent.clocks.only() or vevent.days
    if written.time() >= time(23, 59) or clock is None:
        return written.date()
    wall = clock.wall(written.replace(tzinfo=UTC))
    return wall.date() if wall.time() == time.min else max(wall.date(), written.date())


def _listed(vevent: Vevent, name: str, start: Time) -> Iterator[_Listed]:
    """The times of RDATE or EXDATE; a PERIOD has a length of its own."""
    for line in vevent.component.every(name):
        for text in line.text.split(",") if line.value.strip() else ():
            begin, slash, end = text.strip().partition("/")
            one = _listed_time(line, begin, vevent, start)
            if slash and one.at is not None:
                if end[:1] in ("P", "+"):
                    length = duration_of(ContentLine(line.number, line.raw, line.head, name, {}, end.encode()))
                else:
                    ends = instant_of(time_of(line, vevent, text=end), vevent)
                    length = Length(_NO_LENGTH, ends - one.at)
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
    if start.is_date:
        day = moment.wall.date()
        if moment.kind != "date":
            clock = vevent.clocks.only() or vevent.days
            wall = clock.wall(moment.wall.replace(tzinfo=UTC)) if moment.kind == "utc" and clock else moment.wall
            day = wall.date() if wall.time() == time.min else day
            reason = f"its {line.name} is a time, its DTSTART a date. It is read as the day {day}"
            vevent.say_otherwise(line.name, reason)
        return _Listed(datetime.combine(day, start.wall.time()), None, None)
    if moment.kind == "date":
        return _Listed(datetime.combine(moment.wall.date(), start.wall.time()), None, None)
    floats = moment.kind == "local" and line.parameter("TZID") is None and start.clock is not vevent.floating
    if floats:
        reason = f"its {line.name} has no time zone. It is read in that of its DTSTART"
        vevent.say_otherwise(line.name, reason)
    at = instant_of(time_of(line, vevent, start.clock if floats else None, text), vevent)
    return _Listed(start.clock.wall(at), at, None)


def _length(vevent: Vevent, start: Time, begins: datetime | None) -> Length:
    """RFC 5545 3.8.5.3: with a DTEND, all occurrences have the exact length, with a DURATION the nominal one."""
    end, duration = vevent.component.first("DTEND"), vevent.component.first("DURATION")
    if end is None and duration is not None:
        return duration_of(duration)
    if start.is_date and end is None:
        return Length(DAY, _NO_LENGTH)
    if end is not None and (start.is_date or begins is None):
        days = last_of(end, vevent, start).wall - start.wall
        return Length(days, _NO_LENGTH) if start.is_date else Length(_NO_LENGTH, days)
    return Length(_NO_LENGTH, end_of(vevent, start, begins) - begins if begins else _NO_LENGTH)


def _only_cancels(vevent: Vevent) -> bool:
    """RFC 5546 3.2.5: a cancellation of one occurrence need not repeat when it was."""
    return vevent.is_cancel and "DTSTART" not in vevent.component.properties


def _cancelled_by(vevent: Vevent, event: ForeignEvent) -> ForeignEvent:
    line = vevent.component.line
    return replace(event, cancelled=True, sequence=vevent.sequence, stamped=vevent.stamped, line=line)


def _called_off(event: ForeignEvent, master: Vevent) -> ForeignEvent:
    return replace(event, cancelled=True) if master.is_cancel and not event.cancelled else event


def _minute(wall: datetime) -> str:
    return f"{wall:%Y-%m-%d %H:%M}"
