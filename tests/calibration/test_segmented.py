"""An interrupted time series on series whose truth is known (`sim.calibration.segmented`)."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.calibration.segmented import estimate
from sim.files.errors import InputError

CHANGE = 31


def line(level: float, slope: float, rng: np.random.Generator, rho: float = 0.0) -> np.ndarray:
    """A line of 60 months with a change of level and slope, and errors that follow each other."""
    month, error = np.arange(60.0), np.zeros(60)
    for t in range(1, 60):
        error[t] = rho * error[t - 1] + rng.normal()
    return 20 + 0.1 * month + level * (month >= CHANGE) + slope * np.maximum(month - CHANGE, 0) + error


def test_level_and_slope_together_are_found_and_their_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(1)
    found = [estimate(line(-5, 0.2, rng), CHANGE) for _ in range(200)]
    truth = -5 + 0.2 * 14
    assert np.mean([one.effect for one in found]) == pytest.approx(truth, abs=0.15)
    assert 0.87 <= np.mean([one.holds(truth) for one in found]) <= 0.99
    without = found[0].fitted - found[0].without
    assert np.abs(without[:CHANGE]).max() < 1e-9
    assert without[CHANGE:].mean() == pytest.approx(found[0].effect)


def test_errors_that_follow_each_other_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    widths = [np.mean([np.diff((e.low, e.high)) / np.std(s) for s in (line(0, 0, rng, rho) for _ in range(40))
                       for e in (estimate(s, CHANGE),)]) for rho in (0.0, 0.6)]  # fmt: skip
    assert widths[1] > 1.15 * widths[0]


def test_without_statsmodels_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.api", None)
    with pytest.raises(InputError, match="needs statsmodels"):
        estimate(np.arange(60.0), CHANGE)
