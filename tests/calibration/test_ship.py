"""Fitted sets as files: what is written is what was found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_calibration import SMALL

from sim.calibration.folder import Calibrated, calibrate
from sim.calibration.ship import MOST_NEAREST, ship
from sim.files.errors import InputError


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    folder = tmp_path_factory.mktemp("calibration")
    # Nobody can come near a tenth of a tolerance: this camp has no accepted set.
    (folder / "small.toml").write_text(SMALL.replace("within   = 10", "within   = 0.1"), encoding="utf-8")
    with ThreadPoolExecutor(1) as executor:
        return calibrate(folder / "small.toml", folder / "out", camps=["free"], executor=executor)


def test_of_a_camp_without_a_set_that_fits_the_nearest_ship_and_say_so(done: Calibrated, tmp_path: Path) -> None:
    free = ship(done.folder, tmp_path / "sets")["free"]
    assert not free.accepted
    assert free.size == min(len(done.sets), MOST_NEAREST)
    assert free.said["run"] == len(done.sets) == 16
    assert free.said["share_off"]["transfers_2018"] > 0
    assert free.deviations.abs().max(axis=1).is_monotonic_increasing
    assert free.said["title"]["en"] == "Everything may vary"
    first = done.sets.set_index("strategic.share").loc[
        done.sets["strategic.share"].iloc[
            (done.sets["strategic.share"] - free.assumptions["strategic.share"][0]).abs().argmin()
        ]
    ]
    assert free.deviations["transfers_2018"][0] == pytest.approx(first["deviation transfers_2018"], rel=1e-4)


def test_readings_are_those_of_figures_and_of_named_measures(done: Calibrated, tmp_path: Path) -> None:
    free = ship(done.folder, tmp_path / "sets")["free"]
    named = {name[1] for name in free.readings.columns if name[0] == "vc_2018"}
    assert {"b8_granted", "left_unknown"} <= named
    assert ("registrations_2019", "recorded", "NGA") in free.lived()
    headline = done.headline.set_index(["measure", "world", "group"])
    assert ("b8_granted", "simulated", "dublin") in headline.index
    assert set(free.differences().columns) >= set(headline.index)


def test_a_second_time_replaces_and_another_folder_is_refused(done: Calibrated, tmp_path: Path) -> None:
    ship(done.folder, tmp_path / "sets")
    (tmp_path / "sets" / "gone.csv").write_text("set\n")
    ship(done.folder, tmp_path / "sets")
    assert {path.name for path in (tmp_path / "sets").iterdir()} == {"free.csv", "ranges.csv", "receipt.json"}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="no fitted sets are in it"):
        ship(done.folder, tmp_path / "mine")
