"""What programs read: the files of windows, read back with other people's parsers and held against the feeds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5
from xml.etree import ElementTree as ET

import icalendar
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icms_calendar import MaintenanceCalendar
from icms_calendar.feed.ledger import read_ledger
from icms_calendar.record.words import headline
from icms_calendar.site.build import Site, plan_site
from icms_calendar.site.data import CSV_COLUMNS, inert_cell
from icms_calendar.site.prose import PROSE
from icms_calendar.site.rows import system_name
from tests.strategies import NOW, SYSTEMS, calendars, texts

BEFORE_ALL = datetime(1970, 6, 1, tzinfo=UTC)  # before every window that is generated
ATOM = "{http://www.w3.org/2005/Atom}"
LOOKS = {
    **dict.fromkeys(("confirmed", "in-process"), PROSE["en"].confirmed),
    "tentative": PROSE["en"].not_confirmed,
    "changed": PROSE["en"].changed,
    "completed": PROSE["en"].done,
    "cancelled": PROSE["en"].cancelled,
}
NO_XML = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}  # no XML file can hold them
HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x onerror="alert(1)">', '=HYPERLINK("https://example.org","x")'),
    *("]]>", "{{7*7}}", "+1", "-1+2", "@SUM(A1)", "\t=1+1", " \u00a0=1+1", "'=1", "＝1", "--><b>", "&lt;b&gt;", "a\nb"),
    *("javascript:alert(1)", "\ufffe\uffff", "\u2028</script>", 'x" onload="y', "%0d%0aSet-Cookie: a", "x;y,z\\n"),
]


def windows_json(site: Site) -> list[dict[str, Any]]:
    data: dict[str, list[dict[str, Any]]] = json.loads(site.files["windows.json"])
    return data["windows"]


def windows_csv(site: Site) -> list[dict[str, str]]:
    """The rows as they were before each cell was made inert."""
    text = site.files["windows.csv"].decode("utf-8-sig")
    return [{k: taken_back(v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text, newline=""))]


def taken_back(cell: str) -> str:
    """The text of a cell, as docs/files.md says: without one apostrophe before each part."""
    return "".join(part.removeprefix("'") for part in re.split("(?<=[;\t])", cell))


def atom(site: Site) -> ET.Element:
    return ET.fromstring(site.files["windows.xml"].decode())


def atom_text(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


class PageRows(HTMLParser):
    """The rows of a page by their ids: the instants of each, and its paragraphs with their classes."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.instants: dict[str, list[datetime]] = {}
        self.paragraphs: dict[str, list[tuple[str | None, str]]] = {}
        self._row: str | None = None
        self._given = False
        self._is_list = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "ol":
            self._is_list = given.get("class") == "windows"
        if tag == "li" and self._is_list and given.get("id"):
            self._row = given.get("id")
            ends = [given[name] or "" for name in ("data-start", "data-end") if name in given]
            self._given = bool(ends)
            if self._row and ends:
                self.instants[self._row] = list(map(datetime.fromisoformat, ends))
        if self._row is None:
            return
        if tag == "time" and not self._given:
            self.instants.setdefault(self._row, []).append(datetime.fromisoformat(given["datetime"] or ""))
        if tag in ("p", "h3", "dt", "dd", "div", "span", "b"):
            self.paragraphs.setdefault(self._row, []).append((given.get("class"), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "ol":
            self._row, self._is_list = None, False

    def handle_data(self, data: str) -> None:
        if self._row is not None and self.paragraphs.get(self._row):
            name, text = self.paragraphs[self._row][-1]
            self.paragraphs[self._row][-1] = (name, text + data)


def vanish(records: MaintenanceCalendar, fewer: MaintenanceCalendar) -> Site:
    """The site of fewer records, that goes on from the one of all."""
    first = plan_site(records, BEFORE_ALL)
    ledger = read_ledger(first.files["all.ics"], records, "previous")
    return plan_site(fewer, BEFORE_ALL + timedelta(days=1), ledger, allow_vanished=True)


@given(calendars(), st.data())
def test_every_file_tells_the_same_windows_instants_and_words(
    records: MaintenanceCalendar, data: st.DataObject
) -> None:
    ids = [window.id for window in records.windows]
    kept = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    fewer = records.model_copy(update={"windows": tuple(w for w in records.windows if w.id in kept)})
    site = vanish(records, fewer)
    events = {str(e["UID"]): e for e in icalendar.Calendar.from_ical(site.files["all.ics"]).events}
    assert len(events) == len(ids)

    told = {window["uid"]: window for window in windows_json(site)}
    rows = {row["uid"]: row for row in windows_csv(site)}
    entries = {atom_text(entry, "id"): entry for entry in atom(site).iter(f"{ATOM}entry")}
    listed = json.loads(site.files["api/v2/scheduled-maintenances.json"])["scheduled_maintenances"]
    maintenances = {each["id"]: each for each in listed}
    upcoming = json.loads(site.files["api/v2/scheduled-maintenances/upcoming.json"])["scheduled_maintenances"]
    page = PageRows(site.files["index.html"])
    assert told.keys() == rows.keys() == maintenances.keys() == events.keys()
    assert page.instants.keys() == {window["id"] for window in told.values()}
    feed_id = uuid5(NAMESPACE_DNS, records.domain)
    assert entries.keys() == {uuid5(feed_id, uid).urn for uid in events}

    for uid, event in events.items():
        window, row, maintenance, entry = told[uid], rows[uid], maintenances[uid], entries[uuid5(feed_id, uid).urn]
        summary, text = str(event["SUMMARY"]), str(event["DESCRIPTION"])
        start, end = (f"{time:%Y-%m-%dT%H:%M:%S}Z" for time in (event.DTSTART, event.DTEND))
        changed = f"{event.LAST_MODIFIED:%Y-%m-%dT%H:%M:%S}Z"
        status = str(event["X-MAINTNOTE-STATUS"]).lower()
        impact = str(event["X-MAINTNOTE-IMPACT"]).lower()
        mark = "CANCELLED: " if status == "cancelled" else ""
        assert (window["start"], window["end"], window["updated_at"]) == (start, end, changed)
        for local, instant in ((window["start_local"], start), (window["end_local"], end)):
            assert datetime.fromisoformat(local) == datetime.fromisoformat(instant)
        assert (window["status"], window["impact"], window["sequence"]) == (status, impact, event["SEQUENCE"])
        assert mark + window["title"] == summary
        assert list(window["text"]) == list(records.languages)
        assert all(line in text for words in window["text"].values() for line in words.split("\n\n")[:-1])
        assert row["text"] == text
        assert window["url"] == str(event["URL"])
        for name in ("id", "title", "status", "impact", "start", "end", "timezone", "updated_at", "url"):
            assert row[name] == window[name]
        assert [affected["id"] for affected in window["affected"]] == row["affected"].split(";")
        assert row["start_local"] == window["start_local"][:19].replace("T", " ")
        assert atom_text(entry, "title").startswith(summary.translate(NO_XML))
        assert atom_text(entry, "content") == text.translate(NO_XML)
        assert atom_text(entry, "updated") == changed
        assert (maintenance["scheduled_for"], maintenance["scheduled_until"]) == (start, end)
        assert (maintenance["name"], maintenance["incident_updates"][0]["body"]) == (summary, text)
        assert page.instants[window["id"]] == [datetime.fromisoformat(start), datetime.fromisoformat(end)]
        paragraphs = page.paragraphs[window["id"]]
        words = "\n".join(text for _, text in paragraphs)
        shown = {text.strip() for _, text in paragraphs}
        systems = dict.fromkeys(each["id"].partition("/")[0] for each in window["affected"])
        names = [system_name(id_, records) for id_ in systems] or [records.name]
        assert shown & {window["title"].strip(), headline(names, impact).strip()}
        look = "changed" if status in ("confirmed", "in-process") and window["sequence"] else status
        assert LOOKS[look] in shown
        for name in ("description", "reason", "fallback", "notice", "reference", "contact"):
            assert (window[name] or "").strip() in words
        over = status in ("cancelled", "completed")
        assert maintenance["status"] == ("completed" if over else "scheduled")
        assert (uid in {each["id"] for each in upcoming}) == (maintenance["status"] == "scheduled")


@given(calendars())
def test_windows_json_is_as_its_schema_says_and_the_schema_names_every_key(records: MaintenanceCalendar) -> None:
    site = plan_site(records, NOW)
    schema = json.loads(site.files["schema/window.schema.json"])
    data = json.loads(site.files["windows.json"])
    for validator in (jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
        validator.check_schema(schema)
        validator(schema).validate(data)
    window = schema["definitions"]["window"]
    assert window["required"] == list(window["properties"])
    for told in data["windows"]:
        assert set(told) == set(window["properties"])
        assert set(told["affected"][0]) == set(window["properties"]["affected"]["items"]["properties"])
    assert set(data) == set(schema["properties"])
    assert set(data["calendar"]) == set(schema["properties"]["calendar"]["properties"])
    assert [set(system) for system in data["systems"]] == [set(schema["definitions"]["system"]["properties"])] * 3


def test_the_schema_refuses_another_format_and_times_that_are_not_utc(example: MaintenanceCalendar) -> None:
    site = plan_site(example, NOW)
    schema = json.loads(site.files["schema/window.schema.json"])
    good = site.files["windows.json"].decode()
    for old, new in (('"format": 2', '"format": 1'), ("T01:00:00Z", "T01:00:00"), ('"outage"', '"bad"')):
        assert old in good
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(good.replace(old, new)), schema)


@pytest.mark.parametrize("name", ["windows.json", "windows.csv", "windows.xml", "api/v2/summary.json"])
def test_what_programs_read_of_the_example_is_the_golden_file(
    name: str, example: MaintenanceCalendar, golden: Callable[[str, bytes], None]
) -> None:
    golden(f"kra-icms/{Path(name).name}", plan_site(example, datetime(2025, 10, 12, 9, tzinfo=UTC)).files[name])


def test_the_columns_of_the_csv_never_change_their_place() -> None:
    """Spreadsheets and scripts count them: a new one may only come last."""
    assert ",".join(CSV_COLUMNS) == (
        "id,title,status,impact,start_local,end_local,timezone,start,end,systems,affected,channels,audience,tags,"
        "description,reason,fallback,notice,reference,contact,source,announced,replaces,url,"
        "uid,sequence,created_at,updated_at,text,moved_from_start,moved_from_end,no_longer_affects,no_longer_in"
    )


def test_the_csv_begins_with_a_byte_order_mark_and_ends_its_lines_as_rfc_4180_says(
    example: MaintenanceCalendar,
) -> None:
    data = plan_site(example, NOW).files["windows.csv"]
    assert data.startswith(b"\xef\xbb\xbfid,title,")
    assert data.endswith(b",\r\n")
    assert len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))) == 1 + 4


