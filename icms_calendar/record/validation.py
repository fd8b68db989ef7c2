"""The forms of ids and addresses; and what pydantic finds wrong with a record, as findings: by rule, at the path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from icms_calendar.findings import CalendarError, Finding, Path, did_you_mean, found, shown

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,99}$"
ADDRESS_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,109}(/[a-z0-9][a-z0-9._-]{0,109})?$"  # an id, or two, and -reminders
# ASCII without blank " < > \ ^ ` { | }; brackets only after the host: no calendar is at a bare IPv6 address.
URL_PATTERN = r"^https?://[A-Za-z0-9][!$-.0-;=@-Z_a-z~]*([/?#][!#-;=?-\[\]_a-z~]*)?$"
EMAIL_PATTERN = r"^[A-Za-z0-9.!#$%&'*+/=?_~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
DOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
MAX_DOMAIN_CHARACTERS = 150
MAX_URL_CHARACTERS = 2000

_EXPECTED = {
    "string_type": "a text",
    "string_unicode": "a text in Unicode",
    "tuple_type": "a list. Write [ … ]",
    "dict_type": "a table of keys",
    "model_type": "a table of keys",
    "bool_type": "true or false",
    "int_type": "a whole number",
}
_FORMS = {
    URL_PATTERN: "an http or https address. Write https://… with other characters percent-encoded",
    EMAIL_PATTERN: "an e-mail address. Write it like calendar@example.org",
    DOMAIN_PATTERN: "a domain name. Write it like icms.example.org, in lower case",
}
_LONG = {"domain": DOMAIN_PATTERN, "url": URL_PATTERN, "source": URL_PATTERN}


def is_domain(text: str) -> bool:
    """Whether a text can be the domain of a calendar."""
    return len(text) <= MAX_DOMAIN_CHARACTERS and bool(re.fullmatch(DOMAIN_PATTERN, text))


def is_url(text: str) -> bool:
    """Whether a text can be an address in a record."""
    return len(text) <= MAX_URL_CHARACTERS and bool(re.fullmatch(URL_PATTERN, text))


def findings_of(error: ValidationError, kind: type[BaseModel]) -> list[Finding]:
    """Translate the errors of a record of a kind; not that a name could not be taken from an id that is wrong."""
    details = (each for each in error.errors(include_url=False) if each["type"] != "default_factory_not_called")
    return [finding for detail in details for finding in _translated(detail, kind)]


def _translated(detail: ErrorDetails, kind: type[BaseModel]) -> Iterator[Finding]:
    path: Path = tuple(part for part in detail["loc"] if part not in ("(text)", "(table)"))
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, CalendarError):
        yield from (finding.below(*path) for finding in error.findings)
        return
    problem = detail["type"]
    if problem == "missing":
        yield found("missing-key", path, key=path[-1], remedy="")
    elif problem == "extra_forbidden":
        key, known = str(path[-1]), _keys_at(path[:-1], kind)
        yield found("unknown-key", path, key=key, hint=did_you_mean(key, known))
    else:
        yield _of_value(problem, path, detail)


def _of_value(problem: str, path: Path, detail: ErrorDetails) -> Finding:
    """What is wrong with a value."""
    context, read = detail.get("ctx", {}), shown(detail["input"])
    if problem == "literal_error":
        known = re.findall(r"'([^']+)'", str(context["expected"]))
        name = next(part for part in reversed(path) if isinstance(part, str))
        return found("unknown-value", path, read=read, field=name, hint=did_you_mean(str(detail["input"]), known))
    form = _LONG.get(str(path[-1])) if problem == "string_too_long" and path else context.get("pattern")
    if form in (ID_PATTERN, ADDRESS_PATTERN):
        return found("bad-id", path, read=read, hint=_slug_hint(str(detail["input"])))
    expected = _FORMS.get(str(form)) or _EXPECTED.get(problem) or detail["msg"].removeprefix("Input should be ")
    return found("wrong-type", path, read=read, expected=expected)


def _keys_at(path: Path, kind: type[BaseModel]) -> list[str]:
    """The keys of the record that a path within a record of a kind leads to."""
    record: type[BaseModel] | None = kind
    for part in path:
        if isinstance(part, str) and record is not None:
            inner = (field for name, field in record.model_fields.items() if part in (name, field.alias))
            record = next((_record_in(field.annotation) for field in inner), None)
    return [field.alias or name for name, field in record.model_fields.items()] if record else []


def _record_in(annotation: object) -> type[BaseModel] | None:
    """The kind of record that a field holds, alone, in a list or as one of two forms."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_record_in, get_args(annotation))), None)


def _slug_hint(text: str) -> str:
    slug = re.sub(r"[^a-z0-9._-]+", "-", text.casefold()).strip("-._")[:100]
    return f', as in "{slug}"' if slug else ""
