"""Clock times, lengths and zones as they are written, and the instant of a wall-clock time in a zone.

    clock    = hour [(":"|".") minutes] ("am"|"pm"|"a.m."|"p.m."|"a"|"p")     4am, 4.00 a.m., 10p
             | hour ("in the" ("morning"|"afternoon"|"evening") | "at night")
             | hour ":" minutes [":" seconds] ["hrs"|"hours"|"h"]             04:00, 11:59 hours
             | hour "h" minutes | hour minutes ("hrs"|…|zone)                 04h00, 0400hrs, 0400 UTC
             | ["12"] ("noon"|"midday"|"midnight")
             | loose
    loose    = hour "." minutes | hour minutes | hour "h" | hour ["o'clock"]  22.00, 1800, 22h, 4
    length   = [about] number ("hours"|"minutes"|"days") [number "minutes"]   six hours, 8-hour, 150 minutes
    zone     = ("UTC"|"GMT") ["+"|"-" hours [":" minutes]]                    UTC+3, GMT +03:00
             | ("+"|"-") hours minutes, directly behind a time                +03:00, Z
             | letters ["/" letters]                                          EAT, CEST, ET, CET/CEST
             | place "time" | "in" city | IANA name                           UK time, 6 pm in London, Africa/Nairobi
             | "local time"                                                   that of --timezone

A loose form is a clock time only behind a word such as "from" or a day, or if a range joins it to another time.
Letters are compared with the day: EST in July is a fault, as is BST in January. Of those of several zones, --timezone
settles it if its clock shows them on that day; else a person must.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import pytz

from icms_calendar.findings import CalendarError
from icms_calendar.notice.dates import MONTH, WEEKDAY
from icms_calendar.notice.text import Clock, Length, Text, ZoneWord, blanked
from icms_calendar.record.zones import Zone, known_zone, zone_named

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORD = re.compile(
    r"(?:(?<![0-9a-z.:/$])12(?:[:.]?00)?\s?(?:[ap]\.?m\.?\s?|hrs?\s)?[(,/-]?\s?)?(?<![a-z])"
    r"(?:noon|mid-?\s?day|(?P<midnight>midnight))(?![a-z])\)?"
)
_CLOCK = re.compile(
    rf"(?:(?<=\x00t)|(?<![0-9a-z./$])(?<![0-9]:)(?<![^a-z)]:))(?:(?P<h>[0-9]{{1,2}})|"
    rf"(?P<w>{'|'.join(_HOURS)})(?=\s?[ap]\.?\s?m))"
    r"(?:(?P<sep>\s?[:.h]\s?|)(?P<m>[0-9]{2})(?::?(?P<s>[0-9]{2})(?:\.0{1,6})?)?)?"
    r"(?:(?:\s?(?=[ap]\.?\s?m(?![a-z]))|(?=[ap](?![a-z.])))(?P<half>[ap])(?:\.?\s?m(?![a-z])\.?)?|"
    r"(?:\s?o'?clock)?\s(?:in\sthe|at)\s(?P<part>morning|afternoon|evening|night)(?![a-z])|"
    r"\s?(?P<hrs>hrs?|hours|h)(?![a-z])\.?|\s?(?P<oclock>o'?clock)(?![a-z]))?(?![0-9]|:[0-9]|/[0-9]{1,2}/|\.[0-9])"
)
_MARK = re.compile(r"(?:\b(?:from|at|between|btn|until|till|til|to|by|and|starting|beginning|kl\.)\s|@\s?|\x00,?\s?)\Z")
_BARE_MARK = re.compile(r"\b(?:from|at|between|until|till)\s\Z")
_ON_DAY = re.compile(r",?\s(?:on\s)?(?:the\s)?\x00")
_BEHIND_YEAR = re.compile(r"[0-9]{4},?\s?\Z")
_RANGE = re.compile(r"\s?(?:-{1,2}|to|until|till|and)\s?")
_SENTENCE_BEHIND = re.compile(r"[^.\s]\w\.\s+[A-Z]")  # the full stop of "pm." or "hrs.", not that of "p.m."
_ZONE_BEHIND = re.compile(r"\s?\(?\x01")
_NOT_AN_HOUR = re.compile(r"[%$/]|,[0-9]|\s?(?!to\b|and\b|until\b|till\b|on\b)[a-z]{2,}")


def clocks_in(text: Text, masked: str) -> tuple[list[Clock], str]:
    """Every time of day in the text, in order, and the text with them blanked out."""
    words = [
        Clock(*match.span(), 0, form="midnight") if match["midnight"] else Clock(*match.span(), 12, form="noon")
        for match in _WORD.finditer(masked)
    ]
    masked = blanked(masked, words, "\x02")
    found = [(match, _kind(match, masked)) for match in _CLOCK.finditer(masked)]
    clocks: list[Clock] = []
    for (match, kind), following in zip(found, [*found[1:], None], strict=False):
        joined = following and _RANGE.fullmatch(masked, match.end(), following[0].start())
        behind = bool(clocks and _RANGE.fullmatch(masked, clocks[-1].end, match.start()))
        if _is_clock(match, kind, following if following and joined else (match, ""), text.low, behind=behind):
            clock = _clock(match)
            ends = _SENTENCE_BEHIND.match(text.plain, clock.end - 3)
            clocks.append(replace(clock, end=clock.end - 1) if ends else clock)
    return sorted([*clocks, *words], key=lambda clock: clock.start), blanked(masked, clocks, "\x02")


def _kind(match: re.Match[str], masked: str) -> str:
    """`sure` or `half` (am or pm) if it can only be a clock time; else the loose form, or nothing for some hours."""
    sep, hours = (match["sep"] or "").strip(), match["hrs"]
    iso = match["m"] and masked.startswith("t", match.start() - 1)
    if match["half"] or match["part"]:
        return "half"
    if sep in (":", "h") or iso:
        return "sure"
    if sep:
        return "sure" if hours else "dotted"
    if not match["m"]:
        return "" if hours in ("hr", "hrs", "hours") else hours or ("o'clock" if match["oclock"] else "bare")
    if match["s"] or len(match["h"]) < 2:
        return ""
    return "sure" if hours or _ZONE_BEHIND.match(masked, match.end()) else "digits"


def _is_clock(match: re.Match[str], kind: str, joined: tuple[re.Match[str], str], low: str, *, behind: bool) -> bool:
    """Whether it is a clock time: by its form, the words before it, or the time that a range joins to it."""
    (other, kind_of_other), start, masked = joined, match.start(), match.string
    if kind in ("sure", "half", ""):
        return kind != ""
    before = masked[max(0, start - 12) : start]
    if kind in ("bare", "o'clock"):  # 4 to 6 pm, from 4 to 6, at 4 o'clock
        marked = (kind == "o'clock" or kind_of_other) and _BARE_MARK.search(before)
        return kind_of_other == "half" or bool((behind or marked) and not _NOT_AN_HOUR.match(masked, other.end()))
    if behind or kind_of_other in ("sure", "half"):
        return True
    if kind == "digits" and match["h"] in ("19", "20"):  # it may be a year
        dated = "\x00" in before[-3:] and _BEHIND_YEAR.search(low, max(0, start - 6), start)
        return bool(dated or (kind_of_other == kind and _ON_DAY.match(masked, other.end())))
    dashed = kind != "digits" and before.rstrip(" ").endswith(("-", "|"))
    return bool(dashed or kind_of_other == kind or _MARK.search(before))


def _clock(match: re.Match[str]) -> Clock:
    """The time, and what its form shows of its clock; `bad` if there is no such time."""
    hour = int(match["h"]) if match["h"] else _HOURS.index(match["w"]) + 1
    minute, second = int(match["m"] or 0), int(match["s"] or 0)
    said = match["half"] or match["part"]
    early = said in ("a", "morning") or (said == "night" and hour % 12 < 4)
    half: Literal["", "am", "pm"] = "am" if early else "pm" if said else ""
    bare = not match["m"] and not match["hrs"]
    latest = (12, 59, 59) if half or bare else (24, 0, 0)
    if (hour, minute, second) > latest or max(minute, second) > 59 or (half, hour) == ("pm", 0):
        return Clock(*match.span(), hour, minute, second, half, "bad")
    if half:
        return Clock(*match.span(), hour % 12 + (0, 12)[half == "pm"], minute, second, half)
    padded = len(match["h"]) == 2 and not 9 < hour < 13
    shows_24 = match["hrs"] or (match["sep"] or "").strip() in ("", "h") or hour == 0 or padded
    return Clock(*match.span(), hour, minute, second, form="bare" if bare else "24" if shows_24 else "colon")


_MORE = {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty-four": 24, "twenty": 20}
_TENS = {"thirty-six": 36, "thirty": 30, "forty-five": 45, "forty-eight": 48, "sixty": 60, "seventy-two": 72}
_PARTS = {"a": 1, "an": 1, "half an": 0.5, "half-an": 0.5, "one and a half": 1.5, "two and a half": 2.5, "ninety": 90}
_COUNT = {word: number for number, word in enumerate(_HOURS, 1)} | _MORE | _TENS | _PARTS
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_NUMERAL = rf"(?:[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|{'|'.join(sorted(_COUNT, key=len, reverse=True))})"
_UNIT = r"(?:hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?)(?![a-z])"
_AMOUNT = re.compile(rf"(?<![a-z0-9.])({_NUMERAL})(?:\s|-|)({_UNIT})")
_LENGTH = re.compile(
    rf"(?<![0-9a-z.:/$-])(?P<parts>[0-9a-z]{{1,5}}\s?x\s?|{_NUMERAL}\s?(?:-|to|or)\s?(?={_NUMERAL}[\s-]))?"
    rf"(?P<n>{_NUMERAL})(?:\s?\([0-9]{{1,3}}\))?(?:\s|-|)(?P<u>{_UNIT})"
    rf"(?P<more>(?:(?:\s?,?\sand\s|,?\s){_NUMERAL}(?:\s|-|)(?![dw]){_UNIT}){{0,3}})(?P<half>\sand\sa\shalf)?"
)
_LOOSE = re.compile(
    r"(?:about|around|approx[a-z]*\.?|roughly|nearly|almost|some|circa|~|up\sto|at\s(?:least|most)|over|under|within|"
    r"(?:no\s|not\s)?(?:more|longer|less)\sthan|max(?:imum)?\.?|minimum|estimated|outage:|impact:|"
    r"expected\s(?:down\s?time|interruption):|intermittent(?:ly)?)\s?(?:(?:of|at|for|a|total|period)\s){0,4}\Z"
)
_LOOSE_BEHIND = re.compile(
    r"\s?(?:(?:with)?in\sthe\s|of\s(?:downtime|interrupt|impact)|or\sso|approx|max|at\smost|\(?est(?:imated)?\b)"
)
_APART = re.compile(
    r"\s?(?:'|s')?\s?(?:notice|before|after|prior|ago|earlier|later|a\sday|per|each|every|in\sadvance|help\s?line|"
    r"hot\s?line|(?:support|service|customer)(?!\s(?:\w+\s)?(?:outage|interruption|disruption|down\s?time|window))|"
    r"(?:of|from)\s(?:the\s)?(?:receipt|date|publication|now))(?![a-z])"
)


def lengths_in(text: Text, masked: str) -> tuple[list[Length], str]:
    """Every duration that may be one of a window, in order, and the text with all durations blanked out."""
    lengths, own = list[Length](), list[Length]()
    for match in _LENGTH.finditer(masked):
        half = [("half an", match["u"])] if match["half"] else []
        amounts = [(match["n"], match["u"]), *_AMOUNT.findall(match["more"]), *half]
        seconds = sum((_COUNT.get(number) or float(number)) * _SECONDS[unit[0]] for number, unit in amounts)
        loose = match["parts"] or _LOOSE.search(masked[max(0, match.start() - 40) : match.start()])
        loose = loose or _LOOSE_BEHIND.match(masked, match.end())
        lengths.append(Length(*match.span(), timedelta(seconds=seconds), bool(loose)))
        apart = _APART.match(text.low, match.end()) or text.low.endswith(("within ", "every "), 0, match.start())
        own += [] if apart else lengths[-1:]  # 24 hours before, 7 days' notice
    return own, blanked(masked, lengths, "\x03")


def _table(text: str) -> dict[str, str]:
    """A table from its entries, `name: value`, with a comma behind each but the last."""
    return dict(entry.split(": ") for entry in " ".join(text.split()).split(", "))


# The letters that the clocks of zones show, in capitals only; of several zones the most frequently meant is first.
_ZONES = _table(
    """
    Africa/Nairobi: EAT, Africa/Maputo: CAT, Africa/Lagos: WAT, Africa/Johannesburg: SAST, Africa/Cairo: EET EEST,
    Europe/Brussels: CET CEST, Europe/Lisbon: WET WEST, Europe/Moscow: MSK, Europe/London: BST, Asia/Dhaka: BST,
    Asia/Kolkata: IST, Asia/Jerusalem: IST, Europe/Dublin: IST, Asia/Karachi: PKT, Asia/Kathmandu: NPT,
    Asia/Singapore: SGT, Asia/Hong_Kong: HKT, Asia/Tokyo: JST, Asia/Seoul: KST, Asia/Kuala_Lumpur: MYT,
    Asia/Jakarta: WIB, Asia/Manila: PHT, Asia/Dubai: GST, Pacific/Guam: GST, America/Halifax: AST ADT, Asia/Riyadh: AST,
    America/St_Johns: NST NDT, America/New_York: EST EDT ET, America/Chicago: CST CDT CT, Asia/Shanghai: CST,
    America/Havana: CST CDT, America/Denver: MST MDT MT, America/Phoenix: MST, America/Los_Angeles: PST PDT PT,
    America/Anchorage: AKST AKDT, Pacific/Honolulu: HST, Australia/Sydney: AEST AEDT AET, Australia/Adelaide: ACST ACDT,
    Australia/Perth: AWST, Pacific/Auckland: NZST NZDT
    """
)
_SHOWN_BY = [(letters, zone) for zone, every in _ZONES.items() for letters in every.split()]
_LETTERS = {letters: [zone for other, zone in _SHOWN_BY if other == letters] for letters, _ in _SHOWN_BY}
# What the zone tables have for these letters: +08 for Singapore's.
_SHOWN = {"SGT": "UTC+8", "MYT": "UTC+8", "PHT": "PST", "GST": "UTC+4", "NPT": "UTC+5:45"}
# Where American letters are also those of another clock: Pakistan's and the Philippines' PST, Sydney's EST …
_FAR = ("Asia/", "Australia/", "Pacific/", "Indian/")
_ALL_YEAR = {"ET", "CT", "MT", "PT", "AET"}
# What can be in front of "time", as letters or a city; a place may be up to four letters longer, as an adjective.
_PLACES = _table(
    """
    local: local, our: local, east africa: EAT, eastern africa: EAT, central africa: CAT, west africa: WAT,
    south africa: Johannesburg, british summer: BST/London, greenwich mean: GMT, universal: UTC, central european: CET,
    central european summer: CEST, eastern: ET, central: CT, mountain: MT, pacific: PT,
    australian eastern standard: AEST, australian eastern daylight: AEDT, eastern standard: EST,
    central standard: CST/Chicago, mountain standard: MST, pacific standard: PST/Los_Angeles, eastern daylight: EDT,
    central daylight: CDT, mountain daylight: MDT, pacific daylight: PDT, kenya: Nairobi, uganda: Kampala,
    tanzania: Dar_es_Salaam, rwanda: Kigali, nigeria: Lagos, ghana: Accra, zambia: Lusaka, zimbabwe: Harare,
    egypt: Cairo, india: Kolkata, uk: London, u.k.: London, brit: London, irish: Dublin, danish: Copenhagen,
    dutch: Amsterdam, german: Berlin, swiss: Zurich, french: Paris, spanish: Madrid, italian: Rome, turk: Istanbul,
    pakistan: Karachi, philippine: Manila, malaysia: Kuala_Lumpur, gulf: Dubai, uae: Dubai, arabia: Riyadh,
    saudi: Riyadh, bangladesh: Dhaka, nepal: Kathmandu, sri lanka: Colombo, japan: Tokyo, china: Shanghai,
    chinese: Shanghai, beijing: Shanghai, thai: Bangkok, indochina: Bangkok, israel: Jerusalem, new zealand: Auckland
    """
)
_CODE = rf"(?:{'|'.join(sorted([*_LETTERS, 'UTC', 'GMT'], key=len, reverse=True)).lower()})"
_NAMED = re.compile(
    r"(?<![a-z])(?P<each>(?:each|every|your|their|respective|customer|site)(?:'?s)?\s(?:own\s)?(?:local\stimes?|"
    r"time\szones?))(?![a-z])|(?:(?P<u>utc|gmt)|(?:(?<=t[0-9]{2}:[0-9]{2})|(?<=t[0-9]{4})|"
    r"(?<=t[0-9]{2}:[0-9]{2}:[0-9]{2})|(?<=t[0-9]{6}))(?=[+-][0-9]{2}:?[0-9]{2})|"
    r"(?<=[0-9m])(?P<p>\s?\(?)(?=\+[0-9]{2}:?[0-9]{2}(?![0-9:])))(?P<s>[ ]?\+[ ]?|"
    r"[ ]?-)(?P<h>[0-9]{1,2})(?::?(?P<m>[0-9]{2}))?(?(p)\)?)(?(u)(?:[ ]?h(?:ou)?rs?)?(?![0-9]|[:.][0-9]|"
    r"[ ]?(?:[ap]\.?m|hrs|utc|gmt|[a-z]{3,4}\b)))|(?<![a-z])(?P<iana>(?:africa|america|asia|australia|europe|pacific|"
    r"atlantic|indian)/[a-z]+(?:_[a-z]+){0,3}(?:/[a-z_]+)?)(?![a-z0-9])|(?<=[0-9])(?P<z>z)(?![a-z0-9])|"
    rf"(?:(?<=[0-9m] )|(?<=[0-9] \()|(?<=[0-9][ap]m \())(?P<letters>(?!{_CODE}|{WEEKDAY}|{MONTH}|hrs|"
    rf"noon)[a-z]{{3,4}})(?=[.,;)\n]|\Z)|(?<![a-z])(?P<l>{_CODE}(?:\s?/\s?(?:{_CODE}|dst))?)(?![a-z0-9])|"
    r"(?<![a-z])(?<!in\s)(?P<us>eastern|pacific)(?=[ \n.,;)]|\Z)(?!\s(?:standard|daylight|time))|"
    r"(?:(?<=[0-9m]\s)in\s(?:the\s)?|(?<=[0-9m]\s\()(?=[a-z]+\))|(?<=zone:\s))(?P<city>"
    r"(?:(?:new|los|hong|kuala|addis|port|cape|south|sri|saudi|west|dar\ses)\s)?[a-z]+)(?![a-z])|"
    r"(?<=[0-9m]\s)(?P<place>[a-z]+)(?=[,.;/)\n]|\Z)|(?<![a-z])(?P<time>time)(?![a-z])"
)
_US = ("US/", "Can")  # Pacific, Central: no cities
_UNKNOWN = re.compile(  # Server time, Peru time: directly behind a time, and of no zone that is known
    r"(?:[0-9]|[ap]\.?m\.?|hrs)[, (\"/-]{1,3}(?P<said>(?!(?:at|on|in|for|to|and|or|each|every|this|that|which|the|same|"
    rf"start|end|some|any|down|of|until|from|during|by|as|is)\b|{MONTH})[a-z]+(?:\s(?!(?:of|the|start|end|down|each|at)\b)"
    r"[a-z]+)?)[ ]time\Z"
)
_LESS = re.compile(r"\s(?:savings?|local|standard|zone|co-?ordinated)(?=\s|\Z)")


def zones_in(plain: str, masked: str) -> tuple[list[ZoneWord], str]:
    """Every zone in the text, in order, and the text with them blanked out."""
    zones: list[ZoneWord] = []
    for zone in filter(None, (_zone_word(match, plain, masked) for match in _NAMED.finditer(masked))):
        while zones and zone.start < zones[-1].end:  # `Eastern Africa time` is longer than `Eastern`
            zones.pop()
        zones.append(zone)
    return zones, blanked(masked, zones, "\x01")


def _zone_word(match: re.Match[str], plain: str, masked: str) -> ZoneWord | None:
    start, end = match.span()
    name = plain[start:end]
    if match["h"] is not None:
        length = timedelta(hours=int(match["h"]), minutes=int(match["m"] or 0))
        return ZoneWord(start, end, name.strip(" ()"), -length if "-" in match["s"] else length)
    if match["time"]:
        start, name = _before_time(start, masked)
        if not name and (unknown := _UNKNOWN.search(masked, max(0, match.start() - 48), match.end())):
            start, name = unknown.start("said"), plain[unknown.start("said") : end]
    elif match["l"]:
        name = re.sub(r"\s", "", name) if name.isupper() else name.upper() if name in ("utc", "gmt") else ""
    elif match["letters"]:  # of a zone, if nothing else is in capitals; no zone that is known
        name = name if name.isupper() and not plain[max(0, start - 40) : start].isupper() else ""
    elif said := match["us"] or match["city"] or match["place"]:
        name = _PLACES[said] if match["us"] else _cities().get(_PLACES.get(said, said.replace(" ", "_")).lower(), "")
    return ZoneWord(start, end, name.upper() if match["z"] else name, None, bool(match["place"])) if name else None


def _before_time(end: int, masked: str) -> tuple[int, str]:
    """`Kenyan time`, `East Africa Standard Time`: where the longest name of a zone in front of `time` begins."""
    words = re.split('[\n(/"]', masked[max(0, end - 48) : end])[-1].split()[-4:]
    for i in range(len(words)):
        said = " ".join(words[i:])
        if name := _place(said):
            return masked.rfind(words[i], max(0, end - len(said) - 4), end), name
    return end, ""


@lru_cache(maxsize=1024)
def _place(said: str) -> str:
    """The zone of words such as `Kenyan`: letters, or an IANA name."""
    less = _LESS.sub("", said)
    for name in (said, less, less.removesuffix(" daylight")):
        for place, zone in _PLACES.items():
            rest = name.removeprefix(place)
            adjective = not rest or (rest.isalpha() and len(rest) <= (1 if zone in _LETTERS else 4))
            if name.startswith(place) and adjective:
                return _cities().get(zone.lower(), zone)
    return _cities().get(name.replace(" ", "_"), "")


@cache
def _cities() -> dict[str, str]:
    """The IANA name of each city that names a zone: `nairobi`."""
    return {name.rpartition("/")[2].lower(): name for name in reversed(pytz.common_timezones) if name[:3] not in _US}


class Meaning(NamedTuple):
    """What a zone word means on a day."""

    zone: Zone | None
    offset: timedelta | None = None  # if it is stated, or if letters show it
    kind: str = ""  # of the question, if this is only the likeliest
    reason: str = ""


def placed(wall: datetime, word: ZoneWord | None, default: Zone | None) -> tuple[datetime, str, Meaning]:
    """The aware time of a wall clock in a zone as it is written, the zone's IANA name if known, and what it means."""
    meant = _meaning(word, wall, default)
    if meant.offset is not None:
        aware = wall.replace(tzinfo=timezone(meant.offset))
        return aware, meant.zone.name if meant.zone else "" if meant.offset else "UTC", meant
    zone = meant.zone or default or zone_named("UTC")  # in UTC with a question, if nobody names a zone
    try:
        instant = zone.instant(wall)
    except CalendarError as error:  # its clock skips the time or shows it twice: the nearest one, with a question
        meant = Meaning(zone, None, "dst", error.findings[0].message)
        try:
            instant, _ = zone.nearest_instant(wall)
        except CalendarError:
            instant = wall.replace(tzinfo=UTC)
    return zone.local(instant), zone.name, meant


