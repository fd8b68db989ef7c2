"""A feed's bytes as RFC 5545 reads them, to the letter: what is not in its grammar fails here.

Written for the tests, of the RFC alone: other people's readers forgive, each something else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CONTROL = r"\x00-\x08\x0a-\x1f\x7f"
_NAME = r"[A-Z0-9-]+"
_PARAMETER = rf';({_NAME})=(?:"([^"{_CONTROL}]*)"|([^",;:{_CONTROL}]*))'
_LINE = re.compile(rf"(?P<name>{_NAME})(?P<parameters>(?:{_PARAMETER})*):(?P<value>[^{_CONTROL}]*)")
_TEXT = re.compile(rf"(?:[^\\;,{_CONTROL}]|\\[\\;,Nn])*")


class Line(NamedTuple):
    """A content line (3.1), its value as it stands."""

    name: str
    parameters: dict[str, str]
    value: str


def content_lines(feed: bytes) -> list[Line]:
    """The lines of a feed, unfolded (3.1)."""
    assert feed.endswith(b"\r\n")
    unfolded = feed.replace(b"\r\n ", b"").decode().removesuffix("\r\n")
    return [_line(line) for line in unfolded.split("\r\n")]


def events(feed: bytes) -> dict[str, dict[str, list[Line]]]:
    """The lines of every VEVENT, by its UID and by their name."""
    found: dict[str, dict[str, list[Line]]] = {}
    event: dict[str, list[Line]] = {}
    for line in content_lines(feed):
        if line == ("BEGIN", {}, "VEVENT"):
            event = {}
        elif line == ("END", {}, "VEVENT"):
            found[unescaped(event["UID"][0].value)] = event
        else:
            event.setdefault(line.name, []).append(line)
    return found


def unescaped(value: str) -> str:
    """A value of type TEXT (3.3.11)."""
    assert _TEXT.fullmatch(value), value
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def categories(value: str) -> list[str]:
    """The values of a list of TEXT, at whose commas without a backslash it is cut (3.8.1.2)."""
    cut = re.findall(r"((?:[^\\,]|\\.)+)(?:,|$)", value)
    assert ",".join(cut) == value
    return list(map(unescaped, cut))


def without_carets(value: str) -> str:
    """The value of a parameter (RFC 6868)."""
    return re.sub(r"\^([n^'])", lambda escape: {"n": "\n", "^": "^", "'": '"'}[escape[1]], value)


def _line(line: str) -> Line:
    match = _LINE.fullmatch(line)
    assert match, line
    parameters = {name: quoted or plain for name, quoted, plain in re.findall(_PARAMETER, match["parameters"])}
    return Line(match["name"], parameters, match["value"])
