"""Where everybody stands (`sim.engine.state`, `sim.engine.layout`): the first morning, and room for queues and logs."""

from __future__ import annotations

import numpy as np

from sim.agents.behaviour import Authorities
from sim.engine.state import State
from sim.model import PathwayModel
from sim.policies.regime import Regime
from sim.runs.world import make_world, people_of, population_of, run_world
from verification.small_worlds import big_run, netherlands


def test_long_queues_and_long_logs_fit() -> None:
    """What a run in one go repeats with more room, a model that steps must have room for."""
    scenario = netherlands(0.1).replace(capacity=dict.fromkeys(Authorities.load().pool, 0))
    model = PathwayModel(scenario, "vc_2018", seed=1, people="none")
    while model.running:
        model.step()
    assert np.array_equal(model.log.day, big_run(scenario, "vc_2018", seed=1).outcome.log.day)


def test_on_the_first_morning_everybody_is_still_to_come() -> None:
    scenario = netherlands(0.01)
    world = make_world(scenario, Regime.load("vc_2018"))
    population = population_of(scenario, people_of(scenario), 1, 0)
    entities, catalogue = population.entities, world.catalogue
    state = State(world.tables, catalogue, entities)
    persons = entities.persons
    assert state.day == -1
    assert {catalogue.steps[step] for step in state.step[:persons, catalogue.arrival_slot]} == {
        "whereabouts.not_arrived"
    }
    assert (state.due[:persons, catalogue.arrival_slot] == entities.arrival[:persons]).all()
    assert np.array_equal(state.level, entities.level)
    assert not state.ruled.any()
    assert not state.pool_sums.any()
    assert state.pools.shape[0] == len(catalogue.pools)


def test_a_run_changes_its_own_rows_and_not_the_people() -> None:
    scenario = netherlands(0.01)
    population = population_of(scenario, people_of(scenario), 1, 0)
    before = [np.array(part) for part in population.entities]
    outcome = run_world(make_world(scenario, Regime.load("vc_2018")), population)
    assert outcome.state.day > 1000
    assert not np.array_equal(outcome.state.level, before[2])
    assert all(np.array_equal(part, old) for part, old in zip(population.entities, before, strict=True))
