"""Comparing regimes on the same people (`sim.runs.compare`): what is taken, what is refused, what is told meanwhile."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
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
        ({"replicates": 0}, "replicates", "out of range"),
        ({"replicates": 2.0}, "replicates", "not a whole number"),
        ({"replicates": True}, "replicates", "not a whole number"),
        ({"seed": -1}, "seed", "out of range"),
        ({"seed": 2**63}, "seed", "out of range"),
        ({"progress": True}, "progress", "not a function"),
        *(({"workers": wrong}, "workers", "out of range") for wrong in (0, -1)),
        *(({"workers": wrong}, "workers", "not a whole number") for wrong in (1.5, True, "2")),
        ({"throughout": "yes"}, "throughout", "wrong type"),
        ({"behaviour": 3}, "scenario.behaviour", "wrong type"),
    ],
)
def test_what_cannot_be_compared_is_refused(given: dict[str, Any], key: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        compare(SMALL, **given)
    assert caught.value.key == key


def test_what_is_not_given_is_as_the_scenario_says() -> None:
    scenario = SMALL.replace(replicates=2, seed=11, regimes=["vc_2018", "recognition_panel"])
    result = sim.compare(scenario)
    assert (result.receipt["replicates"], result.receipt["seed"]) == (2, 11)
    assert result.regimes == result.receipt["regimes"] == ["vc_2018", "recognition_panel"]
    assert result.complete


def test_progress_counts_the_replicates() -> None:
    told: list[tuple[int, int]] = []
    compare(SMALL, ["vc_2018", "vc_2019_08"], replicates=3, progress=lambda done, total, _: told.append((done, total)))
    assert told[:2] == [(0, 3), (1, 3)]
    assert told[-1] == (3, 3)
    assert told == sorted(told)


def test_the_libraries_of_tables_come_after_the_replicates() -> None:
    """With those of figures they take some 120 MB, beside the states of all threads."""
    program = (
        "import sys, sim.cli.compare, sim.cli.screen, sim.report.folder, sim.runs.compare\n"
        "print(sorted({'jinja2', 'matplotlib', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
