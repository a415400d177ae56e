"""Golden runs: a small scenario under each regime gives the numbers that are kept, until the changelog says otherwise.

``python tests/golden/test_golden.py`` writes the numbers anew, and refuses unless ``CHANGELOG.md`` has a line tagged
**results change** that the kept ones do not know.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.policies.library import shipped_regimes
from sim.policies.regime import Regime
from sim.runs.loading import from_the_first_day
from sim.runs.single import run
from sim.runs.world import make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario

PROJECT = Path(__file__).resolve().parents[2]
KEPT = PROJECT / "tests" / "golden" / "runs.json"
ENTRY = re.compile(r"^- .*\*\*results change\*\*.*(?:\n  .*)*", re.MULTILINE)
DIGITS = 9
"""Significant digits that are kept: what processors may round differently is beyond them."""


@cache
def small() -> Scenario:
    """Return a scenario of two years with few people, in which the police are short of staff."""
    return Scenario.load("netherlands").replace(
        start=Scenario.load("netherlands").start.replace(year=2019),
        end=Scenario.load("netherlands").end.replace(year=2020),
        inflow={"scale": 0.1},
        capacity={"avim.report": 0.1, "om.triage": 0.1},
    )


def numbers(regime: str) -> dict[str, Any]:
    """Run one replicate, the regime from the first day on; return moves, and measures for all and Dublin claimants."""
    result = run(small(), regime, seed=1, throughout=True)
    shown = result.measures[result.measures["group"].isin(["all", "dublin"])]
    values = {
        f"{row.measure}, {row.world}, {row.group}": float(f"{row.value:.{DIGITS}g}")
        for row in shown.dropna(subset=["value"]).itertuples()
    }
    return {"moves": len(result.transitions), **counts(regime), **values}


def counts(regime: str) -> dict[str, Any]:
    """Return how many draws the same run uses (a draw counts to 255 for one person) and the bytes of state of a row."""
    world = make_world(small(), from_the_first_day(Regime.load(regime, small().readings)))
    state = run_world(world, population_of(small(), people_of(small()), 1, 0)).state
    return {"draws": int(state.draws_used.sum(dtype=np.int64)), "bytes": round(state.bytes_per_entity, 3)}


def tagged() -> list[str]:
    """Return the entries of the changelog that are tagged as a change of results, in one line each."""
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    return [" ".join(entry.split()) for entry in ENTRY.findall(text)]


def kept() -> dict[str, Any]:
    return dict(json.loads(KEPT.read_text(encoding="utf-8")))


@pytest.mark.parametrize("regime", shipped_regimes())
def test_results_are_as_kept(regime: str) -> None:
    found, expected = numbers(regime), kept()["runs"][regime]
    changed = {name: (expected.get(name), found.get(name)) for name in {*expected, *found}}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    assert changed == {}, "if meant: a changelog line tagged results change, then python tests/golden/test_golden.py"


def test_results_and_changelog_move_together() -> None:
    """A line tagged results change without new numbers, or new numbers that took a line away, do not pass."""
    assert kept()["changelog"] == tagged()
    assert kept()["runs"].keys() == set(shipped_regimes())


def test_runs_differ_between_regimes() -> None:
    """Numbers that are all the same would hold nothing."""
    runs = kept()["runs"]
    assert len({json.dumps(runs[name], sort_keys=True) for name in runs}) >= len(runs) - 1
    assert all(runs[name]["moves"] > 50_000 for name in runs)


def write() -> None:
    """Write the numbers anew, if the changelog says that results change."""
    if KEPT.exists() and kept()["changelog"] == tagged():
        sys.exit("CHANGELOG.md has no new line tagged **results change**; nothing was written")
    runs = {regime: numbers(regime) for regime in shipped_regimes()}
    content = {"changelog": tagged(), "runs": runs}
    KEPT.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
