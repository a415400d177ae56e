"""Weights and quantiles (sim.calibration.fits), against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibration.fits import Fits, quantiles
from sim.calibration.targets import load_targets

TARGETS = tuple(list(load_targets().values())[:2])


def fits(deviations: list[list[float]], within: float = 3.0) -> Fits:
    table = np.array(deviations)
    sets = pd.DataFrame({"point": range(len(table))})
    return Fits("free", TARGETS, np.ones(len(table), int), sets, table, pd.DataFrame(), within)


def test_sets_within_the_tolerances_weigh_the_same() -> None:
    some = fits([[1, 1], [0, 0], [2, 0], [4, 0], [np.nan, 0]])
    assert list(some.accepted) == [True, True, True, False, False]
    assert some.weight == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0, 0])
    assert some.effective_size == pytest.approx(3)
    assert list(some.ensemble()) == [1, 0, 2]


def test_the_figure_that_rules_everything_out_is_named() -> None:
    none = fits([[0, -5], [1, -4]])
    assert not none.accepted.any()
    assert none.weight.sum() == none.effective_size == 0
    assert none.ruled_out_by == (TARGETS[1], 4.0)
    apart = fits([[4, 0], [0, 4]])
    assert not apart.accepted.any()
    assert apart.ruled_out_by is None


def test_weighted_quantiles_leave_out_what_has_no_weight() -> None:
    values, weight = np.array([3.0, 1.0, 2.0, 100.0, np.nan]), np.array([0.25, 0.25, 0.5, 0.0, 0.3])
    assert list(quantiles(values, weight, (0.05, 0.5, 0.95))) == [1, 2, 3]
    assert np.isnan(quantiles(values, np.zeros(5), (0.5,))).all()
