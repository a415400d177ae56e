"""The fewest assumptions that tell yes from no, where they are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibration.disagreement import deciding, parting, questions
from sim.calibration.ensembles import load

SETS = Path(__file__).parent / "ensembles"


@pytest.fixture
def assumptions() -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(5).random((80, 12)), columns=[f"p{i}" for i in range(12)])


def test_one_assumption_that_decides_is_found_with_its_bound(assumptions: pd.DataFrame) -> None:
    found = parting(assumptions, assumptions["p3"].to_numpy() > 0.6)
    assert found.assumptions == ("p3",)
    assert len(found.leaves) == 2
    assert found.accuracy > 0.9 > found.most
    low, high = found.leaves[0].bounds["p3"]
    assert low == pytest.approx(0.6, abs=0.05)
    assert high == np.inf
    assert found.leaves[0].yes == found.leaves[0].sets == found.yes


def test_two_assumptions_that_decide_together_are_found(assumptions: pd.DataFrame) -> None:
    yes = (assumptions["p3"] > 0.4) & (assumptions["p7"] > 0.4)
    assert set(parting(assumptions, yes.to_numpy()).assumptions) == {"p3", "p7"}


def test_chance_and_agreement_part_nothing(assumptions: pd.DataFrame) -> None:
    chance = np.random.default_rng(6).random(80) > 0.5
    assert parting(assumptions, chance).leaves == ()
    assert parting(assumptions, np.ones(80, bool)).leaves == ()
    assert parting(assumptions, np.arange(80) < 4).leaves == ()


def test_a_tree_of_chance_among_many_assumptions_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(36)
    many, yes = pd.DataFrame(rng.random((60, 40)), columns=[f"p{i}" for i in range(40)]), rng.random(60) > 0.5
    assert parting(many, yes).leaves == ()
    # It is right more often than the answer of most where it was not made from, by chance: one of forty is.
    monkeypatch.setattr("sim.calibration.disagreement.BY_CHANCE", np.inf)
    assert parting(many, yes).accuracy > 0.6


def test_the_reading_that_differs_most_comes_first() -> None:
    rng = np.random.default_rng(7)
    yes = np.arange(60) < 30
    readings = pd.DataFrame(
        {("a", "simulated", "all"): rng.random(60), ("b", "simulated", "all"): rng.random(60) + 2 * yes}
    )
    first, *_ = deciding(readings, yes)
    assert first[0] == ("b", "simulated", "all")
    assert first[1] == 1
    assert first[2] > first[3]
    assert deciding(readings, np.zeros(60, bool)) == []


def test_questions_are_answered_by_the_sign_of_the_difference() -> None:
    free = load("free", SETS)
    asked = questions()
    permits = asked["fewer_permits"].answers(free)
    assert permits is not None
    assert (permits == (free.differences()["b8_granted", "simulated", "all"].to_numpy() < 0)).all()
    left = asked["more_departures"].answers(free)
    assert left is not None
    assert (left == (free.differences()["left_unknown", "simulated", "all"].to_numpy() > 0)).all()


def test_a_share_of_a_fall_is_what_is_absent_where_the_old_rule_stayed() -> None:
    free = load("free", SETS)
    key = ("registrations_2020", "recorded", "NGA")
    before, after = free.lived()["registrations_2019", "recorded", "NGA"], free.lived()[key]
    absent = free.readings["vc_2018"][key].to_numpy() - after
    half = questions()["half_of_the_fall"].answers(free)
    assert half is not None
    assert (half == ((before > after) & (absent >= 0.5 * (before - after)))).all()
