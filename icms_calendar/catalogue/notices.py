"""Rules for public notices, read and written (ICM9xx), and the questions that a draft asks.

What a notice leaves open is not a finding but a question; its kind (`year-missing`) is in the JSON of a draft.
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

_READINGS = "{words} can mean {readings}. Which one is right? Written here: {here}."
# What is asked, by kind: the words of the notice, what is open, and what to write.
QUESTIONS = {
    **dict.fromkeys(("relative-date", "weekday-only-date"), "Which day is {words}? Written here: {here}."),
    **dict.fromkeys(("midnight", "unclear-time", "which-day"), _READINGS),
    "another-subject": "Is {words} the end of the maintenance? Written here: {here}.",
    "approximate": "The time {words} is approximate. What is the exact time? Written here: {here}.",
    "available": "{words} gives times at which something is available. When is the maintenance? Written here: {here}.",
    "confirmation": 'Compare with the notice: maintenance on {when} {how} by "{quote}"? Then delete this line.{lacks}',
    "changed": "The notice says {words}. Does this window still take place as written here? If not, correct it.",
    "date-conflict": "{words} gives two days: {first} and {second}. Which one is right? Written here: {first}.",
    "date-missing": "On which day is {words}? Write start and end.",
    "dst": "{words}: {reason}. Which instant is meant? Written here: {here}.",
    "duration-mismatch": "The notice says {words}, but this window lasts {here}. Correct start or end if needed.",
    "end-before-start": "In {words} the end is not after the start. Write the right start and end.",
    "end-missing": "When does it end? The notice says only {words}. Write end.",
    "foreign-clock": "{words} may be a time of the Swahili clock, which counts from 6 am: saa 4 asubuhi is 10:00. "
    "Correct start and end if so.",
    "hidden-text": "The notice has struck-out, hidden or reordered text ({words}). Does this window still hold?",
    "foreign-script": "The notice has letters or digits of another script ({words}). Compare the times with them.",
    "invalid-date": "{words} does not exist. Which day is meant? Write start and end.",
    "malformed-time": "{words} is not a valid day or time. What is meant? Correct start and end.",
    "month-missing": "Which month is {words}? Written here: {here}.",
    "no-times": "At what times on {words}? Written here: all day. Write start and end with their times.",
    "numeric-date": "Is {words} {first} or {second}? Written here: {first}.",
    "overlap": "{words} overlaps another window of this notice. Which one is right? Delete the wrong record.",
    "past-window": "{words} is in the past, or is spoken of as past. Is it history? Then delete this record.",
    "recurring": "The notice says {words}. Does this window repeat? If so, add repeat; only {here} is written here.",
    "several-days": "{words} can mean one window or one each day. Written here: {here}.",
    "start-missing": "When does it start? The notice says only {words}. Write start.",
    "tz-ambiguous": "Which time zone is {words} ({reason})? Written here: {here}.",
    "tz-conflict": "The time zone {words} does not fit: {reason}. Written here: {here}.",
    "tz-missing": "In which time zone is {words}? The notice names none. Written here: {here}.",
    "undecided": "The notice says {words}. Is this window decided? If so, set status to confirmed.",
    "unexplained-day": "The notice also says {words}. Is that another window or another day? If so, write it.",
    "unexplained-time": "The notice also says {words}. Is that another window or a change? If so, write it.",
    "weekday-mismatch": "{words}: {date} is a {weekday}. Which day is right? Written here: {date}.",
    "window-too-long": "{words} lasts {here} days. Are both days right?",
    "year-conflict": "{words} was long before or after the publication. Is the year right? Written here: {here}.",
    "year-missing": "Which year is {words}? The notice does not say. Written here: {here}.",
}
