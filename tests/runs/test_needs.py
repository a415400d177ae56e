"""What a world turned out to need is known to the next run (`sim.runs.needs`)."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.engine.layout import OK, TOO_MANY_HAZARDS, USUAL_AT_ONCE
from sim.engine.state import State
from sim.engine.turnover import Turnover
from sim.runs import course, world
from sim.runs.needs import Needs
from sim.runs.world import World
from verification.small_worlds import netherlands

REGIMES = ["vc_2018", "vc_2019_08"]
IDLE = {"dublin.objects_to_transfer_per_year": 1.0, "report.appointment_falls_through_per_year": 1.0}
"""Rates of hazards that have none: with them more run at the same time than usual."""


def test_a_run_that_needs_more_is_repeated_once_and_later_ones_begin_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, states = netherlands(0.1), []

    def watched(of: World, state: State, day: int, turnover: Turnover | None = None) -> int:
        status = run_until(of, state, day, turnover)
        states.append((status, state.at_once))
        return status

    run_until = world.run_until
    session = sim.Session(scenario, REGIMES, seed=1)
    session.set(IDLE)
    monkeypatch.setattr(course, "run_until", watched)
    monkeypatch.setattr(world, "run_until", watched)
    first = session.reading(0)
    stopped = [at_once for status, at_once in states if status == TOO_MANY_HAZARDS]
    assert stopped == [USUAL_AT_ONCE] * len(stopped)
    assert 1 <= len(stopped) <= len(REGIMES)
    session.set({})
    session.set(IDLE)
    states.clear()
    second = session.reading(0)
    assert {status for status, _ in states} == {OK}
    assert {at_once for _, at_once in states} == {2 * USUAL_AT_ONCE}
    np.testing.assert_array_equal(first.values, second.values)
    np.testing.assert_array_equal(first.pairs, second.pairs)
    again = sim.Session(scenario.replace(parameters=IDLE), REGIMES, seed=1).reading(0)
    np.testing.assert_array_equal(first.values, again.values)


def test_what_is_needed_only_grows() -> None:
    scenario = netherlands(0.01)
    made = sim.Session(scenario, ["vc_2018"], seed=1).setting.worlds[0]
    people = world.population_of(scenario, world.people_of(scenario), 1, 0)
    needs = Needs()
    for at_once, known in ((9, 18), (18, 27), (9, 27)):
        needs.learn(State(made.tables, made.catalogue, people.entities, at_once=at_once))
        assert needs.at_once == known
