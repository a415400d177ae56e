"""The measures of the pools of the authorities: queues, waits, and utilisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from sim.agents.behaviour import Authorities
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


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(name for name, pool in Authorities.load().pool.items() if pool.kind == "places")


def pool_measures(pools: Sequence[str]) -> list[tuple[str, str]]:
    """Return (kind, pool) of every measure of some pools, in the order of :func:`sim.outcomes.pooled.pool_values`."""
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
