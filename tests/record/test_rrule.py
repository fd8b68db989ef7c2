"""A rule may say on which days a window repeats, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icms_calendar.findings import CalendarError
from icms_calendar.record.rrule import Repetition, objection_to, parse_rule

FIRST = datetime(2025, 7, 13, 4)  # the second Sunday of July


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "FREQ=DAILY",
            "FREQ=WEEKLY;BYDAY=SU,WE;INTERVAL=2;WKST=MO",
            "FREQ=MONTHLY;BYDAY=2SU",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
        ),
        *("FREQ=YEARLY;BYMONTH=1,12;BYMONTHDAY=31", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=-1"),
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ],
)
def test_a_rule_of_days_is_kept_as_it_was_written(rule: str) -> None:
    assert parse_rule(rule) == rule


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "is not a part of a rule"),
        ("INTERVAL=2", "it needs a FREQ"),
        ("FREQ=HOURLY", "FREQ is DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=SECONDLY", "FREQ is DAILY"),
        ("RRULE:FREQ=DAILY", '"RRULE:FREQ" is not a part'),
        ("FREQ=DAILY;UNTIL=20260101", "write until: or count:"),
        ("FREQ=DAILY;COUNT=3", "write until: or count:"),
        ("FREQ=DAILY;BYHOUR=3", "the time of day is that of start"),
        ("FREQ=DAILY;FREQ=WEEKLY", "it has a part twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a number from 1"),
        ("FREQ=WEEKLY;BYDAY=2SU", "goes with FREQ=MONTHLY or YEARLY"),
        ("FREQ=MONTHLY;BYDAY=99SU", "BYDAY is a list"),
        ("FREQ=WEEKLY;BYDAY=SUN", "BYDAY is a list"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY is a list"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH is a list"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO does not go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "needs another BY part"),
        ("freq=daily", "is not a part of a rule"),
        ("FREQ=DAILY;", "is not a part of a rule"),
        (7, "it is not a text"),
    ],
)
def test_what_makes_no_sense_for_windows_is_told(rule: object, told: str) -> None:
    with pytest.raises(CalendarError, match="ICM116") as error:
        parse_rule(rule)
    assert told in str(error.value)


def test_a_repetition_ends_on_a_day_or_after_a_count() -> None:
    monthly = "FREQ=MONTHLY;BYDAY=2SU"
    assert Repetition(monthly, FIRST, None, None).endless
    assert [wall.month for wall in Repetition(monthly, FIRST, None, 3).walls()] == [7, 8, 9]
    assert [wall.month for wall in Repetition(monthly, FIRST, datetime(2025, 9, 14, 4), None).walls()] == [7, 8, 9]
    assert [wall.month for wall in Repetition(monthly, FIRST, None, 9).walls(datetime(2025, 8, 31))] == [7, 8]


def test_the_nearest_occurrence_is_named_on_either_side() -> None:
    repetition = Repetition("FREQ=MONTHLY;BYDAY=2SU", FIRST, None, 4)
    assert repetition.has(date(2025, 8, 10))
    assert not repetition.has(date(2025, 8, 11))
    assert not repetition.has(date(2025, 11, 9))
    assert repetition.nearest(date(2025, 8, 11)) == date(2025, 8, 10)
    assert repetition.nearest(date(2025, 9, 12)) == date(2025, 9, 14)
    assert repetition.nearest(date(2026, 9, 12)) == date(2025, 10, 12)
    assert repetition.nearest(date(2055, 9, 12)) is None


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=-31,31",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    ],
)
def test_a_rule_that_yields_nothing_has_no_nearest_day(rule: str) -> None:
    for count in (None, 4):
        repetition = Repetition(parse_rule(rule), FIRST, None, count)
        assert not repetition.has(FIRST.date())
        assert repetition.nearest(FIRST.date()) is None
        assert repetition.latest(datetime(2080, 1, 1)) is None


def _some(numbers: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.lists(numbers, min_size=1, max_size=3, unique=True).map(lambda some: ",".join(map(str, some)))


DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
NUMBERED = st.builds("{}{}".format, st.sampled_from([1, 2, 4, 5, -1, -2]), DAYS)
PARTS = {
    "INTERVAL": st.integers(1, 9),
    "WKST": DAYS,
    "BYMONTH": _some(st.integers(1, 12)),
    "BYMONTHDAY": _some(st.integers(-31, 31).filter(bool)),
    "BYDAY": _some(DAYS) | _some(NUMBERED),
    "BYYEARDAY": _some(st.integers(-366, 366).filter(bool)),
    # Of other negative numbers dateutil does not find the days of a week that belongs to the year before or after.
    "BYWEEKNO": _some(st.sampled_from([1, 2, 20, 52, 53, -1])),
    "BYSETPOS": st.sampled_from([1, 2, -1, -2, 5]),
}
TIMES = {
    "BYHOUR": _some(st.integers(0, 23)),
    "BYMINUTE": _some(st.integers(0, 59)),
    "BYSECOND": _some(st.integers(0, 59)),
}


def _rules(parts: dict[str, st.SearchStrategy[object]], *frequencies: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda frequency, parts: ";".join([f"FREQ={frequency}", *(f"{name}={value}" for name, value in parts.items())]),
        st.sampled_from(frequencies),
        st.fixed_dictionaries({}, optional=parts),
    )


LONG = timedelta(days=3000)
STARTS = st.datetimes(datetime(1970, 1, 1), datetime(2030, 1, 1)).map(lambda start: start.replace(microsecond=0))


@settings(max_examples=150)
@given(_rules(PARTS, "DAILY", "WEEKLY", "MONTHLY", "YEARLY"), STARTS, st.integers(0, 1500), st.integers(0, 400))
def test_the_days_of_a_rule_are_those_of_dateutil_from_any_day_on(
    rule: str, start: datetime, after: int, length: int
) -> None:
    try:
        repetition = Repetition(parse_rule(rule), start)
    except CalendarError:
        assume(False)
    assume(next(repetition.walls(start + LONG), None))  # of a rule that yields nothing dateutil looks for centuries
    first = start.date() + timedelta(days=after)
    last = first + timedelta(days=length)
    theirs = takewhile(lambda wall: wall.date() <= last, rrulestr(rule, dtstart=start))
    found = [wall.date() for wall in repetition.walls(datetime.combine(last, start.time())) if wall.date() >= first]
    assert found == [wall.date() for wall in theirs if wall.date() >= first]
    assert [first + timedelta(days=n) for n in range(length + 1) if repetition.has(first + timedelta(days=n))] == found
    assert repetition.latest(datetime.combine(last, time.max)) == max(
        repetition.walls(datetime.combine(last, time.max)), default=None
    )


@settings(max_examples=150)
@given(_rules(PARTS | TIMES, "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"), STARTS, st.integers(1, 60))
def test_the_times_of_a_rule_of_any_feed_are_those_of_dateutil(rule: str, start: datetime, days: int) -> None:
    assume(objection_to(rule) is None and next(Repetition(rule, start).walls(start + LONG), None))
    until = start + timedelta(days=days)
    theirs = takewhile(lambda wall: wall <= until, rrulestr(rule, dtstart=start))
    assert list(Repetition(rule, start).walls(until)) == list(theirs)
