"""Any iCalendar text, as bytes, to its components and their properties (RFC 5545 3.1, 3.2, 3.4, 3.6), line by line.

It goes on after a fault, and tells each with its line. What the values mean is read in ics/foreign.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from icms_calendar.feed.decode import unescape_text
from icms_calendar.findings import shown
from icms_calendar.foreign.lines import BYTE_ORDER_MARK, logical_lines, unfolded

MAX_DEPTH = 8  # VCALENDAR, VEVENT, VALARM: no calendar needs more
MOST_LINES = 3_000_000  # of a file: 64 MiB of events have half as many
_MOST_FAULTS = 1000  # of one rule, that are told each
_MOST_HEADS = 10_000

# What never stands in another one of these: where it does, the END of the outer one is missing.
_SIDE_BY_SIDE = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})
_PROPERTY = re.compile(r'((?:[^":]++|"[^"]*+")*+):(.*)', re.DOTALL)  # possessive: it keeps no way back
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;]*)')
_RFC_6868 = {"^n": "\n", "^'": '"', "^^": "^"}


class Property(NamedTuple):
    """A content line: its name in capitals, its parameters and its value as written, and where it begins."""

    name: str
    written: str
    value: str
    line: int

    @property
    def parameters(self) -> dict[str, str]:
        """The values of its parameters, by their names in capitals."""
        return _parameters(self.written) if self.written else {}

    @property
    def text(self) -> str:
        """Its value as TEXT, unescaped."""
        return unescape_text(self.value)


@dataclass(slots=True, eq=False)
class Component:
    """What stands between a BEGIN and its END."""

    name: str
    line: int
    properties: dict[str, list[Property]] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of a name, which is all where it may stand once."""
        found = self.properties.get(name)
        return found[0] if found else None

    def every(self, name: str) -> list[Property]:
        """The properties of a name, in order."""
        return self.properties.get(name, [])


class Fault(NamedTuple):
    """Something that is wrong with the text itself: a rule's name, the line, and why; and how often it is so."""

    rule: str
    line: int
    reason: str
    times: int = 1


def read_contents(data: bytes) -> tuple[list[Component], list[Fault]]:
    """The whole calendars in a file, and every fault of its form. What has no end is not among them.

    A component that is cut off, or that the next one begins in, is left out; so is a line that is no content line.
    """
    builder = _Builder()
    data = data.removeprefix(BYTE_ORDER_MARK)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    for count, (number, raw) in enumerate(logical_lines(data)):
        builder.read(unfolded(raw), number)
        if count == MOST_LINES:
            builder.stop(number, f"there are more than {MOST_LINES:,} lines")
        if builder.stopped:
            break
    builder.finish()
    return builder.calendars, builder.faults


class _Builder:
    def __init__(self) -> None:
        self.calendars: list[Component] = []
        self.faults: list[Fault] = []
        self.stopped = False
        self._open: list[Component] = []
        self._heads: dict[str, tuple[str, str]] = {}
        self._times: Counter[str] = Counter()

    def read(self, raw: bytes, number: int) -> None:
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            byte = f"the byte 0x{raw[error.start]:02x} cannot stand here"
            self._say(number, byte, "ics-not-utf8")
            line = raw.decode(errors="replace")
        head, colon, value = line.partition(":")
        if '"' in head and (match := _PROPERTY.fullmatch(line)):  # a colon in quotes does not count
            head, value = match.groups()
        known = self._heads.get(head)
        if known is None:
            if len(self._heads) == _MOST_HEADS:
                self._heads.clear()
            name, _, written = head.partition(";")
            if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name):
                if line.strip():
                    self._say(number, f"{shown(line, 30)} is no content line. What it says is lost")
                return
            known = self._heads[head] = name.upper(), f";{written}" if written else ""
        name, written = known
        if name == "BEGIN":
            self._begin(value.strip().upper(), number)
        elif name == "END":
            self._end(value.strip().upper(), number)
        elif self._open:
            self._open[-1].properties.setdefault(name, []).append(Property(name, written, value, number))
        elif not self.faults:
            self._say(number, f"{shown(line, 30)} stands outside of every calendar")

    def stop(self, number: int, reason: str) -> None:
        """Read no further."""
        self.stopped = True
        self._say(number, f"{reason}. What follows is not read")

    def finish(self) -> None:
        more = {rule: times - _MOST_FAULTS for rule, times in self._times.items() if times > _MOST_FAULTS}
        last_of = {fault.rule: i for i, fault in enumerate(self.faults)}
        for rule, times in more.items():
            self.faults[last_of[rule]] = self.faults[last_of[rule]]._replace(times=times + 1)
        if not self._open:
            return
        if not self.stopped:
            last = self._open[-1].line
            self.faults = [fault for fault in self.faults if fault.line < last]  # of what is lost anyway
            names = " in ".join(f"the {one.name} of line {one.line}" for one in reversed(self._open))
            self.faults.append(Fault("ics-cut-off", last, f"{names} does not end"))
        calendar = self._open[0]
        if calendar.name == "VCALENDAR":
            self.calendars.append(calendar)  # the events in it that are whole

    def _begin(self, name: str, number: int) -> None:
        if name in _SIDE_BY_SIDE:
            while any(one.name in _SIDE_BY_SIDE for one in self._open):
                lost = self._open.pop()
                self._say(lost.line, f"the {lost.name} has no end before the next one begins. It is left out")
        if not self._open and name != "VCALENDAR":
            self._say(number, f"a {name[:30]} stands outside of every calendar")
        if len(self._open) == MAX_DEPTH:
            self.stop(number, f"components stand in one another more than {MAX_DEPTH} deep")
            return
        self._open.append(Component(name, number))

    def _end(self, name: str, number: int) -> None:
        if not any(one.name == name for one in self._open):
            self._say(number, f"END:{name[:30]} ends nothing that began")
            return
        while self._open[-1].name != name:
            lost = self._open.pop()
            self._say(lost.line, f"the {lost.name} has no end before that of its {name}. It is left out")
        whole = self._open.pop()
        if self._open:
            self._open[-1].components.append(whole)
        elif name == "VCALENDAR":
            self.calendars.append(whole)

    def _say(self, number: int, reason: str, rule: str = "ics-structure") -> None:
        self._times[rule] += 1
        if self._times[rule] <= _MOST_FAULTS or self.stopped:
            self.faults.append(Fault(rule, number, reason))


@lru_cache(maxsize=4096)
def _parameters(written: str) -> dict[str, str]:
    """RFC 5545 3.2, RFC 6868: the values without their quotes."""
    found = {}
    for name, value in _PARAMETER.findall(written):
        text = value.strip('"')
        found[name.upper()] = re.sub(r"\^[n'^]", lambda match: _RFC_6868[match[0]], text) if "^" in text else text
    return found
