"""Long streams of draws whose neighbours differ in one part of the key only, by the smallest step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import chain_all, name_key, name_keys, replicate_key, uniforms

Words = NDArray[np.uint64]
BITS = 52
"""Number of bits of a draw."""
PERSONS = 400
ASKED = name_key("asks_to_report")


def persons(size: int, seed: int = 1, replicate: int = 0) -> Words:
    """Return the keys of a number of persons of a replicate, in the order of their names."""
    names = [f"NGA-{2017 + i // 60_000}-{1 + i // 5000 % 12:02d}-{i % 5000:04d}" for i in range(size)]
    return chain_all(replicate_key(seed, replicate), name_keys(names))


def words(u: NDArray[np.float64]) -> Words:
    """Return the bits of draws as whole numbers below 2**52."""
    return (u * 2.0**BITS).astype(np.uint64)


def _rows(row: Callable[[int], NDArray[np.float64]], size: int) -> Words:
    """Return repeated draws of the same persons, contiguous for each person."""
    asked = np.stack([row(k) for k in range(-(-size // PERSONS))], axis=1)
    return words(asked).ravel()[:size]


def stream(direction: str, size: int) -> Words:
    """Return a number of words whose neighbours are neighbours in one direction; see `DIRECTIONS`."""
    keys = persons(PERSONS)
    if direction == "persons":
        return words(uniforms(persons(size), ASKED, 0))
    if direction == "occasions":
        return _rows(lambda k: uniforms(keys, ASKED, k), size)
    if direction == "names":
        return _rows(lambda k: uniforms(keys, name_key(f"hazard {k}"), 0), size)
    if direction == "replicates":
        return _rows(lambda k: uniforms(persons(PERSONS, replicate=k), ASKED, 0), size)
    assert direction == "seeds"
    return _rows(lambda k: uniforms(persons(PERSONS, seed=k), ASKED, 0), size)


DIRECTIONS = ("persons", "occasions", "names", "replicates", "seeds")
