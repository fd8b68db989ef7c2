"""One file of records to plain data (tables, lists, texts), strictly, with the line and column of every value.

model.py decides whether the data is a record. The parser of a format is in the file that is called after it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from typing import TypeVar

from pydantic import BaseModel

from icms_calendar.catalogue import Severity
from icms_calendar.findings import CalendarError, Finding, fault, found
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.source.of_csv import parse_csv
from icms_calendar.source.of_yaml import parse_yaml
from icms_calendar.source.parsed import Parsed, end_of

Validated = TypeVar("Validated", bound=BaseModel)


@dataclass
class Document:
    """A file of records: its name as in findings, and its bytes."""

    name: str
    suffix: str
    data: bytes
    is_calendar: bool = True
    is_skipped: bool = False  # for it is another tool's, or cannot be parsed

    @cached_property
    def parsed(self) -> Parsed:
        """Its data. Raises CalendarError with placed findings about its encoding, syntax and keys."""
        try:
            parsed = PARSERS[self.suffix](decode(self.data))
        except RecursionError:
            raise fault("too-deep", why="").in_file(self.name) from None
        except CalendarError as error:
            raise error.in_file(self.name) from None
        return parsed._replace(findings=tuple(replace(finding, file=self.name) for finding in parsed.findings))

    @property
    def is_broken(self) -> bool:
        """Whether something is wrong with its keys or lines, and not only doubtful."""
        return has_error(self.parsed.findings)

    def is_of_another_tool(self) -> bool:
        """Whether a further file of a folder has keys at its top, none of which is, or is nearly, a key of a record."""
        data = self.parsed.data
        if self.is_calendar or not isinstance(data, dict) or not data:
            return False
        ours = MaintenanceCalendar.model_fields
        names = [str(key).casefold() for key in data]
        return not any("window" in name or get_close_matches(name, ours, 1, 0.8) for name in names)

    def placed(self, finding: Finding) -> Finding:
        """The finding with its file, and with its line and column if the format has them."""
        if finding.line is not None:
            return finding
        place = self.parsed.locate(finding.path, finding.rule.name == "unknown-key")
        return replace(finding, file=self.name).on(place)

    def validate(self, kind: type[Validated], context: object = None) -> Validated:
        """The file as a record of a kind. Raises CalendarError or pydantic.ValidationError."""
        if self.is_broken:
            raise CalendarError(self.parsed.findings)
        return kind.model_validate(self.parsed.data, context=context)


def has_error(findings: Iterable[Finding]) -> bool:
    """Whether something is wrong, and not only doubtful."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, with or without a byte order mark. Raises CalendarError (`not-utf8`)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fault("not-utf8", reason="it looks like UTF-16")
    if (at := data.find(b"\0")) >= 0:
        raise fault("not-utf8", reason="it has a NUL byte").on(end_of(data[:at].decode("utf-8", "replace")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"the byte 0x{data[error.start]:02x} cannot be here"
        before = data[: error.start].decode("utf-8", "replace")
        raise fault("not-utf8", reason=reason).on(end_of(before)) from None


def _parse_json(text: str) -> Parsed:
    """RFC 8259; a key may occur only once. YAML's reader knows the places, and is asked when one is needed."""
    repeated: list[str] = []

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            repeated.append(Counter(name for name, _ in pairs).most_common(1)[0][0])
        return made

    try:
        data = json.loads(text, object_pairs_hook=table)
    except json.JSONDecodeError as error:
        raise fault("syntax", format="JSON", reason=error.msg).on((error.lineno, error.colno)) from None
    except ValueError as error:  # a number of more than 4,300 digits
        raise fault("syntax", format="JSON", reason=str(error)) from None
    as_yaml = cache(lambda: _json_as_yaml(text))
    findings = as_yaml().findings if repeated else ()
    findings = findings or tuple(found("given-twice", key=name, first="") for name in repeated)
    return Parsed(data, lambda path, of_key: as_yaml().locate(path, of_key), findings)


def _json_as_yaml(text: str) -> Parsed:
    """What the reader of YAML makes of JSON, or nothing: a colon on another line than its key is not YAML."""
    text = re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", r"\\u0020", text)  # no halves of a character
    try:
        return parse_yaml(re.sub("[\t\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", " ", text))
    except (CalendarError, RecursionError):
        return Parsed(None)


def _parse_toml(text: str) -> Parsed:
    """TOML 1.0. Its reader has no places, so findings name the key's path."""
    import tomllib

    if deep := _LONG_DOTTED_KEY.search(text):  # tomllib needs memory in the square of its length
        raise fault("too-deep", why="").on(end_of(text[: deep.start()]))
    try:
        return Parsed(tomllib.loads(text))
    except ValueError as error:  # of its own, or a number of more than 4,300 digits
        reason, place = str(error), re.search(r" \(at line ([0-9]+), column ([0-9]+)\)", str(error))
        wrong = fault("syntax", format="TOML", reason=reason.partition(" (at ")[0])
        raise wrong.on((int(place[1]), int(place[2])) if place else None) from None


_TOML_KEY = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_DOTTED_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_TOML_KEY}[ \t]*+\.[ \t]*+){{64}}")
PARSERS: dict[str, Callable[[str], Parsed]] = {
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
    ".toml": _parse_toml,
    ".json": _parse_json,
    ".csv": parse_csv,
}
