"""How time passes: one compiled loop over days for everybody.

Order within a day: news in the morning; then (0) legal clocks that end, (1) what the authorities finish and start,
(2) choices of people, (3) hazards; within each, persons by their row (day of arrival, then key). Signals between tracks
settle at once, first in first out; then gates open. With numba's JIT switched off the same source is the version for
the debugger.
"""

from __future__ import annotations

import math

from sim.engine import columns, layout
from sim.engine.access import end_of, first_of, on_day
from sim.engine.bits import lowest
from sim.engine.codes import by_hazard
from sim.engine.compiled import compiled, engine, inlined, int64
from sim.engine.decisions import (
    ENVIRONMENT,
    FLAG_DURING,
    FROM_DATE,
    days_to_spend,
    exposed,
    fresh_clock,
    hazard_runs,
    pace,
    place_of_clock,
    spend,
)
from sim.engine.elementary import exp
from sim.engine.layout import Arrays
from sim.engine.moves import move, push, settle, touch, try_gates
from sim.engine.news import pass_on
from sim.engine.pinned import pinned
from sim.engine.queue_entry import mark
from sim.engine.queues import count_waiting, rank_again, serve

@inlined
def hazards_of(a: Arrays, e: int) -> int:
    """Return, as bits, the hazards that the steps and the traits of an entity allow."""
    t = a.t
    mask = int64(0)
    for slot in range(int64(t[columns.TRACKS])):
        step = int64(a.step[e, slot])
        if t[columns.STEP_SLOT + step] == slot:
            mask |= int64(t[columns.STEP_HAZARDS + step])
    return mask & int64(a.trait[e, layout.MAY_MEET])


@inlined
def rate_of(a: Arrays, e: int, position: int, hazard: int) -> float:
    """Return the rate per day at which a hazard that runs began to run."""
    return float(a.f[columns.HZ_RATE + hazard] * exp(float(a.pace[e, position])))


@inlined
def moment_of(a: Arrays, e: int, position: int) -> float:
    """Return the moment, in days, at which a hazard that runs fires; infinite for one that fades before."""
    hazard = int64(a.active[e, position])
    left = float(a.clock[e, place_of_clock(a, hazard)])
    growth = a.f[columns.HZ_GROWTH + hazard]
    return float(a.since[e, position]) + days_to_spend(left, rate_of(a, e, position, hazard), growth)


@inlined
def stop(a: Arrays, e: int, position: int, day: int) -> None:
    """Spend the internal time of a hazard that ran until today."""
    days = day - int64(a.since[e, position])
    if days > 0:
        hazard = int64(a.active[e, position])
        growth = a.f[columns.HZ_GROWTH + hazard]
        spent = spend(rate_of(a, e, position, hazard), growth, float(days))
        a.clock[e, place_of_clock(a, hazard)] -= spent


@inlined
def run_on(a: Arrays, e: int, mask: int, day: int) -> tuple[int, int]:
    """Keep the hazards that run on at the pace that they had, and stop the others.

    The clock of a hazard is read only when its pace changes. So a life does not depend on how often others, or other
    hazards, were looked at.

    Parameters
    ----------
    mask
        The hazards that the steps and traits allow, as bits.

    Returns
    -------
    tuple of int
        Number of those that run on, and the bits of those that may begin.
    """
    kept = int64(0)
    for position in range(int64(a.small[e, layout.ACTIVE_COUNT])):
        hazard = int64(a.active[e, position])
        bit = int64(1) << hazard
        since, goes_on = int64(a.since[e, position]), False
        if mask & bit:
            if exposed(a, hazard, e, day):
                old = a.pace[e, position]
                a.pace[e, position] = pace(a, hazard, e, since, day)
                goes_on = bool(a.pace[e, position] == old)
                a.pace[e, position] = old
            else:
                mask &= ~bit
        if goes_on:
            mask &= ~bit
            a.active[e, kept] = hazard
            a.pace[e, kept] = a.pace[e, position]
            a.since[e, kept] = since
            a.fires[e, kept] = a.fires[e, position]
            kept += 1
        else:
            stop(a, e, position, day)
    return kept, mask


