"""What the linter's rules say of other people's readers is so: those named as losing the whole feed do lose it."""

from __future__ import annotations

import re
from collections.abc import Callable

import icalendar
import ics
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError
from ics.grammar.parse import ParseError
from tatsu.exceptions import FailedParse

from icms_calendar.catalogue import RULES, Rule
from tests.test_findings import feed_of

READERS: dict[str, Callable[[bytes], object]] = {
    "ical (Home Assistant)": lambda feed: IcsCalendarStream.calendar_from_ics(feed.decode()).events,
    "ics.py": lambda feed: ics.Calendar(feed.decode()).events,
    "icalendar": lambda feed: icalendar.Calendar.from_ical(feed).events,
}
REFUSALS = (ValueError, LookupError, NotImplementedError, CalendarParseError, ParseError, FailedParse)
LOSES = re.compile(r"[^.;:]*(?:refuse|refuses|lose) the (?:whole feed|feed without|feed for)")


def _losers(rule: Rule) -> list[str]:
    said = LOSES.search(rule.why.replace("ics.py", "ics-py"))
    names = re.sub(r"ics-py", "ics.py", said[0]) if said else ""
    return [name for name in READERS if re.search(rf"(?<![\w-]){re.escape(name)}", names)]


CASES = [
    (rule, reader)
    for rule in RULES.values()
    if rule.code.startswith("ICM7") and rule.shown_as in ("event", "feed", "ics")
    for reader in _losers(rule)
]


@pytest.mark.parametrize(("rule", "reader"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_reader_that_a_rule_names_loses_what_it_shows_as_wrong(rule: Rule, reader: str) -> None:
    READERS[reader](feed_of(rule, rule.right))
    with pytest.raises(REFUSALS):
        READERS[reader](feed_of(rule, rule.wrong))


def test_many_rules_name_readers() -> None:
    assert len(CASES) > 15
