"""Events of anybody's feed to a source of records: what a record can say of them, and findings for what it cannot.

How the file is read is decided in foreign.py; how a source is written, in records/write.py. What our own feeds say is
taken apart again, as far as encoding it gives the same words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from icms_calendar.feed.encode import IMPACT_COLORS, PRODID, EventEncoder
from icms_calendar.feed.maintnote import DEFAULT_ACCOUNT
from icms_calendar.findings import CalendarError, Finding, found, shown
from icms_calendar.foreign.events import ForeignEvent, ForeignFeed, ForeignSeries
from icms_calendar.foreign.reword import names_in, recorded_texts
from icms_calendar.record.checks import IMPACTS, is_file_name
from icms_calendar.record.colors import COLORS
from icms_calendar.record.fields import (
    EMAIL_PATTERN,
    MAX_GIVEN_SEQUENCE,
    MAX_TITLE_CHARACTERS,
    MAX_UID_CHARACTERS,
    is_domain,
    is_url,
)
from icms_calendar.record.labels import CANCELLED_MARK, IMPACT_WORDS
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence, expand
from icms_calendar.record.words import title as title_in_words
from icms_calendar.record.zones import Zone, duration_text, zone_named

Record = dict[str, Any]

_KEYS = tuple(MaintenanceWindow.model_fields)  # in the order in which people write them
# What `changes` can tell of one day, and what no record keeps of it.
_OF_ONE_DAY = (
    *("recurrence_id", "start", "end", "timezone", "summary", "description", "status", "cancelled"),
    *("sequence", "stamped", "created", "last_modified", "organizer", "organizer_name", "location", "line"),
)
NO_DOMAIN = "calendar.invalid"  # RFC 6761: nobody's
_NOT_ONES_OWN = frozenset({"google.com", "calendar.google.com", "outlook.com", "icloud.com"})
_MOST_OF_A_RULE = 20
_MOST_ID_CHARACTERS = 40  # a longer one is a number that no person reads
_MACHINE_MADE = re.compile(r"[0-9a-f-]{24,}|[0-9a-z]{26}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A source as plain data, in the order in which it is written, and what is to be said of it."""

    source: Record
    findings: tuple[Finding, ...]


def adopt(
    feed: ForeignFeed,
    until: datetime,
    *,
    file: str,
    name: str,
    domain: str | None = None,
    timezone: str | None = None,
    system: str | None = None,
) -> Adopted:
    """The source that the events of a feed make; it loads without an error.

    `until` is the instant to which the feed was laid out. `name` stands where the feed has none; `domain`, `timezone`
    and `system` go before what the feed says, `system` for events that name none.
    """
    adoption = _Adoption(feed, until, file, domain, timezone, system, name)
    windows = adoption.windows()
    source = {**adoption.head(windows), "windows": windows}
    return Adopted(source, (*feed.findings, *adoption.findings()))


