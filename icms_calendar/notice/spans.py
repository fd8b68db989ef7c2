"""Terms to moments, and moments to spans: which day a time is of, and which time ends what another begins.

    moment   = [day join] clock {zone} ["(" clock zone ")"] [join-behind day]
    join     = ["," | ":" | "|" | "-"] {"at" | "from" | "between" | "starting" | "time:" | …}
    behind   = ["," | "("] {"on" | "of" | "the night of" | …}
    span     = moment range moment                        from 4 am to 10 am on Sunday 13 July
             | "between" moment "and" moment
             | moment ending moment                       begins at 4:00 … The maintenance will end at 10:00
             | moment "|" moment, below a heading with start and end in this order
             | "End:" moment, "Start:" moment             each on its line: the label tells, not the order
         | "beginning" moment words closing moment    one sentence that closes with restored by, completed by, until
         | days join span                             between 11 August and 12 August, from 11pm to 4am
    range    = "-" | "to" | "until" | "till" | "through"
    ending   = words of a closed list (`_ENDING_WORDS`), of which one of the last is end, conclude, complete, finish …

What stands in a sentence beside its span must leave it a window: see doubts.py. A day behind a time is that time's; a
day before it is that of the whole span where the end has none of its own. What stands between two times and is not in
these lists ends the span: two times are never joined over words that are not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from icms_calendar.notice.terms import Clock, Day, Term, ZoneWord


@dataclass(frozen=True, slots=True)
class Days(Term):
    """A day under all the names it has in one place (`tonight, Thursday 4th December`); or, with `last`, two days
    that a range joins; or, `listed`, several days."""

    days: tuple[Day, ...]
    last: tuple[Day, ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Moment(Term):
    """A time of day, with the day and the zones that belong to it. `lead` are the words in front of it."""

    clock: Clock
    before: Days | None = None
    behind: Days | None = None
    zones: tuple[ZoneWord, ...] = ()
    other: tuple[Clock, tuple[ZoneWord, ...]] | None = None  # the same moment by another zone's clock
    lead: str = ""
    inner: str = ""
    rough: bool = False

    @property
    def days(self) -> Days | None:
        return self.behind or self.before


@dataclass(frozen=True, slots=True)
class Span(Term):
    """Two moments of which the second ends what the first begins."""

    first: Moment
    last: Moment


_FILL = (
    r"(?:the|on|at|of|a|in|time|times|timing|timings|hours|hrs|night|early|late|morning|evening|afternoon|exactly|"
    r"local|date|day|period|window|duration|as|effective|this|from|between|begin(?:s|ning)?|start(?:s|ing)?|"
    r"commenc(?:es|ing|e)|start\stime|end\stime|finish\stime|by)"
)
_JOIN = re.compile(
    rf"\.?[ \t\n,;:|(@*-]{{0,4}}(?:{_FILL}[ \t\n,:|(-]{{0,3}}){{0,5}}(?:(?:{{rough}})\s?)?".replace(
        "{rough}", r"about|around|approximately|approx\.?|~|circa|say|roughly"
    )
    + r"\Z|t\Z"
)
_BEHIND = re.compile(
    r"[)]?,?[ \t]?\(?(?:(?:on|of|this|the|night|morning|evening|afternoon|coming|upcoming|hours|hrs|local|"
    r"time|both|early|late|in|for)[ \t\n]?){0,6}\(?\Z"
)
_ON = re.compile(r"\b(?:on|of)\b|\(")
_RANGE = re.compile(
    r"[)\s,]{0,3}(?:-{1,3}>?|to|until|till|til|untill|through|thru|up\s?to|ending|ending\sat|ends|to\send\sat)"
    r"[\s,(]{0,2}(?:(?:the|on|at|approximately|about|around|approx\.?|~|circa|roughly|exactly|after|early|"
    r"latest)[ \t\n,]{0,2}){0,3}\Z"
)
_AND = re.compile(r"[)\s,]{0,2}(?:and|&)\s(?:(?:the|on|at|about|around|approximately)\s){0,3}\Z")
_BETWEEN = re.compile(r"\bbetween\b[^.]{0,40}\Z")
_DAY_RANGE = re.compile(
    r"[)\s,]{0,2}(?:-{1,2}|to|until|till|through|thru|and|&|/|up\sto|into|to\sthe|and\sthe)"
    r"[\s,]{0,2}(?:the\s(?:morning\sof\s)?|on\s|(?:early\s)?morning\sof\s)?\Z"
)
_DAY_LIST = re.compile(r"[)\s,]{0,2}(?:,|;|and|&|,\sand)?[\s]{0,2}(?:on\s|the\s)?\Z")
_DAY_SAME = re.compile(r"[\s,(:-]{0,3}\Z")
_ZONE_JOIN = re.compile(r"[\s,(/|-]{0,3}\Z")
_OTHER_ZONE = re.compile(r"[)\s]{0,2}(?:[(/=;]|,?\sor|i\.e\.)[\s,(]{0,2}\Z")
_ROUGH = re.compile(
    r"(?:about|around|approximately|approx\.?|~|circa|ca\.?|roughly|say|as\searly\sas|at\sleast|after|near|"
    r"or\sso|towards?|not\sbefore|no\searlier\sthan)\s?(?:at\s|on\s|the\s)?\(?\Z"
)
_ROUGH_BEHIND = re.compile(
    r"\s?(?:or\sso|approximately|approx|\(approx|or\sthereabouts|or\slater|or\searlier|onwards?|"
    r"at\sthe\searliest|\(?est\.?\b(?!\s?/))"
)

_ENDING = (
    r"end(?:s|ed|ing)?|conclud(?:es|ed|e|ing)|complet(?:es|ed|e|ing|ion)|finish(?:es|ed|ing)?|restor(?:ed|ation)|"
    r"resum(?:es|ed|e|ing)|return(?:s|ed)?|back|until|till|available"
)
_ENDING_WORDS = frozenset(
    [
        "and",
        "with",
        "is",
        "are",
        "was",
        "were",
        "it",
        "its",
        "the",
        "this",
        "these",
        "that",
        "maintenance",
        "exercise",
        "activity",
        "activities",
        "work",
        "works",
        "upgrade",
        "downtime",
        "outage",
        "outages",
        "interruption",
        "system",
        "systems",
        "service",
        "services",
        "window",
        "process",
        "operation",
        "operations",
        "will",
        "would",
        "expected",
        "scheduled",
        "estimated",
        "planned",
        "anticipated",
        "set",
        "due",
        "to",
        "be",
        "should",
        "then",
        "again",
        "come",
        "coming",
        "up",
        "back",
        "online",
        "available",
        "restored",
        "resume",
        "resumes",
        "resumed",
        "normal",
        "complete",
        "completes",
        "completed",
        "completion",
        "conclude",
        "concludes",
        "concluded",
        "concluding",
        "end",
        "ends",
        "ended",
        "ending",
        "finish",
        "finishes",
        "finished",
        "finishing",
        "lasting",
        "last",
        "for",
        "by",
        "at",
        "on",
        "until",
        "till",
        "time",
        "date",
        "a",
        "an",
        "total",
        "of",
        "running",
        "run",
        "runs",
        "continue",
        "continues",
        "fully",
        "all",
        "access",
        "portal",
        "platform",
        "applications",
        "in",
        "restoration",
        "return",
        "returns",
        "returned",
        "also",
        "successfully",
        "shutdown",
        "migration",
        "update",
        "which",
        "started",
        "again",
        "operational",
        "restore",
        "full",
        "functionality",
        "hours",
        "day",
        "same",
        "after",
        "has",
        "have",
        "had",
        "been",
        "place",
        "take",
        "which",
        "procedure",
        "event",
        "full",
        "planned",
        "down",
        "go",
    ]
)
_END_LABEL = re.compile(
    r"(?:ends?|finish(?:es)?|to|until|ending|end\s?(?:date|time)|end\sdate\s?(?:/|and|&)\s?time|completion|stops?)"
    r"\s?(?:\([^()]{0,20}\)\s?)?[:|-]\s?(?:on\s)?\Z"
)
_END_LINE = re.compile(
    r"(?:\A|\n)[^\n:]{0,24}\b(?:ends?|finish(?:es)?|ending|until)\s?(?:date|time)?(?:\s?(?:/|and|&)\s?time)?\s?[:|"
    r"-]\s?\Z"
)
_START_LINE = re.compile(
    r"\A\s?\n[^\n:]{0,24}\b(?:starts?|begins?|beginning|from|commenc\w+)\s?(?:date|time)?(?:\s?(?:/|and|"
    r"&)\s?time)?\s?[:|-]"
    r"\s?\Z"
)
_BEGINNING = re.compile(
    r"\b(?:from|beginning|begins?|start(?:s|ing)?|commencing|effective)(?:\s(?:at|on|around))?\s?\Z"
)
_CLOSING = re.compile(
    r"\b(?:(?:be\s|fully\s|expected\sto\sbe\s)?(?:restored|completed?|resum(?:ed|ing|e)|concluded?|finished|"
    r"back(?:\s(?:up|"
    r"online))?|available\sagain|back\sin\sservice|back\sto\snormal)\s(?:by|at|on)|(?:ending|until|till|finishing)"
    r"(?:\s(?:at|by|on))?|continuing\s(?:until|till|to))\s?\Z"
)
_WORD = re.compile(r"[a-z']+|\x03+|[^\s]")
_HEADING = re.compile(
    r"\b(?:start|starts|from|begin|begins|beginning)\b[^\n]{0,80}\b(?:end|ends|to|until|finish|ending)\b", re.IGNORECASE
)


def sequence(days: Sequence[Day], clocks: Sequence[Clock], zones: Sequence[ZoneWord], masked: str) -> list[Term]:
    """The days and clocks in order, days that are one place merged, each clock with its zones."""
    terms: list[Term] = sorted([*days, *clocks, *zones], key=lambda term: term.start)
    return _with_clocks(_with_days(terms, masked), masked)


def _with_days(terms: list[Term], masked: str) -> list[Term]:
    """Days that stand together become one: the same day by several names, two days of a range, a list."""
    merged: list[Term] = []
    for term in terms:
        if not isinstance(term, Day):
            merged.append(term)
            continue
        last = merged[-1] if merged else None
        grown = _grown(last, term, merged, masked) if isinstance(last, Days) else None
        if grown:
            merged[-1] = grown
        else:
            merged.append(Days(term.start, term.end, (term,)))
    return merged


def _grown(last: Days, day: Day, merged: list[Term], masked: str) -> Days | None:
    gap = masked[last.end : day.start]
    if len(gap) > 24:
        return None
    newest = (last.last or last.days)[-1]
    lone = not newest.is_date or not day.is_date
    if _DAY_SAME.match(gap) and lone and newest.day != -1 and _may_be_one(newest, day, gap):
        if last.last:
            return replace(last, end=day.end, last=(*last.last, day))
        return replace(last, end=day.end, days=(*last.days, day))
    dated = (newest.is_date or newest.relative or newest.weekday is not None) and (
        day.is_date or day.weekday is not None or day.relative
    )
    if not dated or _is_behind_a_clock(merged, masked):
        return None
    if _DAY_RANGE.match(gap) and not last.last and not last.listed:
        between = _BETWEEN.search(masked[max(0, last.start - 30) : last.start])
        listed = ("and" in gap or "&" in gap) and not between
        return replace(last, end=day.end, last=(day,), listed=bool(listed))
    if _DAY_LIST.match(gap) and gap.strip():
        return replace(last, end=day.end, last=(*last.last, day), listed=True)
    return None


def _may_be_one(newest: Day, day: Day, gap: str) -> bool:
    """Whether two names may be of one day: not two weekdays, and not two numbers."""
    if newest.weekday is not None and day.weekday is not None and not (newest.relative or day.relative):
        return newest.weekday == day.weekday and "-" not in gap
    if newest.day is not None and day.day is not None:
        return False
    return not (newest.relative and day.relative) and "-" not in gap


def _is_behind_a_clock(merged: list[Term], masked: str) -> bool:
    """Whether the newest day belongs to a time in front of it: `22:00 12 July to 13 July 04:00`."""
    before = [term for term in merged[-4:-1] if not isinstance(term, ZoneWord)]
    clock = before[-1] if before else None
    if not isinstance(clock, Clock):
        return False
    between = re.sub("\x01+", " ", masked[clock.end : merged[-1].start])
    return len(between) < 40 and bool(_BEHIND.match(between)) and not _ends_a_span(merged, masked)


def _ends_a_span(merged: list[Term], masked: str) -> bool:
    """Whether the clock before the newest day ends a range: then the day is of the range, `4 to 6 on 12-13 July`."""
    clocks = [term for term in merged[-6:-1] if isinstance(term, Clock)]
    if len(clocks) < 2:
        return False
    between = re.sub("\x01+", " ", masked[clocks[-2].end : clocks[-1].start])
    return bool(_RANGE.match(between))


def _with_clocks(terms: list[Term], masked: str) -> list[Term]:
    """Each clock becomes a moment with its zones, and with the same time by another zone's clock."""
    grown: list[Term] = []
    for term in terms:
        last = grown[-1] if grown else None
        if isinstance(term, ZoneWord):
            if isinstance(last, Moment) and _ZONE_JOIN.match(masked[last.end : term.start]):
                grown[-1] = _zoned(last, term, masked)
            else:
                grown.append(term)
        elif isinstance(term, Clock):
            lead = masked[max(0, term.start - 60) : term.start]
            rough = bool(_ROUGH.search(lead) or _ROUGH_BEHIND.match(masked, term.end))
            moment = Moment(term.start, term.end, term, rough=rough)
            gap = masked[last.end : term.start] if isinstance(last, Moment) else ""
            if (
                isinstance(last, Moment)
                and last.zones
                and not last.other
                and len(gap) < 8
                and _OTHER_ZONE.match(gap)
                and _zone_follows(terms, term, masked)
            ):
                grown[-1] = replace(last, end=term.end, other=(term, ()))
            else:
                grown.append(moment)
        else:
            grown.append(term)
    return grown


