"""How one person or network moves: from step to step of a track, with the signals that this sends to other tracks."""

from __future__ import annotations

import math

from sim.engine import columns, layout
from sim.engine.access import end_of, first_of, on_day
from sim.engine.codes import BY_SIGNAL, is_waiting, packed_move
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.decisions import choose, peek, use_up
from sim.engine.draws import exponential, normal
from sim.engine.elementary import exp, log1p
from sim.engine.layout import Arrays
from sim.engine.queue_entry import enqueue, has_other, mark, other_version, version_of


@compiled
def fade(a: Arrays, e: int, days: int) -> None:
    """Fade the beliefs of an entity over some days."""
    kept = exp(-a.f[columns.NEWS_NUMBERS + columns.STORY_FADES] * days)
    for belief in range(int64(a.t[columns.BELIEFS])):
        a.belief[e, belief] = float(a.belief[e, belief]) * kept


@inlined
def tell(a: Arrays, e: int, step: int, day: int) -> None:
    """Append a step that others talk about to the list of news."""
    place = a.counter[layout.TOLD]
    if place >= a.news.shape[0]:
        a.counter[layout.STATUS] = layout.LOG_FULL
        return
    a.news[place, layout.NEWS_WHO] = e
    a.news[place, layout.NEWS_STEP] = step
    a.news[place, layout.NEWS_DAY] = day
    a.counter[layout.TOLD] = place + 1


@inlined
def touch(a: Arrays, e: int, day: int) -> None:
    """Note that an entity changes today, and fade its beliefs to today, once a day, before anything changes."""
    updated = int64(a.day[e, layout.UPDATED])
    if updated == day:
        return
    if a.t[columns.BELIEFS]:
        fade(a, e, day - updated)
    a.day[e, layout.UPDATED] = day
    a.touched[a.counter[layout.TOUCHED]] = e
    a.counter[layout.TOUCHED] += 1


@inlined
def push(a: Arrays, e: int, step: int, kind: int) -> None:
    """Append a signal, or the evaluation of a step passed through, to the work of this moment."""
    place = a.counter[layout.QUEUED]
    if place >= a.work.shape[0]:
        a.counter[layout.STATUS] = layout.ENDLESS
        return
    a.work[place, layout.WORK_WHO] = e
    a.work[place, layout.WORK_STEP] = step
    a.work[place, layout.WORK_KIND] = kind
    a.counter[layout.QUEUED] = place + 1


@compiled
def send(a: Arrays, column: int, number: int, e: int) -> None:
    """Send a range of signals: to the entity itself, to its network, or to the victims of a network."""
    t = a.t
    for row in range(first_of(a, column, number), end_of(a, column, number)):
        scope, target = t[columns.SIG_SCOPE + row], int64(t[columns.SIG_TARGET + row])
        if scope == columns.SELF:
            push(a, e, target, layout.SIGNAL)
        elif scope == columns.NETWORK:
            if a.trait[e, layout.NETWORK_ROW] >= 0:
                push(a, int64(a.trait[e, layout.NETWORK_ROW]), target, layout.SIGNAL)
        else:
            network = e - t[columns.PERSONS]
            for place in range(int64(a.member_start[network]), int64(a.member_start[network + 1])):
                push(a, int64(a.member[place]), target, layout.SIGNAL)


@compiled
def duration_ends(a: Arrays, duration: int, e: int, day: int) -> int:
    """Return the day on which a duration that starts today ends; no later than its limit, if it has one."""
    t = a.t
    row = int64(t[columns.DUR_ROW + duration])
    kind = t[columns.DUR_KIND + duration]
    if kind == columns.FIXED:
        first = day
        if t[columns.DUR_REF + duration] >= 0:
            first = max(int64(a.entered[e, t[columns.DUR_REF + duration]]), 0)
        return on_day(a, columns.DUE, row, first)
    number = int64(t[columns.DUR_DRAW + duration])
    u = peek(a, number, e)
    use_up(a, number, e)
    mean = a.f[columns.DUR_MEAN + duration]
    if kind == columns.EXPONENTIAL:
        length = mean * exponential(u)
    else:
        sigma2 = log1p(a.f[columns.DUR_CV + duration] ** 2)
        length = mean * exp(math.sqrt(sigma2) * normal(u) - 0.5 * sigma2)
    whole = int64(min(length + 0.5, columns.NEVER))
    ends = int64(min(day + whole, columns.NEVER - 1))
    if t[columns.DUR_WORKING + duration]:
        index = on_day(a, columns.WORKING_INDEX, 0, day) + whole
        ends = columns.NEVER - 1
        if index < on_day(a, columns.WORKING_INDEX, 0, int64(t[columns.DAYS]) - 1):
            ends = on_day(a, columns.DAY_OF_WORKING_INDEX, 0, index)
    if row >= 0:
        ends = min(ends, on_day(a, columns.DUE, row, day))
    return ends


