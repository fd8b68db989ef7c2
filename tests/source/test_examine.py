"""All that is wrong with a source, in one run: each fault with its place, what was read, and a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from icms_calendar import SourceError
from icms_calendar.source.examine import examine
from icms_calendar.source.files import load
from icms_calendar.source.formats import Document
from tests.conftest import Run

CALENDAR = """\
name: Harbour
domain: https://harbour.example.org
timezone: Africa/Nairobi
official: perhaps
languages: [en, fr]
history: two years
horizont: P400D
publisher: {name: Harbour, email: nobody}
systems:
  - {id: harbour, name: Harbour, services: [pilotage, payments, pilotage]}
  - {id: all, name: Everything}
feeds:
  - {id: outages, name: Outages, impact: outages}
windows:
  - {id: w1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 10:00, timezone: Nairobi}
"""
WINDOWS = """\
windows:
  - id: W 2
    system: harbour
    start: 2025-07-13 04:00
    end: 2025-07-13 10:00
    titel: Upgrade
  - id: w3
    system: harbor
    start: 2025-07-13
    end: 13.07.2025
    status: canceled
  - id: w4
    system: harbour
    timezone: Europe/Berlin
    start: 2026-03-29 02:30
    end: 2026-10-25 02:30
    services: [pilotage, piloting]
  - id: w1
    system: harbour
    start: 2025-07-13 10:00
    end: 2025-07-13 04:00
    replaces: w9
  - system: harbour
    start: 2025-07-13 04:00
    duration: 5 hrs
    audience: importers
    busy: maybe
  - id: w6
    system: harbour
    start: 2025-07-13 04:00
    end: 2025-07-13 10:00
    duration: 5h
    source: notices/7
    color: blueish
"""
JSON = [
    {"id": "w7", "system": "harbour", "start": 20250713, "end": "2025-07-13 10:00", "title": "x" * 201},
    {"id": "w8", "system": "harbour", "start": "2025-07-13 04:00", "services": ["pilotage", "pilotage"]},
    {"id": "w9", "system": "harbour", "systems": ["harbour"], "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"},
]
CSV = """\
id,system,start,end,colour
c1,harbour,2025-07-13 04:00,2025-07-13 10:00,red
"""

EXPECTED = """\
calendar.yaml:2:9 ICM203
calendar.yaml:4:11 ICM203
calendar.yaml:5:17 ICM204
calendar.yaml:6:10 ICM111
calendar.yaml:7:1 ICM201
calendar.yaml:8:35 ICM203
calendar.yaml:10:65 ICM206
calendar.yaml:11:10 ICM207
calendar.yaml:13:42 ICM204
calendar.yaml:15:89 ICM106
w.csv:1:21 ICM201
w.json:6:16 ICM101
w.json:8:16 ICM211
w.json:13:16 ICM202
w.json:16:9 ICM004
w.json:22:18 ICM222
w.yaml:2:9 ICM205
w.yaml:6:5 ICM201
w.yaml:8:13 ICM208
w.yaml:9:12 ICM101
w.yaml:10:10 ICM101
w.yaml:11:13 ICM204
w.yaml:15:12 ICM104
w.yaml:16:10 ICM105
w.yaml:17:26 ICM208
w.yaml:18:9 ICM206
w.yaml:21:10 ICM103
w.yaml:23:5 ICM202
w.yaml:25:15 ICM111
w.yaml:26:15 ICM203
w.yaml:27:11 ICM203
w.yaml:32:15 ICM222
w.yaml:33:13 ICM203
w.yaml:34:12 ICM204
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    (tmp_path / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "w.yaml").write_text(WINDOWS, encoding="utf-8")
    (tmp_path / "w.json").write_text(json.dumps({"windows": JSON}, indent=2), encoding="utf-8")
    (tmp_path / "w.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def test_every_fault_of_every_file_is_found_in_one_run_at_its_place(faulty: Path) -> None:
    with pytest.raises(SourceError) as error:
        load(faulty)
    found = [f"{Path(f.file or '').name}:{f.line}:{f.column} {f.code}" for f in error.value.findings]
    assert "\n".join(found) + "\n" == EXPECTED


def test_the_command_prints_them_all_exits_with_1_and_writes_nothing(faulty: Path, run: Run, tmp_path: Path) -> None:
    done = run("build", faulty, "-o", tmp_path / "public")
    assert (done.returncode, done.stdout) == (1, b"")
    assert len(done.stderr.splitlines()) == len(EXPECTED.splitlines()) >= 30
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(
    ("suffix", "text", "place"),
    [
        (".yaml", "windows:\n  - id: w\n    start: 4am\n", "w.yaml:3:12"),
        (".yaml", "windows: [{id: w, tags: [a, [b]]}]", "w.yaml:1:29"),
        (".json", '{"windows": [\n  {"id": "w",\n   "start": "4am"}]}', "w.json:3:13"),
        (".json", '\ufeff{"windows": [{"id": "w", "start":"4am", "system" : "s"}]}', "w.json:1:34"),
        (".json", '{"windows": [{}, {"a\\"}]": [1, {"]": 2}], "start": 7}]}', "w.json:1:52"),
        (".toml", '[[windows]]\nid = "w"\nstart = "4am"\n', "w.toml: windows[0].start"),
        (".csv", "id,start\n\nw,4am\n", "w.csv:3:3"),
        (".csv", 'id,title,start\n"w","two\nlines",4am\n', "w.csv:2:1"),
    ],
)
def test_a_finding_names_line_and_column_where_the_format_tells_them(suffix: str, text: str, place: str) -> None:
    document = Document(f"w{suffix}", suffix, text.encode(), is_calendar=False)
    findings = [finding for finding in examine([document], complete=True) if finding.code in ("ICM101", "ICM203")]
    assert [str(finding).partition(": error")[0] for finding in findings] == [place]


def test_what_follows_from_another_fault_is_not_told_again(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(
        "name: x\ndomain: x.org\ntimezone: Nowhere\nsystems: harbour\n"
        "windows:\n  - {id: a b, system: harbour, start: 2026-03-29 02:30, end: 4am, services: [x]}\n"
        "  - {id: b, system: harbour, start: 2026-03-29 02:30, end: 2026-03-29 04:00, replaces: a}\n",
        encoding="utf-8",
    )
    with pytest.raises(SourceError) as error:
        load(path)
    assert [finding.code for finding in error.value.findings] == ["ICM106", "ICM203", "ICM205", "ICM101"]
