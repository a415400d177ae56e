"""The text that applies to an entity, and its place in the queue of a pool: by rank, then first come, first served."""

from __future__ import annotations

import numpy as np

from sim.engine import columns, layout
from sim.engine.access import end_of, first_of
from sim.engine.codes import waiting_since
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.decisions import all_hold
from sim.engine.layout import Arrays


@inlined
def version_of(a: Arrays, step: int, e: int, day: int) -> int:
    """Return the version of a step that applies to an entity today."""
    return version_in(a, columns.STEP_VERSIONS, step, e, day)


@inlined
def version_in(a: Arrays, column: int, step: int, e: int, day: int) -> int:
    """Return which version in a range applies to an entity: the last in force on its deciding day."""
    t = a.t
    first = first_of(a, column, step)
    for version in range(end_of(a, column, step) - 1, first, -1):
        in_force = t[columns.VER_FROM + version]
        if in_force > day:
            continue
        applies = t[columns.VER_APPLIES + version]
        if applies < 0:
            return version
        decided = int64(a.entered[e, applies])
        if decided < 0 or decided >= in_force:
            return version
    return first


@inlined
def has_other(a: Arrays, step: int) -> bool:
    """Return whether the reference has another text for a step."""
    return end_of(a, columns.STEP_OTHER, step) > 0


@compiled
def other_version(a: Arrays, step: int, version: int, e: int, day: int) -> int:
    """Return the version that would apply to the entity under the reference; ``version`` where the text is the same."""
    return version_in(a, columns.STEP_OTHER, step, e, day) if has_other(a, step) else version


@compiled
def mark(a: Arrays, e: int) -> None:
    """Mark an entity to which a rule makes a difference."""
    a.small[e, layout.RULED] = np.uint8(1)


@compiled
def rank_of(a: Arrays, version: int, e: int, day: int) -> int:
    """Return the rank of an entity in the queue of a step: the first priority that holds, else the last rank."""
    first, end = first_of(a, columns.VER_PRIORITY, version), end_of(a, columns.VER_PRIORITY, version)
    for row in range(first, end):
        if all_hold(a, columns.PRI_CONDITIONS, row, e, day):
            return int64(a.t[columns.PRI_RANK + row])
    return layout.RANKS - 1


@compiled
def enqueue(a: Arrays, e: int, slot: int, version: int, since: int, day: int) -> None:
    """Append an entity to its rank in the queue of the pool of its step."""
    pool = a.t[columns.STEP_POOL + int64(a.step[e, slot])]
    rank = rank_of(a, version, e, day)
    other = other_version(a, int64(a.step[e, slot]), version, e, day)
    if other != version and rank_of(a, other, e, day) != rank:
        mark(a, e)
    node = a.counter[layout.FREE_NODE]
    if node >= a.node.shape[0]:
        a.counter[layout.STATUS] = layout.QUEUE_FULL
        return
    a.counter[layout.FREE_NODE] = a.node[node, layout.NODE_NEXT]
    a.node[node, layout.NODE_WHO] = e
    a.node[node, layout.NODE_NEXT] = -1
    a.node[node, layout.NODE_SINCE] = since
    a.node[node, layout.NODE_SLOT] = slot
    last = a.queue[pool, layout.TAIL + rank]
    if last < 0:
        a.queue[pool, layout.HEAD + rank] = node
    else:
        a.node[last, layout.NODE_NEXT] = node
    a.queue[pool, layout.TAIL + rank] = node
    a.due[e, slot] = waiting_since(since)
    a.queue[pool, layout.WAITING] += 1
