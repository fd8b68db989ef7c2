"""What one key of a record may contain: texts, ids, addresses, times and lengths, as pydantic validates them.

Some accept more from Python code than the record then holds: a text for a time, a list for a tuple. model.py and
parts.py define the keys; zones.py, what their times mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    WithJsonSchema,
)

from icms_calendar.findings import did_you_mean, fault, shown
from icms_calendar.record.colors import COLORS
from icms_calendar.record.zones import duration_text, parse_day, parse_duration, parse_when, zone_named

Status = Literal["tentative", "confirmed", "in-process", "completed", "cancelled"]
Impact = Literal["no-impact", "reduced-redundancy", "degraded", "outage"]  # worst last
ChannelState = Literal["unavailable", "queued", "rejected", "degraded", "unaffected"]

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,99}$"
ADDRESS_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,109}(/[a-z0-9][a-z0-9._-]{0,109})?$"  # an id, or two, and -reminders
# ASCII without blank " < > \ ^ ` { | }; brackets only after the host: no calendar is at a bare IPv6 address.
URL_PATTERN = r"^https?://[A-Za-z0-9][!$-.0-;=@-Z_a-z~]*([/?#][!#-;=?-\[\]_a-z~]*)?$"
A_URL = "an http or https address. Write https://… with other characters percent-encoded"
EMAIL_PATTERN = r"^[A-Za-z0-9.!#$%&'*+/=?_~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
DOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
DEFAULT_HORIZON = timedelta(days=400)
MAX_DOMAIN_CHARACTERS = 150
MAX_TITLE_CHARACTERS = 200
MAX_URL_CHARACTERS = 2000
MAX_UID_CHARACTERS = 255
MAX_SEQUENCE = 2**31 - 1
MAX_GIVEN_SEQUENCE = 2_000_000_000  # leaves room for the changes to come

_LINE_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")  # Unicode's own separators also break lines in some readers
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of characters


def _text(value: str) -> str:
    """Line breaks become LF; any other control character except TAB is an error (RFC 5545 3.1)."""
    if value.isprintable() and value and not value.isspace():
        return value
    if not value or value.isspace():
        raise fault("bad-text", reason="the text is empty. Leave the key out")
    value = _LINE_BREAKS.sub("\n", value)
    if match := _CONTROL.search(value):
        character = f"U+{ord(match[0]):04X}"
        raise fault("bad-text", reason=f"the text has the character {character}, which is not allowed. Remove it")
    return value


def _title(value: str) -> str:
    if len(value) > MAX_TITLE_CHARACTERS:
        told = f"{len(value)} characters; at most {MAX_TITLE_CHARACTERS}"
        raise fault("bad-text", reason=f"the title has {told}. Move the rest to description")
    return _line(value)


def _line(value: str) -> str:
    """A text that appears in a title: calcurse drops an event whose SUMMARY has a line break."""
    line = _text(value)
    if "\n" in line:
        remedy = "Write it on one line; put what is more than a title in description"
        raise fault("bad-text", reason=f"{shown(value)} has a line break. {remedy}")
    return line


def _uid(value: str) -> str:
    reason = ""
    if not value or len(value) > MAX_UID_CHARACTERS:
        reason = f"it has {len(value)} characters"
    elif "/" in value:
        reason = "a slash breaks Nextcloud, Radicale and vdirsyncer"
    elif not value.isprintable() or value != value.strip():
        reason = "it has invisible characters"
    if reason:
        raise fault("wrong-type", read=shown(value), expected=f"a usable UID: {reason}")
    return value


def _color(value: str) -> str:
    if value not in COLORS:
        raise fault("unknown-value", read=shown(value), field="color", hint=did_you_mean(value, COLORS))
    return value


def _flag(value: object) -> object:
    """true or false, as in JSON or in letters; 1 is a number."""
    words = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


def _whole_number(value: object) -> object:
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value) else value


def text_or_table(value: object) -> str:
    """Which form a value has: a text, or a table of keys."""
    return "(text)" if isinstance(value, str) else "(table)"


def optional(default: object, description: str, alias: str | None = None) -> Any:
    """A key that need not be given."""
    return Field(default, description=description, alias=alias)


Part = TypeVar("Part")
_Accepted = TypeVar("_Accepted")
_Held = TypeVar("_Held")


class Given(Generic[_Accepted, _Held]):
    """A key that accepts more forms than the record holds.

    Type checkers take it for a descriptor, and so for a parameter of the first type; pydantic sees only the second.
    """

    if TYPE_CHECKING:

        def __get__(self, record: object, kind: object) -> _Held: ...
        def __set__(self, record: object, value: _Accepted) -> None: ...

    else:

        def __class_getitem__(cls, types):
            return types[1]


_ONE_LINE = "^[^\n\r\u2028\u2029]*$"
_AS_WHEN = PlainSerializer(lambda when: when and when.isoformat(), when_used="json")
_When = Annotated[
    datetime | date,
    PlainValidator(lambda value, info: parse_when(value, info.field_name or "time")),
    WithJsonSchema({"type": "string", "examples": ["2025-07-13 04:00", "2025-07-13T04:00+03:00"]}),
    _AS_WHEN,
]
_Length = Annotated[
    timedelta,
    PlainValidator(lambda value, info: parse_duration(value, info.field_name or "duration")),
    WithJsonSchema({"type": "string", "examples": ["6h", "1h30m", "PT6H", "P1D"]}),
    PlainSerializer(duration_text, when_used="json"),
]
_ZoneName = Annotated[str, PlainValidator(lambda name: zone_named(name).name), WithJsonSchema({"type": "string"})]

Flag = Annotated[bool, BeforeValidator(_flag), Strict()]
_WHOLE = BeforeValidator(_whole_number)
_AS_MANY = BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
GivenSequence = Annotated[int, Field(ge=0, le=MAX_GIVEN_SEQUENCE), _WHOLE, Strict()]
Count = Annotated[int, Field(ge=1, le=5000), _WHOLE, Strict()]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Uid = Annotated[str, AfterValidator(_uid)]
Address = Annotated[str, StringConstraints(pattern=ADDRESS_PATTERN)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=MAX_URL_CHARACTERS)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)]
Domain = Annotated[str, StringConstraints(pattern=DOMAIN_PATTERN, max_length=MAX_DOMAIN_CHARACTERS)]
Text = Annotated[str, AfterValidator(_text)]
Line = Annotated[str, AfterValidator(_line), Field(json_schema_extra={"pattern": _ONE_LINE})]
Title = Annotated[
    str, AfterValidator(_title), Field(json_schema_extra={"maxLength": MAX_TITLE_CHARACTERS, "pattern": _ONE_LINE})
]
Color = Annotated[str, AfterValidator(_color)]
Day = Annotated[date, PlainValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"}), _AS_WHEN]

When = Given[date | str, _When]  # a datetime is also a date
WhenOrNone = Given[date | str | None, _When | None]
Length = Given[timedelta | str, _Length]
LengthOrNone = Given[timedelta | str | None, _Length | None]
Lengths = Given[Iterable[timedelta | str], tuple[_Length, ...]]
ZoneName = Given[str | tzinfo, _ZoneName]
ZoneNameOrNone = Given[str | tzinfo | None, _ZoneName | None]
Listed = Given[list[Part] | tuple[Part, ...], tuple[Part, ...]]
ListedOrNone = Given[list[Part] | tuple[Part, ...] | None, tuple[Part, ...] | None]
OneOrMany = Given[Part | list[Part] | tuple[Part, ...], Annotated[tuple[Part, ...], _AS_MANY]]
PartOrNone = Given[Part | dict[str, Any] | None, Part | None]
Parts = Given[Iterable[Part | dict[str, Any]], tuple[Part, ...]]
PartsOrNone = Given[Iterable[Part | dict[str, Any]] | None, tuple[Part, ...] | None]
NamedParts = Given[Iterable[Part | dict[str, Any] | str], tuple[Part, ...]]
NamedPartsOrNone = Given[Iterable[Part | dict[str, Any] | str] | None, tuple[Part, ...] | None]


def is_domain(text: str) -> bool:
    """Whether a text can be the domain of a calendar."""
    return len(text) <= MAX_DOMAIN_CHARACTERS and bool(re.fullmatch(DOMAIN_PATTERN, text))


def is_url(text: str) -> bool:
    """Whether a text can be an address in a record."""
    return len(text) <= MAX_URL_CHARACTERS and bool(re.fullmatch(URL_PATTERN, text))
