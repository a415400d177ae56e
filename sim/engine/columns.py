"""Where the law, behaviour and capacities of one world lie in the arrays that the kernel reads.

``sim.compile.builder`` turns steps, conditions, decisions, hazards and pools (TOML) into columns;
``sim.compile.assemble`` lays the columns one after another into one array of whole numbers (``t``) and one of
fractions (``f``): the class of step ``i`` is ``t[columns.STEP_CLASS + i]``. A range is a pair (first, end), last
excluded: ``first_of(a, columns.BR_SIGNALS, i)`` and ``end_of`` read it. Few arrays keep compiling short; places that
are known when the kernel is compiled keep it quick.
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

# ---- meaning of the numbers in the columns --------------------------------------------------------------------------

PASSED, CLOCK, QUEUE, GATE, RESTING = range(5)
"""Kinds of step: see ``sim.procedures.schema``."""
LEGAL_CLOCK, AUTHORITY, CHOICE, HAZARD = range(4)
"""Classes of event, in their order within a day."""
SELF, NETWORK, VICTIMS = range(3)
"""Whom a signal reaches."""
FIXED, EXPONENTIAL, LOGNORMAL = range(3)
"""Kinds of duration."""
LOGIT, ADDS_UP = range(2)
"""Forms of a decision that is not a plain chance."""
KIND, WHAT, WHERE, NEGATED, CONDITION_PARTS = range(5)
"""Parts of a condition; the kinds are in ``sim.engine.decisions``."""
STORY_WEIGHT, STORY_DISTORTED, STORY_FADES = range(3)
"""In NEWS_NUMBERS."""
NEVER: Final = 32767
"""A day that never comes."""
DAYS_PER_YEAR: Final = 365.25

# ---- the header of t ------------------------------------------------------------------------------------------------

(
    # Sizes of this world
    ENTITIES,  # persons and networks
    PERSONS,
    STEPS,
    TRACKS,
    POOLS,
    DAYS,
    REFERENCES,  # steps whose last day is remembered
    GATES,  # tracks that have gates
    BELIEFS,  # beliefs that each person holds; 0: no word of mouth
    AT_ONCE,  # hazards that can run at the same time for one person
    # Where a part of the numbers begins or what it holds
    SENSITIVE,  # bits of the hazards that depend on external events, facts or dates
    LEVEL_HAZARDS,  # the same: on traits on a scale, of persons
    EVER_HAZARDS,  # on steps ever entered
    RESTLESS,  # on what can change without an event of their own, such as a queue
    NEW_FACTS,  # rows of ENVIRONMENTS from here on are facts that the reference does not know
    NETWORK_DRAWS,  # draws from here on are those of networks, in the same places of a row
    NETWORK_HAZARDS,  # the same for hazards
    # Word of mouth
    NEWS_AFTER,  # days until news is told
    NEWS_DRAW,  # number of the draw whether news is told truly
    CAN_HEAR,  # number of the set of steps in which a person hears news
    CAN_HEAR_SLOT,  # track of that set
    # Where tables over days begin; ``on_day`` reads them
    DUE,  # [terms, D] the day on which a fixed term ends, for each day on which it can start
    ENVIRONMENTS,  # [E, D] whether an external event or a fact holds
    REVIEW,  # [D] whether an external event or a rule begins or ends
    WORKING,  # [D] whether it is a working day
    WORKING_INDEX,  # [D] working days until this day
    DAY_OF_WORKING_INDEX,  # [D] the inverse
    HEADER,
) = range(28)

# ---- columns --------------------------------------------------------------------------------------------------------
# They have fixed sizes, so that their places are known when the kernel is compiled.

MOST_TRACKS: Final = 32
MOST_STEPS: Final = 208
MOST_VERSIONS: Final = 512
MOST_BRANCHES: Final = 1024
MOST_CONDITIONS: Final = 2048
MOST_SETS: Final = 256
MOST_GROUPS: Final = 8
MOST_ROWS: Final = 512
"""Of everything else."""


class Column(int):
    """The index of the first value of a column; to the kernel, a whole number.

    Attributes
    ----------
    size
        Most values that the column can hold.
    is_whole
        True: the column lies in ``t``; False: in ``f``.
    """

    size: int
    is_whole: bool

    def __new__(cls, place: int, size: int, is_whole: bool) -> Self:
        """Make a column."""
        column = super().__new__(cls, place)
        column.size, column.is_whole = size, is_whole
        return column


class _Array:
    """Allocates columns, one after another."""

    def __init__(self, first: int, is_whole: bool) -> None:
        self.end, self.is_whole = first, is_whole

    def __call__(self, rows: int, width: int = 1) -> Column:
        column = Column(self.end, rows * width, self.is_whole)
        self.end += column.size
        return column


_whole, _fraction = _Array(HEADER, True), _Array(0, False)

STEP_SLOT: Final = _whole(MOST_STEPS)  # number of its track
STEP_KIND: Final = _whole(MOST_STEPS)  # PASSED, CLOCK, ...; all texts of a step are of one kind and have one pool
STEP_POOL: Final = _whole(MOST_STEPS)  # number of its pool, or -1
STEP_CLASS: Final = _whole(MOST_STEPS)  # class of the timer
STEP_EVER: Final = _whole(MOST_STEPS)  # bit that remembers an entry, or 0
STEP_REF: Final = _whole(MOST_STEPS)  # where the last day is remembered, or -1
STEP_HAZARDS: Final = _whole(MOST_STEPS)  # bits of the hazards that can run here
STEP_VERSIONS: Final = _whole(MOST_STEPS, 2)  # range of versions
STEP_OTHER: Final = _whole(MOST_STEPS, 2)  # range of versions of the reference; empty where the text is the same
STEP_NEWS: Final = _whole(MOST_STEPS, 2)  # what others believe when they hear of it: range of NEWS_BELIEF
ACCEPTS: Final = _whole(MOST_STEPS, MOST_STEPS)  # [signal to, present step] whether the signal is followed

VER_FROM: Final = _whole(MOST_VERSIONS)  # day of entry into force
VER_APPLIES: Final = _whole(MOST_VERSIONS)  # the event that decides for whom (place of its remembered day), or -1
VER_DURATION: Final = _whole(MOST_VERSIONS)  # number of its duration, or -1
VER_BRANCHES: Final = _whole(MOST_VERSIONS, 2)  # range of branches
VER_SIGNALS: Final = _whole(MOST_VERSIONS, 2)  # sent on entry: range of signals
VER_ON_START: Final = _whole(MOST_VERSIONS, 2)  # sent when work starts: range of signals
VER_CHANGES: Final = _whole(MOST_VERSIONS, 2)  # range of changes of traits
VER_PRIORITY: Final = _whole(MOST_VERSIONS, 2)  # range of priorities in the queue
VER_DRAWS: Final = _whole(MOST_VERSIONS, 2)  # range of ASKED
VER_SENSES: Final = _whole(MOST_VERSIONS)  # 1: a branch depends on what the reference does not know

ASKED: Final = _whole(MOST_BRANCHES)  # draws of the decisions that the branches of a version ask
BR_TO: Final = _whole(MOST_BRANCHES)  # step
BR_CONDITIONS: Final = _whole(MOST_BRANCHES, 2)  # range of conditions
BR_SIGNALS: Final = _whole(MOST_BRANCHES, 2)  # range of signals
SIG_TARGET: Final = _whole(MOST_BRANCHES)  # step
SIG_SCOPE: Final = _whole(MOST_BRANCHES)  # SELF, NETWORK, VICTIMS
PRI_RANK: Final = _whole(MOST_ROWS)  # rank in the queue
PRI_CONDITIONS: Final = _whole(MOST_ROWS, 2)  # range of conditions
CHG_LEVEL: Final = _whole(MOST_ROWS)  # number of the trait
CHG_SCOPE: Final = _whole(MOST_ROWS)  # SELF or NETWORK
CHG_ADD: Final = _whole(MOST_ROWS)  # 1: is added; 0: is set
CHG_VALUE: Final = _fraction(MOST_ROWS)
GATE_SLOTS: Final = _whole(MOST_ROWS)  # tracks that have gates
POOL_PLACES: Final = _whole(MOST_ROWS)  # 1: places that are held; 0: staff

DUR_KIND: Final = _whole(MOST_VERSIONS)  # FIXED, EXPONENTIAL, LOGNORMAL
DUR_ROW: Final = _whole(MOST_VERSIONS)  # row of DUE: when it ends (fixed), or at the latest (varies); -1: no limit
DUR_REF: Final = _whole(MOST_VERSIONS)  # fixed: counted from the last day of a step (place), or -1: from today
DUR_DRAW: Final = _whole(MOST_VERSIONS)  # else: number of the draw
DUR_WORKING: Final = _whole(MOST_VERSIONS)  # 1: in working days
DUR_MEAN: Final = _fraction(MOST_VERSIONS)
DUR_CV: Final = _fraction(MOST_VERSIONS)  # coefficient of variation

CONDITIONS: Final = _whole(MOST_CONDITIONS, CONDITION_PARTS)
SETS: Final = _whole(MOST_SETS, MOST_STEPS)  # [set, step] whether the step is in the set
THRESHOLDS: Final = _fraction(MOST_ROWS)  # of conditions that a trait has reached

MODEL_FORM: Final = _whole(MOST_ROWS)  # LOGIT, ADDS_UP
MODEL_DRAW: Final = _whole(MOST_ROWS)  # number of the draw
MODEL_TERMS: Final = _whole(MOST_ROWS, 2)  # range of terms
MODEL_OPEN: Final = _whole(MOST_ROWS, 2)  # conditions under which it is an option of a choice
MODEL_NEXT: Final = _whole(MOST_ROWS)  # the model that replaces it, or -1
MODEL_NEXT_FROM: Final = _whole(MOST_ROWS)  # from this day on
MODEL_NEW: Final = _whole(MOST_ROWS)  # 1: the reference does not know what replaces this model
MODEL_CONSTANT: Final = _fraction(MOST_ROWS)
MODEL_CHANCE: Final = _fraction(MOST_ROWS, MOST_GROUPS)  # NaN: no plain chance
CHOICES: Final = _whole(MOST_ROWS, 2)  # options that compete: range of OPTION_MODEL
OPTION_MODEL: Final = _whole(MOST_ROWS)  # number of the model

TERM_FACTORS: Final = _whole(MOST_BRANCHES, 2)  # range of factors
TERM_COEFFICIENT: Final = _fraction(MOST_BRANCHES)
FAC_CONDITION: Final = _whole(MOST_BRANCHES)  # number of the condition whose value is the factor

TRACK_HAZARDS: Final = _whole(MOST_TRACKS)  # bits of the hazards that depend on the step on this track
HZ_TO: Final = _whole(MOST_ROWS)  # step
HZ_SET: Final = _whole(MOST_ROWS)  # set of the steps in which it runs
HZ_SLOT: Final = _whole(MOST_ROWS)  # track of that set
HZ_CONDITIONS: Final = _whole(MOST_ROWS, 2)  # range of conditions
HZ_TERMS: Final = _whole(MOST_ROWS, 2)  # range of terms
HZ_DRAW: Final = _whole(MOST_ROWS)  # number of the draw
HZ_SENSES: Final = _whole(MOST_ROWS)  # 1: the rate depends on facts that the reference does not know
HZ_RATE: Final = _fraction(MOST_ROWS)  # per day
HZ_GROWTH: Final = _fraction(MOST_ROWS)  # per day

NEWS_BELIEF: Final = _whole(MOST_ROWS)  # number of the belief
NEWS_SAYS: Final = _whole(MOST_ROWS)  # 1 or -1
NEWS_NUMBERS: Final = _fraction(MOST_ROWS)  # weight of one story, share told reversed, fading per day

END_OF_COLUMNS: Final = _whole.end
POOL_CAPACITY: Final = _fraction.end  # [P, D], the last part of f

COLUMNS: Final = {name: value for name, value in list(vars().items()) if isinstance(value, Column)}
"""Every column by its name."""
