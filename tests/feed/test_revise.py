"""One UID for life: what becomes of each event from feed to feed, case by case."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import icalendar
import pytest

from icms_calendar import LedgerError, MaintenanceCalendar
from icms_calendar.feed.decode import PublishedEvent, decode_feed
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.feed.publication import encode_feed, publication
from icms_calendar.site.build import plan_site
from tests.strategies import SYSTEMS

DAY = timedelta(days=1)
START = datetime(2025, 7, 1, tzinfo=UTC)
BASE: dict[str, Any] = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "systems": SYSTEMS}


def calendar(*windows: dict[str, Any], **keys: Any) -> MaintenanceCalendar:
    default = {"system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}
    return MaintenanceCalendar(**{**BASE, "windows": [{**default, **window} for window in windows], **keys})


class Build:
    """What a build publishes, and its feeds; no page is drawn."""

    def __init__(self, made: MaintenanceCalendar, now: datetime, ledger: Ledger, *, allow: bool = True) -> None:
        self.published = publication(made, ledger, now, history=made.history, allow_vanished=allow)
        self.changes, self.findings = self.published.changes, self.published.findings

    @cached_property
    def files(self) -> dict[str, bytes]:
        feeds = self.published.feeds
        plain = {f"{feed.path}.ics": encode_feed(self.published, feed) for feed in feeds}
        ringing = self.published.calendar.reminders
        return plain | {f"{feed.path}-reminders.ics": encode_feed(self.published, feed, ringing) for feed in feeds}


def rebuild(made: MaintenanceCalendar, before: Build | None, now: datetime, *, allow: bool = True) -> Build:
    ledger = read_ledger(before.files["all.ics"], made, "all.ics") if before else Ledger()
    return Build(made, now, ledger, allow=allow)


def events(site: Build, path: str = "all.ics") -> dict[str, PublishedEvent]:
    return {event.uid.partition("@")[0]: event for event in decode_feed(site.files[path])}


@pytest.mark.parametrize(
    ("change", "kind", "sequence"),
    [
        ({}, None, 0),
        ({"start": "2025-07-13 05:00"}, "moved", 1),
        ({"start": "2025-07-20 04:00", "end": "2025-07-20 10:00"}, "moved", 1),
        ({"end": "2025-07-13 11:00"}, "extended", 1),
        ({"end": "2025-07-13 09:00"}, "shortened", 1),
        ({"status": "cancelled"}, "cancelled", 1),
        ({"status": "tentative"}, "status", 1),
        ({"status": "in-process"}, "status", 1),
        ({"systems": ["icms", "itax"], "system": None}, "affected", 1),
        ({"services": ["sea"]}, "impact", 0),
        ({"title": "Upgrade"}, "reworded", 0),
        ({"impact": "degraded"}, "impact", 0),
        ({"start": "2025-07-13T01:00Z", "end": "2025-07-13T09:00+02:00"}, None, 0),
    ],
)
def test_sequence_rises_with_start_end_status_and_systems_only(
    change: dict[str, Any], kind: str | None, sequence: int
) -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    later = rebuild(calendar({"id": "w", **change}), first, START + DAY)
    event = events(later)["w"]
    assert [change.kind for change in later.changes] == ([kind] if kind else [])
    assert event.revision.sequence == sequence
    assert event.revision.created == START
    assert event.revision.last_modified == (START + DAY if kind else START)
    if kind is None:
        assert event.vevent == events(first)["w"].vevent


def test_a_window_that_vanishes_before_its_end_stays_cancelled_in_every_feed_it_belonged_to() -> None:
    feeds = [
        {"id": "outages", "name": "O", "impact": "outage"},
        {"id": "night", "name": "N", "tag": "night"},
        {"id": "returns", "name": "R", "service": "returns"},
        {"id": "agents", "name": "A", "audience": "agents"},
    ]
    window = {"id": "w", "services": ["sea"], "tags": ["night"], "audience": ["agents"], "title": "Upgrade, part 2"}
    first = rebuild(calendar(window, feeds=feeds, reminders=["P1D"]), None, START)
    later = rebuild(calendar(feeds=feeds, reminders=["P1D"]), first, START + DAY)
    for path in ("all", "icms", "icms/sea", "outages", "night", "agents", "all-reminders", "icms-reminders"):
        (event,) = icalendar.Calendar.from_ical(later.files[f"{path}.ics"]).events
        assert event["UID"] == "w@c.example.org"
        assert event["STATUS"] == "CANCELLED"
        assert event["SUMMARY"] == "CANCELLED: Upgrade, part 2"
        assert event["TRANSP"] == "TRANSPARENT"
        assert event["X-MAINTNOTE-STATUS"] == "CANCELLED"
        assert event["SEQUENCE"] == 1
        assert event.DTSTAMP == START + DAY
        assert "hours\nCancelled: this maintenance does not take place.\n\n" in str(event["DESCRIPTION"])
        assert not event.subcomponents
    assert not events(later, "icms/house.ics")
    assert not events(later, "returns.ics")
    assert [change.kind for change in later.changes] == ["cancelled"]
    again = rebuild(calendar(feeds=feeds, reminders=["P1D"]), later, START + 2 * DAY)
    assert again.files["all.ics"] == later.files["all.ics"]
    assert not again.changes


def test_a_cancellation_by_the_record_and_by_vanishing_look_the_same_but_for_the_record() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    by_record = rebuild(calendar({"id": "w", "status": "cancelled"}), first, START + DAY)
    by_vanishing = rebuild(calendar(), first, START + DAY)
    assert events(by_record)["w"].vevent == events(by_vanishing)["w"].vevent


def test_a_window_that_comes_back_takes_place_after_all_under_its_old_uid() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    gone = rebuild(calendar(), first, START + DAY)
    back = rebuild(calendar({"id": "w"}), gone, START + 2 * DAY)
    assert [change.kind for change in back.changes] == ["reinstated"]
    assert events(back)["w"].revision.sequence == 2
    assert events(back)["w"].status == "confirmed"


def test_a_system_that_is_declared_no_more_keeps_its_feed_while_something_is_cancelled_there() -> None:
    first = rebuild(calendar({"id": "w"}, {"id": "v", "system": "itax"}, systems=None), None, START)
    later = rebuild(calendar({"id": "w"}, systems=None), first, START + DAY)
    assert events(later, "itax.ics")["v"].status == "cancelled"


def test_ended_windows_leave_with_history_and_cancelled_ones_stay_until_then() -> None:
    made = calendar({"id": "w"}, history="P10D")
    first = rebuild(made, None, START)
    gone = rebuild(calendar(history="P10D"), first, START + DAY)
    ends = datetime(2025, 7, 13, 7, tzinfo=UTC)
    assert "w" in events(rebuild(calendar(history="P10D"), gone, ends + 10 * DAY - timedelta(seconds=1)))
    left = rebuild(calendar(history="P10D"), gone, ends + 10 * DAY)
    assert not events(left)
    assert [change.kind for change in left.changes] == ["ended"]
    assert not events(rebuild(made, first, ends + 10 * DAY))


def test_an_ended_window_may_be_taken_out_of_the_records() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    assert not events(rebuild(calendar(), first, datetime(2025, 7, 13, 7, tzinfo=UTC)))
    assert events(rebuild(calendar(), first, datetime(2025, 7, 13, 6, 59, 59, tzinfo=UTC)))["w"].status == "cancelled"


@pytest.mark.parametrize(
    ("published", "kept", "stops"), [(3, 1, True), (3, 2, False), (2, 1, False), (2, 0, True), (1, 0, True)]
)
def test_the_build_stops_when_more_than_half_of_the_coming_windows_vanish(
    published: int, kept: int, stops: bool
) -> None:
    ids = [{"id": f"w{i}"} for i in range(published)]
    first = rebuild(calendar(*ids), None, START)
    made = calendar(*ids[:kept])
    if stops:
        with pytest.raises(LedgerError, match="ICM407"):
            rebuild(made, first, START + DAY, allow=False)
    else:
        rebuild(made, first, START + DAY, allow=False)
    assert len(events(rebuild(made, first, START + DAY))) == published


def test_ended_and_cancelled_windows_do_not_count_as_vanished() -> None:
    ids = [{"id": f"w{i}", "start": "2025-06-01 04:00", "end": "2025-06-01 05:00"} for i in range(9)]
    first = rebuild(calendar(*ids, {"id": "x", "status": "cancelled"}), None, START)
    rebuild(calendar({"id": "y"}), first, START + DAY, allow=False)


def test_stamps_go_on_forward_where_the_clock_is_behind() -> None:
    first = rebuild(calendar({"id": "w"}), None, START + DAY)
    later = rebuild(calendar({"id": "w", "title": "x"}), first, START)
    assert events(later)["w"].revision.last_modified == START + DAY + timedelta(seconds=1)
    assert [finding.rule.name for finding in later.findings] == ["clock-behind"]
    same_second = rebuild(calendar({"id": "w", "title": "y"}), later, START + DAY + timedelta(seconds=1))
    assert events(same_second)["w"].revision.last_modified == START + DAY + timedelta(seconds=2)
    assert not same_second.findings


def test_a_history_taken_over_never_goes_back() -> None:
    first = rebuild(calendar({"id": "w", "revision": {"sequence": 7, "updated": "2025-06-01 00:00"}}), None, START)
    assert events(first)["w"].revision.sequence == 7
    moved = {"id": "w", "start": "2025-07-13 05:00"}
    assert events(rebuild(calendar(moved), first, START + DAY))["w"].revision.sequence == 8
    raised = {**moved, "revision": {"sequence": 20}}
    assert events(rebuild(calendar(raised), first, START + DAY))["w"].revision.sequence == 20


def test_a_property_that_this_version_does_not_write_stops_the_build() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    newer = first.files["all.ics"].replace(b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\r\nX-NEW:1\r\n")
    for made in (calendar({"id": "w"}), calendar()):
        with pytest.raises(LedgerError, match=r"ICM403.* or built by a newer icms-calendar"):
            Build(made, START + DAY, read_ledger(newer, made, "x"))


def test_a_mistyped_year_stops_the_build_and_never_drops_what_is_to_come() -> None:
    ids = [{"id": f"w{i}"} for i in range(4)]
    first = rebuild(calendar(*ids), None, START)
    long_ago = calendar(*({**w, "start": "2015-07-13 04:00", "end": "2015-07-13 10:00"} for w in ids))
    with pytest.raises(LedgerError, match="ICM407"):
        rebuild(long_ago, first, START + DAY, allow=False)
    meant = rebuild(long_ago, first, START + DAY)
    assert {change.kind for change in meant.changes} == {"moved"}
    assert {event.revision.sequence for event in events(meant).values()} == {1}
    assert not events(rebuild(long_ago, meant, START + 2 * DAY))


def test_a_window_that_takes_over_a_uid_keeps_its_file_to_import() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    other = calendar({"id": "w", "uid": "EXT-1@x"})
    later = plan_site(other, START + DAY, read_ledger(first.files["all.ics"], other, "all.ics"))
    (event,) = icalendar.Calendar.from_ical(later.files["events/w.ics"]).events
    assert (event["UID"], event["STATUS"]) == ("EXT-1@x", "CONFIRMED")


def test_objects_of_an_imported_notification_do_not_hide_which_feeds_it_was_in() -> None:
    note = {"maintnote": {"objects": [{"id": "circuit-1"}]}}
    first = rebuild(calendar({"id": "w", "services": ["sea"], **note}, {"id": "v"}), None, START)
    gone = rebuild(calendar({"id": "v"}), first, START + DAY)
    assert events(gone, "icms/sea.ics")["w"].status == "cancelled"
    assert "circuit-1.ics" not in gone.files
    other = rebuild(calendar({"id": "w", "system": "itax", **note}, {"id": "v"}), first, START + DAY)
    assert [change.kind for change in other.changes] == ["affected"]


def test_each_line_of_the_feed_before_may_be_damaged_and_nothing_goes_back_or_is_lost() -> None:
    first = rebuild(calendar({"id": "w"}, {"id": "v"}), None, START)
    second = rebuild(calendar({"id": "w", "title": "x"}, {"id": "v", "title": "y"}), first, START + DAY)
    lines = second.files["all.ics"].split(b"\r\n")
    later = calendar({"id": "w", "title": "x"})
    for i in range(len(lines) - 1):
        for damage in (
            lines[:i] + lines[i + 1 :],
            [*lines[:i], lines[i], *lines[i:]],
            [*lines[:i], b"\xff", *lines[i + 1 :]],
        ):
            try:
                ledger = read_ledger(b"\r\n".join(damage), later, "all.ics")
                site = Build(later, START + 2 * DAY, ledger)
            except LedgerError:
                continue
            for id_, event in events(second).items():
                now = events(site)[id_]
                assert now.revision.last_modified >= event.revision.last_modified
                assert now.revision.sequence >= event.revision.sequence


def test_a_move_is_remembered_by_later_builds_that_change_nothing() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    moved = calendar({"id": "w", "start": "2025-07-14 04:00", "end": "2025-07-14 10:00"})
    second = rebuild(moved, first, START + DAY)
    third = rebuild(moved, second, START + 2 * DAY)
    assert third.files["all.ics"] == second.files["all.ics"]
    event = third.published.events[0]
    assert event.past.moved_from == (datetime(2025, 7, 13, 1, tzinfo=UTC), datetime(2025, 7, 13, 7, tzinfo=UTC))
    assert "\nMoved from Sunday 13 July 2025, 04:00 to 10:00 EAT\n" in event.text
    assert b"X-ICMS-CALENDAR-MOVED-FROM:20250713T010000Z/20250713T070000Z\r\n" in third.files["all.ics"]
    drawn = plan_site(moved, START + 2 * DAY, read_ledger(second.files["all.ics"], moved, "all.ics"))
    assert json.loads(drawn.files["windows.json"])["windows"][0]["moved_from"] == {
        "start": "2025-07-13T01:00:00Z",
        "end": "2025-07-13T07:00:00Z",
    }


def test_a_second_move_overwrites_the_first_and_cancelling_and_reinstating_keep_it() -> None:
    first = rebuild(calendar({"id": "w"}), None, START)
    once = rebuild(calendar({"id": "w", "start": "2025-07-14 04:00", "end": "2025-07-14 10:00"}), first, START + DAY)
    where = {"start": "2025-07-15 04:00", "end": "2025-07-15 10:00"}
    twice = rebuild(calendar({"id": "w", **where}), once, START + 2 * DAY)
    cancelled = rebuild(calendar({"id": "w", **where, "status": "cancelled"}), twice, START + 3 * DAY)
    gone = rebuild(calendar(), cancelled, START + 4 * DAY)
    back = rebuild(calendar({"id": "w", **where}), gone, START + 5 * DAY)
    for site in (twice, cancelled, gone, back):
        moved_from = site.published.events[0].past.moved_from
        assert moved_from
        assert moved_from[0] == datetime(2025, 7, 14, 1, tzinfo=UTC)


def test_a_changed_rule_sets_no_move_and_a_changed_day_does() -> None:
    repeat = {"rule": "FREQ=WEEKLY", "count": 3}
    first = rebuild(calendar({"id": "w", "repeat": repeat}), None, START)
    hour = {"start": "2025-07-13 05:00", "end": "2025-07-13 11:00"}
    later = rebuild(calendar({"id": "w", **hour, "repeat": repeat}), first, START + DAY)
    assert [event.past.moved_from for event in later.published.events] == [None, None, None]
    change = {"on": "2025-07-20", "start": "2025-07-21 05:00", "end": "2025-07-21 11:00"}
    moved = rebuild(calendar({"id": "w", **hour, "repeat": {**repeat, "changes": [change]}}), later, START + 2 * DAY)
    assert [bool(event.past.moved_from) for event in moved.published.events] == [False, True, False]


def test_the_last_line_of_every_description_is_the_address_of_the_event() -> None:
    site = rebuild(
        calendar({"id": "w"}, {"id": "v", "url": "https://example.org/v"}, url="https://h.org/m/"), None, START
    )
    lines = {event.id: event.text.split("\n")[-1] for event in site.published.events}
    assert lines == {
        "w": "Details and changes: https://h.org/m/#w",
        "v": "Details and changes: https://example.org/v",
    }


def test_each_further_language_repeats_our_own_sentences_under_its_name() -> None:
    site = rebuild(calendar({"id": "w", "reason": "New disks"}, languages=["en", "sw"]), None, START)
    text = site.published.events[0].text
    english, _, swahili = text.partition("\n\nKiswahili\n")
    assert english.startswith("Sunday 13 July 2025")
    assert english.endswith("Reason: New disks")
    assert swahili.startswith("Jumapili 13 Julai 2025")
    assert "New disks" not in swahili
    gone = rebuild(calendar(languages=["en", "sw"]), site, START + DAY).published.events[0]
    assert "hours\nCancelled: this maintenance does not take place.\n" in gone.text
    assert "\nYameghairiwa: matengenezo haya hayatafanyika.\n" in gone.text


def test_what_is_new_beside_a_previous_feed_is_stamped_now_and_the_calendar_with_it() -> None:
    first = rebuild(calendar({"id": "w", "announced": "2025-06-01"}), None, START)
    assert first.published.events[0].revision.last_modified < START
    later = rebuild(
        calendar({"id": "w", "announced": "2025-06-01"}, {"id": "v", "announced": "2025-06-02"}), first, START
    )
    new = next(event for event in later.published.events if event.id == "v")
    assert (new.revision.created, new.revision.last_modified) == (datetime(2025, 6, 1, 21, tzinfo=UTC), START)
    assert later.published.last_modified == START
    gone = rebuild(calendar({"id": "w", "announced": "2025-06-01"}, history="P1D"), later, START + DAY * 60)
    assert gone.published.last_modified
    assert gone.published.last_modified >= START  # the calendar's stamp never goes back
    head = gone.files["all.ics"].partition(b"BEGIN:VEVENT")[0]
    assert f"\r\nLAST-MODIFIED:{gone.published.last_modified:%Y%m%dT%H%M%SZ}".encode() in head


def test_a_first_build_over_a_feed_of_0_1_0_moves_no_stamp_and_no_sequence(example: MaintenanceCalendar) -> None:
    old = (Path(__file__).parent / "data" / "kra-icms-0.1.0.ics").read_bytes()
    ledger = read_ledger(old, example, "all.ics")
    assert ledger.format == 1
    site = Build(example, datetime(2026, 11, 26, tzinfo=UTC), ledger, allow=False)
    assert not site.changes
    assert site.published.is_reworded
    assert {e.uid: e.revision for e in site.published.events} == {u: e.revision for u, e in ledger.events.items()}
    assert site.files["all.ics"] != old
    again = Build(example, START + 900 * DAY, read_ledger(site.files["all.ics"], example, "all.ics"))
    assert not again.published.is_reworded


def test_the_guard_counts_records_and_not_their_occurrences() -> None:
    daily = {"id": "backup", "start": "2025-07-13 02:00", "end": "2025-07-13 02:30", "repeat": {"rule": "FREQ=DAILY"}}
    single = [{"id": f"w{i}", "start": f"2025-08-{i:02} 04:00", "end": f"2025-08-{i:02} 05:00"} for i in range(1, 31)]
    first = rebuild(calendar(daily, *single), None, START)
    with pytest.raises(LedgerError, match="30 of 31"):
        rebuild(calendar(daily), first, START + DAY, allow=False)
    few = rebuild(calendar(daily, *single[:3]), None, START)
    later = rebuild(calendar(*single[:3]), few, START + DAY, allow=False)  # one record of four has left
    assert sum(change.kind == "cancelled" for change in later.changes) > 300


def test_an_exception_in_a_record_that_stays_is_not_a_vanished_window() -> None:
    days = [{"id": f"w{i}", "repeat": {"rule": "FREQ=WEEKLY", "count": 3}} for i in range(1, 4)]
    first = rebuild(calendar(*days), None, START)
    fewer = [
        {**day, "repeat": {"rule": "FREQ=WEEKLY", "count": 3, "except": ["2025-07-20", "2025-07-27"]}} for day in days
    ]
    later = rebuild(calendar(*fewer), first, START + DAY, allow=False)
    assert [change.kind for change in later.changes] == ["cancelled"] * 6
