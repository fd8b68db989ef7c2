"""What records are made of: the values that a key may have, as pydantic validates them, and the parts below a record.

Some keys accept more from Python code than the record then holds: a text for a time, a list for a tuple. zones.py
decides what times mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    Tag,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from icms_calendar.findings import CalendarError, did_you_mean, fault, shown
from icms_calendar.record.colors import COLORS
from icms_calendar.record.rrule import parse_rule
from icms_calendar.record.validation import (
    ADDRESS_PATTERN,
    DOMAIN_PATTERN,
    EMAIL_PATTERN,
    ID_PATTERN,
    MAX_DOMAIN_CHARACTERS,
    MAX_URL_CHARACTERS,
    URL_PATTERN,
    findings_of,
)
from icms_calendar.record.zones import duration_text, parse_day, parse_duration, parse_when, zone_named

if TYPE_CHECKING:
    from icms_calendar.record.select import Wanted

Status = Literal["tentative", "confirmed", "in-process", "completed", "cancelled"]
Impact = Literal["no-impact", "reduced-redundancy", "degraded", "outage"]  # worst last
ChannelState = Literal["unavailable", "queued", "rejected", "degraded", "unaffected"]

AN_ID = "A permanent identifier: `a-z 0-9 . _ -`, at most 100 characters"
DEFAULT_HORIZON = timedelta(days=400)
MAX_TITLE_CHARACTERS = 200
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


def optional(default: object, description: str, alias: str | None = None) -> Any:
    """A key that need not be given."""
    return Field(default, description=description, alias=alias)


Kind = TypeVar("Kind", bound=BaseModel)
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


class Record(BaseModel):
    """Frozen and strict: an unknown key is an error. Everything wrong with a record is one CalendarError."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=True)

    if not TYPE_CHECKING:  # type checkers see the keys of each kind of record

        def __init__(self, /, **given: object) -> None:
            try:
                super().__init__(**given)
            except ValidationError as error:
                raise CalendarError(findings_of(error, type(self))) from None

        __init__.__pydantic_base_init__ = True  # nothing to call for a record within another: pydantic stays fast

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002
        """A copy with other values, checked like a new record. `deep` changes nothing: values are frozen."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return type(self)(**{**given, **(update or {})})

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        """The fields that were set."""
        return ((name, value) for name, value in super().__repr_args__() if name in self.model_fields_set)

    def __hash__(self) -> int:
        values = (getattr(self, name) for name in type(self).model_fields)
        return hash(tuple(frozenset(value.items()) if isinstance(value, dict) else value for value in values))


def with_values(record: Kind, values: Mapping[str, object]) -> Kind:
    """The record with other values that are known to be right: nothing is checked."""
    return BaseModel.model_copy(record, update=values)


class Operator(Record):
    """Who runs a system."""

    name: Text = Field(description="The operator's name")
    url: Url | None = optional(None, "The operator's website")


class Publisher(Record):
    """Who keeps this calendar; the e-mail address becomes the events' ORGANIZER."""

    name: Text = Field(description="The publisher's name")
    email: Email | None = optional(None, "The organizer's address in every event")
    url: Url | None = optional(None, "The publisher's website")


