"""A chain of states without contagion, with and without a change on the same people: Starsim against b8sim."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.chain.illness import DAYS, MEASURES, PERSONS, TOLERANCE, WAYS
from benchmarks.equal import compare_means
from benchmarks.machine import machine
from benchmarks.timing import in_turn, median, ratio_range


def run(quick: bool) -> dict[str, Any]:
    """Run both in turn, with the same change; refuse to report times of models that differ.

    Raises
    ------
    RuntimeError
        When a share differs by more than Monte-Carlo error and the tolerance.
    """
    if find_spec("starsim") is None:
        return {"skipped": "Starsim is not installed (the extra `bench` has it)"}
    persons, repeats = (2_000 if quick else PERSONS), 8
    shares: dict[str, list[Any]] = {name: [] for name in WAYS}
    ways = {name: lambda seed, n=name, w=way: shares[n].append(w(seed, persons)) for name, way in WAYS.items()}
    seconds = in_turn(ways, repeats, warm_up="b8sim")
    found = {name: np.array(runs[-repeats:]) for name, runs in shares.items()}
    names = [f"{measure}{which}" for which in ("", ", fewer relapses") for measure in MEASURES]
    ours, other = (found[name].reshape(repeats, -1) for name in ("b8sim", "starsim"))
    verdicts = compare_means(ours, other, names, paired=False, tolerance=[TOLERANCE] * len(names))
    different = [f"{v.name}: {v.ours:.4f} and {v.other:.4f}" for v in verdicts if not v.equal]
    if different:
        raise RuntimeError(f"the two models differ: {'; '.join(different)}")
    rows = []
    for name in WAYS:
        ratio, low, high = ratio_range(seconds[name], seconds["b8sim"])
        gain = found[name][:, 1] - found[name][:, 0]
        rows.append(
            {
                "way": name,
                "seconds": median(seconds[name]),
                "nanoseconds": 1e9 * median(seconds[name]) / (2 * persons * DAYS),
                "ratio": ratio,
                "ratio_low": low,
                "ratio_high": high,
                "shares": dict(zip(MEASURES, found[name][:, 0].mean(axis=0).tolist(), strict=True)),
                "differences": dict(zip(MEASURES, gain.mean(axis=0).tolist(), strict=True)),
                "spreads": dict(zip(MEASURES, gain.std(axis=0, ddof=1).tolist(), strict=True)),
            }
        )
    here = machine()
    return {
        "machine": f"{here['processors']} processors ({here['processor']})",
        "starsim": version("starsim"),
        "persons": persons,
        "days": DAYS,
        "repeats": repeats,
        "tolerance": TOLERANCE,
        "ways": rows,
    }
