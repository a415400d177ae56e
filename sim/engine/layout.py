"""The arrays of a run, and the meaning of their columns.

Each person and each network has one row of bytes, so that the data of a person is contiguous in memory. Each part of
the row has an array over whole rows that begins at the part: ``a.step[e, slot]`` is the step of entity ``e`` on a
track. Columns beyond the part are the parts that follow; ``sim.engine.state`` shows them in their own shapes.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Floats, Ints

OK, LOG_FULL, QUEUE_FULL, ENDLESS, TOO_MANY_HAZARDS = range(5)
"""Status of a run, in ``counter[STATUS]``."""
USUAL_AT_ONCE: Final = 9
"""Hazards that run at the same time for one person, at most, under the shipped law and behaviour."""
RANKS: Final = 3
"""Ranks of priority in a queue."""

# ---- columns of the parts of a row ----

KEY: Final = 0
"""Of ``key``: the key of all draws of an entity."""
FLAGS, EVER_ENTERED, NETWORK_ROW, MAY_MEET, LOOK_AT, TRAIT_PARTS = range(6)
"""Of ``trait``: yes-or-no traits (bits), which never change; steps ever entered (bits); row of the network or -1;
hazards that the traits allow (bits); hazards to look at after the events of today (bits)."""
SCHEDULED, HAZARD_DAY, UPDATED, DAY_PARTS = range(4)
"""Of ``day``: next day on which something is due; day of the next hazard; day of the last update."""
ACTIVE_COUNT, NEXT_HAZARD, GROUP, RULED, SMALL_PARTS = range(5)
"""Of ``small``: number of hazards that run; which comes next; nationality group; 1: a rule made a difference to this
person."""

# ---- columns of the other arrays ----

STATUS, LOGGED, QUEUED, FREE_NODE, TOUCHED, MOVED, TODAY, OLD_RULES, TOLD, HEARD, COUNTERS = range(11)
"""Of ``counter``: status; rows in the log; pieces of work; first free node; entries in ``touched`` and ``moved``; the
day; 1 while the kernel asks what would be without the facts and decisions of later layers; news in the list, and how
much of it has been passed on."""
WAITING, IN_USE, HEAD = range(3)
TAIL: Final = HEAD + RANKS
QUEUE_PARTS: Final = TAIL + RANKS
"""Of ``queue``: number waiting, places in use, first and last node of each rank (-1: none)."""
CREDIT, WAITED, SERVED, QUEUE_DAYS, USED, OFFERED, HELD_BEYOND, POOL_SUMS = range(8)
"""Of ``sums``: fraction of a case carried over; days waited by those served; number served; sum of queue lengths over
days; capacity used and offered, summed over days; places held beyond the capacity, summed over days."""
NODE_WHO, NODE_NEXT, NODE_SINCE, NODE_SLOT, NODE_PARTS = range(5)
"""Of ``node``: entity, next node, day of coming, track."""
WORK_WHO, WORK_STEP, WORK_KIND, WORK_PARTS = range(4)
"""Of ``work``: entity, step, PASSING or SIGNAL."""
PASSING, SIGNAL = range(2)
"""What a piece of work is: a step passed through, or a signal."""
NEWS_WHO, NEWS_STEP, NEWS_DAY, NEWS_PARTS = range(4)
"""Of ``news``: who entered which step on which day."""
LOG_DAY, LOG_WHO, LOG_MOVE, LOG_PARTS = range(4)
"""Of ``log``: day, entity, ``packed_move``."""


class Arrays(NamedTuple):
    """Everything the kernel reads and writes."""

    # The world: see sim.engine.columns
    t: Ints
    f: Floats
    u: NDArray[np.uint64]
    # Parts of the row of an entity, [N, ...]
    key: NDArray[np.uint64]
    trait: Ints
    level: NDArray[np.float32]  # traits on a scale; of a network: what is counted
    pace: NDArray[np.float32]  # of the hazards that run: logarithm of the ratio to the base rate, on day ``since``
    clock: NDArray[np.float32]  # internal time left of each hazard, on day ``since`` if it runs; NaN: not drawn yet
    belief: NDArray[np.float32]
    day: NDArray[np.int16]
    due: NDArray[np.int16]  # for each track: the day on which the step ends, NEVER, or ``waiting_since``
    entered: NDArray[np.int16]  # last day of remembered steps; -1: never
    since: NDArray[np.int16]  # of the hazards that run: the day since which they do, at this pace
    fires: NDArray[np.int16]  # and the day on which they fire, or NEVER
    small: NDArray[np.uint8]
    active: NDArray[np.uint8]  # the hazards that run
    step: NDArray[np.uint8]  # on each track
    used: NDArray[np.uint8]  # how often each draw was used
    # Calendar queue: who comes after and before in the bucket of a day; sentinels for the days follow the entities
    after: Ints
    before: Ints
    # Networks and contacts: the members of network i are member[member_start[i] : member_start[i + 1]]
    member_start: Ints
    member: Ints
    contact_start: Ints
    contact: Ints
    # Queues of pools
    queue: NDArray[np.int64]  # [P + 1, QUEUE_PARTS], the last row for ranking again
    node: Ints
    sums: Floats  # [P, POOL_SUMS]
    # The present moment
    counter: NDArray[np.int64]
    bits: NDArray[np.int64]  # [N / 32 + 1] 32 rows in each: who is due today, while they are put in order
    today: Ints  # rows of those for whom something is due today
    ending: Ints  # of each of them: the tracks on which a step ends today, as bits
    touched: Ints  # rows of those who change today
    moved: Ints  # rows of those who moved in this moment, and whose gates are to be tried
    work: Ints  # pending signals and evaluations of this moment
    # What remains after a day
    news: Ints
    log: Ints
