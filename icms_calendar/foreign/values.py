"""The value of a content line, judged by itself: its type, its form, its escapes (RFC 5545 3.3 and 3.8).

What it means beside other lines of its component is decided in lint.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from icms_calendar.findings import shown
from icms_calendar.foreign.faults import Faults, LeftOutError
from icms_calendar.foreign.lines import ContentLine
from icms_calendar.record.checks import IMPACTS, STATUSES
from icms_calendar.record.colors import COLORS
from icms_calendar.record.rrule import objection_to


@dataclass(frozen=True, slots=True)
class Moment:
    """A DATE or DATE-TIME as it is written: a day, an instant in UTC, or a time on some clock."""

    kind: Literal["date", "utc", "local"]
    wall: datetime  # naive; of a day, its midnight


@lru_cache(maxsize=8192)
def moment_of(value: bytes) -> Moment | None:
    """RFC 5545 3.3.4 and 3.3.5; None if it is neither, or its day is not in the calendar."""
    form = _MOMENT.fullmatch(value)
    if form is None:
        return None
    day, hour, minute, second, mark = form.groups()
    try:
        wall = datetime(int(day[:4]), int(day[4:6]), int(day[6:]))  # noqa: DTZ001 - a wall clock is naive
        if hour is None:
            return Moment("date", wall)
        second = min(int(second), 59)  # 60, a leap second, is allowed
        return Moment("utc" if mark else "local", wall.replace(hour=int(hour), minute=int(minute), second=second))
    except ValueError:
        return None


class Length(NamedTuple):
    """RFC 5545 3.3.6: days of the wall clock, and then elapsed time."""

    days: timedelta
    exact: timedelta


@lru_cache(maxsize=1024)
def length_of(value: bytes) -> Length | None:
    """RFC 5545 3.3.6: a duration, which may be negative; None for anything else."""
    form = _DURATION.fullmatch(value)
    if form is None or value.endswith((b"P", b"T")):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in form.groups()[1:])
    sign = -1 if form[1] == b"-" else 1
    nominal, exact = timedelta(weeks=weeks, days=days), timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Length(sign * nominal, sign * exact)


def duration_of(name: str, text: str) -> Length:
    """A length that is not negative, of the property of that name."""
    length = length_of(text.strip().upper().encode())
    if length is None or sum(length, timedelta(0)) < timedelta(0):
        raise LeftOutError(f"its {name} is not a length: {shown(text, 30)}")
    return length


_FARTHEST_OFFSET = timedelta(hours=16)
_Judge = Callable[[ContentLine, Faults], None]


@lru_cache(maxsize=1024)
def offset_of(value: bytes) -> timedelta | None:
    """RFC 5545 3.3.14: a UTC offset; None for anything else, and for one that no place has or had.

    The farthest were the mean times of Manila (-15:56) and Alaska (+15:02).
    """
    form = _OFFSET.fullmatch(value)
    if form is None:
        return None
    sign, hours, minutes, seconds = form.groups()
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if length >= _FARTHEST_OFFSET:
        return None
    return -length if sign == b"-" else length


def judge_value(line: ContentLine, faults: Faults, component: str = "VEVENT") -> None:
    """Report what is wrong with the value of a line in a component of that name."""
    if line.parameters is None or (component in _OF_ZONE and line.name in _READ_BY_THE_CLOCK):
        return
    judge_parameters(line, faults)
    judge = _JUDGES.get(line.name, _judge_name)
    if line.name == "STATUS":
        judge = _JUDGES_OF_OTHER_STATUS.get(component, judge)
    judge(line, faults)


def judge_parameters(line: ContentLine, faults: Faults) -> None:
    """Report an ENCODING of vCalendar 1.0, and a VALUE that is missing."""
    if (encoding := line.parameter("ENCODING")) and encoding.upper() not in ("8BIT", "BASE64"):
        name = f"the ENCODING of {line.name}"
        faults.say("unusable-value", line.place, name, name=name, read=shown(encoding), expected="the text in UTF-8")
    if (type_ := _NO_DEFAULT_TYPE.get(line.name)) and line.parameter("VALUE") is None:
        _say_wrong(line, f"{line.name};VALUE={type_}", faults, rule="unusable-value")


def word_of(line: ContentLine | None, faults: Faults) -> str | None:
    """A STATUS, impact or status of a notification, in small letters; None for another word, which is reported."""
    if line is None:
        return None
    form = _JUDGES_OF_WORDS[line.name]
    if form.fits(line):
        return line.text.strip().lower()
    form(line, faults)
    return None


def is_property(name: str) -> bool:
    """Whether a name, in capitals, is registered or begins with X-."""
    return name in _JUDGES or name in _OTHER_REGISTERED or name.startswith("X-")


def _judge_text(line: ContentLine, faults: Faults, *, separators: bytes = b";,") -> None:
    """RFC 5545 3.3.11: a backslash, a semicolon and a comma have one before them, a line break is \\n."""
    value = line.value
    if b"\\" in value and (at := _end_of(_BEFORE_BAD_ESCAPE, value)) < len(value):
        read = shown(value[at : at + 2].decode(errors="replace"))
        faults.say("bad-escape", partial(line.place_of_value, at), name=line.name, read=read)
    if any(one in value for one in separators) and (at := _end_of(_BEFORE[separators], value)) < len(value):
        faults.say("unescaped-text", partial(line.place_of_value, at), name=line.name, read=shown(chr(value[at])))


def _end_of(pattern: re.Pattern[bytes], value: bytes) -> int:
    """Where a pattern ends that matches any beginning, also an empty one."""
    match = pattern.match(value)
    return match.end() if match else 0


def _judge_times(line: ContentLine, faults: Faults) -> None:
    """One time, or of RDATE and EXDATE a list of them, or with VALUE=PERIOD of periods."""
    kind = (line.parameter("VALUE") or "").upper()
    at = 0
    for value in line.value.split(b",") if line.name in _LISTS else (line.value,):
        time = value.partition(b"/")[0] if kind == "PERIOD" else value
        if expected := _expected_time(time, line, is_date=kind == "DATE"):
            _say_wrong(line, expected, faults, read=time.decode(errors="replace"), at=at)
        at += len(value) + 1


def _expected_time(time: bytes, line: ContentLine, *, is_date: bool) -> str:
    """RFC 5545 3.2.19, 3.3.4, 3.3.5: what there must be in place of a time that is wrong."""
    moment = moment_of(time)
    if moment is None or (is_date and moment.kind != "date"):
        return "a day that exists, such as 20250713" if is_date else f"a time that exists, such as {_A_TIME}"
    if moment.kind == "date" and not is_date:
        return f"written as {line.name};VALUE=DATE:{time.decode()}"
    if moment.kind != "local" and line.parameter("TZID") is not None:
        return f"without a TZID, since it is {'a date' if is_date else 'in UTC'}"
    return ""


def _judge_rule(line: ContentLine, faults: Faults) -> None:
    # RFC 7529: the numbers of another calendar, such as a thirteenth month
    reason = None if b"RSCALE" in line.value.upper() else _objection(line.value)
    if reason is not None:
        faults.say("bad-rrule", line.place_of_value, read=shown(line.text), reason=reason)
    elif re.search(rb"FREQ=(?:SECOND|MINUTE|HOUR)LY|BYSETPOS|BYHOUR|BYMINUTE|BYSECOND|RSCALE|SKIP", line.value.upper()):
        faults.say("rrule-seldom-read", line.place_of_value, what=f"RRULE {shown(line.text)} has parts that")


@lru_cache(maxsize=1024)
def _objection(rule: bytes) -> str | None:
    return objection_to(rule.decode(errors="replace"))


@dataclass(frozen=True, slots=True)
class _Form:
    """A value that is right or wrong as a whole."""

    fits: Callable[[ContentLine], object]
    expected: str
    rule: str = "malformed-value"

    def __call__(self, line: ContentLine, faults: Faults) -> None:
        if not self.fits(line):
            _say_wrong(line, self.expected, faults, rule=self.rule)


def _one_of(*words: str, rule: str = "malformed-value") -> _Form:
    expected = f"{', '.join(words[:-1])} or {words[-1]}"
    return _Form(lambda line: line.text.strip().upper() in words, expected, rule)


def _is_uri(line: ContentLine) -> bool:
    return (line.parameter("VALUE") or "URI").upper() not in ("URI", "CAL-ADDRESS") or bool(_URI.fullmatch(line.value))


def _is_utc(line: ContentLine) -> bool:
    moment = moment_of(line.value)
    return moment is not None and moment.kind == "utc"


def _judge_maintnote_object(line: ContentLine, faults: Faults) -> None:
    _not_empty(line, faults)
    impact = line.parameter("X-MAINTNOTE-OBJECT-IMPACT")
    if impact is not None and impact.strip().upper() not in BCOP_IMPACTS:
        _say_wrong(line, _JUDGES_OF_WORDS["X-MAINTNOTE-IMPACT"].expected, faults, read=impact)


def _judge_name(line: ContentLine, faults: Faults) -> None:
    """RFC 5545 8.3.2: the name of a property is registered, or begins with X-."""
    if line.name in _OTHER_REGISTERED:
        return
    written = line.head.partition(b";")[0].decode()
    if not line.name.startswith("X-"):
        continued = "If it continues the line before, begin it with a blank"
        reason = f"is not registered. {continued}; if it is your own, write X-{line.name}"
    elif not written.isupper() or "_" in written:
        reason = f"has {'an underscore' if '_' in written else 'small letters'}. Write {line.name.replace('_', '-')}"
    else:
        return
    faults.say("odd-property-name", line.place, line.name, name=written, reason=reason)


def _say_wrong(
    line: ContentLine,
    expected: str,
    faults: Faults,
    *,
    read: str | None = None,
    rule: str = "malformed-value",
    at: int = 0,
) -> None:
    told = shown(line.text if read is None else read)
    faults.say(rule, lambda: line.place_of_value(at), line.name, name=line.name, read=told, expected=expected)


_MOMENT = re.compile(rb"([0-9]{8})(?:T([0-9]{2})([0-5][0-9])([0-5][0-9]|60)(Z?))?")
_DURATION = re.compile(  # of numbers that a timedelta can hold
    rb"([+-]?)P(?:([0-9]{1,8})W)?(?:([0-9]{1,8})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,8})S)?)?"
)
_OFFSET = re.compile(rb"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?")
_URI = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>\"]++")
_BEFORE_BAD_ESCAPE = re.compile(rb"[^\\]*+(?:\\[\\;,nN][^\\]*+)*+")
_BEFORE = {
    b";,": re.compile(rb"[^\\;,]*+(?:\\.?[^\\;,]*+)*+", re.DOTALL),
    b";": re.compile(rb"[^\\;]*+(?:\\.?[^\\;]*+)*+", re.DOTALL),
}
_OF_ZONE = frozenset({"STANDARD", "DAYLIGHT"})
_READ_BY_THE_CLOCK = frozenset({"RRULE", "DTSTART"})  # what a VTIMEZONE is worked out from (clocks.py)
# What a maintenance notification says (BCOP); the first three are any text.
MAINTNOTE = tuple(
    f"X-MAINTNOTE-{name}" for name in ("PROVIDER", "ACCOUNT", "MAINTENANCE-ID", "OBJECT-ID", "IMPACT", "STATUS")
)
BCOP_IMPACTS = tuple(impact.upper() for impact in IMPACTS)
_LISTS = ("RDATE", "EXDATE")
_A_TIME = "20250713T010000Z"
_NO_DEFAULT_TYPE = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "IMAGE": "URI", "CONFERENCE": "URI"}  # RFC 7986 5
# The BCOP's texts are not empty; a reader takes the word None for nothing.
_not_empty = _Form(lambda line: line.text.strip(" \t") not in ("", "None"), "a text that is not empty")
_integer = _Form(lambda line: re.fullmatch(rb"[+-]?[0-9]{1,10}", line.value), "a whole number")
_uri = _Form(_is_uri, "it in full, with https: or mailto: before it", "unusable-value")
_duration = _Form(
    lambda line: sum(length_of(line.value) or (), timedelta(0)) > timedelta(0),
    "a duration such as PT6H, longer than nothing",
)
_JUDGES_OF_WORDS = {
    "STATUS": _one_of("TENTATIVE", "CONFIRMED", "CANCELLED"),
    "X-MAINTNOTE-IMPACT": _one_of(*BCOP_IMPACTS),
    "X-MAINTNOTE-STATUS": _one_of(*(status.upper() for status in STATUSES)),
}
_JUDGES_OF_OTHER_STATUS = {
    "VTODO": _one_of("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"),
    "VJOURNAL": _one_of("DRAFT", "FINAL", "CANCELLED"),
}
_JUDGES: dict[str, _Judge] = {
    **dict.fromkeys(("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "TZNAME", "NAME"), _judge_text),
    **dict.fromkeys(("CATEGORIES", "RESOURCES"), partial(_judge_text, separators=b";")),  # a bare comma divides these
    **dict.fromkeys(("DTSTART", "DTEND", "DUE", "RECURRENCE-ID", *_LISTS), _judge_times),
    **dict.fromkeys(
        ("DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED"), _Form(_is_utc, f"a time in UTC, such as {_A_TIME}")
    ),
    **dict.fromkeys(("SEQUENCE", "PRIORITY", "REPEAT", "PERCENT-COMPLETE"), _integer),
    **dict.fromkeys(("URL", "ORGANIZER", "ATTENDEE", "ATTACH", "TZURL", "SOURCE", "IMAGE", "CONFERENCE"), _uri),
    **dict.fromkeys(("DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"), _duration),
    **dict.fromkeys(("PRODID", *MAINTNOTE[:3]), _not_empty),
    "VERSION": _Form(lambda line: line.text.strip() in ("2.0", "2.0;2.0"), "2.0"),
    **_JUDGES_OF_WORDS,
    "TRIGGER": _Form(
        lambda line: length_of(line.value) or _is_utc(line),
        "a duration such as -PT1H, or with VALUE=DATE-TIME a time in UTC",
    ),
    "RRULE": _judge_rule,
    "COLOR": _Form(
        lambda line: line.text.lower() in COLORS, "the name of a CSS3 colour, such as red", "unusable-value"
    ),
    "TRANSP": _one_of("OPAQUE", "TRANSPARENT"),
    "CLASS": _one_of("PUBLIC", "PRIVATE", "CONFIDENTIAL", rule="unusable-value"),
    "X-MAINTNOTE-OBJECT-ID": _judge_maintnote_object,
}
# The others that are registered (iana.org/assignments/icalendar): RFC 5545, 6638, 7808, 7953, 7986, 9073, 9074, 9253.
_OTHER_REGISTERED = frozenset(
    {
        *("CALSCALE", "METHOD", "GEO", "FREEBUSY", "TZID", "TZOFFSETFROM"),
        *("TZOFFSETTO", "RELATED-TO", "UID", "EXRULE", "ACTION", "REQUEST-STATUS", "XML", "TZUNTIL"),
        *("TZID-ALIAS-OF", "BUSYTYPE", "STYLED-DESCRIPTION", "LOCATION-TYPE", "PARTICIPANT-TYPE", "RESOURCE-TYPE"),
        *("STRUCTURED-DATA", "CALENDAR-ADDRESS", "ACKNOWLEDGED", "PROXIMITY", "CONCEPT", "LINK", "REFID"),
        *("SUBTYPE", "ESTIMATED-DURATION", "REASON", "POLL-MODE", "POLL-COMPLETION", "POLL-ITEM-ID"),
        *("POLL-PROPERTIES", "POLL-WINNER", "REPLY-URL", "RESPONSE", "VOTER", "SHOW-WITHOUT-TIME", "LOCALE"),
        *("PATCH-VERSION",),
    }
)
