"""The page of the folder says what is in it, what is left out, and how to make it again."""

from __future__ import annotations

from pathlib import Path

from sim.export.choices import Choices
from sim.export.readme import readme_text
from sim.export.results import Results


def test_the_page_names_places_regimes_and_licence(paper: Path) -> None:
    text = (paper / "README.md").read_text(encoding="utf-8")
    for said in (
        "`tables/`",
        "`latex/`",
        "`checksums.sha256`",
        "b8sim reproduce .",
        "Creative Commons",
        "In het Nederlands",
    ):
        assert said in text
    assert "- `vc_2018`: Aliens Circular, B8/3 before 2019" in text
    assert "- `persons`: the table of single synthetic persons" in text


def test_nothing_left_out_is_said(single: Results) -> None:
    assert "Left out:\n nothing" in readme_text(single, Choices.of(include=["persons", "tactics"]), [])
