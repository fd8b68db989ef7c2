"""What changed in an event between two feeds: the kind of change, the states before and after, and the texts.

command/report.py prints changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from icms_calendar.feed.addresses import AddressChanges
from icms_calendar.feed.decode import EventDecoder, PublishedEvent
from icms_calendar.feed.event import AffectedObject, Event
from icms_calendar.findings import Finding
from icms_calendar.record.labels import LABELS
from icms_calendar.record.zones import zone_named

Kind = Literal[
    "added", "moved", "extended", "shortened", "cancelled", "reinstated", "status", "affected", "impact", "reworded",
    "ended", "vanished",
]  # fmt: skip


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
    start: datetime  # by which changes are sorted
    before: Event | None
    after: Event | None
    reworded: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

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


def change(kind: Kind, before: Event | None, after: Event | None, *texts: tuple[str, ...]) -> Change:
    """The change of an event of which one form may be missing; `texts` are those reworded, and the feeds left."""
    event = after or before
    assert event is not None  # noqa: S101 - for mypy: one of the two always exists
    return Change(kind, event.uid, event.id, event.title, event.zone.name, event.start, before, after, *texts)


def change_of(before: Event, after: Event) -> Change:
    """The change from a published event to its present form."""
    known = {feed.id for feed in before.past.left}
    left = tuple(feed.name for feed in after.past.left if feed.id not in known)
    return change(_kind(before, after), before, after, _reworded(before, after), left)


def changes_between(
    before: Iterable[PublishedEvent], after: Iterable[PublishedEvent], timezone: str, now: datetime
) -> tuple[Change, ...]:
    """The changes from one feed to another, by start, then by UID; `timezone` is that of the later feed.

    An event that the later feed does not have has ended, or at `now` has vanished before its end.
    """
    decoder = EventDecoder(zone_named(timezone))
    changes = []
    were, are = ({each.uid: each for each in events} for events in (before, after))
    for uid in dict.fromkeys([*were, *are]):
        old, new = were.get(uid), are.get(uid)
        if old and new:
            if old.content != new.content:
                changes.append(change_of(decoder.event(old), decoder.event(new)))
        elif new:
            changes.append(change("added", None, decoder.event(new)))
        elif old:
            changes.append(change("vanished" if old.end > now else "ended", decoder.event(old), None))
    return in_order(changes)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes by start, then by UID."""
    return tuple(sorted(changes, key=lambda change: (change.start, change.uid)))


def _kind(before: Event, after: Event) -> Kind:
    if after.status != before.status and "cancelled" in (after.status, before.status):
        return "cancelled" if after.status == "cancelled" else "reinstated"
    if after.start != before.start:
        return "moved"
    if after.end != before.end:
        return "extended" if after.end > before.end else "shortened"
    if after.status != before.status:
        return "status"
    if set(after.systems) != set(before.systems):
        return "affected"
    if (after.impact, set(after.affected)) != (before.impact, set(before.affected)):
        return "impact"
    return "reworded"


_TEXTS = {"title": "title", "url": "address", "tags": "tags"}


def _reworded(before: Event, after: Event) -> tuple[str, ...]:
    """Which texts differ: those that an event has by itself, and within its text the labels of lines."""
    names = [word for name, word in _TEXTS.items() if getattr(before, name) != getattr(after, name)]
    told, telling = _labelled(before.text), _labelled(after.text)
    return (*names, *(name for name in dict.fromkeys([*told, *telling]) if told.get(name) != telling.get(name)))


def _labelled(description: str) -> dict[str, str]:
    """The texts of a DESCRIPTION by the keys of their labels; a paragraph without a label is `description`."""
    texts: dict[str, str] = {}
    for paragraph in description.split("\n\n")[2:]:  # after the time, and what is affected
        for line in paragraph.split("\n"):
            name = _LABELS.get(line.partition(": ")[0], "description")
            texts[name] = texts.get(name, "") + line
    return {name: text for name, text in texts.items() if name not in ("more", "no_longer_in")}  # not of the record


_LABELS = {words: name for labels in LABELS.values() for name, words in labels.items()}


def _beside(one: Event | None, other: Event | None) -> tuple[AffectedObject, ...]:
    if one is None or other is None:
        return ()
    ids = {each.id for each in other.affected}
    return tuple(each for each in one.affected if each.id not in ids)
