"""The authorities' side: who is served next, when work starts, and who is ranked anew when a rule changes."""

from __future__ import annotations

import math

from sim.engine.columns import (
    AT_DUE,
    AT_STATE,
    DAYS,
    NEVER,
    POOL_CAPACITY,
    POOL_PLACES,
    POOLS,
    STEP_SLOT,
    STEP_VERSIONS,
    TRACKS,
    VER_BRANCHES,
    VER_DURATION,
    VER_ON_START,
    VER_POOL,
    WORKING,
)
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.moves import PASSING, push, send, settle, start, touch
from sim.engine.queue_entry import enqueue, version_of
from sim.engine.state import (
    CREDIT,
    FREE_NODE,
    HEAD,
    IN_USE,
    OFFERED,
    OK,
    POOL_0,
    POOL_SUMS,
    POOL_WIDTH,
    QUEUE_DAYS,
    RANKS,
    SERVED,
    STATUS,
    TAIL,
    USED,
    WAITED,
    WAITING,
    Arrays,
)


@inlined
def waits_in(a: Arrays, e: int, pool: int, since: int) -> int:
    """Return the track on which an entity waits for a pool since a day; -1 when it has left that queue."""
    t = a.t
    for slot in range(int64(t[TRACKS])):
        if a.s[e, t[AT_DUE] + slot] == -(since + 2):
            step = int64(a.b[e, t[AT_STATE] + slot])
            if t[STEP_SLOT + step] == slot and t[VER_POOL + t[STEP_VERSIONS + 2 * step]] == pool:
                return slot
    return -1


@compiled
def next_in_queue(a: Arrays, pool: int) -> tuple[int, int]:
    """Take the next one who still waits off the queue of a pool: (entity, track); (-1, -1) when nobody waits."""
    own = POOL_0 + POOL_WIDTH * pool
    for rank in range(RANKS):
        while a.g[own + HEAD + rank] >= 0:
            node = a.g[own + HEAD + rank]
            e, since = int64(a.node[node, 0]), int64(a.node[node, 2])
            a.g[own + HEAD + rank] = a.node[node, 1]
            if a.g[own + HEAD + rank] < 0:
                a.g[own + TAIL + rank] = -1
            a.node[node, 1] = a.g[FREE_NODE]
            a.g[FREE_NODE] = node
            slot = waits_in(a, e, pool, since)
            if slot >= 0:
                return e, slot
    return -1, -1


@compiled
def begin(a: Arrays, e: int, slot: int, pool: int, day: int) -> None:
    """Start work on one who waited: the wait is over, the time of the step begins."""
    t = a.t
    touch(a, e, day)
    step = int64(a.b[e, t[AT_STATE] + slot])
    version = version_of(a, step, e, day)
    a.h[POOL_SUMS * pool + WAITED] += day + 2 + int64(a.s[e, t[AT_DUE] + slot])
    a.h[POOL_SUMS * pool + SERVED] += 1
    a.g[POOL_0 + POOL_WIDTH * pool + WAITING] -= 1
    a.s[e, t[AT_DUE] + slot] = NEVER
    if t[POOL_PLACES + pool]:
        a.g[POOL_0 + POOL_WIDTH * pool + IN_USE] += 1
    send(a, int64(t[VER_ON_START + 2 * version]), int64(t[VER_ON_START + 2 * version + 1]), e)
    if t[VER_DURATION + version] >= 0:
        start(a, e, slot, step, version, day)
    elif t[VER_BRANCHES + 2 * version + 1] > t[VER_BRANCHES + 2 * version]:
        push(a, e, step, PASSING)


@compiled
def serve(a: Arrays, day: int) -> None:
    """Let each pool start work on those who wait: staff on working days, places as they are free."""
    t = a.t
    working = t[t[WORKING] + day] != 0
    for pool in range(int64(t[POOLS])):
        capacity = a.f[POOL_CAPACITY + pool * t[DAYS] + day]
        own, sums = POOL_0 + POOL_WIDTH * pool, POOL_SUMS * pool
        places = t[POOL_PLACES + pool] != 0
        free = 0
        if places:
            free = int64(math.floor(capacity)) - a.g[own + IN_USE]
            a.h[sums + OFFERED] += capacity
        elif working:
            a.h[sums + CREDIT] += capacity
            free = int64(math.floor(a.h[sums + CREDIT] + 1e-9))
            a.h[sums + OFFERED] += capacity
        used = 0
        while used < free and a.g[own + WAITING] > 0 and a.g[STATUS] == OK:
            e, slot = next_in_queue(a, pool)
            if e < 0:
                break
            begin(a, e, slot, pool, day)
            settle(a, day)
            used += 1
        if places:
            a.h[sums + USED] += a.g[own + IN_USE]
        elif working:
            a.h[sums + USED] += used
            # Work not done today cannot be stored: only the fraction of a case carries over.
            left = a.h[sums + CREDIT] - used
            a.h[sums + CREDIT] = left - math.floor(left + 1e-9)


@compiled
def count_waiting(a: Arrays) -> None:
    """Add the length of every queue in the evening, so that days waited and lengths summed over days agree."""
    for pool in range(int64(a.t[POOLS])):
        a.h[POOL_SUMS * pool + QUEUE_DAYS] += a.g[POOL_0 + POOL_WIDTH * pool + WAITING]


@compiled
def came_first(a: Arrays, node: int, other: int) -> bool:
    """Say which of two in a queue came first; on one day, the one with the lower row."""
    if a.node[node, 2] == a.node[other, 2]:
        return bool(a.node[node, 0] < a.node[other, 0])
    return bool(a.node[node, 2] < a.node[other, 2])


@compiled
def rank_again(a: Arrays, day: int) -> None:
    """Rank everybody who waits anew, in the order of coming."""
    t = a.t
    heads = POOL_0 + POOL_WIDTH * t[POOLS]
    for pool in range(int64(t[POOLS])):
        own = POOL_0 + POOL_WIDTH * pool
        for rank in range(RANKS):
            a.g[heads + rank] = a.g[own + HEAD + rank]
            a.g[own + HEAD + rank] = -1
            a.g[own + TAIL + rank] = -1
        while True:
            # The oldest of the heads first, so that those who get the same rank stay in the order of coming.
            oldest = -1
            for rank in range(RANKS):
                node = a.g[heads + rank]
                if node >= 0 and (oldest < 0 or came_first(a, node, a.g[heads + oldest])):
                    oldest = rank
            if oldest < 0:
                break
            node = a.g[heads + oldest]
            e, since = int64(a.node[node, 0]), int64(a.node[node, 2])
            a.g[heads + oldest] = a.node[node, 1]
            a.node[node, 1] = a.g[FREE_NODE]
            a.g[FREE_NODE] = node
            slot = waits_in(a, e, pool, since)
            if slot >= 0:
                a.g[own + WAITING] -= 1
                step = int64(a.b[e, t[AT_STATE] + slot])
                enqueue(a, e, slot, version_of(a, step, e, day), since, day)
