"""Verdicts on proposals (`sim.monitoring.proposals`)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibration.members import Members
from sim.evidence.references import reference_keys
from sim.monitoring.proposals import amended, depends_on, proposals, regimes_needed, verdict_of, verdict_table
from sim.outcomes.measures import Measures
from sim.policies.library import shipped_regimes

RNG = np.random.default_rng(1)
MEMBERS = Members(
    ("a",) * 10 + ("b",) * 10,
    ("x", "y", "z"),
    tuple(tuple(row) for row in np.column_stack([np.arange(20.0), RNG.normal(size=(20, 2))])),
    "netherlands",
)


def test_every_proposal_with_a_regime_is_compared_with_what_it_amends() -> None:
    later = shipped_regimes()[shipped_regimes().index("vc_2019_08") + 1 :]
    assert set(proposals().compared.regimes) == {*later} - {"vc_2023", "ammr_2026", "historical"}
    assert (amended("recognition_panel"), amended("quick_dismissal")) == ("vc_2019_08", "vc_2018")
    assert regimes_needed(["recognition_panel"]) == ["vc_2019_08", "recognition_panel"]
    measures = [name for area in proposals().area.values() for name in area.measures]
    assert set(measures) <= set(Measures.load().measure)
    assert all(set(one.law) <= set(reference_keys()) for one in proposals().without.values())


@pytest.mark.parametrize(
    ("signs", "verdict"),
    [([1, 0, 1], "better in all"), ([-1, 0], "worse in all"), ([0, 0], "the same in all"), ([1, -1, 0], "depends")],
)
def test_verdicts(signs: list[float], verdict: str) -> None:
    assert verdict_of(np.array(signs, float)) == verdict


def test_the_assumption_that_decides_is_named_and_none_where_chance_would_reach_as_high() -> None:
    assert depends_on(np.arange(20.0) - 9.5, MEMBERS) == "x (more with more of it)"
    assert depends_on(9.5 - np.arange(20.0), MEMBERS) == "x (less with more of it)"
    assert depends_on(np.random.default_rng(8).normal(size=20), MEMBERS) == ""


def test_a_table_has_the_wish_of_the_area_and_the_verdict_of_each_camp() -> None:
    regimes = regimes_needed(proposals().compared.regimes)
    measures = [name for area in proposals().area.values() for name in area.measures]
    values = pd.DataFrame(
        {(regime, measure, "simulated", "all"): np.full(20, 100.0) for regime in regimes for measure in measures}
    )
    values["safe_reporting", "victims_never_seen", "simulated", "all"] = 90.0
    values["warm_handover", "victims_recognised", "simulated", "all"] = np.repeat([120.0, 80.0], 10)
    values["warm_handover", "re_exploited", "simulated", "all"] = 100.5
    table = verdict_table(values, MEMBERS).set_index(["proposal", "measure"])
    seen = table.loc["safe_reporting", "victims_never_seen"]
    assert (seen["verdict"], seen["middle"], seen["better"]) == ("better in all", -10.0, 20)
    found = table.loc["warm_handover", "victims_recognised"]
    assert (found["verdict"], found["camps"]) == ("depends", "a: better in all; b: worse in all")
    assert found["depends_on"].startswith("x (less")
    assert table.loc["warm_handover", "re_exploited"]["verdict"] == "the same in all", "within 1% of the level"
