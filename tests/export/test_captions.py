"""Captions name what is shown, the people, the intervals and the run, in both languages, and judge nothing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from sim.export.captions import (
    caption_of_assumptions,
    caption_of_differences,
    caption_of_law,
    caption_of_spill_over,
    caption_of_values,
    captions_page,
    ground,
)
from sim.export.pieces import Piece
from sim.export.results import Results
from sim.export.words import both

JUDGING = re.compile(r"\b(better|worse|improv\w*|benefi\w*|harm\w*|success\w*|fail\w*|beter|slechter|verbeter\w*)\b")


def test_a_caption_says_what_on_whom_and_how_sure(comparison: Results) -> None:
    said = caption_of_differences(comparison, ["vc_2019_08+U1=ninety_days", "recognition_panel"], "dublin")
    assert "Aliens Circular, B8/3 before 2019" in said.en
    assert "Proposal: an independent panel" in said.en
    assert "people with a Dublin claim" in said.en
    assert "over 2 replicates; they cover chance inside the model" in said.en
    assert said.en.endswith("b8sim 0.1.0, scenario small, seed 3.")
    assert "mensen met een Dublinclaim" in said.nl
    assert "en niet de twijfel over de aannames" in said.nl
    assert "vc_2019_08" not in said.en + said.nl


def test_captions_are_neutral(comparison: Results, single: Results) -> None:
    said = [
        caption_of_differences(comparison, ["recognition_panel"], "all"),
        caption_of_spill_over(comparison, "recognition_panel"),
        caption_of_law(comparison, "recognition_panel"),
        caption_of_assumptions(20, 300),
        caption_of_values(single),
    ]
    for title in said:
        assert not JUDGING.search(title.en + title.nl)
        assert title.en != title.nl


@pytest.mark.parametrize(
    ("changes", "english", "dutch"),
    [
        ({"replicates": 1}, "One replicate, so without intervals", "Een replicatie"),
        ({"hypotheses": {"H5": "x", "H11": "y"}}, "seed 3, under H5, H11.", "seed 3, onder H5, H11."),
    ],
)
def test_the_ground_says_what_the_run_was(
    comparison: Results, changes: dict[str, Any], english: str, dutch: str
) -> None:
    said = ground(dataclasses.replace(comparison, receipt=comparison.receipt | changes))
    assert english in said.en
    assert dutch in said.nl


def test_a_page_has_each_caption_once_with_all_its_files() -> None:
    pieces = [Piece(f"figures/x.{kind}", "figure", both("X", "Y"), both("c", "d")) for kind in ("pdf", "svg")]
    pieces.append(Piece("tables/t.csv", "table", both("T", "U"), both("e", "f")))
    assert captions_page(pieces, "en") == "# Captions\n\n## X\n\nc\n\n`figures/x.pdf`, `figures/x.svg`\n"
    assert captions_page(pieces, "nl").startswith("# Onderschriften\n\n## Y\n\nd\n")


def test_the_pages_are_in_the_folder(paper: Path) -> None:
    english, dutch = ((paper / f"captions.{language}.md").read_text(encoding="utf-8") for language in ("en", "nl"))
    assert english.count("\n## ") == dutch.count("\n## ") > 6
    assert "`latex/assumptions.tex`" in english