def _zone_follows(terms: list[Term], clock: Clock, masked: str) -> bool:
    """Whether the zone is directly behind a clock, and no range goes on from it."""
    for term in terms:
        if term.start > clock.start:
            return isinstance(term, ZoneWord) and bool(_ZONE_JOIN.match(masked[clock.end : term.start]))
    return False


def _zoned(moment: Moment, zone: ZoneWord, masked: str) -> Moment:
    end = zone.end + 1 if masked[zone.end : zone.end + 1] == ")" else zone.end
    if moment.other:
        return replace(moment, end=end, other=(moment.other[0], (*moment.other[1], zone)))
    return replace(moment, end=end, zones=(*moment.zones, zone))


def moments_in(terms: list[Term], masked: str) -> tuple[list[Moment], list[Days], list[ZoneWord]]:
    """The moments with the days that belong to them; and the days and zones that belong to none."""
    taken: set[int] = set()
    moments: list[Moment] = []
    for i, term in enumerate(terms):
        if not isinstance(term, Moment):
            continue
        moment = term
        before = terms[i - 1] if i else None
        if isinstance(before, Days) and i - 1 not in taken and _joins(masked[before.end : term.start]):
            taken.add(i - 1)
            moment = replace(moment, start=before.start, before=before, inner=masked[before.end : term.start])
        behind = terms[i + 1] if i + 1 < len(terms) else None
        if isinstance(behind, Days) and _is_of(moment, behind, terms, i, masked):
            taken.add(i + 1)
            end = behind.end + (masked[behind.end : behind.end + 1] == ")")
            moment = replace(moment, end=end, behind=behind)
            after = terms[i + 2] if i + 2 < len(terms) else None
            if isinstance(after, ZoneWord) and not moment.zones and _ZONE_JOIN.match(masked[end : after.start]):
                taken.add(i + 2)
                moment = replace(moment, end=after.end, zones=(after,))
        since = moments[-1].end if moments else 0
        moments.append(replace(moment, lead=masked[max(since, moment.start - 240) : moment.start]))
    free = [term for i, term in enumerate(terms) if i not in taken]
    return moments, [t for t in free if isinstance(t, Days)], [t for t in free if isinstance(t, ZoneWord)]


