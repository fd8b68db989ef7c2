"""Occurrences against the previous feed: which revision each event carries.

encode.py composes an event's bytes; ledger.py reads the previous feed; changes.py describes changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from icms_calendar.feed.changes import Change, change, change_of
from icms_calendar.feed.decode import EventDecoder, PublishedEvent, audience_in
from icms_calendar.feed.encode import NAMING, OBJECT_ID, OWN, RECORD, EventEncoder, encode_cancelled
from icms_calendar.feed.event import Event, Past, Revision
from icms_calendar.feed.ledger import Ledger
from icms_calendar.findings import Finding, LedgerError, found
from icms_calendar.record.addresses import objects_of
from icms_calendar.record.checks import instant
from icms_calendar.record.fields import FeedSpec
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.recurrence import Occurrence, yielded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any later stamp supersedes it
_BEGINNING = datetime.min.replace(tzinfo=UTC)
FEWEST_TO_STOP = 3  # with fewer coming records, half of them may well be cancelled at once

_SIGNIFICANT = frozenset({"moved", "extended", "shortened", "cancelled", "reinstated", "status", "affected"})
_OBJECT = OBJECT_ID.encode()
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
    cancelled. An event that ended longer than `history` ago leaves. Without `now` (UTC, whole seconds), no clock is
    read, and nothing vanishes. Raises LedgerError if too many records vanish at once, or an event was written by a
    newer version.
    """
    ends = {occurrence.uid: occurrence.end for occurrence in occurrences}
    work = _Work(calendar, ledger, now, history_edge(now, history))
    if now is not None and not allow_vanished:
        work.refuse_vanished(ends, now)
    for occurrence in occurrences:
        work.revise(occurrence, ledger.events.get(occurrence.uid))
    in_order = len(work.events)
    if now is not None:
        left = ledger.events.keys() - ends.keys()
        beyond = yielded(left, calendar)
        for uid in left:
            work.keep(ledger.events[uid], now, is_beyond=uid in beyond)
    if len(work.events) > in_order:  # what was kept came last
        work.events.sort(key=lambda event: (event.start, event.uid))
    return Revised(tuple(work.events), tuple(work.added), tuple(work.changes), (*ledger.findings, *work.findings))


