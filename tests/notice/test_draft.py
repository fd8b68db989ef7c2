"""A draft as people paste it and programs read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from icms_calendar import read_notice
from icms_calendar.command.cli import run
from icms_calendar.notice.reading import draft_json, draft_yaml
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


def test_a_draft_that_is_pasted_into_records_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(CALENDAR + _read(), encoding="utf-8")
    window = load(path).windows[0]
    assert len(window.questions) == 1
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


def test_what_is_open_is_a_question_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    text = draft_yaml(read_notice("iTax maintenance on 13 July 2025 from 4 am to 10 am EAT, lasting four hours."))
    path.write_text(CALENDAR + text, encoding="utf-8")
    window = load(path).windows[0]
    assert window.id == "itax-2025-07-13"
    assert len(window.questions) == 2
    assert 'The notice says "four hours", but this window lasts 6 hours.' in window.questions[1]


def test_the_json_has_start_end_zone_questions_and_evidence() -> None:
    table = json.loads(draft_json(read_notice(NOTICE, timezone="Africa/Nairobi")))
    window = table["windows"][0]
    assert (window["start"], window["end"]) == ("2025-07-13T04:00:00+03:00", "2025-07-13T10:00:00+03:00")
    assert (window["timezone"], window["status"]) == ("Africa/Nairobi", "confirmed")
    assert window["system"] == "Integrated Customs Management System (iCMS)"
    assert [question["kind"] for question in window["questions"]] == ["confirmation"]
    assert window["evidence"]["timezone"] == {"offset": 0, "how": "defaulted", "of": "Africa/Nairobi"}
    assert table["findings"] == []


def test_the_command_exits_by_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    assert run(["draft", str(notice), "--timezone", "Africa/Nairobi", "--published", "2025-07-10"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (_read(), "")
    assert run(["draft", str(notice), "--format", "json"]) == 1
    asked = json.loads(capsys.readouterr().out)["windows"][0]["questions"]
    assert [question["kind"] for question in asked] == ["confirmation", "tz-missing"]
    assert run(["draft", str(tmp_path / "none.txt")]) == 2
    assert run(["draft", str(notice), "--timezone", "Africa/Nowhere"]) == 2
    assert '"Africa/Nowhere" is not a time zone' in capsys.readouterr().err
    notice.write_text("Our office has moved.", encoding="utf-8")
    assert run(["draft", str(notice)]) == 2
    assert "ICM957" in capsys.readouterr().err


def test_the_day_of_publication_is_never_turned_to_utc(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text("iTax will be unavailable tomorrow from 4 am to 10 am.", encoding="utf-8")
    command = ["draft", str(notice), "--timezone", "Africa/Nairobi", "--published", "2025-07-12T01:00+03:00"]
    assert run(command) == 0
    out = capsys.readouterr().out
    assert "start: 2025-07-13T04:00+03:00" in out
    assert 'announced: "2025-07-12"' in out or "announced: 2025-07-12" in out


@pytest.mark.parametrize(
    "day", ["10 July 2025", "Thursday, 10th July 2025", "July 10, 2025", "10.07.2025", "2025-07-10"]
)
def test_the_day_of_publication_is_given_as_the_notice_writes_it(
    day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text("iTax will be unavailable tomorrow from 4 am to 10 am.", encoding="utf-8")
    assert run(["draft", str(notice), "--timezone", "Africa/Nairobi", "--published", day]) == 0
    assert "start: 2025-07-11T04:00+03:00" in capsys.readouterr().out


@pytest.mark.parametrize(
    "day", ["05/06/2025", "10 July", "tomorrow", "Friday 10 July 2025", "10 July 2025 and 11 July 2025"]
)
def test_a_day_of_publication_that_can_be_two_days_is_refused(day: str, tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    assert run(["draft", str(notice), "--timezone", "Africa/Nairobi", "--published", day]) == 2


def test_the_notice_is_quoted_exactly_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    notice = "Café “Über” – iTax maintenance on Sunday, 13 July 2025, 4:00 a.m. – 10:00 a.m. due to l’été à Zürich."
    reading = read_notice(notice, timezone="Africa/Nairobi")
    path.write_text(CALENDAR + draft_yaml(reading), encoding="utf-8")
    window = load(path).windows[0]
    assert window.notice == notice
    assert notice in window.questions[0]
    assert window.reason == "l’été à Zürich"


RECORDS = (
    CALENDAR
    + """systems:
  - {id: icms, name: Integrated Customs Management System, short: iCMS, services: [{id: manifest, name: Sea manifests}]}