@inlined
def refresh(a: Arrays, e: int, day: int) -> None:
    """Update which hazards run after a day's events, and the next day on which something is due."""
    t = a.t
    count, mask = run_on(a, e, hazards_of(a, e), day)
    while mask:
        hazard = lowest(mask)
        mask &= mask - 1
        if not exposed(a, hazard, e, day):
            continue
        if count >= t[columns.AT_ONCE]:
            a.counter[layout.STATUS] = layout.TOO_MANY_HAZARDS
            return
        clock = place_of_clock(a, hazard)
        if math.isnan(a.clock[e, clock]):
            a.clock[e, clock] = fresh_clock(a, hazard, e)
        a.active[e, count] = hazard
        a.pace[e, count] = pace(a, hazard, e, day, day)
        a.since[e, count] = day
        a.fires[e, count] = int64(math.ceil(min(moment_of(a, e, count), float(columns.NEVER))))
        count += 1
    a.small[e, layout.ACTIVE_COUNT] = count
    soon, which = int64(columns.NEVER), int64(0)
    for position in range(count):
        fires = int64(a.fires[e, position])
        if fires < soon or (fires == soon and soon < columns.NEVER and comes_before(a, e, position, which)):
            soon, which = fires, position
        if t[columns.HZ_SENSES + int64(a.active[e, position])]:
            mark_if_ruled(a, e, position, day)
    a.small[e, layout.NEXT_HAZARD] = a.active[e, which] if soon < columns.NEVER else 0
    if soon < columns.NEVER:
        soon = max(soon, day + 1)
    a.day[e, layout.HAZARD_DAY] = soon
    for slot in range(int64(t[columns.TRACKS])):
        due = int64(a.due[e, slot])
        if 0 <= due < soon:
            soon = due
    schedule(a, e, soon)


@compiled
def comes_before(a: Arrays, e: int, position: int, other: int) -> bool:
    """Return whether one of two hazards that fire on the same day fires first; at one moment, the lower number."""
    one, two = moment_of(a, e, position), moment_of(a, e, other)
    if one == two:
        return bool(a.active[e, position] < a.active[e, other])
    return one < two


@compiled
def mark_if_ruled(a: Arrays, e: int, position: int, day: int) -> None:
    """Mark an entity to which a rule makes a difference: a hazard has another rate without the facts of the rule."""
    hazard, since = int64(a.active[e, position]), int64(a.since[e, position])
    now = pace(a, hazard, e, since, day)
    a.counter[layout.OLD_RULES] = 1
    if not exposed(a, hazard, e, day) or pace(a, hazard, e, since, day) != now:
        mark(a, e)
    a.counter[layout.OLD_RULES] = 0


@inlined
def schedule(a: Arrays, e: int, day: int) -> None:
    """Move an entity to the bucket of the next day on which something is due."""
    if a.day[e, layout.SCHEDULED] == day:
        return
    a.day[e, layout.SCHEDULED] = day
    after, before = a.after[e], a.before[e]
    a.after[before] = after
    a.before[after] = before
    a.after[e] = e
    a.before[e] = e
    if day < a.t[columns.DAYS]:
        sentinel = a.t[columns.ENTITIES] + day
        last = a.before[sentinel]
        a.after[last] = e
        a.before[e] = last
        a.after[e] = sentinel
        a.before[sentinel] = e


@inlined
def begins_or_ends(a: Arrays, row: int, day: int) -> bool:
    """Return whether a condition looks at an external event, a fact or a date that begins or ends today."""
    t = a.t
    place = columns.CONDITIONS + columns.CONDITION_PARTS * row
    kind, what = t[place + columns.KIND], int64(t[place + columns.WHAT])
    if kind == FROM_DATE:
        return bool(what == day)
    if kind == FLAG_DURING:
        what = int64(t[place + columns.WHERE])
    elif kind != ENVIRONMENT:
        return False
    return bool(on_day(a, columns.ENVIRONMENTS, what, day) != on_day(a, columns.ENVIRONMENTS, what, day - 1))


@compiled
def changing_hazards(a: Arrays, day: int) -> int:
    """Return, as bits, the hazards with a rate that depend on what begins or ends today."""
    t = a.t
    sensitive, changing = int64(t[columns.SENSITIVE]), int64(0)
    while sensitive:
        hazard = lowest(sensitive)
        sensitive &= sensitive - 1
        if a.f[columns.HZ_RATE + hazard] == 0.0:
            continue
        changes = False
        for row in range(first_of(a, columns.HZ_CONDITIONS, hazard), end_of(a, columns.HZ_CONDITIONS, hazard)):
            changes |= begins_or_ends(a, row, day)
        for term in range(first_of(a, columns.HZ_TERMS, hazard), end_of(a, columns.HZ_TERMS, hazard)):
            for factor in range(first_of(a, columns.TERM_FACTORS, term), end_of(a, columns.TERM_FACTORS, term)):
                changes |= begins_or_ends(a, int64(t[columns.FAC_CONDITION + factor]), day)
        if changes:
            changing |= int64(1) << hazard
    return changing


