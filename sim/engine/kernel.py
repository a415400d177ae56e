"""How time passes: one compiled loop over days for everybody.

Order within a day: news in the morning; then (0) legal clocks that end, (1) what the authorities finish and start,
(2) choices of people, (3) hazards; within each, persons by their row (day of arrival, then key). Signals between tracks
settle at once, first in first out; then gates open. With numba's JIT switched off the same source is the version for
the debugger.
"""

from __future__ import annotations

import math

from sim.engine import columns, layout
from sim.engine.access import on_day
from sim.engine.codes import by_hazard
from sim.engine.compiled import compiled, engine, inlined, int64
from sim.engine.decisions import days_to_spend, exposed, fresh_clock, hazard_rate, hazard_runs, place_of_clock
from sim.engine.layout import Arrays
from sim.engine.moves import move, push, settle, touch
from sim.engine.news import pass_on
from sim.engine.pinned import pinned
from sim.engine.queue_entry import mark
from sim.engine.queues import count_waiting, rank_again, serve

DUE_NOW = 1e-6
"""Internal time left that counts as zero, since rates are in single precision."""


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
def refresh(a: Arrays, e: int, day: int) -> None:
    """Update which hazards run after a day's events, their rates, and the next day on which something is due."""
    t = a.t
    mask = hazards_of(a, e)
    count, soonest, which, hazard = int64(0), math.inf, int64(0), int64(0)
    while mask:
        if mask & 1 and exposed(a, hazard, e, day):
            clock = place_of_clock(a, hazard)
            if math.isnan(a.clock[e, clock]):
                a.clock[e, clock] = fresh_clock(a, hazard, e)
            rate = hazard_rate(a, hazard, e, day)
            if t[columns.HZ_SENSES + hazard]:
                mark_if_ruled(a, hazard, rate, e, day)
            if count >= t[columns.AT_ONCE]:
                a.counter[layout.STATUS] = layout.TOO_MANY_HAZARDS
                return
            a.active[e, count] = hazard
            a.rate[e, count] = rate
            count += 1
            wait = days_to_spend(a.clock[e, clock], rate, a.f[columns.HZ_GROWTH + hazard])
            if wait < soonest:
                soonest, which = wait, hazard
        mask >>= 1
        hazard += 1
    a.small[e, layout.ACTIVE_COUNT] = count
    a.small[e, layout.NEXT_HAZARD] = which
    soon = columns.NEVER
    if soonest < columns.NEVER:
        soon = min(day + max(int64(math.ceil(soonest)), 1), columns.NEVER)
    a.day[e, layout.HAZARD_DAY] = soon
    for slot in range(int64(t[columns.TRACKS])):
        due = int64(a.due[e, slot])
        if 0 <= due < soon:
            soon = due
    schedule(a, e, soon)


@compiled
def mark_if_ruled(a: Arrays, hazard: int, rate: float, e: int, day: int) -> None:
    """Mark an entity to which a rule makes a difference: a hazard has another rate without the facts of the rule."""
    a.counter[layout.OLD_RULES] = 1
    old = hazard_rate(a, hazard, e, day) if exposed(a, hazard, e, day) else 0.0
    a.counter[layout.OLD_RULES] = 0
    if old != rate:
        mark(a, e)


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
def sensitive_hazards(a: Arrays) -> int:
    """Return, as bits, the hazards with a rate that depend on an external event, a fact or a date.

    A hazard without a rate can have a place for a rate that comes later. It must not be a reason to read clocks: they
    are rounded where they are read, so that lives would depend on what there is place for.
    """
    bits, hazard, sensitive = int64(a.t[columns.SENSITIVE]), int64(0), int64(0)
    while bits >> hazard:
        if bits >> hazard & 1 and a.f[columns.HZ_RATE + hazard] > 0.0:
            sensitive |= int64(1) << hazard
        hazard += 1
    return sensitive


@compiled
def review(a: Arrays, day: int) -> None:
    """Rank the queues again, try every gate and update rates: an external event or a rule begins or ends."""
    rank_again(a, day)
    sensitive = sensitive_hazards(a)
    for e in range(int64(a.t[columns.ENTITIES])):
        if hazards_of(a, e) & sensitive:
            touch(a, e, day)
        a.moved[0] = e  # as if it had moved: settling tries its gates
        a.counter[layout.MOVED] = 1
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
        touch(a, int64(a.today[position]), day)
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
                e = int64(a.today[position])
                for slot in range(int64(t[columns.TRACKS])):
                    if a.due[e, slot] == day:
                        step = int64(a.step[e, slot])
                        if t[columns.STEP_CLASS + step] == event_class:
                            push(a, e, step, layout.PASSING)
                            settle(a, day)
            if event_class == columns.AUTHORITY:
                serve(a, day)
        for position in range(today):
            meet_hazard(a, int64(a.today[position]), day)
        count_waiting(a)
        for position in range(int64(a.counter[layout.TOUCHED])):
            refresh(a, int64(a.touched[position]), day)
    return int64(a.counter[layout.STATUS])


@inlined
def meet_hazard(a: Arrays, e: int, day: int) -> None:
    """Fire the next hazard of an entity if its internal time is over and it still runs."""
    if a.day[e, layout.HAZARD_DAY] != day:
        return
    hazard = int64(a.small[e, layout.NEXT_HAZARD])
    clock = place_of_clock(a, hazard)
    if a.clock[e, clock] <= DUE_NOW and hazard_runs(a, hazard, e, day):
        a.clock[e, clock] = fresh_clock(a, hazard, e)
        move(a, e, int64(a.t[columns.HZ_TO + hazard]), by_hazard(hazard), day)
        settle(a, day)
