"""Worlds that differ only from a day on are run once until then; the state is carried over to each of them.

The numbers are those of worlds that are run apart, to the bit: nothing on a day depends on later law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.agents.population import Population
from sim.compile.cells import NO_SHAPE, Shape
from sim.compile.numbering import MOST_EVERS
from sim.engine import columns as tb
from sim.engine.carried import Carriage
from sim.engine.held import Take, fresh, give_back
from sim.engine.layout import LOG_PARTS, OK, TOO_MANY_HAZARDS
from sim.engine.state import Entities
from sim.policies.parting import first_difference
from sim.runs.admission import Admission
from sim.runs.course import Course, Left, begun, continued
from sim.runs.rows import branched, turnover_in
from sim.runs.world import Outcome, World, run_world

ALL_ADMITTED: Final = Admission()


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
    admission: Admission = ALL_ADMITTED,
) -> Iterator[Outcome]:
    """Run worlds on the same people, and yield the outcome of each, in their order.

    Of an outcome only the opening lasts when the next one is asked for: the next world has its state and its log.

    Parameters
    ----------
    begins
        Of ``branchings``.
    remember
        Steps of which the first day is kept when the moves of a history are forgotten.
    take
        Gives the arrays; by default those of each world are new.
    admission
        Entered on the eve of the period after a history of many people, and left when all worlds have run.

    Raises
    ------
    B8simError
        When the law of a world never settles.
    """
    waiting: dict[int, Left] = {}
    for k, world in enumerate(worlds):
        many = any(left.turnover is not None for left in waiting.values())
        if many:
            _let_logs_go(begins, k, waiting, take)
        course = _course_of(worlds, begins, k, waiting.pop(k, None), population.entities, remember, take)
        if many:
            _let_logs_go(begins, k, waiting, take)
        status = OK
        for days, others in _stops(begins, k, world):
            status = course.until(days - 1)
            if status != OK:
                break
            if days == world.start_day:
                if k == 0 and course.turnover is not None:
                    admission.enter()
                course.open_period()
            if others:
                words = f"log {others[0]}" if len(others) == 1 else f"words {others[0]}"
                waiting |= dict.fromkeys(others, course.leave(take, f"packed {others[0]}", words))
        if status == TOO_MANY_HAZARDS:
            world.needs.learn(course.state)
        if k == len(worlds) - 1:
            admission.leave()
        # A run that needs more space than usual is repeated with more, from the first day.
        yield course.outcome() if status == OK else run_world(world, population, remember)


def _course_of(
    worlds: Sequence[World],
    begins: Sequence[Branching | None],
    number: int,
    left: Left | None,
    everybody: Entities,
    remember: Sequence[str] | None,
    take: Take,
) -> Course:
    """Return a world that begins: on the first day, or where another world left it."""
    world, begin = worlds[number], begins[number]
    if left is None or begin is None:
        at_once = max(world.needs.at_once for world in worlds)
        rows = turnover_in(worlds, begins, number, everybody)
        return begun(world, everybody, rows, remember, at_once, take, number)
    rows = branched(left.turnover, worlds, begins, number)
    return continued(world, left, begin.carriage, everybody, rows, begin.marks, remember, take, number)


def _let_logs_go(begins: Sequence[Branching | None], done: int, waiting: Mapping[int, Left], take: Take) -> None:
    """Let the logs of the first worlds take memory only as far as worlds that are to come begin with them."""
    for number in range(done):
        begun_with = [left for k, left in waiting.items() if (begin := begins[k]) and begin.origin == number]
        kept = max((len(left.packed.logged) for left in begun_with), default=0)
        take(f"log {number}", (kept, LOG_PARTS), np.int32)
    give_back()


def _stops(begins: Sequence[Branching | None], number: int, world: World) -> list[tuple[int, list[int]]]:
    """Return after how many days of a world to stop, and which worlds begin in it then: on its eve, and at its end."""
    found: dict[int, list[int]] = {world.start_day: [], world.end_day + 1: []}
    for other, begin in enumerate(begins):
        if begin is not None and begin.origin == number:
            found.setdefault(begin.days, []).append(other)
    own = begins[number]
    return sorted((days, others) for days, others in found.items() if days > (own.days if own else 0))
