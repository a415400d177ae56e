"""What the engine of the browser needs of a session, as one binary file of ``sim.view.pack``.

The head::

    regimes      names, the baseline first                                                       K
    groups, measures, outcomes    names along the axes of a reading
    seed         of the draws
    last_day     the last day that is simulated, from 0
    parts        sizes of what a state holds: the constants of sim.engine.layout that the page needs
    structs      as in engine.json
    numbers      parameters in the order of sim.agents.numbers.NAMES
    parameters   {name: value} of all that can be changed here
    pools        [name, whether it has places, whether its capacity can be changed here], in the order of the rows of
                 capacities
    worlds       for each regime: hazards, arrival_slot, at_once, days, pools, tracks, beliefs; ``row``, the bytes of a
                 row; ``inside``, {part of the row: [type, first byte]}; ``cells``, {parameter: [[place in f, form]]}
    capacities   place in f of the capacity of the first pool on the first day
    sizes        for each number of people: ``people``; ``ratio``, by which capacities are multiplied, or null;
                 ``shapes``, {array of People: shape}

The arrays: ``w0.t``, ``w0.u``, ``w0.start_state``, ``w0.blank`` of the first world, and so on; for the first number of
people ``s0.w0.f``, its fractions, and ``s0.name``, ... , the arrays of ``sim.agents.people.People`` that are given.

A change of a parameter is a write to the cells of every world and to the numbers of the people. What cannot be written
(terms in whole days, the number of networks, ...) is not among ``parameters``; a page asks another engine for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from numpy.typing import NDArray

from sim.agents.behaviour import Authorities
from sim.agents.numbers import NAMES
from sim.agents.people import People
from sim.agents.population import PeopleMaker
from sim.engine import columns, layout
from sim.engine.state import blank_row, row_parts
from sim.files.errors import InputError
from sim.runs.session import Session
from sim.runs.world import World, ratio_in
from sim.view.pack import packed
from sim.view.portable import structs

GIVEN: Final = (
    *("name", "nationality", "kind", "month_start", "month_days", "by_name"),
    *("number", "question", "cell_first", "cell_name", "network_name"),
)
"""The arrays of ``People`` that are not written by the engine."""
PARTS: Final = {
    "queue": layout.QUEUE_PARTS,
    "node": layout.NODE_PARTS,
    "sums": layout.POOL_SUMS,
    "counter": layout.COUNTERS,
    "work": layout.WORK_PARTS,
    "news": layout.NEWS_PARTS,
    "log": layout.LOG_PARTS,
    "logged": layout.LOGGED,
    "full": [layout.LOG_FULL, layout.QUEUE_FULL],
}


def engine_data(sessions: Sequence[Session]) -> bytes:
    """Return the file for sessions on the same regimes with other numbers of people, all of them last.

    Raises
    ------
    InputError
        When the engine of the browser cannot run the scenario.
    """
    session = sessions[-1]
    scenario, worlds = session.scenario, session.setting.worlds
    if scenario.document.switches.word_of_mouth:
        accepted = "a scenario without word of mouth"
        raise InputError("the engine of the browser makes no contacts", key="switches.word_of_mouth", accepted=accepted)
    if worlds[0].start_day:
        accepted = "a scenario without a history"
        raise InputError("the engine of the browser has no history", key="scenario.history_from", accepted=accepted)
    arrays: dict[str, NDArray[Any]] = {}
    for number, world in enumerate(worlds):
        arrays |= {f"w{number}.{name}": array for name, array in _of_world(world).items()}
    sizes = []
    for number, one in enumerate(sessions):
        made = _maker(one)
        sizes.append({
            "people": made.people.group.size,
            "ratio": ratio_in(one.scenario),
            "shapes": {name: list(getattr(made.arrays, name).shape) for name in People._fields},
        })  # fmt: skip
        arrays |= {f"s{number}.{name}": getattr(made.arrays, name) for name in GIVEN}
        arrays |= {f"s{number}.w{place}.f": world.tables.f for place, world in enumerate(one.setting.worlds)}
    cells = [_cells(world) for world in worlds]
    head = {
        "regimes": list(session.regimes),
        "groups": list(session.groups),
        "measures": [list(label) for label in session.labels],
        "outcomes": list(session.outcomes),
        "seed": session.seed,
        "last_day": worlds[0].end_day,
        "parts": PARTS,
        "structs": structs(),
        "numbers": list(NAMES),
        "parameters": _changeable(session, cells),
        "pools": _pools(session),
        "capacities": int(columns.POOL_CAPACITY),
        "worlds": [{**_about(world), "cells": written} for world, written in zip(worlds, cells, strict=True)],
        "sizes": sizes,
    }
    return packed(head, arrays)


def _of_world(world: World) -> dict[str, NDArray[Any]]:
    tables = world.tables
    return {
        "t": tables.t,
        "u": tables.u,
        "start_state": tables.start_state,
        "blank": blank_row(row_parts(_usual(world), world.catalogue)),
    }


def _usual(world: World) -> Any:
    """Return the header with the usual number of hazards at once."""
    t = world.tables.t.copy()
    t[columns.AT_ONCE] = layout.USUAL_AT_ONCE
    return t


def _about(world: World) -> dict[str, Any]:
    t, row = world.tables.t, row_parts(_usual(world), world.catalogue)
    fields: Mapping[str, Any] = row.fields or {}
    inside = {name: [row[name].base.name, int(fields[name][1])] for name in row.names or () if name != "spare"}
    return {
        "hazards": len(world.catalogue.hazards),
        "arrival_slot": world.catalogue.arrival_slot,
        "at_once": layout.USUAL_AT_ONCE,
        "days": int(t[columns.DAYS]),
        "pools": int(t[columns.POOLS]),
        "beliefs": int(t[columns.BELIEFS]),
        "row": row.itemsize,
        "inside": inside,
    }


def _cells(world: World) -> dict[str, list[list[Any]]]:
    """Return the cells of the parameters that are written to fractions only."""
    cells = world.cells
    only = set(cells.fractions) - set(cells.due) - set(cells.whole)
    return {name: [list(cell) for cell in cells.fractions[name]] for name in sorted(only)}


def _changeable(session: Session, cells: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the parameters that can be written here: all that they decide is in cells, or in the numbers of people."""
    worlds = session.setting.worlds
    barred: set[str] = set()
    for world in worlds:
        barred |= {*world.cells.due, *world.cells.whole, *world.capacities_follow, *world.regime.parameter_values}
    known = {*NAMES, *(name for one in cells for name in one)} - barred
    # A rate of 0 may need a place in the tables that is not there.
    return {name: worlds[0].parameters.value(name) for name in sorted(known)}


def _pools(session: Session) -> list[list[Any]]:
    """Return the pools; where a programme runs the capacity is not one number."""
    pools = Authorities.load().pool
    programmes = session.scenario.document.programme
    busy = {pool for programme in programmes if programme.on for pool in programme.capacity_times}
    names = session.setting.worlds[0].catalogue.pools
    return [[name, pools[name].kind == "places", name not in busy] for name in names]


def _maker(session: Session) -> PeopleMaker:
    scenario = session.scenario
    return PeopleMaker(session.people, scenario.parameter_values(), start=scenario.start, end=scenario.end)
