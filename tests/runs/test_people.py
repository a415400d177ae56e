"""People are kept as long as the numbers that decide about them stay (`sim.runs.people`)."""

from __future__ import annotations

import numpy as np

from sim.runs.people import KeptPeople
from sim.runs.world import people_of, population_of
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.01)


def test_they_are_those_of_the_scenario() -> None:
    kept = KeptPeople()
    for parameters in ({}, {"inflow.women_share_NGA": 0.1}, {"inflow.hidden_victims_per_year": 3000.0}):
        scenario = SCENARIO.with_parameters(parameters)
        listed = kept.listed("a", scenario)
        assert listed.people.names == people_of(scenario).names
        made = population_of(scenario, people_of(scenario), 4, 1).entities
        for one, other in zip(kept.population(scenario, listed, 4, 1).entities, made, strict=True):
            np.testing.assert_array_equal(one, other)


def test_they_are_kept_unless_a_number_that_they_read_has_changed() -> None:
    kept = KeptPeople()
    listed = kept.listed("a", SCENARIO)
    behaviour = SCENARIO.with_parameters({"report.base": 0.1})
    assert kept.listed("a", behaviour) is listed
    assert kept.listed("b", behaviour).number != listed.number
    people = kept.population(SCENARIO, listed, 1, 0)
    assert kept.population(behaviour, listed, 1, 0) is people
    assert kept.population(behaviour, listed, 1, 1) is not people
    assert kept.population(behaviour, listed, 2, 0) is not people
    women = SCENARIO.with_parameters({"inflow.women_share_NGA": 0.1})
    assert kept.listed("a", women) is listed
    assert kept.population(women, listed, 1, 0) is not people
    more = SCENARIO.with_parameters({"inflow.hidden_victims_per_year": 3000.0})
    assert kept.listed("a", more).number != listed.number


def test_without_a_memory_a_population_is_made_each_time() -> None:
    kept = KeptPeople(most=0)
    listed = kept.listed("a", SCENARIO)
    assert kept.population(SCENARIO, listed, 1, 0) is not kept.population(SCENARIO, listed, 1, 0)
