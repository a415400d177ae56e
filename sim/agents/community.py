"""Who hears what from whom: people who live in one place and speak one language, came by one route, or share a network.

Two people can know each other when they arrived within some days of each other and share a circle: a reception site
and a language, a journey, a network. A draw of the two decides if they do, so that one person more changes no contact
between others. Contacts are drawn once for each replicate and stay. Nationality groups represent language and route;
the group of all others is split into languages at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import NEVER
from sim.engine.draws import chain_pairs, name_key, uniforms
from sim.procedures.traits import GROUPS

if TYPE_CHECKING:
    import networkx as nx

    from sim.evidence.parameters import Parameters

KINDS: Final = ("same centre and language", "same route", "same network")
"""Kinds of contact; the number of a kind is its position in this list."""
Ints = NDArray[np.int32]
Rows = NDArray[np.int64]
MANY: Final = 1_000
"""More than there are sites or journeys, to number circles."""


@dataclass(frozen=True)
class Contacts:
    """Who knows whom, both ways.

    Attributes
    ----------
    start, other, kind
        The contacts of person ``i`` are ``other[start[i]:start[i + 1]]``, and of which kind (a place in ``KINDS``);
        ``int32[persons + 1]``, ``int32[contacts]``, ``uint8[contacts]``.
    site, language
        Reception site and number of the language of each person, ``int32[persons]``.
    """

    start: Ints
    other: Ints
    kind: NDArray[np.uint8]
    site: Ints
    language: Ints

    def of(self, person: int) -> dict[int, str]:
        """Return the contacts of a person by row, and how they know each other."""
        rows = range(self.start[person], self.start[person + 1])
        return {int(self.other[row]): KINDS[self.kind[row]] for row in rows}

    def graph(self) -> nx.Graph:
        """Return the contacts as a networkx graph of rows; edges have a ``kind``."""
        import networkx as nx

        graph = nx.Graph()
        graph.add_nodes_from(range(self.start.size - 1))
        teller = np.repeat(np.arange(self.start.size - 1), np.diff(self.start))
        once = teller < self.other
        edges = zip(teller[once].tolist(), self.other[once].tolist(), self.kind[once].tolist(), strict=True)
        graph.add_edges_from((a, b, {"kind": KINDS[kind]}) for a, b, kind in edges)
        return graph


def language_name(language: int) -> str:
    """Return the name of a language by its number: that of the nationality group, with a number for the others."""
    group, number = GROUPS[language % len(GROUPS)], language // len(GROUPS)
    return f"{group}-{number + 1}" if group == GROUPS[-1] else group


def contacts_of(
    key: NDArray[np.uint64], group: NDArray[np.uint8], network: Ints, arrival: NDArray[np.int16], parameters: Parameters
) -> Contacts:
    """Make the contacts of all persons of a replicate.

    Parameters
    ----------
    key, group, network, arrival
        Of each person: key of the draws, nationality group, row of the network or -1, day index.
    """
    value, persons = parameters.value, key.size
    site = _one_of(key, "reception site", value("community.sites"))
    language = group + len(GROUPS) * _one_of(key, "language", value("community.languages_of_others"))
    language = np.where(group == GROUPS.index("other"), language, group).astype(np.int64)
    journey = _one_of(key, "journey", value("community.journeys"))
    circles = [
        (language * MANY + site, "in_centre", "community.days_apart"),
        (language * MANY + journey, "on_route", "community.days_apart"),
        (network.astype(np.int64), "in_network", "community.days_apart_in_network"),
    ]
    pairs = []
    for kind, (circle, where, apart) in enumerate(circles):
        first, second = _near(np.where(arrival < NEVER, circle, -1), arrival, round(value(apart)))
        u = chain_pairs(key, first, second, name_key(f"contact {where}"))
        known = u < value(f"community.known_{where}")
        pairs.append((first[known], second[known], np.full(int(known.sum()), kind, np.uint8)))
    one, two, kind_of = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
    teller, other, both = np.r_[one, two], np.r_[two, one], np.r_[kind_of, kind_of]
    order = np.lexsort((both, other, teller))
    teller, other, both = teller[order], other[order], both[order]
    # Two people who know each other in two ways are in contact once, by the first of KINDS.
    new = np.ones(teller.size, bool)
    new[1:] = (teller[1:] != teller[:-1]) | (other[1:] != other[:-1])
    teller, other, both = teller[new], other[new], both[new]
    start = np.r_[0, np.cumsum(np.bincount(teller, minlength=persons))].astype(np.int32)
    return Contacts(start, other.astype(np.int32), both, site, language.astype(np.int32))


def _one_of(key: NDArray[np.uint64], name: str, count: float) -> Ints:
    """Draw for each person a number below ``count``, all equally likely."""
    return (uniforms(key, name_key(name), 0) * round(count)).astype(np.int32)


def _near(circle: NDArray[np.int64], arrival: NDArray[np.int16], days: int) -> tuple[Rows, Rows]:
    """Return pairs of rows in the same circle who arrived at most ``days`` apart; circle -1 is none."""
    rows = np.flatnonzero(circle >= 0)
    rows = rows[np.lexsort((rows, arrival[rows], circle[rows]))]
    place = circle[rows] * (2 * NEVER) + arrival[rows]
    # Each pairs with those who follow in its circle, up to that many days.
    following = np.searchsorted(place, place + days, side="right") - np.arange(rows.size) - 1
    first = np.repeat(np.arange(rows.size), following)
    begins = np.repeat(np.cumsum(following) - following, following)
    second = first + 1 + np.arange(first.size) - begins
    return rows[first], rows[second]
