"""Which figures a folder has, and that each is named with its title, caption and tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.export.choices import Choices
from sim.export.print_figures import drawings, write_figures
from sim.export.results import Results


def test_every_figure_of_the_report_is_there(comparison: Results, compared: Path) -> None:
    drawn = {path.stem.replace("headline", "differences") for path in (compared / "figures").glob("*.svg")}
    assert {drawing.name for drawing in drawings(comparison)} == drawn


def test_figures_are_in_the_contents_with_their_tables(paper: Path) -> None:
    contents = pd.read_csv(paper / "tables" / "contents.csv")
    figures = contents[contents["kind"] == "figure"]
    assert len(figures) == 8 * 2 * 2
    assert figures["made_from"].str.startswith("tables/").all()
    assert "Ways out: everyone" in set(figures["title"])
    assert "Uitstroom: iedereen" in set(figures["title_nl"])


def test_a_run_has_no_figures(single: Results, tmp_path: Path) -> None:
    assert list(drawings(single)) == []
    assert write_figures(tmp_path, single, Choices.of()) == []
    assert not (tmp_path / "figures").exists()
