"""What an analysis looks at: the paired difference of one measure at every row of a design, replicate by replicate."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.files.errors import InputError
from sim.studies.points import AS_IT_IS
from sim.studies.results import Results
from sim.studies.study_file import NO_PRESET

Floats = NDArray[np.float64]
RESAMPLES: Final = 400
CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Sample:
    """The rows of a design under one variant, with what came of them.

    Attributes
    ----------
    measure, world, group, baseline, reform
        Whose difference it is: reform less baseline.
    factors
        Names of what varies.
    values, unit
        ``[rows, factors]``: values, and places in the unit cube (empty for designs that are not made there).
    moved
        The factor that moved in each row, for designs that say so.
    difference
        ``[rows, replicates]``; NaN where the measure is undefined, or the point failed.
    variant
        Presets and readings, in words.
    """

    measure: str
    world: str
    group: str
    baseline: str
    reform: str
    factors: tuple[str, ...]
    values: Floats
    unit: Floats
    moved: tuple[str, ...]
    difference: Floats
    variant: str

    @property
    def mean(self) -> Floats:
        """The mean difference of each row, ``[rows]``; NaN where there is none."""
        return means(self.difference)

    @property
    def title(self) -> str:
        """What it is, in words."""
        where = "" if self.group == "all" else f", {self.group}"
        world = "" if self.world == "simulated" else f" ({self.world})"
        return f"{self.measure}{world}{where}: {self.reform} less {self.baseline}"

    def at(self, rows: NDArray[Any], replicates: NDArray[Any] | None = None) -> Sample:
        """Return some of the rows, and of the replicates."""
        difference = self.difference[rows] if replicates is None else self.difference[np.ix_(rows, replicates)]
        return replace(
            self,
            values=self.values[rows],
            unit=self.unit[rows] if self.unit.size else self.unit,
            moved=tuple(self.moved[i] for i in rows),
            difference=difference,
        )

    def known(self, size: int = 1) -> Sample:
        """Return the rows with a difference; of rows that belong together, ``size`` each, those that all have one."""
        whole = np.isfinite(self.mean).reshape(-1, size).all(axis=1)
        return self.at(np.flatnonzero(np.repeat(whole, size)))


def sample_of(
    results: Results,
    measure: str,
    reform: str | None = None,
    *,
    world: str | None = None,
    group: str | None = None,
    variant: str | None = None,
) -> Sample:
    """Return the paired difference of a measure at every row of a design.

    Parameters
    ----------
    results
        What came of the study.
    measure, reform, world, group
        Whose difference; the first that the study has where nothing is said.
    variant
        Presets and readings, as ``variants_of`` names them; the first by default.

    Raises
    ------
    InputError
        When the study does not have one of them, or nothing is finished.
    """
    reform, world, group = results.named(measure, reform, world, group)
    design = results.design
    names = variants_of(results)
    chosen = names[0] if variant is None else variant
    if chosen not in names:
        raise InputError("no such variant", file=results.store.folder, key="variant", value=variant, accepted=names)
    rows = design[_variant(design) == chosen]
    table = results.sample(measure, reform, world=world, group=group)
    wide = table.pivot(index="point", columns="replicate", values="difference").reindex(rows["point"])
    factors = tuple(factor.name for factor in results.study.factors)
    points = results.points.set_index("point").loc[rows["point"]]
    unit = [f"unit {name}" for name in factors if f"unit {name}" in rows.columns]
    return Sample(
        measure=measure,
        world=world,
        group=group,
        baseline=results.study.regimes[0],
        reform=reform,
        factors=factors,
        values=points[list(factors)].to_numpy(np.float64),
        unit=rows[unit].to_numpy(np.float64),
        moved=tuple(rows["moved"]),
        difference=wide.to_numpy(np.float64),
        variant=chosen,
    )


def variants_of(results: Results) -> list[str]:
    """Return the names of the variants of a study: its presets, with readings and drivers behind semicolons."""
    return list(dict.fromkeys(_variant(results.design)))


def _variant(design: Any) -> Any:
    """Return the name of the variant of each row."""
    name = design["presets"].replace(NO_PRESET, AS_IT_IS)
    for column in ("readings", "drivers"):
        name = name.where(design[column] == "", name + "; " + design[column])
    return name


def means(difference: Floats) -> Floats:
    """Return the mean of each row over the replicates that are defined; NaN where none is."""
    known = np.isfinite(difference)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, difference, 0.0).sum(axis=1) / known.sum(axis=1))


def bootstrapped(
    sample: Sample, estimate: Callable[[Sample], Floats], *, size: int = 1, resamples: int = RESAMPLES, seed: int = 1
) -> tuple[Floats, Floats, Floats]:
    """Return an estimate with the 95% interval of a bootstrap over points and over replicates.

    Replicate k has the same people and draws at every point, so the replicates are drawn for all points together: the
    interval covers both that other points, and that other people, could have been taken.

    Parameters
    ----------
    sample
        Rows that all have a difference.
    estimate
        Gives an array for a sample.
    size
        Rows that belong together (a trajectory, a base sample) and are drawn together.

    Returns
    -------
    tuple
        Estimate, low and high.
    """
    found = estimate(sample)
    draws = []
    for rows, replicates in _draws(sample, size, resamples, seed):
        again = sample.at(rows, replicates)
        if np.isfinite(again.mean).all():
            draws.append(estimate(again))
    if len(draws) < 2:
        return found, np.full_like(found, np.nan), np.full_like(found, np.nan)
    tail = (1 - CONFIDENCE) / 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where no draw has a value there is no interval
        low, high = np.nanquantile(np.stack(draws), [tail, 1 - tail], axis=0)
    return found, low, high


def _draws(sample: Sample, size: int, resamples: int, seed: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    generator = np.random.default_rng(seed)
    rows, replicates = sample.difference.shape
    for _ in range(resamples):
        first = generator.integers(rows // size, size=rows // size) * size
        drawn = np.asarray(generator.integers(replicates, size=(replicates,)))
        yield (first[:, None] + np.arange(size)).ravel(), drawn
