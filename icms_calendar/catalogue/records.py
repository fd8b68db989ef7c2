"""Rules for records: reading files, time, and what a record may contain (ICM0xx to ICM2xx)."""

from __future__ import annotations

from icms_calendar.catalogue.rule import Rule, Severity

RULES = (
    # 0: reading files
    Rule(
        "ICM001",
        "unreadable",
        "cannot be read: {reason}",
        meaning="The file or folder is not there, may not be read, or is no ordinary file.",
        why="What cannot be read cannot be published; going on would cancel what stood in it.",
        wrong="icms-calendar check no-such-file.yaml",
        right="icms-calendar check calendar.yaml",
        source="design: a window never vanishes silently",
        shown_as="shell",
    ),
    Rule(
        "ICM002",
        "not-utf8",
        "is not UTF-8 text: {reason}. Save the file as UTF-8",
        meaning="The file holds bytes that are no UTF-8: another encoding (UTF-16, Latin-1), or no text.",
        why="Guessing the encoding turns names into other names.",
        wrong="printf 'name: Zoll\\374\\n' > calendar.yaml; icms-calendar check calendar.yaml",
        right="icms-calendar check calendar.yaml",
        source="RFC 3629",
        shown_as="shell",
    ),
    Rule(
        "ICM003",
        "syntax",
        "is not well-formed {format}: {reason}",
        meaning="The file breaks the rules of its own format, so nothing in it can be trusted.",
        why="A file that was cut off in the middle looks like this, too.",
        wrong="name: [Harbour\ndomain: harbour.example.org\n",
        right=(
            "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\nwindows:\n"
            "  - {id: w1, system: harbour, start: 2025-07-13 04:00, duration: 6h}\n"
        ),
        source="YAML 1.2, TOML 1.0, RFC 8259, RFC 4180",
        shown_as="file",
    ),
    Rule(
        "ICM004",
        "duplicate-key",
        'the key "{key}" stands twice{first}. Keep one of them',
        meaning="The same key is given twice in one table.",
        why="Readers keep one of the two and drop the other, and do not agree which.",
        wrong="title: Upgrade\ntitle: Replacement",
        right="title: Upgrade and replacement",
        source="YAML 1.2 3.2.1.3; RFC 8259 section 4",
    ),
    Rule(
        "ICM005",
        "alias-expansion",
        "the alias {alias} {reason}. Write the values out",
        meaning="A YAML alias contains itself, or aliases would repeat their parts without measure.",
        why="A few lines of aliases can grow to gigabytes (a YAML bomb).",
        wrong="name: &a [*a]\n",
        right=(
            "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\nwindows:\n"
            "  - {id: w1, system: &s harbour, start: 2025-07-13 04:00, duration: 6h}\n"
            "  - {id: w2, system: *s, start: 2025-08-13 04:00, duration: 6h}\n"
        ),
        source="YAML 1.2 3.2.2.2",
        shown_as="file",
    ),
    Rule(
        "ICM006",
        "file-too-large",
        "has {size} MiB; at most {limit} MiB are read. Split it into several files of a folder",
        meaning="The file is larger than any list of maintenance windows.",
        why="It is not what you meant, or it was made to use up the memory of the build.",
        wrong="truncate -s 65M calendar.yaml; icms-calendar check calendar.yaml",
        right="icms-calendar check calendar.yaml",
        source="design: the limit is 64 MiB",
        shown_as="shell",
    ),
    Rule(
        "ICM007",
        "nested-too-deep",
        "is nested deeper than a record ever is",
        meaning="Lists or tables stand in one another hundreds of times.",
        why="No record needs it; it was made to break a reader.",
        wrong="name: " + "[" * 1000 + "]" * 1000 + "\n",
        right=(
            "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\nwindows:\n"
            "  - {id: w1, system: harbour, start: 2025-07-13 04:00, duration: 6h, tags: [network]}\n"
        ),
        source="design: the record",
        shown_as="file",
    ),
    Rule(
        "ICM008",
        "empty-source",
        "holds no records. Write at least name, domain, timezone and one window, or run: icms-calendar init",
        meaning="The file is empty, or the folder has no file of records in it.",
        why="An empty source most often is a wrong path or a file cut off; it would empty the calendar.",
        wrong="mkdir empty; icms-calendar check empty",
        right="icms-calendar init new; icms-calendar check new",
        source="design: a truncated file must not cancel a country's calendar",
        shown_as="shell",
    ),
    Rule(
        "ICM009",
        "folder-loop",
        "leads to a folder that is read already ({target}). Remove the link",
        meaning="A symbolic link in the source leads back into it.",
        why="Its windows would be read twice, or for ever.",
        wrong="mkdir s; cp calendar.yaml s; ln -s . s/again; icms-calendar check s",
        right="mkdir s; cp calendar.yaml s; icms-calendar check s",
        source="POSIX path resolution",
        shown_as="shell",
    ),
    Rule(
        "ICM010",
        "no-calendar-file",
        "has no calendar.yaml (or .toml, .json), which holds name, domain and timezone{hint}",
        meaning="A folder of records needs one file that says what calendar they belong to.",
        why="Without a domain the events have no lasting identity.",
        wrong="mkdir s; echo 'windows: []' > s/july.yaml; icms-calendar check s",
        right="mkdir s; cp calendar.yaml s/calendar.yaml; icms-calendar check s",
        source="design: the record",
        shown_as="shell",
    ),
    Rule(
        "ICM011",
        "two-calendar-files",
        "stands beside {first}. Keep one of them",
        meaning="A folder has more than one calendar file.",
        why="Which of them counts would be a guess.",
        wrong="mkdir s; cp calendar.yaml s; cp calendar.yaml s/calendar.yml; icms-calendar check s",
        right="mkdir s; cp calendar.yaml s; icms-calendar check s",
        source="design: the record",
        shown_as="shell",
    ),
    Rule(
        "ICM012",
        "unknown-format",
        "has a name that does not end in .yaml, .yml, .toml, .json or .csv",
        meaning="The format of a file of records is told by the end of its name.",
        why="Guessing the format misreads values.",
        wrong="cp calendar.yaml records.txt; icms-calendar check records.txt",
        right="icms-calendar check calendar.yaml",
        source="design: the record",
        shown_as="shell",
    ),
    Rule(
        "ICM013",
        "csv-row",
        "{reason}",
        meaning="A line of a CSV file does not fit its header, or a cell does not have the form it needs.",
        why="A value in the wrong column is a wrong window.",
        wrong=(
            "mkdir s; cp calendar.yaml s; printf 'id,system,start,end\\nw1,x,2025-07-13 04:00\\n' > s/w.csv; "
            "icms-calendar check s"
        ),
        right=(
            "mkdir s; cp calendar.yaml s; "
            "printf 'id,system,start,end\\nw9,harbour,2025-07-13 04:00,2025-07-13 10:00\\n' > s/w.csv; "
            "icms-calendar check s"
        ),
        source="RFC 4180 section 2",
        shown_as="shell",
    ),
    Rule(
        "ICM030",
        "records-in-site",
        "holds a site that was built, so its records are not read: {files}. Move them out, or build elsewhere and "
        "delete the site",
        meaning="A folder inside the source holds a site of ours, or its lock file, and files that no build made.",
        why="Folders of sites are skipped, so the windows in these files would be missing without a word.",
        wrong="mkdir -p s/2026; cp calendar.yaml s; echo 'windows: []' > s/2026/w.yaml; "
        "touch s/2026/.icms-calendar.lock; icms-calendar check s",
        right="mkdir -p s/2026; cp calendar.yaml s; echo 'windows: []' > s/2026/w.yaml; icms-calendar check s",
        source="design: the record",
        shown_as="shell",
    ),
    # 1: time
    Rule(
        "ICM101",
        "not-a-time",
        "{field} {read} is not a date and time. Write 2025-07-13 04:00, or 2025-07-13T04:00+03:00",
        meaning="A time is written year-month-day hour:minute, with an offset from UTC or without one.",
        why="13/07/25 and 4pm are read differently by different people.",
        wrong="start: 13/07/2025 4am",
        right="start: 2025-07-13 04:00",
        source="ISO 8601-1 5.4.2; RFC 3339 5.6",
    ),
    Rule(
        "ICM102",
        "date-without-time",
        "{field} {read} has no time of day. Write {read_bare} 04:00, or all_day: true for whole days",
        meaning="A window begins and ends at a time, unless it is said to last whole days.",
        why="Midnight would be a guess.",
        wrong="start: 2025-07-13",
        right="start: 2025-07-13 04:00",
        source="design: a guess is never presented as a fact",
    ),
    Rule(
        "ICM103",
        "end-not-after-start",
        "end {end} is not after start {start}. {hint}",
        meaning="A window must end later than it starts.",
        why="ics.py, khal and Data::ICal lose the whole feed; other programs show the event backwards.",
        wrong="start: 2025-07-13 22:00\nend: 2025-07-13 04:00",
        right="start: 2025-07-13 22:00\nend: 2025-07-14 04:00",
        source="RFC 5545 3.8.2.2",
    ),
    Rule(
        "ICM104",
        "time-in-gap",
        '{field} "{read}" does not exist in {zone}: the clock goes from {before} to {after}. '
        "Write {later}, or the offset: {exact}",
        meaning="The zone's clock skips this time.",
        why="A guess may be an hour off, and people plan by it.",
        wrong="timezone: Europe/Berlin\nstart: 2026-03-29 02:30\nend: 2026-03-29 06:00",
        right="timezone: Europe/Berlin\nstart: 2026-03-29T02:30+01:00\nend: 2026-03-29 06:00",
        source="RFC 5545 3.3.5",
    ),
    Rule(
        "ICM105",
        "time-twice",
        '{field} "{read}" exists twice in {zone}, where the clock is set back. Write the offset: {first} or {second}',
        meaning="The zone's clock shows this time two times.",
        why="A guess may be an hour off, and people plan by it.",
        wrong="timezone: Europe/Berlin\nstart: 2026-10-25 02:30\nend: 2026-10-25 06:00",
        right="timezone: Europe/Berlin\nstart: 2026-10-25T02:30+02:00\nend: 2026-10-25 06:00",
        source="RFC 5545 3.3.5",
    ),
    Rule(
        "ICM106",
        "unknown-zone",
        "{read} is not a time zone.{hint} Write an IANA name such as Africa/Nairobi",
        meaning="The name stands neither in the IANA time zone database nor among Windows' zone names.",
        why="Without its zone a time of day is no instant.",
        wrong="timezone: Africa/Nairobbi",
        right="timezone: E. Africa Standard Time",
        source="IANA time zone database; Unicode CLDR windowsZones",
    ),
    Rule(
        "ICM107",
        "local-mean-time",
        "{field} has the offset of local mean time ({offset}). Leave tzinfo out, or use tz.localize(...)",
        meaning="datetime(..., tzinfo=pytz.timezone(...)) takes the zone's first offset, of the 19th century.",
        why="The window would be shown 27 minutes off in Nairobi.",
        wrong=(
            'MaintenanceWindow(id="w", system="x", duration="6h", '
            'start=datetime(2025, 7, 13, 4, tzinfo=pytz.timezone("Africa/Nairobi")))'
        ),
        right=(
            'MaintenanceWindow(id="w", system="x", duration="6h", '
            'start=pytz.timezone("Africa/Nairobi").localize(datetime(2025, 7, 13, 4)))'
        ),
        source="pytz documentation, “Localized times and date arithmetic”",
        shown_as="python",
    ),
    Rule(
        "ICM108",
        "beyond-zone-tables",
        '{field} "{read}" lies outside the clock changes of {zone}, {known}. Write the offset: {example}',
        meaning="The tables of clock changes begin in 1901 and end in 2037; this zone's clock still changes then.",
        why="From there on a time of day would silently be an hour off for half of the year.",
        wrong="timezone: Europe/Berlin\nstart: 2040-07-01 04:00\nend:\nduration: 2h",
        right="timezone: Europe/Berlin\nstart: 2040-07-01T04:00+02:00\nend:\nduration: 2h",
        source="pytz reads the 32-bit block of RFC 8536",
    ),
    Rule(
        "ICM109",
        "duration-disagrees",
        "end and duration disagree: from start to end it is {span}, the duration says {duration}",
        meaning="Both an end and a duration are given, and they are not the same.",
        why="One of the two is wrong, and only you know which.",
        wrong="start: 2025-07-13 04:00\nend: 2025-07-13 10:00\nduration: 5h",
        right="start: 2025-07-13 04:00\nend: 2025-07-13 10:00\nduration: 6h",
        source="RFC 5545 3.6.1: either DTEND or DURATION",
    ),
    Rule(
        "ICM110",
        "no-end",
        "has neither end nor duration. {hint}",
        meaning="A window needs to say when it is over.",
        why="How long people must wait is what they want to know.",
        wrong="end:\nduration:",
        right="end:\nduration: 6h",
        source="design: the record",
    ),
    Rule(
        "ICM111",
        "not-a-duration",
        "{field} {read} is not a duration. Write 6h, 90m, 1h30m, 2d, or PT6H",
        meaning="A duration is weeks, days, hours, minutes and seconds, longer than nothing; never months or years.",
        why="A month has no fixed length.",
        wrong="end:\nduration: six hours",
        right="end:\nduration: 6h",
        source="RFC 5545 3.3.6",
    ),
    Rule(
        "ICM112",
        "instant-out-of-range",
        '{field} "{read}" cannot be told in UTC: it falls before the year 1 or after the year 9999',
        meaning="A feed tells its times in UTC with four digits for the year.",
        why="The time cannot be written.",
        wrong="start: 9999-12-31T23:00-03:00\nend:\nduration: 1h",
        right="start: 9999-12-31T19:00-03:00\nend:\nduration: 1h",
        source="RFC 5545 3.3.5",
    ),
    Rule(
        "ICM113",
        "time-in-all-day",
        "{field} {read} has a time of day, but all_day is true. Write {date}",
        meaning="A window of whole days has dates only, the first and the last day, both included.",
        why="The time would be dropped.",
        wrong="all_day: true\nstart: 2025-07-13 04:00\nend: 2025-07-13",
        right="all_day: true\nstart: 2025-07-13\nend: 2025-07-13",
        source="design: the record",
    ),
    Rule(
        "ICM114",
        "fraction-of-second",
        "{field} {read} has a fraction of a second. Write whole seconds",
        meaning="Calendars count whole seconds.",
        why="The fraction would be dropped.",
        wrong="start: 2025-07-13 04:00:00.5",
        right="start: 2025-07-13 04:00:00",
        source="RFC 5545 3.3.12",
    ),
    Rule(
        "ICM115",
        "not-a-day",
        "{read} has a time of day. Write the date alone",
        meaning="An occurrence is told by its local day.",
        why="At most one occurrence starts on a day, so its time says nothing more.",
        wrong="repeat: {rule: FREQ=DAILY, count: 3, except: [2025-07-14 04:00]}",
        right="repeat: {rule: FREQ=DAILY, count: 3, except: [2025-07-14]}",
        source="design: the record",
    ),
    Rule(
        "ICM116",
        "bad-rule",
        "{read} is not a rule for windows: {reason}",
        meaning="A rule says on which days a window repeats, in the words of RFC 5545, at most once a day.",
        why="Programs read a rule that is not one in different ways.",
        wrong="repeat: {rule: FREQ=HOURLY, count: 3}",
        right="repeat: {rule: FREQ=MONTHLY;BYDAY=2SU, count: 3}",
        source="RFC 5545 3.3.10",
    ),
    Rule(
        "ICM117",
        "until-and-count",
        "both until and count are given. Keep one of them",
        meaning="A repetition ends on a day, or after a number of occurrences.",
        why="With both, one of them would be passed over.",
        wrong="repeat: {rule: FREQ=DAILY, count: 3, until: 2025-07-20}",
        right="repeat: {rule: FREQ=DAILY, until: 2025-07-20}",
        source="RFC 5545 3.3.10",
    ),
    Rule(
        "ICM118",
        "no-occurrence",
        "{what}: on {day} the rule has no occurrence. The nearest is on {nearest}",
        meaning="The start, an exception or a change names a day on which the rule yields nothing.",
        why="The exception or change would never take effect.",
        wrong="repeat: {rule: FREQ=WEEKLY, count: 5, except: [2025-07-21]}",
        right="repeat: {rule: FREQ=WEEKLY, count: 5, except: [2025-07-20]}",
        source="RFC 5545 3.8.5.1",
    ),
    Rule(
        "ICM119",
        "too-many-occurrences",
        "the rule yields more than {limit} occurrences. Begin later, or end it earlier",
        meaning="A window may be laid out to 5,000 occurrences, daily for thirteen years.",
        why="Calendar programs load every one of them.",
        wrong="repeat: {rule: FREQ=DAILY, until: 2050-01-01}",
        right="repeat: {rule: FREQ=DAILY, until: 2026-01-01}",
        source="design: the record",
    ),
    Rule(
        "ICM120",
        "endless-repeat",
        'window "{id}" repeats without end. Give now, or write until: or count:',
        meaning="Without a time to lay it out to, a window that repeats for ever has no last occurrence.",
        why="A feed has an end.",
        wrong=(
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'repeat={"rule": "FREQ=WEEKLY"})\n'
            'MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w]).to_ical()'
        ),
        right=(
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'repeat={"rule": "FREQ=WEEKLY", "count": 9})\n'
            'MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w]).to_ical()'
        ),
        source="design: Python",
        shown_as="python",
    ),
    Rule(
        "ICM121",
        "repeat-at-clock-change",
        'window "{id}" on {day}: the clock of {zone} {what} then. It starts at {start}; write a change to have it else',
        meaning="A repetition falls on a time that the clock skips, or shows twice.",
        why="RFC 5545 says what holds then, but people may expect something else.",
        wrong=(
            "sed -i.bak 's/10:00}/10:00, timezone: Europe\\/Berlin}/; s/2025-06-13 04:00/2025-10-25 02:30/; "
            "s/2025-06-13 10:00/2025-10-25 04:00/; "
            "s/timezone: Europe/repeat: {rule: FREQ=DAILY, count: 2}, &/' calendar.yaml; "
            "icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01",
        source="RFC 5545 3.3.5",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM122",
        "occurrences-overlap",
        'window "{id}" is not over on {first} when it starts again on {second}{more}',
        meaning="An occurrence lasts longer than the time to the next one.",
        why="People see two windows at once; most likely one of the times is wrong.",
        wrong=(
            "sed -i.bak 's/end: 2025-06-13 10:00/duration: 30h, repeat: {rule: FREQ=DAILY, count: 2}/' calendar.yaml; "
            "icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01",
        source="design: the record",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM123",
        "repeat-beyond-horizon",
        'window "{id}" first starts on {start}, beyond the horizon: nothing of it is published yet',
        meaning="A window that repeats without end begins later than the calendar's horizon.",
        why="It may be a wrong year.",
        wrong=(
            "sed -i.bak 's/end: 2025-06-13 10:00/duration: 1h, repeat: {rule: FREQ=DAILY}/' calendar.yaml; "
            "icms-calendar build calendar.yaml -o public --first-build --now 2020-06-01"
        ),
        right=(
            "sed -i.bak 's/end: 2025-06-13 10:00/duration: 1h, repeat: {rule: FREQ=DAILY}/' calendar.yaml; "
            "icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01"
        ),
        source="design: the record",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM124",
        "line-break",
        "{read} has a line break. Write it on one line; what is more than a title is a description",
        meaning="A title is one line, and so are the names of systems, which stand in titles.",
        why="calcurse drops an event whose title has a line break, and others show what is before it.",
        wrong='title: "Upgrade\\nof the portal"',
        right='title: "Upgrade of the portal"',
        source="calcurse; RFC 5545 3.8.1.12, a short summary",
    ),
    # 2: records
    Rule(
        "ICM201",
        "unknown-key",
        'unknown key "{key}".{hint}',
        meaning="The record has a key that means nothing here.",
        why="It is a misspelling, and what it was to say would be lost.",
        wrong="titel: Upgrade",
        right="title: Upgrade",
        source="design: the record",
    ),
    Rule(
        "ICM202",
        "missing-key",
        '"{key}" is missing',
        meaning="A key that every record needs is not there.",
        why="Its value cannot be guessed.",
        wrong="id:",
        right="id: icms-2025-07-13",
        source="design: the record",
    ),
    Rule(
        "ICM203",
        "wrong-type",
        "{read} is not {expected}",
        meaning="The value is of another kind than the key needs.",
        why="Turning one into the other would be a guess.",
        wrong="audience: importers",
        right="audience: [importers, exporters]",
        source="design: the record",
    ),
    Rule(
        "ICM204",
        "unknown-value",
        "{read} is not one of the values that {field} can have.{hint}",
        meaning="The key takes one of a few words.",
        why="A status or an impact that no program knows is shown wrongly or not at all.",
        wrong="status: canceled",
        right="status: cancelled",
        source="BCOP maintenance notification; RFC 7986 5.9 (colours)",
    ),
    Rule(
        "ICM205",
        "bad-id",
        "{read} cannot be an id. Use a-z, 0-9, dot, hyphen and underscore, a letter or digit first, "
        "at most 100 characters{hint}",
        meaning="An id becomes a file name, an address and a part of a UID.",
        why="Other characters break one of these somewhere: Nextcloud makes paths of UIDs, Windows ignores case.",
        wrong="id: ICMS July/13",
        right="id: icms-2025-07-13",
        source="RFC 7986 5.3; nextcloud/server 19980",
    ),
    Rule(
        "ICM206",
        "duplicate-id",
        '{kind} "{id}" stands twice{first}. Give one of them another id',
        meaning="Two windows (systems, services, feeds) have the same id.",
        why="Calendar programs keep one of two events with the same UID.",
        wrong="systems: [harbour, harbour]",
        right="systems: [harbour, customs]",
        source="RFC 5545 3.8.4.7",
        shown_as="calendar",
    ),
    Rule(
        "ICM207",
        "reserved-id",
        '"{id}" cannot be the id of a {kind}: {reason}. Choose another',
        meaning="The id would collide with a file of the site, or is a name that Windows keeps for itself.",
        why="One file would overwrite another.",
        wrong="systems: [harbour, all]",
        right="systems: [harbour, all-berths]",
        source="design: the built site; Microsoft, “Naming files”",
        shown_as="calendar",
    ),
    Rule(
        "ICM208",
        "unknown-system",
        'unknown system "{id}".{hint}',
        meaning="The window or feed names a system that is not declared under systems.",
        why="Its subscribers would never see the window.",
        wrong="system: harbor",
        right="system: harbour",
        source="design: the record",
    ),
    Rule(
        "ICM209",
        "unknown-service",
        'unknown service "{id}".{hint}',
        meaning="The window or feed names a service that its systems do not have.",
        why="Its subscribers would never see the window.",
        wrong="services: [pilotage-booking]",
        right="services: [pilotage]",
        source="design: the record",
    ),
    Rule(
        "ICM210",
        "ambiguous-service",
        'several systems have a service "{id}". Write {options}',
        meaning="The window is of several systems, and more than one of them has this service.",
        why="Which one is down would be a guess.",
        wrong="system:\nsystems: [harbour, customs]\nservices: [payments]",
        right="system:\nsystems: [harbour, customs]\nservices: [harbour/payments]",
        source="design: the record",
    ),
    Rule(
        "ICM211",
        "control-character",
        "the text holds the character {character}, which no text may. Remove it",
        meaning="A text may hold line breaks and tabs, no other control character, and no half of a character.",
        why="iCalendar forbids them; readers that split lines at them would lose the rest of the event.",
        wrong='title: "Upgrade\\x07"',
        right="title: Upgrade",
        source="RFC 5545 3.1 (CONTROL)",
    ),
    Rule(
        "ICM212",
        "title-too-long",
        "the title has {length} characters; at most {limit}. Move the rest to description",
        meaning="A title is what people see in a cell of their calendar.",
        why="Longer ones are cut off at different places.",
        wrong="title: " + "upgrade " * 26,
        right="title: upgrade",
        source="design: the record",
    ),
    Rule(
        "ICM213",
        "bad-url",
        "{read} is not an http or https address. Write https://… with other characters percent-encoded",
        meaning="An address must begin with http:// or https:// and hold only the characters of a URI.",
        why="Other schemes run code or open nothing; a space ends the link in most programs.",
        wrong="source: javascript:alert(1)",
        right="source: https://www.example.org/notices/7",
        source="RFC 3986; RFC 5545 3.3.13",
    ),
    Rule(
        "ICM214",
        "bad-uid",
        "{read} cannot be a UID: {reason}",
        meaning="A UID is printable text of at most 255 characters without a slash.",
        why="Nextcloud, Radicale and vdirsyncer make paths of UIDs and break on a slash.",
        wrong="uid: 2025/07/13@example.org",
        right="uid: 2025-07-13@example.org",
        source="RFC 7986 5.3; vdirsyncer 1154; Radicale 845",
    ),
    Rule(
        "ICM215",
        "duplicate-uid",
        'the UID "{uid}" is that of another event, too{first}',
        meaning="Two windows would be published under one UID.",
        why="Calendar programs keep one of the two.",
        wrong="uid: w0@harbour.example.org",
        right="uid: w7@harbour.example.org",
        source="RFC 5545 3.8.4.7",
    ),
    Rule(
        "ICM217",
        "bad-domain",
        "{read} is not a domain name. Write it like icms.example.org, in lower case",
        meaning="The domain is the right side of every UID.",
        why="It makes the UIDs yours alone, for ever.",
        wrong="domain: https://harbour.example.org/",
        right="domain: harbour.example.org",
        source="RFC 1035 2.3.1; RFC 7986 5.3",
        shown_as="calendar",
    ),
    Rule(
        "ICM218",
        "bad-email",
        "{read} is not an e-mail address. Write it like calendar@example.org",
        meaning="The publisher's address becomes the ORGANIZER of every event.",
        why="Programs that check it refuse the feed.",
        wrong="publisher: {name: Harbour, email: nobody}",
        right="publisher: {name: Harbour, email: calendar@example.org}",
        source="RFC 6068; RFC 5545 3.3.3",
        shown_as="calendar",
    ),
    Rule(
        "ICM219",
        "unknown-window",
        'there is no window "{id}".{hint}',
        meaning="The id is that of no window of this calendar.",
        why="A reference to nothing is a misspelling.",
        wrong="replaces: w00",
        right="replaces: w0",
        source="RFC 5545 3.8.4.5",
    ),
    Rule(
        "ICM221",
        "refused-change",
        'window "{id}" is {status}: it cannot {operation}. {hint}',
        meaning="Each operation on a window is open to some statuses only.",
        why="What is over cannot be moved, and what was called off does not begin.",
        wrong=(
            'MaintenanceWindow(id="w", system="x", start=datetime(2025, 7, 13, 4), duration="6h", '
            'status="completed").cancel("not needed")'
        ),
        right=(
            'MaintenanceWindow(id="w", system="x", start=datetime(2025, 7, 13, 4), duration="6h").cancel("not needed")'
        ),
        source="BCOP maintenance notification, status",
        shown_as="python",
    ),
    Rule(
        "ICM222",
        "system-and-systems",
        "{reason}",
        meaning="A window names its system under `system`, or several of them under `systems`.",
        why="With none it belongs to no feed; with both, one of them would be passed over.",
        wrong="system: harbour\nsystems: [customs]",
        right="system:\nsystems: [harbour, customs]",
        source="design: the record",
    ),
    Rule(
        "ICM223",
        "empty-text",
        "the text is empty. Leave the key out",
        meaning="A key is given, but its text is blank.",
        why="It may be a value that was lost.",
        wrong='title: " "',
        right="title: Upgrade",
        source="design: the record",
    ),
    Rule(
        "ICM224",
        "listed-twice",
        '"{item}" is listed twice',
        meaning="A list names the same thing two times.",
        why="One of the two was meant to be something else.",
        wrong="services: [pilotage, pilotage]",
        right="services: [pilotage, payments]",
        source="design: the record",
    ),
    Rule(
        "ICM225",
        "windows-overlap",
        'window "{id}" begins on {start}, before window "{other}" has ended, and both affect {objects}. '
        "If it takes the place of the other, write replaces: {other}; if they are one, keep one",
        meaning="Two windows that are not cancelled overlap, and something is affected by both.",
        why="People see the same thing maintained twice at once; most likely a time is wrong, or one is superseded.",
        wrong=(
            "echo '  - {id: w1, system: harbour, start: 2025-06-13 08:00, end: 2025-06-13 12:00}' >> calendar.yaml; "
            "icms-calendar check calendar.yaml --now 2025-06-01"
        ),
        right=(
            "echo '  - {id: w1, system: harbour, start: 2025-06-13 10:00, end: 2025-06-13 12:00}' >> calendar.yaml; "
            "icms-calendar check calendar.yaml --now 2025-06-01"
        ),
        source="design: a window is never doubled",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM226",
        "same-window-twice",
        'window "{id}" is window "{other}" again: the same systems, services, title, start and end. Keep one of them',
        meaning="Two records under two ids are one maintenance.",
        why="Everybody sees it twice, and when it is moved or cancelled, one of the two stays as it was.",
        wrong=(
            "echo '  - {id: w1, system: harbour, start: 2025-06-13 04:00, end: 2025-06-13 10:00}' >> calendar.yaml; "
            "icms-calendar check calendar.yaml --now 2025-06-01"
        ),
        right=(
            "echo '  - {id: w1, system: harbour, start: 2025-06-13 04:00, end: 2025-06-13 10:00, replaces: w0}' "
            ">> calendar.yaml; icms-calendar check calendar.yaml --now 2025-06-01"
        ),
        source="design: a window is never doubled",
        shown_as="shell",
    ),
    Rule(
        "ICM227",
        "open-question",
        'window "{id}" has an open question: {question}. Answer it, correct the record, and delete the line',
        meaning="The record has `questions` that a person must still answer; `draft` writes them.",
        why="A guess must not be published as a fact.",
        wrong="""cat >> calendar.yaml <<'END'
  - id: w1
    system: harbour
    start: 2025-07-13 04:00
    end: 2025-07-13 10:00
    questions:
      - Is 04:00 in the morning?
END
icms-calendar check calendar.yaml
""",
        right="icms-calendar check calendar.yaml",
        source="docs: records, questions",
        shown_as="shell",
    ),
)
