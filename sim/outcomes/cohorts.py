"""Cohorts by day of arrival, for whom the incidence of exits is given beside that of everybody.

Those who arrive late are followed for a shorter time. The estimator takes that for censoring at random, but the chance
of an exit changes with the calendar: late days of a pooled curve are of early arrivals only. A cohort saw the same
calendar.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

ALL: Final = "all"
SINCE: Final = "since_change"
COHORT_GROUPS: Final = ("all", "dublin")
"""Groups of which there are cohorts."""


class Cohort(NamedTuple):
    """A group of persons who arrive from one day to another, both included; days are those of the calendar."""

    group: str
    name: str
    first: int
    last: int


def cohorts_of(start: dt.date, first: int, last: int, change: int | None, groups: tuple[str, ...]) -> list[Cohort]:
    """Return the cohorts of a comparison: by calendar year, and all who arrive since the rules part.

    Parameters
    ----------
    start
        Date of day 0.
    first, last
        Days that are measured.
    change
        The first day on which the rules that are compared differ; None or the first day: there is no such cohort.
    groups
        Groups of the comparison; those of `COHORT_GROUPS` have cohorts.
    """

    def day(date: dt.date) -> int:
        return (date - start).days

    years = range((start + dt.timedelta(first)).year, (start + dt.timedelta(last)).year + 1)
    spans = [(str(year), max(day(dt.date(year, 1, 1)), first), min(day(dt.date(year, 12, 31)), last)) for year in years]
    if change is not None and first < change <= last:
        spans.append((SINCE, change, last))
    return [Cohort(group, *span) for group in COHORT_GROUPS if group in groups for span in spans]


def members_of(
    cohorts: list[Cohort], arrival: NDArray[np.integer[Any]], members: NDArray[np.bool_], groups: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return who belongs to each cohort, ``bool[cohorts, persons]``.

    Parameters
    ----------
    cohorts
        The cohorts.
    arrival
        Day of arrival of each person.
    members, groups
        Who belongs to which group, ``bool[groups, persons]``, and their names.
    """
    if not cohorts:
        return np.zeros((0, members.shape[1]), bool)
    return np.stack([members[groups.index(c.group)] & (arrival >= c.first) & (arrival <= c.last) for c in cohorts])
