"""Recovery of known values (`sim.calibration.recovery`), where the model is a line."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from scipy.stats import kstest

from sim.calibration.recovery import Recovered, _rank, recover
from sim.calibration.targets import load_targets

TARGETS = [load_targets()[name] for name in ("transfers_2018", "dublin_requests_2018")]


def linear(
    sets: int, *, within: float, wrong: bool = False, error: Literal["normal", "even"] = "normal", truths: int = 50
) -> Recovered:
    """Two assumptions decide two figures; the answer is their sum. ``wrong``: what the others know of it is not so."""
    rng = np.random.default_rng(2)
    unit = rng.random((sets, 3))
    keys = [target.document.reading.key for target in TARGETS]
    readings = {key: 1000 * np.exp(2 * unit[:, i]) for i, key in enumerate(keys)}
    answer = (unit[:, 0] + unit[:, 1])[:, None]
    if wrong:
        answer[:50] += 2.0
    return recover(unit, readings, answer, TARGETS, within=within, truths=truths, error=error)


def test_ranges_hold_what_is_known_at_least_as_often_as_they_say() -> None:
    found = linear(1500, within=3)
    assert (found.truths, found.judged) == (50, 50)
    assert found.values >= 0.9
    assert found.headline >= 0.9
    # Two of three assumptions are narrowed.
    assert 0.1 < found.narrowed < 0.6


def test_a_fit_that_is_too_strict_does_not_hold_them() -> None:
    assert linear(4000, within=0.5).headline < 0.8


def test_what_the_sets_do_not_know_is_not_recovered() -> None:
    assert linear(1500, within=3, wrong=True).headline == 0


def test_ranks_of_draws_from_the_same_distribution_are_even() -> None:
    rng = np.random.default_rng(3)
    none = rng.random((40, 1))
    even = Recovered(1, 1, 1, 1, 1, 0, rng.random((40, 50)), none)
    crowded = Recovered(1, 1, 1, 1, 1, 0, 0.5 + 0.1 * (rng.random((40, 50)) - 0.5), none)
    assert even.unevenness < 0.04
    assert crowded.unevenness > 0.4


def test_ranks_are_uniform_where_errors_are_what_acceptance_supposes_and_only_there() -> None:
    assert linear(1500, within=1.5, error="even", truths=300).even_p > 0.01
    # Normal errors of one tolerance, accepted within three: known values lie in the middle of the accepted ones.
    assert linear(1500, within=3, truths=300).even_p < 0.01


def test_the_rank_of_equal_values_is_drawn() -> None:
    ranks = np.concatenate([_rank(np.zeros(50), np.zeros((9, 50)), np.random.default_rng(seed)) for seed in range(20)])
    assert kstest(ranks, "uniform").pvalue > 0.01


def test_too_few_accepted_sets_are_not_judged() -> None:
    found = linear(8, within=3)
    assert found.judged < 8
    assert found.judged == 0 or found.accepted >= 5
    assert np.isnan(linear(4, within=0.1).values) == pytest.approx(True)
