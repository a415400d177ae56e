"""Compiled rows put together (`sim.compile.assemble`): the tables of a world and their names (`sim.engine.tables`)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.behaviour import Authorities, Behaviour
from sim.compile.assemble import build
from sim.files.errors import InputError
from sim.policies.regime import Regime
from sim.policies.statute import Statute
from sim.runs.world import make_world
from verification.small_worlds import netherlands


def test_every_branch_is_of_a_layer_of_the_regime() -> None:
    world = make_world(netherlands(0.01), Regime.load("vc_2019_08"))
    catalogue = world.catalogue
    assert len(catalogue.branches) == len(catalogue.branch_layer)
    assert set(catalogue.branch_layer) == {"vc_2018", "vc_2019_08"} == set(catalogue.layers)
    of = dict.fromkeys(zip(catalogue.branches, catalogue.branch_layer, strict=True))
    amended = [step for (step, _), layer in of if layer == "vc_2019_08"]
    assert "b8.report" in amended
    assert "asylum.granted" not in amended


def test_a_decision_at_a_step_that_no_regime_has_is_refused() -> None:
    scenario = netherlands(0.01)
    behaviour = Behaviour.load()
    lost = behaviour.decision["objects"].model_copy(update={"at": ("b8.refusd",)})
    changed = behaviour.model_copy(update={"decision": {**behaviour.decision, "objects": lost}})
    world = make_world(scenario, Regime.load("vc_2018"))
    statute = Statute(Regime.load("vc_2018"), changed, world.parameters, world.calendar)
    with pytest.raises(InputError, match=r"decision\.objects\.at: unknown step"):
        build(
            statute, Authorities.load(), {}, {name: np.zeros(world.calendar.days) for name in Authorities.load().pool}
        )


def test_the_same_law_gives_the_same_tables() -> None:
    one, two = (make_world(netherlands(0.01), Regime.load("vc_2023")).tables for _ in range(2))
    assert all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(one, two, strict=True))
    other = make_world(netherlands(0.01), Regime.load("vc_2018")).tables
    assert not np.array_equal(one.t[: other.t.size], other.t[: one.t.size])