class _Work:
    """What is collected while events are revised."""

    def __init__(self, calendar: MaintenanceCalendar, ledger: Ledger, now: datetime | None, edge: datetime) -> None:
        self.events: list[Event] = []
        self.added: list[Event] = []
        self.changes: list[Change] = []
        self.findings: list[Finding] = []
        self._calendar = calendar
        self._ledger = ledger
        self._now = now
        self._edge = edge
        self._repeating = {window.id for window in calendar.windows if window.repeat}
        self._encoder = EventEncoder(calendar)
        names = {id_: (service or system).name for id_, system, service in objects_of(calendar)}
        self._decoder = EventDecoder(
            calendar.zone, calendar.domain, calendar.languages, names, ledger.renamed, calendar.feeds
        )

    def refuse_vanished(self, ends: Mapping[str, datetime], now: datetime) -> None:
        """Stop if too many records vanished: a truncated source must not cancel everybody's calendar.

        Records are counted, not their occurrences. One that is moved beyond the history has also vanished.
        """
        windows = self._calendar.windows
        known = {window.id for window in windows}
        coming = {
            uid: self._record_of(event)
            for uid, event in self._ledger.events.items()
            if event.end > now and event.status != "cancelled"
        }
        vanished = dict.fromkeys(
            record
            for uid, record in coming.items()
            if (ends[uid] <= self._edge if uid in ends else record not in known)
        )
        total = len(set(coming.values()))
        if vanished and (len(vanished) * 2 > total >= FEWEST_TO_STOP or not windows):
            ids = ", ".join([*vanished][:3]) + (", …" if len(vanished) > 3 else "")
            raise LedgerError([found("windows-vanished", vanished=len(vanished), coming=total, ids=ids)])

    def _record_of(self, event: PublishedEvent) -> str:
        """The id of an event's record; feeds of 0.1.0 do not name it, so a dated id is taken apart."""
        id_ = event.text(RECORD) or self._decoder.id_of(event)
        dated = _DATED_ID.fullmatch(id_)
        return dated[1] if dated and dated[1] in self._repeating else id_

    def revise(self, occurrence: Occurrence, published: PublishedEvent | None) -> None:
        """Publish an occurrence of the records, unless it has left the history, and was not to come when published."""
        if occurrence.end <= self._edge and not (published and self._now and published.end > self._now):
            if published:
                self._end(published)
            return
        if published is None:
            revision = first_revision(occurrence, self._calendar, self._now, is_news=self._ledger.is_known)
            event = self._encoder.event(occurrence, revision)
            self.added.append(event)
        else:
            event = self._encoder.event(occurrence, published.revision, self._past(published, occurrence))
            if event.vevent != published.vevent:
                event = self._changed(occurrence, published, event)
        self.events.append(event)

    def _past(self, published: PublishedEvent, occurrence: Occurrence) -> Past:
        """What the event was before, except for feeds that it leaves only now."""
        past = self._decoder.past(published)
        if occurrence.start != published.start and occurrence.is_changed:
            past = past._replace(moved_from=(published.start, published.end))
        subject = self._encoder.subject(occurrence.window)
        before, objects = past.no_longer, subject.objects.encode()
        if objects not in published.vevent or published.vevent.count(_OBJECT) != objects.count(_OBJECT):
            before += self._decoder.affected(published)  # the properties differ; to read them takes longer
        here = {*(each.id for each in subject.affected), *occurrence.window.system_ids}
        no_longer = {each.id: each for each in before if each.id not in here}
        return past._replace(no_longer=tuple(no_longer.values()))

    def _feeds_left(self, before: Event, after: Event) -> tuple[FeedSpec, ...]:
        """The calendar's own feeds that an event was in, by their filters of today, and is not in now."""
        audience = audience_in(before.text, self._calendar.languages[0])
        return tuple(
            feed
            for feed in self._calendar.feeds
            if not after.is_in(feed) and (feed in before.past.left or before.is_in(feed, audience, before.status))
        )

    def _changed(self, occurrence: Occurrence, published: PublishedEvent, event: Event) -> Event:
        """An event that differs, in its next revision; in the same one if only our wording or a renamed id does."""
        _refuse_changed(published)
        before = self._decoder.event(published)
        past = event.past._replace(left=self._feeds_left(before, event))
        if past != event.past:
            event = self._encoder.event(occurrence, published.revision, past)
        if self._compared(published, event) == self._compared(replace(published, vevent=event.vevent), event):
            return event
        change = change_of(before, event)
        self.changes.append(change)
        revision = self._next_revision(published, significant=change.kind in _SIGNIFICANT)
        given = event.window and event.window.revision
        revision = revision._replace(sequence=max(revision.sequence, given.sequence if given else 0))
        return self._encoder.event(occurrence, revision, past)

    def _compared(self, published: PublishedEvent, event: Event) -> list[tuple[str, str]]:
        """What is compared of an event: not renamed ids, nor the wording of 0.1.0."""
        properties = published.properties()
        if self._ledger.format == 1:
            ours = ["DESCRIPTION", OWN]
            if event.own_title is None and self._calendar.languages[0] != "en":
                ours.append("SUMMARY")  # 0.1.0 wrote our titles in English, whatever the calendar's first language
            properties = [(name, value) for name, value in properties if not name.startswith(tuple(ours))]
        if renamed := self._ledger.renamed:
            properties = [(n, renamed.get(v, v) if n.startswith(NAMING) else v) for n, v in properties]
        return properties

    def keep(self, published: PublishedEvent, now: datetime, *, is_beyond: bool) -> None:
        """Publish an event that the records do not yield, until it leaves the history: cancelled if it had not ended.

        One that is only beyond the horizon, which is shorter now, stays as it is.
        """
        is_vanished = not is_beyond and published.status != "cancelled"
        if published.end <= self._edge or (is_vanished and published.end <= now):
            self._end(published)
            return
        _refuse_changed(published)
        event = self._decoder.event(published)
        if is_vanished:
            before, revision = event, self._next_revision(published, significant=True)
            vevent = encode_cancelled(published.properties(), revision, self._calendar.languages)
            event = self._decoder.event(replace(published, revision=revision, vevent=vevent))
            self.changes.append(change_of(before, event))
        self.events.append(event)

    def _end(self, published: PublishedEvent) -> None:
        """Publish an event no longer, since it is over."""
        self.changes.append(change("ended", self._decoder.event(published), None))

    def _next_revision(self, published: PublishedEvent, *, significant: bool) -> Revision:
        """The next revision: always later, even if the clock is behind what was published."""
        before = published.revision
        now = self._now or EPOCH
        if self._now and now < before.last_modified and not self.findings:
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
    window, given = occurrence.window, occurrence.window.revision
    stamp = now or EPOCH
    if given and given.updated is not None:
        stamp = instant(given.updated, calendar.zone_of(window), "updated")
    elif window.announced is not None:
        announced = instant(window.announced, calendar.zone_of(window), "announced")
        stamp = min(announced, now) if now else announced
    return Revision(given.sequence if given else 0, stamp, max(stamp, now) if is_news and now else stamp)


def history_edge(now: datetime | None, history: timedelta | None) -> datetime:
    """The instant at which or before which what ended has left the history; without either, nothing has."""
    try:
        return now - history if now and history is not None else _BEGINNING
    except OverflowError:
        return _BEGINNING


def _refuse_changed(published: PublishedEvent) -> None:
    """Refuse to continue an event that this version would not write so: its texts would stay published."""
    if not published.is_as_written:
        reason = f"its event {published.uid} was changed after it was built, or built by a newer icms-calendar"
        raise LedgerError([found("ledger-unusable", reason=reason)])
