"""Occurrences against the previous feed: which revision each event carries.

encode.py composes an event's bytes; ledger.py reads the previous feed; changes.py describes changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from icms_calendar.feed.changes import Change, change_of, ended
from icms_calendar.feed.decode import PublishedEvent
from icms_calendar.feed.encode import (
    AFFECTS,
    NO_LONGER,
    NO_LONGER_IN,
    NO_PAST,
    OWN,
    PROPERTIES,
    Composed,
    EventEncoder,
    audience_in,
    encode_cancelled,
    texts_of,
)
from icms_calendar.feed.event import AffectedObject, Event, Past, Revision
from icms_calendar.feed.ledger import Ledger
from icms_calendar.findings import Finding, LedgerError, found
from icms_calendar.record.checks import IMPACTS, instant
from icms_calendar.record.fields import ID_PATTERN
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.parts import FeedSpec
from icms_calendar.record.recurrence import Occurrence, Yielded
from icms_calendar.record.select import passes, services_of, window_facets

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any later stamp supersedes it
FEWEST_TO_STOP = 3  # with fewer coming records, half of them may well be cancelled at once

_SIGNIFICANT = frozenset({"moved", "extended", "shortened", "cancelled", "reinstated", "status", "affected"})
_OBJECT = b"X-MAINTNOTE-OBJECT-ID"
_DATED_ID = re.compile(r"(.+)\.[0-9]{8}")


class Revised(NamedTuple):
    """The events to publish, by start, then by UID; the new ones among them; other changes; and findings."""

    events: tuple[Event, ...]
    added: tuple[Event, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def revise(
    occurrences: Sequence[Occurrence],
    calendar: MaintenanceCalendar,
    ledger: Ledger,
    now: datetime | None,
    *,
    history: timedelta | None = None,
    allow_vanished: bool = False,
) -> Revised:
    """The events of occurrences, each in the revision that follows from the ledger (RFC 5545 3.8.7, RFC 5546 2.1.5).

    An event with the same bytes keeps its revision. Another start, end, status or set of systems adds one to
    SEQUENCE; any other difference only moves LAST-MODIFIED. An event that leaves the records before its end stays,
    cancelled. An event that ended longer than `history` ago leaves. Without `now`, no clock is read, and nothing
    vanishes. Raises LedgerError if too many records vanish at once, or an event was written by a newer version.
    """
    moment = None if now is None else now.astimezone(UTC).replace(microsecond=0)
    edge = history_edge(moment, history) if moment and history is not None else None
    work = _Work(calendar, ledger, moment)
    here = {occurrence.uid for occurrence in occurrences}
    far_back: list[PublishedEvent] = []  # still to come when published, but moved beyond the history
    for occurrence in occurrences:
        published = ledger.events.get(occurrence.uid)
        if edge is None or occurrence.end > edge:
            work.revise(occurrence, published)
        elif published is not None and moment is not None and published.end > moment:
            far_back.append(published)
            work.revise(occurrence, published)
        elif published is not None:
            work.changes.append(ended(published, calendar))
    in_order = len(work.events)
    if moment is not None:
        yielded = Yielded(calendar)
        beyond = {uid for uid in ledger.events.keys() - here if yielded.has(uid)}
        for uid in beyond:  # the horizon is shorter now: what was published stays as it is
            work.stay(ledger.events[uid], moment, edge)
        gone = [event for uid, event in ledger.events.items() if uid not in here and uid not in beyond]
        if not allow_vanished:
            _refuse_vanished(gone, far_back, ledger, moment, calendar)
        for event in gone:
            work.keep(event, moment, edge)
    if len(work.events) > in_order:  # what was kept came last
        work.events.sort(key=lambda event: (event.start, event.uid))
    return Revised(tuple(work.events), tuple(work.added), tuple(work.changes), (*ledger.findings, *work.findings))


class _Work:
    """What is collected while events are revised."""

    def __init__(self, calendar: MaintenanceCalendar, ledger: Ledger, now: datetime | None) -> None:
        self.events: list[Event] = []
        self.added: list[Event] = []
        self.changes: list[Change] = []
        self.findings: list[Finding] = []
        self._calendar = calendar
        self._ledger = ledger
        self._now = now
        self._encoder = EventEncoder(calendar)
        self._names = names_of(calendar)

    def revise(self, occurrence: Occurrence, published: PublishedEvent | None) -> None:
        """Publish an occurrence of the records."""
        if published is None:
            composed = self._encoder.compose(occurrence)
            revision = first_revision(occurrence, self._calendar, self._now, is_news=self._ledger.is_known)
            event = self._event(occurrence, composed, NO_PAST, revision)
            self.added.append(event)
            self.events.append(event)
            return
        past = self._past(published, occurrence)
        composed = self._encoder.compose(occurrence, past)
        event = self._event(occurrence, composed, past, published.revision)
        if event.vevent != published.vevent:
            left = self._feeds_left(published, occurrence)
            if left != past.left:
                past = past._replace(left=left)
                composed = self._encoder.compose(occurrence, past)
                event = self._event(occurrence, composed, past, published.revision)
            event = self._revised(event, composed, occurrence, published)
        self.events.append(event)

    def _past(self, published: PublishedEvent, occurrence: Occurrence) -> Past:
        """What the event was before, except for feeds that it leaves only now."""
        moved_from = published.moved_from
        if occurrence.start != published.start and occurrence.is_changed:
            moved_from = (published.start, published.end)
        no_longer = self._affected_before(published, occurrence)
        left = self._left_before(published)
        return Past(moved_from, no_longer, left) if moved_from or no_longer or left else NO_PAST

    def _left_before(self, published: PublishedEvent) -> tuple[FeedSpec, ...]:
        ids = [self._ledger.renamed_id(id_) for id_ in published.left]
        return tuple(feed for feed in self._calendar.feeds if feed.id in ids) if ids else ()

    def _feeds_left(self, published: PublishedEvent, occurrence: Occurrence) -> tuple[FeedSpec, ...]:
        """The calendar's own feeds that the event was in, by their filters of today, and is not in now."""
        if not self._calendar.feeds:
            return ()
        now, known = window_facets(occurrence.window, self._calendar), self._left_before(published)
        ids = [self._ledger.renamed_id(id_) for id_ in published.objects]
        systems = tuple(dict.fromkeys(id_.partition("/")[0] for id_ in ids))
        language = self._calendar.languages[0]
        before = {
            "system": lambda: systems,
            "service": lambda: services_of(ids),
            "impact": lambda: (published.text("X-MAINTNOTE-IMPACT").lower(),),
            "tag": lambda: published.categories[1 + len(systems) :],
            "audience": lambda: audience_in(published.text("DESCRIPTION"), language),
            "status": lambda: (published.status,),
        }
        return tuple(
            feed
            for feed in self._calendar.feeds
            if not passes(now, feed.wanted) and (feed in known or passes(before, feed.wanted))
        )

    def _affected_before(self, published: PublishedEvent, occurrence: Occurrence) -> tuple[AffectedObject, ...]:
        """What an event affected when last published, or earlier as its feed says, and no longer affects."""
        subject = self._encoder.subject(occurrence.window)
        before = published.no_longer
        objects = subject.objects.encode()
        if objects not in published.vevent or published.vevent.count(_OBJECT) != objects.count(_OBJECT):
            before += published.objects  # the properties that name them differ; to read them takes longer
        here = {*(each.id for each in subject.affected), *occurrence.window.system_ids}
        ids = dict.fromkeys(map(self._ledger.renamed_id, before))
        return tuple(self._named(id_) for id_ in ids if id_ not in here)

    def _named(self, id_: str, impact: str = "") -> AffectedObject:
        return AffectedObject(id_, self._names.get(id_, id_), impact)

    def _revised(self, event: Event, composed: Composed, occurrence: Occurrence, published: PublishedEvent) -> Event:
        """The event in its next revision, or in the same one if only our wording or a renamed id differs."""
        _refuse_changed(published)
        if not self._differs(event, published):
            return event
        change = change_of(published, event, self._names, self._ledger.renamed)
        revision = self._next_revision(published, significant=change.kind in _SIGNIFICANT)
        given = occurrence.window.revision
        if given and given.sequence > revision.sequence:
            revision = revision._replace(sequence=given.sequence)
        self.changes.append(change)
        return event._replace(revision=revision, vevent=composed.vevent(revision))

    def _differs(self, event: Event, published: PublishedEvent) -> bool:
        """Whether an event differs in more than renamed ids and the wording of 0.1.0."""
        after = replace(published, vevent=event.vevent)
        reworded = {"DESCRIPTION"}
        if event.own_title is None and self._calendar.languages[0] != "en":
            reworded.add("SUMMARY")  # 0.1.0 wrote our titles in English, whatever the calendar's first language
        return self._compared(published, reworded) != self._compared(after, reworded)

    def _compared(self, event: PublishedEvent, reworded: set[str]) -> list[tuple[str, str]]:
        properties = event.properties()
        if self._ledger.format == 1:
            properties = [(n, v) for n, v in properties if n not in reworded and not n.startswith(OWN)]
        if self._ledger.renamed:
            ours = ("X-MAINTNOTE-OBJECT-ID", AFFECTS, NO_LONGER, NO_LONGER_IN)
            properties = [(n, self._ledger.renamed_id(v) if n.startswith(ours) else v) for n, v in properties]
        return properties

    def keep(self, published: PublishedEvent, now: datetime, edge: datetime | None) -> None:
        """Publish an event that has left the records: cancelled if it had not ended, until it leaves the history."""
        cancelled = published.status == "cancelled"
        if (edge is not None and published.end <= edge) or (published.end <= now and not cancelled):
            self.changes.append(ended(published, self._calendar))
            return
        _refuse_changed(published)
        if cancelled:
            self.events.append(self._published(published, published.revision, published.vevent))
            return
        revision = self._next_revision(published, significant=True)
        vevent = encode_cancelled(published.properties(), revision, self._calendar.languages)
        event = self._published(replace(published, vevent=vevent), revision, vevent)
        self.events.append(event)
        self.changes.append(change_of(published, event, self._names, self._ledger.renamed))

    def stay(self, published: PublishedEvent, now: datetime, edge: datetime | None) -> None:
        """Publish unchanged an occurrence that the records still yield beyond today's horizon."""
        if published.end <= now and edge is not None and published.end <= edge:
            self.changes.append(ended(published, self._calendar))
            return
        _refuse_changed(published)
        self.events.append(self._published(published, published.revision, published.vevent))

    def _event(self, occurrence: Occurrence, composed: Composed, past: Past, revision: Revision) -> Event:
        window, subject = occurrence.window, composed.subject
        return Event(
            uid=occurrence.uid,
            id=window.id,
            record=occurrence.record,
            title=composed.title,
            own_title=window.title,
            start=occurrence.start,
            end=occurrence.end,
            past=past,
            zone=self._calendar.zone_of(window),
            status=window.status,
            impact=subject.impact,
            systems=window.system_ids,
            affected=subject.affected,
            tags=window.tags,
            window=window,
            text=composed.text,
            texts=composed.texts,
            url=composed.url,
            revision=revision,
            vevent=composed.vevent(revision),
        )

    def _published(self, published: PublishedEvent, revision: Revision, vevent: bytes) -> Event:
        """An event as its feed has it: what only the record said is no longer known."""
        ids = [self._ledger.renamed_id(id_) for id_ in published.objects]
        impacts = published.object_impacts
        impact = published.text("X-MAINTNOTE-IMPACT").lower()
        impact = impact if impact in IMPACTS else "outage"  # the previous feed may hold any word
        systems = tuple(dict.fromkeys(id_.partition("/")[0] for id_ in ids))
        pairs = zip(ids, published.objects, strict=True)
        no_longer = map(self._ledger.renamed_id, published.no_longer)
        text = published.text("DESCRIPTION")
        id_ = window_id(published, self._calendar)
        title = published.title or published.uid  # ours never write an empty one
        return Event(
            uid=published.uid,
            id=id_,
            record=published.record or id_,
            title=title,
            own_title=title,
            start=published.start,
            end=published.end,
            past=Past(published.moved_from, tuple(map(self._named, no_longer)), self._left_before(published)),
            zone=self._calendar.zone,
            status=published.status,
            impact=impact,
            systems=systems,
            affected=tuple(self._named(id_, impacts.get(old, impact)) for id_, old in pairs),
            tags=tuple(published.categories[1 + len(systems) :]),  # after "Maintenance" and the names of the systems
            window=None,
            text=text,
            texts=texts_of(text, self._calendar.languages),
            url=published.text("URL") or None,
            revision=revision,
            vevent=vevent,
        )

    def _next_revision(self, published: PublishedEvent, *, significant: bool) -> Revision:
        """The next revision: always later, even if the clock is behind what was published."""
        before = published.revision
        now = self._now or EPOCH
        if self._now and now < before.last_modified and not any(f.rule.name == "clock-behind" for f in self.findings):
            modified = before.last_modified.isoformat(" ", "seconds")
            self.findings.append(found("clock-behind", now=now.isoformat(" ", "seconds"), modified=modified))
        modified_at = max(now, before.last_modified + timedelta(seconds=1))
        return Revision(before.sequence + significant, before.created, modified_at)


