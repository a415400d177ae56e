"""H4: people of one network act on one day, and follow the rule with the lag of their network."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from proportions import proportional, run, value

from sim.scenarios.scenario import Scenario

RULE = dt.date(2019, 8, 1)
PLAIN = proportional(0.15)
REPLICATES = range(3)


@cache
def under(learns_per_year: float | None = None) -> Scenario:
    scenario = PLAIN.under("H4")
    if learns_per_year is None:
        return scenario
    return scenario.replace(parameters={"tactics.learns_rule_per_year": learns_per_year})


def mean(scenario: Scenario, regime: str, measure: str, group: str = "all") -> float:
    return sum(value(run(scenario, regime, k), measure, group) for k in REPLICATES) / len(REPLICATES)


def entries(scenario: Scenario, regime: str, step: str, months: tuple[int, int]) -> int:
    """Return the entries of a step in a number of months after the rule, in all replicates together."""
    first, last = (RULE + dt.timedelta(days=round(month * 30.4)) for month in months)
    count = 0
    for k in REPLICATES:
        moves = run(scenario, regime, k).transitions
        count += int(((moves.to == step) & (moves.date.dt.date >= first) & (moves.date.dt.date < last)).sum())
    return count


@pytest.mark.parametrize(("measure", "regime"), [("signalled_together", "vc_2018"), ("left_together", "vc_2019_08")])
def test_people_of_one_network_act_on_one_day(measure: str, regime: str) -> None:
    on, off = mean(under(), regime, measure), mean(PLAIN, regime, measure)
    assert off < 0.04
    assert on > 0.1
    assert on > 4 * off
    assert mean(under(), regime, measure, "NGA") > 0.1, "in the nationality group with the largest networks too"


def test_claims_fall_and_departures_rise_with_the_lag_of_the_networks() -> None:
    def told(regime: str, months: tuple[int, int]) -> int:
        return entries(under(), regime, "control.told_to_claim", months)

    assert told("vc_2019_08", (0, 3)) > 0.6 * told("vc_2018", (0, 3)) > 20, "at first nearly as without the rule"
    assert told("vc_2019_08", (12, 17)) < 0.35 * told("vc_2018", (12, 17)), "in the end few"
    away = [entries(under(), "vc_2019_08", "control.ordered_away", (m, m + 4)) for m in (0, 4, 12)]
    assert 0 < 1.5 * away[0] < away[1] < away[2]
    assert entries(under(), "vc_2018", "control.ordered_away", (0, 17)) == 0, "the old rule gives no reason"


def test_the_lag_is_that_of_the_networks() -> None:
    """Networks that notice within weeks change within weeks."""
    quick = entries(under(12.0), "vc_2019_08", "control.told_to_claim", (1, 6))
    slow = entries(under(), "vc_2019_08", "control.told_to_claim", (1, 6))
    assert quick < 0.5 * slow


def test_dictated_statements_carry_fewer_leads() -> None:
    assert mean(under(), "vc_2018", "told_to_claim") > 50
    assert mean(under(), "vc_2018", "leads_per_report") < 0.85 * mean(PLAIN, "vc_2018", "leads_per_report")


def test_without_steering_nobody_is_told_anything() -> None:
    for regime in ("vc_2018", "vc_2019_08"):
        assert mean(PLAIN, regime, "told_to_claim") == mean(PLAIN, regime, "ordered_away") == 0
