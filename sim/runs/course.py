"""The course of one world: from the first day, or from the state of another world, to the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.carried import Carriage
from sim.engine.held import Take
from sim.engine.packed import Packed
from sim.engine.state import Entities, State
from sim.engine.turnover import Turnover
from sim.outcomes.opening import Opening, Past, carried_opening
from sim.runs.history import open_period, run_history
from sim.runs.world import Outcome, World, run_until


@dataclass
class Left:
    """What a world leaves for others that begin in it.

    Attributes
    ----------
    packed
        Its state.
    opening, past
        What a history left behind, or what is kept of it so far; None: there is none, or it is over.
    turnover
        Whose rows come and go; None: everybody has one.
    """

    packed: Packed
    opening: Opening | None
    past: Past | None
    turnover: Turnover | None


@dataclass
class Course:
    """One world on its way.

    Attributes
    ----------
    world, state
        The world, and its state on the evening of the last day that has passed.
    turnover, past, opening
        As those of ``Left``.
    """

    world: World
    state: State
    turnover: Turnover | None
    past: Past | None = None
    opening: Opening | None = None

    def until(self, day: int) -> int:
        """Simulate days up to and including ``day``, all of the history or all of the period; return the status."""
        if self.past is not None:
            return run_history(self.state, self.past, day, self.turnover)
        return run_until(self.world, self.state, day, self.turnover)

    def open_period(self) -> None:
        """Forget the moves of the history, on the eve of the period."""
        if self.past is not None:
            self.opening = open_period(self.state, self.past, self.world.start_day, self.turnover)
            self.past = None

    def leave(self, take: Take, name: str, words: str) -> Left:
        """Leave the present state to other worlds.

        Parameters
        ----------
        take, name, words
            As those of ``Packed``.
        """
        if self.turnover is not None:
            self.turnover.name_moves(self.state)
            self.turnover.describe(self.state)
        # In the period a world only adds to its log, which need not be copied then.
        packed = Packed(self.state, take, name, words, log_stays=self.past is None)
        past = None if self.past is None else self.past.copy(take, f"past of {name}")
        self._forget(packed)
        return Left(packed, self.opening, past, None if self.turnover is None else self.turnover.copy())

    def outcome(self) -> Outcome:
        """Return the outcome, on the last day."""
        if self.turnover is not None:
            self.turnover.name_moves(self.state)
        return Outcome(self.state, self.opening, turnover=self.turnover)

    def _forget(self, *states: State | Packed) -> None:
        """Forget of whom states are made: those who have rows are many, and change."""
        for state in (self.state, *states):
            if self.turnover is not None:
                self.turnover.forget(state)


def begun(
    world: World,
    everybody: Entities,
    turnover: Turnover | None,
    remember: Sequence[str] | None,
    at_once: int,
    take: Take,
    number: int,
) -> Course:
    """Begin a world on its first day.

    Parameters
    ----------
    everybody
        All persons and networks.
    turnover
        Whose rows come and go; None: everybody has one.
    remember
        Steps of which the first day is kept when the moves of a history are forgotten.
    at_once
        As that of ``State``.
    take
        Gives the arrays.
    number
        Of the world among those of a replicate.
    """
    entities, places = (everybody, None) if turnover is None else (turnover.entities, everybody.key.size)
    state = State(world.tables, world.catalogue, entities, 1, at_once, take, f"log {number}", places)
    course = Course(world, state, turnover)
    course._forget()
    if world.start_day:
        course.past = _past(world, everybody, remember, take, number)
    return course


def continued(
    world: World,
    left: Left,
    carriage: Carriage,
    everybody: Entities,
    turnover: Turnover | None,
    marks: bool,
    remember: Sequence[str] | None,
    take: Take,
    number: int,
) -> Course:
    """Begin a world in the state that another one left.

    Parameters
    ----------
    carriage
        The numbers of the origin for those of this world.
    turnover
        That of the origin, for this world.
    marks
        As that of ``Carriage.state``.
    everybody, remember, take, number
        As those of ``begun``.
    """
    entities = everybody if turnover is None else turnover.describe(left.packed)
    state = carriage.state(left.packed, world.tables, world.catalogue, entities, marks, take, f"log {number}")
    course = Course(world, state, turnover)
    course._forget(left.packed)
    if left.opening is not None:
        name = f"opening {number}"
        course.opening = carried_opening(left.opening, carriage.steps, world.catalogue, remember, take, name)
    elif world.start_day:
        course.past = _past(world, everybody, remember, take, number)
        if left.past is not None:
            course.past.begin_with(left.past, carriage.steps)
    return course


def _past(world: World, everybody: Entities, remember: Sequence[str] | None, take: Take, number: int) -> Past:
    """Return what is kept of a history: of those who come in it."""
    arrival, start = everybody.arrival[: everybody.persons], world.tables.start_state[0]
    came = max(int(np.searchsorted(arrival, world.start_day)), 1)
    return Past(world.catalogue, (came, start.size), remember, take, f"opening {number}")