def _meaning(word: ZoneWord | None, wall: datetime, default: Zone | None) -> Meaning:
    if word is None or word.name == "local":
        return Meaning(default, kind="" if default else "tz-missing")
    (letters, _, other), name, offset = word.name.partition("/"), word.name, word.offset or timedelta(0)
    if abs(offset) > timedelta(hours=14):
        return Meaning(None, None, "tz-conflict", f"no zone is at {name}")
    if name in ("UTC", "Z") or (default is None and (word.offset is not None or name == "GMT")):
        return Meaning(None, offset)
    if default and (word.offset is not None or name == "GMT"):  # GMT is a fault where it is the time of winter only
        shown, now = default.wall((wall - offset).replace(tzinfo=UTC))
        _, in_winter = default.wall(datetime(wall.year, 1, 1, tzinfo=UTC))
        if name == in_winter == "GMT" != now:
            return Meaning(None, None, "tz-conflict", f"on this day the clock of {default.name} is {now}, not GMT")
        return Meaning(default if shown == wall else None, offset)
    if letters in _LETTERS:
        return _by_letters(letters, other, wall, default)
    zone = known_zone(name)
    if zone and word.is_place and default and placed(wall, None, zone)[0] != placed(wall, None, default)[0]:
        return Meaning(zone, None, "tz-ambiguous", f"{name}, or that of {default.name} at this place")
    return Meaning(zone) if zone else Meaning(None, None, "tz-ambiguous", f"{name} is not a known time zone")


