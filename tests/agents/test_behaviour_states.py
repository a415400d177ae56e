"""What differs by receiving state: acceptance, transfers that go ahead; and that each moves its own state alone."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

import sim
from sim.evidence.observed import observed
from sim.evidence.parameters import Parameters
from sim.procedures.traits import RECEIVING
from verification.small_worlds import netherlands

STATES = tuple(state.removeprefix("receiving_") for state in RECEIVING)


@cache
def entered(step: str, changed: tuple[str, float] | None = None) -> dict[str, int]:
    """Count by receiving state who entered a step under the old rule, perhaps with another number."""
    scenario = netherlands(0.1, end=dt.date(2018, 12, 31)).replace(parameters=dict([changed]) if changed else {})
    run = sim.run(scenario, "vc_2018", seed=3)
    there = run.persons["person"].isin(run.transitions.query("to == @step")["person"])
    return {state: int(run.persons[f"receiving_{state}"][there].sum()) for state in STATES}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("number", "step"), [("accepted", "dublin.accepted"), ("goes_ahead", "dublin.transferred")])
def test_a_number_of_one_state_moves_that_state(number: str, step: str, state: str) -> None:
    usual, without = entered(step), entered(step, (f"dublin.{number}_{state}", 0.0))
    assert usual[state] > 0
    assert without[state] == 0
    assert all(without[other] >= 0.9 * usual[other] > 0 for other in STATES if other != state)


def test_italy_accepts_as_published_and_the_others_what_is_left() -> None:
    italy = observed("dublin_italy")
    asked, accepted = (
        sum(float(cell.split(" / ")[part]) for cell in italy[italy["period"] == "2016-2020"]["value"])
        for part in (0, 1)
    )
    whole = [
        float(rows[rows["period"] == "2016-2020"]["value"].iloc[0])
        for rows in (observed("dublin_out_requests"), observed("dublin_out_accepted"))
    ]
    value = Parameters.load().value
    assert value("dublin.accepted_italy") == pytest.approx(accepted / asked, abs=0.005)
    rest = (whole[1] - accepted) / (whole[0] - asked)
    assert {value(f"dublin.accepted_{state}") for state in STATES if state != "italy"} == {round(rest, 2)}


def test_most_requests_to_italy_are_accepted() -> None:
    accepted, refused = entered("dublin.accepted"), entered("dublin.claim_refused")
    share = {state: accepted[state] / (accepted[state] + refused[state]) for state in STATES}
    assert share["italy"] == pytest.approx(0.89, abs=0.05)
    assert share["germany"] == pytest.approx(0.65, abs=0.07)
