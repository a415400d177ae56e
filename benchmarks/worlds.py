"""The worlds that benchmarks run: the shipped scenario with fewer or more people, and capacities in proportion.

Without a history, which a plain model would have to simulate too, so that sizes are those of the period alone.
"""

from __future__ import annotations

from sim.policies.regime import Regime
from sim.runs.world import World, make_world
from sim.scenarios.scenario import Scenario


def scaled(scale: float, name: str = "netherlands") -> Scenario:
    """Return a scenario without its history, people and capacities times ``scale``, so that the same queues form."""
    scenario = Scenario.load(name)
    inflow = {"scale": scale * (scenario.document.inflow.scale or 1.0), "capacities": "in_proportion"}
    return scenario.replace(history_from="start", inflow=inflow)


def world_of(scenario: Scenario, regime: str) -> World:
    """Compile a scenario under a regime."""
    return make_world(scenario, Regime.load(regime, scenario.readings))
