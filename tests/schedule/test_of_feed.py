"""A feed that is asked gives the answers of its records; anybody else's is taken at its word, and never as up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from icms_calendar import CalendarError, MaintenanceCalendar, Schedule, SourceError
from icms_calendar.record.select import impact_of, title_of
from tests.schedule.test_schedule import FILTERS, busy_calendars

UNTIL = datetime(2025, 12, 1, tzinfo=UTC)
AT = datetime(2025, 7, 13, 3, tzinfo=UTC)


def foreign(*events: str, head: str = "") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{i}\nDTSTAMP:20250701T000000Z\n{text}\nEND:VEVENT\n" for i, text in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


SPAN = "DTSTART:20250713T010000Z\nDTEND:20250713T070000Z\nSUMMARY:Works"


def ask(*events: str, **asked: Any) -> int:
    return len(Schedule.from_ical(foreign(*events), until=UNTIL).active(AT, **asked))


@settings(max_examples=40)
@given(busy_calendars(), FILTERS)
def test_a_feed_of_ours_gives_the_answers_of_its_records(made: MaintenanceCalendar, asked: dict[str, Any]) -> None:
    asked.pop("channel", None)
    records, feed = made.schedule(until=UNTIL), Schedule.from_ical(made.to_ical(), until=UNTIL)
    try:
        told = feed.occurrences(**asked)
    except CalendarError:
        return  # a system that no window names stands in no feed
    ours = records.occurrences(**asked)
    assert [(o.uid, o.start, o.end, o.window.status) for o in told] == [
        (o.uid, o.start, o.end, o.window.status) for o in ours
    ]
    assert [title_of(o.window, made) for o in ours] == [o.window.title for o in told]
    assert [impact_of(o.window, made) for o in ours] == [o.window.impact for o in told]
    for instant in {edge for each in ours for edge in (each.start, each.end)}:
        assert [o.uid for o in feed.active(instant, **asked)] == [o.uid for o in records.active(instant, **asked)]
        assert feed.unbroken(instant, **asked) == records.unbroken(instant, **asked)


def test_an_event_that_says_nothing_is_an_outage_of_whatever_is_asked_about() -> None:
    named = "DTSTART:20250714T010000Z\nDTEND:20250714T070000Z\nX-MAINTNOTE-OBJECT-ID:router-7/1"
    assert ask(f"{SPAN}\nTRANSP:TRANSPARENT", impact="outage") == 1
    assert ask(SPAN, named, system="router-7/1") == 1
    with pytest.raises(CalendarError, match="ICM208"):
        ask(SPAN, system="router-7/1")


def test_an_event_of_a_notification_is_of_its_objects_and_as_bad_as_it_says() -> None:
    note = (
        f"{SPAN}\nX-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DEGRADED:a\nX-MAINTNOTE-OBJECT-ID:b\n"
        "X-MAINTNOTE-IMPACT:NO-IMPACT"
    )
    assert ask(note, system="a") == 1
    assert ask(note, system="a", impact="outage") == 0
    assert ask(note, system="b") == 0


@pytest.mark.parametrize("how", ["STATUS:CANCELLED", "X-MAINTNOTE-STATUS:CANCELLED\nX-MAINTNOTE-OBJECT-ID:a"])
def test_a_cancelled_event_never_counts(how: str) -> None:
    assert ask(f"{SPAN}\n{how}") == 0


def test_an_event_that_repeats_is_laid_out() -> None:
    assert ask("DTSTART:20250706T010000Z\nDTEND:20250706T070000Z\nRRULE:FREQ=WEEKLY") == 1


def test_a_feed_with_an_event_that_cannot_be_read_is_an_error() -> None:
    for data in (foreign(SPAN)[:-30], foreign("DTSTART:20250713T010000Z\nDTEND:20250712T010000Z"), b"", b"<html>"):
        with pytest.raises(SourceError):
            Schedule.from_ical(data, until=UNTIL)


@pytest.mark.parametrize(
    "held", ["", "BEGIN:VTODO\nUID:1\nEND:VTODO\n", "BEGIN:VFREEBUSY\nFREEBUSY:20250713T010000Z/PT6H\nEND:VFREEBUSY\n"]
)
def test_a_calendar_that_holds_no_events_is_no_word_that_all_is_up(held: str) -> None:
    with pytest.raises(SourceError, match="ICM726"):
        Schedule.from_ical(foreign(head=held), until=UNTIL)


def test_an_empty_feed_of_ours_says_that_nothing_is_planned() -> None:
    nothing = MaintenanceCalendar(name="Berths", domain="x.example", timezone="UTC", windows=[])
    assert Schedule.from_ical(nothing.to_ical(), until=UNTIL).occurrences() == ()


def test_a_title_is_no_longer_than_that_of_a_record() -> None:
    data = foreign(SPAN.replace("Works", "x" * 100_000))
    [told] = Schedule.from_ical(data, until=UNTIL).occurrences()
    assert told.window.title == "x" * 199 + "…"


def test_channels_are_not_told_in_a_feed() -> None:
    with pytest.raises(CalendarError, match="ICM603"):
        ask(SPAN, channel="online")


def test_a_feed_is_known_until_it_was_asked_to() -> None:
    schedule = Schedule.from_ical(foreign(SPAN), until=AT)
    with pytest.raises(CalendarError, match="ICM601"):
        schedule.active(AT + timedelta(seconds=1))
    with pytest.raises(TypeError):
        Schedule.from_ical(foreign(SPAN), until=AT.replace(tzinfo=None))


def test_many_daily_series_that_began_long_ago_have_an_answer() -> None:
    times = "DTSTAMP:20200101T000000Z\nDTSTART:20200101T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nSUMMARY:x"
    events = "".join(f"BEGIN:VEVENT\nUID:{i}\n{times}\nEND:VEVENT\n" for i in range(75))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n"
    data = text.replace("\n", "\r\n").encode()
    now = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
    schedule = Schedule.from_ical(data, until=now + timedelta(days=1))
    assert len(schedule.active(now)) == 75
