"""Folders of results: each appears whole or not at all, and never on top of another one."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.held import give_back
from sim.files.errors import InputError
from sim.report.checksums import write_checksums

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.book import Comparison, Rerunnable, SingleRun

FLOAT_FORMAT = "%.10g"
ACCEPTED = "a new or an empty folder"
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)
"""No space, quota exceeded, file too large, input/output error, read-only file system."""


@contextmanager
def open_folder(path: str | PathLike[str]) -> Iterator[Path]:
    """Yield a folder to write in, which becomes `path` when the block ends without an error.

    Until then the files are in a hidden folder beside `path` (or in it, if `path` is there already and
    empty), so that incomplete results are never read, and a second run to the same place is refused. If the
    block raises anything, everything written or created is removed again.

    Parameters
    ----------
    path
        Where the results go: a folder that does not exist yet (its parents are made) or is empty.

    Yields
    ------
    Path
        The hidden folder.

    Raises
    ------
    InputError
        Before the block if `path` is a file, a folder that is not empty, or cannot be made; after it if the
        disk is full or broken, or `path` can no longer be written.
    """
    with _as_input_errors(path):
        # Links are resolved, so that the renaming happens on the file system of the folder.
        target = Path(path).resolve()
        inside = _is_empty_folder(target, path)
        hidden = target / ".partial" if inside else target.parent / f".{target.name}.partial"
        made = _make_parents(hidden.parent)
    try:
        with _as_input_errors(path):
            _make_hidden(hidden, path)
        try:
            yield hidden
            with _as_input_errors(path):
                _reveal(hidden, target, inside)
        except OSError as error:
            if error.errno in DISK_ERRORS:
                raise _unwritable(path, error) from error
            raise
        finally:
            shutil.rmtree(hidden, ignore_errors=True)
    except BaseException:
        _remove_empty(made)
        raise


def write_table(folder: Path, name: str, table: pd.DataFrame, *, parquet: bool = True) -> None:
    """Write a table as ``<name>.csv`` and ``<name>.parquet``, the same bytes for the same table.

    Parameters
    ----------
    folder
        An existing folder.
    name
        The file name without its ending.
    table
        Its index is not written. The CSV is UTF-8 with bare line feeds and ten digits; Parquet keeps all.
    parquet
        False for tables whose columns mix text and numbers, which Parquet cannot hold.
    """
    table = _without_negative_zero(table)
    table.to_csv(
        folder / f"{name}.csv",
        index=False,
        float_format=FLOAT_FORMAT,
        lineterminator="\n",
        encoding="utf-8",
        date_format="%Y-%m-%d",
    )
    if parquet:
        write_parquet(folder, name, table)


def write_parquet(folder: Path, name: str, table: pd.DataFrame) -> None:
    """Write a table as ``<name>.parquet``, the same bytes for the same table; categories stay categories."""
    if table.empty:
        # Without rows a column of texts would have no type, and would not concatenate with one that has rows.
        table = table.astype({column: "str" for column in table.columns if table[column].dtype == object})
    # Whole numbers, such as the number of a move, take little space as differences from the one before.
    whole = [column for column in table.columns if table[column].dtype.kind in "iu"]
    _without_negative_zero(table).to_parquet(
        folder / f"{name}.parquet",
        engine="pyarrow",
        index=False,
        use_dictionary=[column for column in table.columns if column not in whole],
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
    )


def write_receipt(folder: Path, receipt: Mapping[str, Any]) -> None:
    """Write ``receipt.json``: UTF-8, sorted keys, valid JSON numbers (neither nan nor infinity)."""
    text = json.dumps(receipt, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(folder, "receipt.json", text + "\n")


def write_text(folder: Path, name: str, text: str) -> None:
    """Write a text file in UTF-8 with bare line feeds, whatever the system."""
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def write_comparison(folder: Path, comparison: Comparison, *, language: str = "en") -> None:
    """Write all results of a comparison of regimes.

    Parameters
    ----------
    folder
        An existing folder, as from `open_folder`.
    comparison
        What `sim.compare` returns: its tables, receipt and the text of its scenario; the report and the
        figures are drawn from it.
    language
        The language of the report, ``en`` or ``nl``.
    """
    # The data of the page are made first: that takes most memory, and the libraries of tables and figures take more.
    getattr(comparison, "engine", None)
    give_back()
    from sim.report.html import write_report

    for name in ("measures", "differences", "incidence", "pairs"):
        write_table(folder, name, getattr(comparison, name))
    replicates = getattr(comparison, "replicates", None)
    if replicates is not None:
        write_parquet(folder, "replicates", replicates)
    for name in ("law_changes", "assumptions", "catalogue"):
        write_table(folder, name, getattr(comparison, name), parquet=False)
    write_receipt(folder, comparison.receipt)
    write_scenario(folder, comparison)
    write_report(comparison, folder, language=language)
    write_checksums(folder)


def write_run(folder: Path, run: SingleRun) -> None:
    """Write the transitions, persons, measures, their catalogue, receipt and scenario of what `sim.run` returns."""
    for name in ("transitions", "persons", "measures"):
        write_table(folder, name, getattr(run, name))
    write_table(folder, "catalogue", run.catalogue, parquet=False)
    write_receipt(folder, run.receipt)
    write_scenario(folder, run)
    write_checksums(folder)


def write_scenario(folder: Path, result: Rerunnable) -> None:
    """Write the scenario as it was run, and the user's own files that it names."""
    write_text(folder, "scenario.toml", result.scenario_text)
    for name, text in result.own_files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(folder, name, text)


