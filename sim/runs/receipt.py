"""The receipt: what is needed to make the same numbers again."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import sim
from sim.runs.world import World
from sim.scenarios.scenario import Scenario

PACKAGES = ("mesa", "numpy", "scipy", "numba", "networkx", "pandas", "holidays")


def receipt_of(scenario: Scenario, worlds: list[World], seed: int, throughout: bool) -> dict[str, Any]:
    """Say what is needed to make the same numbers again; no time, user or machine."""
    return {
        "version": sim.__version__,
        "scenario": scenario.name,
        "scenario_hash": scenario.hash(),
        "hypotheses": scenario.hypotheses,
        "period": f"{scenario.start} to {scenario.end}",
        "regimes": distinct([world.regime.name for world in worlds]),
        "regime_hashes": [world.regime.hash() for world in worlds],
        "readings": dict(worlds[-1].regime.readings),
        "parameters_hash": worlds[-1].parameters.hash(),
        "parameters_outside_range": sorted(worlds[-1].parameters.outside_range),
        "throughout": throughout,
        "seed": seed,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def distinct(names: list[str]) -> list[str]:
    """Tell a regime that is compared with itself apart by a number."""
    return [name if name not in names[:i] else f"{name} ({names[:i].count(name) + 1})" for i, name in enumerate(names)]
