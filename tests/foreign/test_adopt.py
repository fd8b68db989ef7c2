"""Events of other people's feeds as records: what is kept, what is said of the rest, and our own feeds back again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.feed.encode import PRODID
from icms_calendar.findings import SourceError
from icms_calendar.foreign.adopt import Source, adopt, import_ics
from icms_calendar.foreign.adoption import Wishes
from icms_calendar.foreign.events import read_ics
from icms_calendar.record.recurrence import expand
from icms_calendar.site.build import plan_site
from icms_calendar.source.of_yaml import parse_yaml
from icms_calendar.source.write import yaml_text
from tests.foreign.test_events import BERLIN, calendar, event
from tests.real.records import full_calendar_data
from tests.real.wire import events as events_of
from tests.strategies import NOW

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
TIMES = "DTSTART:20250713T010000Z", "DTEND:20250713T070000Z"


def adopted(*parts: str, head: str = "", **options: str) -> Source:
    data = calendar(*parts, head=head)
    timezone = options.get("timezone")
    feed = read_ics(data, until=UNTIL, timezone=timezone)
    made = adopt(feed, UNTIL, "x.ics", Wishes("Harbour", **options))  # type: ignore[arg-type]  # names are strings
    MaintenanceCalendar.model_validate(made.records)
    return made


def window(*lines: str, uid: str = "1@example.org", **options: str) -> dict[str, Any]:
    only: dict[str, Any]
    [only] = adopted(event(*lines, uid=uid), **options).records["windows"]
    return only


def said(made: Source) -> dict[str, str]:
    """The messages of each code."""
    codes = {finding.code for finding in made.findings}
    return {code: "\n".join(one.message for one in made.findings if one.code == code) for code in codes}


# exports

EXPORTS = Path(__file__).parent / "exports"


@pytest.mark.parametrize("program", ["outlook", "google", "apple"])
def test_an_export_becomes_the_golden_records(program: str, golden: Callable[[str, bytes], None]) -> None:
    feed = read_ics((EXPORTS / f"{program}.ics").read_bytes(), until=UNTIL, name=f"{program}.ics")
    made = adopt(feed, UNTIL, f"{program}.ics", Wishes("x"))
    golden(f"import/{program}.yaml", yaml_text(made.records).encode())
    golden(f"import/{program}.txt", "".join(f"{finding}\n" for finding in made.findings).encode())
    assert MaintenanceCalendar.model_validate(made.records).windows


# a window


def test_a_plain_event_is_a_window_on_the_clock_of_its_calendar() -> None:
    made = adopted(
        event(
            *TIMES,
            "SUMMARY:Works",
            "DESCRIPTION:At\\nnight",
            "CATEGORIES:Maintenance,port",
            "SEQUENCE:2",
            "TRANSP:OPAQUE",
        ),
        head="X-WR-CALNAME:Port\nX-WR-TIMEZONE:Africa/Nairobi\n",
    )
    assert made.records == {
        "name": "Port",
        "domain": "example.org",
        "timezone": "Africa/Nairobi",
        "systems": [{"id": "port", "name": "Port"}],
        "windows": [
            {
                "id": "1",
                "system": "port",
                "start": "2025-07-13 04:00",
                "end": "2025-07-13 10:00",
                "title": "Works",
                "description": "At\nnight",
                "tags": ["port"],
                "busy": True,
                "revision": {"sequence": 2, "updated": "2025-07-01 03:00"},
            }
        ],
    }
    assert sorted(said(made)) == ["ICM823"]
    assert "--system" in said(made)["ICM823"]
    assert "treated as an outage" in said(made)["ICM823"]


@pytest.mark.parametrize(
    ("uid", "id_", "kept"),
    [
        ("icms-2025-07-13@example.org", "icms-2025-07-13", None),
        ("Works 7@example.org", "works-7", "Works 7@example.org"),
        (
            "040000008200E00074C5B7101A82E00800000000D0D0F2A1",
            "icms-2025-07-13",
            "040000008200E00074C5B7101A82E00800000000D0D0F2A1",
        ),
        ("5a0c9b1e-7d5f-4c0e-9d8a-0a4a5a1f3c11", "icms-2025-07-13", "5a0c9b1e-7d5f-4c0e-9d8a-0a4a5a1f3c11"),
        ("7kukuqrfedlm2f9t0vr3ui1lmc@google.com", "icms-2025-07-13", "7kukuqrfedlm2f9t0vr3ui1lmc@google.com"),
        ("con@example.org", "window-con", "con@example.org"),
        ("2025/7@example.org", "2025-7", None),
        ("...", "window", "..."),
    ],
)
def test_an_id_comes_of_the_uid_and_the_uid_is_kept_where_it_is_another(uid: str, id_: str, kept: str | None) -> None:
    made = window(*TIMES, uid=uid, system="icms", domain="example.org", timezone="Africa/Nairobi")
    assert (made["id"], made.get("uid")) == (id_, kept)


def test_ids_that_collide_are_numbered() -> None:
    parts = [event(*TIMES, uid=uid) for uid in ("A 1@example.org", "a-1@example.org", "a.1@example.org", "A_1")]
    ids = [window["id"] for window in adopted(*parts, domain="example.org").records["windows"]]
    assert sorted(ids) == ["a-1", "a-1-2", "a.1", "a_1"]
    assert adopted(event(*TIMES, uid="x@EXAMPLE"), event(*TIMES, uid="X@example")).records["windows"][0]["id"] == "x"


def test_many_events_that_no_person_could_name_are_numbered_in_good_time() -> None:
    parts = [event(*TIMES, f"COLOR:c{i}", uid=f"{i:032x}") for i in range(5000)]
    begin = time.perf_counter()
    made = adopted(*parts)
    assert time.perf_counter() - begin < 20  # a second, if the machine is not busy
    assert made.records["windows"][-1]["id"] == "harbour-2025-07-13-5000"
    assert len([finding for finding in made.findings if finding.code == "ICM821"]) == 21


def test_a_domain_that_is_not_ones_own_is_not_taken() -> None:
    for uid in ("7kukuqrfedlm2f9t0vr3ui1lmc@google.com", "040000008200E0", "a@b c"):
        made = adopted(event(*TIMES, uid=uid))
        assert made.records["domain"] == "calendar.invalid"
        assert "--domain" in said(made)["ICM823"]
    given = adopted(event(*TIMES, uid="7@google.com"), domain="port.example.org")
    assert "--domain" not in said(given)["ICM823"]


def test_a_time_of_the_clock_change_has_its_offset() -> None:
    lines = "DTSTART:20251026T003000Z", "DTEND:20251026T013000Z"
    made = window(*lines, timezone="Europe/Berlin")
    assert (made["start"], made["end"]) == ("2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00")
    late = window("DTSTART:20400101T000000Z", "DTEND:20400101T010000Z", timezone="Europe/Berlin")
    assert late["start"] == "2040-01-01T00:00+00:00"


def test_an_event_of_another_zone_says_which() -> None:
    made = window(
        "DTSTART;TZID=W. Europe Standard Time:20250713T040000",
        "DURATION:PT1H",
        timezone="Africa/Nairobi",
    )
    assert (made["start"], made["timezone"]) == ("2025-07-13 04:00", "Europe/Berlin")


def test_whole_days_stay_whole_days() -> None:
    made = window("DTSTART;VALUE=DATE:20250713", "DTEND;VALUE=DATE:20250715", timezone="Africa/Nairobi")
    assert (made["start"], made["end"], made["all_day"]) == ("2025-07-13", "2025-07-14", True)


def test_a_cancelled_event_is_a_cancelled_window() -> None:
    made = window(*TIMES, "STATUS:CANCELLED", "SUMMARY:CANCELLED: Works", "TRANSP:OPAQUE")
    assert (made["status"], made["title"], "busy" in made) == ("cancelled", "Works", False)


def test_what_a_record_cannot_keep_is_said_once_for_each_kind() -> None:
    parts = [
        event(
            *TIMES,
            "LOCATION:Mombasa",
            "ATTENDEE:mailto:a@example.org",
            "ATTENDEE:mailto:b@example.org",
            "ORGANIZER:mailto:c@example.org",
            "BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM",
            "PRIORITY:5",
            "X-ALT-DESC:<b>",
            "X-MICROSOFT-CDO-IMPORTANCE:1",
            "X-A:1",
            "X-B:1",
            "URL:mailto:a@example.org",
            "COLOR:ultraviolet",
            "RELATED-TO:gone",
            "CLASS:PRIVATE",
            f"SUMMARY:{'x' * 300}",
            "DESCRIPTION:a\x07b",
            uid=f"{i}@example.org",
        )
        for i in range(30)
    ]
    made = adopted(*parts)
    kinds = [finding.message for finding in made.findings if finding.code == "ICM821"]
    assert sorted(kind.removeprefix("a record cannot keep ").partition(" (")[0] for kind in kinds) == [
        "ATTENDEE",
        "CLASS",
        "LOCATION",
        "ORGANIZER",
        "PRIORITY",
        "RELATED-TO of an event that is not here",
        "VALARM",
        "X-A, X-ALT-DESC, X-B and 1 more",
        "a URL that is not of the web",
        "control characters in texts",
        'the color "ultraviolet"',
        "what a title has after 200 characters",
    ]
    assert sum(kind.endswith((" more)", " more like it)")) for kind in kinds) == 11
    assert all(finding.line and finding.file == "x.ics" for finding in made.findings if finding.code == "ICM821")


def test_two_events_that_differ_in_the_case_of_the_uid_keep_one() -> None:
    made = adopted(event(*TIMES, uid="a b@example.org"), event(*TIMES, uid="A B@example.org"))
    assert [("uid" in window) for window in made.records["windows"]] == [True, False]
    assert "another event has it" in said(made)["ICM825"]


def test_a_title_comes_on_one_line() -> None:
    made = adopted(event(*TIMES, "SUMMARY:Works\\n \\nin hall B\\n"))
    assert made.records["windows"][0]["title"] == "Works in hall B"
    assert said(made)["ICM821"] == "a record cannot keep line breaks in titles and names"


# maintenance notifications

# As the BCOP shows them: many objects, and one with the impact of its own.
SEVERAL = event(
    "DTSTART:20251010T080000Z",
    "DTEND:20251010T100000Z",
    "SUMMARY:Maintenance of a router",
    "SEQUENCE:1",
    "ORGANIZER;CN=NOC:mailto:noc@example.net",
    "X-MAINTNOTE-PROVIDER:example.net",
    "X-MAINTNOTE-ACCOUNT:137.035999173",
    "X-MAINTNOTE-MAINTENANCE-ID:WorkOrder-31415",
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:acme-a",
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:acme/B 2",
    "X-MAINTNOTE-OBJECT-ID:acme-c",
    "X-MAINTNOTE-IMPACT:OUTAGE",
    "X-MAINTNOTE-STATUS:TENTATIVE",
    uid="42",
)
ONE = event(
    "DTSTART:20251010T080000Z",
    "DTEND:20251010T100000Z",
    "SUMMARY:Fibre",
    "X-MAINTNOTE-PROVIDER:example.net",
    "X-MAINTNOTE-ACCOUNT:1",
    "X-MAINTNOTE-MAINTENANCE-ID:W-1",
    "X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DEGRADED:circuit 7",
    "X-MAINTNOTE-IMPACT:OUTAGE",
    "X-MAINTNOTE-STATUS:COMPLETED",
    uid="43@example.net",
)


@pytest.mark.parametrize("notification", [SEVERAL, ONE])
def test_a_notification_that_is_published_on_keeps_every_maintnote_value(notification: str) -> None:
    made = adopted(notification, timezone="UTC")
    feed = MaintenanceCalendar.model_validate(made.records).to_ical(now=NOW)
    [ours], [theirs] = (events_of(data).values() for data in (feed, calendar(notification)))
    names = [name for name in theirs if name.startswith("X-MAINTNOTE")]
    assert len(names) == 6
    for name in names:
        assert [line.value for line in ours[name]] == [line.value for line in theirs[name]], name
    told = [line.parameters for line in ours["X-MAINTNOTE-OBJECT-ID"]]
    for line, parameters in zip(theirs["X-MAINTNOTE-OBJECT-ID"], told, strict=True):
        assert not line.parameters or parameters == line.parameters
    assert [line.value for line in ours["UID"]] == [line.value for line in theirs["UID"]]


def test_the_objects_of_a_notification_are_services_with_their_own_impact() -> None:
    made = adopted(SEVERAL, timezone="UTC")
    [record] = made.records["windows"]
    assert made.records["systems"] == [
        {"id": "example.net", "services": ["acme-a", {"id": "acme-b-2", "name": "acme/B 2"}, "acme-c"]}
    ]
    assert (record["system"], record["status"]) == ("example.net", "tentative")
    assert record["services"] == [{"id": "acme-a", "impact": "no-impact"}, "acme-b-2", "acme-c"]
    assert said(adopted(SEVERAL, system="backbone", timezone="UTC", domain="example.org")).keys() == {"ICM821"}


# series


def occurrences(made: Source) -> list[tuple[datetime, datetime]]:
    whole = MaintenanceCalendar.model_validate(made.records)
    return [(occurrence.start, occurrence.end) for occurrence in expand(whole, UNTIL).occurrences]


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=WEEKLY;COUNT=5"],
        ["RRULE:FREQ=WEEKLY;BYDAY=SU"],
        ["RRULE:FREQ=WEEKLY;UNTIL=20260601T000000Z", "EXDATE;TZID=Europe/Berlin:20260322T030000"],
        ["RRULE:FREQ=WEEKLY;UNTIL=20260601", "EXDATE;TZID=Europe/Berlin:20260322T030000,20260323T030000"],
        ["RRULE:FREQ=MONTHLY;BYDAY=3SU;WKST=MO"],
    ],
)
def test_a_series_that_a_record_can_tell_is_one_window_that_repeats(lines: list[str]) -> None:
    times = "DTSTART;TZID=Europe/Berlin:20260315T030000", "DTEND;TZID=Europe/Berlin:20260315T043000"
    part, head = event(*times, *lines), BERLIN.format(tzid="Europe/Berlin")
    made = adopted(part, head=head)
    [record] = made.records["windows"]
    assert record["repeat"]["rule"].startswith("FREQ=")
    assert "one window with `repeat`" in said(made)["ICM825"]
    read = read_ics(calendar(part, head=head), until=UNTIL)
    assert occurrences(made) == [(one.start, one.end) for one in read.events]


def test_changes_of_single_occurrences_are_kept() -> None:
    series = event("DTSTART:20260301T010000Z", "DTEND:20260301T020000Z", "RRULE:FREQ=DAILY;COUNT=5", "SUMMARY:Nightly")
    moved = event(
        "RECURRENCE-ID:20260303T010000Z", "DTSTART:20260303T030000Z", "DTEND:20260303T050000Z", "SUMMARY:Later"
    )
    off = event(
        "RECURRENCE-ID:20260304T010000Z",
        "DTSTART:20260304T010000Z",
        "DURATION:PT1H",
        "SUMMARY:Nightly",
        "STATUS:CANCELLED",
    )
    [record] = adopted(series, moved, off).records["windows"]
    assert record["repeat"]["changes"] == [
        {"on": "2026-03-03", "start": "2026-03-03 03:00", "end": "2026-03-03 05:00", "title": "Later"},
        {"on": "2026-03-04", "start": "2026-03-04 01:00", "end": "2026-03-04 02:00", "status": "cancelled"},
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", "RDATE:20260401T010000Z")],
        [event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2;BYHOUR=1,13")],
        [event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO")],
        [
            event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
            event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T010000Z", "DTSTART:20260302T020000Z", "DURATION:PT1H"),
        ],
        [
            event("DTSTART:20260301T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
            event("RECURRENCE-ID:20260302T010000Z", "DTSTART:20260302T020000Z", "DURATION:PT1H", "COLOR:red"),
        ],
    ],
)
def test_any_other_series_is_laid_out_with_a_window_for_each_occurrence(parts: list[str]) -> None:
    made = adopted(*parts)
    read = read_ics(calendar(*parts), until=UNTIL)
    assert all("repeat" not in record and "uid" not in record for record in made.records["windows"])
    assert occurrences(made) == sorted((one.start, one.end) for one in read.events)
    assert "windows, up to 2027-01-01" in said(made)["ICM825"]


# sites of ours


@settings(max_examples=25)
@given(data=full_calendar_data())
def test_the_windows_json_of_a_site_becomes_records_that_publish_the_same_windows(data: dict[str, Any]) -> None:
    first = MaintenanceCalendar.model_validate(data)
    site = plan_site(first, NOW).files
    written = site["windows.json"]
    made = import_ics(written, until=UNTIL)
    again = MaintenanceCalendar.load(made.text.encode())
    assert again == made.calendar
    theirs, ours = (events_of(files["all.ics"]) for files in (site, plan_site(again, NOW).files))
    assert len(made.records["windows"]) == len(theirs)
    assert theirs.keys() == ours.keys()
    for uid, before in theirs.items():
        for name in ("SUMMARY", "DTSTART", "DTEND", "STATUS", "CONTACT", "X-MAINTNOTE-IMPACT", "X-MAINTNOTE-STATUS"):
            told = [[line.value for line in event.get(name, ())] for event in (before, ours[uid])]
            assert told[0] == told[1], name


@pytest.mark.parametrize("is_site", [False, True])
def test_a_prefix_is_part_of_each_id_and_no_uid_changes(is_site: bool) -> None:
    follows = event(*TIMES, "RELATED-TO:1@example.org", uid="2@example.org")
    whole = import_ics(calendar(event(*TIMES), follows), until=UNTIL, domain="example.org", timezone="UTC")
    data = plan_site(whole.calendar, NOW).files["windows.json"] if is_site else calendar(event(*TIMES), follows)
    made = import_ics(data, until=UNTIL, domain="example.net", timezone="UTC", windows_only=True, prefix="port")
    assert [(one["id"], one["uid"]) for one in made.records["windows"]] == [
        ("port-1", "1@example.org"),
        ("port-2", "2@example.org"),
    ]
    assert made.records["windows"][1]["replaces"] == "port-1"
    again = import_ics(data, until=UNTIL, domain="example.org", timezone="UTC", prefix="port").calendar
    assert [again.uids[window.id] for window in again.windows] == ["1@example.org", "2@example.org"]


def test_an_import_in_python_takes_bytes_and_an_instant() -> None:
    feed = calendar(event(*TIMES))
    made = import_ics(feed, until=UNTIL, name="Harbour", domain="harbour.example")
    assert [window.id for window in made.calendar] == [window["id"] for window in made.records["windows"]]
    assert (made.calendar.name, made.calendar.domain) == ("Harbour", "harbour.example")
    with pytest.raises(TypeError, match=r"data is the bytes of an \.ics or windows\.json, not str"):
        import_ics(feed.decode(), until=UNTIL)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="until is a naive datetime"):
        import_ics(feed, until=UNTIL.replace(tzinfo=None))


def test_a_feed_of_ours_says_that_its_site_is_exact() -> None:
    calendar = MaintenanceCalendar.model_validate(
        {
            "name": "Harbour",
            "domain": "example.org",
            "timezone": "Africa/Nairobi",
            "windows": [{"id": "w", "system": "berths", "start": "2025-07-13 04:00", "end": "2025-07-13 10:00"}],
        }
    )
    made = adopt(read_ics(calendar.to_ical(now=NOW), until=UNTIL), UNTIL, "all.ics", Wishes("x"))
    assert "windows.json" in said(made)["ICM821"]
    assert [(one["id"], one["system"]) for one in made.records["windows"]] == [("w", "berths")]


@pytest.mark.parametrize("text", ["{}", '{"format": 99, "windows": []}', '{"format": 1, "windows": [{}]}', "{"])
def test_json_of_another_kind_or_format_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"x\.json"):
        import_ics(text.encode(), until=UNTIL, file="x.json")


def test_windows_alone_say_their_zones_and_uids_and_the_systems_that_they_need() -> None:
    made = adopt(read_ics(calendar(SEVERAL), until=UNTIL), UNTIL, "x.ics", Wishes("Harbour", windows_only=True))
    assert made.records.keys() == {"windows"}
    [record] = made.records["windows"]
    assert (record["uid"], record["timezone"], record["maintnote"]["provider"]) == ("42", "UTC", "example.net")
    assert "example.net (services acme-a, acme-b-2, acme-c)" in said(made)["ICM823"]


PIECES = """\
UID:a/b@x|UID:con@example.org|UID:\x07|DTSTAMP:20250701T000000Z|SEQUENCE:3000000000|SEQUENCE:1|UID:2@example.org
DTSTART:20250713T010000Z|DTSTART;TZID=Europe/Berlin:20251026T023000|DTSTART;VALUE=DATE:20250713|DTEND:20250713T070000Z
DURATION:P1DT1H|DURATION:PT1S|RRULE:FREQ=DAILY;COUNT=3|RRULE:FREQ=WEEKLY;BYDAY=SU|EXDATE:20250714T010000Z
RDATE:20250801T010000Z|RECURRENCE-ID:20250714T010000Z|STATUS:CANCELLED|SUMMARY:\\n|SUMMARY:CANCELLED: |TRANSP:OPAQUE
DESCRIPTION:a\x00\\nb\u2028c|DESCRIPTION:a\\n\\n|CATEGORIES:,,a\\,b,\x1f|URL:javascript:x|URL:https://example.org/ x
COLOR:red|CONTACT: |RELATED-TO:a|ORGANIZER;CN=:mailto:|X-MAINTNOTE-PROVIDER:../..|X-MAINTNOTE-OBJECT-ID:all
X-MAINTNOTE-OBJECT-ID:aux|X-MAINTNOTE-OBJECT-ID:\\n|X-MAINTNOTE-IMPACT:NO-IMPACT|X-MAINTNOTE-STATUS:IN-PROCESS
X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DEGRADED:a-reminders|X-MAINTNOTE-ACCOUNT:|X-ICMS-CALENDAR-AFFECTS:a/b
""".replace("\n", "|").split("|")
PIECES += ["UID:" + "x" * 300, "SUMMARY:" + "é" * 250]
HEADS = [
    *("", "X-WR-CALNAME:\\n\n", "X-WR-CALNAME:all\n", "URL:https://x.example/?q\nCOLOR:red\n", "METHOD:CANCEL\n"),
    f"PRODID:{PRODID}\n",
]


@settings(max_examples=300)
@given(
    parts=st.lists(st.lists(st.sampled_from(PIECES), max_size=14), max_size=4),
    head=st.sampled_from(HEADS),
    timezone=st.sampled_from([None, "Africa/Nairobi"]),
)
def test_whatever_is_imported_is_a_source_that_loads(parts: list[list[str]], head: str, timezone: str | None) -> None:
    needed = "UID:3@example.org", *TIMES  # of two, the first counts
    events = ["\n".join(["BEGIN:VEVENT", *lines, *needed, "END:VEVENT", ""]) for lines in parts]
    feed = read_ics(f"BEGIN:VCALENDAR\n{head}{''.join(events)}END:VCALENDAR\n".encode(), until=UNTIL, timezone=timezone)
    made = adopt(feed, UNTIL, "x", Wishes("x", timezone=timezone))
    read = parse_yaml(yaml_text(made.records)).data
    MaintenanceCalendar.model_validate(read).to_ical(now=NOW)


@pytest.mark.parametrize("name", ["all of Nairobi", "Sea; air, \\n: x", "a\tb", "NBO"])
def test_a_feed_of_ours_is_imported_whatever_its_system_is_called(name: str) -> None:
    given: dict[str, Any] = {"name": "N", "domain": "d.example", "timezone": "UTC"}
    system = {"id": "s", "name": name, "short": "NBO", "services": [{"id": "a", "name": name}]}
    window = {"id": "w", "system": "s", "start": "2025-08-01 04:00", "duration": "2h"}
    feed = MaintenanceCalendar(**given, systems=[system], windows=[window]).to_ical(now=NOW)
    assert [each.id for each in import_ics(feed, until=UNTIL).calendar.windows] == ["w"]


def test_a_rule_that_no_month_can_hold_loses_no_other_event() -> None:
    broken = event(*TIMES, "RRULE:FREQ=MONTHLY;BYDAY=8SU", uid="bad@example.org")
    made = import_ics(calendar(broken, event(*TIMES)), until=UNTIL, timezone="UTC", system="s")
    assert len(made.calendar.windows) == 1
    assert "ICM771" in {finding.code for finding in made.findings}


def test_two_events_whose_ids_come_from_one_address_are_two_windows() -> None:
    first = event(*TIMES, "URL:https://example.org/#w", uid="a/b@example.org")
    second = event(*TIMES, uid="w@example.org")
    made = import_ics(calendar(first, second), until=UNTIL, timezone="UTC", domain="example.org", system="s")
    assert len({window.id for window in made.calendar.windows}) == 2
