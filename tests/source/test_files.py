"""A source, a file or a folder in any format, to the same calendar; and what keeps one from being read."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar, SourceError
from icms_calendar.local import MAX_BYTES
from icms_calendar.source.files import load
from tests.strategies import calendar_data

CALENDAR = 'name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\nurl: "https://example.org/h"\n'
WINDOW = {"id": "w1", "system": "pilot", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00", "tags": ["a", "b"]}
YAML = (
    CALENDAR + "windows:\n  - {id: w1, system: pilot, start: 2025-07-13 04:00, end: 2025-07-13 10:00, tags: [a, b]}\n"
)
TOML = """
name = "Harbour"
domain = "harbour.example.org"
timezone = "Africa/Nairobi"
url = "https://example.org/h"
[[windows]]
id = "w1"
system = "pilot"
start = 2025-07-13T04:00:00
end = "2025-07-13 10:00"
tags = ["a", "b"]
"""
JSON = json.dumps(
    {
        "name": "Harbour",
        "domain": "harbour.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/h",
        "windows": [WINDOW],
    }
)
CSV = "id,system,start,end,tags,title\r\nw1,pilot,2025-07-13 04:00,2025-07-13 10:00,a; b,\r\n"


def _write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def _codes(source: Path | str) -> list[str]:
    with pytest.raises(SourceError) as error:
        load(source)
    return [finding.code for finding in error.value.findings]


def test_every_format_says_the_same(tmp_path: Path) -> None:
    files = {"a.yaml": YAML, "a.toml": TOML, "a.json": JSON, "bom.json": "\ufeff" + JSON, "bom.yaml": "\ufeff" + YAML}
    _write(tmp_path, dict(files))
    expected = MaintenanceCalendar.model_validate_json(JSON)
    for name in files:
        assert load(tmp_path / name) == expected, name
    folder = _write(tmp_path / "f", {"calendar.yaml": CALENDAR, "w.csv": "\ufeff" + CSV})
    assert load(folder) == expected


def test_a_folder_is_its_calendar_file_and_all_other_records_in_sorted_order(tmp_path: Path) -> None:
    one = "windows: [{id: %s, system: pilot, start: 2025-07-13 04:00, duration: 6h}]\n"
    files = {
        "calendar.toml": TOML,
        "b/z.yml": one % "z",
        "a.csv": CSV.replace("w1", "w2"),
        "b/a/x.json": json.dumps({"windows": [{**WINDOW, "id": "x"}]}),
        "_draft.yaml": "not: [closed",
        ".hidden/y.yaml": "not: [closed",
        "README.md": "# no records",
    }
    assert [window.id for window in load(_write(tmp_path, dict(files))).windows] == ["w1", "w2", "x", "z"]


def test_a_site_of_ours_inside_the_source_is_no_record(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "calendar.yaml": YAML,
            "public/status.json": '{\n "generator": "icms-calendar", "files": {"w.json": {}}}',
            "public/w.json": "{}",
        },
    )
    assert len(load(tmp_path).windows) == 1
    _write(tmp_path, {"public/status.json": "{}"})
    assert _codes(tmp_path)


def test_standard_input_may_be_yaml_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (YAML, JSON):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert load("-").windows[0].id == "w1"


@given(calendar_data())
def test_json_and_yaml_of_generated_records_are_the_same_calendar(data: dict[str, object]) -> None:
    from icms_calendar.source.formats import Document

    text = json.dumps(data).encode()
    as_json = Document("a.json", ".json", text).validate(MaintenanceCalendar)
    # YAML knows no escapes by pairs of surrogates, and folds Unicode's line separators where they stand for themselves.
    plain = json.dumps(data, ensure_ascii=False)
    text = plain.translate({0xFEFF: "\\ufeff", 0x2028: "\\u2028", 0x2029: "\\u2029", 0x85: "\\x85"}).encode()
    assert Document("a.yaml", ".yaml", text).validate(MaintenanceCalendar) == as_json


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nul.yaml", b"name: a\0b\n", "ICM002"),
        ("latin.yaml", "name: Zürich\n".encode("latin-1"), "ICM002"),
        ("utf16.json", JSON.encode("utf-16"), "ICM002"),
        ("cut.json", JSON[:-5].encode(), "ICM003"),
        ("cut.yaml", b"windows: [{id: a", "ICM003"),
        ("cut.toml", b'name = "x', "ICM003"),
        ("two.yaml", b"name: a\n---\nname: b\n", "ICM003"),
        ("tag.yaml", b"name: !!python/name:os.system x\n", "ICM003"),
        ("escape.yaml", b'name: "\\x01"\n', "ICM211"),
        ("surrogate.json", b'{"name": "\\ud800", "domain": "a.b", "timezone": "UTC"}', "ICM211"),
        ("mark.json", b'\xef\xbb\xbf{"name": "a", "domain": "a.b", "timezone": "UTC", "color": "\\ud800"}', "ICM204"),
        ("digits.json", b'{"name": ' + b"9" * 5000 + b"}", "ICM003"),
        ("duplicate.json", b'{"name": "a", "name": "b"}', "ICM004"),
        ("spaced.json", b'{"name" : "a", "name": "b", "domain": "a.b", "timezone": "UTC"}', "ICM004"),
        ("wide.json", b'{"name"  :"a", "name": "b", "domain": "a.b", "timezone": "UTC"}', "ICM004"),
        ("lines.json", b'{"name"\r\n  :"a", "name": "b", "domain": "a.b", "timezone": "UTC"}', "ICM004"),
        ("digits.toml", b"name = " + b"9" * 5000, "ICM003"),
        ("brackets.yaml", b"'[x]': 1\n'(y': 2\n", "ICM201"),
        ("duplicate.yaml", b"name: a\nname: b\n", "ICM004"),
        ("deep.json", b"[" * 100_000, "ICM005"),
        ("deep.yaml", b"[" * 100_000, "ICM005"),
        ("empty.yaml", b"", "ICM008"),
        ("comment.yaml", b"# nothing\n", "ICM008"),
        ("empty.json", b"{}", "ICM008"),
        ("list.json", b"[]", "ICM203"),
        ("text.yaml", b"hello", "ICM203"),
        ("nothing.yaml", b"name: a\ndomain: a.b\ntimezone: UTC\nwindows:\n", "ICM203"),
        ("records.txt", b"", "ICM012"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_told_as_such(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert code in _codes(path)


def test_aliases_may_be_used_but_not_to_blow_up_a_file(tmp_path: Path) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    path = tmp_path / "calendar.yaml"
    path.write_text(bomb, encoding="utf-8")
    assert _codes(path) == ["ICM005"]
    path.write_text("name: &a {b: *a}\n", encoding="utf-8")
    assert _codes(path) == ["ICM005"]
    path.write_text(YAML.replace("tags: [a, b]", "tags: &t [a, b], audience: *t"), encoding="utf-8")
    assert load(path).windows[0].audience == ("a", "b")


def test_a_place_counts_characters_not_octets(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text("name: Zürich €\n# ü\ndomain: a\x07b\n", encoding="utf-8")
    with pytest.raises(SourceError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}:3:10: ")


def test_a_key_cannot_break_out_of_the_line_of_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "calendar.json"
    path.write_text('{"a\\n::error::x": 1}', encoding="utf-8")
    with pytest.raises(SourceError) as error:
        load(path)
    assert len(str(error.value).splitlines()) == len(error.value.findings)


def test_a_name_that_is_too_long_is_unreadable() -> None:
    assert _codes("x" * 300) == ["ICM001"]


def test_the_end_of_a_name_may_be_in_capitals(tmp_path: Path) -> None:
    one = "windows: [{id: z, system: pilot, start: 2025-07-13 04:00, duration: 6h}]\n"
    assert len(load(_write(tmp_path, {"calendar.yaml": YAML, "more.YML": one})).windows) == 2


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert _codes(path) == ["ICM001"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and devices are POSIX")
def test_links_that_loop_and_files_that_are_none_are_findings(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    assert _codes(loop) == ["ICM001"]
    assert _codes("/dev/zero") == ["ICM001"]
    os.mkfifo(tmp_path / "pipe.yaml")
    assert _codes(tmp_path / "pipe.yaml") == ["ICM001"]
    folder = _write(tmp_path / "f", {"calendar.yaml": YAML})
    (folder / "again").symlink_to(folder)
    assert _codes(folder) == ["ICM009"]
    (folder / "again").unlink()
    shared = _write(
        tmp_path / "shared", {"w.yaml": "windows: [{id: s, system: pilot, start: 2025-07-13 04:00, duration: 1h}]"}
    )
    (folder / "linked").symlink_to(shared)
    assert [window.id for window in load(folder).windows] == ["w1", "s"]


def test_a_folder_needs_one_calendar_file(tmp_path: Path) -> None:
    assert _codes(tmp_path) == ["ICM008"]
    _write(tmp_path, {"w.yaml": "windows: []\n"})
    assert _codes(tmp_path) == ["ICM010"]
    (below := tmp_path / "harbour").mkdir()
    _write(below, {"calendar.yaml": YAML})
    with pytest.raises(SourceError) as error:
        load(tmp_path)
    [finding] = error.value.findings  # and nothing of the records that are no part of it
    assert finding.message.endswith(f". One is in {below}: name that folder")
    (below / "calendar.yaml").unlink()
    _write(tmp_path, {"calendar.yaml": YAML, "calendar.json": JSON})
    assert _codes(tmp_path) == ["ICM010"]


def test_a_csv_file_alone_is_no_calendar(tmp_path: Path) -> None:
    folder = _write(tmp_path / "s", {"w.csv": "id,system,start,end\nw2,pilot,2025-07-14 04:00,2025-07-14 05:00\n"})
    assert _codes(folder / "w.csv") == ["ICM010"]


def test_a_channel_stands_once_in_a_cell(tmp_path: Path) -> None:
    rows = "id,system,start,duration,channels\nw2,pilot,2025-07-14 04:00,1h,a=queued;a=unaffected\n"
    assert _codes(_write(tmp_path, {"calendar.yaml": YAML, "w.csv": rows})) == ["ICM013"]


@given(st.binary(max_size=200), st.sampled_from([".yaml", ".toml", ".json", ".csv"]))
def test_any_bytes_are_a_calendar_or_findings(data: bytes, suffix: str) -> None:
    from icms_calendar.source.examine import examine
    from icms_calendar.source.formats import Document

    findings = examine([Document(f"x{suffix}", suffix, data)], complete=True)
    assert findings
    assert all(finding.file == f"x{suffix}" for finding in findings)
