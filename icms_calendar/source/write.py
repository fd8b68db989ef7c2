"""Records to YAML that a person likes to read and `load` reads back, with any comments.

The caller decides what is in the records; formats.py reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from icms_calendar.findings import Path
from icms_calendar.record.model import MaintenanceCalendar

LINE_CHARACTERS = 110
_PIECE = 100  # records written in one piece


def _for_us(dumper: type) -> Any:
    """A dumper without YAML 1.1's dates: `2025-07-10` is a text for our reader and does not need quotes."""
    resolvers = {
        first: [resolver for resolver in known if resolver[0] != "tag:yaml.org,2002:timestamp"]
        for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }
    return type("_Dumper", (dumper,), {"yaml_implicit_resolvers": resolvers})


_DUMPER = _for_us(getattr(yaml, "CSafeDumper", yaml.SafeDumper))
_SLOW_DUMPER = _for_us(yaml.SafeDumper)


def yaml_text(record: Mapping[str, object], comments: Mapping[Path, str] | None = None) -> str:
    """A source, a file of windows or a single window as YAML, its keys in their order.

    Values are texts, numbers, booleans, None, and lists and mappings of these. A comment belongs to the path of its
    key, as in `{("windows", 0, "start"): "from 4.00 a.m."}`: it is after the value if there is room, else above it.
    """
    entries = [_entry(key, value, (key,), comments or {}) for key, value in record.items()]
    return "".join(entries) or "{}\n"


def calendar_text(calendar: MaintenanceCalendar, suffix: str = ".yaml") -> str:
    """The records of a calendar as a file whose name ends in `suffix`: JSON for `.json`, else YAML."""
    record = calendar.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    for window in record.get("windows", ()):
        for key in {"start", "end"} & window.keys():
            if re.fullmatch(r"[0-9-]{10}T[0-9:]{5}:00", window[key]):
                window[key] = window[key][:16].replace("T", " ")  # as people write it
    if suffix.lower() == ".json":
        return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return yaml_text(record)


def _entry(key: str, value: object, path: Path, comments: Mapping[Path, str]) -> str:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    if items and all(isinstance(item, Mapping) for item in items) and len(path) == 1:
        return _commented(f"{key}:\n", comments.get(path)) + _items(items, path, comments)
    return _commented(_serialized(_table({key: value}, short=False)), comments.get(path))


def _items(items: Sequence[Mapping[str, object]], path: Path, comments: Mapping[Path, str]) -> str:
    """A list of records, with blank lines between the windows of a file."""
    if any(other[: len(path)] == path and len(other) > len(path) for other in comments):
        written = []
        for i, item in enumerate(items):
            entries = "".join(_entry(key, value, (*path, i, key), comments) for key, value in item.items())
            written.append("- " + re.sub(r"(?m)^(?=.)", "  ", entries)[2:] if entries else "- {}\n")
        text = "".join(written)
    else:
        text = "".join(
            _serialized(_sequence([_table(item, short=not item) for item in items[i : i + _PIECE]], short=False))
            for i in range(0, len(items), _PIECE)
        )
    if path == ("windows",):
        text = text.replace("\n- ", "\n\n- ")  # nothing else begins in the first column
    return re.sub(r"(?m)^(?=.)", "  ", text)


def _commented(text: str, comment: str | None) -> str:
    if not comment:
        return text
    line = " ".join("".join(c if c.isprintable() else " " for c in comment).split())
    if text.count("\n") == 1 and len(text) + len(line) + 3 <= LINE_CHARACTERS:
        return f"{text[:-1]}  # {line}\n"
    return f"# {line}\n{text}"


def _serialized(node: yaml.Node) -> str:
    text: str = yaml.serialize(node, Dumper=_DUMPER, allow_unicode=True, width=LINE_CHARACTERS)
    if "\\U000" in text:  # libyaml escapes beyond 16 bits; PyYAML's own emitter, which is much slower, does not
        text = yaml.serialize(node, Dumper=_SLOW_DUMPER, allow_unicode=True, width=LINE_CHARACTERS)
    # After a last text that keeps its line breaks, the emitter adds a line that ends the document. A text that ends
    # in three dots never begins in the first column.
    return text.removesuffix("...\n") if text.endswith("\n...\n") else text


def _sequence(nodes: list[yaml.Node], *, short: bool) -> yaml.SequenceNode:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, flow_style=short)


def _table(value: Mapping[str, object], *, short: bool) -> yaml.MappingNode:
    pairs = [(_scalar(key), _node(item)) for key, item in value.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=short)


def _node(value: object) -> yaml.Node:
    """A value; a list or table that fits on one line is written on one."""
    if isinstance(value, Mapping):
        return _table(value, short=_is_short(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _sequence([_node(item) for item in value], short=_is_short(value))
    return _scalar(value)


def _is_short(value: Any) -> bool:
    items = value.items() if isinstance(value, Mapping) else value
    text = str(list(items))
    nested = isinstance(value, Mapping) and any(isinstance(item, (list, tuple, Mapping)) for item in value.values())
    return len(text) < LINE_CHARACTERS - 20 and "\\n" not in text and not nested


def _scalar(value: object) -> yaml.ScalarNode:
    if value is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    if isinstance(value, int):
        kind = "bool" if isinstance(value, bool) else "int"
        return yaml.ScalarNode(f"tag:yaml.org,2002:{kind}", str(value).lower())
    text = str(value)
    style = "|" if "\n" in text else None
    if re.search("[\x85\u2028\u2029]", text):  # also line breaks in YAML, of which a block would lose the first
        style = '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)
