"""The values of the measures of pools, from what the engine summed of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled import on_arrays
from sim.engine.layout import HELD_BEYOND, OFFERED, QUEUE_DAYS, SERVED, USED, WAITED
from sim.outcomes.pools import pool_measures

NONE: Final = -1
SUMS: Final = {
    "queue": (QUEUE_DAYS, NONE),
    "wait": (WAITED, SERVED),
    "utilisation": (USED, OFFERED),
    "beyond_capacity": (HELD_BEYOND, NONE),
}
"""Kind -> the sum that is shared out, and the sum among which it is; -1: among the days."""


def pool_values(sums: NDArray[np.float64], own: Sequence[str], pools: Sequence[str], days: int) -> NDArray[np.float64]:
    """Return the value of every measure of some pools.

    Parameters
    ----------
    sums
        What the engine summed of each pool of this world, ``[own, POOL_SUMS]``.
    own
        The pools of this world.
    pools
        The pools to measure; one that this world does not have is NaN.
    days
        Days of the scenario.

    Returns
    -------
    numpy.ndarray
        In the order of :func:`pool_measures`. NaN where no one was served, or no capacity was offered on any day.
    """
    return _shares(sums, _asked(tuple(own), tuple(pools)), days)


@lru_cache(maxsize=64)
def _asked(own: tuple[str, ...], pools: tuple[str, ...]) -> NDArray[np.int64]:
    """Return for each measure its pool (-1: this world does not have it), and the sums of ``SUMS``."""
    number = {name: at for at, name in enumerate(own)}
    asked = [(number.get(pool, NONE), *SUMS[kind]) for kind, pool in pool_measures(pools)]
    return np.array(asked, np.int64).reshape(-1, 3)


@on_arrays
def _shares(sums: NDArray[np.float64], asked: NDArray[np.int64], days: int) -> NDArray[np.float64]:
    values = np.full(len(asked), np.nan)
    for row in range(len(asked)):
        pool, above, below = asked[row]
        if pool != NONE:
            among = float(days) if below == NONE else sums[pool, below]
            if among > 0.0:
                values[row] = sums[pool, above] / among
    return values
