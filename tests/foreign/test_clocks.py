"""VTIMEZONEs of any shape against dateutil, which icalendar and recurring-ical-events read them with."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zlib import crc32

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar.foreign.events import read_ics

UNTIL = datetime(2040, 1, 1, tzinfo=UTC)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MINUTE = timedelta(minutes=1)
# Half hours, quarters, local mean times with seconds, and both edges of the world.
STANDARD = [-720, -570, -210, 0, 60, 180, 345, 525, 765, 780]
SHIFTS = [30, 60, 90, 120]


def written_offset(offset: timedelta) -> str:
    seconds = abs(round(offset.total_seconds()))
    rest = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{'-' if offset < timedelta(0) else '+'}{seconds // 3600:02}{seconds // 60 % 60:02}{rest}"


def observance(kind: str, first: datetime, before: timedelta, after: timedelta, *lines: str) -> str:
    offsets = f"TZOFFSETFROM:{written_offset(before)}", f"TZOFFSETTO:{written_offset(after)}"
    return "\n".join([f"BEGIN:{kind}", f"DTSTART:{first:%Y%m%dT%H%M%S}", *offsets, *lines, f"END:{kind}", ""])


@st.composite
def rules_of_a_month(draw: st.DrawFn, months: tuple[int, ...]) -> Callable[[int], tuple[str, datetime]]:
    """A yearly rule, and its onset in a year."""
    month, day, hour = draw(st.sampled_from(months)), draw(st.integers(0, 6)), draw(st.sampled_from([0, 1, 2, 3, 23]))
    form = draw(st.sampled_from(["nth", "last", "after", "date", "plain", "hour", "monthly"]))
    number = draw(st.integers(1, 4)) if form != "last" else -1
    low = draw(st.integers(1, 21))
    week = ",".join(str(one) for one in range(low, low + 7))

    def rule(year: int) -> tuple[str, datetime]:
        first = datetime(year, month, 1, hour)
        if form == "last":
            last = datetime(year, month, 28, hour) + timedelta(days=4)
            last -= timedelta(days=last.day)
            at = last - timedelta(days=(last.weekday() - day) % 7)
        elif form == "after":
            at = first.replace(day=low) + timedelta(days=(day - first.replace(day=low).weekday()) % 7)
        elif form in ("date", "plain"):
            at = first.replace(day=low)
        else:
            at = first + timedelta(days=(day - first.weekday()) % 7, weeks=number - 1)
        return {
            "after": f"FREQ=YEARLY;BYMONTH={month};BYDAY={DAYS[day]};BYMONTHDAY={week}",
            "date": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={low}",
            "plain": "FREQ=YEARLY",
            "hour": f"FREQ=YEARLY;BYMONTH={month};BYDAY={number}{DAYS[day]};BYHOUR={hour};BYMINUTE=0",
            "monthly": f"FREQ=MONTHLY;INTERVAL=12;BYDAY={number}{DAYS[day]}",
        }.get(form, f"FREQ=YEARLY;BYDAY={number}{DAYS[day]};BYMONTH={month}"), at

    return rule


@st.composite
def vtimezones(draw: st.DrawFn) -> tuple[str, list[datetime]]:
    """A VTIMEZONE of some eras, each with rules, RDATEs or one offset; and wall-clock times about its onsets."""
    offset = draw(st.sampled_from(STANDARD)) * MINUTE + draw(st.sampled_from([0, 0, 16, 44])) * timedelta(seconds=1)
    year = draw(st.sampled_from([1601, 1893, 1970, 1990]))
    parts = [observance("STANDARD", datetime(year, 1, 1), offset, offset)]
    onsets: list[datetime] = [datetime(2001, 1, 1)]
    earliest = draw(st.sampled_from([1930, 1990, 1990]))
    for _ in range(draw(st.integers(1, 4))):
        year += draw(st.integers(1, 12))
        year = max(year, earliest)
        ends = year + draw(st.integers(1, 10))
        kind = draw(st.sampled_from(["rules", "open", "count", "rdates", "offset"]))
        summer = offset + draw(st.sampled_from(SHIFTS)) * MINUTE
        spring, autumn = draw(rules_of_a_month((2, 3, 4, 5))), draw(rules_of_a_month((8, 9, 10, 11)))
        if kind == "offset":
            after = draw(st.sampled_from(STANDARD)) * MINUTE
            onsets.append(datetime(year, 6, 1, 3))
            parts.append(observance("STANDARD", onsets[-1], offset, after))
            offset = after
        for of_year, before, after in ((spring, offset, summer), (autumn, summer, offset)) if kind != "offset" else ():
            rule, first = of_year(year)
            each = [of_year(one)[1] for one in range(year, ends + 1)]
            onsets += each
            lines = {
                # dateutil takes UNTIL for a time on the wall clock; days later both readings are one
                "rules": [f"RRULE:{rule};UNTIL={each[-1] + timedelta(days=9):%Y%m%dT%H%M%SZ}"],
                "count": [f"RRULE:{rule};COUNT={len(each)}"],
                "rdates": [f"RDATE:{one:%Y%m%dT%H%M%S}" for one in each[1:]],
                "open": [f"RRULE:{rule}"],
            }[kind]
            parts.append(observance("DAYLIGHT" if after > before else "STANDARD", first, before, after, *lines))
        if kind == "open":
            break
        year = ends
    draw(st.randoms()).shuffle(parts)
    walls = [
        draw(st.sampled_from(onsets)) + draw(st.integers(-300, 300)) * MINUTE * draw(st.sampled_from([1, 1, 60 * 24]))
        for _ in range(12)
    ]
    tzid = f"Harbour {crc32(''.join(parts).encode())}"  # icalendar remembers a zone by its name
    zone = f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{''.join(parts)}END:VTIMEZONE\n"
    return zone, [wall for wall in walls if datetime(1991, 1, 1) < wall < datetime(2039, 1, 1)]


def feed_of(zone: str, walls: list[datetime]) -> bytes:
    tzid = zone.splitlines()[1].removeprefix("TZID:")
    events = "".join(
        f"BEGIN:VEVENT\nUID:{i}\nDTSTAMP:20260101T000000Z\nDTSTART;TZID={tzid}:{wall:%Y%m%dT%H%M%S}\n"
        "DURATION:PT1M\nEND:VEVENT\n"
        for i, wall in enumerate(walls)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{zone}{events}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


@settings(max_examples=60)
@given(vtimezones())
def test_a_generated_vtimezone_is_read_as_others_read_it(made: tuple[str, list[datetime]]) -> None:
    """But for a time that the clock skips.

    RFC 5545 3.3.5 gives it the offset before the gap, dateutil the one after: the two differ by the length of the gap.
    """
    zone, walls = made
    data = feed_of(zone, walls)
    feed = read_ics(data, until=UNTIL)
    ours = {one.uid: one.start for one in feed.events}
    assert {finding.code for finding in feed.findings} <= {"ICM816"}
    told = " ".join(finding.message for finding in feed.findings if "skips" in finding.message)
    skipped = set(re.findall(r'"(\d+)" is read otherwise', told))
    theirs = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(datetime(1990, 1, 1), UNTIL)
    assert len(ours) == len(theirs) == len(walls)
    for other in theirs:
        uid, wall = str(other["UID"]), walls[int(other["UID"])]
        start = other.start.astimezone(UTC)
        assert (ours[uid] != start) is (uid in skipped), (wall, zone)
        assert ours[uid] - start <= MINUTE * max(SHIFTS) or uid in skipped


def test_an_until_in_utc_keeps_the_onset_of_that_instant() -> None:
    """RFC 5545 3.3.10. dateutil compares the digits with the wall clock, and loses the last onset east of UTC."""
    east, summer = timedelta(hours=9), timedelta(hours=10)
    zone = "BEGIN:VTIMEZONE\nTZID:Harbour\n" + observance(
        "DAYLIGHT", datetime(1990, 3, 17), east, summer, "RRULE:FREQ=YEARLY;BYDAY=3SA;BYMONTH=3;UNTIL=20000317T150000Z"
    )
    zone += observance("STANDARD", datetime(1990, 10, 1), summer, east, "RRULE:FREQ=YEARLY") + "END:VTIMEZONE\n"
    feed = read_ics(feed_of(zone, [datetime(2000, 7, 1, 12), datetime(2001, 7, 1, 12)]), until=UNTIL)
    assert [one.start.hour for one in feed.events] == [2, 3]


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "FREQ=YEARLY;BYDAY=5MO;BYMONTH=2;BYMONTHDAY=1"]
)
def test_rules_of_a_vtimezone_that_yield_nothing_take_seconds_however_many_there_are(rule: str) -> None:
    hour = timedelta(hours=1)
    zone = observance("STANDARD", datetime(1970, 1, 1), hour, hour, *[f"RRULE:{rule}"] * 1000)
    begin = time.process_time()
    read_ics(feed_of(f"BEGIN:VTIMEZONE\nTZID:Harbour\n{zone}END:VTIMEZONE\n", [datetime(2026, 1, 1)] * 50), until=UNTIL)
    assert time.process_time() - begin < 20  # two
