"""The published series: what was counted, when, by whom, and how far the figure can be trusted.

``observed.csv`` has one row for each published figure. Cells are text as they were published
(``3610 / 2650 / 8620``, ``<53``, ``most rejected``); `numeric_values` gives those that are one number.
``source_key`` points into ``references.bib``; ``grade`` is A (official), B (research), C (organisation or
press) or D (own inference).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.evidence.references import reference_keys
from sim.files.errors import InputError, nearest, raise_all
from sim.files.toml import read_text

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).parent / "observed.csv"
NEEDED = ("series", "period", "population", "value", "unit")
GRADES = ("A", "B", "C", "D")
ONE_NUMBER = r"[+-]?\d+(?:\.\d+)?"


class Figure(NamedTuple):
    """A published figure; every cell is text."""

    series: str
    period: str
    population: str
    value: str
    unit: str
    source_key: str
    grade: str
    note: str


COLUMNS: Final = Figure._fields


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
    return _table(_all_figures() if series is None else figures(series))


def figures(series: str) -> tuple[Figure, ...]:
    """Return the figures of one series, in the order of the file, without pandas.

    Raises
    ------
    InputError
        If there is no such series.
    """
    names = _by_series()
    if series not in names:
        near, known = nearest(series, names), sorted(names)
        raise InputError("unknown series", file=FILE.name, value=series, accepted=known, nearest=near)
    return names[series]


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
    return _table(_figures(path, known_sources))


def _table(rows: Sequence[Figure]) -> pd.DataFrame:
    import pandas as pd  # late: a run reads its inflow without it

    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def _figures(path: str | PathLike[str], known_sources: bool = True) -> list[Figure]:
    """Read a file of published figures, as ``read_observed`` does."""
    rows = list(_rows(path))
    head = rows[0][1] if rows else []
    if tuple(head) != COLUMNS:
        raise InputError("other columns", file=path, value=",".join(head), accepted=",".join(COLUMNS))
    raise_all(mistake for line, row in rows[1:] for mistake in _mistakes(line, row, path, known_sources))
    return [Figure(*row) for _, row in rows[1:]]


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
def _all_figures() -> tuple[Figure, ...]:
    return tuple(_figures(FILE))


@cache
def _by_series() -> dict[str, tuple[Figure, ...]]:
    found: dict[str, list[Figure]] = {}
    for figure in _all_figures():
        found.setdefault(figure.series, []).append(figure)
    return {name: tuple(of_series) for name, of_series in found.items()}
