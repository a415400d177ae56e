"""The moves of each person replayed, and what they give added to the sums of the person's groups; compiled."""

from __future__ import annotations

from sim.engine.columns import NEVER
from sim.engine.compiled import compiled, inlined, int64, outermost
from sim.engine.pinned import pinned
from sim.outcomes import tally
from sim.outcomes.asking import (
    NO_BITS,
    add_sums,
    covers,
    entered,
    groups_of,
    has_past,
    is_asked,
    is_counted,
    list_groups,
    soonest,
    sum_of_days,
    sum_of_entries,
)
from sim.outcomes.closing import close_sums
from sim.outcomes.registers import count_registers
from sim.outcomes.tally import Tally

MOST_ENTRIES = 255
"""Entries of a person in one step are counted to this number."""


@outermost
def count_run(a: Tally, first_day: int, last_day: int) -> int:
    """Count one run from the first day that is measured to the last; return the number of moves."""
    a = pinned(a)
    clear_sums(a)
    clear_scratch(a)
    with_curves = int64(a.grid.shape[0]) > 0
    persons = int64(a.member_of.shape[0])
    for e in range(persons):
        a.measured[e] = 0
        a.stand[e] = a.stand_outcome[int64(a.stand_outcome.shape[0]) - 1]
        if list_groups(a, e):
            if is_measured(a, e, first_day, last_day):
                a.measured[e] = 1
                replay(a, e, first_day, last_day)
                count_person(a, e)
                count_registers(a, e, first_day)
                if with_curves and a.arrival[e] >= first_day:
                    count_exit(a, e, last_day)
                forget(a)
            else:
                stay(a, e)
    for network in range(int64(a.works_in.shape[0])):
        count_network(a, persons + network, int64(a.works_in[network]))
    for measure in range(int64(a.measure.shape[0])):
        if a.measure[measure, tally.OF_KIND] == tally.KIND_TOGETHER:
            count_together(a, measure)
    close_sums(a)
    return int64(a.move.shape[0])


@compiled
def clear_sums(a: Tally) -> None:
    """Set all sums to zero."""
    for row in range(int64(a.top.shape[0])):
        for group in range(int64(a.top.shape[1])):
            a.top[row, group] = 0.0
            a.below[row, group] = 0.0
    for row in range(int64(a.leaving.shape[0])):
        for day in range(int64(a.leaving.shape[1])):
            a.leaving[row, day] = 0
    for row in range(int64(a.gone.shape[0])):
        for day in range(int64(a.gone.shape[1])):
            a.gone[row, day] = 0
    for row in range(int64(a.day_together.shape[0])):
        for e in range(int64(a.day_together.shape[1])):
            a.day_together[row, e] = NEVER
    for day in range(int64(a.of_day.shape[0])):
        a.of_day[day] = 0


@compiled
def clear_scratch(a: Tally) -> None:
    """Clear the scratch of the present person before the first one."""
    for step in range(int64(a.slot.shape[0])):
        a.first[step] = NEVER
        a.entries[step] = 0
        a.days[step] = 0
        a.done[step] = 0
    for track in range(int64(a.since.shape[0])):
        a.since[track] = -1
    a.touched[int64(a.slot.shape[0])] = 0
    for measure in range(int64(a.counted_for.shape[0])):
        a.counted_for[measure] = -1
    for part in range(3):
        a.followed[part] = NO_BITS


@compiled
def is_measured(a: Tally, e: int, first_day: int, last_day: int) -> bool:
    """Return whether a person comes in the period, moves in it, or spends days of it in a step whose days count."""
    if first_day <= a.arrival[e] <= last_day or a.start[e] < a.start[e + 1]:
        return True
    if not has_past(a, e):
        return not int64(a.opened_since.shape[0])
    for slot in range(int64(a.opened_since.shape[1])):
        if a.opened_since[e, slot] >= 0 and a.lasting[a.opened_step[e, slot]]:
            return True
    return False


@inlined
def stay(a: Tally, e: int) -> None:
    """Note the outcome of a person who is where the history left them."""
    rank = int64(tally.NEVER_STANDS)
    for slot in range(int64(a.opened_since.shape[1]) if has_past(a, e) else int64(0)):
        if a.opened_since[e, slot] >= 0:
            rank = min(rank, int64(a.stand_of[a.opened_step[e, slot]]))
    a.stand[e] = a.stand_outcome[min(rank, int64(a.stand_outcome.shape[0]) - 1)]


