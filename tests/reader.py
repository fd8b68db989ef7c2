"""A reader of the documentation, who does what a page says in a folder with a clone's examples.

What the reader pushes to https://github.com/YOU/harbour.git goes to a bare repository in that folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, need

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the commands of the documentation are for a POSIX shell")
_BLOCK = re.compile(r"^```([\w ]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[tuple[str, str]]:
    """The language and the text of each code block of a page."""
    return _BLOCK.findall(text)


class Reader:
    """Runs the commands of a page one after the other; a `cd` holds for those that follow."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "examples", folder / "examples", dirs_exist_ok=True)
        (folder / "bin").mkdir()
        for name, module in (("icms-calendar", "-m icms_calendar"), ("python", "")):
            command = folder / "bin" / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', encoding="utf-8")
            command.chmod(0o755)
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "SOURCE_DATE"))}
        identity = {
            f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        self.origin = folder / "origin.git"
        subprocess.run([need("git"), "init", "-q", "--bare", "-b", "main", str(self.origin)], check=True)
        instead = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": "https://github.com/YOU/harbour.git"}
        instead["GIT_CONFIG_KEY_0"] = f"url.{self.origin.as_uri()}.insteadOf"
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.env = {**clean, **identity, **instead, "PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT), **env}

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the folder as with an editor."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a block; its standard output and standard error together."""
        place = self.folder / ".place"
        return subprocess.run(
            ["/bin/sh", "-ec", f"{script}\npwd > '{place}'"],
            cwd=place.read_text(encoding="utf-8").strip() if place.exists() else self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
