"""A scenario in one line and as a small table (`sim.scenarios.shown`)."""

from __future__ import annotations

import sim
from sim.scenarios.shown import scenario_html, scenario_line


def test_a_scenario_in_one_line_and_as_a_table() -> None:
    scenario = sim.Scenario.load("netherlands").under("H5")
    line, table = scenario_line(scenario), scenario_html(scenario)
    assert (repr(scenario), scenario._repr_html_()) == (line, table)
    assert line.startswith("<Scenario netherlands: 2017-01-01 to 2021-12-31, regimes vc_2018, vc_2019_08")
    assert line.endswith(", under deterred_victims>")
    for said in ("transfers_stopped", "1 times published", "deterred_victims"):
        assert said in table
