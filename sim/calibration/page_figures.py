"""The figures of the pages on fitted sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.calibration.ensembles import Ensemble, targets_of
from sim.calibration.fits import quantiles
from sim.calibration.months import SERIES
from sim.calibration.segmented import CHANGE, TITLES, Judged
from sim.calibration.summary import SHARES
from sim.calibration.targets import Target
from sim.report.style import COLOURS, GREY, INK, house_style, look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAND: Final = "#f0f0ee"
SMALL: Final = 8.0
EDGE: Final = 1000.0
"""Tolerances beyond any axis."""


def validation_figure(found: Mapping[str, Ensemble]) -> Figure:
    """Draw each figure with the ranges of all camps, in tolerances of what was published.

    Returns
    -------
    matplotlib.figure.Figure
        Fitted figures above, predicted ones below; a bar for each camp.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    first = next(iter(found.values()))
    parts = targets_of(first.receipt)
    within = float(first.receipt["within_tolerances"])
    with house_style():
        figure = new_figure(10, 2.3 + 0.56 * sum(map(len, parts)))
        grid = figure.add_gridspec(
            2, 1, height_ratios=[max(len(part), 1) for part in parts], hspace=0.14,
            left=0.42, right=0.98, top=1 - 1.25 / figure.get_figheight(), bottom=0.62 / figure.get_figheight(),
        )  # fmt: skip
        upper = figure.add_subplot(grid[0])
        for part, title, axes in (
            (parts[0], "Fitted: published for days before 1 August 2019", upper),
            (
                parts[1],
                "Predicted: published for later days, and not fitted",
                figure.add_subplot(grid[1], sharex=upper),
            ),
        ):
            _ranges(axes, part, found, within)
            axes.set_title(title, fontsize=9.5, loc="left", color=INK)
        axes.set_xlabel("Tolerances from the published figure (below 0: the sets are lower)", fontsize=9)
        upper.tick_params(labelbottom=False)
        entries: list[Any] = [
            Line2D([], [], color=look(at + 1)["color"], linewidth=2.4, marker="o", markersize=4,
                   linestyle="-" if sets.accepted else ":",
                   label=sets.title["en"] + ("" if sets.accepted else " (nearest sets: none fits)"))
            for at, sets in enumerate(found.values())
        ]  # fmt: skip
        entries.append(Patch(color=BAND, label=f"at most {within:g} tolerances off; on the right side of a bound"))
        figure.legend(handles=entries, fontsize=SMALL, loc="upper left", ncols=2, frameon=False,
                      title="Bars hold nine tenths of the sets of a camp; the dot is the middle one",
                      title_fontsize=SMALL, alignment="left")  # fmt: skip
    return figure


def _ranges(axes: Axes, targets: Sequence[Target], found: Mapping[str, Ensemble], within: float) -> None:
    axes.axvline(0, color=INK, linewidth=1)
    far = 0.0
    for row, target in enumerate(targets):
        goal = float(target.scaled(np.array([target.value]))[0])
        for at, sets in enumerate(found.values()):
            scaled = target.scaled(sets.figure(target))
            low, middle, high = (quantiles(scaled, sets.weight, SHARES) - goal) / target.document.tolerance
            y = row + (at - (len(found) - 1) / 2) * 0.14
            colour, dashes = look(at + 1)["color"], "-" if sets.accepted else ":"
            axes.plot([low, high], [y, y], color=colour, linewidth=2.4, linestyle=dashes, solid_capstyle="butt")
            axes.plot([middle], [y], marker="o", markersize=4, color=colour)
            far = max(far, *(abs(x) for x in (low, high) if np.isfinite(x)))
    far = float(np.ceil(far)) + 0.5
    for row, target in enumerate(targets):
        kind = target.document.is_
        ends = (-within if kind != "at_most" else -EDGE, within if kind != "at_least" else EDGE)
        axes.fill_betweenx([row - 0.45, row + 0.45], *ends, color=BAND, linewidth=0, zorder=0)
    axes.set_xlim(-far, far)  # the lower part, which shares it, reaches further
    axes.set_yticks(range(len(targets)), [f"{t.document.title.en}\n{t.bound}" for t in targets], fontsize=SMALL)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(targets) - 0.45, -0.55)


