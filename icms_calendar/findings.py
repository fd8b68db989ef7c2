"""What can be said about the input: findings, and the exceptions that carry them.

The rules are in catalogue/; command/output.py prints findings and decides the exit code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self

from icms_calendar.catalogue import RULES_BY_NAME, Rule, Severity

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in the input: its rule, its message and its place.

    `path` is the place in the data (`("windows", 3, "start")`); `file`, `line` and `column` (both from 1)
    are known once a file has been read. `more` is how many findings like this one are not listed. `excerpt` is the
    line itself with a caret below the place, if the file could not be read to its end.
    """

    rule: Rule
    message: str
    path: Path = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None
    more: int = 0
    excerpt: str = ""

    def __post_init__(self) -> None:
        if self.file is not None:
            object.__setattr__(self, "file", without_secrets(self.file))

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    def below(self, *prefix: str | int) -> Finding:
        """The same finding, with its path under a longer one."""
        return replace(self, path=prefix + self.path)

    def at(self, *path: str | int) -> Finding:
        """The same finding at another path."""
        return replace(self, path=path)

    def on(self, place: tuple[int, int] | None) -> Finding:
        """The same finding at a line and column, if they are known."""
        return replace(self, line=place[0], column=place[1]) if place else self

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}:{self.column or 1}"
        elif self.path:
            place += f"{': ' if place else ''}{path_in_words(self.path)}"
        return f"{_on_one_line(place)}{': ' if place else ''}{self.severity} {self.code}: {self.message}"


class CalendarError(ValueError):
    """The one family of errors: it carries every finding, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))

    def in_file(self, name: str) -> Self:
        """The same error, with its findings in a file."""
        return type(self)(replace(finding, file=name) for finding in self.findings)

    def on(self, place: tuple[int, int] | None) -> Self:
        """The same error at a line and column, if they are known."""
        return type(self)(finding.on(place) for finding in self.findings)


class SourceError(CalendarError):
    """The records are wrong, or cannot be read (`unreadable`)."""

    @property
    def unreadable(self) -> bool:
        """Whether the records could not be read at all."""
        return all(finding.rule.name == "unreadable" for finding in self.findings)


class LedgerError(CalendarError):
    """The build cannot continue from the previous feed; nothing was written."""


class PublishError(CalendarError):
    """A file or folder was not written; its previous contents are unchanged."""


MOST_OF_A_KIND = 20
MOST_COMPARED = 600


def few_of_each(findings: Iterable[Finding]) -> list[Finding]:
    """Of one rule in one file the first twenty findings, the last of them with the number of those left out."""
    kept: list[Finding] = []
    last: dict[tuple[Rule, str | None], int] = {}
    numbers: Counter[tuple[Rule, str | None]] = Counter()
    for finding in findings:
        kind = finding.rule, finding.file
        numbers[kind] += 1
        if numbers[kind] <= MOST_OF_A_KIND:
            last[kind] = len(kept)
            kept.append(finding)
    for kind, i in last.items():
        if (more := numbers[kind] - MOST_OF_A_KIND) > 0:
            message = f"{kept[i].message} (and {more:,} more like this)"
            kept[i] = replace(kept[i], message=message, more=more)
    return kept


class Suggestions:
    """What was probably meant by words that are not known; after twenty of them, nobody reads on."""

    def __init__(self, known: Callable[[], Iterable[str]]) -> None:
        self._known = known
        self._left = MOST_OF_A_KIND

    def of(self, word: str) -> str:
        """As `did_you_mean`, or nothing."""
        self._left -= 1
        return did_you_mean(word, self._known()) if self._left >= 0 else ""


def found(name: str, path: Path = (), /, **read: object) -> Finding:
    """A finding of the rule called `name`, its message filled in with what was read."""
    rule = RULES_BY_NAME[name]
    return Finding(rule, _on_one_line(rule.message.format(**read)), path)


def fault(name: str, path: Path = (), /, **read: object) -> CalendarError:
    """A single finding as an exception to raise."""
    return CalendarError([found(name, path, **read)])


def expect(value: object, kinds: type | tuple[type, ...], name: str, what: str) -> None:
    """Raise TypeError if Python code gives another kind of value; `what` says what to give."""
    if not isinstance(value, kinds):
        raise TypeError(f"{name} is {what}, not {type(value).__name__}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "…"?` with the nearest known word; otherwise a few known words, or nothing."""
    words = sorted(known)
    if len(words) > MOST_COMPARED:  # comparing is slow; a misspelt word usually begins like the right one
        words = [w for w in words if w[:3].casefold() == word[:3].casefold()][:MOST_COMPARED]
    near = get_close_matches(word.casefold(), {w.casefold(): w for w in words}, n=1, cutoff=0.6)
    if near:
        return f' Did you mean "{next(w for w in words if w.casefold() == near[0])}"?'
    if words and len(words) <= 12:
        return f" Known: {', '.join(words)}."
    return ""


def shown(value: object, limit: int = 60) -> str:
    """What was read, for a message: quoted, on one line, and cut if it is long."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if isinstance(value, (int, float)):
        return str(value)
    text = _on_one_line(str(value)[: limit + 1])
    return f'"{text[:limit]}{"…" if len(text) > limit else ""}"'


def without_secrets(place: str) -> str:
    """A place for a message: an address without user name, password and query; a path unchanged."""
    scheme, mark, rest = place.partition("://")
    if not mark:
        return place
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    host = host.rpartition("@")[2]
    if not re.fullmatch(r"(?:[^:]*|\[[^\]]*\]?)(?::\d*)?", host):  # what looks like a port may be half a password
        return f"{scheme}://…"
    return f"{scheme}://{host}{slash}{path}"


def _on_one_line(text: str) -> str:
    """A text that cannot break out of its line in a message."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def path_in_words(path: Path) -> str:
    """`windows[3].start`: the place in the data, for data without lines."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".")


def as_table(finding: Finding) -> dict[str, object]:
    """The finding for programs, with one key for each of its facts."""
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
