"""One event of anybody's feed to a record: its id, times, texts, and what it affects.

What comes together over all events, names that are taken above all, is an `Adoption`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icms_calendar.feed.encode import PRODID
from icms_calendar.feed.maintnote import DEFAULT_ACCOUNT
from icms_calendar.findings import CalendarError, shown
from icms_calendar.foreign.events import ForeignFeed
from icms_calendar.foreign.faults import Faults
from icms_calendar.foreign.vevent import ForeignEvent
from icms_calendar.record.checks import IMPACTS, is_file_name
from icms_calendar.record.colors import COLORS
from icms_calendar.record.fields import (
    MAX_GIVEN_SEQUENCE,
    MAX_TITLE_CHARACTERS,
    MAX_UID_CHARACTERS,
    is_domain,
    is_url,
)
from icms_calendar.record.labels import CANCELLED_MARK
from icms_calendar.record.zones import Zone, zone_named

Record = dict[str, Any]

NO_DOMAIN = "calendar.invalid"  # RFC 6761: nobody's
_NOT_ONES_OWN = frozenset({"google.com", "calendar.google.com", "outlook.com", "icloud.com"})
_MOST_ID_CHARACTERS = 40  # a longer one is a number that no person reads
_MACHINE_MADE = re.compile(r"[0-9a-f-]{24,}|[0-9a-z]{26}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wants of an import; each goes before what the file says.

    `name` is for a calendar without one, `system` for events that name none. With `windows_only` the source has no
    head, so that it can go into the folder of another calendar.
    """

    name: str
    domain: str | None = None
    timezone: str | None = None
    system: str | None = None
    windows_only: bool = False


class Adoption:
    """What comes together while events are gone through: names that are taken, systems, and what is to be said."""

    def __init__(self, feed: ForeignFeed, until: datetime, wishes: Wishes) -> None:
        self.feed = feed
        self.until = until
        self.wishes = wishes
        self.ours = feed.prodid == PRODID and not feed.series and all(map(_is_ours, feed.events))
        self.name = clean(feed.name or "").strip() or wishes.name
        self.domain = wishes.domain or (None if wishes.windows_only else _domain_of(feed))
        told = wishes.timezone or feed.timezone or _commonest(event.timezone for event in feed.events)
        self.zone = zone_named(told or "UTC")
        self.systems: dict[str, Record] = {}
        self.ids = Ids()
        self.uids: set[str] = set()
        self._services: dict[tuple[str, str], str] = {}
        self._service_ids: dict[str, Ids] = {}
        self.faults = Faults()

    @property
    def says_each_zone(self) -> bool:
        """Whether each window names its zone, since nobody knows that of the calendar."""
        return self.wishes.windows_only and not self.wishes.timezone

    def declared_systems(self) -> list[Record]:
        """The systems, with their services as a list."""
        systems = self.systems.values()
        return [{**one, "services": list(one["services"].values())} if "services" in one else one for one in systems]

    def reserve(self, id_: str) -> None:
        """Let no other event have the UID that an id makes."""
        self.uids.add(f"{id_}@{self.domain or NO_DOMAIN}".casefold())

    def service(self, system: Record, thing: str) -> str:
        """The id of a service, which is called `thing`."""
        key = system["id"], thing
        if key not in self._services:
            id_ = self._service_ids.setdefault(system["id"], Ids()).take(slug(thing, "service"))
            known = system.setdefault("services", {})
            known[id_] = id_ if id_ == thing else {"id": id_, "name": clean(thing)}
            self._services[key] = id_
        return self._services[key]

    def cleaned(self, text: str | None, event: ForeignEvent) -> str | None:
        """A text that a record may hold, if anything of it can be seen."""
        if not text:
            return None
        plain = clean(text)
        if plain != text and _CONTROL.search(_LINE_BREAKS.sub("\n", text)):
            self.say("not-kept", event.line, what="control characters in texts")
        return plain if plain.strip() else None

    def on_one_line(self, text: str | None, event: ForeignEvent) -> str:
        """A title, or a name that is part of titles."""
        plain = self.cleaned(text, event) or ""
        if "\n" not in plain:
            return plain
        self.say("not-kept", event.line, what="line breaks in titles and names")
        return " ".join(line.strip() for line in plain.split("\n") if line.strip())

    def say(self, rule: str, line: int, *, key: str | None = None, times: int = 1, **read: object) -> None:
        """Report something of a line, once for all that have the same `key`."""
        self.faults.say(rule, line, str(read) if key is None else key, times=times, **read)


