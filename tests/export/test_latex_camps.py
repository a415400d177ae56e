"""The LaTeX tables of a calibration hold the numbers of its tables."""

from __future__ import annotations

import pytest

from sim.export.latex_camps import blocks_of_calibration
from sim.export.results import Results


def test_each_camp_has_a_row_for_each_measure(fitted: Results) -> None:
    blocks = {block.name: block for block in blocks_of_calibration(fitted, "en")}
    rows = blocks["camps_vc_2019_08_all"].rows
    table = fitted.table("camp_differences").query("group == 'all' and world == 'simulated'")
    assert len(rows) == len(table) == 4
    assert [row[1] for row in rows] == ["Everything may vary", "Victims report as before"] * 2
    for row, wanted in zip(rows, table.sort_values(["measure", "camp"])["middle"], strict=True):
        places = len(row[2].partition(".")[2])
        assert float(row[2]) == pytest.approx(wanted, abs=0.5000001 * 10**-places)


def test_each_figure_is_named_once_with_its_use(fitted: Results) -> None:
    block = {block.name: block for block in blocks_of_calibration(fitted, "nl")}["figures"]
    heads = [row for row in block.rows if row[0]]
    assert len(heads) * 2 == len(block.rows)
    assert {row[2] for row in heads} == {"gebruikt", "achtergehouden"}
    assert "Dublinoverdrachten, 2018" in {row[0] for row in heads}
