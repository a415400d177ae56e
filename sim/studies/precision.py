"""How many replicates are enough: until the interval of a paired difference is as narrow as asked, and stays so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.intervals import MeanInterval, mean_interval
from sim.outcomes.pairing import MeasureLabel

FEWEST: Final = 3
LOOK_AHEAD: Final = 5
"""Replicates that must follow without the interval widening again: Hoad, Robinson and Davies (2010),
https://doi.org/10.1057/jors.2009.121, for fewer than 100 replicates."""
Floats = NDArray[np.float64]


def half_widths(values: Floats, labels: Sequence[MeasureLabel], wanted: Mapping[str, float]) -> dict[str, float]:
    """Return how wide the intervals are, as shares of what was asked: at most 1 is narrow enough.

    Parameters
    ----------
    values
        ``[replicates, regimes, readings, groups]``; the first group counts.
    labels
        Of the readings.
    wanted
        Measure to the half width that is asked for, as a share of its mean level under the baseline.

    Returns
    -------
    dict
        Measure to the widest of its intervals over reforms and worlds, in parts of what was asked. Where the measure is
        0 or undefined throughout, 0: no replicate would change it.
    """
    out = {}
    for measure, share in wanted.items():
        rows = [i for i, label in enumerate(labels) if label.name == measure]
        level = np.abs(_means(values[:, 0, rows, 0]).mean)
        differences = values[:, 1:, rows, 0] - values[:, :1, rows, 0]
        interval = _means(differences)
        half = (interval.high - interval.low) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = half / (share * level)
        ratio = np.where(half == 0, 0.0, ratio)
        out[measure] = (
            float(np.nanmax(ratio)) if np.isfinite(ratio).any() else (np.inf if np.isinf(ratio).any() else 0.0)
        )
    return out


def enough(history: Sequence[Mapping[str, float]]) -> bool:
    """Return whether the last replicate and those before it were precise enough, one after another.

    Parameters
    ----------
    history
        What ``half_widths`` gave after each replicate, from `FEWEST` on.
    """
    last = history[-LOOK_AHEAD - 1 :]
    return len(last) > LOOK_AHEAD and all(max(widths.values()) <= 1 for widths in last)


def _means(sample: Floats) -> MeanInterval:
    return mean_interval(sample)
