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

    year     stated; or that of the same day elsewhere in the text; or of another day in the same span; or the one
             that brings it nearest to the publication. The weekday must then be right. Never today's.
    order    of 03/04/2025: the one that its weekday, another date in the text, or the publication leaves over.
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
_THEN_YEAR = rf"(?:(?:,\s?|\s|\sof\s|-|/|\.\s?|\s?\(\s?)(?P<y>{_YEAR})\)?|\s?'(?P<y2>[0-9]{{2}})(?![0-9:.]))?"
_JOIN = r"\s?(?:-|to|and|&|/|until|till|through)\s?(?:the\s)?"
_LEAD = rf"(?:(?P<w>{WEEKDAY})\.?(?:\s?,|\s?-|\s?\(|)\s?(?:the\s)?)?"
_BEGIN = r"(?<![0-9a-z.:$])(?<![0-9a-z][-/])"

_DAY_MONTH = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<d>{_ORDINAL})(?:\s|-|\.\s?|,\s|\sof\s|\sday\sof\s|)(?P<m>{MONTH})\.?{_THEN_YEAR}\)?"
)
_MONTH_DAY = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<m>{MONTH})(?:\.?\s|-|\.|(?(w),\s|)|)(?:the\s)?(?P<d>{_ORDINAL}){_NO_TIME}"
    rf"(?:{_JOIN}(?P<w2>{WEEKDAY}\s)?(?P<d2>{_ORDINAL}){_NO_TIME}(?!\s?(?:{MONTH}|-[0-9]|/)))?{_THEN_YEAR}"
)
_DASHED = re.compile(rf"{_BEGIN}{_LEAD}(?P<d>[0-9]{{1,2}})-(?P<m>{MONTH})-(?P<y>[0-9]{{2}})(?P<y2>)(?![0-9:.-])")
_ISO = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<y>(?:19|20)[0-9]{{2}})(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})(?![0-9])"
)
_COMPACT = re.compile(r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?=t[0-9]{4})")
_NUMERIC = re.compile(
    rf"(?<![0-9./:-]){_LEAD}(?P<a>[0-9]{{1,2}})(?P<s>\s?[./-]\s?)(?P<b>[0-9]{{1,2}})(?P=s)(?P<y>[0-9]{{4}}|"
    r"[0-9]{2})(?![0-9]|[./:-][0-9])"
)
_NUMERIC_NO_YEAR = re.compile(
    rf"(?:(?P<w>{WEEKDAY})[,.]?\s?(?:\(\s?)?|\bon\s)(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})(?![0-9/])\)?"
)
_WEEKDAY_NUMBER = re.compile(
    rf"{_BEGIN}(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?(?!12\s?(?:noon|mid))(?P<d>{_ORDINAL}){_NO_TIME}(?![/.-][0-9])"
)
_LONE_ORDINAL = re.compile(r"(?<![0-9a-z./-])(?P<d>[0-9]{1,2})\s?(?:st|nd|rd|th)(?![a-z])")
_SHARED_MONTH = re.compile(
    rf"(?<![0-9a-z./:$-])(?:(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?)?(?P<d>{_ORDINAL})"
    rf"(?=(?:\s?(?:-|to|and|&|/|,|,\sand|until|till|through)\s?(?:the\s)?(?:{WEEKDAY}\.?,?\s(?:the\s)?)?{_ORDINAL})"
    rf"{{1,6}}(?:\s|\sof\s|-|)(?:{MONTH}))"
)
_WEEKDAY_ALONE = re.compile(
    rf"{_BEGIN}(?:(?P<q>this|next|last|coming|past|previous|following)\s(?:coming\s)?)?(?P<w>{_FULL_WEEKDAY})"
    rf"(?:\s(?P<p>{_PART}))?(?![a-z])"
)
_SHORT_WEEKDAY_ALONE = re.compile(rf"{_BEGIN}(?P<w>{WEEKDAY})(?=\.?,?\s(?:at\s|from\s|[0-9])|\)|\s?-)")
_RELATIVE = re.compile(
    r"(?<![a-z])(?:(?P<q>(?:the\s)?day\safter\stomorrow)|(?P<r>today|tonight|tomorrow|yesterday)"
    rf"(?:\s(?P<p>{_PART}))?|this\s(?P<t>{_PART})|"
    r"(?:on\s)?(?:the\s|a\s)?(?P<n>following|next)\s(?P<n2>day|morning)|(?:on\s)?(?:the\s|that\s)"
    r"?(?P<s>same\s(?:day|date|night))|"
    r"(?:on\s)?(?:the\s)?(?P<b>(?:previous|preceding)\s(?:day|night|evening)|(?:day|night|evening)\sbefore)|"
    r"(?P<l>last\snight))(?![a-z])"
)
_BEHIND = re.compile(
    rf"(?:,?\s?\((?:a\s)?(?P<w>{WEEKDAY})\.?\)|,?\s(?P<v>{_FULL_WEEKDAY})(?!\s?,?\s?(?:the\s)"
    rf"?(?:[0-9]{{1,2}}(?!\s?[:.h]|\s?[ap]\.?m)|{MONTH})))"
)


def days_in(text: Text, masked: str) -> tuple[list[Day], str]:
    """Every day in the text, in order, and the text with them blanked out."""
    days: list[Day] = []
    for pattern, make in _FORMS:
        made = [day for match in pattern.finditer(masked) for day in make(match, text)]
        masked = blanked(masked, made, "\x00")
        days += made
    days.sort(key=lambda day: day.start)
    days, masked = _with_weekdays_behind(days, masked)
    return _with_shared_parts(days), masked


