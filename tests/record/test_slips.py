"""Each wrong time has a remedy of its own: what is wrong with it, and the value to write."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import CalendarError
from icms_calendar.findings import shown
from icms_calendar.record.slips import slip_in
from icms_calendar.record.zones import parse_when

TIMES = {
    "10pm": "The date is missing. Times use the 24-hour clock. Also write the day: 2025-07-13 22:00",
    "2026-12-01 10:00 PM": "Times use the 24-hour clock. Write 2026-12-01 22:00",
    "2026-12-01 12am": "Times use the 24-hour clock. Write 2026-12-01 00:00",
    "04:00": "The date is missing. Also write the day: 2025-07-13 04:00",
    "2026-12-01 04.00": "Hours and minutes have two digits, with a colon. Write 2026-12-01 04:00",
    "2026-12-01 4:00": "Hours and minutes have two digits, with a colon. Write 2026-12-01 04:00",
    "2026-12-01 2200hrs": "Hours and minutes have two digits, with a colon. Write 2026-12-01 22:00",
    "2026-12-01 24:00": "24:00 is 00:00 of the next day. Write 2026-12-02 00:00",
    "2026-12-01 25:00": "25:00 is not a time of day. Correct it",
    "2026-12-01 22:60": "22:60 is not a time of day. Correct it",
    "2026-02-30 22:00": "February 2026 has 28 days. Correct it",
    "2025-13-07": "There is no month 13. Write 2025-07-13",
    "13/07/2025": "The year comes first. Write 2025-07-13",
    "13.07.25": "The year comes first. Write 2025-07-13",
    "01/12/2026 22:00": "The year comes first. Write 2026-12-01 22:00 or 2026-01-12 22:00",
    "2025/07/13 04:00": "Dates have dashes, and month and day two digits. Write 2025-07-13 04:00",
    "2025-7-3": "Dates have dashes, and month and day two digits. Write 2025-07-03",
    "1 December 2026": "Dates are numbers. Write 2026-12-01",
    "Sunday 13 July 2025, 4am": "Dates are numbers. Times use the 24-hour clock. Write 2025-07-13 04:00",
    "2026-12-01 22:00 EAT": "EAT can be several zones: set timezone, or write an offset. Write 2026-12-01 22:00",
    "2025-07-13 04:00 GMT+3": "An offset is written like +03:00. Write 2025-07-13T04:00+03:00",
    "2026-12-01\u00a022:00": (
        "It has extra spaces, or an invisible character as text copied from web pages has. Write 2026-12-01 22:00"
    ),
    "2026-12-01  22:00": (
        "It has extra spaces, or an invisible character as text copied from web pages has. Write 2026-12-01 22:00"
    ),
    "2026-12-01 22:00 - 23:00": "There are two times. Write one under start and one under end",
    "46357.9166": "It is a number of Excel for 2026-12-01 22:00. Format the column as text, and write that",
    "20261201T220000Z": (
        "Dates have dashes, and month and day two digits. Hours and minutes have two digits, with a colon. "
        "Write 2026-12-01T22:00Z"
    ),
    "2026-12-01  22:00Z": (
        "It has extra spaces, or an invisible character as text copied from web pages has. Write 2026-12-01T22:00Z"
    ),
    "9999-12-31 24:00": "There is no such day. Correct it",
    "tomorrow": "Write 2025-07-13 04:00, or 2025-07-13T04:00+03:00",
}


@pytest.mark.parametrize(("written", "remedy"), TIMES.items(), ids=TIMES)
def test_each_wrong_time_has_its_own_remedy(written: str, remedy: str) -> None:
    with pytest.raises(CalendarError) as error:
        parse_when(written, "start")
    (finding,) = error.value.findings
    assert finding.message == f"start {shown(written)} is not a date and time. {remedy}"


@given(st.text(st.sampled_from("0123456789-/.: TZapmhJulyDec+\u00a0"), max_size=30))
def test_what_is_to_be_written_can_be_read(written: str) -> None:
    for day, clock in re.findall(r"(?:Write|or) ([0-9-]{10})( [0-9:]{5})?(?= or |\Z)", slip_in(written)):
        assert parse_when(day + clock)
