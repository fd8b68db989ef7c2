"""Pairs to windows: the day that the words around a pair give it, its hours, its instants, and what it rests on.

Without am or pm, a time is of the 24-hour clock if the notice shows that it uses it; else of the half of the end if it
is earlier in that half (4-10 am); else either. Without any pair, a single time is a start or an end; without any time,
a day is a whole one. Each function states the rest: which day, night, midnight and zone are meant.
A stated length that only one reading has decides between several; what is left of them makes a question.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product

from icms_calendar.notice.dates import DAY, Dated
from icms_calendar.notice.points import Days, Pair, Point
from icms_calendar.notice.reading import Evidence, Question, asked, evidence_of, span_in_words
from icms_calendar.notice.sentences import Terms, role_of
from icms_calendar.notice.text import Clock, Term, ZoneWord
from icms_calendar.notice.times import placed

_ALL_DAY = r"\b(?:all[\s-]day|whole\sday)(?:\slong)?[\s,:]{0,2}(?:on\s|from\s|of\s)?"
_ALL_DAY_BEFORE, _ALL_DAY_BEHIND = re.compile(_ALL_DAY + r"\Z"), re.compile(r"[\s,:(-]{0,3}" + _ALL_DAY)
_AVAILABLE = re.compile(
    r"(?<!not\s)(?<!not\sbe\s)(?<!n't\sbe\s)(?<!longer\s)(?<!longer\sbe\s)\b(?:available|open|operational|accessible)\b"
    r"[^.;\n]{0,40}\Z"
)
_ENDS = re.compile(r"\b(?:until|till|end\w*|by|conclud\w+|complet\w+|restor\w+)\b[^.]{0,20}\Z")
_LASTING = ("weekday-mismatch", "date-conflict", "year-conflict", "approximate")  # also if the window is said again
MAX_READINGS = 4  # days that a question names
_HALF_DAY, _LONGEST_NIGHT, _LONGEST_WINDOW = timedelta(hours=12), timedelta(hours=16), timedelta(days=14)
_EACH = re.compile(r"\b(?:each|both|every|nightly|overnight|respectively)\b")
_NIGHT_OF = re.compile(r"\b(?:night|evening|eve)\sof\s(?:the\s)?\Z")
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Window:
    """A window on the way to a draft: a pair by the wall clock, its instants, what they rest on, and what is open."""

    pair: Pair
    terms: Terms
    begins: datetime | None = None
    ends: datetime | None = None
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)  # by kind and words: each once
    evidence: dict[str, Evidence] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    zone: str = ""
    all_day: bool = False

    def ask(self, name: str, term: Term, **read: object) -> None:
        """Ask a question about the words of a term."""
        self.add([asked(name, self.terms.text, term, **read)])

    def add(self, questions: Iterable[Question]) -> None:
        """Also ask what is asked elsewhere."""
        for question in questions:
            self.questions.setdefault((question.name, question.text), question)


def windows_in(pairs: Sequence[Pair], single: Sequence[Point], terms: Terms) -> tuple[list[Window], Sequence[Point]]:
    """The windows of a notice, each once, and the single points that are in none of them."""
    leads = [(group, terms.masked[max(0, group.start - 20) : group.start]) for group in terms.groups]
    whole = [one for one, lead in leads if _ALL_DAY_BEFORE.search(lead) or _ALL_DAY_BEHIND.match(terms.masked, one.end)]
    if not pairs and not whole:
        pairs, single = [Pair(point.start, point.end, point, None) for point in single], ()
    windows: list[Window] = []
    for pair in pairs:
        windows += _of_pair(pair, windows, terms)
    windows += (_whole(group, terms) for group in whole)
    if not windows:
        since = terms.dates.published or date.min
        past = {id(group) for group, on in terms.heads[1] if on.date and on.date < since and len(group.days) == 1}
        windows = [_whole(group, terms) for group in terms.groups if id(group) not in past]
        for window in windows:
            window.ask("no-times", window.pair)
    one_zone = len({word.name for word in terms.free_zones}) == 1 or not terms.default
    for window in windows:
        _place(window, tuple(terms.free_zones[:one_zone]))
    return _distinct(sorted(windows, key=lambda window: window.pair.start)), single


def _of_pair(pair: Pair, windows: Sequence[Window], terms: Terms) -> list[Window]:
    """The windows of a pair: one, or one for each day that it names or that is above it."""
    dates, first, last, context = terms.dates, pair.first, pair.last, None
    several = next((d for point in pair.points for d in (point.before, point.behind) if d and d.days[1:]), None)
    if not first.day and not several:
        group, context = _day_around(pair, windows, terms)
        several = group if group and group.days[1:] else None
    if several:
        return _on_several_days(pair, several, terms)
    start = dates.of(first.day, None, last.day if last else ()) if first.day else context
    beside = start.date if start else None
    end = dates.of(last.day, beside, first.day) if last and last.day else None
    if context and beside and end and end.date and not timedelta(0) <= end.date - beside <= DAY:
        start = None
    return [_wall(pair, terms, start, end)]


def _day_around(pair: Pair, windows: Sequence[Window], terms: Terms) -> tuple[Days | None, Dated | None]:
    """The day of a pair without one: that above it, with its term; else that behind it; else the window before it."""
    starts, heads, only = terms.heads
    before, of_end = windows[-1] if windows else None, pair.last and pair.last.day
    above = heads[bisect_left(starts, before.pair.end if before else 0) : bisect_left(starts, pair.start)]
    near = above or ([] if of_end or (before and before.begins and before.ends) else heads)
    if near and len({dated.date for _, dated in near} - {None}) < 2:
        return max(near, key=lambda head: (head[1].date is not None, head[0].start))
    if above and not of_end:
        on, readings = above[-1][1], sorted(only)[:MAX_READINGS]
    elif before and before.begins and before.ends and not of_end:
        day, around, plain = before.begins.date(), terms.sentences.around, terms.text.plain
        same = around(before.pair.start) == around(pair.start) or "\n" in plain[before.pair.end : pair.start]
        others = only | {window.begins and window.begins.date() for window in windows[-MAX_READINGS:]}
        on, readings = Dated(day, ("the window before it",)), [day, day + DAY]
        is_later = pair.first.clock.hour >= before.begins.hour
        if before.ends.date() == day and is_later and (same or len(others) == 1):
            return None, on
    else:
        return None, None
    return None, terms.dates.asking(on, "which-day", pair, readings=readings)


def _on_several_days(pair: Pair, days: Days, terms: Terms) -> list[Window]:
    """The windows on days that a list or a range names: one each day, one over a night, or one over all of them."""
    dated = terms.dates.each(days.days)
    walls = [_wall(pair, terms, one, None) for one in dated]
    begins, ends = walls[0].begins, walls[0].ends
    neighbours = any(a.date and a.date + DAY == b.date for a, b in pairwise(dated))
    night = neighbours and pair.last and begins and ends and ends.time() <= begins.time()
    near = terms.text.low[max(0, pair.start - 40) : pair.end + 40]
    if days.listed:
        own = pair.last.day if pair.last and days not in (pair.last.before, pair.last.behind) else ()
        night, apart = night and not own, own and own[0].relative != "after"
        for wall in walls if apart or (night and not _EACH.search(near)) else ():
            wall.ask("several-days", pair, here="one window each day")
        return walls
    if night and "weekend" not in near:
        walls[0].add(dated[1].questions)
        return walls[:1]
    wall = _wall(pair, terms, *dated)
    if wall.ends or not pair.last:
        wall.ask("several-days", pair, here="one window")
    return [wall]


def _whole(group: Days, terms: Terms) -> Window:
    """A whole day, or the days of a range: from the first midnight to the last."""
    dated = terms.dates.each(group.days)
    start, end = (Point(group.start, group.end, Clock(group.start, group.end, hour)) for hour in (0, 24))
    window = replace(_wall(Pair(group.start, group.end, start, end), terms, dated[0], dated[-1]), all_day=True)
    if group.listed and any(a.date and b.date and b.date - a.date != DAY for a, b in pairwise(dated)):
        window.ask("several-days", window.pair, here="one window")
    return window


def _place(window: Window, free: Sequence[ZoneWord]) -> None:
    """The instants of a window that is known by the wall clock. `free` is the zone of all times, if there is one."""
    pair = window.pair
    said = next((point.zones for point in pair.points if point.zones), free)
    window.start = _aware(window, window.begins, pair.first, said)
    window.end = _aware(window, window.ends, pair.points[-1], said)
    if window.start and window.end and window.end <= window.start:
        window.ask("end-before-start", pair)
        window.end = None
    excluded = role_of(pair.first, window.terms.text.low, window.terms.sentences) in ("hours", "deadline")
    dated = pair.first.day and pair.points[-1].day and pair.last
    if (excluded and not dated) or _AVAILABLE.search(pair.first.lead + pair.first.inner):
        window.ask("available", Term(*window.terms.sentences.around(pair.first.clock.start)), here=window.begins)


def _aware(window: Window, wall: datetime | None, point: Point, said: Sequence[ZoneWord]) -> datetime | None:
    """The aware time of a point in its own zone, else in the one that is said, else in the default, else in UTC."""
    if wall is None:
        return None
    words, default = point.zones or said, window.terms.default
    aware, name, meant = placed(wall, words[0] if words else None, default)
    window.zone = window.zone or name
    unsaid = Evidence("", 0, "defaulted", default.name if default else "no zone is named")
    window.evidence.setdefault("timezone", evidence_of(words[0], window.terms.text) if words else unsaid)
    if meant.kind == "dst":
        window.ask("dst", point, reason=meant.reason, here=aware.isoformat(timespec="minutes"))
    elif meant.kind:
        window.ask(meant.kind, words[0] if words else window.pair, reason=meant.reason, here=name)
    others = [(word, [wall]) for word in words[1:]]
    if point.other:
        clock, zones = point.other
        again = wall.replace(hour=clock.hour % 24, minute=clock.minute % 60)
        others.append((zones[0], [again - DAY, again, again + DAY]))
    first = words[0].name if words else name
    for word, walls in others:
        if all(placed(one, word, default)[0] != aware for one in walls):
            window.ask("tz-conflict", word, reason=f"it gives another moment than {first}", here=first)
    return aware


def _distinct(windows: Iterable[Window]) -> list[Window]:
    """Each window once; windows that overlap ask which one is right."""
    kept: dict[object, Window] = {}
    for window in windows:
        key = (window.start, window.end) if window.start else id(window)
        other = kept.get(key, window)
        kept[key] = min(other, window, key=lambda one: len(one.questions))
        kept[key].add(ask for one in (other, window) for ask in one.questions.values() if ask.name in _LASTING)
    spans = sorted(((w.start, w.end, w) for w in kept.values() if w.start and w.end), key=lambda span: span[:2])
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            for window in (before[2], after[2]):
                window.ask("overlap", window.pair)
    return [*kept.values()]


def _wall(pair: Pair, terms: Terms, start_day: Dated | None, end_day: Dated | None) -> Window:
    """The likeliest reading of a pair that begins and ends on these days, with what must be asked."""
    window, dated = Window(pair, terms), [*filter(None, (start_day, end_day))]
    window.add(ask for day in dated for ask in day.questions)
    for point in pair.points:
        if point.rough:
            window.ask("approximate", point, here=f"{point.clock.hour % 24:02}:{point.clock.minute:02}")
        if point.clock.form == "bad":
            window.ask("malformed-time", point.clock)
    sound = all(point.clock.form != "bad" for point in pair.points) and all(day.date for day in dated)
    spans, kind = _readings(pair, terms, start_day, end_day) if sound else ([], "")
    if spans:
        window.begins, window.ends = spans[0][0], spans[0][1] if pair.last or pair.length else None
    elif start_day and start_day.date and pair.first.clock.form != "bad":
        window.begins = datetime.combine(start_day.date, _times(pair, terms)[0][0])
    if sound and not spans:
        window.ask("end-before-start" if dated else "date-missing", pair)
    _explain(window, spans, kind, start_day, end_day)
    if not pair.last and not pair.length:  # a time alone is an end behind a word that says so, else a start
        is_end = _ENDS.search(pair.first.lead[-80:] + pair.first.inner)
        if is_end and window.begins:
            window.ends, window.begins = window.begins, None
            window.evidence["end"] = window.evidence.pop("start")
        window.ask("start-missing" if is_end else "end-missing", pair.first)
    return window


def _explain(window: Window, spans: Sequence[Span], kind: str, start_day: Dated | None, end_day: Dated | None) -> None:
    """Ask what the readings of a pair leave open; and set the words that its start and end rest on."""
    pair, text, words = window.pair, window.terms.text, [span_in_words(*span) for span in spans[:3]]
    if len(spans) > 1:
        window.ask(kind, pair, readings=words, here=words[0])
    if spans and pair.length and pair.length.loose:
        window.ask("approximate", pair.length, here=words[0])
    if spans and (length := spans[0][1] - spans[0][0]) > _LONGEST_WINDOW:
        window.ask("window-too-long", pair, here=length.days)
    if window.begins:
        how = start_day.inferred if start_day else ("the day of the end",)
        window.evidence["start"] = evidence_of(pair.first, text, "; ".join(how))
    if window.begins and window.ends:
        how = ("the day of the start" if window.ends.date() == window.begins.date() else "the night",)
        how = ("the start, and the length",) if pair.length else end_day.inferred if end_day else how
        window.evidence["end"] = evidence_of(pair.length or pair.last or pair.first, text, "; ".join(how))


def _readings(pair: Pair, terms: Terms, start_day: Dated | None, end_day: Dated | None) -> tuple[list[Span], str]:
    """The spans that a pair can mean, the likeliest first; and the kind of question that several raise."""
    times, (starts, ends) = _times(pair, terms), (day.date if day else None for day in (start_day, end_day))
    spans = list(dict.fromkeys(span for both in times for span in _spans(pair, *both, starts, ends)))
    sure = spans if ends or not pair.last else [span for span in spans if _is_a_night(*span)]
    spans = sorted(spans, key=lambda span: span not in sure) if sure and len(times) > 1 else sure
    fits = [(start, end) for start, end in spans if end - start in terms.clues[2]]
    spans = fits if len(fits) == 1 and pair.last else spans
    if len(spans) == 1 and (other := _other_twelve(pair, *spans[0])):
        return [*spans, other], "midnight"
    if spans and _is_late_tonight(pair, spans[0][0]):
        spans[1:] = [(spans[0][0] + DAY, spans[0][1] + DAY)]
    midnight = any(point.clock.form == "midnight" or point.clock.hour == 24 for point in pair.points)
    return spans, "unclear-time" if len(times) > 1 else "midnight" if midnight else "which-day"


def _spans(pair: Pair, first: time, last: time, start_day: date | None, end_day: date | None) -> list[Span]:
    """Every span from `first` to `last` on the days that are known; a day that is not stated follows the other."""
    starts = _starts(pair, first, start_day, end_day)
    if not pair.last:
        length = pair.length.length if pair.length else timedelta()
        return [(start, start + length) for start in starts]
    if start_day and end_day:
        closes, crossed = pair.last.clock, pair.last.behind and pair.first.before and start_day < end_day
        midnights = (1,) if closes.hour == 24 else (0, 1) if closes.form == "midnight" else (0,)
        days = [end_day, start_day] if crossed else [end_day]  # 6 June, 9 am to 5 pm, 7 June: it can end on either
        ends = [datetime.combine(day, last) + i * DAY for day in days for i in midnights]
        return [span for span in product(starts, ends) if span[0] < span[1]]
    spans = [(start, datetime.combine(start.date() + DAY * (last <= start.time()), last)) for start in starts]
    return [span for span in spans if start_day or end_day in (span[1].date(), span[1].date() - DAY)]


def _starts(pair: Pair, first: time, start_day: date | None, end_day: date | None) -> list[datetime]:
    """When a pair can begin; a midnight can also end its day, behind "from" or on another day than the end."""
    opens, other_day = pair.first.clock, start_day and end_day not in (None, start_day)
    either = opens.hour == 24 or (opens.form == "midnight" and (pair.first.behind or other_day))
    night = bool(pair.last and pair.last.behind and _NIGHT_OF.search(pair.last.gap))
    days = [start_day] if start_day else [end_day - DAY, end_day][night:] if end_day else []
    return [datetime.combine(day, first) + i * DAY for day in days for i in range(2 if either else 1)]


def _is_a_night(start: datetime, end: datetime) -> bool:
    """Whether a span without a stated end day is likely: within a day, to its midnight, or over a night."""
    night = start.hour >= 12 >= end.hour and end - start <= _LONGEST_NIGHT
    return night or end.date() == start.date() or end.time() == time(0)


def _other_twelve(pair: Pair, start: datetime, end: datetime) -> Span | None:
    """The window with the other half of a `12:00 am` or `12:00 pm`, if it is much shorter."""
    sure = [p for p in pair.points if p.clock.minute and (p is pair.first or p.day)]  # 12:45 pm, of a day
    twelves = [p for p in pair.points if p.clock.half and p.clock.hour % 12 == 0 and p not in sure]
    if len(twelves) != 1 or pair.last is None or not _HALF_DAY < end - start < DAY:
        return None
    return (start + _HALF_DAY, end) if twelves[0] is pair.first else (start, end - _HALF_DAY)


def _is_late_tonight(pair: Pair, start: datetime) -> bool:
    """Whether a start after midnight has the name of a night: `tonight at 1 am`, `on Saturday night from 00:30`."""
    named = any(day.part in ("night", "evening") for day in pair.first.day)
    return start.hour < 12 and (named or bool(pair.first.before and _NIGHT_OF.search(pair.first.lead)))


def _times(pair: Pair, terms: Terms) -> list[tuple[time, time]]:
    """Both times by the 24-hour clock: one reading, or several if a time may be in either half of the day."""
    first, last = pair.first.clock, pair.points[-1].clock
    firsts, lasts = _options(first, last, terms), _options(last, first, terms)
    if len(firsts) > 1 and last.half and first.form != "24" and first.hour < 12:
        firsts = [a for a in firsts if a < lasts[0] and (a.hour < 12) == (last.half == "am")] or firsts
    alike = [(a, b) for a, b in zip(firsts, lasts, strict=False) if b > a and len(lasts) == len(firsts)]
    return list(dict.fromkeys([*alike, *product(firsts, lasts)]))


def _options(clock: Clock, beside: Clock, terms: Terms) -> list[time]:
    """The times of day that a clock time can mean, beside the other one of its pair."""
    written, words = (
        time(clock.hour % 24, clock.minute % 60, clock.second % 60),
        terms.text.low[clock.start : clock.end],
    )
    exact = clock.half or clock.form in ("noon", "midnight", "bad") or not 0 < clock.hour <= 12
    padded = clock.start < beside.start and ":" in words and "h" not in words
    exact = exact or (clock.form == "24" and not (padded and beside.half == "pm"))  # 02:00 to 05:00 pm, not 0900hrs
    plain, (shows_24, shows_halves, _) = beside.form == "24" and not beside.half, terms.clues
    late = clock.hour >= 10 and (plain or (not shows_halves and beside.hour >= 10))
    sure = late or (shows_24 and (not shows_halves or (plain and beside.hour > 12)))
    if exact or (sure and clock.form != "bare"):
        return [written]
    return [written, written.replace(hour=(clock.hour + 12) % 24)]
