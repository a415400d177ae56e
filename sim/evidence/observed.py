"""The published series: what was counted, when, by whom, and how far the figure can be trusted.

``observed.csv`` has one row for each published figure. Cells are text as they were published
(``3610 / 2650 / 8620``, ``<53``, ``most rejected``); `numeric_values` gives those that are one number.
``source_key`` points into ``references.bib``; ``grade`` is A (official), B (research), C (organisation or
press) or D (own inference).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from sim.evidence.references import reference_keys
from sim.files.errors import InputError, nearest, raise_all
from sim.files.toml import read_text

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).parent / "observed.csv"
COLUMNS = ("series", "period", "population", "value", "unit", "source_key", "grade", "note")

NEEDED = ("series", "period", "population", "value", "unit")
GRADES = ("A", "B", "C", "D")
ONE_NUMBER = r"[+-]?\d+(?:\.\d+)?"


def observed(series: str | None = None) -> pd.DataFrame:
    """Return the published figures.

    Parameters
    ----------
    series
        Name of one series (``"comensha_total_nr"``); None for all.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`, all text, in the order of the file; a copy.

    Raises
    ------
    InputError
        If there is no such series.
    """
    table = _read()
    if series is None:
        return table.copy()
    rows = table[table["series"] == series]
    if rows.empty:
        names = sorted(set(table["series"]))
        raise InputError("unknown series", file=FILE.name, value=series, accepted=names, nearest=nearest(series, names))
    return rows.reset_index(drop=True)


def numeric_values(table: pd.DataFrame) -> pd.Series[float]:
    """Return the values of figures as numbers; NaN where a cell is not one plain number.

    Ranges, bounds, composite cells and statements of a direction are NaN: none of them is one value.

    Parameters
    ----------
    table
        What `observed` gave, or rows of it.
    """
    text = table["value"].str.strip()
    return text.where(text.str.fullmatch(ONE_NUMBER)).astype(float)


def read_observed(path: str | PathLike[str], *, known_sources: bool = True) -> pd.DataFrame:
    """Read a file of published figures.

    Parameters
    ----------
    path
        A CSV file with the columns of `COLUMNS`, UTF-8.
    known_sources
        Whether its sources must be among the references; else they are any text.

    Returns
    -------
    DataFrame
        One row for each figure, all text.

    Raises
    ------
    InputError
        If the file cannot be read, is not CSV, or has other columns, a row that is too short or too long, an
        empty cell where one is needed, a source that is not known, or a grade that does not exist.
    """
    import pandas as pd

    rows = list(_rows(path))
    head = rows[0][1] if rows else []
    if tuple(head) != COLUMNS:
        raise InputError("other columns", file=path, value=",".join(head), accepted=",".join(COLUMNS))
    raise_all(mistake for line, row in rows[1:] for mistake in _mistakes(line, row, path, known_sources))
    return pd.DataFrame([row for _, row in rows[1:]], columns=list(COLUMNS), dtype=str)


def _rows(path: str | PathLike[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the number of the line in which each ends."""
    reader = csv.reader(io.StringIO(read_text(path, "CSV"), newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", file=path, key=f"line {reader.line_num}") from None


def _mistakes(line: int, row: list[str], path: str | PathLike[str], known_sources: bool) -> Iterator[InputError]:
    """Yield what is wrong with one row."""
    if len(row) != len(COLUMNS):
        cells = f"{len(COLUMNS)} cells: {', '.join(COLUMNS)}"
        yield InputError(f"{len(row)} cells", file=path, key=f"line {line}", accepted=cells)
        return
    figure = dict(zip(COLUMNS, row, strict=True))
    for name in NEEDED:
        if not figure[name].strip():
            yield InputError("an empty cell", file=path, key=f"line {line}, {name}", accepted="a text")
    key, grade = figure["source_key"], figure["grade"]
    if known_sources and key not in reference_keys():
        near = nearest(key, reference_keys())
        yield InputError("unknown source", file=path, key=f"line {line}, source_key", value=key, nearest=near)
    if grade not in GRADES:
        yield InputError("unknown grade", file=path, key=f"line {line}, grade", value=grade, accepted=GRADES)


@cache
def _read() -> pd.DataFrame:
    return read_observed(FILE)
