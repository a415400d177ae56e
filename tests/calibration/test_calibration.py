"""A calibration is checked as a whole before its first run."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_calibration import SMALL

from sim.calibration.calibration import Calibration, as_csv, unit_of
from sim.files.errors import InputError


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"transfers_2018"', '"transfers_2081"', "unknown target"),
        ('"transfers_2018"', '"dublin_requests_2021"', "predicted and not fitted"),
        (
            '"leaves.onward_per_year"        = { scale = "log" }',
            '"leaves.onward_per_year" = [0.5, 0.1]',
            "leaves.onward_per_year",
        ),
        (
            '"leaves.onward_per_year"        = { scale = "log" }',
            '"leaves.onward_a_year" = "passport"',
            "onward_per_year",
        ),
        ("points     = [12, 4]", "points = []", "points"),
        ('scenario = "netherlands"', 'scenario = "netherland"', "netherlands"),
        ('headline = ["b8_granted"', 'headline = ["b8_grant"', r"calibration\.headline\[0\]: unknown measure"),
        ('"strategic.share" = 0.0', '"strategic.shar" = 0.0', r"camp\.victims_only\.kept\.strategic\.shar: unknown"),
        ('"strategic.share" = 0.0', '"capacity.avim.repor" = 1', "unknown pool"),
        ("[camp.victims_only]", '[camp.victims_only]\npresets = "H99"', "H99"),
    ],
)
def test_bad_input_is_refused_before_the_first_run(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "bad.toml"
    assert old in SMALL
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        Calibration.load(path)
    assert all(str(p.file) != "study" for p in caught.value.problems)


def test_the_shipped_calibration_is_sound() -> None:
    shipped = Calibration.load(Path(__file__).parents[2] / "experiments" / "calibration.toml")
    assert shipped.camps == ("free", "steering_off", "victims_only", "strategic_claims_only", "nobody_responds")
    budgets = {len(shipped.first(camp).points) for camp in shipped.camps}
    assert len(budgets) == 1


def test_places_in_the_unit_cube_and_the_file_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    study = Calibration.load(path).first("free")
    low = {factor.name: factor.low for factor in study.factors}
    high = {factor.name: factor.high for factor in study.factors}
    assert unit_of(study.factors, [low, high]).tolist() == [[0.0] * 4, [1.0] * 4]
    lines = as_csv(study.factors, [low, high]).splitlines()
    assert lines[0] == ",".join(low)
    assert [float(cell) for cell in lines[2].split(",")] == list(high.values())
