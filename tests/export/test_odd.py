"""The description has the parts of ODD in the order of its second update, and drifts from nothing."""

from __future__ import annotations

import re
from pathlib import Path

from sim.export.facts import rationale
from sim.export.odd import odd_text
from sim.export.results import Results
from sim.export.stress import stress_text
from sim.export.trace import trace_text

PARTS = [
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialisation", "Input data", "Submodels",
]  # fmt: skip


def test_the_parts_are_in_their_order(comparison: Results, paper: Path) -> None:
    text = odd_text(comparison)
    assert re.findall(r"^## \d\. (.*)$", text, re.MULTILINE) == PARTS
    assert (paper / "model" / "odd.md").read_text(encoding="utf-8") == text
    assert "`tables/assumptions.csv`" in text


def test_a_run_has_its_own_regime_alone(single: Results) -> None:
    text = odd_text(single)
    assert "vc_2019_08" in text
    assert "recognition_panel" not in text
    assert "`tables/assumptions.csv`" not in text


def test_every_text_of_the_rationale_is_used(comparison: Results) -> None:
    texts = odd_text(comparison) + stress_text(comparison) + trace_text(comparison)
    assert [name for name, text in rationale().items() if text not in texts] == []
