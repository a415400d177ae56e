"""A point of a study gives what a comparison of the same scenario gives, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from small_studies import small_study

import sim
from sim.studies.points import Point
from sim.studies.runner import Job, Runner, packed, run_points, runner_of

MEASURES = ("wish_to_report", "b8_granted", "networks_with_lead", "registrations_2019", "queue_avim.report")


def test_a_point_is_the_comparison_of_its_scenario() -> None:
    """Whatever was run before it, with people kept or made again."""
    study = small_study(
        measures=MEASURES,
        groups=("dublin", "all"),
        parameters={
            "report.base": (0.5, 2.5),
            "inflow.eurodac_share": "passport",
            "inflow.hidden_victims_per_year": "passport",
        },
        presets=("none", "H5"),
        design_points=2,
    )
    runner = Runner(Job.of(study))
    for _, point in (*study.points, study.points[0]):
        result = runner.run(point)
        compared = sim.compare(study.scenario_at(point), study.regimes, replicates=2, workers=1).replicates
        table = compared.set_index(["measure", "world", "group", "regime", "replicate"])["value"]
        for r in range(2):
            for k, regime in enumerate(study.regimes):
                for i, label in enumerate(study.readings.labels):
                    for g, group in enumerate(study.readings.groups.names):
                        expected = table[label.name, label.world, group, regime, r]
                        assert np.array_equal(result.values[r, k, i, g], expected, equal_nan=True)
    assert np.nanmax(result.values) > 0


def test_people_are_the_same_across_points_unless_what_varies_decides_who_comes() -> None:
    study = small_study(design_points=3)
    hashes = {Runner(Job.of(study)).run(point).people_hash for _, point in study.points}
    assert len(hashes) == 1
    study = small_study(design_points=3, parameters={"inflow.women_share_NGA": "passport"})
    assert len({Runner(Job.of(study)).run(point).people_hash for _, point in study.points}) == 3


def test_a_failing_point_is_a_result_with_its_error() -> None:
    study = small_study(design_points=1)
    good = study.points[0][1]
    bad = Point({"report.bass": 1.0})
    results = run_points(packed(Job.of(study)), (bad, good))
    assert results[0].values.size == 0
    assert "nearest: report.base" in results[0].error
    assert results[1].error == ""
    assert results[1].values.shape == (2, 2, 3, 1)


def test_a_defect_in_one_point_is_kept_as_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("sim.runs.course.run_until", broken)
    study = small_study(design_points=1)
    assert Runner(Job.of(study)).run(study.points[0][1]).error == "ZeroDivisionError: by zero"


def test_a_worker_keeps_the_runner_of_a_job() -> None:
    job = packed(Job.of(small_study()))
    assert runner_of(job) is runner_of(bytes(bytearray(job)))
