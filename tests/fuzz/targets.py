"""The four targets: from what their inputs are made, and what must hold for each of them.

`hold` raises what breaks it, and gives how the input was judged: one judged in a new way is changed further.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import yaml

from icms_calendar import (
    CalendarError,
    LedgerError,
    MaintenanceCalendar,
    MaintenanceWindow,
    Severity,
    import_ics,
    read_notice,
)
from icms_calendar.catalogue import RULES
from icms_calendar.command import cli
from icms_calendar.feed.decode import decode_feed
from icms_calendar.feed.ledger import Ledger, read_ledger
from icms_calendar.feed.publication import encode_feed, publication
from icms_calendar.findings import Finding
from icms_calendar.foreign.lint import lint
from icms_calendar.notice.reading import draft_json, draft_yaml
from icms_calendar.schedule.inquiry import Feed, ask, windows_of
from icms_calendar.site.build import plan_site
from icms_calendar.source.files import check, open_source
from tests.conftest import ROOT
from tests.fuzz.mutate import TEXTS, TIMES, changed_lines, changed_octets, changed_text, changed_tree, written

NOW = datetime(2025, 7, 11, 9, 30, tzinfo=UTC)
UNTIL = NOW + timedelta(days=400)
LONGEST = 20_000  # octets of what is changed further

Judged = Hashable


@dataclass(frozen=True, slots=True)
class Target:
    """What inputs are made of (`seeds`), how one becomes another, and what must hold."""

    seeds: Callable[[], list[bytes]]
    changed: Callable[[bytes, Random], bytes]
    hold: Callable[[bytes, Random], Judged]


def codes(findings: tuple[Finding, ...] | list[Finding]) -> frozenset[str]:
    """The codes of findings, each of which is a line that can be printed."""
    for finding in findings:
        assert str(finding).isprintable(), repr(str(finding))
        assert finding.code in RULES
        assert (finding.line or 1) > 0
        assert (finding.column or 1) > 0
    return frozenset(finding.code for finding in findings)


# Records: what loads can be planned; its feed has no fault and is continued without a change; import of it loads


def _record_seeds() -> list[bytes]:
    files = [*ROOT.glob("examples/**/*.yaml"), ROOT / "tests/feed/data/every-kind.yaml"]
    whole = [path.read_bytes() for path in files if b"\ndomain:" in path.read_bytes()]
    windows = [rule.right for rule in RULES.values() if rule.shown_as == "window"]
    windows += [rule.wrong for rule in RULES.values() if rule.shown_as == "window"]
    return whole + [_HEAD + _as_item(text) for text in windows]


_HEAD = b"""\
name: Harbour
domain: harbour.example.org
timezone: Europe/Berlin
systems: [{id: harbour, name: Harbour, services: [pilotage]}, {id: customs, name: Customs}]
windows:
  - {id: w0, system: harbour, start: 2026-06-13 04:00, end: 2026-06-13 10:00}
  - id: night
    system: customs
    start: 2025-07-01 02:00
    duration: 2h
    repeat: {rule: FREQ=WEEKLY;BYDAY=SU, except: [2025-08-03], changes: [{on: 2025-08-10, start: 2025-08-10 05:00}]}
