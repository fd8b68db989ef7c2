"""What a place is (records, a feed, a site) is decided in one way, whichever command asks."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from icms_calendar import MaintenanceCalendar, build_site
from icms_calendar.command.places import check, check_feed, place_of
from icms_calendar.findings import SourceError
from tests.servers import Serve, answer_with
from tests.strategies import NOW

RECORDS = b"name: Harbour\ndomain: harbour.example\ntimezone: UTC\nwindows: []\n"
FEED = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.ics", FEED, "feed"),
        ("x.icalendar", b"", "feed"),
        ("x.ifb", b"<html>", "feed"),
        ("x.yaml", RECORDS, "records"),
        ("no-ending", FEED, "feed"),
        ("no-ending", b"\xef\xbb\xbf\r\n" + FEED.lower(), "feed"),
        ("no-ending", b"BEGIN:VEVENT\r\n", "feed"),
        ("no-ending", RECORDS, "records"),
    ],
)
def test_a_file_is_known_by_its_ending_or_its_first_octets(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert place_of(str(tmp_path / name), NOW).kind == kind


def test_a_folder_is_records_until_a_site_was_built_in_it(tmp_path: Path) -> None:
    assert place_of(str(tmp_path), NOW).kind == "records"
    (tmp_path / "status.json").write_text('{"generator": "icms-calendar"}', encoding="utf-8")
    assert place_of(str(tmp_path), NOW).kind == "site"


def test_an_address_is_a_feed_by_its_path_or_its_body_else_a_site(serve: Serve) -> None:
    assert place_of(serve(answer_with(200, b"<html>")), NOW).kind == "feed"  # …/all.ics
    for body, kind in ((FEED, "feed"), (b"<html>", "site")):
        assert place_of(serve(answer_with(200, body)).replace("all.ics", "calendar"), NOW).kind == kind
    for status in (403, 404):
        assert place_of(serve(answer_with(status)).replace("all.ics", ""), NOW).kind == "site"
    with pytest.raises(SourceError, match="answered 500"):
        place_of(serve(answer_with(500)).replace("all.ics", ""), NOW)


def test_an_earlier_copy_may_be_a_site(tmp_path: Path) -> None:
    made = MaintenanceCalendar.load(RECORDS)
    build_site(made, tmp_path / "site", now=NOW)
    feed = tmp_path / "site" / "all.ics"
    assert check(feed, now=NOW, previous=tmp_path / "site").findings == check(feed, now=NOW, previous=feed).findings


@pytest.mark.skipif(os.name == "nt", reason="no FIFOs")
@pytest.mark.parametrize(("pieces", "kind"), [([b"BE", FEED[2:]], "feed"), ([RECORDS[:9], RECORDS[9:]], "records")])
def test_a_pipe_is_read_once_and_whole(tmp_path: Path, pieces: list[bytes], kind: str) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)

    def write() -> None:
        with fifo.open("wb", buffering=0) as file:
            for piece in pieces:
                file.write(piece)
                time.sleep(0.03)

    threading.Thread(target=write, daemon=True).start()
    place = place_of(str(fifo), NOW)
    assert (place.kind, place.data) == (kind, b"".join(pieces))


def test_a_report_says_what_a_place_is_how_much_it_holds_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_bytes(RECORDS)
    (tmp_path / "x.ics").write_bytes(FEED)
    records, feed = check(tmp_path / "calendar.yaml", now=NOW), check(tmp_path / "x.ics", now=NOW)
    assert (records.kind, records.number) == ("records", 0)
    assert feed.kind == "feed"
    assert feed.errors
    assert [each.code for each in check_feed(FEED).findings] == [each.code for each in feed.findings]
    assert feed.without([each.rule for each in feed.findings]).findings == ()
    gone = check(tmp_path / "gone.ics", now=NOW)
    assert [each.code for each in gone.findings] == ["ICM001"]


def test_what_holds_for_another_kind_of_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "calendar.yaml").write_bytes(RECORDS)
    build_site(MaintenanceCalendar.load(tmp_path / "calendar.yaml"), tmp_path / "site", now=NOW)
    with pytest.raises(ValueError, match="is a site"):
        check(tmp_path / "site", now=NOW, previous=tmp_path / "x.ics")
