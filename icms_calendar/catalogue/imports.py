"""Rules for reading other people's calendars into records (ICM8xx)."""

from __future__ import annotations

from functools import partial

from icms_calendar.catalogue.rule import Rule, Severity

_event_error = partial(Rule, shown_as="event")
_event_warning = partial(Rule, shown_as="event", severity=Severity.WARNING)

# fmt: off
RULES = (
    # 8: anybody's .ics
    _event_error("ICM805", "event-left-out",
        "{what} is left out: {reason}",
        meaning="An event does not say when it is, or says what cannot be; or it answers what somebody else announced.",
        why=("Half an event would be a guess: of an end before the start, calendar programs show many different "
             "things."),
        wrong="DTSTART:20250713T070000Z\nDTEND:20250713T010000Z",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.6.1, RFC 5546 3.2", retires=("ICM806", "ICM831", "not-an-announcement")),
    _event_warning("ICM808", "tzid-by-name",
        "the time zone {read} {reason}. It is taken as {zone}, by its name",
        meaning=("The file does not define the zone that it names, or the definition cannot be read; the name is "
                 "known."),
        why="Everybody else must also rely on the name: some refuse the file, some take its times for UTC.",
        wrong="DTSTART;TZID=Africa/Nairobi:20250713T040000\nDTEND;TZID=Africa/Nairobi:20250713T100000",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.2.19"),
    _event_error("ICM811", "series-cut",
        "only the first {limit} occurrences of {what} are read",
        meaning="An event repeats more often than is laid out.",
        why="What comes later is not there; it is not that nothing takes place.",
        wrong="DTSTART:20000101T000000Z\nDTEND:20000101T001500Z\nRRULE:FREQ=HOURLY;COUNT=20000",
        right="DTSTART:20000101T000000Z\nDTEND:20000101T001500Z\nRRULE:FREQ=HOURLY;COUNT=200",
        source="docs/design.md#the-work-is-bounded"),
    Rule("ICM813", "event-superseded",
        "{what} is in the file {number} times; the one with SEQUENCE {sequence} and the latest stamp counts",
        meaning="Several events have one UID: revisions of one event.",
        why="If they were meant to be different events, all but one are lost.",
        wrong=("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250713T010000Z\nDTEND:20250713T070000Z\n"
               "END:VEVENT\nBEGIN:VEVENT\nUID:1@example.org\nSEQUENCE:1\nDTSTART:20250720T010000Z\n"
               "DTEND:20250720T070000Z\nEND:VEVENT\nEND:VCALENDAR"),
        right=("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nSEQUENCE:1\nDTSTART:20250720T010000Z\n"
               "DTEND:20250720T070000Z\nEND:VEVENT\nEND:VCALENDAR"),
        source="RFC 5546 2.1.5", severity=Severity.WARNING, shown_as="ics"),
    Rule("ICM816", "read-in-several-ways",
        "{what} is read otherwise by some programs: {reason}",
        meaning=("An event says what RFC 5545 leaves open or forbids, falls into a change of the clock, or has a "
                 "VTIMEZONE that is not as in the IANA database, and programs do not agree on what it means."),
        why="Those who have the same feed elsewhere may see other times, or other occurrences.",
        wrong=("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250714T010000Z\nDTEND:20250714T070000Z\n"
               "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=3\nEND:VEVENT\nEND:VCALENDAR"),
        right=("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250713T010000Z\nDTEND:20250713T070000Z\n"
               "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=3\nEND:VEVENT\nEND:VCALENDAR"),
        source="RFC 5545 3.2.19, 3.3.5, 3.3.10, 3.6.5, 3.8.5.1, 3.8.5.3; RFC 7808",
        severity=Severity.WARNING, shown_as="ics",
        retires=("ICM758", "ICM796", "ICM809", "ICM812", "onsets-collide", "zone-defined-otherwise",
                 "time-at-clock-change")),
    _event_warning("ICM821", "not-kept",
        "a record cannot keep {what}",
        meaning="An imported event says something that no key of a window holds.",
        why="It will not be in the feed that is built from the records. Put what matters into description.",
        wrong="LOCATION:Mombasa\nX-MAINTNOTE-IMPACT:OUTAGE", right="DESCRIPTION:At Mombasa\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="docs/design.md#the-record"),
    _event_warning("ICM823", "left-unsaid",
        "{what}. {remedy}",
        meaning="Imported events do not say what a calendar needs: a system, an impact, and a domain for UIDs.",
        why=("The system is in the address of its feed and in every title, and the domain in every UID: choose them "
             "before anybody subscribes. People stop their work for an outage."),
        wrong="SUMMARY:Works", right="SUMMARY:Works\nX-MAINTNOTE-IMPACT:DEGRADED",
        source="docs/design.md#the-record; the maintenance-notification BCOP; RFC 7986 5.3",
        retires=("ICM824", "ICM826", "system-proposed", "impact-assumed", "domain-proposed")),
    _event_warning("ICM825", "uid-not-kept",
        "the UID {uid} cannot be kept: {reason}. Each event of it gets a new one",
        meaning="A record cannot have the UID of an imported event, or of a series: each occurrence has its own.",
        why="Whoever has the event under its old UID sees it beside the new one, until it is removed there.",
        wrong="UID:2025/7@example.org\nX-MAINTNOTE-IMPACT:OUTAGE",
        right="UID:2025-7@example.org\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="RFC 5545 3.8.4.7; docs/design.md#on-the-wire", retires=("ICM822", "series-adopted")),
    _event_error("ICM828", "statuses-disagree",
        "{what} has STATUS:{status} and X-MAINTNOTE-STATUS:{noted}: only one of them says that it is cancelled. It "
        "counts as taking place",
        meaning="An event is cancelled by one property and not by the other.",
        why="Calendar programs go by STATUS, tools for notifications by X-MAINTNOTE-STATUS.",
        wrong="STATUS:CONFIRMED\nX-MAINTNOTE-STATUS:CANCELLED\nX-MAINTNOTE-IMPACT:OUTAGE",
        right="STATUS:CANCELLED\nX-MAINTNOTE-STATUS:CANCELLED\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="RFC 5545 3.8.1.11; the maintenance-notification BCOP"),
    Rule("ICM829", "beyond-clock-changes",
        "{what} is passed over: the clock changes of {zone} are not known on {wall}",
        meaning="An event lies before or after what the zone database knows, and not in what was asked.",
        why="Governments have not decided yet; its hours would be a guess.",
        wrong=("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\n"
               "DTSTART;VALUE=DATE:20400314\nX-MAINTNOTE-IMPACT:OUTAGE\nEND:VEVENT\nEND:VCALENDAR"),
        right=("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\n"
               "DTSTART;VALUE=DATE:20260314\nX-MAINTNOTE-IMPACT:OUTAGE\nEND:VEVENT\nEND:VCALENDAR"),
        source="the IANA time zone database, to 2037", severity=Severity.WARNING, shown_as="ics"),
    Rule("ICM830", "busy-time",
        "the busy time {read} has no event that says what it is",
        meaning="A VFREEBUSY says that somebody is busy, and not with what.",
        why="It may be maintenance; it is not known whether something is up then.",
        wrong=("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20250713T190000Z/PT4H\nEND:VFREEBUSY\nBEGIN:VEVENT\n"
               "UID:1@example.org\nDTSTART:20250714T010000Z\nDTEND:20250714T070000Z\nEND:VEVENT\nEND:VCALENDAR"),
        right=("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250714T010000Z\nDTEND:20250714T070000Z\n"
               "END:VEVENT\nEND:VCALENDAR"),
        source="RFC 5545 3.6.4, 3.2.9", severity=Severity.WARNING, shown_as="ics"),
    Rule("ICM834", "systems-needed",
        "the calendar that these windows go into needs the systems {systems}",
        meaning="Imported windows are of systems with names or services, which the calendar declares.",
        why="Without them the calendar does not load, or shows ids in place of names.",
        wrong="icms-calendar import feed.ics --windows, of a feed whose events name other systems.",
        right="The systems that the finding names, in calendar.yaml.",
        source="docs/records.md#files", severity=Severity.WARNING, shown_as="words"),
    Rule("ICM835", "own-feed",
        "this feed was built by icms-calendar. Import its site, or the windows.json beside it, which is exact",
        meaning="A feed of icms-calendar has its texts in one description; windows.json has each text by its key.",
        why="Records with the whole description show its parts twice when they are published.",
        wrong="icms-calendar import public/all.ics", right="icms-calendar import public",
        source="docs/files.md#for-programs", severity=Severity.WARNING, shown_as="words"),
)
