"""Read the bytes of a file or of standard input, within one limit of size and, if they need not end, one of time.

An http(s) address is read in fetch.py, which loads much that a file does not need.
"""

from __future__ import annotations

import io
import os
import select
import stat
import sys
import time
from collections.abc import Callable
from functools import partial

from icms_calendar.findings import SourceError, found

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"  # in findings
MAX_BYTES = 64 * 2**20
FETCH_SECONDS = 30
_PIECE = 2**16


class UnreachableError(Exception):
    """A file or address that could not be read, and why; `absent` if it answers that nothing is there."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.absent = absent

    def of_source(self, file: str) -> SourceError:
        """The same as a finding (`unreadable`) in a file."""
        return SourceError([found("unreadable", reason=f"it {self.reason}")]).in_file(file)


def read_standard_input() -> bytes:
    """Standard input to its end, however long that takes: whoever writes it decides. Raises SourceError."""
    try:
        if sys.stdin is None:
            raise UnreachableError("is closed")
        return whole(sys.stdin.buffer.read)
    except UnreachableError as error:
        raise error.of_source(STANDARD_INPUT_NAME) from None


def read_file(name: str | os.PathLike[str], *, only_regular: bool = False) -> bytes:
    """Read a path; a pipe or a device, which need not ever end, in 30 seconds. Raises UnreachableError."""
    try:
        # Without waiting: a pipe that nobody writes to would hold us here for ever.
        number = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb", buffering=0) as file:  # noqa: PTH123 - it is a number
            status = os.fstat(number)
            if stat.S_ISDIR(status.st_mode):
                raise UnreachableError("is a folder")
            if stat.S_ISREG(status.st_mode):
                _refuse_large(status.st_size)
                return whole(file.read)
            if only_regular:
                raise UnreachableError("is not a regular file")
            return whole(partial(_read_in_time, file, time.monotonic() + FETCH_SECONDS))
    except (FileNotFoundError, NotADirectoryError):
        raise UnreachableError("was not found", absent=True) from None
    except (OSError, ValueError) as error:
        told = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnreachableError("is a folder" if os.path.isdir(name) else f"cannot be read ({told})") from None


def whole(read: Callable[[int], bytes | None]) -> bytes:
    """All that pieces give, within the limit."""
    data = bytearray()
    while piece := read(_PIECE):
        data += piece
        _refuse_large(len(data))
    return bytes(data)


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise UnreachableError(f"has more than {MAX_BYTES // 2**20} MiB")


def _read_in_time(file: io.FileIO, ends: float, size: int) -> bytes | None:
    left = ends - time.monotonic()
    if sys.platform != "win32" and (left <= 0 or not select.select([file], [], [], left)[0]):
        raise UnreachableError(f"did not end within {FETCH_SECONDS} seconds")
    return file.read(size)
