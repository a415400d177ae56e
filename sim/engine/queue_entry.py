"""Under which text an entity falls, and how it comes into the queue of a pool: by rank, then order of coming."""

from __future__ import annotations

import numpy as np

from sim.engine.columns import (
    AT_DUE,
    AT_REFERENCE,
    AT_SMALL,
    AT_STATE,
    PRI_CONDITIONS,
    PRI_RANK,
    STEP_OTHER,
    STEP_VERSIONS,
    VER_APPLIES,
    VER_FROM,
    VER_POOL,
    VER_PRIORITY,
)
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.decisions import all_hold
from sim.engine.state import (
    FREE_NODE,
    HEAD,
    POOL_0,
    POOL_WIDTH,
    QUEUE_FULL,
    RANKS,
    RULED,
    STATUS,
    TAIL,
    WAITING,
    Arrays,
)


@inlined
def version_of(a: Arrays, step: int, e: int, day: int) -> int:
    """Return the version of a step under which an entity falls today."""
    place = STEP_VERSIONS + 2 * step
    return version_in(a, int64(a.t[place]), int64(a.t[place + 1]), e, day)


@inlined
def version_in(a: Arrays, first: int, last: int, e: int, day: int) -> int:
    """Return which of some versions applies to an entity: the last in force on its deciding day."""
    t = a.t
    for version in range(last - 1, first, -1):
        in_force = t[VER_FROM + version]
        if in_force > day:
            continue
        applies = t[VER_APPLIES + version]
        if applies < 0:
            return version
        decided = int64(a.s[e, t[AT_REFERENCE] + applies])
        if decided < 0 or decided >= in_force:
            return version
    return first


@compiled
def other_version(a: Arrays, step: int, version: int, e: int, day: int) -> int:
    """Return the version under which the entity would fall by the reference; ``version`` where the text is the same."""
    place = STEP_OTHER + 2 * step
    first, last = int64(a.t[place]), int64(a.t[place + 1])
    return version_in(a, first, last, e, day) if last > 0 else version


@compiled
def mark(a: Arrays, e: int) -> None:
    """Note that a rule makes a difference to an entity."""
    a.b[e, a.t[AT_SMALL] + RULED] = np.uint8(1)


@compiled
def rank_of(a: Arrays, version: int, e: int, day: int) -> int:
    """Return the rank of an entity in the queue of a step: the first priority that holds, else the last rank."""
    t = a.t
    place = VER_PRIORITY + 2 * version
    for row in range(int64(t[place]), int64(t[place + 1])):
        conditions = PRI_CONDITIONS + 2 * row
        if all_hold(a, int64(t[conditions]), int64(t[conditions + 1]), e, day):
            return int64(t[PRI_RANK + row])
    return RANKS - 1


@compiled
def enqueue(a: Arrays, e: int, slot: int, version: int, since: int, day: int) -> None:
    """Put an entity at the end of its rank in the queue of the pool of its step."""
    pool = a.t[VER_POOL + version]
    own = POOL_0 + POOL_WIDTH * pool
    rank = rank_of(a, version, e, day)
    other = other_version(a, int64(a.b[e, a.t[AT_STATE] + slot]), version, e, day)
    if other != version and rank_of(a, other, e, day) != rank:
        mark(a, e)
    node = a.g[FREE_NODE]
    if node >= a.node.shape[0]:
        a.g[STATUS] = QUEUE_FULL
        return
    a.g[FREE_NODE] = a.node[node, 1]
    a.node[node, 0] = e
    a.node[node, 1] = -1
    a.node[node, 2] = since
    tail = a.g[own + TAIL + rank]
    if tail < 0:
        a.g[own + HEAD + rank] = node
    else:
        a.node[tail, 1] = node
    a.g[own + TAIL + rank] = node
    a.s[e, a.t[AT_DUE] + slot] = -(since + 2)
    a.g[own + WAITING] += 1
