"""Files that are there whole or not at all, and a folder that one process at a time works in."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sim.files.errors import InputError
from sim.report.folder import DISK_ERRORS

UNFINISHED: Final = ".unfinished"
"""End of the name of a file that is being written."""
LOCK: Final = ".lock"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, see it on the disk, and give it its name.

    Raises
    ------
    InputError
        When the disk is full or broken; nothing of the file stays then.
    """
    hidden = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        with hidden.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            hidden.unlink()
        if error.errno in DISK_ERRORS:
            raise InputError(
                f"cannot be written: {error.strerror}".lower(),
                file=path,
                accepted="a disk with space; what is finished is kept, and b8sim sweep resume goes on from there",
            ) from error
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed had begun to write."""
    for path in folder.rglob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file; empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Keep others out of a folder as long as this is open; a process that ends, however it ends, lets it go.

    Raises
    ------
    InputError
        When another process works in it, or it cannot be written to.
    """
    try:
        number = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}".lower(), file=folder, accepted="a folder") from None
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            accepted = "one sweep at a time in a folder; b8sim sweep status says how far it is"
            raise InputError("another sweep is at work in it", file=folder, accepted=accepted) from None
        yield
    finally:
        os.close(number)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
