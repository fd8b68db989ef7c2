"""Spans, durations and titles in words, in English and Swahili.

Single words and labels are in labels.py. The rooms that write texts (feed/, site/) escape and arrange them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from icms_calendar.record.labels import Language
from icms_calendar.record.zones import Zone

_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "sw": ("Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "sw": (
        *("Januari", "Februari", "Machi", "Aprili", "Mei", "Juni"),
        *("Julai", "Agosti", "Septemba", "Oktoba", "Novemba", "Desemba"),
    ),
}
_TO: dict[Language, str] = {"en": "to", "sw": "hadi"}
_AND: dict[Language, str] = {"en": "and", "sw": "na"}
_ALL_DAY: dict[Language, tuple[str, str]] = {"en": ("all day", "whole days"), "sw": ("siku nzima", "siku nzima")}

_CLOCKS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
# A headline by impact, then the one for any other, with what agrees in number with one system or several.
_HEADLINES: dict[Language, dict[str, str]] = {
    "en": {"outage": "{names} unavailable", "degraded": "{names} degraded", "": "{names} maintenance"},
    "sw": {
        "outage": "{names} ha{prefix}tapatikana",
        "degraded": "{names} {prefix}tafanya kazi kwa kiwango cha chini",
        "": "Matengenezo ya {names}",
    },
}
_MAINTENANCE: dict[Language, tuple[str, str]] = {  # planned, emergency
    "en": ("planned maintenance", "emergency maintenance"),
    "sw": ("matengenezo yaliyopangwa", "matengenezo ya dharura"),
}
_CALM: dict[Language, str] = {"en": "no interruption expected", "sw": "hakuna kukatizwa kunakotarajiwa"}


def title(systems: Sequence[str], impact: str, *, emergency: bool = False, language: Language = "en") -> str:
    """The default title of a window: `iCMS unavailable: planned maintenance`."""
    maintenance = _MAINTENANCE[language][emergency]
    if impact in _HEADLINES[language]:
        return f"{headline(systems, impact, language)}: {maintenance}"
    return f"{listed(systems, language)}: {maintenance}, {_CALM[language]}"


def headline(systems: Sequence[str], impact: str, language: Language = "en") -> str:
    """The title for readers who know that it is maintenance: `iCMS unavailable`, `iCMS maintenance`."""
    sentences = _HEADLINES[language]
    prefix = "i" if len(systems) == 1 else "zi"  # in Swahili, the verb agrees in number
    return sentences.get(impact, sentences[""]).format(names=listed(systems, language), prefix=prefix)


def listed(names: Sequence[str], language: Language = "en") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {_AND[language]} {names[-1]}"


def span(start: datetime, end: datetime, zone: Zone, *, all_day: bool = False, language: Language = "en") -> str:
    """A span of UTC instants in the words of its zone, in UTC, and its length.

    `Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours`
    """
    local, in_utc = local_span(start, end, zone, all_day=all_day, language=language)
    length = duration(end - start, language)
    return f"{local} ({in_utc} UTC), {length}" if in_utc else f"{local}, {length}"


def local_span(
    start: datetime, end: datetime, zone: Zone, *, all_day: bool = False, language: Language = "en"
) -> tuple[str, str]:
    """A span in words twice: on its zone's clock, and in UTC (empty if that is the zone's clock)."""
    from_wall, from_letters = zone.wall(start)
    to_wall, to_letters = zone.wall(end)
    from_day, to_day = from_wall.date(), to_wall.date()
    to = _TO[language]
    if all_day:
        (one, several), begins = _ALL_DAY[language], day(from_day, language)
        last = (to_wall - timedelta(seconds=1)).date()
        days = f"{begins}, {one}" if from_day == last else f"{begins} {to} {day(last, language)}, {several}"
        local = f"{days} {from_letters if from_letters == to_letters else f'{from_letters} {to} {to_letters}'}"
    else:
        letters = "" if from_letters == to_letters else f" {from_letters}"
        until = clock(to_wall) if from_day == to_day else f"{day(to_day, language)}, {clock(to_wall)}"
        local = f"{day(from_day, language)}, {clock(from_wall)}{letters} {to} {until} {to_letters}"
    if from_letters == to_letters == "UTC":
        return local, ""
    return local, _utc_span(start, end, from_day, to_day, language)


def everyday_span(
    start: datetime, end: datetime, zone: Zone, *, all_day: bool = False, language: Language = "en"
) -> tuple[str, str, str]:
    """The span on its zone's clock as people say it: `Sunday 13 July 2025, 4am`, ` to `, `10am`.

    In English, midnight belongs to two days, so it is the start or the end of a named day. In Swahili, hours are
    24-hour digits, since spoken hours are counted from six.
    """
    from_wall, to_wall = zone.wall(start)[0], zone.wall(end)[0]
    first, last = from_wall.date(), (to_wall - timedelta(microseconds=1)).date()
    from_day, to = day(first, language), f" {_TO[language]} "
    if all_day or (_is_midnight(from_wall) and _is_midnight(to_wall)):
        whole = _ALL_DAY[language][0]
        return (from_day, ", ", whole) if first == last else (from_day, to, f"{day(last, language)}, {whole}")
    if language == "sw":
        last = to_wall.date()
        begins, ends = clock(from_wall), clock(to_wall)
    else:
        begins = "start of the day" if _is_midnight(from_wall) else _twelve_hours(from_wall)
        ends = "end of the day" if _is_midnight(to_wall) else _twelve_hours(to_wall)
    return f"{from_day}, {begins}", to, ends if first == last else f"{day(last, language)}, {ends}"


def clock_span(start: datetime, end: datetime, zone: Zone) -> str:
    """The hours alone, in 24-hour digits, with the zone's letters and offset: `04:00 to 10:00 EAT, UTC+3`.

    If the span ends on another day, both have their weekday: `Saturday 22:00 to Sunday 04:00 EAT, UTC+3`.
    """
    from_wall, to_wall = zone.wall(start)[0], zone.wall(end)[0]
    begins, ends = clock(from_wall), clock(to_wall)
    if from_wall.date() != to_wall.date():
        begins = f"{_WEEKDAYS['en'][from_wall.weekday()]} {begins}"
        ends = f"{_WEEKDAYS['en'][to_wall.weekday()]} {ends}"
    from_zone, to_zone = _zone_in_words(start, zone), _zone_in_words(end, zone)
    return f"{begins} to {ends} {to_zone}" if from_zone == to_zone else f"{begins} {from_zone} to {ends} {to_zone}"


def zone_span(start: datetime, end: datetime, zone: Zone, language: Language = "en") -> str:
    """The zone's letters and offset during a span: `EAT, UTC+3`, or `CEST, UTC+2 to CET, UTC+1`."""
    from_zone, to_zone = _zone_in_words(start, zone), _zone_in_words(end, zone)
    return from_zone if from_zone == to_zone else f"{from_zone} {_TO[language]} {to_zone}"


