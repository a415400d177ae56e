"""The measures of a run of the plain model, by the same code that measures a run of the engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain_mesa.model import PlainModel
from sim.agents.population import Population
from sim.engine.log import Log
from sim.outcomes.counted import Counted
from sim.outcomes.groups import Groups, arrived
from sim.outcomes.history import history
from sim.outcomes.measures import Measures, labels
from sim.outcomes.pools import pool_values
from sim.runs.replicate import (
    complete_values,
    counted,
    days_of,
    history_of,
    period_of,
    values_of_pools,
    wanted,
)
from sim.runs.world import Outcome, World

Floats = NDArray[np.float64]


def measure_names(world: World) -> list[str]:
    """Return the names of all simulated measures, in the order of the values; others are empty."""
    known = labels(Measures.load(), world.catalogue.pools, period_of(world.scenario))
    return [label.name if label.world == "simulated" else "" for label in known]


def values_of_engine(world: World, population: Population, outcome: Outcome, measures: Measures) -> Floats:
    """Return the measures of a run of the engine, for everybody."""
    past = history_of(world, outcome, population, measures)
    count = counted(world, outcome, population, measures, past)
    return _everybody(world, population, count, values_of_pools(world, outcome, world.catalogue.pools))


def values_of_plain(model: PlainModel, measures: Measures) -> Floats:
    """Return the measures of a run of the plain model, for everybody."""
    world, population = model.world, model.population
    day, entity, old, new, via = model.columns
    slots = np.array(world.catalogue.slots, np.int32)
    persons = population.entities.persons
    state = np.empty((population.entities.key.size, world.tables.start_state.shape[1]), np.uint8)
    state[:persons], state[persons:] = world.tables.start_state
    # The last move on a track gives the final step.
    state[entity, slots[new]] = new
    log = Log(day, entity, old, new, via)
    past = history(log, world.catalogue, slots, state, world.end_day, wanted(measures, Groups.load(world.scenario.own)))
    count = Counted(measures, past, population, world.parameters, days_of(world))
    pools = world.catalogue.pools
    return _everybody(world, population, count, pool_values(model.pool_sums, pools, pools, world.end_day + 1))


def _everybody(world: World, population: Population, count: Counted, of_pools: Floats) -> Floats:
    here = arrived(population, world.end_day)[None, :]
    return complete_values(count, here, ("all",), of_pools)[:, 0]
