"""How time passes: one compiled loop over days for everybody.

Order within a day: what people are told, in the morning; then (0) legal clocks that end, (1) what the authorities
finish and start, (2) choices of people, (3) hazards; within each, persons by their row (day of arrival, then key).
Signals between tracks settle at once, first in first out; then gates open. With numba's JIT switched off the same
source is the debugger's version.
"""

from __future__ import annotations

import math

from sim.engine.columns import (
    AT_DUE,
    AT_SCHEDULED,
    AT_SMALL,
    AT_STATE,
    AUTHORITY,
    BELIEFS,
    DAYS,
    ENTITIES,
    HAZARD,
    HZ_GROWTH,
    HZ_SENSES,
    HZ_TO,
    NEVER,
    REVIEW,
    SENSITIVE,
    STEP_CLASS,
    STEP_HAZARDS,
    STEP_SLOT,
    TRACKS,
)
from sim.engine.compiled import compiled, entrance, inlined, int64
from sim.engine.decisions import (
    days_to_spend,
    exposed,
    fresh_clock,
    hazard_rate,
    hazard_runs,
    place_of_clock,
)
from sim.engine.moves import PASSING, move, push, settle, touch
from sim.engine.news import pass_on
from sim.engine.pinned import pinned
from sim.engine.queue_entry import mark
from sim.engine.queues import count_waiting, rank_again, serve
from sim.engine.state import (
    ACTIVE_0,
    ACTIVE_AT_ONCE,
    ACTIVE_COUNT,
    CASCADE,
    HAZARD_DAY,
    MAY_MEET,
    NEXT_HAZARD,
    OK,
    OLD_RULES,
    RATE_0,
    SCHEDULED,
    STATUS,
    TODAY,
    TOO_MANY_HAZARDS,
    TOUCHED,
    Arrays,
)

DUE_NOW = 1e-6
"""Internal time left that counts as none: rates are kept in single precision."""


@inlined
def hazards_of(a: Arrays, e: int) -> int:
    """Return, as bits, the hazards that the steps and the traits of an entity allow."""
    t = a.t
    mask = int64(0)
    for slot in range(int64(t[TRACKS])):
        step = int64(a.b[e, t[AT_STATE] + slot])
        if t[STEP_SLOT + step] == slot:
            mask |= int64(t[STEP_HAZARDS + step])
    return mask & int64(a.i[e, MAY_MEET])


@inlined
def refresh(a: Arrays, e: int, day: int) -> None:
    """After a day's events: which hazards run now, at what rate, and which day comes next for this entity."""
    t = a.t
    mask = hazards_of(a, e)
    small, medium = t[AT_SMALL], t[AT_SCHEDULED]
    count, soonest, which, hazard = int64(0), math.inf, int64(0), int64(0)
    while mask:
        if mask & 1 and exposed(a, hazard, e, day):
            if math.isnan(a.x[e, place_of_clock(a, hazard)]):
                a.x[e, place_of_clock(a, hazard)] = fresh_clock(a, hazard, e)
            rate = hazard_rate(a, hazard, e, day)
            if t[HZ_SENSES + hazard]:
                mark_if_ruled(a, hazard, rate, e, day)
            if count >= ACTIVE_AT_ONCE:
                a.g[STATUS] = TOO_MANY_HAZARDS
                return
            a.b[e, small + ACTIVE_0 + count] = hazard
            a.x[e, RATE_0 + count] = rate
            count += 1
            wait = days_to_spend(a.x[e, place_of_clock(a, hazard)], rate, a.f[HZ_GROWTH + hazard])
            if wait < soonest:
                soonest, which = wait, hazard
        mask >>= 1
        hazard += 1
    a.b[e, small + ACTIVE_COUNT] = count
    a.b[e, small + NEXT_HAZARD] = which
    soon = NEVER
    if soonest < NEVER:
        soon = min(day + max(int64(math.ceil(soonest)), 1), NEVER)
    a.s[e, medium + HAZARD_DAY] = soon
    for slot in range(int64(t[TRACKS])):
        due = int64(a.s[e, t[AT_DUE] + slot])
        if 0 <= due < soon:
            soon = due
    schedule(a, e, soon)


