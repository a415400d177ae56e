"""Three desks in a row: SimPy and Ciw against b8sim, the whole work from arrivals to counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.queueing.model import DESKS, LAST_DAY, WAYS, Counts
from benchmarks.timing import in_turn, median, ratio_range


def run(quick: bool) -> dict[str, Any]:
    """Run the three in turn."""
    last_day, repeats = (LAST_DAY // 10, 3) if quick else (LAST_DAY, 5)
    counts: dict[str, list[Counts]] = {name: [] for name in WAYS}
    ways = {name: lambda seed, n=name, w=way: counts[n].append(w(seed, last_day)) for name, way in WAYS.items()}
    seconds = in_turn(ways, repeats, warm_up="b8sim")
    rows = []
    for name in WAYS:
        ratio, low, high = ratio_range(seconds[name], seconds["b8sim"])
        runs = [list(c.measures.values()) for c in counts[name][-repeats:]]
        rows.append(
            {
                "way": name,
                "seconds": median(seconds[name]),
                "ratio": ratio,
                "ratio_low": low,
                "ratio_high": high,
                **dict(zip(counts[name][0].measures, np.mean(runs, axis=0).tolist(), strict=True)),
            }
        )
    return {"last_day": last_day, "repeats": repeats, "desks": list(DESKS), "ways": rows}
