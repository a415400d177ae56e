"""Worlds that differ only from a day on are run once until then; the state is carried over to each of them.

The numbers are those of worlds that are run apart, to the bit: nothing on a day depends on later law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.agents.population import Population
from sim.compile.cells import NO_SHAPE, Shape
from sim.compile.numbering import MOST_EVERS
from sim.engine import columns as tb
from sim.engine.carried import Carriage
from sim.engine.held import Take, fresh
from sim.engine.layout import OK, TOO_MANY_HAZARDS
from sim.engine.packed import Packed
from sim.engine.state import State
from sim.outcomes.opening import Opening, Past, carried_opening
from sim.policies.parting import first_difference
from sim.runs.history import open_period, run_history
from sim.runs.world import Outcome, World, run_until, run_world


@dataclass(frozen=True)
class Branching:
    """Where a world begins: in a state of another one.

    Attributes
    ----------
    origin
        Number of the world that is run until then.
    days
        Days that both share; the first day that is not shared has this number.
    carriage
        The numbers of the origin for those of this world.
    marks
        Whether both look at the same reference, so that persons whom a rule reached are marked in both.
    """

    origin: int
    days: int
    carriage: Carriage
    marks: bool


def remembering(makes: Sequence[Callable[..., World]]) -> list[World]:
    """Compile worlds so that each remembers of a person what any of them needs.

    Parameters
    ----------
    makes
        ``make_world`` with all arguments but ``at_least``.
    """
    shape = NO_SHAPE
    made: list[World] = []
    for make in makes:
        made.append(make(at_least=shape))
        names = made[-1].catalogue
        evers = shape.evers | frozenset(names.evers)
        shape |= Shape(references=frozenset(names.references), evers=evers if len(evers) <= MOST_EVERS else frozenset())
    return [
        world
        if {*world.catalogue.references} >= shape.references and {*world.catalogue.evers} >= shape.evers
        else make(at_least=shape)
        for make, world in zip(makes, made, strict=True)
    ]


def branchings(worlds: Sequence[World]) -> tuple[Branching | None, ...]:
    """Return for each world where it begins; None: on the first day. Origins come before the worlds they lead to."""
    found: list[Branching | None] = []
    for k, world in enumerate(worlds):
        best: Branching | None = None
        unmarked = unmarked_days(world)
        for j, origin in enumerate(worlds[:k]):
            marks = same_reference(origin, world)
            days = shared_days(origin, world)
            days = days if marks else min(days, unmarked)
            begun = found[j]
            # What an origin shares with its own origin was run there.
            if days <= (best.days if best else 0) or (begun is not None and days <= begun.days):
                continue
            carriage = Carriage.between((origin.tables, origin.catalogue), (world.tables, world.catalogue))
            if carriage is not None:
                best = Branching(j, days, carriage, marks)
        found.append(best)
    return tuple(found)


def shared_days(one: World, other: World) -> int:
    """Return how many first days two worlds of a scenario share."""
    days = _days_before(first_difference(one.statute, other.statute), one)
    for rows in zip(_by_day(one), _by_day(other), strict=True):
        differ = np.flatnonzero((rows[0] != rows[1]).any(axis=0))
        days = min([days, *differ[:1].tolist()])
    return days


def same_reference(one: World, other: World) -> bool:
    """Return whether persons are marked against the same law in two worlds."""
    if one.reference is None or other.reference is None:
        return False
    return one.reference.regime is other.reference.regime


def unmarked_days(world: World) -> int:
    """Return how many first days there are on which a rule makes a difference to nobody, against the reference."""
    statute = world.statute
    if world.reference is None:
        return _days_before(min(statute.dates_of_change, default=dt.date.max), world)
    # Both texts are compiled with the numbers of this world.
    return _days_before(first_difference(statute, world.reference.with_parameters(statute.parameters)), world)


def _days_before(day: dt.date, world: World) -> int:
    """Return how many days of a world come before a date."""
    everything = world.end_day + 1
    if day == dt.date.max:
        return everything
    return 0 if day <= world.calendar.start else min((day - world.calendar.start).days, everything)


def _row(world: World, place: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    first = int(world.tables.t[place])
    return world.tables.t[first : first + world.calendar.days]


def _by_day(world: World) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Yield what a world has for each day beside its law: days of review, capacities."""
    yield _row(world, tb.REVIEW)[None].astype(np.float64)
    yield world.tables.f[tb.POOL_CAPACITY :].reshape(-1, world.calendar.days)


