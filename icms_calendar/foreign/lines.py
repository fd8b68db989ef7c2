"""The octets of any .ics file to its content lines (RFC 5545 3.1), and what is wrong with the octets.

It reads on after whatever it finds. What a line says is judged in values.py, how lines belong together in lint.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from icms_calendar.feed.encode import MAX_LINE_OCTETS
from icms_calendar.foreign.faults import Faults, Place

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_HEADS = 10_000

# Possessive throughout: the time is linear in the octets, whatever they are.
_LINE = re.compile(rb"[^\n]*+(?:\n[ \t][^\n]*+)*+\n?")
_FOLD = re.compile(rb"\r*\n[ \t]")
_PARAMETER_VALUE = rb'(?:"[^"]*+"|[^";:,]*+)'
_HEAD = re.compile(rb"([A-Za-z0-9-]++)((?:;[A-Za-z0-9-]++=%s(?:,%s)*+)*+):" % (_PARAMETER_VALUE, _PARAMETER_VALUE))
_PARAMETER = re.compile(rb";([A-Za-z0-9-]++)=(%s(?:,%s)*+)" % (_PARAMETER_VALUE, _PARAMETER_VALUE))
_NAME_AND_MORE = re.compile(rb"([A-Za-z0-9-]++)(?=;)[^:]*+:")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n|\Z)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]++")
_FOLD_IN_CHARACTER = re.compile(rb"\r?\n[ \t][\x80-\xbf]++")


@dataclass(slots=True)
class ContentLine:
    """One content line, unfolded: its name in capitals, its parameters, and its value as it is written.

    `parameters` is None where they could not be read; the value is then empty and means nothing.
    """

    number: int  # of its first line in the file, from 1
    raw: bytes  # as it stands there, folds and all, without the last line end
    head: bytes  # the name and the parameters as they are written
    name: str
    parameters: dict[str, str] | None
    value: bytes

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, without its quotes."""
        return self.parameters.get(name) if self.parameters else None

    def place(self, at: int = 0) -> Place:
        """Where the octet `at` of the unfolded line stands in the file; the column counts characters."""
        for row, piece in enumerate(self.raw.split(b"\n")):
            text = piece.rstrip(b"\r")[1 if row else 0 :]
            if at <= len(text):
                return self.number + row, len(text[:at].decode(errors="replace")) + (2 if row else 1)
            at -= len(text)
        return self.number, 1

    def place_of_value(self, at: int = 0) -> Place:
        """Where the octet `at` of the value stands in the file."""
        return self.place(len(self.head) + 1 + at)

    @property
    def text(self) -> str:
        """The value as text; what is no UTF-8 is replaced."""
        return self.value.decode(errors="replace")


@dataclass(slots=True)
class NoContentLine:
    """A line that has no name and no colon: blank, or the rest of another."""

    number: int
    raw: bytes

    def place(self) -> Place:
        return self.number, 1


def content_lines(data: bytes, faults: Faults) -> Iterator[ContentLine | NoContentLine]:
    """The lines of a file in order. What is wrong with its octets goes to `faults`, before the first line comes."""
    if data.startswith(BYTE_ORDER_MARK):
        faults.say("byte-order-mark", lambda: (1, 1))
        data = data[len(BYTE_ORDER_MARK) :]
    data = _with_line_feeds(data, faults)
    _say_control_characters(data, faults)
    _say_invalid_utf8(data, faults)
    heads: dict[bytes, tuple[str, dict[str, str]]] = {}
    for number, raw in logical_lines(data):
        if len(raw) > MAX_LINE_OCTETS:
            _say_long_lines(raw, number, faults)
        yield _content_line(number, raw, unfolded(raw), heads, faults)


