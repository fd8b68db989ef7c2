"""The mistake in a time that a person wrote, and what to write instead; zones.py reads the times that are right."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

FORM = "Write 2025-07-13 04:00, or 2025-07-13T04:00+03:00"

_DAY = timedelta(days=1)
_MONTHS = {name[:3].casefold(): number for number, name in enumerate(month_name) if name}
_NTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_NAME = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)"
_YEAR_IS_LAST, _NO_DAY = "The year comes first. ", "There is no such day. "
_DATES = {  # the forms of a date, and what is wrong with one that is not written like 2025-07-13
    r"(?P<year>[0-9]{4})([-/.]?)(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})(?![0-9])": (
        "Dates have dashes, and month and day two digits. "
    ),
    r"(?P<day>[0-9]{1,2})([-/.])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])": _YEAR_IS_LAST,
    rf"{_NTH}[ .-]*{_NAME}[ .,-]*(?P<year>[0-9]{{4}})": "Dates are numbers. ",
    rf"{_NAME}[ .]*{_NTH},? *(?P<year>[0-9]{{4}})": "Dates are numbers. ",
}
_CLOCK = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?:[:.h]([0-9]{2})(?::[0-9]{2})?)? *([ap])\.?m\b\.?"
    r"|(?<![0-9:])([0-9]{1,2})[:.h]([0-9]{2})(?![0-9])"
    r"|(?<![0-9])([0-9]{2})([0-9]{2})(?:[0-9]{2})? ?(?:h(?:rs|ours)?)?(?![0-9:])",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC)? ?([+-])(0?[0-9]|1[0-4])(?::?([0-9]{2}))?$|Z$")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_FIRST_OF_EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no zone


def slip_in(text: str) -> str:
    """The mistake in a time, and the value to write, or both values if it can mean two."""
    words = " ".join(text.split())
    if words != text:
        return f"It has extra spaces, or an invisible character as text copied from web pages has. {slip_in(words)}"
    if _SERIAL.fullmatch(words):
        instant = _FIRST_OF_EXCEL + timedelta(minutes=round(float(words) * 24 * 60))
        return f"It is a number of Excel for {instant:%Y-%m-%d %H:%M}. Format the column as text, and write that"
    days, slip, rest = _date_in(words)
    if slip and not days:
        return f"{slip}Correct it"
    offset = _OFFSET.search(rest)
    clocks = list(_CLOCK.finditer(rest, 0, offset.start() if offset else len(rest)))
    if not clocks:
        return FORM if rest.strip() or not days else f"{slip}Write {' or '.join(map(str, days))}"
    clock, wrong = _clock_in(clocks)
    if clock is None:
        return wrong
    if not days:
        return f"The date is missing. {wrong}Also write the day: {_written(date(2025, 7, 13), clock)}"
    return _to_write([_written(day, clock) for day in days], slip + wrong, rest, offset)


def _to_write(values: Sequence[str], slip: str, rest: str, offset: re.Match[str] | None) -> str:
    """What is wrong, and the values to write, with the offset that the rest of the text has."""
    if offset:
        sign, hours, minutes = offset.groups()
        exact = f"{sign}{int(hours):02}:{minutes or '00'}" if sign else "Z"
        values = [f"{each.replace(' ', 'T')}{exact}" for each in values]
        slip = slip or ("" if offset[0] == exact else "An offset is written like +03:00. ")
    elif zone := re.search(r"(?<![A-Za-z])(?!AM|PM)[A-Z]{2,5}$", rest):
        slip += f"{zone[0]} can be several zones: set timezone, or write an offset. "
    return f"{slip}Write {' or '.join(values)}"


def _written(day: date, clock: timedelta) -> str:
    return (datetime.combine(day, time.min) + clock).isoformat(" ", "minutes")


def _date_in(text: str) -> tuple[list[date], str, str]:
    """The days that a text may name, the mistake in its form, and the rest of the text."""
    for form, slip in _DATES.items():
        if match := re.search(form, text, re.IGNORECASE):
            month = _MONTHS.get(match["month"][:3].casefold()) or int(match["month"])
            year, day = int(f"20{match['year']}"[-4:]), int(match["day"])
            days, swapped, rest = _real(year, month, day), _real(year, day, month), text[match.end() :]
            if slip == _YEAR_IS_LAST:
                both = list(dict.fromkeys(days + swapped))
                return both, slip if both else _NO_DAY, rest
            if not days:
                return swapped, _why_no_day(year, month, day), rest
            return days, "" if match[0] == str(days[0]) else slip, rest
    return [], "", text


def _why_no_day(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"There is no month {month}. "
    last = monthrange(year, month)[1]
    return f"{month_name[month]} {year} has {last} days. " if day > last else _NO_DAY


def _real(year: int, month: int, day: int) -> list[date]:
    """The day, if there is one and one after it."""
    with suppress(ValueError, OverflowError):
        return [date(year, month, day) + _DAY - _DAY]
    return []


def _clock_in(matches: Sequence[re.Match[str]]) -> tuple[timedelta | None, str]:
    """The time of day that is written, since midnight, and the mistake in its form."""
    if len(matches) > 1:
        return None, "There are two times. Write one under start and one under end"
    match = matches[0]
    hour, minute = (int(next(filter(None, match.group(*form)), 0)) for form in ((1, 4, 6), (2, 5, 7)))
    slip = "Hours and minutes have two digits, with a colon. "
    if match[3]:
        slip = "Times use the 24-hour clock. "
        hour = hour % 12 + (12 if match[3] in "pP" else 0) if 1 <= hour <= 12 else 99
    elif match[0].startswith(f"{hour:02}:{minute:02}"):
        slip = ""
    if (hour, minute) == (24, 0):
        slip = "24:00 is 00:00 of the next day. "
    elif hour > 23 or minute > 59:
        return None, f"{match[0].strip()} is not a time of day. Correct it"
    return timedelta(hours=hour, minutes=minute), slip
