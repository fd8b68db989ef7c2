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
Which calendar day it is follows from the whole notice, as the methods of `Dates` say; what does not follow is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from icms_calendar.notice.reading import Question, asked
from icms_calendar.notice.text import Day, Term, Text, blanked

DAY = timedelta(days=1)
YEARS = range(1900, 2200)  # in which a notice can be
MAX_OTHER_DATES = 40  # dates of one notice that are compared with a day
_BESIDE = ("same", "after", "before")
_STEPS = {"same": 0, "after": 1, "before": -1, "today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
_HALF_A_YEAR, _NEAR, _FAR = timedelta(days=182), timedelta(days=60), timedelta(days=550)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENDING = " stndrh"  # the letters of 1st, 2nd, 3rd, 4th
_WEEKDAYS = {name[:3].lower(): number for number, name in enumerate(_NAMES)}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?![a-z])"
_PART = r"(?:morning|afternoon|evening|night)(?![a-z])"
_NUMBER = r"(?:0?[1-9]|[12][0-9]|[3-9][0-9])(?![0-9])"
_ORDINAL = rf"{_NUMBER}(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
# What does not follow a day, but an hour.
_NO_TIME = r"(?!\s?(?:[:.h]\s?[0-9]|(?:[ap](?:\.?\s?m)?|h(?:ou)?rs?|min)(?![a-z])|o'?clock|minutes|days|weeks|%))"
_YEAR = r"(?:(?:19|20)[0-9]{2})(?![0-9]|\s?(?:hrs?|hours|h|z|utc|gmt)(?![a-z])|[-:.][0-9])"
_THEN_YEAR = (
    rf"(?:(?:,\s?|\s|\sof\s|-|/|\.\s?|\s?\(\s?)(?P<y>{_YEAR})\)?|"
    r"(?:\s?'|(?(dash)-|(?!)))(?P<y2>[0-9]{2})(?![0-9:]|[.-][0-9]))?"
)
_JOIN = r"\s?(?:-|to|and|&|/|until|till|through|or|then|plus|as\swell\sas)\s?(?:the\s)?"
_LEAD = rf"(?:(?P<w>{WEEKDAY})\.?(?:\s?,|\s?-|\s?\(|)\s?(?:the\s)?)?"
_BEGIN = r"(?<![0-9a-z.$])(?<![0-9]:)(?<![0-9a-z][-/])"

