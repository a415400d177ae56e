"""The law, behaviour and capacities of one world as flat arrays: what the kernel reads.

``sim.engine.builder`` turns steps, conditions, decisions, hazards and pools (TOML) into columns; ``sim.engine.assemble``
lays the columns one after another into one array of whole numbers and one of fractions. A column is found by its place in
the header: the value of ``STEP_SLOT`` for step ``i`` is ``t[t[STEP_SLOT] + i]``, and pairs (first, last) of a range, last
excluded, are ``t[t[BR_SIGNALS] + 2 * i]`` and the one after it. Few arrays keep compiling short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

PASS, TIMED, POOL, GATE, REST = range(5)
"""Kinds of step."""
LEGAL_CLOCK, AUTHORITY, CHOICE, HAZARD = range(4)
"""Classes of event, in their order within a day."""
FLAG, AT, TERM_OVER, FROM_DATE, LEVEL, ENVIRONMENT, DRAW = range(7)
"""Kinds of condition and factor; a step ever entered is a flag too."""
SELF, NETWORK, VICTIMS = range(3)
"""Whom a signal reaches."""
FIXED, EXPONENTIAL, LOGNORMAL = range(3)
"""Kinds of duration."""
NEVER: Final = 32767
"""A day that does not come."""
SHOCKS: Final = ("registration_stopped", "transfers_stopped", "fewer_controls")
"""External events that a scenario can date; usable in ``when``, ``logit`` and ``times``."""
DAYS_PER_YEAR: Final = 365.25

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

# Sizes, then places of columns. S steps, V versions of steps, B branches, H hazards, M models, P pools, D days, G groups.
(
    ENTITIES, PERSONS, STEPS, TRACKS, POOLS, DAYS, GROUPS_COUNT, REFERENCES,
    AT_DUE, AT_REFERENCE, AT_SCHEDULED, AT_STATE, AT_OCCURRENCE, AT_SMALL,
    STEP_SLOT,        # [S] column of the track
    STEP_CLASS,       # [S] class of the timer
    STEP_EVER,        # [S] bit that remembers an entry, or 0
    STEP_REF,         # [S] where the last day is remembered, or -1
    STEP_HAZARDS,     # [S] bits of the hazards that can run here
    STEP_VERSIONS,    # [S, 2]
    ACCEPTS,          # [S, S] does a signal to the first step reach one who is in the second?
    VER_FROM,         # [V] day of entry into force
    VER_APPLIES,      # [V] the event that decides for whom (place of its remembered day), or -1
    VER_LAYER,        # [V]
    VER_KIND,         # [V]
    VER_DURATION,     # [V]
    VER_POOL,         # [V]
    VER_BRANCHES,     # [V, 2]
    VER_SIGNALS,      # [V, 2]
    VER_ON_START,     # [V, 2]
    VER_CHANGES,      # [V, 2]
    VER_PRIORITY,     # [V, 2]
    VER_DRAWS,        # [V, 2] range of ASKED
    VER_SENSES,       # [V] a layer whose facts or decisions the branches depend on, or -1
    ASKED,            # draws of the decisions that the branches of a version ask
    BR_TO,            # [B]
    BR_CONDITIONS,    # [B, 2]
    BR_SIGNALS,       # [B, 2]
    PRI_RANK, PRI_CONDITIONS,
    CONDITIONS,       # [conditions, 4] kind, what, where, negated
    GATE_SLOTS,       # tracks that have gates
    GATES,            # number of them
    SETS,             # [sets, S]
    SIG_TARGET, SIG_SCOPE,
    CHG_LEVEL, CHG_SCOPE, CHG_ADD,
    DUR_KIND, DUR_ROW, DUR_DRAW, DUR_REF, DUR_WORKING,
    DUE,              # [rows, D] the day on which a fixed term ends, for each day on which it can start
    MODEL_TERMS,      # [M, 2]
    MODEL_DRAW, MODEL_NEXT, MODEL_NEXT_FROM,
    TERM_FACTORS,     # [terms, 2]
    FAC_CONDITION,
    HZ_TO, HZ_SET, HZ_SLOT, HZ_CONDITIONS, HZ_TERMS, HZ_DRAW,
    POOL_PLACES,      # [P] 1: places that are held; 0: staff
    ENVIRONMENTS,     # [E, D]
    REVIEW,           # [D] an external event or a rule begins or ends
    WORKING, WORKING_INDEX, DAY_OF_WORKING_INDEX,
    CHG_VALUE, DUR_MEAN, DUR_CV, MODEL_CONSTANT,
    MODEL_CHANCE,     # [M, G]; NaN: a logit
    TERM_COEFFICIENT, HZ_LOG_RATE, HZ_GROWTH,
    POOL_CAPACITY,    # [P, D]
    HEADER,
) = range(83)  # fmt: skip
FIRST_FLOAT: Final = CHG_VALUE
"""Columns from here on lie in ``f``; their places too are in the header of ``t``."""


class Tables(NamedTuple):
    """One world compiled: ``t`` whole numbers with the header, ``f`` fractions, ``u`` hashed names of draws."""

    t: Ints
    f: Floats
    u: NDArray[np.uint64]
    start_state: NDArray[np.uint8]  # [2, tracks]: person, network

    def column(self, place: int, size: int) -> Ints:
        """Return ``size`` values of a column of ``t``."""
        first = int(self.t[place])
        return self.t[first : first + size]


@dataclass(frozen=True)
class Catalogue:
    """The names behind the numbers of ``Tables``."""

    steps: tuple[str, ...]
    slots: tuple[int, ...]
    tracks: tuple[str, ...]
    branches: tuple[tuple[str, int], ...]  # (step, position) of each branch
    branch_layer: tuple[str, ...]
    layers: tuple[str, ...]
    hazards: tuple[str, ...]
    pools: tuple[str, ...]
    draws: tuple[str, ...]
    references: tuple[str, ...]  # steps whose last day is remembered
    evers: tuple[str, ...]
    arrival_slot: int

    def step(self, name: str) -> int:
        """Return the number of a step."""
        return self.steps.index(name)
