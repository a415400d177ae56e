"""H8: a longer interview brings out leads of the same people; haste hides those of Dublin claimants."""

from __future__ import annotations

from functools import cache

import pandas as pd
from proportions import proportional, run, total, with_many_victims

from sim.scenarios.scenario import Scenario

PLAIN = with_many_victims(proportional(0.1))
NOTHING_MORE = {"lead.longer_interview": 0.0, "lead.per_trauma_in_aware_interview": 0.0}
"""The rival: an interview finds all there is to find, so a longer one brings out nothing more."""
REPLICATES = range(4)


@cache
def under() -> Scenario:
    return PLAIN.under("H8")


@cache
def statements(scenario: Scenario, regime: str) -> pd.DataFrame:
    """Return the victims who made a statement, one row for each in each replicate, and whether it held a lead."""
    tables = []
    for k in REPLICATES:
        result = run(scenario, regime, k, True)
        moves, victims = result.transitions, result.persons[result.persons.victim]
        spoke = victims[victims.person.isin(moves.person[moves.to == "investigation.interview"])]
        lead = spoke.person.isin(moves.person[moves.to == "investigation.lead_told"])
        tables.append(spoke.assign(lead=lead, replicate=k))
    return pd.concat(tables).set_index(["replicate", "person"])


def leads_of_the_same(scenario: Scenario) -> tuple[int, int, int]:
    """Count who speaks in both worlds: with a lead as now, with a lead in the longer interview, and lost by it."""
    now, longer = (statements(scenario, regime)["lead"] for regime in ("vc_2019_08", "safe_reporting"))
    both = now.index.intersection(longer.index)
    now, longer = now[both], longer[both]
    assert both.size > 300
    return int(now.sum()), int(longer.sum()), int((now & ~longer).sum())


def against_others(scenario: Scenario) -> float:
    """Leads of Dublin claimants against what they would be at the rates of others exploited in the same place."""
    table = statements(scenario, "vc_2019_08")
    table = table[table.asks_asylum]
    place = table.exploited_nl.map({True: "here", False: "elsewhere"})
    rate = table.lead.groupby([place, table.dublin_indicator]).mean().unstack()
    claimants = place[table.dublin_indicator]
    return float(table.lead[table.dublin_indicator].sum() / claimants.map(rate[False]).sum())


def test_the_longer_interview_brings_out_leads_of_the_same_people() -> None:
    now, longer, lost = leads_of_the_same(under())
    assert longer > 3.5 * now > 100
    assert lost == 0, "the luck of a person is the same: nobody who had a lead loses it"


def test_where_there_is_nothing_more_to_find_it_brings_out_nothing_more() -> None:
    now, longer, _ = leads_of_the_same(PLAIN.replace(parameters=NOTHING_MORE))
    assert abs(longer - now) <= 2, "a second session takes time: one or two come after the end"
    now, longer, _ = leads_of_the_same(PLAIN)
    assert longer < 2 * now, "with what the plain scenario assumes of it, little"


def test_leads_are_hardly_asked_for() -> None:
    assert total(under(), "vc_2019_08", "asked_for_leads", replicates=1) < 0.4
    assert total(under(), "safe_reporting", "asked_for_leads", replicates=1) == 1
    assert total(PLAIN, "vc_2019_08", "asked_for_leads", replicates=1) == 1


def test_haste_hides_leads_of_dublin_claimants() -> None:
    assert against_others(under()) < 0.65
    assert 0.8 < against_others(PLAIN) < 1.25
