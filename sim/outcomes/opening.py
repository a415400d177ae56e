"""The state on the first morning of the period that is measured, after a history: what earlier moves left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.engine.compiled import on_arrays
from sim.engine.log import Log
from sim.engine.tables import Catalogue


@dataclass(frozen=True)
class Opening:
    """What is kept of a history when its moves are forgotten; N persons and networks.

    Attributes
    ----------
    day
        Index of the first day of the period.
    moves
        Number of earlier moves.
    step
        Step on each track, ``[N, tracks]``.
    since
        Day of the last move on each track, ``[N, tracks]``; -1: none so far.
    first
        First day in each remembered step, ``[steps, N]``; NEVER: not so far.
    remembered
        The row in ``first`` of each step of which it is kept.
    """

    day: int
    moves: int
    step: NDArray[np.uint8]
    since: NDArray[np.int16]
    first: NDArray[np.int16]
    remembered: Mapping[str, int]

    def first_day(self, *steps: str) -> NDArray[np.int16]:
        """Return the first day on which one of the steps was entered, ``[N]``; NEVER: not before the period.

        Raises
        ------
        KeyError
            When a step was not to be remembered.
        """
        rows = [self.first[self.remembered[step]] for step in steps]
        return np.asarray(np.minimum.reduce([np.full(self.step.shape[0], NEVER, np.int16), *rows]), np.int16)


def opening_of(
    log: Log, day: int, step: NDArray[np.uint8], catalogue: Catalogue, remember: Sequence[str] | None = None
) -> Opening:
    """Return what a history leaves behind.

    Parameters
    ----------
    log
        Its moves.
    day
        Index of the first day of the period.
    step
        Step on each track, ``[N, tracks]``; copied.
    catalogue
        The names behind the numbers.
    remember
        Steps of which the first day is kept; all of them by default.
    """
    steps = catalogue.steps
    remembered = {name: row for row, name in enumerate(steps if remember is None else _known(remember, steps))}
    kept = np.full(len(steps), -1, np.int32)
    for name, row in remembered.items():
        kept[steps.index(name)] = row
    since = np.full(step.shape, -1, np.int16)
    first = np.full((len(remembered), step.shape[0]), NEVER, np.int16)
    _remember(log, np.array(catalogue.slots, np.int32), kept, since, first)
    return Opening(day, log.day.size, step.copy(), since, first, remembered)


def _known(names: Sequence[str], steps: Sequence[str]) -> list[str]:
    """Return the names of steps that this world has."""
    return [name for name in dict.fromkeys(names) if name in steps]


@on_arrays
def _remember(
    log: Log,
    slots: NDArray[np.int32],
    kept: NDArray[np.int32],
    since: NDArray[np.int16],
    first: NDArray[np.int16],
) -> None:
    for row in range(log.day.size):
        e, to, day = log.entity[row], log.to_step[row], log.day[row]
        since[e, slots[to]] = day
        place = kept[to]
        if place >= 0 and day < first[place, e]:
            first[place, e] = day
