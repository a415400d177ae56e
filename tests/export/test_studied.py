"""The folder of a sweep becomes one for a paper only when it is whole and as it was made; its tables are its own."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from paper_folders import small_store
from small_studies import TEXT
from typer.testing import CliRunner

from sim.cli.app import app
from sim.export.choices import Choices
from sim.export.results import Results, check_choices, opened
from sim.export.studied import opened_study, study_text
from sim.files.errors import InputError
from sim.studies.results import Results as Sweep


@pytest.fixture
def copy(swept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(swept, tmp_path / "copy"))


def test_a_study_comes_back_with_its_tables(studied: Results, swept: Path) -> None:
    assert (studied.kind, studied.title) == ("study", "A small study")
    assert opened_study(swept).receipt == studied.receipt
    assert studied.inputs == ("study.toml", "scenario.toml")
    assert list(studied.table("points").point_status) == ["done"] * 6
    pd.testing.assert_frame_equal(studied.table("point_differences"), Sweep(swept).differences)
    assert set(studied.titles.measures) == {
        (name, "simulated") for name in ("wish_to_report", "b8_granted", "report_wait_days")
    }


def test_a_range_is_that_of_the_differences_at_the_points(studied: Results) -> None:
    ranges = studied.table("ranges").set_index(["measure", "group"])
    at_points = studied.table("point_differences").query("measure == 'b8_granted' and group == 'dublin'").difference
    row = ranges.loc["b8_granted", "dublin"]
    assert (row.lowest, row.middle, row.highest) == (at_points.min(), at_points.median(), at_points.max())
    assert (row.points, row.points_higher, row.points_lower) == (6, (at_points > 0).sum(), (at_points < 0).sum())
    assert row.lowest < row.highest


def test_the_value_of_each_factor_is_told_for_each_point(studied: Results, swept: Path) -> None:
    values = studied.table("point_values").pivot(index="point", columns="factor", values="value")
    points = pd.read_parquet(swept / "points.parquet").set_index("point")
    assert np.array_equal(values.loc[points.index, "report.base"], points["report.base"])
    low, high = studied.table("factors").set_index("factor").loc["report.base", ["low", "high"]]
    assert values["report.base"].between(low, high).all()


def test_the_folder_of_a_paper_names_factors_and_ranges(studied: Results, paper_of_study: Path) -> None:
    tables = {path.stem for path in (paper_of_study / "tables").glob("*.csv")}
    assert {"points", "factors", "point_values", "point_readings", "ranges", "level_ranges", "law_changes"} <= tables
    latex = {path.stem for path in (paper_of_study / "latex").glob("*.tex")}
    assert {"ranges_vc_2019_08_all", "factors", "law_vc_2019_08"} <= latex
    assert study_text(studied).startswith("6 points, each under every regime in 2 replicates")
    assert study_text(studied) in (paper_of_study / "model" / "stress.md").read_text(encoding="utf-8")
    captions = (paper_of_study / "captions.nl.md").read_text(encoding="utf-8")
    assert "geen interval van toeval" in captions
    assert (paper_of_study / "inputs" / "study.toml").exists()


def test_small_levels_of_a_group_are_set_in_print(studied: Results, paper_of_study: Path) -> None:
    levels = studied.table("level_ranges").query("group == 'dublin' and unit == 'persons'")
    assert ((levels.lowest > 0) & (levels.lowest < 5)).any()
    text = (paper_of_study / "latex" / "ranges_vc_2019_08_dublin.tex").read_text(encoding="utf-8")
    assert "& {--} & {--} & {--} & " not in text


# ---- what is refused ----


def gone(folder: Path) -> Path:
    file = next((folder / "readings").glob("*.parquet"))
    file.unlink()
    return file


def changed(folder: Path) -> Path:
    file = next((folder / "receipts").glob("*.parquet"))
    file.write_bytes(file.read_bytes() + b" ")
    return file


def other_points(folder: Path) -> Path:
    file = folder / "points.parquet"
    file.write_bytes(b"mine")
    return file


def other_study(folder: Path) -> Path:
    file = folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("2.5", "2.4"), encoding="utf-8")
    return file


def other_scenario(folder: Path) -> Path:
    file = folder / "scenario.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("from = 2020-03-15", "from = 2020-03-10", 1), encoding="utf-8"
    )
    return file


@pytest.mark.parametrize("spoil", [gone, changed, other_points, other_study, other_scenario])
def test_a_file_that_is_not_as_it_was_is_named(copy: Path, spoil: Callable[[Path], Path]) -> None:
    file = spoil(copy)
    with pytest.raises(InputError) as caught:
        opened(copy)
    assert "was changed" in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("key", ["version", "source_hash"])
def test_another_version_is_refused(copy: Path, key: str) -> None:
    receipt = json.loads((copy / "receipt.json").read_text(encoding="utf-8"))
    (copy / "receipt.json").write_text(json.dumps(receipt | {key: "another"}), encoding="utf-8")
    with pytest.raises(InputError, match="made by another version of b8sim"):
        opened(copy)


def test_other_packages_are_refused(copy: Path) -> None:
    receipt = json.loads((copy / "receipt.json").read_text(encoding="utf-8"))
    receipt["packages"]["numpy"] = "1.0"
    (copy / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    with pytest.raises(InputError, match="not as it was when the sweep began"):
        opened(copy)


def test_half_a_folder_is_refused(copy: Path) -> None:
    (copy / "receipt.json").unlink()
    with pytest.raises(InputError, match="is missing, so the folder is not whole"):
        opened(copy)


def test_a_sweep_that_is_not_finished_and_one_share_are_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    part = manifest["parts"].popitem()
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="the sweep is not finished") as caught:
        opened(copy)
    assert "b8sim sweep resume" in str(caught.value.accepted)
    manifest["parts"] |= dict([part])
    (copy / "manifest.json").write_text(json.dumps(manifest | {"share": [1, 2]}), encoding="utf-8")
    with pytest.raises(InputError, match="is one share of a study"):
        opened(copy)


def test_a_study_that_stays_inside_is_exported_only_when_it_is_asked_for(tmp_path: Path) -> None:
    text = TEXT.replace("seed       = 3", "seed       = 3\npublication = false").replace("points = 6", "points = 2")
    results = opened(small_store(tmp_path, text))
    with pytest.raises(InputError, match="stays inside") as caught:
        check_choices(results, Choices.of())
    assert "--include tactics" in str(caught.value.accepted)
    check_choices(results, Choices.of(include=["tactics"]))


def test_there_are_no_event_logs_of_a_study(studied: Results) -> None:
    with pytest.raises(InputError, match="no event logs of a study"):
        check_choices(studied, Choices.of(events=["csv"]))


def test_bad_input_of_the_command_leaves_nothing(copy: Path, tmp_path: Path) -> None:
    changed(copy)
    result = CliRunner().invoke(app, ["export", str(copy), "--out", str(tmp_path / "paper")])
    assert result.exit_code == 2
    assert not (tmp_path / "paper").exists()


def test_a_disk_without_space_leaves_nothing(swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sim.export.paper.write_crate", full)
    result = CliRunner().invoke(app, ["export", str(swept), "--out", str(tmp_path / "paper")])
    assert result.exit_code == 2
    assert "no space left on device" in result.stderr.lower()
    assert sorted(path.name for path in tmp_path.iterdir()) == []
