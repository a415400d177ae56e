"""The history of a world: days before the period, of which only what they leave behind is kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.kernel import advance
from sim.engine.layout import CREDIT, LOGGED, OK, POOL_SUMS
from sim.engine.state import State
from sim.outcomes.opening import Opening, Past

STRETCH: Final = 365
"""Days of a history between two clearings of the log, which so stays smaller than the log of a period."""


def run_history(state: State, past: Past, day: int) -> int:
    """Simulate days of a history up to and including ``day``, stretch by stretch; return the status.

    Parameters
    ----------
    past
        Gets the moves, which the log then forgets.
    """
    status = OK
    while status == OK and state.day < day:
        status = int(advance(state.arrays, min(state.day + STRETCH, day)))
        _forget_moves(state, past)
    return status


def open_period(state: State, past: Past, day: int) -> Opening:
    """Forget the moves and the sums of a history, on the eve of the period, and return what it leaves behind.

    Parameters
    ----------
    past
        What was kept of the moves that the log has forgotten already.
    day
        Index of the first day of the period.
    """
    _forget_moves(state, past)
    state.arrays.sums[:, np.arange(POOL_SUMS) != CREDIT] = 0
    state.turns.clear()
    return past.opening(day, state.step)


def _forget_moves(state: State, past: Past) -> None:
    past.add(state.logged)
    state.arrays.counter[LOGGED] = 0
