"""The sentences of a notice, and the role of each day and time that belongs to no window.

    published   issued, posted, updated, said ... (on) DAY; a line with nothing but a day and a place
    deadline    submit, file, pay ... before, by, not later than DAY
    hours       a sentence about office hours, the help desk or telephone lines
    said again  the start, the end or a day of a window
    past        a day before the publication

Everything else is a question (read.py).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from itertools import pairwise

from icms_calendar.notice.dates import MONTH, WEEKDAY
from icms_calendar.notice.terms import Term

_BREAK = re.compile(
    r"[.!?][\"')\]]{0,2}\s+(?=[\"'(\[]{0,2}(?:[A-Z0-9]|[a-z]{1,2}[A-Z]))|\n\n|\n(?=\s?(?:[A-Z*#\[(-]|"
    r"[0-9]{1,2}[.)]\s))|"
    r";\s+(?=[A-Z])|\s[|]\s(?=[A-Z][a-z])"
)
# A line that ends so goes on in the next, whatever that begins with.
_GOES_ON = re.compile(
    r"\b(?:the|a|an|its|our|their|your|this|that|of|to|for|on|in|at|by|from|with|and|or|between|until|during)\s?\Z"
)
_ABBREVIATION = re.compile(
    (
        r"\b(?:no|nos|approx|mr|mrs|dr|st|kl|vs|ref|tel|dept|govt|e\.g|i\.e|ca|jan|feb|mar|apr|jun|jul|aug|"
        r"sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|ext|inc|ltd|co)\Z"
    ),
    re.IGNORECASE,
)

_VERBS = (
    r"issued?|published|posted|updated?|dated|announced|said|told|stated|reported|released|sent|received|modified|"
    r"created|edited|revised|circulated|communicated|opened|tweeted|wrote|signed|notified|informed|confirmed|"
    r"printed|accessed|retrieved|added|logged"
)
_PUBLISHED = re.compile(
    rf"(?:\b(?:{_VERBS}|(?:created|updated|modified|posted|published)\s?(?:time|date)|date\sof\sissue|issue\sdate|"
    rf"issuance\sdate|publication\sdate|notice\sdate|"
    r"release\sdate|date\sof\spublication|"
    r"(?:press\srelease|press\sstatement|statement|public\snotice|notice|advisory|alert|memo|circular|letter|"
    r"e-?mail|communication|communique|tweet|post|message)\s(?:on|of|from|dated|sent\son))"
    r"(?:\sby\s[^.,\n]{1,40}|\sto\s[^.,\n]{1,40}|\searlier|\slate)?\s?(?:\s?(?:on|at|this|last|of|as\sof|date|"
    r"time|the)\b|[:,|(-]){0,3}\s?)\Z"
)
_ANNOUNCING = re.compile(
    r"[)\]]?,?\s(?:[^.,\n\x00\x02]{0,70}\s)?(?:issued|said|announced|published|notified|told|informed|"
    r"reported|released|confirmed|warned|posted|tweeted|advised|stated|urged|revealed|wrote|communicated)\b"
)
_NOT_ANNOUNCING = re.compile(r"\b(?:will|shall|be|is|are|from|until|maintenance|unavailable|outage|as|was|for)\b")
_DEADLINE = re.compile(
    r"\b(?:before|by|prior\sto|no\slater\sthan|not\slater\sthan|latest(?:\sby)?|on\sor\sbefore|ahead\sof|"
    r"deadline(?:\s(?:of|is|on|for\s[^.,]{1,40}))?|due(?:\s(?:on|by|date))?)\s?(?:is|on|the|of|at|:)"
    r"?\s?(?:the\s)?\Z"
)
_ACTING = re.compile(
    r"\b(?:submit|lodge|file|filing|filings|complete\s(?:their|your|all|any|pending|urgent|the\snecessary|"
    r"transactions)|finali[sz]e|download|save|pay|payments?\sbefore|register|transact|clear|make\s(?:your|"
    r"their|all)|urged|advised|encouraged|"
    r"requested|reminded|plan|apply|respond|deadline|due|remit|process\s(?:your|their|all|any)|send|"
    r"conclude\s(?:your|their|all)|perform\s(?:your|their)|withdraw|log\s?(?:out|off)|returns)\b"
)
_HOURS = re.compile(
    r"\b(?:office\shours|working\shours|business\shours|opening\shours|banking\shours|help\s?(?:desk|lines?)|"
    r"service\sdesk|(?:call|contact)\scent(?:re|er)|customer\s(?:care|service|support)|support\s(?:team|desk|"
    r"hours|is)|hot\s?line|"
    r"phone\slines?|our\s(?:offices|branches)|open\s(?:from|on|between|until|monday|daily|24)|opens?\sat|"
    r"banking\shall|contact\sus|for\s(?:any\s)?(?:queries|enquiries|inquiries|assistance|support|help|"
    r"more\sinformation|further\sinformation))\b"
)
_OUTAGE = re.compile(
    r"\b(?:unavailable|unavailability|maintenance|outages?|downtime|offline|interrupt\w*|inaccessible|(?:not|"
    r"un)\s?(?:be\s)?(?:available|accessible)|upgrade|window|down)\b"
)
_PLACE_LINE = re.compile(
    r"[\s(*>-]{0,4}(?:(?:date|published|posted|updated|issued|by)\s?:?\s?)?(?:[A-Za-z.']{2,20},?\s?){0,4}[,:|"
    r"(-]{0,2}\s?\Z"
)
_PLACE_END = re.compile(r"\)?[\s.,;:|*-]{0,4}\Z")
_NEWS_LINE = re.compile(r"\)?\s?(?:\([A-Za-z /]{2,20}\)\s?)?(?:-{1,2}|:|/)\s")
_SIGNED = re.compile(r"\s?(?:[A-Z][\w.'&-]*,?\s(?:(?:of|for|and|the|es|de|&)\s){0,2}){1,9}(?:-\s|\|\s)?\Z")
_FIRST_WORD = re.compile(r"[\s(]{0,2}(?:[A-Z0-9][A-Z0-9/-]{2,20}\s?(?:-|:)\s)?")
_FULL_STOP = re.compile(r"\.\s+[A-Z]")
_CAPITALS = re.compile(r"[\s(]{0,2}(?:[A-Z][A-Za-z.]{1,20},?\s?){1,4}[(,-]?\s?\Z")


def role_of(term: Term, low: str, sentences: Sentences) -> str:
    """`published`, `deadline` or `hours`, by the words around a day or a time; else empty."""
    begin, end = sentences.around(term.start)
    lead, sentence = low[max(begin, term.start - 120) : term.start], low[begin:end]
    outage = _OUTAGE.search(sentence)
    if _PUBLISHED.search(lead):
        return "published"
    if _is_announcing(lead, low[term.end : end]):
        return "published"
    if _DEADLINE.search(lead) and _ACTING.search(sentence):
        return "deadline"
    return "hours" if _HOURS.search(sentence) and not outage else ""


class Sentences:
    """The sentences of a text, by their places."""

    def __init__(self, plain: str, terms: list[Term]) -> None:
        begins = {term.start for term in terms}
        inside = [(term.start, term.end) for term in terms]
        starts = [start for start, _ in inside]
        self._plain = plain
        self._ends = [0]
        for match in _BREAK.finditer(plain):
            if match.end() in begins and match[0][0] == "." and _is_term_end(match.start(), inside, starts):
                continue
            if match[0][0] == "." and _ABBREVIATION.search(plain, max(0, match.start() - 12), match.start()):
                continue
            if match[0] == "\n" and _GOES_ON.search(plain, max(0, match.start() - 12), match.start()):
                continue
            if _is_inside(match.end() - 1, inside, starts):
                continue
            self._ends.append(match.end())
        self._ends.append(len(plain))

    def around(self, at: int) -> tuple[int, int]:
        """Where the sentence begins and ends that holds a place."""
        i = min(bisect_right(self._ends, at), len(self._ends) - 1)
        return self._ends[i - 1], self._ends[i]

    def all(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        return list(pairwise(self._ends))

    def same(self, one: int, other: int) -> bool:
        return self.around(one) == self.around(other)


def _is_term_end(at: int, inside: list[tuple[int, int]], starts: list[int]) -> bool:
    i = bisect_right(starts, at) - 1
    return i >= 0 and inside[i][1] == at + 1


def _is_inside(at: int, inside: list[tuple[int, int]], starts: list[int]) -> bool:
    i = bisect_right(starts, at) - 1
    return i >= 0 and inside[i][0] < at < inside[i][1] - 1


def is_dateline(term: Term, plain: str, sentences: Sentences) -> bool:
    """Whether a day stands on a line of its own, with a place at most, leads a report (`NAIROBI, July 11 -`), or
    closes the notice behind a name (`Commissioner of Customs, 10 July 2025`)."""
    begin = plain.rfind("\n", 0, term.start) + 1
    end = plain.find("\n", term.end)
    before, behind = plain[begin : term.start], plain[term.end : end if end >= 0 else len(plain)]
    if len(before) <= 90 and _PLACE_LINE.match(before) and _PLACE_END.match(behind):
        return True
    opening, _ = sentences.around(term.start)
    if (
        not plain[term.end :].strip(" .)\n")
        and len(plain[opening : term.start]) <= 90
        and _SIGNED.match(plain, opening, term.start)
    ):
        return True
    headed = begin == 0 or (begin <= 160 and not re.search(r"[.!?]\s", plain[:begin]))
    return (
        headed
        and len(before) <= 90
        and (
            (bool(_CAPITALS.match(before)) and bool(_NEWS_LINE.match(behind)))
            or (bool(_FIRST_WORD.fullmatch(before)) and bool(_FULL_STOP.match(behind)))
        )
    )


def _is_announcing(lead: str, rest: str) -> bool:
    match = _ANNOUNCING.match(rest)
    if not match or _NOT_ANNOUNCING.search(match[0]):
        return False
    return bool(re.search(r"(?:^|\bon|[a-z)],?)\s?(?:the\s)?\Z", lead))


_LEFT = re.compile(
    r"(?<![\w.:/-])(?:[0-9]{1,2}\s?[:h]\s?[0-9]{2,}|[0-9]{3,5}\s?(?:-|to)\s?[0-9]{3,5}|[0-9]{1,2}\s?(?:[ap]\.?m|hrs?|o'?clock)|"
    r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?)(?![\w/])|"
    rf"(?<![a-z])(?:[0-9]{{1,4}}(?:st|nd|rd|th)?\s{MONTH}|(?!may(?![a-z])|mar(?![a-z])|march){MONTH}\s[0-9]|{WEEKDAY})"
)
_CLOCK_WORD = re.compile(
    r"\bsaa\s[\x02\w]|\b(?:usiku|asubuhi|jioni|alfajiri|alasiri)\b|\bjuma(?:pili|mosi|tatu|nne|tano)\b"
)
_WEEKEND = re.compile(r"\bweekend\b")


def left_over_in(masked: str, days: set[date]) -> list[tuple[str, Term]]:
    """What looks like a day or a time, but was not read as one; each kind once."""
    found: list[tuple[str, Term]] = []
    if match := _LEFT.search(masked):
        found.append(("malformed-time", Term(*match.span())))
    if match := _CLOCK_WORD.search(masked):
        found.append(("foreign-clock", Term(*match.span())))
    if (match := _WEEKEND.search(masked)) and not any(day.weekday() >= 5 for day in days):
        found.append(("unexplained-day", Term(*match.span())))
    return found
