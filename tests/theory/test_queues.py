"""Queues against theory: Erlang's formulas, Little's law, staff who work on working days, ranks."""

from __future__ import annotations

import datetime as dt
from math import exp
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from verification.erlang import (
    DESK,
    LAST_DAY,
    LONG,
    SERVED,
    SERVICE_DAYS,
    WARM_UP_DAYS,
    erlang_a,
    erlang_c,
    poisson_arrivals,
    queue_world,
    waits,
)
from verification.small_worlds import (
    START,
    SmallRun,
    SmallWorld,
    hazard,
    parameter,
    people,
    pools,
    procedure,
    small_world,
)


def close(sample: list[float], expected: float, *, relative: float, spread: float = 0.05) -> None:
    """Hold the mean over replicates against theory; the error must be small enough to tell."""
    values = np.array(sample)
    error = values.std(ddof=1) / np.sqrt(values.size)
    assert error < spread * expected, "too few replicates to tell anything"
    assert values.mean() == pytest.approx(expected, abs=4 * error + relative * expected)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.5), (3, 0.6), (8, 0.75)])
def test_waits_follow_erlang_c(tmp_path: Path, servers: int, busy: float) -> None:
    world = queue_world(tmp_path, float(servers), **LONG)
    per_day = busy * servers / SERVICE_DAYS
    mean_wait, waited, used = [], [], []
    for seed in range(60):
        arrival = poisson_arrivals(per_day, seed)
        run = world.run(people(arrival, seed=seed), until=LAST_DAY)
        days = waits(run, arrival)
        mean_wait.append(days.mean())
        waited.append((days > 0).mean())
        sums = run.pool("desk")
        used.append(sums["used"] / sums["offered"])
    chance_to_wait = erlang_c(servers, busy * servers)
    close(waited, chance_to_wait, relative=0.02)
    close(mean_wait, chance_to_wait / (servers / SERVICE_DAYS - per_day), relative=0.02, spread=0.08)
    close(used, busy, relative=0.02)


@pytest.mark.parametrize(("servers", "load", "patience_days"), [(3, 2.7, 80.0), (2, 4.0, 150.0)])
def test_a_queue_that_people_leave_follows_erlang_a(
    tmp_path: Path, servers: int, load: float, patience_days: float
) -> None:
    """Also where more come than can be served: who gives up keeps the queue finite."""
    world = queue_world(tmp_path, float(servers), leaves_after_days=patience_days, **LONG)
    per_day = load / SERVICE_DAYS
    queue, gave_up = erlang_a(servers, per_day, patience_days)
    lengths, shares = [], []
    for seed in range(40):
        arrival = poisson_arrivals(per_day, seed)
        run = world.run(people(arrival, seed=seed), until=LAST_DAY)
        left, served = run.days("queue.left"), run.days("served.busy")
        assert not ((left >= 0) & (served >= 0)).any(), "nobody gives up who is being served"
        counted = (arrival >= WARM_UP_DAYS) & (arrival < LAST_DAY - 3000)
        gone = np.where(left >= 0, left, served)
        assert (gone[counted] >= 0).all()
        shares.append((left[counted] >= 0).mean())
        lengths.append((gone - arrival)[counted].sum() / (LAST_DAY - 3000 - WARM_UP_DAYS))
    close(shares, gave_up, relative=0.02)
    close(lengths, queue, relative=0.03)


# ---- Little's law ----

ENTRANCES = {
    "clock": ('takes = "hall.days"\nnext = [{ to = "desk" }]', ""),
    "choice": (
        'takes = "hall.days"\nnext = [{ to = "desk", when = "goes" }, { to = "hall" }]',
        '[decision.goes]\nwho = "person"\nat = ["queue.hall"]\nlaw = ["x"]\nchance = "p.goes"\n',
    ),
    "hazard": ("", hazard("is_called", "queue.hall", "queue.desk", "rate.is_called")),
}


@pytest.mark.parametrize("kind", ["staff", "places"])
@pytest.mark.parametrize("entrance", list(ENTRANCES))
def test_littles_law_holds_to_the_day(tmp_path: Path, kind: str, entrance: str) -> None:
    """The days that people spend in a queue are the lengths of that queue, summed over days."""
    hall, behaviour = ENTRANCES[entrance]
    world = small_world(
        tmp_path,
        {
            "queue": procedure(
                "case",
                "away",
                {"away": 'next = [{ to = "hall" }]', "hall": hall, "desk": DESK["desk"], "done": "final = true"},
            ),
            "served": procedure("work", "idle", SERVED),
        },
        behaviour=behaviour,
        authorities=pools(desk=kind),
        parameters=[
            parameter("hall.days", 9.0),
            parameter("desk.days", 20.0),
            parameter("p.goes", 0.5, "probability"),
            parameter("rate.is_called", 20.0, "per_year"),
            parameter("capacity.desk", 0.6 if kind == "staff" else 9.0, "per_working_day"),
        ],
    )
    arrival = np.sort(np.random.default_rng(3).integers(0, 700, 320))
    run = world.run(people(arrival))
    came, served = run.days("queue.desk"), run.days("served.busy")
    assert (served >= 0).all()
    spent, sums = (served - came).sum(), run.pool("desk")
    assert spent > 3000
    assert (sums["served"], sums["waited"]) == (320, spent)
    assert sums["queue_days"] == spent


