"""A site's files into a folder: atomically, only what changed, and only what is ours.

build.py decides which files a site has. A build that is killed at any moment leaves every file whole, and a
folder that the next build recognises: the lock file, which is written first, lists the files to come.
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
from icms_calendar.source.files import LOCK_NAME, announced_in, manifest_of

MOST_SYNCED_SINGLY = 100
TEMPORARY_SUFFIX = ".icms-calendar-new"

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class Published:
    """What happened to each of a site's files, by path; and findings about the site."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def publish(
    files: Mapping[str, bytes], folder: Path, *, force: bool = False, standing: tuple[str, bytes | None] | None = None
) -> Published:
    """Write the files of a site into a folder, in the order of the mapping, its manifest last.

    Every changed file is first written beside its place, then all are renamed: a full disk changes nothing.
    `standing` is a file of the folder and the bytes (None: no file) that the new files were made from; if it has
    changed since, another build has come between, and nothing is written.
    """
    with _said_of(folder):
        if folder.is_symlink() and not folder.exists():
            _refuse(folder, "cannot-write", reason="it is a link to a folder that does not exist")
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder) as lock:
            # The files that builds made here: from the manifest, and from the lists of interrupted builds.
            interrupted = {path for path in _announced(lock) if _is_plain(path)}
            ours = listed_files(folder) | interrupted
            _refuse_foreign(folder, ours, files, force=force)
            _refuse_obstacles(folder, {*ours, *files}, files)
            if standing is not None:
                _refuse_newer(folder, *standing)
            for path in interrupted:
                with suppress(OSError):
                    _temporary(folder / path).unlink(missing_ok=True)
            changed, gone = _differences(files, folder, ours)
            if changed or gone:
                _replace(changed, files, folder, lock, sorted({*ours, *files}))
            for path in sorted(ours - files.keys()):
                _remove(folder, path)
    unchanged = files.keys() - changed
    return Published(tuple(changed), tuple(path for path in files if path in unchanged), tuple(gone))


def differences(files: Mapping[str, bytes], folder: Path) -> tuple[list[str], list[str]]:
    """The paths that `publish` would write, and the paths that it would remove."""
    with _said_of(folder):
        return _differences(files, folder, listed_files(folder))


def write_file(path: Path, data: bytes) -> None:
    """Write one file completely or not at all; a pipe or device is written to directly. Raises PublishError."""
    with _said_of(path):
        path = Path(os.path.realpath(path))  # a link is followed, as a shell would
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        new = _temporary(path)
        try:
            _write_beside({path: data})
            new.replace(path)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)


def _replace(changed: list[str], files: Mapping[str, bytes], folder: Path, lock: IO[bytes], paths: list[str]) -> None:
    """Announce the paths of the site in the lock file, then replace the files that changed, all or none.

    The lock file is only appended to, so that a build that is killed in between removes nothing.
    """
    before = os.fstat(lock.fileno()).st_size
    line = b"\n" + json.dumps(paths).encode() + b"\n"
    try:
        while line:  # the rest of it, if the disk had room for a part only, raises why
            line = line[lock.write(line) :]
        os.fsync(lock.fileno())
        _write_beside({folder / path: files[path] for path in changed})
    except OSError:
        for path in changed:
            with suppress(OSError):
                new = _temporary(folder / path)
                new.unlink(missing_ok=True)
                new.parent.rmdir()  # succeeds only if it is empty
        lock.truncate(before)
        raise
    for path in changed:
        _temporary(folder / path).replace(folder / path)


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}{TEMPORARY_SUFFIX}")


def _write_beside(files: Mapping[Path, bytes]) -> None:
    """Write each file beside its place, onto the disk: one by one, or if there are many, all at once."""
    at_once = len(files) > MOST_SYNCED_SINGLY and hasattr(os, "sync")
    for target, data in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        new = _temporary(target)
        new.unlink(missing_ok=True)  # a link in its place would be written through
        with new.open("xb") as file:
            file.write(data)
            if not at_once:
                file.flush()
                os.fsync(file.fileno())
    if at_once:
        os.sync()


