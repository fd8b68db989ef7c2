"""Days as they are written, and the calendar day that each one is.

    day      = [weekday [","]] number ["st"|"nd"|"rd"|"th"] ["of"] month [year]      Sunday, 13th July 2025
             | [weekday [","]] month number [ordinal] [year]                         Sunday July 13, 2025
             | year "-" number "-" number                                            2025-07-13
             | number ("/"|"."|"-") number ("/"|"."|"-") year                        13.07.2025
             | weekday number "/" number                                             Sunday 7/13
             | number ("-"|"to"|"and") day, month number ("-"|"to"|"and") number     18-19 October, July 12-13
             | weekday number                                                        Saturday 14th
             | number {("," | "and") number} day                                     9, 10 and 11 March 2027
             | ["this"|"next"|"last"|"on"] weekday ["night"|"morning"|…]             this Sunday
             | today | tonight | tomorrow | yesterday | the following day | the same day
    year     = four digits, or two in a numeric date

A day may have its weekday behind it: `23 May, Sunday`. Months and weekdays are English, whole or in three letters.

Which calendar day it is, follows in when.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from icms_calendar.notice.terms import Day, blanked
from icms_calendar.notice.text import Text

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![a-z])"
)
_FULL_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = r"morning|afternoon|evening|night"
_NUMBER = r"(?:0?[1-9]|[12][0-9]|[3-9][0-9])(?![0-9])"
_ORDINAL = rf"{_NUMBER}(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
_NO_TIME = (  # what follows a number that is an hour, not a day
    r"(?!\s?(?:[:.h]\s?[0-9]|[ap]\.?\s?m(?![a-z])|[ap](?![a-z])|h(?:ou)?rs?(?![a-z])|o'?clock|minutes|"
    r"min(?![a-z])|days|weeks|%))"
)
_YEAR = r"(?:(?:19|20)[0-9]{2})(?![0-9]|\s?(?:hrs?|hours|h|z|utc|gmt)(?![a-z])|[-:.][0-9])"
_THEN_YEAR = rf"(?:(?:,\s?|\s|\sof\s|-|/|\.\s?|\s?\(\s?)(?P<y>{_YEAR})\)?|\s?'(?P<y2>[0-9]{{2}})(?![0-9:]|\.[0-9]))?"
_JOIN = r"\s?(?:-|to|and|&|/|until|till|through)\s?(?:the\s)?"
_LEAD = rf"(?:(?P<w>{WEEKDAY})\.?(?:\s?,|\s?-|\s?\(|)\s?(?:the\s)?)?"
_BEGIN = r"(?<![0-9a-z.:$])(?<![0-9a-z][-/])"

_DAY_MONTH = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<d>{_ORDINAL})(?:(?P<dash>-)|\s|\.\s?|,\s|\sof\s|\sday\sof\s|)(?P<m>{MONTH})\.?"
    rf"(?:(?(dash)-|(?!))(?P<y3>[0-9]{{2}})(?![0-9:.-])|{_THEN_YEAR}\)?)"
)
_MONTH_DAY = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<m>{MONTH})(?:\.?\s|-|\.|(?(w),\s|)|)(?:the\s)?(?P<d>{_ORDINAL}){_NO_TIME}"
    rf"(?:{_JOIN}(?P<w2>{WEEKDAY}\s)?(?P<d2>{_ORDINAL}){_NO_TIME}(?!\s?(?:{MONTH}|-[0-9]|/)))?{_THEN_YEAR}"
)
_ISO = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<y>(?:19|20)[0-9]{{2}})(?:(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})(?![0-9])|"
    r"(?P<m2>[0-9]{2})(?P<d2>[0-9]{2})(?=t[0-9]{4}))"
)
_NUMERIC = re.compile(
    rf"(?<![0-9./:-]){_LEAD}(?P<a>[0-9]{{1,2}})(?P<s>\s?[./-]\s?)(?P<b>[0-9]{{1,2}})(?P=s)(?P<y>[0-9]{{4}}|"
    r"[0-9]{2})(?![0-9]|[./:-][0-9])"
)
_NUMERIC_NO_YEAR = re.compile(
    rf"(?:(?P<w>{WEEKDAY})[,.]?\s?(?:\(\s?)?|\bon\s)(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})(?![0-9/])\)?"
)
_SHARED_MONTH = re.compile(
    rf"(?<![0-9a-z./:$-])(?:(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?)?(?P<d>{_ORDINAL})"
    rf"(?=(?:\s?(?:-|to|and|&|/|,|,\sand|until|till|through)\s?(?:the\s)?(?:{WEEKDAY}\.?,?\s(?:the\s)?)?{_ORDINAL})"
    rf"{{1,6}}(?:\s|\sof\s|-|)(?:{MONTH}))"
)
_NUMBER_ALONE = re.compile(
    rf"{_BEGIN}(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?(?!12\s?(?:noon|mid))(?P<d>{_ORDINAL}){_NO_TIME}(?![/.-][0-9])|"
    r"(?<![0-9a-z./-])(?P<nth>[0-9]{1,2})\s?(?:st|nd|rd|th)(?![a-z])"
)
_WEEKDAY_ALONE = re.compile(
    rf"{_BEGIN}(?:(?P<q>this|next|last|coming|past|previous|following)\s(?:coming\s)?)?(?P<w>{_FULL_WEEKDAY})"
    rf"(?:\s(?P<p>{_PART}))?(?![a-z])|"
    rf"{_BEGIN}(?P<short>{WEEKDAY})(?=\.?,?\s(?:at\s|from\s|[0-9])|\)|\s?-)"
)
_RELATIVE = re.compile(
    r"(?<![a-z])(?:(?P<overmorrow>(?:the\s)?day\safter\stomorrow)|(?P<r>today|tonight|tomorrow|yesterday)"
    rf"(?:\s(?P<p>{_PART}))?|this\s(?P<t>{_PART})|"
    r"(?:on\s)?(?:the\s|a\s)?(?:following|next)\s(?P<after>day|morning)|(?:on\s)?(?:the\s|that\s)?"
    r"(?P<same>same\s(?:day|date|night))|(?:on\s)?(?:the\s)?"
    r"(?P<before>(?:previous|preceding)\s(?:day|night|evening)|(?:day|night|evening)\sbefore)|"
    r"(?P<yesterday>last\snight))(?![a-z])"
)


def days_in(text: Text, masked: str) -> tuple[list[Day], str]:
    """Every day in the text, in order, and the text with them blanked out."""
    days: list[Day] = []
    for pattern, make in _FORMS:
        made = [day for match in pattern.finditer(masked) for day in make(match, text)]
        masked = blanked(masked, made, "\x00")
        days += made
    return _with_shared_parts(_with_weekdays_behind(sorted(days, key=lambda day: day.start), masked)), masked


def _dated(match: re.Match[str], text: Text) -> list[Day]:
    """A day with its month in letters; `July 12-13` is two of them. `may` and `march` need a capital or a year."""
    groups = match.groupdict()
    year = _year(groups["y"] or groups["y2"] or groups.get("y3"))
    if match["m"] in ("may", "march", "mar") and not year and not text.plain[match.start("m")].isupper():
        return []
    month = _MONTHS.index(groups["m"][:3]) + 1
    first = Day(match.start(), match.end(), _weekday(groups["w"]), _number(groups["d"]), month, year)
    if not groups.get("d2"):
        return [first]
    at = match.start("w2") if groups["w2"] else match.start("d2")
    second = replace(first, start=at, weekday=_weekday(groups["w2"]), day=_number(groups["d2"]))
    return [replace(first, end=match.end("d")), second]


def _numbered(match: re.Match[str], _: Text) -> list[Day]:
    month, day = int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
    return [Day(*match.span(), _weekday(match["w"]), day, month, int(match["y"]))]


def _numeric(match: re.Match[str], _: Text) -> list[Day]:
    """A date in numbers. With dots the day is first; else what fits."""
    groups = match.groupdict()
    a, b, year = int(groups["a"]), int(groups["b"]), _year(groups.get("y"))
    plain = Day(match.start(), match.end(), _weekday(groups["w"]), a, b, year)
    if "." in (groups.get("s") or "") or a > 12 or a == b:
        return [replace(plain, order=None if a == b else 0)]
    if b > 12:
        return [replace(plain, day=b, month=a, order=1)]
    return [replace(plain, day=None, month=None, orders=((year, b, a), (year, a, b)))]


def _partial(match: re.Match[str], _: Text) -> list[Day]:
    """A day whose month is elsewhere."""
    return [Day(*match.span(), _weekday(match["w"]), _number(match["d"] or match.groupdict()["nth"]))]


def _lone_weekday(match: re.Match[str], text: Text) -> list[Day]:
    if match["short"] and not text.plain[match.start("short")].isupper():
        return []
    which = {"coming": "this", "past": "last", "previous": "last", "following": "next"}.get(
        match["q"], match["q"] or ""
    )
    return [Day(*match.span(), _weekday(match["w"] or match["short"]), which=which, part=match["p"] or "")]


def _said(match: re.Match[str], _: Text) -> list[Day]:
    """today, tonight, tomorrow, the following day, the same day."""
    names = ("overmorrow", "after", "same", "before", "yesterday")
    word = next((name for name in names if match[name]), match["r"] or "today")
    night = "night" if "night" in (match["r"] or match["yesterday"] or "") else ""
    part = match["p"] or match["t"] or (match["after"] or "").replace("day", "") or night
    return [Day(*match.span(), relative=word.replace("tonight", "today"), part=part)]


_FORMS = (
    (_ISO, _numbered),
    (_NUMERIC, _numeric),
    (_SHARED_MONTH, _partial),
    (_DAY_MONTH, _dated),
    (_MONTH_DAY, _dated),
    (_NUMERIC_NO_YEAR, _numeric),
    (_NUMBER_ALONE, _partial),
    (_RELATIVE, _said),
    (_WEEKDAY_ALONE, _lone_weekday),
)


def _with_weekdays_behind(days: list[Day], masked: str) -> list[Day]:
    """`23 May, Sunday`, `23 May (Sunday)`: the weekday belongs to the day before it."""
    kept: list[Day] = []
    for day in days:
        before = kept[-1] if kept else None
        lone = day.weekday is not None and day.day is None and not day.orders and not day.which
        gap = masked[before.end : day.start] if before else "."
        near = not gap.strip(" ,(") and ("(" in gap or not re.match(r",?\s?\x00", masked[day.end : day.end + 3]))
        if before and lone and near and before.weekday is None and before.is_date:
            end = day.end + (masked[day.end : day.end + 1] == ")")
            kept[-1] = replace(before, weekday=day.weekday, part=day.part, end=end)
        else:
            kept.append(day)
    return kept


def _with_shared_parts(days: list[Day]) -> list[Day]:
    """A day without a month takes that of the next one that follows closely: `14th to Sunday 15th June 2025`."""
    filled: list[Day] = []
    following: Day | None = None
    for day in reversed(days):
        bare = day.day is not None and day.month is None and not day.orders
        if bare and following and following.day and following.start - day.end < 60 and (day.day or 0) < following.day:
            day = replace(day, month=following.month, year=following.year)  # noqa: PLW2901
        following = day if day.is_date else following
        filled.append(day)
    return filled[::-1]


def _weekday(word: str | None) -> int | None:
    return _WEEKDAYS.index(word.strip()[:3]) if word else None


def _number(words: str) -> int:
    return int("".join(c for c in words if c.isdigit()))


def _year(digits: str | None) -> int | None:
    """Two digits are of this century up to 49, of the last one from 50 on."""
    year = int(digits) if digits else None
    return year if year is None or year > 99 else year + (2000 if year < 50 else 1900)
