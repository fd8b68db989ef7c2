"""The text of a public notice to windows, each with its evidence and its questions.

terms -> groups of days -> points -> pairs -> wall-clock times -> windows -> the account of every term -> questions.
Each stage is a function of the values before it; its grammar is stated at the head of its file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from icms_calendar.findings import Finding, found
from icms_calendar.notice.account import Sentences, is_dateline, left_over_in, role_of
from icms_calendar.notice.dates import days_in
from icms_calendar.notice.groups import Days
from icms_calendar.notice.instants import placed
from icms_calendar.notice.offsets import zones_in
from icms_calendar.notice.pairs import Pair, pairs_in
from icms_calendar.notice.points import Point, points_in, sequence
from icms_calendar.notice.questions import asked, span_in_words
from icms_calendar.notice.reading import CONFIRMATION, DraftWindow, Evidence, NoticeReading, Question
from icms_calendar.notice.references import others_in
from icms_calendar.notice.said import Said, exact, said_in
from icms_calendar.notice.terms import Clock, Length, Term, ZoneWord
from icms_calendar.notice.text import Text, read_bytes, read_text
from icms_calendar.notice.times import clocks_in, lengths_in
from icms_calendar.notice.walls import Clues, Wall, term_of, walls_of
from icms_calendar.notice.when import DAY, Dated, Dates
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import Zone, zone_named

MAX_TERMS = 240
_TOLERANCE = timedelta(minutes=5)
_ALL_DAY = re.compile(r"\b(?:all[\s-]day|whole\sday)(?:\slong)?[\s,:]{0,2}(?:on\s|from\s|of\s)?")
_ZONE_SAID = re.compile(r"(?:\btimes?|zone|\b(?:in|are|is|all|use)|[:(=])\s?(?:the\s)?\Z")
_PAST = re.compile(r"\b(?:(?:was|were)(?!\s(?:to|scheduled|planned|announced|set|due|expected))|took\splace|last\s(?:week|month))\b")
_COMING = re.compile(r"\b(?:will|shall|to\sbe|is|are|scheduled|planned)\b")
_AVAILABLE = re.compile(
    r"(?<!not\s)(?<!not\sbe\s)(?<!n't\sbe\s)(?<!longer\s)(?<!longer\sbe\s)\b(?:available|open|operational|accessible)\b[^.;\n]{0,40}\Z"
)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The temporal terms of a text, and the text with them blanked out."""

    text: Text
    masked: str
    clocks: tuple[Clock, ...]
    lengths: tuple[Length, ...]
    zones: tuple[ZoneWord, ...]
    points: tuple[Point, ...]  # those that no words exclude from a window
    groups: tuple[Days, ...]  # days that belong to no point, and that no words exclude
    free_zones: tuple[ZoneWord, ...]
    roles: tuple[tuple[Term, str], ...]
    sentences: Sentences
    dates: Dates