@inlined
def leave(a: Arrays, e: int, slot: int, step: int) -> None:
    """Release the place in a pool, or in its queue, when a step is left."""
    t = a.t
    pool = t[columns.STEP_POOL + step]
    if pool < 0:
        return
    if is_waiting(int64(a.due[e, slot])):
        a.queue[pool, layout.WAITING] -= 1
    elif t[columns.POOL_PLACES + pool]:
        a.queue[pool, layout.IN_USE] -= 1


@inlined
def change_levels(a: Arrays, version: int, e: int) -> None:
    """Apply the changes of traits that come with entering a step."""
    t = a.t
    for row in range(first_of(a, columns.VER_CHANGES, version), end_of(a, columns.VER_CHANGES, version)):
        own = t[columns.CHG_SCOPE + row] == columns.SELF
        who = e if own else a.trait[e, layout.NETWORK_ROW]
        if who < 0:
            continue
        level = t[columns.CHG_LEVEL + row]
        value = a.f[columns.CHG_VALUE + row]
        if t[columns.CHG_ADD + row]:
            value += a.level[who, level]
        a.level[who, level] = min(max(value, 0.0), 1.0) if own else value
        if own:
            a.trait[e, layout.LOOK_AT] |= t[columns.LEVEL_HAZARDS]


@inlined
def write_log(a: Arrays, e: int, old: int, to: int, via: int, day: int) -> None:
    """Add a row to the log."""
    row = a.counter[layout.LOGGED]
    if row >= a.log.shape[0]:
        a.counter[layout.STATUS] = layout.LOG_FULL
        return
    a.log[row, layout.LOG_DAY] = day
    a.log[row, layout.LOG_WHO] = e
    a.log[row, layout.LOG_MOVE] = packed_move(old, to, via)
    a.counter[layout.LOGGED] = row + 1


@compiled
def move(a: Arrays, e: int, to: int, via: int, day: int) -> None:
    """Move an entity to a step of one of its tracks: log it, apply its changes, send its signals, start its time."""
    t = a.t
    slot = int64(t[columns.STEP_SLOT + to])
    old = int64(a.step[e, slot])
    touch(a, e, day)
    leave(a, e, slot, old)
    write_log(a, e, old, to, via, day)
    a.step[e, slot] = to
    a.due[e, slot] = columns.NEVER
    a.trait[e, layout.LOOK_AT] |= t[columns.TRACK_HAZARDS + slot]
    if t[columns.STEP_EVER + to]:
        a.trait[e, layout.EVER_ENTERED] |= t[columns.STEP_EVER + to]
        a.trait[e, layout.LOOK_AT] |= t[columns.EVER_HAZARDS]
    if t[columns.STEP_REF + to] >= 0:
        a.entered[e, t[columns.STEP_REF + to]] = day
    if end_of(a, columns.STEP_NEWS, to) > first_of(a, columns.STEP_NEWS, to):
        tell(a, e, to, day)
    version = version_of(a, to, e, day)
    if has_other(a, to):
        mark_if_entered_otherwise(a, e, to, version, day)
    change_levels(a, version, e)
    send(a, columns.VER_SIGNALS, version, e)
    if via >= 0:
        send(a, columns.BR_SIGNALS, via, e)
    kind = t[columns.STEP_KIND + to]
    if kind == columns.PASSED:
        push(a, e, to, layout.PASSING)
    elif kind == columns.CLOCK:
        start(a, e, slot, to, version, day)
    elif kind == columns.QUEUE:
        enqueue(a, e, slot, version, day, day)
    place = a.counter[layout.MOVED]
    if place < a.moved.shape[0]:
        a.moved[place] = e
        a.counter[layout.MOVED] = place + 1
    else:
        a.counter[layout.STATUS] = layout.ENDLESS


@compiled
def start(a: Arrays, e: int, slot: int, step: int, version: int, day: int) -> None:
    """Start the duration of a step; evaluate the step at once where the duration is over already."""
    ends = duration_ends(a, int64(a.t[columns.VER_DURATION + version]), e, day)
    if ends <= day:
        push(a, e, step, layout.PASSING)
    else:
        a.due[e, slot] = ends


