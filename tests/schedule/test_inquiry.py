"""`status` and `list` as people and scripts run them: a script never takes what is broken for what is up."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.command.test_terminal import on_a_terminal
from tests.conftest import ROOT, Run

EXAMPLE = ROOT / "examples" / "kra-icms"
DURING = ("--at", "2025-07-13 05:00")
RECORDS = """\
name: Harbour
domain: harbour.example.org
timezone: Europe/Berlin
systems: [{id: berths, name: Berths, services: [booking, pilots]}, {id: cranes, name: Cranes}]
windows:
  - {id: a, system: berths, start: 2025-07-13 04:00, end: 2025-07-13 10:00, services: [booking],
     channels: {edi: queued}}
  - {id: b, system: cranes, start: 2025-07-13 10:00, duration: 2h, impact: degraded, title: "=SUM(1)"}
  - {id: c, system: cranes, start: 2025-07-14 10:00, duration: 2h, status: cancelled,
     title: 起重机维护与起重机维护与起重机维护与起重机维护}
  - {id: n, system: cranes, start: 2025-08-01 01:00, duration: 1h, impact: no-impact, repeat: {rule: FREQ=WEEKLY}}
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.yaml"
    path.write_text(RECORDS, encoding="utf-8")
    return path


@pytest.fixture
def site(run: Run, harbour: Path, tmp_path: Path) -> Path:
    assert run("build", harbour, "--first-build", "--now", "2025-07-12").returncode == 0
    return tmp_path / "public"


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--at", "2025-07-13 05:00"], 1),
        (["--at", "2025-07-13 03:59:59"], 0),
        (["--at", "2025-07-13 04:00"], 1),
        (["--at", "2025-07-13T02:00Z"], 1),
        (["--at", "2025-07-13 12:00"], 0),
        (["--at", "2025-07-13 03:00", "--for", "1h"], 0),
        (["--at", "2025-07-13 03:00", "--for", "61m"], 1),
        (["--at", "2025-07-13 05:00", "--timezone", "Africa/Nairobi"], 1),
        (["--at", "2025-07-13 13:00", "--timezone", "Africa/Nairobi"], 0),
        (["--at", "2025-07-13 05:00", "--service", "pilots"], 0),
        (["--at", "2025-07-13 05:00", "--service", "berths/booking"], 1),
        (["--at", "2025-07-13 05:00", "--channel", "edi"], 1),
        (["--at", "2025-07-13 05:00", "--channel", "edi", "--impact", "outage"], 0),
        (["--at", "2025-07-13 11:00"], 1),
        (["--at", "2025-07-13 11:00", "--impact", "outage"], 0),
        (["--at", "2025-07-13 11:00", "--system", "berths"], 0),
        (["--at", "2025-07-14 11:00"], 0),
        (["--at", "2025-08-08 01:30", "--impact", "no-impact"], 1),
        (["--at", "2025-08-08 01:30"], 0),
        (["--system", "crane"], 2),
        (["--service", "pilot"], 2),
        (["--channel", "telex"], 2),
        (["--impact", "outages"], 2),
        (["--at", "2025-07-13"], 2),
        (["--at", "yesterday"], 2),
        (["--at", "2026-03-29 02:30"], 2),  # the clock skips it
        (["--at", "2026-10-25 02:30"], 2),  # and shows this twice
        (["--timezone", "Berlin"], 2),
        (["--max-age", "1h"], 2),
    ],
)
def test_the_exit_code_of_status(run: Run, harbour: Path, asked: list[str], code: int) -> None:
    done = run("status", harbour, *asked)
    assert done.returncode == code, done.stderr
    assert (done.stdout == b"") is (code == 2)
    assert b"Traceback" not in done.stderr


def test_a_folder_a_site_its_address_its_feed_and_standard_input_give_one_answer(
    run: Run, harbour: Path, site: Path, served: str
) -> None:
    asked = ("--at", "2025-07-13T03:00Z", "--service", "booking", "--for", "30h", "--format", "json")
    told = [
        run("status", harbour, *asked),
        run("status", "-", *asked, input=RECORDS.encode()),
        run("status", site, *asked),
        run("status", site / "all.ics", *asked),
        run("status", "-", *asked, input=(site / "all.ics").read_bytes()),
        run("status", served, *asked),
        run("status", f"{served}/", *asked),
        run("status", f"{served}/all.ics", *asked),
    ]
    answers = [json.loads(done.stdout) for done in told]
    assert {done.returncode for done in told} == {1}
    for answer in answers:
        assert answer["free_from"] == "2025-07-13T08:00:00Z"
        assert [window["id"] for window in answer["active"]] == ["a"]
        assert (answer["since"], answer["until"]) == ("2025-07-13T02:00:00Z", "2025-07-13T08:00:00Z")


