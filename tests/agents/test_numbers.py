"""The numbers that decide who comes (`sim.agents.numbers`): where each lies, and that a written one counts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.agents import numbers
from sim.agents.numbers import NAMES, TRUST
from sim.agents.population import PeopleMaker
from sim.procedures.traits import GROUPS
from sim.runs.world import people_of
from sim.scenarios.scenario import Scenario
from verification.small_worlds import netherlands

SEED = 5


def maker_of(some: Scenario) -> PeopleMaker:
    return PeopleMaker(people_of(some), some.parameter_values(), start=some.start, end=some.end)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (numbers.NL_SHARE, "victim.exploited_nl_share"),
        (numbers.SPAIN_SHARE, "receiving.spain_share_of_rest"),
        (numbers.FEAR_OTHERWISE, "trait.fear_not_victim"),
        (numbers.LINKS, "network.links_per_network"),
        (numbers.KNOWN_IN_NETWORK, "community.known_in_network"),
        (numbers.VICTIM_SHARE + GROUPS.index("GIN"), "inflow.victim_share_GIN"),
        (numbers.DEBT + GROUPS.index("other"), "trait.debt_other"),
        (numbers.FORM_SHARES, "victim.sexual_share_NGA"),
    ],
)
def test_a_place_holds_the_parameter_of_its_name(place: int, name: str) -> None:
    assert NAMES[place] == name


def test_a_number_written_in_place_is_that_of_a_new_scenario() -> None:
    some = netherlands(0.004, end=dt.date(2019, 12, 31))
    maker = maker_of(some)
    before = maker.make(SEED, 0).entities.level.copy()
    maker.arrays.number[TRUST] = 0.9
    written = maker.make(SEED, 0).entities.level
    made = maker_of(some.replace(parameters={NAMES[TRUST]: 0.9})).make(SEED, 0).entities.level
    np.testing.assert_array_equal(written, made)
    assert (written != before).any()
