"""Anybody's .ics: which events it holds, at which instants, and what is said of what cannot be read exactly."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.foreign import clocks
from icms_calendar.foreign import components as contents
from icms_calendar.foreign.events import ForeignFeed, read_ics
from icms_calendar.foreign.vevent import ForeignEvent
from tests.strategies import NOW, calendars

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
NEW_YORK = "America/New_York"
NAIROBI = "BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0300\n"
NAIROBI += "TZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
# As Outlook writes it: the rules of this year, since 1601.
BERLIN = """\
BEGIN:VTIMEZONE
TZID:{tzid}
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, uid: str = "1@example.org") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20250701T000000Z", *lines, "END:VEVENT", ""])


def calendar(*parts: str, head: str = "") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{head}{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*parts: str, head: str = "", timezone: str | None = None) -> ForeignFeed:
    return read_ics(calendar(*parts, head=head), until=UNTIL, timezone=timezone)


def one(*lines: str, head: str = "", timezone: str | None = None) -> ForeignEvent:
    """The only event of a file that nothing is wrong with."""
    feed = read(event(*lines), head=head, timezone=timezone)
    assert feed.findings == ()
    [only] = feed.events
    return only


def codes(feed: ForeignFeed) -> list[str]:
    return [finding.code for finding in feed.findings]


def spans(events: Iterable[ForeignEvent]) -> list[str]:
    return [f"{e.start:%Y-%m-%dT%H:%M} {e.end:%Y-%m-%dT%H:%M}" for e in events]


def test_every_property_of_an_event_is_read() -> None:
    made = one(
        "DTSTART:20250713T010000Z",
        "DTEND:20250713T070000Z",
        "SUMMARY:Works\\, hall B\\; phase 2",
        "DESCRIPTION:First\\nsecond",
        "STATUS:TENTATIVE",
        "TRANSP:OPAQUE",
        "URL:https://example.org/a,b",
        "LOCATION:Mombasa",
        "CATEGORIES:Maintenance,a\\,b",
        "CATEGORIES:third",
        'ORGANIZER;CN="NOC: nights":MAILTO:noc@example.org',
        "CONTACT:Desk",
        "COLOR:teal",
        "SEQUENCE:7",
        "CREATED:20250601T000000Z",
        "LAST-MODIFIED:20250602T000000Z",
        "X-MAINTNOTE-PROVIDER:example.org",
        "X-MAINTNOTE-ACCOUNT:42",
        "X-MAINTNOTE-MAINTENANCE-ID:M-1",
        'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT="DEGRADED":circuit-1',
        "X-MAINTNOTE-OBJECT-ID:circuit-2",
        "X-MAINTNOTE-IMPACT:OUTAGE",
        "X-MAINTNOTE-STATUS:IN-PROCESS",
    )
    assert (made.uid, made.sequence, made.status, made.cancelled, made.busy) == (
        "1@example.org",
        7,
        "tentative",
        False,
        True,
    )
    assert (made.summary, made.description) == ("Works, hall B; phase 2", "First\nsecond")
    assert (made.url, made.contact, made.color) == ("https://example.org/a,b", "Desk", "teal")
    assert made.categories == ("Maintenance", "a,b", "third")
    assert (made.last_modified, made.stamped) == (datetime(2025, 6, 2, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))
    note = made.maintnote
    assert note is not None
    assert (note.provider, note.account, note.maintenance_id) == ("example.org", "42", "M-1")
    assert [(o.id, o.impact) for o in note.objects] == [("circuit-1", "degraded"), ("circuit-2", None)]
    assert (note.impact, note.status) == ("outage", "in-process")


@given(calendar=calendars())
@settings(max_examples=60)
def test_of_our_own_feeds_we_read_what_icalendar_reads(calendar: MaintenanceCalendar) -> None:
    data = calendar.to_ical(now=NOW)
    feed = read_ics(data, until=UNTIL)
    assert feed.findings == ()
    theirs = {str(e["UID"]): e for e in icalendar.Calendar.from_ical(data).events}
    assert [e.uid for e in feed.events] == list(theirs)
    for made in feed.events:
        other = theirs[made.uid]
        assert (made.start, made.end) == (other.start, other.end)
        # icalendar makes a line break of the two characters \N in a text
        for name, text in (("SUMMARY", made.summary), ("DESCRIPTION", made.description)):
            assert (text or "").replace("\\N", "\n") == str(other[name]).replace("\\N", "\n")
        assert (made.sequence, made.last_modified) == (other.sequence, other.LAST_MODIFIED)
        assert made.maintnote is not None
        assert [o.id for o in made.maintnote.objects] == objects_of(other)


