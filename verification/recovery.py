"""A fit to simulated figures: does it find the known values, and the known difference between the rules?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, Literal

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
LEVEL: Final = 0.01
"""Of the test whether ranks are uniform."""
HEADLINE: Final = ("b8_granted", "left_unknown", "dublin_transferred")


def recovery(persons: int, points: int, truths: int) -> tuple[Recovered, Recovered]:
    """Run a sample of sets, and take the first ones for the truth in turn: with normal errors, and with even ones."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "recovery.toml"
        figures = str(list(FIGURES)).replace("'", '"')
        file.write_text(DESIGN.format(persons=persons, points=points, figures=figures), encoding="utf-8")
        calibration = Calibration.load(file)
        fits, _ = fit(calibration, CAMP, Path(place) / CAMP)
        return recovered(calibration, fits, truths), recovered(calibration, fits, truths, "even")


def recovered(
    calibration: Calibration, fits: Fits, truths: int, error: Literal["normal", "even"] = "normal"
) -> Recovered:
    """Return what the fit finds when the figures of each of the first sets are fitted."""
    study = calibration.first(CAMP)
    rows = [dict(zip(fits.points.columns, row, strict=True)) for row in fits.points.itertuples(index=False)]
    unit = unit_of(study.factors, [{f.name: float(row[f.name]) for f in study.factors} for row in rows])
    lived, baseline, reform = study.regimes[:3]
    before, after = columns_of(fits.readings, baseline), columns_of(fits.readings, reform)
    headline = np.stack([after[m, "simulated", "all"] - before[m, "simulated", "all"] for m in HEADLINE], axis=1)
    within = calibration.document.calibration.within
    return recover(
        unit, columns_of(fits.readings, lived), headline, calibration.fitted, within=within, truths=truths, error=error
    )


def section() -> str:
    """Measure, and return the section."""
    persons, points, truths = 5000, 150, 75
    found, even = recovery(persons, points, truths)
    return (
        f"{points} sets of four assumptions with {persons:,} people; {truths} of them in turn are the truth. Their "
        f"{len(FIGURES)} figures, with an error of one tolerance, are fitted as published ones would be, by the other "
        f"sets. Of {found.judged} truths at least 5 sets are accepted, {found.accepted:.0f} on average.\n\n"
        "| range of nine tenths | holds | nominal |\n| --- | --- | --- |\n"
        f"| known values of the assumptions | {100 * found.values:.0f}% | 90% |\n"
        f"| known differences between the rules | {100 * found.headline:.0f}% | 90% |\n\n"
        f"Ranges of assumptions are {100 * found.narrowed:.0f}% narrower than those of all sets. Ranks of known values "
        f"among accepted ones lie at most {found.unevenness:.2f} from a uniform distribution. A set is accepted "
        "within three tolerances, where the figure's error is one: where figures decide an assumption, its range is "
        "wider than nominal.\n\n"
        "Simulation-based calibration: where the figures' errors are even over three tolerances, which is what "
        "acceptance within three tolerances supposes, a known value and its accepted sets are draws from one "
        f"distribution, and its rank is uniform. Of {even.judged} truths, the ranks of {even.ranks.shape[1]} "
        f"assumptions lie at most {even.unevenness:.2f} from a uniform distribution; Kolmogorov's test of each, and of "
        f"{even.headline_ranks.shape[1]} differences between the rules (Bonferroni), gives p = {even.even_p:.2g}: "
        + ("uniform ranks are " + ("not " if even.even_p >= LEVEL else "") + f"rejected at a level of {LEVEL:.0%}. ")
        + f"Their ranges hold {100 * even.values:.0f}% of the values and {100 * even.headline:.0f}% of the differences."
    )
