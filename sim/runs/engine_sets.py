"""Another set of numbers for the engine of the browser: what differs in tables and people, and nothing else.

A fitted set moves some fifty numbers at once, also those that no slider of a browser writes: terms in days, who comes,
what the registers miss. A session writes them, and the file of ``sim.runs.engine_data`` gets the differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.candidates import Candidates
from sim.agents.people import People
from sim.agents.population import PeopleMaker
from sim.files.errors import InputError
from sim.outcomes.plan import plan_of
from sim.runs.lives import days_of
from sim.runs.session import Session
from sim.runs.world import World, ratio_in

GIVEN: Final = ("number", "question", "cell_first", "cell_name", "network_name")
"""The arrays of ``People`` that are not written by the engine, and the same for any number of people."""
BLOCKS: Final = ("nationality", "kind", "month_start", "month_days")
"""The arrays of ``People`` that are the same within a block: those of one flow, month and group."""


def give_places(sessions: Sequence[Session], sets: Sequence[Mapping[str, float]]) -> None:
    """Give every hazard that gets a rate in a set its place in the tables of all sessions, so that they stay alike."""
    movable = sessions[0].movable
    missing = {name: value for changes in sets for name, value in changes.items() if value and not movable[name].value}
    if missing:
        for session in sessions:
            session.set(missing)
            session.set({})


def another(
    usual: Session, session: Session, changes: Mapping[str, float]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return what a set of changes has of its own: number of people, shapes of their arrays, and arrays that differ.

    Parameters
    ----------
    usual
        The session from which the differences are.
    session
        The one that makes the changes; it is without changes afterwards.
    changes
        The numbers of the set.

    Raises
    ------
    InputError
        When the set needs tables of another shape.
    """
    before, old_people = usual.setting.worlds, maker_of(usual)
    known = _named(usual)
    session.set(changes)
    after, made = session.setting.worlds, maker_of(session)
    own = {name: array for name, array in _named(session).items() if _differs(array, known[name])}
    for name in GIVEN:
        array = getattr(made.arrays, name)
        if _differs(array, getattr(old_people.arrays, name)):
            own[f"people.{name}"] = array
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if (old.tables.t.shape, old.tables.f.shape) != (new.tables.t.shape, new.tables.f.shape):
            raise InputError("a set of numbers needs other tables", key="sets", accepted="places for all hazards")
        own |= {f"w{number}.{name}": array for name, array in _changed(old, new).items()}
    about = {
        "people": made.people.group.size,
        "ratio": ratio_in(session.scenario),
        "shapes": {name: list(getattr(made.arrays, name).shape) for name in People._fields},
    }
    session.set({})
    return about, own


def _named(session: Session) -> dict[str, NDArray[Any]]:
    """Return the arrays of the blocks, and what is counted by parameters, by name."""
    found = blocks_of(session.people)
    for number, world in enumerate(session.setting.worlds):
        plan = plan_of(session.setting.measures, session.groups, world.catalogue, days_of(world))
        found |= {f"w{number}.tally.{name}": array for name, array in plan.numbers(world.parameters).items()}
    return found


def _changed(old: World, new: World) -> dict[str, NDArray[Any]]:
    """Return which numbers of the tables of two worlds differ, in runs, and by how much or what they are instead."""
    rows, unknown = np.flatnonzero(old.tables.t != new.tables.t), np.isnan(old.tables.f) & np.isnan(new.tables.f)
    fractions = np.flatnonzero((old.tables.f != new.tables.f) & ~unknown)
    by = (new.tables.t[rows] - old.tables.t[rows]).astype(np.int32)
    parts = {"t": ("by", *_runs(rows, by)), "f": ("to", *_runs(fractions, new.tables.f[fractions]))}
    found: dict[str, NDArray[Any]] = {}
    for name, (kind, first, count, value) in parts.items():
        found |= {f"{name}.first": first, f"{name}.count": count, f"{name}.{kind}": value}
    return found


def _runs(places: NDArray[np.int64], values: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]:
    """Return where runs of neighbours with one value begin, how long they are, and the value."""
    if not places.size:
        return places.astype(np.int32), places.astype(np.int32), values
    begins = np.r_[True, (np.diff(places) != 1) | (values[1:] != values[:-1])]
    count = np.diff(np.r_[np.flatnonzero(begins), places.size])
    return places[begins].astype(np.int32), count.astype(np.int32), values[begins]


def _differs(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape != other.shape or one.tobytes() != other.tobytes()


def blocks_of(people: Candidates) -> dict[str, NDArray[Any]]:
    """Return how many people each block has, those of one flow, month and group, and what they share."""
    prefixes = [name.rstrip("0123456789") for name in people.names]
    firsts = [0, *(k for k in range(1, len(prefixes)) if prefixes[k] != prefixes[k - 1])] if prefixes else []
    of_all: list[NDArray[Any]] = [people.group, people.kind, people.month_start, people.month_days]
    shared = {name: array[firsts] for name, array in zip(BLOCKS, of_all, strict=True)}
    count = np.diff([*firsts, len(prefixes)]).astype(np.int32)
    return {"count": count, **shared}


def maker_of(session: Session) -> PeopleMaker:
    """Return what makes the people of a session with its present numbers."""
    scenario = session.scenario
    first = session.setting.worlds[0].calendar.start
    return PeopleMaker(session.people, scenario.parameter_values(), start=first, end=scenario.end)
