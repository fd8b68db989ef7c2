"""Strips and month grids show the hours that the words beside them tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar.record.zones import zone_named
from icms_calendar.site.pictures import MAX_STRIPS, Strip, months, strips
from tests.strategies import instants, lengths

NAIROBI = zone_named("Africa/Nairobi")


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _hours(strip: Strip) -> tuple[str, float, float]:
    x, width = float(strip.x.rstrip("%")), float(strip.width.rstrip("%"))
    return strip.day, round(x * 0.24, 1), round((x + width) * 0.24, 1)


@pytest.mark.parametrize(
    ("start", "end", "drawn"),
    [
        ("2025-07-13 01:00", "2025-07-13 07:00", [("Sun 13", 4, 10)]),
        ("2025-07-12 19:00", "2025-07-13 01:00", [("Sat 12", 22, 24), ("Sun 13", 0, 4)]),
        ("2025-07-12 19:00", "2025-07-12 21:00", [("Sat 12", 22, 24)]),  # to midnight: one day
        ("2025-07-12 21:00", "2025-07-13 21:00", [("Sun 13", 0, 24)]),
    ],
)
def test_a_strip_is_filled_from_the_hour_to_the_hour(start: str, end: str, drawn: list[tuple[str, int, int]]) -> None:
    made, left_out = strips(_utc(start), _utc(end), NAIROBI, "en")
    assert [_hours(strip) for strip in made] == drawn
    assert left_out == 0


def test_a_strip_follows_the_clock_also_where_it_goes_back() -> None:
    berlin = zone_named("Europe/Berlin")
    twice, _ = strips(_utc("2025-10-26 00:30"), _utc("2025-10-26 01:10"), berlin, "en")  # 02:30 CEST to 02:10 CET
    assert (twice[0].x, twice[0].width) == ("10.42%", "2.778%")
    after, _ = strips(_utc("2025-03-30 02:00"), _utc("2025-03-30 08:00"), berlin, "en")  # 04:00 to 10:00 CEST
    assert _hours(after[0]) == ("Sun 30", 4, 10)


def test_of_a_long_window_the_first_days_and_the_last_are_drawn_and_the_rest_counted() -> None:
    made, left_out = strips(_utc("2025-07-01 01:00"), _utc("2025-07-10 07:00"), NAIROBI, "en")
    assert [strip.day for strip in made] == ["Tue 1", "Wed 2", "Thu 10"]
    assert left_out == 7


def test_of_a_window_of_two_years_the_last_day_is_its_last_and_the_grids_say_that_they_are_cut() -> None:
    start, end = _utc("2025-07-13 01:00"), _utc("2027-07-13 07:00")
    made, left_out = strips(start, end, NAIROBI, "en")
    assert [_hours(strip) for strip in made] == [("Sun 13", 4, 24), ("Mon 14", 0, 24), ("Tue 13", 0, 10)]
    assert left_out == 728
    assert months([(start, end, "w", "outage")], NAIROBI, "en", 60).is_cut


@given(instants(), lengths(), st.sampled_from(["Africa/Nairobi", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]))
def test_a_strip_never_leaves_its_day_and_is_never_empty(start: datetime, length: timedelta, zone: str) -> None:
    at = start.astimezone(UTC)
    made, _ = strips(at, at + length, zone_named(zone), "sw")
    assert 1 <= len(made) <= MAX_STRIPS
    assert all(float(strip.x[:-1]) >= 0 and float(strip.width[:-1]) >= 0.5 for strip in made)
    assert all(float(strip.x[:-1]) + float(strip.width[:-1]) <= 100.6 for strip in made)


def test_a_month_grid_begins_on_monday_and_marks_each_day_of_a_window() -> None:
    span = (_utc("2025-08-31 19:30"), _utc("2025-09-01 01:00"), "w-1", "outage")
    other = (_utc("2025-09-01 03:00"), _utc("2025-09-01 04:00"), "w-2", "degraded")
    made = months([span, other], NAIROBI, "en", 12)
    august, september = made.grids
    assert not made.is_cut
    assert [month.name for month in (august, september)] == ["August 2025", "September 2025"]
    assert [cell.number for cell in august.weeks[0]] == [0, 0, 0, 0, 1, 2, 3]
    last = august.weeks[-1][6]
    assert (last.number, last.hours, last.anchor) == (31, "22:30–24", "w-1")
    first = september.weeks[0][0]
    assert (first.number, first.hours, first.more) == (1, "00–04", 1)
    assert all(len(week) == 7 for month in (august, september) for week in month.weeks)


def test_a_day_shows_the_worst_of_its_windows_however_early_another_begins() -> None:
    kinds = ("no-impact", "degraded", "outage", "outage", "reduced-redundancy")
    spans = [
        (_utc(f"2025-07-13 {1 + i:02}:00"), _utc("2025-07-13 10:00"), f"w-{i}", impact)
        for i, impact in enumerate(kinds)
    ]
    (july,) = months(spans, NAIROBI, "en", 12).grids
    cell = july.weeks[1][6]
    assert (cell.anchor, cell.impact, cell.more) == ("w-2", "outage", 4)


def test_no_more_months_than_asked_for_and_the_earliest() -> None:
    spans = [(_utc(f"2025-{m:02}-10 01:00"), _utc(f"2025-{m:02}-10 02:00"), "w", "outage") for m in (9, 1, 5)]
    earliest = months(spans, NAIROBI, "sw", 2)
    assert [month.name for month in earliest.grids] == ["Januari 2025", "Mei 2025"]
    assert earliest.is_cut


def test_weekdays_are_told_apart_in_both_languages() -> None:
    for language in ("en", "sw"):
        assert len(set(months([], NAIROBI, language, 1).weekdays)) == 7
