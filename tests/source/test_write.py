"""Records as YAML: read back as they were, and pleasant to read."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar.source.of_yaml import parse_yaml
from icms_calendar.source.write import yaml_text
from tests.strategies import calendar_data, texts


def as_texts(value: Any) -> Any:
    """What our reader makes of plain data: every scalar a text."""
    if isinstance(value, dict):
        return {key: as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value if value is None else str(value)


@given(data=calendar_data())
@settings(max_examples=60)
def test_a_source_is_read_back_as_it_was(data: dict[str, Any]) -> None:
    written = yaml_text(data)
    assert parse_yaml(written).data == as_texts(data)
    assert yaml.load(written, yaml.CBaseLoader) == as_texts(data)


@given(data=calendar_data(max_windows=2), comment=texts(80))
@settings(max_examples=40)
def test_comments_change_nothing(data: dict[str, Any], comment: str) -> None:
    comments: dict[tuple[str | int, ...], str] = {("name",): comment, ("windows",): comment, ("timezone",): "short"}
    for i, window in enumerate(data["windows"]):
        comments |= {("windows", i, key): comment for key in list(window)[::2]}
    written = yaml_text(data, comments)
    assert parse_yaml(written).data == as_texts(data)
    assert "timezone: Africa/Nairobi  # short\n" in written


@given(
    text=texts()
    | st.sampled_from(
        ["null", "~", "no", "12:30", "0012", "1e3", "2025-07-10", "- a", "a: b", "#", "'", "", "a\n\n", "\n\n", " \n"]
    )
)
def test_any_text_is_read_back_as_a_text(text: str) -> None:
    expected = text or ""
    window = {"id": "w", "title": expected, "tags": [expected, "x"], "channels": {expected: "queued"}}
    read = parse_yaml(yaml_text({"windows": [window]})).data
    assert read == {"windows": [window]}


def test_what_is_written_is_what_a_person_would_write() -> None:
    data = {
        "name": "Harbour",
        "official": False,
        "publisher": {"name": "Harbour office", "email": "a@example.org"},
        "systems": [{"id": "berths", "services": ["booking", "pilots"]}],
        "windows": [
            {
                "id": "w1",
                "system": "berths",
                "start": "2025-07-13 04:00",
                "end": "2025-07-13T10:00:30+03:00",
                "services": ["booking", {"id": "pilots", "impact": "degraded"}],
                "description": "First line.\nSecond: line",
                "announced": "2025-07-10",
                "tags": ["12:30", "no", "a, b"],
                "revision": {"sequence": 3},
            },
            {"id": "w2", "system": "berths", "start": "2025-07-14 04:00", "duration": "6h"},
        ],
    }
    assert yaml_text(
        data, {("windows", 0, "start"): "stated: 4.00 a.m.", ("windows", 0, "description"): "their words"}
    ) == (
        """\
name: Harbour
official: false
publisher: {name: Harbour office, email: a@example.org}
systems:
  - id: berths
    services: [booking, pilots]
windows:
  - id: w1
    system: berths
    start: 2025-07-13 04:00  # stated: 4.00 a.m.
    end: 2025-07-13T10:00:30+03:00
    services: [booking, {id: pilots, impact: degraded}]
    # their words
    description: |-
      First line.
      Second: line
    announced: 2025-07-10
    tags: ['12:30', 'no', 'a, b']
    revision: {sequence: 3}

  - id: w2
    system: berths
    start: 2025-07-14 04:00
    duration: 6h
"""
    )
    assert yaml_text({}) == "{}\n"
