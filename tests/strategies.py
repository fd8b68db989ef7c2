"""Generated records: texts that try to break out, windows in every form, calendars that hold together."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.record.checks import IMPACTS, STATUSES

NOW = datetime(2025, 7, 11, 9, 30, tzinfo=UTC)

# Characters that mean something in iCalendar, in a line, or to a program that shows text.
_PIECES = st.sampled_from(
    [
        *(
            ",",
            ";",
            ":",
            '"',
            "'",
            "^",
            "\\",
            "\\n",
            "\\N",
            "\\;",
            "C:\\New\\new",
            "\n",
            "\r\n",
            "\r",
            "\u2028",
            "\u2029",
        ),
        *("\t", " ", "BEGIN:VEVENT", "\nEND:VEVENT\nBEGIN:VALARM", "DTSTART:20250101T000000Z", "=HYPERLINK(1)", "<b>"),
        *(
            "é",
            "ß",
            "€",
            "漢字",
            "😀",
            "👩‍👩‍👧‍👦",
            "\U0010fffd",
            "שלום",
            "مرحبا",
            "\u202eabc",
            "\u200b",
            "\ufeff",
            "e\u0301",
        ),
    ]
)
_LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=90)


def texts(max_size: int = 400) -> st.SearchStrategy[str]:
    """Texts that a record may hold, as it is written: never blank, no control character but TAB and line breaks."""
    parts = st.lists(st.one_of(_PIECES, _LETTERS, st.just("maintenance ")), min_size=1, max_size=8)
    return parts.map("".join).map(lambda text: text[:max_size]).filter(lambda text: bool(text.strip()))


def titles() -> st.SearchStrategy[str]:
    return texts(200).map(lambda text: re.sub("[\r\n\u2028\u2029]", " ", text)).filter(lambda text: bool(text.strip()))


def slugs() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}[a-z0-9]", fullmatch=True).filter(
        lambda slug: slug[:3] not in ("con", "prn", "aux", "nul", "com", "lpt")
    )


def instants() -> st.SearchStrategy[datetime]:
    """Aware datetimes in whole seconds, with offsets from -12 to +14 hours."""
    offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
    naive = st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 1)).map(lambda t: t.replace(microsecond=0))
    return st.builds(lambda time, offset: time.replace(tzinfo=offset), naive, offsets)


def lengths() -> st.SearchStrategy[timedelta]:
    return st.integers(1, 6 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


SYSTEMS: list[dict[str, Any]] = [
    {"id": "icms", "name": "Integrated Customs Management System", "short": "iCMS", "services": ["sea", "house"]},
    {"id": "itax", "name": "iTax, the tax portal", "services": [{"id": "returns", "name": "Returns; refunds"}]},
    {"id": "bare", "name": "A system without services"},
]
_SERVICES: dict[str, list[str]] = {"icms": ["sea", "house"], "itax": ["returns"], "bare": []}


@st.composite
def windows(draw: st.DrawFn, id_: str) -> dict[str, Any]:
    """The keys of one window of a calendar with the three systems above."""
    start = draw(instants())
    length = draw(lengths())
    window: dict[str, Any] = {"id": id_, "start": start.isoformat()}
    ends = {"end": (start + length).isoformat()}, {"duration": f"PT{int(length.total_seconds())}S"}
    window |= draw(st.sampled_from([*ends, ends[0] | ends[1]]))
    systems = draw(st.lists(st.sampled_from(["icms", "itax", "bare"]), min_size=1, unique=True))
    window |= {"system": systems[0]} if len(systems) == 1 else {"systems": systems}
    services = [service for system in systems for service in _SERVICES[system]]
    chosen = draw(st.lists(st.sampled_from(services), unique=True)) if services else []
    if chosen:
        impacts = st.sampled_from([None, *IMPACTS])
        window["services"] = [_service(service, draw(impacts)) for service in chosen]
    text = texts()
    more = {
        "status": st.sampled_from(STATUSES),
        "impact": st.sampled_from(IMPACTS),
        "timezone": st.sampled_from(["Africa/Nairobi", "Europe/Berlin", "Asia/Kathmandu", "UTC", "Pacific/Kiritimati"]),
        "title": titles(),
        **dict.fromkeys(("description", "reason", "fallback", "notice", "reference", "contact"), text),
        "channels": st.dictionaries(texts(40), st.sampled_from(["unavailable", "queued", "unaffected"]), max_size=3),
        "audience": st.lists(texts(40), max_size=3),
        "tags": st.lists(texts(40), max_size=3),
        "source": st.sampled_from(["https://example.org/a?b=c&d=;,", "http://example.org/%E2%82%AC"]),
        "announced": st.sampled_from(["2025-07-10", "2025-07-10T08:00+03:00", "2025-07-20"]),
        "emergency": st.booleans(),
        "busy": st.booleans(),
        "color": st.sampled_from(["red", "teal"]),
    }
    for name in draw(st.lists(st.sampled_from(sorted(more)), unique=True)):
        window[name] = draw(more[name])
    return window


def _service(service: str, impact: str | None) -> object:
    return service if impact is None else {"id": service, "impact": impact}


@st.composite
def calendar_data(draw: st.DrawFn, max_windows: int = 4) -> dict[str, Any]:
    """A whole calendar as the data of a file."""
    ids = draw(st.lists(slugs(), max_size=max_windows, unique=True))
    return {
        "name": draw(texts(60)),
        "domain": "icms.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/icms/",
        "publisher": {"name": draw(texts(60)), "email": "calendar@example.org"},
        "systems": SYSTEMS,
        "windows": [draw(windows(id_)) for id_ in ids],
    }


def calendars(max_windows: int = 4) -> st.SearchStrategy[MaintenanceCalendar]:
    return calendar_data(max_windows).map(MaintenanceCalendar.model_validate)