def test_a_service_that_no_window_ever_affected_is_known_to_a_site(run: Run, site: Path) -> None:
    assert run("status", site, *DURING, "--service", "pilots").returncode == 0
    assert run("status", site / "all.ics", *DURING, "--service", "pilots").returncode == 2


def test_a_site_is_not_asked_beyond_what_it_lays_out(run: Run, site: Path) -> None:
    assert run("status", site, "--at", "2026-08-01 12:00").returncode == 0
    done = run("status", site, "--at", "2026-09-01 12:00")
    assert (done.returncode, done.stderr.count(b"ICM601")) == (2, 1)


def test_an_old_site_cannot_tell(run: Run, site: Path, served: str) -> None:
    for place in (site, served):
        done = run("status", place, *DURING, "--max-age", "36h")
        assert (done.returncode, done.stderr.count(b"ICM501")) == (2, 1)
    epoch = {"SOURCE_DATE_EPOCH": "1752364800"}  # a day later
    assert run("status", site, *DURING, "--max-age", "36h", env=epoch).returncode == 1


@pytest.mark.parametrize("part", [0, 1, 0.3, 0.5, 0.9, -3])
def test_a_feed_that_is_cut_off_cannot_tell(run: Run, site: Path, part: float) -> None:
    feed = (site / "all.ics").read_bytes()
    cut = feed[: int(len(feed) * part) if 0 < part < 1 else int(part)]
    assert run("status", "-", "--at", "2025-07-20 05:00", input=cut or b"BEGIN:").returncode == 2
    (site / "all.ics").write_bytes(cut)
    assert run("status", site, "--at", "2025-07-20 05:00").returncode == 2
    assert run("status", site / "all.ics", "--at", "2025-07-20 05:00").returncode == 2


