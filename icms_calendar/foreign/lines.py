"""The octets of any .ics file to its content lines (RFC 5545 3.1), and what is wrong with the octets.

It reads on after whatever it finds. What a line says is judged in values.py, how lines belong together in lint.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from icms_calendar.feed.encode import MAX_LINE_OCTETS
from icms_calendar.findings import shown
from icms_calendar.foreign.faults import Faults, Place

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Possessive throughout: the time is linear in the octets, whatever they are.
_END_OF_LINE = re.compile(rb"\n(?![ \t])")
_FOLDS = (b"\r\n ", b"\r\n\t", b"\n ", b"\n\t")
_LONG_LINE = re.compile(rb"[^\n]{%d,}+" % (MAX_LINE_OCTETS + 1))
_PARAMETER_VALUE = rb'(?:"[^"]*+"|[^";:,]*+)'
_HEAD = re.compile(rb"[A-Za-z0-9_-]++(?:;[A-Za-z0-9-]++=%s(?:,%s)*+)*+:" % (_PARAMETER_VALUE, _PARAMETER_VALUE))
_PARAMETER = re.compile(rb";([A-Za-z0-9-]++)=(%s(?:,%s)*+)" % (_PARAMETER_VALUE, _PARAMETER_VALUE))
_NAME_AND_MORE = re.compile(rb"([A-Za-z0-9_-]++)(?=;)[^:]*+:")
_RFC_6868 = {b"^n": b"\n", b"^'": b'"', b"^^": b"^"}
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n|\Z)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]++")
_FOLD_IN_CHARACTER = re.compile(rb"\r?\n[ \t][\x80-\xbf]++")


@dataclass(slots=True)
class ContentLine:
    """One content line, unfolded: its name in capitals, its parameters, and its value as it is written.

    `parameters` is None where they could not be read; the value is then empty and means nothing. So it is in a line
    without a name and a colon: blank, or the rest of another one.
    """

    number: int  # of its first line in the file, from 1
    raw: bytes  # as it is in the file, with its folds, without the last line end
    head: bytes  # the name and the parameters as they are written
    name: str
    parameters: dict[str, str] | None
    value: bytes

    @property
    def written(self) -> tuple[bytes, bytes]:
        """Its parameters and its value, to be compared."""
        return self.head, self.value

    @property
    def shown(self) -> str:
        """Its beginning, for a message."""
        return shown(self.raw.decode(errors="replace"), 40)

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, without its quotes."""
        return self.parameters.get(name) if self.parameters else None

    def place(self, at: int = 0) -> Place:
        """Where octet `at` of the unfolded line is in the file; the column counts characters."""
        row = begin = 0
        while True:
            end = self.raw.find(b"\n", begin)
            piece = self.raw[begin : len(self.raw) if end < 0 else end].rstrip(b"\r")[1 if row else 0 :]
            if at <= len(piece) or end < 0:
                return self.number + row, len(piece[:at].decode(errors="replace")) + (2 if row else 1)
            at -= len(piece)
            row, begin = row + 1, end + 1

    def place_of_value(self, at: int = 0) -> Place:
        """Where the octet `at` of the value is in the file."""
        return self.place(len(self.head) + 1 + at)

    @property
    def text(self) -> str:
        """The value as text; what is not UTF-8 is replaced."""
        return self.value.decode(errors="replace")


def content_lines(data: bytes, faults: Faults) -> Iterator[ContentLine]:
    """The lines of a file in order; what is wrong with its octets goes to `faults` before the first line comes."""
    data = _with_line_feeds(data, faults)
    for match in _CONTROL.finditer(data):
        read = "a CR without LF" if match[0] == b"\r" else f"the control character U+{match[0][0]:04X}"
        faults.say("stray-octets", partial(place_in, data, match.start()), read=read)
    _say_invalid_utf8(data, faults)
    for match in _LONG_LINE.finditer(data):
        _say_long_line(data, match, faults)
    for number, raw in _logical_lines(data):
        text = _unfolded(raw)
        if text.startswith(BYTE_ORDER_MARK):  # at the beginning, and between files that were joined
            faults.say("stray-octets", number, "BOM", read="a byte order mark")
            text = text[len(BYTE_ORDER_MARK) :]
        if text[:1] in (b" ", b"\t") and text.lstrip()[:6].upper() == b"BEGIN:":
            faults.say("white-space", number, "BEGIN", what="blanks come before BEGIN", remedy="Take them out")
            text = text.lstrip()
        yield _content_line(number, raw, text, faults)


