"""What was varied is said of studies and calibrations, and of nothing else."""

from __future__ import annotations

from sim.export.designs import design_text
from sim.export.results import Results


def test_only_what_varies_says_how(studied: Results, fitted: Results, comparison: Results) -> None:
    assert design_text(studied).startswith("6 points")
    assert design_text(fitted).startswith("10 sets of assumptions")
    assert design_text(comparison) == ""