def _joins(gap: str) -> bool:
    return len(gap) <= 60 and bool(_JOIN.match(gap))


def _is_of(moment: Moment, behind: Days, terms: list[Term], i: int, masked: str) -> bool:
    """Whether the day behind a time is of that time, and not of the next one."""
    gap = masked[moment.end : behind.start]
    if len(gap) > 40 or not _BEHIND.match(gap):
        return False
    if _ON.search(gap) or masked[behind.end : behind.end + 1] == ")":
        return True
    if "\n" in gap or (moment.before and "," in gap):
        return False
    after = terms[i + 2] if i + 2 < len(terms) else None
    if isinstance(after, Moment):
        following = masked[behind.end : after.start]
        if _joins(following) and not _RANGE.match(following):
            return False
    return True


def spans_in(moments: list[Moment], masked: str) -> tuple[list[Span], list[Moment]]:
    """The spans, and the moments that are in none."""
    spans: list[Span] = []
    single: list[Moment] = []
    i = 0
    while i < len(moments):
        first = moments[i]
        last = moments[i + 1] if i + 1 < len(moments) else None
        if last is not None and _is_turned(first, last, masked):
            spans.append(Span(first.start, last.end, last, first))
            i += 2
        elif last is not None and _ends(first, last, masked):
            spans.append(Span(first.start, last.end, first, last))
            i += 2
        else:
            single.append(first)
            i += 1
    return spans, single


