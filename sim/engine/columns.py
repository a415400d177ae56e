"""The law, behaviour and capacities of one world as flat arrays: what the kernel reads.

``sim.compile.builder`` turns steps, conditions, decisions, hazards and pools (TOML) into columns;
``sim.compile.assemble`` lays the columns one after another into one array of whole numbers (``t``) and one of
fractions (``f``): the value of ``STEP_SLOT`` for step ``i`` is ``t[STEP_SLOT + i]``; pairs (first, last) of a range,
last excluded, are ``t[BR_SIGNALS + 2 * i]`` and the one after it. Few arrays keep compiling short; places that are
known when it is compiled keep the kernel quick.
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
FLAG, AT, TERM_OVER, FROM_DATE, LEVEL, AT_LEAST, ENVIRONMENT, DRAW, CHOICE_OF, BEYOND, LOAD, BELIEF = range(12)
"""Kinds of condition and factor; a step ever entered is a flag too."""
SELF, NETWORK, VICTIMS = range(3)
"""Whom a signal reaches."""
FIXED, EXPONENTIAL, LOGNORMAL = range(3)
"""Kinds of duration."""
LOGIT, ADDS_UP = range(2)
"""Forms of a decision that is not a plain chance."""
STORY_WEIGHT, STORY_DISTORTED, STORY_FADES = range(3)
"""In NEWS_NUMBERS."""
NEVER: Final = 32767
"""A day that does not come."""
DAYS_PER_YEAR: Final = 365.25

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

# ---- places in t ----------------------------------------------------------------------------------------------------
# First the header: sizes of this world, places of the parts of a row, places of the tables over days.
(
    ENTITIES, PERSONS, STEPS, TRACKS, POOLS, DAYS, REFERENCES, GATES,
    AT_DUE, AT_REFERENCE, AT_SCHEDULED, AT_STATE, AT_OCCURRENCE, AT_SMALL,
    SENSITIVE,             # bits of the hazards that depend on external events, facts or dates
    NEW_FACTS,             # rows of ENVIRONMENTS from here on are facts that the reference does not know
    DUE,                   # [rows, D] the day on which a fixed term ends, for each day on which it can start
    ENVIRONMENTS,          # [E, D]
    REVIEW,                # [D] an external event or a rule begins or ends
    WORKING, WORKING_INDEX, DAY_OF_WORKING_INDEX,  # [D]
    NETWORK_DRAWS,         # draws from here on are those of networks, in the same places of a row
    NETWORK_HAZARDS,       # the same for hazards
    BELIEFS,               # beliefs that each row holds; 0: nobody tells anybody anything
    AT_BELIEF,
    CONTACTS,              # where in the members the contacts begin
    NEWS_AFTER,            # days until news is told
    NEWS_DRAW,             # the draw whether it is told truly
    CAN_HEAR,              # set of steps, and its track
    CAN_HEAR_SLOT,
    HEADER,
) = range(32)  # fmt: skip

# Then columns of fixed room, so that their places are known when the kernel is compiled.
ROOM: Final = {
    "step": 192,
    "version": 512,
    "branch": 1024,
    "condition": 2048,
    "set": 256,
    "few": 512,
    "group": 8,
}
"""Most steps, versions of steps, branches, conditions, sets of steps; of everything else; groups."""
_SHAPES: Final = {
    "STEP_SLOT": ("step", 1),        # column of the track
    "STEP_CLASS": ("step", 1),       # class of the timer
    "STEP_EVER": ("step", 1),        # bit that remembers an entry, or 0
    "STEP_REF": ("step", 1),         # where the last day is remembered, or -1
    "STEP_HAZARDS": ("step", 1),     # bits of the hazards that can run here
    "STEP_VERSIONS": ("step", 2),
    "ACCEPTS": ("step", 192),        # does a signal to the first step reach one who is in the second?
    "VER_FROM": ("version", 1),      # day of entry into force
    "VER_APPLIES": ("version", 1),   # the event that decides for whom (place of its remembered day), or -1
    "VER_KIND": ("version", 1),
    "VER_DURATION": ("version", 1),
    "VER_POOL": ("version", 1),
    "VER_BRANCHES": ("version", 2),
    "VER_SIGNALS": ("version", 2),
    "VER_ON_START": ("version", 2),
    "VER_CHANGES": ("version", 2),
    "VER_PRIORITY": ("version", 2),
    "VER_DRAWS": ("version", 2),     # range of ASKED
    "VER_SENSES": ("version", 1),    # do the branches depend on facts or decisions that the reference does not know?
    "STEP_OTHER": ("step", 2),       # versions of the text of the reference; empty where it is the same
    "STEP_NEWS": ("step", 2),        # what others believe when they hear of it: range of NEWS_BELIEF
    "NEWS_BELIEF": ("few", 1),
    "NEWS_SAYS": ("few", 1),         # 1 or -1
    "ASKED": ("branch", 1),          # draws of the decisions that the branches of a version ask
    "BR_TO": ("branch", 1),
    "BR_CONDITIONS": ("branch", 2),
    "BR_SIGNALS": ("branch", 2),
    "PRI_RANK": ("few", 1),
    "PRI_CONDITIONS": ("few", 2),
    "CONDITIONS": ("condition", 4),  # kind, what, where, negated
    "SETS": ("set", 192),            # is the step in the set?
    "GATE_SLOTS": ("few", 1),        # tracks that have gates
    "SIG_TARGET": ("branch", 1),
    "SIG_SCOPE": ("branch", 1),
    "CHG_LEVEL": ("few", 1),
    "CHG_SCOPE": ("few", 1),
    "CHG_ADD": ("few", 1),
    "DUR_KIND": ("version", 1),
    "DUR_ROW": ("version", 1),
    "DUR_DRAW": ("version", 1),
    "DUR_REF": ("version", 1),
    "DUR_WORKING": ("version", 1),
    "MODEL_TERMS": ("few", 2),
    "MODEL_DRAW": ("few", 1),
    "MODEL_FORM": ("few", 1),
    "MODEL_OPEN": ("few", 2),        # conditions under which it is an option of a choice
    "CHOICES": ("few", 2),           # options that compete: range of OPTION_MODEL
    "OPTION_MODEL": ("few", 1),
    "MODEL_NEXT": ("few", 1),
    "MODEL_NEXT_FROM": ("few", 1),
    "TERM_FACTORS": ("branch", 2),
    "FAC_CONDITION": ("branch", 1),
    "HZ_TO": ("few", 1),
    "HZ_SET": ("few", 1),
    "HZ_SLOT": ("few", 1),
    "HZ_CONDITIONS": ("few", 2),
    "HZ_TERMS": ("few", 2),
    "HZ_DRAW": ("few", 1),
    "HZ_SENSES": ("few", 1),         # does the rate depend on facts that the reference does not know?
    "MODEL_NEW": ("few", 1),         # does the reference not know what replaces this model?
    "POOL_PLACES": ("few", 1),       # 1: places that are held; 0: staff
}  # fmt: skip
_FLOAT_SHAPES: Final = {
    "THRESHOLDS": ("few", 1),  # of conditions that a trait has reached
    "CHG_VALUE": ("few", 1),
    "DUR_MEAN": ("version", 1),
    "DUR_CV": ("version", 1),
    "MODEL_CONSTANT": ("few", 1),
    "MODEL_CHANCE": ("few", 8),      # by group; NaN: a logit
    "TERM_COEFFICIENT": ("branch", 1),
    "HZ_RATE": ("few", 1),           # per day
    "HZ_GROWTH": ("few", 1),         # per day
    "NEWS_NUMBERS": ("few", 1),      # weight of one story; share told the other way round; fading per day
}  # fmt: skip


def _placed(shapes: dict[str, tuple[str, int]], first: int) -> tuple[dict[str, int], int]:
    """Give each column its place, one after another; return the places and what follows the last one."""
    places = {}
    for name, (room, width) in shapes.items():
        places[name] = first
        first += ROOM[room] * width
    return places, first


def room_of(name: str) -> int:
    """Return how many values a column can hold."""
    room, width = {**_SHAPES, **_FLOAT_SHAPES}[name]
    return ROOM[room] * width


PLACE, END_OF_COLUMNS = _placed(_SHAPES, HEADER)
FLOAT_PLACE, POOL_CAPACITY = _placed(_FLOAT_SHAPES, 0)
"""POOL_CAPACITY: [P, D], the last part of ``f``."""
STEP_ROOM: Final = ROOM["step"]
GROUP_ROOM: Final = ROOM["group"]
STEP_SLOT = PLACE["STEP_SLOT"]
STEP_CLASS = PLACE["STEP_CLASS"]
STEP_EVER = PLACE["STEP_EVER"]
STEP_REF = PLACE["STEP_REF"]
STEP_HAZARDS = PLACE["STEP_HAZARDS"]
STEP_VERSIONS = PLACE["STEP_VERSIONS"]
ACCEPTS = PLACE["ACCEPTS"]
VER_FROM = PLACE["VER_FROM"]
VER_APPLIES = PLACE["VER_APPLIES"]
VER_KIND = PLACE["VER_KIND"]
VER_DURATION = PLACE["VER_DURATION"]
VER_POOL = PLACE["VER_POOL"]
VER_BRANCHES = PLACE["VER_BRANCHES"]
VER_SIGNALS = PLACE["VER_SIGNALS"]
VER_ON_START = PLACE["VER_ON_START"]
VER_CHANGES = PLACE["VER_CHANGES"]
VER_PRIORITY = PLACE["VER_PRIORITY"]
VER_DRAWS = PLACE["VER_DRAWS"]
VER_SENSES = PLACE["VER_SENSES"]
STEP_OTHER = PLACE["STEP_OTHER"]
STEP_NEWS = PLACE["STEP_NEWS"]
NEWS_BELIEF = PLACE["NEWS_BELIEF"]
NEWS_SAYS = PLACE["NEWS_SAYS"]
ASKED = PLACE["ASKED"]
BR_TO = PLACE["BR_TO"]
BR_CONDITIONS = PLACE["BR_CONDITIONS"]
BR_SIGNALS = PLACE["BR_SIGNALS"]
PRI_RANK = PLACE["PRI_RANK"]
PRI_CONDITIONS = PLACE["PRI_CONDITIONS"]
CONDITIONS = PLACE["CONDITIONS"]
SETS = PLACE["SETS"]
GATE_SLOTS = PLACE["GATE_SLOTS"]
SIG_TARGET = PLACE["SIG_TARGET"]
SIG_SCOPE = PLACE["SIG_SCOPE"]
CHG_LEVEL = PLACE["CHG_LEVEL"]
CHG_SCOPE = PLACE["CHG_SCOPE"]
CHG_ADD = PLACE["CHG_ADD"]
DUR_KIND = PLACE["DUR_KIND"]
DUR_ROW = PLACE["DUR_ROW"]
DUR_DRAW = PLACE["DUR_DRAW"]
DUR_REF = PLACE["DUR_REF"]
DUR_WORKING = PLACE["DUR_WORKING"]
MODEL_TERMS = PLACE["MODEL_TERMS"]
MODEL_DRAW = PLACE["MODEL_DRAW"]
MODEL_FORM = PLACE["MODEL_FORM"]
MODEL_OPEN = PLACE["MODEL_OPEN"]
CHOICES = PLACE["CHOICES"]
OPTION_MODEL = PLACE["OPTION_MODEL"]
MODEL_NEXT = PLACE["MODEL_NEXT"]
MODEL_NEXT_FROM = PLACE["MODEL_NEXT_FROM"]
TERM_FACTORS = PLACE["TERM_FACTORS"]
FAC_CONDITION = PLACE["FAC_CONDITION"]
HZ_TO = PLACE["HZ_TO"]
HZ_SET = PLACE["HZ_SET"]
HZ_SLOT = PLACE["HZ_SLOT"]
HZ_CONDITIONS = PLACE["HZ_CONDITIONS"]
HZ_TERMS = PLACE["HZ_TERMS"]
HZ_DRAW = PLACE["HZ_DRAW"]
HZ_SENSES = PLACE["HZ_SENSES"]
MODEL_NEW = PLACE["MODEL_NEW"]
POOL_PLACES = PLACE["POOL_PLACES"]
THRESHOLDS = FLOAT_PLACE["THRESHOLDS"]
CHG_VALUE = FLOAT_PLACE["CHG_VALUE"]
DUR_MEAN = FLOAT_PLACE["DUR_MEAN"]
DUR_CV = FLOAT_PLACE["DUR_CV"]
MODEL_CONSTANT = FLOAT_PLACE["MODEL_CONSTANT"]
MODEL_CHANCE = FLOAT_PLACE["MODEL_CHANCE"]
TERM_COEFFICIENT = FLOAT_PLACE["TERM_COEFFICIENT"]
HZ_RATE = FLOAT_PLACE["HZ_RATE"]
HZ_GROWTH = FLOAT_PLACE["HZ_GROWTH"]
NEWS_NUMBERS = FLOAT_PLACE["NEWS_NUMBERS"]


class Tables(NamedTuple):
    """One world compiled: ``t`` whole numbers with the header, ``f`` fractions, ``u`` hashed names of draws."""

    t: Ints
    f: Floats
    u: NDArray[np.uint64]
    start_state: NDArray[np.uint8]  # [2, tracks]: person, network

    def column(self, name: str, size: int) -> Ints:
        """Return the first ``size`` values of a column of ``t``."""
        return self.t[PLACE[name] : PLACE[name] + size]


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
    beliefs: tuple[str, ...] = ()

    def step(self, name: str) -> int:
        """Return the number of a step."""
        return self.steps.index(name)
