"""What `init` writes runs as it is: in a folder, in a repository, and in CI."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path

import pytest
import yaml

from icms_calendar.command import starter
from icms_calendar.command.starter import requirements, write_starter
from icms_calendar.findings import PublishError
from icms_calendar.source.files import load
from tests.conftest import need

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def _names(paths: tuple[Path, ...], root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in paths}


def test_the_starter_is_a_calendar_a_workflow_and_what_git_and_pip_need(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "new", NOW)
    assert _names(written, tmp_path / "new") == {
        "calendar.yaml",
        "windows.yaml",
        ".schema.json",
        ".gitignore",
        "requirements.txt",
        ".github/workflows/calendar.yml",
    }
    assert [window.id for window in load(tmp_path / "new").windows] == ["portal-2026-03-15"]
    assert (tmp_path / "new" / "windows.yaml").read_text().startswith("# yaml-language-server: $schema=.schema.json\n")


def test_inside_a_repository_the_workflow_is_at_its_root_and_builds_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    written = write_starter(tmp_path / "port" / "my harbour", NOW)
    assert ".github/workflows/calendar.yml" in _names(written, tmp_path)
    steps = yaml.safe_load((tmp_path / ".github/workflows/calendar.yml").read_text())["jobs"]["publish"]["steps"]
    scripts = {step["name"]: step["run"] for step in steps if "run" in step}
    assert scripts["Install"].startswith("pip install -r 'port/my harbour'/requirements.txt")
    assert scripts["Build"].startswith("icms-calendar build 'port/my harbour' -o \"$RUNNER_TEMP/site\"")


def test_a_gitignore_that_exists_is_kept_and_any_other_file_stops_init(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    write_starter(tmp_path, NOW)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    with pytest.raises(PublishError, match=r"requirements\.txt"):
        write_starter(tmp_path, NOW)


def test_git_ignores_a_site_that_is_built_beside_the_records(tmp_path: Path) -> None:
    git = need("git")
    subprocess.run([git, "init", "-q", str(tmp_path)], check=True)
    write_starter(tmp_path / "harbour", NOW)
    (tmp_path / "harbour" / "public").mkdir()
    (tmp_path / "harbour" / "public" / "all.ics").write_text("")
    status = subprocess.run([git, "status", "-s", "-uall"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "harbour/calendar.yaml" in status.stdout
    assert "public" not in status.stdout


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, "icms-calendar==7.8"),
        (
            {"url": "https://example.org/o/icms", "vcs_info": {"vcs": "git", "commit_id": "abc123"}},
            "icms-calendar @ git+https://example.org/o/icms@abc123",
        ),
        ({"url": "file:///home/me/icms", "dir_info": {}}, "icms-calendar @ file:///home/me/icms"),
        (
            {"url": "https://example.org/icms-7.8.whl", "archive_info": {}},
            "icms-calendar @ https://example.org/icms-7.8.whl",
        ),
    ],
    ids=["index", "repository", "folder", "archive"],
)
def test_requirements_name_the_version_or_the_source_it_was_installed_from(
    origin: dict[str, object] | None, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed(Distribution):
        version = "7.8"

        def read_text(self, filename: str) -> str | None:
            return json.dumps(origin) if origin and filename == "direct_url.json" else None

        def locate_file(self, path: object) -> Path:
            return Path(str(path))

    monkeypatch.setattr(starter, "distribution", lambda name: Installed())
    text = requirements()
    assert text.splitlines()[-1] == line
    assert text.startswith("# ")
    assert ("CI" in text) == line.endswith("file:///home/me/icms")
