"""Changes to inputs: to the tree of a record, to the lines of a calendar, to any text; all by a given `Random`."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import yaml

Container = dict[str, Any] | list[Any]

# What programs stumble over, wherever it is.
TEXTS = (
    *(
        "",
        " ",
        "...",
        "---",
        "~",
        "null",
        "no",
        "#",
        " #",
        "- a",
        "a: b",
        "|",
        ">",
        "&a",
        "*a",
        "!!binary x",
        "%",
        "@",
        "`",
    ),
    *(
        "\t",
        "a\nb",
        "a\r\nb",
        "\r",
        "\x00",
        "\x1b]0;x\x07",
        "\x85",
        "\u2028",
        "\u202e",
        "\u200b",
        "\ufeff",
        "é",
        "漢字" * 30,
    ),
    *("::error::x", "\n::stop-commands::x", "##[add-mask]x", "x ##[stop-commands]t", "%0A::warning::x"),
    *("=1+1", "a;=1", "<b>", "</script>", "{{ x }}", "{0}", "{x}", "%s", "\\n", "\\", ";", ",", ":", '"', "'"),
    *("x" * 200, "x" * 5000, "0", "-1", "1", "9" * 25, "1e999", "nan", "true", "../x", "a/b", "all", "events", "a.ics"),
)
TIMES = (
    *(
        "2025-07-13 04:00",
        "2025-07-13",
        "2025-07-13T04:00+03:00",
        "2025-07-13T01:00Z",
        "2026-03-29 02:30",
        "2026-10-25 02:30",
    ),
    *(
        "0001-01-01",
        "9999-12-31 23:59",
        "9999-12-31T23:59-12:00",
        "2037-12-31 23:59",
        "2038-01-19 03:14",
        "1969-12-31 00:00",
    ),
    *("2025-02-29", "2025-07-13 24:00", "2025-07-13 4:00", "10pm", "13/07/2025", "2025-7-3", "2025-07-13 04:00:61"),
    *("6h", "PT6H", "P1D", "P400D", "P999999D", "PT0S", "-PT1H", "1d", "90m", "P1W", "P3000Y"),
    *("Africa/Nairobi", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC", "EST5EDT", "Mars/Base", "+03:00"),
)
RULES = (
    *("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYDAY=2SU", "FREQ=MONTHLY;BYDAY=8SU", "FREQ=YEARLY"),
    *("FREQ=DAILY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYDAY=53MO"),
    *("FREQ=YEARLY;BYWEEKNO=53", "FREQ=DAILY;INTERVAL=9999", "FREQ=WEEKLY;BYSETPOS=7", "FREQ=YEARLY;BYYEARDAY=366"),
    *("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=HOURLY", "FREQ=DAILY;UNTIL=20260101", "freq=daily", "FREQ=DAILY;"),
)
_LETTERS = "aé漢\u0301\u202e\x07\n\r\t:;,\\\"'#[]{}()<>&|*!%@-+=.0123456789 T"


def places(data: object) -> Iterator[tuple[Container, Any]]:
    """Every container in a tree with each of its keys or positions."""
    todo = [data]
    while todo:
        here = todo.pop()
        pairs = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        for key, value in pairs:
            yield here, key  # type: ignore[misc]  # a scalar has no pairs
            todo.append(value)


def changed_tree(data: Any, chance: Random, keys: Sequence[str]) -> Any:
    """Records in which some values are others, gone, doubled or taken from elsewhere."""
    data = copy.deepcopy(data)
    for _ in range(chance.randint(1, 6)):
        there = list(places(data))
        if not there:
            return data
        here, key = chance.choice(there)
        kind = chance.randrange(9)
        if kind == 0:
            del here[key]
        elif kind == 1:
            other, at = chance.choice(there)
            here[key] = copy.deepcopy(other[at])
        elif kind == 2 and isinstance(here, list):
            here.insert(chance.randrange(len(here) + 1), copy.deepcopy(here[key]))
        elif kind == 3 and isinstance(here, dict):
            here[chance.choice(keys)] = copy.deepcopy(chance.choice(there)[0])
        elif kind == 4 and isinstance(here, dict):
            here[chance.choice(keys)] = _value(chance)
        elif kind == 5 and isinstance(here[key], str):
            here[key] = changed_text(here[key], chance)
        else:
            here[key] = _value(chance)
    return data


def _value(chance: Random) -> object:
    if chance.random() < 0.1:
        return chance.choice([None, True, False, 0, -1, 10**30, 1.5, [], {}, [None], {"id": "x"}, [[]]])
    return chance.choice(chance.choice([TEXTS, TIMES, TIMES, RULES]))


def written(data: object, chance: Random) -> bytes:
    """A tree as JSON or YAML."""
    if chance.random() < 0.5:
        return json.dumps(data, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")
    dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=chance.choice([None, False]))
    return str(dumped).encode(errors="surrogatepass")


def changed_lines(data: bytes, chance: Random, values: Sequence[bytes], *, most: int = 8) -> bytes:
    """A calendar whose lines are changed as lines: a value, a parameter, a whole line or a component."""
    lines = data.replace(b"\r\n ", b"").replace(b"\n ", b"").split(b"\r\n" if b"\r\n" in data else b"\n")
    for _ in range(chance.randint(1, most)):
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        name, _, value = lines[i].partition(b":")
        kind = chance.randrange(9)
        if kind == 0:
            del lines[i]
        elif kind == 1:
            lines.insert(i, lines[j])
        elif kind == 2:
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == 3:
            first, last = sorted((i, j))
            lines[i:i] = lines[first : min(last, first + 40)]
        elif kind == 4:
            lines[i] = name + b":" + lines[j].partition(b":")[2]
        elif kind == 5:
            lines[i] = name + chance.choice(_PARAMETERS) + b":" + value
        elif kind == 6:
            lines[i] = chance.choice(_NAMES) + b":" + chance.choice(values)
        elif kind == 7:
            lines[i] = name + b":" + changed_text(value.decode(errors="replace"), chance).encode(errors="replace")
        else:
            lines[i] = name + b":" + chance.choice(values)
        if not lines:
            lines = [b""]
    return b"\r\n".join(lines)


_PARAMETERS = (
    *(
        b";TZID=Europe/Berlin",
        b";TZID=Nowhere",
        b';TZID="a:b"',
        b";VALUE=DATE",
        b";VALUE=PERIOD",
        b";RANGE=THISANDFUTURE",
    ),
    *(b";X=", b";CN=^n", b';CN="a', b";TZID=UTC;TZID=UTC", b";VALUE=DATE-TIME", b";=", b";"),
)
_NAMES = (
    *(
        b"DTSTART",
        b"DTEND",
        b"DURATION",
        b"RRULE",
        b"RDATE",
        b"EXDATE",
        b"EXRULE",
        b"RECURRENCE-ID",
        b"UID",
        b"SUMMARY",
    ),
    *(b"STATUS", b"SEQUENCE", b"DTSTAMP", b"CREATED", b"LAST-MODIFIED", b"METHOD", b"BEGIN", b"END", b"X-WR-TIMEZONE"),
    *(b"X-MAINTNOTE-STATUS", b"X-MAINTNOTE-IMPACT", b"X-MAINTNOTE-OBJECT-ID", b"X-MAINTNOTE-PROVIDER", b"TZOFFSETTO"),
    *(
        b"TZID",
        b"TZUNTIL",
        b"FREEBUSY",
        b"RELATED-TO",
        b"URL",
        b"CONTACT",
        b"CATEGORIES",
        b"X-ICMS-CALENDAR-MOVED-FROM",
    ),
)


def changed_text(text: str, chance: Random) -> str:
    """A text with a piece more, less, doubled or elsewhere."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:at] + chance.choice(TEXTS) + text[at:]
        elif kind == 1:
            text = text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
        elif kind == 2:
            text = text[:at] + text[min(to, at + 60) :]
        elif kind == 3:
            text = text[:at] + text[at : at + 60] + text[at:]
        elif kind == 4:
            text = text[:to] if chance.random() < 0.3 else text
        else:
            text = text[:at] + chance.choice(TIMES) + text[at:]
    return text


def changed_octets(data: bytes, chance: Random) -> bytes:
    """Octets to which some of what happens to files has happened: a bit, a piece, the end."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(4)
        if kind == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + chance.randrange(9) :]
        elif kind == 2:
            data = data[:at] + chance.choice(_OCTETS) + data[at:]
        elif chance.random() < 0.3:
            data = data[:at]
    return data


_OCTETS = (
    b"\r",
    b"\n",
    b"\r\n ",
    b":",
    b";",
    b"\\",
    b'"',
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xfe\xff",
)