def objects_of(theirs: icalendar.Event) -> list[str]:
    objects = theirs["X-MAINTNOTE-OBJECT-ID"]
    return [str(o) for o in (objects if isinstance(objects, list) else [objects])]


# zones


@pytest.mark.parametrize(
    "tzid",
    [
        "Africa/Nairobi",
        "E. Africa Standard Time",
        '"(UTC+03:00) Nairobi"',
        "(GMT+03.00) Nairobi",
        "/freeassociation.sourceforge.net/Tzfile/Africa/Nairobi",
        "/mozilla.org/20050126_1/Africa/Nairobi",
        '"E. Africa Standard Time"',
    ],
)
def test_a_zone_is_known_by_any_of_its_names(tzid: str) -> None:
    bare = tzid.strip('"')
    head = NAIROBI.format(tzid=bare)
    made = one(f"DTSTART;TZID={tzid}:20250713T040000", f"DTEND;TZID={tzid}:20250713T100000", head=head)
    assert (made.timezone, spans([made])) == ("Africa/Nairobi", ["2025-07-13T01:00 2025-07-13T07:00"])
    feed = read(event(f"DTSTART;TZID={tzid}:20250713T040000", "DURATION:PT6H"))
    assert (codes(feed), spans(feed.events)) == (["ICM808"], ["2025-07-13T01:00 2025-07-13T07:00"])


def test_exchange_names_of_several_cities_go_by_the_first_that_has_the_offset() -> None:
    tzid = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
    made = one(f'DTSTART;TZID="{tzid}":20250713T040000', "DURATION:PT1H", head=BERLIN.format(tzid=tzid))
    assert (made.timezone, spans([made])) == ("Europe/Amsterdam", ["2025-07-13T02:00 2025-07-13T03:00"])
    wrong = read(event('DTSTART;TZID="(UTC+05:00) Nairobi":20250713T040000', "DURATION:PT1H"))
    assert (codes(wrong), wrong.events) == (["ICM755"], ())


def test_a_zone_that_only_the_file_defines_is_read_by_its_definition() -> None:
    lines = "DTSTART;TZID=Customized Time Zone:20250329T233000", "DTEND;TZID=Customized Time Zone:20250330T060000"
    made = one(*lines, head=BERLIN.format(tzid="Customized Time Zone"))
    assert (made.timezone, spans([made])) == (None, ["2025-03-29T22:30 2025-03-30T04:00"])
    head = BERLIN.format(tzid="Kunde").replace("BEGIN:STANDARD", "X-LIC-LOCATION:Europe/Berlin\nBEGIN:STANDARD")
    assert one("DTSTART;TZID=Kunde:20250713T040000", "DURATION:PT1H", head=head).timezone == "Europe/Berlin"


@pytest.mark.parametrize("month", range(1, 13))
def test_a_definition_like_outlooks_agrees_with_the_database_over_the_year(month: int) -> None:
    lines = f"DTSTART;TZID=Europe/Berlin:2025{month:02}30T020000".replace("0230T", "0228T"), "DURATION:PT1H"
    feed = read(event(*lines), head=BERLIN.format(tzid="Europe/Berlin"))
    assert codes(feed) == (["ICM816"] if month == 3 else [])  # 30 March 2025: the clock goes from 02:00 to 03:00
    assert len(feed.events) == 1


def test_a_definition_that_is_wrong_is_told_and_the_database_counts() -> None:
    head = NAIROBI.format(tzid="Africa/Nairobi").replace("+0300", "+0200")
    feed = read(event("DTSTART;TZID=Africa/Nairobi:20250713T040000", "DURATION:PT1H"), head=head)
    assert (codes(feed), spans(feed.events)) == (["ICM816"], ["2025-07-13T01:00 2025-07-13T02:00"])
    assert "2025-07-13T02:00:00Z by the file's own VTIMEZONE" in feed.findings[0].message


