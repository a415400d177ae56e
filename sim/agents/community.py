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

from sim.agents.meetings import METER_COUNT, Meetings, make_meetings
from sim.agents.numbers import JOURNEYS, LANGUAGES, SITES
from sim.agents.people import People
from sim.procedures.traits import GROUPS

if TYPE_CHECKING:
    import networkx as nx

KINDS: Final = ("same centre and language", "same route", "same network")
"""Kinds of contact; the number of a kind is its position in this list."""
Ints = NDArray[np.int32]
FEW_PAIRS: Final = 1_024
"""Space for pairs at first."""


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


class Meeting:
    """Makes the contacts of one replicate after another; arrays grow where they are too small.

    Parameters
    ----------
    people
        The arrays of the people (``sim.agents.people``), which have been made when contacts are.

    Attributes
    ----------
    arrays
        What the compiled functions read and write.
    """

    def __init__(self, people: People) -> None:
        persons, cells = people.name.size, people.cell_name.size
        site, language, journey, circle, in_circle = (np.zeros(persons, np.int32) for _ in range(5))
        self._parameters = people.number
        self.arrays = Meetings(
            number=people.number,
            question=people.question,
            key=people.key[:persons],
            group=people.group[:persons],
            network=people.network[:persons],
            arrival=people.arrival[:persons],
            site=site,
            language=language,
            journey=journey,
            circle=circle,
            circle_start=np.zeros(max(self._circles(), cells) + 2, np.int32),
            in_circle=in_circle,
            pair=np.empty((FEW_PAIRS, 3), np.int32),
            link_start=np.zeros(persons + 1, np.int32),
            link=np.empty(2 * FEW_PAIRS, np.int32),
            meter=np.zeros(METER_COUNT, np.int64),
            contact_start=np.zeros(persons + 1, np.int32),
            contact=np.empty(2 * FEW_PAIRS, np.int32),
            contact_kind=np.empty(2 * FEW_PAIRS, np.uint8),
        )

    def _circles(self) -> int:
        """Return the most circles of a kind, from the numbers of languages, sites and journeys."""
        languages = len(GROUPS) * (round(float(self._parameters[LANGUAGES])) + 1)
        return languages * max(round(float(self._parameters[SITES])), round(float(self._parameters[JOURNEYS])), 1)

    def make(self) -> Contacts:
        """Make the contacts; they are overwritten when the next ones are made."""
        if self._circles() + 2 > self.arrays.circle_start.size:
            self.arrays = self.arrays._replace(circle_start=np.zeros(self._circles() + 2, np.int32))
        found = int(make_meetings(self.arrays))
        if found < 0:
            pairs = -found + -found // 4
            self.arrays = self.arrays._replace(
                pair=np.empty((pairs, 3), np.int32),
                link=np.empty(2 * pairs, np.int32),
                contact=np.empty(2 * pairs, np.int32),
                contact_kind=np.empty(2 * pairs, np.uint8),
            )
            found = int(make_meetings(self.arrays))
        a = self.arrays
        return Contacts(a.contact_start, a.contact[:found], a.contact_kind[:found], a.site, a.language)
