"""One published event, with everything that is shown of it, and its state at an instant.

encode.py composes its bytes; revise.py decides its revision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

from icms_calendar.record.fields import FeedSpec
from icms_calendar.record.labels import Language
from icms_calendar.record.model import MaintenanceWindow
from icms_calendar.record.select import passes, services_of
from icms_calendar.record.zones import Zone

State = Literal["planned", "under-way", "over", "cancelled"]
Span = tuple[datetime, datetime]


class Revision(NamedTuple):
    """How often an event changed significantly, and when; instants in UTC, in whole seconds.

    DTSTAMP always equals LAST-MODIFIED: in a feed, an event is made at no other moment.
    """

    sequence: int
    created: datetime
    last_modified: datetime


class AffectedObject(NamedTuple):
    """A system, or one of its services, that an event affects."""

    id: str  # the OBJECT-ID of the BCOP: `icms/sea-manifest`, or `icms`
    name: str
    impact: str


class Details(NamedTuple):
    """What a record says besides time and title, with nothing known: so is an event only the previous feed has."""

    all_day: bool | None = None
    emergency: bool | None = None
    description: str | None = None
    reason: str | None = None
    fallback: str | None = None
    notice: str | None = None
    reference: str | None = None
    contact: str | None = None
    channels: Mapping[str, str] = MappingProxyType({})
    audience: tuple[str, ...] = ()
    source: str | None = None
    announced: date | datetime | None = None
    replaces: str | None = None


class Past(NamedTuple):
    """What an event was when it was published before, and is not any more.

    `moved_from` is the span before its start last changed; `no_longer`, what it affected; `left`, the calendar's own
    feeds that it was in.
    """

    moved_from: Span | None = None
    no_longer: tuple[AffectedObject, ...] = ()
    left: tuple[FeedSpec, ...] = ()


NO_PAST = Past()
_UNKNOWN = Details()


class Event(NamedTuple):
    """An occurrence as published. Instants are in UTC.

    `window` is what the records say of it, None for an event known only from the previous feed. `title` is the SUMMARY
    without the mark of a cancelled event; `own_title` is None for a title made from systems and impact. `text` is the
    DESCRIPTION; `texts` has its text in each language.
    """

    uid: str
    id: str
    title: str
    own_title: str | None
    start: datetime
    end: datetime
    past: Past
    zone: Zone
    status: str
    impact: str
    systems: tuple[str, ...]
    affected: tuple[AffectedObject, ...]
    tags: tuple[str, ...]
    window: MaintenanceWindow | None
    text: str
    texts: Mapping[Language, str]
    url: str | None
    revision: Revision
    vevent: bytes

    @property
    def details(self) -> MaintenanceWindow | Details:
        """What the record says besides time and title."""
        return self.window or _UNKNOWN

    @property
    def object_ids(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.affected)

    @property
    def takes_place(self) -> bool:
        """Whether it is neither cancelled nor reported as completed."""
        return self.status not in ("cancelled", "completed")

    def is_in(self, feed: FeedSpec, audience: Collection[str] | None = None, status: str | None = None) -> bool:
        """Whether the event belongs in one of the calendar's own feeds.

        The audience and status that an event had in the records are unknown when it has left them, unless they are
        given, and exclude nothing.
        """
        if self.window:
            audience, status = self.window.audience, self.status
        facets = {
            "system": lambda: self.systems,
            "service": lambda: services_of(self.object_ids),
            "impact": lambda: (self.impact,),
            "tag": lambda: self.tags,
            "audience": lambda: audience,
            "status": lambda: status and (status,),
        }
        return passes(facets, feed.wanted)


def state_of(status: str, start: datetime, end: datetime, now: datetime) -> State:
    """The state at `now` (aware) of a window with this status and span: the one rule for every output.

    A window reported as completed is over, whatever its end says; one reported as in process before its start is
    planned until then.
    """
    if status == "cancelled":
        return "cancelled"
    if status == "completed" or end <= now:
        return "over"
    return "under-way" if start <= now else "planned"
