"""The account: every day, time, zone and length of a notice with its role; one without a role is a question.

window      a day, the start or the end of a window, also if it is said again
published   by the words around it (sentences.py), or the day of publication
deadline, hours   by the words around it (sentences.py)
past        a day before the publication, or long before the windows; the day that a window has left
length      that of a window, of all of them, or of the days they touch; a limit that they keep
zone        the one zone of all times
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from icms_calendar.notice.dates import DAY, MONTH, WEEKDAY
from icms_calendar.notice.points import Days, Pair, Point
from icms_calendar.notice.reading import Question, asked
from icms_calendar.notice.sentences import Said, is_dateline
from icms_calendar.notice.terms import Length, Term
from icms_calendar.notice.text import Text
from icms_calendar.notice.windows import Terms, Window
from icms_calendar.record.words import duration

_TOLERANCE, _LONG = timedelta(minutes=5), timedelta(days=60)
_PLANNED_FOR = re.compile(
    r"\b(?:announced|planned|scheduled|set|rescheduled\sfrom|moved\sfrom)\s(?:for\s)?(?:the\s)?\Z"
)
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


class Entry(NamedTuple):
    """A term that is in no window, its role, and the question if it has none."""

    term: Term
    role: str
    question: Question | None = None


def account_of(windows: Sequence[Window], single: Sequence[Point], said: Said, terms: Terms) -> list[Entry]:
    """Every term that is in no window, and what the notice says about the maintenance, as far as it is asked about."""
    covered, text = _covered(windows), terms.text
    account = [Entry(term, role) for term, role in terms.roles]
    for point in single:
        again = _is_said_again(point, covered, terms)
        account.append(Entry(point, "window") if again else Entry(point, "", asked("unexplained-time", text, point)))
    for group in terms.groups:
        role = _role_of_group(group, covered, terms, settled=said.settled)
        account.append(Entry(group, role, None if role else asked("unexplained-day", text, group)))
    account += (_of_length(length, covered, terms) for length in terms.lengths)
    stated = all(window.evidence["timezone"].quote for window in windows if window.evidence)
    one = len({word.name for word in terms.free_zones}) == 1 and stated
    for word in terms.free_zones:
        ask = asked("tz-ambiguous", text, word, reason="several zones are named", here=windows[0].zone)
        account.append(Entry(word, "zone", None if one else ask))
    account += (Entry(term, "", asked(name, text, term)) for name, term in _left_over(terms.masked, covered.days))
    for name, term in said.doubts:
        each = name == "recurring" and text.low.startswith(("each", "both", "nightly"), term.start)
        if not (each and len(windows) > 1):
            account.append(Entry(term, "", about(name, term, windows, terms)))
    for window in windows:
        if at := _other_subject(window.wall.pair, terms):
            account.append(Entry(at, "", asked("another-subject", text, at, here=window.wall.end)))
    odd = ((kind, Text(what, what, ()), Term(0, len(what))) for kind, what in text.odd)
    return [*account, *(Entry(Term(0, 0), "", asked(*what)) for what in odd)]


def about(name: str, term: Term, windows: Sequence[Window], terms: Terms) -> Question:
    """The question about what a sentence says of the maintenance."""
    return asked(name, terms.text, Term(*terms.sentences.near(term, 200)), here=windows[0].wall.start)


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
    walls = [window.wall for window in windows]
    spans = [(wall.start, wall.end) for wall in walls if wall.start and wall.end]
    lengths = [window.end - window.start for window in windows if window.start and window.end]
    moments = {(at.date(), at.time()) for wall in walls for at in (wall.start, wall.end) if at}
    counts = {(end.date() - start.date()).days for start, end in spans}  # two days, or one: those that a window touches
    between = {start.date() + DAY * i for start, end in spans for i in range(min(31, (end - start).days + 1))}
    known = {*lengths, sum(lengths, timedelta())} | {DAY * (count + more) for count in counts for more in (0, 1)}
    steps = {round(length / _TOLERANCE) + step for length in known if length for step in (-1, 0, 1)}
    pairs = [wall.pair for wall in walls]
    terms = {id(term) for pair in pairs for term in (pair.first.before, pair.first.behind, pair.length) if term}
    return _Covered(moments, between | {day for day, _ in moments}, terms, steps, sorted({*lengths}))


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
    planned = _PLANNED_FOR.search(terms.text.low, max(0, group.start - 30), group.start)
    if max(known) < max(first - (_LONG, DAY * 0)[settled], published or date.min) or (settled and planned):
        return "past"
    return "published" if known <= {published, *terms.dates.issued} else ""


def _of_length(length: Length, covered: _Covered, terms: Terms) -> Entry:
    """Whether a length is that of a window, of all of them, or of the days that they touch; else it is asked about."""
    lengths, size = covered.lengths, length.length
    known = not lengths or length.vague or id(length) in covered.terms or round(size / _TOLERANCE) in covered.steps
    if known or (length.loose and size <= lengths[-1] * 1.25):
        return Entry(length, "length")
    here = " and ".join(duration(one) for one in lengths[:3])
    return Entry(length, "", asked("duration-mismatch", terms.text, length, here=here))


def _left_over(masked: str, days: set[date]) -> Iterator[tuple[str, Term]]:
    """What looks like a day or a time, but was not read as one; each kind once."""
    for name, pattern in (("malformed-time", _LEFT), ("foreign-clock", _CLOCK_WORD)):
        if match := pattern.search(masked):
            yield name, Term(*match.span())
    if (match := re.search(r"\bweekend\b", masked)) and not any(day.weekday() > 4 for day in days):
        yield "unexplained-day", Term(*match.span())