@compiled
def mark_if_ruled(a: Arrays, hazard: int, rate: float, e: int, day: int) -> None:
    """Note that a rule makes a difference to an entity, when a hazard would run otherwise without its facts."""
    a.g[OLD_RULES] = 1
    old = hazard_rate(a, hazard, e, day) if exposed(a, hazard, e, day) else 0.0
    a.g[OLD_RULES] = 0
    if old != rate:
        mark(a, e)


@inlined
def schedule(a: Arrays, e: int, day: int) -> None:
    """Put an entity in the bucket of the next day on which something is due."""
    place = a.t[AT_SCHEDULED] + SCHEDULED
    if a.s[e, place] == day:
        return
    a.s[e, place] = day
    after, before = a.link[0, e], a.link[1, e]
    a.link[0, before] = after
    a.link[1, after] = before
    a.link[0, e] = e
    a.link[1, e] = e
    if day < a.t[DAYS]:
        sentinel = a.t[ENTITIES] + day
        last = a.link[1, sentinel]
        a.link[0, last] = e
        a.link[1, e] = last
        a.link[0, e] = sentinel
        a.link[1, sentinel] = e


@compiled
def review(a: Arrays, day: int) -> None:
    """An external event or a rule begins or ends: rank the queues anew, try every gate, bring rates up to date."""
    rank_again(a, day)
    for e in range(int64(a.t[ENTITIES])):
        if hazards_of(a, e) & a.t[SENSITIVE]:
            touch(a, e, day)
        a.list[1, 0] = e  # as if it had moved: settling tries its gates
        a.g[CASCADE] = 1
        settle(a, day)


@compiled
def due_today(a: Arrays, day: int) -> int:
    """Write the rows of those for whom something is due today to ``list[2]``, in order; return how many they are.

    Their internal clocks are brought to today.
    """
    sentinel = a.t[ENTITIES] + day
    count = 0
    e = a.link[0, sentinel]
    while e != sentinel:
        a.list[2, count] = e
        count += 1
        e = a.link[0, e]
    sort_today(a, count)
    for position in range(count):
        touch(a, int64(a.list[2, position]), day)
    return count


@compiled
def sort_today(a: Arrays, count: int) -> None:
    """Sort the first rows of ``list[2]`` in place (Shell's method)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap >= 1:
        for position in range(gap, count):
            e = a.list[2, position]
            place = position
            while place >= gap and a.list[2, place - gap] > e:
                a.list[2, place] = a.list[2, place - gap]
                place -= gap
            a.list[2, place] = e
        gap //= 3


@entrance
def advance(a: Arrays, until: int) -> int:
    """Let the days pass up to and including ``until``; return the status (``OK`` or why it stopped)."""
    a = pinned(a)
    t = a.t
    while a.g[TODAY] < until and a.g[STATUS] == OK:
        day = int64(a.g[TODAY]) + 1
        a.g[TODAY] = day
        a.g[TOUCHED] = 0
        if t[BELIEFS]:
            pass_on(a, day)
        today = due_today(a, day)
        if t[t[REVIEW] + day]:
            review(a, day)
        for event_class in range(HAZARD):
            for position in range(today):
                e = int64(a.list[2, position])
                for slot in range(int64(t[TRACKS])):
                    if a.s[e, t[AT_DUE] + slot] == day:
                        step = int64(a.b[e, t[AT_STATE] + slot])
                        if t[STEP_CLASS + step] == event_class:
                            push(a, e, step, PASSING)
                            settle(a, day)
            if event_class == AUTHORITY:
                serve(a, day)
        for position in range(today):
            meet_hazard(a, int64(a.list[2, position]), day)
        count_waiting(a)
        for position in range(int64(a.g[TOUCHED])):
            refresh(a, int64(a.list[0, position]), day)
    return int64(a.g[STATUS])


@inlined
def meet_hazard(a: Arrays, e: int, day: int) -> None:
    """Let the next hazard of an entity happen if its internal time is over and it still runs."""
    t = a.t
    if a.s[e, t[AT_SCHEDULED] + HAZARD_DAY] != day:
        return
    hazard = int64(a.b[e, t[AT_SMALL] + NEXT_HAZARD])
    if a.x[e, place_of_clock(a, hazard)] <= DUE_NOW and hazard_runs(a, hazard, e, day):
        a.x[e, place_of_clock(a, hazard)] = fresh_clock(a, hazard, e)
        move(a, e, int64(t[HZ_TO + hazard]), -2 - hazard, day)
        settle(a, day)
