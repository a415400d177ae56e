"""Where a path leads that a user wrote: in a file, on the command line, or in a call."""

from __future__ import annotations

from os import PathLike
from pathlib import Path


def expanded(path: str | PathLike[str]) -> Path:
    """Return a path with ``~`` or ``~name`` at its beginning replaced by that home folder, if there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # nobody of that name has a home
        return Path(path)


def absolute(path: str | PathLike[str], folder: str | PathLike[str] | None = None) -> Path:
    """Return an absolute path; links in it are kept.

    Parameters
    ----------
    path
        As the user wrote it; `expanded`.
    folder
        The folder of the file that names the path; None: the path was given on the command line or in a call,
        and begins at the present folder.
    """
    return (Path(folder or "") / expanded(path)).absolute()


def shown(path: str | PathLike[str]) -> Path:
    """Return a path as a user reads it best: below the present folder without that folder before it."""
    try:
        return Path(path).relative_to(Path.cwd())
    except (ValueError, OSError):  # elsewhere, or the present folder is gone
        return Path(path)
