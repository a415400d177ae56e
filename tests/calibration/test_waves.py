"""A later wave's points are chosen once, and kept."""

from __future__ import annotations

from pathlib import Path

from small_calibration import SMALL

from sim.calibration.calibration import Calibration
from sim.calibration.waves import finished


def test_a_camp_without_all_its_waves_is_not_finished(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    (tmp_path / "free" / "wave-1").mkdir(parents=True)
    assert not finished(Calibration.load(file), tmp_path / "free")