class _Adoption:
    """What comes together while events are gone through."""

    def __init__(
        self,
        feed: ForeignFeed,
        until: datetime,
        file: str,
        domain: str | None,
        timezone: str | None,
        system: str | None,
        name: str,
    ) -> None:
        self._feed = feed
        self._until = until
        self._file = file
        self._ours = feed.prodid == PRODID and not feed.series and all(map(_is_ours, feed.events))
        self._name = _clean(feed.name or "").strip() or name
        self._domain = domain or _domain_of(feed)
        self._zone = zone_named(timezone or feed.timezone or _commonest(e.timezone for e in feed.events) or "UTC")
        self._system = system
        self._systems: dict[str, Record] = {}
        self._services: dict[tuple[str, str], str] = {}
        self._ids = _Ids()
        self._service_ids: dict[str, _Ids] = {}
        self._uids: set[str] = set()
        self._seen: dict[tuple[str, str], list[Any]] = {}

    # the calendar

    def head(self, windows: list[Record]) -> Record:
        """The calendar's own keys."""
        feed = self._feed
        head: Record = {"name": self._name, "domain": self._domain or NO_DOMAIN, "timezone": self._zone.name}
        if self._ours and feed.url and is_url(feed.url) and not {"?", "#"} & set(feed.url):
            head["url"] = feed.url
        if self._ours and (publisher := self._publisher()):
            head["publisher"] = publisher
        if feed.color in COLORS and not (self._ours and feed.color == "red"):
            head["color"] = feed.color
        if any(entry.keys() - {"id"} for entry in self._systems.values()):
            head["systems"] = self._declared()
        if windows and self._domain is None:
            self._say("domain-proposed", 1, domain=NO_DOMAIN)
        return head

    def _declared(self) -> list[Record]:
        """The systems, with their services as a list."""
        systems = self._systems.values()
        return [{**one, "services": list(one["services"].values())} if "services" in one else one for one in systems]

    def _publisher(self) -> Record | None:
        event = next(iter(self._feed.events), None)
        name = _clean((event and event.organizer_name) or "")
        address = (
            event.organizer if event and event.organizer and re.fullmatch(EMAIL_PATTERN, event.organizer) else None
        )
        if not name.strip() or (name == self._name and not address):
            return None
        return {"name": name} | ({"email": address} if address else {})

    # windows

    def windows(self) -> list[Record]:
        """A window for each event, and one for each series that `repeat` tells exactly."""
        self._count_what_is_not_kept()
        windows: list[tuple[Record, ForeignEvent]] = []
        by_series: dict[str, list[ForeignEvent]] = {}
        for event in self._feed.events:
            if event.uid in self._feed.series:
                by_series.setdefault(event.uid, []).append(event)
        for event in self._feed.events:
            series = self._feed.series.get(event.uid)
            if series is None:
                windows.append((self._window(event), event))
            elif event.uid in by_series:
                windows += self._repeating(series, by_series.pop(event.uid))
        self._replace(windows)
        if self._ours:
            self._take_words_apart(windows)
        return [{key: record[key] for key in _KEYS if key in record} for record, _ in windows]

    def _window(self, event: ForeignEvent, *, series: bool = False) -> Record:
        """What a record says of an event, but for the words of our own feeds, which stand in its description."""
        system, services, objects = self._affected(event)
        id_ = self._id_of(event, system[0], dated=series)
        window: Record = {"id": id_}
        if not series and (uid := self._uid_of(event, id_)):
            window["uid"] = uid
        window |= {"system": system[0]} if len(system) == 1 else {"systems": system}
        window |= self._when(event)
        status = self._status(event)
        if status != "confirmed":
            window["status"] = status
        impact = self._impact(event)
        if (usual := self._usual_impact(event, impact)) != "outage":
            window["impact"] = usual
        if services:
            window["services"] = services
        window |= self._texts(event, id_, [self._systems[name] for name in system], impact)
        if event.busy and status != "cancelled":
            window["busy"] = True
        if event.color and event.color != (IMPACT_COLORS[impact] if self._ours else None):
            if event.color in COLORS:
                window["color"] = event.color
            else:
                self._say("not-kept", event.line, what=f"the color {shown(event.color, 30)}")
        if note := self._maintnote(event, id_, objects):
            window["maintnote"] = note
        if not series and (revision := self._revision(event, window)):
            window["revision"] = revision
        return window

    def _when(self, event: ForeignEvent) -> Record:
        """Its times, on the wall clock of its zone where that tells them exactly."""
        zone = zone_named(event.timezone) if event.timezone else self._zone
        own = {"timezone": zone.name} if zone is not self._zone else {}
        if event.all_day:
            first = zone.wall(event.start)[0].date()
            last = zone.wall(event.end - timedelta(seconds=1))[0].date()
            return {"start": first.isoformat(), "end": last.isoformat(), "all_day": True, **own}
        return {"start": _moment(event.start, zone), "end": _moment(event.end, zone), **own}

    def _texts(self, event: ForeignEvent, id_: str, systems: list[Record], impact: str) -> Record:
        """Its title, description, contact and tags, and where it leads."""
        texts = self._title(event, systems, impact)
        if description := self._cleaned(event.description, event):
            texts["description"] = description if self._ours else description.strip()
        if contact := self._cleaned(event.contact, event):
            texts["contact"] = contact
        if self._ours:
            categories = event.categories[1 + len(systems) :]
        else:
            categories = tuple(c.strip() for c in event.categories if c.strip() != "Maintenance")
        if tags := [tag for tag in (self._cleaned(category, event) for category in categories) if tag]:
            texts["tags"] = tags
        usual = f"{(self._feed.url or '').rstrip('/')}/#{id_}" if self._ours else None
        if event.url and event.url != usual:
            if is_url(event.url):
                texts["url"] = event.url
            else:
                self._say("not-kept", event.line, what="a URL that is not of the web")
        return texts

    def _title(self, event: ForeignEvent, systems: list[Record], impact: str) -> Record:
        """The title, where it is not the one that we would make."""
        title = self._on_one_line(event.summary, event)
        if event.cancelled:
            title = title.removeprefix(CANCELLED_MARK)
        if self._ours:
            names: list[str] = [system["name"] if "name" in system else system["id"] for system in systems]
            if title == title_in_words(names, impact):
                return {}
            if title == title_in_words(names, impact, emergency=True):
                return {"emergency": True}
        if len(title) > MAX_TITLE_CHARACTERS:
            self._say("not-kept", event.line, what=f"what a title has after {MAX_TITLE_CHARACTERS} characters")
            title = title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"
        return {"title": title} if title.strip() else {}

    def _cleaned(self, text: str | None, event: ForeignEvent) -> str | None:
        if not text:
            return None
        clean = _clean(text)
        if clean != text and _CONTROL.search(_LINE_BREAKS.sub("\n", text)):
            self._say("not-kept", event.line, what="control characters in texts")
        return clean if clean.strip() else None

    def _on_one_line(self, text: str | None, event: ForeignEvent) -> str:
        """A title, or a name that stands in titles."""
        clean = self._cleaned(text, event) or ""
        if "\n" not in clean:
            return clean
        self._say("not-kept", event.line, what="line breaks in titles and names")
        return " ".join(line.strip() for line in clean.split("\n") if line.strip())

    def _status(self, event: ForeignEvent) -> str:
        if event.cancelled:
            return "cancelled"
        return (event.maintnote and event.maintnote.status) or event.status or "confirmed"

    # what is affected

    def _affected(self, event: ForeignEvent) -> tuple[list[str], list[Any], bool]:
        """Systems and services of an event; and whether its own objects are to be kept beside them."""
        note = event.maintnote
        if self._ours and note is not None:
            return self._own_objects(event)
        system = self._system or self._proposed_system(event)
        entry = self._systems.setdefault(system, {"id": system})
        if note is None or not note.objects:
            return [system], [], False
        impact = self._impact(event)
        services: dict[str, Any] = {}
        for thing in note.objects:
            id_ = self._service(entry, thing.id)
            own = thing.impact if thing.impact and thing.impact != impact else None
            services.setdefault(id_, {"id": id_, "impact": own} if own else id_)
        if max((thing.impact or impact for thing in note.objects), key=IMPACTS.index) != impact:
            return [system], [], True  # the impact of all is none of its objects': only `maintnote` can tell that
        return [system], list(services.values()), True

    def _own_objects(self, event: ForeignEvent) -> tuple[list[str], list[Any], bool]:
        """`icms/sea-manifest` or `icms`, as our own feeds name what is affected."""
        note = event.maintnote
        assert note is not None  # noqa: S101 - for mypy; the caller has looked
        impacts = {thing.id: thing.impact for thing in note.objects}
        impact = self._usual_impact(event, self._impact(event))
        names = event.affects or tuple(impacts)
        systems = list(dict.fromkeys(name.partition("/")[0] for name in names))
        services: list[Any] = []
        for id_, title in zip(systems, event.categories[1:], strict=False):
            entry = self._systems.setdefault(id_, {"id": id_})
            if title != id_:
                entry.setdefault("name", self._on_one_line(title, event) or id_)
        for name in names:
            id_, slash, service = name.partition("/")
            if not slash:
                continue
            self._systems.setdefault(id_, {"id": id_}).setdefault("services", {}).setdefault(service, service)
            named = name if len(systems) > 1 else service
            own = impacts.get(name)
            services.append({"id": named, "impact": own} if own and own != impact else named)
        return systems, services, bool(event.affects)

    def _proposed_system(self, event: ForeignEvent) -> str:
        said = (event.maintnote and event.maintnote.provider) or self._name
        id_ = _slug(said, "system")
        self._say("system-proposed", event.line, key=id_, system=id_, read=shown(said))
        if id_ not in self._systems and said != id_ and _clean(said).strip():
            self._systems[id_] = {"id": id_, "name": self._on_one_line(said, event)}
        return id_

    def _service(self, system: Record, thing: str) -> str:
        key = system["id"], thing
        if key not in self._services:
            id_ = self._service_ids.setdefault(system["id"], _Ids()).take(_slug(thing, "service"))
            known = system.setdefault("services", {})
            known[id_] = id_ if id_ == thing else {"id": id_, "name": _clean(thing)}
            self._services[key] = id_
        return self._services[key]

    def _impact(self, event: ForeignEvent) -> str:
        note = event.maintnote
        if note and note.impact:
            return note.impact
        if note and (told := [thing.impact for thing in note.objects if thing.impact]):
            return max(told, key=IMPACTS.index)
        self._say("impact-assumed", event.line)
        return "outage"

    def _usual_impact(self, event: ForeignEvent, impact: str) -> str:
        """The impact of a window of ours, whose services may have worse ones: that of a system without services."""
        objects = event.maintnote.objects if self._ours and event.maintnote and not event.affects else ()
        return next((thing.impact for thing in objects if thing.impact and "/" not in thing.id), impact)

    def _maintnote(self, event: ForeignEvent, id_: str, keep_objects: bool) -> Record:
        """What a notification said, where it differs from what we would write."""
        note = event.maintnote
        if note is None:
            return {}
        kept: Record = {}
        for key, said, ours in (
            ("provider", note.provider, self._domain or NO_DOMAIN),
            ("account", note.account, DEFAULT_ACCOUNT),
            ("id", note.maintenance_id, id_),
        ):
            if said and said != ours and (said := self._cleaned(said, event)):
                kept[key] = said
        if keep_objects:
            kept["objects"] = [
                {"id": _clean(thing.id)} | ({"impact": thing.impact} if thing.impact else {}) for thing in note.objects
            ]
        return kept

    # who it is

    def _id_of(self, event: ForeignEvent, system: str, *, dated: bool) -> str:
        """An id for life: of the UID if a person can read it, else of the system and the day."""
        id_ = self._own_id(event) or _slug(event.uid.rpartition("@")[0] or event.uid, "window") if event.uid else ""
        day = self._zone.wall(event.start)[0].date()
        exact = self._ours or f"{id_}@{self._domain}" == event.uid
        if not exact and (not id_ or len(id_) > _MOST_ID_CHARACTERS or _MACHINE_MADE.fullmatch(id_)):
            id_ = _slug(f"{system[:80]}-{day}", "window")
        elif dated:
            id_ = f"{id_[:90]}-{day:%Y%m%d}"
        return self._ids.take(id_)

    def _own_id(self, event: ForeignEvent) -> str | None:
        """The id of a window of ours, as its address or its notification tells it."""
        if not self._ours:
            return None
        said = ((event.url or "").rpartition("#")[2], (event.maintnote and event.maintnote.maintenance_id) or "")
        local = event.uid.removesuffix(f"@{self._domain}")
        return next((id_ for id_ in (local, *said) if is_file_name(id_, "window")), None)

    def _uid_of(self, event: ForeignEvent, id_: str) -> str | None:
        """The UID to keep, where it is not the one that the id makes."""
        uid = event.uid
        if not uid:
            return None
        wrong = None
        if event.recurrence_id is not None:
            wrong = "other occurrences have it, too"
        elif "/" in uid:
            wrong = "a slash breaks some programs"
        elif len(uid) > MAX_UID_CHARACTERS or not uid.isprintable() or uid != uid.strip():
            wrong = "it is too long, or holds characters that cannot be seen"
        elif uid.casefold() in self._uids:
            wrong = "another event has it"
        if wrong:
            self._say("uid-not-kept", event.line, key=wrong, uid=shown(uid), reason=wrong)
            return None
        self._uids.add(uid.casefold())
        return uid if uid != f"{id_}@{self._domain or NO_DOMAIN}" else None

    def _revision(self, event: ForeignEvent, window: Record) -> Record:
        updated = event.last_modified or event.stamped
        if event.sequence > MAX_GIVEN_SEQUENCE:
            self._say("not-kept", event.line, what=f"a SEQUENCE over {MAX_GIVEN_SEQUENCE:,}")
        revision: Record = {"sequence": event.sequence} if 0 < event.sequence <= MAX_GIVEN_SEQUENCE else {}
        if updated is not None:
            revision["updated"] = _moment(updated, zone_named(window.get("timezone", self._zone.name)))
        return revision

    def _replace(self, windows: list[tuple[Record, ForeignEvent]]) -> None:
        """RELATED-TO names a UID, `replaces` an id."""
        ids = {event.uid: record["id"] for record, event in windows if "repeat" not in record}
        for record, event in windows:
            if event.related_to is None:
                continue
            if event.related_to in ids:
                record["replaces"] = ids[event.related_to]
            else:
                self._say("not-kept", event.line, what="RELATED-TO of an event that is not here")

    # series

    def _repeating(self, series: ForeignSeries, events: list[ForeignEvent]) -> list[tuple[Record, ForeignEvent]]:
        """One window that repeats, where its occurrences are exactly those of the series; else one for each of them."""
        window = self._as_repeat(series, events)
        how = "one window with `repeat`"
        if window is not None:
            made = [(window, events[0])]
        else:
            made = [(self._window(event, series=True), event) for event in events]
            how = f"{len(made)} windows, up to {self._until:%Y-%m-%d}"
        self._say("series-adopted", series.line, uid=shown(series.uid), how=how)
        return made

    def _as_repeat(self, series: ForeignSeries, events: list[ForeignEvent]) -> Record | None:
        plain = [event for event in events if event.line == series.line]
        if len(series.rules) != 1 or series.added or series.shifted or not plain or plain[0].start != events[0].start:
            return None
        first = plain[0]
        window = self._window(first, series=True)
        self._ids.release(window["id"])
        zone = zone_named(first.timezone) if first.timezone else self._zone
        if not series.all_day and series.length is not None:
            window.pop("end")
            window = _put_after(window, "start", "duration", duration_text(series.length))
        repeat = _rule_of(series, zone)
        days = {_day_of(event, zone): event for event in events}
        if len(days) != len(events) or repeat is None:
            return None
        changes = []
        for day, event in days.items():
            if event.line != series.line:
                change = self._change(event, first, zone)
                if change is None:
                    return None
                changes.append({"on": day, **change})
        if changes:
            repeat["changes"] = changes
        window["repeat"] = repeat
        if not self._is_exact(window, series, events, zone):
            return None
        undated = re.sub(r"[-.][0-9]{8}$", "", window["id"])
        return {**window, "id": self._ids.take(_slug(undated, "window"))}

    def _change(self, event: ForeignEvent, usual: ForeignEvent, zone: Zone) -> Record | None:
        """What is other on one day; None where `changes` cannot tell it."""
        others = replace(event, **{name: getattr(usual, name) for name in _OF_ONE_DAY})
        if others != usual or event.all_day:
            return None
        change: Record = {"start": _moment(event.start, zone), "end": _moment(event.end, zone)}
        if self._status(event) != self._status(usual):
            change["status"] = self._status(event)
        if event.summary != usual.summary and (title := self._on_one_line(event.summary, event)):
            change["title"] = title[:MAX_TITLE_CHARACTERS]
        if event.description != usual.description and (text := self._cleaned(event.description, event)):
            change["description"] = text
        return change

    def _is_exact(self, window: Record, series: ForeignSeries, events: list[ForeignEvent], zone: Zone) -> bool:
        """Whether our own laying out gives the very spans that were read; days that yield nothing are not excepted."""
        repeat = window["repeat"]
        repeat["except"] = sorted({wall.date().isoformat() for wall in series.excluded})
        for _ in range(2):
            if not repeat.get("except"):
                repeat.pop("except", None)
            try:
                made = MaintenanceWindow.model_validate(window)
                calendar = MaintenanceCalendar(name="-", domain="d.invalid", timezone=zone.name, windows=(made,))
                laid_out = expand(calendar, self._until).occurrences
            except (ValidationError, CalendarError) as error:
                idle = _idle_exceptions(error)
                if not idle:
                    return False
                repeat["except"] = [day for i, day in enumerate(repeat["except"]) if i not in idle]
                continue
            ours = [(o.start, o.end, o.window.status == "cancelled") for o in laid_out]
            return ours == sorted((event.start, event.end, event.cancelled) for event in events)
        return False

    # the words of our own feeds

    def _take_words_apart(self, windows: list[tuple[Record, ForeignEvent]]) -> None:
        """What our descriptions are made of goes back to its keys, where putting it together gives the same words."""
        for record, event in windows:
            self._learn_names(record, recorded_texts(event.description or "").affected)
        for record, event in windows:
            texts = recorded_texts(event.description or "")
            record.pop("description", None)
            record.update(texts.keys)
            if texts.all_day and (days := self._days(event)):
                record.update(days)
        encoder, made = self._encoder([record for record, _ in windows])
        for record, event in windows:
            window = made.get(record["id"])
            if window is None or not _says_the_same(encoder, window, event):
                texts = recorded_texts(event.description or "")
                for key in texts.keys:
                    if key != "contact" or not event.contact:
                        record.pop(key, None)
                if texts.rest and not texts.rest.isspace():
                    record["description"] = texts.rest
            self._forget_usual_revision(record, event)

    def _learn_names(self, record: Record, lines: tuple[str, ...]) -> None:
        """The names of a system and its services, of a window that affects one system, as its first lines tell them."""
        if "system" not in record:
            return
        entry = self._systems[record["system"]]
        title = entry.get("short") or entry.get("name") or entry["id"]
        services = record.get("services", [])
        for line in lines:
            names = names_in(line, title)
            if names is None:
                return
            if names.system != title:
                entry["name"], entry["short"] = names.system, title
            affected = [thing for thing in services if len(lines) == 1 or self._is_of(thing, line, record)]
            if len(affected) == len(names.services):
                for thing, name in zip(affected, names.services, strict=True):
                    id_ = thing if isinstance(thing, str) else thing["id"]
                    if name != id_:
                        entry["services"][id_] = {"id": id_, "name": name}
            ids = [thing for thing in services if isinstance(thing, str)]
            if names.whole and len(lines) == 1 and set(ids) == entry.get("services", {}).keys():
                entry["services"] = {id_: entry["services"][id_] for id_ in ids}  # they are told in their order
                del record["services"]

    def _is_of(self, service: Any, line: str, record: Record) -> bool:
        impact = (not isinstance(service, str) and service["impact"]) or record.get("impact", "outage")
        return line.startswith(f"{IMPACT_WORDS['en'][impact]}: ")

    def _days(self, event: ForeignEvent) -> Record | None:
        """The days of an event of whole days, where its instants are theirs."""
        first = self._zone.wall(event.start)[0].date()
        last = self._zone.wall(event.end - timedelta(seconds=1))[0].date()
        if (self._zone.first_instant(first), self._zone.first_instant(last + timedelta(days=1))) != (
            event.start,
            event.end,
        ):
            return None
        return {"start": first.isoformat(), "end": last.isoformat(), "all_day": True}

    def _encoder(self, records: list[Record]) -> tuple[EventEncoder, dict[str, MaintenanceWindow]]:
        """An encoder of the source as it is now, and the windows of it that can be made."""
        made = {}
        for record in records:
            try:
                made[record["id"]] = MaintenanceWindow.model_validate(record)
            except ValidationError:
                continue
        head = {**self.head([]), "systems": self._declared()}
        calendar = MaintenanceCalendar.model_validate(head).model_copy(update={"windows": tuple(made.values())})
        return EventEncoder(calendar), made

    def _forget_usual_revision(self, record: Record, event: ForeignEvent) -> None:
        """A first revision that says what the announcement says need not be told."""
        announced = record.get("announced")
        if announced and not event.sequence and "revision" in record and event.created == event.last_modified:
            midnight = f"{announced} 00:00" if len(announced) == 10 else announced
            if record["revision"] == {"updated": midnight}:
                del record["revision"]

    # findings

    def _count_what_is_not_kept(self) -> None:
        outer = {name: seen for name, seen in self._feed.unread.items() if not name.startswith("X-")}
        for name, seen in outer.items():
            self._say("not-kept", seen.line, times=seen.times, what=name)
        private = {name: seen for name, seen in self._feed.unread.items() if name.startswith("X-")}
        if private:
            names = sorted(private, key=lambda name: (-private[name].times, name))
            told = ", ".join(name[:40] for name in names[:3]) + (
                f" and {len(names) - 3} more" if len(names) > 3 else ""
            )
            line = min(seen.line for seen in private.values())
            self._say("not-kept", line, times=sum(seen.times for seen in private.values()), what=told)
        for event in self._feed.events:
            if event.location:
                self._say("not-kept", event.line, what="LOCATION")
            if event.organizer and not self._ours:
                self._say("not-kept", event.line, what="ORGANIZER")

    def _say(self, rule: str, line: int, *, key: str | None = None, times: int = 1, **read: object) -> None:
        """Tell something once, with how often it is so; of one rule at most twenty things."""
        whole = rule, str(read) if key is None else key
        if whole not in self._seen and sum(told == rule for told, _ in self._seen) >= _MOST_OF_A_RULE:
            whole = rule, ""  # the rest of them, as one
        if whole in self._seen:
            self._seen[whole][0] += times
        else:
            self._seen[whole] = [times, line, read]

    def findings(self) -> Iterator[Finding]:
        """What was told, in the order of the lines."""
        for (rule, _), (times, line, read) in sorted(self._seen.items(), key=lambda one: one[1][1]):
            count = f", {times:,} times" if times > 1 else ""
            yield replace(found(rule, count=count, **read), file=self._file, line=line, column=1)


