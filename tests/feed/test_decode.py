"""A feed of ours read back: every event as it was published, and what is no whole feed of ours refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.feed.decode import EventDecoder, ForeignFeedError, decode_feed, unescape_text
from icms_calendar.feed.encode import escape_text
from icms_calendar.record.select import affected_by, title_of
from tests.strategies import NOW, calendars


@given(calendars())
def test_every_event_is_read_back_as_it_was_published(calendar: MaintenanceCalendar) -> None:
    feed = calendar.to_ical(now=NOW)
    events = decode_feed(feed)
    assert b"".join(event.vevent for event in events) in feed
    assert len(events) == len(calendar.windows)
    by_uid = {event.uid: event for event in events}
    for window in calendar.windows:
        event = by_uid[calendar.uids[window.id]]
        assert (event.start, event.end) == calendar.spans[window.id]
        decoded = EventDecoder(calendar.zone).event(event)
        assert (decoded.status, decoded.title) == (window.status, title_of(window, calendar))
        assert decoded.object_ids == tuple(entry.object_id for entry in affected_by(window, calendar))
        assert (decoded.systems, decoded.tags) == (window.system_ids, window.tags)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaping_is_undone(text: str) -> None:
    assert unescape_text(escape_text(text)) == text


def test_line_ends_that_became_lf_on_the_way_are_read(example: MaintenanceCalendar) -> None:
    feed = example.to_ical()
    assert decode_feed(feed.replace(b"\r\n", b"\n")) == decode_feed(b"\xef\xbb\xbf" + feed) == decode_feed(feed)


def test_a_feed_without_events_has_none(example: MaintenanceCalendar) -> None:
    assert decode_feed(example.model_copy(update={"windows": ()}).to_ical()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"BEGIN:VCALENDAR", b"<html>"),
        (b"END:VCALENDAR\r\n", b""),
        (b"PRODID:-//icms_calendar", b"PRODID:-//other"),
    ],
)
def test_what_is_no_whole_feed_of_ours_is_refused(example: MaintenanceCalendar, old: bytes, new: bytes) -> None:
    with pytest.raises(ForeignFeedError):
        decode_feed(example.to_ical().replace(old, new))


def test_a_feed_cut_off_anywhere_is_refused(example: MaintenanceCalendar) -> None:
    feed = example.to_ical()
    for length in range(0, len(feed) - 1, 7):
        with pytest.raises(ForeignFeedError):
            decode_feed(feed[:length])


@pytest.mark.parametrize(
    "event",
    [
        b"BEGIN:VEVENT\r\nUID:by-hand\r\nDTSTART:20250101T000000Z\r\nEND:VEVENT\r\n",
        b"BEGIN:VEVENT\r\nSUMMARY:x\r\nUID:by-hand\r\nEND:VEVENT\r\n",
        b"BEGIN:VTODO\r\nUID:by-hand\r\nEND:VTODO\r\n",
    ],
)
def test_a_feed_with_an_event_added_by_hand_is_refused(example: MaintenanceCalendar, event: bytes) -> None:
    feed = example.to_ical().replace(b"END:VCALENDAR", event + b"END:VCALENDAR")
    with pytest.raises(ForeignFeedError, match=r"an event that icms-calendar did not write \(UID:by-hand\)"):
        decode_feed(feed)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(example: MaintenanceCalendar, noise: bytes) -> None:
    feed = example.to_ical()
    middle = len(feed) // 2
    for data in (noise, feed[:middle] + noise + feed[middle:]):
        try:
            decode_feed(data)
        except ForeignFeedError as error:
            assert str(error)
