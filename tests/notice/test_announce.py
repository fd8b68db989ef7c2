"""The public notice of a window: what people are told, and that draft reads it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import CalendarError, MaintenanceCalendar, announce, read_notice
from icms_calendar.command.cli import run
from icms_calendar.notice.announce import MAX_SMS_CHARACTERS, Change, Form, News, notice_of
from icms_calendar.record.checks import STATUSES
from icms_calendar.record.labels import Language
from icms_calendar.record.recurrence import expand
from tests.conftest import ROOT
from tests.strategies import calendars

EXAMPLES = ROOT / "examples"


ALL_DAY = "{id: w, system: s, start: 2026-03-14, end: 2026-03-14, all_day: true}"
WEEKLY = "{id: w, system: s, start: 2026-03-14 22:00, end: 2026-03-15 04:00, repeat: {rule: FREQ=WEEKLY, count: 3}}"
ZONES = st.sampled_from(
    ["Africa/Nairobi", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]
)


@settings(max_examples=80)
@given(
    st.dates(date(2024, 1, 2), date(2030, 1, 1)),
    st.integers(0, 4),
    ZONES,
    st.sampled_from(sorted(STATUSES)),
    st.booleans(),
)
def test_an_english_notice_of_whole_days_or_of_one_that_repeats_is_read_back(
    day: date, days: int, zone: str, status: str, weekly: bool
) -> None:
    window: dict[str, object] = {"id": "w", "system": "s", "status": status}
    if weekly:
        window |= {"start": f"{day} 12:00", "end": f"{day + timedelta(days=days)} 13:30"}
        window["repeat"] = {"rule": "FREQ=WEEKLY", "count": 3}
    else:
        window |= {"start": str(day), "end": str(day + timedelta(days=days)), "all_day": True}
    calendar = MaintenanceCalendar(name="n", domain="example.org", timezone=zone, windows=[window])
    for occurrence in expand(calendar).occurrences:
        notice = notice_of(occurrence, calendar)
        reading = read_notice(notice.text)
        assert [(w.start, w.end) for w in reading.windows] == [(occurrence.start, occurrence.end)], notice.text
        assert reading.ready == (status != "tentative"), notice.text
        assert reading.windows[0].status == ("confirmed" if status == "in-process" else status)


@settings(max_examples=60)
@given(calendars(), st.sampled_from(["letter", "sms"]), st.sampled_from(["planned", "moved", "extended", "shortened"]))
def test_every_english_notice_is_read_back_to_its_window(
    calendar: MaintenanceCalendar, form: Form, change: Change
) -> None:
    for occurrence in expand(calendar).occurrences[:4]:
        before = occurrence.start - timedelta(days=7) if change == "moved" else None
        notice = notice_of(occurrence, calendar, form=form, news=News(change, before))
        reading = read_notice(notice.text)
        assert [(window.start, window.end) for window in reading.windows] == [(occurrence.start, occurrence.end)]
        status = occurrence.window.status
        assert reading.ready == (status != "tentative"), notice.text
        assert reading.windows[0].status == ("confirmed" if status == "in-process" else status)


@settings(max_examples=40)
@given(calendars(), st.sampled_from(["en", "sw"]))
def test_a_text_message_has_no_more_than_two_parts(calendar: MaintenanceCalendar, language: Language) -> None:
    for occurrence in expand(calendar).occurrences[:4]:
        text = notice_of(occurrence, calendar, language=language, form="sms").text
        assert len(text.rstrip("\n")) <= MAX_SMS_CHARACTERS
        assert text.count("\n") == 1


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("form", ["letter", "sms"])
def test_the_notices_of_the_example(
    example: MaintenanceCalendar, language: Language, form: Form, golden: Callable[[str, bytes], None]
) -> None:
    notice = notice_of(expand(example).occurrences[0], example, language=language, form=form)
    assert notice.findings == ()
    golden(f"announce-{form}-{language}.txt", notice.text.encode())


def test_what_cannot_be_read_back_is_left_out_and_told(example: MaintenanceCalendar) -> None:
    window = example.windows[0].model_copy(update={"reason": "Parts come on 3 May 2024 at 9 am"})
    calendar = example.replace(window)
    notice = notice_of(expand(calendar).occurrences[0], calendar)
    assert "3 May" not in notice.text
    assert [finding.rule.name for finding in notice.findings] == ["announce-left-out"]


def test_a_moved_window_says_for_when_it_was_announced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    published = tmp_path / "published.ics"
    assert run(["feed", str(EXAMPLES / "harbour.yaml"), "-o", str(published), "--now", "2026-03-01"]) == 0
    moved = (EXAMPLES / "harbour.yaml").read_text(encoding="utf-8").replace("2026-03-14 22", "2026-03-21 22")
    records = tmp_path / "records.yaml"
    records.write_text(moved.replace("2026-03-15 04", "2026-03-22 04"), encoding="utf-8")
    capsys.readouterr()
    command = ["announce", str(records), "berths-2026-03-14", "--previous", str(published), "--now", "2026-03-05"]
    assert run(command) == 0
    text = capsys.readouterr().out
    assert ", announced for Saturday 14 March 2026, has been rescheduled." in text
    assert "Start: Saturday 21 March 2026, 22:00 EAT (UTC+3)" in text
    assert "Issued on Thursday 5 March 2026" in text
    assert read_notice(text).ready


def test_one_day_of_a_window_that_repeats_has_a_notice_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(
        "name: Harbour\ndomain: harbour.example.org\ntimezone: Europe/Berlin\nwindows:\n"
        "  - {id: w, system: berths, start: 2026-01-11 02:00, end: 2026-01-11 06:00, repeat: {rule: FREQ=WEEKLY}}\n",
        encoding="utf-8",
    )
    assert run(["announce", str(path), "w.20260118", "--form", "sms", "--now", "2026-01-01"]) == 0
    assert "Start: Sunday 18 January 2026, 02:00 CET (UTC+1)." in capsys.readouterr().out
    assert run(["announce", str(path), "w.20260119", "--now", "2026-01-01"]) == 1


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2025-10-25T23:30+00:00", 4),
        ("2025-10-26T00:30+00:00", 1),
        ("2025-10-26T01:30+00:00", 1),
        ("2025-03-30T00:30+00:00", 1),
    ],
)
def test_a_notice_is_exact_where_the_clock_is_changed(start: str, hours: int) -> None:
    begins = datetime.fromisoformat(start).astimezone(UTC)
    window = {"id": "w", "system": "s", "start": start, "end": (begins + timedelta(hours=hours)).isoformat()}
    calendar = MaintenanceCalendar(name="n", domain="example.org", timezone="Europe/London", windows=[window])
    reading = read_notice(notice_of(expand(calendar).occurrences[0], calendar).text)
    assert [(w.start, w.end) for w in reading.windows] == [(begins, begins + timedelta(hours=hours))]


def _announced(records: str, window: str = "w", **options: str) -> str:
    """The English letter of a window of one calendar, on 5 March 2026."""
    head = "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\n"
    calendar = MaintenanceCalendar.load((head + records).encode())
    return announce(calendar, window, now=datetime(2026, 3, 5, tzinfo=UTC), **options)  # type: ignore[arg-type]


SERVICES = """systems:
  - {id: s, name: Berths, services: [{id: book, name: Booking}, {id: pilots, name: Pilots}, {id: crane, name: Cranes}]}