def test_days_of_places_are_days_of_stays(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 4.0, service_days=parameter("desk.days", 30.0))
    run = world.run(people(np.sort(np.random.default_rng(4).integers(0, 700, 80))))
    stay = run.days("queue.done") - run.days("served.busy")
    assert (stay == 30).all()
    sums = run.pool("desk")
    assert sums["used"] == stay.sum()
    assert sums["offered"] == 4 * (world.calendar.end_day + 1)


# ---- staff ----


def served_per_day(world: SmallWorld, arrival: NDArray[np.int64]) -> NDArray[np.int64]:
    run = world.run(people(arrival))
    days = run.days("served.busy")
    return np.bincount(days[days >= 0], minlength=world.calendar.end_day + 1)


BACKLOG = np.zeros(3000, np.int64)


def test_staff_work_on_working_days_only(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 3.0, kind="staff", end=dt.date(2018, 12, 31))
    served = served_per_day(world, BACKLOG)
    is_open = world.calendar.is_working_day[: served.size]
    assert (served == np.where(is_open, 3, 0)).all()
    days = [START + dt.timedelta(days=int(day)) for day in np.flatnonzero(served)]
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    for holiday in (dt.date(2018, 1, 1), dt.date(2018, 4, 2), dt.date(2018, 4, 27), dt.date(2018, 12, 25)):
        assert holiday not in days
    weeks = served[: 7 * 52].reshape(52, 7).sum(axis=1)
    assert sorted(set(weeks.tolist())) == [9, 12, 15]
    assert (weeks == 15).sum() >= 45


@pytest.mark.parametrize("capacity", [0.4, 0.1, 0.25, 1.5, 2.3, 1 / 3])
def test_fractions_of_a_case_add_up(tmp_path: Path, capacity: float) -> None:
    """0.4 a working day gives 2 in 5 working days, and no more and no less later on."""
    world = queue_world(tmp_path, capacity, kind="staff")
    served = served_per_day(world, BACKLOG)[world.calendar.is_working_day[: world.calendar.end_day + 1]]
    expected = np.floor(capacity * np.arange(1, served.size + 1) + 1e-6)
    assert (np.cumsum(served) == expected).all()
    assert served.sum() > 100


def test_work_that_nobody_needed_cannot_be_stored(tmp_path: Path) -> None:
    """After months without cases staff start no more than on any day; only the fraction of a case waits."""
    world = queue_world(tmp_path, 2.4, kind="staff")
    served = served_per_day(world, np.full(100, 200))
    working = np.flatnonzero(world.calendar.is_working_day)
    first = working[working >= 200][:5]
    assert served[:200].sum() == 0
    assert served[first].tolist() in (
        [2, 2, 3, 2, 3],
        [2, 3, 2, 3, 2],
        [3, 2, 2, 3, 2],
        [2, 3, 2, 2, 3],
        [3, 2, 3, 2, 2],
    )


@pytest.mark.parametrize("kind", ["staff", "places"])
def test_capacity_zero_serves_nobody(tmp_path: Path, kind: str) -> None:
    world = queue_world(tmp_path, 0.0, kind=kind)
    run = world.run(people(np.arange(50)))
    assert (run.days("queue.desk") == np.arange(50)).all()
    assert (run.days("served.busy") == -1).all()
    sums = run.pool("desk")
    assert (sums["served"], sums["used"], sums["offered"]) == (0, 0, 0)
    assert sums["queue_days"] == sum(world.calendar.end_day + 1 - day for day in range(50))


def test_capacity_can_change_from_day_to_day(tmp_path: Path) -> None:
    daily = np.r_[np.zeros(14), np.full(14, 5.0), np.full(14, 0.5)]
    world = small_world(
        tmp_path,
        {"queue": procedure("case", "away", {k: v for k, v in DESK.items() if k != "left"})}
        | {"served": procedure("work", "idle", SERVED)},
        authorities=pools(desk="staff"),
        parameters=[parameter("desk.days", 1.0), parameter("capacity.desk", 0.0, "per_working_day")],
        capacities={"desk": daily},
    )
    served = served_per_day(world, np.zeros(500, np.int64))
    assert served[:42].reshape(6, 7).sum(axis=1).tolist() == [0, 0, 25, 25, 2, 3]
    assert served[42:].sum() == 0


