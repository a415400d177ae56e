"""The compiled people (`sim.agents.people`) against array code, and in C."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import config

from sim.agents.people import make_people
from sim.agents.population import PeopleMaker
from sim.engine.draws import replicate_key
from sim.engine.portable.library import build, compiler
from sim.procedures.traits import GROUPS
from sim.runs.world import people_of
from sim.scenarios.scenario import Scenario
from tests.agents.people_in_numpy import PeopleInNumpy
from verification.small_worlds import netherlands

SEED = 5
EXTREMES = {
    "network.size_skew": (1.0, 1.7, 4.0),
    "network.links_per_network": (0.0, 0.3, 1.0),
    "network.count_NGA": (0.0, 1.0, 40.0),
    "strategic.share": (0.0, 0.5, 1.0),
    "victim.exploited_nl_share": (0.0, 0.4),
    "victim.control_vehicle_share": (0.0, 0.4),
    "trait.knowledge": (0.0, 0.5, 1.0),
    "trait.spread": (0.0, 0.8, 2.0),
}


def scenario(**changes: object) -> Scenario:
    return netherlands(0.004, end=dt.date(2019, 12, 31)).replace(**changes)


def maker_of(some: Scenario) -> PeopleMaker:
    return PeopleMaker(people_of(some), some.parameter_values(), start=some.start, end=some.end)


@settings(max_examples=20, deadline=None)
@given(
    values=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in EXTREMES.items()}),
    replicate=st.integers(0, 1000),
    responds=st.booleans(),
)
def test_people_are_those_of_the_array_code_to_the_bit(
    values: dict[str, float], replicate: int, responds: bool
) -> None:
    some = scenario(parameters=values, inflow={"responds_to_rule": responds})
    maker, last_day = maker_of(some), (some.end - some.start).days
    # The arrays hold other people before: nothing of them may remain.
    maker.make(SEED + 1, replicate)
    population = maker.make(SEED, replicate)
    told = PeopleInNumpy(maker.people, some.parameter_values(), last_day, SEED, replicate)
    order, persons, entities = told.order, told.order.size, population.entities
    np.testing.assert_array_equal(population.order, order)
    np.testing.assert_array_equal(entities.key[:persons], told.key[order])
    np.testing.assert_array_equal(entities.flags[:persons], told.flags[order])
    np.testing.assert_array_equal(entities.level[:persons], told.level[order])
    np.testing.assert_array_equal(entities.arrival[:persons], told.arrival[order])
    np.testing.assert_array_equal(entities.group[:persons], maker.people.group[order])
    network = np.where(told.network >= 0, told.network + persons, -1)[order]
    np.testing.assert_array_equal(entities.network[:persons], network)
    assert population.network_group.tolist() == told.works_in
    for number in range(len(told.works_in)):
        members = entities.member[entities.member_start[number] : entities.member_start[number + 1]]
        np.testing.assert_array_equal(members, np.flatnonzero(network == persons + number))
    assert not entities.flags[persons:].any()
    assert not entities.level[persons:].any()
    assert (entities.arrival[persons:] == 32767).all()


@pytest.mark.skipif(compiler() is None or config.DISABLE_JIT, reason="needs a C compiler and compiled functions")
def test_people_in_c_are_the_same(tmp_path: Path) -> None:
    some = scenario()
    ours, other = maker_of(some), maker_of(some)
    root, last_day = replicate_key(SEED, 3), (some.end - some.start).days
    in_c = build(tmp_path, make_people)
    networks = make_people(ours.arrays, root, last_day)
    assert in_c(other.arrays, root, last_day) == networks > len(GROUPS)
    rows = {"key": None, "flags": None, "level": None, "group": None, "network": None, "arrival": None}
    for name in (*rows, "order", "works_in"):
        size = networks if name == "works_in" else ours.arrays.name.size + (networks if name in rows else 0)
        np.testing.assert_array_equal(getattr(ours.arrays, name)[:size], getattr(other.arrays, name)[:size], name)
