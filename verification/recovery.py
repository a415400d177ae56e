"""A fit to simulated figures: does it find the known values, and the known difference between the rules?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from sim.calibration.calibration import Calibration, unit_of
from sim.calibration.fits import Fits, columns_of
from sim.calibration.recovery import Recovered, recover
from sim.calibration.waves import fit

CAMP: Final = "free"
FIGURES: Final = ("nigerian_departures_2018", "transfers_2018", "dublin_requests_2018")
DESIGN: Final = """
[calibration]
title    = "Recovery"
scenario = "netherlands"
persons  = {persons}
seed     = 3
headline = ["b8_granted", "left_unknown", "dublin_transferred"]
groups   = ["all"]
targets  = {figures}

[waves]
points = [{points}]

[parameters]
"leaves.transfer_per_year"      = "passport"
"leaves.onward_per_year"        = "passport"
"dublin.applied_elsewhere_base" = "passport"
"inflow.victim_share_NGA"       = "passport"

[camp.free]
title = "Everything may vary"
why   = "No assumption is imposed."
"""
HEADLINE: Final = ("b8_granted", "left_unknown", "dublin_transferred")


def recovery(persons: int, points: int, truths: int) -> tuple[Recovered, Fits]:
    """Run a sample of sets, and take the first ones for the truth in turn."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "recovery.toml"
        figures = str(list(FIGURES)).replace("'", '"')
        file.write_text(DESIGN.format(persons=persons, points=points, figures=figures), encoding="utf-8")
        calibration = Calibration.load(file)
        fits, _ = fit(calibration, CAMP, Path(place) / CAMP)
        return recovered(calibration, fits, truths), fits


def recovered(calibration: Calibration, fits: Fits, truths: int) -> Recovered:
    """Return what the fit finds when the figures of each of the first sets are fitted."""
    study = calibration.first(CAMP)
    rows = [dict(zip(fits.points.columns, row, strict=True)) for row in fits.points.itertuples(index=False)]
    unit = unit_of(study.factors, [{f.name: float(row[f.name]) for f in study.factors} for row in rows])
    lived, baseline, reform = study.regimes[:3]
    before, after = columns_of(fits.readings, baseline), columns_of(fits.readings, reform)
    headline = np.stack([after[m, "simulated", "all"] - before[m, "simulated", "all"] for m in HEADLINE], axis=1)
    within = calibration.document.calibration.within
    return recover(unit, columns_of(fits.readings, lived), headline, calibration.fitted, within=within, truths=truths)


def section() -> str:
    """Measure, and return the section."""
    persons, points, truths = 5000, 150, 75
    found, _ = recovery(persons, points, truths)
    return (
        f"{points} sets of four assumptions with {persons:,} people; {truths} of them in turn are the truth. Their "
        f"{len(FIGURES)} figures, with an error of one tolerance, are fitted as published ones would be, by the other "
        f"sets. Of {found.judged} truths at least 5 sets are accepted, {found.accepted:.0f} on average.\n\n"
        "| range of nine tenths | holds | nominal |\n| --- | --- | --- |\n"
        f"| known values of the assumptions | {100 * found.values:.0f}% | 90% |\n"
        f"| known differences between the rules | {100 * found.headline:.0f}% | 90% |\n\n"
        f"Ranges of assumptions are {100 * found.narrowed:.0f}% narrower than those of all sets. Ranks of known values "
        f"among accepted ones lie at most {found.unevenness:.2f} from a uniform distribution. More than nominal is "
        "expected: a set is accepted within three tolerances, where the figure's error is one."
    )
