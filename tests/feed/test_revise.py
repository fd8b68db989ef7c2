"""One UID for life: what becomes of each event from feed to feed, case by case, and over a year of edits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from icms_calendar import LedgerError, MaintenanceCalendar
from icms_calendar.feed.decode import PublishedEvent, decode_feed
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.site.build import Site, plan_site
from tests.strategies import SYSTEMS

DAY = timedelta(days=1)
START = datetime(2025, 7, 1, tzinfo=UTC)
BASE: dict[str, Any] = {"name": "C", "domain": "c.example.org", "timezone": "Africa/Nairobi", "systems": SYSTEMS}


def calendar(*windows: dict[str, Any], **keys: Any) -> MaintenanceCalendar:
    default = {"system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}
    return MaintenanceCalendar(**{**BASE, "windows": [{**default, **window} for window in windows], **keys})


def rebuild(made: MaintenanceCalendar, before: Site | None, now: datetime, *, allow: bool = True) -> Site:
    ledger = read_ledger(before.files["all.ics"], made, "all.ics") if before else Ledger()
    return plan_site(made, now, ledger, allow_vanished=allow)


def events(site: Site, path: str = "all.ics") -> dict[str, PublishedEvent]:
    published, foreign = decode_feed(site.files[path])
    assert not foreign
    return {event.uid.partition("@")[0]: event for event in published}


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
        ({"services": ["sea"]}, "reworded", 0),
        ({"title": "Upgrade"}, "reworded", 0),
        ({"impact": "degraded"}, "reworded", 0),
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
        assert event["DTSTAMP"].dt == START + DAY
        assert "hours\nCancelled: this maintenance does not take place.\n\n" in event["DESCRIPTION"]
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
        with pytest.raises(LedgerError, match="ICM406"):
            plan_site(made, START + DAY, read_ledger(newer, made, "x"), allow_vanished=True)


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
    later = rebuild(calendar({"id": "w", "uid": "EXT-1@x"}), first, START + DAY)
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
                site = plan_site(later, START + 2 * DAY, ledger, allow_vanished=True)
            except LedgerError:
                continue
            for id_, event in events(second).items():
                now = events(site)[id_]
                assert now.revision.last_modified >= event.revision.last_modified
                assert now.revision.sequence >= event.revision.sequence


class Subscriber:
    """A program that follows iTIP (RFC 5546 2.1.5): per UID, the higher SEQUENCE wins, then the later DTSTAMP."""

    def __init__(self) -> None:
        self.events: dict[str, icalendar.Event] = {}

    def fetch(self, feed: bytes) -> None:
        events = icalendar.Calendar.from_ical(feed).events
        uids = {str(event["UID"]) for event in events}
        self.events = {uid: event for uid, event in self.events.items() if uid in uids}  # what has left is forgotten
        for event in events:
            mine = self.events.get(str(event["UID"]))
            if mine is None or self._rank(event) > self._rank(mine):
                self.events[str(event["UID"])] = event

    @staticmethod
    def _rank(event: icalendar.Event) -> tuple[int, datetime]:
        return int(event["SEQUENCE"]), event["DTSTAMP"].dt


class AYearOfEdits(RuleBasedStateMachine):
    """Edits and builds in any order; a model of what was published, and a subscriber who fetches every build."""

    @initialize()
    def begin(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.now = START
        self.site: Site | None = None
        self.number = 0
        self.known: dict[str, PublishedEvent] = {}  # the last published form of every UID, also of those that left
        self.subscriber = Subscriber()
        self.history = 60

    def _window(self, id_: str, days: int, hours: int) -> dict[str, Any]:
        start = self.now + timedelta(days=days)
        return {"id": id_, "system": "icms", "start": start.isoformat(), "end": None, "duration": f"{hours}h"}

    @rule(days=st.integers(-3, 40), hours=st.integers(1, 60), more=st.sampled_from([{}, {"announced": "2025-06-30"}]))
    def add(self, days: int, hours: int, more: dict[str, Any]) -> None:
        self.number += 1
        self.records[f"w{self.number}"] = {**self._window(f"w{self.number}", days, hours), **more}

    def _some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.records)))

    @precondition(lambda self: self.records)
    @rule(data=st.data(), days=st.integers(0, 40))
    def move(self, data: st.DataObject, days: int) -> None:
        id_ = self._some(data)
        self.records[id_] = {**self.records[id_], "start": (self.now + timedelta(days=days)).isoformat()}

    @precondition(lambda self: self.records)
    @rule(data=st.data(), hours=st.integers(1, 90))
    def extend(self, data: st.DataObject, hours: int) -> None:
        id_ = self._some(data)
        self.records[id_] = {**self.records[id_], "duration": f"{hours}h"}

    @precondition(lambda self: self.records)
    @rule(data=st.data(), words=st.sampled_from(["one", "two; three", "four\nfive"]))
    def reword(self, data: st.DataObject, words: str) -> None:
        id_ = self._some(data)
        self.records[id_] = {**self.records[id_], "description": words}

    @precondition(lambda self: self.records)
    @rule(data=st.data(), status=st.sampled_from(["cancelled", "confirmed", "tentative", "in-process", "completed"]))
    def set_status(self, data: st.DataObject, status: str) -> None:
        id_ = self._some(data)
        self.records[id_] = {**self.records[id_], "status": status}

    @precondition(lambda self: self.records)
    @rule(data=st.data(), system=st.sampled_from(["icms", "itax", "bare"]))
    def affect(self, data: st.DataObject, system: str) -> None:
        id_ = self._some(data)
        self.records[id_] = {**self.records[id_], "system": system}

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        del self.records[self._some(data)]

    @precondition(lambda self: self.known)
    @rule(data=st.data(), days=st.integers(1, 40))
    def add_again(self, data: st.DataObject, days: int) -> None:
        still = [uid for uid in sorted(self.known) if self.site and uid in events(self.site)]
        if still:
            id_ = data.draw(st.sampled_from(still))
            self.records.setdefault(id_, self._window(id_, days, 5))

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        id_ = self._some(data)
        self.number += 1
        self.records[f"w{self.number}"] = {**self.records.pop(id_), "id": f"w{self.number}"}

    @rule(history=st.sampled_from([20, 60, 400]))
    def change_history(self, history: int) -> None:
        self.history = history

    @rule(hours=st.integers(0, 24 * 20))
    def build(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        made = calendar(*self.records.values(), history=f"P{self.history}D")
        before = events(self.site) if self.site else {}
        self.site = rebuild(made, self.site, self.now)
        after = events(self.site)
        self._hold(made, before, after)
        self.known |= after
        self.subscriber.fetch(self.site.files["all.ics"])
        self._hold_subscriber(after)

    def _hold(
        self, made: MaintenanceCalendar, before: dict[str, PublishedEvent], after: dict[str, PublishedEvent]
    ) -> None:
        edge = self.now - made.history
        for id_, old in before.items():
            new = after.get(id_)
            if new is None:
                spans = made.spans.get(id_)
                assert old.end <= self.now or (spans is not None and spans[1] <= edge), "a coming event disappeared"
                continue
            significant = (old.start, old.end, old.status, {o.partition("/")[0] for o in old.objects}) != (
                *(new.start, new.end, new.status),
                {o.partition("/")[0] for o in new.objects},
            )
            assert new.revision.sequence - old.revision.sequence == significant
            assert new.revision.created == old.revision.created
            if new.vevent != old.vevent:
                assert new.revision.last_modified > old.revision.last_modified
        for id_, (_, end) in made.spans.items():
            assert (id_ in after) == (end > edge)
        for id_ in made.spans.keys() & after.keys():
            assert (after[id_].start, after[id_].end) == made.spans[id_]

    def _hold_subscriber(self, after: dict[str, PublishedEvent]) -> None:
        for id_, event in after.items():
            seen = self.subscriber.events[f"{id_}@c.example.org"]
            assert (seen["DTSTART"].dt, seen["DTEND"].dt) == (event.start, event.end)
            assert str(seen["X-MAINTNOTE-STATUS"]).lower() == event.status
            assert str(seen["DESCRIPTION"]) == event.text("DESCRIPTION")

    @invariant()
    def no_uid_is_used_for_two_windows(self) -> None:
        if getattr(self, "site", None):
            assert self.site is not None
            assert self.site.files["all.ics"].count(b"\r\nUID:") == len(events(self.site))


TestAYearOfEdits = AYearOfEdits.TestCase
TestAYearOfEdits.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
