"""The morning of day 0, compiled: everybody's row, the buckets of the calendar queue, and empty queues of the pools."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, layout
from sim.engine.columns import Floats, Ints
from sim.engine.compiled import compiled, inlined, int64, outermost
from sim.engine.decisions import FLAG
from sim.engine.pinned import pinned


class Morning(NamedTuple):
    """What the first morning reads and writes; N persons and networks, P pools.

    The parts of the rows have the names that they have in ``sim.engine.layout.Arrays``, and so have the other arrays.
    """

    # Who
    who_key: NDArray[np.uint64]  # [N]
    who_flags: Ints  # [N] bits
    who_level: NDArray[np.float32]  # [N, LEVELS]
    who_group: NDArray[np.uint8]  # [N]
    who_network: Ints  # [N]
    who_arrival: NDArray[np.int16]  # [N]
    # The world
    t: Ints
    start_state: NDArray[np.uint8]  # [2, tracks]: person, network
    blank: NDArray[np.uint64]  # [words of a row]: no clock drawn, nothing due
    # The state
    rows: NDArray[np.uint64]  # [N, words of a row]
    key: NDArray[np.uint64]
    trait: Ints
    level: NDArray[np.float32]
    day: NDArray[np.int16]
    due: NDArray[np.int16]
    small: NDArray[np.uint8]
    step: NDArray[np.uint8]
    after: Ints
    before: Ints
    queue: NDArray[np.int64]
    node: Ints
    sums: Floats
    counter: NDArray[np.int64]
    bits: NDArray[np.int64]
    today: Ints  # scratch: the hazards that each entity may meet


@outermost
def begin(a: Morning, persons: int, at_once: int, hazards: int, arrival_slot: int) -> int:
    """Write the state in which everybody still has to arrive; return the number of rows.

    Parameters
    ----------
    a
        The arrays; ``t`` gets the sizes of this run.
    persons
        The first rows; networks follow.
    at_once
        Hazards that can run at the same time for one person.
    hazards
        Number of hazards of the world.
    arrival_slot
        The track on which persons arrive.
    """
    a = pinned(a)
    n = int64(a.who_key.shape[0])
    a.t[columns.ENTITIES] = n
    a.t[columns.PERSONS] = persons
    a.t[columns.AT_ONCE] = at_once
    list_hazards(a, hazards)
    for e in range(n):
        write_row(a, e, e, persons, arrival_slot)
    link_days(a, n)
    empty_queues(a)
    return n


@outermost
def come(a: Morning, places: Ints, persons: int, hazards: int, arrival_slot: int) -> int:
    """Write the rows of persons who get one during a run, and link the days of everybody again.

    Parameters
    ----------
    a
        The arrays; ``who_`` of those who come only.
    places
        The row of each of them.
    persons, hazards, arrival_slot
        As those of ``begin``.
    """
    a = pinned(a)
    list_hazards(a, hazards)
    for who in range(int64(a.who_key.shape[0])):
        write_row(a, int64(places[who]), who, persons, arrival_slot)
    link_days(a, int64(a.t[columns.ENTITIES]))
    return int64(a.who_key.shape[0])


@compiled
def write_row(a: Morning, e: int, who: int, persons: int, arrival_slot: int) -> None:
    """Write the row of an entity; ``who``: its place among those that are given."""
    for place in range(int64(a.blank.shape[0])):
        a.rows[e, place] = a.blank[place]
    a.key[e, layout.KEY] = a.who_key[who]
    a.trait[e, layout.FLAGS] = a.who_flags[who]
    a.trait[e, layout.NETWORK_ROW] = a.who_network[who]
    a.trait[e, layout.MAY_MEET] = a.today[who]
    for level in range(int64(a.who_level.shape[1])):
        a.level[e, level] = a.who_level[who, level]
    a.small[e, layout.GROUP] = a.who_group[who]
    kind = 0 if e < persons else 1
    for slot in range(int64(a.start_state.shape[1])):
        a.step[e, slot] = a.start_state[kind, slot]
    # Networks are due on the first day, so that their hazards begin.
    if e < persons:
        a.day[e, layout.SCHEDULED] = a.who_arrival[who]
        a.due[e, arrival_slot] = a.who_arrival[who]


@compiled
def list_hazards(a: Morning, hazards: int) -> None:
    """List, as bits, the hazards that yes-or-no traits, which never change, do not exclude."""
    n = int64(a.who_flags.shape[0])
    for e in range(n):
        a.today[e] = (1 << hazards) - 1
    for hazard in range(hazards):
        ends = columns.HZ_CONDITIONS + 2 * hazard
        for row in range(int64(a.t[ends]), int64(a.t[ends + 1])):
            place = columns.CONDITIONS + columns.CONDITION_PARTS * row
            if a.t[place + columns.KIND] == FLAG:
                exclude(a, int64(a.t[place + columns.WHAT]), int64(a.t[place + columns.NEGATED]), 1 << hazard)


@inlined
def exclude(a: Morning, what: int, negated: int, hazard: int) -> None:
    """Exclude the hazard, a bit, for all entities whose flags do not fit one condition."""
    for e in range(int64(a.who_flags.shape[0])):
        has = int64((int64(a.who_flags[e]) & what) != 0)
        if has == negated:
            a.today[e] = int64(a.today[e]) & ~hazard


@compiled
def link_days(a: Morning, n: int) -> None:
    """Link the entities of each day on which something is due: a ring through a sentinel, in the order of rows."""
    days = int64(a.t[columns.DAYS])
    for word in range(int64(a.bits.shape[0])):
        a.bits[word] = 0
    for place in range(n + days):
        a.after[place] = place
        a.before[place] = place
    for e in range(n):
        day = int64(a.day[e, layout.SCHEDULED])
        if day < days:
            sentinel = n + day
            last = int64(a.before[sentinel])
            a.after[last] = e
            a.before[e] = last
            a.after[e] = sentinel
            a.before[sentinel] = e


@compiled
def empty_queues(a: Morning) -> None:
    """Empty the queues and the sums of the pools; nothing has happened."""
    for pool in range(int64(a.queue.shape[0])):
        for part in range(int64(a.queue.shape[1])):
            a.queue[pool, part] = -1 if part >= layout.HEAD else 0
    for pool in range(int64(a.sums.shape[0])):
        for part in range(int64(a.sums.shape[1])):
            a.sums[pool, part] = 0.0
    for place in range(int64(a.node.shape[0])):
        a.node[place, layout.NODE_NEXT] = place + 1
    for place in range(int64(a.counter.shape[0])):
        a.counter[place] = 0
    a.counter[layout.TODAY] = -1
