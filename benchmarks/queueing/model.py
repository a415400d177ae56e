"""The same three desks in b8sim, SimPy and Ciw: arrivals, waits, reneging.

Each is written as its manual shows. In SimPy and Ciw time is continuous, in b8sim it is whole days: a person whose
service and loss of patience fall on the same day is served, and patience lasts until the evening of its last day. So
patience is up to a day longer, and as the desks are overloaded, waits are too (the shares who renege follow from the
load, and stay the same).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.small_law import compiled_law, numbers_of, people_who_come
from sim.engine.columns import NEVER
from sim.engine.kernel import advance
from sim.engine.layout import OK
from sim.engine.log import unpacked
from sim.engine.state import State
from sim.engine.tables import Catalogue, Tables
from sim.evidence.parameters import Parameters

FOLDER = Path(__file__).parent
DESKS = ("first", "second", "third")
LAST_DAY, WARM_UP_DAYS, COOL_DOWN_DAYS = 29_000, 3_000, 4_000
"""Arrivals after the warm-up and long enough before the end are counted."""
ARRIVALS_PER_DAY = 1.1
WHOLE_DAYS = 1.0
"""Days by which waits in whole days may differ from those in continuous time."""


@dataclass
class Counts:
    """For each desk: arrivals, reneging, and the days waited by those served."""

    came: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(DESKS)))
    left: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(DESKS)))
    waited: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(DESKS)))

    @property
    def measures(self) -> dict[str, float]:
        """Return the share who renege and the mean days waited by those served, at each desk."""
        share, wait = self.left / self.came, self.waited / (self.came - self.left)
        left = {f"left_{desk}": float(value) for desk, value in zip(DESKS, share, strict=True)}
        return left | {f"wait_{desk}": float(value) for desk, value in zip(DESKS, wait, strict=True)}


def numbers() -> Parameters:
    """Return the numbers of the benchmark."""
    return numbers_of(FOLDER)


def rates() -> tuple[float, float, list[int]]:
    """Return mean service and mean patience in days, and servers at each desk."""
    patience = 365.25 / numbers().value("patience.gives_up_per_year")
    return numbers().value("service.days"), patience, [int(numbers().value(f"servers.{desk}")) for desk in DESKS]


def counted_from_to(last_day: int) -> tuple[int, int]:
    """Return the first and last day of counted arrivals at the first desk."""
    return WARM_UP_DAYS * last_day // LAST_DAY, last_day - COOL_DOWN_DAYS * last_day // LAST_DAY


# ---- b8sim ----


@cache
def _world() -> tuple[Tables, Catalogue]:
    return compiled_law(FOLDER, dt.date(1990, 1, 1), dt.date(2070, 12, 31))


def in_b8sim(seed: int, last_day: int = LAST_DAY) -> Counts:
    """Run the desks in b8sim."""
    tables, catalogue = _world()
    gaps = np.random.default_rng(seed).exponential(1 / ARRIVALS_PER_DAY, int(ARRIVALS_PER_DAY * last_day * 1.2) + 100)
    arrival = np.cumsum(gaps)
    state = State(tables, catalogue, people_who_come(arrival[arrival < last_day].astype(np.int64), seed))
    with np.errstate(over="ignore"):
        status = advance(state.arrays, last_day)
    if status != OK:
        raise RuntimeError(f"the run stopped with status {status}")
    return _counted(state, catalogue, last_day)


def _counted(state: State, catalogue: Catalogue, last_day: int) -> Counts:
    log = unpacked(state.logged)
    # No person enters a step twice.
    entered = np.full((state.persons, len(catalogue.steps)), NEVER, np.int16)
    entered[log.entity, log.to_step] = log.day
    counts, (first, last) = Counts(), counted_from_to(last_day)
    came_first = entered[:, catalogue.step("line.first_desk")]
    chosen = entered[(came_first >= first) & (came_first < last)]
    for number, desk in enumerate(DESKS):
        came, served = chosen[:, catalogue.step(f"line.{desk}_desk")], chosen[:, catalogue.step(f"work.{desk}")]
        here, is_served = came < NEVER, served < NEVER
        counts.came[number] = here.sum()
        counts.left[number] = (here & ~is_served).sum()
        counts.waited[number] = (served[is_served] - came[is_served]).sum()
    return counts


# ---- SimPy ----


def in_simpy(seed: int, last_day: int = LAST_DAY) -> Counts:
    """Run the desks in SimPy: one process for each person, a resource for each desk."""
    import simpy

    service, patience, servers = rates()
    draw, counts, (first, last) = random.Random(seed), Counts(), counted_from_to(last_day)
    came, left, waited = [0] * len(DESKS), [0] * len(DESKS), [0.0] * len(DESKS)
    environment = simpy.Environment()
    desks = [simpy.Resource(environment, capacity=size) for size in servers]

    def person(counts_here: bool) -> Any:
        for number, desk in enumerate(desks):
            start = environment.now
            came[number] += counts_here
            with desk.request() as request:
                yield request | environment.timeout(draw.expovariate(1 / patience))
                if not request.triggered:
                    left[number] += counts_here
                    return
                waited[number] += (environment.now - start) * counts_here
                yield environment.timeout(draw.expovariate(1 / service))

    def arrivals() -> Any:
        while True:
            yield environment.timeout(draw.expovariate(ARRIVALS_PER_DAY))
            environment.process(person(first <= environment.now < last))

    environment.process(arrivals())
    environment.run(until=last_day)
    counts.came[:], counts.left[:], counts.waited[:] = came, left, waited
    return counts


# ---- Ciw ----


def in_ciw(seed: int, last_day: int = LAST_DAY) -> Counts:
    """Run the desks in Ciw: a network of three nodes with reneging."""
    import ciw

    service, patience, servers = rates()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(ARRIVALS_PER_DAY), None, None],
        service_distributions=[ciw.dists.Exponential(1 / service)] * 3,
        number_of_servers=servers,
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        reneging_time_distributions=[ciw.dists.Exponential(1 / patience)] * 3,
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(last_day)
    counts, (first, last) = Counts(), counted_from_to(last_day)
    records = simulation.get_all_records()
    chosen = {r.id_number for r in records if r.node == 1 and first <= r.arrival_date < last}
    for record in records:
        if record.id_number in chosen:
            desk = record.node - 1
            counts.came[desk] += 1
            if record.record_type == "renege":
                counts.left[desk] += 1
            else:
                counts.waited[desk] += record.waiting_time
    return counts


WAYS: dict[str, Callable[..., Counts]] = {"b8sim": in_b8sim, "simpy": in_simpy, "ciw": in_ciw}
"""The three implementations, by name."""
