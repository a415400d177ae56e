"""How one person or network moves: from step to step of a track, with the signals that this sends to other tracks."""

from __future__ import annotations

import math

from sim.engine.columns import (
    ACCEPTS,
    ASKED,
    AT_BELIEF,
    AT_DUE,
    AT_REFERENCE,
    AT_SCHEDULED,
    AT_SMALL,
    AT_STATE,
    BELIEFS,
    BR_SIGNALS,
    BR_TO,
    CHG_ADD,
    CHG_LEVEL,
    CHG_SCOPE,
    CHG_VALUE,
    DAY_OF_WORKING_INDEX,
    DAYS,
    DUE,
    DUR_CV,
    DUR_DRAW,
    DUR_KIND,
    DUR_MEAN,
    DUR_REF,
    DUR_ROW,
    DUR_WORKING,
    ENTITIES,
    EXPONENTIAL,
    FIXED,
    GATE,
    GATE_SLOTS,
    GATES,
    HZ_GROWTH,
    NETWORK,
    NEVER,
    NEWS_NUMBERS,
    PASS,
    PERSONS,
    POOL,
    POOL_PLACES,
    SELF,
    SIG_SCOPE,
    SIG_TARGET,
    STEP_EVER,
    STEP_NEWS,
    STEP_OTHER,
    STEP_REF,
    STEP_ROOM,
    STEP_SLOT,
    STEP_VERSIONS,
    STEPS,
    STORY_FADES,
    TIMED,
    VER_CHANGES,
    VER_DRAWS,
    VER_DURATION,
    VER_KIND,
    VER_ON_START,
    VER_POOL,
    VER_SENSES,
    VER_SIGNALS,
    WORKING_INDEX,
)
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.decisions import choose, peek, place_of_clock, spend, use_up
from sim.engine.draws import exponential, normal
from sim.engine.queue_entry import enqueue, mark, other_version, version_of
from sim.engine.state import (
    ACTIVE_0,
    ACTIVE_COUNT,
    CASCADE,
    ENDLESS,
    FLAGS,
    IN_USE,
    LEVEL_0,
    LOG_FULL,
    LOGGED,
    NETWORK_ROW,
    OK,
    OLD_RULES,
    POOL_0,
    POOL_WIDTH,
    QUEUED,
    RATE_0,
    STATUS,
    TOLD,
    TOUCHED,
    UPDATED,
    WAITING,
    Arrays,
)

PASSING, SIGNAL = int64(0), int64(1)
"""What a piece of work is: a step passed through, or a signal."""
BY_SIGNAL = -1
"""In the log: the move was caused by a signal. A branch has its number, hazard h has -2 - h."""


@compiled
def fade(a: Arrays, e: int, days: int) -> None:
    """Let what an entity believes fade over some days."""
    kept = math.exp(-a.f[NEWS_NUMBERS + STORY_FADES] * days)
    first = int64(a.t[AT_BELIEF])
    for belief in range(int64(a.t[BELIEFS])):
        a.x[e, first + belief] = float(a.x[e, first + belief]) * kept


@inlined
def tell(a: Arrays, e: int, step: int, day: int) -> None:
    """Put a step that others talk about in the list of news."""
    place = a.g[TOLD]
    if place >= a.list.shape[1]:
        a.g[STATUS] = LOG_FULL
        return
    a.list[3, place] = e
    a.list[4, place] = step + 256 * day
    a.g[TOLD] = place + 1


@inlined
def touch(a: Arrays, e: int, day: int) -> None:
    """Bring the internal clocks of an entity to today, once a day, before anything changes."""
    t = a.t
    updated = int64(a.s[e, t[AT_SCHEDULED] + UPDATED])
    if updated == day:
        return
    for position in range(int64(a.b[e, t[AT_SMALL] + ACTIVE_COUNT])):
        hazard = int64(a.b[e, t[AT_SMALL] + ACTIVE_0 + position])
        a.x[e, place_of_clock(a, hazard)] -= spend(
            float(a.x[e, RATE_0 + position]), a.f[HZ_GROWTH + hazard], float(day - updated)
        )
    if t[BELIEFS]:
        fade(a, e, day - updated)
    a.s[e, t[AT_SCHEDULED] + UPDATED] = day
    a.list[0, a.g[TOUCHED]] = e
    a.g[TOUCHED] += 1


@inlined
def push(a: Arrays, e: int, step: int, is_signal: int) -> None:
    """Put a signal, or the evaluation of a step passed through, at the end of the work of this moment."""
    place = a.g[QUEUED]
    if place >= a.work.shape[0]:
        a.g[STATUS] = ENDLESS
        return
    a.work[place, 0] = e
    a.work[place, 1] = step
    a.work[place, 2] = is_signal
    a.g[QUEUED] = place + 1


