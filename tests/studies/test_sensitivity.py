"""Sensitivity of functions whose answer is known, and of a small study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_samples import made
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from small_studies import in_threads, small_study

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.sensitivity import INERT, _table, sensitivity

PROBLEM = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}


def linear(u: np.ndarray) -> np.ndarray:
    return 4 * u[:, 0] + 2 * u[:, 1]


def crossed(u: np.ndarray) -> np.ndarray:
    return (u[:, 0] - 0.5) * (u[:, 1] - 0.5)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    assert ((table["low"] <= table["value"] + 1e-9) & (table["value"] <= table["high"] + 1e-9)).all()
    return table.pivot(index="factor", columns="index", values="value")


def test_morris_gives_the_effect_over_the_whole_range() -> None:
    unit = morris_sample.sample(PROBLEM, 20, num_levels=4, seed=1)
    found = wide(_table(made(unit, linear), "morris", 4, 4, {}))
    assert found["mu_star"].to_dict() == pytest.approx({"a": 4, "b": 2, "c": 0}, abs=1e-9)
    assert found["sigma"].abs().max() < 1e-9, "a linear function has the same effect everywhere"
    assert wide(_table(made(unit, crossed), "morris", 4, 4, {}))["sigma"]["a"] > 0.1


def test_sobol_gives_first_and_total_order() -> None:
    unit = sobol_sample.sample(PROBLEM, 256, calc_second_order=False, seed=1)
    found = wide(_table(made(unit, linear), "sobol", 5, 0, {"resamples": 60}))
    assert found["first"].to_dict() == pytest.approx({"a": 0.8, "b": 0.2, "c": 0}, abs=0.03)
    assert found["total"].to_dict() == pytest.approx({"a": 0.8, "b": 0.2, "c": 0}, abs=0.03)
    found = wide(_table(made(unit, crossed), "sobol", 5, 0, {"resamples": 60}))
    assert abs(found["first"]["a"]) < 0.1
    assert found["total"]["a"] > 0.8, "all of it is interplay"


def test_pawn_ranks_factors_of_any_design_above_one_without_effect() -> None:
    unit = np.random.default_rng(3).random((200, 3))
    table = _table(made(unit, linear, noise=0.3), "pawn", 1, 0, {"resamples": 100}).set_index("factor")
    assert list(table["value"].sort_values().index[-2:]) == ["b", "a"]
    assert table["low"]["a"] > table["high"][INERT]
    assert table["value"]["c"] < table["high"][INERT] + 0.05


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sensitivity")


def test_one_factor_at_a_time_is_compared_in_the_same_replicates(folder: Path) -> None:
    in_threads(small_study("one_at_a_time"), folder / "one")
    results = Results(folder / "one")
    table = sensitivity(results, "wish_to_report")
    assert list(table["factor"]) == ["the scenario", *["report.base"] * 2, *["leaves.transfer_per_year"] * 2]
    sample = {p.id: results.sample("wish_to_report").set_index(["point", "replicate"])["difference"][p.id] for _, p in
              results.study.points}  # fmt: skip
    base, first = (sample[results.study.points[i][1].id] for i in (0, 1))
    assert table["change"][1] == pytest.approx((first - base).mean())
    assert (table["change_low"] <= table["change"]).all()


def test_a_method_needs_its_design(folder: Path) -> None:
    in_threads(small_study(), folder / "few")
    with pytest.raises(InputError, match="sobol needs a design of kind saltelli"):
        sensitivity(Results(folder / "few"), "wish_to_report", method="sobol")
    with pytest.raises(InputError, match="unknown method"):
        sensitivity(Results(folder / "few"), "wish_to_report", method="guess")
    with pytest.raises(InputError, match="too few points"):
        sensitivity(Results(folder / "few"), "wish_to_report")


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_a_design_that_is_made_for_a_method_is_analysed_by_it(folder: Path, kind: str) -> None:
    in_threads(small_study(kind), folder / kind)
    table = sensitivity(Results(folder / kind), "wish_to_report", resamples=20)
    assert set(table["factor"]) == {"report.base", "leaves.transfer_per_year"}
    assert set(table["index"]) == ({"mu_star", "sigma"} if kind == "morris" else {"first", "total"})


@pytest.mark.parametrize(("method", "size"), [("morris", 4), ("sobol", 5), ("pawn", 1)])
def test_where_nothing_differs_nothing_decides(method: str, size: int) -> None:
    unit = {
        "morris": lambda: morris_sample.sample(PROBLEM, 6, num_levels=4, seed=1),
        "sobol": lambda: sobol_sample.sample(PROBLEM, 8, calc_second_order=False, seed=1),
        "pawn": lambda: np.random.default_rng(1).random((40, 3)),
    }[method]()
    table = _table(made(unit, lambda u: 0 * u[:, 0]), method, size, 4, {"resamples": 20})
    assert (table["value"].fillna(0) == 0).all()
