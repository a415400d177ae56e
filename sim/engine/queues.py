"""The authorities' side: who is served next, when work starts, and how queues are ranked again when a rule changes."""

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
"""Fraction of a case that makes up for rounding when fractions of cases are summed."""


@inlined
def waits_in(a: Arrays, e: int, pool: int, since: int) -> int:
    """Return the track on which an entity queues for a pool since a day; -1 when it has left that queue."""
    t = a.t
    for slot in range(int64(t[columns.TRACKS])):
        if a.due[e, slot] == waiting_since(since):
            step = int64(a.step[e, slot])
            version = first_of(a, columns.STEP_VERSIONS, step)
            if t[columns.STEP_SLOT + step] == slot and t[columns.VER_POOL + version] == pool:
                return slot
    return -1


@inlined
def free_node(a: Arrays, node: int) -> None:
    """Put a node of a queue back among the free ones."""
    a.node[node, layout.NODE_NEXT] = a.counter[layout.FREE_NODE]
    a.counter[layout.FREE_NODE] = node


@compiled
def next_in_queue(a: Arrays, pool: int) -> tuple[int, int]:
    """Take the next entity that still queues for a pool: (entity, track); (-1, -1) when the queue is empty."""
    for rank in range(layout.RANKS):
        while a.queue[pool, layout.HEAD + rank] >= 0:
            node = a.queue[pool, layout.HEAD + rank]
            e, since = int64(a.node[node, layout.NODE_WHO]), int64(a.node[node, layout.NODE_SINCE])
            a.queue[pool, layout.HEAD + rank] = a.node[node, layout.NODE_NEXT]
            if a.queue[pool, layout.HEAD + rank] < 0:
                a.queue[pool, layout.TAIL + rank] = -1
            free_node(a, node)
            slot = waits_in(a, e, pool, since)
            if slot >= 0:
                return e, slot
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
    """Let each pool start work on its queue: staff on working days, places as they are free."""
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
            # Places that are withdrawn while people are in them are held, but not offered any more.
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
    """Add the length of every queue in the evening, so that days waited and lengths summed over days agree."""
    for pool in range(int64(a.t[columns.POOLS])):
        a.sums[pool, layout.QUEUE_DAYS] += a.queue[pool, layout.WAITING]


@compiled
def came_first(a: Arrays, node: int, other: int) -> bool:
    """Return whether the first of two in a queue came first; on one day, the one with the lower row."""
    if a.node[node, layout.NODE_SINCE] == a.node[other, layout.NODE_SINCE]:
        return bool(a.node[node, layout.NODE_WHO] < a.node[other, layout.NODE_WHO])
    return bool(a.node[node, layout.NODE_SINCE] < a.node[other, layout.NODE_SINCE])


@inlined
def oldest_of(a: Arrays, pool: int) -> int:
    """Return the rank whose first node came first, so that equal ranks stay in the order of coming; -1: none."""
    oldest = -1
    for rank in range(layout.RANKS):
        node = a.queue[pool, layout.HEAD + rank]
        if node >= 0 and (oldest < 0 or came_first(a, node, a.queue[pool, layout.HEAD + oldest])):
            oldest = rank
    return oldest


@compiled
def rank_again(a: Arrays, day: int) -> None:
    """Rank everybody who queues again, in the order of coming."""
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
            e, since = int64(a.node[node, layout.NODE_WHO]), int64(a.node[node, layout.NODE_SINCE])
            a.queue[old, layout.HEAD + rank] = a.node[node, layout.NODE_NEXT]
            free_node(a, node)
            slot = waits_in(a, e, pool, since)
            if slot >= 0:
                a.queue[pool, layout.WAITING] -= 1
                version = version_of(a, int64(a.step[e, slot]), e, day)
                enqueue(a, e, slot, version, since, day)
