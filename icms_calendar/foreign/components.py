"""The content lines of any .ics to its components (RFC 5545 3.4, 3.6): the one reader, for `lint` and `events` alike.

It continues after a fault and reports each with its place. The octets are judged in lines.py, values in values.py.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from icms_calendar.feed.decode import unescape_text
from icms_calendar.findings import shown
from icms_calendar.foreign.faults import Faults, TooManyFaultsError
from icms_calendar.foreign.lines import BYTE_ORDER_MARK, ContentLine, content_lines, place_in

MAX_DEPTH = 20  # VCALENDAR, VEVENT, VALARM: no calendar needs as much
MOST_LINES = 3_000_000  # of a file: 64 MiB of events have half as many

_TOP_LEVEL = {"VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"}
_END_OF_FILE = b" \t\0\x1a"  # what editors and DOS leave behind the last line
_ANY_CALENDAR = re.compile(rb"(?i)(?:\A\s*|[\r\n])(?:\xef\xbb\xbf)?[ \t]*BEGIN:VCALENDAR")


@dataclass(slots=True, eq=False)
class Component:
    """What lies between a BEGIN and its END."""

    name: str
    begin: ContentLine
    properties: dict[str, list[ContentLine]] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    whole: bool = False  # it has its END

    @property
    def line(self) -> int:
        return self.begin.number

    def first(self, name: str) -> ContentLine | None:
        """The first property of a name."""
        found = self.properties.get(name)
        return found[0] if found else None

    def every(self, name: str) -> list[ContentLine]:
        """The properties of a name, in order."""
        return self.properties.get(name, [])

    def written(self, *names: str) -> tuple[tuple[bytes, bytes], ...]:
        """What the properties of some names say as written, to be compared."""
        return tuple(line.written for name in names for line in self.every(name))

    def value(self, name: str) -> str:
        """The value of the first property of a name as written, without blanks around it; empty without one."""
        line = self.first(name)
        return line.text.strip() if line else ""

    def text(self, name: str) -> str | None:
        """The value of the first property of a name as TEXT, unescaped; None without one, or when it is empty."""
        line = self.first(name)
        return unescape_text(line.text) or None if line else None

    def walk(self) -> Iterator[Component]:
        """The component and all within it, in order."""
        yield self
        for component in self.components:
            yield from component.walk()


@contextmanager
def without_collection() -> Iterator[None]:
    """No search for garbage meanwhile: what is read of a file stays, and looking at it takes a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def read_components(data: bytes, faults: Faults) -> list[Component]:
    """The calendars of a file, also one that is cut off, with what is whole in it.

    What is wrong goes to `faults`; after too much of it, or after 3,000,000 lines, reading stops.
    """
    if not is_icalendar(data):
        faults.say("not-icalendar", lambda: (1, 1), reason=what_it_is(data))
        return []
    reading = _Reading(faults)
    with suppress(TooManyFaultsError):
        reading.read(data)
    return reading.calendars


def is_icalendar(data: bytes) -> bool:
    """Whether some line of a file begins a calendar."""
    return bool(_ANY_CALENDAR.search(data)) and data[:2] not in (b"\xff\xfe", b"\xfe\xff")


def what_it_is(data: bytes) -> str:
    """What a file without BEGIN:VCALENDAR is, as far as its first octets show."""
    start = data.removeprefix(BYTE_ORDER_MARK).lstrip()[:200].upper()
    if not start:
        return "it is empty"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"B\0E\0G\0I\0N" in start:
        return "it is UTF-16. Save it as UTF-8"
    kinds = {
        b"<": "it is a web page or XML. The address may want a login, or have moved",
        b"{": "it is JSON",
        b"[": "it is JSON",
        b"BEGIN:VCARD": "it is a vCard, an address book",
        b"\x1f\x8b": "it is compressed (gzip). Unpack it first",
        b"PK": "it is a zip file. Unpack it first",
    }
    return next((kind for mark, kind in kinds.items() if start.startswith(mark)), "no line of it is BEGIN:VCALENDAR")


