"""H7: networks with a suspect fall in total, by more than those with any lead, even where each report leads to more."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from proportions import QUICK_JUSTICE, proportional, total, with_many_victims

from sim.scenarios.scenario import Scenario

TALKATIVE = {"lead.base": -1.5}
"""More statements with a lead than the plain scenario has, so that few people give enough networks to count."""
PLAIN = with_many_victims(proportional(0.2, end=dt.date(2021, 6, 30))).replace(parameters=QUICK_JUSTICE | TALKATIVE)
OLD, NEW = "vc_2018", "vc_2019_08"
REPLICATES = 8
CLAIMS = {"strategic.share": 0.12, "strategic.known_loss_of_permit_ratio": 0.01, "disclosure.strategic": 2.5}
"""Some people who are not victims claim too, until they know of the rule."""


@cache
def under(curve: str = "linkage", claims: bool = False) -> Scenario:
    changes: dict[str, Any] = {"curves": {"investigation_finds_suspect": curve}}
    return PLAIN.under("H7").replace(**changes, parameters=CLAIMS if claims else {})


def ratio(scenario: Scenario, measure: str, group: str = "all") -> float:
    """How many times the value under the old rule that under the new one is."""
    old, new = (total(scenario, regime, measure, group, REPLICATES) for regime in (OLD, NEW))
    return new / old


def test_victims_take_what_they_know_with_them() -> None:
    assert ratio(under(), "wish_to_report_victims", "dublin") < 0.7
    assert ratio(under(), "leads_lost") > 1.15


def test_networks_with_a_suspect_fall_by_more_than_those_with_a_lead() -> None:
    assert total(under(), OLD, "networks_with_suspect", replicates=REPLICATES) > 80
    found, with_lead = ratio(under(), "networks_with_suspect"), ratio(under(), "networks_with_lead")
    assert found < 0.83
    assert found < 0.9 * with_lead < with_lead < 0.95


def test_they_fall_even_where_each_report_leads_to_more() -> None:
    scenario = under(claims=True)
    assert ratio(scenario, "leads_per_report") > 1.12
    assert ratio(scenario, "networks_with_suspect") < 0.9


def test_without_the_hypothesis_as_many_are_found() -> None:
    assert ratio(PLAIN, "networks_with_suspect") > 0.95
    assert ratio(PLAIN, "networks_with_lead") > 0.95


def test_where_digital_traces_do_the_work_both_fall_alike() -> None:
    """The rival: one lead is nearly as good as many."""
    scenario = under("substitutable")
    assert ratio(scenario, "networks_with_suspect") > 0.93 * ratio(scenario, "networks_with_lead")