@contextmanager
def _as_input_errors(path: str | PathLike[str]) -> Iterator[None]:
    """Turn a failure of the file system into the error that `path` cannot be written (ValueError: a NUL in a name)."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritable(path, error) from None


def _is_empty_folder(target: Path, path: str | PathLike[str]) -> bool:
    """Return whether the path is an empty folder; False for a free path, and an error for anything else."""
    if target.is_dir():
        if any(target.iterdir()):
            raise InputError("the folder is not empty", file=path, accepted=ACCEPTED)
        return True
    if target.exists():
        raise InputError("is not a folder", file=path, accepted=ACCEPTED)
    return False


def _make_parents(folder: Path) -> list[Path]:
    """Create a folder and its parents; return the created ones, the outermost first."""
    made: list[Path] = []
    for parent in [*reversed(folder.parents), folder]:
        try:
            if not parent.exists():
                parent.mkdir()
                made.append(parent)
        except OSError:
            _remove_empty(made)
            raise
    return made


def _make_hidden(hidden: Path, path: str | PathLike[str]) -> None:
    try:
        hidden.mkdir()
    except FileExistsError:
        raise InputError(
            f"another run is writing to it; if none is, remove {hidden}", file=path, accepted=ACCEPTED
        ) from None


def _reveal(hidden: Path, target: Path, inside: bool) -> None:
    """Move the finished folder to its place."""
    if not inside:
        hidden.rename(target)
        return
    # An existing folder may be a mount or the user's working folder: it is filled, the receipt last, as the seal.
    entries = sorted(hidden.iterdir(), key=lambda entry: (entry.name == "receipt.json", entry.name))
    try:
        for entry in entries:
            entry.rename(target / entry.name)
    except BaseException:
        for entry in entries:
            if not entry.exists():
                (target / entry.name).rename(entry)
        raise


def _remove_empty(made: list[Path]) -> None:
    """Remove the created folders, as far as they are empty."""
    for folder in reversed(made):
        try:
            folder.rmdir()
        except OSError:
            return


def _unwritable(path: str | PathLike[str], error: Exception) -> InputError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return InputError(f"cannot be written: {reason}", file=path, accepted=ACCEPTED)


def _without_negative_zero(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with 0.0 for -0.0, which would look like a difference."""
    floats = [name for name in table.columns if table[name].dtype.kind == "f"]
    return table.assign(**{name: table[name] + 0.0 for name in floats})
