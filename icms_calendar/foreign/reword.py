"""The description of an event of ours, taken apart again into the texts of its record: the way back of ics/encode.py.

What it gives is a proposal: whoever uses it puts it together again and compares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from icms_calendar.record.labels import IMPACT_WORDS

_MARKS = (("reason", "Reason: "), ("fallback", "Meanwhile: "), ("notice", 'Notice: "'))
_SOURCES = {"Announced": "announced", "Reference": "reference", "Contact": "contact", "Source": "source"}
_WHOLE_DAYS = re.compile(r"[^\n]*, (?:all day|whole days) ")


@dataclass(frozen=True, slots=True)
class RecordedTexts:
    """The keys that a description may have been made of; if it was not, `rest` is all but its first two parts."""

    keys: dict[str, Any]
    rest: str
    all_day: bool
    affected: tuple[str, ...]  # the lines that name what is affected


@lru_cache(maxsize=64)
def recorded_texts(description: str) -> RecordedTexts:
    """Take apart: when, what, description, reason, fallback, notice, where it is from."""
    when, _, others = description.partition("\n\n")
    what, _, rest = others.partition("\n\n")
    keys, affected = _what_else(what)
    paragraphs = rest.split("\n\n") if rest else []
    said = _source(paragraphs[-1]) if paragraphs else {}
    if said:
        paragraphs.pop()
    keys |= _marked(paragraphs)
    return RecordedTexts(keys | said, rest, bool(_WHOLE_DAYS.match(when)), tuple(affected.split("\n")))


@dataclass(frozen=True, slots=True)
class Names:
    """What a line calls a system and its services; `whole`: they are all it has."""

    system: str
    services: tuple[str, ...]
    whole: bool


def names_in(line: str, title: str) -> Names | None:
    """The names in `Unavailable: Integrated System (iCMS): Sea manifests, House manifests`, of a titled system."""
    impact = next((words for words in IMPACT_WORDS["en"].values() if line.startswith(f"{words}: ")), None)
    if impact is None:
        return None
    said = line.removeprefix(f"{impact}: ")
    name, short, services = said.partition(f" ({title})")
    if not short:
        name, services = title, said.removeprefix("all of ").removeprefix(title)
    listed = tuple(services.removeprefix(": ").split(", ")) if services.startswith(": ") else ()
    return Names(name.removeprefix("all of "), listed, whole=said.startswith("all of "))


def _what_else(what: str) -> tuple[dict[str, Any], str]:
    """The lines after what is affected, by channel and whom it concerns; and those before them."""
    keys: dict[str, Any] = {}
    before, concerns, audience = what.rpartition("\nConcerns: ")
    if concerns:
        keys["audience"], what = audience.split(", "), before
    before, by_channel, channels = what.rpartition("\nBy channel: ")
    if by_channel:
        named = [entry.rpartition(" ") for entry in channels.split("; ")]
        keys, what = {"channels": {name: state for name, _, state in named}, **keys}, before
    return keys, what


def _marked(paragraphs: list[str]) -> dict[str, Any]:
    """The description, and what follows its marks, in their order; a text may have paragraphs itself."""
    keys: dict[str, Any] = {}
    at = len(paragraphs)
    for key, mark in reversed(_MARKS):
        i = next((i for i in range(at - 1, -1, -1) if paragraphs[i].startswith(mark)), None)
        if i is not None:
            text = "\n\n".join(paragraphs[i:at]).removeprefix(mark)
            keys[key] = text.removesuffix('"') if key == "notice" else text
            at = i
    if at:
        keys["description"] = "\n\n".join(paragraphs[:at])
    order = ("description", "reason", "fallback", "notice")
    return {key: keys[key] for key in order if key in keys}


def _source(paragraph: str) -> dict[str, Any]:
    """The last paragraph: announced, reference, contact, source, a line each."""
    keys: dict[str, Any] = {}
    for line in paragraph.split("\n"):
        name, colon, value = line.partition(": ")
        if not colon or name not in _SOURCES:
            if not keys:
                return {}
            last = next(reversed(keys))
            keys[last] += f"\n{line}"  # a text of several lines
            continue
        keys[_SOURCES[name]] = value
    if "announced" in keys and (day := _day(keys["announced"])) is not None:
        keys["announced"] = day
    return keys


def _day(words: str) -> str | None:
    """`Thursday 10 July 2025`, or that with `, 14:30 EAT`, as a record has it."""
    match = re.fullmatch(r"[A-Z][a-z]+ ([0-9]{1,2} [A-Z][a-z]+ [0-9]{4})(?:, ([0-9:]{5,8}) [^ ]+)?", words)
    if match is None:
        return None
    try:
        day = datetime.strptime(match[1], "%d %B %Y").date()  # noqa: DTZ007 - a local day
    except ValueError:
        return None
    return f"{day} {match[2]}" if match[2] else str(day)
