"""Scenario discovery finds a box that is known, says how good it is, and finds nothing where there is nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_studies import in_threads, small_study

from sim.files.errors import InputError
from sim.studies.discovery import _leaves, box_of, chosen, discover, pasted, peeled
from sim.studies.results import Results

VALUES = np.random.default_rng(5).random((400, 3))
INSIDE = (VALUES[:, 0] > 0.6) & (VALUES[:, 1] < 0.4)


def test_prim_finds_the_box() -> None:
    path = list(peeled(VALUES, INSIDE))
    box = pasted(chosen(path), VALUES, INSIDE)
    assert box.low[0] == pytest.approx(0.6, abs=0.08)
    assert box.high[1] == pytest.approx(0.4, abs=0.08)
    assert np.isinf([box.low[1], box.high[0], box.low[2], box.high[2]]).all(), "it bounds nothing else"
    assert box.coverage > 0.8
    assert box.density > 0.85
    assert [b.mass for b in path] == sorted((b.mass for b in path), reverse=True)
    assert box.holds(VALUES).mean() == pytest.approx(box.mass)


def test_prim_bounds_values_that_are_few() -> None:
    values = VALUES.copy()
    values[:, 0] = np.floor(values[:, 0] * 3)
    box = pasted(chosen(list(peeled(values, values[:, 0] == 2))), values, values[:, 0] == 2)
    assert (box.low[0], box.density, box.coverage) == (2.0, 1.0, 1.0)


def test_a_box_of_chance_is_not_much_denser_than_everything() -> None:
    wanted = np.random.default_rng(6).random(400) < 0.3
    box = chosen(list(peeled(VALUES, wanted)))
    assert box.density < 0.45
    assert box.coverage >= 0.6


def test_the_tree_tells_the_same() -> None:
    table = _leaves(VALUES, INSIDE, ("a", "b", "c"))
    assert table["points"].sum() == 400
    assert table["cases"].sum() == INSIDE.sum()
    best = table.sort_values("cases").iloc[-1]
    assert best["share"] > 0.9
    assert "a > 0.6" in best["rule"] or "a > 0.59" in best["rule"]
    assert "b <=" in best["rule"]
    assert "c" not in best["rule"]
    only = _leaves(VALUES, np.random.default_rng(6).random(400) < 2, ("a", "b", "c"))
    assert only["rule"].tolist() == ["everywhere"]


def test_coverage_density_and_mass_are_shares() -> None:
    box = box_of(np.array([0.5, -np.inf, -np.inf]), np.full(3, np.inf), VALUES, INSIDE)
    held = VALUES[:, 0] >= 0.5
    assert (box.coverage, box.mass) == (1.0, held.mean())
    assert box.density == pytest.approx(INSIDE.sum() / held.sum())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("discovery") / "out"
    in_threads(small_study(design_points=24), out)
    return Results(out)


def test_a_small_study_is_asked(results: Results) -> None:
    values = np.sort(results.differences.query("measure == 'wish_to_report'")["difference"])
    bound = float(np.median(np.unique(values)))
    found = discover(results, "wish_to_report", below=bound)
    assert found.wanted.sum() == (found.sample.mean < bound).sum() > 0
    assert set(found.limits["factor"]) <= {f.name for f in results.study.factors}
    quality = found.quality.set_index("statistic")
    assert quality["value"]["coverage"] == pytest.approx(found.box.coverage)
    assert (quality["low"] <= quality["high"]).all()
    other = discover(results, "wish_to_report", above=bound)
    assert not (other.wanted & found.wanted).any()


def test_what_cannot_be_asked_is_told(results: Results, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the points are cases of interest") as error:
        discover(results, "wish_to_report", below=-1e9)
    assert "a bound between" in str(error.value)
    with pytest.raises(InputError, match="all of the points"):
        discover(results, "wish_to_report", above=-1e9)
    with pytest.raises(InputError, match="one of the two"):
        discover(results, "wish_to_report", above=1, below=1)
    in_threads(small_study(), tmp_path / "few")
    with pytest.raises(InputError, match="too few points"):
        discover(Results(tmp_path / "few"), "wish_to_report")
