"""The figure of cumulative incidence: a panel for each way out, a curve for each regime."""

from __future__ import annotations

import math
from typing import Any, Final

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
    legend_height,
    look,
    print_style,
    sign_off,
    spoken_number,
    write_legend,
)
from sim.export.results import Results
from sim.export.words import word
from sim.outcomes.cohorts import ALL
from sim.report.drawing import Axes, Figure, MaxNLocator
from sim.report.phrases import number
from sim.report.style import RULE

PANEL_MM: Final = 30.0
"""Height of a panel."""
MARKERS_PER_CURVE: Final = 5


def curves_figure(results: Results, group: str, width_mm: float, language: str) -> Figure:
    """Draw the share of people who have left in each way, by day since arrival, under each regime.

    Parameters
    ----------
    results
        A comparison.
    group
        Whom to show; there must be incidence for it.
    width_mm
        Width on paper.
    language
        ``en`` or ``nl``.
    """
    table = results.incidence
    table = table[(table["group"] == group) & (table["cohort"] == ALL) & table["incidence"].notna()]
    causes = list(dict.fromkeys(table["cause"]))
    columns = 2 if width_mm < 120 else 3
    rows = math.ceil(len(causes) / columns)
    ruler, titles = Ruler(), results.titles
    head = ruler.wrapped(_capital(titles.group(group, language)), width_mm - 2, HEAD)
    legend = {at: titles.regime(name, language) for at, name in enumerate(results.regimes)}
    panel_width = (width_mm - 9.0 - 3.0 * columns) / columns
    named = {cause: ruler.wrapped(_capital(titles.outcome(cause, language)), panel_width) for cause in causes}
    title_height = LINE_MM * max(len(lines) for lines in named.values()) + 1.0
    with print_style():
        top = 2.0 + HEAD_LINE_MM * len(head) + 1.0
        first = top + legend_height(ruler, list(legend.values()), width_mm - 2) + 2.0
        row_height = title_height + PANEL_MM + 5.5
        canvas = Canvas(width_mm, first + rows * row_height + 8.0)
        canvas.write(1.0, 1.2, "\n".join(head), fontsize=HEAD)
        write_legend(canvas, ruler, legend, left=1.0, top=top, width=width_mm - 2)
        ceiling = 100 * float(table["incidence"].max()) * 1.06 or 1.0
        last_day = float(table["day"].max())
        for at, cause in enumerate(causes):
            row, column = divmod(at, columns)
            left, above = 9.0 + column * (panel_width + 3.0), first + row * row_height
            canvas.write(left, above, "\n".join(named[cause]), fontsize=BODY)
            axes = canvas.panel(left, above + title_height, panel_width, PANEL_MM)
            _panel(axes, table[table["cause"] == cause], results.regimes)
            _scales(axes, last_day, ceiling, narrow=panel_width < 45, language=language)
            if column:
                axes.set_yticklabels([])
        middle = first + rows * row_height / 2
        canvas.write(1.0, middle, word("% of people", language), rotation=90, va="center", fontsize=SMALL)
        below = first + rows * row_height + 0.3
        canvas.write(width_mm / 2, below, word("days since arrival", language), ha="center", fontsize=SMALL)
        sign_off(canvas, ruler, results)
        return canvas.figure


def _panel(axes: Axes, table: pd.DataFrame, regimes: list[str]) -> None:
    """Draw one way out under every regime; the markers of the regimes are at different days."""
    for at, regime in enumerate(regimes):
        curve = table[table["regime"] == regime].sort_values("day")
        if curve.empty:
            continue
        step = max(1, len(curve) // MARKERS_PER_CURVE)
        offset = round(step * (at + 0.5) / len(regimes)) % len(curve)
        style: dict[str, Any] = {**look(at), "markevery": (offset, step), "markersize": 3.0, "markeredgewidth": 0.5}
        days, share = curve["day"].to_numpy(dtype=float), 100 * curve["incidence"].to_numpy(dtype=float)
        # The first is the widest, so that a curve on top of another hides it nowhere.
        width = 2.4 - 1.6 * at / max(1, len(regimes) - 1)
        axes.step(days, share, where="post", linewidth=width, **style)
    axes.grid(axis="y", color=RULE, linewidth=0.4)


def _scales(axes: Axes, days: float, ceiling: float, *, narrow: bool, language: str) -> None:
    """Give a panel its scales, with ticks only where they can be read."""
    most = 4.5 if narrow else 7.0
    step = next((step for step in (1, 7, 14, 30, 60, 90, 180, 365) if days / step <= most), 730)
    axes.set_xticks(np.arange(0, days * 0.97 + step / 100, step))
    ticks = [tick for tick in MaxNLocator(4).tick_values(0, ceiling) if 0 <= tick <= ceiling]
    axes.set_yticks(ticks, [spoken_number(number(tick, 0 if ceiling > 5 else 2), language) for tick in ticks])
    axes.set(xlim=(0, max(days, 1.0)), ylim=(0, ceiling))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
