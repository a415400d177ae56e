"""Results of many regimes, made of those of two: the same numbers under other names and long titles."""

from __future__ import annotations

import dataclasses

import pandas as pd

from sim.export.results import Results
from sim.export.titles import Titles
from sim.procedures.schema import Title

LONG = (
    "Aliens Circular, B8/3 from August 2019; what C-66/21 means: no step towards a transfer, not even a preparatory one"
)


def with_regimes(results: Results, count: int) -> Results:
    """Return results with a baseline and count - 1 reforms that all have the numbers of the last reform."""
    baseline, last = results.regimes[0], results.regimes[-1]
    reforms = [f"reform_{number}" for number in range(1, count)]
    made = dataclasses.replace(results, loaded=dict.fromkeys((baseline, *reforms), results.loaded[last]))

    def repeated(table: pd.DataFrame, column: str) -> pd.DataFrame:
        first, rows = table[table[column] == baseline], table[table[column] == last]
        return pd.concat([first, *(rows.assign(**{column: name}) for name in reforms)], ignore_index=True)

    titles = results.titles
    long = {name: Title(en=f"{LONG} ({name})", nl=f"{LONG} ({name}), in het Nederlands") for name in reforms}
    made.__dict__.update(
        measures=repeated(results.measures, "regime"),
        differences=repeated(results.differences, "reform"),
        incidence=repeated(results.incidence, "regime"),
        pairs=repeated(results.pairs, "reform"),
        catalogue=results.catalogue,
        titles=Titles({baseline: titles.regimes[baseline], **long}, titles.groups, titles.measures),
    )
    return made
