"""A site's health: how old it is, whether its files are whole, in a folder and served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from icms_calendar import MaintenanceCalendar, SourceError, build_site
from icms_calendar.site.health import check_site
from tests.conftest import Run
from tests.strategies import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def site(example: MaintenanceCalendar, tmp_path: Path) -> Path:
    build_site(example, tmp_path / "public", now=NOW, first_build=True)
    return tmp_path / "public"


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_site_is_stale_when_its_build_is_older_than_the_limit(site: Path, served: str) -> None:
    for place in (str(site), served, served.rstrip("/")):
        assert not check_site(place, NOW + 36 * HOUR, 36 * HOUR)[1]
        (finding,) = check_site(place, NOW + 36 * HOUR + timedelta(minutes=1), 36 * HOUR)[1]
        assert str(finding).startswith(f"{place}: error ICM501: was built 36 hours 1 minute ago, more than 36 hours.")
        assert not check_site(place, NOW + 9999 * HOUR)[1]


def test_a_file_that_is_missing_or_changed_is_told(site: Path) -> None:
    (site / "all.ics").unlink()
    (site / "icms.ics").write_bytes(b"edited")
    findings = check_site(str(site), NOW)[1]
    assert [(Path(finding.file or "").name, finding.message.partition(".")[0]) for finding in findings] == [
        ("all.ics", "cannot be read (no such file or directory)"),
        ("icms.ics", "is not as it was built"),
    ]


def test_a_hostile_manifest_reads_nothing_outside(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    status = site / "status.json"
    text = status.read_text(encoding="utf-8").replace('"all.ics"', '"../secret"')
    status.write_text(text, encoding="utf-8")
    assert all("secret" not in str(finding) for finding in check_site(str(site), NOW)[1])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"generated_at": 3, "files": {}}', '{"generated_at": "x", "files": 1}']
)
def test_what_is_no_status_json_of_ours_is_unreadable(site: Path, text: str) -> None:
    (site / "status.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        check_site(str(site), NOW)
    assert error.value.unreadable


def test_the_command_checks_sites_beside_records(site: Path, served: str, run: Run) -> None:
    fine = run("check", site, served, "--max-age", "2h", "--now", "2025-07-11T10:00Z")
    assert fine.returncode == 0
    number = len([path for path in site.rglob("*") if path.is_file()]) - 1
    first = f"{site}: built 2025-07-11 09:30 UTC, {number} files, nothing wrong"
    assert fine.stderr.decode().splitlines()[0] == first
    stale = run("check", served, "--max-age", "2h", "--now", "2025-07-12")
    assert (stale.returncode, stale.stdout.count(b"ICM501")) == (1, 1)
    gone = run("check", "http://127.0.0.1:9/", "--max-age", "2h")
    assert gone.returncode == 2
    assert run("check", site / "all.ics", "--max-age", "2h").returncode == 2
