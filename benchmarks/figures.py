"""The figures of the page about performance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.report.style import COLOURS, GREY, MARKERS, house_style

DOTS_PER_INCH = 110


def _save(figure: Figure, path: Path) -> None:
    FigureCanvasAgg(figure)
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})


def _plain_numbers(axis: Axis) -> None:
    """Write powers of ten as numbers, since the house style has no formulas."""
    axis.set_major_locator(LogLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_formatter(NullFormatter())


def growth_figure(growth: dict[str, Any], path: Path) -> None:
    """Draw seconds and memory by number of people."""
    people = growth["people"]
    persons = np.array([row["persons"] for row in people], float)
    parts = (
        ("kernel_seconds", "Seconds of the kernel", growth["exponent_of_persons"]),
        ("memory_megabytes", "Most memory held, MB", None),
    )
    with house_style():
        figure = Figure(figsize=(8, 3.2), layout="constrained")
        for axes, (key, title, exponent) in zip(figure.subplots(1, 2), parts, strict=True):
            values = np.array([row[key] for row in people])
            axes.loglog(persons, values, "o-", color=COLOURS[1])
            axes.set_ylim(10 ** np.floor(np.log10(values.min())), 10 ** np.ceil(np.log10(values.max())))
            axes.set_title(title, loc="left", fontsize=10)
            axes.set_xlabel("people")
            _plain_numbers(axes.xaxis)
            _plain_numbers(axes.yaxis)
            if exponent is not None:
                middle = np.exp(np.log(values).mean() + exponent * (np.log(persons) - np.log(persons).mean()))
                axes.plot(persons, middle, ":", color=GREY)
                axes.annotate(f"slope {exponent:.2f}", (persons[1] * 3, middle[1]), color=GREY)
        _save(figure, path)


def pairing_figure(pairing: dict[str, Any], names: dict[str, str], path: Path) -> None:
    """Draw the replicates needed for each measure, by kind of pairing."""
    rows = pairing["measures"]
    with house_style():
        figure = Figure(figsize=(8, 0.42 * len(rows) + 1.3), layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))[::-1]
        for number, (way, name) in enumerate(names.items()):
            needed = [row["replicates_needed"][way] for row in rows]
            axes.plot(needed, places, MARKERS[number + 1], color=COLOURS[number + 1], label=name, alpha=0.9)
        axes.set_xscale("log")
        _plain_numbers(axes.xaxis)
        axes.set_yticks(places, [row["measure"] for row in rows])
        axes.set_xlabel(f"replicates for ±{100 * pairing['half_width']:g}% of the level")
        axes.grid(axis="x", color="#e5e5e5")
        axes.set_axisbelow(True)
        figure.legend(loc="outside upper left", ncols=len(names), frameon=False, fontsize=9)
        _save(figure, path)
