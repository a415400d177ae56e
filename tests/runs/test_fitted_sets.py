"""The fitted sets of assumptions of a page (`sim.runs.fitted_sets`): those of the calibration, for its question."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.calibration.ensembles import load
from sim.runs.fitted_sets import MOST_SETS, FittedSet, evenly, fitted_sets, sets_in
from sim.runs.loading import asked_of
from sim.scenarios.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[1] / "calibration" / "ensembles"


def test_the_numbers_are_those_of_the_calibration() -> None:
    found, known = fitted_sets(asked_of("netherlands_drawn"), FOLDER), load("free", FOLDER)
    assert found is not None
    assert found.scenario == "netherlands_drawn"
    assert len(found.sets) == known.size
    for one, (_, row) in zip(found.sets, known.assumptions.iterrows(), strict=True):
        assert one.numbers == row.to_dict()
    differences = known.differences()["b8_granted", "simulated", "dublin"]
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "dublin") == pytest.approx(differences.tolist())
    assert found.differences("vc_2018", "vc_2023", "b8_granted", "dublin") is None
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "minors") is None


def test_a_number_that_a_camp_keeps_is_one_of_each_set() -> None:
    found = sets_in(FOLDER / "free.csv", {"strategic.share": 0.25})
    assert {one.numbers["strategic.share"] for one in found} == {0.25}


def test_of_many_sets_some_are_taken_evenly() -> None:
    many = [FittedSet({"number": float(k)}, {}) for k in range(100)]
    taken = [one.numbers["number"] for one in evenly(many)]
    assert len(taken) == len(set(taken)) == MOST_SETS
    assert taken[0] == 0
    assert taken[-1] > 94
    assert evenly(many[:3]) == many[:3]


def test_only_the_question_that_was_fitted_has_sets(tmp_path: Path) -> None:
    drawn = Scenario.load("netherlands_drawn")
    assert fitted_sets(asked_of(drawn.replace(replicates=3, seed=9)), FOLDER) is not None
    for other in (
        drawn.replace(inflow={"scale": 0.5}),
        drawn.replace(parameters={"om.needed_base": -2.0}),
        drawn.replace(regimes=["vc_2018", "vc_2023"]),
    ):
        assert fitted_sets(asked_of(other), FOLDER) is None
    assert fitted_sets(asked_of(drawn), tmp_path) is None
