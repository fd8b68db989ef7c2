"""The text of a public notice to windows, each with its evidence and its questions.

terms -> groups of days -> points -> pairs -> wall-clock times -> windows -> the account of every term -> questions.
Each stage is a function of the values before it; its grammar is stated at the head of its file. The account is every
day, time, zone and length of a notice with its role; one without a role is a question:

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
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from icms_calendar.findings import CalendarError, expect, found
from icms_calendar.notice.dates import DAY, MONTH, WEEKDAY, YEARS, Dates, days_in
from icms_calendar.notice.offsets import zones_in
from icms_calendar.notice.points import Days, Pair, Point, pairs_in, points_in
from icms_calendar.notice.reading import (
    CONFIRMATION,
    DraftWindow,
    NoticeReading,
    Question,
    asked,
    evidence_of,
    span_in_words,
)
from icms_calendar.notice.sentences import Said, Sentences, is_dateline, role_of, said_in
from icms_calendar.notice.text import Length, Term, Text, read_bytes, read_text, without_references
from icms_calendar.notice.times import clocks_in, lengths_in
from icms_calendar.notice.windows import Terms, Window, windows_in
from icms_calendar.record.checks import selection_findings
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.words import duration
from icms_calendar.record.zones import Zone, zone_named

MAX_TERMS = 5_000
Facts = dict[str, tuple[str, ...]]
_ZONE_SAID = re.compile(r"(?:\b(?:times?|zone)\s?(?:[:(=]|in|are|is)?|\b(?:in|are|is|all|use)|\()\s?(?:the\s)?\Z")
_EVERYWHERE = {"changed", "undecided", "recurring", "hidden-text", "foreign-script", "foreign-clock"}
_CALLED = {"cancelled": "is cancelled", "completed": "is completed"}
_TOLERANCE, _LONG = timedelta(minutes=5), timedelta(days=60)
_LEFT = re.compile(
    r"(?<![\w.:/-])(?:[0-9]{1,2}\s?[:h]\s?[0-9]{2,}|[0-9]{3,5}\s?(?:-|to)\s?[0-9]{3,5}|[0-9]{1,2}\s?(?:[ap]\.?m|hrs?|"
    rf"o'?clock)|[0-9]{{1,2}}/[0-9]{{1,2}}(?:/[0-9]{{2,4}})?)(?![\w/])|"
    rf"(?<![a-z])(?:[0-9]{{1,4}}(?:st|nd|rd|th)?\s{MONTH}|(?!may(?![a-z])|mar(?![a-z])|march){MONTH}\s[0-9]|{WEEKDAY})"
)
_CLOCK_WORD = re.compile(
    r"\bsaa\s[\x02\w]|\b(?:usiku|asubuhi|jioni|alfajiri|alasiri)\b|\bjuma(?:pili|mosi|tatu|nne|tano)\b"
)
_SUBJECT = re.compile(
    r"\s?(?:the|its|our|all|this|these|an?)?\s?(?P<said>(?:[\w'-]+\s){0,5}?)(?:will|shall|is|are|was|has|have|ends?|concludes?|"
    r"finish(?:es)?|resumes?|returns?|closes?)\b"
)
_IT = re.compile(
    r"\b(?:it|they|maint\w+|exercise|works?|activit\w+|upgrade|outage|interruption|downtime|window|services?|systems?|"
    r"platform|portal|application|completion|operations?|access|end|same|expected)\b"
)
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
    wanted = {"system": frozenset([system] if system else ()), "service": frozenset(services)}
    if calendar and (unknown := list(selection_findings(wanted, calendar))):
        raise CalendarError(unknown)
    day = published.date() if isinstance(published, datetime) else published
    original, unread = (notice, ()) if isinstance(notice, str) else read_bytes(notice)
    text = read_text(original)
    terms, findings = None, unread or text.findings
    if not findings:
        terms = _terms_in(text, *(one if one and one.year in YEARS else None for one in (day, today)))
    if terms is None:
        return NoticeReading((), findings or (found("notice-too-many-times", limit=MAX_TERMS),), {}, original, day)
    own = ({"system": (system,)} if system else {}) | ({"services": tuple(services)} if services else {})
    return replace(_reading(terms, zone, calendar, own), published=day)


def _reading(terms: Terms, zone: Zone | None, calendar: MaintenanceCalendar | None, own: Facts) -> NoticeReading:
    """The windows that the terms of a notice make, with the facts that it states or that are given."""
    text, (pairs, single) = terms.text, pairs_in(terms.points, terms.lengths, terms.masked)
    said = said_in(text, terms.masked, terms.sentences, pairs, calendar)
    windows, unpaired = windows_in(pairs, single, terms, zone)
    if not windows:
        return NoticeReading((), (found("no-window-read"),), said.facts, text.original)
    account = _account_of(windows, unpaired, said, terms)
    said = replace(said, facts=said.facts | own)
    each = zip(windows, _asked_of_each(windows, account), strict=True)
    drafts = tuple(_draft(window, asks, windows, said, terms) for window, asks in each)
    entries = [*(_Entry(window.pair, "window") for window in windows), *(one for one in account if one.term.end)]
    entries.sort(key=lambda entry: entry.term.start)
    known = tuple((text.quote(term.start, term.end), "question" if ask else role) for term, role, ask in entries)
    return NoticeReading(drafts, (), said.facts, text.original, terms=known)


def day_written(words: str) -> date | None:
    """The day that words name in full and without doubt: `Thursday, 10 July 2025`."""
    text = read_text(words)
    days, masked = days_in(text, text.low)
    dated = Dates(text, tuple(days), None).of(days) if days and not re.search("[a-z0-9]", masked) else None
    return dated.date if dated and not dated.questions else None


def _terms_in(text: Text, published: date | None, today: date | None) -> Terms | None:
    """The terms of a text, or None if there are more of them than a notice has."""
    zones, masked = zones_in(text.plain, text.low)
    days, masked = days_in(text, without_references(masked))
    clocks, masked = clocks_in(text, masked)
    lengths, masked = lengths_in(text, masked)
    if len(days) + len(clocks) > MAX_TERMS:
        return None
    points, groups, zones = points_in(days, clocks, zones, masked)
    sentences = Sentences(text.plain, [*points, *groups, *zones])
    every: list[Point | Days] = [*points, *groups]
    roles = [(term, role) for term in every if (role := role_of(term, text.low, sentences))]
    told = [term if isinstance(term, Days) else term.days for term, role in roles if role == "published"]
    dates = Dates(text, tuple(days), published, (), today)
    issued = [one.date for group in told if group and (one := dates.of(group.days)).date and not one.questions]
    excluded = {id(term) for term, _ in roles}
    points, groups = ([one for one in kind if id(one) not in excluded] for kind in (points, groups))  # type: ignore[assignment]
    dates, leads = (
        replace(dates, issued=tuple(issued)),
        ((one, masked[max(0, one.start - 24) : one.start]) for one in zones),
    )
    said = [one for one, lead in leads if _ZONE_SAID.search(lead) or masked.startswith(")", one.end)]
    return Terms(text, masked, clocks, lengths, points, groups, said, roles, sentences, dates)


def _asked_of_each(windows: Sequence[Window], account: Sequence[_Entry]) -> list[list[Question]]:
    """The questions of each window: its own, and those of the account that are nearest to it, or about all."""
    own = [list(window.questions) for window in windows]
    starts = [window.pair.start for window in windows]
    for term, _, ask in account:
        if ask is not None:
            at = bisect(starts, term.start)
            near = min(range(len(starts))[max(0, at - 1) : at + 1], key=lambda i: abs(starts[i] - term.start))
            for i in range(len(windows)) if ask.name in _EVERYWHERE else [near]:
                own[i].append(ask)
    return own


def _draft(window: Window, asks: list[Question], windows: Sequence[Window], said: Said, terms: Terms) -> DraftWindow:
    """A window with its status, its evidence and its questions, the confirmation first."""
    status, doubts = _status_of(window, windows, said, terms)
    over = status in _CALLED
    kept = {(q.name, q.text): q for q in (*asks, *doubts) if not (over and q.name == "past-window")}
    evidence = window.evidence | {key: e for key, e in said.evidence.items() if key in said.facts}
    if said.status_term and status != "confirmed":
        evidence["status"] = evidence_of(said.status_term, terms.text)
    questions = (_confirmation(window, status, said.facts, terms), *kept.values())
    system = next(iter(said.facts.get("system", ())), None)
    start, end, zone = window.start, window.end, window.zone or None
    return DraftWindow(start, end, zone, system, status, window.all_day, evidence, questions)


def _status_of(window: Window, windows: Sequence[Window], said: Said, terms: Terms) -> tuple[str, list[Question]]:
    """The status that the notice gives a window; one that may be of another window is asked about."""
    ask = [_about("changed", said.status_term, windows, terms)] if said.status_term else []
    if said.status == "completed":
        published = terms.dates.published
        over = window.end and (published is None or window.end.date() <= published)
        return ("completed", []) if over else ("confirmed", ask)
    if said.status == "cancelled" and len(windows) > 1:
        return "confirmed", ask
    return said.status, ask if said.status == "cancelled" and any(name == "changed" for name, _ in said.doubts) else []


def _confirmation(window: Window, status: str, facts: Facts, terms: Terms) -> Question:
    """The question that every window has: does the notice say this? It names what the notice does not state."""
    pair = window.pair
    begin, end = terms.sentences.near(pair, 200)
    quote = terms.text.quote(begin, end)
    when = span_in_words(window.begins, window.ends) if window.begins and window.ends else "this window"
    missing = ", ".join(name for name in _FACTS if not facts.get(name))
    lacks = f" Not read from it: {missing}." if missing else ""
    if unmatched := ", ".join(facts.get("unmatched", ())):
        lacks += f" Not among the services of the calendar: {unmatched}."
    called = _CALLED.get(status, "is announced")
    text = f'Compare with the notice: maintenance on {when} {called} by "{quote}"? Then delete this line.{lacks}'
    return Question(CONFIRMATION, text, quote, terms.text.place(begin))


class _Entry(NamedTuple):
    """A term that is in no window, its role, and the question if it has none."""

    term: Term
    role: str
    question: Question | None = None


def _account_of(windows: Sequence[Window], single: Sequence[Point], said: Said, terms: Terms) -> list[_Entry]:
    """Every term that is in no window, and what the notice says about the maintenance, as far as it is asked about."""
    covered, text = _covered(windows), terms.text
    account = [_Entry(term, role) for term, role in terms.roles]
    for point in single:
        again = _is_said_again(point, covered, terms)
        account.append(_Entry(point, "window") if again else _Entry(point, "", asked("unexplained-time", text, point)))
    for group in terms.groups:
        role = _role_of_group(group, covered, terms, settled=said.settled)
        account.append(_Entry(group, role, None if role else asked("unexplained-day", text, group)))
    account += (_of_length(length, covered, terms) for length in terms.lengths)
    stated = all(window.evidence["timezone"].quote for window in windows if window.evidence)
    one = len({word.name for word in terms.free_zones}) == 1 and stated
    for word in terms.free_zones:
        ask = asked("tz-ambiguous", text, word, reason="several zones are named", here=windows[0].zone)
        account.append(_Entry(word, "zone", None if one else ask))
    account += (_Entry(term, "", asked(name, text, term)) for name, term in _left_over(terms.masked, covered.days))
    account += _of_maintenance(said, windows, terms)
    odd = ((kind, Text(what, what, range(len(what)), what), Term(0, len(what))) for kind, what in text.odd)
    return [*account, *(_Entry(Term(0, 0), "", asked(*what)) for what in odd)]


def _of_maintenance(said: Said, windows: Sequence[Window], terms: Terms) -> Iterator[_Entry]:
    """What the notice says about the maintenance, as far as it is asked about."""
    for name, term in said.doubts:
        each = name == "recurring" and terms.text.low.startswith(("each", "both", "nightly"), term.start)
        if not (each and len(windows) > 1):
            yield _Entry(term, "", _about(name, term, windows, terms))
    for window in windows:
        if at := _other_subject(window.pair, terms):
            yield _Entry(at, "", asked("another-subject", terms.text, at, here=window.ends))


def _about(name: str, term: Term, windows: Sequence[Window], terms: Terms) -> Question:
    """The question about what a sentence says of the maintenance."""
    return asked(name, terms.text, Term(*terms.sentences.near(term, 200)), here=windows[0].begins)


def _other_subject(pair: Pair, terms: Terms) -> Term | None:
    """The words from the end of a sentence to the end of a pair, if the next sentence is about something else."""
    low, (begin, end) = terms.text.low, terms.sentences.around(pair.first.clock.start)
    at = pair.last.clock if pair.last else pair.first.clock
    if at.start < end or not (subject := _SUBJECT.match(low, end, at.start)):
        return None
    words = {*subject["said"].split()} - {*re.findall(r"[\w'-]+", low[max(begin, end - 400) : end])}
    return Term(subject.start(), at.end) if words and not _IT.search(subject["said"]) else None


class _Covered(NamedTuple):
    """What the windows cover: the moments of starts and ends, days, terms by id, lengths in steps of the tolerance."""

    moments: set[tuple[date, time]]
    days: set[date]
    terms: set[int]
    steps: set[int]
    lengths: list[timedelta]


def _covered(windows: Sequence[Window]) -> _Covered:
    moments: set[tuple[date, time]] = set()
    lengths, days, terms, known = [], set(), set(), set()
    for window in windows:
        pair = window.pair
        terms |= {id(term) for term in (pair.first.before, pair.first.behind, pair.length) if term}
        moments |= {(at.date(), at.time()) for at in (window.begins, window.ends) if at}
        if window.begins and window.ends and window.start and window.end:
            lengths.append(window.end - window.start)
            count = (window.ends.date() - window.begins.date()).days
            days |= {window.begins.date() + DAY * i for i in range(min(31, count))}
            known |= {DAY * count, DAY * (count + 1)}  # from 4 to 5 April: one day, or two
    known |= {*lengths, sum(lengths, timedelta())}
    steps = {round(length / _TOLERANCE) + step for length in known if length for step in (-1, 0, 1)}
    return _Covered(moments, days | {day for day, _ in moments}, terms, steps, sorted({*lengths}))


def _is_said_again(point: Point, covered: _Covered, terms: Terms) -> bool:
    """Whether a time says the start or the end of a window again."""
    clock = point.clock
    at = time(clock.hour % 24, clock.minute % 60)
    if clock.form in ("bad", "bare") or point.days is None:
        return clock.form not in ("bad", "bare") and any(at == known for _, known in covered.moments)
    days = {terms.dates.of(point.days.days, day).date for day in sorted(covered.days)[:3]}
    return any((day, at) in covered.moments for day in days if day)


def _role_of_group(group: Days, covered: _Covered, terms: Terms, *, settled: bool) -> str:
    """The role of a day: the windows, the words or the calendar must say what it is."""
    names, days = [*group.days, *group.last], covered.days
    only_weekdays = all(day.weekday is not None and day.day is None and not day.orders for day in names)
    found = [terms.dates.of(group.days).date, *(terms.dates.of([day]).date for day in group.last)]
    known = {one for one in found if one}
    by_name = only_weekdays and {day.weekday for day in names} <= {day.weekday() for day in days}
    if id(group) in covered.terms or by_name or (None not in found and known <= days):
        return "window"
    if is_dateline(group, terms.text.plain, terms.sentences):
        return "published"
    if None in found:
        return ""
    first, published = min(days, default=date.min + _LONG), terms.dates.published
    if max(known) < max(first - (_LONG, DAY * 0)[settled], published or date.min):
        return "past"
    return "published" if known <= {published, *terms.dates.issued} else ""


def _of_length(length: Length, covered: _Covered, terms: Terms) -> _Entry:
    """Whether a length is that of a window, of all of them, or of the days that they touch; else it is asked about."""
    lengths, size = covered.lengths, length.length
    known = not lengths or id(length) in covered.terms or round(size / _TOLERANCE) in covered.steps
    if known or (length.loose and size <= lengths[-1] * 1.25):
        return _Entry(length, "length")
    here = " and ".join(duration(one) for one in lengths[:3])
    return _Entry(length, "", asked("duration-mismatch", terms.text, length, here=here))


def _left_over(masked: str, days: set[date]) -> Iterator[tuple[str, Term]]:
    """What looks like a day or a time, but was not read as one; each kind once."""
    for name, pattern in (("malformed-time", _LEFT), ("foreign-clock", _CLOCK_WORD)):
        if match := pattern.search(masked):
            yield name, Term(*match.span())
    if (match := re.search(r"\bweekend\b", masked)) and not any(day.weekday() > 4 for day in days):
        yield "unexplained-day", Term(*match.span())
