"""How findings and changes look: text, JSON, Markdown, annotations of GitHub Actions; and the exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from icms_calendar import MaintenanceCalendar
from icms_calendar.catalogue import RULES
from icms_calendar.command.output import ExitCode, exit_code, findings_in
from icms_calendar.command.places import Report
from icms_calendar.command.report import changes_in, report_in_words, rule_in_words
from icms_calendar.feed.changes import Change, Changes, change
from icms_calendar.feed.event import Event
from icms_calendar.feed.publication import publication
from icms_calendar.findings import Finding, found
from icms_calendar.record.labels import CHANGE_WORDS

ERROR = replace(found("unknown-key", ("windows", 0, "titel"), key="titel", hint=""), file="a,b.yaml", line=3, column=5)
WARNING = found("feed-too-large", feed="all.ics", size="1", limit="2", remedy="Split it")
UNREADABLE = replace(found("unreadable", reason="gone"), file="x")


def test_errors_exit_with_1_unreadable_sources_with_2_and_warnings_only_when_strict() -> None:
    assert exit_code([]) == ExitCode.FINE
    assert exit_code([WARNING]) == ExitCode.FINE
    assert exit_code([WARNING], strict=True) == ExitCode.FINDINGS
    assert exit_code([ERROR, WARNING]) == ExitCode.FINDINGS
    assert exit_code([UNREADABLE]) == ExitCode.USAGE
    assert exit_code([UNREADABLE, ERROR]) == ExitCode.FINDINGS


def test_text_is_a_line_for_each_finding_and_broken_for_a_terminal() -> None:
    assert findings_in("text", [ERROR]) == 'a,b.yaml:3:5: error ICM201: unknown key "titel".\n'
    assert findings_in("text", []) == ""


def test_json_has_every_part_of_a_finding() -> None:
    assert json.loads(findings_in("json", [ERROR])) == [
        {
            "code": "ICM201",
            "name": "unknown-key",
            "severity": "error",
            "message": 'unknown key "titel".',
            "file": "a,b.yaml",
            "line": 3,
            "column": 5,
            "path": "windows[0].titel",
        }
    ]
    assert json.loads(findings_in("json", [])) == []


def test_annotations_are_escaped_so_that_a_text_cannot_add_a_command() -> None:
    hostile = Finding(RULES["ICM201"], "50%\r\n::error::x", ("a",), "f:1,g\n.yaml", 1, 2)
    assert findings_in("github", [hostile]) == (
        "::error file=f%3A1%2Cg%0A.yaml,line=1,col=2,title=ICM201 unknown-key::50%25%0D%0A::error::x\n"
    )
    placeless = Finding(RULES["ICM101"], "m", ("windows", 0, "start"), "w.toml")
    assert findings_in("github", [placeless]) == "::error file=w.toml,title=ICM101 not-a-time::windows[0].start: m\n"


def test_a_check_is_told_in_one_line() -> None:
    assert report_in_words(Report("x", "records", 0, (ERROR, ERROR, WARNING))) == "x: 2 errors, 1 warning"
    assert report_in_words(Report("x", "records", 1)) == "x: 1 window, nothing wrong"
    assert report_in_words(Report("x", "feed", 2)) == "x: 2 events, nothing wrong"
    assert report_in_words(Report("x", "records", 0, (ERROR,), ignored=2)) == "x: 1 error, 2 ignored"
    assert report_in_words(Report("x", "records", 0, (), ignored=1)) == "x: 1 ignored"


def test_a_rule_is_explained_within_80_columns_but_for_what_is_to_be_typed() -> None:
    for rule in RULES.values():
        text = rule_in_words(rule)
        assert text.startswith(f"{rule.code} {rule.name} ({rule.severity})\n")
        assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith(" "))
        assert max(map(len, text.splitlines())) < 500


def _change(kind: Any, before: Event | None, after: Event | None) -> Change:
    return change(kind, before, after)


def _changes(*changes: Change) -> Changes:
    return Changes(changes)


OLD = (
    publication(
        MaintenanceCalendar(
            name="C",
            domain="c.example.org",
            timezone="Africa/Nairobi",
            systems=[{"id": "icms", "name": "iCMS"}],
            windows=[{"id": "w", "system": "icms", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}],
        )
    )
    .events[0]
    ._replace(title="iCMS unavailable")
)
NEW = OLD._replace(end=datetime(2025, 7, 13, 8, tzinfo=UTC))


def test_changes_are_told_in_words_fit_for_a_message() -> None:
    changes = _changes(
        _change("added", None, OLD),
        _change("extended", OLD, NEW),
        _change("status", OLD, OLD._replace(status="in-process")),
        _change("ended", OLD, None),
    )
    when = "Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours"
    assert changes_in("text", changes) == (
        f"New: iCMS unavailable\n  {when}\n"
        f"Takes longer: iCMS unavailable\n  from {when}\n"
        "  to Sunday 13 July 2025, 04:00 to 11:00 EAT (01:00 to 08:00 UTC), 7 hours\n"
        f"Under way: iCMS unavailable\n  {when}\n"
        f"No longer listed: iCMS unavailable\n  {when}\n"
    )
    assert changes_in("text", changes, most=1) == f"New: iCMS unavailable\n  {when}\n… and 3 more.\n"
    assert changes_in("text", _changes()) == "Nothing has changed.\n"


def test_a_title_cannot_break_out_of_markdown() -> None:
    hostile = _change("added", None, OLD._replace(title="<img src=x>\n# [a](javascript:b) *c*"))
    line = changes_in("markdown", _changes(hostile)).splitlines()[0]
    assert line.startswith("- **New:** \\<img src=x\\> \\# \\[a\\]\\(javascript:b\\) \\*c\\*")


def test_changes_as_json_have_both_states() -> None:
    (told,) = json.loads(changes_in("json", _changes(_change("extended", OLD, NEW))))
    assert told["kind"] == "extended"
    start, end = "2025-07-13T01:00:00Z", "2025-07-13T07:00:00Z"
    before = {"start": start, "end": end, "status": "confirmed", "impact": "outage", "affected": ["icms"]}
    assert told["before"] == before
    assert told["after"]["end"] == "2025-07-13T08:00:00Z"
    assert told["text"].startswith("Takes longer: iCMS unavailable\n")


def test_every_kind_of_change_and_every_status_has_words() -> None:
    from icms_calendar.feed.changes import Kind
    from icms_calendar.record.checks import STATUSES

    assert {*get_args(Kind), *STATUSES} - {"status"} == set(CHANGE_WORDS)