def _ends(first: Moment, last: Moment, masked: str) -> bool:
    """Whether the second of two moments ends what the first begins."""
    gap = masked[first.end : last.start]
    inner = last.inner
    if _RANGE.match(gap) and not re.search(r"\b(?:from|between|start\w*|begin\w*)\b", inner):
        return True
    if _AND.match(gap) and _BETWEEN.search(first.lead + first.inner):
        return True
    if _is_table_row(first, last, gap, masked) or _closes(first, last, gap):
        return True
    return _is_ending(gap + ("" if inner.strip() in ("", "t") else inner))


def _is_turned(first: Moment, last: Moment, masked: str) -> bool:
    """Whether the end is labelled, on its line, in front of the start: `End: …`, `Start: …`."""
    return bool(_END_LINE.search(first.lead) and _START_LINE.match(masked[first.end : last.start])) and not (
        _RANGE.match(masked[first.end : last.start])
    )


def _closes(first: Moment, last: Moment, gap: str) -> bool:
    """Whether one sentence begins with the first and closes with the last, whatever it says between:
    `beginning 5 am, services will be offline, and restored by 7 pm`."""
    if len(gap) > 200 or re.search(r"[.!?;]\s|\n|\b(?:not|from|between|start\w*|begin\w*)\b|[\x00\x02]", gap):
        return False
    inner = "" if last.inner.strip() in ("", "t") else last.inner
    begins = _BEGINNING.search(first.lead) or _BEGINNING.search(first.inner)
    return bool(begins) and bool(_CLOSING.search(gap + inner))


