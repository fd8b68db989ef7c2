"""Nothing that people read sounds translated: the worst patterns are kept out of messages, help, pages and docs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
import pytest

import icms_calendar
from icms_calendar.catalogue import RETIRED, RULES
from icms_calendar.command import starter
from icms_calendar.command.cli import main
from icms_calendar.record.descriptions import DESCRIPTIONS
from tests.conftest import ROOT

STRANGE = {
    r"(?<![Tt]here )\bis no (?!longer\b|more\b)": 'write "is not a …"',
    r"(?<![Tt]here )\bis none\b": 'write "is not a …; use one of …"',
    r"\b(tells?|told)\b(?! (you|people|others|them|subscribers|its|that)\b)": "report, show, say",
    r", too\b": 'put "also" before the verb',
    r"\bstands? (in|at|there|for|below|above|twice)\b": "say where something is",
    r"\banew\b|\bamiss\b|\bmended?\b|\bof ours\b": "again; wrong; correct; our",
    r"\b(go|goes|gone|going) on\b": "continue",
    r"\bbut for\b": "except",
    r"\ball that is wrong\b|\bwhat all\b": "everything that is wrong",
}

_GITHUB = ROOT / ".github"
_MADE = re.compile(r"<!-- made: .*?<!-- end -->", re.DOTALL)  # what it is made from is read itself


def _texts() -> Iterator[tuple[str, str]]:
    for rule in RULES.values():
        yield rule.code, re.sub(r"{\w+}", "…", f"{rule.message}\n{rule.meaning}\n{rule.why}")
    yield from RETIRED.items()
    for name, command in main.commands.items():
        helps = [each.help or "" for each in command.params if isinstance(each, click.Option)]
        yield f"{name} --help", "\n".join([command.help or "", command.short_help or "", *helps])
    for model, keys in DESCRIPTIONS.items():
        yield from ((f"{model}.{key}", text) for key, text in keys.items())
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"), *_GITHUB.rglob("*.md")]:
        text = _MADE.sub("", page.read_text(encoding="utf-8"))
        yield page.name, re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for workflow in [*(ROOT / "examples").rglob("*.yml"), *_GITHUB.rglob("*.yml")]:
        yield workflow.name, workflow.read_text(encoding="utf-8")
    for name in icms_calendar.__all__:
        thing = getattr(icms_calendar, name)
        yield name, inspect.getdoc(thing) or ""
        for method, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not method.startswith("_"):
                yield f"{name}.{method}", inspect.getdoc(value) or ""
    yield "init", starter._CALENDAR + starter._WINDOWS + starter.requirements()
    for template in (ROOT / "icms_calendar" / "site").rglob("*.html"):
        yield template.name, template.read_text(encoding="utf-8")


@pytest.mark.parametrize(("pattern", "better"), STRANGE.items(), ids=STRANGE.values())
def test_what_people_read_is_english_as_it_is_written(pattern: str, better: str) -> None:
    found = [
        f"{name}: …{text[max(0, hit.start() - 40) : hit.end() + 20]}…"
        for name, text in _texts()
        for hit in re.finditer(pattern, text)
    ]
    assert found == [], f"{better}:\n" + "\n".join(found)
