"""The documentation is true: what it shows runs and prints what it says, its links lead somewhere, it is complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from icms_calendar import __all__ as public_names
from icms_calendar.catalogue import RETIRED, RULES
from icms_calendar.command.cli import main
from icms_calendar.source.files import load
from tests.conftest import ROOT, need
from tests.reader import POSIX, Reader, blocks
from tests.references import RECORDS, current

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
EVERYTHING = [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / ".github").rglob("*.md"))]

# What a page may show that is not run: text, what other programs read, and commands that need more than this machine.
NOT_RUN = {"text", "html", "json", "apache", "nginx", "yaml workflow"}
INSTALLS = {
    "pip install . && icms-calendar build examples/kra-icms -o public",
    "pip install -e '.[test]' && pytest",
    "pip install .",
}
MINIMUM = "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\n"


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _shown(language: str) -> list[object]:
    return [
        pytest.param(text, id=f"{_name(page)}-{number}")
        for page in PAGES
        for number, (kind, text) in enumerate(blocks(TEXTS[page]), 1)
        if kind == language
    ]


@POSIX
@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_commands_of_a_page_run_in_order_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for kind, text in blocks(TEXTS[page]):
        if "git commit -am" in text:  # after the page has said what to edit
            reader.edit("harbour/windows.yaml", "06:00", "07:00")
        if kind == "sh" and text.strip() not in INSTALLS:
            done = reader.run(text)
            assert done.returncode == 0, f"{text}\n{done.stdout}"
        elif kind == "console":
            command, _, printed = text.partition("\n")
            assert command.startswith("$ ")
            assert reader.run(command[2:]).stdout == printed


def test_the_readmes_two_commands_are_those_that_ci_runs() -> None:
    shown = [text.strip() for kind, text in blocks(TEXTS[ROOT / "README.md"]) if kind == "sh"]
    assert [text for text in shown if text.startswith("pip ")] == [
        "pip install . && icms-calendar build examples/kra-icms -o public",
        "pip install -e '.[test]' && pytest",
    ]
    ci = ROOT / ".ci" / "run"
    if ci.exists():
        assert "README.md" in ci.read_text(encoding="utf-8")


@POSIX
@pytest.mark.parametrize("code", _shown("python"))
def test_the_python_of_a_page_runs(code: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_python_of_all_pages_is_typed(tmp_path: Path) -> None:
    snippets = [text for page in PAGES for kind, text in blocks(TEXTS[page]) if kind == "python"]
    for number, text in enumerate(snippets):
        (tmp_path / f"snippet_{number}.py").write_text(text, encoding="utf-8")
    command = [need("mypy"), "--strict", "--cache-dir", str(tmp_path / "cache"), str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "MYPYPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"Success: no issues found in {len(snippets)} source files\n"


@pytest.mark.parametrize("records", _shown("yaml"))
def test_the_records_of_a_page_are_right(records: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(records if re.search("^domain:", records, re.MULTILINE) else MINIMUM + records, encoding="utf-8")
    assert load(path).windows


@pytest.mark.parametrize("table", _shown("csv"))
def test_the_tables_of_a_page_are_right(table: str, tmp_path: Path) -> None:
    systems = "systems:\n  - {id: berths, services: [booking, pilots]}\n"
    (tmp_path / "calendar.yaml").write_text(MINIMUM + systems, encoding="utf-8")
    (tmp_path / "windows.csv").write_text(table, encoding="utf-8")
    assert load(tmp_path).windows


def test_nothing_that_a_page_shows_is_left_untested() -> None:
    kinds = {kind for text in TEXTS.values() for kind, _ in blocks(text)}
    assert kinds <= {"sh", "console", "python", "yaml", "csv"} | NOT_RUN


@pytest.mark.parametrize("page", EVERYTHING, ids=_name)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


def test_the_source_of_every_finding_is_for_readers() -> None:
    for rule in RULES.values():
        assert "design:" not in rule.source
        for path, anchor in re.findall(r"(docs/[\w./-]+)#([\w-]+)", rule.source):
            assert anchor in _anchors(ROOT / path), f"{rule.code} {rule.source}"


def _anchors(page: Path) -> set[str]:
    """The anchors of a Markdown page, as code hosts make them of its headings."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", [page for page in PAGES if "<!-- made: " in TEXTS[page]], ids=_name)
def test_a_reference_says_what_the_code_does_today(page: Path) -> None:
    assert TEXTS[page] == current(TEXTS[page]), "python -m tests.references writes it"


def test_every_command_and_every_option_is_documented() -> None:
    text = TEXTS[ROOT / "docs" / "commands.md"]
    for name, command in main.commands.items():
        assert f"## {name}\n" in text
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(f"`{option}`" in text for option in parameter.opts), f"{name} {parameter.opts}"
                assert parameter.help, f"{name} {parameter.opts}"


def test_every_key_of_a_record_is_described() -> None:
    for name, record in RECORDS.items():
        assert [field for field, info in record.model_fields.items() if not info.description] == [], name


def test_every_code_and_every_public_name_is_documented() -> None:
    findings, python = TEXTS[ROOT / "docs" / "findings.md"], TEXTS[ROOT / "docs" / "python.md"]
    assert [code for code in (*RULES, *RETIRED) if f'<a id="{code.lower()}"></a>' not in findings] == []
    assert [name for name in public_names if f"### {name}\n" not in python] == []


def test_the_page_for_a_package_index_has_no_link_that_only_a_repository_can_follow() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / project["readme"]).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)", text)
    assert all("".join(target).startswith("https://") for target in targets)


def test_the_first_screen_has_a_picture_the_command_and_the_result() -> None:
    first = TEXTS[ROOT / "README.md"].splitlines()[:18]
    assert any("<img src=" in line for line in first)
    assert any(line.startswith("pip install .") for line in first)
    assert any(line.startswith("$ icms-calendar build") for line in first)


@pytest.mark.parametrize("form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=_name)
def test_an_issue_form_is_one(form: Path) -> None:
    parsed = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert form.name == "config.yml" or all(field["attributes"]["label"] for field in parsed["body"])
