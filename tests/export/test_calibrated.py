"""The folder of a calibration becomes one for a paper: its own tables, made again to the byte, refused when changed."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import frictionless
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.calibration.folder import Calibrated
from sim.cli.app import app
from sim.export.calibrated import calibration_text
from sim.export.choices import Choices
from sim.export.paper import write_paper
from sim.export.reproduce import reproduce
from sim.export.results import Results, opened
from sim.files.errors import InputError
from sim.report.folder import open_folder


@pytest.fixture
def copy(calibrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(calibrated, tmp_path / "copy"))


def test_a_calibration_comes_back_with_its_tables(fitted: Results, calibrated: Path) -> None:
    done = Calibrated.load(calibrated)
    assert (fitted.kind, fitted.title) == ("calibration", "A small one")
    assert fitted.table("sets")["point"].tolist() == done.sets["point"].tolist()
    varied = done.sets[done.sets["camp"] == "free"]
    values = fitted.table("set_values").query("factor == 'report.base'").set_index("point").value
    assert np.array_equal(values.loc[varied["point"]], varied["report.base"])
    assert len(values) == len(varied)  # the other camp keeps it
    off = fitted.table("set_deviations").query("target == 'transfers_2018'").deviation
    assert np.array_equal(off, done.sets["deviation transfers_2018"])
    found = set(fitted.table("camp_differences")[["measure", "world"]].itertuples(index=False, name=None))
    assert ("b8_granted", "simulated") in found
    assert found <= set(fitted.titles.measures)


def test_the_folder_validates_and_is_made_again(paper_of_calibration: Path) -> None:
    report = frictionless.validate(str(paper_of_calibration / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])[:5]
    latex = {path.stem for path in (paper_of_calibration / "latex").glob("*.tex")}
    assert latex == {"camps_vc_2019_08_all", "camps_vc_2019_08_dublin", "figures", "tables"}
    figures = {path.stem for path in (paper_of_calibration / "figures").glob("*.svg")}
    assert "camps_vc_2019_08_dublin_85mm" in figures
    with ThreadPoolExecutor(1) as executor:  # processes start for each wave
        assert reproduce(paper_of_calibration, executor=executor).same


def test_what_networks_do_is_left_out_unless_it_is_asked_for(
    fitted: Results, paper_of_calibration: Path, tmp_path: Path
) -> None:
    values = pd.read_csv(paper_of_calibration / "tables" / "set_values.csv")
    assert not values["factor"].str.startswith("tactics.").any()
    assert "tactics.coaches_per_year" not in "".join(
        path.read_text(encoding="utf-8") for path in (paper_of_calibration / "tables").glob("set*.csv")
    )
    with open_folder(tmp_path / "whole") as hidden:
        write_paper(hidden, fitted, Choices.of(include=["tactics"]))
    tactics = pd.read_csv(tmp_path / "whole" / "tables" / "set_tactics.csv")
    assert set(tactics["factor"]) == {"tactics.coaches_per_year"}


def test_the_descriptions_say_what_was_fitted(fitted: Results, paper_of_calibration: Path) -> None:
    text = calibration_text(fitted)
    assert "fitted to 2 published figures" in text
    assert "No figure of after 31 July 2019 was fitted." in text
    assert text in (paper_of_calibration / "model" / "stress.md").read_text(encoding="utf-8")
    captions = (paper_of_calibration / "captions.en.md").read_text(encoding="utf-8")
    assert "compatible with the figures, not shown by them" in captions


def test_a_changed_table_wave_or_version_is_named(copy: Path, tmp_path: Path) -> None:
    table = copy / "headline.csv"
    before = table.read_text(encoding="utf-8")
    table.write_text(before.replace("free", "free ", 1), encoding="utf-8")
    with pytest.raises(InputError, match="was changed after it was made") as caught:
        opened(copy)
    assert str(table) in str(caught.value)
    table.write_text(before, encoding="utf-8")
    part = next((copy / "free" / "wave-1" / "readings").glob("*.parquet"))
    kept = part.read_bytes()
    part.write_bytes(kept + b" ")
    with pytest.raises(InputError, match="was changed after it was made"):
        opened(copy)
    part.write_bytes(kept)
    receipt = json.loads((copy / "receipt.json").read_text(encoding="utf-8"))
    (copy / "receipt.json").write_text(json.dumps(receipt | {"source_hash": "another"}), encoding="utf-8")
    result = CliRunner().invoke(app, ["export", str(copy), "--out", str(tmp_path / "paper")])
    assert result.exit_code == 2
    assert "made by another version" in result.output
    assert not (tmp_path / "paper").exists()
