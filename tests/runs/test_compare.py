"""Comparing regimes on the same people (`sim.runs.compare`): what is taken, what is refused, what is told meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import sim
from sim.files.errors import InputError
from sim.runs.compare import compare
from verification.small_worlds import netherlands

SMALL = netherlands(0.01, end=dt.date(2019, 12, 31))


@pytest.mark.parametrize(
    ("given", "key", "problem"),
    [
        ({"regimes": ["vc_2018"]}, "regimes", "a comparison needs a baseline and at least one other regime"),
        ({"regimes": []}, "regimes", "a comparison needs a baseline and at least one other regime"),
        ({"regimes": ["vc_2018", "vc_2081"]}, "regime", "unknown regime or court layer"),
        ({"replicates": 0}, "replicates", "not a number of replicates"),
        ({"replicates": 2.0}, "replicates", "not a number of replicates"),
        ({"replicates": True}, "replicates", "not a number of replicates"),
        ({"seed": -1}, "seed", "not a seed"),
        ({"seed": 2**63}, "seed", "not a seed"),
    ],
)
def test_what_cannot_be_compared_is_refused(given: dict[str, Any], key: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        compare(SMALL, **given)
    assert caught.value.key == key


def test_what_is_not_given_is_as_the_scenario_says() -> None:
    scenario = SMALL.replace(replicates=2, seed=11, regimes=["vc_2018", "vc_2023"])
    result = sim.compare(scenario)
    assert (result.receipt["replicates"], result.receipt["seed"]) == (2, 11)
    assert result.regimes == result.receipt["regimes"] == ["vc_2018", "vc_2023"]
    assert result.complete


def test_progress_counts_the_replicates() -> None:
    told: list[tuple[int, int]] = []
    compare(SMALL, ["vc_2018", "vc_2019_08"], replicates=3, progress=lambda done, total, _: told.append((done, total)))
    assert told[:2] == [(0, 3), (1, 3)]
    assert told[-1] == (3, 3)
    assert told == sorted(told)
