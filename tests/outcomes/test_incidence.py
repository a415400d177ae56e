"""Cumulative incidence: closed form, an independent slow implementation, and exact properties."""

from __future__ import annotations

import time as clock
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.outcomes.incidence import INCIDENCE_COLUMNS, aalen_johansen, incidence_table

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CAUSES = 3
persons = st.lists(st.tuples(st.integers(0, 30), st.integers(0, CAUSES)), min_size=1, max_size=60)


def split(people: list[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    table = np.array(people, dtype=np.int64)
    return table[:, 0], table[:, 1]


def textbook(people: list[tuple[int, int]], causes: int, day: int) -> list[Fraction]:
    """Product-limit by hand in exact fractions, person by person."""
    survival, incidence = Fraction(1), [Fraction(0)] * causes
    for event_day in sorted({when for when, cause in people if cause and when <= day}):
        at_risk = sum(1 for when, _ in people if when >= event_day)
        for cause in range(1, causes + 1):
            events = sum(1 for when, kind in people if when == event_day and kind == cause)
            incidence[cause - 1] += survival * Fraction(events, at_risk)
        left = sum(1 for when, kind in people if when == event_day and kind > 0)
        survival *= 1 - Fraction(left, at_risk)
    return incidence


def kaplan_meier(people: list[tuple[int, int]], day: int) -> float:
    """Probability of no exit of any kind up to a day."""
    survival = 1.0
    for step in range(day + 1):
        at_risk = sum(when >= step for when, _ in people)
        exits = sum(when == step and kind > 0 for when, kind in people)
        survival *= 1.0 - exits / at_risk if at_risk else 1.0
    return survival


@given(persons)
@settings(deadline=None)
def test_equals_the_textbook_estimator(people: list[tuple[int, int]]) -> None:
    time, cause = split(people)
    grid = np.arange(int(time.max()) + 1)
    curves = aalen_johansen(time, cause, CAUSES, grid)
    for day in grid:
        exact = [float(share) for share in textbook(people, CAUSES, int(day))]
        np.testing.assert_allclose(curves[:, day], exact, rtol=0, atol=1e-12)


@given(persons)
@settings(deadline=None)
def test_incidences_and_those_still_in_add_up_to_one(people: list[tuple[int, int]]) -> None:
    time, cause = split(people)
    grid = np.arange(int(time.max()) + 1)
    total = aalen_johansen(time, cause, CAUSES, grid).sum(axis=0)
    still_in = [kaplan_meier(people, int(day)) for day in grid]
    np.testing.assert_allclose(total + still_in, 1.0, rtol=0, atol=1e-12)


@given(persons)
@settings(deadline=None)
def test_incidence_never_falls_and_stays_within_zero_and_one(people: list[tuple[int, int]]) -> None:
    time, cause = split(people)
    curves = aalen_johansen(time, cause, CAUSES, np.arange(-2, int(time.max()) + 1))
    assert (np.diff(curves, axis=1) >= 0.0).all()
    assert (curves >= 0.0).all()
    assert (curves <= 1.0 + 1e-12).all()
    assert (curves[:, :2] == 0.0).all()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, CAUSES)), min_size=1, max_size=60))
@settings(deadline=None)
def test_without_censoring_it_is_the_share_that_has_left(people: list[tuple[int, int]]) -> None:
    time, cause = split(people)
    grid = np.arange(40)
    curves = aalen_johansen(time, cause, CAUSES, grid)
    for kind in range(1, CAUSES + 1):
        share = [np.mean((cause == kind) & (time <= day)) for day in grid]
        np.testing.assert_allclose(curves[kind - 1], share, rtol=0, atol=1e-12)


def test_events_come_before_censorings_on_one_day() -> None:
    # two of four exit on day 5, on which a third is censored: that person is still at risk
    curves = aalen_johansen(np.array([5, 5, 5, 9]), np.array([1, 2, 0, 1]), 2, np.array([4, 5, 9]))
    np.testing.assert_allclose(curves, [[0.0, 0.25, 0.75], [0.0, 0.25, 0.25]])


def test_undefined_past_the_follow_up_unless_everybody_has_left() -> None:
    days = np.array([3, 10, 11])
    censored_last = aalen_johansen(np.array([2, 10]), np.array([1, 0]), 1, days)
    everybody_left = aalen_johansen(np.array([2, 10]), np.array([1, 1]), 1, days)
    np.testing.assert_array_equal(censored_last, [[0.5, 0.5, np.nan]])
    np.testing.assert_array_equal(everybody_left, [[0.5, 1.0, 1.0]])


