"""The JSON Schema of a source, for editors: of a calendar file, and of a further file with windows only."""

from __future__ import annotations

import json
from typing import Any

from icms_calendar.record.model import MaintenanceCalendar


def schema_text() -> str:
    """The schema as JSON, using only what draft-07 and 2020-12 share: yaml-language-server reads up to draft-07."""
    schema: dict[str, Any] = MaintenanceCalendar.model_json_schema()
    definitions = schema["$defs"]
    _allow_bare_ids(schema["properties"]["systems"], definitions["System"])
    _allow_bare_ids(definitions["System"]["properties"]["services"], definitions["Service"])
    filters = definitions["FeedSpec"]["properties"]
    for name in filters.keys() - {"id", "name"}:
        filters[name] = {"anyOf": [filters[name].pop("items"), {**filters[name], "items": {"type": "string"}}]}
    for definition in (schema, *definitions.values()):
        for held in definition.get("properties", {}).values():
            for part in (*held.get("anyOf", ()), held.get("items", {})):
                part.pop("default", None)  # pydantic's versions differ in which part has the default of another key
    required = schema.pop("required")
    only_windows = {"required": ["windows"], "propertyNames": {"const": "windows"}}
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Records of maintenance windows",
        "description": "A calendar with its windows, or a further file of a folder: windows, and nothing else.",
    }
    return json.dumps({**schema, **head, "if": only_windows, "else": {"required": required}}, indent=1) + "\n"


def _allow_bare_ids(array: dict[str, Any], named: dict[str, Any]) -> None:
    """A service or system whose id is enough does not need a name and may be a string."""
    array = next(option for option in array.get("anyOf", [array]) if "items" in option)
    array["items"] = {"anyOf": [named["properties"]["id"], array["items"]]}
