"""Where the new rule does otherwise: boxes of assumptions (PRIM), and a tree of them.

PRIM is that of Friedman and Fisher (1999), https://doi.org/10.1023/A:1008894516817: it peels from a box the slice whose
loss raises the share of cases of interest most, and pastes back what was peeled too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.sample import Floats, Sample, bootstrapped, sample_of

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
PEEL: Final = 0.08
"""Share of the points in a box that one peeling takes away at most."""
FEWEST: Final = 8
"""Points that a box and a leaf of the tree must hold."""
DEEPEST: Final = 3
COVERAGE_WANTED: Final = 0.8


@dataclass(frozen=True)
class Box:
    """A part of the ranges.

    Attributes
    ----------
    low, high
        ``[factors]``; infinite where it is not bounded.
    coverage
        Share of the cases of interest that are in it.
    density
        Share of the points in it that are cases of interest.
    mass
        Share of all points that are in it.
    """

    low: Floats
    high: Floats
    coverage: float
    density: float
    mass: float

    def holds(self, values: Floats) -> Bools:
        """Return which points are in it."""
        return np.asarray(((values >= self.low) & (values <= self.high)).all(axis=1))


@dataclass(frozen=True)
class Discovery:
    """Where the paired difference is on one side of a bound.

    Attributes
    ----------
    sample
        The points that are known.
    wanted
        Which of them are cases of interest.
    said
        What a case of interest is, in words.
    box
        The box that was chosen: of those with a coverage of 0.8 or more the densest, or else the best by both.
    path
        Every box on the way, from all points on.
    limits
        ``factor, low, high, range_low, range_high, density_without``: the bounded factors of the box, the ranges of the
        study, and the density without the bound: near that of the box, the bound says little.
    quality
        ``statistic, value, low, high``: coverage, density and mass, with 95% bootstrap intervals for the box as it is.
    leaves
        The tree: ``rule, points, cases, share``.
    """

    sample: Sample
    wanted: Bools
    said: str
    box: Box
    path: list[Box] = field(repr=False)
    limits: pd.DataFrame
    quality: pd.DataFrame
    leaves: pd.DataFrame


def discover(
    results: Results, measure: str, *, below: float | None = None, above: float | None = None, **which: Any
) -> Discovery:
    """Find the assumptions under which the paired difference is below, or above, a bound (0 below by default).

    Parameters
    ----------
    results
        What came of the study; a design that fills the ranges.
    measure
        The measure.
    below, above
        The bound, one of the two.
    **which
        ``reform``, ``world``, ``group``, ``variant`` as for `sample_of`.

    Raises
    ------
    InputError
        When too few points are finished, or all or none of them are cases of interest.
    """
    if below is not None and above is not None:
        raise InputError("below and above", key="above", value=above, accepted="one of the two")
    sample = sample_of(results, measure, **which).known()
    bound = 0.0 if below is None and above is None else float(below if below is not None else above)  # type: ignore[arg-type]
    wanted = sample.mean > bound if above is not None else sample.mean < bound
    said = f"{sample.title} {'above' if above is not None else 'below'} {bound:g}"
    if len(wanted) < 2 * FEWEST:
        raise InputError("too few points are finished for this", key=measure, value=len(wanted), accepted="16 or more")
    if wanted.all() or not wanted.any():
        lowest, highest = float(sample.mean.min()), float(sample.mean.max())
        raise InputError(
            f"{'all' if wanted.all() else 'none'} of the points are cases of interest: {said}",
            key=measure,
            value=bound,
            accepted=f"a bound between {lowest:g} and {highest:g}",
        )
    path = list(peeled(sample.values, wanted))
    box = pasted(chosen(path), sample.values, wanted)
    limits, quality = _limits(box, results, sample.values, wanted), _quality(box, sample, bound, above is not None)
    leaves = _leaves(sample.values, wanted, sample.factors)
    return Discovery(sample, wanted, said, box, path, limits, quality, leaves)


def box_of(low: Floats, high: Floats, values: Floats, wanted: Bools) -> Box:
    """Return a box with what it holds."""
    inside = ((values >= low) & (values <= high)).all(axis=1)
    cases = float((inside & wanted).sum())
    return Box(low, high, cases / wanted.sum(), cases / max(inside.sum(), 1), float(inside.mean()))


def peeled(values: Floats, wanted: Bools) -> Iterator[Box]:
    """Go through the boxes of a peeling, from all points to the last that holds enough."""
    size = values.shape[1]
    box = box_of(np.full(size, -np.inf), np.full(size, np.inf), values, wanted)
    yield box
    while box.density < 1:
        smaller = [b for b in _slices(box, values, wanted) if b.mass * len(values) >= FEWEST and b.mass < box.mass]
        if not smaller:
            return
        best = max(smaller, key=lambda b: (b.density - box.density) / (box.mass - b.mass))
        if best.density <= box.density:
            best = max(smaller, key=lambda b: b.density)
            if best.density <= box.density:
                return
        box = best
        yield box


def _slices(box: Box, values: Floats, wanted: Bools) -> Iterator[Box]:
    """Go through the boxes that lose the lowest or the highest points of one factor."""
    inside = values[box.holds(values)]
    for i in range(values.shape[1]):
        kinds = np.unique(inside[:, i])
        if kinds.size < 2:
            continue
        low, high = box.low.copy(), box.high.copy()
        at_low = int(np.searchsorted(kinds, np.quantile(inside[:, i], PEEL)))
        low[i] = kinds[min(max(at_low, 1), kinds.size - 1)]
        yield box_of(low, box.high, values, wanted)
        at_high = int(np.searchsorted(kinds, np.quantile(inside[:, i], 1 - PEEL), "right")) - 1
        high[i] = kinds[max(min(at_high, kinds.size - 2), 0)]
        yield box_of(box.low, high, values, wanted)


def chosen(path: list[Box]) -> Box:
    """Return the densest box that covers enough; if none is denser than all points, the best by both."""
    enough = [box for box in path if box.coverage >= COVERAGE_WANTED]
    densest = max(enough, key=lambda box: (box.density, box.coverage))
    if densest.density > path[0].density:
        return densest
    return max(path, key=lambda box: 2 * box.coverage * box.density / max(box.coverage + box.density, 1e-12))


def pasted(box: Box, values: Floats, wanted: Bools) -> Box:
    """Return a box without the bounds that it does not need: its density is no less, its coverage no smaller."""
    for i in np.flatnonzero(np.isfinite(box.low) | np.isfinite(box.high)):
        for side in ("low", "high"):
            low, high = box.low.copy(), box.high.copy()
            (low if side == "low" else high)[i] = -np.inf if side == "low" else np.inf
            wider = box_of(low, high, values, wanted)
            if wider.density >= box.density:
                box = wider
    return box


def _limits(box: Box, results: Results, values: Floats, wanted: Bools) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for i, factor in enumerate(results.study.factors):
        if not (np.isfinite(box.low[i]) or np.isfinite(box.high[i])):
            continue
        low, high = box.low.copy(), box.high.copy()
        low[i], high[i] = -np.inf, np.inf
        without = box_of(low, high, values, wanted).density
        shown = max(float(box.low[i]), factor.low), min(float(box.high[i]), factor.high)
        rows.append((factor.name, *shown, factor.low, factor.high, without))
    return pd.DataFrame(rows, columns=["factor", "low", "high", "range_low", "range_high", "density_without"])


def _quality(box: Box, sample: Sample, bound: float, above: bool) -> pd.DataFrame:
    import pandas as pd

    def estimate(s: Sample) -> Floats:
        wanted = s.mean > bound if above else s.mean < bound
        found = box_of(box.low, box.high, s.values, wanted) if wanted.any() else None
        return np.array([np.nan] * 3 if found is None else [found.coverage, found.density, found.mass])

    value, low, high = bootstrapped(sample, estimate)
    names = ("coverage", "density", "mass")
    return pd.DataFrame({"statistic": names, "value": value, "low": low, "high": high})


# ---- the tree ----


def _leaves(values: Floats, wanted: Bools, factors: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (" and ".join(rules) or "everywhere", int(inside.sum()), int((inside & wanted).sum()))
        for rules, inside in _split(values, wanted, factors, np.ones(len(wanted), bool), (), 0)
    ]
    table = pd.DataFrame(rows, columns=["rule", "points", "cases"])
    return table.assign(share=table["cases"] / table["points"])


def _split(
    values: Floats, wanted: Bools, factors: tuple[str, ...], inside: Bools, rules: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Bools]]:
    """Go through the leaves of a tree that splits where the two sides differ most (Gini)."""
    best = _best_split(values, wanted, inside) if depth < DEEPEST else None
    if best is None:
        yield rules, inside
        return
    i, at = best
    lower = values[:, i] <= at
    for side, sign in ((lower, "<="), (~lower, ">")):
        yield from _split(values, wanted, factors, inside & side, (*rules, f"{factors[i]} {sign} {at:.4g}"), depth + 1)


def _best_split(values: Floats, wanted: Bools, inside: Bools) -> tuple[int, float] | None:
    """Return the factor and the bound that leave least mixture on both sides; None if none is worth it."""
    cases, size = wanted[inside], int(inside.sum())
    share = cases.mean() if size else 0.0
    least, best = 0.98 * share * (1 - share) * size, None
    for i in range(values.shape[1]):
        order = np.argsort(values[inside, i], kind="stable")
        at, sums = values[inside, i][order], np.cumsum(cases[order])
        for n in range(FEWEST, size - FEWEST + 1):
            if at[n - 1] == at[n] if n < size else True:
                continue
            one, other = sums[n - 1] / n, (sums[-1] - sums[n - 1]) / (size - n)
            mixture = n * one * (1 - one) + (size - n) * other * (1 - other)
            if mixture < least:
                least, best = mixture, (i, float(at[n - 1] + at[n]) / 2)
    return best
