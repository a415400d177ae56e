"""Published figures beside what a preset gives: they are those of the evidence, and can be read from a run."""

from __future__ import annotations

import re

import pytest

from sim.calibration.targets import load_targets
from sim.evidence.observed import observed
from sim.evidence.parameters import Parameters
from sim.runs.single import run
from verification.before_after import ACCEPTED, before, figures, worlds, written
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


def test_before_is_without_a_history_capacities_of_years_and_states_that_differ() -> None:
    old = before(worlds()["as shipped"])
    values = old.parameter_values()
    assert old.first_day == old.start
    assert {values[name] for name in values if name.startswith("dublin.accepted_")} == {ACCEPTED}
    published = {name for name in values if "_ratio_20" in name and name.startswith(("ind.", "dtv.", "om."))}
    assert {values[name] for name in published} == {1}
    assert any(Parameters.load().value(name) != 1 for name in published)


def test_each_target_has_a_row_with_the_value_of_each_scenario() -> None:
    targets = load_targets()
    found = figures(netherlands(scale=0.05), targets, replicates=1)
    assert found.keys() == targets.keys()
    assert found["transfers_2018"] > 0
    text = written(targets, {"as shipped": found})
    assert text.count("| ") > len(targets)
    row = next(line for line in text.splitlines() if "Dublin transfers, 1 July to 20 November 2020" in line)
    assert row.endswith("| input |")
    assert "600 (`" in row
