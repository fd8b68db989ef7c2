"""Every rule of the catalogue: its wrong raises it, its right does not, and it says all that explain needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from icms_calendar.catalogue import RULES, Rule, rule_by
from icms_calendar.findings import CalendarError, Finding, SourceError, did_you_mean, found, shown
from icms_calendar.foreign.adopt import adopt
from icms_calendar.foreign.adoption import Wishes
from icms_calendar.foreign.events import read_ics
from icms_calendar.foreign.lint import lint
from icms_calendar.notice.read import read_notice
from icms_calendar.site.hosting import served_findings
from icms_calendar.source.files import load
from tests.servers import server_of

BASE = """\
name: Harbour
domain: harbour.example.org
url: https://harbour.example.org/
timezone: Africa/Nairobi
systems:
  - {id: harbour, name: Harbour, services: [pilotage, payments]}
  - {id: customs, name: Customs, services: [payments]}
windows:
  - {id: w0, system: harbour, start: 2025-06-13 04:00, end: 2025-06-13 10:00}
"""
FEED_HEAD = "VERSION:2.0\nPRODID:-//Harbour office//Berths//EN\nMETHOD:PUBLISH"
EVENT = (
    "UID:w1@harbour.example.org\nDTSTAMP:20250710T000000Z\nORGANIZER:mailto:office@harbour.example.org\n"
    "DTSTART:20250713T010000Z\nDTEND:20250713T070000Z\nSUMMARY:Upgrade"
)
WINDOW = {"id": "w1", "system": "harbour", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
SITUATIONS = {
    (code, side): script
    for code, side, script in re.findall(
        r"^## (ICM[0-9]{3}) (wrong|right)\n(.*?)(?=^## |\Z)",
        (Path(__file__).parent / "situations.sh").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
}
SEEN_IN_CODES = re.compile(r"ICM[0-9]{3}")


def _with_window(snippet: str) -> str:
    """The base calendar and a window with the keys of a snippet, which may stand twice in it."""
    given = yaml.compose(snippet)
    assert isinstance(given, yaml.MappingNode)
    keys = {pair[0].value for pair in given.value}
    emptied = {pair[0].value for pair in given.value if pair[1].value == ""}
    kept = "".join(f"    {key}: {value}\n" for key, value in WINDOW.items() if key not in keys)
    written = "".join(f"    {line}\n" for line in snippet.splitlines() if line.rstrip(":") not in emptied)
    return f"{BASE}  -\n{kept}{written}"


def _with_calendar_keys(snippet: str) -> str:
    keys = yaml.safe_load(snippet)
    lines = [line for line in BASE.splitlines() if line.split(":")[0] not in keys]
    if "systems" in keys:
        lines = [line for line in lines if not line.startswith("  - {id: harbour") and "customs" not in line]
    return "\n".join([*lines, snippet, ""])


def feed_of(rule: Rule, text: str) -> bytes:
    """A sound feed but for the lines of a snippet, which are its event's or its own; or the snippet, a whole file."""
    head, event = FEED_HEAD, EVENT
    if rule.shown_as == "event":
        event = _instead(EVENT, text)
    elif rule.shown_as == "ics":
        return f"{text}\n".replace("\n", "\r\n").encode()
    else:
        head = _instead(FEED_HEAD, text)
    lines = f"BEGIN:VCALENDAR\n{head}\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    return lines.replace("\n", "\r\n").encode()


def _instead(sound: str, snippet: str) -> str:
    """Lines with those of a snippet in the place of those of the same name; one without a value takes them out."""
    own, components, rest = snippet.partition("\nBEGIN:" if "\nEND:" not in snippet else "\nEND:")
    names = {re.split("[:;]", line)[0] for line in own.splitlines()}
    kept = [line for line in sound.splitlines() if re.split("[:;]", line)[0] not in names]
    written = [line for line in own.split("\n") if not re.fullmatch("[A-Z-]+:", line)]
    return "\n".join([*kept, *written]) + components + rest


def _codes(rule: Rule, text: str, folder: Path) -> set[str]:
    """The codes that come up when a snippet of the catalogue is tried."""
    calendar = folder / "calendar.yaml"
    if rule.code.startswith("ICM7") and rule.shown_as in ("event", "feed", "ics"):
        return {finding.code for finding in lint(feed_of(rule, text)).findings}
    if rule.shown_as in ("event", "ics"):
        data = (text if rule.shown_as == "ics" else _with_event(text)).encode(errors="surrogateescape")
        feed = read_ics(data, until=UNTIL)
        is_import = "ICM820" < rule.code < "ICM827"
        findings = adopt(feed, UNTIL, "", Wishes("x", system="harbour")).findings if is_import else feed.findings
        return {finding.code for finding in findings}
    if rule.shown_as == "notice":
        return {finding.code for finding in read_notice(text).findings}
    if rule.shown_as == "exchange":
        return {finding.code for finding in served_findings("https://d.example/all.ics", server_of(text))}
    if rule.shown_as == "python":
        return _codes_of_python(text)
    calendar.write_text(BASE, encoding="utf-8")
    if rule.shown_as == "words":
        return _codes_of_shell(SITUATIONS[rule.code, folder.name], folder)
    whole: dict[str, Callable[[str], str]]
    whole = {"window": _with_window, "calendar": _with_calendar_keys, "file": str}
    calendar.write_text(whole[rule.shown_as](text), encoding="utf-8", newline="\n")
    try:
        load(calendar)
    except SourceError as error:
        return {finding.code for finding in error.findings}
    return set()


