"""Wall-clock times to instants, in the zones that the notice names; whatever does not fit becomes a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from icms_calendar.findings import CalendarError
from icms_calendar.notice.offsets import ZoneWordError, instant_in
from icms_calendar.notice.points import Point
from icms_calendar.notice.questions import asked
from icms_calendar.notice.reading import Question
from icms_calendar.notice.terms import Term, ZoneWord
from icms_calendar.notice.text import Text
from icms_calendar.record.zones import Zone, zone_named

_UNKNOWN = "UTC"  # if neither the notice nor the caller names a zone; always asked about


@dataclass(frozen=True, slots=True)
class Placed:
    """An aware time, the IANA name of its zone if known, and what must be asked."""

    when: datetime
    zone: str
    questions: tuple[Question, ...] = ()


def placed(wall: datetime, point: Point, words: Sequence[ZoneWord], default: Zone | None, text: Text) -> Placed:
    """The instant of a wall-clock time: in the first zone named, else in the default, else in UTC with a question."""
    if not words:
        ask = () if default else (asked("tz-missing", text, point, here=_UNKNOWN),)
        return _in_zone(default or zone_named(_UNKNOWN), wall, point, text, ask)
    first = _by_word(words[0], wall, point, default, text)
    asks = list(first.questions)
    for word in words[1:]:
        other = _by_word(word, wall, point, default, text)
        if other.when != first.when and not other.questions:
            reason = f"{words[0].name} and {word.name} differ here"
            asks.append(asked("tz-conflict", text, word, reason=reason, here=words[0].name))
    if point.other:
        clock, zones = point.other
        again = wall.replace(hour=clock.hour % 24, minute=clock.minute % 60)
        days = (again + timedelta(days=step) for step in (-1, 0, 1))
        if first.when not in [_by_word(zones[0], day, point, default, text).when for day in days]:
            reason, term = (
                f"it is another moment than {wall:%H:%M} as written before it",
                Term(clock.start, zones[-1].end),
            )
            asks.append(asked("tz-conflict", text, term, reason=reason, here=f"{wall:%H:%M}"))
    return replace(first, questions=tuple(asks))


def _by_word(word: ZoneWord, wall: datetime, point: Point, default: Zone | None, text: Text) -> Placed:
    try:
        instant, name = instant_in(word, wall, default)
    except ZoneWordError as error:
        zone = default or zone_named(_UNKNOWN)
        return _in_zone(zone, wall, point, text, (asked(error.name, text, word, reason=error.reason, here=zone.name),))
    except CalendarError:
        own = default.name if default else _UNKNOWN
        return _in_zone(zone_named(word.name if "/" in word.name else own), wall, point, text, ())
    shown = zone_named(name).wall(instant)[0] if name else wall
    return Placed(_at(instant, shown), name)


def _in_zone(zone: Zone, wall: datetime, point: Point, text: Text, asks: tuple[Question, ...]) -> Placed:
    """The instant in a zone; the nearest one, with a question, if its clock skips the time or shows it twice."""
    try:
        instant = zone.instant(wall)
    except CalendarError as error:
        try:
            instant, _ = zone.nearest_instant(wall)
        except CalendarError:
            instant = wall.replace(tzinfo=UTC)
        here = _at(instant, zone.wall(instant)[0]).isoformat(timespec="minutes")
        asks = (*asks, asked("dst", text, point, reason=error.findings[0].message, here=here))
    return Placed(_at(instant, zone.wall(instant)[0]), zone.name, asks)


def _at(instant: datetime, wall: datetime) -> datetime:
    return instant.astimezone(timezone(wall - instant.replace(tzinfo=None)))
