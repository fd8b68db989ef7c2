"""The text of a public notice to windows, each with its evidence and its questions.

terms -> groups of days -> points -> pairs -> wall-clock times -> windows -> the account of every term -> questions.
Each stage is a function of the values before it; its grammar is stated in its file. The account is every day, time,
zone and length of a notice with its role; one without a role is a question:

    window      a day, the start or the end of a window, also if it is said again
    published   by the words around it (sentences.py), or the day of publication
    deadline, hours   by the words around it (sentences.py)
    past        a day before the publication, or long before the windows; the day that a window has left
    length      that of a window, of all of them, or of the days they touch; a limit that they keep
    zone        the one zone of all times
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product

from icms_calendar.findings import CalendarError, Finding, expect, found
from icms_calendar.notice.dates import DAY, MONTH, WEEKDAY, YEARS, Dates, days_in
from icms_calendar.notice.points import Days, Pair, Point, pairs_in, points_in
from icms_calendar.notice.reading import DraftWindow, NoticeReading, Question, asked, evidence_of, span_in_words
from icms_calendar.notice.sentences import Facts, Said, Sentences, Terms, role_of, said_in
from icms_calendar.notice.text import REFERENCES, Term, Text, ZoneWord, read_text
from icms_calendar.notice.times import clocks_in, lengths_in, placed, zones_in
from icms_calendar.notice.windows import Window, windows_in
from icms_calendar.record.checks import selection_findings
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import duration
from icms_calendar.record.zones import Zone, zone_named

MAX_TERMS = 5_000
_ZONE_SAID = re.compile(
    r"(?:\b(?:(?:time|zone|timezone)s?\s?[:=]?|in|are|is|all|use)|\()\s?(?:the\s)?\x01+[^\x01]?\Z|\x01\)\Z"
)
_CALLED = {"cancelled": "is cancelled", "completed": "is completed"}
_TOLERANCE, _LONG = timedelta(minutes=5), timedelta(days=60)
_PAST = re.compile(
    r"\b(?:(?:was|were)(?!\s(?:to|scheduled|planned|announced|set|due|expected))|took\splace|last\s(?:week|month))\b"
)
_LASTED = re.compile(r"\b(?:took|lasted|suffered|last\s(?:week|month|year))\b")
_COMING = re.compile(r"\b(?:will|shall|to\sbe|is|are|scheduled|planned)\b")
_LEFT_TIME = (
    r"\bon\s[0-9]{1,2}[.-][0-9]{1,2}(?![0-9:])|(?<![\w.:/-])(?:[0-9]{1,2}\s?[:h]\s?[0-9]{2,}|[0-9]{3,5}\s?(?:-|"
    r"to)\s?[0-9]{3,5}(?!-[0-9])|[0-9]{1,2}\s?(?:[ap]\.?m|hrs?|"
    rf"o'?clock)|[0-9]{{1,2}}/[0-9]{{1,2}}(?:/[0-9]{{2,4}})?)(?![\w/])|(?<![a-z])(?:(?<![0-9])[0-9]{{1,2}}(?:st|nd|rd|"
    rf"th)?\s{MONTH}|(?!may(?![a-z])|mar(?![a-z])|march){MONTH}\s[0-9]{{1,2}}(?![0-9])|{WEEKDAY})"
)
_CLOCK_WORD = r"\bsaa\s[\x02\w]|\b(?:usiku|asubuhi|jioni|alfajiri|alasiri)\b|\bjuma(?:pili|mosi|tatu|nne|tano)\b"
_LEFT = {"malformed-time": _LEFT_TIME, "foreign-clock": _CLOCK_WORD, "unexplained-day": r"\bweekend\b"}
_SUBJECT = re.compile(
    r"\s?(?:the|its|our|all|this|these|an?)?\s?(?P<said>(?:[\w'-]+\s){0,5}?)(?:will|shall|is|are|was|has|have|ends?|"
    r"concludes?|finish(?:es)?|resumes?|returns?|closes?)\b"
)
_IT = re.compile(
    r"\b(?:it|they|maint\w+|exercise|works?|activit\w+|upgrade|outage|interruption|downtime|window|services?|systems?|"
    r"platform|portal|application|completion|operations?|access|end|same|expected)\b"
)
_STARTS = re.compile(r"\b(?:starts?|begins?|from|goes|down)\s(?:at\s)?\Z")
_FACTS = ("system", "services", "impact", "reason", "audience")


def read_notice(
    notice: str | bytes,
    *,
    published: date | None = None,
    timezone: str | None = None,
    calendar: MaintenanceCalendar | None = None,
    system: str | None = None,
    services: Sequence[str] = (),
    today: date | None = None,
) -> NoticeReading:
    """Read the text of a public notice, plain or HTML, as windows for a person to confirm.

    `published` is the day on which it came out (a datetime counts as its date, as written); it resolves missing
    years, "today" and weekdays. Without it, `today` gives the likeliest ones, and a question asks. `timezone` (IANA
    or Windows) is the zone of times that name none; the default is that of `calendar`, whose systems and services
    are looked for in the text. Raises CalendarError for an unknown `timezone`, or a `system` or service that the
    calendar does not have.
    """
    expect(notice, (str, bytes), "notice", "the text of a notice")
    expect(published or date.min, date, "published", "a date, as in date(2026, 3, 14)")
    named = timezone or (calendar.timezone if calendar else None)
    zone = zone_named(named) if named else None
    own: Facts = {"system": (system,) if system else (), "services": tuple(services)}
    wanted = {"system": frozenset(own["system"]), "service": frozenset(services)}
    if calendar and (unknown := list(selection_findings(wanted, calendar))):
        raise CalendarError(unknown)
    day = published.date() if isinstance(published, datetime) else published
    text = read_text(notice)
    near = (one if one and one.year in YEARS else None for one in (day, today))
    terms = text.findings or _terms_in(text, zone, *near)
    if not isinstance(terms, Terms):
        return NoticeReading((), terms, {}, text.original, day)
    pairs, single = pairs_in(terms.points, terms.lengths, terms.masked)
    said = said_in(terms, pairs, calendar)
    windows, unpaired = windows_in(pairs, single, terms)
    if not windows:
        return NoticeReading((), (found("no-window-read"),), said.facts, text.original, day)
    account = _Account(windows, said, terms)
    account.settle_terms(unpaired)
    account.settle_maintenance()
    said = replace(said, facts=said.facts | {name: values for name, values in own.items() if values})
    drafts = tuple(_draft(window, windows, said, terms) for window in windows)
    entries = sorted(account.entries, key=lambda entry: entry[0].start)
    known = tuple((text.quote(term.start, term.end), role) for term, role in entries)
    return NoticeReading(drafts, (), said.facts, text.original, day, known)


def day_written(words: str) -> date | None:
    """The day that words name in full and without doubt: `Thursday, 10 July 2025`."""
    text = read_text(words)
    days, masked = days_in(text, text.low)
    dated = Dates(text, tuple(days), None).of(days) if days and not re.search("[a-z0-9]", masked) else None
    return dated.date if dated and not dated.questions else None


def _terms_in(
    text: Text, default: Zone | None, published: date | None, today: date | None
) -> Terms | tuple[Finding, ...]:
    """The terms of a text, or the finding that there are too many. `today` is the day of reading."""
    zones, masked = zones_in(text.plain, text.low)
    masked = REFERENCES.sub(lambda match: "\x04" * len(match[0]), masked)
    days, masked = days_in(text, masked)
    clocks, masked = clocks_in(text, masked)
    lengths, masked = lengths_in(text, masked)
    if len(days) + len(clocks) > MAX_TERMS:
        return (found("notice-too-long", number="more", what="days and times", limit=MAX_TERMS),)
    points, groups, zones = points_in([*days, *clocks, *zones], masked)
    sentences = Sentences(text.plain, [*points, *groups, *zones])
    dates = Dates(text, tuple(days), published, (), today)
    roles = _roles([*points, *groups], masked, sentences, dates)
    told = [term.days[0] if isinstance(term, Days) else term.day for term, role in roles.items() if role == "published"]
    issued = (dates.of(names) for names in told if names)
    dates = replace(dates, issued=tuple(one.date for one in issued if one.date and not one.questions))
    points, groups = [one for one in points if one not in roles], [one for one in groups if one not in roles]
    said = [z for z in zones if z.name in ("UTC", "GMT") or _ZONE_SAID.search(masked[max(0, z.start - 24) : z.end + 1])]
    return Terms(text, masked, clocks, lengths, points, groups, said, roles, sentences, dates, default)


def _roles(terms: Sequence[Point | Days], masked: str, sentences: Sentences, dates: Dates) -> dict[Point | Days, str]:
    """The roles that words give. No day after the publication is that of issue, no range with a day a deadline."""
    ranges = [pair.points for pair in pairs_in([one for one in terms if isinstance(one, Point)], (), masked)[0]]
    dated = {point for pair in ranges if any(day.is_date for one in pair for day in one.day) for point in pair}
    roles = {}
    for term in terms:
        names = term.days[0] if isinstance(term, Days) else term.day
        role = role_of(term, dates.text.low, sentences)
        on = dates.of(names).date if role == "published" and any(day.is_date for day in names) else None
        if role and (on or date.min) <= (dates.published or date.max) and (role == "published" or term not in dated):
            roles[term] = role
    return roles


def _draft(window: Window, windows: Sequence[Window], said: Said, terms: Terms) -> DraftWindow:
    """A window with its status, its evidence and its questions, the confirmation first."""
    published, status, near = terms.dates.published, said.status, terms.sentences.near(window.pair, 300)
    ended = window.end and window.end.date() <= (published or date.max)
    if said.status_term and ((status == "completed" and not ended) or (status == "cancelled" and len(windows) > 1)):
        status = "confirmed"
        window.ask("changed", Term(*terms.sentences.near(said.status_term, 200)))
    over = published and window.end and window.end.date() < published
    past = _PAST.search(terms.text.low, *near) and not _COMING.search(terms.text.low, *near)
    if status not in _CALLED and (over or past):
        window.ask("past-window", window.pair)
    evidence = window.evidence | {key: e for key, e in said.evidence.items() if key in said.facts}
    if said.status_term and status != "confirmed":
        evidence["status"] = evidence_of(said.status_term, terms.text)
    questions = (_confirmation(window, status, said.facts, terms), *window.questions.values())
    zone, system = window.zone or None, next(iter(said.facts.get("system", ())), None)
    return DraftWindow(window.start, window.end, zone, system, status, window.all_day, evidence, questions)


def _confirmation(window: Window, status: str, facts: Facts, terms: Terms) -> Question:
    """The question that every window has: does the notice say this? It names what the notice does not state."""
    when = span_in_words(window.begins, window.ends) if window.begins and window.ends else "this window"
    missing, unmatched = [name for name in _FACTS if not facts.get(name)], facts.get("unmatched", ())
    gaps = {"Not read from it": missing, "Not among the services of the calendar": unmatched}
    lacks = "".join(f" {gap}: {', '.join(names)}." for gap, names in gaps.items() if names)
    words, how = Term(*terms.sentences.near(window.pair, 200)), _CALLED.get(status, "is announced")
    return asked("confirmation", terms.text, words, when=when, how=how, lacks=lacks)


class _Account:
    """The role of every term of a notice; a term without one becomes a question of the window nearest to it."""

    def __init__(self, windows: Sequence[Window], said: Said, terms: Terms) -> None:
        self.windows, self.said, self.terms = windows, said, terms
        self.entries: list[tuple[Term, str]] = [*((one.pair, "window") for one in windows), *terms.roles.items()]
        self.starts = [window.pair.start for window in windows]
        self.moments = {at for window in windows for at in (window.begins, window.ends) if at}
        self.places = {(window.pair.start, window.pair.end) for window in windows}
        self.days = {at.date() for at in self.moments}
        self.zones: dict[str, bool] = {}  # by name, whether its clock shows the times of every window
        self.lengths: list[timedelta] = []
        known = set()
        for window in windows:
            if window.begins and window.ends and window.start and window.end:
                self.lengths.append(window.end - window.start)
                count = (window.ends.date() - window.begins.date()).days
                self.days |= {window.begins.date() + DAY * i for i in range(min(31, count))}
                known |= {DAY * count, DAY * (count + 1)}  # from 4 to 5 April: one day, or two
        self.weekdays = {day.weekday() for day in self.days}
        known |= {*self.lengths, sum(self.lengths, timedelta())}
        self.steps = {round(length / _TOLERANCE) + step for length in known if length for step in (-1, 0, 1)}

    def settle(self, term: Term, role: str, name: str, **read: object) -> None:
        """Enter a term with its role, or ask about it."""
        self.entries.append((term, role or "question"))
        if not role:
            at = bisect(self.starts, term.start)
            near = self.windows[max(0, at - 1) : at + 1]
            nearest = min(near, key=lambda window: abs(window.pair.start - term.start))
            for window in self.windows if name == "foreign-clock" else [nearest]:
                window.ask(name, term, **read)

    def settle_terms(self, single: Sequence[Point]) -> None:
        """Single points, days, lengths and zones, and what looks like one but was not read as one."""
        for point in single:
            issued = "published" if self.terms.dates.published and self.terms.is_dateline(point) else ""
            self.settle(point, "window" if self.is_said_again(point) else issued, "unexplained-time")
        for group in self.terms.groups:
            self.settle(group, self.role_of_days(group), "unexplained-day")
        here = " and ".join(duration(one) for one in sorted({*self.lengths})[:3])
        for length in self.terms.lengths:
            known = not self.lengths or round(length.length / _TOLERANCE) in self.steps
            known = known or (length.loose and length.length <= max(self.lengths) * 1.25)
            low, (begin, end) = self.terms.text.low, self.terms.sentences.around(length.start)
            held = any(begin <= at < end for at in self.starts[bisect(self.starts, begin - 1) :][:1])
            past = not held and _LASTED.search(low, begin, end) and not _COMING.search(low, begin, end)
            self.settle(length, "past" if past else "length" if known else "", "duration-mismatch", here=here)
        self.settle_zones()
        for name, pattern in _LEFT.items():
            found = (Term(*match.span()) for match in re.finditer(pattern, self.terms.masked))
            low, sentences = self.terms.text.low, self.terms.sentences
            term = next((one for one in found if role_of(one, low, sentences) != "hours"), None)
            if term and not (name == "unexplained-day" and self.weekdays & {5, 6}):
                self.settle(term, "", name)

    def settle_zones(self) -> None:
        """The zones of all times; and for a window that names none, those of the others."""
        for word in self.terms.free_zones:
            role = "zone" if self.is_zone_of_all(word) else ""
            self.settle(word, role, "tz-conflict", reason="it gives another moment", here=self.windows[0].zone)
        silent = [window for window in self.windows if not any(point.zones for point in window.pair.points)]
        named = {word.name: word for window in self.windows for point in window.pair.points for word in point.zones}
        for window, word in product(silent, [*named.values()][:5]):  # a few zones are enough to ask
            if not self.is_zone_of(window, word):
                window.ask("tz-conflict", word, reason="only other times of the notice name it", here=window.zone)

    def settle_maintenance(self) -> None:
        """What the notice says about the maintenance, as far as it is asked about."""
        text = self.terms.text
        for name, term in self.said.doubts:
            each = name == "recurring" and text.low.startswith(("each", "both", "nightly"), term.start)
            if not each or len(self.windows) == 1:
                self.entries.append((term, "question"))
                words = Term(*self.terms.sentences.near(term, 200))
                for window in self.windows:
                    window.ask(name, words, here=self.windows[0].begins)
        for window in self.windows:
            if at := _other_subject(window.pair, self.terms):
                self.settle(at, "", "another-subject", here=window.ends)
            for kind, what in text.odd:
                window.add([asked(kind, Text(what, what, range(len(what)), what), Term(0, len(what)))])

    def is_zone_of(self, window: Window, word: ZoneWord) -> bool:
        """Whether the clock of a zone shows the times that a window has."""
        wall, at = window.begins or window.ends, window.start or window.end
        return wall is None or at is None or placed(wall, word, self.terms.default)[0] == at

    def is_zone_of_all(self, word: ZoneWord) -> bool:
        """Whether it shows those of every window."""
        if word.name not in self.zones:
            self.zones[word.name] = all(self.is_zone_of(window, word) for window in self.windows)
        return self.zones[word.name]

    def is_said_again(self, point: Point) -> bool:
        """Whether a time says the start or the end of a window again."""
        clock, at = point.clock, time(point.clock.hour % 24, point.clock.minute % 60)
        if clock.form in ("bad", "bare") or not all(map(self.is_zone_of_all, point.zones)):
            return False
        if not point.day:
            starts = {window.begins.time() for window in self.windows if window.begins}
            return at in starts or (at in {one.time() for one in self.moments} and not _STARTS.search(point.lead))
        dated = self.terms.dates.of(point.day, min(self.days, default=None))
        sure = all(question.name != "date-conflict" for question in dated.questions)
        return bool(sure and dated.date and datetime.combine(dated.date, at) in self.moments)

    def role_of_days(self, group: Days) -> str:
        """The role of a day: the windows, the words or the calendar must say what it is."""
        days, dates, names = self.days, self.terms.dates, [day for names in group.days for day in names]
        by_name = all(day.weekday in self.weekdays and day.day is None and not day.orders for day in names)
        known = {dates.of(day).date or date.max for day in group.days}
        if all(day.which == "next" for day in names):
            return ""
        if (group.start, group.end) in self.places or by_name or known <= days:
            return "window"
        if self.terms.is_dateline(group):
            return "published"
        if date.max in known:
            return ""
        first = min(days, default=date.min + _LONG) - (_LONG, DAY * 0)[self.said.settled]
        if max(known) < max(first, dates.published or date.min):
            return "past"
        return "published" if known <= {dates.published, *dates.issued} else ""


def _other_subject(pair: Pair, terms: Terms) -> Term | None:
    """The words from the end of a sentence to the end of a pair, if the next sentence is about something else."""
    low, (begin, end) = terms.text.low, terms.sentences.around(pair.first.clock.start)
    at = pair.last.clock if pair.last else pair.first.clock
    if at.start < end or not (subject := _SUBJECT.match(low, end, at.start)):
        return None
    words = {*subject["said"].split()} - {*re.findall(r"[\w'-]+", low[max(begin, end - 400) : end])}
    return Term(subject.start(), at.end) if words and not _IT.search(subject["said"]) else None
