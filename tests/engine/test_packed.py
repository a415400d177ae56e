"""A state that is packed while another world runs in its arrays (`sim.engine.packed`)."""

from __future__ import annotations

import numpy as np

from sim.engine.held import Held
from sim.engine.layout import OK, TOLD
from sim.engine.packed import BLOCK, Packed
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import make_world, people_of, population_of, run_until
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.06).replace(
    switches={"word_of_mouth": True}, parameters={"community.sites": 6, "community.known_in_centre": 1.0}
)


def test_what_is_packed_is_the_state_to_the_bit_whatever_happens_to_its_arrays() -> None:
    world, held = make_world(SCENARIO, Regime.load("vc_2018")), Held()
    people = population_of(SCENARIO, people_of(SCENARIO), 1, 0)
    state = State(world.tables, world.catalogue, people.entities, take=held.take)
    assert run_until(world, state, 500) == OK
    packed = Packed(state, held.take)
    rows, written = state.rows.copy(), {name: values.copy() for name, values in state.written.items()}
    assert len(rows) > BLOCK
    assert (packed.persons, packed.day, packed.told) == (state.persons, 500, int(state.arrays.counter[TOLD]))
    assert packed.told > 0
    State(world.tables, world.catalogue, people.entities, take=held.take)
    assert state.rows.tobytes() != rows.tobytes(), "its arrays serve another run"
    seen = np.zeros(len(rows), int)
    for some, table in packed.blocks():
        assert table.tobytes() == rows[some].tobytes()
        assert some.stop <= packed.persons or some.start >= packed.persons
        seen[some] += 1
    assert (seen == 1).all()
    once_more = State(world.tables, world.catalogue, people.entities)
    for some, table in packed.blocks(once_more.rows, (True, False)):
        assert table.tobytes() == rows[some].tobytes()
    assert once_more.rows[: packed.persons].tobytes() == rows[: packed.persons].tobytes(), "unpacked in their place"
    assert once_more.rows[packed.persons :].tobytes() != rows[packed.persons :].tobytes()
    assert packed.written.keys() == written.keys()
    for name, values in written.items():
        np.testing.assert_array_equal(packed.written[name], values, err_msg=name)
    np.testing.assert_array_equal(packed.logged, written["log"])


def test_it_takes_less_than_half_of_the_memory() -> None:
    world = make_world(SCENARIO, Regime.load("vc_2018"))
    people = population_of(SCENARIO, people_of(SCENARIO), 1, 0)
    state = State(world.tables, world.catalogue, people.entities)
    assert run_until(world, state, 900) == OK
    assert Packed(state).nbytes < 0.5 * state.rows.nbytes
