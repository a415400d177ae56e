"""Finds people whose situation can no longer change, and checks that nothing changes for people before they arrive.

A situation changes only when a time ends, a hazard fires, a gate opens or a signal is followed. Conditions about the
person alone (traits, steps, steps ever entered) keep their answer. All others (dates, events, queues, decisions) are
taken as possible, so a person whom one of them might affect does not count as at rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, layout
from sim.engine.bits import lowest
from sim.engine.columns import NEVER, Floats, Ints
from sim.engine.compiled import inlined, inlined_entrance, int64, on_arrays
from sim.engine.decisions import AT, EVER, FLAG
from sim.engine.layout import Arrays
from sim.engine.tables import Tables

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]
WORD = 0xFFFFFFFF


class Reach(NamedTuple):
    """What can reach people in a world, for a state that has the numbers of this or of another world.

    Attributes
    ----------
    t, f
        The tables of the world.
    steps
        For each step of the state its number in the world; negative: the world does not have it.
    evers
        Pairs of bits of steps ever entered: of the state, and of the world.
    signals
        The steps to which networks signal their victims.
    """

    t: Ints
    f: Floats
    steps: Numbers
    evers: Numbers
    signals: Numbers


def reach_of(tables: Tables, steps: Numbers, evers: Numbers) -> Reach:
    """Return what can reach people in a world; arguments as in ``Reach``."""
    t = tables.t
    scopes = t[columns.SIG_SCOPE :][: columns.SIG_SCOPE.size]
    targets = t[columns.SIG_TARGET :][: columns.SIG_TARGET.size][scopes == columns.VICTIMS]
    return Reach(t, tables.f, steps, evers, np.unique(targets).astype(np.int64))


def before_coming(reach: Reach, start: NDArray[np.uint8]) -> tuple[bool, bool]:
    """Return whether hazards or gates, and whether signals, could reach somebody who has not come yet.

    Parameters
    ----------
    start
        The first step on each track.
    """
    steps = reach.steps[start]
    if (steps < 0).any():
        return True, True
    opens = reach.t[columns.STEP_KIND + steps] == columns.GATE
    hazards = _hazards_reach(reach.t, reach.f, steps, 0, 0, False)
    return bool(opens.any() or hazards), bool(_signals_reach(reach.t, steps, reach.signals))


def at_rest(a: Arrays, persons: int, reaches: tuple[Reach, ...], since: int = -1) -> Bools:
    """Return who has come to rest by the evening of the last day, ``bool[persons]``.

    Parameters
    ----------
    a
        The arrays of a run.
    persons
        Number of persons; they have the first rows.
    reaches
        What can reach people in the world of the run, and in those that begin in its state.
    since
        Whoever was not at rest on this evening, and had no event since, is not looked at: nothing has changed.
    """
    rest = np.zeros(persons, np.bool_)
    tracks = int(a.t[columns.TRACKS])
    _nothing_goes_on(rest, tracks, since, a.day, a.due, a.small)
    for reach in reaches:
        _unless_reached(rest, tracks, a.step, a.trait, *reach)
    _unless_queued(rest, a.queue, a.node)
    return rest


@on_arrays
def _nothing_goes_on(
    rest: Bools, tracks: int, since: int, day: NDArray[np.int16], due: NDArray[np.int16], small: NDArray[np.uint8]
) -> None:
    """Mark those with an event since a day for whom no time ends and no hazard runs, and who wait in no queue."""
    for e in range(rest.size):
        if day[e, layout.UPDATED] <= since:
            continue
        goes_on = small[e, layout.ACTIVE_COUNT] > 0
        for slot in range(tracks):
            goes_on |= due[e, slot] != NEVER
        rest[e] = not goes_on


@on_arrays
def _unless_reached(
    rest: Bools,
    tracks: int,
    step: NDArray[np.uint8],
    trait: Ints,
    t: Ints,
    f: Floats,
    steps: Numbers,
    evers: Numbers,
    signals: Numbers,
) -> None:
    """Keep the mark of those whom no gate, hazard or signal of a world can reach."""
    at = np.empty(tracks, np.int64)
    for e in range(rest.size):
        if not rest[e]:
            continue
        stays = True
        for slot in range(tracks):
            at[slot] = steps[step[e, slot]]
            stays &= at[slot] >= 0 and t[columns.STEP_KIND + at[slot]] == columns.RESTING
        if stays:
            before, ever = int64(trait[e, layout.EVER_ENTERED]), int64(0)
            for pair in range(evers.shape[0]):
                ever |= (before >> evers[pair, 0] & 1) << evers[pair, 1]
            stays = not _hazards_reach(t, f, at, int64(trait[e, layout.FLAGS]), ever, True)
        if stays and trait[e, layout.NETWORK_ROW] >= 0:
            stays = not _signals_reach(t, at, signals)
        rest[e] = stays


@inlined_entrance
def _hazards_reach(t: Ints, f: Floats, at: Numbers, flags: int, ever: int, knows_flags: bool) -> bool:
    """Return whether a hazard might run one day for somebody who stays in some steps."""
    hazards = int64(0)
    for slot in range(at.size):
        hazards |= int64(t[columns.STEP_HAZARDS + at[slot]]) & WORD
    while hazards:
        hazard = lowest(hazards)
        hazards &= hazards - 1
        might = f[columns.HZ_RATE + hazard] != 0.0
        for row in range(t[columns.HZ_CONDITIONS + 2 * hazard], t[columns.HZ_CONDITIONS + 2 * hazard + 1]):
            might = might and _may_hold(t, row, at, flags, ever, knows_flags)
        if might:
            return True
    return False


@inlined
def _may_hold(t: Ints, row: int, at: Numbers, flags: int, ever: int, knows_flags: bool) -> bool:
    """Return whether a condition holds, or might one day, for somebody who stays in some steps."""
    place = columns.CONDITIONS + columns.CONDITION_PARTS * row
    kind, what, where = t[place + columns.KIND], int64(t[place + columns.WHAT]), int64(t[place + columns.WHERE])
    if kind == FLAG and knows_flags:
        holds = flags & what != 0
    elif kind == EVER:
        holds = ever & what != 0
    elif kind == AT:
        steps, holds = columns.SETS + what * columns.MOST_STEPS, False
        for slot in range(at.size):
            if slot == where or (where < 0 and -where >> slot & 1):
                holds |= t[steps + at[slot]] != 0
    else:
        return True
    return bool(holds != (t[place + columns.NEGATED] != 0))


@inlined_entrance
def _signals_reach(t: Ints, at: Numbers, signals: Numbers) -> bool:
    """Return whether somebody who stays in some steps follows a signal of a network to its victims."""
    for number in range(signals.size):
        target = signals[number]
        present = at[t[columns.STEP_SLOT + target]]
        if t[columns.ACCEPTS + target * columns.MOST_STEPS + present]:
            return True
    return False


@on_arrays
def _unless_queued(rest: Bools, queue: Numbers, node: Ints) -> None:
    """Keep the mark of those who have no node in a queue, not even one that they have left behind."""
    for pool in range(queue.shape[0]):
        for rank in range(layout.RANKS):
            place = queue[pool, layout.HEAD + rank]
            while place >= 0:
                e = node[place, layout.NODE_WHO]
                if e < rest.size:
                    rest[e] = False
                place = node[place, layout.NODE_NEXT]