def _is_ending(gap: str) -> bool:
    if len(gap) > 260:
        return False
    if (
        _END_LABEL.search(gap)
        and len(gap) < 60
        and not re.search(r"[a-z]{3,}[^a-z]+[a-z]{3,}[^a-z]+[a-z]{3,}[^a-z]+[a-z]{3,}", gap)
    ):
        return True
    words = _WORD.findall(gap)
    said = [word for word in words if word[0].isalpha()]
    if not said or not all(word in _ENDING_WORDS for word in said):
        return False
    if any(word[0] == "\x04" for word in words) or re.search(r"\bfrom\b|\bstart", gap):
        return False
    return any(re.fullmatch(_ENDING, word) for word in said[-5:])


def _is_table_row(first: Moment, last: Moment, gap: str, masked: str) -> bool:
    """Whether a bar or a column parts the two, in a table whose heading has start before end."""
    if not re.fullmatch(r"\s?[|\t]\s?", gap):
        return False
    row = masked.rfind("\n", 0, first.start) + 1
    above = masked[max(0, row - 2000) : row]
    headings = [line for line in above.split("\n") if _HEADING.search(line) and not re.search(r"[\x00\x02]", line)]
    if not headings or "\n\n" in above[above.rfind(headings[-1]) :]:
        return False
    end = masked.find("\n", last.end)
    rest = masked[last.end : end if end >= 0 else len(masked)]
    return "\x02" not in rest and "\x02" not in masked[row : first.clock.start]