class Ids:
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


# A window


def window_of(event: ForeignEvent, adoption: Adoption, *, series: bool = False) -> Record:
    """What a record says of an event; `series` if it is an occurrence of one."""
    system, services, keep_objects = _affected(event, adoption)
    id_ = _id_of(event, system[0], adoption, dated=series)
    uid = None if series else _uid_of(event, id_, adoption)
    if uid is None:
        adoption.reserve(id_)
    status, impact = status_of(event), _impact_of_system(event, adoption)
    window: Record = {
        "id": id_,
        "uid": uid,
        **affected_systems(system),
        **_when(event, adoption),
        "status": status if status != "confirmed" else None,
        "impact": impact if impact != "outage" else None,
        "services": services,
        **_texts(event, id_, adoption),
        "busy": bool(event.busy) and status != "cancelled",
        "color": event.color if event.color in COLORS and not adoption.ours else None,
        "maintnote": _maintnote(event, id_, adoption, keep_objects=keep_objects),
    }
    if event.color and event.color not in COLORS and not adoption.ours:
        adoption.say("not-kept", event.line, what=f"the color {shown(event.color, 30)}")
    return filled(window if series else window | {"revision": _revision(event, window, adoption)})


def _when(event: ForeignEvent, adoption: Adoption) -> Record:
    """Its times, on the wall clock of its zone if that gives them exactly."""
    zone = zone_named(event.timezone) if event.timezone else adoption.zone
    own = {"timezone": zone.name} if zone is not adoption.zone or adoption.says_each_zone else {}
    if event.all_day:
        first = zone.wall(event.start)[0].date()
        last = zone.wall(event.end - timedelta(seconds=1))[0].date()
        return {"start": first.isoformat(), "end": last.isoformat(), "all_day": True, **own}
    return {"start": moment_text(event.start, zone), "end": moment_text(event.end, zone), **own}


def _texts(event: ForeignEvent, id_: str, adoption: Adoption) -> Record:
    """Its title, description, contact and tags, and where it leads."""
    url = event.url
    usual = f"{(adoption.feed.url or '').rstrip('/')}/#{id_}" if adoption.ours else None
    if url and url != usual and not is_url(url):
        adoption.say("not-kept", event.line, what="a URL that is not of the web")
    categories = [category.strip() for category in event.categories if category.strip() != "Maintenance"]
    return {
        "title": title_of(event, adoption),
        "description": (adoption.cleaned(event.description, event) or "").strip(),
        "contact": adoption.cleaned(event.contact, event),
        "tags": [tag for tag in (adoption.cleaned(category, event) for category in categories) if tag],
        "url": url if url and url != usual and is_url(url) else None,
    }


def title_of(event: ForeignEvent, adoption: Adoption) -> str:
    """The title, without our mark of what is cancelled."""
    title = adoption.on_one_line(event.summary, event)
    if event.cancelled:
        title = title.removeprefix(CANCELLED_MARK)
    if len(title) > MAX_TITLE_CHARACTERS:
        adoption.say("not-kept", event.line, what=f"what a title has after {MAX_TITLE_CHARACTERS} characters")
        title = title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"
    return title if title.strip() else ""


def status_of(event: ForeignEvent) -> str:
    """The status of a window; one that is called cancelled by half of the event only is not."""
    if event.cancelled:
        return "cancelled"
    told = ((event.maintnote and event.maintnote.status), event.status)
    return next((status for status in told if status and status != "cancelled"), "confirmed")


# What is affected


