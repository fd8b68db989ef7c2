"""Questions about time: what is under way, what comes next, how long it was down, and from when it is free.

How windows become occurrences is decided in recurrence.py; how a feed is read, in foreign/events.py.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple, TypedDict, Unpack

from icms_calendar.findings import CalendarError, Finding, did_you_mean, expect, fault, found, shown
from icms_calendar.record.checks import IMPACTS
from icms_calendar.record.fields import ChannelState, Impact
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.recurrence import Occurrence, expand
from icms_calendar.record.select import affected_by, words
from icms_calendar.record.words import duration
from icms_calendar.record.zones import aware, utc_time

# What a window says of a channel has the say there, instead of its impact; `unaffected` is never down.
CHANNEL_IMPACTS: dict[ChannelState, Impact] = {
    "unavailable": "outage",
    "rejected": "outage",
    "queued": "degraded",
    "degraded": "degraded",
}
Names = str | Iterable[str]


class Filters(TypedDict, total=False):
    """What a question may be about: one name or several, of which any counts; and the least impact that does."""

    system: Names
    service: Names
    channel: Names
    impact: Impact


_KEPT_TRACKS = 64
_OVER = frozenset({"cancelled", "completed"})  # down no longer, whatever its hours say
_COUNT_HOURS = frozenset({"cancelled"})


class Target(NamedTuple):
    """A thing affected, by the ids of its system and service; without a service the whole system, without both, all."""

    system: str | None
    service: str | None
    impact: Impact


@dataclass(frozen=True, slots=True)
class Effect:
    """What an occurrence does, as far as questions go: to what, and by which channels. Many occurrences share one."""

    targets: tuple[Target, ...]
    channels: tuple[tuple[str, ChannelState], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The names that can be asked for: systems with their services, and channels; None if channels are not known."""

    systems: Mapping[str, frozenset[str]]
    channels: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Schedule:
    """When systems are down, as a calendar (`calendar.schedule()`) or anybody's feed says.

    Down is an impact of `impact` or worse, by default degraded; tentative windows count, cancelled ones never, and
    those reported as completed only for `downtime`. A service has its own impact, and a channel the state that the
    window gives it. Spans are half-open: they hold their start, not their end. Each question takes `system`, `service`
    (`sea-manifest` or `icms/sea-manifest`) and `channel`, one name or several, of which any counts.

    Every question raises TypeError for a naive datetime, and CalendarError for a name that nothing has
    (`unknown-id` …), since that would never be down, and beyond `until` (`beyond-horizon`). Answers are in UTC.

    The first question with a filter takes time linear in the occurrences; from then on it is a search.
    """

    until: datetime | None
    _occurrences: tuple[Occurrence, ...]
    _effects: tuple[Effect, ...]  # of each occurrence
    _known: Known
    _tracks: dict[tuple[_Filter, frozenset[str]], _Track] = field(default_factory=dict)

    @classmethod
    def of(cls, calendar: MaintenanceCalendar, until: datetime | None = None) -> Schedule:
        """The schedule of a calendar, known to `until`; without it, all that its records say.

        Raises TypeError where `until` is naive, and CalendarError (`endless-repeat`) where a window repeats for ever
        and there is no `until`.
        """
        edge = None if until is None else aware(until, "until")
        return cls.made_of(_effects(expand(calendar, edge).occurrences, calendar), _known(calendar), edge)

    @classmethod
    def from_ical(cls, data: bytes, *, until: datetime, timezone: str | None = None) -> Schedule:
        """The schedule of an .ics file, whoever wrote it, known to `until`: events that repeat are laid out to it.

        Its systems and services are the objects of maintenance notifications (X-MAINTNOTE). An event that names none
        counts whatever you ask about, and is an outage unless it says otherwise; TRANSP says nothing. A feed does not
        contain channels. `timezone` is that of times without one, by default the feed's own.

        Raises TypeError where `until` is naive, SourceError where an event cannot be read.
        """
        from icms_calendar.foreign.events import read_ics
        from icms_calendar.schedule.of_feed import schedule_of_feed

        expect(data, bytes, "data", "the bytes of an .ics file")
        edge = aware(until, "until")
        return schedule_of_feed(read_ics(data, until=edge, timezone=timezone), edge)

    @classmethod
    def made_of(
        cls, entries: Iterable[tuple[Occurrence, Effect]], known: Known, until: datetime | None = None
    ) -> Schedule:
        """The schedule of occurrences, by start and UID, with what they do; what starts after `until` is left out."""
        kept = [entry for entry in entries if until is None or entry[0].start <= until]
        return cls(until, tuple(occurrence for occurrence, _ in kept), tuple(effect for _, effect in kept), known)

    def __repr__(self) -> str:
        edge = f" until {self.until.isoformat()}" if self.until else ""
        return f"<Schedule of {len(self._occurrences)} occurrences{edge}>"

    def occurrences(self, **asked: Unpack[Filters]) -> tuple[Occurrence, ...]:
        """Every occurrence, also cancelled ones; without `impact`, also those that interrupt nothing."""
        asked.setdefault("impact", "no-impact")
        return tuple(self._matching(_Filter.of(**asked)))

    def active(self, at: datetime, **asked: Unpack[Filters]) -> tuple[Occurrence, ...]:
        """The occurrences under way at `at`, earliest start first."""
        at = self._within(at, "at")
        track = self._track(asked)
        return track.overlapping(at, bisect_right(track.starts, at))

    def next(self, after: datetime, **asked: Unpack[Filters]) -> Occurrence | None:
        """The first occurrence that starts after `after`; None where none does until `until`."""
        after = self._within(after, "after")
        track = self._track(asked)
        i = bisect_right(track.starts, after)
        return track.occurrences[i] if i < len(track.starts) else None

    def between(self, start: datetime, end: datetime, **asked: Unpack[Filters]) -> tuple[Occurrence, ...]:
        """The occurrences of which a part lies in `[start, end)`, earliest start first.

        Raises ValueError where `end` is not after `start`.
        """
        start, end = self._span(start, end)
        track = self._track(asked)
        return track.overlapping(start, bisect_left(track.starts, end))

    def downtime(self, start: datetime, end: datetime, **asked: Unpack[Filters]) -> timedelta:
        """How much of `[start, end)` is down; what overlaps is counted once.

        Raises ValueError where `end` is not after `start`.
        """
        start, end = self._span(start, end)
        track = self._track(asked, _COUNT_HOURS)
        return track.down_before(end) - track.down_before(start)

    def unbroken(self, at: datetime, **asked: Unpack[Filters]) -> tuple[datetime, datetime] | None:
        """Since when and until when it is down without a break around `at`; None where it is free then.

        Occurrences that overlap or touch are one span.
        """
        at = self._within(at, "at")
        track = self._track(asked)
        i = bisect_right(track.downs, at) - 1
        if i < 0 or track.ups[i] <= at:
            return None
        self._must_know(track.ups[i])
        return track.downs[i], track.ups[i]

    def next_available(self, at: datetime, length: timedelta, **asked: Unpack[Filters]) -> datetime:
        """The first instant from `at` on from which it is free for `length`.

        Raises ValueError where `length` is not longer than nothing, and CalendarError (`beyond-horizon`) where it is
        not free for that long until `until`: what comes then is not known.
        """
        expect(length, timedelta, "length", "a timedelta, as in timedelta(hours=2)")
        free = self._within(at, "at")
        if length <= timedelta(0):
            raise ValueError("length must be longer than nothing")
        track = self._track(asked)
        i = bisect_right(track.downs, free)
        if i and track.ups[i - 1] > free:
            free = track.ups[i - 1]
        while i < len(track.downs) and track.downs[i] - free < length:
            free = track.ups[i]
            i += 1
        if self.until is not None and self.until - free < length:
            raise beyond(f"from when it is free for {duration(length)}", self.until)
        return free

    def _within(self, when: datetime, name: str) -> datetime:
        instant = aware(when, name)
        self._must_know(instant)
        return instant

    def _span(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        begins, ends = self._within(start, "start"), self._within(end, "end")
        if ends <= begins:
            raise ValueError("end must be after start")
        return begins, ends

    def _must_know(self, instant: datetime) -> None:
        if self.until is not None and instant > self.until:
            raise beyond(f"what is at {utc_time(instant)}", self.until)

    def _track(self, filters: Filters, left_out: frozenset[str] = _OVER) -> _Track:
        asked = _Filter.of(**filters)
        track = self._tracks.get((asked, left_out))
        if track is None:
            counting = [each for each in self._matching(asked) if each.window.status not in left_out]
            if len(self._tracks) >= _KEPT_TRACKS:
                self._tracks.clear()
            track = self._tracks[asked, left_out] = _Track(counting)
        return track

    def _matching(self, asked: _Filter) -> Iterator[Occurrence]:
        if findings := list(_unknown(asked, self._known)):
            raise CalendarError(findings)
        verdicts = {
            key: asked.counts(effect, self._known) for key, effect in {id(each): each for each in self._effects}.items()
        }
        pairs = zip(self._occurrences, self._effects, strict=True)
        return (occurrence for occurrence, effect in pairs if verdicts[id(effect)])


class _Filter(NamedTuple):
    """What a question is about; an empty set means all."""

    systems: frozenset[str]
    services: frozenset[str]
    channels: frozenset[str]
    impact: Impact

    @classmethod
    def of(cls, **asked: Unpack[Filters]) -> _Filter:
        for name in asked.keys() - Filters.__annotations__.keys():
            raise TypeError(f'there is no filter "{name}".{did_you_mean(name, Filters.__annotations__)}')
        systems, services = words(asked.get("system", ())), words(asked.get("service", ()))
        return cls(systems, services, words(asked.get("channel", ())), asked.get("impact", "degraded"))

    def counts(self, effect: Effect, known: Known) -> bool:
        """Whether what an occurrence does is as bad as asked, or worse, for something that is asked for."""
        impacts = [target.impact for target in effect.targets if self._concerns(target, known)]
        if not impacts:
            return False
        least = IMPACTS.index(self.impact)
        worst = max(map(IMPACTS.index, impacts))
        if not self.channels:
            return worst >= least
        states = dict(effect.channels)
        return any(
            worst >= least if name not in states else _is_down(states[name], least) for name in sorted(self.channels)
        )

    def _concerns(self, target: Target, known: Known) -> bool:
        system, service, _ = target
        if system is None:
            return True
        if self.systems and system not in self.systems:
            return False
        # What concerns a whole system concerns each of its services.
        own = known.systems.get(system, frozenset()) if service is None else (service,)
        return not self.services or any(name in self.services or f"{system}/{name}" in self.services for name in own)


class _Track:
    """The occurrences that count for one question, laid out to be searched; and the spans that they cover together."""

    __slots__ = ("_latest", "_totals", "downs", "occurrences", "starts", "ups")

    def __init__(self, occurrences: Sequence[Occurrence]) -> None:
        self.occurrences = occurrences
        self.starts = [each.start for each in occurrences]
        self.downs: list[datetime] = []
        self.ups: list[datetime] = []
        for each in occurrences:
            if not self.ups or each.start > self.ups[-1]:
                self.downs.append(each.start)
                self.ups.append(each.end)
            elif each.end > self.ups[-1]:
                self.ups[-1] = each.end
        lengths = (up - down for down, up in zip(self.downs, self.ups, strict=True))
        self._totals = list(accumulate(lengths, initial=timedelta(0)))  # of the first spans, by their number
        self._latest = [[each.end for each in occurrences]]  # the latest end of each 1, 2, 4 … occurrences
        while len(below := self._latest[-1]) > 1:
            self._latest.append([max(below[i : i + 2]) for i in range(0, len(below), 2)])

    def overlapping(self, start: datetime, count: int) -> tuple[Occurrence, ...]:
        """Those of the first `count` occurrences that end after `start`, in order.

        What ends too early is passed over in whole branches, however long ago the longest occurrence began.
        """
        answers, pending = [], [(len(self._latest) - 1, 0)]
        while pending:
            level, i = pending.pop()
            if i << level >= count or self._latest[level][i] <= start:
                continue
            if level:
                pending += [(level - 1, 2 * i + 1), (level - 1, 2 * i)]
            else:
                answers.append(self.occurrences[i])
        return tuple(answers)

    def down_before(self, instant: datetime) -> timedelta:
        """How long it is down before an instant, all in all."""
        i = bisect_right(self.downs, instant)
        return self._totals[i] - max(self.ups[i - 1] - instant, timedelta(0)) if i else timedelta(0)


def _known(calendar: MaintenanceCalendar) -> Known:
    systems = calendar.systems_by_id.values()
    channels = frozenset(name for window in calendar.windows for name in window.channels)
    return Known({system.id: frozenset(service.id for service in system.services) for system in systems}, channels)


def _effects(occurrences: Iterable[Occurrence], calendar: MaintenanceCalendar) -> Iterator[tuple[Occurrence, Effect]]:
    """Occurrences with what they do; of windows that say the same it is worked out once."""
    effects: dict[object, Effect] = {}
    for each in occurrences:
        window, channels = each.window, tuple(each.window.channels.items())
        key = (window.system, window.systems, window.services, window.impact, channels)
        if key not in effects:
            targets = (
                Target(entry.system.id, entry.service.id if entry.service else None, entry.impact)
                for entry in affected_by(window, calendar)
            )
            effects[key] = Effect(tuple(targets), channels)
        yield each, effects[key]


def _is_down(state: ChannelState, least: int) -> bool:
    impact = CHANNEL_IMPACTS.get(state)
    return impact is not None and IMPACTS.index(impact) >= least


def _unknown(asked: _Filter, known: Known) -> Iterator[Finding]:
    """Names that nothing has: of such a thing every question would have the answer that it is up."""
    systems = asked.systems & known.systems.keys() or known.systems.keys()
    services = {each for id_ in systems for name in known.systems[id_] for each in (name, f"{id_}/{name}")}
    channels = asked.channels if known.channels is None else known.channels
    if asked.channels and known.channels is None:
        question = {"asked": "which channels of a feed work", "whom": "the records"}
        yield found("not-known", ("channel",), **question, question="the channel")
    names = {"system": (asked.systems, known.systems), "service": (asked.services, services)}
    for kind, (given, has) in (names | {"channel": (asked.channels, channels)}).items():
        for name in sorted(given.difference(has)):
            yield found("unknown-id", (kind,), kind=kind, id=name, hint=did_you_mean(name, has))
    if asked.impact not in IMPACTS:
        hint = did_you_mean(str(asked.impact), IMPACTS)
        yield found("unknown-value", ("impact",), read=shown(asked.impact), field="impact", hint=hint)


def beyond(asked: str, until: datetime) -> CalendarError:
    """The error for a question that lies beyond what is known."""
    return fault("beyond-horizon", asked=asked, until=utc_time(until))
