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
    from sim.cli.sheet import Sheet, lines_of
    from sim.outcomes.headline import HEADLINE
    from sim.report.book import Book
    from sim.report.language import say, speaking
    from sim.report.phrases import range_sentence
    from sim.report.tables import headline_rows

    with speaking(language):
        book = Book(comparison)
        rows = headline_rows(book, HEADLINE, "all")
        fitted = [say("Range over fitted sets")] if "fitted_range" in comparison.receipt else []
        last = [say("Difference"), say("95% interval"), *fitted, say("Lower / same / higher")]
        for number, reform in enumerate(book.reforms):
            title = "{reform} compared with {baseline}: the same people under both"
            cells = []
            for row in rows:
                one = row.reforms[number]
                ranges = [one.range] if fitted else []
                cells.append(
                    [row.title, row.unit, row.baseline, one.level, one.difference, one.interval, *ranges, one.signs]
                )
            heads = [say("Measure"), say("Unit"), book.baseline, reform, *last]
            Sheet(say(title, reform=reform, baseline=book.baseline), heads, cells, numbers_from=2).show()
        sys.stdout.write(f"{lines_of(range_sentence(comparison.receipt))}\n")
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
    from sim.cli.sheet import Sheet
    from sim.report.language import known, say, speaking
    from sim.report.phrases import level_text

    everyone = measures[measures["group"] == "all"]
    columns = ["measure", "world", "unit", "value"]
    with speaking(language):
        rows = [
            [measure, say(world), known(unit), level_text(value, unit)]
            for measure, world, unit, value in everyone[columns].itertuples(index=False, name=None)
        ]
        Sheet(say("Measures for everyone"), [say(column) for column in columns], rows, numbers_from=3).show()


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
