"""Regret and proposals, against counts by hand; measures stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_studies import in_threads, small_study

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.robustness import dominated, levels_at_points, proposals, robustness


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("robustness") / "out"
    study = small_study(design_points=5, measures=("wish_to_report", "b8_granted", "left_unknown"))
    in_threads(study, out)
    return Results(out)


def levels(results: Results, measure: str) -> pd.DataFrame:
    rows = results.readings.query("measure == @measure and world == 'simulated'")
    return rows.groupby(["point", "regime"])["value"].mean().unstack()[list(results.study.regimes)]


@pytest.mark.parametrize(("measure", "wish"), [("b8_granted", "more"), ("left_unknown", "less")])
def test_regret_is_how_far_it_stays_behind_the_best(results: Results, measure: str, wish: str) -> None:
    table = robustness(results, {measure: wish}).set_index("regime")  # type: ignore[dict-item]
    level = levels(results, measure)
    assert np.allclose(np.sort(levels_at_points(results, measure, None), axis=0), np.sort(level, axis=0))
    best = level.max(axis=1) if wish == "more" else level.min(axis=1)
    regret = level.sub(best, axis=0).abs()
    for regime in results.study.regimes:
        row = table.loc[regime]
        assert row["regret"] == pytest.approx(regret[regime].mean())
        assert row["largest_regret"] == pytest.approx(regret[regime].max())
        assert row["best_share"] == pytest.approx((regret[regime] == 0).mean())
        assert row["mean"] == pytest.approx(level[regime].mean())
        assert row["regret_low"] <= row["regret"] <= row["regret_high"]
        worse = row["worst_tenth"] <= row["mean"] if wish == "more" else row["worst_tenth"] >= row["mean"]
        assert worse


def test_a_regime_is_dominated_only_on_all_measures() -> None:
    def table(rows: list[tuple[str, str, float]]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["measure", "regime", "high_regret"])

    rows = [("m", "a", 0.0), ("m", "b", 1.0), ("n", "a", 2.0), ("n", "b", 2.0)]
    assert dominated(table(rows)) == {"a": [], "b": ["a"]}
    assert dominated(table([*rows[:3], ("n", "b", 1.0)])) == {"a": [], "b": []}


def test_every_regime_is_set_against_others_area_by_area(results: Results) -> None:
    table = proposals(results, results.study.regimes)
    assert list(dict.fromkeys(table["area"])) == ["protection", "reporting"]
    assert len(table) == 3 * 2
    found = table.query("measure == 'b8_granted' and against == 'vc_2018'").iloc[0]
    difference = levels(results, "b8_granted")["vc_2019_08"] - levels(results, "b8_granted")["vc_2018"]
    assert found["difference"] == pytest.approx(difference.mean())
    assert found["lower"] == pytest.approx((difference < 0).mean())
    assert found["low"] <= found["difference"] <= found["high"]


def test_mistakes_are_told(results: Results) -> None:
    with pytest.raises(InputError, match="nothing is wished"):
        robustness(results, {})
    with pytest.raises(InputError, match="nearest: b8_granted"):
        robustness(results, {"b8_grant": "more"})
    with pytest.raises(InputError, match="not a regime of the study"):
        proposals(results, ["vc_2023"])
