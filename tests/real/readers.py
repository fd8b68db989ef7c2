"""Other people's readers as functions from a feed's bytes to the events that they see.

What each is known not to do stands beside it, as a function from the wire's bytes to what it makes of a text.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import icalendar
import ics
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

from tests.conftest import need


class Seen(NamedTuple):
    """One event as a reader shows it, its instants in UTC."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str


Reader = Callable[[bytes], list[Seen]]


def by_icalendar(feed: bytes) -> list[Seen]:
    return sorted(_of_icalendar(event) for event in icalendar.Calendar.from_ical(feed).events)


def by_recurring_ical_events(feed: bytes) -> list[Seen]:
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(feed))
    return sorted(map(_of_icalendar, query.between(date(1970, 1, 1), date(2040, 1, 1))))


def by_ical(feed: bytes) -> list[Seen]:
    events = IcsCalendarStream.calendar_from_ics(feed.decode()).events
    return sorted(Seen(e.uid, _utc(e.start), _utc(e.end), e.summary or "", e.description or "") for e in events)


def by_ics(feed: bytes) -> list[Seen]:
    return sorted(
        Seen(e.uid, _utc(e.begin.datetime), _utc(e.end.datetime), e.name or "", e.description or "")
        for e in ics.Calendar(feed.decode()).events
    )


def by_khal(feed: bytes, folder: Path) -> list[Seen]:
    """What `khal list` shows of it after `khal import`, by a user whose home is `folder`."""
    (folder / "events").mkdir()
    (folder / "feed.ics").write_bytes(feed)
    (folder / "config").write_text(_KHAL_CONFIG.format(folder=folder))
    _khal(folder, "import", "--batch", "feed.ics")
    fields = ("uid", "start-long-full", "end-long-full", "title", "description")
    listed = _khal(folder, "list", "--once", *(f"--json={field}" for field in fields), "1970-12-01", "2038-01-31")
    events = [event for line in listed.split("\n") if line for event in json.loads(line)]
    return sorted(
        Seen(e[fields[0]], _utc(e[fields[1]]), _utc(e[fields[2]]), e["title"], e["description"]) for e in events
    )


def ics_unescapes(value: str) -> str:
    """ics.py 0.7, utils.unescape_string: one escape after the other over the whole text, the backslash last.

    So of `C:\\New`, escaped as `C:\\\\New`, it makes `C:\\`, a line break, and `ew`.
    """
    escapes = ("\\;", ";"), ("\\,", ","), ("\\n", "\n"), ("\\N", "\n"), ("\\r", "\r"), ("\\R", "\r"), ("\\\\", "\\")
    for escaped, character in escapes:
        value = value.replace(escaped, character)
    return value


def ics_drops_blank_lines(feed: bytes) -> bytes:
    """ics.py 0.7, grammar.parse.unfold_lines: of a line that is nothing but white space, it takes nothing."""
    return b"".join(line for line in feed.splitlines(keepends=True) if line.decode().strip())


def khal_rewrites(text: str) -> str:
    """khal 0.14 stores what icalendar writes, whose parser.string._escape_char makes a line break of `\\N`."""
    return text.replace("\\N", "\n")


def _of_icalendar(event: icalendar.Event) -> Seen:
    texts = str(event["SUMMARY"]), str(event["DESCRIPTION"])
    return Seen(str(event["UID"]), _utc(event.start), _utc(event.end), *texts)


def _utc(when: date | str) -> datetime:
    if isinstance(when, str):
        return datetime.fromisoformat(when).replace(tzinfo=UTC)
    assert isinstance(when, datetime)
    assert when.tzinfo is not None
    return when.astimezone(UTC)


_KHAL_CONFIG = """\
[calendars]
[[feed]]
path = {folder}/events
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S
longdatetimeformat = %Y-%m-%dT%H:%M:%S
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = feed
"""


def _khal(folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    command = [need("khal"), "-v", "WARNING", "-c", "config", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode()
