"""The people and the networks of one replicate, compiled: day of arrival, traits, network, in the order of the rows.

Written in the part of Python of the kernel (``sim.engine.kernel``). Each draw belongs to the candidate, so that the
order in which people are made does not matter; they are made in the order of their rows, and each is written once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents import numbers
from sim.agents.candidates import BY_RULE, HIDDEN, PERHAPS_DRAWN
from sim.engine.columns import NEVER, Floats, Ints
from sim.engine.compiled import compiled, inlined, int64, outermost
from sim.engine.draws import CENTRAL_ERROR, TAIL, central, chain, normal, uniform
from sim.engine.elementary import exp, log
from sim.engine.pinned import pinned
from sim.procedures.traits import FLAG_BIT, FORMS, GROUPS, LEVEL_INDEX, RECEIVING

LEAST_MEDIAN: Final = 1e-4
"""Medians of levels lie between this and one minus this, since the logit of 0 and 1 is infinite."""
LEAST_MARGIN: Final = 1e-12
"""Of a rough level, in parts of it: more than all that is lost by rounding."""
VICTIM: Final = FLAG_BIT["victim"]
WOMEN: Final = FLAG_BIT["women"]
MINOR: Final = FLAG_BIT["minor"]
ASKS_ASYLUM: Final = FLAG_BIT["asks_asylum"]
DUBLIN: Final = FLAG_BIT["dublin_indicator"]
EURODAC: Final = FLAG_BIT["eurodac_hit"]
STRATEGIC: Final = FLAG_BIT["strategic"]
EXPLOITED_NL: Final = FLAG_BIT["exploited_nl"]
EXPLOITED_EU: Final = FLAG_BIT["exploited_eu"]
EXPLOITED_OUTSIDE: Final = FLAG_BIT["exploited_outside"]
BY_OBJECT: Final = FLAG_BIT["control_object"]
BY_VEHICLE: Final = FLAG_BIT["control_vehicle"]
BY_PERSON: Final = FLAG_BIT["control_person"]
DRAWN_BY_RULE: Final = FLAG_BIT["drawn_by_rule"]
FIRST_GROUP: Final = FLAG_BIT[GROUPS[0]]
FIRST_FORM: Final = FLAG_BIT[FORMS[0]]
FIRST_RECEIVING: Final = FLAG_BIT[RECEIVING[0]]
LAST_FORM: Final = len(FORMS) - 1
OTHERS: Final = len(GROUPS) - 1
"""Number of the group of all other nationalities."""
LEVEL_FEAR: Final = LEVEL_INDEX["fear"]
LEVEL_TRUST: Final = LEVEL_INDEX["trust"]
LEVEL_TRAUMA: Final = LEVEL_INDEX["trauma"]
LEVEL_KNOWLEDGE: Final = LEVEL_INDEX["knowledge"]
LEVEL_DEBT: Final = LEVEL_INDEX["debt"]
LEVEL_PROTECT_OTHERS: Final = LEVEL_INDEX["protect_others"]
LEVEL_RETRIBUTION: Final = LEVEL_INDEX["retribution"]


class People(NamedTuple):
    """Everything that the making of people reads and writes; C candidates, N rows, M cells of traffickers."""

    # Who might come
    name: NDArray[np.uint64]  # [C] hashed name
    nationality: NDArray[np.uint8]  # [C]
    kind: NDArray[np.uint8]  # [C] of flow: see ``sim.agents.candidates``
    month_start: Ints  # [C] first day of the month in which they come
    month_days: Ints  # [C]
    by_name: Ints  # [C] candidates in the order of their hashed names
    # What decides
    number: Floats  # values of ``sim.agents.numbers.NAMES``
    logit: Floats  # of the same, where they are medians of levels
    question: NDArray[np.uint64]  # hashed names of ``sim.agents.numbers.QUESTIONS``
    cell_first: Ints  # [groups + 1] the cells of group g are cell_first[g] .. cell_first[g + 1] - 1
    cell_name: NDArray[np.uint64]  # [M]
    network_name: NDArray[np.uint64]  # [M] of the networks of a group, by number; as many as it has cells at most
    # Scratch
    comes: NDArray[np.int16]  # [C] day of arrival
    first_of_day: Ints  # [days + 2] the first row of those who come on a day
    network_of_cell: Ints  # [M]
    place: Ints  # [M + 1] of the next member of a network
    # The rows: persons, then networks
    order: Ints  # [C] candidate of each row
    key: NDArray[np.uint64]  # [C + M]
    flags: Ints  # [C + M] bits
    level: NDArray[np.float32]  # [C + M, LEVELS]
    group: NDArray[np.uint8]  # [C + M]
    network: Ints  # [C + M] row of the network of a person; -1: none
    arrival: NDArray[np.int16]  # [C + M]
    member_start: Ints  # [M + 1]
    member: Ints  # [C]
    works_in: NDArray[np.uint8]  # [M] nationality group of a network


@outermost
def make_people(a: People, root: np.uint64, last_day: int) -> int:
    """Make the people and the networks of the replicate with this key; return the number of networks.

    Parameters
    ----------
    a
        The arrays; the rows are written.
    root
        Key of the replicate.
    last_day
        Who would come after this day never comes.
    """
    a = pinned(a)
    for place in range(int64(a.number.shape[0])):
        a.logit[place] = logit_of(a.number[place])
    networks = make_networks(a, root)
    order_by_arrival(a, root, last_day)
    for row in range(int64(a.name.shape[0])):
        make_person(a, root, row)
    list_members(a, networks)
    return networks


@inlined
def logit_of(share: float) -> float:
    """Return the logit of a median, which is kept away from 0 and 1."""
    inside = min(max(share, LEAST_MEDIAN), 1.0 - LEAST_MEDIAN)
    return log(inside / (1.0 - inside))


@compiled
def make_networks(a: People, root: np.uint64) -> int:
    """Join the cells of each group into networks and write their rows; return how many there are.

    A cell is linked to an earlier one or to none, so that a network is a tree whose first cell is not linked.
    """
    persons = int64(a.name.shape[0])
    chance = min(a.number[numbers.LINKS], 1.0)
    networks = int64(0)
    for group in range(numbers.NATIONALITIES):
        first = int64(a.cell_first[group])
        before = networks
        for cell in range(first, int64(a.cell_first[group + 1])):
            key = chain(root, a.cell_name[cell])
            number = cell - first
            if number > 0 and uniform(key, a.question[numbers.ASKS_LINKED], 0) < chance:
                to = int64(uniform(key, a.question[numbers.ASKS_LINKED_TO], 0) * float(number))
                a.network_of_cell[cell] = a.network_of_cell[first + min(to, number - 1)]
            else:
                row = persons + networks
                a.network_of_cell[cell] = networks
                a.key[row] = chain(root, a.network_name[first + networks - before])
                a.flags[row] = 0
                a.group[row] = 0
                a.works_in[networks] = group
                a.network[row] = -1
                a.arrival[row] = NEVER
                for level in range(int64(a.level.shape[1])):
                    a.level[row, level] = 0.0
                networks += 1
    return networks


@compiled
def order_by_arrival(a: People, root: np.uint64, last_day: int) -> None:
    """Write the candidates in the order of their day of arrival, then of their hashed names."""
    count = int64(a.name.shape[0])
    for day in range(last_day + 3):
        a.first_of_day[day] = 0
    for candidate in range(count):
        u = uniform(chain(root, a.name[candidate]), a.question[numbers.ASKS_DAY], 0)
        day = int64(a.month_start[candidate]) + int64(u * float(a.month_days[candidate]))
        if day < 0 or day > last_day:
            a.comes[candidate] = NEVER
            day = last_day + 1
        else:
            a.comes[candidate] = day
        a.first_of_day[day + 1] += 1
    for day in range(last_day + 1):
        a.first_of_day[day + 1] += a.first_of_day[day]
    for place in range(count):
        candidate = int64(a.by_name[place])
        day = min(int64(a.comes[candidate]), last_day + 1)
        a.order[a.first_of_day[day]] = candidate
        a.first_of_day[day] += 1


@compiled
def make_person(a: People, root: np.uint64, row: int) -> None:
    """Draw the traits of the person of a row."""
    candidate = int64(a.order[row])
    key = chain(root, a.name[candidate])
    group = int64(a.nationality[candidate])
    bits = flags_of(a, key, group, int64(a.kind[candidate]))
    a.key[row] = key
    a.flags[row] = bits
    a.group[row] = group
    a.arrival[row] = a.comes[candidate]
    a.network[row] = -1
    if bits & VICTIM:
        a.network[row] = network_of(a, key, group)
    draw_levels(a, key, group, bits, row)


@compiled
def flags_of(a: People, key: np.uint64, group: int, kind: int) -> int:
    """Return the yes-or-no traits of a person as bits."""
    hidden = kind == HIDDEN
    bits = FIRST_GROUP << group
    if not hidden:
        bits |= ASKS_ASYLUM
    if kind == BY_RULE:
        bits |= DRAWN_BY_RULE
    if hidden or uniform(key, a.question[numbers.ASKS_VICTIM], 0) < a.number[numbers.VICTIM_SHARE + group]:
        bits |= victim_bits(a, key, group, hidden)
    if uniform(key, a.question[numbers.ASKS_SEX], 0) < a.number[numbers.WOMEN_SHARE + group]:
        bits |= WOMEN
    if uniform(key, a.question[numbers.ASKS_MINOR], 0) < a.number[numbers.MINOR_SHARE + group]:
        bits |= MINOR
    known = uniform(key, a.question[numbers.ASKS_DUBLIN], 0) < a.number[numbers.DUBLIN_SHARE + group]
    if known or kind == BY_RULE:
        bits |= DUBLIN | (FIRST_RECEIVING << receiving_of(a, key, group))
        if not hidden:
            if uniform(key, a.question[numbers.ASKS_EURODAC], 0) < a.number[numbers.EURODAC_SHARE]:
                bits |= EURODAC
            strategic = uniform(key, a.question[numbers.ASKS_STRATEGIC], 0) < a.number[numbers.STRATEGIC_SHARE]
            if strategic and not bits & VICTIM:
                bits |= STRATEGIC
            if kind == PERHAPS_DRAWN:
                share = a.number[numbers.DRAWN_OTHER if group == OTHERS else numbers.DRAWN_ON_THE_ROUTE]
                if uniform(key, a.question[numbers.ASKS_DRAWN], 0) < share:
                    bits |= DRAWN_BY_RULE
    return bits


@compiled
def victim_bits(a: People, key: np.uint64, group: int, hidden: bool) -> int:
    """Return the traits of a victim as bits: where and how exploited, and how controlled."""
    bits = int64(VICTIM)
    u = uniform(key, a.question[numbers.ASKS_PLACE], 0)
    if hidden or u < a.number[numbers.NL_SHARE]:
        bits |= EXPLOITED_NL
    elif u < a.number[numbers.NL_SHARE] + a.number[numbers.EU_SHARE]:
        bits |= EXPLOITED_EU
    else:
        bits |= EXPLOITED_OUTSIDE
    u = uniform(key, a.question[numbers.ASKS_STYLE], 0)
    if u < a.number[numbers.VEHICLE_SHARE]:
        bits |= BY_VEHICLE
    elif u < a.number[numbers.VEHICLE_SHARE] + a.number[numbers.PERSON_SHARE]:
        bits |= BY_PERSON
    else:
        bits |= BY_OBJECT
    u, edge, form = uniform(key, a.question[numbers.ASKS_FORM], 0), 0.0, int64(0)
    for other in range(LAST_FORM):
        edge += a.number[numbers.FORM_SHARES + other * numbers.NATIONALITIES + group]
        if u >= edge:
            form += 1
    return bits | (FIRST_FORM << form)


@compiled
def receiving_of(a: People, key: np.uint64, group: int) -> int:
    """Draw the state to which the registration of a person points, by its number."""
    u = uniform(key, a.question[numbers.ASKS_RECEIVING], 0)
    edge = a.number[numbers.ITALY_SHARE + group]
    rest = 1.0 - edge
    state = int64(0)
    if u >= edge:
        state += 1
    for other in range(numbers.GERMANY_SHARE, numbers.SPAIN_SHARE + 1):
        edge += rest * a.number[other]
        if u >= edge:
            state += 1
    return state


@compiled
def network_of(a: People, key: np.uint64, group: int) -> int:
    """Draw the cell that controls a victim, early cells more often; return the row of its network, -1 without any."""
    first = int64(a.cell_first[group])
    size = int64(a.cell_first[group + 1]) - first
    if size == 0:
        return -1
    u = uniform(key, a.question[numbers.ASKS_CELL], 0)
    # With almost no skew the power of a draw can be 1.
    cell = min(int64(exp(a.number[numbers.SIZE_SKEW] * log(u)) * float(size)), size - 1)
    return int64(a.name.shape[0]) + int64(a.network_of_cell[first + cell])


@compiled
def draw_levels(a: People, key: np.uint64, group: int, bits: int, row: int) -> None:
    """Draw the traits of a person on a scale; medians depend on what the person is."""
    fear, trust = numbers.FEAR_OTHERWISE, numbers.TRUST_OTHERWISE
    trauma, debt = numbers.TRAUMA_OTHERWISE, numbers.DEBT_OTHERWISE
    if bits & VICTIM:
        fear = numbers.FEAR_OBJECT
        if bits & BY_VEHICLE:
            fear = numbers.FEAR_VEHICLE
        elif bits & BY_PERSON:
            fear = numbers.FEAR_PERSON
        trust = numbers.TRUST
        trauma = numbers.TRAUMA_WOMEN if bits & WOMEN else numbers.TRAUMA_MEN
        debt = numbers.DEBT + group
    draw_level(a, key, row, LEVEL_FEAR, numbers.ASKS_FEAR, fear)
    draw_level(a, key, row, LEVEL_TRUST, numbers.ASKS_TRUST, trust)
    draw_level(a, key, row, LEVEL_TRAUMA, numbers.ASKS_TRAUMA, trauma)
    draw_level(a, key, row, LEVEL_KNOWLEDGE, numbers.ASKS_KNOWLEDGE, numbers.KNOWLEDGE)
    draw_level(a, key, row, LEVEL_DEBT, numbers.ASKS_DEBT, debt)
    draw_level(a, key, row, LEVEL_PROTECT_OTHERS, numbers.ASKS_PROTECT_OTHERS, numbers.PROTECT_OTHERS)
    draw_level(a, key, row, LEVEL_RETRIBUTION, numbers.ASKS_RETRIBUTION, numbers.RETRIBUTION)


@compiled
def draw_level(a: People, key: np.uint64, row: int, level: int, question: int, median: int) -> None:
    """Draw a logit-normal level around a median."""
    u = uniform(key, a.question[question], 0)
    if not is_level_known(a, row, level, median, u):
        a.level[row, level] = logistic(a.logit[median] + a.number[numbers.SPREAD] * normal(u))


@inlined
def is_level_known(a: People, row: int, level: int, median: int, u: float) -> bool:
    """Write a level if a rough normal gives all bits of it, as nearly always, in less time. Return whether it does."""
    if u < TAIL or u > 1.0 - TAIL:
        return False
    spread, x = a.number[numbers.SPREAD], central(u)
    rough = logistic(a.logit[median] + spread * x)
    # The slope of the logistic function is less than its value.
    margin = rough * (spread * CENTRAL_ERROR * max(x, -x) + LEAST_MARGIN)
    a.level[row, level] = rough - margin
    low = float(a.level[row, level])
    a.level[row, level] = rough + margin
    return bool(float(a.level[row, level]) == low)


@inlined
def logistic(x: float) -> float:
    """Return the chance of which x is the logit."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def list_members(a: People, networks: int) -> None:
    """List the members of each network, by row."""
    persons = int64(a.name.shape[0])
    for network in range(networks + 1):
        a.member_start[network] = 0
    for row in range(persons):
        if a.network[row] >= 0:
            a.member_start[a.network[row] - persons + 1] += 1
    for network in range(networks):
        a.member_start[network + 1] += a.member_start[network]
        a.place[network] = a.member_start[network]
    for row in range(persons):
        if a.network[row] >= 0:
            network = int64(a.network[row]) - persons
            a.member[a.place[network]] = row
            a.place[network] += 1
