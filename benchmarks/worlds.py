"""The worlds that benchmarks run: the shipped scenario with fewer or more people, and capacities in proportion."""

from __future__ import annotations

from sim.agents.behaviour import Authorities
from sim.policies.regime import Regime
from sim.runs.world import World, make_world
from sim.scenarios.scenario import Scenario


def scaled(scale: float, name: str = "netherlands") -> Scenario:
    """Return a scenario with people and capacities times ``scale``, so that the same queues form."""
    scenario = Scenario.load(name)
    parameters, capacity = scenario.parameter_values(), scenario.document.capacity
    changed: dict[str, object] = {}
    for pool, document in Authorities.load().pool.items():
        given = capacity.get(pool, parameters.value(document.capacity))
        if isinstance(given, tuple):
            changed[pool] = [{"from": row.from_, "value": row.value * scale} for row in given]
        else:
            changed[pool] = given * scale
    return scenario.replace(inflow={"scale": scale * scenario.document.inflow.scale}, capacity=changed)


def world_of(scenario: Scenario, regime: str) -> World:
    """Compile a scenario under a regime."""
    return make_world(scenario, Regime.load(regime, scenario.readings))
