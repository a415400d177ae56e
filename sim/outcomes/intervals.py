"""95% intervals of means over replicates, which cover also where little happens.

The t-interval of a mean needs many replicates or values of a symmetric shape. Where an event is rare, all replicates
may agree, and it has no width: a mean of zero "from 0 to 0", though the event is possible. So an interval is the hull
of the t-interval and of what the unit allows to say:

- of few persons, cases or networks, the exact interval of a Poisson count (Garwood 1936), and of a difference that of
  gains and losses apart (Zou and Donner 2008);
- where most replicates agree, that of the share of replicates that do not (Clopper and Pearson 1934), times how far
  these are off on average;
- of a share, which is bounded, also when all replicates agree. Days and ratios have no bound: where most replicates
  agree and fewer than three do not, there is no interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CONFIDENCE: Final = 0.95
COUNTED: Final = frozenset({"persons", "cases", "networks"})
"""Units of counts of events."""
ENOUGH: Final = 3
"""Replicates with another value than the usual one from which it is known how far off they are."""
FEW: Final = 30
"""Events over all replicates below which counts have an exact interval; above, the t-interval covers."""


class MeanInterval(NamedTuple):
    """Mean over replicates with its 95% interval, and the number of replicates used."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    replicates: NDArray[np.int64]


