"""How many people are in each step, kept up to date from the log: a day costs its moves, not a look at everybody."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.engine.log import unpacked
from sim.engine.state import State


class Census:
    """Counts of persons by step, for one run that steps.

    Attributes
    ----------
    counts
        Persons in each step, by its number, as of the last ``update``.
    """

    def __init__(self, state: State, steps: int, columns: Iterable[int]) -> None:
        """Count everybody.

        Parameters
        ----------
        state
            The run.
        steps
            Number of steps of the world.
        columns
            The tracks of persons.
        """
        at = state.step[: state.persons, list(columns)]
        self.counts: NDArray[np.int64] = np.bincount(at.ravel(), minlength=steps)
        self._read = len(state.logged)

    def update(self, state: State) -> NDArray[np.int64]:
        """Count the moves since the last time; return ``counts``."""
        moves = unpacked(state.logged[self._read :])
        persons = moves.entity < state.persons
        np.add.at(self.counts, moves.to_step[persons], 1)
        np.subtract.at(self.counts, moves.from_step[persons], 1)
        self._read = len(state.logged)
        return self.counts
