"""One event of anybody's feed to a record: its id, times, texts, and what it affects.

What comes together over all events, names that are taken above all, is an `Adoption`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from icms_calendar.feed.encode import DEFAULT_ACCOUNT, PRODID
from icms_calendar.findings import CalendarError, shown
from icms_calendar.foreign.events import ForeignFeed
from icms_calendar.foreign.faults import Faults
from icms_calendar.foreign.vevent import ForeignEvent, ForeignObject
from icms_calendar.record.checks import IMPACTS, is_file_name
from icms_calendar.record.colors import COLORS
from icms_calendar.record.fields import MAX_GIVEN_SEQUENCE, MAX_TITLE_CHARACTERS, MAX_UID_CHARACTERS
from icms_calendar.record.labels import CANCELLED_MARK
from icms_calendar.record.validation import is_domain, is_url
from icms_calendar.record.zones import Zone, zone_named

Record = dict[str, Any]

NO_DOMAIN = "calendar.invalid"  # RFC 6761: nobody's
_NOT_ONES_OWN = frozenset({"google.com", "calendar.google.com", "outlook.com", "icloud.com"})
USUAL = {"status": "confirmed", "impact": "outage"}  # what a window is that does not say it
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
        self.ours = feed.prodid == PRODID
        self.name = clean(feed.name or "").strip() or wishes.name
        self.domain = wishes.domain or (None if wishes.windows_only else _domain_of(feed))
        commonest = Counter(event.timezone for event in feed.events if event.timezone).most_common(1)
        self.zone = zone_named(wishes.timezone or feed.timezone or (commonest[0][0] if commonest else "UTC"))
        self.systems: dict[str, Record] = {}
        self.ids = Ids()
        self.uids: set[str] = set()
        self._service_ids: defaultdict[str, Ids] = defaultdict(Ids)
        self.page = f"{(feed.url or '').rstrip('/')}/#"  # where the calendar's own page has a window by its id
        self.faults = Faults()

    def window(self, event: ForeignEvent, when: Record | None = None) -> Record:
        """What a record says of an event; `when` are the times of its whole series, for the first event of one."""
        affected = _affected(event, self)
        dated = event.series is not None and when is None
        id_ = _id_of(event, affected.get("system") or affected["systems"][0], self, dated=dated)
        zone, status, uid = self.zone_of(event), event.window_status, f"{id_}@{self.domain or NO_DOMAIN}"
        window: Record = {
            "id": id_,
            **affected,
            **(when or times(event.start, event.end, zone, all_day=event.all_day)),
            "timezone": zone.name,
            "status": status,
            **_texts(event, id_, self),
            "busy": bool(event.busy) and status != "cancelled",
            "maintnote": _maintnote(event, id_, self),
        }
        usual = dict(USUAL)
        alone = self.wishes.windows_only  # nobody knows the zone and the domain of the calendar that they go into
        if self.wishes.timezone or not alone:
            usual["timezone"] = self.zone.name
        if self.domain or not alone:
            usual["uid"] = uid
        if event.series is None:
            window |= {"uid": _uid_of(event, self), "revision": _revision(event, zone, self)}
        if not window.get("uid"):
            self.uids.add(uid.casefold())  # no other event may have it
        return filled(window, usual)

    def declared_systems(self) -> list[Record]:
        """The systems, with their services as a list."""
        return [declared(system, system.get("services", {}).values()) for system in self.systems.values()]

    def zone_of(self, event: ForeignEvent) -> Zone:
        """The zone on whose clock a record gives the times of an event."""
        return zone_named(event.timezone) if event.timezone else self.zone

    def declare(self, system: str, name: str, event: ForeignEvent) -> None:
        """A system, with its name if that is not its id."""
        if system not in self.systems:
            called = self.on_one_line(name, event)
            self.systems[system] = filled({"id": system, "name": called}, {"name": system})

    def affected(self, system: str, thing: str, impact: str) -> Affected:
        """A system, or the service of it that is called `thing`, and its impact; they are declared by that."""
        services = self.systems.setdefault(system, {"id": system}).setdefault("services", {})
        if thing and thing not in services:
            id_ = self._service_ids[system].take(slug(thing, "service"))
            services[thing] = {"id": id_, "name": clean(thing)}
        return Affected(system, services[thing]["id"] if thing else None, impact)

    def title(self, event: ForeignEvent) -> str:
        """The title, without our mark of what is cancelled."""
        title = self.on_one_line(event.summary, event)
        if event.cancelled:
            title = title.removeprefix(CANCELLED_MARK)
        if len(title) > MAX_TITLE_CHARACTERS:
            self.say("not-kept", event.line, what=f"what a title has after {MAX_TITLE_CHARACTERS} characters")
            title = title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"
        return title if title.strip() else ""

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


# A window


def times(start: datetime, end: datetime, zone: Zone, *, all_day: bool) -> Record:
    """Start and end on the wall clock of a zone if that gives them exactly; of whole days, the first and the last."""
    if not all_day:
        return {"start": moment_text(start, zone), "end": moment_text(end, zone)}
    first, last = zone.wall(start)[0], zone.wall(end - timedelta(seconds=1))[0]
    return {"start": first.date().isoformat(), "end": last.date().isoformat(), "all_day": True}


def _texts(event: ForeignEvent, id_: str, adoption: Adoption) -> Record:
    """Its title, description, contact, tags and color, and where it leads if not to the calendar's own page."""
    tags = (adoption.cleaned(category.strip(), event) for category in event.categories)
    url, color = event.url if event.url != f"{adoption.page}{id_}" else None, event.color
    if url and not is_url(url):
        adoption.say("not-kept", event.line, what="a URL that is not of the web")
        url = None
    if color and color not in COLORS:
        adoption.say("not-kept", event.line, what=f"the color {shown(color, 30)}")
        color = None
    return {
        "title": adoption.title(event),
        "description": (adoption.cleaned(event.description, event) or "").strip(),
        "contact": adoption.cleaned(event.contact, event),
        "tags": [tag for tag in tags if tag and tag != "Maintenance"],
        "url": url,
        "color": None if adoption.ours else color,  # ours shows the impact
    }


