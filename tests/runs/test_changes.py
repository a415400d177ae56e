"""What a session can change (`sim.runs.changes`), read from the scenario."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from sim.files.errors import InputError
from sim.runs.changes import checked, movable_of
from verification.small_worlds import netherlands

SCENARIO = netherlands(0.01).replace(
    capacity={"avim.report": 4, "ind.asylum": ({"from": dt.date(2019, 3, 1), "value": 900.0},)},
    parameters={"report.base": 0.25},
)


def test_values_are_those_of_the_scenario() -> None:
    movable = movable_of(SCENARIO)
    assert movable["report.base"].value == 0.25
    assert movable["capacity.avim.report"].value == 4
    assert math.isnan(movable["capacity.ind.asylum"].value), "it changes with the date"
    assert movable["capacity.ind.asylum"].upper >= 900
    assert movable["capacity.avim.report"].unit == "per_working_day"


def test_parameters_and_capacities_are_told_apart() -> None:
    movable = movable_of(SCENARIO)
    found = checked({"report.base": 1, "capacity.avim.report": 2}, SCENARIO, movable)
    assert found == ({"report.base": 1.0}, {"avim.report": 2.0})


def test_shares_of_one_whole_must_fit_those_of_the_scenario() -> None:
    with pytest.raises(InputError, match="shares sum to"):
        checked({"victim.exploited_nl_share": 0.99}, SCENARIO, movable_of(SCENARIO))


@pytest.mark.parametrize(
    "name", ["shock", "programme[0].on", "scenario.seed", "curves.asks", "regimes", "inflow.level"]
)
def test_what_is_compiled_in_needs_a_new_session(name: str) -> None:
    with pytest.raises(InputError, match="this change needs a new session"):
        checked({name: 1}, SCENARIO, movable_of(SCENARIO))
