"""What people read does not sound translated: the worst patterns stay out of docs, pages, messages and docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.conftest import ROOT

STRANGE = {
    r"(?<![Tt]here )\bis no (?!longer\b|more\b)": 'write "is not a …"',
    r"(?<![Tt]here )\bis none\b": 'write "is not a …; use one of …"',
    r"\b(tells?|told)\b(?! (you|people|others|them|subscribers|its|that)\b)": "report, show, say",
    r", too\b": 'put "also" before the verb',
    r"\bstands? (in|at|there|for|below|above|twice)\b": "say where something is",
    r"\banew\b|\bamiss\b|\bmended?\b": "again; wrong; correct",
    r"\b(go|goes|gone|going) on\b": "continue",
    r"\bbut for\b": "except",
    r"\ball that is wrong\b|\bwhat all\b": "everything that is wrong",
}

_GITHUB = ROOT / ".github"
_MADE = re.compile(r"<!-- made: .*?<!-- end -->", re.DOTALL)  # what it is made from is read itself


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    return tuple(_read())


def _read() -> Iterator[tuple[str, str]]:
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"), *_GITHUB.rglob("*.md")]:
        text = _MADE.sub("", page.read_text(encoding="utf-8"))
        yield page.name, re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    starter = (ROOT / "icms_calendar" / "command").glob("*.y*ml")
    for workflow in [*(ROOT / "examples").rglob("*.yml"), *_GITHUB.rglob("*.yml"), *starter]:
        yield workflow.name, workflow.read_text(encoding="utf-8")
    for module in (ROOT / "icms_calendar").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield f"{module.relative_to(ROOT)}:{node.lineno}", re.sub(r"{\w+}", "…", node.value)
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
