"""Intervals of means over replicates: coverage over repeated simulation against nominal, and closed forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.outcomes.intervals import FEW, covering_interval, mean_interval, tables_for

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
TIMES = 2000

COUNTS: dict[str, tuple[Draw, float, bool]] = {
    f"poisson {mean}": (lambda rng, size, m=mean: rng.poisson(m, size), mean, False)  # type: ignore[misc]
    for mean in (0.05, 0.2, 1.0, 3.0, 8.0)
} | {
    f"gains {gains} losses {losses}": (
        lambda rng, size, g=gains, one=losses: rng.poisson(g, size) - rng.poisson(one, size),  # type: ignore[misc]
        gains - losses,
        True,
    )
    for gains, losses in ((0.1, 0.1), (0.5, 0.0), (1.0, 0.1), (3.0, 2.0))
}
SHARES = {"4 of 0.05": (4, 0.05), "20 of 0.02": (20, 0.02), "20 of 0.3": (20, 0.3)}


def coverage(sample: Floats, truth: float, unit: str, signed: bool) -> tuple[float, float]:
    """Return how often intervals have the truth, over those that there are, and of how many samples there is none."""
    found = covering_interval(sample[:, None], [unit], signed=signed)
    there = ~np.isnan(found.low)
    hit = (found.low[there] <= truth + 1e-12) & (truth - 1e-12 <= found.high[there])
    return float(hit.mean()), float((~there).mean())


@pytest.mark.parametrize("replicates", [2, 5, 20])
@pytest.mark.parametrize("name", COUNTS)
def test_intervals_of_small_counts_cover(name: str, replicates: int) -> None:
    draw, truth, signed = COUNTS[name]
    sample = draw(np.random.default_rng(1), (replicates, TIMES)).astype(float)
    hit, without = coverage(sample, truth, "persons", signed)
    assert hit >= 0.93
    assert without < 0.06


@pytest.mark.parametrize("replicates", [2, 5, 20])
@pytest.mark.parametrize("name", SHARES)
def test_intervals_of_small_shares_cover(name: str, replicates: int) -> None:
    people, truth = SHARES[name]
    sample = np.random.default_rng(2).binomial(people, truth, (replicates, TIMES)) / people
    assert coverage(sample, truth, "share", False)[0] >= 0.93


@pytest.mark.parametrize(("replicates", "rate"), [(2, 0.1), (5, 0.5), (20, 0.1), (20, 2.0)])
def test_days_have_an_interval_that_covers_or_none(replicates: int, rate: float) -> None:
    rng = np.random.default_rng(3)
    events = rng.poisson(rate, (replicates, TIMES))
    sample = np.vectorize(lambda count: rng.exponential(50, count).sum())(events)
    assert coverage(sample, 50 * rate, "days", False)[0] >= 0.9


def test_without_any_event_the_interval_is_that_of_garwood() -> None:
    found = covering_interval(np.zeros((4, 2, 1)), ["persons", "days"], signed=False)
    assert found.low[0, 0] == 0
    assert found.high[0, 0] == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / 4)
    assert np.isnan([found.low[1, 0], found.high[1, 0]]).all()


def test_a_share_that_never_varies_is_bounded_as_by_clopper_and_pearson() -> None:
    found = covering_interval(np.ones((5, 1, 1)), ["share"], signed=False)
    assert found.high[0, 0] == 1
    assert found.low[0, 0] == pytest.approx(stats.binomtest(5, 5).proportion_ci(0.95, "exact").low)


def test_many_events_have_the_t_interval() -> None:
    sample = np.random.default_rng(4).poisson(50, (8, 1, 3)).astype(float)
    found, t = covering_interval(sample, ["persons"], signed=False), mean_interval(sample)
    np.testing.assert_array_equal([found.low, found.high], [t.low, t.high])


def test_one_replicate_has_none() -> None:
    assert np.isnan(covering_interval(np.ones((1, 1, 1)), ["persons"], signed=False).high).all()


def test_the_tables_are_those_of_the_intervals() -> None:
    tables = tables_for(5)
    assert tables["quantiles"][4] == pytest.approx(stats.t.ppf(0.975, 5))
    assert len(tables["exact"]["poisson"]) == FEW
    assert tables["exact"]["poisson"][2] == pytest.approx([0.2422093, 7.224688])
    assert [len(row) for row in tables["exact"]["other"]] == [1, 2, 2, 3]
    low, high = stats.binomtest(2, 5).proportion_ci(0.95, "exact")
    assert tables["exact"]["other"][3][2] == pytest.approx([low, high], abs=1e-6)
