"""Fitted sets of assumptions, run again for the whole country on people and draws that the fit has not seen."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.calibration import Calibration, as_csv
from sim.calibration.ensembles import Ensemble, Floats, load, targets_of
from sim.calibration.fits import columns_of, deviations_of, values_by_reading
from sim.studies.results import Results
from sim.studies.sweep import begin
from verification.report import ROOT, table

FILE = ROOT / "experiments" / "calibration.toml"
CAMP = "free"
SETS = 6
UNSEEN = 20261129
"""A seed that no fit used."""
SHOWN = (
    ("b8_granted", "dublin"), ("left_unknown", "dublin"), ("reports", "dublin"), ("dublin_transferred", "dublin"),
    ("report_wait_days", "all"), ("queue_avim.report", "all"),
)  # fmt: skip
"""Measure and group: also what moves queues, in which a small country could differ."""


def again(ensemble: Ensemble, sets: int = SETS, persons: int | None = None) -> pd.DataFrame:
    """Run some sets of a camp again with another seed.

    Parameters
    ----------
    ensemble
        The fitted sets.
    sets
        How many, at equal distances in their order.
    persons
        How many people; the whole country by default.

    Returns
    -------
    pandas.DataFrame
        As `sim.calibration.fits.values_by_reading`, a row for each set.
    """
    fitted = Calibration.load(FILE)
    head = fitted.document.calibration.model_copy(update={"persons": persons, "seed": UNSEEN})
    unseen = replace(fitted, document=fitted.document.model_copy(update={"calibration": head}))
    factors = unseen.first(ensemble.camp).factors
    chosen = ensemble.assumptions.iloc[chosen_rows(ensemble, sets)]
    points = [{str(name): float(value) for name, value in row.items()} for row in chosen.to_dict("records")]
    with tempfile.TemporaryDirectory() as hidden:
        file = Path(hidden) / "points.csv"
        file.write_text(as_csv(factors, points), encoding="utf-8")
        begin(unseen.listed(ensemble.camp, file), Path(hidden) / "store")
        return values_by_reading(Results(Path(hidden) / "store"))


def chosen_rows(ensemble: Ensemble, sets: int) -> list[int]:
    """Return which sets are run again."""
    return [int(i) for i in np.linspace(0, ensemble.size - 1, min(sets, ensemble.size))]


def section() -> str:
    """Run some sets of the free camp again; return the section."""
    ensemble = load(CAMP)
    values, rows = again(ensemble), chosen_rows(ensemble, SETS)
    fitted, _ = targets_of(ensemble.receipt)
    lived = ensemble.receipt["lived"]
    then = ensemble.deviations.iloc[rows].abs().max(axis=1).to_numpy(np.float64)
    now = np.abs(deviations_of(fitted, values, lived)).max(axis=1)
    within = ensemble.receipt["within_tolerances"]
    spread = [
        (target.document.title.en, target.bound, _ends(ensemble.figure(target)[rows]),
         _ends(target.model(columns_of(values, lived))))
        for target in fitted
    ]  # fmt: skip
    baseline, reform = ensemble.receipt["compared"][:2]
    for measure, group in SHOWN:
        name = (measure, "simulated", group)
        before = ensemble.differences()[name].to_numpy(np.float64)[rows]
        after = (values[reform] - values[baseline])[name].to_numpy(np.float64)
        whose = "people with a Dublin claim" if group == "dublin" else "everybody"
        spread.append((f"difference: `{measure}`, {whose}", "", _ends(before), _ends(after)))
    wait = ("report_wait_days", "simulated", "all")
    levels = [_ends(table[baseline][wait].to_numpy(np.float64)) for table in (ensemble.readings.iloc[rows], values)]
    spread.append((f"level under `{baseline}`: `report_wait_days`, everybody", "", *levels))
    return TEXT.format(
        sets=len(rows), size=ensemble.size, persons=f"{ensemble.receipt.get('persons') or 0:,}",
        inside=int((now <= within).sum()), within=f"{within:g}", then=f"{then.max():.1f}", now=f"{now.max():.1f}",
    ) + table(("", "published", "as fitted", "whole country, unseen draws"), spread)  # fmt: skip


def _ends(values: Floats) -> str:
    low, middle, high = np.nanquantile(values, (0, 0.5, 1))
    return f"{middle:.4g} ({low:.4g} to {high:.4g})"


TEXT = """{sets} of the {size} sets that fit when everything may vary, which were found among {persons} people, run
again for the whole country with a seed that no fit used. Within {within} tolerances of every fitted figure are {inside}
of {sets}; the largest deviation of any was {then} tolerances when fitted and is {now} now. Median (lowest to highest)
over these sets:

"""
