"""Measures by year: of years that are simulated, in part or whole, and of years of which chances are known."""

from __future__ import annotations

import datetime as dt
import functools

import numpy as np
import pytest

import sim
from sim.outcomes.recorded import KNOWN_YEARS, Period, recorded_meaning, recorded_measures, stand_in_text
from sim.runs.comparison import Comparison

BY_YEAR = ("registrations", "registrations_victims", "signalled")


@functools.cache
def compared(start: dt.date, end: dt.date) -> Comparison:
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", start=start, end=end, inflow={"scale": 0.1}
    )
    return sim.compare(scenario, ["vc_2018", "vc_2019_08"], replicates=2, seed=1)


PERIODS = {
    "one known year": (dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
    "parts of two": (dt.date(2019, 7, 1), dt.date(2020, 3, 31)),
    "later years": (dt.date(2022, 1, 1), dt.date(2023, 12, 31)),
    "into a later year": (dt.date(2021, 10, 1), dt.date(2022, 3, 31)),
}


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
def test_a_year_that_is_not_simulated_is_empty_and_one_that_is_adds_up(period: tuple[dt.date, dt.date]) -> None:
    comparison = compared(*period)
    simulated = set(range(period[0].year, period[1].year + 1))
    table = comparison.measures.query("world == 'recorded' and regime == 'vc_2018'")
    for group in ("all", "dublin", "women"):
        means = table[table.group == group].set_index("measure")["mean"]
        for name in BY_YEAR:
            by_year = {year: means[f"{name}_{year}"] for year in {*KNOWN_YEARS, *simulated}}
            assert {year for year, value in by_year.items() if np.isnan(value)} == {*KNOWN_YEARS} - simulated
            if name == "registrations":
                assert sum(by_year[year] for year in simulated) == pytest.approx(means["registrations"])
    everybody = table[table.group == "all"].set_index("measure")["mean"]
    assert all(everybody[f"signalled_{year}"] > 0 for year in simulated)
    outside = comparison.differences[
        comparison.differences.measure.isin([f"signalled_{y}" for y in {*KNOWN_YEARS} - simulated])
    ]
    assert outside.difference.isna().all()
    assert (outside.replicates == 0).all()


def test_one_run_has_the_same_years() -> None:
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31), inflow={"scale": 0.05}
    )
    table = sim.run(scenario, "vc_2019_08", seed=1).measures.query("group == 'all'")
    table = table.set_index(["measure", "world"])["value"]
    assert table["registrations_2022", "recorded"] == table["registrations", "recorded"] > 0
    assert np.isnan(table["registrations_2021", "recorded"])
    assert np.isnan(table["registrations_victims_2019", "simulated"])
    assert table["registrations_victims_2022", "simulated"] == table["registrations_victims", "simulated"]


def test_it_is_said_which_year_stands_in() -> None:
    late = compared(*PERIODS["later years"])
    said = "2021 stands in for 2022 and 2023, of which no chances of registration are known"
    notes = late.assumptions.set_index("parameter")["note"]
    assert said in notes["recording.police_from_2019_ratio"]
    assert said in notes["recording.inspectorate"]
    assert "stands in" not in notes["recording.privacy_law_2018_ratio"] + notes["recording.care"]
    meanings = late.catalogue.query("world == 'recorded'").set_index("measure")["meaning"]
    assert said in meanings["registrations"]
    assert meanings["registrations_2022"].endswith(
        "2021 stands in for 2022, of which no chances of registration are known"
    )
    assert "stands in" not in meanings["signalled_2022"] + meanings["registrations_2021"]
    known = compared(*PERIODS["one known year"])
    assert not known.assumptions.note.fillna("").str.contains("stands in for 20").any()
    assert not known.catalogue.meaning.str.contains("stands in").any()


@pytest.mark.parametrize(
    ("start", "end", "year", "named"),
    [
        (dt.date(2017, 1, 1), dt.date(2021, 12, 31), 2019, "2019"),
        (dt.date(2019, 7, 1), dt.date(2019, 10, 31), 2019, "2019 (2019-07-01 to 2019-10-31)"),
        (dt.date(2019, 7, 1), dt.date(2020, 12, 31), 2019, "2019 (2019-07-01 to 2019-12-31)"),
        (dt.date(2019, 7, 1), dt.date(2020, 12, 31), 2020, "2020"),
        (dt.date(2022, 1, 1), dt.date(2023, 12, 31), 2017, "2017 (not in the scenario)"),
    ],
)
def test_a_title_says_which_days_of_a_year_are_simulated(start: dt.date, end: dt.date, year: int, named: str) -> None:
    period = Period(start, end)
    assert period.named(year) == named
    assert recorded_measures(period)[f"signalled_{year}"][1] == f"Signals passed to the police in {named}"


def test_years_before_the_first_that_is_known_take_the_first() -> None:
    period = Period(dt.date(2015, 1, 1), dt.date(2017, 12, 31))
    assert period.stand_ins == {2015: 2017, 2016: 2017}
    assert "2017 stands in for 2015 and 2016" in recorded_meaning("registrations_care", period)
    both = stand_in_text({2016: 2017, 2022: 2021})
    assert both.startswith(
        "2017 stands in for 2016, of which no chances of registration are known; 2021 stands in for 2022"
    )


def test_nobody_is_not_the_same_as_no_year() -> None:
    """A group that has nobody counts 0 in a year that is simulated, and has no share."""
    scenario = sim.Scenario.load("netherlands").replace(
        history_from="start", start=dt.date(2019, 1, 1), end=dt.date(2019, 3, 31), inflow={"scale": 0.002}
    )
    run = sim.run(scenario, "vc_2018", seed=1)
    size = dict.fromkeys(("GMB", "SLE", "GIN"), 0) | run.persons.group.value_counts().to_dict()
    nobody = [group for group in ("GMB", "SLE", "GIN", "UGA", "NGA") if size.get(group, 0) == 0]
    assert nobody
    table = run.measures.set_index(["measure", "world", "group"])["value"]
    for group in nobody:
        assert table["registrations_2019", "recorded", group] == 0
        assert np.isnan(table["registrations_2018", "recorded", group])
        assert np.isnan(table["triage_sensitivity", "simulated", group])
