"""The text of a public notice to windows, each with its evidence and its questions.

terms -> groups of days -> points -> pairs -> wall-clock times -> windows -> the account of every term -> questions.
Each stage is a function of the values before it; its grammar is stated at the head of its file.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from icms_calendar.findings import CalendarError, expect, found
from icms_calendar.notice.account import Entry, about, account_of
from icms_calendar.notice.dates import YEARS, Dates, days_in
from icms_calendar.notice.offsets import zones_in
from icms_calendar.notice.points import Days, Point, pairs_in, points_in
from icms_calendar.notice.reading import CONFIRMATION, DraftWindow, NoticeReading, Question, evidence_of, span_in_words
from icms_calendar.notice.sentences import Said, Sentences, exact, role_of, said_in
from icms_calendar.notice.terms import without_references
from icms_calendar.notice.text import Text, read_bytes, read_text
from icms_calendar.notice.times import clocks_in, lengths_in
from icms_calendar.notice.windows import Terms, Window, windows_in
from icms_calendar.record.checks import selection_findings
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import zone_named

MAX_TERMS = 9_000
_ZONE_SAID = re.compile(r"(?:\b(?:times?|zone)\s?(?:[:(=]|in|are|is)?|\b(?:in|are|is|all|use)|\()\s?(?:the\s)?\Z")
_EVERYWHERE = {"changed", "undecided", "recurring", "hidden-text", "foreign-script", "foreign-clock"}
_CALLED = {"cancelled": "is cancelled", "completed": "is completed"}
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
    if unread or text.findings:
        return NoticeReading((), unread or text.findings, {}, original, day)
    terms = _terms_in(text, *(one if one and one.year in YEARS else None for one in (day, today)))
    if terms is None:
        return NoticeReading((), (found("notice-too-many-times", limit=MAX_TERMS),), {}, original, day)
    pairs, single = pairs_in(terms.points, terms.lengths, terms.masked)
    said = said_in(text, terms.masked, original, terms.sentences, pairs, calendar)
    windows, unpaired = windows_in(pairs, single, terms, zone)
    if not windows:
        return NoticeReading((), (found("no-window-read"),), said.facts, original, day)
    account = account_of(windows, unpaired, said, terms)
    facts = said.facts | ({"system": (system,)} if system else {}) | ({"services": tuple(services)} if services else {})
    said = replace(said, facts=facts)
    each = zip(windows, _asked_of_each(windows, account), strict=True)
    drafts = tuple(_draft(window, asks, windows, said, terms, original) for window, asks in each)
    entries = [*(Entry(window.wall.pair, "window") for window in windows), *(one for one in account if one.term.end)]
    entries.sort(key=lambda entry: entry.term.start)
    known = tuple((text.quote(term.start, term.end), "question" if ask else role) for term, role, ask in entries)
    return NoticeReading(drafts, (), facts, original, day, known)


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


def _asked_of_each(windows: Sequence[Window], account: Sequence[Entry]) -> list[list[Question]]:
    """The questions of each window: its own, and those of the account that are nearest to it, or about all."""
    own = [list(window.questions) for window in windows]
    order = sorted(range(len(windows)), key=lambda i: windows[i].wall.pair.start)
    starts = [windows[i].wall.pair.start for i in order]
    for term, _, ask in account:
        if ask is not None:
            at = bisect(starts, term.start)
            near = min(order[max(0, at - 1) : at + 1], key=lambda i: abs(windows[i].wall.pair.start - term.start))
            for i in range(len(windows)) if ask.name in _EVERYWHERE else [near]:
                own[i].append(ask)
    return own


def _draft(
    window: Window, asks: list[Question], windows: Sequence[Window], said: Said, terms: Terms, original: str
) -> DraftWindow:
    """A window with its status, its evidence and its questions, the confirmation first."""
    status, doubts = _status_of(window, windows, said, terms)
    over = status in _CALLED
    kept = {(q.name, q.text): q for q in (*asks, *doubts) if not (over and q.name == "past-window")}
    evidence = window.evidence | {key: e for key, e in said.evidence.items() if key in said.facts}
    if said.status_term and status != "confirmed":
        evidence["status"] = evidence_of(said.status_term, terms.text)
    questions = (_confirmation(window, status, said.facts, terms, original), *kept.values())
    system = next(iter(said.facts.get("system", ())), None)
    start, end, zone = window.start, window.end, window.zone or None
    return DraftWindow(start, end, zone, system, status, window.all_day, evidence, questions)


def _status_of(window: Window, windows: Sequence[Window], said: Said, terms: Terms) -> tuple[str, list[Question]]:
    """The status that the notice gives a window; one that may be of another window is asked about."""
    ask = [about("changed", said.status_term, windows, terms)] if said.status_term else []
    if said.status == "completed":
        published = terms.dates.published
        over = window.end and (published is None or window.end.date() <= published)
        return ("completed", []) if over else ("confirmed", ask)
    if said.status == "cancelled" and len(windows) > 1:
        return "confirmed", ask
    return said.status, ask if said.status == "cancelled" and any(name == "changed" for name, _ in said.doubts) else []


def _confirmation(
    window: Window, status: str, facts: dict[str, tuple[str, ...]], terms: Terms, original: str
) -> Question:
    """The question that every window has: does the notice say this? It names what the notice does not state."""
    pair, wall = window.wall.pair, window.wall
    begin, end = terms.sentences.near(pair, 200)
    quote = exact(terms.text, original, begin, end).strip()
    when = span_in_words(wall.start, wall.end) if wall.start and wall.end else "this window"
    missing = ", ".join(name for name in _FACTS if not facts.get(name))
    lacks = f" Not read from it: {missing}." if missing else ""
    if unmatched := ", ".join(facts.get("unmatched", ())):
        lacks += f" Not among the services of the calendar: {unmatched}."
    called = _CALLED.get(status, "is announced")
    text = f'Compare with the notice: maintenance on {when} {called} by "{quote}"? Then delete this line.{lacks}'
    return Question(CONFIRMATION, text, quote, terms.text.place(begin))
