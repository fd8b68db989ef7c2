"""Rules for public notices, read and written (ICM9xx).

What a notice leaves open is not a finding but a question in the draft (notice/questions.py).
"""

from __future__ import annotations

from icms_calendar.catalogue.rule import Rule, Severity

RULES = (
    Rule(
        "ICM901",
        "notice-encoding",
        "has the byte {byte} at {offset}, which is not valid {encoding}. Save it as UTF-8",
        meaning="The notice is not encoded as UTF-8, or as UTF-16 with a byte order mark, or it is not text.",
        why="A dash or a blank that is read wrongly can turn one time into another.",
        wrong="printf 'iCMS maintenance, 4:00 \\226 10:00' | icms-calendar draft -",
        right="printf 'iCMS maintenance on Sunday 13 July 2025, 4:00 am to 10:00 am EAT' | icms-calendar draft -",
        source="RFC 3629",
        shown_as="shell",
    ),
    Rule(
        "ICM906",
        "notice-too-long",
        "has {length} characters; at most {limit} are read. Cut out the notice",
        meaning="The text is longer than a notice: a whole site, or not text that people wrote.",
        why="Among so much other text, the times of the window cannot be recognised.",
        wrong="head -c 60000 /dev/zero | tr '\\0' 'a' | icms-calendar draft -",
        right="echo 'iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.' | icms-calendar draft -",
        source="docs: reading a notice",
        shown_as="shell",
    ),
    Rule(
        "ICM907",
        "notice-too-many-times",
        "has more than {limit} days and times. Split it into several notices",
        meaning="The text names more days and times than a notice does.",
        why="Nobody can compare so many windows with one text.",
        wrong="for i in $(seq 400); do echo 'On 13 July 2025 at 04:00.'; done | icms-calendar draft -",
        right="echo 'iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.' | icms-calendar draft -",
        source="docs: reading a notice",
        shown_as="shell",
    ),
    Rule(
        "ICM956",
        "announce-left-out",
        "the {field} is left out of the notice: with it, reading the notice back gives another window or a question",
        meaning="A text of the record would make the public notice unclear: it has a day or time of its own.",
        why="Readers, and programs that read notices, would take its times for those of the window.",
        wrong="sed -i.bak 's/10:00}/10:00, reason: Parts come on 3 May 2024 at 9 am}/' calendar.yaml; "
        "icms-calendar announce calendar.yaml w0",
        right="sed -i.bak 's/10:00}/10:00, reason: Parts come late}/' calendar.yaml; "
        "icms-calendar announce calendar.yaml w0",
        source="docs: writing a notice",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM957",
        "no-window-read",
        "names no day or time of a maintenance window. Write the record by hand",
        meaning="No window was found in the text: it has no day and no time that could be one.",
        why="A draft holds only what the words of the notice say.",
        wrong="echo 'iCMS maintenance is planned soon.' | icms-calendar draft -",
        right="echo 'iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.' | icms-calendar draft -",
        source="docs: reading a notice",
        shown_as="shell",
    ),
    Rule(
        "ICM958",
        "window-exists",
        "window {number} is already in the calendar as {id}. Change that record instead of adding another",
        meaning="The calendar given with --source has a window of the same system that overlaps the drafted one.",
        why="Two records of one window would appear as two events in everybody's calendar.",
        wrong="echo 'Harbour maintenance on 13 June 2025 from 04:00 to 10:00.' | "
        "icms-calendar draft - --source calendar.yaml",
        right="echo 'Harbour maintenance on 14 June 2025 from 04:00 to 10:00.' | "
        "icms-calendar draft - --source calendar.yaml",
        source="docs: reading a notice",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM959",
        "occurrence-not-named",
        '"{id}" repeats and does not name an occurrence. Use one of its days: {names} (next: {example}, {day})',
        meaning="The id is that of a repeating window; a notice is about one occurrence of it.",
        why="Each day of a repeating window is announced, moved and cancelled on its own.",
        wrong="sed -i.bak 's/10:00}/10:00, repeat: {rule: FREQ=WEEKLY, count: 2}}/' calendar.yaml; "
        "icms-calendar announce calendar.yaml w0 --now 2025-07-01",
        right="sed -i.bak 's/10:00}/10:00, repeat: {rule: FREQ=WEEKLY, count: 2}}/' calendar.yaml; "
        "icms-calendar announce calendar.yaml w0.20250613 --now 2025-07-01",
        source="docs: writing a notice",
        shown_as="shell",
    ),
)

_QUESTION = "a question in the draft since 0.2.0"
RETIRED: dict[str, str] = {
    **{
        f"ICM{number}": _QUESTION
        for number in (902, 903, 904, 905, *range(911, 927), *range(931, 947), *range(951, 956))
    },
    "ICM908": "replaced by ICM957 and questions in the draft in 0.2.0",
}
