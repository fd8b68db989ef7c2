"""A site's files into a folder: atomically, only what changed, and only what is ours.

Which files a site has is decided in build.py. A build that is killed at any moment leaves every file whole,
and a folder that the next build knows as its own: the lock file, which is written first, lists what was to come.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, NoReturn

from icms_calendar.findings import Finding, PublishError, found
from icms_calendar.records import LOCK_NAME, SITE_MARK

STATUS_PATH = "status.json"  # the manifest of a site: its `files` are the paths that are ours
MOST_SYNCED_SINGLY = 100
TEMPORARY_SUFFIX = ".icms-calendar-new"

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a site's files, each by its path; and what is to be said of the site."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def publish(
    files: Mapping[str, bytes],
    folder: Path,
    *,
    force: bool = False,
    standing: tuple[str, bytes | None] | None = None,
) -> Published:
    """Make the files of a folder those of a site, in the order of the mapping, its manifest last.

    First every changed file is written beside its place, then all are renamed: a full disk changes nothing.
    `standing` is a file of the folder with the bytes (None: it is not there) that the new ones were made from;
    where it has changed since, another build has come between, and nothing is written.
    """
    with _said_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder) as lock:
            ours = _ours(folder, lock)
            _refuse_foreign(folder, ours, files, force=force)
            _refuse_ways_out(folder, {*ours, *files})
            if standing is not None and not _still_stands(folder / standing[0], standing[1]):
                _refuse(folder, "build-under-way")
            _remove_leavings(folder, {*ours, *files})
            changed, gone = _differences(files, folder, ours)
            if changed or gone:
                lock.announce(sorted({*ours, *files}))
                _replace(changed, files, folder, lock)
                gone = [path for path in gone if _remove(folder, path)]
    unchanged = files.keys() - changed
    return Published(tuple(changed), tuple(path for path in files if path in unchanged), tuple(gone))


def differences(files: Mapping[str, bytes], folder: Path) -> tuple[list[str], list[str]]:
    """The paths that `publish` would write, and those that it would remove."""
    with _said_of(folder):
        return _differences(files, folder, listed_files(folder))


def write_file(path: Path, data: bytes) -> None:
    """Write one file: whole, or not at all. Raises PublishError."""
    new = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    with _said_of(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(data)
            _sync([new])
            new.replace(path)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)


def _replace(changed: list[str], files: Mapping[str, bytes], folder: Path, lock: _Lock) -> None:
    temporary: list[Path] = []
    try:
        for path in changed:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.append(target.with_name(f".{target.name}{TEMPORARY_SUFFIX}"))
            temporary[-1].write_bytes(files[path])
        _sync(temporary)
    except OSError:
        for new in temporary:
            with suppress(OSError):
                new.unlink(missing_ok=True)
                new.parent.rmdir()  # goes only where it is empty
        lock.withdraw()
        raise
    for path, new in zip(changed, temporary, strict=True):
        new.replace(folder / path)


def _sync(paths: list[Path]) -> None:
    """Have the files on the disk before they are renamed: each by itself, or where they are many, all at once."""
    if len(paths) > MOST_SYNCED_SINGLY and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _refuse_ways_out(folder: Path, paths: Iterable[str]) -> None:
    """No part of a file's path may be a link that leads out of the folder."""
    root = folder.resolve()
    for parent in {PurePosixPath(path).parent for path in paths}:
        place = folder
        for part in parent.parts:
            place /= part
            if place.is_symlink() and not place.resolve().is_relative_to(root):
                _refuse(place, "leaves-the-folder", target=str(place.resolve()))


def _stands(target: Path, data: bytes) -> bool:
    """Whether the file has these bytes already, and is no link to a file elsewhere."""
    try:
        return not target.is_symlink() and target.stat().st_size == len(data) and target.read_bytes() == data
    except OSError:
        return False


def _differences(files: Mapping[str, bytes], folder: Path, ours: set[str]) -> tuple[list[str], list[str]]:
    changed = [path for path, data in files.items() if not _stands(folder / path, data)]
    return changed, sorted(path for path in ours - files.keys() if os.path.lexists(folder / path))


