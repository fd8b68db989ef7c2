"""What a notice is about: whether it is planned maintenance, what has become of it, of what, of whom, why.

    status     cancelled     a sentence on the maintenance with cancelled, called off, will not take place …
               rescheduled   with postponed, rescheduled, moved to, brought forward, extended until …
               completed     with has been completed, was concluded, is available again; or all in the past tense
               scheduled     else
    system     maintenance of SYSTEM, the SYSTEM maintenance, SYSTEM will be unavailable, System: SYSTEM
    operator   a name of authority at the head: the … Authority, … Bank, … Service
    services   Services: a, b; the following services … : a, b
    audience   importers, exporters, taxpayers …, as named
    impact     outage (unavailable, offline, down), degraded (intermittent, slow), no-impact (no interruption)
    reason     due to, because of, in order to, to allow for …

A notice is about planned maintenance if it names maintenance, an upgrade or a planned outage, or says that something
will be unavailable; of an outage that came unplanned, or a rule about when outages may be, nothing is drafted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from icms_calendar.notice.doubts import denials_in, doubts_in
from icms_calendar.notice.text import Text

NoticeStatus = Literal["scheduled", "cancelled", "rescheduled", "completed", "not_maintenance"]

_PLANNED = re.compile(
    r"\b(?:maintenance|maintainance|maintenence|upgrad\w+|upgradation|migrat\w+|service\s?window|"
    r"prd-?service\s?window|downtime|(?:planned|scheduled|routine)\s(?:[a-z]+\s){0,3}(?:outages?|"
    r"interruptions?|shut\s?downs?|unavailability|disruptions?|works?|activit(?:y|ies)|exercise|drill|"
    r"blackouts?)|"
    r"disaster\srecovery\sdrill|dr\sdrill|power\sinterruptions?|change\swindow|system\supdates?|(?:essential|"
    r"planned)\sworks?|(?:water|power|electricity|network|service|supply)\s(?:supply\s)?(?:interruption|disruption|"
    r"shut-?down)s?|(?:interruptions?|disruptions?)\s(?:in|of|to)\s(?:the\s)?(?:water|power|electricity|supply)|"
    r"(?:service|software|security|firmware)\s(?:updates?|patch\w*)|planned\s(?:outage|works?)\snotification)\b"
)
_WILL_BE_DOWN = re.compile(
    r"\b(?:will|shall|would|to|may)\s(?:also\s|temporarily\s|briefly\s)?(?:not\s(?:be\s)?(?:available|"
    r"accessible|operate|operational|work|reachable)|be\s(?:[a-z]+\s){0,2}(?:unavailable|inaccessible|offline|"
    r"off-line|down|interrupted|disrupted|suspended|shut\sdown|unreachable|out\sof\sservice|taken\s(?:down|"
    r"offline)|affected)|go\s(?:down|offline)|shut\sdown|experience|undergo|remain\s(?:unavailable|down|closed|"
    r"suspended)"
    r")\b"
)
_UNAVAILABLE = re.compile(r"\bunavailab(?:le|ility)\b|\boutage\b")
_UNPLANNED = re.compile(
    r"\b(?:unplanned|unexpected(?:ly)?|unscheduled|(?:system|server|network|power|technical|fibre|cable|"
    r"hardware)\s(?:failure|fault|hitch|glitch|problem|collapse|cut)|technical\s(?:issues?|difficult(?:y|ies)|"
    r"hitches|challenges)|we\sare\s(?:currently\s)?(?:experiencing|investigating|aware)|investigating|"
    r"root\scause|domain\sname\ssystem\sproblem|incident|(?:is|are)\s(?:currently\s)?experiencing|"
    r"been\sexperiencing)\b"
)
_RULE = re.compile(
    r"\b(?:agreement|sla|service\slevel|policy|clause|shall\snot\sexceed|no\sextended|allowed|permitted|"
    r"timeframe|tender|bid(?:s|ders)?|vacanc(?:y|ies)|job|webinar|training|meeting)\b"
)

_ROADS = re.compile(
    r"\b(?:roads?|bridge|lane|street|highway|motorway|runway|railway|tunnel|lift|escalator|elevator|pool|park|"
    r"playground|gym)"
    r"\s(?:maintenance|works?|closures?|upgrades?|repairs?|resurfacing)\b|\b(?:motorists|traffic|diversions?|"
    r"pedestrians|"
    r"carriageway|lane\sclosures?)\b|\b(?:gym|swimming|canteen|cafeteria|car\spark|museum|stadium|toilets?|"
    r"air\sconditioning|hvac|boiler|"
    r"office|offices|building|clinic|shop|store|church|school|hall|cinema|restaurant|ferry|bus|trains?|flights?|"
    r"airport|"
    r"library\sbuilding)\s(?:will|shall|is|are)\s(?:be\s)?(?:closed|shut)\b"
)
_POSTS = re.compile(
    r"\b(?:vacanc(?:y|ies)|job\s(?:title|advert\w*|opening|description)|applicants?|candidates?|curriculum\svitae|"
    r"interviews?|tenders?|bidders?|pre-bid|request\sfor\s(?:proposals?|quotations?)|invitation\sto\s(?:bid|tender)|"
    r"expressions?\sof\sinterest)\b"
)

_MATTER = re.compile(
    r"\b(?:maintenance|upgrade|outage|downtime|exercise|window|shut\s?down|interruption|works?|activity|migration|"
    r"drill|communication|notice|event|announcement|unavailability|disruption)s?\b"
)
_CANCELLED = re.compile(
    r"\b(?:cancel(?:l?ed|s|lation)?|called\soff|(?:will|would|shall|does|do|did|is)\s(?:now\s|therefore\s|"
    r"no\slonger\s)?not\s(?:now\s|be\s|being\s)?(?:take|taking|go|going|proceed\w*|happen\w*|push\w*|occur\w*|"
    r"carr(?:y|ied|ying)\s(?:out|on)|undertaken|held|conduct\w*|perform\w*|done|implement\w*|execut\w*)|"
    r"(?:won't|isn't|aren't|wouldn't)\s(?:be\s)?(?:take|taking|go|going|proceed\w*|happen\w*|push\w*|held|carried|"
    r"done|performed|conducted)|(?:maintenance|upgrade|exercise|activity|works?|outage|migration)\s(?:is|has\sbeen|was)"
    r"\s(?:now\s)?(?:off|suspended|shelved|aborted|dropped|on\shold)|(?:put|placed)\son\shold|shelved|aborted|"
    r"stood\sdown|rescinded|retracted|revoked|null\sand\svoid|"
    r"(?:will\s)?no\slonger\s(?:take|taking|go|going|be\s(?:taking|carried\sout|required)|required|proceed|"
    r"happen|planned)|withdrawn|scrapped|stands?\scancelled|abandoned|put\soff\sindefinitely)\b"
)
_NOT_CANCELLED = re.compile(
    r"\b(?:not|never|cannot|been\sneither)\s(?:been\s|be\s)?cancel|if\s[^.]{0,40}cancel|may\s(?:be\s)?cancel|"
    r"(?:transactions?|entries|declarations?|orders?|payments?|bookings?|sessions?|subscriptions?|"
    r"applications?|flights?)\s[^.]{0,40}cancel|cancel\s(?:your|their|a|an|the\stransaction)|"
    r"cancellation\s(?:of\s(?:entr|declar|order|book)|fee|request|polic)"
)
_MOVED = re.compile(
    r"\b(?:postponed?|postponement|reschedul(?:ed|ing|e)|re-scheduled|deferred|brought\sforward|"
    r"pushed\s(?:back|to|forward)|moved\s(?:to|from)|shifted\s(?:to|from)|(?:has|have|been)\s(?:been\s)"
    r"?(?:changed|moved|shifted|revised)|new\s(?:date|time|schedule)|(?:will\s)?now\s(?:take\splace|start|begin|"
    r"commence|run|"
    r"be\s(?:held|carried\sout|done))|delayed\s(?:by|to|until|till)|is\sdelayed|been\sdelayed|put\s(?:back|off)|"
    r"adjourned|change\sof\s(?:date|time))\b"
)
_STRONG = re.compile(r"postpon|re-?schedul|deferred|brought|pushed|delayed|put")
_EXTENDED = re.compile(
    r"\b(?:extended|extension|extend(?:s|ing)?\s(?:to|until|by|the)|prolonged|will\snow\s(?:end|finish|last)|"
    r"taking\slonger|overr(?:un|an))\b"
)
_MAY_EXTEND = re.compile(
    r"\b(?:may|might|could|can|if|should|extended\s(?:planned|family|hours\sof|warranty|support))"
    r"\s?[^.]{0,30}\bextend|\bextended\s(?:planned|maintenance|outage|downtime|window|period)|file\sextension|"
    r"extension\s(?:office|number|of\s(?:the\s)?(?:deadline|time\sto)|\x04|[0-9])"
)
_COMPLETED = re.compile(
    r"\b(?:(?:has|have|was|were|is|are)\s(?:now\s|been\s|successfully\s|fully\s){0,3}(?:concluded|completed|"
    r"complete|finished|ended|restored|back\s(?:up|online))|(?:is|are)\s(?:now\s|once\s|again\s|fully\s)"
    r"{0,3}(?:available|operational|accessible)(?:\sagain)?|successfully\s(?:completed|concluded)|"
    r"status\s?:?\s?(?:closed|completed|resolved)|(?:happened|"
    r"took\splace|(?:ended|finished|concluded)\s(?:at|on)))\b"
)
_NOT_COMPLETED = re.compile(
    r"\b(?:once|when|until|till|after|if|unless|before|as\ssoon\sas|should)\b[^.]{0,80}\Z|\b(?:expected|"
    r"scheduled|will|to\sbe|be|not)\b[^.]{0,20}\Z"
)
_FOREIGN = re.compile(
    r"\b(?:saa|jumapili|jumamosi|jumatatu|jumanne|jumatano|alhamisi|ijumaa|asubuhi|usiku|mchana|jioni|"
    r"alfajiri|matengenezo|kuanzia|januari|februari|machi|aprili|juni|julai|agosti|septemba|oktoba|novemba|"
    r"desemba|mwezi|tarehe|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|fevrier|avril|juin|juillet|aout|septembre|"
    r"octobre|novembre|decembre|heures|prevue|indisponible|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|januar|februar|marz|juli|oktober|"
    r"dezember|uhr|wartung|wartungsarbeiten|"
    r"mandag|tirsdag|onsdag|torsdag|fredag|lordag|sondag|servicevindue|klokken|"
    r"lunes|martes|miercoles|jueves|viernes|sabado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|"
    r"septiembre|octubre|noviembre|diciembre|mantenimiento|"
    r"segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|janeiro|fevereiro|maio|junho|julho|"
    r"setembro|outubro|novembro|dezembro|manutencao|"
    r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|onderhoud|saterdag|sondag|instandhouding|"
    r"lunedi|martedi|mercoledi|giovedi|venerdi|luglio|manutenzione|poniedzialek|niedziela|godz)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|of|will|be|to|from|on|is|are|and|for|at|in|by|been|has|not|maintenance|scheduled|planned|"
    r"service|system|start|end|date|time|starts|ends|begins|outage|notification|works|site|reason|impact|window|"
    r"network|"
    r"replacement|upgrade|notice|affected|location|description|until|between)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A fact with the words that state it: where they stand, and what they come to."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is about, as far as it says so."""

    status: NoticeStatus
    status_said: Said | None
    doubts: tuple[tuple[str, Said], ...]  # the names of findings, with the words that raise them
    each_day: bool = False
    extended: bool = False
    system: Said | None = None
    operator: Said | None = None
    services: tuple[Said, ...] = ()
    audience: tuple[Said, ...] = ()
    impact: Said | None = None
    reason: Said | None = None
    emergency: Said | None = None


