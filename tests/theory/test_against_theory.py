"""The measurements of `make verify` with smaller numbers: changing hazards, incidences, priorities, limits, Little."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.outcomes.incidence import aalen_johansen
from verification.small_worlds import netherlands
from verification.theory_hazards import (
    DAYS,
    changing_hazards,
    closed_form,
    crowd,
    exits,
    incidence_elsewhere,
    laws,
    statsmodels_incidence,
)
from verification.theory_queues import fluid_errors, known_answers, littles_law, order_of, priorities

SCARCE = {"coa.reception": 300.0, "shelter.specialised": 3.0, "avim.report": 0.05, "ind.asylum": 1.5, "ind.dublin": 0.8}
SCARCE |= {"om.prosecution": 0.01, "police.investigation": 2.0}


def test_hazards_that_change_follow_their_closed_form(tmp_path: Path) -> None:
    rows = changing_hazards(20_000, tmp_path)
    assert len(rows) == 6
    for name, size, distance, probability in rows:
        assert size == 20_000
        assert 0 < distance < 0.015, name
        assert probability > 0.001, name


@pytest.mark.parametrize("number", [1, 3, 4])
def test_another_law_would_be_noticed(tmp_path: Path, number: int) -> None:
    """A tenth more, or an event a fortnight later, and the curves part from theory."""
    law = laws()[number]
    seen = aalen_johansen(*exits(crowd(law, 20_000, tmp_path), len(law.rates)), len(law.rates), DAYS)
    higher = dataclasses.replace(law, rates=tuple(lambda day, rate=rate: 1.1 * rate(day) for rate in law.rates))
    later = dataclasses.replace(law, rates=tuple(lambda day, rate=rate: rate(day - 14) for rate in law.rates))
    for wrong in (higher, later) if law.event else (higher,):
        distance = np.abs(seen - closed_form(wrong)).max()
        assert stats.kstwo.sf(distance, 20_000) < 0.01


def test_incidences_are_those_of_statsmodels_and_of_theory(tmp_path: Path) -> None:
    for name, _, elsewhere, errors in incidence_elsewhere(20_000, tmp_path):
        assert elsewhere < 1e-12, name
        assert errors < 4.5, name


@given(st.lists(st.tuples(st.integers(1, 25), st.integers(0, 3)), min_size=2, max_size=50))
@settings(deadline=None, derandomize=True)
def test_incidences_with_ties_are_those_of_statsmodels(people: list[tuple[int, int]]) -> None:
    time, cause = np.array(people).T
    grid = np.arange(int(time.max()) + 1)
    if set(cause.tolist()) >= {1, 2, 3}:  # it wants every cause to occur
        theirs = statsmodels_incidence(time, cause, 3, grid)
        np.testing.assert_allclose(aalen_johansen(time, cause, 3, grid), theirs, rtol=0, atol=1e-12)


def test_ranks_wait_as_long_as_cobham_says(tmp_path: Path) -> None:
    rows = priorities(40, tmp_path)
    for name, measured, expected, errors in rows:
        assert measured == pytest.approx(expected, rel=0.12), name
        assert abs(errors) < 4, name
    assert rows[0][1] < rows[1][1] / 1.3 < rows[2][1] / 3


def test_beds_and_staff_give_the_answers_that_are_known(tmp_path: Path) -> None:
    for name, asked, wrong in known_answers(tmp_path):
        assert asked >= 80, name
        assert wrong == 0, name


def test_a_queue_that_people_leave_nears_its_limit_like_one_over_the_root(tmp_path: Path) -> None:
    rows = fluid_errors((1, 8, 64), 5, tmp_path)
    assert order_of(rows) == pytest.approx(-0.5, abs=0.08)
    assert rows[-1][1] < 2


@pytest.mark.parametrize("regime", ["vc_2018", "recognition_panel"])
def test_littles_law_holds_in_every_pool_of_the_netherlands(regime: str) -> None:
    rows = littles_law(netherlands(0.05).replace(capacity=SCARCE), regime)
    for pool, _, _, product, queue in rows:
        assert product == pytest.approx(queue, abs=1e-9), pool
    assert sum(queue > 0 for *_, queue in rows) >= 15
    assert sum(queue > 1 for *_, queue in rows) >= 4
