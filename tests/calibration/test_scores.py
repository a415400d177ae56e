"""Scores against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.calibration.scores import crps


def test_score_against_closed_forms() -> None:
    assert crps(np.array([2.0]), np.array([1.0]), 5.0) == 3
    # Two values, half each: mean distance to the truth less a quarter of the distance between them.
    assert crps(np.array([0.0, 4.0]), np.array([0.5, 0.5]), 1.0) == pytest.approx(2 - 1)
    rng = np.random.default_rng(1)
    sample = rng.normal(size=20_000)
    normal = 2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)  # Gneiting and Raftery 2007, at the mean
    assert crps(sample, np.full(20_000, 1 / 20_000), 0.0) == pytest.approx(normal, abs=0.005)