# What is affected


class Affected(NamedTuple):
    """A system, or a service of it, and how badly it is affected."""

    system: str
    service: str | None
    impact: str

    @staticmethod
    def record(affected: Iterable[Affected], usual: str) -> Record:
        """The keys of systems, services and impact: a service has its own only if that is another.

        The impact of the window is that of its systems as a whole, or else the `usual` one.
        """
        every = list(dict.fromkeys(affected))
        systems = list(dict.fromkeys(one.system for one in every))
        impact = max((one.impact for one in every if one.service is None), key=IMPACTS.index, default=usual)
        services: dict[str, str | Record] = {}
        for one in every:
            if one.service is not None:
                id_ = one.service if len(systems) == 1 else f"{one.system}/{one.service}"
                services.setdefault(id_, id_ if one.impact == impact else {"id": id_, "impact": one.impact})
        named = {"system": systems[0]} if len(systems) == 1 else {"systems": systems}
        return {**named, "impact": impact, "services": list(services.values())}


def _affected(event: ForeignEvent, adoption: Adoption) -> Record:
    """What an event affects, in the terms of a record."""
    objects = event.maintnote.objects if event.maintnote else ()
    impact = _impact(event, adoption)
    affected = _own_objects if adoption.ours and (event.affects or objects) else _services
    return Affected.record(affected(event, objects, impact, adoption), impact)


def _services(
    event: ForeignEvent, objects: tuple[ForeignObject, ...], impact: str, adoption: Adoption
) -> Iterator[Affected]:
    """The objects of a notification as services of one system."""
    system = adoption.wishes.system or _proposed_system(event, adoption)
    worst = max((thing.impact or impact for thing in objects), key=IMPACTS.index, default=impact)
    if not objects or IMPACTS.index(worst) < IMPACTS.index(impact):  # no object has the impact of all
        yield adoption.affected(system, "", impact)
        return
    if worst != impact:
        adoption.say("not-kept", event.line, what="an impact of an event that is milder than that of its objects")
    for one in objects:
        yield adoption.affected(system, one.id, one.impact or impact)


