"""User code passes type checkers without a plugin, as they see an installed package with py.typed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import icms_calendar
from tests.conftest import ROOT

EVERY_NAME = ROOT / "examples" / "python" / "every_name.py"
EXAMPLES = [file for file in sorted((ROOT / "examples").rglob("*.py")) if file.parent.name != "web"]  # web frameworks
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Each of these lines is wrong, and a type checker says so.
WRONG = """
from icms_calendar import MaintenanceCalendar, MaintenanceWindow, System
MaintenanceWindow(id="a", start=5, system="s")
MaintenanceWindow(id="a", system="s")
MaintenanceWindow(id="a", system="s", start="2026-03-14", stat="confirmed")
MaintenanceWindow(id="a", system="s", start="2026-03-14", status="sure")
System(name="no id")
MaintenanceCalendar(name="N", domain="d.example", timezone="UTC", windows=["w"])
"""


def _checked(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The verdict of a type checker on the files of a folder without any configuration."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    names = sorted(file.name for file in folder.glob("*.py"))
    return subprocess.run([*command, *names], cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def user_code(tmp_path: Path) -> Path:
    """A folder with the examples, and each piece of Python in the documentation."""
    for example in EXAMPLES:
        shutil.copy(example, tmp_path)
    for page in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks):
            (tmp_path / f"{page.stem}_{number}.py").write_text(block, encoding="utf-8")
    return tmp_path


@pytest.fixture
def mypy(tmp_path: Path) -> list[str]:
    pytest.importorskip("mypy")
    return [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]


@pytest.fixture
def pyright() -> list[str]:
    if importlib.util.find_spec("pyright") is None:
        pytest.skip("pyright is not installed: pip install 'icms-calendar[dev]'")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    asked = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip("pyright cannot run: it needs node, which it fetches unless pyright[nodejs] is installed")
    return command


def test_the_program_with_every_public_name_runs(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, EVERY_NAME], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "ICM202" in ran.stdout
    text = EVERY_NAME.read_text(encoding="utf-8")
    assert {*re.findall(r"\bic\.(\w+)", text)} == set(icms_calendar.__all__)
    assert text.count("\n") <= 60


@pytest.mark.slow
def test_mypy_accepts_what_works(mypy: list[str], user_code: Path) -> None:
    verdict = _checked(mypy, user_code)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.slow
def test_pyright_accepts_what_works(pyright: list[str], user_code: Path) -> None:
    verdict = _checked(pyright, user_code)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_refuse_what_does_not_work(checker: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    verdict = _checked(request.getfixturevalue(checker), tmp_path)
    lines = {int(line) for line in re.findall(r"wrong\.py:([0-9]+)[:\d]*(?: -)? error", verdict.stdout)}
    assert lines == set(range(3, 9)), verdict.stdout
