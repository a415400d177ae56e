"""Results as small tables for notebooks."""

from __future__ import annotations

from sim.files.html import table
from sim.outcomes.headline import HEADLINE
from sim.report.book import Book, Comparison, SingleRun
from sim.report.phrases import level_text
from sim.report.style import receipt_line
from sim.report.tables import headline_rows


def comparison_html(comparison: Comparison) -> str:
    """Return the headline measures of everyone: level under the baseline, and each reform's difference."""
    book = Book(comparison)
    head = ["", "unit", book.baseline]
    for reform in book.reforms:
        head += [reform, "difference", "95% interval"]
    rows = []
    for row in headline_rows(book, HEADLINE, "all"):
        cells = [text for cell in row.reforms for text in (cell.level, cell.difference, cell.interval)]
        rows.append((row.title, row.unit, row.baseline, *cells))
    said = "; ".join([receipt_line(comparison.receipt), *comparison.receipt.get("notice", ())])
    return table(said, head, rows)


def run_html(run: SingleRun) -> str:
    """Return the measures of one run for everyone."""
    shown = run.measures[(run.measures["group"] == "all") & run.measures["measure"].isin(HEADLINE)]
    rows = [
        (measure, unit, level_text(value, unit))
        for measure, unit, value in shown.loc[shown["world"] != "recorded", ["measure", "unit", "value"]].itertuples(
            index=False, name=None
        )
    ]
    return table(repr(run), ("measure", "unit", run.regime), rows)
