"""Worlds that share their first days (`sim.runs.shared`): carried over, they are as if run apart, to the bit."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial

import numpy as np
import pytest

import sim
from sim.compile.cells import Shape
from sim.engine.carried import Carriage
from sim.engine.columns import NEVER
from sim.engine.layout import ACTIVE_COUNT, HAZARD_DAY, NEXT_HAZARD, NODE_NEXT, OK, TOLD
from sim.engine.state import State
from sim.outcomes.opening import Opening
from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime
from sim.runs.loading import from_the_first_day
from sim.runs.shared import branchings, outcomes, remembering, same_reference, shared_days, unmarked_days
from sim.runs.world import World, log_of, make_world, people_of, population_of, run_until, run_world
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.01)
SHORT = netherlands(0.02).replace(start=dt.date(2019, 2, 1), end=dt.date(2020, 1, 31))
TALKING = netherlands(0.03).replace(
    switches={"word_of_mouth": True},
    parameters={"community.sites": 6, "community.known_in_centre": 1.0, "report.per_heard_gain": 2.0},
)
LONG = 10**6
SCENARIO_DAYS = (SCENARIO.end - SCENARIO.start).days + 1
ARRAYS = ("counter", "queue", "sums", "after", "before")


@cache
def worlds(
    scenario: Scenario = SCENARIO, names: tuple[str, ...] = tuple(shipped_regimes()), reference: str | None = None
) -> list[World]:
    regimes = [Regime.load(name, scenario.readings) for name in names]
    other = None if reference is None else Regime.load(reference, scenario.readings)
    return remembering([partial(make_world, scenario, regime, reference=other) for regime in regimes])


def assert_same(one: State, other: State, what: str) -> None:
    for name, a, b in zip(log_of(one)._fields, log_of(one), log_of(other), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=f"{what}: log.{name}")
    rows, its = one.rows.copy(), other.rows.copy()
    for table in (rows, its):  # what nothing reads: places beyond the hazards that run, their order, and the next one
        beyond = np.arange(table["active"].shape[1]) >= table["small"][:, ACTIVE_COUNT, None]
        table["active"][beyond] = 255
        order = np.argsort(table["active"], axis=1)
        for part in ("active", "pace", "since", "fires"):
            table[part] = np.where(beyond, 0, np.take_along_axis(table[part], order, axis=1))
        table["small"][table["day"][:, HAZARD_DAY] == NEVER, NEXT_HAZARD] = 0
    for name in rows.dtype.names or ():
        assert name == "spare" or rows[name].tobytes() == its[name].tobytes(), f"{what}: {name}"
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one.arrays, name), getattr(other.arrays, name), err_msg=f"{what}: {name}")
    told = int(one.arrays.counter[TOLD])
    np.testing.assert_array_equal(one.arrays.news[:told], other.arrays.news[:told], err_msg=f"{what}: news")
    # Who waits in a node that was never used is whatever was in memory.
    np.testing.assert_array_equal(one.arrays.node[:, NODE_NEXT], other.arrays.node[:, NODE_NEXT], err_msg=what)


def check_pairs(scenario: Scenario, names: tuple[str, ...], reference: str | None = None) -> dict[tuple[str, str], int]:
    """Carry each world over to each other one on the last day that both share; return the days that pairs share."""
    made = worlds(scenario, names, reference)
    people = population_of(scenario, people_of(scenario), 3, 0)
    alone = [run_world(world, people).state for world in made]
    shared = {}
    for origin, name in zip(made, names, strict=True):
        days = {
            other: min(shared_days(origin, world), unmarked_days(world) if reference is None else LONG)
            for other, world in zip(names, made, strict=True)
            if other != name
        }
        shared |= {(name, other): number for other, number in days.items()}
        state = State(origin.tables, origin.catalogue, people.entities)
        for other, number in sorted(days.items(), key=lambda item: item[1]):
            if number == 0:
                continue
            assert run_until(origin, state, number - 1) == OK
            target, its = made[names.index(other)], alone[names.index(other)]
            way = Carriage.between((origin.tables, origin.catalogue), (target.tables, target.catalogue))
            assert way is not None, (name, other)
            marks = same_reference(origin, target)
            carried = way.state(state, target.tables, target.catalogue, people.entities, marks)
            assert carried.day == number - 1
            assert run_until(target, carried, target.end_day) == OK
            assert_same(carried, its, f"{name} to {other} on day {number}")
    return shared


def test_every_pair_of_shipped_regimes_is_as_if_run_apart() -> None:
    shared = check_pairs(SHORT, tuple(shipped_regimes()))
    from_2019 = (dt.date(2019, 5, 1) - SHORT.start).days
    assert shared["vc_2018", "working_method_2019"] == from_2019
    assert from_2019 < shared["vc_2018", "vc_2019_08"] <= (dt.date(2019, 8, 1) - SHORT.start).days
    assert shared["vc_2018", "vc_2023"] > 0
    assert sum(days > 0 for days in shared.values()) > len(shared) / 2
    made = dict(zip(shipped_regimes(), worlds(SHORT), strict=True))
    assert all(shared_days(made[a], made[b]) == shared_days(made[b], made[a]) for a, b in shared)


def test_persons_whom_a_rule_reached_stay_marked() -> None:
    names = ("vc_2019_08", "vc_2023", "working_method_2019", "reflection_for_all", "historical", "warm_handover")
    shared = check_pairs(netherlands(0.02), names, "vc_2018")
    assert shared["vc_2019_08", "vc_2023"] == SCENARIO_DAYS
    (made,) = (world for world in worlds(netherlands(0.02), names, "vc_2018") if world.regime.name == "vc_2019_08")
    people = population_of(netherlands(0.02), people_of(netherlands(0.02)), 3, 0)
    assert run_world(made, people).state.ruled.any()


def test_with_word_of_mouth_too() -> None:
    shared = check_pairs(TALKING, ("vc_2018", "vc_2019_08", "recognition_panel"))
    assert min(shared.values()) > 0


def test_lives_differ_on_the_first_days_that_are_not_shared() -> None:
    """No later day would do: most pairs differ soon after the day."""
    made = worlds(netherlands(0.1), ("vc_2018", "vc_2019_08"))
    people = population_of(netherlands(0.1), people_of(netherlands(0.1)), 3, 0)
    logs = [run_world(world, people).log for world in made]
    days = shared_days(*made)
    moves = [
        sorted(zip(log.day.tolist(), log.entity.tolist(), [world.catalogue.steps[i] for i in log.to_step], strict=True))
        for log, world in zip(logs, made, strict=True)
    ]
    first = next(min(a[0], b[0]) for a, b in zip(*moves, strict=False) if a != b)
    assert days <= first < days + 120


def test_regimes_from_the_first_day_on_share_nothing() -> None:
    one, other = (from_the_first_day(Regime.load(name)) for name in ("vc_2018", "vc_2019_08"))
    assert shared_days(*(make_world(SCENARIO, regime) for regime in (one, other))) == 0


def test_another_number_is_another_world_from_the_first_day() -> None:
    regime = Regime.load("vc_2018")
    one = make_world(SCENARIO, regime)
    assert shared_days(one, make_world(SCENARIO, regime)) == one.end_day + 1
    assert shared_days(one, make_world(SCENARIO.replace(parameters={"report.base": 0.1}), regime)) == 0
    later = SCENARIO.replace(capacity={"avim.report": ({"from": dt.date(2019, 3, 1), "value": 0.5},)})
    assert shared_days(one, make_world(later, regime)) == (dt.date(2019, 3, 1) - SCENARIO.start).days


def test_places_for_hazards_without_a_rate_part_no_lives() -> None:
    """Clocks are read on the same days, whatever there is place for: reading rounds them."""
    regime = Regime.load("vc_2018")
    one = make_world(SCENARIO, regime)
    idle = frozenset(one.statute.hazards) - frozenset(one.catalogue.hazards)
    assert "told_by_lawyer" in idle, "it asks whether a rule is in force"
    assert shared_days(one, make_world(SCENARIO, regime, at_least=Shape(idle))) == one.end_day + 1


def test_worlds_of_a_session_begin_in_one_another_and_are_as_if_run_apart() -> None:
    names = ["vc_2018", "vc_2019_08", "vc_2023", "safe_reporting", "vc_2018"]
    setting = sim.Session(SCENARIO, names, seed=3).setting
    everything = (*setting.worlds, *setting.baselines)
    begins = setting.begins
    assert begins[0] is None
    assert all(begin is not None and begin.origin < k for k, begin in enumerate(begins) if k)
    assert max(begin.origin for begin in begins if begin is not None) > 0, "the latest common past is taken"
    people = setting.population(0)
    found = list(outcomes(everything, begins, people))
    for k, (world, outcome) in enumerate(zip(everything, found, strict=True)):
        assert_same(outcome.state, run_world(world, people).state, str(k))


def test_worlds_that_part_within_a_history_are_as_if_run_apart() -> None:
    scenario = SHORT.replace(start=dt.date(2020, 1, 1), end=dt.date(2020, 3, 31), history_from=dt.date(2018, 1, 1))
    made = worlds(scenario, ("vc_2018", "vc_2019_08", "investigation_without_report"))
    begins = branchings(made)
    people = population_of(scenario, people_of(scenario), 3, 0)
    parts = [begin.days for begin in begins if begin is not None]
    assert max(parts) < made[0].start_day
    alone = [run_world(world, people, keep_history=True) for world in made]
    for outcome, expected in zip(outcomes(made, begins, people), alone, strict=True):
        assert_same(outcome.state, expected.state, "history")
        assert outcome.opening is not None
        assert expected.opening is not None
        assert outcome.opening.moves == expected.opening.moves > 0
        assert_same_opening(outcome.opening, expected.opening, people.arrival < made[0].start_day)


def assert_same_opening(one: Opening, other: Opening, came: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    """Assert that both have the same of those who came in the history; of others there is nothing to know."""
    first = int(came.sum())
    assert len(one.step) == first
    assert came[:first].all()
    np.testing.assert_array_equal(one.step, other.step[:first])
    np.testing.assert_array_equal(one.since, other.since[:first])
    assert (other.since[first : came.size] == -1).all()
    for step in other.remembered:
        np.testing.assert_array_equal(one.first_day(step), other.first_day(step)[:first])


def test_a_run_that_needs_more_space_is_repeated_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made = worlds(SCENARIO, ("vc_2018", "vc_2019_08"))
    people = population_of(SCENARIO, people_of(SCENARIO), 3, 0)
    alone = [run_world(world, people) for world in made]
    monkeypatch.setattr("sim.runs.course.run_until", lambda *_: OK + 1)
    for outcome, expected in zip(outcomes(made, branchings(made), people), alone, strict=True):
        assert_same(outcome.state, expected.state, "full")


def test_worlds_remember_what_any_of_them_needs() -> None:
    made = worlds()
    assert len({frozenset(world.catalogue.references) for world in made}) == 1
    assert len({frozenset(world.catalogue.evers) for world in made}) == 1