_OF = r"(?:(?P<dash>-)|[.,]?\s|\.|\s(?:day\s)?of\s|)"
_DAY_MONTH = re.compile(rf"{_BEGIN}{_LEAD}(?P<d>{_ORDINAL}){_OF}(?P<m>{MONTH})\.?{_THEN_YEAR}\)?")
_MONTH_DAY = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<m>{MONTH})(?:\.?\s|(?P<dash>-)|\.|(?(w),\s|)|)(?:the\s)?(?P<d>{_ORDINAL}){_NO_TIME}"
    rf"(?:{_JOIN}(?P<to>(?P<w2>{WEEKDAY}\s)?(?P<d2>{_ORDINAL})){_NO_TIME}(?!\s?(?:{MONTH}|-[0-9]|/)))?{_THEN_YEAR}"
)
_ISO = re.compile(
    rf"{_BEGIN}{_LEAD}(?P<y>(?:19|20)[0-9]{{2}})(?P<s>[-/.]|(?=[0-9]{{4}}t[0-9]{{4}}))(?P<m>[0-9]{{1,2}})(?P=s)"
    r"(?P<d>[0-9]{1,2})(?![0-9])"
)
_NUMERIC = re.compile(
    rf"(?<![0-9./-])(?<![0-9]:){_LEAD}(?P<a>[0-9]{{1,2}})(?P<s>\s?[./-]\s?)(?P<b>[0-9]{{1,2}})(?P=s)(?P<y>[0-9]{{4}}|"
    r"[0-9]{2})(?![0-9]|[./:-][0-9])"
)
_NO_YEAR = re.compile(rf"(?:(?P<w>{WEEKDAY})[,.\s(]{{0,3}}|\bon\s)(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})(?![0-9/])\)?")
_SHARED = re.compile(
    rf"(?<![0-9a-z./:$-])(?:(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?)?(?P<d>{_ORDINAL})"
    rf"(?=(?:(?:{_JOIN}|,\s?(?:and\s)?)(?:{WEEKDAY}\.?,?\s(?:the\s)?)?{_ORDINAL}){{1,6}}+(?:\s|\sof\s|-|){MONTH}|"
    rf"(?:,\s?{_ORDINAL}){{0,5}}\s?(?:and|&)\s?\x00)"
)
_MORE = re.compile(  # of a list, behind the first: July 6, 13 and 20, 2025
    rf"(?<=\x00)(?P<more>(?:(?:,\s?(?:and\s|&\s)?|\s(?:and|&)\s){_ORDINAL}{_NO_TIME}){{1,6}})(?:,?\s(?P<y>{_YEAR}))?"
    r"(?=\s(?:from|at|between|starting|each|every|for)\b|\s?[(;\n|]|[.,](?:\s|\Z)|\Z)"
)
_NUMBER_ALONE = re.compile(
    rf"{_BEGIN}(?:(?P<w>{WEEKDAY})\.?,?\s(?:the\s)?(?!12\s?(?:noon|mid)))?(?P<d>{_ORDINAL})"
    rf"(?(w){_NO_TIME}(?![/.-][0-9])|(?<=[a-z]))"
)
_WEEKDAY_ALONE = re.compile(
    rf"(?<![0-9a-z.:$])(?<![0-9][-/])(?:(?:(?P<this>this|coming)|(?P<next>next|following)|(?P<last>last|past|"
    rf"previous))\s(?:coming\s)?)?(?P<w>{WEEKDAY})(?:(?<=day)(?:\s{_PART})?|(?=\.?,?\s(?:at\s|from\s|[0-9])|\)|\s?-))"
)
_RELATIVE = re.compile(  # each group has the name of what it means
    rf"(?<![a-z])(?:today|tonight|this(?=\s{_PART})|(?P<tomorrow>tomorrow)|(?P<yesterday>yesterday|last(?=\snight))|"
    r"(?P<overmorrow>(?:the\s)?day\safter\stomorrow)|(?:on\s)?(?:(?:the\s|that\s)?(?P<same>same\s(?:day|date|night))|"
    r"(?:the\s|a\s)?(?P<after>(?:following|next)\s(?:day|morning))|(?:the\s)?(?P<before>(?:previous|preceding)\s"
    rf"(?:day|night|evening)|(?:day|night|evening)\sbefore)))(?:\s{_PART})?(?![a-z])"
)
# In this order.
_FORMS = (_ISO, _NUMERIC, _SHARED, _DAY_MONTH, _MONTH_DAY, _MORE, _NO_YEAR, _NUMBER_ALONE, _RELATIVE, _WEEKDAY_ALONE)


def days_in(text: Text, masked: str) -> tuple[list[Day], str]:
    """Every day in the text, in order, and the text with them blanked out."""
    days: list[Day] = []
    makers = {"more": _more, "a": _numeric, "d": _dated}  # by a group that a form has
    for pattern in _FORMS:
        make = next((make for group, make in makers.items() if group in pattern.groupindex), _undated)
        made = [day for match in pattern.finditer(masked) for day in make(match, text)]
        masked = blanked(masked, made, "\x00")
        days += made
    following: Day | None = None
    for i, day in sorted(enumerate(days), key=lambda one: one[1].start, reverse=True):
        bare = day.day is not None and day.month is None
        if bare and following and following.day and following.start - day.end < 60 and (day.day or 0) < following.day:
            days[i] = replace(day, month=following.month, year=following.year)  # 14th to Sunday 15th June 2025
        following = days[i] if days[i].is_date else following
    return sorted(days, key=lambda day: day.start), masked


