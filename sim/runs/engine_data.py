"""What the engine of the browser needs of a session, as one binary file of ``sim.files.pack``.

What follows from little is left out: the people are listed and their names hashed by the browser, and tables are stored
as differences, so that the file of a whole country takes less than a picture once it is compressed.

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
    worlds       for each regime: hazards, arrival_slot, days, pools, beliefs; ``layouts`` of rows, for more and more
                 hazards at once: ``at_once``, ``row``, its bytes, and ``inside``, {part of the row: [type, first
                 byte]}; ``cells``, {parameter: [[place in f, form]]};
                 of what is counted: ``rows`` of measures, ``tables``, ``together``, ``tracks``, ``causes``;
                 ``remembered``, the row of each step of which a history keeps the first day, or -1; ``begun_by``, the
                 steps that begin a sequence and those that bar it; ``pool_rows``, [sum, divisor, pool] of each measure
                 of a pool, as places in its sums, the divisor -1 for the days of the period; null: no such pool
    first_day    the first day that is measured; before it lies a history
    capacities   place in f of the capacity of the first pool on the first day
    people       of the period, in the whole country
    sizes        for each number of people: ``size``, as a state has it, 0 for all; ``people``, who might come, those of
                 a history included; ``ratio``, by which capacities are multiplied, or null; ``shapes``, {array of
                 People: shape}
    sets         for each fitted set of assumptions, which runs on the first number of people: ``people``, ``ratio``
                 and ``shapes``
    names        how the name of a person begins: ``groups`` and, by flow, ``marks``; ``start``, the first day

The arrays: ``w0.t``, of which each number is less the one before it, ``w0.u``, ``w0.start_state``, ``w0.blank0`` of
the first world, and so on; ``people.number``, ... , the arrays of ``sim.agents.people.People`` that all sizes share;
``listing.begin`` and ``listing.order`` of ``sim.agents.listing``. For the first number of people ``s0.w0.f``, its
fractions, and the blocks of those who might come: ``s0.count``, how many, with names that end in 0001 and so on;
``s0.nationality``, ``s0.kind``, ``s0.month_start``, ``s0.month_days`` as in ``People``, of all people of a block.
Of the first set ``m0.w0.t.first`` and ``m0.w0.t.count``, runs of numbers that differ from those of the first number of
people, and ``m0.w0.t.by``, by how much; for fractions ``m0.w0.f.to``, what they are instead; and whatever else of
``people``, ``w0.tally`` and the blocks is another than there (`sim.runs.engine_sets`).

A change of a parameter is a write to the cells of every world and to the numbers of the people. What cannot be written
(terms in whole days, the number of networks, ...) is not among ``parameters``; a page asks another engine for it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import sim
from sim.agents.behaviour import Authorities
from sim.agents.candidates import MARKS
from sim.agents.listing import hashing
from sim.agents.numbers import NAMES
from sim.agents.people import People
from sim.engine import columns, layout
from sim.engine.state import blank_row, row_parts
from sim.files.errors import InputError
from sim.files.pack import packed
from sim.outcomes.groups import CAUSES, Groups
from sim.outcomes.plan import Plan, plan_of
from sim.outcomes.pooled import SUMS
from sim.outcomes.pools import pool_measures
from sim.outcomes.recorded import NOTIFIERS
from sim.procedures.traits import FLAG_BIT, GROUPS
from sim.runs.engine_sets import GIVEN, another, blocks_of, give_places, maker_of
from sim.runs.fitted_sets import fitted_sets
from sim.runs.lives import days_of
from sim.runs.loading import Asked
from sim.runs.people import KeptPeople, people_in
from sim.runs.session import Session
from sim.runs.world import World, ratio_in
from sim.scenarios.scenario import Scenario

ENGINE: Final = Path(sim.__file__).parent / "view" / "engine.json"
"""What the compiled engine says of itself (`sim.view.portable`)."""
SIZES: Final = (3000, 10000)
"""Numbers of people for a first picture, as ``web/engine/server.js`` has them."""
AT_ONCE: Final = tuple(layout.USUAL_AT_ONCE * k for k in (1, 2, 3))
"""Hazards at once for which a row has space, and then more, as ``sim.runs.world.run_world`` has it."""
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
    "too_many": layout.TOO_MANY_HAZARDS,
    "credit": layout.CREDIT,
    "notifiers": len(NOTIFIERS),
    "never": columns.NEVER,
}


def engine_data(
    sessions: Sequence[Session], sets: Sequence[Mapping[str, float]] = (), fitted: Session | None = None
) -> bytes:
    """Return the file for sessions on the same regimes with other numbers of people, all of them last.

    Parameters
    ----------
    sessions
        At their scenarios, without changes.
    sets
        Changes, each of which is made as a whole by ``fitted``, a session with as many people as the first one.

    Raises
    ------
    InputError
        When the engine of the browser cannot run the scenario.
    """
    fitted = sessions[0] if fitted is None else fitted
    give_places([*sessions, fitted], sets)
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
        made = maker_of(one)
        sizes.append({
            "size": one.scenario.document.inflow.persons or 0,
            "people": made.people.group.size,
            "ratio": ratio_in(one.scenario),
            "shapes": {name: list(getattr(made.arrays, name).shape) for name in People._fields},
        })  # fmt: skip
        arrays |= {f"people.{name}": getattr(made.arrays, name) for name in GIVEN}
        arrays |= {f"s{number}.{name}": array for name, array in blocks_of(one.people).items()}
        arrays |= {f"s{number}.w{place}.f": world.tables.f for place, world in enumerate(one.setting.worlds)}
    arrays |= dict(zip(("listing.begin", "listing.order"), hashing(), strict=True))
    cells = [_cells(world) for world in worlds]
    head = {
        "regimes": list(session.regimes),
        "groups": list(session.groups),
        "measures": [list(label) for label in session.labels],
        "outcomes": list(session.outcomes),
        "seed": session.seed,
        "last_day": worlds[0].end_day,
        "parts": PARTS,
        "structs": json.loads(ENGINE.read_text(encoding="utf-8"))["structs"],
        "numbers": list(NAMES),
        "parameters": _changeable(session, cells),
        "pools": _pools(session),
        "capacities": int(columns.POOL_CAPACITY),
        "people": people_in(scenario),
        "members": _members(session.setting.groups),
        "first_day": plans[0].days.first,
        "worlds": [
            {**_about(world), **_of_plan(session, world, plan), "cells": written}
            for world, plan, written in zip(worlds, plans, cells, strict=True)
        ],
        "sizes": sizes,
        "sets": [],
        "names": {"groups": GROUPS, "marks": MARKS, "start": worlds[0].calendar.start.isoformat()},
    }
    for number, changes in enumerate(sets):
        about, own = another(sessions[0], fitted, changes)
        head["sets"].append(about)
        arrays |= {f"m{number}.{name}": array for name, array in own.items()}
    return packed(head, arrays)


def engine_of(asked: Asked) -> bytes:
    """Return the file in gzip for the regimes of a comparison: for everybody, and for the fewer of a first picture.

    Raises
    ------
    InputError
        When the engine of the browser cannot run the scenario.
    """
    people = people_in(asked.scenario)
    fewer = [{"persons": n, "capacities": "in_proportion"} for n in SIZES if n < people]
    scenarios = [*(asked.scenario.replace(inflow=inflow) for inflow in fewer), asked.scenario]
    sessions = [Session.of(replace(asked, scenario=one), kept=KeptPeople(0)) for one in scenarios]
    found = fitted_sets(asked) if fewer else None
    if found is None:
        content = engine_data(sessions)
    else:
        # The flow of arrivals is an assumption too: the sets have the flows of the scenario that was fitted.
        theirs = Scenario.load(found.scenario).replace(inflow=fewer[0])
        fitted = Session.of(replace(asked, scenario=theirs), kept=KeptPeople(0))
        content = engine_data(sessions, [one.numbers for one in found.sets], fitted)
    return gzip.compress(content, 9, mtime=0)


def _of_world(world: World) -> dict[str, NDArray[Any]]:
    tables = world.tables
    blanks = {f"blank{k}": blank_row(_row(world, at_once)) for k, at_once in enumerate(AT_ONCE)}
    return {
        "t": np.diff(tables.t, prepend=np.int32(0)).astype(np.int32),
        "u": tables.u,
        "start_state": tables.start_state,
        **blanks,
    }


def _row(world: World, at_once: int) -> np.dtype[np.void]:
    """Return the parts of a row with a number of hazards at once."""
    t = world.tables.t.copy()
    t[columns.AT_ONCE] = at_once
    return row_parts(t, world.catalogue)


def _about(world: World) -> dict[str, Any]:
    t, layouts = world.tables.t, []
    for at_once in AT_ONCE:
        row = _row(world, at_once)
        fields: Mapping[str, Any] = row.fields or {}
        inside = {name: [row[name].base.name, int(fields[name][1])] for name in row.names or () if name != "spare"}
        layouts.append({"at_once": at_once, "row": row.itemsize, "inside": inside})
    return {
        "hazards": len(world.catalogue.hazards),
        "arrival_slot": world.catalogue.arrival_slot,
        "layouts": layouts,
        "days": int(t[columns.DAYS]),
        "pools": int(t[columns.POOLS]),
        "beliefs": int(t[columns.BELIEFS]),
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
        barred |= {*plan_of(session.setting.measures, session.groups, world.catalogue, days_of(world)).reads}
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
    every = [
        (*SUMS[kind], own.index(pool)) if pool in own else None for kind, pool in pool_measures(session.setting.pools)
    ]
    return {
        "rows": plan.rows,
        "tables": plan.tables,
        "together": plan.days_together,
        "tracks": plan.tracks,
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
