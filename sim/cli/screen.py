"""Tables on the terminal: what ``b8sim`` prints of its results, in the words and numbers of the report."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.comparison import Comparison


def print_headlines(comparison: Comparison, language: str = "en") -> None:
    """Print a table for each reform: the headline measures, their levels and the paired difference.

    Parameters
    ----------
    comparison
        What to show.
    language
        ``en`` or ``nl``.
    """
    from sim.cli.dutch import cell, compared, titles
    from sim.cli.sheet import Sheet, lines_of
    from sim.outcomes.headline import HEADLINE
    from sim.report.book import Book
    from sim.report.phrases import range_sentence
    from sim.report.tables import headline_rows

    book = Book(comparison)
    title_of = titles(comparison.catalogue, language)
    rows = headline_rows(book, HEADLINE, "all")
    for number, reform in enumerate(book.reforms):
        cells = [(row, row.reforms[number]) for row in rows]
        fitted = ["Range over fitted sets"] if "fitted_range" in comparison.receipt else []
        heads = ["Measure", "Unit", "Difference", "95% interval", *fitted, "Lower / same / higher"]
        measure, unit, *last = (cell(head, language) for head in heads)
        Sheet(
            compared(reform, book.baseline, language),
            [measure, unit, book.baseline, reform, *last],
            [
                [
                    title_of.get(row.title, row.title),
                    *(
                        cell(text, language)
                        for text in (row.unit, row.baseline, one.level, one.difference, one.interval)
                        + ((one.range,) if fitted else ())
                        + (one.signs,)
                    ),
                ]
                for row, one in cells
            ],
            numbers_from=2,
        ).show()
    sys.stdout.write(f"{lines_of(range_sentence(comparison.receipt, language))}\n")
    print_limits(comparison.receipt, comparison.catalogue, HEADLINE, language)


def print_limits(
    receipt: Mapping[str, Any], catalogue: pd.DataFrame, names: Sequence[str] | None = None, language: str = "en"
) -> None:
    """Print below a table which of its figures follow from an assumed capacity.

    Parameters
    ----------
    names
        The measures that are shown; all of them by default.
    """
    from sim.cli.sheet import lines_of
    from sim.report.limited import limited

    for sentence in limited(receipt, catalogue, names, language):
        sys.stdout.write(f"{lines_of(sentence)}\n")


def print_measures(measures: pd.DataFrame, language: str = "en") -> None:
    """Print the measures of one run for everyone.

    Parameters
    ----------
    measures
        Columns ``measure, world, group, value, unit``.
    language
        ``en`` or ``nl``.
    """
    from sim.cli.dutch import cell
    from sim.cli.sheet import Sheet
    from sim.report.phrases import level_text

    everyone = measures[measures["group"] == "all"]
    columns = ["measure", "world", "unit", "value"]
    rows = [
        [measure, *(cell(text, language) for text in (world, unit, level_text(value, unit)))]
        for measure, world, unit, value in everyone[columns].itertuples(index=False, name=None)
    ]
    heads = [cell(column, language) for column in columns]
    Sheet(cell("Measures for everyone", language), heads, rows, numbers_from=3).show()


def print_changes(title: str, changes: pd.DataFrame) -> None:
    """Print what differs between two regimes; titles and reasons are left to the wider formats."""
    from sim.cli.sheet import Sheet

    shown = changes.drop(columns=["title", "why"], errors="ignore")
    Sheet(title, list(shown.columns), _cells(shown), numbers_from=len(shown.columns)).show()


def markdown(table: pd.DataFrame) -> str:
    """Return a table in Markdown."""

    def line(cells: list[str]) -> str:
        safe = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for cell in cells)
        return "| " + " | ".join(safe) + " |\n"

    columns = [str(column) for column in table.columns]
    return line(columns) + line(["---"] * len(columns)) + "".join(line(row) for row in _cells(table))


def _cells(table: pd.DataFrame) -> list[list[str]]:
    """Return the rows as text, with nothing where a value is missing."""
    return [list(row) for row in table.astype(object).where(table.notna(), "").astype(str).to_numpy()]
