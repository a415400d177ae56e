"""What a folder held when it was made: the SHA-256 of every file, in the form that ``sha256sum -c`` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sim.files.errors import InputError

NAME: Final = "checksums.sha256"
_CHUNK_BYTES: Final = 1 << 20


def write_checksums(folder: Path, names: Sequence[str] | None = None) -> None:
    """Write the SHA-256 of the files of a folder into ``checksums.sha256`` in it, in the order of their names.

    Parameters
    ----------
    folder
        The folder.
    names
        Which files, by their paths in it; every file by default.
    """
    found = files_in(folder) if names is None else [(name, folder / name) for name in sorted(names)]
    lines = (f"{sha256_of(path)}  {name}\n" for name, path in found if name != NAME)
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that a folder held when it was made: path inside it to hash.

    Raises
    ------
    InputError
        When the folder does not say, or what it says cannot be read.
    """
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        accepted = "a folder that b8sim made and that is whole"
        raise InputError("does not exist, so nothing says what the folder held", file=path, accepted=accepted) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", file=path, accepted="the file as b8sim wrote it") from None
    pairs = [line.split("  ", 1) for line in lines]
    wrong = next((line for line, pair in zip(lines, pairs, strict=True) if len(pair) != 2 or len(pair[0]) != 64), None)
    if wrong is not None:
        raise InputError("not a line of a checksum", file=path, value=wrong, accepted="the file as b8sim wrote it")
    return {name: digest for digest, name in pairs}


def changes(folder: Path, known: dict[str, str]) -> Iterator[InputError]:
    """Find the files that are gone or hold something else than when the folder was made; others do not count."""
    accepted = "the folder as it was made"
    for name, digest in known.items():
        path = folder / name
        try:
            same = sha256_of(path) == digest
        except FileNotFoundError:
            yield InputError("is missing", file=path, accepted=accepted)
            continue
        except OSError as error:
            yield InputError(f"cannot be read: {error.strerror or error}".lower(), file=path, accepted="a file")
            continue
        if not same:
            yield InputError("was changed after it was made: its SHA-256 is another", file=path, accepted=accepted)


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """Return every file of a folder in the order of their names: path inside it, with slashes, and path."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, which is read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
