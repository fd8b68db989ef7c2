"""The mistake in a time that a person wrote, and what to write instead; zones.py reads the times that are right."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date, datetime, timedelta

FORM = "Write 2025-07-13 04:00, or 2025-07-13T04:00+03:00"

_MONTHS = {name[:3].casefold(): number for number, name in enumerate(month_name) if name}
_DAY = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3,9})[ .,-]*([0-9]{4})", re.IGNORECASE)
_NAMED_MONTH_FIRST = re.compile(r"([a-z]{3,9})[ .]*([0-9]{1,2})(?:st|nd|rd|th)?,? *([0-9]{4})", re.IGNORECASE)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})(?:[0-9]{2})?(Z?)")
_CLOCK = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?:[:.h]([0-9]{2})(?::[0-9]{2})?)? *([ap])\.?m\b\.?"
    r"|(?<![0-9:])([0-9]{1,2})[:.h]([0-9]{2})(?![0-9])|(?<![0-9])([0-9]{2})([0-9]{2}) ?(?:h(?:rs|ours)?)?(?![0-9:])",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC)? ?([+-])([0-9]{1,2})(?::?([0-9]{2}))?$")
_RIGHT = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_FIRST_OF_EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no zone


def slip_in(text: str) -> str:
    """The mistake in a time, and the value to write, or both values if it can mean two."""
    words = " ".join(text.split())
    if words != text:
        is_plain = words.replace(" ", "") == text.replace(" ", "")
        fault = "extra spaces" if is_plain else "an invisible character, as text copied from web pages has"
        return f"It has {fault}. {f'Write {words}' if _RIGHT.fullmatch(words) else slip_in(words)}"
    if _SERIAL.fullmatch(words):
        return _of_excel(words)
    if compact := _COMPACT.fullmatch(words):
        year, month, day, hour, minute, zulu = compact.groups()
        return f"Dates have dashes, and times a colon. Write {year}-{month}-{day}T{hour}:{minute}{zulu}"
    return _of_words(words)


def _of_words(words: str) -> str:
    days, reason, rest = _date_in(words)
    clock, wrong = _clock_in(rest if days or reason else words)
    if not days:
        return reason or (
            f"The date is missing. {wrong}Also write the day: 2025-07-13 {clock}" if clock else wrong + FORM
        )
    if wrong and not clock:
        return f"{wrong}Correct it"
    if rest.strip() and not clock:
        return FORM
    if len(_CLOCK.findall(_OFFSET.sub("", rest))) > 1:
        return "There are two times. Write one under start and one under end"
    return _to_write(days, clock, reason + wrong, rest)


def _to_write(days: tuple[date, ...], clock: str, wrong: str, rest: str) -> str:
    """What is wrong, and the values to write, with the offset that the rest of the text has."""
    later, clock = (timedelta(days=1), "00:00") if clock == "24:00" else (timedelta(0), clock)
    values = [f"{(each + later).isoformat()} {clock}".strip() for each in days]
    if offset := _OFFSET.search(rest):
        sign, hours, minutes = offset.groups()
        values = [f"{each.replace(' ', 'T')}{sign}{int(hours):02}:{minutes or '00'}" for each in values]
        wrong = wrong or "An offset is written like +03:00. "
    elif zone := re.search(r"(?<![A-Za-z])(?!AM|PM)[A-Z]{2,5}$", rest):
        wrong += f"{zone[0]} can be several zones: set timezone, or write an offset. "
    return f"{wrong}Write {' or '.join(values)}"


def _of_excel(serial: str) -> str:
    instant = _FIRST_OF_EXCEL + timedelta(minutes=round(float(serial) * 24 * 60))
    return f"It is a number of Excel for {instant:%Y-%m-%d %H:%M}. Format the column as text, and write that"


def _date_in(text: str) -> tuple[tuple[date, ...], str, str]:
    """The days that a text may name, the mistake in its form, and the rest of the text."""
    if match := _DAY.search(text):
        year, mark, month, day = int(match[1]), match[2], int(match[3]), int(match[4])
        reason = ""
        if mark != "-":
            reason = "Dates have dashes. "
        elif len(match[3]) < 2 or len(match[4]) < 2:
            reason = "Month and day have two digits. "
        return *_real(year, month, day, reason), text[match.end() :]
    if match := _DAY_FIRST.search(text):
        one, other, year = int(match[1]), int(match[3]), int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        return *_either(year, one, other), text[match.end() :]
    for pattern, day_at, month_at in ((_NAMED, 1, 2), (_NAMED_MONTH_FIRST, 2, 1)):
        match = pattern.search(text)
        number = match and _MONTHS.get(match[month_at][:3].casefold())
        if match and number:
            return *_real(int(match[3]), number, int(match[day_at]), "Dates are numbers. "), text[match.end() :]
    return (), "", text


def _real(year: int, month: int, day: int, reason: str) -> tuple[tuple[date, ...], str]:
    """The day, or why there is none."""
    if not 1 <= year <= 9998:
        return (), FORM
    if 1 <= month <= 12:
        last = monthrange(year, month)[1]
        if 1 <= day <= last:
            return (date(year, month, day),), reason
        return (), f"{month_name[month]} {year} has {last} days. Correct the day"
    if 1 <= day <= 12 and 1 <= month <= monthrange(year, day)[1]:
        swapped = date(year, day, month)
        return (), f"There is no month {month}. If {month} {month_name[day]} is meant, write {swapped.isoformat()}"
    return (), f"There is no month {month}. The month comes after the year: 2025-07-13"


def _either(year: int, one: int, other: int) -> tuple[tuple[date, ...], str]:
    """The days that two numbers and a year may mean: 13/07/2025 is one, 05/06/2025 is two."""
    readings: dict[date, str] = {}
    for day, month in ((one, other), (other, one)):
        found, _ = _real(year, month, day, "") if month <= 12 else ((), "")
        readings |= {each: f"{each.day} {month_name[each.month]}" for each in found}
    if len(readings) == 2:
        return tuple(readings), f"It can be {' or '.join(readings.values())}. "
    return tuple(readings), "The year comes first. " if readings else "There is no such day. Correct it"


def _clock_in(text: str) -> tuple[str, str]:
    """The time of day in a text, on a 24-hour clock, and the mistake in its form."""
    match = _CLOCK.search(text)
    if match is None:
        return "", ""
    hour, minute = (int(next(filter(None, match.group(*form)), 0)) for form in ((1, 4, 6), (2, 5, 7)))
    if minute > 59:
        return "", f"An hour has the minutes 00 to 59, not {minute}. "
    if match[3]:
        if not 1 <= hour <= 12:
            return "", f"{match[0]} is not a time of day. "
        hour = hour % 12 + (12 if match[3] in "pP" else 0)
        return f"{hour:02}:{minute:02}", "Times use the 24-hour clock. "
    if hour == 24 and minute == 0:
        return "24:00", "24:00 is 00:00 of the next day. "
    if hour > 23:
        return "", f"A day has the hours 00 to 23, not {hour}. "
    clock = f"{hour:02}:{minute:02}"
    return clock, "" if match[0].startswith(clock) else "Hours and minutes have two digits, with a colon. "
