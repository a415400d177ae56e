"""The measures of the pools of the authorities: queues, waits, and utilisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities
from sim.engine.compiled import on_arrays
from sim.engine.layout import HELD_BEYOND, OFFERED, QUEUE_DAYS, SERVED, USED, WAITED
from sim.outcomes.pairing import MeasureLabel

POOL_MEASURES: Final = {
    "queue": ("cases", "Mean number waiting: {}", "over the whole period"),
    "wait": (
        "days",
        "Mean days waited until served: {}",
        "by those served in the period; people still waiting are left out",
    ),
    "utilisation": ("share", "Capacity used: {}", "over the whole period, at most 1"),
    "beyond_capacity": ("persons", "Mean number held beyond the places: {}", "after places were withdrawn"),
}
"""Kind -> (unit, title, meaning). Only pools of places can hold people beyond their capacity."""
KINDS: Final = tuple(POOL_MEASURES)
SUMS: Final = {"queue": QUEUE_DAYS, "wait": WAITED, "utilisation": USED, "beyond_capacity": HELD_BEYOND}
PER: Final = {"wait": SERVED, "utilisation": OFFERED}
"""Kind -> the sum that is shared out, and the sum among which it is; the others are means over the days."""
NONE: Final = -1


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(name for name, pool in Authorities.load().pool.items() if pool.kind == "places")


def pool_measures(pools: Sequence[str]) -> list[tuple[str, str]]:
    """Return (kind, pool) of every measure of some pools, in the order of :func:`pool_values`."""
    return [(kind, pool) for kind in POOL_MEASURES for pool in pools if kind != "beyond_capacity" or pool in _places()]


def pool_labels(pools: Sequence[str]) -> list[MeasureLabel]:
    """Return name, world and unit of every measure of some pools."""
    return [MeasureLabel(f"{kind}_{pool}", "simulated", POOL_MEASURES[kind][0]) for kind, pool in pool_measures(pools)]


def pool_catalogue(pools: Mapping[str, str]) -> list[tuple[str, str, str, str, str, str]]:
    """Return measure, world, area, title, unit and meaning of every measure of pools; ``pools``: name -> title."""
    rows = []
    for kind, pool in pool_measures(list(pools)):
        unit, title, meaning = POOL_MEASURES[kind]
        rows.append((f"{kind}_{pool}", "simulated", "workload", title.format(pools[pool]), unit, meaning))
    return rows


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
    """Return for each measure its pool, the sum that is shared out, and that among which it is; -1: there is none."""
    number = {name: at for at, name in enumerate(own)}
    asked = [(number.get(pool, NONE), SUMS[kind], PER.get(kind, NONE)) for kind, pool in pool_measures(pools)]
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
