"""Answers to states: replicates of the comparison that a state asks for, one at a time, as small arrays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.files.errors import InputError
from sim.runs.loading import Asked, asked_of
from sim.runs.people import KeptPeople
from sim.runs.replicate import Reading
from sim.runs.session import Session
from sim.scenarios.scenario import Scenario
from sim.view.state import State, people_in

MOST_KEPT: Final = 24
"""States that stay compiled."""


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
        Its compiled worlds.
    """

    asked: Asked
    regimes: tuple[str, ...]
    measures: tuple[tuple[str, str, str], ...]
    groups: tuple[str, ...]
    people: int
    session: Session

    def replicate(self, number: int) -> Reading:
        """Run one replicate; its draws are those of ``b8sim compare``.

        Parameters
        ----------
        number
            From 0.
        """
        return self.session.reading(number)

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
        self._lock, self._people = threading.Lock(), KeptPeople()

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
        asked = asked_of(state.scenario(self.base))
        if len(asked.regimes) < 2:
            raise InputError("a comparison needs two regimes", key="regimes", accepted="two to four regimes")
        session = Session.of(asked, kept=self._people)
        return Question(
            asked=asked,
            regimes=session.regimes,
            measures=tuple((row.name, row.world, row.unit) for row in session.labels),
            groups=session.groups,
            people=int(session.people.month_start.size),
            session=session,
        )
