"""The transition log of one run, in columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Ints


class Log(NamedTuple):
    """One row for each move, in the order in which they happened.

    ``via`` is the branch taken, -1 for a signal, -2 - h for hazard h.
    """

    day: NDArray[np.int16]
    entity: NDArray[np.int32]
    from_step: NDArray[np.uint8]
    to_step: NDArray[np.uint8]
    via: NDArray[np.int16]


def unpacked(log: Ints, rows: int) -> tuple[NDArray[Any], ...]:
    """Return day, entity, from, to and via of the first ``rows`` rows of a log."""
    moves = log[:rows, 2]
    return (
        log[:rows, 0].astype(np.int16),
        log[:rows, 1].copy(),
        (moves & 0xFF).astype(np.uint8),
        (moves >> 8 & 0xFF).astype(np.uint8),
        (moves >> 16).astype(np.int16),
    )
