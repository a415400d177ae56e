"""A plan counts what a study would run and keep, and times its first point."""

from __future__ import annotations

import pytest
from small_studies import small_study

from sim.studies.plan import amount, duration, plan_of


def test_a_plan_counts_points_runs_and_readings() -> None:
    study = small_study("morris", design_points=30, groups=("all", "dublin"), presets=("none", "H5"))
    plan = plan_of(study, 2, timed=False)
    assert plan.points == len(study.points) < plan.rows == 30 * 3 * 2
    assert plan.runs == plan.points * 2 * 2
    assert plan.readings == plan.points * 2 * 2 * 3 * 2
    assert plan.seconds is None
    assert "rows of the design" in plan.lines()[0]


def test_time_is_that_of_the_first_point_over_the_workers() -> None:
    plan = plan_of(small_study(), 2)
    assert plan.seconds is not None
    assert plan.seconds_a_point is not None
    assert plan.seconds == pytest.approx(plan.seconds_a_point * 4 / 2)
    assert 0 < plan.seconds < 30


def test_durations_and_sizes_are_as_they_are_read() -> None:
    assert [duration(s) for s in (0.123, 2.5, 48, 720, 12000)] == ["0.12 s", "2.5 s", "48 s", "12 min", "3 h 20 min"]
    assert [amount(b) for b in (900, 12_000, 3.4e9)] == ["900 B", "12 kB", "3.4 GB"]
