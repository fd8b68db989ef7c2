"""The examples do what they say: the workflow is a workflow, and it is the one that `init` writes."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from icms_calendar import MaintenanceCalendar
from icms_calendar.record.select import impact_of
from tests.conftest import ROOT


def test_the_example_has_the_four_windows_each_with_its_source(example: MaintenanceCalendar) -> None:
    assert {window.id: [f"{i:%Y-%m-%d %H:%M}" for i in example.spans[window.id]] for window in example.windows} == {
        "icms-2025-07-13": ["2025-07-13 01:00", "2025-07-13 07:00"],
        "icms-2025-09-14": ["2025-09-14 01:00", "2025-09-14 09:00"],
        "icms-2025-10-12": ["2025-10-12 03:00", "2025-10-12 11:00"],
        "icms-2025-11-09": ["2025-11-09 03:00", "2025-11-09 06:00"],
    }
    assert all(window.source and impact_of(window, example) == "outage" for window in example.windows)
    assert all(window.announced or window.revision for window in example.windows)


def test_the_workflow_of_the_examples_is_the_one_that_init_writes() -> None:
    shipped = files("icms_calendar.command").joinpath("starter-workflow.yml").read_text(encoding="utf-8")
    in_examples = (ROOT / "examples" / "hosting" / "github-pages.yml").read_text(encoding="utf-8")
    assert in_examples.replace("build examples/kra-icms ", "build . ") == shipped


@pytest.mark.parametrize("name", ["github-pages.yml", "static-host.yml"])
def test_a_workflow_builds_one_at_a_time_on_push_daily_and_by_hand(name: str) -> None:
    workflow = yaml.safe_load((ROOT / "examples" / "hosting" / name).read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads the key `on` so
    assert set(triggers) == {"push", "schedule", "workflow_dispatch"}
    assert set(triggers["workflow_dispatch"]["inputs"]) == {"first-build", "allow-vanished"}
    assert workflow["concurrency"] == {"group": "calendar", "cancel-in-progress": False}


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "hosting").glob("*.yml")), ids=lambda path: path.name)
def test_a_shipped_workflow_publishes_despite_warnings_and_installs_a_pinned_version(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"pip install (.*?)(?: #|$)", text, re.MULTILINE)) <= {"-r requirements.txt"}
    assert not re.search(r"icms-calendar build .*--strict", text)
    assert not re.search(r"icms-calendar build .*--first-build", text)


WORKFLOWS = [
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    *sorted((ROOT / "examples" / "hosting").glob("*.yml")),
    ROOT / "icms_calendar" / "command" / "starter-workflow.yml",
]
# What may write, since it commits, opens a pull request or proves who publishes; everything else only reads.
WRITERS = {
    "draft-notice.yml": {"contents", "pull-requests"},
    "gather.yml": {"contents"},
    "github-pages.yml": {"contents"},
    "release.yml": {"id-token"},
    "starter-workflow.yml": {"contents"},
}


def _jobs(path: Path) -> list[dict[str, Any]]:
    """The jobs of a workflow of GitHub, each with the permissions of the workflow if it has none of its own."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "jobs" not in workflow:
        return []
    assert "permissions" in workflow, "without permissions, a token may do what the repository's settings say"
    return [{"permissions": workflow["permissions"], **job} for job in workflow["jobs"].values()]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_no_more_than_it_needs(path: Path) -> None:
    written = set()
    for job in _jobs(path):
        written |= {name for name, right in job["permissions"].items() if right == "write"}
        pushes = "contents" in {name for name, right in job["permissions"].items() if right == "write"}
        for step in job["steps"]:
            used = step.get("uses", "")
            assert not used or used.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), used
            if used.startswith("actions/checkout@") and not pushes:
                assert step["with"]["persist-credentials"] is False, "nothing later in the job needs the token"
            assert "${{ github.event" not in step.get("run", ""), "a text of others would be read as a command"
    assert written == WRITERS.get(path.name, set())
    assert "pull_request_target" not in path.read_text(encoding="utf-8")


def test_the_action_installs_nothing_whose_hash_is_not_known() -> None:
    folder = ROOT / ".github" / "actions" / "build"
    action = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
    install = next(step["run"] for step in action["runs"]["steps"] if step.get("id") == "install")
    assert "--require-hashes" in install
    assert "--no-deps --no-build-isolation" in install
    entries = re.split(r"\n(?=[a-z])", (folder / "requirements.lock").read_text(encoding="utf-8"))[1:]
    assert all(re.match(r"[a-z0-9-]+==[0-9.]+", entry) and "--hash=sha256:" in entry for entry in entries)
    locked = {entry.partition("==")[0] for entry in entries}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.split(r"[<>=]", name)[0].lower() for name in needed} <= locked


def test_nothing_on_a_pull_request_can_write_or_run_by_anothers_leave() -> None:
    text = (ROOT / "examples" / "hosting" / "pull-request.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert set(workflow[True]) == {"pull_request"}
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text


def test_gitlab_publishes_the_default_branch_alone_one_build_at_a_time() -> None:
    config = yaml.safe_load((ROOT / "examples" / "hosting" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    assert config["pages"]["rules"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
    assert config["pages"]["resource_group"]
    assert config["changes"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
