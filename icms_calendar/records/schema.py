"""The JSON Schema of a source, for editors: of a calendar file, and of a further file with windows only."""

from __future__ import annotations

import json
from typing import Any

from icms_calendar.model import MaintenanceCalendar


def schema_text() -> str:
    """The schema as JSON, of what draft-07 and 2020-12 have in common: yaml-language-server reads draft-07 at most."""
    schema: dict[str, Any] = MaintenanceCalendar.model_json_schema()
    required = schema.pop("required")
    only_windows = {"required": ["windows"], "propertyNames": {"const": "windows"}}
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Records of maintenance windows",
        "description": "A calendar with its windows, or a further file of a folder: windows, and nothing else.",
    }
    return json.dumps({**schema, **head, "if": only_windows, "else": {"required": required}}, indent=1) + "\n"
