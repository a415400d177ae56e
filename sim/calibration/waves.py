"""History matching: waves of runs, each where the emulators of the former ones say that the figures come out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.calibration import Calibration, as_csv, unit_of
from sim.calibration.fits import Fits, columns_of, deviations_of, values_by_reading
from sim.calibration.zoom import NOT_RULED_OUT, Judge, walk
from sim.files.toml import read_text
from sim.studies.disk import write_whole
from sim.studies.store import Store
from sim.studies.sweep import sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.results import Results

Floats = NDArray[np.float64]
Tell = Callable[[str], None]


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
        Where the sweeps of the camp go: ``wave-1``, ``wave-2``, ... The points of a later wave are written beside its
        sweep before it begins, and are not chosen again.
    tell
        Called with a line for each wave.
    **how
        As for `sim.studies.sweep.sweep`: ``workers``, ``scheduler``, ``progress``.

    Raises
    ------
    InputError
        When a sweep in the folder is of other targets, ranges or code.
    """
    first = calibration.first(camp)
    lived = first.regimes[0]
    values: list[pd.DataFrame] = []
    points: list[pd.DataFrame] = []
    waves: list[Wave] = []
    for number, size in enumerate(calibration.document.waves.points, start=1):
        if number == 1:
            study, wave = first, Wave(1, {}, 1.0)
        else:
            wave = _begun(folder, number) or _begin(calibration, camp, folder, number, points, values)
            study = calibration.listed(camp, _points_file(folder, number))
        results: Results = sweep(study, _sweep_folder(folder, number), **how)
        values.append(values_by_reading(results))
        points.append(results.points.assign(wave=number))
        waves.append(wave)
        if tell:
            best = _fits(calibration, camp, points, values, lived)
            tell(
                f"{camp}, wave {number}: {size} sets, {best.accepted.sum()} of {best.accepted.size} within "
                f"{best.within:g} tolerances of every figure; the nearest deviates by {best.worst.min():.1f}"
            )
    return _fits(calibration, camp, points, values, lived), waves


def finished(calibration: Calibration, folder: Path) -> bool:
    """Return whether all waves of a camp were run in a folder."""
    last = _sweep_folder(folder, len(calibration.document.waves.points))
    return (last / "manifest.json").exists() and not Store.look(last).pending()


def _begin(
    calibration: Calibration,
    camp: str,
    folder: Path,
    number: int,
    points: Sequence[pd.DataFrame],
    values: Sequence[pd.DataFrame],
) -> Wave:
    """Choose the points of a later wave, and write them with what was learned."""
    import pandas as pd

    first = calibration.first(camp)
    factors, size = first.factors, calibration.document.waves.points[number - 1]
    unit = unit_of(factors, _rows(points, [factor.name for factor in factors]))
    judge = Judge.of(calibration.fitted, unit, columns_of(pd.concat(values), first.regimes[0]))
    rows, places = calibration.candidates(camp, number)
    kept = float((judge.implausible(places) <= NOT_RULED_OUT).mean())
    free = calibration.free(first)
    there, start = walk(judge, places, free, size, calibration.seed(number))
    chosen = [
        {**rows[i].values, **{f.name: f.at(at[k]) for k, f in enumerate(factors) if free[k]}}
        for i, at in zip(start, there.tolist(), strict=True)
    ]
    wave = Wave(number, judge.explained, kept)
    write_whole(_points_file(folder, number), as_csv(factors, chosen).encode())
    write_whole(_learned_file(folder, number), (json.dumps(asdict(wave), indent=1) + "\n").encode())
    return wave


def _begun(folder: Path, number: int) -> Wave | None:
    """Return what was learned before a wave whose points are there already."""
    file = _learned_file(folder, number)
    return (
        Wave(**json.loads(read_text(file, "JSON"))) if file.exists() and _points_file(folder, number).exists() else None
    )


def _sweep_folder(folder: Path, number: int) -> Path:
    return folder / f"wave-{number}"


def _points_file(folder: Path, number: int) -> Path:
    return folder / f"wave-{number}.csv"


def _learned_file(folder: Path, number: int) -> Path:
    return folder / f"wave-{number}.json"


def _fits(calibration: Calibration, camp: str, points: Sequence[Any], values: Sequence[Any], lived: str) -> Fits:
    import pandas as pd

    sets, readings = pd.concat(points, ignore_index=True), pd.concat(values)
    deviations = deviations_of(calibration.fitted, readings, lived)
    within = calibration.document.calibration.within
    return Fits(camp, calibration.fitted, sets["wave"].to_numpy(), sets, deviations, readings, within)


def _rows(points: Sequence[pd.DataFrame], names: Sequence[str]) -> list[dict[str, float]]:
    return [
        dict(zip(names, row, strict=True)) for table in points for row in table[list(names)].itertuples(index=False)
    ]