@pytest.mark.parametrize(
    "broken",
    [
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0300\nEND:STANDARD",
        "BEGIN:STANDARD\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD",
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:Nairobi\nEND:STANDARD",
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0300\n"
        "TZOFFSETTO:+0300\nEND:STANDARD",
        "X-NOTHING:1",
        # Nobody's clock was ever a day from UTC: the farthest was -15:56, the mean time of Manila.
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+2359\nTZOFFSETTO:+2359\nEND:STANDARD",
    ],
)
def test_a_definition_that_cannot_be_read_leaves_the_name(broken: str) -> None:
    for tzid, expected, number in (("Africa/Nairobi", "ICM808", 1), ("Acme/Nairobi", "ICM756", 0)):
        zone = f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{broken}\nEND:VTIMEZONE\n"
        feed = read(event(f"DTSTART;TZID={tzid}:20250713T040000", "DURATION:PT1H"), head=zone)
        assert (codes(feed), len(feed.events)) == ([expected], number)


@pytest.mark.parametrize(
    ("start", "begins", "told"),
    [
        ("20250330T023000", "2025-03-30T01:30", "skips 02:30"),
        ("20251026T023000", "2025-10-26T00:30", "shows 02:30 twice"),
        ("15000101T023000", "1500-01-01T01:30", "defined only from 1601-03-25 on"),
    ],
)
def test_a_time_that_a_definition_does_not_settle_is_told(start: str, begins: str, told: str) -> None:
    feed = read(event(f"DTSTART;TZID=Acme:{start}", "DURATION:PT1H"), head=BERLIN.format(tzid="Acme"))
    assert spans(feed.events)[0].startswith(begins)
    assert codes(feed) == ["ICM816"]
    assert told in feed.findings[0].message


def test_of_two_definitions_of_a_zone_none_is_chosen() -> None:
    lines = "DTSTART;TZID=Acme:20250713T040000", "DURATION:PT1H"
    other = NAIROBI.format(tzid="Acme")
    feed = read(event(*lines), head=BERLIN.format(tzid="Acme") + other)
    assert (codes(feed), feed.events) == (["ICM805"], ())
    assert spans(read(event(*lines), head=other + other).events) == ["2025-07-13T01:00 2025-07-13T02:00"]


def test_a_floating_time_is_not_guessed() -> None:
    lines = "DTSTART:20250713T040000", "DTEND:20250713T100000"
    feed = read(event(*lines))
    assert (codes(feed), feed.events) == (["ICM805"], ())
    assert "--timezone" in feed.findings[0].message
    assert spans([one(*lines, timezone="Africa/Nairobi")]) == ["2025-07-13T01:00 2025-07-13T07:00"]
    assert one(*lines, head="X-WR-TIMEZONE:Africa/Nairobi\n").start == datetime(2025, 7, 13, 1, tzinfo=UTC)


def test_whole_days_are_those_of_the_zone() -> None:
    made = one("DTSTART;VALUE=DATE:20250713", "DTEND;VALUE=DATE:20250715", timezone="Africa/Nairobi")
    assert (made.all_day, spans([made])) == (True, ["2025-07-12T21:00 2025-07-14T21:00"])
    assert spans([one("DTSTART;VALUE=DATE:20250713", timezone="Africa/Nairobi")]) == [
        "2025-07-12T21:00 2025-07-13T21:00"
    ]
    assert codes(read(event("DTSTART;VALUE=DATE:20250713"))) == ["ICM805"]


# ends


