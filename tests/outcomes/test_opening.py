"""Moves before the period (`sim.outcomes.opening`): what they leave behind, and what is counted after them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.columns import NEVER
from sim.outcomes.opening import opening_of
from tests.hand_made_lives import CATALOGUE, A, B, C, after_a_history, logged, measures_of


def test_what_is_kept_of_the_moves_of_a_history() -> None:
    log = logged([(2, 0, A), (5, 0, B), (6, 1, A), (8, 0, A)], [0, 0, 0])
    step = np.array([[A], [A], [0]], np.uint8)
    opening = opening_of(log, 10, step, CATALOGUE, ["a", "b", "elsewhere"])
    assert opening.since.tolist() == [[8], [6], [-1]]
    assert opening.first_day("a").tolist() == [2, 6, NEVER]
    assert opening.first_day("a", "b").tolist() == [2, 6, NEVER]
    assert opening.first_day("b").tolist() == [5, NEVER, NEVER]
    assert opening.remembered == {"a": 0, "b": 1}
    assert opening.moves == 4
    step[:] = C
    assert opening.step.tolist() == [[A], [A], [0]], "a copy"
    with pytest.raises(KeyError):
        opening.first_day("c")


def test_a_sequence_that_began_before_counts_when_it_is_complete() -> None:
    measures = measures_of(
        then={"kind": "persons", "steps": ["a"], "then": ["b"]},
        unless={"kind": "persons", "steps": ["a"], "then": ["b"], "not_before": ["c"]},
        entered={"kind": "persons", "steps": ["a"]},
        never_a={"kind": "persons", "steps": ["b"], "not_steps": ["a"]},
    )
    before = [(1, 0, A), (2, 1, C), (3, 1, A), (4, 2, A), (5, 2, B)]
    counts, found = after_a_history(measures, before, [(12, 0, B), (13, 1, B)])
    assert counts.measured.tolist() == [True, True, False]
    assert found == {"then": [1, 1, 0], "unless": [1, 0, 0], "entered": [0, 0, 0], "never_a": [0, 0, 0]}


def test_days_are_of_the_period_and_waits_have_the_days_before() -> None:
    measures = measures_of(
        days={"kind": "days", "steps": ["a"]},
        wait={"kind": "mean_days", "steps": ["a"], "per": ["b"]},
        until={"kind": "restricted_mean_days", "steps": ["a"], "horizon_days": 5},
    )
    counts, found = after_a_history(measures, [(4, 0, A), (6, 1, A)], [(12, 0, B), (13, 2, A)])
    assert found["days"] == [2, 11, 8]
    np.testing.assert_array_equal(found["wait"], [8, np.nan, np.nan])
    # Of the spells that began before, those that were over by then are missing: the mean would be too long.
    np.testing.assert_array_equal(found["until"], [np.nan, np.nan, 5])
    assert counts.measured.all(), "who spends days in the step is measured without moving"
