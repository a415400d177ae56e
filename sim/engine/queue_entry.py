"""How one comes into the queue of a pool: by rank, then order of coming."""

from __future__ import annotations

from sim.agents.decisions import all_hold
from sim.engine.compiled import compiled, int64
from sim.engine.state import (
    FREE_NODE,
    HEAD,
    POOL_0,
    POOL_WIDTH,
    QUEUE_FULL,
    RANKS,
    STATUS,
    TAIL,
    WAITING,
    Arrays,
)
from sim.engine.tables import AT_DUE, PRI_CONDITIONS, PRI_RANK, VER_POOL, VER_PRIORITY


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
