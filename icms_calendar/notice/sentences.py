"""The sentences of a notice, what they say of a day or a time, and what they say about the maintenance.

Three short closed lists, looked for only in sentences about the maintenance, make a question or set `status`: it was
changed, cancelled or completed; it is not certain; it repeats. No list says what is not maintenance.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from icms_calendar.notice.dates import MONTH, WEEKDAY, Dated, Dates
from icms_calendar.notice.points import Days, Point
from icms_calendar.notice.reading import Evidence, evidence_of
from icms_calendar.notice.text import Clock, Length, Term, Text, ZoneWord, blanked
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.zones import Zone

_BREAK = re.compile(
    r"[.!?][\"')\]]{0,2}\s+(?=[\"'(\[]{0,2}(?:[A-Z0-9]|[a-z]{1,2}[A-Z]))|\n\n|\n(?=\s?(?:[A-Z*#\[(-]|"
    r"[0-9]{1,2}[.)]\s))|;\s+(?=[A-Z])|\s[|]\s(?=[A-Z][a-z])"
)
_GOES_ON = re.compile(  # a line does not end behind a word that needs another, nor a sentence behind an abbreviation
    r"(?i)(?:\b(?:the|an?|its|our|their|your|this|that|of|to|for|on|in|at|by|from|with|and|or|between|until|"
    r"during)[ \n]|\b(?:nos?|approx|mrs?|dr|st|kl|vs|ref|tel|dept|govt|e\.g|i\.e|ca|ext|inc|ltd|co)\.\s)\Z"
)
_SAID = r"issued|said|announced|published|notified|told|informed|reported|released|confirmed|posted|stated|revealed"
_PUBLISHED = re.compile(
    rf"(?:\b(?:{_SAID}|updated?|dated|sent|received|modified|created|revised|added|signed|accessed|(?:issue|issuance|"
    r"publication|notice|release)\sdate|date\sof\s(?:issue|publication)|(?:press\srelease|statement|notice|advisory|"
    r"alert|memo|circular|letter|e-?mail|communication|message)\s(?:on|of|from|dated|sent\son))(?:\s(?:by|"
    r"to)\s[^.,\n]{1,40}|\searlier|\slate)?\s?(?:\s?(?:on|at|this|last|of|as\sof|date|time|the)\b|[:,|(-]){0,3}\s?)\Z"
)
_SAYING = re.compile(rf"[)\]]?,?\s(?:[^.,\n\x00\x02]{{0,70}}\s)?(?:{_SAID}|warned|tweeted|advised|urged|wrote)\b")
_PLAN = re.compile(r"\b(?:will|shall|be|is|are|from|until|maintenance|unavailable|outage|as|was|for)\b")
_DEADLINE = re.compile(
    r"\b(?:(?:before|by)(?:\s(?:the\s)?(?:close|end)\sof\s(?:business|work))?|prior\sto|(?:no|not)\slater\sthan|"
    r"latest(?:\sby)?|ahead\sof|deadline(?:\s(?:of|is|on|for\s[^.,]{1,40}))?|due(?:\s(?:on|by|date))?)\s?(?:(?:is|on|"
    r"the|of|at)\s|:\s?){0,2}\Z"
)
_HOURS = re.compile(
    r"\b(?:(?:office|working|business|opening|banking)\shours|e?help\s?(?:desk|lines?)|service\sdesk|(?:call|contact)"
    r"\scent(?:re|er)|customer\s(?:care|service)|support|hot\s?line|offices|branches|opens?\b|(?:contact|call)\sus|"
    r"for\s(?:any\s)?(?:more\s|further\s)?(?:queries|[ei]nquiries|assistance|support|help|information))\b"
)
_OUTAGES = r"maintenance|upgrades?|outages?|down\s?time|interruptions?|unavailability"
_DOWN = rf"{_OUTAGES}|maint\w+|upgrad\w+|offline|interrupt\w+|unavailab\w+|not\s(?:be\s)?(?:avail|access)\w+"
_OUTAGE = re.compile(rf"\b(?:{_DOWN}|(?:un|in)accessible|window|down)\b")
_OPEN = re.compile(r"\b(?:remain|stay|are|is|be)\sopen\b")
_ENDING = re.compile(r"\b(?:back|again|available|restor\w+|resum\w+|complet\w+|end\w*|conclud\w+|finish\w*|up)\b")
_NAMES = re.compile(
    r"[\s(*>|-]{0,4}(?:[Dd]ate\s?:\s?|(?:(?:[A-Z][\w.'&/-]*|of|for|and|the|es|date|published|posted|updated|issued|by|"
    r"on),?\s?){0,10}(?:[,|(-]{1,2}\s?)?)\Z"
)
_PROSE = re.compile(r"\b(?:will|shall|is|are|was|were|has|have|takes?|begins?|starts?|ends?)\b")
_TIME_LABEL = re.compile(r"\b(?:times?|timings?|hours|from|start|window)\s?[:|]\s?\Z")
_NOTHING = re.compile(r"\)?[\s.,;:|*-]{0,4}\Z")
_NEWS = re.compile(r"\)?\s?(?:\([A-Za-z /]{2,20}\)\s?)?(?:-{1,2}|:|/)\s|\.\s+[A-Z]")


class Sentences:
    """The sentences of a text, by their places. Nothing breaks within a term."""

    def __init__(self, plain: str, terms: Iterable[Term]) -> None:
        inside = sorted((term.start, term.end) for term in terms)
        starts = [start for start, _ in inside]
        self.ends = [0]
        for match in _BREAK.finditer(plain):
            end = inside[i][1] if (i := bisect_right(starts, match.start()) - 1) >= 0 else 0
            goes_on = match[0] != "\n\n" and _GOES_ON.search(plain, max(0, match.end() - 12), match.end())
            within = match.end() < end or (match.start() + 1 == end and match.end() in starts[i + 1 : i + 2])
            if not (goes_on or within):
                self.ends.append(match.end())
        self.ends.append(len(plain))

    def around(self, at: int) -> tuple[int, int]:
        """Where the sentence that holds a place begins and ends."""
        i = min(bisect_right(self.ends, at), len(self.ends) - 1)
        return self.ends[i - 1], self.ends[i]

    def near(self, term: Term, reach: int) -> tuple[int, int]:
        """Where the sentence that holds a term begins and ends, at most `reach` characters beside the term."""
        begin, end = self.around(term.start)
        return max(begin, term.start - reach), min(max(end, term.end), term.end + reach)


def role_of(term: Term, low: str, sentences: Sentences) -> str:
    """What a day or a time is if not of a window, by the words around it: `published`, `deadline`, `hours`; else empty.

    published   issued, posted, updated, said … (on) DAY; DAY …, the authority said
    deadline    before, by, not later than DAY, if it is not the maintenance that ends
    hours       in a sentence about office hours or the help desk, but not about the maintenance
    """
    begin, end = sentences.near(term, 300)
    lead = low[max(begin, term.start - 120) : term.start]
    saying = isinstance(term, Days) and _SAYING.match(low, term.end, end)
    if _PUBLISHED.search(lead) or (saying and not _PLAN.search(saying[0])):
        return "published"
    clause = re.split("[;,:]", lead)[-1]
    if _DEADLINE.search(lead) and not _OUTAGE.search(clause) and not _ENDING.search(clause):
        return "deadline"
    opens = _OPEN.search(clause) and not _OUTAGE.search(clause)
    return "hours" if opens or (_HOURS.search(low, begin, end) and not _OUTAGE.search(low, begin, end)) else ""


@dataclass(frozen=True)
class Terms:
    """The temporal terms of a text, and the text with them blanked out."""

    text: Text
    masked: str
    clocks: Sequence[Clock]
    lengths: Sequence[Length]
    points: Sequence[Point]  # those that no words exclude from a window
    groups: Sequence[Days]  # days that belong to no point, and that no words exclude
    free_zones: Sequence[ZoneWord]
    roles: dict[Point | Days, str]
    sentences: Sentences
    dates: Dates
    default: Zone | None  # the zone of times that name none

    @cached_property
    def heads(self) -> tuple[list[int], list[tuple[Days, Dated]], set[date]]:
        """The places of the days outside of points, the days with their dates, and all dates; datelines come last."""
        heads, starts = [], [point.start for point in self.points]
        lines = [self.is_dateline(group) for group in self.groups]
        ends = [*(group.start for group in self.groups[1:]), len(self.masked)]
        for group, is_line, until in zip(self.groups, lines, ends, strict=False):
            begin, end = self.sentences.around(group.start)
            at = bisect_right(starts, group.end)
            is_above = any(point.start < until and not point.day for point in self.points[at : at + 1])
            if is_line and not is_above and not all(lines):
                continue
            on, held = self.dates.of(group.days[0]), bisect_left(starts, begin) < bisect_left(starts, end)
            aside = not held and _PROSE.search(self.text.low, begin, end) and not is_about(self.text, begin, end)
            if is_line or aside:
                readings = ["the day of the maintenance", "of something else"]
                on = self.dates.asking(on, "which-day", group, readings=readings)
            heads.append((group, on))
        return [group.start for group, _ in heads], heads, {dated.date for _, dated in heads if dated.date}

    @cached_property
    def clues(self) -> tuple[bool, bool, frozenset[timedelta]]:
        """Whether a time can only be of the 24-hour clock; whether one has am or pm, or is noon; the exact lengths."""
        plain = any(clock.form == "24" and not clock.half for clock in self.clocks)
        halves = any(clock.half or clock.form == "noon" for clock in self.clocks)
        return plain, halves, frozenset(length.length for length in self.lengths if not length.loose)

    def is_dateline(self, day: Days | Point) -> bool:
        """Whether a day is on a line of its own except for names, opens a report (`NAIROBI, July 11 -`) or signs it."""
        plain, around = self.text.plain, self.sentences.around
        names = day.day if isinstance(day, Point) else day.days[0]
        on = self.dates.of(names).date if names else None
        at = bisect_right(self.points, day.end, key=lambda point: point.start)
        one, published = next(iter(self.points[at : at + 1]), None), self.dates.published
        own = one and not one.day and (around(one.start) == around(day.start) or _TIME_LABEL.search(one.lead))
        if own or (on and published and on > published):  # the day of that time, or one that is to come
            return False
        begin = max(plain.rfind("\n", 0, day.start) + 1, around(day.start)[0])
        if day.start - begin > 90 or not _NAMES.match(plain, begin, day.start):
            return False
        behind = plain[day.end : day.end + 40].partition("\n")[0]
        headed = begin == 0 or (begin <= 160 and not re.search(r"[.!?]\s", plain[:begin]))
        return bool(_NOTHING.match(behind) or (headed and _NEWS.match(behind)))


_IT = r"(?:maint\w+|exercise|notice|communication|window|outage|upgrade|downtime|it|work)"
_ABOUT = re.compile(rf"\b(?:{_DOWN}|{_IT}|down|migrat\w+|activity|works|this|these|times?|dates?|systems?|services?)\b")
_OFF = r"(?<!not\s)(?<!will\sbe\s)(?:cancell?ed|called\soff|withdrawn|abandoned)"
_CANCELLED = re.compile(
    rf"\b(?:{_IT}[^.\n]{{0,240}}\b(?=[acdisw])(?:{_OFF}|\b(?:will|would|does|shall|is|can|wo|ca)\s(?:now\s)?(?:not|"
    rf"no\slonger)\s(?:be\s)?(?:tak\w+\splace|"
    r"go\w*\sahead|proceed|happen|held|carried\sout|performed))|"
    rf"cancel(?:l?ed|s|lation|l?ing)?\b(?:\s[a-z]+){{0,8}}\s{_IT}|cancell?ed:\s)|"
    rf"[\x00\x02][)\s,]{{0,3}}(?:has|have|is|was)\s(?:now\s)?(?:been\s)?{_OFF}\b|\bstatus\s?:\s?{_OFF}\b"
)
_UNDONE = (
    r"scrapped|shelved|not\s(?:be\s)?(?:down|offline|shut)(?=[^.;\n]{0,60}[\x00\x02])|and\snot|(?:will|shall|"
    r"is)\snot\s(?:be\s)?(?:proceed\w*|go\son|used|held)|\x03\s(?:earlier|later)|[\x00\x02][)\s,]{0,3}ha(?:s|"
    r"ve)\s(?:now\s)?been\s(?!planned|scheduled|set|complet)"
)
_CHANGED = re.compile(
    rf"{_UNDONE}|\b(?:postpon\w+|reschedul\w+|brought\sforward|put\soff|pushed\s(?:back|out)|defer\w+|moved|"
    r"(?<!not\s)(?<!not\sbe\s)extended|shift(?:ed|s)|delay(?:ed|s)?|moves\sto\s(?:the\s)?[\x00\x02]|been\s(?:changed|"
    r"stopped)|changed\sto|on\shold|is\soff|halted|longer\sthan|(?:was|were)\sto\sbe|not\s(?:be\s)?going\sahead|"
    r"disregard|in\serror|superseded|no\slonger|correct(?:ed|ions?)|erratum|(?:old|new|previous|original)\s(?:time|"
    r"date)|(?:is|was|been|has)\ssuspended|suspends|suspended\s(?:the|this|our|all)|(?:instead|rather\sthan|ignore)\b|"
    r"not\sfrom|replaces\sthat|(?:earlier|previously)\s(?:announced|communicated|advised)|will\snow|except|excluding|"
    r"no\s(?:[a-z]+\s){0,3}(?:maintenance|outage|downtime)|prohibited|not\splanned|cancel\w+)\b"
)
_SETTLED = re.compile(
    r"\bnow\s(?:be\s)?(?:tak\w+\splace|held|carried\sout)\s(?:as\sfollows|(?:on|at|from)\s[\x00\x02])|"
    r"\bnew\sdate\sis\s\x00|\b(?:rescheduled|moved|postponed|shifted)\s(?:from\s\x00+\s)?(?:to|for|"
    r"until)\s(?:the\s)?[\x00\x02]"
)
_COMPLETED = re.compile(
    r"\b(?P<if>(?:once|when|after|until|as\ssoon\sas|if)\b[^.,;\n]{0,60}?\b)?"
    r"(?:ended|(?:has|have|was|were|is)\s(?:been\s)?(?:successfully\s)?(?:completed|concluded|finished))\b"
)
_IF = r"(?:if|should)\s[^.,;\n]{0,40}\b(?:succe\w+|approved|ready)|provided|allowing|hop(?:e|ing)\sto|options?|reserve"
_UNDECIDED = re.compile(
    r"[\x00\x02],?\sor\s[\x00\x02]|\b(?:tentative\w*|provisional\w*|tb[cda]|to\sbe\s(?:confirmed|decided|announced|"
    r"advised)|unconfirmed|proposed|not\s(?:yet\s)?(?:been\s)?(?:confirmed|approved|decided|final)|subject\sto|"
    r"pencil\w+|depending\son|unless|permitting|in\sprinciple|indicative|awaiting|pending\sapproval|likely|probably|"
    r"possibly|perhaps|may\s(?:vary|change)|target(?:ing|ed)?|draft|if\s(?:needed|necessary|required|all)|(?:fall|"
    r"roll)back|contingency|backup\sdate|or\son|at\ssome\spoint|sometime|"
    rf"{_IF}|(?:may|might|could)\s(?:not\s)?(?:take\splace|be\s(?:later|longer|needed|taken|held|carried|performed|"
    rf"done|postponed|extended|cancelled|"
    r"delayed|moved|rescheduled)))\b"
)
_RECURRING = re.compile(
    r"\x02[^.\n\x02]{1,60}\x02+[^.\n\x02]{0,60}(?<!postponed)\suntil\sfurther\snotice|\b(?:every|weekly|monthly|daily|"
    r"nightly|consecutive|fortnightly|quarterly|(?:sun|mon|tues|wednes|thurs|fri|satur)days|each\s(?:week|month|night|"
    r"day|sunday|saturday|weekend)|thereafter|and\sagain|with\seffect\sfrom|w\.?e\.?f\.?|w/c|week\s?days|(?:working|"
    r"business)\sdays|week\s(?:of|commencing|beginning)|(?:two|three|four|five|six|seven|[2-9])\s(?:nights|weekends|"
    r"evenings|mornings))\b"
)
_SAYINGS = {"cancelled": _CANCELLED, "completed": _COMPLETED, "undecided": _UNDECIDED, "recurring": _RECURRING}
_AVAILABLE = re.compile(
    r"\b(?:not\s(?:be\s)?(?:affected|impacted)|unaffected|(?<!not\s)(?:be|remain|are|is|stay)\savailable)\b"
)
_CALLED = (
    rf"(?!(?i:{WEEKDAY}|{MONTH}|(?:planned|scheduled|routine|emergency|urgent|system|network|the|our|public|notice|"
    r"maintenance)\s))[a-z]?[A-Z][\w-]*(?:\s(?:(?:of|and|for)\s)?[a-z]?[A-Z][\w-]*){0,6}(?:\s\([A-Za-z][\w-]{0,20}\))?"
)
_BY_A_SYSTEM = (
    rf"(?:\A|[.:;\n]\s*|\b(?:its|the|our|that|of)\s)(?i:(?:planned|scheduled|the|our|that)\s)*(?P<said>{_CALLED})\s"
    r"(?i:scheduled\s|planned\s|system\s|routine\s)*(?:maintenance|will\s(?:be\s(?:un|not\sa|off|down)|not\sbe|"
    r"undergo))"
)
_LABELS = {
    "system": r"systems?(?:\saffected)?|affected\ssystems?|application|platform",
    "services": r"(?:affected\s)?services?(?:\saffected|\simpacted)?",
    "reason": r"reason|purpose|cause",
    "fallback": r"what\sto\sdo|meanwhile|alternatives?|workaround|fallback",
    "audience": r"who\sis\saffected|concerns|affected\susers|audience|users\saffected",
    "reference": r"ref(?:erence)?\.?(?:\sno\.?|\snumber)?|ticket|change(?:\snumber|\sno\.?)?",
    "contact": r"contacts?|[ei]nquiries|help\s?desk|for\s(?:queries|enquiries|assistance)",
}
_LINE = r"(?im)^[\s*>-]{{0,4}}(?:{})\s?[:|\t][ \t]?(?P<said>[^\n|]{{2,300}}?)\.?\s*$"
_FACTS = (
    *((name, _LINE.format(words)) for name, words in _LABELS.items()),
    ("reason", r"\b(?:due\sto|because\sof|in\sorder\sto)\s(?P<said>[^.;\n,\"]{4,160})"),
    ("fallback", r"(?i:in\sthe\smeantime|meanwhile),?\s(?P<said>[^.\n]{6,200})\."),
    (
        "audience",
        r"\b(?:stakeholders|users|customers|clients)\sincluding\s(?P<said>[^.;\n]{4,120}?)(?=\sto\s|[.;\n]|\Z)",
    ),
    ("system", rf"(?i:\b(?:{_OUTAGES})\s(?:of|on|for|to)\s(?:the\s|its\s|our\s)?)(?P<said>{_CALLED})"),
    ("system", _BY_A_SYSTEM),
)
Facts = dict[str, tuple[str, ...]]
_LISTED = re.compile(r"\s*(?:,\s(?:and\s)?|;|\sand\s)\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says about its maintenance: words to ask about by kind of question, a status, and facts."""

    doubts: tuple[tuple[str, Term], ...]
    status: str
    status_term: Term | None
    settled: bool  # it was changed, and the notice says to which window
    facts: Facts
    evidence: dict[str, Evidence]