def test_a_duration_has_days_of_the_clock_and_elapsed_hours() -> None:
    lines = "DTSTART;TZID=Europe/Berlin:20250329T120000", "DURATION:P1DT2H"
    made = one(*lines, head=BERLIN.format(tzid="Europe/Berlin"))
    assert spans([made]) == ["2025-03-29T11:00 2025-03-30T12:00"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTEND:20250713T070000Z"], "it has no DTSTART"),
        (["DTSTART:20250713T010000Z", "DURATION:-PT1H"], "DURATION is not a length"),
        (["DTSTART:20250713T010000Z", "DTEND;VALUE=DATE:20250714"], "one of DTSTART and DTEND is a date"),
        (["DTSTART:20251313T010000Z", "DURATION:PT1H"], "DTSTART is not a time"),
        (["DTSTART:20250713T250000Z", "DURATION:PT1H"], "DTSTART is not a time"),
        (["DTSTART:2025071", "DURATION:PT1H"], "DTSTART is not a time"),
        (["DTSTART:٢٠٢٥٠٧١٣T010000Z", "DURATION:PT1H"], "DTSTART is not a time"),
        (["DTSTART:99991231T230000Z", "DURATION:P9W"], "no year can hold its times"),
        (["DTSTART:20250713T010000Z", "DTEND:20250713T020000Z", "DURATION:PT2H"], "give two ends"),
        (["DTSTART:20250713T010000Z", "DTSTART:20250714T010000Z", "DURATION:PT2H"], "several DTSTART that differ"),
    ],
)
def test_an_event_that_does_not_say_when_it_is_is_left_out_and_the_others_stay(lines: list[str], why: str) -> None:
    feed = read(event(*lines), event("DTSTART:20250713T010000Z", "DURATION:PT1H", uid="2"), timezone="UTC")
    assert [made.uid for made in feed.events] == ["2"]
    [finding] = feed.findings
    assert finding.code == "ICM805"
    assert why in finding.message


# events that repeat


def test_a_series_has_exceptions_changes_and_additions() -> None:
    series = event(
        "DTSTART;TZID=Europe/Berlin:20260315T030000",
        "DTEND;TZID=Europe/Berlin:20260315T043000",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Europe/Berlin:20260322T030000",
        "RDATE:20260401T100000Z",
        "SUMMARY:as ever",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260405T030000",
        "DTSTART:20260406T040000Z",
        "DTEND:20260406T050000Z",
        "SUMMARY:moved",
    )
    called_off = event(
        "RECURRENCE-ID:20260412T010000Z", "DTSTART:20260412T010000Z", "DURATION:PT1H", "STATUS:CANCELLED"
    )
    feed = read(moved, series, called_off, head=BERLIN.format(tzid="Europe/Berlin"))
    assert feed.findings == ()
    assert spans(feed.events) == [
        "2026-03-15T02:00 2026-03-15T03:30",
        "2026-03-29T01:00 2026-03-29T02:30",
        "2026-04-01T10:00 2026-04-01T11:30",
        "2026-04-06T04:00 2026-04-06T05:00",
        "2026-04-12T01:00 2026-04-12T02:00",
    ]
    assert [made.summary for made in feed.events] == ["as ever", "as ever", "as ever", "moved", None]
    assert [made.cancelled for made in feed.events] == [False] * 4 + [True]
    assert feed.events[3].recurrence_id == datetime(2026, 4, 5, 1, tzinfo=UTC)


def test_this_and_future_moves_all_that_follow() -> None:
    series = event("DTSTART:20260301T010000Z", "DTEND:20260301T020000Z", "RRULE:FREQ=DAILY;COUNT=4", "SUMMARY:before")
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T010000Z",
        "DTSTART:20260303T030000Z",
        "DTEND:20260303T050000Z",
        "SUMMARY:after",
    )
    feed = read(series, later)
    assert spans(feed.events) == [
        "2026-03-01T01:00 2026-03-01T02:00",
        "2026-03-02T01:00 2026-03-02T02:00",
        "2026-03-03T03:00 2026-03-03T05:00",
        "2026-03-04T03:00 2026-03-04T05:00",
    ]
    assert [made.summary for made in feed.events] == ["before", "before", "after", "after"]
    assert [f"{made.recurrence_id:%d %H}" for made in feed.events] == ["01 01", "02 01", "03 01", "04 01"]


