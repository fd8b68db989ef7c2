"""The parts of a record: systems, services, feeds and rules of repetition (pydantic, frozen).

What one key may hold is decided in fields.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from icms_calendar.findings import CalendarError
from icms_calendar.record.fields import (
    Count,
    Day,
    Email,
    GivenSequence,
    Id,
    Impact,
    LengthOrNone,
    Line,
    Listed,
    NamedParts,
    OneOrMany,
    PartOrNone,
    Parts,
    Status,
    Text,
    Title,
    Url,
    WhenOrNone,
    optional,
)
from icms_calendar.record.rrule import parse_rule
from icms_calendar.record.select import Wanted, words
from icms_calendar.record.validation import findings_of

AN_ID = "A permanent identifier: `a-z 0-9 . _ -`, at most 100 characters"

Kind = TypeVar("Kind", bound=BaseModel)


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
        return {name: words(value) for name, value in self if name not in ("id", "name")}