def _dated(match: re.Match[str], text: Text) -> list[Day]:
    """A day with its month in letters; `July 12-13` is two of them."""
    groups = match.groupdict()
    if not _is_month(match, text):
        return []
    month = _MONTHS.index(groups["m"][:3]) + 1
    year = _year(groups["y"] or groups["y2"])
    first = Day(match.start(), match.end(), _weekday(groups["w"]), _number(groups["d"]), month, year)
    if not groups.get("d2"):
        return [first]
    at = match.start("w2") if groups["w2"] else match.start("d2")
    second = replace(first, start=at, weekday=_weekday(groups["w2"]), day=_number(groups["d2"]))
    return [replace(first, end=match.end("d")), second]


def _is_month(match: re.Match[str], text: Text) -> bool:
    """`may`, `march` and `mar` are months in capitals, or with a year."""
    if match["m"] not in ("may", "march", "mar") or match["y"]:
        return True
    return text.plain[match.start("m")].isupper()


def _numbered(match: re.Match[str], _: Text) -> list[Day]:
    weekday = _weekday(match.groupdict().get("w"))
    return [Day(match.start(), match.end(), weekday, int(match["d"]), int(match["m"]), int(match["y"]))]


def _numeric(match: re.Match[str], _: Text) -> list[Day]:
    """A date in numbers. With dots the day is first; else what fits."""
    groups = match.groupdict()
    a, b, year = int(groups["a"]), int(groups["b"]), _year(groups.get("y"))
    plain = Day(match.start(), match.end(), _weekday(groups["w"]), a, b, year)
    dotted = "." in (groups.get("s") or "")
    if dotted or a > 12 or a == b:
        return [plain]
    if b > 12:
        return [replace(plain, day=b, month=a)]
    return [replace(plain, day=None, month=None, orders=((year, b, a), (year, a, b)))]


def _partial(match: re.Match[str], _: Text) -> list[Day]:
    """A day whose month stands elsewhere."""
    return [Day(match.start(), match.end(), _weekday(match.groupdict().get("w")), _number(match["d"]))]


def _lone_weekday(match: re.Match[str], text: Text) -> list[Day]:
    if len(match["w"]) < 6 and not text.plain[match.start("w")].isupper():
        return []
    groups = match.groupdict()
    which = {"coming": "this", "past": "last", "previous": "last", "following": "next"}
    said = groups.get("q") or ""
    part = groups.get("p") or ""
    return [Day(match.start(), match.end(), _weekday(match["w"]), which=which.get(said, said), part=part)]


def _said(match: re.Match[str], _: Text) -> list[Day]:
    """today, tonight, tomorrow, the following day, the same day."""
    groups = match.groupdict()
    word = groups["r"] or ""
    part = groups["p"] or groups["t"] or ("night" if word == "tonight" else "")
    if groups["q"]:
        word = "overmorrow"
    elif groups["n"]:
        word, part = "after", groups["n2"].replace("day", "")
    elif groups["s"] or groups["b"]:
        word = "same" if groups["s"] else "before"
    elif groups["l"]:
        word, part = "yesterday", "night"
    word = {"tonight": "today", "": "today"}.get(word, word)
    return [Day(match.start(), match.end(), relative=word, part=part)]


_FORMS = (
    (_ISO, _numbered),
    (_COMPACT, _numbered),
    (_NUMERIC, _numeric),
    (_DASHED, _dated),
    (_SHARED_MONTH, _partial),
    (_DAY_MONTH, _dated),
    (_MONTH_DAY, _dated),
    (_NUMERIC_NO_YEAR, _numeric),
    (_WEEKDAY_NUMBER, _partial),
    (_LONE_ORDINAL, _partial),
    (_RELATIVE, _said),
    (_WEEKDAY_ALONE, _lone_weekday),
    (_SHORT_WEEKDAY_ALONE, _lone_weekday),
)


def _with_weekdays_behind(days: list[Day], masked: str) -> tuple[list[Day], str]:
    """`23 May, Sunday`: the weekday belongs to the day before it."""
    kept: list[Day] = []
    for day in days:
        before = kept[-1] if kept else None
        lone = day.weekday is not None and day.day is None and not day.orders and not day.which
        if before and lone and before.weekday is None and before.is_date and _is_behind(before, day, masked):
            kept[-1] = replace(before, weekday=day.weekday, part=day.part, end=_closed(day.end, masked))
        else:
            kept.append(day)
    return kept, masked


def _is_behind(before: Day, day: Day, masked: str) -> bool:
    between = masked[before.end : day.start]
    if "(" in between:
        return between.strip(" ,(") == ""
    return between.strip(" ,") == "" and not re.match(r",?\s?\x00", masked[day.end : day.end + 3])


def _closed(end: int, masked: str) -> int:
    return end + 1 if masked[end : end + 1] == ")" else end


def _with_shared_parts(days: list[Day]) -> list[Day]:
    """A day without a month takes that of the next one that follows closely: `14th to Sunday 15th June 2025`."""
    filled: list[Day] = []
    following: Day | None = None
    for day in reversed(days):
        bare = day.day is not None and day.month is None and not day.orders
        if bare and following and following.month and following.start - day.end < 60 and _goes_on(day, following):
            day = replace(day, month=following.month, year=following.year)  # noqa: PLW2901
        if day.is_date:
            following = day
        filled.append(day)
    return filled[::-1]


def _goes_on(day: Day, following: Day) -> bool:
    return day.day is not None and following.day is not None and day.day < following.day


def _weekday(word: str | None) -> int | None:
    return _WEEKDAYS.index(word.strip()[:3]) if word else None


def _number(words: str) -> int:
    return int(re.match("[0-9]+", words)[0])  # type: ignore[index]  # the pattern begins with digits


def _year(digits: str | None) -> int | None:
    """Two digits are of this century up to 49, of the last one from 50 on."""
    if digits is None:
        return None
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)
