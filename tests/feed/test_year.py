"""A year of edits: what every subscriber of every feed has after each of hundreds of generated edits and builds.

The model knows the records as a person wrote them, and nothing of how a feed is made. A failure prints the seed, and
what was edited until then.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import icalendar
import pytest

from icms_calendar import LedgerError, MaintenanceCalendar
from icms_calendar.feed.addresses import read_status
from icms_calendar.feed.decode import decode_head
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.site.build import Site, open_ledger, plan_site
from icms_calendar.site.publish import publish

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
IMPACTS = ["outage", "degraded", "reduced-redundancy", "no-impact"]
ATOM = "{http://www.w3.org/2005/Atom}"
Given = dict[str, Any]
Span = tuple[datetime, datetime]


class Seen(NamedTuple):
    """What a calendar program keeps of an event, and shows."""

    rank: tuple[int, datetime]  # RFC 5546 2.1.5: the higher SEQUENCE wins, then the later DTSTAMP
    start: datetime
    end: datetime
    status: str
    title: str
    text: str


def first_records() -> Given:
    return {
        "name": "Harbour",
        "domain": "harbour.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://harbour.example.org/m/",
        "languages": ["en", "sw"],
        "reminders": ["P1D"],
        "history": "P60D",
        "systems": [
            {"id": "berths", "name": "Berths", "services": [{"id": "booking", "name": "Booking"}, "pilots", "tugs"]},
            {"id": "gates", "name": "Gates", "services": ["lanes", "scales"]},
            {"id": "customs", "name": "Customs"},
        ],
        "feeds": [
            {"id": "outages", "name": "Outages", "impact": ["outage"]},
            {"id": "network", "name": "Network", "tag": ["network"], "system": ["gates", "berths"]},
        ],
        "renamed": {},
        "retired": [],
        "windows": [],
    }


@dataclass
class Year:
    """The records, the site, and its subscribers; every edit is followed by a build."""

    seed: int
    now: datetime = START
    records: Given = field(default_factory=first_records)
    site: Site | None = None
    subscribers: dict[str, dict[str, Seen]] = field(default_factory=dict)  # by address
    leads_to: dict[str, str | None] = field(default_factory=dict)  # every address that ever was, to that of today
    stamps: dict[str, datetime] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)  # as published last, by UID
    moved: dict[str, Span] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    count: int = 0
    last: str = ""  # the window that was edited last

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        for _ in range(4):
            self.add()
        self.build("begins")

    # Edits of windows

    def add(self) -> str:
        id_ = self._new("w")
        start = (self.now + self.random.randint(-48, 700) * HOUR).replace(minute=0)
        window: Given = {"id": id_, "start": start.isoformat(), "duration": f"{self.random.randint(1, 30)}h"}
        window |= self._subject()
        if self.random.random() < 0.3:
            window["announced"] = (self.now - DAY).date().isoformat()
        if self.random.random() < 0.2:
            window["maintnote"] = {"provider": "acme.example", "account": "a"}
        if self.random.random() < 0.2:
            window["duration"] = "5h"
            window["repeat"] = {"rule": "FREQ=WEEKLY", "count": self.random.randint(2, 4)}
        self.records["windows"].append(window)
        return f"add {id_}"

    def move(self) -> str:
        window = self._window(lambda each: "repeat" not in each)
        start = (self.now + self.random.randint(-20, 600) * HOUR).replace(minute=0)
        window["start"] = start.isoformat()
        if window.get("status") in ("in-process", "completed"):
            window["status"] = "confirmed"
        return f"move {window['id']}"

    def move_again(self) -> str:
        return self.move()

    def change_length(self) -> str:
        window = self._window()
        window["duration"] = f"{self.random.randint(1, 40)}h"
        return f"change the length of {window['id']}"

    def cancel(self) -> str:
        window = self._window(lambda each: each.get("status") != "cancelled")
        window["status"] = "cancelled"
        return f"cancel {window['id']}"

    def reinstate(self) -> str:
        window = self._window(lambda each: each.get("status") == "cancelled")
        window["status"] = self.random.choice(["confirmed", "tentative"])
        return f"reinstate {window['id']}"

    def complete(self) -> str:
        window = self._window(lambda each: "repeat" not in each and self._start(each) < self.now - HOUR)
        window["status"] = "completed"
        length = min(int((self.now - self._start(window)) / HOUR), int(window["duration"][:-1]))
        window["duration"] = f"{max(length, 1)}h"
        return f"complete {window['id']}"

    def begin(self) -> str:
        window = self._window(lambda each: "repeat" not in each and self._start(each) <= self.now)
        window["status"] = "in-process"
        return f"begin {window['id']}"

    def change_impact(self) -> str:
        window = self._window()
        window["impact"] = self.random.choice(IMPACTS)
        return f"impact of {window['id']}: {window['impact']}"

    def change_tags(self) -> str:
        window = self._window()
        window["tags"] = self.random.choice([[], ["network"], ["storage"]])
        return f"tags of {window['id']}: {window['tags']}"

    def affect_other_systems(self) -> str:
        window = self._window()
        for key in ("system", "systems", "services"):
            window.pop(key, None)
        window |= {k: v for k, v in self._subject().items() if k in ("system", "systems", "services")}
        return f"{window['id']} affects {window.get('system') or window['systems']} {window.get('services', '')}"

    def narrow(self) -> str:
        window = self._window(lambda each: "system" in each and len(self._services(each["system"])) > 1)
        services = window.get("services") or self._services(window["system"])
        window["services"] = services[:-1] or services
        return f"narrow {window['id']} to {window['services']}"

    def reword(self) -> str:
        window = self._window()
        key = self.random.choice(["title", "description", "fallback", "reason"])
        window[key] = self.random.choice(["Upgrade", "Storage; and more", "Network, all of it"])
        return f"{key} of {window['id']}"

    def delete(self) -> str:
        window = self._window()
        self.records["windows"].remove(window)
        return f"delete {window['id']}"

    def delete_one_day(self) -> str:
        window = self._window(lambda each: "repeat" in each and not each["repeat"].get("except"))
        day = self._start(window).astimezone(ZoneInfo("Africa/Nairobi")).date() + WEEK
        window["repeat"]["except"] = [day.isoformat()]
        return f"except {day} from {window['id']}"

    def rename_window(self) -> str:
        window = self._window()
        old, window["id"] = window["id"], self._new("w")
        return f"rename window {old} to {window['id']}"

    def put_back(self) -> str:
        known = {window["id"] for window in self.records["windows"]}
        left = [uid.partition("@")[0] for uid in self.spans if uid.partition("@")[0] not in known]
        left = sorted(id_ for id_ in left if "." not in id_)
        self.add()
        window = self.records["windows"][-1]
        window.pop("repeat", None)
        window["id"] = self.random.choice(left) if left else window["id"]
        return f"put back {window['id']}"

    def delete_several(self) -> str:
        windows = self.records["windows"]
        gone = self.random.sample(windows, self.random.randint(1, len(windows)) if windows else 0)
        self.records["windows"] = [window for window in windows if window not in gone]
        return f"delete {len(gone)} of {len(windows)}"

    # What happens to a previous feed: somebody changes it, it is lost, or the domain is another

    def poison_the_feed(self) -> str:
        assert self.site is not None
        lines = self.site.files["all.ics"].split(b"\r\n")
        at, other = self.random.randrange(len(lines)), self.random.choice(lines)
        lines[at : at + 1] = self.random.choice([[], [lines[at], other], [other], [b"\xff"], [lines[at] + b" "]])
        try:
            poisoned = self._plan(b"\r\n".join(lines))
        except LedgerError:
            return f"poison line {at}: the build stops"
        now = {each["uid"]: each for each in _windows(poisoned)}
        for was in _windows(self.site):
            is_ = now.get(was["uid"])
            assert is_ is not None or datetime.fromisoformat(was["end"]) <= self.now
            assert is_ is None or (is_["sequence"], is_["updated_at"]) >= (was["sequence"], was["updated_at"])
        return f"poison line {at}: nothing goes back"

    def lose_the_feed(self) -> str:
        assert self.site is not None
        calendar = MaintenanceCalendar.model_validate(self.records)
        with TemporaryDirectory() as place:
            publish(self.site.files, Path(place))
            (Path(place) / "all.ics").unlink()
            with pytest.raises(LedgerError, match="ICM402"):
                open_ledger(calendar, Path(place), self.now, None)
        return "lose the feed: the build stops"

    def change_the_domain(self) -> str:
        if any(window["id"] == uid.partition("@")[0] for window in self.records["windows"] for uid in self.spans):
            self.records["domain"] = "pier.example.org"
            with pytest.raises(LedgerError, match="ICM404"):
                self._plan()
        self.records["domain"] = "harbour.example.org"
        return "change the domain: the build stops"

    # Edits of addresses: first as somebody would try it, and then as it is allowed

    def rename_system(self) -> str:
        system = self.random.choice(self.records["systems"])
        old, new = system["id"], self._new("sys")
        system["id"] = new
        for window in self.records["windows"]:
            window.update({"system": new} if window.get("system") == old else {})
            if "systems" in window:
                window["systems"] = [new if each == old else each for each in window["systems"]]
        for feed in self.records["feeds"]:
            if "system" in feed:
                feed["system"] = [new if each == old else each for each in feed["system"]]
        self._must_stop(f"rename system {old}")
        self.records["renamed"][old] = new
        self._lead(old, new)
        for service in self._services(new):
            self._lead(f"{old}/{service}", f"{new}/{service}")
        return f"rename system {old} to {new}"

    def rename_service(self) -> str:
        system = self.random.choice([each for each in self.records["systems"] if each.get("services")])
        service = self.random.choice(system["services"])
        old = service["id"] if isinstance(service, dict) else service
        new = self._new("svc")
        name = service["name"] if isinstance(service, dict) else service
        system["services"] = [{"id": new, "name": name} if each == service else each for each in system["services"]]
        for window in self.records["windows"]:
            if window.get("system") == system["id"] and "services" in window:
                window["services"] = [new if each == old else each for each in window["services"]]
        self._must_stop(f"rename service {old}")
        old, new = f"{system['id']}/{old}", f"{system['id']}/{new}"
        self.records["renamed"][old] = new
        self._lead(old, new)
        return f"rename service {old} to {new}"

    def rename_feed(self) -> str:
        feed = self.random.choice(self.records["feeds"])
        old, feed["id"] = feed["id"], self._new("feed")
        self._must_stop(f"rename feed {old}")
        self.records["renamed"][old] = feed["id"]
        self._lead(old, feed["id"])
        return f"rename feed {old} to {feed['id']}"

    def retire_feed(self) -> str:
        feed = self.random.choice(self.records["feeds"])
        self.records["feeds"].remove(feed)
        self._must_stop(f"drop feed {feed['id']}")
        self.records["retired"].append(feed["id"])
        self._lead(feed["id"], None)
        more = {"impact": self.random.sample(IMPACTS, 2)} if self.random.random() < 0.5 else {"tag": ["network"]}
        self.records["feeds"].append({"id": self._new("feed"), "name": "Another", **more})
        return f"retire feed {feed['id']}"

    def drop_or_add_reminders(self) -> str:
        if not self.records["reminders"]:
            self.records["reminders"] = ["PT1H"]
            for old in [each for each in self.records["renamed"] if each.endswith("-reminders")]:
                if old in self._addresses():
                    del self.records["renamed"][old]
            for address in self._addresses():
                self._lead(address, address)
            return "add reminders"
        lost = [address for address in self._addresses() if address.endswith("-reminders")]
        self.records["reminders"] = []
        self._must_stop("drop reminders")
        for old in lost:
            self.records["renamed"][old] = old.removesuffix("-reminders")
            self._lead(old, old.removesuffix("-reminders"), reminders=False)
        return "drop reminders"

    def drop_or_add_a_language(self) -> str:
        if len(self.records["languages"]) == 1:
            self.records["languages"] = ["en", "sw"]
            self.records["retired"].remove("sw")
            return "add Swahili"
        self.records["languages"] = ["en"]
        self._must_stop("drop Swahili")
        self.records["retired"].append("sw")
        return "drop Swahili"

    def wait(self) -> str:
        self.now += self.random.randint(10, 90) * DAY
        return "wait"

    def wait_longer(self) -> str:
        return self.wait()

    # Builds

    def step(self) -> None:
        """One edit, and the builds that follow it."""
        edits = [name for name in vars(type(self)) if name in _EDITS]
        name = self.random.choice(edits)
        before = deepcopy((self.records, self.leads_to))
        try:
            what = getattr(self, name)()
        except IndexError:  # there is no window, or no feed, that it could be done to
            self.records, self.leads_to = before
            return
        self.now += self.random.randint(0, 30) * HOUR
        self.build(what)

    def build(self, what: str) -> None:
        self.log.append(f"{self.now:%Y-%m-%d %H:%M} {what}")
        self._hold_guard()
        before, self.site = self.site, self._plan()
        for address in self._addresses():
            self.leads_to.setdefault(address, address)
        for path in self._published():  # where reminders begin, an old address gets them, too
            base = path.removesuffix(".ics").removesuffix("-reminders")
            self.leads_to.setdefault(path.removesuffix(".ics"), f"{self.leads_to[base]}-reminders")
        self._hold_addresses(before)
        self._hold_events()
        self._hold_revisions(before)
        for address in sorted(self._published()):
            self._fetch(address)
        self._hold_outputs()

    def _hold_guard(self) -> None:
        """The build stops by itself if more than half of three or more coming records left, or all; not otherwise."""
        coming = {
            re.sub(r"\.[0-9]{8}$", "", uid.partition("@")[0])
            for uid, seen in self.subscribers.get("all", {}).items()
            if seen.end > self.now and seen.status != "CANCELLED"
        }
        gone = coming - {window["id"] for window in self.records["windows"]}
        if gone:
            stops = (len(coming) >= 3 and 2 * len(gone) > len(coming)) or not self.records["windows"]
            with pytest.raises(LedgerError, match="ICM407") if stops else nullcontext():
                self._plan(allow_vanished=False)

    def _plan(self, previous: bytes | None = None, *, allow_vanished: bool = True) -> Site:
        calendar = MaintenanceCalendar.model_validate(self.records)
        if self.site is None:
            return plan_site(calendar, self.now)
        files = self.site.files
        ledger = read_ledger(previous or files["all.ics"], calendar, "all.ics")
        manifest = read_status(files["status.json"])
        assert manifest is not None
        heads = {path: decode_head(files[path]).last_modified for path in files if path.endswith(".ics")}
        stamps = {path.removesuffix(".ics"): stamp for path, stamp in heads.items() if stamp}
        fields = {
            name: getattr(ledger, name) for name in ("events", "findings", "is_known", "last_modified", "renamed")
        }
        known = Ledger(**fields, addresses=manifest.addresses, stamps=stamps)
        return plan_site(calendar, self.now, known, allow_vanished=allow_vanished)

    def _must_stop(self, what: str) -> None:
        # By the previous site, or by the records themselves; not if what is cancelled keeps the address alive.
        assert self.site is not None
        try:
            here = self._plan().files
        except ValueError as error:
            assert re.search("ICM409|ICM412", str(error))
        else:
            assert set(self._published()) <= here.keys()
        self.log.append(f"{self.now:%Y-%m-%d %H:%M} {what}: the build stops")

    # What must hold

    def _hold_addresses(self, before: Site | None) -> None:
        """No address that was published is gone, unless the records let it end."""
        assert self.site is not None
        old = read_status(before.files["status.json"]) if before else None
        for path in old.addresses if old else ():
            if path not in self.site.files:
                address = path.removesuffix(".ics")
                assert self.leads_to.get(address, "") is None or path.startswith("sw/"), f"{path} is gone"
        here = {path.removesuffix(".ics") for path in self._published()}
        assert here == {old for old, new in self.leads_to.items() if new is not None}

    def _hold_events(self) -> None:
        """The feed of all windows has the records' own spans, and what left the records is there, cancelled."""
        events = self._read("all.ics")
        edge = self.now - timedelta(days=int(self.records["history"][1:-1]))
        expected = {uid: span for uid, (span, _) in self._expected().items() if span[1] > edge}
        for uid, span in expected.items():
            assert (events[uid].start, events[uid].end) == span
        for uid in events.keys() - expected.keys():
            assert (events[uid].status, events[uid].title[:11]) == ("CANCELLED", "CANCELLED: ")
        for uid, span in self.spans.items() if self.site else ():
            assert uid in events or span[1] <= self.now or uid in self._expected()
        for uid, event in events.items():
            before = self.spans.get(uid)
            if before and before[0] != event.start and "." not in uid.partition("@")[0]:
                self.moved[uid] = before
        self.moved = {uid: span for uid, span in self.moved.items() if uid in events}
        self.spans = {uid: (event.start, event.end) for uid, event in events.items()}

    def _hold_revisions(self, before: Site | None) -> None:
        """SEQUENCE counts changes of start, end, status and systems; CREATED stays."""
        old = {each["uid"]: each for each in _windows(before)} if before else {}
        for window in self._windows_json():
            if was := old.get(window["uid"]):
                systems = [self.leads_to.get(each, each) for each in was["systems"]]
                then, now = ([each[key] for key in ("start", "end", "status")] for each in (was, window))
                significant = (then, set(systems)) != (now, set(window["systems"]))
                assert window["sequence"] - was["sequence"] == significant, window["uid"]
                assert window["created_at"] == was["created_at"]

    def _fetch(self, path: str) -> None:
        """What a program that follows one address has, before and after it fetches the new feed."""
        address = path.removesuffix(".ics")
        mine = self.subscribers.setdefault(address, {})
        events = self._read(path)
        stamp = self._stamp(path)
        if stamp or address in self.stamps:
            assert stamp is not None
            assert stamp >= self.stamps.get(address, stamp), "LAST-MODIFIED goes back"
            self.stamps[address] = stamp
        target = self.leads_to[address]
        assert target is not None
        for uid, had in mine.items():
            if had.end > self.now and uid not in events and had.status != "CANCELLED":
                expected = self._expected()
                assert uid in expected, f"{uid} left {path} without being cancelled"
                assert not self._concerns(expected[uid][1], target), f"{uid} left {path}"
                self._hold_named(uid, target)
        for uid, event in events.items():
            before = mine.get(uid)
            assert before is None or event.rank >= before.rank, f"SEQUENCE or DTSTAMP of {uid} goes back"
            if before is not None and event.rank == before.rank:
                assert event == before, f"{uid} in {path} is another, and programs cannot know"
        for uid, (span, window) in self._expected().items():
            if uid in self.spans and self.spans[uid] == span:
                assert (uid in events) is self._concerns(window, target), (uid, path)
        self.subscribers[address] = events

    def _hold_named(self, uid: str, target: str) -> None:
        """What a window no longer affects, or which feed it has left, is said where people look."""
        assert self.site is not None
        base = target.removesuffix("-reminders")
        (window,) = [each for each in self._windows_json() if each["uid"] == uid]
        named = [each["id"] for each in (*window["no_longer_affects"], *window["no_longer_in"])]
        assert base in named or any(each.startswith(f"{base}/") for each in named), (base, named)
        name = next((feed["name"] for feed in self.records["feeds"] if feed["id"] == base), None)
        (change,) = [each for each in self.site.difference.windows if each.uid == uid]
        if name is not None:
            assert name in change.left
            assert re.search(f"No longer in: .*{name}", window["text"]["en"])
        else:
            assert any(each.id.startswith(base) for each in change.no_longer_affects)

    def _hold_outputs(self) -> None:
        """Every file tells the same windows, spans, states and stamps."""
        assert self.site is not None
        files, events = self.site.files, self._read("all.ics")
        windows = self._windows_json()
        assert [window["uid"] for window in windows] == list(events)
        rows = list(csv.DictReader(io.StringIO(files["windows.csv"].decode("utf-8-sig"), newline="")))
        entries = {
            entry.findtext(f"{ATOM}content"): entry
            for entry in ElementTree.fromstring(files["windows.xml"]).iter(f"{ATOM}entry")
        }
        statuspage = json.loads(files["api/v2/scheduled-maintenances.json"])["scheduled_maintenances"]
        states = {each["id"]: each["status"] for each in statuspage}
        for window, row in zip(windows, rows, strict=True):
            event = events[window["uid"]]
            span = (datetime.fromisoformat(window["start"]), datetime.fromisoformat(window["end"]))
            assert span == (event.start, event.end)
            assert (row["start"], row["end"], row["status"]) == (window["start"], window["end"], window["status"])
            assert (window["sequence"], datetime.fromisoformat(window["updated_at"])) == event.rank
            assert (window["status"] == "cancelled") == (event.status == "CANCELLED")
            entry = entries[event.text]
            assert entry.findtext(f"{ATOM}updated") == window["updated_at"]
            over = window["status"] in ("cancelled", "completed") or event.end <= self.now
            state = "completed" if over else "in_progress" if event.start <= self.now else "scheduled"
            assert states.get(event_id := window["uid"], state) == state, event_id
            moved = window["moved_from"]
            assert (moved and (moved["start"], moved["end"])) == _texts(self.moved.get(window["uid"])), window["uid"]
            assert (f'id="{window["id"]}"' in files["index.html"].decode()) or len(self.records["systems"]) > 1
        latest = max((event.rank[1] for event in events.values()), default=START)
        assert json.loads(files["windows.json"])["updated_at"] >= f"{latest:%Y-%m-%dT%H:%M:%SZ}"

    # What the records say

    def _expected(self) -> dict[str, tuple[Span, Given]]:
        """The span of every occurrence, and its record, by UID."""
        spans: dict[str, tuple[Span, Given]] = {}
        for window in self.records["windows"]:
            repeat = window.get("repeat", {"count": 1})
            for i in range(repeat["count"]):
                start = self._start(window) + i * WEEK
                day = start.astimezone(ZoneInfo("Africa/Nairobi")).date()
                if day.isoformat() not in repeat.get("except", ()):
                    dated = f".{day:%Y%m%d}" if "repeat" in window else ""
                    span = (start, start + int(window["duration"][:-1]) * HOUR)
                    spans[f"{window['id']}{dated}@harbour.example.org"] = (span, window)
        return spans

    def _concerns(self, window: Given, target: str) -> bool:
        """Whether a record concerns the subscribers of a feed of today."""
        base = target.removesuffix("-reminders")
        systems = window.get("systems") or [window["system"]]
        for feed in self.records["feeds"]:
            if feed["id"] == base:
                tags = not feed.get("tag") or bool(set(feed["tag"]) & set(window.get("tags", ())))
                impact = window.get("impact", "outage") in feed.get("impact", IMPACTS)
                return tags and impact and ("system" not in feed or bool(set(feed["system"]) & set(systems)))
        system, _, service = base.partition("/")
        if base == "all" or (base in systems):
            return True
        return system in systems and service in window.get("services", self._services(system))

    def _addresses(self) -> list[str]:
        own = ["all", *(feed["id"] for feed in self.records["feeds"])]
        for system in self.records["systems"]:
            own += [system["id"], *(f"{system['id']}/{service}" for service in self._services(system["id"]))]
        return own + [f"{each}-reminders" for each in own if self.records["reminders"]]

    def _lead(self, old: str, new: str | None, *, reminders: bool = True) -> None:
        """From now on an address, and all that led to it, leads to another one, or ends."""
        pairs = [(old, new)]
        if reminders:
            pairs.append((f"{old}-reminders", new and f"{new}-reminders"))
        for was, is_ in pairs:
            for address, target in self.leads_to.items():
                if target == was:
                    self.leads_to[address] = is_

    def _services(self, system: str) -> list[str]:
        (found,) = [each for each in self.records["systems"] if each["id"] == system]
        return [each["id"] if isinstance(each, dict) else each for each in found.get("services", ())]

    def _subject(self) -> Given:
        systems = self.random.sample([each["id"] for each in self.records["systems"]], self.random.choice([1, 1, 1, 2]))
        services = self._services(systems[0])
        subject: Given = {"systems": systems} if len(systems) > 1 else {"system": systems[0]}
        if len(systems) == 1 and services and self.random.random() < 0.5:
            subject["services"] = self.random.sample(services, self.random.randint(1, len(services)))
        more = {"impact": self.random.choice(IMPACTS), "tags": self.random.choice([[], ["network"]])}
        return subject | more

    def _start(self, window: Given) -> datetime:
        return datetime.fromisoformat(window["start"])

    def _window(self, wanted: Callable[[Given], bool] = lambda _: True) -> Given:
        """A window to edit: often the one that was edited last; IndexError if there is none."""
        windows = [window for window in self.records["windows"] if wanted(window)]
        again = [window for window in windows if window["id"] == self.last]
        window: Given = self.random.choice(again if again and self.random.random() < 0.4 else windows)
        self.last = window["id"]
        return window

    def _new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    # What the site says

    def _published(self) -> list[str]:
        assert self.site is not None
        return [path for path in self.site.files if path.endswith(".ics") and not path.startswith("events/")]

    def _read(self, path: str) -> dict[str, Seen]:
        assert self.site is not None
        return _seen(self.site.files[path])

    def _stamp(self, path: str) -> datetime | None:
        assert self.site is not None
        return decode_head(self.site.files[path]).last_modified

    def _windows_json(self) -> list[Given]:
        assert self.site is not None
        return _windows(self.site)


