"""Notices made of every form of day, time, range and zone, as prose, labelled lines, lists and tables.

Each states its windows, on the wall clock, and the temporal terms it is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice, the windows that it states, and the words of its days, times, zones and lengths."""

    text: str
    windows: tuple[Span, ...]
    terms: tuple[str, ...]


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
    "PUBLIC NOTICE. The authority informs all taxpayers of a maintenance of iTax {}.",
)
EXTRAS = {
    "": (),
    "\n\nIssued on 3 January 2024.": ("3 January 2024",),
    "\n\nOur offices are open from 8 am to 5 pm.": ("8 am", "5 pm"),
    "\n\nPlease file all returns before Tuesday 2 January 2024.": ("Tuesday 2 January 2024",),
    "\n\nNairobi, 3 January 2024": ("3 January 2024",),
}
ZONES = ("", "", " EAT", " (EAT)", " (UTC+3)", " East Africa Time", "\n\nAll times are in EAT.")


@st.composite
def spans(draw: st.DrawFn, first: date = date(2024, 1, 10), last: date = date(2031, 12, 30)) -> Span:
    """A window within a day, or over a night."""
    day = draw(st.dates(first, last))
    minutes = st.sampled_from([0, 0, 0, 30, 15, 1, 59])
    start = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), draw(minutes))
    if draw(st.booleans()):
        after = datetime(day.year, day.month, day.day, draw(st.integers(0, 9)), draw(minutes)) + timedelta(days=1)
        return start.replace(hour=draw(st.integers(17, 23))), after
    end = start + draw(st.integers(1, 40)) * timedelta(minutes=15)
    if end.date() != day:
        end = datetime(day.year, day.month, day.day, 23, 59)
    return min(start, end - timedelta(hours=1)), end


def _words(form: int, span: Span) -> tuple[str, str, str, str]:
    """The day and the time of the start, and those of the end, each in one form."""
    days = [_day_forms(moment.date()) for moment in span]
    times = [_time_forms(moment) for moment in span]
    first, last = (forms[form % len(forms)] for forms in days)
    return first, times[0][form % 9], last, times[1][form % 9]


@st.composite
def prose(draw: st.DrawFn) -> Notice:
    """One window in a sentence or two, with what else a notice says."""
    span = draw(spans())
    day, first, next_day, last = _words(draw(st.integers(0, 143)), span)
    over_night = span[0].date() != span[1].date()
    said = draw(st.sampled_from(_ranges(first, last, day, next_day, over_night=over_night)))
    zone, extra = draw(st.sampled_from(ZONES)), draw(st.sampled_from([*EXTRAS]))
    text = draw(st.sampled_from(LEADS)).format(said if zone.startswith("\n") or said.endswith(")") else said + zone)
    text += (zone if zone.startswith("\n") else "") + extra
    terms = (day, first, last, *((next_day,) if next_day in said else ()), *EXTRAS[extra])
    return Notice(text, (span,), tuple(terms))


@st.composite
def labelled(draw: st.DrawFn) -> Notice:
    """One window in lines with labels."""
    span = draw(spans())
    day, first, next_day, last = _words(draw(st.integers(0, 143)), span)
    same = span[0].date() == span[1].date()
    forms = [
        f"Start: {day} {first}\nEnd: {next_day} {last}",
        f"From: {day}, {first}\nTo: {next_day}, {last}",
        f"Start date and time: {day} at {first}\nEnd date and time: {next_day} at {last}",
        *([f"Date: {day}\nTime: {first} to {last}", f"DATE: {day}   TIME: {first} - {last}"] if same else []),
        *([f"When: {day}, {first} - {last}\nWhere: all offices"] if same else []),
    ]
    zone = draw(st.sampled_from(["", "\nTime zone: EAT"]))
    text = f"Maintenance of iTax\n{draw(st.sampled_from(forms))}{zone}\nSystem: iTax"
    return Notice(text, (span,), (day, first, last, *([next_day] if next_day in text else [])))


def _row(cells: Sequence[str], form: str) -> str:
    if form == "html":
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    return form.join(cells)


@st.composite
def tables(draw: st.DrawFn) -> Notice:
    """One to four windows in the rows of a table: with bars, tabs, columns of blanks, or HTML; or in a list."""
    first = date(2026, 1, 5)
    windows = [
        draw(spans(first + timedelta(days=4 * i), first + timedelta(days=4 * i + 2)))
        for i in range(draw(st.integers(1, 4)))
    ]
    number = draw(st.integers(0, 143))
    words = [_words(number, span) for span in windows]
    form = draw(st.sampled_from([" | ", "\t", "      ", "html", "list"]))
    terms = tuple(word for row in words for word in row)
    if form == "list":
        text = "\n".join(f"- {day} {begins} to {next_day} {ends}" for day, begins, next_day, ends in words)
        return Notice(f"Planned maintenance windows:\n{text}", tuple(windows), terms)
    rows = [_row(("System", "Start", "End"), form)]
    rows += [_row(("iTax", f"{day} {begins}", f"{next_day} {ends}"), form) for day, begins, next_day, ends in words]
    text = "\n".join(rows)
    return Notice(f"<table>{text}</table>" if form == "html" else f"Maintenance\n{text}", tuple(windows), terms)


@st.composite
def several_days(draw: st.DrawFn) -> Notice:
    """The same hours on two or three days."""
    start, end = draw(spans().filter(lambda span: span[0].date() == span[1].date() and span[0].day < 25))
    days = [start.date() + timedelta(days=2 * i) for i in range(draw(st.integers(2, 3)))]
    number = draw(st.integers(0, 8))
    first, last = (_time_forms(moment)[number] for moment in (start, end))
    names = [_day_forms(day)[draw(st.sampled_from([0, 1, 2]))] for day in days]
    listed = " and ".join([", ".join(names[:-1]), names[-1]])
    windows = tuple((datetime.combine(day, start.time()), datetime.combine(day, end.time())) for day in days)
    text = draw(st.sampled_from([f"on {listed} from {first} to {last}", f"from {first} to {last} on {listed}"]))
    return Notice(f"Maintenance of iTax {text}.", windows, (*names, first, last))


notices = st.one_of(prose(), labelled(), tables(), several_days())
