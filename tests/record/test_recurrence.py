"""Windows that repeat: the same occurrences as the field's own library finds, each under the UID of its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, reset_tzpath

import icalendar
import pytest
import pytz
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icms_calendar import CalendarError, MaintenanceCalendar
from icms_calendar.feed.decode import decode_feed
from icms_calendar.record.recurrence import expand, horizon_of
from icms_calendar.site.build import plan_site
from tests.feed.test_revise import rebuild

ZONES = [
    *(
        "Africa/Nairobi",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Australia/Sydney",
        "Africa/Casablanca",
    ),
    *(
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Pacific/Kiritimati",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Africa/Cairo",
    ),
    *("Pacific/Apia", "Pacific/Auckland"),
]
NOW = datetime(2025, 7, 1, tzinfo=UTC)

# The other library reads the zones as pytz has them, not as the machine or another package happens to.
reset_tzpath(to=[str(Path(pytz.__file__).parent / "zoneinfo")])
NEVER_IN_A_FEED = (b"RRULE", b"RDATE", b"EXDATE", b"RECURRENCE-ID", b"TZID=", b"VTIMEZONE", b"\r\nDURATION")
LAST = datetime(2037, 12, 28)


def calendar(*windows: dict[str, Any], zone: str = "Africa/Nairobi", **keys: Any) -> MaintenanceCalendar:
    base = {"name": "C", "domain": "c.example.org", "timezone": zone}
    default = {"system": "s", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}
    return MaintenanceCalendar(**{**base, "windows": [{**default, **window} for window in windows], **keys})


def monthly(**repeat: Any) -> dict[str, Any]:
    return {"id": "w", "repeat": {"rule": "FREQ=MONTHLY;BYDAY=2SU", "count": 4, **repeat}}


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    day = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    kind = draw(st.sampled_from(["", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"]))
    if kind == "BYDAY":
        number = (
            st.sampled_from(["1", "2", "3", "-1"]) if frequency == "MONTHLY" and draw(st.booleans()) else st.just("")
        )
        parts.append(
            "BYDAY="
            + ",".join(draw(st.lists(st.builds("".join, st.tuples(number, day)), min_size=1, max_size=3, unique=True)))
        )
    elif kind == "BYMONTHDAY" and frequency in ("MONTHLY", "YEARLY", "DAILY"):
        parts.append(f"BYMONTHDAY={draw(st.integers(1, 31))}")
    elif kind == "BYMONTH":
        parts.append(f"BYMONTH={draw(st.integers(1, 12))}")
    elif kind == "BYSETPOS" and frequency == "MONTHLY":
        parts.append(f"BYDAY=MO,TU,WE,TH,FR;BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    return ";".join(parts)


@settings(max_examples=1200)
@given(
    rules(),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2037, 6, 30)).map(lambda wall: wall.replace(second=0, microsecond=0)),
    st.integers(1, 12),
    st.integers(10, 1500),
    st.booleans(),
    st.data(),
)
def test_occurrences_are_those_of_recurring_ical_events(
    rule: str, zone: str, base: datetime, count: int, minutes: int, by_duration: bool, data: st.DataObject
) -> None:
    start = next(iter(rrulestr(f"{rule};UNTIL={base + timedelta(days=3000):%Y%m%dT%H%M%S}", dtstart=base)), None)
    assume(start is not None and start < LAST)
    assert start is not None
    walls = [w for w in rrulestr(f"{rule};COUNT={count}", dtstart=start) if w < LAST]
    assume(len(walls) == count)
    excluded = data.draw(st.lists(st.sampled_from([wall.date() for wall in walls]), max_size=2, unique=True))
    length = timedelta(minutes=minutes)
    ends = {"duration": f"{minutes}m"} if by_duration else {"end": (start + length).isoformat(" ", "minutes")}
    repeat = {"rule": rule, "count": count, "except": [day.isoformat() for day in excluded]}
    window = {"id": "w", "start": start.isoformat(" ", "minutes"), "end": None, **ends, "repeat": repeat}
    try:
        made = calendar(window, zone=zone)
        ours = expand(made).occurrences
    except (CalendarError, ValueError) as error:
        # The first start or end itself is on a clock change, where a record has to say which is meant.
        assert any(code in str(error) for code in ("ICM104", "ICM105", "ICM103"))
        return
    event = icalendar.Event()
    event.add("uid", "w")
    event.add("dtstart", start.replace(tzinfo=ZoneInfo(zone)))
    event.add("duration", length)
    event.add("rrule", icalendar.vRecur.from_ical(f"{rule};COUNT={count}"))
    for day in excluded:
        event.add("exdate", next(w for w in walls if w.date() == day).replace(tzinfo=ZoneInfo(zone)))
    theirs = icalendar.Calendar()
    theirs.add_component(event)
    found = recurring_ical_events.of(theirs).between(start - timedelta(days=2), walls[-1] + timedelta(days=3))
    starts = sorted(item["DTSTART"].dt.astimezone(UTC) for item in found)
    assert [occurrence.start for occurrence in ours] == starts
    if by_duration:
        assert all(occurrence.end - occurrence.start == length for occurrence in ours)


def test_each_occurrence_has_the_uid_of_its_day_and_what_the_window_says() -> None:
    made = calendar(monthly())
    assert [(o.uid, f"{o.start:%m-%d %H:%M}", f"{o.end:%H:%M}", o.window.id) for o in expand(made).occurrences] == [
        ("w.20250713@c.example.org", "07-13 01:00", "07:00", "w.20250713"),
        ("w.20250810@c.example.org", "08-10 01:00", "07:00", "w.20250810"),
        ("w.20250914@c.example.org", "09-14 01:00", "07:00", "w.20250914"),
        ("w.20251012@c.example.org", "10-12 01:00", "07:00", "w.20251012"),
    ]
    assert b"RRULE" not in made.to_ical()
    assert b"UID:w.20250914@c.example.org\r\n" in made.to_ical()


def test_exceptions_are_left_out_and_changes_move_cancel_and_reword_one() -> None:
    changes = [
        {"on": "2025-08-10", "start": "2025-08-11 05:00", "end": "2025-08-11 06:00", "reason": "Parts are late"},
        {"on": "2025-10-12", "status": "cancelled", "title": "Not needed"},
    ]
    made = calendar({**monthly(**{"except": ["2025-09-14"]}, changes=changes), "title": "Upgrade"})
    first, moved, cancelled = expand(made).occurrences
    assert (first.window.title, first.window.status, first.window.reason) == ("Upgrade", "confirmed", None)
    assert (moved.uid, f"{moved.start:%m-%d %H:%M}", moved.window.reason) == (
        *("w.20250810@c.example.org", "08-11 02:00"),
        "Parts are late",
    )
    assert (cancelled.window.status, cancelled.window.title) == ("cancelled", "Not needed")


def test_a_moved_occurrence_keeps_its_length_or_takes_its_own() -> None:
    kept, own, longer = expand(
        calendar(
            monthly(
                changes=[
                    {"on": "2025-07-13", "start": "2025-07-14 04:00"},
                    {"on": "2025-08-10", "duration": "1h"},
                    {"on": "2025-09-14", "end": "2025-09-14 12:00"},
                ],
                count=3,
            )
        )
    ).occurrences
    assert [o.end - o.start for o in (kept, own, longer)] == [timedelta(hours=h) for h in (6, 1, 8)]


def test_an_end_is_on_the_wall_clock_and_a_duration_is_elapsed_time() -> None:
    night = {"id": "w", "start": "2026-03-28 23:00", "repeat": {"rule": "FREQ=DAILY", "count": 2}}
    (_, by_end), (_, by_duration) = (
        expand(calendar({**night, **ends}, zone="Europe/Berlin")).occurrences
        for ends in ({"end": "2026-03-29 05:00"}, {"end": None, "duration": "6h"})
    )
    (before, _) = expand(calendar({**night, "end": "2026-03-29 05:00"}, zone="Europe/Berlin")).occurrences
    assert before.end - before.start == timedelta(hours=5)
    assert by_end.end - by_end.start == by_duration.end - by_duration.start == timedelta(hours=6)


def test_whole_days_repeat_as_whole_days() -> None:
    made = calendar(
        {
            "id": "w",
            "all_day": True,
            "start": "2026-03-28",
            "end": "2026-03-28",
            "repeat": {"rule": "FREQ=DAILY", "count": 3, "changes": [{"on": "2026-03-30", "start": "2026-04-02"}]},
        },
        zone="Europe/Berlin",
    )
    assert [f"{o.start:%m-%d %H} {o.end - o.start}" for o in expand(made).occurrences] == [
        "03-27 23 1 day, 0:00:00",
        "03-28 23 23:00:00",
        "04-01 22 1 day, 0:00:00",
    ]


@pytest.mark.parametrize(("zone", "month", "day"), [("Europe/Berlin", 3, 29), ("America/New_York", 3, 8)])
@pytest.mark.parametrize("end", ["03:00", "02:30"])
def test_a_nightly_window_keeps_its_length_where_the_clock_skips_it(zone: str, month: int, day: int, end: str) -> None:
    nightly = {
        "id": "nightly",
        "start": f"2026-{month:02}-{day - 1:02} 02:00",
        "end": f"2026-{month:02}-{day - 1:02} {end}",
        "repeat": {"rule": "FREQ=DAILY", "count": 3},
    }
    expansion = expand(calendar(nightly, zone=zone))
    lengths = {each.end - each.start for each in expansion.occurrences}
    assert len(expansion.occurrences) == 3
    assert lengths == {timedelta(hours=1) if end == "03:00" else timedelta(minutes=30)}
    assert [(finding.code, finding.path) for finding in expansion.findings] == [("ICM121", ("windows", 0, "repeat"))]


def test_a_start_that_the_clock_skips_or_repeats_follows_rfc_5545_and_is_told() -> None:
    daily = {"rule": "FREQ=DAILY", "count": 2}
    gap = {"id": "gap", "start": "2026-03-28 02:30", "end": None, "duration": "1h", "repeat": daily}
    twice = {"id": "twice", "start": "2026-10-24 02:30", "end": None, "duration": "1h", "repeat": daily}
    expansion = expand(calendar(gap, twice, zone="Europe/Berlin"))
    starts = {o.uid.partition("@")[0]: f"{o.start:%H:%M}" for o in expansion.occurrences}
    assert starts["gap.20260329"] == "01:30"  # as if it were still winter time
    assert starts["twice.20261025"] == "00:30"  # the first of the two
    assert [str(finding) for finding in expansion.findings] == [
        'windows[0].repeat: warning ICM121: window "gap" on Sunday 29 March 2026: the clock of Europe/Berlin skips '
        "02:30 then. It starts at 2026-03-29T01:30Z; to start it at another time, write a change",
        'windows[1].repeat: warning ICM121: window "twice" on Sunday 25 October 2026: the clock of Europe/Berlin shows '
        "02:30 twice then. It starts at 2026-10-25T00:30Z; to start it at another time, write a change",
    ]


def test_an_endless_repeat_is_laid_out_to_the_horizon_and_needs_one() -> None:
    made = calendar({"id": "w", "repeat": {"rule": "FREQ=WEEKLY"}}, horizon="P30D")
    assert len(plan_site(made, datetime(2025, 7, 13, tzinfo=UTC)).difference.windows) == 5
    with pytest.raises(CalendarError, match="ICM120"):
        made.to_ical()
    assert made.to_ical(now=NOW).count(b"BEGIN:VEVENT") == 3


@pytest.mark.parametrize(
    ("repeat", "code", "told"),
    [
        (
            {"rule": "FREQ=MONTHLY;BYDAY=1SU"},
            "ICM118",
            "Sunday 13 July 2025 the rule has no occurrence. The nearest is on Sunday 3 August",
        ),
        ({"except": ["2025-08-11"]}, "ICM118", "except: on Monday 11 August 2025"),
        ({"changes": [{"on": "2026-08-09"}]}, "ICM118", "The nearest is on Sunday 12 October 2025"),
        ({"except": ["2025-08-10", "2025-08-10"]}, "ICM004", "2025-08-10"),
        ({"except": ["2025-08-10"], "changes": [{"on": "2025-08-10"}]}, "ICM004", "2025-08-10"),
        ({"changes": [{"on": "2025-08-10", "start": "2025-08-10 11:00", "end": "2025-08-10 09:00"}]}, "ICM103", "end"),
        ({"changes": [{"on": "2025-08-10", "start": "2025-08-10"}]}, "ICM101", "start"),
        ({"rule": "FREQ=DAILY", "count": None, "until": "2045-01-01"}, "ICM116", "5,000"),
        ({"until": "2026-01-01"}, "ICM222", "both"),
    ],
)
def test_what_is_wrong_with_a_repetition_is_told(repeat: dict[str, Any], code: str, told: str) -> None:
    with pytest.raises(ValueError, match=code) as error:
        calendar(monthly(**repeat))
    assert told in str(error.value)


def test_an_id_that_an_occurrence_has_is_refused() -> None:
    with pytest.raises(ValueError, match="ICM206"):
        calendar(monthly(), {"id": "w.20250713"})


@pytest.mark.parametrize(("count", "more"), [(2, ""), (3, ", and 1 time more"), (1500, ", and 1,498 times more")])
def test_overlapping_occurrences_are_told_once(count: int, more: str) -> None:
    findings = expand(
        calendar({"id": "w", "end": "2025-07-14 05:00", "repeat": {"rule": "FREQ=DAILY", "count": count}})
    ).findings
    assert [str(finding) for finding in findings] == [
        'windows[0].repeat: warning ICM122: window "w" is not over on Sunday 13 July 2025 when it starts again on '
        f"Monday 14 July 2025{more}"
    ]


def test_changing_one_occurrence_changes_that_event_alone() -> None:
    first = rebuild(calendar(monthly()), None, NOW)
    change = {"on": "2025-08-10", "start": "2025-08-10 05:00"}
    later = rebuild(calendar(monthly(changes=[change])), first, NOW + timedelta(days=1))
    before, after = (decode_feed(site.files["all.ics"]) for site in (first, later))
    changed = [new.uid for old, new in zip(before, after, strict=True) if old.vevent != new.vevent]
    assert changed == ["w.20250810@c.example.org"]
    assert [change.kind for change in later.changes] == ["moved"]


@pytest.mark.parametrize("change", [{"start": "2025-08-10 05:00"}, {"status": "cancelled"}, {"reason": "Later"}])
def test_every_client_sees_plain_events_of_which_a_change_of_one_leaves_the_others_byte_for_byte(
    change: dict[str, Any],
) -> None:
    first = rebuild(calendar(monthly()), None, NOW)
    later = rebuild(calendar(monthly(changes=[{"on": "2025-08-10", **change}])), first, NOW + timedelta(days=1))
    before, after = (site.files["all.ics"].split(b"BEGIN:VEVENT") for site in (first, later))
    assert len(before) == len(after) == 5
    differing = [new for old, new in zip(before[1:], after[1:], strict=True) if old != new]
    assert [b"UID:w.20250810@c.example.org\r\n" in event for event in differing] == [True]
    for path, data in later.files.items():
        if path.endswith(".ics"):
            for name in (
                b"RRULE",
                b"RDATE",
                b"EXDATE",
                b"RECURRENCE-ID",
                b"TZID=",
                b"BEGIN:VTIMEZONE",
                b"\r\nDURATION",
            ):
                assert name not in data, path


def test_changing_the_rule_keeps_the_uids_of_the_days_that_stay() -> None:
    first = rebuild(calendar(monthly()), None, NOW)
    weekly = {"id": "w", "repeat": {"rule": "FREQ=WEEKLY", "until": "2025-08-10"}}
    later = rebuild(calendar(weekly), first, NOW + timedelta(days=1))
    events = {event.uid.partition("@")[0]: event for event in decode_feed(later.files["all.ics"])}
    assert events["w.20250713"].revision.sequence == events["w.20250810"].revision.sequence == 0
    assert events["w.20250914"].status == events["w.20251012"].status == "cancelled"
    assert events["w.20250720"].status == "confirmed"


def test_an_endless_repeat_may_have_begun_long_ago() -> None:
    made = calendar(
        {"id": "w", "start": "1975-07-13 04:00", "end": "1975-07-13 10:00", "repeat": {"rule": "FREQ=DAILY"}}
    )
    occurrences = expand(made, NOW).occurrences
    assert 4990 < len(occurrences) <= 5000
    assert occurrences[-1].start == datetime(2025, 6, 30, 1, tzinfo=UTC)


def test_an_endless_repeat_is_laid_out_as_far_as_its_clock_is_known() -> None:
    made = calendar({"id": "w", "repeat": {"rule": "FREQ=DAILY"}}, zone="Europe/Berlin")
    until = horizon_of(made, datetime(2037, 6, 1, tzinfo=UTC))
    assert until is not None
    assert expand(made, until).occurrences[-1].start.year == 2037


@pytest.mark.parametrize("day", ["2399-07-13", "9999-12-31", "0001-01-01"])
def test_an_exception_far_from_every_occurrence_is_told(day: str) -> None:
    with pytest.raises(CalendarError, match=r"ICM118.*None is within six years"):
        calendar(monthly(**{"count": 4, "except": [day]}))


def test_a_shorter_horizon_cancels_nothing() -> None:
    endless = {"id": "w", "repeat": {"rule": "FREQ=WEEKLY"}}
    first = rebuild(calendar(endless, horizon="P60D"), None, NOW)
    later = rebuild(calendar(endless, horizon="P20D"), first, NOW + timedelta(days=1), allow=False)
    assert later.files["all.ics"] == first.files["all.ics"]
    assert not later.changes
    gone = {"id": "w", "repeat": {"rule": "FREQ=WEEKLY", "except": ["2025-08-24"]}}
    left = rebuild(calendar(gone, horizon="P20D"), first, NOW + timedelta(days=1), allow=False)
    assert [(change.kind, change.window_id) for change in left.changes] == [("cancelled", "w.20250824")]


def test_a_repetition_is_the_same_from_every_format_and_by_either_name() -> None:
    by_alias, by_name = (
        calendar(monthly(**{name: [date(2025, 8, 10)]})).windows[0].repeat for name in ("except", "excluded")
    )
    assert by_alias == by_name
