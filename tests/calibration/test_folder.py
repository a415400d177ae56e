"""A whole calibration of a small country: it goes on where it was, and refuses what makes no sense."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_calibration import SMALL
from typer.testing import CliRunner

from sim.calibration.folder import Calibrated, calibrate
from sim.cli import app
from sim.files.errors import InputError
from sim.studies.runner import run_points


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("calibration") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    with ThreadPoolExecutor(1) as executor:
        return calibrate(file, tmp_path_factory.mktemp("fit") / "out", executor=executor)


def test_every_camp_has_its_budget_and_holds_what_it_holds(done: Calibrated) -> None:
    assert dict(done.sets.groupby("camp").size()) == {"free": 16, "victims_only": 16}
    assert done.sets["strategic.share"][done.sets["camp"] == "free"].nunique() > 10
    assert done.sets[done.sets["camp"] == "victims_only"].get("strategic.share", pd.Series([0.0])).fillna(0).eq(0).all()


def test_counts_are_those_of_the_whole_country(done: Calibrated) -> None:
    rows = done.figures.set_index(["camp", "target"]).loc["free"]
    fitting = done.sets[(done.sets["camp"] == "free") & done.sets["accepted"]]
    assert len(fitting) > 0
    assert 3000 < rows.loc["dublin_requests_2018", "middle"] < 40_000


def test_figures_of_after_the_change_are_predicted_and_not_fitted(done: Calibrated) -> None:
    assert set(done.figures["target"][done.figures["fitted"]]) == {
        "nigerian_departures_2018", "transfers_2018", "dublin_requests_2018",
    }  # fmt: skip
    assert "dublin_requests_2021" in set(done.figures["target"][~done.figures["fitted"]])
    assert "transfers_autumn_2020" not in set(done.figures["target"]), "a capacity follows from it"
    assert done.receipt["figures_after_the_change_fitted"] is False


def test_what_is_there_is_not_run_again_and_gives_the_same(file: Path, done: Calibrated) -> None:
    before = {p: p.read_bytes() for p in done.folder.rglob("*") if p.is_file()}
    (done.folder / "figures.csv").unlink()

    class Refuses(ThreadPoolExecutor):
        def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Any:
            assert task is not run_points, "a run that was finished was run again"
            return super().submit(task, *args, **kwargs)

    with Refuses(1) as executor:
        calibrate(file, done.folder, executor=executor)
    assert {p: p.read_bytes() for p in done.folder.rglob("*") if p.is_file()} == before


def test_a_camp_that_runs_again_takes_no_finished_camp_from_the_tables(
    file: Path, done: Calibrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[set[str]] = []

    def seen(folder: Path, calibration: Any, found: Any) -> None:
        written.append(set(found))

    monkeypatch.setattr("sim.calibration.folder._write", seen)
    calibrate(file, done.folder, camps=["free"])
    assert written == [{"free", "victims_only"}]


def test_other_targets_or_ranges_are_refused_in_the_same_folder(file: Path, done: Calibrated, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(SMALL.replace('"transfers_2018", ', ""), encoding="utf-8")
    with pytest.raises(InputError, match="fitted: not as it was when the calibration began"):
        calibrate(other, done.folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="no calibration is in it"):
        calibrate(file, tmp_path / "full")


def test_the_commands_say_what_is_and_is_not_reproduced(file: Path, done: Calibrated) -> None:
    shown = CliRunner().invoke(app, ["validate", str(done.folder)])
    assert shown.exit_code == 0
    assert "Nigerians registered in 2019: published 512" in shown.output
    assert CliRunner().invoke(app, ["validate", str(file.parent)]).exit_code == 2
    wrong = CliRunner().invoke(app, ["calibrate", str(file), "--out", str(done.folder), "--camp", "fre"])
    assert wrong.exit_code == 2
