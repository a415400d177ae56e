"""A scenario under one regime, compiled, and its run (`sim.runs.world`)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.agents.behaviour import Authorities
from sim.engine.layout import OK
from sim.engine.state import State
from sim.files.errors import InputError
from sim.policies.regime import Regime
from sim.runs.world import make_world, people_of, population_of, run_until, run_world, statute_of
from verification.small_worlds import netherlands

SMALL = netherlands(0.01, end=dt.date(2019, 12, 31))


def day(date: str) -> int:
    return (dt.date.fromisoformat(date) - SMALL.start).days


def test_a_capacity_is_that_of_the_scenario_from_its_dates_on() -> None:
    scenario = SMALL.replace(
        capacity={
            "avim.report": 3,
            "ind.asylum": [{"from": dt.date(2019, 3, 1), "value": 7}, {"from": dt.date(2018, 6, 1), "value": 5}],
        },
        programmes=[],
    )
    world = make_world(scenario, Regime.load("vc_2018"))
    pools = world.catalogue.pools
    report, asylum, other = (pools.index(name) for name in ("avim.report", "ind.asylum", "coa.reception"))
    assert {world.capacity(report, d) for d in range(world.end_day + 1)} == {3.0}
    usual = world.parameters.value(Authorities.load().pool["ind.asylum"].capacity)
    assert world.capacity(asylum, day("2018-05-31")) == usual
    assert [world.capacity(asylum, day(d)) for d in ("2018-06-01", "2019-02-28", "2019-03-01")] == [5, 5, 7]
    assert world.capacity(other, 0) > 0


def test_a_scenario_changes_what_a_regime_does_not() -> None:
    scenario = SMALL.replace(parameters={"b8.objects": 0.125})
    statute = statute_of(scenario, Regime.load("vc_2019_08"))
    assert statute.parameters.value("b8.objects") == 0.125
    assert statute.calendar.start == scenario.start
    with pytest.raises(InputError):
        SMALL.replace(parameters={"b8.objectss": 0.125})


def test_a_run_in_pieces_is_the_run_in_one_go() -> None:
    world = make_world(SMALL, Regime.load("vc_2019_08"))
    population = population_of(SMALL, people_of(SMALL), 1, 0)
    whole = run_world(world, population)
    state = State(world.tables, world.catalogue, population.entities, 4)
    for until in (10, 400, world.end_day):
        assert run_until(world, state, until) == OK
        assert state.day == until
    assert np.array_equal(state.step, whole.state.step)
    assert np.array_equal(state.pool_sums, whole.state.pool_sums)
    assert run_until(world, state, world.end_day) == OK, "nothing happens twice"
    assert np.array_equal(state.step, whole.state.step)
