"""The text of a public notice to windows, each with its evidence and its questions.

terms -> groups of days -> points -> pairs -> wall-clock times -> windows -> the account of every term -> questions.
Each stage is a function of the values before it; its grammar is stated at the head of its file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from icms_calendar.findings import CalendarError, found
from icms_calendar.notice.account import Sentences, is_dateline, left_over_in, role_of
from icms_calendar.notice.dates import days_in
from icms_calendar.notice.groups import Days
from icms_calendar.notice.offsets import zones_in
from icms_calendar.notice.pairs import pairs_in
from icms_calendar.notice.points import Point, points_in, sequence
from icms_calendar.notice.questions import asked, span_in_words
from icms_calendar.notice.reading import CONFIRMATION, DraftWindow, Evidence, NoticeReading, Question
from icms_calendar.notice.references import without_references
from icms_calendar.notice.said import Said, exact, said_in
from icms_calendar.notice.terms import Length, Term
from icms_calendar.notice.text import Text, read_bytes, read_text
from icms_calendar.notice.times import clocks_in, lengths_in
from icms_calendar.notice.when import DAY, Dates
from icms_calendar.notice.windows import Terms, Window, evidence_of, windows_in
from icms_calendar.record.checks import selection_findings
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import zone_named

MAX_TERMS = 240
_TOLERANCE = timedelta(minutes=5)
_PLANNED_FOR = re.compile(r"\b(?:announced|planned|scheduled|set)\sfor\s(?:the\s)?\Z")
_ZONE_SAID = re.compile(r"(?:\btimes?|zone|\b(?:in|are|is|all|use)|[:(=])\s?(?:the\s)?\Z")


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
    named = timezone or (calendar.timezone if calendar else None)
    zone = zone_named(named) if named else None
    if calendar and (unknown := list(selection_findings(_named(system, services), calendar))):
        raise CalendarError(unknown)
    day = published.date() if isinstance(published, datetime) else published
    original, unread = (notice, ()) if isinstance(notice, str) else read_bytes(notice)
    text = read_text(original)
    if unread or text.findings:
        return NoticeReading((), unread or text.findings, {}, original, day)
    terms = _terms_in(text, day, today)
    if terms is None:
        finding = found("notice-too-many-times", limit=MAX_TERMS)
        return NoticeReading((), (finding,), {}, original, day)
    pairs, points = pairs_in(terms.points, terms.lengths, terms.masked)
    said = said_in(text, terms.masked, original, terms.sentences, pairs, calendar)
    windows, single = windows_in(pairs, points, terms, zone)
    if not windows:
        return NoticeReading((), (found("no-window-read"),), said.facts, original, day)
    account = _account(windows, single, said, terms)
    facts = said.facts | ({"system": (system,)} if system else {}) | ({"services": tuple(services)} if services else {})
    drafts = _drafts(windows, account, said, facts, terms, original)
    known = tuple((text.quote(term.start, term.end), role) for term, role in _roles(windows, account))
    return NoticeReading(tuple(drafts), (), facts, original, day, known)


def _named(system: str | None, services: Sequence[str]) -> dict[str, frozenset[str]]:
    return {"system": frozenset([system] if system else ()), "service": frozenset(services)}


def _terms_in(text: Text, published: date | None, today: date | None) -> Terms | None:
    """The terms of a text, or None if there are more of them than a notice has."""
    zones, masked = zones_in(text.plain, text.low)
    masked = without_references(masked)
    days, masked = days_in(text, masked)
    clocks, masked = clocks_in(text, masked)
    found_lengths, masked = lengths_in(text, masked)
    if len(days) + len(clocks) > MAX_TERMS:
        return None
    points, groups, free = points_in(sequence(days, clocks, zones, masked), masked)
    sentences = Sentences(text.plain, [*points, *groups, *zones])
    every: list[Term] = [*points, *groups]
    roles = [(term, role) for term in every if (role := role_of(term, text.low, sentences))]
    told = [
        term if isinstance(term, Days) else term.days
        for term, role in roles
        if role == "published" and isinstance(term, (Days, Point))
    ]
    dates = Dates(text, tuple(days), published, (), today)
    issued = tuple(one for group in told if group and (one := dates.of(group.days)).date and not one.questions)
    dates = replace(dates, issued=tuple(one.date for one in issued if one.date))
    excluded = [term for term, _ in roles]
    return Terms(
        text,
        masked,
        tuple(clocks),
        tuple(found_lengths),
        tuple(zones),
        tuple(point for point in points if point not in excluded),
        tuple(group for group in groups if group not in excluded),
        tuple(word for word in free if _ZONE_SAID.search(masked[: word.start][-24:]) or masked[word.end :][:1] == ")"),
        tuple(roles),
        sentences,
        dates,
    )


# The account


def _account(
    windows: Sequence[Window], single: Sequence[Point], said: Said, terms: Terms
) -> list[tuple[Term, str, Question | None]]:
    """Every term that is in no window: its role, and the question if it has none."""
    account: list[tuple[Term, str, Question | None]] = [(term, role, None) for term, role in terms.roles]
    for point in single:
        again = any(_is_said_again(point, window, terms) for window in windows)
        account.append(
            (point, "said again" if again else "", None if again else asked("unexplained-time", terms.text, point))
        )
    for group in terms.groups:
        role = _role_of_group(group, windows, terms, settled=said.settled)
        account.append((group, role, None if role else asked("unexplained-day", terms.text, group)))
    account += [(length, *_of_length(length, windows, terms)) for length in terms.lengths]
    zones = {word.name for word in terms.free_zones}
    for word in terms.free_zones:
        fits = len(zones) == 1 and all(w.evidence.get("timezone", Evidence("", 0)).quote for w in windows)
        reason = "several zones are named"
        account.append(
            (
                word,
                "zone",
                None if fits else asked("tz-ambiguous", terms.text, word, reason=reason, here=windows[0].zone),
            )
        )
    account += [
        (term, "", asked(name, terms.text, term)) for name, term in left_over_in(terms.masked, windows_days(windows))
    ]
    for name, term in said.doubts:
        each = len(windows) > 1 and text_of(term, terms).startswith(("each", "both", "nightly"))
        if not (name == "recurring" and each):
            account.append((term, "", _about(name, term, windows, terms)))
    account += [(Term(0, 0), "", _odd(kind, what)) for kind, what in terms.text.odd]
    return account


def text_of(term: Term, terms: Terms) -> str:
    """The words of a term, in lower case."""
    return terms.text.low[term.start : term.end]


def windows_days(windows: Sequence[Window]) -> set[date]:
    """Every day on which a window begins or ends."""
    return {wall.date() for window in windows for wall in (window.wall.start, window.wall.end) if wall}


def _odd(kind: str, what: str) -> Question:
    ask = asked(kind, Text(what, what, ()), Term(0, len(what)))
    return replace(ask, offset=0)


def _about(name: str, term: Term, windows: Sequence[Window], terms: Terms) -> Question:
    begin, end = terms.sentences.around(term.start)
    here = windows[0].wall.start
    return asked(name, terms.text, Term(begin, max(end, term.end)), here=here)


def _is_said_again(point: Point, window: Window, terms: Terms) -> bool:
    clock = point.clock
    if clock.form in ("bad", "bare"):
        return False
    for wall in (window.wall.start, window.wall.end):
        if wall and (clock.hour % 24, clock.minute) == (wall.hour, wall.minute):
            days = point.days
            if days is None or terms.dates.of(days.days, wall.date()).date == wall.date():
                return True
    return False


def _role_of_group(group: Days, windows: Sequence[Window], terms: Terms, *, settled: bool) -> str:
    days = windows_days(windows)
    for window in windows:
        if window.wall.pair.first.before is group or window.wall.pair.first.behind is group:
            return "window"
    dates = [terms.dates.of(group.days), *(terms.dates.of([day]) for day in group.last)]
    spans = [(w.wall.start.date(), w.wall.end.date()) for w in windows if w.wall.start and w.wall.end]
    if all(one.date and (one.date in days or any(a <= one.date <= b for a, b in spans)) for one in dates):
        return "window"
    names = [*group.days, *group.last]
    weekdays = {day.weekday for day in names if day.day is None and not day.is_date and day.weekday is not None}
    if len(weekdays) == len(names) and weekdays <= {day.weekday() for day in days}:
        return "window"
    return _role_of_other_day(group, [one.date for one in dates], days, terms, settled=settled)


def _role_of_other_day(
    group: Days, dates: Sequence[date | None], days: set[date], terms: Terms, *, settled: bool
) -> str:
    """The role of a day that is not a day of a window: the words or the calendar must say what it is."""
    first, published = min(days, default=date.min), terms.dates.published
    known = [one for one in dates if one is not None]
    if is_dateline(group, terms.text.plain, terms.sentences):
        return "published"
    if len(known) < len(dates):
        return "" if days else "asked"
    lead = terms.text.low[max(0, group.start - 30) : group.start]
    if days and max(known) < first - timedelta(days=60):
        return "past"
    if settled and (max(known) < first or _PLANNED_FOR.search(lead)):
        return "old day"
    if published and max(known) <= published:
        return "published" if min(known) == published else "past"
    return "published" if set(known) <= set(terms.dates.issued) else ""


def _of_length(length: Length, windows: Sequence[Window], terms: Terms) -> tuple[str, Question | None]:
    """Whether a length is that of a window, of all of them, or of the days that they touch; else it is asked about."""
    spans = [(w.start, w.end) for w in windows if w.start and w.end]
    if not spans or any(window.wall.pair.length is length for window in windows):
        return "length", None
    exact_lengths = [end - start for start, end in spans]
    total = sum(exact_lengths, timedelta())
    touched = [DAY * ((end.date() - start.date()).days + 1) for start, end in spans]
    near = any(abs(length.length - one) <= _TOLERANCE for one in (*exact_lengths, total))
    whole_days = length.length % DAY == timedelta() and length.length in (*touched, *(one - DAY for one in touched))
    limit = length.loose and length.length <= max(exact_lengths) * 1.25
    if near or whole_days or limit or length.vague:
        return "length", None
    here = " and ".join(_hours(one) for one in exact_lengths[:3])
    return "", asked("duration-mismatch", terms.text, length, here=here)


def _hours(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def _roles(windows: Sequence[Window], account: Sequence[tuple[Term, str, Question | None]]) -> list[tuple[Term, str]]:
    """Every temporal term with its role: part of a window, the role of the account, or `question`."""
    known: list[tuple[Term, str]] = [(window.wall.pair, "window") for window in windows]
    known += [(term, "question" if ask else role) for term, role, ask in account if term.end]
    return sorted(known, key=lambda entry: entry[0].start)


# From windows to drafts


def _drafts(
    windows: Sequence[Window],
    account: Sequence[tuple[Term, str, Question | None]],
    said: Said,
    facts: dict[str, tuple[str, ...]],
    terms: Terms,
    original: str,
) -> list[DraftWindow]:
    """The windows with their questions: the confirmation, their own, and those of the account nearest to each."""
    own: list[list[Question]] = [list(window.questions) for window in windows]
    everywhere = {"changed", "undecided", "recurring", "hidden-text", "foreign-script", "foreign-clock"}
    for term, _, ask in account:
        if ask is None:
            continue
        nearest = min(range(len(windows)), key=lambda i: abs(windows[i].wall.pair.start - term.start))
        for i in range(len(windows)) if ask.name in everywhere else [nearest]:
            own[i].append(ask)
    drafts = []
    for window, questions in zip(windows, own, strict=True):
        status, doubts = _status_of(window, windows, said, terms)
        over = status in ("completed", "cancelled")
        kept = {(q.name, q.text): q for q in (*questions, *doubts) if not (over and q.name == "past-window")}
        confirmation = _confirmation(window, status, facts, terms, original)
        evidence = window.evidence | {k: e for k, e in said.evidence.items() if k in facts}
        if said.status_term and status != "confirmed":
            evidence["status"] = evidence_of(said.status_term, terms.text, "stated", "")
        system = facts["system"][0] if facts.get("system") else None
        drafts.append(
            DraftWindow(
                window.start,
                window.end,
                window.zone or None,
                system,
                status,
                window.all_day,
                evidence,
                (confirmation, *kept.values()),
            )
        )
    return drafts


def _status_of(window: Window, windows: Sequence[Window], said: Said, terms: Terms) -> tuple[str, tuple[Question, ...]]:
    """The status that the notice gives a window; one that may be of another window is asked about."""
    if said.status == "completed":
        published = terms.dates.published
        over = window.end and (published is None or window.end.date() <= published)
        return (
            ("completed", ())
            if over
            else ("confirmed", (_about("changed", said.status_term or Term(0, 0), windows, terms),))
        )
    if said.status == "cancelled" and (len(windows) > 1 or any(name == "changed" for name, _ in said.doubts)):
        return "confirmed" if len(windows) > 1 else "cancelled", (
            _about("changed", said.status_term or Term(0, 0), windows, terms),
        )
    return said.status, ()


def _confirmation(
    window: Window, status: str, facts: dict[str, tuple[str, ...]], terms: Terms, original: str
) -> Question:
    """The question that every window has: does the notice say this? It names what the notice does not state."""
    pair = window.wall.pair
    begin, end = terms.sentences.around(pair.start)
    begin, end = max(begin, pair.start - 200), min(max(end, pair.end), pair.end + 200)
    quote = exact(terms.text, original, begin, end).strip()
    when = span_in_words(window.wall.start, window.wall.end) if window.wall.start and window.wall.end else "this window"
    missing = [name for name in ("system", "services", "impact", "reason", "audience") if not facts.get(name)]
    lacks = f" Not read from it: {', '.join(missing)}." if missing else ""
    called = {"cancelled": "is cancelled", "completed": "is completed"}.get(status, "is announced")
    text = f'Compare with the notice: maintenance on {when} {called} by "{quote}"? Then delete this line.{lacks}'
    return Question(CONFIRMATION, text, quote, terms.text.place(begin))