class _Named(Record):
    """A thing with an id and a name; where the id says it all, the id alone, or a bare string."""

    id: Id = Field(description=f"{AN_ID}. It is an address that people subscribe to")
    name: Text = Field(default_factory=lambda given: given.get("id", ""), description="Its name")

    @model_validator(mode="before")
    @classmethod
    def _bare_id(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value


class Service(_Named):
    """A part of a system that people know by a name of its own."""


class System(_Named):
    """A system whose maintenance is announced, with its services; `short` is its name in titles."""

    name: Line = Field(default_factory=lambda given: given.get("id", ""), description="Its full name")
    short: Line | None = optional(None, "Its name in titles")
    operator: PartOrNone[Operator] = optional(None, "Who runs it")
    services: NamedParts[Service] = optional((), "The parts that people know by their own names")

    @property
    def title(self) -> str:
        return self.short or self.name

    @cached_property
    def services_by_name(self) -> dict[str, Service]:
        """Its services by their ids, alone and after its own: `sea-manifest`, `icms/sea-manifest`."""
        alone = {service.id: service for service in reversed(self.services)}
        return {f"{self.id}/{id_}": service for id_, service in alone.items()} | alone


class AffectedService(Record):
    """A service of a window with an impact of its own."""

    id: str = Field(description="The id of the service")
    impact: Impact | None = optional(None, "Its own impact; default: that of the window")


ServiceOrId = Annotated[
    Annotated[str, Tag("(text)")] | Annotated[AffectedService, Tag("(table)")],
    Discriminator(lambda value: "(text)" if isinstance(value, str) else "(table)"),
]


class MaintnoteObject(Record):
    """An object as a maintenance notification named it."""

    id: Text = Field(description="The object as the notification named it")
    impact: Impact | None = optional(None, "Its impact")


class Maintnote(Record):
    """What an imported maintenance notification said, where it differs from what we would write (BCOP)."""

    provider: Text | None = optional(None, "X-MAINTNOTE-PROVIDER")
    account: Text | None = optional(None, "X-MAINTNOTE-ACCOUNT")
    id: Text | None = optional(None, "X-MAINTNOTE-MAINTENANCE-ID")
    objects: Parts[MaintnoteObject] = optional((), "X-MAINTNOTE-OBJECT-ID and its impact")


class GivenRevision(Record):
    """A history taken over from elsewhere: the SEQUENCE, and when the window last changed."""

    sequence: GivenSequence = optional(0, "The SEQUENCE that people have")
    updated: WhenOrNone = optional(None, "When the event last changed")


class RepeatChange(Record):
    """One occurrence of a repeating window, named by its day (`on`): moved, cancelled, or with other texts."""

    on: Day = Field(description="The day that the rule gives")
    start: WhenOrNone = optional(None, "When it starts, if not as the rule says: written like a window's `start`")
    end: WhenOrNone = optional(None, "When it ends. With `all_day`, the last day")
    duration: LengthOrNone = optional(None, "Elapsed time instead of `end`")
    status: Status = optional("confirmed", "The status of this occurrence; `cancelled` calls it off")
    impact: Impact = optional("outage", "The impact of this occurrence")
    title: Title | None = optional(None, "What people see in their calendar for this occurrence")
    description: Text | None = optional(None, "Details of this occurrence")
    reason: Text | None = optional(None, "Why this occurrence takes place, or differs")
    fallback: Text | None = optional(None, "What people can do during this occurrence")
    notice: Text | None = optional(None, "The operator's own words about this occurrence")
    source: Url | None = optional(None, "Where this occurrence was announced: an http(s) address")


class Repeat(Record):
    """How a window repeats: a rule of RFC 5545 on its zone's wall clock, until a last day or for a count."""

    model_config = ConfigDict(populate_by_name=True)

    rule: Annotated[
        str, PlainValidator(parse_rule), WithJsonSchema({"type": "string", "examples": ["FREQ=MONTHLY;BYDAY=2SU"]})
    ] = Field(
        description="A rule of RFC 5545 on the zone's clock, with at most one occurrence a day: "
        "`FREQ=MONTHLY;BYDAY=2SU`"
    )
    until: WhenOrNone = optional(None, "The last day on which it can take place")
    count: Count | None = optional(None, "How often it takes place. Without `until` and `count` it repeats for ever")
    excluded: Listed[Day] = optional((), "Days on which it does not take place", alias="except")
    changes: Parts[RepeatChange] = optional((), "Occurrences that differ from the rule")


class FeedSpec(Record):
    """A feed of one's own beside those of all windows, each system and each service: every filter must match."""

    id: Id = Field(description=f"{AN_ID}. The feed is `id.ics`, an address that people subscribe to")
    name: Text = Field(description="The name of the feed, as subscribers see it")
    system: OneOrMany[str] = optional((), "Only windows of these systems")
    service: OneOrMany[str] = optional((), "Only windows that affect these services")
    impact: OneOrMany[Impact] = optional((), "Only windows of these impacts")
    tag: OneOrMany[str] = optional((), "Only windows with one of these tags")
    audience: OneOrMany[str] = optional((), "Only windows for one of these audiences")
    status: OneOrMany[Status] = optional((), "Only windows of these statuses")

    @property
    def wanted(self) -> Wanted:
        """Its filters."""
        return {name: frozenset(value) for name, value in self if name not in ("id", "name")}
