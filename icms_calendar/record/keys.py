"""The types of what Python code may give for each key of a record: more forms than the record itself has.

For type checkers and editors only. What a value may be when the program runs is decided in fields.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo
from typing import Any, Required, TypedDict

from icms_calendar.record import model, parts
from icms_calendar.record.fields import ChannelState, Impact, Status
from icms_calendar.record.labels import Language

When = date | str  # a datetime is also a date
Length = timedelta | str
Texts = list[str] | tuple[str, ...]
Table = dict[str, Any]  # the keys of a nested record


class Named(TypedDict, total=False):
    id: Required[str]
    name: str


class System(Named, total=False):
    short: str | None
    operator: parts.Operator | Table | None
    services: Iterable[parts.Service | Table | str]


class Maintnote(TypedDict, total=False):
    provider: str | None
    account: str | None
    id: str | None
    objects: Iterable[parts.MaintnoteObject | Table]


class GivenRevision(TypedDict, total=False):
    sequence: int
    updated: When | None


class Texted(TypedDict, total=False):
    """What both a window and the change of one of its occurrences may have."""

    end: When | None
    duration: Length | None
    status: Status
    impact: Impact
    title: str | None
    description: str | None
    reason: str | None
    fallback: str | None
    notice: str | None
    source: str | None


class RepeatChange(Texted, total=False):
    on: Required[When]
    start: When | None


class Repeat(TypedDict, total=False):
    rule: Required[str]
    until: When | None
    count: int | None
    excluded: Iterable[When]
    changes: Iterable[parts.RepeatChange | Table]


class FeedSpec(TypedDict, total=False):
    id: Required[str]
    name: Required[str]
    system: str | Texts
    service: str | Texts
    impact: Impact | list[Impact] | tuple[Impact, ...]
    tag: str | Texts
    audience: str | Texts
    status: Status | list[Status] | tuple[Status, ...]


class Window(Texted, total=False):
    id: Required[str]
    uid: str | None
    system: str | None
    systems: Texts | None
    start: Required[When]
    all_day: bool
    timezone: str | tzinfo | None
    services: Iterable[str | parts.AffectedService | Table] | None
    reference: str | None
    contact: str | None
    channels: dict[str, ChannelState]
    audience: Texts
    tags: Texts
    url: str | None
    announced: When | None
    emergency: bool
    busy: bool
    color: str | None
    replaces: str | None
    repeat: parts.Repeat | Table | None
    maintnote: parts.Maintnote | Table | None
    revision: parts.GivenRevision | Table | None
    questions: Texts


class Calendar(TypedDict, total=False):
    name: Required[str]
    domain: Required[str]
    timezone: Required[str | tzinfo]
    url: str | None
    publisher: parts.Publisher | Table | None
    official: bool
    languages: list[Language] | tuple[Language, ...]
    reminders: Iterable[Length]
    history: Length
    horizon: Length
    renamed: dict[str, str]
    retired: Texts
    color: str | None
    systems: Iterable[parts.System | Table | str] | None
    feeds: Iterable[parts.FeedSpec | Table]
    windows: Iterable[model.MaintenanceWindow | Table]
