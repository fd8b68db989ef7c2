"""Forms of real feeds, each rebuilt as a small one: what an event means, and what is said where programs differ."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from icms_calendar import MaintenanceCalendar, Schedule
from icms_calendar.findings import SourceError
from icms_calendar.foreign.adopt import adopt
from icms_calendar.foreign.adoption import Wishes
from icms_calendar.foreign.clocks import known_clock
from icms_calendar.foreign.events import ForeignFeed, read_ics
from icms_calendar.foreign.lint import lint
from icms_calendar.schedule.inquiry import Feed, ask
from tests.foreign.test_events import BERLIN

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
NIGHT = datetime(2026, 3, 14, 22, tzinfo=UTC)
COMMON = "DTSTAMP:20260101T000000Z\nORGANIZER:mailto:office@harbour.example.org\nSUMMARY:Berths"


def event(*lines: str, uid: str = "a@harbour.example.org") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", COMMON, *lines, "END:VEVENT", ""])


def calendar(*parts: str, head: str = "") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Harbour//Test//EN\nMETHOD:PUBLISH\n{head}{''.join(parts)}"
    return f"{text}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*parts: str, head: str = "", timezone: str | None = None) -> ForeignFeed:
    return read_ics(calendar(*parts, head=head), until=UNTIL, timezone=timezone)


def starts(feed: ForeignFeed) -> list[str]:
    return [f"{one.start:%m-%dT%H:%M}" for one in feed.events]


def days(*parts: str, zone: str, head: str = "") -> list[int]:
    """The local days on which the whole days of a feed begin."""
    feed = read(*parts, head=head, timezone=zone)
    clock = known_clock(zone)
    assert clock is not None
    return [clock.wall(one.start)[0].day for one in feed.events]


def codes(data: bytes) -> set[str]:
    return {finding.code for finding in lint(data).findings}


def told(feed: ForeignFeed) -> list[str]:
    return [finding.code for finding in feed.findings]


def is_up(data: bytes, at: datetime, zone: str | None = None) -> bool:
    return ask(Feed(data, "feed.ics", zone), at, None, {}).is_up


# A: the wrong answer without a word

OBJECTS = event(
    "SEQUENCE:3",
    "DTSTART:20260314T190000Z",
    "DTEND:20260314T230000Z",
    "X-MAINTNOTE-PROVIDER:net.example.org",
    "X-MAINTNOTE-ACCOUNT:4711",
    "X-MAINTNOTE-MAINTENANCE-ID:WO-7",
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:line-1",
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:line-2",
    "X-MAINTNOTE-OBJECT-ID:line-3",
    "X-MAINTNOTE-IMPACT:REDUCED-REDUNDANCY",
    "X-MAINTNOTE-STATUS:CONFIRMED",
)


@pytest.mark.parametrize(("service", "down"), [("line-1", False), ("line-2", True), ("line-3", False)])
def test_an_import_keeps_the_impact_of_every_object(service: str, down: bool) -> None:
    made = adopt(read(OBJECTS), UNTIL, "x.ics", Wishes("Net", domain="net.example.org"))
    records = MaintenanceCalendar.model_validate(made.records)
    assert bool(records.schedule().active(NIGHT, service=service)) is down
    assert records.schedule().active(NIGHT)
    assert Schedule.from_ical(records.to_ical(now=NIGHT), until=UNTIL).active(NIGHT)
    assert any("milder than that of its objects" in finding.message for finding in made.findings)


@pytest.mark.parametrize(
    ("head", "zone"), [("X-WR-TIMEZONE:Africa/Nairobi\n", None), ("", "Africa/Nairobi"), ("", None)]
)
def test_a_floating_end_takes_the_clock_of_its_start(head: str, zone: str | None) -> None:
    one = event("DTSTART;TZID=Europe/London:20260314T040000", "DTEND:20260314T100000")
    feed = read(one, head=head, timezone=zone)
    assert [f"{found.end:%H:%M}" for found in feed.events] == ["10:00"]
    assert "ICM816" in told(feed)
    assert "ICM762" in codes(calendar(one, head=head))


WINDOWS_BERLIN = "W. Europe Standard Time"
WEEKLY = event(
    "DTSTART;VALUE=DATE:20260305",
    "DTEND;VALUE=DATE:20260306",
    "RRULE:FREQ=WEEKLY;UNTIL=20260325T230000Z;INTERVAL=1;BYDAY=TH;WKST=MO",
)


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("written", [f";TZID={WINDOWS_BERLIN}:20260312T000000", ":20260311T230000Z"])
def test_a_moved_whole_day_of_exchange_is_moved_for_every_reader(zone: str, written: str) -> None:
    moved = event(f"RECURRENCE-ID{written}", "DTSTART;VALUE=DATE:20260313", "DTEND;VALUE=DATE:20260314")
    head = BERLIN.format(tzid=WINDOWS_BERLIN)
    assert days(WEEKLY, moved, zone=zone, head=head) == [5, 13, 19, 26]
    assert "ICM762" in codes(calendar(WEEKLY, moved, head=head))


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("written", [";TZID=Europe/Berlin:20260308T000000", ":20260308T000000Z"])
def test_a_whole_day_that_is_called_off_by_a_time_does_not_take_place(zone: str, written: str) -> None:
    one = event(
        "DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260302", "RRULE:FREQ=WEEKLY;COUNT=3", f"EXDATE{written}"
    )
    assert days(one, zone=zone) == [1, 15]
    assert "ICM816" in told(read(one, timezone=zone))
    assert "ICM762" in codes(calendar(one))


def test_whole_days_are_those_of_the_reader_before_those_of_the_calendar() -> None:
    one = event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261013", uid="20261012_abc@google.com")
    data = calendar(one, head="X-WR-TIMEZONE:UTC\n")
    early = datetime(2026, 10, 11, 22, 30, tzinfo=UTC)  # 01:30 in Nairobi
    for schedule in (
        Feed(data, "f", "Africa/Nairobi").schedule(early)[0],
        Schedule.from_ical(data, until=UNTIL, timezone="Africa/Nairobi"),
    ):
        assert schedule.active(early)
        assert not schedule.active(datetime(2026, 10, 12, 22, 30, tzinfo=UTC))


# B: people who are stopped for no good reason

AUTUMN = "BEGIN:STANDARD\nDTSTART:20241027T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:{}\nEND:STANDARD\n"
SPRING = "BEGIN:DAYLIGHT\nDTSTART:20240331T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:{}\nEND:DAYLIGHT\n"


@pytest.mark.parametrize(
    ("autumn", "spring"),
    [
        ("FREQ=YEARLY;COUNT=10;BYDAY=-1SU;BYMONTH=10", "FREQ=YEARLY;COUNT=10;BYDAY=-1SU;BYMONTH=3"),
        (
            "FREQ=YEARLY;BYMINUTE=0;BYHOUR=3;BYDAY=-1SU;BYMONTH=10",
            "FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=-1SU;BYMONTH=3",
        ),
        (
            "FREQ=YEARLY;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=SU;BYMONTH=10",
            "FREQ=YEARLY;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=SU;BYMONTH=3",
        ),
        ("FREQ=YEARLY;BYYEARDAY=-61,-62,-63,-64,-65,-66,-67;BYDAY=SU", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
        ("FREQ=MONTHLY;INTERVAL=12;BYDAY=-1SU", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20300101T000000Z"),
    ],
)
def test_any_bounded_rule_of_a_vtimezone_is_followed(autumn: str, spring: str) -> None:
    zone = f"BEGIN:VTIMEZONE\nTZID:Harbour time\n{AUTUMN.format(autumn)}{SPRING.format(spring)}END:VTIMEZONE\n"
    times = [("20260314T220000", "03-14T21:00"), ("20260714T220000", "07-14T20:00"), ("20261114T220000", "11-14T21:00")]
    for wall, expected in times:
        one = event(f"DTSTART;TZID=Harbour time:{wall}", "DURATION:PT4H")
        assert (starts(read(one, head=zone)), told(read(one, head=zone))) == ([expected], [])
        assert not codes(calendar(one, head=zone)) & {"ICM755", "ICM756", "ICM773"}


@pytest.mark.parametrize("begins", ["DTSTART:00010101T000000", "DTSTART;VALUE=DATE:20170101"])
def test_a_vtimezone_may_begin_with_the_first_day_of_dotnet_or_with_a_date(begins: str) -> None:
    zone = f"BEGIN:VTIMEZONE\nTZID:Acme\nBEGIN:STANDARD\n{begins}\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\n"
    feed = read(event("DTSTART;TZID=Acme:20260314T220000", "DURATION:PT4H"), head=f"{zone}END:VTIMEZONE\n")
    assert (starts(feed), told(feed)) == (["03-14T19:00"], [])


@pytest.mark.parametrize("tzid", ["Kuala Lumpur, Singapore", "(UTC-06:00) Guadalajara, Mexico City, Monterrey"])
def test_a_tzid_is_compared_without_its_escapes(tzid: str) -> None:
    offset = "+0800" if tzid.startswith("K") else "-0600"
    escaped = tzid.replace(",", "\\,")
    zone = f"BEGIN:VTIMEZONE\nTZID:{escaped}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\n"
    zone += f"TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
    one = event(f'DTSTART;TZID="{tzid}":20260314T040000', "DURATION:PT1H")
    assert starts(read(one, head=zone)) == ["03-13T20:00" if offset == "+0800" else "03-14T10:00"]
    assert told(read(one, head=zone)) == []
    assert "ICM755" not in codes(calendar(one, head=zone))


@pytest.mark.parametrize(
    "lines", [["DTSTART:20260314T190000Z"], ["DTSTART:20260314T190000Z", "DTEND:20260314T190000Z"]]
)
def test_an_event_without_length_is_passed_over_and_the_others_are_answered(lines: list[str]) -> None:
    other = event("DTSTART:20260314T210000Z", "DURATION:PT2H", uid="b")
    feed = read(event(*lines), other)
    assert (starts(feed), told(feed)) == (["03-14T21:00"], ["ICM760"])
    assert not is_up(calendar(event(*lines), other), NIGHT)
    assert is_up(calendar(event(*lines), other), datetime(2026, 3, 14, 19, tzinfo=UTC))


def test_a_whole_day_that_ends_when_it_starts_is_that_day() -> None:
    feed = read(event("DTSTART;VALUE=DATE:20260314", "DTEND;VALUE=DATE:20260314"), timezone="UTC")
    assert [f"{one.start:%d} {one.end:%d}" for one in feed.events] == ["14 15"]
    assert told(feed) == ["ICM760"]


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:16040314", "RRULE:FREQ=YEARLY"],
        ["DTSTART;VALUE=DATE:19000218", "RRULE:FREQ=YEARLY"],
        ["DTSTART;VALUE=DATE:20400314"],
        ["DTSTART;TZID=Europe/Berlin:20400314T100000", "DURATION:PT1H"],
    ],
)
@pytest.mark.parametrize("zone", ["Africa/Nairobi", "Europe/Berlin"])
def test_a_year_that_is_not_asked_about_stops_nobody(lines: list[str], zone: str) -> None:
    now = event("DTSTART:20260314T210000Z", "DURATION:PT2H", uid="b")
    assert not is_up(calendar(event(*lines), now), NIGHT, zone)
    assert is_up(calendar(event(*lines), now), datetime(2026, 5, 1, tzinfo=UTC), zone)
    if "RRULE" in lines[-1]:
        day = datetime(2026, 3, 14 if "1604" in lines[0] else 18, 10, tzinfo=UTC)
        assert is_up(calendar(event(*lines)), day, zone) is ("1604" not in lines[0])


SERIES = ("DTSTART:20260301T190000Z", "DTEND:20260301T230000Z")


@pytest.mark.parametrize(
    ("master", "change", "expected"),
    [
        (["SEQUENCE:2", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260308T190000Z"], "20260308T190000Z", [1, 15]),
        (["SEQUENCE:2", "RRULE:FREQ=WEEKLY;COUNT=3"], "20260308T180000Z", [1, 8, 9, 15]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260316T000000Z"], "20260322T190000Z", [1, 8, 9, 15]),
    ],
)
def test_a_change_of_a_day_on_which_nothing_starts_is_told(master: list[str], change: str, expected: list[int]) -> None:
    moved = event("SEQUENCE:1", f"RECURRENCE-ID:{change}", "DTSTART:20260309T190000Z", "DTEND:20260309T230000Z")
    feed = read(event(*SERIES, *master), moved)
    assert [one.start.day for one in feed.events] == expected
    assert "ICM816" in told(feed)


@pytest.mark.parametrize("later", ["00", "01"])
def test_events_that_share_one_uid_are_all_asked(later: str) -> None:
    parts = [event(f"DTSTART:2026031{i}T190000Z", "DURATION:PT4H") for i in (2, 3, 4)]
    parts[2] = parts[2].replace("T000000Z", f"T0000{later}Z", 1)
    for day in (12, 13, 14):
        assert not is_up(calendar(*parts), datetime(2026, 3, day, 20, tzinfo=UTC))
    assert told(read(*parts)) == ["ICM732"]


def test_a_floating_exception_takes_the_clock_of_its_series() -> None:
    one = event(
        "DTSTART;TZID=Europe/Berlin:20260301T220000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE:20260308T220000",
    )
    head = BERLIN.format(tzid="Europe/Berlin")
    for zone in (None, "Africa/Nairobi"):
        feed = read(one, head=head, timezone=zone)
        assert ([event.start.day for event in feed.events], told(feed)) == ([1, 15], ["ICM816"])
    assert "ICM762" in codes(calendar(one, head=head))


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("(GMT-06.00) Central Time (US & Canada)", "America/Chicago"),
        ("(UTC-07:00) Mountain Time (US & Canada)", "America/Denver"),
        ("(UTC-03:00) Brasilia", "America/Sao_Paulo"),
        ("(UTC+01:00) West Central Africa", "Africa/Lagos"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("/America/New_York", "America/New_York"),
        ("/mozilla.org/20070129_1/Africa/Nairobi", "Africa/Nairobi"),
        ("Mid-Atlantic Standard Time", "Atlantic/South_Georgia"),
        ("Kamchatka Standard Time", "Asia/Kamchatka"),
        ("posix/Europe/Vaduz", "Europe/Vaduz"),
        ("europe/berlin", "Europe/Berlin"),
        ("Customized Time Zone", None),
        ("(UTC-05:00) West Central Africa", None),
    ],
)
def test_a_zone_is_known_by_any_of_its_names(tzid: str, zone: str | None) -> None:
    clock = known_clock(tzid)
    assert (clock and clock.name) == zone


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("", [2]), ("FREQ=WEEKLY;UNTIL=20260331;COUNT=-1;INTERVAL=4;BYDAY=MO", [2, 30])],
)
def test_an_empty_rule_and_a_count_of_minus_one_say_nothing(rule: str, expected: list[int]) -> None:
    feed = read(event("DTSTART;VALUE=DATE:20260302", f"RRULE:{rule}"), timezone="Africa/Nairobi")
    assert [(one.end.day) for one in feed.events] == expected
    assert set(told(feed)) == {"ICM816"}


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "Europe/Berlin", "America/New_York", "UTC"])
def test_an_end_at_the_last_second_of_a_day_means_that_day(zone: str) -> None:
    one = event("DTSTART;VALUE=DATE:20260301", "RRULE:FREQ=DAILY;UNTIL=20260303T235959Z")
    assert days(one, zone=zone) == [1, 2, 3]
    made = adopt(read(one, timezone=zone), UNTIL, "x", Wishes("x", timezone=zone))
    assert made.records["windows"][0]["repeat"]["until"] == "2026-03-03"


# what `check` finds


GMT = BERLIN.format(tzid="GMT").replace("+0100", "+0000").replace("+0200", "+0100")
COLLIDING = "BEGIN:VTIMEZONE\nTZID:Customized\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\n"
COLLIDING += "TZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\n"
COLLIDING += "TZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n"


@pytest.mark.parametrize(
    ("head", "lines", "code"),
    [
        (GMT, ["DTSTART;TZID=GMT:20260714T220000", "DURATION:PT4H"], "ICM816"),
        (COLLIDING, ["DTSTART;TZID=Customized:20260714T220000", "DURATION:PT4H"], "ICM816"),
        ("", [*SERIES, "SUMMARY;ENCODING=QUOTED-PRINTABLE:Kai f=C3=BCr"], "ICM764"),
        ("", [*SERIES, "RRULE:FREQ=DAILY;UNTIL=20260101T000000Z"], "ICM816"),
        ("", [*SERIES, "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"], "ICM816"),
        ("", [*SERIES, "STATUS:CONFIRMED", "X-MAINTNOTE-STATUS:CANCELLED"], "ICM828"),
        ("", [*SERIES, "X-LOTUS-CHILD_UID:x"], "ICM720"),
    ],
)
def test_check_and_reading_report_a_fault_by_one_code(head: str, lines: list[str], code: str) -> None:
    assert code in codes(calendar(event(*lines), head=head))
    if code != "ICM720":  # which says nothing about time
        assert code in told(read(event(*lines), head=head))


def test_a_range_that_the_standard_no_longer_has_is_told() -> None:
    series = event(*SERIES, "RRULE:FREQ=WEEKLY;COUNT=3")
    prior = event(
        "RECURRENCE-ID;RANGE=THISANDPRIOR:20260308T190000Z", "DTSTART:20260308T200000Z", "DTEND:20260308T230000Z"
    )
    assert "ICM816" in told(read(series, prior))
    assert "ICM816" in codes(calendar(series, prior))


# C: rough edges


def test_a_cancellation_needs_no_start() -> None:
    data = calendar(event("SEQUENCE:1", "STATUS:CANCELLED")).replace(b"METHOD:PUBLISH", b"METHOD:CANCEL")
    assert "ICM734" not in codes(data)


def test_the_months_of_another_calendar_are_no_fault() -> None:
    data = calendar(event(*SERIES, "RRULE:RSCALE=ETHIOPIC;FREQ=MONTHLY;BYMONTH=13"))
    assert "ICM773" in codes(data)
    assert "ICM771" not in codes(data)


@pytest.mark.parametrize("name", ["A", "P", "-", "PATCH"])
def test_a_property_of_one_letter_is_not_registered(name: str) -> None:
    assert "ICM720" in codes(calendar(event(*SERIES, f"{name}:1")))
    assert "ICM720" not in codes(calendar(event(*SERIES, "PATCH-VERSION:1")))


def test_a_name_with_an_underscore_loses_nothing() -> None:
    assert not is_up(calendar(event("DTSTART:20260314T190000Z", "DURATION:PT4H", "X-LOTUS-CHILD_UID:x")), NIGHT)


def test_blanks_and_marks_before_a_calendar_are_told_and_read() -> None:
    one = calendar(event("DTSTART:20260314T190000Z", "DURATION:PT4H"))
    assert "ICM708" in codes(b"  " + one)
    joined = b"\xef\xbb\xbf" + one + b"\xef\xbb\xbf" + one.replace(b"UID:a", b"UID:b")
    assert "ICM711" in codes(joined)
    for data in (b" \t" + one, joined):
        assert read_ics(data, until=UNTIL).findings == ()


def test_the_zone_beside_a_date_is_the_best_guess() -> None:
    one = event("DTSTART;VALUE=DATE;TZID=/mozilla.org/20070129_1/Africa/Nairobi:20260501")
    assert starts(read(one)) == ["04-30T21:00"]
    assert starts(read(one, timezone="UTC")) == ["05-01T00:00"]


def test_an_exception_of_an_event_that_does_not_repeat_is_told() -> None:
    feed = read(event(*SERIES, "EXDATE:20260301T190000Z"))
    assert (len(feed.events), told(feed)) == (1, ["ICM816"])


def test_a_zone_with_a_colon_is_read_without_quotes() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:GMT+05:30\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0530\n"
    zone += "TZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n"
    feed = read(event("DTSTART;TZID=GMT+05:30:20260301T020000", "DURATION:PT1H"), head=zone)
    assert starts(feed) == ["02-28T20:30"]


def test_an_event_without_its_end_is_said_to_be_lost() -> None:
    data = calendar(event("DTSTART:20260314T190000Z", "DURATION:PT4H").replace("END:VEVENT\n", ""), event(*SERIES))
    feed = read_ics(data, until=UNTIL)
    assert len(feed.events) == 1
    assert "cannot be read" in feed.findings[0].message


# `status` says "up" only when it knows

AUTUMN_AND_SPRING = "".join(
    f"BEGIN:VTIMEZONE\nTZID:Acme\n{part.format('FREQ=YEARLY')}END:VTIMEZONE\n" for part in (AUTUMN, SPRING)
)


OTHER = event("DTSTART:20260501T190000Z", "DURATION:PT4H", uid="other@harbour.example.org")
HOURS = ("DTSTART:20260314T190000Z", "DTEND:20260314T230000Z")
UNSURE = {
    "a status twice": event(*HOURS, "X-MAINTNOTE-STATUS:CANCELLED", "X-MAINTNOTE-STATUS:CONFIRMED"),
    "an impact twice": event(*HOURS, "X-MAINTNOTE-IMPACT:NO-IMPACT", "X-MAINTNOTE-IMPACT:OUTAGE"),
    "statuses that disagree": event(*HOURS, "STATUS:CONFIRMED", "X-MAINTNOTE-STATUS:CANCELLED"),
    "the other way round": event(*HOURS, "STATUS:CANCELLED", "X-MAINTNOTE-STATUS:CONFIRMED"),
    "busy": "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20260314T190000Z/PT4H\nEND:VFREEBUSY\n",
    "an unknown zone": event("DTSTART;TZID=Acme:20260314T210000", "DURATION:PT4H"),
    "an end before the start": event("DTSTART:20260314T230000Z", "DTEND:20260314T190000Z"),
    "no zone": event("DTSTART:20260314T190000", "DURATION:PT4H"),
    "a day of no zone": event("DTSTART;VALUE=DATE:20260314"),
    "two ends": event(*HOURS, "DTEND:20260314T200000Z"),
    "two lengths": event("DTSTART:20260314T190000Z", "DURATION:PT1H", "DURATION:PT4H"),
    "an empty zone": event("DTSTART;TZID=:20260314T190000", "DURATION:PT4H"),
    "an impact of an object that nobody knows": event(
        *HOURS, "X-MAINTNOTE-IMPACT:NO-IMPACT", "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DOWN:a"
    ),
    "a SEQUENCE that is not a number, and a later one": event(*HOURS, "SEQUENCE:x")
    + event("SEQUENCE:1", "DTSTART:20260601T190000Z", "DURATION:PT4H"),
    "an older cancellation": event(*HOURS, "SEQUENCE:2") + event(*HOURS, "SEQUENCE:1", "STATUS:CANCELLED"),
    "busy, perhaps": "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260314T190000Z/PT4H\nEND:VFREEBUSY\n",
    "an event under another name": event(*HOURS).replace("VEVENT", "X-VEVENT"),
    "hours in which nobody is there": "BEGIN:VAVAILABILITY\nUID:1\nDTSTART:20260314T190000Z\n"
    "DTEND:20260314T230000Z\nEND:VAVAILABILITY\n",
    "a zone that is defined twice": AUTUMN_AND_SPRING + event("DTSTART;TZID=Acme:20260314T210000", "DURATION:PT4H"),
    "a moved day that names two": event("DTSTART:20260307T190000Z", "DURATION:PT4H", "RRULE:FREQ=WEEKLY;COUNT=2")
    + event(
        *("RECURRENCE-ID:20260314T190000Z", "RECURRENCE-ID:20260321T190000Z"),
        *("DTSTART:20260501T190000Z", "DURATION:PT4H"),
    ),
    "two rules": event("DTSTART:20260307T190000Z", "DURATION:PT4H", "RRULE:FREQ=YEARLY", "RRULE:FREQ=WEEKLY;COUNT=2"),
}
# What may take place at any time, or at any later one.
UNBOUNDED = {
    "in an unknown component": f"BEGIN:X-WRAP\n{event(*HOURS)}END:X-WRAP\n",
    "in another calendar": f"BEGIN:VCALENDAR\n{event(*HOURS)}END:VCALENDAR\n",
    "a rule that is refused": event(*HOURS, "RRULE:FREQ=SECONDLY"),
    "an exception in an unknown zone": event(
        "DTSTART:20260307T190000Z", "DURATION:PT4H", "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;TZID=Acme:20260314T190000"
    ),
    "a day added in an unknown zone": event(
        "DTSTART:20260301T190000Z", "DURATION:PT4H", "RDATE;TZID=Acme:20260314T190000"
    ),
    "a rule that names another calendar": event(*HOURS, "RRULE:RSCALE=CHINESE;FREQ=YEARLY"),
    "a rule that cannot be read": event("DTSTART:20260307T190000Z", "DURATION:PT4H", "RRULE:WEEKLY"),
    "a rule of vCalendar": event("DTSTART:20260307T190000Z", "DURATION:PT4H", "RRULE:W1 SA #0"),
    "a rule with exceptions by a rule": event(*HOURS, "RRULE:FREQ=WEEKLY;COUNT=2", "EXRULE:FREQ=WEEKLY;COUNT=1"),
    "the form of ISO 8601": event("DTSTART:2026-03-14T19:00:00Z", "DTEND:2026-03-14T23:00:00Z"),
    "an offset": event("DTSTART:20260314T220000+0300", "DURATION:PT4H"),
    "a list of starts": event("DTSTART:20260314T190000Z,20260321T190000Z", "DURATION:PT4H"),
    "DSTART": event("DSTART:20260314T190000Z", "DTEND:20260314T230000Z"),
    "24:00": event("DTSTART:20260314T190000Z", "DTEND:20260314T240000Z"),
    "a line that is broken in a time": event("DTSTART:202603", "14T190000Z", "DURATION:PT4H"),
}


@pytest.mark.parametrize("part", [*UNSURE.values(), *UNBOUNDED.values()], ids=[*UNSURE, *UNBOUNDED])
def test_status_never_says_up_from_a_guess(part: str) -> None:
    try:
        assert not is_up(calendar(part, OTHER), NIGHT)
    except SourceError as error:
        assert error.findings


@pytest.mark.parametrize("part", UNSURE.values(), ids=UNSURE)
def test_what_lies_outside_of_the_question_stops_no_answer(part: str) -> None:
    assert is_up(calendar(part, OTHER), datetime(2026, 6, 1, tzinfo=UTC))


def test_a_method_given_twice_is_no_answer() -> None:
    data = calendar(event(*HOURS)).replace(b"METHOD:PUBLISH", b"METHOD:CANCEL\r\nMETHOD:PUBLISH")
    with pytest.raises(SourceError, match="ICM736"):
        is_up(data, NIGHT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Sign in</html>",
        calendar(OTHER)[:-30],
        calendar(),
        calendar("BEGIN:VTODO\nUID:1\nEND:VTODO\n"),
        calendar(OTHER) + b"<br>Warning\r\n",
        calendar(OTHER) + calendar(event(*HOURS))[:15],
        calendar(OTHER, event(*HOURS)).replace(b"\r\n", b"\r\n  "),
        calendar(OTHER).replace(b"END:VCALENDAR", b"FATAL:the database went away\r\nEND:VCALENDAR"),
        calendar(OTHER)[:200] + calendar(OTHER),
        calendar(OTHER) + calendar(),
        calendar(event(*HOURS))[250:],
        calendar(event(*HOURS)).replace(b"METHOD:PUBLISH", b"METHOD:REFRESH"),
        b"\x1f\x8b\x08" + calendar(event(*HOURS)),
        calendar(event(*HOURS)).decode().encode("utf-16"),
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b'["vcalendar", [], []]',
        b"<?xml version='1.0'?><icalendar/>",
    ],
    ids=[
        *("empty", "a page", "truncated", "no component", "no event", "half an error page", "a second one cut off"),
        *("all one line", "an error in place of events", "begun twice", "a second one empty", "the second half"),
        *("a question", "compressed", "UTF-16", "a vCard", "jCal", "xCal"),
    ],
)
def test_status_has_no_answer_from_what_is_not_a_whole_feed(data: bytes) -> None:
    with pytest.raises(SourceError):
        is_up(data, NIGHT)


def test_a_provider_that_reports_the_work_as_completed_is_believed() -> None:
    data = calendar(event(*HOURS, "X-MAINTNOTE-STATUS:COMPLETED"))
    assert is_up(data, NIGHT)
    hours = Schedule.from_ical(data, until=UNTIL).downtime(datetime(2026, 3, 1, tzinfo=UTC), UNTIL)
    assert hours.total_seconds() == 4 * 3600


# forms that are no fault

FORMS = {
    "Google": "X-WR-CALNAME:H\nX-WR-TIMEZONE:UTC\n"
    + event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261013", "CLASS:PUBLIC", "TRANSP:TRANSPARENT"),
    "Office Holidays": "X-PUBLISHED-TTL:PT720M\nREFRESH-INTERVAL;VALUE=DURATION:PT48H\n"
    + event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261013", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"),
    "Outlook": BERLIN.format(tzid=WINDOWS_BERLIN)
    + event(
        f"DTSTART;TZID={WINDOWS_BERLIN}:20260314T220000",
        f"DTEND;TZID={WINDOWS_BERLIN}:20260315T020000",
        "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SA",
        f"EXDATE;TZID={WINDOWS_BERLIN}:20260321T220000",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ),
    "Apple": "X-APPLE-CALENDAR-COLOR:#FF0000\n"
    + event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;COUNT=5", "X-APPLE-UNIVERSAL-ID:1"),
    "TripIt": event(*SERIES, "GEO:-1.3;36.8", "LOCATION:Nairobi", "TRANSP:TRANSPARENT"),
    "Meetup": event(*SERIES, "CREATED:20260101T000000Z", "LAST-MODIFIED:20260102T000000Z", "STATUS:CONFIRMED"),
    "Airbnb": event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261015"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_forms_of_well_known_publishers_are_no_error(form: str) -> None:
    verdict = lint(calendar(form))
    assert [str(finding) for finding in verdict.findings if finding.severity == "error"] == []


# bounded work


def test_equal_vtimezones_are_worked_out_once_and_a_hostile_one_is_bounded() -> None:
    zone = BERLIN.format(tzid="Harbour")
    one = event("DTSTART;TZID=Harbour:20260314T220000", "DURATION:PT4H")
    many = b"".join(calendar(one.replace("a@", f"{i}@"), head=zone) for i in range(300))
    rules = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n" * 5000
    hostile = zone.replace("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n", rules)
    tracemalloc.start()
    assert len(read_ics(many, until=UNTIL).events) == 300
    assert starts(read_ics(calendar(one, head=hostile), until=UNTIL)) == ["03-14T21:00"]
    assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    tracemalloc.stop()


def test_a_line_that_is_all_folds_costs_little_memory() -> None:
    data = calendar(event(*SERIES, "DESCRIPTION:@")).replace(b"@", b"x\r\n " * 500_000)
    tracemalloc.start()
    assert len(read_ics(data, until=UNTIL).events) == 1
    assert tracemalloc.get_traced_memory()[1] < 12 * len(data)
    tracemalloc.stop()


# one form of each public report: when its events start, and what is reported


def fixed_zone(tzid: str, offset: str, first: str = "16010101T000000") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:{first}\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\n"
        "END:STANDARD\nEND:VTIMEZONE\n"
    )


HOUR = ("DTSTART:20260301T190000Z", "DURATION:PT1H")
WEEKS = "RRULE:FREQ=WEEKLY;COUNT=3"
IN_BERLIN = ("DTSTART;TZID=Europe/Berlin:20260301T200000", "DURATION:PT1H")
OF_BERLIN = BERLIN.format(tzid="Europe/Berlin")


def moved(written: str, *lines: str) -> str:
    return event(f"RECURRENCE-ID{written}", *lines)


def ringing(*lines: str) -> str:
    return event(*HOUR, "BEGIN:VALARM", "ACTION:DISPLAY", *lines, "END:VALARM")


REPORTED: dict[str, tuple[str, list[str], list[str]]] = {
    "a name that only the file defines": (
        event("DTSTART;TZID=(GMT-08.00) City/City:20260301T040000", "DURATION:PT1H")
        + fixed_zone("(GMT-08.00) City/City", "-0800"),
        ["03-01T12:00"],
        [],
    ),
    "a zone after its event, since 1800": (
        event("DTSTART;TZID=Acme:20260301T040000", "DURATION:PT1H") + fixed_zone("Acme", "+0300", "18000101T000000"),
        ["03-01T01:00"],
        [],
    ),
    "an empty name that is defined": (
        event("DTSTART;TZID=:20260301T040000", "DURATION:PT1H") + fixed_zone("", "+0300"),
        ["03-01T01:00"],
        [],
    ),
    "an offset of -0000": (
        event("DTSTART;TZID=Acme:20260301T040000", "DURATION:PT1H") + fixed_zone("Acme", "-0000"),
        ["03-01T04:00"],
        [],
    ),
    "an offset for a name": (event('DTSTART;TZID="(GMT +01:00)":20260301T040000', "DURATION:PT1H"), [], ["ICM755"]),
    "a zone that Outlook made, undefined": (
        event("DTSTART;TZID=Customized Time Zone:20260301T040000", "DURATION:PT1H"),
        [],
        ["ICM755"],
    ),
    "a TZID beside Z": (
        event("DTSTART;TZID=Africa/Nairobi:20260301T190000Z", "DURATION:PT1H"),
        ["03-01T19:00"],
        ["ICM816"],
    ),
    "a date out of a series of times": (
        OF_BERLIN + event(*IN_BERLIN, WEEKS, "EXDATE;VALUE=DATE:20260308"),
        ["03-01T19:00", "03-15T19:00"],
        [],
    ),
    "an instant out of a series in a zone": (
        OF_BERLIN + event(*IN_BERLIN, WEEKS, "EXDATE:20260308T190000Z"),
        ["03-01T19:00", "03-15T19:00"],
        [],
    ),
    "an instant out of a floating series": (
        "X-WR-TIMEZONE:UTC\n" + event("DTSTART:20260301T190000", "DURATION:PT1H", WEEKS, "EXDATE:20260308T190000Z"),
        ["03-01T19:00", "03-15T19:00"],
        [],
    ),
    "two changes of one day": (
        event(*HOUR, WEEKS)
        + moved(":20260308T190000Z", "SEQUENCE:1", "DTSTART:20260309T190000Z", "DURATION:PT1H")
        + moved(":20260308T190000Z", "SEQUENCE:2", "DTSTART:20260310T190000Z", "DURATION:PT1H"),
        ["03-01T19:00", "03-10T19:00", "03-15T19:00"],
        [],
    ),
    "a whole day in place of a time": (
        "X-WR-TIMEZONE:UTC\n" + event(*HOUR, WEEKS) + moved(":20260308T190000Z", "DTSTART;VALUE=DATE:20260309"),
        ["03-01T19:00", "03-09T00:00", "03-15T19:00"],
        [],
    ),
    "all that follow are moved, twice": (
        event(*HOUR, "RRULE:FREQ=WEEKLY;COUNT=4")
        + moved(";RANGE=THISANDFUTURE:20260308T190000Z", "DTSTART:20260308T200000Z", "DURATION:PT1H")
        + moved(";RANGE=THISANDFUTURE:20260322T190000Z", "DTSTART:20260322T210000Z", "DURATION:PT1H"),
        ["03-01T19:00", "03-08T20:00", "03-15T20:00", "03-22T21:00"],
        [],
    ),
    "changes without their series": (
        moved(":20260308T190000Z", "DTSTART:20260309T190000Z", "DURATION:PT1H")
        + moved(":20260315T190000Z", "DTSTART:20260315T190000Z", "DURATION:PT1H"),
        ["03-09T19:00", "03-15T19:00"],
        [],
    ),
    "UNTIL on the wall clock": (
        OF_BERLIN + event(*IN_BERLIN, "RRULE:FREQ=WEEKLY;UNTIL=20260315T200000"),
        ["03-01T19:00", "03-08T19:00", "03-15T19:00"],
        [],
    ),
    "periods": (
        event(*HOUR, "RDATE;VALUE=PERIOD:20260302T190000Z/PT3H,20260303T190000Z/20260303T200000Z"),
        ["03-01T19:00", "03-02T19:00", "03-03T19:00"],
        [],
    ),
    "no UID": (event(*HOUR).replace("UID:a@harbour.example.org\n", ""), ["03-01T19:00"], ["ICM731"]),
    "a parameter in a value": ("REFRESH-INTERVAL:VALUE=DURATION:PT1H\n" + event(*HOUR), ["03-01T19:00"], []),
    "a property of nobody": (event(*HOUR, "FOO:1"), ["03-01T19:00"], []),
    "an alarm without DESCRIPTION": (ringing("TRIGGER:-PT5M"), ["03-01T19:00"], []),
    "an alarm that never rings": (ringing("DESCRIPTION:x", "TRIGGER:"), ["03-01T19:00"], []),
    "a date with a Z": (event(*HOUR, "RDATE:20131210Z"), [], ["ICM805"]),
    "blanks in BYDAY": (event(*HOUR, "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SU, MO"), [], ["ICM771"]),
    "blanks in parameters": (event("DTSTART; VALUE = DATE:20260301", "DURATION:P1D"), [], ["ICM805", "ICM707"]),
    "a notification without STATUS, SEQUENCE and account": (
        event(*HOUR, "X-MAINTNOTE-PROVIDER:x", "X-MAINTNOTE-OBJECT-ID:a", "X-MAINTNOTE-IMPACT:OUTAGE"),
        ["03-01T19:00"],
        [],
    ),
    "a cancelled notification without objects": (
        event(*HOUR, "X-MAINTNOTE-PROVIDER:x", "X-MAINTNOTE-STATUS:CANCELLED"),
        ["03-01T19:00 cancelled"],
        [],
    ),
    "an object that is broken without a blank": (
        event(*HOUR, "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:circuit", "7 and more"),
        ["03-01T19:00"],
        ["ICM706"],
    ),
    "a text that is broken without a blank": (
        event(*HOUR, "DESCRIPTION:Read", "more about it"),
        ["03-01T19:00"],
        ["ICM706"],
    ),
}


@pytest.mark.parametrize(("text", "expected", "reported"), REPORTED.values(), ids=REPORTED)
def test_a_form_that_was_reported_is_read_right(text: str, expected: list[str], reported: list[str]) -> None:
    feed = read(text)
    assert [f"{one.start:%m-%dT%H:%M}{' cancelled' if one.cancelled else ''}" for one in feed.events] == expected
    assert told(feed) == reported


def test_a_period_has_a_length_of_its_own() -> None:
    text, _, _ = REPORTED["periods"]
    assert [(one.end - one.start).seconds // 3600 for one in read(text).events] == [1, 3, 1]
