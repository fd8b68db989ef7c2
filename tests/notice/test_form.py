"""The workflow that turns an issue into a draft: its step runs, and the text of the issue is only data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from icms_calendar.source.files import load
from tests.conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / "examples" / "hosting" / "draft-notice.yml").read_text(encoding="utf-8"))


def test_an_issue_becomes_a_record_and_its_text_never_a_command(tmp_path: Path) -> None:
    step = next(step for step in WORKFLOW["jobs"]["draft"]["steps"] if step.get("name") == "Draft")
    assert "${{" not in step["run"]
    shutil.copytree(ROOT / "examples" / "kra-icms", tmp_path / "examples" / "kra-icms")
    command = tmp_path / "bin" / "icms-calendar"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    notice = "iCMS maintenance on 20 July 2025 from 4 am to 10 am. $(touch hacked) `touch hacked` '; touch hacked"
    env = (
        os.environ
        | {"PYTHONPATH": str(ROOT)}
        | {"PATH": f"{command.parent}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), "NUMBER": "7"}
    )
    env |= {
        "BODY": f"### Published\r\n\r\n2025-07-10\r\n\r\n### Notice\r\n\r\n{notice}",
        "SOURCE": step["env"]["SOURCE"],
    }
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=tmp_path, env=env, check=True, timeout=60)
    assert not list(tmp_path.rglob("hacked"))
    windows = load(tmp_path / "examples" / "kra-icms").windows
    window = next(window for window in windows if window.id == "icms-2025-07-20")
    assert window.questions
    assert window.system == "icms"
