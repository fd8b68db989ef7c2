"""How a site reaches a folder: whole, only what changed, only what is ours, whatever happens meanwhile."""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest

import icms_calendar.site.publish as publish_module
from icms_calendar import MaintenanceCalendar, build_site
from icms_calendar.findings import PublishError
from icms_calendar.site.build import open_ledger, plan_site
from icms_calendar.site.publish import listed_files, publish, write_file
from tests.conftest import IN_CI, ROOT, Run

EXAMPLE = ROOT / "examples" / "kra-icms"
NOW = datetime(2025, 7, 11, 9, 30, tzinfo=UTC)
AT = ("--now", "2025-07-11T09:30Z")
BUILD = (*AT, "--first-build", "--allow-vanished")  # what becomes of windows is tested elsewhere
LOCK = ".icms-calendar.lock"
TEMPORARY = ".icms-calendar-new"

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork, no SIGKILL, and links only for some")
linux = pytest.mark.skipif(sys.platform != "linux", reason="mounts and capabilities are Linux's")

Tree = dict[str, bytes | str]


def site(*paths: str, text: str = "old") -> dict[str, bytes]:
    """The files of a site small enough to be written a thousand times."""
    files = {path: f"{text} {path}\r\n".encode() for path in paths}
    return files | {"status.json": manifest({path: {} for path in paths}, text)}


def manifest(files: object, text: str = "old") -> bytes:
    return json.dumps({"generator": "icms-calendar", "format": 1, "generated_at": text, "files": files}).encode()


def tree(folder: Path) -> Tree:
    """All that is in a folder: the bytes of a file, and in words what is none."""
    return {path.relative_to(folder).as_posix(): _content(path) for path in sorted(folder.rglob("*"))}


def _content(path: Path) -> bytes | str:
    if path.is_symlink():
        return f"a link to {path.readlink()}"
    return "a folder" if path.is_dir() else path.read_bytes()


def tree_of(files: dict[str, bytes]) -> Tree:
    """What a folder holds that holds a site and nothing else."""
    folders = {str(folder) for path in files for folder in list(PurePosixPath(path).parents)[:-1]}
    return {**files, **dict.fromkeys(folders, "a folder")}


def files_in(folder: Path) -> Tree:
    return {path: content for path, content in tree(folder).items() if content != "a folder"}


def records(folder: Path, name: str, windows: int, ended: int = 0, **more: object) -> Path:
    """A file of records: no other has its system, a service and half of its windows; it retires those of the others."""
    source = {
        "name": f"Maintenance {name}",
        "domain": "icms.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/icms/",
        "systems": [{"id": "icms", "name": "iCMS", "services": ["sea", name]}, {"id": f"system-{name}", "name": name}],
        "windows": [
            {
                "id": f"w{i}" if i % 2 else f"{name}{i}",
                "system": "icms" if i % 3 else f"system-{name}",
                "start": (NOW + timedelta(days=i - ended)).isoformat(),
                "duration": "2h",
                "description": f"Of {name}.",
            }
            for i in range(windows)
        ],
        "retired": [address for other in "abcd" if other != name for address in (f"system-{other}", f"icms/{other}")],
        **more,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(source), encoding="utf-8")
    return path


def planned(source: Path, out: Path) -> dict[str, bytes]:
    """What a build would now make of the folder, going on from the feed in it."""
    calendar = MaintenanceCalendar.load(source)
    ledger = open_ledger(calendar, out, NOW, None, first_build=True)
    return plan_site(calendar, NOW, ledger, allow_vanished=True).files


def command(source: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "icms_calendar", "build", str(source), "-o", str(out), *BUILD]


def said(made: subprocess.CompletedProcess[bytes]) -> str:
    """What a command told a person; its standard output is empty."""
    assert made.stdout == b""
    return made.stderr.decode().replace(os.linesep, "\n")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of the site. It is not made yet; what stands beside it, in `outside`, is not ours."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_bytes(b"precious")
    return tmp_path / "public"


def outside_of(out: Path) -> Tree:
    return tree(out.parent / "outside")


OUTSIDE: Tree = {"precious.txt": b"precious"}  # what must still stand there


# An ordinary build.


def test_build_writes_exactly_the_planned_files(run: Run, out: Path) -> None:
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert (made.returncode, said(made)) == (
        0,
        f"{out}: 4 windows in 14 feeds. Files: 45 written.\n"
        f"Open {out / 'index.html'} to check it; upload {out}/ to publish it.\n",
    )
    assert tree(out) == tree_of(planned(EXAMPLE, out))


