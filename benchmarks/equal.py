"""A test that two implementations have the same means, within Monte-Carlo error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FALSE_ALARM = 0.01
"""Probability that at least one measure is called different although all are equal."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one measure: the two means, their difference, its standard error, and the errors allowed."""

    name: str
    ours: float
    other: float
    error: float
    allowed: float

    @property
    def equal(self) -> bool:
        """Whether the difference is within Monte-Carlo error."""
        return abs(self.other - self.ours) <= self.allowed

    @property
    def precision(self) -> float:
        """Return the standard error relative to the mean; the test has no power when it is large."""
        return self.error / abs(self.ours) if self.ours else np.inf


def compare_means(
    ours: NDArray[Any],
    other: NDArray[Any],
    names: list[str],
    *,
    paired: bool,
    tolerance: Sequence[float] | None = None,
) -> list[Verdict]:
    """Compare means over replicates, measure by measure.

    Two means are different when they differ by more than a t-quantile times the standard error of the difference, plus
    a tolerance; the quantile divides ``FALSE_ALARM`` over all measures (Bonferroni).

    Parameters
    ----------
    ours, other
        ``[replicates, measures]``.
    paired
        Row k of both is of the same people.
    tolerance
        The difference by construction that is allowed, for each measure; zero by default.
    """
    tail = 1 - FALSE_ALARM / len(names) / 2
    verdicts = []
    for i, name in enumerate(names):
        a, b = ours[:, i], other[:, i]
        if paired:
            error, freedom = float((b - a).std(ddof=1) / np.sqrt(a.size)), float(a.size - 1)
        else:
            parts = [x.var(ddof=1) / x.size for x in (a, b)]
            error = float(np.sqrt(sum(parts)))
            freedom = float(sum(parts) ** 2 / sum(v * v / (x.size - 1) for v, x in zip(parts, (a, b), strict=True)))
        allowed = float(stats.t.ppf(tail, freedom)) * error + (tolerance[i] if tolerance else 0.0)
        verdicts.append(Verdict(name, float(a.mean()), float(b.mean()), error, allowed))
    return verdicts
