"""Recovery: would the fit find known values, and a known difference between the rules, from simulated figures?

Every set of a sample in turn is the truth. Its figures, with an error of their tolerance, take the place of the
published ones; the other sets are accepted or not as in a calibration, and the ranges of the accepted ones are compared
with what is known. Over many truths this is simulation-based calibration (Talts and others 2018): ranks of known values
among accepted ones are uniform where accepted sets are draws from a posterior, and crowd in the middle where ranges are
too wide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
        Ranks of known values among accepted ones, from 0 to 1, ``[judged, factors]``.
    """

    truths: int
    judged: int
    accepted: float
    values: float
    headline: float
    narrowed: float
    ranks: Floats

    @property
    def unevenness(self) -> float:
        """The largest distance of the ranks' distribution from the uniform one (Kolmogorov); 0: as draws would be."""
        sorted_ranks = np.sort(self.ranks.ravel())
        if not sorted_ranks.size:
            return float("nan")
        steps = np.arange(1, sorted_ranks.size + 1) / sorted_ranks.size
        return float(
            np.maximum(np.abs(steps - sorted_ranks), np.abs(steps - 1 / sorted_ranks.size - sorted_ranks)).max()
        )


def recover(
    unit: Floats,
    readings: Mapping[Key, Floats],
    headline: Floats,
    targets: Sequence[Target],
    *,
    within: float,
    truths: int,
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
    seed
        Of the errors of the figures.
    """
    rng, tolerance = np.random.default_rng(seed), np.array([t.document.tolerance for t in targets])
    given = np.stack([target.scaled(target.model(readings)) for target in targets], axis=1)
    inside, known, narrow, sizes, ranks = [], [], [], [], []
    spread = np.ptp(np.quantile(unit, RANGE, axis=0), axis=0)
    for truth in range(min(truths, unit.shape[0])):
        seen = given[truth] + tolerance * rng.normal(size=tolerance.size)
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
        ranks.append((unit[accepted] < unit[truth]).mean(axis=0))
    if not sizes:
        none = float("nan")
        return Recovered(truths, 0, none, none, none, none, np.zeros((0, unit.shape[1])))
    size, values, answers, narrower = (float(np.mean(one)) for one in (sizes, inside, known, narrow))
    return Recovered(truths, len(sizes), size, values, answers, narrower, np.array(ranks))
