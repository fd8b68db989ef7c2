"""The text of a public notice to windows with their evidence, and what a person must decide.

    notice   = text of which every day and every time is one of: part of a window, the same moment said again, or
               something else that the words around it make it (roles.py)
    ready    = at least one window, and no finding of severity error

How the parts are written is said in text.py, dates.py, times.py, offsets.py, spans.py, resolve.py and subject.py. A
draft that is not ready has no windows: what could be read stands under `candidates`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

from icms_calendar.catalogue import Severity
from icms_calendar.findings import CalendarError, Finding, found, shown
from icms_calendar.notice.dates import MONTH, WEEKDAY, days_in
from icms_calendar.notice.doubts import (
    doubt_before,
    doubt_behind,
    doubt_beside,
    is_habit,
    is_of_the_past,
    kind_of,
    left_over_in,
)
from icms_calendar.notice.offsets import ZoneWordError, instant_in, zones_in
from icms_calendar.notice.references import others_in
from icms_calendar.notice.resolve import DAY_BEFORE, DoubtError, Found, Known, Wall, clock_of, wall_of
from icms_calendar.notice.roles import Sentences, is_dateline, role_of
from icms_calendar.notice.spans import Days, Moment, Span, moments_in, sequence, spans_in
from icms_calendar.notice.subject import NoticeStatus, Said, Subject, subject_of, system_in
from icms_calendar.notice.terms import Day, Length, Term, ZoneWord
from icms_calendar.notice.text import Text, read_bytes, read_text
from icms_calendar.notice.times import clocks_in, lengths_in
from icms_calendar.record.zones import Zone, zone_named

MAX_TERMS = 240
_DAY = timedelta(days=1)
_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from: the words, their place in the notice (from 0), and how it follows from them.

    `how` is `stated`, `inferred` (`of` says from what) or `defaulted`.
    """

    quote: str
    offset: int
    how: str = "stated"
    of: str = ""