def test_build_site_tells_what_became_of_each_file(out: Path, tmp_path: Path) -> None:
    old = records(tmp_path, "a", 3, ended=3)
    new = records(tmp_path, "b", 3, ended=3)
    plan = planned(old, out)
    first = build_site(MaintenanceCalendar.load(old), out, now=NOW, first_build=True)
    assert (first.written, first.unchanged, first.removed, first.findings) == (tuple(plan), (), (), ())
    plan = planned(new, out)
    second = build_site(MaintenanceCalendar.load(new), out, now=NOW)
    same = {
        *("style.css", "page.js", "qr/page.svg", "schema/window.schema.json"),
        *(".gitattributes", ".htaccess", ".nojekyll", "robots.txt", "staticwebapp.config.json"),
    }
    assert set(second.unchanged) == same
    assert set(second.written) == set(plan) - same
    assert set(second.removed) == {"icms/a.ics", "system-a.ics", "system-a/index.html"}
    assert tree(out) == tree_of(plan)


def test_build_site_takes_a_folder_as_text_and_makes_those_above_it(out: Path, example: MaintenanceCalendar) -> None:
    plan = planned(EXAMPLE, out)
    build_site(example, str(out / "a" / "b"), now=NOW)
    assert tree(out / "a" / "b") == tree_of(plan)


def test_build_site_hands_on_what_is_to_be_said_of_the_site(out: Path, tmp_path: Path) -> None:
    calendar = MaintenanceCalendar.load(records(tmp_path, "a", 1500, ended=1500, history="P3650D"))
    done = build_site(calendar, out, now=NOW, first_build=True)
    assert [finding.rule.name for finding in done.findings] == ["feed-too-large"]


def test_with_strict_a_warning_keeps_everything_from_being_written(run: Run, out: Path, tmp_path: Path) -> None:
    made = run("build", records(tmp_path, "a", 1500), "-o", out, *BUILD, "--strict")
    assert made.returncode == 1
    assert said(made).startswith("warning ICM301: all.ics has ")
    assert not out.exists()


def test_records_that_are_wrong_leave_the_site_as_it_was(run: Run, out: Path, tmp_path: Path) -> None:
    run("build", EXAMPLE, "-o", out, *BUILD)
    before = tree(out)
    assert run("build", records(tmp_path, "a", 3, timezone="Nairobi"), "-o", out, *BUILD).returncode == 1
    assert tree(out) == before


def test_a_second_build_touches_nothing(run: Run, out: Path) -> None:
    run("build", EXAMPLE, "-o", out, *BUILD)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in out.rglob("*")}
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert "Files: 45 unchanged.\n" in said(made)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in out.rglob("*")} == before


@posix  # Windows replaces no open file
def test_only_changed_files_are_replaced_and_never_written_in_place(out: Path) -> None:
    old = site("all.ics", "icms.ics", "icms/sea.ics")
    publish(old, out)
    stats = {path: (out / path).stat() for path in old}
    reader = (out / "icms.ics").open("rb")
    done = publish(old | {"icms.ics": b"new"}, out)
    assert (done.written, done.unchanged) == (("icms.ics",), ("all.ics", "icms/sea.ics", "status.json"))
    for path in done.unchanged:
        now = (out / path).stat()
        assert (now.st_mtime_ns, now.st_ino) == (stats[path].st_mtime_ns, stats[path].st_ino)
    with reader:  # whoever downloads a feed meanwhile gets the old one to its end
        assert reader.read() == old["icms.ics"]
    assert (out / "icms.ics").read_bytes() == b"new"


def test_a_file_that_was_changed_by_hand_is_made_right_again(out: Path) -> None:
    files = site("all.ics", "icms.ics")
    publish(files, out)
    (out / "all.ics").write_bytes(b"X" * len(files["all.ics"]))
    (out / "icms.ics").unlink()
    assert publish(files, out).written == ("all.ics", "icms.ics")
    assert tree(out) == tree_of(files)


def test_dropped_files_go_and_the_folders_they_leave_empty(out: Path) -> None:
    publish(site("all.ics", "icms.ics", "icms/sea.ics", "icms/house.ics", "events/w.ics"), out)
    new = site("all.ics", "icms.ics", text="new")
    assert publish(new, out).removed == ("events/w.ics", "icms/house.ics", "icms/sea.ics")
    assert tree(out) == tree_of(new)


def test_a_file_that_somebody_removed_already_is_not_told_as_removed(out: Path) -> None:
    publish(site("all.ics", "icms.ics"), out)
    (out / "icms.ics").unlink()
    assert publish(site("all.ics", text="new"), out).removed == ()


