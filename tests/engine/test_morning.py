"""The first morning (`sim.engine.morning`): rows, the buckets of the days, empty queues."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import columns, layout
from sim.engine.columns import NEVER
from sim.engine.decisions import FLAG
from sim.engine.state import Entities, State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of
from sim.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def world() -> World:
    scenario = Scenario.load("netherlands").replace(history_from="start", inflow={"scale": 0.003})
    return make_world(scenario, Regime.load("vc_2019_08", scenario.readings))


@pytest.fixture(scope="module")
def entities(world: World) -> Entities:
    return population_of(world.scenario, people_of(world.scenario), 1, 0).entities


@pytest.fixture
def state(world: World, entities: Entities) -> State:
    return State(world.tables, world.catalogue, entities)


def test_rows_have_what_the_population_says(state: State, world: World, entities: Entities) -> None:
    rows, persons = state.rows, entities.persons
    assert rows["key"][:, 0].tolist() == entities.key.tolist()
    assert rows["trait"][:, layout.FLAGS].view(np.uint32).tolist() == entities.flags.tolist()
    assert rows["trait"][:, layout.NETWORK_ROW].tolist() == entities.network.tolist()
    assert rows["level"].tolist() == entities.level.tolist()
    assert rows["small"][:, layout.GROUP].tolist() == entities.group.tolist()
    assert (rows["step"][:persons] == world.tables.start_state[0]).all()
    assert (rows["step"][persons:] == world.tables.start_state[1]).all()
    assert np.isnan(rows["clock"]).all()
    due = np.full(rows["due"].shape, NEVER)
    due[:persons, world.catalogue.arrival_slot] = entities.arrival[:persons]
    assert (rows["due"] == due).all()
    assert not rows["used"].any()


def test_traits_that_never_change_exclude_hazards(state: State, world: World, entities: Entities) -> None:
    t, may = world.tables.t, state.rows["trait"][:, layout.MAY_MEET]
    excluded = 0
    for hazard in range(len(world.catalogue.hazards)):
        first, end = t[columns.HZ_CONDITIONS + 2 * hazard : columns.HZ_CONDITIONS + 2 * hazard + 2]
        wanted = np.ones(entities.flags.size, bool)
        for row in range(first, end):
            place = columns.CONDITIONS + columns.CONDITION_PARTS * row
            kind, what, _, negated = t[place : place + columns.CONDITION_PARTS]
            if kind == FLAG:
                wanted &= ((entities.flags & np.uint32(what)) != 0) != bool(negated)
        assert ((may >> hazard & 1) == wanted).all(), world.catalogue.hazards[hazard]
        excluded += int((~wanted).sum())
    assert excluded > entities.flags.size


def test_each_day_has_its_entities_in_the_order_of_rows(state: State, world: World, entities: Entities) -> None:
    """Persons on the day on which they arrive, networks on the first; the ring is the same in both directions."""
    a, n, found = state.arrays, entities.key.size, 0
    for day in range(int(world.tables.t[columns.DAYS])):
        ring, e = [], int(a.after[n + day])
        while e != n + day:
            assert a.before[a.after[e]] == e
            ring.append(e)
            e = int(a.after[e])
        here = np.flatnonzero(np.r_[entities.arrival[: entities.persons], [0] * (n - entities.persons)] == day)
        assert ring == here.tolist()
        found += len(ring)
    assert found > 0.9 * n


def test_queues_are_empty_and_nothing_has_happened(state: State, world: World) -> None:
    a = state.arrays
    assert not a.queue[:, : layout.HEAD].any()
    assert (a.queue[:, layout.HEAD :] == -1).all()
    assert a.node[:, layout.NODE_NEXT].tolist() == list(range(1, a.node.shape[0] + 1))
    assert not a.sums.any()
    assert a.counter[layout.TODAY] == -1
    assert np.count_nonzero(a.counter) == 1
    sizes = [a.t[place] for place in (columns.ENTITIES, columns.PERSONS, columns.AT_ONCE)]
    assert sizes == [state.rows.size, state.persons, layout.USUAL_AT_ONCE]
    assert world.tables.t[columns.PERSONS] != state.persons, "the tables of the world stay as they are"
