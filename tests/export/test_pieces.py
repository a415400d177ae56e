"""The contents of a folder name every file and of which others it is made."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.export.pieces import Piece, contents_table
from sim.export.words import both
from sim.report.checksums import files_in


def test_contents_have_a_row_for_each_piece() -> None:
    piece = Piece("latex/x.tex", "LaTeX table", both("A", "B"), both("c", "d"), ("tables/a.csv", "tables/b.csv"))
    assert contents_table([piece]).to_numpy().tolist() == [
        ["latex/x.tex", "LaTeX table", "A", "B", "tables/a.csv tables/b.csv"]
    ]


def test_whatever_is_in_a_folder_is_named_and_made_of_files_that_are_there(paper: Path) -> None:
    contents = pd.read_csv(paper / "tables" / "contents.csv", keep_default_na=False)
    there = {name for name, _ in files_in(paper)}
    alone = {"checksums.sha256", "datapackage.json", "csvw-metadata.json", "tables/contents.csv"}
    alone |= {"ro-crate-metadata.json"}
    alone |= {"tables/decimal_comma/contents.csv"}
    assert there - set(contents["file"]) <= alone
    sources = {name for made_from in contents["made_from"] for name in made_from.split()}
    assert sources | set(contents["file"]) <= there
    drawn = contents[contents["kind"].isin(["LaTeX table", "figure"])]
    assert len(drawn) > 6
    assert all("tables/" in made_from for made_from in drawn["made_from"])