@compiled
def reopen(a: Tally, e: int) -> None:
    """Put a person where the history left them."""
    for slot in range(int64(a.opened_since.shape[1])):
        a.since[slot] = a.opened_since[e, slot]
        a.at[slot] = a.opened_step[e, slot]
    a.followed[0] = a.begun[0, e]
    a.followed[2] = a.begun[1, e]


@compiled
def replay(a: Tally, e: int, first_day: int, last_day: int) -> None:
    """Replay the moves of a person: first days, entries, days, sequences, spells, and the outcome at the end."""
    if has_past(a, e):
        reopen(a, e)
    for row in range(int64(a.start[e]), int64(a.start[e + 1])):
        day, move = int64(a.day[row]), int64(a.move[row])
        old, to = move & 255, (move >> 8) & 255
        slot = int64(a.slot[to])
        if a.since[slot] >= 0:
            since = int64(a.since[slot])
            spend(a, old, day - max(since, first_day))
            if a.watched[old]:
                end_spell(a, e, old, day - since, to, move >= 0, since < first_day)
        a.since[slot] = day
        a.at[slot] = to
        note_entry(a, to, day)
    rank = int64(tally.NEVER_STANDS)
    for slot in range(int64(a.since.shape[0])):
        if a.since[slot] >= 0:
            step, since = int64(a.at[slot]), int64(a.since[slot])
            spend(a, step, last_day + 1 - max(since, first_day))
            if a.watched[step]:
                end_spell(a, e, step, last_day - since, tally.STILL_THERE, False, since < first_day)
            rank = min(rank, int64(a.stand_of[step]))
            a.since[slot] = -1
    ranks = int64(a.stand_outcome.shape[0]) - 1
    a.stand[e] = a.stand_outcome[min(rank, ranks)]


@inlined
def spend(a: Tally, step: int, days: int) -> None:
    """Add days spent in a step, which the person may have entered before the period."""
    if a.days[step] == 0 and a.first[step] == NEVER:
        steps = int64(a.slot.shape[0])
        a.touched[a.touched[steps]] = step
        a.touched[steps] += 1
    a.days[step] += days


@inlined
def note_entry(a: Tally, step: int, day: int) -> None:
    """Note the entry of a step."""
    if a.first[step] == NEVER:
        a.first[step] = day
        if a.days[step] == 0:
            steps = int64(a.slot.shape[0])
            a.touched[a.touched[steps]] = step
            a.touched[steps] += 1
    if a.entries[step] < MOST_ENTRIES:
        a.entries[step] += 1
    begun = a.followed[0]
    a.followed[1] |= a.sequence[1, step] & begun
    a.followed[2] |= a.sequence[2, step] & ~begun
    a.followed[0] = begun | a.sequence[0, step]


@compiled
def end_spell(a: Tally, e: int, step: int, spent: int, to: int, done: bool, earlier: bool) -> None:
    """Add a spell to the measures of spells.

    Parameters
    ----------
    spent
        Days from its beginning to its end, or to the last day.
    to
        Step that came next; STILL_THERE: none.
    done
        It ended by a branch of the step.
    earlier
        It began before the period. Shares and restricted means leave it out: of those of before, the short ones are
        missing.
    """
    if done:
        a.done[step] = 1
    for number in range(int64(a.spell_measure.shape[0])):
        measure = int64(a.spell_measure[number])
        if a.spell_steps[number, step] and covers(a, measure, e):
            kind = int64(a.measure[measure, tally.OF_KIND])
            if kind == tally.KIND_MEAN_DAYS:
                if to >= 0 and a.spell_ends[number, to]:
                    add_sums(a, measure, spent, 1)
            elif earlier:
                continue
            elif kind == tally.KIND_WITHIN:
                met = int64(done and spent <= a.limit[measure])
                open_too_long = to == tally.STILL_THERE and spent >= a.limit[measure]
                known = int64(met or spent > a.limit[measure] or open_too_long)
                add_sums(a, measure, met, known)
            else:
                add_leaving(a, measure, spent, tally.CENSORED if to == tally.STILL_THERE else tally.ENDED)


@compiled
def add_leaving(a: Tally, measure: int, spent: int, why: int) -> None:
    """Add a spell to the table of a restricted mean."""
    table = int64(a.measure[measure, tally.OF_TABLE]) * int64(a.member_of.shape[1])
    for place in range(groups_of(a)):
        a.leaving[2 * (table + int64(a.mine[place])) + why, spent] += 1


