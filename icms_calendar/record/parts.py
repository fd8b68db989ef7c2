"""The parts of a record: systems, services, feeds and rules of repetition (pydantic, frozen).

What one key may hold is decided in fields.py; what Python code may give for it, in keys.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar, Unpack

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from icms_calendar.findings import CalendarError
from icms_calendar.record.fields import (
    MAX_GIVEN_SEQUENCE,
    Day,
    Duration,
    Email,
    End,
    Id,
    Impact,
    Line,
    OneOrMany,
    OneOrManyImpacts,
    OneOrManyStatuses,
    Start,
    Status,
    Text,
    Title,
    Until,
    Updated,
    Url,
    WholeNumber,
)
from icms_calendar.record.rrule import parse_rule
from icms_calendar.record.select import Wanted, words
from icms_calendar.record.validation import findings_of

if TYPE_CHECKING:
    from icms_calendar.record import keys


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

    name: Text
    url: Url | None = None


class Publisher(Record):
    """Who keeps this calendar; the e-mail address becomes the events' ORGANIZER."""

    name: Text
    email: Email | None = None
    url: Url | None = None


class _Named(Record):
    """A thing with an id and a name; where the id says it all, the id alone, or a bare string."""

    id: Id
    name: Text

    @model_validator(mode="wrap")
    @classmethod
    def _named_by_its_id(cls, value: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        given = {"id": value} if isinstance(value, str) else value
        if not isinstance(given, dict) or "name" in given or "id" not in given:
            return validate(given)
        named = validate({**given, "name": given["id"]})
        named.model_fields_set.discard("name")
        return named


class Service(_Named):
    """A part of a system that people know by a name of its own."""

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.Named]) -> None: ...


class System(_Named):
    """A system whose maintenance is announced, with its services; `short` is its name in titles."""

    name: Line
    short: Line | None = None
    operator: Operator | None = None
    services: tuple[Service, ...] = ()

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.System]) -> None: ...

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

    id: str
    impact: Impact | None = None


class MaintnoteObject(Record):
    """An object as a maintenance notification named it."""

    id: Text
    impact: Impact | None = None


class Maintnote(Record):
    """What an imported maintenance notification said, where it differs from what we would write (BCOP)."""

    provider: Text | None = None
    account: Text | None = None
    id: Text | None = None
    objects: tuple[MaintnoteObject, ...] = ()

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.Maintnote]) -> None: ...


class GivenRevision(Record):
    """A history taken over from elsewhere: the SEQUENCE, and when the window last changed."""

    sequence: Annotated[WholeNumber, Field(ge=0, le=MAX_GIVEN_SEQUENCE)] = 0
    updated: Updated | None = None

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.GivenRevision]) -> None: ...


class RepeatChange(Record):
    """One occurrence of a repeating window, named by its day (`on`): moved, cancelled, or with other texts."""

    on: Day
    start: Start | None = None
    end: End | None = None
    duration: Duration | None = None
    status: Status = "confirmed"
    impact: Impact = "outage"
    title: Title | None = None
    description: Text | None = None
    reason: Text | None = None
    fallback: Text | None = None
    notice: Text | None = None
    source: Url | None = None

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.RepeatChange]) -> None: ...


class Repeat(Record):
    """How a window repeats: a rule of RFC 5545 on its zone's wall clock, until a last day or for a count."""

    model_config = ConfigDict(populate_by_name=True)

    rule: Annotated[
        str, PlainValidator(parse_rule), WithJsonSchema({"type": "string", "examples": ["FREQ=MONTHLY;BYDAY=2SU"]})
    ]
    until: Until | None = None
    count: Annotated[WholeNumber, Field(ge=1, le=5000)] | None = None
    excluded: tuple[Day, ...] = Field(default=(), alias="except")
    changes: tuple[RepeatChange, ...] = ()

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.Repeat]) -> None: ...


class FeedSpec(Record):
    """A feed of one's own beside those of all windows, each system and each service: every filter must match."""

    id: Id
    name: Text
    system: OneOrMany = ()
    service: OneOrMany = ()
    impact: OneOrManyImpacts = ()
    tag: OneOrMany = ()
    audience: OneOrMany = ()
    status: OneOrManyStatuses = ()

    if TYPE_CHECKING:

        def __init__(self, **given: Unpack[keys.FeedSpec]) -> None: ...

    @property
    def wanted(self) -> Wanted:
        """Its filters."""
        return {name: words(value) for name, value in self if name not in ("id", "name")}
