"""Moves by hand, and what the counting finds in them: each person is a group, so that values are those of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.agents.population import Population
from sim.engine.log import Log, packed
from sim.engine.state import Entities
from sim.evidence.parameters import Parameters
from sim.outcomes.by_person import moves_of
from sim.outcomes.count import Counts, count
from sim.outcomes.measures import Measures
from sim.outcomes.opening import Opening, Past
from sim.outcomes.plan import Plan
from sim.outcomes.recorded import Days
from sim.procedures.traits import LEVELS

STEPS = ("away", "a", "b", "c")
"""On one track."""
AWAY, A, B, C = range(4)
CATALOGUE: Any = SimpleNamespace(steps=STEPS, slots=[0] * len(STEPS), step=STEPS.index)
Move = tuple[int, int, int]
"""Day, person, step entered."""


def measures_of(**tables: Mapping[str, Any]) -> Measures:
    """Return measures from their tables, without area and title."""
    head = {"area": "detection", "title": {"en": "x", "nl": "x"}}
    return Measures.model_validate({"measure": {name: {**head, **table} for name, table in tables.items()}})


def logged(moves: Sequence[Move], now: list[int], via: int = 0) -> Log:
    """Return the log of moves; ``now`` has the step of each person before and after."""
    rows = []
    for day, person, to in moves:
        rows.append((day, person, now[person], to, via))
        now[person] = to
    day, entity, old, new, by = (np.array(column) for column in zip(*rows, strict=True))
    kinds = (np.int16, np.int32, np.uint8, np.uint8, np.int16)
    return Log(*(column.astype(kind) for column, kind in zip((day, entity, old, new, by), kinds, strict=True)))


def people_by_hand(arrival: Sequence[int]) -> Population:
    """Return persons without traits and networks."""
    persons = len(arrival)
    entities = Entities(
        key=np.arange(persons, dtype=np.uint64),
        flags=np.zeros(persons, np.uint32),
        level=np.zeros((persons, len(LEVELS)), np.float32),
        group=np.zeros(persons, np.uint8),
        network=np.full(persons, -1, np.int32),
        arrival=np.array(arrival, np.int16),
        persons=persons,
        member_start=np.zeros(1, np.int32),
        member=np.zeros(0, np.int32),
    )
    nobody: Any = None
    return Population(entities, np.arange(persons, dtype=np.int32), nobody, np.zeros(0, np.uint8))


def counted(
    measures: Measures,
    log: Log,
    *,
    last: int = 20,
    first: int = 0,
    arrival: Sequence[int] = (1, 1, 1),
    opening: Opening | None = None,
    catalogue: Any = CATALOGUE,
    together: bool = False,
) -> Counts:
    """Count moves; the values are ``[measures and registers, persons]``, or of all persons ``together``."""
    population = people_by_hand(arrival)
    persons = len(arrival)
    groups = ["all"] if together else [f"person {number}" for number in range(persons)]
    days = Days(np.datetime64("2019-01-01") + np.arange(last + 1), first)
    plan = Plan(measures, groups, catalogue, days)
    members = np.ones((1, persons), bool) if together else np.eye(persons, dtype=bool)
    moves = moves_of(packed(log), persons)
    return count(plan, Parameters.load(), moves, population, members, opening=opening)


def values(measures: Measures, moves: Sequence[Move], *, via: int = 0, **how: Any) -> dict[str, list[float]]:
    """Return the value of each measure for each person."""
    found = counted(measures, logged(moves, [AWAY] * 3, via), **how).values
    return {name: found[row].tolist() for row, name in enumerate(measures.measure)}


def after_a_history(measures: Measures, before: Sequence[Move], moves: Sequence[Move]) -> tuple[Counts, dict[str, Any]]:
    """Count three persons of whom none comes in the period, which begins on day 10 and ends on day 20."""
    now = [AWAY] * 3
    earlier = logged(before, now)
    remember = [*measures.remembered(), "a", "b", "c"]
    step = np.array(now, np.uint8)[:, None]
    past = Past(CATALOGUE, step.shape, remember)
    past.add(packed(earlier))
    past.stay(None, step)
    opening = past.opening(10)
    found = counted(measures, logged(moves, now), first=10, opening=opening)
    return found, {name: found.values[row].tolist() for row, name in enumerate(measures.measure)}
