"""Findings and changes to text, JSON, Markdown and GitHub annotations; and the exit code that follows."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from icms_calendar.catalogue import Rule, Severity
from icms_calendar.findings import Finding, SourceError, path_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from icms_calendar.ics.revise import Change
    from icms_calendar.site.health import Health
    from icms_calendar.site.publish import Published

Format = Literal["text", "json", "github"]
ChangeFormat = Literal["text", "json", "markdown"]


class ExitCode(IntEnum):
    """What a command tells the shell."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    FAULT_OF_OURS = 3


def exit_code(findings: Iterable[Finding], *, strict: bool = False) -> ExitCode:
    """Errors, and with `strict` warnings, exit with 1; a source that could not be read at all, with 2."""
    grave = [finding for finding in findings if strict or finding.severity is Severity.ERROR]
    if not grave:
        return ExitCode.FINE
    return ExitCode.USAGE if SourceError(grave).unreadable else ExitCode.FINDINGS


def findings_in(form: Format, findings: Sequence[Finding], width: int | None = None) -> str:
    """The findings in a format, with a line break at the end; empty where there is nothing to print.

    Text is broken at `width` columns, for a terminal; without it, each finding is one line.
    """
    if form == "json":
        return json.dumps([_as_table(finding) for finding in findings], ensure_ascii=False, indent=1) + "\n"
    lines = [_annotation(finding) if form == "github" else str(finding) for finding in findings]
    if form == "text" and width:
        lines = [_wrapped(text, width) for text in lines]
    return "".join(f"{text}\n" for text in lines)


def check_in_words(source: str, number: int, thing: str, findings: Sequence[Finding], *, ignored: int = 0) -> str:
    """What a check came to: `calendar.yaml: 3 errors, 1 warning`, or the number of things that are right."""
    counts = [(sum(finding.severity is severity for finding in findings), severity) for severity in Severity]
    told = [_counted(number, severity) for number, severity in counts if number]
    if not told and not ignored:
        told = [_counted(number, thing), "nothing wrong"]
    return f"{source}: {', '.join([*told, f'{ignored} ignored'] if ignored else told)}"


def site_in_words(folder: Path, windows: int, published: Published) -> str:
    """What a build did, for the person who ran it."""
    paths = [*published.written, *published.unchanged]
    feeds = [path for path in paths if path.endswith(".ics") and not path.startswith("events/")]
    counts = [
        (published.written, "written"),
        (published.unchanged, "unchanged"),
        (published.removed, "removed"),
    ]
    done = ", ".join(f"{len(files)} {what}" for files, what in counts if files)
    return (
        f"{folder}: {_counted(windows, 'window')} in {_counted(len(feeds), 'feed')}. Files: {done}.\n"
        f"People subscribe on its page, {folder / 'index.html'}, where you serve it.\n"
    )


def health_in_words(site: str, health: Health) -> str:
    """When a site was built, and whether something is wrong with it."""
    told = f"{len(health.findings)} wrong" if health.findings else "nothing wrong"
    return f"{site}: built {health.generated_at:%Y-%m-%d %H:%M} UTC, {_counted(health.files, 'file')}, {told}"


def check_of_site_in_words(folder: Path, changed: Sequence[str], gone: Sequence[str]) -> str:
    """Whether a build would change anything, and which files."""
    if not changed and not gone:
        return f"{folder}: nothing would change."
    files = [*(f"{path} would be written" for path in changed), *(f"{path} would be removed" for path in gone)]
    more = f" and {len(files) - 5} more" if len(files) > 5 else ""
    return f"{folder}: {', '.join(files[:5])}{more}."


def changes_in(form: ChangeFormat, changes: Sequence[Change], *, most: int | None = None) -> str:
    """What changed for subscribers, fit to be pasted into a message; of `most` changes only, if given."""
    if form == "json":
        return json.dumps([_change_as_table(change) for change in changes], ensure_ascii=False, indent=1) + "\n"
    shown = changes if most is None else changes[:most]
    tell = _change_in_markdown if form == "markdown" else _change_in_text
    text = "".join(map(tell, shown)) or "Nothing has changed.\n"
    return text if len(shown) == len(changes) else f"{text}… and {len(changes) - len(shown)} more.\n"


def rule_in_words(rule: Rule, width: int = 80) -> str:
    """A rule of the catalogue, as `explain` prints it."""
    prose = (rule.meaning, rule.why)
    paragraphs = [textwrap.fill(text, width, break_on_hyphens=False) for text in prose]
    wrong, right = (textwrap.indent(text.rstrip("\n"), "    ") for text in (rule.wrong, rule.right))
    if max(map(len, rule.wrong.splitlines())) > 400:
        wrong = textwrap.indent(textwrap.shorten(rule.wrong, 80, placeholder=" …"), "    ")
    return (
        f"{rule.code} {rule.name} ({rule.severity})\n\n"
        + "\n\n".join(paragraphs)
        + f"\n\nWrong:\n{wrong}\n\nRight:\n{right}\n\nSource: {rule.source}\n"
    )


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _change_in_text(change: Change) -> str:
    head, *lines = _change_in_words(change)
    return "\n  ".join([f"{head}: {change.title}", *lines]) + "\n"


def _change_in_markdown(change: Change) -> str:
    head, *lines = _change_in_words(change)
    title = re.sub(r"([\\`*_{}\[\]<>()#+!|~-])", r"\\\1", " ".join(change.title.split()))
    return "  \n  ".join([f"- **{head}:** {title}", *lines]) + "\n"


def _change_in_words(change: Change) -> list[str]:
    """What happened, and when it is now; with when it was, where that is another time."""
    from icms_calendar.words import CHANGE_WORDS, span
    from icms_calendar.zones import zone_named

    zone = zone_named(change.timezone)
    spans = [span(state.start, state.end, zone) for state in (change.before, change.after) if state]
    head = CHANGE_WORDS[change.after.status if change.kind == "status" and change.after else change.kind]
    if len(spans) == 2 and spans[0] != spans[1]:
        return [head, f"from {spans[0]}", f"to {spans[1]}"]
    return [head, spans[-1]]


def _change_as_table(change: Change) -> dict[str, object]:
    states = {"before": change.before, "after": change.after}
    told = {
        name: state and {"start": state.start.isoformat(), "end": state.end.isoformat(), "status": state.status}
        for name, state in states.items()
    }
    return {"kind": change.kind, "id": change.window_id, "uid": change.uid, "title": change.title, **told}


def _as_table(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.rule.name,
        "severity": finding.severity,
        "message": finding.message,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "path": path_in_words(finding.path),
    }


def _annotation(finding: Finding) -> str:
    """A workflow command of GitHub Actions; `%`, CR and LF are escaped, in properties `:` and `,`, too."""
    title = f"{finding.code} {finding.rule.name}"
    properties = {"file": finding.file, "line": finding.line, "col": finding.column, "title": title}
    told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items() if value is not None)
    where = f"{path_in_words(finding.path)}: " if finding.line is None and finding.path else ""
    return f"::{finding.severity} {told}::{_escaped(where + finding.message)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)