@dataclass(frozen=True, slots=True)
class DraftWindow:
    """A window as a notice states it. `start` and `end` are aware; `timezone` is an IANA name, where it is known."""

    start: datetime
    end: datetime
    timezone: str | None
    system: str | None
    status: str
    evidence: dict[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """What a notice says: windows that may be taken over if `ready`, what they rest on, and what must be decided.

    `status` is scheduled, cancelled, rescheduled, completed or not_maintenance. `candidates` is what could be read of
    a notice that is not ready.
    """

    ready: bool
    status: NoticeStatus
    windows: tuple[DraftWindow, ...]
    candidates: tuple[DraftWindow, ...]
    findings: tuple[Finding, ...]
    evidence: dict[str, tuple[Evidence, ...]]
    facts: dict[str, tuple[str, ...]]
    text: str
    published: date | None = None


def read_notice(notice: str | bytes, *, published: date | None = None, timezone: str | None = None) -> NoticeReading:
    """Read the text of a public notice, plain or HTML, to draft windows.

    `published` is the day on which it came out (of a datetime, its date): by it years, today and weekdays are told.
    `timezone` is the zone of times without one (IANA or Windows). Nothing is guessed: what the text leaves open or
    says in two ways is a finding, and then `ready` is false. Raises CalendarError for an unknown `timezone`.
    """
    zone = zone_named(timezone) if timezone is not None else None
    day = published.date() if isinstance(published, datetime) else published
    text, unread = (notice, ()) if isinstance(notice, str) else read_bytes(notice)
    if unread:
        return _nothing("scheduled", unread, day)
    read = read_text(text)
    if read.findings:
        return _nothing("scheduled", read.findings, day, read.plain)
    if not read.plain.strip():
        return _nothing("not_maintenance", (found("not-maintenance", words=""),), day)
    return _Reader(read, day, zone).reading()


def _nothing(
    status: NoticeStatus, findings: Sequence[Finding], published: date | None, text: str = ""
) -> NoticeReading:
    return NoticeReading(False, status, (), (), tuple(findings), {}, {}, text, published)


@dataclass(slots=True)
class _Window:
    """A window while it is put together."""

    span: Span
    start: datetime
    end: datetime
    zone: str
    wall: Wall
    evidence: dict[str, Evidence]


class _Reader:
    """One reading of one text. It goes from terms to spans, to windows, and then accounts for what is left."""

    def __init__(self, text: Text, published: date | None, zone: Zone | None) -> None:
        self.text = text
        self.zone = zone
        self.findings: list[Finding] = []
        zones, masked = zones_in(text.plain, text.low)
        _, masked = others_in(masked)
        days, masked = days_in(text, masked)
        self.clocks, masked = clocks_in(text, masked)
        lengths, self.masked = lengths_in(text, masked)
        self.lengths = [length for length in lengths if isinstance(length, Length)]
        self.days = days
        self.too_many = len(days) + len(self.clocks) > MAX_TERMS
        if self.too_many:
            return
        terms = sequence(days, self.clocks, zones, self.masked)
        self.moments, self.free_days, self.free_zones = moments_in(terms, self.masked)
        self.sentences = Sentences(text.plain, [*self.moments, *self.free_days, *zones])
        self.published = published
        self.roles = {id(term): self._role(term) for term in (*self.moments, *self.free_days)}
        told = [day for days_ in self.free_days if self.roles[id(days_)] == "published" for day in days_.days]
        told += [day for moment in self.moments if self.roles[id(moment)] == "published" for day in _days_of(moment)]
        self.known = Known(text, days, published, told)
        self.windows: list[_Window] = []

    def _role(self, term: Term) -> str:
        return role_of(term, self.text.low, self.masked, self.sentences)

    def reading(self) -> NoticeReading:
        if self.too_many:
            self._find("notice-too-many-times", number=len(self.days) + len(self.clocks), limit=MAX_TERMS)
            return _nothing("scheduled", self.findings, None, self.text.plain)
        subject = subject_of(self.text, self.masked)
        if subject.status == "not_maintenance":
            self._find(
                "not-maintenance",
                words=f" It says {shown(subject.status_said.value)}."
                if subject.status_said and subject.status_said.value
                else "",
            )
            return _nothing(subject.status, self.findings, self.published, self.text.plain)
        several = any(days.listed for days in self.free_days) or any(
            days.listed for m in self.moments for days in (m.before, m.behind) if days
        )
        for name, said in subject.doubts:
            if (
                name == "recurring"
                and several
                and subject.each_day
                and re.match(r"each|both|.\s?each", said.value.lower())
            ):
                continue
            self._find(name, words=shown(said.value))
        if any(name == "notice-language" for name, _ in subject.doubts):
            return _nothing(subject.status, self.findings, self.published, self.text.plain)
        self._check_left_over()
        self._read_windows(subject)
        status = self._account(subject)
        self._check_lengths()
        return self._result(subject, status)

    # From spans to windows

    def _read_windows(self, subject: Subject) -> None:
        spans, single = spans_in(self.moments, self.masked)
        self.single = single
        self.past = [span for span in spans if self._is_past(span)]
        now = [
            span
            for span in spans
            if span not in self.past
            and self.roles[id(span.first)] not in ("hours", "published", "deadline", "available")
        ]
        self.others = [span for span in spans if span not in now and span not in self.past]
        for span in self.others:
            if self.roles[id(span.first)] == "available":
                self._find("unexplained-time", words=self.text.quote(span.start, span.end))
        if not now and self.past:
            now, self.past = self.past, []
        if not now:
            now = self._by_duration()
        before: _Window | None = None
        late: list[Span] = []
        for i, span in enumerate(now):
            if self._has_no_day(span) and i == 0 and len(now) > 1:
                late.append(span)  # the others may tell its day
                continue
            before = self._read_span(span, now[i - 1] if i else None, before, subject) or before
        for span in late:
            self._read_span(span, None, None, subject)
        if not now:
            self._tell_missing()

    def _has_no_day(self, span: Span) -> bool:
        return not span.first.days and not span.last.days and not any(self._may_date(days) for days in self.free_days)

    def _is_past(self, span: Span) -> bool:
        return self.roles[id(span.first)] == "history"

    def _by_duration(self) -> list[Span]:
        """A start and how long: `from 10 pm on 12 July, for 4 hours`."""
        exact = [length for length in self.lengths if not length.loose]
        starts = [moment for moment in self.single if self.roles[id(moment)] in ("", "available")]
        if (
            len(exact) != 1
            or len(starts) != 1
            or len(self.lengths) != 1
            or starts[0].rough
            or starts[0].clock.form == "bad"
        ):
            return []
        start, length = starts[0], exact[0]
        if not re.search(
            (
                r"(?:\bfor|\blast(?:ing|s)?|\btake|\btaking|\bduration\s?:?|\bperiod\sof|\bof|\()\s?(?:a\s|the\s)"
                r"?(?:total\s|period\s)?(?:of\s)?\Z"
            ),
            self.masked[max(0, length.start - 40) : length.start],
        ):
            return []
        self.single.remove(start)
        return [Span(min(start.start, length.start), max(start.end, length.end), start, start)]

    def _read_span(self, span: Span, earlier: Span | None, before: _Window | None, subject: Subject) -> _Window | None:
        words = self.text.quote(span.start, span.end)
        try:
            if before and self._is_said_again(span, before):
                return None
            if span.first is span.last:
                return self._add(span, self._by_length(span))
            if self._is_each_day(span, subject):
                return self._read_each_day(span)
            lengths = [length.length for length in self.lengths if not length.loose]
            context = self._context(span, earlier, before)
            clocks = [c for c in self.clocks if not any(m.clock is c and self.roles[id(m)] for m in self.moments)]
            wall = wall_of(span, self.known, self.text, context, clocks, lengths)
            if context and DAY_BEFORE in context.inferred and before and wall.end <= before.wall.start:
                raise DoubtError("which-day", words=words)
            return self._add(span, wall)
        except DoubtError as doubt:
            self._find(doubt.name, **doubt.read)
        except ZoneWordError as fault:
            self._find(fault.name, words=words, reason=fault.reason)
        except CalendarError as error:
            self._find_instants(error, words)
        return None

    def _by_length(self, span: Span) -> Wall:
        """The end by the start and the stated duration."""
        length = next(length for length in self.lengths if not length.loose)
        whole = replace(
            span,
            last=replace(
                span.first, clock=replace(span.first.clock, hour=23, minute=59, second=59, half="", form="24")
            ),
        )
        context = self._context(span, None, None)
        start = wall_of(whole, self.known, self.text, context, self.clocks, [length.length]).start
        return Wall(
            start,
            start + length.length,
            (),
            (f"the start, and the duration: {self.text.quote(length.start, length.end)}",),
        )

    def _is_each_day(self, span: Span, subject: Subject) -> bool:
        days = span.first.before or span.last.behind
        return subject.each_day and days is not None and bool(days.last) and days.listed

    def _read_each_day(self, span: Span) -> _Window | None:
        """on 12 and 13 July from 10 pm to 4 am each night: a window for each day that is named."""
        days = span.first.before or span.last.behind
        added = None
        for day in (*days.days, *days.last) if days else ():
            one = Days(day.start, day.end, (day,))
            first = replace(span.first, before=one, behind=None)
            last = replace(span.last, before=None, behind=None)
            wall = wall_of(Span(span.start, span.end, first, last), self.known, self.text, None, self.clocks, ())
            added = self._add(span, wall)
        return added

    def _context(self, span: Span, earlier: Span | None, before: _Window | None) -> Found | None:
        """The day that the words before a span give it: the span before it, or the one day of the text."""
        if span.first.days:
            return None
        if earlier and before and self.sentences.same(earlier.start, span.start) and before.span is earlier:
            if span.last.behind and earlier.last.behind and not earlier.first.days:
                return None  # each with its day behind it
            if before.wall.start.date() == before.wall.end.date():
                return Found(before.wall.start.date(), (DAY_BEFORE,))
            raise DoubtError("which-day", words=self.text.quote(span.start, span.end))
        free = [days for days in self.free_days if self._may_date(days)]
        for days in free:
            for day in (*days.days, *days.last) if days.last else ():
                self.known.date_of([day], None, [*days.days, *days.last])
        if any(days.last or days.listed for days in free):
            raise DoubtError("several-days", words=self.text.quote(free[0].start, span.end))
        dates: dict[int, Found] = {}
        for days in free:
            dates[days.start] = self.known.date_of(days.days)
        named = {found_.date for found_ in dates.values()}
        if len(named) > 1:
            return self._heading(span, dates)
        if named:
            best = min(dates.values(), key=lambda found_: len(found_.inferred))
            return replace(best, inferred=(*best.inferred, "the one day that is named"))
        others = {window.wall.start.date() for window in self.windows}
        if len(others) == 1 and not span.last.days:
            return Found(others.pop(), ("the day of the other times",))
        return None

    def _may_date(self, days: Days) -> bool:
        """Whether a day may be that of times elsewhere: it is nothing else, and no date line."""
        if self.roles[id(days)]:
            return False
        if (
            days.days[0].weekday is None
            and not days.days[0].relative
            and is_dateline(days, self.text.plain, self.sentences)
        ):
            return bool(re.search(r"\bdate\b[^\n]{0,12}\Z", self.masked[max(0, days.start - 20) : days.start]))
        return all(
            day.is_date
            or day.relative in ("today", "tomorrow", "overmorrow")
            or (day.weekday is not None and day.day is None and day.which != "last")
            for day in days.days
        )

    def _heading(self, span: Span, dates: dict[int, Found]) -> Found:
        """The day above a span, where days and spans take turns: day, times, day, times."""
        ahead = [at for at in dates if at < span.start]
        words = self.text.quote(max(ahead, default=span.start), span.end)
        if not ahead:
            raise DoubtError("which-day", words=words)
        undated = [moment.start for moment in self.moments if not moment.days]
        order = sorted(dates)
        turns = [any(a < at < b for at in undated) for a, b in zip(order, [*order[1:], 1 << 62], strict=True)]
        if not all(turns) or min(undated) < order[0]:
            raise DoubtError("which-day", words=words)
        best = dates[max(ahead)]
        return replace(best, inferred=(*best.inferred, "the day above"))

    def _is_said_again(self, span: Span, before: _Window) -> bool:
        """Whether a span without a day is the one before it by another zone's clock; DoubtError where they disagree."""
        gap = self.masked[before.span.end : span.start]
        if span.first.days or span.last.days or not _zones_of(span) or len(gap) > 12:
            return False
        if not re.fullmatch(r"[\s)]*(?:[(/|,;=]|or|i\.e\.)[\s(,]*(?:i\.e\.|or)?\s*", gap):
            return False
        if {zone.name for zone in _zones_of(span)} == {zone.name for zone in _zones_of(before.span)}:
            return False
        for step in (-1, 0, 1):
            day = Found(before.wall.start.date() + step * _DAY)
            wall = wall_of(span, self.known, self.text, day, self.clocks, ())
            if self._instants(span, wall)[:2] == (before.start, before.end):
                return True
        raise DoubtError(
            "tz-conflict", words=self.text.quote(before.span.start, span.end), reason="the two are not the same time"
        )

    def _add(self, span: Span, wall: Wall) -> _Window | None:
        start, end, zone = self._instants(span, wall)
        words = self.text.quote(span.start, span.end)
        if end <= start:
            raise DoubtError("end-before-start", words=words)
        self._check_year(wall, words)
        for window in self.windows:
            if (window.start, window.end) == (start, end):
                return window
        window = _Window(span, start, end, zone, wall, self._evidence(span, wall, zone))
        self._check_crossing(window, words)
        self.windows.append(window)
        return window

    def _check_year(self, wall: Wall, words: str) -> None:
        if self.published and abs(wall.start.date() - self.published) > timedelta(days=366):
            raise DoubtError("year-conflict", words=words, year=wall.start.year, published=self.published)

    def _instants(self, span: Span, wall: Wall) -> tuple[datetime, datetime, str]:
        """Start and end in UTC and the zone's name. Each zone that is stated must give the same."""
        first, last = span.first.zones, span.last.zones
        shared = first or last or self._zones_for_all()
        start, name = self._instant(wall.start, first or shared, span.first)
        end, other_name = self._instant(wall.end, last or shared, span.last)
        return start, end, name or other_name

    def _instant(self, wall: datetime, zones: Sequence[ZoneWord], moment: Moment) -> tuple[datetime, str]:
        if not zones:
            if self.zone is None:
                raise DoubtError(
                    "tz-missing", words=self.text.quote(moment.start, moment.end), reason="no zone is named"
                )
            return self.zone.instant(wall), self.zone.name
        read = [self._in_zone(zone, zones, wall) for zone in zones]
        instants = {instant for instant, _ in read}
        if len(instants) > 1:
            names = " and ".join(zone.name for zone in zones)
            raise ZoneWordError("tz-conflict", f"{names} are not the same time")
        if moment.other and moment.other[1]:
            self._check_other(moment, wall, read[0][0])
        named = [name for _, name in read if name]
        return read[0][0], named[0] if named else ""

    def _in_zone(self, zone: ZoneWord, beside: Sequence[ZoneWord], wall: datetime) -> tuple[datetime, str]:
        """The instant in one zone; letters that may be several are settled by an offset beside them."""
        offsets = [other.offset for other in beside if other.offset is not None]
        try:
            return instant_in(zone, wall, self.zone)
        except ZoneWordError as fault:
            if fault.name != "tz-ambiguous" or not offsets:
                raise
            return instant_in(next(other for other in beside if other.offset is not None), wall, self.zone)

    def _check_other(self, moment: Moment, wall: datetime, instant: datetime) -> None:
        """The same moment by another clock, `04:00 EAT (01:00 UTC)`, on the same day or the one beside it."""
        clock, zones = moment.other or (moment.clock, moment.zones)
        alone = clock_of(replace(moment, clock=clock))
        for step in (-1, 0, 1):
            if (
                alone is not None
                and instant_in(zones[0], datetime.combine(wall.date() + step * _DAY, alone), self.zone)[0] == instant
            ):
                return
        raise ZoneWordError(
            "tz-conflict", f"{self.text.quote(clock.start, clock.end)} {zones[0].name} is not the same time"
        )

    def _zones_for_all(self) -> tuple[ZoneWord, ...]:
        """The zone of all times, where the text names one apart: `All times are EAT`, `(GMT+3)`."""
        named = []
        for zone in self.free_zones:
            before = self.masked[max(0, zone.start - 40) : zone.start]
            if zone.offset is not None or len(zone.name) > 3 or zone.name in ("UTC", "EAT", "GMT"):
                strong = True
            else:
                strong = bool(re.search(r"(?:\btimes?\b|\bzone\b|\()[^.\n]{0,30}\Z", before))
            if strong and not re.search(r"\x04\s?\Z", before):
                named.append(zone)
        attached = [zone for moment in self.moments for zone in moment.zones if not self.roles[id(moment)]]
        names = {zone.name for zone in named} or {zone.name for zone in attached}
        if len(names) > 1:
            if not named:
                return ()
            return tuple(named)
        return tuple(named[:1] or attached[:1])

    def _check_crossing(self, window: _Window, words: str) -> None:
        """A window over a change of the clock, whose times do not say on which side they are."""
        if not window.zone:
            return
        clock = window.wall.end - window.wall.start
        explicit = window.span.first.zones and window.span.last.zones
        if window.end - window.start != clock and not explicit:
            self._find("dst-crossing", words=words, zone=window.zone)

    # What is left over

    def _account(self, subject: Subject) -> NoticeStatus:
        """Every moment and day that is in no window is the same said again, or something else."""
        self._drop_moved(subject)
        self._check_each_other()
        self._check_dates()
        left = [moment for moment in self.single if not self._is_explained(moment)]
        if left and subject.extended and len(self.windows) == 1:
            self._find("extended-end", words=shown(subject.status_said.value if subject.status_said else ""))
            left = []
        for moment in left:
            self._tell_unexplained(moment)
        used = {id(days) for moment in self.moments for days in (moment.before, moment.behind) if days}
        moved = subject.status_said if subject.status == "rescheduled" and not subject.extended else None
        for days in self.free_days:
            if moved and self.windows and self._is_old(days, moved):
                continue
            if id(days) not in used and not self._is_day_explained(days):
                self._tell_unexplained(days)
        status = self._status(subject)
        self._check_sentences(status)
        return status

    def _status(self, subject: Subject) -> NoticeStatus:
        """The status of the windows, where the words that tell it are of them; and what speaks against it."""
        said, status = subject.status_said, subject.status
        if status == "cancelled" and len(self.windows) > 1:
            self._find("partly-cancelled", words=shown(said.value if said else ""))
            status = "scheduled"
        if status == "rescheduled":
            self._check_moved(subject)
        elif (corrected := _CORRECTED.search(self.masked)) and self._is_behind_windows(corrected.start()):
            self._find("extended-end", words=shown(corrected[0]))
        if said and status == "completed" and not self._is_completed(said):
            status = "scheduled"
        if (
            status == "scheduled"
            and self.published
            and self.windows
            and all(w.end.date() < self.published - _DAY for w in self.windows)
        ):
            words = self.text.quote(self.windows[0].span.start, self.windows[0].span.end)
            self._find("past-window", words=words, published=self.published)
        return status

    def _is_behind_windows(self, at: int) -> bool:
        """Whether words stand behind a window, or beside several: then they are not of the whole notice."""
        return len(self.windows) > 1 or any(window.span.end < at for window in self.windows)

    def _is_completed(self, said: Said) -> bool:
        """Whether it is the windows that are completed: no other one, and none that will be."""
        begin, end = self.sentences.around(said.start)
        if any(begin <= span.start < end for span in self.past):
            return False
        if not any(begin < w.span.end and w.span.start < end for w in self.windows):
            sentence = self.masked[begin:end]
            if not _ENDED.search(sentence) or re.search(r"\b(?:last|previous|earlier|first)\b", sentence):
                return False
        if self.published and any(window.end.date() > self.published + _DAY for window in self.windows):
            self._find("undecided", words=self.text.quote(said.start, said.end))
        return not any(_STILL.search(self.masked[slice(*self._sentence_of(w.span))]) for w in self.windows)

    def _check_sentences(self, status: NoticeStatus) -> None:
        """Each window must stand in a sentence that is of the maintenance, of what will be, and certain."""
        kinds: list[tuple[str, str]] = []
        past: list[bool] = []
        for window in self.windows:
            begin, end = self._sentence_of(window.span)
            sentence, words = self.masked[begin:end], self.text.quote(window.span.start, window.span.end)
            kinds.append((kind_of(sentence, self.masked[begin : window.span.start]), words))
            if status != "cancelled" and (doubt := doubt_beside(sentence)):
                self._find("undecided", words=self.text.quote(begin + doubt.start(), begin + doubt.end()))
            first = window.span.first
            lead = self.masked[begin : first.start] if first.before else ""
            if doubt := doubt_before(lead) or re.search(r"\bwithin\s\Z", self.masked[begin : first.clock.start]):
                self._find("undecided", words=self.text.quote(begin + doubt.start(), window.span.end))
            rest = slice(window.span.end, end)
            if status == "scheduled" and (doubt := doubt_behind(self.masked[rest], self.text.plain[rest])):
                self._find("undecided", words=self.text.quote(window.span.end, window.span.end + doubt.end()))
            past.append(is_of_the_past(sentence))
            if (status == "scheduled" and past[-1]) or (status == "completed" and any(past) and not all(past)):
                self._find("not-maintenance", words=f" It tells what was: {shown(words)}.")

        mixed = {kind for kind, _ in kinds} & {"matter", "label"}
        for kind, words in kinds:
            if kind == "other" or (kind == "row" and mixed):
                self._find("unexplained-time", words=words)

    def _check_dates(self) -> None:
        """Weekdays alone are the coming ones only where something says so: else they are a timetable."""
        if not self.windows or any(day.is_date or day.relative for day in self.days):
            return
        first = self.windows[0].span
        sentence = self.masked[slice(*self._sentence_of(first))]
        said = any(day.which == "this" for day in self.days)
        if len(self.windows) > 1 or (not said and is_habit(sentence, self.masked)):
            self._find("recurring", words=self.text.quote(first.start, first.end))

    def _sentence_of(self, span: Span) -> tuple[int, int]:
        return self.sentences.around(span.start)[0], self.sentences.around(span.end - 1)[1]

    def _drop_moved(self, subject: Subject) -> None:
        """`the one planned from A to B has been rescheduled to C to D`: of two windows of a sentence, the second."""
        said = subject.status_said
        if subject.status != "rescheduled" or subject.extended or not said or len(self.windows) != 2:
            return
        old, new = sorted(self.windows, key=lambda window: window.span.start)
        begin, _ = self.sentences.around(old.span.start)
        between = self.masked[old.span.end : new.span.start]
        plainly = self.sentences.same(old.span.start, new.span.start) and _HAS_MOVED.fullmatch(between)
        if (
            plainly
            and old.span.end <= said.start
            and not re.search(r"\b(?:that|if|not|no)\b", self.masked[begin : said.end])
        ):
            self.windows.remove(old)

    def _check_moved(self, subject: Subject) -> None:
        """Of what was moved, only the new time may be left: a notice with both is for a person."""
        said = subject.status_said
        words = shown(said.value if said else "")
        if said and not subject.extended and not all(self._is_new(window.span, said) for window in self.windows):
            self._find("undecided", words=words)
        if subject.extended and len(self.windows) == 1:
            if said and self._is_old(self.windows[0].span, said):
                self._find("extended-end", words=words)
            end = self.windows[0].span.end
            behind = self.masked[end : end + 160]
            if re.search(r"extended|extension|prolonged", behind) and re.search(r"[\x00\x02]", behind):
                self._find("extended-end", words=words)
        elif len(self.windows) > 1 and not subject.extended:
            self._find("extended-end", words=words)

    def _is_new(self, span: Span, said: Said) -> bool:
        """Whether a window is the one that something was moved to: behind those words, or of what will be."""
        if self._is_old(span, said):
            return False
        begin, _ = self.sentences.around(span.start)
        lead = self.masked[max(begin, said.end) if said.end <= span.start else begin : span.start] + span.first.inner
        if re.search(r"\b(?:was|were|had|originally|earlier|initially|previous(?:ly)?|old)\b", lead):
            return False
        if span.end <= said.start:
            return bool(re.search(r"\b(?:new|now|revised)\b", lead))
        return bool(re.search(r"\b(?:to|new|now|until|till|for|on|will|shall|is|revised|from)\b", lead)) or ":" in lead

    def _is_old(self, term: Term, said: Said) -> bool:
        """Whether something stands in front of `postponed` in its sentence: the time that holds no more."""
        return term.start < said.start and self.sentences.same(term.start, said.start)

    def _check_each_other(self) -> None:
        """Windows that overlap are two readings of one: which of them holds is not ours to say."""
        ordered = sorted(self.windows, key=lambda window: window.start)
        for one, other in pairwise(ordered):
            if other.start < one.end:
                name = "end-conflict" if one.start == other.start else "start-conflict"
                both = [self.text.quote(window.span.start, window.span.end) for window in (one, other)]
                self._find(name, first=shown(both[0]), second=shown(both[1]))

    def _is_explained(self, moment: Moment) -> bool:
        if self.roles[id(moment)] in ("published", "deadline", "hours"):
            return True
        if self.roles[id(moment)] == "history" and self.windows:
            return True
        if (
            moment.days
            and is_dateline(moment, self.text.plain, self.sentences)
            and self._is_before_windows(moment.days)
        ):
            return True
        return any(self._is_bound(moment, window) for window in self.windows)

    def _is_bound(self, moment: Moment, window: _Window) -> bool:
        """Whether a moment is the start or the end of a window, said again."""
        clock = clock_of(moment)
        if clock is None:
            return False
        for wall, instant in ((window.wall.start, window.start), (window.wall.end, window.end)):
            if self._falls_on(moment.days, wall.date()) and wall.time() == clock and not moment.zones:
                return True
            if (
                moment.clock.form == "midnight"
                and wall.time() == clock
                and self._falls_on(moment.days, wall.date() - _DAY)
            ):
                return True
            if moment.zones:
                for step in (-1, 0, 1):
                    day = wall.date() + step * _DAY
                    if self._falls_on(moment.days, day) and self._same_instant(
                        moment, datetime.combine(day, clock), instant
                    ):
                        return True
        return False

    def _same_instant(self, moment: Moment, wall: datetime, instant: datetime) -> bool:
        try:
            return self._instant(wall, moment.zones, replace(moment, other=None))[0] == instant
        except (DoubtError, ZoneWordError, CalendarError):
            return False

    def _falls_on(self, days: Days | None, on: date) -> bool:
        """Whether a day as it is written may be this date; no day may be any."""
        if days is None:
            return True
        if days.last or days.listed:
            return False
        return all(self._may_be(day, on) for day in days.days)

    def _may_be(self, day: Day, on: date) -> bool:
        if day.orders:
            return any(
                (year or on.year, month, number) == (on.year, on.month, on.day) for year, month, number in day.orders
            )
        if day.relative in ("today", "tomorrow", "overmorrow", "yesterday"):
            try:
                return self.known.date_of([day]).date == on
            except DoubtError:
                return False
        if day.relative:
            return day.relative != "before"
        if day.which in ("last", "next"):
            return False
        fits = day.weekday in (None, on.weekday()) and day.day in (None, on.day)
        return fits and day.month in (None, on.month) and day.year in (None, on.year)

    def _is_day_explained(self, days: Days) -> bool:
        role = self.roles[id(days)]
        if role in ("published", "deadline", "hours"):
            return True
        if role == "history" and self.windows and not self._is_window_day(days):
            return self._is_before_windows(days)
        if days.last or days.listed:
            return self._are_window_days(days)
        if self._is_window_day(days):
            return True
        if is_dateline(days, self.text.plain, self.sentences) and self._is_before_windows(days):
            return True
        return bool(_BEFORE_WINDOW.search(self.masked[max(0, days.start - 40) : days.start])) and self._is_day_before(
            days
        )

    def _is_day_before(self, days: Days) -> bool:
        """`after the close of business on 22 May`: the day before a window."""
        return any(self._falls_on(days, window.wall.start.date() - _DAY) for window in self.windows)

    def _is_window_day(self, days: Days) -> bool:
        for window in self.windows:
            day = window.wall.start.date()
            while day <= window.wall.end.date():
                if self._falls_on(days, day):
                    return True
                day += _DAY
        return False

    def _are_window_days(self, days: Days) -> bool:
        """Whether two days or more are those of the windows: the first and the last of one, or one of each."""
        ends = [(Days(day.start, day.end, (day,))) for day in (*days.days[:1], *days.last)]
        if len(self.windows) == 1 and len(ends) == 2:
            wall = self.windows[0].wall
            return self._falls_on(ends[0], wall.start.date()) and self._falls_on(ends[1], wall.end.date())
        dates = {window.wall.start.date() for window in self.windows} | {
            window.wall.end.date() for window in self.windows
        }
        return bool(dates) and all(any(self._falls_on(end, day) for day in dates) for end in ends)

    def _is_before_windows(self, days: Days) -> bool:
        """Whether a day comes before every window, so that it may be that of the notice."""
        try:
            day = self.known.date_of(days.days).date
        except DoubtError as doubt:
            return doubt.name in ("numeric-date", "year-missing", "weekday-only-date") and not days.last
        return all(day <= window.wall.start.date() for window in self.windows)

    def _tell_unexplained(self, term: Moment | Days) -> None:
        words = shown(self.text.quote(term.start, term.end))
        if isinstance(term, Moment) and self.windows and not self.findings_of_windows():
            clock = clock_of(term)
            begins = bool(_BEGINS.search(term.lead + term.inner))
            if term.clock.form == "bad":
                self._find("malformed-time", words=self.text.quote(term.clock.start, term.clock.end))
            elif begins or (
                clock and any(self._falls_on(term.days, window.wall.start.date()) for window in self.windows)
            ):
                window = self.windows[0]
                self._find(
                    "start-conflict", first=words, second=shown(self.text.quote(window.span.start, window.span.end))
                )
            else:
                self._find("unexplained-time", words=words)
            return
        if isinstance(term, Moment) and term.clock.form == "bad":
            self._find("malformed-time", words=self.text.quote(term.clock.start, term.clock.end))
            return
        if isinstance(term, Moment) and not self.windows and self.findings_of_windows():
            return
        self._tell_day(term, words)

    def _tell_day(self, term: Moment | Days, words: str) -> None:
        days = term if isinstance(term, Days) else term.days
        if days:
            try:
                self.known.date_of(days.days)
            except DoubtError as doubt:
                self._find(doubt.name, **doubt.read)
                return
        if not self.findings_of_windows():
            self._find("unexplained-time", words=words)

    def findings_of_windows(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def _tell_missing(self) -> None:
        """There is no span: say what is missing of one."""
        starts = [moment for moment in self.single if self.roles[id(moment)] not in ("published", "deadline", "hours")]
        if not starts:
            if not any(finding.rule.name == "malformed-time" for finding in self.findings):
                self._find("no-times")
            for days in self.free_days:
                if not self.roles[id(days)]:
                    self._tell_years(days)
            return
        for moment in starts[:3]:
            words = shown(self.text.quote(moment.start, moment.end))
            name = "start-missing" if _ENDS.search(moment.lead + moment.inner) else "end-missing"
            self._find(name, words=words)
            if moment.rough:
                self._find("approximate", words=self.text.quote(moment.start, moment.end))
            self._tell_zone(moment)
            if moment.days:
                self._tell_years(moment.days)

    def _tell_years(self, days: Days) -> None:
        try:
            day = self.known.date_of(days.days).date
            self._check_year(
                Wall(datetime.combine(day, time()), datetime.combine(day, time())),
                self.text.quote(days.start, days.end),
            )
            if days.last and not days.listed:
                self.known.date_of(days.last[:1], day, days.days)
        except DoubtError as doubt:
            self._find(doubt.name, **doubt.read)

    def _tell_zone(self, moment: Moment) -> None:
        try:
            day = self.known.date_of(moment.days.days).date if moment.days else None
            clock = clock_of(moment)
            if day and clock:
                self._instant(datetime.combine(day, clock), moment.zones, moment)
        except ZoneWordError as fault:
            self._find(fault.name, words=self.text.quote(moment.start, moment.end), reason=fault.reason)
        except (DoubtError, CalendarError):
            return

    def _check_lengths(self) -> None:
        """A stated duration is that of a window, or of all together; or it is loose, and no more than that."""
        if not self.windows:
            return
        each = [window.end - window.start for window in self.windows]
        whole = sum(each, timedelta(0))
        for length in self.lengths:
            if length.vague or any(abs(length.length - one) <= _TOLERANCE for one in (*each, whole)):
                continue
            if length.length * 4 <= max(each) and self._is_expected(length):
                continue
            if (
                length.loose
                and length.length < max(each)
                and (self._is_part(length) or length.length >= max(each) * 0.75)
            ):
                continue
            if length.loose and length.length <= max(each) * 1.25 and length.length >= max(each) * 0.75:
                continue
            if length.length >= _DAY and not length.loose and not self._is_of_window(length):
                continue
            window = self.windows[0]
            self._find(
                "duration-mismatch",
                stated=self.text.quote(length.start, length.end),
                words=self.text.quote(window.span.start, window.span.end),
            )

    def _is_expected(self, length: Length) -> bool:
        """Whether a length is labelled as that of the outage within the window: `Expected downtime: 30 minutes`."""
        before = self.text.low[max(0, length.start - 60) : length.start]
        return bool(re.search(r"\bexpected\s(?:impact|downtime|outage|interruption)s?\s?:\s?[^.\n]{0,40}\Z", before))

    def _is_part(self, length: Length) -> bool:
        """Whether a length is of an outage within the window: up to, two x 25 minutes, between."""
        before = self.text.low[max(0, length.start - 60) : length.start]
        written = self.text.low[length.start : length.end]
        if re.search(r"\bimpact\s?:\s?[^.\n]{0,20}\Z", before):
            return True
        short = length.length * 4 <= max(window.end - window.start for window in self.windows)
        if short and re.search(r"\b(?:interrupt\w*|unavailable|outages?|downtime|disrupt\w*)\s[^.]{0,30}\Z", before):
            return True
        between = any("between" in window.span.first.lead + window.span.first.inner for window in self.windows)
        return between or bool(
            re.search(
                r"\bup\sto|intermittent|\bwithin|no\smore\sthan|not\smore\sthan|maximum|at\smost|less\sthan|short",
                before,
            )
            or re.search(r"\bx\b|[0-9]\sx", written)
        )

    def _is_of_window(self, length: Length) -> bool:
        before = self.masked[max(0, length.start - 30) : length.start]
        return bool(
            re.search(
                r"(?:\bfor|\blast(?:ing|s)?|\bduration|\btotal\sof|\bperiod\sof|\btake|\btaking)\b[^.]{0,12}\Z|\(\Z",
                before,
            )
        )

    def _check_left_over(self) -> None:
        capitals = self._capitals()
        if match := _UNKNOWN_ZONE.search(capitals) or _ODD_ZONE.search(capitals):
            name = self.text.quote(*match.span(match.lastindex or 0))
            words, reason = self.text.quote(match.start(), match.end()), f"{name} is no zone that we know"
            self._find("tz-ambiguous", words=words, reason=reason)
        for pattern in _LEFT_OVER:
            if match := pattern.search(self.masked):
                self._tell_left_over(match.start(), match.end())
                return
        seen: set[int] = set()
        for term in (*self.moments, *self.free_days):
            begin, end = self.sentences.around(term.start)
            if self.roles[id(term)] or begin in seen:
                continue
            seen.add(begin)
            if match := left_over_in(self.masked[begin:end]):
                self._tell_left_over(begin + match.start(), begin + match.end())
                return

    def _tell_left_over(self, start: int, end: int) -> None:
        start, end = max(0, start - 12), min(len(self.masked), end + 12)
        self._find("malformed-time", words=self.text.quote(start, end))

    def _capitals(self) -> str:
        """The text with its terms blanked out and its capital letters as they are."""
        pairs = zip(self.text.plain, self.masked, strict=True)
        return "".join(read if read < "\x09" else written for written, read in pairs)

    # The result

    def _result(self, subject: Subject, status: NoticeStatus) -> NoticeReading:
        if not self.windows and not self.findings_of_windows():
            self._find("no-times")
        if (
            self.windows
            and any(window.evidence["timezone"].how == "defaulted" for window in self.windows)
            and self.zone
        ):
            self._find("tz-default", zone=self.zone.name)
        if self.windows and subject.system is None:
            self._find("system-unclear")
        ready = bool(self.windows) and not self.findings_of_windows()
        drafts = tuple(self._draft(window, subject, status) for window in sorted(self.windows, key=lambda w: w.start))
        facts, evidence = self._facts(subject)
        return NoticeReading(
            ready,
            status,
            drafts if ready else (),
            () if ready else drafts,
            tuple(self.findings),
            evidence,
            facts,
            self.text.plain,
            self.published,
        )

    def _draft(self, window: _Window, subject: Subject, status: NoticeStatus) -> DraftWindow:
        system = subject.system
        if len(self.windows) > 1:
            begin, _ = self.sentences.around(window.span.start)
            begin = max([begin, *(w.span.end for w in self.windows if w.span.end <= window.span.start)])
            system = system_in(self.text, self.masked, begin, window.span.start) or system
        evidence = dict(window.evidence)
        if system:
            evidence["system"] = self._evidence_of(system)
        tz = zone_named(window.zone) if window.zone else None
        start, end = (
            instant.astimezone(timezone(_offset(instant, wall, tz)))
            for instant, wall in ((window.start, window.wall.start), (window.end, window.wall.end))
        )
        return DraftWindow(start, end, window.zone or None, system.value if system else None, status, evidence)

    def _facts(self, subject: Subject) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[Evidence, ...]]]:
        said: dict[str, tuple[Said, ...]] = {"services": subject.services, "audience": subject.audience}
        one = {
            "status": subject.status_said,
            "system": subject.system,
            "operator": subject.operator,
            "impact": subject.impact,
            "reason": subject.reason,
            "emergency": subject.emergency,
        }
        said |= {name: (value,) for name, value in one.items() if value}
        facts = {name: tuple(value.value for value in values) for name, values in said.items() if values}
        evidence = {name: tuple(map(self._evidence_of, values)) for name, values in said.items() if values}
        return facts, evidence

    def _evidence_of(self, said: Said) -> Evidence:
        return Evidence(self.text.quote(said.start, said.end), self.text.place(said.start))

    def _evidence(self, span: Span, wall: Wall, zone: str) -> dict[str, Evidence]:
        evidence = {
            "start": self._evidence_at(span.first, wall.inferred_start),
            "end": self._evidence_at(span.last, wall.inferred_end),
        }
        zones = span.first.zones or span.last.zones or self._zones_for_all()
        if zones:
            quote = self.text.quote(zones[0].start, zones[-1].end if zones[-1].end > zones[0].start else zones[0].end)
            evidence["timezone"] = Evidence(quote, self.text.place(zones[0].start))
        else:
            evidence["timezone"] = Evidence("", 0, "defaulted", f"--timezone {zone}")
        return evidence

    def _evidence_at(self, moment: Moment, inferred: tuple[str, ...]) -> Evidence:
        quote = self.text.quote(moment.start, moment.end)
        return Evidence(
            quote,
            self.text.place(moment.start),
            "inferred" if inferred else "stated",
            "; ".join(dict.fromkeys(inferred)),
        )

    def _find_instants(self, error: CalendarError, words: str) -> None:
        name = error.findings[0].rule.name
        if name in ("time-twice", "time-in-gap"):
            zone = self.zone.name if self.zone else ""
            self._find("dst-ambiguous", words=words, reason=error.findings[0].message, zone=zone)
        else:
            self.findings.append(error.findings[0])

    def _find(self, name: str, **read: object) -> None:
        read = {
            key: shown(value)
            if key == "words" and not str(value).startswith('"') and name != "not-maintenance"
            else value
            for key, value in read.items()
        }
        finding = found(name, **read)
        if finding not in self.findings:
            self.findings.append(finding)


