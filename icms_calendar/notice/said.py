"""What a notice says about the maintenance: whether it holds, and the facts that a record keeps.

Three short closed lists, looked for only in sentences about the maintenance, make a question or set `status`: it was
changed or cancelled, it is not certain, it repeats. No list says what is not maintenance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icms_calendar.notice.account import Sentences
from icms_calendar.notice.reading import Evidence
from icms_calendar.notice.terms import Term
from icms_calendar.notice.text import Text
from icms_calendar.record.model import MaintenanceCalendar

_ABOUT = re.compile(
    r"\b(?:maint\w+|upgrad\w+|migrat\w+|outages?|down\s?time|unavailab\w+|not\s(?:be\s)?(?:available|accessible)|offline|"
    r"interrupt\w+|window|notice|exercise|activity|works?|it|this|these|times?|dates?|systems?|services?)\b"
)
_IT = r"(?:maint\w+|exercise|notice|communication|window|outage|upgrade|downtime|it|work)"
_CANCELLED = re.compile(
    rf"\b(?:{_IT}[^.\n]{{0,240}}(?<!not\s)(?:cancell?ed|called\soff|withdrawn|abandoned)|"
    rf"cancel(?:l?ed|s|lation|l?ing)?\b(?:\s[a-z]+){{0,8}}\s{_IT}|cancell?ed:\s|{_IT}[^.\n]{{0,240}}"
    r"\b(?:will|would|does|shall|is)\s(?:now\s)?not\s(?:be\s)?"
    r"(?:tak\w+\splace|go\sahead|going\sahead|proceed|happen|held|carried\sout|performed))\b"
)
_CHANGED = re.compile(
    r"\b(?:postpon\w+|reschedul\w+|brought\sforward|put\soff|pushed\s(?:back|out)|defer\w+|shift(?:ed|s)|moved|"
    r"moves\sto|delayed\s(?:by|to|until)|(?:has|have)\sbeen\s(?:extended|changed|stopped)|extended\sto|changed\sto|"
    r"on\shold|is\soff|halted|disregard|sent\sin\serror|superseded|no\slonger|not\scancel\w+|corrections?|"
    r"corrected|erratum|(?:old|new|previous|original)\s(?:time|date)|"
    r"suspended\s(?:the|this|our|all)|suspends|"
    r"maintenance\s(?:is|was|has\sbeen)\ssuspended|instead\sof|will\snow|except|excluding|"
    r"no\s(?:[a-z]+\s){0,3}maintenance|prohibited|not\splanned|cancel\w+)\b"
)
_SETTLED = re.compile(
    r"\bnow\s(?:be\s)?(?:tak\w+\splace|held|carried\sout)\s(?:as\sfollows|(?:on|at|from)\s[\x00\x02])|\bnew\sdate\sis\s\x00|"
    r"\b(?:rescheduled|moved|postponed|shifted)\s(?:to|for|until)\s(?:the\s)?[\x00\x02]"
)
_COMPLETED = re.compile(
    r"\bended\b|\b(?:has|have|was|were)\s(?:been\s)?(?:successfully\s)?(?:completed|concluded|finished)\b"
)
_UNDECIDED = re.compile(
    r"\b(?:tentative\w*|provisional\w*|tb[cda]|to\sbe\s(?:confirmed|decided|announced|advised)|unconfirmed|proposed|"
    r"not\s(?:yet\s)?(?:been\s)?(?:confirmed|approved|decided|final)|subject\sto|pencil\w+|depending\son|unless|"
    r"permitting|in\sprinciple|indicative|awaiting|pending\sapproval|(?:most\s)?likely|probably|possibly|perhaps|"
    r"may\svary|may\schange|target(?:ing|ed)?|draft|if\s(?:needed|necessary|required|all)|fallback|backup\sdate|or\son|"
    r"at\ssome\spoint|sometime|(?:may|might|could)\s(?:not\s)?(?:take\splace|be\s(?:held|carried|performed|done|"
    r"postponed|extended|cancelled|delayed|moved|rescheduled)))\b"
)
_RECURRING = re.compile(
    r"\b(?:every|weekly|monthly|daily|nightly|fortnightly|quarterly|(?:sun|mon|tues|wednes|thurs|fri|satur)days|"
    r"each\s(?:week|month|night|day|sunday|saturday|weekend)|thereafter|and\sagain)\b"
)
_AVAILABLE = re.compile(
    r"\b(?:not\s(?:be\s)?(?:affected|impacted)|unaffected|(?<!not\s)(?:be|remain|are|is|stay)\savailable)\b"
)
_UNDER = re.compile(
    r"(?i:\b(?:maintenance|upgrade|unavailability|outage|interruption|downtime)\s(?:of|on|for|to)\s(?:the\s|its\s|our\s)?)"
    r"(?P<name>[A-Z][\w-]*(?:\s(?:(?:of|and|for)\s)?(?:[A-Z][\w-]*))*(?:\s\([A-Za-z][\w-]{0,20}\))?|i[A-Z]\w+)"
)
_BEFORE_IT = re.compile(
    r"(?:\A|[.:;\n]\s*|\b(?:its|the|our|that|of)\s)(?i:planned\s|scheduled\s|the\s|our\s|that\s)*(?P<name>(?:[A-Z]|i[A-Z])[\w-]*(?:\s[A-Z][\w-]*){0,5}"
    r"(?:\s\([A-Za-z][\w-]{0,20}\))?)\s(?:(?i:scheduled|planned|system|routine)\s)*(?:maintenance|will\s(?:be\s(?:un|not\s"
    r"a|off|down)|not\sbe|undergo))"
)
_LABELS = {
    "system": r"systems?(?:\saffected)?|affected\ssystems?|application|platform",
    "services": r"(?:affected\s)?services?(?:\saffected|\simpacted)?",
    "reason": r"reason|purpose|cause",
    "fallback": r"what\sto\sdo|meanwhile|alternatives?|workaround|fallback",
    "audience": r"who\sis\saffected|concerns|affected\susers|audience|users\saffected",
    "reference": r"reference(?:\sno\.?|\snumber)?|ref(?:\.|\sno\.?)?|ticket|change(?:\snumber|\sno\.?)?",
    "contact": r"contacts?|enquiries|inquiries|help\s?desk|for\s(?:queries|enquiries|assistance)",
}
_LABELLED = {
    name: re.compile(rf"(?im)^[\s*>-]{{0,4}}(?:{words})\s?[:|\t][ \t]?(?P<said>[^\n|]{{2,300}}?)\.?\s*$")
    for name, words in _LABELS.items()
}
_SENTENCED = {
    "reason": re.compile(
        r"\b(?:due\sto|because\sof|in\sorder\sto)\s(?P<said>[^.;\n\"\x00-\x03]{4,160}?)(?=[.;\n,]|\Z)"
    ),
    "fallback": re.compile(r"(?:in\sthe\smeantime|meanwhile),?\s(?P<said>[^.\n\x00-\x03]{6,200})\.", re.IGNORECASE),
    "audience": re.compile(
        r"\b(?:stakeholders|users|customers|clients)\sincluding\s(?P<said>[^.;\n\x00-\x03]{4,120}?)(?=\sto\s|[.;\n]|\Z)"
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says about its maintenance: words to ask about by kind of question, a status, and facts."""

    doubts: tuple[tuple[str, Term], ...]
    status: str
    status_term: Term | None
    settled: bool  # it was changed, and the notice says to which window
    facts: dict[str, tuple[str, ...]]
    evidence: dict[str, Evidence]


