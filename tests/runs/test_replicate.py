"""One replicate (`sim.runs.replicate`): for whom a rule made a difference."""

from __future__ import annotations

import numpy as np
import pytest
from compared_runs import KEYS, REGIMES, REPLICATES, compared, ran


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_direct_effect_and_spill_over_add_up(reform: str) -> None:
    """Those for whom a text made a difference and the others are everybody; counts of persons add up."""
    table = compared().differences
    counts = table[(table.reform == reform) & table.unit.isin(["persons", "cases"]) & table.measure.ne("")]
    wide = counts.pivot_table(index=["measure", "world"], columns="group", values="difference")
    both = wide[["rule_changed", "rule_unchanged"]].dropna()
    assert len(both) > 40
    np.testing.assert_allclose(both.sum(axis=1), wide.loc[both.index, "all"], atol=1e-6)
    direct = wide.loc[("b8_granted", "simulated"), "rule_changed"]
    assert direct < 0 if reform == "vc_2019_08" else direct != 0
    assert abs(both.rule_unchanged).max() > 0, "scarce capacity lets the change reach others"


def test_rule_changed_is_who_was_marked_in_the_reform() -> None:
    levels = compared().measures.set_index([*KEYS, "regime"])["mean"]
    marked = [ran("vc_2019_08", k) for k in range(REPLICATES)]
    counted = []
    for run in marked:
        names = set(run.persons.person[run.persons.rule_made_a_difference])
        granted = run.transitions[run.transitions.to.isin(["b8.permit", "b8.hardship_permit"])].person
        counted.append(len(names & set(granted)))
    assert levels["b8_granted", "simulated", "rule_changed", "vc_2019_08"] == pytest.approx(np.mean(counted))
    assert not any(ran("vc_2018", k).persons.rule_made_a_difference.any() for k in range(REPLICATES))