def _logical_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line with what is folded to it, as it is in the file, and the number of its first row, from 1."""
    number, begin = 1, 0
    for match in _END_OF_LINE.finditer(data):
        whole = data[begin : match.start()]
        yield number, whole.rstrip(b"\r")
        number += whole.count(b"\n") + 1
        begin = match.end()
    if begin < len(data):
        yield number, data[begin:].rstrip(b"\r\n")


def _unfolded(raw: bytes) -> bytes:
    """RFC 5545 3.1: unfolded before anything is decoded, since a fold may be inside a character."""
    if b"\n" not in raw:
        return raw
    if b"\r\r\n" in raw:
        raw = re.sub(rb"\r++\n", b"\n", raw)
    for fold in _FOLDS:  # not one expression, which would keep each piece of a line that is all folds
        raw = raw.replace(fold, b"")
    return raw


def _content_line(number: int, raw: bytes, text: bytes, faults: Faults) -> ContentLine:
    if head := _HEAD.match(text):
        return ContentLine(number, raw, *_head_of(head[0][:-1]), text[head.end() :])
    name = broken[1] if (broken := _NAME_AND_MORE.match(text)) else b""
    line = ContentLine(number, raw, name, name.decode().upper(), None, b"")
    if name:
        faults.say("bad-parameter", partial(line.place, len(name)), name=line.name)
    return line


@lru_cache(maxsize=4096)
def _head_of(written: bytes) -> tuple[bytes, str, dict[str, str]]:
    """A head as it is written, its name, and its parameters."""
    pairs = _PARAMETER.findall(written)
    parameters = {name.decode().upper(): _parameter_text(value) for name, value in pairs}
    return written, written.partition(b";")[0].decode().upper(), parameters


def _parameter_text(value: bytes) -> str:
    """RFC 6868: a caret escapes a quote, a line break and itself."""
    if b"^" in value:
        value = re.sub(rb"\^[n'^]", lambda match: _RFC_6868[match[0]], value)
    return value.decode(errors="replace").strip('"')


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


def _say_invalid_utf8(data: bytes, faults: Faults) -> None:
    """RFC 5545 3.1.4: UTF-8; and 3.1: a fold may come between the octets of a character, but programs break on it."""
    with suppress(UnicodeDecodeError):
        data.decode()
        return
    rest_until = 0  # the rest of a character that is reported already
    for run in _NOT_ASCII.finditer(data):
        at = max(run.start(), rest_until)
        try:
            data[at : run.end()].decode()
        except UnicodeDecodeError as error:
            wrong = at + error.start
            fold = _FOLD_IN_CHARACTER.match(data, run.end())
            if fold and error.reason == "unexpected end of data":
                rest_until = fold.end()
                faults.say("stray-octets", partial(place_in, data, wrong), "fold", read="a fold inside a character")
            else:
                faults.say("invalid-utf8", partial(place_in, data, wrong), read=f"0x{data[wrong]:02X}")


def _say_long_line(data: bytes, match: re.Match[bytes], faults: Faults) -> None:
    octets = len(match[0].rstrip(b"\r"))
    if octets > MAX_LINE_OCTETS:
        at = match.start() + len(match[0][:MAX_LINE_OCTETS].decode(errors="ignore").encode())
        faults.say("line-too-long", partial(place_in, data, at), octets=f"{octets:,}")


def place_in(data: bytes, at: int) -> Place:
    """Line and column of an octet; the column counts characters."""
    begins = data.rfind(b"\n", 0, at) + 1
    return data.count(b"\n", 0, at) + 1, len(data[begins:at].decode(errors="replace")) + 1
