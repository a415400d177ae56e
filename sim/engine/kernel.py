"""How time passes: one compiled loop over days for everybody.

Order within a day: news in the morning; then (0) legal clocks that end, (1) what the authorities finish and start,
(2) choices of people, (3) hazards; within each, persons by their row (day of arrival, then key). Signals between tracks
settle at once, first in first out; then gates open. With numba's JIT switched off the same source is the version for
the debugger.
"""

from __future__ import annotations

from sim.engine import columns, layout
from sim.engine.access import on_day
from sim.engine.bits import lowest
from sim.engine.codes import by_hazard
from sim.engine.compiled import compiled, engine, inlined, int64
from sim.engine.decisions import hazard_runs
from sim.engine.hazards import begin_anew, changing_hazards, hazards_of, update_hazards
from sim.engine.layout import Arrays
from sim.engine.moves import move, push, settle, touch, try_gates
from sim.engine.news import pass_on
from sim.engine.pinned import pinned
from sim.engine.queues import count_waiting, rank_again, serve


@inlined
def refresh(a: Arrays, e: int, day: int) -> None:
    """Update which hazards run after a day's events, and the next day on which something is due."""
    update_hazards(a, e, day)
    soon = int64(a.day[e, layout.HAZARD_DAY])
    for slot in range(int64(a.t[columns.TRACKS])):
        due = int64(a.due[e, slot])
        if 0 <= due < soon:
            soon = due
    schedule(a, e, soon)


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


@compiled
def review(a: Arrays, day: int) -> None:
    """Rank the queues again, try every gate and update rates: an external event or a rule begins or ends."""
    rank_again(a, day)
    changing = changing_hazards(a, day)
    for e in range(int64(a.t[columns.ENTITIES])):
        if changing and hazards_of(a, e) & changing:
            touch(a, e, day)
            a.trait[e, layout.LOOK_AT] |= changing
        try_gates(a, e, day)
        if a.counter[layout.MOVED]:
            settle(a, day)


@compiled
def due_today(a: Arrays, day: int) -> int:
    """Write the rows of the entities with something due today to ``today``, in order; return their number.

    ``ending`` gets the tracks of each on which the time of a step ends today, as bits.
    """
    sentinel = a.t[columns.ENTITIES] + day
    first, last = int64(a.bits.shape[0]), int64(-1)
    e = int64(a.after[sentinel])
    while e != sentinel:
        word = e >> 5
        a.bits[word] |= int64(1) << (e & 31)
        first, last = min(first, word), max(last, word)
        e = int64(a.after[e])
    count = int64(0)
    for word in range(first, last + 1):
        bits = a.bits[word]
        a.bits[word] = 0
        while bits:
            a.today[count] = 32 * word + lowest(bits)
            bits &= bits - 1
            count += 1
    for position in range(count):
        e = int64(a.today[position])
        touch(a, e, day)
        ending = int64(0)
        for slot in range(int64(a.t[columns.TRACKS])):
            if a.due[e, slot] == day:
                ending |= int64(1) << slot
        a.ending[position] = ending
    return count


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