class _Reading:
    """Puts lines together, from the first line of a file to its last."""

    def __init__(self, faults: Faults) -> None:
        self.calendars: list[Component] = []
        self.open: list[Component] = []
        self._faults = faults

    def read(self, data: bytes) -> None:
        last: ContentLine | None = None
        for count, line in enumerate(content_lines(data, self._faults)):
            if last is not None:
                self._take(last)
            last = line
            if count == MOST_LINES:
                self._faults.stop(line.place, f"it has more than {MOST_LINES:,} lines")
        if last is not None:
            self._finish(last, data)

    def _finish(self, last: ContentLine, data: bytes) -> None:
        """Take the last line, unless it may be cut off itself."""
        whole = data.endswith(b"\n") or (data.endswith(b"\r") and b"\n" not in data)
        end = partial(place_in, data, len(data))
        if whole or last.name == "END":
            self._take(last)
        elif not self.open and last.raw.strip(_END_OF_FILE):
            self._faults.say("cut-off", end, name="a line", line=f"{last.number:,}")
        if self.open:
            self._faults.say("cut-off", end, name=self.open[-1].name, line=f"{self.open[-1].line:,}")
        elif not whole:
            remedy = "Write CR LF after END:VCALENDAR"
            self._faults.say("white-space", end, "end", what="the last line has no line end", remedy=remedy)

    def _take(self, line: ContentLine) -> None:
        if line.name == "BEGIN":
            self._begin(line)
        elif line.name == "END":
            self._end(line)
        elif not self.open:
            if line.raw.strip():
                self._say_outside(line)
        elif line.name:
            self.open[-1].properties.setdefault(line.name, []).append(line)
        elif line.raw.strip():
            self._faults.say("not-a-content-line", line.place, read=line.shown)
        else:
            self._faults.say("white-space", line.place, what="the line is blank", remedy="Take it out")

    def _say_outside(self, line: ContentLine) -> None:
        where = "after END:VCALENDAR" if self.calendars else "before BEGIN:VCALENDAR"
        self._faults.say("does-not-nest", line.place, where, reason=f"{line.shown} is {where}. Remove it")

    def _begin(self, line: ContentLine) -> None:
        name = line.text.strip().upper()
        if len(self.open) >= MAX_DEPTH:
            self._faults.stop(line.place, f"{shown(line.text)} is nested deeper than any component may be")
        if self.open and name in _TOP_LEVEL and (name == "VCALENDAR" or self.open[-1].name != "VCALENDAR"):
            self._close_without_end(line, 0 if name == "VCALENDAR" else 1)
        component = Component(name, line)
        if not self.open:
            if name != "VCALENDAR":
                self._say_outside(line)
            else:
                if self.calendars:
                    self._faults.say("several-calendars", line.place)
                self.calendars.append(component)
        self.open.append(component)

    def _close_without_end(self, line: ContentLine, down_to: int) -> None:
        """Close what lacks its END; no component keeps it, since nobody knows where it was to end."""
        while len(self.open) > down_to:
            component = self.open.pop()
            reason = f"the {component.name} of line {component.line:,} has no END:{component.name} before this line"
            self._faults.say("does-not-nest", line.place, reason=f"{reason}, so what it holds cannot be read")

    def _end(self, line: ContentLine) -> None:
        name = line.text.strip().upper()
        depth = next((i for i in range(len(self.open) - 1, -1, -1) if self.open[i].name == name), None)
        if depth is None:
            reason = f"END:{shown(name, 30)[1:-1]} ends nothing that has begun"
            self._faults.say("does-not-nest", line.place, reason=reason)
            return
        self._close_without_end(line, depth + 1)
        component = self.open.pop()
        component.whole = True
        if self.open:
            self.open[-1].components.append(component)
