"""The transition log of one run, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.codes import unpacked_moves
from sim.engine.columns import Ints


class Log(NamedTuple):
    """One row for each move, in the order in which they happened.

    ``via`` is the branch taken, or what ``sim.engine.codes`` has for a signal and for a hazard.
    """

    day: NDArray[np.int16]
    entity: NDArray[np.int32]
    from_step: NDArray[np.uint8]
    to_step: NDArray[np.uint8]
    via: NDArray[np.int16]


def unpacked(rows: Ints) -> Log:
    """Return the log from the rows that the kernel wrote."""
    moves = unpacked_moves(rows[:, layout.LOG_MOVE])
    return Log(rows[:, layout.LOG_DAY].astype(np.int16), rows[:, layout.LOG_WHO].copy(), *moves)


def joined(earlier: Log, later: Log) -> Log:
    """Return two logs, one after the other."""
    return Log(
        day=np.concatenate([earlier.day, later.day]),
        entity=np.concatenate([earlier.entity, later.entity]),
        from_step=np.concatenate([earlier.from_step, later.from_step]),
        to_step=np.concatenate([earlier.to_step, later.to_step]),
        via=np.concatenate([earlier.via, later.via]),
    )


def packed(log: Log) -> Ints:
    """Return the rows of a log, as the kernel writes them."""
    move = log.from_step.astype(np.int32) + 256 * log.to_step.astype(np.int32) + 65536 * log.via.astype(np.int32)
    return np.stack([log.day.astype(np.int32), log.entity.astype(np.int32), move], axis=1)


def by_cause(branches: Sequence[str], hazards: Sequence[str], signal: str) -> NDArray[Any]:
    """Return words for the causes of moves; index them with ``via``.

    A signal and the hazards have negative numbers, so that they are counted from the end.
    """
    return np.array([*branches, *reversed(hazards), signal], dtype=object)
