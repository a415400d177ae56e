"""The fitted sets of assumptions of a page (`sim.scenarios.fitted`): of their scenario, from camps that fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.calibration.ensembles import load
from sim.scenarios import fitted
from sim.scenarios.fitted import MOST_SETS, fitted_for, fitted_in
from sim.scenarios.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[1] / "calibration" / "ensembles"


def folder_with(tmp_path: Path, **camps: dict[str, object]) -> Path:
    """Return a folder in which the sets of the small calibration are those of several camps."""
    receipt = json.loads((FOLDER / "receipt.json").read_text(encoding="utf-8"))
    said = receipt["camps"].pop("free")
    receipt["camps"] = {name: {**said, **changes} for name, changes in camps.items()}
    for name in camps:
        shutil.copyfile(FOLDER / "free.csv", tmp_path / f"{name}.csv")
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    return tmp_path


def test_the_numbers_are_those_of_the_calibration() -> None:
    found, known = fitted_in(FOLDER), load("free", FOLDER)
    assert found is not None
    assert found.accepted
    assert found.camps == [known.title]
    assert len(found.sets) == known.size
    for one, (_, row) in zip(found.sets, known.assumptions.iterrows(), strict=True):
        assert one.numbers == row.to_dict()
    differences = known.differences()["b8_granted", "simulated", "dublin"]
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "dublin") == pytest.approx(differences.tolist())
    assert found.differences("vc_2018", "vc_2023", "b8_granted", "dublin") is None
    assert found.differences("vc_2018", "vc_2019_08", "b8_granted", "minors") is None


def test_camps_take_turns_and_those_in_which_nothing_fits_are_left_out(tmp_path: Path) -> None:
    camps = {name: {"kept": {"strategic.share": k / 10}} for k, name in enumerate(("one", "two", "three"))}
    found = fitted_in(folder_with(tmp_path, **camps, none={"accepted": 0}, other={"presets": "H5"}))
    assert found is not None
    assert len(found.sets) == MOST_SETS
    assert [one.numbers["strategic.share"] for one in found.sets[:4]] == [0.0, 0.1, 0.2, 0.0]
    assert len({str(one) for one in found.sets}) == MOST_SETS
    assert len(found.camps) == 3


def test_nearest_sets_are_marked(tmp_path: Path) -> None:
    found = fitted_in(folder_with(tmp_path, near={"accepted": 0}))
    assert found is not None
    assert not found.accepted
    assert len(found.sets) == 11


def test_only_the_scenario_that_was_fitted_has_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fitted, "FOLDER", FOLDER)
    drawn = Scenario.load("netherlands_drawn")
    assert fitted_for(drawn) is not None
    assert fitted_for(drawn.replace(replicates=3, seed=9, regimes=["vc_2018", "vc_2023"])) is not None
    assert fitted_for(drawn.replace(inflow={"scale": 0.5})) is None
    assert fitted_for(drawn.replace(parameters={"om.needed_base": -2.0})) is None
    assert fitted_for(Scenario.load("netherlands")) is None
    monkeypatch.setattr(fitted, "FOLDER", tmp_path)
    assert fitted_for(drawn) is None
