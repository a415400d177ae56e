"""The figures of a comparison: headline differences, incidence of exits, and flow between outcomes.

Each function returns a matplotlib ``Figure``; :func:`sim.report.style.save_figure` writes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.cohorts import ALL
from sim.report.book import Comparison
from sim.report.drawing import Axes, Figure, Line2D, MaxNLocator, Rectangle
from sim.report.headline import WIDTH, headline_figure
from sim.report.language import say
from sim.report.phrases import (
    GROUP_TITLES,
    OUTCOME_TITLES,
    number,
    short_name,
    title_of,
    wrap_name,
)
from sim.report.style import GREY, INK, RULE, house_style, look, new_figure, readable_on, sheet, sign_off

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["count_text", "flow_figure", "headline_figure", "incidence_figure", "pair_matrix", "total_text"]

MIDNIGHT_BLUE = (0.0, 0.447, 0.698)


def incidence_figure(comparison: Comparison, *, group: str = "all") -> Figure:
    """Draw the cumulative incidence of each competing exit, with all regimes in each panel.

    Parameters
    ----------
    comparison
        The comparison to show.
    group
        The group of persons.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per exit, on one scale.

    Raises
    ------
    ValueError
        When there is no incidence for the group.
    """
    table = comparison.incidence
    table = table[(table["group"] == group) & (table["cohort"] == ALL) & table["incidence"].notna()]
    causes = list(dict.fromkeys(table["cause"]))
    if not causes:
        raise ValueError(f"no incidence for group {group!r}")
    columns = min(3, len(causes))
    rows = math.ceil((len(causes) + 1) / columns)
    with house_style():
        height = 1.35 + rows * 2.75
        figure = new_figure(WIDTH, height)
        grid = figure.add_gridspec(
            rows, columns, left=0.075, right=0.972, top=1 - 1.1 / height, bottom=1.2 / height, hspace=0.62,
            wspace=0.16,
        )  # fmt: skip
        who = title_of(group, GROUP_TITLES)
        title = say("How people leave the procedures, by day since arrival: {who}", who=who)
        figure.text(0.015, 1 - 0.18 / height, title, fontsize=13, fontweight="bold", va="top")
        ceiling = 100 * float(table["incidence"].max()) * 1.06 or 1.0
        for at, cause in enumerate(causes):
            axes = figure.add_subplot(grid[divmod(at, columns)])
            _incidence_panel(axes, table[table["cause"] == cause], cause, comparison.regimes)
            _set_scales(axes, float(table["day"].max()), ceiling)
            if at % columns == 0:
                axes.set_ylabel(say("% of people"), fontsize=9)
            if at + columns >= len(causes):
                axes.set_xlabel(say("days since arrival"), fontsize=9)
        legend = figure.add_subplot(grid[divmod(rows * columns - 1, columns)])
        _regime_legend(legend, comparison.regimes)
        sign_off(figure, comparison.receipt, say(INCIDENCE_NOTE))
    return figure


def flow_figure(comparison: Comparison, *, reform: str, group: str = "all") -> Figure:
    """Draw where the same people end under the baseline and under a reform, as a table of counts.

    Parameters
    ----------
    comparison
        The comparison to show.
    reform
        The regime to compare with the baseline.
    group
        The group of persons.

    Returns
    -------
    matplotlib.figure.Figure
        Rows are outcomes under the baseline, columns under the reform; cells off the diagonal are people
        whose outcome differs, shaded by their number.

    Raises
    ------
    ValueError
        When there are no pairs for the reform and the group.
    """
    counts = pair_matrix(comparison.pairs, reform, group)
    outcomes, baseline = list(counts.index), comparison.regimes[0]
    cell, left, top = (1.08, 0.56), 2.45, 1.6
    size = (left + cell[0] * (len(outcomes) + 1) + 0.1, top + cell[1] * (len(outcomes) + 1) + 0.85)
    with house_style():
        figure = new_figure(*size)
        axes = sheet(figure)
        title = say("Where the same people end: {who}", who=title_of(group, GROUP_TITLES))
        title = wrap_name(title, int(size[0] * 9))
        axes.text(0.15, 0.3, title, fontsize=13, fontweight="bold", va="center")
        axes.text(
            left, 0.72, say("under {regime}", regime=short_name(reform)), fontsize=10.5, fontweight="bold", va="center"
        )
        beside = wrap_name(say("under {regime}", regime=short_name(baseline)), 28)
        axes.text(0.15, top - 0.14, beside, fontsize=10.5, fontweight="bold", va="bottom")
        _flow_labels(axes, outcomes, left, top, cell)
        _flow_cells(axes, counts, left, top, cell)
        sign_off(figure, comparison.receipt, say(FLOW_NOTE))
    return figure


def pair_matrix(pairs: pd.DataFrame, reform: str, group: str) -> pd.DataFrame:
    """Return the counts of one reform and group as a square table.

    Parameters
    ----------
    pairs
        The table of pairs of a comparison.
    reform, group
        Which part of it.

    Returns
    -------
    pandas.DataFrame
        Mean persons, index: outcome under the baseline, columns: outcome under the reform, in the same order.

    Raises
    ------
    ValueError
        When there are no pairs for the reform and the group.
    """
    part = pairs[(pairs["reform"] == reform) & (pairs["group"] == group)]
    if part.empty:
        raise ValueError(f"no pairs for reform {reform!r} and group {group!r}")
    outcomes = list(dict.fromkeys([*part["baseline_outcome"], *part["reform_outcome"]]))
    table = part.pivot_table(
        index="baseline_outcome", columns="reform_outcome", values="persons", aggfunc="sum", fill_value=0.0
    )
    return table.reindex(index=outcomes, columns=outcomes, fill_value=0.0)


INCIDENCE_NOTE = (
    "Cumulative incidence of competing exits (Aalen-Johansen), mean over replicates. One exit closes the "
    "others. The numbers under a panel's title are the shares at "
    "the last day shown."
)
FLOW_NOTE = (
    "Persons, mean over replicates; empty cell: zero in every replicate. Grey: same outcome under both. "
    "Blue: a different outcome, darker for more people."
)


def _incidence_panel(axes: Axes, table: pd.DataFrame, cause: str, regimes: Sequence[str]) -> None:
    """Draw one exit under every regime and write the last shares under the panel's title."""
    for at, regime in enumerate(regimes):
        curve = table[table["regime"] == regime].sort_values("day")
        if curve.empty:
            continue
        share = 100 * curve["incidence"].to_numpy(dtype=float)
        style = {key: look(at)[key] for key in ("color", "linestyle")}
        axes.step(curve["day"].to_numpy(dtype=float), share, where="post", linewidth=2.0, **style)
        left = at / max(4, len(regimes))
        style |= {"transform": axes.transAxes, "clip_on": False, "linewidth": 2.2}
        axes.add_line(Line2D([left, left + 0.075], [1.075, 1.075], **style))
        axes.text(
            left + 0.09,
            1.075,
            f"{number(share[-1], 1)}%",
            transform=axes.transAxes,
            fontsize=8.5,
            va="center",
        )
    title = wrap_name(_capital(title_of(cause, OUTCOME_TITLES)), 34)
    axes.set_title(title, fontsize=11, fontweight="bold", loc="left", pad=24)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.tick_params(labelsize=8.5)


