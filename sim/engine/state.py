"""Where everybody stands: one row of bytes for each person and each network, and the queues around them.

A row is read through views of five widths (``k`` 8 bytes, ``i`` and ``x`` 4, ``s`` 2, ``b`` 1), so that all of a person
lies together in memory. The places of the parts whose size depends on the world are in the header of the tables.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns as tb
from sim.engine.columns import NEVER, Catalogue, Ints, Tables
from sim.procedures.traits import FLAG_BIT, LEVELS

ACTIVE_AT_ONCE: Final = 9
"""Hazards that can run at the same time for one person."""
STEP_BITS: Final = 1 << len(FLAG_BIT)
"""Flags from this bit on say that a step was ever entered: unlike traits they change."""
RANKS: Final = 3
"""Ranks of priority in a queue."""
OK, LOG_FULL, QUEUE_FULL, ENDLESS, TOO_MANY_HAZARDS = range(5)
"""Status of a run, in ``g[STATUS]``."""

KEY: Final = 0
"""In ``k``: the key of all draws of an entity."""
FLAGS, NETWORK_ROW, MAY_MEET = 2, 3, 4
"""In ``i``: yes-or-no traits, then steps ever entered (bits); row of the network or -1; hazards that the traits
allow (bits)."""
LEVEL_0: Final = 5
"""In ``x``: traits on a scale."""
RATE_0: Final = LEVEL_0 + len(LEVELS)
"""In ``x``: rates per day of the hazards that run."""
REMAINING_0: Final = RATE_0 + ACTIVE_AT_ONCE
"""In ``x``: internal time left, one for each hazard; NaN: clock not yet drawn. Networks have their own hazards in the
same places. Then, from ``t[AT_BELIEF]``, what the person believes."""
SCHEDULED, HAZARD_DAY, UPDATED = range(3)
"""In ``s`` from ``t[AT_SCHEDULED]``: next day on which something is due; day of the next hazard; day of last update.

Then ``due`` (from ``t[AT_DUE]``, one for each track: the day on which the step ends, NEVER, or -(day + 2): waits in a
queue since day), then the last day of remembered steps (from ``t[AT_REFERENCE]``; -1: never)."""
ACTIVE_COUNT, NEXT_HAZARD, GROUP, RULED, ACTIVE_0 = range(5)
"""In ``b`` from ``t[AT_SMALL]``: number of hazards that run; which comes next; nationality group; 1: a rule
made a difference to this person; the hazards that run.