def test_nobody_gives_nan_and_an_unsorted_grid_is_answered_in_its_order() -> None:
    nobody = np.array([], dtype=np.int64)
    assert np.isnan(aalen_johansen(nobody, nobody, 2, np.array([0, 5]))).all()
    curves = aalen_johansen(np.array([1, 2, 3]), np.array([1, 1, 1]), 1, np.array([3, 1, 2]))
    np.testing.assert_allclose(curves, [[1.0, 1 / 3, 2 / 3]])


def test_competing_exponentials_follow_the_closed_form() -> None:
    rates = np.array([0.004, 0.002, 0.001])
    persons_in_study, generator = 100_000, np.random.default_rng(20)
    clocks = generator.exponential(1.0 / rates, size=(persons_in_study, CAUSES))
    end = generator.integers(200, 1500, size=persons_in_study)
    # an exit within day d (d <= clock < d + 1) is recorded on day d, so by day d a time of d + 1 has passed
    exit_day = np.floor(clocks.min(axis=1)).astype(np.int64)
    censored = exit_day > end
    cause = np.where(censored, 0, clocks.argmin(axis=1) + 1)
    grid = np.array([30, 90, 180, 365, 730, 1095])
    curves = aalen_johansen(np.where(censored, end, exit_day), cause, CAUSES, grid)
    total = rates.sum()
    expected = rates[:, np.newaxis] / total * (1.0 - np.exp(-total * (grid + 1)))
    # those followed to the day in question carry at least this much information
    followed = persons_in_study * np.clip((1500 - grid) / 1300, 0.0, 1.0)
    tolerance = 4.0 * np.sqrt(expected * (1.0 - expected) / followed)
    assert (np.abs(curves - expected) < tolerance).all()
    naive = np.array([np.mean(cause == kind) for kind in (1, 2, 3)])
    assert (np.abs(naive - expected[:, -1]) > tolerance[:, -1]).any()


def test_a_hundred_thousand_persons_take_a_fraction_of_a_second() -> None:
    generator = np.random.default_rng(1)
    time, cause = generator.integers(0, 2000, 100_000), generator.integers(0, 6, 100_000)
    start = clock.perf_counter()
    aalen_johansen(time, cause, 5, np.arange(2000))
    assert clock.perf_counter() - start < 0.5


def test_the_table_averages_over_replicates_in_which_the_group_is_present() -> None:
    curves = np.array([0.1, 0.3, np.nan]).reshape(3, 1, 1, 1, 1) * np.ones((1, 1, 1, 1, 2))
    table = incidence_table(curves, regimes=["base"], groups=["all"], causes=["departed"], grid=np.array([10, 20]))
    assert tuple(table.columns) == INCIDENCE_COLUMNS
    assert list(table["day"]) == [10, 20]
    np.testing.assert_allclose(table["incidence"], [0.2, 0.2])


def test_the_table_leaves_a_day_open_that_one_replicate_cannot_give() -> None:
    curves = np.array([[0.1, 0.2], [0.3, np.nan]]).reshape(2, 1, 1, 1, 2)
    table = incidence_table(curves, regimes=["base"], groups=["all"], causes=["departed"], grid=np.array([10, 20]))
    np.testing.assert_allclose(table["incidence"], [0.2, np.nan])


def test_the_table_keeps_names_with_their_numbers() -> None:
    curves = np.arange(1 * 2 * 2 * 2 * 1, dtype=float).reshape(1, 2, 2, 2, 1)
    table = incidence_table(curves, regimes=["a", "b"], groups=["x", "y"], causes=["p", "q"], grid=np.array([5]))
    row = table.query("regime == 'b' and group == 'x' and cause == 'q'").iloc[0]
    assert row["incidence"] == curves[0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("time", "cause", "message"),
    [
        ([1, 2], [1], "2 times and 1 causes"),
        ([-1], [1], "negative"),
        ([1], [4], "causes run from 0 to 3"),
        ([1], [-1], "causes run from 0 to 3"),
    ],
)
def test_bad_input_is_refused(time: list[int], cause: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        aalen_johansen(np.array(time), np.array(cause), CAUSES, np.array([1]))


def test_fractional_days_and_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        aalen_johansen(np.array([1.5]), np.array([1]), 1, np.array([1]))
    with pytest.raises(ValueError, match="expected"):
        incidence_table(np.ones((2, 1, 1, 1, 3)), regimes=["a"], groups=["b"], causes=["c"], grid=np.array([1]))
