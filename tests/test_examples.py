"""The examples do what they say: the workflow is a workflow, and it is the one that `init` writes."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from icms_calendar import MaintenanceCalendar
from icms_calendar.record.affected import impact_of
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
    assert "pip install icms-calendar" not in text
    assert not re.search(r"icms-calendar build .*--strict", text)
    assert not re.search(r"icms-calendar build .*--first-build", text)
    for used in re.findall(r"uses: ([^.#\s]\S*)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used) or used.endswith("@COMMIT"), used


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
