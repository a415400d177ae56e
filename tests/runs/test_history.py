"""A history in stretches (`sim.runs.history`): what is forgotten of it on the way changes nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.engine.layout import CREDIT, LOGGED, OK
from sim.engine.state import State
from sim.outcomes.opening import Past
from sim.policies.regime import Regime
from sim.runs.history import STRETCH, open_period, run_history
from sim.runs.world import make_world, people_of, population_of, run_until
from verification.small_worlds import netherlands

SMALL = netherlands(0.05).replace(start=dt.date(2018, 4, 10), end="2018-12-31", history_from=dt.date(2015, 1, 1))


def test_a_history_in_stretches_leaves_what_one_log_of_it_leaves() -> None:
    world = make_world(SMALL, Regime.load("vc_2018"))
    people = population_of(SMALL, people_of(SMALL), 1, 0).entities
    one, other = (State(world.tables, world.catalogue, people) for _ in range(2))
    eve = world.start_day
    assert eve > 3 * STRETCH
    assert run_until(world, one, eve - 1) == OK
    moves = int(one.arrays.counter[LOGGED])
    at_once, by_stretch = (Past(world.catalogue, one.step.shape) for _ in range(2))
    assert run_history(other, by_stretch, eve - 1) == OK
    assert other.arrays.counter[LOGGED] == 0
    assert by_stretch.moves == moves > 1000
    credit = other.arrays.sums[:, CREDIT].copy()
    ours, theirs = open_period(one, at_once, eve), open_period(other, by_stretch, eve)
    for part in ("step", "since", "first"):
        np.testing.assert_array_equal(getattr(ours, part), getattr(theirs, part))
    assert ours.moves == theirs.moves
    # A fraction of a case carries over to the period; what was summed of the pools does not.
    np.testing.assert_array_equal(other.arrays.sums[:, CREDIT], credit)
    assert not np.delete(other.arrays.sums, CREDIT, axis=1).any()
    assert run_until(world, one, world.end_day) == OK
    assert run_until(world, other, world.end_day) == OK
    np.testing.assert_array_equal(one.logged, other.logged)


def test_a_run_that_stops_says_why_and_goes_no_further() -> None:
    world = make_world(SMALL, Regime.load("vc_2018"))
    people = population_of(SMALL, people_of(SMALL), 1, 0).entities
    state = State(world.tables, world.catalogue, people, at_once=1)
    past = Past(world.catalogue, state.step.shape)
    assert run_history(state, past, world.start_day - 1) != OK
    assert state.day < world.start_day - 1
