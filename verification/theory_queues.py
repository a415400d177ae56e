"""Queues against theory: Erlang, priorities, known answers, a fluid limit, and Little's law in the Netherlands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import integrate

from sim.engine.layout import OK
from sim.engine.state import State
from sim.policies.regime import Regime
from sim.runs.world import World, make_world, people_of, population_of, run_until
from sim.scenarios.scenario import Scenario
from verification.erlang import LAST_DAY, LONG, SERVICE_DAYS, erlang_a, erlang_c, poisson_arrivals, queue_world, waits
from verification.small_worlds import parameter, people

Floats = NDArray[np.float64]
Row = tuple[str, float, float, float]


def _row(name: str, sample: list[float], expected: float) -> Row:
    """Return what was measured: mean over runs, theory, and the distance in standard errors."""
    values = np.array(sample)
    error = values.std(ddof=1) / np.sqrt(values.size)
    return name, float(values.mean()), expected, float((values.mean() - expected) / error)


def erlang(runs: int, folder: Path) -> list[Row]:
    """Hold waits against Erlang C, and queues that people leave against Erlang A."""
    rows: list[Row] = []
    for servers, busy in ((1, 0.5), (3, 0.6), (8, 0.75)):
        world = queue_world(folder / f"c{servers}", float(servers), **LONG)
        per_day = busy * servers / SERVICE_DAYS
        waited, days = [], []
        for seed in range(runs):
            arrival = poisson_arrivals(per_day, seed)
            found = waits(world.run(people(arrival, seed=seed), until=LAST_DAY), arrival)
            waited.append(float((found > 0).mean()))
            days.append(float(found.mean()))
        chance = erlang_c(servers, busy * servers)
        rows.append(_row(f"M/M/{servers}, {busy:.0%} busy: share that waits", waited, chance))
        rows.append(_row(f"M/M/{servers}: mean wait, days", days, chance / (servers / SERVICE_DAYS - per_day)))
    for servers, load, patience in ((3, 2.7, 80.0), (2, 4.0, 150.0)):
        world = queue_world(folder / f"a{servers}", float(servers), leaves_after_days=patience, **LONG)
        shares = []
        for seed in range(runs):
            arrival = poisson_arrivals(load / SERVICE_DAYS, seed)
            left = world.run(people(arrival, seed=seed), until=LAST_DAY).days("queue.left")
            counted = (arrival >= 5000) & (arrival < LAST_DAY - 3000)
            shares.append(float((left[counted] >= 0).mean()))
        expected = erlang_a(servers, load / SERVICE_DAYS, patience)[1]
        rows.append(_row(f"M/M/{servers}+M, load {load / servers:.0%}: share that gives up", shares, expected))
    return rows


RANKED = (
    'by = "desk"\ntakes = "desk.days"\non_start = ["served.busy"]\nnext = [{ to = "done" }]\n'
    'priority = [{ when = "minor", rank = 0 }, { when = "victim", rank = 1 }]'
)


def priorities(runs: int, folder: Path) -> list[Row]:
    """Hold the waits of three ranks in one queue against theory.

    Source: Cobham (1954), Priority assignment in waiting line problems, Operations Research 2, 70-76.
    """
    servers, busy, shares = 3, 0.75, np.array([0.2, 0.3, 0.5])
    world = queue_world(folder, float(servers), desk=RANKED, **LONG)
    load = busy * servers
    found: list[list[float]] = [[], [], []]
    for seed in range(runs):
        arrival = poisson_arrivals(load / SERVICE_DAYS, seed)
        rank = np.random.default_rng(1000 + seed).choice(3, arrival.size, p=shares)
        flags = {"minor": (rank == 0).tolist(), "victim": (rank == 1).tolist()}
        run = world.run(people(arrival, seed=seed, flags=flags), until=LAST_DAY)
        served = run.days("served.busy")
        counted = (served >= 0) & (arrival >= 5000) & (arrival < LAST_DAY - 3000)
        for k in range(3):
            found[k].append(float((served - arrival)[counted & (rank == k)].mean()))
    before = np.r_[0.0, np.cumsum(shares)] * busy
    first = erlang_c(servers, load) * SERVICE_DAYS / servers
    return [
        _row(f"rank {k}: mean wait, days", found[k], float(first / ((1 - before[k]) * (1 - before[k + 1]))))
        for k in range(3)
    ]


def known_answers(folder: Path) -> list[tuple[str, int, int]]:
    """Count answers that are known to the day: what was asked, how many answers, how many of them are wrong."""
    beds = queue_world(folder / "beds", 4.0, service_days=parameter("desk.days", 30.0))
    run = beds.run(people(np.zeros(40, np.int64)))
    began, ended = run.days("served.busy"), run.days("queue.done")
    expected = 30 * (np.arange(40) // 4)
    wrong_beds = int((began != expected).sum() + (ended != expected + 30).sum())
    staff = queue_world(folder / "staff", 2.5, kind="staff", service_days=parameter("desk.days", 0.0))
    began = staff.run(people(np.zeros(900, np.int64))).days("served.busy")
    working = np.cumsum(staff.calendar.is_working_day)
    by_day = np.searchsorted(np.sort(began), np.arange(working.size), side="right")
    wrong_staff = int((by_day != np.minimum(np.floor(2.5 * working), 900)).sum())
    return [
        ("four beds, stays of 30 days, 40 persons on one day: first and last day of each stay", 80, wrong_beds),
        ("staff for 2.5 cases a working day, 900 persons: cases begun up to each day", working.size, wrong_staff),
    ]


# ---- the fluid limit ----

PLACES, STAY_DAYS, PATIENCE_DAYS, FLUID_DAYS = 60.0, 500.0, 750.0, 7500
CYCLE_DAYS, MOST_A_DAY = 3650, 0.22
"""All times are long, so that it makes little difference that the engine knows whole days only."""


def inflow(day: float) -> float:
    """Return persons a day for a system of size 1: more than can be served, and less, in turns of ten years."""
    return 0.14 + 0.08 * np.sin(2 * np.pi * day / CYCLE_DAYS)


def fluid() -> Floats:
    """Return persons in the system each evening in the limit: an ordinary differential equation."""

    def slope(day: float, x: Floats) -> Floats:
        return inflow(day) - np.minimum(x, PLACES) / STAY_DAYS - np.maximum(x - PLACES, 0.0) / PATIENCE_DAYS

    evenings = np.arange(FLUID_DAYS) + 1.0
    solved = integrate.solve_ivp(slope, (0.0, FLUID_DAYS), [0.0], t_eval=evenings, rtol=1e-8, atol=1e-8, max_step=5.0)
    return np.asarray(solved.y[0])


def fluid_errors(sizes: tuple[int, ...], runs: int, folder: Path) -> list[tuple[int, float, float]]:
    """Run a queue with a hazard at growing size.

    Returns
    -------
    list of tuple
        Size, the root mean square distance from the limit over days and runs (in persons, for a system of size 1), and
        the same times the root of the size, which is even if the error shrinks like one over the root.
    """
    limit, rows = fluid(), []
    for size in sizes:
        world = queue_world(
            folder / str(size),
            PLACES * size,
            service_days=parameter("desk.days", STAY_DAYS, varies="exponential"),
            leaves_after_days=PATIENCE_DAYS,
            start=dt.date(2000, 1, 1),
            end=dt.date(2020, 12, 31),
        )
        squares = []
        for seed in range(runs):
            arrival = _arrivals(size, seed)
            run = world.run(people(arrival, seed=seed), until=FLUID_DAYS)
            left = np.maximum(run.days("queue.done"), run.days("queue.left"))
            gone = np.where(left < 0, FLUID_DAYS + 1, left)
            evenings = np.arange(FLUID_DAYS)
            came = np.searchsorted(arrival, evenings, side="right")
            present = came - np.searchsorted(np.sort(gone), evenings, side="right")
            squares.append(((present / size - limit) ** 2).mean())
        error = float(np.sqrt(np.mean(squares)))
        rows.append((size, error, error * float(np.sqrt(size))))
    return rows


def _arrivals(size: int, seed: int) -> NDArray[np.int64]:
    """Draw Poisson arrivals at the rate of `inflow`, by thinning."""
    draw = np.random.default_rng([size, seed])
    days = np.sort(draw.uniform(0, FLUID_DAYS, draw.poisson(MOST_A_DAY * size * FLUID_DAYS)))
    kept: NDArray[np.int64] = days[draw.uniform(0, MOST_A_DAY, days.size) < inflow(days)].astype(np.int64)
    return kept


def order_of(rows: list[tuple[int, float, float]]) -> float:
    """Return the power of the size with which the error goes: -0.5 for one over the root."""
    size, error, _ = np.array(rows).T
    return float(np.polyfit(np.log(size), np.log(error), 1)[0])


# ---- Little's law in the Netherlands ----


def littles_law(scenario: Scenario, regime: str) -> list[tuple[str, float, float, float, float]]:
    """Follow everybody who waits, evening by evening, through every pool.

    Returns
    -------
    list of tuple
        Pool, spells of waiting that lasted a night at least per day, their mean length in days, the product, and the
        mean length of the queue as the engine counted it.
    """
    world = make_world(scenario, Regime.load(regime, scenario.readings))
    state = State(world.tables, world.catalogue, population_of(scenario, people_of(scenario), 1, 0).entities, space=16)
    pools, days = world.catalogue.pools, world.end_day + 1
    spells, length = np.zeros(len(pools), np.int64), np.zeros(len(pools), np.int64)
    before = np.empty(0, np.int64)
    for day in range(days + 1):
        now = _waiting(world, state, day) if day < days else before[:0]
        ended = np.setdiff1d(before, now, assume_unique=True)
        pool, since = ended % POOL_ROOM, ended // POOL_ROOM % DAY_ROOM
        np.add.at(spells, pool, 1)
        np.add.at(length, pool, day - since)
        before = now
    queues = state.pool_sums[:, 3] / days
    return [
        (pool, float(n / days), float(waited / n) if n else 0.0, float(waited / days), float(queue))
        for pool, n, waited, queue in zip(pools, spells, length, queues, strict=True)
    ]


POOL_ROOM, DAY_ROOM = 64, 1 << 15


def _waiting(world: World, state: State, day: int) -> NDArray[np.int64]:
    """Let a day pass; return who waits in its evening: entity, track, first day and pool in one number, each once."""
    assert run_until(world, state, day) == OK
    catalogue, tracks = world.catalogue, state.step.shape[1]
    number = {name: i for i, name in enumerate(catalogue.pools)}
    texts = [world.statute.first_text(step) for step in catalogue.steps]
    pool_of = np.array([-1 if text.by is None else number[text.by] for text in texts])
    since = state.waits_since.astype(np.int64)
    pool = np.where(np.array(catalogue.slots)[state.step] == np.arange(tracks), pool_of[state.step], -1)
    rows, slots = np.nonzero((since >= 0) & (pool >= 0))
    spell = (rows * tracks + slots) * DAY_ROOM + since[rows, slots]
    return np.sort(spell * POOL_ROOM + pool[rows, slots])
