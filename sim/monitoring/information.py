"""What a figure would tell before it is published: how far it narrows an answer, and how it tells camps apart.

The expected value of partial perfect information, by regression on the fitted sets (Strong, Oakley and Brennan 2014):
what a regression of the answer on the figures explains, where it was not fitted, is the share of the variance of the
answer that the figures would take away. Figures are blurred by their tolerance first, since they are published with
that error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST: Final = 20
"""Sets below which nothing is said."""
TREES: Final = 400
SURE: Final = 0.95
"""Weight at which a camp counts as found."""


def blurred(figures: Floats, tolerance: float, rng: np.random.Generator) -> Floats:
    """Return logarithms of counts ``[sets, figures]`` as they would be published: with an error of the tolerance."""
    return np.log(np.maximum(figures, 0.5)) + tolerance * rng.normal(size=figures.shape)


def narrowing(figures: Floats, answer: Floats, *, tolerance: float, seed: int = 1) -> float:
    """Return the share of the variance of an answer that some figures would take away.

    Parameters
    ----------
    figures
        What each set gives for them, ``[sets, figures]``.
    answer
        What each set answers, ``[sets]``.
    tolerance
        Standard deviation of the error with which a figure is published, in logarithms.
    seed
        Of the error and of the regression.

    Returns
    -------
    float
        From 0 to 1, of a random forest where it was not fitted; NaN with fewer than `FEWEST` sets, or where all sets
        answer the same.
    """
    from sklearn.ensemble import RandomForestRegressor

    known = np.isfinite(answer) & np.isfinite(figures).all(axis=1)
    if known.sum() < FEWEST or np.ptp(answer[known]) == 0:
        return float("nan")
    seen = blurred(figures[known], tolerance, np.random.default_rng(seed))
    forest: Any = RandomForestRegressor(TREES, oob_score=True, random_state=seed, min_samples_leaf=leaf(known.sum()))
    return float(max(forest.fit(seen, answer[known]).oob_score_, 0.0))


def leaf(sets: int) -> int:
    """Return how many sets a leaf of a tree has at least: with single ones a forest follows the errors."""
    return max(3, int(sets) // 15)


def recognised(figures: Floats, camps: Sequence[str], *, tolerance: float, seed: int = 1) -> tuple[float, float]:
    """Return how often the figures of a set would lead to its camp, and how often chance would.

    Both are means over the camps, so that a camp with many sets counts as one; NaN with fewer than `FEWEST` sets or two
    camps.
    """
    from sklearn.ensemble import RandomForestClassifier

    names = np.array(list(camps))
    known = np.isfinite(figures).all(axis=1)
    found = np.unique(names[known])
    if known.sum() < FEWEST or found.size < 2:
        return float("nan"), float("nan")
    seen, truth = blurred(figures[known], tolerance, np.random.default_rng(seed)), names[known]
    forest: Any = RandomForestClassifier(
        TREES, oob_score=True, random_state=seed, min_samples_leaf=2, class_weight="balanced"
    )
    votes = forest.fit(seen, truth).oob_decision_function_
    said = forest.classes_[np.nan_to_num(votes).argmax(axis=1)]
    return float(np.mean([(said[truth == camp] == camp).mean() for camp in found])), 1 / found.size


@dataclass(frozen=True)
class Quarters:
    """How long it takes until figures tell a camp from all others.

    Attributes
    ----------
    camp
        The camp that is true.
    found
        Share of its sets of which the figures of all quarters lead to the camp with a weight of `SURE`.
    median
        After how many quarters, in the middle of all sets; infinite where fewer than half are found.
    misled
        Share of its sets of which the figures lead to another camp with that weight.
    """

    camp: str
    found: float
    median: float
    misled: float


def quarters_needed(
    figures: Mapping[str, Floats], *, tolerance: float, times: int = 20, seed: int = 1
) -> list[Quarters]:
    """Return for each camp how many quarters of figures would tell it from the others, by simulation.

    Every set in turn is the truth. Its figures are published with an error, quarter after quarter, and all other sets
    of all camps are weighed by them.

    Parameters
    ----------
    figures
        Camp to what its sets give, ``[sets, quarters, figures]``.
    tolerance
        Standard deviation of the error, in logarithms: also that by which sets are weighed.
    times
        How often each set is published with another error.
    seed
        Of the errors.
    """
    rng, camps = np.random.default_rng(seed), list(figures)
    logs = {camp: np.log(np.maximum(values, 0.5)) for camp, values in figures.items()}
    out = []
    for camp, mine in logs.items():
        when, misled = [], []
        for truth in range(mine.shape[0]):
            for _ in range(times):
                seen = mine[truth] + tolerance * rng.normal(size=mine[truth].shape)
                evidence = np.stack([_evidence(logs[c], seen, tolerance, truth if c == camp else None) for c in camps])
                weight = np.exp(evidence - evidence.max(axis=0))
                weight /= weight.sum(axis=0)
                sure = weight[camps.index(camp)] >= SURE
                # Found is found for good: from the first quarter after which it stays so.
                lasting = np.flatnonzero(~sure)[-1] + 1 if (~sure).any() else 0
                when.append(lasting + 1 if lasting < sure.size else np.inf)
                misled.append(bool((np.delete(weight[:, -1], camps.index(camp)) >= SURE).any()))
        found = np.array(when)
        out.append(Quarters(camp, float(np.isfinite(found).mean()), float(np.median(found)), float(np.mean(misled))))
    return out


def _evidence(sets: Floats, seen: Floats, tolerance: float, but: int | None) -> Floats:
    """Return the logarithm of the mean likelihood of all figures up to each quarter, ``[quarters]``."""
    if but is not None:
        sets = np.delete(sets, but, axis=0)
    if not sets.shape[0]:
        return np.full(seen.shape[0], -np.inf)
    each = np.cumsum(-0.5 * np.square((sets - seen) / tolerance).sum(axis=2), axis=1)
    top = each.max(axis=0)
    found: Floats = top + np.log(np.exp(each - top).mean(axis=0))
    return found
