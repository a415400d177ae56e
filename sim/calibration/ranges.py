"""The range of each headline difference over the fitted sets of a camp, with those under other readings of the law."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.ensembles import RANGE, Ensemble
from sim.calibration.fits import quantiles
from sim.runs.fitted import RANGES
from sim.studies.disk import write_whole

if TYPE_CHECKING:
    import pandas as pd


def write_ranges(folder: Path, found: Mapping[str, Ensemble]) -> None:
    """Write ``ranges.csv`` beside fitted sets.

    A set that was run again under drawn answers to open legal questions, and still fits, counts beside the set with
    the usual answers: which reading holds is not known, no more than the numbers are.
    """
    table = range_table(found)
    write_whole(folder / RANGES, table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode())


def range_table(found: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Return the range of each difference of the headline over the sets of each camp.

    Parameters
    ----------
    found
        The sets of each camp.

    Returns
    -------
    pandas.DataFrame
        Columns ``camp, measure, world, group, baseline, reform, sets, low, high``; ``sets`` counts those under other
        readings too.
    """
    import pandas as pd

    rows = []
    for camp, sets in found.items():
        baseline, *reforms = sets.receipt["compared"]
        every = [sets] if sets.under_readings is None else [sets, sets.under_readings]
        for reform in reforms:
            tables = [one.differences(reform) for one in every]
            for name in tables[0].columns:
                measure, world, group = tuple(name)
                if measure in sets.receipt["headline"]:
                    values = np.concatenate([table[measure, world, group].to_numpy(np.float64) for table in tables])
                    low, high = quantiles(values, np.ones(values.size), RANGE).tolist()
                    rows.append((camp, measure, world, group, baseline, reform, values.size, low, high))
    names = ["camp", "measure", "world", "group", "baseline", "reform", "sets", "low", "high"]
    return pd.DataFrame(rows, columns=names)
