"""Weights, scores, emulators and spread, against closed forms and known functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibration.emulator import fit_emulator
from sim.calibration.fits import Fits, quantiles
from sim.calibration.scores import crps
from sim.calibration.targets import load_targets
from sim.calibration.waves import spread

TARGETS = tuple(list(load_targets().values())[:2])


def fits(deviations: list[list[float]], within: float = 3.0) -> Fits:
    table = np.array(deviations)
    sets = pd.DataFrame({"point": range(len(table))})
    return Fits("free", TARGETS, np.ones(len(table), int), sets, table, pd.DataFrame(), within)


def test_sets_weigh_by_a_normal_density_of_their_deviations() -> None:
    some = fits([[0, 0], [1, 1], [2, 0], [4, 0], [np.nan, 0]])
    assert list(some.accepted) == [True, True, True, False, False]
    density = np.exp([0, -1, -2])
    assert some.weight == pytest.approx([*(density / density.sum()), 0, 0])
    assert some.effective_size == pytest.approx(density.sum() ** 2 / (density**2).sum())
    assert list(some.ensemble()) == [0, 1, 2]


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


def test_score_against_closed_forms() -> None:
    assert crps(np.array([2.0]), np.array([1.0]), 5.0) == 3
    # Two values, half each: mean distance to the truth less a quarter of the distance between them.
    assert crps(np.array([0.0, 4.0]), np.array([0.5, 0.5]), 1.0) == pytest.approx(2 - 1)
    rng = np.random.default_rng(1)
    sample = rng.normal(size=20_000)
    normal = 2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)  # Gneiting and Raftery 2007, at the mean
    assert crps(sample, np.full(20_000, 1 / 20_000), 0.0) == pytest.approx(normal, abs=0.005)


def test_an_emulator_finds_a_known_function_and_says_how_sure_it_is() -> None:
    rng = np.random.default_rng(2)
    unit, there = rng.random((120, 5)), rng.random((200, 5))

    def truth(x: np.ndarray) -> np.ndarray:
        return 3 * x[:, 0] - 2 * x[:, 1] + np.sin(5 * x[:, 2])

    noise = 0.05
    emulator = fit_emulator(unit, truth(unit) + rng.normal(size=120) * noise)
    assert emulator is not None
    assert emulator.explained > 0.95
    mean, deviation = emulator.predict(there)
    off = np.abs(mean - truth(there)) / deviation
    assert np.sqrt(np.mean((mean - truth(there)) ** 2)) < 0.2
    assert (off < 3).mean() > 0.97


def test_no_emulator_of_a_constant_or_of_a_few_runs() -> None:
    unit = np.random.default_rng(3).random((30, 2))
    assert fit_emulator(unit, np.zeros(30)) is None
    assert fit_emulator(unit[:5], np.arange(5.0)) is None


def test_points_are_spread_over_the_corners() -> None:
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    places = np.concatenate([np.full((50, 2), 0.5), corners])
    assert sorted(spread(places, 5)[1:]) == [50, 51, 52, 53]
