"""Rules for reading other people's calendars into records (ICM8xx)."""

from __future__ import annotations

from icms_calendar.catalogue.rule import Rule, Severity, event_error, event_warning

# fmt: off
RULES = (
    # 8: anybody's .ics
    event_error("ICM805", "event-left-out", "{what} is left out: {reason}",
        meaning=("An event does not say when it is, or says what cannot be; it answers what somebody announced, or "
                 "repeats more often than is laid out."),
        why=("Half an event would be a guess: of an end before the start, calendar programs show many different "
             "things."),
        wrong="DTSTART:20250713T070000Z\nDTEND:20250713T010000Z",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.6.1, RFC 5546 3.2",
        retires=("ICM806", "ICM811", "ICM831", "series-cut", "not-an-announcement")),
    event_warning("ICM808", "tzid-by-name", "the time zone {read} {reason}. It is taken as {zone}, by its name",
        meaning=("The file does not define the zone that it names, or the definition cannot be read; the name is "
                 "known."),
        why="Everybody else must also rely on the name: some refuse the file, some take its times for UTC.",
        wrong="DTSTART;TZID=Africa/Nairobi:20250713T040000\nDTEND;TZID=Africa/Nairobi:20250713T100000",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.2.19"),
    event_warning("ICM816", "read-in-several-ways", "{what} is read otherwise by some programs: {reason}",
        meaning=("An event says what RFC 5545 leaves open or forbids, has several revisions in the file, falls into a "
                 "change of the clock, or has a VTIMEZONE that is not as in the IANA database."),
        why="Programs do not agree on what it means: who has the same feed elsewhere may see other times and events.",
        wrong="DTSTART:20250714T010000Z\nDTEND:20250714T070000Z\nRRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=3",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z\nRRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=3",
        source="RFC 5545 3.2.19, 3.3.5, 3.3.10, 3.6.5, 3.8.5.1, 3.8.5.3; RFC 5546 2.1.5; RFC 7808",
        retires=("ICM758", "ICM796", "ICM809", "ICM812", "ICM813", "onsets-collide", "zone-defined-otherwise",
                 "time-at-clock-change", "event-superseded")),
    event_warning("ICM821", "not-kept", "a record cannot keep {what}",
        meaning=("An imported event says something that no key of a window holds; or a feed of icms-calendar has the "
                 "texts of several keys in one description."),
        why="It will not be in the feed that is built from the records. Put what matters into description.",
        wrong="LOCATION:Mombasa\nX-MAINTNOTE-IMPACT:OUTAGE", right="DESCRIPTION:At Mombasa\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="docs/design.md#the-record; docs/files.md#for-programs", retires=("ICM835", "own-feed")),
    event_warning("ICM823", "left-unsaid", "{what}. {remedy}",
        meaning=("What a calendar needs is not in what is imported: a system, an impact, a domain for UIDs; or for "
                 "windows alone, the systems of their own calendar."),
        why=("The system is in the address of its feed and in every title, and the domain in every UID: choose them "
             "before anybody subscribes. People stop their work for an outage."),
        wrong="SUMMARY:Works", right="SUMMARY:Works\nX-MAINTNOTE-IMPACT:DEGRADED",
        source="docs/design.md#the-record; docs/records.md#files; the maintenance-notification BCOP; RFC 7986 5.3",
        retires=("ICM824", "ICM826", "ICM834", "system-proposed", "impact-assumed", "domain-proposed",
                 "systems-needed")),
    event_warning("ICM825", "uid-not-kept", "the UID {uid} cannot be kept: {reason}. Each event of it gets a new one",
        meaning="A record cannot have the UID of an imported event, or of a series: each occurrence has its own.",
        why="Whoever has the event under its old UID sees it beside the new one, until it is removed there.",
        wrong="UID:2025/7@example.org\nX-MAINTNOTE-IMPACT:OUTAGE",
        right="UID:2025-7@example.org\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="RFC 5545 3.8.4.7; docs/design.md#on-the-wire", retires=("ICM822", "series-adopted")),
    event_error("ICM828", "statuses-disagree",
        "{what} has STATUS:{status} and X-MAINTNOTE-STATUS:{noted}: only one of them says that it is cancelled. It "
        "counts as taking place",
        meaning="An event is cancelled by one property and not by the other.",
        why="Calendar programs go by STATUS, tools for notifications by X-MAINTNOTE-STATUS.",
        wrong="STATUS:CONFIRMED\nX-MAINTNOTE-STATUS:CANCELLED\nX-MAINTNOTE-IMPACT:OUTAGE",
        right="STATUS:CANCELLED\nX-MAINTNOTE-STATUS:CANCELLED\nX-MAINTNOTE-IMPACT:OUTAGE",
        source="RFC 5545 3.8.1.11; the maintenance-notification BCOP"),
    Rule("ICM829", "passed-over", "{what} is passed over: {reason}",
        meaning=("An event lies before or after what the zone database knows, and not in what was asked; or a "
                 "VFREEBUSY says that somebody is busy, and not with what."),
        why="Its hours would be a guess, or nobody knows whether something is up then.",
        wrong=("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\n"
               "DTSTART;VALUE=DATE:20400314\nX-MAINTNOTE-IMPACT:OUTAGE\nEND:VEVENT\nEND:VCALENDAR"),
        right=("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\n"
               "DTSTART;VALUE=DATE:20260314\nX-MAINTNOTE-IMPACT:OUTAGE\nEND:VEVENT\nEND:VCALENDAR"),
        source="the IANA time zone database, to 2037; RFC 5545 3.6.4, 3.2.9", severity=Severity.WARNING, shown_as="ics",
        retires=("ICM830", "beyond-clock-changes", "busy-time")),
)