def said_in(
    text: Text,
    masked: str,
    original: str,
    sentences: Sentences,
    inside: Sequence[Term],
    calendar: MaintenanceCalendar | None,
) -> Said:
    """Everything that the notice says about the maintenance but its times. `inside` are the pairs."""
    about = [
        (begin, end)
        for begin, end in sentences.all()
        if _ABOUT.search(text.low, begin, end) or any(begin <= term.start < end for term in inside)
    ]
    found = {name: _first(p, masked, about) for name, p in _LISTS.items()}
    doubts: list[tuple[str, Term]] = [(n, t) for n, t in found.items() if t and n in ("recurring", "undecided")]
    changed, cancelled, completed = found["changed"], found["cancelled"], found["completed"]
    status, term = "confirmed", None
    if cancelled:
        status, term = "cancelled", cancelled
    elif completed:
        status, term = "completed", completed
    elif found["undecided"]:
        status, term = "tentative", found["undecided"]
    if changed and not (
        _SETTLED.search(masked)
        or (cancelled and changed.start >= cancelled.start - 1 and changed.end <= cancelled.end + 1)
    ):
        doubts.append(("changed", changed))
    facts, evidence = _facts(text, original, sentences, calendar)
    return Said(tuple(doubts), status, term, bool(_SETTLED.search(masked)), facts, evidence)