def _own_objects(
    event: ForeignEvent, objects: tuple[ForeignObject, ...], impact: str, adoption: Adoption
) -> Iterator[Affected]:
    """What our own feeds name as `icms/sea-manifest` or `icms`, and the systems with their names in CATEGORIES."""
    impacts = {thing.id: thing.impact for thing in objects}
    names = {name: name.partition("/") for name in event.affects or impacts}
    titles = zip(dict.fromkeys(system for system, _, _ in names.values()), event.categories[1:], strict=False)
    for system, title in titles:
        adoption.declare(slug(system, "system"), title, event)
    for name, (system, _, service) in names.items():
        yield adoption.affected(slug(system, "system"), service, impacts.get(name) or impact)


def _proposed_system(event: ForeignEvent, adoption: Adoption) -> str:
    said = (event.maintnote and event.maintnote.provider) or adoption.name
    id_ = slug(said, "system")
    what = f'events that name no system are taken to be of "{id_}", for {shown(said)}'
    adoption.say("left-unsaid", event.line, what=what, remedy="Say which with --system")
    adoption.declare(id_, said, event)
    return id_


def _impact(event: ForeignEvent, adoption: Adoption) -> str:
    note = event.maintnote
    if note and note.impact:
        return note.impact
    if note and (told := [thing.impact for thing in note.objects if thing.impact]):
        return max(told, key=IMPACTS.index)
    what = "an event that does not state its impact is treated as an outage"
    adoption.say("left-unsaid", event.line, what=what, remedy="Write its impact if that is wrong")
    return "outage"


def _maintnote(event: ForeignEvent, id_: str, adoption: Adoption) -> Record:
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
    if event.affects or not adoption.ours:  # our own are made of what is affected
        kept["objects"] = [filled({"id": clean(thing.id), "impact": thing.impact}) for thing in note.objects]
    return filled(kept)


# Who it is


def _id_of(event: ForeignEvent, system: str, adoption: Adoption, *, dated: bool) -> str:
    """An id for life: of the UID or the address if a person can read it, else of the system and the day."""
    id_, day = _readable_id(event, adoption), adoption.zone.wall(event.start)[0].date()
    if not id_:
        id_ = slug(f"{system[:80]}-{day}", "window")
    elif dated:
        id_ = f"{id_[:90]}-{day:%Y%m%d}"
    return adoption.ids.take(id_)


def _readable_id(event: ForeignEvent, adoption: Adoption) -> str | None:
    local, _, domain = event.uid.rpartition("@")
    if domain == adoption.domain and is_file_name(local, "window"):
        return local
    at_page = (event.url or "").removeprefix(adoption.page)
    if at_page != event.url and is_file_name(at_page, "window"):
        return at_page
    id_ = slug(local or event.uid, "window") if event.uid else ""
    return None if len(id_) > _MOST_ID_CHARACTERS or _MACHINE_MADE.fullmatch(id_) else id_


def _uid_of(event: ForeignEvent, adoption: Adoption) -> str | None:
    """The UID, if a record can keep it."""
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
    return uid


def _revision(event: ForeignEvent, zone: Zone, adoption: Adoption) -> Record:
    updated = event.last_modified or event.stamped
    if event.sequence > MAX_GIVEN_SEQUENCE:
        adoption.say("not-kept", event.line, what=f"a SEQUENCE over {MAX_GIVEN_SEQUENCE:,}")
    sequence = event.sequence if 0 < event.sequence <= MAX_GIVEN_SEQUENCE else None
    return filled({"sequence": sequence, "updated": updated and moment_text(updated, zone)})


# Words


def filled(table: Record, usual: Mapping[str, object] | None = None) -> Record:
    """A table without the keys that have nothing, or what they have anyway."""
    return {key: value for key, value in table.items() if value and not (usual and usual.get(key) == value)}


def declared(system: Record, services: Iterable[Record]) -> Record:
    """A system with its services; a service that is called as its id, by that alone."""
    named = [one["id"] if one["id"] == one.get("name") else filled(one) for one in services]
    return filled({**system, "services": named})


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
    minutes = round((wall - instant.replace(tzinfo=None)) / timedelta(minutes=1))
    return instant.astimezone(timezone(timedelta(minutes=minutes))).isoformat("T", to)


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
