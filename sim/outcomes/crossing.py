"""How persons end under two regimes: the same persons by both outcomes, for each group; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled import on_arrays

Bools = NDArray[np.bool_]


@on_arrays
def cross(
    before: NDArray[np.uint8], after: NDArray[np.uint8], measured: Bools, groups: Bools, size: int
) -> NDArray[np.float64]:
    """Return the number of persons, ``[groups, outcome before, outcome after]``.

    Parameters
    ----------
    before, after
        Outcome of each person under the baseline and under the reform.
    measured
        The persons to count.
    groups
        Who belongs to which group, ``[groups, persons]``.
    size
        Number of outcomes.
    """
    cell = np.empty(before.size, np.int64)
    for e in range(before.size):
        cell[e] = np.int64(before[e]) * size + after[e]
    persons = np.zeros((groups.shape[0], size * size), np.int64)
    for group in range(groups.shape[0]):
        for e in range(groups.shape[1]):
            # Adding 0 for nonmembers is faster than a branch, which processors would often mispredict.
            persons[group, cell[e]] += groups[group, e] & measured[e]
    return persons.reshape(groups.shape[0], size, size).astype(np.float64)
