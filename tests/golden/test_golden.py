"""Golden runs: a small scenario under each regime gives the numbers that are kept, until the changelog says otherwise.

``runs.json`` keeps each regime as the scenario is shipped, ``word_of_mouth.json`` one regime with word of mouth on.
``python tests/golden/test_golden.py`` writes a file that is not there yet. It overwrites the others only if
``CHANGELOG.md`` has a line tagged **results change** that the kept ones do not know.
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
WORD_OF_MOUTH = PROJECT / "tests" / "golden" / "word_of_mouth.json"
HEARD_UNDER = "vc_2019_08"
"""The regime of the run with word of mouth."""
ENTRY = re.compile(r"^- .*\*\*results change\*\*.*(?:\n  .*)*", re.MULTILINE)
IF_MEANT = "if meant: a changelog line tagged results change, then python tests/golden/test_golden.py"
DIGITS = 9
"""Significant digits that are kept: what processors may round differently is beyond them."""


@cache
def small() -> Scenario:
    """Return a scenario of two years and one before them, with few people, in which the police are short of staff."""
    return Scenario.load("netherlands").replace(
        start=Scenario.load("netherlands").start.replace(year=2019),
        end=Scenario.load("netherlands").end.replace(year=2020),
        history_from=2018,
        inflow={"scale": 0.1},
        capacity={"avim.report": 0.1, "om.triage": 0.1},
    )


@cache
def talkative() -> Scenario:
    """Return the small scenario with word of mouth on: few sites, and people act on what they hear."""
    return small().replace(
        switches={"word_of_mouth": True},
        parameters={
            "community.sites": 6,
            "community.known_in_centre": 1.0,
            "heard.weight": 0.9,
            "signal.heard_gain_ratio": 5.0,
            "report.per_heard_gain": 2.0,
            "strategic.heard_gain_ratio": 10.0,
            "leaves.heard_transfer_ratio": 2.0,
        },
    )


def numbers(scenario: Scenario, regime: str) -> dict[str, Any]:
    """Run one replicate, the regime from the first day on; return moves, and measures for all and Dublin claimants."""
    result = run(scenario, regime, seed=1, throughout=True)
    shown = result.measures[result.measures["group"].isin(["all", "dublin"])]
    values = {
        f"{row.measure}, {row.world}, {row.group}": float(f"{row.value:.{DIGITS}g}")
        for row in shown.dropna(subset=["value"]).itertuples()
    }
    return {"moves": len(result.transitions), **state_numbers(scenario, regime), **values}


def state_numbers(scenario: Scenario, regime: str) -> dict[str, Any]:
    """Return draws used (at most 255 are counted of a person), bytes of a row, and beliefs on the last day."""
    world = make_world(scenario, from_the_first_day(Regime.load(regime, scenario.readings)))
    state = run_world(world, population_of(scenario, people_of(scenario), 1, 0)).state
    believed = state.believed(state.day)
    beliefs = {
        f"belief {name}": {"people": int((column != 0).sum()), "sum": float(f"{column.sum():.{DIGITS}g}")}
        for name, column in zip(world.catalogue.beliefs, believed.T, strict=True)
    }
    draws = int(state.draws_used.sum(dtype=np.int64))
    return {"draws": draws, "bytes": round(state.bytes_per_entity, 3), **beliefs}


def tagged() -> list[str]:
    """Return the entries of the changelog that are tagged as a change of results, in one line each."""
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    return [" ".join(entry.split()) for entry in ENTRY.findall(text)]


def kept(path: Path = KEPT) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def difference(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the kept and the found number wherever they differ."""
    pairs = {name: (expected.get(name), found.get(name)) for name in {*expected, *found}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("regime", shipped_regimes())
def test_results_are_as_kept(regime: str) -> None:
    changed = difference(numbers(small(), regime), kept()["runs"][regime])
    assert changed == {}, IF_MEANT


def test_results_with_word_of_mouth_are_as_kept() -> None:
    changed = difference(numbers(talkative(), HEARD_UNDER), kept(WORD_OF_MOUTH)["runs"][HEARD_UNDER])
    assert changed == {}, IF_MEANT


def test_word_of_mouth_changes_what_people_do() -> None:
    """The run with it on holds beliefs of many people, and counts other than those of the same people without it."""
    silent, heard = kept()["runs"][HEARD_UNDER], kept(WORD_OF_MOUTH)["runs"][HEARD_UNDER]
    held = {name: value for name, value in heard.items() if name.startswith("belief ")}
    assert held.pop("belief heard_extension")["people"] == 0, "suspended, not extended, unless U11 says so"
    beliefs = list(held.values())
    assert beliefs
    assert all(belief["people"] > 10 and belief["sum"] != 0 for belief in beliefs)
    assert sum(belief["people"] for belief in beliefs) > 500
    assert len(difference(silent, {name: heard.get(name) for name in silent})) > 50


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
    """Write the file that is missing, or all of them if the changelog says that results change."""
    results_change = not KEPT.exists() or kept()["changelog"] != tagged()
    if not results_change and WORD_OF_MOUTH.exists():
        sys.exit("CHANGELOG.md has no new line tagged **results change**; nothing was written")
    if results_change:
        save(KEPT, {"changelog": tagged(), "runs": {name: numbers(small(), name) for name in shipped_regimes()}})
    save(WORD_OF_MOUTH, {"runs": {HEARD_UNDER: numbers(talkative(), HEARD_UNDER)}})


def save(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