def _set_scales(axes: Axes, days: float, ceiling: float) -> None:
    """Set the scales of a panel, with ticks only where they are visible."""
    step = _day_step(days)
    axes.set_xticks(np.arange(0, days + step / 100, step))
    axes.set_yticks([tick for tick in MaxNLocator(5).tick_values(0, ceiling) if 0 <= tick <= ceiling])
    axes.set(xlim=(0, max(days, 1.0)), ylim=(0, ceiling))


def _day_step(days: float) -> int:
    """Return the distance between ticks: weeks, months, half years or years, at most seven ticks."""
    return next((step for step in (1, 7, 14, 30, 60, 90, 180, 365) if days / step <= 6.5), 730)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _regime_legend(axes: Axes, regimes: Sequence[str]) -> None:
    """Fill a panel with the legend of the regimes."""
    axes.axis("off")
    lines = [
        Line2D([], [], color=look(at)["color"], linestyle=look(at)["linestyle"], linewidth=2.2)
        for at in range(len(regimes))
    ]
    labels = [
        wrap_name(short_name(name) + (say(" (baseline)") if at == 0 else ""), 26) for at, name in enumerate(regimes)
    ]
    axes.legend(lines, labels, loc="center left", frameon=False, fontsize=10, handlelength=3.6, labelspacing=1.0)


def _flow_labels(axes: Axes, outcomes: Sequence[str], left: float, top: float, cell: tuple[float, float]) -> None:
    """Write the names of the outcomes along both sides."""
    names = [_capital(title_of(outcome, OUTCOME_TITLES)) for outcome in outcomes]
    for at, name in enumerate([*names, say("Total")]):
        x, y = left + cell[0] * (at + 0.5), top + cell[1] * (at + 0.5)
        style: dict[str, Any] = {
            "fontsize": 9.5,
            "color": GREY if at == len(names) else INK,
            "linespacing": 1.1,
        }
        axes.text(x, top - 0.1, wrap_name(name, 12), ha="center", va="bottom", **style)
        axes.text(left - 0.12, y, wrap_name(name, 26), ha="right", va="center", **style)


def _flow_cells(axes: Axes, counts: pd.DataFrame, left: float, top: float, cell: tuple[float, float]) -> None:
    """Draw the cells and the totals."""
    values = counts.to_numpy(dtype=float)
    moved = values[~np.eye(len(values), dtype=bool)]
    most = float(moved.max()) if moved.size and moved.max() > 0 else 1.0
    for (row, column), value in np.ndenumerate(values):
        corner = (left + cell[0] * column, top + cell[1] * row)
        depth = 0.0 if value == 0 else 0.15 + 0.7 * math.sqrt(value / most)
        colour = "#e6e6e6" if row == column else tuple(1 - depth * (1 - part) for part in MIDNIGHT_BLUE)
        axes.add_patch(Rectangle(corner, *cell, facecolor=colour, edgecolor=RULE, linewidth=1.0))
        ink = readable_on(colour)
        bold = "bold" if row != column else "normal"
        _write(axes, corner, cell, count_text(float(value)), color=ink, fontweight=bold, fontsize=10.5)
    for at in range(len(values)):
        ends = {
            (left + cell[0] * len(values), top + cell[1] * at): values[at],
            (left + cell[0] * at, top + cell[1] * len(values)): values[:, at],
        }
        for corner, line in ends.items():
            _write(axes, corner, cell, total_text(line), color=GREY, fontsize=10)


def total_text(counts: np.ndarray[Any, Any]) -> str:
    """Return the total of a row or column of counts as text."""
    return count_text(float(counts.sum())) or "0"


def count_text(count: float) -> str:
    """Return a mean count of persons as text: empty for zero, with decimals below 10."""
    return "" if count == 0 else number(count, 0 if count >= 10 or count == round(count) else 1 if count >= 0.1 else 2)


def _write(axes: Axes, corner: tuple[float, float], cell: tuple[float, float], text: str, **style: Any) -> None:
    axes.text(corner[0] + cell[0] / 2, corner[1] + cell[1] / 2, text, ha="center", va="center", **style)
