"""The tables of a comparison (`sim.runs.comparison`): the paired reading of single runs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from compared_runs import KEYS, REGIMES, REPLICATES, compared, ran
from scipy.stats import t as student

from sim.outcomes.groups import OUTCOMES, Groups


def values(regime: str) -> pd.DataFrame:
    """The measures of each single run: one column for each replicate."""
    columns = [ran(regime, k).measures.set_index(KEYS)["value"] for k in range(REPLICATES)]
    return pd.concat(columns, axis=1, keys=range(REPLICATES))


def interval(sample: pd.DataFrame) -> pd.DataFrame:
    """Mean and 95% t-interval over the replicates in which there is a value."""
    n = sample.notna().sum(axis=1)
    half = student.ppf(0.975, np.maximum(n - 1, 1)) * sample.std(axis=1, ddof=1) / np.sqrt(n)
    mean = sample.mean(axis=1)
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half, "replicates": n})


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    found = found.loc[expected.index]
    for column in expected.columns:
        np.testing.assert_allclose(
            found[column].astype(float), expected[column].astype(float), rtol=1e-9, atol=1e-9, err_msg=column
        )


def covers(found: pd.DataFrame, expected: pd.DataFrame, of: str) -> None:
    """See that intervals are those of t where many people are counted, and have some width where few are."""
    found, counted = found.loc[expected.index], found.loc[expected.index].unit.isin(["persons", "cases"])
    many = counted & (expected[of].abs() * expected.replicates >= 30) & (expected.high > expected.low)
    assert many.sum() > 50
    upper = expected.low[many] >= 0
    same(found[many][upper], expected[many][upper][["low", "high"]])
    none = counted & (expected[of] == 0) & (expected.high == 0) & (expected.replicates == REPLICATES)
    assert none.any()
    assert (found.high[none] > 0.5).all()


@pytest.mark.parametrize("regime", REGIMES)
def test_levels_are_means_of_single_runs(regime: str) -> None:
    levels = compared().measures
    mine = levels[(levels.regime == regime) & levels.group.isin(Groups.load().names)].set_index(KEYS)
    expected = interval(values(regime))
    assert len(expected) > 1000
    same(mine, expected[["mean", "replicates"]])
    covers(mine, expected, "mean")
    spread = expected[expected.replicates == REPLICATES]
    assert (spread.high > spread.low).mean() > 0.5


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_differences_are_paired_over_replicates(reform: str) -> None:
    table = compared().differences
    mine = table[(table.reform == reform) & table.group.isin(Groups.load().names)].set_index(KEYS)
    paired = values(reform) - values("vc_2018")
    expected = interval(paired).rename(columns={"mean": "difference"})
    expected["share_higher"] = (paired > 0).sum(axis=1) / expected.replicates.replace(0, np.nan)
    same(mine, expected[["difference", "share_higher", "replicates"]])
    covers(mine, expected, "difference")
    assert (mine.baseline == "vc_2018").all()
    assert expected.share_higher.between(0.1, 0.9).sum() > 100
    # Pairing is worth its while: of b8_granted the difference is known better than the levels.
    row = ("b8_granted", "simulated", "dublin")
    unpaired = np.hypot(*(values(regime).loc[row].std(ddof=1) for regime in ("vc_2018", reform)))
    assert paired.loc[row].std(ddof=1) < unpaired


@pytest.mark.parametrize("reform", REGIMES[1:])
def test_pairs_count_the_same_persons_in_both_worlds(reform: str) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for k in range(REPLICATES):
        before, after = (ran(regime, k).persons.set_index("person") for regime in ("vc_2018", reform))
        assert before.index.equals(after.index)
        for group, members in (("all", slice(None)), ("women", before.women), ("NGA", before.group == "NGA")):
            for pair in zip(before.outcome[members], after.outcome[members], strict=True):
                counts[group, *pair] += 1
    pairs = compared().pairs
    mine = pairs[pairs.reform == reform].set_index(["group", "baseline_outcome", "reform_outcome"]).persons
    for group in ("all", "women", "NGA"):
        for before_outcome in OUTCOMES:
            for after_outcome in OUTCOMES:
                key = (group, before_outcome, after_outcome)
                assert mine[key] == pytest.approx(counts[key] / REPLICATES, abs=1e-9)
    assert mine["all"].sum() == pytest.approx(np.mean([len(ran(reform, k).persons) for k in range(REPLICATES)]))
    moved = mine["all"].reset_index().query("baseline_outcome != reform_outcome").persons.sum()
    assert moved > 1
