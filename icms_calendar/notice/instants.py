"""Wall-clock times to instants, in the zones that the notice names; whatever does not fit becomes a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from icms_calendar.findings import CalendarError
from icms_calendar.notice.offsets import ZoneWordError, instant_in
from icms_calendar.notice.points import Point
from icms_calendar.notice.questions import asked
from icms_calendar.notice.reading import Question
from icms_calendar.notice.terms import Clock, Term, ZoneWord
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
        zone = default or zone_named(_UNKNOWN)
        ask = () if default else (asked("tz-missing", text, point, here=_UNKNOWN),)
        return _in_zone(zone, wall, point, text, ask)
    first = _by_word(words[0], wall, point, default, text)
    asks = list(first.questions)
    for word in words[1:]:
        other = _by_word(word, wall, point, default, text)
        if other.when != first.when and not other.questions:
            reason = f"{words[0].name} and {word.name} differ here"
            asks.append(asked("tz-conflict", text, word, reason=reason, here=words[0].name))
    if point.other:
        asks += _compared(first, point.other, wall, point, default, text)
    return Placed(first.when, first.zone, tuple(asks))


def _compared(
    first: Placed,
    other: tuple[Clock, Sequence[ZoneWord]],
    wall: datetime,
    point: Point,
    default: Zone | None,
    text: Text,
) -> list[Question]:
    """The question if the same moment by another zone's clock, as it is written behind, is another moment."""
    clock, words = other
    if not words:
        return [asked("unexplained-time", text, clock)]
    again = wall.replace(hour=clock.hour % 24, minute=clock.minute % 60)
    days = [again + timedelta(days=step) for step in (-1, 0, 1)]
    fits = [_by_word(words[0], day, point, default, text).when for day in days]
    if first.when in fits:
        return []
    reason = f"it is another moment than {wall:%H:%M} as written before it"
    return [asked("tz-conflict", text, Term(clock.start, words[-1].end), reason=reason, here=f"{wall:%H:%M}")]


def _by_word(word: ZoneWord, wall: datetime, point: Point, default: Zone | None, text: Text) -> Placed:
    try:
        instant, name = instant_in(word, wall, default)
    except ZoneWordError as error:
        zone = default or zone_named(_UNKNOWN)
        ask = asked(error.name, text, word, reason=error.reason, here=zone.name)
        return _in_zone(zone, wall, point, text, (ask,))
    except CalendarError as error:
        zone = default if default and word.name == "local" else zone_named(_zone_of(word, default))
        instant, _ = zone.nearest_instant(wall)
        ask = _asked_of_clock(error, point, text, instant, zone)
        return Placed(_shown(instant, zone), zone.name, (ask,))
    return Placed(_shown(instant, zone_named(name)) if name else _at(instant, wall), name)


def _zone_of(word: ZoneWord, default: Zone | None) -> str:
    return word.name if "/" in word.name else default.name if default else _UNKNOWN


def _in_zone(zone: Zone, wall: datetime, point: Point, text: Text, asks: tuple[Question, ...]) -> Placed:
    try:
        instant = zone.instant(wall)
    except CalendarError as error:
        try:
            instant, _ = zone.nearest_instant(wall)
        except CalendarError:
            instant = wall.replace(tzinfo=UTC)
        asks = (*asks, _asked_of_clock(error, point, text, instant, zone))
    return Placed(_shown(instant, zone), zone.name, asks)


def _asked_of_clock(error: CalendarError, point: Point, text: Text, instant: datetime, zone: Zone) -> Question:
    reason = error.findings[0].message
    return asked("dst", text, point, reason=reason, here=_shown(instant, zone).isoformat(timespec="minutes"))


def _shown(instant: datetime, zone: Zone) -> datetime:
    wall, _ = zone.wall(instant)
    return _at(instant, wall)


def _at(instant: datetime, wall: datetime) -> datetime:
    return instant.astimezone(timezone(wall - instant.replace(tzinfo=None)))