def _dated(match: re.Match[str], text: Text) -> list[Day]:
    """A day of a month, or of one named elsewhere; `July 12-13` is two. `may` and `march` need a capital or a year."""
    said = match.groupdict("")
    month, year = said.get("m", ""), said.get("y") or said.get("y2", "")
    if month in ("may", "march", "mar") and not year and not text.plain[match.start("m")].isupper():
        return []
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1 if month else None
    first = Day(*match.span(), _WEEKDAYS.get(said["w"][:3]), int(said["d"].rstrip(_ENDING)), number, _year(year))
    if not said.get("to"):
        return [first]
    weekday, day = _WEEKDAYS.get(said["w2"][:3]), int(said["d2"].rstrip(_ENDING))
    return [replace(first, end=match.end("d")), replace(first, start=match.start("to"), weekday=weekday, day=day)]


def _numeric(match: re.Match[str], _: Text) -> list[Day]:
    """A date in numbers. With dots the day is first; else what fits."""
    said = match.groupdict("")
    a, b, year = int(said["a"]), int(said["b"]), _year(said.get("y", ""))
    plain = Day(*match.span(), _WEEKDAYS.get(said["w"][:3]), a, b, year)
    if "." in said.get("s", "") or a > 12 or a == b:
        return [replace(plain, order=None if a == b else 0)]
    if b > 12:
        return [replace(plain, day=b, month=a, order=1)]
    return [replace(plain, day=None, month=None, orders=((year, b, a), (year, a, b)))]


def _more(match: re.Match[str], text: Text) -> list[Day]:
    """The further days of a list, in the month of the first."""
    months = re.findall(MONTH, text.low[max(0, match.start() - 20) : match.start()])
    month, year = _MONTHS.index(months[-1][:3]) + 1 if months else None, _year(match["y"] or "")
    found = re.compile(r"[0-9]+[a-z]*").finditer(text.low, *match.span("more")) if months else ()
    return [Day(*one.span(), None, int(one[0].rstrip(_ENDING)), month, year) for one in found]


def _undated(match: re.Match[str], text: Text) -> list[Day]:
    """A weekday alone, today, the following day. In three letters a weekday has a capital: `sat` is a word."""
    said, part = match.groupdict(""), re.search(_PART, match[0])
    weekday = said.pop("w", "")
    if weekday and not weekday.endswith("day") and not text.plain[match.start("w")].isupper():
        return []
    name = next((name for name, words in said.items() if words), "")
    day = Day(*match.span(), _WEEKDAYS.get(weekday[:3]), part=part[0] if part else "")
    return [replace(day, which=name) if weekday else replace(day, relative=name or "today")]


def _year(digits: str) -> int | None:
    """Two digits are of this century up to 49, of the last one from 50 on."""
    century = "" if len(digits) != 2 else "20" if digits < "50" else "19"
    return int(century + digits) if digits else None


