"""Clock times and durations as they are written.

    clock    = hour [(":"|".") minutes] ("am"|"pm"|"a.m."|"p.m."|"a"|"p")     4am, 4.00 a.m., 10p
             | hour ("in the" ("morning"|"afternoon"|"evening") | "at night")
             | hour ":" minutes [":" seconds] ["hrs"|"hours"|"h"]             04:00, 11:59 hours
             | hour "h" minutes | hour minutes ("hrs"|…|zone)                 04h00, 0400hrs, 0400 UTC
             | ["12"] ("noon"|"midday"|"midnight")
             | loose
    loose    = hour "." minutes | hour minutes | hour "h" | hour ["o'clock"]  22.00, 1800, 22h, 4
    length   = [about] number ("hours"|"minutes"|"days") [number "minutes"]   six hours, 8-hour, 150 minutes

A loose form is a clock time only behind a word such as "from" or a day, or if a range joins it to another time.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from icms_calendar.notice.text import Clock, Length, Text, blanked

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORD = re.compile(
    r"(?:(?<![0-9a-z.:/$])12(?:[:.]?00)?\s?(?:[ap]\.?m\.?\s?|hrs?\s)?[(,/-]?\s?)?(?<![a-z])"
    r"(?P<word>noon|mid-?\s?day|midnight)(?![a-z])\)?"
)
_CLOCK = re.compile(
    rf"(?:(?<=\x00t)|(?<![0-9a-z.:/$]))(?:(?P<h>[0-9]{{1,2}})|(?P<w>{'|'.join(_HOURS)})(?=\s?[ap]\.?\s?m))"
    r"(?:(?P<sep>\s?[:.h]\s?|)(?P<m>[0-9]{2})(?::?(?P<s>[0-9]{2})(?:\.0{1,6})?)?)?"
    r"(?:(?:\s?(?=[ap]\.?\s?m(?![a-z]))|(?=[ap](?![a-z.])))(?P<half>[ap])(?:\.?\s?m(?![a-z])\.?)?|"
    r"(?:\s?o'?clock)?\s(?:in\sthe|at)\s(?P<part>morning|afternoon|evening|night)(?![a-z])|"
    r"\s?(?P<hrs>hrs?|hours|h)(?![a-z])\.?|\s?(?P<oclock>o'?clock)(?![a-z]))?(?![0-9]|:[0-9]|/[0-9]{1,2}/|\.[0-9])"
)
_MARK = re.compile(r"(?:\b(?:from|at|between|until|till|til|to|by|and|starting|beginning|kl\.)\s|@\s?|\x00,?\s?)\Z")
_BARE_MARK = re.compile(r"\b(?:from|at|between|until|till)\s\Z")
_ON_DAY = re.compile(r",?\s(?:on\s)?(?:the\s)?\x00")
_BEHIND_YEAR = re.compile(r"[0-9]{4},?\s?\Z")
_RANGE = re.compile(r"\s?(?:-{1,2}|to|until|till|and)\s?")
_ZONE_BEHIND = re.compile(r"\s?\(?\x01")
_NOT_AN_HOUR = re.compile(r"[%$/]|,[0-9]|\s?(?!to\b|and\b|until\b|till\b|on\b)[a-z]{2,}")


def clocks_in(text: Text, masked: str) -> tuple[list[Clock], str]:
    """Every time of day in the text, in order, and the text with them blanked out."""
    words = [_named(match) for match in _WORD.finditer(masked)]
    masked = blanked(masked, words, "\x02")
    found = [(match, _kind(match, masked)) for match in _CLOCK.finditer(masked)]
    clocks: list[Clock] = []
    for (match, kind), following in zip(found, [*found[1:], None], strict=False):
        joined = following and _RANGE.fullmatch(masked, match.end(), following[0].start())
        behind = bool(clocks and _RANGE.fullmatch(masked, clocks[-1].end, match.start()))
        if _is_clock(match, kind, following if following and joined else (match, ""), text, masked, behind=behind):
            clocks.append(_clock(match))
    masked = blanked(masked, clocks, "\x02")
    return sorted([*clocks, *words], key=lambda clock: clock.start), masked


def _named(match: re.Match[str]) -> Clock:
    midnight = match["word"] == "midnight"
    return Clock(*match.span(), 0 if midnight else 12, form="midnight" if midnight else "noon")


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


def _is_clock(
    match: re.Match[str], kind: str, joined: tuple[re.Match[str], str], text: Text, masked: str, *, behind: bool
) -> bool:
    """Whether it is a clock time: by its form, the words before it, or the time that a range joins to it."""
    (other, kind_of_other), start = joined, match.start()
    if kind in ("sure", "half", ""):
        return kind != ""
    before = masked[max(0, start - 12) : start]
    if kind in ("bare", "o'clock"):  # 4 to 6 pm, from 4 to 6, at 4 o'clock
        marked = _BARE_MARK.search(before) and (kind == "o'clock" or kind_of_other)
        return kind_of_other == "half" or bool((behind or marked) and not _NOT_AN_HOUR.match(masked, other.end()))
    if behind or kind_of_other in ("sure", "half"):
        return True
    if kind == "digits" and match["h"] in ("19", "20"):  # it may be a year
        dated = "\x00" in before[-3:] and _BEHIND_YEAR.search(text.low, max(0, start - 6), start)
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
    return Clock(*match.span(), hour, minute, second, form="bare" if bare else _form(match, hour))


def _form(match: re.Match[str], hour: int) -> Literal["24", "colon"]:
    """Whether the form shows that the clock has 24 hours."""
    shown = match["hrs"] or (match["sep"] or "").strip() in ("", "h")
    return "24" if shown or hour == 0 or (len(match["h"]) == 2 and not 9 < hour < 13) else "colon"


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
    r"(?:no\s|not\s)?(?:more|longer|less)\sthan|max(?:imum)?\.?|minimum|estimated|intermittent(?:ly)?)"
    r"\s?(?:(?:of|at|for|a|total|period)\s){0,4}\Z"
)
_LOOSE_BEHIND = re.compile(
    r"\s?(?:of\s(?:downtime|interruption|impact)|or\sso|approx|max|at\smost|\(?est(?:imated)?\b)"
)
_APART = re.compile(
    r"\s?(?:'|s')?\s?(?:notice|before|after|prior|ago|earlier|later|a\sday|per|each|every|in\sadvance|help\s?line|"
    r"hot\s?line|support|service|customer|(?:of|from)\s(?:the\s)?(?:receipt|date|publication|now))(?![a-z])"
)


def lengths_in(text: Text, masked: str) -> tuple[list[Length], str]:
    """Every duration that may be one of a window, in order, and the text with all durations blanked out."""
    matches = list(_LENGTH.finditer(masked))
    lengths = [_length(match, masked) for match in matches]
    masked = blanked(masked, lengths, "\x03")
    own = [length for length in lengths if not _APART.match(text.low, length.end)]  # 24 hours before, 7 days' notice
    return own, masked


def _length(match: re.Match[str], masked: str) -> Length:
    amounts = [(match["n"], match["u"]), *_AMOUNT.findall(match["more"])]
    if match["half"]:
        amounts.append(("half an", match["u"]))
    seconds = sum((_COUNT.get(number) or float(number)) * _SECONDS[unit[0]] for number, unit in amounts)
    before = masked[max(0, match.start() - 40) : match.start()]
    loose = bool(match["parts"] or _LOOSE.search(before) or _LOOSE_BEHIND.match(masked, match.end()))
    return Length(*match.span(), timedelta(seconds=seconds), loose)
