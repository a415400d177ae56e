"""The figure of fitted and predicted figures (`sim.calibration.page_figures`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.calibration.ensembles import ensembles, targets_of
from sim.calibration.fits import quantiles
from sim.calibration.page_figures import validation_figure

SETS = Path(__file__).parent / "ensembles"


def test_bars_are_the_ranges_in_tolerances_and_the_legend_has_titles() -> None:
    found = ensembles(SETS)
    figure = validation_figure(found)
    upper, lower = figure.axes
    fitted, predicted = targets_of(found["free"].receipt)
    assert [len(axes.get_yticklabels()) for axes in (upper, lower)] == [len(fitted), len(predicted)]
    assert [text.get_text() for text in figure.legends[0].get_texts()][:2] == [
        "Everything may vary", "Networks do not steer",
    ]  # fmt: skip
    first = fitted[0]
    scaled = first.scaled(found["free"].figure(first))
    goal = float(first.scaled(np.array([first.value]))[0])
    low, _, high = (quantiles(scaled, found["free"].weight, (0.05, 0.5, 0.95)) - goal) / first.document.tolerance
    bar = next(line for line in upper.lines if line.get_linewidth() == 2.4)
    assert bar.get_xdata() == pytest.approx([low, high])
    assert upper.get_xlim() == lower.get_xlim()
    assert -upper.get_xlim()[0] >= max(abs(x) for line in lower.lines[1:] for x in line.get_xdata())
