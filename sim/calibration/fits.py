"""How well each set of assumptions reproduces the figures, and how much it weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.targets import Target
from sim.outcomes.measures import Measure, Measures
from sim.runs.world import ratio_of_people

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.results import Results

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fits:
    """All runs of one camp.

    Attributes
    ----------
    camp
        Its name.
    targets
        The figures that were fitted.
    wave
        In which wave each set was run, ``[sets]``.
    points
        Identity and factors of each set; a row for each.
    deviations
        From each figure, in tolerances, ``[sets, targets]``; NaN where the model gave none.
    readings
        Measure, world, group and regime to the values of all sets: mean over replicates, ``[sets]``.
    within
        How many tolerances a set may deviate.
    """

    camp: str
    targets: tuple[Target, ...]
    wave: NDArray[np.int64]
    points: pd.DataFrame
    deviations: Floats
    readings: pd.DataFrame
    within: float

    @property
    def worst(self) -> Floats:
        """The largest deviation of each set, ``[sets]``; infinite where a figure could not be compared."""
        size = np.abs(self.deviations)
        worst: Floats = np.where(np.isnan(size), np.inf, size).max(axis=1)
        return worst

    @property
    def distance(self) -> Floats:
        """The root mean square deviation of each set, in tolerances."""
        size: Floats = np.sqrt(np.square(self.deviations).mean(axis=1))
        return size

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Which sets deviate from no figure by more than ``within`` tolerances."""
        accepted: NDArray[np.bool_] = self.worst <= self.within
        return accepted

    @property
    def weight(self) -> Floats:
        """The weight of each set: those accepted weigh the same; they sum to 1, or are all 0."""
        weight: Floats = self.accepted / max(int(self.accepted.sum()), 1)
        return weight

    @property
    def effective_size(self) -> float:
        """How many sets of equal weight would be as informative; 0 where none is accepted."""
        total = float(np.square(self.weight).sum())
        return 1 / total if total else 0.0

    @property
    def ruled_out_by(self) -> tuple[Target, float] | None:
        """The figure that no set comes near, and by how many tolerances the nearest misses it, if there is one."""
        nearest = np.nanmin(np.abs(np.where(np.isnan(self.deviations), np.inf, self.deviations)), axis=0)
        worst = int(nearest.argmax())
        return (self.targets[worst], float(nearest[worst])) if nearest[worst] > self.within else None

    def ensemble(self) -> NDArray[np.int64]:
        """Return the accepted sets, the nearest first."""
        order = np.argsort(self.distance, kind="stable")
        return order[self.accepted[order]]


COUNTED: Final = ("persons", "entries", "days", "networks")
"""Kinds of measures that are proportional to the number of people."""


def values_by_reading(results: Results) -> pd.DataFrame:
    """Return the mean over replicates: a row for each point of the study, in its order, a column for each reading.

    Columns are (regime, measure, world, group). Numbers of people and cases are those of the whole country, in
    proportion, where fewer were simulated.
    """
    import pandas as pd

    table = results.readings
    mean = table.groupby(["point", "regime", "measure", "world", "group"], sort=False)["value"].mean()
    wide = pd.DataFrame(mean.unstack(["regime", "measure", "world", "group"])).reindex(
        [point.id for _, point in results.study.points]
    )
    ratios = np.array([ratio_of_people(results.study.scenario_at(point)) for _, point in results.study.points])
    measures = {**Measures.load(results.study.asked.scenario.own).measure, **Measures.dated().measure}
    counted = np.array([_is_counted(str(name[1]), str(name[2]), measures) for name in wide.columns])
    values = np.where(counted, wide.to_numpy(np.float64) / ratios[:, None], wide.to_numpy(np.float64))
    return pd.DataFrame(values, index=wide.index, columns=wide.columns)


def _is_counted(measure: str, world: str, measures: Mapping[str, Measure]) -> bool:
    """Return whether a reading is proportional to the number of people: all of registers, and queues among pools."""
    if world == "recorded" or measure not in measures:
        return not measure.startswith(("wait_", "utilisation_"))
    return measures[measure].kind in COUNTED


def deviations_of(targets: Sequence[Target], values: pd.DataFrame, lived: str) -> Floats:
    """Return deviations in tolerances, ``[sets, targets]``."""
    columns = columns_of(values, lived)
    return np.stack([t.deviation(t.scaled(t.model(columns))) for t in targets], axis=1)


def columns_of(values: pd.DataFrame, regime: str) -> dict[tuple[str, str, str], Floats]:
    """Return the readings under one regime: (measure, world, group) to ``[sets]``."""
    found: dict[tuple[str, str, str], Floats] = {}
    for name in values.columns:
        at, measure, world, group = tuple(name)
        if at == regime:
            found[measure, world, group] = values[at, measure, world, group].to_numpy(np.float64)
    return found


def quantiles(values: Floats, weight: Floats, shares: Sequence[float]) -> Floats:
    """Return weighted quantiles: the smallest values at or below which at least these shares of the weight lie."""
    known = np.isfinite(values) & (weight > 0)
    if not known.any():
        return np.full(len(shares), np.nan)
    order = np.argsort(values[known], kind="stable")
    cumulative = np.cumsum(weight[known][order])
    cumulative /= cumulative[-1]
    at = np.searchsorted(cumulative, np.array(shares) - 1e-12)
    found: Floats = values[known][order][np.minimum(at, order.size - 1)]
    return found