def said_in(terms: Terms, inside: Sequence[Term], calendar: MaintenanceCalendar | None) -> Said:
    """Everything that the notice says about the maintenance but its times. `inside` are the pairs."""
    masked, sentences = terms.masked, terms.sentences
    held = {sentences.around(term.start) for term in inside}
    about = [span for span in pairwise(sentences.ends) if span in held or is_about(terms.text, *span)]
    first = {name: _first(words, masked, about) for name, words in _SAYINGS.items()}
    cancelled, completed = first["cancelled"], first["completed"]
    leaves = any(_CHANGED.search(masked, one.end - 1, sentences.around(one.start)[1]) for one in inside)
    settled = bool(_SETTLED.search(masked)) and not leaves
    own = [Term(*match.span()) for match in _CANCELLED.finditer(masked)]
    if completed and not own:
        own = [Term(*sentences.around(completed.start))]
    rest, dated = blanked(masked, own, " "), re.compile("[\x00\x02]")  # a cancellation is no change
    with_times = [span for span in about if not cancelled or dated.search(masked, *span)]
    change = None if settled else _first(_CHANGED, rest, with_times)
    if cancelled and held and (at := sentences.around(cancelled.start)) not in held and dated.search(masked, *at):
        change, cancelled = cancelled, None  # what is cancelled may be of another day
    statuses = (("cancelled", cancelled), ("completed", completed), ("tentative", first["undecided"]))
    status, term = next(((name, term) for name, term in statuses if term), ("confirmed", None))
    said = (("recurring", first["recurring"]), ("undecided", first["undecided"]), ("changed", change))
    doubts = tuple((name, term) for name, term in said if term)
    return Said(doubts, status, term, settled, *_facts(terms, calendar))


