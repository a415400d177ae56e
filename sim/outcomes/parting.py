"""Where the lives of the same persons part under two regimes: the first move that differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Ints
from sim.engine.compiled import on_arrays
from sim.engine.held import Take, fresh
from sim.outcomes.by_person import Moves

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
class Side:
    """The persons in one of two worlds, steps by their numbers among those of all regimes.

    Attributes
    ----------
    moves
        What they do.
    first_day
        Day of the first of the days that are counted: what a run calls the first day of its period.
    steps
        For each step of the world its number among those of all regimes.
    outcome
        Outcome of each person at the end.
    ruled
        To whom a rule makes a difference.
    """

    moves: Moves
    first_day: int
    steps: NDArray[np.int16]
    outcome: NDArray[np.uint8]
    ruled: NDArray[np.bool_]


def parted(baseline: Side, reform: Side, take: Take = fresh) -> Parted:
    """Return the persons whose moves differ under two regimes, or to whom a rule makes a difference in one of them.

    Parameters
    ----------
    take
        Gives the scratch arrays; by default they are new.
    """
    place = take("parted.place", (2, baseline.outcome.size), np.int32)
    _first_difference(baseline.moves, reform.moves, baseline.steps, reform.steps, place)
    ruled = baseline.ruled | reform.ruled
    who = _who_part(place, ruled)
    day, step, entered = _first_moves(
        who,
        place,
        (baseline.moves, reform.moves),
        (baseline.first_day, reform.first_day),
        (baseline.steps, reform.steps),
    )
    outcome = np.empty((who.size, 2), np.uint8)
    outcome[:, 0], outcome[:, 1] = baseline.outcome[who], reform.outcome[who]
    return Parted(who, day, step, entered, outcome, ruled[who])


@on_arrays
def _first_difference(
    one: Moves, other: Moves, steps: NDArray[np.int16], other_steps: NDArray[np.int16], place: Ints
) -> None:
    """Write the places of the first moves of each person that differ: among those of the one and of the other."""
    for e in range(place.shape[1]):
        at, there = one.start[e], other.start[e]
        end, its_end = one.start[e + 1], other.start[e + 1]
        while at < end and there < its_end and one.day[at] == other.day[there]:
            move, its = one.move[at], other.move[there]
            if steps[move & 0xFF] != other_steps[its & 0xFF]:
                break
            if steps[move >> 8 & 0xFF] != other_steps[its >> 8 & 0xFF]:
                break
            at += 1
            there += 1
        place[0, e] = at if at < end else NONE
        place[1, e] = there if there < its_end else NONE


@on_arrays
def _who_part(place: Ints, ruled: NDArray[np.bool_]) -> Ints:
    """Return the persons with a move that differs, or to whom a rule makes a difference."""
    many = 0
    for e in range(ruled.size):
        many += ruled[e] or place[0, e] != NONE or place[1, e] != NONE
    who = np.empty(many, np.int32)
    at = 0
    for e in range(ruled.size):
        if ruled[e] or place[0, e] != NONE or place[1, e] != NONE:
            who[at] = e
            at += 1
    return who


@on_arrays
def _first_moves(
    who: Ints,
    place: Ints,
    moves: tuple[Moves, Moves],
    first_days: tuple[int, int],
    steps: tuple[NDArray[np.int16], NDArray[np.int16]],
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
    """Return day and step left of the earlier of the first moves that differ, and what both enter, as in ``Parted``."""
    day, left = np.full(who.size, NONE, np.int16), np.full(who.size, NONE, np.int16)
    entered = np.full((who.size, 2), NONE, np.int16)
    for i in range(2):
        side, numbers = moves[i], steps[i]
        for at in range(who.size):
            row = place[i, who[at]]
            if row != NONE:
                move = side.move[row]
                when = side.day[row] - first_days[i]
                entered[at, i] = numbers[move >> 8 & 0xFF]
                # On one day the move under the baseline counts.
                if left[at] == NONE or when < day[at]:
                    day[at], left[at] = when, numbers[move & 0xFF]
    return day, left, entered


@on_arrays
def count_changes(
    moves: Moves,
    persons: int,
    first_day: int,
    period: NDArray[np.int64],
    number: NDArray[np.int64],
    change: NDArray[np.int64],
) -> None:
    """Add to ``change`` how many persons come to each step in each period, less those who leave it.

    Parameters
    ----------
    moves
        Of all persons, and after them of networks.
    persons
        How many there are.
    first_day
        The day on which the days of ``period`` begin.
    period
        Number of the period of each day.
    number
        For each step of the world its place in ``change``.
    change
        ``[periods, steps]``.
    """
    for row in range(moves.start[persons]):
        when, move = period[moves.day[row] - first_day], moves.move[row]
        change[when, number[move >> 8 & 0xFF]] += 1
        change[when, number[move & 0xFF]] -= 1
