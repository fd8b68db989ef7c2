"""Calendars whose texts are as hard to carry as texts can be: made by hand, and generated."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from icms_calendar.record.checks import IMPACTS, STATUSES
from tests.strategies import SYSTEMS, calendar_data, texts, windows

PLANES = "".join(chr(plane << 16 | 0xF0F0) for plane in range(17)) + "\U0001d11e\U00020000\U000e0041\uffff\U0010ffff"
CURRENCIES = "$¢€🪙, £; ¥: ₹\\ 元"  # one to four octets a character
FAMILY = "👩‍👩‍👧‍👦 👩🏽‍🚒 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇰🇪"
RIGHT_TO_LEFT = "\u202bשלום, עולם; مرحبا\u202c \u2067أيُّها\u2069 \u202eabc"
COMBINING = "e\u0301 Z" + "\u0351\u0358\u0326" * 40 + "algo กำ한"
BACKSLASHES = r"C:\New\next\nowhere \\ \N \n \, \; \: \" \r \R \\n \\\n trailing\ "
MARKS = "a, b; c: \"d\" 'e' ^f^n^'^^ %2C &amp; <b>g</b> =1+1 @h"
BREAKS = "LF\nCRLF\r\nCR\rLS\u2028PS\u2029twice\n\nTAB\tend"
BLANKS = "wide" + " " * 90 + "and" + "\u3000" * 60 + "wider" + " " * 20
FORGED = '"\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:forged\r ATTACH:x\u2028DTSTART:20250101T000000Z\n :;="'
EVERYTHING = "|".join((PLANES, CURRENCIES, FAMILY, RIGHT_TO_LEFT, COMBINING, BACKSLASHES, MARKS, BREAKS, FORGED))
HARD_TEXTS = (PLANES, CURRENCIES, FAMILY, RIGHT_TO_LEFT, COMBINING[:150], BACKSLASHES, MARKS, BREAKS, BLANKS, FORGED)
TEXT_FIELDS = ("description", "reason", "fallback", "notice", "reference", "contact")

_START = datetime(2025, 7, 13, 1, tzinfo=UTC)


def hardest_data() -> dict[str, Any]:
    """A calendar with a window for each of the hard texts, and one for all of them in every field."""
    hard = [
        _window(
            i, title=on_one_line(text), description=text, status=STATUSES[i % 5], impact=IMPACTS[i % 4], busy=i % 2 == 0
        )
        for i, text in enumerate(HARD_TEXTS)
    ]
    emoji = _window(20, title="🪙" * 200, status="cancelled", busy=True, uid='a,b;c:d\\n\\\\N"^@old.example.org')
    every = _window(
        30,
        **{field: f"{field} {EVERYTHING} {field}" for field in TEXT_FIELDS},
        channels={f"channel {EVERYTHING}": "queued", "online": "unavailable"},
        audience=[f"audience {EVERYTHING}", MARKS],
        tags=[EVERYTHING, MARKS, BACKSLASHES],
        replaces="w20",
        maintnote={"provider": MARKS, "account": BREAKS, "id": EVERYTHING, "objects": [{"id": EVERYTHING}]},
    )
    return _calendar([*hard, emoji, every], EVERYTHING)


def every_fold_data() -> dict[str, Any]:
    """A calendar in whose lines characters of each length stand at each place where a line may be folded."""
    return _calendar(
        [_window(i, title="x" * i + CURRENCIES * 6, description="y" * i + CURRENCIES * 9) for i in range(75)]
    )


def many_scripts(octets: int) -> str:
    """A text of about so many octets, of words in many scripts, lines of every length in it."""
    words = "iCMS", "forodha,", "таможня;", "海关\\", "관세", "ศุลกากร", "सीमा शुल्क", "جمارك", "מכס", FAMILY, CURRENCIES
    lines = [" ".join(words[(i * j) % len(words)] for j in range(1, 2 + i % 60)) for i in range(500)]
    text = "\n".join(lines)
    return text * (octets // len(text.encode()) + 1)


@st.composite
def full_calendar_data(draw: st.DrawFn, max_windows: int = 4) -> dict[str, Any]:
    """The data of `calendar_data`, with what it leaves out: `uid`, `url`, `replaces`, `maintnote` and more."""
    data = draw(calendar_data(max_windows))
    ids = [window["id"] for window in data["windows"]]
    for window in data["windows"]:
        window.setdefault("status", draw(st.sampled_from(STATUSES)))
        more = {
            "url": st.just("https://example.org/w?a,b;c:d"),
            "uid": st.just(f'{window["id"]},;:\\n"@old.example.org'),
            "replaces": st.sampled_from(ids),
            "revision": st.fixed_dictionaries(
                {"sequence": st.sampled_from([0, 7, 2_000_000_000])},
                optional={"updated": st.sampled_from(["2025-07-01", "2025-07-02T23:59:59-12:00", "2026-01-01 00:00"])},
            ),
            "maintnote": st.fixed_dictionaries(
                {}, optional={"provider": texts(60), "account": texts(60), "id": texts(60), "objects": _objects()}
            ),
        }
        for name in draw(st.lists(st.sampled_from(sorted(more)), unique=True)):
            window[name] = draw(more[name])
    if draw(st.booleans()):
        data["systems"] = [{**system, "operator": {"name": draw(texts(40))}} for system in data["systems"]]
    for key in draw(st.sampled_from([[], ["publisher"], ["url"], ["publisher", "url"]])):
        del data[key]
    return data


@st.composite
def many_windows_data(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a calendar with a dozen generated windows."""
    return _calendar([draw(windows(f"w{i}")) for i in range(12)]) | {"systems": SYSTEMS}


def given_hard_data(test: Callable[..., None]) -> Callable[..., None]:
    """The test of a property of any calendar's `data`: of those made by hand, and of generated ones."""
    generated = settings(max_examples=60)(given(data=full_calendar_data())(test))
    return example(data=hardest_data())(example(data=every_fold_data())(generated))


def with_line_feeds(text: str) -> str:
    """A text of a record as its readers should have it: each of its line breaks an LF, whichever it was."""
    return re.sub("\r\n|[\r\u2028\u2029]", "\n", text)


def on_one_line(text: str) -> str:
    """A hard text as a title, which has no line breaks."""
    return re.sub("\r\n|[\n\r\u2028\u2029]", " ", text)


def _objects() -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"id": texts(60)}, optional={"impact": st.sampled_from(IMPACTS)}), max_size=3)


def _window(number: int, **more: object) -> dict[str, Any]:
    start = _START + timedelta(days=number, hours=number)
    return {"id": f"w{number}", "system": "icms", "start": start.isoformat(), "duration": "6h", **more}


def _calendar(all_windows: list[dict[str, Any]], name: str = "Hard texts") -> dict[str, Any]:
    system = {"id": "icms", "name": on_one_line(name), "short": "iCMS", "services": [{"id": "sea", "name": name}]}
    return {
        "name": name,
        "domain": "icms.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/icms",
        "publisher": {"name": name, "email": "calendar@example.org"},
        "systems": [{**system, "operator": {"name": name}}],
        "windows": all_windows,
    }