def _offset(instant: datetime, wall: datetime, tz: Zone | None) -> timedelta:
    """The offset to show an instant with: that of the zone, or else the one that was stated."""
    shown_wall = tz.wall(instant)[0] if tz else wall
    return shown_wall - instant.astimezone(UTC).replace(tzinfo=None)


def _days_of(moment: Moment) -> tuple[Day, ...]:
    return moment.days.days if moment.days else ()


def _zones_of(span: Span) -> tuple[ZoneWord, ...]:
    return span.first.zones or span.last.zones


_ENDED = re.compile(
    r"\b(?:maintenance|upgrade|works?|exercise|activity|migration|it|this|systems?|services?|portal|platform|access|"
    r"applications?|update|status|operations?)\b"
)
_HAS_MOVED = re.compile(
    r"[)\].,]?\s(?:has|have|is|was)\s(?:now\s|been\s){0,2}(?:postponed|re-?scheduled|deferred|brought\sforward|moved|"
    r"shifted|"
    r"pushed\s(?:back|forward)|changed)\s(?:to|until|till)\s(?:now\s|take\splace\s|the\s|on\s|from\s|between\s){0,3}"
)
_CORRECTED = re.compile(r"\b(?:correction|corrected|corrigendum|errat(?:um|a)|should\sread|amend(?:ed|ment)|revised)\b")
_STILL = re.compile(r"\b(?:will|shall|is\sscheduled|to\sbe|is\splanned)\b")
_BEFORE_WINDOW = re.compile(r"\b(?:after|from)\s(?:the\s)?(?:close|end)\sof\s(?:business|day|work)[^.]{0,20}\Z")
_BEGINS = re.compile(r"\b(?:from|begin\w*|start\w*|commenc\w*|effective)\s?(?:at|on|by)?\s?\Z")
_ENDS = re.compile(
    r"(?:\b(?:to|until|till|by|end\w*|conclud\w*|complet\w*|resum\w*|restor\w*|finish\w*)|-)\s?(?:at|on|by)?\s?\Z"
)
_UNKNOWN_ZONE = re.compile(
    r"[\x00-\x02][)]?\s?[(]?(?!NOT|BUT|OUT|AT\b|IT\b|GET|LET|VAT|TEXT|START|NEXT|LAST|REST)([A-Z]{1,4}T)\b|"
    r"[\x00-\x02][)]?,?\s[(]?((?!Start|End|Finish|Down|Date|Duration|The|"
    r"Maintenance)[A-Z][A-Za-z]{2,20}(?:\s[A-Z][A-Za-z]{2,20})"
    r"{0,2}\s(?:standard\s|summer\s|daylight\s|local\s)?[Tt]ime)\b|"
    r"\b[Aa]ll\s(?:dates\sand\s)?(times\s(?:(?:shown|given|listed|stated|quoted|are|is|in|as)\s){1,4}"
    r"(?!\x01|approx|subject|estimate|[^.\n]{0,30}\x01)[A-Za-z]+)"
)
_ODD_ZONE = re.compile(
    r"[\x00-\x02]\s?[(]([A-Z][A-Za-z]{2,20}(?:\s[A-Z][A-Za-z]{2,20})?)[)]|[\x01\x02] (?!Planned|Scheduled|Duration)"
    r"([A-Z][A-Za-z]{2,20})(?=[.,;]?\s?(?:\n|\Z)|\.\s)|\x01\s(?:in|of|at)\s(?:the\s)?([A-Z]\w+)|"
    r"[\x00-\x02]\s?[(]?((?:server|system|host|portal|bank|station|head\soffice|office|platform|customer|user|"
    r"data\scent(?:er|re))\stime)\b"
)
_TERM = "[\x00\x02]"
_LEFT_OVER = tuple(
    re.compile(pattern)
    for pattern in (
        r"\x01\)?\s?[+-]\s?[0-9]",
        r"[\x00-\x02]\s?\(?\+\s?[0-9\x03]|\x02[a-z]|\x00,?\s[0-9]{1,8}(?![0-9])",
        (
            r"\x00\s?(?:,|,?\sand|&|,?\sor)\s?[0-9]{1,2}(?:st|nd|rd|th)?"
            r"(?=\s?(?:,|and|&|or|-|to|[.)\n\x00]|\Z|[12][0-9]{3}))"
        ),
        r"(?<![0-9.,/])[0-9]{1,2}(?:st|nd|rd|th)?\s?(?:,|,?\sand|&|,?\sor)\s?(?:the\s)?\x00",
        r"(?<![a-z])(?:half\spast|half\s[\x020-9]|quarter\s(?:past|to)|quarter-past|half-past|fortnight)(?![a-z])",
        rf"{_TERM}\s?(?:-|to|until|till|and|:|/|[.])\s?[0-9]{{1,8}}(?![0-9]*\s?[a-z]{{4,}})",
        rf"{_TERM}[0-9]|(?<![0-9,.a-z])[0-9]{{1,8}}\s?(?:-|to|until|till|:)\s?{_TERM}|[0-9]{_TERM}",
        r"(?<![0-9.,/])[0-9]{1,2}\s?[:]\s?[0-9]{1,2}(?![0-9])",
        r"(?<![0-9.,a-z])[0-9]{1,4}\s?(?:am|pm|a\.\s?m|p\.\s?m|hrs|hours|o'?clock|uhr|heures|noon)(?![a-z])",
        (
            rf"(?<![a-z])(?:{MONTH})\.?,?\s?[0-9]{{1,2}}(?![0-9])|(?<![0-9])[0-9]{{1,2}}\s?(?:st|nd|rd|th)"
            rf"?[\s,-]?(?:of\s)?(?:{MONTH})"
        ),
        r"(?<![0-9])(?:[01][0-9]|2[0-4])[0-5][0-9]\s?-\s?[0-9]{2,}",
        r"(?<![0-9/.-])[0-9]{1,4}(?P<s>[/.-])[0-9]{1,2}(?P=s)[0-9]{2,4}(?![0-9])",
        (
            r"(?<![a-z])(?:from|until|till|between)\s(?:the\s)?[0-9]{1,4}(?:st|nd|rd|th)?(?=\s?(?:-|to|and|until|"
            r"till|[.,;)]|\Z))(?![.,][0-9])"
        ),
        (
            r"(?<![a-z])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s?o'?clock|(?:first|"
            rf"second|third|\btwelfth|tenth)\s(?:of\s)?(?:{MONTH})"
        ),
        rf"(?<![a-z])(?:{WEEKDAY})\s?(?:the\s)?[0-9]{{1,2}}(?:st|nd|rd|th)",
    )
)
