"""Samples of functions that are known, for the tests of analyses: no engine runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.studies.sample import Sample

NAMES = ("a", "b", "c")


def made(
    unit: np.ndarray, function: Callable[[np.ndarray], np.ndarray], noise: float = 0.0, replicates: int = 4
) -> Sample:
    """Return a sample whose difference is a function of the unit cube, with noise between replicates."""
    generator = np.random.default_rng(11)
    difference = function(unit)[:, None] + noise * generator.normal(size=(len(unit), replicates))
    return Sample(
        measure="reports", world="simulated", group="all", baseline="old", reform="new", factors=NAMES[: unit.shape[1]],
        values=unit, unit=unit, moved=("",) * len(unit), difference=difference, variant="as it is",
    )  # fmt: skip
