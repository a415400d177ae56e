"""Which assumptions decide the paired difference: Morris, Sobol, PAWN, and one factor at a time."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.outcomes.intervals import mean_interval
from sim.studies.results import Results
from sim.studies.sample import Floats, Sample, bootstrapped, sample_of

if TYPE_CHECKING:
    import pandas as pd

METHODS: Final = ("morris", "sobol", "pawn", "one_at_a_time")
INERT: Final = "(a factor without effect)"
FEWEST_ROWS: Final = 20
INDICES: Final = {"morris": ("mu_star", "sigma"), "sobol": ("first", "total"), "pawn": ("pawn",)}
MEANING: Final = {
    "mu_star": "mean absolute effect over the whole range",
    "sigma": "spread of that effect: it is not linear, or depends on other factors",
    "first": "share of the variance that goes with the factor alone",
    "total": "share of the variance that goes with the factor and its interplay with others",
    "pawn": "distance between the distributions with the factor known and unknown, 0 to 1",
}


def sensitivity(
    results: Results, measure: str, *, method: str | None = None, resamples: int | None = None, **which: Any
) -> pd.DataFrame:
    """Return how much each factor decides the paired difference of a measure.

    Parameters
    ----------
    results
        What came of the study.
    measure
        The measure.
    method
        One of `METHODS`; by default the one for which the design was made, and PAWN for any other.
    resamples
        Of the bootstrap.
    **which
        ``reform``, ``world``, ``group``, ``variant`` as for `sample_of`.

    Returns
    -------
    DataFrame
        ``factor, index, value, low, high`` with 95% bootstrap intervals; for ``one_at_a_time`` what `tornado` gives.

    Raises
    ------
    InputError
        When the design does not fit the method, or too few points are finished.
    """
    kind = results.study.document.design.kind
    usual = {"morris": "morris", "saltelli": "sobol", "one_at_a_time": "one_at_a_time"}.get(kind, "pawn")
    method = usual if method is None else method
    if method not in METHODS:
        raise InputError("unknown method", key="method", value=method, accepted=METHODS)
    if method not in ("pawn", usual):
        needed = {"morris": "morris", "sobol": "saltelli", "one_at_a_time": "one_at_a_time"}[method]
        raise InputError(
            f"{method} needs a design of kind {needed}", file=results.store.folder, key="design.kind", value=kind,
            accepted=f"{usual}, or a study with that design",
        )  # fmt: skip
    sample = sample_of(results, measure, **which)
    if method == "one_at_a_time":
        return tornado(sample)
    more = {} if resamples is None else {"resamples": resamples}
    if method == "morris":
        return _table(sample, "morris", len(sample.factors) + 1, results.study.document.design.levels or 4, more)
    if method == "sobol":
        return _table(sample, "sobol", len(sample.factors) + 2, 0, more)
    return _table(sample, "pawn", 1, 0, more)


def _table(sample: Sample, method: str, size: int, levels: int, more: dict[str, int]) -> pd.DataFrame:
    import pandas as pd

    known = sample.known(size)
    if len(known.moved) < max(FEWEST_ROWS if method == "pawn" else 0, 2 * size):
        raise InputError(
            "too few points are finished for this", key=sample.measure, value=len(known.moved),
            accepted=f"{max(FEWEST_ROWS, 2 * size)} rows of the design or more",
        )  # fmt: skip
    estimate = {"morris": lambda s: _morris(s, levels), "sobol": _sobol, "pawn": _pawn}[method]
    value, low, high = bootstrapped(known, estimate, size=size, **more)
    factors = [*sample.factors, INERT] if method == "pawn" else list(sample.factors)
    rows = [
        (factor, index, value[i, j], low[i, j], high[i, j])
        for j, index in enumerate(INDICES[method])
        for i, factor in enumerate(factors)
    ]
    return pd.DataFrame(rows, columns=["factor", "index", "value", "low", "high"])


def _problem(size: int) -> dict[str, Any]:
    return {"num_vars": size, "names": [f"x{i}" for i in range(size)], "bounds": [[0.0, 1.0]] * size}


def _morris(sample: Sample, levels: int) -> Floats:
    """Return mean absolute effect and its spread, ``[factors, 2]``, in the unit of the measure over the whole range."""
    from SALib.analyze import morris

    problem = _problem(len(sample.factors))
    found = morris.analyze(problem, sample.unit, sample.mean, num_levels=levels, num_resamples=2, seed=1)
    return np.stack([np.asarray(found["mu_star"], float), np.asarray(found["sigma"], float)], axis=1)


def _sobol(sample: Sample) -> Floats:
    """Return first and total order, ``[factors, 2]``; NaN where nothing varies."""
    from SALib.analyze import sobol

    if np.ptp(sample.mean) == 0:
        return np.full((len(sample.factors), 2), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = sobol.analyze(
            _problem(len(sample.factors)), sample.mean, calc_second_order=False, num_resamples=2, seed=1
        )
    return np.stack([found["S1"], found["ST"]], axis=1)


def _pawn(sample: Sample) -> Floats:
    """Return the median distance of distributions, ``[factors + 1, 1]``; the last of a factor without effect.

    Also a factor without effect has a distance above 0 in a sample: what it has here is what others must exceed.
    """
    from SALib.analyze import pawn

    rows = len(sample.moved)
    inert = np.random.default_rng(rows).permutation(rows) / rows
    factors = np.column_stack([sample.values, inert])
    slices = 10 if rows >= 150 else 5 if rows >= 75 else 4 if rows >= 40 else 2  # of 15 points or so
    with np.errstate(invalid="ignore"):  # where nothing differs, SALib divides by nothing
        found = pawn.analyze(_problem(factors.shape[1]), _ranks(factors), sample.mean, S=slices, seed=1)
    return np.asarray(found["median"], float)[:, None]


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value among those of its column, from 0 to 1, so that slices have as many points each."""
    from scipy.stats import rankdata

    return np.asarray((rankdata(values, axis=0) - 0.5) / len(values))


def tornado(sample: Sample) -> pd.DataFrame:
    """Return what each factor alone changes, from a one-at-a-time design.

    Returns
    -------
    DataFrame
        ``factor, at, difference, low, high, change, change_low, change_high``: the value of the factor, the paired
        difference there with its 95% t-interval over replicates, and how much that is more than with everything as in
        the scenario, in the same replicates. The first row is the scenario.
    """
    import pandas as pd

    column = {name: i for i, name in enumerate(sample.factors)}
    base = sample.difference[0]
    rows = []
    for i, moved in enumerate(sample.moved):
        level, change = _interval(sample.difference[i]), _interval(sample.difference[i] - base)
        at = sample.values[i, column[moved]] if moved else np.nan
        rows.append((moved or "the scenario", at, *level, *change))
    columns = ["factor", "at", "difference", "low", "high", "change", "change_low", "change_high"]
    return pd.DataFrame(rows, columns=columns)


def _interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    found = mean_interval(values)
    return float(found.mean), float(found.low), float(found.high)
