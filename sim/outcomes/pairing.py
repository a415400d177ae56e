"""Levels, paired differences and paired outcomes over replicates.

Every replicate runs all regimes on the same people, so the unit of the statistics is the replicate: the
difference between two regimes is taken inside a replicate first and averaged after. All intervals are 95%
intervals of a mean over replicates (`sim.outcomes.intervals`). They cover the chance inside the simulation, given the
assumptions; they do not cover the uncertainty of the assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.intervals import FloatArray, covering_interval

if TYPE_CHECKING:
    import pandas as pd

LEVEL_COLUMNS = ("measure", "world", "group", "regime", "mean", "low", "high", "unit", "replicates")
DIFFERENCE_COLUMNS = (
    "measure", "world", "group", "baseline", "reform", "difference", "low", "high", "unit",
    "share_higher", "share_lower", "share_equal", "replicates",
)  # fmt: skip
PAIR_COLUMNS = (
    "baseline", "reform", "group", "baseline_outcome", "reform_outcome", "persons", "low", "high",
)  # fmt: skip


class MeasureLabel(NamedTuple):
    """The label of a measure: its name, its world (``simulated`` or ``recorded``) and its unit."""

    name: str
    world: str
    unit: str


@dataclass(frozen=True)
class Labels:
    """The names along the axes of an array ``values[replicate, regime, measure, group]``.

    Parameters
    ----------
    regimes
        Names of the regimes; the first is the baseline.
    measures
        One entry per measure: a mapping or an object with ``name``, ``world`` and ``unit``.
    groups
        Names of the groups of persons.

    Raises
    ------
    ValueError
        When a regime, a measure in one world, or a group is named twice.
    """

    regimes: Sequence[str]
    measures: Sequence[Any]
    groups: Sequence[str]

    def __post_init__(self) -> None:
        """Freeze the three lists and refuse names that occur twice."""
        object.__setattr__(self, "regimes", tuple(self.regimes))
        object.__setattr__(self, "measures", tuple(_measure_label(measure) for measure in self.measures))
        object.__setattr__(self, "groups", tuple(self.groups))
        keys = {
            "regime": self.regimes,
            "measure": [(measure.name, measure.world) for measure in self.measures],
            "group": self.groups,
        }
        for axis, names in keys.items():
            if len(set(names)) != len(names):
                raise ValueError(f"a {axis} is named twice: {list(names)}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """The expected shape of the values of one replicate: regimes, measures, groups."""
        return len(self.regimes), len(self.measures), len(self.groups)


def level_table(values: FloatArray, labels: Labels) -> pd.DataFrame:
    """Return the level of each measure in each group under each regime.

    Parameters
    ----------
    values
        Array ``[replicate, regime, measure, group]``, NaN where a measure is undefined.
    labels
        Names along the last three axes.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, world, group, regime, mean, low, high, unit, replicates``. ``replicates``
        counts the replicates in which the measure is defined under that regime. Rows that are defined in
        no replicate are kept, with NaN and 0. Where there is no interval ``low`` and ``high`` are NaN.

    Raises
    ------
    ValueError
        When the shape does not fit the labels or a value is infinite.
    """
    values = _checked(values, labels)
    summary = covering_interval(np.moveaxis(values, 1, 3), [m.unit for m in labels.measures], signed=False)
    columns = _axis_columns(labels, "regime", labels.regimes)
    columns |= {
        "mean": summary.mean.ravel(),
        "low": summary.low.ravel(),
        "high": summary.high.ravel(),
        "replicates": summary.replicates.ravel(),
    }
    return _frame(columns, LEVEL_COLUMNS)


def difference_table(values: FloatArray, labels: Labels) -> pd.DataFrame:
    """Return the paired difference (reform minus baseline) of each measure, group and reform.

    Parameters
    ----------
    values
        Array ``[replicate, regime, measure, group]``, NaN where a measure is undefined. ``regime`` 0 is
        the baseline, every other regime is a reform.
    labels
        Names along the last three axes.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure, world, group, baseline, reform, difference, low, high, unit, share_higher,
        share_lower, share_equal, replicates``. The shares are of the used replicates in which the reform is
        strictly higher than the baseline, strictly lower, and the same. A replicate that is NaN under one of the two
        regimes is left out of that pair; ``replicates`` counts those that are used. Where there is no interval
        ``low`` and ``high`` are NaN. Because the two levels of :func:`level_table` may rest on different
        replicates, their difference can deviate from ``difference`` when some replicates are undefined.

    Raises
    ------
    ValueError
        When the shape does not fit the labels or a value is infinite.
    """
    values = _checked(values, labels)
    differences = np.moveaxis(values[:, 1:] - values[:, :1], 1, 3)
    summary = covering_interval(differences, [m.unit for m in labels.measures], signed=True)
    with np.errstate(invalid="ignore"):
        signs = {"share_higher": differences > 0, "share_lower": differences < 0, "share_equal": differences == 0}
        shares = {name: (which.sum(axis=0) / summary.replicates).ravel() for name, which in signs.items()}
    columns = _axis_columns(labels, "reform", labels.regimes[1:])
    columns |= {
        "baseline": np.full(summary.mean.size, labels.regimes[0], dtype=object),
        "difference": summary.mean.ravel(),
        "low": summary.low.ravel(),
        "high": summary.high.ravel(),
        **shares,
        "replicates": summary.replicates.ravel(),
    }
    return _frame(columns, DIFFERENCE_COLUMNS)


def pairs_table(
    counts: FloatArray,
    *,
    baseline: str,
    reforms: Sequence[str],
    groups: Sequence[str],
    outcomes: Sequence[str],
) -> pd.DataFrame:
    """Return how many of the same persons go from an outcome under the baseline to one under the reform.

    Parameters
    ----------
    counts
        Array ``[replicate, reform, group, outcome under the baseline, outcome under the reform]`` in
        persons.
    baseline, reforms, groups, outcomes
        Names of the baseline and along the other axes.

    Returns
    -------
    pandas.DataFrame
        Columns ``baseline, reform, group, baseline_outcome, reform_outcome, persons, low, high``;
        ``persons`` is the mean count over replicates, with its interval. With one replicate ``low`` and ``high`` are
        NaN.

    Raises
    ------
    ValueError
        When the shape does not fit the names, or a count is negative or infinite.
    """
    counts = np.asarray(counts, dtype=np.float64)
    expected = (len(reforms), len(groups), len(outcomes), len(outcomes))
    if counts.ndim != 5 or counts.shape[1:] != expected:
        raise ValueError(f"counts has shape {counts.shape}, expected (replicates, *{expected})")
    if (counts < 0).any():
        raise ValueError("a count of persons is negative")
    summary = covering_interval(counts[:, None], ["persons"], signed=False)
    at = [axis.ravel() for axis in np.indices(expected)]
    columns = {
        "baseline": np.full(at[0].size, baseline, dtype=object),
        "reform": _names(reforms)[at[0]],
        "group": _names(groups)[at[1]],
        "baseline_outcome": _names(outcomes)[at[2]],
        "reform_outcome": _names(outcomes)[at[3]],
        "persons": summary.mean.ravel(),
        "low": summary.low.ravel(),
        "high": summary.high.ravel(),
    }
    return _frame(columns, PAIR_COLUMNS)


def _measure_label(measure: Any) -> MeasureLabel:
    if isinstance(measure, Mapping):
        return MeasureLabel(*(str(measure[field]) for field in MeasureLabel._fields))
    return MeasureLabel(*(str(getattr(measure, field)) for field in MeasureLabel._fields))


def _checked(values: FloatArray, labels: Labels) -> FloatArray:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 4 or values.shape[1:] != labels.shape:
        raise ValueError(f"values has shape {values.shape}, expected (replicates, *{labels.shape})")
    return values


def _names(names: Sequence[str]) -> NDArray[np.object_]:
    return np.array(list(names), dtype=object)


def _axis_columns(labels: Labels, last: str, last_names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the names of each entry of an array ``[measure, group, last]`` in row order."""
    shape = (len(labels.measures), len(labels.groups), len(last_names))
    at = [axis.ravel() for axis in np.indices(shape)]
    return {
        "measure": _names([measure.name for measure in labels.measures])[at[0]],
        "world": _names([measure.world for measure in labels.measures])[at[0]],
        "unit": _names([measure.unit for measure in labels.measures])[at[0]],
        "group": _names(labels.groups)[at[1]],
        last: _names(last_names)[at[2]],
    }


def _frame(columns: Mapping[str, NDArray[Any]], order: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: columns[name] for name in order})
