"""The published series: what was counted, when, by whom, and how far the figure can be trusted.

``observed.csv`` has one row for each published figure. Cells are text as they were published
(``3610 / 2650 / 8620``, ``<53``, ``most rejected``); `numeric_values` gives those that are one number.
``source_key`` points into ``references.bib``; ``grade`` is A (official), B (research), C (organisation or
press) or D (own inference).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).parent / "observed.csv"
COLUMNS = ("series", "period", "population", "value", "unit", "source_key", "grade", "note")

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


@cache
def _read() -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(FILE, dtype=str, keep_default_na=False)
