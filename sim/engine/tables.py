"""One world compiled: the arrays that the kernel reads, and the names behind their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Column, Floats, Ints


class Tables(NamedTuple):
    """The law, behaviour and capacities of one world; see ``sim.engine.columns`` for what lies where."""

    t: Ints  # the header, whole numbers, tables over days
    f: Floats  # fractions, then capacities
    u: NDArray[np.uint64]  # hashed names of draws
    start_state: NDArray[np.uint8]  # [2, tracks]: person, network

    def column(self, column: Column, size: int) -> Ints:
        """Return the first ``size`` values of a column of ``t``."""
        return self.t[column : column + size]


@dataclass(frozen=True)
class Catalogue:
    """The names behind the numbers of ``Tables``."""

    steps: tuple[str, ...]
    slots: tuple[int, ...]
    tracks: tuple[str, ...]
    branches: tuple[tuple[str, int], ...]  # (step, position) of each branch
    branch_layer: tuple[str, ...]
    layers: tuple[str, ...]
    hazards: tuple[str, ...]
    pools: tuple[str, ...]
    draws: tuple[str, ...]
    references: tuple[str, ...]  # steps whose last day is remembered
    evers: tuple[str, ...]
    arrival_slot: int
    beliefs: tuple[str, ...] = ()

    def step(self, name: str) -> int:
        """Return the number of a step."""
        return self.steps.index(name)
