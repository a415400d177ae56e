"""Replicates are added until the interval of the paired difference is narrow, and stays so."""

from __future__ import annotations

import numpy as np
import pytest
from small_studies import small_study

from sim.outcomes.pairing import MeasureLabel
from sim.studies.precision import LOOK_AHEAD, enough, half_widths
from sim.studies.runner import Job, Runner

LABELS = [MeasureLabel("reports", "simulated", "persons")]


def values(differences: list[float], level: float = 100.0) -> np.ndarray:
    base = np.full(len(differences), level)
    return np.stack([base, base + differences], axis=1)[:, :, None, None]


def test_the_half_width_is_that_of_the_paired_difference() -> None:
    differences = [1.0, 2.0, 3.0]
    half = 4.302652729911275 * 1.0 / np.sqrt(3)
    assert half_widths(values(differences), LABELS, {"reports": 0.05})["reports"] == pytest.approx(half / 5)


def test_what_never_differs_is_precise_and_what_has_no_level_is_not() -> None:
    assert half_widths(values([0.0] * 3), LABELS, {"reports": 0.05}) == {"reports": 0.0}
    assert half_widths(values([0.0] * 3, 0.0), LABELS, {"reports": 0.05}) == {"reports": 0.0}
    assert half_widths(values([1.0, 2.0, 3.0], 0.0), LABELS, {"reports": 0.05}) == {"reports": np.inf}


def test_one_narrow_interval_is_not_enough() -> None:
    narrow, wide = {"reports": 0.9}, {"reports": 1.1}
    assert not enough([narrow] * LOOK_AHEAD)
    assert enough([narrow] * (LOOK_AHEAD + 1))
    assert not enough([narrow, narrow, wide, narrow, narrow, narrow, narrow, narrow])
    assert enough([wide] + [narrow] * (LOOK_AHEAD + 1))


def test_points_get_the_replicates_that_they_need() -> None:
    study = small_study(precision={"wish_to_report": 0.2}, most_replicates=30, design_points=2)
    runner = Runner(Job.of(study))
    results = [runner.run(point) for _, point in study.points]
    for result in results:
        assert len(result.values) > LOOK_AHEAD
        assert len(result.values) == 30 or (result.precision or {})["wish_to_report"] <= 1
    few = small_study(precision={"wish_to_report": 0.2}, most_replicates=4, design_points=1)
    assert len(Runner(Job.of(few)).run(few.points[0][1]).values) == 4
