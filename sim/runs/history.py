"""The history of a world: days before the period, of which only what they leave behind is kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.kernel import advance
from sim.engine.layout import CREDIT, LOGGED, OK, POOL_SUMS
from sim.engine.state import State
from sim.engine.turnover import Turnover
from sim.outcomes.opening import Opening, Past

STRETCH: Final = 365
"""Days of a history between two clearings of the log, which so stays smaller than the log of a period."""
STRETCH_OF_MANY: Final = 120
"""The same for runs whose rows come and go: a shorter stretch saves memory, and the calls it adds take little time."""


def run_history(state: State, past: Past, day: int, turnover: Turnover | None = None) -> int:
    """Simulate days of a history up to and including ``day``, stretch by stretch; return the status.

    Parameters
    ----------
    past
        Gets the moves, which the log then forgets.
    turnover
        Whose rows come and go; None: everybody has one.
    """
    status, stretch = OK, STRETCH if turnover is None else STRETCH_OF_MANY
    while status == OK and state.day < day:
        stop = min(state.day + stretch, day)
        status = int(advance(state.arrays, stop if turnover is None else min(stop, turnover.end)))
        _forget_moves(state, past, turnover)
        if status == OK and turnover is not None and state.day == turnover.end:
            past.stay(*turnover.turn(state))
    return status


def open_period(state: State, past: Past, day: int, turnover: Turnover | None = None) -> Opening:
    """Forget the moves and the sums of a history, on the eve of the period, and return what it leaves behind.

    Parameters
    ----------
    past, turnover
        As those of ``run_history``.
    day
        Index of the first day of the period.
    """
    _forget_moves(state, past, turnover)
    state.arrays.sums[:, np.arange(POOL_SUMS) != CREDIT] = 0
    state.turns.clear()
    past.stay(None if turnover is None else turnover.who, state.step)
    return past.opening(day)


def _forget_moves(state: State, past: Past, turnover: Turnover | None) -> None:
    if turnover is not None:
        turnover.name_moves(state)
        turnover.forget_moves()
    past.add(state.logged)
    state.arrays.counter[LOGGED] = 0
