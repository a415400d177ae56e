"""The people and the networks of a scenario: made once for each replicate, the same under every regime.

Each person has a stable name (group, month, number), from which the key of all draws follows; one person more leaves
all others as they are. Traits are drawn by inversion. Nationality groups represent route, network and debt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.candidates import Candidates
from sim.agents.community import Contacts, Meeting
from sim.agents.numbers import NAMES, QUESTIONS
from sim.agents.people import People, make_people
from sim.engine.draws import name_key, name_keys, replicate_key
from sim.engine.held import Take, fresh
from sim.engine.state import Entities, some_of
from sim.evidence.parameters import Parameters
from sim.procedures.traits import FLAG_BIT, GROUPS, LEVELS

Bools = NDArray[np.bool_]
QUESTION_KEYS: Final = name_keys(QUESTIONS)
"""Hashed names of the draws of the people."""


@dataclass(frozen=True)
class Population:
    """The people of one replicate, in order of arrival (ties: by key), then the networks."""

    entities: Entities
    order: NDArray[np.int32]
    people: Candidates
    network_group: NDArray[np.uint8]
    contacts: Contacts | None = None

    def name(self, row: int) -> str:
        """Return the key of a person or a network by its row: stable, and without the nationality."""
        if row < self.entities.persons:
            return self.people.key(int(self.order[row]))
        return self.network_names[row - self.entities.persons]

    @cached_property
    def hash(self) -> str:
        """The hash of the people and networks; made once, since a study writes it for every point."""
        digest = hashlib.sha256()
        for part in self.entities:
            digest.update(np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else str(part).encode())
        return digest.hexdigest()

    @property
    def network_names(self) -> list[str]:
        """The keys of the networks, in order."""
        return [f"network-{number:04d}" for number in range(1, self.network_group.size + 1)]

    @property
    def arrival(self) -> NDArray[np.int16]:
        """Day of arrival of each person; 32767: never."""
        return self.entities.arrival[: self.entities.persons]

    def names(self) -> list[str]:
        """Return the keys of all persons, by row."""
        keys = self.people.keys
        return [keys[i] for i in self.order]

    def only(self, rows: NDArray[np.int64]) -> Population:
        """Return some of the persons, in the same order, and all networks; without contacts.

        Parameters
        ----------
        rows
            Rows of the persons, ascending.
        """
        return Population(some_of(self.entities, rows), self.order[rows], self.people, self.network_group)

    def flag(self, name: str) -> Bools:
        """Return which persons have a flag; ``bool[persons]``."""
        has: Bools = (self.entities.flags[: self.entities.persons] & np.uint32(FLAG_BIT[name])) != 0
        return has


class PeopleMaker:
    """Makes the people of one replicate after another in the same arrays, which are allocated once.

    Parameters
    ----------
    people
        Who might come.
    parameters
        The numbers.
    start, end
        First and last day of the scenario.
    word_of_mouth
        Also make the contacts through which people hear what happens to others.
    take
        Gives the arrays; by default they are new.

    Attributes
    ----------
    arrays
        What the compiled functions read and write. ``arrays.number`` holds the values of
        ``sim.agents.numbers.NAMES``; whoever writes to it changes the next people, except the number of cells.
    meeting
        Makes the contacts; None without word of mouth.
    """

    def __init__(
        self,
        people: Candidates,
        parameters: Parameters,
        *,
        start: dt.date,
        end: dt.date,
        word_of_mouth: bool = False,
        take: Take = fresh,
    ) -> None:
        self.people, self.last_day = people, (end - start).days
        counts = tuple(round(parameters.value(f"network.count_{group}")) for group in GROUPS)
        c, m = people.group.size, sum(counts)
        n = c + m
        self.arrays = People(
            name=people.name_keys,
            nationality=people.group,
            kind=people.kind,
            month_start=people.month_start,
            month_days=people.month_days,
            by_name=people.by_name,
            number=np.array([parameters.value(name) for name in NAMES]),
            logit=np.zeros(len(NAMES)),
            question=QUESTION_KEYS,
            cell_first=np.r_[0, np.cumsum(counts)].astype(np.int32),
            cell_name=_names("cell {} {}", counts, 0),
            network_name=_names("network-{}-{:03d}", counts, 1),
            comes=take("people.comes", (c,), np.int16),
            first_of_day=take("people.first_of_day", (self.last_day + 3,), np.int32),
            network_of_cell=take("people.network_of_cell", (m,), np.int32),
            place=take("people.place", (m + 1,), np.int32),
            order=take("people.order", (c,), np.int32),
            key=take("people.key", (n,), np.uint64),
            flags=take("people.flags", (n,), np.int32),
            level=take("people.level", (n, len(LEVELS)), np.float32),
            group=take("people.group", (n,), np.uint8),
            network=take("people.network", (n,), np.int32),
            arrival=take("people.arrival", (n,), np.int16),
            member_start=take("people.member_start", (m + 1,), np.int32),
            member=take("people.member", (c,), np.int32),
            works_in=take("people.works_in", (m,), np.uint8),
        )
        self.meeting = Meeting(self.arrays) if word_of_mouth else None

    def make(self, seed: int, replicate: int) -> Population:
        """Make the people of a replicate; they are overwritten when the next ones are made.

        Parameters
        ----------
        seed, replicate
            Of the run; replicate k has the same people at every design point.
        """
        a, persons = self.arrays, self.people.group.size
        networks = int(make_people(a, replicate_key(seed, replicate), self.last_day))
        rows = persons + networks
        contacts = None if self.meeting is None else self.meeting.make()
        entities = Entities(
            key=a.key[:rows],
            flags=a.flags[:rows].view(np.uint32),
            level=a.level[:rows],
            group=a.group[:rows],
            network=a.network[:rows],
            arrival=a.arrival[:rows],
            persons=persons,
            member_start=a.member_start[: networks + 1],
            member=a.member[: a.member_start[networks]],
        )
        if contacts is not None:
            entities = entities._replace(contact_start=contacts.start, contact=contacts.other)
        return Population(entities, a.order, self.people, a.works_in[:networks], contacts)


@lru_cache(maxsize=8)
def _names(form: str, counts: tuple[int, ...], first: int) -> NDArray[np.uint64]:
    """Return hashed names, numbered within each nationality group; hashed once, since all replicates have them."""
    names = [form.format(group, first + i) for group, n in zip(GROUPS, counts, strict=True) for i in range(n)]
    return np.array([name_key(name) for name in names], np.uint64)


def populate(
    people: Candidates,
    parameters: Parameters,
    *,
    start: dt.date,
    end: dt.date,
    seed: int,
    replicate: int,
    word_of_mouth: bool = False,
    take: Take = fresh,
) -> Population:
    """Return the population of one replicate; see ``PeopleMaker``."""
    maker = PeopleMaker(people, parameters, start=start, end=end, word_of_mouth=word_of_mouth, take=take)
    return maker.make(seed, replicate)
