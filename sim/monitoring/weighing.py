"""Bayes' rule for camps: figures that come later weigh the fitted sets, and with them the camps.

Before any figure the sets of a camp weigh the same, since all were accepted, and so do the camps. The likelihood of a
figure under a set is a normal density of its deviation in tolerances, the same for every camp; under a camp it is the
mean over its sets as they weigh then. The product over the figures is the marginal likelihood of the camp, and the
quotient of two camps their Bayes factor. It rests on tolerances set by judgement, and on sets that were accepted, not
drawn from a posterior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.fits import quantiles
from sim.calibration.scores import crps
from sim.calibration.targets import LAST_DAY_FITTED, Target
from sim.monitoring.breaks import Break, crossed
from sim.monitoring.forecasts import Forecasts
from sim.monitoring.ties import Figure

Floats = NDArray[np.float64]
SHARES: Final = (0.05, 0.5, 0.95)
WITHIN: Final = 3.0
"""Tolerances within which a set fits a figure, as in a calibration."""
ENOUGH: Final = 5.0
"""Sets of equal weight below which a range is too narrow."""
LOG_LEAST: Final = -700.0
"""Logarithm of the smallest likelihood, so that no camp is impossible for good."""


@dataclass(frozen=True)
class Forecast:
    """What a camp said of a figure before it was weighed, and what came.

    Attributes
    ----------
    camp
        Which one.
    low, middle, high
        The range that holds nine tenths of the weight, and the middle; NaN without a value.
    inside
        Whether the figure is in the range, or the range reaches the bound.
    nearest
        The least deviation of any set, in tolerances; infinite where no set has a value.
    log_likelihood
        Logarithm of the likelihood of the figure under the camp.
    crps
        Continuous ranked probability score, of logarithms where deviations are ratios.
    effective
        How many sets of equal weight would be as informative: figures of before leave few.
    """

    camp: str
    low: float
    middle: float
    high: float
    inside: bool
    nearest: float
    log_likelihood: float
    crps: float
    effective: float

    @property
    def is_thin(self) -> bool:
        """Whether the range rests on so few sets that it is too narrow."""
        return self.effective < ENOUGH


@dataclass(frozen=True)
class Weighed:
    """A figure, the forecasts of all camps before it, the breaks that it crosses, and what the camps weigh after it.

    Attributes
    ----------
    weight
        Of each camp after this figure; they sum to 1.
    """

    figure: Figure
    forecasts: tuple[Forecast, ...]
    breaks: tuple[Break, ...]
    weight: dict[str, float]

    @property
    def fits_none(self) -> bool:
        """Whether no set of any camp comes within `WITHIN` tolerances."""
        return all(one.nearest > WITHIN for one in self.forecasts)


def weigh(forecasts: Forecasts, figures: Sequence[Figure]) -> list[Weighed]:
    """Weigh camps by figures, one after another."""
    log_camp = dict.fromkeys(forecasts.camps, 0.0)
    log_sets = {camp: np.zeros(forecasts.sets(camp)) for camp in forecasts.camps}
    found = []
    for figure in figures:
        said = []
        for camp in forecasts.camps:
            model = figure.target.model(dict(forecasts.values[camp]))
            weight = normalised(log_sets[camp])
            said.append(forecast_of(camp, figure.target, model, weight))
            log_sets[camp] = log_sets[camp] + log_likelihood(figure.target, model)
            log_camp[camp] += said[-1].log_likelihood
        weights = normalised(np.array(list(log_camp.values())))
        breaks = crossed(figure.series, LAST_DAY_FITTED, figure.until)
        found.append(Weighed(figure, tuple(said), tuple(breaks), dict(zip(log_camp, weights.tolist(), strict=True))))
    return found


def forecast_of(camp: str, target: Target, model: Floats, weight: Floats) -> Forecast:
    """Return what weighted sets say of a figure, and how near they come."""
    low, middle, high = quantiles(model, weight, SHARES)
    off = np.abs(target.deviation(target.scaled(model)))
    truth = float(target.scaled(np.array([target.value]))[0])
    nearest = float(np.nanmin(off)) if np.isfinite(off).any() else float("inf")
    likely = float(np.log(max(float((weight * np.exp(log_likelihood(target, model))).sum()), np.exp(LOG_LEAST))))
    score = crps(target.scaled(model), weight, truth)
    effective = 1 / float(np.square(weight).sum())
    return Forecast(camp, low, middle, high, is_inside(target, low, high), nearest, likely, score, effective)


def log_likelihood(target: Target, model: Floats) -> Floats:
    """Return the logarithm of the likelihood of a figure under each set: a normal density of deviations, at most 0."""
    off = target.deviation(target.scaled(model))
    found: Floats = np.where(np.isfinite(off), -0.5 * np.square(off), LOG_LEAST)
    return np.maximum(found, LOG_LEAST)


def normalised(log_weight: Floats) -> Floats:
    """Return weights that sum to 1 from logarithms."""
    weight = np.exp(log_weight - log_weight.max())
    total: Floats = weight / weight.sum()
    return total


def is_inside(target: Target, low: float, high: float) -> bool:
    """Return whether a range has the figure, or reaches its bound; False without a range."""
    if target.document.is_ == "at_least":
        return bool(high >= target.value)
    if target.document.is_ == "at_most":
        return bool(low <= target.value)
    return bool(low <= target.value <= high)
