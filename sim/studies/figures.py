"""The figures of an analysis: sensitivity, tornado, a box of assumptions, robustness, crossings, proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.report.drawing import Axes, Figure, Rectangle
from sim.report.style import GREY, INK, RULE, house_style, look, new_figure, sign_off
from sim.studies.crossing import Search
from sim.studies.discovery import Discovery
from sim.studies.sensitivity import INERT, MEANING

if TYPE_CHECKING:
    import pandas as pd

WIDTH: Final = 9.0
LEFT: Final = 2.7
TOP, BOTTOM = 0.8, 1.25
BLUE, ORANGE = "#0072B2", "#E69F00"


def sensitivity_figure(table: pd.DataFrame, title: str, receipt: dict[str, Any]) -> Figure:
    """Draw the index of each factor with its interval, the largest first; a panel for each index."""
    indices = list(dict.fromkeys(table["index"]))
    first = table[table["index"] == indices[-1]]
    order = list(first.sort_values("value")["factor"])
    note = (
        ". ".join(f"{name}: {MEANING[name]}" for name in indices) + ". Bars: 95% intervals over points and replicates."
    )
    with house_style():
        figure, height = _blank(len(order) * 0.36, f"What decides {title}")
        grid = figure.add_gridspec(1, len(indices), **_frame(height), wspace=0.12)
        for i, index in enumerate(indices):
            axes = figure.add_subplot(grid[i])
            rows = table[table["index"] == index].set_index("factor").loc[order]
            inert = rows["high"].get(INERT)
            if inert is not None:
                axes.axvspan(0, inert, color=RULE, alpha=0.6, lw=0)
            _dots(axes, rows, order, BLUE)
            axes.set_title(index.replace("_", " "), fontsize=10, loc="left")
            axes.set_xlim(left=min(0.0, float(np.nanmin(rows["low"].fillna(0.0)))))
            _names(axes, order if i == 0 else [""] * len(order))
        if INERT in order:
            note += " Grey: what a factor without effect reaches in this sample."
        sign_off(figure, receipt, note)
    return figure


def tornado_figure(table: pd.DataFrame, title: str, receipt: dict[str, Any]) -> Figure:
    """Draw what each factor alone changes of the difference, the widest first."""
    base = float(table["difference"].iloc[0])
    rows = table.iloc[1:]
    reach = rows.groupby("factor", sort=False)["difference"].agg(lambda d: float(np.nanmax(np.abs(d - base))))
    order = list(reach.sort_values().index)
    with house_style():
        figure, height = _blank(len(order) * 0.5, f"One factor at a time: {title}")
        axes = figure.add_subplot(figure.add_gridspec(1, 1, **_frame(height))[0])
        for i, factor in enumerate(order):
            values = rows[rows["factor"] == factor].sort_values("at")
            order[i] = f"{factor}\n{values['at'].min():g} to {values['at'].max():g}"
            axes.plot([base, base], [i - 0.3, i + 0.3], color=GREY, lw=1)
            for at, value, low, high in values[["at", "difference", "change_low", "change_high"]].itertuples(
                index=False
            ):
                colour = BLUE if at == values["at"].min() else ORANGE
                axes.barh(i, value - base, left=base, height=0.5, color=colour, alpha=0.75, lw=0)
                line = i + (0.1 if colour == BLUE else -0.1)
                axes.plot([base + low, base + high], [line, line], color=INK, lw=1)
        axes.axvline(0, color=INK, lw=0.8, ls=(0, (2, 2)))
        _names(axes, order, size=8)
        note = "Bars begin at the difference with everything as in the scenario; blue: the low end of a range, "
        note += "orange: the high end. Lines: 95% intervals of the change over replicates. Dashed: no difference."
        sign_off(figure, receipt, note)
    return figure


def discovery_figure(found: Discovery, receipt: dict[str, Any]) -> Figure:
    """Draw the box: the bounded part of each range, and the points over the two factors that it bounds most."""
    names = list(found.sample.factors)
    shares = [_bounded_share(found, i) for i in range(len(names))]
    order = [names[i] for i in np.argsort([-(b - a) for a, b in shares])]
    with house_style():
        figure, height = _blank(max(len(order) * 0.42, 2.6), f"Where {found.said}")
        grid = figure.add_gridspec(1, 2, **_frame(height), wspace=0.42, width_ratios=(1.25, 1))
        axes = figure.add_subplot(grid[0])
        for i, name in enumerate(order):
            low, high = shares[names.index(name)]
            axes.barh(i, 1, height=0.28, color=RULE, lw=0)
            bounded = high - low < 1
            axes.barh(
                i, high - low, left=low, height=0.28, color=BLUE if bounded else GREY, alpha=1 if bounded else 0.4
            )
            if bounded:
                row = found.limits.set_index("factor").loc[name]
                text = f"{row['low']:.3g} to {row['high']:.3g}"
                axes.annotate(text, ((low + high) / 2, i + 0.2), ha="center", va="bottom", fontsize=8)
        _names(axes, order)
        axes.set(xlim=(0, 1), xlabel="share of the range")
        _scatter(figure.add_subplot(grid[1]), found, [names.index(name) for name in order[::-1][:2]])
        said = ", ".join(
            f"{name} {value:.2f} ({low:.2f} to {high:.2f})"
            for name, value, low, high in found.quality.itertuples(index=False)
        )
        note = f"PRIM; of the box: {said}. Coverage: share of the cases in the box; density: share of cases "
        note += "among its points; mass: share of all points. Filled dots: cases of interest."
        sign_off(figure, receipt, note)
    return figure


def robustness_figure(table: pd.DataFrame, receipt: dict[str, Any]) -> Figure:
    """Draw the regret of each regime, a panel for each measure, on scales of their own."""
    measures, regimes = list(dict.fromkeys(table["measure"])), list(dict.fromkeys(table["regime"]))
    with house_style():
        figure, height = _blank(len(measures) * (0.6 + 0.27 * len(regimes)), "Regret over all sets of assumptions")
        grid = figure.add_gridspec(len(measures), 1, **_frame(height), hspace=0.6 / (0.27 * len(regimes)))
        for i, measure in enumerate(measures):
            axes = figure.add_subplot(grid[i])
            rows = table[table["measure"] == measure].set_index("regime").loc[regimes[::-1]]
            for k, (_, row) in enumerate(rows.iterrows()):
                axes.plot([0, row["high_regret"]], [k, k], color=RULE, lw=7, solid_capstyle="butt")
                axes.plot([row["regret_low"], row["regret_high"]], [k, k], color=BLUE, lw=2)
                axes.plot(row["regret"], k, "o", color=BLUE, ms=5)
                axes.annotate(f"  best at {row['best_share']:.0%}", (row["high_regret"], k), fontsize=8, va="center")
            axes.set_title(f"{measure}: {rows['wish'].iloc[0]} is wished", fontsize=9.5, loc="left")
            _names(axes, list(rows.index))
            axes.set_xlim(0, max(float(rows["high_regret"].max()) * 1.25, 1e-9))
            axes.set_ylim(-0.6, len(regimes) - 0.4)
        note = "How far a regime stays behind the one that does best at the same point, in the unit of the measure. "
        note += "Dot: mean, with its 95% interval over points; grey: what nine points in ten do not exceed."
        sign_off(figure, receipt, note)
    return figure


def crossing_figure(searches: Sequence[Search], title: str, receipt: dict[str, Any], sign: float = 1.0) -> Figure:
    """Draw a measure, or a paired difference, over the factor, with where it crosses the target.

    Parameters
    ----------
    searches
        What was found, for each regime or reform.
    title
        The question.
    receipt
        Of the study.
    sign
        -1 where ``tried`` holds the target less the measure.
    """
    factor, target = searches[0].factor, searches[0].target
    with house_style():
        figure, height = _blank(3.3, title)
        axes = figure.add_subplot(figure.add_gridspec(1, 1, **{**_frame(height), "left": 0.1})[0])
        for i, search in enumerate(searches):
            style = look(i if len(searches) > 1 else 1)
            at = [t.at for t in search.tried]
            mean, low, high = (
                [target + sign * getattr(t, name) for t in search.tried] for name in ("mean", "low", "high")
            )
            axes.fill_between(at, low, high, color=style["color"], alpha=0.15, lw=0)
            axes.plot(at, mean, color=style["color"], ls=style["linestyle"], lw=1.6, label=search.subject)
            for crossing in search.crossings:
                axes.axvspan(crossing.low, crossing.high, ymin=0, ymax=0.025, color=style["color"], alpha=0.8, lw=0)
                axes.plot(crossing.at, target, marker=style["marker"], color=style["color"], ms=7)
        axes.axhline(target, color=INK, lw=0.9, ls=(0, (2, 2)))
        axes.set_xlabel(f"{factor.name} ({factor.unit})")
        axes.legend(frameon=False, fontsize=9, loc="best")
        axes.grid(color=RULE, lw=0.6)
        note = "Same people, same draws at every value. Bands: 95% intervals over replicates. Markers: where the mean "
        note += "crosses; bars at the bottom: between these values the replicates cannot tell."
        sign_off(figure, receipt, note)
    return figure


def proposals_figure(table: pd.DataFrame, receipt: dict[str, Any]) -> Figure:
    """Draw every regime against another one, a panel for each measure, areas apart."""
    against = list(dict.fromkeys(table["against"]))
    measures = list(dict.fromkeys(zip(table["area"], table["measure"], strict=True)))
    regimes = list(dict.fromkeys(table["regime"]))[::-1]
    with house_style():
        figure, height = _blank(len(measures) * (0.6 + 0.19 * len(regimes)), "Every regime and proposal")
        grid = figure.add_gridspec(
            len(measures), len(against), **_frame(height), hspace=0.6 / (0.19 * len(regimes)), wspace=0.1
        )
        for i, (area, measure) in enumerate(measures):
            for j, other in enumerate(against):
                axes = figure.add_subplot(grid[i, j])
                rows = table[(table["measure"] == measure) & (table["against"] == other)].set_index("regime")
                _dots(axes, rows.reindex(regimes), regimes, BLUE)
                axes.axvline(0, color=INK, lw=0.8, ls=(0, (2, 2)))
                axes.set_title(f"{area}: {measure}, less {other}", fontsize=8.5, loc="left")
                _names(axes, regimes if j == 0 else [""] * len(regimes), size=8)
        note = "Paired differences with 95% intervals over sets of assumptions and replicates. Nothing is added up."
        sign_off(figure, receipt, note)
    return figure


def shares_figure(table: pd.DataFrame, receipt: dict[str, Any]) -> Figure:
    """Draw what each driver contributes, a panel for each measure, with all of them together."""
    measures, drivers = list(dict.fromkeys(table["measure"])), list(dict.fromkeys(table["driver"]))[::-1]
    with house_style():
        figure, height = _blank(len(measures) * (0.6 + 0.19 * len(drivers)), "To which driver a difference belongs")
        grid = figure.add_gridspec(len(measures), 1, **_frame(height), hspace=0.6 / (0.19 * len(drivers)))
        for i, measure in enumerate(measures):
            axes = figure.add_subplot(grid[i])
            rows = table[table["measure"] == measure].rename(columns={"contribution": "difference"}).set_index("driver")
            _dots(axes, rows.loc[drivers], drivers, BLUE)
            axes.axvline(0, color=INK, lw=0.8, ls=(0, (2, 2)))
            axes.set_title(measure, fontsize=8.5, loc="left")
            _names(axes, drivers, size=8)
        note = "Shapley values: what switching a driver on adds, over all orders. 95% intervals over replicates."
        sign_off(figure, receipt, note)
    return figure


# ---- parts of figures ----


def _blank(inside: float, title: str) -> tuple[Figure, float]:
    """Return an empty figure with a title and so many inches inside, and its height."""
    height = TOP + max(inside, 1.0) + BOTTOM
    figure = new_figure(WIDTH, height)
    figure.text(0.015, 1 - 0.2 / height, title, fontsize=12, fontweight="bold", va="top")
    return figure, height


def _frame(height: float) -> dict[str, float]:
    return {"left": LEFT / WIDTH, "right": 0.965, "top": 1 - TOP / height, "bottom": BOTTOM / height}


def _dots(axes: Axes, rows: pd.DataFrame, order: Sequence[str], colour: str) -> None:
    value = "value" if "value" in rows.columns else "difference"
    for i, (_, row) in enumerate(rows.iterrows()):
        axes.plot([row["low"], row["high"]], [i, i], color=colour, lw=2, solid_capstyle="butt")
        axes.plot(row[value], i, "o", color=colour, ms=5)
    axes.set_ylim(-0.7, len(order) - 0.3)


def _names(axes: Axes, names: Sequence[str], size: float = 9) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=RULE, lw=0.6)
    axes.set_axisbelow(True)


def _bounded_share(found: Discovery, i: int) -> tuple[float, float]:
    """Return the part of a range that a box leaves, as shares of the range."""
    rows = found.limits[found.limits["factor"] == found.sample.factors[i]]
    if rows.empty:
        return 0.0, 1.0
    row = rows.iloc[0]
    width = row["range_high"] - row["range_low"]
    return (row["low"] - row["range_low"]) / width, (row["high"] - row["range_low"]) / width


def _scatter(axes: Axes, found: Discovery, factors: Sequence[int]) -> None:
    """Draw the points over two factors, with the box."""
    i, j = (*factors, factors[0])[:2]
    x, y = found.sample.values[:, i], found.sample.values[:, j]
    axes.scatter(x[~found.wanted], y[~found.wanted], s=14, facecolors="none", edgecolors=GREY, linewidths=0.8)
    axes.scatter(x[found.wanted], y[found.wanted], s=14, color=ORANGE)
    low = np.maximum(found.box.low, found.sample.values.min(axis=0))
    high = np.minimum(found.box.high, found.sample.values.max(axis=0))
    axes.add_patch(
        Rectangle((low[i], low[j]), high[i] - low[i], high[j] - low[j], fill=False, edgecolor=BLUE, linewidth=1.8)
    )
    axes.set_xlabel(found.sample.factors[i], fontsize=9)
    axes.set_ylabel(found.sample.factors[j], fontsize=9)