@given(
    texts() | st.sampled_from(HOSTILE) | st.sampled_from("=+-@'\t\r;").flatmap(lambda c: texts().map(lambda t: c + t))
)
def test_no_cell_begins_like_a_formula_and_every_cell_can_be_taken_back(text: str) -> None:
    cell = inert_cell(text)
    for part in re.split("(?<=[;\t])", cell):
        assert part.lstrip(" \t\r\n\u00a0\u200b\ufeff")[:1] not in {*"=+-@＝＋－＠"}
    assert taken_back(cell) == text


def test_a_cell_that_is_cut_at_semicolons_or_tabs_makes_no_formula() -> None:
    assert inert_cell("a;=1+1\t@x;b") == "a;'=1+1\t'@x;b"


def test_a_text_that_is_no_formula_stays_as_it_is() -> None:
    assert [inert_cell(text) for text in ("", "a=b", "iCMS - down", "2025-07-13")] == [
        *("", "a=b", "iCMS - down", "2025-07-13")
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_in_every_field_breaks_out_of_no_file(hostile: str) -> None:
    title = re.sub("[\n\u2028]", " ", hostile)  # which is one line
    window = {
        "id": "w",
        "system": "icms",
        "start": "2025-07-13T04:00+03:00",
        "duration": "6h",
        "title": title,
        **dict.fromkeys(("description", "reason", "fallback", "notice", "reference", "contact"), hostile),
        "channels": {hostile: "queued"},
        "audience": [hostile],
        "tags": [hostile],
    }
    systems = [{"id": "icms", "name": title, "operator": {"name": hostile}, "services": [{"id": "s", "name": hostile}]}]
    records = MaintenanceCalendar.model_validate(
        {
            "name": hostile,
            "domain": "icms.example.org",
            "timezone": "Africa/Nairobi",
            "systems": systems,
            "publisher": {"name": hostile},
            "windows": [window],
        }
    )
    site = plan_site(records, NOW)
    told = windows_json(site)[0]
    text = records.windows[0].description or ""
    assert told["title"] == title
    for name in ("description", "reason", "fallback", "notice", "reference", "contact"):
        assert told[name] == text
    assert (told["channels"], told["audience"], told["tags"]) == ({text: "queued"}, [text], [text])

    row = windows_csv(site)[0]
    assert None not in row
    assert (row["title"], row["channels"], row["tags"]) == (title, f"{text}=queued", text)
    cells = [cell for line in csv.reader(io.StringIO(site.files["windows.csv"].decode("utf-8-sig"))) for cell in line]
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r＝＋－＠]", cell)]

    feed = atom(site)
    assert {element.tag.removeprefix(ATOM) for element in feed.iter()} <= {
        *("feed", "title", "subtitle", "id", "updated", "author", "name", "link", "entry", "published", "category"),
        "content",
    }
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert atom_text(entry, "title") == title.translate(NO_XML)
    assert [c.attrib for c in entry.iter(f"{ATOM}category")] == [{"term": "icms"}, {"term": text.translate(NO_XML)}]

    for path, data in site.files.items():
        if path.endswith(".json"):
            json.loads(data)
        if path.endswith((".xml", "_headers", ".htaccess")):
            assert b"<script" not in data
            assert b"<img" not in data


