"""Who knows whom, compiled: pairs of people who share a circle and came within some days of each other.

Written in the part of Python of the kernel (``sim.engine.kernel``). People lie in the order of their arrival, so that
those of a circle who came soon after a person follow within it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents import numbers
from sim.engine.columns import NEVER, Floats, Ints
from sim.engine.compiled import compiled, int64, outermost
from sim.engine.draws import chain, uniform
from sim.engine.pinned import pinned

IN_CENTRE, ON_ROUTE, IN_NETWORK, KIND_COUNT = range(4)
"""Kinds of contact, the first of which two people have counts."""
PAIRS, PAIRS_FULL, CONTACTS, METER_COUNT = range(4)
"""Of ``meter``: pairs found; 1: there was no space for all; contacts, both ways."""
OTHER_NATIONALITIES: Final = numbers.NATIONALITIES - 1
"""The group of all others, in which several languages are spoken."""


class Meetings(NamedTuple):
    """Everything that the making of contacts reads and writes; P persons."""

    # The people: see ``sim.agents.people``
    number: Floats
    question: NDArray[np.uint64]
    key: NDArray[np.uint64]  # [P]
    group: NDArray[np.uint8]  # [P]
    network: Ints  # [P]
    arrival: NDArray[np.int16]  # [P]
    # Where they live, which language they speak, by which journey they came
    site: Ints  # [P]
    language: Ints  # [P]
    journey: Ints  # [P]
    # Scratch
    circle: Ints  # [P] number of the circle of a kind; -1: none
    circle_start: Ints  # [circles + 1]
    in_circle: Ints  # [P] rows by circle, then by arrival
    pair: Ints  # [pairs, 3] two rows and the kind
    link_start: Ints  # [P + 1]
    link: Ints  # [2 pairs] number of the pair
    meter: NDArray[np.int64]  # [METER_COUNT]
    # The contacts, by person
    contact_start: Ints  # [P + 1]
    contact: Ints  # [2 pairs]
    contact_kind: NDArray[np.uint8]  # [2 pairs]


@outermost
def make_meetings(a: Meetings) -> int:
    """Draw who knows whom; return the number of contacts, or minus the number of pairs where they have no space."""
    a = pinned(a)
    settle_people(a)
    a.meter[PAIRS] = 0
    for kind in range(KIND_COUNT):
        number_circles(a, kind)
        meet(a, kind)
    if int64(a.meter[PAIRS]) > int64(a.pair.shape[0]):
        return -int64(a.meter[PAIRS])
    list_contacts(a)
    return int64(a.meter[CONTACTS])


@compiled
def one_of(a: Meetings, row: int, question: int, count: int) -> int:
    """Draw a number below ``count``, all equally likely."""
    return int64(uniform(a.key[row], a.question[question], 0) * float(count))


@compiled
def count_of(a: Meetings, number: int) -> int:
    """Return a parameter as a whole number."""
    whole = int64(a.number[number])
    rest = a.number[number] - float(whole)
    # A half goes to the even number, as in Python.
    if rest > 0.5 or (rest == 0.5 and whole & 1):
        return whole + 1
    return whole


@compiled
def settle_people(a: Meetings) -> None:
    """Draw the reception site, the language and the journey of everybody."""
    sites, languages = count_of(a, numbers.SITES), count_of(a, numbers.LANGUAGES)
    journeys = count_of(a, numbers.JOURNEYS)
    for row in range(int64(a.key.shape[0])):
        a.site[row] = one_of(a, row, numbers.ASKS_SITE, sites)
        a.journey[row] = one_of(a, row, numbers.ASKS_JOURNEY, journeys)
        a.language[row] = a.group[row]
        if a.group[row] == OTHER_NATIONALITIES:
            a.language[row] = a.group[row] + numbers.NATIONALITIES * one_of(a, row, numbers.ASKS_LANGUAGE, languages)


@compiled
def number_circles(a: Meetings, kind: int) -> None:
    """Number the circles of a kind, and list the people of each by arrival."""
    persons = int64(a.key.shape[0])
    circles = int64(a.circle_start.shape[0]) - 1
    for circle in range(circles + 1):
        a.circle_start[circle] = 0
    for row in range(persons):
        circle = int64(-1)
        if a.arrival[row] < NEVER:
            if kind == IN_CENTRE:
                circle = a.language[row] * count_of(a, numbers.SITES) + a.site[row]
            elif kind == ON_ROUTE:
                circle = a.language[row] * count_of(a, numbers.JOURNEYS) + a.journey[row]
            elif a.network[row] >= 0:
                circle = a.network[row] - persons
        a.circle[row] = circle
        if circle >= 0:
            a.circle_start[circle + 1] += 1
    for circle in range(circles):
        a.circle_start[circle + 1] += a.circle_start[circle]
    for row in range(persons):
        circle = int64(a.circle[row])
        if circle >= 0:
            a.in_circle[a.circle_start[circle]] = row
            a.circle_start[circle] += 1


@compiled
def meet(a: Meetings, kind: int) -> None:
    """Draw which pairs of a circle who came within some days of each other know each other."""
    apart = count_of(a, numbers.DAYS_APART_IN_NETWORK if kind == IN_NETWORK else numbers.DAYS_APART)
    known = a.number[numbers.KNOWN_IN_CENTRE + kind]
    circles = int64(a.circle_start.shape[0]) - 1
    # After the listing each circle's place is that of its end.
    listed = int64(a.circle_start[circles - 1])
    for place in range(listed):
        first = int64(a.in_circle[place])
        later = place + 1
        while later < listed:
            second = int64(a.in_circle[later])
            if a.circle[second] != a.circle[first] or a.arrival[second] > a.arrival[first] + apart:
                break
            low, high = min(a.key[first], a.key[second]), max(a.key[first], a.key[second])
            if uniform(chain(low, high), a.question[numbers.ASKS_CENTRE_CONTACT + kind], 0) < known:
                add_pair(a, first, second, kind)
            later += 1


@compiled
def add_pair(a: Meetings, first: int, second: int, kind: int) -> None:
    """Note that two people know each other; without space they are only counted."""
    place = int64(a.meter[PAIRS])
    a.meter[PAIRS] += 1
    if place < int64(a.pair.shape[0]):
        a.pair[place, 0] = first
        a.pair[place, 1] = second
        a.pair[place, 2] = kind


@compiled
def list_contacts(a: Meetings) -> None:
    """List the contacts of each person by row, once each, by the first kind."""
    persons, pairs = int64(a.key.shape[0]), int64(a.meter[PAIRS])
    for row in range(persons + 1):
        a.link_start[row] = 0
    for pair in range(pairs):
        a.link_start[a.pair[pair, 0] + 1] += 1
        a.link_start[a.pair[pair, 1] + 1] += 1
    for row in range(persons):
        a.link_start[row + 1] += a.link_start[row]
        a.circle[row] = a.link_start[row]
        a.contact_start[row] = a.link_start[row]
    # By one side of the pair first, in the order of kinds ...
    for pair in range(pairs):
        for side in range(2):
            row = int64(a.pair[pair, side])
            a.link[a.circle[row]] = pair
            a.circle[row] += 1
    # ... then by the other side, so that the contacts of each are in the order of rows, and of kinds.
    for row in range(persons):
        a.circle[row] = a.link_start[row]
    for other in range(persons):
        for place in range(int64(a.link_start[other]), int64(a.link_start[other + 1])):
            pair = int64(a.link[place])
            row = int64(a.pair[pair, 0]) + int64(a.pair[pair, 1]) - other
            end = int64(a.circle[row])
            if end == a.link_start[row] or a.contact[end - 1] != other:
                a.contact[end] = other
                a.contact_kind[end] = a.pair[pair, 2]
                a.circle[row] = end + 1
    close_gaps(a)


@compiled
def close_gaps(a: Meetings) -> None:
    """Move the contacts of each person up to those of the person before."""
    end = int64(0)
    for row in range(int64(a.key.shape[0])):
        first, last = int64(a.link_start[row]), int64(a.circle[row])
        a.contact_start[row] = end
        for place in range(first, last):
            a.contact[end] = a.contact[place]
            a.contact_kind[end] = a.contact_kind[place]
            end += 1
    a.contact_start[int64(a.key.shape[0])] = end
    a.meter[CONTACTS] = end
