"""The shape of a calibration file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from small_calibration import SMALL

from sim.calibration.plan_file import CalibrationFile, scenario_path
from sim.files.errors import InputError
from sim.files.toml import validate


def test_what_a_file_leaves_out() -> None:
    document = validate(CalibrationFile, tomllib.loads(SMALL), "small.toml")
    assert document.calibration.lived == "historical"
    assert document.calibration.compared == ("vc_2018", "vc_2019_08")
    assert document.camp["free"].title.nl == "Everything may vary"
    assert not document.calibration.later


@pytest.mark.parametrize("points", [[0, 3], [1_000_000, 1], []])
def test_waves_without_points_or_without_end_are_refused(points: list[int]) -> None:
    data = tomllib.loads(SMALL) | {"waves": {"points": points}}
    with pytest.raises(InputError, match=r"waves\.points"):
        validate(CalibrationFile, data, "small.toml")


def test_a_scenario_is_a_name_or_a_path_from_the_folder_of_the_file() -> None:
    assert scenario_path("netherlands", Path("/x")) == "netherlands"
    assert Path(scenario_path("mine.toml", Path("/x"))) == Path("/x/mine.toml")
