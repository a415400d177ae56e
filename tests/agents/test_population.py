"""The people and networks of a scenario (`sim.agents.population`)."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import numpy as np
import pytest

from sim.agents.population import Population
from sim.procedures.traits import LEVEL_INDEX
from sim.runs.world import people_of, population_of
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands


@cache
def population(*, replicate: int = 0, **parameters: float) -> Population:
    scenario: Scenario = netherlands(0.05, end=dt.date(2019, 12, 31)).replace(parameters=parameters)
    return population_of(scenario, people_of(scenario), 1, replicate)


def test_names_are_stable_and_nobody_has_two() -> None:
    names = population().names()
    assert len(set(names)) == len(names) > 1000
    assert set(names) == set(population(replicate=1).names()), "the same candidates, with other traits"
    entities = population().entities
    for row in (0, entities.persons - 1):
        assert population().name(row) == names[row]
        assert re.fullmatch("P[0-9]{12,}", names[row]), "a number that says nothing"
    assert population().name(entities.persons) == population().network_names[0]


def test_victims_have_a_network_and_networks_know_their_members() -> None:
    entities, victim = population().entities, population().flag("victim")
    assert ((entities.network[: entities.persons] >= 0) == victim).all()
    networks = entities.key.size - entities.persons
    assert networks == entities.member_start.size - 1 == len(population().network_names)
    for network in range(networks):
        members = entities.member[entities.member_start[network] : entities.member_start[network + 1]]
        assert (entities.network[members] == entities.persons + network).all()
    assert entities.member.size == victim.sum() > 100


def test_a_parameter_of_one_trait_changes_that_trait_only() -> None:
    mine, other = population(), population(**{"trait.trust_victim": 0.9})
    trust = LEVEL_INDEX["trust"]
    others = [number for name, number in LEVEL_INDEX.items() if name != "trust"]
    assert (mine.entities.level[:, others] == other.entities.level[:, others]).all()
    assert (mine.entities.flags == other.entities.flags).all()
    assert (mine.entities.arrival == other.entities.arrival).all()
    victims = np.flatnonzero(mine.flag("victim"))
    before, after = mine.entities.level[victims, trust], other.entities.level[victims, trust]
    assert (np.argsort(before) == np.argsort(after)).mean() > 0.99, "the same draw, another median"
    assert np.median(after) == pytest.approx(0.9, abs=0.03)
    rest = ~mine.flag("victim")
    persons = mine.entities.persons
    assert (mine.entities.level[:persons, trust][rest] == other.entities.level[:persons, trust][rest]).all()


def test_arrivals_lie_in_the_month_of_the_application() -> None:
    of = population()
    arrival = of.entities.arrival[: of.entities.persons].astype(int)
    first, days = of.people.month_start[of.order], of.people.month_days[of.order]
    comes = arrival < 32767
    assert comes.mean() > 0.99
    assert ((first <= arrival) & (arrival < first + days))[comes].all()
    assert (np.diff(arrival) >= 0).all()
