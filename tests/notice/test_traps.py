"""No text that tempts to a wrong window is ready with it: alone, or composed with plain notices and other matters."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import NoticeReading, read_notice
from tests.notice.generated import WEEKDAYS, Notice, notices
from tests.notice.traps import BESIDE, CANCELLED, NEVER, ODD, TAILS

SYSTEMS = st.sampled_from(["iTax", "iCMS", "The customs portal", "TANCIS"])
PUBLISHED = date(2027, 3, 1)


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B} {day.year}"


def _span(start: datetime, end: datetime, form: int) -> str:
    half = [f"{t.hour % 12 or 12}:{t:%M} {'ap'[t.hour >= 12]}m" for t in (start, end)]
    return (
        f"on {_day(start)} from {start:%H:%M} to {end:%H:%M} EAT",
        f"from {half[0]} to {half[1]} on {start:%B} {start.day}, {start.year}",
        f"on {_day(start)}, {start:%H:%M}hrs-{end:%H:%M}hrs",
        f"from {_day(start)} {half[0]} to {_day(end)} {half[1]}",
        f"on {start:%Y-%m-%d} between {start:%H:%M} and {end:%H:%M} UTC",
    )[form]


@st.composite
def filled(draw: st.DrawFn, templates: tuple[str, ...]) -> str:
    """A template with a system, days and spans."""
    hours = st.sampled_from([1, 4, 9, 13]), st.sampled_from([2, 4, 6])
    start = datetime(2027, 3, draw(st.integers(8, 20)), draw(hours[0]), draw(st.sampled_from([0, 30])))
    length, later, form = timedelta(hours=draw(hours[1])), start + timedelta(days=7), draw(st.integers(0, 4))
    return draw(st.sampled_from(templates)).format(
        system=draw(SYSTEMS),
        span=_span(start, start + length, form),
        other=_span(later, later + length, form),
        day=_day(start),
        later=_day(later),
    )


def _read(text: str) -> NoticeReading:
    return read_notice(text, published=PUBLISHED, timezone="Africa/Nairobi")


def _is_promised(reading: NoticeReading) -> bool:
    return reading.ready and reading.status != "cancelled"


@pytest.mark.parametrize("text", ODD)
def test_what_cannot_be_counted_for_certain_is_asked(text: str) -> None:
    assert not _read(text).ready


@pytest.mark.parametrize("template", NEVER + tuple(f"{{system}} maintenance {{span}}. {tail}" for tail in TAILS))
@settings(max_examples=3)
@given(st.data())
def test_what_is_open_denied_or_of_another_matter_is_never_ready(template: str, data: st.DataObject) -> None:
    assert not _is_promised(_read(data.draw(filled((template,)))))


@settings(max_examples=60)
@given(filled(CANCELLED))
def test_what_is_cancelled_is_never_taken_to_take_place(text: str) -> None:
    assert not _is_promised(_read(text))


@settings(max_examples=120)
@given(filled(BESIDE), notices(), st.sampled_from(["{notice} {beside}", "{beside} {notice}", "{notice}\n\n{beside}"]))
def test_another_matter_beside_a_notice_adds_no_window_and_changes_none(
    beside: str, notice: Notice, order: str
) -> None:
    reading = read_notice(order.format(notice=notice.text, beside=beside), timezone="Africa/Nairobi")
    windows = [(window.start.replace(tzinfo=None), window.end.replace(tzinfo=None)) for window in reading.windows]
    assert windows in ([], [(notice.start, notice.end)])
    assert not reading.ready or reading.status == "scheduled"


@settings(max_examples=100)
@given(filled(BESIDE), notices(), filled(TAILS), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_notice_that_is_taken_back_or_left_open_is_never_ready(
    beside: str, notice: Notice, tail: str, gap: str
) -> None:
    for text in (f"{notice.text}{gap}{tail}", f"{beside}{gap}{notice.text}{gap}{tail}"):
        assert not _is_promised(read_notice(text, timezone="Africa/Nairobi"))