def test_occurrences_end_with_until_wherever_the_rule_goes_on() -> None:
    feed = read(event("DTSTART:20261230T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))
    assert spans(feed.events) == ["2026-12-30T01:00 2026-12-30T02:00", "2026-12-31T01:00 2026-12-31T02:00"]
    assert read(event("DTSTART:20280101T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")).events == ()


@settings(max_examples=60)
@given(
    rule=st.sampled_from(
        ["DAILY", "DAILY;INTERVAL=3", "WEEKLY;BYDAY=MO,TH", "MONTHLY;BYDAY=-1FR", "MONTHLY;BYMONTHDAY=31", "YEARLY"]
    ),
    end=st.sampled_from(["", ";COUNT=7", ";UNTIL=20260501T000000Z"]),
    zone=st.sampled_from(["Europe/Berlin", "Africa/Nairobi", "UTC"]),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2026, 4, 28)).map(lambda t: t.replace(hour=12, microsecond=0)),
    skipped=st.integers(0, 40),
)
def test_a_series_has_the_occurrences_that_recurring_ical_events_finds(
    rule: str, end: str, zone: str, start: datetime, skipped: int
) -> None:
    tzid = "" if zone == "UTC" else f";TZID={zone}"
    written = f"{start:%Y%m%dT%H%M%S}{'Z' if zone == 'UTC' else ''}"
    out = f"{start + timedelta(days=skipped):%Y%m%dT%H%M%S}{'Z' if zone == 'UTC' else ''}"
    lines = f"DTSTART{tzid}:{written}", "DURATION:PT90M", f"RRULE:FREQ={rule}{end}", f"EXDATE{tzid}:{out}"
    data = calendar(event(*lines))
    theirs = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(datetime(2024, 1, 1), UNTIL)
    ours = read_ics(data, until=UNTIL - timedelta(seconds=1)).events
    assert [made.start for made in ours] == sorted(other.start.astimezone(UTC) for other in theirs)


def test_an_occurrence_moved_to_before_the_end_from_beyond_it_is_read() -> None:
    series = event("DTSTART:20261101T010000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY")
    one_day = event("RECURRENCE-ID:20270101T010000Z", "DTSTART:20261224T010000Z", "DURATION:PT1H")
    from_then_on = one_day.replace("RECURRENCE-ID:", "RECURRENCE-ID;RANGE=THISANDFUTURE:")
    beyond = event("RECURRENCE-ID:20270101T010000Z", "DTSTART:20270102T010000Z", "DURATION:PT1H")
    usual = ["2026-11-01T01:00 2026-11-01T02:00", "2026-12-01T01:00 2026-12-01T02:00"]
    moved = ["2026-12-24T01:00 2026-12-24T02:00"]
    assert spans(read(series, one_day).events) == usual + moved
    assert spans(read(series, from_then_on).events) == usual + moved
    assert spans(read(series, beyond).events) == usual


def test_an_occurrence_in_the_hour_that_comes_twice_is_read_where_the_end_lies_in_its_second_pass() -> None:
    data = calendar(event("DTSTART;TZID=Europe/Berlin:20261024T025000", "DURATION:PT1H", "RRULE:FREQ=DAILY"))
    feed = read_ics(data, until=datetime(2026, 10, 25, 1, 10, tzinfo=UTC))
    assert spans(feed.events) == ["2026-10-24T00:50 2026-10-24T01:50", "2026-10-25T00:50 2026-10-25T01:50"]


@pytest.mark.parametrize(
    "written", ["EXDATE:20260329T013000Z", "EXDATE;TZID=Europe/Berlin:20260329T023000", "EXDATE;VALUE=DATE:20260329"]
)
def test_an_occurrence_that_the_clock_skips_can_be_excepted(written: str) -> None:
    lines = "DTSTART;TZID=Europe/Berlin:20260328T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"
    days = [made.start.day for made in read(event(*lines, written)).events]
    assert days == [28, 30]


def test_a_change_may_name_the_day_alone() -> None:
    feed = read(
        event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
        event("RECURRENCE-ID;VALUE=DATE:20260302", "DTSTART:20260309T010000Z", "DURATION:PT1H"),
    )
    assert feed.findings == ()
    assert [made.start.day for made in feed.events] == [1, 9]


