"""Results as tables for notebooks (`sim.report.notebook`)."""

from __future__ import annotations

import re
from pathlib import Path

from own_files import SCENARIO, written

import sim
from sim.report.notebook import comparison_html, run_html


def test_a_comparison_shows_levels_and_differences(tmp_path: Path) -> None:
    scenario = sim.Scenario.load(written(tmp_path, mine=SCENARIO) / "mine.toml").replace(inflow={"scale": 0.2})
    comparison = sim.compare(scenario, ["vc_2018", "vc_2019_08", "recognition_panel"])
    page = comparison_html(comparison)
    assert re.findall('<th scope="col">([^<]*)</th>', page) == [
        *("", "unit", "vc_2018"),
        *("vc_2019_08", "difference", "95% interval", "recognition_panel", "difference", "95% interval"),
    ]
    level = comparison.measures.set_index(["measure", "world", "group", "regime"])["mean"]
    mean = next(value for key, value in level.items() if key[0] == "reports" and key[2:] == ("all", "vc_2018"))
    row = next(row for row in page.split("<tr>") if "Reports taken by the police" in row)
    assert re.findall("<td>([^<]*)</td>", row)[1] == f"{mean:.1f}".removesuffix(".0")


def test_a_run_shows_its_measures(tmp_path: Path) -> None:
    run = sim.run(written(tmp_path, mine=SCENARIO) / "mine.toml", "vc_2018")
    page = run_html(run)
    assert "b8_granted" in page
    assert "&lt;Run mine under vc_2018" in page
