"""What a measure asks of the present person, and the sums of the person's groups; compiled into the counting."""

from __future__ import annotations

import numpy as np

from sim.engine.columns import NEVER
from sim.engine.compiled import inlined, int64
from sim.outcomes import tally
from sim.outcomes.tally import Tally

NO_BITS = np.uint64(0)


@inlined
def list_groups(a: Tally, e: int) -> int:
    """List the groups of a person; return how many there are."""
    groups = int64(a.member_of.shape[1])
    count = int64(0)
    for group in range(groups):
        if a.member_of[e, group]:
            a.mine[count] = group
            count += 1
    a.mine[groups] = count
    return count


@inlined
def groups_of(a: Tally) -> int:
    """Return the number of groups of the present person."""
    return int64(a.mine[int64(a.member_of.shape[1])])


@inlined
def has_past(a: Tally, e: int) -> bool:
    """Return whether a person came in the history before the period."""
    return e < int64(a.opened_since.shape[0])


@inlined
def add_sums(a: Tally, row: int, above: int, below: int) -> None:
    """Add to the sums of the groups of the present person."""
    if above:
        for place in range(groups_of(a)):
            a.top[row, a.mine[place]] += float(above)
    if below:
        for place in range(groups_of(a)):
            a.below[row, a.mine[place]] += float(below)


@inlined
def covers(a: Tally, measure: int, e: int) -> bool:
    """Return whether a measure covers an entity, by its flags."""
    must = int64(a.measure[measure, tally.OF_MUST])
    flags = int64(a.flags[e])
    return bool((flags & must) == must and not flags & int64(a.measure[measure, tally.OF_MUST_NOT]))


@inlined
def soonest(a: Tally, measure: int, part: int) -> int:
    """Return the first day on which the person entered a step of a list of a measure; NEVER: did not."""
    day = int64(NEVER)
    for place in range(int64(a.measure[measure, part]), int64(a.measure[measure, part + 1])):
        day = min(day, int64(a.first[a.step_list[place]]))
    return day


@inlined
def entered(a: Tally, measure: int, part: int) -> bool:
    """Return whether the person first entered a step of a list on a day that the measure counts."""
    day = soonest(a, measure, part)
    return bool(a.measure[measure, tally.OF_FROM] <= day <= a.measure[measure, tally.OF_UNTIL])


@inlined
def sum_of_entries(a: Tally, measure: int, part: int) -> int:
    """Return how often the person entered the steps of a list."""
    total = int64(0)
    for place in range(int64(a.measure[measure, part]), int64(a.measure[measure, part + 1])):
        total += int64(a.entries[a.step_list[place]])
    return total


@inlined
def sum_of_days(a: Tally, measure: int) -> int:
    """Return the days that the person spent in the steps of a measure."""
    total = int64(0)
    first, end = int64(a.measure[measure, tally.OF_STEPS]), int64(a.measure[measure, tally.OF_STEPS_END])
    for place in range(first, end):
        total += int64(a.days[a.step_list[place]])
    return total


@inlined
def is_excluded(a: Tally, measure: int, e: int) -> bool:
    """Return whether the person entered a step that a measure excludes, in the period or before."""
    if soonest(a, measure, tally.OF_NOT) <= a.measure[measure, tally.OF_UNTIL]:
        return True
    if has_past(a, e) and not a.measure[measure, tally.OF_DATED]:
        for place in range(int64(a.measure[measure, tally.OF_NOT]), int64(a.measure[measure, tally.OF_NOT_END])):
            row = int64(a.before_row[a.step_list[place]])
            if row >= 0 and a.before[row, e] < NEVER:
                return True
    return False


@inlined
def is_counted(a: Tally, measure: int, e: int) -> bool:
    """Return whether the person entered the steps of a measure, in its order and without those it excludes."""
    number = int64(a.measure[measure, tally.OF_SEQUENCE])
    if is_excluded(a, measure, e):
        return False
    # A sequence counts where it is complete: its first step may lie before the period.
    if number < 0 or a.measure[measure, tally.OF_DATED]:
        if not entered(a, measure, tally.OF_STEPS):
            return False
        if number < 0:
            return True
    whole = a.followed[1] & ~a.followed[2]
    return bool(((whole >> np.uint64(number)) & np.uint64(1)) != NO_BITS)


@inlined
def is_asked(a: Tally, measure: int) -> bool:
    """Return whether the person is among those of whom a share is taken."""
    if not entered(a, measure, tally.OF_PER):
        return False
    if not a.measure[measure, tally.OF_PER_DONE]:
        return True
    for place in range(int64(a.measure[measure, tally.OF_PER]), int64(a.measure[measure, tally.OF_PER_END])):
        if a.done[a.step_list[place]]:
            return True
    return False