def _zone_in_words(instant: datetime, zone: Zone) -> str:
    wall, letters = zone.wall(instant)
    seconds = int((wall - instant.replace(tzinfo=None)).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    if letters.startswith("UTC"):
        return letters
    exact = f"{hours}:{minutes:02}" if minutes else str(hours)
    return f"{letters}, UTC{'-' if seconds < 0 else '+'}{exact}" if seconds else f"{letters}, UTC"


def _is_midnight(wall: datetime) -> bool:
    return (wall.hour, wall.minute, wall.second) == (0, 0, 0)


def _twelve_hours(wall: datetime) -> str:
    """`4am`, `4:30pm`, `noon`."""
    if (wall.hour, wall.minute, wall.second) == (12, 0, 0):
        return "noon"
    exact = f":{wall.minute:02}:{wall.second:02}" if wall.second else f":{wall.minute:02}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{exact}{'am' if wall.hour < 12 else 'pm'}"


def _utc_span(start: datetime, end: datetime, local_from: date, local_to: date, language: Language) -> str:
    """The same span in UTC; its days are named if they differ from those of the local span."""
    from_day, to_day = start.date(), end.date()
    is_here = from_day == local_from and (from_day != to_day or to_day == local_to)
    begins = "" if is_here else _short_day(from_day, local_from, language)
    ends = "" if from_day == to_day else _short_day(to_day, local_from, language)
    return f"{begins}{clock(start)} {_TO[language]} {ends}{clock(end)}"


@lru_cache(maxsize=4096)
def day(of: date, language: Language = "en") -> str:
    """`Sunday 13 July 2025`"""
    return f"{_WEEKDAYS[language][of.weekday()]} {of.day} {_MONTHS[language][of.month - 1]} {of.year}"


def month(of: date, language: Language = "en") -> str:
    """`July 2025`"""
    return f"{_MONTHS[language][of.month - 1]} {of.year}"


def weekdays(language: Language = "en") -> tuple[str, ...]:
    """The days of a week, Monday first."""
    return _WEEKDAYS[language]


def _short_day(of: date, beside: date, language: Language) -> str:
    """The day and a comma, without its year if the day beside it has the same year."""
    words = day(of, language)
    return f"{words if of.year != beside.year else words.rpartition(' ')[0]}, "


def clock(time: datetime) -> str:
    """`04:00`, with seconds only if there are any."""
    words = _CLOCKS[time.hour * 60 + time.minute]
    return f"{words}:{time.second:02}" if time.second else words


def moment(when: date | datetime, zone: Zone, language: Language = "en") -> str:
    """A date, or a date and time in a zone, in words: `Thursday 10 July 2025, 14:30 EAT`."""
    if not isinstance(when, datetime):
        return day(when, language)
    instant = when.astimezone(UTC) if when.tzinfo else zone.instant(when)
    wall, letters = zone.wall(instant)
    return f"{day(wall.date(), language)}, {clock(wall)} {letters}"


@lru_cache(maxsize=1024)
def duration(length: timedelta, language: Language = "en") -> str:
    """`6 hours`, `1 hour 30 minutes`, `36 hours`; from two days, `3 days 4 hours`; in Swahili `muda wa saa 6`.

    In Swahili, lengths and times of day share the word `saa`; `muda wa` marks a length.
    """
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours > 48 else (0, hours)
    if language == "sw":
        named = ((days, "siku"), (hours, "saa"), (minutes, "dakika"), (seconds, "sekunde"))
        return "muda wa " + listed([f"{unit} {number}" for number, unit in named if number], "sw")
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
