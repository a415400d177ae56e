"""Where a later wave puts its points, for figures that are known functions."""

from __future__ import annotations

import numpy as np

from sim.calibration.targets import load_targets
from sim.calibration.zoom import Judge, reflected, walk

TARGETS = [load_targets()[name] for name in ("transfers_2018", "nigerian_departures_2018")]


def columns_at(unit: np.ndarray) -> dict[tuple[str, str, str], np.ndarray]:
    """Return two counts that come out as published where the first factor is 0.9 and the second 0.1."""
    made = {}
    for target, off in zip(TARGETS, (unit[:, 0] - 0.9, unit[:, 1] - 0.1), strict=True):
        made[target.document.reading.key] = target.value * np.exp(3 * off)
    return made


def test_points_go_where_the_figures_come_out_and_nowhere_else() -> None:
    rng = np.random.default_rng(4)
    runs, candidates = rng.random((60, 6)), rng.random((2000, 6))
    judge = Judge.of(TARGETS, runs, columns_at(runs))
    assert min(judge.explained.values()) > 0.95
    free = np.array([True] * 5 + [False])
    places, start = walk(judge, candidates, free, 50, seed=1)
    assert np.abs(places[:, 0] - 0.9).max() < 0.3
    assert np.abs(places[:, 1] - 0.1).max() < 0.3
    assert 0.2 < np.std(places[:, 2]) < 0.4, "a factor that moves no figure is spread over its range"
    assert (places[:, 5] == candidates[start, 5]).all()
    assert (judge.implausible(places) <= 3).mean() > 0.95
    assert (judge.implausible(candidates) <= 3).mean() < 0.5
    assert (walk(judge, candidates, free, 50, seed=1)[0] == places).all()


def test_what_leaves_the_cube_comes_back_from_its_wall() -> None:
    assert np.allclose(reflected(np.array([-0.2, 0.3, 1.3, 2.4])), [0.2, 0.3, 0.7, 0.4])
