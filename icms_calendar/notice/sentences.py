"""The sentences of a notice, and what they say of a day or a time: published, a deadline, office hours.

published   issued, posted, updated, said … (on) DAY; DAY …, the authority said; a line with a day and names only
deadline    before, by, not later than DAY, if it is not the maintenance that ends
hours       in a sentence about office hours or the help desk, but not about the maintenance
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from icms_calendar.notice.points import Days
from icms_calendar.notice.terms import Term

_BREAK = re.compile(
    r"[.!?][\"')\]]{0,2}\s+(?=[\"'(\[]{0,2}(?:[A-Z0-9]|[a-z]{1,2}[A-Z]))|\n\n|\n(?=\s?(?:[A-Z*#\[(-]|[0-9]{1,2}[.)]\s))|"
    r";\s+(?=[A-Z])|\s[|]\s(?=[A-Z][a-z])"
)
# A sentence does not end behind an abbreviation, nor a line behind a word that needs another.
_GOES_ON = re.compile(
    r"(?i:\b(?:the|an?|its|our|their|your|this|that|of|to|for|on|in|at|by|from|with|and|or|between|until|during)\s?\Z|"
    r"\b(?:nos?|approx|mrs?|dr|st|kl|vs|ref|tel|dept|govt|e\.g|i\.e|ca|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    r"mon|tues?|wed|thu|thurs?|fri|sat|sun|ext|inc|ltd|co)\Z)"
)
_SAID = r"issued|said|announced|published|notified|told|informed|reported|released|confirmed|posted|stated|revealed"
_PUBLISHED = re.compile(
    rf"(?:\b(?:{_SAID}|updated?|dated|sent|received|modified|created|revised|added|signed|accessed|(?:issue|issuance|"
    r"publication|notice|release)\sdate|date\sof\s(?:issue|publication)|(?:press\srelease|statement|notice|advisory|"
    r"alert|memo|circular|letter|e-?mail|communication|message)\s(?:on|of|from|dated|sent\son))"
    r"(?:\s(?:by|to)\s[^.,\n]{1,40}|\searlier|\slate)?\s?(?:\s?(?:on|at|this|last|of|as\sof|date|time|the)\b|[:,|(-]){0,3}\s?)\Z"
)
_SAYING = re.compile(rf"[)\]]?,?\s(?:[^.,\n\x00\x02]{{0,70}}\s)?(?:{_SAID}|warned|tweeted|advised|urged|wrote)\b")
_ON = re.compile(r"(?:^|\bon|[a-z)],?)\s?(?:the\s)?\Z")
_PLAN = re.compile(r"\b(?:will|shall|be|is|are|from|until|maintenance|unavailable|outage|as|was|for)\b")
_DEADLINE = re.compile(
    r"\b(?:before|by|prior\sto|(?:no|not)\slater\sthan|latest(?:\sby)?|ahead\sof|deadline(?:\s(?:of|is|on|for\s[^.,]{1,40}))?|"
    r"due(?:\s(?:on|by|date))?)\s?(?:(?:is|on|the|of|at)\s|:\s?){0,2}\Z"
)
_HOURS = re.compile(
    r"\b(?:(?:office|working|business|opening|banking)\shours|help\s?(?:desk|lines?)|service\sdesk|(?:call|contact)"
    r"\scent(?:re|er)|customer\s(?:care|service)|support|hot\s?line|offices|branches|opens?\b|contact\sus|"
    r"for\s(?:any\s)?(?:more\s|further\s)?(?:queries|[ei]nquiries|assistance|support|help|information))\b"
)
OUTAGE = re.compile(
    r"\b(?:un(?:available|availability|accessible)|maintenance|outages?|downtime|offline|interrupt\w*|inaccessible|"
    r"not\s(?:be\s)?(?:available|accessible)|upgrade|window|down)\b"
)
_OPEN = re.compile(r"\b(?:remain|stay|are|is|be)\sopen\b")
_ENDING = re.compile(r"\b(?:back|again|available|restor\w+|resum\w+|complet\w+|end\w*|conclud\w+|finish\w*|up)\b")
_NAMES = re.compile(
    r"[\s(*>|-]{0,4}(?:(?:[A-Z][\w.'&/-]*|of|for|and|the|es|date|published|posted|updated|issued|by|on)[,:]?\s?){0,10}"
    r"(?:[,:|(-]{1,2}\s?)?\Z"
)
_NOTHING = re.compile(r"\)?[\s.,;:|*-]{0,4}\Z")
_NEWS = re.compile(r"\)?\s?(?:\([A-Za-z /]{2,20}\)\s?)?(?:-{1,2}|:|/)\s|\.\s+[A-Z]")


class Sentences:
    """The sentences of a text, by their places. Nothing breaks within a term."""

    def __init__(self, plain: str, terms: Iterable[Term]) -> None:
        inside = sorted((term.start, term.end) for term in terms)
        starts = [start for start, _ in inside]
        self._ends = [0]
        for match in _BREAK.finditer(plain):
            end = inside[i][1] if (i := bisect_right(starts, match.start()) - 1) >= 0 else 0
            if match.end() < end or (match.start() + 1 == end and match.end() in starts[i + 1 : i + 2]):
                continue
            if match[0][0] in ".\n" and match[0] != "\n\n":
                before = plain[max(0, match.start() - 12) : match.start()]
                if (found := _GOES_ON.search(before)) and (
                    found[0][-1] in " \n" or match[0][0] == "." or match[0] == "\n"
                ):
                    continue
            self._ends.append(match.end())
        self._ends.append(len(plain))

    def around(self, at: int) -> tuple[int, int]:
        """Where the sentence that holds a place begins and ends."""
        i = min(bisect_right(self._ends, at), len(self._ends) - 1)
        return self._ends[i - 1], self._ends[i]

    def all(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        return list(pairwise(self._ends))

    def same(self, one: int, other: int) -> bool:
        """Whether two places are in one sentence."""
        return self.around(one) == self.around(other)


def role_of(term: Term, low: str, sentences: Sentences) -> str:
    """`published`, `deadline` or `hours`, by the words around a day or a time; else empty."""
    begin, end = sentences.around(term.start)
    begin, end = max(begin, term.start - 300), min(end, term.end + 300)
    lead = low[max(begin, term.start - 120) : term.start]
    if _PUBLISHED.search(lead):
        return "published"
    saying = _SAYING.match(low[term.end : end]) if isinstance(term, Days) else None
    if saying and not _PLAN.search(saying[0]) and _ON.search(lead):
        return "published"
    clause = re.split("[;,:]", lead)[-1]
    if _DEADLINE.search(lead) and not OUTAGE.search(clause) and not _ENDING.search(clause):
        return "deadline"
    opens = _OPEN.search(clause) and not OUTAGE.search(clause)
    return "hours" if opens or (_HOURS.search(low, begin, end) and not OUTAGE.search(low, begin, end)) else ""


def is_dateline(term: Term, plain: str, sentences: Sentences) -> bool:
    """Whether a day is on a line of its own except for names, opens a report (`NAIROBI, July 11 -`), or signs it."""
    begin = max(plain.rfind("\n", 0, term.start) + 1, sentences.around(term.start)[0])
    if term.start - begin > 90 or not _NAMES.match(plain, begin, term.start):
        return False
    end = plain.find("\n", term.end)
    behind = plain[term.end : min(term.end + 40, end if end >= 0 else len(plain))]
    headed = begin == 0 or (begin <= 160 and not re.search(r"[.!?]\s", plain[:begin]))
    return bool(_NOTHING.match(behind) or (headed and _NEWS.match(behind)))
