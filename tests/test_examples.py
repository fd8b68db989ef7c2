"""The examples do what they say: the workflow is a workflow, and it is the one that `init` writes."""

from __future__ import annotations

from importlib.resources import files

import yaml

from icms_calendar import MaintenanceCalendar
from tests.conftest import ROOT


def test_the_example_has_the_four_windows_each_with_its_source(example: MaintenanceCalendar) -> None:
    assert {window.id: [f"{i:%Y-%m-%d %H:%M}" for i in example.spans[window.id]] for window in example.windows} == {
        "icms-2025-07-13": ["2025-07-13 01:00", "2025-07-13 07:00"],
        "icms-2025-09-14": ["2025-09-14 01:00", "2025-09-14 09:00"],
        "icms-2025-10-12": ["2025-10-12 03:00", "2025-10-12 11:00"],
        "icms-2025-11-09": ["2025-11-09 03:00", "2025-11-09 06:00"],
    }
    assert all(window.source and window.worst_impact == "outage" for window in example.windows)
    assert all(window.announced or window.revision for window in example.windows)


def test_the_workflow_of_the_examples_is_the_one_that_init_writes() -> None:
    shipped = files("icms_calendar").joinpath("starter-workflow.yml").read_text(encoding="utf-8")
    in_examples = (ROOT / "examples" / "hosting" / "github-pages.yml").read_text(encoding="utf-8")
    assert in_examples.replace("examples/kra-icms", ".") == shipped


def test_the_workflow_checks_builds_and_publishes() -> None:
    text = (ROOT / "examples" / "hosting" / "github-pages.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["publish"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        "pip install icms-calendar",
        "icms-calendar check examples/kra-icms --strict",
        "icms-calendar build examples/kra-icms -o public",
    ]
    assert [step["with"] for step in steps if "upload-pages" in step.get("uses", "")] == [{"path": "public"}]