def mean_interval(sample: FloatArray) -> MeanInterval:
    """Return the mean over the first axis and its 95% t-interval.

    NaN entries are left out. With one entry the bounds are NaN, since one replicate has no
    spread. With no entry the mean is NaN too.

    Parameters
    ----------
    sample
        Array ``[replicate, ...]``.

    Returns
    -------
    MeanInterval
        Arrays of the shape of one replicate.

    Raises
    ------
    ValueError
        When an entry is infinite.
    """
    # scipy.special holds the same t quantile as scipy.stats and imports in half the time
    from scipy.special import stdtrit

    sample = np.asarray(sample, dtype=np.float64)
    if np.isinf(sample).any():
        raise ValueError("a measure is infinite; an undefined measure must be NaN")
    used = ~np.isnan(sample)
    replicates = used.sum(axis=0, dtype=np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(used, sample, 0.0).sum(axis=0) / replicates
        deviations = np.where(used, sample - mean, 0.0)
        variance = (deviations**2).sum(axis=0) / (replicates - 1)
        quantile = stdtrit(np.maximum(replicates - 1, 1).astype(np.float64), 0.5 + CONFIDENCE / 2)
        half_width = np.where(replicates > 1, quantile * np.sqrt(variance / replicates), np.nan)
    return MeanInterval(mean, mean - half_width, mean + half_width, replicates)


def covering_interval(sample: FloatArray, units: Sequence[str], *, signed: bool) -> MeanInterval:
    """Return the mean over the first axis and a 95% interval that covers also where little happens.

    Parameters
    ----------
    sample
        Array ``[replicate, measure, ...]``; NaN entries are left out.
    units
        Unit of each measure.
    signed
        Whether values are differences. Levels are 0 or more, and so are their intervals.

    Returns
    -------
    MeanInterval
        Arrays of the shape of one replicate. With one replicate the bounds are NaN, and of days and ratios also where
        most replicates agree and fewer than `ENOUGH` do not.

    Raises
    ------
    ValueError
        When an entry is infinite.
    """
    sample = np.asarray(sample, dtype=np.float64)
    found = mean_interval(sample)
    names = np.array(list(units)).reshape(-1, *[1] * (sample.ndim - 2))
    counted = np.broadcast_to(np.isin(names, list(COUNTED)), found.mean.shape)
    shared = np.broadcast_to(names == "share", found.mean.shape)
    low, high = found.low.copy(), found.high.copy()
    several = found.replicates > 1

    with np.errstate(invalid="ignore"):
        whole = (np.isnan(sample) | (sample == np.rint(sample))).all(axis=0)
    few = several & counted & whole & (np.nansum(np.abs(sample), axis=0) < FEW)
    _widen(low, high, few, *_of_few(sample[:, few], found.replicates[few], signed))

    least = -1.0 if signed else 0.0
    most_agree, usual, off = _agreement(sample, found.replicates)
    agree = several & (off == 0)
    bounded = agree & shared
    known = _chance_of_other(off[bounded], found.replicates[bounded])[1]
    stays = (1 - known) * usual[bounded]
    _widen(low, high, bounded, stays + known * least, stays + known)
    unknown = several & most_agree & (off < np.where(counted, 1, ENOUGH)) & ~shared & ~few
    low[unknown] = high[unknown] = np.nan

    some = several & most_agree & (off > 0) & ~counted & ~unknown
    least_often, most_often = _chance_of_other(off[some], found.replicates[some])
    away = (found.mean[some] - usual[some]) * found.replicates[some] / off[some]
    ends = usual[some] + away * least_often, usual[some] + away * most_often
    _widen(low, high, some, np.minimum(*ends), np.maximum(*ends))

    with np.errstate(invalid="ignore"):
        if not signed:
            low = np.where(found.mean >= 0, np.maximum(low, 0.0), low)
        low, high = np.where(shared, np.maximum(low, least), low), np.where(shared, np.minimum(high, 1.0), high)
    return MeanInterval(found.mean, low, high, found.replicates)


def tables_for(replicates: int) -> dict[str, Any]:
    """Return what another program needs for the same intervals, for up to some number of replicates.

    Returns
    -------
    dict
        ``quantiles``: the two-sided quantile of t with 1, 2, ... degrees of freedom. ``exact``: ``poisson``, the
        interval of 0, 1, ... events; ``other``, for 2, 3, ... replicates and 0, 1, ... up to half of them with another
        value than the usual one, the interval of the chance of that.
    """
    from scipy.special import stdtrit

    def pairs(low: FloatArray, high: FloatArray) -> list[list[float]]:
        return [[float(f"{a:.7g}"), float(f"{b:.7g}")] for a, b in zip(low, high, strict=True)]

    return {
        "quantiles": [float(stdtrit(freedom, 0.5 + CONFIDENCE / 2)) for freedom in range(1, replicates + 1)],
        "exact": {
            "poisson": pairs(*_poisson(np.arange(FEW, dtype=np.float64))),
            "other": [
                pairs(*_chance_of_other(off, np.full(off.size, count)))
                for count in range(2, replicates + 1)
                for off in [np.arange((count + 1) // 2, dtype=np.float64)]
            ],
        },
    }


def _widen(
    low: FloatArray, high: FloatArray, where: NDArray[np.bool_], other_low: FloatArray, other_high: FloatArray
) -> None:
    """Replace intervals by their hull with other ones, in place."""
    low[where] = np.minimum(low[where], other_low)
    high[where] = np.maximum(high[where], other_high)


def _of_few(sample: FloatArray, replicates: NDArray[np.int64], signed: bool) -> tuple[FloatArray, FloatArray]:
    """Return the exact interval of a mean count ``[replicate, cell]``, or of gains less losses."""
    gains = np.nansum(np.maximum(sample, 0.0), axis=0)
    low, high = _poisson(gains)
    if not signed:
        return low / replicates, high / replicates
    losses = np.nansum(np.maximum(-sample, 0.0), axis=0)
    losses_low, losses_high = _poisson(losses)
    below, above = np.hypot(gains - low, losses_high - losses), np.hypot(high - gains, losses - losses_low)
    return (gains - losses - below) / replicates, (gains - losses + above) / replicates


def _poisson(events: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the exact 95% interval of the mean of a Poisson count."""
    from scipy.special import gammaincinv

    tail = (1 - CONFIDENCE) / 2
    low = np.where(events > 0, gammaincinv(np.maximum(events, 1.0), tail), 0.0)
    return low, gammaincinv(events + 1.0, 1 - tail)


def _agreement(sample: FloatArray, replicates: NDArray[np.int64]) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
    """Return whether more than half of the replicates have one value, that value, and how many have another."""
    # A value that more than half have is in the middle of the sorted values; NaN sort last.
    middle = np.maximum(replicates - 1, 0) // 2
    usual = np.take_along_axis(np.sort(sample, axis=0), middle[None], axis=0)[0]
    off = (~np.isnan(sample) & (sample != usual)).sum(axis=0).astype(np.float64)
    return off < replicates / 2, usual, off


def _chance_of_other(off: FloatArray, replicates: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Return the exact 95% interval of the chance that a replicate has another value than the usual one."""
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    low = np.where(off > 0, betaincinv(np.maximum(off, 1.0), replicates - off + 1.0, tail), 0.0)
    return low, betaincinv(off + 1.0, np.maximum(replicates - off, 1e-9), 1 - tail)
