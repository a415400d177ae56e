"""The fitted sets of assumptions of a page (`sim.runs.fitted_sets`): those of the calibration, for its question."""

from __future__ import annotations

from pathlib import Path

import pytest
from fitted_today import fitted_today

from sim.calibration.ensembles import load
from sim.runs.fitted_sets import MOST_SETS, FittedSet, FittedSets, evenly, fitted_sets, sets_in
from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fitted sets of the country as it ships."""
    return fitted_today(tmp_path_factory.mktemp("today") / "sets")


def test_the_numbers_are_those_of_the_calibration(folder: Path) -> None:
    found, known = fitted_sets(asked_of("netherlands_drawn"), folder), load("free", folder)
    assert found is not None
    assert found.scenario == "netherlands_drawn"
    assert len(found.every) == known.size
    assert found.sets == [found.every[at] for at in found.again]
    for one, (_, row) in zip(found.every, known.assumptions.iterrows(), strict=True):
        assert one.numbers == row.to_dict()
    differences = known.differences()["b8_granted", "simulated", "dublin"]
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "dublin") == pytest.approx(differences.tolist())
    assert found.differences("vc_2018", "vc_2023", "b8_granted", "dublin") is None
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "minors") is None


def test_a_number_that_a_camp_keeps_is_one_of_each_set(folder: Path) -> None:
    found = sets_in(folder / "free.csv", {"strategic.share": 0.25})
    assert {one.numbers["strategic.share"] for one in found} == {0.25}


def test_of_many_sets_some_are_taken_evenly() -> None:
    taken = evenly(100)
    assert len(taken) == len(set(taken)) == MOST_SETS
    assert taken[0] == 0
    assert taken[-1] > 94
    assert evenly(3) == [0, 1, 2]


def test_a_range_has_every_set_also_those_that_are_not_run_again() -> None:
    key = ("b8_granted", "all")
    every = [FittedSet({}, {("a", *key): 1.0, ("b", *key): float(k)}) for k in range(5)]
    found = FittedSets("x", every, [0, 4])
    assert found.differences("a", "b", *key) == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert found.sets == [every[0], every[4]]


def test_only_the_question_that_was_fitted_has_sets(folder: Path, tmp_path: Path) -> None:
    drawn = Scenario.load("netherlands_drawn")
    assert fitted_sets(asked_of(drawn.replace(replicates=3, seed=9)), folder) is not None
    for other in (
        drawn.replace(inflow={"scale": 0.5}),
        drawn.replace(parameters={"om.needed_base": -2.0}),
        drawn.replace(regimes=["vc_2018", "vc_2023"]),
    ):
        assert fitted_sets(asked_of(other), folder) is None
    assert fitted_sets(asked_of(drawn), tmp_path) is None
