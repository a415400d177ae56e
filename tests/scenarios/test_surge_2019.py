"""The hand-picked set of assumptions: near the figures of 2019 and 2020, inside the shipped ranges, and labelled."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.runs.single import Run
from sim.scenarios.scenario import Scenario
from verification.published import entries, level

SURGE = "surge_2019"
BANDS = {
    "asked to report, January to April 2019": (400, 600),
    "waiting to report in mid-May 2019": (150, 300),
    "Nigerians registered in 2019": (400, 560),
    "Nigerians registered in 2020": (150, 230),
    "reports in 2020 for 100 in 2019": (40, 95),
}
"""What it should give, in the first replicate."""


def figures(run: Run) -> dict[str, float]:
    moves = run.transitions
    until = moves[moves["date"] <= "2019-05-15"]
    came, left = (until.loc[until[side] == "b8.wish_to_report", "person"].value_counts() for side in ("to", "from"))
    waiting = (came.sub(left, fill_value=0) > 0).sum()
    reports = {year: entries(run, "b8.report", f"{year}-01-01", f"{year}-12-31") for year in (2019, 2020)}
    values = (
        entries(run, "b8.wish_to_report", "2019-01-01", "2019-04-30"),
        float(waiting),
        level("registrations_2019", "NGA", "recorded")(run),
        level("registrations_2020", "NGA", "recorded")(run),
        100 * reports[2020] / reports[2019],
    )
    return dict(zip(BANDS, values, strict=True))


@cache
def surge() -> Scenario:
    return Scenario.load(SURGE).replace(end=dt.date(2020, 12, 31))


def outside(found: dict[str, float]) -> set[str]:
    return {name for name, (low, high) in BANDS.items() if not low <= found[name] <= high}


@pytest.mark.slow
def test_it_comes_near_the_figures_of_2019_and_2020() -> None:
    found = figures(sim.run(surge(), "historical"))
    assert outside(found) == set(), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"entry.claims_drawn": 0.0}, "asked to report, January to April 2019"),
        ({"report.base": 0.5}, "asked to report, January to April 2019"),
        ({"avim.reports_per_working_day": 4.0}, "waiting to report in mid-May 2019"),
    ],
)
def test_without_one_of_its_mechanisms_it_misses_them(change: dict[str, float], missed: str) -> None:
    assert missed in outside(figures(sim.run(surge().replace(parameters=change), "historical")))


def test_every_number_is_inside_its_range() -> None:
    scenario = Scenario.load(SURGE)
    parameters = scenario.parameter_values()
    for name, value in scenario.document.parameters.items():
        passport = parameters.passport(name)
        assert passport.low <= value <= passport.high, name
    shipped = Scenario.load("netherlands").document.capacity
    assert scenario.document.capacity == shipped, "its capacities are parameters, whose ranges are checked"


def test_it_says_that_it_is_one_of_many_and_no_evidence() -> None:
    scenario = Scenario.load(SURGE)
    assert "one of many" in scenario.title
    text = Path(scenario.file).read_text(encoding="utf-8")
    assert "compatible with it and are not evidence for it" in text