def test_a_site_within_its_own_records_is_not_read_as_records(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "records"
    shutil.copytree(EXAMPLE, source)
    for _ in range(2):
        assert run("build", source, "-o", source / "public", *BUILD).returncode == 0
    assert tree(source / "public") == tree_of(planned(EXAMPLE, source / "public"))


def test_a_naive_now_leaves_no_folder(out: Path, example: MaintenanceCalendar) -> None:
    with pytest.raises(TypeError):
        build_site(example, out, now=datetime(2025, 7, 11))
    assert not out.exists()


# Other people's files.


def test_other_peoples_files_in_a_site_are_never_touched_or_removed(out: Path) -> None:
    publish(site("all.ics", "icms.ics", "icms/sea.ics"), out)
    theirs = {"CNAME": b"example.org", "icms/notes.txt": b"mine", ".git/config": b"[core]", "events/w.ics": b"mine"}
    for path, data in theirs.items():
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_bytes(data)
    before = {path: (out / path).stat() for path in theirs}
    files = site("all.ics", text="new")
    publish(files, out)
    assert tree(out) == tree_of(files | theirs)
    for path, then in before.items():
        now = (out / path).stat()
        assert (now.st_mtime_ns, now.st_ino) == (then.st_mtime_ns, then.st_ino)


def refused_for(out: Path, files: str) -> str:
    rule = f"ICM302: holds other files ({files}), so nothing was written"
    remedy = "Choose another folder, or add --force to build beside them"
    return f"{out}: error {rule}. {remedy}; a file with the name of a site's file is then replaced"


def test_a_folder_with_files_of_others_is_refused_and_nothing_is_written(run: Run, out: Path) -> None:
    out.mkdir()
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (out / name).write_bytes(b"mine")
    before = tree(out)
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert (made.returncode, said(made)) == (
        1,
        refused_for(out, "a.txt, b.txt, c.txt and 1 more") + "\n",
    )
    assert tree(out) == before


def test_with_force_the_files_of_others_are_kept_and_the_next_build_needs_none(run: Run, out: Path) -> None:
    (out / "icms").mkdir(parents=True)
    for path in ("notes.txt", "icms/notes.txt"):
        (out / path).write_bytes(b"mine")
    for force in (["--force"], []):
        assert run("build", EXAMPLE, "-o", out, *BUILD, *force).returncode == 0
        assert tree(out) == tree_of(planned(EXAMPLE, out) | {"notes.txt": b"mine", "icms/notes.txt": b"mine"})


@pytest.mark.parametrize("theirs", ["status.json", "all.ics", "public/index.html"])
def test_a_folder_of_others_is_refused_whatever_its_files_are_called(out: Path, theirs: str) -> None:
    (out / theirs).parent.mkdir(parents=True)
    (out / theirs).write_bytes(b'{"generator": "another", "files": {"status.json": {}}}')
    before = tree(out)
    with pytest.raises(PublishError, match="ICM302"):
        publish(site("all.ics"), out)
    assert tree(out) == before


def test_hidden_files_are_not_foreign(out: Path) -> None:
    hidden = {".git/config": b"[core]", ".gitattributes": b"*.ics -text"}
    for path, data in hidden.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    publish(site("all.ics"), out)
    assert tree(out) == tree_of(site("all.ics") | hidden)


@pytest.mark.parametrize("path", [".htaccess", "_headers"])
def test_a_file_for_the_host_that_others_wrote_is_not_overwritten(out: Path, path: str) -> None:
    out.mkdir()
    (out / path).write_bytes(b"mine")
    with pytest.raises(PublishError) as refused:
        publish(site("all.ics", path), out)
    assert str(refused.value) == refused_for(out, path)
    assert tree(out) == {path: b"mine"}


def test_files_for_hosts_are_published_listed_and_removed_like_any_other(out: Path) -> None:
    hosting = (".htaccess", ".nojekyll", "_headers")
    publish(site("all.ics", *hosting), out)
    assert listed_files(out) == {"all.ics", *hosting, "status.json"}
    assert publish(site("all.ics"), out).removed == tuple(sorted(hosting))


def test_a_file_of_others_in_a_site_of_ours_is_not_overwritten(out: Path) -> None:
    publish(site("all.ics"), out)
    (out / "icms.ics").write_bytes(b"mine")
    with pytest.raises(PublishError) as refused:
        publish(site("all.ics", "icms.ics", text="new"), out)
    assert str(refused.value) == refused_for(out, "icms.ics")
    assert tree(out) == tree_of(site("all.ics") | {"icms.ics": b"mine"})


# A status.json that lies. Whoever may write it may have all of the folder removed, but nothing else.


HOSTILE: dict[str, bytes] = {
    "a path that leads out": manifest(dict.fromkeys(["../outside/precious.txt", "icms/../../outside/precious.txt"])),
    "an absolute path": manifest({str(Path(__file__).resolve()): {}, "//etc/hostname": {}}),
    "a path of Windows": manifest(dict.fromkeys([r"..\outside\precious.txt", r"C:\Windows", "C:win.ini", r"\\host\a"])),
    "the repository": manifest(dict.fromkeys([".git/config", "./.git/config", ".git", "icms/.git/config"])),
    "the folder itself": manifest(dict.fromkeys([".", "..", "", "/", "icms/", "icms/.", "icms"])),
    "no character of a file name": manifest(dict.fromkeys(["a\0b", "a\0/b", "\ud800", "\ud800/b", "a\nb", "\x7f"])),
    "an endless name": manifest({"x" * 5000: {}, "/".join(["y"] * 5000): {}}),
    "an endless name of a folder": manifest({"x" * 5000 + "/a": {}}),
    "a text for files": manifest("a"),
    "a list for files": manifest(["a", "../outside/precious.txt", 7, None, ["a"]]),
    "a number for files": manifest(7),
    "nothing for files": manifest(None),
    "no files": b'{"generator": "icms-calendar"}',
    "only the mark": b'"generator": "icms-calendar"',
    "a list": b'["generator", {"generator": "icms-calendar"}]',
    "cut off": manifest({"all.ics": {}})[:-9],
    "not UTF-8": b'{"generator": "icms-calendar", "files": {"\xff": {}}}',
    "a number too long to read": b'{"generator": "icms-calendar", "files": ' + b"9" * 5000 + b"}",
    "huge nesting": b'{"generator": "icms-calendar", "files": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "empty": b"",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_manifest_removes_nothing_outside_and_is_no_fault_of_ours(run: Run, out: Path, text: bytes) -> None:
    theirs = {".git/config": b"[core]", "icms/.git/config": b"[core]", "a": b"mine"}
    for path, data in theirs.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    (out / "status.json").write_bytes(text)
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert outside_of(out) == OUTSIDE
    assert made.returncode in (0, 1), said(made)
    assert tree(out) == tree_of(
        {**theirs, **(planned(EXAMPLE, out) if made.returncode == 0 else {"status.json": text})}
    )


def test_no_spelling_of_the_repository_is_removed(out: Path) -> None:
    theirs = {".GIT/config": b"[core]"}  # on macOS and Windows this is .git
    (out / ".GIT").mkdir(parents=True)
    (out / ".GIT" / "config").write_bytes(b"[core]")
    (out / "status.json").write_bytes(manifest(dict.fromkeys(theirs)))
    publish(site("all.ics"), out)
    assert tree(out) == tree_of(site("all.ics") | theirs)


@pytest.mark.parametrize(
    "text",
    [b"\xff", b"[" * 200_000, b'["../outside/precious.txt"]', b"7", b'{"a": 0}', b'["\\ud800"]', b'["all.'],
    ids=["not UTF-8", "huge nesting", "a path that leads out", "a number", "a table", "no character", "cut off"],
)
def test_a_hostile_lock_file_removes_nothing_outside_and_is_no_fault_of_ours(run: Run, out: Path, text: bytes) -> None:
    publish(site("icms.ics"), out)
    (out / LOCK).write_bytes(text)
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert outside_of(out) == OUTSIDE
    assert made.returncode == 0, said(made)
    assert tree(out) == tree_of(planned(EXAMPLE, out))


# Links.


@posix
@pytest.mark.parametrize("target", ["../outside", "absolute"])
def test_a_linked_folder_that_leads_out_is_refused_and_nothing_is_written_there(
    run: Run, out: Path, target: str
) -> None:
    out.mkdir()
    outside = (out.parent / "outside").resolve()
    (out / "events").symlink_to(outside if target == "absolute" else target)
    (out / "status.json").write_bytes(manifest({"events/precious.txt": {}}))
    before = tree(out)
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert (made.returncode, said(made)) == (
        1,
        f"{out / 'events'}: error ICM304: cannot be written: it is a link (to {outside}), which a build does not "
        "follow; remove it. The previous contents are unchanged\n",
    )
    assert (tree(out), outside_of(out)) == (before, OUTSIDE)


@posix
def test_force_does_not_follow_a_link_that_leads_out_either(run: Run, out: Path) -> None:
    out.mkdir()
    (out / "events").symlink_to("../outside")
    assert run("build", EXAMPLE, "-o", out, *BUILD, "--force").returncode == 1
    assert (tree(out), outside_of(out)) == ({"events": "a link to ../outside"}, OUTSIDE)


@posix
def test_no_file_is_removed_through_a_link_that_leads_out(out: Path) -> None:
    publish(site("all.ics"), out)
    (out / "old").symlink_to("../outside")
    (out / "status.json").write_bytes(manifest({"all.ics": {}, "old/precious.txt": {}}))
    with pytest.raises(PublishError, match=r"ICM304.* is a link"):
        publish(site("all.ics"), out)
    assert outside_of(out) == OUTSIDE


@posix
def test_nothing_of_the_repository_is_removed_through_a_link(out: Path) -> None:
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "config").write_bytes(b"[core]")
    (out / "old").symlink_to(".git")
    (out / "status.json").write_bytes(manifest({"old/config": {}}))
    with suppress(PublishError):
        publish(site("all.ics"), out)
    assert (out / ".git" / "config").read_bytes() == b"[core]"


@posix
@pytest.mark.parametrize("content", [b"precious", b"old all.ics\r\n"], ids=["other bytes", "the same bytes"])
def test_a_linked_file_is_replaced_and_not_followed(out: Path, content: bytes) -> None:
    files = site("all.ics")
    publish(files, out)
    target = out.parent / "elsewhere.ics"
    target.write_bytes(content)
    (out / "all.ics").unlink()
    (out / "all.ics").symlink_to(target)
    assert publish(files, out).written == ("all.ics",)
    assert tree(out) == tree_of(files)
    assert target.read_bytes() == content


@posix
def test_a_dropped_file_that_is_a_link_goes_and_its_target_stays(out: Path) -> None:
    publish(site("all.ics", "icms.ics"), out)
    (out / "icms.ics").unlink()
    (out / "icms.ics").symlink_to("../outside/precious.txt")
    files = site("all.ics", text="new")
    assert publish(files, out).removed == ("icms.ics",)
    assert (tree(out), outside_of(out)) == (tree_of(files), OUTSIDE)


@posix
@pytest.mark.parametrize("name", [LOCK, f".all.ics{TEMPORARY}"], ids=["lock", "temporary"])
@pytest.mark.parametrize("target", ["precious.txt", "new.txt"], ids=["a file", "no file yet"])
def test_a_link_in_the_place_of_our_own_hidden_files_is_not_followed(out: Path, name: str, target: str) -> None:
    publish(site("all.ics"), out)
    (out / name).symlink_to(f"../outside/{target}")
    with suppress(PublishError):
        publish(site("all.ics", text="new"), out)
    assert outside_of(out) == OUTSIDE


@posix
def test_the_output_folder_itself_may_be_a_link(out: Path) -> None:
    real = out.parent / "www"
    real.mkdir()
    out.symlink_to("www")
    publish(site("all.ics", "icms/sea.ics"), out)
    assert tree(real) == tree_of(site("all.ics", "icms/sea.ics"))


# Things in the way.


def test_a_file_where_the_output_folder_should_be_is_a_finding(run: Run, out: Path) -> None:
    out.write_bytes(b"mine")
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert made.returncode == 1
    assert said(made).startswith(f"{out}: error ICM304: cannot be written: ")
    assert out.read_bytes() == b"mine"


def test_a_file_where_a_folder_of_the_site_should_be_leaves_the_site_whole(out: Path) -> None:
    publish(site("all.ics", "icms.ics"), out)
    (out / "icms").write_bytes(b"mine")
    with pytest.raises(PublishError, match=r"ICM30[24]"):
        publish(site("all.ics", "icms.ics", "itax/returns.ics", "icms/sea.ics", text="new"), out)
    assert tree(out) == tree_of(site("all.ics", "icms.ics") | {"icms": b"mine"})


@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
def test_a_folder_where_a_file_of_the_site_should_be_leaves_the_site_whole(out: Path, force: bool) -> None:
    publish(site("all.ics", "icms.ics", "itax.ics"), out)
    (out / "icms.ics").unlink()
    (out / "icms.ics").mkdir()
    before = tree(out)
    with pytest.raises(PublishError, match=r"ICM30[24]"):
        publish(site("all.ics", "icms.ics", "itax.ics", text="new"), out, force=force)
    assert tree(out) == before


def _obey_permissions() -> None:
    """In the child: root, too, may only write where the permissions let it (CAP_DAC_OVERRIDE goes with exec)."""
    if _libc:
        _libc.prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP; to become another user would hide the interpreter from it


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@posix
@pytest.mark.skipif(
    sys.platform not in ("linux", "win32") and hasattr(os, "geteuid") and os.geteuid() == 0,
    reason="root may write everywhere, and only Linux lets it go without",
)
@pytest.mark.parametrize("sealed", [".", "icms", "events"])
def test_a_read_only_folder_is_a_finding_and_leaves_the_site_whole(
    run: Run, out: Path, tmp_path: Path, sealed: str
) -> None:
    old, new = records(tmp_path, "a", 5), records(tmp_path, "b", 5)
    assert run("build", old, "-o", out, *BUILD).returncode == 0
    before = tree(out)
    (out / sealed).chmod(0o555)
    made = run("build", new, "-o", out, *BUILD, preexec_fn=_obey_permissions)
    (out / sealed).chmod(0o755)
    assert made.returncode == 1
    assert "error ICM304: cannot be written: permission denied. The previous contents are unchanged\n" in said(made)
    assert tree(out) == before


@posix
@pytest.mark.parametrize("limit", [0, 100, 1000, 3000, 20_000])
@pytest.mark.parametrize("held", ["a site", "nothing"])
def test_a_full_disk_is_a_finding_and_leaves_the_folder_as_it_was(
    run: Run, out: Path, tmp_path: Path, held: str, limit: int
) -> None:
    import resource

    old, new = records(tmp_path, "a", 5), records(tmp_path, "b", 60)
    if held == "a site":
        assert run("build", old, "-o", out, *BUILD).returncode == 0
    before = tree(out)
    made = run(
        *("build", new, "-o", out, *BUILD),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert made.returncode == 1
    assert "error ICM304: cannot be written: file too large. The previous contents are unchanged\n" in said(made)
    assert tree(out) == before
    plan = planned(new, out)
    assert run("build", new, "-o", out, *BUILD).returncode == 0
    assert tree(out) == tree_of(plan)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this root may not mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@linux
@pytest.mark.parametrize("filled", [False, True], ids=["too small for the new site", "full to the last byte"])
def test_a_disk_without_room_is_a_finding_and_leaves_the_site_whole(
    run: Run, small_disk: Path, tmp_path: Path, filled: bool
) -> None:
    old, new = records(tmp_path, "a", 5), records(tmp_path, "b", 100)
    out = small_disk / "public"
    assert run("build", old, "-o", out, *BUILD).returncode == 0
    before = tree(out)
    if filled:
        with suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(b"x" * 1024)
    made = run("build", new, "-o", out, *BUILD)
    assert made.returncode == 1
    assert "error ICM304: cannot be written: no space left on device. The previous contents are unchanged" in said(made)
    assert tree(out) == before


# Two builds at once.


class _Waiting(dict[str, bytes]):
    """Files of a site that make the build wait while it holds the folder."""

    def items(self) -> Any:
        print("under way", flush=True)
        time.sleep(60)


@pytest.fixture
def under_way(out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A build in another process that has the folder to itself, and will for long."""
    code = "import sys, pathlib, tests.site.test_publish as t; t.publish(t._Waiting(), pathlib.Path(sys.argv[1]))"
    with subprocess.Popen([sys.executable, "-c", code, str(out)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == b"under way"
        yield process
        process.kill()


def test_the_second_of_two_builds_says_so_and_writes_nothing(
    run: Run, out: Path, under_way: subprocess.Popen[bytes]
) -> None:
    before = sorted(out.iterdir())
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert (made.returncode, said(made)) == (
        1,
        f"{out}: error ICM303: another build is writing to this folder, or has just finished. "
        "Run this again when it is done\n",
    )
    assert sorted(out.iterdir()) == before


def test_the_lock_of_a_dead_build_does_not_stop_the_next(
    run: Run, out: Path, under_way: subprocess.Popen[bytes]
) -> None:
    under_way.kill()
    under_way.wait()
    assert (out / LOCK).exists()
    made = run("build", EXAMPLE, "-o", out, *BUILD)
    assert (made.returncode, tree(out)) == (0, tree_of(planned(EXAMPLE, out)))


def test_of_many_builds_at_once_each_is_whole_or_says_that_it_was_not_alone(out: Path, tmp_path: Path) -> None:
    names = "abcd"
    sources = [records(tmp_path, name, 40) for name in names]
    for _ in range(4):
        builds = [subprocess.Popen(command(source, out), stderr=subprocess.PIPE) for source in sources]
        ends = [(build.communicate()[1].decode(), build.returncode) for build in builds]
        assert all(code == 0 or (code == 1 and "ICM303" in told) for told, code in ends), ends
        made = [f"NAME:Maintenance {name}\r\n" for name, (_, code) in zip(names, ends, strict=True) if code == 0]
        files = files_in(out)
        told = json.loads(files.pop("status.json"))["files"]
        assert {path: sha256(data).hexdigest() for path, data in files.items() if isinstance(data, bytes)} == {
            path: entry["sha256"] for path, entry in told.items()
        }
        assert any(name.encode() in (out / "all.ics").read_bytes() for name in made)


# Killed.


def killed_at(line: int, files: dict[str, bytes], folder: Path) -> bool:
    """Publish in a process that is killed when it comes to its nth line of publish.py; whether it came so far."""
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL)
        return status != 0
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal lines
        if frame.f_code.co_filename != publish_module.__file__:
            return None
        lines += event == "line"
        if lines == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    try:
        sys.settrace(trace)
        publish(files, folder)
        os._exit(0)
    finally:
        os._exit(1)


def killed_at_every_line(files: dict[str, bytes], start: Path, out: Path) -> Iterator[int]:
    """Publish again and again into a copy of `start`, killed at a later line each time; the line, after each."""
    for line in count(1, 1 if IN_CI else 3):
        shutil.rmtree(out, ignore_errors=True)
        if start.exists():
            shutil.copytree(start, out)
        if not killed_at(line, files, out):
            return
        yield line


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where that can be: what a killed process leaves is the same, and nobody waits for a disk."""
    shared = Path("/dev/shm")
    with TemporaryDirectory(prefix="icms-", dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


OLD = site("all.ics", "icms.ics", "icms/sea.ics", "events/w.ics", text="old")
NEW = site("all.ics", "itax.ics", "itax/returns.ics", "events/w.ics", text="new")


@pytest.fixture
def killed_first(memory: Path) -> Path:
    """A folder whose first build was killed when some of its files stood already, but no manifest."""
    folder = memory / "killed-first"
    for _ in killed_at_every_line(NEW, memory / "nothing", folder):
        if (folder / "all.ics").exists():
            break
    assert not (folder / "status.json").exists()
    return folder


@posix
@pytest.mark.parametrize("before", [{}, OLD], ids=["the first build", "a later build"])
@pytest.mark.parametrize("then", [OLD, NEW], ids=["then other files", "then the same files"])
def test_killed_at_any_line_a_build_leaves_whole_files_and_a_folder_that_is_ours(
    memory: Path, before: dict[str, bytes], then: dict[str, bytes]
) -> None:
    start, out = memory / "start", memory / "public"
    if before:
        publish(before, start)
    kills = 0
    for kills in killed_at_every_line(NEW, start, out):
        left = files_in(out) if out.exists() else {}
        for path, data in left.items():
            assert path.rpartition("/")[2].startswith(".") or data in (before.get(path), NEW.get(path)), (kills, path)
        assert left.keys() >= before.keys() & NEW.keys(), kills
        publish(then, out)
        assert files_in(out) == then, kills
    assert kills > 100


@posix
@pytest.mark.parametrize("second", [OLD, NEW], ids=["other files", "the same files"])
def test_killed_twice_a_build_leaves_a_folder_that_is_ours(
    memory: Path, killed_first: Path, second: dict[str, bytes]
) -> None:
    out, kills, refused = memory / "public", 0, {}
    for kills in killed_at_every_line(second, killed_first, out):
        try:
            publish(OLD, out)
        except PublishError as error:
            refused[kills] = str(error)
        else:
            assert files_in(out) == OLD, kills
    assert (refused, kills > 100) == ({}, True)


@posix
def test_a_full_disk_after_a_killed_build_leaves_a_folder_that_is_ours(killed_first: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, limits[1]))
    try:
        with pytest.raises(PublishError, match="ICM304"):
            publish(OLD, killed_first)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    publish(OLD, killed_first)
    assert files_in(killed_first) == OLD


@posix
def test_a_killed_build_leaves_no_empty_folder_behind_the_next(killed_first: Path) -> None:
    assert "itax" in tree(killed_first)
    publish(OLD, killed_first)
    assert tree(killed_first) == tree_of(OLD)


@posix
def test_killed_at_random_moments_every_feed_is_whole_and_the_next_build_succeeds(run: Run, tmp_path: Path) -> None:
    chance = random.Random(20250713)
    sources = [records(tmp_path, name, 300, ended=270, reminders=["P1D"]) for name in "ab"]
    with subprocess.Popen(command(sources[0], tmp_path / "timed"), stderr=subprocess.DEVNULL) as build:
        began = time.perf_counter()
        wait_until_it_writes(build, tmp_path / "timed", None)
        before = time.perf_counter() - began
        assert build.wait() == 0
        writing = time.perf_counter() - began - before
    cut_off = 0
    for kill in count():
        if kill >= (30 if IN_CI else 12) and cut_off >= 3:  # some, at least, while it wrote
            break
        assert kill < 500
        which, out = kill % 2, tmp_path / ("again" if kill % 3 else f"first-{kill}")
        lock = announced(out)
        with subprocess.Popen(command(sources[which], out), stderr=subprocess.DEVNULL) as build:
            if chance.random() < 0.5:
                time.sleep(chance.uniform(0, before + writing))
            else:
                wait_until_it_writes(build, out, lock)
                time.sleep(writing * chance.random() ** 4)  # mostly early: how long it takes, varies
            build.kill()
        cut_off += announced(out) not in (None, lock)
        for path in out.rglob("*.ics"):
            assert_whole(path.read_bytes())
        if kill % 3 == 0 or chance.random() < 0.2:  # else it is killed again
            then = chance.randrange(2)
            plan = planned(sources[then], out)
            made = run("build", sources[then], "-o", out, *BUILD)
            assert (made.returncode, files_in(out)) == (0, plan), said(made)


def wait_until_it_writes(build: subprocess.Popen[bytes], out: Path, before: int | None) -> None:
    while announced(out) in (None, before) and build.poll() is None:
        time.sleep(0.001)


def announced(out: Path) -> int | None:
    """When a build last said in its lock file what it is about to write."""
    try:
        lock = (out / LOCK).stat()
    except FileNotFoundError:
        return None
    return lock.st_mtime_ns if lock.st_size else None


def assert_whole(feed: bytes) -> None:
    assert feed.startswith(b"BEGIN:VCALENDAR\r\n")
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert feed.count(b"BEGIN:VEVENT\r\n") == feed.count(b"END:VEVENT\r\n")


# One file.


def test_feed_writes_its_file_and_the_folders_above_it(run: Run, tmp_path: Path) -> None:
    made = run("feed", EXAMPLE, "-o", "a/b/feed.ics", *AT)
    assert (made.returncode, made.stdout, made.stderr) == (0, b"", b"")
    assert tree(tmp_path / "a" / "b") == {"feed.ics": MaintenanceCalendar.load(EXAMPLE).to_ical(now=NOW)}


@posix  # Windows replaces no open file
def test_write_file_replaces_a_file_and_never_writes_in_place(tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_file(path, b"new")
        assert reader.read() == b"old"
    assert tree(tmp_path) == {"feed.ics": b"new"}


def test_write_file_onto_a_folder_is_a_finding_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "feed.ics").mkdir()
    with pytest.raises(PublishError, match=r"feed\.ics: error ICM304: cannot be written: "):
        write_file(tmp_path / "feed.ics", b"new")
    assert tree(tmp_path) == {"feed.ics": "a folder"}


@posix
def test_a_full_disk_leaves_the_former_feed_whole(run: Run, tmp_path: Path) -> None:
    import resource

    (tmp_path / "feed.ics").write_bytes(b"old")
    made = run(
        *("feed", EXAMPLE, "-o", "feed.ics", *AT),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert (made.returncode, said(made)) == (
        1,
        "feed.ics: error ICM304: cannot be written: file too large. The previous contents are unchanged\n",
    )
    assert tree(tmp_path) == {"feed.ics": b"old"}


@posix
def test_a_pipe_or_device_is_never_replaced_by_a_file(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        run("feed", EXAMPLE, "-o", pipe, *AT)
        assert stat.S_ISFIFO(pipe.stat().st_mode)  # as root, this would be the end of /dev/null
    finally:
        os.close(reader)


@posix
def test_write_file_does_not_follow_a_link_in_the_place_of_its_temporary(tmp_path: Path, out: Path) -> None:
    out.mkdir()
    (out / f".feed.ics{TEMPORARY}").symlink_to("../outside/precious.txt")
    write_file(out / "feed.ics", b"new")
    assert (tree(out), outside_of(out)) == ({"feed.ics": b"new"}, OUTSIDE)
