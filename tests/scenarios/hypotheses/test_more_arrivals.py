"""H2: more victims arrived in 2019."""

from __future__ import annotations

import functools

import pandas as pd
from journeys import NEW, OLD, change, journeys, netherlands, reflecting

from sim.scenarios.scenario import Scenario

PLAIN = netherlands(0.3, "2017-07-01", "2020-04-30")
ON = PLAIN.under("more_arrivals")
WITHOUT_THE_RISE = ON.replace(inflow={"level": "as_in_2018"})
RIVAL = PLAIN.under("deterred_victims")
MANY_LEADS = {"lead.base": -1.0}
"""Leads are rare; so many that chance hides no change of their share."""


def by_half_year(days: pd.Series) -> pd.Series:
    """Count by half year; the half year of its start is left out, for it begins with nobody."""
    half = days.dt.year + (days.dt.month > 6) * 0.5
    return half.value_counts().sort_index().loc[2018.0:2019.5]


def followed(scenario: Scenario) -> tuple[pd.Series, pd.Series]:
    """Count arrivals and claims of Nigerians by half year; a claim counts in the time three months before it."""
    run = journeys(scenario, OLD)
    nigerian = run.people[(run.people.group == "NGA") & run.people.asks_asylum]
    claims = run.first("b8.signalled").reindex(nigerian.index).dropna() - pd.DateOffset(months=3)
    return by_half_year(nigerian.arrival), by_half_year(claims)


@functools.cache
def with_many_leads(scenario: Scenario) -> pd.DataFrame:
    return change(scenario.replace(parameters=MANY_LEADS))


def test_claims_follow_the_arrivals_of_the_same_nationality() -> None:
    arrivals, claims = followed(ON)
    share = claims / arrivals
    assert arrivals.max() > 3 * arrivals.min(), "the rise is there"
    assert claims.max() > 3 * claims.min()
    assert arrivals.corr(claims) > 0.95
    assert share.max() < 1.75 * share.min(), "as many claims for each arrival, in the rise and after it"


def test_without_the_rise_of_arrivals_there_is_none_of_claims() -> None:
    arrivals, claims = followed(WITHOUT_THE_RISE)
    assert arrivals.max() < 2 * arrivals.min()
    assert claims.max() < 2 * claims.min()


def test_claims_and_reports_do_not_fall_with_the_rule() -> None:
    for measure, of_rival in (("victims_signalled", 0.04), ("wish_to_report_victims", 0.2)):
        on, rival = (with_many_leads(reflecting(scenario)).loc[measure, "dublin"] for scenario in (ON, RIVAL))
        assert abs(on.difference) < 0.03 * on.before
        assert rival.difference < -of_rival * rival.before


def test_leads_for_each_report_stay_as_they_were() -> None:
    on = with_many_leads(ON).loc["leads_per_report", "dublin"]
    assert abs(on.difference) < 0.07 * on.before
    strategic = with_many_leads(PLAIN.under("strategic_claims")).loc["leads_per_report", "dublin"]
    assert strategic.difference > 0.25 * strategic.before


def test_claims_are_the_same_under_both_rules_day_by_day() -> None:
    old, new = (journeys(ON, regime).first("b8.signalled") for regime in (OLD, NEW))
    same = (old == new.reindex(old.index)).mean()
    assert same > 0.98
    old, new = (journeys(RIVAL, regime).first("b8.signalled") for regime in (OLD, NEW))
    assert (old == new.reindex(old.index)).mean() < same - 0.01
