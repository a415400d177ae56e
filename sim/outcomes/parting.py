"""Where the lives of the same persons part under two regimes: the first move that differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled import on_arrays
from sim.engine.log import Log

NONE = -1


@dataclass(frozen=True)
class Parted:
    """Persons whose moves differ under two regimes, or to whom a rule makes a difference; one row each.

    Attributes
    ----------
    person
        Row in the population, ascending.
    day
        Day of the first move that differs; -1: all moves are the same.
    step
        Step that this move leaves, by its number among the steps of all regimes; -1: no move differs.
    entered
        ``[persons, 2]`` step that it enters under baseline and reform; -1: no further move.
    outcome
        ``[persons, 2]`` outcome at the end under baseline and reform: position in ``sim.outcomes.groups.OUTCOMES``.
    ruled
        Whether a rule makes a difference to the person; if not, others do (queues, places, what is heard).
    """

    person: NDArray[np.int32]
    day: NDArray[np.int16]
    step: NDArray[np.int16]
    entered: NDArray[np.int16]
    outcome: NDArray[np.uint8]
    ruled: NDArray[np.bool_]


@dataclass(frozen=True)
class Moves:
    """The moves of persons in one world, steps by their numbers among those of all regimes.

    Attributes
    ----------
    log
        As the run wrote it.
    steps
        For each step of the world its number among those of all regimes.
    outcome
        Outcome of each person at the end.
    ruled
        To whom a rule makes a difference.
    """

    log: Log
    steps: NDArray[np.int16]
    outcome: NDArray[np.int64]
    ruled: NDArray[np.bool_]


def parted(baseline: Moves, reform: Moves) -> Parted:
    """Return the persons whose moves differ under two regimes, or to whom a rule makes a difference in one of them."""
    persons = baseline.outcome.size
    place = np.full((2, persons), NONE, np.int64)
    one, other = baseline.log, reform.log
    _first_difference(one, other, baseline.steps, reform.steps, place)
    ruled = baseline.ruled | reform.ruled
    who = np.flatnonzero((place != NONE).any(axis=0) | ruled).astype(np.int32)
    day = np.full((2, who.size), np.iinfo(np.int16).max, np.int16)
    left, entered = np.full((2, who.size), NONE, np.int16), np.full((who.size, 2), NONE, np.int16)
    for i, moves in enumerate((baseline, reform)):
        there = place[i, who] != NONE
        rows = place[i, who[there]]
        day[i, there] = moves.log.day[rows]
        left[i, there] = moves.steps[moves.log.from_step[rows]]
        entered[there, i] = moves.steps[moves.log.to_step[rows]]
    first = day.min(axis=0)
    same = (left == NONE).all(axis=0)
    return Parted(
        person=who,
        day=np.where(same, np.int16(NONE), first).astype(np.int16),
        step=np.where(day[0] == first, left[0], left[1]).astype(np.int16),
        entered=entered,
        outcome=np.stack([baseline.outcome[who], reform.outcome[who]], axis=1).astype(np.uint8),
        ruled=ruled[who],
    )


@on_arrays
def _first_difference(
    one: Log,
    other: Log,
    steps: NDArray[np.int16],
    other_steps: NDArray[np.int16],
    place: NDArray[np.int64],
) -> None:
    """Write the rows of the first moves of each person that differ: in the one log and in the other."""
    persons = place.shape[1]
    following = np.full(other.entity.size, NONE, np.int64)
    at = np.full(persons, NONE, np.int64)
    for back in range(other.entity.size):
        row = other.entity.size - 1 - back
        e = other.entity[row]
        if e < persons:
            following[row] = at[e]
            at[e] = row
    for row in range(one.entity.size):
        e = one.entity[row]
        if e >= persons or place[0, e] != NONE:
            continue
        there = at[e]
        if (
            there != NONE
            and one.day[row] == other.day[there]
            and steps[one.from_step[row]] == other_steps[other.from_step[there]]
            and steps[one.to_step[row]] == other_steps[other.to_step[there]]
        ):
            at[e] = following[there]
        else:
            place[0, e] = row
    for e in range(persons):
        place[1, e] = at[e]
