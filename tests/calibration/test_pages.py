"""The pages on fitted sets are those of the sets that ship."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.calibration.ensembles import ensembles
from sim.calibration.page_figures import validation_figure
from sim.calibration.pages import CAMPS, FIGURE, VALIDATION, main, pages, write_pages
from sim.calibration.series_page import all_judged
from sim.runs.fitted import FOLDER

SETS = Path(__file__).parent / "ensembles"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pages_of_the_manual_are_those_of_the_shipped_sets() -> None:
    if not (FOLDER / "receipt.json").exists():
        assert not any((DOCS / name).exists() for name in (VALIDATION, CAMPS))
        return
    found = ensembles()
    for name, text in pages(found, all_judged(found)).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, "make validation writes the page again"


def test_both_pages_and_the_figure_are_written(tmp_path: Path) -> None:
    write_pages(tmp_path, SETS)
    assert {path.name for path in tmp_path.iterdir()} == {VALIDATION, CAMPS, FIGURE}
    camps = (tmp_path / "two-camps.md").read_text(encoding="utf-8")
    assert "compatible with the figures, not shown by them" in camps
    assert "the rival `free`" in camps


def test_a_camp_without_a_set_that_fits_says_which_figure_keeps_it_out(tmp_path: Path) -> None:
    shutil.copytree(SETS, tmp_path / "sets")
    receipt = json.loads((SETS / "receipt.json").read_text())
    receipt["camps"]["nobody_responds"] |= {"accepted": 0}
    receipt["camps"]["nobody_responds"]["nearest"]["transfers_2018"] = 7.25
    (tmp_path / "sets" / "receipt.json").write_text(json.dumps(receipt))
    found = ensembles(tmp_path / "sets")
    for text in pages(found, ()).values():
        assert "no set comes nearer than 7.25 tolerances to *Dublin transfers, 2018*" in text
    words = [text.get_text() for text in validation_figure(found).legends[0].get_texts()]
    assert words[:3] == [
        "Everything may vary", "Networks do not steer", "Nobody responds to the rule (nearest sets: none fits)",
    ]  # fmt: skip


def test_bad_words_and_missing_sets_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path), str(tmp_path)]) == 2
    assert "no fitted sets" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
