"""What people and authorities sense and decide, as small compiled functions over the tables.

A condition looks at one person (or network) on one day; a probability is a chance, a chance by group or a logit; a rate
is a yearly rate times a ratio for each factor. The coefficients are data: see ``behaviour.toml``. In all functions
``a`` is the tuple of arrays (``sim.engine.state.Arrays``), ``e`` the row of an entity, ``day`` the index of the day.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.columns import (
    ADDS_UP,
    AT,
    AT_BELIEF,
    AT_LEAST,
    AT_OCCURRENCE,
    AT_REFERENCE,
    AT_SMALL,
    AT_STATE,
    BELIEF,
    BEYOND,
    BR_CONDITIONS,
    CHOICE_OF,
    CHOICES,
    CONDITIONS,
    DAYS,
    DRAW,
    DUE,
    ENVIRONMENT,
    ENVIRONMENTS,
    FAC_CONDITION,
    FLAG,
    FROM_DATE,
    GROUP_ROOM,
    HZ_CONDITIONS,
    HZ_DRAW,
    HZ_GROWTH,
    HZ_RATE,
    HZ_SET,
    HZ_SLOT,
    HZ_TERMS,
    LEVEL,
    LOAD,
    MODEL_CHANCE,
    MODEL_CONSTANT,
    MODEL_DRAW,
    MODEL_FORM,
    MODEL_NEW,
    MODEL_NEXT,
    MODEL_NEXT_FROM,
    MODEL_OPEN,
    MODEL_TERMS,
    NETWORK_DRAWS,
    NETWORK_HAZARDS,
    NEW_FACTS,
    OPTION_MODEL,
    POOL_CAPACITY,
    POOL_PLACES,
    SETS,
    STEP_REF,
    STEP_ROOM,
    TERM_COEFFICIENT,
    TERM_FACTORS,
    TERM_OVER,
    THRESHOLDS,
    VER_BRANCHES,
)
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.draws import exponential, uniform
from sim.engine.state import FLAGS, GROUP, KEY, LEVEL_0, OLD_RULES, POOL_0, POOL_WIDTH, REMAINING_0, WAITING, Arrays

WORKING_DAYS_PER_WEEK = 5.0
LEAST_CHANCE = 1e-12
LEAST_CAPACITY = 1e-3
"""Cases a day that count as none, so that a queue nobody serves is long but finite."""


@inlined
def is_at(a: Arrays, number: int, slot: int, e: int) -> bool:
    """Is the entity in one of the steps of a set (``slot`` negative: minus the bits of the tracks to look at)?"""
    t = a.t
    row, state = SETS + number * STEP_ROOM, t[AT_STATE]
    if slot >= 0:
        return bool(t[row + int64(a.b[e, state + slot])])
    other, bits = int64(0), -slot
    while bits:
        if bits & 1 and t[row + int64(a.b[e, state + other])]:
            return True
        bits >>= 1
        other += 1
    return False


@inlined
def place_of_draw(a: Arrays, number: int) -> int:
    """Return where a row notes how often it used a draw; persons and networks have their own draws there."""
    networks = int64(a.t[NETWORK_DRAWS])
    return int64(a.t[AT_OCCURRENCE]) + (number - networks if number >= networks else number)


@inlined
def place_of_clock(a: Arrays, hazard: int) -> int:
    """Return where a row keeps the internal time left of a hazard; persons and networks have their own there."""
    networks = int64(a.t[NETWORK_HAZARDS])
    return REMAINING_0 + (hazard - networks if hazard >= networks else hazard)


@inlined
def peek(a: Arrays, number: int, e: int) -> float:
    """Look at the present draw of an entity by the number of the draw, without using it up."""
    return uniform(a.k[e, KEY], a.u[number], int64(a.b[e, place_of_draw(a, number)]))


@inlined
def use_up(a: Arrays, number: int, e: int) -> None:
    """Move an entity on to the next occurrence of a draw."""
    place = place_of_draw(a, number)
    if a.b[e, place] < 255:
        a.b[e, place] += np.uint8(1)


@inlined
def sensed(a: Arrays, row: int, e: int, day: int) -> float:
    """Value of a condition that needs no draw: a level, or 1 and 0 for true and false."""
    t = a.t
    place = CONDITIONS + 4 * row
    kind, what = t[place], t[place + 1]
    value = 0.0
    if kind == FLAG:
        value = 1.0 if a.i[e, FLAGS] & what else 0.0
    elif kind == AT:
        value = 1.0 if is_at(a, int64(what), int64(t[place + 2]), e) else 0.0
    elif kind == LEVEL:
        value = float(a.x[e, LEVEL_0 + what])
    elif kind == AT_LEAST:
        value = 1.0 if a.x[e, LEVEL_0 + what] >= a.f[THRESHOLDS + t[place + 2]] else 0.0
    elif kind == ENVIRONMENT:
        value = float(t[t[ENVIRONMENTS] + what * t[DAYS] + day])
        if what >= t[NEW_FACTS] and a.g[OLD_RULES]:
            value = 0.0
    elif kind == FROM_DATE:
        value = 1.0 if day >= what else 0.0
    elif kind == TERM_OVER:
        since = int64(a.s[e, t[AT_REFERENCE] + t[place + 2]])
        if since >= 0 and day > t[t[DUE] + what * t[DAYS] + since]:
            value = 1.0
    elif kind == BEYOND:
        value = max(float(a.x[e, LEVEL_0 + what]) - 1.0, 0.0)
    elif kind == LOAD:
        value = load(a, int64(what), day)
    elif kind == BELIEF:
        value = float(a.x[e, t[AT_BELIEF] + what])
    return 1.0 - value if t[place + 3] else value


@compiled
def load(a: Arrays, pool: int, day: int) -> float:
    """Return the queue of a pool in working weeks of its capacity (of places: as a share of them)."""
    capacity = a.f[POOL_CAPACITY + pool * a.t[DAYS] + day]
    if not a.t[POOL_PLACES + pool]:
        capacity *= WORKING_DAYS_PER_WEEK
    return float(a.g[POOL_0 + POOL_WIDTH * pool + WAITING] / max(capacity, LEAST_CAPACITY))


@inlined
def weighted(a: Arrays, first: int, last: int, e: int, day: int) -> float:
    """Sum of coefficient times product of factors, over a range of terms."""
    t = a.t
    total = 0.0
    for term in range(first, last):
        product = a.f[TERM_COEFFICIENT + term]
        place = TERM_FACTORS + 2 * term
        for factor in range(int64(t[place]), int64(t[place + 1])):
            product *= sensed(a, int64(t[FAC_CONDITION + factor]), e, day)
            if product == 0.0:
                break
        total += product
    return total


@inlined
def in_force(a: Arrays, model: int, day: int) -> int:
    """Return what holds on a day of a decision model and its later versions."""
    t = a.t
    while (
        t[MODEL_NEXT + model] >= 0
        and day >= t[MODEL_NEXT_FROM + model]
        and not (a.g[OLD_RULES] and t[MODEL_NEW + model])
    ):
        model = int64(t[MODEL_NEXT + model])
    return model


@compiled
def probability(a: Arrays, model: int, e: int, day: int) -> float:
    """Probability of a yes of a decision model for an entity on a day."""
    t = a.t
    model = in_force(a, model, day)
    chance = a.f[MODEL_CHANCE + model * GROUP_ROOM + int64(a.b[e, t[AT_SMALL] + GROUP])]
    if not math.isnan(chance):
        return float(chance)
    place = MODEL_TERMS + 2 * model
    x = a.f[MODEL_CONSTANT + model] + weighted(a, int64(t[place]), int64(t[place + 1]), e, day)
    if t[MODEL_FORM + model] == ADDS_UP:
        return 1.0 - math.exp(-max(x, 0.0))
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def odds(a: Arrays, model: int, e: int, day: int) -> float:
    """Weight of an option in a choice: the odds of its decision; 0 when it is not open to the entity."""
    t = a.t
    place = MODEL_OPEN + 2 * in_force(a, model, day)
    for row in range(int64(t[place]), int64(t[place + 1])):
        if sensed(a, row, e, day) == 0.0:
            return 0.0
    p = probability(a, model, e, day)
    return p / max(1.0 - p, LEAST_CHANCE)


@compiled
def is_chosen(a: Arrays, model: int, choice: int, e: int, day: int) -> bool:
    """Is this option the one that is taken of a choice, in which doing nothing has weight 1?"""
    t = a.t
    place = CHOICES + 2 * choice
    first, last = int64(t[place]), int64(t[place + 1])
    below, own, total = 0.0, 0.0, 1.0
    for option in range(first, last):
        other = int64(t[OPTION_MODEL + option])
        weight = odds(a, other, e, day)
        if other == model:
            below, own = total - 1.0, weight
        total += weight
    point = peek(a, int64(t[MODEL_DRAW + model]), e) * total
    return bool(below <= point < below + own)


@compiled
def all_hold(a: Arrays, first: int, last: int, e: int, day: int) -> bool:
    """Do all conditions of a range hold? A decision asked twice on one occasion has one answer."""
    t = a.t
    for row in range(first, last):
        place = CONDITIONS + 4 * row
        if t[place] == DRAW:
            model = int64(t[place + 1])
            yes = peek(a, int64(t[MODEL_DRAW + model]), e) < probability(a, model, e, day)
            if yes == (t[place + 3] != 0):
                return False
        elif t[place] == CHOICE_OF:
            if is_chosen(a, int64(t[place + 1]), int64(t[place + 2]), e, day) == (t[place + 3] != 0):
                return False
        elif sensed(a, row, e, day) == 0.0:
            return False
    return True


@inlined
def choose(a: Arrays, version: int, e: int, day: int) -> int:
    """Return the first branch of a version of a step whose conditions hold; -1 when none does (a closed gate)."""
    t = a.t
    place = VER_BRANCHES + 2 * version
    for branch in range(int64(t[place]), int64(t[place + 1])):
        conditions = BR_CONDITIONS + 2 * branch
        if all_hold(a, int64(t[conditions]), int64(t[conditions + 1]), e, day):
            return branch
    return -1


@compiled
def hazard_runs(a: Arrays, hazard: int, e: int, day: int) -> bool:
    """Does this hazard run for the entity now: is it in one of its steps, and do its conditions hold?"""
    t = a.t
    return is_at(a, int64(t[HZ_SET + hazard]), int64(t[HZ_SLOT + hazard]), e) and exposed(a, hazard, e, day)


@inlined
def exposed(a: Arrays, hazard: int, e: int, day: int) -> bool:
    """Do the conditions of a hazard hold for one who is in one of its steps?"""
    t = a.t
    place = HZ_CONDITIONS + 2 * hazard
    return all_hold(a, int64(t[place]), int64(t[place + 1]), e, day)


@inlined
def hazard_rate(a: Arrays, hazard: int, e: int, day: int) -> float:
    """Rate per day of a hazard to which the entity is exposed."""
    t = a.t
    place = HZ_TERMS + 2 * hazard
    first, last = int64(t[place]), int64(t[place + 1])
    growth = a.f[HZ_GROWTH + hazard]
    if first == last and growth == 0.0:
        return float(a.f[HZ_RATE + hazard])
    x = weighted(a, first, last, e, day)
    if growth != 0.0:
        step = int64(a.b[e, t[AT_STATE] + t[HZ_SLOT + hazard]])
        since = int64(a.s[e, t[AT_REFERENCE] + t[STEP_REF + step]])
        x += growth * (day - since)
    return float(a.f[HZ_RATE + hazard] * math.exp(x))


@inlined
def spend(rate: float, growth: float, days: float) -> float:
    """Internal time that passes in some days at a rate that grows exponentially."""
    if growth == 0.0:
        return rate * days
    return rate * math.expm1(growth * days) / growth


@inlined
def days_to_spend(amount: float, rate: float, growth: float) -> float:
    """Days in which an amount of internal time passes; infinite when a fading rate never gets there."""
    if amount <= 0.0:
        return 0.0
    if rate <= 0.0:
        return math.inf
    if growth == 0.0:
        return amount / rate
    grown = 1.0 + growth * amount / rate
    return math.log(grown) / growth if grown > 0.0 else math.inf


@inlined
def fresh_clock(a: Arrays, hazard: int, e: int) -> float:
    """Draw the internal time until the next event of a cause: a unit exponential of the person and the cause."""
    number = int64(a.t[HZ_DRAW + hazard])
    u = peek(a, number, e)
    use_up(a, number, e)
    return exponential(u)
