"""How findings look: text, JSON, annotations of GitHub Actions; and the exit code that follows."""

from __future__ import annotations

import json
from dataclasses import replace

from icms_calendar.findings import RULES, Finding, found
from icms_calendar.report import ExitCode, check_in_words, exit_code, findings_in, rule_in_words

ERROR = replace(found("unknown-key", ("windows", 0, "titel"), key="titel", hint=""), file="a,b.yaml", line=3, column=5)
WARNING = found("feed-too-large", feed="all.ics", size="1", limit="2")
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
    assert all(len(line) <= 40 for line in findings_in("text", [WARNING], width=40).splitlines())
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
    assert check_in_words("x", 0, [ERROR, ERROR, WARNING]) == "x: 2 errors, 1 warning"
    assert check_in_words("x", 1, []) == "x: 1 window, nothing wrong"
    assert check_in_words("x", 0, [ERROR], ignored=2) == "x: 1 error, 2 ignored"
    assert check_in_words("x", 0, [], ignored=1) == "x: 1 ignored"


def test_a_rule_is_explained_within_80_columns_but_for_what_is_to_be_typed() -> None:
    for rule in RULES.values():
        text = rule_in_words(rule)
        assert text.startswith(f"{rule.code} {rule.name} ({rule.severity})\n")
        assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith((" ", "Source")))
        assert max(map(len, text.splitlines())) < 500
