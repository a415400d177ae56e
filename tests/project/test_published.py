"""Published figures beside what a preset gives: they are those of the evidence, and can be read from a run."""

from __future__ import annotations

import re

import pytest

from sim.evidence.observed import observed
from sim.runs.single import run
from verification.published import FIGURES, REGIME, Figure
from verification.small_worlds import netherlands


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_what_is_said_to_be_printed_is_in_the_evidence(figure: Figure) -> None:
    rows = observed().query("source_key == @figure.source")
    assert not rows.empty
    number = re.search(r"\d+", figure.printed)
    if number is None:
        assert "lower" in set(rows["value"])
    else:
        # "transfers = 32 percent of accepted" stands in a note.
        assert number[0] in set(rows["value"]) or any(f"{number[0]} percent" in note for note in rows["note"])


def test_each_figure_can_be_read_from_a_run() -> None:
    result = run(netherlands(scale=0.1), REGIME)
    found = {figure.name: figure.of(result) for figure in FIGURES}
    assert all(value >= 0 for value in found.values()), found
    assert all(value <= 100 for name, value in found.items() if "%" in name or "for 100 accepted" in name), found
