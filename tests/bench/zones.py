"""How long VTIMEZONEs take: many equal ones, many different ones, and one with many rules.

Each is read in a process of its own, and beside it by icalendar + recurring-ical-events, which take a minute for
5,000 rules. At most twice their time, and 200 MiB.

python -m tests.bench.zones
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

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


def different_zones(number: int) -> bytes:
    """A calendar of VTIMEZONEs that all differ, each with an event."""
    zones = "".join(
        ZONE.replace("TZID:Harbour", f"TZID:Harbour {i}")
        .replace("1601", f"{1601 + i % 300}")
        .replace("T03", f"T0{i % 9}")
        for i in range(number)
    )
    events = "".join(
        f"BEGIN:VEVENT\nUID:{i}@example.org\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Harbour {i}:20260314T220000\n"
        "DURATION:PT4H\nEND:VEVENT\n"
        for i in range(number)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{zones}{events}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def different_rules(number: int) -> str:
    """Rules that all differ, by day, hour or end."""
    return "".join(
        f"RRULE:FREQ=YEARLY;BYMONTHDAY={i % 28 + 1};BYMONTH={i // 28 % 12 + 1};BYHOUR={i % 24};"
        f"UNTIL={2027 + i // 336 % 70}0101T000000Z\n"
        for i in range(number)
    )


def theirs(data: bytes) -> int:
    read = icalendar.Calendar.from_ical(data, multiple=True)
    span = datetime(2026, 1, 1, tzinfo=UTC), UNTIL
    return sum(len(recurring_ical_events.of(one).between(*span)) for one in read)


def ours(data: bytes) -> int:
    return len(read_ics(data, until=UNTIL).events)


READERS = {"ours": ours, "theirs": theirs}


def measure(reader: str, data: bytes, events: int) -> tuple[float, int]:
    """Seconds of CPU for one reading, which finds every event, and the most memory of its process in MiB."""
    begin = time.process_time()
    assert READERS[reader](data) == events
    return time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    for name, data, events in (
        ("2,000 calendars with equal VTIMEZONEs", calendars(2000), 2000),
        ("500 different VTIMEZONEs", different_zones(500), 500),
        ("5,000 equal rules", calendars(1, ZONE.replace(RULE, RULE * 5000)), 1),
        ("5,000 different rules", calendars(1, ZONE.replace(RULE, different_rules(5000))), 1),
    ):
        for reader in READERS:
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                seconds, memory = alone.submit(measure, reader, data, events).result()
            print(f"{name}: {reader} {seconds:.2f} s, {memory} MiB", flush=True)


if __name__ == "__main__":
    main()
