"""Open questions: read in every format, kept by the writer, and never published."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from icms_calendar import CalendarError, MaintenanceCalendar, SourceError, build_site
from icms_calendar.command.cli import main
from icms_calendar.source.files import check, load, open_source
from icms_calendar.source.schema import schema_text
from icms_calendar.source.write import yaml_text

NOW = datetime(2025, 7, 1, tzinfo=UTC)
HEAD = "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\n"
RECORD = HEAD + (
    "windows:\n  - id: w1\n    system: pilot\n    start: 2025-07-13 04:00\n    duration: 6h\n"
    "    questions:\n      - Is 04:00 in the morning?\n      - 'Is 05/06 5 June or 6 May?'\n"
    "url: https://harbour.example.org/\n"
)
QUESTIONS = ("Is 04:00 in the morning?", "Is 05/06 5 June or 6 May?")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "calendar.yaml"
    file.write_text(RECORD, encoding="utf-8")
    return file


def test_questions_are_read_from_yaml_toml_and_json(source: Path, tmp_path: Path) -> None:
    window = {"id": "w1", "system": "pilot", "start": "2025-07-13 04:00", "duration": "6h"}
    head = {"name": "Harbour", "domain": "harbour.example.org", "timezone": "Africa/Nairobi"}
    as_json = tmp_path / "calendar.json"
    as_json.write_text(json.dumps({**head, "windows": [{**window, "questions": QUESTIONS}]}), encoding="utf-8")
    as_toml = tmp_path / "calendar.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in head.items()]
    lines += ["[[windows]]", *(f"{key} = {json.dumps(value)}" for key, value in window.items())]
    as_toml.write_text("\n".join([*lines, f"questions = {json.dumps(QUESTIONS)}"]), encoding="utf-8")
    assert [load(file).windows[0].questions for file in (source, as_json, as_toml)] == [QUESTIONS] * 3


def test_each_open_question_is_an_error_with_its_line_and_text(source: Path) -> None:
    findings = check(source, NOW).findings
    assert [(f.rule.name, f.severity, f.line) for f in findings] == [("open-question", "error", n) for n in (10, 11)]
    assert all(text in finding.message for text, finding in zip(QUESTIONS, findings, strict=True))
    with pytest.raises(SourceError) as refused:
        open_source(source).answered()
    assert refused.value.findings == findings


@pytest.mark.parametrize(
    ("command", "exit_code"),
    [("check", 1), ("feed", 1), ("list", 1), ("status", 2), ("build", 1)],
)
def test_no_command_that_publishes_or_answers_takes_an_open_question(
    command: str, exit_code: int, source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "public"
    arguments = [command, str(source), *(["-o", str(output)] if command == "build" else [])]
    done = CliRunner().invoke(main, arguments, standalone_mode=False)
    told = done.output + "\n".join(map(str, getattr(done.exception, "findings", ())))
    assert f"{source}:10:9: error ICM227: " in told
    assert exit_code == (1 if isinstance(done.exception, CalendarError) else done.return_value)
    assert not output.exists()


def test_python_does_not_publish_an_open_question(source: Path, tmp_path: Path) -> None:
    calendar = MaintenanceCalendar.load(source)
    with pytest.raises(CalendarError, match="open question"):
        calendar.to_ical(now=NOW)
    with pytest.raises(CalendarError, match="open question"):
        build_site(calendar, tmp_path / "public", now=NOW)
    assert not (tmp_path / "public").exists()


def test_the_writer_keeps_questions_and_the_schema_describes_them(tmp_path: Path) -> None:
    window = {"id": "w", "system": "s", "start": "2025-07-13 04:00", "duration": "6h", "questions": list(QUESTIONS)}
    file = tmp_path / "calendar.yaml"
    file.write_text(HEAD + yaml_text({"windows": [window]}), encoding="utf-8")
    assert load(file).windows[0].questions == QUESTIONS
    described = json.loads(schema_text())["$defs"]["MaintenanceWindow"]["properties"]["questions"]
    assert "before this window can be published" in described["description"]


def test_csv_has_no_column_for_questions(source: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("id,system,questions\na,pilot,Why?\n", encoding="utf-8")
    with pytest.raises(SourceError, match="questions"):
        load(tmp_path)
