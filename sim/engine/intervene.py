"""Changes by a user between two days: a new trait of a person updates clocks, rates and gates."""

from __future__ import annotations

from sim.engine import columns, layout
from sim.engine.compiled import entrance, int64
from sim.engine.kernel import refresh
from sim.engine.layout import Arrays
from sim.engine.moves import settle, touch
from sim.engine.pinned import pinned


@entrance
def set_level(a: Arrays, e: int, level: int, value: float) -> int:
    """Set the level of a trait of a person, in the evening of the last day that has passed; return the status.

    Internal clocks run at the old rates until then; gates that open by it open at once.
    """
    a = pinned(a)
    day = int64(a.counter[layout.TODAY])
    if day < 0:  # before the first arrival
        a.level[e, level] = value
        return int64(a.counter[layout.STATUS])
    touched, logged = int64(a.counter[layout.TOUCHED]), int64(a.counter[layout.LOGGED])
    touch(a, e, day)
    a.level[e, level] = value
    a.trait[e, layout.LOOK_AT] |= a.t[columns.LEVEL_HAZARDS]
    a.moved[0] = e  # as if they had moved: settling tries their gates
    a.counter[layout.MOVED] = 1
    settle(a, day)
    # A person touched in the course of the day is not listed again when touched now.
    refresh(a, e, day)
    for place in range(touched, int64(a.counter[layout.TOUCHED])):
        refresh(a, int64(a.touched[place]), day)
    for row in range(logged, int64(a.counter[layout.LOGGED])):
        refresh(a, int64(a.log[row, layout.LOG_WHO]), day)
    return int64(a.counter[layout.STATUS])
