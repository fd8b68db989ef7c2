"""Feeds whose times and lengths lie at the ends of what years can hold are read to findings, wherever these stand."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import CalendarError, check_feed, import_ics
from icms_calendar.foreign.events import read_ics

LAST = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
TIMES = st.sampled_from(
    [
        *("00010101T000000", "00010101T000000Z", "00010101", "16010101T020000", "19700101T000000"),
        *("20250713T010000", "20250713T010000Z", "20250713", "20380101T000000Z"),
        *("99990101T000000Z", "99991230T120000", "99991231T235959", "99991231T235959Z", "99991231"),
    ]
)
LENGTHS = st.sampled_from(["PT1H", "P1D", "-P1D", "PT99999999H", "P2900000D", "P99999999W", "P999999999D"])
ZONES = st.sampled_from(["", ";VALUE=DATE", ";TZID=Own", ";TZID=Pacific/Kiritimati", ";TZID=America/New_York"])
RULES = st.sampled_from(["FREQ=DAILY;COUNT=9", "FREQ=YEARLY", "FREQ=MONTHLY;INTERVAL=9999", "FREQ=WEEKLY;UNTIL="])
OFFSETS = st.sampled_from(["+1400", "-1200", "+0100", "+235959", "-2359"])


@st.composite
def vtimezones(draw: st.DrawFn) -> str:
    rule = draw(st.sampled_from(["", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"]))
    first, before, after = draw(TIMES), draw(OFFSETS), draw(OFFSETS)
    inner = f"DTSTART:{first}\r\nTZOFFSETFROM:{before}\r\nTZOFFSETTO:{after}\r\n{rule}"
    return f"BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\n{inner}END:STANDARD\r\nEND:VTIMEZONE\r\n"


@st.composite
def vevents(draw: st.DrawFn) -> str:
    def time(name: str) -> str:
        return f"{name}{draw(ZONES)}:{draw(TIMES)}"

    rule = draw(RULES)
    lines = [f"UID:{draw(st.sampled_from('ab'))}", "DTSTAMP:20250101T000000Z", time("DTSTART"), "SUMMARY:At the end"]
    some = [
        f"DURATION:{draw(LENGTHS)}",
        time("DTEND"),
        f"RRULE:{rule}{draw(TIMES) if rule.endswith('=') else ''}",
        time("RDATE"),
        f"RDATE;VALUE=PERIOD:{draw(TIMES)}/{draw(LENGTHS | TIMES)}",
        time("EXDATE"),
        time(draw(st.sampled_from(["RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE"]))),
    ]
    lines += draw(st.lists(st.sampled_from(some), unique=True))
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", *lines, "END:VEVENT"))


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    parts = [draw(vtimezones() | st.just("")), *draw(st.lists(vevents(), min_size=1, max_size=3))]
    busy = f"{draw(TIMES)}/{draw(LENGTHS | TIMES)}"
    parts.append(f"BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTAMP:20250101T000000Z\r\nFREEBUSY:{busy}\r\nEND:VFREEBUSY\r\n")
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ends//EN\r\nX-WR-TIMEZONE:Europe/Berlin\r\n"
    return f"{head}{''.join(parts)}END:VCALENDAR\r\n".encode()


@given(feeds(), st.sampled_from([datetime(1, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC), LAST]))
def test_what_lies_at_the_ends_of_the_years_is_a_finding(feed: bytes, until: datetime) -> None:
    read = read_ics(feed, until=until)
    assert all(event.start < event.end for event in read.events)
    check_feed(feed)
    try:
        import_ics(feed, until=until)
    except CalendarError as error:
        assert error.findings