def _first(words: re.Pattern[str], masked: str, spans: Iterable[tuple[int, int]]) -> Term | None:
    """The first match of `words` in each of `spans`; the first of those that is not only a condition."""
    matches = (match for span in spans if (match := words.search(masked, *span)))
    return next((Term(*match.span()) for match in matches if not match.groupdict().get("if")), None)


def is_about(text: Text, begin: int, end: int) -> bool:
    """Whether a sentence is about the maintenance: by its words, or as a short line, such as `Status: Tentative`."""
    return bool(_ABOUT.search(text.low, begin, end)) or (end - begin <= 40 and text.plain.endswith("\n", begin, end))


def _facts(terms: Terms, calendar: MaintenanceCalendar | None) -> tuple[Facts, dict[str, Evidence]]:
    """What the notice states in a line with a label, else in a sentence; systems as the calendar names them."""
    facts: Facts = {}
    evidence: dict[str, Evidence] = {}
    for name, pattern in _FACTS:
        known = name in facts or (calendar is not None and name == "system")
        if not known and (match := re.search(pattern, terms.text.plain)):
            evidence[name] = evidence_of(Term(*match.span("said")), terms.text)
            said = evidence[name].quote
            facts[name] = tuple(filter(None, _LISTED.split(said))) if name in ("services", "audience") else (said,)
    if calendar is not None:
        facts |= _matched(calendar, terms, facts.pop("services", ()), evidence)
    return facts, evidence