@compiled
def send(a: Arrays, first: int, last: int, e: int) -> None:
    """Send a range of signals: to the entity itself, to its network, or to the victims of a network."""
    t = a.t
    for row in range(first, last):
        scope, target = t[SIG_SCOPE + row], int64(t[SIG_TARGET + row])
        if scope == SELF:
            push(a, e, target, SIGNAL)
        elif scope == NETWORK:
            if a.i[e, NETWORK_ROW] >= 0:
                push(a, int64(a.i[e, NETWORK_ROW]), target, SIGNAL)
        else:
            networks = t[ENTITIES] - t[PERSONS]
            own = e - t[PERSONS]
            for place in range(int64(a.member[own]), int64(a.member[own + 1])):
                push(a, int64(a.member[networks + 1 + place]), target, SIGNAL)


@compiled
def duration_ends(a: Arrays, duration: int, e: int, day: int) -> int:
    """Return the day on which a duration that starts today ends."""
    t = a.t
    kind = t[DUR_KIND + duration]
    if kind == FIXED:
        start = day
        if t[DUR_REF + duration] >= 0:
            start = max(int64(a.s[e, t[AT_REFERENCE] + t[DUR_REF + duration]]), 0)
        return int64(t[t[DUE] + t[DUR_ROW + duration] * t[DAYS] + start])
    number = int64(t[DUR_DRAW + duration])
    u = peek(a, number, e)
    use_up(a, number, e)
    mean = a.f[DUR_MEAN + duration]
    if kind == EXPONENTIAL:
        length = mean * exponential(u)
    else:
        sigma2 = math.log1p(a.f[DUR_CV + duration] ** 2)
        length = mean * math.exp(math.sqrt(sigma2) * normal(u) - 0.5 * sigma2)
    whole = int64(min(length + 0.5, NEVER))
    if t[DUR_WORKING + duration]:
        index = t[t[WORKING_INDEX] + day] + whole
        if index < t[t[WORKING_INDEX] + t[DAYS] - 1]:
            return int64(t[t[DAY_OF_WORKING_INDEX] + index])
        return NEVER - 1
    return int64(min(day + whole, NEVER - 1))


@inlined
def leave(a: Arrays, e: int, slot: int, version: int) -> None:
    """Give back the place in a pool, or in its queue, when a step is left."""
    t = a.t
    pool = t[VER_POOL + version]
    if pool < 0:
        return
    if a.s[e, t[AT_DUE] + slot] < -1:
        a.g[POOL_0 + POOL_WIDTH * pool + WAITING] -= 1
    elif t[POOL_PLACES + pool]:
        a.g[POOL_0 + POOL_WIDTH * pool + IN_USE] -= 1


@inlined
def change_levels(a: Arrays, version: int, e: int) -> None:
    """Apply the changes of traits that come with entering a step."""
    t = a.t
    place = VER_CHANGES + 2 * version
    for row in range(t[place], t[place + 1]):
        own = t[CHG_SCOPE + row] == SELF
        who = e if own else a.i[e, NETWORK_ROW]
        if who < 0:
            continue
        level = LEVEL_0 + t[CHG_LEVEL + row]
        value = a.f[CHG_VALUE + row]
        if t[CHG_ADD + row]:
            value += a.x[who, level]
        a.x[who, level] = min(max(value, 0.0), 1.0) if own else value


@inlined
def write_log(a: Arrays, e: int, old: int, to: int, via: int, day: int) -> None:
    """Add a row to the log."""
    row = a.g[LOGGED]
    if row >= a.log.shape[0]:
        a.g[STATUS] = LOG_FULL
        return
    a.log[row, 0] = day
    a.log[row, 1] = e
    a.log[row, 2] = old + 256 * to + 65536 * via
    a.g[LOGGED] = row + 1


@compiled
def move(a: Arrays, e: int, to: int, via: int, day: int) -> None:
    """Move an entity to a step of one of its tracks: log it, apply its changes, send its signals, start its time."""
    t = a.t
    slot = int64(t[STEP_SLOT + to])
    old = int64(a.b[e, t[AT_STATE] + slot])
    touch(a, e, day)
    leave(a, e, slot, int64(t[STEP_VERSIONS + 2 * old]))
    write_log(a, e, old, to, via, day)
    a.b[e, t[AT_STATE] + slot] = to
    a.s[e, t[AT_DUE] + slot] = NEVER
    a.i[e, FLAGS] |= t[STEP_EVER + to]
    if t[STEP_REF + to] >= 0:
        a.s[e, t[AT_REFERENCE] + t[STEP_REF + to]] = day
    if t[STEP_NEWS + 2 * to + 1] > t[STEP_NEWS + 2 * to]:
        tell(a, e, to, day)
    version = version_of(a, to, e, day)
    if t[STEP_OTHER + 2 * to + 1] > 0:
        mark_if_entered_otherwise(a, e, to, version, day)
    change_levels(a, version, e)
    send(a, int64(t[VER_SIGNALS + 2 * version]), int64(t[VER_SIGNALS + 2 * version + 1]), e)
    if via >= 0:
        send(a, int64(t[BR_SIGNALS + 2 * via]), int64(t[BR_SIGNALS + 2 * via + 1]), e)
    kind = t[VER_KIND + version]
    if kind == PASS:
        push(a, e, to, PASSING)
    elif kind == TIMED:
        start(a, e, slot, to, version, day)
    elif kind == POOL:
        enqueue(a, e, slot, version, day, day)
    place = a.g[CASCADE]
    if place < a.list.shape[1]:
        a.list[1, place] = e
        a.g[CASCADE] = place + 1
    else:
        a.g[STATUS] = ENDLESS