def _refuse_obstacles(folder: Path, paths: Iterable[str], files: Iterable[str]) -> None:
    """Check before anything is written: no path is both file and folder, and no folder on the way is a link."""
    parents = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    for path in sorted(parents.intersection(files)):
        _refuse(folder / path, "cannot-write", reason="the site has both a file and a folder of this name")
    for parent in {PurePosixPath(path).parent for path in paths}:
        place = folder
        for part in parent.parts:
            place /= part
            if place.is_symlink():
                reason = f"it is a link (to {place.resolve()}), which a build does not follow; remove it"
                _refuse(place, "cannot-write", reason=reason)
    for path in files:
        if (folder / path).is_dir() and not (folder / path).is_symlink():
            _refuse(folder / path, "cannot-write", reason="a folder is in its place")


def _refuse_newer(folder: Path, path: str, data: bytes | None) -> None:
    """Check that no build has come between: a file is as it was when the new files were made from it."""
    if (folder / path).is_file() if data is None else not _stands(folder / path, data):
        _refuse(folder, "build-under-way")


def _stands(target: Path, data: bytes) -> bool:
    """Whether the file already has these bytes and is not a link to a file elsewhere."""
    try:
        return not target.is_symlink() and target.stat().st_size == len(data) and target.read_bytes() == data
    except OSError:
        return False


def _differences(files: Mapping[str, bytes], folder: Path, ours: set[str]) -> tuple[list[str], list[str]]:
    changed = [path for path, data in files.items() if not _stands(folder / path, data)]
    return changed, sorted(path for path in ours - files.keys() if _is_file_or_link(folder / path))


def listed_files(folder: Path) -> set[str]:
    """The paths inside a folder that its manifest lists."""
    return {path for path in manifest_of(folder) if _is_plain(path)}


def _is_plain(path: str) -> bool:
    """Whether a listed path is a plain one inside the folder, whoever wrote the list."""
    parts = path.split("/")
    hidden = any(part in ("", ".", "..", LOCK_NAME) for part in parts)
    of_git = any(part.casefold().startswith(".git") and part != ".gitattributes" for part in parts)  # one of ours
    return not hidden and not of_git and path.isprintable() and not any(character in path for character in "\\:~")


def _refuse_foreign(folder: Path, ours: set[str], files: Mapping[str, bytes], *, force: bool) -> None:
    """Check that a folder that is not ours is empty, and that in ours no other file is overwritten."""
    if force:
        return
    there = {path for path in files if path not in ours and os.path.lexists(folder / path)}
    if not ours:
        there |= {entry.name for entry in folder.iterdir() if not entry.name.startswith(".")}
    foreign = sorted(there)
    if foreign:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        otherwise = ", or add --force to build beside them; a file with the name of a site's file is then replaced"
        _refuse(folder, "folder-not-ours", files=shown, otherwise=otherwise)


def _is_file_or_link(path: Path) -> bool:
    return os.path.lexists(path) and (path.is_symlink() or not path.is_dir())


def _remove(folder: Path, path: str) -> None:
    """Remove one of our files, and the folders that this leaves empty."""
    if _is_file_or_link(folder / path):
        (folder / path).unlink()
    for parent in list(PurePosixPath(path).parents)[:-1]:
        with suppress(OSError):
            (folder / parent).rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[IO[bytes]]:
    """Exclusive hold of a folder. The system frees the lock of a build that dies; the file alone is not a lock.

    Each build appends a line with the paths that it may write, so that the next build recognises them. The file stays
    if a build fails and has announced any.
    """
    path = folder / LOCK_NAME
    file = _open_locked(folder, path)
    is_needed = True
    try:
        yield file
        is_needed = False
    finally:
        is_needed = is_needed and bool(_announced(file))
        if sys.platform == "win32":
            file.close()  # an open file cannot be removed there
        if not is_needed:
            with suppress(OSError):
                path.unlink()
        file.close()


def _announced(lock: IO[bytes]) -> set[str]:
    lock.seek(0)
    return announced_in(lock.read())


def _open_locked(folder: Path, path: Path) -> IO[bytes]:
    while True:
        # Never through a link: it would lead the build elsewhere.
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(path, flags, 0o644), "r+b", buffering=0)
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
    """An error of the system, as a finding about its file."""
    try:
        yield
    except OSError as error:
        place = Path(str(error.filename2 or error.filename or folder))
        if place.name.endswith(TEMPORARY_SUFFIX):
            place = place.with_name(place.name.removesuffix(TEMPORARY_SUFFIX).removeprefix("."))
        _refuse(place, "cannot-write", reason=(error.strerror or str(error)).lower())


def _refuse(place: Path, rule: str, **read: object) -> NoReturn:
    raise PublishError([replace(found(rule, **read), file=str(place))])
