"""How good a prediction was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def crps(sample: Floats, weight: Floats, truth: float) -> float:
    """Return the continuous ranked probability score of weighted values: 0 is perfect, of one value it is its error.

    The expected distance from the truth, less half the expected distance between two draws (Gneiting and Raftery 2007).

    Parameters
    ----------
    sample, weight
        ``[values]``; weights sum to 1, and values without weight or NaN are left out.
    truth
        What came.

    Returns
    -------
    float
        In the unit of the values; NaN without any weight.
    """
    known = np.isfinite(sample) & (weight > 0)
    if not known.any():
        return float("nan")
    order = np.argsort(sample[known], kind="stable")
    x, w = sample[known][order], weight[known][order] / weight[known].sum()
    # Half the mean distance of two draws, from the sorted values: sum of w_i x_i (2 W_i - w_i - 1).
    spread = float((w * x * (2 * np.cumsum(w) - w - 1)).sum())
    return float((w * np.abs(x - truth)).sum() - spread)
