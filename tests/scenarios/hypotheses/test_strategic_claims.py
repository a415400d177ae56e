"""H1: part of the claims was made by people who are not victims, to stop a transfer."""

from __future__ import annotations

import functools

import pandas as pd
import pytest
from journeys import NEW, OLD, RULE_CHANGE, change, journeys, netherlands, reflecting

from sim.scenarios.scenario import Scenario

PLAIN = netherlands()
ON = PLAIN.under("strategic_claims")
RIVAL = PLAIN.under("deterred_victims")
MANY_LEADS = {"lead.base": -1.0}
"""Leads are rare; so many that chance hides no change of their share."""


@functools.cache
def with_many_leads(scenario: Scenario) -> pd.DataFrame:
    return change(scenario.replace(parameters=MANY_LEADS))


def claims_of_quarter_after(scenario: Scenario, regime: str, start: pd.Timestamp) -> int:
    """Count the Dublin claimants first signalled in three months."""
    run = journeys(scenario, regime)
    days = run.first("b8.signalled")
    days = days[run.people.loc[days.index, "dublin_indicator"]]
    return int(((days >= start) & (days < start + pd.DateOffset(months=3))).sum())


def test_claims_cluster_after_the_transfer_decision() -> None:
    share = {
        name: journeys(scenario, OLD).measure("signalled_after_transfer_decision", "dublin")
        for name, scenario in (("on", ON), ("plain", PLAIN), ("rival", RIVAL))
    }
    assert share["on"] > 0.35
    assert share["plain"] < 0.2
    assert share["rival"] < 0.2


def test_claims_fall_at_once_and_by_as_much_as_later() -> None:
    def left(scenario: Scenario, start: pd.Timestamp) -> float:
        return claims_of_quarter_after(scenario, NEW, start) / claims_of_quarter_after(scenario, OLD, start)

    later = RULE_CHANGE + pd.DateOffset(months=3)
    assert left(ON, RULE_CHANGE) < 0.65
    assert abs(left(ON, RULE_CHANGE) - left(ON, later)) < 0.2
    assert left(PLAIN, RULE_CHANGE) > 0.85


def test_before_the_rule_changes_nothing_differs() -> None:
    before = RULE_CHANGE - pd.DateOffset(months=3)
    assert claims_of_quarter_after(ON, OLD, before) == claims_of_quarter_after(ON, NEW, before) > 50


def test_leads_for_each_report_rise() -> None:
    row = with_many_leads(ON).loc["leads_per_report", "dublin"]
    assert row.difference > 0.3 * row.before
    assert row.low > 0


@pytest.mark.parametrize("other", [PLAIN, RIVAL], ids=["plain", "rival"])
def test_elsewhere_they_do_not(other: Scenario) -> None:
    row = with_many_leads(other).loc["leads_per_report", "dublin"]
    assert row.difference < 0.15 * row.before


def test_victims_report_as_before_and_leave_hardly_more() -> None:
    rows = with_many_leads(reflecting(ON))
    wish, left = rows.loc["wish_to_report_victims", "dublin"], rows.loc["left_unknown", "dublin"]
    assert abs(wish.difference) < 0.03 * wish.before
    assert abs(left.difference) < 0.05 * left.before
    deterred = with_many_leads(RIVAL).loc["wish_to_report_victims", "dublin"]
    assert deterred.difference < -0.2 * deterred.before
