"""Fitted sets of a calibration as small readable files, to ship with the package or with a paper."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.calibration.ensembles import ASSUMPTION, DEVIATION, FORMAT, READING, Ensemble, ensembles
from sim.calibration.fits import values_by_reading
from sim.calibration.folder import Calibrated
from sim.calibration.plan_file import CalibrationFile, Camp
from sim.calibration.ranges import write_ranges
from sim.calibration.targets import load_targets
from sim.files.errors import InputError
from sim.files.paths import expanded
from sim.files.toml import read_toml, validate
from sim.runs.fitted import RANGES, UNDER_READINGS, country_of
from sim.scenarios.scenario import Scenario
from sim.studies.disk import write_whole
from sim.studies.results import Results

if TYPE_CHECKING:
    import pandas as pd

MOST_NEAREST: Final = 25
"""Sets that ship of a camp that reproduces not every figure: the nearest."""
LICENCE: Final = "Apache-2.0"


def ship(folder: str | PathLike[str], out: str | PathLike[str]) -> dict[str, Ensemble]:
    """Write the fitted sets of every finished camp of a calibration, and return them.

    Of a camp in which no set reproduces every figure the nearest ones are written, and marked so. Readings are those
    of the figures, and of the measures and groups that the calibration names; numbers have six digits.

    Parameters
    ----------
    folder
        The folder of the calibration.
    out
        Where the files go: ``CAMP.csv``, ``ranges.csv`` and ``receipt.json``; those of an earlier calibration are
        replaced.

    Raises
    ------
    InputError
        When it is no folder of a calibration, or ``out`` holds something else.
    """
    done = Calibrated.load(folder)
    document = validate(CalibrationFile, read_toml(done.folder / "calibration.toml"), done.folder / "calibration.toml")
    where = expanded(out)
    if where.exists() and not (where / "receipt.json").exists() and any(where.iterdir()):
        raise InputError("not empty, and no fitted sets are in it", file=where, accepted="a new or an empty folder")
    where.mkdir(parents=True, exist_ok=True)
    camps = {}
    for camp in dict.fromkeys(done.sets["camp"]):
        waves = [Results(done.folder / camp / f"wave-{n}") for n in range(1, len(document.waves.points) + 1)]
        table = _table(done, document, camp, waves)
        write_whole(where / f"{camp}.csv", table.to_csv(index=False, float_format="%.6g").encode())
        varied = {f.name: {"low": f.low, "high": f.high, "log": f.log} for f in waves[0].study.factors}
        camps[camp] = {**_said(done, document.camp[camp], camp), "varied": varied}
    for file in where.glob("*.csv"):
        if file.stem not in camps and file.name != RANGES:
            file.unlink()
    shutil.rmtree(where / UNDER_READINGS, ignore_errors=True)  # of other sets
    head = document.calibration
    receipt = {
        **done.receipt,
        "format": FORMAT,
        "licence": LICENCE,
        "title": head.title,
        "scenario": head.scenario,
        "country": country_of(Scenario.load(done.folder / "scenario.toml")),
        "lived": head.lived,
        "compared": list(head.compared),
        "persons": head.persons,
        "replicates": head.replicates,
        "seed": head.seed,
        "headline": list(head.headline),
        "groups": list(head.groups),
        "waves": list(document.waves.points),
        "camps": camps,
        "not_run": [camp for camp in document.camp if camp not in camps],
    }
    write_whole(where / "receipt.json", (json.dumps(receipt, indent=1, ensure_ascii=False) + "\n").encode())
    found = ensembles(where)
    write_ranges(where, found)
    return found


def _table(done: Calibrated, document: CalibrationFile, camp: str, waves: Sequence[Results]) -> pd.DataFrame:
    """Return the rows of one camp: set, wave, assumptions, deviations, readings."""
    import pandas as pd

    sets = done.sets[done.sets["camp"] == camp]
    sets = sets[sets["accepted"]] if sets["accepted"].any() else _nearest(sets)
    factors = [factor.name for factor in waves[0].study.factors]
    readings = pd.concat([values_by_reading(results) for results in waves])
    readings = readings[~readings.index.duplicated()].reindex(sets["point"].astype(str).tolist())
    kept = _kept(done, document)
    readings = readings[[name for name in readings.columns if kept(*name)]].dropna(axis=1, how="all")
    parts: dict[str, Any] = {
        "set": np.arange(1, len(sets) + 1),
        "wave": sets["wave"].to_numpy(),
        **{f"{ASSUMPTION}{name}": sets[name].to_numpy() for name in factors},
        **{name: sets[name].to_numpy() for name in map(str, sets) if name.startswith(DEVIATION)},
        **{READING + " ".join(name): readings[name].to_numpy() for name in readings.columns},
    }
    return pd.DataFrame(parts)


def _nearest(sets: pd.DataFrame) -> pd.DataFrame:
    """Return the sets whose worst deviation is least; a figure of which the model gave nothing is infinitely far."""
    deviations = sets[[name for name in sets if str(name).startswith(DEVIATION)]]
    worst = deviations.abs().fillna(np.inf).max(axis=1)
    return sets.loc[worst.sort_values(kind="stable").index[:MOST_NEAREST]]


def _kept(done: Calibrated, document: CalibrationFile) -> Callable[[str, str, str, str], bool]:
    """Return a function that says whether a reading ships: of a figure, or of a named measure and group."""
    head, targets = document.calibration, load_targets()
    figures = [targets[name] for name in (*done.receipt["fitted"], *done.receipt["held_out"]) if name in targets]
    keys = {reading.key for target in figures for reading in target.readings}
    named = {*head.headline, *head.also}

    def kept(regime: str, measure: str, world: str, group: str) -> bool:
        return (measure, world, group) in keys or (measure in named and group in head.groups)

    return kept


def _said(done: Calibrated, table: Camp, camp: str) -> dict[str, Any]:
    """Return what the receipt says of one camp."""
    sets = done.sets[done.sets["camp"] == camp]
    deviations = sets[[name for name in sets if str(name).startswith(DEVIATION)]].abs()
    deviations.columns = [str(name) for name in deviations]
    accepted, within = int(sets["accepted"].sum()), done.receipt["within_tolerances"]
    rows = sets.groupby("wave")["accepted"].agg(["size", "sum"])
    worst = deviations.max(axis=1, skipna=False)
    return {
        "title": table.title.model_dump(),
        "why": table.why,
        "presets": table.presets,
        "kept": dict(table.kept),
        "run": len(sets),
        "accepted": accepted,
        "accepted_by_wave": {str(wave): [int(row["size"]), int(row["sum"])] for wave, row in rows.iterrows()},
        "least_worst_deviation": float(worst.min()),
        "nearest": {str(name).removeprefix(DEVIATION): float(value) for name, value in deviations.min().items()},
        "share_off": {
            str(name).removeprefix(DEVIATION): float(value) for name, value in (deviations > within).mean().items()
        },
    }
