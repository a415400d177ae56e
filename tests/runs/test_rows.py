"""Rows that come and go (`sim.runs.rows`, `sim.engine.turnover`, `sim.runs.course`): each life stays the same."""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np
import pytest

from sim.agents.population import Population
from sim.engine.held import Held
from sim.engine.log import Log
from sim.outcomes.opening import Opening
from sim.policies.regime import Regime
from sim.runs.course import Course
from sim.runs.lives import ruled_in
from sim.runs.rows import ends_of, reaches_in, turnover_in
from sim.runs.shared import Branching, branchings, outcomes, remembering
from sim.runs.world import Outcome, World, make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

PLAIN = netherlands(0.02)
WITH_HISTORY = PLAIN.replace(start=dt.date(2018, 6, 1), end=dt.date(2021, 12, 31), history_from=dt.date(2013, 1, 1))
NAMES = ("vc_2018", "vc_2019_08", "safe_reporting", "investigation_without_report")


def made(scenario: Scenario, names: tuple[str, ...] = NAMES) -> tuple[list[World], Population]:
    """Return worlds and people."""
    baseline = Regime.load(names[0], scenario.readings)
    regimes = [Regime.load(name, scenario.readings) for name in names]
    worlds = remembering([partial(make_world, scenario, regime, reference=baseline) for regime in regimes])
    return worlds, population_of(scenario, people_of(scenario), 3, 0)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rows of few people come and go too, and often."""
    monkeypatch.setattr("sim.runs.rows.MANY_BYTES", 0)
    monkeypatch.setattr("sim.runs.rows.COMING_BYTES", 120_000)


def assert_same(outcome: Outcome, expected: Outcome, people: Population) -> None:
    for part in Log._fields:
        np.testing.assert_array_equal(getattr(outcome.log, part), getattr(expected.log, part), err_msg=part)
    np.testing.assert_array_equal(ruled_in(outcome, people), ruled_in(expected, people))
    np.testing.assert_array_equal(outcome.state.pool_sums, expected.state.pool_sums)
    assert outcome.state.turns.keys() == expected.state.turns.keys()
    for day, sums in expected.state.turns.items():
        np.testing.assert_array_equal(outcome.state.turns[day], sums)


def assert_same_opening(opening: Opening, expected: Opening) -> None:
    came = len(opening.step)
    assert 0 < came < len(expected.step)
    np.testing.assert_array_equal(opening.step, expected.step[:came])
    np.testing.assert_array_equal(opening.since, expected.since[:came])
    for step in expected.remembered:
        np.testing.assert_array_equal(opening.first_day(step), expected.first_day(step)[:came])


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("scenario", [PLAIN, WITH_HISTORY], ids=["plain", "with history"])
@pytest.mark.parametrize("apart", [False, True], ids=["together", "apart"])
def test_every_life_is_that_of_a_run_in_which_everybody_has_a_row(scenario: Scenario, apart: bool) -> None:
    worlds, people = made(scenario)
    begins: tuple[Branching | None, ...] = (None,) * len(worlds) if apart else branchings(worlds)
    held = Held()
    turned = 0
    for world, outcome in zip(worlds, outcomes(worlds, begins, people, take=held.take), strict=True):
        expected = run_world(world, people)
        assert outcome.turnover is not None
        turned += int(outcome.turnover.who.size < people.entities.key.size)
        assert_same(outcome, expected, people)
        if world.start_day:
            assert outcome.opening is not None
            assert expected.opening is not None
            assert_same_opening(outcome.opening, expected.opening)
    assert turned == len(worlds)


@pytest.mark.usefixtures("often")
def test_most_people_have_no_row_most_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds, people = made(WITH_HISTORY)
    seen = []
    until = Course.until

    def watched(course: Course, day: int) -> int:
        status = until(course, day)
        seen.append(course.state.rows.size)
        return status

    monkeypatch.setattr(Course, "until", watched)
    for outcome in outcomes(worlds[:1], (None,), people):
        assert outcome.turnover is not None
        who = outcome.turnover.who
        assert (np.diff(who) > 0).all()
        assert who[-1] == people.entities.key.size - 1, "networks stay"
    assert max(seen) < 0.6 * people.entities.key.size
    assert len(seen) == 2, "the eve and the end"


def test_few_people_have_their_rows_all_the_time() -> None:
    worlds, people = made(PLAIN, NAMES[:1])
    assert turnover_in(worlds, (None,), 0, people.entities) is None
    assert next(outcomes(worlds, (None,), people)).turnover is None


@pytest.mark.usefixtures("often")
def test_who_is_told_something_has_a_row_all_the_time() -> None:
    talking = PLAIN.replace(switches={"word_of_mouth": True})
    worlds, people = made(talking, NAMES[:1])
    assert people.entities.contact_start.size
    assert turnover_in(worlds, (None,), 0, people.entities) is None


def test_stretches_end_on_the_eve_and_on_the_last_day_and_as_many_come_in_each() -> None:
    worlds, people = made(WITH_HISTORY, NAMES[:1])
    world, arrival = worlds[0], people.arrival
    ends = ends_of(world, arrival, 300)
    assert sorted(set(ends)) == list(ends)
    assert world.start_day - 1 in ends
    assert ends[-1] == world.end_day
    coming = np.diff(np.searchsorted(arrival, [0, *(end + 1 for end in ends)]))
    busiest = np.bincount(arrival[arrival <= world.end_day]).max()
    assert coming.max() <= 300 + 2 * busiest
    assert len(ends) > 8
    assert ends_of(world, arrival, 10**9) == (world.start_day - 1, world.end_day)


def test_stretches_of_one_person_are_of_whole_days() -> None:
    worlds, people = made(PLAIN, NAMES[:1])
    ends = ends_of(worlds[0], people.arrival, 1)
    assert sorted(set(ends)) == list(ends)
    assert ends[0] >= 0
    assert ends[-1] == worlds[0].end_day


def test_a_world_reaches_through_those_that_begin_in_it() -> None:
    worlds, _ = made(PLAIN)
    begins = branchings(worlds)
    reaches = reaches_in(worlds, begins, 0)
    assert len(reaches) == len(worlds), "all of them begin in the first, or in those that do"
    names = worlds[0].catalogue.steps
    for reach in reaches:
        world = next(w for w in worlds if w.tables.t is reach.t)
        for step, other in zip(names, reach.steps.tolist(), strict=True):
            assert other == (world.catalogue.steps.index(step) if step in world.catalogue.steps else -1)
        for bit, other in reach.evers.tolist():
            assert worlds[0].catalogue.evers[bit] == world.catalogue.evers[other]
