"""Which hazards run for an entity, since when and at what pace, and when the next one fires.

Each hazard of each entity has an internal clock: a unit exponential that is spent at the rate of the hazard while the
entity is exposed. As long as the pace stays the same, the day on which it fires stays the same too, and nothing is
computed but the pace.
"""

from __future__ import annotations

import math

from sim.engine import columns, layout
from sim.engine.access import end_of, first_of, on_day
from sim.engine.bits import lowest
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.decisions import (
    ENVIRONMENT,
    FLAG_DURING,
    FROM_DATE,
    days_to_spend,
    exposed,
    fresh_clock,
    pace,
    place_of_clock,
    spend,
)
from sim.engine.elementary import exp
from sim.engine.layout import Arrays
from sim.engine.queue_entry import mark


@inlined
def hazards_of(a: Arrays, e: int) -> int:
    """Return, as bits, the hazards that the steps and the traits of an entity allow."""
    t = a.t
    # Beyond the tracks of a network its row has a step of another track.
    has_all, mask = e < t[columns.PERSONS], int64(0)
    for slot in range(int64(t[columns.TRACKS])):
        step = int64(a.step[e, slot])
        if has_all or t[columns.STEP_SLOT + step] == slot:
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


@compiled
def comes_before(a: Arrays, e: int, position: int, other: int) -> bool:
    """Return whether one of two hazards that fire on the same day fires first; at one moment, the lower number."""
    one, two = moment_of(a, e, position), moment_of(a, e, other)
    if one == two:
        return bool(a.active[e, position] < a.active[e, other])
    return one < two


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
def run_on(a: Arrays, e: int, mask: int, look: int, day: int) -> int:
    """Keep the hazards that run on at the pace that they had, and stop the others.

    The clock of a hazard is read only when its pace changes. So a life does not depend on how often others, or other
    hazards, were looked at.

    Parameters
    ----------
    mask
        The hazards to look at that the steps and traits allow, as bits.
    look
        The hazards to look at: nothing has changed for the others.

    Returns
    -------
    int
        Those that may begin.
    """
    kept = int64(0)
    for position in range(int64(a.small[e, layout.ACTIVE_COUNT])):
        hazard = int64(a.active[e, position])
        bit = int64(1) << hazard
        since, goes_on = int64(a.since[e, position]), not look & bit
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
    a.small[e, layout.ACTIVE_COUNT] = kept
    return mask


@inlined
def begin_to_run(a: Arrays, e: int, mask: int, day: int) -> bool:
    """Begin, of some hazards, those to which an entity is exposed; return whether there is place for them."""
    while mask:
        hazard = lowest(mask)
        mask &= mask - 1
        if not exposed(a, hazard, e, day):
            continue
        count = int64(a.small[e, layout.ACTIVE_COUNT])
        if count >= a.t[columns.AT_ONCE]:
            return False
        clock = place_of_clock(a, hazard)
        if math.isnan(a.clock[e, clock]):
            a.clock[e, clock] = fresh_clock(a, hazard, e)
        a.active[e, count] = hazard
        a.pace[e, count] = pace(a, hazard, e, day, day)
        a.since[e, count] = day
        a.fires[e, count] = int64(math.ceil(min(moment_of(a, e, count), float(columns.NEVER))))
        a.small[e, layout.ACTIVE_COUNT] = count + 1
    return True


@inlined
def update_hazards(a: Arrays, e: int, day: int) -> None:
    """Update which hazards run after a day's events, which fires next, and when; mark those whom a rule reaches."""
    look = (int64(a.trait[e, layout.LOOK_AT]) | a.t[columns.RESTLESS]) & a.trait[e, layout.MAY_MEET]
    a.trait[e, layout.LOOK_AT] = 0
    if look and not begin_to_run(a, e, run_on(a, e, hazards_of(a, e) & look, look, day), day):
        a.counter[layout.STATUS] = layout.TOO_MANY_HAZARDS
        return
    soon, which = int64(columns.NEVER), int64(0)
    for position in range(int64(a.small[e, layout.ACTIVE_COUNT])):
        fires = int64(a.fires[e, position])
        if fires < soon or (fires == soon and soon < columns.NEVER and comes_before(a, e, position, which)):
            soon, which = fires, position
        if a.t[columns.HZ_SENSES + int64(a.active[e, position])]:
            mark_if_ruled(a, e, position, day)
    comes = soon < columns.NEVER
    a.small[e, layout.NEXT_HAZARD] = int64(a.active[e, which]) if comes else int64(0)
    a.day[e, layout.HAZARD_DAY] = max(soon, day + 1) if comes else soon


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
def begin_anew(a: Arrays, e: int, hazard: int) -> None:
    """Draw the clock of a hazard that fires, and take it from those that run."""
    a.clock[e, place_of_clock(a, hazard)] = fresh_clock(a, hazard, e)
    a.trait[e, layout.LOOK_AT] |= int64(1) << hazard
    last = int64(a.small[e, layout.ACTIVE_COUNT]) - 1
    for position in range(last + 1):
        if a.active[e, position] == hazard:
            a.active[e, position] = a.active[e, last]
            a.pace[e, position] = a.pace[e, last]
            a.since[e, position] = a.since[e, last]
            a.fires[e, position] = a.fires[e, last]
            a.small[e, layout.ACTIVE_COUNT] = last
            return


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
