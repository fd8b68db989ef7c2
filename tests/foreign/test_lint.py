"""The linter: each fault at its line, sound feeds without one, and an answer to whatever it is given."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.catalogue import RULES, Severity
from icms_calendar.feed.ledger import Ledger
from icms_calendar.feed.publication import calendar_feed
from icms_calendar.foreign.faults import MOST_FAULTS
from icms_calendar.foreign.lint import lint
from icms_calendar.site.build import plan_site
from tests.bench.feed import SCRIPTS, with_offset, write_records
from tests.conftest import ROOT, Run
from tests.strategies import NOW, calendars
from tests.test_findings import feed_of

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Harbour office//Berths//EN\nMETHOD:PUBLISH\n"
EVENT = (
    "BEGIN:VEVENT\nUID:w1@harbour.example.org\nDTSTAMP:20250710T000000Z\nORGANIZER;CN=Harbour:invalid:nomail\n"
    "DTSTART:20250713T010000Z\nDTEND:20250713T070000Z\nSUMMARY:Upgrade\nEND:VEVENT\n"
)
END = "END:VCALENDAR\n"
SOUND = (HEAD + EVENT + END).replace("\n", "\r\n").encode()
UPRIGHT = EVENT.replace("w1@", "w2@")


def feed(event: str = UPRIGHT, head: str = HEAD, end: str = END) -> bytes:
    """A feed whose first event, of lines 5 to 12, is sound; the other one begins in line 13."""
    return (head + EVENT + event + end).replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def event(old: str, new: str) -> str:
    assert old in UPRIGHT
    return UPRIGHT.replace(old, new)


def told(data: bytes, previous: bytes | None = None) -> list[str]:
    """`14:5 ICM731` for each finding."""
    return [f"{f.line}:{f.column} {f.code}" for f in lint(data, previous).findings]


BERLIN = (
    "BEGIN:VTIMEZONE\nTZID:{}\nBEGIN:STANDARD\nDTSTART:19961027T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
    "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19810329T020000\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)
TIMES = "DTSTART:20250713T010000Z\nDTEND:20250713T070000Z"
NOTE = (
    "SEQUENCE:0\nX-MAINTNOTE-PROVIDER:example.org\nX-MAINTNOTE-ACCOUNT:public\nX-MAINTNOTE-MAINTENANCE-ID:7\n"
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:berths\nX-MAINTNOTE-IMPACT:OUTAGE\n"
    "X-MAINTNOTE-STATUS:CONFIRMED\n"
)

FAULTS = {
    "a text after the end": (feed(end=END + "<html>\n"), ["22:1 ICM713"]),
    "a text before the beginning": (b"Warning: x\r\n" + SOUND, ["1:1 ICM713"]),
    "a second calendar": (SOUND + SOUND, ["14:1 ICM715"]),
    "a BOM": (b"\xef\xbb\xbf" + SOUND, ["1:1 ICM711"]),
    "LF in all lines": (SOUND.replace(b"\r\n", b"\n"), ["1:16 ICM702"]),
    "LF in one line": (SOUND.replace(b"2.0\r\n", b"2.0\n"), ["2:12 ICM702"]),
    "CR in all lines": (SOUND.replace(b"\r\n", b"\r"), ["1:16 ICM702"]),
    "a CR in a line": (SOUND.replace(b"Upg", b"Up\rg"), ["11:11 ICM711"]),
    "NUL": (SOUND.replace(b"Upg", b"Up\0g"), ["11:11 ICM711"]),
    "no last line end": (SOUND[:-2], ["13:14 ICM708"]),
    "76 octets": (feed(event("Upgrade", "x" * 68)), ["19:76 ICM704"]),
    "76 octets of 40 characters": (feed(event("Upgrade", "é" * 34)), ["19:42 ICM704"]),
    "75 octets": (feed(event("Upgrade", "x" * 67)), []),
    "76 octets in the second line of a fold": (feed(event("Upgrade", "é\n " + "x" * 75)), ["20:76 ICM704"]),
    "a fold in a character": (feed(event("Upgrade", "für \udcc3\n \udcb6rtlich")), ["19:13 ICM711"]),
    "a fold in a character of four octets": (feed(event("Upgrade", "\udcf0\udc9f\n \udc9b\udca0é")), ["19:9 ICM711"]),
    "Latin-1": (feed(event("Upgrade", "Z\udcfcrich, \udcfc".replace(", ", "\\, "))), ["19:10 ICM710"]),
    "lone surrogates": (feed(event("Upgrade", "\udced\udca0\udc80")), ["19:9 ICM710"]),
    "a line without its blank": (feed(event("Upgrade", "Up\ngrade")), ["20:1 ICM706"]),
    "a line without its blank that has a colon": (feed(event("Upgrade", "Up\nhttps://x.org/")), ["20:1 ICM720"]),
    "a blank line": (feed(event("DTSTAMP", "\nDTSTAMP")), ["15:1 ICM708"]),
    "blank lines after the end": (SOUND + b"\r\n\r\n", []),
    "a parameter without a value": (feed(event("DTSTART:", "DTSTART;TZID:")), ["17:8 ICM707"]),
    "a quote that is not closed": (feed(event("CN=Harbour", 'CN="Harbour')), ["16:10 ICM707"]),
    "quotes with what needs them": (feed(event("CN=Harbour", 'CN="a:b;c,d"')), []),
    "a comma": (feed(event("Upgrade", "a\\, b, c")), ["19:14 ICM717"]),
    "a comma after a fold": (feed(event("Upgrade", "abc\n d, e")), ["20:3 ICM717"]),
    "categories divided by commas": (feed(event("SUMMARY:", "CATEGORIES:a,b\\,c\nSUMMARY:")), []),
    "categories divided by semicolons": (feed(event("SUMMARY:", "CATEGORIES:a;b\nSUMMARY:")), ["19:13 ICM717"]),
    "an escape that is none": (feed(event("Upgrade", "\\, \\n \\\\ \\: x")), ["19:18 ICM718"]),
    "a backslash at the end": (feed(event("Upgrade", "x\\")), ["19:10 ICM718"]),
    "small letters in an X- name": (feed(event("SUMMARY:", "X-Berth:7\nSUMMARY:")), ["19:1 ICM720"]),
    "small letters in other names": (feed(event("SUMMARY:", "summary;language=en:")), []),
    "an event that is not closed": (feed(event("END:VEVENT\n", "")), ["20:1 ICM713"]),
    "an event that begins in an event": (
        feed(UPRIGHT.replace("END:VEVENT\n", "").replace("w2", "w3") + UPRIGHT),
        ["20:1 ICM713"],
    ),
    "an end too many": (feed(UPRIGHT + "END:VEVENT\n"), ["21:1 ICM713"]),
    "cut off in a line": (feed()[:-50], ["18:19 ICM712"]),
    "cut off after a line": (feed()[:-15], ["21:1 ICM712"]),
    "no VERSION": (feed(head=HEAD.replace("VERSION:2.0\n", "")), ["1:1 ICM734"]),
    "VERSION 1.0": (feed(head=HEAD.replace("2.0", "1.0")), ["2:9 ICM763"]),
    "no PRODID": (feed(head=HEAD.replace("PRODID", "X-PRODID")), ["1:1 ICM734"]),
    "no METHOD": (feed(head=HEAD.replace("METHOD:PUBLISH\n", "")), ["1:1 ICM724"]),
    "METHOD:REQUEST": (feed(head=HEAD.replace("PUBLISH", "REQUEST")), ["4:1 ICM724"]),
    "a UID of the calendar": (feed(head=HEAD + "UID:x\n"), ["5:1 ICM725"]),
    "no component": ((HEAD + END).replace("\n", "\r\n").encode(), ["1:1 ICM726"]),
    "1,000,001 octets": (SOUND.replace(b"END:VC", b"X-A:\r\n" * 166_629 + b"END:VC"), ["1:1 ICM301"]),
    "SOURCE without VALUE": (feed(head=HEAD + "SOURCE:https://x.org/a.ics\n"), ["5:8 ICM764"]),
    "REFRESH-INTERVAL with VALUE": (feed(head=HEAD + "REFRESH-INTERVAL;VALUE=DURATION:PT1H\n"), []),
    "no UID": (feed(event("UID:w2@harbour.example.org\n", "")), ["13:1 ICM731"]),
    "the UID of another event": (feed(event("w2@", "w1@")), ["14:1 ICM732"]),
    "the UID with a RECURRENCE-ID": (
        feed(event("UID:w2@harbour.example.org", "RECURRENCE-ID:20250713T010000Z\nUID:w1@harbour.example.org")),
        [],
    ),
    "a slash in a UID": (feed(event("w2@", "w/2@")), ["14:5 ICM733"]),
    "no DTSTAMP": (feed(event("DTSTAMP:20250710T000000Z\n", "")), ["13:1 ICM734"]),
    "no DTSTART": (feed(event("DTSTART:20250713T010000Z\n", "")), ["13:1 ICM734"]),
    "SUMMARY twice": (feed(event("SUMMARY", "SUMMARY:x\nSUMMARY")), ["20:1 ICM736"]),
    "no ORGANIZER": (feed(event("ORGANIZER;CN=Harbour:invalid:nomail\n", "")), ["13:1 ICM737"]),
    "STATUS of a VTODO": (feed(event("SUMMARY", "STATUS:COMPLETED\nSUMMARY")), ["19:8 ICM763"]),
    "TRANSP of nobody": (feed(event("SUMMARY", "TRANSP:FREE\nSUMMARY")), ["19:8 ICM763"]),
    "CLASS of nobody": (feed(event("SUMMARY", "CLASS:STAFF\nSUMMARY")), ["19:7 ICM764"]),
    "cancelled, in no word": (feed(event("SUMMARY", "STATUS:CANCELLED\nSUMMARY")), ["20:1 ICM740"]),
    "cancelled, in a word": (feed(event("SUMMARY:", "STATUS:CANCELLED\nSUMMARY:Abgesagt: ")), []),
    "an alarm": (
        feed(event("END:VEVENT", "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT1H\nEND:VALARM\nEND:VEVENT")),
        ["20:1 ICM741"],
    ),
    "an alarm without a trigger": (
        feed(event("END:VEVENT", "BEGIN:VALARM\nACTION:AUDIO\nEND:VALARM\nEND:VEVENT")),
        ["20:1 ICM734", "20:1 ICM741"],
    ),
    "a thirteenth month": (feed(event("20250713T01", "20251313T01")), ["17:9 ICM763"]),
    "29 February 2025": (feed(event("20250713T01", "20250229T01")), ["17:9 ICM763"]),
    "a leap second": (feed(event("20250713T010000Z", "20161231T235960Z")), []),
    "a time with VALUE=DATE": (feed(event("DTSTART:", "DTSTART;VALUE=DATE:")), ["17:20 ICM763"]),
    "a date without VALUE=DATE": (feed(event(TIMES, "DTSTART:20250713\nDTEND;VALUE=DATE:20250714")), ["17:9 ICM763"]),
    "a local DTSTAMP": (feed(event("20250710T000000Z", "20250710T000000")), ["15:9 ICM763"]),
    "UTC with a TZID": (feed(event("DTSTART:", "DTSTART;TZID=UTC:")), ["17:18 ICM763"]),
    "a TZID that nothing defines": (
        feed(event(TIMES, "DTSTART;TZID=A/B:20250713T010000\nDTEND;TZID=A/B:20250713T020000")),
        ["17:8 ICM755"],
    ),
    "a TZID that is defined": (
        feed(BERLIN.format("A/B") + event(TIMES, "DTSTART;TZID=A/B:20250713T010000\nDURATION:PT1H")),
        [],
    ),
    "a TZID that is defined after it is used": (
        feed(event(TIMES, "DTSTART;TZID=A/B:20250713T010000\nDTEND;TZID=A/B:20250713T020000") + BERLIN.format("A/B")),
        [],
    ),
    "a VTIMEZONE without periods": (feed("BEGIN:VTIMEZONE\nTZID:A/B\nEND:VTIMEZONE\n"), ["13:1 ICM756"]),
    "an offset of no hours": (feed(BERLIN.format("A/B").replace("+0100", "CET", 1)), ["13:1 ICM756"]),
    "no TZOFFSETFROM": (feed(BERLIN.format("A/B").replace("TZOFFSETFROM:+0200\n", "", 1)), ["13:1 ICM756"]),
    "a floating time": (feed(event(TIMES, "DTSTART:20250713T010000\nDTEND:20250713T020000")), ["17:9 ICM757"]),
    "whole days": (feed(event(TIMES, "DTSTART;VALUE=DATE:20250713\nDTEND;VALUE=DATE:20250714")), []),
    "a time that the clock skips": (
        feed(
            event(TIMES, "DTSTART;TZID=/x.org/1/Europe/Berlin:20260329T023000\nDURATION:PT1H")
            + BERLIN.format("/x.org/1/Europe/Berlin")
        ),
        ["17:37 ICM816"],
    ),
    "the end before the start": (feed(event("DTEND:20250713T07", "DTEND:20250713T00")), ["18:7 ICM759"]),
    "the end before the start, in two zones": (
        feed(
            event(TIMES, "DTSTART;TZID=Europe/Berlin:20250713T030000\nDTEND:20250713T005959Z")
            + BERLIN.format("Europe/Berlin")
        ),
        ["18:7 ICM759"],
    ),
    "the end after the start, in two zones": (
        feed(
            event(TIMES, "DTSTART;TZID=W. Europe Standard Time:20250713T030000\nDTEND:20250713T010001Z")
            + BERLIN.format("W. Europe Standard Time")
        ),
        [],
    ),
    "the end at the start": (feed(event("DTEND:20250713T07", "DTEND:20250713T01")), ["18:7 ICM760"]),
    "DTEND and DURATION": (feed(event("SUMMARY", "DURATION:PT6H\nSUMMARY")), ["19:1 ICM736"]),
    "a time and a date": (feed(event("DTEND:20250713T070000Z", "DTEND;VALUE=DATE:20250714")), ["18:1 ICM762"]),
    "UTC and floating": (feed(event("DTEND:20250713T070000Z", "DTEND:20250713T070000")), ["18:1 ICM762"]),
    "a duration in words": (feed(event("DTEND:20250713T070000Z", "DURATION:6 hours")), ["18:10 ICM763"]),
    "a negative duration": (feed(event("DTEND:20250713T070000Z", "DURATION:-PT6H")), ["18:10 ICM763"]),
    "a duration of nothing but letters": (feed(event("DTEND:20250713T070000Z", "DURATION:PT")), ["18:10 ICM763"]),
    "SEQUENCE in words": (feed(event("SUMMARY", "SEQUENCE:one\nSUMMARY")), ["19:10 ICM763"]),
    "a URL without its scheme": (feed(event("SUMMARY", "URL:www.x.org\nSUMMARY")), ["19:5 ICM764"]),
    "a colour in figures": (feed(event("SUMMARY", "COLOR:#f00\nSUMMARY")), ["19:7 ICM764"]),
    "UNTIL and COUNT": (
        feed(event("SUMMARY", "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20250801T000000Z\nSUMMARY")),
        ["19:7 ICM771"],
    ),
    "a rule without FREQ": (feed(event("SUMMARY", "RRULE:COUNT=2\nSUMMARY")), ["19:7 ICM771"]),
    "a rule in small letters": (feed(event("SUMMARY", "RRULE:freq=weekly;byday=su;count=2\nSUMMARY")), []),
    "UNTIL without Z": (feed(event("SUMMARY", "RRULE:FREQ=DAILY;UNTIL=20250801T000000\nSUMMARY")), ["19:24 ICM762"]),
    "a rule of hours": (feed(event("SUMMARY", "RRULE:FREQ=HOURLY;COUNT=2\nSUMMARY")), ["19:7 ICM773"]),
    "RDATE alone": (feed(event("SUMMARY", "RDATE:20250801T000000Z\nSUMMARY")), ["19:1 ICM773"]),
    "RDATE of periods": (
        feed(event("SUMMARY", "RRULE:FREQ=DAILY;COUNT=2\nRDATE;VALUE=PERIOD:20250801T000000Z/PT1H\nSUMMARY")),
        [],
    ),
    "an incomplete notification": (
        feed(event("SUMMARY", NOTE.partition("\n")[2] + "SUMMARY")),
        ["5:1 ICM782", "19:1 ICM781"],
    ),
    "an impact of nobody": (
        feed(event("SUMMARY", NOTE.replace("T:OUTAGE", "T:DOWN") + "SUMMARY")),
        ["5:1 ICM782", "24:20 ICM763"],
    ),
    "an account that a reader takes for nothing": (
        feed(event("SUMMARY", NOTE.replace("public", "None") + "SUMMARY")),
        ["5:1 ICM782", "21:21 ICM763"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_place_and_nothing_else_is(name: str) -> None:
    data, expected = FAULTS[name]
    assert told(data) == expected


def test_a_sound_feed_has_no_fault() -> None:
    assert lint(SOUND) == lint(SOUND, SOUND)
    assert (lint(SOUND).events, lint(SOUND).findings) == (1, ())
    assert told(feed()) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\r\n\r\n", "it is empty"),
        (b"<!DOCTYPE html><p>Sign in", "it is a web page or XML"),
        (b'{"events": []}', "it is JSON"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "it is a vCard"),
        (SOUND.decode().encode("utf-16"), "it is UTF-16"),
        (SOUND.decode().encode("utf-16-be"), "it is UTF-16"),
        (b"\x1f\x8b\x08\x00", "it is compressed"),
        (bytes(range(256)) * 99, "no line of it is BEGIN:VCALENDAR"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "no line of it is BEGIN:VCALENDAR"),
    ],
)
def test_what_is_no_calendar_at_all_is_one_finding(data: bytes, reason: str) -> None:
    (finding,) = lint(data).findings
    assert (finding.code, finding.line) == ("ICM701", 1)
    assert reason in finding.message


def test_faults_that_repeat_are_one_finding_with_the_first_places_and_a_count() -> None:
    many = "".join(UPRIGHT.replace("w2", f"x{i}").replace("Upgrade", "a, b") for i in range(10_000))
    (finding,) = lint((HEAD + many + END).replace("\n", "\r\n").encode()).findings[1:]
    assert (finding.line, finding.column) == (11, 10)
    assert finding.message.endswith(r"write \, and \; (also in lines 19, 27, 35 and 9,996 more)")


def test_faults_of_different_things_are_told_apart_up_to_a_number() -> None:
    zones = "".join(
        UPRIGHT.replace("w2", f"x{i}").replace(TIMES, f"DTSTART;TZID=Z{i}:20250713T010000") for i in range(99)
    )
    findings = lint(feed(zones)).findings
    assert len(findings) == 21
    assert '"Z0" has no VTIMEZONE' in findings[0].message
    assert "(also in lines" in findings[-1].message


def test_columns_count_characters() -> None:
    assert told(feed(event("Upgrade", "漢字, x"))) == ["19:11 ICM717"]


def test_a_feed_that_is_wrong_everywhere_is_not_read_to_its_end() -> None:
    findings = lint(b"BEGIN:VCALENDAR\r\n" + b"x\r\n" * (MOST_FAULTS + 10)).findings
    assert [finding.code for finding in findings] == ["ICM706", "ICM716"]
    assert findings[1].line == MOST_FAULTS + 2


# Feeds as others write them

GOOGLE = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Harbour
X-WR-TIMEZONE:Europe/Berlin
{zone}BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20250713T040000
DTEND;TZID=Europe/Berlin:20250713T060000
RRULE:FREQ=WEEKLY;UNTIL=20250901T215959Z;BYDAY=SU
EXDATE;TZID=Europe/Berlin:20250720T040000
DTSTAMP:20250710T101112Z
UID:0a1b2c3d4e@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=a@exa
 mple.org;X-NUM-GUESTS=0:mailto:a@example.org
CREATED:20250701T000000Z
DESCRIPTION:<a href="https://example.org/">More</a>\\, please\\nThanks
LAST-MODIFIED:20250701T000000Z
LOCATION:Berth 7\\, Mombasa
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Upgrade
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20250714
DTEND;VALUE=DATE:20250715
DTSTAMP:20250710T101112Z
UID:5f6a7b8c9d@google.com
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Holiday
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""
OUTLOOK = """\
BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
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
CLASS:PUBLIC
CREATED:20250701T000000Z
DESCRIPTION:\\n
DTEND;TZID="W. Europe Standard Time":20250713T060000
DTSTAMP:20250701T000000Z
DTSTART;TZID="W. Europe Standard Time":20250713T040000
LAST-MODIFIED:20250701T000000Z
PRIORITY:5
SEQUENCE:0
SUMMARY;LANGUAGE=en-us:Upgrade
TRANSP:OPAQUE
UID:040000008200E00074C5B7101A82E00800000000D0A1
X-ALT-DESC;FMTTYPE=text/html:<html><body style="a:b; c:d">a, b</body></html>
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-DISALLOW-COUNTER:FALSE
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""
APPLE = """\
BEGIN:VCALENDAR
METHOD:PUBLISH
VERSION:2.0
X-WR-CALNAME:Harbour
PRODID:-//Apple Inc.//macOS 14.5//EN
X-APPLE-CALENDAR-COLOR:#0E61B9
X-WR-TIMEZONE:Europe/Berlin
CALSCALE:GREGORIAN
{zone}BEGIN:VEVENT
CREATED:20250701T000000Z
UID:1D5B6C3E-0F4A-4E7B-9C55-0123456789AB
DTEND;TZID=Europe/Berlin:20250713T060000
TRANSP:OPAQUE
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
SUMMARY:Upgrade
LAST-MODIFIED:20250701T000000Z
DTSTAMP:20250701T000000Z
DTSTART;TZID=Europe/Berlin:20250713T040000
SEQUENCE:1
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="Berth 7, Mombasa";X-APPL
 E-RADIUS=70;X-TITLE=Berth:geo:-4.05,39.66
BEGIN:VALARM
X-WR-ALARMUID:1D5B6C3E
UID:1D5B6C3E
TRIGGER;VALUE=DATE-TIME:19760401T005545Z
ACTION:NONE
END:VALARM
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [(GOOGLE, ["ICM737"]), (OUTLOOK, ["ICM704", "ICM737", "ICM741"]), (APPLE, ["ICM737"])],
    ids=["Google", "Outlook", "Apple"],
)
def test_a_feed_in_the_form_of_the_great_calendars_has_few_warnings_and_no_error(text: str, codes: list[str]) -> None:
    data = text.format(zone=BERLIN.format("Europe/Berlin")) if "{zone}" in text else text
    findings = lint(data.replace("\n", "\r\n").encode()).findings
    assert {finding.code for finding in findings} <= set(codes)
    assert all(finding.severity is Severity.WARNING for finding in findings)


@pytest.mark.parametrize("library", SCRIPTS)
def test_what_other_libraries_write_is_judged(library: str, tmp_path: Path) -> None:
    write_records(tmp_path / "records.json", 20, with_offset)
    SCRIPTS[library](str(tmp_path / "records.json"), str(tmp_path / "feed.ics"))
    verdict = lint((tmp_path / "feed.ics").read_bytes())
    assert verdict.events == 20
    assert {finding.code for finding in verdict.findings} <= {"ICM702", "ICM708", "ICM704", "ICM781"}


# Feeds of ours


@settings(max_examples=40)
@given(calendars())
def test_whatever_we_build_has_no_fault(calendar: MaintenanceCalendar) -> None:
    calendar = calendar.model_copy(update={"reminders": (timedelta(days=1), timedelta(hours=1))})
    site = plan_site(calendar, NOW, Ledger())
    feeds = {path: data for path, data in site.files.items() if path.endswith(".ics")}
    feeds["feed"] = calendar_feed(calendar, now=NOW)
    assert len(feeds) > 2
    assert {path: told(data) for path, data in feeds.items() if lint(data).findings} == {}


def test_an_empty_feed_of_ours_has_no_fault(example: MaintenanceCalendar) -> None:
    verdict = lint(example.model_copy(update={"windows": ()}).to_ical())
    assert (verdict.events, verdict.findings) == (0, ())


def test_the_example_and_the_golden_feed_have_no_fault(example: MaintenanceCalendar) -> None:
    for data in (example.to_ical(), (ROOT / "tests/golden/kra-icms.ics").read_bytes()):
        verdict = lint(data)
        assert (verdict.events, verdict.findings) == (4, ())


# What changed since an earlier copy


def _changed(old: str, new: str) -> bytes:
    return SOUND.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (_changed("DTSTAMP:20250710", "DTSTAMP:20250711"), "6:1 ICM793"),
        (_changed("SUMMARY:Upgrade", "SUMMARY:Upgrade of the network"), None),
        (_changed("DTSTAMP:20250710T000000Z", "DTSTAMP:20250709T000000Z\r\nLOCATION:x"), "6:1 ICM792"),
        (_changed("DTEND:20250713T07", "DTEND:20250713T08"), "6:1 ICM793"),
        (_changed("DTEND:20250713T07", "SEQUENCE:1\r\nDTEND:20250713T08"), None),
        (_changed("SUMMARY", "STATUS:TENTATIVE\r\nSUMMARY"), "6:1 ICM793"),
        (_changed("UID:w1", "UID:w3"), "6:1 ICM794"),
        (_changed("UID:w1", "UID:w3").replace(b"Upgrade", b"Another"), None),
    ],
)
def test_what_changed_amiss_since_an_earlier_copy_is_told(later: bytes, code: str | None) -> None:
    assert told(later, SOUND) == ([code] if code else [])


def test_a_sequence_that_goes_back_is_told() -> None:
    assert told(SOUND, _changed("SUMMARY", "SEQUENCE:3\r\nSUMMARY")) == ["6:1 ICM792"]


def test_each_occurrence_has_a_revision_of_its_own() -> None:
    moved = UPRIGHT.replace("SUMMARY", "RECURRENCE-ID:20250713T010000Z\nSUMMARY").replace("w2", "w1")
    assert told(feed(moved), feed(moved)) == []
    assert told(feed(moved.replace("Z\nDTEND:20250713T07", "Z\nDTEND:20250713T08")), feed(moved)) == ["14:1 ICM793"]


# Whatever it is given


HOSTILE = {
    "a line of 10 MB": b"SUMMARY:" + b"x" * 10_000_000,
    "10 MB of commas": b"SUMMARY:" + b"," * 10_000_000,
    "10 MB of backslashes": b"SUMMARY:" + b"\\" * 10_000_001,
    "10 MB of quotes": b"X-A;A=" + b'"' * 10_000_000 + b":",
    "10 MB of semicolons": b"X-A" + b";" * 10_000_000,
    "1 MB of folds": b"SUMMARY:" + b"\r\n x" * 250_000,
    "10^6 BEGIN": b"BEGIN:VEVENT\r\n" * 1_000_000,
    "10^6 BEGIN of something deeper": b"BEGIN:X\r\n" * 1_000_000,
    "10 MB of NUL": b"\0" * 10_000_000,
    "10 MB of blank lines": b"\n" * 10_000_000,
    "lone surrogates": b"SUMMARY:" + b"\xed\xa0\x80" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered(name: str) -> None:
    began = time.process_time()
    findings = lint(b"BEGIN:VCALENDAR\r\n" + HOSTILE[name] + b"\r\n").findings
    assert findings
    assert time.process_time() - began < 30


@given(st.binary())
def test_any_octets_are_judged(data: bytes) -> None:
    lint(data)
    lint(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data)


# The command


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/feed.ics").write_bytes(SOUND)
    (tmp_path / "www/calendar").write_bytes(SOUND.replace(b"UID", b"X-UID"))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "www")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_check_knows_a_feed_by_what_it_is(run: Run, tmp_path: Path, served: str) -> None:
    (tmp_path / "feed.ics").write_bytes(SOUND)
    (tmp_path / "no-suffix").write_bytes(SOUND)
    how_served = ("--ignore", "ICM521")
    fine = run("check", "feed.ics", "no-suffix", "--strict")
    assert (fine.returncode, fine.stdout) == (0, b"")
    assert fine.stderr.decode() == "".join(f"{name}: 1 event, nothing wrong\n" for name in ("feed.ics", "no-suffix"))
    fetched = run("check", f"{served}/feed.ics", "--strict", *how_served)
    assert (fetched.returncode, fetched.stdout) == (0, b"")
    bad = run("check", f"{served}/calendar", *how_served)
    assert (bad.returncode, bad.stderr) == (1, f"{served}/calendar: 1 error, 2 ignored\n".encode())
    assert bad.stdout.startswith(f"{served}/calendar:5:1: error ICM731: the VEVENT has no UID. ".encode())
    assert run("check", "-", input=SOUND).stderr == b"-: 1 event, nothing wrong\n"
    assert b"<stdin>:5:1: error ICM731" in run("check", "-", input=SOUND.replace(b"UID", b"X-UID")).stdout


def test_check_of_a_feed_that_cannot_be_read_exits_with_2(run: Run, tmp_path: Path, served: str) -> None:
    for place in ("gone.ics", f"{served}/gone.ics", "webcal://127.0.0.1:9/feed", f"{served}/gone/"):
        done = run("check", place)
        assert done.returncode == 2
        assert b"error ICM001: cannot be read: " in done.stdout
    (tmp_path / "page.ics").write_bytes(b"<html>")
    page = run("check", "page.ics")
    assert (page.returncode, page.stdout.count(b"ICM701")) == (1, 1)


def test_check_holds_a_feed_against_an_earlier_copy(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.ics").write_bytes(SOUND)
    (tmp_path / "new.ics").write_bytes(_changed("UID:w1", "UID:w3"))
    assert run("check", "old.ics", "--previous", "old.ics").returncode == 0
    done = run("check", "new.ics", "--previous", "old.ics", "--format", "json")
    assert [(f["code"], f["file"], f["line"]) for f in json.loads(done.stdout)] == [("ICM794", "new.ics", 6)]
    assert run("check", "new.ics", "--previous", "old.ics", "--ignore", "uid-changes").returncode == 0
    for wrong in (("new.ics", "old.ics", "--previous", "old.ics"), ("old.ics", "--max-age", "2h")):
        assert run("check", *wrong).returncode == 2
    for unread in ("gone.ics", str(ROOT / "examples/harbour.yaml")):
        told = run("check", "new.ics", "--previous", unread)
        assert told.returncode in (1, 2)
        assert told.stdout.startswith(unread.encode())


def test_records_on_standard_input_are_still_records(run: Run) -> None:
    records = (ROOT / "examples/harbour.yaml").read_bytes() + b"url: https://harbour.example/maintenance/\n"
    assert run("check", "-", input=records).stderr == b"-: 1 window, nothing wrong\n"


def test_a_notification_text_of_one_odd_blank_is_a_text_and_one_of_spaces_is_not() -> None:
    shown = RULES["ICM763"]
    odd, blank = (lint(feed_of(shown, f"X-MAINTNOTE-MAINTENANCE-ID:{text}")).findings for text in ("\u2028", "  "))
    assert "ICM763" not in {finding.code for finding in odd}
    assert "ICM763" in {finding.code for finding in blank}
