"""Levels, paired differences and paired outcomes: exact properties and agreement with scipy."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.outcomes.intervals import mean_interval
from sim.outcomes.pairing import (
    DIFFERENCE_COLUMNS,
    LEVEL_COLUMNS,
    PAIR_COLUMNS,
    Labels,
    difference_table,
    level_table,
    pairs_table,
)

FloatArray = npt.NDArray[np.float64]

REGIMES = ("base", "reform", "other")
MEASURES = (
    {"name": "b8_granted", "world": "simulated", "unit": "persons"},
    {"name": "b8_granted", "world": "recorded", "unit": "persons"},
)
GROUPS = ("all", "dublin")
LABELS = Labels(REGIMES, MEASURES, GROUPS)

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))


def samples(replicates: st.SearchStrategy[int]) -> st.SearchStrategy[FloatArray]:
    return replicates.flatmap(lambda n: arrays(np.float64, (n, 3, 2, 2), elements=numbers))


def two_regimes(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.stack([first, second], axis=1)[:, :, np.newaxis, np.newaxis]


PAIR = Labels(("base", "reform"), MEASURES[:1], ("all",))


def test_tables_have_the_published_columns_and_one_row_per_combination() -> None:
    values = np.arange(4 * 3 * 2 * 2, dtype=float).reshape(4, 3, 2, 2)
    levels, differences = level_table(values, LABELS), difference_table(values, LABELS)
    assert tuple(levels.columns) == LEVEL_COLUMNS
    assert tuple(differences.columns) == DIFFERENCE_COLUMNS
    assert len(levels) == 3 * 2 * 2
    assert len(differences) == 2 * 2 * 2
    row = levels.query("regime == 'other' and world == 'recorded' and group == 'dublin'").iloc[0]
    assert row["mean"] == values[:, 2, 1, 1].mean()
    row = differences.query("reform == 'other' and world == 'recorded' and group == 'all'").iloc[0]
    assert row["difference"] == (values[:, 2, 1, 0] - values[:, 0, 1, 0]).mean()
    assert set(differences["baseline"]) == {"base"}


def test_measures_may_be_objects() -> None:
    labels = Labels(["base"], [SimpleNamespace(name="reports", world="simulated", unit="reports")], ["all"])
    row = level_table(np.full((2, 1, 1, 1), 7.0), labels).iloc[0]
    assert (row["measure"], row["world"], row["unit"], row["mean"]) == ("reports", "simulated", "reports", 7.0)


def test_one_regime_has_no_differences() -> None:
    assert difference_table(np.ones((3, 1, 1, 1)), Labels(["base"], MEASURES[:1], ["all"])).empty


@pytest.mark.parametrize("replicates", [2, 3, 12])
def test_difference_is_the_interval_of_the_paired_t_test(replicates: int) -> None:
    values = np.random.default_rng(replicates).normal(100, 20, size=(replicates, 3, 2, 2))
    table = difference_table(values, LABELS).set_index(["reform", "world", "group"])
    for regime, reform in enumerate(REGIMES[1:], start=1):
        for group, name in enumerate(GROUPS):
            row = table.xs((reform, "simulated", name))
            base, changed = values[:, 0, 0, group], values[:, regime, 0, group]
            interval = stats.ttest_rel(changed, base).confidence_interval(0.95)
            scale = 1e-9 * (1.0 + np.abs(values).max())
            assert row["difference"] == pytest.approx((changed - base).mean(), abs=scale)
            assert row["low"] == pytest.approx(interval.low, rel=1e-9, abs=scale)
            assert row["high"] == pytest.approx(interval.high, rel=1e-9, abs=scale)
            assert row["share_higher"] == np.mean(changed > base)
            assert row["replicates"] == len(values)


@given(samples(st.integers(2, 8)))
@settings(deadline=None)
def test_a_regime_compared_with_itself_differs_by_exactly_nothing(values: FloatArray) -> None:
    values[:, 1:] = values[:, :1]
    table = difference_table(values, LABELS)
    assert (table[["difference", "share_higher", "share_lower"]] == 0.0).all(axis=None)
    assert (table["share_equal"] == 1.0).all()
    # As if 0 events were seen in all replicates together (Garwood 1936).
    np.testing.assert_allclose(table["high"], stats.chi2.ppf(0.975, 2) / 2 / len(values))
    assert (table["low"] == -table["high"]).all()


@given(samples(st.integers(2, 8)))
@settings(deadline=None)
def test_swapping_regimes_negates_the_difference_and_flips_the_interval(values: FloatArray) -> None:
    forward = difference_table(values[:, [0, 1]], Labels(("a", "b"), MEASURES, GROUPS))
    backward = difference_table(values[:, [1, 0]], Labels(("b", "a"), MEASURES, GROUPS))
    assert (forward["difference"] == -backward["difference"]).all()
    np.testing.assert_array_equal(forward["low"], -backward["high"])
    np.testing.assert_array_equal(forward["high"], -backward["low"])
    assert (forward["share_higher"] + backward["share_higher"] <= 1.0).all()


@pytest.mark.parametrize("constant", [-1e6, 0.5, 7.0])
def test_a_constant_added_to_both_worlds_leaves_the_difference(constant: float) -> None:
    values = np.random.default_rng(4).normal(size=(8, 3, 2, 2))
    before, after = difference_table(values, LABELS), difference_table(values + constant, LABELS)
    for column in ("difference", "low", "high"):
        np.testing.assert_allclose(after[column], before[column], rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("times", [4, 25])
def test_width_of_the_interval_shrinks_with_the_root_of_the_number_of_replicates(times: int) -> None:
    base = np.random.default_rng(5).normal(size=(1000, 1, 1, 1))
    values = np.concatenate([np.zeros_like(base), base], axis=1)
    few = difference_table(values, PAIR).iloc[0]
    many = difference_table(np.tile(values, (times, 1, 1, 1)), PAIR).iloc[0]
    ratio = (few["high"] - few["low"]) / (many["high"] - many["low"])
    # the t quantile for 999 degrees of freedom is within 0.2% of the normal one
    assert ratio == pytest.approx(np.sqrt(times), rel=0.005)


def test_one_replicate_has_no_interval() -> None:
    values = two_regimes(np.array([3.0]), np.array([3.0]))
    difference, levels = difference_table(values, PAIR).iloc[0], level_table(values, PAIR)
    assert difference["difference"] == 0.0
    assert np.isnan([difference["low"], difference["high"]]).all()
    assert levels[["low", "high"]].isna().all(axis=None)
    assert set(levels["mean"]) == {3.0}


def test_a_tie_counts_as_not_higher() -> None:
    values = two_regimes(np.array([1.0, 1.0, 1.0, 1.0]), np.array([1.0, 2.0, 1.0, 0.0]))
    assert difference_table(values, PAIR).iloc[0]["share_higher"] == 0.25


def test_a_replicate_undefined_in_one_world_is_left_out_of_the_pair() -> None:
    base = np.array([1.0, np.nan, 3.0, 10.0])
    reform = np.array([2.0, 5.0, np.nan, 13.0])
    values = two_regimes(base, reform)
    row = difference_table(values, PAIR).iloc[0]
    assert row["difference"] == 2.0
    assert row["replicates"] == 2
    assert row["share_higher"] == 1.0
    levels = level_table(values, PAIR).set_index("regime")
    assert levels.loc["base", "replicates"] == 3
    assert levels.loc["reform", "mean"] == pytest.approx((2.0 + 5.0 + 13.0) / 3)


def test_a_measure_defined_in_no_replicate_stays_as_an_undefined_row() -> None:
    values = two_regimes(np.full(3, np.nan), np.ones(3))
    row = difference_table(values, PAIR).iloc[0]
    assert row["replicates"] == 0
    assert row[["difference", "low", "high", "share_higher"]].isna().all()


def test_levels_match_the_textbook_interval() -> None:
    sample = np.array([4.0, 7.0, 1.0, 9.0, 3.0])
    low, high = stats.t.interval(0.95, 4, sample.mean(), stats.sem(sample))
    summary = mean_interval(sample)
    assert summary.low == pytest.approx(low)
    assert summary.high == pytest.approx(high)


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_infinite_values_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="infinite"):
        level_table(two_regimes(np.array([1.0, bad]), np.ones(2)), PAIR)


def test_shapes_that_do_not_fit_the_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        level_table(np.ones((3, 2, 2, 2)), LABELS)
    with pytest.raises(ValueError, match="expected"):
        pairs_table(np.ones((3, 1, 1, 2, 3)), baseline="a", reforms=["b"], groups=["all"], outcomes=["x", "y"])


@pytest.mark.parametrize(
    ("regimes", "measures", "groups", "axis"),
    [
        (["a", "a"], MEASURES, ["all"], "regime"),
        (["a"], [MEASURES[0], MEASURES[0]], ["all"], "measure"),
        (["a"], MEASURES, ["all", "all"], "group"),
    ],
)
def test_names_that_occur_twice_are_refused(
    regimes: list[str], measures: list[dict[str, str]], groups: list[str], axis: str
) -> None:
    with pytest.raises(ValueError, match=f"a {axis} is named twice"):
        Labels(regimes, measures, groups)


def test_pairs_name_each_cell_and_average_over_replicates() -> None:
    outcomes = ["b8_permit", "left_unknown"]
    counts = np.zeros((2, 2, 1, 2, 2))
    counts[0, 1, 0, 0, 1], counts[1, 1, 0, 0, 1] = 10.0, 14.0
    table = pairs_table(counts, baseline="base", reforms=["one", "two"], groups=["all"], outcomes=outcomes)
    assert tuple(table.columns) == PAIR_COLUMNS
    assert len(table) == 2 * 1 * 2 * 2
    moved = table.query("persons > 0")
    assert len(moved) == 1
    row = moved.iloc[0]
    assert (row["reform"], row["baseline_outcome"], row["reform_outcome"]) == ("two", *outcomes)
    _, high = stats.t.interval(0.95, 1, 12.0, 2.0)
    assert (row["persons"], row["low"], row["high"]) == pytest.approx((12.0, 0.0, high))
    assert table.query("persons == 0")["high"].min() == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / 2)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        pairs_table(np.full((1, 1, 1, 1, 1), -1.0), baseline="a", reforms=["b"], groups=["all"], outcomes=["x"])
