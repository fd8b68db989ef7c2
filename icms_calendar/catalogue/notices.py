"""Rules for public notices, read and written (ICM9xx).

What a notice leaves open is not a finding but a question in the draft (notice/reading.py).
"""

from __future__ import annotations

from icms_calendar.catalogue.rule import Rule, Severity

# fmt: off
RULES = (
    Rule("ICM906", "notice-too-long",
        "has {number} {what}; at most {limit} are read. Cut out the notice, or split it into several",
        meaning="The text is longer than a notice, or names more days and times: a whole site, or a list.",
        why="Among so much other text, the times of the window cannot be recognised, and nobody can compare so many.",
        wrong="A text of 400 kB.", right="The notice alone, without the page around it.",
        source="docs/design.md#reading-a-notice", shown_as="words", retires=("ICM907", "notice-too-many-times")),
    Rule("ICM956", "announce-left-out",
        "the {field} is left out of the notice: with it, reading the notice back gives another window or a question",
        meaning="A text of the record would make the public notice unclear: it has a day or time of its own.",
        why="Readers, and programs that read notices, would take its times for those of the window.",
        wrong="reason: Parts come on 3 May 2024 at 9 am", right="reason: Parts come late",
        source="docs/notices.md#write-a-notice", severity=Severity.WARNING, shown_as="words"),
    Rule("ICM957", "no-window-read", "names no day or time of a maintenance window. Write the record by hand",
        meaning="No window was found in the text: it has no day and no time that could be one.",
        why="A draft holds only what the words of the notice say.",
        wrong="iCMS maintenance is planned soon.",
        right="iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.",
        source="docs/design.md#reading-a-notice", shown_as="words"),
    Rule("ICM958", "window-exists",
        "window {number} is already in the calendar as {id}. Change that record instead of adding another",
        meaning="The calendar given with --source has a window of the same system that overlaps the drafted one.",
        why="Two records of one window would appear as two events in everybody's calendar.",
        wrong="icms-calendar draft notice.txt --source calendar.yaml, when the records have the window.",
        right="icms-calendar draft notice.txt --source calendar.yaml, when the window is new.",
        source="docs/design.md#reading-a-notice", severity=Severity.WARNING, shown_as="words"),
)
# fmt: on

_QUESTION = "a question in the draft since 0.2.0"
RETIRED: dict[str, str] = {
    **{
        f"ICM{number}": _QUESTION
        for number in (902, 903, 904, 905, *range(911, 927), *range(931, 947), *range(951, 956))
    },
    "ICM908": "replaced by ICM957 and questions in the draft in 0.2.0",
}