def subject_of(text: Text, masked: str) -> Subject:
    """What the text is about; `masked` is its small letters, with every term blanked out."""
    status, said, doubts = _status(masked)
    if status == "not_maintenance":
        foreign = _FOREIGN.search(masked)
        if foreign:  # whether it is maintenance cannot be told
            return Subject("scheduled", None, (("notice-language", _said(text, foreign)),))
        return Subject(status, said, ())
    extended = bool(_EXTENDED.search(masked)) and not _MAY_EXTEND.search(masked)
    found = [*doubts_in(text.low, masked), *(() if status == "cancelled" else denials_in(masked))]
    if foreign := _FOREIGN.search(masked):
        found.append(("notice-language", foreign))
    doubts += ((name, _said(text, match)) for name, match in found)
    words = re.findall(r"[a-z]{2,}", masked)
    if len(words) >= 8 and len(_ENGLISH.findall(masked)) * 12 < len(words):
        doubts.append(("notice-language", Said(text.quote(0, 60), 0, min(60, len(text.plain)))))
    return Subject(
        status,
        said,
        tuple(doubts),
        bool(re.search(r"\b(?:each|both)\s(?:day|night|evening|morning|date)s?\b", masked)),
        extended and status == "rescheduled",
        system_in(text, masked),
        _first(text, _OPERATOR),
        _services(text, masked),
        _audience(text, masked),
        _impact(masked),
        _first(text, _REASON, lower=True),
        _first(text, re.compile(r"\b(emergency)\s(?:[a-z]+\s){0,2}(?:maintenance|upgrade|works?|outage)"), lower=True),
    )