"""


def _as_item(text: str) -> bytes:
    given = {*yaml.safe_load(text)}
    own = {"id": "w1", "system": "harbour", "start": "2025-07-13 04:00", "duration": "2h"}
    if given & {"end", "duration"}:
        del own["duration"]
    lines = [f"{key}: {value}" for key, value in own.items() if key not in given] + text.splitlines()
    return "".join(f"  {'- ' if not i else '  '}{line}\n" for i, line in enumerate(lines)).encode()


_KEYS = tuple(MaintenanceCalendar.model_fields) + tuple(
    {str(key) for key in MaintenanceCalendar.model_json_schema()["$defs"]["MaintenanceWindow"]["properties"]}
)


def _changed_records(data: bytes, chance: Random) -> bytes:
    kind = chance.random()
    if kind < 0.75:
        with suppress(yaml.YAMLError, RecursionError, UnicodeError, ValueError):
            tree = yaml.load(data, yaml.BaseLoader)
            return written(changed_tree(tree, chance, sorted(_KEYS)), chance)
    if kind < 0.9:
        return changed_text(data.decode(errors="replace"), chance).encode(errors="replace")
    return changed_octets(data, chance)


def hold_records(data: bytes, chance: Random) -> Judged:
    """What must hold for the bytes of a file of records, in YAML or JSON."""
    try:
        findings = check("records", NOW, data).findings
    except CalendarError as error:
        findings = error.findings
    judged = codes(findings)
    try:
        source = open_source("records", data)
    except CalendarError as error:
        assert any(finding.severity is Severity.ERROR for finding in findings)
        return judged | codes(error.findings)
    calendar = source.calendar
    try:
        published = publication(calendar, Ledger(), NOW)
        if chance.random() < 0.2:
            plan_site(calendar, NOW)
    except CalendarError as error:  # is found by check, too
        refused = codes(error.findings)
        assert refused - {"ICM207"} <= judged, (refused, judged)
        return judged | refused
    feed = encode_feed(published, published.feeds[0])
    assert codes(lint(feed).findings) == frozenset(), lint(feed).findings
    again = publication(calendar, read_ledger(feed, calendar, "all.ics"), NOW + timedelta(seconds=30))
    assert encode_feed(again, again.feeds[0]) == feed
    assert not again.changes
    if chance.random() < 0.3:
        _hold_import(feed)
    return judged, tuple(sorted(calendar.model_fields_set)), len(published.events) > 1


def _hold_import(feed: bytes) -> frozenset[str]:
    imported = import_ics(feed, until=UNTIL, system="s")
    MaintenanceCalendar.load(imported.text.encode())
    return codes(imported.findings)


# Anybody's feeds: judged, asked and imported without any exception but ours; what import writes loads


def _feed_seeds() -> list[bytes]:
    files = [*ROOT.glob("tests/foreign/exports/*.ics"), *ROOT.glob("examples/*.ics"), *ROOT.glob("tests/golden/*.ics")]
    shown = [text for rule in RULES.values() if rule.shown_as == "event" for text in (rule.wrong, rule.right)]
    events = [
        _FEED.replace("{event}", text.strip("\n")).replace("\n", "\r\n").encode(errors="replace") for text in shown
    ]
    return [path.read_bytes() for path in files] + events


_FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Harbour//EN
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:series@harbour.example.org
DTSTAMP:20250710T000000Z
DTSTART;TZID=W. Europe Standard Time:20250713T010000
DURATION:PT3H
RRULE:FREQ=WEEKLY;BYDAY=SU;UNTIL=20251231T000000Z
EXDATE;TZID=W. Europe Standard Time:20250720T010000
SUMMARY:Every Sunday
END:VEVENT
BEGIN:VEVENT
UID:series@harbour.example.org
DTSTAMP:20250710T000000Z
RECURRENCE-ID;TZID=W. Europe Standard Time:20250727T010000
DTSTART;TZID=W. Europe Standard Time:20250728T010000
DURATION:PT3H
SUMMARY:On Monday
END:VEVENT
BEGIN:VEVENT
UID:w1@harbour.example.org
DTSTAMP:20250710T000000Z
DTSTART:20250713T010000Z
DTEND:20250713T070000Z
{event}
END:VEVENT
END:VCALENDAR
"""
_VALUES = (
    *(text.encode(errors="replace") for text in TEXTS),
    *(
        b"20250713T040000Z",
        b"20250713T040000",
        b"20250713",
        b"99991231T235959Z",
        b"00010101T000000Z",
        b"20260329T023000",
    ),
    *(
        b"20251026T023000",
        b"20250713T040000Z/PT3H",
        b"20250713T250000Z",
        b"2147483647",
        b"-1",
        b"P1D",
        b"PT0S",
        b"-P1D",
    ),
    *(b"P99999999W", b"P1W2D", b"FREQ=DAILY", b"FREQ=SECONDLY", b"FREQ=YEARLY;BYDAY=9SU", b"FREQ=DAILY;COUNT=99999999"),
    *(b"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", b"FREQ=WEEKLY;UNTIL=20250901"),
    *(b"VEVENT", b"VCALENDAR", b"VALARM", b"VTIMEZONE", b"X-WRAP", b"CANCEL", b"CANCELLED", b"CONFIRMED", b"TENTATIVE"),
    *(
        b"+2359",
        b"-0000",
        b"+0300",
        b"+1400",
        b"OUTAGE",
        b"NO-IMPACT",
        b"mailto:a?b@c",
        b"http://h/#x",
        b"a/b",
        b"a\\,b;c",
    ),
)


def _changed_feed(data: bytes, chance: Random) -> bytes:
    return changed_lines(data, chance, _VALUES) if chance.random() < 0.8 else changed_octets(data, chance)


