"""The command as people and CI run it: another process, its streams, its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import icalendar
import jsonschema
import pytest
import yaml

from icms_calendar.catalogue import RULES
from tests.conftest import ROOT, Run

EXAMPLE = ROOT / "examples" / "kra-icms"
MINIMAL = (
    "name: Harbour\ndomain: harbour.example.org\ntimezone: Africa/Nairobi\nurl: https://harbour.example.org/\n"
    "windows:\n  - {id: w1, system: pilot, start: 2025-07-13 04:00, end: 2025-07-13 10:00}\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.yaml"
    path.write_text(MINIMAL, encoding="utf-8")
    return path


def test_build_writes_the_site_says_so_on_standard_error_and_exits_with_0(run: Run, tmp_path: Path) -> None:
    done = run("build", EXAMPLE, "-o", "public", "--first-build")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == (
        "public: 4 windows in 14 feeds. Files: 41 written.\n"
        "Open public/index.html to check it; upload public/ to publish it.\n"
    )
    feed = icalendar.Calendar.from_ical((tmp_path / "public/all.ics").read_bytes())
    assert len(feed.events) == 4


def test_building_again_on_another_day_changes_the_pages_and_status_json_and_no_feed(run: Run, tmp_path: Path) -> None:
    run("build", EXAMPLE, "--now", "2026-01-01")
    before = {path: path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()}
    done = run("build", EXAMPLE, "--now", "2026-01-02")
    assert done.stderr.startswith(
        b"Nothing has changed.\npublic: 4 windows in 14 feeds. Files: 5 written, 36 unchanged."
    )
    changed = {path.name for path, data in before.items() if path.read_bytes() != data}
    assert changed == {"status.json", "index.html", "embed.html"}


def test_source_date_epoch_is_the_clock_where_it_is_set(run: Run, tmp_path: Path, source: Path) -> None:
    run("build", source, env={"SOURCE_DATE_EPOCH": "1752192000"})
    assert json.loads((tmp_path / "public/status.json").read_text())["generated_at"] == "2025-07-11T00:00:00Z"
    done = run("build", source, env={"SOURCE_DATE_EPOCH": "yesterday"})
    assert done.returncode == 2
    assert b"SOURCE_DATE_EPOCH" in done.stderr


def test_feed_writes_bytes_to_standard_output_or_a_file(run: Run, tmp_path: Path) -> None:
    to_output = run("feed", EXAMPLE)
    to_file = run("feed", EXAMPLE, "-o", "out.ics")
    assert (to_output.returncode, to_file.returncode, to_file.stdout, to_file.stderr) == (0, 0, b"", b"")
    assert (tmp_path / "out.ics").read_bytes() == to_output.stdout
    assert to_output.stdout.endswith(b"END:VCALENDAR\r\n")


def test_feed_reads_standard_input(run: Run) -> None:
    done = run("feed", "-", input=MINIMAL.encode())
    assert b"UID:w1@harbour.example.org\r\n" in done.stdout


def test_feed_keeps_every_window_whatever_history_says(run: Run, source: Path) -> None:
    assert run("feed", source, "--now", "2099-01-01").stdout.count(b"BEGIN:VEVENT") == 1


def test_feed_filters_and_rings_reminders(run: Run, source: Path) -> None:
    assert run("feed", EXAMPLE, "--service", "tracking").stdout.count(b"BEGIN:VEVENT") == 4
    assert run("feed", EXAMPLE, "--reminders").stdout.count(b"TRIGGER:-P1D") == 4
    unknown = run("feed", EXAMPLE, "--system", "icmss")
    assert (unknown.returncode, unknown.stdout) == (1, b"")
    assert b'ICM208: unknown system "icmss". Did you mean "icms"?' in unknown.stderr
    without = run("feed", source, "--reminders")
    assert without.returncode == 2
    assert b"sets no reminders" in without.stderr


def test_check_tells_findings_on_standard_output_and_exits_with_1(run: Run, source: Path) -> None:
    fine = run("check", EXAMPLE, source)
    assert (fine.returncode, fine.stdout) == (0, b"")
    assert fine.stderr.decode().splitlines() == [
        f"{EXAMPLE}: 4 windows, nothing wrong",
        f"{source}: 1 window, nothing wrong",
    ]
    source.write_text(MINIMAL.replace("start", "starts"), encoding="utf-8")
    bad = run("check", source, EXAMPLE)
    assert bad.returncode == 1
    assert [line.split(": ")[0] for line in bad.stdout.decode().splitlines()] == [f"{source}:6:5", f"{source}:6:29"]


def test_check_prints_json_and_annotations(run: Run, source: Path) -> None:
    source.write_text(MINIMAL.replace("pilot", "pilot, status: canceled"), encoding="utf-8")
    found = json.loads(run("check", source, "--format", "json").stdout)
    assert [(finding["code"], finding["line"]) for finding in found] == [("ICM204", 6)]
    for done in (run("check", source, "--format", "github"), run("check", source, env={"GITHUB_ACTIONS": "true"})):
        assert done.stdout.startswith(b"::error file=")
    assert run("build", source, env={"GITHUB_ACTIONS": "true"}).stderr.startswith(b"::error file=")


@pytest.mark.parametrize("command", [["build", "-o", "public"], ["feed"]])
def test_findings_that_stop_a_command_are_printed_in_the_format_asked_for(
    run: Run, source: Path, command: list[str]
) -> None:
    source.write_text(MINIMAL.replace("pilot", "pilot, status: canceled"), encoding="utf-8")
    done = run(*command, source, "--format", "json")
    assert (done.returncode, done.stdout) == (1, b"")
    assert [finding["code"] for finding in json.loads(done.stderr)] == ["ICM204"]


@pytest.mark.parametrize("command", ["check", "status", "import"])
def test_an_address_that_is_none_cannot_be_read(run: Run, command: str) -> None:
    done = run(command, "http://[::1")
    assert done.returncode == 2
    assert b"ICM001: cannot be read: it is not a well-formed address" in done.stdout + done.stderr


def test_standard_input_is_told_by_one_name(run: Run) -> None:
    assert run("draft", "-", input=b"").stderr.startswith(b"<stdin>: error ICM957")
    assert run("import", "-", input=b"").stderr == (b"<stdin>:1:1: error ICM701: is not a calendar feed: it is empty\n")


def test_a_quotation_that_is_not_closed_in_csv_has_its_line(run: Run, source: Path) -> None:
    (source.parent / "more.csv").write_text('id,system\nw2,"pilot\nw3,pilot\n', encoding="utf-8")
    told = run("check", source.parent).stdout
    assert told.endswith(b"more.csv:2:1: error ICM003: is not well-formed CSV: unexpected end of data\n")


def test_an_unknown_impact_or_status_is_wrong_usage(run: Run, source: Path) -> None:
    for option in ("--impact", "--status"):
        done = run("list", source, option, "outrage")
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith(f"Error: Invalid value for '{option}'".encode())


def test_list_wants_its_end_after_its_start(run: Run, source: Path) -> None:
    done = run("list", source, "--from", "2026-01-02", "--to", "2026-01-01")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"--to: error ICM103: ")
    assert done.stderr.endswith(b"Have --from and --to changed places?\n")


def test_check_passes_over_what_is_ignored(run: Run, source: Path) -> None:
    source.write_text(MINIMAL.replace("pilot", "pilot, status: canceled"), encoding="utf-8")
    done = run("check", source, "--ignore", "ICM204")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == f"{source}: 1 ignored\n".encode()
    assert run("check", source, "--ignore", "ICM999").returncode == 2


def test_warnings_stop_a_build_only_when_strict(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"w{i},pilot,2025-07-13 04:00,1h,{'x' * 2000}\n" for i in range(2, 500))
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "calendar.yaml").write_text(MINIMAL, encoding="utf-8")
    (folder / "w.csv").write_text("id,system,start,duration,description\n" + rows, encoding="utf-8")
    strict = run("build", folder, "--strict", "--first-build", "-o", "site")
    assert strict.returncode == 1
    assert b"warning ICM301: all.ics has" in strict.stderr
    assert not (tmp_path / "site").exists()
    loose = run("build", folder, "-o", "site")
    assert loose.returncode == 0
    assert b"warning ICM301" in loose.stderr


def test_a_change_is_told_as_it_is_published_and_once(run: Run, tmp_path: Path, source: Path) -> None:
    at = ("--now", "2025-07-01")
    first = run("build", source, *at)
    assert first.stderr.startswith(b"public: 1 window in")
    source.write_text(MINIMAL.replace("10:00}", "11:00}"), encoding="utf-8")
    told = (
        b"Takes longer: pilot unavailable: planned maintenance\n"
        b"  from Sunday 13 July 2025, 04:00 to 10:00 EAT (01:00 to 07:00 UTC), 6 hours\n"
        b"  to Sunday 13 July 2025, 04:00 to 11:00 EAT (01:00 to 08:00 UTC), 7 hours\n"
    )
    assert run("diff", source, "--previous", "public/all.ics", *at).stdout == told
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    would = run("build", source, "--check", *at, env=summary)
    assert (would.returncode, would.stderr.startswith(told)) == (1, True)
    assert (tmp_path / "summary.md").read_bytes().startswith(b"- **Takes longer:** pilot unavailable: planned")
    assert run("build", source, *at).stderr.startswith(told)
    again = run("build", source, "--check", *at)
    assert (again.returncode, again.stderr) == (0, b"Nothing has changed.\npublic: nothing would change.\n")
    assert json.loads(run("diff", source, "--previous", "public/all.ics", "--format", "json", *at).stdout) == []


def test_a_build_into_an_absent_or_empty_folder_is_a_first_build(run: Run, tmp_path: Path, source: Path) -> None:
    assert b"warning" not in run("build", source, "--strict").stderr
    (tmp_path / "empty").mkdir()
    assert run("build", source, "--strict", "-o", "empty").returncode == 0


def test_a_site_that_lost_its_feed_is_not_begun_again_by_itself(run: Run, tmp_path: Path, source: Path) -> None:
    run("build", source)
    (tmp_path / "public" / "all.ics").unlink()
    refused = run("build", source)
    assert refused.returncode == 1
    assert b"error ICM402" in refused.stderr
    assert b"--first-build" in refused.stderr
    assert run("build", source, "--first-build").returncode == 0


def test_nothing_from_records_or_feeds_commands_a_terminal_or_a_runner(run: Run, tmp_path: Path) -> None:
    title = "x ##[stop-commands]tok \u202e"
    for start in ("2025-07-13 04:00", "2025-07-13 05:00"):
        window = {"id": "w", "system": "s", "start": start, "duration": "6h", "title": title}
        data = {"name": "N", "domain": "d.example", "timezone": "UTC", "windows": [window]}
        (tmp_path / "c.json").write_text(json.dumps(data), encoding="utf-8")
        done = run("build", "c.json", "--now", "2025-07-01", env={"GITHUB_ACTIONS": "true"})
        assert done.returncode == 0
    assert b"Moved: x ## [stop-commands]tok" in done.stderr
    for command in ("list c.json", "list c.json --format json", "status c.json --at 2025-07-13T06:00Z"):
        out = run(*command.split(), env={"GITHUB_ACTIONS": "true"}).stdout.decode()
        assert "##[" not in out
        assert "\u202e" not in out
    assert json.loads(run("list", "c.json", "--format", "json").stdout)[0]["title"] == title


@pytest.mark.parametrize("command", ["check c.yaml", "build c.yaml", "feed c.yaml", "status c.yaml", "list c.yaml"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_as_dev_null(command: str, closed: str, tmp_path: Path, source: Path) -> None:
    source.rename(tmp_path / "c.yaml")
    line = f"{sys.executable} -m icms_calendar {command} {closed}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, check=False, timeout=60)
    assert done.returncode in (0, 1)


def test_a_ledger_that_is_lost_or_broken_stops_the_build_and_writes_nothing(
    run: Run, tmp_path: Path, source: Path
) -> None:
    run("build", source, "--first-build")
    feed = tmp_path / "public" / "all.ics"
    feed.write_bytes(feed.read_bytes()[:-30])
    before = {path: path.read_bytes() for path in (tmp_path / "public").rglob("*.*")}
    for more in ((), ("--previous", "gone.ics"), ("--previous", "http://127.0.0.1:9/all.ics")):
        done = run("build", source, *more)
        assert done.returncode == 1
        assert b"error ICM40" in done.stderr
        assert b"--previous" in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "public").rglob("*.*")} == before


def test_windows_that_vanish_together_stop_the_build_unless_that_is_meant(run: Run, source: Path) -> None:
    run("build", source, "--first-build", "--now", "2025-07-01")
    source.write_text(MINIMAL.partition("windows")[0], encoding="utf-8")
    stopped = run("build", source, "--now", "2025-07-02")
    assert stopped.returncode == 1
    assert b"ICM407: 1 of 1 coming windows are no longer in the records (w1)." in stopped.stderr
    meant = run("build", source, "--now", "2025-07-02", "--allow-vanished")
    assert meant.returncode == 0
    assert meant.stderr.startswith(b"Cancelled: pilot unavailable: planned maintenance\n")


def test_schema_is_one_that_the_example_fits_and_a_misspelt_record_does_not(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for name in ("calendar.yaml", "windows.yaml"):
        text = (EXAMPLE / name).read_text(encoding="utf-8").replace("official: false\n", "")
        validator.validate(yaml.load(text, yaml.BaseLoader))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"windows": [{"id": "w", "system": "s", "start": "2025-07-13 04:00", "titel": "x"}]})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"name": "x", "windows": []})
    bare = {"name": "x", "domain": "d", "timezone": "UTC", "systems": ["a", {"id": "b", "services": ["c"]}]}
    validator.validate({**bare, "feeds": [{"id": "f", "name": "F", "system": "a", "impact": ["outage"]}]})


def test_the_example_carries_the_schema_of_this_version(run: Run) -> None:
    assert (EXAMPLE / ".schema.json").read_bytes() == run("schema").stdout


def test_explain_tells_every_rule(run: Run) -> None:
    assert run("explain", "icm104").stdout.startswith(b"ICM104 time-in-gap (error)\n")
    assert run("explain", "time-in-gap").stdout == run("explain", "ICM104").stdout
    unknown = run("explain", "ICM108x")
    assert unknown.returncode == 2
    assert b'Did you mean "ICM108"?' in unknown.stderr
    assert len(RULES) > 40


def test_init_writes_a_folder_that_builds_as_it_is(run: Run, tmp_path: Path) -> None:
    done = run("init", "new", "--now", "2025-07-11")
    assert done.returncode == 0
    assert run("check", "new", "--strict").returncode == 0
    assert run("build", "new", "--now", "2025-07-11").returncode == 0
    assert (tmp_path / "public/events/portal-2025-07-27.ics").is_file()
    before = (tmp_path / "new/calendar.yaml").read_bytes()
    again = run("init", "new")
    assert again.returncode == 1
    assert b"ICM302" in again.stderr
    assert (tmp_path / "new/calendar.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["-h"], 0),
        (["build", "-h"], 0),
        ([], 2),
        (["bild"], 2),
        (["build"], 2),
        (["build", "nowhere"], 2),
        (["build", ".", "--now", "soon"], 2),
        (["check", "nowhere.yaml"], 2),
    ],
)
def test_wrong_usage_and_an_unreadable_source_exit_with_2(run: Run, arguments: list[str], code: int) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_help_fits_80_columns(run: Run) -> None:
    for command in ((), ("build",), ("feed",), ("diff",), ("check",), ("schema",), ("explain",), ("init",)):
        text = run(*command, "--help", env={"COLUMNS": "80"}).stdout.decode()
        assert all(len(line) <= 80 for line in text.splitlines()), text


def test_the_list_of_commands_cuts_no_sentence_off(run: Run) -> None:
    lines = run("--help", env={"COLUMNS": "80"}).stdout.decode().partition("Commands:")[2].split("\n")
    assert [line for line in lines if line and not line.endswith(".")] == []
    assert [line for line in lines if line.endswith("...")] == []


def test_a_fault_of_ours_exits_with_3_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from icms_calendar.command import cli
    from icms_calendar.source import files as records

    def broken(source: str) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(records, "open_source", broken)
    assert cli.run(["feed", "x"]) == 3
    told = capsys.readouterr().err
    assert "internal error: a bug in icms-calendar, not in your input: RuntimeError: on purpose (test_cli.py:" in told
    assert "Traceback" not in told


def test_a_reader_that_goes_away_is_no_fault(source: Path, tmp_path: Path) -> None:
    many = "".join(f"  - {{id: x{i}, system: pilot, start: 2025-07-13 04:00, duration: 1h}}\n" for i in range(2000))
    source.write_text(MINIMAL + many, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "icms_calendar", "feed", str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0


def test_an_output_that_cannot_be_a_folder_is_refused_in_words(run: Run, source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    for output, told in (
        ("link", b"link: error ICM304: cannot be written: it is a link to a folder that does not exist."),
        ("-", b"A site is a folder of files"),
        (source, b"holds the records. Name another folder"),
    ):
        done = run("build", source, "-o", output)
        assert done.returncode in (1, 2)
        assert told in done.stderr
    assert not (tmp_path / "-").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_a_stream_that_takes_nothing_is_no_fault_of_ours(run: Run, source: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "icms_calendar", "feed", str(source)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    for command in (["status", "nowhere"], ["check", "nowhere"], ["list", "nowhere"], ["status"], ["no-such-command"]):
        with Path("/dev/full").open("wb") as full:  # the message that it is not known cannot be written either
            asked = [sys.executable, "-m", "icms_calendar", *command]
            assert subprocess.run(asked, stdout=subprocess.DEVNULL, stderr=full, check=False).returncode == 2
    assert run("build", source, "--first-build", env={"GITHUB_STEP_SUMMARY": "/nowhere/x"}).returncode == 0


def test_check_tells_of_every_source_also_where_one_is_a_site_that_is_gone(run: Run, source: Path) -> None:
    source.write_text(MINIMAL.replace("pilot", "pilot, status: canceled"), encoding="utf-8")
    done = run("check", source, "http://127.0.0.1:9/", "--format", "json")
    assert [finding["code"] for finding in json.loads(done.stdout)] == ["ICM204", "ICM001"]


def test_an_empty_previous_is_wrong_usage(run: Run, source: Path) -> None:
    for command in ("build", "feed", "diff"):
        assert run(command, source, "--previous", "").returncode == 2


def test_a_feed_goes_on_from_itself(run: Run, tmp_path: Path, source: Path) -> None:
    again = ("feed", source, "-o", "f.ics", "--previous", "f.ics", "--first-build")
    assert run(*again).returncode == 0
    source.write_text(MINIMAL.replace("10:00}", "11:00}"), encoding="utf-8")
    assert run(*again).returncode == 0
    assert b"SEQUENCE:1\r\n" in (tmp_path / "f.ics").read_bytes()
    assert run(*again, "--reminders").returncode == 2


def test_an_older_feed_is_not_gone_on_from(run: Run, tmp_path: Path, source: Path) -> None:
    run("build", source, "--first-build")
    (tmp_path / "old.ics").write_bytes((tmp_path / "public/all.ics").read_bytes())
    source.write_text(MINIMAL.replace("10:00}", "11:00}"), encoding="utf-8")
    run("build", source)
    stale = run("build", source, "--previous", "old.ics")
    assert stale.returncode == 1
    assert b"ICM403" in stale.stderr
    assert b"holds a later revision of w1@harbour.example.org" in stale.stderr
    lost = run("build", source, "--previous", "gone.ics", "--first-build")
    assert lost.returncode == 0
    assert b"SEQUENCE:1\r\n" in (tmp_path / "public/all.ics").read_bytes()


ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-CALNAME:Port\r
BEGIN:VEVENT\r
UID:cranes@port.example.org\r
DTSTART:%s\r
DURATION:PT6H\r
SUMMARY:Cranes\r
X-MAINTNOTE-IMPACT:DEGRADED\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_import_writes_a_source_that_checks_and_builds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "port.ics").write_bytes(ICS % b"20250713T010000Z")
    done = run("import", "port.ics", "--system", "cranes", "--timezone", "E. Africa Standard Time", "-o", "port.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "port.yaml").read_text(encoding="utf-8") == (
        "name: Port\ndomain: port.example.org\ntimezone: Africa/Nairobi\nwindows:\n  - id: cranes\n    system: cranes\n"
        "    start: 2025-07-13 04:00\n    end: 2025-07-13 10:00\n    impact: degraded\n    title: Cranes\n"
    )
    assert run("check", "port.yaml", "--strict", "--ignore", "no-url").returncode == 0
    feed = run("feed", "port.yaml", "--now", "2025-07-01").stdout
    again = run("import", "-", "--system", "cranes", input=feed)
    assert again.returncode == 0
    assert b"id: cranes\n" in again.stdout


def test_import_tells_findings_by_line_and_strict_writes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("import", "-", input=ICS % b"20250713T040000")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b'<stdin>:4:1: error ICM805: the event "cranes@port.example.org" is left out')
    told = run("import", "-", "--format", "github", "--timezone", "UTC", input=ICS % b"20250713T040000")
    assert told.returncode == 0
    assert told.stderr.startswith(b"::warning file=<stdin>,line=4,col=1,title=ICM823")
    strict = run("import", "-", "--strict", "--timezone", "UTC", "-o", "x.yaml", input=ICS % b"20250713T040000")
    assert (strict.returncode, (tmp_path / "x.yaml").exists()) == (1, False)
    gone = run("import", "gone.ics", "--format", "json")
    assert gone.returncode == 2


def test_import_writes_what_could_be_read_beside_what_could_not(run: Run) -> None:
    whole = ICS % b"20250713T010000Z"
    done = run("import", "-", "--system", "cranes", "--domain", "x.example.org", input=whole + whole[:200])
    assert done.returncode == 1
    assert b"error ICM712: the file ends inside" in done.stderr
    assert b"domain: x.example.org\n" in done.stdout
    assert b"uid: cranes@port.example.org\n" in done.stdout


def test_import_lays_out_what_repeats_up_to_a_time(run: Run) -> None:
    feed = (ICS % b"20250713T010000Z").replace(b"SUMMARY", b"RRULE:FREQ=DAILY\r\nRDATE:20250713T090000Z\r\nSUMMARY")
    done = run("import", "-", "--until", "2025-07-15", input=feed)
    assert done.stdout.count(b"- id: cranes-202507") == 3
    assert b"3 windows, up to 2025-07-15" in done.stderr


@pytest.mark.parametrize(
    "wrong", [("--domain", "A b"), ("--system", "all"), ("--timezone", "Nairobi"), ("--until", "soon"), ("--until", "")]
)
def test_import_refuses_options_that_no_calendar_could_have(run: Run, wrong: tuple[str, ...]) -> None:
    assert run("import", "-", *wrong, input=ICS % b"20250713T010000Z").returncode == 2


def test_a_zone_of_which_the_machine_has_no_file_is_an_unknown_zone(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("check", source, env={"PYTZ_TZDATADIR": str(tmp_path)})  # as with a pytz that Debian packaged
    assert done.returncode == 1
    assert b'"Africa/Nairobi" is not a time zone.' in done.stdout
    assert b'mean "Africa/Nairobi"' not in done.stdout
