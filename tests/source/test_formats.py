"""What each format may look like, and that a fault in one place hides no fault elsewhere."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import SourceError
from icms_calendar.findings import CalendarError
from icms_calendar.record.rrule import objection_to, parse_rule
from icms_calendar.source.files import load
from icms_calendar.source.formats import PARSERS
from icms_calendar.source.write import yaml_text

NOW = datetime(2025, 7, 1, tzinfo=UTC)
HEAD = "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\n"
WINDOW = {"id": "w1", "system": "pilot", "start": "2025-07-13 04:00", "duration": "6h"}


def _folder(folder: Path, **files: str) -> Path:
    (folder / "calendar.yaml").write_text(HEAD, encoding="utf-8")
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
    return folder


def _names(source: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(SourceError) as refused:
        load(source)
    return [(Path(f.file or "").name, f.line, f.rule.name) for f in refused.value.findings]


@pytest.mark.parametrize("text", ["Works to come...", "...", "a\n...\n", "a\n...", "x ...\n\n", "--- a", "---\nb..."])
def test_a_text_that_ends_in_dots_is_read_back(text: str) -> None:
    written = yaml_text({"name": text, "domain": "d", "windows": [{"notice": text, "id": "a"}]})
    assert PARSERS[".yaml"](written).data == {"name": text, "domain": "d", "windows": [{"notice": text, "id": "a"}]}


@given(st.text(st.sampled_from("a .-\n#:'\"|>%&*!{[,?…é"), min_size=1))
def test_any_text_of_marks_of_yaml_is_read_back(text: str) -> None:
    data = {"name": text, "windows": [{"contact": text}], "last": text}
    assert PARSERS[".yaml"](yaml_text(data)).data == data


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_with_the_separators_that_excel_writes(mark: str, tmp_path: Path) -> None:
    rows = [
        [*WINDOW, "services", ""],
        [*WINDOW.values(), '"sea;air"', ""],
        [""] * 6,
        ["w2", *list(WINDOW.values())[1:]],
    ]
    rows[3] += ["", "", ""]
    text = "\n".join(mark.join(row) for row in rows)
    windows = PARSERS[".csv"](text).data
    assert windows == {"windows": [{**WINDOW, "services": ["sea", "air"]}, {**WINDOW, "id": "w2"}]}


def test_a_csv_column_with_values_needs_a_name(tmp_path: Path) -> None:
    _folder(tmp_path, w_csv="id,system,,start,duration\na,pilot,why,2025-07-13 04:00,6h\n")
    assert _names(tmp_path) == [("w.csv", 1, "csv-row")]


def test_yaml_merge_keys_are_read_and_own_keys_come_first() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: [*b, {z: 4, x: 9}]}\n"
    assert PARSERS[".yaml"](text).data == {
        "a": {"x": "1", "y": "2"},
        "b": {"x": "1", "y": "3"},
        "c": {"x": "1", "y": "3", "z": "4"},
    }
    assert [f.rule.name for f in PARSERS[".yaml"]("a: {<<: text}\n").findings] == ["wrong-type"]


def test_a_csv_list_that_is_separated_by_commas_is_told_to_use_semicolons(tmp_path: Path) -> None:
    _folder(tmp_path, w_csv='id,system,start,duration,services\nw,pilot,2025-07-13 04:00,6h,"sea, air"\n')
    with pytest.raises(SourceError, match="Separate the items of a list with ;"):
        load(tmp_path)
    assert _names(tmp_path) == [("w.csv", 2, "csv-row")]


def test_a_duplicate_key_or_a_short_csv_line_hides_nothing_else(tmp_path: Path) -> None:
    _folder(
        tmp_path,
        a_yaml="windows:\n  - {id: a, id: b, system: pilot, start: 2025-07-13 04:00, duration: 6h, impact: huge}\n",
        b_csv="id,system,start,duration\nx,pilot\ny,pilot,never,6h\n",
        c_json='{"windows": [{"id": "c", "id": "d", "system": "pilot", "start": "2025-07-13", "duration": "6h"}]}',
    )
    assert _names(tmp_path) == [
        ("a.yaml", 2, "given-twice"),
        ("a.yaml", 2, "unknown-value"),
        ("b.csv", 2, "csv-row"),
        ("b.csv", 3, "not-a-time"),
        ("c.json", 1, "given-twice"),
        ("c.json", 1, "not-a-time"),
    ]


def test_a_file_of_another_tool_is_skipped(tmp_path: Path) -> None:
    _folder(
        tmp_path,
        docker_yml="services: {web: {image: x}}\n",
        pack_json='{"lockfileVersion": 3}',
        w_yaml="windows:\n  - {id: w, system: pilot, start: 2025-07-13 04:00, duration: 6h}\n",
    )
    assert [window.id for window in load(tmp_path).windows] == ["w"]


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYDAY=8SU", "FREQ=YEARLY;BYMONTH=12;BYDAY=9SU", "FREQ=MONTHLY;BYDAY=-6MO"]
)
def test_a_month_has_at_most_five_of_each_weekday(rule: str) -> None:
    assert objection_to(rule) == "a month has at most five of each weekday, as in 5SU"
    with pytest.raises(CalendarError):
        parse_rule(rule)
    assert objection_to("FREQ=YEARLY;BYDAY=20SU") is None


def test_the_place_of_an_alias_is_where_it_is_used_and_that_of_a_merged_key_where_it_is_written() -> None:
    text = "windows:\n  - &a {id: a, tags: &t [x]}\n  - {<<: *a,\n     audience: *t}\n"
    locate = PARSERS[".yaml"](text).locate
    assert locate(("windows", 1, "audience"), False) == (4, 16)
    assert locate(("windows", 1, "id"), False) == (2, 13)
    assert locate(("windows", 1, "id"), True) == (2, 9)


def test_yaml_of_windows_needs_at_most_thirty_six_times_its_size_to_load(tmp_path: Path) -> None:
    # Half of 0.1.0, which needed 72 times; measured here without the parts in C: tracemalloc sees Python's memory only.
    window = (
        "  - id: w{0}\n    system: s\n    start: 2026-01-01 04:00\n    end: 2026-01-01 06:00\n    title: Window {0}\n"
    )
    text = HEAD + "systems: [s]\nwindows:\n" + "".join(map(window.format, range(4000)))
    (tmp_path / "calendar.yaml").write_text(text, encoding="utf-8")
    load(tmp_path / "calendar.yaml")  # what is loaded once does not count
    tracemalloc.start()
    load(tmp_path / "calendar.yaml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / len(text) < 36


def test_a_long_dotted_key_in_toml_is_refused_before_it_costs_memory() -> None:
    with pytest.raises(CalendarError, match="is deeper"):
        PARSERS[".toml"]('name="N"\n' + ".".join(["a"] * 100_000) + "=1")


@pytest.mark.parametrize("key", ["Windows", "window", "windws", "maintenance_windows", "sytems"])
def test_a_file_with_a_misspelt_key_is_not_taken_for_another_tools(tmp_path: Path, key: str) -> None:
    _folder(tmp_path, w_yaml=f"{key}:\n  - {{id: w, system: pilot, start: 2025-07-13 04:00, duration: 6h}}\n")
    with pytest.raises(SourceError):
        load(tmp_path)
