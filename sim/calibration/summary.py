"""The tables of a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.fits import Fits, Floats, columns_of, quantiles
from sim.calibration.scores import crps
from sim.calibration.targets import Target
from sim.calibration.waves import Wave

if TYPE_CHECKING:
    import pandas as pd

SHARES: Final = (0.05, 0.5, 0.95)
"""Of the weight: the range that holds nine tenths of it, and the middle."""


def set_table(fits: Fits) -> pd.DataFrame:
    """Return one row for each set: camp, wave, point, factors, deviation from each figure, distance, weight."""
    drop = [name for name in ("block", "presets", "readings", "drivers", "wave") if name in fits.points]
    table = fits.points.drop(columns=drop)
    table.insert(0, "wave", fits.wave)
    table.insert(0, "camp", fits.camp)
    for i, target in enumerate(fits.targets):
        table[f"deviation {target.name}"] = fits.deviations[:, i]
    table["distance"], table["accepted"], table["weight"] = fits.distance, fits.accepted, fits.weight
    return table


def figure_table(fits: Fits, targets: Sequence[Target]) -> pd.DataFrame:
    """Return one row for each figure: what was published, and what the sets of a camp give.

    Columns: camp, target, title, fitted, published, value, source, until, sets, effective_size; low, middle and high:
    the range that holds nine tenths of the weight; nearest: the least deviation of any set, in tolerances; inside:
    whether the figure is in the range (a bound: whether the range reaches it); crps: the continuous ranked probability
    score, of logarithms where the deviations are ratios.
    """
    import pandas as pd

    lived = fits.readings.columns[0][0]
    columns = columns_of(fits.readings, lived)
    rows = []
    for target in targets:
        model = target.model(columns)
        low, middle, high = quantiles(model, fits.weight, SHARES)
        off = np.abs(target.deviation(target.scaled(model)))
        rows.append(
            {
                "camp": fits.camp,
                "target": target.name,
                "title": target.document.title.en,
                "fitted": target in fits.targets,
                "published": target.bound,
                "value": target.value,
                "source": target.source,
                "until": target.document.until,
                "sets": int(fits.accepted.sum()),
                "effective_size": fits.effective_size,
                "low": low,
                "middle": middle,
                "high": high,
                "nearest": float(np.nanmin(off)) if np.isfinite(off).any() else np.nan,
                "inside": _inside(target, low, high),
                "crps": crps(target.scaled(model), fits.weight, float(target.scaled(np.array([target.value]))[0])),
            }
        )
    return pd.DataFrame(rows)


def headline_table(fits: Fits, measures: Sequence[str], groups: Sequence[str]) -> pd.DataFrame:
    """Return one row for each measure and group: the difference between the rules over the sets of a camp.

    Columns: camp, measure, world, group, baseline, reform, sets, effective_size; low, middle and high: the range that
    holds nine tenths of the weight; weight_lower, weight_equal and weight_higher: of the sets in which the reform has
    less, as much, more.
    """
    import pandas as pd

    regimes = list(dict.fromkeys(name[0] for name in fits.readings.columns))[1:]
    baseline, rows = regimes[0], []
    for reform in regimes[1:]:
        before, after = columns_of(fits.readings, baseline), columns_of(fits.readings, reform)
        for measure, world, group in before:
            if measure not in measures or group not in groups:
                continue
            difference = after[measure, world, group] - before[measure, world, group]
            if not np.isfinite(difference).any():
                continue  # no such count: a measure without a counterpart in registers, or without persons
            low, middle, high = quantiles(difference, fits.weight, SHARES)
            rows.append(
                {
                    "camp": fits.camp,
                    "measure": measure,
                    "world": world,
                    "group": group,
                    "baseline": baseline,
                    "reform": reform,
                    "sets": int(fits.accepted.sum()),
                    "effective_size": fits.effective_size,
                    "low": low,
                    "middle": middle,
                    "high": high,
                    "weight_lower": _weight(fits.weight, difference < 0),
                    "weight_equal": _weight(fits.weight, difference == 0),
                    "weight_higher": _weight(fits.weight, difference > 0),
                }
            )
    return pd.DataFrame(rows)


def wave_table(camp: str, waves: Sequence[Wave]) -> pd.DataFrame:
    """Return one row for each wave and emulated figure: share of candidates kept, share of variance explained."""
    import pandas as pd

    rows = [
        {"camp": camp, "wave": wave.number, "candidates_kept": wave.kept, "target": name, "explained": explained}
        for wave in waves
        for name, explained in (wave.explained or {"": np.nan}).items()
    ]
    return pd.DataFrame(rows)


def _inside(target: Target, low: float, high: float) -> bool | None:
    if np.isnan(low):
        return None
    if target.document.is_ == "at_least":
        return bool(high >= target.value)
    if target.document.is_ == "at_most":
        return bool(low <= target.value)
    return bool(low <= target.value <= high)


def _weight(weight: Floats, chosen: NDArray[np.bool_]) -> float:
    return float(weight[chosen].sum())
