"""What people read: spans in the words of their zone and of UTC, lengths, titles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from icms_calendar.record.labels import Language
from icms_calendar.record.words import (
    clock_span,
    day,
    duration,
    everyday_span,
    headline,
    listed,
    moment,
    span,
    title,
    zone_span,
)
from icms_calendar.record.zones import zone_named


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "start", "end", "words"),
    [
        (
            *("Africa/Nairobi", "2025-07-13 01:00", "2025-07-13 07:00"),
            "Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours",
        ),
        (  # the UTC day of the start is another
            *("Africa/Nairobi", "2025-07-12 22:00", "2025-07-13 04:00"),
            "Sunday 13 July 2025, 01:00 to 07:00 EAT (Saturday 12 July, 22:00 to Sunday 13 July, 04:00 UTC), 6 hours",
        ),
        (  # both UTC days are another
            *("Africa/Nairobi", "2025-07-12 21:00", "2025-07-12 22:00"),
            "Sunday 13 July 2025, 00:00 to 01:00 EAT (Saturday 12 July, 21:00 to 22:00 UTC), 1 hour",
        ),
        (  # over midnight there, on one day in UTC
            *("Africa/Nairobi", "2025-07-12 19:00", "2025-07-12 23:00"),
            "Saturday 12 July 2025, 22:00 to Sunday 13 July 2025, 02:00 EAT "
            "(Saturday 12 July, 19:00 to 23:00 UTC), 4 hours",
        ),
        (  # over midnight in both
            *("Africa/Nairobi", "2025-07-12 20:00", "2025-07-13 01:00"),
            "Saturday 12 July 2025, 23:00 to Sunday 13 July 2025, 04:00 EAT "
            "(20:00 to Sunday 13 July, 01:00 UTC), 5 hours",
        ),
        (  # the UTC year is another
            *("Asia/Tokyo", "2025-12-31 20:00", "2025-12-31 22:00"),
            "Thursday 1 January 2026, 05:00 to 07:00 JST (Wednesday 31 December 2025, 20:00 to 22:00 UTC), 2 hours",
        ),
        (  # the letters change in between
            *("Europe/Berlin", "2026-03-29 00:00", "2026-03-29 02:00"),
            "Sunday 29 March 2026, 01:00 CET to 04:00 CEST (00:00 to 02:00 UTC), 2 hours",
        ),
        (  # a zone without letters
            *("Asia/Dubai", "2025-07-13 01:00", "2025-07-13 01:30"),
            "Sunday 13 July 2025, 05:00 to 05:30 UTC+4 (01:00 to 01:30 UTC), 30 minutes",
        ),
        (
            "UTC",
            "2025-07-13 01:00",
            "2025-07-13 07:00:05",
            "Sunday 13 July 2025, 01:00 to 07:00:05 UTC, 6 hours 5 seconds",
        ),
        (  # past the zone's tables
            *("Europe/Berlin", "2050-07-13 01:00", "2050-07-13 02:00"),
            "Wednesday 13 July 2050, 01:00 to 02:00 UTC, 1 hour",
        ),
    ],
)
def test_a_span_is_told_in_its_zone_in_utc_and_in_length(zone: str, start: str, end: str, words: str) -> None:
    assert span(_utc(start), _utc(end), zone_named(zone)) == words


def test_whole_days_are_told_as_days() -> None:
    nairobi = zone_named("Africa/Nairobi")
    one = span(_utc("2025-07-12 21:00"), _utc("2025-07-13 21:00"), nairobi, all_day=True)
    assert one == ("Sunday 13 July 2025, all day EAT (Saturday 12 July, 21:00 to Sunday 13 July, 21:00 UTC), 24 hours")
    three = span(_utc("2025-07-12 21:00"), _utc("2025-07-15 21:00"), nairobi, all_day=True)
    assert three.startswith("Sunday 13 July 2025 to Tuesday 15 July 2025, whole days EAT (")
    assert three.endswith(", 3 days")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=49), "2 days 1 hour"),
        (timedelta(seconds=1), "1 second"),
    ],
)
def test_lengths_are_told_in_hours_up_to_two_days(length: timedelta, words: str) -> None:
    assert duration(length) == words


@pytest.mark.parametrize(
    ("impact", "emergency", "words"),
    [
        ("outage", False, "iCMS and iTax unavailable: planned maintenance"),
        ("degraded", True, "iCMS and iTax degraded: emergency maintenance"),
        ("reduced-redundancy", False, "iCMS and iTax: planned maintenance, no interruption expected"),
        ("no-impact", False, "iCMS and iTax: planned maintenance, no interruption expected"),
    ],
)
def test_the_default_title_tells_what_people_will_notice(impact: str, emergency: bool, words: str) -> None:
    assert title(["iCMS", "iTax"], impact, emergency=emergency) == words


def test_names_are_listed_as_in_prose() -> None:
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_a_moment_is_a_day_or_a_day_and_a_time_in_the_zone() -> None:
    nairobi = zone_named("Africa/Nairobi")
    assert moment(date(2025, 7, 10), nairobi) == day(date(2025, 7, 10)) == "Thursday 10 July 2025"
    assert moment(datetime(2025, 7, 10, 14, 30), nairobi) == "Thursday 10 July 2025, 14:30 EAT"
    assert moment(_utc("2025-07-10 14:30"), nairobi) == "Thursday 10 July 2025, 17:30 EAT"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2025-07-13T01:00Z", "2025-07-13T07:00Z", "Sunday 13 July 2025, 4am to 10am"),
        ("2025-07-13T01:30Z", "2025-07-13T09:00Z", "Sunday 13 July 2025, 4:30am to noon"),
        ("2025-07-12T19:00Z", "2025-07-13T01:00Z", "Saturday 12 July 2025, 10pm to Sunday 13 July 2025, 4am"),
        ("2025-07-12T19:00Z", "2025-07-12T21:00Z", "Saturday 12 July 2025, 10pm to end of the day"),
        ("2025-07-12T21:00Z", "2025-07-13T01:00Z", "Sunday 13 July 2025, start of the day to 4am"),
        ("2025-07-12T21:00Z", "2025-07-13T21:00Z", "Sunday 13 July 2025, all day"),
        ("2025-07-11T21:00Z", "2025-07-13T21:00Z", "Saturday 12 July 2025 to Sunday 13 July 2025, all day"),
        ("2025-07-12T21:30:05Z", "2025-07-12T22:00Z", "Sunday 13 July 2025, 12:30:05am to 1am"),
    ],
)
def test_an_everyday_span_never_says_midnight(start: str, end: str, words: str) -> None:
    parts = everyday_span(datetime.fromisoformat(start), datetime.fromisoformat(end), zone_named("Africa/Nairobi"))
    assert "".join(parts) == words


def test_hours_of_two_days_or_two_offsets_name_both() -> None:
    one, other = _utc("2025-07-12 19:00"), _utc("2025-07-13 01:00")
    assert clock_span(one, other, zone_named("Africa/Nairobi")) == "Saturday 22:00 to Sunday 04:00 EAT, UTC+3"
    assert clock_span(one, other, zone_named("Asia/Kathmandu")) == "00:45 to 06:45 UTC+5:45"
    assert clock_span(one, other, zone_named("Asia/Kolkata")) == "00:30 to 06:30 IST, UTC+5:30"
    one, other = _utc("2025-10-26 00:30"), _utc("2025-10-26 02:00")
    assert clock_span(one, other, zone_named("Europe/London")) == "01:30 BST, UTC+1 to 02:00 GMT, UTC"
    assert zone_span(one, other, zone_named("Europe/Berlin"), "sw") == "CEST, UTC+2 hadi CET, UTC+1"
    assert zone_span(other, other, zone_named("Europe/Berlin"), "sw") == "CET, UTC+1"
    assert clock_span(one, other, zone_named("UTC")) == "00:30 to 02:00 UTC"
    assert clock_span(one, other, zone_named("America/St_Johns")) == "22:00 to 23:30 NDT, UTC-2:30"


def test_a_span_in_swahili_has_24_hour_digits_and_tells_a_length_from_a_time() -> None:
    start, end = datetime(2025, 7, 12, 19, tzinfo=UTC), datetime(2025, 7, 13, 0, 30, tzinfo=UTC)
    assert span(start, end, zone_named("Africa/Nairobi"), language="sw") == (
        "Jumamosi 12 Julai 2025, 22:00 hadi Jumapili 13 Julai 2025, 03:30 EAT "
        "(19:00 hadi Jumapili 13 Julai, 00:30 UTC), muda wa saa 5 na dakika 30"
    )


def test_a_title_in_swahili_agrees_in_number() -> None:
    assert title(["iCMS"], "outage", language="sw") == "iCMS haitapatikana: matengenezo yaliyopangwa"
    assert title(["iCMS", "iTax"], "outage", language="sw") == "iCMS na iTax hazitapatikana: matengenezo yaliyopangwa"
    assert title(["iCMS"], "degraded", emergency=True, language="sw") == (
        "iCMS itafanya kazi kwa kiwango cha chini: matengenezo ya dharura"
    )
    assert title(["iCMS", "iTax"], "degraded", language="sw") == (
        "iCMS na iTax zitafanya kazi kwa kiwango cha chini: matengenezo yaliyopangwa"
    )


@pytest.mark.parametrize(
    ("impact", "language", "words"),
    [
        ("degraded", "en", "iCMS degraded"),
        ("no-impact", "en", "iCMS maintenance"),
        ("reduced-redundancy", "sw", "Matengenezo ya iCMS"),
    ],
)
def test_a_headline_says_maintenance_only_without_an_interruption(impact: str, language: Language, words: str) -> None:
    assert headline(["iCMS"], impact, language) == words