@dataclass(frozen=True, slots=True)
class _Window:
    """A window on the way to a draft: its words, its instants, and what they rest on."""

    wall: Wall
    start: datetime | None
    end: datetime | None
    zone: str
    evidence: dict[str, Evidence]
    questions: tuple[Question, ...]
    all_day: bool = False


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
    are looked for in the text. Raises CalendarError for an unknown `timezone`.
    """
    zone = zone_named(timezone or calendar.timezone) if timezone or calendar else None
    day = published.date() if isinstance(published, datetime) else published
    original, unread = (notice, ()) if isinstance(notice, str) else read_bytes(notice)
    text = read_text(original)
    if unread or text.findings:
        return NoticeReading((), unread or text.findings, {}, original, day)
    terms = _terms_in(text, day, today)
    if terms is None:
        finding = found("notice-too-many-times", limit=MAX_TERMS)
        return NoticeReading((), (finding,), {}, original, day)
    pairs, single = pairs_in(terms.points, terms.lengths, terms.masked, text.low)
    said = said_in(text, terms.masked, original, terms.sentences, pairs, calendar)
    windows = [*_from_pairs(pairs, terms, zone), *_all_days(terms, zone)]
    if not windows:
        windows, single = _from_parts(single, terms, zone)
    windows = _distinct(windows, terms)
    if not windows:
        return NoticeReading((), (found("no-window-read"),), said.facts, original, day)
    account = _account(windows, single, said, terms)
    facts = said.facts | ({"system": (system,)} if system else {}) | ({"services": tuple(services)} if services else {})
    drafts = _drafts(windows, account, said, facts, terms, original)
    known = tuple((text.quote(term.start, term.end), role) for term, role in _roles(windows, account, terms))
    return NoticeReading(tuple(drafts), (), facts, original, day, known)


def _terms_in(text: Text, published: date | None, today: date | None) -> _Terms | None:
    """The terms of a text, or None if there are more of them than a notice has."""
    zones, masked = zones_in(text.plain, text.low)
    _, masked = others_in(masked)
    days, masked = days_in(text, masked)
    clocks, masked = clocks_in(text, masked)
    found_lengths, masked = lengths_in(text, masked)
    if len(days) + len(clocks) > MAX_TERMS:
        return None
    points, groups, free = points_in(sequence(days, clocks, zones, masked), masked)
    sentences = Sentences(text.plain, [*points, *groups, *zones])
    roles: list[tuple[Term, str]] = []
    for term in (*points, *groups):
        if role := role_of(term, text.low, sentences):
            roles.append((term, role))
    told = [
        term if isinstance(term, Days) else term.days
        for term, role in roles
        if role == "published" and isinstance(term, (Days, Point))
    ]
    dates = Dates(text, tuple(days), published, (), today)
    issued = tuple(one for group in told if group and (one := dates.of(group.days)).date and not one.questions)
    dates = replace(dates, issued=tuple(one.date for one in issued if one.date))
    excluded = [term for term, _ in roles]
    return _Terms(
        text,
        masked,
        tuple(clocks),
        tuple(length for length in found_lengths if isinstance(length, Length)),
        tuple(zones),
        tuple(point for point in points if point not in excluded),
        tuple(group for group in groups if group not in excluded),
        tuple(word for word in free if _ZONE_SAID.search(masked[: word.start][-24:]) or masked[word.end :][:1] == ")"),
        tuple(roles),
        sentences,
        dates,
    )


# From pairs to windows


def _from_pairs(pairs: Sequence[Pair], terms: _Terms, zone: Zone | None) -> list[_Window]:
    lengths = tuple(length.length for length in terms.lengths if not length.loose)
    clues = Clues(terms.text, terms.dates, terms.clocks, lengths)
    windows: list[_Window] = []
    for i, pair in enumerate(pairs):
        if windows and _is_in_another_zone(pair, windows[-1], terms):
            if ask := _compared(pair, windows[-1], clues, zone):
                windows[-1] = replace(windows[-1], questions=(*windows[-1].questions, ask))
            continue
        filled, context = _with_context(pair, pairs, i, windows, terms)
        windows += (_window(wall, terms, zone) for wall in walls_of(filled, clues, context))
    return windows


def _is_in_another_zone(pair: Pair, before: _Window, terms: _Terms) -> bool:
    """Whether a pair is the one before it by another zone's clock: `10 pm to 11 pm EAT (7 pm to 8 pm UTC)`."""
    points = (before.wall.pair.first, before.wall.pair.last or before.wall.pair.first, pair.first, pair.last or pair.first)
    names = [{word.name for word in (*one.zones, *other.zones)} for one, other in (points[:2], points[2:])]
    gap = terms.masked[before.wall.pair.end : pair.start]
    return bool(names[1]) and names[0] != names[1] and bool(re.fullmatch(r"[)\s]{0,2}(?:[(/=;|]|,?\sor\s)[\s(]{0,2}", gap))


