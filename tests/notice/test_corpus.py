"""Notices as they are written: plain ones have only the confirmation open, and no wrong window lacks a question."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from icms_calendar import NoticeReading, read_notice

HERE = Path(__file__).parent
CASES, UNSEEN, FRESH, PROBES = (
    yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for name in ("corpus.yaml", "unseen.yaml", "fresh.yaml", "probes.yaml")
)
Window = tuple[datetime | None, datetime | None, str | None]
TODAY = date(2026, 11, 26)


def _reading(case: dict[str, str]) -> NoticeReading:
    notice = bytes.fromhex(case["bytes"]) if "bytes" in case else case["text"]
    published = date.fromisoformat(case["published"]) if "published" in case else None
    return read_notice(notice, published=published, timezone=case.get("zone"), today=TODAY)


def _expected(case: dict[str, list[str]]) -> list[Window]:
    windows: list[Window] = []
    for written in case.get("windows", ()):
        span, _, zone = written.partition(" ")
        start, end = map(datetime.fromisoformat, span.split("/"))
        windows.append((start, end, zone or str(case.get("zone"))))
    return windows


def _verdict(case: dict[str, list[str]], reading: NoticeReading) -> str:
    windows: list[Window] = [(window.start, window.end, str(window.timezone)) for window in reading.windows]
    if reading.ready:
        return "right" if windows == _expected(case) and "asks" not in case else "wrong"
    return "asked" if "asks" in case or "either" in case else "missed"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.get("text", "bytes")[:60])
def test_a_notice_is_read_as_people_read_it_or_the_right_thing_is_asked(case: dict[str, str]) -> None:
    reading = _reading(case)
    asked = {question.name for window in reading.windows for question in window.questions[1:]}
    asked |= {finding.rule.name for finding in reading.findings}
    assert _verdict(case, reading) in ("right", "asked"), asked  # type: ignore[arg-type]
    if "asks" in case:
        assert case["asks"] in asked
    if reading.ready and "status" in case:
        assert {window.status for window in reading.windows} == {case["status"]}


@pytest.mark.parametrize("cases", [CASES, UNSEEN, FRESH, PROBES], ids=["corpus", "unseen", "fresh", "probes"])
def test_nine_in_ten_plain_notices_leave_only_the_confirmation_open(cases: list[dict[str, str]]) -> None:
    score = Counter(_verdict(case, _reading(case)) for case in cases)  # type: ignore[arg-type]
    assert not score["wrong"]
    plain = [case for case in cases if not {"asks", "either"} & {*case}]
    right = sum(_verdict(case, _reading(case)) == "right" for case in plain)  # type: ignore[arg-type]
    assert right >= 0.9 * len(plain), score


@pytest.mark.parametrize(
    "case", [case for case in UNSEEN + FRESH + PROBES if "asks" in case], ids=lambda case: case["text"][:60]
)
def test_what_a_notice_leaves_open_is_asked(case: dict[str, str | list[str]]) -> None:
    reading = _reading(case)  # type: ignore[arg-type]
    asked = {question.name for window in reading.windows for question in window.questions}
    kinds = [case["asks"]] if isinstance(case["asks"], str) else case["asks"]
    assert asked & set(kinds), asked


@pytest.mark.parametrize("case", [case for case in CASES if "windows" in case], ids=lambda case: case["text"][:60])
def test_the_evidence_of_a_window_is_in_the_notice_at_its_place(case: dict[str, str]) -> None:
    for window in _reading(case).windows:
        for evidence in window.evidence.values():
            assert evidence.how in ("stated", "inferred", "defaulted")
            assert bool(evidence.of) == (evidence.how != "stated")
            if evidence.quote and "<" not in case["text"]:
                first = evidence.quote.split()[0][:3].casefold()
                assert case["text"][evidence.offset :].casefold().startswith(first)