def first_revision(
    occurrence: Occurrence, calendar: MaintenanceCalendar, now: datetime | None, *, is_news: bool = False
) -> Revision:
    """The revision of an event that was not published before.

    Its CREATED is when the record says that it was announced (or `revision.updated`), if that is not after `now`;
    otherwise now. In a first build LAST-MODIFIED is the same, so that the same records give the same bytes on any
    day. If it `is_news` beside a previous feed, LAST-MODIFIED is `now`: readers of changes skip what looks old.
    Without a clock, an event without a date of its own is stamped 1970-01-01T00:00:00Z.
    """
    window = occurrence.window
    given, announced = window.revision, window.announced
    sequence = given.sequence if given else 0
    stamp = now or EPOCH
    if given and given.updated is not None:
        stamp = instant(given.updated, calendar.zone_of(window), "updated")
    elif announced is not None:
        told = instant(announced, calendar.zone_of(window), "announced")
        stamp = told if now is None or told <= now else stamp
    return _revision(sequence, stamp, max(stamp, now) if is_news and now else stamp)


def history_edge(now: datetime, history: timedelta) -> datetime:
    """The instant before which an event has left the history."""
    try:
        return now - history
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def names_of(calendar: MaintenanceCalendar) -> dict[str, str]:
    """The names of systems and services by the ids of what events affect."""
    names = {}
    for system in calendar.systems_by_id.values():
        names[system.id] = system.name
        names |= {f"{system.id}/{service.id}": service.name for service in system.services}
    return names


