"""The README is true: every command and every snippet in it runs, and what it prints is what the README shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from icms_calendar.command.cli import main
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.source.files import load
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the README's commands are for a POSIX shell")


def _blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A folder as a user has it after cloning, with the command on the path and nothing installed beside."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "icms-calendar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    python = tmp_path / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def _shell(script: str, user: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("GITHUB_ACTIONS", "SOURCE_DATE_EPOCH")}
    env |= {"PATH": f"{user / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(
        ["/bin/sh", "-ec", script],
        cwd=user,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@POSIX
@pytest.mark.parametrize("script", [text for text in _blocks("sh") if not text.startswith("pip ")])
def test_the_readmes_commands_run(script: str, user: Path) -> None:
    done = _shell(script, user)
    assert done.returncode == 0, done.stdout


def test_the_readmes_two_commands_are_those_that_ci_runs() -> None:
    assert [text.strip() for text in _blocks("sh") if text.startswith("pip ")] == [
        "pip install . && icms-calendar build examples/kra-icms -o public",
        "pip install -e '.[test]' && pytest",
    ]
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@POSIX
@pytest.mark.parametrize("session", _blocks("console"))
def test_the_readme_shows_what_the_commands_print(session: str, user: Path) -> None:
    command, _, printed = session.partition("\n")
    assert command.startswith("$ ")
    assert _shell(command[2:], user).stdout == printed


@POSIX
@pytest.mark.parametrize("code", _blocks("python"))
def test_the_readmes_python_runs(code: str, user: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=user, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("records", _blocks("yaml"))
def test_the_readmes_records_are_right(records: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(records, encoding="utf-8")
    assert load(path).windows


def test_no_language_is_left_untested() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "console", "python", "yaml"}


def test_every_command_and_every_option_is_in_the_readme() -> None:
    for name, command in main.commands.items():
        assert f"`icms-calendar {name}" in README
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert any(option in README for option in parameter.opts), f"{name} {parameter.opts}"


def test_every_key_of_a_record_is_in_the_readme() -> None:
    keys = {*MaintenanceWindow.model_fields, *MaintenanceCalendar.model_fields}
    assert {key for key in keys if not re.search(rf"`{key}`|^\s*(- )?{key}:", README, re.MULTILINE)} == set()


def test_links_in_the_readme_lead_to_files() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).is_file(), target


def test_the_first_screen_has_a_picture_the_command_and_the_result() -> None:
    first = README.splitlines()[:18]
    pictures = re.findall(r'<img src="([^"]+)"[^>]* alt="[^"]+">', "\n".join(first))
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
    assert any(line.startswith("pip install .") for line in first)
    assert any(line.startswith("$ icms-calendar build") for line in first)