@dataclass(frozen=True, slots=True)
class Dated:
    """The date of a day, if there is one; what it was inferred from; and what must be asked."""

    date: date | None
    inferred: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Dates:
    """What helps to date a day: the other days of the text, the publication, and the day of reading."""

    text: Text
    days: tuple[Day, ...]
    published: date | None
    issued: tuple[date, ...] = ()
    today: date | None = None

    def of(self, days: Sequence[Day], beside: date | None = None, years: Sequence[Day] = ()) -> Dated:
        """The date that a day has by all its names, of which the fullest counts.

        `beside` is the day that `same` and `after` refer to; `years` are the days of the same pair.
        """
        fullest, *others = sorted(days, key=lambda day: (not day.is_date, not day.year, day.relative in ("", *_BESIDE)))
        lone = next((day for day in others if day.weekday is not None and not day.is_date), None)
        if lone and fullest.is_date and fullest.weekday is None:  # 23 May, Sunday
            fullest = replace(fullest, weekday=lone.weekday, end=max(fullest.end, lone.end))
        first = self._one(fullest, beside, years)
        weekdays = {fullest.weekday, first.date and first.date.weekday()} - {None}
        for day in others:
            other = self._one(day, beside, years)
            again = day.day is None and day.weekday in weekdays
            guessed = not day.is_date and (again or other.questions)
            if first.date and other.date != first.date and not guessed:
                term = Term(min(d.start for d in days), max(d.end for d in days))
                return self.asking(first, "date-conflict", term, first=first.date, second=other.date)
        return first

    def each(self, days: Sequence[Sequence[Day]]) -> list[Dated]:
        """The dates of the days of a range or a list; each of them can refer to the first."""
        every = [day for names in days for day in names]
        first = self.of(days[0], None, every)
        return [first, *(self.of(names, first.date, every) for names in days[1:])]

    @cached_property
    def full(self) -> tuple[date, ...]:
        """The dates that the text states with their year."""
        dates = (calendar_day(day.year, day.month, day.day) for day in self.days)
        return tuple(dict.fromkeys(one for one in dates if one))[:MAX_OTHER_DATES]

    @cached_property
    def named(self) -> tuple[tuple[int, int, int | None], ...]:
        """The month, the day and the order of each date of the text."""
        return tuple(dict.fromkeys((day.month, day.day, day.order) for day in self.days if day.month and day.day))

    @cached_property
    def known(self) -> frozenset[date]:
        """The dates that the text states, or that follow from it."""
        near = (self._dated(Day(0, 0, day=day, month=month)) for month, day, _ in self.named[:MAX_OTHER_DATES])
        return frozenset(self.full).union(dated.date for dated in near if dated.date)

    def _one(self, day: Day, beside: date | None, years: Sequence[Day]) -> Dated:
        if day.orders:
            return self._numeric(day)
        if day.relative:
            return self._relative(day, beside)
        if day.day is None:
            return self._by_weekday(day, beside)
        return self._in_some_month(day) if day.month is None else self._dated(day, years)

    def asking(self, dated: Dated, name: str, term: Term, **read: object) -> Dated:
        """The same date with one more question."""
        return replace(dated, questions=(*dated.questions, asked(name, self.text, term, here=dated.date, **read)))

    def _dated(self, day: Day, years: Sequence[Day] = ()) -> Dated:
        """A day of a month: its year, as the grammar says; its weekday must be right."""
        found = calendar_day(day.year or 2024, day.month, day.day)
        if found is None:
            return self.asking(Dated(None), "invalid-date", day)
        dated = Dated(found) if day.year else self._with_year(day, years)
        found = dated.date
        if found and day.weekday not in (None, found.weekday()):
            dated = self.asking(dated, "weekday-mismatch", day, date=found, weekday=_NAMES[found.weekday()])
        if found and day.year and self.published and abs(found - self.published) > _FAR:
            dated = self.asking(dated, "year-conflict", day)
        return dated

    def _with_year(self, day: Day, years: Sequence[Day]) -> Dated:
        """The date of a day that is nearest to one whose year is known; else to the day of reading, with a question."""
        month, number = day.month or 0, day.day or 0
        same = [one for one in self.full if (one.month, one.day) == (month, number)]
        pair = [one for d in years if (one := calendar_day(d.year, d.month or month, d.day or 1))]
        for how, dates, reach in (
            ("the same day elsewhere in the notice", same, DAY),
            ("the other day of the pair", pair, _HALF_A_YEAR),
            (f"nearest to the publication, {self.published}", [self.published] if self.published else [], _HALF_A_YEAR),
            ("nearest to the other date in the notice", self.issued, _HALF_A_YEAR),
            ("nearest to the other date in the notice", self.full, _NEAR),
        ):
            near = {nearest(month, number, one, reach) for one in dates}
            if len(near) == 1 and (found := near.pop()):
                return Dated(found, (f"year: {how}",))
        likeliest = self.today and nearest(month, number, self.today, timedelta.max, day.weekday)
        return self.asking(Dated(likeliest, ("year: the likeliest",)), "year-missing", day)

    def _numeric(self, day: Day) -> Dated:
        """A numeric date that fits both orders: the one that something in the notice leaves over."""
        possible = [self._dated(replace(day, orders=(), year=y, month=m, day=d)) for y, m, d in day.orders]
        known = {dated.date: dated for dated in possible if dated.date}
        if not known:
            return possible[0]
        stated = {(month, number) for month, number, _ in self.named}
        like_others = [possible[order].date for order in {order for *_, order in self.named if order is not None}]
        since, issue = self.published or date.max - _HALF_A_YEAR, self.published and self.published.timetuple()[:3]
        issued = {at for one in self.days for at, parts in enumerate(one.orders) if parts == issue}
        for how, left in (
            ("the weekday", [one for one in known if one.weekday() == day.weekday]),
            ("another date of the notice", like_others),
            ("that of the date of issue", [possible[at].date for at in issued]),
            ("another date of the notice", [one for one in known if (one.month, one.day) in stated]),
            ("only one follows the publication", [one for one in known if -DAY <= one - since <= _HALF_A_YEAR]),
        ):
            if len(left) == 1 and (found := left[0]):
                return replace(known[found], inferred=(*known[found].inferred, f"order of day and month: {how}"))
        first, *others = known
        return self.asking(known[first], "numeric-date", day, first=first, second=others[0] if others else first)

    def _relative(self, day: Day, beside: date | None) -> Dated:
        """today, tomorrow: from the publication on; the next day, the same day: from the start on."""
        reference, how, sure = self._since(beside, day.relative in _BESIDE)
        dated = Dated(reference + _STEPS[day.relative] * DAY if reference else None, (how,))
        return dated if sure and reference else self.asking(dated, "relative-date", day)

    def _by_weekday(self, day: Day, beside: date | None) -> Dated:
        """A weekday alone: behind a start the next one; else the day of the text that falls on it, or the next one."""
        named = {one for one in self.known if one.weekday() == day.weekday}
        if beside is None and len(named) == 1 and day.which in ("", "this"):
            return Dated(named.pop(), ("the date elsewhere in the notice",))
        reference, how, _ = self._since(beside, beside is not None)
        step = ((day.weekday or 0) - reference.weekday()) % 7 if reference else 0
        if beside is not None:
            sure = step <= 3 or bool(day.which)
        else:
            sure = bool(self.published) and day.which != "next" and len(named) < 2 and step != 0
            step -= 7 if day.which == "last" else 0
        dated = Dated(reference + step * DAY if reference else None, (how,))
        return dated if sure else self.asking(dated, "weekday-only-date", day)

    def _in_some_month(self, day: Day) -> Dated:
        """A number without a month: in the only month of the text; else the next such day, on its weekday if named."""
        months = {(one.year, one.month) for one in self.full if one not in self.issued}
        only = calendar_day(*months.pop(), day.day) if len(months) == 1 else None
        if only and day.weekday in (None, only.weekday()):
            return Dated(only, ("month: that of the other date in the notice",))
        reference, _, _ = self._since(None, False)
        fits = [one for step in range(-3, 62) if reference and (one := reference + step * DAY).day == day.day]
        found = only or min(fits, key=lambda one: one.weekday() != day.weekday, default=None)
        return self.asking(Dated(found), "month-missing", day)

    def _since(self, beside: date | None, is_beside: bool) -> tuple[date | None, str, bool]:
        """The day that words count from: the start, the publication, or the day of reading, which is not certain."""
        if is_beside:
            return beside, "the day of the start", True
        stated = self.published or (self.issued[0] if len(self.issued) == 1 else None)
        return stated or self.today, f"the publication, {stated}" if stated else "the day of reading", bool(stated)


def calendar_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """The day, or None if a part is missing, it does not exist, 29 February 2025, or is in no year of a notice."""
    try:
        return date(year or 0, month or 0, day or 0) if year in YEARS else None
    except ValueError:
        return None


def nearest(month: int, number: int, to: date, reach: timedelta, weekday: int | None = None) -> date | None:
    """The day of this month and number that is nearest to another day and at most `reach` away, on its weekday."""
    near = (calendar_day(to.year + years, month, number) for years in range(-6, 7))
    fits = [one for one in near if one and abs(one - to) <= reach and weekday in (None, one.weekday())]
    return min(fits, key=lambda one: abs(one - to), default=None)