Then the step on each track (from ``t[AT_STATE]``), then how often each draw was used (from ``t[AT_OCCURRENCE]``)."""

STATUS, LOGGED, QUEUED, FREE_NODE, TOUCHED, CASCADE, TODAY, OLD_RULES, TOLD, HEARD, POOL_0 = range(11)
"""In ``g``: counters; OLD_RULES: 1 while one asks what would have been without the facts and decisions of later layers;
TOLD, HEARD: news in the list, and how much of it has been passed on;
from POOL_0 on, POOL_WIDTH numbers for each pool:"""
WAITING, IN_USE, HEAD, TAIL = 0, 1, 2, 2 + RANKS
POOL_WIDTH: Final = 2 + 2 * RANKS
CREDIT, WAITED, SERVED, QUEUE_DAYS, USED, OFFERED, POOL_SUMS = range(7)
"""In ``h``, POOL_SUMS numbers for each pool: fraction of a case carried over; days waited by those served; number
served; sum of queue lengths over days; capacity used and offered, summed over days."""


NOBODY: Final = np.zeros(0, np.int32)


class Entities(NamedTuple):
    """Persons, then networks, as a population gives them; N rows. Frozen: a run copies what it changes."""

    key: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    level: NDArray[np.float32]  # [N, LEVELS]
    group: NDArray[np.uint8]
    network: Ints  # row of the network of a person; -1: none
    arrival: NDArray[np.int16]  # day index
    persons: int
    member_start: Ints  # [networks + 1]: CSR of the members of each network
    member: Ints
    contact_start: Ints = NOBODY  # [persons + 1]: CSR of those whom each person tells things; empty: nobody
    contact: Ints = NOBODY


class Arrays(NamedTuple):
    """Everything the kernel reads and writes."""

    t: Ints  # tables: whole numbers
    f: NDArray[np.float64]  # tables: fractions
    u: NDArray[np.uint64]  # tables: hashed names of draws
    b: NDArray[np.uint8]  # rows of entities, in five widths ...
    s: NDArray[np.int16]
    i: Ints
    x: NDArray[np.float32]
    k: NDArray[np.uint64]
    g: NDArray[np.int64]  # counters and queues
    h: NDArray[np.float64]  # sums of the pools
    link: Ints  # [2, N + D]: calendar queue, after and before, one sentinel for each day
    node: Ints  # [nodes, 3]: queues of pools: entity, next, day of coming
    log: Ints  # [rows, 3]: day, entity, from + 256 * to + 65536 * via
    member: Ints  # [networks + 1 + members], then [persons + 1 + contacts]
    work: Ints  # [room, 3]: pending signals and evaluations of this moment
    list: Ints  # [3 or 5, room]: touched today; moved in this moment; due today; news: who, and step + 256 * day


class State:
    """The state of one run; ``arrays`` is what the kernel gets.

    Attributes
    ----------
    persons
        Number of persons; networks follow.
    """

    def __init__(self, tables: Tables, catalogue: Catalogue, entities: Entities, room: int = 1) -> None:
        """Make the state on the morning of day 0: everybody still to arrive.

        Parameters
        ----------
        tables, catalogue
            The compiled world.
        entities
            Persons and networks; not changed.
        room
            Multiplies the space for the log and the queues; a run that fills it is repeated with more.
        """
        n, tracks = entities.key.size, int(tables.t[tb.TRACKS])
        days, pools = int(tables.t[tb.DAYS]), int(tables.t[tb.POOLS])
        t = tables.t.copy()
        if t[tb.BELIEFS]:
            t[tb.CONTACTS] = entities.member_start.size + entities.member.size
        row_bytes = _place_parts(t, len(catalogue.hazards), tracks, len(catalogue.draws))
        t[tb.ENTITIES], t[tb.PERSONS] = n, entities.persons
        rows = np.empty((n, row_bytes), np.uint8)
        g = np.zeros(POOL_0 + POOL_WIDTH * pools + RANKS, np.int64)  # the last ones: for ranking anew
        g[POOL_0 : POOL_0 + POOL_WIDTH * pools].reshape(-1, POOL_WIDTH)[:, HEAD:] = -1
        g[TODAY] = -1
        nodes = np.empty((room * n // 4 + 4096, 3), np.int32)
        nodes[:, 1] = np.arange(1, nodes.shape[0] + 1)
        self.persons = entities.persons
        self.arrays = Arrays(
            t=t,
            f=tables.f,
            u=tables.u,
            b=rows,
            s=rows.view(np.int16),
            i=rows.view(np.int32),
            x=rows.view(np.float32),
            k=rows.view(np.uint64),
            g=g,
            h=np.zeros(POOL_SUMS * pools),
            link=np.empty((2, n + days), np.int32),
            node=nodes,
            log=np.empty((room * (130 * n + 5000), 3), np.int32),
            member=np.r_[entities.member_start, entities.member, entities.contact_start, entities.contact].astype(
                np.int32
            ),
            work=np.empty((8 * n + 4096, 3), np.int32),
            list=np.empty((5 if t[tb.BELIEFS] else 3, room * (4 * n + 4096)), np.int32),
        )
        self._fill(entities, tables, catalogue)

    def _fill(self, entities: Entities, tables: Tables, catalogue: Catalogue) -> None:
        a, persons = self.arrays, entities.persons
        a.b[:] = _row_of_all(a.t, a.b.shape[1])
        a.k[:, KEY] = entities.key
        a.i[:, FLAGS] = entities.flags.view(np.int32)
        a.i[:, NETWORK_ROW] = entities.network
        a.x[:, LEVEL_0:RATE_0] = entities.level
        a.i[:, MAY_MEET] = _may_meet(tables, len(catalogue.hazards), entities.flags)
        # Networks are looked at on the first day, so that what may happen to them begins.
        scheduled = np.zeros(entities.key.size, np.int16)
        scheduled[:persons] = entities.arrival[:persons]
        self.small16(SCHEDULED)[:] = scheduled
        self.due[:persons, catalogue.arrival_slot] = entities.arrival[:persons]
        self.small8(GROUP)[:] = entities.group
        self.step[:persons] = tables.start_state[0]
        self.step[persons:] = tables.start_state[1]
        _link(a.link, scheduled)

    def small16(self, which: int) -> NDArray[np.int16]:
        """Return SCHEDULED, HAZARD_DAY or UPDATED of everybody."""
        return self.arrays.s[:, self.arrays.t[tb.AT_SCHEDULED] + which]

    def small8(self, which: int) -> NDArray[np.uint8]:
        """Return ACTIVE_COUNT, NEXT_HAZARD, GROUP or RULED of everybody."""
        return self.arrays.b[:, self.arrays.t[tb.AT_SMALL] + which]

    @property
    def due(self) -> NDArray[np.int16]:
        """Day on which each step ends, ``[N, tracks]``."""
        first = self.arrays.t[tb.AT_DUE]
        return self.arrays.s[:, first : first + self.arrays.t[tb.TRACKS]]

    @property
    def step(self) -> NDArray[np.uint8]:
        """Step on each track, ``[N, tracks]``."""
        first = self.arrays.t[tb.AT_STATE]
        return self.arrays.b[:, first : first + self.arrays.t[tb.TRACKS]]

    @property
    def level(self) -> NDArray[np.float32]:
        """Traits on a scale, ``[N, LEVELS]``."""
        return self.arrays.x[:, LEVEL_0:RATE_0]

    @property
    def belief(self) -> NDArray[np.float32]:
        """What each person believes from what was told, as on the day of the last event, ``[N, beliefs]``."""
        first = int(self.arrays.t[tb.AT_BELIEF])
        return self.arrays.x[:, first : first + int(self.arrays.t[tb.BELIEFS])]

    def believed(self, day: int, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.float64]:
        """Return what people believe in the evening of a day: ``belief``, faded until then, ``[rows, beliefs]``."""
        idle = np.maximum(day - self.small16(UPDATED)[rows].astype(np.int64), 0)
        if not self.arrays.t[tb.BELIEFS]:
            return np.zeros((idle.size, 0))
        kept = np.exp(-self.arrays.f[tb.NEWS_NUMBERS + tb.STORY_FADES] * idle)
        return np.asarray(self.belief[rows] * kept[:, None])

    @property
    def ruled(self) -> NDArray[np.uint8]:
        """1: a rule made a difference, against the reference of the world, ``[N]``."""
        return self.small8(RULED)

    @property
    def day(self) -> int:
        """The last day that has passed; -1 before the first."""
        return int(self.arrays.g[TODAY])

    @property
    def pool_sums(self) -> NDArray[np.float64]:
        """Sums of each pool, ``[P, POOL_SUMS]``."""
        return self.arrays.h.reshape(-1, POOL_SUMS)

    @property
    def pools(self) -> NDArray[np.int64]:
        """WAITING and IN_USE of each pool, ``[P, POOL_WIDTH]``."""
        return self.arrays.g[POOL_0:-RANKS].reshape(-1, POOL_WIDTH)

    @property
    def bytes_per_entity(self) -> float:
        """Bytes of state for each row: the row, the calendar queue and the queues of the pools; not the log."""
        a = self.arrays
        return float((a.b.nbytes + a.link.nbytes + a.node.nbytes) / max(a.b.shape[0], 1))


def _place_parts(t: Ints, hazards: int, tracks: int, draws: int) -> int:
    """Note the places of the parts of a row in the header; return the bytes of a row."""
    t[tb.AT_BELIEF] = REMAINING_0 + _places(hazards, int(t[tb.NETWORK_HAZARDS]))
    half = 2 * (int(t[tb.AT_BELIEF]) + int(t[tb.BELIEFS]))
    t[tb.AT_SCHEDULED] = half
    t[tb.AT_DUE] = half + 3
    t[tb.AT_REFERENCE] = t[tb.AT_DUE] + tracks
    small = 2 * (int(t[tb.AT_REFERENCE]) + int(t[tb.REFERENCES]))
    t[tb.AT_SMALL] = small
    t[tb.AT_STATE] = small + ACTIVE_0 + ACTIVE_AT_ONCE
    t[tb.AT_OCCURRENCE] = t[tb.AT_STATE] + tracks
    return -(-(int(t[tb.AT_OCCURRENCE]) + _places(draws, int(t[tb.NETWORK_DRAWS]))) // 8) * 8


def _places(all_of_them: int, of_persons: int) -> int:
    """Return how many places a row needs for what persons have, or else networks."""
    return max(of_persons, all_of_them - of_persons)


def _may_meet(tables: Tables, hazards: int, flags: NDArray[np.uint32]) -> Ints:
    """Return, as bits, which hazards are not ruled out by yes-or-no traits, which never change."""
    t, bits = tables.t, np.zeros(flags.size, np.int32)
    for hazard in range(hazards):
        first, last = tables.column("HZ_CONDITIONS", 2 * hazards)[2 * hazard : 2 * hazard + 2]
        may = np.ones(flags.size, bool)
        for row in range(first, last):
            place = tb.CONDITIONS + 4 * row
            kind, what, _, negated = t[place : place + 4]
            if kind == tb.FLAG and what < STEP_BITS:
                may &= ((flags & np.uint32(what)) != 0) != bool(negated)
        bits |= np.where(may, np.int32(1 << hazard), np.int32(0)).astype(np.int32)
    return bits


def _row_of_all(t: Ints, size: int) -> NDArray[np.uint8]:
    """Return the bytes that rows have in common on the morning of day 0: no clock drawn, nothing due, nothing done."""
    row = np.zeros(size, np.uint8)
    row.view(np.float32)[REMAINING_0 : t[tb.AT_BELIEF]] = np.nan
    days = row.view(np.int16)
    days[t[tb.AT_SCHEDULED] + HAZARD_DAY] = NEVER
    days[t[tb.AT_SCHEDULED] + UPDATED] = -1
    days[t[tb.AT_DUE] : t[tb.AT_REFERENCE]] = NEVER
    days[t[tb.AT_REFERENCE] : t[tb.AT_SMALL] // 2] = -1
    return row


def _link(link: Ints, scheduled: NDArray[np.int16]) -> None:
    """Link everybody into the bucket of the day on which something is due: ``link`` is after and before."""
    n, (after, before) = scheduled.size, link
    days = after.size - n
    after[:] = np.arange(n + days, dtype=np.int32)
    before[:] = after
    order = np.argsort(scheduled, kind="stable").astype(np.int32)
    order = order[scheduled[order] < days]
    day = scheduled[order].astype(np.int32)
    if order.size:
        first, last = np.r_[True, day[1:] != day[:-1]], np.r_[day[1:] != day[:-1], True]
        sentinel = n + day
        after[order] = np.where(last, sentinel, np.r_[order[1:], 0])
        before[order] = np.where(first, sentinel, np.r_[0, order[:-1]])
        after[sentinel[first]] = order[first]
        before[sentinel[last]] = order[last]