def _affected(event: ForeignEvent, adoption: Adoption) -> tuple[list[str], list[Any], bool]:
    """Systems and services of an event; and whether its own objects are to be kept beside them."""
    note = event.maintnote
    if adoption.ours and note is not None:
        return _own_objects(event, adoption)
    system = adoption.wishes.system or _proposed_system(event, adoption)
    entry = adoption.systems.setdefault(system, {"id": system})
    if note is None or not note.objects:
        return [system], [], False
    impact = _impact(event, adoption)
    services: dict[str, Any] = {}
    for thing in note.objects:
        id_ = adoption.service(entry, thing.id)
        own = thing.impact if thing.impact and thing.impact != impact else None
        services.setdefault(id_, {"id": id_, "impact": own} if own else id_)
    worst = max((thing.impact or impact for thing in note.objects), key=IMPACTS.index)
    if IMPACTS.index(worst) < IMPACTS.index(impact):
        return [system], [], True  # no object has the impact of all: only `maintnote` can keep that
    if worst != impact:
        adoption.say("not-kept", event.line, what="an impact of an event that is milder than that of its objects")
    return [system], list(services.values()), True


def _own_objects(event: ForeignEvent, adoption: Adoption) -> tuple[list[str], list[Any], bool]:
    """`icms/sea-manifest` or `icms`, as our own feeds name what is affected."""
    impacts = {thing.id: thing.impact for thing in event.maintnote.objects} if event.maintnote else {}
    impact = _impact_of_system(event, adoption)
    names = event.affects or tuple(impacts)
    systems = list(dict.fromkeys(name.partition("/")[0] for name in names))
    services: list[Any] = []
    for id_, title in zip(systems, event.categories[1:], strict=False):
        entry = adoption.systems.setdefault(id_, {"id": id_})
        if title != id_:
            entry.setdefault("name", adoption.on_one_line(title, event) or id_)
    for name in names:
        id_, slash, service = name.partition("/")
        if not slash:
            continue
        adoption.systems.setdefault(id_, {"id": id_}).setdefault("services", {}).setdefault(service, service)
        named = name if len(systems) > 1 else service
        own = impacts.get(name)
        services.append({"id": named, "impact": own} if own and own != impact else named)
    return systems, services, bool(event.affects)


def _proposed_system(event: ForeignEvent, adoption: Adoption) -> str:
    said = (event.maintnote and event.maintnote.provider) or adoption.name
    id_ = slug(said, "system")
    adoption.say("system-proposed", event.line, key=id_, system=id_, read=shown(said))
    if id_ not in adoption.systems and said != id_ and clean(said).strip():
        adoption.systems[id_] = {"id": id_, "name": adoption.on_one_line(said, event)}
    return id_


def _impact(event: ForeignEvent, adoption: Adoption) -> str:
    note = event.maintnote
    if note and note.impact:
        return note.impact
    if note and (told := [thing.impact for thing in note.objects if thing.impact]):
        return max(told, key=IMPACTS.index)
    adoption.say("impact-assumed", event.line)
    return "outage"


def _impact_of_system(event: ForeignEvent, adoption: Adoption) -> str:
    """The impact that a window has for what has none of its own: in ours, that of a system without services."""
    impact = _impact(event, adoption)
    objects = event.maintnote.objects if adoption.ours and event.maintnote and not event.affects else ()
    return next((thing.impact for thing in objects if thing.impact and "/" not in thing.id), impact)


def _maintnote(event: ForeignEvent, id_: str, adoption: Adoption, *, keep_objects: bool) -> Record:
    """What a notification said, if it differs from what we would write."""
    note = event.maintnote
    if note is None:
        return {}
    unknown = adoption.wishes.windows_only and not adoption.domain
    told = {
        "provider": (note.provider, "" if unknown else adoption.domain or NO_DOMAIN),
        "account": (note.account, DEFAULT_ACCOUNT),
        "id": (note.maintenance_id, id_),
    }
    kept: Record = {key: adoption.cleaned(said, event) for key, (said, ours) in told.items() if said != ours}
    if keep_objects:
        kept["objects"] = [filled({"id": clean(thing.id), "impact": thing.impact}) for thing in note.objects]
    return filled(kept)


# Who it is


def _id_of(event: ForeignEvent, system: str, adoption: Adoption, *, dated: bool) -> str:
    """An id for life: of the UID if a person can read it, else of the system and the day."""
    own = _own_id(event, adoption) if adoption.ours else None
    id_ = own or (slug(event.uid.rpartition("@")[0] or event.uid, "window") if event.uid else "")
    day = adoption.zone.wall(event.start)[0].date()
    exact = own is not None or f"{id_}@{adoption.domain}" == event.uid
    if not exact and (not id_ or len(id_) > _MOST_ID_CHARACTERS or _MACHINE_MADE.fullmatch(id_)):
        id_ = slug(f"{system[:80]}-{day}", "window")
    elif dated:
        id_ = f"{id_[:90]}-{day:%Y%m%d}"
    return adoption.ids.take(id_)


