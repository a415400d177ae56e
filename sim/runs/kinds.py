"""What can be said about a change: a number that is computed, a preview, or its direction only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from sim.agents.behaviour import Authorities
from sim.runs.memory import Watched
from sim.runs.world import World, people_of
from sim.scenarios.scenario import Scenario

Kind = Literal["computed", "preview", "direction only"]
"""From what can be read as a number to what cannot."""


def is_whole(scenario: Scenario) -> bool:
    """Return whether a scenario has the people of the whole country."""
    inflow = scenario.document.inflow
    return inflow.persons is None and inflow.scale == 1.0


def moves_queues(worlds: Sequence[World]) -> frozenset[str]:
    """Return the parameters that change the load of queues by themselves.

    They decide who comes, how much is handled, or how long places are held.
    """
    world, pools = worlds[0], Authorities.load().pool
    watched = Watched(world.scenario.parameter_values())
    people_of(world.scenario, watched)
    held = [
        text.step.takes
        for each in worlds
        for name in each.statute.steps
        for text in each.statute.texts(name)
        if text.step.by is not None and pools[text.step.by].kind == "places" and text.step.takes is not None
    ]
    inflow = [name for name in watched if name.startswith("inflow.")]
    return frozenset({*watched.read, *inflow, *world.capacities_follow, *held})


def kind_of(names: Collection[str], queues: frozenset[str], scenario: Scenario) -> Kind:
    """Return what a session of a scenario can say about changes of numbers: the least of what it can say of each."""
    if is_whole(scenario):
        return "computed"
    return "direction only" if any(name in queues or name.startswith("capacity.") for name in names) else "preview"
