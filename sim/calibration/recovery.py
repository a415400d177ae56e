"""Recovery: would the fit find known values, and a known difference between the rules, from simulated figures?

Every set of a sample in turn is the truth. Its figures, with an error, take the place of the published ones; the other
sets are accepted or not as in a calibration, and the ranges of the accepted ones are compared with what is known.

Over many truths the ranks of known values among accepted ones are simulation-based calibration (Talts and others 2018).
To accept within some tolerances is exact where the error of a figure is even over just these tolerances (Wilkinson
2013): then a truth and its accepted sets are draws from one distribution, and ranks are uniform, which `even_p` tests.
Where the error is normal with one tolerance, ranges are too wide and ranks crowd in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.calibration.targets import Target

Floats = NDArray[np.float64]
Key = tuple[str, str, str]
ENOUGH: Final = 5
"""Accepted sets from which a range is judged."""
RANGE: Final = (0.05, 0.95)


@dataclass(frozen=True)
class Recovered:
    """What came of all truths.

    Attributes
    ----------
    truths
        How many there were.
    judged
        Of how many enough sets were accepted.
    accepted
        Accepted sets, on average over those judged.
    values, headline
        Share of known values, and of known differences between the rules, in the range of nine tenths.
    narrowed
        By which part of the range of all sets the range of a value is narrower, on average.
    ranks
        Ranks of known values among accepted ones, from 0 to 1, ``[judged, factors]``; those of equal values are drawn.
    headline_ranks
        Those of known differences between the rules, ``[judged, answers]``.
    """

    truths: int
    judged: int
    accepted: float
    values: float
    headline: float
    narrowed: float
    ranks: Floats
    headline_ranks: Floats

    @property
    def unevenness(self) -> float:
        """The largest distance of the ranks' distribution from the uniform one (Kolmogorov); 0: as draws would be."""
        from scipy.stats import kstest

        return float(kstest(self.ranks.ravel(), "uniform").statistic) if self.ranks.size else float("nan")

    @property
    def even_p(self) -> float:
        """The p-value of uniform ranks: the smallest of Kolmogorov's tests of all columns, times their number.

        Truths share the sets that they are ranked among, which makes ranks more even: the test rejects less often than
        its level says.
        """
        from scipy.stats import kstest

        columns = np.concatenate([self.ranks, self.headline_ranks], axis=1).T
        if not self.judged:
            return float("nan")
        return min(1.0, len(columns) * min(float(kstest(column, "uniform").pvalue) for column in columns))


def recover(
    unit: Floats,
    readings: Mapping[Key, Floats],
    headline: Floats,
    targets: Sequence[Target],
    *,
    within: float,
    truths: int,
    error: Literal["normal", "even"] = "normal",
    seed: int = 1,
) -> Recovered:
    """Take sets of a sample as the truth, one after another, and see whether the others find it.

    Parameters
    ----------
    unit
        The sets, in the unit cube of their ranges, ``[sets, factors]``.
    readings
        What they give under the rules as lived: (measure, world, group) to ``[sets]``.
    headline
        The difference between the rules, ``[sets, answers]``.
    targets
        The figures; of a bound the value itself is taken.
    within
        Tolerances by which a set may deviate from any figure.
    truths
        How many sets are the truth, the first ones.
    error
        Of the figures: normal with one tolerance, or even over the tolerances within which sets are accepted.
    seed
        Of the errors of the figures.
    """
    rng, tolerance = np.random.default_rng(seed), np.array([t.document.tolerance for t in targets])
    given = np.stack([target.scaled(target.model(readings)) for target in targets], axis=1)
    inside, known, narrow, sizes, ranks, answered = [], [], [], [], [], []
    spread = np.ptp(np.quantile(unit, RANGE, axis=0), axis=0)
    for truth in range(min(truths, unit.shape[0])):
        noise = rng.normal(size=tolerance.size) if error == "normal" else rng.uniform(-within, within, tolerance.size)
        seen = given[truth] + tolerance * noise
        off = np.abs(given - seen) / tolerance
        accepted = np.where(np.isnan(off), np.inf, off).max(axis=1) <= within
        accepted[truth] = False
        if accepted.sum() < ENOUGH:
            continue
        sizes.append(int(accepted.sum()))
        low, high = np.quantile(unit[accepted], RANGE, axis=0)
        inside.append((low <= unit[truth]) & (unit[truth] <= high))
        narrow.append(1 - (high - low) / spread)
        low, high = np.quantile(headline[accepted], RANGE, axis=0)
        known.append((low <= headline[truth]) & (headline[truth] <= high))
        ranks.append(_rank(unit[truth], unit[accepted], rng))
        answered.append(_rank(headline[truth], headline[accepted], rng))
    if not sizes:
        none = float("nan")
        empty = np.zeros((0, unit.shape[1])), np.zeros((0, headline.shape[1]))
        return Recovered(truths, 0, none, none, none, none, *empty)
    size, values, answers, narrower = (float(np.mean(one)) for one in (sizes, inside, known, narrow))
    return Recovered(truths, len(sizes), size, values, answers, narrower, np.array(ranks), np.array(answered))


def _rank(truth: Floats, accepted: Floats, rng: np.random.Generator) -> Floats:
    """Return the rank of each value among accepted ones, from 0 to 1; at equal values, and in its step, it is drawn."""
    below, equal = (accepted < truth).sum(axis=0), (accepted == truth).sum(axis=0)
    return np.asarray((below + rng.random(truth.size) * (equal + 1)) / (accepted.shape[0] + 1))
