"""The house has one direction: a module imports those before it, and the package itself imports nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import icms_calendar

PACKAGE = Path(icms_calendar.__file__).parent
ORDER = [
    *("catalogue", "findings", "colors", "zones", "words", "rules", "checks", "fields", "model"),
    *("recurrence", "overlaps", "schedule"),
    *("records.formats", "records.examine", "records.write", "records.schema", "records"),
    *("notice", "notice.text", "notice.terms", "notice.references", "notice.offsets", "notice.dates", "notice.times"),
    *("notice.spans", "notice.roles", "notice.doubts", "notice.subject"),
    *("notice.resolve", "notice.read", "notice.announce"),
    *("ics", "ics.maintnote", "ics.encode", "ics.decode", "ics.ledger", "ics.revise", "ics.feed"),
    *(
        "ics.faults",
        "ics.lines",
        "ics.contents",
        "ics.clocks",
        "ics.repeats",
        "ics.foreign",
        "ics.occurrences",
        "ics.reword",
        "ics.adopt",
    ),
    *("ics.values", "ics.lint"),
    *("site", "site.subscribe", "site.pictures", "site.prose", "site.page"),
    *("site.publish", "site.health", "site.data", "site.statuspage", "site.hosting"),
    *("site.build", "site.preview"),
    "inquiry",
    *("starter", "report", "notice.draft", "cli", "__main__"),
]


def _modules() -> dict[str, ast.Module]:
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        modules[name] = ast.parse(path.read_text(encoding="utf-8"))
    return modules


MODULES = _modules()


def _imported_at_module_level(tree: ast.Module) -> set[str]:
    """The modules of ours that are imported when this one is; what is for type checkers only does not count."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("icms_calendar"):
            parent = (node.module or "").removeprefix("icms_calendar").removeprefix(".")
            below = {f"{parent}.{alias.name}".removeprefix(".") for alias in node.names}
            names |= {name if name in MODULES else parent for name in below}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("icms_calendar")}
    return names


def test_every_module_has_its_place_in_the_order() -> None:
    assert set(ORDER) == set(MODULES) - {"__init__"}


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_modules_before_it(name: str) -> None:
    imported = _imported_at_module_level(MODULES[name])
    assert all(ORDER.index(other) < ORDER.index(name) for other in imported), imported


def test_the_command_and_the_package_import_what_they_need_when_they_need_it() -> None:
    assert _imported_at_module_level(MODULES["__init__"]) == set()
    assert _imported_at_module_level(MODULES["cli"]) <= {"catalogue", "findings", "report"}


def test_an_import_inside_a_function_is_a_commands_or_a_way_outward() -> None:
    """Only commands, the ways outward of a calendar, and what is needed in case of error, import late."""
    late = {
        (name, node.module)
        for name, tree in MODULES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("icms_calendar")
    }
    assert {entry for entry in late if entry[0] not in ("cli", "__main__")} == {
        ("model", "icms_calendar.records"),
        ("model", "icms_calendar.ics.feed"),
        ("model", "icms_calendar.recurrence"),
        ("model", "icms_calendar.schedule"),
        ("schedule", "icms_calendar.ics.foreign"),
        ("schedule", "icms_calendar.ics.occurrences"),
        ("records", "icms_calendar.records.examine"),
        ("report", "icms_calendar.words"),
        ("report", "icms_calendar.zones"),
        ("report", "icms_calendar.site.data"),
    }


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_says_in_its_first_line_what_it_does(name: str) -> None:
    first = (ast.get_docstring(MODULES[name]) or "").partition("\n")[0]
    assert first.endswith((".", ":"))
    assert len(first) > 20


def test_every_public_name_can_be_imported_from_the_top() -> None:
    for name in icms_calendar.__all__:
        assert getattr(icms_calendar, name).__doc__, name
    assert set(icms_calendar.__all__) == set(icms_calendar._HOMES) <= set(dir(icms_calendar))
    with pytest.raises(AttributeError):
        icms_calendar.no_such_name  # noqa: B018
