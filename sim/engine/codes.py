"""Encodings: the cause of a move, the day since which a person queues, and a move as one number.

The kernel writes them with the compiled functions; plain functions read them, numbers and arrays alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Ints
from sim.engine.compiled import inlined

BY_SIGNAL: Final = -1
"""What caused a move (``via``): a signal. A branch has its number, which is never negative; a hazard ``by_hazard``."""


@inlined
def by_hazard(hazard: int) -> int:
    """Return the cause of a move by a hazard."""
    return -2 - hazard


def hazard_of(via: int) -> int:
    """Return the hazard that caused a move; negative for other causes."""
    return -2 - via


@inlined
def packed_move(old: int, to: int, via: int) -> int:
    """Return a move as one number: from which step to which, and its cause."""
    return old + 256 * to + 65536 * via


def unpacked_moves(moves: Ints) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int16]]:
    """Return from, to and via of moves."""
    return (moves & 0xFF).astype(np.uint8), (moves >> 8 & 0xFF).astype(np.uint8), (moves >> 16).astype(np.int16)


@inlined
def waiting_since(day: int) -> int:
    """Return the value of ``due`` for a person who queues since a day."""
    return -2 - day


@inlined
def is_waiting(due: int) -> bool:
    """Return whether a person with this ``due`` queues."""
    return due < -1


@inlined
def day_of_coming(due: int) -> int:
    """Return the day since which a person with this ``due`` queues."""
    return -2 - due


def days_of_coming(due: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return for each ``due`` the day since which the person queues; -1: does not queue."""
    return np.where(due < -1, -2 - due, -1).astype(np.int16)