@compiled
def evaluate(a: Arrays, e: int, step: int, day: int) -> None:
    """Take the first branch whose conditions hold: the time of a step is over, or a gate is tried."""
    t = a.t
    version = version_of(a, step, e, day)
    branch = choose(a, version, e, day)
    other = other_version(a, step, version, e, day) if has_other(a, step) else version
    if other != version or t[columns.VER_SENSES + version]:
        a.counter[layout.OLD_RULES] = 1
        old = choose(a, other, e, day)
        a.counter[layout.OLD_RULES] = 0
        if not same_way(a, old, branch):
            mark(a, e)
    for row in range(first_of(a, columns.VER_DRAWS, version), end_of(a, columns.VER_DRAWS, version)):
        use_up(a, int64(t[columns.ASKED + row]), e)
    if branch >= 0:
        move(a, e, int64(t[columns.BR_TO + branch]), branch, day)


@inlined
def mark_if_entered_otherwise(a: Arrays, e: int, step: int, version: int, day: int) -> None:
    """Mark an entity to which a rule makes a difference: the reference has other times, signals or changes here."""
    t = a.t
    other = other_version(a, step, version, e, day)
    if other == version:
        return
    same = t[columns.VER_DURATION + version] == t[columns.VER_DURATION + other]
    same = same and first_of(a, columns.VER_ON_START, version) == first_of(a, columns.VER_ON_START, other)
    same = same and first_of(a, columns.VER_CHANGES, version) == first_of(a, columns.VER_CHANGES, other)
    if not same or heard(a, e, version) != heard(a, e, other):
        mark(a, e)


@compiled
def heard(a: Arrays, e: int, version: int) -> int:
    """Return a number that encodes which signals of a version of a step the entity's own tracks would follow now."""
    t = a.t
    told = int64(0)
    for row in range(first_of(a, columns.VER_SIGNALS, version), end_of(a, columns.VER_SIGNALS, version)):
        target = int64(t[columns.SIG_TARGET + row])
        is_own = t[columns.SIG_SCOPE + row] == columns.SELF and target < t[columns.STEPS]
        if is_own and accepts(a, target, present_step(a, e, target)):
            told += (target + 1) * (target + 1)
    return told


@inlined
def present_step(a: Arrays, e: int, step: int) -> int:
    """Return the present step of an entity on the track of a step."""
    return int64(a.step[e, a.t[columns.STEP_SLOT + step]])


@inlined
def accepts(a: Arrays, target: int, present: int) -> bool:
    """Return whether an entity in a present step follows a signal to a step."""
    return bool(a.t[columns.ACCEPTS + target * columns.MOST_STEPS + present])


@inlined
def same_way(a: Arrays, branch: int, other: int) -> bool:
    """Return whether two branches lead to the same step with the same signals."""
    t = a.t
    if branch < 0 or other < 0:
        return branch == other
    signals = first_of(a, columns.BR_SIGNALS, branch)
    return t[columns.BR_TO + branch] == t[columns.BR_TO + other] and signals == first_of(a, columns.BR_SIGNALS, other)


@compiled
def settle(a: Arrays, day: int) -> None:
    """Process signals and steps passed through, first in first out; then try the gates of all who moved."""
    done, tried = 0, 0
    while a.counter[layout.STATUS] == layout.OK:
        while done < a.counter[layout.QUEUED] and a.counter[layout.STATUS] == layout.OK:
            e, step = int64(a.work[done, layout.WORK_WHO]), int64(a.work[done, layout.WORK_STEP])
            kind = a.work[done, layout.WORK_KIND]
            done += 1
            present = present_step(a, e, step)
            if kind == layout.SIGNAL:
                if accepts(a, step, present):
                    move(a, e, step, int64(BY_SIGNAL), day)
            elif present == step:
                evaluate(a, e, step, day)
        if tried == a.counter[layout.MOVED]:
            break
        try_gates(a, int64(a.moved[tried]), day)
        tried += 1
    a.counter[layout.QUEUED] = 0
    a.counter[layout.MOVED] = 0


@inlined
def try_gates(a: Arrays, e: int, day: int) -> None:
    """Evaluate every gate that an entity is at."""
    t = a.t
    if e >= t[columns.PERSONS]:
        return
    for place in range(int64(t[columns.GATES])):
        step = int64(a.step[e, t[columns.GATE_SLOTS + place]])
        if t[columns.STEP_KIND + step] == columns.GATE:
            evaluate(a, e, step, day)
