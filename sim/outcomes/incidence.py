"""Cumulative incidence of competing exits (Aalen-Johansen) on integer days.

A person can leave in several ways, and one exit precludes the others. One minus Kaplan-Meier per cause
would treat the other exits as censoring and overstate every risk; the Aalen-Johansen estimator does not.

Source: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.cohorts import ALL

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer]
BoolArray = NDArray[np.bool_]

CENSORED = 0
INCIDENCE_COLUMNS = ("regime", "group", "cohort", "cause", "day", "incidence")


def aalen_johansen(time_days: IntArray, cause: IntArray, causes: int, grid: IntArray) -> FloatArray:
    """Return the cumulative incidence of each cause up to and including each day of a grid.

    Within a day events come before censorings: a person censored on a day is at risk on that day.

    Parameters
    ----------
    time_days
        Days from entry to exit or to the end of follow-up, one per person, 0 or more. Memory grows with
        the largest day.
    cause
        0 for a censored person, else the cause of exit from 1 to ``causes``, one per person.
    causes
        Number of causes.
    grid
        Days at which to evaluate the incidence, in any order.

    Returns
    -------
    numpy.ndarray
        Array ``[cause, day of the grid]`` of shares. Days before 0 have incidence 0. NaN for days past
        everybody's follow-up unless all have left by then, and NaN everywhere for an empty group.

    Raises
    ------
    ValueError
        When the lengths differ, a day is negative, or a cause lies outside 0 to ``causes``.
    """
    time, kind, days = (_whole_numbers(array) for array in (time_days, cause, grid))
    _check(time, kind, causes)
    if time.size == 0:
        return np.full((causes, days.size), np.nan)
    length = int(time.max()) + 1
    leaving = np.bincount(kind * length + time, minlength=(causes + 1) * length)
    leaving = leaving.reshape(causes + 1, length)
    events = leaving[1:]
    gone = np.cumsum(leaving.sum(axis=0))
    at_risk = time.size - np.concatenate(([0], gone[:-1]))
    remaining = np.cumprod(1.0 - events.sum(axis=0) / at_risk)
    at_start = np.concatenate(([1.0], remaining[:-1]))
    incidence = np.cumsum(at_start * events / at_risk, axis=1)
    result = np.where(days < 0, 0.0, incidence[:, np.clip(days, 0, length - 1)])
    if remaining[-1] > 0.0:
        result[:, days >= length] = np.nan
    return result


def incidence_table(
    curves: FloatArray,
    *,
    regimes: Sequence[str],
    groups: Sequence[str],
    causes: Sequence[str],
    grid: IntArray,
    cohorts: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the mean of cumulative incidences over replicates.

    Parameters
    ----------
    curves
        Array ``[replicate, regime, group, cause, day of the grid]``: the curves of each
        run.
    regimes, groups, causes, grid
        Names along the axes and the days of the grid.
    cohorts
        The cohort of each entry of ``groups``; ``all`` by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``regime, group, cohort, cause, day, incidence``. A replicate in which a group is empty is left
        out for that group. A day that is undefined in one of the other replicates is NaN, so that a curve
        never mixes replicates from day to day.

    Raises
    ------
    ValueError
        When the shape does not fit the names.
    """
    import pandas as pd

    curves = np.asarray(curves, dtype=np.float64)
    days = _whole_numbers(grid)
    expected = (len(regimes), len(groups), len(causes), days.size)
    if curves.ndim != 5 or curves.shape[1:] != expected:
        raise ValueError(f"curves has shape {curves.shape}, expected (replicates, *{expected})")
    empty = np.isnan(curves).all(axis=(3, 4), keepdims=True)
    with np.errstate(invalid="ignore"):
        mean = np.where(empty, 0.0, curves).sum(axis=0) / (~empty).sum(axis=0)
    at = [axis.ravel() for axis in np.indices(expected)]
    named = [np.array(list(names), dtype=object) for names in (regimes, groups, cohorts or [ALL] * len(groups), causes)]
    columns = [names[where] for names, where in zip(named, (at[0], at[1], at[1], at[2]), strict=True)]
    columns += [days[at[3]], mean.ravel()]
    return pd.DataFrame(dict(zip(INCIDENCE_COLUMNS, columns, strict=True)))


def _whole_numbers(array: IntArray) -> NDArray[np.int64]:
    given = np.asarray(array)
    if given.size and given.dtype.kind not in "iu":
        raise ValueError(f"expected whole numbers, given {given.dtype}")
    return given.astype(np.int64).ravel()


def _check(time: NDArray[np.int64], kind: NDArray[np.int64], causes: int) -> None:
    if time.size != kind.size:
        raise ValueError(f"{time.size} times and {kind.size} causes")
    if time.size and time.min() < 0:
        raise ValueError(f"a time is negative: {time.min()}")
    if kind.size and (kind.min() < CENSORED or kind.max() > causes):
        raise ValueError(f"causes run from {CENSORED} to {causes}, given {kind.min()} to {kind.max()}")
