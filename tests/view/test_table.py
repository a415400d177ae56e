"""A card on the table (`sim.view.table`): votes before and after the reveal, and what the model says."""

from __future__ import annotations

import math

import pytest

from sim.view.cards import shipped_cards
from sim.view.table import FEWEST_SHOWN, Round, Vote, choice_of, summary


def table(voters: int, amounts: bool = True) -> Round:
    choices = ["fewer", "more", "more"]
    votes = {str(k): Vote(choices[k % 3], float(k) if amounts else None) for k in range(voters)}
    return Round(1, shipped_cards()[0], votes)


def test_nothing_is_counted_before_the_reveal() -> None:
    open_table = table(9)
    assert (open_table.voters, open_table.counts(), open_table.amounts()) == (9, None, None)


def test_after_the_reveal_votes_are_counted_and_hands_with_them() -> None:
    shown = table(6)
    shown.revealed = True
    assert shown.counts() == {"fewer": 2, "same": 0, "more": 4}
    assert shown.amounts() == [0, 1, 2, 3, 4, 5]
    shown.hands = [1, 2, 3]
    assert shown.counts() == {"fewer": 3, "same": 2, "more": 7}
    assert shown.voters == 12


@pytest.mark.parametrize("voters", range(FEWEST_SHOWN))
def test_with_few_voters_no_distribution_is_shown(voters: int) -> None:
    shown = table(voters)
    shown.revealed = True
    assert shown.counts() is None
    assert shown.amounts() is None


def test_amounts_of_a_few_are_not_shown_beside_many_votes() -> None:
    shown = table(9, amounts=False)
    shown.votes["0"].amount = 3.0
    shown.revealed = True
    assert shown.counts() is not None
    assert shown.amounts() is None


def test_what_the_model_says_is_a_paired_difference_with_its_interval() -> None:
    found = summary("m", {1: (10.0, 12.0), 0: (20.0, 21.0), 2: (30.0, 36.0)}, unit="persons", people=500)
    assert (found["level"], found["difference"], found["runs"]) == (20.0, 3.0, 3)
    assert found["differences"] == [1.0, 2.0, 6.0]
    spread = 4.302652729749462 * math.sqrt(7 / 3)  # t with two degrees of freedom; the variance is 7
    assert found["low"] == pytest.approx(3 - spread)
    assert found["high"] == pytest.approx(3 + spread)
    alone = summary("m", {0: (1.0, math.nan)}, unit="days", people=1)
    assert (alone["difference"], alone["low"]) == (None, None)


@pytest.mark.parametrize(
    ("difference", "low", "high", "choice"),
    [
        (-20.0, -25.0, -15.0, "fewer"),
        (20.0, 15.0, 25.0, "more"),
        (4.0, 3.0, 5.0, "same"),
        (20.0, -5.0, 45.0, None),
        (20.0, None, None, None),
        (None, None, None, None),
    ],
)
def test_the_answer_of_the_model(
    difference: float | None, low: float | None, high: float | None, choice: str | None
) -> None:
    model = {"difference": difference, "low": low, "high": high, "level": 100.0}
    assert choice_of(model, 0.05) == choice
