"""What each camp must believe, and where they part."""

from __future__ import annotations

from pathlib import Path

from sim.calibration.camps_page import camps_page
from sim.calibration.ensembles import ensembles

SETS = Path(__file__).parent / "ensembles"


def test_every_question_is_answered_by_the_sets_of_every_camp() -> None:
    found = ensembles(SETS)
    page = camps_page(found)
    permits = sum((sets.differences()["b8_granted", "simulated", "all"] < 0).sum() for sets in found.values())
    size = sum(sets.size for sets in found.values())
    said = f"All {size} sets of all camps say yes" if permits == size else f"{permits} of {size} sets say yes"
    assert said in page
    row = next(line for line in page.splitlines() if line.startswith("| Fewer B8 permits are granted"))
    assert row.count(" of ") == len(found)


def test_no_mechanism_is_called_shown() -> None:
    page = " ".join(camps_page(ensembles(SETS)).split())
    assert page.count("not shown by them") >= 2
    assert "proves" not in page
    assert "shows that" not in page
