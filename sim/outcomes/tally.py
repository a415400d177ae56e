"""Everything that the counting of one run reads and writes, and the meaning of the numbers in it.

The counting is written in the part of Python of the kernel (``sim.engine.kernel``): ``sim.outcomes.counting`` replays
the moves of each person and adds what they give to the sums of the person's groups; ``sim.outcomes.closing`` makes
values of the sums. Sums are of whole numbers, so that their order does not matter.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import Floats, Ints

(
    KIND_NONE,  # a measure of days that are not simulated
    KIND_PERSONS,
    KIND_ENTRIES,
    KIND_DAYS,
    KIND_MEAN_DAYS,
    KIND_RESTRICTED,
    KIND_SHARE,
    KIND_RATIO,
    KIND_WITHIN,
    KIND_NETWORKS,
    KIND_TOGETHER,
) = range(11)
"""Kinds of measure: see the head of ``measures.toml``."""
(
    OF_KIND,
    OF_MUST,  # flags that a person must have (bits)
    OF_MUST_NOT,
    OF_STEPS,  # range of ``step_list``
    OF_STEPS_END,
    OF_NOT,
    OF_NOT_END,
    OF_PER,
    OF_PER_END,
    OF_PER_DONE,
    OF_SEQUENCE,  # number of the sequence; -1: none
    OF_TABLE,  # which table of ``leaving`` or row of ``day_together`` is that of the measure
    OF_HORIZON,
    OF_FROM,  # first entries from this day ...
    OF_UNTIL,  # ... to this one
    OF_DATED,  # 1: only these days count
    MEASURE_PARTS,
) = range(17)
"""Parts of a measure."""
REGISTERED, NOTIFIED_BY, REGISTERED_TWICE, REGISTERED_IN, VICTIMS_REGISTERED, SIGNALLED_IN, LEFT, CAME, ROWS_END = (
    range(9)
)
"""In ``row``: the first rows of the measures of the registers, and of their counterparts; ``ROWS_END``: how many there
are in all, those of ``measures.toml`` before them."""
NEVER_STANDS: Final = 255
"""In ``stand_of``: a step that is no outcome at the end."""
ALL_NETWORKS, NO_NETWORKS = -1, -2
"""In ``networks_of``: a group of all networks, and a group of persons only."""
CENSORED, ENDED = range(2)
"""In ``leaving``: why a spell ended."""
STILL_THERE: Final = -1


class Tally(NamedTuple):
    """The arrays; N persons and networks, G groups, M measures of ``measures.toml``, Y measured years, S steps."""

    # The run
    start: Ints  # [N + 1] range of ``day`` and ``move``: see ``sim.outcomes.by_person``
    day: NDArray[np.int16]  # [moves]
    move: Ints  # [moves]
    key: NDArray[np.uint64]  # [N]
    flags: Ints  # [N] bits
    network: Ints  # [N] row of the network of a person; -1: none
    arrival: NDArray[np.int16]  # [N]
    member_start: Ints
    member: Ints
    works_in: NDArray[np.uint8]  # [networks]
    member_of: NDArray[np.uint8]  # [persons, G]
    # What a history left behind (see ``sim.outcomes.opening``), of the first H persons; none without one
    opened_since: NDArray[np.int16]  # [H, tracks]
    opened_step: NDArray[np.uint8]  # [H, tracks]
    before: NDArray[np.int16]  # [remembered steps, H] first day
    before_row: Ints  # [S] row of ``before``; -1: not remembered
    begun: NDArray[np.uint64]  # [2, H] bits of the sequences that have begun, and of those excluded
    # What is counted
    slot: Ints  # [S] track
    measure: Ints  # [M, MEASURE_PARTS]
    limit: Floats  # [M] days
    step_list: Ints
    asking_start: Ints  # [S + 1] range of ``asking``
    asking: Ints  # measures of persons that count, for each step, only who was in it or in another of their steps
    sequence: NDArray[np.uint64]  # [3, S] bits of the sequences: first steps, later ones, and those not before
    watched: NDArray[np.uint8]  # [S] whether spells count
    lasting: NDArray[np.uint8]  # [S] whether who is in the step is measured without moving
    spell_measure: Ints  # measures of spells
    spell_steps: NDArray[np.uint8]  # [measures of spells, S] whether a spell in the step counts
    spell_ends: NDArray[np.uint8]  # [measures of spells, S] whether a spell that this step ended counts
    networks_of: Ints  # [G] nationality group; or ALL_NETWORKS, NO_NETWORKS
    exit_start: Ints  # [causes + 1] range of ``exit_step``
    exit_step: Ints
    stand_of: NDArray[np.uint8]  # [S] rank of the outcome at the end, the least of all tracks counts
    stand_outcome: Ints  # [ranks + 1] outcome; the last: none of the steps
    row: Ints  # [ROWS_END + 1]
    contact: Ints  # steps of the registers: signalled, intake, left
    year_of_day: Ints  # [days] place of the year of a day in the measured years; of others, of the nearest known year
    in_period: NDArray[np.uint8]  # [Y] whether a day of the year is measured
    chance: Floats  # [notifiers, Y] chance that a contact is registered
    bound: Floats  # [notifiers] running sums of the shares of notifiers
    kept_twice: Floats  # [1] chance that a second notification is taken for another person
    asked: NDArray[np.uint64]  # hashed names of the draws of the registers
    grid: Ints  # days of the curves
    # Scratch
    mine: Ints  # [G + 1] groups of the present person, and how many
    since: Ints  # [tracks]
    at: Ints  # [tracks]
    first: Ints  # [S]
    entries: Ints  # [S]
    days: Ints  # [S]
    done: NDArray[np.uint8]  # [S]
    touched: Ints  # [S + 1] steps entered, and how many
    counted_for: Ints  # [M] the last person who was added to a measure of persons; -1: nobody so far
    followed: NDArray[np.uint64]  # [3]
    notified: Ints  # [notifiers]
    day_together: NDArray[np.int16]  # [measures of kind together, N]
    of_day: Ints  # [days]
    leaving: Ints  # [tables * G * 2, days] spells by what ended them and by their days
    gone: Ints  # [G * (causes + 1), days] persons by exit and by day since arrival; no rows without curves
    # What comes out
    top: Floats  # [rows, G]
    below: Floats  # [rows, G]
    stand: NDArray[np.uint8]  # [N] outcome
    measured: NDArray[np.uint8]  # [N] whether a person is measured: comes in the period, moves, or is in a lasting step
    curve: Floats  # [G * causes, grid]