def _compared(pair: Pair, before: _Window, clues: Clues, zone: Zone | None) -> Question | None:
    """The question if a pair in another zone is not the window before it."""
    if before.start is None or before.wall.start is None:
        return None
    word = (pair.first.zones or (pair.last or pair.first).zones)[0]
    for step in (-1, 0, 1):
        context = Dated(before.wall.start.date() + step * DAY)
        for wall in walls_of(pair, clues, context):
            if wall.start and placed(wall.start, pair.first, (word,), zone, clues.text).when == before.start:
                return None
    reason = "it is another time than the one before it"
    return asked("tz-conflict", clues.text, pair, reason=reason, here=span_in_words(before.start, before.end or before.start))


def _with_context(
    pair: Pair, pairs: Sequence[Pair], i: int, windows: Sequence[_Window], terms: _Terms
) -> tuple[Pair, Dated | None]:
    """The pair with the days that the words around it give, if it begins without a day of its own."""
    if pair.first.days or (pair.last and pair.last.days and pair.last.days.last):
        return pair, None
    since = pairs[i - 1].end if i else 0
    groups = [group for group in terms.groups if not is_dateline(group, terms.text.plain, terms.sentences)] or terms.groups
    above = [group for group in groups if since <= group.start < pair.start]
    dated = {id(group): terms.dates.of(group.days) for group in groups}
    days = {one.date for one in dated.values()}
    if above and (len(above) == 1 or len({dated[id(group)].date for group in above}) == 1 or len(days) == 1):
        fullest = max(above, key=lambda group: (any(day.is_date for day in group.days), group.start))
        return _under(pair, fullest, dated[id(fullest)])
    if pair.last and pair.last.days:
        return pair, None
    if above:
        nearest = above[-1]
        ask = asked("which-day", terms.text, pair, readings=sorted(filter(None, days)), here=dated[id(nearest)].date)
        one = dated[id(nearest)]
        return pair, replace(one, questions=(*one.questions, ask))
    behind = pairs[i + 1] if i + 1 < len(pairs) else None
    if behind and not windows and terms.sentences.same(pair.start, behind.start):
        days_behind = behind.first.days or (behind.last.days if behind.last else None)
        if days_behind:
            return pair, terms.dates.of(days_behind.days)
    if windows and (before := windows[-1].wall).start and before.end:
        same = terms.sentences.same(before.pair.start, pair.start) or "\n" in terms.text.plain[before.pair.end : pair.start]
        on = before.start.date()
        only = {one.date for one in dated.values()} | {window.wall.start and window.wall.start.date() for window in windows}
        sure = (len(only) == 1 or same) and before.end.date() == on
        return pair, Dated(on, ("the window before it",), () if sure else _which(pair, on, terms))
    free = [one for one in dated.values() if one.date]
    if len({one.date for one in free}) == 1:
        group = next(group for group in groups if dated[id(group)].date)
        return _under(pair, group, dated[id(group)])
    return pair, None


def _which(pair: Pair, on: date, terms: _Terms) -> tuple[Question, ...]:
    return (asked("which-day", terms.text, pair, readings=[on, on + DAY], here=on),)


def _under(pair: Pair, group: Days, dated: Dated) -> tuple[Pair, Dated | None]:
    """A pair below a day; several days are those of the pair."""
    if group.last:
        return replace(pair, first=replace(pair.first, before=group)), None
    return pair, dated


def _window(wall: Wall, terms: _Terms, default: Zone | None) -> _Window:
    pair = wall.pair
    words = [point.zones for point in (pair.first, pair.last) if point and point.zones]
    names = {word.name for word in terms.free_zones}
    free = terms.free_zones[:1] if len(names) == 1 or (names and not default) else ()
    asks = list(wall.questions)
    evidence: dict[str, Evidence] = {}
    instants: dict[str, datetime] = {}
    name = ""
    for field, when, point in (("start", wall.start, pair.first), ("end", wall.end, pair.last or pair.first)):
        if when is None:
            continue
        zones = point.zones or (words[0] if words else free)
        at = placed(when, point, zones, default, terms.text)
        asks += (ask for ask in at.questions if ask.name not in [a.name for a in asks] or ask.name == "dst")
        instants[field], name = at.when, name or at.zone
        evidence[field] = _evidence(term_of(pair, field), terms.text, *_how(wall, field))
        said = zones[0] if zones else None
        evidence.setdefault("timezone", _zone_evidence(said, default, terms.text))
    start, end = instants.get("start"), instants.get("end")
    if start and end and end <= start:
        asks.append(asked("end-before-start", terms.text, pair))
        end = None
    if _AVAILABLE.search(pair.first.lead + pair.first.inner):
        begin, until = terms.sentences.around(pair.first.clock.start)
        asks.append(asked("available", terms.text, Term(begin, until), here=wall.start))
    return _Window(wall, start, end, name, evidence, tuple(asks))


