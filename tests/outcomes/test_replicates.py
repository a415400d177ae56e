"""The table of every replicate: what levels and differences are means of."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.outcomes.pairing import Labels
from sim.outcomes.replicates import COLUMNS, Block, replicate_table
from sim.report.folder import write_comparison
from sim.runs import compare as comparing
from sim.runs.comparison import Comparison
from verification.small_worlds import netherlands

REGIMES = ["vc_2018", "vc_2019_08", "recognition_panel"]
KEYS = ["measure", "world", "group", "regime"]
SCENARIO = netherlands(0.05)


@functools.cache
def compared() -> Comparison:
    return sim.compare(SCENARIO, REGIMES, replicates=3, seed=21)


def indexed(table: pd.DataFrame, *more: str) -> pd.DataFrame:
    plain = table.assign(**{key: table[key].astype(str) for key in KEYS})
    return plain.set_index([*KEYS, *more]).sort_index()


def test_levels_are_its_means() -> None:
    found = indexed(compared().replicates).groupby(level=KEYS)["value"].agg(["mean", "count"])
    levels = indexed(compared().measures)
    assert found.index.equals(levels.index)
    np.testing.assert_allclose(found["mean"], levels["mean"], rtol=1e-12)
    assert (found["count"] == levels["replicates"]).all()


def test_differences_and_their_shares_are_of_its_pairs() -> None:
    wide = indexed(compared().replicates, "replicate")["value"].unstack("replicate")
    of_people = wide[~wide.index.get_level_values("group").str.startswith("rule_")]
    base = of_people.xs("vc_2018", level="regime")
    table = compared().differences
    table = table[~table["group"].str.startswith("rule_")]
    for reform in REGIMES[1:]:
        paired = (of_people.xs(reform, level="regime") - base).dropna(how="all")
        rows = table[table.reform == reform].set_index(KEYS[:3]).loc[paired.index]
        used = paired.notna().sum(axis=1)
        np.testing.assert_allclose(rows.difference, paired.mean(axis=1), rtol=1e-9, atol=1e-9)
        for name, count in (
            ("share_higher", (paired > 0).sum(axis=1)),
            ("share_lower", (paired < 0).sum(axis=1)),
            ("share_equal", (paired == 0).sum(axis=1)),
        ):
            np.testing.assert_allclose(rows[name], count / used, err_msg=name)
    assert {0.0, 1 / 3, 1.0} <= {*table.share_lower.dropna()}
    shares = table[table.replicates > 0][["share_higher", "share_lower", "share_equal"]].sum(axis=1)
    np.testing.assert_allclose(shares, 1.0)


@pytest.mark.parametrize("replicate", [0, 2])
def test_each_number_is_that_of_the_single_run(replicate: int) -> None:
    run = sim.run(SCENARIO, "vc_2019_08", seed=21, replicate=replicate).measures.set_index(KEYS[:3])["value"]
    table = indexed(compared().replicates, "replicate")["value"].xs(("vc_2019_08", replicate), level=(3, 4))
    np.testing.assert_allclose(table[run.index], run, rtol=1e-12)


def test_it_is_made_when_it_is_asked_for_and_is_small(tmp_path: Path) -> None:
    comparison = sim.compare(SCENARIO, REGIMES[:2], replicates=2, seed=21)
    assert "replicates" not in comparison.__dict__
    write_comparison(tmp_path, comparison)
    read = pd.read_parquet(tmp_path / "replicates.parquet")
    pd.testing.assert_frame_equal(read, comparison.replicates, check_dtype=False)
    assert tuple(read.columns) == COLUMNS
    assert all(isinstance(read[key].dtype, pd.CategoricalDtype) for key in KEYS)
    assert len(read) == 2 * len(comparison.measures)
    assert (tmp_path / "replicates.parquet").stat().st_size < 12 * len(read)
    assert not (tmp_path / "replicates.csv").exists()


def test_replicates_of_an_interrupted_comparison_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    every = comparing.all_replicates
    monkeypatch.setattr(comparing, "all_replicates", lambda *arguments: every(*arguments)[::2])
    comparison = sim.compare(SCENARIO, REGIMES, replicates=3, seed=21)
    assert not comparison.complete
    assert sorted(set(comparison.replicates.replicate)) == [0, 2]
    last = comparison.replicates.query("replicate == 2").value.to_numpy()
    np.testing.assert_array_equal(last, compared().replicates.query("replicate == 2").value.to_numpy())


def test_shapes_that_do_not_fit_are_refused() -> None:
    labels = Labels(["a", "b"], [{"name": "m", "world": "simulated", "unit": "persons"}], ["all"])
    table = replicate_table([Block(np.arange(6.0).reshape(3, 2, 1, 1), labels)], [0, 1, 5])
    assert table.value.tolist() == [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]
    assert table.replicate.tolist() == [0, 1, 5] * 2
    with pytest.raises(ValueError, match=r"values has shape \(3, 2, 1, 1\), expected \(2, 2, 1, 1\)"):
        replicate_table([Block(np.zeros((3, 2, 1, 1)), labels)], [0, 1])