def _said(text: Text, match: re.Match[str], group: int = 0) -> Said:
    start, end = match.span(group)
    return Said(text.quote(start, end), start, end)


_CHANGES: tuple[tuple[re.Pattern[str], NoticeStatus], ...] = (
    (_CANCELLED, "cancelled"),
    (_MOVED, "rescheduled"),
    (_EXTENDED, "rescheduled"),
)


def _status(masked: str) -> tuple[NoticeStatus, Said | None, list[tuple[str, Said]]]:
    """The status, the words that say so, and what is doubtful about it."""
    doubts: list[tuple[str, Said]] = []
    if odd := _not_maintenance(masked):
        return "not_maintenance", odd, doubts
    for pattern, status in _CHANGES:
        for match in pattern.finditer(masked):
            told = Said(match[0], *match.span())
            if pattern is _EXTENDED and _MAY_EXTEND.search(masked):
                continue
            if pattern is _CANCELLED and _NOT_CANCELLED.search(masked):
                doubts.append(("undecided", told))
            elif _MATTER.search(_sentence(masked, match.start())) or match.start() < 20:
                return status, told, doubts
            elif pattern is _CANCELLED or _STRONG.match(told.value):
                doubts.append(("undecided", told))
    for match in _COMPLETED.finditer(masked):
        if not _NOT_COMPLETED.search(masked, max(0, match.start() - 120), match.start()):
            return "completed", Said(match[0], *match.span()), doubts
    return "scheduled", None, doubts


