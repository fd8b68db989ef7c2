"""How commands write: findings, and the exit code that follows; to a stream that may be closed, or to a file.

What changes and answers look like is decided in report.py. On a terminal, the severity of a finding has a colour, and
work that takes longer than two seconds shows its progress.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import textwrap
import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Literal, TextIO

from icms_calendar.catalogue import Severity
from icms_calendar.findings import Finding, SourceError, as_table, path_in_words

Format = Literal["text", "json", "github"]

STANDARD_STREAM = "-"

_EXCERPT = 4  # the indentation of an excerpt, whose caret stays below its column
_PATIENCE = 2.0  # seconds without a sign of life
_SEVERITY = re.compile(r"\b(error|warning)(?=\s+ICM\d{3}: )")
_COLOURS = {"error": "\033[1;31m", "warning": "\033[33m"}
_ANNOTATION = re.compile(r"::(?:error|warning|notice)[ :]")


def default_format() -> Format:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


class ExitCode(IntEnum):
    """The exit code of a command."""

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


def findings_in(form: Format, findings: Sequence[Finding]) -> str:
    """The findings in a format, with a line break at the end; empty if there is nothing to print."""
    if form == "json":
        return json_text([as_table(finding) for finding in findings])
    lines = [_annotation(finding) if form == "github" else str(finding) for finding in findings]
    if form == "text":
        excerpts = (textwrap.indent(f"\n{each.excerpt}", "    ") if each.excerpt else "" for each in findings)
        lines = [text + excerpt for text, excerpt in zip(lines, excerpts, strict=True)]
    return "".join(f"{text}\n" for text in lines)


def prepare_streams() -> None:
    """Make the standard streams take any text; a closed one takes and drops it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - kept to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, prose: bool = True) -> None:
    """Print a message to standard error, with a line break at its end; `prose` is wrapped on a terminal."""
    text = text.rstrip("\n")
    _write_text(sys.stderr, f"{text}\n" if text else "", prose=prose)


def show(text: str, *, prose: bool = False) -> None:
    """Print an answer to standard output; its contents command nothing. `prose` is wrapped on a terminal."""
    _write_text(sys.stdout, text, prose=prose)


def tell(findings: Sequence[Finding], form: Format | None = None, *, strict: bool = True) -> ExitCode:
    """Print findings to standard error, and give the exit code that follows."""
    form = form or default_format()
    say(findings_in(form, findings), prose=form == "text")
    return exit_code(findings, strict=strict)


def tell_internal_error(error: Exception) -> ExitCode:
    """Report a bug in icms-calendar, with its place."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    say(
        f"icms-calendar: internal error: a bug in icms-calendar, not in your input: "
        f"{type(error).__name__}: {error} ({place})"
    )
    say("No file was left half written. Please report the command and the records that led to this.")
    return ExitCode.FAULT_OF_OURS


def write_output(output: str, data: bytes) -> None:
    """Write data to a file, whole or not at all, or with `-` to standard output as it is. Raises PublishError."""
    if output != STANDARD_STREAM:
        from icms_calendar.site.publish import write_file

        write_file(Path(output), data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


@contextmanager
def working(what: str) -> Iterator[None]:
    """While a long piece of work lasts, show on a terminal what it is and for how many seconds it has lasted."""
    done = threading.Event()
    clock = threading.Thread(target=_show_seconds, args=(what, done), daemon=True)
    if _is_terminal(sys.stderr):
        clock.start()
    try:
        yield
    finally:
        done.set()
        if clock.ident is not None:
            clock.join()


def _show_seconds(what: str, done: threading.Event) -> None:
    began = time.monotonic()
    wait = _PATIENCE
    while not done.wait(wait):
        sys.stderr.write(f"\r{what} … {time.monotonic() - began:.0f} s")
        sys.stderr.flush()
        wait = 1
    if wait == 1:
        sys.stderr.write("\r\033[K")


def _wrapped(line: str, width: int) -> str:
    """The line, broken between words if it is longer than the terminal, and indented from the second on."""
    indent = line[: len(line) - len(line.lstrip())]
    if len(line) <= width or len(indent) >= _EXCERPT:
        return line
    return textwrap.fill(line, width, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False)


def _is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal that understands control sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and sys.platform != "win32"


def width_of(stream: TextIO) -> int | None:
    """The columns of a terminal; None for anything else."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _harmless(line: str) -> str:
    """The line, so that it moves no cursor, and is not read as a command by the runner of a workflow.

    GitHub's runner looks for `##[` anywhere in a line, and for `::` at its beginning; our own annotations keep that.
    """
    if not line.isprintable():
        line = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line)
    if line.lstrip().startswith("::") and not _ANNOTATION.match(line):
        line = line.replace("::", ": :")
    return line.replace("##[", "## [")


def _write_text(stream: TextIO, text: str, *, prose: bool) -> None:
    """Write and flush; whoever closes the stream first must not change what the exit code says."""
    lines = list(map(_harmless, text.split("\n")))
    if prose and (width := width_of(stream)):
        lines = [_wrapped(line, width) for line in lines]
    text = "\n".join(lines)
    if _is_terminal(stream) and not os.environ.get("NO_COLOR"):
        text = _SEVERITY.sub(lambda match: f"{_COLOURS[match[1]]}{match[1]}\033[0m", text)
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def json_text(data: object) -> str:
    """JSON in ASCII; a workflow's runner takes `##[` for a command."""
    return json.dumps(data, indent=1).replace("##[", "##\\u005b") + "\n"


def _annotation(finding: Finding) -> str:
    """A workflow command of GitHub Actions; `%`, CR and LF are escaped, and in properties also `:` and `,`."""
    title = f"{finding.code} {finding.rule.name}"
    properties = {"file": finding.file, "line": finding.line, "col": finding.column, "title": title}
    written = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items() if value is not None)
    where = f"{path_in_words(finding.path)}: " if finding.line is None and finding.path else ""
    return f"::{finding.severity} {written}::{_escaped(where + finding.message)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)
