"""The figure of flows: where the same persons are on the last day under two regimes, as shaded counts."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from sim.export.canvas import (
    BODY,
    HEAD,
    HEAD_LINE_MM,
    LINE_MM,
    SMALL,
    Canvas,
    Ruler,
    print_style,
    sign_off,
    spoken_number,
)
from sim.export.results import Results
from sim.export.words import word
from sim.report.drawing import Figure, Rectangle
from sim.report.figures import count_text, pair_matrix, total_text
from sim.report.style import GREY, INK, RULE, readable_on

CELL_MM: Final = 6.5
"""Height of a cell."""
_BLUE: Final = (0.0, 0.447, 0.698)


def flows_figure(results: Results, reform: str, group: str, width_mm: float, language: str) -> Figure:
    """Draw where the same people are on the last day under the baseline (rows) and under a reform (columns).

    Parameters
    ----------
    results
        A comparison.
    reform, group
        Which reform, and whom to show.
    width_mm
        Width on paper.
    language
        ``en`` or ``nl``.
    """
    counts = pair_matrix(results.pairs, reform, group)
    ruler, titles = Ruler(), results.titles
    labels = [f"{at} {titles.outcome(name, language)}" for at, name in enumerate(counts.index, start=1)]
    left = 27.0 if width_mm < 120 else 50.0
    wrapped = [ruler.wrapped(label, left - 2) for label in labels]
    height = max(CELL_MM, LINE_MM * max(len(lines) for lines in wrapped) + 1.2)
    rows = f"{word('under', language)} {titles.regime(results.regimes[0], language)} ↓"
    columns = f"{word('under', language)} {titles.regime(reform, language)} →"
    head = ruler.wrapped(_capital(titles.group(group, language)), width_mm - 2, HEAD)
    said = [*ruler.wrapped(rows, width_mm - 2), *ruler.wrapped(columns, width_mm - 2)]
    with print_style():
        top = 2.0 + HEAD_LINE_MM * len(head) + LINE_MM * (len(said) + 1) + 2.5
        width = (width_mm - left - 1.0) / (len(labels) + 1)
        canvas = Canvas(width_mm, top + height * (len(labels) + 1) + 5.0)
        canvas.write(1.0, 1.2, "\n".join(head), fontsize=HEAD)
        canvas.write(1.0, 1.6 + HEAD_LINE_MM * len(head), "\n".join(said))
        total = word("total", language)
        for at, lines in enumerate([*wrapped, [total]]):
            colour = GREY if at == len(labels) else INK
            canvas.write(1.0, top + height * (at + 0.5), "\n".join(lines), va="center", color=colour)
            name = total if at == len(labels) else str(at + 1)
            canvas.write(left + width * (at + 0.5), top - 0.8, name, ha="center", va="bottom", color=colour)
        _cells(canvas, ruler, counts, (left, top), (width, height), language)
        sign_off(canvas, ruler, results)
        return canvas.figure


def _cells(
    canvas: Canvas,
    ruler: Ruler,
    counts: pd.DataFrame,
    corner: tuple[float, float],
    cell: tuple[float, float],
    language: str,
) -> None:
    """Draw the cells and the totals, in letters that fit the cells."""
    values = counts.to_numpy(dtype=float)
    size = len(values)
    texts = {at: count_text(float(value)) for at, value in np.ndenumerate(values)}
    texts |= {(at, size): total_text(values[at]) for at in range(size)}
    texts |= {(size, at): total_text(values[:, at]) for at in range(size)}
    shown = {at: spoken_number(text, language) for at, text in texts.items()}
    letters = min([BODY, *(_fitting(ruler, text, cell[0] - 0.8) for text in shown.values())])
    moved = values[~np.eye(size, dtype=bool)]
    most = max(float(moved.max()), 1.0) if moved.size else 1.0
    for (row, column), text in shown.items():
        x, y = corner[0] + cell[0] * column, corner[1] + cell[1] * row
        ink = GREY
        if row < size and column < size:
            depth = shade(float(values[row, column]), most)
            colour = "#e6e6e6" if row == column else tuple(1 - depth * (1 - part) for part in _BLUE)
            canvas.axes.add_patch(Rectangle((x, y), *cell, facecolor=colour, edgecolor=RULE, linewidth=0.5))
            ink = readable_on(colour)
        middle = (x + cell[0] / 2, y + cell[1] / 2)
        canvas.write(*middle, text, ha="center", va="center_baseline", color=ink, fontsize=letters)


def shade(count: float, most: float) -> float:
    """Return how dark a cell off the diagonal is, 0 to 0.85."""
    return 0.0 if count == 0 else 0.15 + 0.7 * math.sqrt(count / most)


def _fitting(ruler: Ruler, text: str, width: float) -> float:
    """Return the size of letters in which a text fits a width, at least 5 points."""
    at_small = ruler.width(text, SMALL) if text else 0.0
    return BODY if at_small * BODY / SMALL <= width else max(5.0, SMALL * width / at_small)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