def _how(wall: Wall, field: str) -> tuple[str, str]:
    inferred = wall.inferred_start if field == "start" else wall.inferred_end
    return ("inferred", "; ".join(inferred)) if inferred else ("stated", "")


def _evidence(term: Term, text: Text, how: str, of: str) -> Evidence:
    return Evidence(text.quote(term.start, term.end), text.place(term.start), how, of)


def _zone_evidence(word: ZoneWord | None, default: Zone | None, text: Text) -> Evidence:
    if word is not None:
        return _evidence(word, text, "stated", "")
    return Evidence("", 0, "defaulted", default.name if default else "no zone is named")


def _all_days(terms: _Terms, zone: Zone | None) -> list[_Window]:
    """`All day on Friday 25 December 2026`; two days that a range joins are both whole."""
    windows = []
    for group in terms.groups:
        before = terms.masked[max(0, group.start - 20) : group.start]
        if re.search(_ALL_DAY.pattern + r"\Z", before) or re.match(r"[\s,:(-]{0,3}" + _ALL_DAY.pattern, terms.masked[group.end : group.end + 20]):
            windows.append(_whole(group, terms, zone, ()))
    return windows


def _whole(group: Days, terms: _Terms, zone: Zone | None, asks: tuple[Question, ...]) -> _Window:
    first = terms.dates.of(group.days, None, group.last)
    last = terms.dates.of(group.last, first.date, group.days) if group.last else first
    midnight = Point(group.start, group.end, Clock(group.start, group.end, 0), before=group, zones=terms.free_zones[:1])
    pair = Pair(group.start, group.end, midnight, midnight)
    start = datetime.combine(first.date, time()) if first.date else None
    end = datetime.combine(last.date + DAY, time()) if last.date else None
    questions = (*first.questions, *(last.questions if last is not first else ()), *asks)
    wall = Wall(pair, start, end, first.inferred, last.inferred, questions)
    return replace(_window(wall, terms, zone), all_day=True)


def _from_parts(single: list[Point], terms: _Terms, zone: Zone | None) -> tuple[list[_Window], list[Point]]:
    """What is known if no pair was found: a start, an end, or a day alone."""
    clues = Clues(terms.text, terms.dates, terms.clocks, ())
    windows = []
    for point in single:
        ends = re.search(r"\b(?:until|till|end\w*|by|conclud\w+|complet\w+|restor\w+)\b[^.]{0,20}\Z", point.lead + point.inner)
        filled, context = _with_context(Pair(point.start, point.end, point, None), [], 0, windows, terms)
        length = Length(point.start, point.end, timedelta(hours=1))
        for wall in walls_of(replace(filled, length=length), clues, context):
            name = "start-missing" if ends else "end-missing"
            asks = (*wall.questions, asked(name, terms.text, point))
            known = replace(wall, start=None, end=wall.start) if ends else replace(wall, end=None)
            windows.append(_window(replace(known, questions=asks), terms, zone))
    if windows:
        return windows, []
    coming = [group for group in terms.groups if not _is_past(group, terms)]
    return [_whole(group, terms, zone, (asked("no-times", terms.text, group),)) for group in coming], []


def _is_past(group: Days, terms: _Terms) -> bool:
    on = terms.dates.of(group.days).date
    return bool(on and terms.dates.published and on < terms.dates.published and not group.last)