@compiled
def start(a: Arrays, e: int, slot: int, step: int, version: int, day: int) -> None:
    """Start the time that a step takes; none left: it is over at once."""
    ends = duration_ends(a, int64(a.t[VER_DURATION + version]), e, day)
    if ends <= day:
        push(a, e, step, PASSING)
    else:
        a.s[e, a.t[AT_DUE] + slot] = ends


@compiled
def evaluate(a: Arrays, e: int, step: int, day: int) -> None:
    """The time of a step is over (or a gate is tried): take the first branch that holds."""
    t = a.t
    version = version_of(a, step, e, day)
    branch = choose(a, version, e, day)
    other = version if t[STEP_OTHER + 2 * step + 1] == 0 else other_version(a, step, version, e, day)
    if other != version or t[VER_SENSES + version]:
        a.g[OLD_RULES] = 1
        old = choose(a, other, e, day)
        a.g[OLD_RULES] = 0
        if not same_way(a, old, branch):
            mark(a, e)
    for row in range(int64(t[VER_DRAWS + 2 * version]), int64(t[VER_DRAWS + 2 * version + 1])):
        use_up(a, int64(t[ASKED + row]), e)
    if branch >= 0:
        move(a, e, int64(t[BR_TO + branch]), branch, day)


@inlined
def mark_if_entered_otherwise(a: Arrays, e: int, step: int, version: int, day: int) -> None:
    """Note that a rule makes a difference to an entity, when the reference has other times, signals or changes here."""
    t = a.t
    other = other_version(a, step, version, e, day)
    if other == version:
        return
    same = t[VER_DURATION + version] == t[VER_DURATION + other]
    same = same and t[VER_ON_START + 2 * version] == t[VER_ON_START + 2 * other]
    same = same and t[VER_CHANGES + 2 * version] == t[VER_CHANGES + 2 * other]
    if not same or heard(a, e, VER_SIGNALS + 2 * version) != heard(a, e, VER_SIGNALS + 2 * other):
        mark(a, e)


@compiled
def heard(a: Arrays, e: int, place: int) -> int:
    """Return a number that tells which signals of a range the entity's own tracks would follow now."""
    t = a.t
    told = int64(0)
    for row in range(int64(t[place]), int64(t[place + 1])):
        target = int64(t[SIG_TARGET + row])
        if t[SIG_SCOPE + row] == SELF and target < t[STEPS]:
            present = int64(a.b[e, t[AT_STATE] + t[STEP_SLOT + target]])
            if t[ACCEPTS + target * STEP_ROOM + present]:
                told += (target + 1) * (target + 1)
    return told


@inlined
def same_way(a: Arrays, one: int, other: int) -> bool:
    """Do two branches lead to the same step with the same signals?"""
    t = a.t
    if one < 0 or other < 0:
        return one == other
    return bool(t[BR_TO + one] == t[BR_TO + other] and t[BR_SIGNALS + 2 * one] == t[BR_SIGNALS + 2 * other])


@compiled
def settle(a: Arrays, day: int) -> None:
    """Work off signals and steps passed through, first in first out; then try the gates of all who moved."""
    t = a.t
    done, tried = 0, 0
    while a.g[STATUS] == OK:
        while done < a.g[QUEUED] and a.g[STATUS] == OK:
            e, step, is_signal = int64(a.work[done, 0]), int64(a.work[done, 1]), a.work[done, 2]
            done += 1
            present = int64(a.b[e, t[AT_STATE] + t[STEP_SLOT + step]])
            if is_signal:
                if t[ACCEPTS + step * STEP_ROOM + present]:
                    move(a, e, step, int64(BY_SIGNAL), day)
            elif present == step:
                evaluate(a, e, step, day)
        if tried == a.g[CASCADE]:
            break
        try_gates(a, int64(a.list[1, tried]), day)
        tried += 1
    a.g[QUEUED] = 0
    a.g[CASCADE] = 0


@inlined
def try_gates(a: Arrays, e: int, day: int) -> None:
    """Evaluate each gate at which an entity stands."""
    t = a.t
    if e >= t[PERSONS]:
        return
    for place in range(int64(t[GATES])):
        step = int64(a.b[e, t[AT_STATE] + t[GATE_SLOTS + place]])
        if t[VER_KIND + t[STEP_VERSIONS + 2 * step]] == GATE:
            evaluate(a, e, step, day)
