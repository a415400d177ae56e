"""Hazards that run (`sim.engine.hazards`): how often somebody is looked at changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import columns, layout
from sim.engine.intervene import set_level
from sim.engine.layout import OK
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of, run_until
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.05, end=dt.date(2018, 12, 31))


@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08"])
def test_a_life_does_not_depend_on_how_often_it_is_looked_at(regime: str) -> None:
    """Everybody is brought up to date every third week, which gives nobody another trait."""
    world = make_world(SCENARIO, Regime.load(regime))
    people = population_of(SCENARIO, people_of(SCENARIO), 1, 0).entities
    alone, watched = (State(world.tables, world.catalogue, people) for _ in range(2))
    assert run_until(world, alone, world.end_day) == OK
    looked = 0
    for day in range(20, world.end_day, 21):
        assert run_until(world, watched, day) == OK
        running = np.flatnonzero(watched.rows["small"][: people.persons, layout.ACTIVE_COUNT])
        looked += running.size
        for e in running.tolist():
            assert set_level(watched.arrays, e, 0, float(watched.level[e, 0])) == OK
    assert run_until(world, watched, world.end_day) == OK
    assert looked > 10_000
    np.testing.assert_array_equal(watched.logged, alone.logged)
    for part in ("clock", "step", "used"):
        np.testing.assert_array_equal(watched.rows[part], alone.rows[part])
    assert np.unique(alone.logged[:, layout.LOG_DAY]).size > 600


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("regime", ["vc_2018", "vc_2019_08"])
def test_hazards_that_depend_on_nothing_that_changed_need_no_look(regime: str, words: bool) -> None:
    """The tables say on what each depends: with all of them looked at after each event, the run is the same."""
    scenario = SCENARIO.replace(switches={"word_of_mouth": words})
    world = make_world(scenario, Regime.load(regime))
    people = population_of(scenario, people_of(scenario), 1, 0).entities
    watchful = replace(world, tables=world.tables._replace(t=world.tables.t.copy()))
    t = watchful.tables.t
    every = (1 << len(world.catalogue.hazards)) - 1
    assert 0 < int(t[columns.TRACK_HAZARDS]) < every
    assert t[columns.LEVEL_HAZARDS] > 0
    assert words <= (t[columns.RESTLESS] > 0)
    t[columns.RESTLESS] = every
    few, many = (State(w.tables, w.catalogue, people) for w in (world, watchful))
    assert run_until(world, few, world.end_day) == run_until(watchful, many, world.end_day) == OK
    np.testing.assert_array_equal(few.logged, many.logged)
    assert few.rows.tobytes() == many.rows.tobytes()


def spent(world: World, state: State, e: int, place: int, days: float) -> float:
    """Return the internal time that a running hazard of a person spends in some days."""
    hazard = int(state.rows["active"][e, place])
    rate = world.tables.f[columns.HZ_RATE + hazard] * np.exp(float(state.rows["pace"][e, place]))
    growth = world.tables.f[columns.HZ_GROWTH + hazard]
    return float(rate * (days if growth == 0 else np.expm1(growth * days) / growth))


def test_of_two_that_fire_on_one_day_the_earlier_one_comes_first() -> None:
    """The moment decides, not the place in the row."""
    world = make_world(SCENARIO, Regime.load("vc_2018"))
    people = population_of(SCENARIO, people_of(SCENARIO), 1, 0).entities
    state = State(world.tables, world.catalogue, people)
    assert run_until(world, state, 300) == OK
    rows = state.rows
    who = int(np.flatnonzero(rows["small"][: people.persons, layout.ACTIVE_COUNT] >= 2)[0])
    rows["since"][who], rows["fires"][who] = 300, 330
    for first in (0, 1):
        for place, days in ((first, 10.2), (1 - first, 10.7)):
            rows["clock"][who, rows["active"][who, place]] = spent(world, state, who, place, days)
            rows["fires"][who, place] = 311
        hazard = int(rows["active"][who, first])
        assert set_level(state.arrays, who, 0, float(state.level[who, 0])) == OK
        assert (rows["small"][who, layout.NEXT_HAZARD], rows["day"][who, layout.HAZARD_DAY]) == (hazard, 311)
