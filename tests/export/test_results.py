"""A folder of results is opened only when it is whole, as it was made, and of this version."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.export.choices import Choices
from sim.export.results import Results, check_choices, check_version, opened, read_json
from sim.files.errors import InputError
from sim.report.checksums import write_checksums


def spoilt(folder: Path, changed: Callable[[dict[str, object]], object]) -> None:
    """Change the receipt of a folder, and let its checksums agree."""
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    changed(receipt)
    (folder / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    write_checksums(folder)


@pytest.fixture
def copy(compared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(compared, tmp_path / "copy"))


def test_a_comparison_comes_back_with_its_tables(comparison: Results, compared: Path) -> None:
    assert comparison.kind == "comparison"
    assert comparison.regimes == ["vc_2018", "vc_2019_08+U1=ninety_days", "recognition_panel"]
    assert comparison.complete
    assert comparison.inputs == ("scenario.toml", "own/groups.toml")
    assert "persons = 500" in comparison.scenario_text
    assert list(comparison.own_files) == ["own/groups.toml"]
    pd.testing.assert_frame_equal(comparison.differences, pd.read_parquet(compared / "differences.parquet"))
    assert (comparison.law_changes["old"] == "").any()
    assert comparison.assumptions["value"].dtype.kind == "f"
    assert set(comparison.pairs["reform"]) == set(comparison.incidence["regime"]) - {"vc_2018"}


def test_a_run_comes_back_with_its_tables(single: Results) -> None:
    assert (single.kind, single.regimes, single.receipt["replicate"]) == ("run", ["vc_2019_08"], 1)
    assert len(single.table("persons")) > 300
    assert "title_nl" in single.catalogue.columns


@pytest.mark.parametrize(
    "name", ["measures.csv", "differences.parquet", "scenario.toml", "receipt.json", "own/groups.toml"]
)
def test_a_file_that_was_changed_is_named(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(InputError, match="was changed after it was made") as caught:
        opened(copy)
    assert caught.value.file == str(copy / name)


def test_a_file_that_is_gone_is_named(copy: Path) -> None:
    (copy / "pairs.csv").unlink()
    with pytest.raises(InputError, match="is missing") as caught:
        opened(copy)
    assert caught.value.file == str(copy / "pairs.csv")


def test_half_a_folder_is_refused(copy: Path) -> None:
    (copy / "receipt.json").unlink()
    with pytest.raises(InputError, match="is missing, so the folder is not whole"):
        opened(copy)


def test_a_receipt_that_is_no_receipt_is_refused(copy: Path) -> None:
    (copy / "receipt.json").write_text("[1]")
    with pytest.raises(InputError, match="is not as b8sim wrote it"):
        opened(copy)


def test_results_without_checksums_are_refused(copy: Path) -> None:
    (copy / "checksums.sha256").unlink()
    with pytest.raises(InputError, match="nothing says what the folder held"):
        opened(copy)


@pytest.mark.parametrize("key", ["version", "source_hash"])
def test_another_version_is_refused(copy: Path, key: str) -> None:
    spoilt(copy, lambda receipt: receipt.update({key: "another"}))
    with pytest.raises(InputError, match="made by another version of b8sim") as caught:
        opened(copy)
    assert (caught.value.key, caught.value.value) == (key, "another")


def test_an_interrupted_comparison_is_refused(copy: Path) -> None:
    spoilt(copy, lambda receipt: receipt.update(replicates_wanted=20))
    with pytest.raises(InputError, match="was interrupted") as caught:
        opened(copy)
    assert caught.value.value == "2 of 20 replicates"
    assert "--replicates 2" in str(caught.value.accepted)


def test_own_files_must_be_in_the_folder(copy: Path) -> None:
    spoilt(copy, lambda receipt: receipt.update(own_files={"own/groups.toml": "", "own/measures.toml": ""}))
    with pytest.raises(InputError, match="is missing") as caught:
        opened(copy)
    assert caught.value.file == str(copy / "own/measures.toml")


def test_other_folders_are_refused(tmp_path: Path, paper: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, problem in (
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path / "file", "is not a folder"),
        (tmp_path, "is missing, so the folder is not whole"),
        (paper, "is the folder of a paper"),
    ):
        with pytest.raises(InputError, match=problem):
            opened(folder)


@pytest.mark.parametrize(("which", "replicate"), [("comparison", 2), ("single", 1)])
def test_a_replicate_that_is_not_there_is_refused(which: str, replicate: int, request: pytest.FixtureRequest) -> None:
    with pytest.raises(InputError) as caught:
        check_choices(request.getfixturevalue(which), Choices.of(events=["csv"], replicate=replicate))
    assert caught.value.key == "--replicate"


def test_a_replicate_that_is_there_is_taken(comparison: Results, single: Results) -> None:
    check_choices(comparison, Choices.of(events=["csv"], replicate=1))
    check_choices(single, Choices.of(events=["csv"]))


def test_helpers_are_strict(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff")
    with pytest.raises(InputError, match="is not as b8sim wrote it"):
        read_json(tmp_path / "x.json", "is missing", "x")
    with pytest.raises(InputError, match="another version"):
        check_version({}, tmp_path / "x.json")
