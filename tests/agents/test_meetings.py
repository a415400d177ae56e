"""The compiled contacts (`sim.agents.meetings`) against asking every pair, and in C."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from numba import config
from numpy.typing import NDArray

from sim.agents.meetings import make_meetings
from sim.agents.population import PeopleMaker
from sim.engine.portable.library import build, compiler
from sim.procedures.traits import GROUPS
from sim.runs.world import people_of
from sim.scenarios.scenario import Scenario
from tests.agents.people_in_numpy import contacts_in_numpy
from verification.small_worlds import netherlands

SEED = 5


def scenario(parameters: dict[str, float]) -> Scenario:
    small = netherlands(0.004, end=dt.date(2019, 12, 31))
    return small.replace(switches={"word_of_mouth": True}, parameters=parameters)


def maker_of(some: Scenario) -> PeopleMaker:
    return PeopleMaker(people_of(some), some.parameter_values(), start=some.start, end=some.end, word_of_mouth=True)


def test_contacts_are_those_of_asking_every_pair() -> None:
    loud = {"community.sites": 2, "community.known_in_centre": 0.7, "community.known_on_route": 0.5}
    loud |= {"community.known_in_network": 1.0, "community.days_apart_in_network": 90}
    few = {f"network.count_{group}": 2 for group in GROUPS}
    some = scenario({**loud, **few, "community.languages_of_others": 3})
    maker = maker_of(some)
    for replicate in (1, 0):
        population = maker.make(SEED, replicate)
        e, contacts = population.entities, population.contacts
        assert contacts is not None
        persons = e.persons
        told = contacts_in_numpy(
            e.key[:persons], e.group[:persons], e.network[:persons], e.arrival[:persons], some.parameter_values()
        )
        teller = np.repeat(np.arange(persons), np.diff(contacts.start))
        pairs = zip(teller.tolist(), contacts.other.tolist(), contacts.kind.tolist(), strict=True)
        assert [(one, other, kind) for one, other, kind in pairs] == [(*pair, told[pair]) for pair in sorted(told)]
        assert len(told) > 200
        assert set(told.values()) == {0, 1, 2}


def test_contacts_get_the_space_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """More pairs than the arrays have space for at first."""
    plenty = others_of(maker_of(scenario({"community.sites": 2})))
    monkeypatch.setattr("sim.agents.community.FEW_PAIRS", 8)
    scarce = maker_of(scenario({"community.sites": 2}))
    assert plenty.size > 30
    np.testing.assert_array_equal(others_of(scarce), plenty)


def others_of(maker: PeopleMaker) -> NDArray[np.int32]:
    contacts = maker.make(SEED, 0).contacts
    assert contacts is not None
    return contacts.other.copy()


@pytest.mark.skipif(compiler() is None or config.DISABLE_JIT, reason="needs a C compiler and compiled functions")
def test_contacts_in_c_are_the_same(tmp_path: Path) -> None:
    maker = maker_of(scenario({"community.sites": 2}))
    ours = others_of(maker)
    assert maker.meeting is not None
    arrays = maker.meeting.arrays
    kind = arrays.contact_kind[: ours.size].copy()
    arrays.contact[:], arrays.contact_kind[:], arrays.site[:] = -1, 9, -1
    assert build(tmp_path, make_meetings)(arrays) == ours.size > 30
    np.testing.assert_array_equal(arrays.contact[: ours.size], ours)
    np.testing.assert_array_equal(arrays.contact_kind[: ours.size], kind)
