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
    members      for each group its traits: [[bit, whether it must be absent]]
    worlds       for each regime: hazards, arrival_slot, at_once, days, pools, beliefs; ``row``, the bytes of a row;
                 ``inside``, {part of the row: [type, first byte]}; ``cells``, {parameter: [[place in f, form]]};
                 of what is counted: ``rows`` of measures, ``tables``, ``together``, ``tracks``, ``causes``;
                 ``remembered``, the row of each step of which a history keeps the first day, or -1; ``begun_by``, the
                 steps that begin a sequence and those that bar it; ``pool_rows``, [sum, divisor, pool] of each measure
                 of a pool, as places in its sums, the divisor -1 for the days of the period; null: no such pool
    first_day    the first day that is measured; before it lies a history
    capacities   place in f of the capacity of the first pool on the first day
    sizes        for each number of people: ``size``, as a state has it, 0 for all; ``people``, who might come;
                 ``ratio``, by which capacities are multiplied, or null; ``shapes``, {array of People: shape}

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
from sim.outcomes.groups import CAUSES, Groups
from sim.outcomes.plan import Plan, plan_of
from sim.outcomes.pools import pool_measures
from sim.outcomes.recorded import NOTIFIERS
from sim.procedures.traits import FLAG_BIT
from sim.runs.lives import days_of
from sim.runs.memory import Watched
from sim.runs.session import Session
from sim.runs.world import World, ratio_in
from sim.scenarios.scenario import Scenario
from sim.view.pack import packed
from sim.view.portable import structs
from sim.view.state import people_in

GIVEN: Final = (
    *("name", "nationality", "kind", "month_start", "month_days", "by_name"),
    *("number", "question", "cell_first", "cell_name", "network_name"),
)
"""The arrays of ``People`` that are not written by the engine."""
SIZES: Final = (3000, 10000)
"""Numbers of people for a first picture, as ``web/engine/server.js`` has them."""
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
    "credit": layout.CREDIT,
    "notifiers": len(NOTIFIERS),
    "never": columns.NEVER,
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
    arrays: dict[str, NDArray[Any]] = {}
    plans = [plan_of(session.setting.measures, session.groups, world.catalogue, days_of(world)) for world in worlds]
    for number, (world, plan) in enumerate(zip(worlds, plans, strict=True)):
        arrays |= {f"w{number}.{name}": array for name, array in _of_world(world).items()}
        arrays |= {f"w{number}.tally.{name}": array for name, array in plan.arrays.items()}
        arrays |= {f"w{number}.tally.{name}": array for name, array in plan.numbers(world.parameters).items()}
    sizes = []
    for number, one in enumerate(sessions):
        made = _maker(one)
        sizes.append({
            "size": one.scenario.document.inflow.persons or 0,
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
        "members": _members(session.setting.groups),
        "first_day": plans[0].days.first,
        "worlds": [
            {**_about(world), **_of_plan(session, world, plan), "cells": written}
            for world, plan, written in zip(worlds, plans, cells, strict=True)
        ],
        "sizes": sizes,
    }
    return packed(head, arrays)


def engine_of(scenario: Scenario) -> bytes:
    """Return the file for the regimes of a scenario: for everybody, and for fewer people where the page asks for them.

    Raises
    ------
    InputError
        When the engine of the browser cannot run the scenario.
    """
    people = people_in(scenario)
    fewer = [scenario.replace(inflow={"persons": n, "capacities": "in_proportion"}) for n in SIZES if n < people]
    return engine_data([Session(one) for one in (*fewer, scenario)])


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
        watched = Watched(world.parameters)
        plan_of(session.setting.measures, session.groups, world.catalogue, days_of(world)).numbers(watched)
        barred |= set(watched.read)
    known = {*NAMES, *(name for one in cells for name in one)} - barred
    # A rate of 0 may need a place in the tables that is not there.
    return {name: worlds[0].parameters.value(name) for name in sorted(known)}


def _members(groups: Groups) -> list[list[list[int]]]:
    """Return the traits of each group.

    Raises
    ------
    InputError
        When a group looks at steps, which is left to other engines.
    """
    if groups.steps():
        raise InputError("the engine of the browser has groups by traits only", key="group", accepted="traits")
    tables = groups.tables.values()
    return [[[FLAG_BIT[str(c.subject)], int(c.negated)] for c in group.when] for group in tables]


def _of_plan(session: Session, world: World, plan: Plan) -> dict[str, Any]:
    steps, own = world.catalogue.steps, world.catalogue.pools
    # Of these steps the first day is asked for, however long ago it was.
    asked = {*plan.arrays["step_list"].tolist(), *plan.arrays["contact"].tolist()}
    asked |= {step for starts, bars in plan.begun_by for step in (*starts, *bars)}
    remembered = {step: row for row, step in enumerate(sorted(asked - {-1}))}
    parts = {
        "queue": (layout.QUEUE_DAYS, -1),
        "wait": (layout.WAITED, layout.SERVED),
        "utilisation": (layout.USED, layout.OFFERED),
        "beyond_capacity": (layout.HELD_BEYOND, -1),
    }
    every = [
        (*parts[kind], own.index(pool)) if pool in own else None for kind, pool in pool_measures(session.setting.pools)
    ]
    return {
        "rows": plan.rows,
        "tables": plan.tables,
        "together": plan.days_together,
        "tracks": int(plan.arrays["slot"].max(initial=0)) + 1,
        "causes": len(CAUSES),
        "remembered": [remembered.get(step, -1) for step in range(len(steps))],
        "begun_by": plan.begun_by,
        "pool_rows": every,
    }


def _pools(session: Session) -> list[list[Any]]:
    """Return the pools; where a programme runs the capacity is not one number."""
    pools = Authorities.load().pool
    programmes = session.scenario.document.programme
    busy = {pool for programme in programmes if programme.on for pool in programme.capacity_times}
    names = session.setting.worlds[0].catalogue.pools
    return [[name, pools[name].kind == "places", name not in busy] for name in names]


def _maker(session: Session) -> PeopleMaker:
    scenario = session.scenario
    first = session.setting.worlds[0].calendar.start
    return PeopleMaker(session.people, scenario.parameter_values(), start=first, end=scenario.end)