def _matched(calendar: MaintenanceCalendar, terms: Terms, named: Iterable[str], evidence: dict[str, Evidence]) -> Facts:
    """The ids in a calendar of what the notice names and does not call available; and services that it lacks."""
    found: dict[str, list[str]] = {"unmatched": [], "system": [], "services": []}
    known: set[str] = set()
    for system in calendar.systems_by_id.values():
        if at := _named(terms, (system.id, system.name, system.short)):
            found["system"].append(system.id)
            evidence.setdefault("system", evidence_of(at, terms.text))
        for service in system.services:
            known |= {service.id.lower(), service.name.lower()}
            if at := _named(terms, (service.id, service.name)):
                others = {*found["system"]} - {system.id}
                found["services"].append(f"{system.id}/{service.id}" if others else service.id)
                found["system"].append(system.id)
                evidence.setdefault("services", evidence_of(at, terms.text))
    found["unmatched"] = [name for name in named if name.lower() not in known]
    return {name: tuple(dict.fromkeys(names)) for name, names in found.items() if names}


def _named(terms: Terms, names: Iterable[str | None]) -> Term | None:
    patterns = (rf"(?<![\w]){re.escape(name.lower())}(?![\w])" for name in names if name)
    matches = (match for pattern in patterns for match in re.finditer(pattern, terms.text.low))
    named = (m for m in matches if not _AVAILABLE.search(terms.text.low, *terms.sentences.around(m.start())))
    return next((Term(*match.span()) for match in named), None)
