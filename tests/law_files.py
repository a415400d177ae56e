"""Procedure files as a user would change them, for the tests of the law."""

from __future__ import annotations

import shutil
from pathlib import Path

from sim.files.errors import InputError
from sim.procedures.rulebook import PROCEDURES


def texts(error: BaseException) -> list[str]:
    """Return the mistakes of an error, one text each."""
    assert isinstance(error, InputError)
    return [str(problem) for problem in error.problems]


def copied(folder: Path) -> Path:
    """Copy the procedure files into a folder."""
    target = folder / "procedures"
    target.mkdir()
    for path in PROCEDURES.glob("*.toml"):
        shutil.copy(path, target)
    return target
