"""An emulator of one figure: what the model would give at a point that was not run, and how sure that is.

A linear part, and a Gaussian process over what it leaves. Points are in the unit cube of their ranges.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST: Final = 10
"""Runs below which there is no emulator."""
MOST_FACTORS: Final = 8
"""Factors of which the Gaussian process knows: those that move the figure most."""
PENALTY: Final = 1.0
FOLDS: Final = 5
MOST_LEARNED: Final = 250
"""Runs from which the lengths of the Gaussian process are learned; all runs are used for its mean."""


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    Attributes
    ----------
    linear, process
        The two parts, of scikit-learn.
    columns
        The factors of which the process knows.
    explained
        Share of the variance explained where it was not fitted, over folds; below 0 when the mean explains more.
    noise
        Standard deviation of what it misses where it was not fitted.
    """

    linear: Any
    process: Any
    columns: NDArray[np.int64]
    explained: float
    noise: float

    def mean(self, unit: Floats) -> Floats:
        """Return the mean at points ``[points, factors]``."""
        mean: Floats = self.linear.predict(unit) + self.process.predict(unit[:, self.columns])
        return mean

    def predict(self, unit: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation at points ``[points, factors]``."""
        mean = np.asarray(self.linear.predict(unit))
        rest, deviation = self.process.predict(unit[:, self.columns], return_std=True)
        return mean + rest, np.maximum(deviation, self.noise)


def fit_emulator(unit: Floats, values: Floats) -> Emulator | None:
    """Fit an emulator to runs.

    Parameters
    ----------
    unit
        Points in the unit cube, ``[runs, factors]``.
    values
        The figure at each, ``[runs]``; NaN where it is undefined.

    Returns
    -------
    Emulator or None
        None with too few runs, or when all runs gave the same.
    """
    known = np.isfinite(values)
    if known.sum() < FEWEST or np.ptp(values[known]) == 0:
        return None
    unit, values = unit[known], values[known]
    linear, process, columns = _fit(unit, values)
    # Folds by stride: no random numbers, and every fold has points of every wave.
    left = np.empty(values.size)
    folds = np.arange(values.size) % FOLDS
    for fold in range(FOLDS):
        part, rest, chosen = _fit(unit[folds != fold], values[folds != fold], process.kernel_)
        there = unit[folds == fold]
        left[folds == fold] = values[folds == fold] - part.predict(there) - rest.predict(there[:, chosen])
    return Emulator(linear, process, columns, float(1 - left.var() / values.var()), float(left.std()))


def _fit(unit: Floats, values: Floats, learned: Any = None) -> tuple[Any, Any, NDArray[np.int64]]:
    """Fit both parts; with ``learned`` the process keeps that kernel."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from sklearn.linear_model import Ridge

    linear = Ridge(alpha=PENALTY).fit(unit, values)
    rest = values - linear.predict(unit)
    columns = np.argsort(-np.abs(linear.coef_), kind="stable")[:MOST_FACTORS]
    places = unit[:, columns]
    if learned is None:
        kernel = ConstantKernel(rest.var() + 1e-9, (1e-9, 1e3)) * RBF(1.0, (0.1, 30.0))
        kernel += WhiteKernel(rest.var() + 1e-9, (1e-9, 1e3))
        some = slice(None, None, -(-values.size // MOST_LEARNED))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound: a factor that does not matter
            learned = GaussianProcessRegressor(kernel).fit(places[some], rest[some]).kernel_
    return linear, GaussianProcessRegressor(learned, optimizer=None).fit(places, rest), columns