def _with_event(snippet: str) -> str:
    """A calendar with one event of a snippet's lines, and of what else an event needs."""
    given = {line.partition(":")[0].partition(";")[0] for line in snippet.splitlines()}
    needed = {"UID": "1@example.org", "DTSTART": "20250713T010000Z", "DTEND": "20250713T070000Z"}
    lines = "".join(f"{name}:{value}\n" for name, value in needed.items() if name not in given)
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}{snippet.rstrip()}\nEND:VEVENT\nEND:VCALENDAR\n"


def _codes_of_python(text: str) -> set[str]:
    code = f"import pytz\nfrom datetime import datetime\nfrom icms_calendar import *\n{text}\n"
    try:
        exec(code, {})  # the catalogue is ours
    except ValueError as error:
        return set(SEEN_IN_CODES.findall(str(error)))
    return set()


def _codes_of_shell(text: str, folder: Path) -> set[str]:
    bin_ = folder / "bin"
    bin_.mkdir()
    command = bin_ / "icms-calendar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    python = bin_ / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k != "GITHUB_ACTIONS"}
    env |= {"PATH": f"{bin_}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", text], cwd=folder, env=env, capture_output=True, timeout=60, check=False)
    return set(SEEN_IN_CODES.findall((done.stdout + done.stderr).decode()))


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=rule.name, marks=[pytest.mark.slow] if rule.shown_as == "words" else [])
        for rule in RULES.values()
    ],
)
def test_what_a_rule_shows_as_wrong_raises_it_and_what_it_shows_as_right_does_not(rule: Rule, tmp_path: Path) -> None:
    if rule.shown_as == "words" and (sys.platform == "win32" or not shutil.which("truncate")):
        pytest.skip("the situation is made by a POSIX shell")
    for name, text, expected in (("wrong", rule.wrong, {rule.code}), ("right", rule.right, set())):
        folder = tmp_path / name
        folder.mkdir()
        codes = _codes(rule, text, folder)
        assert codes & {rule.code} == expected, f"{name}: {codes}"
        assert codes <= {rule.code}, f"{name} of {rule.code} raises others, too"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_says_what_it_means_why_it_is_bad_and_who_says_so(rule: Rule) -> None:
    assert re.fullmatch(r"ICM[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    for text in (rule.message, rule.meaning, rule.why, rule.wrong, rule.right, rule.source):
        assert text.strip()
    assert rule.meaning.endswith(".")
    assert rule.why.endswith(".")
    assert not rule.message.endswith(".")


def test_codes_and_names_are_unique() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert list(RULES) == sorted(RULES)


@pytest.mark.parametrize(
    ("old", "new"), [("ICM795", "ICM762"), ("icm806", "ICM805"), ("bad-status", "ICM763"), ("blank-line", "ICM708")]
)
def test_a_retired_code_or_name_is_that_of_the_rule_that_reports_the_fault_today(old: str, new: str) -> None:
    assert rule_by(old).code == new
    assert old.upper() not in RULES


def test_no_rule_has_a_code_or_name_that_is_retired() -> None:
    retired = [old for rule in RULES.values() for old in rule.retires]
    assert len(retired) == len(set(retired))
    assert not {*retired} & {*RULES, *(rule.name for rule in RULES.values())}


def test_a_finding_reads_place_severity_code_and_message() -> None:
    finding = found("bad-text", ("windows", 3, "title"), reason="the text is empty. Leave the key out")
    assert str(finding) == "windows[3].title: error ICM211: the text is empty. Leave the key out"
    placed = Finding(finding.rule, finding.message, finding.path, "w.yaml", 14, 12)
    assert str(placed) == "w.yaml:14:12: error ICM211: the text is empty. Leave the key out"


def test_an_error_carries_every_finding_and_prints_a_line_for_each() -> None:
    error = CalendarError([found("no-url"), found("empty-source")])
    assert len(str(error).splitlines()) == len(error.findings) == 2
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("titel", ["title", "status"], ' Did you mean "title"?'),
        ("ICMS", ["icms"], ' Did you mean "icms"?'),
        ("xyz", ["icms", "itax"], " Known: icms, itax."),
        ("xyz", [], ""),
    ],
)
def test_the_nearest_known_word_is_named(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


def test_what_was_read_is_shown_on_one_line_and_cut() -> None:
    assert shown("a\nb\x1b") == '"a\\x0ab\\x1b"'
    assert shown("x" * 99) == '"' + "x" * 60 + '…"'
    assert [*map(shown, (True, None, 3, [], {}))] == ["true", "nothing", "3", "a list", "a table"]