_LISTS = {
    "cancelled": _CANCELLED,
    "changed": _CHANGED,
    "completed": _COMPLETED,
    "undecided": _UNDECIDED,
    "recurring": _RECURRING,
}


def _first(pattern: re.Pattern[str], masked: str, about: Iterable[tuple[int, int]]) -> Term | None:
    for begin, end in about:
        if match := pattern.search(masked, begin, end):
            return Term(*match.span())
    return None


def exact(text: Text, original: str, start: int, end: int) -> str:
    """Words exactly as they were written: with their accents, dashes and quotation marks, but without markup."""
    if end <= start:
        return ""
    written = original[text.place(start) : text.place(end - 1) + 1]
    return text.quote(start, end) if "<" in written or "&" in written else " ".join(written.split())


def _facts(
    text: Text, original: str, sentences: Sentences, calendar: MaintenanceCalendar | None
) -> tuple[dict[str, tuple[str, ...]], dict[str, Evidence]]:
    facts: dict[str, tuple[str, ...]] = {}
    evidence: dict[str, Evidence] = {}
    for name in _LABELS:
        match = _LABELLED[name].search(text.plain)
        if match is None and name in _SENTENCED:
            match = _SENTENCED[name].search(text.plain)
        if match is None and name == "system" and calendar is None:
            match = _UNDER.search(text.plain) or _BEFORE_IT.search(text.plain)
        if match is None:
            continue
        group = "name" if "name" in match.re.groupindex else "said"
        start, end = match.span(group)
        written = exact(text, original, start, end).strip()
        many = name in ("services", "audience")
        facts[name] = tuple(re.split(r"\s*(?:,\s(?:and\s)?|;|\sand\s)\s*", written)) if many else (written,)
        evidence[name] = Evidence(text.quote(start, end), text.place(start))
    if calendar is not None:
        _match(calendar, text, sentences, facts, evidence)
    return {name: tuple(filter(None, said)) for name, said in facts.items()}, evidence


def _match(
    calendar: MaintenanceCalendar,
    text: Text,
    sentences: Sentences,
    facts: dict[str, tuple[str, ...]],
    evidence: dict[str, Evidence],
) -> None:
    """The systems and services of a calendar that the notice names, but those it says are available."""
    facts.pop("system", None)
    facts.pop("services", None)
    systems: list[str] = []
    services: list[str] = []
    for system in calendar.systems_by_id.values():
        if at := _named(text, sentences, [system.id, system.name, system.short or ""]):
            systems.append(system.id)
            evidence.setdefault("system", Evidence(text.quote(at.start, at.end), text.place(at.start)))
        for service in system.services:
            if at := _named(text, sentences, [service.id, service.name]):
                services.append(service.id if system.id in systems or not systems else f"{system.id}/{service.id}")
                evidence.setdefault("services", Evidence(text.quote(at.start, at.end), text.place(at.start)))
                if system.id not in systems:
                    systems.append(system.id)
    if systems:
        facts["system"] = tuple(systems)
    if services:
        facts["services"] = tuple(services)


def _named(text: Text, sentences: Sentences, names: Iterable[str]) -> Term | None:
    for name in filter(None, names):
        for match in re.finditer(rf"(?<![\w]){re.escape(name.lower())}(?![\w])", text.low):
            begin, end = sentences.around(match.start())
            if not _AVAILABLE.search(text.low, begin, end):
                return Term(*match.span())
    return None