@pytest.mark.parametrize(
    ("lines", "days", "why"),
    [
        # Of eight programs five drop this first one, and three keep it.
        (["DTSTART:20250701T010000Z", "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=2"], [1, 6, 13], "does not yield its DTSTART"),
        (["DTSTART:20250701T010000Z", "RRULE:FREQ=DAILY;UNTIL=20250101T000000Z"], [1], "does not yield its DTSTART"),
        (["DTSTART:20250701T010000Z", "RRULE:FREQ=DAILY;UNTIL=20250702"], [1, 2], "UNTIL is a date"),
        (["DTSTART;VALUE=DATE:20250701", "RRULE:FREQ=DAILY;UNTIL=20250702T000000Z"], [1, 2], "DTSTART is a date"),
        (["DTSTART;VALUE=DATE:20250701", "RRULE:FREQ=DAILY;UNTIL=20250702T040000Z"], [1, 2], "DTSTART is a date"),
        (["DTSTART:20250701T010000Z", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20250702T000000Z"], [1, 2], "at its EXDATE"),
        (["DTSTART;TZID=Europe/Berlin:20250701T010000Z"], [1], "read as UTC"),
    ],
)
def test_what_programs_read_in_several_ways_is_told(lines: list[str], days: list[int], why: str) -> None:
    feed = read(event("DURATION:PT1H" if "VALUE=DATE" not in lines[0] else "DURATION:P1D", *lines), timezone=NEW_YORK)
    assert [made.start.day for made in feed.events] == days
    assert codes(feed) == ["ICM816"]
    assert why in feed.findings[0].message


@pytest.mark.parametrize(
    ("rule", "code", "why"),
    [
        ("FREQ=WEEKLY;BYDAY=2MO", "ICM771", "a number before a day"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "ICM771", "BYMONTHDAY does not go"),
        ("FREQ=MONTHLY;RSCALE=HEBREW", "ICM805", "RSCALE"),
        ("FREQ=DAILY;COUNT=9\nEXRULE:FREQ=WEEKLY", "ICM805", "EXRULE"),
    ],
)
def test_a_rule_that_cannot_be_followed_to_the_letter_is_refused(rule: str, code: str, why: str) -> None:
    feed = read(event("DTSTART:20250707T010000Z", "DURATION:PT1H", f"RRULE:{rule}"))
    assert (codes(feed), feed.events) == ([code], ())
    assert why in feed.findings[0].message


@pytest.mark.parametrize(
    ("rule", "reported"),
    [("FREQ=DAILY;INTERVAL=9999999999", []), ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["ICM816"])],
)
def test_a_rule_that_yields_nothing_more_leaves_its_first_occurrence(rule: str, reported: list[str]) -> None:
    feed = read(event("DTSTART:20250707T010000Z", "DURATION:PT1H", f"RRULE:{rule}"))
    assert (codes(feed), len(feed.events)) == (reported, 1)


def test_the_rules_of_one_file_have_a_bound_of_work_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_MOST_STEPS", 100_000)
    rule = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    feed = read(*(event("DTSTART:20160101T010000Z", "DURATION:PT1H", rule, uid=f"{i}") for i in range(40)))
    assert "take too much work" in feed.findings[-1].message
    assert 0 < len(feed.events) < 20


# revisions, and who sends what


def test_of_several_revisions_of_an_event_the_latest_counts() -> None:
    old = event("DTSTART:20250713T010000Z", "DURATION:PT1H", "SEQUENCE:1")
    new = event("DTSTART:20250720T010000Z", "DURATION:PT1H", "SEQUENCE:2")
    for parts in ((old, new), (new, old), (new, old, old)):
        feed = read(*parts)
        assert (codes(feed), spans(feed.events)) == (["ICM816"], ["2025-07-20T01:00 2025-07-20T02:00"])


def test_events_of_one_uid_and_revision_are_all_read() -> None:
    first = event("DTSTART:20250713T010000Z", "DURATION:PT1H")
    other = event("DTSTART:20250720T010000Z", "DURATION:PT1H").replace("T000000Z", "T000001Z", 1)
    feed = read(first, other)
    assert (codes(feed), len(feed.events)) == (["ICM732"], 2)
    assert (codes(read(first, first)), len(read(first, first).events)) == (["ICM816"], 1)


def test_a_cancellation_of_one_occurrence_need_not_say_when_it_was() -> None:
    series = calendar(event("DTSTART:20250713T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"))
    feed = read_ics(series + calendar(event("RECURRENCE-ID:20250714T010000Z"), head="METHOD:CANCEL\n"), until=UNTIL)
    assert feed.findings == ()
    assert [made.cancelled for made in feed.events] == [False, True, False]


def test_a_cancellation_calls_off_the_event_of_another_calendar_in_the_file() -> None:
    published = calendar(event("DTSTART:20250713T010000Z", "DURATION:PT1H", "SUMMARY:as planned"))
    for lines in (["SEQUENCE:1", "DTSTART:20250713T010000Z", "DURATION:PT1H"], ["SEQUENCE:1"], []):
        data = published + calendar(event(*lines), head="METHOD:CANCEL\n")
        feed = read_ics(data, until=UNTIL)
        [made] = feed.events
        assert (made.cancelled, f"{made.start:%d %H}") == (True, "13 01")
    alone = read_ics(calendar(event(), head="METHOD:CANCEL\n"), until=UNTIL)
    assert (codes(alone), alone.events) == (["ICM805"], ())


def test_an_answer_to_an_invitation_is_no_event() -> None:
    feed = read(event("DTSTART:20250713T010000Z", "DURATION:PT1H"), head="METHOD:REPLY\n")
    assert (codes(feed), feed.events) == (["ICM805"], ())


def test_an_occurrence_without_its_series_stands_alone() -> None:
    made = one("RECURRENCE-ID:20250713T010000Z", "DTSTART:20250714T010000Z", "DURATION:PT1H")
    assert (f"{made.start:%d}", f"{made.recurrence_id:%d}") == ("14", "13")


def test_what_an_event_says_beside_that_is_counted() -> None:
    parts = [
        event("DTSTART:20250713T010000Z", "DURATION:PT1H", "ATTENDEE:mailto:a@example.org", uid=f"{i}") for i in (1, 2)
    ]
    feed = read(*parts, "BEGIN:VTODO\nUID:t\nEND:VTODO\n")
    assert {name: len(lines) for name, lines in feed.unread.items()} == {"ATTENDEE": 2, "VTODO": 1}
    assert feed.unread["ATTENDEE"][0] == 9


# text that is not what it should be


def test_line_ends_a_byte_order_mark_and_folds_inside_characters_change_nothing() -> None:
    text = event("DTSTART:20250713T010000Z", "DURATION:PT1H", "SUMMARY:Réseau")
    whole = calendar(text)
    cut = whole.replace("é".encode(), "é".encode()[:1] + b"\r\n " + "é".encode()[1:])
    variants = whole, whole.replace(b"\r\n", b"\n"), whole.replace(b"\r\n", b"\r"), b"\xef\xbb\xbf" + whole, cut
    for data in variants:
        feed = read_ics(data, until=UNTIL)
        assert (feed.findings, [made.summary for made in feed.events]) == ((), ["Réseau"])


def test_a_file_that_is_cut_off_keeps_what_is_whole_and_says_so() -> None:
    data = calendar(*(event("DTSTART:20250713T010000Z", "DURATION:PT1H", uid=f"{i}") for i in range(3)))
    lengths = [len(read_ics(data[:end], until=UNTIL).events) for end in range(0, len(data) - 2, 7)]
    assert lengths == sorted(lengths)
    for end in range(20, len(data) - 15, 7):
        assert {"ICM712"} <= set(codes(read_ics(data[:end], until=UNTIL)))


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"\xff\xfeB\x00", b"\x00" * 50, b"\x1f\x8b\x08", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\n" * 99],
)
def test_what_is_no_calendar_is_said_to_be_none(data: bytes) -> None:
    feed = read_ics(data, until=UNTIL)
    assert (codes(feed)[-1], feed.events) == ("ICM701", ())


