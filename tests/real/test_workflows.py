"""The workflows of the examples, step by step as they stand, against a local repository and a local server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import icalendar
import pytest
import yaml

from tests.conftest import ROOT, need

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflows run on Linux")


class Runner:
    """Runs the `run` steps of a workflow as GitHub does: bash -e, its env, what a step adds to GITHUB_ENV."""

    def __init__(self, workflow: str, folder: Path, context: dict[str, str]) -> None:
        text = (ROOT / "examples" / "hosting" / workflow).read_text(encoding="utf-8")
        text = re.sub(r"\$\{\{ (.*?) \}\}", lambda match: context.get(match[1], ""), text)
        parsed: dict[str, Any] = yaml.safe_load(text)
        self.steps = [
            step for step in parsed["jobs"]["publish"]["steps"] if "run" in step and step["name"] != "Install"
        ]
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_"))}
        (folder / "bin").mkdir(exist_ok=True)
        command = folder / "bin" / "icms-calendar"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        self.env_file = folder / "github-env"
        self.env_file.write_text("", encoding="utf-8")
        self.env = {
            **clean,
            **{name: str(value or "") for name, value in parsed["env"].items()},
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "GITHUB_ENV": str(self.env_file),
            "HOME": str(folder),
        }

    def run(self, checkout: Path) -> subprocess.CompletedProcess[str] | None:
        """Run every step; the first that fails, or None."""
        for step in self.steps:
            added = dict(line.partition("=")[::2] for line in self.env_file.read_text(encoding="utf-8").splitlines())
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=checkout,
                env={**self.env, **added},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                return done
        return None


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A bare repository whose main holds the examples."""
    need("git")
    work = tmp_path / "work"
    shutil.copytree(ROOT / "examples", work / "examples")
    git("init", "-q", cwd=work)
    git("add", "-A", cwd=work)
    git("commit", "-qm", "records", cwd=work)
    git("clone", "-q", "--bare", str(work), str(tmp_path / "origin.git"), cwd=tmp_path)
    git("remote", "add", "origin", str(tmp_path / "origin.git"), cwd=work)
    return tmp_path / "origin.git"


def change_records(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "work" / "examples" / "kra-icms" / "windows.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    git("commit", "-qam", "change", cwd=tmp_path / "work")
    git("push", "-q", "origin", "HEAD:main", cwd=tmp_path / "work")


def checkout(origin: Path, name: str) -> Path:
    folder = origin.parent / name
    git("clone", "-q", "--depth", "1", "--branch", "main", f"file://{origin}", str(folder), cwd=origin.parent)
    return folder


def sequences(feed: bytes) -> dict[str, tuple[int, str]]:
    events = icalendar.Calendar.from_ical(feed).events
    return {str(event["UID"]).partition("@")[0]: (int(event["SEQUENCE"]), str(event["STATUS"])) for event in events}


def test_github_pages_goes_on_from_the_branch_it_published(origin: Path, tmp_path: Path) -> None:
    def publish(name: str) -> subprocess.CompletedProcess[str] | None:
        return Runner("github-pages.yml", tmp_path, {}).run(checkout(origin, name))

    assert publish("one") is None
    shown = partial(git, "show", "gh-pages:all.ics", cwd=origin)
    first = shown().encode()
    assert set(sequences(first).values()) == {(0, "CONFIRMED")}
    change_records(tmp_path, "end: 2025-07-13 10:00", "end: 2025-07-13 11:00")
    assert publish("two") is None
    assert sequences(shown().encode()) == {**sequences(first), "icms-2025-07-13": (1, "CONFIRMED")}
    assert publish("three") is None
    assert git("show", "gh-pages:.nojekyll", cwd=origin) == ""
    assert len(git("log", "--format=%H", "gh-pages", cwd=origin).splitlines()) in (2, 3)  # 2: the third in one second
    assert "examples" not in git("ls-tree", "--name-only", "gh-pages", cwd=origin)
    broken = checkout(origin, "four")
    git("remote", "set-url", "origin", f"file://{tmp_path}/gone.git", cwd=broken)
    failed = Runner("github-pages.yml", tmp_path, {}).run(broken)
    assert failed is not None
    assert not (broken / "public").exists()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    (tmp_path / "served").mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_static_host_goes_on_from_the_feed_it_serves(
    origin: Path, tmp_path: Path, server: ThreadingHTTPServer
) -> None:
    need("rsync")
    served = tmp_path / "served"
    context = {"vars.FEED_URL": f"http://127.0.0.1:{server.server_port}/all.ics", "vars.TARGET": f"{served}/"}

    def publish(name: str, **inputs: str) -> subprocess.CompletedProcess[str] | None:
        chosen = {f"inputs.{k} && '--{k}' || ''": v for k, v in inputs.items()}
        return Runner("static-host.yml", tmp_path, {**context, **chosen}).run(checkout(origin, name))

    refused = publish("none")
    assert refused is not None
    assert "ICM402" in refused.stderr
    assert "--first-build" in refused.stderr
    assert not list(served.iterdir())
    assert publish("one", **{"first-build": "--first-build"}) is None
    first = (served / "all.ics").read_bytes()
    change_records(tmp_path, "start: 2025-11-09 06:00", "start: 2025-11-09 05:00")
    assert publish("two") is None
    assert sequences((served / "all.ics").read_bytes()) == {**sequences(first), "icms-2025-11-09": (1, "CONFIRMED")}
    server.shutdown()
    server.server_close()
    down = publish("three")
    assert down is not None
    assert "ICM402: the feed published before did not answer" in down.stderr
    assert "Try again" in down.stderr
