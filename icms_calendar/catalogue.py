"""The catalogue of rules: every finding there is, by a code that never changes its meaning; and a test runs it all.

What a finding is, and how one is made of a rule, is in findings.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """How grave a finding is: an error stops the work, a warning does so only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue; `icms-calendar explain CODE` prints it.

    `wrong` and `right` are `shown_as` keys of a window, keys of a calendar, a whole source file, Python, shell
    commands, lines of an event in somebody's .ics, or such a file; a test runs every one of them.
    A code never changes its meaning.
    """

    code: str
    name: str
    message: str
    meaning: str
    why: str
    wrong: str
    right: str
    source: str
    shown_as: Literal["window", "calendar", "file", "python", "shell", "event", "ics"] = "window"
    severity: Severity = Severity.ERROR


def rule_by(code_or_name: str) -> Rule:
    """The rule with this code (`ICM104`, in any case) or name (`time-in-gap`); KeyError if there is none."""
    return RULES.get(code_or_name.upper()) or RULES_BY_NAME[code_or_name.lower()]


_RULES = (
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
        "has no calendar.yaml (or .toml, .json). It holds name, domain and timezone",
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
        'window "{id}" is not over on {first} when it starts again on {second}',
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
    # 3: what is written
    Rule(
        "ICM301",
        "feed-too-large",
        "{feed} has {size} octets, over {limit}. Shorten history, or split it with feeds",
        meaning="The feed is larger than what Google Calendar is reported to read.",
        why="Its subscribers would see an old state, or nothing.",
        wrong=(
            "python -c \"print('id,system,start,duration,description'); "
            "[print(f'w{i},harbour,2100-01-01 00:00,1h,' + 'x' * 1000) for i in range(1, 800)]\" > many.csv; "
            "mkdir s; cp calendar.yaml s; mv many.csv s; icms-calendar build s -o public --first-build --strict"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build --strict",
        source="users' reports on Google Calendar (about 1 MB)",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM302",
        "folder-not-ours",
        "holds files that no build of ours made ({files}). Choose another folder, or --force to build beside "
        "them: one of the same name as a file of the site is replaced",
        meaning="The output folder has other things in it, and no site of ours.",
        why="It may be the wrong folder; files of the same name would be overwritten.",
        wrong="mkdir home; echo mine > home/notes.txt; icms-calendar build calendar.yaml -o home --first-build",
        right="mkdir home; icms-calendar build calendar.yaml -o home --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM303",
        "build-under-way",
        "another build is writing this folder, or has just done so. Run this again when it is done",
        meaning="Two builds into one folder at once would mix two states.",
        why="The feeds would not belong together.",
        wrong=(
            "mkdir public; python -c \"import fcntl,time; f=open('public/.icms-calendar.lock','w'); "
            'fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); time.sleep(9)" | '
            "(read line; icms-calendar build calendar.yaml -o public --first-build)"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM304",
        "cannot-write",
        "cannot be written: {reason}. What stood there before still stands",
        meaning="The disk is full, the folder is read-only, or something else stands in the way.",
        why="A half-written site would lose windows.",
        wrong="echo > public; icms-calendar build calendar.yaml -o public --first-build",
        right="icms-calendar build calendar.yaml -o public --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM305",
        "leaves-the-folder",
        "is a link (to {target}), which a build does not follow. Remove it",
        meaning="A folder inside the output folder is a symbolic link.",
        why="Files outside of the site would be overwritten.",
        wrong=(
            "icms-calendar build calendar.yaml -o public --first-build --now 2025-01-01; mkdir other; "
            "rm -r public/events; ln -s ../other public/events; "
            "icms-calendar build calendar.yaml -o public --now 2025-01-01"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar build calendar.yaml -o public",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM306",
        "exists-already",
        "is there already, and would be overwritten. Choose another folder",
        meaning="`init` writes new files only.",
        why="Your own records would be lost.",
        wrong="icms-calendar init new; icms-calendar init new",
        right="icms-calendar init new",
        source="design: the command line",
        shown_as="shell",
    ),
    # 4: what was published before
    Rule(
        "ICM401",
        "no-ledger",
        "is not there: every window counts as new. If a feed was published before, name it with --previous; "
        "if not, say --first-build",
        meaning="A build goes on from the feed that was published last; there is none in the output folder.",
        why="If there is one elsewhere, its events would start again at SEQUENCE 0, and what vanished is not noticed.",
        wrong="icms-calendar build calendar.yaml -o public",
        right="icms-calendar build calendar.yaml -o public --first-build",
        source="RFC 5546 2.1.5",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM402",
        "ledger-unreachable",
        "the feed published before {reason}. Try again, name another with --previous, or if there never was one, "
        "say --first-build",
        meaning="The feed that --previous names could not be read.",
        why="Without it a change would not reach those who have the events, and a lost window would not be noticed.",
        wrong="icms-calendar build calendar.yaml -o public --previous gone.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM403",
        "ledger-unusable",
        "the feed published before cannot be gone on from: {reason}. Restore it from where you serve it or from its "
        "history, and name it with --previous",
        meaning="The file is no whole feed of ours: cut off, another program's, or with two events of one UID.",
        why="Going on from it would lose events, or send their revisions backwards.",
        wrong="printf 'BEGIN:VCALENDAR\\r\\n' > old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM404",
        "ledger-of-another-domain",
        'the feed published before is of "{other}", this calendar of "{domain}". Put the old domain back, or name '
        "another feed with --previous",
        meaning="No event of the feed has a UID of this calendar.",
        why="With another domain every event is a new one, and the old ones stay in people's calendars for ever.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; sed -i.bak s/harbour.example/port.example/ calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="RFC 7986 5.3",
        shown_as="shell",
    ),
    Rule(
        "ICM405",
        "ledger-event-unknown",
        "the feed published before holds an event that no build of ours wrote ({event}). It is left out",
        meaning="Somebody added an event to the published feed by hand.",
        why="It is in no record, so it cannot be kept up to date. Make it a window if it is to stay.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; "
        "sed -i.bak 's/^END:VCALENDAR/BEGIN:VEVENT\\r\\nUID:mine\\r\\nEND:VEVENT\\r\\n&/' old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM406",
        "ledger-newer",
        "the event {uid} of the feed published before has a property that this version does not write ({property}). "
        "Update icms-calendar, or restore the feed",
        meaning="The published feed was written by a newer version, or changed by hand.",
        why="Writing over it would undo what the newer version published.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; sed -i.bak 's/^CLASS/X-NEW:1\\r\\n&/' old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM407",
        "windows-vanished",
        "{vanished} of {coming} coming windows are no longer in the records ({ids}). If they are called off, say "
        "--allow-vanished; if not, restore the records",
        meaning="More than half of the coming windows, of three or more, vanished at once; or none is left at all.",
        why="A truncated file or a wrong path must not cancel everybody's calendar.",
        wrong="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-02",
        right="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-02 --allow-vanished",
        source="design: a truncated file must not cancel a country's calendar",
        shown_as="shell",
    ),
    Rule(
        "ICM408",
        "clock-behind",
        "the clock says {now}, but an event was changed at {modified}, as the feed published before has it. "
        "Its stamps go on from there",
        meaning="The time of this build is earlier than a stamp in the feed published before.",
        why="A stamp that goes back makes programs ignore the change; one of the two clocks is wrong.",
        wrong="icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01; "
        "sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2025-07-01",
        right="icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01; "
        "sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2026-02-01",
        source="RFC 5546 2.1.5",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    # 5: a site
    Rule(
        "ICM501",
        "site-stale",
        "was built {age} ago, more than {limit}. Look at the last run of its build",
        meaning="The last build of the site is older than --max-age.",
        why="Scheduled builds stop silently: GitHub stops them after 60 days without a commit.",
        wrong="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "icms-calendar check public --max-age 36h",
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar check public --max-age 36h",
        source="GitHub Actions documentation, schedule",
        shown_as="shell",
    ),
    Rule(
        "ICM502",
        "site-damaged",
        "{reason}. Build the site again",
        meaning="A file of the site is missing, or its SHA-256 is not the one in status.json.",
        why="Subscribers see something else than was published.",
        wrong="icms-calendar build calendar.yaml -o public --first-build; rm public/all.ics; "
        "icms-calendar check public",
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar check public",
        source="design: the built site",
        shown_as="shell",
    ),
    # 6: questions about time
    Rule(
        "ICM601",
        "beyond-horizon",
        "{asked} is not known: the windows are laid out until {until}. Lay them out further, with a later until",
        meaning="The answer depends on windows that begin after the time to which they are laid out or known.",
        why="Windows that repeat may come then; answering that all is free would be a guess.",
        wrong=(
            "from datetime import UTC, timedelta\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h")\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            "c.schedule(until=datetime(2025, 8, 1, tzinfo=UTC)).active(datetime(2026, 7, 13, 5, tzinfo=UTC))"
        ),
        right=(
            "from datetime import UTC, timedelta\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h")\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            "c.schedule(until=datetime(2026, 8, 1, tzinfo=UTC)).active(datetime(2026, 7, 13, 5, tzinfo=UTC))"
        ),
        source="design: a guess is never presented as a fact",
        shown_as="python",
    ),
    Rule(
        "ICM602",
        "unknown-channel",
        'no window names the channel "{id}".{hint}',
        meaning="The question is about a channel that stands under channels of no window.",
        why="A misspelled channel would never be down.",
        wrong=(
            "from datetime import UTC\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'channels={"online": "queued"})\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            'c.schedule().active(datetime(2025, 7, 13, 5, tzinfo=UTC), channel="onlin")'
        ),
        right=(
            "from datetime import UTC\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'channels={"online": "queued"})\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            'c.schedule().active(datetime(2025, 7, 13, 5, tzinfo=UTC), channel="online")'
        ),
        source="design: a guess is never presented as a fact",
        shown_as="python",
    ),
    # 8: anybody's .ics
    Rule(
        "ICM801",
        "ics-unreadable",
        "cannot be read as iCalendar: {reason}",
        meaning="The file is no iCalendar text in UTF-8, or is larger than any calendar.",
        why="A web page with an error message often stands where a feed should be; nothing in it is an event.",
        wrong="<!DOCTYPE html><title>404</title>",
        right="BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR",
        source="RFC 5545 3.4",
        shown_as="ics",
    ),
    Rule(
        "ICM802",
        "ics-cut-off",
        "is cut off: {reason}. What is whole before it is read; fetch the file again",
        meaning="The file ends in the middle of a calendar.",
        why="Events are missing, and nobody can tell how many.",
        wrong="BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1@example.org",
        right="BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR",
        source="RFC 5545 3.4",
        shown_as="ics",
    ),
    Rule(
        "ICM803",
        "ics-structure",
        "is not well-formed iCalendar: {reason}",
        meaning="A line is none of `NAME:value`, or a component begins or ends where it cannot.",
        why="Most often a long line was broken without the blank that continues it: its end is lost, and seven of 19 "
        "calendar programs lose the whole feed.",
        wrong="DESCRIPTION:The database is being\nupgraded",
        right="DESCRIPTION:The database is being\n  upgraded",
        source="RFC 5545 3.1, 3.6",
        shown_as="event",
    ),
    Rule(
        "ICM804",
        "ics-not-utf8",
        "is not UTF-8 in this line: {reason}. It stands as \ufffd in what was read",
        meaning="A text holds bytes of another encoding.",
        why="Guessing the encoding turns names into other names; see what the text should be.",
        wrong="SUMMARY:Wartung f\udcfcr alle",
        right="SUMMARY:Wartung für alle",
        source="RFC 5545 3.1.4",
        shown_as="event",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM805",
        "event-left-out",
        "{what} is left out: {reason}",
        meaning="An event does not say when it is, or says what cannot be.",
        why="Half an event would be a guess: of an end before the start, calendar programs show many different things.",
        wrong="DTSTART:20250713T070000Z\nDTEND:20250713T010000Z",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.6.1",
        shown_as="event",
    ),
    Rule(
        "ICM806",
        "floating-time",
        "{what} is left out: its {of} are of no zone. Say which with --timezone",
        meaning="The event has a time without a zone, or whole days, and the calendar does not say whose.",
        why="Such a time is another instant for every reader.",
        wrong="DTSTART:20250713T040000\nDTEND:20250713T100000",
        right="DTSTART:20250713T040000Z\nDTEND:20250713T100000Z",
        source="RFC 5545 3.3.5",
        shown_as="event",
    ),
    Rule(
        "ICM807",
        "unknown-tzid",
        "{what} is left out: the time zone {read} is not known, and {reason}",
        meaning="A TZID names no zone of the IANA database or of Windows, and the file does not define it.",
        why="Of such a time, calendar programs make UTC or the viewer's own zone: both are guesses.",
        wrong="DTSTART;TZID=Acme/Nairobi:20250713T040000\nDTEND;TZID=Acme/Nairobi:20250713T100000",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.2.19",
        shown_as="event",
    ),
    Rule(
        "ICM808",
        "tzid-by-name",
        "the time zone {read} {reason}. It is taken as {zone}, by its name",
        meaning="The file does not define the zone that it names, or the definition cannot be read; the name is known.",
        why="Everybody else has to go by the name, too: some refuse the file, some take its times for UTC.",
        wrong="DTSTART;TZID=Africa/Nairobi:20250713T040000\nDTEND;TZID=Africa/Nairobi:20250713T100000",
        right="DTSTART:20250713T010000Z\nDTEND:20250713T070000Z",
        source="RFC 5545 3.2.19",
        shown_as="event",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM809",
        "zone-defined-otherwise",
        "{wall} in {zone} is {read}, but {other} by the file's own VTIMEZONE, for one in {what}. The database counts",
        meaning="The file defines a zone otherwise than the IANA database does for this time.",
        why="Programs that go by the name and those that go by the file show two times; ask which one is meant.",
        wrong="BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Africa/Nairobi\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0200\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1@example.org\n"
        "DTSTART;TZID=Africa/Nairobi:20250713T040000\nDTEND;TZID=Africa/Nairobi:20250713T100000\n"
        "END:VEVENT\nEND:VCALENDAR",
        right="BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Africa/Nairobi\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1@example.org\n"
        "DTSTART;TZID=Africa/Nairobi:20250713T040000\nDTEND;TZID=Africa/Nairobi:20250713T100000\n"
        "END:VEVENT\nEND:VCALENDAR",
        source="RFC 5545 3.6.5, RFC 7808",
        shown_as="ics",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM810",
        "rule-refused",
        "{what} is left out: its rule cannot be laid out: {reason}",
        meaning="An event repeats by a rule that is no rule, or that no maintenance has.",
        why="Some lines can stand for more occurrences than a machine can hold.",
        wrong="RRULE:FREQ=SECONDLY",
        right="RRULE:FREQ=WEEKLY;COUNT=4",
        source="RFC 5545 3.3.10",
        shown_as="event",
    ),
    Rule(
        "ICM811",
        "series-cut",
        "only the first {limit} occurrences of {what} are read",
        meaning="An event repeats more often than is laid out.",
        why="What comes later is not there; it is not that nothing takes place.",
        wrong="DTSTART:20000101T000000Z\nDTEND:20000101T001500Z\nRRULE:FREQ=HOURLY;COUNT=20000",
        right="DTSTART:20000101T000000Z\nDTEND:20000101T001500Z\nRRULE:FREQ=HOURLY;COUNT=200",
        source="design: the work is bounded",
        shown_as="event",
    ),
    Rule(
        "ICM812",
        "time-at-clock-change",
        "the clock in {zone} {odd} on the day of {wall}, the time of {what}. It is read as {start}",
        meaning="A time falls into a change of the zone's clock.",
        why="RFC 5545 says which instant it is, but whoever wrote it may not have thought of it.",
        wrong="BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250330T023000\n"
        "DTEND:20250330T060000\nEND:VEVENT\nEND:VCALENDAR",
        right="BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250330T033000\n"
        "DTEND:20250330T060000\nEND:VEVENT\nEND:VCALENDAR",
        source="RFC 5545 3.3.5",
        shown_as="ics",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM813",
        "event-superseded",
        "{what} stands in the file {number} times; the one with SEQUENCE {sequence} and the latest stamp counts",
        meaning="Several events have one UID: revisions of one event.",
        why="If they were meant to be different events, all but one are lost.",
        wrong="BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nDTSTART:20250713T010000Z\nDTEND:20250713T070000Z\n"
        "END:VEVENT\nBEGIN:VEVENT\nUID:1@example.org\nSEQUENCE:1\nDTSTART:20250720T010000Z\n"
        "DTEND:20250720T070000Z\nEND:VEVENT\nEND:VCALENDAR",
        right="BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.org\nSEQUENCE:1\nDTSTART:20250720T010000Z\n"
        "DTEND:20250720T070000Z\nEND:VEVENT\nEND:VCALENDAR",
        source="RFC 5546 2.1.5",
        shown_as="ics",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM814",
        "event-without-uid",
        "the event {summary} has no UID",
        meaning="An event does not say which one it is.",
        why="Calendar programs make up another UID each time they read it, and show the event twice.",
        wrong="UID:",
        right="UID:2025-7@example.org",
        source="RFC 5545 3.8.4.7",
        shown_as="event",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM815",
        "value-unread",
        "the {property} {read} is none that is known. It is read as if it were not there",
        meaning="A property has a value that its definition does not allow.",
        why="What it was to say is lost.",
        wrong="STATUS:POSTPONED",
        right="STATUS:TENTATIVE",
        source="RFC 5545 3.8.1.11; the maintenance-notification BCOP",
        shown_as="event",
        severity=Severity.WARNING,
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
RULES_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in _RULES}