@compiled
def count_person(a: Tally, e: int) -> None:
    """Add a person to the measures of persons that ask for one of the person's steps, to each of them once."""
    for place in range(int64(a.touched[int64(a.slot.shape[0])])):
        step = int64(a.touched[place])
        for row in range(int64(a.asking_start[step]), int64(a.asking_start[step + 1])):
            measure = int64(a.asking[row])
            if a.counted_for[measure] != e:
                a.counted_for[measure] = e
                if covers(a, measure, e):
                    count_measure(a, measure, e)


@inlined
def count_measure(a: Tally, measure: int, e: int) -> None:
    """Add a person to a measure of persons that covers the person."""
    kind = int64(a.measure[measure, tally.OF_KIND])
    if kind == tally.KIND_PERSONS:
        add_sums(a, measure, int64(is_counted(a, measure, e)), 0)
    elif kind == tally.KIND_ENTRIES:
        add_sums(a, measure, sum_of_entries(a, measure, tally.OF_STEPS), 0)
    elif kind == tally.KIND_DAYS:
        add_sums(a, measure, sum_of_days(a, measure), 0)
    elif kind == tally.KIND_RATIO:
        below = sum_of_entries(a, measure, tally.OF_PER)
        add_sums(a, measure, sum_of_entries(a, measure, tally.OF_STEPS), below)
    elif kind == tally.KIND_SHARE:
        if is_asked(a, measure):
            add_sums(a, measure, int64(is_counted(a, measure, e)), 1)
    elif kind == tally.KIND_TOGETHER and a.network[e] >= 0 and entered(a, measure, tally.OF_STEPS):
        a.day_together[a.measure[measure, tally.OF_TABLE], e] = soonest(a, measure, tally.OF_STEPS)


@compiled
def count_exit(a: Tally, e: int, last_day: int) -> None:
    """Add a person to the exits: which comes first, and how many days after arrival."""
    causes = int64(a.exit_start.shape[0]) - 1
    day, cause = int64(NEVER), int64(0)
    for other in range(causes):
        for place in range(int64(a.exit_start[other]), int64(a.exit_start[other + 1])):
            if a.first[a.exit_step[place]] < day:
                day = int64(a.first[a.exit_step[place]])
                cause = other + 1
    spent = max(min(day, last_day) - int64(a.arrival[e]), 0)
    for place in range(groups_of(a)):
        a.gone[int64(a.mine[place]) * (causes + 1) + cause, spent] += 1


@compiled
def forget(a: Tally) -> None:
    """Clear the scratch of the present person."""
    steps = int64(a.slot.shape[0])
    for place in range(int64(a.touched[steps])):
        step = int64(a.touched[place])
        a.first[step] = NEVER
        a.entries[step] = 0
        a.days[step] = 0
        a.done[step] = 0
    a.touched[steps] = 0
    for part in range(3):
        a.followed[part] = NO_BITS


@compiled
def count_network(a: Tally, e: int, nationality: int) -> None:
    """Add a network to the measures of networks, for all and for the group it works in."""
    for row in range(int64(a.start[e]), int64(a.start[e + 1])):
        note_entry(a, (int64(a.move[row]) >> 8) & 255, int64(a.day[row]))
    for measure in range(int64(a.measure.shape[0])):
        if a.measure[measure, tally.OF_KIND] == tally.KIND_NETWORKS:
            counts = 1.0 if soonest(a, measure, tally.OF_STEPS) < NEVER else 0.0
            for group in range(int64(a.member_of.shape[1])):
                other = int64(a.networks_of[group]) - nationality
                if a.networks_of[group] == tally.ALL_NETWORKS or other == 0:
                    a.top[measure, group] += counts
                    a.below[measure, group] += 1.0
    forget(a)


@compiled
def count_together(a: Tally, measure: int) -> None:
    """Add those who entered the steps of a measure, and those who did so on one day with another of their network."""
    table = int64(a.measure[measure, tally.OF_TABLE])
    for network in range(int64(a.member_start.shape[0]) - 1):
        first, end = int64(a.member_start[network]), int64(a.member_start[network + 1])
        for place in range(first, end):
            day = int64(a.day_together[table, a.member[place]])
            if day < NEVER:
                a.of_day[day] += 1
        for place in range(first, end):
            e = int64(a.member[place])
            day = int64(a.day_together[table, e])
            if day < NEVER and list_groups(a, e):
                add_sums(a, measure, int64(a.of_day[day] > 1), 1)
        for place in range(first, end):
            day = int64(a.day_together[table, a.member[place]])
            if day < NEVER:
                a.of_day[day] = 0
