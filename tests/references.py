"""The reference parts of docs/, made from the code: `python -m tests.references` writes them.

A part is what is between `<!-- made: NAME -->` and `<!-- end -->`; test_docs.py demands that each is current.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import click
from pydantic import BaseModel

import icms_calendar
from icms_calendar.catalogue import RETIRED, RULES, Rule
from icms_calendar.command.cli import main
from icms_calendar.record import fields as of_records
from icms_calendar.record import model
from icms_calendar.record.zones import duration_text
from icms_calendar.site.build import plan_site
from icms_calendar.source.files import load
from tests.conftest import ROOT

DOCS = ROOT / "docs"
_PART = re.compile(r"(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
# The kinds of records, by name.
RECORDS: dict[str, type[BaseModel]] = {
    name: thing
    for name, thing in {**vars(of_records), **vars(model)}.items()
    if isinstance(thing, type)
    and issubclass(thing, of_records.Record)
    and name not in ("Record", "WindowsFile", "_Named")
}
_FAMILIES = {
    "0": "Reading files",
    "1": "Time",
    "2": "What a record may contain",
    "3": "Building and publishing",
    "4": "What was published before",
    "5": "Sites, and how they are served",
    "6": "Questions about time",
    "7": "Anybody's feed",
    "8": "Importing",
    "9": "Public notices",
}
# What each file of a site holds; the example's site has one of each at least.
_FILES = {
    r"(\w+/)?index\.html": "The page that people subscribe from, in each of the calendar's `languages`; a calendar of "
    "several systems also has a page for each",
    r"(\w+/)?embed\.html": "The next windows in a few lines, for an iframe",
    r"404\.html|style\.css|page\.js|qr/page\.svg": "What the pages need: error page, style, script, QR code",
    r"events/.*": "One window that has not ended, to import once; it does not update",
    r"all\.ics": "Every window. The next build continues from this file",
    r"\w+\.ics": "The windows of a system, or a feed of your own from `feeds`",
    r"\w+/[\w-]+(?<!-reminders)\.ics": "The windows that affect a service",
    r"[\w/-]+-reminders\.ics": "The same feeds with alarms, if the calendar has `reminders`",
    r"windows\.json": "Every window with all its words and instants; keys are added, never renamed or removed, without "
    "another `format` number",
    r"schema/window\.schema\.json": "The JSON Schema of a window in `windows.json`",
    r"windows\.csv": "The windows for spreadsheets: UTF-8 with a byte order mark, local times, lists joined with `;`. "
    "New columns are added at the end. A cell that could be taken for a formula begins with an apostrophe",
    r"windows\.xml": "An Atom feed of changes: an entry is news when its window is added or changes",
    r"api/v2/.*": "The windows in the shape of Statuspage's API, for programs that watch status pages",
    r"status\.json": "When the site was built, its feeds and pages, and every file with its SHA-256: a health check, "
    "and how the next build knows its own files",
    r"_headers|\.htaccess|staticwebapp\.config\.json|\.nojekyll|\.gitattributes|robots\.txt": "What hosts must know: "
    "see [Hosting](hosting.md)",
}


def current(text: str) -> str:
    """A page with all its parts as the code has them today."""
    return _PART.sub(lambda match: f"{match[1]}{_PARTS[match[2]]().strip()}\n{match[3]}", text)


def _keys(*models: str) -> Callable[[], str]:
    return lambda: "\n".join(_key_table(RECORDS[name], heading=len(models) > 1) for name in models)


def _key_table(record: type[BaseModel], *, heading: bool) -> str:
    rows = [("key", "meaning", "default"), ("---", "---", "---")]
    for name, info in record.model_fields.items():
        key = info.alias or name
        rows.append((f"`{key}`", str(info.description), _default(info.get_default())))
        if info.is_required():
            rows[-1] = (*rows[-1][:2], "required")
    title = f"### {record.__name__}\n\n{inspect.getdoc(record)}\n\n" if heading else ""
    return title + "".join(f"| {' | '.join(_cell(text) for text in row)} |\n" for row in rows)


def _default(value: object) -> str:
    if value is None or value in ((), {}, False):
        return ""
    if isinstance(value, timedelta):
        return f"`{duration_text(value)}`"
    return f"`{', '.join(value) if isinstance(value, tuple) else value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _commands() -> str:
    return "\n".join(_command(name, command) for name, command in main.commands.items())


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"icms-calendar {name}")
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    options = ["[OPTIONS]"] if any(isinstance(each, click.Option) for each in command.params) else []
    usage = " ".join(["icms-calendar", name, *options, *(each.make_metavar(context) for each in arguments)])
    lines = [f"## {name}", "", "```text", usage, "```", "", inspect.cleandoc(command.help or ""), ""]
    rows = [_option(each) for each in command.params if isinstance(each, click.Option)]
    if rows:
        lines += ["| option | meaning | default |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines)


def _option(option: click.Option) -> str:
    values = "" if option.is_flag else option.metavar or _values(option.type)
    names = ", ".join(f"`{each}`" for each in option.opts)
    default = option.show_default if isinstance(option.show_default, str) else ""
    if not default and option.show_default and option.default is not None:
        default = f"`{option.default}`"
    named = f"{names} `{values}`" if values else names
    return f"| {_cell(named)} | {_cell(option.help or '')} | {default} |"


def _values(kind: click.ParamType) -> str:  # type: ignore[type-arg]  # generic from click 8.4 on
    return "|".join(kind.choices) if isinstance(kind, click.Choice) else kind.name.partition(" ")[0].upper()


def _findings() -> str:
    families: dict[str, list[Rule]] = {}
    for rule in sorted(RULES.values(), key=lambda rule: rule.code):
        families.setdefault(_FAMILIES[rule.code[3]], []).append(rule)
    lines = []
    for family, rules in families.items():
        lines += [f"## {family}", "", *(line for rule in rules for line in _rule(rule))]
    lines += ["## Codes that are no longer used", "", "They keep their meaning and are never used again.", ""]
    lines += ["| code | now |", "| --- | --- |"]
    lines += [f'| <a id="{code.lower()}"></a>{code} | {_cell(why)} |' for code, why in sorted(RETIRED.items())]
    return "\n".join(lines)


def _rule(rule: Rule) -> Iterator[str]:
    yield f'<a id="{rule.code.lower()}"></a>'
    yield f"### {rule.code} {rule.name} ({rule.severity})"
    yield from ("", rule.meaning, "", rule.why, "")
    for title, text in (("Wrong:", rule.wrong), ("Right:", rule.right)):
        yield from (title, "", "```text", *map(_short, text.rstrip("\n").splitlines()), "```", "")
    yield from (f"Source: {_source(rule.source)}", "")


def _source(text: str) -> str:
    """The source, with links to these pages."""
    return re.sub(r"docs/([\w./-]+)#([\w-]+)", r"[\1#\2](\1#\2)", text)


def _short(line: str) -> str:
    return textwrap.shorten(line, 160, placeholder=" …") if len(line) > 400 else line


def _files() -> str:
    now = datetime(2025, 7, 1, tzinfo=UTC)
    paths = sorted(plan_site(load(ROOT / "examples" / "kra-icms"), now).files)
    rows: dict[str, list[str]] = {pattern: [] for pattern in _FILES}
    for path in paths:
        rows[next(pattern for pattern in _FILES if re.fullmatch(pattern, path))].append(path)
    assert all(rows.values()), [pattern for pattern, there in rows.items() if not there]
    lines = ["| file | holds |", "| --- | --- |"]
    for pattern, meaning in _FILES.items():
        there = rows[pattern]
        shown = ", ".join(f"`{path}`" for path in (there if len(there) < 9 else there[:2]))
        lines.append(f"| {shown}{', …' if len(there) > 8 else ''} | {_cell(meaning)} |")
    return "\n".join(lines)


def _python() -> str:
    lines: list[str] = []
    for name in sorted(icms_calendar.__all__, key=str.lower):
        lines += [f"### {name}", "", *_documented(name, getattr(icms_calendar, name))]
    return "\n".join(lines)


def _documented(name: str, thing: object) -> Iterator[str]:
    if not callable(thing):
        yield from ("The version that is installed, as text.", "")
        return
    if not inspect.isclass(thing):
        yield from _callable(name, thing)
        return
    yield from ((inspect.getdoc(thing) or "").split("\n\nArgs")[0], "")
    yield from _attributes(thing)
    for method, function in _public(thing):
        yield from _callable(f"{name}.{method}", function)


def _attributes(thing: type) -> Iterator[str]:
    if issubclass(thing, BaseModel):
        known = [info.alias or name for name, info in thing.model_fields.items()]
        yield from ("Fields: " + ", ".join(f"`{key}`" for key in known) + ".", "")
    elif fields := getattr(thing, "__dataclass_fields__", None) or getattr(thing, "_fields", None):
        yield from ("Fields: " + ", ".join(f"`{field}`" for field in fields if not field.startswith("_")) + ".", "")
    properties = [
        (name, inspect.getdoc(value))
        for name, value in vars(thing).items()
        if isinstance(value, property) and not name.startswith("_") and value.__doc__
    ]
    yield from (f"- `{name}`: {_cell(text or '')}" for name, text in properties)
    if properties:
        yield ""


def _public(thing: type) -> Iterable[tuple[str, Callable[..., object]]]:
    for name, value in vars(thing).items():
        function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if not name.startswith("_") and inspect.isfunction(function) and function.__doc__:
            yield name, function


def _callable(name: str, function: Callable[..., object]) -> Iterator[str]:
    signature = inspect.signature(function)
    parameters = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in signature.parameters.values()
        if each.name not in ("self", "cls")
    ]
    returns = str(signature.return_annotation).replace("'", "")
    plain = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    yield from ("```text", f"{name}{plain} -> {returns}", "```", "", inspect.getdoc(function) or "", "")


_PARTS: dict[str, Callable[[], str]] = {
    "calendar": _keys("MaintenanceCalendar"),
    "window": _keys("MaintenanceWindow"),
    "system": _keys("System"),
    "service": _keys("Service", "AffectedService"),
    "people": _keys("Publisher", "Operator"),
    "feed": _keys("FeedSpec"),
    "repeat": _keys("Repeat", "RepeatChange"),
    "history": _keys("GivenRevision", "Maintnote", "MaintnoteObject"),
    "commands": _commands,
    "findings": _findings,
    "files": _files,
    "python": _python,
}


if __name__ == "__main__":
    for page in sorted(DOCS.glob("*.md")):
        page.write_text(current(page.read_text(encoding="utf-8")), encoding="utf-8")