windows:
  - {id: w1, system: icms, start: 2025-07-13 05:00, end: 2025-07-13 06:00}
"""
)


def test_the_source_gives_names_zone_and_windows_that_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, notice = tmp_path / "calendar.yaml", tmp_path / "notice.txt"
    source.write_text(RECORDS, encoding="utf-8")
    notice.write_text("iCMS and sea manifests: maintenance on 13 July 2025 from 4 am to 10 am.", encoding="utf-8")
    assert run(["draft", str(notice), "--source", str(source)]) == 0
    out, err = capsys.readouterr()
    assert "system: icms" in out
    assert "services: [manifest]" in out
    assert "2025-07-13T04:00+03:00" in out
    assert "warning ICM958" in err
    assert "w1" in err
    assert run(["draft", str(notice), "--source", str(source), "--system", "itax"]) != 0
    assert '"itax"' in capsys.readouterr().err


def test_a_service_that_the_calendar_does_not_have_is_named_in_the_confirmation(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(RECORDS, encoding="utf-8")
    text = "iCMS maintenance on 14 July 2025 from 4 am to 5 am.\nServices affected: sea manifests, payments"
    reading = read_notice(text, calendar=load(path))
    assert reading.facts["services"] == ("manifest",)
    assert reading.windows[0].questions[0].text.endswith("Not among the services of the calendar: payments.")


@pytest.mark.parametrize("text", ["Scheduled maintenance", "PUBLIC NOTICE\nPlanned maintenance", "Network maintenance"])
def test_a_notice_that_names_no_system_gives_none(text: str) -> None:
    assert read_notice(f"{text} on 13 July 2025 from 04:00 to 10:00 EAT.").windows[0].system is None


def test_what_the_notice_says_is_available_is_not_affected(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(RECORDS, encoding="utf-8")
    text = "Sea manifests will be available. iCMS has maintenance on 14 July 2025 from 4 am to 5 am."
    assert "services" not in read_notice(text, calendar=load(path)).facts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_notice_is_read_from_utf_8_and_from_utf_16_with_its_mark(encoding: str) -> None:
    text = NOTICE.replace(" to ", " – ")
    assert read_notice(text.encode(encoding), timezone="Africa/Nairobi").ready


@pytest.mark.parametrize("data", [NOTICE.encode("utf-16-le"), b"\x89PNG\r\n\x00", b"caf\xe9 4 am", b"%PDF\xe2"])
def test_what_is_not_text_is_reported_with_the_place_of_the_byte(data: bytes) -> None:
    reading = read_notice(data, timezone="Africa/Nairobi")
    assert [finding.rule.name for finding in reading.findings] == ["not-utf8"]


@pytest.mark.parametrize("zone", ["CET/CEST", "Brussels"])
def test_a_zone_whose_clock_is_not_known_then_is_asked_about(zone: str) -> None:
    reading = read_notice(f"iTax maintenance on 13 July 2038 from 10 am to 11 am {zone}.", timezone="Africa/Nairobi")
    assert not reading.ready
    (window,) = reading.windows
    assert any("outside the clock changes of Europe/Brussels" in question for question in map(str, window.questions))


@pytest.mark.parametrize("day", ["12/0", "0/5/2025", "10/00/2025", "Sunday 06/0", "0000-00-00", "31/02/2025"])
def test_a_day_or_month_that_no_calendar_has_is_no_bug(day: str) -> None:
    reading = read_notice(
        f"System down on {day} from 4am to 6am", published=date(2025, 7, 1), timezone="Africa/Nairobi"
    )
    assert not reading.ready


def test_a_notice_that_is_too_large_or_not_there_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("icms_calendar.local.MAX_BYTES", 2**20)
    (tmp_path / "notice.txt").write_text("x" * (2**20 + 1), encoding="utf-8")
    for name, told in (("notice.txt", "it has more than 1 MiB"), ("gone.txt", "it was not found")):
        assert run(["draft", str(tmp_path / name)]) == 2
        assert told in capsys.readouterr().err
