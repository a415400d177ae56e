"""A state carried to a world with other numbers (`sim.engine.carried`); tests/runs/test_shared.py has all regimes."""

from __future__ import annotations

import numpy as np

from sim.compile.cells import Shape
from sim.engine.carried import Carriage
from sim.engine.layout import OK, RULED
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of, run_until, run_world
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.02)


def way(one: World, other: World) -> Carriage | None:
    return Carriage.between((one.tables, one.catalogue), (other.tables, other.catalogue))


def test_a_state_in_other_numbers_goes_on_as_it_would() -> None:
    """The same law with places for a hazard without a rate and for more remembered steps: other numbers throughout."""
    regime = Regime.load("vc_2018")
    one = make_world(SCENARIO, regime)
    idle = frozenset(one.statute.hazards) - frozenset(one.catalogue.hazards)
    shape = Shape(idle, references=frozenset(one.catalogue.steps[:9]), evers=frozenset(one.catalogue.steps[:5]))
    other = make_world(SCENARIO, regime, at_least=shape)
    people = population_of(SCENARIO, people_of(SCENARIO), 1, 0)
    assert way(one, other) is None, "the one does not remember what the other needs"
    carriage = way(other, one)
    assert carriage is not None
    assert not np.array_equal(carriage.hazards, np.arange(carriage.hazards.size))
    expected = run_world(one, people)
    for day in (0, 400, one.end_day):
        state = State(other.tables, other.catalogue, people.entities, at_once=len(other.catalogue.hazards))
        assert run_until(other, state, day) == OK
        carried = carriage.state(state, one.tables, one.catalogue, people.entities)
        assert run_until(one, carried, one.end_day) == OK
        np.testing.assert_array_equal(carried.logged, expected.state.logged)
        np.testing.assert_array_equal(carried.level, expected.state.level)
        np.testing.assert_array_equal(carried.rows["clock"], expected.state.rows["clock"])
        np.testing.assert_array_equal(carried.rows["day"], expected.state.rows["day"])
        np.testing.assert_array_equal(carried.draws_used, expected.state.draws_used)


def test_the_origin_is_not_changed_and_nobody_is_marked() -> None:
    scenario = netherlands(0.05)
    one, other = (make_world(scenario, Regime.load(name)) for name in ("vc_2019_08", "vc_2018"))
    people = population_of(scenario, people_of(scenario), 1, 0)
    state = State(one.tables, one.catalogue, people.entities)
    assert run_until(one, state, one.end_day) == OK
    assert state.ruled.any()
    before, moves = state.rows.tobytes(), state.logged.copy()
    carriage = way(one, one)
    assert carriage is not None
    carried = carriage.state(state, one.tables, one.catalogue, people.entities)
    assert not carried.rows["small"][:, RULED].any()
    assert state.rows.tobytes() == before
    np.testing.assert_array_equal(state.logged, moves)
    np.testing.assert_array_equal(carried.logged, moves)
    assert other.catalogue.steps != one.catalogue.steps or way(one, other) is not None