def hold_feed(data: bytes, chance: Random) -> Judged:
    """What must hold for the bytes of anybody's feed."""
    findings = lint(data, chance.choice([None, None, None, _FEED.encode()])).findings
    last = data.count(b"\n") + data.count(b"\r") + 1
    assert all(0 < (finding.line or 0) <= last and (finding.column or 0) > 0 for finding in findings)
    judged = codes(findings)
    feed = Feed(data, "feed.ics", chance.choice([None, "Africa/Nairobi"]))
    with suppress(CalendarError):
        answer = ask(feed, NOW, chance.choice([None, timedelta(hours=2), timedelta(days=30)]), {})
        judged |= {f"up: {answer.is_up}"} | codes(answer.findings)
    with suppress(CalendarError):
        windows_of(feed, NOW, None, UNTIL, (), {})
    with suppress(CalendarError):
        judged |= _hold_import(data)
    return judged


# Previous feeds that somebody changed: refused, or what is published from them can be continued


_LEDGER = MaintenanceCalendar.load(ROOT / "tests/feed/data/every-kind.yaml")


def _with_windows(windows: Iterable[MaintenanceWindow]) -> MaintenanceCalendar:
    given = {name: getattr(_LEDGER, name) for name in _LEDGER.model_fields_set}
    return MaintenanceCalendar(**{**given, "windows": tuple(windows)})


def _ledger_seeds() -> list[bytes]:
    first = publication(_LEDGER, Ledger(), NOW)
    feed = encode_feed(first, first.feeds[0])
    moved = _LEDGER.replace(_LEDGER.windows[4].cancel())
    second = publication(moved, read_ledger(feed, moved, "all.ics"), NOW + timedelta(days=1))
    return [feed, encode_feed(second, second.feeds[0]), (ROOT / "tests/feed/data/every-kind-0.1.0.ics").read_bytes()]


def _changed_ledger(data: bytes, chance: Random) -> bytes:
    if chance.random() < 0.3:
        return changed_octets(data, chance)
    changed = changed_lines(data, chance, _VALUES, most=3)
    return changed.replace(b"\r\n", b"\n") if chance.random() < 0.05 else changed


def hold_ledger(data: bytes, chance: Random) -> Judged:
    """What must hold for the bytes of a previous feed, whatever became of it."""
    kept = [window for window in _LEDGER.windows if chance.random() < 0.7]
    calendar = _with_windows(kept)
    now = NOW + timedelta(days=2)
    try:
        ledger = read_ledger(data, calendar, "all.ics")
        published = publication(calendar, ledger, now, allow_vanished=True)
    except LedgerError as error:
        return codes(error.findings)
    judged = codes(published.findings)
    feed = encode_feed(published, published.feeds[0])
    before = {event.uid: event for event in decode_feed(data)}
    for event in published.events:
        if event.uid in before:
            old = before[event.uid].revision
            assert event.revision.sequence >= old.sequence
            assert event.revision.last_modified >= old.last_modified
            assert event.revision.created == old.created
    again = publication(calendar, read_ledger(feed, calendar, "all.ics"), now + timedelta(days=1), allow_vanished=True)
    assert encode_feed(again, again.feeds[0]) == feed
    faults = [finding for finding in lint(feed).findings if finding.severity is Severity.ERROR]
    assert not faults, faults
    _hold_next_change(calendar.windows, feed, now + timedelta(days=2))
    return judged, len(published.events), tuple(sorted({change.kind for change in published.changes}))


def _hold_next_change(windows: Iterable[MaintenanceWindow], feed: bytes, now: datetime) -> None:
    """Everything is moved and then called off, and both can be published."""
    moved = [
        window.reschedule(window.start + timedelta(days=1), window.end + timedelta(days=1))
        for window in windows
        if window.end and not window.repeat and window.status in ("tentative", "confirmed")
    ]
    for later in (moved, [window.cancel() for window in moved]):
        calendar = _with_windows(later)
        published = publication(calendar, read_ledger(feed, calendar, "all.ics"), now, allow_vanished=True)
        feed, now = encode_feed(published, published.feeds[0]), now + timedelta(days=1)


# Notices and commands: no bug of ours, no traceback, no line that a terminal or a runner takes for a command


