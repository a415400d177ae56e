"""Fitted sets read back: what they assume, give and differ by."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibration.ensembles import load, targets_of
from sim.files.errors import InputError

SMALL = Path(__file__).parent / "ensembles"
"""A trial with a tenth of the country and few sets: for tests, not for conclusions."""


def test_each_camp_has_its_sets_with_what_they_assume_and_give() -> None:
    found = sim.ensembles(SMALL)
    assert set(found) == {"free", "steering_off", "nobody_responds"}
    free = found["free"]
    assert free.accepted
    assert free.size == free.said["accepted"] == len(free.assumptions) == len(free.readings)
    assert free.weight.sum() == pytest.approx(1)
    assert (free.deviations.abs() <= free.receipt["within_tolerances"]).all(axis=None)
    assert "tactics.coaches_per_year" in free.assumptions
    assert "tactics.coaches_per_year" not in found["steering_off"].assumptions
    assert found["steering_off"].kept["tactics.coaches_per_year"] == 0


def test_a_figure_gives_the_deviation_that_was_written() -> None:
    free = load("free", SMALL)
    fitted, held_out = targets_of(free.receipt)
    assert len(fitted) == 9
    for target in fitted:
        assert target.deviation(target.scaled(free.figure(target))) == pytest.approx(
            free.deviations[target.name].to_numpy(), abs=1e-3
        )
    assert np.isfinite(free.figure(held_out[0])).any()


def test_differences_are_reform_less_baseline() -> None:
    free = load("free", SMALL)
    key = ("b8_granted", "simulated", "all")
    less = free.readings["vc_2019_08"][key] - free.readings["vc_2018"][key]
    assert free.differences()[key].to_numpy() == pytest.approx(less.to_numpy())
    with pytest.raises(InputError, match="not a reform"):
        free.differences("vc_2018")


def test_a_range_holds_nine_tenths_of_the_sets() -> None:
    free = load("free", SMALL)
    values = np.linspace(0, 1, free.size)
    low, high = free.range_of(values)
    assert 0 <= low < 0.2
    assert 0.8 < high <= 1


def test_a_camp_that_reproduces_not_every_figure_has_its_nearest_sets(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "none")
    receipt = json.loads((tmp_path / "none" / "receipt.json").read_text())
    receipt["camps"]["free"]["accepted"] = 0
    (tmp_path / "none" / "receipt.json").write_text(json.dumps(receipt))
    assert not load("free", tmp_path / "none").accepted


def test_what_is_missing_or_unknown_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no fitted sets"):
        sim.ensembles(tmp_path)
    with pytest.raises(InputError, match="unknown camp") as error:
        load("fre", SMALL)
    assert "nearest: free" in str(error.value)
    shutil.copytree(SMALL, tmp_path / "broken")
    (tmp_path / "broken" / "free.csv").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        sim.ensembles(tmp_path / "broken")
    (tmp_path / "broken" / "receipt.json").write_text("{}")
    with pytest.raises(InputError, match="not the receipt"):
        sim.ensembles(tmp_path / "broken")


def test_numbers_are_those_of_the_whole_country() -> None:
    sets = pd.concat(
        [e.readings["historical"]["dublin_claims_2018"]["simulated"]["all"] for e in sim.ensembles(SMALL).values()]
    )
    assert 3000 < sets.median() < 30000