def _is_ours(event: ForeignEvent) -> bool:
    """Whether an event of a feed that says it is ours has what ours have."""
    note = event.maintnote
    if note is None or not note.impact or not note.status or not event.uid or event.recurrence_id:
        return False
    names = event.affects or tuple(thing.id for thing in note.objects)
    parts = [name.partition("/") for name in names]
    fit = all(is_file_name(a, "system") and (not slash or is_file_name(b, "service")) for a, slash, b in parts)
    return bool(names) and fit and len(event.categories) > len({system for system, _, _ in parts})


def _says_the_same(encoder: EventEncoder, window: MaintenanceWindow, event: ForeignEvent) -> bool:
    """Whether the words made of a window are those of the event, but for the first line, which tells the time."""
    occurrence = Occurrence(window, event.uid, event.start, event.end)
    try:
        words = encoder.compose(occurrence).text
    except CalendarError:
        return False
    return words.partition("\n")[2] == (event.description or "").partition("\n")[2]


def _rule_of(series: ForeignSeries, zone: Zone) -> Record | None:
    """The rule, and where it ends, in a record's terms."""
    parts = dict(part.partition("=")[::2] for part in series.rules[0].upper().strip(";").split(";"))
    until, count = parts.pop("UNTIL", None), parts.pop("COUNT", None)
    repeat: Record = {"rule": ";".join(f"{name}={value}" for name, value in parts.items())}
    if count:
        repeat["count"] = int(count)
    if until and len(until) == 8:
        repeat["until"] = f"{until[:4]}-{until[4:6]}-{until[6:]}"
    elif until:
        when = datetime.strptime(until[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - made aware where it has a Z
        repeat["until"] = _moment(when.replace(tzinfo=UTC), zone) if until.endswith("Z") else when.isoformat(" ")
    return repeat


def _idle_exceptions(error: ValueError) -> set[int]:
    """The exceptions of a repeat, by number, on whose days its rule yields nothing anyway."""
    findings = error.findings if isinstance(error, CalendarError) else ()
    if isinstance(error, ValidationError):
        causes = [detail.get("ctx", {}).get("error") for detail in error.errors()]
        findings = tuple(f for cause in causes if isinstance(cause, CalendarError) for f in cause.findings)
    places = [finding.path[-3:] for finding in findings]
    if any(len(place) < 3 or place[1] != "except" for place in places):
        return set()
    return {int(place[2]) for place in places}


def _day_of(event: ForeignEvent, zone: Zone) -> str:
    return zone.wall(event.recurrence_id or event.start)[0].date().isoformat()


def _moment(instant: datetime, zone: Zone) -> str:
    """`2025-07-13 04:00` on the zone's clock, where that means this instant; else with its offset."""
    wall = zone.wall(instant)[0]
    try:
        plain = zone.instant(wall) == instant
    except CalendarError:
        plain = False
    if plain:
        return wall.isoformat(" ", "seconds" if wall.second else "minutes")
    offset = wall - instant.replace(tzinfo=None)
    minutes = round(offset / timedelta(minutes=1))
    sign = "-" if minutes < 0 else "+"
    text = (instant.replace(tzinfo=None) + timedelta(minutes=minutes)).isoformat(
        "T", "seconds" if wall.second else "minutes"
    )
    return f"{text}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _put_after(record: Record, key: str, new: str, value: object) -> Record:
    """The record with a new key after another one."""
    made: Record = {}
    for name, old in record.items():
        made[name] = old
        if name == key:
            made[new] = value
    return made


def _domain_of(feed: ForeignFeed) -> str | None:
    """The domain that most UIDs have, if it can be one's own."""
    domains = Counter(event.uid.rpartition("@")[2] for event in feed.events if "@" in event.uid)
    if not domains:
        return None
    domain, number = domains.most_common(1)[0]
    fits = is_domain(domain) and domain not in _NOT_ONES_OWN
    return domain if fits and number * 2 >= len(feed.events) else None


def _commonest(names: Iterable[str | None]) -> str | None:
    known = Counter(name for name in names if name)
    return known.most_common(1)[0][0] if known else None


def _slug(text: str, kind: str) -> str:
    """An id made of a text: small letters, digits, `.`, `_` and `-`, which no file of the site has already."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:90].strip("-._")
    while plain and not is_file_name(plain, kind):
        plain = f"{kind}-{plain}" if not plain.endswith(("-reminders", ".ics")) else f"{plain}-1"
    return plain or kind


class _Ids:
    """Ids that are taken; one that collides gets the next number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, proposed: str) -> str:
        """The proposed id, or with a number the next one that is free."""
        id_ = proposed
        while id_ in self._taken:
            self._last[proposed] = self._last.get(proposed, 1) + 1
            id_ = f"{proposed[:90]}-{self._last[proposed]}"
        self._taken.add(id_)
        return id_

    def release(self, id_: str) -> None:
        """Let another one have this id."""
        self._taken.discard(id_)


def _clean(text: str) -> str:
    """A text that a record may hold."""
    return text if text.isprintable() else _CONTROL.sub("", _LINE_BREAKS.sub("\n", text))
