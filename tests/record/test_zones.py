"""Wall-clock times to instants, held against pytz's own answers for every zone; times and durations in text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar.findings import CalendarError
from icms_calendar.record.zones import duration_text, parse_duration, parse_when, utc, zone_named

ZONES = st.sampled_from(sorted(pytz.all_timezones))
WALLS = st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)).map(lambda wall: wall.replace(microsecond=0))


def _rule(error: pytest.ExceptionInfo[CalendarError]) -> str:
    (finding,) = error.value.findings
    return finding.rule.name


def _by_pytz(zone: tzinfo, wall: datetime) -> datetime | str:
    try:
        return zone.localize(wall, is_dst=None).astimezone(UTC)  # type: ignore[attr-defined, no-any-return]
    except pytz.NonExistentTimeError:
        return "time-in-gap"
    except pytz.AmbiguousTimeError:
        return "time-twice"


@given(ZONES, WALLS)
def test_every_wall_clock_time_of_every_zone_is_what_pytz_says(name: str, wall: datetime) -> None:
    zone = zone_named(name)
    expected = _by_pytz(zone.tzinfo, wall)
    try:
        assert zone.instant(wall) == expected
    except CalendarError as error:
        if error.findings[0].rule.name != "beyond-zone-tables":
            assert error.findings[0].rule.name == expected


@pytest.mark.parametrize("name", sorted(pytz.all_timezones))
def test_around_every_clock_change_since_1970_the_answers_are_those_of_pytz(name: str) -> None:
    zone = zone_named(name)
    changes = [at for at in getattr(zone.tzinfo, "_utc_transition_times", []) if 1970 < at.year < 2037]
    for at in changes[-40:]:
        for offset in zone._offsets[-4:]:
            for minutes in (-61, -30, -1, 0, 1, 29, 30, 60, 61, 120):
                wall = at + offset + timedelta(minutes=minutes)
                expected = _by_pytz(zone.tzinfo, wall)
                try:
                    assert zone.instant(wall) == expected, wall
                except CalendarError as error:
                    assert error.findings[0].rule.name in (expected, "beyond-zone-tables"), wall


@given(ZONES, WALLS)
def test_the_clock_shown_at_an_instant_is_that_of_pytz(name: str, naive: datetime) -> None:
    zone = zone_named(name)
    instant = naive.replace(tzinfo=UTC)
    there = instant.astimezone(zone.tzinfo)
    wall, letters = zone.wall(instant)
    if letters == "UTC":
        assert wall in (naive, there.replace(tzinfo=None))
    else:
        assert wall == there.replace(tzinfo=None)
        assert letters.startswith("UTC") or letters == there.tzname()


@given(ZONES, st.dates(date(1972, 1, 2), date(2037, 12, 30)))
def test_a_day_begins_at_the_first_instant_whose_clock_shows_it(name: str, day: date) -> None:
    zone = zone_named(name)
    try:
        begins = zone.first_instant(day)
    except CalendarError as error:
        assert error.findings[0].rule.name == "beyond-zone-tables"
        return
    wall = begins.astimezone(zone.tzinfo).date()
    before = (begins - timedelta(seconds=1)).astimezone(zone.tzinfo).date()
    assert wall >= day  # later only where the zone left the day out, as Apia did with 30 December 2011
    assert before < day


def test_a_time_that_the_clock_skips_is_told_with_what_to_write() -> None:
    with pytest.raises(CalendarError) as error:
        zone_named("Europe/Berlin").instant(datetime(2026, 3, 29, 2, 30), "start")
    assert str(error.value) == (
        'start: error ICM104: start "2026-03-29 02:30" does not exist in Europe/Berlin: '
        "the clock goes from 02:00 to 03:00. Write 03:30, or the offset: 2026-03-29T02:30+01:00"
    )


def test_a_time_that_the_clock_shows_twice_is_told_with_both_offsets() -> None:
    with pytest.raises(CalendarError) as error:
        zone_named("Australia/Lord_Howe").instant(datetime(2026, 4, 5, 1, 45), "end")
    assert str(error.value) == (
        'end: error ICM105: end "2026-04-05 01:45" occurs twice in Australia/Lord_Howe, '
        "when the clock is set back. Write the offset: 2026-04-05T01:45+11:00 or 2026-04-05T01:45+10:30"
    )


@pytest.mark.parametrize(
    ("zone", "wall", "rule"),
    [
        ("Pacific/Apia", datetime(2011, 12, 30, 12), "time-in-gap"),
        ("Europe/Berlin", datetime(2038, 7, 1), "beyond-zone-tables"),
        ("Africa/Nairobi", datetime(1890, 1, 1), "beyond-zone-tables"),
        ("Pacific/Kiritimati", datetime.min, "beyond-zone-tables"),
        ("Etc/GMT+12", datetime(9999, 12, 31, 23), "instant-out-of-range"),
        ("Etc/GMT-14", datetime(1, 1, 1), "beyond-zone-tables"),
    ],
)
def test_what_cannot_be_told_for_certain_is_refused(zone: str, wall: datetime, rule: str) -> None:
    with pytest.raises(CalendarError) as error:
        zone_named(zone).instant(wall)
    assert _rule(error) == rule


def test_a_zone_that_no_longer_changes_its_clock_is_known_for_ever() -> None:
    assert zone_named("Africa/Nairobi").instant(datetime(2090, 1, 1, 3)) == datetime(2090, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "instant", "letters"),
    [
        ("Africa/Nairobi", datetime(2025, 7, 13, tzinfo=UTC), "EAT"),
        ("Asia/Dubai", datetime(2025, 7, 13, tzinfo=UTC), "UTC+4"),
        ("Asia/Kathmandu", datetime(2025, 7, 13, tzinfo=UTC), "UTC+5:45"),
        ("America/St_Johns", datetime(2025, 7, 13, tzinfo=UTC), "NDT"),
        ("America/Argentina/Buenos_Aires", datetime(2025, 7, 13, tzinfo=UTC), "UTC-3"),
        ("UTC", datetime(2025, 7, 13, tzinfo=UTC), "UTC"),
        ("Europe/Berlin", datetime(2050, 7, 13, tzinfo=UTC), "UTC"),
    ],
)
def test_zones_have_letters_or_their_offset(name: str, instant: datetime, letters: str) -> None:
    assert zone_named(name).wall(instant)[1] == letters


def test_windows_names_are_turned_to_iana() -> None:
    assert zone_named("E. Africa Standard Time").name == "Africa/Nairobi"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Africa/Nairobbi", 'Did you mean "Africa/Nairobi"?'),
        ("Nairobi", 'Did you mean "Africa/Nairobi"?'),
        ("America/New York", 'Did you mean "America/New_York"?'),
        ("../../etc/passwd", "is not a time zone"),
        (None, "nothing is not a time zone"),
    ],
)
def test_an_unknown_zone_is_told_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(CalendarError, match="ICM106") as error:
        zone_named(name)
    assert hint in str(error.value)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2025-07-13", date(2025, 7, 13)),
        ("2025-07-13 04:00", datetime(2025, 7, 13, 4)),
        ("2025-07-13T04:00:30", datetime(2025, 7, 13, 4, 0, 30)),
        ("2025-07-13T04:00Z", datetime(2025, 7, 13, 4, tzinfo=UTC)),
        ("2025-07-13 04:00 +03:00", datetime(2025, 7, 13, 4, tzinfo=timezone(timedelta(hours=3)))),
        ("2025-07-13T04:00:00+0300", datetime(2025, 7, 13, 4, tzinfo=timezone(timedelta(hours=3)))),
    ],
)
def test_times_are_read_as_they_are_written(text: str, when: date) -> None:
    assert parse_when(text) == when


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "4am",
            "13/07/2025",
            "2025-7-13",
            "20250713T0400",
            "2025-W28-7T04:00",
            "2025-07-13T04",
            "2025-07-13x04:00",
        ),
        *("2025-02-29", "2025-07-13 24:00", "2025-07-13 23:60", "٢٠٢٥-٠٧-١٣ ٠٤:٠٠", "2025-07-13 04:00 EAT"),
        *(
            "2025-07-13T04:00+24:00",
            "2025-07-13T04:00+03:99",
            "2025-07-13T04:00:00+03:60",
            " 2025-07-13",
            "2025-07-13\n",
            "0000-01-01 00:00",
        ),
    ],
)
def test_what_is_no_date_and_time_is_refused(text: str) -> None:
    with pytest.raises(CalendarError) as error:
        parse_when(text)
    assert _rule(error) == "not-a-time"


@pytest.mark.parametrize("value", [20250713, 1752368400.0, True, None, [], b"2025-07-13"])
def test_a_time_is_never_a_number(value: object) -> None:
    with pytest.raises(CalendarError, match="ICM101"):
        parse_when(value)


@given(st.datetimes(), st.integers(-24 * 60 + 1, 24 * 60 - 1))
def test_an_instant_outside_of_the_calendars_years_is_told_not_raised(naive: datetime, minutes: int) -> None:
    when = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    try:
        assert utc(when) == when
    except CalendarError as error:
        assert error.findings[0].rule.name == "instant-out-of-range"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("6h", timedelta(hours=6)),
        ("PT6H", timedelta(hours=6)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30min", timedelta(minutes=90)),
        ("P1DT12H", timedelta(hours=36)),
        ("P2W", timedelta(weeks=2)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_durations_are_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "6", "six hours", "P1M", "P1Y", "-PT1H", "PT0S", "0h", "h", "9" * 99 + "h", 6]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(CalendarError, match="ICM111"):
        parse_duration(text)


def test_a_duration_that_is_too_long_is_said_to_be_so() -> None:
    for read in ("P999999D", "36526d", timedelta(days=36526)):
        with pytest.raises(CalendarError, match=r"ICM111.*at most 36,525 days"):
            parse_duration(read)
    assert parse_duration("P36525D") == timedelta(days=36525)


@given(
    st.timedeltas(timedelta(seconds=1), timedelta(days=36525)).map(lambda d: d - timedelta(microseconds=d.microseconds))
)
def test_a_duration_is_read_back_as_it_was_written(length: timedelta) -> None:
    assert parse_duration(duration_text(length)) == length
