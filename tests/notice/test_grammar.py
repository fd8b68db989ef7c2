"""Every form of day, time and range together: read exactly; and no text whatever is a fault of ours, or takes long."""

from __future__ import annotations

import ast
import re
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icms_calendar.notice as notice_room
from icms_calendar import read_notice
from icms_calendar.notice.text import read_text
from icms_calendar.record.zones import zone_named
from tests.bench.notice import calls, texts
from tests.notice.generated import Notice, notices, prose

PLAIN = "iTax maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT."


@settings(max_examples=300)
@given(notices)
def test_a_plain_notice_in_any_form_is_read_to_its_windows_with_only_the_confirmation_open(notice: Notice) -> None:
    reading = read_notice(notice.text, timezone="Africa/Nairobi")
    windows = [
        (window.start and window.start.replace(tzinfo=None), window.end and window.end.replace(tzinfo=None))
        for window in reading.windows
    ]
    assert windows == [*notice.windows], (notice.text, reading.windows)
    assert reading.ready, (notice.text, [window.questions[1:] for window in reading.windows])


@settings(max_examples=200)
@given(notices)
def test_every_day_and_time_of_a_notice_is_in_a_window_a_question_or_the_account_with_its_role(notice: Notice) -> None:
    reading = read_notice(notice.text, timezone="Africa/Nairobi")
    assert all(role for _, role in reading.terms)
    words = [words for words, _ in reading.terms]
    for term in notice.terms:
        plain = read_text(term).quote(0, 1 << 20)
        assert any(plain in known for known in words), (plain, words)


