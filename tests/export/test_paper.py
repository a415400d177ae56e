"""A folder of a paper holds everything, and its receipts say what made it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.export.choices import Choices
from sim.export.paper import export_receipt, report_hash, write_paper
from sim.export.results import Results
from sim.report.checksums import changes, files_in, read_checksums


def test_the_checksums_are_of_every_file(paper: Path) -> None:
    known = read_checksums(paper)
    assert known.keys() == {name for name, _ in files_in(paper)} - {"checksums.sha256"}
    assert list(changes(paper, known)) == []


def test_what_makes_it_again_is_inside(paper: Path, compared: Path) -> None:
    for inside, outside in (
        ("receipt.json", "receipt.json"),
        ("inputs/scenario.toml", "scenario.toml"),
        ("inputs/own/groups.toml", "own/groups.toml"),
    ):
        assert (paper / inside).read_bytes() == (compared / outside).read_bytes()


def test_the_receipt_of_the_export_says_what_was_chosen_and_left_out(paper: Path, paper_of_run: Path) -> None:
    made, made_of_run = (
        json.loads((folder / "export.json").read_text(encoding="utf-8")) for folder in (paper, paper_of_run)
    )
    assert made["of"] == "comparison"
    assert made["choices"]["decimal_comma"] is True
    assert "persons" in made["left_out"]
    assert made["report_hash"] == report_hash()
    assert (made_of_run["of"], made_of_run["choices"]["include"]) == ("run", ["persons"])
    assert "persons" not in made_of_run["left_out"]
    assert (paper_of_run / "tables" / "persons.parquet").exists()


@pytest.mark.parametrize("which", ["comparison", "single"])
def test_a_folder_is_the_same_twice(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    results: Results = request.getfixturevalue(which)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_paper(tmp_path / name, results, Choices.of(decimal_comma=True))
    assert read_checksums(tmp_path / "one") == read_checksums(tmp_path / "two")


def test_no_machine_or_user_is_named(paper: Path, compared: Path) -> None:
    for name, path in files_in(paper):
        content = path.read_bytes()
        assert str(compared.parent).encode() not in content, name
        assert str(Path.home()).encode() + b"/" not in content, name


def test_what_is_chosen_is_in_the_receipt(single: Results) -> None:
    receipt = export_receipt(single, Choices.of(licence="CC0-1.0"))
    assert receipt["choices"]["licence"] == "CC0-1.0"
    assert receipt["packages"].keys() == {"fonttools", "matplotlib", "pandas", "pyarrow", "sqlite"}
