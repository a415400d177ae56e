"""What figures would tell (`sim.monitoring.information`): against cases where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.monitoring.information import narrowing, quarters_needed, recognised


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_figure_that_decides_the_answer_narrows_it_and_another_does_not(rng: np.random.Generator) -> None:
    figure, other = np.exp(rng.normal(6, 0.6, size=(2, 200)))
    assert narrowing(figure[:, None], np.log(figure), tolerance=0.05) > 0.85
    assert narrowing(other[:, None], np.log(figure), tolerance=0.05) < 0.15


def test_a_figure_with_a_large_error_tells_less(rng: np.random.Generator) -> None:
    figure = np.exp(rng.normal(6, 0.3, size=200))
    sharp, blunt = (narrowing(figure[:, None], np.log(figure), tolerance=tolerance) for tolerance in (0.03, 0.6))
    # The share of the variance that is left of the figure itself: 0.3² of 0.3² + 0.6².
    assert blunt == pytest.approx(0.2, abs=0.15)
    assert sharp > blunt + 0.4


def test_with_few_sets_or_one_answer_nothing_is_said() -> None:
    assert np.isnan(narrowing(np.ones((19, 1)), np.arange(19.0), tolerance=0.1))
    assert np.isnan(narrowing(np.arange(40.0)[:, None], np.ones(40), tolerance=0.1))
    assert np.isnan(recognised(np.ones((40, 1)), ["one"] * 40, tolerance=0.1)).all()


def test_camps_with_other_figures_are_recognised_and_the_same_ones_are_not(rng: np.random.Generator) -> None:
    names = ["a"] * 100 + ["b"] * 30
    apart = np.concatenate([np.full(100, 100.0), np.full(30, 200.0)])[:, None]
    told, chance = recognised(apart, names, tolerance=0.1)
    assert (told > 0.97, chance) == (True, 0.5)
    same = np.exp(rng.normal(5, 0.2, size=(130, 1)))
    assert recognised(same, names, tolerance=0.1)[0] == pytest.approx(0.5, abs=0.15)


def test_quarters_are_few_where_camps_are_far_and_none_where_they_are_the_same(rng: np.random.Generator) -> None:
    near = {camp: np.exp(rng.normal(5, 0.3, size=(15, 1, 1)) + np.zeros((15, 6, 1))) for camp in ("a", "b")}
    far = {"a": np.full((15, 6, 1), 100.0), "b": np.full((15, 6, 1), 200.0)}
    slow = {"a": np.full((15, 6, 1), 100.0), "b": np.full((15, 6, 1), 120.0)}
    for found in quarters_needed(far, tolerance=0.1, times=5):
        assert (found.found, found.median, found.misled) == (1.0, 1.0, 0.0)
    assert all(found.found < 0.5 for found in quarters_needed(near, tolerance=0.3, times=5))
    # Twenty percent at an error of ten: two quarters give a factor of exp(0.5 * 2 * 1.82²), some 28.
    assert all(2 <= found.median <= 4 for found in quarters_needed(slow, tolerance=0.1, times=20))
