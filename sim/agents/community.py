"""Who hears what from whom: people who live in one place and speak one language, came by one route, or share a network.

A contact is made once for each replicate and stays. Whether two people know each other is luck of the two, so that one
person more changes no contact between others. Nationality groups stand for language and route.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import chain_pairs, name_key, uniforms

if TYPE_CHECKING:
    import networkx as nx

    from sim.evidence.parameters import Parameters

KINDS: Final = ("same centre and language", "same route", "same network")
"""Of which kind a contact is; the number is the place in this list."""
NEIGHBOURS: Final = 24
"""How many of those who arrived just before or after can be known in a centre or from a route."""

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Contacts:
    """Who knows whom, both ways.

    Attributes
    ----------
    start, other, kind
        The contacts of person ``i`` are ``other[start[i]:start[i + 1]]``, and of which kind (a place in ``KINDS``);
        ``int32[persons + 1]``, ``int32[contacts]``, ``uint8[contacts]``.
    site
        Reception site of each person, ``int32[persons]``.
    """

    start: Ints
    other: Ints
    kind: NDArray[np.uint8]
    site: Ints

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


def contacts_of(
    key: NDArray[np.uint64], group: NDArray[np.uint8], network: Ints, arrival: NDArray[np.int16], parameters: Parameters
) -> Contacts:
    """Make the contacts of all persons of a replicate, who are given in the order of arrival.

    Parameters
    ----------
    key, group, network, arrival
        Of each person: key of the draws, nationality group, row of the network or -1, day index.
    """
    persons = key.size
    sites = round(parameters.value("community.sites"))
    site = (uniforms(key, name_key("reception site"), 0) * sites).astype(np.int32)
    comes = arrival < 32767
    groups = int(group.max(initial=0)) + 1
    layers = [
        (site.astype(np.int64) * groups + group, parameters.value("community.contacts_in_centre")),
        (group.astype(np.int64), parameters.value("community.contacts_on_route")),
        (np.where(network >= 0, network.astype(np.int64), -1), parameters.value("community.contacts_in_network")),
    ]
    pairs = []
    for kind, (circle, wanted) in enumerate(layers):
        first, second = _near(np.where(comes, circle, -1))
        # Each has some NEIGHBOURS before and as many after, of whom so many are known that the mean is as wanted.
        chance = min(wanted / (2 * NEIGHBOURS), 1.0)
        known = chain_pairs(key, first, second, name_key(f"contact: {KINDS[kind]}")) < chance
        pairs.append((first[known], second[known], np.full(int(known.sum()), kind, np.uint8)))
    one, two, kind_of = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
    teller, other, both = np.r_[one, two], np.r_[two, one], np.r_[kind_of, kind_of]
    order = np.lexsort((both, other, teller))
    teller, other, both = teller[order], other[order], both[order]
    # Who know each other in two ways are in contact once, by the first of KINDS.
    new = np.r_[True, (teller[1:] != teller[:-1]) | (other[1:] != other[:-1])] if teller.size else np.zeros(0, bool)
    teller, other, both = teller[new], other[new], both[new]
    start = np.r_[0, np.cumsum(np.bincount(teller, minlength=persons))].astype(np.int32)
    return Contacts(start, other.astype(np.int32), both, site)


def _near(circle: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of rows in the same circle at most NEIGHBOURS arrivals apart within it; circle -1 is none."""
    rows = np.flatnonzero(circle >= 0)
    rows = rows[np.argsort(circle[rows], kind="stable")]
    of = circle[rows]
    first, second = [], []
    for apart in range(1, NEIGHBOURS + 1):
        same = of[apart:] == of[:-apart]
        first.append(rows[:-apart][same])
        second.append(rows[apart:][same])
    return np.concatenate(first), np.concatenate(second)
