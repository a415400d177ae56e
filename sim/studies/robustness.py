"""How regimes do over all sets of assumptions, measure by measure: levels, regret, who is dominated; no total score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from sim.files.errors import InputError
from sim.studies.results import Results
from sim.studies.sample import CONFIDENCE, RESAMPLES, Floats

if TYPE_CHECKING:
    import pandas as pd

Wish = Literal["more", "less"]
HIGH_REGRET: Final = 0.9
"""The share of sets of assumptions under which regret is at most the high regret."""
PROPOSAL_AREAS: Final = {
    "protection": ("b8_granted", "victims_recognised", "protected_days", "left_unknown"),
    "reporting": ("wish_to_report", "reports", "report_wait_days"),
    "tracing": ("networks_with_lead", "networks_convicted"),
    "workload": ("queue_avim.report",),
}


def robustness(
    results: Results, wishes: Mapping[str, Wish], *, group: str | None = None, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Return how each regime does on each measure, over all points.

    Regret at a point is how far a regime stays behind the one that does best there, in the unit of the measure. What is
    better is said by the caller, measure by measure, and measures are never added.

    Parameters
    ----------
    results
        What came of the study.
    wishes
        Measure to whether ``"more"`` or ``"less"`` of it is wished.
    group
        The group; the first of the study by default.
    resamples
        Of the bootstrap over points.

    Returns
    -------
    DataFrame
        ``measure, wish, regime, mean, worst_tenth, regret, regret_low, regret_high, high_regret, largest_regret,
        best_share, best_low, best_high``: mean level over points; the level that a tenth of the points do not reach;
        mean regret; what regret does not exceed at nine points in ten, and at any; share of the points where no regime
        does better. Intervals are 95%, of a bootstrap over points.

    Raises
    ------
    InputError
        When a measure is not in the study, or nothing is wished.
    """
    import pandas as pd

    if not wishes:
        raise InputError("nothing is wished", key="--more", accepted="--more MEASURE, --less MEASURE, for each measure")
    rows = []
    for measure, wish in wishes.items():
        levels = levels_at_points(results, measure, group)  # [points, regimes]
        better = levels if wish == "more" else -levels
        regret = better.max(axis=1, keepdims=True) - better
        best = (regret <= 1e-9).astype(float)
        low, high = _bootstrap(np.stack([regret, best]), resamples)
        for k, regime in enumerate(results.study.regimes):
            worst = float(np.quantile(better[:, k], 0.1)) * (1 if wish == "more" else -1)
            rows.append(
                (
                    measure, wish, regime, float(levels[:, k].mean()), worst,
                    float(regret[:, k].mean()), low[0, k], high[0, k],
                    float(np.quantile(regret[:, k], HIGH_REGRET)), float(regret[:, k].max()),
                    float(best[:, k].mean()), low[1, k], high[1, k],
                )
            )  # fmt: skip
    columns = [
        "measure", "wish", "regime", "mean", "worst_tenth", "regret", "regret_low", "regret_high", "high_regret",
        "largest_regret", "best_share", "best_low", "best_high",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def dominated(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return for each regime those that have no more high regret on any measure, and less on one."""
    wide = table.pivot(index="regime", columns="measure", values="high_regret")
    out: dict[str, list[str]] = {}
    for regime in dict.fromkeys(table["regime"]):
        mine = wide.loc[regime]
        out[regime] = [
            other for other in wide.index if (wide.loc[other] <= mine).all() and (wide.loc[other] < mine).any()
        ]
    return out


def proposals(
    results: Results, against: Sequence[str], *, group: str | None = None, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Return the paired difference of every regime against others, by area, over all points and replicates.

    Parameters
    ----------
    results
        What came of the study.
    against
        The regimes with which all are compared, such as the old and the new rule.
    group
        The group; the first of the study by default.
    resamples
        Of the bootstrap over points and replicates.

    Returns
    -------
    DataFrame
        ``area, measure, regime, against, difference, low, high, higher, lower``: mean with its 95% bootstrap interval,
        and the share of the points at which it is higher and lower. No row adds up others.

    Raises
    ------
    InputError
        When a regime is not in the study, or it keeps no measure of an area.
    """
    import pandas as pd

    regimes = results.study.regimes
    for name in against:
        if name not in regimes:
            raise InputError("not a regime of the study", key="--against", value=name, accepted=regimes)
    kept = {label.name for label in results.study.readings.labels}
    rows = []
    for area, measures in PROPOSAL_AREAS.items():
        for measure in measures:
            if measure not in kept:
                continue
            values = readings_at_points(results, measure, group)  # [points, regimes, replicates]
            for other in against:
                for k, regime in enumerate(regimes):
                    if regime == other:
                        continue
                    found = _paired(values[:, k] - values[:, regimes.index(other)], resamples)
                    rows.append((area, measure, regime, other, *found))
    if not rows:
        known = [name for names in PROPOSAL_AREAS.values() for name in names]
        raise InputError("the study keeps no measure of an area", key="study.measures", accepted=known)
    columns = ["area", "measure", "regime", "against", "difference", "low", "high", "higher", "lower"]
    return pd.DataFrame(rows, columns=columns)


def levels_at_points(results: Results, measure: str, group: str | None) -> Floats:
    """Return the mean level over replicates at every finished point under each regime, ``[points, regimes]``."""
    values = readings_at_points(results, measure, group)
    known = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        levels = np.where(known, values, 0.0).sum(axis=2) / known.sum(axis=2)
    return np.asarray(levels[np.isfinite(levels).all(axis=1)])


def readings_at_points(results: Results, measure: str, group: str | None) -> Floats:
    """Return every value of a measure in the first world that has it, ``[points, regimes, replicates]``."""
    _, world, group = results.named(measure, None, None, group)
    rows = results.readings
    rows = rows[(rows["measure"] == measure) & (rows["world"] == world) & (rows["group"] == group)]
    wide = rows.pivot(index="point", columns=["regime", "replicate"], values="value")
    replicates = sorted(set(rows["replicate"]))
    every = [[(regime, k) for k in replicates] for regime in results.study.regimes]
    return np.stack([wide.reindex(columns=columns).to_numpy(float) for columns in every], axis=1)


def _paired(difference: Floats, resamples: int) -> tuple[float, float, float, float, float]:
    """Return mean, interval, and shares of points that are higher and lower, of ``[points, replicates]``."""
    generator = np.random.default_rng(1)
    means = np.nanmean(difference[np.isfinite(difference).any(axis=1)], axis=1)
    draws = []
    for _ in range(resamples):
        points = generator.integers(difference.shape[0], size=difference.shape[0])
        replicates = generator.integers(difference.shape[1], size=difference.shape[1])
        drawn = difference[np.ix_(points, replicates)]
        draws.append(float(np.nanmean(drawn)) if np.isfinite(drawn).any() else float("nan"))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.nanquantile(draws, [tail, 1 - tail])
    return float(means.mean()), float(low), float(high), float((means > 0).mean()), float((means < 0).mean())


def _bootstrap(values: Floats, resamples: int) -> tuple[Floats, Floats]:
    """Return the interval of the mean over points of ``[statistics, points, regimes]``."""
    generator = np.random.default_rng(1)
    points = values.shape[1]
    draws = np.stack([values[:, generator.integers(points, size=points)].mean(axis=1) for _ in range(resamples)])
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return low, high