AMBIGUOUS = {
    "numeric-date": ("Sunday 3 May 2026", "03/05/2026"),
    "year-missing": ("Sunday 3 May 2026", "Sunday 3 May"),
    "weekday-mismatch": ("Sunday 3 May 2026", "Monday 3 May 2026"),
    "weekday-only-date": ("Sunday 3 May 2026", "Sunday"),
    "invalid-date": ("Sunday 3 May 2026", "31 April 2026"),
    "month-missing": ("Sunday 3 May 2026", "Sunday 3rd"),
    "tz-ambiguous": ("EAT", "IST"),
    "tz-conflict": ("EAT", "EST"),
    "unclear-time": ("4:00 am", "4:00"),
    "malformed-time": ("4:00 am", "14:00 am"),
    "approximate": ("4:00 am", "about 4:00 am"),
}
SENTENCES = (
    "iTax maintenance on Sunday 3 May 2026 from 4:00 am to 10:00 am EAT.",
    "iTax will be unavailable on Sunday 3 May 2026 between 4:00 am EAT and 10:00 am EAT.",
    "Maintenance of iTax\nDate: Sunday 3 May 2026\nTime: 4:00 am - 10:00 am EAT",
    "Maintenance of iTax on Sunday 3 May 2026. It starts at 4:00 am EAT and ends at 10:00 am EAT.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_a_term_that_becomes_ambiguous_is_asked_about_in_its_words(sentence: str, kind: str) -> None:
    plain, ambiguous = AMBIGUOUS[kind]
    zone = (
        "America/New_York" if kind == "tz-conflict" else "Europe/London" if kind == "tz-ambiguous" else "Africa/Nairobi"
    )
    if kind not in ("tz-conflict", "tz-ambiguous"):
        assert read_notice(sentence, timezone=zone).ready
    if kind == "unclear-time":
        sentence = sentence.replace("10:00 am", "10:00")
    reading = read_notice(sentence.replace(plain, ambiguous), timezone=zone)
    asked = {question.name: question.quote for window in reading.windows for question in window.questions}
    assert kind in asked, asked
    assert ambiguous.removeprefix("about ") in asked[kind]


@pytest.mark.parametrize(("letters", "likely"), [("IST", "Asia/Kolkata"), ("BST", "Europe/London")])
def test_letters_of_several_zones_are_read_in_the_likeliest_of_them_with_a_question(letters: str, likely: str) -> None:
    window = read_notice(f"iTax maintenance on 3 June 2026 from 04:00 to 10:00 {letters}.").windows[0]
    assert window.start == zone_named(likely).instant(datetime(2026, 6, 3, 4))
    assert f"Written here: {likely}." in window.questions[1].text


@settings(max_examples=150)
@given(prose(), st.integers(0, 400), st.sampled_from(list("0123456789 -:apm\n")))
def test_a_character_that_is_mistyped_never_makes_two_windows_without_a_question(
    notice: Notice, at: int, character: str
) -> None:
    at %= len(notice.text)
    reading = read_notice(notice.text[:at] + character + notice.text[at + 1 :], timezone="Africa/Nairobi")
    assert len(reading.windows) <= 1 or not reading.ready


@pytest.mark.parametrize(
    "zone", ["Eastern Africa time", "in Nairobi time", "Kenyan time", "East African Standard Time"]
)
def test_the_longest_name_of_a_zone_counts(zone: str) -> None:
    reading = read_notice(f"iTax maintenance on 13 July 2025 from 4:00 pm to 10:00 pm {zone}. Free text follows.")
    assert reading.ready
    starts = [window.start and window.start.isoformat() for window in reading.windows]
    assert starts == ["2025-07-13T16:00:00+03:00"]
    assert zone.endswith(reading.windows[0].evidence["timezone"].quote)


PIECES = st.sampled_from(
    [
        *(
            "maintenance ",
            "from ",
            "to ",
            " - ",
            "until ",
            "between ",
            "and ",
            "on ",
            "Sunday ",
            "13 ",
            "July ",
            "2025 ",
        ),
        *("04:00 ", "4 am ", "10", "1800-2130 ", "EAT ", "(UTC+3) ", "tomorrow ", "midnight ", "12:00 AM ", "every "),
        *(
            "29 February ",
            "05/06/2025 ",
            "24:00 ",
            "for 6 hours ",
            "|",
            "\n",
            "<td>",
            "&nbsp;",
            "\u202e",
            "\u0661",
            "é",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))


@settings(max_examples=300)
@given(TEXTS, st.sampled_from([None, date(2025, 7, 1)]))
def test_any_text_gives_windows_or_a_finding(text: str, published: date | None) -> None:
    reading = read_notice(text, published=published)
    assert reading.windows or reading.findings
    assert all(window.start < window.end for window in reading.windows if window.start and window.end)
    assert all(window.questions[0].name == "confirmation" for window in reading.windows)


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_bytes_give_windows_or_a_finding(data: bytes) -> None:
    reading = read_notice(data)
    assert reading.windows or reading.findings


HUGE = texts(200_000) | {
    "days that are none": "32 Juli 2025 " * 3_500,
    "times that are none": "25:61 " * 4_900,
    "scripts": "<script " * 25_000,
    "entities": "&nbsp;" * 33_000,
    "turned": "\u202e4" * 100_000,
    "foreign digits": "\u0661" * 200_000,
    "soft hyphens": "\u00ad" * 99_000,
    "too long": "a" * 900_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_text_made_to_take_long_is_answered_within_a_second(text: str) -> None:
    began = time.process_time()
    reading = read_notice(text)
    assert time.process_time() - began < 2  # half a second on an idle machine
    assert not reading.ready


@pytest.mark.parametrize("name", texts(1))
def test_twice_the_text_takes_at_most_twice_the_work(name: str) -> None:
    half, whole = calls(texts(8_000)[name]), calls(texts(16_000)[name])
    assert whole < 2.5 * half + 2_000


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace("mainten", "main\u00adten").replace("13", "1\u200b3"),
        PLAIN.replace(" to ", " \u2014 "),
        PLAIN.replace(" to ", "\u2212"),
        "\ufeff" + PLAIN.replace("\n", "\r\n"),
        f"<html><body><p>{PLAIN}</p><!-- 5 am to 6 am --></body></html>",
        "<ul><li>iTax maintenance</li><li>Sunday 13<sup>th</sup> July 2025</li><li>04:00 &#8211; 10:00 EAT</li></ul>",
    ],
)
def test_what_looks_like_a_plain_notice_is_read_like_it(text: str) -> None:
    assert [window.start and window.start.isoformat() for window in read_notice(text).windows] == [
        "2025-07-13T04:00:00+03:00"
    ]


def test_each_character_that_is_read_has_its_place_in_the_original() -> None:
    original = "<p>A\u00adb&nbsp;\u2014  c<br>\r\n\r\nd</p>"
    text = read_text(original)
    assert text.plain == "\nAb -\tc\n\nd\n"
    places = {character: original.index(character, 3) for character in "Abcd"}
    assert {c: text.place(text.plain.index(c)) for c in "Abcd"} == places


@pytest.mark.parametrize("broken", [" of the\nIntegrated", " of\nthe Integrated", " inform\nimporters"])
def test_a_sentence_goes_on_in_the_next_line(broken: str) -> None:
    text = (
        "PUBLIC NOTICE\n\nThe Authority wishes to inform importers that there will be scheduled maintenance of the "
        "Integrated Customs Management System (iCMS) on Sunday, 13th July 2025, from 4.00 a.m. to 10.00 a.m."
    )
    reading = read_notice(text.replace(broken.replace("\n", " "), broken), timezone="Africa/Nairobi")
    assert reading.ready
    assert [window.start and window.start.isoformat() for window in reading.windows] == ["2025-07-13T04:00:00+03:00"]


@pytest.mark.parametrize("days", ["12 and 19 July 2025", "12, 13 and 19 July 2025"])
def test_whole_days_that_are_not_next_to_one_another_are_asked_about(days: str) -> None:
    reading = read_notice(f"iTax maintenance all day on {days}.", timezone="Africa/Nairobi")
    assert [question.name for question in reading.windows[0].questions] == ["confirmation", "several-days"]


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        ("14 July 2025 from 04:00 to 15 July 2025 06:00 18 July 2025", "date-conflict"),
        ("3 and 5 January 2027, Sunday, from 04:00 to 06:00", "weekday-mismatch"),
    ],
)
def test_names_of_a_day_that_contradict_one_another_are_asked_about(days: str, kind: str) -> None:
    reading = read_notice(f"iTax maintenance on {days}.", timezone="Africa/Nairobi")
    assert kind in {question.name for window in reading.windows for question in window.questions}


NOTICE_ROOM = Path(notice_room.__file__).parent


def test_the_reader_does_not_grow() -> None:
    files = [path for path in NOTICE_ROOM.glob("*.py") if path.name != "announce.py"]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= 2_500


def test_no_list_of_words_but_those_of_zones_has_more_than_sixty_entries() -> None:
    for path in NOTICE_ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "announce.py":
                words = [word for word in node.value.split("|") if re.search("[a-z]{3}", word)]
                assert len(words) <= 60, (path.name, node.value[:60])
            if isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.Set)) and path.name != "announce.py":
                assert len(getattr(node, "elts", getattr(node, "keys", ()))) <= 60, path.name