@settings(max_examples=150)
@given(
    data=st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                b"BEGIN:VCALENDAR\n",
                b"END:VCALENDAR\n",
                b"BEGIN:VEVENT\n",
                b"END:VEVENT\n",
                b"BEGIN:VTIMEZONE\nTZID:X\n",
                b"END:VTIMEZONE\n",
                b"UID:1\n",
                b"DTSTART:20250713T010000Z\n",
                b"DTSTART;TZID=X:20250713T010000\n",
                b"DURATION:P1D\n",
                b"RRULE:FREQ=DAILY\n",
                b"RRULE:FREQ=\n",
                b"RDATE:20250713\n",
                b"EXDATE:,\n",
                b"DTEND:\n",
                b"RECURRENCE-ID:20250713T010000Z\n",
                b" \n",
                b":\n",
                b"\xff\n",
                b'A;B="c:\n',
                b"DTSTART;VALUE=DATE:99991231\n",
            ]
        ),
        max_size=25,
    ).map(b"".join)
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for timezone in (None, "Europe/Berlin"):
        feed = read_ics(data, until=UNTIL, timezone=timezone)
        assert all(made.end > made.start for made in feed.events)


BOMBS = {
    "every second": event("DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"),
    "every hour since the year 1": event("DTSTART:00010101T000000Z", "DURATION:PT1S", "RRULE:FREQ=HOURLY"),
    "no interval": event("DTSTART:20250101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0"),
    "30 February": event("DTSTART:20250101T000000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"),
    "many times a day": event(
        "DTSTART:20250101T000000Z",
        "DURATION:PT1S",
        "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9;BYMINUTE=" + ",".join(map(str, range(60))),
    ),
    "barren many times": "".join(
        event("DTSTART:20250101T000000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", uid=f"{i}")
        for i in range(300)
    ),
    "many components deep": "BEGIN:VEVENT\n" * 100_000,
    "other components deep": "BEGIN:X\n" * 100_000,
    "one long line": event(f"SUMMARY:{'x' * 5_000_000}", "DTSTART:20250101T000000Z", "DURATION:PT1H"),
    "many folds": event("SUMMARY:x" + "\n x" * 200_000, "DTSTART:20250101T000000Z", "DURATION:PT1H"),
    "many revisions": event("DTSTART:20250101T000000Z", "DURATION:PT1H") * 20_000,
    "many changes": event("DTSTART:20250101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    + "".join(
        event(
            f"RECURRENCE-ID;RANGE=THISANDFUTURE:{datetime(2025, 1, 1) + timedelta(hours=i):%Y%m%dT%H%M%SZ}",
            "DTSTART:20250101T000000Z",
            "DURATION:PT1H",
        )
        for i in range(5000)
    ),
    "quotes": event(f"SUMMARY;X={'a' * 5000}{chr(34)}:" + ':"' * 20_000, "DTSTART:20250101T000000Z", "DURATION:PT1H"),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_was_made_to_hang_a_reader_is_answered(bomb: str) -> None:
    begin = time.process_time()
    read(bomb)
    assert time.process_time() - begin < 20  # most take milliseconds; the machine may be busy


def test_a_file_of_more_lines_than_any_calendar_is_read_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_LINES", 1000)
    feed = read(event("DTSTART:20250713T010000Z", "DURATION:PT1H"), event("X-A:1\n" * 1000, uid="2"))
    assert (codes(feed), len(feed.events)) == (["ICM716"], 1)
    assert "more than 1,000 lines" in feed.findings[0].message


@pytest.mark.parametrize(("line", "code"), [("no content line", "ICM706"), ("SUMMARY:\udce9t\udce9", "ICM710")])
def test_of_many_lines_that_are_wrong_their_number_is_told(line: str, code: str) -> None:
    data = calendar(event("DTSTART:20250713T010000Z", "DURATION:PT1H", "@"))
    wrong = f"{line}\r\n".encode(errors="surrogateescape") * 5000
    feed = read_ics(data.replace(b"@\r\n", wrong), until=UNTIL)
    assert set(codes(feed)) == {code}
    assert feed.findings[-1].message.endswith("more)")


def test_what_is_wrong_many_times_is_said_with_a_number() -> None:
    parts = [event("DTSTART:20250713T010000", "DURATION:PT1H", uid=f"{i}") for i in range(500)]
    parts += [event("DTSTART:20250713T010000Z", "DTEND:20250712T010000Z", uid=f"e{i}") for i in range(500)]
    feed = read(*parts)
    assert len(feed.findings) == 1 + 20
    assert feed.findings[0].message.endswith("and 496 more)")
    assert feed.findings[-1].message.endswith("and 477 more)")


def test_until_must_be_an_instant() -> None:
    with pytest.raises(TypeError, match="time zone"):
        read_ics(b"", until=datetime(2025, 1, 1))