_NOT_EDITS = {"step", "build"}
_EDITS = [name for name in vars(Year) if re.fullmatch("[a-z][a-z_]+", name) and callable(getattr(Year, name))]
_EDITS = [name for name in _EDITS if name not in _NOT_EDITS]


def _windows(site: Site) -> list[Given]:
    windows: list[Given] = json.loads(site.files["windows.json"])["windows"]
    return windows


@lru_cache(maxsize=256)  # most feeds stay as they are from build to build
def _seen(feed: bytes) -> dict[str, Seen]:
    events: dict[str, Seen] = {}
    for event in icalendar.Calendar.from_ical(feed).events:
        rank = (event.sequence, event.DTSTAMP)
        texts = (str(event[name]) for name in ("STATUS", "SUMMARY", "DESCRIPTION"))
        events[str(event["UID"])] = Seen(rank, event.DTSTART, event.DTEND, *texts)
    return events


def _texts(span: Span | None) -> tuple[str, ...] | None:
    return span and tuple(f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in span)


@pytest.mark.parametrize(("seed", "edits"), [(1, 40), pytest.param(2, 300, marks=pytest.mark.slow)])
def test_no_address_dies_and_no_subscriber_misses_anything_in_a_year_of_edits(seed: int, edits: int) -> None:
    year = Year(seed)
    try:
        for _ in range(edits):
            year.step()
    except BaseException as error:
        error.add_note(f"seed {seed}:\n" + "\n".join(year.log))
        raise
