"""H5: the new rule keeps victims from reporting."""

from __future__ import annotations

import functools

import pandas as pd
import pytest
from journeys import NEW, OLD, change, fall, journeys, netherlands, reflecting

from sim.scenarios.scenario import Scenario

PLAIN = netherlands()
ON = PLAIN.under("deterred_victims")
RIVAL = PLAIN.under("strategic_claims")
REPLICATES = 3


@functools.cache
def wishes(scenario: Scenario) -> pd.DataFrame:
    """For each victim with a Dublin claim: traits, and whether he or she asked to report under the old and new rule."""
    rows = []
    for replicate in range(REPLICATES):
        old, new = (journeys(scenario, r, throughout=True, replicate=replicate) for r in (OLD, NEW))
        table = old.people[["fear", "victim", "dublin_indicator", "asks_asylum"]].copy()
        table["reached"] = old.ever("control.in_reach")
        table["old"], table["new"] = old.ever("b8.wish_to_report"), new.ever("b8.wish_to_report")
        rows.append(table[table.victim & table.dublin_indicator & table.asks_asylum])
    return pd.concat(rows)


def falls(scenario: Scenario, by: pd.Series) -> dict[object, float]:
    table = wishes(scenario)
    return {value: fall(table.old[by == value], table.new[by == value]) for value in sorted(by.unique())}


def thirds(scenario: Scenario) -> pd.Series:
    return pd.qcut(wishes(scenario).fear, 3, labels=["little", "some", "great"]).astype(str)


def test_fewer_victims_ask_to_report_most_of_all_those_in_fear() -> None:
    by_fear = falls(ON, thirds(ON))
    assert by_fear["little"] > 0.1
    assert by_fear["little"] + 0.05 < by_fear["some"] < by_fear["great"] - 0.05
    assert by_fear["great"] > 0.5


def test_they_fall_more_among_those_within_reach_of_a_trafficker() -> None:
    by_reach = falls(ON, wishes(ON).reached)
    assert by_reach[True] > by_reach[False] + 0.1


@pytest.mark.parametrize("other", [PLAIN, RIVAL], ids=["plain", "rival"])
def test_elsewhere_they_hardly_fall_for_anybody(other: Scenario) -> None:
    other = reflecting(other)
    by_fear, by_reach = falls(other, thirds(other)), falls(other, wishes(other).reached)
    assert max(*by_fear.values(), *by_reach.values()) < 0.1
    assert by_fear["great"] < by_fear["little"] + 0.05
    assert by_reach[True] < by_reach[False] + 0.05


def test_leads_for_each_report_do_not_rise() -> None:
    many = {"lead.base": -1.0}
    on = change(ON.replace(parameters=many)).loc["leads_per_report", "dublin"]
    assert on.difference < 0.1 * on.before
    strategic = change(RIVAL.replace(parameters=many)).loc["leads_per_report", "dublin"]
    assert strategic.difference > 0.3 * strategic.before