def _sentence(masked: str, at: int) -> str:
    begin = max(masked.rfind(stop, 0, at) for stop in (". ", "\n\n", "! ", "? "))
    ends = [end for stop in (". ", "\n\n", "! ", "? ") if (end := masked.find(stop, at)) >= 0]
    return masked[max(0, begin) : min(ends, default=len(masked))]


def _not_maintenance(masked: str) -> Said | None:
    """The words by which it is no planned maintenance, or nothing if it is some."""
    planned, down = _PLANNED.search(masked), _WILL_BE_DOWN.search(masked)
    unplanned, rule = _UNPLANNED.search(masked), _RULE.search(masked)
    for odd in (unplanned, rule):
        if odd and not (planned and re.search(r"\bmaintenance|\bupgrad", masked)) and not (down and odd is rule):
            return Said(odd[0], *odd.span())
    for pattern in (_ROADS, _POSTS):
        if (odd := pattern.search(masked)) and not down:
            return Said(odd[0], *odd.span())
    if not planned and not down and not _UNAVAILABLE.search(masked):
        return Said("", 0, 0)
    return None


_NAME = (
    r"(?<![\w'&./-])(?:[A-Z0-9][\w'&./-]{0,40}|[a-z]{1,3}[A-Z][\w'-]{0,40})(?:(?:[ ](?:of|for|and|the|&|-)[ ]|"
    r"[ ]|/)(?:[A-Z0-9][\w'&./-]{0,40}|"
    r"[a-z]{1,3}[A-Z][\w'-]{0,40})){0,7}(?:[ ]?\([A-Za-z0-9 -]{2,20}\))?"
)
_SYSTEM = (
    re.compile(
        r"\b(?:[Ss]ystems?|[Pp]latform|[Aa]pplication|SYSTEM)(?:\s(?:affected|AFFECTED))"
        r"?\s?:\s?([^\n,;]{2,60}?)(?=\s(?:maintenance|will|is|on|from)\b|[\n,;.]|\Z)"
    ),
    re.compile(
        r"\b(?:[Mm]aintenance|[Uu]pgrade|upgradation|[Uu]pgrading|[Ss]hutdown|[Dd]owntime|[Oo]utage|"
        r"[Uu]navailability)\s(?:of|on|"
        rf"for|to)\s(?:its\s|the\s|our\s|their\s)?({_NAME})"
    ),
    re.compile(
        rf"({_NAME})(?:\s(?:system|platform|portal|services?|server|application|app))?\s(?:will|shall|would|"
        r"is\sto|are\sto|has\sbeen|have\sbeen)\s(?:\w+\s){0,3}(?:unavailable|available|inaccessible|"
        r"accessible|offline|down|undergo(?:ing)?|experienc(?:e|ing)|interrupted|shut)\b"
    ),
    re.compile(
        rf"\b(?:[Tt]he|[Oo]ur|[Ii]ts)\s({_NAME})(?:\s(?:system|platform|portal|services?|server|application|"
        r"app))?\s(?:maintenance|upgrade|downtime|outage)\b"
    ),
    re.compile(
        rf"({_NAME})(?:\s(?:system|platform|portal|services?))?\s(?:scheduled\s|planned\s|system\s|routine\s)"
        r"?(?:maintenance|upgrade|downtime|outage)\b"
    ),
    re.compile(rf"(?:\A|\n)({_NAME}):\s"),
)
_OPERATOR = re.compile(
    r"\b((?:\b[A-Z][\w&'-]{0,40}\s){0,4}(?:Revenue\s(?:Authority|Service|Agency)|Customs(?:\s(?:Service|Authority|"
    r"Administration|and\sExcise|Agency))?|Authority|Bank|Agency|Commission|Safaricom(?:\sPLC)?|MTN|Airtel|"
    r"HMRC|SARS|KRA|URA|TRA|FIRS|GRA|CBP|CBSA|Kenya\sPower)(?:\s\([A-Z]{2,6}\))?)\b"
)
_REASON = re.compile(
    r"\b(?:due\sto|because\sof|owing\sto|in\sorder\sto|to\sallow\s(?:for\s)?|to\sfacilitate|to\senable)"
    r"\s(?:the\s|a\s|an\s)?([^.;:,\n\x00-\x04]{4,90}?)(?=\s(?:from|on|between|our|and\swill|will)\b|"
    r"[.;:,\n\x00-\x04]|\Z)"
)
_SERVICES = re.compile(
    r"\b(?:services|systems|applications|platforms)\s?(?:affected|listed\sbelow|below|to\sbe\saffected|"
    r"impacted|that\swill\sbe\s[a-z]+|will\sbe\s(?:affected|unavailable))?[^.:\n]{0,60}:\s?([^.\n]{3,300})"
)
_AUDIENCES = re.compile(
    r"\b(importers|exporters|clearing\s(?:and\sforwarding\s)?agents|customs\s(?:agents|brokers)|"
    r"freight\sforwarders|taxpayers|tax\sagents|transporters|shipping\s(?:lines|agents)|traders|customers|"
    r"clients|registrars|merchants|agents|declarants|software\s(?:developers|providers)|edi\sclients|"
    r"all\susers|stakeholders|suppliers)\b"
)
_IMPACTS = (
    ("no-impact", re.compile(
        r"\b(?:no\s(?:impact|interruption|disruption|downtime|outage)(?:\sto\s[a-z ]{3,30})?\s?(?:is\s)"
        r"?(?:expected|anticipated)|without\s(?:any\s)?interruption|should\snot\s(?:notice|be\saffected))\b"
    )),
    ("outage", re.compile(
        r"\b(?:unavailable|unavailability|inaccessible|offline|not\sbe\s(?:available|accessible|operational)|"
        r"shut\s?down|down|outages?|blackout|out\sof\sservice|suspended|downtime)\b"
    )),
    ("degraded", re.compile(
        r"\b(?:intermittent(?:ly)?|degraded|slow(?:er|ness)?|delays?|disruptions?|limited\s(?:access|availability)"
        r"|interruptions?|affected)\b"
    )),
)  # fmt: skip