@pytest.mark.parametrize(
    "place", ["nowhere.yaml", "nowhere.ics", "http://127.0.0.1:9/", "http://127.0.0.1:9/a.ics", "ftp://x/y", ""]
)
def test_what_cannot_be_read_cannot_tell(run: Run, place: str) -> None:
    done = run("status", place)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_records_with_a_fault_cannot_tell_and_json_says_why(run: Run, harbour: Path) -> None:
    harbour.write_text(RECORDS.replace("2025-07-13 10:00, services", "2025-07-13 03:00, services"), encoding="utf-8")
    done = run("status", harbour, "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["state"], answer["findings"][0]["code"]) == (2, "unknown", "ICM103")


def test_windows_that_touch_are_told_as_one_span(run: Run, harbour: Path) -> None:
    done = run("status", harbour, "--at", "2025-07-13 09:00", "--for", "2h", "--timezone", "Africa/Nairobi")
    assert done.stdout.decode() == (
        "Under maintenance on Sunday 13 July 2025, 08:00 CEST (Sunday 13 July 2025, 09:00 EAT).\n"
        "Berths unavailable: planned maintenance\n"
        "  Sunday 13 July 2025, 04:00 to 10:00 CEST (02:00 to 08:00 UTC), 6 hours\n"
        "  Sunday 13 July 2025, 05:00 to 11:00 EAT in Africa/Nairobi\n"
        "Free for 2 hours from Sunday 13 July 2025, 12:00 CEST (Sunday 13 July 2025, 13:00 EAT).\n"
        "Next: =SUM(1)\n"
        "  Sunday 13 July 2025, 10:00 to 12:00 CEST (08:00 to 10:00 UTC), 2 hours\n"
        "  Sunday 13 July 2025, 11:00 to 13:00 EAT in Africa/Nairobi\n"
    )


def test_what_never_becomes_free_is_under_maintenance_all_the_same(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "always.yaml"
    path.write_text(
        "name: A\ndomain: a.example.org\ntimezone: UTC\nwindows:\n"
        "  - {id: a, system: s, start: 2025-07-13 00:00, duration: P1D, repeat: {rule: FREQ=DAILY}}\n"
    )
    done = run("status", path, *DURING, "--for", "1h")
    assert done.returncode == 1
    assert b"Not free for 1 hour as far as is known, until" in done.stdout
    assert json.loads(run("status", path, *DURING, "--format", "json").stdout)["free_from"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="it closes a pipe")
def test_a_reader_that_goes_away_does_not_make_it_up(harbour: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "icms_calendar", "status", str(harbour), *DURING]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_table_has_columns_whatever_the_titles_and_fits_a_terminal(run: Run, harbour: Path) -> None:
    assert run("list", harbour, "--to", "2025-08-10").stdout.decode() == (
        "ID          START             END         STATUS     IMPACT     TITLE\n"
        "a           2025-07-13 04:00  10:00 CEST  confirmed  outage     Berths unavailable: planned maintenance\n"
        "b           2025-07-13 10:00  12:00 CEST  confirmed  degraded   =SUM(1)\n"
        "c           2025-07-14 10:00  12:00 CEST  cancelled  outage     "
        "起重机维护与起重机维护与起重机维护与起重机维护\n"
        "n.20250801  2025-08-01 01:00  02:00 CEST  confirmed  no-impact  "
        "Cranes: planned maintenance, no interruption expected\n"
        "n.20250808  2025-08-08 01:00  02:00 CEST  confirmed  no-impact  "
        "Cranes: planned maintenance, no interruption expected\n"
    )
    seen = on_a_terminal(harbour.parent, "list", harbour, "--to", "2025-08-10").splitlines()
    assert seen[4] == "n.20250801  2025-08-01 01:00  02:00 CEST  confirmed  no-impact  Cranes: planned…"
    assert max(map(len, seen)) <= 80


def test_list_takes_ranges_filters_and_statuses(run: Run, harbour: Path) -> None:
    def ids(*asked: str) -> list[str]:
        return [window["id"] for window in json.loads(run("list", harbour, *asked, "--format", "json").stdout)]

    assert ids("--from", "2025-07-14", "--to", "2025-08-01") == ["c", "n.20250801"]
    assert ids("--to", "2025-07-13 10:00") == ["a"]
    assert ids("--from", "2025-07-13 10:00", "--to", "2025-07-14") == ["b", "c"]
    assert ids("--to", "2025-08-01", "--status", "cancelled") == ["c"]
    assert ids("--to", "2025-08-01", "--system", "cranes", "--impact", "degraded") == ["b", "c"]
    assert ids("--to", "2025-08-01", "--service", "booking") == ["a"]
    assert run("list", harbour, "--status", "gone").returncode == 2
    assert run("list", harbour, "--from", "2025-08-01", "--to", "2025-07-01").returncode == 1


def test_no_cell_of_the_csv_is_a_formula(run: Run, harbour: Path) -> None:
    done = run("list", harbour, "--to", "2025-07-14", "--timezone", "Africa/Nairobi", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert [row["title"] for row in rows][:2] == ["Berths unavailable: planned maintenance", "'=SUM(1)"]
    assert (rows[0]["start_local"], rows[0]["timezone"]) == ("2025-07-13 05:00:00", "Africa/Nairobi")
    assert rows[0]["start"] == "2025-07-13T02:00:00Z"


def test_the_guard_of_the_examples_says_when(tmp_path: Path) -> None:
    def guard(at: str) -> tuple[int, str]:
        command = [sys.executable, str(ROOT / "examples" / "erp_guard.py"), str(EXAMPLE), at]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.strip()

    assert guard("2025-07-13T05:00+03:00") == (1, "Not now. Send it at 2025-07-13T07:00:00+00:00.")
    assert guard("2025-07-13T10:00+03:00") == (0, "")


@pytest.mark.parametrize("files", [{"w.yaml.bak": "windows: []"}, {"w.csv": "id,system,start,end\n"}, {}])
def test_records_without_a_window_do_not_mean_up(run: Run, tmp_path: Path, files: dict[str, str]) -> None:
    head = "name: N\ndomain: d.example\ntimezone: UTC\nsystems: [s]\n"
    for name, text in {"calendar.yaml": head, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run("status", tmp_path).returncode == 2
