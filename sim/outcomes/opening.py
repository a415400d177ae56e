"""The state on the first morning of the period that is measured, after a history: what earlier moves left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.columns import NEVER, Ints
from sim.engine.compiled import on_arrays
from sim.engine.held import Take, fresh
from sim.engine.tables import Catalogue


@dataclass(frozen=True)
class Opening:
    """What is kept of a history when its moves are forgotten; N: everybody, or those who came in it, who are first.

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
        First day in each remembered step, ``[steps + 1, N]``; NEVER: not so far. The last row is NEVER throughout.
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


class Past:
    """What is kept of the moves of a history so far, so that its log need not have all of them.

    Parameters
    ----------
    catalogue
        The names behind the numbers.
    shape
        Number of persons and networks, or of the first persons, of whom it is kept; and of tracks.
    remember
        Steps of which the first day is kept; all of them by default.
    take, name
        Gives the arrays, by names that begin with ``name``; by default they are new.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        shape: tuple[int, ...],
        remember: Sequence[str] | None = None,
        take: Take = fresh,
        name: str = "opening",
    ) -> None:
        steps = catalogue.steps
        wanted = steps if remember is None else _known(remember, steps)
        self.remembered = {step: row for row, step in enumerate(wanted)}
        self.moves = 0
        self._slots, self._kept = np.array(catalogue.slots, np.int32), np.full(len(steps), -1, np.int32)
        for step, row in self.remembered.items():
            self._kept[steps.index(step)] = row
        self.since = take(f"{name}.since", shape, np.int16)
        self.since[:] = -1
        self.step = take(f"{name}.step", shape, np.uint8)
        self.step[:] = 0
        self.first = take(f"{name}.first", (len(wanted) + 1, shape[0]), np.int16)
        self.first[:] = NEVER

    def add(self, rows: Ints) -> None:
        """Keep what further moves leave behind.

        Parameters
        ----------
        rows
            The rows of the log, ``int32[moves, LOG_PARTS]``.
        """
        _remember(rows, self._slots, self._kept, self.since, self.first)
        self.moves += len(rows)

    def stay(self, who: NDArray[np.int32] | None, step: NDArray[np.uint8]) -> None:
        """Keep where people stay until the period.

        Parameters
        ----------
        who
            Their numbers, ascending; None: everybody.
        step
            Their steps, ``[who, tracks]``.
        """
        if who is None:
            self.step[:] = step[: len(self.step)]
        else:
            came = np.searchsorted(who, len(self.step))
            self.step[who[:came]] = step[:came]

    def begin_with(self, other: Past, steps: NDArray[np.int64]) -> None:
        """Begin with the past of a world that has the same tracks and lived the same days.

        Parameters
        ----------
        steps
            For each step of the other world its number in this one.
        """
        self.moves = other.moves
        self.since[:], self.step[:] = other.since, steps[other.step]
        for step, row in self.remembered.items():
            if step in other.remembered:
                self.first[row] = other.first[other.remembered[step]]

    def copy(self, take: Take, name: str) -> Past:
        """Return a copy, to which moves of this world are no longer added."""
        copied = copy(self)
        copied.since = take(f"{name}.since", self.since.shape, np.int16)
        copied.first = take(f"{name}.first", self.first.shape, np.int16)
        copied.step = take(f"{name}.step", self.step.shape, np.uint8)
        copied.since[:], copied.first[:], copied.step[:] = self.since, self.first, self.step
        return copied

    def opening(self, day: int) -> Opening:
        """Return what the history leaves behind.

        Parameters
        ----------
        day
            Index of the first day of the period. Everybody stays somewhere by then (``stay``).
        """
        return Opening(day, self.moves, self.step, self.since, self.first, self.remembered)


def carried_opening(
    opening: Opening,
    steps: NDArray[np.int64],
    catalogue: Catalogue,
    remember: Sequence[str] | None = None,
    take: Take = fresh,
    name: str = "opening",
) -> Opening:
    """Return what the same history leaves behind in a world with other numbers of steps; days are shared.

    Parameters
    ----------
    opening
        Of the world that was run until the eve of the period, for the same ``remember``.
    steps
        For each step of that world its number in this one.
    catalogue, remember, take, name
        As those of ``Past``.
    """
    stood = opening.step
    if not np.array_equal(steps, np.arange(steps.size)):
        stood = take(f"{name}.step", opening.step.shape, np.uint8)
        stood[:] = steps[opening.step]
    names = _known(catalogue.steps if remember is None else remember, catalogue.steps)
    # Nobody entered a step that the other world does not have.
    never = len(opening.first) - 1
    remembered = {step_name: opening.remembered.get(step_name, never) for step_name in names}
    return replace(opening, step=stood, remembered=remembered)


def _known(names: Sequence[str], steps: Sequence[str]) -> list[str]:
    """Return the names of steps that this world has."""
    return [name for name in dict.fromkeys(names) if name in steps]


@on_arrays
def begin_sequences(
    first: NDArray[np.int16], start: NDArray[np.int32], rows: NDArray[np.int32], begun: NDArray[np.uint64]
) -> None:
    """Write as bits, ``[2, N]``, the sequences that began in a history, and those that began with another step.

    Parameters
    ----------
    first
        As ``Opening.first``.
    start
        For each sequence where the steps with which it begins start in ``rows``, and those that must not come before.
    rows
        Their rows in ``first``.
    """
    begun[:] = 0
    soonest = np.empty((2, begun.shape[1]), np.int16)
    for sequence in range(start.size // 2):
        for part in range(2):
            soonest[part] = NEVER
            for place in range(start[2 * sequence + part], start[2 * sequence + part + 1]):
                days = first[rows[place]]
                for e in range(days.size):
                    soonest[part, e] = min(soonest[part, e], days[e])
        bit = np.uint64(1) << np.uint64(sequence)
        for e in range(begun.shape[1]):
            begun[0, e] |= bit * np.uint64(soonest[0, e] < NEVER)
            # On one day the first step counts.
            begun[1, e] |= bit * np.uint64(soonest[1, e] < soonest[0, e])


@on_arrays
def _remember(
    rows: Ints,
    slots: Ints,
    kept: Ints,
    since: NDArray[np.int16],
    first: NDArray[np.int16],
) -> None:
    for row in range(rows.shape[0]):
        e, day = rows[row, layout.LOG_WHO], np.int16(rows[row, layout.LOG_DAY])
        if e >= since.shape[0]:
            continue
        to = rows[row, layout.LOG_MOVE] >> 8 & 0xFF
        since[e, slots[to]] = day
        place = kept[to]
        if place >= 0 and day < first[place, e]:
            first[place, e] = day
