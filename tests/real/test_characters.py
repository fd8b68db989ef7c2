"""What no text may hold is a finding in every text field of a record; what is no text takes no line break."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from icms_calendar import MaintenanceCalendar
from icms_calendar.findings import CalendarError
from tests.real.records import TEXT_FIELDS, hardest_data
from tests.strategies import NOW

Path = tuple[str | int, ...]

CONTROLS = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))]
ALLOWED = ["\t", "\n", "\r"]
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff", "\ud83d\ude00"]  # no characters: UTF-8 has no octets for them

WINDOW: Path = ("windows", 0)
TEXTS: list[Path] = [
    ("name",),
    ("publisher", "name"),
    *(("systems", 0, field) for field in ("name", "short")),
    ("systems", 0, "operator", "name"),
    ("systems", 0, "services", 0, "name"),
    ("feeds", 0, "name"),
    *((*WINDOW, field) for field in ("title", *TEXT_FIELDS)),
    *((*WINDOW, field, 0) for field in ("audience", "tags")),
    *((*WINDOW, "maintnote", field) for field in ("provider", "account", "id")),
    (*WINDOW, "maintnote", "objects", 0, "id"),
]
LINES: list[Path] = [(*WINDOW, "title"), *(("systems", 0, field) for field in ("name", "short"))]
NO_TEXTS: list[Path] = [
    *(("domain",), ("timezone",), ("url",), ("color",), ("publisher", "email"), ("publisher", "url")),
    *(("systems", 0, "id"), ("systems", 0, "services", 0, "id"), ("feeds", 0, "id")),
    *((*WINDOW, field) for field in ("id", "uid", "system", "status", "impact", "source", "url", "color", "timezone")),
    *((*WINDOW, "services", 0), (*WINDOW, "replaces"), (*WINDOW, "start"), (*WINDOW, "duration")),
]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: ".".join(map(str, path)))
def test_a_control_character_in_a_text_is_a_finding(path: Path) -> None:
    for control in CONTROLS:
        text = f"up{control}grade"
        if control in ("\n", "\r") and path in LINES:
            assert findings(with_value(path, text)) == [(path, "bad-text")]
        elif control in ALLOWED:
            assert MaintenanceCalendar.model_validate(with_value(path, text)).to_ical(now=NOW)
        else:
            assert findings(with_value(path, text)) == [(path, "bad-text")]


@pytest.mark.parametrize("control", sorted(set(CONTROLS) - set(ALLOWED)), ids=lambda control: f"U+{ord(control):04X}")
def test_a_control_character_in_the_name_of_a_channel_is_a_finding(control: str) -> None:
    data = with_value((*WINDOW, "channels"), {f"on{control}line": "queued"})
    [(path, rule)] = findings(data)
    assert (path[:3], rule) == ((*WINDOW, "channels"), "bad-text")


@pytest.mark.parametrize("surrogate", SURROGATES, ids=ascii)
def test_half_a_character_in_a_text_is_a_finding(surrogate: str) -> None:
    for path in TEXTS:
        assert [found for found, _ in findings(with_value(path, f"up{surrogate}grade"))] == [path]


@pytest.mark.parametrize("more", ["\n", "\r\n", "\r", "\r\nX-FORGED:1", "\u2028", "\x85", "\x0b", "\x00", "\n "])
@pytest.mark.parametrize("path", NO_TEXTS, ids=lambda path: ".".join(map(str, path)))
def test_what_is_no_text_takes_no_line_break_and_no_control_character(path: Path, more: str) -> None:
    assert findings(with_value(path, f"{value(path)}{more}"))


@pytest.mark.parametrize("id_", ["icms\n", "icms\r\nBEGIN:VALARM", "icms,x", "icms/x", "", "\ud800"], ids=ascii)
def test_a_system_that_only_a_window_names_needs_an_id_as_well(id_: str) -> None:
    data = with_value((*WINDOW, "system"), id_)
    del data["systems"], data["windows"][0]["services"]
    assert findings(data)


def test_the_records_with_every_field_are_right() -> None:
    feed = MaintenanceCalendar.model_validate(full_data()).to_ical(now=NOW)
    for text in ("Upgrade", "Africa/Nairobi", "calendar@example.org", "provider@example.net"):
        assert text.encode() in feed


def full_data() -> dict[str, Any]:
    """A calendar in which every field that takes a string has one."""
    data = hardest_data()
    window = {
        "id": "w1",
        "uid": "w1@old.example.org",
        "system": "icms",
        "services": ["sea"],
        "start": "2025-07-13T04:00+03:00",
        "duration": "6h",
        "timezone": "Africa/Nairobi",
        "status": "confirmed",
        "impact": "degraded",
        **dict.fromkeys(("title", *TEXT_FIELDS), "Upgrade"),
        "channels": {"online": "queued"},
        "audience": ["importers"],
        "tags": ["customs"],
        "source": "https://example.org/notice",
        "url": "https://example.org/w1",
        "color": "teal",
        "replaces": "w1",
        "maintnote": {"provider": "provider@example.net", "account": "a", "id": "m", "objects": [{"id": "o"}]},
    }
    system = {"id": "icms", "name": "iCMS", "short": "iCMS", "operator": {"name": "KRA"}}
    return data | {
        "name": "iCMS",
        "color": "red",
        "publisher": {"name": "Us", "email": "calendar@example.org", "url": "https://example.org/"},
        "systems": [{**system, "services": [{"id": "sea", "name": "Sea manifests"}]}],
        "feeds": [{"id": "outages", "name": "Outages"}],
        "windows": [window],
    }


def value(path: Path) -> Any:
    at: Any = full_data()
    for key in path:
        at = at[key]
    return at


def with_value(path: Path, new: object) -> dict[str, Any]:
    data = copy.deepcopy(full_data())
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return data


def findings(data: dict[str, Any]) -> list[tuple[Path, str]]:
    """Where something is wrong, and the name of the rule that says so, or pydantic's own."""
    with pytest.raises(ValidationError) as caught:
        MaintenanceCalendar.model_validate(data)
    found = []
    for error in caught.value.errors():
        fault = error.get("ctx", {}).get("error")
        if isinstance(fault, CalendarError):
            found += [((*error["loc"], *finding.path), finding.rule.name) for finding in fault.findings]
        else:
            found.append((error["loc"], error["type"]))
    return found
