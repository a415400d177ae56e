"""``python -m sim.calibration.pages DOCS [SETS]`` writes the pages on fitted sets; `make validation` calls it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.calibration.camps_page import camps_page
from sim.calibration.ensembles import Ensemble, ensembles, targets_of
from sim.calibration.fits import quantiles
from sim.calibration.summary import SHARES
from sim.calibration.validation_page import validation_page
from sim.files.errors import InputError
from sim.report.style import house_style, look, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGES: Final = {"validation.md": validation_page, "two-camps.md": camps_page}
FIGURE: Final = "validation.png"


def write_pages(docs: Path, sets: Path | None = None) -> None:
    """Write both pages and their figure.

    Parameters
    ----------
    docs
        The folder of the manual.
    sets
        A folder of fitted sets; the shipped ones by default.
    """
    found = ensembles(sets)
    for name, page in PAGES.items():
        (docs / name).write_text(page(found).rstrip() + "\n", encoding="utf-8", newline="\n")
    validation_figure(found).savefig(docs / FIGURE, dpi=110, metadata={"Software": None})


def validation_figure(found: Mapping[str, Ensemble]) -> Figure:
    """Draw each figure with the ranges of all camps, in tolerances of what was published.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each figure, fitted ones first; a bar for each camp.
    """
    first = next(iter(found.values()))
    fitted, predicted = targets_of(first.receipt)
    targets = (*fitted, *predicted)
    with house_style():
        figure = new_figure(10, 0.9 + 0.52 * len(targets))
        axes = figure.add_axes((0.44, 0.09, 0.54, 0.85))
        axes.axvspan(-first.receipt["within_tolerances"], first.receipt["within_tolerances"], color="#f0f0ee", zorder=0)
        axes.axvline(0, color="#222", linewidth=1)
        for row, target in enumerate(targets):
            for at, (camp, sets) in enumerate(found.items()):
                scaled = target.scaled(sets.figure(target))
                goal = float(target.scaled(np.array([target.value]))[0])
                low, middle, high = (quantiles(scaled, sets.weight, SHARES) - goal) / target.document.tolerance
                y = row + (at - (len(found) - 1) / 2) * 0.13
                style = "-" if sets.accepted else ":"
                label = camp if row == 0 else None
                axes.plot([low, high], [y, y], color=look(at + 1)["color"], linewidth=2.2, linestyle=style, label=label)
                axes.plot([middle], [y], marker="o", markersize=3.2, color=look(at + 1)["color"])
        names = [
            f"{t.document.title.en}\n{'fitted' if t in fitted else 'predicted'}, published {t.bound}" for t in targets
        ]
        axes.set_yticks(range(len(targets)), names, fontsize=7.5)
        axes.axhline(len(fitted) - 0.5, color="#888", linewidth=0.8, linestyle="--")
        axes.set_ylim(len(targets) - 0.4, -0.6)
        axes.set_xlabel("Tolerances from what was published; bars hold nine tenths of the sets of a camp", fontsize=8.5)
        axes.legend(fontsize=7.5, loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=len(found), frameon=False)
    return figure


def main(words: list[str]) -> int:
    """Write the pages into a folder."""
    if len(words) not in (1, 2):
        sys.stderr.write("python -m sim.calibration.pages DOCS [SETS]\n")
        return 2
    try:
        write_pages(Path(words[0]), Path(words[1]) if len(words) == 2 else None)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