def window_id(published: PublishedEvent, calendar: MaintenanceCalendar) -> str:
    """The id of a published event among the windows."""
    id_ = published.uid.removesuffix(f"@{calendar.domain}")
    return id_ if re.fullmatch(ID_PATTERN, id_) else published.text("X-MAINTNOTE-MAINTENANCE-ID")


def _refuse_vanished(
    gone: list[PublishedEvent],
    far_back: list[PublishedEvent],
    ledger: Ledger,
    now: datetime,
    calendar: MaintenanceCalendar,
) -> None:
    """Stop if too many records vanished: a truncated source must not cancel everybody's calendar.

    Records are counted, not their occurrences."""
    known = {window.id for window in calendar.windows}
    coming = {_record_of(event, calendar) for event in _coming(ledger.events.values(), now)}
    left = [id_ for id_ in (_record_of(event, calendar) for event in _coming(gone, now)) if id_ not in known]
    left += [_record_of(event, calendar) for event in _coming(far_back, now)]
    vanished = list(dict.fromkeys(left))
    if not vanished:
        return
    if (len(coming) >= FEWEST_TO_STOP and len(vanished) * 2 > len(coming)) or not calendar.windows:
        ids = ", ".join(vanished[:3]) + (", …" if len(vanished) > 3 else "")
        raise LedgerError([found("windows-vanished", vanished=len(vanished), coming=len(coming), ids=ids)])


def _record_of(event: PublishedEvent, calendar: MaintenanceCalendar) -> str:
    """The id of an event's record; feeds of 0.1.0 do not name it, so a dated id is taken apart."""
    if event.record:
        return event.record
    id_ = window_id(event, calendar)
    dated = _DATED_ID.fullmatch(id_)
    repeating = dated and any(window.id == dated[1] and window.repeat for window in calendar.windows)
    return dated[1] if dated and repeating else id_


def _coming(events: Iterable[PublishedEvent], now: datetime) -> list[PublishedEvent]:
    return [event for event in events if event.end > now and event.status != "cancelled"]


def _refuse_changed(published: PublishedEvent) -> None:
    """Refuse to continue an event that no version of icms-calendar wrote so: its texts would stay published."""
    names = (name.partition(";")[0] for name, _ in published.properties())
    if unknown := next((name for name in names if name not in PROPERTIES), None):  # of a newer version
        raise LedgerError([found("ledger-newer", uid=published.uid, property=unknown)])
    if not published.is_as_written:
        reason = f"its event {published.uid} was changed after it was built"
        raise LedgerError([found("ledger-unusable", reason=reason)])


_revision = lru_cache(maxsize=4096)(Revision)  # many events share one
