"""What people and authorities sense and decide, as small compiled functions over the tables.

A condition looks at one person (or network) on one day; a probability is a chance, a chance by group or a logit; a rate
is a yearly rate times a ratio for each factor. The coefficients are data: see ``behaviour.toml``. In all functions
``a`` is the tuple of arrays (``sim.engine.layout.Arrays``), ``e`` the row of an entity, ``day`` the index of the day.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine import columns, layout
from sim.engine.access import capacity_on, end_of, first_of, on_day
from sim.engine.compiled import compiled, inlined, int64
from sim.engine.draws import exponential, uniform
from sim.engine.elementary import exp, expm1, log
from sim.engine.layout import Arrays

(
    FLAG,
    AT,
    TERM_OVER,
    FROM_DATE,
    LEVEL,
    AT_LEAST,
    ENVIRONMENT,
    DRAW,
    CHOICE_OF,
    BEYOND,
    LOAD,
    BELIEF,
    EVER,
    FLAG_DURING,
) = range(14)
"""Kinds of condition and factor. See ``sensed``, and ``all_hold`` for draws."""
WORKING_DAYS_PER_WEEK = 5.0
LEAST_CHANCE = 1e-12
LEAST_CAPACITY = 1e-3
"""Smallest capacity in cases a day, so that the load of a queue without servers is long but finite."""


@inlined
def is_at(a: Arrays, number: int, slot: int, e: int) -> bool:
    """Return whether the entity is in a step of a set; ``slot`` negative: minus the bits of the tracks to look at."""
    row = columns.SETS + number * columns.MOST_STEPS
    if slot >= 0:
        return bool(a.t[row + int64(a.step[e, slot])])
    other, bits = int64(0), -slot
    while bits:
        if bits & 1 and a.t[row + int64(a.step[e, other])]:
            return True
        bits >>= 1
        other += 1
    return False


@inlined
def place_of_draw(a: Arrays, number: int) -> int:
    """Return the index of the count of uses of a draw in a row; persons and networks have their own draws there."""
    networks = int64(a.t[columns.NETWORK_DRAWS])
    return number - networks if number >= networks else number


@inlined
def place_of_clock(a: Arrays, hazard: int) -> int:
    """Return the index of the internal time left of a hazard in a row; persons and networks have their own there."""
    networks = int64(a.t[columns.NETWORK_HAZARDS])
    return hazard - networks if hazard >= networks else hazard


@inlined
def peek(a: Arrays, number: int, e: int) -> float:
    """Return the present draw of an entity by the number of the draw, without consuming it."""
    return uniform(a.key[e, layout.KEY], a.u[number], int64(a.used[e, place_of_draw(a, number)]))


@inlined
def use_up(a: Arrays, number: int, e: int) -> None:
    """Move an entity on to the next occurrence of a draw."""
    place = place_of_draw(a, number)
    if a.used[e, place] < 255:
        a.used[e, place] += np.uint8(1)


@inlined
def sensed(a: Arrays, row: int, e: int, day: int) -> float:
    """Return the value of a condition that needs no draw: a level, or 1 and 0 for true and false."""
    t = a.t
    place = columns.CONDITIONS + columns.CONDITION_PARTS * row
    kind, what = t[place + columns.KIND], t[place + columns.WHAT]
    value = 0.0
    if kind == FLAG:
        value = 1.0 if a.trait[e, layout.FLAGS] & what else 0.0
    elif kind == EVER:
        value = 1.0 if a.trait[e, layout.EVER_ENTERED] & what else 0.0
    elif kind == AT:
        value = 1.0 if is_at(a, int64(what), int64(t[place + columns.WHERE]), e) else 0.0
    elif kind == LEVEL:
        value = float(a.level[e, what])
    elif kind == AT_LEAST:
        value = 1.0 if a.level[e, what] >= a.f[columns.THRESHOLDS + t[place + columns.WHERE]] else 0.0
    elif kind == ENVIRONMENT:
        value = float(on_day(a, columns.ENVIRONMENTS, int64(what), day))
        if what >= t[columns.NEW_FACTS] and a.counter[layout.OLD_RULES]:
            value = 0.0
    elif kind == FLAG_DURING:
        if a.trait[e, layout.FLAGS] & what:
            value = float(on_day(a, columns.ENVIRONMENTS, int64(t[place + columns.WHERE]), day))
    elif kind == FROM_DATE:
        value = 1.0 if day >= what else 0.0
    elif kind == TERM_OVER:
        since = int64(a.entered[e, t[place + columns.WHERE]])
        if since >= 0 and day > on_day(a, columns.DUE, int64(what), since):
            value = 1.0
    elif kind == BEYOND:
        value = max(float(a.level[e, what]) - 1.0, 0.0)
    elif kind == LOAD:
        value = load(a, int64(what), day)
    elif kind == BELIEF:
        value = float(a.belief[e, what])
    return 1.0 - value if t[place + columns.NEGATED] else value


@compiled
def load(a: Arrays, pool: int, day: int) -> float:
    """Return the queue of a pool in working weeks of its capacity (of places: as a share of them)."""
    capacity = capacity_on(a, pool, day)
    if not a.t[columns.POOL_PLACES + pool]:
        capacity *= WORKING_DAYS_PER_WEEK
    return float(a.queue[pool, layout.WAITING] / max(capacity, LEAST_CAPACITY))


@inlined
def weighted(a: Arrays, column: int, number: int, e: int, day: int) -> float:
    """Return the sum of coefficient times product of factors, over a range of terms."""
    total = 0.0
    for term in range(first_of(a, column, number), end_of(a, column, number)):
        product = a.f[columns.TERM_COEFFICIENT + term]
        for factor in range(first_of(a, columns.TERM_FACTORS, term), end_of(a, columns.TERM_FACTORS, term)):
            product *= sensed(a, int64(a.t[columns.FAC_CONDITION + factor]), e, day)
            if product == 0.0:
                break
        total += product
    return total


@inlined
def in_force(a: Arrays, model: int, day: int) -> int:
    """Return the version of a decision model that is in force on a day."""
    t = a.t
    while (
        t[columns.MODEL_NEXT + model] >= 0
        and day >= t[columns.MODEL_NEXT_FROM + model]
        and not (a.counter[layout.OLD_RULES] and t[columns.MODEL_NEW + model])
    ):
        model = int64(t[columns.MODEL_NEXT + model])
    return model


@compiled
def probability(a: Arrays, model: int, e: int, day: int) -> float:
    """Return the probability of a yes of a decision model for an entity on a day."""
    model = in_force(a, model, day)
    chance = a.f[columns.MODEL_CHANCE + model * columns.MOST_GROUPS + int64(a.small[e, layout.GROUP])]
    if not math.isnan(chance):
        return float(chance)
    x = a.f[columns.MODEL_CONSTANT + model] + weighted(a, columns.MODEL_TERMS, model, e, day)
    if a.t[columns.MODEL_FORM + model] == columns.ADDS_UP:
        return 1.0 - exp(-max(x, 0.0))
    return 1.0 / (1.0 + exp(-x))


@compiled
def odds(a: Arrays, model: int, e: int, day: int) -> float:
    """Return the weight of an option in a choice: the odds of its decision; 0 where the option is closed."""
    now = in_force(a, model, day)
    for row in range(first_of(a, columns.MODEL_OPEN, now), end_of(a, columns.MODEL_OPEN, now)):
        if sensed(a, row, e, day) == 0.0:
            return 0.0
    p = probability(a, model, e, day)
    return p / max(1.0 - p, LEAST_CHANCE)


@compiled
def is_chosen(a: Arrays, model: int, choice: int, e: int, day: int) -> bool:
    """Return whether an entity takes this option of a choice, in which doing nothing has weight 1."""
    t = a.t
    below, own, total = 0.0, 0.0, 1.0
    for option in range(first_of(a, columns.CHOICES, choice), end_of(a, columns.CHOICES, choice)):
        other = int64(t[columns.OPTION_MODEL + option])
        weight = odds(a, other, e, day)
        if other == model:
            below, own = total - 1.0, weight
        total += weight
    point = peek(a, int64(t[columns.MODEL_DRAW + model]), e) * total
    return bool(below <= point < below + own)


@compiled
def all_hold(a: Arrays, column: int, number: int, e: int, day: int) -> bool:
    """Return whether all conditions of a range hold; a decision asked twice on one occasion has one answer."""
    t = a.t
    for row in range(first_of(a, column, number), end_of(a, column, number)):
        place = columns.CONDITIONS + columns.CONDITION_PARTS * row
        kind, what, negated = t[place + columns.KIND], int64(t[place + columns.WHAT]), t[place + columns.NEGATED] != 0
        if kind == DRAW:
            yes = peek(a, int64(t[columns.MODEL_DRAW + what]), e) < probability(a, what, e, day)
            if yes == negated:
                return False
        elif kind == CHOICE_OF:
            if is_chosen(a, what, int64(t[place + columns.WHERE]), e, day) == negated:
                return False
        elif sensed(a, row, e, day) == 0.0:
            return False
    return True


@inlined
def choose(a: Arrays, version: int, e: int, day: int) -> int:
    """Return the first branch of a version of a step whose conditions hold; -1 when none does (a closed gate)."""
    for branch in range(first_of(a, columns.VER_BRANCHES, version), end_of(a, columns.VER_BRANCHES, version)):
        if all_hold(a, columns.BR_CONDITIONS, branch, e, day):
            return branch
    return -1


@compiled
def hazard_runs(a: Arrays, hazard: int, e: int, day: int) -> bool:
    """Return whether this hazard runs for the entity now: it is in a step of the hazard, and the conditions hold."""
    steps, slot = int64(a.t[columns.HZ_SET + hazard]), int64(a.t[columns.HZ_SLOT + hazard])
    return is_at(a, steps, slot, e) and exposed(a, hazard, e, day)


@inlined
def exposed(a: Arrays, hazard: int, e: int, day: int) -> bool:
    """Return whether the conditions of a hazard hold for an entity that is in one of its steps."""
    return all_hold(a, columns.HZ_CONDITIONS, hazard, e, day)


@inlined
def pace(a: Arrays, hazard: int, e: int, since: int, day: int) -> float:
    """Return the logarithm of the ratio of a hazard to its base rate, for an entity that is exposed to it today.

    Of a hazard that grows, or fades, by the days since a step was entered: as it was on day ``since``.
    """
    t = a.t
    x = weighted(a, columns.HZ_TERMS, hazard, e, day)
    growth = a.f[columns.HZ_GROWTH + hazard]
    if growth != 0.0:
        step = int64(a.step[e, t[columns.HZ_SLOT + hazard]])
        x += growth * (since - int64(a.entered[e, t[columns.STEP_REF + step]]))
    return x


@inlined
def spend(rate: float, growth: float, days: float) -> float:
    """Return the internal time that passes in some days at a rate that grows exponentially."""
    if growth == 0.0:
        return rate * days
    return rate * expm1(growth * days) / growth


@inlined
def days_to_spend(amount: float, rate: float, growth: float) -> float:
    """Return the days until an amount of internal time has passed; infinite when a fading rate never reaches it."""
    if amount <= 0.0:
        return 0.0
    if rate <= 0.0:
        return math.inf
    if growth == 0.0:
        return amount / rate
    grown = 1.0 + growth * amount / rate
    return log(grown) / growth if grown > 0.0 else math.inf


@inlined
def fresh_clock(a: Arrays, hazard: int, e: int) -> float:
    """Return the internal time until the next event of a cause: a unit exponential of the person and the cause."""
    number = int64(a.t[columns.HZ_DRAW + hazard])
    u = peek(a, number, e)
    use_up(a, number, e)
    return exponential(u)