windows:
  - id: w
    system: s
    start: 2026-03-14 22:00
    end: 2026-03-15 04:00
    title: A new switch
    services: [{id: book, impact: outage}, {id: pilots, impact: degraded}, {id: crane, impact: outage}]
"""


def test_a_notice_says_the_impact_on_each_service_and_the_title() -> None:
    text = _announced(SERVICES)
    assert "\nUnavailable: Booking, Cranes.\n" in text
    assert "\nDegraded: Pilots.\n" in text
    assert "Services will be" not in text
    assert "\nA new switch.\n" in text


def test_an_official_notice_is_signed_by_the_publisher_and_any_other_by_the_operator() -> None:
    records = (
        "systems:\n  - {id: s, name: Berths, operator: {name: Port Authority}}\npublisher: {name: Example Forwarders}\n"
        "windows:\n  - {id: w, system: s, start: 2026-03-14 22:00, end: 2026-03-15 04:00}\n"
    )
    assert "\nPort Authority\n" in _announced(records)
    official = _announced(f"official: true\n{records}")
    assert "\nExample Forwarders\n" in official
    assert "Port Authority" not in official


def test_a_notice_of_whole_days_says_so() -> None:
    assert "\nAll day on Saturday 14 March 2026 (UTC+3)\n" in _announced(f"windows:\n  - {ALL_DAY}\n")


def test_a_cancellation_has_its_own_day_and_that_of_the_first_notice() -> None:
    window = (
        "{id: w, system: s, start: 2026-03-14 22:00, end: 2026-03-15 04:00, announced: 2026-03-01, status: cancelled}"
    )
    text = _announced(f"windows:\n  - {window}\n")
    assert text.endswith("Issued on Thursday 5 March 2026, first announced on Sunday 1 March 2026.\n")
    assert read_notice(text).windows[0].status == "cancelled"


def test_an_id_of_a_window_that_repeats_names_the_days_it_can_be() -> None:
    with pytest.raises(CalendarError, match=r"w\.20260314, w\.20260321, w\.20260328 \(next: w\.20260314"):
        _announced(f"windows:\n  - {WEEKLY}\n")
    assert "Start: Saturday 21 March 2026, 22:00 EAT (UTC+3)" in _announced(f"windows:\n  - {WEEKLY}\n", "w.20260321")


def test_a_move_is_known_after_the_build_that_published_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.ics", tmp_path / "second.ics"
    records, moved = tmp_path / "records.yaml", tmp_path / "moved.yaml"
    text = (EXAMPLES / "harbour.yaml").read_text(encoding="utf-8")
    records.write_text(text, encoding="utf-8")
    moved.write_text(text.replace("03-14 22", "03-21 22").replace("03-15 04", "03-22 04"), encoding="utf-8")
    assert run(["feed", str(records), "-o", str(first), "--now", "2026-03-01"]) == 0
    assert run(["feed", str(moved), "-o", str(second), "--previous", str(first), "--now", "2026-03-04"]) == 0
    calendar = MaintenanceCalendar.load(moved)
    later = announce(calendar, "berths-2026-03-14", now=datetime(2026, 3, 6, tzinfo=UTC), previous=second.read_bytes())
    assert ", announced for Saturday 14 March 2026, has been rescheduled." in later
    assert "Issued on Wednesday 4 March 2026, first announced on Sunday 1 March 2026." in later
