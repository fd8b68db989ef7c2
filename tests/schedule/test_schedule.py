"""Questions about time: the same answers as from looking at every window at every instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import CalendarError, MaintenanceCalendar, MaintenanceWindow, Occurrence, Schedule
from icms_calendar.record.checks import IMPACTS, STATUSES
from icms_calendar.record.recurrence import expand
from icms_calendar.record.select import affected_by
from tests.strategies import SYSTEMS

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHANNEL_STATES = ["unavailable", "queued", "rejected", "degraded", "unaffected"]
# Around both clock changes of 2025 in Berlin, and the one of Lord Howe, of half an hour.
DAYS = [date(2025, 3, 29), date(2025, 4, 5), date(2025, 10, 25)]
NOON = datetime(2025, 7, 13, 12, tzinfo=UTC)


def calendar(*windows: dict[str, Any], **keys: Any) -> MaintenanceCalendar:
    base = {"name": "C", "domain": "c.example.org", "timezone": "UTC", "systems": SYSTEMS}
    records = [{"id": f"w{i}", "system": "icms", **window} for i, window in enumerate(windows)]
    return MaintenanceCalendar(**{**base, "windows": records, **keys})


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-07-13T{clock}+00:00")


def day(*spans: str, **keys: Any) -> Schedule:
    """The schedule of one day, from spans like 02:00-06:00."""
    windows = []
    for span in spans:
        start, _, end = span.partition("-")
        windows.append({"start": at(start), "end": at(end), **keys})
    return calendar(*windows).schedule()


@st.composite
def busy_windows(draw: st.DrawFn, i: int) -> dict[str, Any]:
    """Windows that touch, overlap, nest and stand apart, some of them weeks long, most within two days."""
    zone = draw(st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "UTC"]))
    first = datetime.combine(draw(st.sampled_from(DAYS)), datetime.min.time(), tzinfo=UTC)
    start = first + draw(st.integers(0, 4 * 48)) * 15 * MINUTE
    length = draw(st.one_of(st.integers(1, 40), st.just(4 * 24 * 20))) * 15 * MINUTE
    system = draw(st.sampled_from(["icms", "itax", "bare"]))
    window = {
        "id": f"w{i}",
        "system": system,
        "timezone": zone,
        "start": start,
        "end": start + length,
        "title": f"Window {i}",  # so that no two are the same
        "status": draw(st.sampled_from(STATUSES)),
        "impact": draw(st.sampled_from(IMPACTS)),
    }
    services = {"icms": ["sea", "house"], "itax": ["returns"], "bare": []}[system]
    chosen = draw(st.lists(st.sampled_from(services), unique=True)) if services else []
    if chosen:
        window["services"] = [{"id": id_, "impact": draw(st.sampled_from([None, *IMPACTS]))} for id_ in chosen]
    states = st.sampled_from(CHANNEL_STATES)
    window["channels"] = draw(st.dictionaries(st.sampled_from(["online", "edi"]), states, max_size=2))
    return window


@st.composite
def busy_calendars(draw: st.DrawFn) -> MaintenanceCalendar:
    drawn = [draw(busy_windows(i)) for i in range(draw(st.integers(1, 7)))]
    drawn.append({"id": "r", "system": "icms", "timezone": "Europe/Berlin", "start": "2025-03-28 01:45", "title": "R"})
    drawn[-1] |= draw(st.sampled_from([{"end": "2025-03-28 03:15"}, {"duration": "23h"}]))
    drawn[-1] |= {"repeat": {"rule": "FREQ=DAILY", "count": 4}, "channels": {"online": "queued", "edi": "unaffected"}}
    return MaintenanceCalendar(
        name="C",
        domain="c.example.org",
        timezone="UTC",
        systems=SYSTEMS,
        windows=[MaintenanceWindow(**w) for w in drawn],
    )


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "system": st.sampled_from(["icms", "itax", "bare", ["icms", "bare"], ("itax",)]),
        "channel": st.sampled_from(["online", "edi", ["online", "edi"]]),
        "impact": st.sampled_from(IMPACTS),
    },
) | st.fixed_dictionaries(
    {"service": st.sampled_from(["sea", "icms/sea", "icms/house", "returns", ["house", "itax/returns"]])},
    optional={"channel": st.sampled_from(["online", "edi"]), "impact": st.sampled_from(IMPACTS)},
)


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _counts(made: MaintenanceCalendar, occurrence: Occurrence, asked: dict[str, Any]) -> bool:
    """What the documentation says, thing by thing, without a thought for speed."""
    window = occurrence.window
    if window.status == "cancelled":
        return False
    least = IMPACTS.index(asked.get("impact", "degraded"))
    for entry in affected_by(window, made):
        if "system" in asked and entry.system.id not in _several(asked["system"]):
            continue
        if "service" in asked:
            if entry.service is None:
                continue
            names = {entry.service.id, f"{entry.system.id}/{entry.service.id}"}
            if names.isdisjoint(_several(asked["service"])):
                continue
        if "channel" not in asked and IMPACTS.index(entry.impact) >= least:
            return True
        for channel in _several(asked.get("channel", [])):
            state = window.channels.get(channel)
            told = {"unavailable": 3, "rejected": 3, "queued": 2, "degraded": 2, "unaffected": -1}
            if (IMPACTS.index(entry.impact) if state is None else told[state]) >= least:
                return True
    return False


@settings(max_examples=100)
@given(busy_calendars(), FILTERS, st.sampled_from([1, 7, 15, 60, 600]))
def test_every_answer_is_that_of_a_look_at_every_window(
    made: MaintenanceCalendar, asked: dict[str, Any], minutes: int
) -> None:
    schedule = made.schedule()
    if set(_several(asked.get("channel", []))) - {name for window in made.windows for name in window.channels}:
        return  # a name that nothing has, which is another test's
    every = expand(made).occurrences
    hours = [each for each in every if _counts(made, each, asked)]
    down = [each for each in hours if each.window.status != "completed"]
    length = minutes * MINUTE
    instants = sorted(
        {edge + step for each in every for edge in (each.start, each.end) for step in (-SECOND, 0 * SECOND, SECOND)}
    )
    for i, instant in enumerate(instants):
        under_way = tuple(each for each in down if each.start <= instant < each.end)
        assert schedule.active(instant, **asked) == under_way
        assert schedule.next(instant, **asked) == next((each for each in down if each.start > instant), None)
        free = _free_from(down, instant, length)
        assert schedule.next_available(instant, length, **asked) == free
        assert (schedule.unbroken(instant, **asked) is None) is (not under_way)
        later = instants[min(i + 1 + i % 5, len(instants) - 1)]
        if later > instant:
            overlapping = tuple(each for each in down if each.start < later and each.end > instant)
            assert schedule.between(instant, later, **asked) == overlapping
            assert schedule.downtime(instant, later, **asked) == _downtime(hours, instant, later)


def _free_from(down: list[Occurrence], instant: datetime, length: timedelta) -> datetime:
    """Only `instant` and the ends of occurrences can be the first free one."""
    for candidate in sorted({instant, *(each.end for each in down if each.end > instant)}):
        if not any(each.start < candidate + length and each.end > candidate for each in down):
            return candidate
    raise AssertionError


def _downtime(down: list[Occurrence], start: datetime, end: datetime) -> timedelta:
    """Piece by piece: between two edges, all of a piece is down or none of it."""
    edges = sorted({start, end, *(edge for each in down for edge in (each.start, each.end) if start < edge < end)})
    return sum((b - a for a, b in pairwise(edges) if any(each.start <= a < each.end for each in down)), timedelta(0))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 400)), max_size=70), st.lists(st.integers(0, 900)))
def test_long_and_short_windows_are_found_alike(spans: list[tuple[int, int]], minutes: list[int]) -> None:
    windows = [{"start": NOON + a * MINUTE, "duration": b * MINUTE, "title": f"{i}"} for i, (a, b) in enumerate(spans)]
    made = calendar(*windows)
    schedule = made.schedule()
    every = expand(made).occurrences
    for minute in minutes:
        instant = NOON + minute * MINUTE
        assert schedule.active(instant) == tuple(each for each in every if each.start <= instant < each.end)


@pytest.mark.parametrize(
    ("spans", "asked", "hours", "free"),
    [
        ([], "05:00", 2, "05:00"),
        (["02:00-06:00"], "05:00", 2, "06:00"),
        (["02:00-06:00"], "06:00", 2, "06:00"),  # a window does not hold its end
        (["02:00-06:00"], "00:00", 2, "00:00"),  # exactly long enough before it
        (["02:00-06:00"], "00:01", 2, "06:00"),
        (["02:00-06:00", "06:00-07:00"], "05:00", 1, "07:00"),  # they touch
        (["02:00-06:00", "05:00-09:00"], "05:00", 1, "09:00"),  # they overlap
        (["02:00-12:00", "03:00-04:00"], "03:30", 1, "12:00"),  # one stands in the other
        (["02:00-06:00", "07:00-09:00", "10:00-11:00"], "03:00", 2, "11:00"),  # each gap is too short
        (["02:00-06:00", "07:00-09:00", "10:00-11:00"], "03:00", 1, "06:00"),
        (["02:00-06:00", "02:00-06:00"], "02:00", 1, "06:00"),  # twice the same
    ],
)
def test_the_first_instant_that_is_free_for_so_long(spans: list[str], asked: str, hours: int, free: str) -> None:
    windows = [
        {"start": at(span.partition("-")[0]), "end": at(span.partition("-")[2]), "title": f"{i}"}
        for i, span in enumerate(spans)
    ]
    assert calendar(*windows).schedule().next_available(at(asked), hours * HOUR) == at(free)


def test_what_is_never_free_until_the_horizon_is_an_error_and_not_a_time() -> None:
    always = {"start": "2025-07-13 00:00", "duration": "P1D", "repeat": {"rule": "FREQ=DAILY"}}
    schedule = calendar(always).schedule(until=at("00:00") + timedelta(days=30))
    with pytest.raises(CalendarError) as error:
        schedule.next_available(NOON, HOUR)
    assert str(error.value) == (
        "error ICM601: from when it is free for 1 hour is not known: the windows are laid out until "
        "2025-08-12T00:00:00Z. Lay them out further, with a later until"
    )
    assert schedule.active(NOON)[0].start == at("00:00")


def test_nothing_is_told_of_what_lies_beyond_the_horizon() -> None:
    nightly = {"start": "2025-07-13 02:00", "duration": "4h", "repeat": {"rule": "FREQ=DAILY"}}
    until = at("00:00") + timedelta(days=3)
    schedule = calendar(nightly).schedule(until=until)
    beyond = until + SECOND
    questions: list[Callable[[], object]] = [
        lambda: schedule.active(beyond),
        lambda: schedule.next(beyond),
        lambda: schedule.unbroken(beyond),
        lambda: schedule.between(NOON, beyond),
        lambda: schedule.downtime(NOON, beyond),
        lambda: schedule.next_available(beyond, HOUR),
        lambda: schedule.next_available(until - HOUR, 2 * HOUR),  # free, but not known for how long
    ]
    for question in questions:
        with pytest.raises(CalendarError, match="ICM601"):
            question()
    assert schedule.active(until) == ()
    assert schedule.next(until) is None
    assert schedule.next_available(until - 2 * HOUR, 2 * HOUR) == until - 2 * HOUR


def test_how_long_a_window_goes_on_is_not_told_where_another_may_follow_beyond_the_horizon() -> None:
    nightly = {"start": "2025-07-13 22:00", "duration": "4h", "repeat": {"rule": "FREQ=DAILY"}}
    schedule = calendar(nightly).schedule(until=at("23:00"))
    assert len(schedule.active(at("22:30"))) == 1
    with pytest.raises(CalendarError, match="ICM601"):
        schedule.unbroken(at("22:30"))


def test_a_window_that_repeats_for_ever_needs_an_end() -> None:
    with pytest.raises(CalendarError, match="ICM120"):
        calendar({"start": "2025-07-13 02:00", "duration": "4h", "repeat": {"rule": "FREQ=DAILY"}}).schedule()


def test_an_occurrence_moved_to_before_the_horizon_from_beyond_it_is_seen() -> None:
    change = {"on": "2025-09-14", "start": "2025-07-14 02:00"}
    repeat = {"rule": "FREQ=MONTHLY;BYDAY=2SU", "changes": [change]}
    schedule = calendar({"start": "2025-07-13 02:00", "duration": "4h", "repeat": repeat}).schedule(
        until=datetime(2025, 7, 20, tzinfo=UTC)
    )
    assert [each.start.day for each in schedule.occurrences()] == [13, 14]


def test_an_occurrence_in_the_hour_that_comes_twice_is_seen_where_the_horizon_lies_in_its_second_pass() -> None:
    nightly = {"start": "2025-10-24 02:30", "duration": "4h", "repeat": {"rule": "FREQ=DAILY"}}
    until = datetime(2025, 10, 26, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    schedule = calendar(nightly, timezone="Europe/Berlin").schedule(until=until)
    assert schedule.active(until)[0].start == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_tentative_windows_count_cancelled_ones_do_not_and_completed_ones_are_over() -> None:
    for status, counts, hours in (("tentative", 1, 4), ("in-process", 1, 4), ("completed", 0, 4), ("cancelled", 0, 0)):
        schedule = day("02:00-06:00", status=status)
        assert len(schedule.active(at("03:00"))) == counts, status
        assert schedule.downtime(at("00:00"), at("12:00")) == timedelta(hours=hours), status
        assert len(schedule.occurrences()) == 1


def test_what_interrupts_nothing_counts_where_it_is_asked_for() -> None:
    schedule = day("02:00-06:00", impact="reduced-redundancy")
    assert schedule.active(at("03:00")) == ()
    assert len(schedule.active(at("03:00"), impact="no-impact")) == 1
    assert day("02:00-06:00", impact="degraded").active(at("03:00"), impact="outage") == ()


def test_a_service_has_its_own_impact() -> None:
    schedule = day("02:00-06:00", services=["sea", {"id": "house", "impact": "no-impact"}])
    assert len(schedule.active(at("03:00"), service="sea")) == 1
    assert len(schedule.active(at("03:00"), system="icms")) == 1
    assert schedule.active(at("03:00"), service="icms/house") == ()


def test_a_window_of_a_whole_system_is_one_of_each_of_its_services() -> None:
    assert len(day("02:00-06:00").active(at("03:00"), service="house")) == 1


@pytest.mark.parametrize(
    ("state", "down", "out"),
    [("unavailable", 1, 1), ("rejected", 1, 1), ("queued", 1, 0), ("degraded", 1, 0), ("unaffected", 0, 0)],
)
def test_a_channel_that_a_window_names_has_the_say_instead_of_its_impact(state: str, down: int, out: int) -> None:
    for impact in IMPACTS:
        schedule = day("02:00-06:00", impact=impact, channels={"online": state})
        assert len(schedule.active(at("03:00"), channel="online")) == down
        assert len(schedule.active(at("03:00"), channel="online", impact="outage")) == out


def test_where_a_window_does_not_name_the_channel_its_impact_decides() -> None:
    windows: list[dict[str, Any]] = [
        {"start": at("02:00"), "end": at("06:00"), "channels": {"online": "unaffected"}},
        {"start": at("08:00"), "end": at("09:00")},
        {"start": at("10:00"), "end": at("11:00"), "impact": "no-impact"},
    ]
    schedule = calendar(*windows).schedule()
    assert [each.start for each in schedule.between(at("00:00"), at("12:00"), channel="online")] == [at("08:00")]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"system": "icsm"}, 'error ICM208: unknown system "icsm". Did you mean "icms"?'),
        ({"service": "seas"}, 'error ICM208: unknown service "seas". Did you mean "sea"?'),
        ({"system": "itax", "service": "sea"}, 'error ICM208: unknown service "sea". Known: itax/returns, returns.'),
        ({"channel": "onlin"}, 'error ICM208: unknown channel "onlin". Did you mean "online"?'),
        ({"impact": "outages"}, 'error ICM204: "outages" is not a value of impact.'),
    ],
)
def test_a_name_that_nothing_has_is_an_error_and_not_up(asked: dict[str, Any], told: str) -> None:
    schedule = day("02:00-06:00", channels={"online": "queued"})
    with pytest.raises(CalendarError) as error:
        schedule.active(at("03:00"), **asked)
    assert told in str(error.value)
    with pytest.raises(CalendarError):
        schedule.occurrences(**asked)


def test_a_channel_is_unknown_where_no_window_names_any() -> None:
    with pytest.raises(CalendarError, match="unknown channel"):
        day("02:00-06:00").active(at("03:00"), channel="online")


def test_a_filter_that_does_not_exist_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="systm"):
        day("02:00-06:00").active(at("03:00"), systm="icms")  # type: ignore[call-arg]


@pytest.mark.parametrize("when", [datetime(2025, 7, 13, 3), date(2025, 7, 13), "2025-07-13T03:00Z"])
def test_a_naive_datetime_is_a_type_error_that_says_what_to_do(when: Any) -> None:
    schedule = day("02:00-06:00")
    questions: list[Callable[[], object]] = [
        lambda: schedule.active(when),
        lambda: schedule.next(when),
        lambda: schedule.unbroken(when),
        lambda: schedule.between(when, NOON),
        lambda: schedule.downtime(at("00:00"), when),
        lambda: schedule.next_available(when, HOUR),
        lambda: calendar().schedule(until=when),
    ]
    for question in questions:
        with pytest.raises(TypeError, match=r"datetime\.now\(UTC\)"):
            question()


def test_a_datetime_of_any_zone_is_an_instant_but_local_mean_time_is_refused() -> None:
    schedule = day("02:00-06:00")
    for zone in (timezone(3 * HOUR), ZoneInfo("Africa/Nairobi")):
        assert len(schedule.active(datetime(2025, 7, 13, 5, tzinfo=zone))) == 1
        assert schedule.next_available(datetime(2025, 7, 13, 5, tzinfo=zone), HOUR).tzinfo is UTC
    with pytest.raises(CalendarError, match="ICM107"):
        schedule.active(datetime(2025, 7, 13, 5, tzinfo=pytz.timezone("Africa/Nairobi")))


def test_a_span_or_length_of_nothing_is_a_value_error() -> None:
    schedule = day("02:00-06:00")
    with pytest.raises(ValueError, match="after start"):
        schedule.between(NOON, NOON)
    with pytest.raises(ValueError, match="after start"):
        schedule.downtime(NOON, NOON - HOUR)
    with pytest.raises(ValueError, match="longer than nothing"):
        schedule.next_available(NOON, timedelta(0))


def test_what_overlaps_is_counted_once() -> None:
    windows = [("02:00", "06:00"), ("05:00", "07:00"), ("05:30", "06:30"), ("07:00", "08:00"), ("10:00", "11:00")]
    schedule = calendar(*[{"start": at(a), "end": at(b), "title": a} for a, b in windows]).schedule()
    assert schedule.downtime(at("00:00"), at("12:00")) == 7 * HOUR
    assert schedule.downtime(at("03:00"), at("10:30")) == 5.5 * HOUR
    assert schedule.unbroken(at("07:00")) == (at("02:00"), at("08:00"))
    assert schedule.unbroken(at("08:00")) is None


def test_a_schedule_cannot_be_changed() -> None:
    schedule = day("02:00-06:00")
    with pytest.raises(FrozenInstanceError):
        schedule.until = NOON  # type: ignore[misc]
    assert repr(schedule) == "<Schedule of 1 occurrences>"


def test_many_different_questions_keep_their_answers() -> None:
    schedule = calendar(
        *[{"start": at("02:00"), "end": at("06:00"), "system": id_} for id_ in ("icms", "itax", "bare")]
    ).schedule()
    for i in range(200):
        systems = [id_ for bit, id_ in enumerate(("icms", "itax", "bare")) if i >> bit & 1] or ["bare"]
        for impact in IMPACTS:
            active = schedule.active(at("03:00"), system=systems, impact=impact)
            assert {each.window.system for each in active} == set(systems)
