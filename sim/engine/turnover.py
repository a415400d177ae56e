"""Adds rows to a state when people arrive, and removes them when nothing can happen to people any more.

A run of many people is cut into stretches. Between two stretches the rows of people at rest (`sim.engine.at_rest`) are
removed, and rows are written for those who arrive in the next one. Rows stay in the order of arrival and key, so that
every life is the same to the bit. The log holds row numbers, which are replaced by the numbers of people at each turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.at_rest import Reach, at_rest, before_coming
from sim.engine.columns import NEVER, Ints
from sim.engine.compiled import on_arrays
from sim.engine.held import give_back
from sim.engine.layout import LOGGED
from sim.engine.morning import come
from sim.engine.packed import Packed
from sim.engine.state import Entities, State, members_of, persons_of, some_of

Bools = NDArray[np.bool_]


class Turnover:
    """Keeps track of which people have a row in the state of a run.

    Attributes
    ----------
    everybody
        All persons and networks.
    who
        The number among everybody of each person with a row, then of each network; ascending.
    ends
        The last day of each stretch.
    ruled
        1: a rule made a difference to this person, whose row has left; ``[N]``.
    """

    def __init__(self, everybody: Entities, early: Bools, ends: Sequence[int], reaches: tuple[Reach, ...]) -> None:
        """Begin with those who come in the first stretch, and all networks.

        Parameters
        ----------
        everybody
            All persons, in order of arrival, and networks.
        early
            Which people get a row before they arrive, ``bool[persons]``.
        ends
            The last day of each stretch.
        reaches
            What can reach people in the world of the run, and in those that begin in its state.
        """
        self.everybody, self._early, self._reaches = everybody, early, reaches
        self.ends, self._at, self._named = tuple(ends), 0, 0
        here = early | (everybody.arrival[: everybody.persons] <= ends[0])
        self.who = _with_networks(np.flatnonzero(here), everybody)
        self.ruled = np.zeros(everybody.key.size, np.uint8)

    @property
    def end(self) -> int:
        """The last day of the present stretch; NEVER: it is the last one."""
        return self.ends[self._at] if self._at < len(self.ends) - 1 else NEVER

    @property
    def entities(self) -> Entities:
        """Those who have rows, as if there was nobody else."""
        return some_of(self.everybody, self.who[: self.who.size - self._networks])

    def describe(self, state: State | Packed) -> Entities:
        """Let a state be made of those who have rows in it, so that it can be packed or unpacked; return them."""
        tables, catalogue, _, space, at_once = state.made_from
        entities = self.entities
        state.made_from = tables, catalogue, entities, space, at_once
        return entities

    def forget(self, state: State | Packed) -> None:
        """Forget of whom a state is made."""
        tables, catalogue, _, space, at_once = state.made_from
        state.made_from = tables, catalogue, self.everybody, space, at_once

    def copy(self) -> Turnover:
        """Return a copy, for which rows come and go by themselves."""
        other = Turnover.__new__(Turnover)
        other.__dict__.update(self.__dict__)
        other.ruled = self.ruled.copy()
        return other

    def branch(self, reaches: tuple[Reach, ...], marks: bool) -> Turnover:
        """Return the turnover of a world that begins in the state of this one.

        Parameters
        ----------
        reaches
            As for this world.
        marks
            Whether both worlds look at the same reference; if not, a rule has made a difference to nobody yet.
        """
        other = self.copy()
        other._reaches = reaches
        other.ruled *= marks
        return other

    def name_moves(self, state: State) -> None:
        """Write into the log whose moves they are, in place of the rows."""
        logged = int(state.arrays.counter[LOGGED])
        _name(state.arrays.log, self._named, logged, self.who)
        self._named = logged

    def forget_moves(self) -> None:
        """Begin a log again."""
        self._named = 0

    def ruled_in(self, state: State) -> NDArray[np.uint8]:
        """Return to whom a rule made a difference, ``[N]``."""
        ruled = self.ruled.copy()
        ruled[self.who] = state.ruled
        return ruled

    def turn(self, state: State) -> tuple[Ints, NDArray[np.uint8]]:
        """Let rows come and go, in the evening of the last day of a stretch.

        Returns
        -------
        who
            The persons whose rows leave.
        step
            Their steps, ``[who, tracks]``.
        """
        left = self._turned(state)
        give_back()
        return left

    def _turned(self, state: State) -> tuple[Ints, NDArray[np.uint8]]:
        self.name_moves(state)
        self._at += 1
        last = self.ends[self._at - 2] if self._at > 1 else -1
        rest = at_rest(state.arrays, state.persons, self._reaches, last)
        leave, stay = np.flatnonzero(rest), np.flatnonzero(~rest).astype(np.int32)
        gone, step = self.who[leave], state.step[leave]
        self.ruled[gone] = state.ruled[leave]
        staying, coming = self.who[stay], self._coming()
        present = np.zeros(self.everybody.persons, np.bool_)
        present[staying] = present[coming] = True
        place = np.cumsum(present, dtype=np.int32) - np.int32(1)
        self._move(state, stay, place[staying], int(place[-1]) + 1)
        self.who = _with_networks(np.flatnonzero(present), self.everybody)
        self._link(state, coming, place[coming])
        return gone, step

    @property
    def _networks(self) -> int:
        return self.everybody.key.size - self.everybody.persons

    def _coming(self) -> Ints:
        """Return the persons who get a row for the present stretch."""
        arrival = self.everybody.arrival[: self.everybody.persons]
        first, end = np.searchsorted(arrival, (self.ends[self._at - 1], self.ends[self._at]), side="right")
        coming: Ints = (first + np.flatnonzero(~self._early[first:end])).astype(np.int32)
        return coming

    def _move(self, state: State, source: Ints, target: Ints, persons: int) -> None:
        """Move the rows of those who stay, and of all networks, and write the new ones where rows are named."""
        networks = np.arange(self._networks, dtype=np.int32)
        source, target = np.r_[source, state.persons + networks], np.r_[target, persons + networks]
        place = np.full(state.rows.size, -1, np.int32)
        place[source] = target
        _move_rows(state.words, source, target)
        _rename(state.arrays.queue, state.arrays.node, place)
        of_network = state.arrays.trait[:persons, layout.NETWORK_ROW]
        of_network[of_network >= 0] += persons - state.persons
        state.resize(persons, networks.size)

    def _link(self, state: State, coming: Ints, places: Ints) -> None:
        """Write the rows of those who come, link networks to their members, and everybody to days."""
        e, catalogue = self.everybody, state.made_from[1]
        own = e.network[self.who[: state.persons]]
        start, member = members_of(own - e.persons, self._networks)
        state.arrays = state.arrays._replace(member_start=start, member=member)
        new = persons_of(e, coming, state.persons)
        come(state.morning(new), places, state.persons, len(catalogue.hazards), catalogue.arrival_slot)


def turnover_of(
    entities: Entities, start: NDArray[np.uint8], ends: Sequence[int], reaches: tuple[Reach, ...]
) -> Turnover | None:
    """Return the turnover of a run; None where a hazard or a gate could reach somebody who has not come yet.

    Parameters
    ----------
    entities
        All persons and networks; without contacts.
    start
        The first step on each track of persons.
    ends, reaches
        As those of ``Turnover``.
    """
    hazards, signals = (any(found) for found in zip(*(before_coming(reach, start) for reach in reaches), strict=True))
    if hazards:
        return None
    persons = entities.persons
    early = entities.network[:persons] >= 0 if signals else np.zeros(persons, np.bool_)
    return Turnover(entities, early, ends, reaches)


def _with_networks(persons: NDArray[np.int64], everybody: Entities) -> Ints:
    rows: Ints = np.r_[persons, np.arange(everybody.persons, everybody.key.size)].astype(np.int32)
    return rows


@on_arrays
def _move_rows(words: NDArray[np.uint64], source: Ints, target: Ints) -> None:
    """Move rows, in their order, from ascending places to others; what was there is lost."""
    for row in range(source.size):
        if source[row] != row:
            for word in range(words.shape[1]):
                words[row, word] = words[source[row], word]
    # Together they take the first places; none of them moves down any more.
    for back in range(source.size):
        row = source.size - 1 - back
        if target[row] != row:
            for word in range(words.shape[1]):
                words[target[row], word] = words[row, word]


@on_arrays
def _rename(queue: NDArray[np.int64], node: Ints, place: Ints) -> None:
    """Write the new rows of those who queue."""
    for pool in range(queue.shape[0]):
        for rank in range(layout.RANKS):
            at = queue[pool, layout.HEAD + rank]
            while at >= 0:
                node[at, layout.NODE_WHO] = place[node[at, layout.NODE_WHO]]
                at = node[at, layout.NODE_NEXT]


@on_arrays
def _name(log: Ints, first: int, end: int, who: Ints) -> None:
    """Write the numbers of the people in place of their rows."""
    for row in range(first, end):
        log[row, layout.LOG_WHO] = who[log[row, layout.LOG_WHO]]