def _own_id(event: ForeignEvent, adoption: Adoption) -> str | None:
    """The id of a window of icms-calendar, by its UID, its address or its notification."""
    said = ((event.url or "").rpartition("#")[2], (event.maintnote and event.maintnote.maintenance_id) or "")
    local = event.uid.removesuffix(f"@{adoption.domain}")
    return next((id_ for id_ in (local, *said) if is_file_name(id_, "window")), None)


def _uid_of(event: ForeignEvent, id_: str, adoption: Adoption) -> str | None:
    """The UID to keep, if it is not the one that the id makes."""
    uid = event.uid
    if not uid:
        return None
    wrong = None
    if event.recurrence_id is not None:
        wrong = "other occurrences also have it"
    elif "/" in uid:
        wrong = "a slash breaks some programs"
    elif len(uid) > MAX_UID_CHARACTERS or not uid.isprintable() or uid != uid.strip():
        wrong = "it is too long, or holds characters that cannot be seen"
    elif uid.casefold() in adoption.uids:
        wrong = "another event has it"
    if wrong:
        adoption.say("uid-not-kept", event.line, key=wrong, uid=shown(uid), reason=wrong)
        return None
    adoption.uids.add(uid.casefold())
    usual = f"{id_}@{adoption.domain or NO_DOMAIN}"
    return uid if uid != usual or (adoption.wishes.windows_only and not adoption.domain) else None


def _revision(event: ForeignEvent, window: Record, adoption: Adoption) -> Record:
    updated = event.last_modified or event.stamped
    if event.sequence > MAX_GIVEN_SEQUENCE:
        adoption.say("not-kept", event.line, what=f"a SEQUENCE over {MAX_GIVEN_SEQUENCE:,}")
    zone = zone_named(window.get("timezone", adoption.zone.name))
    return filled(
        {
            "sequence": event.sequence if 0 < event.sequence <= MAX_GIVEN_SEQUENCE else None,
            "updated": moment_text(updated, zone) if updated else None,
        }
    )


def _is_ours(event: ForeignEvent) -> bool:
    """Whether an event of a feed that says it is ours has what ours have."""
    note = event.maintnote
    if note is None or not note.impact or not note.status or not event.uid or event.recurrence_id:
        return False
    names = event.affects or tuple(thing.id for thing in note.objects)
    parts = [name.partition("/") for name in names]
    fit = all(is_file_name(a, "system") and (not slash or is_file_name(b, "service")) for a, slash, b in parts)
    return bool(names) and fit and len(event.categories) > len({system for system, _, _ in parts})


# Words


def filled(table: Record) -> Record:
    """A table without the keys that have nothing."""
    return {key: value for key, value in table.items() if value}


def affected_systems(systems: list[str]) -> Record:
    """The key of one system, or of several."""
    return {"system": systems[0]} if len(systems) == 1 else {"systems": systems}


def moment_text(instant: datetime, zone: Zone) -> str:
    """`2025-07-13 04:00` on the zone's clock, if that means this instant; else with its offset."""
    wall = zone.wall(instant)[0]
    to = "seconds" if wall.second else "minutes"
    try:
        plain = zone.instant(wall) == instant
    except CalendarError:
        plain = False
    if plain:
        return wall.isoformat(" ", to)
    offset = wall - instant.replace(tzinfo=None)
    minutes = round(offset / timedelta(minutes=1))
    sign = "-" if minutes < 0 else "+"
    text = (instant.replace(tzinfo=None) + timedelta(minutes=minutes)).isoformat("T", to)
    return f"{text}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def slug(text: str, kind: str) -> str:
    """An id made of a text: small letters, digits, `.`, `_` and `-`, which no file of the site has already."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:90].strip("-._")
    while plain and not is_file_name(plain, kind):
        plain = f"{kind}-{plain}" if not plain.endswith(("-reminders", ".ics")) else f"{plain}-1"
    return plain or kind


def clean(text: str) -> str:
    """A text that a record may hold."""
    return text if text.isprintable() else _CONTROL.sub("", _LINE_BREAKS.sub("\n", text))


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
