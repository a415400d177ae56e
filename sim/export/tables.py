"""The tables of a folder of a paper: CSV, Parquet, and CSV for a Dutch spreadsheet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from sim.export.dictionary import Described, described
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.report.folder import FLOAT_FORMAT, write_parquet, write_table

FOLDER: Final = "tables"
DUTCH_FOLDER: Final = "tables/decimal_comma"
WITH_CARE: Final = {"persons": "persons", "set_tactics": "tactics"}
"""Tables that are left out unless they are asked for, and by which name."""
_READ_AS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would calculate."""


def table_names(results: Results, include: tuple[str, ...]) -> dict[str, str]:
    """Return the tables of a folder: name in the dictionary to name of the file in the results."""
    files = [name for name in results.tables if name not in WITH_CARE or WITH_CARE[name] in include]
    return {"values" if (results.kind, name) == ("run", "measures") else name: name for name in files}


def write_tables(paper: Path, results: Results, include: tuple[str, ...], decimal_comma: bool) -> list[Described]:
    """Write the tables of results; return what each holds.

    Parameters
    ----------
    paper
        The folder of the paper.
    results
        The results. Their own files are copied byte for byte where they have the form.
    include
        What is put in that is left out otherwise.
    decimal_comma
        Whether to write each for a Dutch spreadsheet too.
    """
    folder = paper / FOLDER
    folder.mkdir()
    found = []
    for name, file in table_names(results, include).items():
        found.append(_copied(folder, results, name, file))
        if decimal_comma:
            write_for_spreadsheet(paper, name, results.table(file))
    for name, table in _named(results).items():
        write_table(folder, name, table)
        found.append(described(name, f"{FOLDER}/{name}.csv", list(table.columns)))
        if decimal_comma:
            write_for_spreadsheet(paper, name, table)
    return found


def pieces(tables: list[Described], decimal_comma: bool) -> Iterator[Piece]:
    """Give the files of tables with their titles."""
    for table in tables:
        of = table.table
        csv, parquet = table.path, table.path.replace(".csv", ".parquet")
        yield Piece(csv, "table", of.title, of.meaning, ("receipt.json",))
        yield Piece(parquet, "table", of.title, of.meaning, (csv,))
        if decimal_comma:
            yield Piece(f"{DUTCH_FOLDER}/{table.name}.csv", "table", of.title, of.meaning, (csv,))


def write_for_spreadsheet(paper: Path, name: str, table: pd.DataFrame) -> None:
    """Write a table as a Dutch spreadsheet opens it: semicolons, decimal commas, a mark of UTF-8, CRLF.

    A text that would be calculated as a formula gets an apostrophe before it.
    """
    folder = paper / DUTCH_FOLDER
    folder.mkdir(exist_ok=True)
    texts = [column for column in table.columns if not pd.api.types.is_numeric_dtype(table[column])]
    safe = table.assign(**{column: _not_a_formula(table[column]) for column in texts})
    safe.to_csv(
        folder / f"{name}.csv",
        index=False,
        sep=";",
        decimal=",",
        float_format=FLOAT_FORMAT,
        lineterminator="\r\n",
        encoding="utf-8-sig",
        date_format="%Y-%m-%d",
    )


def _not_a_formula(column: pd.Series) -> pd.Series:
    if column.dtype.kind == "M":
        return column
    return column.map(lambda cell: f"'{cell}" if str(cell).startswith(_READ_AS_FORMULA) else cell, na_action="ignore")


def _copied(folder: Path, results: Results, name: str, file: str) -> Described:
    """Copy a table, and write the form that the results do not have; a table that was made of others has none."""
    csv, parquet = (results.folder / f"{file}.{kind}" for kind in ("csv", "parquet"))
    table, made = results.table(file), file in results.made
    if csv.exists() and not made:
        shutil.copyfile(csv, folder / f"{name}.csv")
    else:
        write_table(folder, name, table, parquet=False)
    if parquet.exists() and not made:
        shutil.copyfile(parquet, folder / f"{name}.parquet")
    else:
        write_parquet(folder, name, table)
    return described(name, f"{FOLDER}/{name}.csv", list(table.columns))


def _named(results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of the names that the others use."""
    titles = results.titles
    regimes = [
        (name, title.en, title.nl, digest)
        for (name, title), digest in zip(titles.regimes.items(), results.receipt["regime_hashes"], strict=True)
    ]
    groups = [(name, title.en, title.nl) for name, title in titles.groups.items()]
    return {
        "groups": pd.DataFrame(groups, columns=["group", "title", "title_nl"]),
        "regimes": pd.DataFrame(regimes, columns=["regime", "title", "title_nl", "hash"]),
    }
