"""Who comes, and when: first asylum applications as published, spread over months, plus victims who do not ask asylum.

The yearly numbers by nationality are UNHCR's, the months follow the published totals (CBS, IND, NOS); for Nigeria the
published quarters and months are kept. Everything is read from ``observed.csv``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.evidence.observed import figures
from sim.procedures.traits import GROUPS

NAMED = GROUPS[:-1]


@dataclass(frozen=True)
class Month:
    """A calendar month, or the part of it that lies in the scenario."""

    year: int
    month: int

    @property
    def first(self) -> dt.date:
        """First day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def days(self) -> int:
        """Number of days."""
        following = dt.date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return (following - self.first).days

    def __str__(self) -> str:
        """Write the month as 2019-03."""
        return f"{self.year}-{self.month:02d}"


def months_between(start: dt.date, end: dt.date) -> list[Month]:
    """Return the months from ``start`` to ``end``, both included."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [Month(n // 12, n % 12 + 1) for n in range(first, last + 1)]


def first_applications(months: list[Month]) -> NDArray[np.int64]:
    """Return first applications per month and group, ``int64[months, groups]``, as published.

    A nationality has the number of its first published year in the years before. Years without a published total have
    no inflow; the scenario refuses such years.
    """
    return _first_applications(tuple(months)).copy()


@lru_cache(maxsize=16)
def _first_applications(months: tuple[Month, ...]) -> NDArray[np.int64]:
    """Count them once for the same months: a study asks for them at every point."""
    counts = np.zeros((len(months), len(GROUPS)))
    years = sorted({month.year for month in months})
    for year in years:
        rows = [i for i, month in enumerate(months) if month.year == year]
        whole = [Month(year, m) for m in range(1, 13)]
        profile = _spread(_yearly("all", year), whole, _known("asylum_first_month", year), np.ones(12))
        total = np.zeros(12)
        if not profile.any():
            continue
        for g, group in enumerate(NAMED):
            known = _known("asylum_nigeria_month", year) if group == "NGA" else {}
            months_of_group = _spread(_yearly(group, year), whole, known, profile)
            total += months_of_group
            for i in rows:
                counts[i, g] = months_of_group[months[i].month - 1]
        for i in rows:
            counts[i, -1] = max(profile[months[i].month - 1] - total[months[i].month - 1], 0.0)
    return _round_within_years(counts, list(months))


def published_years() -> range:
    """Return the years for which first applications were published."""
    years = [int(figure.period) for figure in figures("asylum_applications_all")]
    return range(min(years), max(years) + 1)


def _yearly(group: str, year: int) -> float:
    first_time = [f for f in figures(f"asylum_applications_{group}") if "first-time" in f.population]
    if group != "all" and first_time:
        year = max(year, min(int(figure.period) for figure in first_time))
    return next((float(figure.value) for figure in first_time if figure.period == str(year)), 0.0)


def _known(series: str, year: int) -> dict[tuple[int, ...], float]:
    """Return published values within a year: months -> persons; bounds such as ``<53`` are left out."""
    known: dict[tuple[int, ...], float] = {}
    for figure in figures(series):
        period, value = figure.period, figure.value
        if not period.startswith(f"{year}-") or not value.isdigit():
            continue
        part = period[5:]
        quarter = int(part[1:]) if part.startswith("Q") else 0
        months = (quarter * 3 - 2, quarter * 3 - 1, quarter * 3) if quarter else (int(part),)
        known[months] = float(value)
    return known


def _spread(
    total: float, months: list[Month], known: dict[tuple[int, ...], float], profile: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a yearly total spread over months: published parts as they are, the rest along a profile."""
    out = np.zeros(12)
    free = np.ones(12, bool)
    for part, value in sorted(known.items(), key=lambda item: len(item[0])):
        index = np.array([m - 1 for m in part if free[m - 1]])
        if index.size:
            rest = value - sum(out[m - 1] for m in part if not free[m - 1])
            out[index] = max(rest, 0.0) * profile[index] / profile[index].sum()
            free[index] = False
    rest = max(total - out.sum(), 0.0)
    if rest > 0.0 and free.any():
        out[free] = rest * profile[free] / profile[free].sum()
    return out


def _round_within_years(counts: NDArray[np.float64], months: list[Month]) -> NDArray[np.int64]:
    """Round so that running sums within a year stay within half a person of the unrounded ones."""
    out = np.zeros(counts.shape, np.int64)
    years = np.array([month.year for month in months])
    for year in np.unique(years):
        rows = np.flatnonzero(years == year)
        sums = np.rint(np.cumsum(counts[rows], axis=0)).astype(np.int64)
        out[rows] = np.diff(sums, axis=0, prepend=0)
    return out