@compiled
def review(a: Arrays, day: int) -> None:
    """Rank the queues again, try every gate and update rates: an external event or a rule begins or ends."""
    rank_again(a, day)
    changing = changing_hazards(a, day)
    for e in range(int64(a.t[columns.ENTITIES])):
        if changing and hazards_of(a, e) & changing:
            touch(a, e, day)
        try_gates(a, e, day)
        if a.counter[layout.MOVED]:
            settle(a, day)


@compiled
def due_today(a: Arrays, day: int) -> int:
    """Write the rows of the entities with something due today to ``today``, in order; return their number.

    It also advances their internal clocks to today.
    """
    sentinel = a.t[columns.ENTITIES] + day
    count = 0
    e = a.after[sentinel]
    while e != sentinel:
        a.today[count] = e
        count += 1
        e = a.after[e]
    sort_today(a, count)
    for position in range(count):
        e = int64(a.today[position])
        touch(a, e, day)
        ending = int64(0)
        for slot in range(int64(a.t[columns.TRACKS])):
            if a.due[e, slot] == day:
                ending |= int64(1) << slot
        a.ending[position] = ending
    return count


@compiled
def sort_today(a: Arrays, count: int) -> None:
    """Sort the first rows of ``today`` in place (Shell's method)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap >= 1:
        for position in range(gap, count):
            e = a.today[position]
            place = position
            while place >= gap and a.today[place - gap] > e:
                a.today[place] = a.today[place - gap]
                place -= gap
            a.today[place] = e
        gap //= 3


@engine
def advance(a: Arrays, until: int) -> int:
    """Simulate the days up to and including ``until``; return the status (``OK`` or why it stopped)."""
    a = pinned(a)
    t = a.t
    while a.counter[layout.TODAY] < until and a.counter[layout.STATUS] == layout.OK:
        day = int64(a.counter[layout.TODAY]) + 1
        a.counter[layout.TODAY] = day
        a.counter[layout.TOUCHED] = 0
        if t[columns.BELIEFS]:
            pass_on(a, day)
        today = due_today(a, day)
        if on_day(a, columns.REVIEW, 0, day):
            review(a, day)
        for event_class in range(columns.HAZARD):
            for position in range(today):
                ending = int64(a.ending[position])
                while ending:
                    slot = lowest(ending)
                    ending &= ending - 1
                    end_step(a, int64(a.today[position]), slot, event_class, day)
            if event_class == columns.AUTHORITY:
                serve(a, day)
        for position in range(today):
            meet_hazard(a, int64(a.today[position]), day)
        count_waiting(a)
        for position in range(int64(a.counter[layout.TOUCHED])):
            refresh(a, int64(a.touched[position]), day)
    return int64(a.counter[layout.STATUS])


@inlined
def end_step(a: Arrays, e: int, slot: int, event_class: int, day: int) -> None:
    """Evaluate the step of a track if its time ends today, in events of this class."""
    if a.due[e, slot] == day:
        step = int64(a.step[e, slot])
        if a.t[columns.STEP_CLASS + step] == event_class:
            push(a, e, step, layout.PASSING)
            settle(a, day)


@inlined
def meet_hazard(a: Arrays, e: int, day: int) -> None:
    """Fire the next hazard of an entity if it still runs."""
    if a.day[e, layout.HAZARD_DAY] != day:
        return
    hazard = int64(a.small[e, layout.NEXT_HAZARD])
    if hazard_runs(a, hazard, e, day):
        begin_anew(a, e, hazard)
        move(a, e, int64(a.t[columns.HZ_TO + hazard]), by_hazard(hazard), day)
        settle(a, day)


@inlined
def begin_anew(a: Arrays, e: int, hazard: int) -> None:
    """Draw the clock of a hazard that fires, and take it from those that run."""
    a.clock[e, place_of_clock(a, hazard)] = fresh_clock(a, hazard, e)
    last = int64(a.small[e, layout.ACTIVE_COUNT]) - 1
    for position in range(last + 1):
        if a.active[e, position] == hazard:
            a.active[e, position] = a.active[e, last]
            a.pace[e, position] = a.pace[e, last]
            a.since[e, position] = a.since[e, last]
            a.fires[e, position] = a.fires[e, last]
            a.small[e, layout.ACTIVE_COUNT] = last
            return
