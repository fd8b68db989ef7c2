"""Classes and modules stay small enough to be read: no class over 250 lines or 20 methods, no module over 600 lines."""

from __future__ import annotations

import ast
from pathlib import Path

import icms_calendar

PACKAGE = Path(icms_calendar.__file__).parent


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


FILES = {_name(path): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
CLASSES = {
    f"{name}:{node.name}": node
    for name, text in FILES.items()
    for node in ast.walk(ast.parse(text))
    if isinstance(node, ast.ClassDef)
}


def _is_large(node: ast.ClassDef) -> bool:
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return (node.end_lineno or 0) - node.lineno + 1 > 250 or len(methods) > 20


def test_a_class_has_at_most_250_lines_and_20_methods() -> None:
    assert not {name for name, node in CLASSES.items() if _is_large(node)}


def test_a_module_has_at_most_600_lines() -> None:
    assert {name for name, text in FILES.items() if text.count("\n") > 600} == set()


def _branches(function: ast.AST) -> int:
    """The ways through a function: each condition, loop, `and`, `or`, case and part of a comprehension adds one."""
    count, inner = 1, list(ast.iter_child_nodes(function))
    while inner:
        node = inner.pop()
        if isinstance(node, ast.If | ast.For | ast.While | ast.ExceptHandler | ast.IfExp | ast.match_case):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            inner += ast.iter_child_nodes(node)
    return count


def test_a_function_has_at_most_12_branches_and_one_that_reads_notices_25() -> None:
    over = {
        f"{name}:{node.name}"
        for name, text in FILES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and _branches(node) > (25 if name.startswith("notice/") else 12)
    }
    assert not over
