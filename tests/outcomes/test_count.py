"""Counting (`sim.outcomes.count`): measures of some months are what a reader of the log would count in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

import sim
from sim.files.errors import InputError
from sim.files.toml import validate
from sim.outcomes.measures import Measures

NAMES = ("dublin_claims_2018", "left_unknown_2019", "waiting_to_report_2019_05", "early_dismissals_before_change")
MEASURE = {"area": "x", "title": "x", "kind": "persons", "steps": ["b8.report"]}


def one_point(regime: str, **head: Any) -> sim.Study:
    """A study with the scenario as it is as its only point."""
    base = sim.Scenario.load("netherlands").parameter_values().value("report.base")
    varied = {"report.base": {"values": [base]}}
    return sim.Study("netherlands", [regime], design={"kind": "grid"}, parameters=varied, replicates=1, **head)


@pytest.fixture(scope="module")
def study() -> sim.Study:
    return one_point("historical", persons=3000, measures=NAMES)


@pytest.fixture(scope="module")
def values(study: sim.Study) -> pd.Series[float]:
    return sim.sweep(study).readings.set_index("measure")["value"]


@pytest.fixture(scope="module")
def first(study: sim.Study) -> pd.DataFrame:
    """The first day of each person on each step."""
    moves = sim.run(study.asked.scenario, study.asked.regimes[0], seed=study.seed).transitions
    return moves[moves["person"].notna()].groupby(["person", "to"])["date"].min().unstack()


def between(days: pd.Series[str], low: str, high: str) -> set[str]:
    days = pd.to_datetime(days)
    return set(days.index[(days >= low) & (days <= high)])


def test_first_entries_of_a_year(values: pd.Series[float], first: pd.DataFrame) -> None:
    for name, step, year in (
        ("dublin_claims_2018", "dublin.claim", 2018),
        ("left_unknown_2019", "whereabouts.left_unknown", 2019),
    ):
        there = between(first[step], f"{year}-01-01", f"{year}-12-31")
        assert values[name] == len(there) > 20


def test_who_waits_on_a_day_has_asked_and_not_yet_left_the_queue(values: pd.Series[float], first: pd.DataFrame) -> None:
    measure = Measures.dated().measure["waiting_to_report_2019_05"]
    waiting = between(first["b8.wish_to_report"], "2017-01-01", "2019-05-15")
    for step in measure.not_steps:
        if step in first:
            waiting -= between(first[step], "2017-01-01", "2019-05-15")
    assert values["waiting_to_report_2019_05"] == len(waiting)


def test_a_share_of_some_months(values: pd.Series[float], first: pd.DataFrame) -> None:
    days = ("2017-01-01", "2019-07-31")
    lead, dismissed = (between(first[s], *days) for s in ("investigation.lead_found", "investigation.early_dismissal"))
    assert lead
    assert values["early_dismissals_before_change"] == pytest.approx(len(dismissed) / len(dismissed | lead))


def test_a_measure_whose_days_are_not_simulated_is_empty() -> None:
    study = one_point(
        "vc_2018", persons=300, measures=("reports_2021", "reports_2018", "b8_granted"), end=dt.date(2019, 12, 31)
    )
    value = sim.sweep(study).readings.set_index("measure")["value"]
    assert pd.isna(value["reports_2021"])
    assert value["reports_2018"] >= 0
    assert value["b8_granted"] >= 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"between": [dt.date(2019, 12, 31), dt.date(2019, 1, 1)]}, "the earlier first"),
        ({"between": [dt.date(2019, 1, 1)]}, "between"),
        (
            {"kind": "days", "between": [dt.date(2019, 1, 1), dt.date(2019, 12, 31)]},
            "between goes with a measure of kind",
        ),
    ],
)
def test_between_that_makes_no_sense_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        validate(Measures, {"measure": {"mine": MEASURE | changes}}, "mine.toml")
