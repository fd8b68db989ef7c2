"""One truth: whatever is asked, page, files, feed and Python, says the same of every instant.

What is right is worked out here from the records alone, at instants on and around every boundary.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from xml.etree import ElementTree

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar, Schedule
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.schedule.inquiry import Feed, Records, ask, windows_of
from icms_calendar.site.build import Site, plan_site

BEGIN = datetime(2026, 3, 27, 21, tzinfo=UTC)  # two days before clocks change in Berlin, and midnight in Nairobi
FIRST_BUILD = BEGIN - timedelta(days=20)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
IMPACTS = ["no-impact", "reduced-redundancy", "degraded", "outage"]  # worst last
STATES = {"outage": "under_maintenance", "degraded": "degraded_performance"}  # what Statuspage calls them
SHAPES = {"outage": "outage", "degraded": "degraded"}  # the classes of the page
WORDS = {"outage": "unavailable", "degraded": "degraded", "": "available"}
ATOM = "{http://www.w3.org/2005/Atom}"
Given = dict[str, Any]
SYSTEMS = [
    {"id": "icms", "name": "Customs", "services": ["sea", "house"]},
    {"id": "itax", "name": "Taxes"},
]
BASE: Given = {
    "name": "C",
    "domain": "c.example.org",
    "timezone": "Africa/Nairobi",
    "url": "https://c.example.org/",
    "systems": SYSTEMS,
}


class Truth(NamedTuple):
    """An occurrence as a person reads the record."""

    uid: str
    start: datetime
    end: datetime
    status: str
    impacts: dict[str, str]  # of each system or service that it affects

    def state(self, now: datetime) -> str:
        if self.status == "cancelled":
            return "cancelled"
        if self.status == "completed" or self.end <= now:
            return "over"
        return "under-way" if self.start <= now else "planned"

    def impact_on(self, system: str) -> str:
        """The worst on a system, or any of its services; empty if it is not affected."""
        mine = [impact for id_, impact in self.impacts.items() if id_.partition("/")[0] == system]
        return max(mine, key=IMPACTS.index, default="")


@st.composite
def windows(draw: st.DrawFn, id_: str) -> tuple[Given, list[Truth]]:
    """A window in one of its forms, and what is true of it."""
    affected: list[tuple[Given, list[str]]] = [
        ({"system": "icms"}, ["icms/sea", "icms/house"]),
        ({"system": "itax"}, ["itax"]),
        ({"system": "icms", "services": ["sea"]}, ["icms/sea"]),
        ({"systems": ["itax", "icms"]}, ["itax", "icms/sea", "icms/house"]),
        (
            {"systems": ["icms", "itax"], "services": [{"id": "sea", "impact": "degraded"}]},
            ["icms/sea", "itax"],
        ),
    ]
    given, names = draw(st.sampled_from(affected))
    window: Given = {"id": id_, "impact": draw(st.sampled_from(IMPACTS)), **given}
    impacts: dict[str, str] = dict.fromkeys(names, str(window["impact"]))
    if given.get("services", [""])[0] != "sea" and "services" in given:
        impacts["icms/sea"] = "degraded"
    window["status"] = status = draw(
        st.sampled_from(["tentative", "confirmed", "in-process", "completed", "cancelled"])
    )
    window["timezone"] = draw(st.sampled_from(["Africa/Nairobi", "Europe/Berlin", "America/New_York"]))
    form = draw(st.sampled_from(["plain", "plain", "all-day", "repeating"]))
    start = BEGIN + draw(st.integers(0, 60)) * HOUR
    if form == "all-day":
        days, window["timezone"] = draw(st.integers(1, 3)), "Africa/Nairobi"
        start = BEGIN + draw(st.integers(0, 3)) * DAY
        first = (start + 3 * HOUR).date()
        last = first + (days - 1) * DAY
        window |= {"all_day": True, "start": first.isoformat(), "end": last.isoformat()}
        return window, [Truth(f"{id_}@c.example.org", start, start + days * DAY, status, impacts)]
    length = draw(st.integers(1, 30)) * HOUR
    window |= {"start": start.isoformat(), "end": (start + length).isoformat()}
    if form == "repeating":
        window |= {"repeat": {"rule": "FREQ=DAILY", "count": 3}, "timezone": "Africa/Nairobi"}
        days_ = ((start + 3 * HOUR + i * DAY, start + i * DAY) for i in range(3))
        return window, [
            Truth(f"{id_}.{wall:%Y%m%d}@c.example.org", begin, begin + length, status, impacts) for wall, begin in days_
        ]
    return window, [Truth(f"{id_}@c.example.org", start, start + length, status, impacts)]


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Given], list[Truth], datetime]:
    """Windows, what is true of them, and an instant on or around one of their boundaries."""
    drawn = [draw(windows(f"w{i}")) for i in range(draw(st.integers(1, 3)))]
    truths = [truth for _, each in drawn for truth in each]
    edges = [edge for truth in truths for edge in (truth.start, truth.end)]
    now = draw(st.sampled_from(edges)) + draw(st.sampled_from([-1, 0, 1, 60, -3600])) * timedelta(seconds=1)
    given_windows = []
    for window, mine in drawn:
        if window["status"] == "completed" and mine[0].start > now:  # is refused
            window["status"] = "confirmed"
            truths = [truth._replace(status="confirmed") if truth in mine else truth for truth in truths]
        given_windows.append(window)
    return given_windows, truths, now


def built(given_windows: list[Given], now: datetime, moved: bool) -> tuple[MaintenanceCalendar, Site]:
    """The site at `now`, continued from one that was built long before, perhaps with other hours."""
    calendar = MaintenanceCalendar(**{**BASE, "windows": given_windows})
    earlier = [
        {**window, "start": (datetime.fromisoformat(window["start"]) - HOUR).isoformat(), "status": "confirmed"}
        if moved and not {"all_day", "repeat"} & window.keys()
        else {**window, "status": "confirmed"}
        for window in given_windows
    ]
    first = plan_site(MaintenanceCalendar(**{**BASE, "windows": earlier}), FIRST_BUILD)
    ledger: Ledger = read_ledger(first.files["all.ics"], calendar, "all.ics")
    return calendar, plan_site(calendar, now, ledger)


@given(situations(), st.booleans())
def test_every_output_gives_the_same_answer_at_every_boundary(
    situation: tuple[list[Given], list[Truth], datetime], moved: bool
) -> None:
    given_windows, truths, now = situation
    calendar, site = built(given_windows, now, moved)
    states = {truth.uid: truth.state(now) for truth in truths}
    worst = {system: down(truths, now, system) for system in ("icms", "itax")}
    hold_page(site, truths, states, worst)
    hold_statuspage(site, states, worst)
    hold_files(site, truths, now)
    hold_answers(calendar, site, truths, now, worst)


def down(truths: list[Truth], now: datetime, system: str) -> str:
    """How badly a system is interrupted: `outage`, `degraded` or empty."""
    impacts = [truth.impact_on(system) for truth in truths if truth.state(now) == "under-way"]
    return next((impact for impact in ("outage", "degraded") if impact in impacts), "")


def hold_page(site: Site, truths: list[Truth], states: dict[str, str], worst: dict[str, str]) -> None:
    page = site.files["index.html"].decode()
    for system, impact in worst.items():
        own = site.files[f"{system}/index.html"].decode()
        css = re.search(r'<section class="(state[^"]*)" id="_state"', own)
        assert css is not None
        assert css[1] == (f"state now {SHAPES[impact]}" if impact else "state"), (system, css[1])
        listed = re.search(rf'<li data-id="{system}">.*?<span class="impact (\w+)">([^<]*)</span>', page)
        assert listed is not None
        assert listed[1] == SHAPES.get(impact, "none"), (system, listed[1])
        assert listed[2].removeprefix("partly ") == WORDS[impact], (system, listed[2])
    for truth in truths:
        id_ = truth.uid.partition("@")[0]
        row = re.search(rf'<li class="[^"]*" id="{re.escape(id_)}"([^>]*)>(.*?)<div class=when>', page, re.DOTALL)
        assert row is not None
        state = states[truth.uid]
        if state != "cancelled":
            assert (row.start() > (page + 'id="_past"').index('id="_past"')) == (state == "over")
        assert ("data-off" in row[1]) == (truth.status in ("cancelled", "completed"))
        tags = re.findall(r"<b[^>]*>([^<]*)</b>", row[2])
        assert ("Now" in tags) == (state == "under-way" and truth.status != "tentative"), tags
        assert ("Cancelled" in tags) == (state == "cancelled"), tags


def hold_statuspage(site: Site, states: dict[str, str], worst: dict[str, str]) -> None:
    names = {"planned": "scheduled", "under-way": "in_progress", "over": "completed", "cancelled": "completed"}
    listed = json.loads(site.files["api/v2/scheduled-maintenances.json"])["scheduled_maintenances"]
    assert {each["id"]: each["status"] for each in listed} == {uid: names[state] for uid, state in states.items()}
    for path, state in (("active", "in_progress"), ("upcoming", "scheduled")):
        here = json.loads(site.files[f"api/v2/scheduled-maintenances/{path}.json"])["scheduled_maintenances"]
        assert {each["id"] for each in here} == {uid for uid, each in states.items() if names[each] == state}
    summary = json.loads(site.files["api/v2/summary.json"])
    components = {each["id"]: each["status"] for each in summary["components"]}
    assert {id_: components[id_] for id_ in worst} == {
        id_: STATES.get(each, "operational") for id_, each in worst.items()
    }
    assert (summary["status"]["indicator"] == "none") == (not any(worst.values()))


def hold_files(site: Site, truths: list[Truth], now: datetime) -> None:
    """Feed, windows.json, CSV and Atom do not depend on the clock, and have what the record says."""
    by_uid = {truth.uid: truth for truth in truths}
    events = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(site.files["all.ics"]).events}
    windows_json = {each["uid"]: each for each in json.loads(site.files["windows.json"])["windows"]}
    assert events.keys() == windows_json.keys() == by_uid.keys()
    entries = list(ElementTree.fromstring(site.files["windows.xml"]).iter(f"{ATOM}entry"))
    contents = {entry.findtext(f"{ATOM}content"): entry.findtext(f"{ATOM}title") for entry in entries}
    for uid, truth in by_uid.items():
        event, window = events[uid], windows_json[uid]
        assert (truth.start, truth.end) == (event.DTSTART, event.DTEND)
        assert (window["start"], window["end"]) == (text_of(truth.start), text_of(truth.end))
        assert (str(event["X-MAINTNOTE-STATUS"]).lower(), window["status"]) == (truth.status, truth.status)
        assert (event["STATUS"] == "CANCELLED") == (truth.status == "cancelled")
        assert {each["id"]: each["impact"] for each in window["affected"]} == truth.impacts
        title = contents[str(event["DESCRIPTION"])] or ""
        assert title.startswith("CANCELLED: ") == (truth.status == "cancelled")
        assert ("completed" in title) == (truth.status == "completed")
        assert ("not confirmed" in title) == (truth.status == "tentative")
    coming = sorted((t.start, t.uid) for t in truths if t.end > now and t.status not in ("cancelled", "completed"))
    following = json.loads(site.files["status.json"])["next"]
    assert (following and following["uid"]) == (coming[0][1] if coming else None)


def hold_answers(
    calendar: MaintenanceCalendar, site: Site, truths: list[Truth], now: datetime, worst: dict[str, str]
) -> None:
    until = now + 30 * DAY
    feed = site.files["all.ics"]
    known = json.loads(site.files["status.json"])["systems"]
    systems = {system: frozenset(services) for system, services in known.items()}
    places = (Records(calendar), Feed(feed, "all.ics", None, systems))
    named = {id_.partition("/")[0] for truth in truths for id_ in truth.impacts}
    for system, impact in worst.items():
        mine = {truth.uid for truth in truths if truth.state(now) == "under-way" and truth.impact_on(system) in SHAPES}
        of_feed = [Schedule.from_ical(feed, until=until)] if system in named else []
        for schedule in (Schedule.of(calendar, until), *of_feed):
            assert {each.uid for each in schedule.active(now, system=system)} == mine
            assert {each.uid for each in schedule.active(now, system=system, impact="outage")} == {
                truth.uid for truth in truths if truth.uid in mine and truth.impact_on(system) == "outage"
            }
        answers = [ask(place, now, None, {"system": system}) for place in places]
        assert [answer.is_up for answer in answers] == [not impact] * 2
        assert answers[0].free_from == answers[1].free_from
    for place in places:
        found, _ = windows_of(place, now, now, now + MINUTE, (), {})
        here = {(each.uid, each.start, each.end, each.window.status) for each in found}
        assert here == {(t.uid, t.start, t.end, t.status) for t in truths if t.start < now + MINUTE and t.end > now}


def text_of(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