def logical_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line with those that are folded to it, as it stands there, and the number of its first one, from 1."""
    number = 1
    for match in _LINE.finditer(data):
        whole = match.group()
        if not whole:
            break
        yield number, whole.rstrip(b"\r\n")
        number += whole.count(b"\n")


def unfolded(raw: bytes) -> bytes:
    """RFC 5545 3.1: unfolded before anything is decoded, since a fold may stand inside a character."""
    return _FOLD.sub(b"", raw) if b"\n" in raw else raw


def _content_line(
    number: int, raw: bytes, text: bytes, heads: dict[bytes, tuple[str, dict[str, str]]], faults: Faults
) -> ContentLine | NoContentLine:
    head = _HEAD.match(text)
    if head is None:
        broken = _NAME_AND_MORE.match(text)
        if broken is None:
            return NoContentLine(number, raw)
        line = ContentLine(number, raw, broken[1], broken[1].decode().upper(), None, b"")
        faults.say("bad-parameter", partial(line.place, len(broken[1])), name=line.name)
        return line
    written = text[: head.end() - 1]
    known = heads.get(written)
    if known is None:
        if len(heads) >= _MOST_HEADS:
            heads.clear()
        known = heads[written] = (head[1].decode().upper(), _parameters(head[2]))
    return ContentLine(number, raw, written, *known, text[head.end() :])


def _parameters(text: bytes) -> dict[str, str]:
    pairs = _PARAMETER.findall(text)
    return {name.decode().upper(): value.decode(errors="replace").strip('"') for name, value in pairs}


def _with_line_feeds(data: bytes, faults: Faults) -> bytes:
    """RFC 5545 3.1: a line ends in CR LF. A file that has CR only is read as if it had LF."""
    feeds = data.count(b"\n")
    if not feeds and b"\r" in data:
        data = data.replace(b"\r", b"\n")
        faults.say("line-end-not-crlf", lambda: (1, data.find(b"\n") + 1), times=data.count(b"\n"), read="CR")
        return data
    bare = feeds - data.count(b"\r\n")
    if bare and (first := re.search(rb"(?<!\r)\n", data)):
        faults.say("line-end-not-crlf", lambda: place_in(data, first.start()), times=bare, read="LF")
    return data


def _say_control_characters(data: bytes, faults: Faults) -> None:
    for match in _CONTROL.finditer(data):
        name = "CR without LF" if match[0] == b"\r" else f"U+{match[0][0]:04X}"
        faults.say("feed-control-character", partial(place_in, data, match.start()), read=name)


def _say_invalid_utf8(data: bytes, faults: Faults) -> None:
    """RFC 5545 3.1.4: UTF-8; and 3.1: a fold may stand between octets of a character, but programs break on it."""
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return
    rest_until = 0  # the rest of a character that was told already
    for run in _NOT_ASCII.finditer(data):
        at = max(run.start(), rest_until)
        try:
            data[at : run.end()].decode()
        except UnicodeDecodeError as error:
            wrong = at + error.start
            fold = _FOLD_IN_CHARACTER.match(data, run.end())
            if fold and error.reason == "unexpected end of data":
                rest_until = fold.end()
                faults.say("fold-in-character", partial(place_in, data, wrong))
            else:
                faults.say("invalid-utf8", partial(place_in, data, wrong), read=f"0x{data[wrong]:02X}")


def _say_long_lines(raw: bytes, number: int, faults: Faults) -> None:
    for row, piece in enumerate(raw.split(b"\n")):
        octets = len(piece.rstrip(b"\r"))
        if octets > MAX_LINE_OCTETS:
            column = len(piece[:MAX_LINE_OCTETS].decode(errors="ignore")) + 1
            faults.say("line-too-long", partial(_same, (number + row, column)), octets=f"{octets:,}")


def _same(place: Place) -> Place:
    return place


def place_in(data: bytes, at: int) -> Place:
    """Line and column of an octet; the column counts characters."""
    begins = data.rfind(b"\n", 0, at) + 1
    return data.count(b"\n", 0, at) + 1, len(data[begins:at].decode(errors="replace")) + 1