# ---- ranks ----

RANKED = DESK["desk"] + '\npriority = [{ when = "minor", rank = 0 }, { when = "victim", rank = 1 }]'


def order_served(run: SmallRun) -> list[int]:
    """Rows in the order in which work on them began."""
    return [entity for _, entity, _, step in run.rows if step == "served.busy"]


def test_ranks_go_first_and_within_a_rank_who_came_first(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 1.0, kind="staff", desk=RANKED)
    size = 60
    arrival = np.sort(np.random.default_rng(1).integers(0, 20, size))
    minor, victim = (np.random.default_rng(k).random(size) < 0.3 for k in (2, 3))
    run = world.run(people(arrival, flags={"minor": minor.tolist(), "victim": victim.tolist()}))
    rank = np.where(minor, 0, np.where(victim, 1, 2))
    served = run.days("served.busy")
    waiting: list[int] = []
    expected: list[int] = []
    for day in range(int(served.max()) + 1):
        waiting += np.flatnonzero(arrival == day).tolist()
        if world.calendar.is_working_day[day] and waiting:
            chosen = min(waiting, key=lambda row: (rank[row], row))
            waiting.remove(chosen)
            expected.append(chosen)
    assert not waiting
    assert order_served(run) == expected
    assert (rank[expected[:15]] < 2).all()


def test_a_new_rule_ranks_those_who_wait_anew(tmp_path: Path) -> None:
    """From its first day minors go first, among them those who came first; who was served stays served."""
    world = queue_world(
        tmp_path,
        1.0,
        kind="staff",
        later={
            "queue.desk": (
                dt.date(2018, 1, 15),
                None,
                {"priority": ({"when": ("minor",), "rank": 0},)},
            )
        },
    )
    minor = np.arange(40) % 4 == 0
    run = world.run(people(np.zeros(40, np.int64), flags={"minor": minor.tolist()}))
    order = order_served(run)
    before = [row for row in order if run.days("served.busy")[row] < 14]
    assert before == list(range(9))  # nine working days from 2 to 12 January
    after = order[len(before) :]
    assert after == [12, 16, 20, 24, 28, 32, 36, *(row for row in range(9, 40) if row % 4)]


def test_a_shock_can_rank_anew_and_back(tmp_path: Path) -> None:
    """A rank that holds only while an event lasts."""
    desk = DESK["desk"] + '\npriority = [{ when = ["minor", "registration_stopped"], rank = 0 }]'
    world = queue_world(tmp_path, 1.0, kind="staff", desk=desk, shocks={"registration_stopped": (14, 20)})
    minor = np.arange(40) >= 30
    run = world.run(people(np.zeros(40, np.int64), flags={"minor": minor.tolist()}))
    assert order_served(run) == [*range(9), *range(30, 35), *range(9, 30), *range(35, 40)]


def test_who_leaves_a_queue_is_not_served(tmp_path: Path) -> None:
    world = queue_world(tmp_path, 0.2, kind="staff", leaves_after_days=30.0)
    run = world.run(people(np.zeros(300, np.int64)))
    left, served = run.days("queue.left"), run.days("served.busy")
    assert ((left >= 0) ^ (served >= 0)).all()
    assert (left >= 0).mean() > 0.9
    order = order_served(run)
    assert order == sorted(order)
    waited = np.where(left >= 0, left, served)
    assert run.pool("desk")["queue_days"] == waited.sum()
    assert run.state.pools[0, 0] == 0
    share_left = np.mean(left[left >= 0] <= 30)
    assert share_left == pytest.approx(1 - exp(-1), abs=0.09)


def test_a_crowded_desk_follows_the_fluid_limit(tmp_path: Path) -> None:
    """The larger the system, the closer its queue is to the difference of what comes and what can be served."""
    errors = []
    for size in (1, 10, 100):
        world = queue_world(tmp_path / str(size), 0.6 * size, kind="staff", end=dt.date(2019, 12, 31))
        arrival = np.sort(np.random.default_rng(size).integers(0, 365, 365 * size))
        run = world.run(people(arrival))
        days = np.arange(world.calendar.end_day + 1)
        served = run.days("served.busy")
        waiting = np.searchsorted(arrival, days, side="right") - np.searchsorted(np.sort(served), days, side="right")
        # Who was not served by the end stands at -1 and is taken out of those served.
        waiting = waiting + (served < 0).sum()
        fluid, queue = [], 0.0
        for day in days:
            queue += 1.0 if day < 365 else 0.0
            queue = max(queue - (0.6 if world.calendar.is_working_day[day] else 0.0), 0.0)
            fluid.append(queue)
        errors.append(np.abs(waiting / size - fluid).max())
    assert max(fluid) > 150
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 3
