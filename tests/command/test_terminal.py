"""What a person sees on a terminal, and what a program gets in a pipe instead."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from icms_calendar.command import output
from icms_calendar.command.output import working
from tests.conftest import ROOT, Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
EXAMPLE = ROOT / "examples" / "kra-icms"
RECORDS = """\
name: Harbour
domain: harbour.example.org
timezone: Africa/Nairobi
windows:
  - {id: a, system: berths, start: 2026-12-01 22:00, end: 2026-12-01 04:00}
"""


def on_a_terminal(folder: Path, *arguments: object, columns: int = 80, **env: str) -> str:
    """What the command writes to a terminal, standard output and standard error together."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "GITHUB_ACTIONS", "NO_COLOR")}
    command = [sys.executable, "-m", "icms_calendar", *map(str, arguments)]
    running = subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env={**clean, "TERM": "xterm", **env}
    )
    os.close(theirs)
    text = _everything(ours)
    running.wait(timeout=60)
    return text


def _everything(terminal: int) -> str:
    chunks = []
    try:
        while chunk := os.read(terminal, 65536):
            chunks.append(chunk)
    except OSError:  # Linux reports the end of a terminal so
        pass
    os.close(terminal)
    return b"".join(chunks).decode().replace("\r\n", "\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendar.yaml").write_text(RECORDS, encoding="utf-8")
    return tmp_path


def test_a_terminal_shows_errors_in_red_and_warnings_in_yellow_unless_no_color_is_set(folder: Path, run: Run) -> None:
    assert "\033[1;31merror\033[0m ICM103:" in on_a_terminal(folder, "check")
    imported = on_a_terminal(folder, "import", ROOT / "examples" / "notification.ics", "--system", "uplink")
    assert re.search(r"\033\[33mwarning\033\[0m\s+ICM821:", imported)  # a long path takes the code to the next line
    assert "\033" not in on_a_terminal(folder, "check", NO_COLOR="1")
    assert b"\033" not in run("check", cwd=folder).stdout


def test_check_ends_with_its_summary_and_with_q_has_none(folder: Path, run: Run) -> None:
    assert on_a_terminal(folder, "check").splitlines()[-1] == ".: 1 error"
    assert run("check", "-q", cwd=folder).stderr == b""
    assert b"ICM103" in run("check", "-q", cwd=folder).stdout


def test_a_build_with_q_says_nothing_if_all_is_well(folder: Path, run: Run) -> None:
    done = run("build", EXAMPLE, "-q", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_list_is_as_wide_as_the_terminal_and_whole_in_a_pipe(tmp_path: Path, run: Run) -> None:
    narrow, wide = (on_a_terminal(tmp_path, "list", EXAMPLE, columns=columns) for columns in (80, 120))
    assert max(map(len, narrow.splitlines())) <= 80
    assert "…" in narrow
    assert "…" not in wide
    assert wide == run("list", EXAMPLE).stdout.decode()
    assert wide.splitlines()[1].startswith("icms-2025-07-13  2025-07-13 04:00  10:00 EAT  ")


def test_a_folder_with_a_calendar_needs_no_source(
    folder: Path, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for command in ("check", "build", "feed", "status", "list"):
        done = run(command, cwd=folder)
        assert b"ICM103" in done.stdout + done.stderr, command
    elsewhere = run("build", cwd=tmp_path_factory.mktemp("empty"))
    assert elsewhere.returncode == 2
    assert b"There is no calendar.yaml here. Name the file or folder of your records." in elsewhere.stderr


def test_long_work_shows_its_seconds_on_a_terminal_and_clears_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr(output, "_PATIENCE", 0.05)
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with working("Writing public"):
            time.sleep(0.3)
        with working("Reading public"):
            pass
    assert _everything(ours) == "\rWriting public … 0 s\r\033[K"


def test_work_that_is_not_on_a_terminal_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "_PATIENCE", 0.0)
    with working("Writing public"):
        time.sleep(0.05)
    assert capsys.readouterr() == ("", "")


def test_explain_without_a_code_lists_every_finding(run: Run) -> None:
    lines = run("explain").stdout.decode().splitlines()
    assert "ICM104  error    time-in-gap" in lines
    assert lines == sorted(lines)


def test_long_lines_are_broken_between_words_and_json_is_not(folder: Path) -> None:
    seen = on_a_terminal(folder, "check", columns=40, NO_COLOR="1")
    assert max(map(len, seen.splitlines())) <= 40
    assert "\n  2026-12-01 22:00" in seen or '\n  "2026-12-01' in seen
    found = on_a_terminal(folder, "check", "-q", "--format", "json", columns=40)
    assert json.loads(found)[0]["code"] == "ICM103"