def _distinct(windows: Sequence[_Window], terms: _Terms) -> list[_Window]:
    """Each window once; windows that overlap ask which one is right, and those of the past whether they are history."""
    kept: list[_Window] = []
    for window in windows:
        same = next((i for i, w in enumerate(kept) if window.start and (w.start, w.end) == (window.start, window.end)), None)
        if same is None:
            kept.append(window)
        elif len(window.questions) < len(kept[same].questions):
            kept[same] = window
    asking: list[_Window] = []
    plain = terms.text.low
    published = terms.dates.published
    for i, window in enumerate(kept):
        asks = window.questions
        if any(_overlap(window, other) for j, other in enumerate(kept) if j != i):
            asks = (*asks, asked("overlap", terms.text, window.wall.pair))
        begin, end = terms.sentences.around(window.wall.pair.start)
        was = _PAST.search(plain, begin, end) and not _COMING.search(plain, begin, end)
        if (published and window.end and window.end.date() < published) or was:
            asks = (*asks, asked("past-window", terms.text, window.wall.pair))
        asking.append(replace(window, questions=asks))
    return asking


def _overlap(one: _Window, other: _Window) -> bool:
    if not (one.start and one.end and other.start and other.end):
        return False
    return one.start < other.end and other.start < one.end


# The account


def _account(
    windows: Sequence[_Window], single: Sequence[Point], said: Said, terms: _Terms
) -> list[tuple[Term, str, Question | None]]:
    """Every term that is in no window: its role, and the question if it has none."""
    account: list[tuple[Term, str, Question | None]] = [(term, role, None) for term, role in terms.roles]
    for point in single:
        again = any(_is_said_again(point, window, terms) for window in windows)
        account.append((point, "said again" if again else "", None if again else asked("unexplained-time", terms.text, point)))
    for group in terms.groups:
        role = _role_of_group(group, windows, terms, settled=said.settled)
        account.append((group, role, None if role else asked("unexplained-day", terms.text, group)))
    account += [(length, *_of_length(length, windows, terms)) for length in terms.lengths]
    zones = {word.name for word in terms.free_zones}
    for word in terms.free_zones:
        fits = len(zones) == 1 and all(w.evidence.get("timezone", Evidence("", 0)).quote for w in windows)
        reason = "several zones are named"
        account.append((word, "zone", None if fits else asked("tz-ambiguous", terms.text, word, reason=reason, here=windows[0].zone)))
    account += [(term, "", asked(name, terms.text, term)) for name, term in left_over_in(terms.masked, windows_days(windows))]
    for name, term in said.doubts:
        each = len(windows) > 1 and text_of(term, terms).startswith(("each", "both", "nightly"))
        if not (name == "recurring" and each):
            account.append((term, "", _about(name, term, windows, terms)))
    account += [(Term(0, 0), "", _odd(kind, what)) for kind, what in terms.text.odd]
    return account


def text_of(term: Term, terms: _Terms) -> str:
    """The words of a term, in lower case."""
    return terms.text.low[term.start : term.end]


def windows_days(windows: Sequence[_Window]) -> set[date]:
    """Every day on which a window begins or ends."""
    return {wall.date() for window in windows for wall in (window.wall.start, window.wall.end) if wall}


def _odd(kind: str, what: str) -> Question:
    ask = asked(kind, Text(what, what, ((0, 0),)), Term(0, len(what)))
    return replace(ask, offset=0)


def _about(name: str, term: Term, windows: Sequence[_Window], terms: _Terms) -> Question:
    begin, end = terms.sentences.around(term.start)
    here = windows[0].wall.start
    return asked(name, terms.text, Term(begin, max(end, term.end)), here=here)


def _is_said_again(point: Point, window: _Window, terms: _Terms) -> bool:
    clock = point.clock
    if clock.form in ("bad", "bare"):
        return False
    for wall in (window.wall.start, window.wall.end):
        if wall and (clock.hour % 24, clock.minute) == (wall.hour, wall.minute):
            days = point.days
            if days is None or terms.dates.of(days.days, wall.date()).date == wall.date():
                return True
    return False


