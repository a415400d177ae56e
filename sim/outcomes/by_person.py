"""The moves of one run, person by person: what counting reads, and all that is kept of a log; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.columns import Ints
from sim.engine.compiled import int64, outermost
from sim.engine.held import Take, fresh, side_by_side
from sim.engine.pinned import pinned


class Moves(NamedTuple):
    """The moves of one run by person, 6 bytes each: half a row of the log, which also says who moves."""

    start: Ints  # [N + 1] the moves of entity e are start[e]:start[e + 1], in their order
    day: NDArray[np.int16]  # [moves]
    move: Ints  # [moves] what ``sim.engine.codes.packed_move`` gives


class Sorting(NamedTuple):
    """The arrays of ``sort_moves``."""

    log: Ints  # [moves, LOG_PARTS]
    start: Ints
    day: NDArray[np.int16]
    move: Ints


def moves_of(log: Ints, entities: int, take: Take = fresh, name: str = "moves") -> Moves:
    """Return the moves of a log by person.

    Parameters
    ----------
    log
        The rows of the log, ``int32[moves, LOG_PARTS]``: not needed afterwards.
    entities
        Number of persons and networks.
    take
        Gives the array in which the moves lie; by default it is new.
    name
        The name of that array.
    """
    size = log.shape[0]
    parts = {"start": ((entities + 1,), np.int32), "day": ((size,), np.int16), "move": ((size,), np.int32)}
    moves = side_by_side(take, name, parts)
    sort_moves(Sorting(np.ascontiguousarray(log, np.int32), **moves))
    return Moves(**moves)


@outermost
def sort_moves(a: Sorting) -> int:
    """Write the moves of a log by person, in their order; return how many there are."""
    a = pinned(a)
    entities, rows = int64(a.start.shape[0]) - 1, int64(a.log.shape[0])
    for e in range(entities + 1):
        a.start[e] = 0
    for row in range(rows):
        a.start[int64(a.log[row, layout.LOG_WHO]) + 1] += 1
    # ``start[e + 1]`` is where the next move of entity e goes, so that it is the end of its range when all are written.
    before = int64(0)
    for e in range(entities):
        count = int64(a.start[e + 1])
        a.start[e + 1] = before
        before += count
    for row in range(rows):
        e = int64(a.log[row, layout.LOG_WHO])
        place = int64(a.start[e + 1])
        a.day[place] = a.log[row, layout.LOG_DAY]
        a.move[place] = a.log[row, layout.LOG_MOVE]
        a.start[e + 1] = place + 1
    return rows
