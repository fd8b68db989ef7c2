"""Notices made of every form of day, time, range and zone, with the window that each states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice, and the window that it states, on the wall clock."""

    text: str
    start: datetime
    end: datetime


def ordinal(number: int) -> str:
    return f"{number}{'th' if 10 < number < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _day_forms(day: date) -> list[str]:
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    number, nth, year = day.day, ordinal(day.day), day.year
    forms = [
        f"{number} {month} {year}",
        f"{weekday} {number} {month} {year}",
        f"{weekday}, {nth} {month} {year}",
        f"{weekday} the {nth} of {month}, {year}",
        f"{month} {number}, {year}",
        f"{weekday}, {month} {number}, {year}",
        f"{weekday[:3]} {number} {month[:3]} {year}",
        f"{weekday[:3]}, {month[:3]}. {number}, {year}",
        f"{weekday.upper()}, {month.upper()} {nth.upper()}, {year}",
        f"{number:02}-{month[:3]}-{year}",
        f"{day.isoformat()}",
        f"{weekday} {day:%d.%m.%Y}",
        f"{day:%d.%m.%Y} ({weekday})",
        f"{weekday} {day:%d/%m/%Y}" if day.day > 12 else f"{weekday}, {number} {month}, {year}",
        f"{number} {month} {year} ({weekday[:3]})",
        f"{month} {nth}, {year} ({weekday})",
    ]
    return forms if day.month != 5 else [form for form in forms if "May" in form or "MAY" in form or month not in form]


def _time_forms(time: datetime) -> list[str]:
    half, hour12 = ("am", "pm")[time.hour >= 12], time.hour % 12 or 12
    dotted = f"{half[0]}.m."
    forms = [
        f"{time:%H:%M}hrs",
        f"{time:%H%M}hrs",
        f"{time:%H%M} hours",
        f"{time:%H}h{time:%M}",
        f"{time:%H.%M} hrs",
        f"{hour12}:{time:%M} {dotted}",
        f"{hour12}:{time:%M}{half}",
        f"{hour12}.{time:%M} {dotted}",
        f"{hour12:02}:{time:%M} {half.upper()}",
    ]
    if time.hour < 10 or time.hour > 12:
        forms.append(f"{time:%H:%M}")
    if time.minute == 0:
        forms += [f"{hour12}{half}", f"{hour12} {dotted}", f"{hour12} {half.upper()}"]
    if (time.hour, time.minute) == (12, 0):
        forms += ["noon", "12 noon", "midday"]
    return forms


def _ranges(first: str, last: str, day: str, next_day: str, *, over_night: bool) -> list[str]:
    if over_night:
        return [
            f"from {day} at {first} to {next_day} at {last}",
            f"from {first} on {day} to {last} on {next_day}",
            f"from {first} on {day} until {last} on {next_day}",
            f"between {first} on {day} and {last} on {next_day}",
            f"on {day} from {first} to {last} on {next_day}",
            f"on {day}, {first} - {next_day}, {last}",
            f"{day} {first} – {next_day} {last}",
            f"starting at {first} on {day} and ending at {last} on {next_day}",
            f"on {day} from {first} to {last} the following day",
            f"on {day} from {first} till {last} the next day",
            f"({day} {first} to {next_day} {last})",
            f"on {day}. It will begin at {first} and end at {last} on {next_day}",
        ]
    return [
        f"on {day} from {first} to {last}",
        f"from {first} to {last} on {day}",
        f"between {first} and {last} on {day}",
        f"on {day}, between {first} and {last}",
        f"on {day} from {first} until {last}",
        f"on {day} at {first} till {last}",
        f"{day}, {first} - {last}",
        f"{day} {first}–{last}",
        f"from {day} {first} to {day} {last}",
        f"on {day}. It will begin at {first} and conclude by {last}",
        f"on {day}. The exercise will start at {first} and is expected to end at {last}",
        f"as follows: Date: {day}. Time: {first} to {last}",
        f"as follows. Start: {day} {first} End: {day} {last}",
    ]


LEADS = (
    "iTax will undergo scheduled maintenance {}.",
    "Please note that iTax will not be available {} due to system maintenance.",
    "Planned maintenance of iTax {}. We regret any inconvenience; call 0711 099 999.",
    "PUBLIC NOTICE. The authority informs all taxpayers of a maintenance of iTax {}.\n\nIssued on 3 January 2024.",
)


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    """A notice of one window, in one form each of day, time and range."""
    day = draw(st.dates(date(2024, 1, 10), date(2031, 12, 30)))
    minutes = st.sampled_from([0, 0, 0, 30, 15, 1, 59])
    start = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), draw(minutes))
    over_night = draw(st.booleans())
    if over_night:
        start = start.replace(hour=draw(st.integers(17, 23)))
        end = datetime(day.year, day.month, day.day, draw(st.integers(0, 9)), draw(minutes)) + timedelta(days=1)
    else:
        length = draw(st.integers(1, 40)) * timedelta(minutes=15)
        end = start + length
        if end.date() != day:
            end = datetime(day.year, day.month, day.day, 23, 59)
            start = min(start, end - timedelta(hours=1))
    form = draw(st.integers(0, 15))
    days = _day_forms(start.date()), _day_forms(end.date())
    day_form, next_form = (forms[form % len(forms)] for forms in days)
    time_form = draw(st.integers(0, 20))
    first, last = (forms[time_form % len(forms)] for forms in (_time_forms(start), _time_forms(end)))
    span = draw(st.sampled_from(_ranges(first, last, day_form, next_form, over_night=over_night)))
    return Notice(draw(st.sampled_from(LEADS)).format(span), start, end)