def series_figure(judged: Sequence[Judged]) -> Figure:
    """Draw monthly series of one set with the segmented line, and the estimates of all sets beside the truth.

    Parameters
    ----------
    judged
        Of one camp, over the whole period.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each series: an example on the left, all sets on the right.
    """
    with house_style():
        figure = new_figure(10, 7.4)
        grid = figure.add_gridspec(2, 2, width_ratios=[1.15, 1], hspace=0.42, wspace=0.2,
                                   left=0.07, right=0.98, top=0.87, bottom=0.08)  # fmt: skip
        for row, name in enumerate(SERIES):
            mine = [one for one in judged if one.series == name]
            middle = sorted(mine, key=lambda one: one.of_kept.effect)[len(mine) // 2]
            _example(figure.add_subplot(grid[row, 0]), middle)
            _all_sets(figure.add_subplot(grid[row, 1]), mine)
        _legend(figure)
    return figure


KEPT, CHANGED = COLOURS[2], COLOURS[1]


def _example(axes: Axes, one: Judged) -> None:
    months = np.arange(one.kept.size)
    first = int(one.until[:4]) - (one.kept.size - 1) // 12
    change = 12 * (int(CHANGE[:4]) - first) + int(CHANGE[5:]) - 1
    axes.axvline(change - 0.5, color=GREY, linewidth=1, linestyle=":")
    for values, of, colour, marker in (
        (one.kept, one.of_kept, KEPT, "s"), (one.changed, one.of_changed, CHANGED, "o"),
    ):  # fmt: skip
        axes.plot(months, values, marker=marker, markersize=3, linestyle="none", color=colour, alpha=0.75)
        for part in (slice(0, change), slice(change, None)):
            axes.plot(months[part], of.fitted[part], color=colour, linewidth=2)
        axes.plot(months[change:], of.without[change:], color=colour, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(0, months.size, 12), [str(first + i) for i in range(-(-months.size // 12))])
    axes.tick_params(labelsize=SMALL)
    axes.set_title(f"{TITLES[one.series]} by month, in set {one.number}", fontsize=9.5, loc="left")


def _all_sets(axes: Axes, mine: Sequence[Judged]) -> None:
    order = sorted(mine, key=lambda one: one.truth)
    axes.axhline(0, color=GREY, linewidth=1)
    for at, one in enumerate(order):
        for shift, of, colour, marker in ((-0.18, one.of_kept, KEPT, "s"), (0.18, one.of_changed, CHANGED, "o")):
            axes.plot([at + shift] * 2, [of.low, of.high], color=colour, linewidth=1.1, alpha=0.8)
            axes.plot([at + shift], [of.effect], marker=marker, markersize=2.6, color=colour, linestyle="none")
        axes.plot([at - 0.45, at + 0.45], [one.truth] * 2, color=INK, linewidth=2)
    axes.set_xticks([])
    axes.set_xlabel(f"{len(order)} sets, by what the rule did", fontsize=SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.set_title("Estimated effect a month, and what the rule did", fontsize=9.5, loc="left")


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    entries = [
        Line2D([], [], color=KEPT, marker="s", markersize=4, linewidth=1.6,
               label="old rule kept throughout: the true effect is 0"),
        Line2D([], [], color=CHANGED, marker="o", markersize=4, linewidth=1.6, label="rule changed in August 2019"),
        Line2D([], [], color=GREY, linewidth=1.4, linestyle=(0, (4, 2)),
               label="left: what the line of before comes to"),
        Line2D([], [], color=INK, linewidth=2, label="right: what the rule did (same people under both rules)"),
    ]  # fmt: skip
    figure.legend(handles=entries, fontsize=SMALL, loc="upper left", ncols=2, frameon=False,
                  title="Points: the register. Lines: an interrupted time series. Bars: its 95% interval",
                  title_fontsize=SMALL, alignment="left")  # fmt: skip
