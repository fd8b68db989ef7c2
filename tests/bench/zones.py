"""How long VTIMEZONEs take: many equal ones, and one with many rules, beside icalendar + recurring-ical-events.

python -m tests.bench.zones
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import recurring_ical_events

from icms_calendar.foreign.events import read_ics

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
RULE = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n"
ZONE = f"""\
BEGIN:VTIMEZONE
TZID:Harbour
BEGIN:STANDARD
DTSTART:16011028T030000
{RULE}TZOFFSETFROM:+0200
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


def calendars(number: int, zone: str = ZONE) -> bytes:
    """Calendars one after another, each with its VTIMEZONE and an event."""
    text = "".join(
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{zone}BEGIN:VEVENT\nUID:{i}@example.org\n"
        "DTSTAMP:20260101T000000Z\nDTSTART;TZID=Harbour:20260314T220000\nDURATION:PT4H\nEND:VEVENT\nEND:VCALENDAR\n"
        for i in range(number)
    )
    return text.replace("\n", "\r\n").encode()


def theirs(data: bytes) -> int:
    read = icalendar.Calendar.from_ical(data, multiple=True)
    span = datetime(2026, 1, 1, tzinfo=UTC), UNTIL
    return sum(len(recurring_ical_events.of(one).between(*span)) for one in read)


def ours(data: bytes) -> int:
    return len(read_ics(data, until=UNTIL).events)


def seconds(read: Callable[[bytes], int], data: bytes, events: int) -> float:
    """Seconds of CPU for one reading, which finds every event."""
    begin = time.process_time()
    assert read(data) == events
    return time.process_time() - begin


def main() -> None:
    for name, data, events in (
        ("2,000 calendars", calendars(2000), 2000),
        ("5,000 rules", calendars(1, ZONE.replace(RULE, RULE * 5000)), 1),
    ):
        mine = seconds(ours, data, events)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name}: ours {mine:.2f} s, {memory} MiB at most; theirs {seconds(theirs, data, events):.2f} s")


if __name__ == "__main__":
    main()
