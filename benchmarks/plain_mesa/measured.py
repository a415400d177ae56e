"""The measures of a run of the plain model, by the same code that measures a run of the engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain_mesa.model import PlainModel
from sim.agents.population import Population
from sim.engine.log import Log, packed
from sim.outcomes.by_person import moves_of
from sim.outcomes.groups import arrived
from sim.outcomes.measures import Measures, labels
from sim.runs.lives import Lives, lives_of
from sim.runs.replicate import period_of
from sim.runs.world import Outcome, World

Floats = NDArray[np.float64]


def measure_names(world: World) -> list[str]:
    """Return the names of all simulated measures, in the order of the values; others are empty."""
    known = labels(Measures.load(), world.catalogue.pools, period_of(world.scenario))
    return [label.name if label.world == "simulated" else "" for label in known]


def values_of_engine(world: World, population: Population, outcome: Outcome, measures: Measures) -> Floats:
    """Return the measures of a run of the engine, for everybody."""
    return _everybody(lives_of(world, outcome, population), measures)


def values_of_plain(model: PlainModel, measures: Measures) -> Floats:
    """Return the measures of a run of the plain model, for everybody."""
    day, entity, old, new, via = model.columns
    population = model.population
    nobody = np.zeros(population.entities.persons, bool)
    moves = moves_of(packed(Log(day, entity, old, new, via)), population.entities.key.size)
    return _everybody(Lives(model.world, population, moves, nobody, model.pool_sums), measures)


def _everybody(lives: Lives, measures: Measures) -> Floats:
    here = arrived(lives.population, lives.world.end_day)[None, :]
    counts = lives.counts(measures, ("all",), here)
    return lives.complete(counts.values, ("all",), lives.world.catalogue.pools)[:, 0]