@pytest.mark.parametrize("field", ["source", "url"])
def test_an_address_is_http_and_nothing_else(field: str) -> None:
    window = {"id": "w", "system": "bare", "start": "2025-07-13T04:00+03:00", "duration": "6h"}
    base = {"name": "C", "domain": "c.example.org", "timezone": "UTC", "systems": SYSTEMS}
    for address in ("javascript:alert(1)", "data:text/html,x", 'https://x/"><script>'):
        with pytest.raises(ValueError, match=field):
            MaintenanceCalendar.model_validate({**base, "windows": [{**window, field: address}]})


def test_a_window_that_left_the_records_says_what_was_published_and_null_for_the_rest(
    example: MaintenanceCalendar,
) -> None:
    at = datetime(2025, 7, 11, tzinfo=UTC)
    first = plan_site(example, at)
    fewer = example.select(ids=[window.id for window in example.windows[1:]])
    site = plan_site(fewer, at + timedelta(hours=1), read_ledger(first.files["all.ics"], example, "previous"))
    before, after = windows_json(first)[0], windows_json(site)[0]
    unknown: dict[str, Any] = {"emergency": None, "all_day": None, "audience": [], "announced": None, "source": None}
    unknown |= dict.fromkeys(("description", "fallback", "notice"))
    revised = {"status": "cancelled", "sequence": 1, "updated_at": "2025-07-11T01:00:00Z", "text": after["text"]}
    assert after == before | unknown | revised
    said = {
        "en": "Cancelled: this maintenance does not take place.",
        "sw": "Yameghairiwa: matengenezo haya hayatafanyika.",
    }
    for language, sentence in said.items():
        paragraphs = before["text"][language].replace("\n", f"\n{sentence}\n", 1).split("\n\n")
        assert after["text"][language].split("\n\n") == paragraphs[: len(after["text"][language].split("\n\n"))]
    assert windows_json(site)[1:] == windows_json(first)[1:]