def system_in(text: Text, masked: str, start: int = 0, end: int | None = None) -> Said | None:
    """The system that is named between two places of the text."""
    end = len(text.plain) if end is None else end
    plain = "".join(
        c if m >= "\x09" or m == "\x04" else "\n" for c, m in zip(text.plain[start:end], masked[start:end], strict=True)
    )
    for pattern in _SYSTEM:
        for match in pattern.finditer(plain):
            name = match[1].strip(" .,-:").removeprefix("Maintenance of ")
            if len(name) > 1 and not _NO_NAMES.issuperset(re.findall(r"[a-z]+", name.lower())):
                at = start + match.start(1)
                return Said(name, at, at + len(match[1]))
    return None


_NO_NAMES = frozenset(
    [
        "the",
        "this",
        "our",
        "its",
        "your",
        "all",
        "a",
        "an",
        "it",
        "we",
        "they",
        "to",
        "from",
        "of",
        "and",
        "for",
        "on",
        "please",
        "dear",
        "important",
        "urgent",
        "note",
        "attention",
        "reminder",
        "planned",
        "scheduled",
        "unscheduled",
        "emergency",
        "routine",
        "essential",
        "system",
        "systems",
        "service",
        "services",
        "server",
        "network",
        "public",
        "notice",
        "maintenance",
        "update",
        "upgrade",
        "window",
        "outage",
        "downtime",
        "date",
        "time",
        "start",
        "end",
        "subject",
        "duration",
        "users",
        "customers",
        "posted",
        "published",
        "venue",
        "cancelled",
        "postponed",
        "rescheduled",
        "extended",
        "reference",
        "event",
        "when",
        "what",
        "who",
        "where",
        "reason",
        "impact",
        "title",
        "type",
        "status",
        "location",
        "description",
        "details",
        "ref",
        "region",
        "area",
        "expected",
        "new",
        "next",
        "announcement",
        "alert",
        "advisory",
        "information",
        "completed",
        "period",
        "planning",
    ]
)


def _first(text: Text, pattern: re.Pattern[str], *, lower: bool = False) -> Said | None:
    match = pattern.search(text.low if lower else text.plain)
    return _said(text, match, 1) if match else None


def _services(text: Text, masked: str) -> tuple[Said, ...]:
    match = _SERVICES.search(masked)
    if not match:
        return ()
    start, end = match.span(1)
    services = []
    for part in re.finditer(r"[^,;/]+", masked[start:end]):
        words = part[0].strip()
        at = start + part.start() + part[0].find(words)
        if words and len(words) < 60 and not re.search(r"[\x00-\x08]", words):
            services.append(Said(text.quote(at, at + len(words)), at, at + len(words)))
    return tuple(services[:30])


def _audience(text: Text, masked: str) -> tuple[Said, ...]:
    found = {match[0]: _said(text, match) for match in _AUDIENCES.finditer(masked)}
    return tuple(found.values())[:12]


def _impact(masked: str) -> Said | None:
    for impact, pattern in _IMPACTS:
        if match := pattern.search(masked):
            return Said(impact, *match.span())
    return None
