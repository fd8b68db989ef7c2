"""A draft as people paste it and programs read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from icms_calendar import read_notice
from icms_calendar.command.cli import run
from icms_calendar.notice.draft import draft_json, draft_yaml
from icms_calendar.source.files import load

NOTICE = (
    "Kenya Revenue Authority (KRA) informs importers and clearing agents that its Integrated Customs Management System "
    "(iCMS) will be unavailable on Sunday, 13th July 2025 from 4.00 a.m. to 10.00 a.m. due to a system upgrade."
)
CALENDAR = "name: Notices\ndomain: notices.example.org\ntimezone: Africa/Nairobi\n"


def _read(text: str = NOTICE) -> str:
    return draft_yaml(read_notice(text, published=date(2025, 7, 10), timezone="Africa/Nairobi"))


def test_a_draft_is_a_record_with_its_evidence(golden: Callable[[str, bytes], None]) -> None:
    golden("draft.yaml", _read().encode())


def test_a_draft_that_is_pasted_into_records_passes_check(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(CALENDAR + _read(), encoding="utf-8")
    window = load(path).windows[0]
    assert (window.id, window.system, window.notice) == ("icms-2025-07-13", "icms", NOTICE)


HOSTILE = [
    "System: ../../../etc/cron.d/x\\..\\NUL; maintenance on Sunday 13 July 2025, 4 am to 10 am EAT.",
    "All: maintenance on Sunday 13 July 2025, 4 am to 10 am EAT.",
    "CON maintenance on Sunday 13 July 2025, 4 am to 10 am EAT.",
    "Maintenance of A: - *&\"'# {x}\n\ton Sunday 13 July 2025, 4 am to 10 am EAT. # windows: []\n---\n",
    "Planned downtime on Sunday 13 July 2025, 4 am to 10 am EAT.",
    "iTax maintenance on 12 July 2025, 4 am to 6 am EAT, and on 12 July 2025, 8 am to 9 am EAT.",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_notice_breaks_out_of_its_draft(text: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    reading = read_notice(text)
    assert reading.ready
    path.write_text(CALENDAR + draft_yaml(reading), encoding="utf-8")
    windows = load(path).windows
    assert len(windows) == len(reading.windows)
    assert all(window.source is None for window in windows)


def test_what_is_not_ready_is_a_comment_altogether() -> None:
    text = draft_yaml(read_notice("iTax maintenance on 13 July 2025 from 4 am to 10 am EAT, lasting four hours."))
    assert text.startswith("# Not ready")
    assert "#   - id: itax-2025-07-13" in text
    assert yaml.safe_load(text) is None


def test_the_json_has_windows_only_if_it_is_ready() -> None:
    table = json.loads(draft_json(read_notice(NOTICE, timezone="Africa/Nairobi")))
    window = {"start": "2025-07-13T04:00:00+03:00", "end": "2025-07-13T10:00:00+03:00", "timezone": "Africa/Nairobi"}
    assert table["ready"]
    assert table["status"] == "scheduled"
    assert table["windows"] == [
        window | {"system": "Integrated Customs Management System (iCMS)", "status": "scheduled"}
    ]
    assert table["evidence"]["windows"][0]["timezone"] == {
        "offset": 0,
        "how": "defaulted",
        "of": "--timezone Africa/Nairobi",
    }
    assert table["evidence"]["impact"] == [{"quote": "unavailable", "offset": 129, "how": "stated"}]
    assert [finding["name"] for finding in table["findings"]] == ["tz-default"]
    table = json.loads(draft_json(read_notice(NOTICE)))
    assert not table["ready"]
    assert table["windows"] == []


def test_the_command_exits_by_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    assert run(["draft", str(notice), "--timezone", "Africa/Nairobi", "--published", "2025-07-10"]) == 0
    out, err = capsys.readouterr()
    assert out == _read()
    assert "notice.txt: warning ICM942: names no zone" in err
    assert run(["draft", str(notice), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == "ICM941"
    assert run(["draft", str(tmp_path / "none.txt")]) == 2
    assert run(["draft", str(notice), "--timezone", "Africa/Nowhere"]) == 2
    assert '"Africa/Nowhere" is not a time zone' in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_notice_is_read_from_utf_8_and_from_utf_16_with_its_mark(encoding: str) -> None:
    text = NOTICE.replace(" to ", " – ")
    assert read_notice(text.encode(encoding), timezone="Africa/Nairobi").ready


@pytest.mark.parametrize("data", [NOTICE.encode("utf-16-le"), b"\x89PNG\r\n\x00", b"caf\xe9 4 am", b"%PDF\xe2"])
def test_what_is_no_text_is_told_with_the_place_of_the_byte(data: bytes) -> None:
    reading = read_notice(data, timezone="Africa/Nairobi")
    assert [finding.rule.name for finding in reading.findings] == ["notice-encoding"]
