"""Notices as they are written: no window is ever wrong and ready, plain ones are right, the rest is asked."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from icms_calendar import NoticeReading, read_notice

CASES = yaml.load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
Window = tuple[datetime, datetime, str | None]


def _reading(case: dict[str, str]) -> NoticeReading:
    notice = bytes.fromhex(case["bytes"]) if "bytes" in case else case["text"]
    published = date.fromisoformat(case["published"]) if "published" in case else None
    return read_notice(notice, published=published, timezone=case.get("zone"))


def _expected(case: dict[str, list[str]]) -> list[Window]:
    windows: list[Window] = []
    for written in case.get("windows", ()):
        span, _, zone = written.partition(" ")
        start, end = map(datetime.fromisoformat, span.split("/"))
        windows.append((start, end, zone or case.get("zone")))  # type: ignore[arg-type]
    return windows


def _verdict(case: dict[str, list[str]], reading: NoticeReading) -> str:
    windows = [(window.start, window.end, window.timezone) for window in reading.windows]
    if reading.ready:
        return "right" if windows == _expected(case) and "asks" not in case else "wrong"
    return "asked" if "asks" in case or "either" in case else "missed"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.get("text", "bytes")[:60])
def test_a_notice_is_read_as_people_read_it_or_asked_for_the_right_reason(case: dict[str, str]) -> None:
    reading = _reading(case)
    assert _verdict(case, reading) in ("right", "asked"), [str(finding) for finding in reading.findings]
    if "asks" in case:
        assert case["asks"] in {finding.rule.name for finding in reading.findings}
    if reading.ready or "either" not in case:
        assert reading.status == case.get("status", "scheduled")


def test_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    score = Counter(_verdict(case, _reading(case)) for case in CASES)
    with capsys.disabled():
        print(f"\n{len(CASES)} notices: {score['right']} right, {score['asked']} asked, ", end="")
        print(f"{score['missed']} missed, {score['wrong']} wrong")
    assert not score["wrong"]
    assert not score["missed"]


@pytest.mark.parametrize("case", [case for case in CASES if "windows" in case], ids=lambda case: case["text"][:60])
def test_the_evidence_of_a_window_stands_in_the_notice_where_it_says(case: dict[str, str]) -> None:
    for window in (reading := _reading(case)).windows + reading.candidates:
        assert set(window.evidence) >= {"start", "end", "timezone"}
        for evidence in window.evidence.values():
            assert evidence.how in ("stated", "inferred", "defaulted")
            assert bool(evidence.of) == (evidence.how != "stated")
            if evidence.quote and "<" not in case["text"]:
                first = evidence.quote.split()[0][:3].casefold()
                assert case["text"][evidence.offset :].casefold().startswith(first)