def _ours(folder: Path, lock: _Lock) -> set[str]:
    """The files that builds made here: as the manifest lists them, and the list of a build that was cut off."""
    announced: list[object] = []
    with suppress(ValueError, TypeError, RecursionError):
        announced += json.loads(lock.announced)
    return listed_files(folder) | {path for path in announced if isinstance(path, str) and _is_plain(path)}


def _still_stands(path: Path, data: bytes | None) -> bool:
    return not path.is_file() if data is None else _stands(path, data)


def listed_files(folder: Path) -> set[str]:
    """The paths that the manifest of a folder lists, as far as they stay in it."""
    listed: list[object] = []
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        text = (folder / STATUS_PATH).read_text(encoding="utf-8")
        if SITE_MARK in text:
            listed += [STATUS_PATH, *json.loads(text)["files"]]
    return {path for path in listed if isinstance(path, str) and _is_plain(path)}


def _is_plain(path: str) -> bool:
    """Whether a listed path stays in the folder, whoever wrote the list."""
    parts = path.split("/")
    return "\\" not in path and ":" not in path and not any(part in ("", ".", "..", ".git") for part in parts)


def _refuse_foreign(folder: Path, ours: set[str], files: Mapping[str, bytes], *, force: bool) -> None:
    """A folder that is not ours must be empty; in one that is, no file of others is overwritten."""
    if force:
        return
    if ours:
        foreign = sorted(path for path in files if path not in ours and os.path.lexists(folder / path))
    else:
        names = (entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
        foreign = sorted(name for name in names if not name.endswith(TEMPORARY_SUFFIX))
    if foreign:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        _refuse(folder, "folder-not-ours", files=shown)


def _remove_leavings(folder: Path, paths: Iterable[str]) -> None:
    """The unfinished files of a build that was killed."""
    for parent in {(folder / path).parent for path in paths}:
        if parent.is_dir():
            for entry in parent.glob(f".*{TEMPORARY_SUFFIX}"):
                entry.unlink()


def _remove(folder: Path, path: str) -> bool:
    """Remove a file that is ours, and the folders that this leaves empty."""
    target = folder / path
    if not os.path.lexists(target) or (target.is_dir() and not target.is_symlink()):
        return False
    target.unlink()
    for parent in list(target.relative_to(folder).parents)[:-1]:
        with suppress(OSError):
            (folder / parent).rmdir()
    return True


class _Lock:
    """A folder held alone. The system frees the lock of a build that dies; the file that stays is no lock.

    It holds the paths of which the build may have written some, so that the next one knows them as ours.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.announced = file.read()
        self._before = self.announced
        self.needed = bool(self.announced)

    def announce(self, paths: list[str]) -> None:
        self._write(json.dumps(paths))
        self.needed = True

    def withdraw(self) -> None:
        self._write(self._before)
        self.needed = bool(self._before)

    def _write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[_Lock]:
    path = folder / LOCK_NAME
    file = _open_locked(folder, path)
    lock = None
    try:
        file.seek(0)
        lock = _Lock(file)
        yield lock
        lock.needed = False
    finally:
        if sys.platform == "win32":
            file.close()  # an open file cannot be removed there
        if lock is None or not lock.needed:
            with suppress(OSError):
                path.unlink()
        file.close()


def _open_locked(folder: Path, path: Path) -> IO[str]:
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            _try_lock(file)
        except OSError:
            file.close()
            _refuse(folder, "build-under-way")
        with suppress(OSError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()  # the build that held it removed the file between our two steps


@contextmanager
def _said_of(folder: Path) -> Iterator[None]:
    """What the system refuses, as a finding about the file it refused."""
    try:
        yield
    except OSError as error:
        place = Path(str(error.filename2 or error.filename or folder))
        if place.name.endswith(TEMPORARY_SUFFIX):
            place = place.with_name(place.name.removesuffix(TEMPORARY_SUFFIX).removeprefix("."))
        _refuse(place, "cannot-write", reason=(error.strerror or str(error)).lower())


def _refuse(place: Path, rule: str, **read: object) -> NoReturn:
    raise PublishError([replace(found(rule, **read), file=str(place))])
