"""What changed in an event between two feeds: the kind of change, the states before and after, and the texts.

command/report.py prints changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple

from icms_calendar.feed.addresses import AddressChanges
from icms_calendar.feed.decode import PublishedEvent
from icms_calendar.feed.event import AffectedObject, Event
from icms_calendar.findings import Finding
from icms_calendar.record.labels import LABELS
from icms_calendar.record.model import MaintenanceCalendar

Kind = Literal[
    "added", "moved", "extended", "shortened", "cancelled", "reinstated", "status", "affected", "impact", "reworded",
    "ended", "vanished",
]  # fmt: skip


class Shown(NamedTuple):
    """What a subscriber sees of an event, as far as changes depend on it. Instants are in UTC."""

    start: datetime
    end: datetime
    status: str
    impact: str = ""
    affected: tuple[AffectedObject, ...] = ()


class Change(NamedTuple):
    """What changed in one event between two feeds; `before` is None if it is new, `after` if it has left.

    `reworded` names the texts that differ: `title`, or a label such as `reason`. `left` names the calendar's own
    feeds that it was in before and is not in now.
    """

    kind: Kind
    uid: str
    window_id: str
    title: str
    timezone: str
    before: Shown | None
    after: Shown | None
    reworded: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def start(self) -> datetime:
        """The start by which changes are sorted."""
        state = self.after or self.before
        assert state is not None  # noqa: S101 - for mypy: one of the two always exists
        return state.start

    @property
    def no_longer_affects(self) -> tuple[AffectedObject, ...]:
        """What it affected before and no longer affects."""
        return _beside(self.before, self.after)

    @property
    def also_affects(self) -> tuple[AffectedObject, ...]:
        """What it affects now and did not affect before."""
        return _beside(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Changes:
    """What subscribers would see change since the previous feed: windows, by start, then by UID, and addresses.

    `stops` are the errors for which a build would publish nothing; `findings` are warnings about the previous feed.
    `is_reworded` says that 0.1.0 wrote that feed, so its events get another wording, which is not a change.
    """

    windows: tuple[Change, ...]
    addresses: AddressChanges = field(default_factory=AddressChanges)
    stops: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_reworded: bool = False


def added(event: Event) -> Change:
    """The change that brings a new event."""
    return Change("added", event.uid, event.id, event.title, event.zone.name, None, _shown(event))


def ended(published: PublishedEvent, calendar: MaintenanceCalendar) -> Change:
    """The change that removes an event that is over."""
    before = Shown(published.start, published.end, published.status)
    id_ = published.uid.removesuffix(f"@{calendar.domain}")
    return Change("ended", published.uid, id_, published.title, calendar.timezone, before, None)


def change_of(published: PublishedEvent, event: Event, names: Mapping[str, str], renamed: Mapping[str, str]) -> Change:
    """The change from a published event to its present form. `names` are those of objects; `renamed` maps old ids."""
    before, after = _published(published, names, renamed), _shown(event)
    texts = _reworded(published, replace(published, vevent=event.vevent))
    known = {renamed.get(id_, id_) for id_ in published.left}
    left = tuple(feed.name for feed in event.past.left if feed.id not in known)
    return Change(_kind(before, after), event.uid, event.id, event.title, event.zone.name, before, after, texts, left)


def changes_between(
    before: Iterable[PublishedEvent], after: Iterable[PublishedEvent], timezone: str, now: datetime
) -> tuple[Change, ...]:
    """The changes from one feed to another, by start, then by UID; `timezone` is that of the later feed.

    An event that the later feed does not have has ended, or at `now` has vanished before its end.
    """
    changes = _differences({each.uid: each for each in before}, {each.uid: each for each in after}, timezone, now)
    return tuple(sorted(changes, key=lambda change: (change.start, change.uid)))


def _differences(
    before: Mapping[str, PublishedEvent], after: Mapping[str, PublishedEvent], timezone: str, now: datetime
) -> Iterator[Change]:
    for uid in dict.fromkeys([*before, *after]):
        old, new = before.get(uid), after.get(uid)
        event = new or old
        if event is None or (old and new and _without_stamps(old) == _without_stamps(new)):
            continue
        was, now_is = (_published(each, {}, {}) if each else None for each in (old, new))
        kind: Kind = "added" if new else "vanished" if event.end > now else "ended"
        if was and now_is:
            kind = _kind(was, now_is)
        texts = _reworded(old, new) if old and new else ()
        yield Change(kind, uid, uid.rpartition("@")[0], event.title, timezone, was, now_is, texts)


_STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE")


def _without_stamps(event: PublishedEvent) -> list[tuple[str, str]]:
    return [(name, value) for name, value in event.properties() if name not in _STAMPS]


def _kind(before: Shown, after: Shown) -> Kind:
    if after.status != before.status and "cancelled" in (after.status, before.status):
        return "cancelled" if after.status == "cancelled" else "reinstated"
    if after.start != before.start:
        return "moved"
    if after.end != before.end:
        return "extended" if after.end > before.end else "shortened"
    if after.status != before.status:
        return "status"
    if _systems(before) != _systems(after):
        return "affected"
    if (after.impact, set(after.affected)) != (before.impact, set(before.affected)):
        return "impact"
    return "reworded"


_TEXT_PROPERTIES = {"SUMMARY": "title", "CONTACT": "contact", "URL": "address", "CATEGORIES": "tags"}


def _reworded(before: PublishedEvent, after: PublishedEvent) -> tuple[str, ...]:
    """Which texts differ: by property, and within the DESCRIPTION by the label of its lines."""
    old, new = dict(before.properties()), dict(after.properties())
    names = [word for name, word in _TEXT_PROPERTIES.items() if old.get(name) != new.get(name)]
    if before.title == after.title and "title" in names:  # only the mark of a cancelled event differs
        names.remove("title")
    told, telling = _labelled(before.text("DESCRIPTION")), _labelled(after.text("DESCRIPTION"))
    names += [name for name in dict.fromkeys([*told, *telling]) if told.get(name) != telling.get(name)]
    return tuple(dict.fromkeys(names))


def _labelled(description: str) -> dict[str, str]:
    """The texts of a DESCRIPTION by the keys of their labels; a paragraph without a label is `description`."""
    texts: dict[str, str] = {}
    for paragraph in description.split("\n\n")[2:]:  # after the time, and what is affected
        for line in paragraph.split("\n"):
            texts.setdefault(_LABELS.get(line.partition(": ")[0], "description"), "")
            texts[_LABELS.get(line.partition(": ")[0], "description")] += line
    for name in ("more", "no_longer_in"):  # not of the record
        texts.pop(name, None)
    return texts


_LABELS = {words: name for labels in LABELS.values() for name, words in labels.items()}


def _published(event: PublishedEvent, names: Mapping[str, str], renamed: Mapping[str, str]) -> Shown:
    impacts = event.object_impacts
    impact = event.text("X-MAINTNOTE-IMPACT").lower()
    ids = [(old, renamed.get(old, old)) for old in event.objects]
    objects = tuple(AffectedObject(id_, names.get(id_, id_), impacts.get(old, impact)) for old, id_ in ids)
    return Shown(event.start, event.end, event.status, impact, objects)


def _shown(event: Event) -> Shown:
    return Shown(event.start, event.end, event.status, event.impact, event.affected)


def _beside(one: Shown | None, other: Shown | None) -> tuple[AffectedObject, ...]:
    if one is None or other is None:
        return ()
    ids = {each.id for each in other.affected}
    return tuple(each for each in one.affected if each.id not in ids)


def _systems(state: Shown) -> set[str]:
    return {each.id.partition("/")[0] for each in state.affected}
