"""A small procedure of a benchmark, compiled from a folder, and people who differ only by their draws."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.agents.behaviour import Authorities, Behaviour
from sim.compile.assemble import build
from sim.engine.calendar import Calendar
from sim.engine.draws import chain_all, replicate_key
from sim.engine.state import Entities
from sim.engine.tables import Catalogue, Tables
from sim.evidence.parameters import Parameters
from sim.policies.compose import composed
from sim.policies.library import parse
from sim.policies.statute import Statute
from sim.policies.structure import check_rulebook
from sim.procedures.rulebook import Rulebook
from sim.procedures.traits import FLAG_BIT, LEVELS


@cache
def numbers_of(folder: Path) -> Parameters:
    """Return the numbers of the benchmark in a folder."""
    return Parameters.load(folder / "parameters.toml")


def compiled_law(
    folder: Path, start: dt.date, end: dt.date, changes: dict[str, float] | None = None
) -> tuple[Tables, Catalogue]:
    """Return the tables of the procedure in a folder, with some of its numbers changed."""
    numbers = numbers_of(folder).replace(changes or {})
    rulebook = Rulebook.load(folder / "law")
    behaviour = Behaviour.load(folder / "behaviour.toml")
    authorities = Authorities.load(folder / "authorities.toml")
    check_rulebook(rulebook, behaviour=behaviour, authorities=authorities, parameters=list(numbers))
    calendar = Calendar(start, end)
    capacity = {name: np.full(calendar.days, numbers.value(pool.capacity)) for name, pool in authorities.pool.items()}
    regime = composed(parse("vc_2018"), {}, rulebook)
    tables, catalogue, _ = build(Statute(regime, behaviour, numbers, calendar), authorities, {}, capacity)
    return tables, catalogue


def people_who_come(days: NDArray[np.int64], seed: int) -> Entities:
    """Return persons without traits, who arrive on given days."""
    size = days.size
    return Entities(
        key=chain_all(replicate_key(seed, 0), np.arange(size, dtype=np.uint64)),
        flags=np.full(size, FLAG_BIT["other"], np.uint32),
        level=np.zeros((size, len(LEVELS)), np.float32),
        group=np.zeros(size, np.uint8),
        network=np.full(size, -1, np.int32),
        arrival=days.astype(np.int16),
        persons=size,
        member_start=np.zeros(1, np.int32),
        member=np.zeros(0, np.int32),
    )