def _by_letters(letters: str, other: str, wall: datetime, default: Zone | None) -> Meaning:
    """By the letters of one season (`EST`, `CST/Chicago`) or of all (`ET`, `CET/CEST`); the operator's zone first."""
    both = _LETTERS.get(other, ())
    zones = [zone_named(zone) for zone in _LETTERS[letters] if zone in both or zone.endswith(other)]
    if not zones:
        return Meaning(None, None, "tz-conflict", f"{letters}/{other} names two clocks at once")
    if other.isupper() or letters in _ALL_YEAR:
        seasons = [datetime(2024, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
        own = default is not None and all(default.wall(day) == zones[0].wall(day) for day in seasons)
        return Meaning(default if own else zones[0])
    if default and (shown := _offset_shown(default, letters, wall)) is not None:
        return Meaning(default, shown)
    meant = " or ".join(zone.name for zone in zones)
    far = (*_FAR, "Africa/") if letters in ("EST", "CST") else _FAR
    if default and default.name.startswith(far) and not other and meant.startswith("America/"):
        return Meaning(None, None, "tz-ambiguous", f"{letters} may be {zones[0].name} or {default.name} by that name")
    fits = [Meaning(zone, offset) for zone in zones if (offset := _offset_shown(zone, letters, wall)) is not None]
    if not fits:
        return Meaning(None, None, "tz-conflict", f"on this day the clock of {zones[0].name} is not {letters}")
    return fits[0]._replace(kind="tz-ambiguous", reason=f"{letters} may be {meant}") if len(zones) > 1 else fits[0]


def _offset_shown(zone: Zone, letters: str, wall: datetime) -> timedelta | None:
    """The offset with which the clock of a zone shows this time and these letters, or nothing."""
    shown = _SHOWN.get(letters, letters) if zone.name in _LETTERS[letters] else letters
    for hours in (-26, 0, 26):
        offset = zone.local((wall + timedelta(hours=hours)).replace(tzinfo=UTC)).utcoffset() or timedelta(0)
        if zone.wall((wall - offset).replace(tzinfo=UTC)) == (wall, shown):
            return offset
    return None
