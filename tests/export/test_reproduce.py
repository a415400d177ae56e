"""A folder of a paper runs again from its own inputs, and every difference is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.export.choices import Choices
from sim.export.paper import write_paper
from sim.export.reproduce import reproduce
from sim.export.results import Results
from sim.files.errors import InputError
from sim.report.checksums import write_checksums
from sim.report.folder import open_folder


@pytest.fixture
def copy(paper_of_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(paper_of_run, tmp_path / "copy"))


def change(folder: Path, name: str, key: str, value: object) -> None:
    """Change a receipt of a folder, and let its checksums agree."""
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    content[key] = value
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    write_checksums(folder)


@pytest.mark.parametrize("which", ["paper", "paper_of_run", "paper_of_study", "paper_of_person"])
def test_every_file_comes_out_the_same(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder: Path = request.getfixturevalue(which)
    moved = Path(shutil.copytree(folder, tmp_path / "moved to another place"))
    again = reproduce(moved)
    assert again.same, again.different
    assert again.files > 15
    assert again.packages == {}


def test_event_logs_come_out_the_same(comparison: Results, tmp_path: Path) -> None:
    with open_folder(tmp_path / "paper") as hidden:
        write_paper(hidden, comparison, Choices.of(events=["csv", "xes", "ocel-sqlite"], replicate=1))
    again = reproduce(tmp_path / "paper")
    assert again.same, again.different


def test_a_number_that_another_run_made_is_named(copy: Path, tmp_path: Path) -> None:
    with (copy / "tables" / "values.csv").open("a", encoding="utf-8") as file:
        file.write("x,simulated,all,1,persons\n")
    write_checksums(copy)
    again = reproduce(copy, tmp_path / "again")
    assert again.different == ("tables/values.csv",)
    assert (tmp_path / "again" / "tables" / "values.csv").exists()


def test_packages_of_another_version_are_named(copy: Path) -> None:
    made = json.loads((copy / "export.json").read_text(encoding="utf-8"))
    change(copy, "export.json", "packages", made["packages"] | {"pyarrow": "1.0", "no such package": "2.0"})
    again = reproduce(copy)
    assert again.packages["pyarrow"][0] == "1.0"
    assert again.packages["no such package"] == ("2.0", "none")
    assert "export.json" in again.different


def test_what_was_changed_by_hand_is_named_before_anything_runs(copy: Path) -> None:
    (copy / "captions.nl.md").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="was changed after it was made") as caught:
        reproduce(copy)
    assert caught.value.file == str(copy / "captions.nl.md")


@pytest.mark.parametrize(
    ("name", "key"), [("receipt.json", "source_hash"), ("receipt.json", "version"), ("export.json", "report_hash")]
)
def test_another_version_is_refused(copy: Path, name: str, key: str) -> None:
    change(copy, name, key, "another")
    with pytest.raises(InputError, match="made by another version of b8sim") as caught:
        reproduce(copy)
    assert caught.value.key == key


def test_other_folders_are_refused(compared: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, problem in (
        (compared, "this is no folder of a paper"),
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path / "file", "is not a folder"),
    ):
        with pytest.raises(InputError, match=problem):
            reproduce(folder)


def test_a_folder_that_is_not_empty_is_not_written_in(copy: Path, compared: Path) -> None:
    with pytest.raises(InputError, match="not empty"):
        reproduce(copy, compared)