def test_a_vanished_window_keeps_its_tags_and_the_impact_of_each_service() -> None:
    services = [{"id": "sea", "impact": "degraded"}, {"id": "house", "impact": "outage"}]
    window = {"id": "w", "system": "icms", "start": "2025-07-13T04:00+03:00", "duration": "6h", "services": services}
    base = {"name": "C", "domain": "c.example.org", "timezone": "UTC", "systems": SYSTEMS}
    other = {"id": "v", "system": "bare", "start": "2025-07-13T04:00+03:00", "duration": "6h"}
    tagged = {**window, "tags": ["a, b", "Maintenance"]}
    records, fewer = (MaintenanceCalendar.model_validate({**base, "windows": w}) for w in ([tagged, other], [other]))
    before = {window["id"]: window for window in windows_json(plan_site(records, BEFORE_ALL))}["w"]
    after = {window["id"]: window for window in windows_json(vanish(records, fewer))}["w"]
    assert after["tags"] == before["tags"] == ["a, b", "Maintenance"]
    assert after["affected"] == before["affected"]
    assert [affected["impact"] for affected in after["affected"]] == ["degraded", "outage"]


def test_a_later_build_changes_no_file_but_those_that_tell_what_is_under_way(example: MaintenanceCalendar) -> None:
    before = plan_site(example, datetime(2025, 7, 13, 0, tzinfo=UTC)).files
    ledger = read_ledger(before["all.ics"], example, "previous")
    after = plan_site(example, datetime(2025, 7, 13, 3, tzinfo=UTC), ledger)
    during = after.files
    changed = {path for path in before if before[path] != during.get(path)}
    assert changed <= after.volatile
    assert changed > {"index.html", "status.json"}
    assert not [path for path in after.volatile if path.startswith(("windows", "schema"))]


