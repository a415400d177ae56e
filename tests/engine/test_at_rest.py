"""People found to be at rest (`sim.engine.at_rest`) have no further moves, on any day and under any rules."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.engine import columns as tb
from sim.engine import layout
from sim.engine.at_rest import Reach, at_rest, before_coming, reach_of
from sim.engine.columns import RESTING
from sim.engine.decisions import AT, EVER, FLAG
from sim.engine.layout import OK
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of, run_until
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.03)
DAY = 700


@cache
def world() -> World:
    return make_world(SCENARIO, Regime.load("historical"))


def state_on(day: int) -> State:
    people = population_of(SCENARIO, people_of(SCENARIO), 2, 0)
    state = State(world().tables, world().catalogue, people.entities)
    assert run_until(world(), state, day) == OK
    return state


def own_reach() -> Reach:
    bits = np.arange(len(world().catalogue.evers))
    return reach_of(world().tables, np.arange(len(world().catalogue.steps)), np.stack([bits, bits], axis=1))


def test_nothing_happens_to_those_at_rest_and_they_are_many() -> None:
    state = state_on(DAY)
    rest = at_rest(state.arrays, state.persons, (own_reach(),))
    came = state.arrays.day[: state.persons, layout.UPDATED] >= 0
    assert not rest[~came].any(), "who has not come yet will"
    assert rest.sum() > 0.3 * came.sum()
    before = state.rows[: state.persons][rest].copy()
    logged = len(state.logged)
    assert run_until(world(), state, world().end_day) == OK
    moved = np.unique(state.logged[logged:, layout.LOG_WHO])
    moved = moved[moved < state.persons]
    assert not rest[moved].any()
    after = state.rows[: state.persons][rest]
    for part in ("step", "due", "level", "entered", "used", "clock"):
        np.testing.assert_array_equal(after[part], before[part], err_msg=part)


def test_whoever_had_no_event_since_the_last_look_is_not_looked_at() -> None:
    state = state_on(DAY)
    every, late = (at_rest(state.arrays, state.persons, (own_reach(),), since) for since in (-1, DAY - 100))
    updated = state.arrays.day[: state.persons, layout.UPDATED]
    np.testing.assert_array_equal(late, every & (updated > DAY - 100))
    assert 0 < late.sum() < every.sum()


def changed(column: int, places: np.ndarray[tuple[int], np.dtype[np.int64]] | int, value: int) -> Reach:
    """Return what can reach people in a world in which some values of a column are others."""
    reach = own_reach()
    t = reach.t.copy()
    t[column + np.asarray(places)] = value
    return reach._replace(t=t)


def test_those_whom_something_could_reach_in_another_world_are_not_at_rest() -> None:
    state, mine = state_on(DAY), own_reach()
    rest = at_rest(state.arrays, state.persons, (mine,))
    steps = state.step[: state.persons][rest]
    common = int(np.bincount(steps[:, 0]).argmax())
    assert world().tables.t[tb.STEP_KIND + common] == RESTING
    here = np.zeros(state.persons, bool)
    here[rest] = steps[:, 0] == common
    lacking = mine.steps.copy()
    lacking[common] = -1
    for other in (changed(tb.STEP_KIND, common, tb.GATE), mine._replace(steps=lacking)):
        np.testing.assert_array_equal(at_rest(state.arrays, state.persons, (mine, other)), rest & ~here)
    target = int(mine.signals[0])
    slot = int(mine.t[tb.STEP_SLOT + target])
    every = np.arange(len(world().catalogue.steps))
    heard = changed(tb.ACCEPTS, target * tb.MOST_STEPS + every, 1)
    of_network = state.arrays.trait[: state.persons, layout.NETWORK_ROW] >= 0
    assert slot >= 0
    np.testing.assert_array_equal(at_rest(state.arrays, state.persons, (heard,)), rest & ~of_network)


@pytest.mark.parametrize("kind", [FLAG, EVER, AT], ids=["trait", "ever", "at"])
def test_only_conditions_whose_answer_stays_keep_a_hazard_away(kind: int) -> None:
    """Without the answers of one kind more might happen: fewer people are at rest."""
    state, reach = state_on(DAY), own_reach()
    kinds = tb.CONDITIONS + tb.CONDITION_PARTS * np.arange(tb.MOST_CONDITIONS) + tb.KIND
    t = reach.t.copy()
    mine = kinds[t[kinds] == kind]
    t[mine] = tb.CONDITION_PARTS + 100  # a kind that may hold one day
    rest = at_rest(state.arrays, state.persons, (reach,))
    fewer = at_rest(state.arrays, state.persons, (reach._replace(t=t),))
    assert not (fewer & ~rest).any()
    assert fewer.sum() < rest.sum() or kind == EVER


def test_what_could_reach_people_before_they_come() -> None:
    start = world().tables.start_state[0]
    assert before_coming(own_reach(), start) == (False, True), "networks tell their victims what they know"
    assert before_coming(changed(tb.STEP_KIND, int(start[0]), tb.GATE), start) == (True, True)
    every = np.arange(tb.MOST_STEPS)
    deaf = changed(tb.ACCEPTS, (own_reach().signals[:, None] * tb.MOST_STEPS + every).ravel(), 0)
    assert before_coming(deaf, start) == (False, False)
    lacking = own_reach().steps.copy()
    lacking[start[0]] = -1
    assert before_coming(own_reach()._replace(steps=lacking), start) == (True, True)
