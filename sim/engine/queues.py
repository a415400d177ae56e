"""The server pools: which entity is served next, when work starts, and the new ranking when a rule changes."""

from __future__ import annotations

import math

from sim.engine import columns, layout
from sim.engine.access import capacity_on, end_of, first_of, on_day
from sim.engine.codes import day_of_coming, waiting_since
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.layout import Arrays
from sim.engine.moves import push, send, settle, start, touch
from sim.engine.queue_entry import enqueue, version_of

ROUNDING = 1e-9
"""Tolerance in cases for rounding when fractions of cases are summed."""


@inlined
def still_waits(a: Arrays, pool: int, node: int) -> bool:
    """Return whether the entity of a node still queues for its pool: it came on that day, and did not leave since."""
    e, slot = int64(a.node[node, layout.NODE_WHO]), int64(a.node[node, layout.NODE_SLOT])
    if a.due[e, slot] != waiting_since(int64(a.node[node, layout.NODE_SINCE])):
        return False
    return bool(a.t[columns.STEP_POOL + int64(a.step[e, slot])] == pool)


@inlined
def free_node(a: Arrays, node: int) -> None:
    """Return a node of a queue to the free ones."""
    a.node[node, layout.NODE_NEXT] = a.counter[layout.FREE_NODE]
    a.counter[layout.FREE_NODE] = node


@compiled
def next_in_queue(a: Arrays, pool: int) -> tuple[int, int]:
    """Remove and return the next entity that still queues for a pool: (entity, track); (-1, -1) for an empty queue."""
    for rank in range(layout.RANKS):
        while a.queue[pool, layout.HEAD + rank] >= 0:
            node = a.queue[pool, layout.HEAD + rank]
            waits = still_waits(a, pool, node)
            a.queue[pool, layout.HEAD + rank] = a.node[node, layout.NODE_NEXT]
            if a.queue[pool, layout.HEAD + rank] < 0:
                a.queue[pool, layout.TAIL + rank] = -1
            free_node(a, node)
            if waits:
                return int64(a.node[node, layout.NODE_WHO]), int64(a.node[node, layout.NODE_SLOT])
    return -1, -1


@compiled
def begin(a: Arrays, e: int, slot: int, pool: int, day: int) -> None:
    """Start work on an entity that queued: the wait is over, the time of the step begins."""
    t = a.t
    touch(a, e, day)
    step = int64(a.step[e, slot])
    version = version_of(a, step, e, day)
    a.sums[pool, layout.WAITED] += day - day_of_coming(int64(a.due[e, slot]))
    a.sums[pool, layout.SERVED] += 1
    a.queue[pool, layout.WAITING] -= 1
    a.due[e, slot] = columns.NEVER
    if t[columns.POOL_PLACES + pool]:
        a.queue[pool, layout.IN_USE] += 1
    send(a, columns.VER_ON_START, version, e)
    if t[columns.VER_DURATION + version] >= 0:
        start(a, e, slot, step, version, day)
    elif end_of(a, columns.VER_BRANCHES, version) > first_of(a, columns.VER_BRANCHES, version):
        push(a, e, step, layout.PASSING)


@compiled
def serve(a: Arrays, day: int) -> None:
    """Start work on the queue of each pool: staff on working days, places as they become free."""
    t = a.t
    working = on_day(a, columns.WORKING, 0, day) != 0
    for pool in range(int64(t[columns.POOLS])):
        capacity = capacity_on(a, pool, day)
        places = t[columns.POOL_PLACES + pool] != 0
        free = 0
        if places:
            free = int64(math.floor(capacity)) - a.queue[pool, layout.IN_USE]
            a.sums[pool, layout.OFFERED] += capacity
        elif working:
            a.sums[pool, layout.CREDIT] += capacity
            free = int64(math.floor(a.sums[pool, layout.CREDIT] + ROUNDING))
            a.sums[pool, layout.OFFERED] += capacity
        used = 0
        while used < free and a.queue[pool, layout.WAITING] > 0 and a.counter[layout.STATUS] == layout.OK:
            e, slot = next_in_queue(a, pool)
            if e < 0:
                break
            begin(a, e, slot, pool, day)
            settle(a, day)
            used += 1
        if places:
            # Places withdrawn while people are in them stay in use, but are no longer offered.
            held = float(a.queue[pool, layout.IN_USE])
            a.sums[pool, layout.USED] += min(held, capacity)
            a.sums[pool, layout.HELD_BEYOND] += max(held - capacity, 0.0)
        elif working:
            a.sums[pool, layout.USED] += used
            # Work not done today cannot be stored: only the fraction of a case carries over.
            left = a.sums[pool, layout.CREDIT] - used
            a.sums[pool, layout.CREDIT] = left - math.floor(left + ROUNDING)


@compiled
def count_waiting(a: Arrays) -> None:
    """Add the length of every queue in the evening to its sum, so that days waited and summed lengths agree."""
    for pool in range(int64(a.t[columns.POOLS])):
        a.sums[pool, layout.QUEUE_DAYS] += a.queue[pool, layout.WAITING]


@compiled
def came_first(a: Arrays, node: int, other: int) -> bool:
    """Return whether the first of two nodes joined the queue earlier; on the same day, the lower row."""
    if a.node[node, layout.NODE_SINCE] == a.node[other, layout.NODE_SINCE]:
        return bool(a.node[node, layout.NODE_WHO] < a.node[other, layout.NODE_WHO])
    return bool(a.node[node, layout.NODE_SINCE] < a.node[other, layout.NODE_SINCE])


@inlined
def oldest_of(a: Arrays, pool: int) -> int:
    """Return the rank whose first node joined first, so that equal ranks stay first come, first served; -1: none."""
    oldest = -1
    for rank in range(layout.RANKS):
        node = a.queue[pool, layout.HEAD + rank]
        if node >= 0 and (oldest < 0 or came_first(a, node, a.queue[pool, layout.HEAD + oldest])):
            oldest = rank
    return oldest


@compiled
def rank_again(a: Arrays, day: int) -> None:
    """Rank everybody who queues again, first come, first served."""
    t = a.t
    old = int64(t[columns.POOLS])  # the row after those of the pools
    for pool in range(old):
        for rank in range(layout.RANKS):
            a.queue[old, layout.HEAD + rank] = a.queue[pool, layout.HEAD + rank]
            a.queue[pool, layout.HEAD + rank] = -1
            a.queue[pool, layout.TAIL + rank] = -1
        while True:
            rank = oldest_of(a, old)
            if rank < 0:
                break
            node = a.queue[old, layout.HEAD + rank]
            e, slot = int64(a.node[node, layout.NODE_WHO]), int64(a.node[node, layout.NODE_SLOT])
            since, waits = int64(a.node[node, layout.NODE_SINCE]), still_waits(a, pool, node)
            a.queue[old, layout.HEAD + rank] = a.node[node, layout.NODE_NEXT]
            free_node(a, node)
            if waits:
                a.queue[pool, layout.WAITING] -= 1
                version = version_of(a, int64(a.step[e, slot]), e, day)
                enqueue(a, e, slot, version, since, day)
