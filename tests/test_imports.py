"""The house has one direction: a room imports only rooms before it, and no modules import each other in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

import icms_calendar

PACKAGE = Path(icms_calendar.__file__).parent
GROUND = {"findings", "catalogue", "local", "fetch"}
# Which rooms a room may import, beside the ground; the order is that of docs and of reading.
ROOMS: dict[str, set[str]] = {
    "record": set(),
    "source": {"record"},
    "feed": {"record"},
    "site": {"record", "source", "feed"},
    "foreign": {"record", "source", "feed"},
    "notice": {"record", "source", "feed"},
    "schedule": {"record", "source", "feed", "site", "foreign", "notice"},
    "command": {"record", "source", "feed", "site", "foreign", "notice", "schedule"},
}
# The doors of a calendar and of a schedule: each is a line or two of a method, and imports inside it.
DOORS = {
    ("record.model", "record.recurrence"),
    ("record.model", "source.files"),
    ("record.model", "source.write"),
    ("record.model", "site.publish"),
    ("record.model", "feed.publication"),
    ("record.model", "schedule.schedule"),
    ("schedule.schedule", "schedule.of_feed"),
}
PUBLIC = {"__init__", "__main__"}


def _modules() -> dict[str, ast.Module]:
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        modules[name] = ast.parse(path.read_text(encoding="utf-8"))
    return modules


MODULES = _modules()


def _imports(tree: ast.AST) -> set[str]:
    """The modules of ours that are imported anywhere below a node; what is for type checkers only does not count."""
    typing = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    names = set()
    for node in (node for node in ast.walk(tree) if id(node) not in typing):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("icms_calendar"):
            parent = (node.module or "").removeprefix("icms_calendar").removeprefix(".")
            below = {f"{parent}.{alias.name}".removeprefix(".") for alias in node.names}
            names |= {name if name in MODULES else parent for name in below}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("icms_calendar")}
    return names


def _imported_at_module_level(tree: ast.Module) -> set[str]:
    """What is imported when this module is."""
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return _imports(ast.Module([*at_once], []))


def _room(name: str) -> str:
    return name.partition(".")[0]


def test_every_module_is_in_a_room() -> None:
    assert {_room(name) for name in MODULES} == GROUND | ROOMS.keys() | PUBLIC


@pytest.mark.parametrize("name", sorted(MODULES.keys() - PUBLIC))
def test_a_module_imports_only_from_rooms_before_its_own(name: str) -> None:
    room = _room(name)
    allowed = {
        "findings": {"catalogue"},
        "catalogue": set(),
        "local": {"findings"},
        "fetch": {"findings", "local"},
    }.get(room)
    if allowed is None:
        allowed = GROUND | ROOMS[room]
    imported = {other for other in _imports(MODULES[name]) if (name, other) not in DOORS}
    assert {_room(other) for other in imported} <= allowed | {room}, imported


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {o for o in _imports(tree) if (name, o) not in DOORS} for name, tree in MODULES.items()}
    TopologicalSorter({name: others & MODULES.keys() - {name} for name, others in graph.items()}).prepare()


def test_the_command_and_the_package_import_what_they_need_when_they_need_it() -> None:
    assert _imported_at_module_level(MODULES["__init__"]) == set()
    at_once = {
        "catalogue",
        "findings",
        *(f"command.{name}" for name in ("options", "output", "report")),
    }
    for name in ("command.cli", "command.output"):
        assert _imported_at_module_level(MODULES[name]) <= at_once


def test_a_feed_of_a_calendar_in_memory_needs_no_http_client_and_no_file_reader() -> None:
    code = (
        "import sys; from icms_calendar import MaintenanceCalendar\n"
        "window = {'id': 'a', 'system': 's', 'start': '2026-01-01 00:00', 'duration': '1h'}\n"
        "made = MaintenanceCalendar(name='N', domain='n.example', timezone='UTC', windows=[window])\n"
        "made.to_ical(previous=made.to_ical()); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "icms_calendar.feed.ledger" in loaded
    rooms = {
        name for name in loaded if name.startswith("icms_calendar.") and _room(name[14:]) not in ("record", "feed")
    }
    assert rooms == {"icms_calendar.catalogue", "icms_calendar.findings"} | {
        name for name in rooms if name.startswith("icms_calendar.catalogue.")
    }
    assert not loaded & {"http.client", "urllib.request", "ssl", "yaml", "tomllib", "click", "jinja2"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_says_in_its_first_line_what_it_does(name: str) -> None:
    first = (ast.get_docstring(MODULES[name]) or "").partition("\n")[0]
    assert first.endswith((".", ":"))
    assert len(first) > 20


def test_every_public_name_can_be_imported_from_the_top() -> None:
    for name in icms_calendar.__all__:
        assert getattr(icms_calendar, name).__doc__, name
    assert (
        set(icms_calendar.__all__) == {*chain(*icms_calendar._HOMES.values()), "__version__"} <= set(dir(icms_calendar))
    )
    with pytest.raises(AttributeError):
        icms_calendar.no_such_name  # noqa: B018