def _notice_seeds() -> list[bytes]:
    corpus = yaml.safe_load((ROOT / "tests/notice/corpus.yaml").read_text(encoding="utf-8"))
    shown = [text for rule in RULES.values() if rule.shown_as == "notice" for text in (rule.wrong, rule.right)]
    return (
        [str(entry["text"]).encode() for entry in corpus if "text" in entry]
        + [text.encode() for text in shown]
        + _record_seeds()[:8]
    )


def _changed_notice(data: bytes, chance: Random) -> bytes:
    if b"\ndomain:" in data and chance.random() < 0.8:
        return _changed_records(data, chance)
    text = data.decode(errors="replace")
    for _ in range(chance.randint(0, 3)):
        words = text.split(" ")
        words.insert(chance.randrange(len(words) + 1), chance.choice([*_WORDS, *TIMES]))
        text = " ".join(words)
    return changed_text(text, chance).encode(errors="replace") if chance.random() < 0.7 else text.encode()


_WORDS = (
    *(
        "12/0",
        "0/5/2025",
        "10/00/2025",
        "Sunday 06/0",
        "05/06/2025",
        "midnight",
        "noon",
        "10 to 2 pm",
        "24:00",
        "0:00 am",
    ),
    *(
        "EAT",
        "CET/CEST",
        "(UTC+3)",
        "+0300",
        "GMT+25",
        "saa 6 usiku",
        "kuanzia",
        "to",
        "until",
        "from",
        "-",
        "–",
        "and",
    ),
    *(
        "tomorrow",
        "tonight",
        "next Sunday",
        "30 February",
        "31st",
        "six hours",
        "for 0 hours",
        "cancelled",
        "every Sunday",
    ),
)
_COMMANDS = (
    *(
        ["check", "FILE"],
        ["check", "FILE", "--format", "github"],
        ["list", "FILE"],
        ["list", "FILE", "--format", "json"],
    ),
    *(
        ["status", "FILE"],
        ["status", "FILE", "--format", "json", "--for", "2h"],
        ["build", "FILE", "-o", "OUT", "--check"],
    ),
    *(["build", "FILE", "-o", "OUT"], ["diff", "FILE", "--previous", "FEED"], ["announce", "FILE", "w0"]),
    *(["draft", "FILE"], ["draft", "FILE", "--format", "json"], ["draft", "FILE", "--published", "2025-07-10"]),
)
_ANNOTATION = re.compile(r"::(?:error|warning|notice)[ :]")


def hold_commands(data: bytes, chance: Random) -> Judged:
    """What must hold for every command that is given some file, and for a draft of it as a notice."""
    _hold_draft(data)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "file").write_bytes(data)
        (folder / "feed.ics").write_bytes(_FEED.replace("{event}", "SUMMARY:x").encode())
        names = {"FILE": folder / "file", "FEED": folder / "feed.ics", "OUT": folder / "out"}
        command = [str(names.get(word, word)) for word in chance.choice(_COMMANDS)]
        code, text = _run(command, in_actions=chance.random() < 0.5)
    assert code in (0, 1, 2), (command, code, text)
    assert "Traceback" not in text or b"Traceback" in data
    for line in text.split("\n"):
        assert "##[" not in line, line
        assert not line.lstrip().startswith("::") or _ANNOTATION.match(line), line
        assert line.replace("\t", "").isprintable(), repr(line)
    return command[0], code, frozenset(re.findall(r"ICM[0-9]{3}", text))


def _hold_draft(data: bytes) -> None:
    reading = read_notice(data, timezone="Africa/Nairobi")
    draft_json(reading)
    if reading.ready:
        try:
            open_source("draft", b"name: N\ndomain: d.example\ntimezone: UTC\n" + draft_yaml(reading, None).encode())
        except CalendarError as error:  # services belong into the calendar
            assert {finding.rule.name for finding in error.findings} == {"unknown-id"}, error


def _run(command: list[str], *, in_actions: bool) -> tuple[int, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    env = {**os.environ, "GITHUB_ACTIONS": "true" if in_actions else ""}
    with patch.object(sys, "stdout", out), patch.object(sys, "stderr", err), patch.dict(os.environ, env):
        code = cli.run(command)
        for stream in (out, err):
            stream.flush()
    return code, b"".join(stream.buffer.getvalue() for stream in (out, err)).decode()


TARGETS = {
    "records": Target(_record_seeds, _changed_records, hold_records),
    "feeds": Target(_feed_seeds, _changed_feed, hold_feed),
    "ledgers": Target(_ledger_seeds, _changed_ledger, hold_ledger),
    "commands": Target(_notice_seeds, _changed_notice, hold_commands),
}