def test_a_moved_window_is_news_and_a_window_that_comes_near_is_none(example: MaintenanceCalendar) -> None:
    at = datetime(2025, 7, 11, tzinfo=UTC)
    first = plan_site(example, at)
    window = example.windows[1]
    moved = example.replace(
        window.reschedule(datetime(2025, 9, 15, 1, tzinfo=UTC), datetime(2025, 9, 15, 9, tzinfo=UTC))
    )
    later = plan_site(moved, at + timedelta(hours=1), read_ledger(first.files["all.ics"], example, "previous"))
    ids = [[atom_text(entry, "id") for entry in atom(site).iter(f"{ATOM}entry")] for site in (first, later)]
    assert set(ids[0]) == set(ids[1])
    updated = {atom_text(entry, "id"): atom_text(entry, "updated") for entry in atom(later).iter(f"{ATOM}entry")}
    assert "2025-07-11T01:00:00Z" in updated.values()
    stamps = list(updated.values())
    assert stamps == sorted(stamps, reverse=True)
    assert atom_text(atom(later), "updated") == stamps[0]


def test_an_empty_calendar_has_whole_files_with_no_window() -> None:
    records = MaintenanceCalendar(name="C", domain="c.example.org", timezone="UTC")
    site = plan_site(records, NOW)
    data = json.loads(site.files["windows.json"])
    assert (data["windows"], data["systems"], data["updated_at"]) == ([], [], None)
    assert windows_csv(site) == []
    assert atom_text(atom(site), "updated") == "1970-01-01T00:00:00Z"  # RFC 4287 wants one
    jsonschema.validate(data, json.loads(site.files["schema/window.schema.json"]))


def test_a_site_that_does_not_know_its_address_tells_none(example: MaintenanceCalendar) -> None:
    given = {name: getattr(example, name) for name in example.model_fields_set if name != "url"}
    site = plan_site(MaintenanceCalendar(**given), NOW)
    data = json.loads(site.files["windows.json"])
    assert (data["$schema"], data["calendar"]["url"]) == ("schema/window.schema.json", None)
    assert {window["url"] for window in data["windows"]} == {None}
    assert [link.get("rel") for link in atom(site).iter(f"{ATOM}link")] == ["via"] * 4
