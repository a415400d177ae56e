"""Answers to states: replicates of the comparison that a state asks for, one at a time, as small arrays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sim.files.errors import InputError, raise_all
from sim.runs.loading import Asked, asked_of
from sim.runs.people import KeptPeople, people_in
from sim.runs.replicate import Reading
from sim.runs.session import Session
from sim.scenarios.scenario import Scenario
from sim.view.state import State

MOST_KEPT: Final = 200
"""States that are kept; they share sessions."""
MOST_SESSIONS: Final = 6
"""Sessions that stay compiled: each is for its own rules, people and period."""


@dataclass(frozen=True)
class Question:
    """A state that is compiled: its replicates can be run in any order, in any thread.

    Attributes
    ----------
    asked
        Scenario, regimes, seed, text.
    regimes
        Names, as in the tables of ``b8sim compare``; the baseline first.
    measures
        Name, world and unit of each measure: the second axis of the values.
    groups
        Names: the third axis of the values.
    people
        Number of people who are listed.
    session
        Its compiled worlds, which other states with the same rules and people share.
    changes
        The numbers that make this state of the session.
    turn
        Held while the session takes the numbers of a state.
    """

    asked: Asked
    regimes: tuple[str, ...]
    measures: tuple[tuple[str, str, str], ...]
    groups: tuple[str, ...]
    people: int
    session: Session
    changes: Mapping[str, float]
    turn: threading.Lock

    def replicate(self, number: int) -> Reading:
        """Run one replicate; its draws are those of ``b8sim compare``.

        Parameters
        ----------
        number
            From 0.
        """
        with self.turn:
            if self.session.changes != self.changes:
                self.session.set(self.changes)
            # What is asked for now keeps these numbers, whatever the session is given while it runs.
            readings = self.session.readings(1, number)
        return next(readings)

    def place(self, measure: str, group: str) -> tuple[int, int]:
        """Return the positions of a simulated measure and of a group.

        Raises
        ------
        InputError
            When there is no such measure or group.
        """
        names = [name for name, world, _ in self.measures if world == "simulated"]
        places = [at for at, (_, world, _) in enumerate(self.measures) if world == "simulated"]
        if measure not in names:
            raise InputError("unknown measure", key="measure", value=measure, accepted=names)
        if group not in self.groups:
            raise InputError("unknown group", key="group", value=group, accepted=self.groups)
        return places[names.index(measure)], self.groups.index(group)

    def head(self) -> dict[str, Any]:
        """Return the first line of an answer: what the axes of the values are."""
        return {
            "kind": "head",
            "regimes": list(self.regimes),
            "measures": [list(one) for one in self.measures],
            "groups": list(self.groups),
            "people": self.people,
            "seed": self.asked.seed,
        }

    def line(self, number: int) -> dict[str, Any]:
        """Return the line of one replicate.

        Returns
        -------
        dict
            ``replicate``; ``values`` ``[regime][measure][group]``, null where a measure has no meaning; ``pairs``
            ``[reform][group][outcome][outcome]``, persons.
        """
        reduced = self.replicate(number)
        values = reduced.values.astype(object)
        values[~np.isfinite(reduced.values)] = None
        return {
            "kind": "replicate",
            "replicate": number,
            "values": values.tolist(),
            "pairs": reduced.pairs.astype(int).tolist(),
        }


class Answers:
    """Compiled states over one scenario; the newest are kept.

    Parameters
    ----------
    base
        The scenario that the page was opened with.
    """

    def __init__(self, base: Scenario) -> None:
        self.base = base
        self._kept: OrderedDict[str, Question] = OrderedDict()
        self._sessions: OrderedDict[str, tuple[Session, threading.Lock]] = OrderedDict()
        self._lock, self._compiling, self._people = threading.Lock(), threading.Lock(), KeptPeople()

    def question(self, state: State) -> Question:
        """Compile a state, or return it as it was compiled before.

        Raises
        ------
        InputError
            When the scenario does not accept the state.
        """
        key = state.simulated().link()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._compiled(state)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def people(self) -> int:
        """Return the number of people of the scenario."""
        return people_in(self.base)

    def lines(self, state: State, first: int, last: int) -> Iterator[dict[str, Any]]:
        """Yield the head of an answer, then a line for each replicate from ``first`` to before ``last``."""
        question = self.question(state)
        yield question.head()
        for number in range(first, last):
            yield question.line(number)

    def _compiled(self, state: State) -> Question:
        """Return a state over the session of its rules and people; one of its own where no session takes the change."""
        raise_all(state.beyond(self.base))
        plain = replace(state.simulated(), changes={})
        session, turn = self._session(plain)
        changes = dict(state.changes)
        with turn:
            try:
                session.set(changes)
            except InputError:
                # Either the change needs a session of its own, or the scenario says what is wrong with it.
                session, turn, changes = self._made(state), threading.Lock(), {}
            people = int(session.people.month_start.size)
        return Question(
            asked=session.asked,
            regimes=session.regimes,
            measures=tuple((row.name, row.world, row.unit) for row in session.labels),
            groups=session.groups,
            people=people,
            session=session,
            changes=changes,
            turn=turn,
        )

    def _session(self, state: State) -> tuple[Session, threading.Lock]:
        """Return the session of a state without changes; those used last are kept."""
        key = state.link()
        with self._compiling:
            if key not in self._sessions:
                self._sessions[key] = (self._made(state), threading.Lock())
            self._sessions.move_to_end(key)
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return self._sessions[key]

    def _made(self, state: State) -> Session:
        asked = asked_of(state.scenario(self.base))
        if len(asked.regimes) < 2:
            raise InputError("a comparison needs two regimes", key="regimes", accepted="two to four regimes")
        return Session.of(asked, kept=self._people)
