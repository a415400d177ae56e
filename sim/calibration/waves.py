"""History matching: waves of runs, each among the points that an emulator of the former ones does not rule out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.calibration import Calibration, as_csv, unit_of
from sim.calibration.emulator import fit_emulator
from sim.calibration.fits import Fits, columns_of, deviations_of, values_by_reading
from sim.calibration.targets import Target
from sim.studies.disk import write_whole
from sim.studies.sweep import sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.results import Results

Floats = NDArray[np.float64]
Tell = Callable[[str], None]
NOT_RULED_OUT: Final = 3.0
"""Implausibility up to which a candidate stays (Pukelsheim's rule of three standard deviations)."""
MOST_SPREAD: Final = 4000
"""Candidates among which points are spread; more cost too much and spread no better."""


@dataclass(frozen=True)
class Wave:
    """What a wave learned.

    Attributes
    ----------
    number
        From 1.
    explained
        Share of the variance of each figure that its emulator explains where it was not fitted; by name.
    kept
        Share of the candidates that no figure ruled out before this wave; 1 for the first.
    """

    number: int
    explained: dict[str, float]
    kept: float


def fit(
    calibration: Calibration, camp: str, folder: Path, tell: Tell | None = None, **how: Any
) -> tuple[Fits, list[Wave]]:
    """Run the waves of one camp; what is in the folder already is not run again.

    Parameters
    ----------
    folder
        Where the sweeps of the camp go: ``wave-1``, ``wave-2``, ...
    tell
        Called with a line for each wave.
    **how
        As for `sim.studies.sweep.sweep`: ``workers``, ``scheduler``, ``progress``.

    Raises
    ------
    InputError
        When a sweep in the folder is of other targets, ranges or code.
    """
    import pandas as pd

    first = calibration.first(camp)
    factors, targets, lived = first.factors, calibration.fitted, first.regimes[0]
    values: list[pd.DataFrame] = []
    points: list[pd.DataFrame] = []
    waves: list[Wave] = []
    for number, size in enumerate(calibration.document.waves.points, start=1):
        kept, explained = 1.0, dict[str, float]()
        if number == 1:
            study = first
        else:
            file = folder / f"wave-{number}.csv"
            unit = unit_of(factors, _rows(points, factors))
            rows, places = calibration.candidates(camp, number)
            chosen, kept, explained = _choose(targets, unit, columns_of(pd.concat(values), lived), places, size)
            write_whole(file, as_csv(factors, [rows[i].values for i in chosen]).encode())
            study = calibration.listed(camp, file)
        results: Results = sweep(study, folder / f"wave-{number}", **how)
        values.append(values_by_reading(results))
        points.append(results.points.assign(wave=number))
        waves.append(Wave(number, explained, kept))
        if tell:
            best = _fits(calibration, camp, points, values, lived)
            tell(
                f"{camp}, wave {number}: {size} sets, {best.accepted.sum()} of {best.accepted.size} within "
                f"{best.within:g} tolerances of every figure; the nearest deviates by {best.worst.min():.1f}"
            )
    return _fits(calibration, camp, points, values, lived), waves


def _fits(calibration: Calibration, camp: str, points: Sequence[Any], values: Sequence[Any], lived: str) -> Fits:
    import pandas as pd

    sets, readings = pd.concat(points, ignore_index=True), pd.concat(values)
    deviations = deviations_of(calibration.fitted, readings, lived)
    within = calibration.document.calibration.within
    return Fits(camp, calibration.fitted, sets["wave"].to_numpy(), sets, deviations, readings, within)


def _rows(points: Sequence[pd.DataFrame], factors: Sequence[Any]) -> list[dict[str, float]]:
    names = [factor.name for factor in factors]
    return [dict(zip(names, row, strict=True)) for table in points for row in table[names].itertuples(index=False)]


def _choose(
    targets: Sequence[Target],
    unit: Floats,
    columns: dict[tuple[str, str, str], Floats],
    places: Floats,
    size: int,
) -> tuple[NDArray[np.int64], float, dict[str, float]]:
    """Return the candidates to run, the share that nothing ruled out, and how good the emulators are."""
    implausible = np.zeros(places.shape[0])
    explained: dict[str, float] = {}
    for target in targets:
        emulator = fit_emulator(unit, target.scaled(target.model(columns)))
        if emulator is None:
            continue
        explained[target.name] = emulator.explained
        mean, deviation = emulator.predict(places)
        off = target.deviation(mean)
        unsure = np.sqrt(1 + np.square(deviation / target.document.tolerance))
        np.maximum(implausible, np.abs(off) / unsure, out=implausible)
    left = np.flatnonzero(implausible <= NOT_RULED_OUT)
    share = left.size / places.shape[0]
    if left.size <= size:
        # Too few are left: the least implausible ones are run, and the fits say how far they are off.
        return np.argsort(implausible, kind="stable")[:size], share, explained
    return left[spread(places[left[:MOST_SPREAD]], size)], share, explained


def spread(places: Floats, size: int) -> NDArray[np.int64]:
    """Return points far from each other: each the farthest from those taken before, the first the most central."""
    taken = [int(np.square(places - places.mean(axis=0)).sum(axis=1).argmin())]
    distance = np.square(places - places[taken[0]]).sum(axis=1)
    while len(taken) < size:
        taken.append(int(distance.argmax()))
        np.minimum(distance, np.square(places - places[taken[-1]]).sum(axis=1), out=distance)
    return np.array(taken, np.int64)
