"""The transition log of one run, and what each person's history comes to: first days, entries, days spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.engine.compiled import on_arrays
from sim.engine.log import Log
from sim.engine.tables import Catalogue


@dataclass(frozen=True)
class History:
    """What each entity went through; ``[N, columns]``, one column for each step in ``steps``.

    Attributes
    ----------
    first_day
        Day of the first entry; 32767: never.
    entries
        Number of entries (255 stands for 255 or more).
    days
        Days spent, up to and including the last day of the scenario.
    last_state
        Step on each track at the end, ``[N, tracks]``.
    """

    steps: tuple[str, ...]
    first_day: NDArray[np.int16]
    entries: NDArray[np.uint8]
    days: NDArray[np.int16]
    last_state: NDArray[np.uint8]
    column: dict[str, int]

    def entered(self, *steps: str) -> NDArray[np.bool_]:
        """Return who ever entered one of the steps; a step that this regime does not have counts as never entered."""
        out = np.zeros(self.first_day.shape[0], bool)
        for step in steps:
            if step in self.column:
                out |= self.first_day[:, self.column[step]] < NEVER
        return out

    def first(self, *steps: str) -> NDArray[np.int16]:
        """Return the first day on which one of the steps was entered; 32767: never."""
        out = np.full(self.first_day.shape[0], NEVER, np.int16)
        for step in steps:
            if step in self.column:
                np.minimum(out, self.first_day[:, self.column[step]], out=out)
        return out

    def total(self, what: str, *steps: str) -> NDArray[np.float64]:
        """Sum ``entries`` or ``days`` over steps."""
        table: NDArray[Any] = getattr(self, what)
        out = np.zeros(table.shape[0])
        for step in steps:
            if step in self.column:
                out += table[:, self.column[step]]
        return out


def history(log: Log, catalogue: Catalogue, slots: NDArray[np.int32], state: NDArray[np.uint8], end_day: int,
            steps: tuple[str, ...]) -> History:  # fmt: skip
    """Reduce a log to the history of each entity.

    Parameters
    ----------
    slots
        Track number of each step.
    state
        Step on each track at the end, ``[N, tracks]``.
    end_day
        Last day of the scenario.
    steps
        Steps to keep.
    """
    kept = tuple(step for step in steps if step in catalogue.steps)
    column = np.full(len(catalogue.steps), -1, np.int32)
    for i, step in enumerate(kept):
        column[catalogue.step(step)] = i
    n = state.shape[0]
    # One step of everybody lies together: that is how measures read it.
    first_day = np.full((len(kept), n), NEVER, np.int16).T
    entries = np.zeros((len(kept), n), np.uint8).T
    days = np.zeros((len(kept), n), np.int16).T
    _reduce(log, slots, column, state, end_day, first_day, entries, days)
    return History(kept, first_day, entries, days, state, {step: i for i, step in enumerate(kept)})


@on_arrays
def _reduce(
    log: Log,
    slots: NDArray[np.int32],
    column: NDArray[np.int32],
    state: NDArray[np.uint8],
    end_day: int,
    first_day: NDArray[np.int16],
    entries: NDArray[np.uint8],
    days: NDArray[np.int16],
) -> None:
    since = np.full(state.shape, -1, np.int16)
    for row in range(log.day.size):
        e, to, old, day = log.entity[row], log.to_step[row], log.from_step[row], log.day[row]
        slot = slots[to]
        kept = column[old]
        if kept >= 0 and since[e, slot] >= 0:
            days[e, kept] += day - since[e, slot]
        since[e, slot] = day
        kept = column[to]
        if kept >= 0:
            if first_day[e, kept] == NEVER:
                first_day[e, kept] = day
            if entries[e, kept] < 255:
                entries[e, kept] += 1
    for e in range(state.shape[0]):
        for slot in range(state.shape[1]):
            kept = column[state[e, slot]]
            if kept >= 0 and since[e, slot] >= 0:
                days[e, kept] += end_day + 1 - since[e, slot]
