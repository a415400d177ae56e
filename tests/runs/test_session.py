"""A session (`sim.runs.session`): changed numbers give what a new scenario gives, and bad input is refused."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import sim
from sim.files.errors import InputError
from sim.runs.changes import Movable
from sim.runs.session import Reading
from verification.small_worlds import netherlands

SMALL = netherlands(0.01)
REGIMES = ["vc_2018", "vc_2019_08", "recognition_panel"]
SEED = 5
CHANGES: list[dict[str, float]] = [
    {"report.base": 0.5},
    {"om.needed_base": -1.0, "leaves.transfer_per_year": 0.9},
    {"om.necessity_test_days": 40.0},
    {"b8.reflection_months": 1.0},
    {"inflow.hidden_victims_per_year": 900.0},
    {"network.count_NGA": 9.0, "inflow.victim_share_NGA": 0.9},
    {"trait.fear_object": 0.2, "strategic.share": 0.3},
    {"recording.police": 0.1, "om.target_working_days": 3.0},
    {"capacity.avim.report": 0.02},
    {"leaves.onward_per_year": 0.0},
]


@functools.cache
def session() -> sim.Session:
    return sim.Session(SMALL, REGIMES, seed=SEED)


@pytest.fixture(autouse=True)
def defaults() -> None:
    session().set({})


def same(one: Reading, other: Reading) -> None:
    assert one.replicate == other.replicate
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.pairs, other.pairs)
    for a, b in zip(one.parted, other.parted, strict=True):
        for name in vars(a):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def changed_scenario(changes: Mapping[str, float]) -> sim.Scenario:
    capacity = {k.removeprefix("capacity."): v for k, v in changes.items() if k.startswith("capacity.")}
    parameters = {k: v for k, v in changes.items() if not k.startswith("capacity.")}
    return SMALL.replace(parameters=parameters, capacity=capacity)


def test_the_changes_of_these_tests_exist() -> None:
    assert [sorted(changes.keys() - session().movable.keys()) for changes in CHANGES] == [[]] * len(CHANGES)


def test_values_are_those_of_the_comparison() -> None:
    compared = sim.compare(SMALL, REGIMES, replicates=3, seed=SEED)
    block = compared.blocks[0]
    assert session().regimes == tuple(compared.regimes) == block.labels.regimes
    assert session().labels == block.labels.measures
    assert session().measures == tuple(label.name for label in block.labels.measures)
    assert set(session().worlds) == {"simulated", "recorded"}
    assert len(session().worlds) == len(session().units) == len(session().measures)
    assert session().groups == block.labels.groups
    readings = list(session().readings(3))
    np.testing.assert_array_equal(np.stack([reading.values for reading in readings]), block.values)
    counts = compared.pairs.persons.to_numpy().reshape(readings[0].pairs.shape)
    np.testing.assert_allclose(np.mean([reading.pairs for reading in readings], axis=0), counts)


@pytest.mark.parametrize("changes", CHANGES, ids=", ".join)
def test_a_changed_number_gives_what_a_new_session_gives(changes: dict[str, float]) -> None:
    session().set(changes)
    new = sim.Session(changed_scenario(changes), REGIMES, seed=SEED)
    for one, other in zip(session().readings(2, first=1), new.readings(2, first=1), strict=True):
        same(one, other)
    assert session().scenario.hash() == new.scenario.hash()
    session().set({})
    before = sim.Session(SMALL, REGIMES, seed=SEED)
    same(session().reading(1), before.reading(1))
    assert not np.array_equal(before.reading(1).values, new.reading(1).values, equal_nan=True), "it makes a difference"


def test_a_rate_that_was_zero_can_be_set_and_set_back() -> None:
    one = sim.Session(SMALL, REGIMES[:2], seed=SEED)
    hazards = one.setting.worlds[0].statute.hazards.values()
    name = next(hazard.per_year for hazard in hazards if one.movable[hazard.per_year].value == 0.0)
    before = one.reading()
    one.set({name: 2.0})
    same(one.reading(), sim.Session(SMALL.replace(parameters={name: 2.0}), REGIMES[:2], seed=SEED).reading())
    one.set({})
    same(one.reading(), before)


def test_set_replaces_the_former_changes() -> None:
    session().set({"report.base": 0.5})
    session().set({"om.needed_base": -1.0})
    assert session().changes == {"om.needed_base": -1.0}
    same(session().reading(), sim.Session(changed_scenario({"om.needed_base": -1.0}), REGIMES, seed=SEED).reading())
    session().set({})
    assert session().changes == {}


def test_one_regime_alone_has_no_pairs() -> None:
    reading = sim.Session(SMALL, ["vc_2018"], seed=SEED).reading()
    assert reading.values.shape[0] == 1
    assert reading.pairs.shape[0] == len(reading.parted) == 0
    session().set({})
    np.testing.assert_array_equal(reading.values[0], session().reading().values[0][: reading.values.shape[1]])


def test_movable_numbers_have_their_ranges() -> None:
    movable = session().movable
    passport = SMALL.parameter_values().passport("report.base")
    assert movable["report.base"] == Movable(passport.low, passport.high, passport.value, passport.unit)
    assert {name for name in movable if not name.startswith("capacity.")} == set(SMALL.parameter_values())
    pools = session().setting.pools
    assert {name for name in movable if name.startswith("capacity.")} == {f"capacity.{pool}" for pool in pools}
    assert all(m.lower <= m.upper for m in movable.values())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"report.bse": 0.5}, r"(?s)report\.bse: unknown parameter.*nearest: report\.base"),
        ({"capacity.avim.reprt": 1}, r"(?s)avim\.reprt: unknown parameter.*nearest: capacity\.avim\.report"),
        ({"strategic.share": 1.5}, r"(?s)strategic\.share: not possible in this unit.*1\.5.*0 to 1"),
        ({"strategic.share": float("nan")}, r"strategic\.share: not possible in this unit"),
        ({"report.base": "much"}, r"(?s)report\.base: wrong type.*much"),
        ({"report.base": True}, r"report\.base: wrong type"),
        ({"b8.reflection_months": 1.5}, r"(?s)b8\.reflection_months: not a whole number.*whole months"),
        ({"victim.exploited_nl_share": 0.9, "victim.exploited_eu_share": 0.9}, r"shares sum to 1\.8"),
        ({"capacity.avim.report": -1}, r"(?s)capacity\.avim\.report: not a capacity.*-1"),
        ({"inflow.scale": 0.5}, r"(?s)inflow\.scale: this change needs a new session.*Session"),
        ({"end": "2020-01-01"}, r"(?s)end: this change needs a new session.*Session"),
        ({"switches.word_of_mouth": True}, r"(?s)switches\.word_of_mouth: this change needs a new session.*Session"),
        ({"readings.U7": "wish_date"}, r"(?s)readings\.U7: this change needs a new session.*Session"),
        ([("report.base", 0.5)], r"changes: not a table"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(changes: Any, text: str) -> None:
    session().set({"report.base": 0.5})
    before = session().setting
    with pytest.raises(InputError, match=text):
        session().set(changes)
    assert session().setting is before
    assert session().changes == {"report.base": 0.5}


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        session().set({"nothing": 1, "strategic.share": 2.0, "capacity.avim.report": -3})
    assert {problem.key for problem in caught.value.problems} == {"nothing", "strategic.share", "capacity.avim.report"}


def test_a_hazard_too_many_is_refused_and_changes_nothing() -> None:
    one = sim.Session(SMALL, REGIMES[:2], seed=SEED)
    statute = one.setting.worlds[0].statute
    rates = {h.per_year: 1.0 for h in statute.hazards.values() if one.movable[h.per_year].value == 0.0}
    total = len({*statute.hazards})
    before = one.setting
    if total > 31:
        with pytest.raises(InputError, match="more hazards than the engine can run"):
            one.set(rates)
        assert one.setting is before
    else:
        one.set(rates)
        assert len(one.setting.worlds[0].catalogue.hazards) == total


@pytest.mark.parametrize(
    "arguments",
    [{"replicates": 0}, {"replicates": 2.5}, {"first": -1}, {"replicates": 1, "cancel": 3}],
    ids=str,
)
def test_readings_that_cannot_be_are_refused_at_once(arguments: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        session().readings(**arguments)


def test_an_unknown_measure_is_refused() -> None:
    assert session().measures[session().row("b8_granted")] == "b8_granted"
    assert session().worlds[session().row("left_unknown", "recorded")] == "recorded"
    with pytest.raises(InputError, match=r"(?s)no such measure in the recorded world.*b8_granted"):
        session().row("b8_granted", "recorded")


def test_readings_stop_when_they_are_cancelled() -> None:
    cancel = threading.Event()
    seen = []
    for reading in session().readings(1000, cancel=cancel):
        seen.append(reading.replicate)
        if len(seen) == 3:
            cancel.set()
    assert seen == [0, 1, 2]
    assert list(session().readings(5, cancel=cancel)) == []
    same(session().reading(2), sim.Session(SMALL, REGIMES, seed=SEED).reading(2))


def test_readings_go_on_with_the_numbers_of_their_beginning() -> None:
    session().set({})
    default = list(session().readings(3))
    begun = session().readings(3)
    same(next(begun), default[0])
    session().set({"report.base": 0.1})
    for one, other in zip(begun, default[1:], strict=True):
        same(one, other)
    assert not np.array_equal(session().reading(0).values, default[0].values, equal_nan=True)
    session().set({})


def test_threads_may_share_a_session() -> None:
    one = sim.Session(SMALL, REGIMES[:2], seed=SEED)
    values = [0.1, 0.6, 1.1, 1.6]
    alone = {}
    for value in values:
        one.set({"report.base": value})
        alone[value] = one.reading(0).values

    def ask(value: float) -> tuple[float, np.ndarray[Any, Any]]:
        with lock:
            one.set({"report.base": value})
            begun = one.readings(1)
        return value, next(begun).values

    lock = threading.Lock()
    with ThreadPoolExecutor(4) as pool:
        for value, found in pool.map(ask, values * 4):
            np.testing.assert_array_equal(found, alone[value])


def test_two_threads_that_set_at_once_leave_one_whole_change() -> None:
    one = sim.Session(SMALL, REGIMES[:2], seed=SEED)
    choices = [{"report.base": 0.1, "om.needed_base": -3.0}, {"report.base": 1.6, "om.needed_base": -1.0}]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one.set, choices * 10))
    assert one.changes in choices
    parameters = [world.parameters for world in one.setting.worlds]
    assert all(p.value(name) == value for p in parameters for name, value in one.changes.items())


def test_it_says_what_it_is() -> None:
    session().set({"report.base": 0.5})
    assert repr(session()) == (
        "<Session netherlands: vc_2018 | vc_2019_08 | recognition_panel, seed 5; report.base = 0.5>"
    )
    session().set({})