def _role_of_group(group: Days, windows: Sequence[_Window], terms: _Terms, *, settled: bool) -> str:
    days = windows_days(windows)
    for window in windows:
        if window.wall.pair.first.before is group or window.wall.pair.first.behind is group:
            return "window"
    dates = [terms.dates.of(group.days), *(terms.dates.of([day]) for day in group.last)]
    spans = [(w.wall.start.date(), w.wall.end.date()) for w in windows if w.wall.start and w.wall.end]
    if all(one.date and (one.date in days or any(a <= one.date <= b for a, b in spans)) for one in dates):
        return "window"
    weekdays = [day for day in (*group.days, *group.last) if day.weekday is not None and not day.is_date and day.day is None]
    if len(weekdays) == len(group.days) + len(group.last) and all(d.weekday in {x.weekday() for x in days} for d in weekdays):
        return "window"
    if not days and any(one.questions for one in dates):
        return "asked"
    published = terms.dates.published
    if is_dateline(group, terms.text.plain, terms.sentences):
        return "published"
    long_ago = min(days, default=date.min) - timedelta(days=60)
    if days and all(one.date and one.date < long_ago for one in dates):
        return "past"
    if settled and all(one.date and one.date < min(days, default=date.min) for one in dates):
        return "old day"
    if published and all(one.date and one.date <= published for one in dates):
        return "published" if all(one.date == published for one in dates) else "past"
    return "published" if all(one.date in terms.dates.issued for one in dates) else ""


def _of_length(length: Length, windows: Sequence[_Window], terms: _Terms) -> tuple[str, Question | None]:
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


def _roles(
    windows: Sequence[_Window], account: Sequence[tuple[Term, str, Question | None]], terms: _Terms
) -> list[tuple[Term, str]]:
    """Every temporal term with its role: part of a window, the role of the account, or `question`."""
    known = [(window.wall.pair, "window") for window in windows]
    known += [(term, "question" if ask else role) for term, role, ask in account if term.end]
    return sorted(known, key=lambda entry: entry[0].start)


# From windows to drafts


def _drafts(
    windows: Sequence[_Window],
    account: Sequence[tuple[Term, str, Question | None]],
    said: Said,
    facts: dict[str, tuple[str, ...]],
    terms: _Terms,
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
        status, ask = _status_of(window, windows, said, terms)
        over = status in ("completed", "cancelled")
        kept = {(q.name, q.text): q for q in (*questions, *ask) if not (over and q.name == "past-window")}
        confirmation = _confirmation(window, status, facts, terms, original)
        evidence = window.evidence | {k: e for k, e in said.evidence.items() if k in facts}
        if said.status_term and status != "confirmed":
            evidence["status"] = _evidence(said.status_term, terms.text, "stated", "")
        system = facts["system"][0] if facts.get("system") else None
        drafts.append(
            DraftWindow(
                window.start, window.end, window.zone or None, system, status, window.all_day, evidence,
                (confirmation, *kept.values()),
            )
        )
    return drafts


def _status_of(
    window: _Window, windows: Sequence[_Window], said: Said, terms: _Terms
) -> tuple[str, tuple[Question, ...]]:
    """The status that the notice gives a window; one that may be of another window is asked about."""
    if said.status == "completed":
        published = terms.dates.published
        over = window.end and (published is None or window.end.date() <= published)
        return ("completed", ()) if over else ("confirmed", (_about("changed", said.status_term or Term(0, 0), windows, terms),))
    if said.status == "cancelled" and (len(windows) > 1 or any(name == "changed" for name, _ in said.doubts)):
        return "confirmed" if len(windows) > 1 else "cancelled", (_about("changed", said.status_term or Term(0, 0), windows, terms),)
    return said.status, ()


def _confirmation(
    window: _Window, status: str, facts: dict[str, tuple[str, ...]], terms: _Terms, original: str
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
