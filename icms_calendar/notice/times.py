"""Clock times and durations as they are written.

    clock    = hour [(":"|".") minutes] ("am"|"pm"|"a.m."|"p.m."|"a"|"p")             4am, 4.00 a.m., 10p
             | hour ":" minutes [":" seconds] ["hrs"|"hours"]                          04:00, 11:59 hours
             | hour "h" [minutes]                                                      04h00, 22h
             | hour minutes ("hrs"|"hours"|"h"|"Z"|"UTC"), or in a pair                0400hrs, 1800-2130
             | hour minutes, behind a year and in front of "-" or the end     21 January 2023, 2030 -
             | hour "." minutes ("hrs"|"hours"), or behind from, at, to …              22.00 hrs
             | hour ["o'clock"] "in the" ("morning"|"afternoon"|"evening") | "at night"
             | ["12"] ("noon"|"midday"|"midnight")
             | hour, in front of "-", "to", "and" and a clock with am or pm            4-10 am
    length   = [about] number [-] ("hours"|"minutes"|"days") [number "minutes"]        six hours, 8-hour, 150 minutes

An hour over 12 with am or pm (13:00 pm) is no time of day.

A length is loose where it is approximate (about, nearly), a limit (up to), or said of a part (two 25-minute outages,
a period of … between). `a few hours` is no length.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from icms_calendar.notice.terms import Clock, Length, Other, blanked
from icms_calendar.notice.text import Text

_HALF = r"(?:\s?(?P<ap>[ap])\.?\s?m(?![a-z])\.?)"
_NOT_BEFORE = r"(?<![0-9a-z.:/$%£€])"
_HRS = r"(?:\s?(?:hrs?|hours|h)(?![a-z])\.?)"
_WORD_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MARK = r"(?:from|at|between|until|till|til|to|by|and|and\sat|@|starting|beginning)\s"

_TWELVE = re.compile(
    rf"(?:{_NOT_BEFORE}12(?:[:.]?00)?\s?(?:[ap]\.?m\.?\s?|hrs?\s)?(?:\(|-|,|/)?\s?)?(?<![a-z])(?P<w>noon|"
    r"mid-?\s?day|midnight)(?![a-z])\)?"
)
_NAMED_PART = re.compile(
    r"(?<![0-9a-z.:/])(?P<h>[0-9]{1,2})(?:[:.](?P<m>[0-9]{2}))?(?:\s?o'?clock)?\s(?:in\sthe\s(?P<p>morning|"
    r"afternoon|evening)|(?P<n>at\snight))(?![a-z])"
)
_HALVED = re.compile(
    rf"(?<![0-9a-z.:/])(?P<h>[0-9]{{1,2}})(?:\s?[:.h]\s?(?P<m>[0-9]{{2}})(?::(?P<s>[0-9]{{2}}))?)?(?:{_HALF}|"
    rf"(?P<ap2>[ap])(?![a-z.]))(?:{_HRS})?"
)
_WORD_HOUR = re.compile(rf"(?<![a-z])(?P<h>{'|'.join(_WORD_HOURS)}){_HALF}")
_COLON = re.compile(
    r"(?:(?<![0-9a-z.:/])|(?<=\x00t))(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.0{1,6})"
    rf"?)?(?![0-9:]|\.[0-9])(?P<k>{_HRS})?"
)
_H = re.compile(
    r"(?<![0-9a-z.:/])(?P<h>[0-9]{1,2})\s?h\s?(?P<m>[0-9]{2})(?![0-9a-z])|"
    r"(?:(?<=from\s)|(?<=at\s)|(?<=between\s)|(?<=until\s)|(?<=till\s)|(?<=to\s)|(?<=and\s)|(?<=-\s)|(?<=-))"
    r"(?P<h3>[0-9]{1,2})h(?![0-9a-z])|"
    r"(?<![0-9a-z.:/])(?P<h4>[0-9]{1,2})h(?=\s?(?:-|to|until)\s?[0-9]{1,2}h)"
)
_HHMM = re.compile(rf"(?<![0-9a-z.:/,])(?P<h>[0-9]{{2}})(?P<m>[0-9]{{2}})(?:{_HRS}|(?=\s?\(?\x01))")
_HHMM_T = re.compile(r"(?<=\x00t)(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?P<s>[0-9]{2})?(?![0-9])")
_HHMM_PAIR = re.compile(
    r"(?<![0-9a-z.:/])(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?:\s?(?:hrs?|hours|h))?(?P<j>\s?(?:-|to|until|till|and)"
    r"\s?)(?P<h2>[0-9]{2})(?P<m2>[0-9]{2})"
    rf"(?![0-9:/]|\s?-\s?[0-9])(?P<k>{_HRS})?"
)
_HHMM_MARKED = re.compile(
    r"(?:(?<=from\s)|(?<=at\s)|(?<=between\s)|(?<=until\s)|(?<=till\s)|(?<=to\s)|(?<=and\s)|(?<=by\s))"
    r"(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?![0-9:/a-z]|[.,][0-9])"
)
_HHMM_BEHIND_YEAR = re.compile(
    r"(?<=\x00,\s)(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?=\s?(?:-|to|until|till|hrs|\x01|[.)\n]|\Z))(?![.][0-9])"
)
_DOTTED = re.compile(rf"(?<![0-9a-z.:/])(?P<h>[0-9]{{1,2}})\.(?P<m>[0-9]{{2}}){_HRS}")
_DOTTED_PAIR = re.compile(
    r"(?<![0-9a-z.:/])(?P<h>[0-9]{1,2})\.(?P<m>[0-9]{2})(?P<j>\s?(?:-|to|until|till|and)\s?)(?P<h2>[0-9]{1,2})"
    r"\.(?P<m2>[0-9]{2})(?![0-9.%a-z]|\s?[ap]\.?m)"
)
_DOTTED_MARKED = re.compile(
    r"(?:(?<=from\s)|(?<=at\s)|(?<=between\s)|(?<=until\s)|(?<=till\s)|(?<=to\s)|(?<=and\s)|(?<=-\s)|(?<=-)|"
    r"(?<=\x00\s)|(?<=\x00,\s)|(?<=kl\.\s))(?P<h>[0-2]?[0-9])\.(?P<m>[0-5][0-9])(?![0-9.%a-z]|\s?(?:million|"
    r"kg|percent|[ap]\.?m))"
)
_BARE = re.compile(
    r"(?<![0-9a-z.:/,$])(?P<h>[0-9]{1,2})(?=\s?(?:-|to|until|till|and)\s?[0-9]{1,2}(?:[:.][0-9]{2})"
    r"?\s?[ap]\.?\s?m(?![a-z]))"
)
_BARE_MARKED = re.compile(
    r"(?:(?<=from\s)|(?<=between\s)|(?<=until\s)|(?<=till\s)|(?<=at\s))(?P<h>[0-9]{1,2})"
    r"(?:\s?o'?clock(?![a-z])|(?=\s?(?:-|to|until|till|and)\s?[0-9]{1,2}(?![0-9:./%]|\s?[a-z]{3,}|,[0-9])))"
)
_BARE_END = re.compile(
    r"(?:(?<=\x02\sto\s)|(?<=\x02\sand\s)|(?<=\x02-)|(?<=\x02\s-\s)|(?<=\x02\suntil\s)|(?<=\x02\still\s))"
    r"(?P<h>[0-9]{1,2})(?![0-9:./%]|\s?[a-z]{2,})"
)

_TENS = {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30}
_MORE = {"twenty-four": 24, "thirty-six": 36, "forty-five": 45, "forty-eight": 48, "sixty": 60, "seventy-two": 72}
_PARTS = {"a": 1, "an": 1, "half an": 0.5, "half-an": 0.5, "one and a half": 1.5, "two and a half": 2.5, "ninety": 90}
_COUNT = {word: number for number, word in enumerate(_WORD_HOURS, 1)} | _TENS | _MORE | _PARTS
_NUMERAL = rf"(?:[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?|{'|'.join(sorted(_COUNT, key=len, reverse=True))})"
_UNIT = r"(?:hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?)"
_AMOUNT = re.compile(rf"(?<![a-z])({_NUMERAL})(?:\s|-|)({_UNIT})")
_LENGTH = re.compile(
    rf"(?<![0-9a-z.:/$-])(?:(?P<x>two|three|four|[0-9]{{1,2}})\s?x\s?)?(?P<n>{_NUMERAL})(?:\s?\([0-9]{{1,3}}\))"
    rf"?(?:\s|-|)(?P<u>{_UNIT})(?![a-z])"
    rf"(?P<more>(?:(?:\s?,?\sand\s|,?\s){_NUMERAL}(?:\s|-|)(?:minutes?|mins?|hours?|hrs?|seconds?)(?![a-z])){{0,3}})"
    r"(?P<half>\sand\sa\shalf)?"
)
_TWO_LENGTHS = re.compile(
    rf"(?<![0-9a-z.:/$-])(?P<n>{_NUMERAL})\s?(?:-|to|or)\s?(?P<n2>{_NUMERAL})(?:\s|-)(?P<u>{_UNIT})(?![a-z])"
)
_VAGUE = re.compile(
    r"(?<![a-z])(?:a\sfew|few|several|some|a\scouple\sof|couple\sof)\s(?:hours|hrs|minutes|mins|days)(?![a-z])"
)
_LOOSE_BEFORE = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|~|up\sto|at\sleast|at\smost|"
    r"over|under|within|"
    r"(?:no|not)\s(?:more|longer|less)\sthan|more\sthan|less\sthan|maximum(?:\sof)?|max\.?|minimum\sof|"
    r"estimated(?:\sat)?|intermittent(?:ly)?(?:\sfor)?|around\sa)\s?(?:a\s)?(?:total\sof\s|period\sof\s)?$"
)
_LOOSE_AFTER = re.compile(
    r"\s?(?:of\s(?:downtime|interruption|impact)|or\sso|approximately|approx\.?|maximum|max|at\smost|\(?est(?:imated)?\b)"
)
_ANSWER = re.compile(
    r"\b(?:respond|reply|revert|contact|reach|feedback|resolve|refund|reverse|credit|process)"
    r"[a-z]*\b[^.]{0,40}\bwithin\s\Z"
)
_NOT_OF_THE_WINDOW = re.compile(
    r"\s?(?:'|s')?\s?(?:notice|before|after|prior|ago|earlier|later|a\sday|per|each|every|in\sadvance|"
    r"(?:helpline|hotline|support|service|customer)|of\s(?:receipt|the\sdate|publication)|from\s(?:the\s)"
    r"?(?:date|receipt|now|publication))(?![a-z])"
)


def clocks_in(text: Text, masked: str) -> tuple[list[Clock], str]:
    """Every time of day in the text, in order, and the text with them blanked out."""
    clocks: list[Clock] = []
    for pattern, make in _FORMS:
        made = [clock for match in pattern.finditer(masked) for clock in make(match, text)]
        masked = blanked(masked, made, "\x02")
        clocks += made
    return sorted(clocks, key=lambda clock: clock.start), masked


def _word(match: re.Match[str], _: Text) -> list[Clock]:
    if match["w"] == "midnight":
        return [Clock(*match.span(), 0, form="midnight")]
    return [Clock(*match.span(), 12, form="noon")]


def _part(match: re.Match[str], _: Text) -> list[Clock]:
    """4 in the morning, 10 at night: am or pm by the part of the day."""
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if match["n"]:
        half: Literal["am", "pm"] = "am" if hour == 12 or hour < 4 else "pm"
    else:
        half = "am" if match["p"] == "morning" else "pm"
    return [_halved_clock(match, hour, minute, 0, half)]


def _halved(match: re.Match[str], _: Text) -> list[Clock]:
    groups = match.groupdict()
    word = groups["h"]
    hour = _WORD_HOURS.index(word) + 1 if word.isalpha() else int(word)
    half: Literal["am", "pm"] = "am" if (groups["ap"] or groups.get("ap2")) == "a" else "pm"
    return [_halved_clock(match, hour, int(groups.get("m") or 0), int(groups.get("s") or 0), half)]


def _halved_clock(match: re.Match[str], hour: int, minute: int, second: int, half: Literal["am", "pm"]) -> Clock:
    if hour > 12 or minute > 59 or second > 59 or (half == "pm" and hour == 0):
        return Clock(*match.span(), hour, minute, second, half, "bad")
    hour = hour % 12 + (12 if half == "pm" else 0)
    return Clock(*match.span(), hour, minute, second, half)


def _full(match: re.Match[str], _: Text) -> list[Clock]:
    """Hours and minutes without am or pm; whether the clock has 24 hours shows by the form."""
    groups = match.groupdict()
    hour, minute, second = int(groups["h"]), int(groups["m"] or 0), int(groups.get("s") or 0)
    good = (hour < 24 or (hour == 24 and minute == second == 0)) and minute < 60 and second < 60
    sure = len(groups["h"]) == 2 and (hour < 10 or hour > 12)
    form: Literal["24", "colon", "bad"] = "24" if sure or groups.get("k") else "colon"
    return [Clock(*match.span(), hour, minute, second, form=form if good else "bad")]


def _french(match: re.Match[str], text: Text) -> list[Clock]:
    """22h30, or 22h where it stands for a time."""
    if match["h"]:
        return _sure(match, text)
    hour = int(match["h3"] or match["h4"])
    return [Clock(*match.span(), hour, form="24" if hour <= 24 else "bad")]


def _sure(match: re.Match[str], text: Text) -> list[Clock]:
    clock = _full(match, text)[0]
    return [clock if clock.form == "bad" else Clock(clock.start, clock.end, clock.hour, clock.minute, clock.second)]


def _marked(match: re.Match[str], text: Text) -> list[Clock]:
    """Four digits behind `from`, `at`, `until`; but 2025 is a year, and what follows may make it a number."""
    if match[0][:2] in ("19", "20") or re.match(r"\s(?:[a-z]{4,}s)\b", text.low[match.end() : match.end() + 20]):
        return []
    return _sure(match, text)


def _behind_year(match: re.Match[str], text: Text) -> list[Clock]:
    """Four digits behind a day that has its year: `21 January 2023, 2030 -`."""
    return _sure(match, text) if re.search(r"[0-9]{4},\s\Z", text.low[match.start() - 6 : match.start()]) else []


def _pair(match: re.Match[str], text: Text) -> list[Clock]:
    """Two times as one: `1800-2130`. Two numbers that may be years are none."""
    groups = match.groupdict()
    before = text.low[max(0, match.start() - 2) : match.start()]
    years = all(groups[h] in ("19", "20") for h in ("h", "h2"))
    if years and not groups.get("k") and not re.search(r"\x00|,\s?$", before):
        return []
    if (
        groups["h"] in ("19", "20")
        and not groups.get("k")
        and text.low[match.start() - 1 : match.start()] in " -/"
        and _ends_a_day(match, text)
    ):
        return []
    second = match.start("h2")
    clocks = []
    for h, m, start, end in (("h", "m", match.start(), match.start("j")), ("h2", "m2", second, match.end())):
        hour, minute = int(groups[h]), int(groups[m])
        good = (hour < 24 or (hour, minute) == (24, 0)) and minute < 60
        form: Literal["24", "colon", "bad"] = (
            "24" if "." not in match[0] or (len(groups[h]) == 2 and not 9 < hour < 13) else "colon"
        )
        clocks.append(Clock(start, end, hour, minute, form=form if good else "bad"))
    return clocks


def _ends_a_day(match: re.Match[str], text: Text) -> bool:
    """Whether the first number may be the year of the day in front: `13 July 2025-2200`."""
    return bool(
        re.search(
            r"[a-z][.,]?\s?[0-9]{0,2}(?:st|nd|rd|th)?,?[ /-]$", text.low[max(0, match.start() - 12) : match.start()]
        )
    )


def _bare(match: re.Match[str], _: Text) -> list[Clock]:
    return [Clock(*match.span(), int(match["h"]), form="bare" if int(match["h"]) <= 12 else "bad")]


_FORMS = (
    (_TWELVE, _word),
    (_NAMED_PART, _part),
    (_BARE, _bare),
    (_HALVED, _halved),
    (_WORD_HOUR, _halved),
    (_COLON, _full),
    (_HHMM_T, _sure),
    (_HHMM_PAIR, _pair),
    (_HHMM, _sure),
    (_H, _french),
    (_DOTTED_PAIR, _pair),
    (_DOTTED, _sure),
    (_DOTTED_MARKED, _full),
    (_HHMM_MARKED, _marked),
    (_HHMM_BEHIND_YEAR, _behind_year),
    (_BARE_MARKED, _bare),
    (_BARE_END, _bare),
)


def lengths_in(text: Text, masked: str) -> tuple[list[Length | Other], str]:
    """Every duration in the text, in order, and the text with them blanked out."""
    lengths: list[Length | Other] = []
    for pattern, make in ((_VAGUE, _vague), (_TWO_LENGTHS, _between), (_LENGTH, _length)):
        made = [make(match, text) for match in pattern.finditer(masked)]
        masked = blanked(masked, made, "\x03")
        lengths += made
    return sorted(lengths, key=lambda term: term.start), masked


def _vague(match: re.Match[str], _: Text) -> Length | Other:
    return Length(*match.span(), timedelta(0), loose=True, vague=True)


def _between(match: re.Match[str], text: Text) -> Length | Other:
    """2 to 3 hours: the longer of the two is a limit."""
    unit = match["u"]
    length = _amount(match["n2"], unit)
    return Length(*match.span(), length, loose=True) if not _is_apart(match, text) else Other(*match.span(), "length")


def _length(match: re.Match[str], text: Text) -> Length | Other:
    if _is_apart(match, text):
        return Other(*match.span(), "length")
    if _ANSWER.search(text.low, max(0, match.start() - 60), match.start()):
        return Other(*match.span(), "length")
    length = _amount(match["n"], match["u"])
    for number, unit in _AMOUNT.findall(match["more"]):
        length += _amount(number, unit)
    if match["half"]:
        length += _amount("0.5", match["u"])
    before = text.low[max(0, match.start() - 40) : match.start()]
    loose = bool(match["x"] or _LOOSE_BEFORE.search(before) or _LOOSE_AFTER.match(text.low, match.end()))
    return Length(*match.span(), length, loose)


def _is_apart(match: re.Match[str], text: Text) -> bool:
    """Whether it is no length of the window: 24 hours before, 7 days' notice, within 2 hours of receipt."""
    return bool(_NOT_OF_THE_WINDOW.match(text.low, match.end()))


def _amount(number: str, unit: str) -> timedelta:
    count = _COUNT[number] if number in _COUNT else float(number)
    names = {"h": "hours", "m": "minutes", "d": "days", "w": "weeks", "s": "seconds"}
    return timedelta(**{names[unit[0]]: count})
