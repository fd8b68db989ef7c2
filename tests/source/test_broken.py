"""Broken YAML is explained: the line where the mistake is, what was done, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import CalendarError
from icms_calendar.source.of_yaml import parse_yaml
from tests.conftest import Run

HEAD = "name: C\ndomain: c.example.org\ntimezone: UTC\nwindows:\n"
ITEM = f"{HEAD}  - id: a\n"

MISTAKES = {
    "a tab before an item": (f"{HEAD}\t- id: a\n", "5:1", "a tab indents this line. Use spaces"),
    "a tab before a key": (f"{ITEM}\tsystem: s\n", "6:1", "a tab indents this line. Use spaces"),
    "a tab among spaces": (f"{ITEM}  \t  system: s\n", "6:3", "a tab indents this line. Use spaces"),
    "a colon in a text": (
        f"{ITEM}    reason: Upgrade: database\n",
        "6:20",
        'a text with a colon and a space needs quotes: reason: "Upgrade: database"',
    ),
    "a colon in a text in braces": (
        f"{HEAD}  - {{id: a, reason: Upgrade: database}}\n",
        "5:28",
        "a comma or a bracket is missing here, or a text with a colon needs quotes",
    ),
    "a colon in typographic quotes": (
        f"{ITEM}    reason: “Upgrade: x”\n",
        "6:21",
        'a text with a colon and a space needs quotes: reason: "“Upgrade: x”"',
    ),
    "no space behind a colon": (
        f"{ITEM}    system:customs\n    start: x\n",
        "6:11",
        "the space behind the colon is missing. Write system: customs",
    ),
    "no space behind the first colon": (
        f"{HEAD}  - id:a\n    system: customs\n",
        "5:7",
        "the space behind the colon is missing. Write id: a",
    ),
    "no space behind the last colon": (
        f"{ITEM}    system:customs\n",
        "6:11",
        "the space behind the colon is missing. Write system: customs",
    ),
    "no space behind a dash": (
        f"{HEAD}  -id: a\n   system: s\n",
        "5:3",
        "the space behind the dash is missing. Write - id: a",
    ),
    "an apostrophe, and no closing quote": (
        f"{ITEM}    reason: 'Don't\n",
        "6:17",
        'an apostrophe ends this text. Write two in its place, or put the text in double quotes: "Don\'t"',
    ),
    "an apostrophe": (
        f"{ITEM}    reason: 'It's on'\n",
        "6:16",
        'an apostrophe ends this text. Write two in its place, or put the text in double quotes: "It\'s on"',
    ),
    "quotes in quotes": (
        f'{ITEM}    reason: "He said "no" today"\n',
        "6:22",
        "a quote ends this text. Put the whole text in single quotes: 'He said \"no\" today'",
    ),
    "words behind quotes": (
        f'{ITEM}    reason: "Upgrade" of x\n',
        "6:21",
        "words follow the quote that closes. Put the whole text in quotes",
    ),
    "an unclosed double quote": (
        f'{ITEM}    reason: "Upgrade\n    system: s\n',
        "6:13",
        'the quote that opens here is not closed. Close it: "Upgrade"',
    ),
    "an unclosed single quote": (
        f"{ITEM}    reason: 'Upgrade\n    system: s\n    start: x\n",
        "6:13",
        "the quote that opens here is not closed. Close it: 'Upgrade'",
    ),
    "an unclosed quote that the next one closes": (
        f'{ITEM}    reason: "Upgrade\n    title: "Other"\n    system: s\n',
        "6:13",
        'the quote that opens here is not closed. Close it: "Upgrade"',
    ),
    "a path in double quotes": (
        f'{ITEM}    reason: "C:\\data"\n',
        "6:13",
        "in double quotes, \\ is written twice. Or use single quotes: 'C:\\data'",
    ),
    **{
        f"a text that begins with {value[0]}": (
            f"{ITEM}    title: {value}\n    system: s\n",
            "6:12",
            f'a text cannot begin with {value[0]}. Put it in quotes: "{value}"',
        )
        for value in ("@office", "`x`", "%5 of all", "*Urgent*", "* Urgent", "& Co", "| Upgrade", "> 5 hours", "? what")
    },
    **{
        f"a text that begins with {value[0]} and goes on behind {value[-9]}": (
            f"{ITEM}    title: {value}\n    system: s\n",
            "6:12",
            f'a text cannot begin with {value[0]}. Put it in quotes: "{value}"',
        )
        for value in ("[iCMS] upgrade", "{iCMS} upgrade")
    },
    "stars for items": (f"{HEAD}  * id: a\n", "5:3", "a list has a dash before each item: - id: …"),
    "an item further in": (
        f"{ITEM}   - id: b\n",
        "6:4",
        "this line does not begin in the same column as the lines that it belongs to. Line it up with them",
    ),
    "an item further out": (
        f"{ITEM}    system: s\n - id: b\n",
        "7:2",
        "this line does not begin in the same column as the lines that it belongs to. Line it up with them",
    ),
    "a key at the column of the dash": (
        f"{ITEM}  system: s\n",
        "6:3",
        "this line does not begin in the same column as the lines that it belongs to. Line it up with them",
    ),
    "a key further in": (
        f"{ITEM}    system: s\n      start: x\n",
        "7:12",
        "this key is indented more than the one above it. Begin both in the same column",
    ),
    "a list beside its key": (
        "name: C\nwindows: - id: a\n",
        "2:10",
        "a list begins on the line below its key: - id: a. If it is a text, put it in quotes",
    ),
    "an unclosed brace": (
        f"{HEAD}  - {{id: a, system: s\n  - {{id: b, system: s}}\n",
        "5:5",
        "the { that opens here is not closed",
    ),
    "an unclosed bracket": (
        f"{ITEM}    tags: [a, b\n    system: s\n",
        "6:11",
        "the [ that opens here is not closed",
    ),
    "a missing comma": (
        f"{HEAD}  - {{id: a system: s}}\n",
        "5:18",
        "a comma or a bracket is missing here, or a text with a colon needs quotes",
    ),
    "a number sign in braces": (
        f"{HEAD}  - {{id: a, reason: Ticket #4711}}\n",
        "5:28",
        "YAML drops what is behind #. Put the text in quotes",
    ),
    "an equals sign": (f"{HEAD}  - id = a\n    system: s\n", "5:5", "a key is followed by a colon. Write id: a"),
    "words without a key": (
        f"{ITEM}    just words\n    system: s\n",
        "6:5",
        '"just words" has no key. Write key: text, or indent it more than the key above',
    ),
    "a brace too many": (
        f"{HEAD}  - {{id: a}}}}\n",
        "5:12",
        "something is left over here. Delete it, or put the text in quotes",
    ),
    "a merge that git left": (
        "<<<<<<< HEAD\nname: C\n=======\nname: D\n>>>>>>> x\n",
        "1:1",
        "git left two versions here. Keep one, and delete the lines <<<<<<<, ======= and >>>>>>>",
    ),
    "two documents": ("name: C\n---\nname: D\n", "2:1", "a second document begins here. Write one in each file"),
}


@pytest.mark.parametrize(("text", "place", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_at_its_line_with_what_to_write(text: str, place: str, words: str) -> None:
    with pytest.raises(CalendarError) as error:
        parse_yaml(text)
    (finding,) = error.value.findings
    assert f"{finding.line}:{finding.column}" == place
    assert finding.message == f"is not well-formed YAML: {words}"


def test_the_line_is_shown_with_a_caret(tmp_path: Path, run: Run) -> None:
    (tmp_path / "calendar.yaml").write_text(f"{ITEM}    reason: Upgrade: database\n", encoding="utf-8")
    done = run("check", "calendar.yaml")
    assert done.stdout.decode() == (
        "calendar.yaml:6:20: error ICM003: is not well-formed YAML: a text with a colon and a space needs quotes: "
        'reason: "Upgrade: database"\n'
        "        reason: Upgrade: database\n"
        "                       ^\n"
    )


def test_an_exclamation_mark_at_the_beginning_needs_quotes() -> None:
    parsed = parse_yaml(f"{ITEM}    title: !Important\n")
    assert [finding.message for finding in parsed.findings] == [
        'is not well-formed YAML: "!Important" at the beginning of a value is a tag, which means nothing here. Put the '
        "value in quotes"
    ]


@given(st.text(st.sampled_from("ab:-'\"#{}[]@*&!|>?,% \t\n"), max_size=60))
def test_any_broken_text_is_explained_within_its_lines(text: str) -> None:
    try:
        parse_yaml(text)
    except CalendarError as error:
        for finding in error.findings:
            assert 1 <= (finding.line or 0) <= text.count("\n") + 1
            assert (finding.column or 0) >= 1
