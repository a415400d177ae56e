"""Cohorts by day of arrival: who is in them, and what pooling them does to an incidence."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.outcomes.cohorts import Cohort, cohorts_of, members_of
from sim.outcomes.incidence import aalen_johansen

START = dt.date(2018, 1, 1)


def test_cohorts_are_years_and_those_since_the_change() -> None:
    found = cohorts_of(START, 181, 800, 577, ("all", "women"))
    assert found == [
        Cohort("all", "2018", 181, 364),
        Cohort("all", "2019", 365, 729),
        Cohort("all", "2020", 730, 800),
        Cohort("all", "since_change", 577, 800),
    ]
    assert {c.group for c in cohorts_of(START, 0, 10, None, ("all", "dublin"))} == {"all", "dublin"}


@pytest.mark.parametrize("change", [None, 0, 181, 801])
def test_there_is_none_since_a_change_outside_the_period(change: int | None) -> None:
    assert "since_change" not in [c.name for c in cohorts_of(START, 181, 800, change, ("all",))]


def test_members_arrive_in_the_days_of_their_cohort() -> None:
    groups = np.array([[True, True, True, True], [True, False, True, True]])
    cohorts = [Cohort("dublin", "2018", 0, 364), Cohort("all", "2019", 365, 729)]
    found = members_of(cohorts, np.array([0, 10, 364, 365]), groups, ("all", "dublin"))
    assert found.tolist() == [[True, False, True, False], [False, False, False, True]]


def test_pooling_cohorts_whose_chances_differ_is_wrong_and_a_cohort_is_right() -> None:
    """Early arrivals leave at 0.2% a day, late ones at 0.1%; all are followed to day 600 of the calendar."""
    rng, people = np.random.default_rng(1), 200_000
    late = np.arange(people) % 2 == 1
    leaves = np.ceil(rng.exponential(np.where(late, 1000.0, 500.0))).astype(int)
    followed = np.where(late, 300, 600)
    time, cause = np.minimum(leaves, followed), np.where(leaves <= followed, 1, 0)
    truth = 0.5 * (1 - np.exp(-590 / 500)) + 0.5 * (1 - np.exp(-590 / 1000))
    pooled = aalen_johansen(time, cause, 1, np.array([590]))[0, 0]
    early = aalen_johansen(time[~late], cause[~late], 1, np.array([590]))[0, 0]
    assert abs(pooled - truth) > 0.02
    assert early == pytest.approx(1 - np.exp(-590 / 500), abs=0.005)