def outcomes(
    worlds: Sequence[World],
    begins: Sequence[Branching | None],
    population: Population,
    remember: Sequence[str] | None = None,
    take: Take = fresh,
) -> Iterator[Outcome]:
    """Run worlds on the same people, and yield the outcome of each, in their order.

    Of an outcome only the log and the opening last when the next one is asked for: the next world has its state.

    After a history worlds part no later than on the eve of the period, when each forgets its moves.

    Parameters
    ----------
    begins
        Of ``branchings``.
    remember
        Steps of which the first day is kept when the moves of a history are forgotten.
    take
        Gives the arrays; by default those of each world are new.

    Raises
    ------
    B8simError
        When the law of a world never settles.
    """
    waiting: dict[int, _Shared] = {}
    at_once = max(world.needs.at_once for world in worlds)
    for k, world in enumerate(worlds):
        shared, eve = waiting.pop(k, None), world.start_day
        state = _begun(world, shared, begins[k], population, at_once, take, f"log {k}")
        opening = None if shared is None else shared.opening
        past: Past | None = None
        followers = _followers(begins, k, eve or world.end_day + 1)
        if opening is not None:
            opening = carried_opening(opening, state.step, world.catalogue, remember, take, f"opening {k}")
        elif eve:
            past = Past(world.catalogue, state.step.shape, remember, take, f"opening {k}")
            if shared is not None and shared.past is not None:
                past.begin_with(shared.past)
            followers.setdefault(eve, [])
        status = OK
        for days, others in sorted(followers.items()):
            last = days - 1
            status = run_until(world, state, last) if past is None else run_history(state, past, last)
            if status != OK:
                break
            if days == eve and past is not None:
                opening, past = open_period(state, past, eve), None
            if others:
                words = f"log {others[0]}" if len(others) == 1 else f"words {others[0]}"
                packed = Packed(state, take, f"packed {others[0]}", words, log_stays=days >= eve)
                so_far = None if past is None else past.copy(take, f"past {others[0]}")
                waiting |= dict.fromkeys(others, _Shared(packed, opening, so_far))
        if status == OK:
            status = run_until(world, state, world.end_day)
        if status == TOO_MANY_HAZARDS:
            world.needs.learn(state)
        # A run that needs more space than usual is repeated with more, from the first day.
        yield Outcome(state, opening) if status == OK else run_world(world, population, remember)


class _Shared(NamedTuple):
    """What a world leaves for those that begin in it: its state, and what is kept of a history, or of a part of it."""

    packed: Packed
    opening: Opening | None
    past: Past | None


def _begun(
    world: World,
    shared: _Shared | None,
    begin: Branching | None,
    population: Population,
    at_once: int,
    take: Take,
    log: str,
) -> State:
    """Return the state in which a world begins."""
    made_of = world.tables, world.catalogue, population.entities
    if shared is None or begin is None:
        return State(*made_of, at_once=at_once, take=take, log=log)
    return begin.carriage.state(shared.packed, *made_of, begin.marks, take, log)


def _followers(begins: Sequence[Branching | None], origin: int, eve: int) -> dict[int, list[int]]:
    """Return the worlds that begin in one, by the number of days after which they do."""
    found: dict[int, list[int]] = {}
    for other, begin in enumerate(begins):
        if begin is not None and begin.origin == origin:
            found.setdefault(min(begin.days, eve), []).append(other)
    return found
