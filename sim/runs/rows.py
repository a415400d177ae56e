"""Decides which runs add and remove rows on the way, and on which days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.at_rest import Reach, reach_of
from sim.engine.columns import TRACKS
from sim.engine.held import GIVEN_BACK
from sim.engine.state import Entities, row_parts
from sim.engine.turnover import Turnover, turnover_of
from sim.runs.world import World

if TYPE_CHECKING:
    from sim.runs.shared import Branching

MANY_BYTES: Final = GIVEN_BACK
"""Bytes of the rows of everybody from which rows come and go: few people take less time without."""
COMING_BYTES: Final = 10 << 20
"""Bytes of the rows that come in one stretch, at most. A turn takes two hundredths of a second of each 100,000 rows."""


def turnover_in(
    worlds: Sequence[World], begins: Sequence[Branching | None], number: int, entities: Entities
) -> Turnover | None:
    """Return the turnover of a world that begins on the first day; None: everybody has a row all the time.

    Parameters
    ----------
    worlds, begins
        As those of ``sim.runs.shared.outcomes``.
    number
        Of the world among them.
    """
    world = worlds[number]
    row = row_parts(world.tables.t, world.catalogue).itemsize
    if entities.key.size * row < MANY_BYTES:
        return None
    if entities.contact_start.size:  # whoever is told something needs a row
        return None
    start = world.tables.start_state[0][: int(world.tables.t[TRACKS])]
    ends = ends_of(world, entities.arrival[: entities.persons], max(COMING_BYTES // row, 1))
    return turnover_of(entities, start, ends, reaches_in(worlds, begins, number))


def branched(
    turnover: Turnover | None, worlds: Sequence[World], begins: Sequence[Branching | None], number: int
) -> Turnover | None:
    """Return the turnover of a world that begins in the state of another one, which has ``turnover``."""
    begin = begins[number]
    if turnover is None or begin is None:
        return None
    return turnover.branch(reaches_in(worlds, begins, number), begin.marks)


def ends_of(world: World, arrival: NDArray[np.int16], coming: int) -> tuple[int, ...]:
    """Return the last days of the stretches: until the eve of the period, and until the last day.

    Parameters
    ----------
    arrival
        Day of arrival of each person, ascending.
    coming
        Persons who come in one stretch, at most, but for those of one day.
    """
    ends: set[int] = set()
    for begin, end in ((0, world.start_day), (world.start_day, world.end_day + 1)):
        first, last = np.searchsorted(arrival, (begin, end))
        parts = -(-int(last - first) // coming)
        ends |= {int(arrival[first + (last - first) * part // parts]) - 1 for part in range(1, parts)} | {end - 1}
    return tuple(sorted(day for day in ends if day >= 0))


def reaches_in(worlds: Sequence[World], begins: Sequence[Branching | None], number: int) -> tuple[Reach, ...]:
    """Return what can reach people in a world, and in all that begin in a state of it or of its followers."""
    world = worlds[number]
    own = np.arange(len(world.catalogue.evers))
    found = [reach_of(world.tables, np.arange(len(world.catalogue.steps)), np.stack([own, own], axis=1))]
    for other, begin in enumerate(begins):
        if begin is not None and begin.origin == number:
            steps, evers = begin.carriage.steps, begin.carriage.evers
            found += [
                reach._replace(steps=_through(steps, reach.steps), evers=_joined(evers, reach.evers))
                for reach in reaches_in(worlds, begins, other)
            ]
    return tuple(found)


def _through(steps: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of steps in a world that is reached through another one; -1: one of both lacks the step."""
    return np.where(steps < 0, -1, others[steps])


def _joined(evers: Sequence[tuple[int, int]], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs of bits that lead through those of another world."""
    onwards = dict(others.tolist())
    return np.array([(bit, onwards[other]) for bit, other in evers if other in onwards], np.int64).reshape(-1, 2)
